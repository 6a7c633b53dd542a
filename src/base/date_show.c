/*
 * Dates for reading, in four languages.  date_parse reads every sentence made here
 * back to the same days: that is the test, and why the words stand in its tables.
 *
 * No bidi controls: who puts a date into a text isolates it.  Ranges have words
 * between their ends, never a dash, which turns them round among Arabic letters.
 */
#include "base/date.h"
#include "base/date_int.h"
#include "base/poison.h"

static const struct {
	enum calendar own;
	const char *about, *about_range, *unclear, *or, *earlier, *later;
	const char *era[CAL_IMPERIAL + 1];       /* beside a year alone; "": understood */
} tongues[LANG_COUNT] = {
	[LANG_EN] = {CAL_GREGORIAN, "about ", "approximately ", "unclear, ", " or ", " or earlier",
		" or later", {"", "", "SH", "Imperial"}},
	[LANG_FA] = {CAL_SOLAR_HIJRI, "حدود ", "تقریباً ", "نامشخص، ", " یا ", " یا پیش از آن",
		" یا پس از آن", {"", "میلادی", "", "شاهنشاهی"}},
	[LANG_AZ] = {CAL_GREGORIAN, "təxminən ", "təxminən ", "dəqiq deyil, ", " və ya ",
		" və ya daha əvvəl", " və ya daha sonra", {"", "", "h.ş.", "şahənşahi"}},
	[LANG_AZB] = {CAL_SOLAR_HIJRI, "تخمینن ", "تخمینن ", "بللی دئییل، ", " و یا ",
		" و یا داها قاباق", " و یا داها سونرا", {"", "میلادی", "", "شاهنشاهی"}},
};

/* What is shown: the ends in the calendar to show them in. */
struct view {
	enum calendar calendar;
	struct ymd from, to;
	bool range, choice, unclear;
};

/* --- Azerbaijani endings --- */

/* The last numeral spoken decides the vowel: on iki -> -dən, otuz -> -dan.  Index:
 * last digit, or ten plus the tens digit when the number ends in zero. */
static int
last_numeral(int n)
{
	return n % 10 ? n % 10 : n % 100 ? 10 + n / 10 % 10 : n % 1000 ? 20 : 0;
}

/* 1 bir 2 iki 3 üç 4 dörd 5 beş 6 altı 7 yeddi 8 səkkiz 9 doqquz, 10 on 20 iyirmi
 * 30 otuz 40 qırx 50 əlli 60 altmış 70 yetmiş 80 səksən 90 doxsan, 100 yüz; a bare
 * thousand is min.  Orthography rules of the Republic of Azerbaijan: -cı -ci -cu
 * -cü, joined by a hyphen. */
static const char *
year_ordinal(enum lang l, int year)
{
	static const char *const latin[] = {
		"ci", "ci", "ci", "cü", "cü", "ci", "cı", "ci", "ci", "cu",
		"", "cu", "ci", "cu", "cı", "ci", "cı", "ci", "ci", "cı", "cü",
	};
	const char *ending = latin[last_numeral(year)];

	if (l == LANG_AZ)
		return ending;
	return ending[1] == 'u' || ending[1] == '\xc3' ? "جو" : "جی";    /* ü is C3 BC */
}

/* "from" after the numeral of a day. */
static const char *
day_ablative(enum lang l, int day)
{
	int n = last_numeral(day);
	bool back = n == 6 || n == 9 || n == 11 || n == 13;      /* altı doqquz on otuz */

	if (l == LANG_AZ)
		return back ? "dan" : "dən";
	return back ? "دان" : "دن";
}

/* --- one end --- */

static struct str
show_claim(struct arena *a, enum lang l, enum calendar c, struct ymd d)
{
	const char *era = tongues[l].era[c];

	if (d.month == 0)
		return str_fmt(a, "%d%s%s", d.year, *era ? " " : "", era);
	if (d.day == 0)
		return str_fmt(a, "%s %d", date_month_name(l, c, d.month), d.year);
	return str_fmt(a, "%d %s %d", d.day, date_month_name(l, c, d.month), d.year);
}

static bool
same_precision(const struct view *v)
{
	return !v->from.month == !v->to.month && !v->from.day == !v->to.day;
}

/* What `to` says again is left out of the first: "12", "12 March", "March". */
static struct str
show_first(struct arena *a, enum lang l, const struct view *v)
{
	const char *month;

	if (!same_precision(v))
		return show_claim(a, l, v->calendar, v->from);
	if (v->from.month == 0)
		return str_fmt(a, "%d", v->from.year);
	month = date_month_name(l, v->calendar, v->from.month);
	if (v->from.year != v->to.year)
		return show_claim(a, l, v->calendar, v->from);
	if (v->from.day == 0)
		return str_of(month);
	if (v->from.month != v->to.month)
		return str_fmt(a, "%d %s", v->from.day, month);
	return str_fmt(a, "%d", v->from.day);
}

/* --- ranges --- */

/* One end of a range in Azerbaijani: "2019-cu ilin dekabr ayının 12-dən". */
static struct str
turkic_end(struct arena *a, enum lang l, const struct view *v, bool ending)
{
	static const struct {
		const char *year, *year_end[2], *month, *month_end[2], *until;
	} words[LANG_COUNT] = {
		[LANG_AZ] = {" ilin ", {" ildən", " ilədək"}, " ayının ",
			{" ayından", " ayınadək"}, "dək"},
		[LANG_AZB] = {" ایلین ", {" ایلدن", " ایله‌دک"}, " آیی‌نین ",
			{" آییندان", " آیینادک"}, "دک"},
	};
	struct ymd d = ending ? v->to : v->from;
	bool again = ending && same_precision(v) && d.year == v->from.year;
	struct str year = again ? STR_NONE : str_fmt(a, "%d-%s%s", d.year,
		year_ordinal(l, d.year), d.month ? words[l].year : words[l].year_end[ending]);
	const char *month;

	if (d.month == 0)
		return year;
	month = date_month_name(l, v->calendar, d.month);
	if (d.day == 0)
		return str_fmt(a, STR_FMT "%s%s", STR_ARG(year), month, words[l].month_end[ending]);
	again = again && d.month == v->from.month;
	return str_fmt(a, STR_FMT "%s%s%d-%s", STR_ARG(year), again ? "" : month,
		again ? "" : words[l].month, d.day,
		ending ? words[l].until : day_ablative(l, d.day));
}

static struct str
show_range(struct arena *a, enum lang l, const struct view *v)
{
	const char *era = !v->from.month || !v->to.month ? tongues[l].era[v->calendar] : "";

	if (l == LANG_AZ || l == LANG_AZB)
		return str_fmt(a, "%s%s" STR_FMT " " STR_FMT, era, *era ? " " : "",
			STR_ARG(turkic_end(a, l, v, false)), STR_ARG(turkic_end(a, l, v, true)));
	return str_fmt(a, "%s" STR_FMT "%s" STR_FMT, l == LANG_FA ? "از " : "from ",
		STR_ARG(show_first(a, l, v)), l == LANG_FA ? " تا " : " to ",
		STR_ARG(show_claim(a, l, v->calendar, v->to)));
}

static struct str
show_view(struct arena *a, enum lang l, const struct view *v)
{
	bool open_from = date_claim_none(v->from), open_to = date_claim_none(v->to);
	struct str last;

	if (v->range && !open_from && !open_to)
		return show_range(a, l, v);
	last = show_claim(a, l, v->calendar, open_to ? v->from : v->to);
	if (v->range)
		return str_fmt(a, STR_FMT "%s", STR_ARG(last),
			open_from ? tongues[l].earlier : tongues[l].later);
	if (v->choice)
		return str_fmt(a, STR_FMT "%s" STR_FMT, STR_ARG(show_first(a, l, v)),
			tongues[l].or, STR_ARG(last));
	return last;
}

/* --- calendars --- */

/* A day has a name in every calendar; a month or year of one is none of another. */
static bool
is_days(struct ymd d)
{
	return d.day != 0 || date_claim_none(d);
}

static struct ymd
convert(enum calendar from, struct ymd d, enum calendar to)
{
	int32_t day;

	if (date_claim_none(d) || !cal_to_day(from, d, &day))
		return d;
	return cal_of_day(to, day);
}

static struct view
view_in(const struct date *d, enum calendar c)
{
	struct view v = {
		.calendar = c, .from = d->from, .to = d->to,
	};
	bool ambiguous = d->flags & DATE_AMBIGUOUS;

	v.range = d->flags & DATE_RANGE;
	v.choice = ambiguous && !v.range;
	v.unclear = ambiguous && v.range;
	if (c == d->calendar)
		return v;
	if (is_days(d->from) && is_days(d->to)) {
		v.from = convert(d->calendar, d->from, c);
		v.to = convert(d->calendar, d->to, c);
		return v;
	}
	/* Months and years become the range of their days. */
	v.from = d->first == DAY_MIN ? (struct ymd){0, 0, 0} : cal_of_day(c, d->first);
	v.to = d->last == DAY_MAX ? (struct ymd){0, 0, 0} : cal_of_day(c, d->last);
	v.unclear |= v.choice;
	v.range = true;
	v.choice = false;
	return v;
}

/* The calendar for brackets, 0: none.  Persian readers need the Gregorian date for
 * the world outside; to others the claim's own calendar matters when it is another. */
static enum calendar
other_calendar(const struct date *d, enum lang l)
{
	if (!is_days(d->from) || !is_days(d->to))
		return 0;
	if (d->calendar != tongues[l].own)
		return d->calendar;
	return tongues[l].own == CAL_SOLAR_HIJRI ? CAL_GREGORIAN : 0;
}

static const char *
about(const struct date *d, enum lang l)
{
	if (!(d->flags & DATE_ABOUT))
		return "";
	return d->flags & DATE_RANGE ? tongues[l].about_range : tongues[l].about;
}

struct str
date_show(struct arena *a, const struct date *d, enum lang l, enum calendar c)
{
	enum calendar other = c ? 0 : other_calendar(d, l);
	struct view v, in_brackets;
	struct str s;

	invariant(l < LANG_COUNT);
	if (!c)
		c = is_days(d->from) && is_days(d->to) ? tongues[l].own : d->calendar;
	v = view_in(d, c);
	s = str_fmt(a, "%s%s" STR_FMT, about(d, l), v.unclear ? tongues[l].unclear : "",
		STR_ARG(show_view(a, l, &v)));
	if (other) {
		in_brackets = view_in(d, other);
		s = str_fmt(a, STR_FMT " (" STR_FMT ")", STR_ARG(s),
			STR_ARG(show_view(a, l, &in_brackets)));
	}
	return text_localise_digits(a, s, l);
}
