/* Log-linear models against Rcapture 1.4-4 and SparseMSE 2.0.1. */
#include "reckon/tests/exact_data.h"
#include "reckon/loglinear_int.h"

#define NEAR(x, y, eps) assert_true(fabs((x) - (y)) <= (eps))

static struct str
name(struct arena *a, const struct reckon_fit *f)
{
	return reckon_terms_show(a, f->terms, f->n_terms, NULL);
}

static void
there_are_as_many_models_as_rcapture_knows(void **state)
{
	static const size_t known[] = {0, 0, 1, 8, 113, 6893};

	(void)state;
	for (unsigned lists = 2; lists <= 5; lists++) {
		size_t n;
		mem_free(models_all(lists, &n));
		assert_int_equal(n, known[lists]);
	}
}

/* closedpMS.t and closedpCI.t; the interval of Ball et al. (2002) was 9,002 to 12,122. */
static void
kosovo_is_ten_thousand_three_hundred_and_fifty_six(void **state)
{
	struct arena *a = arena_create(1 << 22);
	struct reckon_counts c = COUNTS(a, kosovo);
	struct reckon_loglinear l;
	struct reckon_fit one;
	const uint64_t terms[] = {7, 9, 12};

	(void)state;
	assert_int_equal(reckon_loglinear(a, &c, NULL, NULL, &l, NULL), OK);
	assert_int_equal(l.n_fits, 113);
	assert_int_equal(l.n_ok, 113);
	assert_true(str_is(name(a, &l.fits[0]), "[123][14][34]"));
	NEAR(l.fits[0].n, 10356.519, 0.001);
	NEAR(l.fits[0].se, 785.902, 0.001);
	NEAR(l.fits[0].deviance, 9.32267, 0.00001);
	assert_true(str_is(name(a, &l.fits[l.best_aic]), "[123][134]"));
	NEAR(l.fits[l.best_aic].n, 12740.97, 0.005);
	NEAR(l.fits[0].profile.lower, 8994.26, 0.05);
	NEAR(l.fits[0].profile.upper, 12110.41, 0.05);
	NEAR(l.fits[0].wald.lower, 9005, 1);
	NEAR(l.fits[0].wald.upper, 12105, 1);
	assert_true(l.averaged.n > l.lowest && l.averaged.n < l.highest);
	assert_int_equal(reckon_loglinear_fit(a, &c, terms, 3, 0, &one, NULL), OK);
	NEAR(one.n, l.fits[0].n, 1e-6);
	NEAR(one.bic, l.fits[0].bic, 1e-9);
	NEAR(one.profile.upper, l.fits[0].profile.upper, 1e-3);
	arena_destroy(a);
}

static void
rome_is_eleven_thousand_one_hundred_and_twenty_five(void **state)
{
	struct arena *a = arena_create(1 << 22);
	struct reckon_counts c = COUNTS(a, hiv);
	struct reckon_loglinear l;

	(void)state;
	assert_int_equal(reckon_loglinear(a, &c, NULL, NULL, &l, NULL), OK);
	NEAR(l.fits[0].n, 11124.58, 0.005);
	arena_destroy(a);
}

/* stepwisefit(pthresh = 0.02). */
static void
british_lists_step_by_step(void **state)
{
	struct arena *a = arena_create(1 << 22);
	struct reckon_counts c = COUNTS(a, ukdat), d = COUNTS(a, ukdat_5);
	struct reckon_stepwise w;

	(void)state;
	assert_int_equal(reckon_stepwise(a, &c, 0, 0, NULL, &w, NULL), OK);
	NEAR(w.fit.n, 11417.99, 0.005);
	NEAR(w.fit.deviance, 22.9939, 0.00005);
	assert_int_equal(reckon_stepwise(a, &d, 0, 0, NULL, &w, NULL), OK);
	NEAR(w.fit.n, 11312.99, 0.005);
	assert_true(w.n_steps > 1 && w.steps[0].log_p < log(0.02));
	assert_false(w.cut);
	/* What is left after the last step is above the threshold, or has no estimate. */
	assert_true(w.fit.overlap_p > 0.02);
	/* The first step is where independence misses most: ten pairs, two sides. */
	assert_int_equal(reckon_loglinear_fit(a, &d, NULL, 0, 0, &w.fit, NULL), OK);
	NEAR(w.fit.overlap_p / (20 * exp(w.steps[0].log_p)), 1, 1e-6);
	arena_destroy(a);
}

/* Six models within 4 of the best BIC span 11,313 to 28,822 (Rcapture). */
static void
five_lists_disagree_as_they_should(void **state)
{
	struct arena *a = arena_create(1 << 24);
	struct reckon_counts c = COUNTS(a, ukdat_5);
	struct reckon_loglinear l;
	struct reckon_loglinear_options o = {.profile_all = true};

	(void)state;
	assert_int_equal(reckon_loglinear(a, &c, &o, NULL, &l, NULL), OK);
	assert_int_equal(l.n_fits, 6893);
	assert_true(l.n_ok > 1000 && l.n_no_mle > 100);
	NEAR(l.lowest, 11313, 0.5);
	NEAR(l.highest, 28822, 0.5);
	for (size_t i = 0; i < l.n_ok; i++) {
		const struct reckon_fit *f = &l.fits[i];
		assert_true(isfinite(f->n) && f->se >= 0 && f->profile.lower >= 2744);
		assert_true(f->profile.upper >= f->profile.lower);
	}
	arena_destroy(a);
}

/* Chan, Silverman & Vincent (2021), table 2: all three pairs cannot be told apart, [12]
 * alone runs away, [13] and [23] are fine. */
static void
models_without_an_estimate_are_told_apart(void **state)
{
	static const struct {
		uint64_t terms[3];
		size_t n;
		enum reckon_fit_state state;
	} t[] = {
		{{3, 5, 6}, 3, RECKON_FIT_NOT_IDENTIFIED},
		{{3}, 1, RECKON_FIT_NO_MLE},
		{{3, 5}, 2, RECKON_FIT_NO_MLE},
		{{3, 6}, 2, RECKON_FIT_NO_MLE},
		{{5, 6}, 2, RECKON_FIT_OK},
		{{5}, 1, RECKON_FIT_OK},
		{{0}, 0, RECKON_FIT_OK},
	};
	struct arena *a = arena_create(1 << 22);
	struct reckon_counts c = COUNTS(a, artificial_3);

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct reckon_fit f;
		assert_int_equal(reckon_loglinear_fit(a, &c, t[i].terms, t[i].n, 0, &f, NULL), OK);
		assert_int_equal(f.state, t[i].state);
		assert_true(f.state == RECKON_FIT_OK ? isfinite(f.n) : isinf(f.n));
	}
	arena_destroy(a);
}

static void
odd_data_are_answered_or_refused(void **state)
{
	static const struct pattern one[] = {{"100", 5}}, two[] = {{"10", 3}, {"01", 4}};
	static const struct pattern pair[] = {{"1010", 30}, {"1000", 40}, {"0010", 50}};
	static const struct pattern three[] = {{"100", 1}, {"110", 1}, {"011", 1}};
	static const struct pattern huge[] = {{"100", 1000000000}, {"010", 1000000000},
		{"001", 900000000}, {"110", 1000000000}, {"101", 100000000}, {"011", 300000000},
		{"111", 200000000}};
	struct arena *a = arena_create(1 << 22);
	struct reckon_counts c = COUNTS(a, one), none = {.n_lists = 3};
	struct reckon_loglinear l = {.n_fits = 77};
	struct reckon_stepwise w;
	struct reckon_cell many[63];
	struct err e;

	(void)state;
	assert_int_equal(reckon_loglinear(a, &c, NULL, NULL, &l, &e), BAD);
	assert_int_equal(reckon_stepwise(a, &none, 0, 0, NULL, &w, &e), BAD);
	assert_int_equal(l.n_fits, 77);
	c = COUNTS(a, two);                   /* no overlap: nothing to go by */
	assert_int_equal(reckon_loglinear(a, &c, NULL, NULL, &l, &e), OK);
	assert_int_equal(l.n_ok, 0);
	assert_true(isinf(l.averaged.n));
	assert_int_equal(reckon_stepwise(a, &c, 0, 0, NULL, &w, &e), OK);
	assert_int_not_equal(w.fit.state, RECKON_FIT_OK);
	c = COUNTS(a, pair);                  /* lists with nobody drop out */
	assert_int_equal(reckon_loglinear(a, &c, NULL, NULL, &l, &e), OK);
	assert_int_equal(l.n_fits, 1);
	NEAR(l.fits[0].n, 70.0 * 80 / 30, 1e-9);      /* Petersen */
	assert_true(str_is(name(a, &l.fits[0]), "[1][3]"));
	c = COUNTS(a, three);
	assert_int_equal(reckon_loglinear(a, &c, NULL, NULL, &l, &e), OK);
	for (size_t i = 0; i < l.n_ok; i++)
		assert_true(isfinite(l.fits[i].n) && isfinite(l.fits[i].bic));
	c = COUNTS(a, huge);
	assert_int_equal(reckon_loglinear(a, &c, NULL, NULL, &l, &e), OK);
	assert_int_equal(l.n_ok, 8);
	for (size_t i = 0; i < 8; i++)
		assert_true(isfinite(l.fits[i].n) && l.fits[i].wald.upper < 1e12);
	assert_int_equal(reckon_stepwise(a, &c, 0, 0, NULL, &w, &e), OK);
	for (unsigned i = 0; i < 63; i++)
		many[i] = (struct reckon_cell){(uint64_t)3 << i % 33, 2};
	assert_int_equal(reckon_counts_of(a, 34, NULL, many, 34, &c, NULL), OK);
	assert_int_equal(reckon_stepwise(a, &c, 0, 0, NULL, &w, &e), OK);
	assert_true(w.fit.state != RECKON_FIT_OK || isfinite(w.fit.n));
	assert_int_equal(reckon_loglinear(a, &c, NULL, NULL, &l, &e), BAD);
	assert_non_null(strstr(e.text, "34 lists"));
	for (unsigned i = 0; i < 63; i++)
		many[i] = (struct reckon_cell){(uint64_t)1 << i, 2};
	assert_int_equal(reckon_counts_of(a, 63, NULL, many, 63, &c, NULL), OK);
	assert_int_equal(reckon_stepwise(a, &c, 0, 0, NULL, &w, &e), BAD);
	arena_destroy(a);
}

static void
the_order_of_lists_does_not_matter(void **state)
{
	struct arena *a = arena_create(1 << 22);
	struct reckon_counts c = COUNTS(a, ukdat), d;
	struct reckon_cell v[64];
	struct reckon_stepwise w, x;

	(void)state;
	for (size_t i = 0; i < c.n_cells; i++) {
		uint64_t on = c.cells[i].on;
		v[c.n_cells - 1 - i] = (struct reckon_cell){(on << 2 | on >> 4) & 63,
			c.cells[i].count};
	}
	assert_int_equal(reckon_counts_of(a, 6, NULL, v, c.n_cells, &d, NULL), OK);
	assert_int_equal(reckon_stepwise(a, &c, 0, 0, NULL, &w, NULL), OK);
	assert_int_equal(reckon_stepwise(a, &d, 0, 0, NULL, &x, NULL), OK);
	NEAR(w.fit.n, x.fit.n, 1e-6);
	arena_destroy(a);
}

/* The table of all cells and the junction tree are two ways to the same sums. */
static void
the_tree_sums_what_the_table_sums(void **state)
{
	static const uint64_t terms[][4] = {{0}, {3}, {3, 5}, {7, 9, 12}, {7, 25, 42}, {63},
		{3, 6, 12, 48}, {15, 48}, {17, 33, 34, 20}};
	struct arena *a = arena_create(1 << 22);
	struct reckon_counts c = COUNTS(a, ukdat);
	struct fitter *table = fitter_create(6, true), *tree = fitter_create(6, false);
	struct cross x;
	unsigned fitted = 0;

	(void)state;
	assert_int_equal(cross_init(&x, &c, "", 6, NULL), OK);
	for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
		struct reckon_fit f = {0}, g = {0};
		struct model m;
		double pairs[36], other[36];
		model_main(&m, 6);
		for (int k = 0; k < 4; k++)
			if (terms[i][k])
				assert_true(model_add(&m, terms[i][k]));
		fitter_estimate(table, &x, &m, 0.95, &f);
		fitter_estimate(tree, &x, &m, 0.95, &g);
		assert_int_equal(f.state, g.state);
		assert_int_equal(f.parameters, g.parameters);
		if (f.state != RECKON_FIT_OK)
			continue;
		fitted++;
		NEAR(f.n, g.n, 1e-6);
		NEAR(f.se, g.se, 1e-5);
		NEAR(f.deviance, g.deviance, 1e-6);
		NEAR(f.bic, g.bic, 1e-6);
		NEAR(f.cells, g.cells, 1e-9);
		sums_total(table);
		sums_total(tree);
		sums_pairs(table, pairs);
		sums_pairs(tree, other);
		for (int k = 0; k < 36; k++)
			NEAR(pairs[k], other[k], 1e-4);
		f.profile = fitter_profile(table, &x, 0.95);
		g.profile = fitter_profile(tree, &x, 0.95);
		NEAR(f.profile.lower, g.profile.lower, 0.01);
		NEAR(f.profile.upper, g.profile.upper, 0.01);
	}
	assert_true(fitted >= 4);
	cross_finish(&x);
	fitter_destroy(table);
	fitter_destroy(tree);
	arena_destroy(a);
}

/* Three kinds of people over 34 lists: more pairs depend than there is room for. */
static void
thirty_four_lists_are_stepped_through(void **state)
{
	struct arena *a = arena_create(1 << 24);
	struct reckon_cell *v = NEWS(a, struct reckon_cell, 4000);
	struct reckon_random r;
	struct reckon_counts c;
	struct reckon_stepwise w;
	double p[3][34];
	size_t n = 0;

	(void)state;
	reckon_random_init(&r, 2, 0);
	for (unsigned i = 0; i < 3 * 34; i++)
		p[i / 34][i % 34] = reckon_random_beta(&r, 0.5, 6);
	for (unsigned i = 0; i < 4000; i++) {
		const double *own = p[reckon_random_below(&r, 3)];
		for (unsigned k = 0; k < 34; k++)
			v[n].on |= (uint64_t)(reckon_random_uniform(&r) < own[k]) << k;
		v[n].count = 1;
		n += v[n].on != 0;
	}
	assert_int_equal(reckon_counts_of(a, 34, NULL, v, n, &c, NULL), OK);
	assert_int_equal(reckon_stepwise(a, &c, 0, 0, NULL, &w, NULL), OK);
	assert_int_equal(w.fit.state, RECKON_FIT_OK);
	assert_true(w.cut);
	assert_int_equal(w.fit.parameters, RECKON_PARAMETERS);
	assert_true(w.fit.n > (double)c.n && w.fit.n < 4400);
	assert_true(w.fit.profile.lower < w.fit.n && w.fit.n < w.fit.profile.upper);
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
	struct arena *a = arena_create(1 << 22);
	struct reckon_counts c = COUNTS(a, kosovo);
	struct reckon_loglinear l = {.n_fits = 77};

	(void)state;
	assert_int_equal(reckon_loglinear(a, &c, NULL, &p, &l, NULL), NO);
	assert_int_equal(asked, 1);
	assert_int_equal(l.n_fits, 77);
	arena_destroy(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_are_as_many_models_as_rcapture_knows),
		cmocka_unit_test(kosovo_is_ten_thousand_three_hundred_and_fifty_six),
		cmocka_unit_test(rome_is_eleven_thousand_one_hundred_and_twenty_five),
		cmocka_unit_test(british_lists_step_by_step),
		cmocka_unit_test(five_lists_disagree_as_they_should),
		cmocka_unit_test(models_without_an_estimate_are_told_apart),
		cmocka_unit_test(odd_data_are_answered_or_refused),
		cmocka_unit_test(the_order_of_lists_does_not_matter),
		cmocka_unit_test(thirty_four_lists_are_stepped_through),
		cmocka_unit_test(the_tree_sums_what_the_table_sums),
		cmocka_unit_test(it_stops_when_told),
	};

	return cmocka_run_group_tests_name("loglinear", tests, NULL, NULL);
}
