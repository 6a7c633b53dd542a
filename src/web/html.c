/*
 * The one HTML emitter.  Inserted text is escaped for content and attributes
 * alike; what could turn a line around or hide in it is left out, and every value
 * is isolated from its neighbours.
 */
#include "web/web_int.h"

static bool
hidden(uint32_t cp)
{
	return (cp < 0x20 && cp != '\n' && cp != '\t') || (cp >= 0x7f && cp < 0xa0)
		|| cp == 0x061c || cp == 0x200e || cp == 0x200f
		|| (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069)
		|| cp == 0x2028 || cp == 0x2029 || cp == 0xfeff;
}

void
html_text(struct buf *b, struct str s)
{
	size_t at = 0;

	while (at < s.n) {
		size_t from = at;
		uint32_t cp = utf8_next(s, &at);
		switch (cp) {
		case '&': buf_cstr(b, "&amp;"); break;
		case '<': buf_cstr(b, "&lt;"); break;
		case '>': buf_cstr(b, "&gt;"); break;
		case '"': buf_cstr(b, "&quot;"); break;
		case '\'': buf_cstr(b, "&#39;"); break;
		default:
			if (!hidden(cp))
				buf_put(b, s.p + from, at - from);
		}
	}
}

void
html_value(struct buf *b, struct str s)
{
	html(b, "<bdi>");
	html_text(b, s);
	html(b, "</bdi>");
}

void
html_code(struct buf *b, struct str s)
{
	html(b, "<bdi dir=\"ltr\">");
	html_text(b, s);
	html(b, "</bdi>");
}

void
html_number(struct buf *b, size_t n, enum lang l)
{
	struct arena *a = arena_create(1 << 16);

	html_value(b, text_number(a, (int64_t)n, l));
	arena_destroy(a);
}

/* RFC 3986 section 2.3: unreserved characters stand for themselves. */
void
html_url(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
		    || c == '-' || c == '.' || c == '_' || c == '~')
			buf_byte(b, c);
		else
			buf_fmt(b, "%%%02X", c);
	}
}

struct str
text_upto(struct str s, size_t most)
{
	if (s.n <= most)
		return s;
	while (most && ((unsigned char)s.p[most] & 0xc0) == 0x80)
		most--;
	return str_upto(s, most);
}

void
html_names(struct buf *b, struct str names, size_t most)
{
	static const char between[] = " · ";
	size_t shown = 0;

	for (struct str rest = names; rest.n;) {
		const char *sep = memmem(rest.p, rest.n, between, sizeof between - 1);
		struct str one = str_upto(rest, sep ? (size_t)(sep - rest.p) : rest.n);
		rest = sep ? str_from(rest, one.n + sizeof between - 1) : S("");
		struct str cut = most && shown + one.n > most
			? text_upto(one, most > shown ? most - shown : 0) : one;
		if (shown)
			html(b, " · ");
		html_value(b, cut);
		if (cut.n < one.n) {
			html(b, "…");
			return;
		}
		shown += cut.n;
	}
}

void
html_says(struct buf *b, const char *sentence, const struct str *v, size_t n)
{
	struct str rest = str_of(sentence);

	for (size_t i = 0; i < n; i++) {
		const char *at = memmem(rest.p, rest.n, "%s", 2);
		invariant(at);
		html_text(b, str_upto(rest, (size_t)(at - rest.p)));
		html_value(b, v[i]);
		rest = str_from(rest, (size_t)(at - rest.p) + 2);
	}
	html_text(b, rest);
}
