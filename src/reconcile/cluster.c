/*
 * Average linkage, scoring pairs on demand.
 *
 * The heaviest edge is taken; the two clusters it joins are joined if what all their
 * cross pairs say together reaches the threshold, and set back in a queue with that
 * weight if something heavier waits.  Only pairs that passed as edges are starting
 * points, but every cross pair counts: a chain of namesakes breaks.
 */
#include "reconcile/reconcile_int.h"

struct cluster {
	uint32_t size, next;          /* next: circular list of members */
	uint64_t unique_lists;        /* lists free of duplicates in it, by number modulo 64 */
	uint32_t *speakers;           /* NULL: itself alone */
};

struct item {
	int32_t weight;
	uint32_t left, right;
	uint32_t sizes;               /* of the two clusters when weighed; 0: a bare edge */
};

struct linker {
	const struct data *d;
	const struct weights *w;
	struct arena *a;
	uint32_t *parent;
	struct cluster *c;
	uint32_t *foe_from, *foes;    /* per record: those it may not join */
	const struct edge *edges;
	struct entry *order;          /* of the edges, heaviest first */
	size_t n_order, next;
	struct item *heap;            /* set back */
	size_t n_heap, cap_heap;
};

static uint32_t
find(struct linker *k, uint32_t i)
{
	while (k->parent[i] != i)
		i = k->parent[i] = k->parent[k->parent[i]];
	return i;
}

/* ---- The queue ------------------------------------------------------------------ */

/* Heavier first; then by canonical position, which depends on content only. */
static bool
before(const struct item *x, const struct item *y)
{
	if (x->weight != y->weight)
		return x->weight > y->weight;
	if (x->left != y->left)
		return x->left < y->left;
	return x->right < y->right;
}

static void
heap_put(struct linker *k, struct item x)
{
	size_t i;

	if (k->n_heap == k->cap_heap) {
		k->cap_heap = k->cap_heap ? k->cap_heap * 2 : 1024;
		k->heap = mem_grow(k->heap, k->cap_heap, sizeof *k->heap);
	}
	for (i = k->n_heap++; i > 0 && before(&x, &k->heap[(i - 1) / 2]); i = (i - 1) / 2)
		k->heap[i] = k->heap[(i - 1) / 2];
	k->heap[i] = x;
}

static struct item
heap_take(struct linker *k)
{
	struct item top = k->heap[0], x = k->heap[--k->n_heap];
	size_t i = 0;

	for (;;) {
		size_t c = 2 * i + 1;
		if (c >= k->n_heap)
			break;
		if (c + 1 < k->n_heap && before(&k->heap[c + 1], &k->heap[c]))
			c++;
		if (!before(&k->heap[c], &x))
			break;
		k->heap[i] = k->heap[c];
		i = c;
	}
	k->heap[i] = x;
	return top;
}

/* The edges in their order, without a copy of them.  They lie by left, then right, and
 * sorting is stable. */
static void
order_edges(struct linker *k, const struct edge *edges, size_t n, int32_t threshold)
{
	k->edges = edges;
	k->order = mem_alloc(n, sizeof *k->order);
	for (size_t i = 0; i < n; i++)
		if (edges[i].weight >= threshold)
			k->order[k->n_order++] = (struct entry){
				(uint64_t)((int64_t)INT32_MAX - edges[i].weight), (uint32_t)i};
	sort_entries(k->order, k->n_order);
}

static struct item
next_edge(const struct linker *k)
{
	const struct edge *e = &k->edges[k->order[k->next].at];

	return (struct item){e->weight, e->left, e->right, 0};
}

/* The heaviest of what waits; false: nothing does. */
static bool
take(struct linker *k, struct item *ret)
{
	bool fresh = k->next < k->n_order;

	if (!fresh && k->n_heap == 0)
		return false;
	if (fresh)
		*ret = next_edge(k);
	if (!fresh || (k->n_heap && before(&k->heap[0], ret)))
		*ret = heap_take(k);
	else
		k->next++;
	return true;
}

/* Whether something heavier waits. */
static bool
waits(const struct linker *k, const struct item *x)
{
	struct item e;

	if (k->n_heap && before(&k->heap[0], x))
		return true;
	if (k->next == k->n_order)
		return false;
	e = next_edge(k);
	return before(&e, x);
}

/* ---- What stands against joining --------------------------------------------------- */

static bool
lists_clash(const struct linker *k, uint32_t a, uint32_t b)
{
	if (!(k->c[a].unique_lists & k->c[b].unique_lists))
		return false;
	if (k->d->n_lists <= 64)
		return true;
	/* Numbers modulo 64 met: look at the members. */
	for (uint32_t i = a, first = 1; first || i != a; i = k->c[i].next, first = 0)
		for (uint32_t j = b, once = 1; once || j != b; j = k->c[j].next, once = 0)
			if (!data_may_match(k->d, &k->d->recs[i], &k->d->recs[j]))
				return true;
	return false;
}

static bool
foes_meet(struct linker *k, uint32_t a, uint32_t b)
{
	if (!k->foe_from)
		return false;
	if (k->c[a].size > k->c[b].size) {
		uint32_t t = a;
		a = b;
		b = t;
	}
	for (uint32_t i = a, first = 1; first || i != a; i = k->c[i].next, first = 0)
		for (uint32_t f = k->foe_from[i]; f < k->foe_from[i + 1]; f++)
			if (find(k, k->foes[f]) == b)
				return true;
	return false;
}

static const uint32_t *
speakers(const struct linker *k, const uint32_t *self, unsigned *ret_n)
{
	const struct cluster *c = &k->c[*self];

	*ret_n = c->size < SPEAKERS ? c->size : SPEAKERS;
	return c->speakers ? c->speakers : self;
}

/* The prior odds are those of one question, whether two clusters are one person, not
 * of each of their pairs.  What the pairs say is not independent: k pairs count as
 * k / (1 + (k - 1) rho) of them (Kish's design effect), with the mean evidence each.
 * rho: by judgement, near 1, since a cluster's records are copies of one another;
 * 1 would be plain average linkage of weights. */
static const double rho = 0.9;

/* Weights far beyond doubt are cut before the mean: one overwhelming pair must not
 * carry others that speak against. */
enum { WEIGHT_MOST = 20 * WEIGHT_UNIT };
int32_t
cluster_weigh(const struct data *d, const struct weights *w, const uint32_t *x, unsigned nx,
	const uint32_t *y, unsigned ny)
{
	int64_t sum = 0, n = (int64_t)nx * ny;
	double evidence;

	for (unsigned i = 0; i < nx; i++)
		for (unsigned j = 0; j < ny; j++) {
			uint64_t pattern;
			int32_t one = weigh_pair(d, w, &d->recs[x[i]], &d->recs[y[j]], INT32_MIN,
				&pattern);
			sum += one > WEIGHT_MOST ? WEIGHT_MOST : one < -WEIGHT_MOST ? -WEIGHT_MOST : one;
		}
	evidence = (double)(sum / n - w->prior);
	return (int32_t)(evidence * (double)n / (1 + (double)(n - 1) * rho)) + w->prior;
}

static int32_t
joint_weight(const struct linker *k, uint32_t a, uint32_t b)
{
	unsigned na, nb;
	const uint32_t *x = speakers(k, &a, &na), *y = speakers(k, &b, &nb);

	return cluster_weigh(k->d, k->w, x, na, y, nb);
}

/* ---- Joining -------------------------------------------------------------------------- */

/* The smallest members speak for a cluster. */
static void
merge_speakers(struct linker *k, uint32_t a, uint32_t b)
{
	unsigned na, nb, i = 0, j = 0, n = 0;
	uint32_t both[SPEAKERS];
	const uint32_t *x = speakers(k, &a, &na), *y = speakers(k, &b, &nb);

	while (n < SPEAKERS && (i < na || j < nb))
		both[n++] = j == nb || (i < na && x[i] < y[j]) ? x[i++] : y[j++];
	if (!k->c[a].speakers)
		k->c[a].speakers = NEWS(k->a, uint32_t, SPEAKERS);
	memcpy(k->c[a].speakers, both, n * sizeof *both);
}

static void
merge(struct linker *k, uint32_t a, uint32_t b)
{
	uint32_t t;

	if (k->c[a].size < k->c[b].size) {
		t = a;
		a = b;
		b = t;
	}
	merge_speakers(k, a, b);
	t = k->c[a].next;
	k->c[a].next = k->c[b].next;
	k->c[b].next = t;
	k->c[a].size += k->c[b].size;
	k->c[a].unique_lists |= k->c[b].unique_lists;
	k->parent[b] = a;
}

static void
start(struct linker *k)
{
	for (uint32_t i = 0; i < k->d->n; i++) {
		uint32_t list = k->d->recs[i].list;
		k->parent[i] = i;
		k->c[i] = (struct cluster){.size = 1, .next = i};
		if (k->d->list_unique && k->d->list_unique[list])
			k->c[i].unique_lists = (uint64_t)1 << (list & 63);
	}
}

static void
list_foes(struct linker *k, const struct judged *j)
{
	size_t n = k->d->n;

	if (j->n_not_same == 0)
		return;
	k->foe_from = mem_alloc(n + 2, sizeof *k->foe_from);
	k->foes = mem_alloc(2 * j->n_not_same, sizeof *k->foes);
	/* Counting sort, shifted by one so that filling leaves the starts in place. */
	for (size_t i = 0; i < j->n_not_same; i++) {
		k->foe_from[j->not_same[i].left + 2]++;
		k->foe_from[j->not_same[i].right + 2]++;
	}
	for (size_t i = 2; i < n + 2; i++)
		k->foe_from[i] += k->foe_from[i - 1];
	for (size_t i = 0; i < j->n_not_same; i++) {
		struct match_pair p = j->not_same[i];
		k->foes[k->foe_from[p.left + 1]++] = p.right;
		k->foes[k->foe_from[p.right + 1]++] = p.left;
	}
}

/* Judgements first; they bind even two records of a list that is free of duplicates. */
static enum status
apply_judgements(struct linker *k, const struct judged *j, struct match_pair *ret_pair)
{
	for (size_t i = 0; i < j->n_same; i++) {
		uint32_t a = find(k, j->same[i].left), b = find(k, j->same[i].right);
		if (a != b)
			merge(k, a, b);
	}
	for (size_t i = 0; i < j->n_not_same; i++)
		if (find(k, j->not_same[i].left) == find(k, j->not_same[i].right)) {
			*ret_pair = j->not_same[i];
			return NO;
		}
	return OK;
}

static void
link_up(struct linker *k, int32_t threshold)
{
	for (struct item x; take(k, &x);) {
		uint32_t a = find(k, x.left), b = find(k, x.right), sizes;
		int32_t joint;

		if (a == b)
			continue;
		sizes = k->c[a].size + k->c[b].size;
		if (x.sizes != sizes) {
			if (lists_clash(k, a, b) || foes_meet(k, a, b))
				continue;
			joint = sizes == 2 ? x.weight : joint_weight(k, a, b);
			if (joint < threshold)
				continue;
			x.weight = joint;
			x.sizes = sizes;
			if (waits(k, &x)) {
				heap_put(k, x);
				continue;
			}
		}
		merge(k, a, b);
	}
}

enum status
cluster_all(const struct data *d, const struct weights *w, const struct edge *edges,
	size_t n_edges, int32_t threshold, const struct judged *j, uint32_t *root,
	struct match_pair *ret_pair)
{
	struct linker k = {.d = d, .w = w, .a = arena_create(SIZE_MAX / 4)};
	enum status s;

	k.parent = mem_alloc(d->n, sizeof *k.parent);
	k.c = mem_alloc(d->n, sizeof *k.c);
	start(&k);
	list_foes(&k, j);
	s = apply_judgements(&k, j, ret_pair);
	if (s == OK) {
		order_edges(&k, edges, n_edges, threshold);
		link_up(&k, threshold);
	}
	for (uint32_t i = 0; s == OK && i < d->n; i++)
		root[i] = find(&k, i);
	mem_free(k.parent);
	mem_free(k.c);
	mem_free(k.foe_from);
	mem_free(k.foes);
	mem_free(k.heap);
	mem_free(k.order);
	arena_destroy(k.a);
	return s;
}
