/* Profile likelihood intervals of N. */
#include "reckon/loglinear_int.h"
#include "reckon/tails_int.h"

/* At n0 unseen people: the multinomial likelihood maximised over all else, up to what
 * does not change, and its derivative by ln n0.  (The Poisson fit to the full table has
 * total N, and the envelope theorem gives the derivative.) */
struct profile {
	double at, value, slope, curve;   /* at: ln n0 */
};

static bool
profile_at(struct fitter *f, const struct cross *x, double log_n0, struct profile *ret)
{
	double n0 = exp(log_n0), n = x->n + n0, corner, d1;

	if (!fitter_newton(f, n0))
		return false;
	/* Newton's last factor is at the point before a negligible step. */
	corner = f->h[f->k * f->k - 1];
	d1 = tails_digamma(n + 1) - tails_digamma(n0 + 1) + f->beta[f->k - 1] - log(n);
	*ret = (struct profile){log_n0, special_lgamma(n + 1) - special_lgamma(n0 + 1)
		- n * log(n) + f->log_likelihood + n, n0 * d1,
		n0 * d1 + n0 * n0 * (1 / (corner * corner) - 1 / n0)};
	return true;
}

static bool
profile_top(struct fitter *f, const struct cross *x, struct profile *p)
{
	for (int i = 0; i < 50; i++) {
		double step = p->curve < 0 ? -p->slope / p->curve : p->slope > 0 ? 1 : -1;
		double at = p->at + fmax(-1, fmin(1, step));
		if (fabs(step) < 1e-6 || at < -7)
			return true;
		if (!profile_at(f, x, at, p))
			return false;
	}
	return true;
}

/* Where the likelihood has fallen to `wanted`, beyond p on the side of `sign`; INFINITY
 * or -INFINITY: nowhere. */
static double
profile_cross(struct fitter *f, const struct cross *x, struct profile p, double wanted,
	double sign, double limit)
{
	double inside = p.at, outside = sign * INFINITY;
	double half = sqrt(2 * (p.value - wanted) / fmax(-p.curve, 1e-3));

	for (int i = 0; i < 60; i++) {
		double at = i == 0 ? inside + sign * fmin(half, 3)
			: p.at - (p.value - wanted) / p.slope;
		if (!((at - inside) * sign > 0 && (outside - at) * sign > 0))
			at = isinf(outside) ? inside + sign : (inside + outside) / 2;
		at = fmax(fmin(at, inside + 3), inside - 3);
		if (at * sign > limit * sign)
			return sign * INFINITY;
		if (!profile_at(f, x, at, &p))
			return sign * INFINITY;
		if (fabs(p.value - wanted) < 1e-7)
			break;
		if (p.value > wanted)
			inside = at;
		else
			outside = at;
	}
	return p.at;
}

struct reckon_interval
fitter_profile(struct fitter *f, const struct cross *x, double level)
{
	struct reckon_interval r = {x->n, INFINITY};
	double z = special_normal_cdf_inverse(0.5 + level / 2), beta[RECKON_PARAMETERS];
	struct profile top;
	double n0 = exp(f->beta[f->k - 1]);

	/* Where N ln N has no digits left for differences of 1, the two intervals are one. */
	if (x->n + n0 > 1e11)
		return tails_log_normal(x->n, n0, sqrt(n0 + n0 * n0 * f->var), level).interval;
	f->whole = true;
	if (profile_at(f, x, fmax(f->beta[f->k - 1], -7), &top) && profile_top(f, x, &top)) {
		double wanted = top.value - z * z / 2;
		memcpy(beta, f->beta, sizeof beta);
		r.lower = x->n + exp(profile_cross(f, x, top, wanted, -1, -7));
		memcpy(f->beta, beta, sizeof beta);
		r.upper = x->n + exp(profile_cross(f, x, top, wanted, 1, log(x->n) + 14));
	}
	f->whole = false;
	return r;
}
