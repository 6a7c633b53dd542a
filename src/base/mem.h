/*
 * Memory by lifetime.
 *
 * An arena belongs to a request, a command or an import: everything made for it
 * lies there and goes with it.  A buf is one growing piece of bytes with a cap
 * that must be named.  Nothing else in the program calls malloc.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include "base/err.h"

struct arena;

/* cap_bytes: exceeding it ends the process, so bound the input first. */
struct arena *arena_create(size_t cap_bytes);
void arena_destroy(struct arena *a);             /* NULL is fine */
void arena_reset(struct arena *a);               /* forget everything, keep one chunk */
size_t arena_used(const struct arena *a);

/* Zeroed, aligned for any type; n * size is checked for overflow. */
void *arena_alloc(struct arena *a, size_t n, size_t size)
	__attribute__((malloc, returns_nonnull));
void *arena_copy(struct arena *a, const void *p, size_t n) __attribute__((returns_nonnull));
#define NEW(a, T) ((T *)arena_alloc((a), 1, sizeof(T)))
#define NEWS(a, T, n) ((T *)arena_alloc((a), (n), sizeof(T)))

/* For the few objects that outlive a request (handles) and for big tables that
 * grow: zeroed, never NULL, ends the process when there is no memory. */
void *mem_alloc(size_t n, size_t size) __attribute__((malloc, returns_nonnull));
void *mem_grow(void *p, size_t n, size_t size) __attribute__((returns_nonnull));
void mem_free(void *p);
/* The same for a table that is read here and there: from the start of a line of cache, and
 * where it is big in big pages if the system has them. */
void *mem_table(size_t n, size_t size) __attribute__((malloc, returns_nonnull));

/* A growable array in an arena: struct { T *v; size_t n, cap; } */
#define VEC(T) struct { T *v; size_t n, cap; }
#define VEC_PUSH(a, vec) \
	(*((vec)->n == (vec)->cap ? (void)((vec)->v = arena_vec_grow((a), (vec)->v, \
	&(vec)->cap, sizeof *(vec)->v)) : (void)0, &(vec)->v[(vec)->n++]))
void *arena_vec_grow(struct arena *a, void *v, size_t *cap, size_t size);

/* Growing bytes on the heap.  Past `max` nothing more is taken and `over`
 * sticks: look once, at the end. */
struct buf {
	uint8_t *p;
	size_t n, cap, max;
	bool over;
};
void buf_init(struct buf *b, size_t max);
void buf_finish(struct buf *b);                  /* wiped, freed; zeroed is fine */
void buf_clear(struct buf *b);                   /* n = 0, memory kept */
void buf_put(struct buf *b, const void *p, size_t n);
void buf_byte(struct buf *b, uint8_t c);
void buf_cstr(struct buf *b, const char *s);
void buf_fmt(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
uint8_t *buf_room(struct buf *b, size_t n);      /* n bytes appended, or NULL when over */

/* Overwrite so that no compiler drops it. */
void mem_wipe(void *p, size_t n);

#endif
