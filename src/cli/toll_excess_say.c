/* `habeas toll excess`: the report for people. */
#include <math.h>
#include "cli/toll_int.h"

static const char *
toll_count(struct toll *t, size_t n)
{
	return toll_whole(t, (double)n);
}

static const struct str no_unit = {"", 0};
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

/* The wider of the two intervals is the one to be quoted. */
static const struct reckon_excess_interval *
wider(const struct toll_excess *x)
{
	const struct reckon_excess_interval *p = &x->r.published, *b = &x->r.block;

	return b->upper - b->lower > p->upper - p->lower ? b : p;
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
		say("%s\n", wider(x) == b
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

/* ---- What may be written -------------------------------------------------------------- */

/* Ends rounded outwards, so that the sentence holds what the interval holds: to two digits
 * of the width, finer only where an end would become 0. */
static void
round_out(double *low, double *high)
{
	double unit = pow(10, floor(log10(*high - *low)) - 1);

	while (unit > 1 && floor(*low / unit) <= 0)
		unit /= 10;
	unit = fmax(unit, 1);
	*low = floor(*low / unit) * unit;
	*high = ceil(*high / unit) * unit;
}

/* Why no number should leave this report; NULL: one may. */
static const char *
no_sentence(const struct toll_excess *x)
{
	if (x->r.block.withheld)
		return x->r.block.withheld;
	if (!(wider(x)->sd > 0))
		return N_("deaths that do not vary");
	if (x->r.missing)
		return N_("periods that the file does not have");
	return x->late ? N_("last periods that are probably not complete") : NULL;
}

static int
number_of(struct reckon_period p)
{
	return p.year * 100 + (int)p.season;
}

/* Periods left out of what was counted belong into the sentence. */
static struct str
left_out(struct toll_excess *x, struct str s)
{
	const struct reckon_excess_ask *q = &x->ask;
	struct arena *a = x->t->a;

	for (size_t i = 0; i < q->n_excluded; i++)
		if (number_of(q->excluded[i].to) >= number_of(q->window.from)
		    && number_of(q->excluded[i].from) <= number_of(q->window.to))
			s = str_fmt(a, tr(x->t->x->lang, "%s Left out: %s to %s."), s.p,
				period_text(a, &x->d, q->excluded[i].from).p,
				period_text(a, &x->d, q->excluded[i].to).p);
	return s;
}

struct str
excess_sentence(struct toll_excess *x)
{
	struct toll *t = x->t;
	struct arena *a = t->a;
	enum lang l = t->x->lang;
	const struct reckon_excess_interval *i = wider(x);
	const char *from = period_text(a, &x->d, x->ask.window.from).p;
	const char *to = period_text(a, &x->d, x->ask.window.to).p;
	const char *first = toll_real(t, x->ask.base_first, 0);
	const char *last = toll_real(t, x->ask.base_last, 0);
	bool more = i->lower > 0, fewer = i->upper < 0;
	double low = fewer ? -i->upper : i->lower, high = fewer ? -i->lower : i->upper;

	if (no_sentence(x))
		return STR_NONE;
	if (!more && !fewer)
		return left_out(x, str_fmt(a, tr(l, "From %s to %s the number of deaths cannot be told apart "
			"from what the years %s to %s led one to expect."), from, to, first, last));
	round_out(&low, &high);
	return left_out(x, str_fmt(a, more ? tr(l, "From %s to %s between %s and %s more people died (95 %% interval) "
		"than the years %s to %s led one to expect.")
		: tr(l, "From %s to %s between %s and %s fewer people died (95 %% interval) than the years "
		"%s to %s led one to expect."), from, to, toll_whole(t, low), toll_whole(t, high), first,
		last));
}

static void
say_sentence(struct toll_excess *x)
{
	struct toll *t = x->t;
	enum lang l = t->x->lang;
	struct str s = excess_sentence(x);

	if (!s.n) {
		say(tr(l, "\nNothing of this should be quoted, because of: %s.\n"), tr(l, no_sentence(x)));
		return;
	}
	say(tr(l, "\nMay be written: \"%s\""), s.p);
	if (!isnan(x->official))
		say(tr(l, " Beside it: \"Officially reported were %s.\""), toll_whole(t, x->official));
	say("\n%s\n", tr(l, "Never without the interval, nor without what it supposes: the trend, and "
		"registration as before."));
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
	say_sentence(x);
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
