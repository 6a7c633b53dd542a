/*
 * Bytes to UTF-8.  Lists come from spreadsheets and old programs; a wrong guess
 * makes wrong names that look like names, so where two encodings are possible
 * the file is refused and its sender asked.
 */
#include "base/text_encoding_int.h"
#include <unicode/ucnv.h>
#include "base/poison.h"

static const struct {
	const char *name, *other;         /* other: how programs also call it */
	uint8_t bom[3];
	size_t bom_n;
} encodings[ENCODINGS] = {
	[UTF8] = {"utf-8", "utf8", {0xef, 0xbb, 0xbf}, 3},
	[UTF16LE] = {"utf-16le", "utf16le", {0xff, 0xfe}, 2},
	[UTF16BE] = {"utf-16be", "utf16be", {0xfe, 0xff}, 2},
	[WIN1256] = {"windows-1256", "cp1256", {0}, 0},
	[WIN1251] = {"windows-1251", "cp1251", {0}, 0},
	[WIN1254] = {"windows-1254", "cp1254", {0}, 0},
	[WIN1252] = {"windows-1252", "cp1252", {0}, 0},
};

#define KNOWN ENCODINGS_KNOWN

enum { UTF8_BY_CHANCE = 4 };      /* characters of several bytes, and not one broken */

const char *
encoding_name(int enc)
{
	return encodings[enc].name;
}

static bool
has_bom(struct bytes in, int enc)
{
	size_t n = encodings[enc].bom_n;

	return n > 0 && in.n >= n && memcmp(in.p, encodings[enc].bom, n) == 0;
}

/* ---- 8-bit encodings ---- */

/* ICU knows the mapping; a byte at a time it is a table. */
void
encoding_table(int enc, uint16_t table[256])
{
	UErrorCode st = U_ZERO_ERROR;
	UConverter *c = ucnv_open(encodings[enc].name, &st);

	ucnv_setToUCallBack(c, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &st);
	invariant(U_SUCCESS(st));
	for (int i = 0; i < 256; i++) {
		UErrorCode one = U_ZERO_ERROR;
		char byte = (char)i;
		UChar out[4];
		int32_t n = ucnv_toUChars(c, out, 4, &byte, 1, &one);
		/* ICU gives control characters for bytes without a letter. */
		bool good = U_SUCCESS(one) && n == 1 && out[0] != 0xfffd
			&& (i < 0x80 || out[0] > 0x9f);
		table[i] = good ? out[0] : 0xffff;
	}
	ucnv_close(c);
}

static enum status
decode_bytes(struct arena *a, struct bytes in, int enc, struct str *ret, struct err *e)
{
	uint16_t table[256];
	size_t n = 0;
	struct buf b;

	encoding_table(enc, table);
	for (size_t i = 0; i < in.n; i++) {
		uint16_t c = table[in.p[i]];
		if (c == 0xffff)
			return err_set(e, BAD, "byte %zu: 0x%02x is no character of %s; name the "
				"encoding: " KNOWN, i, in.p[i], encodings[enc].name);
		n += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
	}
	b = (struct buf){.p = arena_alloc(a, n ? n : 1, 1), .cap = n, .max = n};
	for (size_t i = 0; i < in.n; i++)
		utf8_put(&b, table[in.p[i]]);
	*ret = buf_str(&b);
	return OK;
}

/* ---- UTF-16 ---- */

static unsigned
unit_at(struct bytes in, size_t i, int enc)
{
	unsigned a = in.p[i], b = in.p[i + 1];

	return enc == UTF16LE ? a | b << 8 : a << 8 | b;
}

/* The code point at *at, advancing; 0xffffffff where a surrogate has no pair. */
static uint32_t
utf16_next(struct bytes in, size_t *at, int enc)
{
	uint32_t c = unit_at(in, *at, enc), d;

	if (c < 0xd800 || c > 0xdfff) {
		*at += 2;
		return c;
	}
	if (c > 0xdbff || in.n - *at < 4)
		return UINT32_MAX;
	d = unit_at(in, *at + 2, enc);
	if (d < 0xdc00 || d > 0xdfff)
		return UINT32_MAX;
	*at += 4;
	return 0x10000 + ((c & 0x3ff) << 10) + (d & 0x3ff);
}

static enum status
decode_utf16(struct arena *a, struct bytes in, size_t skip, int enc, struct str *ret,
	struct err *e)
{
	const char *name = encodings[enc].name;
	size_t n = 0;
	struct buf b;

	if (in.n % 2)
		return err_set(e, BAD, "byte %zu: ends inside a character of %s; "
			"is the file cut off?", in.n - 1, name);
	for (size_t at = skip; at < in.n;) {
		uint32_t cp = utf16_next(in, &at, enc);
		if (cp == UINT32_MAX)
			return err_set(e, BAD, "byte %zu: half a surrogate pair, so not %s; "
				"name the encoding: " KNOWN, at, name);
		n += cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
	}
	b = (struct buf){.p = arena_alloc(a, n ? n : 1, 1), .cap = n, .max = n};
	for (size_t at = skip; at < in.n;)
		utf8_put(&b, utf16_next(in, &at, enc));
	*ret = buf_str(&b);
	return OK;
}

/* Without a BOM: nine in ten units lie in blocks that our lists are written in
 * (Latin, Cyrillic, Arabic, general punctuation, Arabic presentation forms).
 * The wrong way round, or in other bytes, about one in thirty does. */
static bool
looks_utf16(struct bytes in, int enc)
{
	size_t most = in.n < 65536 ? in.n : 65536, units = most / 2, good = 0;

	if (in.n < 2 || in.n % 2)
		return false;
	for (size_t i = 0; i + 1 < most; i += 2) {
		unsigned u = unit_at(in, i, enc), hi = u >> 8;
		good += (u >= 0x20 && hi <= 0x02) || u == '\n' || u == '\r' || u == '\t' ||
			hi == 0x04 || hi == 0x06 || hi == 0x20 || hi == 0xfb || hi == 0xfe;
	}
	return good * 10 >= units * 9;
}

/* ---- UTF-8 ---- */

/* Where it stops being UTF-8 (in.n: nowhere); how many characters of several
 * bytes it has, and how many bytes that belong to none. */
static size_t
utf8_look(struct bytes in, size_t *ret_multi, size_t *ret_stray)
{
	size_t first = in.n;

	*ret_multi = *ret_stray = 0;
	for (size_t i = 0; i < in.n;) {
		size_t n = in.p[i] < 0x80 ? 1 : in.p[i] < 0xe0 ? 2 : in.p[i] < 0xf0 ? 3 : 4;
		if (n > in.n - i || !utf8_valid((struct bytes){in.p + i, n})) {
			if (first == in.n)
				first = i;
			++*ret_stray;
			n = 1;
		} else if (n > 1) {
			++*ret_multi;
		}
		i += n;
	}
	return first;
}

static enum status
not_utf8(struct bytes in, size_t at, struct err *e)
{
	size_t line = 1;

	for (size_t i = 0; i < at; i++)
		line += in.p[i] == '\n';
	return err_set(e, BAD, "line %zu, byte %zu: 0x%02x is not UTF-8; is the file damaged or "
		"cut off? If it is in another encoding, name it: " KNOWN, line, at, in.p[at]);
}

static enum status
decode_utf8(struct bytes in, size_t skip, struct str *ret, struct err *e)
{
	size_t multi, stray, at;

	if (!utf8_valid(in)) {
		at = utf8_look(in, &multi, &stray);
		return not_utf8(in, at, e);
	}
	*ret = str_from(bytes_str(in), skip);
	return OK;
}

/* ---- Finding out ---- */

static bool
has_control(struct bytes in, size_t *ret_at)
{
	for (size_t i = 0; i < in.n; i++) {
		uint8_t c = in.p[i];
		if (c == 0x7f || (c < 0x20 && !(c >= '\t' && c <= '\r'))) {
			*ret_at = i;
			return true;
		}
	}
	return false;
}

static bool
starts(struct bytes in, const char *magic, size_t n)
{
	return in.n >= n && memcmp(in.p, magic, n) == 0;
}

static enum status
find_encoding(struct bytes in, int *ret, struct err *e)
{
	size_t multi, stray, at;

	if (starts(in, "PK\3\4", 4))
		return err_set(e, BAD, "this is a ZIP file (XLSX, ODS), not text; "
			"save the sheet as CSV in UTF-8");
	if (starts(in, "\xff\xfe\0\0", 4) || starts(in, "\0\0\xfe\xff", 4))
		return err_set(e, BAD, "this is UTF-32; save it as UTF-8");
	for (int enc = 0; enc < ENCODINGS; enc++) {
		if (has_bom(in, enc)) {
			*ret = enc;
			return OK;
		}
	}
	if (utf8_valid(in) && (in.n == 0 || !memchr(in.p, 0, in.n))) {
		*ret = UTF8;
		return OK;
	}
	for (int enc = UTF16LE; enc <= UTF16BE; enc++) {
		if (looks_utf16(in, enc)) {
			*ret = enc;
			return OK;
		}
	}
	if (has_control(in, &at))
		return err_set(e, BAD, "byte %zu: 0x%02x: this is a binary file, not text; "
			"save it as UTF-8 text", at, in.p[at]);
	/* Names in an 8-bit encoding have few pairs of bytes that are UTF-8 by chance. */
	at = utf8_look(in, &multi, &stray);
	if (multi > stray)
		return not_utf8(in, at, e);
	return encoding_guess(in, ret, e);
}

static enum status
named_encoding(struct bytes in, const char *name, int *ret, struct err *e)
{
	int enc = 0;
	size_t multi, stray;

	while (enc < ENCODINGS && !str_eq_nocase(str_of(name), str_of(encodings[enc].name))
		&& !str_eq_nocase(str_of(name), str_of(encodings[enc].other)))
		enc++;
	if (enc == ENCODINGS)
		return err_set(e, BAD, "encoding \"%s\" is not known; write " KNOWN, name);
	/* What was named may be wrong; a BOM hardly ever is. */
	for (int other = 0; other < ENCODINGS; other++)
		if (other != enc && has_bom(in, other))
			return err_set(e, BAD, "begins with the byte order mark of %s, so is not %s",
				encodings[other].name, encodings[enc].name);
	/* Nor are so many sequences of UTF-8 there by chance. */
	if (enc >= WIN1256 && utf8_look(in, &multi, &stray) == in.n && multi >= UTF8_BY_CHANCE)
		return err_set(e, BAD, "this is UTF-8, so is not %s; name utf-8, or none",
			encodings[enc].name);
	*ret = enc;
	return OK;
}

enum status
text_decode(struct arena *a, struct bytes in, const char *name, struct str *ret,
	const char **ret_name, struct err *e)
{
	enum status s;
	struct str text;
	size_t skip;
	int enc = UTF8;

	s = name ? named_encoding(in, name, &enc, e) : find_encoding(in, &enc, e);
	if (s != OK)
		return s;
	skip = has_bom(in, enc) ? encodings[enc].bom_n : 0;
	switch (enc) {
	case UTF8:
		s = decode_utf8(in, skip, &text, e);
		break;
	case UTF16LE:
	case UTF16BE:
		s = decode_utf16(a, in, skip, enc, &text, e);
		break;
	default:
		s = decode_bytes(a, in, enc, &text, e);
	}
	if (s != OK)
		return s;
	*ret = text.p ? text : S("");
	if (ret_name)
		*ret_name = encodings[enc].name;
	return OK;
}
