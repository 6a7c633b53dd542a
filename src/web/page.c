/* What every page has: head, language links, foot; and how its tables are made. */
#include "web/web_int.h"

static const enum lang offered[] = {LANG_EN, LANG_FA, LANG_AZ};
static const char *const own_names[LANG_COUNT] = {
	[LANG_EN] = "English", [LANG_FA] = "فارسی", [LANG_AZ] = "Azərbaycanca",
	[LANG_AZB] = "آذربایجانجا",
};

/* The words register uses for where somebody is. */
static const char *const statuses[] = {
	N_("held"), N_("furlough"), N_("released"), N_("dead"), N_("disappeared"), N_("escaped"),
	N_("listed"),
};

const char *
status_word(struct request *q, struct str status)
{
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
		if (str_is(status, statuses[i]))
			return tr(q->lang, statuses[i]);
	return str_cstr(q->a, status);
}

enum lang
label_lang(enum lang l)
{
	return l == LANG_AZB ? LANG_FA : l;
}

struct str
link_to(struct request *q, const char *path)
{
	return str_fmt(q->a, "/%s/%s", lang_code(q->lang), path);
}

static void
put_languages(struct request *q, struct buf *b)
{
	buf_fmt(b, "<nav class=\"languages\" aria-label=\"%s\"><ul>", tr(q->lang, "Language"));
	for (size_t i = 0; i < sizeof offered / sizeof *offered; i++) {
		enum lang l = offered[i];
		html(b, "<li>");
		if (l == q->lang) {
			buf_fmt(b, "<span aria-current=\"true\" lang=\"%s\" dir=\"%s\">%s</span>",
				lang_code(l), lang_rtl(l) ? "rtl" : "ltr", own_names[l]);
		} else {
			buf_fmt(b, "<a href=\"/%s/", lang_code(l));
			html_text(b, request_here(q));
			buf_fmt(b, "\" lang=\"%s\" hreflang=\"%s\" dir=\"%s\">%s</a>", lang_code(l),
				lang_code(l), lang_rtl(l) ? "rtl" : "ltr", own_names[l]);
		}
		html(b, "</li>");
	}
	html(b, "</ul></nav>");
}

static void
put_menu(struct request *q, struct buf *b)
{
	static const struct { const char *path, *within, *command, *label; } items[] = {
		{"persons", "person", "list", N_("Prisoners")},
		{"tolls", "toll", "toll", N_("How many")},
		{"letters", "letter", "letter", N_("Letters")},
	};

	if (!q->session)
		return;
	buf_fmt(b, "<nav class=\"menu\" aria-label=\"%s\"><ul>", tr(q->lang, "Pages"));
	for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
		if (!role_may(q->session->role, items[i].command))
			continue;
		buf_fmt(b, "<li><a href=\"/%s/%s\"%s>%s</a></li>", lang_code(q->lang), items[i].path,
			str_is(q->path, items[i].path) ? " aria-current=\"page\""
			: str_starts(q->path, items[i].within) ? " aria-current=\"true\"" : "",
			tr(q->lang, items[i].label));
	}
	buf_fmt(b, "<li class=\"out\"><form method=\"post\" action=\"/%s/sign-out\">"
		"<input type=\"hidden\" name=\"csrf\" value=\"" STR_FMT "\">"
		"<button>%s</button></form></li></ul></nav>", lang_code(q->lang), STR_ARG(q->csrf),
		tr(q->lang, "Sign out"));
}

static struct str
organisation(struct request *q)
{
	return node_info(reg_node(q->web->reg))->organisation;
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
	html_text(b, text_upto(title, 200));
	html(b, " · habeas</title></head>\n<body>");
	buf_fmt(b, "<a class=\"skip\" href=\"#main\">%s</a>\n<header><p class=\"name\">"
		"<a href=\"/%s/\" dir=\"ltr\">habeas</a>", tr(q->lang, "Skip to the content"),
		lang_code(q->lang));
	if (q->session) {
		html(b, " <span class=\"org\">");
		html_value(b, organisation(q));
		html(b, "</span>");
	}
	html(b, "</p>");
	put_languages(q, b);
	put_menu(q, b);
	html(b, "</header>\n<main id=\"main\" tabindex=\"-1\"><h1>");
	html_names(b, title, 0);
	html(b, "</h1>\n");
}

void
page_end(struct request *q, struct reply *p)
{
	struct buf *b = &p->body;

	html(b, "</main>\n<footer>");
	if (q->session) {
		html(b, "<p>");
		html_says(b, tr(q->lang, "Signed in: %s. The session ends after %s minutes without use."),
			(struct str[]){q->session->officer,
			text_number(q->a, q->web->o.session_minutes, q->lang)}, 2);
		html(b, "</p>");
	}
	html(b, "</footer></body></html>\n");
}

/* In the page's direction; what has no translation yet is marked as English. */
void
put_fault(struct request *q, struct buf *b, const struct err *e)
{
	bool own = q->lang == LANG_EN || (e->id && tr(q->lang, e->id) != e->id);

	buf_fmt(b, "<p class=\"error\" role=\"alert\"%s>", own ? "" : " lang=\"en\" dir=\"ltr\"");
	html_text(b, str_of(e->text));
	html(b, "</p>\n");
}

void
page_error(struct request *q, struct reply *p, unsigned code, const char *what,
	const struct err *e)
{
	buf_clear(&p->body);
	p->file_name = p->location = p->set_cookie = STR_NONE;
	p->code = code;
	page_begin(q, p, str_of(tr(q->lang, what)));
	if (e && e->text[0])
		put_fault(q, &p->body, e);
	if (q->session)
		buf_fmt(&p->body, "<p><a href=\"/%s/persons\">%s</a></p>", lang_code(q->lang),
			tr(q->lang, "To the list of prisoners"));
	page_end(q, p);
}

void
page_home(struct request *q, struct reply *p)
{
	p->code = 303;
	p->location = link_to(q, "persons");
}

/* --- tables ------------------------------------------------------------------- */

void
table_caption(struct buf *b, const char *caption)
{
	html(b, "<table role=\"table\"><caption>");
	html_text(b, str_of(caption));
	html(b, "</caption><thead role=\"rowgroup\"><tr role=\"row\">");
}

void
table_body(struct buf *b)
{
	html(b, "</tr></thead>\n");
}

void
table_begin(struct buf *b, const char *caption, const char *const *heads, size_t n)
{
	table_caption(b, caption);
	for (size_t i = 0; i < n; i++) {
		html(b, "<th scope=\"col\" role=\"columnheader\">");
		html_text(b, str_of(heads[i]));
		html(b, "</th>");
	}
	table_body(b);
}

void
table_end(struct buf *b)
{
	html(b, "</table>\n");
}

void
row_begin(struct buf *b, bool disagree)
{
	buf_fmt(b, "<tr role=\"row\"%s>", disagree ? " class=\"disagree\"" : "");
}

void
cell_begin(struct buf *b, const char *label)
{
	html(b, "<td role=\"cell\" data-label=\"");
	html_text(b, str_of(label));
	html(b, "\">");
}
