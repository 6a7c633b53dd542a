/*
 * Log-linear fits inside.  A cell is a number: bit i set, on list i; a term likewise.
 * The term S counts in the cells that contain S.  So the likelihood needs the data only
 * through the sufficient statistics t(S), people on all of S, and the model only through
 * its sums M(S) of the means over the cells containing S: the score at S is t(S) - M(S),
 * the information at (S, T) is M(S union T).  fit_sums.c gets M from the table of all
 * cells where there are few lists, from a junction tree where there are many.
 */
#ifndef RECKON_LOGLINEAR_INT_H
#define RECKON_LOGLINEAR_INT_H

#include "reckon/reckon.h"
#include "reckon/special_int.h"

enum {
	DENSE_LISTS = 9,              /* up to here all 2^9 cells stand in a table */
	CROSS_LISTS = 60,
	TREE_WIDTH = 16,              /* lists in the largest clique of a junction tree */
};

/* The cross-classification over the lists that have anybody: the cells with people. */
struct cross {
	unsigned n_lists;
	size_t n_cells;
	uint64_t *on;
	double *y;
	double n;
	uint64_t keep;                /* which of the original lists these are */
};

struct model {
	unsigned n;
	uint64_t term[RECKON_PARAMETERS]; /* closed under taking parts; 0 is the intercept */
};

struct tree;

/* Scratch for fits to data over so many lists. */
struct fitter {
	unsigned n_lists;
	bool dense;
	/* The model: terms not empty, the intercept last; those that are -infinity. */
	uint64_t term[RECKON_PARAMETERS], gone[RECKON_PARAMETERS];
	unsigned k, empty;
	double t[RECKON_PARAMETERS];  /* sufficient statistics */
	double beta[RECKON_PARAMETERS];
	double log_likelihood;        /* without ln y! */
	double var;                   /* of the intercept */
	bool whole;                   /* the cell of no list counts (with `unseen` people) */
	double *h;                    /* k x k, row by row */
	double *rows;                 /* existence: k x k */
	/* Dense: all cells. */
	double *y, *open, *mu, *eta, *work;
	/* Many lists. */
	struct tree *tree;
	unsigned n_warm;              /* the last fit, where the next one begins */
	uint64_t warm_term[RECKON_PARAMETERS];
	double warm_beta[RECKON_PARAMETERS];
};

/* BAD: fewer than 2 lists with people, or more than `lists_max`.  Freed by cross_finish. */
enum status cross_init(struct cross *x, const struct reckon_counts *c, const char *what,
	unsigned lists_max, struct err *e) MUST;
void cross_finish(struct cross *x);
/* People on all of these lists. */
double cross_overlap(const struct cross *x, uint64_t lists);

/* dense: n_lists at most DENSE_LISTS. */
struct fitter *fitter_create(unsigned n_lists, bool dense);
void fitter_destroy(struct fitter *f);

/* Which terms and cells take part; false: the model is too large to be summed. */
bool fitter_model(struct fitter *f, const struct cross *x, const struct model *m);
/* Then whether there is an estimate, and Newton's method: false where it fails. */
enum reckon_fit_state fitter_exists(struct fitter *f, const struct cross *x);
bool fitter_fit(struct fitter *f, const struct cross *x);
/* The three in turn. */
enum reckon_fit_state fitter_run(struct fitter *f, const struct cross *x,
	const struct model *m);
/* From f->beta to the maximum, with so many unseen people if f->whole.  Leaves the factor
 * of the information in f->h, at most a negligible step before the maximum. */
bool fitter_newton(struct fitter *f, double unseen);
/* With all numbers; *ret's terms and profile are left alone. */
void fitter_estimate(struct fitter *f, const struct cross *x, const struct model *m,
	double level, struct reckon_fit *ret);
/* N alone, INFINITY: none; with its BIC but for what all models share. */
double fitter_n(struct fitter *f, const struct cross *x, const struct model *m,
	double *ret_bic);
/* After fitter_estimate with state OK; disturbs the fit. */
struct reckon_interval fitter_profile(struct fitter *f, const struct cross *x, double level);

/* ---- newton.c ---- */
/* A model with k parameters, the last its intercept. */
struct newton {
	unsigned k;
	const double *t;              /* sufficient statistics */
	double unseen;                /* people added to the intercept's */
	double *beta, *h;             /* h: k x k, the information's lower triangle */
	void *model;
	double (*evaluate)(void *model);      /* the log-likelihood at beta */
	void (*information)(void *model);     /* into h, after evaluate */
	double log_likelihood;        /* out */
};
/* From beta to the maximum; false: there is none, or it was not found.  Leaves the factor
 * of the information in h, at most a negligible step before the maximum. */
bool newton_maximise(struct newton *n);

/* Cholesky's factor of the k x k matrix in the lower triangle, in place; false: it is not
 * positive definite.  Then x becomes the solution. */
bool fit_cholesky(double *h, unsigned k);
void fit_solve(const double *h, unsigned k, double *x);
/* After fitter_run with state OK: struct reckon_fit's gap.  differ.c. */
double fitter_gap(struct fitter *f, const struct cross *x, const struct model *m);

/* ---- Sums: fit_sums.c ---- */
bool sums_model(struct fitter *f);            /* false: too large */
/* Means at beta; their sum over all cells that take part, the empty one with f->whole. */
double sums_total(struct fitter *f);
void sums_information(struct fitter *f);      /* M(S union T) into h's lower triangle */
void sums_pairs(struct fitter *f, double *m); /* M({i, j}) into m[i * n_lists + j] */
double sums_cells(struct fitter *f);          /* how many can be seen; disturbs the means */

/* ---- Junction trees: tree.c ---- */
/* Lists are eliminated one after another; every term lies within a clique of what then
 * hangs together.  NULL: some clique has more than TREE_WIDTH lists. */
struct tree *tree_create(unsigned n_lists, const uint64_t *term, unsigned n_terms);
void tree_destroy(struct tree *t);
/* Every term's factor e^beta for the cells that contain it (-INFINITY: they drop out). */
void tree_weigh(struct tree *t, const double *beta);
/* Sum over the cells that contain `given`.  With `all`, tree_sum(i) then is the sum over
 * those that contain term i as well. */
double tree_pass(struct tree *t, uint64_t given, bool all);
double tree_sum(const struct tree *t, unsigned term);
double tree_sum_list(const struct tree *t, unsigned list);

/* ---- Models: models.c ---- */
/* The model of lists alone, and one term with all its parts added. */
void model_main(struct model *m, unsigned n_lists);
bool model_add(struct model *m, uint64_t term);
/* The largest terms, biggest first, in the original lists' numbers. */
const uint64_t *model_show(struct arena *a, const struct model *m, uint64_t keep,
	unsigned *ret_n);
/* The model of these terms over the lists that have people; a term with another list in it
 * says nothing. */
enum status model_of_terms(const struct cross *x, const uint64_t *terms, size_t n_terms,
	struct model *m, struct err *e) MUST;
/* A term of the table in the original lists' numbers. */
uint64_t term_spread(uint64_t term, uint64_t keep);
/* All hierarchical models over 2 to 5 lists with all main effects, without the highest
 * term; each a set of terms: bit S, term S is in it.  Freed by mem_free. */
uint32_t *models_all(unsigned n_lists, size_t *ret_n);
void model_of_set(struct model *m, uint32_t terms);

/* The stepwise choice; pairs in the table's numbers.  n: INFINITY unless the state is OK. */
struct stepping {
	double log_threshold;
	const struct reckon_progress *progress;       /* NULL: not asked */
	struct model model;                           /* out, from here on */
	double n;
	struct reckon_step steps[RECKON_PARAMETERS];
	size_t n_steps;
	bool stopped, cut;
};
enum reckon_fit_state stepwise_choose(struct fitter *f, const struct cross *x,
	struct stepping *s);
enum status stepwise_threshold(double *threshold, struct err *e) MUST;

#endif
