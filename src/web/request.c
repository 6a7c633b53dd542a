/* From the bytes of a request to paths, parameters and forms: the one decoder. */
#include "web/web_int.h"

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* `plus`: "+" is a blank, as in queries and forms. */
static bool
decode(struct arena *a, struct str s, bool plus, struct str *ret)
{
	char *out = arena_alloc(a, s.n + 1, 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '%') {
			int high = s.n - i > 2 ? hex_digit(s.p[i + 1]) : -1;
			int low = s.n - i > 2 ? hex_digit(s.p[i + 2]) : -1;
			if (high < 0 || low < 0)
				return false;
			out[n] = (char)(high << 4 | low);
			i += 2;
		} else {
			out[n] = plus && s.p[i] == '+' ? ' ' : s.p[i];
		}
		if (out[n++] == '\0')
			return false;
	}
	*ret = (struct str){out, n};
	return utf8_valid(str_bytes(*ret));
}

/* NAME=VALUE&NAME=VALUE… */
static bool
read_params(struct arena *a, struct str s, struct params *ret)
{
	while (s.n) {
		struct str pair = str_cut(&s, '&');
		struct param p;
		size_t eq = str_find(pair, '=');
		if (pair.n == 0)
			continue;
		if (ret->n == PARAMS_MOST || !decode(a, str_upto(pair, eq), true, &p.name)
		    || !decode(a, eq < pair.n ? str_from(pair, eq + 1) : S(""), true, &p.value))
			return false;
		VEC_PUSH(a, ret) = p;
	}
	return true;
}

/* "/fa/persons" is persons in Persian. */
static bool
read_path(struct request *q, struct str path)
{
	struct str first, rest;
	enum lang l;

	if (path.n == 0 || path.p[0] != '/' || !decode(q->a, path, false, &rest))
		return false;
	rest = str_from(rest, 1);
	first = str_upto(rest, str_find(rest, '/'));
	if (lang_of(first, &l) && l != LANG_AZB) {
		q->lang = l;
		q->lang_in_path = true;
		rest = first.n < rest.n ? str_from(rest, first.n + 1) : S("");
	}
	q->path = rest;
	return true;
}

bool
request_target(struct request *q, struct str target)
{
	size_t mark = str_find(target, '?');

	/* The path first: an error about the query is told in its language. */
	return read_path(q, str_upto(target, mark))
		&& (mark == target.n
		|| read_params(q->a, str_from(target, mark + 1), &q->query));
}

bool
request_form(struct request *q, struct str body)
{
	return read_params(q->a, body, &q->form);
}

static struct str
param_of(const struct params *p, const char *name)
{
	for (size_t i = 0; i < p->n; i++)
		if (str_is(p->v[i].name, name))
			return p->v[i].value;
	return S("");
}

struct str
query_of(const struct request *q, const char *name)
{
	return param_of(&q->query, name);
}

struct str
form_of(const struct request *q, const char *name)
{
	return param_of(&q->form, name);
}

struct str
request_here(const struct request *q)
{
	struct buf b;
	struct str rest = q->path;

	buf_init(&b, 1 << 20);
	/* Slashes of the path stay slashes. */
	for (bool first = true; rest.p; first = false) {
		if (!first)
			buf_byte(&b, '/');
		html_url(&b, str_cut(&rest, '/'));
	}
	for (size_t i = 0; i < q->query.n; i++) {
		buf_byte(&b, i ? '&' : '?');
		html_url(&b, q->query.v[i].name);
		buf_byte(&b, '=');
		html_url(&b, q->query.v[i].value);
	}
	struct str s = str_dup(q->a, buf_str(&b));
	buf_finish(&b);
	return s;
}
