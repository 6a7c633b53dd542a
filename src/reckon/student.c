/* Student's t, for whole degrees of freedom. */
#include <math.h>
#include "reckon/reckon.h"

/* P(|t| < x): Abramowitz & Stegun 26.7.3 (odd df) and 26.7.4 (even df). */
static double
t_inside(double x, unsigned df)
{
	double theta = atan(x / sqrt(df)), c = cos(theta), s = sin(theta);
	double term = df % 2 ? c : 1, sum = df == 1 ? 0 : term;

	for (unsigned k = df % 2 ? 3 : 2; k + 2 <= df; k += 2) {
		term *= (k - 1) / (double)k * c * c;
		sum += term;
	}
	return df % 2 ? 2 / M_PI * (theta + s * sum) : s * sum;
}

double
reckon_t_quantile(double level, unsigned df)
{
	double low = 0, high = 1e6;

	if (df > 1000)
		df = 0;                       /* by then the normal to three digits */
	for (int i = 0; i < 200; i++) {
		double x = (low + high) / 2;
		if ((df ? t_inside(x, df) : erf(x / M_SQRT2)) < level)
			low = x;
		else
			high = x;
	}
	return (low + high) / 2;
}
