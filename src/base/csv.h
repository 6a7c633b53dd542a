/* Tables of text: reading CSV of any dialect, writing RFC 4180. */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/text.h"

/* One row: cells are UTF-8, as written (white space kept), never NULL. */
struct row {
	size_t line;          /* 1 = the first row of the file, the header included */
	size_t n;
	struct str *cells;
};

struct table {
	struct row *rows;     /* rows[0] is the header */
	size_t n;
	char delimiter;       /* found: one of , ; TAB | */
	const char *encoding; /* found or given */
};

struct csv_limits {
	size_t file_bytes, cell_bytes, columns, rows;
	size_t cells;         /* rows x columns: 16 bytes of memory each */
};
extern const struct csv_limits csv_limits_default;   /* 256 MiB, 1 MiB, 1,024,
                                                     * 5,000,000, 50,000,000 */

/* Parse the whole file.  `name` is how errors name it.  delimiter 0, encoding
 * NULL and lim NULL: found out, the default.  Empty lines are passed over but
 * count as rows, as on a screen; a cell may hold line ends.  Rows shorter than the
 * header are filled with empty cells, empty cells beyond it are cut.  BAD: other
 * cells beyond the header, NUL bytes ("binary"), quotation marks against RFC 4180
 * and unclosed ones (with the row and column where they opened), a last row
 * that is short and has no line end ("cut off"), more than the limits.
 * Cells lie in `a`, which needs room for the file, decoded and again as cells,
 * 16 bytes per cell and 24 per row; with the default limits a cap of 4 GiB is never
 * reached.  (csv_parse is libcsv's own name.) */
enum status csv_read(struct arena *a, struct bytes file, const char *name,
	const char *encoding, char delimiter, const struct csv_limits *lim,
	struct table *ret, struct err *e) MUST;

/* The same, one row after the other, the header first: cells last until the taker
 * returns.  Of the taker, NO: enough, stop (which is OK); BAD, FAIL: stop with it.  *ret:
 * no rows, but how many there were, delimiter and encoding.  What is wrong further down
 * shows after earlier rows were taken. */
typedef enum status csv_taker(void *ctx, const struct row *row, struct err *e);
enum status csv_each(struct arena *a, struct bytes file, const char *name,
	const char *encoding, char delimiter, const struct csv_limits *lim, csv_taker *take,
	void *ctx, struct table *ret, struct err *e) MUST;

/* What to tell whoever gave the file: that its encoding was found out by its letters
 * (`named` is what csv_read was given), and how it reads, if the table has its rows.
 * STR_NONE: nothing. */
struct str csv_assumed(struct arena *a, const struct table *t, const char *named);

/* Write one row, ended by CR LF.  A cell that a spreadsheet would run as a
 * formula (first character, after any number of ', one of = + - @ TAB CR) gets
 * one more ' before it; a plain negative number (-33.4) does not, being data.
 * csv_unguard() takes one such ' off: of every cell it gives back what was written. */
void csv_write_row(struct buf *out, const struct str *cells, size_t n, char delimiter);
/* One cell of several, guarded and quoted alike, without what comes between cells. */
void csv_write_cell(struct buf *out, struct str cell, char delimiter);
struct str csv_unguard(struct str cell);

/* What a reader of spreadsheets should know of a cell: a formula of which only the
 * last value is taken, an error, merged cells.  row 0: of the sheet as a whole. */
struct sheet_note {
	size_t row, column;   /* from 1 */
	struct str text;
};
struct sheet_info {
	struct str *names;    /* of all sheets of the workbook, in its order */
	size_t n_names, read; /* names[read] is the one that was read */
	struct sheet_note *notes;
	size_t n_notes;
};

/* Parse an XLSX or ODS workbook in the sandboxed helper habeas-sheet.  `sheet`: a name or
 * a number from 1; NULL: the first visible one with data.  The same table as
 * csv_read gives: row.line is the sheet's row number, empty rows are passed over,
 * dates are ISO 8601, delimiter 0, encoding "xlsx" or "ods".  BAD names the file and says
 * what it is instead, or which row and column is wrong; FAIL: the helper died.
 * lim NULL: the default; of the file at most 64 MiB.  Whoever calls runs beside the
 * helper: os_helper_path. */
enum status sheet_parse(struct arena *a, struct bytes file, const char *name,
	const char *sheet, const struct csv_limits *lim, struct table *ret,
	struct sheet_info *ret_info, struct err *e) MUST;

#endif
