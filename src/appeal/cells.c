/* What stands in an annex's cells, in the reader's language.  The frozen words are
 * English and ISO 8601, so that every language shows the same thing. */
#include "appeal/appeal_int.h"

static const struct { const char *column, *label; } computed[] = {
	{"name", "Name"}, {"status", "Status"}, {"lists", "Lists"}, {"confirmed", "Confirmed"},
};

/* The same lookup as the register's gate: a person's field, else an event's. */
static const struct field *
field_of_column(struct str column)
{
	const struct field *f = field_named(kind_named(S("person")), column);

	return f && f->slot >= SLOT_FIRST ? f : field_named(kind_named(S("event")), column);
}

struct str
column_label(enum lang l, struct str column)
{
	const struct field *f;

	for (size_t i = 0; i < sizeof computed / sizeof *computed; i++)
		if (str_is(column, computed[i].column))
			return str_of(tr(l, computed[i].label));
	f = field_of_column(column);
	return f ? f->label[l] : column;
}

static const char between[] = " \xc2\xb7 ";

/* The next spelling, cut off *rest. */
static struct str
cut_spelling(struct str *rest)
{
	const char *at = memmem(rest->p, rest->n, between, sizeof between - 1);
	struct str one = at ? str_upto(*rest, (size_t)(at - rest->p)) : *rest;

	*rest = at ? str_from(*rest, one.n + sizeof between - 1) : STR_NONE;
	return one;
}

/* Spellings of a name, those in the reader's script first; each isolated, or
 * scripts of two directions would mix. */
static struct str
show_names(struct arena *a, enum lang l, struct str words)
{
	enum script own = lang_rtl(l) ? SCRIPT_ARAB : SCRIPT_LATN;
	struct str s = S("");

	if (!str_has(words, between))
		return words;
	for (int pass = 0; pass < 2; pass++)
		for (struct str rest = words; rest.p;) {
			struct str one = cut_spelling(&rest);
			if ((text_script(one) == own) != (pass == 0))
				continue;
			s = str_fmt(a, STR_FMT "%s\xe2\x81\xa8" STR_FMT "\xe2\x81\xa9", STR_ARG(s),
				s.n ? between : "", STR_ARG(one));
		}
	return s;
}

static struct str
show_statuses(struct arena *a, enum lang l, struct str words)
{
	struct str rest = words, s = S("");

	while (rest.p) {
		struct str one = str_trim(str_cut(&rest, '/'));
		s = str_fmt(a, STR_FMT "%s%s", STR_ARG(s), s.n ? " / " : "",
			one.n ? tr(l, str_cstr(a, one)) : "");
	}
	return s;
}

static struct str
show_code(enum lang l, const struct field *f, struct str words)
{
	const struct vocabulary *v = vocabulary_named(f->of);

	for (size_t i = 0; v && i < v->n_codes; i++)
		if (str_eq(v->codes[i].label[LANG_EN], words) || str_eq(v->codes[i].code, words))
			return v->codes[i].label[l];
	return words;
}

struct str
cell_show(struct arena *a, enum lang l, struct str column, struct str words)
{
	const struct field *f = field_of_column(column);
	struct date d;

	if (words.n == 0)
		return S("\xe2\x80\x94");
	if (str_is(column, "name"))
		return show_names(a, l, words);
	if (str_is(column, "status"))
		return show_statuses(a, l, words);
	if (str_is(column, "confirmed"))
		return str_of(tr(l, str_cstr(a, words)));
	if (str_is(column, "lists") || (f && f->type == VALUE_NUMBER))
		return text_localise_digits(a, words, l);
	if (f && f->type == VALUE_CODE)
		return show_code(l, f, words);
	if (f && f->type == VALUE_DATE && date_parse(words, NULL, &d, NULL) == OK)
		return date_show(a, &d, l, 0);
	return words;
}
