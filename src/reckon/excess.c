/*
 * Excess mortality.  The baseline of Karlinsky & Kobak (2021, "Tracking excess
 * mortality across countries during the COVID-19 pandemic with the World Mortality
 * Dataset", eLife 10:e69336, Methods): D(t,y) = alpha(t) + beta y + error, seasons t,
 * years y, by ordinary least squares.
 *
 * Nothing needs a matrix.  Taking the seasons' means out (Frisch & Waugh 1933, Lovell
 * 1963) leaves one slope, so that for the sum of any new periods, n(t) of season t and
 * of years that sum to q,
 *     expected = sum n(t) mean(t) + beta g,    g = q - sum n(t) meanyear(t),
 *     p'(X'X)^-1 p = sum n(t)^2/N(t) + g^2/Sxx,
 * and the weight in it of what was seen in season t of year y is
 *     w(t,y) = n(t)/N(t) + g (y - meanyear(t))/Sxx.
 */
#include <math.h>
#include "reckon/reckon.h"

/* One stratum's line.  Arrays are by season, from 0. */
struct line {
	double n[RECKON_SEASONS], mean_year[RECKON_SEASONS], mean[RECKON_SEASONS];
	double sxx, slope, s2;
	double ask_n[RECKON_SEASONS], g;      /* of the window: n(t), g */
	double published_n[RECKON_SEASONS], published_g;      /* see add_week_53() */
};
struct fit {
	struct arena *a;
	const struct reckon_excess_ask *ask;
	struct line *line;            /* by stratum */
	unsigned years;               /* of the baseline, from ask->base_first */
	size_t row;                   /* n_strata * seasons */
	double *base;                 /* [years][stratum][season]: deaths, then residuals; NaN: none */
	size_t n_baseline, df;
	bool slope;
};

static int
order(struct reckon_period a, struct reckon_period b)
{
	return a.year != b.year ? (a.year > b.year) - (a.year < b.year)
		: (a.season > b.season) - (a.season < b.season);
}

static bool
within(struct reckon_period p, const struct reckon_span *s)
{
	return order(s->from, p) <= 0 && order(p, s->to) <= 0;
}

static enum reckon_excess_role
role_of(const struct reckon_excess_ask *q, struct reckon_period p)
{
	for (size_t i = 0; i < q->n_excluded; i++)
		if (within(p, &q->excluded[i]))
			return RECKON_EXCLUDED;
	if (within(p, &q->window))
		return RECKON_COUNTED;
	return p.year >= q->base_first && p.year <= q->base_last && p.season <= q->seasons
		&& order(p, q->window.from) < 0 ? RECKON_BASELINE : RECKON_BETWEEN;
}

/* Week 53 is expected to be as week 52. */
static unsigned
season_index(const struct reckon_excess_ask *q, unsigned season)
{
	return (season > q->seasons ? q->seasons : season) - 1;
}

/* The year whose baseline a period is held against. */
static double
year_of(const struct reckon_excess_ask *q, struct reckon_period p)
{
	bool fixed = q->fixed && order(p, q->window.from) >= 0;

	return (fixed ? q->window.from.year : p.year) - q->base_first;
}

static double *
base_at(const struct fit *f, unsigned year, unsigned stratum, unsigned season)
{
	return &f->base[year * f->row + (size_t)stratum * f->ask->seasons + season];
}

/* ---- The baseline ---------------------------------------------------------------- */

static enum status
check(const struct reckon_excess_ask *q, struct err *e)
{
	if ((q->seasons != 4 && q->seasons != 12 && q->seasons != 52) || q->n_strata < 1
	    || q->n_strata > RECKON_STRATA)
		return err_set(e, BAD, "deaths: %u periods a year, %u strata; 4, 12 or 52 and 1 to "
			"%d would be right", q->seasons, q->n_strata, RECKON_STRATA);
	if (q->base_last < q->base_first || q->base_last - q->base_first >= RECKON_BASE_YEARS)
		return err_set(e, BAD, "baseline %d-%d: up to %d years, the first before the last, "
			"would be right", q->base_first, q->base_last, RECKON_BASE_YEARS);
	if (order(q->window.to, q->window.from) < 0)
		return err_set(e, BAD, "the window ends before it begins");
	for (size_t i = 0; i < q->n; i++) {
		const struct reckon_deaths *d = &q->deaths[i];
		if (d->stratum >= q->n_strata || d->at.season < 1
		    || d->at.season > q->seasons + (q->seasons == 52)
		    || !(d->deaths >= 0 && d->deaths < 1e15))
			return err_set(e, BAD, "deaths, row %zu: a period, stratum or number out of "
				"range", i + 1);
	}
	return OK;
}

static enum status
fill(struct fit *f, struct err *e)
{
	const struct reckon_excess_ask *q = f->ask;
	size_t n = f->years * f->row;

	f->base = NEWS(f->a, double, n);
	for (size_t i = 0; i < n; i++)
		f->base[i] = NAN;
	for (size_t i = 0; i < q->n; i++) {
		const struct reckon_deaths *d = &q->deaths[i];
		if (role_of(q, d->at) != RECKON_BASELINE)
			continue;
		double *to = base_at(f, (unsigned)(d->at.year - q->base_first), d->stratum,
			d->at.season - 1);
		if (!isnan(*to))
			return err_set(e, BAD, "deaths, row %zu: its period was there before", i + 1);
		*to = d->deaths;
		f->n_baseline++;
	}
	return OK;
}

static void
take_means(const struct fit *f, unsigned s, struct line *l)
{
	for (unsigned t = 0; t < f->ask->seasons; t++) {
		for (unsigned y = 0; y < f->years; y++) {
			double d = *base_at(f, y, s, t);
			if (isnan(d))
				continue;
			l->n[t]++;
			l->mean[t] += d;
			l->mean_year[t] += y;
		}
		if (l->n[t] > 0) {
			l->mean[t] /= l->n[t];
			l->mean_year[t] /= l->n[t];
		}
	}
}

static void
take_slope(const struct fit *f, unsigned s, struct line *l)
{
	double sxy = 0;

	for (unsigned y = 0; y < f->years; y++)
		for (unsigned t = 0; t < f->ask->seasons; t++) {
			double d = *base_at(f, y, s, t), x = y - l->mean_year[t];
			if (isnan(d))
				continue;
			l->sxx += x * x;
			sxy += x * (d - l->mean[t]);
		}
	l->slope = f->slope && l->sxx > 0 ? sxy / l->sxx : 0;
}

/* Deaths become residuals; s^2 = RSS/(n - seasons - 1), or without a slope n - seasons. */
static size_t
take_residuals(const struct fit *f, unsigned s, struct line *l)
{
	size_t n = 0, parameters = f->slope;
	double rss = 0;

	for (unsigned t = 0; t < f->ask->seasons; t++) {
		parameters += l->n[t] > 0;
		n += (size_t)l->n[t];
	}
	for (unsigned y = 0; y < f->years; y++)
		for (unsigned t = 0; t < f->ask->seasons; t++) {
			double *d = base_at(f, y, s, t);
			*d -= l->mean[t] + l->slope * (y - l->mean_year[t]);
			rss += isnan(*d) ? 0 : *d * *d;
		}
	if (n <= parameters)
		return 0;
	l->s2 = rss / (double)(n - parameters);
	return n - parameters;
}

static enum status
fit_lines(struct fit *f, struct err *e)
{
	const struct reckon_excess_ask *q = f->ask;

	f->line = NEWS(f->a, struct line, q->n_strata);
	for (unsigned s = 0; s < q->n_strata; s++) {
		struct line *l = &f->line[s];
		take_means(f, s, l);
		take_slope(f, s, l);
		if (f->slope && l->sxx <= 0)
			return err_set(e, BAD, "baseline %d-%d: no season is there in two years, so there "
				"is no slope; give more years, or a flat baseline", q->base_first, q->base_last);
		size_t df = take_residuals(f, s, l);
		if (df == 0)
			return err_set(e, BAD, "baseline %d-%d: too few periods to tell how much they "
				"vary; give more years", q->base_first, q->base_last);
		f->df += df;
	}
	return OK;
}

/* ---- The window -------------------------------------------------------------------- */

static double
expected_at(const struct fit *f, unsigned stratum, struct reckon_period p)
{
	const struct line *l = &f->line[stratum];
	unsigned t = season_index(f->ask, p.season);

	return l->n[t] > 0 ? l->mean[t] + l->slope * (year_of(f->ask, p) - l->mean_year[t]) : NAN;
}

static enum status
sum_window(const struct fit *f, struct reckon_excess *r, struct err *e)
{
	const struct reckon_excess_ask *q = f->ask;

	for (size_t i = 0; i < q->n; i++) {
		const struct reckon_deaths *d = &q->deaths[i];
		if (role_of(q, d->at) != RECKON_COUNTED)
			continue;
		struct line *l = &f->line[d->stratum];
		unsigned t = season_index(q, d->at.season);
		if (l->n[t] <= 0)
			return err_set(e, BAD, "baseline %d-%d: has no period %u, which is to be counted "
				"in %d; give more years or exclude it", q->base_first, q->base_last, t + 1,
				d->at.year);
		l->ask_n[t]++;
		l->g += f->slope ? year_of(q, d->at) - l->mean_year[t] : 0;
		r->deaths += d->deaths;
		r->expected += expected_at(f, d->stratum, d->at);
		r->periods++;
	}
	r->excess = r->deaths - r->expected;
	if (r->periods == 0)
		return err_set(e, BAD, "the file has no period from %d, %u to %d, %u", q->window.from.year,
			q->window.from.season, q->window.to.year, q->window.to.season);
	return OK;
}

/* Where any year of the file has a week 53 and none is counted, the published program
 * (elife2021/elife.ipynb, predict()) has one week 52 more in its variance than in its
 * excess.  Published figures can be had only so; it makes 30 weeks' sd 2 % wider. */
static void
add_week_53(const struct fit *f)
{
	const struct reckon_excess_ask *q = f->ask;
	bool any = false, counted = false;

	for (size_t i = 0; i < q->n; i++)
		if (q->deaths[i].at.season > q->seasons) {
			any = true;
			counted |= role_of(q, q->deaths[i].at) == RECKON_COUNTED;
		}
	for (unsigned s = 0; s < q->n_strata && any && !counted; s++) {
		struct line *l = &f->line[s];
		if (l->n[q->seasons - 1] <= 0)
			continue;
		l->published_n[q->seasons - 1]++;
		l->published_g += f->slope ? year_of(q, q->window.from)
			- l->mean_year[q->seasons - 1] : 0;
	}
}

/* The published variance: s^2 (periods + p'(X'X)^-1 p); strata are taken as independent. */
static double
published_variance(const struct fit *f)
{
	double sum = 0;

	for (unsigned s = 0; s < f->ask->n_strata; s++) {
		struct line *l = &f->line[s];
		memcpy(l->published_n, l->ask_n, sizeof l->ask_n);
		l->published_g = l->g;
	}
	add_week_53(f);
	for (unsigned s = 0; s < f->ask->n_strata; s++) {
		const struct line *l = &f->line[s];
		double periods = 0, lever = f->slope ? l->published_g * l->published_g / l->sxx : 0;
		for (unsigned t = 0; t < f->ask->seasons; t++)
			if (l->published_n[t] > 0) {
				periods += l->published_n[t];
				lever += l->published_n[t] * l->published_n[t] / l->n[t];
			}
		sum += l->s2 * (periods + lever);
	}
	return sum;
}

/* ---- Years as blocks ----------------------------------------------------------------
 *
 * The error of the excess is a weighted sum of errors: 1 for each period counted, -w(t,y)
 * for each of the baseline.  Errors of different years are taken as independent, those of
 * one year may depend on each other in any way, the same in each year: covariance Omega.
 * Then the variance is the sum over years of a'Omega a, a the year's weights; Omega is
 * estimated by pooling the years' residuals, sum e e'/(years - 2) (Pan 2001, Biometrika
 * 88:901-906, with the divisor for level and slope), so that a'Omega a is a sum of squared
 * residual sums.  For whole years this is the textbook prediction interval of a line
 * through yearly totals, exact with t of years - 2 degrees.
 */

/* a'Omega a.  A year that lacks more than half of what a weighs tells nothing; one
 * that lacks less is scaled up.  ret_df: the fewest seen. */
static double
quadratic(const struct fit *f, const double *a, unsigned *ret_df)
{
	unsigned used = 0, lost = f->slope ? 2 : 1;
	double all = 0, squares = 0;

	for (size_t i = 0; i < f->row; i++)
		all += fabs(a[i]);
	if (all <= 0)
		return 0;
	for (unsigned y = 0; y < f->years; y++) {
		const double *r = &f->base[y * f->row];
		double sum = 0, seen = 0;
		for (size_t i = 0; i < f->row; i++)
			if (!isnan(r[i])) {
				sum += a[i] * r[i];
				seen += fabs(a[i]);
			}
		if (seen < all / 2)
			continue;
		used++;
		squares += (sum * all / seen) * (sum * all / seen);
	}
	unsigned df = used > lost ? used - lost : 0;
	if (df < *ret_df)
		*ret_df = df;
	return df ? squares / df : 0;
}

static double
baseline_blocks(const struct fit *f, double *a, unsigned *ret_df)
{
	double sum = 0;

	for (unsigned y = 0; y < f->years; y++) {
		for (unsigned s = 0; s < f->ask->n_strata; s++)
			for (unsigned t = 0; t < f->ask->seasons; t++) {
				const struct line *l = &f->line[s];
				double w = f->slope ? l->g * (y - l->mean_year[t]) / l->sxx : 0;
				bool seen = !isnan(*base_at(f, y, s, t));
				a[(size_t)s * f->ask->seasons + t] = seen ? w + l->ask_n[t] / l->n[t] : 0;
			}
		sum += quadratic(f, a, ret_df);
	}
	return sum;
}

static double
window_blocks(const struct fit *f, double *a, unsigned *ret_df)
{
	const struct reckon_excess_ask *q = f->ask;
	double sum = 0;

	for (int year = q->window.from.year; year <= q->window.to.year; year++) {
		memset(a, 0, f->row * sizeof *a);
		for (size_t i = 0; i < q->n; i++) {
			const struct reckon_deaths *d = &q->deaths[i];
			if (d->at.year == year && role_of(q, d->at) == RECKON_COUNTED)
				a[(size_t)d->stratum * q->seasons + season_index(q, d->at.season)]++;
		}
		sum += quadratic(f, a, ret_df);
	}
	return sum;
}

static void
put_intervals(const struct fit *f, struct reckon_excess *r)
{
	double *a = NEWS(f->a, double, f->row), variance;
	struct reckon_excess_interval *i[] = {&r->published, &r->block};
	unsigned df = UINT32_MAX;

	r->published.sd = sqrt(published_variance(f));
	variance = window_blocks(f, a, &df) + baseline_blocks(f, a, &df);
	if (df == 0) {
		r->block.withheld = f->slope ? N_("fewer than three whole baseline years")
			: N_("fewer than two whole baseline years");
		r->block.sd = NAN;
	} else {
		r->block.sd = sqrt(variance);
		r->block.df = df;
	}
	for (size_t k = 0; k < 2; k++) {
		double q = reckon_t_quantile(0.95, i[k]->df);
		i[k]->lower = r->excess - q * i[k]->sd;
		i[k]->upper = r->excess + q * i[k]->sd;
	}
}

/* ---- What else is told ------------------------------------------------------------- */

static int
by_time(const void *x, const void *y)
{
	const struct reckon_deaths *a = x, *b = y;
	int c = order(a->at, b->at);

	return c ? c : (a->stratum > b->stratum) - (a->stratum < b->stratum);
}

static double
single_variance(const struct fit *f, unsigned stratum, struct reckon_period p)
{
	const struct line *l = &f->line[stratum];
	unsigned t = season_index(f->ask, p.season);
	double x = year_of(f->ask, p) - l->mean_year[t];

	return l->s2 * (1 + 1 / l->n[t] + (f->slope ? x * x / l->sxx : 0));
}

static enum status
put_points(struct fit *f, struct reckon_excess *r, struct err *e)
{
	const struct reckon_excess_ask *q = f->ask;
	struct reckon_deaths *v = NEWS(f->a, struct reckon_deaths, q->n + 1);
	struct reckon_excess_point *p = NEWS(f->a, struct reckon_excess_point, q->n + 1);
	size_t n = 0, counted = 0;

	if (q->n)
		memcpy(v, q->deaths, q->n * sizeof *v);
	qsort(v, q->n, sizeof *v, by_time);
	for (size_t i = 0; i < q->n; i++) {
		if (i > 0 && by_time(&v[i - 1], &v[i]) == 0)
			return err_set(e, BAD, "deaths: period %u of %d is there twice", v[i].at.season,
				v[i].at.year);
		if (n == 0 || order(p[n - 1].at, v[i].at) != 0) {
			p[n] = (struct reckon_excess_point){.at = v[i].at, .role = role_of(q, v[i].at)};
			counted += p[n].role == RECKON_COUNTED;
			n++;
		}
		p[n - 1].deaths += v[i].deaths;
		p[n - 1].expected += expected_at(f, v[i].stratum, v[i].at);
		p[n - 1].sd += single_variance(f, v[i].stratum, v[i].at);
	}
	for (size_t i = 0; i < n; i++)
		p[i].sd = sqrt(p[i].sd);
	r->points = p;
	r->n_points = n;
	r->missing = counted * q->n_strata - r->periods;
	return OK;
}

/* How many periods after a b comes; a year of weeks may have a 53rd or not. */
static int64_t
steps(const struct fit *f, struct reckon_period a, struct reckon_period b)
{
	return ((int64_t)b.year - a.year) * f->ask->seasons + b.season - a.season;
}

/* Periods of the window that the file has for no stratum. */
static size_t
gaps(const struct fit *f, const struct reckon_excess *r)
{
	struct reckon_period last = f->ask->window.from;
	int64_t step = 0, n = 0;

	last.season--;                        /* season 0: the one before the first */
	for (size_t i = 0; i < r->n_points; i++)
		if (within(r->points[i].at, &f->ask->window)) {
			step = steps(f, last, r->points[i].at);
			n += step > 1 ? step - 1 : 0;
			last = r->points[i].at;
		}
	step = steps(f, last, f->ask->window.to);
	return (size_t)(n + (step > 0 ? step : 0));
}

static void
put_years(const struct fit *f, struct reckon_excess *r)
{
	struct reckon_excess_year *v = NEWS(f->a, struct reckon_excess_year, f->years);
	size_t n = 0;

	for (unsigned y = 0; y < f->years; y++) {
		bool any = false;
		for (size_t i = 0; i < f->row; i++) {
			double d = f->base[y * f->row + i];
			if (isnan(d))
				continue;
			any = true;
			v[n].residuals += d;
		}
		v[n].year = f->ask->base_first + (int)y;
		n += any;
	}
	r->years = v;
	r->n_years = n;
}

static void
put_spread(const struct fit *f, struct reckon_excess *r)
{
	double s2 = 0, mean = 0;

	for (unsigned s = 0; s < f->ask->n_strata; s++) {
		double sum = 0, n = 0;
		for (unsigned t = 0; t < f->ask->seasons; t++) {
			sum += f->line[s].mean[t] * f->line[s].n[t];
			n += f->line[s].n[t];
		}
		s2 += f->line[s].s2;
		mean += sum / n;
		r->slope += f->line[s].slope;
	}
	r->residual_sd = sqrt(s2);
	r->overdispersion = mean > 0 ? s2 / mean : NAN;
	r->n_baseline = f->n_baseline;
}

enum status
reckon_excess(struct arena *a, const struct reckon_excess_ask *q, struct reckon_excess *ret,
	struct err *e)
{
	struct reckon_excess r = {0};
	struct fit f = {.a = a, .ask = q, .slope = !q->flat};
	enum status st = check(q, e);

	if (st)
		return st;
	f.years = (unsigned)(q->base_last - q->base_first) + 1;
	f.row = (size_t)q->n_strata * q->seasons;
	if ((st = fill(&f, e)) != OK || (st = fit_lines(&f, e)) != OK
	    || (st = sum_window(&f, &r, e)) != OK || (st = put_points(&f, &r, e)) != OK)
		return st;
	put_intervals(&f, &r);
	r.missing += gaps(&f, &r) * q->n_strata;
	put_years(&f, &r);
	put_spread(&f, &r);
	*ret = r;
	return OK;
}
