/* People on one list alone and on exactly two: what bounds of n0 rest on.  bounds.c. */
#ifndef RECKON_ALONE_INT_H
#define RECKON_ALONE_INT_H

#include "reckon/reckon.h"

/* All zero but n: no pair is out. */
struct alone {
	unsigned n;                   /* lists */
	double y[RECKON_LISTS], both[RECKON_LISTS][RECKON_LISTS];     /* both: i < j */
	bool out[RECKON_LISTS][RECKON_LISTS]; /* i < j: this pair does not count */
};

void alone_add(struct alone *x, uint64_t on, double people);
/* Over the pairs that count: products of people alone on each, people on both. */
void alone_sums(const struct alone *x, double *ret_products, double *ret_both);
/* Put those out whose lists clearly exclude one another, half of what counts at most. */
void alone_leave_apart(struct alone *x);

#endif
