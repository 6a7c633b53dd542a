/* What seal's tests share: cmocka, and bytes written as hex. */
#ifndef SEAL_TESTS_CHECK_H
#define SEAL_TESTS_CHECK_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "seal/seal.h"

static struct arena *a;
static struct err e;

static inline int
start(void **state)
{
	(void)state;
	a = arena_create(64 << 20);
	return seal_init(&e) == OK ? 0 : -1;
}

static inline int
end(void **state)
{
	(void)state;
	arena_destroy(a);
	return 0;
}

static inline struct bytes
unhex(const char *hex)
{
	size_t n = strlen(hex) / 2;
	uint8_t *p = arena_alloc(a, n, 1);

	assert_true(hex_decode(str_of(hex), p, n));
	return (struct bytes){p, n};
}

static inline void
assert_hex(const uint8_t *p, size_t n, const char *hex)
{
	assert_string_equal(hex_encode(a, (struct bytes){p, n}).p, hex);
}

#endif
