/* Decomposable graphs against dga 2.0.2 and Madigan & York's own figures. */
#include "reckon/tests/exact_data.h"
#include "reckon/graphs_int.h"

#define NEAR(x, y, eps) assert_true(fabs((x) - (y)) <= (eps))

static void
there_are_as_many_chordal_graphs_as_known(void **state)
{
	static const size_t known[] = {0, 1, 2, 8, 61, 822, 18154, 617675};  /* OEIS A058862 */

	(void)state;
	for (unsigned p = 1; p <= 7; p++) {
		size_t n;
		struct chordal *g = chordal_all(p, &n);
		assert_int_equal(n, known[p]);
		assert_int_equal(g[n - 1].n_cliques, 1);      /* the saturated one */
		assert_int_equal(g[n - 1].set[0], (1 << p) - 1);
		assert_int_equal(g[0].n_cliques, p);
		mem_free(g);
	}
}

/* dga 2.0.2, bma.cr(Y, 1:300, 0.5, graphs5). */
static void
five_lists_of_madigan_and_york_to_eight_places(void **state)
{
	struct reckon_graphs_options o = {.delta = 0.5, .n0_min = 1, .n0_max = 300};
	struct arena *a = arena_create(1 << 24);
	struct reckon_counts c = counts_dense(a, my5, 5);
	struct reckon_graphs g;

	(void)state;
	assert_int_equal(reckon_graphs(a, &c, &o, NULL, &g, NULL), OK);
	NEAR(g.with.mean, 617.81589076, 1e-8);
	NEAR(g.with.interval.lower, 588, 0);
	NEAR(g.with.median, 616, 0);
	NEAR(g.with.interval.upper, 655, 0);
	NEAR(g.top[0].probability * (1 - g.saturated), 0.2171, 5e-5);
	assert_int_equal(g.n_graphs, 822);
	assert_false(g.capped);
	arena_destroy(a);
}

/* dga, and the published 731, 728 and 0.37 of Madigan & York (1997). */
static void
three_lists_of_madigan_and_york_to_eight_places(void **state)
{
	struct reckon_graphs_options o = {.delta = 1, .n0_min = 1, .n0_max = 300,
		.prior = RECKON_PRIOR_NEGATIVE_BINOMIAL, .a = 13.14, .b = 55.17};
	struct arena *a = arena_create(1 << 24);
	struct reckon_counts c = COUNTS(a, my3);
	struct reckon_graphs g;

	(void)state;
	assert_int_equal(reckon_graphs(a, &c, &o, NULL, &g, NULL), OK);
	NEAR(g.with.mean, 733.45236911, 1e-8);
	NEAR(g.with.relative, 731, 0.5);
	NEAR(g.with.mode, 728, 0);
	NEAR(g.with.interval.lower, 682, 0);
	NEAR(g.with.interval.upper, 797, 0);
	NEAR(g.top[0].probability * (1 - g.saturated), 0.3738, 5e-5);
	arena_destroy(a);
}

static void
kosovo_to_eight_places_and_without_the_saturated_graph(void **state)
{
	struct reckon_graphs_options o = {.delta = 1.0 / 16, .n0_min = 1, .n0_max = 40000};
	struct arena *a = arena_create(1 << 26);
	struct reckon_counts c = COUNTS(a, kosovo);
	struct reckon_graphs g;
	double sum = 0;

	(void)state;
	assert_int_equal(reckon_graphs(a, &c, &o, NULL, &g, NULL), OK);
	NEAR(g.with.mean, 12749.34927041, 1e-8);
	NEAR(g.with.interval.lower, 9827, 0);
	NEAR(g.with.median, 12595, 0);
	NEAR(g.with.interval.upper, 16544, 0);
	for (size_t i = 0; i < g.n_columns; i++)
		sum += g.columns[i].probability;
	NEAR(sum, 1, 1e-12);
	NEAR(reckon_graphs_quantile(&g, 0.5), g.without.median, 0);
	NEAR(reckon_graphs_quantile(&g, 0.975), g.without.interval.upper, 0);
	NEAR(reckon_graphs_quantile(&g, 1), g.columns[g.n_columns - 1].n, 5000);
	o.delta = 0.5;
	assert_int_equal(reckon_graphs(a, &c, &o, NULL, &g, NULL), OK);
	NEAR(g.with.mean, 11030.7, 0.05);
	NEAR(g.with.mode, 4401, 0);
	NEAR(g.without.mean, 11439, 0.5);
	NEAR(g.without.interval.lower, 7536, 0);
	NEAR(g.without.interval.upper, 14539, 0);
	arena_destroy(a);
}

static void
the_end_is_found_and_the_tail_told(void **state)
{
	struct reckon_graphs_options o = {0};
	struct arena *a = arena_create(1 << 26);
	struct reckon_counts c = COUNTS(a, kosovo);
	struct reckon_graphs g, half;
	double beyond = 0;

	(void)state;
	assert_int_equal(reckon_graphs(a, &c, NULL, NULL, &g, NULL), OK);
	assert_true(g.tail < 1e-6 && !g.capped && g.n0_max > 20000 && g.n0_max < 400000);
	NEAR(g.delta, 1.0 / 16, 0);
	for (size_t i = 0; i < g.n_columns; i++)
		beyond += g.columns[i].n > 20400 ? g.columns[i].probability : 0;
	o.n0_max = 16000;
	assert_int_equal(reckon_graphs(a, &c, &o, NULL, &half, NULL), OK);
	assert_true(half.tail > beyond / 3 && half.tail < 3 * beyond);
	arena_destroy(a);
}

/* A hundred-thousandth of the posterior lies behind the last column: too little to move the
 * mean by 1 %.  With dga's own end the sum is dga's: bma.cr(Y, 1:12420, 1/16, graphs4). */
static void
a_tail_too_light_to_matter_is_no_cap(void **state)
{
	struct reckon_graphs_options o = {.n0_min = 1, .n0_max = 12420};
	struct arena *a = arena_create(1 << 26);
	struct reckon_counts c = COUNTS(a, australia);
	struct reckon_graphs g;

	(void)state;
	assert_int_equal(reckon_graphs(a, &c, &o, NULL, &g, NULL), OK);
	NEAR(g.with.mean, 2712.90050094, 1e-8);
	NEAR(g.without.mean, 2712.92249074, 1e-8);
	assert_int_equal(reckon_graphs(a, &c, NULL, NULL, &g, NULL), OK);
	assert_true(g.tail > 1e-6 && g.tail < 1e-4 && !g.capped && g.n0_max >= 1000 * 414);
	assert_true(g.without.mean > 2712 && g.without.mean < 2900);
	/* Two lists hang together, the third with none: no tail that ends. */
	c = COUNTS(a, artificial_3);
	assert_int_equal(reckon_graphs(a, &c, NULL, NULL, &g, NULL), OK);
	assert_true(g.capped);
	arena_destroy(a);
}

static void
three_lists_of_hepatitis_to_eight_places(void **state)
{
	struct reckon_graphs_options o = {.n0_min = 1, .n0_max = 30 * 271};
	struct arena *a = arena_create(1 << 24);
	struct reckon_counts c = COUNTS(a, hav);
	struct reckon_graphs g;

	(void)state;
	assert_int_equal(reckon_graphs(a, &c, &o, NULL, &g, NULL), OK);
	NEAR(g.without.mean, 426.08838584, 1e-8);
	NEAR(g.with.mean, 480.26722722, 1e-8);
	NEAR(g.saturated, 0.5658, 5e-5);
	arena_destroy(a);
}

static void
the_order_of_lists_does_not_matter(void **state)
{
	struct arena *a = arena_create(1 << 26);
	struct reckon_counts c = COUNTS(a, ukdat_5), d;
	struct reckon_cell v[32];
	struct reckon_graphs_options o = {.n0_max = 30 * 2744};
	struct reckon_graphs g, h;

	(void)state;
	for (size_t i = 0; i < c.n_cells; i++) {      /* turn the lists round by two */
		uint64_t on = c.cells[i].on;
		v[c.n_cells - 1 - i] = (struct reckon_cell){(on << 2 | on >> 3) & 31,
			c.cells[i].count};
	}
	assert_int_equal(reckon_counts_of(a, 5, NULL, v, c.n_cells, &d, NULL), OK);
	o.n0_min = 1;
	assert_int_equal(reckon_graphs(a, &c, &o, NULL, &g, NULL), OK);
	assert_int_equal(reckon_graphs(a, &d, &o, NULL, &h, NULL), OK);
	NEAR(g.with.mean, 21282.242081, 1e-5);        /* dga, delta 1/32 */
	NEAR(g.with.interval.lower, 10387, 0);
	NEAR(g.with.interval.upper, 33510, 0);
	NEAR(g.with.mean, h.with.mean, 1e-6);
	arena_destroy(a);
}

static void
odd_data_are_answered_or_refused(void **state)
{
	static const struct pattern two[] = {{"10", 3}, {"01", 4}}, three[] = {{"100", 3}};
	static const struct pattern huge[] = {{"100", 1000000000}, {"010", 1000000000},
		{"110", 1000000000}, {"101", 1000000000}, {"011", 1000000000}};
	static const struct pattern six[] = {{"100000", 9}, {"010010", 3}, {"001000", 7},
		{"110000", 2}};
	struct arena *a = arena_create(1 << 28);
	struct reckon_counts c = {.n_lists = 3};
	struct reckon_graphs g = {.delta = 77};
	struct err e;

	(void)state;
	assert_int_equal(reckon_graphs(a, &c, NULL, NULL, &g, &e), BAD);
	c.n_lists = 34;
	assert_int_equal(reckon_graphs(a, &c, NULL, NULL, &g, &e), BAD);
	assert_non_null(strstr(e.text, "34 lists"));
	assert_true(g.delta == 77);
	for (int i = 0; i < 4; i++) {
		c = i == 0 ? COUNTS(a, two) : i == 1 ? COUNTS(a, three) : i == 2 ? COUNTS(a, huge)
			: COUNTS(a, six);
		assert_int_equal(reckon_graphs(a, &c, NULL, NULL, &g, &e), OK);
		assert_true(isfinite(g.without.mean) && isfinite(g.with.sd));
		assert_true(g.tail >= 0 && g.tail <= 1 && g.saturated >= 0 && g.saturated <= 1);
		assert_true(g.without.interval.upper >= g.without.interval.lower);
	}
	arena_destroy(a);
}

static bool
never(void *context, uint64_t done, uint64_t of)
{
	assert_true(done <= of);
	++*(int *)context;
	return false;
}

static void
it_stops_when_told(void **state)
{
	int asked = 0;
	struct reckon_progress p = {never, &asked};
	struct arena *a = arena_create(1 << 26);
	struct reckon_counts c = COUNTS(a, kosovo);
	struct reckon_graphs g = {.delta = 77};

	(void)state;
	assert_int_equal(reckon_graphs(a, &c, NULL, &p, &g, NULL), NO);
	assert_int_equal(asked, 1);
	assert_true(g.delta == 77);
	arena_destroy(a);
}

static void
graphs_are_shown_by_their_cliques(void **state)
{
	static const uint64_t terms[] = {3, 6, 8};
	static const struct str names[] = {{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}};
	struct arena *a = arena_create(1 << 16);

	(void)state;
	assert_true(str_is(reckon_terms_show(a, terms, 3, NULL), "[12][23][4]"));
	assert_true(str_is(reckon_terms_show(a, terms, 3, names), "[a:b][b:c][d]"));
	arena_destroy(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_are_as_many_chordal_graphs_as_known),
		cmocka_unit_test(five_lists_of_madigan_and_york_to_eight_places),
		cmocka_unit_test(three_lists_of_madigan_and_york_to_eight_places),
		cmocka_unit_test(kosovo_to_eight_places_and_without_the_saturated_graph),
		cmocka_unit_test(the_end_is_found_and_the_tail_told),
		cmocka_unit_test(a_tail_too_light_to_matter_is_no_cap),
		cmocka_unit_test(three_lists_of_hepatitis_to_eight_places),
		cmocka_unit_test(the_order_of_lists_does_not_matter),
		cmocka_unit_test(odd_data_are_answered_or_refused),
		cmocka_unit_test(it_stops_when_told),
		cmocka_unit_test(graphs_are_shown_by_their_cliques),
	};

	return cmocka_run_group_tests_name("graphs", tests, NULL, NULL);
}
