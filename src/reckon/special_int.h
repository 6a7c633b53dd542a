/*
 * Logarithm, exponential and their kin in plain IEEE arithmetic.
 *
 * Why not libm's: glibc picks other code on machines with fused multiply-add, whose
 * last bit differs, and one different bit is another chain.  These give the same bits
 * wherever doubles are IEEE and the compiler does not contract (-ffp-contract=off).
 * sqrt is exact everywhere and is libm's.  Short enough for the compiler to inline
 * and, in loops, to put into vectors.  Errors below 2 units in the last place.
 */
#ifndef RECKON_SPECIAL_INT_H
#define RECKON_SPECIAL_INT_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#define LN2_HI 0x1.62e42fefa3800p-1     /* ln 2, first 42 bits: k * LN2_HI is exact */
#define LN2_LO 0x1.ef35793c76730p-45    /* the rest */
#define HALF_LN_2PI 0.91893853320467274178

/* ln x for normal x > 0: x = 2^k m with m in [1/sqrt 2, sqrt 2); ln m = 2 artanh s,
 * s = (m-1)/(m+1), |s| < 0.1716, as its Taylor series; the first term left out is
 * below 2^-58. */
static inline double
special_log(double x)
{
	uint64_t bits, shift;
	double m, k, s, z, w, even, odd;
	int64_t e;

	memcpy(&bits, &x, sizeof bits);
	shift = bits - 0x3fe6a09e667f3bcdu;         /* the bits of 1/sqrt 2 */
	e = (int64_t)shift >> 52;
	bits -= shift & 0xfff0000000000000u;
	memcpy(&m, &bits, sizeof m);
	k = (double)(int32_t)e;
	m -= 1.0;                                   /* exact */
	s = m / (2.0 + m);
	z = s * s;
	w = z * z;
	even = 1.0 / 3 + w * (1.0 / 7 + w * (1.0 / 11 + w * (1.0 / 15 + w * (1.0 / 19
		+ w * (1.0 / 23)))));
	odd = 1.0 / 5 + w * (1.0 / 9 + w * (1.0 / 13 + w * (1.0 / 17 + w * (1.0 / 21))));
	/* 2s = m - s m keeps the leading part free of the division's rounding. */
	return k * LN2_HI + (m - (s * m - (2.0 * s * (z * (even + z * odd)) + k * LN2_LO)));
}

/* e^x; 0 from -708 down (no subnormals), e^709 above 709.  Without branches. */
static inline double
special_exp(double x)
{
	double c = x < -708.0 ? -708.0 : x, t, k, r, r2, r4, p, out;
	uint64_t scale, bits;

	c = c > 709.0 ? 709.0 : c;
	t = c * 1.44269504088896340736 + 0x1.8p52;  /* its low bits: the nearest whole */
	memcpy(&scale, &t, sizeof scale);
	k = t - 0x1.8p52;
	r = (c - k * LN2_HI) - k * LN2_LO;
	r2 = r * r;
	r4 = r2 * r2;
	/* Taylor to degree 13: what is left out is below 2^-57 for |r| <= ln 2 / 2. */
	p = (1.0 / 2 + r * (1.0 / 6)) + r2 * (1.0 / 24 + r * (1.0 / 120))
		+ r4 * ((1.0 / 720 + r * (1.0 / 5040)) + r2 * (1.0 / 40320 + r * (1.0 / 362880)))
		+ r4 * r4 * ((1.0 / 3628800 + r * (1.0 / 39916800))
		+ r2 * (1.0 / 479001600 + r * (1.0 / 6227020800.0)));
	out = 1.0 + (r + r2 * p);
	memcpy(&bits, &out, sizeof bits);
	bits += scale << 52;
	memcpy(&out, &bits, sizeof out);
	return x > -708.0 ? out : 0.0;
}

/* ln(1 + x), x > -1: the rounding of 1 + x put back (Kahan). */
static inline double
special_log1p(double x)
{
	volatile double u = 1.0 + x;
	double v = u;

	return special_log(v) + (x - (v - 1.0)) / v;
}

double special_lgamma(double x);        /* ln Gamma(x), x > 0 */
/* ln n! less Stirling's n ln n - n + ln(2 pi n)/2: Loader (2000), "Fast and accurate
 * computation of binomial probabilities", section 4.  n >= 0 whole. */
double special_stirling_rest(double n);
/* x ln(x/m) + m - x without cancellation: Loader (2000), section 3.  x >= 0, m > 0. */
double special_deviance(double x, double m);
double special_log_binomial_pmf(double k, double n, double p);   /* 0 < p < 1 */
double special_log_poisson_pmf(double k, double mean);           /* mean > 0 */
double special_normal_cdf(double x);
double special_normal_cdf_inverse(double p);                     /* 0 < p < 1 */

#endif
