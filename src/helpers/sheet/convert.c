/* The whole: choose the sheet, read it, write the answer (see base/table_sheet.c). */
#include "sheet_int.h"

static const struct book_sheet *
find_sheet(const struct book *b, struct str which)
{
	uint64_t n;

	for (size_t i = 0; i < b->sheets.n; i++)
		if (str_eq(b->sheets.v[i].name, which))
			return &b->sheets.v[i];
	for (size_t i = 0; i < b->sheets.n; i++)
		if (str_eq_nocase(b->sheets.v[i].name, which))
			return &b->sheets.v[i];
	return str_u64(which, &n) && n >= 1 && n <= b->sheets.n ? &b->sheets.v[n - 1] : NULL;
}

static enum status
no_such_sheet(const struct book *b, struct str which, struct err *e)
{
	struct buf list;

	buf_init(&list, 400);
	for (size_t i = 0; i < b->sheets.n && !list.over; i++)
		buf_fmt(&list, "%s" STR_FMT, i ? ", " : "", STR_ARG(b->sheets.v[i].name));
	err_set(e, BAD, "there is no sheet " STR_FMT "; there are: " STR_FMT "%s", STR_ARG(which),
		STR_ARG(buf_str(&list)), list.over ? ", …" : "");
	buf_finish(&list);
	return BAD;
}

static enum status
read_rows(struct arena *a, const struct parts *p, const struct book *b,
	const struct book_sheet *sheet, struct rows *rows, struct err *e)
{
	return b->ods ? ods_rows_read(a, p, b, sheet, rows, e)
		: rows_read(a, p, b, sheet, rows, e);
}

/* The first visible sheet in which anything stands. */
static enum status
read_first(struct arena *a, const struct parts *p, const struct book *b, struct rows *rows,
	size_t *ret, struct err *e)
{
	enum status s;

	for (size_t i = 0; i < b->sheets.n; i++) {
		if (b->sheets.v[i].hidden || b->sheets.v[i].empty || !b->sheets.v[i].part.p)
			continue;
		if ((s = read_rows(a, p, b, &b->sheets.v[i], rows, e)))
			return s;
		if (rows->n > 0) {
			*ret = i;
			return OK;
		}
		rows->notes.n = rows->notes_over = rows->hidden = 0;
	}
	return err_set(e, BAD, "no visible sheet of the workbook has anything in it; name one "
		"by its sheet name if a hidden one is meant");
}

static enum status
read_named(struct arena *a, const struct parts *p, const struct book *b, struct str which,
	struct rows *rows, size_t *ret, struct err *e)
{
	const struct book_sheet *sheet = find_sheet(b, which);

	if (!sheet)
		return no_such_sheet(b, which, e);
	if (!sheet->part.p)
		return err_set(e, BAD, "the sheet " STR_FMT " is a chart; name one with cells",
			STR_ARG(sheet->name));
	*ret = (size_t)(sheet - b->sheets.v);
	return read_rows(a, p, b, sheet, rows, e);
}

static void
put_note(struct buf *out, size_t row, size_t column, struct str text)
{
	cbor_put_array(out, 3);
	cbor_put_uint(out, row);
	cbor_put_uint(out, column);
	cbor_put_text(out, text);
}

static void
put_answer(struct arena *a, const struct book *b, size_t read, const struct rows *rows,
	struct buf *out)
{
	cbor_put_map(out, 5);
	cbor_put_uint(out, 0);
	cbor_put_array(out, b->sheets.n);
	for (size_t i = 0; i < b->sheets.n; i++)
		cbor_put_text(out, b->sheets.v[i].name);
	cbor_put_uint(out, 1);
	cbor_put_uint(out, read);
	cbor_put_uint(out, 2);
	cbor_put_array(out, rows->n);
	cbor_put_raw(out, buf_bytes(&rows->cbor));
	cbor_put_uint(out, 3);
	cbor_put_array(out, rows->notes.n + (rows->hidden > 0) + (rows->notes_over > 0));
	if (rows->hidden)
		put_note(out, 0, 0, str_fmt(a, "%zu hidden rows were read like the others",
			rows->hidden));
	for (size_t i = 0; i < rows->notes.n; i++)
		put_note(out, rows->notes.v[i].row, rows->notes.v[i].column,
			rows->notes.v[i].text);
	if (rows->notes_over)
		put_note(out, 0, 0, str_fmt(a, "and %zu more notes of such kinds",
			rows->notes_over));
	cbor_put_uint(out, 4);
	cbor_put_text(out, b->ods ? S("ods") : S("xlsx"));
}

enum status
sheet_convert(struct arena *a, const struct parts *p, struct str which, struct buf *out,
	struct err *e)
{
	struct book b = {0};
	struct rows rows = {0};
	size_t read = 0;
	enum status s;

	if ((s = ods_has(p) ? ods_book_read(a, p, &b, e) : book_read(a, p, &b, e)))
		return s;
	buf_init(&rows.cbor, TEXT_MOST);
	s = which.p ? read_named(a, p, &b, which, &rows, &read, e)
		: read_first(a, p, &b, &rows, &read, e);
	if (s == OK)
		put_answer(a, &b, read, &rows, out);
	buf_finish(&rows.cbor);
	return s;
}
