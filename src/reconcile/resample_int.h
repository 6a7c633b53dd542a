/* Between the files that draw linkages: resample.c says how and why. */
#ifndef RECONCILE_RESAMPLE_INT_H
#define RECONCILE_RESAMPLE_INT_H

#include "reconcile/reconcile_int.h"

/* Two cores that may be one person. */
struct question {
	uint64_t key;                 /* of what both hold */
	uint32_t a, b;                /* nodes, a < b */
	int32_t joint;                /* while both are as at the start */
	uint32_t group;               /* questions that can touch each other have one */
};

/* A core about which there is a question. */
struct node {
	uint64_t on, unique;          /* lists; those free of duplicates, by number modulo 64 */
	uint32_t core;
};

/* The same in a linkage being drawn; read at the root of its tree only. */
struct drawn {
	uint64_t on, unique;
	uint32_t parent, next, size;  /* next: ring of the nodes in it */
	uint32_t parted, last, n_parted;      /* list in `parted`, + 1; 0: none */
	double ruled_out;             /* probability of what it could have been and is not */
};
struct parted { uint32_t node, next; };

/* Counts by set of lists: an open hash table; on 0: free. */
struct tally {
	struct match_history *v;
	size_t n, size;
};

struct resampler {
	const struct data *d;
	struct weights w;
	int32_t surely, surely_not;   /* weights */
	struct match_pair *foes;      /* judged not the same, canonical positions */
	size_t n_foes;
	uint32_t *core_of;            /* per record */
	uint32_t *from, *members;     /* per core: its records, ascending */
	size_t n_cores;
	uint64_t *key;                /* per core */
	struct question *q;           /* by group */
	size_t n_q;
	struct node *nodes;
	size_t n_nodes;
	uint32_t *node_of;            /* per core: its node + 1; 0: no question about it */
	struct tally base, now;       /* persons nobody asks about; of the linkage being drawn */
	struct drawn *in;             /* per node */
	struct parted *parted;
	size_t n_parted, cap_parted;
	struct asked { double late; uint32_t at; } *order;    /* of one group */
};

static inline uint32_t
core_size(const struct resampler *s, uint32_t core)
{
	return s->from[core + 1] - s->from[core];
}

/* ---- resample.c ---- */

void tally_add(struct tally *t, uint64_t on, uint64_t count);
struct match_linkage tally_linkage(const struct tally *t, struct arena *a);

/* ---- resample_cores.c ---- */

/* Cores and the questions between them; d, w and the bounds are there. */
enum status resample_prepare(struct resampler *s, const struct match_input *in,
	const struct match_result *of, struct err *e) MUST;

/* ---- resample_draw.c ---- */

struct match_linkage resample_draw(struct resampler *s, uint64_t stream, struct arena *a);
/* Of the linkage just drawn: per record, by index as added, the number of a core of its
 * person's. */
void resample_clusters(const struct resampler *s, uint32_t *ret);

#endif
