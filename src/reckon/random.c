/* Counter-based random streams and the distributions drawn from them. */
#include "reckon/reckon.h"
#include "reckon/special_int.h"
#include <pthread.h>

/* ---- Words ------------------------------------------------------------------ */

void
reckon_random_block(const uint64_t key[2], const uint64_t counter[4], uint64_t out[4])
{
	/* Multipliers and Weyl steps: Salmon et al. (2011), section 4.3. */
	const uint64_t m0 = 0xd2e7470ee14c6c93u, m1 = 0xca5a826395121157u;
	const uint64_t w0 = 0x9e3779b97f4a7c15u, w1 = 0xbb67ae8584caa73bu;
	uint64_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
	uint64_t k0 = key[0], k1 = key[1];

	for (int i = 0; i < 10; i++) {
		unsigned __int128 a = (unsigned __int128)m0 * c0, b = (unsigned __int128)m1 * c2;
		c0 = (uint64_t)(b >> 64) ^ c1 ^ k0;
		c1 = (uint64_t)b;
		c2 = (uint64_t)(a >> 64) ^ c3 ^ k1;
		c3 = (uint64_t)a;
		k0 += w0;
		k1 += w1;
	}
	out[0] = c0;
	out[1] = c1;
	out[2] = c2;
	out[3] = c3;
}

uint64_t
reckon_random_u64(struct reckon_random *r)
{
	if (r->at == 4) {
		const uint64_t counter[4] = {r->block++, 0, 0, 0};
		reckon_random_block(r->key, counter, r->out);
		r->at = 0;
	}
	return r->out[r->at++];
}

/* The midpoints of 2^52 equal parts: symmetric, and neither end is among them. */
static double
open_unit(uint64_t u)
{
	return ((double)(int64_t)(u >> 12) + 0.5) * 0x1p-52;
}

double
reckon_random_uniform(struct reckon_random *r)
{
	return open_unit(reckon_random_u64(r));
}

uint64_t
reckon_random_below(struct reckon_random *r, uint64_t n)
{
	unsigned __int128 m = (unsigned __int128)reckon_random_u64(r) * n;

	invariant(n > 0);
	if ((uint64_t)m < n) {
		uint64_t least = -n % n;            /* 2^64 mod n */
		while ((uint64_t)m < least)
			m = (unsigned __int128)reckon_random_u64(r) * n;
	}
	return (uint64_t)(m >> 64);
}

/* ---- Normal, exponential ---------------------------------------------------- */

/* Marsaglia & Tsang (2000), "The ziggurat method": 256 layers of one area under
 * exp(-x^2/2), the lowest with the tail beyond ZIG_R.  ZIG_R and ZIG_AREA from there;
 * layer, sign and position from separate bits of one word (Doornik 2005). */
#define ZIG_R 3.6541528853610088
#define ZIG_AREA 0.00492867323399
static double zig_x[257], zig_f[257];
static pthread_once_t zig_once = PTHREAD_ONCE_INIT;

static void
zig_build(void)
{
	double f = special_exp(-0.5 * ZIG_R * ZIG_R);

	zig_x[0] = ZIG_AREA / f;                    /* as wide as the lowest layer's area wants */
	zig_x[1] = ZIG_R;
	for (int i = 2; i < 256; i++) {
		zig_x[i] = sqrt(-2.0 * special_log(ZIG_AREA / zig_x[i - 1] + f));
		f = special_exp(-0.5 * zig_x[i] * zig_x[i]);
	}
	zig_x[256] = 0.0;
	for (int i = 0; i <= 256; i++)
		zig_f[i] = special_exp(-0.5 * zig_x[i] * zig_x[i]);
}

void
reckon_random_init(struct reckon_random *r, uint64_t seed, uint64_t stream)
{
	invariant(pthread_once(&zig_once, zig_build) == 0);
	*r = (struct reckon_random){.key = {seed, stream}, .at = 4};
}

/* Beyond ZIG_R: Marsaglia (1964). */
static double
normal_tail(struct reckon_random *r)
{
	double x, y;

	do {
		x = reckon_random_exponential(r) / ZIG_R;
		y = reckon_random_exponential(r);
	} while (2.0 * y < x * x);
	return ZIG_R + x;
}

double
reckon_random_normal(struct reckon_random *r)
{
	for (;;) {
		uint64_t u = reckon_random_u64(r);
		unsigned i = u & 255;
		double sign = u & 256 ? -1.0 : 1.0, x = open_unit(u) * zig_x[i];

		if (x < zig_x[i + 1])
			return sign * x;
		if (i == 0)
			return sign * normal_tail(r);
		if (zig_f[i] + reckon_random_uniform(r) * (zig_f[i + 1] - zig_f[i])
			< special_exp(-0.5 * x * x))
			return sign * x;
	}
}

double
reckon_random_exponential(struct reckon_random *r)
{
	return -special_log(reckon_random_uniform(r));
}

/* ---- Gamma, beta ------------------------------------------------------------ */

/* Marsaglia & Tsang (2000), "A simple method for generating gamma variables"; with
 * the squeeze of section 6.  shape >= 1. */
static double
gamma_from_1(struct reckon_random *r, double shape)
{
	double d = shape - 1.0 / 3, c = 1.0 / sqrt(9.0 * d);

	for (;;) {
		double x = reckon_random_normal(r), v = 1.0 + c * x, u;

		if (v <= 0.0)
			continue;
		v = v * v * v;
		u = reckon_random_uniform(r);
		if (u < 1.0 - 0.0331 * (x * x) * (x * x))
			return d * v;
		if (special_log(u) < 0.5 * x * x + d * (1.0 - v + special_log(v)))
			return d * v;
	}
}

double
reckon_random_gamma(struct reckon_random *r, double shape)
{
	if (shape >= 1.0)
		return gamma_from_1(r, shape);
	return special_exp(reckon_random_log_gamma(r, shape));
}

/* Below 1: G(a) = G(a+1) U^(1/a), the power as a sum of logarithms. */
double
reckon_random_log_gamma(struct reckon_random *r, double shape)
{
	double g;

	invariant(shape > 0.0);
	if (shape >= 1.0)
		return special_log(gamma_from_1(r, shape));
	g = special_log(gamma_from_1(r, shape + 1.0));
	return g - reckon_random_exponential(r) / shape;
}

double
reckon_random_beta(struct reckon_random *r, double a, double b)
{
	double x, y;

	if (a < 1.0 || b < 1.0) {
		reckon_random_log_beta(r, a, b, &x, &y);
		return special_exp(x);
	}
	x = gamma_from_1(r, a);
	y = gamma_from_1(r, b);
	return x / (x + y);
}

void
reckon_random_log_beta(struct reckon_random *r, double a, double b, double *ret_ln,
	double *ret_ln_rest)
{
	double x = reckon_random_log_gamma(r, a), y = reckon_random_log_gamma(r, b);
	double most = x > y ? x : y;
	double sum = most + special_log1p(special_exp((x > y ? y : x) - most));

	/* The smaller share is exact as a difference; the larger is 1 less it. */
	*ret_ln = x > y ? special_log1p(-special_exp(y - sum)) : x - sum;
	*ret_ln_rest = x > y ? y - sum : special_log1p(-special_exp(x - sum));
}

/* ---- Counts ----------------------------------------------------------------- */

/* By summing probabilities from 0 up: about np + 1 steps.  p <= 1/2. */
static uint64_t
binomial_inversion(struct reckon_random *r, uint64_t n, double p)
{
	double odds = p / (1.0 - p), a = ((double)n + 1.0) * odds;
	double f0 = special_exp((double)n * special_log1p(-p));

	for (;;) {
		double u = reckon_random_uniform(r), f = f0;

		/* Beyond 200 no probability is left to a mean below 10. */
		for (uint64_t k = 0; k <= n && k < 200; k++) {
			if (u < f)
				return k;
			u -= f;
			f *= a / (double)(k + 1) - odds;
		}
	}
}

/* Hörmann (1993), "The generation of binomial random variates", algorithm BTRS; the
 * exact ratio of probabilities is taken from Loader's form, which keeps its digits
 * where n is 10^15.  np >= 10, p <= 1/2. */
static uint64_t
binomial_rejection(struct reckon_random *r, uint64_t n, double p)
{
	double nd = (double)n, sd = sqrt(nd * p * (1.0 - p));
	double b = 1.15 + 2.53 * sd, a = -0.0873 + 0.0248 * b + 0.01 * p, c = nd * p + 0.5;
	double vr = 0.92 - 4.2 / b, alpha = (2.83 + 5.1 / b) * sd, at_mode = 0.0;
	double mode = floor((nd + 1.0) * p);

	for (;;) {
		double u = reckon_random_uniform(r) - 0.5, v = reckon_random_uniform(r);
		double us = 0.5 - fabs(u), k = floor((2.0 * a / us + b) * u + c);

		if (us >= 0.07 && v <= vr)
			return (uint64_t)k;
		if (k < 0.0 || k > nd)
			continue;
		if (at_mode == 0.0)
			at_mode = special_log_binomial_pmf(mode, nd, p);
		if (special_log(v * alpha / (a / (us * us) + b))
			<= special_log_binomial_pmf(k, nd, p) - at_mode)
			return (uint64_t)k;
	}
}

uint64_t
reckon_random_binomial(struct reckon_random *r, uint64_t n, double p)
{
	if (n == 0 || !(p > 0.0))
		return 0;
	if (p >= 1.0)
		return n;
	if (p > 0.5)
		return n - reckon_random_binomial(r, n, 1.0 - p);
	if ((double)n * p < 10.0)
		return binomial_inversion(r, n, p);
	return binomial_rejection(r, n, p);
}

static uint64_t
poisson_inversion(struct reckon_random *r, double mean)
{
	double f0 = special_exp(-mean);

	for (;;) {
		double u = reckon_random_uniform(r), f = f0;

		for (uint64_t k = 0; k < 200; k++) {
			if (u < f)
				return k;
			u -= f;
			f *= mean / (double)(k + 1);
		}
	}
}

/* Hörmann (1993), "The transformed rejection method for generating Poisson random
 * variables", algorithm PTRS; probabilities in Loader's form.  mean >= 10. */
static uint64_t
poisson_rejection(struct reckon_random *r, double mean)
{
	double b = 0.931 + 2.53 * sqrt(mean), a = -0.059 + 0.02483 * b;
	double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), vr = 0.9277 - 3.6224 / (b - 2.0);

	for (;;) {
		double u = reckon_random_uniform(r) - 0.5, v = reckon_random_uniform(r);
		double us = 0.5 - fabs(u), k = floor((2.0 * a / us + b) * u + mean + 0.43);

		if (us >= 0.07 && v <= vr)
			return (uint64_t)k;
		if (k < 0.0 || (us < 0.013 && v > us))
			continue;
		if (special_log(v * inverse_alpha / (a / (us * us) + b))
			<= special_log_poisson_pmf(k, mean))
			return (uint64_t)k;
	}
}

uint64_t
reckon_random_poisson(struct reckon_random *r, double mean)
{
	invariant(mean <= 0x1p53);
	if (!(mean > 0.0))
		return 0;
	return mean < 10.0 ? poisson_inversion(r, mean) : poisson_rejection(r, mean);
}

/* One kind after another, each binomial in what is left.  What is left is summed from
 * the end, so that even weights of 1e-300 keep their digits; `ret` holds the sums until
 * its own numbers come. */
void
reckon_random_multinomial(struct reckon_random *r, uint64_t n, const double *p, size_t k,
	uint64_t *ret)
{
	double left = 0.0;

	for (size_t i = k; i-- > 0; ) {
		left += p[i];
		memcpy(&ret[i], &left, sizeof left);
	}
	invariant(n == 0 || left > 0.0);
	for (size_t i = 0; i < k; i++) {
		memcpy(&left, &ret[i], sizeof left);
		ret[i] = n ? reckon_random_binomial(r, n, p[i] / left) : 0;
		n -= ret[i];
	}
	invariant(n == 0);
}
