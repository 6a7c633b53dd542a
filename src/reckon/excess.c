/* What is told of an excess: the sums of the window, the periods, the years. */
#include <math.h>
#include "reckon/excess_int.h"

static double
expected_at(const struct excess_fit *f, unsigned stratum, struct reckon_period p)
{
	const struct excess_line *l = &f->line[stratum];
	unsigned t = excess_season(f->ask, p.season);

	return l->n[t] > 0 ? l->mean[t] + l->slope * (excess_year(f->ask, p) - l->mean_year[t]) : NAN;
}

static void
put_sums(const struct excess_fit *f, struct reckon_excess *r)
{
	for (size_t i = f->from; i < f->to; i++) {
		const struct reckon_deaths *d = &f->deaths[i];
		if (excess_role(f->ask, d->at) != RECKON_COUNTED)
			continue;
		r->deaths += d->deaths;
		r->expected += expected_at(f, d->stratum, d->at);
	}
	r->excess = r->deaths - r->expected;
	r->periods = f->periods;
	r->n_baseline = f->n_baseline;
}

static void
put_points(const struct excess_fit *f, struct reckon_excess *r)
{
	const struct reckon_excess_ask *q = f->ask;
	struct reckon_excess_point *p = NEWS(f->a, struct reckon_excess_point, q->n + 1);
	size_t n = 0, counted = 0;

	for (size_t i = 0; i < q->n; i++) {
		const struct reckon_deaths *d = &f->deaths[i];
		if (n == 0 || excess_order(p[n - 1].at, d->at) != 0) {
			p[n] = (struct reckon_excess_point){.at = d->at, .role = excess_role(q, d->at)};
			counted += p[n].role == RECKON_COUNTED;
			n++;
		}
		p[n - 1].deaths += d->deaths;
		p[n - 1].expected += expected_at(f, d->stratum, d->at);
		p[n - 1].sd += excess_single(f, d->stratum, d->at);
	}
	for (size_t i = 0; i < n; i++)
		p[i].sd = sqrt(p[i].sd);
	r->points = p;
	r->n_points = n;
	r->missing = counted * q->n_strata - r->periods;
}

/* How many periods after a b comes; a year of weeks may have a 53rd or not. */
static int64_t
steps(const struct excess_fit *f, struct reckon_period a, struct reckon_period b)
{
	return ((int64_t)b.year - a.year) * f->ask->seasons + b.season - a.season;
}

/* Periods of the window that the file has for no stratum. */
static size_t
gaps(const struct excess_fit *f, const struct reckon_excess *r)
{
	struct reckon_period last = f->ask->window.from;
	int64_t step = 0, n = 0;

	last.season--;                        /* season 0: the one before the first */
	for (size_t i = 0; i < r->n_points; i++)
		if (excess_within(r->points[i].at, &f->ask->window)) {
			step = steps(f, last, r->points[i].at);
			n += step > 1 ? step - 1 : 0;
			last = r->points[i].at;
		}
	step = steps(f, last, f->ask->window.to);
	return (size_t)(n + (step > 0 ? step : 0));
}

static void
put_years(const struct excess_fit *f, struct reckon_excess *r)
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
put_spread(const struct excess_fit *f, struct reckon_excess *r)
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
}

enum status
reckon_excess(struct arena *a, const struct reckon_excess_ask *q, struct reckon_excess *ret,
	struct err *e)
{
	struct reckon_excess r = {0};
	struct excess_fit f;
	enum status st = excess_fit(a, q, &f, e);

	if (st)
		return st;
	put_sums(&f, &r);
	put_points(&f, &r);
	excess_intervals(&f, &r);
	r.missing += gaps(&f, &r) * q->n_strata;
	put_years(&f, &r);
	put_spread(&f, &r);
	*ret = r;
	return OK;
}
