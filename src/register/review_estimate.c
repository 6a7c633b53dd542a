/*
 * Precision and recall from a stratified sample (Cochran, Sampling Techniques, 3rd
 * ed. 1977, chapter 5).  In stratum h of N_h pairs, n_h were judged and x_h are the
 * same person; p_h = x_h / n_h.  With TP = sum N_h p_h over what the run joined and FN
 * the same over what it parted:
 *
 *     precision = TP / sum N_h over what it joined,   recall = TP / (TP + FN).
 *
 * Intervals: Wilson's for each p_h (Journal of the American Statistical Association
 * 22, 1927), n_h enlarged for drawing without replacement; put together by the method
 * of variance estimates recovery, which needs no variance at 0 and 1, where the delta
 * method has none (Zou and Donner, Statistics in Medicine 27, 2008, 1693-1702):
 *
 *     L = sum w p - sqrt(sum w^2 (p - l)^2),  U = sum w p + sqrt(sum w^2 (u - p)^2).
 *
 * Recall is the R at which (1 - R) TP - R FN is 0; its limits are where the limits of
 * that difference are (Fieller's argument, as Donner and Zou use it for ratios,
 * Statistical Methods in Medical Research 21, 2012, 347-359).
 */
#include "register/review_int.h"
#include <math.h>

static const double z95 = 1.959963984540054;
/* Fewer tell too little of a share, whatever the formula says. */
enum { FEWEST = 10 };

struct reg_share
review_wilson(size_t x, size_t n, size_t of)
{
	double p = n ? (double)x / (double)n : 0, size = (double)n, z2 = z95 * z95;
	double middle, half;

	if (n == 0)
		return (struct reg_share){NAN, 0, 1, NULL};
	if (n >= of)
		return (struct reg_share){p, p, p, NULL};
	/* The variance of a share shrinks by (N - n) / (N - 1): as if more were drawn. */
	size *= (double)(of - 1) / (double)(of - n);
	middle = (p + z2 / (2 * size)) / (1 + z2 / size);
	half = z95 / (1 + z2 / size) * sqrt(p * (1 - p) / size + z2 / (4 * size * size));
	return (struct reg_share){p, x == 0 ? 0 : fmax(0, middle - half),
		x == n ? 1 : fmin(1, middle + half), NULL};
}

/* A sum over strata with its limits. */
struct sum { double value, low, high, of; const char *withheld; };

static struct sum
sum_of(const struct stratum_count *s, size_t n)
{
	struct sum t = {0};
	double below = 0, above = 0;

	for (size_t h = 0; h < n; h++) {
		double w = (double)s[h].pairs;
		struct reg_share p = review_wilson(s[h].same, s[h].judged, s[h].pairs);
		if (s[h].pairs == 0)
			continue;
		if (s[h].judged < FEWEST && s[h].judged < s[h].pairs) {
			t.withheld = "fewer than ten pairs of a kind were judged; draw more";
			return t;
		}
		t.of += w;
		t.value += w * p.estimate;
		below += w * w * (p.estimate - p.low) * (p.estimate - p.low);
		above += w * w * (p.high - p.estimate) * (p.high - p.estimate);
	}
	t.low = fmax(0, t.value - sqrt(below));
	t.high = fmin(t.of, t.value + sqrt(above));
	return t;
}

void
review_precision(const struct stratum_count s[4], struct reg_share *ret)
{
	struct sum joined = sum_of(s, 2);

	*ret = (struct reg_share){.withheld = joined.withheld};
	if (!joined.withheld && joined.of <= 0)
		ret->withheld = "the run joined no pair";
	if (ret->withheld)
		return;
	ret->estimate = joined.value / joined.of;
	ret->low = joined.low / joined.of;
	ret->high = joined.high / joined.of;
}

/* The R in 0..1 at which (1 - R) tp - R fn, moved by the recovered error to the side
 * asked for, is 0: it falls from tp's limit to minus fn's. */
static double
limit_of(double tp, double d_tp, double fn, double d_fn, double side)
{
	double low = 0, high = 1;

	for (int i = 0; i < 60; i++) {
		double r = (low + high) / 2, x = (1 - r) * d_tp, y = r * d_fn;
		if ((1 - r) * tp - r * fn + side * sqrt(x * x + y * y) > 0)
			low = r;
		else
			high = r;
	}
	return (low + high) / 2;
}

void
review_recall(const struct stratum_count s[4], struct reg_share *ret)
{
	struct sum joined = sum_of(s, 2), parted = sum_of(s + 2, 2);

	*ret = (struct reg_share){.withheld = joined.withheld ? joined.withheld : parted.withheld};
	if (!ret->withheld && joined.value + parted.value <= 0)
		ret->withheld = "no pair of the sample is the same person";
	if (ret->withheld)
		return;
	ret->estimate = joined.value / (joined.value + parted.value);
	ret->low = limit_of(joined.value, joined.value - joined.low, parted.value,
		parted.high - parted.value, -1);
	ret->high = limit_of(joined.value, joined.high - joined.value, parted.value,
		parted.value - parted.low, 1);
}
