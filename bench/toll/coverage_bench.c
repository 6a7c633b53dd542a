/*
 * How often do intervals of 95 % hold the truth?  Simulated populations of known size,
 * drawn anew each time, under dependences that the methods may or may not know.
 *
 *   toll_coverage_bench [POPULATIONS [PEOPLE]]        default 200 of 2,000
 *
 * Per method: how often there was an interval, how often it held the truth, the median
 * estimate over the truth, the median width over the truth.  The last rows are what the
 * report gate lets through of a log-linear average and the graphs together, and their
 * span from lowest lower to highest upper end.
 */
#include <math.h>
#include <stdio.h>
#include "reckon/reckon.h"

enum { LISTS_MAX = 6, CLASSES_MAX = 3, POPULATIONS_MAX = 10000 };

/* People of class k are on list i with probability p[k][i]; pairs multiply the odds. */
struct world {
	const char *name;
	unsigned lists, classes;
	double share[CLASSES_MAX], p[CLASSES_MAX][LISTS_MAX];
	unsigned a, b;                /* a list and one that depends on it; same: none */
	double odds;
};

static const struct world worlds[] = {
	{"independent, 4 lists", 4, 1, {1}, {{0.3, 0.25, 0.2, 0.15}}, 0, 0, 1},
	{"two lists dependent, odds 3", 4, 1, {1}, {{0.3, 0.25, 0.2, 0.15}}, 0, 1, 3},
	{"two lists apart, odds 1/3", 4, 1, {1}, {{0.3, 0.25, 0.2, 0.15}}, 0, 1, 1.0 / 3},
	{"two classes, 5 lists", 5, 2, {0.7, 0.3},
		{{0.12, 0.1, 0.15, 0.1, 0.08}, {0.5, 0.4, 0.45, 0.35, 0.3}}, 0, 0, 1},
	{"sparse, 5 lists", 5, 1, {1}, {{0.06, 0.05, 0.04, 0.04, 0.03}}, 0, 0, 1},
};

struct score {
	const char *name;
	double n[POPULATIONS_MAX], width[POPULATIONS_MAX];
	unsigned given, held;
};

enum { BIC, AVERAGED, STEPS, STEPS_BCA, BIC_BCA, GRAPHS, GATED, SPAN, METHODS };
static struct score scores[METHODS] = {
	[BIC] = {"log-linear, best BIC, profile"}, [AVERAGED] = {"log-linear, averaged"},
	[STEPS] = {"stepwise, profile"}, [STEPS_BCA] = {"stepwise, BCa"},
	[BIC_BCA] = {"log-linear, best BIC, BCa"}, [GRAPHS] = {"graphs"},
	[GATED] = {"gate: graphs, where it speaks"}, [SPAN] = {"gate: span of what it lets say"},
};

static uint64_t
draw_person(const struct world *w, struct reckon_random *r)
{
	double u = reckon_random_uniform(r);
	unsigned k = 0;
	uint64_t on = 0;

	while (k + 1 < w->classes && u > w->share[k])
		u -= w->share[k++];
	for (unsigned i = 0; i < w->lists; i++) {
		double p = w->p[k][i];
		if (i == w->b && w->a != w->b && on >> w->a & 1)
			p = w->odds * p / (1 - p + w->odds * p);
		on |= (uint64_t)(reckon_random_uniform(r) < p) << i;
	}
	return on;
}

static struct reckon_counts
draw(struct arena *a, const struct world *w, unsigned people, uint64_t population)
{
	struct reckon_cell v[1 << LISTS_MAX] = {{0}};
	struct reckon_random r;
	struct reckon_counts c;
	struct err e;
	size_t cells = ((size_t)1 << w->lists) - 1;

	reckon_random_init(&r, 20020103, population);
	for (size_t i = 0; i < cells; i++)
		v[i].on = i + 1;
	for (unsigned i = 0; i < people; i++) {
		uint64_t on = draw_person(w, &r);
		if (on)
			v[on - 1].count++;
	}
	invariant(reckon_counts_of(a, w->lists, NULL, v, cells, &c, &e) == OK);
	return c;
}

static void
score(unsigned method, double n, struct reckon_interval i, double truth)
{
	struct score *s = &scores[method];

	if (!isfinite(n) || !isfinite(i.upper))
		return;
	s->n[s->given] = n / truth;
	s->width[s->given++] = (i.upper - i.lower) / truth;
	s->held += i.lower <= truth && truth <= i.upper;
}

static void
score_gate(struct arena *a, const struct reckon_counts *c, const struct reckon_loglinear *l,
	const struct reckon_graphs *g, double truth)
{
	struct reckon_result r[2] = {
		{.family = RECKON_LOG_LINEAR, .done = l->n_ok > 0, .n = l->averaged.n,
			.lower = l->averaged.interval.lower, .upper = l->averaged.interval.upper,
			.overlap_p = l->n_ok ? l->fits[0].overlap_p : 0},
		{.family = RECKON_GRAPH_AVERAGE, .done = true, .n = g->without.mean,
			.lower = g->without.interval.lower, .upper = g->without.interval.upper,
			.capped = g->capped, .overlap_p = 1},
	};
	struct reckon_gate gate;

	reckon_gate(a, c, r, 2, &gate);
	if (gate.why[1] == RECKON_SAID)
		score(GATED, g->without.mean, g->without.interval, truth);
	if (gate.said)
		score(SPAN, (gate.span.lower + gate.span.upper) / 2, gate.span, truth);
}

static void
one(const struct world *w, unsigned people, uint64_t population)
{
	struct arena *a = arena_create((size_t)1 << 28);
	struct reckon_counts c = draw(a, w, people, population);
	struct reckon_bootstrap_options o = {.replicates = 400, .shortlist = 20};
	struct reckon_loglinear l;
	struct reckon_stepwise s;
	struct reckon_bootstrap b;
	struct reckon_graphs g;
	struct err e;

	invariant(reckon_loglinear(a, &c, NULL, NULL, &l, &e) == OK);
	if (l.n_ok) {
		score(BIC, l.fits[0].n, l.fits[0].profile, people);
		score(AVERAGED, l.averaged.n, l.averaged.interval, people);
	}
	invariant(reckon_stepwise(a, &c, 0, 0, NULL, &s, &e) == OK);
	score(STEPS, s.fit.n, s.fit.profile, people);
	if (reckon_stepwise_bootstrap(a, &c, &o, NULL, &b, &e) == OK)
		score(STEPS_BCA, b.estimate, b.interval, people);
	if (reckon_loglinear_bootstrap(a, &c, &o, NULL, &b, &e) == OK)
		score(BIC_BCA, b.estimate, b.interval, people);
	invariant(reckon_graphs(a, &c, NULL, NULL, &g, &e) == OK);
	score(GRAPHS, g.without.mean, g.without.interval, people);
	score_gate(a, &c, &l, &g, people);
	arena_destroy(a);
}

static int
ascending(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;

	return (a > b) - (a < b);
}

static double
median(double *v, unsigned n)
{
	qsort(v, n, sizeof *v, ascending);
	return n ? v[n / 2] : 0;
}

int
main(int argc, char **argv)
{
	uint64_t populations = 200, people = 2000;

	if ((argc > 1 && (!str_u64(str_of(argv[1]), &populations) || populations < 1
		|| populations > POPULATIONS_MAX))
		|| (argc > 2 && (!str_u64(str_of(argv[2]), &people) || people < 100
		|| people > 10000000)))
		return BAD;
	for (size_t w = 0; w < sizeof worlds / sizeof *worlds; w++) {
		for (uint64_t i = 0; i < populations; i++)
			one(&worlds[w], (unsigned)people, w * POPULATIONS_MAX + i);
		printf("%-36s %7s %7s %7s %7s\n", worlds[w].name, "given", "held", "median", "width");
		for (unsigned m = 0; m < METHODS; m++) {
			struct score *s = &scores[m];
			printf("  %-34s %6.1f%% %6.1f%% %7.2f %7.2f\n", s->name,
				100.0 * s->given / (double)populations,
				s->given ? 100.0 * s->held / s->given : 0, median(s->n, s->given),
				median(s->width, s->given));
			s->given = s->held = 0;
		}
		fflush(stdout);
	}
	return 0;
}
