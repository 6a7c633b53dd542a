/*
 * The cells of one sheet (ECMA-376 part 1, 18.3.1): rows and cells come in order, so
 * that each row is written as soon as it ends.  What a reader could be misled by is
 * noted: formulas, errors, merged cells, hidden rows.
 */
#include "sheet_int.h"

struct reading {
	struct grid g;
	const struct book *book;
	struct str value;               /* of the cell, STR_NONE: none yet */
	char type[16];
	const char *style;
	char style_text[16];
	bool in_data, in_row, in_cell, in_inline, in_phonetic, formula;
};

/* "AB12": both numbers from 1.  A reference may lack, then the next is meant. */
static bool
read_reference(const char *v, size_t *ret_column, size_t *ret_row)
{
	size_t column = 0, i = 0;
	uint64_t row;

	for (; v[i] >= 'A' && v[i] <= 'Z' && i < 4; i++)
		column = column * 26 + (size_t)(v[i] - 'A' + 1);
	if (column == 0 || !str_u64(str_of(v + i), &row) || row == 0 || row > ROWS_MOST)
		return false;
	*ret_column = column;
	*ret_row = (size_t)row;
	return true;
}

static void
row_start(struct xml *x, struct reading *r, const char **attributes)
{
	const char *v = xml_attribute(attributes, "r");
	const char *hidden = xml_attribute(attributes, "hidden");
	uint64_t row = r->g.row + 1;

	if (v && (!str_u64(str_of(v), &row) || row <= r->g.row)) {
		xml_fail(x, "sheet " STR_FMT ": the row after %zu is called %.20s; rows must "
			"ascend", STR_ARG(r->g.sheet), r->g.row, v);
		return;
	}
	if (row > ROWS_MOST) {
		xml_fail(x, "sheet " STR_FMT ": a row number above %d, which no sheet has",
			STR_ARG(r->g.sheet), ROWS_MOST);
		return;
	}
	grid_row_start(&r->g, (size_t)row);
	r->in_row = true;
	r->g.to->hidden += hidden && strcmp(hidden, "0") != 0 && strcmp(hidden, "false") != 0;
}

static void
cell_start(struct xml *x, struct reading *r, const char **attributes)
{
	const char *v = xml_attribute(attributes, "r");
	const char *type = xml_attribute(attributes, "t");
	const char *style = xml_attribute(attributes, "s");
	size_t row = r->g.row, column = r->g.column + 1;

	if (v && (!read_reference(v, &column, &row) || row != r->g.row || column <= r->g.column)) {
		xml_fail(x, "sheet " STR_FMT ": row %zu: a cell called %.20s is out of place; "
			"open the workbook and save it again", STR_ARG(r->g.sheet), r->g.row, v);
		return;
	}
	r->g.column = column;
	snprintf(r->type, sizeof r->type, "%s", type ? type : "n");
	snprintf(r->style_text, sizeof r->style_text, "%s", style ? style : "");
	r->style = style ? r->style_text : NULL;
	r->value = STR_NONE;
	r->formula = false;
	r->in_cell = true;
	buf_clear(&x->text);
}

/* Without escapes `s` itself, else a copy.  _x000D_ stands for a character that XML cannot hold, _x005F_ for a plain "_"
 * before such a thing (ST_Xstring, 22.9.2.19).  The code units are UTF-16. */
static bool
read_escape(struct str s, size_t at, uint32_t *ret)
{
	uint8_t two[2];

	if (s.n - at < 7 || s.p[at] != '_' || s.p[at + 1] != 'x' || s.p[at + 6] != '_'
		|| !hex_decode((struct str){s.p + at + 2, 4}, two, 2))
		return false;
	*ret = (uint32_t)two[0] << 8 | two[1];
	return true;
}

static struct str
unescape(struct arena *a, struct str s)
{
	char *out;
	struct buf b;
	struct str ret;

	if (!str_has(s, "_x"))
		return s;
	buf_init(&b, s.n + 16);
	for (size_t i = 0; i < s.n;) {
		uint32_t unit, low;
		if (!read_escape(s, i, &unit)) {
			buf_byte(&b, (uint8_t)s.p[i++]);
			continue;
		}
		i += 7;
		if (unit >= 0xd800 && unit < 0xdc00 && i < s.n && read_escape(s, i, &low)
			&& low >= 0xdc00 && low < 0xe000) {
			unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
			i += 7;
		}
		if (unit == 0 || (unit >= 0xd800 && unit < 0xe000))
			unit = 0xfffd;
		utf8_put(&b, unit);
	}
	out = arena_copy(a, b.p, b.n);
	ret = (struct str){out, b.n};
	buf_finish(&b);
	return ret;
}

/* The format of the cell's style; false: there is no such style. */
static bool
format_of_cell(const struct reading *r, struct number_format *ret)
{
	uint64_t n = 0;

	*ret = (struct number_format){.kind = NUMBER_PLAIN};
	if (!r->style || r->book->styles.n == 0)
		return true;
	if (!str_u64(str_of(r->style), &n) || n >= r->book->styles.n)
		return false;
	*ret = r->book->styles.v[n];
	return true;
}

static struct str
number_cell(struct xml *x, struct reading *r)
{
	struct number_format f;
	struct str what, ret;
	char name[32];

	if (!format_of_cell(r, &f)) {
		xml_fail(x, "sheet " STR_FMT ": cell %s has the style %s, of which there is "
			"none; open the workbook and save it again", STR_ARG(r->g.sheet),
			grid_cell_name(&r->g, name), r->style);
		return STR_NONE;
	}
	ret = number_show(r->g.row_arena, r->value, f, r->book->from_1904, &what);
	if (what.p)
		grid_note(&r->g, r->g.row, r->g.column, str_dup(r->g.a, what));
	return ret;
}

static struct str
shared_cell(struct xml *x, struct reading *r)
{
	uint64_t n;
	char name[32];

	if (str_u64(str_trim(r->value), &n) && n < r->book->strings.n)
		return unescape(r->g.row_arena, r->book->strings.v[n]);
	xml_fail(x, "sheet " STR_FMT ": cell %s refers to a text that the workbook does not "
		"have; open it and save it again", STR_ARG(r->g.sheet), grid_cell_name(&r->g, name));
	return STR_NONE;
}

/* The cell's text by its type (ST_CellType, 18.18.11). */
static struct str
cell_text(struct xml *x, struct reading *r)
{
	struct str type = str_of(r->type), v = r->value;
	char name[32];

	if (str_is(type, "n"))
		return number_cell(x, r);
	if (str_is(type, "s"))
		return shared_cell(x, r);
	if (str_is(type, "str") || str_is(type, "inlineStr"))
		return unescape(r->g.row_arena, str_dup(r->g.row_arena, v));
	if (str_is(type, "b"))
		return str_is(str_trim(v), "1") || str_is(str_trim(v), "true") ? S("TRUE")
			: S("FALSE");
	if (str_is(type, "d"))
		return str_dup(r->g.row_arena, v);
	if (str_is(type, "e")) {
		grid_note(&r->g, r->g.row, r->g.column, str_fmt(r->g.a, "the error " STR_FMT "; read as empty",
			STR_ARG(v.n <= 20 ? v : S("value"))));
		return S("");
	}
	xml_fail(x, "sheet " STR_FMT ": cell %s is of the unknown type %s", STR_ARG(r->g.sheet),
		grid_cell_name(&r->g, name), r->type);
	return STR_NONE;
}

static void
cell_end(struct xml *x, struct reading *r)
{
	struct str text = S("");

	r->in_cell = false;
	if (r->formula)
		grid_note(&r->g, r->g.row, r->g.column, r->value.p ? S("a formula; its last value was taken")
			: S("a formula without a value; read as empty"));
	if (r->value.p && (r->value.n || !str_is(str_of(r->type), "n")))
		text = cell_text(x, r);
	if (x->status != OK || text.n == 0)
		return;
	grid_put(x, &r->g, text);
}

/* Merged cells come after the rows: what stands in one of them is meant for all. */
static void
merge_start(struct reading *r, const char **attributes)
{
	const char *v = xml_attribute(attributes, "ref");
	struct str rest = str_of(v), first;
	size_t row, column;

	if (!v)
		return;
	first = str_cut(&rest, ':');
	if (!read_reference(str_cstr(r->g.a, str_upto(first, 16)), &column, &row) || rest.n > 16)
		return;
	grid_note(&r->g, row, column, str_fmt(r->g.a, "merged with the cells up to " STR_FMT
		"; only this one holds the value, the others are empty", STR_ARG(rest)));
}

static void
on_start(struct xml *x, struct str local, const char **attributes)
{
	struct reading *r = x->to;

	if (str_is(local, "sheetData"))
		r->in_data = true;
	else if (str_is(local, "mergeCell"))
		merge_start(r, attributes);
	else if (!r->in_data)
		return;
	else if (str_is(local, "row") && !r->in_row)
		row_start(x, r, attributes);
	else if (str_is(local, "c") && r->in_row && !r->in_cell)
		cell_start(x, r, attributes);
	else if (!r->in_cell)
		return;
	else if (str_is(local, "f"))
		r->formula = true;
	else if (str_is(local, "is"))
		r->in_inline = true;
	else if (str_is(local, "rPh"))
		r->in_phonetic = true;
	else if (str_is(local, "v") || (str_is(local, "t") && r->in_inline))
		x->keep = !r->in_phonetic;
}

static void
on_end(struct xml *x, struct str local)
{
	struct reading *r = x->to;

	if (str_is(local, "sheetData"))
		r->in_data = false;
	else if (str_is(local, "row") && r->in_row && !r->in_cell) {
		r->in_row = false;
		grid_row_end(x, &r->g, 1);
	} else if (str_is(local, "c") && r->in_cell)
		cell_end(x, r);
	else if (str_is(local, "is"))
		r->in_inline = false;
	else if (str_is(local, "rPh"))
		r->in_phonetic = false;
	else if (x->keep && (str_is(local, "v") || str_is(local, "t"))) {
		x->keep = false;
		/* The text grows over the runs; a moved buffer is looked up anew. */
		r->value = x->text.n ? buf_str(&x->text) : S("");
	}
}

enum status
rows_read(struct arena *a, const struct parts *p, const struct book *b,
	const struct book_sheet *sheet, struct rows *ret, struct err *e)
{
	struct reading *r = NEW(a, struct reading);
	struct xml x = {.to = r, .start = on_start, .end = on_end};
	enum status s;

	r->book = b;
	grid_begin(&r->g, a, sheet->name, ret);
	s = xml_read(p, sheet->part, &x, e);
	grid_finish(&r->g);
	return s;
}
