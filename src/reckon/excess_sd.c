#include <math.h>
#include "reckon/excess_int.h"

/* ---- As published ------------------------------------------------------------------ */

/* Where any year of the file has a week 53 and none is counted, the published program
 * (elife2021/elife.ipynb, predict()) has one week 52 more in its variance than in its
 * excess.  Published figures can be had only so; it makes 30 weeks' sd 2 % wider. */
static bool
one_week_more(const struct excess_fit *f)
{
	const struct reckon_excess_ask *q = f->ask;
	bool any = false, counted = false;

	for (size_t i = 0; i < q->n; i++)
		if (f->deaths[i].at.season > q->seasons) {
			any = true;
			counted |= excess_role(q, f->deaths[i].at) == RECKON_COUNTED;
		}
	return any && !counted;
}

/* s^2 (periods + p'(X'X)^-1 p); strata are taken as independent. */
static double
published_variance(const struct excess_fit *f)
{
	const struct reckon_excess_ask *q = f->ask;
	bool more = one_week_more(f);
	double sum = 0;

	for (unsigned s = 0; s < q->n_strata; s++) {
		const struct excess_line *l = &f->line[s];
		bool here = more && l->n[q->seasons - 1] > 0;
		double periods = 0, g = l->g, lever = 0;
		for (unsigned t = 0; t < q->seasons; t++) {
			double n = l->ask_n[t] + (here && t == q->seasons - 1);
			periods += n;
			lever += n > 0 ? n * n / l->n[t] : 0;
		}
		if (here)
			g += excess_year(q, q->window.from) - l->mean_year[q->seasons - 1];
		sum += l->s2 * (periods + lever + (f->slope ? g * g / l->sxx : 0));
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

/* A sum of such terms.  Its degrees are the harmonic mean of theirs, weighed by their
 * shares: equal ones stay, since all terms rest on the same residuals, and a term that
 * hardly counts hardly matters.  1/degrees: */
struct blocks {
	double variance, inverse;
	bool unknown;                 /* a term that no year tells */
};

/* Add a'Omega a.  A year that lacks more than half of what a weighs tells nothing; one
 * that lacks less is scaled up. */
static void
add_block(const struct excess_fit *f, const double *a, struct blocks *b)
{
	unsigned used = 0, lost = f->slope ? 2 : 1;
	double all = 0, squares = 0;

	for (size_t i = 0; i < f->row; i++)
		all += fabs(a[i]);
	if (all <= 0)
		return;
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
	if (used <= lost) {
		b->unknown = true;
		return;
	}
	double df = used - lost, variance = squares / df;
	if (variance + b->variance > 0)
		b->inverse += (1 / df - b->inverse) * variance / (variance + b->variance);
	else
		b->inverse = fmax(b->inverse, 1 / df);        /* nothing varies */
	b->variance += variance;
}

static void
baseline_blocks(const struct excess_fit *f, double *a, struct blocks *b)
{
	for (unsigned y = 0; y < f->years; y++) {
		for (unsigned s = 0; s < f->ask->n_strata; s++)
			for (unsigned t = 0; t < f->ask->seasons; t++) {
				const struct excess_line *l = &f->line[s];
				double w = f->slope ? l->g * (y - l->mean_year[t]) / l->sxx : 0;
				bool seen = !isnan(*excess_base(f, y, s, t));
				a[(size_t)s * f->ask->seasons + t] = seen ? w + l->ask_n[t] / l->n[t] : 0;
			}
		add_block(f, a, b);
	}
}

static void
window_blocks(const struct excess_fit *f, double *a, struct blocks *b)
{
	const struct reckon_excess_ask *q = f->ask;

	for (size_t i = f->from; i < f->to;) {
		int year = f->deaths[i].at.year;
		memset(a, 0, f->row * sizeof *a);
		for (; i < f->to && f->deaths[i].at.year == year; i++) {
			const struct reckon_deaths *d = &f->deaths[i];
			if (excess_role(q, d->at) == RECKON_COUNTED)
				a[(size_t)d->stratum * q->seasons + excess_season(q, d->at.season)]++;
		}
		add_block(f, a, b);
	}
}

void
excess_intervals(const struct excess_fit *f, struct reckon_excess *r)
{
	double *a = NEWS(f->a, double, f->row);
	struct reckon_excess_interval *i[] = {&r->published, &r->block};
	struct blocks b = {0};

	r->published.sd = sqrt(published_variance(f));
	window_blocks(f, a, &b);
	baseline_blocks(f, a, &b);
	if (b.unknown || b.inverse <= 0) {
		r->block.withheld = f->slope ? N_("fewer than three whole baseline years")
			: N_("fewer than two whole baseline years");
		r->block.sd = NAN;
	} else {
		r->block.sd = sqrt(b.variance);
		r->block.df = (unsigned)lround(1 / b.inverse);
	}
	for (size_t k = 0; k < 2; k++) {
		double q = reckon_t_quantile(0.95, i[k]->df);
		i[k]->lower = r->excess - q * i[k]->sd;
		i[k]->upper = r->excess + q * i[k]->sd;
	}
}

double
excess_single(const struct excess_fit *f, unsigned stratum, struct reckon_period p)
{
	const struct excess_line *l = &f->line[stratum];
	unsigned t = excess_season(f->ask, p.season);
	double x = excess_year(f->ask, p) - l->mean_year[t];

	if (l->n[t] <= 0)
		return NAN;
	return l->s2 * (1 + 1 / l->n[t] + (f->slope ? x * x / l->sxx : 0));
}
