/* An order of lists that is the data's own, whatever order they were given in. */
#ifndef RECKON_COUNTS_INT_H
#define RECKON_COUNTS_INT_H

#include "reckon/reckon.h"

struct counts_list {
	uint64_t people, colour;      /* colour: depends on whom it shares with which lists */
	unsigned given;               /* its number in the counts */
};
/* The greatest list first; gives back how many have people.  Lists that nothing tells apart
 * stay as given, which nothing shows either. */
unsigned counts_order(const struct reckon_counts *c, struct counts_list ret[RECKON_LISTS]);
/* The same counts in that order, without names and without lists that nobody is on. */
struct reckon_counts counts_in_order(struct arena *a, const struct reckon_counts *c);

#endif
