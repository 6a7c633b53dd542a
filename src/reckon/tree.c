/*
 * Sums over all cells of a log-linear model with many lists, without visiting them:
 * propagation in a junction tree (Lauritzen & Spiegelhalter 1988, JRSS B 50:157).  One
 * node per list: the list and those it hangs together with when all before it are gone;
 * its parent is the node of the next of these.
 */
#include "reckon/loglinear_int.h"

struct node {
	unsigned list;
	uint64_t rest;                /* the others of its clique: shared with the parent */
	unsigned parent;              /* a later node; n_nodes: none */
	size_t at, size;              /* its table: 2^(1 + others), the own list as bit 0 */
	size_t up;                    /* its message: size / 2 */
};

struct place {                        /* where a term's factor and sum are */
	unsigned node;
	uint32_t mask;                /* the term's lists in the table's index */
};

struct tree {
	unsigned n_nodes, n_terms;
	struct node node[CROSS_LISTS];
	unsigned node_of[CROSS_LISTS];
	struct place place[2 * RECKON_PARAMETERS];
	double *weight, *table;       /* all nodes' one after another */
	double *up, *sum;             /* sum: one message */
	uint32_t *index;              /* a parent's table, entry by entry: the child's message */
	size_t index_at[CROSS_LISTS]; /* by child */
};

/* ---- Building ------------------------------------------------------------------ */

/* The lists' positions in the node's table: own list first, the rest ascending. */
static uint32_t
mask_in(const struct node *n, uint64_t lists)
{
	uint32_t out = lists >> n->list & 1, bit = 2;

	for (uint64_t r = n->rest; r; r &= r - 1, bit <<= 1)
		out |= lists & r & -r ? bit : 0;
	return out;
}

/* Eliminate the list with the fewest neighbours left, first by number, joining these. */
static bool
eliminate(struct tree *t, unsigned n_lists, uint64_t *next)
{
	uint64_t left = n_lists == 64 ? ~(uint64_t)0 : ((uint64_t)1 << n_lists) - 1;

	while (left) {
		struct node *n = &t->node[t->n_nodes];
		unsigned best = 64;
		for (uint64_t l = left; l; l &= l - 1) {
			unsigned v = (unsigned)__builtin_ctzll(l);
			if (best == 64 || __builtin_popcountll(next[v] & left)
				< __builtin_popcountll(next[best] & left))
				best = v;
		}
		left &= ~((uint64_t)1 << best);
		n->list = best;
		n->rest = next[best] & left;
		if (__builtin_popcountll(n->rest) >= TREE_WIDTH)
			return false;
		for (uint64_t l = n->rest; l; l &= l - 1)
			next[__builtin_ctzll(l)] |= n->rest & ~(l & -l);
		t->node_of[best] = t->n_nodes++;
	}
	return true;
}

/* Parents, and room for tables and messages. */
static void
connect(struct tree *t)
{
	size_t tables = 0, ups = 0, indices = 0, most = 0;

	for (unsigned i = 0; i < t->n_nodes; i++) {
		struct node *n = &t->node[i];
		n->parent = t->n_nodes;
		for (uint64_t l = n->rest; l; l &= l - 1)
			if (t->node_of[__builtin_ctzll(l)] < n->parent)
				n->parent = t->node_of[__builtin_ctzll(l)];
		n->size = (size_t)2 << __builtin_popcountll(n->rest);
		n->at = tables;
		n->up = ups;
		tables += n->size;
		ups += n->size / 2;
		most = n->size / 2 > most ? n->size / 2 : most;
	}
	for (unsigned i = 0; i < t->n_nodes; i++) {
		t->index_at[i] = indices;
		if (t->node[i].parent < t->n_nodes)
			indices += t->node[t->node[i].parent].size;
	}
	t->weight = mem_alloc(2 * tables + ups + most, sizeof *t->weight);
	t->table = t->weight + tables;
	t->up = t->table + tables;
	t->sum = t->up + ups;
	t->index = mem_alloc(indices + 1, sizeof *t->index);
}

static void
fill_indices(struct tree *t)
{
	for (unsigned i = 0; i < t->n_nodes; i++) {
		const struct node *n = &t->node[i], *p = &t->node[n->parent];
		uint32_t bits[TREE_WIDTH];
		unsigned k = 0;
		if (n->parent == t->n_nodes)
			continue;
		for (uint64_t l = n->rest; l; l &= l - 1)
			bits[k++] = mask_in(p, l & -l);
		for (size_t c = 0; c < p->size; c++) {
			uint32_t to = 0;
			for (unsigned b = 0; b < k; b++)
				to |= c & bits[b] ? 1u << b : 0;
			t->index[t->index_at[i] + c] = to;
		}
	}
}

struct tree *
tree_create(unsigned n_lists, const uint64_t *term, unsigned n_terms)
{
	struct tree *t = mem_alloc(1, sizeof *t);
	uint64_t next[CROSS_LISTS] = {0};

	invariant(n_lists <= CROSS_LISTS && n_terms <= 2 * RECKON_PARAMETERS);
	for (unsigned i = 0; i < n_terms; i++)
		for (uint64_t l = term[i]; l; l &= l - 1)
			next[__builtin_ctzll(l)] |= term[i] & ~(l & -l);
	if (!eliminate(t, n_lists, next)) {
		mem_free(t);
		return NULL;
	}
	connect(t);
	fill_indices(t);
	t->n_terms = n_terms;
	for (unsigned i = 0; i < n_terms; i++) {
		unsigned first = t->n_nodes;
		for (uint64_t l = term[i]; l; l &= l - 1)
			if (t->node_of[__builtin_ctzll(l)] < first)
				first = t->node_of[__builtin_ctzll(l)];
		t->place[i] = (struct place){first, first < t->n_nodes
			? mask_in(&t->node[first], term[i]) : 0};
	}
	return t;
}

void
tree_destroy(struct tree *t)
{
	if (t) {
		mem_free(t->weight);
		mem_free(t->index);
	}
	mem_free(t);
}

/* ---- Sums ---------------------------------------------------------------------- */

/* The empty term scales everything: kept apart by the caller. */
void
tree_weigh(struct tree *t, const double *beta)
{
	const struct node *last = &t->node[t->n_nodes - 1];

	for (size_t i = 0; i < last->at + last->size; i++)
		t->weight[i] = 1;
	for (unsigned i = 0; i < t->n_terms; i++) {
		const struct place *p = &t->place[i];
		double factor = special_exp(beta[i]);
		if (p->node == t->n_nodes)
			continue;
		for (size_t c = p->mask; c < t->node[p->node].size; c = (c + 1) | p->mask)
			t->weight[t->node[p->node].at + c] *= factor;
	}
}

static void
down(struct tree *t, unsigned i)
{
	const struct node *n = &t->node[i], *p = &t->node[n->parent];
	const uint32_t *index = t->index + t->index_at[i];
	double *table = t->table + n->at, *sum = t->sum;

	memset(sum, 0, n->size / 2 * sizeof *sum);
	for (size_t c = 0; c < p->size; c++)
		sum[index[c]] += t->table[p->at + c];
	for (size_t c = 0; c < n->size; c++) {
		double up = t->up[n->up + c / 2];
		table[c] = up > 0 ? table[c] * (sum[c / 2] / up) : 0;
	}
}

double
tree_pass(struct tree *t, uint64_t given, bool all)
{
	double total = 1;

	for (unsigned i = 0; i < t->n_nodes; i++) {
		struct node *n = &t->node[i];
		memcpy(t->table + n->at, t->weight + n->at, n->size * sizeof *t->table);
		for (size_t c = 0; given >> n->list & 1 && c < n->size; c += 2)
			t->table[n->at + c] = 0;
	}
	for (unsigned i = 0; i < t->n_nodes; i++) {
		struct node *n = &t->node[i];
		double *table = t->table + n->at, *up = t->up + n->up;
		for (size_t c = 0; c < n->size / 2; c++)
			up[c] = table[2 * c] + table[2 * c + 1];
		if (n->parent == t->n_nodes) {
			total *= up[0];
			continue;
		}
		table = t->table + t->node[n->parent].at;
		for (size_t c = 0; c < t->node[n->parent].size; c++)
			table[c] *= up[t->index[t->index_at[i] + c]];
	}
	if (!all)
		return total;
	for (unsigned i = t->n_nodes; i-- > 0;) {
		struct node *n = &t->node[i];
		double *table = t->table + n->at;
		if (n->parent < t->n_nodes)
			down(t, i);
		else                          /* a part that hangs together with no other */
			for (size_t c = 0; c < n->size; c++)
				table[c] = t->up[n->up] > 0 ? table[c] * (total / t->up[n->up]) : 0;
	}
	return total;
}

static double
sum_where(const struct tree *t, const struct node *n, uint32_t mask)
{
	double sum = 0;

	for (size_t c = mask; c < n->size; c = (c + 1) | mask)
		sum += t->table[n->at + c];
	return sum;
}

double
tree_sum(const struct tree *t, unsigned term)
{
	const struct place *p = &t->place[term];

	return p->node == t->n_nodes ? sum_where(t, &t->node[0], 0)
		: sum_where(t, &t->node[p->node], p->mask);
}

double
tree_sum_list(const struct tree *t, unsigned list)
{
	return sum_where(t, &t->node[t->node_of[list]], 1);
}
