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

/* Spellings of a name: each isolated, or scripts of two directions would mix. */
static struct str
show_names(struct arena *a, struct str words)
{
	static const char between[] = " \xc2\xb7 ";
	struct str s = S("");
	size_t from = 0;

	if (!str_has(words, between))
		return words;
	for (size_t i = 0; i <= words.n; i++) {
		bool cut = i + sizeof between - 1 <= words.n
			&& memcmp(words.p + i, between, sizeof between - 1) == 0;
		if (!cut && i < words.n)
			continue;
		s = str_fmt(a, STR_FMT "%s\xe2\x81\xa8%.*s\xe2\x81\xa9", STR_ARG(s), s.n ? between : "",
			(int)(i - from), words.p + from);
		from = i + sizeof between - 1;
		i = cut ? from - 1 : i;
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
		return show_names(a, words);
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
