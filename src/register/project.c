/*
 * The projection: what the log says, as tables.  Nothing else writes to the index.
 *
 * Rows of an import come before the list-version record that makes them count; so
 * they wait in `rec` as pending, without slots, and are read again from the vault
 * when it comes.
 */
#include "register/review_int.h"

enum { ARENA_A_RECORD = 64 << 20, KEPT_MOST = 96 << 20 };

/* Megabytes, which have tables of their own. */
static bool
run_bulk(uint32_t kind, unsigned slot)
{
	return kind == kind_number("linker-run") && slot == field_slot("linker-run", "clusters");
}

static void
now_of(const struct record *rec, struct now *ret)
{
	const struct kind *k = kind_of(rec->kind);

	*ret = (struct now){.pos = rec->pos, .kind = rec->kind};
	memcpy(ret->hash, rec->hash, SEAL_HASH);
	for (unsigned i = SLOT_SOURCE; i < SLOTS; i++) {
		const struct field *f = k ? field_of(k, i) : NULL;
		/* Cells are read from the vault when somebody asks; sealed slots, and
		 * those this version does not know, never enter. */
		if (i == SLOT_CELLS || i == SLOT_AMENDS || i == SLOT_RECORDED
		    || !f || f->audience == AUDIENCE_SEALED || run_bulk(rec->kind, i))
			continue;
		ret->slot[i] = rec->slot[i];
		ret->from[i] = rec->pos;
	}
}

/* Later wins, slot by slot; withdrawn slots go. */
static void
merge(struct now *w, const struct now *later)
{
	struct str reason;

	for (unsigned i = 0; i < SLOTS; i++) {
		if (later->slot[i].n == 0)
			continue;
		if (get_withdrawn(later->slot[i], &reason)) {
			w->slot[i] = (struct bytes){0};
		} else {
			w->slot[i] = later->slot[i];
			w->from[i] = later->from[i];
		}
	}
}

/* As `cur` holds it: CBOR [[slot, value, from] ...]. */
static void
put_slots(struct buf *b, const struct now *w)
{
	size_t n = 0;

	for (unsigned i = 0; i < SLOTS; i++)
		n += w->slot[i].n > 0;
	cbor_put_array(b, n);
	for (unsigned i = 0; i < SLOTS; i++) {
		if (w->slot[i].n == 0)
			continue;
		cbor_put_array(b, 3);
		cbor_put_uint(b, i);
		cbor_put_raw(b, w->slot[i]);
		cbor_put_uint(b, w->from[i]);
	}
}

static enum status
put_cur(struct reg *r, const struct now *w, struct err *e)
{
	struct buf b;
	struct store_stmt *s;

	buf_init(&b, ARENA_A_RECORD);
	put_slots(&b, w);
	s = store_sql(r->db, "INSERT OR REPLACE INTO cur(pos, kind, slots) VALUES(?1, ?2, ?3)");
	store_bind_int(s, 1, (int64_t)w->pos);
	store_bind_int(s, 2, w->kind);
	store_bind_bytes(s, 3, buf_bytes(&b));
	enum status st = store_done(s, e);
	buf_finish(&b);
	return st;
}

/* The number of the person that this record is of; UINT64_MAX: it is none's. */
static uint64_t
number_of(struct reg *r, uint64_t pos)
{
	struct store_stmt *s = store_sql(r->db, "SELECT cluster FROM person WHERE pos = ?1");

	store_bind_int(s, 1, (int64_t)pos);
	return store_step(s, NULL) == OK ? (uint64_t)store_int(s, 0) : UINT64_MAX;
}

/* What an amendment says of a person does not make it another. */
static enum status
keep_number(struct reg *r, uint64_t pos, uint64_t number, struct err *e)
{
	struct store_stmt *s;

	if (number == UINT64_MAX)
		return OK;
	s = store_sql(r->db, "UPDATE person SET cluster = ?2 WHERE pos = ?1");
	store_bind_int(s, 1, (int64_t)pos);
	store_bind_int(s, 2, (int64_t)number);
	return store_done(s, e);
}

static enum status
note_identity(struct reg *r, uint32_t kind, uint64_t pos, struct err *e)
{
	unsigned reviewers = 1;

	if (kind == kind_number("judgement"))
		index_touch_judgement(r, pos);
	/* Who is who among officers matters only where two of them must agree. */
	if (kind == kind_number("officer") && index_reviewers(r, &reviewers, e) == FAIL)
		return FAIL;
	if (kind == kind_number("linker-run") || kind == kind_number("rules") || reviewers > 1)
		index_touch_all(r);
	return OK;
}

static enum status
replace(struct arena *a, struct reg *r, const struct now *w, bool stood, struct err *e)
{
	uint64_t number = UINT64_MAX;
	enum status st;

	if (stood) {
		number = number_of(r, w->pos);
		if ((st = note_identity(r, w->kind, w->pos, e)) != OK
		    || (st = derive_drop(r, w->pos, w->kind, e)) != OK)
			return st;
	}
	if ((st = put_cur(r, w, e)) != OK || (st = derive_put(a, r, w, e)) != OK
	    || (st = note_identity(r, w->kind, w->pos, e)) != OK)
		return st;
	return keep_number(r, w->pos, number, e);
}

/* One record that counts, its chain's earlier ones being there already. */
static enum status
apply(struct arena *a, struct reg *r, const struct now *later, uint64_t base, struct err *e)
{
	struct now w;
	enum status st;

	if (base == later->pos)
		return replace(a, r, later, false, e);
	st = index_now(a, r, base, &w, e);
	if (st == NO)
		return OK;                   /* its first record does not count (any more) */
	if (st)
		return st;
	merge(&w, later);
	return replace(a, r, &w, true, e);
}

static enum status
drop(struct reg *r, uint64_t base, uint32_t kind, struct err *e)
{
	struct store_stmt *s = store_sql(r->db, "DELETE FROM cur WHERE pos = ?1");

	store_bind_int(s, 1, (int64_t)base);
	enum status st = store_done(s, e);
	if (st == OK)
		st = note_identity(r, kind, base, e);
	return st ? st : derive_drop(r, base, kind, e);
}

enum status
index_refresh(struct reg *r, uint64_t base, struct err *e)
{
	struct arena *a = arena_create(ARENA_A_RECORD);
	VEC(uint64_t) chain = {0};
	struct now w = {0};
	bool any = false;
	uint32_t kind = 0;
	struct store_stmt *s = store_sql(r->db,
		"SELECT pos, kind FROM rec WHERE pos = ?1 AND state = 1 UNION ALL"
		" SELECT pos, kind FROM rec WHERE base = ?1 AND base <> pos AND state = 1 ORDER BY 1");
	enum status st;

	store_bind_int(s, 1, (int64_t)base);
	while ((st = store_step(s, e)) == OK) {
		VEC_PUSH(a, &chain) = (uint64_t)store_int(s, 0);
		kind = (uint32_t)store_int(s, 1);
	}
	if (st != NO)
		goto out;
	st = OK;
	if (kind == 0) {
		s = store_sql(r->db, "SELECT kind FROM cur WHERE pos = ?1");
		store_bind_int(s, 1, (int64_t)base);
		if ((st = store_step(s, e)) != OK) {
			st = st == NO ? OK : st;
			goto out;
		}
		kind = (uint32_t)store_int(s, 0);
	}
	/* An amendment without its first record says nothing. */
	for (size_t i = 0; i < chain.n && st == OK && chain.v[0] == base; i++) {
		struct record rec;
		struct now later;
		if ((st = node_get(a, r->node, chain.v[i], &rec, e)) != OK)
			break;
		now_of(&rec, &later);
		if (any)
			merge(&w, &later);
		else
			w = later;
		any = true;
	}
	uint64_t number = number_of(r, base);
	if (st == OK)
		st = drop(r, base, kind, e);
	if (st == OK && any && (st = replace(a, r, &w, false, e)) == OK)
		st = keep_number(r, base, number, e);
	if (!any && number != UINT64_MAX) {
		index_touch(r, base);
		index_touch(r, number);
	}
out:
	arena_destroy(a);
	return st;
}

static enum status
set_state(struct reg *r, uint64_t pos, enum rec_state state, struct err *e)
{
	struct store_stmt *s = store_sql(r->db, "UPDATE rec SET state = ?2 WHERE pos = ?1");

	store_bind_int(s, 1, (int64_t)pos);
	store_bind_int(s, 2, state);
	return store_done(s, e);
}

/* Positions and bases of an import's records, in order. */
struct import_row { uint64_t pos, base; uint32_t kind; };

static enum status
import_rows(struct arena *a, struct reg *r, struct bytes import, enum rec_state state,
	struct import_row **ret, size_t *ret_n, struct err *e)
{
	VEC(struct import_row) v = {0};
	struct store_stmt *s = store_sql(r->db,
		"SELECT pos, base, kind FROM rec WHERE import = ?1 AND state = ?2 ORDER BY pos");
	enum status st;

	store_bind_bytes(s, 1, import);
	store_bind_int(s, 2, state);
	while ((st = store_step(s, e)) == OK)
		VEC_PUSH(a, &v) = (struct import_row){(uint64_t)store_int(s, 0),
			(uint64_t)store_int(s, 1), (uint32_t)store_int(s, 2)};
	if (st != NO)
		return st;
	*ret = v.v;
	*ret_n = v.n;
	return OK;
}

struct counting {
	struct reg *r;
	struct import_row *rows;
	size_t n, next;
};

static enum status
count_row(void *ctx, const struct record *rec, struct err *e)
{
	struct counting *c = ctx;
	enum status st;

	if (c->next == c->n || c->rows[c->next].pos != rec->pos)
		return OK;
	struct import_row *row = &c->rows[c->next++];
	if ((st = set_state(c->r, row->pos, REC_COUNTS, e)) != OK)
		return st;
	struct arena *a = arena_create(ARENA_A_RECORD);
	struct now later;
	now_of(rec, &later);
	st = apply(a, c->r, &later, row->base, e);
	arena_destroy(a);
	return st;
}

/* Pending rows as they were read a moment ago, so that they need not be read again:
 * as many as KEPT_MOST bytes hold. */
struct kept_row { uint64_t pos; uint32_t kind; struct bytes slots; };
struct kept {
	struct arena *a;             /* the slots */
	struct kept_row *v;          /* by position */
	size_t n, cap, bytes;
};

static void
keep(struct reg *r, const struct record *rec)
{
	struct kept *k = r->kept;
	struct now w;
	struct buf b;

	if (!k) {
		k = r->kept = mem_alloc(1, sizeof *k);
		k->a = arena_create(2 * (size_t)KEPT_MOST + ARENA_A_RECORD);
	}
	if (k->bytes > KEPT_MOST)
		return;
	if (k->n == k->cap) {
		k->cap = k->cap ? 2 * k->cap : 1024;
		k->v = mem_grow(k->v, k->cap, sizeof *k->v);
	}
	now_of(rec, &w);
	buf_init(&b, ARENA_A_RECORD);
	put_slots(&b, &w);
	k->v[k->n++] = (struct kept_row){rec->pos, rec->kind, {arena_copy(k->a, b.p, b.n), b.n}};
	k->bytes += b.n + sizeof *k->v;
	buf_finish(&b);
}

static void
forget_kept(struct reg *r)
{
	if (!r->kept)
		return;
	arena_destroy(r->kept->a);
	mem_free(r->kept->v);
	mem_free(r->kept);
	r->kept = NULL;
}

static int
kept_by_pos(const void *x, const void *y)
{
	const struct kept_row *l = x, *r = y;

	return (l->pos > r->pos) - (l->pos < r->pos);
}

static bool
kept_at(const struct reg *r, uint64_t pos, struct now *ret)
{
	const struct kept_row key = {.pos = pos}, *hit = NULL;

	if (r->kept && r->kept->n)
		hit = bsearch(&key, r->kept->v, r->kept->n, sizeof key, kept_by_pos);
	if (!hit)
		return false;
	*ret = (struct now){.pos = hit->pos, .kind = hit->kind};
	return now_decode(hit->slots, ret);
}

/* From the row on, as long as they were kept. */
static enum status
count_kept(struct counting *c, struct err *e)
{
	struct arena *a = arena_create(ARENA_A_RECORD);
	struct now w;
	enum status st = OK;

	while (st == OK && c->next < c->n && kept_at(c->r, c->rows[c->next].pos, &w)) {
		const struct import_row *row = &c->rows[c->next++];
		if ((st = set_state(c->r, row->pos, REC_COUNTS, e)) == OK)
			st = apply(a, c->r, &w, row->base, e);
		arena_reset(a);
	}
	arena_destroy(a);
	return st;
}

/* Rows that a run or a judgement spoke of before they counted: hardly ever any. */
static enum status
touch_spoken_of(struct reg *r, uint64_t first, uint64_t last, struct err *e)
{
	struct store_stmt *s = store_sql(r->db,
		"SELECT pos FROM assigned WHERE pos BETWEEN ?1 AND ?2"
		" UNION SELECT mate FROM assigned WHERE mate BETWEEN ?1 AND ?2"
		" UNION SELECT left FROM judgement WHERE left BETWEEN ?1 AND ?2"
		" UNION SELECT right FROM judgement WHERE right BETWEEN ?1 AND ?2");
	enum status st;

	store_bind_int(s, 1, (int64_t)first);
	store_bind_int(s, 2, (int64_t)last);
	while ((st = store_step(s, e)) == OK)
		index_touch(r, (uint64_t)store_int(s, 0));
	return st == NO ? OK : st;
}

/* The list-version record is there: its rows count from now on. */
static enum status
import_counts(struct reg *r, struct bytes import, struct err *e)
{
	struct arena *a = arena_create((size_t)1 << 30);
	struct counting c = {.r = r};
	enum status st = import_rows(a, r, import, REC_PENDING, &c.rows, &c.n, e);

	if (st == OK)
		st = count_kept(&c, e);
	if (st == OK && c.next < c.n) {
		uint64_t first = c.rows[c.next].pos, last = c.rows[c.n - 1].pos;
		st = node_read(r->node, first, last - first + 1, false, count_row, &c, e);
	}
	if (st == OK && c.n)
		st = touch_spoken_of(r, c.rows[0].pos, c.rows[c.n - 1].pos, e);
	arena_destroy(a);
	return st;
}

static enum status
import_retracted(struct reg *r, struct bytes import, struct err *e)
{
	struct arena *a = arena_create((size_t)1 << 30);
	struct import_row *rows;
	size_t n;
	enum status st = import_rows(a, r, import, REC_COUNTS, &rows, &n, e);

	for (size_t i = 0; i < n && st == OK; i++)
		/* The list and its version stay, so that the log of imports is complete. */
		if (rows[i].kind == kind_number("person") || rows[i].kind == kind_number("event"))
			st = set_state(r, rows[i].pos, REC_RETRACTED, e);
	for (size_t i = 0; i < n && st == OK; i++)
		if (i == 0 || rows[i].base != rows[i - 1].base)
			st = index_refresh(r, rows[i].base, e);
	arena_destroy(a);
	return st;
}

static enum status
after_version(struct arena *a, struct reg *r, uint64_t base, struct err *e)
{
	struct bytes import;
	struct now w;
	struct str why;
	enum status st = index_now(a, r, base, &w, e);

	if (st)
		return st == NO ? OK : st;
	if (!get_bytes(w.slot[field_slot("list-version", "import")], &import))
		return OK;
	if (get_text(w.slot[field_slot("list-version", "retracted")], &why))
		return import_retracted(r, import, e);
	return import_counts(r, import, e);
}

/* What remains of an erased record: that something stood here. */
static enum status
forget(struct reg *r, uint64_t pos, struct err *e)
{
	struct store_stmt *s = store_sql(r->db, "UPDATE rec SET kind = 0, list = NULL,"
		" version = NULL, row = NULL, import = NULL, recorded = 0, state = 4,"
		" base = pos WHERE pos = ?1");

	store_bind_int(s, 1, (int64_t)pos);
	return store_done(s, e);
}

/* The others of its cluster stay together: as `mate` it is only a number. */
static enum status
forget_links(struct reg *r, uint64_t pos, struct err *e)
{
	static const char *const sql[] = {
		"DELETE FROM assigned WHERE pos = ?1",
		"DELETE FROM link WHERE left = ?1 OR right = ?1",
	};
	enum status st = OK;

	for (size_t i = 0; i < sizeof sql / sizeof *sql && st == OK; i++) {
		struct store_stmt *s = store_sql(r->db, sql[i]);
		store_bind_int(s, 1, (int64_t)pos);
		st = store_done(s, e);
	}
	index_touch(r, pos);
	return st;
}

static enum status
after_erasure(struct arena *a, struct reg *r, const struct record *rec, struct err *e)
{
	uint8_t (*hashes)[SEAL_HASH];
	size_t n;

	if (!get_refs(a, rec->slot[field_slot("erasure", "erased")], &hashes, &n))
		return OK;
	for (size_t i = 0; i < n; i++) {
		struct store_stmt *s = store_sql(r->db, "SELECT pos, base FROM rec WHERE hash = ?1");
		store_bind_bytes(s, 1, (struct bytes){hashes[i], SEAL_HASH});
		enum status st = store_step(s, e);
		if (st == NO)
			continue;
		if (st)
			return st;
		uint64_t pos = (uint64_t)store_int(s, 0), base = (uint64_t)store_int(s, 1);
		if ((st = forget(r, pos, e)) != OK || (st = index_refresh(r, base, e)) != OK
		    || (st = forget_links(r, pos, e)) != OK)
			return st;
	}
	return OK;
}

/* Does this import count already?  (Amendments by hand have no row: they do.) */
static enum status
state_of(struct reg *r, const struct record *rec, const struct row_ref *ref,
	enum rec_state *ret, struct err *e)
{
	struct store_stmt *s;
	enum status st;

	*ret = rec->erased ? REC_ERASED : REC_COUNTS;
	if (!ref || rec->erased)
		return OK;
	s = store_sql(r->db, "SELECT retracted FROM version WHERE import = ?1");
	store_bind_bytes(s, 1, (struct bytes){ref->import, 16});
	st = store_step(s, e);
	if (st == NO)
		*ret = REC_PENDING;
	else if (st == OK && store_int(s, 0))
		*ret = REC_RETRACTED;
	return st == NO ? OK : st;
}

static enum status
put_rec(struct reg *r, const struct record *rec, uint64_t base, const struct row_ref *ref,
	enum rec_state state, struct err *e)
{
	struct store_stmt *s = store_sql(r->db, "INSERT INTO rec(pos, hash, kind, base, list, version,"
		" row, import, recorded, state) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
	int64_t recorded = 0;
	uint64_t list;

	store_bind_int(s, 1, (int64_t)rec->pos);
	store_bind_bytes(s, 2, (struct bytes){rec->hash, SEAL_HASH});
	store_bind_int(s, 3, rec->kind);
	store_bind_int(s, 4, (int64_t)base);
	for (int i = 5; i <= 8; i++)
		store_bind_null(s, i);
	if (ref) {
		if (index_pos_of(r, ref->list, &list, NULL) == OK)
			store_bind_int(s, 5, (int64_t)list);
		store_bind_int(s, 6, ref->version);
		store_bind_int(s, 7, ref->row);
		store_bind_bytes(s, 8, (struct bytes){ref->import, 16});
	}
	get_time(rec->slot[SLOT_RECORDED], &recorded);
	store_bind_int(s, 9, recorded);
	store_bind_int(s, 10, state);
	return store_done(s, e);
}

static enum status
project_one(void *ctx, const struct record *rec, struct err *e)
{
	struct reg *r = ctx;
	struct row_ref ref;
	enum rec_state state;
	uint64_t base = rec->pos;
	uint8_t amends[SEAL_HASH];
	bool listed = !rec->erased && get_row(rec->slot[SLOT_ROW], &ref);
	enum status st = state_of(r, rec, listed ? &ref : NULL, &state, e);

	if (st)
		return st;
	if (!rec->erased && get_ref(rec->slot[SLOT_AMENDS], amends)
	    && (st = index_pos_of(r, amends, &base, e)) != OK)
		return st == NO ? err_set(e, BAD, "record %llu: amends a record that is not here; "
			"run habeas verify", (unsigned long long)rec->pos) : st;
	if ((st = put_rec(r, rec, base, listed ? &ref : NULL, state, e)) != OK)
		return st;
	if (state == REC_PENDING)
		keep(r, rec);
	if (state != REC_COUNTS)
		return OK;
	struct arena *a = arena_create((size_t)1 << 30);
	struct now later;
	now_of(rec, &later);
	st = apply(a, r, &later, base, e);
	if (st == OK && rec->kind == kind_number("list-version"))
		st = after_version(a, r, base, e);
	if (st == OK && rec->kind == kind_number("erasure"))
		st = after_erasure(a, r, rec, e);
	if (st == OK)
		st = index_persons(r, rec->pos, e);
	arena_destroy(a);
	return st;
}

static enum status
put_meta(struct reg *r, const char *name, struct bytes value, struct err *e)
{
	struct store_stmt *s = store_sql(r->db, "INSERT OR REPLACE INTO meta VALUES(?1, ?2)");

	store_bind_text(s, 1, str_of(name));
	store_bind_bytes(s, 2, value);
	return store_done(s, e);
}

static enum status
put_size(struct reg *r, uint64_t size, struct err *e)
{
	uint8_t be[8];

	for (int i = 0; i < 8; i++)
		be[i] = (uint8_t)(size >> (56 - 8 * i));
	return put_meta(r, "size", BYTES(be), e);
}

enum status
index_project(struct reg *r, struct err *e)
{
	uint64_t size = node_info(r->node)->size;
	enum status st;

	if (r->projected >= size)
		return OK;
	if ((st = store_db_begin(r->db, e)) != OK)
		return st;
	/* Another process may have brought it further since it was opened. */
	r->projected = index_size(r);
	st = r->projected >= size ? OK : node_read(r->node, r->projected, size - r->projected,
		false, project_one, r, e);
	forget_kept(r);
	index_untouch(r);
	if (st == OK && r->projected < size)
		st = put_size(r, size, e);
	if (st == OK)
		st = store_db_commit(r->db, e);
	if (st) {
		store_db_rollback(r->db);
		return st;
	}
	if (r->projected < size)
		r->projected = size;
	return OK;
}
