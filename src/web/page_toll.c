/* Estimates that the register keeps: every method with its interval, or why it is
 * withheld, and what is assumed.  Never one number alone. */
#include "web/web_int.h"
#include <math.h>

static struct str
whole(struct request *q, double v)
{
	return isfinite(v) ? text_number(q->a, llround(v), q->lang) : S("—");
}

static struct str
range(struct request *q, double lower, double upper)
{
	return str_fmt(q->a, tr(q->lang, "%s to %s"), str_cstr(q->a, whole(q, lower)),
		str_cstr(q->a, whole(q, upper)));
}

static void
put_paragraph(struct buf *b, struct str s)
{
	html(b, "<p>");
	html_text(b, s);
	html(b, "</p>\n");
}

static void
put_methods(struct request *q, struct buf *b, const struct reg_toll *t)
{
	const char *heads[] = {tr(q->lang, "Method"), tr(q->lang, "people in all"),
		tr(q->lang, "95 % interval")};

	table_begin(b, tr(q->lang, "How many, by which method"), heads, 3);
	html(b, "<tbody role=\"rowgroup\">");
	for (size_t i = 0; i < t->n_methods; i++) {
		const struct reg_toll_method *m = &t->methods[i];
		bool said = m->why == RECKON_SAID;
		row_begin(b, false);
		html(b, "<th scope=\"row\" role=\"rowheader\">");
		html_text(b, str_of(tr(q->lang, m->title)));
		html(b, "</th>");
		cell_begin(b, heads[1]);
		html_text(b, said ? whole(q, m->n) : S("—"));
		html(b, "</td>");
		cell_begin(b, heads[2]);
		html_text(b, said ? range(q, m->lower, m->upper) : str_fmt(q->a, tr(q->lang,
			"withheld: %s"), tr(q->lang, reg_toll_why(m->why))));
		html(b, "</td></tr>\n");
	}
	html(b, "</tbody>");
	table_end(b);
}

static void
put_left(struct request *q, struct buf *b, const struct reg_toll *t)
{
	bool any = false;

	for (size_t i = 0; i < LEFT_WHYS; i++) {
		if (!t->left[i].claims)
			continue;
		if (!any)
			html(b, "<ul>");
		any = true;
		html(b, "<li>");
		html_text(b, str_fmt(q->a, tr(q->lang, "not counted, %s times (%s people on no other "
			"list): %s"), str_cstr(q->a, whole(q, (double)t->left[i].claims)),
			str_cstr(q->a, whole(q, (double)t->left[i].persons)),
			tr(q->lang, reg_left_words(i))));
		html(b, "</li>\n");
	}
	if (any)
		html(b, "</ul>\n");
}

static void
put_toll(struct request *q, struct buf *b, const struct reg_toll *t)
{
	html(b, "<section><h2>");
	html_text(b, reg_toll_question(q->a, t->question, q->lang));
	html(b, "</h2>\n<p>");
	html_text(b, str_fmt(q->a, tr(q->lang, "%s people on %s lists"),
		str_cstr(q->a, whole(q, (double)t->listed)),
		str_cstr(q->a, whole(q, (double)t->n_lists))));
	for (size_t i = 0; i < t->n_lists; i++) {
		html_text(b, i ? S(", ") : S(": "));
		html_value(b, t->lists[i]);
	}
	html(b, "</p>\n");
	put_methods(q, b, t);
	if (t->said > 1)
		put_paragraph(b, str_fmt(q->a, tr(q->lang, "Together: %s, from the lowest end of these "
			"intervals to the highest. No data tell which model is right.\n"),
			str_cstr(q->a, range(q, t->span.lower, t->span.upper))));
	else if (t->said == 0)
		put_paragraph(b, str_of(tr(q->lang, "No number of people in all can be said from these "
			"lists. The lower bound may be.")));
	put_paragraph(b, str_of(tr(q->lang, reg_toll_assumes(NULL))));
	for (size_t i = 0; i < t->n_methods; i++)
		if (t->methods[i].why == RECKON_SAID)
			put_paragraph(b, str_of(tr(q->lang, t->methods[i].assumes)));
	put_left(q, b, t);
	html(b, "<p><code>");
	html_code(b, t->id);
	html(b, "</code> ");
	html_text(b, str_fmt(q->a, tr(q->lang, "Receipt: data %.16s…, seed %s, version %s\n"),
		str_cstr(q->a, hex_encode(q->a, t->hash)), str_cstr(q->a, t->seed),
		str_cstr(q->a, t->version)));
	if (t->options.n)
		html_text(b, str_fmt(q->a, tr(q->lang, "Asked with: %s\n"), str_cstr(q->a, t->options)));
	html(b, "</p></section>\n");
}

void
page_tolls(struct request *q, struct reply *p)
{
	struct reg_toll *v;
	struct err e = {0};
	size_t n;

	if (reg_tolls(q->a, q->web->reg, &v, &n, &e) != OK) {
		page_error(q, p, 500, N_("The estimates cannot be read"), &e);
		return;
	}
	page_begin(q, p, str_of(tr(q->lang, "How many")));
	if (n == 0)
		put_paragraph(&p->body, str_of(tr(q->lang, "There is no estimate yet.")));
	for (size_t i = n; i > 0; i--)           /* the newest first */
		put_toll(q, &p->body, &v[i - 1]);
	page_end(q, p);
}
