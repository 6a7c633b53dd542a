/* Gamma function, binomial and Poisson probabilities, normal quantiles. */
#include "reckon/special_int.h"

/* Stirling's series, Bernoulli numbers over 2k(2k-1): Abramowitz & Stegun 6.1.41.
 * From 10 on, what is left out is below 1e-16. */
static double
stirling_series(double x)
{
	static const double c[] = {1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188,
		-691.0 / 360360, 1.0 / 156, -3617.0 / 122400};
	double z = 1.0 / x / x, s = 0.0;

	for (int i = 7; i >= 0; i--)
		s = s * z + c[i];
	return s / x;
}

double
special_lgamma(double x)
{
	double below = 1.0;

	for (; x < 10.0; x += 1.0)                  /* Gamma(x+1) = x Gamma(x) */
		below *= x;
	x = (x - 0.5) * special_log(x) - x + HALF_LN_2PI + stirling_series(x);
	return below == 1.0 ? x : x - special_log(below);
}

double
special_stirling_rest(double n)
{
	double f = 1.0;

	if (n >= 10.0)
		return stirling_series(n);
	if (n < 1.0)
		return 0.0;                         /* unused: callers treat 0 apart */
	for (double i = 2.0; i <= n; i += 1.0)
		f *= i;
	return special_log(f) - ((n + 0.5) * special_log(n) - n + HALF_LN_2PI);
}

double
special_deviance(double x, double m)
{
	double d = x - m, v, s, term, next;

	if (x == 0.0)
		return m;
	if (fabs(d) >= 0.1 * (x + m))
		return x * special_log(x / m) + m - x;
	v = d / (x + m);
	s = d * v;
	term = 2.0 * x * v;
	v *= v;
	for (int j = 1; j < 100; j++) {
		term *= v;
		next = s + term / (2 * j + 1);
		if (next == s)
			break;
		s = next;
	}
	return s;
}

double
special_log_binomial_pmf(double k, double n, double p)
{
	if (k == 0.0)
		return n * special_log1p(-p);
	if (k == n)
		return n * special_log(p);
	return special_stirling_rest(n) - special_stirling_rest(k) - special_stirling_rest(n - k)
		- special_deviance(k, n * p) - special_deviance(n - k, n * (1.0 - p))
		- HALF_LN_2PI - 0.5 * (special_log(k) + special_log1p(-k / n));
}

double
special_log_poisson_pmf(double k, double mean)
{
	if (k == 0.0)
		return -mean;
	return -special_stirling_rest(k) - special_deviance(k, mean)
		- HALF_LN_2PI - 0.5 * special_log(k);
}

/* Abramowitz & Stegun 26.2.11 (series) near 0, 26.2.14 (continued fraction) in the tails. */
double
special_normal_cdf(double x)
{
	double z = fabs(x), density = special_exp(-0.5 * z * z - HALF_LN_2PI), t, sum;

	if (z < 3.0) {
		t = sum = z;
		for (int i = 3; t > 1e-17 * sum; i += 2) {
			t *= z * z / i;
			sum += t;
		}
		return x < 0.0 ? 0.5 - density * sum : 0.5 + density * sum;
	}
	t = z;
	for (int i = 100; i > 0; i--)
		t = z + i / t;
	return x < 0.0 ? density / t : 1.0 - density / t;
}

static double
ratio(const double *num, const double *den, double r)
{
	double a = num[7], b = den[7];

	for (int i = 6; i >= 0; i--) {
		a = a * r + num[i];
		b = b * r + den[i];
	}
	return a / b;
}

/* Wichura (1988), "Algorithm AS 241", PPND16: about 1 part in 10^16. */
double
special_normal_cdf_inverse(double p)
{
	static const double a[] = {3.3871328727963666080e0, 1.3314166789178437745e2,
		1.9715909503065514427e3, 1.3731693765509461125e4, 4.5921953931549871457e4,
		6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3};
	static const double b[] = {1.0, 4.2313330701600911252e1, 6.8718700749205790830e2,
		5.3941960214247511077e3, 2.1213794301586595867e4, 3.9307895800092710610e4,
		2.8729085735721942674e4, 5.2264952788528545610e3};
	static const double c[] = {1.42343711074968357734e0, 4.63033784615654529590e0,
		5.76949722146069140550e0, 3.64784832476320460504e0, 1.27045825245236838258e0,
		2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4};
	static const double d[] = {1.0, 2.05319162663775882187e0, 1.67638483018380384940e0,
		6.89767334985100004550e-1, 1.48103976427480074590e-1, 1.51986665636164571966e-2,
		5.47593808499534494600e-4, 1.05075007164441684324e-9};
	static const double f[] = {6.65790464350110377720e0, 5.46378491116411436990e0,
		1.78482653991729133580e0, 2.96560571828504891230e-1, 2.65321895265761230930e-2,
		1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7};
	static const double g[] = {1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1,
		1.48753612908506148525e-2, 7.86869131145613259100e-4, 1.84631831751005468180e-5,
		1.42151175831644588870e-7, 2.04426310338993978564e-15};
	double q = p - 0.5, r;

	if (fabs(q) <= 0.425)
		return q * ratio(a, b, 0.180625 - q * q);
	r = sqrt(-special_log(q < 0.0 ? p : 1.0 - p));
	r = r <= 5.0 ? ratio(c, d, r - 1.6) : ratio(f, g, r - 5.0);
	return q < 0.0 ? -r : r;
}
