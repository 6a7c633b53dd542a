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

/* --- which ways there are --- */

enum { WAYS_MAX = 3 * 6 };

/* The orders in which the numbers of a side may be read. */
static size_t
orders_of(const struct date_side *s, enum date_order hint, enum date_order ret[3])
{
	static const enum date_order any[] = {DATE_ORDER_DMY, DATE_ORDER_MDY, DATE_ORDER_YMD};
	size_t n = 3;

	ret[0] = DATE_ORDER_DMY;
	if (s->month || s->n < 2 || (s->n == 2 && (date_must_be_year(&s->num[0])
	    || date_must_be_year(&s->num[1]))))
		return 1;
	if (s->n == 3 && date_year_first(&s->num[0], &s->num[2])) {
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
centuries_of(const struct date_shape *shape, enum calendar hint, struct date_way ret[6])
{
	static const struct date_way all[] = {
		{0, CAL_GREGORIAN, 1900}, {0, CAL_GREGORIAN, 2000}, {0, CAL_GREGORIAN, 1800},
		{0, CAL_SOLAR_HIJRI, 1300}, {0, CAL_SOLAR_HIJRI, 1400}, {0, CAL_SOLAR_HIJRI, 1200},
		{0, CAL_IMPERIAL, 2500}, {0, CAL_IMPERIAL, 2400},
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
ways_of(const struct date_shape *shape, const struct date_hint *hint, struct date_way ret[WAYS_MAX])
{
	bool two = date_shape_sides(shape) == 2;
	bool is_short = has_short_year(&shape->side[0]) || (two && has_short_year(&shape->side[1]));
	/* The side with more numbers decides the order for both. */
	const struct date_side *s = &shape->side[two && shape->side[1].n > shape->side[0].n];
	struct date_way centuries[6] = {{0, 0, 0}};
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
plausible(const struct date_way *w, const struct date *d)
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
	struct date_way ways[WAYS_MAX];
	struct date readings[WAYS_MAX], d;
	size_t n_ways, n = 0;
	enum status s = date_shape_read(t, &shape, e);
	struct err why, *first_only = &why;      /* the message of the likeliest way */

	if (s)
		return s;
	n_ways = ways_of(&shape, hint, ways);
	for (size_t i = 0; i < n_ways; i++) {
		if (date_read_way(&shape, &ways[i], hint->calendar, &d, first_only)) {
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
