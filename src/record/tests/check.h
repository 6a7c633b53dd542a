/* What the tests of record share. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include "record/record.h"
#include "record/record_int.h"

static struct arena *a;
static struct err e;

static inline int
check_setup(void **state)
{
	(void)state;
	a = arena_create(512 << 20);
	if (seal_init(&e) == OK && kinds_load((struct str){record_kinds_text,
		record_kinds_text_bytes}, &e) == OK)
		return 0;
	print_error("%s\n", e.text);
	return -1;
}

static inline int
check_teardown(void **state)
{
	(void)state;
	arena_destroy(a);
	return 0;
}

static inline struct bytes
unhex(const char *s)
{
	size_t n = strlen(s) / 2;
	uint8_t *p = arena_alloc(a, n, 1);

	assert_true(hex_decode(str_of(s), p, n));
	return (struct bytes){p, n};
}

#define assert_hex(p, n, hex) assert_string_equal( \
	str_cstr(a, hex_encode(a, (struct bytes){(p), (n)})), (hex))
#define assert_str(s, lit) assert_string_equal(str_cstr(a, (s)), (lit))
#define assert_ok(call) do { enum status s_ = (call); \
	if (s_ != OK) fail_msg("%s: %d: %s", #call, s_, e.text); } while (0)
