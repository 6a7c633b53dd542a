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
#include <math.h>
#include "reckon/excess_int.h"

int
excess_order(struct reckon_period a, struct reckon_period b)
{
	return a.year != b.year ? (a.year > b.year) - (a.year < b.year)
		: (a.season > b.season) - (a.season < b.season);
}

bool
excess_within(struct reckon_period p, const struct reckon_span *s)
{
	return excess_order(s->from, p) <= 0 && excess_order(p, s->to) <= 0;
}

enum reckon_excess_role
excess_role(const struct reckon_excess_ask *q, struct reckon_period p)
{
	for (size_t i = 0; i < q->n_excluded; i++)
		if (excess_within(p, &q->excluded[i]))
			return RECKON_EXCLUDED;
	if (excess_within(p, &q->window))
		return RECKON_COUNTED;
	return p.year >= q->base_first && p.year <= q->base_last && p.season <= q->seasons
		&& excess_order(p, q->window.from) < 0 ? RECKON_BASELINE : RECKON_BETWEEN;
}

unsigned
excess_season(const struct reckon_excess_ask *q, unsigned season)
{
	return (season > q->seasons ? q->seasons : season) - 1;
}

double
excess_year(const struct reckon_excess_ask *q, struct reckon_period p)
{
	bool fixed = q->fixed && excess_order(p, q->window.from) >= 0;

	return (fixed ? q->window.from.year : p.year) - q->base_first;
}

double *
excess_base(const struct excess_fit *f, unsigned year, unsigned stratum, unsigned season)
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
	if (excess_order(q->window.to, q->window.from) < 0)
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

static int
by_time(const void *x, const void *y)
{
	const struct reckon_deaths *a = x, *b = y;
	int c = excess_order(a->at, b->at);

	return c ? c : (a->stratum > b->stratum) - (a->stratum < b->stratum);
}

static enum status
sort(struct excess_fit *f, struct err *e)
{
	const struct reckon_excess_ask *q = f->ask;
	struct reckon_deaths *v = NEWS(f->a, struct reckon_deaths, q->n + 1);

	if (q->n)
		memcpy(v, q->deaths, q->n * sizeof *v);
	qsort(v, q->n, sizeof *v, by_time);
	for (size_t i = 1; i < q->n; i++)
		if (by_time(&v[i - 1], &v[i]) == 0)
			return err_set(e, BAD, "deaths: period %u of %d is there twice", v[i].at.season,
				v[i].at.year);
	f->deaths = v;
	for (; f->from < q->n && excess_order(v[f->from].at, q->window.from) < 0; f->from++)
		;
	for (f->to = f->from; f->to < q->n && excess_order(v[f->to].at, q->window.to) <= 0; f->to++)
		;
	return OK;
}

static void
fill(struct excess_fit *f)
{
	const struct reckon_excess_ask *q = f->ask;
	size_t n = f->years * f->row;

	f->base = NEWS(f->a, double, n);
	for (size_t i = 0; i < n; i++)
		f->base[i] = NAN;
	for (size_t i = 0; i < f->from; i++) {
		const struct reckon_deaths *d = &f->deaths[i];
		if (excess_role(q, d->at) != RECKON_BASELINE)
			continue;
		*excess_base(f, (unsigned)(d->at.year - q->base_first), d->stratum,
			d->at.season - 1) = d->deaths;
		f->n_baseline++;
	}
}

static void
take_means(const struct excess_fit *f, unsigned s, struct excess_line *l)
{
	for (unsigned t = 0; t < f->ask->seasons; t++) {
		for (unsigned y = 0; y < f->years; y++) {
			double d = *excess_base(f, y, s, t);
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
take_slope(const struct excess_fit *f, unsigned s, struct excess_line *l)
{
	double sxy = 0;

	for (unsigned y = 0; y < f->years; y++)
		for (unsigned t = 0; t < f->ask->seasons; t++) {
			double d = *excess_base(f, y, s, t), x = y - l->mean_year[t];
			if (isnan(d))
				continue;
			l->sxx += x * x;
			sxy += x * (d - l->mean[t]);
		}
	l->slope = f->slope && l->sxx > 0 ? sxy / l->sxx : 0;
}

/* Deaths become residuals; s^2 = RSS/(n - seasons - 1), or without a slope n - seasons. */
static size_t
take_residuals(const struct excess_fit *f, unsigned s, struct excess_line *l)
{
	size_t n = 0, parameters = f->slope;
	double rss = 0;

	for (unsigned t = 0; t < f->ask->seasons; t++) {
		parameters += l->n[t] > 0;
		n += (size_t)l->n[t];
	}
	for (unsigned y = 0; y < f->years; y++)
		for (unsigned t = 0; t < f->ask->seasons; t++) {
			double *d = excess_base(f, y, s, t);
			*d -= l->mean[t] + l->slope * (y - l->mean_year[t]);
			rss += isnan(*d) ? 0 : *d * *d;
		}
	if (n <= parameters)
		return 0;
	l->s2 = rss / (double)(n - parameters);
	return n - parameters;
}

/* ", stratum NAME", for a fault. */
static const char *
stratum_text(const struct excess_fit *f, unsigned s)
{
	return f->ask->names ? str_cstr(f->a, str_fmt(f->a, ", stratum " STR_FMT,
		STR_ARG(f->ask->names[s]))) : "";
}

static enum status
fit_lines(struct excess_fit *f, struct err *e)
{
	const struct reckon_excess_ask *q = f->ask;

	if (f->n_baseline == 0)
		return err_set(e, BAD, "baseline %d-%d: the file has none of it before the first period "
			"counted; other years, or a later first period, would be right", q->base_first,
			q->base_last);
	f->line = NEWS(f->a, struct excess_line, q->n_strata);
	for (unsigned s = 0; s < q->n_strata; s++) {
		struct excess_line *l = &f->line[s];
		take_means(f, s, l);
		take_slope(f, s, l);
		if (f->slope && l->sxx <= 0)
			return err_set(e, BAD, "baseline %d-%d%s: no season is there in two years, so there "
				"is no slope; give more years, or a flat baseline", q->base_first, q->base_last,
				stratum_text(f, s));
		size_t df = take_residuals(f, s, l);
		if (df == 0)
			return err_set(e, BAD, "baseline %d-%d%s: too few periods to tell how much they "
				"vary; give more years", q->base_first, q->base_last, stratum_text(f, s));
		f->df += df;
	}
	return OK;
}

static enum status
ask_window(struct excess_fit *f, struct err *e)
{
	const struct reckon_excess_ask *q = f->ask;

	for (size_t i = f->from; i < f->to; i++) {
		const struct reckon_deaths *d = &f->deaths[i];
		if (excess_role(q, d->at) != RECKON_COUNTED)
			continue;
		struct excess_line *l = &f->line[d->stratum];
		unsigned t = excess_season(q, d->at.season);
		if (l->n[t] <= 0)
			return err_set(e, BAD, "baseline %d-%d%s: has no period %u, which is to be counted "
				"in %d; give more years or exclude it", q->base_first, q->base_last,
				stratum_text(f, d->stratum), t + 1, d->at.year);
		l->ask_n[t]++;
		l->g += f->slope ? excess_year(q, d->at) - l->mean_year[t] : 0;
		f->periods++;
	}
	return f->periods ? OK : err_set(e, BAD, "the file has none of the periods to be counted");
}

enum status
excess_fit(struct arena *a, const struct reckon_excess_ask *q, struct excess_fit *ret,
	struct err *e)
{
	struct excess_fit f = {.a = a, .ask = q, .slope = !q->flat};
	enum status st;

	if ((st = check(q, e)) != OK || (st = sort(&f, e)) != OK)
		return st;
	f.years = (unsigned)(q->base_last - q->base_first) + 1;
	f.row = (size_t)q->n_strata * q->seasons;
	fill(&f);
	if ((st = fit_lines(&f, e)) != OK || (st = ask_window(&f, e)) != OK)
		return st;
	*ret = f;
	return OK;
}
