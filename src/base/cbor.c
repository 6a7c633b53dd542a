/* Deterministic CBOR: RFC 8949, core deterministic encoding (section 4.2.1). */
#include "base/cbor.h"
#include "base/poison.h"

/* Section 3: the shortest head that holds the argument. */
static void
put_head(struct buf *b, unsigned major, uint64_t v)
{
	uint8_t head[9];
	size_t n = v < 24 ? 0 : v <= 0xff ? 1 : v <= 0xffff ? 2 : v <= 0xffffffff ? 4 : 8;
	static const uint8_t info[9] = {0, 24, 25, 0, 26, 0, 0, 0, 27};

	head[0] = (uint8_t)(major << 5 | (n ? info[n] : v));
	for (size_t i = 0; i < n; i++)
		head[1 + i] = (uint8_t)(v >> 8 * (n - 1 - i));
	buf_put(b, head, 1 + n);
}

void
cbor_put_uint(struct buf *b, uint64_t v)
{
	put_head(b, 0, v);
}

void
cbor_put_int(struct buf *b, int64_t v)
{
	if (v >= 0)
		put_head(b, 0, (uint64_t)v);
	else
		put_head(b, 1, (uint64_t)(-1 - v));
}

void
cbor_put_bytes(struct buf *b, struct bytes v)
{
	put_head(b, 2, v.n);
	buf_put(b, v.p, v.n);
}

void
cbor_put_text(struct buf *b, struct str v)
{
	put_head(b, 3, v.n);
	buf_put(b, v.p, v.n);
}

void
cbor_put_array(struct buf *b, size_t n)
{
	put_head(b, 4, n);
}

void
cbor_put_map(struct buf *b, size_t n)
{
	put_head(b, 5, n);
}

void
cbor_put_bool(struct buf *b, bool v)
{
	buf_byte(b, v ? 0xf5 : 0xf4);
}

void
cbor_put_null(struct buf *b)
{
	buf_byte(b, 0xf6);
}

void
cbor_put_raw(struct buf *b, struct bytes item)
{
	buf_put(b, item.p, item.n);
}

struct cbor
cbor_read(struct bytes b)
{
	return (struct cbor){b.p, b.p ? b.p + b.n : b.p, false};
}

enum cbor_type
cbor_peek(const struct cbor *c)
{
	if (c->wrong)
		return CBOR_WRONG;
	if (c->p == c->end)
		return CBOR_END;
	switch (*c->p >> 5) {
	case 0: return CBOR_UINT;
	case 1: return CBOR_NEGINT;
	case 2: return CBOR_BYTES;
	case 3: return CBOR_TEXT;
	case 4: return CBOR_ARRAY;
	case 5: return CBOR_MAP;
	default: break;
	}
	return *c->p == 0xf4 || *c->p == 0xf5 ? CBOR_BOOL
		: *c->p == 0xf6 ? CBOR_NULL : CBOR_WRONG;
}

static uint64_t
stuck(struct cbor *c)
{
	c->wrong = true;
	c->p = c->end;
	return 0;
}

/* The argument of a head of this major type; stuck if it is another one, not
 * the shortest, or cut off. */
static uint64_t
get_head(struct cbor *c, unsigned major)
{
	static const uint64_t least[4] = {24, 0x100, 0x10000, 0x100000000};
	uint64_t v = 0;
	unsigned info;
	size_t n;

	if (c->wrong || c->p == c->end || *c->p >> 5 != major)
		return stuck(c);
	info = *c->p & 31;
	if (info < 24) {
		c->p++;
		return info;
	}
	if (info > 27)
		return stuck(c);
	n = (size_t)1 << (info - 24);
	if ((size_t)(c->end - c->p) < 1 + n)
		return stuck(c);
	for (size_t i = 1; i <= n; i++)
		v = v << 8 | c->p[i];
	if (v < least[info - 24])
		return stuck(c);
	c->p += 1 + n;
	return v;
}

uint64_t
cbor_get_uint(struct cbor *c)
{
	return get_head(c, 0);
}

int64_t
cbor_get_int(struct cbor *c)
{
	bool minus = cbor_peek(c) == CBOR_NEGINT;
	uint64_t v = get_head(c, minus ? 1 : 0);

	if (v > (uint64_t)INT64_MAX)
		return (int64_t)stuck(c);
	return minus ? -1 - (int64_t)v : (int64_t)v;
}

static struct bytes
get_string(struct cbor *c, unsigned major)
{
	uint64_t n = get_head(c, major);
	struct bytes b = {c->p, (size_t)n};

	if (c->wrong)
		return (struct bytes){NULL, 0};
	if (n > (uint64_t)(c->end - c->p)) {
		stuck(c);
		return (struct bytes){NULL, 0};
	}
	c->p += n;
	return b;
}

struct bytes
cbor_get_bytes(struct cbor *c)
{
	return get_string(c, 2);
}

struct bytes
cbor_get_bytes_n(struct cbor *c, size_t n)
{
	struct bytes b = get_string(c, 2);

	if (!c->wrong && b.n != n) {
		stuck(c);
		return (struct bytes){NULL, 0};
	}
	return b;
}

struct str
cbor_get_text(struct cbor *c)
{
	struct bytes b = get_string(c, 3);

	if (!c->wrong && !utf8_valid(b)) {
		stuck(c);
		return STR_NONE;
	}
	return bytes_str(b);
}

/* Every item takes a byte at least, so a count above what is left is wrong: a
 * caller may allocate by it. */
static size_t
get_count(struct cbor *c, unsigned major, unsigned bytes_each)
{
	uint64_t n = get_head(c, major);

	if (n > (uint64_t)(c->end - c->p) / bytes_each)
		return (size_t)stuck(c);
	return (size_t)n;
}

size_t
cbor_get_array(struct cbor *c)
{
	return get_count(c, 4, 1);
}

size_t
cbor_get_map(struct cbor *c)
{
	return get_count(c, 5, 2);
}

bool
cbor_get_bool(struct cbor *c)
{
	if (cbor_peek(c) != CBOR_BOOL)
		return stuck(c);
	return *c->p++ == 0xf5;
}

bool
cbor_get_null(struct cbor *c)
{
	if (cbor_peek(c) != CBOR_NULL)
		return false;
	c->p++;
	return true;
}

static void
skip_item(struct cbor *c, unsigned depth)
{
	size_t n;

	if (depth == 0) {
		stuck(c);
		return;
	}
	switch (cbor_peek(c)) {
	case CBOR_UINT:
		get_head(c, 0);
		break;
	case CBOR_NEGINT:
		cbor_get_int(c);          /* not below -2^63: the writer cannot either */
		break;
	case CBOR_BYTES:
		cbor_get_bytes(c);
		break;
	case CBOR_TEXT:
		cbor_get_text(c);
		break;
	case CBOR_ARRAY:
		n = cbor_get_array(c);
		for (size_t i = 0; i < n && !c->wrong; i++)
			skip_item(c, depth - 1);
		break;
	case CBOR_MAP:
		n = cbor_get_map(c);
		for (uint64_t i = 0, last = 0; i < n && !c->wrong; i++) {
			uint64_t key = cbor_get_uint(c);
			if (key > 23 || (i > 0 && key <= last)) {
				stuck(c);
				break;
			}
			last = key;
			skip_item(c, depth - 1);
		}
		break;
	case CBOR_BOOL:
	case CBOR_NULL:
		c->p++;
		break;
	default:
		stuck(c);
	}
}

struct bytes
cbor_get_item(struct cbor *c)
{
	const uint8_t *from = c->p;

	skip_item(c, CBOR_MAX_DEPTH);
	return c->wrong ? (struct bytes){NULL, 0}
		: (struct bytes){from, (size_t)(c->p - from)};
}

bool
cbor_ok(const struct cbor *c)
{
	return !c->wrong;
}

bool
cbor_done(const struct cbor *c)
{
	return !c->wrong && c->p == c->end;
}

bool
cbor_valid(struct bytes b)
{
	struct cbor c = cbor_read(b);

	cbor_get_item(&c);
	return cbor_done(&c);
}

static void
show_text(struct buf *out, struct str s)
{
	buf_byte(out, '"');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char ch = (unsigned char)s.p[i];
		if (ch == '"' || ch == '\\')
			buf_byte(out, '\\');
		if (ch < 0x20 || ch == 0x7f)
			buf_fmt(out, "\\u%04x", ch);
		else
			buf_byte(out, ch);
	}
	buf_byte(out, '"');
}

static void
show_item(struct buf *out, struct cbor *c)
{
	struct bytes b;
	size_t n;

	switch (cbor_peek(c)) {
	case CBOR_UINT:
		buf_fmt(out, "%llu", (unsigned long long)cbor_get_uint(c));
		break;
	case CBOR_NEGINT:
		buf_fmt(out, "%lld", (long long)cbor_get_int(c));
		break;
	case CBOR_BYTES:
		b = cbor_get_bytes(c);
		buf_cstr(out, "h'");
		for (size_t i = 0; i < b.n; i++)
			buf_fmt(out, "%02x", b.p[i]);
		buf_byte(out, '\'');
		break;
	case CBOR_TEXT:
		show_text(out, cbor_get_text(c));
		break;
	case CBOR_ARRAY:
		n = cbor_get_array(c);
		buf_byte(out, '[');
		for (size_t i = 0; i < n && !c->wrong; i++) {
			if (i)
				buf_cstr(out, ", ");
			show_item(out, c);
		}
		buf_byte(out, ']');
		break;
	case CBOR_MAP:
		n = cbor_get_map(c);
		buf_byte(out, '{');
		for (size_t i = 0; i < n && !c->wrong; i++) {
			buf_fmt(out, i ? ", %llu: " : "%llu: ",
				(unsigned long long)cbor_get_uint(c));
			show_item(out, c);
		}
		buf_byte(out, '}');
		break;
	case CBOR_BOOL:
		buf_cstr(out, cbor_get_bool(c) ? "true" : "false");
		break;
	case CBOR_NULL:
		cbor_get_null(c);
		buf_cstr(out, "null");
		break;
	default:
		stuck(c);
	}
}

void
cbor_show(struct buf *out, struct bytes item)
{
	struct cbor c = cbor_read(item);

	if (cbor_valid(item))
		show_item(out, &c);
	else
		buf_cstr(out, "(not in the subset)");
}
