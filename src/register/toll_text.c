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
put_least(struct arena *a, struct buf *b, const struct reg_toll *t, enum lang l)
{
	double least = at_least(t);

	if (isfinite(least)) {
		buf_byte(b, ' ');
		buf_fmt(b, tr(l, "They are at least about %s, unless being on one list keeps people off "
			"another."), whole(a, least, l));
	}
}

static void
put_sentences(struct arena *a, struct buf *b, const struct reg_toll *t, enum lang l, bool span)
{
	struct str question = reg_toll_question(a, t->question, l);

	buf_fmt(b, tr(l, "%s people are on the lists that were compared (%s)."),
		whole(a, (double)t->listed, l), plain(a, question));
	if (span) {
		buf_byte(b, ' ');
		buf_fmt(b, tr(l, "With those whom no list has, they are between %s and %s: from the lowest to "
			"the highest end of the 95 %% intervals of all methods that may be said; what each assumes "
			"of how the lists were made is set out below, and no data tell which is right."),
			whole(a, t->span.lower, l), whole(a, t->span.upper, l));
	}
	/* Beside a span that reaches lower it would read as a contradiction. */
	if (!span || !(at_least(t) > t->span.lower))
		put_least(a, b, t, l);
}

static void
put_methods(struct arena *a, struct buf *b, const struct reg_toll *t, enum lang l)
{
	for (size_t i = 0; i < t->n_methods; i++) {
		const struct reg_toll_method *m = &t->methods[i];
		buf_cstr(b, "- ");
		/* Numbers first: behind Latin letters Persian digits would run the wrong way. */
		if (m->why == RECKON_SAID) {
			buf_fmt(b, "%s (", whole(a, m->n, l));
			buf_fmt(b, tr(l, "%s to %s"), whole(a, m->lower, l), whole(a, m->upper, l));
			buf_fmt(b, "): %s", tr(l, m->title));
		} else {
			buf_fmt(b, "%s: ", tr(l, m->title));
			buf_fmt(b, tr(l, "withheld: %s"), tr(l, reg_toll_why(m->why)));
		}
		buf_byte(b, '\n');
	}
	buf_byte(b, '\n');
}

/* As code, so that no hyphen becomes a dash and nothing is read from right to left. */
static const char *
code(struct arena *a, struct str s)
{
	struct buf b;
	const char *p;

	buf_init(&b, TEXT_MOST);
	s = text_clean(a, s, NULL);
	for (size_t i = 0; i < s.n && i < TEXT_MOST - 2; i++)
		if (s.p[i] > ' ' && s.p[i] < 0x7f && s.p[i] != '`')
			buf_byte(&b, (uint8_t)s.p[i]);
		else
			buf_byte(&b, s.p[i] == '`' ? '\'' : ' ');
	p = str_cstr(a, str_fmt(a, "`" STR_FMT "`", STR_ARG(buf_str(&b))));
	buf_finish(&b);
	return p;
}

static void
put_assumptions(struct arena *a, struct buf *b, const struct reg_toll *t, enum lang l)
{
	buf_fmt(b, "%s\n\n", tr(l, reg_toll_assumes(NULL)));
	for (size_t i = 0; i < t->n_methods; i++)
		if (t->methods[i].why == RECKON_SAID)
			buf_fmt(b, "%s\n\n", tr(l, t->methods[i].assumes));
	buf_fmt(b, tr(l, "Receipt: seed %s, version %s, and the SHA-256 of the counts:"), plain(a, t->seed),
		plain(a, t->version));
	/* A hash on a line of its own: broken, it could not be compared. */
	buf_fmt(b, "\\\n`" STR_FMT "`\n", STR_ARG(hex_encode(a, t->hash)));
	if (t->options.n) {
		buf_byte(b, '\n');
		buf_fmt(b, tr(l, "Asked with: %s\n"), code(a, t->options));
	}
}

static void
put_section(struct arena *a, struct buf *b, const struct reg_toll *t, enum lang l,
	const char *level)
{
	buf_fmt(b, "%s %s\n\n", level, tr(l, "How many, by which method"));
	buf_fmt(b, "%s\n\n", tr(l, "People in all, and the 95 % interval of each method:"));
	put_methods(a, b, t, l);
	put_assumptions(a, b, t, l);
}

/* A number of people in all needs one that may be said, and every method asked: one that
 * was not might have contradicted or refuted the others. */
static enum status
may_be_said(const struct reg_toll *t, struct err *e)
{
	if (t->said == 0)
		return err_set(e, NO, STR_FMT ": every estimate is withheld; one may write how many are on "
			"the lists, and no number of people in all", STR_ARG(t->id));
	if (str_has(t->options, "--method"))
		return err_set(e, BAD, STR_FMT ": reckoned by some methods only, and the others might have "
			"contradicted them; `habeas toll mse` without --method would be right", STR_ARG(t->id));
	return OK;
}

enum status
reg_toll_text(struct arena *a, const struct reg_toll *t, enum reg_toll_part part, enum lang l,
	struct str *ret, struct err *e)
{
	struct buf b;
	enum status st = part == TOLL_SENTENCES || part == TOLL_WHOLE ? may_be_said(t, e) : OK;

	if (st)
		return st;
	buf_init(&b, 1 << 20);
	if (part != TOLL_SECTION)
		put_sentences(a, &b, t, l, part != TOLL_LEAST);
	if (part == TOLL_WHOLE)
		buf_cstr(&b, "\n\n");
	if (part == TOLL_SECTION || part == TOLL_WHOLE)
		put_section(a, &b, t, l, part == TOLL_SECTION ? "#" : "##");
	*ret = str_dup(a, buf_str(&b));
	buf_finish(&b);
	return OK;
}
