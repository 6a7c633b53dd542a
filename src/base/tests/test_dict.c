/* A dictionary gives every text one number, however many there are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "base/base.h"

static void
every_text_has_its_own_number(void **state)
{
	enum { N = 20000 };
	struct arena *a = arena_create(16 << 20);
	struct dict d;
	bool fresh;
	char word[32];

	(void)state;
	dict_init(&d, a);
	for (uint32_t round = 0; round < 2; round++)
		for (uint32_t i = 0; i < N; i++) {
			int n = snprintf(word, sizeof word, "%x", i * 2654435761u);
			uint32_t *v = dict_find(&d, (struct str){word, (size_t)n}, &fresh);
			assert_int_equal(fresh, round == 0);
			if (fresh)
				*v = i + 1;
			assert_int_equal(*v, i + 1);
		}
	assert_int_equal(d.n, N);
	dict_finish(&d);
	arena_destroy(a);
}

static void
the_empty_text_is_a_text_and_nul_bytes_count(void **state)
{
	struct arena *a = arena_create(1 << 20);
	struct dict d;
	bool fresh;

	(void)state;
	dict_init(&d, a);
	*dict_find(&d, S(""), &fresh) = 7;
	assert_true(fresh);
	*dict_find(&d, (struct str){"a\0b", 3}, &fresh) = 8;
	assert_true(fresh);
	*dict_find(&d, (struct str){"a\0c", 3}, &fresh) = 9;
	assert_true(fresh);
	assert_int_equal(*dict_find(&d, STR_NONE, &fresh), 7);
	assert_false(fresh);
	assert_int_equal(*dict_find(&d, (struct str){"a\0b", 3}, &fresh), 8);
	dict_finish(&d);
	arena_destroy(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_text_has_its_own_number),
		cmocka_unit_test(the_empty_text_is_a_text_and_nul_bytes_count),
	};

	return cmocka_run_group_tests_name("dict", tests, NULL, NULL);
}
