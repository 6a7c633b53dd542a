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

/* What arrives in pieces before a request can be answered. */
struct incoming {
	struct arena *a;
	struct MHD_PostProcessor *post;
	VEC(struct param) form;
	size_t bytes;
	bool too_much;
};

struct str
query_of(const struct request *q, const char *name)
{
	for (size_t i = 0; i < q->query.n; i++)
		if (str_is(q->query.v[i].name, name))
			return q->query.v[i].value;
	return S("");
}

struct str
form_of(const struct request *q, const char *name)
{
	for (size_t i = 0; i < q->form.n; i++)
		if (str_is(q->form.v[i].name, name))
			return q->form.v[i].value;
	return S("");
}

static enum MHD_Result
add_query(void *ctx, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct request *q = ctx;
	struct str n = str_of(name), v = value ? str_of(value) : S("");

	(void)kind;
	if (q->query.n < 64 && utf8_valid(str_bytes(n)) && utf8_valid(str_bytes(v)))
		VEC_PUSH(q->a, &q->query) = (struct param){str_dup(q->a, n), str_dup(q->a, v)};
	return MHD_YES;
}

/* Values may come in pieces: `off` says where this one goes. */
static enum MHD_Result
add_form(void *ctx, enum MHD_ValueKind kind, const char *name, const char *file,
	const char *type, const char *encoding, const char *data, uint64_t off, size_t n)
{
	struct incoming *in = ctx;
	struct str piece = {data, n};

	(void)kind, (void)file, (void)type, (void)encoding;
	in->bytes += n;
	if (in->bytes > BODY_MOST || in->form.n >= 64) {
		in->too_much = true;
		return MHD_NO;
	}
	if (off && in->form.n && str_is(in->form.v[in->form.n - 1].name, name)) {
		struct str *v = &in->form.v[in->form.n - 1].value;
		*v = str_fmt(in->a, STR_FMT STR_FMT, STR_ARG(*v), STR_ARG(piece));
	} else {
		VEC_PUSH(in->a, &in->form) = (struct param){str_dup(in->a, str_of(name)),
			str_dup(in->a, piece)};
	}
	return MHD_YES;
}

/* "/fa/persons" is persons in Persian. */
static void
read_path(struct request *q, const char *url)
{
	struct str rest = str_of(url), first;

	if (rest.n && rest.p[0] == '/')
		rest = str_from(rest, 1);
	first = str_upto(rest, str_find(rest, '/'));
	q->lang_in_path = lang_of(first, &q->lang) && q->lang != LANG_AZB;
	if (q->lang_in_path)
		rest = first.n < rest.n ? str_from(rest, first.n + 1) : S("");
	q->path = str_dup(q->a, rest);
}

/* A name that DNS could point at this machine must not reach it: only loopback
 * addresses, the address served at, and onion services. */
static bool
host_allowed(const struct web *w, const char *host)
{
	static const char *const own[] = {"localhost", "127.0.0.1", "[::1]"};
	struct str h = str_of(host), listen = str_of(w->o.listen);

	if (!h.p)
		return false;
	if (str_eq(h, listen))
		return true;
	const char *colon = memrchr(h.p, ':', h.n);
	if (colon && !memchr(colon, ']', (size_t)(h.p + h.n - colon)))
		h.n = (size_t)(colon - h.p);
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (str_eq_nocase(h, str_of(own[i])))
			return true;
	return str_ends(h, ".onion");
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

static void
answer(struct web *w, struct MHD_Connection *c, const char *url, const char *method,
	struct incoming *in, struct reply *p)
{
	struct request q = {.a = in->a, .web = w, .method = str_of(method), .lang = w->o.lang};
	const char *host = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Host");
	struct err e = {0};

	if (!host_allowed(w, host)) {
		p->code = 421;
		p->type = "text/plain";
		buf_cstr(&p->body, "This server does not answer to that name.\n");
		return;
	}
	if (strcmp(url, "/style.css") == 0) {
		p->code = 200;
		p->type = "text/css; charset=utf-8";
		buf_cstr(&p->body, style_css);
		return;
	}
	if (!utf8_valid(str_bytes(str_of(url)))) {
		p->code = 400;
		return;
	}
	read_path(&q, url);
	MHD_get_connection_values(c, MHD_GET_ARGUMENT_KIND, add_query, &q);
	memcpy(&q.form, &in->form, sizeof q.form);
	for (size_t i = 0; i < q.form.n; i++)
		if (!utf8_valid(str_bytes(q.form.v[i].value)))
			q.form.v[i].value = S("");
	q.cookie_session = str_of(MHD_lookup_connection_value(c, MHD_COOKIE_KIND,
		"habeas-session"));
	q.cookie_sign_in = str_of(MHD_lookup_connection_value(c, MHD_COOKIE_KIND,
		"habeas-sign-in"));
	q.session = session_find(w, q.cookie_session);
	q.csrf = csrf_token(w, q.a, q.session ? q.cookie_session : q.cookie_sign_in);
	/* Another process may have written since: follow before answering. */
	if (q.session && reg_follow(w->reg, &e) != OK) {
		page_error(&q, p, 500, "The register cannot be read", &e);
		return;
	}
	if (in->too_much)
		page_error(&q, p, 413, "That is too much", NULL);
	else
		route(&q, p);
	if (p->body.over)
		page_error(&q, p, 500, "This page would be too large; filter first", NULL);
}

static enum MHD_Result
handle(void *ctx, struct MHD_Connection *c, const char *url, const char *method,
	const char *version, const char *data, size_t *data_n, void **state)
{
	struct incoming *in = *state;
	struct reply p = {0};

	(void)version;
	if (!in) {
		in = mem_alloc(1, sizeof *in);
		in->a = arena_create((size_t)1 << 30);
		if (strcmp(method, "POST") == 0)
			in->post = MHD_create_post_processor(c, 4096, add_form, in);
		*state = in;
		return MHD_YES;
	}
	if (*data_n) {
		if (in->post && !in->too_much)
			MHD_post_process(in->post, data, *data_n);
		*data_n = 0;
		return MHD_YES;
	}
	if (in->post) {
		MHD_destroy_post_processor(in->post);
		in->post = NULL;
	}
	buf_init(&p.body, PAGE_MOST);
	answer(ctx, c, url, strcmp(method, "HEAD") == 0 ? "GET" : method, in, &p);
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
	if (in->post)
		MHD_destroy_post_processor(in->post);
	/* The arena held a passphrase: it is wiped as it goes. */
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
		MHD_OPTION_NOTIFY_COMPLETED, completed, NULL,
		MHD_OPTION_CONNECTION_LIMIT, 128u,
		MHD_OPTION_PER_IP_CONNECTION_LIMIT, 0u,
		MHD_OPTION_CONNECTION_TIMEOUT, 30u,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)64 * 1024,
		MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u,
		MHD_OPTION_END);
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
	if (o->ready) {
		const union MHD_DaemonInfo *info = MHD_get_daemon_info(d,
			MHD_DAEMON_INFO_BIND_PORT);
		const char *colon = strrchr(o->listen, ':');
		char url[128];
		snprintf(url, sizeof url, "http://%.*s:%u/", (int)(colon - o->listen), o->listen,
			info ? info->port : w->port);
		o->ready(o->ctx, url);
	}
	sigwait(&stop, &got);
	MHD_stop_daemon(d);
out:
	seal_wipe(w, sizeof *w);
	mem_free(w);
	return st;
}
