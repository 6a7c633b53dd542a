/* Errors: one line, whole characters, translated. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <errno.h>
#include <cmocka.h>
#include "base/str.h"

static void
a_fault_keeps_its_format_and_status(void **state)
{
	static const char fmt[] = "%s: row %d: no such day; write 1399/12/29";
	struct err e = {0};

	assert_int_equal(err_set(&e, BAD, fmt, "list.csv", 7), BAD);
	assert_int_equal(e.status, BAD);
	assert_ptr_equal(e.id, fmt);
	assert_string_equal(e.text, "list.csv: row 7: no such day; write 1399/12/29");
	assert_int_equal(err_prefix(&e, "import %d", 3), BAD);
	assert_string_equal(e.text, "import 3: list.csv: row 7: no such day; write 1399/12/29");
	assert_ptr_equal(e.id, fmt);
	assert_int_equal(err_set(NULL, NO, "x"), NO);
	(void)state;
}

static void
errno_is_told_with_the_path(void **state)
{
	struct err e = {0};

	errno = ENOSPC;
	assert_int_equal(err_errno(&e, "write", "log/checkpoint"), FAIL);
	assert_string_equal(e.text, "log/checkpoint: cannot write: No space left on device");
	(void)state;
}

static void
nothing_moves_the_cursor(void **state)
{
	struct err e = {0};

	err_set(&e, BAD, "%s", "a\nb\x1b[2Jc\x7f" "d\xc2\x9b" "e\u202e" "f\u2028g\xff" "h\xd8");
	assert_string_equal(e.text, "a\ufffd" "b\ufffd[2Jc\ufffd" "d\ufffd" "e\ufffd" "f\ufffdg"
		"\ufffdh\ufffd");
	err_set(&e, BAD, "%s", "علی \u2068Əli\u2069 Айнур");
	assert_string_equal(e.text, "علی \u2068Əli\u2069 Айнур");
	(void)state;
}

/* Every length around the size of the line, so that the cut falls at each byte
 * of a character once. */
static void
a_long_line_ends_with_a_whole_character(void **state)
{
	static const char *const pieces[] = {"ی", "水", "\U0001f642", "\n"};
	char text[1200];

	for (size_t k = 0; k < sizeof pieces / sizeof *pieces; k++) {
		for (size_t pad = 0; pad < 8; pad++) {
			struct err e = {0};
			size_t n = pad, len = strlen(pieces[k]);
			memset(text, 'x', pad);
			for (; n + len < sizeof text; n += len)
				memcpy(text + n, pieces[k], len);
			text[n] = '\0';
			err_set(&e, BAD, "%s", text);
			assert_true(utf8_valid(str_bytes(str_of(e.text))));
			assert_in_range(strlen(e.text), sizeof e.text - 8, sizeof e.text - 1);
			err_prefix(&e, "%s", text);
			assert_true(utf8_valid(str_bytes(str_of(e.text))));
			assert_in_range(strlen(e.text), sizeof e.text - 8, sizeof e.text - 1);
		}
	}
	(void)state;
}

static const char *
in_azerbaijani(const char *id)
{
	return strcmp(id, "%s: row %d: no name") == 0 ? "%s: %d-ci sətir: ad yoxdur" : NULL;
}

static void
a_translation_is_found_by_the_format(void **state)
{
	struct err e = {0};

	err_translate = in_azerbaijani;
	err_set(&e, BAD, "%s: row %d: no name", "siyahı.csv", 7);
	assert_string_equal(e.text, "siyahı.csv: 7-ci sətir: ad yoxdur");
	assert_string_equal(e.id, "%s: row %d: no name");
	err_set(&e, BAD, "%s: no row", "siyahı.csv");
	assert_string_equal(e.text, "siyahı.csv: no row");
	err_translate = NULL;
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fault_keeps_its_format_and_status),
		cmocka_unit_test(errno_is_told_with_the_path),
		cmocka_unit_test(nothing_moves_the_cursor),
		cmocka_unit_test(a_long_line_ends_with_a_whole_character),
		cmocka_unit_test(a_translation_is_found_by_the_format),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
