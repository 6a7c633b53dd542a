/*
 * What rows resemble: a list that is there already (was --list meant?), and people
 * that other lists name (who is who is judged later, by the linker and by people).
 */
#include "register/import_int.h"

enum {
	SAMPLE_ROWS = 1000,
	LOOKED_UP_MOST = 20000,      /* new rows that are compared with people */
	KEYS_A_PERSON = 12,
	CANDIDATES_A_ROW = 12,
	ARENA_A_RECORD = 64 << 20,
};
static const double likely_from = 0.9;

/* --- lists ------------------------------------------------------------------------ */

struct sampled { uint8_t digest[DIGEST]; };
struct likeness { uint64_t list; size_t hits; bool *hit; };

static int
by_digest(const void *x, const void *y)
{
	return memcmp(x, y, DIGEST);
}

static size_t
sample_rows(struct run *x, struct sampled **ret)
{
	struct arena *t = arena_create(ARENA_A_RECORD);
	struct reader silent = x->reader;
	size_t rows = x->table.n ? x->table.n - 1 : 0, n = 0;
	size_t step = rows / SAMPLE_ROWS + 1;
	struct sampled *v = NEWS(x->a, struct sampled, rows / step + 1);

	silent.notes = NULL;
	for (size_t i = 1; i < x->table.n; i += step) {
		arena_reset(t);
		struct made *made = NEWS(t, struct made, x->map.groups.n);
		if (row_read(t, &silent, &x->table.rows[i], made))
			digest_record(kind_named(S("person")), made->d.slot,
				(struct digest_options){0}, v[n++].digest);
	}
	arena_destroy(t);
	if (n)
		qsort(v, n, sizeof *v, by_digest);
	*ret = v;
	return n;
}

static struct likeness *
likeness_of(struct run *x, uint64_t list, size_t n, struct likeness **v, size_t *n_lists,
	size_t *cap)
{
	for (size_t i = 0; i < *n_lists; i++)
		if ((*v)[i].list == list)
			return &(*v)[i];
	if (*n_lists == *cap)
		*v = arena_vec_grow(x->a, *v, cap, sizeof **v);
	(*v)[*n_lists] = (struct likeness){list, 0, NEWS(x->a, bool, n)};
	return &(*v)[(*n_lists)++];
}

static enum status
list_name(struct arena *a, struct reg *r, uint64_t list, struct str *ret, struct err *e)
{
	struct store_stmt *s = store_sql(r->db, "SELECT name FROM list WHERE pos = ?1");
	enum status st;

	store_bind_int(s, 1, (int64_t)list);
	if ((st = store_step(s, e)) == OK)
		*ret = str_dup(a, store_text(s, 0));
	return st == NO ? OK : st;
}

enum status
likely_list(struct arena *a, struct run *x, struct str *ret_name, double *ret_share,
	struct err *e)
{
	struct store_stmt *s = store_sql(x->r->db, "SELECT person.list, cur.slots FROM person"
		" JOIN cur ON cur.pos = person.pos WHERE person.list IS NOT NULL");
	struct likeness *lists = NULL;
	size_t n_lists = 0, cap = 0, best = 0, n;
	struct sampled *rows;
	enum status st;

	*ret_name = S("");
	*ret_share = 0;
	n = sample_rows(x, &rows);
	while (n && (st = store_step(s, e)) != NO) {
		struct now w = {0};
		struct sampled key, *hit;
		if (st)
			return st;
		if (!now_decode(store_bytes(s, 1), &w))
			continue;
		digest_record(kind_named(S("person")), w.slot, (struct digest_options){0}, key.digest);
		hit = bsearch(&key, rows, n, sizeof *rows, by_digest);
		if (!hit)
			continue;
		struct likeness *l = likeness_of(x, (uint64_t)store_int(s, 0), n, &lists, &n_lists,
			&cap);
		l->hits += !l->hit[hit - rows];
		l->hit[hit - rows] = true;
	}
	for (size_t i = 1; i < n_lists; i++)
		if (lists[i].hits > lists[best].hits)
			best = i;
	if (n_lists == 0)
		return OK;
	*ret_share = (double)lists[best].hits / (double)n;
	return list_name(a, x->r, lists[best].list, ret_name, e);
}

/* --- people ----------------------------------------------------------------------- */

/* A pair of name keys that a row and a person share: given and family name sound
 * alike, in whatever order and script. */
struct key_pair { uint64_t h; uint32_t row; };
struct candidate { uint64_t pos; uint32_t row; };
struct seeking {
	struct run *x;
	struct arena *a;
	VEC(struct key_pair) pairs;
	VEC(struct candidate) found;
	VEC(uint32_t) rows;          /* indices of new rows looked up */
	struct match_person *persons;
	uint8_t *n_found;            /* by row looked up */
	bool walked;                 /* there are people of other lists */
	uint8_t *seen;               /* one bit a hash: most pairs of keys are nobody's */
};
enum { SEEN_BITS = 1 << 23 };

static uint64_t
pair_hash(uint64_t k, uint64_t l)
{
	uint64_t both[2] = {k < l ? k : l, k < l ? l : k};

	return hash64((struct bytes){(const uint8_t *)both, sizeof both}, 7);
}

static int
by_pair(const void *x, const void *y)
{
	const struct key_pair *l = x, *r = y;

	if (l->h != r->h)
		return l->h < r->h ? -1 : 1;
	return (l->row > r->row) - (l->row < r->row);
}

static void
add_key_pairs(struct seeking *k, const struct match_person *p, uint32_t row)
{
	struct arena *t = arena_create(8 << 20);
	uint64_t given[KEYS_A_PERSON], family[KEYS_A_PERSON];
	bool split = p->given.n && p->family.n;
	struct match_name g = match_name_of(t, split ? p->given
		: p->given.n ? p->given : p->family.n ? p->family : p->whole);
	struct match_name f = split ? match_name_of(t, p->family) : g;
	size_t n = match_name_keys(&g, given, KEYS_A_PERSON);
	size_t m = match_name_keys(&f, family, KEYS_A_PERSON);

	for (size_t i = 0; i < n; i++)
		for (size_t j = split ? 0 : i + 1; j < m; j++) {
			uint64_t h = pair_hash(given[i], family[j]);
			k->seen[h % SEEN_BITS / 8] |= (uint8_t)(1 << h % 8);
			VEC_PUSH(k->a, &k->pairs) = (struct key_pair){h, row};
		}
	arena_destroy(t);
}

static void
read_new_rows(struct seeking *k)
{
	struct run *x = k->x;
	struct reader silent = x->reader;
	struct made *made = NEWS(k->a, struct made, x->map.groups.n);

	silent.notes = NULL;
	for (size_t i = 0; i < x->n_rows && k->rows.n < LOOKED_UP_MOST; i++)
		if (!x->rows[i].mate && !x->rows[i].blank)
			VEC_PUSH(k->a, &k->rows) = (uint32_t)i;
	k->persons = NEWS(k->a, struct match_person, k->rows.n);
	k->n_found = NEWS(k->a, uint8_t, k->rows.n);
	for (size_t i = 0; i < k->rows.n; i++) {
		row_read(k->a, &silent, x->rows[k->rows.v[i]].row, made);
		match_of_slots(made->d.slot, &k->persons[i]);
		for (size_t g = 1; g < x->map.groups.n; g++)
			if (made[g].is)
				match_add_event(made[g].d.slot, &k->persons[i]);
		add_key_pairs(k, &k->persons[i], (uint32_t)i);
	}
	if (k->pairs.n)
		qsort(k->pairs.v, k->pairs.n, sizeof *k->pairs.v, by_pair);
}

static void
try_pair(struct seeking *k, uint64_t h, uint64_t pos)
{
	size_t from = 0, to = k->pairs.n;

	if (!(k->seen[h % SEEN_BITS / 8] >> h % 8 & 1))
		return;
	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (k->pairs.v[mid].h < h)
			from = mid + 1;
		else
			to = mid;
	}
	/* Many rows with one name: a few of them tell enough. */
	for (size_t n = 0; from < k->pairs.n && k->pairs.v[from].h == h && n < 64; from++, n++) {
		uint32_t row = k->pairs.v[from].row;
		if (k->n_found[row] >= CANDIDATES_A_ROW)
			continue;
		if (k->found.n && k->found.v[k->found.n - 1].pos == pos
		    && k->found.v[k->found.n - 1].row == row)
			continue;
		k->n_found[row]++;
		VEC_PUSH(k->a, &k->found) = (struct candidate){pos, row};
	}
}

static void
try_person(struct seeking *k, const uint64_t *keys, size_t n, uint64_t pos)
{
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++)
			try_pair(k, pair_hash(keys[i], keys[j]), pos);
}

/* Every person of other lists, with the keys of its names. */
static enum status
walk_people(struct seeking *k, struct err *e)
{
	struct store_stmt *s = store_sql(k->x->r->db,
		"SELECT name_key.pos, name_key.key, person.list FROM name_key"
		" JOIN person ON person.pos = name_key.pos ORDER BY name_key.pos");
	uint64_t keys[KEYS_A_PERSON], pos = UINT64_MAX;
	size_t n = 0;
	enum status st;

	while ((st = store_step(s, e)) == OK) {
		uint64_t p = (uint64_t)store_int(s, 0);
		if (k->x->has_list && !store_is_null(s, 2)
		    && (uint64_t)store_int(s, 2) == k->x->list)
			continue;
		k->walked = true;
		if (p != pos)
			try_person(k, keys, n, pos);
		if (p != pos)
			n = 0;
		pos = p;
		if (n < KEYS_A_PERSON)
			keys[n++] = (uint64_t)store_int(s, 1);
	}
	try_person(k, keys, n, pos);
	return st == NO ? OK : st;
}

static int
by_pos(const void *x, const void *y)
{
	const struct candidate *l = x, *r = y;

	if (l->pos != r->pos)
		return l->pos < r->pos ? -1 : 1;
	return (l->row > r->row) - (l->row < r->row);
}

static enum status
say_likely(struct seeking *k, size_t row, uint64_t pos, const struct match_person *p,
	double probability, struct err *e)
{
	struct store_stmt *s = store_sql(k->x->r->db, "SELECT person.cluster, list.name FROM person"
		" LEFT JOIN list ON list.pos = person.list WHERE person.pos = ?1");
	struct str given = p->given.n || p->family.n ? p->given : p->whole;
	enum status st;

	store_bind_int(s, 1, (int64_t)pos);
	if ((st = store_step(s, e)) != OK)
		return st == NO ? OK : st;
	note_add(&k->x->notes, ROW_LIKELY, k->x->rows[k->rows.v[row]].row->line, 0,
		"P-%lld " STR_FMT "%s" STR_FMT "%s" STR_FMT "%s (probability %.3f)",
		(long long)store_int(s, 0), STR_ARG(given), given.n && p->family.n ? " " : "",
		STR_ARG(p->family), store_is_null(s, 1) ? "" : " of \"", STR_ARG(store_text(s, 1)),
		store_is_null(s, 1) ? "" : "\"", probability);
	k->x->likely++;
	return OK;
}

/* Rows that have candidates against all candidates, each of both at most once. */
static enum status
judge(struct seeking *k, struct err *e)
{
	VEC(struct match_person) there = {0}, here = {0};
	VEC(uint64_t) pos = {0};
	VEC(uint32_t) row = {0};
	struct match_assignment *found;
	size_t n;
	enum status st = OK;

	qsort(k->found.v, k->found.n, sizeof *k->found.v, by_pos);
	for (size_t i = 0; i < k->found.n && st == OK; i++) {
		uint64_t p = k->found.v[i].pos;
		if (i && k->found.v[i - 1].pos == p)
			continue;
		os_progress("looking for the same people", i, k->found.n);
		VEC_PUSH(k->a, &pos) = p;
		st = match_of_record(k->a, k->x->r, p, &VEC_PUSH(k->a, &there), e);
	}
	for (size_t i = 0; i < k->rows.n; i++)
		if (k->n_found[i]) {
			VEC_PUSH(k->a, &row) = (uint32_t)i;
			VEC_PUSH(k->a, &here) = k->persons[i];
		}
	if (st || (st = match_assign(k->a, here.v, here.n, there.v, there.n, likely_from, &found,
	    &n, e)) != OK)
		return st;
	for (size_t i = 0; i < n && st == OK; i++)
		st = say_likely(k, row.v[found[i].left], pos.v[found[i].right],
			&there.v[found[i].right], found[i].probability, e);
	return st;
}

enum status
likely_people(struct run *x, struct err *e)
{
	struct seeking k = {.x = x, .a = arena_create((size_t)4 << 30)};
	enum status st;

	k.seen = NEWS(k.a, uint8_t, SEEN_BITS / 8);
	read_new_rows(&k);
	st = k.pairs.n ? walk_people(&k, e) : OK;
	if (st == OK && k.found.n)
		st = judge(&k, e);
	if (st == OK && k.walked && x->fresh > k.rows.n)
		note_add(&x->notes, ROW_WARNING, 0, 0, "%zu new rows were not compared with people "
			"of other lists here; `habeas link` compares all", x->fresh - k.rows.n);
	arena_destroy(k.a);
	return st;
}
