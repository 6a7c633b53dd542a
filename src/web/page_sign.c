/* Signing in and out. */
#include "web/web_int.h"

/* Only a path of ours: never another site, never //host. */
static struct str
safe_then(struct request *q, struct str then)
{
	for (size_t i = 0; i < then.n; i++)
		if ((unsigned char)then.p[i] <= 0x20 || then.p[i] == '\\' || then.p[i] == ':')
			return link_to(q, "persons");
	if (then.n == 0 || then.n > 2000 || then.p[0] == '/')
		return link_to(q, "persons");
	return str_fmt(q->a, "/%s/" STR_FMT, lang_code(q->lang), STR_ARG(then));
}

static void
show_form(struct request *q, struct reply *p, struct str then, const char *error)
{
	struct buf *b = &p->body;
	uint8_t token[32];
	struct str cookie;

	/* A cookie of its own, so that the form's token is bound to this browser. */
	seal_random(token, sizeof token);
	cookie = hex_encode(q->a, BYTES(token));
	p->set_cookie = str_fmt(q->a, "habeas-sign-in=" STR_FMT "; Path=/; HttpOnly; SameSite=Strict; "
		"Max-Age=3600", STR_ARG(cookie));
	page_begin(q, p, str_of(tr(q->lang, "Sign in")));
	if (error) {
		html(b, "<p class=\"error\" role=\"alert\" id=\"error\">");
		html_value(b, str_of(tr(q->lang, error)));
		html(b, "</p>");
	}
	buf_fmt(b, "<form method=\"post\" action=\"/%s/sign-in\" class=\"sign-in\">",
		lang_code(q->lang));
	struct str csrf = csrf_token(q->web, q->a, cookie);
	buf_fmt(b, "<input type=\"hidden\" name=\"csrf\" value=\"" STR_FMT "\">"
		"<input type=\"hidden\" name=\"then\" value=\"", STR_ARG(csrf));
	html_text(b, then);
	buf_fmt(b, "\"><p><label for=\"passphrase\">%s</label>"
		"<input id=\"passphrase\" name=\"passphrase\" type=\"password\" required autofocus "
		"autocomplete=\"current-password\" dir=\"auto\"%s></p><p><button>%s</button></p></form>",
		tr(q->lang, "Passphrase"), error ? " aria-describedby=\"error\"" : "",
		tr(q->lang, "Sign in"));
	page_end(q, p);
}

void
page_sign_in(struct request *q, struct reply *p)
{
	if (q->session) {
		p->code = 303;
		p->location = link_to(q, "persons");
		return;
	}
	show_form(q, p, query_of(q, "then"), NULL);
}

void
page_sign_in_post(struct request *q, struct reply *p)
{
	struct err e = {0};
	struct str cookie;
	enum status st = session_open(q->web, q->a, form_of(q, "passphrase"), &cookie, &e);

	if (st == OK) {
		p->code = 303;
		p->location = safe_then(q, form_of(q, "then"));
		p->set_cookie = str_fmt(q->a, "habeas-session=" STR_FMT "; Path=/; HttpOnly; "
			"SameSite=Strict", STR_ARG(cookie));
	} else if (st == NO) {
		p->code = 403;
		show_form(q, p, form_of(q, "then"), q->web->wrong >= 3
			? "Too many wrong passphrases; wait a minute" : "That is nobody's passphrase");
	} else {
		page_error(q, p, 500, "The register cannot be opened", &e);
	}
}

void
page_sign_out(struct request *q, struct reply *p)
{
	session_close(q->session);
	q->session = NULL;
	p->code = 303;
	p->location = link_to(q, "sign-in");
	p->set_cookie = S("habeas-session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
}
