/*
 * The order of classes.  Sticks are broken one after another, so that labels matter, and
 * people changing classes one by one never exchange two great ones: what keeps LCMCR, which
 * orders once, where it happens to be.
 *
 * With shares integrated out P(sizes) = prod B(1 + n_k, alpha + n_>k)/B(1, alpha).  Placing
 * one class after another, an empty one with probability alpha/(alpha + rest) and class k
 * with n_k/(alpha + rest), rest being the people not yet placed, is exactly the order given
 * the classes but for the truncation; so a whole new order is proposed and nearly always
 * taken.  (Size-biased order of the Dirichlet process: Pitman 1996, "Some developments of
 * the Blackwell-MacQueen urn scheme".)
 */
#include "reckon/latent_int.h"

struct order {
	size_t from[LATENT_CLASSES];  /* the class that comes to each place */
	double ln_weight;             /* ln p(order) - ln q(order) */
};

static double
ln_stick(double alpha, double here, double behind)
{
	return special_log(alpha) + special_lgamma(1.0 + here) + special_lgamma(alpha + behind)
		- special_lgamma(1.0 + alpha + here + behind);
}

/* One place of K: probability that an empty class comes, `empty` of `left` being so. */
static double
empty_next(double alpha, double rest, size_t empty, size_t left)
{
	return empty == 0 ? 0.0 : empty == left ? 1.0 : alpha / (alpha + rest);
}

/* Of the order as it stands. */
static double
ln_order(size_t n, const double *size, double alpha)
{
	double rest = 0.0, ln = 0.0, p;
	size_t empty = 0;

	for (size_t k = 0; k < n; k++) {
		rest += size[k];
		empty += size[k] == 0.0;
	}
	for (size_t k = 0; k < n; k++) {
		p = empty_next(alpha, rest, empty, n - k);
		if (size[k] == 0.0) {
			ln -= special_log(p);
			empty--;
		} else {
			ln -= special_log((1.0 - p) * size[k] / rest);
		}
		rest -= size[k];
		if (k + 1 < n)
			ln += size[k] == 0.0 ? special_log(alpha / (alpha + rest))
				: ln_stick(alpha, size[k], rest);
	}
	return ln;
}

static void
draw_order(size_t n, const double *size, double alpha, struct reckon_random *r,
	struct order *ret)
{
	double rest = 0.0, sorted[LATENT_CLASSES];
	bool used[LATENT_CLASSES] = {false};
	size_t empty = 0;

	for (size_t k = 0; k < n; k++) {
		rest += size[k];
		empty += size[k] == 0.0;
	}
	for (size_t place = 0; place < n; place++) {
		double p = empty_next(alpha, rest, empty, n - place);
		bool none = p >= 1.0 || (p > 0.0 && reckon_random_uniform(r) < p);
		double u = none ? 0.0 : reckon_random_uniform(r) * rest;
		size_t pick = n;
		for (size_t k = 0; k < n; k++) {
			if (used[k] || (size[k] == 0.0) != none)
				continue;
			pick = k;
			if ((u -= size[k]) < 0.0 || none)
				break;
		}
		used[pick] = true;
		ret->from[place] = pick;
		sorted[place] = size[pick];
		rest -= size[pick];
		empty -= none;
	}
	ret->ln_weight = ln_order(n, sorted, alpha);
}

static void
permute(size_t n, const size_t *from, double *v)
{
	double t[LATENT_CLASSES];

	for (size_t k = 0; k < n; k++)
		t[k] = v[from[k]];
	memcpy(v, t, n * sizeof *v);
}

static void
take_order(const struct latent_data *d, struct latent_state *s, const struct order *o)
{
	const size_t n = d->n_classes;

	permute(n, o->from, s->size);
	permute(n, o->from, s->n0);
	for (size_t j = 0; j < d->n_lists; j++)
		permute(n, o->from, s->on + j * d->width);
}

static void
sizes(const struct latent_data *d, const struct latent_state *s, double *ret)
{
	for (size_t k = 0; k < d->n_classes; k++)
		ret[k] = s->size[k] + s->n0[k];
}

void
latent_reorder(const struct latent_data *d, struct latent_state *s, struct reckon_random *r)
{
	double size[LATENT_CLASSES];
	struct order o;

	sizes(d, s, size);
	draw_order(d->n_classes, size, s->alpha, r, &o);
	if (special_log(reckon_random_uniform(r))
		< o.ln_weight - ln_order(d->n_classes, size, s->alpha))
		take_order(d, s, &o);
}
