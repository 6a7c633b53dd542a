/*
 * Hamiltonian moves of all parameters at once, on p(parameters | cells) with the people's
 * classes and the unseen summed out:
 *
 *   prior . prod p_m^f_m / (1 - p0)^n
 *
 * (1/N integrates out exactly).  Allocating people lets big classes move by 1/sqrt(n)
 * only, a walk across a posterior as wide as the prior; these trajectories cross it.
 * Neal (2011), "MCMC using Hamiltonian dynamics", sections 5.2 and 5.3.
 *
 * Position: x_jk = logit lambda_jk, row by row, then v_k = logit V_k.  The gradient is
 * the complete-data one with expected counts: (1 + A_jk) - (2 + n_k) lambda_jk, and
 * (1 + n_k)(1 - V_k) - (alpha + n_>k) V_k.
 */
#include "reckon/latent_int.h"

struct shape {
	const struct latent_data *d;
	double n;
	size_t width, row;            /* row: where v begins in q */
};

/* From q to odds, base, nu, seen. */
static void
unpack(const struct shape *h, struct latent_state *s)
{
	const size_t w = h->width;
	const double *restrict q = s->q;
	double *restrict odds = s->odds, *restrict base = s->base, *restrict seen = s->seen;
	double *restrict lambda = s->lambda;
	double left = 1.0;

	for (size_t i = 0; i < h->row; i++)
		odds[i] = special_exp(q[i]);
	for (size_t k = 0; k < w; k++) {
		base[k] = 1.0;
		seen[k] = 0.0;
	}
	for (size_t j = 0; j < h->d->n_lists; j++)
		for (size_t k = 0; k < w; k++) {
			double rest = 1.0 / (1.0 + odds[j * w + k]);
			base[k] *= rest;
			lambda[j * w + k] = odds[j * w + k] * rest;
			seen[k] = seen[k] * rest + lambda[j * w + k];
		}
	for (size_t k = 0; k < h->d->n_classes; k++) {
		double e = special_exp(-fabs(q[h->row + k])), small = e / (1.0 + e);
		double v = q[h->row + k] > 0.0 ? 1.0 - small : small;
		double rest = q[h->row + k] > 0.0 ? small : 1.0 - small;
		if (k + 1 == h->d->n_classes)
			v = 1.0;
		s->nu[k] = left * v;
		left *= rest;
		base[k] *= s->nu[k];
	}
	for (size_t k = h->d->n_classes; k < w; k++)
		base[k] = 0.0;
}

/* Of prior and expected counts: s->g holds those of people on lists, then of all. */
static void
push_of_counts(const struct shape *h, struct latent_state *s)
{
	const size_t w = h->width;
	double *restrict g = s->g, *restrict size = g + h->row;
	double behind = 0.0;

	for (size_t j = 0; j < h->d->n_lists; j++)
		for (size_t k = 0; k < w; k++)
			g[j * w + k] += 1.0 - (2.0 + size[k]) * s->lambda[j * w + k];
	for (size_t k = h->d->n_classes; k-- > 0; ) {
		double here = size[k], e = special_exp(-fabs(s->q[h->row + k]));
		double big = 1.0 / (1.0 + e), small = e / (1.0 + e);
		double v = s->q[h->row + k] > 0.0 ? big : small;
		double rest = s->q[h->row + k] > 0.0 ? small : big;
		if (k + 1 == h->d->n_classes)
			size[k] = 0.0;
		else
			size[k] = (1.0 + here) * rest - (s->alpha + behind) * v;
		behind += here;
	}
}

/* People of one cell to classes as expected, into size and the rows of its lists; their
 * probability before. */
static double
expect(const struct latent_data *d, struct latent_state *s, size_t m, double *restrict size)
{
	const size_t w = d->width;
	double *restrict cell = s->weight, sum = 0.0, per;

	memcpy(cell, s->base, w * sizeof *cell);
	for (uint32_t i = d->from[m]; i < d->from[m + 1]; i++) {
		const double *restrict odds = s->odds + d->lists[i] * w;
		for (size_t k = 0; k < w; k++)
			cell[k] *= odds[k];
	}
	for (size_t k = 0; k < w; k++)
		sum += cell[k];
	per = (double)d->count[m] / sum;
	for (size_t k = 0; k < w; k++) {
		cell[k] *= per;
		size[k] += cell[k];
	}
	for (uint32_t i = d->from[m]; i < d->from[m + 1]; i++) {
		double *restrict to = s->g + d->lists[i] * w;
		for (size_t k = 0; k < w; k++)
			to[k] += cell[k];
	}
	return sum;
}

/* The gradient into s->g, and ln of the likelihood when wanted. */
static double
gradient(const struct shape *h, struct latent_state *s, bool wanted)
{
	const struct latent_data *d = h->d;
	double *size = s->g + h->row, seen = 0.0, ln = 0.0, sum;

	for (size_t k = 0; k < d->n_classes; k++)
		seen += s->nu[k] * s->seen[k];
	memset(s->g, 0, h->row * sizeof *s->g);
	for (size_t k = 0; k < h->width; k++)
		size[k] = h->n / seen * s->base[k];
	if (wanted)
		ln = -h->n * special_log(seen);
	for (size_t m = 0; m < d->n_cells; m++) {
		sum = expect(d, s, m, size);
		if (wanted)
			ln += (double)d->count[m] * special_log(sum);
	}
	push_of_counts(h, s);
	return ln;
}

/* ln of the prior of the position: logistic for x, V (1 - V)^alpha for v. */
static double
ln_prior(const struct shape *h, const struct latent_state *s)
{
	double ln = 0.0;

	for (size_t j = 0; j < h->d->n_lists; j++)
		for (size_t k = 0; k < h->d->n_classes; k++) {
			double x = fabs(s->q[j * h->width + k]);
			ln -= x + 2.0 * special_log(1.0 + special_exp(-x));
		}
	for (size_t k = 0; k + 1 < h->d->n_classes; k++) {
		double x = s->q[h->row + k], t = special_log1p(special_exp(-fabs(x)));
		ln -= x > 0.0 ? t + s->alpha * (x + t) : (t - x) + s->alpha * t;
	}
	return ln;
}

/* From the state to q; classes beyond n_classes stand still at 0. */
static void
pack(const struct shape *h, const struct latent_state *s)
{
	const size_t w = h->width, k_n = h->d->n_classes;

	for (size_t j = 0; j < h->d->n_lists; j++)
		for (size_t k = 0; k < w; k++)
			s->q[j * w + k] = k < k_n ? special_log(s->odds[j * w + k]) : 0.0;
	for (size_t k = 0; k < w; k++)
		s->q[h->row + k] = k + 1 < k_n ? s->v[k] : 0.0;
}

/* Fresh momenta; their energy. */
static double
push(const struct shape *h, const struct latent_state *s, struct reckon_random *r)
{
	double energy = 0.0;

	for (size_t i = 0; i < h->row + h->width; i++) {
		size_t k = i % h->width + (i >= h->row);        /* the last stick is whole */
		s->p[i] = k < h->d->n_classes ? reckon_random_normal(r) : 0.0;
		energy += 0.5 * s->p[i] * s->p[i];
	}
	return energy;
}

static double
leap(const struct shape *h, struct latent_state *s, double step, unsigned steps)
{
	double *restrict q = s->q, *restrict p = s->p;
	const double *restrict g = s->g;
	const size_t n = h->row + h->width;
	double ln = 0.0;

	for (unsigned t = 0; t < steps; t++) {
		for (size_t i = 0; i < n; i++) {
			p[i] += 0.5 * step * g[i];
			q[i] += step * p[i];
		}
		unpack(h, s);
		ln = gradient(h, s, t + 1 == steps);
		for (size_t i = 0; i < n; i++)
			p[i] += 0.5 * step * g[i];
	}
	return ln;
}

double
latent_glide(const struct latent_data *d, struct latent_state *s, struct reckon_random *r,
	double step, unsigned steps)
{
	const size_t w = d->width, row = w * d->n_lists;
	struct shape h = {d, (double)d->n, w, row};
	double before, after, taken;

	pack(&h, s);
	memcpy(s->keep, s->q, (row + w) * sizeof *s->q);
	unpack(&h, s);
	before = gradient(&h, s, true) + ln_prior(&h, s) - push(&h, s, r);
	after = leap(&h, s, step, steps);
	after += ln_prior(&h, s);
	for (size_t i = 0; i < row + w; i++)
		after -= 0.5 * s->p[i] * s->p[i];
	/* NaN, from a trajectory that flew off, is refused. */
	taken = after >= before ? 1.0 : after < before ? special_exp(after - before) : 0.0;
	if (reckon_random_uniform(r) < taken) {
		memcpy(s->v, s->q + row, w * sizeof *s->v);
		return taken;
	}
	memcpy(s->q, s->keep, (row + w) * sizeof *s->q);
	unpack(&h, s);
	return taken;
}
