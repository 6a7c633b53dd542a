/*
 * reckon: how many, those included whom nobody listed.  Multiple systems estimation
 * from overlapping lists, and excess mortality from death counts.  Plain arrays in,
 * plain arrays out: nothing here knows of registers, files or SQL.
 *
 * Every result is a function of its input and its seed: the number of threads, the
 * order of lists and rows, and the machine do not matter.
 */
#ifndef RECKON_RECKON_H
#define RECKON_RECKON_H

#include "base/base.h"

/* ---- Capture histories ------------------------------------------------------ */

enum { RECKON_LISTS = 63 };

/* How many people were on exactly these lists.  `on`: bit i set, on list i. */
struct reckon_cell {
	uint64_t on;                  /* never 0: whom no list has is what is asked */
	uint64_t count;               /* people; at least 1 */
};

/* Cells ascending by `on`, each once.  n_lists: 1 to RECKON_LISTS. */
struct reckon_counts {
	unsigned n_lists;
	const struct str *names;      /* n_lists names for people to read; NULL: none */
	const struct reckon_cell *cells;
	size_t n_cells;
	uint64_t n;                   /* people on any list: the sum of the counts */
};

/* Sort, merge equal and drop empty cells.  BAD: a list number out of range, a cell on
 * no list, a sum beyond 2^53 (where doubles stop counting).  Owned by the arena. */
enum status reckon_counts_of(struct arena *a, unsigned n_lists, const struct str *names,
	const struct reckon_cell *cells, size_t n, struct reckon_counts *ret, struct err *e) MUST;
/* The cells of some lists only (bit i of keep): people on none of these drop out. */
struct reckon_counts reckon_counts_keep(struct arena *a, const struct reckon_counts *c,
	uint64_t keep);

#endif
