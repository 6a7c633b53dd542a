/*
 * Latent classes: the sampler against what it must leave as it was (Geweke, simulation-based
 * calibration), against weighted draws from the prior, against LCMCR; and hard data.
 *
 * HABEAS_LONG=1: calibration with twenty times as many data sets.
 */
#include "exact_data.h"
#include "reckon/latent_int.h"

/* ---- Calibration ------------------------------------------------------------- */

/* All cells of J lists, whose counts may change. */
struct bed {
	struct latent_data d;
	uint64_t count[8];
	struct arena *a;
};

static void
bed_make(struct bed *b, unsigned classes, uint64_t n)
{
	static uint32_t from[8];
	static uint8_t lists[16];
	static const unsigned given[3] = {0, 1, 2};
	static const double rate[3] = {0.4, 0.3, 0.2};
	uint32_t at = 0;

	for (unsigned on = 1; on < 8; on++) {
		from[on - 1] = at;
		for (uint8_t j = 0; j < 3; j++)
			if (on >> j & 1)
				lists[at++] = j;
	}
	from[7] = at;
	*b = (struct bed){.a = arena_create(1 << 26)};
	b->d = (struct latent_data){.n_lists = 3, .n_classes = classes,
		.width = (classes + 3) / 4 * 4, .n_cells = 7,
		.from = from, .lists = lists, .count = b->count, .n = n, .a = 0.25, .b = 0.25,
		.given = given, .rate = rate};
}

/* Parameters from the prior, without the sampler's own draws: each by its definition. */
static void
from_prior(const struct latent_data *d, struct latent_state *s, struct reckon_random *r)
{
	double left = 1.0;

	s->alpha = reckon_random_gamma(r, d->a) / d->b;
	if (s->alpha < 1e-150)
		s->alpha = 1e-150;
	for (size_t k = 0; k < d->n_classes; k++) {
		double ln = 0.0, ln_rest = 0.0, rest = 1.0;
		if (k + 1 < d->n_classes)
			reckon_random_log_beta(r, 1.0, s->alpha, &ln, &ln_rest);
		s->v[k] = ln - ln_rest;
		s->nu[k] = left * exp(ln);
		left *= k + 1 < d->n_classes ? exp(ln_rest) : 0.0;
		for (size_t j = 0; j < d->n_lists; j++) {
			double u = reckon_random_uniform(r);
			s->odds[j * d->width + k] = u / (1.0 - u);
			rest *= 1.0 - u;
		}
		s->base[k] = s->nu[k] * rest;
		s->seen[k] = 1.0 - rest;
		s->n0[k] = 0.0;
	}
}

/* n listed people over the cells, given the parameters; returns p0. */
static double
people_of(struct bed *b, const struct latent_state *s, struct reckon_random *r)
{
	const struct latent_data *d = &b->d;
	double p[7] = {0}, p0 = 0.0;

	for (size_t m = 0; m < 7; m++)
		for (size_t k = 0; k < d->n_classes; k++) {
			double w = s->base[k];
			for (uint32_t i = d->from[m]; i < d->from[m + 1]; i++)
				w *= s->odds[d->lists[i] * d->width + k];
			p[m] += w;
		}
	for (size_t k = 0; k < d->n_classes; k++)
		p0 += s->base[k];
	reckon_random_multinomial(r, d->n, p, 7, b->count);
	return p0;
}

enum { FEATURES = 9 };

static void
features(const struct latent_data *d, const struct latent_state *s, double p0, double *ret)
{
	double most = 0.0, both = 0.0;

	for (size_t k = 0; k < d->n_classes; k++) {
		double x = s->odds[k], y = s->odds[d->width + k];
		most = s->nu[k] > most ? s->nu[k] : most;
		both += s->nu[k] * x / (1.0 + x) * y / (1.0 + y);
	}
	ret[0] = s->alpha / (1.0 + s->alpha);
	ret[1] = p0;
	ret[2] = s->nu[0];
	ret[3] = most;
	ret[4] = s->odds[0] / (1.0 + s->odds[0]);
	ret[5] = s->odds[d->width + 1] / (1.0 + s->odds[d->width + 1]) * s->nu[1];
	ret[6] = both;
	ret[7] = s->base[0];                /* of the first class and on no list */
	ret[8] = s->base[1] / (s->base[0] + s->base[1]);
}

/* Trajectories mend what sweeps do wrong: each kind of move alone as well. */
static void
move(struct latent_chain *c, bool glides)
{
	if (glides) {
		latent_chain_move(c, false);
		return;
	}
	latent_draw_classes(c->d, &c->prior, c->s, &c->random);
	latent_draw_parameters(c->d, &c->prior, c->s, &c->random);
}

/* The truth's features from the prior, then those of parameters moved given the data and
 * data drawn given the parameters in turn. */
static void
keeps_the_prior(bool glides)
{
	enum { N = 30000 };
	static double x[FEATURES][N], y[FEATURES][N];
	struct bed b;
	struct latent_chain *c;
	struct reckon_random r;
	double f[FEATURES];

	bed_make(&b, 4, 12);
	reckon_random_init(&r, 11, 0);
	c = latent_chain_create(b.a, &b.d, 11, 1);
	/* So long that many trajectories are refused: else refusing them could be wrong. */
	c->ln_step = log(0.75);
	for (int i = 0; i < N; i++) {
		from_prior(&b.d, c->s, &r);
		features(&b.d, c->s, people_of(&b, c->s, &r), f);
		for (int k = 0; k < FEATURES; k++)
			x[k][i] = f[k];
	}
	for (int i = 0; i < N; i++) {
		for (int k = 0; k < (glides ? 1 : 4); k++)
			move(c, glides);
		features(&b.d, c->s, people_of(&b, c->s, &r), f);
		for (int k = 0; k < FEATURES; k++)
			y[k][i] = f[k];
	}
	if (glides && !(c->accepted / c->counted > 0.4 && c->accepted / c->counted < 0.85))
		fail_msg("accepted %g", c->accepted / c->counted);
	for (int k = 0; k < FEATURES; k++) {
		const double *const px[] = {x[k]}, *const py[] = {y[k]};
		struct reckon_mixing mx, my;
		reckon_mixing_of(1, N, px, &mx);
		reckon_mixing_of(1, N, py, &my);
		assert_true(my.ess_mean > 300.0);
		if (fabs(mx.mean - my.mean) > 4.0 * hypot(mx.mcse_mean, my.mcse_mean))
			fail_msg("feature %d: %g +- %g and %g +- %g", k, mx.mean, mx.mcse_mean, my.mean,
				my.mcse_mean);
		if (fabs(mx.quantile[2] - my.quantile[2])
			> 5.0 * hypot(mx.mcse_quantile[2], my.mcse_quantile[2]) + 1e-3)
			fail_msg("feature %d: medians %g and %g", k, mx.quantile[2], my.quantile[2]);
	}
	arena_destroy(b.a);
}

/* Geweke (2004), "Getting it right", JASA 99: parameters moved given the data and data
 * drawn given the parameters, in turn, must have the parameters' prior. */
static void
moving_and_drawing_data_in_turn_keeps_the_prior(void **state)
{
	(void)state;
	keeps_the_prior(true);
}

static void
sweeps_without_trajectories_keep_it_too(void **state)
{
	(void)state;
	keeps_the_prior(false);
}

/* Talts, Betancourt, Simpson, Vehtari & Gelman (2018), arXiv 1804.06788: the rank of what
 * the data were drawn from among draws given the data is uniform.  N too: n0 ~ NegBin. */
static void
ranks_of_the_truth_are_uniform(void **state)
{
	enum { DRAWS = 19, THIN = 12 };
	int sets = getenv("HABEAS_LONG") ? 6000 : 150, rank[3][DRAWS + 1] = {{0}};
	struct bed b;
	struct reckon_random r;

	(void)state;
	bed_make(&b, 4, 25);
	reckon_random_init(&r, 12, 0);
	for (int i = 0; i < sets; i++) {
		struct latent_chain *c = latent_chain_create(b.a, &b.d, 12, (unsigned)i + 1);
		double truth[3], below[3] = {0}, mean;
		from_prior(&b.d, c->s, &r);
		truth[0] = people_of(&b, c->s, &r);
		truth[1] = c->s->alpha;
		mean = reckon_random_gamma(&r, (double)b.d.n) * truth[0] / (1.0 - truth[0]);
		/* Half a person either way breaks ties by chance. */
		truth[2] = (double)reckon_random_poisson(&r, mean < 1e12 ? mean : 1e12)
			+ reckon_random_uniform(&r);
		latent_anneal(c, (unsigned)i, 4, 40);
		for (int t = -8; t < DRAWS; t++) {
			double p0 = 0.0;
			for (int k = 0; k < THIN; k++)
				latent_chain_move(c, t < 0);
			for (size_t k = 0; k < b.d.n_classes; k++)
				p0 += c->s->base[k];
			if (t < 0)
				continue;
			below[0] += p0 < truth[0];
			below[1] += c->s->alpha < truth[1];
			below[2] += c->total - (double)b.d.n + reckon_random_uniform(&r) < truth[2];
		}
		for (int k = 0; k < 3; k++)
			rank[k][(int)below[k]]++;
		arena_reset(b.a);
	}
	for (int k = 0; k < 3; k++) {
		double x = 0.0, want = sets / (DRAWS + 1.0);
		for (int i = 0; i <= DRAWS; i++)
			x += (rank[k][i] - want) * (rank[k][i] - want) / want;
		if (x > 46.0)                       /* chi-square, 19 degrees: p 0.0005 */
			fail_msg("quantity %d: chi-square %g of 19", k, x);
	}
	arena_destroy(b.a);
}

/* ---- Against others ---------------------------------------------------------- */

static struct reckon_latent
latent(struct arena *a, const struct reckon_counts *c, const struct reckon_latent_options *o)
{
	struct reckon_latent r;
	struct err e;

	if (reckon_latent(a, c, o, &r, &e))
		fail_msg("%s", e.text);
	return r;
}

/* P(N <= n + k) by weighing draws from the prior with the likelihood, and given the
 * parameters by the negative binomial: no Markov chain. */
static void
small_data_give_what_weighted_draws_from_the_prior_give(void **state)
{
	static const uint64_t count[7] = {4, 3, 2, 3, 1, 1, 2};
	enum { N = 200000, UP_TO = 4 };
	struct reckon_latent_options o = {.classes = 3, .ess = 8000, .seed = 5};
	struct reckon_cell cells[7];
	struct reckon_counts c;
	struct reckon_latent l;
	struct bed b;
	struct latent_state *s;
	struct reckon_random r;
	double sum = 0.0, want[UP_TO] = {0};

	(void)state;
	bed_make(&b, 3, 16);
	for (uint64_t m = 0; m < 7; m++)
		cells[m] = (struct reckon_cell){m + 1, count[m]};
	assert_int_equal(reckon_counts_of(b.a, 3, NULL, cells, 7, &c, NULL), OK);
	s = latent_state_create(b.a, &b.d);
	reckon_random_init(&r, 13, 0);
	for (int i = 0; i < N; i++) {
		double ln = 0.0, p0 = 0.0, seen, pmf, cdf = 0.0;
		from_prior(&b.d, s, &r);
		for (size_t k = 0; k < 3; k++)
			p0 += s->base[k];
		seen = 1.0 - p0;
		for (size_t m = 0; m < 7; m++) {
			double p = 0.0;
			for (size_t k = 0; k < 3; k++) {
				double w = s->base[k];
				for (uint32_t j = b.d.from[m]; j < b.d.from[m + 1]; j++)
					w *= s->odds[b.d.lists[j] * b.d.width + k];
				p += w;
			}
			ln += (double)count[m] * log(p / seen);
		}
		pmf = pow(seen, 16.0);
		sum += exp(ln + 30.0);
		for (int k = 0; k < UP_TO; k++) {
			cdf += pmf;
			want[k] += exp(ln + 30.0) * cdf;
			pmf *= p0 * (16.0 + k) / (k + 1.0);
		}
	}
	l = latent(b.a, &c, &o);
	assert_true(l.converged && l.n == 16);
	for (int k = 0; k < UP_TO; k++) {
		double got = 0.0;
		for (size_t i = 0; i < l.n_draws; i++)
			got += l.draws[i] <= 16.0 + k;
		got /= (double)l.n_draws;
		if (fabs(got - want[k] / sum) > 0.03)
			fail_msg("P(N <= n + %d): %g instead of %g", k, got, want[k] / sum);
	}
	arena_destroy(b.a);
}

/* LCMCR 0.4.14, K = 10, four chains of 10,000 draws each 1,000 sweeps apart: mean 10,683
 * (Monte Carlo error 8), quantiles as below. */
static void
kosovo_is_as_lcmcr_has_it_after_a_long_time(void **state)
{
	static const double want[] = {9058, 9891, 10433, 11167, 13834};
	struct reckon_latent_options o = {.classes = 10, .seed = 3, .ess = 2000};
	struct arena *a = arena_create((size_t)1 << 30);
	struct reckon_counts c = counts_of(a, kosovo, 15);
	struct reckon_latent l = latent(a, &c, &o);

	(void)state;
	assert_true(l.converged && !l.capped && l.chains == 8 && l.classes == 10);
	assert_true(l.mixing.rhat < 1.01 && l.mixing.ess_bulk >= 2000);
	assert_true(fabs(l.mixing.mean - 10683.0) < 4.0 * hypot(8.0, l.mixing.mcse_mean));
	for (int i = 0; i < RECKON_QUANTILES; i++)
		if (fabs(l.mixing.quantile[i] / want[i] - 1.0) > (i == 4 ? 0.03 : 0.015))
			fail_msg("quantile %d: %g instead of %g", i, l.mixing.quantile[i], want[i]);
	assert_true(l.least_accepted > 0.6 && l.overlap_p > 0.05 && l.n_overlaps == 6);
	for (size_t i = 0; i < l.n_overlaps; i++)
		assert_true(fabs(l.overlaps[i].expected / (double)l.overlaps[i].seen - 1.0) < 0.1);
	arena_destroy(a);
}

/* Three kinds of people and two classes for them: two lists that nobody shares would
 * share many.  With classes enough the overlaps come out. */
static void
overlaps_that_the_model_cannot_give_are_shown(void **state)
{
	static const struct pattern p[] = {{"110000", 200}, {"100000", 90}, {"010000", 80},
		{"001100", 200}, {"001000", 80}, {"000100", 90}, {"000011", 200}, {"000010", 80},
		{"000001", 90}};
	struct reckon_latent_options o = {.classes = 2, .seed = 3, .iterations = 600};
	struct arena *a = arena_create((size_t)1 << 30);
	struct reckon_counts c = counts_of(a, p, 9);
	struct reckon_latent l = latent(a, &c, &o);

	(void)state;
	assert_true(l.overlap_p < 1e-6);
	o.classes = 6;
	l = latent(a, &c, &o);
	assert_true(l.overlap_p > 0.05);
	arena_destroy(a);
}

/* ---- The same whatever the order -------------------------------------------- */

static void
assert_same(const struct reckon_latent *x, const struct reckon_latent *y)
{
	assert_int_equal(x->n_draws, y->n_draws);
	assert_memory_equal(x->draws, y->draws, x->n_draws * sizeof *x->draws);
	assert_memory_equal(&x->mixing, &y->mixing, sizeof x->mixing);
	assert_true(x->overlap_p == y->overlap_p);
}

static void
threads_rows_and_lists_may_come_in_any_number_and_order(void **state)
{
	static const unsigned threads[] = {2, 3, 8};
	struct reckon_latent_options o = {.seed = 9, .iterations = 300, .threads = 1};
	struct arena *a = arena_create((size_t)1 << 30);
	struct reckon_counts c = counts_of(a, hiv, 13), t;
	struct reckon_cell cells[13];
	struct reckon_latent one = latent(a, &c, &o), other;

	(void)state;
	for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
		o.threads = threads[i];
		other = latent(a, &c, &o);
		assert_same(&one, &other);
	}
	for (size_t i = 0; i < 13; i++) {       /* rows backwards, lists 0123 to 2031 */
		uint64_t on = c.cells[12 - i].on;
		cells[i] = (struct reckon_cell){(on >> 1 & 1) << 3 | (on & 1) << 1 | (on >> 3 & 1) << 2
			| (on >> 2 & 1), c.cells[12 - i].count};
	}
	assert_int_equal(reckon_counts_of(a, 4, NULL, cells, 13, &t, NULL), OK);
	other = latent(a, &t, &o);
	assert_same(&one, &other);
	o.seed = 10;
	other = latent(a, &c, &o);
	assert_true(memcmp(one.draws, other.draws, one.n_draws * sizeof *one.draws) != 0);
	arena_destroy(a);
}

/* ---- Hard data --------------------------------------------------------------- */

static void
in_numbers(const struct reckon_latent *l)
{
	const struct reckon_mixing *m = &l->mixing;

	assert_true(isfinite(m->rhat) && isfinite(m->ess_bulk) && isfinite(m->ess_tail));
	assert_true(isfinite(m->mean) && isfinite(m->mcse_mean) && m->mean >= (double)l->n);
	for (int i = 0; i < RECKON_QUANTILES; i++)
		assert_true(isfinite(m->quantile[i]) && isfinite(m->mcse_quantile[i])
			&& m->quantile[i] >= (double)l->n);
	for (size_t i = 0; i < l->n_draws; i++)
		assert_true(isfinite(l->draws[i]) && l->draws[i] >= (double)l->n);
	for (size_t i = 0; i < l->n_overlaps; i++)
		assert_true(l->overlaps[i].p >= 0.0 && l->overlaps[i].p <= 1.0
			&& isfinite(l->overlaps[i].expected));
	assert_true(l->overlap_p >= 0.0 && l->overlap_p <= 1.0);
}

static void
hard_data_are_answered_in_numbers(void **state)
{
	static const struct {
		const char *what;
		unsigned lists;
		struct reckon_cell cells[5];
	} c[] = {
		{"two lists", 2, {{1, 20}, {2, 30}, {3, 7}}},
		{"no overlap", 4, {{1, 40}, {2, 30}, {4, 20}, {8, 5}}},
		{"everybody on every list", 3, {{7, 1000}}},
		{"counts of 10^9", 3, {{1, 1000000000}, {2, 900000000}, {3, 1000000000}, {6, 5},
			{7, 1000000000}}},
		{"one person", 2, {{3, 1}}},
		{"three people on 34 lists", 34, {{(uint64_t)3 << 32, 1}, {0x0f0f0f0f, 1}, {1, 1}}},
		{"two lists of one each", 2, {{1, 1}, {2, 1}}},
		{"63 full lists", 63, {{((uint64_t)1 << 63) - 1, 1000000000}, {1, 1}, {2, 3}}},
	};
	struct reckon_latent_options o = {.seed = 4, .iterations = 100, .population = 4};

	(void)state;
	for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
		struct arena *a = arena_create((size_t)1 << 30);
		struct reckon_counts t;
		struct reckon_latent l;
		assert_int_equal(reckon_counts_of(a, c[i].lists, NULL, c[i].cells, 5 - (size_t)(
			(c[i].cells[1].on == 0) + (c[i].cells[2].on == 0) + (c[i].cells[3].on == 0)
			+ (c[i].cells[4].on == 0)), &t, NULL), OK);
		l = latent(a, &t, &o);
		in_numbers(&l);
		arena_destroy(a);
	}
}

/* n different sets of ten lists of 40. */
static struct reckon_counts
wide(struct arena *a, size_t n)
{
	struct reckon_cell *cells = NEWS(a, struct reckon_cell, n);
	struct reckon_counts c;
	struct reckon_random r;

	reckon_random_init(&r, 8, 0);
	for (size_t i = 0; i < n; i++) {
		cells[i].count = 1;
		for (int k = 0; k < 10; k++)
			cells[i].on |= (uint64_t)1 << reckon_random_below(&r, 40);
	}
	assert_int_equal(reckon_counts_of(a, 40, NULL, cells, n, &c, NULL), OK);
	return c;
}

static bool
stop_at_once(void *ctx, const struct reckon_latent_state *s)
{
	*(unsigned *)ctx = s->most;
	return false;
}

/* Of greater tables even the fewest iterations would take longer than the bound. */
static void
work_has_a_bound_for_every_table(void **state)
{
	unsigned most = 0;
	struct reckon_latent_options o = {.progress = stop_at_once, .ctx = &most};
	struct arena *a = arena_create((size_t)1 << 30);
	struct reckon_counts c = wide(a, 2000);
	struct reckon_latent l = {.n = 77};
	struct err e;

	(void)state;
	assert_int_equal(reckon_latent(a, &c, &o, &l, &e), NO);
	assert_in_range(most, 300, 1000);
	c = wide(a, 100000);
	assert_int_equal(reckon_latent(a, &c, &o, &l, &e), BAD);
	assert_non_null(strstr(e.text, "too much work for a minute"));
	assert_int_equal(l.n, 77);
	arena_destroy(a);
}

static void
lists_without_people_change_nothing(void **state)
{
	struct reckon_latent_options o = {.seed = 9, .iterations = 300};
	struct arena *a = arena_create((size_t)1 << 30);
	struct reckon_counts c = counts_of(a, my3, 7), t;
	struct reckon_cell cells[7];
	struct reckon_latent x = latent(a, &c, &o), y;

	(void)state;
	for (size_t i = 0; i < 7; i++)
		cells[i] = (struct reckon_cell){c.cells[i].on << 4, c.cells[i].count};
	assert_int_equal(reckon_counts_of(a, 9, NULL, cells, 7, &t, NULL), OK);
	y = latent(a, &t, &o);
	assert_same(&x, &y);
	assert_true(y.overlaps[0].i >= 4 && y.overlaps[0].j >= 4);
	arena_destroy(a);
}

static void
what_cannot_be_estimated_is_refused(void **state)
{
	static const struct reckon_cell one = {2, 50};
	static const struct reckon_latent_options bad[] = {{.classes = 1}, {.classes = 65},
		{.a = -1.0}, {.b = NAN}, {.chains = 1}, {.chains = 65}, {.iterations = 99},
		{.population = 10001}};
	struct arena *a = arena_create(1 << 26);
	struct reckon_counts c;
	struct reckon_latent l = {.n = 77};
	struct err e;

	(void)state;
	assert_int_equal(reckon_counts_of(a, 3, NULL, &one, 1, &c, NULL), OK);
	assert_int_equal(reckon_latent(a, &c, &bad[0], &l, &e), BAD);
	assert_non_null(strstr(e.text, "1 list with people"));
	assert_int_equal(reckon_counts_of(a, 3, NULL, NULL, 0, &c, NULL), OK);
	assert_int_equal(reckon_latent(a, &c, &bad[0], &l, &e), BAD);
	c = counts_of(a, my3, 7);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(reckon_latent(a, &c, &bad[i], &l, &e), BAD);
	assert_int_equal(l.n, 77);
	arena_destroy(a);
}

static bool
until(void *ctx, const struct reckon_latent_state *s)
{
	unsigned *calls = ctx;

	assert_true(s->iterations <= s->most);
	return ++*calls < 3;
}

static void
a_run_may_be_stopped(void **state)
{
	unsigned calls = 0;
	struct reckon_latent_options o = {.progress = until, .ctx = &calls, .ess = 1e9};
	struct arena *a = arena_create((size_t)1 << 30);
	struct reckon_counts c = counts_of(a, kosovo, 15);
	struct reckon_latent l = {.n = 77};
	struct err e;

	(void)state;
	assert_int_equal(reckon_latent(a, &c, &o, &l, &e), NO);
	assert_int_equal(calls, 3);
	assert_int_equal(l.n, 77);
	arena_destroy(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moving_and_drawing_data_in_turn_keeps_the_prior),
		cmocka_unit_test(sweeps_without_trajectories_keep_it_too),
		cmocka_unit_test(ranks_of_the_truth_are_uniform),
		cmocka_unit_test(small_data_give_what_weighted_draws_from_the_prior_give),
		cmocka_unit_test(kosovo_is_as_lcmcr_has_it_after_a_long_time),
		cmocka_unit_test(overlaps_that_the_model_cannot_give_are_shown),
		cmocka_unit_test(threads_rows_and_lists_may_come_in_any_number_and_order),
		cmocka_unit_test(hard_data_are_answered_in_numbers),
		cmocka_unit_test(work_has_a_bound_for_every_table),
		cmocka_unit_test(lists_without_people_change_nothing),
		cmocka_unit_test(what_cannot_be_estimated_is_refused),
		cmocka_unit_test(a_run_may_be_stopped),
	};

	return cmocka_run_group_tests_name("latent", tests, NULL, NULL);
}
