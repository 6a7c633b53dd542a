/*
 * Claimed dates as values: the days that a claim means, comparison, ISO 8601 and
 * CBOR.  docs/formats.md, "Dates", is normative for the last two.
 */
#include "base/date.h"
#include "base/cbor.h"
#include "base/date_int.h"
#include "base/poison.h"

/* The years somebody alive, or mourned by somebody alive, can have lived in, with
 * room to both sides; in any case so narrow that no year is in two calendars. */
static const struct {
	const char *name;
	int first, last;
} calendars[] = {
	[CAL_GREGORIAN] = {"Gregorian", 1800, 2200},
	[CAL_SOLAR_HIJRI] = {"Solar Hijri", 1200, 1500},
	/* Used from March 1976 to August 1978 (2535-2537), for the births of everybody
	 * then alive too: 1260-1380.  A year by itself is one from 2500 only: date_int.h. */
	[CAL_IMPERIAL] = {"Imperial", 2440, 2560},
};

static bool
calendar_ok(enum calendar c)
{
	return c >= CAL_GREGORIAN && c <= CAL_IMPERIAL;
}

bool
date_year_ok(enum calendar c, int year)
{
	return calendar_ok(c) && year >= calendars[c].first && year <= calendars[c].last;
}

bool
date_claim_none(struct ymd d)
{
	return d.year == 0 && d.month == 0 && d.day == 0;
}

bool
date_claim_equal(struct ymd a, struct ymd b)
{
	return a.year == b.year && a.month == b.month && a.day == b.day;
}

bool
date_claim_days(enum calendar c, struct ymd d, int32_t *ret_first, int32_t *ret_last)
{
	struct ymd a = d, b = d;

	if (!date_year_ok(c, d.year) || (d.month == 0 && d.day != 0))
		return false;
	if (d.month == 0) {
		a.month = 1;
		b.month = 12;
	}
	if (d.day == 0) {
		a.day = 1;
		b.day = cal_month_days(c, b.year, b.month);
	}
	return cal_to_day(c, a, ret_first) && cal_to_day(c, b, ret_last);
}

/* The leap year nearest after `year`; there is one within eight. */
static int
next_leap(enum calendar c, int year)
{
	while (!cal_leap(c, year))
		year++;
	return year;
}

enum status
date_claim_check(enum calendar c, struct ymd d, struct err *e)
{
	int32_t first, last;
	int days;

	if (date_claim_days(c, d, &first, &last))
		return OK;
	if (!calendar_ok(c))
		return err_set(e, BAD, "no calendar %d; 1 is Gregorian, 2 Solar Hijri, 3 Imperial",
			(int)c);
	if (!date_year_ok(c, d.year))
		return err_set(e, BAD, "%d is not a %s year that we read; those are %d to %d",
			d.year, calendars[c].name, calendars[c].first, calendars[c].last);
	if (d.month < 1 || d.month > 12)
		return err_set(e, BAD, "there is no month %d; months are 1 to 12", d.month);
	days = cal_month_days(c, d.year, d.month);
	/* 30 Esfand and 29 February: there in another year. */
	if (d.day == days + 1 && d.month == (c == CAL_GREGORIAN ? 2 : 12))
		return err_set(e, BAD, "%s %d has %d days, because %d is not a leap year (%d is); "
			"there is no day %d", date_month_name(LANG_EN, c, d.month), d.year, days,
			d.year, next_leap(c, d.year), d.day);
	return err_set(e, BAD, "%s %d has %d days; there is no day %d",
		date_month_name(LANG_EN, c, d.month), d.year, days, d.day);
}

/* Two readings: the hull of both.  They stand in order, so that equal dates have
 * equal structs. */
static bool
derive_readings(struct date *d)
{
	int32_t f[2], l[2];

	if (!date_claim_days(d->calendar, d->from, &f[0], &l[0])
	    || !date_claim_days(d->calendar, d->to, &f[1], &l[1]))
		return false;
	if (f[0] > f[1] || (f[0] == f[1] && l[0] >= l[1]))
		return false;
	d->first = f[0];
	d->last = l[0] > l[1] ? l[0] : l[1];
	return true;
}

/* From the beginning of `from` to the end of `to`; one end may be open. */
static bool
derive_range(struct date *d)
{
	int32_t f[2] = {DAY_MIN, DAY_MIN}, l[2] = {DAY_MAX, DAY_MAX};
	bool open_from = date_claim_none(d->from), open_to = date_claim_none(d->to);

	if ((open_from && open_to) || date_claim_equal(d->from, d->to))
		return false;
	if (!open_from && !date_claim_days(d->calendar, d->from, &f[0], &l[0]))
		return false;
	if (!open_to && !date_claim_days(d->calendar, d->to, &f[1], &l[1]))
		return false;
	if (!open_from && !open_to && (f[0] > f[1] || l[0] > l[1]))
		return false;
	d->first = f[0];
	d->last = l[1];
	return true;
}

bool
date_derive(struct date *d)
{
	if (d->flags & ~(unsigned)(DATE_ABOUT | DATE_AMBIGUOUS | DATE_RANGE))
		return false;
	if (d->flags & DATE_RANGE)
		return derive_range(d);
	if (d->flags & DATE_AMBIGUOUS)
		return derive_readings(d);
	return date_claim_equal(d->from, d->to)
		&& date_claim_days(d->calendar, d->from, &d->first, &d->last);
}

enum status
date_of_ymd(enum calendar c, struct ymd d, struct date *ret, struct err *e)
{
	struct date made = {.calendar = c, .from = d, .to = d};
	enum status s = date_claim_check(c, d, e);

	if (s)
		return s;
	invariant(date_derive(&made));
	*ret = made;
	return OK;
}

struct date
date_of_days(enum calendar c, int32_t first, int32_t last)
{
	struct date d = {.calendar = c, .from = cal_of_day(c, first), .to = cal_of_day(c, last)};

	invariant(calendar_ok(c) && first <= last);
	if (d.from.year < calendars[c].first)
		d.from = (struct ymd){0, 0, 0};
	if (d.to.year > calendars[c].last)
		d.to = (struct ymd){0, 0, 0};
	if (first != last)
		d.flags = DATE_RANGE;
	invariant(date_derive(&d));
	return d;
}

bool
date_equal(const struct date *a, const struct date *b)
{
	return a->calendar == b->calendar && a->flags == b->flags
		&& a->first == b->first && a->last == b->last
		&& date_claim_equal(a->from, b->from) && date_claim_equal(a->to, b->to);
}

bool
date_overlaps(const struct date *a, const struct date *b)
{
	return a->first <= b->last && b->first <= a->last;
}

static struct str
claim_iso(struct arena *a, struct ymd d)
{
	if (date_claim_none(d))
		return S("..");         /* ISO 8601-2:2019, 4.4: an open end */
	if (d.month == 0)
		return str_fmt(a, "%04d", d.year);
	if (d.day == 0)
		return str_fmt(a, "%04d-%02d", d.year, d.month);
	return str_fmt(a, "%04d-%02d-%02d", d.year, d.month, d.day);
}

struct str
date_iso(struct arena *a, const struct date *d)
{
	static const char *const suffix[] = {
		[CAL_GREGORIAN] = "", [CAL_SOLAR_HIJRI] = " SH", [CAL_IMPERIAL] = " IE",
	};
	bool two = d->flags & (DATE_RANGE | DATE_AMBIGUOUS);
	struct str from = claim_iso(a, d->from), to = claim_iso(a, d->to);

	return str_fmt(a, "%s" STR_FMT "%s" STR_FMT "%s%s", d->flags & DATE_ABOUT ? "~" : "",
		STR_ARG(from), !two ? "" : d->flags & DATE_RANGE ? "/" : "|",
		STR_ARG(two ? to : STR_NONE), suffix[d->calendar],
		d->flags & DATE_AMBIGUOUS ? "?" : "");
}

struct str
day_iso(struct arena *a, int32_t day)
{
	return claim_iso(a, cal_of_day(CAL_GREGORIAN, day));
}

static void
put_claim(struct buf *b, struct ymd d)
{
	cbor_put_array(b, 3);
	cbor_put_uint(b, (uint64_t)d.year);
	cbor_put_uint(b, (uint64_t)d.month);
	cbor_put_uint(b, (uint64_t)d.day);
}

void
date_put(struct buf *b, const struct date *d)
{
	cbor_put_array(b, 6);
	cbor_put_uint(b, (uint64_t)d->calendar);
	put_claim(b, d->from);
	put_claim(b, d->to);
	cbor_put_int(b, d->first);
	cbor_put_int(b, d->last);
	cbor_put_uint(b, d->flags);
}

/* At most `max`; a larger one makes the reader stick. */
static int
get_small(struct cbor *c, uint64_t max)
{
	uint64_t v = cbor_get_uint(c);

	if (v > max)
		c->wrong = true;
	return c->wrong ? 0 : (int)v;
}

static struct ymd
get_claim(struct cbor *c)
{
	struct ymd d = {0, 0, 0};

	if (cbor_get_array(c) != 3)
		c->wrong = true;
	d.year = get_small(c, 9999);
	d.month = get_small(c, 12);
	d.day = get_small(c, 31);
	return d;
}

bool
date_get(struct bytes item, struct date *ret)
{
	struct cbor c = cbor_read(item);
	struct date d = {0};
	int64_t first, last;

	if (cbor_get_array(&c) != 6)
		return false;
	d.calendar = (enum calendar)get_small(&c, CAL_IMPERIAL);
	d.from = get_claim(&c);
	d.to = get_claim(&c);
	first = cbor_get_int(&c);
	last = cbor_get_int(&c);
	d.flags = (unsigned)get_small(&c, DATE_ABOUT | DATE_AMBIGUOUS | DATE_RANGE);
	if (!cbor_done(&c) || !date_derive(&d) || d.first != first || d.last != last)
		return false;
	*ret = d;
	return true;
}
