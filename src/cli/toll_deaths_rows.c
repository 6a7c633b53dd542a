/* Deaths by period from a table: its rows. */
#include <math.h>
#include "cli/toll_deaths_int.h"

static bool
no_number(struct str s)
{
	return s.n == 0 || str_eq_nocase(s, S("NA")) || str_eq_nocase(s, S("TBC"))
		|| str_is(s, "-") || str_is(s, ":") || str_eq_nocase(s, S("NaN"))
		|| str_eq_nocase(s, S("UNK"));
}

/* ---- A row -------------------------------------------------------------------------- */

static enum status
whole(struct reading *r, const struct row *row, enum toll_column m, unsigned least, unsigned most,
	unsigned *ret, struct err *e)
{
	struct str cell = reading_cell(r, row, m), s = text_digits(r->t->a, str_trim(cell));
	uint64_t n;

	if (s.n > 2 && str_is(str_from(s, s.n - 2), ".0"))        /* a spreadsheet's 2015.0 */
		s = str_upto(s, s.n - 2);
	if (!str_u64(s, &n) || n < least || n > most)
		return err_set(e, BAD, "%s: row %zu, column \"" STR_FMT "\": \"" STR_FMT "\"; a number "
			"from %u to %u would be right", r->t->path, row->line, STR_ARG(r->d->columns[m]),
			STR_ARG(cell), least, most);
	*ret = (unsigned)n;
	return OK;
}

static enum status
read_period(struct reading *r, const struct row *row, struct reckon_period *ret, struct err *e)
{
	struct toll_deaths *d = r->d;
	unsigned year, season, seasons;
	enum status st;

	if (r->period == D_PERIOD) {
		struct str s = reading_cell(r, row, D_PERIOD);
		if (!period_cell(r->t->a, s, &seasons, &year, &season) || seasons != d->seasons)
			return err_set(e, BAD, "%s: row %zu: \"" STR_FMT "\" is no period of %s",
				r->t->path, row->line, STR_ARG(s), deaths_unit(d));
	} else {
		if ((st = whole(r, row, D_YEAR, 1000, 3000, &year, e)) != OK)
			return st;
		if (!period_name(r->t->a, d->seasons, d->solar, reading_cell(r, row, r->period), &season)
		    && (st = whole(r, row, r->period, 1, d->seasons + (d->seasons == 52), &season,
			e)) != OK)
			return st;
	}
	if (d->solar != (year < 1500))
		return err_set(e, BAD, "%s: row %zu: year %u among %s years; one calendar in a file would "
			"be right (--calendar)", r->t->path, row->line, year,
			d->solar ? "Solar Hijri" : "Gregorian");
	*ret = period_kept(d, (struct reckon_period){(int)year, season});
	return OK;
}

/* BAD: there are two countries and none was asked for. */
static enum status
check_country(struct reading *r, const struct row *row, struct err *e)
{
	struct toll_deaths *d = r->d;

	if (!r->at[D_COUNTRY] || r->at[D_COUNTRY] == r->at[D_STRATUM])
		return OK;
	struct str c = reading_cell(r, row, D_COUNTRY);
	if (!r->named && d->country.p && !str_eq(c, d->country))
		return err_set(e, BAD, "%s: row %zu: is of " STR_FMT ", others of " STR_FMT "; --country "
			"says which one is meant", r->t->path, row->line, STR_ARG(c), STR_ARG(d->country));
	d->country = c;
	return OK;
}

/* Sorted by stratum or by period: the one before or the next; n: it is new. */
static size_t
stratum_named(const struct reading *r, struct str s)
{
	size_t n = r->strata.n, i = r->stratum;

	for (size_t k = 0; k < 2 && n; k++, i = (i + 1) % n)
		if (str_eq(r->strata.v[i], s))
			return i;
	for (i = 0; i < n && !str_eq(r->strata.v[i], s); i++)
		;
	return i;
}

static enum status
find_stratum(struct reading *r, const struct row *row, unsigned *ret, struct err *e)
{
	*ret = 0;
	if (!r->at[D_STRATUM])
		return OK;
	struct str s = str_trim(reading_cell(r, row, D_STRATUM));
	size_t i = stratum_named(r, s);
	if (i == RECKON_STRATA)
		return err_set(e, BAD, "%s: column \"" STR_FMT "\": more than %d strata", r->t->path,
			STR_ARG(r->d->columns[D_STRATUM]), RECKON_STRATA);
	if (i == r->strata.n)
		VEC_PUSH(r->t->a, &r->strata) = s;
	r->stratum = *ret = (unsigned)i;
	return OK;
}

static enum status
read_row(struct reading *r, const struct row *row, struct err *e)
{
	struct toll_deaths *d = r->d;
	struct str cell = str_trim(reading_cell(r, row, D_DEATHS));
	struct reckon_deaths *to = &d->v[d->n];
	enum status st;

	if ((st = check_country(r, row, e)) != OK)
		return st;
	if (no_number(cell) || no_number(str_trim(reading_cell(r, row, r->period)))) {
		d->skipped++;
		return OK;
	}
	if (!reading_number(r, cell, &to->deaths))
		return err_set(e, BAD, "%s: row %zu, column \"" STR_FMT "\": \"" STR_FMT "\" is no number "
			"of deaths; digits alone, with a decimal point or not, would be right", r->t->path,
			row->line, STR_ARG(d->columns[D_DEATHS]), STR_ARG(cell));
	if ((st = read_period(r, row, &to->at, e)) != OK
	    || (st = find_stratum(r, row, &to->stratum, e)) != OK)
		return st;
	/* Estimates with fractions: the published program cuts them off, and its figures
	 * can be had to the unit only so. */
	d->fractions |= to->deaths != floor(to->deaths);
	to->deaths = floor(to->deaths);
	if (d->official && !reading_number(r, reading_cell(r, row, D_OFFICIAL), &d->official[d->n]))
		d->official[d->n] = NAN;
	d->n++;
	return OK;
}

/* ---- The rows together --------------------------------------------------------------- */

/* The first column, of those with no meaning here, in which two rows differ.  0: none. */
static size_t
differ_in(const struct reading *r, const struct row *x, const struct row *y)
{
	for (size_t c = 0; c < x->n && c < y->n; c++) {
		bool taken = false;
		for (enum toll_column m = D_YEAR; m < D_COLUMNS; m++)
			taken |= r->at[m] == c + 1 && r->d->columns[m].n;
		if (!taken && !str_eq(x->cells[c], y->cells[c]))
			return c + 1;
	}
	return 0;
}

static enum status
refuse_twice(const struct reading *r, const struct row *row, const struct row *before,
	struct reckon_period at, struct err *e)
{
	struct arena *a = r->t->a;
	size_t c = differ_in(r, row, before);
	const char *period = period_text(a, r->d, at).p;

	if (c == 0)
		return err_set(e, BAD, "%s: row %zu: %s was in row %zu already (" STR_FMT " and " STR_FMT
			" deaths); one row for each period would be right", r->t->path, row->line, period,
			before->line, STR_ARG(reading_cell(r, before, D_DEATHS)),
			STR_ARG(reading_cell(r, row, D_DEATHS)));
	struct str heading = text_clean(a, r->t->t.rows[0].cells[c - 1], NULL);
	struct str value = text_clean(a, before->cells[c - 1], NULL);
	return err_set(e, BAD, "%s: row %zu: %s was in row %zu already, with another " STR_FMT
		"; --where '" STR_FMT "=" STR_FMT "' picks, --strata '" STR_FMT "' adds up", r->t->path,
		row->line, period, before->line, STR_ARG(heading), STR_ARG(heading), STR_ARG(value),
		STR_ARG(heading));
}

/* The first row of each period and stratum; a second one is a fault that the file's
 * keeper can mend, so it is told by its row. */
static enum status
check_twice(struct reading *r, const size_t *from, struct err *e)
{
	struct toll_deaths *d = r->d;
	const struct row *rows = r->t->t.rows;
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
				return refuse_twice(r, &rows[from[i]], &rows[from[table[h] - 1]], p->at, e);
		}
		table[h] = (uint32_t)i + 1;
	}
	return OK;
}

static int
by_period(const void *x, const void *y)
{
	const struct reckon_deaths *a = x, *b = y;

	return a->at.year != b->at.year ? (a->at.year > b->at.year) - (a->at.year < b->at.year)
		: (a->at.season > b->at.season) - (a->at.season < b->at.season);
}

/* A stratum that is the sum of the others ("both sexes" beside women and men) would have
 * every death counted twice. */
static enum status
check_total(struct reading *r, struct err *e)
{
	const struct toll_deaths *d = r->d;
	size_t n = d->n_strata, *seen = NEWS(r->t->a, size_t, n), periods = 0;
	struct reckon_deaths *v = NEWS(r->t->a, struct reckon_deaths, d->n);

	if (n < 3)
		return OK;
	memcpy(v, d->v, d->n * sizeof *v);
	qsort(v, d->n, sizeof *v, by_period);
	for (size_t i = 0, k; i < d->n; i = k) {
		double sum = 0;
		for (k = i; k < d->n && by_period(&v[i], &v[k]) == 0; k++)
			sum += v[k].deaths;
		for (size_t j = i; j < k; j++)
			seen[v[j].stratum] += sum > 0 && v[j].deaths * 2 == sum;
		periods += sum > 0;
	}
	for (size_t s = 0; s < n; s++)
		if (periods > 1 && seen[s] == periods)
			return err_set(e, BAD, "%s: column \"" STR_FMT "\": \"" STR_FMT "\" is the sum of the "
				"others, so that all would be counted twice; --where '" STR_FMT "=" STR_FMT
				"' instead of --strata would be right", r->t->path,
				STR_ARG(d->columns[D_STRATUM]), STR_ARG(d->strata[s]),
				STR_ARG(d->columns[D_STRATUM]), STR_ARG(d->strata[s]));
	return OK;
}

enum status
reading_rows(struct reading *r, struct err *e)
{
	struct toll *t = r->t;
	struct toll_deaths *d = r->d;
	size_t *from = NEWS(t->a, size_t, t->t.n);
	enum status st = reading_points(r, e);

	d->v = NEWS(t->a, struct reckon_deaths, t->t.n);
	if (r->at[D_OFFICIAL])
		d->official = NEWS(t->a, double, t->t.n);
	for (size_t i = 1; i < t->t.n && st == OK; i++) {
		from[d->n] = i;
		if (reading_is_ours(r, &t->t.rows[i]))
			st = read_row(r, &t->t.rows[i], e);
	}
	if (st)
		return st;
	d->n_strata = r->strata.n ? (unsigned)r->strata.n : 1;
	d->strata = r->strata.v;
	if (d->n == 0)
		return err_set(e, BAD, "%s: no row has deaths%s", t->path,
			r->n_where ? " and what --where or --country asks for" : "");
	if ((st = check_twice(r, from, e)) != OK)
		return st;
	return check_total(r, e);
}
