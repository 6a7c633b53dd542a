/* `habeas toll excess`: what is asked, and what other answers would be. */
#include <math.h>
#include "cli/toll_int.h"

/* ---- The question ------------------------------------------------------------------ */

static int
order(struct reckon_period a, struct reckon_period b)
{
	return a.year != b.year ? (a.year > b.year) - (a.year < b.year)
		: (a.season > b.season) - (a.season < b.season);
}

static enum status
ask_period(struct toll_excess *x, const char *option, struct reckon_span *ret, struct err *e)
{
	struct str s = opt_str(x->t->x, option);

	if (period_parse(&x->d, s, ret))
		return OK;
	return err_set(e, BAD, "%s " STR_FMT ": no such period; the file counts %s, so %s would be right",
		option, STR_ARG(s), deaths_unit(&x->d),
		x->d.seasons == 52 ? "2020-W10" : x->d.seasons == 12 ? "2020-03" : "2020-Q1");
}

/* Without a word: Karlinsky & Kobak's for the pandemic, week 10, March or the first
 * quarter of 2020; in Solar Hijri the Esfand or winter of 1398. */
static enum status
ask_window(struct toll_excess *x, struct err *e)
{
	struct reckon_span s, *w = &x->ask.window;
	enum status st;

	x->default_from = !opt(x->t->x, "--from");
	w->from = (struct reckon_period){x->d.solar ? 1399 : 2020,
		x->d.seasons == 52 ? 10 : x->d.seasons == 12 ? 3 : 1};
	for (size_t i = 0; i < x->d.n; i++)
		if (i == 0 || order(x->d.v[i].at, w->to) > 0)
			w->to = x->d.v[i].at;
	if (!x->default_from) {
		if ((st = ask_period(x, "--from", &s, e)) != OK)
			return st;
		w->from = s.from;
	}
	if (opt(x->t->x, "--to")) {
		if ((st = ask_period(x, "--to", &s, e)) != OK)
			return st;
		w->to = s.to;
	}
	if (order(w->to, w->from) < 0)
		return err_set(e, BAD, "%s: " STR_FMT " to " STR_FMT " is no time to count; --from and --to "
			"say another", x->t->path, STR_ARG(period_text(x->t->a, &x->d, w->from)),
			STR_ARG(period_text(x->t->a, &x->d, w->to)));
	return OK;
}

static enum status
ask_baseline(struct toll_excess *x, struct err *e)
{
	const char *option = opt(x->t->x, "--baseline-years");
	struct str last = str_of(option), first = str_cut(&last, '-');
	uint64_t a, b;

	x->ask.base_first = x->d.solar ? 1394 : 2015;
	x->ask.base_last = x->d.solar ? 1398 : 2019;
	if (!option)
		return OK;
	if (!str_u64(first, &a) || !str_u64(last, &b) || a < 1 || b > 3000 || b < a
	    || b - a >= RECKON_BASE_YEARS)
		return err_set(e, BAD, "--baseline-years %s: write 2015-2019, the first year and the "
			"last, at most %d", option, RECKON_BASE_YEARS);
	x->ask.base_first = (int)a;
	x->ask.base_last = (int)b;
	return OK;
}

static enum status
ask_excluded(struct toll_excess *x, struct err *e)
{
	enum { MOST = 64 };
	struct str rest = opt_str(x->t->x, "--exclude");
	struct reckon_span *v = NEWS(x->t->a, struct reckon_span, MOST + 1);

	x->ask.excluded = v;
	while (rest.n) {
		struct str part = str_trim(str_cut(&rest, ',')), to = part;
		struct reckon_span last;
		for (size_t i = 0; i + 1 < part.n; i++)
			if (part.p[i] == '.' && part.p[i + 1] == '.') {
				to = str_from(part, i + 2);
				part = str_upto(part, i);
			}
		if (x->ask.n_excluded == MOST || !period_parse(&x->d, part, &v[x->ask.n_excluded])
		    || !period_parse(&x->d, to, &last))
			return err_set(e, BAD, "--exclude " STR_FMT ": write years, periods or ranges, at most "
				"%d: 2018,2019-Q4,2016-Q1..2016-Q2", STR_ARG(part), MOST);
		v[x->ask.n_excluded++].to = last.to;
	}
	return OK;
}

static enum status
ask(struct toll_excess *x, struct err *e)
{
	struct args *a = x->t->x;
	double official = NAN;
	enum status st;

	x->ask.deaths = x->d.v;
	x->ask.n = x->d.n;
	x->ask.seasons = x->d.seasons;
	x->ask.n_strata = x->d.n_strata;
	x->ask.names = x->d.strata;
	x->ask.flat = opt(a, "--flat") != NULL;
	x->ask.fixed = opt(a, "--fixed-baseline") != NULL;
	if (opt(a, "--official")
	    && (!toll_number(x->t, opt_str(a, "--official"), &official) || official <= 0))
		return err_set(e, BAD, "--official %s: a number above 0, digits alone, would be right",
			opt(a, "--official"));
	x->official = official;
	if ((st = ask_window(x, e)) != OK || (st = ask_baseline(x, e)) != OK)
		return st;
	return ask_excluded(x, e);
}

/* ---- What else it could have been ------------------------------------------------------ */

/* A choice that leaves too little to reckon with has no line.  Of its answer only the
 * numbers are kept: the periods of eighty answers to a long file would fill the memory. */
static void
try(struct toll_excess *x, struct str id, struct str change,
	const struct reckon_excess_ask *q)
{
	struct toll_sense *s = &x->sense[x->n_sense];
	struct arena *a = arena_create((size_t)1 << 30);
	struct reckon_excess r;

	if (x->n_sense < SENSES && reckon_excess(a, q, &r, NULL) == OK) {
		*s = (struct toll_sense){id, change, r.excess, r.published.sd, r.block.sd};
		x->n_sense++;
	}
	arena_destroy(a);
}

static void
try_without_year(struct toll_excess *x, int year)
{
	struct reckon_excess_ask q = x->ask;
	struct reckon_span *v = NEWS(x->t->a, struct reckon_span, q.n_excluded + 1);

	if (q.n_excluded)
		memcpy(v, q.excluded, q.n_excluded * sizeof *v);
	/* Of a year in which counting begins, only its baseline part. */
	v[q.n_excluded] = (struct reckon_span){{year, 1}, {year, q.seasons + 1}};
	if (year == q.window.from.year) {
		v[q.n_excluded].to = q.window.from;
		v[q.n_excluded].to.season--;
	}
	q.excluded = v;
	q.n_excluded++;
	try(x, str_fmt(x->t->a, "without-%d", year), str_fmt(x->t->a, tr(x->t->x->lang, "without %s in the "
		"baseline"), toll_real(x->t, year, 0)), &q);
}

static void
try_others(struct toll_excess *x)
{
	enum lang l = x->t->x->lang;
	struct reckon_excess_ask q = x->ask;

	for (size_t i = 0; i < x->r.n_years; i++)
		try_without_year(x, x->r.years[i].year);
	q.flat = !q.flat;
	try(x, q.flat ? S("flat") : S("sloped"), str_of(q.flat ? tr(l, "no slope: the mean of the baseline years")
		: tr(l, "with a slope")), &q);
	if (x->ask.window.to.year == x->ask.window.from.year || x->ask.flat)
		return;
	q = x->ask;
	q.fixed = !q.fixed;
	try(x, q.fixed ? S("fixed") : S("yearly"), str_of(q.fixed ? tr(l, "the first year's baseline in all years")
		: tr(l, "a baseline for each year")), &q);
}

/* ---- What a reader should mind ----------------------------------------------------------- */

/* Registration takes time: where the last periods, up to a quarter of a year, lie further
 * below the trend than all but one period in a thousand (3.1 sd), deaths are likely to be
 * missing rather than people to have lived. */
static void
note_late(struct toll_excess *x)
{
	struct toll *t = x->t;
	size_t n = 0, most = x->d.seasons == 4 ? 1 : x->d.seasons / 4;

	for (size_t i = x->r.n_points; i-- > 0 && n < most;) {
		const struct reckon_excess_point *p = &x->r.points[i];
		if (p->role != RECKON_COUNTED && n == 0)
			continue;
		if (p->role != RECKON_COUNTED || !(p->deaths < p->expected - 3.1 * p->sd))
			break;
		n++;
	}
	x->late = n > 0;
	if (n)
		toll_note(t, str_fmt(t->a, tr(t->x->lang, "the last periods (%s) lie far below what was "
			"expected: probably not all deaths are registered yet; --to leaves them out"), toll_real(t, (double)n, 0)));
}

static void
note(struct toll_excess *x)
{
	struct toll *t = x->t;
	enum lang l = t->x->lang;
	size_t years = (size_t)(x->ask.base_last - x->ask.base_first) + 1;

	if (x->default_from)
		toll_note(t, str_fmt(t->a, tr(l, "counting begins with %s because nothing else was asked "
			"for (--from)"), period_text(t->a, &x->d, x->ask.window.from).p));
	if (x->d.skipped)
		toll_note(t, str_fmt(t->a, tr(l, "%s rows without a number of deaths or a period were left out"),
			toll_whole(t, (double)x->d.skipped)));
	if (x->d.fractions)
		toll_note(t, str_of(tr(l, "deaths with decimals were cut to whole numbers, as in the "
			"published program")));
	if (x->d.shifted)
		toll_note(t, str_of(tr(l, "the file's quarters are Solar Hijri, winter first: 2020-Q1 is 22 "
			"December 2019 to 19 March 2020")));
	if (x->d.solar_guessed)
		toll_note(t, str_of(tr(l, "years were read as Solar Hijri (--calendar gregorian if they are "
			"not)")));
	if (x->r.missing)
		toll_note(t, str_fmt(t->a, tr(l, "%s of the periods to be counted are not in the file: "
			"their deaths are missing from the excess"),
			toll_whole(t, (double)x->r.missing)));
	if (x->r.n_years < years)
		toll_note(t, str_fmt(t->a, tr(l, "of %s baseline years, %s are in the file and before what "
			"is counted"), toll_real(t, (double)years, 0), toll_real(t, (double)x->r.n_years, 0)));
	if (!(x->r.residual_sd > 1e-9 * (1 + x->r.deaths)))
		toll_note(t, str_of(tr(l, "the baseline's deaths do not vary at all, as if they were copied "
			"or computed: no interval can be trusted")));
	note_late(x);
	if (x->r.overdispersion > 4)
		toll_note(t, str_fmt(t->a, tr(l, "deaths vary about the baseline %s times as much as "
			"chance alone (Poisson) would have it"),
			toll_real(t, x->r.overdispersion, 0)));
}

static const struct reckon_excess_point *
point_at(const struct toll_excess *x, struct reckon_period at)
{
	size_t low = 0, high = x->r.n_points;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (order(x->r.points[mid].at, at) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return &x->r.points[low];
}

/* The file's own column of official deaths, when no number was given.  Where it has a gap,
 * a sum would be too small and the ratio too great. */
static void
take_official(struct toll_excess *x)
{
	struct toll *t = x->t;
	double sum = 0;
	size_t gaps = 0;

	if (!isnan(x->official) || !x->d.official)
		return;
	for (size_t i = 0; i < x->d.n; i++)
		if (point_at(x, x->d.v[i].at)->role == RECKON_COUNTED) {
			gaps += isnan(x->d.official[i]) ? 1 : 0;
			sum += x->d.official[i];
		}
	if (gaps)
		toll_note(t, str_fmt(t->a, tr(t->x->lang, "%zu of the periods counted have no number of "
			"official deaths, so there is no ratio (--official)"), gaps));
	else if (sum > 0)
		x->official = sum;
}

static enum status
reckon(struct toll_excess *x, struct err *e)
{
	struct buf json;
	enum status st = toll_may_write(x->t, e);

	if (st)
		return st;
	if ((st = reckon_excess(x->t->a, &x->ask, &x->r, e)) != OK)
		return err_prefix(e, "%s", x->t->path);
	take_official(x);
	try_others(x);
	note(x);
	if (opt(x->t->x, "--out") && (st = excess_write(x, e)) != OK)
		return st;
	if (!x->t->x->json) {
		excess_say(x);
		return OK;
	}
	buf_init(&json, 1 << 20);
	excess_json(x, &json);
	fwrite(json.p, 1, json.n, stdout);
	buf_finish(&json);
	return OK;
}

enum status
run_toll_excess(struct args *x, struct err *e)
{
	struct toll t = {.x = x, .a = x->a};
	struct toll_excess *m = NEW(x->a, struct toll_excess);
	enum status st = toll_read(&t, x->arg[0], e);

	m->t = &t;
	if (st || (st = deaths_read(&t, &m->d, e)) != OK || (st = ask(m, e)) != OK)
		return st;
	return reckon(m, e);
}
