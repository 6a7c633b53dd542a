/*
 * Strings are a pointer and a length, UTF-8 validated at the door; bytes are
 * the same without the promise.  They do not own what they point to.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <string.h>
#include "base/mem.h"

struct str {
	const char *p;
	size_t n;
};
struct bytes {
	const uint8_t *p;
	size_t n;
};

#define S(lit) ((struct str){"" lit, sizeof(lit) - 1})
#define STR_NONE ((struct str){NULL, 0})
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""
#define BYTES(arr) ((struct bytes){(arr), sizeof(arr)})

struct str str_of(const char *cstr);                 /* NULL gives STR_NONE */
struct str buf_str(const struct buf *b);
struct bytes buf_bytes(const struct buf *b);
struct bytes str_bytes(struct str s);
struct str bytes_str(struct bytes b);                /* caller knows it is UTF-8 */

bool str_eq(struct str a, struct str b);
bool str_is(struct str a, const char *b);
bool str_eq_nocase(struct str a, struct str b);      /* ASCII letters only */
int str_cmp(struct str a, struct str b);             /* by bytes */
bool str_starts(struct str s, const char *prefix);
bool str_ends(struct str s, const char *suffix);
bool str_has(struct str s, const char *part);
size_t str_find(struct str s, char c);               /* s.n when absent */
struct str str_trim(struct str s);                   /* ASCII white space */
struct str str_from(struct str s, size_t at);        /* from byte `at` on */
struct str str_upto(struct str s, size_t n);

/* Cut at the first `c`: the part before is returned, *rest is what follows, or
 * STR_NONE (p == NULL) after the last part. */
struct str str_cut(struct str *rest, char c);

struct str str_dup(struct arena *a, struct str s);
char *str_cstr(struct arena *a, struct str s);       /* NUL-terminated copy */
struct str str_fmt(struct arena *a, const char *fmt, ...) PRINTF(2, 3);
bool bytes_eq(struct bytes a, struct bytes b);

/* Whole string as a number; false if it is anything else or out of range.
 * ASCII digits only (text_digits() folds the others first). */
bool str_u64(struct str s, uint64_t *ret);
bool str_i64(struct str s, int64_t *ret);

struct str hex_encode(struct arena *a, struct bytes b);
bool hex_decode(struct str s, uint8_t *ret, size_t n);    /* exactly n bytes */

/* RFC 4648 base64 with padding; strict: canonical form only. */
struct str base64_encode(struct arena *a, struct bytes b);
bool base64_decode(struct arena *a, struct str s, struct bytes *ret);

bool utf8_valid(struct bytes b);
/* The code point at s[*at], advancing; s must be valid and *at < s.n. */
uint32_t utf8_next(struct str s, size_t *at);
void utf8_put(struct buf *b, uint32_t cp);

uint64_t hash64(struct bytes b, uint64_t seed);      /* for tables; not for secrets */

#endif
