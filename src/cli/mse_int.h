/* Inside `habeas toll mse`: the lists, the methods, what they gave. */
#ifndef CLI_MSE_INT_H
#define CLI_MSE_INT_H

#include "cli/toll_int.h"

enum {
	MSE_LEAST, MSE_CHAO, MSE_LOGLINEAR, MSE_STEPWISE, MSE_GRAPHS, MSE_LATENT, MSE_SPREAD,
	MSE_METHODS,
	MSE_STRATA = 200, MSE_SENSES = 128, MSE_XI = 9,
	MSE_LINKAGES = 1000, MSE_LINKAGES_DEFAULT = 20,
};

/* MSE_LEAST is the bound to be quoted.  MSE_CHAO, the published formula, lies too high where
 * lists differ in size: it is in the JSON by its name, and elsewhere only as what another
 * formula would have given. */

/* What one method gave for one set of counts. */
struct mse_given {
	struct reckon_result r;       /* n: the mean of a posterior, else the estimate */
	double se, median;            /* NaN: none */
	struct str fault;             /* why it could not; STR_NONE: it could */
	const double *draws;          /* of N; NULL: none */
	size_t n_draws;
	/* Of a sum: the strata in which this method is withheld count with the people
	 * listed only, so that the sum is a lower bound and no estimate; 0: none. */
	size_t n_withheld;
	struct reckon_interval partial;       /* its lower end; as an interval without those */
};
struct mse_part {
	struct str name;              /* of the stratum */
	struct reckon_counts c;
	struct mse_given given[MSE_METHODS];
	struct reckon_gate gate;
	/* In full, for reports: meaningless where the method was not done. */
	struct reckon_loglinear loglinear;
	struct reckon_bootstrap loglinear_bootstrap, stepwise_bootstrap;
	struct reckon_stepwise stepwise;
	struct reckon_graphs graphs;
	struct reckon_latent latent;
	struct reckon_spread spread;
};
struct mse_sense {
	const char *group;            /* "delta", "classes", "prior", "without", "models",
	                               * "linkages" */
	struct str id, change;        /* for programs; for people */
	unsigned method;
	struct reckon_estimate at;    /* se NaN: none; interval NaN: none */
};
struct mse {
	struct toll *t;
	bool asked[MSE_METHODS];
	uint64_t seed;
	double delta;                 /* 0: the default */
	unsigned classes;             /* 0: the default */
	unsigned replicates;          /* of bootstraps; 0: the default */
	struct str count_column;      /* STR_NONE: one row, one person */
	bool matched;                 /* the lists are of people, linked here */
	struct str question;          /* of a register, for people; STR_NONE: of a file */
	struct mse_part all;          /* with strata: of all added up */
	struct mse_part *strata;      /* MSE_STRATA */
	size_t n_strata;              /* 0: none asked for */
	struct reckon_counts *linkage;        /* drawn around `all` */
	size_t n_linkages;            /* 0: none in the file */
	struct mse_sense sense[MSE_SENSES];
	size_t n_sense;
	double xi[MSE_XI];
	struct reckon_estimate at_xi[MSE_XI], model_at_xi[MSE_XI];
	bool has_xi, has_model_xi;
};

/* toll_counts.c */
enum status counts_read(struct toll *t, struct mse *m, struct err *e) MUST;
/* toll_register.c: the same of a register; `answer` is what a file is answered with. */
enum status mse_register(struct mse *m, enum status (*answer)(struct mse *m, struct err *e),
	struct err *e) MUST;
/* mse_methods.c: all methods asked for, on one set of counts, and the gate. */
extern const char *const mse_names[MSE_METHODS];      /* "loglinear" */
const char *mse_title(enum lang l, unsigned method);
enum status mse_run(struct mse *m, struct mse_part *p, struct err *e) MUST;
/* Strata added up, method by method; then the gate over the sums. */
enum status mse_add_up(struct mse *m, struct err *e) MUST;
/* Why a method is withheld, for people or (LANG_EN) for programs. */
struct str mse_why(struct mse *m, enum lang l, const struct mse_part *p, unsigned method);
/* mse_sense.c */
enum status mse_sensitivity(struct mse *m, struct err *e) MUST;
/* mse_match.c: counts from lists of people, linked, and linkages drawn around them.
 * mse_are_people(): whether the arguments are such lists. */
bool mse_are_people(struct args *x);
enum status counts_matched(struct toll *t, struct mse *m, struct err *e) MUST;
/* --linkages: how many to draw; 0: none. */
enum status mse_ask_linkages(struct toll *t, unsigned *ret, struct err *e) MUST;
/* mse_linkages.c: every method on each of the linkages drawn, put together. */
void mse_linkages(struct mse *m);
/* mse_out.c, mse_say.c, mse_charts.c */
void mse_json(struct mse *m, struct buf *out);
void mse_say(struct mse *m);
enum status mse_write(struct mse *m, struct err *e) MUST;
enum status mse_charts(struct mse *m, struct err *e) MUST;
/* At most `most` cells, the fullest first, in sets of lists. */
/* Whether the overlaps hold N(xi) at all: else any number is possible. */
bool mse_xi_holds(const struct mse *m);
size_t mse_fullest(const struct reckon_counts *c, struct typeset_cell_of_sets *v, size_t most);
double mse_on_list(const struct reckon_counts *c, unsigned list);

#endif
