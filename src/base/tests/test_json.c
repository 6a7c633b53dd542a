/* JSON: escapes of RFC 8259 section 7; numbers that read back. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <cmocka.h>
#include "base/json.h"

static struct buf b;

static int
buf_up(void **state)
{
	(void)state;
	buf_init(&b, 1 << 16);
	return 0;
}

static int
buf_down(void **state)
{
	(void)state;
	buf_finish(&b);
	return 0;
}

static void
expect(const char *want)
{
	if (!str_is(buf_str(&b), want))
		fail_msg("got " STR_FMT ", want %s", STR_ARG(buf_str(&b)), want);
	buf_clear(&b);
}

static void
commas_and_colons_stand_where_they_must(void **state)
{
	struct json j = json_to(&b);

	json_object(&j);
	json_key(&j, "a");
	json_array(&j);
	json_int(&j, 1);
	json_array(&j);
	json_array_end(&j);
	json_object(&j);
	json_object_end(&j);
	json_bool(&j, true);
	json_array_end(&j);
	json_key(&j, "b");
	json_null(&j);
	json_key(&j, "c\"");
	json_text(&j, STR_NONE);
	json_key(&j, "d");
	json_bool(&j, false);
	json_object_end(&j);
	expect("{\"a\":[1,[],{},true],\"b\":null,\"c\\\"\":null,\"d\":false}");
	(void)state;
}

static void
text_is_escaped(void **state)
{
	struct json j = json_to(&b);

	json_array(&j);
	json_text(&j, S("\"\\\b\f\n\r\t\0\x1f\x7f/"));
	json_text(&j, S("a\u2028b\u2029c\u2027 Əli علی \U0001f642"));
	json_text(&j, S("</script><!--"));
	json_text(&j, S(""));
	json_array_end(&j);
	expect("[\"\\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001f\\u007f/\","
		"\"a\\u2028b\\u2029c\u2027 Əli علی \U0001f642\","
		"\"\\u003c/script>\\u003c!--\",\"\"]");
	(void)state;
}

static void
one_real(double v, const char *want)
{
	struct json j = json_to(&b);

	json_real(&j, v);
	expect(want);
}

static void
reals_are_short_and_read_back(void **state)
{
	struct json j = json_to(&b);
	uint64_t bits = 0x123456789abcdef1;

	one_real(0.1, "0.1");
	one_real(-33.4, "-33.4");
	one_real(1e21, "1e+21");
	one_real(0.1 + 0.2, "0.30000000000000004");
	one_real(5e-324, "4.94065645841247e-324");
	one_real(3, "3");
	one_real((double)NAN, "null");
	one_real((double)INFINITY, "null");
	for (int i = 0; i < 2000; i++) {
		double v;
		bits = bits * 6364136223846793005u + 1442695040888963407u;
		memcpy(&v, &bits, sizeof v);
		if (!isfinite(v))
			continue;
		json_real(&j, v);
		buf_byte(&b, 0);
		assert_true(strtod((const char *)b.p, NULL) == v);
		buf_clear(&b);
	}
	(void)state;
}

static void
integers_are_whole(void **state)
{
	struct json j = json_to(&b);

	json_int(&j, INT64_MIN);
	expect("-9223372036854775808");
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commas_and_colons_stand_where_they_must),
		cmocka_unit_test(text_is_escaped),
		cmocka_unit_test(reals_are_short_and_read_back),
		cmocka_unit_test(integers_are_whole),
	};
	return cmocka_run_group_tests(tests, buf_up, buf_down);
}
