/*
 * Log-linear fits inside.  A cell is a number: bit i set, on list i; a term likewise.
 * The term S counts in the cells that contain S, so that sums over supersets and subsets
 * (Yates' algorithm, L 2^L additions) give everything: the linear predictor is the subset
 * sum of the parameters, the score the superset sum of y - mu, and the information matrix
 * at (S, T) the superset sum of mu at S union T.
 */
#ifndef RECKON_LOGLINEAR_INT_H
#define RECKON_LOGLINEAR_INT_H

#include "reckon/reckon.h"
#include "reckon/special_int.h"

/* The cross-classification: a table over the lists that have anybody. */
struct cross {
	unsigned n_lists;
	size_t n_cells;               /* 2^n_lists */
	double *y;                    /* y[0]: not observed, 0 */
	double n;
	uint64_t keep;                /* which of the original lists these are */
};

struct model {
	unsigned n;
	uint32_t term[RECKON_PARAMETERS]; /* closed under taking parts; 0 is the intercept */
};

/* Scratch for fits to tables of one size. */
struct fitter {
	unsigned n_lists;
	size_t n_cells;
	double *open;                 /* 1: takes part; 0: not observable, or dropped */
	double *mu, *eta, *work;
	double *h;                    /* k x k, row by row */
	double *rows;                 /* existence: k x k */
	uint32_t term[RECKON_PARAMETERS]; /* those not empty, the intercept last */
	unsigned k, empty, cells;
	double beta[RECKON_PARAMETERS];
	double log_likelihood;        /* without ln y! */
	double var;                   /* of the intercept */
};

/* BAD: fewer than 2 lists with people, or more than `lists_max`.  Freed by cross_finish. */
enum status cross_init(struct cross *t, const struct reckon_counts *c, const char *what,
	unsigned lists_max, struct err *e) MUST;
void cross_finish(struct cross *t);
struct fitter *fitter_create(unsigned n_lists);
void fitter_destroy(struct fitter *f);

/* Sums over supersets, over subsets, in place. */
void sums_over(double *v, unsigned n_lists);
void sums_under(double *v, unsigned n_lists);

/* Which cells and terms take part; then whether there is an estimate. */
void fitter_model(struct fitter *f, const struct cross *t, const struct model *m);
enum reckon_fit_state fitter_exists(struct fitter *f, const struct cross *t);
/* Newton's method; false where it does not arrive.  fitter_model comes first. */
bool fitter_fit(struct fitter *f, const struct cross *t);
/* All three and the numbers; *ret's terms are left alone. */
void fitter_estimate(struct fitter *f, const struct cross *t, const struct model *m,
	double level, struct reckon_fit *ret);
/* N alone, INFINITY: none; with its BIC but for what all models share. */
double fitter_n(struct fitter *f, const struct cross *t, const struct model *m,
	double *ret_bic);
/* After fitter_estimate with state OK; disturbs the fit. */
struct reckon_interval fitter_profile(struct fitter *f, const struct cross *t, double level);

/* The model of lists alone, and one term with all its parts added. */
void model_main(struct model *m, unsigned n_lists);
bool model_add(struct model *m, uint32_t term);
/* The largest terms, biggest first, in the original lists' numbers. */
const uint64_t *model_show(struct arena *a, const struct model *m, uint64_t keep,
	unsigned *ret_n);
/* A term of the table in the original lists' numbers. */
uint64_t term_spread(uint64_t term, uint64_t keep);
/* All hierarchical models over 2 to 5 lists with all main effects, without the highest
 * term.  Freed by mem_free. */
struct model *models_all(unsigned n_lists, size_t *ret_n);

/* The stepwise choice; *ret_n: N, INFINITY unless the state is OK.  steps: room for
 * RECKON_PARAMETERS, pairs in the table's numbers; or NULL. */
enum reckon_fit_state stepwise_choose(struct fitter *f, const struct cross *t,
	double threshold, struct model *ret, double *ret_n, struct reckon_step *steps,
	size_t *ret_n_steps);
enum status stepwise_threshold(double *threshold, struct err *e) MUST;

#endif
