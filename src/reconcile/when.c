/*
 * Dates compared.  A date is an interval of days: what is known of it, no more.  Two
 * single days that differ may still be one day, miswritten or misconverted between the
 * Gregorian and the Solar Hijri calendar.
 */
#include "reconcile/reconcile_int.h"

enum { WEEK = 7, YEAR = 366 };

/* The years or months that an interval touches; more than SPAN_MOST say nothing. */
enum { SPAN_MOST = 3, DAY_BASE = 2000000 };

static bool
said(const struct when *w)
{
	return w->days.first <= w->days.last;
}

static bool
is_day(const struct when *w)
{
	return w->days.first == w->days.last;
}

/* Days between two intervals; 0 when they touch. */
static int64_t
apart(struct match_days a, struct match_days b)
{
	if (a.last < b.first)
		return (int64_t)b.first - a.last;
	return b.last < a.first ? (int64_t)a.first - b.last : 0;
}

bool
day_swapped(int32_t day, int32_t *ret)
{
	struct ymd d = cal_of_day(CAL_GREGORIAN, day);

	if (d.day > 12 || d.day == d.month)
		return false;
	return cal_to_day(CAL_GREGORIAN, (struct ymd){d.year, d.day, d.month}, ret);
}

/* Two decimal digits to a byte. */
static uint32_t
in_digits(struct ymd d)
{
	uint32_t y = (uint32_t)d.year, m = (uint32_t)d.month, k = (uint32_t)d.day;

	if (d.year < 0 || d.year > 9999)
		return 0;
	return (y / 1000 << 12 | y / 100 % 10 << 8 | y / 10 % 10 << 4 | y % 10) << 16
		| (m / 10 << 4 | m % 10) << 8 | k / 10 << 4 | k % 10;
}

struct when
when_of(struct match_days days)
{
	struct when w = {.days = days};
	int32_t other;

	if (!said(&w))
		return w;
	if (is_day(&w)) {
		w.civil = in_digits(cal_of_day(CAL_GREGORIAN, days.first));
		w.solar = in_digits(cal_of_day(CAL_SOLAR_HIJRI, days.first));
		w.day = days.first + DAY_BASE;
		if (day_swapped(days.first, &other))
			w.other = other + DAY_BASE;
	}
	if ((int64_t)days.last - days.first > 366 * SPAN_MOST)
		return w;
	struct ymd a = cal_of_day(CAL_GREGORIAN, days.first);
	struct ymd b = cal_of_day(CAL_GREGORIAN, days.last);
	w.year = a.year;
	w.month = a.year * 12 + a.month;
	if (b.year - a.year < SPAN_MOST)
		w.n_years = (uint8_t)(b.year - a.year + 1);
	if (b.year * 12 + b.month - w.month < SPAN_MOST)
		w.n_months = (uint8_t)(b.year * 12 + b.month - w.month + 1);
	return w;
}

/* ---- Slips ----------------------------------------------------------------------- */

/* Whether just one decimal digit differs. */
static bool
one_digit_apart(uint32_t a, uint32_t b)
{
	uint32_t x = a ^ b;

	x |= x >> 2;
	x |= x >> 1;
	x &= 0x11111111;
	return x && !(x & (x - 1));
}

enum slip { SLIP_NONE, SLIP_PART, SLIP_PEN };

/* SLIP_PEN: one digit is wrong, or month and day are exchanged; SLIP_PART: one of
 * year, month and day is another. */
static enum slip
slip_in(uint32_t a, uint32_t b)
{
	uint32_t x = a ^ b;

	if (a == 0 || b == 0)
		return SLIP_NONE;
	if (one_digit_apart(a, b)
	    || (x >> 16 == 0 && (a >> 8 & 255) == (b & 255) && (b >> 8 & 255) == (a & 255)))
		return SLIP_PEN;
	return (x >> 16 == 0) + ((x >> 8 & 255) == 0) + ((x & 255) == 0) >= 2
		? SLIP_PART : SLIP_NONE;
}

static int
year_of(uint32_t digits)
{
	uint32_t y = digits >> 16;

	return (int)((y >> 12) * 1000 + (y >> 8 & 15) * 100 + (y >> 4 & 15) * 10 + (y & 15));
}

/* The year was converted, month and day were left as they stood: 1365-05-12 became
 * 1986-05-12.  A Solar Hijri year begins in the 621st or 622nd after it. */
static bool
half_converted(uint32_t solar, uint32_t civil)
{
	int gap = year_of(civil) - year_of(solar);

	return solar && (solar & 0xffff) == (civil & 0xffff) && (gap == 621 || gap == 622);
}

static enum slip
slip_of(const struct when *a, const struct when *b)
{
	enum slip civil = slip_in(a->civil, b->civil), solar = slip_in(a->solar, b->solar);

	if (half_converted(a->solar, b->civil) || half_converted(b->solar, a->civil))
		return SLIP_PEN;
	/* Conversions that miss a leap year are a day off. */
	if (apart(a->days, b->days) == 1)
		return SLIP_PEN;
	return civil > solar ? civil : solar;
}

/* ---- Levels ---------------------------------------------------------------------- */

unsigned
birth_level(const struct when *a, const struct when *b)
{
	int64_t gap = apart(a->days, b->days);

	if (!said(a) || !said(b))
		return 0;
	if (is_day(a) && is_day(b)) {
		if (gap == 0)
			return 7;
		enum slip s = slip_of(a, b);
		if (s != SLIP_NONE)
			return s == SLIP_PEN ? 6 : 5;
	} else if (gap == 0) {
		return 4;
	}
	return gap <= YEAR ? 3 : gap <= 5 * YEAR ? 2 : 1;
}

unsigned
arrest_level(const struct when *a, const struct when *b)
{
	int64_t gap = apart(a->days, b->days);

	if (!said(a) || !said(b))
		return 0;
	if (is_day(a) && is_day(b) && gap == 0)
		return 5;
	if (is_day(a) && is_day(b) && (gap <= WEEK || slip_of(a, b) == SLIP_PEN))
		return 4;
	return gap == 0 ? 3 : gap <= YEAR ? 2 : 1;
}

/* One is released or dies once (in one imprisonment): dates far apart speak against. */
unsigned
end_level(const struct when *a, const struct when *b)
{
	int64_t gap = apart(a->days, b->days);

	if (!said(a) || !said(b))
		return 0;
	if (gap == 0)
		return is_day(a) && is_day(b) ? 3 : 2;
	if (is_day(a) && is_day(b) && slip_of(a, b) == SLIP_PEN)
		return 2;
	return gap <= WEEK ? 2 : 1;
}
