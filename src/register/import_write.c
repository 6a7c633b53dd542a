/*
 * Import, the commit.  Rows go out in batches in the order of the file, each batch
 * its person records first and then what refers to them; the list-version record
 * comes last, and only it makes them count.  The order depends on nothing but the
 * file and what the list said before: so an import that was interrupted finds its
 * records, in this order, and goes on after them.
 */
#include "register/import_int.h"

enum { ARENA_A_BATCH = 1 << 30, ATTEMPTS = 8 };

/* About 2,000 records: few enough for memory, enough for one fsync to cost little. */
size_t import_batch_rows = 500;
size_t import_stop_after;

struct pending { uint8_t hash[SEAL_HASH]; uint32_t kind, row; };

struct writing {
	struct run *x;
	struct arena *a;                 /* of the batch */
	uint8_t import[16], list[SEAL_HASH];
	struct pending *pending;         /* written before the interruption */
	size_t n_pending, next;
	size_t appends, rows;
	bool other;                      /* what is pending is not what this would write */
	VEC(struct draft) persons, later;
	VEC(uint32_t) person_row, later_row;
	VEC(size_t) of_person;           /* by later draft: the person draft it refers to, or -1 */
};
#define NOT_FRESH SIZE_MAX

/* --- identity --------------------------------------------------------------------- */

static void
add_part(struct seal_hasher *h, struct str s)
{
	uint8_t n[8];

	for (int i = 0; i < 8; i++)
		n[i] = (uint8_t)((uint64_t)s.n >> (56 - 8 * i));
	seal_hasher_add(h, BYTES(n));
	seal_hasher_add(h, str_bytes(s));
}

/* What the rows' meaning depends on: the file, the map, the list and its version, the
 * options; and the attempt, where records of another reading of it are pending. */
static void
make_import_id(const struct run *x, unsigned attempt, uint8_t ret[16])
{
	const struct reg_import *w = x->want;
	struct seal_hasher *h = seal_hasher_create();
	uint8_t hash[SEAL_HASH], tail[5] = {(uint8_t)(x->version >> 24), (uint8_t)(x->version >> 16),
		(uint8_t)(x->version >> 8), (uint8_t)x->version, (uint8_t)attempt};

	seal_hasher_add(h, BYTES(x->file_hash));
	add_part(h, bytes_str(x->map_text));
	add_part(h, x->list_name);
	add_part(h, w->date_order);
	add_part(h, w->sheet);
	add_part(h, w->encoding);
	add_part(h, w->basis);
	add_part(h, w->source);
	seal_hasher_add(h, BYTES(tail));
	seal_hasher_finish(h, hash);
	memcpy(ret, hash, 16);
}

static enum status
load_pending(struct writing *w, struct err *e)
{
	VEC(struct pending) v = {0};
	struct store_stmt *s = store_sql(w->x->r->db,
		"SELECT hash, kind, row FROM rec WHERE state = 2 AND import = ?1 ORDER BY pos");
	enum status st;

	store_bind_bytes(s, 1, BYTES(w->import));
	while ((st = store_step(s, e)) == OK) {
		struct bytes hash = store_bytes(s, 0);
		struct pending *p = &VEC_PUSH(w->x->a, &v);
		p->kind = (uint32_t)store_int(s, 1);
		p->row = (uint32_t)store_int(s, 2);
		if (hash.n == SEAL_HASH)
			memcpy(p->hash, hash.p, SEAL_HASH);
	}
	w->pending = v.v;
	w->n_pending = v.n;
	w->next = 0;
	return st == NO ? OK : st;
}

/* --- the list record ----------------------------------------------------------------- */

static void
want_slot(struct arena *a, const char *field, struct bytes v, const struct now *now,
	struct draft *d, bool *any)
{
	unsigned s = field_slot("list", field);

	(void)a;
	if (v.n == 0 || (now && bytes_eq(now->slot[s], v)))
		return;
	d->slot[s] = v;
	*any = true;
}

enum status
list_draft(struct arena *a, struct run *x, struct draft *ret, bool *ret_any, struct err *e)
{
	const struct reg_import *w = x->want;
	struct draft d = {.kind = kind_number("list")};
	struct now now;
	bool any = false;
	enum status st;

	if (x->has_list) {
		if ((st = index_now(a, x->r, x->list, &now, e)) != OK)
			return st;
		d.slot[SLOT_AMENDS] = value_ref(a, now.hash);
	} else {
		want_slot(a, "name", value_text(a, x->list_name), NULL, &d, &any);
	}
	if (w->publisher.n)
		want_slot(a, "publisher", value_text(a, text_clean(a, w->publisher, NULL)),
			x->has_list ? &now : NULL, &d, &any);
	if (w->unique)
		want_slot(a, "unique", value_flag(a, true), x->has_list ? &now : NULL, &d, &any);
	if (x->key_declared)
		want_slot(a, "key", value_text(a, text_clean(a, x->map.key, NULL)),
			x->has_list ? &now : NULL, &d, &any);
	*ret = d;
	*ret_any = any;
	return OK;
}

static enum status
write_list(struct writing *w, struct err *e)
{
	struct run *x = w->x;
	struct draft d;
	struct now now;
	uint8_t hash[1][SEAL_HASH];
	bool any;
	enum status st = list_draft(x->a, x, &d, &any, e);

	if (st == OK && any)
		st = node_append(x->r->node, &d, 1, hash, NULL, e);
	if (st)
		return st;
	if (!x->has_list) {
		memcpy(w->list, hash[0], SEAL_HASH);
		return OK;
	}
	if ((st = index_now(x->a, x->r, x->list, &now, e)) == OK)
		memcpy(w->list, now.hash, SEAL_HASH);
	return st;
}

/* --- batches --------------------------------------------------------------------------- */

static void
put_row(struct writing *w, struct draft *d, uint32_t row)
{
	struct row_ref ref = {.version = w->x->version, .row = row};

	memcpy(ref.list, w->list, SEAL_HASH);
	memcpy(ref.import, w->import, 16);
	d->slot[SLOT_ROW] = value_row(w->a, &ref);
}

static bool
are_pending(struct writing *w, const struct draft *d, const uint32_t *row, size_t n)
{
	if (w->n_pending - w->next < n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (w->pending[w->next + i].kind != d[i].kind || w->pending[w->next + i].row != row[i])
			return false;
	return true;
}

/* In one durable batch; or, where that was done before, only their hashes.  NO: other
 * records are pending than these. */
static enum status
append(struct writing *w, struct draft *d, const uint32_t *row, size_t n,
	uint8_t (**ret)[SEAL_HASH], struct err *e)
{
	uint8_t (*hashes)[SEAL_HASH] = arena_alloc(w->a, n, SEAL_HASH);
	enum status st = OK;

	*ret = hashes;
	if (n == 0)
		return OK;
	if (w->next < w->n_pending) {
		if (!are_pending(w, d, row, n)) {
			w->other = true;
			return NO;
		}
		for (size_t i = 0; i < n; i++)
			memcpy(hashes[i], w->pending[w->next++].hash, SEAL_HASH);
		return OK;
	}
	if (import_stop_after && w->appends == import_stop_after)
		return err_set(e, FAIL, "stopped after %zu appends, as a test asked", w->appends);
	for (size_t i = 0; i < n; i++)
		put_row(w, &d[i], row[i]);
	st = node_append(w->x->r->node, d, n, hashes, NULL, e);
	w->appends += st == OK;
	return st;
}

static enum status
flush(struct writing *w, struct err *e)
{
	uint8_t (*persons)[SEAL_HASH], (*later)[SEAL_HASH];
	unsigned person = field_slot("event", "person");
	enum status st = append(w, w->persons.v, w->person_row.v, w->persons.n, &persons, e);

	for (size_t i = 0; i < w->later.n && st == OK; i++)
		if (w->of_person.v[i] != NOT_FRESH)
			w->later.v[i].slot[person] = value_ref(w->a, persons[w->of_person.v[i]]);
	if (st == OK)
		st = append(w, w->later.v, w->later_row.v, w->later.n, &later, e);
	memset(&w->persons, 0, sizeof w->persons);
	memset(&w->later, 0, sizeof w->later);
	memset(&w->person_row, 0, sizeof w->person_row);
	memset(&w->later_row, 0, sizeof w->later_row);
	memset(&w->of_person, 0, sizeof w->of_person);
	w->rows = 0;
	arena_reset(w->a);
	return st;
}

static void
add_person(struct writing *w, const struct draft *d, size_t row)
{
	VEC_PUSH(w->a, &w->persons) = *d;
	VEC_PUSH(w->a, &w->person_row) = (uint32_t)row;
}

static void
add_later(struct writing *w, const struct draft *d, size_t row, size_t of_person)
{
	VEC_PUSH(w->a, &w->later) = *d;
	VEC_PUSH(w->a, &w->later_row) = (uint32_t)row;
	VEC_PUSH(w->a, &w->of_person) = of_person;
}

static void
add_fresh(struct writing *w, const struct new_row *n)
{
	struct run *x = w->x;
	struct made *made = NEWS(w->a, struct made, x->map.groups.n);

	row_read(w->a, &x->reader, n->row, made);
	for (size_t g = 0; g < x->map.groups.n; g++) {
		if (!made[g].is)
			continue;
		row_put_cells(w->a, &x->map, n->row, g, &made[g]);
		if (g == 0)
			add_person(w, &made[g].d, n->row->line);
		else
			add_later(w, &made[g].d, n->row->line, w->persons.n - 1);
	}
}

static enum status
add_changed(struct writing *w, const struct new_row *n, struct err *e)
{
	struct amended person;
	struct draft *events;
	struct str what;
	size_t n_events;
	enum status st = diff_row(w->a, w->x, n, &person, &events, &n_events, &what, e);

	if (st)
		return st;
	if (person.is)
		add_person(w, &person.d, n->row->line);
	for (size_t i = 0; i < n_events; i++)
		add_later(w, &events[i], n->row->line, NOT_FRESH);
	return OK;
}

static enum status
add_vanished(struct writing *w, const struct old_row *o, struct err *e)
{
	struct draft d = {.kind = kind_number("person")};
	struct now now;
	enum status st = index_now(w->a, w->x->r, o->pos, &now, e);

	if (st)
		return st;
	d.slot[SLOT_AMENDS] = value_ref(w->a, now.hash);
	d.slot[field_slot("person", "unlisted")] = value_number(w->a, w->x->version);
	/* It stands in no row of this version: the header's, for the file as a whole. */
	add_person(w, &d, 1);
	return OK;
}

static enum status
write_rows(struct writing *w, struct err *e)
{
	struct run *x = w->x;
	enum status st = OK;

	for (size_t i = 0; i < x->n_rows + x->n_old && st == OK; i++) {
		const struct new_row *n = i < x->n_rows ? &x->rows[i] : NULL;
		const struct old_row *o = n ? NULL : &x->old[i - x->n_rows];
		os_progress("writing rows", i, x->n_rows);
		if (o && (o->mate || o->unlisted))
			continue;
		if (n && (n->blank || (n->mate && !n->changed)))
			continue;
		if (o)
			st = add_vanished(w, o, e);
		else if (n->mate)
			st = add_changed(w, n, e);
		else
			add_fresh(w, n);
		if (st == OK && ++w->rows == import_batch_rows)
			st = flush(w, e);
	}
	return st ? st : flush(w, e);
}

/* --- the version -------------------------------------------------------------------------- */

static enum status
write_version(struct writing *w, uint8_t ret[SEAL_HASH], struct err *e)
{
	struct run *x = w->x;
	struct arena *a = x->a;
	struct draft d = {.kind = kind_number("list-version")};
	struct str path = str_of(x->want->file), *columns = NEWS(a, struct str, x->map.n_columns);
	const char *slash = memrchr(path.p, '/', path.n);
	struct str name = slash ? str_of(slash + 1) : path;
	uint8_t hash[1][SEAL_HASH];
	size_t rows = 0;
	enum status st;

	for (size_t i = 0; i < x->map.n_columns; i++)
		columns[i] = x->map.columns[i].header;
	for (size_t i = 0; i < x->n_rows; i++)
		rows += !x->rows[i].blank;
	if (!utf8_valid(str_bytes(name)))
		name = S("list");
	d.slot[field_slot("list-version", "list")] = value_ref(a, w->list);
	d.slot[field_slot("list-version", "version")] = value_number(a, x->version);
	d.slot[field_slot("list-version", "file-name")] = value_text(a, text_clean(a, name, NULL));
	d.slot[field_slot("list-version", "file-hash")] = value_bytes(a, BYTES(x->file_hash));
	d.slot[field_slot("list-version", "import")] = value_bytes(a, BYTES(w->import));
	d.slot[field_slot("list-version", "rows")] = value_number(a, (int64_t)rows);
	d.slot[field_slot("list-version", "as-of")] = value_date(a, &x->as_of);
	d.slot[field_slot("list-version", "written")] = value_number(a, (int64_t)x->records);
	d.slot[field_slot("list-version", "columns")] = value_texts(a, columns, x->map.n_columns);
	if (x->map_text.n)
		d.slot[field_slot("list-version", "map")] = value_text(a,
			text_clean(a, bytes_str(x->map_text), NULL));
	d.slot[SLOT_BASIS] = x->reader.basis;
	d.slot[SLOT_SOURCE] = x->reader.source;
	if ((st = node_append(x->r->node, &d, 1, hash, NULL, e)) == OK)
		memcpy(ret, hash[0], SEAL_HASH);
	return st;
}

enum status
import_write(struct run *x, uint8_t ret_version[SEAL_HASH], struct err *e)
{
	struct writing w = {.x = x, .a = arena_create(ARENA_A_BATCH)};
	enum status st = NO;

	/* Which import this is, before anything is written: the first of whose pending
	 * records, if there are any, this is the continuation. */
	for (unsigned attempt = 0; attempt < ATTEMPTS && st == NO; attempt++) {
		make_import_id(x, attempt, w.import);
		w.other = false;
		if ((st = load_pending(&w, e)) != OK
		    || (attempt == 0 && (st = write_list(&w, e)) != OK))
			break;
		st = write_rows(&w, e);
		if (st == OK && w.next < w.n_pending)
			st = NO;
	}
	arena_destroy(w.a);
	if (st == NO)
		return err_set(e, FAIL, "%s: records of %d other interrupted imports of this file are "
			"in the way; run habeas rebuild and import it again", x->want->file, ATTEMPTS);
	if (st == OK)
		st = write_version(&w, ret_version, e);
	if (st == OK)
		st = node_publish(x->r->node, e);
	return st == OK ? reg_follow(x->r, e) : st;
}
