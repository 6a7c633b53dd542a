/* Strings, hex, base64 (RFC 4648 section 10), UTF-8 (Unicode table 3-7), CBOR heads. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/cbor.h"

static void
base64_follows_the_rfc_vectors(void **state)
{
	static const char *const v[][2] = {
		{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"},
		{"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"},
	};
	struct arena *a = arena_create(1 << 20);
	struct bytes back;

	for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
		assert_true(str_is(base64_encode(a, str_bytes(str_of(v[i][0]))), v[i][1]));
		assert_true(base64_decode(a, str_of(v[i][1]), &back));
		assert_true(str_is(bytes_str(back), v[i][0]));
	}
	assert_false(base64_decode(a, S("Zh=="), &back));   /* left-over bits */
	assert_false(base64_decode(a, S("Zg="), &back));
	assert_false(base64_decode(a, S("Z==="), &back));
	assert_false(base64_decode(a, S("Zg==Zg=="), &back));
	arena_destroy(a);
	(void)state;
}

static void
utf8_refuses_what_is_not(void **state)
{
	static const char *const wrong[] = {
		"\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\x80", "\xe2\x82", "\xff",
	};

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_false(utf8_valid(str_bytes(str_of(wrong[i]))));
	assert_true(utf8_valid(str_bytes(S("Qaradağlı قره‌داغلی Айнур \xf0\x9f\x99\x82"))));
	(void)state;
}

static void
utf8_goes_there_and_back(void **state)
{
	struct buf b;

	buf_init(&b, 64);
	for (uint32_t cp = 1; cp <= 0x10ffff; cp += cp < 0x3000 ? 1 : 997) {
		size_t at = 0;
		if (cp >= 0xd800 && cp <= 0xdfff)
			continue;
		buf_clear(&b);
		utf8_put(&b, cp);
		assert_true(utf8_valid(buf_bytes(&b)));
		assert_int_equal(utf8_next(buf_str(&b), &at), cp);
		assert_int_equal(at, b.n);
	}
	buf_finish(&b);
	(void)state;
}

static void
cut_gives_every_part_once(void **state)
{
	struct str rest = S("a,,b,");

	assert_true(str_is(str_cut(&rest, ','), "a"));
	assert_true(str_is(str_cut(&rest, ','), ""));
	assert_true(str_is(str_cut(&rest, ','), "b"));
	assert_non_null(rest.p);
	assert_true(str_is(str_cut(&rest, ','), ""));
	assert_null(rest.p);
	(void)state;
}

static void
a_full_buffer_takes_nothing_more(void **state)
{
	struct buf b;

	buf_init(&b, 4);
	buf_put(&b, "abc", 3);
	buf_put(&b, "de", 2);
	buf_put(&b, "f", 1);
	assert_true(b.over);
	assert_int_equal(b.n, 3);
	buf_finish(&b);
	(void)state;
}

static void
numbers_are_whole_strings_in_range(void **state)
{
	uint64_t u;
	int64_t i;

	assert_true(str_u64(S("18446744073709551615"), &u) && u == UINT64_MAX);
	assert_false(str_u64(S("18446744073709551616"), &u));
	assert_false(str_u64(S(""), &u) || str_u64(S("1 "), &u) || str_u64(S("-1"), &u));
	assert_true(str_i64(S("-42"), &i) && i == -42);
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base64_follows_the_rfc_vectors),
		cmocka_unit_test(utf8_refuses_what_is_not),
		cmocka_unit_test(utf8_goes_there_and_back),
		cmocka_unit_test(cut_gives_every_part_once),
		cmocka_unit_test(a_full_buffer_takes_nothing_more),
		cmocka_unit_test(numbers_are_whole_strings_in_range),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
