/* Bootstrap intervals: the published ones within their own scatter, and repeatable. */
#include "reckon/tests/exact_data.h"

#define NEAR(x, y, eps) assert_true(fabs((x) - (y)) <= (eps))

/* SparseMSE, estimatepopulation(UKdat, nboot = 1000) with three seeds: 9,267 to 14,307;
 * 9,398 to 14,562; 9,097 to 14,323.  UKdat_5: 8,785 to 14,701. */
static void
british_intervals_are_sparsemses_within_their_scatter(void **state)
{
	struct arena *a = arena_create(1 << 24);
	struct reckon_counts c = COUNTS(a, ukdat), d = COUNTS(a, ukdat_5);
	struct reckon_bootstrap_options o = {.seed = 1, .replicates = 4000, .listed_only = true};
	struct reckon_bootstrap b;

	(void)state;
	assert_int_equal(reckon_stepwise_bootstrap(a, &c, &o, NULL, &b, NULL), OK);
	NEAR(b.estimate, 11417.99, 0.005);
	NEAR(b.interval.lower, 9250, 400);
	NEAR(b.interval.upper, 14400, 700);
	assert_int_equal(b.n_replicates, 4000);
	assert_int_equal(reckon_stepwise_bootstrap(a, &d, &o, NULL, &b, NULL), OK);
	NEAR(b.interval.lower, 8785, 700);    /* one seed of 1,000 replicates */
	NEAR(b.interval.upper, 14701, 900);
	/* Where so few are listed it matters little that their number varies. */
	o.listed_only = false;
	assert_int_equal(reckon_stepwise_bootstrap(a, &c, &o, NULL, &b, NULL), OK);
	NEAR(b.interval.lower, 9250, 400);
	NEAR(b.interval.upper, 14400, 700);
	arena_destroy(a);
}

static double
deviation(const struct reckon_bootstrap *b)
{
	double mean = 0, squares = 0, n = (double)b->n_replicates;

	for (size_t i = 0; i < b->n_replicates; i++)
		mean += b->replicates[i] / n;
	for (size_t i = 0; i < b->n_replicates; i++)
		squares += (b->replicates[i] - mean) * (b->replicates[i] - mean);
	return sqrt(squares / n);
}

/* Two lists of half the people: the variance of n1 n2/m is N q1 q2/(p1 p2) = 1,000 (Sekar &
 * Deming 1949).  N p0/(1 - p0) = 333 of it come from how many are listed. */
static void
replicates_vary_as_much_as_the_estimate_does(void **state)
{
	static const struct pattern half[] = {{"10", 250}, {"01", 250}, {"11", 250}};
	struct arena *a = arena_create(1 << 24);
	struct reckon_counts c = COUNTS(a, half);
	struct reckon_bootstrap_options o = {.seed = 3, .replicates = 10000};
	struct reckon_bootstrap b;

	(void)state;
	assert_int_equal(reckon_stepwise_bootstrap(a, &c, &o, NULL, &b, NULL), OK);
	NEAR(b.estimate, 1000, 1e-6);
	NEAR(deviation(&b), sqrt(1000), 1);
	o.listed_only = true;
	assert_int_equal(reckon_stepwise_bootstrap(a, &c, &o, NULL, &b, NULL), OK);
	NEAR(deviation(&b), sqrt(1000 - 1000 / 3.0), 1);
	arena_destroy(a);
}

static void
one_seed_gives_one_answer_and_another_another(void **state)
{
	struct arena *a = arena_create(1 << 24);
	struct reckon_counts c = COUNTS(a, kosovo);
	struct reckon_bootstrap_options o = {.seed = 7, .replicates = 60};
	struct reckon_bootstrap b, again, other;

	(void)state;
	assert_int_equal(reckon_loglinear_bootstrap(a, &c, &o, NULL, &b, NULL), OK);
	assert_int_equal(reckon_loglinear_bootstrap(a, &c, &o, NULL, &again, NULL), OK);
	o.seed = 8;
	assert_int_equal(reckon_loglinear_bootstrap(a, &c, &o, NULL, &other, NULL), OK);
	NEAR(b.estimate, 10356.519, 0.001);
	assert_int_equal(b.n_models, 113);
	assert_memory_equal(b.replicates, again.replicates, 60 * sizeof(double));
	assert_memory_not_equal(b.replicates, other.replicates, 60 * sizeof(double));
	/* Choosing anew widens: the interval given the model is 9,002 to 12,122. */
	assert_true(b.interval.lower < 9900 && b.interval.upper > 11000);
	arena_destroy(a);
}

/* Kosovo with the lists turned round: bit i is bit 3 - i. */
static void
the_order_of_lists_does_not_show(void **state)
{
	struct arena *a = arena_create(1 << 24);
	struct reckon_counts c = COUNTS(a, kosovo), d;
	struct reckon_bootstrap_options o = {.seed = 7, .replicates = 200};
	struct reckon_cell turned[15] = {{0}};
	struct reckon_bootstrap b, again;

	(void)state;
	for (size_t i = 0; i < c.n_cells; i++) {
		turned[i].count = c.cells[i].count;
		for (unsigned k = 0; k < 4; k++)
			turned[i].on |= (c.cells[i].on >> k & 1) << (3 - k);
	}
	assert_int_equal(reckon_counts_of(a, 4, NULL, turned, c.n_cells, &d, NULL), OK);
	assert_int_equal(reckon_loglinear_bootstrap(a, &c, &o, NULL, &b, NULL), OK);
	assert_int_equal(reckon_loglinear_bootstrap(a, &d, &o, NULL, &again, NULL), OK);
	assert_true(b.interval.lower == again.interval.lower);
	assert_true(b.interval.upper == again.interval.upper);
	assert_int_equal(reckon_stepwise_bootstrap(a, &c, &o, NULL, &b, NULL), OK);
	assert_int_equal(reckon_stepwise_bootstrap(a, &d, &o, NULL, &again, NULL), OK);
	assert_true(b.interval.lower == again.interval.lower);
	assert_true(b.interval.upper == again.interval.upper);
	arena_destroy(a);
}

static void
what_has_no_estimate_is_refused_and_sparse_replicates_are_counted(void **state)
{
	static const struct pattern apart[] = {{"10", 30}, {"01", 40}};
	static const struct pattern thin[] = {{"10", 30}, {"01", 40}, {"11", 1}};
	struct arena *a = arena_create(1 << 24);
	struct reckon_counts c = COUNTS(a, apart), one = {.n_lists = 1};
	struct reckon_bootstrap_options o = {.seed = 7, .replicates = 200};
	struct reckon_bootstrap b = {.estimate = 77};

	(void)state;
	assert_int_equal(reckon_stepwise_bootstrap(a, &c, &o, NULL, &b, NULL), BAD);
	assert_int_equal(reckon_stepwise_bootstrap(a, &one, &o, NULL, &b, NULL), BAD);
	assert_true(b.estimate == 77);
	c = COUNTS(a, thin);
	assert_int_equal(reckon_stepwise_bootstrap(a, &c, &o, NULL, &b, NULL), OK);
	assert_true(b.n_unbounded > 30 && b.n_unbounded < 130);   /* (1 - 1/71)^71 of 200 */
	assert_true(isinf(b.interval.upper) && b.interval.lower >= 71);
	assert_true(isfinite(b.bias) && isfinite(b.acceleration));
	o.replicates = 1000000;
	assert_int_equal(reckon_stepwise_bootstrap(a, &c, &o, NULL, &b, NULL), BAD);
	arena_destroy(a);
}

/* 30 lists of a few people each, made independently: resampled, pairs of lists that share
 * two by chance share four, models grow, and every replicate lies above the estimate. */
static void
replicates_on_one_side_of_the_estimate_give_no_interval(void **state)
{
	enum { LISTS = 30, PEOPLE = 500 };
	struct arena *a = arena_create(1 << 24);
	struct reckon_cell *cells = NEWS(a, struct reckon_cell, PEOPLE);
	struct reckon_bootstrap_options o = {.seed = 1, .replicates = 1000};
	struct reckon_bootstrap b = {.estimate = 77};
	struct reckon_counts c;
	struct reckon_random r;
	struct err e;
	size_t n = 0;

	(void)state;
	reckon_random_init(&r, 5, 0);
	for (int i = 0; i < PEOPLE; i++) {
		cells[n] = (struct reckon_cell){0, 1};
		for (unsigned j = 0; j < LISTS; j++)
			cells[n].on |= (uint64_t)(reckon_random_uniform(&r) < 0.04) << j;
		n += cells[n].on != 0;
	}
	assert_int_equal(reckon_counts_of(a, LISTS, NULL, cells, n, &c, NULL), OK);
	if (reckon_stepwise_bootstrap(a, &c, &o, NULL, &b, &e) != BAD)
		fail_msg("%g: %g to %g", b.estimate, b.interval.lower, b.interval.upper);
	assert_non_null(strstr(e.text, "replicates lie"));
	assert_true(b.estimate == 77);
	arena_destroy(a);
}

static bool
after_some(void *context, uint64_t done, uint64_t of)
{
	(void)of;
	*(uint64_t *)context = done;
	return done < 32;
}

static void
it_stops_when_told(void **state)
{
	uint64_t done = 0;
	struct reckon_progress p = {after_some, &done};
	struct arena *a = arena_create(1 << 24);
	struct reckon_counts c = COUNTS(a, ukdat_5);
	struct reckon_bootstrap b = {.estimate = 77};

	(void)state;
	assert_int_equal(reckon_stepwise_bootstrap(a, &c, NULL, &p, &b, NULL), NO);
	assert_int_equal(done, 32);
	assert_true(b.estimate == 77);
	arena_destroy(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(british_intervals_are_sparsemses_within_their_scatter),
		cmocka_unit_test(replicates_vary_as_much_as_the_estimate_does),
		cmocka_unit_test(one_seed_gives_one_answer_and_another_another),
		cmocka_unit_test(the_order_of_lists_does_not_show),
		cmocka_unit_test(what_has_no_estimate_is_refused_and_sparse_replicates_are_counted),
		cmocka_unit_test(replicates_on_one_side_of_the_estimate_give_no_interval),
		cmocka_unit_test(it_stops_when_told),
	};

	return cmocka_run_group_tests_name("bootstrap", tests, NULL, NULL);
}
