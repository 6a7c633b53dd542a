/*
 * Excess mortality inside: the baseline's lines (excess_fit.c), what their scatter says
 * of the sum of the window (excess_sd.c), the answer (excess.c).
 */
#ifndef RECKON_EXCESS_INT_H
#define RECKON_EXCESS_INT_H

#include "reckon/reckon.h"

/* One stratum's line.  Arrays are by season, from 0. */
struct excess_line {
	double n[RECKON_SEASONS], mean_year[RECKON_SEASONS], mean[RECKON_SEASONS];
	double sxx, slope, s2;
	double ask_n[RECKON_SEASONS], g;      /* of the window: n(t), g */
};
struct excess_fit {
	struct arena *a;
	const struct reckon_excess_ask *ask;
	const struct reckon_deaths *deaths;   /* ask->n of them, by time and stratum */
	size_t from, to;              /* those within the window: [from, to) */
	struct excess_line *line;     /* by stratum */
	unsigned years;               /* of the baseline, from ask->base_first */
	size_t row;                   /* n_strata * seasons */
	double *base;                 /* [years][stratum][season]: deaths, then residuals; NaN: none */
	size_t n_baseline, df, periods;       /* fitted; degrees left; counted */
	bool slope;
};

/* ---- excess_fit.c ---------------------------------------------------------------- */

int excess_order(struct reckon_period a, struct reckon_period b);
bool excess_within(struct reckon_period p, const struct reckon_span *s);
enum reckon_excess_role excess_role(const struct reckon_excess_ask *q, struct reckon_period p);
/* The season from 0 whose baseline a period has: a week 53 that of week 52. */
unsigned excess_season(const struct reckon_excess_ask *q, unsigned season);
/* The year whose baseline a period is held against, from ask->base_first. */
double excess_year(const struct reckon_excess_ask *q, struct reckon_period p);
double *excess_base(const struct excess_fit *f, unsigned year, unsigned stratum, unsigned season);
/* Check what is asked, sort the deaths, fit each stratum's line, say what the window asks
 * of it.  BAD: too little, a period twice, numbers out of range. */
enum status excess_fit(struct arena *a, const struct reckon_excess_ask *q,
	struct excess_fit *ret, struct err *e) MUST;

/* ---- excess_sd.c ------------------------------------------------------------------- */

/* sd, degrees, lower and upper of both intervals about r->excess. */
void excess_intervals(const struct excess_fit *f, struct reckon_excess *r);
/* The variance of one new period about its expectation, as published. */
double excess_single(const struct excess_fit *f, unsigned stratum, struct reckon_period p);

#endif
