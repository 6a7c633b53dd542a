/* R-hat, effective draws, Monte Carlo errors: on chains whose answers are known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <cmocka.h>
#include "reckon/reckon.h"

enum { CHAINS = 4, DRAWS = 4000 };
static double draws[CHAINS][DRAWS];
static const double *const chains[CHAINS] = {draws[0], draws[1], draws[2], draws[3]};

/* AR(1) of mean 0, variance 1, correlation rho. */
static void
fill(double rho, uint64_t seed)
{
	for (int c = 0; c < CHAINS; c++) {
		struct reckon_random r;
		double x;
		reckon_random_init(&r, seed, (uint64_t)c);
		x = reckon_random_normal(&r);
		for (int i = 0; i < DRAWS; i++) {
			draws[c][i] = x;
			x = rho * x + sqrt(1.0 - rho * rho) * reckon_random_normal(&r);
		}
	}
}

static void
independent_draws_are_worth_their_number(void **state)
{
	struct reckon_mixing m;

	(void)state;
	fill(0.0, 1);
	reckon_mixing_of(CHAINS, DRAWS, chains, &m);
	assert_true(m.rhat >= 0.9999 && m.rhat < 1.003);
	assert_true(fabs(m.ess_bulk / (CHAINS * DRAWS) - 1.0) < 0.1);
	assert_true(fabs(m.ess_tail / (CHAINS * DRAWS) - 1.0) < 0.15);
	assert_true(fabs(m.mean) < 4.0 * m.mcse_mean && fabs(m.sd - 1.0) < 0.05);
	assert_true(fabs(m.quantile[0] + 1.96) < 4.0 * m.mcse_quantile[0]);
	assert_true(fabs(m.quantile[4] - 1.96) < 4.0 * m.mcse_quantile[4]);
	/* sqrt(p(1-p)/n) over the normal density at the quantile. */
	assert_true(fabs(m.mcse_quantile[0] / (sqrt(0.025 * 0.975 / 16000) / 0.0584) - 1) < 0.35);
}

/* Of an AR(1) (1 - rho)/(1 + rho) of the draws are left. */
static void
correlated_draws_are_worth_less(void **state)
{
	struct reckon_mixing m;

	(void)state;
	fill(0.9, 2);
	reckon_mixing_of(CHAINS, DRAWS, chains, &m);
	assert_true(fabs(m.ess_mean / (CHAINS * DRAWS * 0.1 / 1.9) - 1.0) < 0.2);
	assert_true(fabs(m.ess_bulk / (CHAINS * DRAWS * 0.1 / 1.9) - 1.0) < 0.2);
	/* Every other value negative: worth more than their number. */
	fill(-0.5, 3);
	reckon_mixing_of(CHAINS, DRAWS, chains, &m);
	assert_true(fabs(m.ess_mean / (CHAINS * DRAWS * 3.0) - 1.0) < 0.2);
}

static void
chains_apart_in_place_or_spread_are_seen(void **state)
{
	struct reckon_mixing m;

	(void)state;
	fill(0.0, 4);
	for (int i = 0; i < DRAWS; i++)
		draws[2][i] += 1.0;
	reckon_mixing_of(CHAINS, DRAWS, chains, &m);
	assert_true(m.rhat > 1.05 && m.ess_bulk < 100.0);
	fill(0.0, 5);
	for (int i = 0; i < DRAWS; i++)
		draws[1][i] *= 4.0;             /* the same mean: only folding sees it */
	reckon_mixing_of(CHAINS, DRAWS, chains, &m);
	assert_true(m.rhat > 1.05);
	fill(0.0, 6);
	for (int c = 0; c < CHAINS; c++)
		for (int i = 0; i < DRAWS; i++)
			draws[c][i] += i * 1e-3;    /* a drift: only splitting sees it */
	reckon_mixing_of(CHAINS, DRAWS, chains, &m);
	assert_true(m.rhat > 1.3);
}

static void
chains_that_stand_still_give_numbers(void **state)
{
	struct reckon_mixing m;

	(void)state;
	for (int c = 0; c < CHAINS; c++)
		for (int i = 0; i < DRAWS; i++)
			draws[c][i] = 7.0;
	reckon_mixing_of(CHAINS, DRAWS, chains, &m);
	assert_true(m.rhat == 1.0 && m.ess_bulk == CHAINS * DRAWS && m.mcse_mean == 0.0);
	for (int i = 0; i < DRAWS; i++)
		draws[3][i] = 8.0;
	reckon_mixing_of(CHAINS, DRAWS, chains, &m);
	assert_true(m.rhat == 1000.0 && m.ess_bulk >= 1.0 && m.ess_bulk < 10.0);
	assert_true(isfinite(m.mcse_mean) && isfinite(m.mcse_quantile[4]));
}

/* Ranks are all that bulk and tails look at. */
static void
a_monotone_change_of_scale_does_nothing_to_ranks(void **state)
{
	struct reckon_mixing m, l;

	(void)state;
	fill(0.5, 7);
	reckon_mixing_of(CHAINS, DRAWS, chains, &m);
	for (int c = 0; c < CHAINS; c++)
		for (int i = 0; i < DRAWS; i++)
			draws[c][i] = exp(3.0 * draws[c][i]);
	reckon_mixing_of(CHAINS, DRAWS, chains, &l);
	assert_true(m.ess_bulk == l.ess_bulk && m.ess_tail == l.ess_tail);
	assert_true(l.ess_mean != m.ess_mean);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(independent_draws_are_worth_their_number),
		cmocka_unit_test(correlated_draws_are_worth_less),
		cmocka_unit_test(chains_apart_in_place_or_spread_are_seen),
		cmocka_unit_test(chains_that_stand_still_give_numbers),
		cmocka_unit_test(a_monotone_change_of_scale_does_nothing_to_ranks),
	};

	return cmocka_run_group_tests_name("mixing", tests, NULL, NULL);
}
