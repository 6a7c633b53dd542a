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
	{"GET", "tolls", false, "toll", page_tolls},
	{"GET", "toll/", true, "toll", page_toll},
	{"GET", "letters", false, "letter", page_letters},
	{"GET", "letter/", true, "letter", page_letter},
};

static void
redirect(struct reply *p, struct str to)
{
	p->code = 303;
	p->location = to;
}

/* Signing in first, and then on to this very page. */
static struct str
sign_in_and_back(struct request *q)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	buf_fmt(&b, "/%s/sign-in", lang_code(q->lang));
	if (str_is(q->method, "GET") && q->path.n) {
		html(&b, "?then=");
		html_url(&b, request_here(q));
	}
	struct str s = str_dup(q->a, buf_str(&b));
	buf_finish(&b);
	return s;
}

/* Signing in has no session yet: its form is bound to a cookie of its own. */
static bool
token_right(struct request *q, const char *command)
{
	return !str_is(q->method, "POST") || csrf_right(q->web, q->a,
		command ? q->cookie_session : q->cookie_sign_in, form_of(q, "csrf"));
}

static bool
route_fits(size_t i, struct str path)
{
	size_t n = strlen(routes[i].path);

	return routes[i].rest ? str_starts(path, routes[i].path) && path.n > n
		: str_is(path, routes[i].path);
}

void
route(struct request *q, struct reply *p)
{
	const char *known = NULL;

	if (!q->lang_in_path && q->path.n == 0) {
		redirect(p, link_to(q, ""));
		return;
	}
	for (size_t i = 0; q->lang_in_path && i < sizeof routes / sizeof *routes; i++) {
		const char *command = routes[i].command;
		if (!route_fits(i, q->path))
			continue;
		known = known ? "GET, HEAD, POST" : str_is(str_of(routes[i].method), "GET")
			? "GET, HEAD" : "POST";
		if (!str_is(q->method, routes[i].method))
			continue;
		q->rest = str_from(q->path, strlen(routes[i].path));
		if (command && !q->session)
			redirect(p, sign_in_and_back(q));
		else if (command && !role_may(q->session->role, command))
			page_error(q, p, 403, N_("Your role may not see this page"), NULL);
		else if (!token_right(q, command))
			page_error(q, p, 403,
				N_("This form is no longer valid; go back and try again"), NULL);
		else
			routes[i].page(q, p);
		return;
	}
	p->allow = known;
	if (known)
		page_error(q, p, 405, N_("This page does not take that"), NULL);
	else
		page_error(q, p, 404, N_("There is no such page"), NULL);
}
