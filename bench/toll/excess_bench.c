/*
 * How often do the two intervals of excess hold the truth, which is 0?  Invented weeks of
 * normal years and of what is counted after them, drawn anew each time, under what years
 * and weeks may have in common.
 *
 *   toll_excess_bench [WORLDS [YEARS]]
 *
 * WORLDS: 2,000 of each kind; YEARS: only so many baseline years (else 3, 5 and 10).
 * Per kind and window: how often the interval by whole years and the published one of a
 * nominal 95 % held 0, and how much wider the first is, in the median.
 */
#include <math.h>
#include <stdio.h>
#include "reckon/reckon.h"

enum { WEEKS = 52, YEARS_MOST = 12, WORLDS_MOST = 20000 };

/* Deaths of a week: 1,000 with a season and a slope, and what varies, in deaths (sd). */
struct kind {
	const char *name;
	double week;                  /* each week for itself */
	double neighbour;             /* how much a week keeps of the one before */
	double year;                  /* in common to the weeks of a year */
	double wave;                  /* in common to weeks 1 to 12 of a year: influenza */
	double kept;                  /* how much a year's shock keeps of the year before */
};
static const struct kind kinds[] = {
	{"weeks independent", 30, 0, 0, 0, 0},
	{"a shock common to each year, sd 15", 30, 0, 15, 0, 0},
	{"the same, sd 30", 30, 0, 30, 0, 0},
	{"weeks that resemble their neighbours (0.9)", 30, 0.9, 0, 0, 0},
	{"winters that differ, sd 60", 30, 0, 0, 60, 0},
	{"a shock, sd 30, half of it kept next year", 30, 0, 30, 0, 0.5},
};
static const struct {
	const char *name;
	unsigned from, years, to;     /* weeks; whole years between them */
} windows[] = {
	{"the year", 1, 0, 52}, {"weeks 10-30", 10, 0, 30}, {"two years", 1, 1, 52},
};
enum { KINDS = sizeof kinds / sizeof *kinds, WINDOWS = sizeof windows / sizeof *windows };

/* Years from 1 to `years`. */
static void
draw(const struct kind *k, unsigned years, struct reckon_random *r, struct reckon_deaths *v)
{
	double week = 30 * reckon_random_normal(r), shock = k->year * reckon_random_normal(r);

	for (unsigned y = 0; y < years; y++) {
		double wave = k->wave * reckon_random_normal(r);
		shock = k->kept * shock + sqrt(1 - k->kept * k->kept) * k->year * reckon_random_normal(r);
		for (unsigned t = 0; t < WEEKS; t++) {
			week = k->neighbour * week
				+ sqrt(1 - k->neighbour * k->neighbour) * k->week * reckon_random_normal(r);
			v[y * WEEKS + t] = (struct reckon_deaths){{(int)y + 1, t + 1}, 0,
				1000 + 100 * cos(6.283185307179586 * t / WEEKS) + 2.0 * y + shock + week
				+ (t < 12 ? wave : 0)};
		}
	}
}

static int
by_size(const void *x, const void *y)
{
	const double *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

struct score {
	unsigned worlds, block, published;
	double wider[WORLDS_MOST];
};

static bool
one(struct arena *a, const struct kind *k, unsigned base, size_t w, uint64_t stream,
	struct score *s)
{
	struct reckon_deaths v[YEARS_MOST * WEEKS];
	struct reckon_random random;
	struct reckon_excess r;
	int from = (int)base + 1;
	struct reckon_excess_ask q = {.deaths = v, .seasons = WEEKS, .n_strata = 1, .base_first = 1,
		.base_last = (int)base, .window = {{from, windows[w].from},
		{from + (int)windows[w].years, windows[w].to}}};
	unsigned years = base + 1 + windows[w].years;
	struct err e = {0};

	reckon_random_init(&random, 1394, stream);
	draw(k, years, &random, v);
	q.n = (size_t)years * WEEKS;
	if (reckon_excess(a, &q, &r, &e) != OK) {
		fprintf(stderr, "%s: %s\n", k->name, e.text);
		return false;
	}
	s->block += r.block.lower <= 0 && r.block.upper >= 0;
	s->published += r.published.lower <= 0 && r.published.upper >= 0;
	s->wider[s->worlds++] = (r.block.upper - r.block.lower)
		/ (r.published.upper - r.published.lower);
	arena_reset(a);
	return true;
}

static bool
row(struct arena *a, const struct kind *k, unsigned base, size_t w, unsigned worlds)
{
	static struct score s;

	s.worlds = s.block = s.published = 0;
	for (unsigned i = 0; i < worlds; i++)
		if (!one(a, k, base, w, i, &s))
			return false;
	qsort(s.wider, s.worlds, sizeof *s.wider, by_size);
	printf("| %s | %u | %s | %.3f | %.3f | %.1f |\n", k->name, base, windows[w].name,
		(double)s.block / s.worlds, (double)s.published / s.worlds, s.wider[s.worlds / 2]);
	fflush(stdout);
	return true;
}

int
main(int argc, char **argv)
{
	static const unsigned bases[] = {3, 5, 10};
	uint64_t worlds = 2000, only = 0;
	struct arena *a = arena_create((size_t)1 << 26);

	if ((argc > 1 && !str_u64(str_of(argv[1]), &worlds)) || worlds < 1 || worlds > WORLDS_MOST
	    || (argc > 2 && !str_u64(str_of(argv[2]), &only)))
		return 2;
	printf("%u worlds each\n\n| World | Baseline years | Counted | by years | as published "
		"| times as wide |\n|---|---|---|---|---|---|\n", (unsigned)worlds);
	for (size_t k = 0; k < KINDS; k++)
		for (size_t b = 0; b < 3; b++)
			for (size_t w = 0; w < WINDOWS; w++)
				if ((!only || only == bases[b]) && !row(a, &kinds[k], bases[b], w, (unsigned)worlds))
					return 1;
	arena_destroy(a);
	return 0;
}
