/*
 * Editing in bulk: a table with a `record` column, as `list --csv` writes it, changed
 * in a spreadsheet and read back.  Each line amends its record where a cell says
 * otherwise than the record does; an empty cell withdraws the value.
 */
#include "register/import_int.h"

enum { ARENA_A_ROW = 64 << 20 };

struct seen { uint64_t pos; size_t row; };
struct bulk {
	struct run *x;
	struct arena *t, *batch;
	size_t record;                   /* the column of ids */
	VEC(struct draft) drafts;
	VEC(struct seen) seen;
};

static bool
is_record_header(struct str header)
{
	return str_is(str_trim(header), "record");
}

static bool
is_id(struct str s)
{
	s = str_trim(s);
	for (size_t i = 0; i < s.n; i++)
		if (!strchr("0123456789abcdefABCDEF", s.p[i]))
			return false;
	return s.n >= 16;
}

bool
bulk_is(const struct table *t)
{
	for (size_t c = 0; c < t->rows[0].n; c++)
		if (is_record_header(t->rows[0].cells[c]))
			return t->n < 2 || is_id(t->rows[1].cells[c]);
	return false;
}

static const struct field *
field_for(const struct kind *k, struct str header)
{
	const struct field *f = field_named(k, str_trim(header));

	return f && f->slot >= SLOT_FIRST && f->type != VALUE_REF && !str_is(f->name, "unlisted")
		? f : NULL;
}

/* The kind of the first record, for telling how columns are read. */
static const struct kind *
first_kind(struct bulk *b)
{
	struct now w;
	uint64_t pos;
	bool is = b->x->table.n > 1
		&& reg_find_record(b->x->r, str_trim(b->x->table.rows[1].cells[b->record]), &pos, NULL)
		== OK && index_now(b->t, b->x->r, pos, &w, NULL) == OK;

	return is ? kind_of(w.kind) : NULL;
}

static const struct field *
field_of_any(const struct kind *first, struct str header)
{
	const struct field *f = first ? field_for(first, header) : NULL;

	for (size_t i = 0; !f && kind_at(i); i++)
		if (kind_at(i)->number)
			f = field_for(kind_at(i), header);
	return f;
}

/* Columns that no kind has, but the export's own, are named once. */
static void
look_at_headers(struct bulk *b)
{
	static const char *const ours[] = {"record", "person", "list", "row"};
	struct run *x = b->x;
	const struct row *head = &x->table.rows[0];

	map_columns(x->a, &x->map, head->cells, head->n);
	for (size_t c = 0; c < head->n; c++)
		if (is_record_header(head->cells[c]))
			b->record = c;
	const struct kind *first = first_kind(b);
	for (size_t c = 0; c < head->n; c++) {
		struct str h = str_trim(head->cells[c]);
		bool known = false;
		for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
			known = known || str_is(h, ours[i]);
		x->map.columns[c].unread = true;
		x->map.columns[c].field = known ? NULL : field_of_any(first, h);
		if (!known && !x->map.columns[c].field)
			note_add(&x->notes, ROW_WARNING, 0, c + 1, "\"" STR_FMT "\": no field has this "
				"name; not read", STR_ARG(h));
	}
}

static bool
cell_changes(struct bulk *b, const struct row *row, size_t c, const struct field *f,
	const struct now *w, struct draft *d)
{
	struct str words = csv_unguard(row->cells[c]), warning;
	struct bytes value;
	struct err e;

	/* What was written out and came back as it was has not changed. */
	if (str_eq(words, value_words(b->t, f, w->slot[f->slot])))
		return false;
	if (str_trim(words).n == 0) {
		if (w->slot[f->slot].n == 0)
			return false;
		d->slot[f->slot] = value_withdrawn(b->batch, S("withdrawn in bulk"));
		return true;
	}
	if (value_from_words(b->batch, b->x->r, f, words, &b->x->map.dates, &value, &warning, &e)
	    != OK) {
		note_add(&b->x->notes, ROW_ERROR, row->line, c + 1, STR_FMT ": %s", STR_ARG(f->name),
			e.text);
		return false;
	}
	if (bytes_eq(value, w->slot[f->slot]))
		return false;
	if (warning.n)
		note_add(&b->x->notes, ROW_WARNING, row->line, c + 1, STR_FMT ": " STR_FMT,
			STR_ARG(f->name), STR_ARG(warning));
	d->slot[f->slot] = value;
	return true;
}

static enum status
find(struct bulk *b, const struct row *row, struct now *ret, struct err *e)
{
	struct str id = str_trim(row->cells[b->record]);
	uint64_t pos;
	struct err why;
	enum status st = reg_find_record(b->x->r, id, &pos, &why);

	if (st == OK)
		st = index_now(b->t, b->x->r, pos, ret, &why);
	if (st == OK && !kind_of(ret->kind))
		st = err_set(&why, BAD, STR_FMT ": a record of a kind that this version does not know",
			STR_ARG(id));
	if (st == FAIL && e)
		*e = why;
	if (st == NO || st == BAD)
		note_add(&b->x->notes, ROW_ERROR, row->line, b->record + 1, "%s", why.text);
	return st;
}

static int
by_pos(const void *x, const void *y)
{
	const struct seen *l = x, *r = y;

	if (l->pos != r->pos)
		return l->pos < r->pos ? -1 : 1;
	return (l->row > r->row) - (l->row < r->row);
}

/* Two rows of one record would each say what the other does not. */
static void
check_twice(struct bulk *b)
{
	if (b->seen.n)
		qsort(b->seen.v, b->seen.n, sizeof *b->seen.v, by_pos);
	for (size_t i = 1; i < b->seen.n; i++)
		if (b->seen.v[i].pos == b->seen.v[i - 1].pos)
			note_add(&b->x->notes, ROW_ERROR, b->seen.v[i].row, b->record + 1, "this record "
				"stands in row %zu already; one row a record", b->seen.v[i - 1].row);
}

static enum status
read_one(struct bulk *b, const struct row *row, struct err *e)
{
	struct run *x = b->x;
	struct draft d;
	struct now w;
	struct buf what;
	bool any = false;
	enum status st = find(b, row, &w, e);

	if (st)
		return st == FAIL ? FAIL : OK;
	VEC_PUSH(x->a, &b->seen) = (struct seen){w.pos, row->line};
	d = (struct draft){.kind = w.kind};
	buf_init(&what, 1 << 16);
	for (size_t c = 0; c < row->n; c++) {
		struct str h = x->table.rows[0].cells[c];
		const struct field *f = c == b->record ? NULL : field_for(kind_of(w.kind), h);
		if (!f || !cell_changes(b, row, c, f, &w, &d))
			continue;
		buf_fmt(&what, "%s" STR_FMT, what.n ? ", " : "", STR_ARG(f->name));
		any = true;
	}
	x->changed += any;
	x->unchanged += !any;
	if (any) {
		diff_coarser(b->batch, &w, &d);
		d.slot[SLOT_AMENDS] = value_ref(b->batch, w.hash);
		VEC_PUSH(b->batch, &b->drafts) = d;
		x->records++;
		note_add(&x->notes, ROW_CHANGED, row->line, 0, STR_FMT ": " STR_FMT,
			STR_ARG(reg_record_id(b->t, w.hash)), STR_ARG(buf_str(&what)));
	}
	buf_finish(&what);
	return OK;
}

static enum status
read_all(struct bulk *b, struct err *e)
{
	struct run *x = b->x;
	enum status st = OK;

	for (size_t i = 1; i < x->table.n && st == OK; i++) {
		arena_reset(b->t);
		os_progress("reading rows", i, x->table.n);
		st = read_one(b, &x->table.rows[i], e);
		x->n_rows++;
	}
	check_twice(b);
	return st;
}

enum status
bulk_run(struct run *x, struct err *e)
{
	struct bulk b = {.x = x, .t = arena_create(ARENA_A_ROW), .batch = x->a};
	enum status st;

	look_at_headers(&b);
	st = read_all(&b, e);
	if (st == OK && x->notes.n[ROW_ERROR])
		for (size_t i = 0; i < x->notes.v.n && st == OK; i++)
			if (x->notes.v.v[i].what == ROW_ERROR)
				st = err_set(e, BAD, "%s: row %zu, column %zu: " STR_FMT " (%zu errors; "
					"nothing written)", x->want->file, x->notes.v.v[i].row,
					x->notes.v.v[i].column, STR_ARG(x->notes.v.v[i].text),
					x->notes.n[ROW_ERROR]);
	/* All or nothing, as one batch: an edit has no list-version to make it count. */
	if (st == OK && x->want->commit && b.drafts.n) {
		st = node_append(x->r->node, b.drafts.v, b.drafts.n, NULL, NULL, e);
		if (st == OK)
			st = node_publish(x->r->node, e);
		if (st == OK)
			st = reg_follow(x->r, e);
	}
	arena_destroy(b.t);
	return st;
}
