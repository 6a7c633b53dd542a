/* Tails, quantiles and derivatives that the exact methods need. */
#include "reckon/tails_int.h"

double
tails_normal(double z)
{
	return 0.5 * erfc(-z * M_SQRT1_2);
}

/* ln of the regularised lower incomplete gamma function by its series: Abramowitz &
 * Stegun 6.5.29. */
static double
log_gamma_series(double a, double x)
{
	double term = 1.0 / a, sum = term;

	for (double k = a + 1; term > sum * 1e-17; k += 1)
		sum += term *= x / k;
	return a * special_log(x) - x - special_lgamma(a) + special_log(sum);
}

/* ln of the upper one by its continued fraction, 6.5.31, as Lentz (1976) evaluates. */
static double
log_gamma_fraction(double a, double x)
{
	double b = x + 1 - a, c = 1e300, d = 1 / b, h = d;

	for (int i = 1; i < 100000; i++) {
		double an = -i * (i - a), step;
		b += 2;
		d = 1 / (an * d + b);
		c = b + an / c;
		step = c * d;
		h *= step;
		if (fabs(step - 1) < 1e-15)
			break;
	}
	return a * special_log(x) - x - special_lgamma(a) + special_log(h);
}

/* ln of the normal tail beyond z >= 0; far out by 26.2.12. */
static double
log_normal_tail(double z)
{
	if (z < 30)
		return log(tails_normal(-z));
	return -z * z / 2 - special_log(z) - HALF_LN_2PI - 1 / (z * z);
}

/* Sums of Poisson terms are incomplete gamma functions: Abramowitz & Stegun 26.4.21.
 * Beyond 10^6, where series would take long, by Wilson & Hilferty (1931): the cube root
 * is normal. */
double
tails_poisson_log_p(double k, double mean)
{
	bool upper = k >= mean;
	double a = upper ? k : k + 1, z;

	if (upper && k <= 0)
		return 0;
	if (a > 1e6) {
		z = (cbrt(mean / a) - (1 - 1 / (9 * a))) * 3 * sqrt(a);
		z = upper ? -z : z;
		return z > 0 ? log_normal_tail(z) : log(tails_normal(-z));
	}
	if (upper)
		return log_gamma_series(a, mean);
	if (mean < a + 1)
		return log1p(-exp(log_gamma_series(a, mean)));
	return log_gamma_fraction(a, mean);
}

/* The continued fraction of the incomplete beta function, 26.5.8, by Lentz. */
static double
beta_fraction(double a, double b, double x)
{
	double c = 1, d = 1 / fmax(1 - (a + b) * x / (a + 1), 1e-300), h = d;

	for (int m = 1; m < 10000; m++) {
		double up = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), step;
		d = 1 / (1 + up * d);
		c = 1 + up / c;
		h *= d * c;
		up = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
		d = 1 / (1 + up * d);
		c = 1 + up / c;
		step = d * c;
		h *= step;
		if (fabs(step - 1) < 1e-15)
			break;
	}
	return h;
}

static double
beta_lower(double a, double b, double x)
{
	double front;

	if (x <= 0 || x >= 1)
		return x <= 0 ? 0 : 1;
	front = special_exp(special_lgamma(a + b) - special_lgamma(a) - special_lgamma(b)
		+ a * special_log(x) + b * special_log1p(-x));
	if (x < (a + 1) / (a + b + 2))
		return front * beta_fraction(a, b, x) / a;
	return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

/* By bisection on 26.7.1: P(|T| > t) = I_{df/(df+t^2)}(df/2, 1/2). */
double
tails_t_quantile(double p, double df)
{
	double lo = 0, hi = 1, tail = fmin(p, 1 - p);

	if (!(df < 1e7))
		return special_normal_cdf_inverse(p);
	while (0.5 * beta_lower(df / 2, 0.5, df / (df + hi * hi)) > tail && hi < 1e150)
		hi *= 2;
	for (int i = 0; i < 80; i++) {
		double t = (lo + hi) / 2;
		if (0.5 * beta_lower(df / 2, 0.5, df / (df + t * t)) > tail)
			lo = t;
		else
			hi = t;
	}
	return p < 0.5 ? -(lo + hi) / 2 : (lo + hi) / 2;
}

double
reckon_t_quantile(double level, unsigned df)
{
	return tails_t_quantile(0.5 + level / 2, df ? (double)df : INFINITY);
}

/* Abramowitz & Stegun 6.3.18 and 6.4.12, after shifting up by 6.3.5 and 6.4.6. */
double
tails_digamma(double x)
{
	double s = 0, z;

	for (; x < 10; x += 1)
		s -= 1 / x;
	z = 1 / (x * x);
	return s + special_log(x) - 0.5 / x - z * (1.0 / 12 - z * (1.0 / 120 - z * (1.0 / 252
		- z * (1.0 / 240 - z * (1.0 / 132)))));
}

double
tails_trigamma(double x)
{
	double s = 0, z;

	for (; x < 10; x += 1)
		s += 1 / (x * x);
	z = 1 / (x * x);
	return s + 1 / x + z / 2 + z / x * (1.0 / 6 - z * (1.0 / 30 - z * (1.0 / 42
		- z * (1.0 / 30 - z * (5.0 / 66)))));
}

struct reckon_estimate
tails_log_normal(double n, double n0, double se, double level)
{
	struct reckon_estimate r = {.n = n + n0, .se = se, .interval = {n, n}};
	double c;

	if (n0 <= 0)
		return r;
	c = exp(special_normal_cdf_inverse(0.5 + level / 2) * sqrt(log1p(se / n0 * (se / n0))));
	r.interval.lower = n + n0 / c;
	r.interval.upper = n + n0 * c;
	return r;
}

enum status
tails_level(double *level, struct err *e)
{
	if (*level == 0)
		*level = 0.95;
	if (!(*level > 0 && *level < 1))
		return err_set(e, BAD, "level: %g; a share between 0 and 1 such as 0.95 would be "
			"right", *level);
	return OK;
}
