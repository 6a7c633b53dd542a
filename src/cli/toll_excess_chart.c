/* `habeas toll excess`: the chart of deaths and their baseline. */
#include <math.h>
#include "cli/toll_int.h"

/* Everything drawn, at x = year + share of the year. */
struct drawn {
	double *x, *deaths, *expected, *low, *high;
	struct typeset_mark marks[TYPESET_MAX_MARKS];
	size_t n_marks;
};

/* A week 53 lies between 52 and the next 1. */
static double
place(const struct toll_excess *x, struct reckon_period p)
{
	double season = p.season > x->d.seasons ? x->d.seasons + 0.5 : p.season;

	return p.year + (season - 1) / x->d.seasons;
}

static void
put_place(const struct toll_excess *x, size_t i, struct drawn *d)
{
	const struct reckon_excess_point *p = &x->r.points[i];
	double q = reckon_t_quantile(0.95, 0) * p->sd;

	d->x[i] = place(x, p->at);
	d->deaths[i] = p->deaths;
	d->expected[i] = p->expected;
	d->low[i] = fmax(p->expected - q, 0);        /* nobody dies less than never */
	d->high[i] = p->expected + q;
}

static void
put_marks(struct toll_excess *x, struct drawn *d)
{
	const struct reckon_excess_point *p = x->r.points;
	int first = p[0].at.year, years = p[x->r.n_points - 1].at.year - first + 1;
	int every = 1 + years / (TYPESET_MAX_MARKS - 3);

	for (int y = first; y < first + years && d->n_marks < TYPESET_MAX_MARKS - 2; y += every)
		d->marks[d->n_marks++] = (struct typeset_mark){y, str_of(toll_real(x->t, y, 0)), true};
	d->marks[d->n_marks++] = (struct typeset_mark){place(x, x->ask.window.from),
		str_of(tr(x->t->x->lang, "counted from here")), false};
	if (place(x, x->ask.window.to) < place(x, p[x->r.n_points - 1].at))
		d->marks[d->n_marks++] = (struct typeset_mark){place(x, x->ask.window.to),
			str_of(tr(x->t->x->lang, "to here")), false};
}

/* Isolated from its surroundings: a minus sign stands left of its number in any script,
 * and the typesetter drops the mark by which text_number() says so. */
static const char *
chart_number(struct toll *t, double v)
{
	return str_fmt(t->a, "\u2066%s\u2069", toll_whole(t, v)).p;
}

static struct str
chart_sentence(struct toll_excess *x)
{
	struct toll *t = x->t;
	enum lang l = t->x->lang;
	const struct reckon_excess_interval *p = &x->r.published, *b = &x->r.block;

	if (b->withheld)
		return str_fmt(t->a, tr(l, "Excess %s; 95 %% interval as published %s to %s; by whole years "
			"withheld: %s."), chart_number(t, x->r.excess), chart_number(t, p->lower),
			chart_number(t, p->upper), tr(l, b->withheld));
	return str_fmt(t->a, tr(l, "Excess %s; 95 %% interval as published %s to %s, by whole years %s "
		"to %s."), chart_number(t, x->r.excess), chart_number(t, p->lower),
		chart_number(t, p->upper), chart_number(t, b->lower), chart_number(t, b->upper));
}

enum status
excess_chart(struct toll_excess *x, struct bytes *ret, struct err *e)
{
	size_t n = x->r.n_points;
	struct arena *a = x->t->a;
	enum lang l = x->t->x->lang;
	struct drawn d = {.x = NEWS(a, double, n), .deaths = NEWS(a, double, n),
		.expected = NEWS(a, double, n), .low = NEWS(a, double, n), .high = NEWS(a, double, n)};
	const struct typeset_series series[] = {
		{str_of(tr(l, "where single periods were expected (95 %, as published)")), TYPESET_BAND,
			2, d.x, d.low, d.high, n},
		{str_of(tr(l, "expected")), TYPESET_DASHED, 1, d.x, d.expected, NULL, n},
		{str_of(tr(l, "deaths")), TYPESET_SOLID, 0, d.x, d.deaths, NULL, n},
	};
	const struct str notes[] = {chart_sentence(x), str_of(tr(l, "National excess is never scaled to "
		"prisons: nothing here says how many prisoners died."))};
	struct typeset_drawn r;
	enum status st;

	for (size_t i = 0; i < n; i++)
		put_place(x, i, &d);
	put_marks(x, &d);
	struct str title = x->d.country.n ? str_fmt(a, tr(l, "Deaths and what was expected: %s"),
		str_cstr(a, x->d.country)) : str_of(tr(l, "Deaths and what was expected"));
	const struct typeset_chart c = {.lang = l, .kind = TYPESET_LINES, .title = title,
		.from_zero = true,
		.y_label = str_of(tr(l, deaths_per(&x->d))), .notes = {notes, 2}, .series = series,
		.n_series = 3, .marks = d.marks, .n_marks = d.n_marks};
	if ((st = typeset_chart_png(a, &c, &r, e)) == OK)
		*ret = r.bytes;
	return st;
}
