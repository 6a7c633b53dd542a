/* Deaths by period from a table: which column is what, which rows count. */
#include "cli/toll_deaths_int.h"

static const char *const meanings[D_COLUMNS] = {
	[D_IGNORED] = "ignored", [D_YEAR] = "year", [D_WEEK] = "week", [D_MONTH] = "month",
	[D_QUARTER] = "quarter", [D_TIME] = "time", [D_UNIT] = "unit", [D_DEATHS] = "deaths",
	[D_OFFICIAL] = "official", [D_COUNTRY] = "country", [D_STRATUM] = "stratum",
	[D_PERIOD] = "period",
};

/* As text_fold() leaves them; of several headings of one meaning the first of this
 * table is taken. */
static const struct {
	const char *heading;
	enum toll_column meaning;
} headings[] = {
	{"year", D_YEAR}, {"سال", D_YEAR}, {"il", D_YEAR}, {"ایل", D_YEAR},
	{"week", D_WEEK}, {"هفته", D_WEEK}, {"həftə", D_WEEK},
	{"month", D_MONTH}, {"ماه", D_MONTH}, {"ay", D_MONTH},
	{"quarter", D_QUARTER}, {"season", D_QUARTER}, {"فصل", D_QUARTER}, {"rüb", D_QUARTER},
	{"time", D_TIME}, {"time unit", D_UNIT}, {"freq", D_UNIT},
	{"time period", D_PERIOD}, {"period", D_PERIOD}, {"دوره", D_PERIOD}, {"dövr", D_PERIOD},
	{"deaths", D_DEATHS}, {"total deaths", D_DEATHS}, {"all deaths", D_DEATHS},
	{"dtotal", D_DEATHS}, {"obs value", D_DEATHS},
	{"فوت", D_DEATHS}, {"تعداد فوت", D_DEATHS}, {"فوتی", D_DEATHS}, {"فوت شدگان", D_DEATHS},
	{"مرگ", D_DEATHS}, {"تعداد مرگ", D_DEATHS}, {"مرگ و میر", D_DEATHS},
	{"متوفیات", D_DEATHS}, {"ölüm", D_DEATHS}, {"ölümlər", D_DEATHS},
	{"ölənlərin sayı", D_DEATHS}, {"ölüm sayı", D_DEATHS}, {"اؤلوم", D_DEATHS},
	{"official", D_OFFICIAL}, {"official deaths", D_OFFICIAL}, {"covid deaths", D_OFFICIAL},
	{"confirmed deaths", D_OFFICIAL},
	{"country", D_COUNTRY}, {"country name", D_COUNTRY}, {"countrycode", D_COUNTRY},
	{"popcode", D_COUNTRY}, {"geo", D_COUNTRY}, {"کشور", D_COUNTRY}, {"ölkə", D_COUNTRY},
	{"stratum", D_STRATUM}, {"strata", D_STRATUM},
};

/* ---- Columns --------------------------------------------------------------------- */

/* The column so called; `option` says so. */
static enum status
column_asked(struct reading *r, struct str heading, const char *option, size_t *ret, struct err *e)
{
	enum status st = toll_column(r->t, heading, ret, e);

	if (st || *ret)
		return st;
	return err_set(e, BAD, "%s: has no column \"" STR_FMT "\" (%s)", r->t->path,
		STR_ARG(heading), option);
}

static enum status
find_by_heading(struct reading *r, struct err *e)
{
	enum status st = OK;

	for (size_t i = 0; i < sizeof headings / sizeof *headings && st == OK; i++)
		if (r->at[headings[i].meaning] == 0)
			st = toll_column(r->t, str_of(headings[i].heading), &r->at[headings[i].meaning], e);
	return st;
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
				"year, week, month, quarter, time, period, deaths, official, country",
				STR_ARG(name));
		st = column_asked(r, str_trim(heading), "--column", &r->at[m], e);
	}
	if (st == OK && opt(r->t->x, "--strata"))
		st = column_asked(r, opt_str(r->t->x, "--strata"), "--strata", &r->at[D_STRATUM], e);
	return st;
}

/* Some headings mean a season alone in one file and with its year in another; without a
 * column of years it must be the latter. */
static void
choose_period(struct reading *r)
{
	if (!r->at[D_YEAR] && !r->at[D_PERIOD] && r->at[D_TIME])
		r->at[D_PERIOD] = r->at[D_TIME];
	for (r->period = D_WEEK; r->period <= D_TIME && !r->at[r->period]; r->period++)
		;
	if (!r->at[D_YEAR] && r->at[D_PERIOD])
		r->period = D_PERIOD;
}

/* What no column is: its words, and its name for --column.  False: nothing. */
static bool
is_lacking(const struct reading *r, const char **ret_words, const char **ret_name)
{
	const bool whole = r->period == D_PERIOD;
	const struct { bool lacks; const char *words, *name; } needs[] = {
		{!r->at[D_DEATHS], "number of deaths", "deaths"},
		{!whole && !r->at[D_YEAR], "year", "year"},
		{!whole && r->period > D_TIME, "week, month or quarter", "month"},
	};

	for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
		if (needs[i].lacks) {
			*ret_words = needs[i].words;
			*ret_name = needs[i].name;
			return true;
		}
	return false;
}

static enum status
choose_columns(struct reading *r, struct err *e)
{
	const struct row *head = &r->t->t.rows[0];
	const char *words, *name;
	enum status st;

	if ((st = find_by_heading(r, e)) != OK || (st = find_by_option(r, e)) != OK)
		return st;
	choose_period(r);
	if (is_lacking(r, &words, &name))
		return err_set(e, BAD, "%s: no column is the %s; --column %s=HEADING says which one is",
			r->t->path, words, name);
	for (enum toll_column m = D_YEAR; m < D_COLUMNS; m++) {
		bool season = (m >= D_WEEK && m <= D_TIME) || m == D_PERIOD;
		if (r->at[m] && (!season || m == r->period))
			r->d->columns[m] = text_clean(r->t->a, head->cells[r->at[m] - 1], NULL);
	}
	return OK;
}

/* ---- Which rows -------------------------------------------------------------------- */

static enum status
add_where(struct reading *r, size_t column, struct str value, const char *option, struct err *e)
{
	if (column == 0)
		return err_set(e, BAD, "%s: has no such column (%s)", r->t->path, option);
	if (r->n_where == WHERE_MOST)
		return err_set(e, BAD, "%s: at most %d conditions", option, WHERE_MOST);
	r->where[r->n_where++] = (struct where){.column = column - 1,
		.value = text_fold(r->t->a, str_trim(value))};
	return OK;
}

static enum status
choose_rows(struct reading *r, struct err *e)
{
	struct args *x = r->t->x;
	struct str rest = opt_str(x, "--where");
	enum status st = OK;

	while (rest.n && st == OK) {
		struct str value = str_cut(&rest, ','), heading = str_cut(&value, '=');
		if (!value.p)
			return err_set(e, BAD, "--where " STR_FMT ": write HEADING=VALUE, several with commas "
				"between: country_name=Iran,sex=b", STR_ARG(heading));
		size_t c;
		if ((st = column_asked(r, heading, "--where", &c, e)) != OK)
			return st;
		st = add_where(r, c, value, "--where", e);
		r->named |= c == r->at[D_COUNTRY];
	}
	if (st == OK && opt(x, "--country")) {
		st = add_where(r, r->at[D_COUNTRY], opt_str(x, "--country"), "--country", e);
		r->named = true;
	}
	return st;
}

struct str
reading_cell(const struct reading *r, const struct row *row, enum toll_column m)
{
	return row->cells[r->at[m] - 1];
}

bool
reading_is_ours(struct reading *r, const struct row *row)
{
	for (size_t i = 0; i < r->n_where; i++) {
		struct where *w = &r->where[i];
		struct str cell = row->cells[w->column];
		if (!w->last.p || !str_eq(cell, w->last)) {
			w->last = cell;
			w->same = str_eq(text_fold(r->t->a, cell), w->value);
		}
		if (!w->same)
			return false;
	}
	return true;
}

/* ---- Units and calendar ------------------------------------------------------------ */

static enum status
bad_unit(const struct reading *r, const struct row *row, struct str s, struct err *e)
{
	const struct toll_deaths *d = r->d;

	if (d->seasons)
		return err_set(e, BAD, "%s: row %zu: \"" STR_FMT "\", rows before it count %s; --where "
			"picks the rows that are alike", r->t->path, row->line, STR_ARG(s), deaths_unit(d));
	return err_set(e, BAD, "%s: row %zu: \"" STR_FMT "\" is no unit of time or no period; weekly, "
		"monthly or quarterly, 2020-W10, 2020-03 or 2020-Q1 would be right", r->t->path, row->line,
		STR_ARG(s));
}

/* What a row says of its unit, all rows alike.  0: nothing. */
static enum status
unit_of_row(struct reading *r, const struct row *row, unsigned *ret, struct err *e)
{
	struct str s = r->period == D_PERIOD ? reading_cell(r, row, D_PERIOD)
		: r->at[D_UNIT] ? reading_cell(r, row, D_UNIT) : STR_NONE;
	unsigned year, season;

	*ret = 0;
	if (!s.n)
		return OK;
	if (r->period != D_PERIOD) {
		*ret = period_seasons(r->t->a, s);
		r->d->shifted |= *ret == 4 && str_has(text_fold(r->t->a, s), "hijri");
	}
	else if (!period_cell(r->t->a, s, ret, &year, &season)) {
		*ret = 0;
	}
	if (*ret == 0 || (r->d->seasons && r->d->seasons != *ret))
		return bad_unit(r, row, s, e);
	return OK;
}

/* What "time" counts: the unit's column says so, else the greatest number does. */
static enum status
find_seasons(struct reading *r, struct err *e)
{
	static const unsigned of[D_COLUMNS] = {[D_WEEK] = 52, [D_MONTH] = 12, [D_QUARTER] = 4};
	struct toll *t = r->t;
	unsigned seasons;
	double v, most = 0;

	r->d->seasons = of[r->period];
	if (r->d->seasons)
		return OK;
	for (size_t i = 1; i < t->t.n; i++) {
		const struct row *row = &t->t.rows[i];
		if (!reading_is_ours(r, row))
			continue;
		enum status st = unit_of_row(r, row, &seasons, e);
		if (st)
			return st;
		r->d->seasons = seasons ? seasons : r->d->seasons;
		if (r->period == D_TIME && toll_number(t, reading_cell(r, row, D_TIME), &v) && v > most)
			most = v;
	}
	if (r->d->seasons == 0)
		r->d->seasons = most <= 4 ? 4 : most <= 12 ? 12 : 52;
	return most <= 53 ? OK : err_set(e, BAD, "%s: column \"" STR_FMT "\" goes to %.0f; weeks go "
		"to 53", t->path, STR_ARG(r->d->columns[D_TIME]), most);
}

/* Years from 1300 to 1450 are Solar Hijri: no country's registered deaths are of the
 * fourteenth century. */
static enum status
find_calendar(struct reading *r, struct err *e)
{
	const char *calendar = opt(r->t->x, "--calendar");
	struct toll *t = r->t;
	uint64_t year;

	if (calendar && strcmp(calendar, "solar-hijri") != 0 && strcmp(calendar, "gregorian") != 0)
		return err_set(e, BAD, "--calendar %s: write gregorian or solar-hijri", calendar);
	r->d->solar = calendar && strcmp(calendar, "solar-hijri") == 0;
	for (size_t i = 1; i < t->t.n && !calendar; i++) {
		const struct row *row = &t->t.rows[i];
		if (!reading_is_ours(r, row))
			continue;
		struct str s = text_digits(t->a, str_trim(reading_cell(r, row,
			r->period == D_PERIOD ? D_PERIOD : D_YEAR)));
		r->d->solar = str_u64(str_upto(s, s.n < 4 ? s.n : 4), &year) && year >= 1300
			&& year <= 1450;
		r->d->solar_guessed = r->d->solar;
		break;
	}
	if (r->d->solar && r->d->seasons == 52)
		return err_set(e, BAD, "%s: weeks of Solar Hijri years; quarters or months would be right",
			t->path);
	return OK;
}

enum status
deaths_read(struct toll *t, struct toll_deaths *ret, struct err *e)
{
	struct toll_deaths d = {0};
	struct reading r = {.t = t, .d = &d};
	enum status st;

	if ((st = choose_columns(&r, e)) != OK || (st = choose_rows(&r, e)) != OK
	    || (st = find_seasons(&r, e)) != OK || (st = find_calendar(&r, e)) != OK)
		return st;
	if ((st = reading_rows(&r, e)) == OK)
		*ret = d;
	return st;
}
