/*
 * Values of OpenDocument cells as text (ODF 1.3 part 3, 19.367-19.385): the value that
 * is stored, not what is shown of it, except where the spreadsheet itself has added
 * what nobody typed (see number.c).  The same cell gives the same text as in XLSX.
 */
#include "sheet_int.h"
#include <math.h>

#define CALCEXT "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0|value-type"

enum { DAY_SECONDS = 86400, ALL = SHOWS_YEAR | SHOWS_MONTH | SHOWS_DAY };

static struct str
attribute(struct arena *a, const char **attributes, const char *name)
{
	const char *v = xml_attribute(attributes, name);

	return v ? str_dup(a, str_of(v)) : STR_NONE;
}

struct ods_cell
ods_cell_read(struct arena *a, const char **attributes)
{
	struct ods_cell c = {
		.type = attribute(a, attributes, ODF("office", "value-type")),
		.value = attribute(a, attributes, ODF("office", "value")),
		.date = attribute(a, attributes, ODF("office", "date-value")),
		.time = attribute(a, attributes, ODF("office", "time-value")),
		.boolean = attribute(a, attributes, ODF("office", "boolean-value")),
		.string = attribute(a, attributes, ODF("office", "string-value")),
		.error = str_is(str_of(xml_attribute(attributes, CALCEXT)), "error"),
		.formula = xml_attribute(attributes, ODF("table", "formula")) != NULL,
	};

	return c;
}

/* Programs before calcext left only the words.  OpenFormula 1.3, 5.12; LibreOffice's
 * own codes begin with Err: */
static bool
is_error(const struct ods_cell *c, struct str text)
{
	static const char *const words[] = {"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!",
		"#NUM!", "#NULL!"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (c->formula && str_is(text, words[i]))
			return true;
	return c->error || (c->formula && str_starts(text, "Err:"));
}

/* "00123" where the value is 123: a number of a person or a cell, shown in full. */
static bool
is_padded(struct str text, struct str plain)
{
	uint64_t shown, stored;

	return text.n > 1 && text.n <= 15 && text.p[0] == '0' && str_u64(text, &shown)
		&& str_u64(plain, &stored) && shown == stored;
}

static struct str
number(struct arena *a, struct str value, struct str text, struct str *ret_note)
{
	struct str plain = number_show(a, value, (struct number_format){.kind = NUMBER_PLAIN},
		false, ret_note);

	return is_padded(text, plain) ? str_dup(a, text) : plain;
}

/* --- dates: xsd:date and xsd:dateTime; spreadsheets write no others --- */

/* Exactly n digits at *at, which goes on. */
static bool
digits(struct str s, size_t *at, size_t n, int *ret)
{
	int v = 0;

	for (size_t i = 0; i < n; i++) {
		if (*at + i >= s.n || s.p[*at + i] < '0' || s.p[*at + i] > '9')
			return false;
		v = v * 10 + (s.p[*at + i] - '0');
	}
	*at += n;
	*ret = v;
	return true;
}

static bool
sign(struct str s, size_t *at, char c)
{
	if (*at >= s.n || s.p[*at] != c)
		return false;
	++*at;
	return true;
}

/* ".5": half a second or more is the next one, as the clock of a spreadsheet shows. */
static bool
fraction(struct str s, size_t *at, int *seconds)
{
	size_t from;

	if (!sign(s, at, '.'))
		return true;
	for (from = *at; *at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9'; ++*at)
		continue;
	if (*at > from)
		*seconds += s.p[from] >= '5';
	return *at > from;
}

static bool
read_date(struct str s, int32_t *ret_day, long *ret_seconds)
{
	struct ymd d;
	int h = 0, m = 0, sec = 0;
	size_t at = 0;

	if (!digits(s, &at, 4, &d.year) || !sign(s, &at, '-') || !digits(s, &at, 2, &d.month)
		|| !sign(s, &at, '-') || !digits(s, &at, 2, &d.day)
		|| !cal_to_day(CAL_GREGORIAN, d, ret_day))
		return false;
	if (at < s.n && (!sign(s, &at, 'T') || !digits(s, &at, 2, &h) || !sign(s, &at, ':')
		|| !digits(s, &at, 2, &m) || !sign(s, &at, ':') || !digits(s, &at, 2, &sec)
		|| h > 23 || m > 59 || sec > 59 || !fraction(s, &at, &sec)))
		return false;
	*ret_seconds = h * 3600L + m * 60 + sec;
	if (*ret_seconds == DAY_SECONDS) {
		++*ret_day;
		*ret_seconds = 0;
	}
	return at == s.n;
}

static struct str
date(struct arena *a, struct str value, unsigned shows, struct str *ret_note)
{
	int32_t day = 0, none = 0;
	long seconds = 0;

	invariant(cal_to_day(CAL_GREGORIAN, (struct ymd){1899, 12, 30}, &none));
	if (!read_date(value, &day, &seconds)) {
		*ret_note = S("not a date, though the cell says so; taken as text");
		return value;
	}
	/* What a reference to an empty cell shows. */
	if (day == none && seconds == 0) {
		*ret_note = S("day 0 of the spreadsheet's count, 30 December 1899, which stands "
			"for no date; taken as a number");
		return S("0");
	}
	if (!(shows & SHOWS_YEAR))
		*ret_note = S("a date shown without its year, which the spreadsheet has filled in "
			"by itself; check it");
	return number_show_date(a, cal_of_day(CAL_GREGORIAN, day), seconds, shows);
}

/* --- times: xsd:duration without years and months --- */

/* "14H" of "PT14H30M15.5S"; 0 where the unit is not there. */
static bool
unit(struct str *s, char name, double *ret)
{
	size_t n = 0;
	uint64_t whole = 0;
	double v, part = 0.1;

	while (n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
		n++;
	if (n == 0 || n > 9 || !str_u64(str_upto(*s, n), &whole))
		return false;
	v = (double)whole;
	if (name == 'S' && n < s->n && s->p[n] == '.')
		for (n++; n < s->n && s->p[n] >= '0' && s->p[n] <= '9'; n++, part /= 10)
			v += part * (s->p[n] - '0');
	if (n >= s->n || s->p[n] != name)
		return false;
	*s = str_from(*s, n + 1);
	*ret = v;
	return true;
}

static struct str
clock_time(struct arena *a, struct str value, struct str *ret_note)
{
	struct str rest = value;
	double d = 0, h = 0, m = 0, s = 0;
	bool any = false;

	if (str_starts(rest, "P")) {
		rest = str_from(rest, 1);
		any |= unit(&rest, 'D', &d);
	}
	if (rest.p != value.p && str_starts(rest, "T")) {
		rest = str_from(rest, 1);
		any |= unit(&rest, 'H', &h);
		any |= unit(&rest, 'M', &m);
		any |= unit(&rest, 'S', &s);
	}
	if (any && rest.n == 0)
		return number_show_clock(a, lround(d * DAY_SECONDS + h * 3600 + m * 60 + s));
	*ret_note = S("not a time, though the cell says so; taken as text");
	return value;
}

static struct str
truth(struct str value, struct str *ret_note)
{
	if (str_is(value, "true") || str_is(value, "false"))
		return str_is(value, "true") ? S("TRUE") : S("FALSE");
	*ret_note = S("neither true nor false, though the cell says so; taken as text");
	return value;
}

/* The attribute that holds the value of a type; NULL: there is no such type. */
static const struct str *
stored(const struct ods_cell *c)
{
	if (str_is(c->type, "float") || str_is(c->type, "percentage")
		|| str_is(c->type, "currency"))
		return &c->value;
	return str_is(c->type, "date") ? &c->date : str_is(c->type, "time") ? &c->time
		: str_is(c->type, "boolean") ? &c->boolean
		: str_is(c->type, "string") ? &c->string : NULL;
}

bool
ods_value(struct arena *a, const struct ods_cell *c, struct str text, unsigned shows,
	struct str *ret, struct str *ret_note)
{
	bool typed = c->type.n && !str_is(c->type, "void");
	const struct str *value = typed ? stored(c) : &c->string;

	if (!value)
		return false;
	*ret_note = STR_NONE;
	if (is_error(c, text)) {
		*ret_note = str_fmt(a, "the error " STR_FMT "; read as empty",
			STR_ARG(text.n && text.n <= 20 ? text : S("value")));
		*ret = S("");
		return true;
	}
	if (value->p && value == &c->value)
		*ret = number(a, *value, text, ret_note);
	else if (value->p && value == &c->date)
		*ret = date(a, *value, shows, ret_note);
	else if (value->p && value == &c->time)
		*ret = clock_time(a, *value, ret_note);
	else if (value->p && value == &c->boolean)
		*ret = truth(*value, ret_note);
	else
		*ret = value->p ? *value : str_dup(a, text);
	if (!value->p && value != &c->string && text.n)
		*ret_note = str_fmt(a, "a cell of the type " STR_FMT " without its value; what it "
			"shows was taken", STR_ARG(c->type));
	return true;
}
