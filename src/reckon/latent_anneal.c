/*
 * Where a chain begins, and how it goes on.
 *
 * The posterior comes in pieces that no chain crosses: a new class has to pay for its
 * capture probabilities, one uniform prior for every list, before it is worth having; on
 * twenty lists that is some 80 in the logarithm.  So which piece a chain begins in decides,
 * and chance must not.  Each chain begins with one of a population of states that is annealed
 * from a prior under which capture probabilities lie near the lists' own rates, and classes
 * come for little, to the model's uniform one; states are resampled by the evidence that
 * each piece gathers on the way, so that pieces come out by their posterior weight (Del
 * Moral, Doucet & Jasra 2006, "Sequential Monte Carlo samplers", JRSS B 68; Hukushima & Iba
 * 2003, "Population annealing").  Weights are taken with capture probabilities integrated
 * out.  Chains whose populations differ disagree afterwards, and R-hat says so.
 */
#include "reckon/latent_int.h"

/* Trajectories are best taken four times in five: between Neal's 0.65 and the 0.8 that
 * Betancourt, Byrne & Girolami (2014) advise. */
#define ACCEPT 0.8
/* People's worth by which capture probabilities are drawn to the lists' rates at first.
 * Measured on the recruitment stratum (bench/toll): from 60 to 150 nearly all populations
 * come to one piece (about one in thirty does not, which R-hat shows); from 10 classes are
 * missing at once, from 300 all begin as one class. */
#define STRENGTH 100.0

struct latent_chain *
latent_chain_create(struct arena *a, const struct latent_data *d, uint64_t seed,
	unsigned number)
{
	struct latent_chain *c = NEW(a, struct latent_chain);

	c->d = d;
	c->ln_step = special_log(0.1);
	reckon_random_init(&c->random, seed, number);
	c->prior.on = NEWS(a, double, d->n_lists);
	c->prior.off = NEWS(a, double, d->n_lists);
	latent_prior_set(d, 0.0, &c->prior);
	c->s = latent_state_create(a, d);
	return c;
}

/* ---- Annealing -------------------------------------------------------------- */

struct population {
	unsigned n;
	struct latent_state **s, **spare;
	double *ln_weight;
};

/* From the strongest evenly in the logarithm to a tenth of a person, then none. */
static double
strength(unsigned step, unsigned steps)
{
	return step >= steps ? 0.0
		: STRENGTH * special_exp(special_log(0.1 / STRENGTH) * step / steps);
}

/* Sum and effective number of the weights, which are scaled to a greatest of 1. */
static double
effective(struct population *p, double *ret_sum)
{
	double most = p->ln_weight[0], sum = 0.0, squares = 0.0;

	for (unsigned i = 1; i < p->n; i++)
		if (p->ln_weight[i] > most)
			most = p->ln_weight[i];
	for (unsigned i = 0; i < p->n; i++) {
		double w = special_exp(p->ln_weight[i] -= most);
		sum += w;
		squares += w * w;
	}
	*ret_sum = sum;
	return sum * sum / squares;
}

/* Systematic resampling: one uniform number for all. */
static void
resample(const struct latent_data *d, struct population *p, double sum,
	struct reckon_random *r)
{
	double u = reckon_random_uniform(r), at = special_exp(p->ln_weight[0]);
	struct latent_state **t;

	for (unsigned i = 0, from = 0; i < p->n; i++) {
		double want = (i + u) * sum / p->n;
		while (at < want && from + 1 < p->n)
			at += special_exp(p->ln_weight[++from]);
		latent_state_copy(d, p->spare[i], p->s[from]);
	}
	t = p->s;
	p->s = p->spare;
	p->spare = t;
	for (unsigned i = 0; i < p->n; i++)
		p->ln_weight[i] = 0.0;
}

static void
people(struct arena *a, const struct latent_data *d, unsigned n, unsigned number,
	struct reckon_random *r, struct population *p)
{
	p->n = n;
	p->s = NEWS(a, struct latent_state *, n);
	p->spare = NEWS(a, struct latent_state *, n);
	p->ln_weight = NEWS(a, double, n);
	for (unsigned i = 0; i < n; i++) {
		p->s[i] = latent_state_create(a, d);
		p->spare[i] = latent_state_create(a, d);
		latent_state_start(d, p->s[i], r, number + i);
	}
}

void
latent_anneal(struct latent_chain *c, unsigned number, unsigned population, unsigned steps)
{
	const struct latent_data *d = c->d;
	struct arena *a = arena_create((size_t)1 << 34);
	struct latent_prior now = {.on = NEWS(a, double, d->n_lists),
		.off = NEWS(a, double, d->n_lists)};
	struct latent_prior next = {.on = NEWS(a, double, d->n_lists),
		.off = NEWS(a, double, d->n_lists)};
	struct population p;
	double sum;

	people(a, d, population, number, &c->random, &p);
	for (unsigned t = 0; t < LATENT_SETTLE + steps; t++) {
		latent_prior_set(d, strength(t < LATENT_SETTLE ? 0 : t - LATENT_SETTLE, steps), &now);
		latent_prior_set(d, strength(t < LATENT_SETTLE ? 0 : t + 1 - LATENT_SETTLE, steps), &next);
		for (unsigned i = 0; i < p.n; i++) {
			latent_draw_classes(d, &now, p.s[i], &c->random);
			if (t >= LATENT_SETTLE)
				p.ln_weight[i] += latent_marginal(d, &next, p.s[i])
					- latent_marginal(d, &now, p.s[i]);
		}
		if (effective(&p, &sum) < 0.5 * p.n || t + 1 == LATENT_SETTLE + steps)
			resample(d, &p, sum, &c->random);
		for (unsigned i = 0; i < p.n; i++)
			latent_draw_parameters(d, &next, p.s[i], &c->random);
	}
	latent_state_copy(d, c->s, p.s[reckon_random_below(&c->random, p.n)]);
	arena_destroy(a);
}

/* ---- Moving ----------------------------------------------------------------- */

/* Step sizes by Robbins & Monro in warm-up; lengths and steps jittered against orbits
 * that come back (Neal 2011, section 5.4.2). */
static void
glide(struct latent_chain *c, bool warmup)
{
	struct reckon_random *r = &c->random;
	double jitter = 0.7 + 0.6 * reckon_random_uniform(r), taken;
	unsigned steps = 1 + (unsigned)reckon_random_below(r, 2 * LATENT_STEPS - 1);

	taken = latent_glide(c->d, c->s, r, jitter * special_exp(c->ln_step), steps);
	if (!warmup) {
		c->accepted += taken;
		c->counted++;
		return;
	}
	c->ln_step += (taken - ACCEPT) / sqrt(1.0 + c->iterations / 10.0);
	if (c->ln_step > 0.0)
		c->ln_step = 0.0;
}

void
latent_chain_move(struct latent_chain *c, bool warmup)
{
	latent_draw_classes(c->d, &c->prior, c->s, &c->random);
	c->total = latent_total(c->d, c->s);
	c->capped |= c->s->capped && !warmup;
	latent_draw_parameters(c->d, &c->prior, c->s, &c->random);
	glide(c, warmup);
	c->iterations++;
}
