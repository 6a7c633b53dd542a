/* Arenas and growing buffers: the only callers of malloc. */
#define BASE_MAY_MALLOC
#include "base/mem.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { CHUNK_FIRST = 64 * 1024, CHUNK_MOST = 4 * 1024 * 1024, ALIGN = 16 };

struct chunk {
	struct chunk *next;
	size_t size, used;
	_Alignas(ALIGN) uint8_t data[];
};

struct arena {
	struct chunk *top;
	size_t cap, held, step;
};

void *
mem_alloc(size_t n, size_t size)
{
	invariant(size == 0 || n <= SIZE_MAX / 2 / size);
	void *p = calloc(n ? n : 1, size ? size : 1);
	invariant(p != NULL);
	return p;
}

void *
mem_grow(void *p, size_t n, size_t size)
{
	invariant(size == 0 || n <= SIZE_MAX / 2 / size);
	size_t want = n * size;
	void *q = realloc(p, want > 0 ? want : 1);
	invariant(q != NULL);
	return q;
}

void
mem_free(void *p)
{
	free(p);
}

void *
mem_table(size_t n, size_t size)
{
	const size_t big = (size_t)2 << 20, line = 64;
	size_t align, want;
	void *p;

	invariant(size == 0 || n <= SIZE_MAX / 4 / size);
	align = n * size >= big ? big : line;
	want = (n * size + align) / align * align;
	p = aligned_alloc(align, want);
	invariant(p != NULL);
	/* Where the system has none, pages stay small. */
	if (align == big)
		(void)!madvise(p, want, MADV_HUGEPAGE);
	return memset(p, 0, n * size);
}

void
mem_wipe(void *p, size_t n)
{
	if (n) {
		memset(p, 0, n);
		__asm__ __volatile__("" : : "r"(p) : "memory");
	}
}

static struct chunk *
chunk_create(struct arena *a, size_t size)
{
	struct chunk *c;

	invariant(size <= a->cap && a->held <= a->cap - size);
	c = mem_alloc(1, sizeof *c + size);
	c->size = size;
	c->next = a->top;
	a->top = c;
	a->held += size;
	return c;
}

struct arena *
arena_create(size_t cap_bytes)
{
	struct arena *a = mem_alloc(1, sizeof *a);

	a->cap = cap_bytes;
	a->step = CHUNK_FIRST;
	return a;
}

void
arena_destroy(struct arena *a)
{
	if (!a)
		return;
	while (a->top) {
		struct chunk *c = a->top;
		a->top = c->next;
		/* Names and claims lie here: leave none behind in freed memory. */
		mem_wipe(c->data, c->used);
		free(c);
	}
	free(a);
}

void
arena_reset(struct arena *a)
{
	while (a->top && a->top->next) {
		struct chunk *c = a->top;
		a->top = c->next;
		a->held -= c->size;
		mem_wipe(c->data, c->used);
		free(c);
	}
	if (a->top) {
		mem_wipe(a->top->data, a->top->used);
		a->top->used = 0;
	}
}

size_t
arena_used(const struct arena *a)
{
	size_t n = 0;

	for (const struct chunk *c = a->top; c; c = c->next)
		n += c->used;
	return n;
}

void *
arena_alloc(struct arena *a, size_t n, size_t size)
{
	size_t want;
	struct chunk *c = a->top;

	invariant(size == 0 || n <= SIZE_MAX / 2 / size);
	want = (n * size + ALIGN - 1) / ALIGN * ALIGN;
	if (want == 0)
		want = ALIGN;
	if (!c || c->size - c->used < want) {
		size_t room = a->step;
		if (a->step < CHUNK_MOST)
			a->step *= 2;
		if (room > a->cap - a->held)
			room = a->cap - a->held;
		c = chunk_create(a, want > room ? want : room);
	}
	void *p = c->data + c->used;
	c->used += want;
	return p;                       /* chunks come zeroed and are wiped on reset */
}

void *
arena_copy(struct arena *a, const void *p, size_t n)
{
	void *q = arena_alloc(a, n ? n : 1, 1);

	if (n)
		memcpy(q, p, n);
	return q;
}

void *
arena_vec_grow(struct arena *a, void *v, size_t *cap, size_t size)
{
	size_t more = *cap ? *cap * 2 : 8;
	void *w = arena_alloc(a, more, size);

	if (*cap)
		memcpy(w, v, *cap * size);
	*cap = more;
	return w;
}

void
buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){.max = max};
}

void
buf_finish(struct buf *b)
{
	if (b->p) {
		mem_wipe(b->p, b->cap);
		free(b->p);
	}
	*b = (struct buf){.max = b->max};
}

void
buf_clear(struct buf *b)
{
	b->n = 0;
	b->over = false;
}

uint8_t *
buf_room(struct buf *b, size_t n)
{
	if (b->over || n > b->max || b->n > b->max - n) {
		b->over = true;
		return NULL;
	}
	if (b->n + n > b->cap) {
		size_t cap = b->cap ? b->cap * 2 : 256;
		if (cap < b->n + n)
			cap = b->n + n;
		uint8_t *p = mem_alloc(cap, 1);
		if (b->n)
			memcpy(p, b->p, b->n);
		if (b->p) {
			mem_wipe(b->p, b->cap);
			free(b->p);
		}
		b->p = p;
		b->cap = cap;
	}
	uint8_t *at = b->p + b->n;
	b->n += n;
	return at;
}

void
buf_put(struct buf *b, const void *p, size_t n)
{
	uint8_t *at = buf_room(b, n);

	if (at && n)
		memcpy(at, p, n);
}

void
buf_byte(struct buf *b, uint8_t c)
{
	buf_put(b, &c, 1);
}

void
buf_cstr(struct buf *b, const char *s)
{
	buf_put(b, s, strlen(s));
}

void
buf_fmt(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	invariant(n >= 0);
	/* vsnprintf wants room for its NUL, which is then given back. */
	uint8_t *at = buf_room(b, (size_t)n + 1);
	if (at) {
		vsnprintf((char *)at, (size_t)n + 1, fmt, again);
		b->n--;
	}
	va_end(again);
}
