/* Letters: who has adopted what, and the text of each. */
#include "web/web_int.h"

static struct str
party_name(struct request *q, const struct letter_party *party)
{
	return party->name[q->lang].n ? party->name[q->lang] : party->name[LANG_EN];
}

static void
put_state(struct request *q, struct buf *b, const struct letter_state *s)
{
	const char *heads[] = {tr(q->lang, "Organisation"), tr(q->lang, "Adopted")};

	table_begin(b, tr(q->lang, "Who was asked to adopt this letter"), heads, 2);
	html(b, "<tbody role=\"rowgroup\">");
	for (size_t i = 0; i < s->n_parties; i++) {
		const struct letter_party *party = &s->parties[i];
		const struct letter_adoption *found = NULL;
		for (size_t k = 0; k < s->n_adoptions; k++)
			if (str_eq(s->adoptions[k].fingerprint, party->root))
				found = &s->adoptions[k];
		row_begin(b, false);
		html(b, "<th scope=\"row\" role=\"rowheader\">");
		html_value(b, party_name(q, party));
		html(b, "</th>");
		cell_begin(b, heads[1]);
		if (found)
			html_value(b, date_show(q->a, &found->on, q->lang, 0));
		else
			html_text(b, str_of(tr(q->lang, "not yet")));
		html(b, "</td></tr>\n");
	}
	html(b, "</tbody>");
	table_end(b);
	html(b, "<p>");
	html_text(b, str_of(tr(q->lang, "Hash of the manifest:")));
	html(b, " <code>");
	html_code(b, hex_encode(q->a, BYTES(s->hash)));
	html(b, "</code></p>\n");
	if (s->withdrawn) {
		html(b, "<p>");
		html_says(b, tr(q->lang, "Rows of the annexes withdrawn since: %s"),
			(struct str[]){text_number(q->a, (int64_t)s->withdrawn, q->lang)}, 1);
		html(b, "</p>\n");
	}
}

static void
put_annexes(struct request *q, struct buf *b, const struct letter_state *s)
{
	if (s->n_annexes == 0)
		return;
	buf_fmt(b, "<h2>%s</h2>\n<ul>", tr(q->lang, "Annexes"));
	for (size_t i = 0; i < s->n_annexes; i++) {
		const struct reg_annex *x = &s->annexes[i];
		const struct str *titles = s->annex_titles + i * LANG_COUNT;
		const size_t n[] = {x->n_rows, x->reduced, x->withheld, x->counts.unconfirmed,
			x->counts.confirmed};
		struct str v[5];
		for (size_t k = 0; k < 5; k++)
			v[k] = text_number(q->a, (int64_t)n[k], q->lang);
		html(b, "<li><strong>");
		html_value(b, titles[q->lang].n ? titles[q->lang] : titles[LANG_EN]);
		html(b, "</strong><br>");
		html_says(b, tr(q->lang, "rows: %s; with initials only: %s; left out for want of consent: "
			"%s; unconfirmed: %s, confirmed: %s"), v, 5);
		html(b, "</li>\n");
	}
	html(b, "</ul>\n");
}

void
page_letters(struct request *q, struct reply *p)
{
	struct letter_state *v;
	struct err e = {0};
	size_t n;
	enum status st = letter_list(q->a, q->web->reg, &v, &n, &e);
	struct buf *b = &p->body;

	if (st) {
		page_error(q, p, 500, N_("The letters cannot be read"), &e);
		return;
	}
	page_begin(q, p, str_of(tr(q->lang, "Letters")));
	if (n == 0)
		buf_fmt(b, "<p>%s</p>", tr(q->lang, "There is no letter yet."));
	else
		html(b, "<ul class=\"letters\">");
	for (size_t i = 0; i < n; i++) {
		struct str title = v[i].title[q->lang].n ? v[i].title[q->lang] : v[i].title[LANG_EN];
		buf_fmt(b, "<li><a href=\"/%s/letter/", lang_code(q->lang));
		html_url(b, v[i].name);
		html(b, "\">");
		html_value(b, title.n ? title : v[i].name);
		html(b, "</a><br><small>");
		html_says(b, tr(q->lang, "adopted by %s of %s"),
			(struct str[]){text_number(q->a, (int64_t)v[i].n_adoptions, q->lang),
			text_number(q->a, (int64_t)v[i].n_parties, q->lang)}, 2);
		html(b, "</small></li>\n");
	}
	if (n)
		html(b, "</ul>");
	page_end(q, p);
}

/* The text in the reader's language if there is one, else in the authentic one. */
static void
put_text(struct request *q, struct buf *b, const struct letter_state *s)
{
	enum lang l = q->lang;
	struct typeset_drawn drawn;
	struct err e = {0};

	for (enum lang k = 0; k < LANG_COUNT && !s->has[l]; k++)
		if (s->has[k])
			l = k;
	/* The title stands above, as the page's own. */
	struct typeset_doc doc = {.lang = l, .body = s->text[l]};
	if (typeset_html(q->a, &doc, true, &drawn, &e) == OK) {
		buf_fmt(b, "<div lang=\"%s\" dir=\"%s\" class=\"letter-text\">", lang_code(l),
			lang_rtl(l) ? "rtl" : "ltr");
		buf_put(b, drawn.bytes.p, drawn.bytes.n);     /* ours: the helper escapes */
		html(b, "</div>");
	} else {
		put_fault(q, b, &e);
		html(b, "<pre dir=\"auto\">");
		html_text(b, s->text[l]);
		html(b, "</pre>");
	}
}

void
page_letter(struct request *q, struct reply *p)
{
	struct letter_state s;
	struct err e = {0};
	enum status st = letter_load(q->a, q->web->reg, q->rest, &s, &e);

	if (st) {
		page_error(q, p, st == FAIL ? 500 : 404, N_("There is no such letter"), &e);
		return;
	}
	struct str title = s.title[q->lang].n ? s.title[q->lang] : s.name;
	page_begin(q, p, title);
	put_state(q, &p->body, &s);
	put_annexes(q, &p->body, &s);
	put_text(q, &p->body, &s);
	page_end(q, p);
}
