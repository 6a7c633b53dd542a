/* Tables: read by libcsv in strict mode under our caps, written by RFC 4180. */
#include "base/csv_int.h"
#include <csv.h>
#include "base/poison.h"

const struct csv_limits csv_limits_default = {
	.file_bytes = 256u << 20, .cell_bytes = 1u << 20, .columns = 1024,
	.rows = 5000000, .cells = 50000000,
};

/* Fed in pieces, so that a cell without end is seen long before the file ends. */
enum { PIECE = 64 * 1024,
	EXAMPLE_MOST = 60 };   /* bytes of a cell that is shown as an example */

struct reader {
	const struct csv_limits *lim;
	const char *name;
	char delimiter;
	struct err *e;
	enum status s;        /* libcsv cannot be stopped from a callback */
	bool enough;          /* the taker wants no more */
	csv_taker *take;
	void *ctx;
	size_t n, columns;    /* rows so far; cells of the header */
	struct str *row;      /* cells of the row being given away */
	size_t passed;        /* rows of the file that have ended, empty ones included */
	int ended_by;         /* the last line end, to take CR LF as one */
	struct buf text;      /* of the row being read */
	size_t *ends;         /* of its cells, in text */
	size_t cells;
};

static size_t
header_cells(const struct reader *r)
{
	return r->n ? r->columns : r->lim->columns;
}

static const char *
delimiter_name(char c)
{
	switch (c) {
	case ',': return "a comma";
	case ';': return "a semicolon";
	case '\t': return "a TAB";
	case '|': return "a |";
	default: return "the delimiter";
	}
}

static void
take_cell(void *cell, size_t n, void *user)
{
	struct reader *r = user;

	if (r->s != OK || r->enough)
		return;
	if (n > r->lim->cell_bytes) {
		r->s = err_set(r->e, BAD, "%s: row %zu, column %zu: the cell has %zu bytes; "
			"at most %zu", r->name, r->passed + 1, r->cells + 1, n,
			r->lim->cell_bytes);
	} else if (r->cells < header_cells(r)) {
		buf_put(&r->text, cell, n);
		r->ends[r->cells++] = r->text.n;
	} else if (n > 0 && r->n == 0) {
		r->s = err_set(r->e, BAD, "%s: row %zu: more than %zu columns; is this a table?",
			r->name, r->passed + 1, r->lim->columns);
	} else if (n > 0) {
		r->s = err_set(r->e, BAD, "%s: row %zu: more cells than the %zu of the header; "
			"write cells that contain %s in quotes", r->name, r->passed + 1,
			r->columns, delimiter_name(r->delimiter));
	}
}

static void
add_row(struct reader *r)
{
	const struct csv_limits *lim = r->lim;
	struct row row = {r->passed + 1, r->n ? r->columns : r->cells, r->row};
	enum status s;

	if (r->n >= lim->rows || (r->n && r->n >= lim->cells / r->columns)) {
		r->s = err_set(r->e, BAD, "%s: row %zu: more than %zu rows or %zu cells; "
			"split the file", r->name, r->passed + 1, lim->rows, lim->cells);
		return;
	}
	if (r->n++ == 0)
		r->columns = r->cells;
	for (size_t i = 0, from = 0; i < row.n; i++) {
		size_t end = i < r->cells ? r->ends[i] : from;
		row.cells[i] = (struct str){(const char *)r->text.p + from, end - from};
		from = end;
	}
	s = r->take(r->ctx, &row, r->e);
	if (s == NO)
		r->enough = true;
	else
		r->s = s;
}

/* `end`: the byte that ended the row, -1 at the end of the file. */
static void
take_row(int end, void *user)
{
	struct reader *r = user;
	bool second_half = r->cells == 0 && end == '\n' && r->ended_by == '\r';

	r->ended_by = second_half ? 0 : end;
	if (r->s != OK || r->enough || second_half)
		return;
	if (end == -1 && r->n && r->cells < r->columns) {
		r->s = err_set(r->e, BAD, "%s: row %zu: the file ends after %zu of %zu cells, "
			"without a line end; is it cut off? If it is whole, end it with an "
			"empty line", r->name, r->passed + 1, r->cells, r->columns);
		return;
	}
	if (r->cells > 0)
		add_row(r);
	r->passed++;
	r->cells = 0;
	buf_clear(&r->text);
}

/* libcsv takes white space at the ends of cells away unless told that there is none. */
static int
no_space(unsigned char c)
{
	(void)c;
	return 0;
}

static enum status
quote_error(struct reader *r, bool quoted)
{
	if (quoted)
		return err_set(r->e, BAD, "%s: row %zu, column %zu: a quotation mark opens here "
			"and is not closed before %s or a line end; close it, and write "
			"quotation marks inside as \"\"", r->name, r->passed + 1, r->cells + 1,
			delimiter_name(r->delimiter));
	return err_set(r->e, BAD, "%s: row %zu, column %zu: a quotation mark inside a cell that "
		"does not begin with one; write the cell in quotes, and those inside as \"\"",
		r->name, r->passed + 1, r->cells + 1);
}

static enum status
parse_pieces(struct reader *r, struct csv_parser *p, struct str text)
{
	for (size_t at = 0; at < text.n && r->s == OK && !r->enough;) {
		size_t n = text.n - at < PIECE ? text.n - at : PIECE;
		if (csv_parse(p, text.p + at, n, take_cell, take_row, r) != n && r->s == OK) {
			invariant(csv_error(p) == CSV_EPARSE);
			return quote_error(r, p->quoted);
		}
		at += n;
		if (r->s == OK && p->entry_pos > r->lim->cell_bytes)
			return err_set(r->e, BAD, "%s: row %zu, column %zu: the cell has more "
				"than %zu bytes; is a quotation mark left open?", r->name,
				r->passed + 1, r->cells + 1, r->lim->cell_bytes);
	}
	if (r->enough)
		return OK;
	if (r->s == OK && csv_fini(p, take_cell, take_row, r) != 0 && r->s == OK)
		return err_set(r->e, BAD, "%s: row %zu, column %zu: the quotation mark that opens "
			"here is never closed; close it, or fetch the file again if it is cut off",
			r->name, r->passed + 1, r->cells + 1);
	return r->s;
}

static enum status
parse_text(struct reader *r, struct str text)
{
	struct csv_parser p;
	enum status s;

	/* REPALL_NL: empty lines are reported, so that rows count as on a screen. */
	invariant(csv_init(&p, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) == 0);
	csv_set_delim(&p, (unsigned char)r->delimiter);
	csv_set_space_func(&p, no_space);
	csv_set_blk_size(&p, PIECE);
	s = parse_pieces(r, &p, text);
	if (p.entry_buf)
		mem_wipe(p.entry_buf, p.entry_size);
	csv_free(&p);
	return s;
}

static enum status
check_text(struct str text, const char *name, struct err *e)
{
	const char *nul = text.n ? memchr(text.p, 0, text.n) : NULL;

	if (nul)
		return err_set(e, BAD, "%s: byte %zu is NUL: this is a binary file, not a table; "
			"save it as CSV in UTF-8", name, (size_t)(nul - text.p));
	return OK;
}

enum status
csv_each(struct arena *a, struct bytes file, const char *name, const char *encoding,
	char delimiter, const struct csv_limits *lim, csv_taker *take, void *ctx,
	struct table *ret, struct err *e)
{
	struct reader r = {.lim = lim ? lim : &csv_limits_default, .name = name, .e = e,
		.take = take, .ctx = ctx};
	const char *found = NULL;
	struct str text;
	enum status s;

	if (file.n > r.lim->file_bytes)
		return err_set(e, BAD, "%s: %zu bytes; at most %zu", name, file.n,
			r.lim->file_bytes);
	s = text_decode(a, file, encoding, &text, &found, e);
	if (s != OK) {
		err_prefix(e, "%s", name);
		return s;
	}
	s = check_text(text, name, e);
	if (s != OK)
		return s;
	r.delimiter = delimiter ? delimiter : csv_sniff(text);
	r.ends = mem_alloc(r.lim->columns, sizeof *r.ends);
	r.row = mem_alloc(r.lim->columns, sizeof *r.row);
	buf_init(&r.text, SIZE_MAX / 4);          /* bounded by cells and their size */
	s = parse_text(&r, text);
	if (s == OK && r.n == 0)
		s = err_set(e, BAD, "%s: there is no row; the first must name the columns", name);
	if (s == OK)
		*ret = (struct table){NULL, r.n, r.delimiter, found};
	buf_finish(&r.text);
	mem_free(r.ends);
	mem_free(r.row);
	return s;
}

/* ---- All at once ---- */

struct keeper {
	struct arena *a;
	struct row *rows;     /* on the heap while it grows */
	size_t n, cap;
};

/* The bytes of a row in one piece, its cells pointing into it. */
static enum status
keep_row(void *ctx, const struct row *row, struct err *e)
{
	struct keeper *k = ctx;
	size_t bytes = row->n ? (size_t)(row->cells[row->n - 1].p + row->cells[row->n - 1].n
		- row->cells[0].p) : 0;
	const char *text = arena_copy(k->a, row->n ? row->cells[0].p : "", bytes);
	struct row kept = {row->line, row->n, NEWS(k->a, struct str, row->n)};

	(void)e;
	for (size_t i = 0; i < row->n; i++)
		kept.cells[i] = (struct str){text + (row->cells[i].p - row->cells[0].p),
			row->cells[i].n};
	if (k->n == k->cap) {
		k->cap = k->cap ? k->cap * 2 : 256;
		k->rows = mem_grow(k->rows, k->cap, sizeof *k->rows);
	}
	k->rows[k->n++] = kept;
	return OK;
}

enum status
csv_read(struct arena *a, struct bytes file, const char *name, const char *encoding,
	char delimiter, const struct csv_limits *lim, struct table *ret, struct err *e)
{
	struct keeper k = {.a = a};
	struct table t;
	enum status s = csv_each(a, file, name, encoding, delimiter, lim, keep_row, &k, &t, e);

	if (s == OK) {
		*ret = t;
		ret->rows = arena_copy(a, k.rows, k.n * sizeof *k.rows);
	}
	mem_free(k.rows);
	return s;
}

static size_t
beyond_ascii(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += (unsigned char)s.p[i] >= 0xc0;       /* lead bytes of UTF-8 */
	return n;
}

/* The first short cell with so many characters beyond ASCII. */
static bool
find_example(const struct table *t, size_t least, size_t *ret_row, size_t *ret_column)
{
	for (size_t i = 0; t->rows && i < t->n; i++)
		for (size_t k = 0; k < t->rows[i].n; k++)
			if (t->rows[i].cells[k].n <= EXAMPLE_MOST
				&& beyond_ascii(t->rows[i].cells[k]) >= least) {
				*ret_row = i;
				*ret_column = k;
				return true;
			}
	return false;
}

struct str
csv_assumed(struct arena *a, const struct table *t, const char *named)
{
	size_t row = 0, column = 0;

	if (named || !str_starts(str_of(t->encoding), "windows-"))
		return STR_NONE;
	/* One alone may be a sign (№), which shows nothing. */
	if (!find_example(t, 2, &row, &column) && !find_example(t, 1, &row, &column))
		return str_fmt(a, "not UTF-8; read as %s, by its letters; if names look wrong, name "
			"the encoding", t->encoding);
	return str_fmt(a, "not UTF-8; read as %s, by its letters: row %zu, column %zu says \""
		STR_FMT "\"; if that is wrong, name the encoding", t->encoding,
		t->rows[row].line, column + 1, STR_ARG(t->rows[row].cells[column]));
}

/* ---- Writing ---- */

/* "-33.4" is data; "-1+cmd" and "+98 21" are for a spreadsheet to interpret. */
static bool
is_plain_number(struct str s)
{
	size_t i = 1, digits = 0, marks = 0;

	if (s.n < 2 || s.p[0] != '-')
		return false;
	for (; i < s.n; i++) {
		if (s.p[i] >= '0' && s.p[i] <= '9')
			digits++;
		else if ((s.p[i] == '.' || s.p[i] == ',') && digits > 0 && marks == 0)
			marks++;
		else
			return false;
	}
	return digits > 0 && s.p[s.n - 1] >= '0';
}

/* Any number of ' and then a character that starts a formula: one more ' can be
 * put before it and taken off again without doubt. */
static bool
is_formula(struct str s)
{
	while (s.n && s.p[0] == '\'')
		s = str_from(s, 1);
	return s.n && memchr("=+-@\t\r", s.p[0], 6) != NULL;
}

static bool
wants_quotes(struct str s, char delimiter)
{
	if (s.n == 0)
		return false;
	/* Many readers take white space at the ends away unless it is quoted, and
	 * U+FEFF at the start of a file. */
	return str_starts(s, "\xef\xbb\xbf") || s.p[0] == ' ' || s.p[s.n - 1] == ' ' || memchr(s.p, '"', s.n) ||
		memchr(s.p, '\n', s.n) || memchr(s.p, '\r', s.n) || memchr(s.p, delimiter, s.n);
}

static void
write_cell(struct buf *out, struct str c, bool quoted)
{
	if (quoted)
		buf_byte(out, '"');
	if (is_formula(c) && !is_plain_number(c))
		buf_byte(out, '\'');
	for (size_t at = 0; at < c.n;) {
		struct str rest = str_from(c, at);
		size_t to = str_find(rest, '"');
		buf_put(out, rest.p, to);
		if (to < rest.n)
			buf_cstr(out, "\"\"");
		at += to + 1;
	}
	if (quoted)
		buf_byte(out, '"');
}

void
csv_write_cell(struct buf *out, struct str cell, char delimiter)
{
	write_cell(out, cell, wants_quotes(cell, delimiter));
}

void
csv_write_row(struct buf *out, const struct str *cells, size_t n, char delimiter)
{
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_byte(out, (uint8_t)delimiter);
		/* A lone empty cell would be an empty line, which readers pass over. */
		write_cell(out, cells[i], wants_quotes(cells[i], delimiter)
			|| (n == 1 && cells[i].n == 0));
	}
	buf_cstr(out, "\r\n");
}

struct str
csv_unguard(struct str cell)
{
	return cell.n && cell.p[0] == '\'' && is_formula(cell) ? str_from(cell, 1) : cell;
}
