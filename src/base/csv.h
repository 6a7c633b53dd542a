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
};
extern const struct csv_limits csv_limits_default;   /* 256 MiB, 1 MiB, 1,024, 5,000,000 */

/* Parse the whole file.  `name` is how errors name it.  delimiter 0 and encoding
 * NULL: found out.  Rows shorter than the header are filled with empty cells;
 * longer ones are BAD, as are NUL bytes ("binary"), an unclosed quote (with the
 * row where it opened), cells above the limit.  Empty lines are passed over.
 * (csv_parse is libcsv's own name.) */
enum status csv_read(struct arena *a, struct bytes file, const char *name,
	const char *encoding, char delimiter, const struct csv_limits *lim,
	struct table *ret, struct err *e) MUST;

/* Write one row.  A cell that a spreadsheet would run as a formula (first
 * character = + - @ TAB CR) gets a ' before it; csv_unguard() takes it off. */
void csv_write_row(struct buf *out, const struct str *cells, size_t n, char delimiter);
struct str csv_unguard(struct str cell);

#endif
