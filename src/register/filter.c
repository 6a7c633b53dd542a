/* Filters as one line of text: what annexes, URLs and the command line share. */
#include "register/register_int.h"

static const char *const statuses[] = {
	"held", "furlough", "released", "dead", "disappeared", "escaped", "listed",
};

static enum status
set_on(struct str value, struct reg_filter *f, struct err *e)
{
	struct date d;
	enum status st = date_parse(value, NULL, &d, e);

	if (st)
		return err_prefix(e, "on=");
	/* "On 2020" cannot be answered; a day can. */
	if (d.first != d.last)
		return err_set(e, BAD, "on=" STR_FMT ": not one day; write on=2020-03-27",
			STR_ARG(value));
	f->on = d.first;
	return OK;
}

static enum status
set_status(struct str value, struct reg_filter *f, struct err *e)
{
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
		if (str_is(value, statuses[i])) {
			f->status = str_of(statuses[i]);
			return OK;
		}
	return err_set(e, BAD, "status=" STR_FMT ": no such status; write held, furlough, released, "
		"dead, disappeared, escaped or listed", STR_ARG(value));
}

static enum status
set_event(struct arena *a, struct str value, struct reg_filter *f, struct err *e)
{
	const struct code *c = code_by_word(a, vocabulary_named(S("event")), value);

	if (!c)
		return err_set(e, BAD, "event=" STR_FMT ": no such event; write arrest, sentence, "
			"transfer, release, death …", STR_ARG(value));
	f->event = c->code;
	return OK;
}

static enum status
set_number(struct str key, struct str value, size_t *ret, struct err *e)
{
	uint64_t n;

	if (!str_u64(value, &n) || n > 1000000000)
		return err_set(e, BAD, STR_FMT "=" STR_FMT ": not a number", STR_ARG(key),
			STR_ARG(value));
	*ret = (size_t)n;
	return OK;
}

static enum status
set_confirmed(struct str value, struct reg_filter *f, struct err *e)
{
	if (!str_is(value, "yes") && !str_is(value, "no"))
		return err_set(e, BAD, "confirmed=" STR_FMT ": write yes or no", STR_ARG(value));
	f->confirmed = str_is(value, "yes") ? 1 : -1;
	return OK;
}

static enum status
set_sort(struct str value, struct reg_filter *f, struct err *e)
{
	static const char *const orders[] = {"name", "family", "birth", "date", "id"};

	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
		if (str_is(value, orders[i])) {
			f->sort = str_of(orders[i]);
			return OK;
		}
	return err_set(e, BAD, "sort=" STR_FMT ": write name, family, birth, date or id",
		STR_ARG(value));
}

static enum status
set(struct arena *a, struct str key, struct str value, struct reg_filter *f, struct err *e)
{
	const struct { const char *key; struct str *to; } texts[] = {
		{"search", &f->search}, {"prison", &f->facility}, {"facility", &f->facility},
		{"list", &f->list}, {"person", &f->person},
	};
	static const struct {
		const char *key;
		enum status (*set)(struct str value, struct reg_filter *f, struct err *e);
	} others[] = {
		{"status", set_status}, {"on", set_on}, {"confirmed", set_confirmed},
		{"sort", set_sort},
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (str_is(key, texts[i].key)) {
			*texts[i].to = value;
			return OK;
		}
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (str_is(key, others[i].key))
			return others[i].set(value, f, e);
	if (str_is(key, "event"))
		return set_event(a, value, f, e);
	if (str_is(key, "limit") || str_is(key, "offset"))
		return set_number(key, value, str_is(key, "limit") ? &f->limit : &f->offset, e);
	return err_set(e, BAD, "\"" STR_FMT "=" STR_FMT "\": not a filter; there are search, "
		"prison, list, event, status, on, confirmed=yes|no, person, "
		"sort=name|family|birth|date|id, limit, offset", STR_ARG(key), STR_ARG(value));
}

static bool
is_blank(char c)
{
	return str_trim((struct str){&c, 1}).n == 0;
}

/* "…" with "" for a quote within, as in CSV; then a blank or the end. */
static bool
unquote(struct arena *a, struct str *rest, struct str *ret)
{
	char *out = arena_alloc(a, rest->n, 1);
	size_t n = 0;

	for (size_t at = 1; at < rest->n; at++) {
		if (rest->p[at] == '"') {
			at++;
			if (at == rest->n || rest->p[at] != '"') {
				*ret = (struct str){out, n};
				*rest = str_from(*rest, at);
				return rest->n == 0 || is_blank(rest->p[0]);
			}
		}
		out[n++] = rest->p[at];
	}
	return false;
}

enum status
reg_filter_parse(struct arena *a, struct str query, struct reg_filter *ret, struct err *e)
{
	struct reg_filter f = {.on = DAY_MAX};
	struct str rest = str_trim(query);

	while (rest.n) {
		size_t eq = str_find(rest, '='), space = str_find(rest, ' ');
		if (eq == rest.n || space < eq)
			return err_set(e, BAD, "filter \"" STR_FMT "\": write NAME=VALUE, with \"…\" "
				"around a value that has blanks", STR_ARG(str_upto(rest, 60)));
		struct str key = str_upto(rest, eq), value;
		rest = str_from(rest, eq + 1);
		if (rest.n && rest.p[0] == '"') {
			if (!unquote(a, &rest, &value))
				return err_set(e, BAD, "filter " STR_FMT "=: the quote is not closed, "
					"or no blank follows it", STR_ARG(key));
		} else {
			size_t end = 0;
			while (end < rest.n && !is_blank(rest.p[end]))
				end++;
			value = str_dup(a, str_upto(rest, end));
			rest = str_from(rest, end);
		}
		enum status st = set(a, key, value, &f, e);
		if (st)
			return st;
		rest = str_trim(rest);
	}
	*ret = f;
	return OK;
}

static void
put(struct buf *b, const char *key, struct str value)
{
	if (value.n == 0)
		return;
	buf_fmt(b, "%s%s=", b->n ? " " : "", key);
	bool quote = false;
	for (size_t i = 0; i < value.n; i++)
		quote = quote || is_blank(value.p[i]) || value.p[i] == '"';
	if (!quote) {
		buf_put(b, value.p, value.n);
		return;
	}
	buf_byte(b, '"');
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '"')
			buf_byte(b, '"');
		buf_byte(b, (uint8_t)value.p[i]);
	}
	buf_byte(b, '"');
}

static void
put_number(struct buf *b, const char *key, size_t n)
{
	if (n)
		buf_fmt(b, "%s%s=%zu", b->n ? " " : "", key, n);
}

struct str
reg_filter_write(struct arena *a, const struct reg_filter *f)
{
	struct buf b;

	buf_init(&b, 1 << 22);
	put(&b, "search", f->search);
	put(&b, "prison", f->facility);
	put(&b, "list", f->list);
	put(&b, "event", f->event);
	put(&b, "status", f->status);
	put(&b, "person", f->person);
	if (f->on != DAY_MAX)
		put(&b, "on", day_iso(a, f->on));
	if (f->confirmed)
		put(&b, "confirmed", f->confirmed > 0 ? S("yes") : S("no"));
	put(&b, "sort", f->sort);
	put_number(&b, "offset", f->offset);
	put_number(&b, "limit", f->limit);
	struct str s = str_dup(a, buf_str(&b));
	buf_finish(&b);
	return s.p ? s : S("");
}
