/*
 * One chain: a state on the whole data and, where that does not mix, further states on
 * ever smaller shares of the people, with which it changes places.
 *
 * Tempering by leaving people out instead of raising the likelihood to a power: counts
 * stay whole, so that the same Gibbs sweep serves every rung, and hot rungs are cheap.
 * Places are exchanged by the odd-even scheme, whose traffic is not a random walk, and
 * rungs are spaced to refuse alike: Syed, Bouchard-Côté, Deligiannidis & Doucet (2022),
 * "Non-reversible parallel tempering", JRSS B 84, sections 3 and 5.
 */
#include "reckon/latent_int.h"

/* Trajectories are best taken four times in five: between Neal's 0.65 and the 0.8 that
 * Betancourt, Byrne & Girolami (2014) advise. */
#define ACCEPT 0.8
#define LEAST_SHARE 0.02

/* Nested: who is in a smaller share is in every greater one. */
static void
share_out(struct latent_ladder *l, struct latent_rung *g, double share)
{
	g->share = share;
	g->n = 0;
	for (size_t m = 0; m < l->d->n_cells; m++) {
		g->f[m] = share < 1.0 ? (uint64_t)floor(share * (double)l->d->count[m] + l->offset[m])
			: l->d->count[m];
		g->n += g->f[m];
	}
	if (g->n == 0) {                    /* the posterior wants somebody */
		g->f[0] = 1;
		g->n = 1;
	}
}

struct latent_ladder *
latent_ladder_create(struct arena *a, const struct latent_data *d, uint64_t seed,
	unsigned number, unsigned n_rungs)
{
	struct latent_ladder *l = NEW(a, struct latent_ladder);

	l->d = d;
	l->n_rungs = n_rungs;
	l->offset = NEWS(a, double, d->n_cells);
	reckon_random_init(&l->random, seed, number);
	for (size_t m = 0; m < d->n_cells; m++)
		l->offset[m] = reckon_random_uniform(&l->random);
	for (unsigned i = 0; i < n_rungs; i++) {
		struct latent_rung *g = &l->rung[i];
		g->f = NEWS(a, uint64_t, d->n_cells);
		g->s = latent_state_create(a, d);
		g->ln_step = special_log(0.1);
		share_out(l, g, i ? special_exp(special_log(LEAST_SHARE) * i / (n_rungs - 1)) : 1.0);
		latent_state_start(d, g->s, &l->random, number + i);
	}
	return l;
}

/* ---- Within a rung ---------------------------------------------------------- */

/* Step sizes by Robbins & Monro in warm-up; lengths and steps jittered against orbits
 * that come back (Neal 2011, section 5.4.2). */
static void
move_rung(struct latent_ladder *l, struct latent_rung *g, bool warmup)
{
	struct reckon_random *r = &l->random;
	double jitter = 0.7 + 0.6 * reckon_random_uniform(r), taken;
	unsigned steps = 1 + (unsigned)reckon_random_below(r, 2 * LATENT_STEPS - 1);

	latent_sweep(l->d, g->f, g->n, g->s, r);
	if (g == l->rung) {
		l->total = latent_total(l->d, g->s);
		l->capped |= g->s->capped && !warmup;
	}
	taken = latent_glide(l->d, g->f, g->n, g->s, r, jitter * special_exp(g->ln_step), steps);
	if (warmup) {
		g->ln_step += (taken - ACCEPT) / sqrt(1.0 + l->iterations / 5.0);
		if (g->ln_step > 0.0)
			g->ln_step = 0.0;
	} else {
		g->accepted += taken;
	}
}

/* ---- Between rungs ---------------------------------------------------------- */

/* ln of how much likelier the people between two rungs make the state. */
static double
between(const struct latent_ladder *l, const struct latent_rung *g, const struct latent_state *s)
{
	double sum = 0.0;

	for (size_t m = 0; m < l->d->n_cells; m++)
		if (g[0].f[m] != g[1].f[m])
			sum += (double)(g[0].f[m] - g[1].f[m]) * s->ln_p[m];
	return sum;
}

static void
exchange(struct latent_ladder *l)
{
	for (unsigned i = 0; i < l->n_rungs; i++)
		latent_likelihood(l->d, l->rung[i].s);
	for (unsigned i = l->iterations & 1; i + 1 < l->n_rungs; i += 2) {
		struct latent_rung *g = &l->rung[i];
		double ln = between(l, g, g[1].s) - between(l, g, g[0].s);
		double taken = ln >= 0.0 ? 1.0 : ln < 0.0 ? special_exp(ln) : 0.0;
		g->refused += 1.0 - taken;
		g->tried++;
		if (reckon_random_uniform(&l->random) < taken) {
			struct latent_state *s = g[0].s;
			g[0].s = g[1].s;
			g[1].s = s;
		}
	}
}

/* The communication barrier as a function of ln share, piece by piece linear, cut into
 * equal parts (Syed et al. 2022, algorithm 2). */
void
latent_ladder_space(struct latent_ladder *l)
{
	unsigned n = l->n_rungs, at = 0;
	double sum[LATENT_RUNGS] = {0}, ln[LATENT_RUNGS];

	for (unsigned i = 0; i < n; i++) {
		struct latent_rung *g = &l->rung[i];
		ln[i] = special_log(g->share);
		if (i + 1 < n)
			sum[i + 1] = sum[i] + 1e-3 + (g->tried ? g->refused / g->tried : 0.0);
		g->refused = 0.0;
		g->tried = 0;
	}
	for (unsigned i = 1; i + 1 < n; i++) {
		double want = sum[n - 1] * i / (n - 1);
		while (sum[at + 1] < want)
			at++;
		share_out(l, &l->rung[i], special_exp(ln[at] + (ln[at + 1] - ln[at])
			* (want - sum[at]) / (sum[at + 1] - sum[at])));
	}
}

void
latent_ladder_move(struct latent_ladder *l, bool warmup)
{
	for (unsigned i = 0; i < l->n_rungs; i++)
		move_rung(l, &l->rung[i], warmup);
	if (l->n_rungs > 1)
		exchange(l);
	l->iterations++;
	l->counted += !warmup;
}
