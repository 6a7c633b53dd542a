/*
 * How often do intervals of 95 % hold the truth?  Simulated populations of known size,
 * drawn anew each time, under dependences that the methods may or may not know; and
 * published tables of which one list is taken as the population.
 *
 *   toll_coverage_bench [world=NAME] [populations=N] [latent=N] [people=N] [rows=FILE]
 *
 * NAME: the worlds whose names begin so; "published": the tables.  populations: 300 a
 * world; of these the first `latent` (60) have the latent classes too, whose rows count
 * only them, as does the span of all said.  Where the exact methods show already that
 * people differ, nothing is said whatever the classes give: they are not reckoned.
 * rows: one line a population and method, for whoever wants to look closer.
 *
 * Per method: how often it was given, how often its interval then held the truth, with
 * the 95 % interval of that share (Wilson 1927, JASA 22:209), the median estimate over the
 * truth, the median width over the truth.  The rows with "said" are what the report gate
 * lets through of the methods of `habeas toll mse` together, and their span from lowest
 * lower to highest upper end.
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

/* sim1 to sim5 and those after it: HRDAG's StanLCMCR, import/hand/simulations.yaml, of
 * 2,000 people each (there the classes' sizes are fixed, here drawn). */
static const struct world worlds[] = {
	{"independent, 4 lists", 4, 1, {1}, {{0.3, 0.25, 0.2, 0.15}}, 0, 0, 1},
	{"dependent, odds 3", 4, 1, {1}, {{0.3, 0.25, 0.2, 0.15}}, 0, 1, 3},
	{"apart, odds 1/3", 4, 1, {1}, {{0.3, 0.25, 0.2, 0.15}}, 0, 1, 1.0 / 3},
	{"classes, two, 5 lists", 5, 2, {0.7, 0.3},
		{{0.12, 0.1, 0.15, 0.1, 0.08}, {0.5, 0.4, 0.45, 0.35, 0.3}}, 0, 0, 1},
	{"sparse, 5 lists", 5, 1, {1}, {{0.06, 0.05, 0.04, 0.04, 0.03}}, 0, 0, 1},
	{"sim1", 5, 2, {0.9, 0.1},
		{{0.033, 0.033, 0.099, 0.132, 0.033}, {0.66, 0.825, 0.759, 0.99, 0.693}}, 0, 0, 1},
	{"sim2", 5, 2, {0.8, 0.2},
		{{0.013, 0.013, 0.099, 0.132, 0.033}, {0.56, 0.825, 0.759, 0.99, 0.593}}, 0, 0, 1},
	{"sim3", 5, 2, {0.8, 0.2},
		{{0.113, 0.113, 0.199, 0.232, 0.133}, {0.86, 0.925, 0.859, 0.99, 0.793}}, 0, 0, 1},
	{"sim4", 5, 3, {0.8, 0.1, 0.1},
		{{0.1, 0.05, 0.15, 0.2, 0.1}, {0.5, 0.4, 0.6, 0.4, 0.5}, {0.8, 0.9, 0.6, 0.7, 0.7}},
		0, 0, 1},
	{"sim5", 5, 2, {0.8, 0.2},
		{{0.113, 0.113, 0.199, 0.832, 0.733}, {0.86, 0.925, 0.859, 0.19, 0.193}}, 0, 0, 1},
	{"substrata_skinny", 4, 2, {0.9, 0.1},
		{{0.033, 0.099, 0.132, 0.033}, {0.825, 0.759, 0.99, 0.693}}, 0, 0, 1},
	{"wide_growing_independent, first 5", 5, 1, {1}, {{0.033, 0.033, 0.099, 0.132, 0.033}},
		0, 0, 1},
	{"nonidentifiability_example_small", 5, 3, {0.7, 0.2, 0.1},
		{{0.033, 0.033, 0.099, 0.132, 0.033}, {0.275, 0.25, 0.2, 0.3, 0.325},
		{0.66, 0.825, 0.759, 0.99, 0.693}}, 0, 0, 1},
	{"thin, two dependent, odds 4", 5, 1, {1}, {{0.06, 0.05, 0.04, 0.04, 0.03}}, 0, 1, 4},
};
enum { WORLDS = sizeof worlds / sizeof *worlds };

/* MSETools (Binette), analyses/internal_consistency: people on one list of a published
 * table are a population of known size, the other lists what is known of it; where these
 * have 30 of them or more.  Cells: list by list 0 or 1, then the count. */
static const struct published {
	const char *name, *cells;
	unsigned lists;
} tables[] = {
	/* Silverman (2014), Home Office; police and Crime Agency as one list. */
	{"United Kingdom", "10000 54 01000 463 00100 995 00010 695 00001 316 11000 15 10100 19 "
		"10010 3 01100 62 01010 19 01001 1 00110 76 00101 11 00011 8 11100 1 11010 1 01110 4 "
		"11110 1", 5},
	/* Cruyff, van Dijk & van der Heijden (2017), Chance 30(3):41. */
	{"Netherlands", "10000 756 01000 1299 00100 4466 00010 650 00001 632 11000 1 10100 81 "
		"10010 5 10001 73 01100 44 01001 4 00110 82 00101 125 00011 2 10110 2 10101 11 "
		"00111 1", 5},
	/* Lyneham, Dowling & Bricknell (2019), Australian Institute of Criminology. */
	{"Australia", "1000 34 0100 13 0010 198 0001 100 1100 3 1010 4 1001 1 0110 36 0101 2 "
		"1110 6 1101 1 0111 15 1111 1", 4},
};
enum { TABLES = sizeof tables / sizeof *tables, KNOWN_LEAST = 30 };

struct score {
	const char *name;
	double n[POPULATIONS_MAX], width[POPULATIONS_MAX];
	unsigned tried, given, held;
};

/* ASKED..: the methods of `habeas toll mse`; as many rows with SAID before them again.
 * LEAST: held means that the truth is above the bound's lower end. */
enum {
	LEAST, LEAST_LISTS, BIC, AVERAGED, STEPS, ASKED, BIC_BCA = ASKED, STEPS_BCA, GRAPHS, SPREAD,
	LATENT, ASKED_END, SAID = ASKED_END, SPAN = SAID + ASKED_END - ASKED, METHODS,
};
static struct score scores[METHODS] = {
	[LEAST] = {"bound (lower end)"}, [LEAST_LISTS] = {"bound by list sizes (lower end)"},
	[BIC] = {"log-linear, best BIC, profile"}, [AVERAGED] = {"log-linear, averaged"},
	[STEPS] = {"stepwise, profile"}, [STEPS_BCA] = {"stepwise, BCa"},
	[BIC_BCA] = {"log-linear, best BIC, BCa"}, [GRAPHS] = {"graphs"},
	[LATENT] = {"latent classes"}, [SPREAD] = {"differing smoothly"}, [SAID] = {"said: log-linear, best BIC, BCa"},
	[SAID + 1] = {"said: stepwise, BCa"}, [SAID + 2] = {"said: graphs"},
	[SAID + 3] = {"said: differing smoothly"}, [SAID + 4] = {"said: latent classes"}, [SPAN] = {"said: the span of all that are"},
};

/* By which rule each method was withheld how often. */
static unsigned whys[ASKED_END - ASKED][RECKON_WHYS];
static const char *const why_names[RECKON_WHYS] = {
	[RECKON_FEW_LISTS] = "few lists", [RECKON_LONE_LIST] = "lone list",
	[RECKON_FEW_SHARED] = "few shared", [RECKON_NOT_DONE] = "not done",
	[RECKON_FEW_CHAINS] = "few chains", [RECKON_NOT_MIXED] = "not mixed",
	[RECKON_FEW_DRAWS] = "few draws", [RECKON_AT_CAP] = "at cap", [RECKON_NO_UPPER] = "no upper",
	[RECKON_BELOW_BOUND] = "below bound", [RECKON_TOO_LOW] = "too low",
	[RECKON_DIFFER] = "people differ", [RECKON_OPEN] = "open end", [RECKON_OVERLAPS] = "overlaps",
	[RECKON_DISAGREE] = "disagree",
};

/* The population at hand, for the file of rows. */
static FILE *rows;
static const char *world;
static uint64_t population;

/* ---- Populations -------------------------------------------------------------------- */

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
counts(struct arena *a, unsigned lists, const struct reckon_cell *v)
{
	struct reckon_counts c;

	invariant(reckon_counts_of(a, lists, NULL, v, ((size_t)1 << lists) - 1, &c, NULL) == OK);
	return c;
}

static struct reckon_counts
draw(struct arena *a, const struct world *w, uint64_t people, uint64_t stream)
{
	struct reckon_cell v[1 << LISTS_MAX] = {{0}};
	struct reckon_random r;
	size_t cells = ((size_t)1 << w->lists) - 1;

	reckon_random_init(&r, 20020103, stream);
	for (size_t i = 0; i < cells; i++)
		v[i].on = i + 1;
	for (uint64_t i = 0; i < people; i++) {
		uint64_t on = draw_person(w, &r);
		if (on)
			v[on - 1].count++;
	}
	return counts(a, w->lists, v);
}

/* The people on list `of`, by the other lists. */
static struct reckon_counts
within(struct arena *a, const struct published *t, unsigned of, uint64_t *ret_people)
{
	struct reckon_cell v[1 << LISTS_MAX] = {{0}};
	struct str left = str_of(t->cells);
	uint64_t n;

	for (size_t i = 0; i + 1 < (size_t)1 << (t->lists - 1); i++)
		v[i].on = i + 1;
	*ret_people = 0;
	while (left.n) {
		struct str lists = str_cut(&left, ' ');
		uint64_t on = 0;
		for (unsigned i = 0, bit = 0; i < t->lists; i++)
			if (i != of)
				on |= (uint64_t)(lists.p[i] == '1') << bit++;
		invariant(str_u64(str_cut(&left, ' '), &n));
		if (lists.p[of] != '1')
			continue;
		*ret_people += n;
		if (on)
			v[on - 1].count = n;
	}
	return counts(a, t->lists - 1, v);
}

/* ---- Methods ------------------------------------------------------------------------ */

static void
score(unsigned method, double n, struct reckon_interval i, double truth)
{
	struct score *s = &scores[method];

	if (rows)
		fprintf(rows, "%s\t%llu\t%s\t%.0f\t%.1f\t%.1f\t%.1f\n", world,
			(unsigned long long)population, s->name, truth, n, i.lower, i.upper);
	s->tried++;
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
bounds(const struct reckon_counts *c, double truth)
{
	struct reckon_estimate at;

	invariant(reckon_least(c, 0, &at, NULL) == OK);
	score(LEAST, at.n, (struct reckon_interval){at.interval.lower, 1e300}, truth);
	invariant(reckon_chao_lists(c, 0, &at, NULL) == OK);
	score(LEAST_LISTS, at.n, (struct reckon_interval){at.interval.lower, 1e300}, truth);
}

static void
log_linear(struct arena *a, const struct reckon_counts *c, struct reckon_result *r, double truth)
{
	const struct reckon_bootstrap_options o = {.replicates = 400, .shortlist = 20};
	struct reckon_loglinear l;
	struct reckon_stepwise s;
	struct reckon_bootstrap b;
	struct reckon_spread d;

	invariant(reckon_loglinear(a, c, NULL, NULL, &l, NULL) == OK);
	if (l.n_ok) {
		score(BIC, l.fits[0].n, l.fits[0].profile, truth);
		score(AVERAGED, l.averaged.n, l.averaged.interval, truth);
	}
	if (l.n_ok && reckon_loglinear_bootstrap(a, c, &o, NULL, &b, NULL) == OK)
		give_fit(&r[0], &b, &l.fits[0]);
	invariant(reckon_stepwise(a, c, 0, 0, NULL, &s, NULL) == OK);
	score(STEPS, s.fit.n, s.fit.profile, truth);
	if (reckon_stepwise_bootstrap(a, c, &o, NULL, &b, NULL) == OK)
		give_fit(&r[1], &b, &s.fit);
	if (s.fit.state == RECKON_FIT_OK
	    && reckon_spread(c, s.fit.terms, s.fit.n_terms, 0, &s.fit.profile, &d, NULL)
	    == OK)
		give(&r[SPREAD - ASKED], RECKON_SMOOTH, d.at.n, d.at.interval, 1);
}

static void
latent(struct arena *a, const struct reckon_counts *c, struct reckon_result *r)
{
	const struct reckon_latent_options o = {.ess = 2 * RECKON_ESS_LEAST, .threads = 1};
	struct reckon_latent x;

	invariant(reckon_latent(a, c, &o, &x, NULL) == OK);
	give(r, RECKON_LATENT_CLASSES, x.mixing.mean, (struct reckon_interval){
		x.mixing.quantile[0], x.mixing.quantile[RECKON_QUANTILES - 1]}, x.overlap_p);
	r->capped = x.capped;
	r->sampled = true;
	r->chains = x.chains;
	r->rhat = x.mixing.rhat;
	r->ess = fmin(x.mixing.ess_bulk, x.mixing.ess_tail);
}

static bool
all_differ(const struct reckon_gate *g)
{
	bool differ = false;

	for (unsigned i = 0; i < ASKED_END - ASKED; i++)
		differ |= g->why[i] == RECKON_DIFFER;
	return differ;
}

static void
one(struct arena *a, const struct reckon_counts *c, uint64_t people, bool with_latent)
{
	struct reckon_result r[ASKED_END - ASKED] = {{.done = false}};
	double truth = (double)people;
	struct reckon_graphs g;
	struct reckon_gate gate;

	bounds(c, truth);
	log_linear(a, c, r, truth);
	invariant(reckon_graphs(a, c, NULL, NULL, &g, NULL) == OK);
	give(&r[GRAPHS - ASKED], RECKON_GRAPH_AVERAGE, g.without.mean, g.without.interval, 1);
	r[GRAPHS - ASKED].capped = g.capped || g.tail >= 1;
	r[LATENT - ASKED].family = RECKON_LATENT_CLASSES;
	reckon_gate(a, c, r, ASKED_END - ASKED, &gate);
	if (with_latent && !all_differ(&gate)) {
		latent(a, c, &r[LATENT - ASKED]);
		reckon_gate(a, c, r, ASKED_END - ASKED, &gate);
	}
	for (unsigned i = 0; i < ASKED_END - ASKED; i++) {
		struct reckon_interval at = {r[i].lower, r[i].upper};
		if (ASKED + i == LATENT && !with_latent)
			continue;
		if (r[i].done)
			score(ASKED + i, r[i].n, at, truth);
		if (gate.why[i] == RECKON_SAID)
			score(SAID + i, r[i].n, at, truth);
		else
			scores[SAID + i].tried++;
		whys[i][gate.why[i]]++;
	}
	if (with_latent && gate.said)
		score(SPAN, (gate.span.lower + gate.span.upper) / 2, gate.span, truth);
	else
		scores[SPAN].tried += with_latent;
}

/* ---- What comes out ------------------------------------------------------------------- */

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
	return n ? v[n / 2] : NAN;
}

/* k of n as a percentage, with its 95 % interval. */
static void
share(double k, double n)
{
	const double z = 1.959964, p = k / n, s = 1 + z * z / n, mid = (p + z * z / (2 * n)) / s;
	const double half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / s;

	if (n > 0)
		printf(" %6.1f%% (%3.0f-%3.0f)", 100 * p, 100 * (mid - half), 100 * (mid + half));
	else
		printf(" %17s", "-");
}

static void
show(const char *title)
{
	printf("%-36s %9s %17s %17s %7s %7s\n", title, "of", "given", "held", "median", "width");
	for (unsigned m = 0; m < METHODS; m++) {
		struct score *s = &scores[m];
		printf("  %-34s %9u", s->name, s->tried);
		share(s->given, s->tried);
		share(s->held, s->given);
		printf(" %7.2f", median(s->n, s->given));
		if (m != LEAST && m != LEAST_LISTS)
			printf(" %7.2f", median(s->width, s->given));
		for (unsigned k = 1; m >= SAID && m < SPAN && k < RECKON_WHYS; k++)
			if (whys[m - SAID][k])
				printf("  %u %s", whys[m - SAID][k], why_names[k]);
		printf("\n");
		s->tried = s->given = s->held = 0;
	}
	memset(whys, 0, sizeof whys);
	fflush(stdout);
}

static void
published_tables(void)
{
	uint64_t people;

	for (size_t t = 0; t < TABLES; t++)
		for (unsigned of = 0; of < tables[t].lists; of++) {
			struct arena *a = arena_create((size_t)1 << 28);
			struct reckon_counts c = within(a, &tables[t], of, &people);
			world = tables[t].name;
			population = of;
			if (c.n >= KNOWN_LEAST)
				one(a, &c, people, true);
			arena_destroy(a);
		}
	show("published, one list the population");
}

/* Numbers given as NAME=N; false: no such name. */
struct asked {
	uint64_t populations, latent, people;
	const char *world;
};

static bool
ask(struct asked *q, const char *arg)
{
	struct str value = str_of(arg), name = str_cut(&value, '=');

	if (str_is(name, "world"))
		q->world = value.p;
	else if (str_is(name, "rows"))
		return (rows = fopen(value.p, "w")) != NULL;
	else if (str_is(name, "populations"))
		return str_u64(value, &q->populations) && q->populations <= POPULATIONS_MAX;
	else if (str_is(name, "latent"))
		return str_u64(value, &q->latent);
	else
		return str_is(name, "people") && str_u64(value, &q->people) && q->people >= 100
			&& q->people <= 10000000;
	return true;
}

int
main(int argc, char **argv)
{
	struct asked q = {300, 60, 2000, ""};

	for (int i = 1; i < argc; i++)
		if (!ask(&q, argv[i]))
			return BAD;
	for (size_t w = 0; w < WORLDS; w++) {
		if (!str_starts(str_of(worlds[w].name), q.world))
			continue;
		world = worlds[w].name;
		for (population = 0; population < q.populations; population++) {
			struct arena *a = arena_create((size_t)1 << 28);
			struct reckon_counts c = draw(a, &worlds[w], q.people,
				w * POPULATIONS_MAX + population);
			one(a, &c, q.people, population < q.latent);
			arena_destroy(a);
		}
		show(worlds[w].name);
	}
	if (str_starts(S("published"), q.world))
		published_tables();
	return 0;
}
