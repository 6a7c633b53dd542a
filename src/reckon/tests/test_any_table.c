/* Whatever the table: numbers, infinities where nothing bounds, or a refusal; never NaN,
 * never fewer people than were seen. */
#include "reckon/tests/exact_data.h"

static void
interval_holds(struct reckon_interval i, double n, double seen)
{
	assert_false(isnan(i.lower) || isnan(i.upper) || isnan(n));
	assert_true(i.lower >= seen * (1 - 1e-9) && i.upper >= i.lower * (1 - 1e-9));
	assert_true(n >= seen * (1 - 1e-9));
}

static void
fit_holds(const struct reckon_fit *f, double seen)
{
	interval_holds(f->wald, f->n, seen);
	interval_holds(f->profile, f->n, seen);
	assert_false(isnan(f->se) || isnan(f->aic) || isnan(f->bic) || isnan(f->weight));
	assert_true(f->deviance >= 0 && f->overlap_p >= 0 && f->overlap_p <= 1);
	assert_int_equal(isfinite(f->n) != 0, f->state == RECKON_FIT_OK);
}

/* One to four lists; few people, some, many; cells left out at random. */
static struct reckon_counts
draw(struct arena *a, uint64_t seed)
{
	static const uint64_t most[] = {3, 20, 2000, 1000000000};
	struct reckon_random r;
	struct reckon_cell v[16];
	struct reckon_counts c;
	unsigned lists, cells;
	uint64_t below;

	reckon_random_init(&r, seed, 0);
	lists = 1 + (unsigned)reckon_random_below(&r, 4);
	cells = (unsigned)reckon_random_below(&r, (uint64_t)1 << lists);
	below = most[reckon_random_below(&r, seed % 20 == 0 ? 4 : 3)];
	for (unsigned i = 0; i < cells; i++) {
		v[i].on = 1 + reckon_random_below(&r, ((uint64_t)1 << lists) - 1);
		v[i].count = reckon_random_below(&r, below);
	}
	assert_int_equal(reckon_counts_of(a, lists, NULL, v, cells, &c, NULL), OK);
	return c;
}

static void
try(struct arena *a, uint64_t seed)
{
	struct reckon_counts c = draw(a, seed);
	struct reckon_loglinear_options all = {.profile_all = true};
	struct reckon_bootstrap_options few = {.replicates = 20, .seed = seed};
	struct reckon_estimate e[2];
	struct reckon_loglinear l;
	struct reckon_stepwise w;
	struct reckon_bootstrap b;
	struct reckon_spread d;
	struct reckon_differ p;
	struct reckon_graphs g;
	double n = (double)c.n, xi[2] = {0.1, 10};

	if (reckon_chao(&c, 0, e, NULL) == OK)
		interval_holds(e->interval, e->n, n);
	if (reckon_chapman(&c, 0, e, NULL) == OK)
		interval_holds(e->interval, e->n, n);
	if (reckon_bounds(&c, 0, xi, 2, e, NULL) == OK)
		interval_holds(e[1].interval, e[1].n, n);
	if (reckon_loglinear(a, &c, &all, NULL, &l, NULL) == OK) {
		for (size_t i = 0; i < l.n_fits; i++)
			fit_holds(&l.fits[i], n);
		interval_holds(l.averaged.interval, l.averaged.n, n);
	}
	if (reckon_stepwise(a, &c, 0, 0, NULL, &w, NULL) == OK)
		fit_holds(&w.fit, n);
	if (reckon_spread(&c, NULL, 0, 0, NULL, &d, NULL) == OK)
		interval_holds(d.at.interval, d.at.n, n);
	if (reckon_differ(&c, &p, NULL) == OK)
		assert_false(isnan(p.smooth) || isnan(p.classes));
	if (reckon_stepwise_bootstrap(a, &c, &few, NULL, &b, NULL) == OK)
		interval_holds(b.interval, b.estimate, n);
	if (c.n < 100000 && reckon_graphs(a, &c, NULL, NULL, &g, NULL) == OK) {
		interval_holds(g.without.interval, g.without.mean, n);
		interval_holds(g.with.interval, g.with.mean, n);
		assert_true(g.tail >= 0 && g.tail <= 1 && g.saturated >= 0 && g.saturated <= 1);
		assert_false(isnan(g.without.sd) || isnan(g.without.relative));
	}
}

static void
no_table_gives_anything_but_numbers(void **state)
{
	struct arena *a = arena_create(1 << 28);

	(void)state;
	for (uint64_t seed = 1; seed <= 60; seed++) {
		try(a, seed);
		arena_reset(a);
	}
	arena_destroy(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_table_gives_anything_but_numbers),
	};

	return cmocka_run_group_tests_name("any_table", tests, NULL, NULL);
}
