/* Finding records by their id, persons by theirs, and people by name in any script. */
#include "register/view_int.h"
#include "reconcile/reconcile.h"

enum { ID_DIGITS = 16, QUERY_WORDS = 8, KEYS_A_WORD = 16 };

struct str
reg_record_id(struct arena *a, const uint8_t hash[SEAL_HASH])
{
	return hex_encode(a, (struct bytes){hash, ID_DIGITS / 2});
}

struct str
reg_person_id(struct arena *a, uint64_t cluster)
{
	return str_fmt(a, "P-%llu", (unsigned long long)cluster);
}

/* The half-open range of hashes that begin with these hex digits. */
static bool
hash_range(struct str id, uint8_t from[SEAL_HASH], uint8_t to[SEAL_HASH])
{
	char digits[2 * SEAL_HASH + 1];

	if (id.n < ID_DIGITS || id.n > 2 * SEAL_HASH)
		return false;
	memset(digits, '0', sizeof digits);
	memcpy(digits, id.p, id.n);
	if (!hex_decode((struct str){digits, 2 * SEAL_HASH}, from, SEAL_HASH))
		return false;
	memset(digits, 'f', sizeof digits);
	memcpy(digits, id.p, id.n);
	return hex_decode((struct str){digits, 2 * SEAL_HASH}, to, SEAL_HASH);
}

enum status
reg_find_record(struct reg *r, struct str id, uint64_t *ret_pos, struct err *e)
{
	uint8_t from[SEAL_HASH], to[SEAL_HASH];
	struct store_stmt *s;
	uint64_t pos;
	enum status st;

	if (!hash_range(id, from, to))
		return err_set(e, BAD, "\"" STR_FMT "\": not a record's id; it has 16 or more of "
			"0-9 and a-f, as `habeas list --csv` shows them", STR_ARG(id));
	s = store_sql(r->db, "SELECT base FROM rec WHERE hash >= ?1 AND hash <= ?2 LIMIT 2");
	store_bind_bytes(s, 1, BYTES(from));
	store_bind_bytes(s, 2, BYTES(to));
	if ((st = store_step(s, e)) != OK)
		return st == NO ? err_set(e, NO, STR_FMT ": no record has this id", STR_ARG(id)) : st;
	pos = (uint64_t)store_int(s, 0);
	st = store_step(s, e);
	if (st == OK)
		return err_set(e, BAD, STR_FMT ": several records begin so; write more digits",
			STR_ARG(id));
	if (st == NO)
		*ret_pos = pos;
	return st == NO ? OK : st;
}

static enum status
nobody(struct reg *r, struct str id, uint64_t pos, struct err *e)
{
	struct store_stmt *s = store_sql(r->db, "SELECT 1 FROM rec WHERE pos = ?1 AND state = 4");

	store_bind_int(s, 1, (int64_t)pos);
	return store_step(s, NULL) == OK
		? err_set(e, NO, STR_FMT ": what stood there was erased", STR_ARG(id))
		: err_set(e, NO, STR_FMT ": no such person", STR_ARG(id));
}

enum status
index_find(struct reg *r, struct str id, uint64_t *ret_pos, struct err *e)
{
	struct store_stmt *s;
	uint64_t number, pos;
	enum status st;

	if (!str_starts(id, "P-") && !str_starts(id, "p-"))
		return reg_find_record(r, id, ret_pos, e);
	if (!str_u64(str_from(id, 2), &number) || number > INT64_MAX)
		return err_set(e, BAD, "\"" STR_FMT "\": not a person's id; write P- and a "
			"number, as `habeas list` shows them", STR_ARG(id));
	s = store_sql(r->db, "SELECT 1 FROM person WHERE pos = ?1");
	store_bind_int(s, 1, (int64_t)number);
	pos = number;
	if ((st = store_step(s, e)) == NO)
		st = index_renamed(r, number, &pos, e);
	if (st)
		return st == NO ? nobody(r, id, number, e) : st;
	*ret_pos = pos;
	return OK;
}

enum status
reg_find_person(struct reg *r, struct str id, uint64_t *ret_cluster, struct err *e)
{
	struct store_stmt *s;
	uint64_t pos;
	enum status st = index_find(r, id, &pos, e);

	if (st)
		return st;
	s = store_sql(r->db, "SELECT cluster FROM person WHERE pos = ?1");
	store_bind_int(s, 1, (int64_t)pos);
	if ((st = store_step(s, e)) != OK)
		return st == NO ? err_set(e, NO, STR_FMT ": no such person", STR_ARG(id)) : st;
	*ret_cluster = (uint64_t)store_int(s, 0);
	return OK;
}

static int
by_pos(const void *x, const void *y)
{
	const struct found *l = x, *r = y;

	return (l->pos > r->pos) - (l->pos < r->pos);
}

static int
by_score(const void *x, const void *y)
{
	const struct found *l = x, *r = y;

	if (l->score != r->score)
		return l->score < r->score ? 1 : -1;
	return by_pos(x, y);
}

struct hits { VEC(struct found) v; };

/* Records that hold this word: by sound in any script (1), as letters somewhere (2),
 * as a word (3). */
static enum status
word_hits(struct arena *a, struct reg *r, struct str word, struct hits *h, struct err *e)
{
	uint64_t keys[KEYS_A_WORD];
	struct match_name m = match_name_of(a, word);
	size_t n = match_name_keys(&m, keys, KEYS_A_WORD);
	struct str fold = text_fold(a, word);
	enum status st = NO;

	for (size_t i = 0; i < n; i++) {
		struct store_stmt *s = store_sql(r->db, "SELECT pos FROM name_key WHERE key = ?1");
		store_bind_int(s, 1, (int64_t)keys[i]);
		while ((st = store_step(s, e)) == OK)
			VEC_PUSH(a, &h->v) = (struct found){(uint64_t)store_int(s, 0), 1};
		if (st != NO)
			return st;
	}
	struct store_stmt *s = store_sql(r->db,
		"SELECT pos, instr(' ' || replace(fold, char(10), ' '), ' ' || ?1 || ' ') > 0"
		" FROM person WHERE instr(fold, ?1) > 0");
	store_bind_text(s, 1, fold);
	while ((st = store_step(s, e)) == OK)
		VEC_PUSH(a, &h->v) = (struct found){(uint64_t)store_int(s, 0),
			store_int(s, 1) ? 3 : 2};
	return st == NO ? OK : st;
}

/* Sort, and one entry a record with its best score. */
static size_t
tidy(struct found *v, size_t n)
{
	size_t out = 0;

	if (n)
		qsort(v, n, sizeof *v, by_pos);
	for (size_t i = 0; i < n; i++) {
		if (out && v[out - 1].pos == v[i].pos) {
			if (v[i].score > v[out - 1].score)
				v[out - 1].score = v[i].score;
		} else {
			v[out++] = v[i];
		}
	}
	return out;
}

/* What both hold; scores added.  Both sorted by position. */
static size_t
both(struct found *x, size_t n, const struct found *y, size_t m)
{
	size_t out = 0;

	for (size_t i = 0, k = 0; i < n && k < m;) {
		if (x[i].pos < y[k].pos) {
			i++;
		} else if (x[i].pos > y[k].pos) {
			k++;
		} else {
			x[out].pos = x[i].pos;
			x[out++].score = x[i++].score + y[k++].score;
		}
	}
	return out;
}

/* How near the whole query is to the best name of the record. */
static enum status
rank(struct arena *a, struct reg *r, struct str words, struct found *v, size_t n, struct err *e)
{
	struct match_name query = match_name_of(a, words);

	for (size_t i = 0; i < n; i++) {
		struct arena *t = arena_create(8 << 20);
		struct str parts[2] = {STR_NONE, STR_NONE};
		struct name name;
		struct now w;
		enum status st = index_now(t, r, v[i].pos, &w, e);
		if (st) {
			arena_destroy(t);
			return st;
		}
		if (get_name(w.slot[field_slot("person", "given")], &name))
			parts[0] = name.text;
		if (get_name(w.slot[field_slot("person", "family")], &name))
			parts[1] = name.text;
		if (!parts[0].n && !parts[1].n
		    && get_name(w.slot[field_slot("person", "whole")], &name))
			parts[0] = name.text;
		struct match_name full = match_name_of(t, str_fmt(t, STR_FMT " " STR_FMT,
			STR_ARG(parts[0]), STR_ARG(parts[1])));
		v[i].score += match_name_similarity(&query, &full);
		arena_destroy(t);
	}
	return OK;
}

/* "P-17", and nothing else: the person who has, or had, this number. */
static enum status
search_number(struct arena *a, struct reg *r, struct str words, struct found **ret,
	size_t *ret_n, struct err *e)
{
	struct str s = str_trim(words);
	uint64_t n;
	enum status st;

	*ret_n = 0;
	if ((!str_starts(s, "P-") && !str_starts(s, "p-")) || !str_u64(str_from(s, 2), &n))
		return NO;
	*ret = NEWS(a, struct found, 1);
	st = reg_find_person(r, s, &(*ret)->pos, e);
	*ret_n = st == OK;
	return st == FAIL ? FAIL : OK;
}

enum status
view_search(struct arena *a, struct reg *r, struct str words, struct found **ret, size_t *ret_n,
	struct err *e)
{
	enum { RANKED_MOST = 2000 };
	struct found *v = NULL;
	size_t n = 0, n_words = 0;
	struct str rest = text_clean(a, words, NULL), all = rest;
	enum status st = search_number(a, r, rest, ret, ret_n, e);

	if (st != NO)
		return st;

	while (rest.p && n_words < QUERY_WORDS) {
		struct hits h = {0};
		struct str word = str_trim(str_cut(&rest, ' '));
		/* A dash says nothing; it would be found everywhere. */
		if (text_fold(a, word).n == 0)
			continue;
		if ((st = word_hits(a, r, word, &h, e)) != OK)
			return st;
		size_t m = tidy(h.v.v, h.v.n);
		if (n_words++ == 0) {
			v = h.v.v;
			n = m;
		} else {
			n = both(v, n, h.v.v, m);
		}
	}
	/* Thousands of hits for "Ali" need no fine order. */
	if (n <= RANKED_MOST && (st = rank(a, r, all, v, n, e)) != OK)
		return st;
	if (n)
		qsort(v, n, sizeof *v, by_score);
	*ret = v;
	*ret_n = n;
	return OK;
}
