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

/* ---- Random streams --------------------------------------------------------- */

/* Numbers that are a function of (seed, stream, position) alone: Philox4x64-10 of
 * Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
 * Give every chain, replicate or task its own stream, and the number of threads does
 * not show in the result.  A stream holds 2^66 words before the next block repeats.
 * Not for secrets.  A value; copy it freely. */
struct reckon_random {
	uint64_t key[2];              /* seed, stream */
	uint64_t block;               /* the next counter */
	uint64_t out[4];
	unsigned at;                  /* words of `out` already given */
};

void reckon_random_init(struct reckon_random *r, uint64_t seed, uint64_t stream);
/* The bare function, ten rounds; for tests and for whoever wants random access. */
void reckon_random_block(const uint64_t key[2], const uint64_t counter[4], uint64_t out[4]);
uint64_t reckon_random_u64(struct reckon_random *r);
/* Below n, every value alike (Lemire 2019, with rejection); n at least 1. */
uint64_t reckon_random_below(struct reckon_random *r, uint64_t n);
double reckon_random_uniform(struct reckon_random *r);       /* never 0, never 1 */
double reckon_random_normal(struct reckon_random *r);        /* mean 0, variance 1 */
double reckon_random_exponential(struct reckon_random *r);   /* mean 1 */
/* Scale 1; shape > 0.  The logarithm where tiny shapes give numbers below 1e-300. */
double reckon_random_gamma(struct reckon_random *r, double shape);
double reckon_random_log_gamma(struct reckon_random *r, double shape);
double reckon_random_beta(struct reckon_random *r, double a, double b);
/* ln X and ln(1 - X) of one Beta(a, b), neither of them -infinity. */
void reckon_random_log_beta(struct reckon_random *r, double a, double b, double *ret_ln,
	double *ret_ln_rest);
/* Exact by inversion or rejection; n up to 2^53, p outside [0, 1] is taken as the end. */
uint64_t reckon_random_binomial(struct reckon_random *r, uint64_t n, double p);
/* mean at most 2^53; 0 for a mean of 0. */
uint64_t reckon_random_poisson(struct reckon_random *r, double mean);
/* n people over k kinds, p of any sum (some positive unless n is 0); k numbers out. */
void reckon_random_multinomial(struct reckon_random *r, uint64_t n, const double *p, size_t k,
	uint64_t *ret);

#endif
