/*
 * What src/reckon's exact methods make of a small table, line by line, for test_toll.py.
 * Input: "LISTS N0_MAX DELTA", then one "ON COUNT" per cell, ON as a number whose bit i is
 * list i.  Output: see say_*().
 */
#include <stdio.h>
#include "reckon/reckon.h"

static void
say_set(const uint64_t *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		printf("%s%llu", i ? "," : "", (unsigned long long)v[i]);
	if (n == 0)
		printf("-");
}

static void
say_graphs(struct arena *a, const struct reckon_counts *c, uint64_t n0_max, double delta)
{
	struct reckon_graphs_options o = {.delta = delta, .n0_max = n0_max, .top = 1000};
	struct reckon_graphs g;
	struct err e;

	if (reckon_graphs(a, c, &o, NULL, &g, &e) != OK) {
		printf("graphs refused\n");
		return;
	}
	printf("graphs %.17g %.17g %.17g %.17g %.17g %.17g\n", g.with.mean, g.without.mean,
		g.saturated, g.without.sd, g.without.interval.lower, g.without.interval.upper);
	for (size_t i = 0; i < g.n_top; i++) {
		printf("graph ");
		say_set(g.top[i].cliques, g.top[i].n_cliques);
		printf(" %.17g %.17g\n", g.top[i].probability, g.top[i].mean);
	}
}

static void
say_fits(struct arena *a, const struct reckon_counts *c)
{
	struct reckon_loglinear_options o = {.profile_all = c->n_lists <= 4};
	struct reckon_loglinear l;
	struct err e;

	if (reckon_loglinear(a, c, &o, NULL, &l, &e) != OK) {
		printf("fits refused\n");
		return;
	}
	for (size_t i = 0; i < l.n_fits; i++) {
		const struct reckon_fit *f = &l.fits[i];
		printf("fit ");
		say_set(f->terms, f->n_terms);
		printf(" %d %.17g %.17g %.17g %.17g %.17g %.17g %.17g\n", (int)f->state, f->n, f->se,
			f->deviance, f->aic, f->bic, f->profile.lower, f->profile.upper);
	}
}

static void
say_stepwise(struct arena *a, const struct reckon_counts *c)
{
	struct reckon_stepwise s;
	struct err e;

	if (reckon_stepwise(a, c, 0, 0, NULL, &s, &e) != OK) {
		printf("stepwise refused\n");
		return;
	}
	printf("stepwise %d %.17g ", (int)s.fit.state, s.fit.n);
	for (size_t i = 0; i < s.n_steps; i++)
		printf("%s%llu", i ? "," : "", (unsigned long long)s.steps[i].pair);
	printf("%s\n", s.n_steps ? "" : "-");
}

static void
say_bounds(const struct reckon_counts *c)
{
	struct reckon_estimate r;
	struct err e;
	double xi = 1;

	if (reckon_chao(c, 0, &r, &e) == OK)
		printf("chao %.17g %.17g\n", r.n, r.interval.lower);
	if (reckon_chao_lists(c, 0, &r, &e) == OK)
		printf("lists %.17g %.17g %.17g\n", r.n, r.interval.lower, r.interval.upper);
	if (reckon_least(c, 0, &r, &e) == OK)
		printf("least %.17g %.17g\n", r.n, r.interval.lower);
	if (reckon_bounds(c, 0, &xi, 1, &r, &e) == OK)
		printf("bounds %.17g\n", r.n);
}

int
main(void)
{
	struct arena *a = arena_create((size_t)1 << 28);
	struct reckon_cell v[128];
	struct reckon_counts c;
	struct err e;
	unsigned lists;
	unsigned long long n0_max, on, count;
	double delta;
	size_t n = 0;

	if (scanf("%u %llu %lf", &lists, &n0_max, &delta) != 3)
		return BAD;
	while (n < 128 && scanf("%llu %llu", &on, &count) == 2)
		v[n++] = (struct reckon_cell){on, count};
	if (reckon_counts_of(a, lists, NULL, v, n, &c, &e) != OK) {
		fprintf(stderr, "%s\n", e.text);
		return BAD;
	}
	if (lists <= 4)
		say_graphs(a, &c, n0_max, delta);
	say_fits(a, &c);
	say_stepwise(a, &c);
	say_bounds(&c);
	arena_destroy(a);
	return OK;
}
