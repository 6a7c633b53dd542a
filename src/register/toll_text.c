/*
 * What a letter may say of an estimate: docs/methods/toll.md, "For campaigners".  No
 * number goes without its interval, no interval without what it assumes.
 */
#include "register/register_int.h"
#include <math.h>

enum { TEXT_MOST = 1000 };       /* bytes of a record's text that a letter gets */

static const char *
whole(struct arena *a, double v, enum lang l)
{
	return isfinite(v) ? str_cstr(a, text_number(a, llround(v), l)) : "-";
}

/* What stands in a record, as one line of Markdown that means nothing but its letters: a
 * prison's name, or what another program wrote, must not add sentences to a letter. */
static const char *
plain(struct arena *a, struct str s)
{
	struct buf b;
	const char *p;

	buf_init(&b, 1 << 20);
	s = text_clean(a, s, NULL);
	if (s.n > TEXT_MOST) {
		size_t n = TEXT_MOST;
		while ((s.p[n] & 0xc0) == 0x80)
			n--;
		s = str_upto(s, n);
	}
	for (size_t i = 0; i < s.n; i++) {
		char c = (char)s.p[i];
		if (c && strchr("\\`*_[]<>#&!|~$", c))
			buf_byte(&b, '\\');
		buf_byte(&b, c == '\n' ? ' ' : (uint8_t)c);
	}
	p = str_cstr(a, str_dup(a, buf_str(&b)));
	buf_finish(&b);
	return p;
}

/* The lower end of the bound's interval: the bound itself is an estimate too. */
static double
at_least(const struct reg_toll *t)
{
	for (size_t i = 0; i < t->n_methods; i++)
		if (t->methods[i].bound && t->methods[i].why == RECKON_SAID)
			return t->methods[i].lower;
	return NAN;
}

static void
put_sentences(struct arena *a, struct buf *b, const struct reg_toll *t, enum lang l)
{
	double least = at_least(t);
	struct str question = reg_toll_question(a, t->question, l);

	buf_fmt(b, tr(l, "%s people are on the lists that were compared (%s)."),
		whole(a, (double)t->listed, l), plain(a, question));
	buf_byte(b, ' ');
	buf_fmt(b, tr(l, "With those whom no list has, they are between %s and %s: from the lowest to "
		"the highest end of the 95 %% intervals of all methods that may be said; what each assumes "
		"of how the lists were made is set out below, and no data tell which is right."),
		whole(a, t->span.lower, l), whole(a, t->span.upper, l));
	if (isfinite(least)) {
		buf_byte(b, ' ');
		buf_fmt(b, tr(l, "They are at least about %s, unless being on one list keeps people off "
			"another."), whole(a, least, l));
	}
	buf_cstr(b, "\n\n");
}

static void
put_methods(struct arena *a, struct buf *b, const struct reg_toll *t, enum lang l)
{
	for (size_t i = 0; i < t->n_methods; i++) {
		const struct reg_toll_method *m = &t->methods[i];
		buf_fmt(b, "- %s: ", tr(l, m->title));
		if (m->why == RECKON_SAID) {
			buf_fmt(b, "%s (", whole(a, m->n, l));
			buf_fmt(b, tr(l, "%s to %s"), whole(a, m->lower, l), whole(a, m->upper, l));
			buf_byte(b, ')');
		} else {
			buf_fmt(b, tr(l, "withheld: %s"), tr(l, reg_toll_why(m->why)));
		}
		buf_byte(b, '\n');
	}
	buf_byte(b, '\n');
}

static void
put_assumptions(struct arena *a, struct buf *b, const struct reg_toll *t, enum lang l)
{
	buf_fmt(b, "%s\n\n", tr(l, reg_toll_assumes(NULL)));
	for (size_t i = 0; i < t->n_methods; i++)
		if (t->methods[i].why == RECKON_SAID)
			buf_fmt(b, "%s\n\n", tr(l, t->methods[i].assumes));
	buf_fmt(b, tr(l, "Receipt: data %.16s…, seed %s, version %s\n"),
		str_cstr(a, hex_encode(a, t->hash)), plain(a, t->seed), plain(a, t->version));
	if (t->options.n)
		buf_fmt(b, tr(l, "Asked with: %s\n"), plain(a, t->options));
}

enum status
reg_toll_text(struct arena *a, const struct reg_toll *t, enum lang l, struct str *ret,
	struct err *e)
{
	struct buf b;

	if (t->said == 0)
		return err_set(e, NO, STR_FMT ": every estimate is withheld; one may write how many are on "
			"the lists, and no number of people in all", STR_ARG(t->id));
	buf_init(&b, 1 << 20);
	put_sentences(a, &b, t, l);
	buf_fmt(&b, "## %s\n\n", tr(l, "How many, by which method"));
	buf_fmt(&b, "%s\n\n", tr(l, "People in all, and the 95 % interval of each method:"));
	put_methods(a, &b, t, l);
	put_assumptions(a, &b, t, l);
	*ret = str_dup(a, buf_str(&b));
	buf_finish(&b);
	return OK;
}
