/* The latent-class sampler: one state, its moves, where chains begin.  Private. */
#ifndef RECKON_LATENT_INT_H
#define RECKON_LATENT_INT_H

#include "reckon/reckon.h"
#include "reckon/special_int.h"

enum {
	LATENT_CLASSES = 64,          /* most classes */
	LATENT_PAD = 4,               /* classes are stored in whole groups of so many */
	LATENT_STEPS = 40,            /* of a trajectory, on average */
	LATENT_SETTLE = 20,           /* sweeps under the strongest prior before it goes */
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
	const double *rate;           /* n_lists: about the share of people on it */
	double a, b;                  /* alpha ~ Gamma(a, rate b) */
	const unsigned *given;        /* n_lists: the number in the caller's counts */
};

void latent_data_of(struct arena *a, const struct reckon_counts *c, struct latent_data *ret);

/* ---- One state -------------------------------------------------------------- */

/* lambda_jk ~ Beta(on_j, off_j): (1, 1) is the model, strength 0.  A strength of s draws
 * all classes towards the lists' own rates as s people would. */
struct latent_prior {
	double strength;
	double *on, *off;             /* n_lists */
	double ln_beta;               /* sum over lists of ln B(on, off) */
};

void latent_prior_set(const struct latent_data *d, double strength, struct latent_prior *p);

/* Arrays [list][class] have rows of `width`; classes beyond n_classes are zero. */
struct latent_state {
	double *odds;                 /* lambda / (1 - lambda) */
	double *on;                   /* people of the class on the list */
	double *base;                 /* nu prod(1 - lambda): share of a class's unseen */
	double *nu, *seen;            /* class share; 1 - prod(1 - lambda) */
	double *lambda;               /* scratch of trajectories */
	double *v;                    /* ln V - ln(1 - V) */
	double *size, *n0;            /* people listed; people on no list */
	double *weight;               /* scratch: one cell's classes */
	double *q, *p, *g, *keep;     /* scratch of trajectories */
	double alpha;
	bool capped;                  /* the unseen reached their cap */
};

struct latent_state *latent_state_create(struct arena *a, const struct latent_data *d);
void latent_state_copy(const struct latent_data *d, struct latent_state *to,
	const struct latent_state *from);
/* Where to begin: a draw from the prior, skewed differently for each number. */
void latent_state_start(const struct latent_data *d, struct latent_state *s,
	struct reckon_random *r, unsigned number);
/* A sweep is both: people's classes, the unseen and alpha given the parameters; the
 * parameters given those. */
void latent_draw_classes(const struct latent_data *d, const struct latent_prior *p,
	struct latent_state *s, struct reckon_random *r);
void latent_draw_parameters(const struct latent_data *d, const struct latent_prior *p,
	struct latent_state *s, struct reckon_random *r);
/* Between the two: labels anew. */
void latent_reorder(const struct latent_data *d, struct latent_state *s,
	struct reckon_random *r);
/* ln P(lists | classes) under a prior, capture probabilities integrated out. */
double latent_marginal(const struct latent_data *d, const struct latent_prior *p,
	const struct latent_state *s);
/* One Hamiltonian trajectory of the parameters, classes of people summed out; the
 * probability with which it was taken.  Under the model's own prior only. */
double latent_glide(const struct latent_data *d, struct latent_state *s,
	struct reckon_random *r, double step, unsigned steps);
double latent_total(const struct latent_data *d, const struct latent_state *s);   /* N */

/* ---- One chain -------------------------------------------------------------- */

struct latent_chain {
	const struct latent_data *d;
	struct reckon_random random;
	struct latent_prior prior;    /* the model's */
	struct latent_state *s;
	unsigned iterations, counted;
	double ln_step, accepted;     /* of trajectories: adapted in warm-up; sum after */
	double total;                 /* N, from the last move */
	bool capped;                  /* the unseen reached their cap, after warm-up */
};

struct latent_chain *latent_chain_create(struct arena *a, const struct latent_data *d,
	uint64_t seed, unsigned number);
/* Where the chain begins: one of `population` states annealed from a strong prior. */
void latent_anneal(struct latent_chain *c, unsigned number, unsigned population,
	unsigned steps);
void latent_chain_move(struct latent_chain *c, bool warmup);

/* ---- Fit -------------------------------------------------------------------- */

/* Sums over states of what the model says of each pair; pairs in rows i < j. */
struct latent_fit {
	double *below, *expected;     /* mid-probability of fewer than seen; people */
	uint64_t *seen;
	double worst;                 /* of each state the least two-sided p times the pairs */
	unsigned states;
};

size_t latent_fit_pairs(const struct latent_data *d);
void latent_fit_init(struct arena *a, const struct latent_data *d, struct latent_fit *f);
void latent_fit_add(const struct latent_data *d, const struct latent_state *s,
	struct latent_fit *f);

#endif
