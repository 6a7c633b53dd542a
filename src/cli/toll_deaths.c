/* Deaths by period from a table: which column is what, which rows count. */
#include <math.h>
#include "cli/toll_int.h"

static const char *const meanings[D_COLUMNS] = {
	[D_IGNORED] = "ignored", [D_YEAR] = "year", [D_WEEK] = "week", [D_MONTH] = "month",
	[D_QUARTER] = "quarter", [D_TIME] = "time", [D_UNIT] = "unit", [D_DEATHS] = "deaths",
	[D_OFFICIAL] = "official", [D_COUNTRY] = "country", [D_STRATUM] = "stratum",
};

/* As text_fold() leaves them; of several headings of one meaning the first of this
 * table is taken. */
static const struct {
	const char *heading;
	enum toll_column meaning;
} headings[] = {
	{"year", D_YEAR}, {"سال", D_YEAR}, {"il", D_YEAR},
	{"week", D_WEEK}, {"هفته", D_WEEK}, {"həftə", D_WEEK},
	{"month", D_MONTH}, {"ماه", D_MONTH}, {"ay", D_MONTH},
	{"quarter", D_QUARTER}, {"season", D_QUARTER}, {"فصل", D_QUARTER}, {"rüb", D_QUARTER},
	{"time", D_TIME}, {"time unit", D_UNIT},
	{"deaths", D_DEATHS}, {"total deaths", D_DEATHS}, {"all deaths", D_DEATHS},
	{"فوت", D_DEATHS}, {"مرگ", D_DEATHS}, {"ölüm", D_DEATHS}, {"ölümlər", D_DEATHS},
	{"official", D_OFFICIAL}, {"official deaths", D_OFFICIAL}, {"covid deaths", D_OFFICIAL},
	{"confirmed deaths", D_OFFICIAL},
	{"country", D_COUNTRY}, {"country name", D_COUNTRY}, {"کشور", D_COUNTRY},
	{"ölkə", D_COUNTRY},
	{"stratum", D_STRATUM}, {"strata", D_STRATUM},
};

struct reading {
	struct toll *t;
	struct toll_deaths *d;
	size_t at[D_COLUMNS];         /* column number from 1; 0: none */
	enum toll_column period;
	struct str country;           /* folded; STR_NONE: any */
	VEC(struct str) strata;
};

/* ---- Columns --------------------------------------------------------------------- */

static size_t
column_named(struct reading *r, struct str heading)
{
	const struct row *head = &r->t->t.rows[0];
	struct str want = text_fold(r->t->a, heading);

	for (size_t c = 0; c < head->n; c++)
		if (str_eq(text_fold(r->t->a, head->cells[c]), want))
			return c + 1;
	return 0;
}

static void
find_by_heading(struct reading *r)
{
	for (size_t i = 0; i < sizeof headings / sizeof *headings; i++)
		if (r->at[headings[i].meaning] == 0)
			r->at[headings[i].meaning] = column_named(r, str_of(headings[i].heading));
}

static enum status
find_asked(struct reading *r, enum toll_column meaning, struct str heading, const char *option,
	struct err *e)
{
	size_t c = column_named(r, heading);

	if (c == 0)
		return err_set(e, BAD, "%s: has no column \"" STR_FMT "\" (%s)", r->t->path,
			STR_ARG(heading), option);
	r->at[meaning] = c;
	return OK;
}

static enum status
find_by_option(struct reading *r, struct err *e)
{
	struct str rest = opt_str(r->t->x, "--column");
	enum status st = OK;

	while (rest.n && st == OK) {
		struct str heading = str_cut(&rest, ','), name = str_cut(&heading, '=');
		enum toll_column m = D_YEAR;
		while (m < D_COLUMNS && !str_is(str_trim(name), meanings[m]))
			m++;
		if (m == D_COLUMNS || !heading.p)
			return err_set(e, BAD, "--column " STR_FMT ": write MEANING=HEADING; meanings are "
				"year, week, month, quarter, time, deaths, official, country", STR_ARG(name));
		st = find_asked(r, m, str_trim(heading), "--column", e);
	}
	if (st == OK && opt(r->t->x, "--strata"))
		st = find_asked(r, D_STRATUM, opt_str(r->t->x, "--strata"), "--strata", e);
	return st;
}

static enum status
choose_columns(struct reading *r, struct err *e)
{
	const struct row *head = &r->t->t.rows[0];
	enum status st;

	find_by_heading(r);
	if ((st = find_by_option(r, e)) != OK)
		return st;
	for (r->period = D_WEEK; r->period <= D_TIME && !r->at[r->period]; r->period++)
		;
	if (!r->at[D_YEAR] || r->period > D_TIME || !r->at[D_DEATHS])
		return err_set(e, BAD, "%s: no column is the %s; --column %s=HEADING says which one is",
			r->t->path, !r->at[D_YEAR] ? "year" : !r->at[D_DEATHS] ? "number of deaths"
			: "week, month or quarter", !r->at[D_YEAR] ? "year" : !r->at[D_DEATHS] ? "deaths"
			: "month");
	for (enum toll_column m = D_YEAR; m < D_COLUMNS; m++)
		if (r->at[m] && (m < D_WEEK || m > D_TIME || m == r->period))
			r->d->columns[m] = text_clean(r->t->a, head->cells[r->at[m] - 1], NULL);
	return OK;
}

/* ---- Periods ----------------------------------------------------------------------- */

static unsigned
seasons_of_unit(struct str unit)
{
	return str_starts(unit, "week") ? 52 : str_starts(unit, "month") ? 12
		: str_starts(unit, "quarter") ? 4 : 0;
}

static bool
is_ours(struct reading *r, const struct row *row)
{
	return !r->at[D_COUNTRY] || !r->country.p
		|| str_eq(text_fold(r->t->a, row->cells[r->at[D_COUNTRY] - 1]), r->country);
}

/* What "time" counts: the unit's column says so, else the greatest number does. */
static enum status
find_seasons(struct reading *r, struct err *e)
{
	static const unsigned of[] = {[D_WEEK] = 52, [D_MONTH] = 12, [D_QUARTER] = 4};
	struct toll *t = r->t;
	double v, most = 0;

	if (r->period != D_TIME) {
		r->d->seasons = of[r->period];
		return OK;
	}
	for (size_t i = 1; i < t->t.n; i++) {
		const struct row *row = &t->t.rows[i];
		if (!is_ours(r, row))
			continue;
		if (r->at[D_UNIT] && r->d->seasons == 0)
			r->d->seasons = seasons_of_unit(text_fold(t->a, row->cells[r->at[D_UNIT] - 1]));
		if (toll_number(t, row->cells[r->at[D_TIME] - 1], &v) && v > most)
			most = v;
	}
	if (r->d->seasons == 0)
		r->d->seasons = most <= 4 ? 4 : most <= 12 ? 12 : 52;
	return most <= 53 ? OK : err_set(e, BAD, "%s: column \"" STR_FMT "\" goes to %.0f; weeks go "
		"to 53", t->path, STR_ARG(r->d->columns[D_TIME]), most);
}

/* Solar Hijri: winter, the last quarter, begins the year it runs into, as Karlinsky &
 * Kobak count: its three months and most of its influenza lie in one year then. */
static struct reckon_period
kept(const struct toll_deaths *d, struct reckon_period p)
{
	unsigned quarter = d->seasons / 4;

	if (!d->solar)
		return p;
	if (p.season > 3 * quarter)
		return (struct reckon_period){p.year + 1, p.season - 3 * quarter};
	return (struct reckon_period){p.year, p.season + quarter};
}

static struct reckon_period
written(const struct toll_deaths *d, struct reckon_period p)
{
	unsigned quarter = d->seasons / 4;

	if (!d->solar)
		return p;
	if (p.season <= quarter)
		return (struct reckon_period){p.year - 1, p.season + 3 * quarter};
	return (struct reckon_period){p.year, p.season - quarter};
}

const char *
deaths_unit(const struct toll_deaths *d)
{
	return d->seasons == 52 ? N_("weeks") : d->seasons == 12 ? N_("months") : N_("quarters");
}

const char *
deaths_per(const struct toll_deaths *d)
{
	return d->seasons == 52 ? N_("deaths a week") : d->seasons == 12 ? N_("deaths a month")
		: N_("deaths a quarter");
}

struct str
period_text(struct arena *a, const struct toll_deaths *d, struct reckon_period p)
{
	const char *sh = d->solar ? " SH" : "";

	p = written(d, p);
	if (d->seasons == 4)
		return str_fmt(a, "%d-Q%u%s", p.year, p.season, sh);
	return str_fmt(a, d->seasons == 12 ? "%d-%02u%s" : "%d-W%02u%s", p.year, p.season, sh);
}

/* "W10", "Q1", "03": the number; a letter only where it is the file's unit. */
static bool
season_parse(const struct toll_deaths *d, struct str s, unsigned *ret)
{
	char letter = d->seasons == 52 ? 'W' : d->seasons == 12 ? 'M' : 'Q';
	uint64_t n;

	if (s.n && (s.p[0] & ~0x20) == letter)
		s = str_from(s, 1);
	else if (d->seasons != 12)
		return false;
	if (!str_u64(s, &n) || n < 1 || n > d->seasons + (d->seasons == 52))
		return false;
	*ret = (unsigned)n;
	return true;
}

bool
period_parse(const struct toll_deaths *d, struct str s, struct reckon_span *ret)
{
	struct str season = s, year = str_cut(&season, '-');
	unsigned first = 1, last = d->seasons + (d->seasons == 52);
	uint64_t y;

	if (!str_u64(year, &y) || y < 1 || y > 3000)
		return false;
	if (season.p) {
		if (!season_parse(d, season, &first))
			return false;
		last = first;
	}
	ret->from = kept(d, (struct reckon_period){(int)y, first});
	ret->to = kept(d, (struct reckon_period){(int)y, last});
	return true;
}

/* ---- Rows -------------------------------------------------------------------------- */

static bool
no_number(struct str s)
{
	return s.n == 0 || str_eq_nocase(s, S("NA")) || str_eq_nocase(s, S("TBC"))
		|| str_is(s, "-") || str_eq_nocase(s, S("NaN"));
}

static enum status
whole(struct reading *r, const struct row *row, enum toll_column m, unsigned least, unsigned most,
	unsigned *ret, struct err *e)
{
	struct str s = row->cells[r->at[m] - 1];
	uint64_t n;

	if (!str_u64(text_digits(r->t->a, str_trim(s)), &n) || n < least || n > most)
		return err_set(e, BAD, "%s: row %zu, column \"" STR_FMT "\": \"" STR_FMT "\"; a number "
			"from %u to %u would be right", r->t->path, row->line, STR_ARG(r->d->columns[m]),
			STR_ARG(s), least, most);
	*ret = (unsigned)n;
	return OK;
}

/* BAD: there are two countries and none was asked for. */
static enum status
check_country(struct reading *r, const struct row *row, struct err *e)
{
	struct toll_deaths *d = r->d;

	if (!r->at[D_COUNTRY])
		return OK;
	struct str c = row->cells[r->at[D_COUNTRY] - 1];
	if (!r->country.p && d->country.p && !str_eq(c, d->country))
		return err_set(e, BAD, "%s: row %zu: is of " STR_FMT ", others of " STR_FMT "; --country "
			"says which one is meant", r->t->path, row->line, STR_ARG(c), STR_ARG(d->country));
	d->country = c;
	return OK;
}

static enum status
find_stratum(struct reading *r, const struct row *row, unsigned *ret, struct err *e)
{
	size_t i = 0;

	*ret = 0;
	if (!r->at[D_STRATUM])
		return OK;
	struct str s = str_trim(row->cells[r->at[D_STRATUM] - 1]);
	while (i < r->strata.n && !str_eq(r->strata.v[i], s))
		i++;
	if (i == RECKON_STRATA)
		return err_set(e, BAD, "%s: column \"" STR_FMT "\": more than %d strata", r->t->path,
			STR_ARG(r->d->columns[D_STRATUM]), RECKON_STRATA);
	if (i == r->strata.n)
		VEC_PUSH(r->t->a, &r->strata) = s;
	*ret = (unsigned)i;
	return OK;
}

static enum status
read_row(struct reading *r, const struct row *row, struct err *e)
{
	struct toll_deaths *d = r->d;
	struct str cell = str_trim(row->cells[r->at[D_DEATHS] - 1]);
	struct reckon_deaths *to = &d->v[d->n];
	unsigned year, season;
	enum status st;

	if (!is_ours(r, row))
		return OK;
	if ((st = check_country(r, row, e)) != OK)
		return st;
	if (no_number(cell)) {
		d->skipped++;
		return OK;
	}
	if (!toll_number(r->t, cell, &to->deaths))
		return err_set(e, BAD, "%s: row %zu, column \"" STR_FMT "\": \"" STR_FMT "\" is no number "
			"of deaths; digits alone, with a decimal point or not, would be right", r->t->path,
			row->line, STR_ARG(d->columns[D_DEATHS]), STR_ARG(cell));
	if ((st = whole(r, row, D_YEAR, 1000, 3000, &year, e)) != OK
	    || (st = whole(r, row, r->period, 1, d->seasons + (d->seasons == 52), &season, e)) != OK
	    || (st = find_stratum(r, row, &to->stratum, e)) != OK)
		return st;
	/* Estimates with fractions: the published program cuts them off, and its figures
	 * can be had to the unit only so. */
	d->fractions |= to->deaths != floor(to->deaths);
	to->deaths = floor(to->deaths);
	to->at = kept(d, (struct reckon_period){(int)year, season});
	if (d->official && !toll_number(r->t, row->cells[r->at[D_OFFICIAL] - 1], &d->official[d->n]))
		d->official[d->n] = 0;
	d->n++;
	return OK;
}

/* The first row of each period and stratum; a second one is a fault that the file's
 * keeper can mend, so it is told by its row. */
static enum status
check_twice(struct reading *r, const size_t *line, struct err *e)
{
	struct toll_deaths *d = r->d;
	size_t slots = 1;
	uint32_t *table;

	while (slots < 2 * d->n + 1)
		slots *= 2;
	table = NEWS(r->t->a, uint32_t, slots);
	for (size_t i = 0; i < d->n; i++) {
		const struct reckon_deaths *p = &d->v[i];
		uint64_t key[3] = {(uint64_t)p->at.year, p->at.season, p->stratum};
		size_t h = hash64((struct bytes){(const uint8_t *)key, sizeof key}, 0) & (slots - 1);
		for (; table[h]; h = (h + 1) & (slots - 1)) {
			const struct reckon_deaths *q = &d->v[table[h] - 1];
			if (q->at.year == p->at.year && q->at.season == p->at.season
			    && q->stratum == p->stratum)
				return err_set(e, BAD, "%s: row %zu: " STR_FMT " was in row %zu already; --strata "
					"COLUMN adds up what differs in a column, --country picks", r->t->path,
					line[i], STR_ARG(period_text(r->t->a, d, p->at)), line[table[h] - 1]);
		}
		table[h] = (uint32_t)i + 1;
	}
	return OK;
}

static enum status
read_rows(struct reading *r, struct err *e)
{
	struct toll *t = r->t;
	struct toll_deaths *d = r->d;
	size_t *line = NEWS(t->a, size_t, t->t.n);
	enum status st;

	d->v = NEWS(t->a, struct reckon_deaths, t->t.n);
	if (r->at[D_OFFICIAL])
		d->official = NEWS(t->a, double, t->t.n);
	for (size_t i = 1; i < t->t.n; i++) {
		line[d->n] = t->t.rows[i].line;
		if ((st = read_row(r, &t->t.rows[i], e)) != OK)
			return st;
	}
	d->n_strata = r->strata.n ? (unsigned)r->strata.n : 1;
	if (d->n == 0)
		return err_set(e, BAD, "%s: no row has deaths%s%s", t->path, r->country.p ? " of " : "",
			r->country.p ? opt(t->x, "--country") : "");
	return check_twice(r, line, e);
}

enum status
deaths_read(struct toll *t, struct toll_deaths *ret, struct err *e)
{
	const char *calendar = opt(t->x, "--calendar");
	struct toll_deaths d = {0};
	struct reading r = {.t = t, .d = &d};
	enum status st;

	if (calendar && strcmp(calendar, "solar-hijri") != 0 && strcmp(calendar, "gregorian") != 0)
		return err_set(e, BAD, "--calendar %s: write gregorian or solar-hijri", calendar);
	if (opt(t->x, "--country"))
		r.country = text_fold(t->a, opt_str(t->x, "--country"));
	if ((st = choose_columns(&r, e)) != OK || (st = find_seasons(&r, e)) != OK)
		return st;
	d.solar = calendar && strcmp(calendar, "solar-hijri") == 0;
	if (d.solar && d.seasons == 52)
		return err_set(e, BAD, "--calendar solar-hijri: the file counts weeks; quarters or months "
			"would be right");
	if ((st = read_rows(&r, e)) == OK)
		*ret = d;
	return st;
}
