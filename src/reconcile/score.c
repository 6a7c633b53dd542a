/*
 * All candidates weighed, those that could be one person kept.  A stranger is dropped
 * as soon as nothing that is still to be compared could save the pair.
 */
#include "reconcile/reconcile_int.h"

/* Pairs found wait here a moment, so that the place where each is looked up can be
 * fetched from memory meanwhile. */
enum { WAITING = 32 };

struct scorer {
	const struct data *d;
	const struct weights *w;
	int32_t least;
	struct scored *out;
	uint64_t *slots;              /* open hash table of pairs kept, + 1; 0: free */
	size_t size;
	struct edge waiting[WAITING];
	size_t n_waiting;
};

static uint64_t
pair_of(const struct edge *e)
{
	return ((uint64_t)e->left << 32 | e->right) + 1;
}

static size_t
start_of(const struct scorer *s, uint64_t pair)
{
	return mix64(pair, 21) & (s->size - 1);
}

static size_t
slot_of(const struct scorer *s, uint64_t pair)
{
	size_t at = start_of(s, pair);

	while (s->slots[at] && s->slots[at] != pair)
		at = (at + 1) & (s->size - 1);
	return at;
}

static void
grow(struct scorer *s)
{
	s->size = s->size ? s->size * 2 : 4096;
	mem_free(s->slots);
	s->slots = mem_table(s->size, sizeof *s->slots);
	for (size_t i = 0; i < s->out->n; i++)
		s->slots[slot_of(s, pair_of(&s->out->v[i]))] = pair_of(&s->out->v[i]);
}

static void
keep(struct scorer *s, const struct edge *e)
{
	struct scored *o = s->out;
	uint64_t pair = pair_of(e);
	size_t at;

	if (o->n * 3 >= s->size * 2)
		grow(s);
	at = slot_of(s, pair);
	if (s->slots[at])
		return;
	if (o->n == o->cap) {
		o->cap = o->cap ? o->cap + o->cap / 4 : 1024;
		o->v = mem_grow(o->v, o->cap, sizeof *o->v);
	}
	o->v[o->n++] = *e;
	s->slots[at] = pair;
	o->by_pass[e->pass]++;
}

static void
keep_waiting(struct scorer *s)
{
	for (size_t i = 0; i < s->n_waiting; i++)
		keep(s, &s->waiting[i]);
	s->n_waiting = 0;
}

static void
wait_for(struct scorer *s, struct edge e)
{
	if (s->size)
		__builtin_prefetch(&s->slots[start_of(s, pair_of(&e))]);
	s->waiting[s->n_waiting++] = e;
	if (s->n_waiting == WAITING)
		keep_waiting(s);
}

static void
weigh_block(void *ctx, const uint32_t *at, size_t n, size_t reach, unsigned pass)
{
	struct scorer *s = ctx;

	for (size_t i = 0; i < n; i++) {
		const struct rec *l = &s->d->recs[at[i]];
		for (size_t j = i + 1; j < n && j - i <= reach; j++) {
			const struct rec *r = &s->d->recs[at[j]];
			uint64_t pattern;
			int32_t w;
			s->out->compared++;
			if (l == r || !data_may_match(s->d, l, r))
				continue;
			w = weigh_pair(s->d, s->w, l, r, s->least, &pattern);
			if (w < s->least)
				continue;
			bool up = at[i] < at[j];
			wait_for(s, (struct edge){w, up ? at[i] : at[j], up ? at[j] : at[i], pass,
				pattern});
		}
	}
}

static int
by_place(const void *x, const void *y)
{
	const struct edge *a = x, *b = y;

	if (a->left != b->left)
		return a->left < b->left ? -1 : 1;
	return (a->right > b->right) - (a->right < b->right);
}

void
score_all(const struct data *d, const struct weights *w, const struct block_plan *plan,
	int32_t least, struct scored *ret)
{
	struct scorer s = {.d = d, .w = w, .least = least, .out = ret};
	struct block_visitor v = {&s, weigh_block};
	struct block_cost cost;

	*ret = (struct scored){0};
	block_all(d, plan, &v, &cost);
	keep_waiting(&s);
	mem_free(s.slots);
	if (ret->n)
		qsort(ret->v, ret->n, sizeof *ret->v, by_place);
}
