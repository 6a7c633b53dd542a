/* Strings as pointer and length; hex, base64, UTF-8. */
#include "base/str.h"
#include "base/poison.h"
#include <stdarg.h>

struct str
str_of(const char *cstr)
{
	return cstr ? (struct str){cstr, strlen(cstr)} : STR_NONE;
}

struct str
buf_str(const struct buf *b)
{
	return (struct str){(const char *)b->p, b->n};
}

struct bytes
buf_bytes(const struct buf *b)
{
	return (struct bytes){b->p, b->n};
}

struct bytes
str_bytes(struct str s)
{
	return (struct bytes){(const uint8_t *)s.p, s.n};
}

struct str
bytes_str(struct bytes b)
{
	return (struct str){(const char *)b.p, b.n};
}

bool
str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool
bytes_eq(struct bytes a, struct bytes b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool
str_is(struct str a, const char *b)
{
	return str_eq(a, str_of(b));
}

static unsigned char
lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

bool
str_eq_nocase(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return true;
}

int
str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool
str_starts(struct str s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.n >= n && (n == 0 || memcmp(s.p, prefix, n) == 0);
}

bool
str_ends(struct str s, const char *suffix)
{
	size_t n = strlen(suffix);

	return s.n >= n && (n == 0 || memcmp(s.p + s.n - n, suffix, n) == 0);
}

bool
str_has(struct str s, const char *part)
{
	size_t n = strlen(part);

	return n == 0 || (s.n >= n && memmem(s.p, s.n, part, n) != NULL);
}

size_t
str_find(struct str s, char c)
{
	const char *at = s.n ? memchr(s.p, c, s.n) : NULL;

	return at ? (size_t)(at - s.p) : s.n;
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str
str_trim(struct str s)
{
	while (s.n && is_space(s.p[0]))
		s = str_from(s, 1);
	while (s.n && is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

struct str
str_from(struct str s, size_t at)
{
	invariant(at <= s.n);
	return at ? (struct str){s.p + at, s.n - at} : s;
}

struct str
str_upto(struct str s, size_t n)
{
	return (struct str){s.p, n < s.n ? n : s.n};
}

struct str
str_cut(struct str *rest, char c)
{
	size_t at = str_find(*rest, c);
	struct str part = {rest->p, at};

	*rest = at == rest->n ? STR_NONE : str_from(*rest, at + 1);
	return part;
}

struct str
str_dup(struct arena *a, struct str s)
{
	return s.p ? (struct str){arena_copy(a, s.p, s.n), s.n} : s;
}

char *
str_cstr(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1, 1);

	if (s.n)
		memcpy(p, s.p, s.n);
	return p;
}

struct str
str_fmt(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	invariant(n >= 0);
	char *p = arena_alloc(a, (size_t)n + 1, 1);
	vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return (struct str){p, (size_t)n};
}

bool
str_u64(struct str s, uint64_t *ret)
{
	uint64_t v = 0;

	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned d = (unsigned)(s.p[i] - '0');
		if (d > 9 || v > (UINT64_MAX - d) / 10)
			return false;
		v = v * 10 + d;
	}
	*ret = v;
	return true;
}

bool
str_i64(struct str s, int64_t *ret)
{
	bool minus = s.n && s.p[0] == '-';
	uint64_t v;

	if (!str_u64(minus ? str_from(s, 1) : s, &v) || v > (uint64_t)INT64_MAX)
		return false;
	*ret = minus ? -(int64_t)v : (int64_t)v;
	return true;
}

struct str
hex_encode(struct arena *a, struct bytes b)
{
	char *p = arena_alloc(a, b.n * 2 + 1, 1);

	for (size_t i = 0; i < b.n; i++) {
		p[2 * i] = "0123456789abcdef"[b.p[i] >> 4];
		p[2 * i + 1] = "0123456789abcdef"[b.p[i] & 15];
	}
	return (struct str){p, b.n * 2};
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
hex_decode(struct str s, uint8_t *ret, size_t n)
{
	if (s.n != n * 2)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (hex_digit(s.p[i]) < 0)
			return false;
	for (size_t i = 0; i < n; i++)
		ret[i] = (uint8_t)(hex_digit(s.p[2 * i]) << 4 | hex_digit(s.p[2 * i + 1]));
	return true;
}

static const char base64_letters[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct str
base64_encode(struct arena *a, struct bytes b)
{
	size_t n = (b.n + 2) / 3 * 4;
	char *p = arena_alloc(a, n + 1, 1), *q = p;

	for (size_t i = 0; i < b.n; i += 3) {
		size_t left = b.n - i;
		uint32_t v = (uint32_t)b.p[i] << 16;
		if (left > 1)
			v |= (uint32_t)b.p[i + 1] << 8;
		if (left > 2)
			v |= b.p[i + 2];
		*q++ = base64_letters[v >> 18];
		*q++ = base64_letters[v >> 12 & 63];
		*q++ = left > 1 ? base64_letters[v >> 6 & 63] : '=';
		*q++ = left > 2 ? base64_letters[v & 63] : '=';
	}
	return (struct str){p, n};
}

bool
base64_decode(struct arena *a, struct str s, struct bytes *ret)
{
	size_t pad = str_ends(s, "==") ? 2 : str_ends(s, "=") ? 1 : 0;
	uint8_t *p = arena_alloc(a, s.n / 4 * 3 + 1, 1);
	size_t n = 0;
	uint32_t v = 0;

	if (s.n % 4)
		return false;
	for (size_t i = 0; i < s.n - pad; i++) {
		const char *at = s.p[i] ? strchr(base64_letters, s.p[i]) : NULL;
		if (!at)
			return false;
		v = v << 6 | (uint32_t)(at - base64_letters);
		if (i % 4 == 3) {
			p[n++] = (uint8_t)(v >> 16);
			p[n++] = (uint8_t)(v >> 8);
			p[n++] = (uint8_t)v;
			v = 0;
		}
	}
	/* Bits that the padding leaves over must be zero: one spelling only. */
	if (pad == 1) {
		if (v & 3)
			return false;
		p[n++] = (uint8_t)(v >> 10);
		p[n++] = (uint8_t)(v >> 2);
	} else if (pad == 2) {
		if (v & 15)
			return false;
		p[n++] = (uint8_t)(v >> 4);
	}
	*ret = (struct bytes){p, n};
	return true;
}

/* Length of the valid sequence at p (RFC 3629 table 3-7 of Unicode), or 0. */
static size_t
utf8_length(const uint8_t *p, size_t n)
{
	uint8_t lo = 0x80, hi = 0xbf;
	size_t want;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	want = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (p[0] == 0xe0)
		lo = 0xa0;
	else if (p[0] == 0xed)
		hi = 0x9f;
	else if (p[0] == 0xf0)
		lo = 0x90;
	else if (p[0] == 0xf4)
		hi = 0x8f;
	if (n < want || p[1] < lo || p[1] > hi)
		return 0;
	for (size_t i = 2; i < want; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return want;
}

bool
utf8_valid(struct bytes b)
{
	for (size_t i = 0; i < b.n;) {
		uint64_t eight;
		/* Most of most files is ASCII. */
		if (b.n - i >= sizeof eight) {
			memcpy(&eight, b.p + i, sizeof eight);
			if (!(eight & 0x8080808080808080u)) {
				i += sizeof eight;
				continue;
			}
		}
		size_t n = utf8_length(b.p + i, b.n - i);
		if (n == 0)
			return false;
		i += n;
	}
	return true;
}

uint32_t
utf8_next(struct str s, size_t *at)
{
	const uint8_t *p = (const uint8_t *)s.p + *at;
	size_t n;

	invariant(*at < s.n);
	n = utf8_length(p, s.n - *at);
	invariant(n > 0);
	*at += n;
	switch (n) {
	case 1: return p[0];
	case 2: return (p[0] & 0x1fu) << 6 | (p[1] & 0x3fu);
	case 3: return (p[0] & 0x0fu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
	default: return (p[0] & 0x07u) << 18 | (p[1] & 0x3fu) << 12
		| (p[2] & 0x3fu) << 6 | (p[3] & 0x3fu);
	}
}

void
utf8_put(struct buf *b, uint32_t cp)
{
	invariant(cp <= 0x10ffff && (cp < 0xd800 || cp > 0xdfff));
	if (cp < 0x80) {
		buf_byte(b, (uint8_t)cp);
	} else if (cp < 0x800) {
		buf_byte(b, (uint8_t)(0xc0 | cp >> 6));
		buf_byte(b, (uint8_t)(0x80 | (cp & 0x3f)));
	} else if (cp < 0x10000) {
		buf_byte(b, (uint8_t)(0xe0 | cp >> 12));
		buf_byte(b, (uint8_t)(0x80 | (cp >> 6 & 0x3f)));
		buf_byte(b, (uint8_t)(0x80 | (cp & 0x3f)));
	} else {
		buf_byte(b, (uint8_t)(0xf0 | cp >> 18));
		buf_byte(b, (uint8_t)(0x80 | (cp >> 12 & 0x3f)));
		buf_byte(b, (uint8_t)(0x80 | (cp >> 6 & 0x3f)));
		buf_byte(b, (uint8_t)(0x80 | (cp & 0x3f)));
	}
}

/* A multiply-and-fold hash over 8-byte steps, finished as SplitMix64 is
 * (Steele, Lea, Flood 2014). */
uint64_t
hash64(struct bytes b, uint64_t seed)
{
	uint64_t h = seed ^ (b.n * 0x9e3779b97f4a7c15u);

	for (size_t i = 0; i < b.n; i += 8) {
		uint8_t eight[8] = {0};
		uint64_t w = 0;
		memcpy(eight, b.p + i, b.n - i < 8 ? b.n - i : 8);
		for (int k = 7; k >= 0; k--)
			w = w << 8 | eight[k];
		h = (h ^ w) * 0x9fb21c651e98df25u;
		h ^= h >> 32;
	}
	h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9u;
	h = (h ^ h >> 27) * 0x94d049bb133111ebu;
	return h ^ h >> 31;
}
