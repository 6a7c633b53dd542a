/* For people's eyes: digits, numbers, order, columns on a terminal. */
#include "base/text_int.h"
#include <stdatomic.h>
#include <unicode/uchar.h>
#include <unicode/ucol.h>
#include "base/poison.h"

/* ---- Digits and numbers ---- */

/* How a language writes numbers: CLDR 42, symbols-numberSystem-latn of en and
 * az, -arabext of fa. */
static const struct {
	uint16_t zero;
	const char *group, *minus;
} numbers[LANG_COUNT] = {
	[LANG_EN] = {'0', ",", "-"},
	[LANG_FA] = {0x06f0, "\u066c", "\u200e\u2212"},
	[LANG_AZ] = {'0', ".", "-"},
	[LANG_AZB] = {0x06f0, "\u066c", "\u200e\u2212"},
};

/* 0-9, or -1: the decimal digits people type here (not every script's). */
static int
digit_value(uint32_t cp)
{
	static const uint16_t zeros[] = {'0', 0x0660, 0x06f0, 0xff10};

	for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++)
		if (cp >= zeros[i] && cp < zeros[i] + 10u)
			return (int)(cp - zeros[i]);
	return -1;
}

/* Every decimal digit of s in the digits that begin with `zero`. */
static struct str
with_digits(struct arena *a, struct str s, uint32_t zero)
{
	struct wide w;
	struct str out;
	bool other = false;

	for (size_t at = 0; at < s.n && !other;) {
		uint32_t cp = utf8_next(s, &at);
		int d = digit_value(cp);
		other = d >= 0 && cp != zero + (uint32_t)d;
	}
	if (!other)
		return s;
	wide_init(&w);
	for (size_t at = 0; at < s.n;) {
		uint32_t cp = utf8_next(s, &at);
		int d = digit_value(cp);
		wide_put(&w, d < 0 ? cp : zero + (uint32_t)d);
	}
	out = wide_str(a, &w);
	wide_finish(&w);
	return out;
}

struct str
text_digits(struct arena *a, struct str s)
{
	return with_digits(a, s, '0');
}

struct str
text_localise_digits(struct arena *a, struct str s, enum lang l)
{
	invariant(l < LANG_COUNT);
	return numbers[l].zero == '0' ? s : with_digits(a, s, numbers[l].zero);
}

struct str
text_number(struct arena *a, int64_t v, enum lang l)
{
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	uint8_t digits[20];
	int n = 0;
	struct wide w;
	struct str out;

	invariant(l < LANG_COUNT);
	do {
		digits[n++] = (uint8_t)(u % 10);
	} while ((u /= 10) > 0);
	wide_init(&w);
	if (v < 0)
		wide_put_str(&w, str_of(numbers[l].minus));
	while (n-- > 0) {
		wide_put(&w, (uint32_t)numbers[l].zero + digits[n]);
		if (n > 0 && n % 3 == 0)
			wide_put_str(&w, str_of(numbers[l].group));
	}
	out = wide_str(a, &w);
	wide_finish(&w);
	return out;
}

/* ---- Order ---- */

/* Opening a collator costs far more than using it; a key is made from it
 * without changing it, so threads may share one. */
static const UCollator *
collator(enum lang l)
{
	static _Atomic(UCollator *) open[LANG_COUNT];
	static const char *const locales[LANG_COUNT] = {"en", "fa", "az", "fa"};
	UCollator *c = atomic_load(&open[l]), *none = NULL;
	UErrorCode st = U_ZERO_ERROR;

	if (c)
		return c;
	c = ucol_open(locales[l], &st);
	invariant(U_SUCCESS(st));
	if (!atomic_compare_exchange_strong(&open[l], &none, c)) {
		ucol_close(c);
		c = none;
	}
	return c;
}

struct bytes
text_sort_key(struct arena *a, struct str s, enum lang l)
{
	const UCollator *c;
	struct wide w;
	uint8_t *key;
	int32_t n;

	invariant(l < LANG_COUNT);
	c = collator(l);
	wide_init(&w);
	wide_put_str(&w, s);
	n = ucol_getSortKey(c, w.p, w.n, NULL, 0);
	invariant(n > 0);
	key = arena_alloc(a, (size_t)n, 1);
	ucol_getSortKey(c, w.p, w.n, key, n);
	wide_finish(&w);
	return (struct bytes){key, (size_t)n - 1};        /* without ICU's NUL */
}

/* ---- Columns on a terminal ---- */

/* What a character becomes in a table: white space a space, other control
 * characters U+FFFD, bidi controls nothing (0). */
static uint32_t
shown_as(uint32_t cp)
{
	if (cp == '\n' || cp == '\t' || cp == '\r')
		return ' ';
	if (u_charType((UChar32)cp) == U_CONTROL_CHAR)
		return 0xfffd;
	if (u_hasBinaryProperty((UChar32)cp, UCHAR_BIDI_CONTROL))
		return 0;
	return cp;
}

/* UAX 11 for the wide ones; marks and invisible characters take no room, nor do
 * the vowels and finals of a Hangul syllable written in parts. */
static size_t
columns_of(uint32_t cp)
{
	UChar32 c = (UChar32)cp;

	if (cp >= 0x20 && cp < 0x7f)
		return 1;
	if (cp == 0 || (U_MASK(u_charType(c)) & (U_GC_MN_MASK | U_GC_ME_MASK)) ||
	    (cp >= 0x1160 && cp <= 0x11ff) ||
	    u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
		return 0;
	switch (u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH)) {
	case U_EA_WIDE:
	case U_EA_FULLWIDTH:
		return 2;
	default:
		return 1;
	}
}

size_t
text_width(struct str s)
{
	size_t width = 0;

	for (size_t at = 0; at < s.n;)
		width += columns_of(shown_as(utf8_next(s, &at)));
	return width;
}

struct str
text_fit(struct arena *a, struct str s, size_t columns)
{
	size_t width = text_width(s), most = width > columns ? columns - (columns > 0) : width;
	size_t used = 0;
	struct wide w;
	struct str out;

	wide_init(&w);
	for (size_t at = 0; at < s.n;) {
		uint32_t cp = shown_as(utf8_next(s, &at));
		if (used + columns_of(cp) > most)
			break;                    /* marks of the last character are in */
		used += columns_of(cp);
		if (cp)
			wide_put(&w, cp);
	}
	if (width > columns && columns > 0) {
		wide_put(&w, 0x2026);
		used++;
	}
	for (; used < columns; used++)
		wide_put(&w, ' ');
	out = wide_str(a, &w);
	wide_finish(&w);
	return out;
}
