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

static enum status
load_people(struct arena *a, struct reg *r, struct people *ret, struct err *e)
{
	*ret = (struct people){.a = a};
	return node_officers(a, r->node, &ret->v, &ret->n, e);
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

enum status
index_judged(struct arena *a, struct reg *r, struct judged **ret, size_t *ret_n, struct err *e)
{
	VEC(struct judged) out = {0};
	VEC(struct statement) said = {0};
	struct people people;
	unsigned reviewers;
	struct store_stmt *s;
	enum status st = load_people(a, r, &people, e);

	if (st || (st = index_reviewers(r, &reviewers, e)) != OK)
		return st;
	s = store_sql(r->db, "SELECT min(left, right), max(left, right), verdict, pos, author"
		" FROM judgement WHERE left IS NOT NULL AND right IS NOT NULL AND left <> right"
		" AND verdict <> '' ORDER BY 1, 2, pos");
	while ((st = store_step(s, e)) == OK) {
		struct judged *last = out.n ? &out.v[out.n - 1] : NULL;
		uint64_t left = (uint64_t)store_int(s, 0), right = (uint64_t)store_int(s, 1);
		if (!last || last->left != left || last->right != right) {
			last = &VEC_PUSH(a, &out);
			*last = (struct judged){.left = left, .right = right};
			memset(&said, 0, sizeof said);
		}
		say_anew(a, &said.v, &said.n, &said.cap, (struct statement){
			(uint64_t)store_int(s, 3), number_of(&people, store_bytes(s, 4)),
			says_of(store_text(s, 2))});
		last->said = said.v;
		last->n = said.n;
	}
	if (st != NO)
		return st;
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
