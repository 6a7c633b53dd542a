/*
 * What people's judgements amount to.  Each officer's newest word on a pair is heard;
 * by the rule of the register one word is enough, or two officers must agree.
 *
 * The rule that stands now is applied to all judgements, older ones too: a register
 * that asks for two reviewers rests on no single person's word.
 */
#include "register/review_int.h"

enum { REVIEWERS_MOST = 2 };

enum status
index_reviewers(struct reg *r, unsigned *ret, struct err *e)
{
	struct store_stmt *s = store_sql(r->db, "SELECT max(pos) FROM cur WHERE kind = ?1");
	struct arena *a;
	struct now w;
	int64_t n = 1;
	enum status st;

	store_bind_int(s, 1, kind_number("rules"));
	if ((st = store_step(s, e)) != OK && st != NO)
		return st;
	*ret = 1;
	if (st == NO || store_is_null(s, 0))
		return OK;
	uint64_t pos = (uint64_t)store_int(s, 0);
	a = arena_create(1 << 20);
	if ((st = index_now(a, r, pos, &w, e)) == OK
	    && get_number(w.slot[field_slot("rules", "reviewers")], &n) && n >= REVIEWERS_MOST)
		*ret = REVIEWERS_MOST;
	arena_destroy(a);
	return st;
}

/* --- who -------------------------------------------------------------------------- */

struct stranger { uint8_t device[SEAL_PUBLIC]; };
struct people {
	struct arena *a;
	struct officer *v;
	size_t n;
	VEC(struct stranger) strangers;      /* keys of no officer we know */
};

static uint32_t
number_of(struct people *p, struct bytes device)
{
	struct stranger *new;

	if (device.n != SEAL_PUBLIC)
		return UINT32_MAX;
	for (size_t i = 0; i < p->n; i++) {
		if (memcmp(p->v[i].device, device.p, SEAL_PUBLIC) != 0)
			continue;
		for (size_t k = 0; k < i; k++)
			if (str_eq(p->v[k].name, p->v[i].name))
				return (uint32_t)k;
		return (uint32_t)i;
	}
	for (size_t i = 0; i < p->strangers.n; i++)
		if (memcmp(p->strangers.v[i].device, device.p, SEAL_PUBLIC) == 0)
			return (uint32_t)(p->n + i);
	new = &VEC_PUSH(p->a, &p->strangers);
	memcpy(new->device, device.p, SEAL_PUBLIC);
	return (uint32_t)(p->n + p->strangers.n - 1);
}

/* As the index has them: while an older record is projected, as they were then. */
static enum status
load_people(struct arena *a, struct reg *r, struct people *ret, struct err *e)
{
	struct record *v;
	struct bytes key;
	size_t n;
	enum status st = reg_of_kind(a, r, "officer", &v, &n, e);

	if (st)
		return st;
	*ret = (struct people){.a = a, .v = NEWS(a, struct officer, n), .n = n};
	for (size_t i = 0; i < n; i++) {
		struct officer *o = &ret->v[i];
		get_text(v[i].slot[field_slot("officer", "name")], &o->name);
		if (get_bytes(v[i].slot[field_slot("officer", "device")], &key) && key.n == SEAL_PUBLIC)
			memcpy(o->device, key.p, SEAL_PUBLIC);
		o->pos = v[i].pos;
	}
	return OK;
}

enum status
index_officer(struct arena *a, struct reg *r, uint32_t *ret, struct err *e)
{
	struct people p;
	enum status st = load_people(a, r, &p, e);

	if (st)
		return st;
	*ret = number_of(&p, BYTES(node_info(r->node)->device));
	if (*ret >= p.n)
		*ret = UINT32_MAX;
	return OK;
}

/* --- what holds ------------------------------------------------------------------- */

/* said: by position. */
static void
decide(struct judged *j, unsigned reviewers)
{
	size_t count[SAYS_UNSURE + 1] = {0};
	enum says most = SAYS_NOTHING;

	for (size_t i = 0; i < j->n; i++)
		count[j->said[i].says]++;
	if (reviewers == 1)
		most = j->n ? j->said[j->n - 1].says : SAYS_NOTHING;
	else if (count[SAYS_SAME] >= reviewers && count[SAYS_SAME] > count[SAYS_APART])
		most = SAYS_SAME;
	else if (count[SAYS_APART] >= reviewers && count[SAYS_APART] > count[SAYS_SAME])
		most = SAYS_APART;
	else if (count[SAYS_UNSURE] >= reviewers)
		most = SAYS_UNSURE;
	j->holds = most;
	for (size_t i = 0; i < j->n; i++)
		if (j->said[i].says == most)
			j->pos = j->said[i].pos;
}

static enum says
says_of(struct str verdict)
{
	return str_is(verdict, "same") ? SAYS_SAME : str_is(verdict, "not-same") ? SAYS_APART
		: SAYS_UNSURE;
}

/* Of one officer only the newest word stays; `said` keeps its order. */
static void
say_anew(struct arena *a, struct statement **v, size_t *n, size_t *cap, struct statement s)
{
	for (size_t i = 0; i < *n; i++)
		if ((*v)[i].officer == s.officer) {
			memmove(*v + i, *v + i + 1, (*n - i - 1) * sizeof **v);
			(*v)[*n - 1] = s;
			return;
		}
	if (*n == *cap)
		*v = arena_vec_grow(a, *v, cap, sizeof **v);
	(*v)[(*n)++] = s;
}

/* One judgement, as it was written. */
struct word { uint64_t left, right; struct statement said; };
struct hearing {
	struct arena *a;
	struct people people;
	VEC(struct word) words;
};

static int
by_pair(const void *x, const void *y)
{
	const struct word *l = x, *r = y;

	if (l->left != r->left)
		return l->left < r->left ? -1 : 1;
	if (l->right != r->right)
		return l->right < r->right ? -1 : 1;
	return (l->said.pos > r->said.pos) - (l->said.pos < r->said.pos);
}

static enum status
hear(struct hearing *h, struct store_stmt *s, struct err *e)
{
	enum status st;

	while ((st = store_step(s, e)) == OK)
		VEC_PUSH(h->a, &h->words) = (struct word){(uint64_t)store_int(s, 0),
			(uint64_t)store_int(s, 1), {(uint64_t)store_int(s, 3),
			number_of(&h->people, store_bytes(s, 4)), says_of(store_text(s, 2))}};
	return st == NO ? OK : st;
}

#define WORDS "SELECT min(left, right), max(left, right), verdict, pos, author FROM judgement" \
	" WHERE left <> right AND verdict <> ''"

static enum status
hear_all(struct hearing *h, struct reg *r, const uint64_t *pos, size_t n, struct err *e)
{
	enum status st = OK;

	if (!pos)
		return hear(h, store_sql(r->db, WORDS), e);
	for (size_t i = 0; i < n && st == OK; i++) {
		struct store_stmt *s = store_sql(r->db, WORDS " AND (left = ?1 OR right = ?1)");
		store_bind_int(s, 1, (int64_t)pos[i]);
		st = hear(h, s, e);
	}
	return st;
}

enum status
index_judged(struct arena *a, struct reg *r, const uint64_t *pos, size_t n, struct judged **ret,
	size_t *ret_n, struct err *e)
{
	VEC(struct judged) out = {0};
	VEC(struct statement) said = {0};
	struct hearing h = {.a = a};
	unsigned reviewers;
	enum status st = load_people(a, r, &h.people, e);

	if (st || (st = index_reviewers(r, &reviewers, e)) != OK
	    || (st = hear_all(&h, r, pos, n, e)) != OK)
		return st;
	if (h.words.n)
		qsort(h.words.v, h.words.n, sizeof *h.words.v, by_pair);
	for (size_t i = 0; i < h.words.n; i++) {
		const struct word *w = &h.words.v[i];
		struct judged *last = out.n ? &out.v[out.n - 1] : NULL;
		if (i && w->said.pos == w[-1].said.pos)
			continue;            /* heard from either end */
		if (!last || last->left != w->left || last->right != w->right) {
			last = &VEC_PUSH(a, &out);
			*last = (struct judged){.left = w->left, .right = w->right};
			memset(&said, 0, sizeof said);
		}
		say_anew(a, &said.v, &said.n, &said.cap, w->said);
		last->said = said.v;
		last->n = said.n;
	}
	for (size_t i = 0; i < out.n; i++)
		decide(&out.v[i], reviewers);
	*ret = out.v;
	*ret_n = out.n;
	return OK;
}

const struct judged *
judged_find(const struct judged *v, size_t n, uint64_t left, uint64_t right)
{
	uint64_t lo = left < right ? left : right, hi = left < right ? right : left;
	size_t from = 0, to = n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (v[mid].left == lo && v[mid].right == hi)
			return &v[mid];
		if (v[mid].left < lo || (v[mid].left == lo && v[mid].right < hi))
			from = mid + 1;
		else
			to = mid;
	}
	return NULL;
}
