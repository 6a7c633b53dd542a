/*
 * Reading dates as people write them; the forms are listed in docs/formats.md,
 * "Dates as written".
 *
 * A text is read in three steps.  date_lex() cuts it into pieces.
 * date_shape_read() tells by the connecting words and dashes whether they are one
 * date, a range, a choice or an open end, of one or two sides.  What is left open after that (is
 * 03/04/2020 in March or April? is 97 the year 1297, 1397 or 1997?) is tried in
 * every way that the hint allows; each way that gives real days is a reading, and
 * if there is more than one, the date is the interval that covers them all.
 */
#include "base/date.h"
#include "base/date_int.h"
#include "base/poison.h"

/* A two-digit year is read as one from so many years before today ... */
enum { PAST_YEARS = 120,
/* ... to so many after it: registers hold days of release. */
	AHEAD_YEARS = 30 };

/* --- readings: one way to understand what is left open --- */

struct way {
	enum date_order order;
	enum calendar calendar;  /* for two-digit years; 0: there are none */
	int century;
};

/* What a side says in one order; -1: not said. */
struct fields {
	int year, month, day;
	bool short_year;         /* two digits */
	bool tiny_year;          /* one digit: refused */
};

/* A number of at most two digits that can only be a year. */
static bool
must_be_year(const struct date_piece *t)
{
	return t->digits >= 3 || t->number > 31;
}

/* Of two numbers one of which may be the year: whether it is the first.  Three
 * digits are stronger than 32 (32 March 2020 has a wrong day). */
static bool
year_first(const struct date_piece *a, const struct date_piece *b)
{
	return a->digits >= 3 || (b->digits <= 2 && must_be_year(a));
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
	int year = year_first(&s->num[0], &s->num[1]) ? 0 : 1;

	if (must_be_year(&s->num[year])) {
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
	if (must_be_year(&s->num[0]))
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
	int year = year_first(&s->num[0], &s->num[1]) ? 0 : 1;

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

/* The calendar that a year of four digits belongs to; 0: none. */
static enum calendar
calendar_of_year(int year)
{
	for (int c = CAL_GREGORIAN; c <= CAL_IMPERIAL; c++)
		if (date_year_ok((enum calendar)c, year))
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
	enum calendar by_year = calendar_of_year(year);

	if (!by_year && year > 9999)
		return err_set(e, BAD, "%d is no year; a spreadsheet's serial number must be "
			"turned into a date first", year);
	if (!by_year)
		return err_set(e, BAD, "the year %d is not read; write a Solar Hijri year from "
			"1200 to 1500 or a Gregorian one from 1800 to 2200", year);
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
calendar_of(const struct date_side *s, const struct fields *f, const struct way *w,
	enum calendar hint, enum calendar *ret, struct err *e)
{
	enum calendar by_year = f->short_year ? w->calendar : calendar_of_year(f->year);
	enum calendar said = s->era ? s->era : s->month_calendar ? 0 : hint;

	if (!by_year || !month_fits(s->month_calendar, by_year) || (said && said != by_year))
		return wrong_year(s->month_calendar, said, f->year, e);
	*ret = by_year;
	return OK;
}

static struct ymd
claim_of(const struct fields *f, const struct way *w)
{
	return (struct ymd){f->year + (f->short_year ? w->century : 0),
		f->month < 0 ? 0 : f->month, f->day < 0 ? 0 : f->day};
}

/* Spring is the first quarter of the Solar Hijri year.  Gregorian seasons are
 * other months in the other hemisphere, and winter lies in two years. */
static enum status
season_range(const struct date_shape *shape, const struct way *w, enum calendar c,
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

/* Read the shape in one way. */
static enum status
read_way(const struct date_shape *shape, const struct way *w, enum calendar hint,
	struct date *ret, struct err *e)
{
	bool two = shape->kind == RANGE || shape->kind == CHOICE;
	struct date_side s[2] = {shape->side[0], shape->side[1]};
	struct date d = {0};
	struct fields f[2];
	enum calendar c[2];
	enum status st = OK;

	for (int i = 0; i < 1 + two && !st; i++)
		st = fields_of(&s[i], w->order, two, &f[i], e);
	if (!st && two) {
		inherit(&f[0], &f[1], &s[0], &s[1]);
		inherit(&f[1], &f[0], &s[1], &s[0]);
	}
	for (int i = 0; i < 1 + two && !st; i++) {
		if (f[i].year < 0 || (f[i].day >= 0 && f[i].month < 0))
			return need_year(e);
		st = calendar_of(&s[i], &f[i], w, hint, &c[i], e);
	}
	if (st)
		return st;
	if (two && c[0] != c[1])
		return err_set(e, BAD, "the two ends are in different calendars; write both in one");
	d.calendar = c[0];
	d.from = claim_of(&f[0], w);
	d.to = claim_of(&f[two], w);
	if (s[0].season || (two && s[1].season))
		st = shape->kind == ONE ? season_range(shape, w, c[0], &d, e) : date_not_understood(e);
	else
		st = two ? two_sided(shape, &d, e) : one_sided(shape, &d, e);
	if (st)
		return st;
	if (!date_derive(&d))
		return date_not_understood(e);
	*ret = d;
	return OK;
}

/* --- which ways there are --- */

enum { WAYS_MAX = 3 * 6 };

/* The orders in which the numbers of a side may be read. */
static size_t
orders_of(const struct date_side *s, enum date_order hint, enum date_order ret[3])
{
	static const enum date_order any[] = {DATE_ORDER_DMY, DATE_ORDER_MDY, DATE_ORDER_YMD};
	size_t n = 3;

	ret[0] = DATE_ORDER_DMY;
	if (s->month || s->n < 2 || (s->n == 2 && (must_be_year(&s->num[0])
	    || must_be_year(&s->num[1]))))
		return 1;
	if (s->n == 3 && year_first(&s->num[0], &s->num[2])) {
		ret[0] = DATE_ORDER_YMD;         /* nobody writes year, day, month */
		return 1;
	}
	/* Year last, or in a day and a month of a range: YMD is no answer. */
	if (s->n == 2 || s->num[2].digits >= 3)
		n = 2;
	if (hint != DATE_ORDER_ASK && !(hint == DATE_ORDER_YMD && n == 2)) {
		ret[0] = hint;
		return 1;
	}
	/* Who writes dots writes the day first: of the numeric patterns with dots of
	 * CLDR 42, 237 begin with the day, 14 with the year, and two (both Ngomba) with
	 * the month. */
	if (s->sep[0] == '.')
		return 1;
	memcpy(ret, any, n * sizeof *any);
	return n;
}

static bool
has_short_year(const struct date_side *s)
{
	bool is_short = false;

	for (int i = 0; i < s->n; i++) {
		if (s->num[i].digits >= 3)
			return false;
		is_short |= s->num[i].number > 31;
	}
	return is_short || s->n == 3 || ((s->month || s->season) && s->n == 2);
}

static bool
any_persian(const struct date_shape *shape)
{
	for (int k = 0; k < 2; k++)
		for (int i = 0; i < shape->side[k].n; i++)
			if (shape->side[k].num[i].persian)
				return true;
	return false;
}

/* The calendars and centuries that a two-digit year may be of; Persian digits are
 * not used with two-digit Gregorian years. */
static size_t
centuries_of(const struct date_shape *shape, enum calendar hint, struct way ret[6])
{
	static const struct way all[] = {
		{0, CAL_GREGORIAN, 1900}, {0, CAL_GREGORIAN, 2000}, {0, CAL_GREGORIAN, 1800},
		{0, CAL_SOLAR_HIJRI, 1300}, {0, CAL_SOLAR_HIJRI, 1400}, {0, CAL_SOLAR_HIJRI, 1200},
		{0, CAL_IMPERIAL, 2500},
	};
	const struct date_side *s = shape->side;
	enum calendar era = s[0].era ? s[0].era : s[1].era, only = era;
	size_t n = 0;

	if (!only)
		only = s[0].month_calendar ? s[0].month_calendar : s[1].month_calendar;
	if (!only)
		only = hint;
	if (!only && (any_persian(shape) || s[0].season))
		only = CAL_SOLAR_HIJRI;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (only ? all[i].calendar == only : all[i].calendar != CAL_IMPERIAL)
			ret[n++] = all[i];
	return n;
}

static size_t
ways_of(const struct date_shape *shape, const struct date_hint *hint, struct way ret[WAYS_MAX])
{
	bool two = shape->kind == RANGE || shape->kind == CHOICE;
	bool is_short = has_short_year(&shape->side[0]) || (two && has_short_year(&shape->side[1]));
	/* The side with more numbers decides the order for both. */
	const struct date_side *s = &shape->side[two && shape->side[1].n > shape->side[0].n];
	struct way centuries[6] = {{0, 0, 0}};
	enum date_order orders[3];
	size_t n_orders = orders_of(s, hint->order, orders), n_centuries = 1, n = 0;

	if (is_short)
		n_centuries = centuries_of(shape, hint->calendar, centuries);
	for (size_t i = 0; i < n_orders; i++)
		for (size_t k = 0; k < n_centuries; k++) {
			ret[n] = centuries[k];
			ret[n++].order = orders[i];
		}
	return n;
}

/* A two-digit year is of this century or the last, as a life goes. */
static bool
plausible(const struct way *w, const struct date *d)
{
	struct ymd today = cal_of_day(d->calendar, day_today());
	int from = date_claim_none(d->from) ? d->to.year : d->from.year;

	return !w->calendar || (from >= today.year - PAST_YEARS && from <= today.year + AHEAD_YEARS);
}

/* --- several readings as one date --- */

static bool
known(const struct date *all, size_t n, const struct date *d)
{
	for (size_t i = 0; i < n; i++)
		if (date_equal(&all[i], d))
			return true;
	return false;
}

/* Two single readings in one calendar stay what they are. */
static bool
combine_two(const struct date *r, size_t n, struct date *ret)
{
	struct date d = {.calendar = r[0].calendar, .flags = DATE_AMBIGUOUS};
	bool swap = n == 2 && (r[0].first > r[1].first
		|| (r[0].first == r[1].first && r[0].last > r[1].last));

	if (n != 2 || r[0].calendar != r[1].calendar || r[0].flags || r[1].flags)
		return false;
	d.from = r[swap].from;
	d.to = r[!swap].from;
	*ret = d;
	return date_derive(ret);
}

/* The claim of `d` that begins first, or that ends last. */
static struct ymd
outer_claim(const struct date *d, bool ending)
{
	int32_t first, last;

	if (d->flags & DATE_RANGE || !ending)
		return ending ? d->to : d->from;
	if (date_claim_days(d->calendar, d->to, &first, &last) && last == d->last)
		return d->to;
	return d->from;
}

/* The interval that covers all readings: a range of which is said that it is not
 * clear.  Ends in different calendars are turned into Gregorian days. */
static struct date
combine_all(const struct date *r, size_t n)
{
	const struct date *low = r, *high = r;
	struct date d = {.flags = DATE_RANGE | DATE_AMBIGUOUS};

	for (size_t i = 1; i < n; i++) {
		if (r[i].first < low->first)
			low = &r[i];
		if (r[i].last > high->last)
			high = &r[i];
	}
	d.calendar = low->calendar;
	d.from = outer_claim(low, false);
	d.to = outer_claim(high, true);
	if (low->calendar == high->calendar && date_derive(&d))
		return d;
	d = date_of_days(CAL_GREGORIAN, low->first, high->last);
	d.flags |= DATE_RANGE | DATE_AMBIGUOUS;
	return d;
}

static struct date
combine(const struct date *r, size_t n)
{
	struct date d;

	if (n == 1)
		return r[0];
	return combine_two(r, n, &d) ? d : combine_all(r, n);
}

/* "about" and "?" said of the whole.  A question mark behind two readings or a
 * range is date_iso's sign for ambiguous; behind one date it is somebody's doubt. */
static struct date
with_doubts(struct date d, const struct date_shape *shape)
{
	if (shape->about || (shape->unclear && !(d.flags & (DATE_RANGE | DATE_AMBIGUOUS))))
		d.flags |= DATE_ABOUT;
	if (shape->unclear && d.flags & DATE_RANGE)
		d.flags |= DATE_AMBIGUOUS;
	return d;
}

static enum status
read_pieces(struct date_pieces *t, const struct date_hint *hint, struct date *ret, struct err *e)
{
	struct date_shape shape;
	struct way ways[WAYS_MAX];
	struct date readings[WAYS_MAX], d;
	size_t n_ways, n = 0;
	enum status s = date_shape_read(t, &shape, e);
	struct err why, *first_only = &why;      /* the message of the likeliest way */

	if (s)
		return s;
	n_ways = ways_of(&shape, hint, ways);
	for (size_t i = 0; i < n_ways; i++) {
		if (read_way(&shape, &ways[i], hint->calendar, &d, first_only)) {
			first_only = NULL;
			continue;
		}
		if (plausible(&ways[i], &d) && !known(readings, n, &d))
			readings[n++] = d;
	}
	if (n == 0 && first_only)
		return err_set(e, BAD, "no year that fits ends in these two digits; "
			"write the year with four digits");
	if (n == 0) {
		if (e)
			*e = why;
		return BAD;
	}
	*ret = with_doubts(combine(readings, n), &shape);
	return OK;
}

/* --- brackets --- */

/* Brackets at the end hold the same date in the other calendar, or a remark about
 * the date ("approx.", "SH").  Where they begin; t->n: there are none. */
static size_t
find_brackets(const struct date_pieces *t)
{
	size_t at = t->n;

	if (t->n == 0 || t->v[t->n - 1].kind != P_RIGHT)
		return t->n;
	while (at > 0 && t->v[at - 1].kind != P_LEFT)
		at--;
	return at > 0 ? at - 1 : t->n;
}

static bool
is_remark(const struct date_pieces *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].kind != W_ABOUT && t->v[i].kind != W_ERA && t->v[i].kind != W_UNCLEAR
		    && t->v[i].kind != P_QUESTION)
			return false;
	return t->n > 0;
}

static enum status
read_bracketed(struct date_pieces *t, size_t at, const struct date_hint *hint,
	struct date *ret, struct err *e)
{
	static const struct date_hint no_hint;
	struct date_pieces inner = {.n = t->n - at - 2};
	struct date d, other;
	enum status s;

	memcpy(inner.v, t->v + at + 1, inner.n * sizeof *inner.v);
	if (is_remark(&inner)) {
		memmove(t->v + at, inner.v, inner.n * sizeof *inner.v);
		t->n = at + inner.n;
		return read_pieces(t, hint, ret, e);
	}
	t->n = at;
	s = read_pieces(t, hint, &d, e);
	if (!s)
		s = read_pieces(&inner, &no_hint, &other, e);
	if (s)
		return s;
	if (d.first != other.first || d.last != other.last)
		return err_set(e, BAD, "the date in brackets means other days than the one before "
			"it; write one of them");
	*ret = d;
	return OK;
}

enum status
date_parse(struct str s, const struct date_hint *hint, struct date *ret, struct err *e)
{
	static const struct date_hint no_hint;
	struct date_pieces t;
	struct date d;
	enum status st = date_lex(s, &t, e);
	size_t at;

	if (!hint)
		hint = &no_hint;
	if (!st && t.n == 0)
		st = err_set(e, BAD, "there is no date; leave out what is not known");
	if (!st) {
		at = find_brackets(&t);
		st = at == t.n ? read_pieces(&t, hint, &d, e) : read_bracketed(&t, at, hint, &d, e);
	}
	if (!st) {
		*ret = d;
		return OK;
	}
	if (s.n > 0 && s.n <= 120 && utf8_valid(str_bytes(s)))
		err_prefix(e, "\"" STR_FMT "\"", STR_ARG(s));
	return st;
}
