/*
 * How often do intervals of 95 % hold the truth?  Simulated populations of known size,
 * drawn anew each time, under dependences that the methods may or may not know.
 *
 *   toll_coverage_bench [POPULATIONS [PEOPLE [WORLD]]]    default 200 of 2,000, all worlds
 *
 * Per method: how often there was an interval, how often it held the truth, the median
 * estimate over the truth, the median width over the truth.  The rows with "said" are
 * what the report gate lets through of the methods of `habeas toll mse` together, and
 * their span from lowest lower to highest upper end.
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

/* ASKED..: the methods of `habeas toll mse`; as many rows with SAID before them again. */
enum {
	BIC, AVERAGED, STEPS, ASKED, BIC_BCA = ASKED, STEPS_BCA, GRAPHS, LATENT, ASKED_END,
	SAID = ASKED_END, SPAN = SAID + ASKED_END - ASKED, METHODS,
};
static struct score scores[METHODS] = {
	[BIC] = {"log-linear, best BIC, profile"}, [AVERAGED] = {"log-linear, averaged"},
	[STEPS] = {"stepwise, profile"}, [STEPS_BCA] = {"stepwise, BCa"},
	[BIC_BCA] = {"log-linear, best BIC, BCa"}, [GRAPHS] = {"graphs"},
	[LATENT] = {"latent classes"}, [SAID] = {"said: log-linear, best BIC, BCa"},
	[SAID + 1] = {"said: stepwise, BCa"}, [SAID + 2] = {"said: graphs"},
	[SAID + 3] = {"said: latent classes"}, [SPAN] = {"said: the span of all that are"},
};

/* By which rule each method was withheld how often; printed as numbers of reckon_why. */
static unsigned whys[ASKED_END - ASKED][RECKON_WHYS];

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

/* What a method gave; done false: nothing. */
static void
give(struct reckon_result *r, enum reckon_family f, double n, struct reckon_interval i,
	double overlap_p)
{
	*r = (struct reckon_result){.family = f, .done = true, .n = n, .lower = i.lower,
		.upper = i.upper, .overlap_p = overlap_p};
}

static void
give_fit(struct reckon_result *r, const struct reckon_bootstrap *b, const struct reckon_fit *f)
{
	give(r, RECKON_LOG_LINEAR, b->estimate, b->interval, f->overlap_p);
	r->bic = f->bic;
	r->gap = f->gap;
}

static void
log_linear(struct arena *a, const struct reckon_counts *c, struct reckon_result *r, double truth)
{
	const struct reckon_bootstrap_options o = {.replicates = 400, .shortlist = 20};
	struct reckon_loglinear l;
	struct reckon_stepwise s;
	struct reckon_bootstrap b;
	struct err e;

	invariant(reckon_loglinear(a, c, NULL, NULL, &l, &e) == OK);
	if (l.n_ok) {
		score(BIC, l.fits[0].n, l.fits[0].profile, truth);
		score(AVERAGED, l.averaged.n, l.averaged.interval, truth);
	}
	if (l.n_ok && reckon_loglinear_bootstrap(a, c, &o, NULL, &b, &e) == OK)
		give_fit(&r[0], &b, &l.fits[0]);
	invariant(reckon_stepwise(a, c, 0, 0, NULL, &s, &e) == OK);
	score(STEPS, s.fit.n, s.fit.profile, truth);
	if (reckon_stepwise_bootstrap(a, c, &o, NULL, &b, &e) == OK)
		give_fit(&r[1], &b, &s.fit);
}

static void
latent(struct arena *a, const struct reckon_counts *c, struct reckon_result *r)
{
	const struct reckon_latent_options o = {.ess = 2 * RECKON_ESS_LEAST, .threads = 1};
	struct reckon_latent x;
	struct err e;

	invariant(reckon_latent(a, c, &o, &x, &e) == OK);
	give(r, RECKON_LATENT_CLASSES, x.mixing.mean, (struct reckon_interval){
		x.mixing.quantile[0], x.mixing.quantile[RECKON_QUANTILES - 1]}, x.overlap_p);
	r->capped = x.capped;
	r->sampled = true;
	r->chains = x.chains;
	r->rhat = x.mixing.rhat;
	r->ess = fmin(x.mixing.ess_bulk, x.mixing.ess_tail);
}

static void
one(const struct world *w, unsigned people, uint64_t population)
{
	struct arena *a = arena_create((size_t)1 << 28);
	struct reckon_counts c = draw(a, w, people, population);
	struct reckon_result r[ASKED_END - ASKED] = {{.done = false}};
	struct reckon_graphs g;
	struct reckon_gate gate;
	struct err e;

	log_linear(a, &c, r, people);
	invariant(reckon_graphs(a, &c, NULL, NULL, &g, &e) == OK);
	give(&r[GRAPHS - ASKED], RECKON_GRAPH_AVERAGE, g.without.mean, g.without.interval, 1);
	r[GRAPHS - ASKED].capped = g.capped || g.tail >= 1;
	latent(a, &c, &r[LATENT - ASKED]);
	reckon_gate(a, &c, r, ASKED_END - ASKED, &gate);
	for (unsigned i = 0; i < ASKED_END - ASKED; i++) {
		struct reckon_interval at = {r[i].lower, r[i].upper};
		if (r[i].done)
			score(ASKED + i, r[i].n, at, people);
		if (gate.why[i] == RECKON_SAID)
			score(SAID + i, r[i].n, at, people);
		whys[i][gate.why[i]]++;
	}
	if (gate.said)
		score(SPAN, (gate.span.lower + gate.span.upper) / 2, gate.span, people);
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

static void
show(const char *world, double populations)
{
	printf("%-36s %7s %7s %7s %7s\n", world, "given", "held", "median", "width");
	for (unsigned m = 0; m < METHODS; m++) {
		struct score *s = &scores[m];
		printf("  %-34s %6.1f%% %6.1f%% %7.2f %7.2f", s->name,
			100.0 * s->given / populations, s->given ? 100.0 * s->held / s->given : 0,
			median(s->n, s->given), median(s->width, s->given));
		for (unsigned k = 1; m >= SAID && m < SPAN && k < RECKON_WHYS; k++)
			if (whys[m - SAID][k])
				printf("  %u x rule %u", whys[m - SAID][k], k);
		printf("\n");
		s->given = s->held = 0;
	}
	memset(whys, 0, sizeof whys);
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	enum { WORLDS = sizeof worlds / sizeof *worlds };
	uint64_t populations = 200, people = 2000, only = WORLDS;

	if ((argc > 1 && (!str_u64(str_of(argv[1]), &populations) || populations < 1
		|| populations > POPULATIONS_MAX))
		|| (argc > 2 && (!str_u64(str_of(argv[2]), &people) || people < 100
		|| people > 10000000)) || (argc > 3 && (!str_u64(str_of(argv[3]), &only)
		|| only >= WORLDS)))
		return BAD;
	for (size_t w = 0; w < WORLDS; w++) {
		if (only < WORLDS && only != w)
			continue;
		for (uint64_t i = 0; i < populations; i++)
			one(&worlds[w], (unsigned)people, w * POPULATIONS_MAX + i);
		show(worlds[w].name, (double)populations);
	}
	return 0;
}
