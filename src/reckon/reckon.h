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

/* ---- How well chains mix ---------------------------------------------------- */

enum { RECKON_QUANTILES = 5 };
extern const double reckon_quantiles[RECKON_QUANTILES];   /* .025 .25 .5 .75 .975 */

/* Vehtari et al. (2021): rank-normalised, folded split R-hat, effective draws of the bulk
 * and of the tails (5 and 95 %), Monte Carlo standard errors.  Never NaN: R-hat is at
 * most 1000, and 1 where every draw is the same. */
struct reckon_mixing {
	double rhat, ess_bulk, ess_tail;
	double mean, sd, ess_mean, mcse_mean;
	double quantile[RECKON_QUANTILES], mcse_quantile[RECKON_QUANTILES];
};

/* m chains of n draws each, n at least 8. */
void reckon_mixing_of(size_t m, size_t n, const double *const *x, struct reckon_mixing *ret);

/* ---- Latent classes --------------------------------------------------------- */

/* Manrique-Vallier (2016), Biometrics 72, 1246: people fall into classes; within a class
 * lists are independent.  Classes' shares by stick-breaking truncated at K, its
 * concentration ~ Gamma(a, rate b); capture probabilities uniform; p(N) as 1/N.
 * Sampled by Gibbs sweeps, moves of label order, and Hamiltonian trajectories with the
 * classes of people summed out, from annealed populations; docs/methods/toll.md says why.
 * The same numbers for any number of threads and any machine with IEEE doubles. */

struct reckon_latent_state {          /* so far, for the callback */
	unsigned iterations;          /* of each chain */
	unsigned most;                /* at which the run gives up */
	double rhat, ess;             /* 0 before the first look */
};

struct reckon_latent_options {        /* zeroed: the defaults */
	unsigned classes;             /* K, 2 to 64; 0: 2^lists - 1, at most 15 */
	double a, b;                  /* 0: 0.25 each, as the paper */
	uint64_t seed;
	unsigned chains;              /* 2 to 64; 0: 8 */
	unsigned threads;             /* 0: 2; does not change the result */
	double ess;                   /* effective draws wanted, bulk and tail; 0: 10,000 */
	unsigned iterations;          /* most per chain; 0: by the size of the data */
	unsigned population;          /* annealed states each chain begins with one of, at most
	                               * 10,000; 0: 8 to 32, and 64 when the chains do
	                               * not agree */
	bool (*progress)(void *ctx, const struct reckon_latent_state *s);  /* false: stop */
	void *ctx;
};

enum {
	RECKON_ESS_LEAST = 400,       /* Vehtari et al. (2021), section 4: 100 per split chain */
};
#define RECKON_RHAT_MOST 1.01         /* the same */

/* Two lists: people seen on both, and what the model would see. */
struct reckon_overlap {
	unsigned i, j;                /* lists as numbered in the counts; i < j */
	uint64_t seen;
	double expected;              /* mean of the posterior prediction */
	double p;                     /* two-sided mid-p of `seen` under it */
};

struct reckon_latent {
	unsigned classes, chains, population;
	unsigned warmup, iterations;  /* of each chain; warmup of them not used */
	uint64_t seed;
	uint64_t n;                   /* people listed: what N begins with */
	bool converged;               /* R-hat and effective draws as wanted above */
	bool capped;                  /* the unseen reached what is counted: no upper end */
	struct reckon_mixing mixing;  /* of N; mean, quantiles, errors */
	double least_accepted;        /* of trajectories, the worst chain's share */
	size_t n_trace;               /* draws of N kept per chain, evenly spaced */
	const double *const *trace;   /* [chains][n_trace] */
	size_t n_draws;
	const double *draws;          /* pooled, evenly thinned to at most 4,000 */
	size_t n_overlaps;            /* pairs of lists that have anybody */
	const struct reckon_overlap *overlaps;
	double overlap_p;             /* all pairs: of each state the least p times the number
	                               * of pairs, at most 1; their mean */
};

/* Lists nobody is on are left out: they say nothing.  BAD: fewer than two lists with
 * people, options out of range, a table (thousands of cells) too large for about a minute
 * of one core, which is the bound unless `iterations` says otherwise; NO: stopped by the
 * callback.  Not converging is no fault: look at `converged`.  Owned by the arena. */
enum status reckon_latent(struct arena *a, const struct reckon_counts *c,
	const struct reckon_latent_options *o, struct reckon_latent *ret, struct err *e) MUST;

/* ---- Excess mortality --------------------------------------------------------
 *
 * Deaths above what the years before led one to expect: D = alpha(season) + beta year
 * by least squares over the baseline years (Karlinsky & Kobak 2021, eLife 10:e69336),
 * each stratum for itself.  Two intervals, because what is unknown is how much one
 * period tells of the next: docs/methods/toll.md.
 */
enum { RECKON_SEASONS = 52, RECKON_BASE_YEARS = 60, RECKON_STRATA = 1000 };

/* Quarter 1-4, month 1-12 or week 1-53 of a year.  Week 53 is no part of a baseline
 * and is expected to be as week 52 of its year. */
struct reckon_period {
	int year;
	unsigned season;
};
struct reckon_deaths {
	struct reckon_period at;
	unsigned stratum;             /* from 0 */
	double deaths;                /* finite, not negative */
};
struct reckon_span {
	struct reckon_period from, to;        /* both included */
};
struct reckon_excess_ask {
	const struct reckon_deaths *deaths;   /* in any order; no period of a stratum twice */
	size_t n;
	unsigned seasons;             /* of a year: 4, 12 or 52 */
	unsigned n_strata;            /* at least 1; summed */
	const struct str *names;      /* of the strata, for faults; NULL: none */
	int base_first, base_last;    /* years; periods from window.from on are no part of it */
	struct reckon_span window;    /* in which excess is counted */
	const struct reckon_span *excluded;   /* neither baseline nor counted */
	size_t n_excluded;
	bool flat;                    /* no slope: the mean of the baseline years */
	bool fixed;                   /* the window's first year's baseline in all its years */
};

/* excess - sd times a quantile to excess + as much: 95 %. */
struct reckon_excess_interval {
	double sd, lower, upper;      /* NaN where withheld */
	unsigned df;                  /* of the t quantile; 0: the normal one */
	const char *withheld;         /* why there is none, in English; NULL: there is */
};
enum reckon_excess_role {
	RECKON_BASELINE, RECKON_COUNTED, RECKON_EXCLUDED, RECKON_BETWEEN,
};
struct reckon_excess_point {          /* a period, all strata together */
	struct reckon_period at;
	enum reckon_excess_role role;
	double deaths, expected;      /* expected NaN: no baseline for that season */
	double sd;                    /* of a single new period, as published */
};
struct reckon_excess_year {
	int year;
	double residuals;             /* deaths above the fitted, of its baseline periods */
};
struct reckon_excess {
	double deaths, expected, excess;      /* of the window */
	size_t periods;               /* counted, of all strata */
	size_t missing;               /* of the window's periods, in the file for no or not all strata */
	struct reckon_excess_interval published, block;
	size_t n_baseline;            /* periods fitted, of all strata */
	double slope;                 /* deaths per period and year; of all strata */
	double residual_sd;           /* s, of a period of all strata */
	double overdispersion;        /* s^2 over the mean of deaths: 1 would be Poisson's */
	const struct reckon_excess_point *points;     /* by time */
	size_t n_points;
	const struct reckon_excess_year *years;       /* of the baseline */
	size_t n_years;
};

/* BAD: too little baseline (which season, which years), a period twice, numbers out
 * of range.  Owned by the arena. */
enum status reckon_excess(struct arena *a, const struct reckon_excess_ask *ask,
	struct reckon_excess *ret, struct err *e) MUST;
/* By which Student's t with df degrees exceeds it with (1 - level)/2; df 0: the normal. */
double reckon_t_quantile(double level, unsigned df);

/* ---- What the methods share ------------------------------------------------- */

/* Numbers of people in all, seen and unseen.  lower is never below the people seen;
 * upper is INFINITY where the data set no bound.  Never NaN. */
struct reckon_interval {
	double lower, upper;
};
struct reckon_estimate {
	double n, se;                 /* people in all, standard error of it */
	struct reckon_interval interval;
};

/* Long work tells how far it is, from the thread that called; an answer of false stops
 * it: the function returns NO, with nothing else changed.  step NULL: not asked. */
struct reckon_progress {
	bool (*step)(void *context, uint64_t done, uint64_t of);
	void *context;
};

/* ---- Bounds and small cases ------------------------------------------------- */

/* In all functions `level` is the interval's, 0: 0.95. */

/* At least so many: Chao's lower bound, bias-corrected, from f1 people on one list and
 * f2 on two of t: n + (t-1)/t f1(f1-1) / (2(f2+1)).  Chao (1987), Biometrics 43:783;
 * standard error: Rivest & Baillargeon (2007), Biometrics 63:999.  It stays a lower
 * bound when people differ in how easily they are listed; not when lists exclude one
 * another.  BAD: nobody, or one list. */
enum status reckon_chao(const struct reckon_counts *c, double level,
	struct reckon_estimate *ret, struct err *e) MUST;
/* The same where lists differ in how many people they have.  Chao's formula takes them as
 * alike; where they are not it lies too high: of independent lists that catch 80, 5 and
 * 5 % of people it makes 13 times the unseen.  With y_i people on list i alone, f2 on two
 * and each list's ease its own (the model "Mth Chao" of Rivest & Baillargeon 2007),
 * E(sum over i<j of y_i y_j) <= n0 E(f2) by Cauchy & Schwarz, so n0 is at least that sum
 * over f2 + 1; the interval is log-normal by the delta method (y_i, f2 Poisson).  Pairs of
 * lists whose overlap is clearly smaller than the others let expect exclude one another
 * and are left out of both sums, at most half of the pairs.  se 0 and n people where no two lists have people of their own.  BAD: as reckon_chao. */
enum status reckon_chao_lists(const struct reckon_counts *c, double level,
	struct reckon_estimate *ret, struct err *e) MUST;
/* The bound to be quoted: of these two the one whose interval ends lower, since Chao's
 * formula lies too high where lists differ in size.  Where fewer than RECKON_GATE_SHARED
 * people are on more than one list: those listed, and no more (n, se 0), because a bound
 * from so few hangs on each link between records.  BAD: as reckon_chao. */
enum status reckon_least(const struct reckon_counts *c, double level,
	struct reckon_estimate *ret, struct err *e) MUST;
/* Two independent lists: (n1+1)(n2+1)/(m+1) - 1.  Chapman (1951); variance: Seber
 * (1982), "The estimation of animal abundance", equation 3.2.  BAD: not two lists. */
enum status reckon_chapman(const struct reckon_counts *c, double level,
	struct reckon_estimate *ret, struct err *e) MUST;

/* How N depends on what no data tell.  No-highest-order interaction: the lists' highest
 * interaction is what the others predict, off by the factor xi (1: exactly).  With r the
 * product of the cells of odd size over that of even size, the empty one left out,
 * n0 = n r / xi, p0 = r / (xi + r): Aleshin-Guendel, Sadinle & Wakefield
 * (arXiv 2101.09304).  The cells' shares are Dirichlet with y + 1/2 each (Jeffreys'), so
 * ln r has a mean of sums of digamma and a variance of trigamma functions; taken as
 * normal.  xi: n_xi numbers > 0; out: n_xi estimates (the median as .n; sparse tables
 * give wide intervals, as they should).  BAD: nobody, fewer than 2 lists, more than 16. */
enum status reckon_bounds(const struct reckon_counts *c, double level, const double *xi,
	size_t n_xi, struct reckon_estimate *out, struct err *e) MUST;
/* The same for an estimate of any model without the highest interaction (every
 * log-linear model here): n0 becomes n0 / xi, and so do its bounds. */
struct reckon_estimate reckon_at_xi(struct reckon_estimate at_1, uint64_t seen, double xi);

/* The counts as if list `list` had never been: those only it had drop out. */
struct reckon_counts reckon_counts_without(struct arena *a, const struct reckon_counts *c,
	unsigned list);

/* Sum of independent estimates over strata: standard errors add in squares, the
 * interval is log-normal above `seen`, the people seen in all strata. */
enum status reckon_strata_sum(const struct reckon_estimate *of, size_t n_strata, uint64_t seen,
	double level, struct reckon_estimate *ret, struct err *e) MUST;
/* The same from draws of N: draws[s * n_draws + i] is draw i of stratum s.  Writes
 * n_draws sums, ascending. */
void reckon_strata_draws(const double *draws, size_t n_strata, size_t n_draws, double *ret);

/* One replicate of the data (an imputation, a linkage drawn from its posterior) and
 * draws of N that were made from it. */
struct reckon_replicate {
	uint64_t seen;                /* people on any list in this replicate */
	const double *draws;
	size_t n_draws;               /* at least 2 */
};
/* Their combination: the mean of n0 on its own scale; the interval on ln n0 with the
 * variance within + (1 + 1/R) between and Rubin's degrees of freedom
 * (R-1)(1 + within/((R+1) between))^2, as the R package verdata's combine_estimates
 * (Gelman et al., "Bayesian data analysis", 3rd ed., section 18.2).  An n0 of 0 counts
 * as 0.1 in logarithms.  Whole numbers, as there.  BAD: fewer than 2 replicates. */
enum status reckon_combine(const struct reckon_replicate *of, size_t n, double level,
	struct reckon_estimate *ret, struct err *e) MUST;

/* ---- Decomposable graphs ---------------------------------------------------- */

enum { RECKON_GRAPH_LISTS = 7 };

enum reckon_prior {
	RECKON_PRIOR_INVERSE,         /* p(N) ~ 1/N */
	RECKON_PRIOR_UNIFORM,
	RECKON_PRIOR_NEGATIVE_BINOMIAL, /* N | m ~ Poisson(m), m ~ Gamma(a, rate 1/b) */
};

struct reckon_graphs_options {        /* all zero: the defaults */
	double delta;                 /* prior people in each of the 2^p cells; 0: 2^-p */
	enum reckon_prior prior;
	double a, b;                  /* of the negative binomial one */
	uint64_t n0_min, n0_max;      /* people on no list; n0_max 0: as far as 10^-6 of
	                               * the posterior lies, at most 1000 n + 10000 */
	double level;                 /* 0: 0.95 */
	unsigned top;                 /* how many graphs to return; 0: 10 */
};
/* Of N, people in all.  Quantiles: the smallest N that reaches them. */
struct reckon_posterior {
	double mean, sd, mode, median;
	double relative;              /* E(1/N) / E(1/N^2): Madigan & York's estimate */
	struct reckon_interval interval;
};
/* A graph over the lists, no cycle of four or more without a chord.  Two lists that no
 * path of its edges joins are independent; cliques: its maximal ones, as list sets. */
struct reckon_graph {
	uint64_t cliques[RECKON_GRAPH_LISTS];
	unsigned n_cliques;
	double probability;           /* among all but the saturated graph */
	double mean;                  /* of N under this graph alone */
};
struct reckon_column {
	double n, probability;        /* N, and of the values that it stands for */
	double upto;                  /* of these and all below; the last is 1 */
};
struct reckon_graphs {
	/* The saturated graph joins all lists: under it the data say nothing of n0, and the
	 * prior pulls it to nobody missed.  So it stands apart. */
	struct reckon_posterior without, with;
	double saturated;             /* its posterior probability among all graphs */
	double delta;
	size_t n_graphs;              /* how many were averaged over, with it */
	uint64_t n0_max;              /* where the columns end */
	double tail;                  /* share of the posterior beyond, extrapolated as a
	                               * power of n0; 1: the tail has no finite mass */
	bool capped;                  /* tail above 10^-6, though n0_max was left open, and so
	                               * heavy that the mean of n0 lacks more than 1 % */
	struct reckon_graph *top;     /* most probable first, without the saturated one */
	size_t n_top;
	struct reckon_column *columns; /* ascending; of `without` */
	size_t n_columns;
};

/* Posterior of N averaged over all decomposable graphs, each alike likely: Madigan &
 * York (1997), Biometrika 84:19, equations 3 to 6, with hyper-Dirichlet priors (Dawid &
 * Lauritzen 1993).  2 to 7 lists.  Every N is summed up to 131,072 unseen (6 and 7 lists:
 * 256), beyond that every sqrt(n0)/4-th: n0's spread is above sqrt(n0) whatever the
 * graph.  BAD: nobody, one list, more than 7, options out of range, more columns than
 * 2,000,000; NO: stopped.  The result lies in the arena. */
enum status reckon_graphs(struct arena *a, const struct reckon_counts *c,
	const struct reckon_graphs_options *o, const struct reckon_progress *progress,
	struct reckon_graphs *ret, struct err *e) MUST;
/* The N below which a share u of the posterior lies: draws by inversion. */
double reckon_graphs_quantile(const struct reckon_graphs *g, double u);

/* Terms for people to read: "[12][23][4]"; with names (NULL: none) "[a:b][b:c][d]". */
struct str reckon_terms_show(struct arena *a, const uint64_t *terms, size_t n,
	const struct str *names);

/* ---- Log-linear models ------------------------------------------------------- */

enum {
	RECKON_MODEL_LISTS = 5,       /* for all hierarchical models: 8, 113, 6,893 of them */
	RECKON_STEPWISE_LISTS = 60,
	RECKON_PARAMETERS = 128,
};

enum reckon_fit_state {
	RECKON_FIT_OK,
	RECKON_FIT_NO_MLE,            /* some parameter runs away: Fienberg & Rinaldo (2012),
	                               * Annals of Statistics 40:996, theorem 2 */
	RECKON_FIT_NOT_IDENTIFIED,    /* different N fit the data alike */
	RECKON_FIT_TOO_LARGE,         /* lists hang together in groups too large to sum */
};

/* One model: Poisson counts, ln of the mean a sum of terms; the term of a set of lists
 * counts in every cell on all of them, so n0 = exp(intercept) (Cormack 1989, Biometrics
 * 45:395).  A term whose lists nobody shares is -infinity: its cells drop out, it counts
 * as a parameter (Chan, Silverman & Vincent 2021, JASA 116:1297, section 2).  Lists with
 * nobody are left out. */
struct reckon_fit {
	const uint64_t *terms;        /* the largest ones, as list sets: [123,14,34] */
	unsigned n_terms;
	enum reckon_fit_state state;  /* unless OK: the numbers below are INFINITY or 0 */
	unsigned parameters;          /* the intercept and empty ones too */
	unsigned empty;               /* how many are -infinity */
	double cells;                 /* observable and not dropped */
	double n, se;                 /* se: sqrt(n0 + n0^2 var(intercept)), as Rcapture's */
	double deviance, log_likelihood, aic, bic;   /* bic: with ln of the people seen */
	double overlap_p;             /* the smallest p with which a pair's overlap is what the
	                               * model expects, two-sided Poisson, times the pairs */
	double gap;                   /* ln n0 of the people on one and on two lists alone, less
	                               * ln n0 of the model, in standard errors; 0: none.
	                               * RECKON_TOO_LOW says what for */
	double weight;                /* exp(-bic/2), over all models that have an estimate */
	struct reckon_interval wald;  /* log-normal: Chao (1987), equation 12 */
	struct reckon_interval profile; /* multinomial likelihood: Cormack (1992), Biometrics
	                               * 48:567 */
};

struct reckon_loglinear_options {     /* all zero: the defaults */
	double level;                 /* 0: 0.95 */
	bool profile_all;             /* profile intervals for all models, not only the two
	                               * that are picked */
};
struct reckon_loglinear {
	struct reckon_fit *fits;      /* those with an estimate first, by BIC ascending */
	size_t n_fits, n_ok, n_no_mle, n_not_identified;
	size_t best_aic;              /* fits[0] is the best by BIC; both only if n_ok > 0 */
	/* Weighted by exp(-BIC/2); the variance holds each model's own and that between
	 * them: Hoeting et al. (1999), Statistical Science 14:382, section 1. */
	struct reckon_estimate averaged;
	double lowest, highest;       /* of N over the models within 4 of the best BIC */
};

/* All hierarchical models with every list in them and without the highest interaction,
 * fitted.  2 to 5 lists with people.  BAD: other data; NO: stopped.  About 2 MB in the
 * arena for five lists. */
enum status reckon_loglinear(struct arena *a, const struct reckon_counts *c,
	const struct reckon_loglinear_options *o, const struct reckon_progress *progress,
	struct reckon_loglinear *ret, struct err *e) MUST;
/* One model; its terms, each of at most six lists, and all parts of them.  2 to 60
 * lists. */
enum status reckon_loglinear_fit(struct arena *a, const struct reckon_counts *c,
	const uint64_t *terms, size_t n_terms, double level, struct reckon_fit *ret,
	struct err *e) MUST;

/* Two models in which people differ and lists are otherwise independent, by maximum
 * likelihood; lists with nobody are left out.  BIC as in struct reckon_fit, INFINITY: no
 * estimate, or people on several lists are not more than independence expects.
 * smooth: a term tau k(k-1)/2 for people on k lists, "Mth Darroch" (Darroch, Fienberg,
 * Glonek & Junker 1993, JASA 88:1137; Rivest & Baillargeon 2007, Biometrics 63:999).
 * classes: people of two kinds (Pledger 2000, Biometrics 56:434). */
struct reckon_differ {
	double smooth, classes;
};
/* BAD: fewer than 2 lists with people, more than 60. */
enum status reckon_differ(const struct reckon_counts *c, struct reckon_differ *ret,
	struct err *e) MUST;

struct reckon_step {
	uint64_t pair;                /* the two lists whose term came in */
	double log_p;                 /* ln of its one-sided Poisson p */
};
struct reckon_stepwise {
	struct reckon_fit fit;        /* state: of the main effects when they already fail */
	struct reckon_step *steps;
	size_t n_steps;
	bool cut;                     /* RECKON_PARAMETERS ended it, not the threshold */
};
/* From main effects on, add the pair whose overlap is least likely under the model (one
 * tail of a Poisson distribution), as long as that is below `threshold` (0: 0.02) and the
 * larger model has an estimate: Chan, Silverman & Vincent (2021), section 3.1, as the R
 * package SparseMSE.  2 to 60 lists with people.  NO: stopped. */
enum status reckon_stepwise(struct arena *a, const struct reckon_counts *c, double threshold,
	double level, const struct reckon_progress *progress, struct reckon_stepwise *ret,
	struct err *e) MUST;

/* A model of reckon_loglinear_fit() with the term tau k(k-1)/2 more, for people who differ
 * smoothly in how easily they are listed: "Mth Darroch" with dependence (see reckon_differ).
 * It gives what the lists leave open even where they do not show that people differ.
 * 2 to 9 lists.  The interval is log-normal; people alike (tau 0) are one case of it, at
 * the edge, so it also holds `alike`, that model's interval (NULL: none).  BAD: no
 * estimate. */
struct reckon_spread {
	double tau;                   /* 0: all alike */
	struct reckon_estimate at;
};
enum status reckon_spread(const struct reckon_counts *c, const uint64_t *terms, size_t n_terms,
	double level, const struct reckon_interval *alike, struct reckon_spread *ret,
	struct err *e) MUST;

/* ---- Bootstrap --------------------------------------------------------------- */

struct reckon_bootstrap_options {     /* all zero: the defaults */
	double level;                 /* 0: 0.95 */
	unsigned replicates;          /* 0: 5,000; at most 100,000 */
	uint64_t seed;
	double threshold;             /* stepwise: as there */
	bool listed_only;             /* as many are listed in every replicate, as SparseMSE */
	unsigned shortlist;           /* log-linear, five lists: how many models a replicate
	                               * chooses among; 0: 60 */
};
struct reckon_bootstrap {
	double estimate;              /* of the data themselves */
	struct reckon_interval interval;
	double bias, acceleration;    /* z0 and a of the BCa method */
	double *replicates;           /* ascending; INFINITY where there was no estimate */
	size_t n_replicates, n_unbounded;
	size_t n_models;              /* each replicate chose among so many; 0: stepwise */
};
/* BCa interval (DiCiccio & Efron 1996, Statistical Science 11:189) of an estimate whose
 * model is chosen anew in every replicate: people are drawn again with replacement, those
 * on no list among them, so that the number listed varies too (Buckland & Garthwaite 1991,
 * Biometrics 47:255); the acceleration is the jackknife's over people, quantiles of type 8
 * (Hyndman & Fan 1996).  With listed_only as SparseMSE's estimatepopulation, which takes
 * the number listed as given.  Replicate i draws from stream i of the seed.  BAD:
 * also where the data themselves have no estimate, and where the interval would not hold
 * it because nearly all replicates lie on one side: of 34 sparse lists they do. */
enum status reckon_stepwise_bootstrap(struct arena *a, const struct reckon_counts *c,
	const struct reckon_bootstrap_options *o, const struct reckon_progress *progress,
	struct reckon_bootstrap *ret, struct err *e) MUST;
/* The same for the model of lowest BIC: among all models up to four lists, with five
 * among the shortlist of those best on the data (Silverman, Chan & Vincent 2024,
 * Statistics and Computing 34:44, arXiv 2303.17856). */
enum status reckon_loglinear_bootstrap(struct arena *a, const struct reckon_counts *c,
	const struct reckon_bootstrap_options *o, const struct reckon_progress *progress,
	struct reckon_bootstrap *ret, struct err *e) MUST;

/* ---- The report gate -----------------------------------------------------------
 *
 * Which results may be said, and of the others why not.  It looks at nothing but what it
 * is given, so that a result once withheld is withheld on every machine.
 */

/* The families: methods of one family share their assumption, so that their agreement
 * says nothing.  A bound is no estimate: it may always be said. */
enum reckon_family {
	RECKON_BOUND, RECKON_LOG_LINEAR, RECKON_GRAPH_AVERAGE, RECKON_LATENT_CLASSES,
	RECKON_SMOOTH,                /* people differ smoothly */
};
enum reckon_why {
	RECKON_SAID,                  /* not withheld */
	RECKON_FEW_LISTS,             /* fewer than three with people that any other has too */
	RECKON_LONE_LIST,             /* one of seven people or more shares nobody */
	RECKON_FEW_SHARED,            /* fewer than seven people on more than one list */
	RECKON_NOT_DONE,              /* the method could not: too many lists, no estimate */
	RECKON_FEW_CHAINS,            /* fewer than eight */
	RECKON_NOT_MIXED,             /* R-hat above 1.01 */
	RECKON_FEW_DRAWS,             /* fewer than 400 effective draws of bulk or tails */
	RECKON_AT_CAP,                /* the largest N that was counted is reached */
	RECKON_NO_UPPER,              /* the interval has no upper end */
	RECKON_BELOW_BOUND,           /* clearly below what differing people allow: see below */
	RECKON_TOO_LOW,               /* clearly below what its own free pairs allow: see below */
	RECKON_DIFFER,                /* people differ, which none can measure: see below */
	RECKON_OPEN,                  /* the interval of another has no upper end */
	RECKON_OVERLAPS,              /* the model does not give the overlaps that were seen */
	RECKON_DISAGREE,              /* families disagree: see below */
	RECKON_WHYS,
};

/* Families disagree when their numbers of people on no list differ more than this many
 * times and by more than that share of the people listed, or when of two families that
 * would speak no number lies in both intervals.  Of RECKON_SMOOTH only the latter counts:
 * few people on many lists move its estimate far, and its interval says so. */
#define RECKON_GATE_FACTOR 2.0
#define RECKON_GATE_SLACK 0.1
/* Lists that depend on each other and people who differ in how easily they are listed
 * look alike in pairs of lists, and the number of people on none tells them apart.  Three
 * rules find the second.
 * 1. A model in which people differ (reckon_differ) has a lower BIC than every log-linear
 *    model: the best explanation is one that all families but the classes exclude.
 * 2. Under a log-linear model, people on one list alone and on two that it takes as
 *    independent give n0 consistently, whatever else is in it; if people differ they give
 *    too little still, by Cauchy & Schwarz as in reckon_chao_lists, but the model even less.
 *    Hausman (1978, Econometrica 46:1251): the difference of the two, over its standard
 *    error, is at most normal unless people differ.  Its variance is that of the
 *    difference by cells (delta method, model as chosen).  One-sided 1 % for all models
 *    together (Bonferroni).
 * 3. The graphs and the classes are held against reckon_chao_lists() at the level
 *    below: an estimate under its lower end is withheld.  One-sided 5 %, with the bound's
 *    variance alone, which is larger.
 * Where one of these says that people differ - the third of families that need them alike -
 * models of how they differ can fit alike with different N (Link 2003, Biometrics
 * 59:1123), so that no family may speak alone either. */
#define RECKON_GATE_GAP_P 0.01
#define RECKON_GATE_BOUND_LEVEL 0.90
/* A model whose own predictions miss the overlaps of pairs of lists this clearly is
 * wrong; p counts all pairs (Bonferroni). */
#define RECKON_GATE_OVERLAP_P 0.01
/* Chains: Vehtari, Gelman, Simpson, Carpenter & Buerkner (2021), Bayesian Analysis
 * 16:667, section 4; eight of them, because one that is stuck cannot be told alone. */
#define RECKON_GATE_RHAT 1.01
/* Seven: below that even Chapman's estimate of two lists is biased (Robson & Regier
 * 1964, Transactions of the American Fisheries Society 93:215). */
enum {
	RECKON_GATE_LISTS = 3, RECKON_GATE_SHARED = 7, RECKON_GATE_CHAINS = 8, RECKON_GATE_ESS = 400,
};

struct reckon_result {
	enum reckon_family family;
	bool done;                    /* false: nothing below is looked at */
	double n, lower, upper;       /* of all people, seen and unseen */
	bool capped;
	bool sampled;                 /* by chains: */
	unsigned chains;
	double rhat, ess;             /* ess: the least of bulk and tails */
	double overlap_p;             /* 1: not looked at */
	double bic, gap;              /* of log-linear models, as struct reckon_fit's; 0: none */
	bool summed;                  /* over strata, each held against its own bound */
};
struct reckon_gate {
	enum reckon_why *why;         /* one per result */
	unsigned lone;                /* the list meant by LONE_LIST */
	double low, high;             /* N between which families disagree; else 0 */
	double bound;                 /* N below which BELOW_BOUND is said; 0: no bound */
	size_t said;                  /* estimates that may be said, bounds apart */
	struct reckon_interval span;  /* from the lowest lower end of these to the highest
	                               * upper end; 0, 0 where said is 0 */
};

/* `why` lies in the arena. */
void reckon_gate(struct arena *a, const struct reckon_counts *c, const struct reckon_result *r,
	size_t n, struct reckon_gate *ret);

#endif
