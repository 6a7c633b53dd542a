/* Models in which people differ, against R's glm and optim. */
#include "reckon/tests/exact_data.h"

#define NEAR(x, y, eps) assert_true(fabs((x) - (y)) <= (eps))

/* R 4.2.2: glm(y ~ x1 + x2 + x3 + x4 + k(k-1)/2, poisson), its BIC with ln 4,400; the two
 * classes by optim(method = "BFGS") from 40 random starts. */
static void
kosovos_models_of_people_who_differ_are_those_of_r(void **state)
{
	struct arena *a = arena_create(1 << 20);
	struct reckon_counts c = COUNTS(a, kosovo);
	struct reckon_differ d;

	(void)state;
	assert_int_equal(reckon_differ(&c, &d, NULL), OK);
	NEAR(d.smooth, 271.2086, 1e-3);
	NEAR(d.classes, 257.1835, 1e-3);
	arena_destroy(a);
}

/* [123,14,34] takes ABA and HRW alone as independent: ln(845 306 / 32) is 0.3049443 above
 * ln n0, and by glm with every cell's count moved a little, 2.327279 standard errors. */
static void
kosovos_gap_is_that_of_refitting_with_moved_counts(void **state)
{
	static const uint64_t terms[] = {7, 9, 12}, all[] = {3, 5, 9, 6, 10, 12};
	struct arena *a = arena_create(1 << 20);
	struct reckon_counts c = COUNTS(a, kosovo);
	struct reckon_fit f;

	(void)state;
	assert_int_equal(reckon_loglinear_fit(a, &c, terms, 3, 0, &f, NULL), OK);
	NEAR(f.gap, 2.327279, 1e-5);
	assert_int_equal(reckon_loglinear_fit(a, &c, all, 6, 0, &f, NULL), OK);
	assert_true(f.gap == 0);              /* no pair is left free */
	arena_destroy(a);
}

/* R: glm(y ~ x1 + x2 + x3 + x4 + x1:x2 + x1:x4 + k(k-1)/2, poisson). */
static void
kosovos_spread_beside_two_pairs_is_that_of_r(void **state)
{
	static const uint64_t terms[] = {3, 9, 4}, all[] = {3, 5, 9, 6, 10, 12};
	static const struct pattern few[] = {{"100", 20}, {"010", 30}, {"001", 20}, {"110", 3}};
	struct arena *a = arena_create(1 << 20);
	struct reckon_counts c = COUNTS(a, kosovo);
	struct reckon_spread s = {.tau = 77};

	(void)state;
	assert_int_equal(reckon_spread(&c, all, 6, 0, NULL, &s, NULL), BAD);
	assert_true(s.tau == 77);
	assert_int_equal(reckon_spread(&c, terms, 3, 0, NULL, &s, NULL), OK);
	NEAR(s.tau, 0.7947901907, 1e-8);
	NEAR(s.at.n, 12859.89096, 1e-4);
	NEAR(s.at.se, 831.6054717, 1e-4);
	assert_true(s.at.interval.lower > 11000 && s.at.interval.upper < 15000);
	c = COUNTS(a, few);
	assert_int_equal(reckon_spread(&c, NULL, 0, 0, NULL, &s, NULL), BAD);
	arena_destroy(a);
}

static void
lists_in_another_order_give_the_same_models(void **state)
{
	struct arena *a = arena_create(1 << 20);
	struct pattern v[18];
	char lists[18][6];
	struct reckon_counts c = COUNTS(a, ukdat_5);
	struct reckon_differ d, turned;

	(void)state;
	for (size_t i = 0; i < 18; i++) {
		for (size_t k = 0; k < 5; k++)
			lists[i][k] = ukdat_5[17 - i].lists[(3 * k + 1) % 5];
		lists[i][5] = 0;
		v[i] = (struct pattern){lists[i], ukdat_5[17 - i].count};
	}
	assert_int_equal(reckon_differ(&c, &d, NULL), OK);
	c = counts_of(a, v, 18);
	assert_int_equal(reckon_differ(&c, &turned, NULL), OK);
	NEAR(d.smooth, turned.smooth, 1e-6);
	NEAR(d.classes, turned.classes, 1e-3);
	arena_destroy(a);
}

static void
little_and_much_are_answered_or_refused(void **state)
{
	static const struct pattern one[] = {{"1", 5}}, three[] = {{"100", 1}, {"110", 2}};
	static const struct pattern apart[] = {{"100", 50}, {"010", 40}, {"001", 30}};
	static const struct pattern huge[] = {{"100", 1000000000}, {"010", 1000000000},
		{"110", 1000000000}, {"001", 7}, {"111", 1000000000}};
	struct reckon_cell v[63 * 2];
	struct arena *a = arena_create(1 << 20);
	struct reckon_counts c = COUNTS(a, one);
	struct reckon_differ d = {77, 77};

	(void)state;
	assert_int_equal(reckon_differ(&c, &d, NULL), BAD);
	assert_true(d.smooth == 77 && d.classes == 77);
	c = COUNTS(a, three);
	assert_int_equal(reckon_differ(&c, &d, NULL), OK);
	assert_false(isnan(d.smooth) || isnan(d.classes));
	c = COUNTS(a, apart);
	assert_int_equal(reckon_differ(&c, &d, NULL), OK);
	assert_true(isinf(d.smooth) && !isnan(d.classes));
	c = COUNTS(a, huge);
	assert_int_equal(reckon_differ(&c, &d, NULL), OK);
	assert_false(isnan(d.smooth) || isnan(d.classes));
	for (unsigned i = 0; i < 60; i++) {
		v[2 * i] = (struct reckon_cell){(uint64_t)1 << i, 30 + i};
		v[2 * i + 1] = (struct reckon_cell){(uint64_t)1 << i | (uint64_t)1 << (i + 7) % 60, 3};
	}
	assert_int_equal(reckon_counts_of(a, 60, NULL, v, 120, &c, NULL), OK);
	assert_int_equal(reckon_differ(&c, &d, NULL), OK);
	assert_false(isnan(d.smooth) || isnan(d.classes));
	arena_destroy(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kosovos_models_of_people_who_differ_are_those_of_r),
		cmocka_unit_test(kosovos_gap_is_that_of_refitting_with_moved_counts),
		cmocka_unit_test(kosovos_spread_beside_two_pairs_is_that_of_r),
		cmocka_unit_test(lists_in_another_order_give_the_same_models),
		cmocka_unit_test(little_and_much_are_answered_or_refused),
	};

	return cmocka_run_group_tests_name("differ", tests, NULL, NULL);
}
