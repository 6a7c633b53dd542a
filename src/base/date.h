/*
 * Dates as people claim them: a calendar, what was said in it, and the interval
 * of days that it means.  A day is never invented: "1398" is a year of days.
 *
 * Solar Hijri: leap year iff (25*y + 11) mod 33 < 8, 1 Farvardin 1399 = 20 March
 * 2020; equal to the astronomical rule (vernal equinox before noon, Iran Standard
 * Time meridian) for 1305-1529.  Gregorian: proleptic.
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include "base/text.h"

enum calendar { CAL_GREGORIAN = 1, CAL_SOLAR_HIJRI = 2, CAL_IMPERIAL = 3 };

enum {
	DATE_ABOUT = 1,       /* "about", "circa", حدود, təxminən: the interval is what was said */
	DATE_AMBIGUOUS = 2,   /* 03/04/2020, a two-digit year: the interval covers the readings */
	DATE_RANGE = 4,       /* said as from-to */
};

/* Year, month 1-12 or 0, day 1-31 or 0 (0: not said). */
struct ymd {
	int year, month, day;
};

/* Days count from 1970-01-01 = 0.  The claims of a date name years 1800-2200
 * Gregorian, 1200-1500 Solar Hijri, 2440-2560 Imperial. */
enum { DAY_MIN = -800000, DAY_MAX = 400000 };        /* "before", "after": open ends */

struct date {
	enum calendar calendar;
	/* What was claimed; equal unless DATE_RANGE or DATE_AMBIGUOUS.  A range may be
	 * open: {0, 0, 0}.  AMBIGUOUS alone: the two readings, the earlier first; with
	 * RANGE: some time in the range, which covers all readings. */
	struct ymd from, to;
	int32_t first, last;          /* the days it means, both included */
	unsigned flags;
};

/* Years 1-3000 (Imperial 1181-4180); cal_of_day extends the rule to any day. */
bool cal_leap(enum calendar c, int year);
int cal_month_days(enum calendar c, int year, int month);         /* 0: no such month */
bool cal_to_day(enum calendar c, struct ymd d, int32_t *ret);     /* false: no such day */
struct ymd cal_of_day(enum calendar c, int32_t day);

/* How an importer reads a column. */
enum date_order { DATE_ORDER_ASK, DATE_ORDER_DMY, DATE_ORDER_MDY, DATE_ORDER_YMD };
struct date_hint {
	enum calendar calendar;       /* of figures; 0: the year tells (see above) */
	enum date_order order;
	enum lang lang;               /* not needed so far: words of all languages are read */
};

/* Read one date in any of the forms of docs/formats.md ("Dates as written"):
 * numeric, with month names en/fa/az/azb, suffixed Azerbaijani, partial, ranges,
 * "about", "before"/"after", any digits.  BAD: no date at all, or an impossible
 * one; the message says what would be right.  An ambiguous one is OK with
 * DATE_AMBIGUOUS and the wider interval.  `hint` may be NULL.  Two-digit years
 * depend on day_today(). */
enum status date_parse(struct str s, const struct date_hint *hint, struct date *ret,
	struct err *e) MUST;
/* Whether a weekday stands in the text (one only) that the day read from it was not, or
 * only one of two readings was; ret: what to say.  It changes nothing of the date. */
bool date_weekday_doubt(struct str s, const struct date *d, struct err *ret);
enum status date_of_ymd(enum calendar c, struct ymd d, struct date *ret, struct err *e) MUST;
/* From a day to a day (the same: a day); one end before or after the years that
 * can be claimed, as DAY_MIN and DAY_MAX are, is open. */
struct date date_of_days(enum calendar c, int32_t first, int32_t last);

bool date_equal(const struct date *a, const struct date *b);
bool date_overlaps(const struct date *a, const struct date *b);

/* For reading: "27 March 2020", "27 mart 2020", "۸ فروردین ۱۳۹۹"; partial and
 * ranges in words; "about".  calendar 0: the language's own first (fa, azb: Solar
 * Hijri) with the other in brackets when the date is a day or a range of days (en, az:
 * only when it was claimed in the other).  Another calendar than the claim's shows
 * a month or year as the range of its days.  No bidi controls: isolate it. */
struct str date_show(struct arena *a, const struct date *d, enum lang l, enum calendar c);
/* For files: ISO 8601, "2020-03-27", "2020-03", "2020", "2020-03-01/2020-03-27";
 * in Solar Hijri with the suffix " SH", Imperial " IE"; ".." for an open end; "~"
 * before for about; "?" after for ambiguous, with "|" between two readings.
 * date_parse reads it back to the same date, whatever the order in the hint. */
struct str date_iso(struct arena *a, const struct date *d);
struct str day_iso(struct arena *a, int32_t day);
int32_t day_today(void);                             /* UTC; SOURCE_DATE_EPOCH wins */

/* [calendar, [y,m,d], [y,m,d], first, last, flags]: see docs/formats.md. */
void date_put(struct buf *b, const struct date *d);
bool date_get(struct bytes item, struct date *ret);  /* checks that it is consistent */

#endif
