/* Records as CSV, one line each with its id: what `import` reads back as edits. */
#include "register/import_int.h"

enum { ARENA_A_RECORD = 64 << 20, FIXED = 4 };

struct str
value_words(struct arena *a, const struct field *f, struct bytes v)
{
	struct str s = S("");
	struct name name;
	struct place place;
	struct date date;
	int64_t number;
	unsigned version;
	uint8_t hash[SEAL_HASH];
	bool flag;

	switch (f->type) {
	case VALUE_TEXT:
		return get_text(v, &s) ? s : S("");
	case VALUE_NAME:
		return get_name(v, &name) ? name.text : S("");
	case VALUE_PLACE:
		return get_place(v, &place) ? place.text : S("");
	case VALUE_DATE:
		return get_date(v, &date) ? date_iso(a, &date) : S("");
	case VALUE_CODE:
		return get_code(v, &version, &s) ? s : S("");
	case VALUE_NUMBER:
		return get_number(v, &number) ? str_fmt(a, "%lld", (long long)number) : S("");
	case VALUE_FLAG:
		return get_flag(v, &flag) ? (flag ? S("yes") : S("no")) : S("");
	case VALUE_REF:
		return get_ref(v, hash) ? reg_record_id(a, hash) : S("");
	default:
		return S("");            /* nothing that one edits in a spreadsheet */
	}
}

struct sheet {
	struct reg *r;
	const struct kind *kind;
	struct arena *t;                 /* of a record */
	struct str *cells;
	uint64_t list;                   /* whose name is known */
	struct arena *names;
	struct str list_name;
	struct buf *out;
};

/* Written out: what may enter the index, and is not refused on the way back. */
static bool
is_column(const struct field *f)
{
	switch (f->type) {
	case VALUE_TEXT: case VALUE_NAME: case VALUE_PLACE: case VALUE_DATE: case VALUE_CODE:
	case VALUE_NUMBER: case VALUE_FLAG:
		return f->audience != AUDIENCE_SEALED && !str_is(f->name, "unlisted");
	default:
		return false;
	}
}

static enum status
put_list_name(struct sheet *x, const struct row_ref *ref, struct str *ret, struct err *e)
{
	uint64_t list;
	struct now w;
	enum status st = index_pos_of(x->r, ref->list, &list, e);

	*ret = S("");
	if (st)
		return st == NO ? OK : st;
	if (list != x->list) {
		if ((st = index_now(x->t, x->r, list, &w, e)) != OK)
			return st == NO ? OK : st;
		arena_reset(x->names);
		x->list = list;
		x->list_name = S("");
		get_text(w.slot[field_slot("list", "name")], &x->list_name);
		x->list_name = str_dup(x->names, x->list_name);
	}
	*ret = x->list_name;
	return OK;
}

static enum status
put_record(struct sheet *x, const struct now *w, struct str person, struct err *e)
{
	struct row_ref ref;
	size_t n = FIXED;
	enum status st;

	x->cells[0] = reg_record_id(x->t, w->hash);
	x->cells[1] = person;
	x->cells[2] = x->cells[3] = S("");
	if (get_row(w->slot[SLOT_ROW], &ref)) {
		if ((st = put_list_name(x, &ref, &x->cells[2], e)) != OK)
			return st;
		x->cells[3] = str_fmt(x->t, "%u", ref.row);
	}
	for (size_t i = 0; i < x->kind->n_fields; i++)
		if (is_column(&x->kind->fields[i]))
			x->cells[n++] = value_words(x->t, &x->kind->fields[i],
				w->slot[x->kind->fields[i].slot]);
	csv_write_row(x->out, x->cells, n, ',');
	return x->out->over ? err_set(e, BAD, "more than %zu bytes of CSV; narrow the filter",
		x->out->max) : OK;
}

static void
put_header(struct sheet *x)
{
	static const char *const fixed[FIXED] = {"record", "person", "list", "row"};
	size_t n = 0;

	for (; n < FIXED; n++)
		x->cells[n] = str_of(fixed[n]);
	for (size_t i = 0; i < x->kind->n_fields; i++)
		if (is_column(&x->kind->fields[i]))
			x->cells[n++] = x->kind->fields[i].name;
	csv_write_row(x->out, x->cells, n, ',');
}

static enum status
put_person(struct sheet *x, uint64_t pos, struct str id, struct err *e)
{
	enum status st = OK;

	if (str_is(x->kind->name, "person")) {
		struct now w;
		st = index_now(x->t, x->r, pos, &w, e);
		return st ? st : put_record(x, &w, id, e);
	}
	struct now *events;
	size_t n;
	st = index_events_of(x->t, x->r, pos, &events, &n, e);
	for (size_t i = 0; i < n && st == OK; i++)
		st = put_record(x, &events[i], id, e);
	return st;
}

enum status
reg_export_csv(struct reg *r, const struct reg_filter *f, struct str kind, struct buf *out,
	struct err *e)
{
	struct arena *a = arena_create((size_t)4 << 30);
	struct sheet x = {.r = r, .kind = kind_named(kind), .out = out, .list = UINT64_MAX,
		.t = arena_create(ARENA_A_RECORD), .names = arena_create(1 << 20)};
	struct reg_line *lines;
	size_t n;
	enum status st;

	if (!x.kind || (!str_is(kind, "person") && !str_is(kind, "event"))) {
		st = err_set(e, BAD, "\"" STR_FMT "\": cannot be written as a table; there are person "
			"and event", STR_ARG(kind));
		goto out;
	}
	x.cells = NEWS(a, struct str, x.kind->n_fields + FIXED);
	put_header(&x);
	if ((st = reg_list(a, r, f, LANG_EN, &lines, &n, NULL, e)) != OK)
		goto out;
	for (size_t i = 0; i < n && st == OK; i++)
		for (size_t k = 0; k < lines[i].n_records && st == OK; k++) {
			arena_reset(x.t);
			st = put_person(&x, lines[i].records[k], lines[i].id, e);
		}
out:
	arena_destroy(x.names);
	arena_destroy(x.t);
	arena_destroy(a);
	return st;
}
