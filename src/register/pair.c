/*
 * Which row of a new version is which record of the list: first where key and cells
 * are equal, then where the cells are, then where the key is, and the rest by the
 * matcher.  A running number is no key: where nobody declared the key column, an
 * equal number joins two rows only if their names agree.
 */
#include "register/import_int.h"

enum { ARENA_A_RECORD = 64 << 20 };
static const double paired_probability = 0.9;
static const double names_agree_from = 0.7;

/* --- the list as it last said it -------------------------------------------------- */

static int
by_value(const void *x, const void *y)
{
	const uint64_t *l = x, *r = y;

	return (*l > *r) - (*l < *r);
}

static bool
is_touched(const struct run *x, uint64_t base)
{
	return x->touched.n
		&& bsearch(&base, x->touched.v, x->touched.n, sizeof base, by_value) != NULL;
}

static void
merge_record(struct record *into, const struct record *later)
{
	struct str why;

	for (unsigned i = SLOT_SOURCE; i < SLOTS; i++)
		if (later->slot[i].n)
			into->slot[i] = get_withdrawn(later->slot[i], &why) ? (struct bytes){0}
				: later->slot[i];
}

static enum status
from_vault(struct arena *a, struct run *x, uint64_t base, struct record *ret,
	bool *ret_sealed_away, struct err *e)
{
	VEC(uint64_t) chain = {0};
	bool sealed_away = false;
	struct store_stmt *s = store_sql(x->r->db,
		"SELECT pos FROM rec WHERE pos = ?1 AND state = 1 AND import IS NOT NULL UNION ALL"
		" SELECT pos FROM rec WHERE base = ?1 AND base <> pos AND state = 1"
		" AND import IS NOT NULL ORDER BY 1");
	enum status st;

	store_bind_int(s, 1, (int64_t)base);
	while ((st = store_step(s, e)) == OK)
		VEC_PUSH(a, &chain) = (uint64_t)store_int(s, 0);
	if (st != NO)
		return st;
	if (chain.n == 0 || chain.v[0] != base)
		return NO;
	for (size_t i = 0; i < chain.n; i++) {
		struct record rec;
		if ((st = node_get(a, x->r->node, chain.v[i], &rec, e)) != OK)
			return st;
		sealed_away = sealed_away || rec.sealed_away;
		if (i == 0)
			*ret = rec;
		else
			merge_record(ret, &rec);
	}
	*ret_sealed_away = sealed_away;
	return OK;
}

enum status
as_listed(struct arena *a, struct run *x, uint64_t base, bool whole, struct record *ret,
	bool *ret_sealed_away, struct err *e)
{
	struct now w;
	enum status st;

	*ret_sealed_away = false;
	if (whole || is_touched(x, base))
		return from_vault(a, x, base, ret, ret_sealed_away, e);
	if ((st = index_now(a, x->r, base, &w, e)) != OK)
		return st;
	*ret = (struct record){.pos = w.pos, .kind = w.kind};
	memcpy(ret->hash, w.hash, SEAL_HASH);
	memcpy(ret->slot, w.slot, sizeof ret->slot);
	return OK;
}

/* Records that somebody amended by hand: there the index does not say what the
 * list said. */
static enum status
load_touched(struct run *x, struct err *e)
{
	struct store_stmt *s = store_sql(x->r->db, "SELECT DISTINCT base FROM rec"
		" WHERE base <> pos AND import IS NULL AND state = 1 ORDER BY base");
	enum status st;

	while ((st = store_step(s, e)) == OK)
		VEC_PUSH(x->a, &x->touched) = (uint64_t)store_int(s, 0);
	return st == NO ? OK : st;
}

static struct digest_options
digest_options(const struct run *x)
{
	return (struct digest_options){x->reader.basis.n > 0, x->reader.source.n > 0};
}

/* What a row of the index says, or the vault where somebody amended it. */
static enum status
listed_slots(struct arena *t, struct run *x, uint64_t pos, struct bytes slots,
	struct bytes ret[SLOTS], struct err *e)
{
	struct now w = {0};
	struct record rec;
	bool away;
	enum status st;

	if (is_touched(x, pos)) {
		if ((st = from_vault(t, x, pos, &rec, &away, e)) == OK)
			memcpy(ret, rec.slot, sizeof rec.slot);
		return st;
	}
	if (!now_decode(slots, &w))
		return err_set(e, BAD, "index.db: damaged at record %llu; run habeas rebuild",
			(unsigned long long)pos);
	memcpy(ret, w.slot, sizeof w.slot);
	return OK;
}

/* The events of the list by person, read along with the persons. */
struct events {
	struct store_stmt *s;
	enum status st;
	uint64_t person;             /* of the event that comes next */
};

static void
next_event(struct events *ev, struct err *e)
{
	ev->st = store_step(ev->s, e);
	ev->person = ev->st == OK ? (uint64_t)store_int(ev->s, 0) : UINT64_MAX;
}

static enum status
digest_events(struct arena *t, struct run *x, struct events *ev, uint64_t person,
	uint8_t (**ret)[DIGEST], size_t *ret_n, struct err *e)
{
	const struct kind *k = kind_named(S("event"));
	VEC(struct { uint8_t d[DIGEST]; }) v = {0};

	while (ev->st == OK && ev->person < person)
		next_event(ev, e);
	while (ev->st == OK && ev->person == person) {
		struct bytes slot[SLOTS];
		uint8_t digest[DIGEST];
		enum status st = listed_slots(t, x, (uint64_t)store_int(ev->s, 1),
			store_bytes(ev->s, 2), slot, e);
		if (st == OK) {
			digest_record(k, slot, digest_options(x), digest);
			memcpy(VEC_PUSH(t, &v).d, digest, DIGEST);
		} else if (st != NO) {
			return st;
		}
		next_event(ev, e);
	}
	if (ev->st != OK && ev->st != NO)
		return ev->st;
	*ret = v.v ? &v.v->d : NULL;
	*ret_n = v.n;
	return OK;
}

static struct str
key_of(struct arena *a, const struct bytes slot[SLOTS])
{
	struct str key;

	return get_text(slot[field_slot("person", "key")], &key) ? str_dup(a, text_digits(a, key))
		: S("");
}

static void
read_old(struct run *x, uint64_t pos, const struct bytes slot[SLOTS], uint8_t (*events)[DIGEST],
	size_t n, struct old_row *o)
{
	uint8_t person[DIGEST];
	struct row_ref ref;

	*o = (struct old_row){.pos = pos, .key = key_of(x->a, slot)};
	digest_record(kind_named(S("person")), slot, digest_options(x), person);
	digest_row(person, events, n, o->digest);
	if (get_row(slot[SLOT_ROW], &ref)) {
		o->version = ref.version;
		o->row = ref.row;
	}
	if (!get_number(slot[field_slot("person", "unlisted")], &o->unlisted))
		o->unlisted = 0;
}

enum status
pair_load(struct run *x, struct err *e)
{
	VEC(struct old_row) v = {0};
	struct arena *t = arena_create(ARENA_A_RECORD);
	struct events ev = {.s = store_sql(x->r->db,
		"SELECT event.person, cur.pos, cur.slots FROM event JOIN cur ON cur.pos = event.pos"
		" WHERE event.list = ?1 AND event.person IS NOT NULL ORDER BY event.person, event.pos")};
	struct store_stmt *s = store_sql(x->r->db,
		"SELECT cur.pos, cur.slots FROM rec JOIN cur ON cur.pos = rec.pos"
		" WHERE rec.list = ?1 AND rec.kind = ?2 AND rec.base = rec.pos ORDER BY rec.pos");
	enum status st = load_touched(x, e), step;

	store_bind_int(s, 1, (int64_t)x->list);
	store_bind_int(s, 2, kind_number("person"));
	store_bind_int(ev.s, 1, (int64_t)x->list);
	if (st == OK)
		next_event(&ev, e);
	while (st == OK && (step = store_step(s, e)) != NO) {
		uint64_t pos = step == OK ? (uint64_t)store_int(s, 0) : 0;
		uint8_t (*events)[DIGEST];
		struct bytes slot[SLOTS];
		size_t n;
		arena_reset(t);
		if ((st = step) != OK
		    || (st = listed_slots(t, x, pos, store_bytes(s, 1), slot, e)) != OK
		    || (st = digest_events(t, x, &ev, pos, &events, &n, e)) != OK)
			break;
		read_old(x, pos, slot, events, n, &VEC_PUSH(x->a, &v));
	}
	arena_destroy(t);
	if (st)
		return st;
	x->old = v.v;
	x->n_old = v.n;
	return OK;
}

/* --- pairing ------------------------------------------------------------------------ */

/* Old rows by a hash, equal ones in their order; those that are no longer listed
 * come last. */
struct entry { uint64_t h; uint32_t late, i; };
struct table_of { struct entry *v; size_t n; };

static int
by_hash(const void *x, const void *y)
{
	const struct entry *l = x, *r = y;

	if (l->h != r->h)
		return l->h < r->h ? -1 : 1;
	if (l->late != r->late)
		return l->late < r->late ? -1 : 1;
	return (l->i > r->i) - (l->i < r->i);
}

static uint64_t
hash_of(struct str key, const uint8_t digest[DIGEST], bool with_key, bool with_digest)
{
	uint64_t h = with_key ? hash64(str_bytes(key), 1) : 0;

	return with_digest ? hash64((struct bytes){digest, DIGEST}, h) : h;
}

static struct table_of
table_by(struct run *x, bool with_key, bool with_digest)
{
	struct table_of t = {NEWS(x->a, struct entry, x->n_old), 0};

	for (size_t i = 0; i < x->n_old; i++)
		if (x->old[i].mate == 0 && (!with_key || x->old[i].key.n))
			t.v[t.n++] = (struct entry){hash_of(x->old[i].key, x->old[i].digest, with_key,
				with_digest), x->old[i].unlisted != 0, (uint32_t)i};
	if (t.n)
		qsort(t.v, t.n, sizeof *t.v, by_hash);
	return t;
}

static size_t
first_with(const struct table_of *t, uint64_t h)
{
	size_t from = 0, to = t->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (t->v[mid].h < h)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

static void
join(struct run *x, size_t n, size_t o, enum pair_by by)
{
	x->rows[n].mate = (uint32_t)o + 1;
	x->rows[n].by = by;
	x->old[o].mate = (uint32_t)n + 1;
}

/* Do the names of these two rows let them be one person? */
static enum status
names_agree(struct run *x, struct arena *t, const struct new_row *n, const struct old_row *o,
	bool *ret, struct str ret_names[2], struct err *e)
{
	struct reader silent = x->reader;
	struct made *made = NEWS(t, struct made, x->map.groups.n);
	struct record rec;
	bool away;
	enum status st = as_listed(t, x, o->pos, false, &rec, &away, e);

	if (st)
		return st;
	silent.notes = NULL;
	row_read(t, &silent, n->row, made);
	ret_names[0] = full_name_of(t, rec.slot);
	ret_names[1] = full_name_of(t, made->d.slot);
	struct match_name was = match_name_of(t, ret_names[0]), is = match_name_of(t, ret_names[1]);
	*ret = match_name_similarity(&was, &is) >= names_agree_from;
	return OK;
}

/* An equal key: enough where it was declared to be one; else the names must agree. */
static enum status
try_key(struct run *x, struct arena *t, size_t n, size_t o, bool *ret, struct err *e)
{
	struct str names[2];
	bool agree;
	enum status st;

	*ret = memcmp(x->rows[n].digest, x->old[o].digest, DIGEST) == 0;
	if (*ret)
		return OK;
	if ((st = names_agree(x, t, &x->rows[n], &x->old[o], &agree, names, e)) != OK)
		return st;
	if (x->key_declared && !agree)
		note_add(&x->notes, ROW_WARNING, x->rows[n].row->line, 0, "key " STR_FMT " was "
			STR_FMT ", is " STR_FMT ": the same person? Then go on; else the key column "
			"was counted anew", STR_ARG(x->rows[n].key), STR_ARG(names[0]),
			STR_ARG(names[1]));
	*ret = agree || x->key_declared;
	return OK;
}

static enum status
pair_by_table(struct run *x, bool with_key, bool with_digest, struct err *e)
{
	struct table_of table = table_by(x, with_key, with_digest);
	uint32_t *skip = NEWS(x->a, uint32_t, table.n);   /* taken ones at the head of a run */
	struct arena *t = arena_create(ARENA_A_RECORD);
	enum status st = OK;

	for (size_t i = 0; i < x->n_rows && st == OK; i++) {
		struct new_row *n = &x->rows[i];
		if (n->mate || n->blank || (with_key && n->key.n == 0))
			continue;
		uint64_t h = hash_of(n->key, n->digest, with_key, with_digest);
		size_t first = first_with(&table, h), at;
		bool yes = false;
		if (first == table.n)
			continue;
		at = first + skip[first];
		if (at >= table.n || table.v[at].h != h)
			continue;
		size_t o = table.v[at].i;
		arena_reset(t);
		if (with_digest)
			yes = memcmp(n->digest, x->old[o].digest, DIGEST) == 0
				&& (!with_key || str_eq(n->key, x->old[o].key));
		else if (str_eq(n->key, x->old[o].key))
			st = try_key(x, t, i, o, &yes, e);
		if (st == OK && yes) {
			skip[first]++;
			join(x, i, o, with_key ? BY_KEY : BY_CELLS);
		}
	}
	arena_destroy(t);
	return st;
}

/* --- by the matcher ----------------------------------------------------------------- */

/* made: room for one row, used again for the next. */
static void
person_of_row(struct run *x, const struct new_row *n, struct made *made,
	struct match_person *ret)
{
	struct reader silent = x->reader;

	silent.notes = NULL;
	row_read(x->a, &silent, n->row, made);
	match_of_slots(made->d.slot, ret);
	for (size_t i = 1; i < x->map.groups.n; i++)
		if (made[i].is)
			match_add_event(made[i].d.slot, ret);
}

static enum status
person_of_old(struct run *x, const struct old_row *o, struct match_person *ret, struct err *e)
{
	struct record rec;
	struct now *events;
	size_t n;
	bool away;
	enum status st = as_listed(x->a, x, o->pos, false, &rec, &away, e);

	if (st || (st = index_events_of(x->a, x->r, o->pos, &events, &n, e)) != OK)
		return st;
	match_of_slots(rec.slot, ret);
	for (size_t i = 0; i < n; i++)
		match_add_event(events[i].slot, ret);
	return OK;
}

static void
say_paired(struct run *x, const struct new_row *n, const struct old_row *o,
	const struct match_person *p, float probability)
{
	struct str given = p->given.n ? p->given : p->whole;

	note_add(&x->notes, ROW_PAIRED, n->row->line, 0, "taken for row %u of version %u: " STR_FMT
		"%s" STR_FMT " (probability %.3f)", o->row, o->version, STR_ARG(given),
		given.n && p->family.n ? " " : "", STR_ARG(p->family), (double)probability);
}

static enum status
pair_by_matcher(struct run *x, struct err *e)
{
	VEC(uint32_t) left = {0}, right = {0};
	struct match_assignment *found;
	size_t n;
	enum status st = OK;

	for (size_t i = 0; i < x->n_old; i++)
		if (x->old[i].mate == 0)
			VEC_PUSH(x->a, &left) = (uint32_t)i;
	for (size_t i = 0; i < x->n_rows; i++)
		if (x->rows[i].mate == 0 && !x->rows[i].blank)
			VEC_PUSH(x->a, &right) = (uint32_t)i;
	if (left.n == 0 || right.n == 0)
		return OK;
	struct match_person *l = NEWS(x->a, struct match_person, left.n);
	struct match_person *r = NEWS(x->a, struct match_person, right.n);
	struct made *made = NEWS(x->a, struct made, x->map.groups.n);
	for (size_t i = 0; i < left.n && st == OK; i++)
		st = person_of_old(x, &x->old[left.v[i]], &l[i], e);
	for (size_t i = 0; i < right.n; i++)
		person_of_row(x, &x->rows[right.v[i]], made, &r[i]);
	if (st || (st = match_assign(x->a, l, left.n, r, right.n, paired_probability, &found, &n,
	    e)) != OK)
		return st;
	for (size_t i = 0; i < n; i++) {
		size_t o = left.v[found[i].left], k = right.v[found[i].right];
		join(x, k, o, BY_MATCH);
		say_paired(x, &x->rows[k], &x->old[o], &l[found[i].left], found[i].probability);
	}
	return OK;
}

/* A key must be there and be one row's alone, in the new version and in the old. */
static void
check_keys(struct run *x)
{
	struct entry *v = NEWS(x->a, struct entry, x->n_rows);
	size_t n = 0;

	x->with_key = map_target(&x->map.groups.v[0],
		field_named(kind_named(S("person")), S("key"))) != NULL;
	for (size_t i = 0; i < x->n_rows; i++) {
		if (x->rows[i].blank)
			continue;
		if (x->rows[i].key.n)
			v[n++] = (struct entry){hash64(str_bytes(x->rows[i].key), 1), 0, (uint32_t)i};
		else if (x->key_declared)
			note_add(&x->notes, ROW_ERROR, x->rows[i].row->line, 0,
				"no key; the key column must have a value in every row");
		else
			x->with_key = false;
	}
	if (n)
		qsort(v, n, sizeof *v, by_hash);
	for (size_t i = 1; i < n; i++) {
		const struct new_row *l = &x->rows[v[i - 1].i], *r = &x->rows[v[i].i];
		if (v[i].h != v[i - 1].h || !str_eq(l->key, r->key))
			continue;
		if (x->key_declared)
			note_add(&x->notes, ROW_ERROR, r->row->line, 0, "key " STR_FMT " stands in row "
				"%zu already; a key is one row's alone", STR_ARG(r->key), l->row->line);
		else
			x->with_key = false;
	}
}

static bool
old_keys_good(struct run *x)
{
	struct table_of t = table_by(x, true, false);

	for (size_t i = 1; i < t.n; i++)
		if (t.v[i].h == t.v[i - 1].h && !t.v[i].late)
			return false;
	return true;
}

enum status
pair_rows(struct run *x, struct err *e)
{
	enum status st = OK;

	check_keys(x);
	if (x->notes.n[ROW_ERROR] || x->n_old == 0)
		return OK;
	if (x->with_key && !old_keys_good(x))
		x->with_key = false;
	/* A declared key decides alone; a number that may have been counted anew does
	 * not, and equal cells weigh more. */
	if (x->with_key && x->key_declared)
		st = pair_by_table(x, true, false, e);
	else if (x->with_key)
		st = pair_by_table(x, true, true, e);
	if (st == OK)
		st = pair_by_table(x, false, true, e);
	if (st == OK && x->with_key && !x->key_declared)
		st = pair_by_table(x, true, false, e);
	return st == OK ? pair_by_matcher(x, e) : st;
}
