/*
 * Calendars and claimed dates.  Oracles: the list of leap years that the Calendar
 * Centre of the University of Tehran publishes, ICU's calendars day by day, and
 * pairs of dates from the .NET runtime's tests of its Persian calendar.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unicode/ucal.h>
#include <unicode/udat.h>
#include <unicode/ustring.h>
#include "base/cbor.h"
#include "base/date.h"
#include "base/date_int.h"

/* 2026-06-01 12:00 UTC: two-digit years are read from today. */
#define TODAY "1780315200"

#define COUNT(t) (sizeof(t) / sizeof *(t))

static int32_t
day(enum calendar c, int y, int m, int d)
{
	int32_t ret = 0;

	assert_true(cal_to_day(c, (struct ymd){y, m, d}, &ret));
	return ret;
}

/* calendar.ut.ac.ir, KabiseShamsi1206-1498-new.pdf: leap years of 1206-1498. */
static void
leap_years_are_those_published(void **state)
{
	static const short published[] = {
		1210, 1214, 1218, 1222, 1226, 1230, 1234, 1238, 1243, 1247, 1251, 1255, 1259,
		1263, 1267, 1271, 1276, 1280, 1284, 1288, 1292, 1296, 1300, 1304, 1309, 1313,
		1317, 1321, 1325, 1329, 1333, 1337, 1342, 1346, 1350, 1354, 1358, 1362, 1366,
		1370, 1375, 1379, 1383, 1387, 1391, 1395, 1399, 1403, 1408, 1412, 1416, 1420,
		1424, 1428, 1432, 1436, 1441, 1445, 1449, 1453, 1457, 1461, 1465, 1469, 1474,
		1478, 1482, 1486, 1490, 1494, 1498,
	};
	size_t next = 0;

	for (int y = 1206; y <= 1498; y++) {
		bool leap = next < COUNT(published) && published[next] == y;
		next += leap;
		assert_int_equal(cal_leap(CAL_SOLAR_HIJRI, y), leap);
		assert_int_equal(cal_leap(CAL_IMPERIAL, y + 1180), leap);
		assert_int_equal(cal_month_days(CAL_SOLAR_HIJRI, y, 12), leap ? 30 : 29);
	}
	assert_int_equal(next, COUNT(published));
	(void)state;
}

/* github.com/dotnet/runtime, PersianCalendar tests; the years where the 33-year
 * rule and the astronomical calendar agree. */
static void
days_are_those_published(void **state)
{
	static const short v[][6] = {
		{1202, 1, 13, 1823, 4, 3}, {1402, 3, 15, 2023, 6, 5},
		/* Anchor; Nowruz 1400; the revolution; 25 Dey 1397 as aznews.tv has it. */
		{1399, 1, 1, 2020, 3, 20}, {1400, 1, 1, 2021, 3, 21},
		{1357, 11, 22, 1979, 2, 11}, {1397, 10, 25, 2019, 1, 15},
		{1348, 10, 11, 1970, 1, 1},
	};

	for (size_t i = 0; i < COUNT(v); i++)
		assert_int_equal(day(CAL_SOLAR_HIJRI, v[i][0], v[i][1], v[i][2]),
			day(CAL_GREGORIAN, v[i][3], v[i][4], v[i][5]));
	assert_int_equal(day(CAL_GREGORIAN, 1970, 1, 1), 0);
	assert_int_equal(day(CAL_IMPERIAL, 2535, 1, 1), day(CAL_SOLAR_HIJRI, 1355, 1, 1));
	(void)state;
}

/* Every day from y0 to y1 of our calendar is that of ICU's, both ways. */
static void
compare_with_icu(enum calendar c, const char *locale, int y0, int y1)
{
	UErrorCode u = U_ZERO_ERROR;
	UCalendar *cal = ucal_open(u"UTC", 3, locale, UCAL_DEFAULT, &u);
	int32_t last = day(c, y1, 12, 29);

	assert_true(U_SUCCESS(u));
	ucal_setGregorianChange(cal, -1e17, &u);         /* proleptic; others do not mind */
	u = U_ZERO_ERROR;
	for (int32_t d = day(c, y0, 1, 1); d <= last; d++) {
		struct ymd got = cal_of_day(c, d);
		ucal_setMillis(cal, d * 86400000.0, &u);
		assert_int_equal(got.year, ucal_get(cal, UCAL_EXTENDED_YEAR, &u));
		assert_int_equal(got.month, ucal_get(cal, UCAL_MONTH, &u) + 1);
		assert_int_equal(got.day, ucal_get(cal, UCAL_DATE, &u));
		assert_int_equal(day(c, got.year, got.month, got.day), d);
	}
	assert_true(U_SUCCESS(u));
	ucal_close(cal);
}

static void
every_day_is_that_of_icu(void **state)
{
	compare_with_icu(CAL_SOLAR_HIJRI, "fa_IR@calendar=persian", 1300, 1500);
	compare_with_icu(CAL_GREGORIAN, "en@calendar=gregorian", 1600, 2400);
	(void)state;
}

/* Consecutive days are consecutive dates, in all the years that there are. */
static void
days_go_there_and_back(void **state)
{
	static const struct {
		enum calendar c;
		int first, last;
	} v[] = {{CAL_GREGORIAN, 1, 3000}, {CAL_SOLAR_HIJRI, 1, 3000}, {CAL_IMPERIAL, 1181, 4180}};

	for (size_t k = 0; k < COUNT(v); k++) {
		int32_t at = day(v[k].c, v[k].first, 1, 1), ret = 12345;
		for (int y = v[k].first; y <= v[k].last; y++)
			for (int m = 1; m <= 12; m++)
				for (int d = 1; d <= cal_month_days(v[k].c, y, m); d++, at++) {
					struct ymd got = cal_of_day(v[k].c, at);
					assert_true(got.year == y && got.month == m && got.day == d);
					assert_int_equal(day(v[k].c, y, m, d), at);
				}
		assert_false(cal_to_day(v[k].c, (struct ymd){v[k].first - 1, 1, 1}, &ret));
		assert_false(cal_to_day(v[k].c, (struct ymd){v[k].last + 1, 1, 1}, &ret));
		assert_false(cal_to_day(v[k].c, (struct ymd){v[k].first, 0, 1}, &ret));
		assert_false(cal_to_day(v[k].c, (struct ymd){v[k].first, 13, 1}, &ret));
		assert_false(cal_to_day(v[k].c, (struct ymd){v[k].first, 1, 32}, &ret));
		assert_false(cal_to_day(v[k].c, (struct ymd){v[k].first, 1, 0}, &ret));
		assert_int_equal(ret, 12345);
	}
	(void)state;
}

/* --- reading --- */

struct reading {
	const char *text, *iso, *first, *last;   /* first NULL: as in iso, one day */
};

static void
read_all(const struct reading *v, size_t n, const struct date_hint *hint)
{
	struct arena *a = arena_create(1 << 22);

	for (size_t i = 0; i < n; i++) {
		struct date d, again;
		struct err e = {0};
		if (date_parse(str_of(v[i].text), hint, &d, &e)) {
			fail_msg("%s: %s", v[i].text, e.text);
			continue;
		}
		struct str iso = date_iso(a, &d);
		if (!str_is(iso, v[i].iso))
			fail_msg("%s: " STR_FMT " instead of %s", v[i].text, STR_ARG(iso), v[i].iso);
		const char *first = v[i].first ? v[i].first : v[i].iso;
		if (!str_is(day_iso(a, d.first), first)
		    || !str_is(day_iso(a, d.last), v[i].last ? v[i].last : first))
			fail_msg("%s: " STR_FMT " to " STR_FMT, v[i].text,
				STR_ARG(day_iso(a, d.first)), STR_ARG(day_iso(a, d.last)));
		assert_int_equal(date_parse(iso, NULL, &again, &e), OK);
		assert_true(date_equal(&d, &again));
	}
	arena_destroy(a);
}

static void
dates_are_read_in_all_their_forms(void **state)
{
	static const struct reading v[] = {
		/* figures */
		{"2020-03-27", "2020-03-27"},
		{"2020/3/27", "2020-03-27"},
		{"2020.03.27", "2020-03-27"},
		{"20200327", "2020-03-27"},
		{"27.03.2020", "2020-03-27"},
		{"27.3.2020.", "2020-03-27"},
		{"27/03/2020", "2020-03-27"},
		{"03/27/2020", "2020-03-27"},
		{"27-03-2020", "2020-03-27"},
		{"04.03.2020", "2020-03-04"},
		{"2020-03", "2020-03", "2020-03-01", "2020-03-31"},
		{"03.2020", "2020-03", "2020-03-01", "2020-03-31"},
		{"2020", "2020", "2020-01-01", "2020-12-31"},
		{"1398", "1398 SH", "2019-03-21", "2020-03-19"},
		{"1399", "1399 SH", "2020-03-20", "2021-03-20"},
		{"1398/10", "1398-10 SH", "2019-12-22", "2020-01-20"},
		{"1398/10/12", "1398-10-12 SH", "2020-01-02"},
		{"12.10.1398", "1398-10-12 SH", "2020-01-02"},
		{"13981012", "1398-10-12 SH", "2020-01-02"},
		{"۱۳۹۸/۱۰/۱۲", "1398-10-12 SH", "2020-01-02"},
		{"١٣٩٨/١٠/١٢", "1398-10-12 SH", "2020-01-02"},
		{"１３９８/１０/１２", "1398-10-12 SH", "2020-01-02"},
		{"۱۳۹۸", "1398 SH", "2019-03-21", "2020-03-19"},
		{"1399/12/30", "1399-12-30 SH", "2021-03-20"},
		{"2020-02-29", "2020-02-29"},
		{"2535/1/1", "2535-01-01 IE", "1976-03-21"},
		{"۲۵۳۶", "2536 IE", "1977-03-21", "1978-03-20"},
		/* names of months, English */
		{"27 March 2020", "2020-03-27"},
		{"March 27, 2020", "2020-03-27"},
		{"27th of March 2020", "2020-03-27"},
		{"27-Mar-2020", "2020-03-27"},
		{"Sept. 11, 1973", "1973-09-11"},
		{"1973 Sep 11", "1973-09-11"},
		{"MARCH 2020", "2020-03", "2020-03-01", "2020-03-31"},
		{"Mar-2020", "2020-03", "2020-03-01", "2020-03-31"},
		{"12 Esfand 1398", "1398-12-12 SH", "2020-03-02"},
		{"Dei 25, 1397", "1397-10-25 SH", "2019-01-15"},
		{"1 Farvardin 1399", "1399-01-01 SH", "2020-03-20"},
		/* Persian */
		{"۲۵ دی ۱۳۹۷", "1397-10-25 SH", "2019-01-15"},
		{"۲۵ دی‌ماه ۱۳۹۷", "1397-10-25 SH", "2019-01-15"},
		{"۲۵ دیماه ۱۳۹۷", "1397-10-25 SH", "2019-01-15"},
		{"۲۵ دی ماه سال ۱۳۹۷", "1397-10-25 SH", "2019-01-15"},
		{"در تاریخ ۲۵/۱۰/۱۳۹۷", "1397-10-25 SH", "2019-01-15"},
		{"۲۵م دی ۱۳۹۷ شمسی", "1397-10-25 SH", "2019-01-15"},
		{"دی ۱۳۹۷", "1397-10 SH", "2018-12-22", "2019-01-20"},
		{"۸ آبان ۱۳۹۸", "1398-08-08 SH", "2019-10-30"},
		{"٨ ابان ١٣٩٨", "1398-08-08 SH", "2019-10-30"},
		{"۱ اردي‌بهشت ۱۳۹۸", "1398-02-01 SH", "2019-04-21"},
		{"۲۷ مارس ۲۰۲۰", "2020-03-27"},
		{"۲۷ مارس ۲۰۲۰ میلادی", "2020-03-27"},
		{"۲۰۲۰م", "2020", "2020-01-01", "2020-12-31"},
		{"۱۱ آوریل ۲۰۲۰", "2020-04-11"},
		{"۱۱ مه ۲۰۲۰", "2020-05-11"}, {"۱۱ می ۲۰۲۰", "2020-05-11"},
		{"۱۱ ژوئن ۲۰۲۰", "2020-06-11"}, {"۱۱ جون ۲۰۲۰", "2020-06-11"},
		{"۱۱ ژوئیه ۲۰۲۰", "2020-07-11"}, {"۱۱ ژوئيه ۲۰۲۰", "2020-07-11"},
		{"۱۱ جولای ۲۰۲۰", "2020-07-11"}, {"۱۱ اوت ۲۰۲۰", "2020-08-11"},
		{"۱۱ آگوست ۲۰۲۰", "2020-08-11"}, {"۱۱ ژانویهٔ ۲۰۲۰", "2020-01-11"},
		{"۱۳۹۸ ه.ش", "1398 SH", "2019-03-21", "2020-03-19"},
		{"۱۳۹۸ ه‍.ش.", "1398 SH", "2019-03-21", "2020-03-19"},
		{"۱۳۹۸ هجری شمسی", "1398 SH", "2019-03-21", "2020-03-19"},
		{"جمعه ۸ فروردین ۱۳۹۹", "1399-01-08 SH", "2020-03-27"},
		{"سه‌شنبه، ۲۵ دی ۱۳۹۷", "1397-10-25 SH", "2019-01-15"},
		{"بهار ۱۳۹۸", "1398-01/1398-03 SH", "2019-03-21", "2019-06-21"},
		{"زمستان ۱۳۹۸", "1398-10/1398-12 SH", "2019-12-22", "2020-03-19"},
		{"winter 1399", "1399-10/1399-12 SH", "2020-12-21", "2021-03-20"},
		/* Azerbaijani */
		{"1397-ci ilin Dey ayının 25-də", "1397-10-25 SH", "2019-01-15"},
		{"1397-CI İLİN DEY AYININ 25-DƏ", "1397-10-25 SH", "2019-01-15"},
		{"25 dey 1397", "1397-10-25 SH", "2019-01-15"},
		{"27 mart 2020", "2020-03-27"},
		{"27 mart 2020-ci il", "2020-03-27"},
		{"2020-ci il martın 27-si", "2020-03-27"},
		{"2020-ci ilin mart ayının 27-sində", "2020-03-27"},
		{"27.03.2020-ci il tarixində", "2020-03-27"},
		{"3 İyun 2020", "2020-06-03"}, {"3 iyul 2020", "2020-07-03"},
		{"30 sentyabr 2019-cu il", "2019-09-30"},
		{"8 Fərvərdin 1399", "1399-01-08 SH", "2020-03-27"},
		{"8 Ferverdin 1399", "1399-01-08 SH", "2020-03-27"},
		{"2 Ordibeheşt 1399", "1399-02-02 SH", "2020-04-21"},
		{"2 Şəhrivər 1399", "1399-06-02 SH", "2020-08-23"},
		{"12 İsfənd 1398", "1398-12-12 SH", "2020-03-02"},
		{"Bəhmən ayı 1398", "1398-11 SH", "2020-01-21", "2020-02-19"},
		{"Cümə axşamı, 26 mart 2020", "2020-03-26"},
		{"yaz 1398", "1398-01/1398-03 SH", "2019-03-21", "2019-06-21"},
		{"۲۷ مارت ۲۰۲۰-جی ایل", "2020-03-27"},
		{"۳ یانوار ۲۰۲۰", "2020-01-03"},
		{"۱۳۹۷-جی ایلین دی آیی‌نین ۲۵-ده", "1397-10-25 SH", "2019-01-15"},
		/* weekdays, times */
		{"Friday, 27 March 2020", "2020-03-27"},
		{"Fri 27 Mar 2020", "2020-03-27"},
		{"2020-03-27T10:00", "2020-03-27"},
		{"2020-03-27T10:00:00.000Z", "2020-03-27"},
		{"2020-03-27T22:30:00+04:30", "2020-03-27"},
		{"2020-03-27 00:00:00", "2020-03-27"},
		{"27.03.2020 14:05", "2020-03-27"},
		{"3/27/2020 2:05 PM", "2020-03-27"},
		{"۱۳۹۸/۱۰/۱۲ ساعت ۱۰:۳۰", "1398-10-12 SH", "2020-01-02"},
		/* both calendars at once */
		{"8 Farvardin 1399 (27 March 2020)", "1399-01-08 SH", "2020-03-27"},
		{"27.03.2020 [1399/01/08]", "2020-03-27"},
		{"1398 (SH)", "1398 SH", "2019-03-21", "2020-03-19"},
		/* white space and invisible characters */
		{"  27\u00a0March\t2020 ", "2020-03-27"},
		{"\u200f۲۵ دی ۱۳۹۷\u200f", "1397-10-25 SH", "2019-01-15"},
	};

	read_all(v, COUNT(v), NULL);
	(void)state;
}

static void
ranges_doubts_and_open_ends_are_kept(void **state)
{
	static const struct reading v[] = {
		{"1973-09-11/1973-09-12", "1973-09-11/1973-09-12", "1973-09-11", "1973-09-12"},
		{"11-12 September 1973", "1973-09-11/1973-09-12", "1973-09-11", "1973-09-12"},
		{"September 11–12, 1973", "1973-09-11/1973-09-12", "1973-09-11", "1973-09-12"},
		{"30 Sep - 2 Oct 1973", "1973-09-30/1973-10-02", "1973-09-30", "1973-10-02"},
		{"از ۱۲ تا ۱۸ دی ۱۳۹۷", "1397-10-12/1397-10-18 SH", "2019-01-02", "2019-01-08"},
		{"۱۲ الی ۱۸ دی ۱۳۹۷", "1397-10-12/1397-10-18 SH", "2019-01-02", "2019-01-08"},
		{"بین ۱۲ و ۱۸ دی ۱۳۹۷", "1397-10-12/1397-10-18 SH", "2019-01-02", "2019-01-08"},
		{"1398/10/12-1398/10/18", "1398-10-12/1398-10-18 SH", "2020-01-02", "2020-01-08"},
		{"12.10.1398 – 18.10.1398", "1398-10-12/1398-10-18 SH", "2020-01-02", "2020-01-08"},
		{"between 3 and 5 May 2019", "2019-05-03/2019-05-05", "2019-05-03", "2019-05-05"},
		{"from 3 May to 5 June 2019", "2019-05-03/2019-06-05", "2019-05-03", "2019-06-05"},
		{"March to May 2020", "2020-03/2020-05", "2020-03-01", "2020-05-31"},
		{"March-May 2020", "2020-03/2020-05", "2020-03-01", "2020-05-31"},
		{"2018–2019", "2018/2019", "2018-01-01", "2019-12-31"},
		{"2018-2019", "2018/2019", "2018-01-01", "2019-12-31"},
		{"2018/2019", "2018/2019", "2018-01-01", "2019-12-31"},
		{"2020-03/2020-05", "2020-03/2020-05", "2020-03-01", "2020-05-31"},
		{"2020/2020", "2020", "2020-01-01", "2020-12-31"},
		{"2019-cu ilin dekabr ayının 12-dən 18-dək", "2019-12-12/2019-12-18",
			"2019-12-12", "2019-12-18"},
		{"12 dekabrdan 18 dekabr 2019-a qədər", "2019-12-12/2019-12-18",
			"2019-12-12", "2019-12-18"},
		{"1397-ci ilin Dey ayının 12-dən Bəhmən ayının 3-nə kimi",
			"1397-10-12/1397-11-03 SH", "2019-01-02", "2019-01-23"},
		{"3 və 5 may 2019 arasında", "2019-05-03/2019-05-05", "2019-05-03", "2019-05-05"},
		{"2018-ci il ilə 2019-cu il arasında", "2018/2019", "2018-01-01", "2019-12-31"},
		{"2018-ci ildən 2019-cu ilədək", "2018/2019", "2018-01-01", "2019-12-31"},
		/* about */
		{"about 2018", "~2018", "2018-01-01", "2018-12-31"},
		{"c. 1398", "~1398 SH", "2019-03-21", "2020-03-19"},
		{"~27.03.2020", "~2020-03-27", "2020-03-27"},
		{"2018?", "~2018", "2018-01-01", "2018-12-31"},
		{"2018 (approx.)", "~2018", "2018-01-01", "2018-12-31"},
		{"حدود ۱۳۹۸", "~1398 SH", "2019-03-21", "2020-03-19"},
		{"حدوداً دی ۱۳۹۷", "~1397-10 SH", "2018-12-22", "2019-01-20"},
		{"təxminən 2019-cu il", "~2019", "2019-01-01", "2019-12-31"},
		/* open ends: before and after do not include what they name */
		{"before 27 March 2020", "../2020-03-26", "-221-09-04", "2020-03-26"},
		{"before 1 Farvardin 1399", "../1398-12-29 SH", "-221-09-04", "2020-03-19"},
		{"before March 2020", "../2020-02", "-221-09-04", "2020-02-29"},
		{"before January 2020", "../2019-12", "-221-09-04", "2019-12-31"},
		{"by 27 March 2020", "../2020-03-27", "-221-09-04", "2020-03-27"},
		{"2020 or earlier", "../2020", "-221-09-04", "2020-12-31"},
		{"قبل از ۱۳۹۷", "../1396 SH", "-221-09-04", "2018-03-20"},
		{"پیش از ۱۲ دی ۱۳۹۷", "../1397-10-11 SH", "-221-09-04", "2019-01-01"},
		{"تا ۱۲ دی ۱۳۹۷", "../1397-10-12 SH", "-221-09-04", "2019-01-02"},
		{"2020-ci ildən əvvəl", "../2019", "-221-09-04", "2019-12-31"},
		{"27 mart 2020-ci ilə qədər", "../2020-03-27", "-221-09-04", "2020-03-27"},
		{"after 2019", "2020/..", "2020-01-01", "3065-03-01"},
		{"after December 2019", "2020-01/..", "2020-01-01", "3065-03-01"},
		{"since 27 March 2020", "2020-03-27/..", "2020-03-27", "3065-03-01"},
		{"from 2019 onwards", "2019/..", "2019-01-01", "3065-03-01"},
		{"پس از ۱۳۹۷", "1398/.. SH", "2019-03-21", "3065-03-01"},
		{"بعد از ۲۹ اسفند ۱۳۹۷", "1398-01-01/.. SH", "2019-03-21", "3065-03-01"},
		{"از ۱۳۹۷ به بعد", "1397/.. SH", "2018-03-21", "3065-03-01"},
		{"2019-cu ildən sonra", "2020/..", "2020-01-01", "3065-03-01"},
		{"2019-cu ildən bəri", "2019/..", "2019-01-01", "3065-03-01"},
		/* a choice */
		{"3 or 4 May 2020", "2020-05-03|2020-05-04?", "2020-05-03", "2020-05-04"},
		{"5 may və ya 3 may 2020", "2020-05-03|2020-05-05?", "2020-05-03", "2020-05-05"},
	};

	read_all(v, COUNT(v), NULL);
	(void)state;
}

/* Today is 2026-06-01, 11 Khordad 1405. */
static void
what_can_be_read_in_several_ways_says_so(void **state)
{
	static const struct date_hint dmy = {.order = DATE_ORDER_DMY}, mdy = {.order = DATE_ORDER_MDY},
		ymd = {.order = DATE_ORDER_YMD}, hijri = {.calendar = CAL_SOLAR_HIJRI},
		hijri_ymd = {.calendar = CAL_SOLAR_HIJRI, .order = DATE_ORDER_YMD},
		gregorian = {.calendar = CAL_GREGORIAN};
	static const struct {
		const struct date_hint *hint;
		struct reading r;
	} v[] = {
		/* the order of day and month */
		{NULL, {"03/04/2020", "2020-03-04|2020-04-03?", "2020-03-04", "2020-04-03"}},
		{&dmy, {"03/04/2020", "2020-04-03"}},
		{&mdy, {"03/04/2020", "2020-03-04"}},
		{&ymd, {"03/04/2020", "2020-03-04|2020-04-03?", "2020-03-04", "2020-04-03"}},
		{NULL, {"13/04/2020", "2020-04-13"}},
		{NULL, {"04/13/2020", "2020-04-13"}},
		{NULL, {"04/04/2020", "2020-04-04"}},
		{NULL, {"03-04-2020", "2020-03-04|2020-04-03?", "2020-03-04", "2020-04-03"}},
		{NULL, {"03.04.2020", "2020-04-03"}},
		{&mdy, {"03.04.2020", "2020-03-04"}},
		{&mdy, {"2020/03/04", "2020-03-04"}},
		{&mdy, {"3 April 2020", "2020-04-03"}},
		{NULL, {"10/12/1398", "1398-10-12|1398-12-10 SH?", "2020-01-02", "2020-02-29"}},
		{&dmy, {"10/12/1398", "1398-12-10 SH", "2020-02-29"}},
		{NULL, {"03/04/2020 - 05/04/2020", "2020-03-04/2020-05-04?", "2020-03-04",
			"2020-05-04"}},
		{&dmy, {"03/04/2020 - 05/04/2020", "2020-04-03/2020-04-05", "2020-04-03",
			"2020-04-05"}},
		{&dmy, {"03/04-05/04/2020", "2020-04-03/2020-04-05", "2020-04-03", "2020-04-05"}},
		{NULL, {"before 03/04/2020", "../2020-04-02?", "-221-09-04", "2020-04-02"}},
		/* the century, and with it the calendar */
		{NULL, {"۲۵ دی‌ماه ۹۷", "1297-10-25|1397-10-25 SH?", "1919-01-16", "2019-01-15"}},
		{NULL, {"25 Dey 97", "1297-10-25|1397-10-25 SH?", "1919-01-16", "2019-01-15"}},
		{NULL, {"۹۸/۱۰/۱۲", "1298-10-12|1398-10-12 SH?", "1920-01-03", "2020-01-02"}},
		{&hijri_ymd, {"98/10/12", "1298-10-12|1398-10-12 SH?", "1920-01-03", "2020-01-02"}},
		{&hijri, {"97", "1297|1397 SH?", "1918-03-22", "2019-03-20"}},
		{&gregorian, {"97", "1997", "1997-01-01", "1997-12-31"}},
		{NULL, {"97", "1297/1397 SH?", "1918-03-22", "2019-03-20"}},
		{NULL, {"27 March 97", "1997-03-27"}},
		{NULL, {"27 March 15", "1915-03-27|2015-03-27?", "1915-03-27", "2015-03-27"}},
		/* a day of release lies ahead: 1927 must not be its only reading */
		{NULL, {"27 March 31", "1931-03-27|2031-03-27?", "1931-03-27", "2031-03-27"}},
		/* only 1399 has the day */
		{NULL, {"30 Esfand 99", "1399-12-30 SH", "2021-03-20"}},
		/* 1297, 1397 Solar Hijri and 1997 */
		{NULL, {"12.05.97", "1297-05-12/1397-05-12 SH?", "1918-08-04", "2018-08-03"}},
		/* 1944 and 2044 Gregorian, 1344 Solar Hijri */
		{NULL, {"44", "1944/2044?", "1944-01-01", "2044-12-31"}},
		/* 1950 Gregorian, 1350 Solar Hijri: ends in two calendars, given in days */
		{NULL, {"60", "1960-01-01/1982-03-20?", "1960-01-01", "1982-03-20"}},
	};

	for (size_t i = 0; i < COUNT(v); i++)
		read_all(&v[i].r, 1, v[i].hint);
	(void)state;
}

static void
what_is_no_date_is_refused_with_what_would_be_right(void **state)
{
	static const struct date_hint mdy = {.order = DATE_ORDER_MDY},
		gregorian = {.calendar = CAL_GREGORIAN}, hijri = {.calendar = CAL_SOLAR_HIJRI};
	static const struct {
		const char *text, *says;
		const struct date_hint *hint;
	} v[] = {
		/* impossible days */
		{"1398/12/30", "1398 is not a leap year (1399 is)"},
		{"30 Esfand 1400", "(1403 is)"},
		{"31.02.2020", "February 2020 has 29 days"},
		{"29 February 2019", "2019 is not a leap year (2020 is)"},
		{"31 Mehr 1399", "Mehr 1399 has 30 days"},
		{"1399/13/40", "there is no month 13"},
		{"2020-04-31", "April 2020 has 30 days"},
		{"13/04/2020", "there is no month 13", &mdy},
		{"2020-00-12", "there is no month 0"},
		{"2020-03-00", "there is no day 0"},
		{"0000-01-01", "there is no year 0"},
		{"0/0/0", "four digits"},
		{"32 March 2020", "has 31 days"}, {"32/03/2020", "has 31 days"},
		{"32.2020", "there is no month 32"},
		/* years */
		{"1700-01-01", "1700"}, {"0098-01-01", "98"}, {"2300", "2300"}, {"980", "980"},
		{"43917", "serial number"},
		{"25 March", "no year"}, {"۲۵ دی", "no year"}, {"25", "no year"}, {"Mar-20", "four digits"},
		{"5.5.5", "four digits"},
		{"12 Esfand 2019", "Solar Hijri"}, {"27 March 1399", "Gregorian"},
		{"12 March 2535", "Gregorian"}, {"1398 CE", "1398 is not a Gregorian year"},
		{"2020 SH", "2020 is not a Solar Hijri year"},
		{"1398/10/12", "1398 is not a Gregorian year", &gregorian},
		{"2020-03-27", "2020 is not a Solar Hijri year", &hijri},
		/* other calendars, vague words, seasons */
		{"12 Ramadan 1441", "lunar"}, {"۱۲ رمضان ۱۴۴۱", "lunar"}, {"12 Məhərrəm 1441", "lunar"},
		{"1441 AH", "lunar"}, {"۱۴۴۱ قمری", "lunar"}, {"۱۴۴۱ ه.ق", "lunar"},
		{"1 foo Sha'ban 1441", "lunar"}, {"1398 hijri", "lunar"},
		{"early 2020", "which days"}, {"اواخر ۱۳۹۷", "which days"}, {"1990s", "which days"},
		{"2019-cu ilin sonunda", "which days"},
		{"spring 2020", "March to May"}, {"بهار ۲۰۲۰", "Gregorian"},
		/* words that are not read */
		{"2020-03-27 approx arrested", "\"arrested\" is no word"},
		{"27 March 2020 in Tabriz", "\"Tabriz\" is no word"},
		{"2020-03-27; 2020-03-28", "\";\""},
		{"12 Bahmani 1398", "\"Bahmani\""},
		{"unknown", "\"unknown\""}, {"نامعلوم", "no word of a date"}, {"NA", "\"NA\""},
		/* no order in them */
		{"", "there is no date"}, {"   ", "there is no date"}, {"Friday", "there is no date"},
		{"-", "not understood"}, {"/", "not understood"}, {"about", "not understood"},
		{"2020-03-27 2020-03-28", "not understood"}, {"12 05 2020", "not understood"},
		{"12,05,2020", "not understood"}, {"2020-03/27", "within"},
		{"12 and 13 May 2020", "not understood"}, {"12 March April 2020", "not understood"},
		{"27 March 2020 10:00:", "not understood"}, {"10:00", "not understood"},
		{"27.03.2020 25:00", "not understood"}, {"27.03.2020 10:75", "not understood"},
		{"before after 2020", "not understood"}, {"12-dən 2020", "not understood"},
		{"1398.0", "no month 0"}, {"2018-19", "no month 19"}, {"123456789012", "no word"},
		{"2020-03-27 (", "not understood"}, {"(2020)", "not understood"}, {"2020 ()", "not understood"},
		{"27 March 2020 at noon", "\"noon\""}, {"27 March 2020 at", "not understood"},
		/* ranges */
		{"18-12 Dey 1397", "earlier first"}, {"28 December to 3 January 2020", "both years"},
		{"2020 to 2019", "earlier first"}, {"from 2020 to March 2020", "within"},
		{"1397 to 2019", "different calendars"}, {"from 12 to 18", "no year"},
		{"../..", "not understood"}, {"before 1200", "1199"},
		/* brackets */
		{"8 Farvardin 1399 (28 March 2020)", "brackets"},
		{"27.03.2020 (Tabriz)", "\"Tabriz\""},
		/* bytes */
		{"2020-03-27\xff", "not UTF-8"}, {"27 \xd9", "not UTF-8"},
	};

	for (size_t i = 0; i < COUNT(v); i++) {
		struct date d = {.first = 4711};
		struct err e = {0};
		enum status s = date_parse(str_of(v[i].text), v[i].hint, &d, &e);
		if (s != BAD || !str_has(str_of(e.text), v[i].says))
			fail_msg("%s: status %d, %s", v[i].text, (int)s, e.text);
		assert_int_equal(d.first, 4711);
		assert_true(utf8_valid(str_bytes(str_of(e.text))));
	}
	(void)state;
}

static void
long_input_is_refused(void **state)
{
	char text[5000];
	struct date d;
	struct err e;

	memset(text, ' ', sizeof text);
	assert_int_equal(date_parse((struct str){text, sizeof text}, NULL, &d, &e), BAD);
	memset(text, '1', sizeof text);
	assert_int_equal(date_parse((struct str){text, DATE_TEXT_MAX}, NULL, &d, &e), BAD);
	assert_int_equal(date_parse((struct str){text, DATE_TEXT_MAX + 1}, NULL, &d, &e), BAD);
	for (size_t i = 0; i < DATE_TEXT_MAX; i++)
		text[i] = "1/"[i % 2];
	assert_int_equal(date_parse((struct str){text, DATE_TEXT_MAX}, NULL, &d, &e), BAD);
	assert_int_equal(date_parse((struct str){text, DATE_TEXT_MAX}, NULL, &d, NULL), BAD);
	(void)state;
}

/* What another program writes: ICU's long and full dates, a day in each month of
 * two years, back to the day. */
static void
dates_that_icu_writes_are_read(void **state)
{
	static const char *const locales[] = {
		"en_GB@calendar=gregorian", "en_US@calendar=gregorian", "en@calendar=persian",
		"fa_IR@calendar=persian", "fa_IR@calendar=gregorian", "fa_AF@calendar=gregorian",
		"az@calendar=gregorian", "az_Cyrl@calendar=gregorian", "tr@calendar=gregorian",
		"ru@calendar=gregorian", "ru@calendar=persian", "fa_AF@calendar=persian",
		"ps_AF@calendar=persian",
	};
	static const UDateFormatStyle styles[] = {UDAT_FULL, UDAT_LONG, UDAT_MEDIUM};

	for (size_t k = 0; k < COUNT(locales) * COUNT(styles); k++) {
		UErrorCode u = U_ZERO_ERROR;
		UDateFormat *f = udat_open(UDAT_NONE, styles[k % COUNT(styles)],
			locales[k / COUNT(styles)], u"UTC", 3, NULL, 0, &u);
		for (int32_t at = 18000; at < 18730; at += 13) {
			static const struct date_hint ymd = {.order = DATE_ORDER_YMD};
			UChar wide[200];
			char text[600];
			struct date d;
			struct err e;
			udat_format(f, at * 86400000.0, wide, COUNT(wide), NULL, &u);
			u_strToUTF8(text, sizeof text, NULL, wide, -1, &u);
			assert_true(U_SUCCESS(u));
			if (date_parse(str_of(text), &ymd, &d, &e))
				fail_msg("%s: %s", locales[k / COUNT(styles)], e.text);
			if (d.first != at || d.last != at)
				fail_msg("%s is not day %d", text, d.first);
			/* The full ones name the weekday. */
			if (date_weekday_doubt(str_of(text), &d, &e))
				fail_msg("%s: %s", text, e.text);
			d = date_of_days(d.calendar, at + 1, at + 1);
			assert_int_equal(date_weekday_doubt(str_of(text), &d, &e),
				styles[k % COUNT(styles)] == UDAT_FULL);
		}
		udat_close(f);
	}
	(void)state;
}

/* --- words --- */

/* A key that is not as date_fold() leaves it can never be met. */
static void
keys_of_the_tables_are_folded_and_single(void **state)
{
	const struct date_word *w, *other;

	for (size_t i = 0; (w = date_word_nth(i)); i++) {
		struct str key = str_of(w->text);
		for (size_t at = 0; at < key.n;) {
			uint32_t cp = utf8_next(key, &at);
			assert_int_equal(date_fold(cp), cp);
		}
		for (size_t k = 0; k < i && (other = date_word_nth(k)); k++)
			if (str_is(key, other->text))
				fail_msg("%s stands twice", w->text);
	}
	(void)state;
}

static void
every_month_is_read_in_every_language(void **state)
{
	struct arena *a = arena_create(1 << 20);

	for (int l = 0; l < LANG_COUNT; l++)
		for (int m = 1; m <= 12; m++)
			for (int c = CAL_GREGORIAN; c <= CAL_IMPERIAL; c++) {
				static const int year[] = {0, 2020, 1399, 2535};
				struct date d;
				struct err e;
				struct str s = str_fmt(a, "%s %d",
					date_month_name((enum lang)l, (enum calendar)c, m), year[c]);
				if (date_parse(s, NULL, &d, &e))
					fail_msg("%s", e.text);
				assert_int_equal(d.calendar, c);
				assert_int_equal(d.from.month, m);
			}
	arena_destroy(a);
	(void)state;
}

/* --- values --- */

/* xorshift64 (Marsaglia 2003): the same dates in every run. */
static uint64_t seed = 20200327;

static int
below(int n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (int)(seed % (uint64_t)n);
}

/* The Gregorian years are those that have a Solar Hijri name. */
static struct ymd
random_claim(enum calendar c, int precision)
{
	static const int first[] = {0, 1822, 1200, 2440}, years[] = {0, 299, 301, 121};
	struct ymd d = {first[c] + below(years[c]), 0, 0};

	if (precision > 0)
		d.month = 1 + below(12);
	if (precision > 1)
		d.day = 1 + below(cal_month_days(c, d.year, d.month));
	return d;
}

/* Any date that the format allows, of either shape. */
static struct date
random_date(void)
{
	struct date d;
	struct ymd none = {0, 0, 0};
	int precision;

	do {
		d = (struct date){.calendar = (enum calendar)(1 + below(3))};
		precision = below(3);
		d.flags = (unsigned)below(8);
		d.from = d.to = random_claim(d.calendar, precision);
		if (d.flags & (DATE_RANGE | DATE_AMBIGUOUS)) {
			d.to = random_claim(d.calendar, below(8) ? precision : below(3));
			/* Close together, so that what is shared is left out. */
			if (below(2))
				d.to.year = d.from.year;
			if (below(3) == 0 && d.to.month && d.from.month)
				d.to.month = d.from.month;
		}
		if (d.flags & DATE_RANGE && below(4) == 0)
			*(below(2) ? &d.from : &d.to) = none;
	} while (!date_derive(&d));
	return d;
}

static void
iso_and_cbor_give_back_the_same_date(void **state)
{
	struct arena *a = arena_create(1 << 20);
	struct buf b;

	buf_init(&b, 1000);
	for (int i = 0; i < 20000; i++) {
		struct date d = random_date(), again;
		struct date_hint hint = {.order = (enum date_order)below(4)};
		struct err e;
		struct str iso = date_iso(a, &d);
		if (date_parse(iso, &hint, &again, &e))
			fail_msg("%s", e.text);
		if (!date_equal(&d, &again))
			fail_msg(STR_FMT " is " STR_FMT, STR_ARG(iso), STR_ARG(date_iso(a, &again)));
		buf_clear(&b);
		date_put(&b, &d);
		assert_true(cbor_valid(buf_bytes(&b)));
		assert_true(date_get(buf_bytes(&b), &again));
		assert_true(date_equal(&d, &again));
		arena_reset(a);
	}
	buf_finish(&b);
	arena_destroy(a);
	(void)state;
}

static void
what_is_shown_reads_back_to_the_same_days(void **state)
{
	struct arena *a = arena_create(1 << 20);

	for (int i = 0; i < 20000; i++) {
		struct date d = random_date(), again;
		enum lang l = (enum lang)below(LANG_COUNT);
		enum calendar c = below(3) ? 0 : d.calendar;
		struct err e;
		struct str s = date_show(a, &d, l, c);
		if (date_parse(s, NULL, &again, &e))
			fail_msg("%s (" STR_FMT ")", e.text, STR_ARG(date_iso(a, &d)));
		if (d.first != again.first || d.last != again.last || d.flags != again.flags)
			fail_msg(STR_FMT ": " STR_FMT " instead of " STR_FMT, STR_ARG(s),
				STR_ARG(date_iso(a, &again)), STR_ARG(date_iso(a, &d)));
		if (c)
			assert_true(date_equal(&d, &again));
		arena_reset(a);
	}
	arena_destroy(a);
	(void)state;
}

static void
dates_are_shown_as_each_language_writes_them(void **state)
{
	static const struct {
		const char *text, *shown[LANG_COUNT];
	} v[] = {
		{"2020-03-27", {"27 March 2020", "۸ فروردین ۱۳۹۹ (۲۷ مارس ۲۰۲۰)", "27 mart 2020",
			"۸ فروردین ۱۳۹۹ (۲۷ مارت ۲۰۲۰)"}},
		{"1397/10/25", {"15 January 2019 (25 Dey 1397)", "۲۵ دی ۱۳۹۷ (۱۵ ژانویه ۲۰۱۹)",
			"15 yanvar 2019 (25 Dey 1397)", "۲۵ دی ۱۳۹۷ (۱۵ یانوار ۲۰۱۹)"}},
		{"1398", {"1398 SH", "۱۳۹۸", "1398 h.ş.", "۱۳۹۸"}},
		{"~2018", {"about 2018", "حدود ۲۰۱۸ میلادی", "təxminən 2018", "تخمینن ۲۰۱۸ میلادی"}},
		{"1397-10", {"Dey 1397", "دی ۱۳۹۷", "Dey 1397", "دی ۱۳۹۷"}},
		{"2019-12-12/2019-12-18", {"from 12 to 18 December 2019",
			"از ۲۱ تا ۲۷ آذر ۱۳۹۸ (از ۱۲ تا ۱۸ دسامبر ۲۰۱۹)",
			"2019-cu ilin dekabr ayının 12-dən 18-dək",
			"۱۳۹۸-جی ایلین آذر آیی‌نین ۲۱-دن ۲۷-دک "
			"(۲۰۱۹-جو ایلین دئکابر آیی‌نین ۱۲-دن ۱۸-دک)"}},
		{"2019-11/2020-02", {"from November 2019 to February 2020",
			"از نوامبر ۲۰۱۹ تا فوریه ۲۰۲۰",
			"2019-cu ilin noyabr ayından 2020-ci ilin fevral ayınadək",
			"۲۰۱۹-جو ایلین نویابر آییندان ۲۰۲۰-جی ایلین فئورال آیینادک"}},
		{"2020-03-04|2020-04-03?", {"4 March or 3 April 2020",
			"۱۴ اسفند ۱۳۹۸ یا ۱۵ فروردین ۱۳۹۹ (۴ مارس یا ۳ آوریل ۲۰۲۰)",
			"4 mart və ya 3 aprel 2020",
			"۱۴ اسفند ۱۳۹۸ و یا ۱۵ فروردین ۱۳۹۹ (۴ مارت و یا ۳ آپرئل ۲۰۲۰)"}},
		{"../2019", {"2019 or earlier", "۲۰۱۹ میلادی یا پیش از آن", "2019 və ya daha əvvəl",
			"۲۰۱۹ میلادی و یا داها قاباق"}},
	};
	struct arena *a = arena_create(1 << 20);
	struct date d;

	for (size_t i = 0; i < COUNT(v); i++) {
		assert_int_equal(date_parse(str_of(v[i].text), NULL, &d, NULL), OK);
		for (int l = 0; l < LANG_COUNT; l++) {
			struct str s = date_show(a, &d, (enum lang)l, 0);
			if (!str_is(s, v[i].shown[l]))
				fail_msg(STR_FMT " instead of %s", STR_ARG(s), v[i].shown[l]);
		}
	}
	/* In the calendar asked for; a year of one is a range of days in another. */
	assert_int_equal(date_parse(S("1398"), NULL, &d, NULL), OK);
	assert_true(str_is(date_show(a, &d, LANG_EN, CAL_GREGORIAN),
		"from 21 March 2019 to 19 March 2020"));
	assert_int_equal(date_parse(S("2020-03-27"), NULL, &d, NULL), OK);
	assert_true(str_is(date_show(a, &d, LANG_AZ, CAL_SOLAR_HIJRI), "8 Fərvərdin 1399"));
	assert_true(str_is(date_show(a, &d, LANG_FA, CAL_GREGORIAN), "۲۷ مارس ۲۰۲۰"));
	arena_destroy(a);
	(void)state;
}

/* 25 Dey 1397, written out by hand: 15 January 2019 is day 17911. */
static void
cbor_is_that_of_the_format(void **state)
{
	static const uint8_t good[] = {0x86, 0x02, 0x83, 0x19, 0x05, 0x75, 0x0a, 0x18, 0x19,
		0x83, 0x19, 0x05, 0x75, 0x0a, 0x18, 0x19, 0x19, 0x45, 0xf7, 0x19, 0x45, 0xf7, 0x00};
	uint8_t bad[sizeof good + 1];
	struct date d, again;
	struct buf b;

	buf_init(&b, 100);
	assert_int_equal(date_of_ymd(CAL_SOLAR_HIJRI, (struct ymd){1397, 10, 25}, &d, NULL), OK);
	date_put(&b, &d);
	assert_true(bytes_eq(buf_bytes(&b), BYTES(good)));
	/* Whatever byte is another, it is no date, or another date that is consistent. */
	for (size_t i = 0; i < sizeof good; i++)
		for (int v = 0; v < 256; v++) {
			memcpy(bad, good, sizeof good);
			bad[i] = (uint8_t)v;
			if (v == good[i] || !date_get((struct bytes){bad, sizeof good}, &again))
				continue;
			assert_false(date_equal(&d, &again));
			buf_clear(&b);
			date_put(&b, &again);
			assert_true(bytes_eq(buf_bytes(&b), (struct bytes){bad, sizeof good}));
		}
	memcpy(bad, good, sizeof good);
	bad[sizeof good] = 0;
	assert_false(date_get(BYTES(bad), &again));
	for (size_t n = 0; n < sizeof good; n++)
		assert_false(date_get((struct bytes){good, n}, &again));
	buf_finish(&b);
	(void)state;
}

static void
a_date_that_does_not_mean_its_days_is_refused(void **state)
{
	static const struct date v[] = {
		/* the interval is not that of the claim */
		{CAL_SOLAR_HIJRI, {1397, 10, 25}, {1397, 10, 25}, 17911, 17912, 0},
		{CAL_GREGORIAN, {2020, 0, 0}, {2020, 0, 0}, 18262, 18262, 0},
		/* no such day, month, year, flag; a day without a month */
		{CAL_SOLAR_HIJRI, {1398, 12, 30}, {1398, 12, 30}, 18341, 18341, 0},
		{CAL_GREGORIAN, {2020, 0, 5}, {2020, 0, 5}, 18262, 18262, 0},
		{CAL_GREGORIAN, {1970, 1, 1}, {1970, 1, 1}, 0, 0, 8},
		/* two claims without saying why; a range of nothing; open at both ends */
		{CAL_GREGORIAN, {1970, 1, 1}, {1970, 1, 2}, 0, 1, 0},
		{CAL_GREGORIAN, {1970, 1, 1}, {1970, 1, 1}, 0, 0, DATE_RANGE},
		{CAL_GREGORIAN, {0, 0, 0}, {0, 0, 0}, DAY_MIN, DAY_MAX, DATE_RANGE},
		/* backwards; readings in the wrong order, or only one */
		{CAL_GREGORIAN, {1970, 1, 2}, {1970, 1, 1}, 1, 0, DATE_RANGE},
		{CAL_GREGORIAN, {1970, 1, 2}, {1970, 1, 1}, 0, 1, DATE_AMBIGUOUS},
		{CAL_GREGORIAN, {1970, 1, 1}, {0, 0, 0}, 0, DAY_MAX, DATE_AMBIGUOUS},
	};
	struct buf b;
	struct date d;

	for (size_t i = 0; i < COUNT(v); i++) {
		buf_init(&b, 1000);
		date_put(&b, &v[i]);
		assert_false(date_get(buf_bytes(&b), &d));
		buf_finish(&b);
	}
	(void)state;
}

static void
intervals_are_made_and_compared(void **state)
{
	struct arena *a = arena_create(1 << 20);
	struct date d = date_of_days(CAL_GREGORIAN, 0, 0), e;

	assert_true(str_is(date_iso(a, &d), "1970-01-01"));
	d = date_of_days(CAL_SOLAR_HIJRI, 0, 9);
	assert_true(str_is(date_iso(a, &d), "1348-10-11/1348-10-20 SH"));
	e = date_of_days(CAL_GREGORIAN, DAY_MIN, 0);
	assert_true(str_is(date_iso(a, &e), "../1970-01-01"));
	assert_true(date_overlaps(&d, &e) && date_overlaps(&e, &d));
	assert_false(date_equal(&d, &e));
	e = date_of_days(CAL_GREGORIAN, 10, DAY_MAX);
	assert_true(str_is(date_iso(a, &e), "1970-01-11/.."));
	assert_false(date_overlaps(&d, &e));
	assert_int_equal(date_of_ymd(CAL_GREGORIAN, (struct ymd){2020, 2, 30}, &d, NULL), BAD);
	assert_int_equal(date_of_ymd((enum calendar)7, (struct ymd){2020, 2, 3}, &d, NULL), BAD);
	assert_int_equal(date_of_ymd(CAL_GREGORIAN, (struct ymd){2020, -1, 3}, &d, NULL), BAD);
	assert_int_equal(day_today(), 20605);
	arena_destroy(a);
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leap_years_are_those_published),
		cmocka_unit_test(days_are_those_published),
		cmocka_unit_test(every_day_is_that_of_icu),
		cmocka_unit_test(days_go_there_and_back),
		cmocka_unit_test(dates_are_read_in_all_their_forms),
		cmocka_unit_test(ranges_doubts_and_open_ends_are_kept),
		cmocka_unit_test(what_can_be_read_in_several_ways_says_so),
		cmocka_unit_test(what_is_no_date_is_refused_with_what_would_be_right),
		cmocka_unit_test(long_input_is_refused),
		cmocka_unit_test(dates_that_icu_writes_are_read),
		cmocka_unit_test(keys_of_the_tables_are_folded_and_single),
		cmocka_unit_test(every_month_is_read_in_every_language),
		cmocka_unit_test(iso_and_cbor_give_back_the_same_date),
		cmocka_unit_test(what_is_shown_reads_back_to_the_same_days),
		cmocka_unit_test(dates_are_shown_as_each_language_writes_them),
		cmocka_unit_test(cbor_is_that_of_the_format),
		cmocka_unit_test(a_date_that_does_not_mean_its_days_is_refused),
		cmocka_unit_test(intervals_are_made_and_compared),
	};

	setenv("SOURCE_DATE_EPOCH", TODAY, 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
