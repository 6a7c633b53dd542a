/* Signing in and out. */
#include "web/web_int.h"

/* Only a path of ours, as request_here() writes them: never another site. */
static struct str
safe_then(struct request *q, struct str then)
{
	static const char also[] = "-._~%/?=&+";

	for (size_t i = 0; i < then.n; i++) {
		char c = then.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
		    || memchr(also, c, sizeof also - 1)))
			return link_to(q, "persons");
	}
	if (then.n == 0 || then.n > 4000 || then.p[0] == '/' || str_starts(then, "sign-"))
		return link_to(q, "persons");
	return str_fmt(q->a, "/%s/" STR_FMT, lang_code(q->lang), STR_ARG(then));
}

/* The form's token is bound to this browser by a cookie of its own, which other
 * tabs' forms go on sharing. */
static struct str
sign_in_cookie(struct request *q, struct reply *p)
{
	uint8_t token[32];
	struct str cookie = q->cookie_sign_in;

	if (cookie.n == 2 * sizeof token && hex_decode(cookie, token, sizeof token))
		return cookie;
	seal_random(token, sizeof token);
	cookie = hex_encode(q->a, BYTES(token));
	p->set_cookie = str_fmt(q->a, "%s=" STR_FMT "; Path=/; HttpOnly; SameSite=Strict",
		q->web->sign_in_name, STR_ARG(cookie));
	return cookie;
}

static void
show_form(struct request *q, struct reply *p, struct str then, const char *error)
{
	struct buf *b = &p->body;
	struct str csrf = csrf_token(q->web, q->a, sign_in_cookie(q, p));

	/* So that the language links lead on to there, too. */
	if (query_of(q, "then").n == 0 && then.n)
		VEC_PUSH(q->a, &q->query) = (struct param){S("then"), then};
	page_begin(q, p, str_of(tr(q->lang, "Sign in")));
	if (error) {
		html(b, "<p class=\"error\" role=\"alert\" id=\"error\">");
		html_text(b, str_of(tr(q->lang, error)));
		html(b, "</p>");
	}
	buf_fmt(b, "<form method=\"post\" action=\"/%s/sign-in\" class=\"sign-in\">"
		"<input type=\"hidden\" name=\"csrf\" value=\"" STR_FMT "\">"
		"<input type=\"hidden\" name=\"then\" value=\"", lang_code(q->lang), STR_ARG(csrf));
	html_text(b, then);
	buf_fmt(b, "\"><p><label for=\"passphrase\">%s</label>"
		"<input id=\"passphrase\" name=\"passphrase\" type=\"password\" required autofocus "
		"autocomplete=\"current-password\" dir=\"auto\"%s></p><p><button>%s</button></p></form>",
		tr(q->lang, "Passphrase"),
		error ? " aria-invalid=\"true\" aria-describedby=\"error\"" : "",
		tr(q->lang, "Sign in"));
	page_end(q, p);
}

void
page_sign_in(struct request *q, struct reply *p)
{
	if (q->session) {
		p->code = 303;
		p->location = safe_then(q, query_of(q, "then"));
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
		/* Whoever was signed in here before is not any more. */
		if (q->session != session_find(q->web, cookie))
			session_close(q->session);
		p->code = 303;
		p->location = safe_then(q, form_of(q, "then"));
		p->set_cookie = str_fmt(q->a, "%s=" STR_FMT "; Path=/; HttpOnly; SameSite=Strict",
			q->web->session_name, STR_ARG(cookie));
	} else if (st == NO) {
		p->code = 403;
		show_form(q, p, form_of(q, "then"), q->web->wrong >= 3
			? N_("Too many wrong passphrases; wait a minute")
			: N_("That is nobody's passphrase"));
	} else {
		page_error(q, p, 500, N_("The register cannot be opened"), &e);
	}
}

void
page_sign_out(struct request *q, struct reply *p)
{
	session_close(q->session);
	q->session = NULL;
	p->code = 303;
	p->location = link_to(q, "sign-in");
	p->set_cookie = str_fmt(q->a, "%s=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0",
		q->web->session_name);
}
