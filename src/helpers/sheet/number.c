/*
 * Numbers as text.  A workbook stores a date as a count of days with a number
 * format that shows it as one (ECMA-376 part 1, 18.8.30, 18.17.4); as text it is ISO
 * 8601.  The count is always of Gregorian days, in whatever calendar it is shown.
 *
 * A day is never invented: who types "Mar 2020" gets the count of 1 March, shown as
 * month and year; we say 2020-03.  Who types "27 Mar" gets the year of the typing.
 */
#include "sheet_int.h"
#include <errno.h>
#include <math.h>

enum {
	/* 1970-01-01 in the two systems: days from 1899-12-30 and from 1904-01-01. */
	EPOCH_1900 = 25569, EPOCH_1904 = 24107,
	/* Day 60 of the first is 1900-02-29, which never was; before it all are one
	 * day later than the count from 1899-12-30 says (18.17.4.1). */
	LEAP_BUG = 60,
	LAST_DAY = 2958465,             /* 9999-12-31 */
	DAY_SECONDS = 86400,
	DIGITS_KEPT = 15,               /* by the programs that write workbooks */
};

/* Built-in formats that show dates and times: 18.8.30, with those of the East Asian
 * editions; 0 to 13 and 37 to 44 are numbers, 48 is scientific, 49 is text. */
enum { ALL = SHOWS_YEAR | SHOWS_MONTH | SHOWS_DAY };
static const struct {
	unsigned from, to;
	enum number_kind kind;
	unsigned shows;
} built_in[] = {
	{14, 15, NUMBER_DATE, ALL},
	{16, 16, NUMBER_DATE, SHOWS_MONTH | SHOWS_DAY},         /* d-mmm */
	{17, 17, NUMBER_DATE, SHOWS_YEAR | SHOWS_MONTH},        /* mmm-yy */
	{18, 21, NUMBER_TIME, 0}, {22, 22, NUMBER_DATE, ALL | SHOWS_TIME},
	{27, 31, NUMBER_DATE, ALL}, {32, 35, NUMBER_TIME, 0}, {36, 36, NUMBER_DATE, ALL},
	{45, 45, NUMBER_TIME, 0}, {46, 46, NUMBER_ELAPSED, 0}, {47, 47, NUMBER_TIME, 0},
	{50, 54, NUMBER_DATE, ALL}, {55, 56, NUMBER_TIME, 0}, {57, 58, NUMBER_DATE, ALL},
};

struct number_format
number_format_of_id(unsigned id)
{
	for (size_t i = 0; i < sizeof built_in / sizeof *built_in; i++)
		if (id >= built_in[i].from && id <= built_in[i].to)
			return (struct number_format){.kind = built_in[i].kind,
				.shows = built_in[i].shows};
	return (struct number_format){.kind = NUMBER_PLAIN};
}

/* What a format code is made of, outside quotes and brackets. */
struct letters {
	bool year, month, day, weekday, time, elapsed;
	bool era;                       /* e and b: years of other eras, if beside a day */
	unsigned zeros, others;
};

static bool
is_elapsed(struct str inside)
{
	int c = inside.n ? inside.p[0] | 32 : 0;

	for (size_t i = 0; i < inside.n; i++)
		if ((inside.p[i] | 32) != c)
			return false;
	return c == 'h' || c == 'm' || c == 's';
}

static void
count_run(struct letters *l, char c, size_t run)
{
	switch (c | 32) {
	case 'y': l->year = true; break;
	case 'm': l->month = true; break;
	case 'd': *(run <= 2 ? &l->day : &l->weekday) = true; break;
	case 'h': case 's': l->time = true; break;
	case 'e': case 'b': l->era = true; l->others++; break;
	default: *(c == '0' ? &l->zeros : &l->others) += (unsigned)run;
	}
}

static size_t
run_of(struct str s)
{
	size_t n = 1;

	while (n < s.n && (s.p[n] | 32) == (s.p[0] | 32))
		n++;
	return n;
}

/* The first section decides: the others are for negative numbers, zero and text. */
static struct letters
letters_of(struct str code)
{
	struct letters l = {0};
	size_t i = 0;

	while (i < code.n && code.p[i] != ';') {
		struct str rest = str_from(code, i + 1);
		size_t step = 1;
		switch (code.p[i]) {
		case '"':
			step = str_find(rest, '"') + 2;
			l.others++;
			break;
		case '[':
			step = str_find(rest, ']') + 2;
			l.elapsed |= is_elapsed(str_upto(rest, step - 2));
			break;
		case '\\': case '_': case '*':
			step = 2;               /* the next is itself, a gap, a filling */
			l.others++;
			break;
		default:
			step = run_of(str_from(code, i));
			count_run(&l, code.p[i], step);
		}
		i += step;
	}
	return l;
}

struct number_format
number_format_of_code(struct str code)
{
	struct number_format f = {.kind = NUMBER_PLAIN};
	struct letters l;

	if (str_starts(code, "General"))
		return f;
	l = letters_of(code);
	bool clock = l.time || l.elapsed;
	if (l.year || l.day || l.weekday || (l.month && !clock)) {
		f.kind = NUMBER_DATE;
		f.shows = (l.year || l.era ? SHOWS_YEAR : 0u) | (l.month ? SHOWS_MONTH : 0u)
			| (l.day ? SHOWS_DAY : 0u) | (clock ? SHOWS_TIME : 0u);
	} else if (l.elapsed) {
		f.kind = NUMBER_ELAPSED;
	} else if (l.time) {
		f.kind = NUMBER_TIME;
	} else if (l.zeros > 1 && l.zeros <= DIGITS_KEPT && l.others == 0) {
		f = (struct number_format){.kind = NUMBER_PADDED, .digits = l.zeros};
	}
	return f;
}

/* xsd:double, without its infinities: digits, a point, an exponent.  strtod alone
 * would take hexadecimal and "nan" too. */
static bool
read_number(struct arena *a, struct str v, double *ret)
{
	size_t digits = 0;

	for (size_t i = 0; i < v.n; i++) {
		bool digit = v.p[i] >= '0' && v.p[i] <= '9';
		digits += digit;
		if (!digit && (!v.p[i] || !strchr("+-.eE", v.p[i])))
			return false;
	}
	if (digits == 0 || v.n > 64)
		return false;
	const char *text = str_cstr(a, v);
	char *end;
	*ret = strtod(text, &end);
	return *end == '\0' && isfinite(*ret);
}

/* The fewest digits that read back as the same number, with the point `*ret_point`
 * digits after the first place: 1234.5 is "12345" and 4. */
static size_t
shortest_digits(double v, char digits[32], int *ret_point)
{
	char text[40];
	size_t n = 0;

	for (int precision = 14; precision <= 16; precision++) {
		snprintf(text, sizeof text, "%.*e", precision, v);
		if (strtod(text, NULL) == v)
			break;
	}
	const char *e = strchr(text, 'e');
	for (const char *at = text; at < e; at++)
		if (*at != '.')
			digits[n++] = *at;
	*ret_point = (int)strtol(e + 1, NULL, 10) + 1;
	while (n > 1 && digits[n - 1] == '0')
		n--;
	return n;
}

/* 18 is "18" and 1E+20 its 21 digits; 0.1 "0.1"; only what is very small or very
 * large keeps an exponent. */
static struct str
show_plain(struct arena *a, double v)
{
	char digits[32];
	struct buf b;
	struct str ret;
	int point;
	size_t n = shortest_digits(fabs(v), digits, &point);

	if (point > 21 || point < -8)
		return str_fmt(a, "%.17g", v);
	buf_init(&b, 64);
	if (v < 0)
		buf_byte(&b, '-');
	if (point <= 0)
		buf_cstr(&b, "0");
	for (int i = 0; i < point; i++)
		buf_byte(&b, (uint8_t)(i < (int)n ? digits[i] : '0'));
	if ((int)n > point)
		buf_byte(&b, '.');
	for (int i = point; i < (int)n; i++)
		buf_byte(&b, (uint8_t)(i < 0 ? '0' : digits[i]));
	ret = str_dup(a, buf_str(&b));
	buf_finish(&b);
	return ret;
}

static struct str
show_number(struct arena *a, double v, struct number_format f, struct str *ret_note)
{
	bool whole = v == floor(v);

	if (whole && fabs(v) >= 1e15)
		*ret_note = str_fmt(a, "a number of more than %d digits: a spreadsheet keeps no "
			"more, so that the last may be lost; such numbers belong in text cells",
			DIGITS_KEPT);
	if (f.kind == NUMBER_PADDED && whole && v >= 0 && v < 1e15)
		return str_fmt(a, "%0*.0f", (int)f.digits, v);
	return show_plain(a, v);
}

/* Seconds of the day; a whole day's worth when it rounds up to midnight. */
static long
seconds_of(double v)
{
	return lround((v - floor(v)) * DAY_SECONDS);
}

struct str
number_show_clock(struct arena *a, long seconds)
{
	return str_fmt(a, "%02ld:%02ld:%02ld", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

/* No finer than it is shown, unless it is: who typed a month meant its first day
 * no more than any other. */
struct str
number_show_date(struct arena *a, struct ymd d, long seconds, unsigned shows)
{
	if (seconds)
		return str_fmt(a, "%04d-%02d-%02dT" STR_FMT, d.year, d.month, d.day,
			STR_ARG(number_show_clock(a, seconds)));
	if (d.day > 1 || shows & (SHOWS_DAY | SHOWS_TIME) || !(shows & SHOWS_YEAR))
		return str_fmt(a, "%04d-%02d-%02d", d.year, d.month, d.day);
	if (d.month > 1 || shows & SHOWS_MONTH)
		return str_fmt(a, "%04d-%02d", d.year, d.month);
	return str_fmt(a, "%04d", d.year);
}

static struct str
show_day(struct arena *a, double v, unsigned shows, bool from_1904)
{
	long days = (long)floor(v), seconds = seconds_of(v);
	time_t unix_time;
	struct tm t;

	if (!from_1904 && days < LEAP_BUG)
		days++;
	if (seconds == DAY_SECONDS) {
		days++;
		seconds = 0;
	}
	unix_time = (time_t)(days - (from_1904 ? EPOCH_1904 : EPOCH_1900)) * DAY_SECONDS;
	invariant(gmtime_r(&unix_time, &t) != NULL);
	return number_show_date(a, (struct ymd){t.tm_year + 1900, t.tm_mon + 1, t.tm_mday},
		seconds, shows);
}

static bool
is_day(double d, bool from_1904)
{
	if (from_1904)
		return d >= 0 && d < LAST_DAY + 1 - (EPOCH_1900 - EPOCH_1904);
	return d >= 1 && d < LAST_DAY + 1 && (d < LEAP_BUG || d >= LEAP_BUG + 1);
}

struct str
number_show(struct arena *a, struct str v, struct number_format f, bool from_1904,
	struct str *ret_note)
{
	double d;

	*ret_note = STR_NONE;
	if (!read_number(a, str_trim(v), &d)) {
		*ret_note = S("not a number, though the cell says so; taken as text");
		return str_dup(a, v);
	}
	if (f.kind == NUMBER_PLAIN || f.kind == NUMBER_PADDED)
		return show_number(a, d, f, ret_note);
	if (f.kind == NUMBER_ELAPSED && d >= 0 && d <= LAST_DAY)
		return number_show_clock(a, lround(d * DAY_SECONDS));
	if (f.kind == NUMBER_TIME && d >= 0 && d < 1 && seconds_of(d) < DAY_SECONDS)
		return number_show_clock(a, seconds_of(d));
	if (is_day(d, from_1904)) {
		if (f.kind == NUMBER_DATE && !(f.shows & SHOWS_YEAR))
			*ret_note = S("a date shown without its year, which the spreadsheet has "
				"filled in by itself; check it");
		return show_day(a, d, f.kind == NUMBER_DATE ? f.shows : ALL, from_1904);
	}
	*ret_note = S("shown as a date, but there is no such day; taken as a number");
	return show_plain(a, d);
}
