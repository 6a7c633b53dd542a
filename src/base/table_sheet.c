/*
 * Spreadsheets as tables.  The helper habeas-sheet reads the file; what it says is
 * no more trusted than the file: CBOR, decoded strictly, checked against the limits.
 * Its answer: {0: [sheet names], 1: index of the one read,
 *              2: [[row, [cells]]…], 3: [[row, column, note]…], 4: "xlsx" or "ods"}.
 */
#include "base/csv.h"
#include "base/cbor.h"
#include "base/os.h"
#include "base/poison.h"

enum {
	FILE_BYTES = 64 << 20,
	SECONDS = 120,
	NAMES_MOST = 4096, NOTES_MOST = 4096,
	COLUMN_NAME = 8,
};
static const size_t helper_bytes = (size_t)2 << 30;
static const size_t answer_bytes = (size_t)320 << 20;

/* Column 28 is AB: bijective base 26 (ECMA-376 part 1, 18.3.1.4). */
static const char *
column_name(size_t column, char name[COLUMN_NAME])
{
	char *at = name + COLUMN_NAME - 1;

	*at = '\0';
	for (; column > 0 && at > name; column = (column - 1) / 26)
		*--at = (char)('A' + (column - 1) % 26);
	return at;
}

static enum status
get_rows(struct arena *a, struct cbor *c, const char *name, const struct csv_limits *lim,
	struct table *ret, struct err *e)
{
	size_t n = cbor_get_array(c), last = 0;

	if (n > lim->rows)
		return err_set(e, BAD, "%s: %zu rows; at most %zu are read", name, n, lim->rows);
	ret->rows = NEWS(a, struct row, n);
	ret->n = n;
	for (size_t i = 0; i < n && cbor_ok(c); i++) {
		struct row *r = &ret->rows[i];
		c->wrong |= cbor_get_array(c) != 2;
		r->line = (size_t)cbor_get_uint(c);
		r->n = cbor_get_array(c);
		c->wrong |= r->line <= last;
		last = r->line;
		if (r->n > lim->columns)
			return err_set(e, BAD, "%s: row %zu: %zu columns; at most %zu are read",
				name, r->line, r->n, lim->columns);
		r->cells = NEWS(a, struct str, r->n);
		for (size_t k = 0; k < r->n; k++) {
			r->cells[k] = cbor_get_text(c);
			if (r->cells[k].n > lim->cell_bytes)
				return err_set(e, BAD, "%s: row %zu, column %zu: a cell of %zu "
					"bytes; at most %zu are read", name, r->line, k + 1,
					r->cells[k].n, lim->cell_bytes);
		}
	}
	return OK;
}

static void
get_info(struct arena *a, struct cbor *c, struct sheet_info *ret)
{
	size_t n = cbor_get_array(c);

	c->wrong |= n > NAMES_MOST;
	n = c->wrong ? 0 : n;
	ret->names = NEWS(a, struct str, n);
	ret->n_names = n;
	for (size_t i = 0; i < n && cbor_ok(c); i++)
		ret->names[i] = cbor_get_text(c);
	c->wrong |= cbor_get_uint(c) != 1;
	ret->read = (size_t)cbor_get_uint(c);
	c->wrong |= ret->read >= n;
}

static void
get_notes(struct arena *a, struct cbor *c, struct sheet_info *ret)
{
	size_t n = cbor_get_array(c);

	c->wrong |= n > NOTES_MOST;
	n = c->wrong ? 0 : n;
	ret->notes = NEWS(a, struct sheet_note, n);
	ret->n_notes = n;
	for (size_t i = 0; i < n && cbor_ok(c); i++) {
		c->wrong |= cbor_get_array(c) != 3;
		ret->notes[i].row = (size_t)cbor_get_uint(c);
		ret->notes[i].column = (size_t)cbor_get_uint(c);
		ret->notes[i].text = cbor_get_text(c);
	}
}

static const char *
get_format(struct cbor *c)
{
	struct str format = cbor_get_text(c);

	c->wrong |= !str_is(format, "xlsx") && !str_is(format, "ods");
	return str_is(format, "ods") ? "ods" : "xlsx";
}

/* Rows as wide as the header; a cell past it has no name to be recorded under. */
static enum status
square(struct arena *a, struct table *t, const char *name, const struct csv_limits *lim,
	struct err *e)
{
	size_t width = t->n ? t->rows[0].n : 0;
	char column[COLUMN_NAME];

	if (width == 0)
		return err_set(e, BAD, "%s: there is no row in that sheet; the first must name "
			"the columns", name);
	if (t->n > lim->cells / width)
		return err_set(e, BAD, "%s: %zu rows of %zu columns; at most %zu cells are read, "
			"split the sheet", name, t->n, width, lim->cells);
	for (size_t i = 1; i < t->n; i++) {
		struct row *r = &t->rows[i];
		struct str *cells;
		if (r->n > width)
			return err_set(e, BAD, "%s: row %zu: a cell in column %s, which has no "
				"heading in row %zu; give it one or empty the cell", name,
				r->line, column_name(r->n, column), t->rows[0].line);
		if (r->n == width)
			continue;
		cells = NEWS(a, struct str, width);
		for (size_t k = 0; k < width; k++)
			cells[k] = k < r->n ? r->cells[k] : S("");
		r->cells = cells;
		r->n = width;
	}
	return OK;
}

static enum status
decode(struct arena *a, struct bytes answer, const char *name, const struct csv_limits *lim,
	struct table *ret, struct sheet_info *ret_info, struct err *e)
{
	struct cbor c = cbor_read(answer);
	struct table t = {.delimiter = 0};
	struct sheet_info info = {0};
	enum status s;

	/* Counts are taken from it, so that it must hold together first. */
	c.wrong |= !cbor_valid(answer) || cbor_get_map(&c) != 5 || cbor_get_uint(&c) != 0;
	get_info(a, &c, &info);
	c.wrong |= cbor_get_uint(&c) != 2;
	if ((s = get_rows(a, &c, name, lim, &t, e)))
		return s;
	c.wrong |= cbor_get_uint(&c) != 3;
	get_notes(a, &c, &info);
	c.wrong |= cbor_get_uint(&c) != 4;
	t.encoding = get_format(&c);
	if (!cbor_done(&c))
		return err_set(e, FAIL, "%s: habeas-sheet gave an answer that is none; is it of "
			"the same version as habeas?", name);
	if ((s = square(a, &t, name, lim, e)))
		return s;
	*ret = t;
	*ret_info = info;
	return OK;
}

enum status
sheet_parse(struct arena *a, struct bytes file, const char *name, const char *sheet,
	const struct csv_limits *lim, struct table *ret, struct sheet_info *ret_info,
	struct err *e)
{
	const char *argv[] = {sheet ? "--sheet" : NULL, sheet, NULL};
	struct os_helper h = {
		.name = "habeas-sheet", .argv = argv, .limit_bytes = helper_bytes,
		.max_output_bytes = answer_bytes, .limit_seconds = SECONDS,
	};
	size_t most;
	struct bytes answer;
	enum status s;

	if (!lim)
		lim = &csv_limits_default;
	most = lim->file_bytes < FILE_BYTES ? lim->file_bytes : FILE_BYTES;
	if (file.n > most)
		return err_set(e, BAD, "%s: a workbook of %zu bytes; at most %zu are read", name,
			file.n, most);
	if ((s = os_run_helper(a, &h, file, &answer, e)))
		return err_prefix(e, "%s", name);
	return decode(a, answer, name, lim, ret, ret_info, e);
}
