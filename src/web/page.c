/* What every page has: head, language links, foot. */
#include "web/web_int.h"

static const enum lang offered[] = {LANG_EN, LANG_FA, LANG_AZ};
static const char *const own_names[LANG_COUNT] = {
	[LANG_EN] = "English", [LANG_FA] = "فارسی", [LANG_AZ] = "Azərbaycanca",
	[LANG_AZB] = "آذربایجانجا",
};

struct str
link_to(struct request *q, const char *path)
{
	return str_fmt(q->a, "/%s/%s", lang_code(q->lang), path);
}

/* The same page in another language. */
static void
put_here(struct request *q, struct buf *b, enum lang l)
{
	buf_fmt(b, "/%s/", lang_code(l));
	/* Slashes of the path stay slashes. */
	struct str rest = q->path;
	for (bool first = true; rest.p; first = false) {
		if (!first)
			buf_byte(b, '/');
		html_url(b, str_cut(&rest, '/'));
	}
	for (size_t i = 0; i < q->query.n; i++) {
		buf_cstr(b, i ? "&amp;" : "?");
		html_url(b, q->query.v[i].name);
		buf_byte(b, '=');
		html_url(b, q->query.v[i].value);
	}
}

static void
put_languages(struct request *q, struct buf *b)
{
	buf_fmt(b, "<nav class=\"languages\" aria-label=\"%s\"><ul>", tr(q->lang, "Language"));
	for (size_t i = 0; i < sizeof offered / sizeof *offered; i++) {
		enum lang l = offered[i];
		html(b, "<li>");
		if (l == q->lang) {
			buf_fmt(b, "<span aria-current=\"true\" lang=\"%s\">%s</span>", lang_code(l),
				own_names[l]);
		} else {
			html(b, "<a href=\"");
			put_here(q, b, l);
			buf_fmt(b, "\" lang=\"%s\" hreflang=\"%s\">%s</a>", lang_code(l),
				lang_code(l), own_names[l]);
		}
		html(b, "</li>");
	}
	html(b, "</ul></nav>");
}

static void
put_menu(struct request *q, struct buf *b)
{
	static const struct { const char *path, *label; } items[] = {
		{"persons", "Prisoners"}, {"letters", "Letters"},
	};

	if (!q->session)
		return;
	buf_fmt(b, "<nav class=\"menu\" aria-label=\"%s\"><ul>", tr(q->lang, "Pages"));
	for (size_t i = 0; i < sizeof items / sizeof *items; i++)
		buf_fmt(b, "<li><a href=\"/%s/%s\"%s>%s</a></li>", lang_code(q->lang), items[i].path,
			str_starts(q->path, items[i].path) ? " aria-current=\"page\"" : "",
			tr(q->lang, items[i].label));
	buf_fmt(b, "<li><form method=\"post\" action=\"/%s/sign-out\">"
		"<input type=\"hidden\" name=\"csrf\" value=\"" STR_FMT "\">"
		"<button>%s</button></form></li></ul></nav>", lang_code(q->lang), STR_ARG(q->csrf),
		tr(q->lang, "Sign out"));
}

void
page_begin(struct request *q, struct reply *p, struct str title)
{
	struct buf *b = &p->body;

	p->code = p->code ? p->code : 200;
	p->type = "text/html; charset=utf-8";
	buf_fmt(b, "<!DOCTYPE html>\n<html lang=\"%s\" dir=\"%s\"><head><meta charset=\"utf-8\">"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
		"<link rel=\"stylesheet\" href=\"/style.css\"><title>", lang_code(q->lang),
		lang_rtl(q->lang) ? "rtl" : "ltr");
	html_text(b, title);
	html(b, " · habeas</title></head><body>");
	buf_fmt(b, "<a class=\"skip\" href=\"#main\">%s</a><header><p class=\"name\">"
		"<a href=\"/%s/\">habeas</a> ", tr(q->lang, "Skip to the content"),
		lang_code(q->lang));
	if (q->session) {
		html(b, "<span class=\"org\">");
		html_value(b, node_info(reg_node(q->web->reg))->organisation);
		html(b, "</span>");
	}
	html(b, "</p>");
	put_languages(q, b);
	put_menu(q, b);
	html(b, "</header><main id=\"main\"><h1>");
	html_value(b, title);
	html(b, "</h1>");
}

void
page_end(struct request *q, struct reply *p)
{
	struct buf *b = &p->body;

	html(b, "</main><footer>");
	if (q->session) {
		buf_fmt(b, "<p>%s ", tr(q->lang, "Signed in as"));
		html_value(b, q->session->officer);
		buf_fmt(b, ". %s ", tr(q->lang, "The session ends without use after minutes:"));
		html_number(b, q->web->o.session_minutes, q->lang);
		html(b, "</p>");
	}
	html(b, "</footer></body></html>\n");
}

void
page_error(struct request *q, struct reply *p, unsigned code, const char *what,
	const struct err *e)
{
	buf_clear(&p->body);
	p->code = code;
	page_begin(q, p, str_of(tr(q->lang, what)));
	if (e && e->text[0]) {
		html(&p->body, "<p class=\"error\" role=\"alert\">");
		html_value(&p->body, str_of(e->text));
		html(&p->body, "</p>");
	}
	page_end(q, p);
}

void
page_home(struct request *q, struct reply *p)
{
	p->code = 303;
	p->location = link_to(q, "persons");
}
