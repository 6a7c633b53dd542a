/* `habeas toll excess`: the report for people, the JSON, the files. */
#include <math.h>
#include "cli/toll_int.h"

static const char *
toll_count(struct toll *t, size_t n)
{
	return toll_whole(t, (double)n);
}

static const struct str no_unit = {"", 0};

/* ---- For people ---------------------------------------------------------------------- */

static void
say_read(struct toll_excess *x)
{
	struct toll *t = x->t;
	const struct toll_deaths *d = &x->d;
	struct arena *a = t->a;
	enum lang l = t->x->lang;
	size_t period = D_WEEK;

	while (!d->columns[period].n && period < D_TIME)
		period++;
	say(tr(l, "%s: %s rows of deaths (\"%s\") by %s (\"%s\") and year (\"%s\")"), t->path,
		toll_count(t, d->n),
		str_cstr(a, d->columns[D_DEATHS]), tr(l, deaths_unit(d)), str_cstr(a, d->columns[period]),
		str_cstr(a, d->columns[D_YEAR]));
	if (d->country.n)
		say(", " STR_FMT, STR_ARG(d->country));
	if (d->n_strata > 1)
		say(tr(l, ", %s strata added up"), toll_count(t, d->n_strata));
	say("\n");
}

static void
say_question(struct toll_excess *x)
{
	const struct reckon_excess_ask *q = &x->ask;
	struct arena *a = x->t->a;
	enum lang l = x->t->x->lang;

	say(tr(l, "Baseline: %s to %s, %s periods; "), toll_real(x->t, q->base_first, 0),
		toll_real(x->t, q->base_last, 0), toll_count(x->t, x->r.n_baseline));
	if (q->flat)
		say("%s\n", tr(l, "the mean of each season, no slope"));
	else
		say(tr(l, "a mean for each season and one slope, %s deaths a period from year to year\n"),
			toll_real(x->t, x->r.slope, 1));
	say(tr(l, "Counted: %s to %s, %s periods%s\n"), period_text(a, &x->d, q->window.from).p,
		period_text(a, &x->d, q->window.to).p, toll_count(x->t, x->r.periods),
		q->fixed ? tr(l, "; the first year's baseline in all of them") : "");
	for (size_t i = 0; i < q->n_excluded; i++)
		say(tr(l, "Left out: %s to %s\n"), period_text(a, &x->d, q->excluded[i].from).p,
			period_text(a, &x->d, q->excluded[i].to).p);
}

static struct str
ratio_text(struct toll_excess *x, const struct reckon_excess_interval *i)
{
	if (isnan(x->official))
		return no_unit;
	return str_fmt(x->t->a, tr(x->t->x->lang, "%s times the official (%s to %s)"),
		toll_real(x->t, x->r.excess / x->official, 2),
		toll_real(x->t, i->lower / x->official, 2),
		toll_real(x->t, i->upper / x->official, 2));
}

static void
put_interval(struct toll_excess *x, struct text_table *table, const char *name,
	const struct reckon_excess_interval *i)
{
	struct toll *t = x->t;
	enum lang l = t->x->lang;
	struct str cells[5] = {str_of(name), str_of(toll_whole(t, x->r.excess)), S(""), S(""), S("")};

	if (i->withheld) {
		cells[2] = str_of(tr(l, i->withheld));
	} else {
		cells[2] = str_fmt(t->a, "± %s", toll_whole(t, i->sd));
		cells[3] = str_fmt(t->a, tr(l, "%s to %s"), toll_whole(t, i->lower),
			toll_whole(t, i->upper));
		cells[4] = ratio_text(x, i);
	}
	table_row(table, cells, 5);
}

static void
say_numbers(struct toll_excess *x)
{
	struct toll *t = x->t;
	enum lang l = t->x->lang;
	struct text_table table = {.a = t->a};
	const struct str head[5] = {S(""), str_of(tr(l, "excess")), str_of(tr(l, "one sd")),
		str_of(tr(l, "95 % interval")), S("")};

	say(tr(l, "\nDeaths counted %s, expected %s.\n\n"), toll_whole(t, x->r.deaths),
		toll_whole(t, x->r.expected));
	table_row(&table, head, 5);
	put_interval(x, &table, tr(l, "as published"), &x->r.published);
	put_interval(x, &table, tr(l, "by whole years"), &x->r.block);
	table_print(&table);
}

static void
say_assumptions(struct toll_excess *x)
{
	enum lang l = x->t->x->lang;
	const struct reckon_excess_interval *b = &x->r.block;

	say("\n%s\n", tr(l, "As published (Karlinsky and Kobak 2021): each period varies on its own, so that "
		"a bad week tells nothing of the next. More and shorter periods make it look surer."));
	if (b->withheld)
		say(tr(l, "By whole years: withheld, because there are %s.\n"), tr(l, b->withheld));
	else
		say(tr(l, "By whole years: the years vary on their own, the periods of one year together in "
			"whatever way they did; with t of %s degrees, because the years are few.\n"), toll_count(x->t, b->df));
	say("%s\n", tr(l, "Both: without the event, the trend would have gone on, and deaths were "
		"registered as completely as before. Neither knows the causes of the deaths."));
	if (!b->withheld)
		say("%s\n", b->upper - b->lower > x->r.published.upper - x->r.published.lower
			? tr(l, "Quote the interval by whole years: it is the wider one.")
			: tr(l, "Quote the published interval: it is the wider one."));
}

static void
say_sensitivity(struct toll_excess *x)
{
	struct toll *t = x->t;
	enum lang l = t->x->lang;
	struct text_table table = {.a = t->a};
	const struct str head[4] = {str_of(tr(l, "If it had been reckoned otherwise")),
		str_of(tr(l, "excess")), str_of(tr(l, "as published")), str_of(tr(l, "by whole years"))};

	if (x->n_sense == 0)
		return;
	say("\n");
	table_row(&table, head, 4);
	for (size_t i = 0; i < x->n_sense; i++) {
		const struct toll_sense *s = &x->sense[i];
		const struct str cells[4] = {s->change, str_of(toll_whole(t, s->excess)),
			str_fmt(t->a, "± %s", toll_whole(t, s->published_sd)),
			str_fmt(t->a, "± %s", toll_whole(t, s->block_sd))};
		table_row(&table, cells, 4);
	}
	table_print(&table);
}

void
excess_say(struct toll_excess *x)
{
	enum lang l = x->t->x->lang;

	say_read(x);
	say_question(x);
	say_numbers(x);
	say_assumptions(x);
	say_sensitivity(x);
	say("\n%s\n", tr(l, "National excess is never scaled to prisons: nothing here says how many "
		"prisoners died."));
	toll_say_notes(x->t);
	say(tr(l, "Receipt: data %.16s…, version %s, nothing drawn by lot\n"),
		hex_encode(x->t->a, BYTES(x->t->hash)).p, HABEAS_VERSION);
	toll_say_options(x->t);
	if (opt(x->t->x, "--out"))
		say(tr(l, "Written: %s in %s\n"), "excess.json, excess.csv, excess.png, sensitivity.csv",
			opt(x->t->x, "--out"));
}

/* ---- JSON ---------------------------------------------------------------------------- */

static void
json_interval(struct toll_excess *x, struct json *j, const char *method,
	const struct reckon_excess_interval *i)
{
	json_object(j);
	json_field_text(j, "method", str_of(method));
	json_field_real(j, "estimate", x->r.excess);
	json_field_real(j, "lower", i->lower);
	json_field_real(j, "upper", i->upper);
	json_field_real(j, "level", 0.95);
	json_field_real(j, "sd", i->sd);
	json_key(j, "df");
	if (i->df)
		json_int(j, i->df);
	else
		json_null(j);
	json_field_text(j, "withheld", str_of(i->withheld));
	json_field_real(j, "ratio", x->r.excess / x->official);
	json_field_real(j, "ratio_lower", i->lower / x->official);
	json_field_real(j, "ratio_upper", i->upper / x->official);
	json_object_end(j);
}

static void
json_question(struct toll_excess *x, struct json *j)
{
	const struct reckon_excess_ask *q = &x->ask;
	struct arena *a = x->t->a;

	json_field_text(j, "unit", str_of(deaths_unit(&x->d)));
	json_field_text(j, "calendar", str_of(x->d.solar ? "solar-hijri" : "as in the file"));
	json_field_text(j, "country", x->d.country);
	json_field_int(j, "strata", x->d.n_strata);
	json_key(j, "baseline");
	json_object(j);
	json_field_int(j, "first", q->base_first);
	json_field_int(j, "last", q->base_last);
	json_field_int(j, "periods", (int64_t)x->r.n_baseline);
	json_field_bool(j, "flat", q->flat);
	json_field_bool(j, "fixed", q->fixed);
	json_field_real(j, "slope", x->r.slope);
	json_object_end(j);
	json_key(j, "window");
	json_object(j);
	json_field_text(j, "from", period_text(a, &x->d, q->window.from));
	json_field_text(j, "to", period_text(a, &x->d, q->window.to));
	json_field_int(j, "periods", (int64_t)x->r.periods);
	json_field_int(j, "missing", (int64_t)x->r.missing);
	json_object_end(j);
	json_key(j, "excluded");
	json_array(j);
	for (size_t i = 0; i < q->n_excluded; i++)
		json_text(j, str_fmt(a, "%s..%s", period_text(a, &x->d, q->excluded[i].from).p,
			period_text(a, &x->d, q->excluded[i].to).p));
	json_array_end(j);
}

static void
json_diagnostics(struct toll_excess *x, struct json *j)
{
	json_key(j, "diagnostics");
	json_object(j);
	json_field_real(j, "residual_sd", x->r.residual_sd);
	json_field_real(j, "overdispersion", x->r.overdispersion);
	json_key(j, "years");
	json_array(j);
	for (size_t i = 0; i < x->r.n_years; i++) {
		json_object(j);
		json_field_int(j, "year", x->r.years[i].year);
		json_field_real(j, "residuals", x->r.years[i].residuals);
		json_object_end(j);
	}
	json_array_end(j);
	json_object_end(j);
}

static void
json_sensitivity(struct toll_excess *x, struct json *j)
{
	json_key(j, "sensitivity");
	json_array(j);
	for (size_t i = 0; i < x->n_sense; i++) {
		const struct toll_sense *s = &x->sense[i];
		json_object(j);
		json_field_text(j, "change", s->id);
		json_field_real(j, "estimate", s->excess);
		json_field_real(j, "sd_published", s->published_sd);
		json_field_real(j, "sd_years", s->block_sd);
		json_object_end(j);
	}
	json_array_end(j);
}

void
excess_json(struct toll_excess *x, struct buf *out)
{
	struct json j = json_to(out);

	json_object(&j);
	json_question(x, &j);
	json_field_real(&j, "deaths", x->r.deaths);
	json_field_real(&j, "expected", x->r.expected);
	json_field_real(&j, "excess", x->r.excess);
	json_field_real(&j, "official", x->official);
	json_key(&j, "methods");
	json_array(&j);
	json_interval(x, &j, "karlinsky-kobak", &x->r.published);
	json_interval(x, &j, "year-blocks", &x->r.block);
	json_array_end(&j);
	json_sensitivity(x, &j);
	json_diagnostics(x, &j);
	json_field_text(&j, "prisons", S("national excess is never scaled to prisons"));
	toll_json_notes(x->t, &j);
	toll_receipt(x->t, &j, NULL);
	json_object_end(&j);
	buf_byte(out, '\n');
}

/* ---- Files --------------------------------------------------------------------------- */

static const char *const roles[] = {
	[RECKON_BASELINE] = "baseline", [RECKON_COUNTED] = "counted",
	[RECKON_EXCLUDED] = "excluded", [RECKON_BETWEEN] = "between",
};

static struct str
csv_real(struct arena *a, double v)
{
	return isfinite(v) ? str_fmt(a, "%.1f", v) : S("");
}

static void
put_points(struct toll_excess *x, struct buf *out)
{
	struct str cells[6] = {S("period"), S("role"), S("deaths"), S("expected"), S("lower"),
		S("upper")};

	csv_write_row(out, cells, 6, ',');
	for (size_t i = 0; i < x->r.n_points; i++) {
		const struct reckon_excess_point *p = &x->r.points[i];
		double q = reckon_t_quantile(0.95, 0) * p->sd;
		cells[0] = period_text(x->t->a, &x->d, p->at);
		cells[1] = str_of(roles[p->role]);
		cells[2] = csv_real(x->t->a, p->deaths);
		cells[3] = csv_real(x->t->a, p->expected);
		cells[4] = csv_real(x->t->a, p->expected - q);
		cells[5] = csv_real(x->t->a, p->expected + q);
		csv_write_row(out, cells, 6, ',');
	}
}

static void
put_sensitivity(struct toll_excess *x, struct buf *out)
{
	struct str cells[4] = {S("change"), S("excess"), S("sd_published"), S("sd_years")};

	csv_write_row(out, cells, 4, ',');
	for (size_t i = 0; i < x->n_sense; i++) {
		const struct toll_sense *s = &x->sense[i];
		cells[0] = s->id;
		cells[1] = csv_real(x->t->a, s->excess);
		cells[2] = csv_real(x->t->a, s->published_sd);
		cells[3] = csv_real(x->t->a, s->block_sd);
		csv_write_row(out, cells, 4, ',');
	}
}

/* ---- The chart ------------------------------------------------------------------------- */

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

static enum status
draw_chart(struct toll_excess *x, struct bytes *ret, struct err *e)
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

enum status
excess_write(struct toll_excess *x, struct err *e)
{
	static const struct {
		const char *name;
		void (*put)(struct toll_excess *x, struct buf *out);
	} files[] = {
		{"excess.json", excess_json}, {"excess.csv", put_points},
		{"sensitivity.csv", put_sensitivity},
	};
	struct bytes png;
	enum status st = draw_chart(x, &png, e);

	if (st == OK)
		st = toll_write(x->t, "excess.png", png, e);
	for (size_t i = 0; i < sizeof files / sizeof *files && st == OK; i++) {
		struct buf out;
		buf_init(&out, (size_t)256 << 20);
		files[i].put(x, &out);
		st = toll_write(x->t, files[i].name, buf_bytes(&out), e);
		buf_finish(&out);
	}
	return toll_keep(x->t, st, e);
}
