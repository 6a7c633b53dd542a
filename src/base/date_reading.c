/*
 * One way to read a written date: given the order of its numbers and the century,
 * which claims its sides make, and whether there are such days.
 */
#include "base/date.h"
#include "base/date_int.h"
#include "base/poison.h"

/* What a side says in one order; -1: not said. */
struct fields {
	int year, month, day;
	bool short_year;         /* two digits */
	bool tiny_year;          /* one digit: refused */
};

bool
date_must_be_year(const struct date_piece *t)
{
	return t->digits >= 3 || t->number > 31;
}

bool
date_year_first(const struct date_piece *a, const struct date_piece *b)
{
	return a->digits >= 3 || (b->digits <= 2 && date_must_be_year(a));
}

static void
set_year(struct fields *f, const struct date_piece *t)
{
	f->year = t->number;
	f->short_year = t->digits <= 2;
	f->tiny_year = t->digits < 2;
}

static enum status
need_year(struct err *e)
{
	return err_set(e, BAD, "there is no year, or it cannot be told from the day; "
		"write the year with four digits");
}

static void
fields_of_three(const struct date_side *s, enum date_order order, struct fields *f)
{
	/* Where year, month and day stand in each order. */
	static const uint8_t place[][3] = {
		[DATE_ORDER_DMY] = {2, 1, 0}, [DATE_ORDER_MDY] = {2, 0, 1},
		[DATE_ORDER_YMD] = {0, 1, 2},
	};
	const uint8_t *at = place[order];

	set_year(f, &s->num[at[0]]);
	f->month = s->num[at[1]].number;
	f->day = s->num[at[2]].number;
}

/* Year and month; or, in a range whose other side has the year, day and month. */
static bool
fields_of_two(const struct date_side *s, enum date_order order, bool partial, struct fields *f)
{
	int year = date_year_first(&s->num[0], &s->num[1]) ? 0 : 1;

	if (date_must_be_year(&s->num[year])) {
		set_year(f, &s->num[year]);
		if (s->sep[0])
			f->month = s->num[1 - year].number;
		else
			f->day = s->num[0].number;       /* September 11-12, 1973 */
		return s->sep[0] || partial;
	}
	f->day = s->num[order == DATE_ORDER_DMY ? 0 : 1].number;
	f->month = s->num[order == DATE_ORDER_DMY ? 1 : 0].number;
	return partial;
}

static bool
fields_of_one(const struct date_side *s, bool partial, struct fields *f)
{
	if (date_must_be_year(&s->num[0]))
		set_year(f, &s->num[0]);
	else
		f->day = s->num[0].number;
	return partial || f->year >= 0;
}

/* Beside a month's name: the number that must be the year is; of two small ones
 * the second (12 March 05). */
static bool
fields_with_month(const struct date_side *s, bool partial, struct fields *f)
{
	int year = date_year_first(&s->num[0], &s->num[1]) ? 0 : 1;

	f->month = s->month;
	if (s->n == 0)
		return partial;
	if (s->n == 1)
		return fields_of_one(s, partial, f);
	set_year(f, &s->num[year]);
	f->day = s->num[1 - year].number;
	return true;
}

static enum status
fields_of(const struct date_side *s, enum date_order order, bool partial, struct fields *ret,
	struct err *e)
{
	struct fields f = {-1, -1, -1, false, false};
	bool enough = true;

	if (s->month)
		enough = fields_with_month(s, partial, &f);
	else if (s->n == 3)
		fields_of_three(s, order, &f);
	else if (s->n == 2)
		enough = fields_of_two(s, order, partial, &f);
	else
		enough = fields_of_one(s, partial, &f);
	if (!enough || f.tiny_year)
		return need_year(e);
	/* In figures 0 is not "unknown" but a slip, or a spreadsheet's way to say nothing. */
	if (f.year == 0 && !f.short_year)
		return err_set(e, BAD, "there is no year 0; write the year with four digits");
	if (f.month == 0)
		return err_set(e, BAD, "there is no month 0; months are 1 to 12, "
			"and one that is not known is left out");
	if (f.day == 0)
		return err_set(e, BAD, "there is no day 0; a day that is not known is left out");
	*ret = f;
	return OK;
}

/* The first side of "11-12 September 1973" and the second of "Dey 1397, 12 to 18"
 * take from the other what they leave out. */
static void
inherit(struct fields *f, const struct fields *other, struct date_side *s, const struct date_side *from)
{
	if (f->year < 0) {
		f->year = other->year;
		f->short_year = other->short_year;
	}
	if (f->month < 0 && f->day >= 0) {
		f->month = other->month;
		s->month_calendar = s->month_calendar ? s->month_calendar : from->month_calendar;
	}
	if (!s->era)
		s->era = from->era;
}

/* The calendar that a year of four digits belongs to; 0: none.  iranian: the era or
 * the month says that it is Iranian. */
static enum calendar
calendar_of_year(int year, bool iranian)
{
	for (int c = CAL_GREGORIAN; c <= CAL_IMPERIAL; c++)
		if (date_year_ok((enum calendar)c, year)
		    && (c != CAL_IMPERIAL || iranian || year >= DATE_IMPERIAL_PLAIN))
			return (enum calendar)c;
	return 0;
}

/* Months of both Iranian eras have the same names. */
static bool
month_fits(enum calendar month_calendar, enum calendar c)
{
	return !month_calendar || (month_calendar == CAL_GREGORIAN) == (c == CAL_GREGORIAN);
}

static enum status
wrong_year(enum calendar month_calendar, enum calendar said, int year, struct err *e)
{
	enum calendar by_year = calendar_of_year(year, said == CAL_IMPERIAL || month_calendar == CAL_SOLAR_HIJRI);

	if (!by_year && year > 9999)
		return err_set(e, BAD, "%d is no year; a spreadsheet's serial number must be "
			"turned into a date first", year);
	if (!by_year)
		return err_set(e, BAD, "the year %d is not read; write a Solar Hijri year from "
			"1200 to 1500, a Gregorian one from 1800 to 2200, or an Imperial one from "
			"2440 to 2560 with the word (2480 شاهنشاهی)", year);
	if (month_calendar && !month_fits(month_calendar, by_year))
		return err_set(e, BAD, "the month is %s but the year %d is not; write month and "
			"year in one calendar",
			month_calendar == CAL_GREGORIAN ? "Gregorian" : "Solar Hijri", year);
	return err_set(e, BAD, "%d is not a %s year; say which calendar it is, or write the year "
		"of that one", year, said == CAL_GREGORIAN ? "Gregorian" :
		said == CAL_IMPERIAL ? "Imperial" : "Solar Hijri");
}

/* Which calendar a side is in.  What stands in the text (a month's name, SH,
 * میلادی) is stronger than the hint. */
static enum status
calendar_of(const struct date_side *s, const struct fields *f, const struct date_way *w,
	enum calendar hint, enum calendar *ret, struct err *e)
{
	enum calendar said = s->era ? s->era : s->month_calendar ? 0 : hint;
	bool iranian = said == CAL_IMPERIAL || s->month_calendar == CAL_SOLAR_HIJRI;
	enum calendar by_year = f->short_year ? w->calendar : calendar_of_year(f->year, iranian);

	if (!by_year || !month_fits(s->month_calendar, by_year) || (said && said != by_year))
		return wrong_year(s->month_calendar, said, f->year, e);
	*ret = by_year;
	return OK;
}

static struct ymd
claim_of(const struct fields *f, const struct date_way *w)
{
	return (struct ymd){f->year + (f->short_year ? w->century : 0),
		f->month < 0 ? 0 : f->month, f->day < 0 ? 0 : f->day};
}

/* Spring is the first quarter of the Solar Hijri year.  Gregorian seasons are
 * other months in the other hemisphere, and winter lies in two years. */
static enum status
season_range(const struct date_shape *shape, const struct date_way *w, enum calendar c,
	struct date *ret, struct err *e)
{
	const struct date_side *s = &shape->side[0];
	struct ymd d = {s->num[0].number + (s->num[0].digits <= 2 ? w->century : 0), 0, 0};

	if (c == CAL_GREGORIAN)
		return err_set(e, BAD, "a season of a Gregorian year is not the same months "
			"everywhere; write the months, for instance March to May %d", d.year);
	*ret = (struct date){.calendar = c, .from = d, .to = d, .flags = DATE_RANGE};
	ret->from.month = 3 * s->season - 2;
	ret->to.month = 3 * s->season;
	return date_claim_check(c, ret->from, e);
}

/* The last claim of the same precision before d, or the first after it. */
static struct ymd
neighbour(enum calendar c, struct ymd d, int step)
{
	int32_t first, last;

	if (d.day != 0 && date_claim_days(c, d, &first, &last))
		return cal_of_day(c, first + step);
	if (d.month != 0) {
		d.month += step;
		if (d.month == 0 || d.month == 13) {
			d.year += step;
			d.month = d.month == 0 ? 12 : 1;
		}
		return d;
	}
	d.year += step;
	return d;
}

static enum status
one_sided(const struct date_shape *shape, struct date *d, struct err *e)
{
	struct ymd none = {0, 0, 0}, claim = d->from;
	enum status s = date_claim_check(d->calendar, claim, e);

	if (s || shape->kind == ONE)
		return s;
	if (shape->kind == UP_TO_NOT || shape->kind == FROM_ON_NOT)
		claim = neighbour(d->calendar, claim, shape->kind == UP_TO_NOT ? -1 : 1);
	s = date_claim_check(d->calendar, claim, e);
	if (s)
		return s;
	d->flags = DATE_RANGE;
	d->from = shape->kind == UP_TO || shape->kind == UP_TO_NOT ? none : claim;
	d->to = date_claim_none(d->from) ? claim : none;
	return OK;
}

static enum status
two_sided(const struct date_shape *shape, struct date *d, struct err *e)
{
	enum status s = date_claim_check(d->calendar, d->from, e);
	struct date swapped;

	if (!s)
		s = date_claim_check(d->calendar, d->to, e);
	if (s || date_claim_equal(d->from, d->to))
		return s;
	d->flags = shape->kind == RANGE ? DATE_RANGE : DATE_AMBIGUOUS;
	if (date_derive(d))
		return OK;
	if (shape->kind == RANGE)
		return err_set(e, BAD, "the range ends before it begins, or one end lies within the "
			"other; write the earlier first, and both years when they differ");
	swapped = *d;            /* readings stand in order of time */
	swapped.from = d->to;
	swapped.to = d->from;
	*d = swapped;
	return OK;
}

/* The claims of the sides, in one calendar. */
static enum status
claims_of(const struct date_shape *shape, const struct date_way *w, enum calendar hint,
	struct date *ret, struct err *e)
{
	int n = date_shape_sides(shape);
	struct date_side s[2] = {shape->side[0], shape->side[1]};
	enum calendar c[2] = {0, 0};
	struct fields f[2];
	enum status st = OK;

	for (int i = 0; i < n && !st; i++)
		st = fields_of(&s[i], w->order, n == 2, &f[i], e);
	if (!st && n == 2) {
		inherit(&f[0], &f[1], &s[0], &s[1]);
		inherit(&f[1], &f[0], &s[1], &s[0]);
	}
	for (int i = 0; i < n && !st; i++) {
		if (f[i].year < 0 || (f[i].day >= 0 && f[i].month < 0))
			return need_year(e);
		st = calendar_of(&s[i], &f[i], w, hint, &c[i], e);
	}
	if (st)
		return st;
	if (n == 2 && c[0] != c[1])
		return err_set(e, BAD, "the two ends are in different calendars; write both in one");
	*ret = (struct date){.calendar = c[0], .from = claim_of(&f[0], w),
		.to = claim_of(&f[n - 1], w)};
	return OK;
}

enum status
date_read_way(const struct date_shape *shape, const struct date_way *w, enum calendar hint,
	struct date *ret, struct err *e)
{
	bool season = shape->side[0].season || shape->side[1].season;
	struct date d;
	enum status s = claims_of(shape, w, hint, &d, e);

	if (s)
		return s;
	if (season && shape->kind != ONE)
		return date_not_understood(e);
	s = season ? season_range(shape, w, d.calendar, &d, e)
		: date_shape_sides(shape) == 2 ? two_sided(shape, &d, e) : one_sided(shape, &d, e);
	if (s)
		return s;
	if (!date_derive(&d))
		return date_not_understood(e);
	*ret = d;
	return OK;
}
