/*
 * The HTTP library's side: from its callbacks to struct request and back.  One
 * thread answers one request after another, so that the register needs no locks.
 */
#include "web/web_int.h"
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <signal.h>
#include <sys/socket.h>

/* A request while it arrives: its target as written, then its body. */
struct incoming {
	struct arena *a;
	struct str target;
	struct buf body;
	bool begun;
};

/* A name that DNS could point at this machine must not reach it: only loopback
 * addresses, the address served at, and onion services. */
static bool
host_allowed(const struct web *w, struct str host)
{
	static const char *const own[] = {"localhost", "127.0.0.1", "[::1]"};

	if (host.n == 0)
		return false;
	if (str_eq(host, str_of(w->o.listen)))
		return true;
	const char *colon = memrchr(host.p, ':', host.n);
	if (colon && !memchr(colon, ']', (size_t)(host.p + host.n - colon)))
		host.n = (size_t)(colon - host.p);
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (str_eq_nocase(host, str_of(own[i])))
			return true;
	return str_ends(host, ".onion");
}

static const struct { const char *name, *value; } headers[] = {
	{"Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; "
		"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"},
	{"X-Content-Type-Options", "nosniff"},
	{"X-Frame-Options", "DENY"},
	{"Referrer-Policy", "no-referrer"},
	{"Cache-Control", "no-store"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
	{"Permissions-Policy", "geolocation=(), camera=(), microphone=()"},
};

static enum MHD_Result
send_reply(struct MHD_Connection *c, struct reply *p, struct arena *a)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(p->body.n, p->body.p ? p->body.p
		: (void *)"", MHD_RESPMEM_MUST_COPY);
	enum MHD_Result done;

	if (!r)
		return MHD_NO;
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
		MHD_add_response_header(r, headers[i].name, headers[i].value);
	if (p->type)
		MHD_add_response_header(r, "Content-Type", p->type);
	if (p->allow)
		MHD_add_response_header(r, "Allow", p->allow);
	if (p->location.n)
		MHD_add_response_header(r, "Location", str_cstr(a, p->location));
	if (p->set_cookie.n)
		MHD_add_response_header(r, "Set-Cookie", str_cstr(a, p->set_cookie));
	if (p->file_name.n)
		MHD_add_response_header(r, "Content-Disposition", str_fmt(a,
			"attachment; filename=\"" STR_FMT "\"", STR_ARG(p->file_name)).p);
	done = MHD_queue_response(c, p->code ? p->code : 500, r);
	MHD_destroy_response(r);
	return done;
}

static struct str
header(struct MHD_Connection *c, const char *name)
{
	return str_of(MHD_lookup_connection_value(c, MHD_HEADER_KIND, name));
}

/* Forms come from our own pages.  Browsers that tell say so (and a cookie of
 * SameSite=Strict and the token say the same in other ways). */
static bool
from_our_page(struct MHD_Connection *c)
{
	struct str site = header(c, "Sec-Fetch-Site"), type = header(c, "Content-Type");

	return (site.n == 0 || str_is(site, "same-origin"))
		&& str_starts(type, "application/x-www-form-urlencoded");
}

/* Who asks.  Another process may have written since: follow before answering. */
static enum status
read_session(struct request *q, struct MHD_Connection *c, struct err *e)
{
	struct web *w = q->web;
	enum status st;

	q->cookie_session = str_of(MHD_lookup_connection_value(c, MHD_COOKIE_KIND,
		w->session_name));
	q->cookie_sign_in = str_of(MHD_lookup_connection_value(c, MHD_COOKIE_KIND,
		w->sign_in_name));
	q->session = session_find(w, q->cookie_session);
	if (q->session && ((st = reg_follow(w->reg, e)) != OK
	    || (st = sessions_check(w, q->a, e)) != OK))
		return st;
	/* It may be one of those that were ended. */
	q->session = session_find(w, q->cookie_session);
	q->csrf = csrf_token(w, q->a, q->cookie_session);
	return OK;
}

static void
answer(struct request *q, struct MHD_Connection *c, struct incoming *in, struct reply *p)
{
	struct web *w = q->web;
	bool post = str_is(q->method, "POST"), right = request_target(q, in->target);
	struct err e = {0};

	tr_errors_in(q->lang);
	if (!host_allowed(w, header(c, "Host"))) {
		p->code = 421;
		p->type = "text/plain; charset=utf-8";
		buf_cstr(&p->body, "This server does not answer to that name.\n");
	} else if (!right) {
		page_error(q, p, 400, N_("This address is not written as it should be"), NULL);
	} else if (str_is(q->path, "style.css") && !q->lang_in_path) {
		p->code = 200;
		p->type = "text/css; charset=utf-8";
		buf_cstr(&p->body, style_css);
	} else if (read_session(q, c, &e) != OK) {
		q->session = NULL;
		page_error(q, p, 500, N_("The register cannot be read"), &e);
	} else if (in->body.over) {
		page_error(q, p, 413, N_("That is too much"), NULL);
	} else if (post && (!from_our_page(c) || !request_form(q, buf_str(&in->body)))) {
		page_error(q, p, 403, N_("This form is no longer valid; go back and try again"), NULL);
	} else {
		route(q, p);
	}
	if (p->body.over)
		page_error(q, p, 500, N_("This page would be too large; filter first"), NULL);
	reg_idle(w->reg);
}

/* The library calls this first, with the target as it was sent. */
static void *
begin(void *ctx, const char *target, struct MHD_Connection *c)
{
	struct incoming *in = mem_alloc(1, sizeof *in);

	(void)ctx, (void)c;
	in->a = arena_create((size_t)1 << 30);
	in->target = str_dup(in->a, str_of(target));
	buf_init(&in->body, BODY_MOST);
	return in;
}

static enum MHD_Result
handle(void *ctx, struct MHD_Connection *c, const char *url, const char *method,
	const char *version, const char *data, size_t *data_n, void **state)
{
	struct incoming *in = *state;
	struct web *w = ctx;
	struct reply p = {0};

	(void)version, (void)url;
	if (!in->begun) {
		in->begun = true;
		return MHD_YES;
	}
	if (*data_n) {
		buf_put(&in->body, data, *data_n);
		/* A passphrase may be in it; the library forgets it but does not wipe. */
		mem_wipe((void *)(uintptr_t)data, *data_n);
		*data_n = 0;
		return MHD_YES;
	}
	struct request q = {.a = in->a, .web = w, .lang = w->o.lang,
		.method = str_of(strcmp(method, "HEAD") == 0 ? "GET" : method)};
	buf_init(&p.body, PAGE_MOST);
	answer(&q, c, in, &p);
	enum MHD_Result done = send_reply(c, &p, in->a);
	buf_finish(&p.body);
	return done;
}

static void
completed(void *ctx, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode why)
{
	struct incoming *in = *state;

	(void)ctx, (void)c, (void)why;
	if (!in)
		return;
	/* Both held a passphrase, perhaps: they are wiped as they go. */
	buf_finish(&in->body);
	arena_destroy(in->a);
	mem_free(in);
	*state = NULL;
}

/* "127.0.0.1:8470", "[::1]:8470": addresses, no names. */
static enum status
read_address(const char *listen, struct sockaddr_storage *ret, uint16_t *ret_port,
	struct err *e)
{
	struct addrinfo want = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
		.ai_socktype = SOCK_STREAM}, *found;
	const char *colon = strrchr(listen, ':');
	char host[64];
	uint64_t port;
	size_t n = colon ? (size_t)(colon - listen) : 0;

	if (!colon || n == 0 || n >= sizeof host || !str_u64(str_of(colon + 1), &port)
	    || port > 65535)
		return err_set(e, BAD, "--listen %s: write ADDRESS:PORT, as 127.0.0.1:8470", listen);
	if (listen[0] == '[' && listen[n - 1] == ']')
		snprintf(host, sizeof host, "%.*s", (int)n - 2, listen + 1);
	else
		snprintf(host, sizeof host, "%.*s", (int)n, listen);
	if (getaddrinfo(host, colon + 1, &want, &found) != 0)
		return err_set(e, BAD, "--listen %s: not an address; write 127.0.0.1:8470", listen);
	memset(ret, 0, sizeof *ret);
	memcpy(ret, found->ai_addr, found->ai_addrlen);
	freeaddrinfo(found);
	*ret_port = (uint16_t)port;
	return OK;
}

static struct MHD_Daemon *
start(struct web *w, const struct sockaddr_storage *addr)
{
	unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD
		| (addr->ss_family == AF_INET6 ? (unsigned)MHD_USE_IPv6 : 0);

	return MHD_start_daemon(flags, w->port, NULL, NULL, handle, w,
		MHD_OPTION_SOCK_ADDR, (const struct sockaddr *)addr,
		MHD_OPTION_URI_LOG_CALLBACK, begin, NULL,
		MHD_OPTION_NOTIFY_COMPLETED, completed, NULL,
		MHD_OPTION_CONNECTION_LIMIT, 128u,
		MHD_OPTION_PER_IP_CONNECTION_LIMIT, 0u,
		MHD_OPTION_CONNECTION_TIMEOUT, 30u,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)64 * 1024,
		MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u,
		MHD_OPTION_END);
}

/* The port that port 0 became; nobody knows it before. */
static void
settle_port(struct web *w, struct MHD_Daemon *d)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT);

	if (info)
		w->port = info->port;
	snprintf(w->session_name, sizeof w->session_name, "habeas-session-%u", w->port);
	snprintf(w->sign_in_name, sizeof w->sign_in_name, "habeas-sign-in-%u", w->port);
}

static void
say_ready(const struct web *w)
{
	const char *colon = strrchr(w->o.listen, ':');
	char url[128];

	snprintf(url, sizeof url, "http://%.*s:%u/", (int)(colon - w->o.listen), w->o.listen,
		w->port);
	if (w->o.ready)
		w->o.ready(w->o.ctx, url);
}

enum status
web_serve(struct reg *r, const struct web_options *o, struct err *e)
{
	struct web *w = mem_alloc(1, sizeof *w);
	struct sockaddr_storage addr;
	struct MHD_Daemon *d;
	sigset_t stop;
	int got;
	enum status st;

	w->reg = r;
	w->o = *o;
	w->size = node_info(reg_node(r))->size;
	if (w->o.session_minutes == 0)
		w->o.session_minutes = 120;
	seal_random(w->key, sizeof w->key);
	if ((st = read_address(o->listen, &addr, &w->port, e)) != OK)
		goto out;
	/* Before the library's thread starts, which inherits the mask. */
	sigemptyset(&stop);
	sigaddset(&stop, SIGINT);
	sigaddset(&stop, SIGTERM);
	sigprocmask(SIG_BLOCK, &stop, NULL);
	signal(SIGPIPE, SIG_IGN);
	d = start(w, &addr);
	if (!d) {
		st = err_set(e, FAIL, "--listen %s: cannot listen there: %s", o->listen,
			strerror(errno));
		goto out;
	}
	settle_port(w, d);
	say_ready(w);
	sigwait(&stop, &got);
	MHD_stop_daemon(d);
out:
	seal_wipe(w, sizeof *w);
	mem_free(w);
	return st;
}
