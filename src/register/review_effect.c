/*
 * Which pair to look at first: the one whose answer is expected to change the number
 * of persons most.
 *
 * A pair between two persons: if it is the same, there is one person less; so it is
 * expected to change the count by the probability that the two are one.  Between two
 * records that is p; between persons of several it is what all pairs of a record of
 * one with a record of the other say on average, in bits (average linkage, as the
 * matcher's own), where the run kept no weight: the most a pair can have that it did
 * not keep.  Of several pairs between the same two persons the likeliest stands for
 * all.
 *
 * A pair inside a person: if it is not the same, and nothing else holds the two
 * together, there is one person more.  Something else holds them with probability q,
 * that of the best other way along the run's pairs (product of their p; a person's
 * "same" counts as 1).  So it is expected to change the count by (1 - p)(1 - q): a
 * bridge much, a pair among others that hold little.  The pairs above 99 % that the
 * run did not keep are no loss: instead of one of them one can go along the tree of the
 * strongest, which is nowhere weaker and so uses no doubtful pair.
 */
#include "register/review_int.h"
#include <math.h>

/* How far a search for another way goes in a very large person; beyond it the effect
 * is taken too high, so that the pair is seen rather than missed. */
enum { WAY_RECORDS = 256, WAY_EDGES = 4096 };

struct hop { uint32_t to; float p; uint32_t edge; };
struct graph {
	const struct review *v;
	uint32_t *first;             /* of each record's hops; n + 1 of them */
	struct hop *hops;
	double *best;                /* by record; 0: not reached */
};

/* Between two persons: the weights kept, and how many. */
struct between { struct two persons; double weight; size_t n; };

struct effects {
	struct graph g;
	struct between *between;     /* by persons */
	size_t n_between;
	uint64_t *persons;           /* of each record its person, sorted: for their sizes */
	struct two *apart;           /* what is judged to be two persons, sorted */
	size_t n_apart;
};

/* --- other ways ------------------------------------------------------------------- */

static double
chance(const struct review *v, const struct edge *x)
{
	const struct judged *j = judged_find(v->judged, v->n_judged, v->pos[x->left],
		v->pos[x->right]);

	return j && j->holds == SAYS_SAME ? 1 : j && j->holds == SAYS_APART ? 0
		: (double)x->probability;
}

struct bond { uint32_t left, right, edge; float p; };

static void
add_bond(struct arena *a, const struct review *v, struct bond **list, size_t *n, size_t *cap,
	struct bond b)
{
	if (v->now[b.left] != v->now[b.right] || b.p <= 0)
		return;
	if (*n == *cap)
		*list = arena_vec_grow(a, *list, cap, sizeof **list);
	(*list)[(*n)++] = b;
}

/* The pairs inside persons as they are now, with what people said beside them. */
static void
graph_make(struct review *v, struct graph *g)
{
	VEC(struct bond) bonds = {0};
	uint32_t *next;

	for (size_t i = 0; i < v->n_edges; i++) {
		const struct edge *x = &v->edges[i];
		add_bond(v->a, v, &bonds.v, &bonds.n, &bonds.cap, (struct bond){x->left, x->right,
			(uint32_t)i, (float)chance(v, x)});
	}
	for (size_t i = 0; i < v->n_judged; i++) {
		const struct judged *j = &v->judged[i];
		struct bond b = {.edge = UINT32_MAX, .p = 1};
		if (j->holds == SAYS_SAME && review_index(v, j->left, &b.left)
		    && review_index(v, j->right, &b.right)
		    && !review_edge(v, b.left, b.right))
			add_bond(v->a, v, &bonds.v, &bonds.n, &bonds.cap, b);
	}
	*g = (struct graph){.v = v, .first = NEWS(v->a, uint32_t, v->n + 2),
		.hops = NEWS(v->a, struct hop, 2 * bonds.n + 1), .best = NEWS(v->a, double, v->n + 1)};
	for (size_t i = 0; i < bonds.n; i++) {
		g->first[bonds.v[i].left + 1]++;
		g->first[bonds.v[i].right + 1]++;
	}
	for (size_t i = 0; i < v->n; i++)
		g->first[i + 1] += g->first[i];
	next = v->n ? arena_copy(v->a, g->first, v->n * sizeof *next) : NULL;
	for (size_t i = 0; i < bonds.n; i++) {
		const struct bond *b = &bonds.v[i];
		g->hops[next[b->left]++] = (struct hop){b->right, b->p, b->edge};
		g->hops[next[b->right]++] = (struct hop){b->left, b->p, b->edge};
	}
}

/* The best way from one end of an edge to the other without it: Dijkstra on products. */
static double
other_way(struct graph *g, const struct edge *x, uint32_t edge)
{
	uint32_t seen[WAY_RECORDS], n = 1;
	bool done[WAY_RECORDS] = {false};
	size_t looked = 0;
	double way = 0;

	seen[0] = x->left;
	g->best[x->left] = 1;
	for (;;) {
		uint32_t at = UINT32_MAX;
		for (uint32_t i = 0; i < n; i++)
			if (!done[i] && (at == UINT32_MAX || g->best[seen[i]] > g->best[seen[at]]))
				at = i;
		if (at == UINT32_MAX)
			break;
		uint32_t k = seen[at];
		done[at] = true;
		if (k == x->right) {
			way = g->best[k];
			break;
		}
		for (uint32_t i = g->first[k]; i < g->first[k + 1] && looked < WAY_EDGES; i++) {
			const struct hop *h = &g->hops[i];
			double p = g->best[k] * (double)h->p;
			looked++;
			if (h->edge == edge || p <= g->best[h->to])
				continue;
			if (g->best[h->to] <= 0) {
				if (n == WAY_RECORDS)
					continue;
				seen[n++] = h->to;
			}
			g->best[h->to] = p;
		}
	}
	for (uint32_t i = 0; i < n; i++)
		g->best[seen[i]] = 0;
	return way;
}

/* --- between two persons ------------------------------------------------------------ */

int
by_two(const void *x, const void *y)
{
	const struct two *l = x, *r = y;

	if (l->left != r->left)
		return l->left < r->left ? -1 : 1;
	return (l->right > r->right) - (l->right < r->right);
}

struct two
two_of(uint64_t x, uint64_t y)
{
	return x < y ? (struct two){x, y} : (struct two){y, x};
}

static struct two *
kept_apart(const struct review *v, size_t *ret_n)
{
	struct two *t = NEWS(v->a, struct two, v->n_judged + 1);
	size_t n = 0;

	for (size_t i = 0; i < v->n_judged; i++) {
		uint32_t l, r;
		if (v->judged[i].holds == SAYS_APART && review_index(v, v->judged[i].left, &l)
		    && review_index(v, v->judged[i].right, &r))
			t[n++] = two_of(v->now[l], v->now[r]);
	}
	if (n)
		qsort(t, n, sizeof *t, by_two);
	*ret_n = n;
	return t;
}

static int
by_between(const void *x, const void *y)
{
	return by_two(&((const struct between *)x)->persons, &((const struct between *)y)->persons);
}

static int
ascending(const void *x, const void *y)
{
	const uint64_t l = *(const uint64_t *)x, r = *(const uint64_t *)y;

	return (l > r) - (l < r);
}

/* How many records the persons below this number have in all. */
static size_t
below(const struct effects *f, uint64_t person)
{
	size_t from = 0, to = f->g.v->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (f->persons[mid] < person)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

static double
size_of(const struct effects *f, uint64_t person)
{
	return (double)(below(f, person + 1) - below(f, person));
}

static void
sum_between(struct effects *f)
{
	const struct review *v = f->g.v;
	struct between *b = NEWS(v->a, struct between, v->n_edges + 1);
	size_t n = 0, m = 0;

	f->persons = arena_copy(v->a, v->now, v->n * sizeof *v->now);
	qsort(f->persons, v->n, sizeof *f->persons, ascending);
	for (size_t i = 0; i < v->n_edges; i++) {
		const struct edge *x = &v->edges[i];
		if (v->now[x->left] != v->now[x->right])
			b[n++] = (struct between){two_of(v->now[x->left], v->now[x->right]),
				(double)x->weight, 1};
	}
	if (n)
		qsort(b, n, sizeof *b, by_between);
	for (size_t i = 0; i < n; i++) {
		if (m && by_between(&b[m - 1], &b[i]) == 0) {
			b[m - 1].weight += b[i].weight;
			b[m - 1].n++;
		} else {
			b[m++] = b[i];
		}
	}
	f->between = b;
	f->n_between = m;
}

static double
likely_one(const struct effects *f, struct two persons, double otherwise)
{
	const struct between key = {.persons = persons};
	const struct between *b = f->n_between ? bsearch(&key, f->between, f->n_between, sizeof key,
		by_between) : NULL;
	double kept_most = log2(run_keeps / (1 - run_keeps)), all;

	all = size_of(f, persons.left) * size_of(f, persons.right);
	if (!b || all <= 1)
		return otherwise;
	return 1 / (1 + exp2(-(b->weight + (all - (double)b->n) * kept_most) / all));
}

double
effect_of(struct effects *f, const struct edge *x, uint32_t at)
{
	const struct review *v = f->g.v;
	uint64_t left = v->now[x->left], right = v->now[x->right];
	struct two persons = two_of(left, right);

	if (left == right)
		return (1 - (double)x->probability)
			* (1 - other_way(&f->g, x, at));
	if (v->list[x->left] != UINT64_MAX && v->list[x->left] == v->list[x->right])
		return 0;
	if (f->n_apart && bsearch(&persons, f->apart, f->n_apart, sizeof persons, by_two))
		return 0;
	return likely_one(f, persons, (double)x->probability);
}

struct effects *
effects_make(struct review *v)
{
	struct effects *f = NEW(v->a, struct effects);

	graph_make(v, &f->g);
	f->apart = kept_apart(v, &f->n_apart);
	sum_between(f);
	return f;
}
