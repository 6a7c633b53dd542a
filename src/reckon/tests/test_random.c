/* Random streams: published vectors, exact probabilities, moments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "reckon/reckon.h"
#include "reckon/special_int.h"

/* Random123, tests/kat_vectors, lines "philox4x64 10". */
static void
blocks_are_those_of_the_published_vectors(void **state)
{
	static const uint64_t v[3][10] = {
		{0, 0, 0, 0, 0, 0, 0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b,
			0x7e68b68aec7ba23b},
		{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX,
			0x87b092c3013fe90b, 0x438c3c67be8d0224, 0x9cc7d7c69cd777b6, 0xa09caebf594f0ba0},
		{0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89,
			0x452821e638d01377, 0xbe5466cf34e90c6c, 0xa528f45403e61d95, 0x38c72dbd566e9788,
			0xa5a1610e72fd18b5, 0x57bd43b5e52b7fe6},
	};

	(void)state;
	for (int i = 0; i < 3; i++) {
		uint64_t out[4];
		reckon_random_block(v[i] + 4, v[i], out);
		assert_memory_equal(out, v[i] + 6, sizeof out);
	}
}

static void
a_stream_is_its_seed_and_number_and_no_other(void **state)
{
	struct reckon_random a, b, c;
	uint64_t x;

	(void)state;
	reckon_random_init(&a, 7, 1);
	reckon_random_init(&b, 7, 1);
	reckon_random_init(&c, 7, 2);
	for (int i = 0; i < 100; i++) {
		x = reckon_random_u64(&a);
		assert_true(x == reckon_random_u64(&b));
		assert_true(x != reckon_random_u64(&c));
	}
}

/* ---- Special functions, against Python 3.11 math and statistics -------------- */

static void
near(double got, double want, double relative)
{
	if (!(fabs(got - want) <= relative * fabs(want)))
		fail_msg("%.17g instead of %.17g", got, want);
}

static void
logarithms_and_powers_are_right_to_the_last_places(void **state)
{
	struct reckon_random r;

	(void)state;
	reckon_random_init(&r, 1, 0);
	for (int i = 0; i < 200000; i++) {
		double u = reckon_random_uniform(&r), x = ldexp(u, (int)(i % 2000) - 1000);
		near(special_log(x), log(x), 4e-16);
		near(special_log(1.0 + (u - 0.5) * 0x1p-20), log(1.0 + (u - 0.5) * 0x1p-20), 4e-16);
		x = (u - 0.5) * 1400.0;
		near(special_exp(x), exp(x), 5e-16);
		near(special_log1p((u - 0.5) * ldexp(1.0, -i % 60)), log1p((u - 0.5)
			* ldexp(1.0, -i % 60)), 6e-16);
		x = exp((u - 0.3) * 30.0);
		assert_true(fabs(special_lgamma(x) - lgamma(x)) <= 1e-14 * (1.0 + fabs(lgamma(x))));
	}
	assert_true(special_log(1.0) == 0.0 && special_exp(0.0) == 1.0);
	assert_true(special_exp(-1000.0) == 0.0 && isfinite(special_exp(5000.0)));
}

static void
normal_quantiles_are_those_of_python(void **state)
{
	(void)state;          /* statistics.NormalDist().inv_cdf */
	near(special_normal_cdf_inverse(0.975), 1.9599639845400536, 1e-15);
	near(special_normal_cdf_inverse(0.01), -2.3263478740408408, 1e-15);
	near(special_normal_cdf_inverse(1e-12), -7.034483825301132, 1e-15);
	near(special_normal_cdf_inverse(0.6), 0.2533471031357997, 1e-14);
	assert_true(special_normal_cdf_inverse(0.5) == 0.0);
}

/* Exact fractions, by Python: math.comb(n, k) * p**k * (1-p)**(n-k) with Fraction. */
static void
probabilities_keep_their_digits(void **state)
{
	(void)state;
	near(exp(special_log_binomial_pmf(3, 10, 0.25)), 0.25028228759765625, 1e-14);
	near(exp(special_log_binomial_pmf(0, 10, 0.25)), 0.056313514709472656, 1e-14);
	near(exp(special_log_binomial_pmf(10, 10, 0.25)), 9.5367431640625e-07, 1e-13);
	/* Far out, by the normal density: 1/sqrt(2 pi n p q). */
	near(exp(special_log_binomial_pmf(0x1p51, 0x1p53, 0.25)),
		1.0 / sqrt(2.0 * 3.14159265358979 * 0x1p53 * 0.1875), 1e-9);
	near(exp(special_log_poisson_pmf(7, 5.0)), 0.10444486295705395, 1e-14);
	near(exp(special_log_poisson_pmf(1e15, 1e15)), 1.0 / sqrt(2.0 * 3.14159265358979e15), 1e-9);
}

/* ---- Distributions ---------------------------------------------------------- */

enum { DRAWS = 200000 };

/* Mean and variance within five standard errors of what they must be; kurtosis: the
 * fourth central moment over the squared variance, for the error of the variance. */
static void
moments(const double *x, double mean, double variance, double kurtosis)
{
	double s = 0.0, q = 0.0;

	for (int i = 0; i < DRAWS; i++)
		s += x[i];
	s /= DRAWS;
	for (int i = 0; i < DRAWS; i++)
		q += (x[i] - mean) * (x[i] - mean);
	q /= DRAWS;
	if (fabs(s - mean) > 5.0 * sqrt(variance / DRAWS))
		fail_msg("mean %g instead of %g", s, mean);
	if (fabs(q - variance) > 5.0 * variance * sqrt((kurtosis - 1.0) / DRAWS))
		fail_msg("variance %g instead of %g", q, variance);
}

/* Pearson's chi-square against probabilities of 0..n-1 and the rest; cells below 10
 * expected come together.  Six standard deviations and a bit. */
static void
fits(const uint64_t *got, const double *p, int n)
{
	double x = 0.0, want = 0.0, have = 0.0, rest = 1.0, seen = 0.0;
	int cells = 0;

	for (int i = 0; i < n; i++) {
		want += p[i] * DRAWS;
		have += (double)got[i];
		rest -= p[i];
		seen += (double)got[i];
		if (want < 10.0 && i + 1 < n)
			continue;
		x += want > 0.0 ? (have - want) * (have - want) / want : have;
		want = have = 0.0;
		cells++;
	}
	if (rest * DRAWS >= 1.0)
		x += (DRAWS - seen - rest * DRAWS) * (DRAWS - seen - rest * DRAWS) / (rest * DRAWS);
	if (x > cells + 6.0 * sqrt(2.0 * cells) + 10.0)
		fail_msg("chi-square %g in %d cells", x, cells);
}

static double drawn[DRAWS];

static void
uniform_normal_exponential_have_their_moments(void **state)
{
	static const double edge[] = {-3.7, -2.0, -1.0, -0.5, 0.0, 0.3, 1.5, 2.5, 3.654, 4.0};
	struct reckon_random r;

	(void)state;
	reckon_random_init(&r, 2, 0);
	for (int i = 0; i < DRAWS; i++)
		drawn[i] = reckon_random_uniform(&r);
	moments(drawn, 0.5, 1.0 / 12, 1.8);
	for (int i = 0; i < DRAWS; i++)
		drawn[i] = reckon_random_exponential(&r);
	moments(drawn, 1.0, 1.0, 9.0);
	for (int i = 0; i < DRAWS; i++)
		drawn[i] = reckon_random_normal(&r);
	moments(drawn, 0.0, 1.0, 3.0);
	for (size_t j = 0; j < sizeof edge / sizeof *edge; j++) {
		double p = 0.5 * erfc(-edge[j] / sqrt(2.0)), n = 0.0;
		for (int i = 0; i < DRAWS; i++)
			n += drawn[i] < edge[j];
		assert_true(fabs(n - p * DRAWS) < 5.0 * sqrt(p * (1.0 - p) * DRAWS) + 1.0);
	}
}

static void
gamma_and_beta_have_their_moments(void **state)
{
	static const double shape[] = {0.05, 0.3, 1.0, 1.7, 12.0, 1e6, 1e14};
	struct reckon_random r;

	(void)state;
	reckon_random_init(&r, 3, 0);
	for (size_t j = 0; j < sizeof shape / sizeof *shape; j++) {
		double a = shape[j], b = 2.5;
		for (int i = 0; i < DRAWS; i++)
			drawn[i] = reckon_random_gamma(&r, a);
		moments(drawn, a, a, 3.0 + 6.0 / a);
		for (int i = 0; i < DRAWS; i++)
			drawn[i] = reckon_random_beta(&r, a, b);
		if (a < 100.0)
			moments(drawn, a / (a + b), a * b / ((a + b) * (a + b) * (a + b + 1)),
				a < 0.3 ? 200.0 : 20.0);
	}
}

/* -ln G / (1/a) of a Gamma(a) tends to Exponential(1) as a tends to 0. */
static void
tiny_shapes_live_in_logarithms(void **state)
{
	struct reckon_random r;
	double x, y;

	(void)state;
	reckon_random_init(&r, 4, 0);
	for (int i = 0; i < DRAWS; i++)
		drawn[i] = -1e-9 * reckon_random_log_gamma(&r, 1e-9);
	moments(drawn, 1.0, 1.0, 9.0);
	for (int i = 0; i < DRAWS; i++) {
		reckon_random_log_beta(&r, 1e-6, 1e-3, &x, &y);
		assert_true(isfinite(x) && isfinite(y) && x <= 0.0 && y <= 0.0);
	}
	for (int i = 0; i < DRAWS; i++) {
		reckon_random_log_beta(&r, 3.0, 2.0, &drawn[i], &y);
		assert_true(fabs(special_exp(drawn[i]) + special_exp(y) - 1.0) < 1e-14);
		drawn[i] = special_exp(drawn[i]);
	}
	moments(drawn, 0.6, 0.04, 3.0);
}

static void
binomials_fit_their_exact_probabilities(void **state)
{
	static const struct { uint64_t n; double p; } c[] = {{1, 0.3}, {7, 0.5}, {20, 0.9},
		{40, 0.2}, {40, 0.24}, {30, 0.4}, {60, 0.5}, {1000, 0.009}, {1000, 0.02}, {200, 0.93},
		{1000000000, 2e-8}, {9007199254740992, 2e-15}};
	static uint64_t got[400];
	static double p[400];
	struct reckon_random r;

	(void)state;
	reckon_random_init(&r, 5, 0);
	for (size_t j = 0; j < sizeof c / sizeof *c; j++) {
		memset(got, 0, sizeof got);
		for (int i = 0; i < DRAWS; i++) {
			uint64_t k = reckon_random_binomial(&r, c[j].n, c[j].p);
			assert_true(k <= c[j].n);
			got[k < 399 ? k : 399]++;
		}
		for (int k = 0; k < 400; k++)
			p[k] = (uint64_t)k <= c[j].n
				? exp(special_log_binomial_pmf(k, (double)c[j].n, c[j].p)) : 0.0;
		fits(got, p, 400);
	}
}

static void
great_binomials_and_poissons_have_their_moments(void **state)
{
	const double n = 0x1p53, p = 0.37;
	struct reckon_random r;

	(void)state;
	reckon_random_init(&r, 6, 0);
	for (int i = 0; i < DRAWS; i++)
		drawn[i] = (double)reckon_random_binomial(&r, (uint64_t)1 << 53, p) - n * p;
	moments(drawn, 0.0, n * p * (1 - p), 3.0);
	for (int i = 0; i < DRAWS; i++)
		drawn[i] = (double)reckon_random_poisson(&r, 4e12) - 4e12;
	moments(drawn, 0.0, 4e12, 3.0);
	assert_int_equal(reckon_random_binomial(&r, 0, 0.5), 0);
	assert_int_equal(reckon_random_binomial(&r, 9, 0.0), 0);
	assert_int_equal(reckon_random_binomial(&r, 9, 1.0), 9);
	assert_int_equal(reckon_random_poisson(&r, 0.0), 0);
}

static void
poissons_fit_their_exact_probabilities(void **state)
{
	static const double mean[] = {1e-3, 0.7, 4.0, 9.99, 10.0, 14.5, 80.0, 250.0};
	static uint64_t got[400];
	static double p[400];
	struct reckon_random r;

	(void)state;
	reckon_random_init(&r, 8, 0);
	for (size_t j = 0; j < sizeof mean / sizeof *mean; j++) {
		memset(got, 0, sizeof got);
		for (int i = 0; i < DRAWS; i++) {
			uint64_t k = reckon_random_poisson(&r, mean[j]);
			got[k < 399 ? k : 399]++;
		}
		for (int k = 0; k < 400; k++)
			p[k] = exp(special_log_poisson_pmf(k, mean[j]));
		fits(got, p, 400);
	}
}

static void
multinomials_give_everybody_a_place_that_has_weight(void **state)
{
	static const double w[] = {0.0, 1e-300, 0.3, 0.0, 0.7, 2.0, 0.0};
	static const double share[] = {0.1, 0.7 / 3, 2.0 / 3};
	struct reckon_random r;
	uint64_t out[7], sum[7] = {0};

	(void)state;
	reckon_random_init(&r, 9, 0);
	for (int i = 0; i < DRAWS / 10; i++) {
		reckon_random_multinomial(&r, 10, w, 7, out);
		for (int k = 0; k < 7; k++)
			sum[k] += out[k];
	}
	assert_true(sum[0] == 0 && sum[1] == 0 && sum[3] == 0 && sum[6] == 0);
	fits((uint64_t[]){sum[2], sum[4], sum[5]}, share, 3);
	reckon_random_multinomial(&r, 0, w, 7, out);
	assert_true(out[5] == 0);
}

static void
numbers_below_a_bound_are_alike(void **state)
{
	static const double p[7] = {1.0 / 7, 1.0 / 7, 1.0 / 7, 1.0 / 7, 1.0 / 7, 1.0 / 7, 1.0 / 7};
	const uint64_t three_quarters = 3 * ((uint64_t)1 << 62);
	struct reckon_random r;
	uint64_t got[7] = {0}, low = 0;

	(void)state;
	reckon_random_init(&r, 10, 0);
	for (int i = 0; i < DRAWS; i++) {
		got[reckon_random_below(&r, 7)]++;
		/* Where plain scaling is most biased: two words on every other value. */
		low += reckon_random_below(&r, three_quarters) % 3 == 0;
	}
	fits(got, p, 7);
	assert_true(fabs((double)low - DRAWS / 3.0) < 5.0 * sqrt(DRAWS * 2.0 / 9.0));
	assert_int_equal(reckon_random_below(&r, 1), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_are_those_of_the_published_vectors),
		cmocka_unit_test(a_stream_is_its_seed_and_number_and_no_other),
		cmocka_unit_test(logarithms_and_powers_are_right_to_the_last_places),
		cmocka_unit_test(normal_quantiles_are_those_of_python),
		cmocka_unit_test(probabilities_keep_their_digits),
		cmocka_unit_test(uniform_normal_exponential_have_their_moments),
		cmocka_unit_test(gamma_and_beta_have_their_moments),
		cmocka_unit_test(tiny_shapes_live_in_logarithms),
		cmocka_unit_test(binomials_fit_their_exact_probabilities),
		cmocka_unit_test(great_binomials_and_poissons_have_their_moments),
		cmocka_unit_test(poissons_fit_their_exact_probabilities),
		cmocka_unit_test(multinomials_give_everybody_a_place_that_has_weight),
		cmocka_unit_test(numbers_below_a_bound_are_alike),
	};

	return cmocka_run_group_tests_name("random", tests, NULL, NULL);
}
