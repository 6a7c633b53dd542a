/*
 * Dates in the words of Russian, Turkish, Dari, Pashto and Azerbaijani in Cyrillic,
 * days in words, the Imperial era, and weekdays.  Days checked against ICU's Persian
 * calendar; 1 Farvardin 2535 (21 March 1976) and 5 Shahrivar 2537 (27 August 1978) are
 * those of Encyclopaedia Iranica, "Calendars", part iv.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include "base/date.h"

#define COUNT(t) (sizeof(t) / sizeof *(t))

static struct arena *a;

static void
reads(const char *text, const char *iso)
{
	struct date d, again;
	struct err e;

	if (date_parse(str_of(text), NULL, &d, &e))
		fail_msg("%s", e.text);
	if (!str_is(date_iso(a, &d), iso))
		fail_msg("%s: " STR_FMT " instead of %s", text, STR_ARG(date_iso(a, &d)), iso);
	assert_int_equal(date_parse(date_iso(a, &d), NULL, &again, &e), OK);
	assert_true(date_equal(&d, &again));
}

static void
refuses(const char *text, const char *why)
{
	struct date d;
	struct err e = {0};

	if (date_parse(str_of(text), NULL, &d, &e) == OK)
		fail_msg("%s: read as " STR_FMT, text, STR_ARG(date_iso(a, &d)));
	if (!str_has(str_of(e.text), why))
		fail_msg("\"%s\" does not say \"%s\"", e.text, why);
}

static void
months_have_their_cases_in_russian(void **state)
{
	static const char *const stems[] = {"январ", "феврал", "март", "апрел", "ма", "июн", "июл",
		"август", "сентябр", "октябр", "ноябр", "декабр"};
	static const char *const soft[] = {"ь", "я", "е", "ю", "ём"};
	static const char *const hard[] = {"", "а", "е", "у", "ом"};
	static const char *const of_may[] = {"й", "я", "е", "ю", "ем"};

	for (size_t m = 0; m < 12; m++)
		for (size_t k = 0; k < 5; k++)
			reads(str_fmt(a, "2020 %s%s 7", stems[m], m == 4 ? of_may[k] : m == 2 || m == 7
				? hard[k] : soft[k]).p, str_fmt(a, "2020-%02zu-07", m + 1).p);
	reads("5 января 2020 г.", "2020-01-05");
	reads("5-го Января 2020-го года", "2020-01-05");
	reads("5 ЯНВ. 2020Г.", "2020-01-05");
	reads("в январе 2020 года", "2020-01");
	reads("2020 год", "2020");
	reads("в среду, 8 января 2020 г. в 10:30", "2020-01-08");
	reads("с 3 по 5 мая 2019 г.", "2019-05-03/2019-05-05");
	reads("между 3 и 5 мая 2019", "2019-05-03/2019-05-05");
	reads("3 или 4 мая 2019", "2019-05-03|2019-05-04?");
	reads("до 5 мая 2019", "../2019-05-05");
	reads("после 5 мая 2019", "2019-05-06/..");
	reads("не ранее мая 2019", "2019-05/..");
	reads("около 1970 г.", "~1970");
	reads("27.03.2020", "2020-03-27");
	reads("8 фарвардина 1399", "1399-01-08 SH");
	reads("8 Эсфанд 1398", "1398-12-08 SH");
	refuses("от 5 мая 2019", "\"от\" is no word of a date");
	refuses("в начале мая 2019", "which days");
	refuses("1990-х", "which days");
	refuses("5 рамадана 1441", "lunar");
	refuses("31 апреля 2020", "April 2020 has 30 days");
	refuses("5 мая", "no year");
	(void)state;
}

static void
azerbaijani_is_read_in_cyrillic(void **state)
{
	reads("5 Јанвар 1990", "1990-01-05");
	reads("1990-ҹы ил јанварын 20-дә", "1990-01-20");
	reads("1990-ҸЫ ИЛИН ЈАНВАР АЈЫНДА", "1990-01");
	reads("20 нојабр 1988-ҹи ил", "1988-11-20");
	reads("8 Фәрвәрдин 1399", "1399-01-08 SH");
	reads("12 Исфәнд 1398", "1398-12-12 SH");
	reads("чәршәнбә ахшамы, 5 мај 2020", "2020-05-05");
	reads("тәхминән 1960", "~1960");
	reads("1988-ҹи илдән сонра", "1989/..");
	(void)state;
}

static void
turkish_is_read(void **state)
{
	static const char *const months[] = {"Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran",
		"Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım", "Aralık"};

	for (size_t m = 0; m < 12; m++)
		reads(str_fmt(a, "7 %s 2020", months[m]).p, str_fmt(a, "2020-%02zu-07", m + 1).p);
	reads("15 KASIM 2019 Cuma", "2019-11-15");
	reads("15 Kasım 2019'da", "2019-11-15");
	reads("2019 yılının Ekim ayında", "2019-10");
	reads("15 Eki 2019", "2019-10-15");
	reads("5 Ağustos'ta 2019", "2019-08-05");
	reads("Mayıs veya Haziran 2019", "2019-05|2019-06?");
	reads("2019'dan önce", "../2018");
	reads("yaklaşık 1970", "~1970");
	(void)state;
}

static void
months_of_afghanistan_are_the_same_months(void **state)
{
	static const char *const names[][12] = {
		{"حمل", "ثور", "جوزا", "سرطان", "اسد", "سنبله", "میزان", "عقرب", "قوس", "جدی", "دلو",
		"حوت"},
		{"وری", "غویی", "غبرګولی", "چنګاښ", "زمری", "وږی", "تله", "لړم", "لیندۍ", "مرغومی",
		"سلواغه", "کب"},
		{"Hamal", "Sawr", "Jawza", "Saratan", "Asad", "Sunbula", "Mizan", "Aqrab", "Qaws",
		"Jadi", "Dalw", "Hut"},
	};

	for (size_t k = 0; k < COUNT(names); k++)
		for (size_t m = 0; m < 12; m++)
			reads(str_fmt(a, "۷ %s ۱۳۹۹", names[k][m]).p,
				str_fmt(a, "1399-%02zu-07 SH", m + 1).p);
	reads("۲۴ اسد ۱۴۰۰", "1400-05-24 SH");           /* 15 August 2021 */
	reads("24 Asad 1400 (15 August 2021)", "1400-05-24 SH");
	refuses("۲۴ اسد ۲۰۲۱", "one calendar");
	refuses("۳۱ میزان ۱۴۰۰", "has 30 days");
	(void)state;
}

static void
days_are_read_in_words(void **state)
{
	reads("بیست و دوم بهمن ۱۳۵۷", "1357-11-22 SH");
	reads("بیست‌و‌دوم بهمن‌ماه ۱۳۵۷", "1357-11-22 SH");
	reads("اول فروردین ۱۳۹۸", "1398-01-01 SH");
	reads("سی‌ام شهریور ۱۳۹۸", "1398-06-30 SH");
	reads("سی و یکم شهریور ۱۳۹۸", "1398-06-31 SH");
	reads("روز پنجم مرداد ماه سال ۱۳۶۷", "1367-05-05 SH");
	reads("از دوم تا پنجم مرداد ۱۳۶۷", "1367-05-02/1367-05-05 SH");
	reads("بیستم ژوئن ۲۰۰۹", "2009-06-20");
	refuses("سی و یکم مهر ۱۳۹۸", "has 30 days");
	refuses("بیست و دوم بهمن", "no year");
	refuses("دوم ۱۳۹۸", "not understood");
	refuses("نیمه خرداد ۱۳۹۸", "which days");
	(void)state;
}

/* The year 1355 was 2535.  Births of before were converted too; a year below 2500 is
 * Imperial only where that is said, or its month is an Iranian one. */
static void
imperial_years_are_1180_ahead(void **state)
{
	static const struct date_hint imperial = {.calendar = CAL_IMPERIAL};
	struct date d, other;
	struct err e;

	reads("2535/01/01", "2535-01-01 IE");
	assert_int_equal(date_parse(S("2535/01/01"), NULL, &d, &e), OK);
	assert_true(str_is(day_iso(a, d.first), "1976-03-21"));
	assert_int_equal(date_parse(S("۱ فروردین ۱۳۵۵"), NULL, &other, &e), OK);
	assert_int_equal(d.first, other.first);
	assert_int_equal(date_parse(S("۵ شهریور ۲۵۳۷"), NULL, &d, &e), OK);
	assert_true(str_is(day_iso(a, d.first), "1978-08-27"));
	reads("۵ شهریور ۲۵۳۷ شاهنشاهی", "2537-06-05 IE");
	reads("2500", "2500 IE");
	reads("2560/12/29", "2560-12-29 IE");
	refuses("2560/12/30", "is not a leap year");      /* 1380; 1379 was one */
	reads("2559/12/30", "2559-12-30 IE");
	refuses("2561", "2440 to 2560");
	refuses("2420-03-27", "the year 2420 is not read");
	refuses("2499", "with the word");
	reads("2499 شاهنشاهی", "2499 IE");
	reads("۱۲ مهر ۲۴۷۸ شاهنشاهی", "2478-07-12 IE");
	reads("12 Mehr 2478", "2478-07-12 IE");
	reads("2440 IE", "2440 IE");
	refuses("2439 IE", "2440 to 2560");
	assert_int_equal(date_parse(S("2478/7/12"), &imperial, &d, &e), OK);
	assert_true(str_is(date_iso(a, &d), "2478-07-12 IE"));
	assert_int_equal(date_parse(S("12 Mehr 2478"), &imperial, &d, &e), OK);
	(void)state;
}

static const char *
doubt(const char *text)
{
	static struct err why;
	struct date d;
	struct err e;

	if (date_parse(str_of(text), NULL, &d, &e))
		fail_msg("%s", e.text);
	return date_weekday_doubt(str_of(text), &d, &why) ? why.text : "";
}

static void
a_weekday_that_is_not_that_days_is_told(void **state)
{
	assert_string_equal(doubt("Friday, 27 March 2020"), "");
	assert_string_equal(doubt("Monday, 27 March 2020"),
		"2020-03-27 was a Friday, not a Monday; one of the two is wrong");
	assert_string_equal(doubt("شنبه ۸ فروردین ۱۳۹۹"),
		"1399-01-08 was a Friday, not a Saturday; one of the two is wrong");
	assert_string_equal(doubt("جمعه ۸ فروردین ۱۳۹۹"), "");
	assert_string_equal(doubt("воскресенье, 5 января 2020 г."), "");
	assert_true(str_has(str_of(doubt("понедельник, 5 января 2020 г.")), "was a Sunday"));
	assert_true(str_has(str_of(doubt("çərşənbə axşamı 27 mart 2020")), "not a Tuesday"));
	assert_string_equal(doubt("Thursday 1 January 1970"), "");
	assert_string_equal(doubt("Wednesday 31 December 1969"), "");
	assert_string_equal(doubt("Wednesday 1 January 1800"), "");
	/* Of two readings: 4 March 2020 was a Wednesday, 3 April a Friday. */
	assert_true(str_starts(str_of(doubt("Friday 03/04/2020")),
		"of its readings only 2020-04-03 was a Friday"));
	assert_true(str_starts(str_of(doubt("Monday 03/04/2020")), "neither"));
	/* Nothing to compare with. */
	assert_string_equal(doubt("Monday, March 2020"), "");
	assert_string_equal(doubt("from Monday 3 to Friday 9 May 2019"), "");
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(months_have_their_cases_in_russian),
		cmocka_unit_test(azerbaijani_is_read_in_cyrillic),
		cmocka_unit_test(turkish_is_read),
		cmocka_unit_test(months_of_afghanistan_are_the_same_months),
		cmocka_unit_test(days_are_read_in_words),
		cmocka_unit_test(imperial_years_are_1180_ahead),
		cmocka_unit_test(a_weekday_that_is_not_that_days_is_told),
	};
	int failed;

	setenv("SOURCE_DATE_EPOCH", "1780315200", 1);    /* 2026-06-01 */
	a = arena_create(16 << 20);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_destroy(a);
	return failed;
}
