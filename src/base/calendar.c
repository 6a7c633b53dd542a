/*
 * The three calendars, as arithmetic on days since 1970-01-01.
 *
 * Gregorian, proleptic.  Solar Hijri by the 33-year rule: a year y is leap iff
 * (25y + 11) mod 33 < 8, which is the same as (8y + 29) mod 33 < 8 because
 * 25 = -8 (mod 33).  In the second form the number of leap years from 1 to y is
 * floor((8y + 29) / 33), so that no loop over years is needed.  Imperial: the
 * Solar Hijri calendar with the year counted from Cyrus, 1355 = 2535 (in force in
 * Iran from March 1976 to August 1978).
 */
#include "base/date.h"
#include "base/os.h"
#include "base/poison.h"

enum {
	YEAR_FIRST = 1, YEAR_LAST = 3000,
	IMPERIAL_AHEAD = 1180,         /* 2535 - 1355 */
	CYCLE_YEARS = 33, CYCLE_DAYS = 33 * 365 + 8,
	EPOCH_YEAR = 1399, EPOCH_DAY = 18341,    /* 1 Farvardin 1399 = 2020-03-20 */
};

/* Rounds towards minus infinity, as the formulas for years before 1 need. */
static int64_t
div_floor(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static int64_t
mod_floor(int64_t a, int64_t b)
{
	return a - b * div_floor(a, b);
}

/* The year as the rule of the calendar counts it. */
static int
own_year(enum calendar c, int year)
{
	return c == CAL_IMPERIAL ? year - IMPERIAL_AHEAD : year;
}

bool
cal_leap(enum calendar c, int year)
{
	int64_t y = own_year(c, year);

	if (c == CAL_GREGORIAN)
		return mod_floor(y, 4) == 0 && (mod_floor(y, 100) != 0 || mod_floor(y, 400) == 0);
	return mod_floor(25 * y + 11, 33) < 8;
}

int
cal_month_days(enum calendar c, int year, int month)
{
	static const uint8_t gregorian[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (month < 1 || month > 12)
		return 0;
	if (c == CAL_GREGORIAN)
		return gregorian[month - 1] + (month == 2 && cal_leap(c, year));
	/* Solar Hijri: six months of 31, five of 30, the last of 29, in leap years 30. */
	return month <= 6 ? 31 : month <= 11 ? 30 : 29 + cal_leap(c, year);
}

/* Days from 1 January of year 1 to 1 January of `year`. */
static int64_t
gregorian_year_start(int64_t year)
{
	int64_t y = year - 1;

	return 365 * y + div_floor(y, 4) - div_floor(y, 100) + div_floor(y, 400);
}

/* Days from 1 Farvardin of year 1 to 1 Farvardin of `year`: 365 for each year
 * passed, and the leap years among 1..year-1, floor((8(year - 1) + 29) / 33). */
static int64_t
hijri_year_start(int64_t year)
{
	return 365 * (year - 1) + div_floor(8 * year + 21, CYCLE_YEARS);
}

static int64_t
hijri_epoch(void)
{
	return EPOCH_DAY - hijri_year_start(EPOCH_YEAR);
}

/* Days of the Gregorian year before its month; 719162 is the number of days from
 * 0001-01-01 to 1970-01-01 (719163 is the Rata Die of the latter: Dershowitz and
 * Reingold, Calendrical Calculations, 2.3). */
enum { GREGORIAN_EPOCH = -719162 };

static int
gregorian_month_start(int year, int month)
{
	static const int16_t before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};

	return before[month - 1] + (month > 2 && cal_leap(CAL_GREGORIAN, year));
}

static int
hijri_month_start(int month)
{
	return month <= 7 ? 31 * (month - 1) : 186 + 30 * (month - 7);
}

bool
cal_to_day(enum calendar c, struct ymd d, int32_t *ret)
{
	int y = own_year(c, d.year);
	int64_t day;

	if (c < CAL_GREGORIAN || c > CAL_IMPERIAL || y < YEAR_FIRST || y > YEAR_LAST)
		return false;
	if (d.day < 1 || d.day > cal_month_days(c, d.year, d.month))
		return false;
	if (c == CAL_GREGORIAN)
		day = GREGORIAN_EPOCH + gregorian_year_start(y) + gregorian_month_start(y, d.month);
	else
		day = hijri_epoch() + hijri_year_start(y) + hijri_month_start(d.month);
	*ret = (int32_t)(day + d.day - 1);
	return true;
}

static struct ymd
gregorian_of_day(int32_t day)
{
	/* 400 years have 146,097 days, so n days hold n / 365.2425 years; the year
	 * they end in is that number plus one, give or take the one that the leap
	 * days shift: start low and step up once or twice. */
	int64_t n = (int64_t)day - GREGORIAN_EPOCH;
	int year = (int)div_floor(n * 400, 146097);
	int rest, month;

	while (gregorian_year_start(year + 1) <= n)
		year++;
	rest = (int)(n - gregorian_year_start(year));
	month = rest / 31 + 1;         /* no month is longer than 31 days: exact or one early */
	if (month < 12 && gregorian_month_start(year, month + 1) <= rest)
		month++;
	return (struct ymd){year, month, rest - gregorian_month_start(year, month) + 1};
}

/* The largest y with hijri_year_start(y) <= n.  As hijri_year_start(y) is
 * floor((12053y - 12024) / 33), that is 12053y <= 33n + 32 + 12024. */
static struct ymd
hijri_of_day(int32_t day)
{
	int64_t n = day - hijri_epoch();
	int year = (int)div_floor(CYCLE_YEARS * n + 12056, CYCLE_DAYS);
	int rest = (int)(n - hijri_year_start(year));
	int month = rest < 186 ? rest / 31 + 1 : (rest - 186) / 30 + 7;

	return (struct ymd){year, month, rest - hijri_month_start(month) + 1};
}

struct ymd
cal_of_day(enum calendar c, int32_t day)
{
	struct ymd d;

	if (c == CAL_GREGORIAN)
		return gregorian_of_day(day);
	d = hijri_of_day(day);
	if (c == CAL_IMPERIAL)
		d.year += IMPERIAL_AHEAD;
	return d;
}

int32_t
day_today(void)
{
	int64_t day = div_floor(os_now(), 86400);

	return day < DAY_MIN ? DAY_MIN : day > DAY_MAX ? DAY_MAX : (int32_t)day;
}
