/* Excess mortality against published figures, a hand-worked case and a simulation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <math.h>
#include "reckon/reckon.h"

/* Iran by Solar Hijri quarters, winter counted to the year it ends in: the file of
 * Karlinsky & Kobak 2021 (World Mortality Dataset as of the eLife paper, MIT). */
static const double iran[] = {
	104609, 91198, 90009, 90451, 95026, 90558, 88026, 95737, 94831, 93067, 88002, 94214,
	101030, 90214, 91737, 93863, 101210, 91742, 94441, 103422, 105787, 110384, 131294,
};
enum { IRAN = sizeof iran / sizeof *iran };

/* cmocka's own compares in single precision. */
static void
assert_near(double seen, double right, double within)
{
	if (!(fabs(seen - right) <= within))
		fail_msg("%.10g instead of %.10g", seen, right);
}

static struct reckon_excess_ask
ask_iran(struct reckon_deaths v[IRAN])
{
	for (unsigned i = 0; i < IRAN; i++)
		v[i] = (struct reckon_deaths){{2015 + (int)(i / 4), i % 4 + 1}, 0, iran[i]};
	return (struct reckon_excess_ask){.deaths = v, .n = IRAN, .seasons = 4, .n_strata = 1,
		.base_first = 2015, .base_last = 2019, .window = {{2020, 1}, {2020, 3}}};
}

static struct reckon_excess
run(struct arena *a, const struct reckon_excess_ask *q)
{
	struct reckon_excess r;
	struct err e = {0};

	if (reckon_excess(a, q, &r, &e) != OK)
		fail_msg("%s", e.text);
	return r;
}

/* 58,092 +- 7,911 and the slope: the paper's notebook, elife2021/elife.ipynb. */
static void
irans_quarters_give_the_published_figures_to_the_unit(void **state)
{
	struct arena *a = arena_create(1 << 22);
	struct reckon_deaths v[IRAN];
	struct reckon_excess_ask q = ask_iran(v);
	struct reckon_excess r = run(a, &q);

	(void)state;
	assert_near(r.excess, 58091.6, 0.1);
	assert_near(r.published.sd, 7911.3, 0.1);
	assert_near(r.residual_sd, 3335.7, 0.1);
	assert_near(r.slope, 914.8, 0.05);
	assert_near(r.points[20].expected, 102086, 0.5);
	assert_near(r.points[21].expected, 94100, 0.5);
	assert_near(r.points[22].expected, 93187, 0.5);
	assert_int_equal(r.periods, 3);
	assert_int_equal(r.missing, 0);
	assert_int_equal(r.n_baseline, 20);
	assert_int_equal(r.block.df, 3);
	assert_null(r.block.withheld);
	arena_destroy(a);
}

static void
other_choices_give_what_another_program_gave(void **state)
{
	static const struct reckon_span autumn = {{2019, 4}, {2019, 4}};
	struct arena *a = arena_create(1 << 22);
	struct reckon_deaths v[IRAN];
	struct reckon_excess_ask q = ask_iran(v);
	struct reckon_excess r;

	(void)state;
	q.excluded = &autumn;
	q.n_excluded = 1;
	r = run(a, &q);
	assert_near(r.excess, 61984, 0.5);
	assert_near(r.published.sd, 6956, 0.5);
	q = ask_iran(v);
	q.window.from.season = 2;
	r = run(a, &q);
	assert_near(r.excess, 54390, 0.5);
	assert_near(r.published.sd, 6060, 0.5);
	q = ask_iran(v);
	q.flat = true;
	r = run(a, &q);
	assert_near(r.excess, 66325, 0.5);
	arena_destroy(a);
}

/* A whole year's window: the year-block interval is that of a straight line through
 * the yearly totals.  Totals 10, 12, 11, 14, 13; then 20: the line is 12 + 0.8 x, at
 * x = 3 it is 14.4; RSS 3.6, s^2 1.2, variance 1.2 (1 + 1/5 + 9/10) = 2.52. */
static void
a_whole_year_as_a_block_is_a_line_through_yearly_totals(void **state)
{
	static const double totals[] = {10, 12, 11, 14, 13, 20}, season[] = {1, -2, 3, -2};
	struct arena *a = arena_create(1 << 22);
	struct reckon_deaths v[24];
	struct reckon_excess_ask q = {.deaths = v, .n = 24, .seasons = 4, .n_strata = 1,
		.base_first = 2001, .base_last = 2005, .window = {{2006, 1}, {2006, 4}}};
	struct reckon_excess r;

	(void)state;
	for (unsigned i = 0; i < 24; i++)
		v[i] = (struct reckon_deaths){{2001 + (int)(i / 4), i % 4 + 1}, 0,
			totals[i / 4] / 4 + season[i % 4]};
	/* No interval may depend on how the year's deaths lie in it. */
	v[5].deaths += 1;
	v[6].deaths -= 1;
	r = run(a, &q);
	assert_near(r.excess, 5.6, 1e-9);
	assert_near(r.block.sd, sqrt(2.52), 1e-9);
	assert_near(r.block.upper, 5.6 + 3.182446305 * sqrt(2.52), 1e-6);
	assert_near(r.years[3].residuals, 1.2, 1e-9);
	arena_destroy(a);
}

static void
quantiles_are_those_of_the_tables(void **state)
{
	(void)state;                  /* Abramowitz & Stegun, table 26.10 */
	assert_near(reckon_t_quantile(0.95, 1), 12.706, 5e-4);
	assert_near(reckon_t_quantile(0.95, 2), 4.303, 5e-4);
	assert_near(reckon_t_quantile(0.95, 3), 3.182, 5e-4);
	assert_near(reckon_t_quantile(0.95, 10), 2.228, 5e-4);
	assert_near(reckon_t_quantile(0.99, 5), 4.032, 5e-4);
	assert_near(reckon_t_quantile(0.95, 0), 1.95996, 5e-6);
}

/* Strata with one design: excess is the sum, years of the sum are the blocks. */
static void
strata_add_up(void **state)
{
	struct arena *a = arena_create(1 << 22);
	struct reckon_deaths v[2 * IRAN];
	struct reckon_excess_ask q = ask_iran(v);
	struct reckon_excess one = run(a, &q), two;

	(void)state;
	for (unsigned i = 0; i < IRAN; i++) {
		double part = (i * 37 % 11 + 2) / 15.0;
		v[IRAN + i] = (struct reckon_deaths){v[i].at, 1, v[i].deaths * part};
		v[i].deaths *= 1 - part;
	}
	q.n = 2 * IRAN;
	q.n_strata = 2;
	two = run(a, &q);
	assert_near(two.excess, one.excess, 1e-6);
	assert_near(two.block.sd, one.block.sd, 1e-6);
	assert_near(two.points[21].deaths, 110384, 1e-6);
	assert_int_equal(two.n_points, IRAN);
	arena_destroy(a);
}

static void
the_order_of_rows_changes_nothing(void **state)
{
	struct arena *a = arena_create(1 << 22);
	struct reckon_deaths v[IRAN], w[IRAN];
	struct reckon_excess_ask q = ask_iran(v);
	struct reckon_excess r = run(a, &q), s;

	(void)state;
	for (unsigned i = 0; i < IRAN; i++)
		w[i] = v[i * 7 % IRAN];
	q.deaths = w;
	s = run(a, &q);
	assert_near(r.excess, s.excess, 1e-6);
	assert_near(r.block.sd, s.block.sd, 1e-6);
	arena_destroy(a);
}

static void
gaps_in_the_window_are_counted(void **state)
{
	struct arena *a = arena_create(1 << 22);
	struct reckon_deaths v[IRAN];
	struct reckon_excess_ask q = ask_iran(v);
	struct reckon_excess r;

	(void)state;
	v[21] = v[22];
	q.n = IRAN - 1;
	q.window.to = (struct reckon_period){2021, 1};
	r = run(a, &q);
	assert_int_equal(r.periods, 2);
	assert_int_equal(r.missing, 3);       /* spring; autumn, winter */
	arena_destroy(a);
}

static void
what_cannot_be_reckoned_is_refused(void **state)
{
	struct arena *a = arena_create(1 << 22);
	struct reckon_deaths v[IRAN];
	struct reckon_excess_ask q = ask_iran(v);
	struct reckon_excess r = {.excess = 7};

	(void)state;
	q.base_last = 2015;
	assert_int_equal(reckon_excess(a, &q, &r, NULL), BAD);
	q = ask_iran(v);
	q.base_first = 2010;
	q.base_last = 2014;
	assert_int_equal(reckon_excess(a, &q, &r, NULL), BAD);
	q = ask_iran(v);
	q.window.from.year = 2022;
	q.window.to.year = 2023;
	assert_int_equal(reckon_excess(a, &q, &r, NULL), BAD);
	q = ask_iran(v);
	v[3] = v[2];
	assert_int_equal(reckon_excess(a, &q, &r, NULL), BAD);
	q = ask_iran(v);
	v[3].deaths = NAN;
	assert_int_equal(reckon_excess(a, &q, &r, NULL), BAD);
	q = ask_iran(v);
	v[3].at.season = 5;
	assert_int_equal(reckon_excess(a, &q, &r, NULL), BAD);
	assert_near(r.excess, 7, 0);
	/* Two years have a line, but nothing to tell by how the years vary about it. */
	q = ask_iran(v);
	q.base_first = 2018;
	r = run(a, &q);
	assert_non_null(r.block.withheld);
	assert_true(isnan(r.block.sd) && r.published.sd > 0);
	arena_destroy(a);
}

/* Counting three quarters and one of the next year, of which a baseline year lacks the
 * like: of four years it knows three, so that term has one degree less; but it is a
 * small part of the variance. */
static void
a_term_that_hardly_counts_costs_no_degrees(void **state)
{
	struct arena *a = arena_create(1 << 22);
	struct reckon_deaths v[IRAN + 1];
	struct reckon_excess_ask q = ask_iran(v);
	struct reckon_excess r;

	(void)state;
	v[IRAN] = (struct reckon_deaths){{2020, 4}, 0, 110000};
	v[0] = (struct reckon_deaths){{2021, 1}, 0, 110000};      /* no winter of 2015 */
	q.n = IRAN + 1;
	q.window.to = (struct reckon_period){2021, 1};
	r = run(a, &q);
	assert_int_equal(r.periods, 5);
	assert_int_equal(r.block.df, 3);
	/* Alone it is the whole variance, beside the baseline's. */
	q.window.from = q.window.to;
	r = run(a, &q);
	assert_int_equal(r.block.df, 2);
	arena_destroy(a);
}

static void
a_stratum_without_a_baseline_is_named(void **state)
{
	static const struct str names[] = {{"north", 5}, {"south", 5}};
	struct arena *a = arena_create(1 << 22);
	struct reckon_deaths v[IRAN + 1];
	struct reckon_excess_ask q = ask_iran(v);
	struct reckon_excess r;
	struct err e = {0};

	(void)state;
	v[IRAN] = (struct reckon_deaths){{2020, 1}, 1, 1000};
	q.n = IRAN + 1;
	q.n_strata = 2;
	q.names = names;
	assert_int_equal(reckon_excess(a, &q, &r, &e), BAD);
	assert_non_null(strstr(e.text, "stratum south"));
	arena_destroy(a);
}

/* 400 worlds whose years have a shock in common (as large as that of a period): the
 * year-block interval holds the truth, 0, in about 95 of 100, the published does not. */
static void
years_with_a_shock_in_common_are_covered(void **state)
{
	struct arena *a = arena_create(1 << 24);
	struct reckon_deaths v[6 * 52];
	struct reckon_excess_ask q = {.deaths = v, .n = 6 * 52, .seasons = 52, .n_strata = 1,
		.base_first = 1, .base_last = 5, .window = {{6, 10}, {6, 52}}};
	unsigned held = 0, published = 0, worlds = 400;
	uint64_t x = 88172645463325252u;      /* xorshift64: Marsaglia 2003 */

	(void)state;
	for (unsigned w = 0; w < worlds; w++) {
		double shock = 0;
		for (unsigned i = 0; i < 6 * 52; i++) {
			double z[2] = {0, 0};         /* sums of 12 uniforms: normal enough */
			for (unsigned k = 0; k < 24; k++) {
				x ^= x << 13, x ^= x >> 7, x ^= x << 17;
				z[k % 2] += (double)(x >> 11) * 0x1p-53 - 0.5;
			}
			if (i % 52 == 0)
				shock = 30 * z[1];
			v[i] = (struct reckon_deaths){{1 + (int)(i / 52), i % 52 + 1}, 0,
				1000 + 2 * (i / 52) + shock + 30 * z[0]};
		}
		struct reckon_excess r = run(a, &q);
		held += r.block.lower <= 0 && r.block.upper >= 0;
		published += r.published.lower <= 0 && r.published.upper >= 0;
		arena_reset(a);
	}
	assert_in_range(held, worlds * 91 / 100, worlds * 99 / 100);
	assert_in_range(published, 0, worlds * 60 / 100);
	arena_destroy(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(irans_quarters_give_the_published_figures_to_the_unit),
		cmocka_unit_test(other_choices_give_what_another_program_gave),
		cmocka_unit_test(a_whole_year_as_a_block_is_a_line_through_yearly_totals),
		cmocka_unit_test(quantiles_are_those_of_the_tables),
		cmocka_unit_test(strata_add_up),
		cmocka_unit_test(the_order_of_rows_changes_nothing),
		cmocka_unit_test(gaps_in_the_window_are_counted),
		cmocka_unit_test(what_cannot_be_reckoned_is_refused),
		cmocka_unit_test(a_term_that_hardly_counts_costs_no_degrees),
		cmocka_unit_test(a_stratum_without_a_baseline_is_named),
		cmocka_unit_test(years_with_a_shock_in_common_are_covered),
	};

	return cmocka_run_group_tests_name("excess", tests, NULL, NULL);
}
