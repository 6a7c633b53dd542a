/*
 * habeas-sheet: a workbook (XLSX, ECMA-376 part 1, transitional or strict; ODS, ODF
 * 1.3) from stdin, one of its sheets as CBOR to stdout.  The parts of the program:
 *
 *   kind.c    what the file is, when it is no workbook
 *   zip.c     its parts by name, out of the archive, within bounds
 *   xml.c     one part as elements and text, within bounds
 *   book.c    XLSX: which sheets there are; shared strings; number formats by style
 *   rows.c    XLSX: the cells of one sheet
 *   ods*.c    ODS: the same
 *   grid.c    cells as rows of text, within bounds
 *   number.c  numbers, dates and times as text
 *   convert.c the whole, and what is written
 */
#ifndef SHEET_INT_H
#define SHEET_INT_H

#include "base/base.h"

/* From the bounds; Excel's own are 1,048,576 rows and 16,384 columns. */
enum {
	FILE_MOST = 64 << 20,           /* compressed */
	ENTRIES_MOST = 4096,
	ROWS_MOST = 1048576,
	COLUMNS_MOST = 1024,
	CELL_MOST = 1 << 20,
	DEPTH_MOST = 64,                /* of XML elements */
	STRINGS_MOST = 5000000,
	STYLES_MOST = 65536,            /* Excel's own: 65,490 */
	NOTES_MOST = 1000,
	TEXT_MOST = 256 << 20,          /* of all cells that are written */
};
static const size_t PARTS_MOST = (size_t)512 << 20;     /* uncompressed, all parts */

/* --- zip.c: parts by name.  A fuzz target may offer parts from elsewhere. --- */

/* Takes the next bytes of a part; not OK stops the reading with that. */
typedef enum status sheet_sink(void *to, struct bytes piece, bool last, struct err *e);

struct parts {
	void *from;
	bool (*has)(void *from, struct str name);
	enum status (*stream)(void *from, struct str name, sheet_sink *sink, void *to,
		struct err *e);
};

struct zip;
/* BAD when it is no archive, is damaged, encrypted or too big. */
enum status zip_open(struct arena *a, struct bytes file, struct zip **ret, struct err *e) MUST;
struct parts zip_parts(struct zip *z);

/* --- kind.c --- */

/* OK if the file may be a workbook; else BAD and what it is. */
enum status kind_check(struct bytes file, struct err *e) MUST;
/* The same once the parts are known and none of them is a workbook: BAD. */
enum status kind_explain(const struct parts *p, struct err *e);

/* --- xml.c --- */

struct xml {
	void *to;                       /* who reads it */
	bool odf;                       /* OpenDocument's namespaces, else OOXML's */
	void (*start)(struct xml *x, struct str local, const char **attributes);
	void (*end)(struct xml *x, struct str local);
	bool keep;                      /* whether text is collected, into: */
	struct buf text;                /* at most CELL_MOST bytes */
	enum status status;             /* not OK: reading stops */
	struct err *e;
	struct xml_state *state;
};
/* Read one part.  Handlers see elements of the spreadsheet's and the package's own
 * namespaces; what stands inside foreign elements is passed over.  BAD: malformed,
 * a document type, too deep. */
enum status xml_read(const struct parts *p, struct str part, struct xml *x,
	struct err *e) MUST;
/* Add to what is collected. */
void xml_put(struct xml *x, const char *text, size_t n);
/* Stop with a fault found by the reader; the first one stays. */
void xml_fail(struct xml *x, const char *fmt, ...) PRINTF(2, 3);
/* NULL: not there.  An attribute of a namespace is called "NAMESPACE|name". */
const char *xml_attribute(const char **attributes, const char *name);
const char *xml_reference(const char **attributes);     /* r:id */

/* --- number.c --- */

enum number_kind { NUMBER_PLAIN, NUMBER_DATE, NUMBER_TIME, NUMBER_ELAPSED, NUMBER_PADDED };
enum { SHOWS_YEAR = 1, SHOWS_MONTH = 2, SHOWS_DAY = 4, SHOWS_TIME = 8 };
struct number_format {
	enum number_kind kind;
	unsigned digits;                /* PADDED: "00000" */
	unsigned shows;                 /* DATE: what a reader sees of it */
};
struct number_format number_format_of_id(unsigned id);          /* built in */
struct number_format number_format_of_code(struct str code);
/* The <v> of a numeric cell as text, and what to note about it (STR_NONE: nothing). */
struct str number_show(struct arena *a, struct str v, struct number_format f, bool from_1904,
	struct str *ret_note);

/* A day and the seconds of it, no finer than it is shown. */
struct str number_show_date(struct arena *a, struct ymd d, long seconds, unsigned shows);
struct str number_show_clock(struct arena *a, long seconds);    /* 36:00:00 */

/* --- book.c: XLSX --- */

struct book_sheet {
	struct str name, part;          /* part NULL: a chart or a dialogue */
	bool hidden, empty;             /* empty: known to be */
	size_t nth;                     /* ODS: of the tables in the part */
};
struct ods_styles;
struct book {
	VEC(struct book_sheet) sheets;
	VEC(struct str) strings;
	VEC(struct number_format) styles;       /* by cell style */
	bool from_1904;                 /* days count from 1904-01-01 */
	struct ods_styles *ods;         /* NULL: it is XLSX */
};
enum status book_read(struct arena *a, const struct parts *p, struct book *ret,
	struct err *e) MUST;

/* --- grid.c: cells of any format as rows of text --- */

struct note {
	size_t row, column;
	struct str text;
};
struct rows {
	struct buf cbor;                /* [row, [cells]] one after the other */
	size_t n;
	VEC(struct note) notes;
	size_t notes_over;              /* how many more there were */
	size_t hidden;                  /* rows that are read though hidden */
};

struct grid {
	struct arena *a;                /* notes */
	struct arena *row_arena;        /* cells of one row */
	struct rows *to;
	struct str sheet;               /* its name, for errors */
	size_t row, column;             /* of the cell at hand, from 1 */
	size_t filled;                  /* cells of this row up to the last with text */
	size_t row_bytes;               /* of the cells so far */
	struct str cells[COLUMNS_MOST];
};
void grid_begin(struct grid *g, struct arena *a, struct str sheet, struct rows *to);
void grid_finish(struct grid *g);
void grid_row_start(struct grid *g, size_t row);
/* Text, which lives as long as the row, into the cell at hand; too much stops `x`. */
void grid_put(struct xml *x, struct grid *g, struct str text);
/* The row is written `times` times, unless it is empty. */
void grid_row_end(struct xml *x, struct grid *g, size_t times);
void grid_note(struct grid *g, size_t row, size_t column, struct str text);
enum { CELL_NAME = 32 };
const char *cell_name(size_t column, size_t row, char name[CELL_NAME]);        /* B7 */
const char *grid_cell_name(const struct grid *g, char name[CELL_NAME]);

/* --- rows.c --- */

enum status rows_read(struct arena *a, const struct parts *p, const struct book *b,
	const struct book_sheet *sheet, struct rows *ret, struct err *e) MUST;

/* --- ods.c, ods_rows.c: OpenDocument (ODF 1.3 part 3) --- */

bool ods_has(const struct parts *p);            /* rather than XLSX */
enum status ods_book_read(struct arena *a, const struct parts *p, struct book *ret,
	struct err *e) MUST;
/* Fills the sheets of `ret`, and the styles, from content.xml ... */
enum status ods_sheets_read(struct arena *a, const struct parts *p, struct ods_styles *styles,
	struct book *ret, struct err *e) MUST;
/* ... and reads one of them. */
enum status ods_rows_read(struct arena *a, const struct parts *p, const struct book *b,
	const struct book_sheet *sheet, struct rows *ret, struct err *e) MUST;

/* --- ods_style.c: what of a date a cell shows; which sheets are hidden --- */

#define ODF(prefix, name) "urn:oasis:names:tc:opendocument:xmlns:" prefix ":1.0|" name

struct ods_styles *ods_styles_create(struct arena *a);
/* An element below office:styles or office:automatic-styles, and its end. */
void ods_styles_start(struct xml *x, struct ods_styles *st, struct str local,
	const char **attributes);
void ods_styles_end(struct ods_styles *st, struct str local);
void ods_styles_settle(struct ods_styles *st);  /* before it is asked */
/* SHOWS_… of a cell style; a day's if the style does not say. */
unsigned ods_style_shows(const struct ods_styles *st, struct str name);
bool ods_style_hides(const struct ods_styles *st, struct str name);

/* --- ods_value.c --- */

struct ods_cell {
	struct str type, value, date, time, boolean, string;    /* office:…; STR_NONE: not there */
	bool error, formula;            /* error: calcext:value-type says so */
};
struct ods_cell ods_cell_read(struct arena *a, const char **attributes);
/* The text of a cell that shows `text`, and what to note (STR_NONE: nothing).  False:
 * a type that does not exist. */
bool ods_value(struct arena *a, const struct ods_cell *c, struct str text, unsigned shows,
	struct str *ret, struct str *ret_note);

/* --- convert.c --- */

/* which: a name, a number from 1, or STR_NONE: the first visible sheet with data. */
enum status sheet_convert(struct arena *a, const struct parts *p, struct str which,
	struct buf *out, struct err *e) MUST;

#endif
