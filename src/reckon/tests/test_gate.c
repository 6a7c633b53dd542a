/* The report gate, rule by rule. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <math.h>
#include "reckon/reckon.h"

static struct arena *a;

/* 1,000 people on three lists, all of which overlap. */
static const struct reckon_cell three[] = {{1, 300}, {2, 300}, {3, 100}, {4, 200}, {6, 100}};

static struct reckon_counts
counts(unsigned n_lists, const struct reckon_cell *cells, size_t n)
{
	struct reckon_counts c;

	assert_int_equal(reckon_counts_of(a, n_lists, NULL, cells, n, &c, NULL), OK);
	return c;
}

static struct reckon_result
result(enum reckon_family f, double n, double lower, double upper)
{
	bool sampled = f == RECKON_LATENT_CLASSES;

	return (struct reckon_result){.family = f, .done = true, .n = n, .lower = lower,
		.upper = upper, .sampled = sampled, .chains = 8, .rhat = 1.003, .ess = 900,
		.overlap_p = 1};
}

static struct reckon_gate
gate(const struct reckon_counts *c, const struct reckon_result *r, size_t n)
{
	struct reckon_gate g;

	reckon_gate(a, c, r, n, &g);
	return g;
}

static int
set_up(void **state)
{
	(void)state;
	a = arena_create(1 << 20);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_destroy(a);
	return 0;
}

static void
results_that_agree_are_said_with_their_span(void **state)
{
	struct reckon_counts c = counts(3, three, 5);
	const struct reckon_result r[] = {result(RECKON_BOUND, 1800, 1700, 1900),
		result(RECKON_LOG_LINEAR, 2000, 1800, 2500),
		result(RECKON_GRAPH_AVERAGE, 2200, 1900, 2900),
		result(RECKON_LATENT_CLASSES, 2100, 1750, 2600)};
	struct reckon_gate g = gate(&c, r, 4);

	(void)state;
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(g.why[i], RECKON_SAID);
	assert_int_equal(g.said, 3);
	assert_true(g.span.lower == 1750 && g.span.upper == 2900);
	assert_true(g.high == 0);
}

static void
two_lists_say_nothing_but_the_bound(void **state)
{
	static const struct reckon_cell two[] = {{1, 300}, {2, 300}, {3, 100}};
	struct reckon_counts c = counts(3, two, 3);     /* the third list is empty */
	const struct reckon_result r[] = {result(RECKON_BOUND, 1800, 1700, 1900),
		result(RECKON_LOG_LINEAR, 2000, 1800, 2500)};
	struct reckon_gate g = gate(&c, r, 2);

	(void)state;
	assert_int_equal(g.why[0], RECKON_SAID);
	assert_int_equal(g.why[1], RECKON_FEW_LISTS);
	assert_int_equal(g.said, 0);
}

static void
a_list_linked_to_no_other_is_named(void **state)
{
	static const struct reckon_cell lone[] = {{1, 300}, {2, 300}, {9, 100}, {10, 30}, {4, 200}};
	struct reckon_counts c = counts(4, lone, 5);
	const struct reckon_result r[] = {result(RECKON_GRAPH_AVERAGE, 2000, 1800, 2500)};
	struct reckon_gate g = gate(&c, r, 1);

	(void)state;
	assert_int_equal(g.why[0], RECKON_LONE_LIST);
	assert_int_equal(g.lone, 2);
	/* A list of six people may share none by chance. */
	struct reckon_cell few[5];
	memcpy(few, lone, sizeof few);
	few[4].count = 6;
	c = counts(4, few, 5);
	assert_int_equal(gate(&c, r, 1).why[0], RECKON_SAID);
}

static void
six_people_on_two_lists_are_too_few(void **state)
{
	struct reckon_cell v[] = {{1, 300}, {2, 300}, {3, 3}, {4, 200}, {6, 3}};
	struct reckon_counts c = counts(3, v, 5);
	const struct reckon_result r[] = {result(RECKON_LOG_LINEAR, 40000, 30000, 50000)};

	(void)state;
	assert_int_equal(gate(&c, r, 1).why[0], RECKON_FEW_SHARED);
	v[2].count = 4;
	c = counts(3, v, 5);
	assert_int_equal(gate(&c, r, 1).why[0], RECKON_SAID);
}

static void
each_fault_of_a_method_withholds_it(void **state)
{
	struct reckon_counts c = counts(3, three, 5);
	struct reckon_result good = result(RECKON_LATENT_CLASSES, 2000, 1800, 2500);
	struct reckon_result r[9];
	static const enum reckon_why why[9] = {RECKON_NOT_DONE, RECKON_FEW_CHAINS, RECKON_NOT_MIXED,
		RECKON_NOT_MIXED, RECKON_FEW_DRAWS, RECKON_AT_CAP, RECKON_NO_UPPER, RECKON_OVERLAPS,
		RECKON_SAID};

	(void)state;
	for (size_t i = 0; i < 9; i++)
		r[i] = good;
	r[0].done = false;
	r[1].chains = 7;
	r[2].rhat = 1.011;
	r[3].rhat = NAN;
	r[4].ess = 399;
	r[5].capped = true;
	r[6].upper = INFINITY;
	r[7].overlap_p = 0.009;
	for (size_t i = 0; i < 9; i++) {
		struct reckon_gate g = gate(&c, &r[i], 1);
		assert_int_equal(g.why[0], why[i]);
		assert_int_equal(g.said, why[i] == RECKON_SAID);
	}
}

static void
families_that_disagree_are_all_withheld(void **state)
{
	struct reckon_counts c = counts(3, three, 5);
	/* Unseen 1,000 and 2,100: more than twice, more than 100 apart. */
	struct reckon_result r[] = {result(RECKON_LOG_LINEAR, 2000, 1500, 4000),
		result(RECKON_LOG_LINEAR, 2050, 1500, 4000),
		result(RECKON_LATENT_CLASSES, 3100, 1500, 4000),
		result(RECKON_BOUND, 1200, 1100, 1300)};
	struct reckon_gate g = gate(&c, r, 4);

	(void)state;
	assert_int_equal(g.why[0], RECKON_DISAGREE);
	assert_int_equal(g.why[1], RECKON_DISAGREE);
	assert_int_equal(g.why[2], RECKON_DISAGREE);
	assert_int_equal(g.why[3], RECKON_SAID);
	assert_true(g.low == 2000 && g.high == 3100);
	/* Within a family it is no disagreement; nor are few beside those listed. */
	r[2].family = RECKON_LOG_LINEAR;
	assert_int_equal(gate(&c, r, 4).said, 3);
	/* Unseen 60 and 15 to 20 where the bound says nothing: nobody on one list alone but 5. */
	static const struct reckon_cell full[] = {{1, 5}, {3, 495}, {6, 500}};
	c = counts(3, full, 3);
	r[2] = result(RECKON_LATENT_CLASSES, 1060, 1000, 4000);
	r[0].n = 1020;
	r[1].n = 1015;
	assert_int_equal(gate(&c, r, 4).said, 3);
	c = counts(3, three, 5);
	/* Intervals with nothing in common. */
	r[0] = result(RECKON_LOG_LINEAR, 2000, 1900, 2100);
	r[1] = r[0];
	r[2] = result(RECKON_LATENT_CLASSES, 2300, 2200, 2400);
	assert_int_equal(gate(&c, r, 4).said, 0);
}

/* Alone on the lists 300, 300, 200.  The first and the third share nobody, where 60,000
 * over the others' 745 let expect 80: left out.  Products 300 300 + 300 200 = 150,000; on
 * two 200: 150,000/201 = 746.269 unseen.  Variance of the logarithm (300 300^2 + 300 500^2
 * + 200 300^2)/150,000^2 + 1/201 = 0.0103085, so exp(1.644854 0.101531) down: 631.50. */
static void
an_estimate_clearly_below_the_bound_is_withheld(void **state)
{
	struct reckon_counts c = counts(3, three, 5);
	struct reckon_result r[] = {result(RECKON_LATENT_CLASSES, 1631, 1500, 2500),
		result(RECKON_GRAPH_AVERAGE, 1632, 1500, 2500),
		result(RECKON_LATENT_CLASSES, 2200, 1850, 2600),
		result(RECKON_BOUND, 1100, 1050, 1200)};
	struct reckon_gate g = gate(&c, r, 4);

	(void)state;
	assert_true(fabs(g.bound - 1631.5) < 0.1);
	assert_int_equal(g.why[0], RECKON_BELOW_BOUND);
	assert_int_equal(g.why[1], RECKON_SAID);
	assert_int_equal(g.why[2], RECKON_SAID);
	assert_int_equal(g.why[3], RECKON_SAID);
	assert_true(g.span.lower == 1500 && g.span.upper == 2600);
	/* Where it needs people alike, they are not, and no other family can be checked. */
	r[0].family = RECKON_LOG_LINEAR;
	g = gate(&c, r, 4);
	assert_int_equal(g.why[0], RECKON_BELOW_BOUND);
	assert_int_equal(g.why[1], RECKON_DIFFER);
	assert_int_equal(g.why[2], RECKON_DIFFER);
	assert_int_equal(g.why[3], RECKON_SAID);
	assert_int_equal(g.said, 0);
	/* A sum of strata was held against a bound in each of them. */
	r[0].summed = true;
	assert_int_equal(gate(&c, r, 4).why[0], RECKON_SAID);
}

static void
a_model_that_people_on_few_lists_refute_silences_all(void **state)
{
	struct reckon_counts c = counts(3, three, 5);
	struct reckon_result r[] = {result(RECKON_LOG_LINEAR, 2000, 1500, 4000),
		result(RECKON_LATENT_CLASSES, 2100, 1500, 4000),
		result(RECKON_BOUND, 1200, 1100, 1300), result(RECKON_LOG_LINEAR, 2000, 1500, 4000)};

	(void)state;
	/* One model: one-sided 1 % is 2.3263; two of them: 0.5 % is 2.5758. */
	r[0].gap = 2.326;
	assert_int_equal(gate(&c, r, 4).said, 3);
	r[0].gap = 2.327;
	struct reckon_gate g = gate(&c, r, 4);
	assert_int_equal(g.why[0], RECKON_TOO_LOW);
	assert_int_equal(g.why[1], RECKON_DIFFER);
	assert_int_equal(g.why[2], RECKON_SAID);
	assert_int_equal(g.why[3], RECKON_DIFFER);
	r[3].gap = -1;
	assert_int_equal(gate(&c, r, 4).said, 3);
	r[0].gap = 2.576;
	assert_int_equal(gate(&c, r, 4).said, 0);
	/* A model with a gap of its own is not held against the bound of all pairs. */
	r[0].gap = 1;
	r[0].n = 1600;
	assert_int_equal(gate(&c, r, 4).said, 3);
	r[0].gap = 0;
	assert_int_equal(gate(&c, r, 4).why[0], RECKON_BELOW_BOUND);
}

/* Two classes of 1,400 and 600 people, on each of four lists with 10 and with 50 %: as
 * many as expected, to the next person. */
static void
people_who_explain_the_lists_better_than_dependence_silence_all(void **state)
{
	struct reckon_cell v[15];
	struct reckon_result r[] = {result(RECKON_LOG_LINEAR, 1650, 1500, 2500),
		result(RECKON_LATENT_CLASSES, 2000, 1500, 2500)};
	struct reckon_loglinear l;
	struct reckon_differ d;
	struct reckon_counts c;

	(void)state;
	for (unsigned i = 0; i < 15; i++) {
		int k = __builtin_popcount(i + 1);
		v[i] = (struct reckon_cell){i + 1, (uint64_t)(1400 * pow(0.1, k) * pow(0.9, 4 - k)
			+ 600 * pow(0.5, 4) + 0.5)};
	}
	c = counts(4, v, 15);
	assert_int_equal(reckon_loglinear(a, &c, NULL, NULL, &l, NULL), OK);
	assert_int_equal(reckon_differ(&c, &d, NULL), OK);
	assert_true(fmin(d.smooth, d.classes) < l.fits[0].bic);
	r[0].bic = l.fits[0].bic;
	struct reckon_gate g = gate(&c, r, 2);
	assert_int_equal(g.why[0], RECKON_DIFFER);
	assert_int_equal(g.why[1], RECKON_DIFFER);
	/* A better model in which all are alike: nothing is known against it. */
	r[0].bic = fmin(d.smooth, d.classes) - 0.01;
	assert_int_equal(gate(&c, r, 2).said, 2);
}

/* Its interval is wide and counts; its estimate moves with few people and does not. */
static void
people_who_may_differ_smoothly_widen_what_is_said(void **state)
{
	struct reckon_counts c = counts(3, three, 5);
	struct reckon_result r[] = {result(RECKON_LOG_LINEAR, 2000, 1500, 4000),
		result(RECKON_SMOOTH, 5000, 1400, 90000)};
	struct reckon_gate g = gate(&c, r, 2);

	(void)state;
	assert_int_equal(g.said, 2);
	assert_true(g.span.lower == 1400 && g.span.upper == 90000);
	r[1].lower = 4001;
	assert_int_equal(gate(&c, r, 2).said, 0);
	/* It varies more than the bound for people who differ: below that it is not refuted. */
	r[1] = result(RECKON_SMOOTH, 1600, 1400, 2000);
	assert_int_equal(gate(&c, r, 2).said, 2);
	r[1].family = RECKON_GRAPH_AVERAGE;
	assert_int_equal(gate(&c, r, 2).said, 0);
}

static void
one_without_an_upper_end_leaves_none_with_one(void **state)
{
	struct reckon_counts c = counts(3, three, 5);
	struct reckon_result r[] = {result(RECKON_LOG_LINEAR, 2000, 1500, INFINITY),
		result(RECKON_LOG_LINEAR, 2000, 1500, 4000),
		result(RECKON_LATENT_CLASSES, 2100, 1500, 4000),
		result(RECKON_BOUND, 1200, 1100, 1300)};
	struct reckon_gate g = gate(&c, r, 4);

	(void)state;
	assert_int_equal(g.why[0], RECKON_NO_UPPER);
	assert_int_equal(g.why[1], RECKON_OPEN);
	assert_int_equal(g.why[2], RECKON_OPEN);
	assert_int_equal(g.why[3], RECKON_SAID);
	/* One that has no interval at all says nothing of the others. */
	r[0].done = false;
	assert_int_equal(gate(&c, r, 4).said, 2);
}

static void
a_withheld_method_disagrees_with_nobody(void **state)
{
	struct reckon_counts c = counts(3, three, 5);
	struct reckon_result r[] = {result(RECKON_LOG_LINEAR, 2000, 1500, 4000),
		result(RECKON_LATENT_CLASSES, 9100, 8000, 9900)};

	(void)state;
	r[1].rhat = 1.4;
	struct reckon_gate g = gate(&c, r, 2);
	assert_int_equal(g.why[0], RECKON_SAID);
	assert_int_equal(g.why[1], RECKON_NOT_MIXED);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(results_that_agree_are_said_with_their_span), T(two_lists_say_nothing_but_the_bound),
		T(a_list_linked_to_no_other_is_named), T(six_people_on_two_lists_are_too_few), T(each_fault_of_a_method_withholds_it),
		T(families_that_disagree_are_all_withheld), T(a_withheld_method_disagrees_with_nobody),
		T(an_estimate_clearly_below_the_bound_is_withheld),
		T(people_who_may_differ_smoothly_widen_what_is_said),
		T(one_without_an_upper_end_leaves_none_with_one),
		T(a_model_that_people_on_few_lists_refute_silences_all),
		T(people_who_explain_the_lists_better_than_dependence_silence_all),
	};

	return cmocka_run_group_tests_name("gate", tests, NULL, NULL);
}
