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
put_otherwise(struct request *q, struct buf *b, const struct reg_toll *t)
{
	const char *heads[] = {tr(q->lang, "If it had been reckoned otherwise"),
		tr(q->lang, "Method"), tr(q->lang, "people in all"), tr(q->lang, "95 % interval")};

	if (t->n_otherwise == 0)
		return;
	table_begin(b, heads[0], heads, 4);
	html(b, "<tbody role=\"rowgroup\">");
	for (size_t i = 0; i < t->n_otherwise; i++) {
		const struct reg_toll_otherwise *o = &t->otherwise[i];
		row_begin(b, false);
		html(b, "<th scope=\"row\" role=\"rowheader\">");
		html_value(b, reg_toll_otherwise_words(q->a, t, o, q->lang));
		html(b, "</th>");
		cell_begin(b, heads[1]);
		html_text(b, str_of(str_is(o->method, "none") ? tr(q->lang, "with nothing else assumed")
			: tr(q->lang, reg_toll_title(o->method))));
		html(b, "</td>");
		cell_begin(b, heads[2]);
		html_text(b, whole(q, o->n));
		html(b, "</td>");
		cell_begin(b, heads[3]);
		html_text(b, isfinite(o->lower) ? range(q, o->lower, o->upper) : S("—"));
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

static bool
same_question(const struct reg_toll *x, const struct reg_toll *y)
{
	bool same = x->by_organisation == y->by_organisation && x->n_lists == y->n_lists
		&& str_eq(x->question, y->question);

	for (size_t i = 0; same && i < x->n_lists; i++)
		same = str_eq(x->lists[i], y->lists[i]);
	return same;
}

static const struct reg_toll *
newer(const struct reg_toll *v, size_t n, const struct reg_toll *t)
{
	for (size_t i = n; i > 0; i--)
		if (v[i - 1].pos > t->pos && same_question(&v[i - 1], t))
			return &v[i - 1];
	return NULL;
}

static void
put_link(struct request *q, struct buf *b, const struct reg_toll *t)
{
	html(b, "<a href=\"");
	html_text(b, link_to(q, "toll/"));
	html_url(b, t->id);
	html(b, "\">");
	html_value(b, reg_toll_question(q->a, t->question, q->lang));
	html(b, "</a>");
}

static void
put_question(struct request *q, struct buf *b, const struct reg_toll *t)
{
	html(b, "<p>");
	html_text(b, str_fmt(q->a, tr(q->lang, "%s people on %s lists"),
		str_cstr(q->a, whole(q, (double)t->listed)),
		str_cstr(q->a, whole(q, (double)t->n_lists))));
	for (size_t i = 0; i < t->n_lists; i++) {
		html_text(b, i ? S(", ") : S(": "));
		html_value(b, t->lists[i]);
	}
	html(b, "</p>\n");
}

static void
put_answer(struct request *q, struct buf *b, const struct reg_toll *t)
{
	put_methods(q, b, t);
	if (t->said > 1)
		put_paragraph(b, str_fmt(q->a, tr(q->lang, "Together: %s, from the lowest end of these "
			"intervals to the highest. No data tell which model is right.\n"),
			str_cstr(q->a, range(q, t->span.lower, t->span.upper))));
	else if (t->said == 0)
		put_paragraph(b, str_of(tr(q->lang, "No number of people in all can be said from these "
			"lists. The lower bound may be.")));
	put_toll_chart(q, b, t);
	put_paragraph(b, str_of(tr(q->lang, reg_toll_assumes(NULL))));
	for (size_t i = 0; i < t->n_methods; i++)
		if (t->methods[i].why == RECKON_SAID)
			put_paragraph(b, str_of(tr(q->lang, t->methods[i].assumes)));
	put_otherwise(q, b, t);
	put_left(q, b, t);
}

static void
put_receipt(struct request *q, struct buf *b, const struct reg_toll *t)
{
	html(b, "<p><code>");
	html_code(b, t->id);
	html(b, "</code> ");
	html_text(b, str_fmt(q->a, tr(q->lang, "Receipt: data %.16s…, seed %s, version %s\n"),
		str_cstr(q->a, hex_encode(q->a, t->hash)), str_cstr(q->a, t->seed),
		str_cstr(q->a, t->version)));
	if (t->options.n)
		html_says(b, tr(q->lang, "Asked with: %s\n"), &t->options, 1);
	html(b, "</p>\n");
}

void
page_toll(struct request *q, struct reply *p)
{
	const struct reg_toll *later;
	struct reg_toll t, *v;
	struct err e = {0};
	size_t n;
	enum status st = reg_toll_find(q->a, q->web->reg, q->rest, &t, &e);

	if (st || (st = reg_tolls(q->a, q->web->reg, &v, &n, &e)) != OK) {
		page_error(q, p, st == FAIL ? 500 : 404, N_("There is no such estimate"), &e);
		return;
	}
	page_begin(q, p, reg_toll_question(q->a, t.question, q->lang));
	later = newer(v, n, &t);
	if (later) {
		html(&p->body, "<p class=\"unlike\">");
		html_text(&p->body, str_of(tr(q->lang, "A newer estimate answers the same question:")));
		html(&p->body, " ");
		put_link(q, &p->body, later);
		html(&p->body, "</p>\n");
	}
	put_question(q, &p->body, &t);
	put_answer(q, &p->body, &t);
	put_receipt(q, &p->body, &t);
	page_end(q, p);
}

/* Their ends, not their middle: never one number alone. */
static void
put_list(struct request *q, struct buf *b, const struct reg_toll *v, size_t n)
{
	const char *heads[] = {tr(q->lang, "Asked"), tr(q->lang, "on lists"),
		tr(q->lang, "people in all, by all methods said")};

	table_begin(b, tr(q->lang, "How many"), heads, 3);
	html(b, "<tbody role=\"rowgroup\">");
	for (size_t i = n; i > 0; i--) {         /* the newest first */
		const struct reg_toll *t = &v[i - 1];
		row_begin(b, false);
		html(b, "<th scope=\"row\" role=\"rowheader\">");
		put_link(q, b, t);
		html(b, "</th>");
		cell_begin(b, heads[1]);
		html_text(b, whole(q, (double)t->listed));
		html(b, "</td>");
		cell_begin(b, heads[2]);
		html_text(b, t->said ? range(q, t->span.lower, t->span.upper)
			: str_of(tr(q->lang, "withheld")));
		html(b, "</td></tr>\n");
	}
	html(b, "</tbody>");
	table_end(b);
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
	else
		put_list(q, &p->body, v, n);
	page_end(q, p);
}
