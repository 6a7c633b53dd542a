/* Every path, with the method and the command (of the table of roles) it needs. */
#include "web/web_int.h"

static const struct {
	const char *method, *path;
	bool rest;                    /* something follows the path */
	const char *command;          /* NULL: without signing in */
	page *page;
} routes[] = {
	{"GET", "", false, "list", page_home},
	{"GET", "sign-in", false, NULL, page_sign_in},
	{"POST", "sign-in", false, NULL, page_sign_in_post},
	{"POST", "sign-out", false, "list", page_sign_out},
	{"GET", "persons", false, "list", page_persons},
	{"GET", "persons.csv", false, "list", page_persons_csv},
	{"GET", "persons.json", false, "list", page_persons_json},
	{"GET", "person/", true, "show", page_person},
	{"GET", "letters", false, "letter", page_letters},
	{"GET", "letter/", true, "letter", page_letter},
};

static void
redirect(struct reply *p, struct str to)
{
	p->code = 303;
	p->location = to;
}

/* Where to go on after signing in: this very page. */
static struct str
back_here(struct request *q)
{
	struct buf b;

	buf_init(&b, 1 << 16);
	buf_fmt(&b, "/%s/sign-in?then=", lang_code(q->lang));
	html_url(&b, q->path);
	for (size_t i = 0; i < q->query.n; i++) {
		/* Encoded twice: the query of the page is one value here. */
		struct buf pair;
		buf_init(&pair, 1 << 16);
		buf_cstr(&pair, i ? "&" : "?");
		html_url(&pair, q->query.v[i].name);
		buf_byte(&pair, '=');
		html_url(&pair, q->query.v[i].value);
		html_url(&b, buf_str(&pair));
		buf_finish(&pair);
	}
	struct str s = str_dup(q->a, buf_str(&b));
	buf_finish(&b);
	return s;
}

void
route(struct request *q, struct reply *p)
{
	bool known = false;

	if (!q->lang_in_path) {
		redirect(p, str_fmt(q->a, "/%s/", lang_code(q->lang)));
		return;
	}
	for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
		size_t n = strlen(routes[i].path);
		if (routes[i].rest ? !(str_starts(q->path, routes[i].path) && q->path.n > n)
		    : !str_is(q->path, routes[i].path))
			continue;
		known = true;
		if (!str_is(q->method, routes[i].method))
			continue;
		q->rest = str_from(q->path, n);
		if (routes[i].command && !q->session) {
			redirect(p, back_here(q));
		} else if (routes[i].command
		    && !role_may(q->session->role, routes[i].command)) {
			page_error(q, p, 403, "Your role may not see this page", NULL);
		} else if (str_is(q->method, "POST")
		    && !csrf_right(q->web, q->a, q->session ? q->cookie_session
			: q->cookie_sign_in, form_of(q, "csrf"))) {
			page_error(q, p, 403, "This form is no longer valid; go back and try again",
				NULL);
		} else {
			routes[i].page(q, p);
		}
		return;
	}
	if (known)
		page_error(q, p, 405, "This page does not take that", NULL);
	else
		page_error(q, p, 404, "There is no such page", NULL);
}
