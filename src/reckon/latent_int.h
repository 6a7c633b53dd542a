/* The latent-class sampler: one state, its moves, the ladder it climbs.  Private. */
#ifndef RECKON_LATENT_INT_H
#define RECKON_LATENT_INT_H

#include "reckon/reckon.h"
#include "reckon/special_int.h"

enum {
	LATENT_CLASSES = 64,          /* most classes */
	LATENT_PAD = 4,               /* classes are stored in whole groups of so many */
	LATENT_RUNGS = 64,            /* most rungs */
	LATENT_STEPS = 40,            /* of a trajectory, on average */
};

/* The unseen are counted no further: beyond, the data say nothing about them. */
#define LATENT_N0_CAP 0x1p46

/* What all states share, read only.  Lists in an order of their own that does not
 * depend on the caller's. */
struct latent_data {
	unsigned n_lists, n_classes, width;   /* width: n_classes in whole groups */
	size_t n_cells;
	const uint32_t *from;         /* n_cells + 1: where a cell's lists begin */
	const uint8_t *lists;
	const uint64_t *count;        /* n_cells */
	uint64_t n;
	double a, b;                  /* alpha ~ Gamma(a, rate b) */
	const unsigned *given;        /* n_lists: the number in the caller's counts */
};

void latent_data_of(struct arena *a, const struct reckon_counts *c, struct latent_data *ret);

/* ---- One state -------------------------------------------------------------- */

/* Arrays [list][class] have rows of `width`; classes beyond n_classes are zero. */
struct latent_state {
	double *odds;                 /* lambda / (1 - lambda) */
	double *on;                   /* people of the class on the list */
	double *base;                 /* nu prod(1 - lambda): share of a class's unseen */
	double *nu, *seen;            /* class share; 1 - prod(1 - lambda) */
	double *v;                    /* ln V - ln(1 - V) */
	double *size, *n0;            /* people listed; people on no list */
	double *ln_p;                 /* n_cells: ln P(cell | listed), by latent_likelihood */
	double *weight;               /* scratch: one cell's classes */
	double *q, *p, *g, *keep;     /* scratch of trajectories */
	double alpha;
	bool capped;                  /* the unseen reached their cap */
};

struct latent_state *latent_state_create(struct arena *a, const struct latent_data *d);
/* Where to begin: a draw from the prior, skewed differently for each number. */
void latent_state_start(const struct latent_data *d, struct latent_state *s,
	struct reckon_random *r, unsigned number);
/* One sweep over everything; f: people in each cell on this rung, n their sum. */
void latent_sweep(const struct latent_data *d, const uint64_t *f, uint64_t n,
	struct latent_state *s, struct reckon_random *r);
/* One Hamiltonian trajectory of the parameters, classes of people summed out; the
 * probability with which it was taken. */
double latent_glide(const struct latent_data *d, const uint64_t *f, uint64_t n,
	struct latent_state *s, struct reckon_random *r, double step, unsigned steps);
void latent_likelihood(const struct latent_data *d, struct latent_state *s);
double latent_total(const struct latent_data *d, const struct latent_state *s);   /* N */

/* ---- One chain: a ladder of states ------------------------------------------ */

struct latent_rung {
	double share;                 /* of the people: 1 on the first */
	uint64_t *f, n;
	struct latent_state *s;
	double ln_step, accepted;     /* of trajectories: adapted in warm-up; sum */
	double refused;               /* swaps with the next rung: sum of probabilities */
	unsigned tried;
};

struct latent_ladder {
	const struct latent_data *d;
	struct reckon_random random;
	unsigned n_rungs, iterations, counted;
	double total;                 /* N on the whole data, from the last move */
	bool capped;                  /* the unseen there reached their cap, after warm-up */
	double *offset;               /* n_cells: which way a share of a count is rounded */
	struct latent_rung rung[LATENT_RUNGS];
};

struct latent_ladder *latent_ladder_create(struct arena *a, const struct latent_data *d,
	uint64_t seed, unsigned number, unsigned n_rungs);
void latent_ladder_move(struct latent_ladder *l, bool warmup);
void latent_ladder_space(struct latent_ladder *l);   /* rungs anew, by the refusals so far */

/* ---- Fit -------------------------------------------------------------------- */

/* Sums over states of what the model says of each pair; pairs in rows i < j. */
struct latent_fit {
	double *below, *expected;     /* mid-probability of fewer than seen; people */
	uint64_t *seen;
	unsigned states;
};

size_t latent_fit_pairs(const struct latent_data *d);
void latent_fit_init(struct arena *a, const struct latent_data *d, struct latent_fit *f);
void latent_fit_add(const struct latent_data *d, const struct latent_state *s,
	struct latent_fit *f);

#endif
