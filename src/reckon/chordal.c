/* Chordal graphs on up to seven vertices, by trying all graphs. */
#include "reckon/graphs_int.h"

/* A vertex whose remaining neighbours all know one another, or p: none.  A graph is
 * chordal when such vertices can be taken away until nothing is left, in any order
 * (Fulkerson & Gross 1965). */
static unsigned
simplicial(const uint8_t *next, unsigned left, unsigned p)
{
	for (unsigned v = 0; v < p; v++) {
		unsigned around = next[v] & left, bad = 0;
		if (!(left >> v & 1))
			continue;
		for (unsigned u = around; u; u &= u - 1)
			bad |= around & ~(unsigned)next[__builtin_ctz(u)] & ~(u & -u);
		if (!bad)
			return v;
	}
	return p;
}

/* Taking away v with its neighbours S gives the factor g(S + v) / g(S); what stands in
 * both numerator and denominator cancels, and cliques over separators are left. */
static bool
eliminate(const uint8_t *next, unsigned p, struct chordal *g)
{
	int8_t times[CHORDAL_SETS] = {0};
	uint8_t met[2 * RECKON_GRAPH_LISTS];
	unsigned left = (1u << p) - 1, n = 0;

	while (left) {
		unsigned v = simplicial(next, left, p), around;
		if (v == p)
			return false;
		around = next[v] & left;
		left &= ~(1u << v);
		met[n++] = (uint8_t)(around | 1u << v);
		met[n++] = (uint8_t)around;
		times[around | 1u << v]++;
		times[around]--;
	}
	g->n_cliques = g->n_separators = 0;
	for (unsigned i = 0; i < n; i++)
		for (; times[met[i]] > 0; times[met[i]]--)
			g->set[g->n_cliques++] = met[i];
	for (unsigned i = 0; i < n; i++)
		for (; times[met[i]] < 0; times[met[i]]++)
			g->set[g->n_cliques + g->n_separators++] = met[i];
	return true;
}

struct chordal *
chordal_all(unsigned p, size_t *ret_n)
{
	static const size_t known[] = {0, 1, 2, 8, 61, 822, 18154, 617675};
	struct chordal *all;
	size_t n = 0;

	invariant(p >= 1 && p <= RECKON_GRAPH_LISTS);
	all = mem_alloc(known[p] + 1, sizeof *all);
	for (uint32_t edges = 0; edges < 1u << p * (p - 1) / 2; edges++) {
		uint8_t next[RECKON_GRAPH_LISTS] = {0};
		uint32_t rest = edges;
		for (unsigned i = 0; i < p; i++)
			for (unsigned j = i + 1; j < p; j++, rest >>= 1) {
				next[i] |= (uint8_t)((rest & 1) << j);
				next[j] |= (uint8_t)((rest & 1) << i);
			}
		if (eliminate(next, p, &all[n]))
			all[n++].edges = edges;
		invariant(n <= known[p]);
	}
	*ret_n = n;
	return all;
}
