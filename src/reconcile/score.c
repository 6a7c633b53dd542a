/*
 * All candidates weighed, those that could be one person kept.  A stranger is dropped
 * as soon as nothing that is still to be compared could save the pair.
 *
 * Threads take passes as they come.  Each keeps what it finds, once; what several found
 * comes together at the end, under the first pass that has it, so that the result is the
 * same for any number of threads.
 */
#include <pthread.h>
#include <stdatomic.h>
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

/* ---- Threads -------------------------------------------------------------------------- */

enum { THREADS_MOST = 16 };

struct worker {
	struct scorer s;
	struct scored found;
	const struct block_plan *plan;
	atomic_uint *next;            /* pass that nobody has taken yet */
	bool main;                    /* shows progress */
	pthread_t thread;
};

static void *
work(void *arg)
{
	struct worker *k = arg;
	struct block_visitor v = {&k->s, weigh_block};
	struct block_plan p = *k->plan;
	struct block_cost cost;
	unsigned n = p.everything ? 1 : block_n_passes();

	p.progress = NULL;
	for (unsigned i; (i = atomic_fetch_add(k->next, 1)) < n;) {
		if (!p.everything && !(k->plan->passes >> i & 1))
			continue;
		if (k->main && k->plan->progress)
			k->plan->progress("comparing", i, n);
		p.passes = (uint32_t)1 << i;
		block_all(k->s.d, &p, &v, &cost);
	}
	keep_waiting(&k->s);
	mem_free(k->s.slots);
	return NULL;
}

/* Those that no thread can be had for are done by the ones there are. */
static void
work_all(struct worker *k, unsigned n)
{
	unsigned started = 1;

	for (unsigned i = 1; i < n; i++, started++)
		if (pthread_create(&k[i].thread, NULL, work, &k[i]) != 0)
			break;
	work(&k[0]);
	for (unsigned i = 1; i < started; i++)
		pthread_join(k[i].thread, NULL);
}

/* By left, right, pass: by the last first, since sorting is stable. */
static void
sort_edges(struct scored *s)
{
	struct entry *order = mem_alloc(s->n, sizeof *order);
	struct edge *v = mem_alloc(s->n, sizeof *v);

	for (unsigned round = 0; round < 2; round++) {
		for (size_t i = 0; i < s->n; i++) {
			uint32_t at = round ? order[i].at : (uint32_t)i;
			const struct edge *e = &s->v[at];
			order[i] = (struct entry){round ? (uint64_t)e->left << 32 | e->right : e->pass,
				at};
		}
		sort_entries(order, s->n);
	}
	for (size_t i = 0; i < s->n; i++)
		v[i] = s->v[order[i].at];
	mem_free(order);
	mem_free(s->v);
	s->v = v;
	s->cap = s->n;
}

/* Everything that was found into ret, each pair once. */
static void
gather(struct worker *k, unsigned n, struct scored *ret)
{
	size_t all = 0, kept = 0;

	*ret = k[0].found;
	for (unsigned i = 0; i < n; i++)
		all += k[i].found.n;
	if (n > 1) {
		ret->v = mem_grow(ret->v, all, sizeof *ret->v);
		for (unsigned i = 1; i < n; i++) {
			if (k[i].found.n)
				memcpy(ret->v + ret->n, k[i].found.v, k[i].found.n * sizeof *ret->v);
			ret->n += k[i].found.n;
			ret->compared += k[i].found.compared;
			mem_free(k[i].found.v);
		}
	}
	sort_edges(ret);
	for (size_t i = 0; i < ret->n; i++) {
		if (kept && ret->v[kept - 1].left == ret->v[i].left
		    && ret->v[kept - 1].right == ret->v[i].right)
			continue;
		ret->v[kept++] = ret->v[i];
		ret->by_pass[ret->v[i].pass]++;
	}
	ret->n = kept;
}

void
score_all(const struct data *d, const struct weights *w, const struct block_plan *plan,
	int32_t least, struct scored *ret)
{
	unsigned n = plan->threads < 1 || plan->everything ? 1
		: plan->threads > THREADS_MOST ? (unsigned)THREADS_MOST : plan->threads;
	struct worker *k = mem_alloc(n, sizeof *k);
	atomic_uint next = 0;

	for (unsigned i = 0; i < n; i++) {
		k[i].s = (struct scorer){.d = d, .w = w, .least = least, .out = &k[i].found};
		k[i].plan = plan;
		k[i].next = &next;
		k[i].main = i == 0;
	}
	work_all(k, n);
	gather(k, n, ret);
	mem_free(k);
}
