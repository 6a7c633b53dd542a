/*
 * Estimates in a letter's text.  {{estimate ID}} stands for the sentences that one may
 * write of it, {{estimate ID least}} for those without a number of people in all, and
 * {{estimate ID section}}, a paragraph of its own, for every method, what it assumes and
 * the receipt.  They are written out when the letter is proposed, so that what the
 * parties adopt, and what anybody checks later, is the text with its numbers.
 */
#include "appeal/appeal_int.h"

#define OPEN "{{"
#define CLOSE "}}"

struct quote {
	struct str before, id;        /* text up to it */
	enum reg_toll_part part;
	size_t line;
};

static size_t
lines_of(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == '\n';
	return n;
}

static size_t
place_of(struct str s, const char *part)
{
	size_t at = 0;

	while (at < s.n && !str_starts(str_from(s, at), part))
		at++;
	return at;
}

static bool
part_of(struct str word, enum reg_toll_part *ret)
{
	static const struct { const char *word; enum reg_toll_part part; } parts[] = {
		{"", TOLL_SENTENCES}, {"least", TOLL_LEAST}, {"section", TOLL_SECTION},
	};

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (str_is(word, parts[i].word)) {
			*ret = parts[i].part;
			return true;
		}
	return false;
}

static struct str
word(struct str *rest)
{
	struct str s = str_cut(rest, ' ');

	*rest = str_trim(*rest);
	return s;
}

/* A paragraph of its own: blank lines, or the text's ends, around it. */
static bool
alone(struct str before, struct str after)
{
	return (before.n == 0 || (before.n > 1 && before.p[before.n - 1] == '\n'
		&& before.p[before.n - 2] == '\n'))
		&& (after.n == 0 || str_is(after, "\n") || str_starts(after, "\n\n"));
}

/* The next one of *rest, which then begins behind it; NO: there is none. */
static enum status
next(const char *path, struct str whole, struct str *rest, struct quote *ret, struct err *e)
{
	size_t from = place_of(*rest, OPEN), end;
	struct str words, tail;

	if (from == rest->n)
		return NO;
	ret->before = str_upto(*rest, from);
	ret->line = 1 + lines_of(str_upto(whole, whole.n - rest->n + from));
	tail = str_from(*rest, from + 2);
	end = place_of(tail, CLOSE);
	words = str_trim(str_upto(tail, end));
	if (end == tail.n || !str_is(word(&words), "estimate") || (ret->id = word(&words)).n == 0
	    || !part_of(words, &ret->part))
		return err_set(e, BAD, "%s: line %zu: {{…}}: {{estimate ID}}, {{estimate ID least}} or "
			"{{estimate ID section}} would be right", path, ret->line);
	*rest = str_from(tail, end + 2);
	if (ret->part == TOLL_SECTION
	    && !alone(str_upto(whole, whole.n - tail.n - 2), *rest))
		return err_set(e, BAD, "%s: line %zu: {{estimate … section}} is a paragraph of its own; put "
			"a blank line before and after it", path, ret->line);
	return OK;
}

enum status
quotes_check(struct arena *a, const char *path, struct str text, struct str *ret, struct err *e)
{
	struct str rest = text, all = S("");
	struct quote q;
	enum status st;

	while ((st = next(path, text, &rest, &q, e)) == OK)
		all = str_fmt(a, STR_FMT STR_FMT " %d\n", STR_ARG(all), STR_ARG(q.id), (int)q.part);
	*ret = all;
	return st == NO ? OK : st;
}

static enum status
write_out(struct arena *a, struct reg *r, const char *path, const struct quote *q, enum lang l,
	struct buf *out, struct err *e)
{
	struct reg_toll t;
	struct str text;
	enum status st = reg_toll_find(a, r, q->id, &t, e);

	if (st == OK)
		st = reg_toll_text(a, &t, q->part, l, &text, e);
	/* What is withheld is no fault of the register, but this letter cannot go out. */
	if (st)
		return err_prefix(e, "%s: line %zu", path, q->line), st == NO ? BAD : st;
	text = str_trim(text);
	buf_put(out, text.p, text.n);
	return OK;
}

enum status
quotes_write_out(struct arena *a, struct reg *r, const char *path, struct str text, enum lang l,
	struct str *ret, struct err *e)
{
	struct str rest = text;
	struct quote q;
	struct buf b;
	enum status st;

	buf_init(&b, TYPESET_MAX_MARKDOWN);
	while ((st = next(path, text, &rest, &q, e)) == OK) {
		buf_put(&b, q.before.p, q.before.n);
		if ((st = write_out(a, r, path, &q, l, &b, e)) != OK)
			break;
	}
	buf_put(&b, rest.p, rest.n);
	if (st == NO)
		st = b.over ? err_set(e, BAD, "%s: longer than 1 MiB", path) : OK;
	if (st == OK)
		*ret = str_dup(a, buf_str(&b));
	buf_finish(&b);
	return st == OK ? typeset_markdown_check(a, path, *ret, NULL, e) : st;
}
