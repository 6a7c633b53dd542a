/* Values from the words people write: the one reader for import, add and amend. */
#include "register/register_int.h"

enum { TEXT_MOST = 1 << 20 };

static enum status
read_number(struct arena *a, struct str words, struct bytes *ret, struct err *e)
{
	struct str s = str_trim(text_digits(a, words));
	int64_t v;

	/* "54.0": what spreadsheets make of 54. */
	if (str_ends(s, ".0"))
		s.n -= 2;
	if (!str_i64(s, &v))
		return err_set(e, BAD, "\"" STR_FMT "\": not a whole number; write it in digits",
			STR_ARG(str_upto(words, 80)));
	*ret = value_number(a, v);
	return OK;
}

static enum status
read_flag(struct arena *a, struct str words, struct bytes *ret, struct err *e)
{
	static const char *const yes[] = {"yes", "y", "true", "1", "bəli", "hə", "بله", "آری"};
	static const char *const no[] = {"no", "n", "false", "0", "xeyr", "yox", "خیر", "نه"};
	struct str s = text_fold(a, words);

	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		if (str_eq(s, text_fold(a, str_of(yes[i])))) {
			*ret = value_flag(a, true);
			return OK;
		}
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		if (str_eq(s, text_fold(a, str_of(no[i])))) {
			*ret = value_flag(a, false);
			return OK;
		}
	return err_set(e, BAD, "\"" STR_FMT "\": neither yes nor no; write yes or no",
		STR_ARG(str_upto(words, 80)));
}

static enum status
read_code(struct arena *a, const struct field *f, struct str words, struct bytes *ret,
	struct err *e)
{
	const struct vocabulary *v = vocabulary_named(f->of);
	const struct code *c = code_by_word(a, v, words);
	struct buf known;

	if (c) {
		*ret = value_code(a, v->version, c->code);
		return OK;
	}
	buf_init(&known, 512);
	for (size_t i = 0; i < v->n_codes; i++)
		buf_fmt(&known, "%s" STR_FMT, i ? ", " : "", STR_ARG(v->codes[i].code));
	enum status st = err_set(e, BAD, "\"" STR_FMT "\": no such " STR_FMT "; write one of "
		STR_FMT, STR_ARG(str_upto(words, 80)), STR_ARG(f->name), STR_ARG(buf_str(&known)));
	buf_finish(&known);
	return st;
}

static enum status
read_ref(struct arena *a, struct reg *r, const struct field *f, struct str words,
	struct bytes *ret, struct err *e)
{
	uint64_t pos;
	struct now w;
	enum status st = index_find(r, words, &pos, e);

	if (st)
		return st == NO ? BAD : st;
	if ((st = index_now(a, r, pos, &w, e)) != OK)
		return st == NO ? BAD : st;
	if (f->of.n && kind_number(str_cstr(a, f->of)) != w.kind)
		return err_set(e, BAD, STR_FMT ": is a record of another kind; here stands a "
			STR_FMT, STR_ARG(words), STR_ARG(f->of));
	*ret = value_ref(a, w.hash);
	return OK;
}

static enum status
read_date(struct arena *a, struct str words, const struct date_hint *hint, struct bytes *ret,
	struct str *ret_warning, struct err *e)
{
	struct date d;
	struct err doubt;
	enum status st = date_parse(words, hint, &d, e);

	if (st)
		return st;
	if (date_weekday_doubt(words, &d, &doubt))
		*ret_warning = str_fmt(a, "\"" STR_FMT "\": %s; kept as " STR_FMT, STR_ARG(words),
			doubt.text, STR_ARG(date_show(a, &d, LANG_EN, d.calendar)));
	else if (d.flags & DATE_AMBIGUOUS)
		*ret_warning = str_fmt(a, "\"" STR_FMT "\" can be read in more than one way; kept as "
			STR_FMT, STR_ARG(words), STR_ARG(date_show(a, &d, LANG_EN, d.calendar)));
	*ret = value_date(a, &d);
	return OK;
}

enum status
value_from_words(struct arena *a, struct reg *r, const struct field *f, struct str words,
	const struct date_hint *hint, struct bytes *ret, struct str *ret_warning, struct err *e)
{
	bool changed = false;
	if (!utf8_valid(str_bytes(words)))
		return err_set(e, BAD, "not text in UTF-8");
	struct str s = text_clean(a, words, &changed), warning = S("");
	struct bytes v = {0};
	enum status st = OK;

	if (s.n > TEXT_MOST)
		return err_set(e, BAD, "%zu bytes in one field; at most %d", s.n, TEXT_MOST);
	if (changed)
		warning = S("characters that cannot be seen were left out");
	switch (f->type) {
	case VALUE_TEXT:
		v = value_text(a, s);
		break;
	case VALUE_NAME:
		v = value_name(a, &(struct name){s, text_script(s), S(""), S("")});
		break;
	case VALUE_PLACE:
		v = value_place(a, &(struct place){s, S(""), S("")});
		break;
	case VALUE_DATE:
		st = read_date(a, s, hint, &v, &warning, e);
		break;
	case VALUE_NUMBER:
		st = read_number(a, s, &v, e);
		break;
	case VALUE_FLAG:
		st = read_flag(a, s, &v, e);
		break;
	case VALUE_CODE:
		st = read_code(a, f, s, &v, e);
		break;
	case VALUE_REF:
		st = read_ref(a, r, f, s, &v, e);
		break;
	default:
		st = err_set(e, BAD, STR_FMT ": cannot be written by hand", STR_ARG(f->name));
	}
	if (st)
		return st;
	*ret = v;
	*ret_warning = warning;
	return OK;
}

/* --- what may go out in coarser form, committed when recorded ------------------- */

/* Of the letters that names here begin with.  Not i: of İlqar or of Igor? */
static uint32_t
capital(uint32_t cp)
{
	static const struct { uint32_t small, capital; } odd[] = {
		{0x259, 0x18f}, {0x131, 'I'}, {0x15f, 0x15e}, {0x11f, 0x11e}, {0x161, 0x160},
		{0x17e, 0x17d}, {0x10d, 0x10c},
	};

	if ((cp >= 'a' && cp <= 'z' && cp != 'i') || (cp >= 0xe0 && cp <= 0xfe && cp != 0xf7)
	    || (cp >= 0x430 && cp <= 0x44f))
		return cp - 32;
	if (cp >= 0x450 && cp <= 0x45f)
		return cp - 80;
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
		if (odd[i].small == cp)
			return odd[i].capital;
	return cp;
}

static void
put_initial(struct buf *b, struct str name)
{
	size_t at = 0;
	uint32_t cp = 0;

	/* The first letter: «Əli» and (Əli) begin with one, too. */
	while (at < name.n) {
		size_t from = at;
		cp = utf8_next(name, &at);
		if (text_script((struct str){name.p + from, at - from}) != SCRIPT_NONE)
			break;
		cp = 0;
	}
	if (cp == 0)
		return;
	if (b->n)
		buf_byte(b, ' ');
	utf8_put(b, capital(cp));
	buf_byte(b, '.');
}

static void
put_initials(struct arena *a, struct draft *d)
{
	unsigned slot = field_slot("person", "initials");
	struct name given = {0}, family = {0}, whole = {0};
	struct buf b;

	if (d->slot[slot].n)
		return;
	buf_init(&b, 256);
	bool g = get_name(d->slot[field_slot("person", "given")], &given);
	bool f = get_name(d->slot[field_slot("person", "family")], &family);
	if (g)
		put_initial(&b, given.text);
	if (f)
		put_initial(&b, family.text);
	if (!g && !f && get_name(d->slot[field_slot("person", "whole")], &whole)) {
		struct str rest = whole.text;
		while (rest.p && b.n < 16)
			put_initial(&b, str_trim(str_cut(&rest, ' ')));
	}
	if (b.n)
		d->slot[slot] = value_text(a, text_clean(a, buf_str(&b), NULL));
	buf_finish(&b);
}

static void
put_birth_year(struct arena *a, struct draft *d)
{
	unsigned slot = field_slot("person", "birth-year");
	struct date birth, year;

	if (d->slot[slot].n || !get_date(d->slot[field_slot("person", "birth")], &birth)
	    || birth.from.year == 0 || birth.from.year != birth.to.year
	    || (birth.flags & DATE_AMBIGUOUS)
	    || date_of_ymd(birth.calendar, (struct ymd){birth.from.year, 0, 0}, &year, NULL) != OK)
		return;
	year.flags |= birth.flags & DATE_ABOUT;
	d->slot[slot] = value_date(a, &year);
}

void
add_coarser(struct arena *a, struct draft *d)
{
	if (d->kind != kind_number("person"))
		return;
	put_initials(a, d);
	put_birth_year(a, d);
}
