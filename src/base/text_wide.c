/* UTF-8 to UTF-16 and back, for ICU. */
#include "base/text_int.h"
#include "base/poison.h"

/* ICU counts in int32_t; nothing of ours comes near (files end at 256 MiB). */
enum { WIDE_MOST = INT32_MAX / 4 };

void
wide_init(struct wide *w)
{
	w->p = w->room;
	w->n = 0;
	w->cap = (int32_t)(sizeof w->room / sizeof *w->room);
}

void
wide_finish(struct wide *w)
{
	mem_wipe(w->p, (size_t)w->n * sizeof *w->p);
	if (w->p != w->room)
		mem_free(w->p);
	w->p = w->room;
	w->n = 0;
}

static void
make_room(struct wide *w, int32_t more)
{
	int32_t cap = w->cap * 2;
	UChar *p;

	if (w->cap - w->n >= more)
		return;
	invariant(more < WIDE_MOST && w->n < WIDE_MOST - more);
	if (cap < w->n + more)
		cap = w->n + more;
	p = mem_alloc((size_t)cap, sizeof *p);
	memcpy(p, w->p, (size_t)w->n * sizeof *p);
	mem_wipe(w->p, (size_t)w->n * sizeof *p);
	if (w->p != w->room)
		mem_free(w->p);
	w->p = p;
	w->cap = cap;
}

void
wide_put(struct wide *w, uint32_t cp)
{
	make_room(w, 2);
	if (cp < 0x10000) {
		w->p[w->n++] = (UChar)cp;
	} else {
		w->p[w->n++] = (UChar)(0xd7c0 + (cp >> 10));
		w->p[w->n++] = (UChar)(0xdc00 | (cp & 0x3ff));
	}
}

void
wide_put_str(struct wide *w, struct str s)
{
	for (size_t at = 0; at < s.n;)
		wide_put(w, utf8_next(s, &at));
}

uint32_t
wide_next(const struct wide *w, int32_t *at)
{
	uint32_t c = w->p[(*at)++];

	/* Only whole pairs get in, and ICU keeps them whole. */
	if ((c & 0xfc00) == 0xd800) {
		invariant(*at < w->n);
		c = 0x10000 + ((c & 0x3ff) << 10) + (w->p[(*at)++] & 0x3ffu);
	}
	return c;
}

struct str
wide_str(struct arena *a, const struct wide *w)
{
	size_t n = 0;
	struct buf b;
	struct str s;

	for (int32_t at = 0; at < w->n;) {
		uint32_t cp = wide_next(w, &at);
		n += cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
	}
	/* A buf over the arena's own room: it never grows, so it never frees. */
	b = (struct buf){.p = arena_alloc(a, n ? n : 1, 1), .cap = n, .max = n};
	for (int32_t at = 0; at < w->n;)
		utf8_put(&b, wide_next(w, &at));
	s = buf_str(&b);
	invariant(s.n == n);
	return s;
}

void
wide_normalise(struct wide *w, const UNormalizer2 *form)
{
	UErrorCode st = U_ZERO_ERROR;
	struct wide out;
	int32_t n;

	if (unorm2_quickCheck(form, w->p, w->n, &st) == UNORM_YES && U_SUCCESS(st))
		return;
	st = U_ZERO_ERROR;
	wide_init(&out);
	make_room(&out, w->n + 16);
	n = unorm2_normalize(form, w->p, w->n, out.p, out.cap, &st);
	if (st == U_BUFFER_OVERFLOW_ERROR) {
		make_room(&out, n);
		st = U_ZERO_ERROR;
		n = unorm2_normalize(form, w->p, w->n, out.p, out.cap, &st);
	}
	invariant(U_SUCCESS(st));
	out.n = n;
	w->n = 0;
	make_room(w, n);
	memcpy(w->p, out.p, (size_t)n * sizeof *w->p);
	w->n = n;
	wide_finish(&out);
}
