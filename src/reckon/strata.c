/* Sums over strata; replicates of the data combined. */
#include "reckon/tails_int.h"

enum status
reckon_strata_sum(const struct reckon_estimate *of, size_t n_strata, uint64_t seen,
	double level, struct reckon_estimate *ret, struct err *e)
{
	double n = 0, var = 0;
	enum status s = tails_level(&level, e);

	if (s != OK)
		return s;
	for (size_t i = 0; i < n_strata; i++) {
		if (!isfinite(of[i].n) || !isfinite(of[i].se))
			return err_set(e, BAD, "strata: stratum %zu has no estimate; merge it with "
				"another or leave it out and say so", i + 1);
		n += of[i].n;
		var += of[i].se * of[i].se;
	}
	*ret = tails_log_normal((double)seen, n - (double)seen, sqrt(var), level);
	return OK;
}

static int
ascending(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;

	return (a > b) - (a < b);
}

void
reckon_strata_draws(const double *draws, size_t n_strata, size_t n_draws, double *ret)
{
	for (size_t i = 0; i < n_draws; i++) {
		ret[i] = 0;
		for (size_t s = 0; s < n_strata; s++)
			ret[i] += draws[s * n_draws + i];
	}
	qsort(ret, n_draws, sizeof *ret, ascending);
}

struct moments {
	double mean, log_mean, log_var;
};

/* Of one replicate's n0. */
static struct moments
moments_of(const struct reckon_replicate *r)
{
	struct moments m = {0, 0, 0};
	double k = (double)r->n_draws;

	for (size_t i = 0; i < r->n_draws; i++) {
		double n0 = r->draws[i] - (double)r->seen;
		m.mean += n0 / k;
		m.log_mean += log(n0 > 0 ? n0 : 0.1) / k;
	}
	for (size_t i = 0; i < r->n_draws; i++) {
		double n0 = r->draws[i] - (double)r->seen;
		double d = log(n0 > 0 ? n0 : 0.1) - m.log_mean;
		m.log_var += d * d / (k - 1);
	}
	return m;
}

static enum status
usable(const struct reckon_replicate *of, size_t n, struct err *e)
{
	if (n < 2)
		return err_set(e, BAD, "replicates: %zu; two at least, better ten, would be right", n);
	for (size_t i = 0; i < n; i++) {
		if (of[i].n_draws < 2)
			return err_set(e, BAD, "replicate %zu: %zu draws; two at least would be right",
				i + 1, of[i].n_draws);
		for (size_t k = 0; k < of[i].n_draws; k++)
			if (!(of[i].draws[k] >= (double)of[i].seen) || isinf(of[i].draws[k]))
				return err_set(e, BAD, "replicate %zu, draw %zu: fewer people than were "
					"seen, or no number; N itself would be right", i + 1, k + 1);
	}
	return OK;
}

enum status
reckon_combine(const struct reckon_replicate *of, size_t n, double level,
	struct reckon_estimate *ret, struct err *e)
{
	double k = (double)n, seen = 0, mean = 0, log_mean = 0, within = 0, squares = 0;
	double between, total, df, half;
	enum status s = usable(of, n, e);

	if (s == OK)
		s = tails_level(&level, e);
	if (s != OK)
		return s;
	for (size_t i = 0; i < n; i++) {
		struct moments m = moments_of(&of[i]);
		double d = m.log_mean - log_mean;
		log_mean += d / (double)(i + 1);            /* Welford's running variance */
		squares += d * (m.log_mean - log_mean);
		seen += (double)of[i].seen / k;
		mean += m.mean / k;
		within += m.log_var / k;
	}
	between = squares / (k - 1);
	total = within + (k + 1) / k * between;
	df = between > 0 ? (k - 1) * pow(1 + within / ((k + 1) * between), 2) : INFINITY;
	half = tails_t_quantile(0.5 + level / 2, df) * sqrt(total);
	seen = rint(seen);
	*ret = (struct reckon_estimate){seen + rint(mean), exp(log_mean) * sqrt(total),
		{seen + rint(exp(log_mean - half)), seen + rint(exp(log_mean + half))}};
	return OK;
}
