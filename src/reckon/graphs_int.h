/* Decomposable graphs inside: the graphs, and sums over them column by column. */
#ifndef RECKON_GRAPHS_INT_H
#define RECKON_GRAPHS_INT_H

#include "reckon/reckon.h"
#include "reckon/special_int.h"

enum {
	CHORDAL_SETS = 1 << RECKON_GRAPH_LISTS,
	BLOCK = 64,                   /* columns at a time: a row of 128 sets fits in cache */
	COLUMNS_MAX = 2000000,
};

/* Cliques, then separators (the empty one too), each a set of lists: the density is the
 * product over the former divided by that over the latter. */
struct chordal {
	uint32_t edges;
	uint8_t n_cliques, n_separators;
	uint8_t set[2 * RECKON_GRAPH_LISTS];
};

/* All chordal graphs on p labelled vertices, 1 <= p <= 7: 1, 2, 8, 61, 822, 18,154,
 * 617,675 (OEIS A058862).  The saturated one is the last.  Freed by mem_free. */
struct chordal *chordal_all(unsigned p, size_t *ret_n);

/* What does not change from column to column. */
struct sums {
	unsigned p;
	double n, delta, alpha;       /* alpha: 2^p delta */
	double base[CHORDAL_SETS];    /* g(A) without the cell that n0 falls into */
	double none[CHORDAL_SETS];    /* people seen, but on no list of A */
	const struct reckon_graphs_options *o;
};
void sums_init(struct sums *s, const struct reckon_counts *c,
	const struct reckon_graphs_options *o);

/* One block: tables for its columns. */
struct block {
	unsigned n;                   /* columns, at most BLOCK; the rest repeats the last */
	double n0[BLOCK], width[BLOCK];
	double common[BLOCK];
	double g[CHORDAL_SETS][BLOCK];
	double log_weight[BLOCK];     /* of the last graph asked for */
};
void block_prepare(const struct sums *s, struct block *b);
/* Fills log_weight; returns the largest. */
double block_weigh(struct block *b, const struct chordal *g);

#endif
