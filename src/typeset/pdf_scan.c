/* Small steps over a PDF that is expected to look one way only. */
#include "typeset/pdf_int.h"

void
scan_expect(struct scan *s, const char *text)
{
	size_t n = strlen(text);

	if (s->wrong || s->end - s->at < n || memcmp(s->p + s->at, text, n) != 0)
		s->wrong = true;
	else
		s->at += n;
}

bool
scan_is_next(const struct scan *s, const char *text)
{
	struct scan t = *s;

	scan_expect(&t, text);
	return !t.wrong;
}

/* Decimal digits; one spelling only, except in tables, where ten are padded. */
uint64_t
scan_number(struct scan *s)
{
	uint64_t v = 0;
	size_t from = s->at;

	while (!s->wrong && s->at < s->end && s->p[s->at] >= '0' && s->p[s->at] <= '9'
	       && s->at - from < 11)
		v = v * 10 + (uint64_t)(s->p[s->at++] - '0');
	if (s->at == from || s->at - from > 10)
		s->wrong = true;
	return s->wrong ? 0 : v;
}

/* Up to and without `c`, at most `most` bytes. */
struct str
scan_until(struct scan *s, char c, size_t most)
{
	const uint8_t *from = s->p + s->at, *to;
	size_t room = s->end - s->at;

	to = s->wrong ? NULL : memchr(from, c, room < most + 1 ? room : most + 1);
	if (!to) {
		s->wrong = true;
		return STR_NONE;
	}
	s->at += (size_t)(to - from);
	return (struct str){(const char *)from, (size_t)(to - from)};
}

struct bytes
scan_data(struct scan *s, uint64_t n)
{
	struct bytes b = {s->p + s->at, (size_t)n};

	if (s->wrong || n > s->end - s->at) {
		s->wrong = true;
		return (struct bytes){NULL, 0};
	}
	s->at += (size_t)n;
	return b;
}

/* "startxref\nN\n%%EOF\n" are the last bytes of [0, end); where is its table? */
bool
pdf_startxref(struct bytes pdf, size_t end, uint64_t *ret)
{
	static const char head[] = "startxref\n";
	size_t digits = 0;

	if (end < 40 || end > pdf.n || memcmp(pdf.p + end - 7, "\n%%EOF\n", 7) != 0)
		return false;
	for (size_t at = end - 8; digits < 11 && pdf.p[at] >= '0' && pdf.p[at] <= '9'; at--)
		digits++;
	struct scan s = {pdf.p, end - 7 - digits - strlen(head), end, false};
	scan_expect(&s, head);
	*ret = scan_number(&s);
	scan_expect(&s, "\n%%EOF\n");
	return !s.wrong && *ret < end;
}

enum status
pdf_refuse(struct err *e, size_t at, const char *what)
{
	return err_set(e, BAD, "PDF: byte %zu: %s; the file was changed after habeas made it, "
		"or another program made it", at, what);
}
