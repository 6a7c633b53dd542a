/*
 * The document as one page of HTML: nothing to fetch, nothing to run.  Every
 * value that comes from a register stands in <bdi>.
 */
#include <cmark.h>
#include "helpers/typeset/typeset_int.h"

static const char style[] =
	"body{margin:0;background:#fff;color:#111;"
	"font:1.06rem/1.5 'Gentium Plus',Charter,Georgia,serif}"
	/* Latin first: it has no Arabic letters, but the digits of references.  locl:
	 * see set_digits() in text.c. */
	":lang(fa),:lang(azb){font-family:'Gentium Plus',Vazirmatn,'Noto Naskh Arabic',serif;"
	"line-height:1.9;font-feature-settings:'locl' 0}"
	":lang(fa) em,:lang(azb) em{font-style:normal;font-weight:bold}"
	".letter{max-inline-size:36rem;margin-block:2rem;margin-inline:auto;padding-inline:1rem;"
	"overflow-wrap:break-word}"
	".letter-mark{font-size:.85em;color:#555}"
	".letter-head{font-weight:bold;border-block-end:1px solid;padding-block-end:.4rem}"
	".letter-head p,.letter-lines p,.letter-signatory p{margin:0}"
	".letter-lines{margin-block:1rem}.letter-date{text-align:end}"
	".letter h1{font-size:1.35em;line-height:1.3}"
	".letter h2{font-size:1.12em}.letter h3{font-size:1em}"
	".letter ol,.letter ul{padding-inline-start:2em}"
	":lang(fa) ol,:lang(azb) ol{list-style-type:persian}"
	".letter-signatories{display:grid;gap:1.2rem;margin-block:2rem;"
	"grid-template-columns:repeat(auto-fill,minmax(14rem,1fr))}"
	".letter-signatory{border-block-start:1px solid #777;padding-block-start:.3rem;"
	"font-size:.9em}"
	".letter-signatory .letter-name{font-weight:bold}"
	".letter-annex,.letter-verify{border-block-start:2px solid;margin-block-start:3rem}"
	".letter-table{overflow-x:auto}"
	".letter table{border-collapse:collapse;font-size:.85em;inline-size:100%}"
	".letter th,.letter td{text-align:start;vertical-align:baseline;padding:.25em .6em;"
	"border-block-end:1px solid #ccc}.letter th{border-block-end:1px solid #111}"
	".letter code,.letter pre{font:.82em/1.5 'Noto Sans Mono',monospace;"
	"overflow-wrap:anywhere;white-space:pre-wrap}"
	/* A date or code is not broken; the table scrolls in its box. */
	".letter td bdi[dir=ltr],.letter td code{white-space:nowrap}"
	"@media print{.letter{max-inline-size:none}.letter-annex,.letter-verify{break-before:page}"
	"tr{break-inside:avoid}thead{display:table-header-group}}";

struct html {
	struct buf *out;
	struct arena *a;
	const struct typeset_doc *doc;
	bool rtl;
};

static void
put(struct html *h, const char *s)
{
	buf_cstr(h->out, s);
}

/* The one escape.  The text is clean: its isolates are balanced, and become
 * elements. */
static void
put_escaped(struct html *h, struct str s)
{
	for (size_t at = 0, was = 0; at < s.n; was = at) {
		uint32_t c = utf8_next(s, &at);
		switch (c) {
		case '&': put(h, "&amp;"); break;
		case '<': put(h, "&lt;"); break;
		case '>': put(h, "&gt;"); break;
		case '"': put(h, "&quot;"); break;
		case '\'': put(h, "&#39;"); break;
		case 0x2066: put(h, "<bdi dir=\"ltr\">"); break;
		case 0x2068: put(h, "<bdi>"); break;
		case 0x2069: put(h, "</bdi>"); break;
		default: buf_put(h->out, s.p + was, at - was);
		}
	}
}

static void
put_text(struct html *h, struct str s)
{
	struct buf clean, isolated;

	buf_init(&clean, 4 * s.n + 64);
	buf_init(&isolated, 16 * s.n + 256);
	text_put_clean(&clean, s);
	text_put_isolated(&isolated, buf_str(&clean));
	put_escaped(h, buf_str(&isolated));
	buf_finish(&clean);
	buf_finish(&isolated);
}

static void
put_value(struct html *h, struct str s, enum typeset_dir dir)
{
	static const char *const open[] = {
		[TYPESET_AUTO] = "<bdi>", [TYPESET_LTR] = "<bdi dir=\"ltr\">",
		[TYPESET_CODE] = "<code><bdi dir=\"ltr\">",
	};
	struct buf clean;

	buf_init(&clean, 4 * s.n + 64);
	text_put_clean(&clean, s);
	put(h, open[dir]);
	put_escaped(h, buf_str(&clean));
	put(h, dir == TYPESET_CODE ? "</bdi></code>" : "</bdi>");
	buf_finish(&clean);
}

static void
put_element(struct html *h, const char *open, struct str s, const char *close)
{
	if (!s.n)
		return;
	put(h, open);
	put_value(h, s, TYPESET_AUTO);
	put(h, close);
}

static void
put_lines(struct html *h, const char *open, struct typeset_lines l)
{
	if (!l.n)
		return;
	put(h, open);
	for (size_t i = 0; i < l.n; i++)
		put_element(h, "<p>", l.v[i], "</p>\n");
	put(h, "</div>\n");
}

/* ---- Markdown ---------------------------------------------------------------- */

static const struct {
	int type;
	const char *open, *close;
} elements[] = {
	{CMARK_NODE_BLOCK_QUOTE, "<blockquote>\n", "</blockquote>\n"},
	{CMARK_NODE_ITEM, "<li>", "</li>\n"},
	{CMARK_NODE_EMPH, "<em>", "</em>"},
	{CMARK_NODE_STRONG, "<strong>", "</strong>"},
};

static bool
in_tight_list(cmark_node *paragraph)
{
	cmark_node *list = cmark_node_parent(cmark_node_parent(paragraph));

	return list && cmark_node_get_type(list) == CMARK_NODE_LIST
		&& cmark_node_get_list_tight(list);
}

static void
put_list(struct html *h, cmark_node *n, bool enter)
{
	bool ordered = cmark_node_get_list_type(n) == CMARK_ORDERED_LIST;
	int start = cmark_node_get_list_start(n);

	if (!enter)
		put(h, ordered ? "</ol>\n" : "</ul>\n");
	else if (!ordered)
		put(h, "<ul>\n");
	else if (start == 1)
		put(h, "<ol>\n");
	else
		buf_fmt(h->out, "<ol start=\"%d\">\n", start);
}

/* The title is h1; headings of the text follow it. */
static void
put_heading(struct html *h, cmark_node *n, bool enter)
{
	int level = cmark_node_get_heading_level(n) <= 2 ? 2 : 3;

	buf_fmt(h->out, enter ? "<h%d>" : "</h%d>\n", level);
}

static void
put_leaf(struct html *h, cmark_node *n, bool enter)
{
	struct str s = str_of(cmark_node_get_literal(n));

	switch (cmark_node_get_type(n)) {
	case CMARK_NODE_TEXT:
		put_text(h, s);
		break;
	case CMARK_NODE_CODE:
		put_value(h, s, TYPESET_CODE);
		break;
	case CMARK_NODE_SOFTBREAK:
		put(h, "\n");
		break;
	case CMARK_NODE_LINEBREAK:
		put(h, "<br>\n");
		break;
	case CMARK_NODE_CODE_BLOCK:
		put(h, "<pre dir=\"ltr\">");
		while (s.p && s.n) {
			put_value(h, str_cut(&s, '\n'), TYPESET_CODE);
			put(h, "\n");
		}
		put(h, "</pre>\n");
		break;
	case CMARK_NODE_LINK:
		s = enter ? STR_NONE : markdown_link_address(h->a, n);
		if (s.n) {
			put(h, " (");
			put_value(h, s, TYPESET_CODE);
			put(h, ")");
		}
		break;
	default:
		break;
	}
}

static void
put_node(struct html *h, cmark_node *n, bool enter)
{
	int type = (int)cmark_node_get_type(n);

	for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
		if (elements[i].type == type)
			put(h, enter ? elements[i].open : elements[i].close);
	if (type == CMARK_NODE_LIST)
		put_list(h, n, enter);
	else if (type == CMARK_NODE_HEADING)
		put_heading(h, n, enter);
	else if (type == CMARK_NODE_PARAGRAPH && !in_tight_list(n))
		put(h, enter ? "<p>" : "</p>\n");
	else
		put_leaf(h, n, enter);
}

static enum status
put_markdown(struct html *h, struct str text, const char *name, struct err *e)
{
	struct cmark_node *tree;
	cmark_event_type event;
	size_t numbered;
	enum status s = markdown_parse(text, name, false, &tree, &numbered, e);

	if (s != OK)
		return s;
	cmark_iter *it = cmark_iter_new(tree);
	while ((event = cmark_iter_next(it)) != CMARK_EVENT_DONE)
		put_node(h, cmark_iter_get_node(it), event == CMARK_EVENT_ENTER);
	cmark_iter_free(it);
	cmark_node_free(tree);
	return OK;
}

static enum status
put_apart(struct html *h, const char *class, struct str text, const char *name, struct err *e)
{
	enum status s;

	if (text.n == 0)
		return OK;
	put(h, "<section class=\"");
	put(h, class);
	put(h, "\">\n");
	s = put_markdown(h, text, name, e);
	put(h, "</section>\n");
	return s;
}

/* ---- The rest ------------------------------------------------------------------ */

static void
put_signatories(struct html *h)
{
	const struct typeset_doc *d = h->doc;

	if (!d->n_signatories)
		return;
	put(h, "<div class=\"letter-signatories\">\n");
	for (size_t i = 0; i < d->n_signatories; i++) {
		const struct typeset_signatory *s = &d->signatories[i];
		put(h, "<div class=\"letter-signatory\">");
		put_element(h, "<p class=\"letter-name\">", s->name, "</p>\n");
		for (size_t k = 0; k < s->lines.n; k++)
			put_element(h, "<p>", s->lines.v[k], "</p>\n");
		put(h, "</div>\n");
	}
	put(h, "</div>\n");
}

static void
put_table(struct html *h, const struct typeset_annex *x)
{
	put(h, "<div class=\"letter-table\" tabindex=\"0\">\n<table>\n<thead><tr>");
	for (size_t i = 0; i < x->n_columns; i++) {
		put(h, "<th scope=\"col\">");
		put_value(h, x->columns[i], TYPESET_AUTO);
		put(h, "</th>");
	}
	put(h, "</tr></thead>\n<tbody>\n");
	for (size_t r = 0; r < x->n_rows; r++) {
		put(h, "<tr>");
		for (size_t i = 0; i < x->n_columns; i++) {
			const struct typeset_cell *c = &x->cells[r * x->n_columns + i];
			put(h, "<td>");
			put_value(h, c->text, c->dir);
			put(h, "</td>");
		}
		put(h, "</tr>\n");
	}
	put(h, "</tbody>\n</table>\n</div>\n");
}

static void
put_annex(struct html *h, const struct typeset_annex *x)
{
	put(h, "<section class=\"letter-annex\">\n");
	put_element(h, "<h2>", x->title, "</h2>\n");
	put_lines(h, "<div class=\"letter-notes\">\n", x->notes);
	if (x->n_rows > 0)
		put_table(h, x);
	else
		put_element(h, "<p>", str_of(words_none(h->doc->lang)), "</p>\n");
	put(h, "</section>\n");
}

static void
put_page_head(struct html *h)
{
	const struct typeset_doc *d = h->doc;

	buf_fmt(h->out, "<!DOCTYPE html>\n<html lang=\"%s\" dir=\"%s\">\n<head>\n"
		"<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
		"content=\"width=device-width, initial-scale=1\">\n<title>",
		lang_code(d->lang), h->rtl ? "rtl" : "ltr");
	/* In a title markup is text: isolates are left out with their marks. */
	for (size_t at = 0, was = 0; at < d->title.n; was = at) {
		uint32_t c = utf8_next(d->title, &at);
		if (c < 0x2066 || c > 0x2069)
			put_escaped(h, (struct str){d->title.p + was, at - was});
	}
	put(h, "</title>\n<style>");
	put(h, style);
	put(h, "</style>\n</head>\n<body>\n");
}

enum status
html_write(struct arena *a, const struct typeset_doc *d, bool fragment, struct buf *out,
	struct err *e)
{
	struct html h = {out, a, d, lang_rtl(d->lang)};
	enum status s;

	if (!fragment)
		put_page_head(&h);
	buf_fmt(out, "<article class=\"letter\" lang=\"%s\" dir=\"%s\">\n", lang_code(d->lang),
		h.rtl ? "rtl" : "ltr");
	put_element(&h, "<p class=\"letter-mark\">", d->mark, "</p>\n");
	put_lines(&h, "<div class=\"letter-head\">\n", d->letterhead);
	put_lines(&h, "<div class=\"letter-lines letter-date\">\n", d->dateline);
	put_lines(&h, "<div class=\"letter-lines\">\n", d->addressee);
	put_element(&h, "<h1>", d->title, "</h1>\n");
	if ((s = put_markdown(&h, d->body, "body", e)) != OK)
		return s;
	put_signatories(&h);
	for (size_t i = 0; i < d->n_annexes; i++)
		put_annex(&h, &d->annexes[i]);
	if ((s = put_apart(&h, "letter-annex", d->appendix, "appendix", e)) != OK
	    || (s = put_apart(&h, "letter-verify", d->verify, "verify", e)) != OK)
		return s;
	put_element(&h, "<p class=\"letter-mark\">", d->footer, "</p>\n");
	put(&h, "</article>\n");
	if (!fragment)
		put(&h, "</body>\n</html>\n");
	return out->over ? err_set(e, BAD, "document: its page is above the limit") : OK;
}
