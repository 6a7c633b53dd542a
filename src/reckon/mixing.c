/*
 * How well chains agree and how much they are worth: Vehtari, Gelman, Simpson, Carpenter
 * & Bürkner (2021), "Rank-normalization, folding, and localization: an improved R-hat",
 * Bayesian Analysis 16.
 */
#include "reckon/reckon.h"
#include "reckon/special_int.h"

/* An upper end for R-hat, where chains stand still at different places. */
#define RHAT_MOST 1000.0

/* Split chains: m of n values, one after another. */
struct chains {
	size_t m, n;
	double *x;
};

/* ---- Ranks ------------------------------------------------------------------ */

struct placed {
	double x;
	size_t at;
};

static int
by_value(const void *a, const void *b)
{
	const struct placed *p = a, *q = b;

	if (p->x != q->x)
		return p->x < q->x ? -1 : 1;
	return (p->at > q->at) - (p->at < q->at);
}

/* Normal scores of the ranks, ties at their mean rank: section 4.1, (14). */
static void
normal_scores(struct arena *a, size_t n, const double *x, double *ret)
{
	struct placed *p = NEWS(a, struct placed, n);

	for (size_t i = 0; i < n; i++)
		p[i] = (struct placed){x[i], i};
	qsort(p, n, sizeof *p, by_value);
	for (size_t i = 0, j; i < n; i = j) {
		double z;
		for (j = i + 1; j < n && p[j].x == p[i].x; j++)
			;
		z = special_normal_cdf_inverse(((double)(i + 1 + j) / 2.0 - 0.375)
			/ ((double)n + 0.25));
		for (size_t k = i; k < j; k++)
			ret[p[k].at] = z;
	}
}

/* ---- Variances -------------------------------------------------------------- */

static double
mean_of(const double *x, size_t n)
{
	double s = 0.0;

	for (size_t i = 0; i < n; i++)
		s += x[i];
	return s / (double)n;
}

/* Within: mean of the chains' variances.  Whole: with that of their means (eq. 1-3). */
static void
variances(const struct chains *c, double *ret_within, double *ret_whole)
{
	double n = (double)c->n, m = (double)c->m, within = 0.0, between = 0.0;
	double mean = mean_of(c->x, c->m * c->n);

	for (size_t i = 0; i < c->m; i++) {
		const double *x = c->x + i * c->n;
		double at = mean_of(x, c->n), s = 0.0;
		for (size_t t = 0; t < c->n; t++)
			s += (x[t] - at) * (x[t] - at);
		within += s / (n - 1.0);
		between += (at - mean) * (at - mean);
	}
	*ret_within = within / m;
	*ret_whole = (n - 1.0) / n * (within / m) + between / (m - 1.0);
}

static double
rhat_of(const struct chains *c)
{
	double within, whole, r;

	variances(c, &within, &whole);
	if (!(whole > 0.0))
		return 1.0;                         /* everywhere the same number */
	r = sqrt(whole / within);
	return r < RHAT_MOST ? r : RHAT_MOST;
}

/* ---- Autocovariance --------------------------------------------------------- */

/* Bit reversal, the order in which the butterflies take their numbers. */
static void
reorder(size_t n, double *re, double *im)
{
	for (size_t i = 1, j = 0; i < n; i++) {
		size_t bit = n >> 1;
		double t;
		for (; j & bit; bit >>= 1)
			j ^= bit;
		j ^= bit;
		if (i < j) {
			t = re[i]; re[i] = re[j]; re[j] = t;
			t = im[i]; im[i] = im[j]; im[j] = t;
		}
	}
}

/* Fourier transform in place, n a power of two.  Roots of unity by halving angles, so
 * that no libm is asked for a sine. */
static void
transform(size_t n, double *re, double *im)
{
	double c = -1.0, s = 0.0;           /* cos and sin of 2 pi / len */

	reorder(n, re, im);
	for (size_t len = 2; len <= n; len <<= 1) {
		double wr = 1.0, wi = 0.0, t;
		for (size_t k = 0; k < len / 2; k++) {
			for (size_t i = k; i < n; i += len) {
				size_t j = i + len / 2;
				double xr = re[j] * wr - im[j] * wi, xi = re[j] * wi + im[j] * wr;
				re[j] = re[i] - xr;
				im[j] = im[i] - xi;
				re[i] += xr;
				im[i] += xi;
			}
			t = wr * c - wi * s;
			wi = wr * s + wi * c;
			wr = t;
		}
		t = sqrt((1.0 + c) / 2.0);
		s = len == 2 ? 1.0 : s / (2.0 * t);
		c = t;
	}
}

/* Mean over chains of the autocovariance at each lag (divided by n). */
static void
autocovariance(const struct chains *c, double *ret)
{
	struct arena *a = arena_create((size_t)1 << 32);
	size_t size = 1;
	double *re, *im;

	while (size < 2 * c->n)
		size <<= 1;
	re = NEWS(a, double, size);
	im = NEWS(a, double, size);
	memset(ret, 0, c->n * sizeof *ret);
	for (size_t i = 0; i < c->m; i++) {
		const double *x = c->x + i * c->n;
		double at = mean_of(x, c->n);
		memset(re, 0, size * sizeof *re);
		memset(im, 0, size * sizeof *im);
		for (size_t t = 0; t < c->n; t++)
			re[t] = x[t] - at;
		transform(size, re, im);
		for (size_t t = 0; t < size; t++) {
			re[t] = re[t] * re[t] + im[t] * im[t];
			im[t] = 0.0;
		}
		transform(size, re, im);   /* the power is even: forward is backward */
		for (size_t t = 0; t < c->n; t++)
			ret[t] += re[t] / (double)size / (double)c->n / (double)c->m;
	}
	arena_destroy(a);
}

/* Effective draws: section 3.2, (10)-(13), with Geyer's initial monotone sequence. */
static double
ess_of(struct arena *a, const struct chains *c)
{
	double within, whole, *g, total = (double)(c->m * c->n), tau = -1.0, last, pair, n;

	variances(c, &within, &whole);
	if (!(whole > 0.0))
		return total;
	if (!(within > 0.0))
		return 1.0;
	g = NEWS(a, double, c->n);
	autocovariance(c, g);
	n = (double)c->n;
	last = INFINITY;
	for (size_t t = 0; t + 1 < c->n; t += 2) {
		double even = t ? 1.0 - (within - g[t] * n / (n - 1.0)) / whole : 1.0;
		double odd = 1.0 - (within - g[t + 1] * n / (n - 1.0)) / whole;
		pair = even + odd;
		if (pair < 0.0)
			break;
		if (pair > last)
			pair = last;
		last = pair;
		tau += 2.0 * pair;
	}
	/* No better than log10 of the number of draws: antithetic chains, as in Stan. */
	if (tau < 1.0 / (special_log(total) / 2.302585092994046))
		tau = 1.0 / (special_log(total) / 2.302585092994046);
	return total / tau;
}

/* ---- What is reported ------------------------------------------------------- */

static int
by_number(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Type 7, as R's default. */
static double
quantile(const double *sorted, size_t n, double p)
{
	double at = p * (double)(n - 1);
	size_t i = (size_t)at;

	return i + 1 < n ? sorted[i] + (at - (double)i) * (sorted[i + 1] - sorted[i]) : sorted[n - 1];
}

/* Effective draws of "not above x": section 4.3. */
static double
ess_below(struct arena *a, const struct chains *c, double x)
{
	struct chains i = {c->m, c->n, NEWS(a, double, c->m * c->n)};

	for (size_t t = 0; t < c->m * c->n; t++)
		i.x[t] = c->x[t] <= x;
	return ess_of(a, &i);
}

/* Half the distance between the order statistics one standard error to either side:
 * section 4.4, the binomial error in its normal form. */
static double
quantile_error(const double *sorted, size_t n, double p, double ess)
{
	double se = sqrt(p * (1.0 - p) / ess), lo = p - se, hi = p + se;

	return (quantile(sorted, n, hi < 1.0 ? hi : 1.0) - quantile(sorted, n, lo > 0.0 ? lo : 0.0))
		/ 2.0;
}

static struct chains
split(struct arena *a, size_t m, size_t n, const double *const *x)
{
	struct chains c = {2 * m, n / 2, NEWS(a, double, n / 2 * 2 * m)};

	for (size_t i = 0; i < m; i++) {
		memcpy(c.x + 2 * i * c.n, x[i], c.n * sizeof *c.x);
		memcpy(c.x + (2 * i + 1) * c.n, x[i] + (n - c.n), c.n * sizeof *c.x);
	}
	return c;
}

void
reckon_mixing_of(size_t m, size_t n, const double *const *x, struct reckon_mixing *ret)
{
	struct arena *a = arena_create((size_t)1 << 34);
	struct chains c, z;
	struct reckon_mixing out = {0};
	size_t all;
	double *sorted, folded, variance = 0.0, tail;

	invariant(m > 0 && n >= 8);
	c = split(a, m, n, x);
	all = c.m * c.n;
	sorted = arena_copy(a, c.x, all * sizeof *sorted);
	qsort(sorted, all, sizeof *sorted, by_number);
	z = (struct chains){c.m, c.n, NEWS(a, double, all)};
	normal_scores(a, all, c.x, z.x);
	out.rhat = rhat_of(&z);
	out.ess_bulk = ess_of(a, &z);
	for (size_t i = 0; i < all; i++)
		z.x[i] = fabs(c.x[i] - quantile(sorted, all, 0.5));
	normal_scores(a, all, z.x, z.x);
	folded = rhat_of(&z);
	if (folded > out.rhat)
		out.rhat = folded;
	out.ess_tail = ess_below(a, &c, quantile(sorted, all, 0.05));
	tail = ess_below(a, &c, quantile(sorted, all, 0.95));
	if (tail < out.ess_tail)
		out.ess_tail = tail;
	out.mean = mean_of(c.x, all);
	for (size_t i = 0; i < all; i++)
		variance += (c.x[i] - out.mean) * (c.x[i] - out.mean);
	out.sd = sqrt(variance / (double)(all - 1));
	out.ess_mean = ess_of(a, &c);
	out.mcse_mean = out.sd / sqrt(out.ess_mean);
	for (int i = 0; i < RECKON_QUANTILES; i++) {
		double p = reckon_quantiles[i];
		out.quantile[i] = quantile(sorted, all, p);
		out.mcse_quantile[i] = quantile_error(sorted, all, p,
			ess_below(a, &c, out.quantile[i]));
	}
	arena_destroy(a);
	*ret = out;
}

const double reckon_quantiles[RECKON_QUANTILES] = {0.025, 0.25, 0.5, 0.75, 0.975};
