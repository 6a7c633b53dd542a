/* What habeas-sheet says is checked like any foreign input.  Here its place is taken
 * by a program that gives back what it is given, so that the answer is ours. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/base.h"

static char dir[] = "/tmp/test-table-XXXXXX";
static struct arena *a;
static struct err e;
static struct table t;
static struct sheet_info info;

static enum status
answer(struct bytes said)
{
	t = (struct table){0};
	return sheet_parse(a, said, "f", NULL, NULL, &t, &info, &e);
}

/* {0: ["L"], 1: 0, 2: [[2, ["a", "b"]], [7, ["c"]]], 3: [[7, 1, "n"]], 4: "ods"} */
static const uint8_t good_bytes[] = "\xa5\x00\x81\x61L\x01\x00\x02\x82\x82\x02\x82\x61"
	"a\x61" "b\x82\x07\x81\x61" "c\x03\x81\x83\x07\x01\x61n\x04\x63ods";
static const struct bytes good = {good_bytes, sizeof good_bytes - 1};

static void
a_good_answer_is_a_table(void **state)
{
	assert_int_equal(answer(good), OK);
	assert_int_equal(t.n, 2);
	assert_int_equal(t.rows[1].line, 7);
	assert_int_equal(t.rows[1].n, 2);
	assert_true(str_is(t.rows[1].cells[0], "c") && str_is(t.rows[1].cells[1], ""));
	assert_int_equal(info.n_notes, 1);
	assert_true(str_is(info.notes[0].text, "n"));
	assert_string_equal(t.encoding, "ods");
	(void)state;
}

static void
any_other_answer_is_refused_or_another_table(void **state)
{
	for (size_t n = 0; n < good.n; n++)
		assert_int_equal(answer((struct bytes){good.p, n}), FAIL);
	for (size_t i = 0; i < good.n; i++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			uint8_t *changed = arena_copy(a, good.p, good.n);
			changed[i] ^= (uint8_t)(1u << bit);
			if (answer((struct bytes){changed, good.n}) == OK) {
				assert_true(t.n > 0 && t.rows[0].n > 0 && info.read < info.n_names);
				for (size_t k = 0; k < t.n; k++)
					assert_int_equal(t.rows[k].n, t.rows[0].n);
			} else {
				assert_null(t.rows);                 /* untouched */
			}
		}
	}
	(void)state;
}

static void
rows_must_ascend_and_the_sheet_read_must_be_there(void **state)
{
	static const uint8_t descending[] = "\xa5\x00\x81\x61L\x01\x00\x02\x82\x82\x02\x81\x61"
		"a\x82\x02\x81\x61" "c\x03\x80\x04\x64xlsx";
	static const uint8_t elsewhere[] = "\xa5\x00\x81\x61L\x01\x01\x02\x81\x82\x02\x81\x61"
		"a\x03\x80\x04\x64xlsx";
	static const uint8_t nothing[] = "\xa5\x00\x81\x61L\x01\x00\x02\x80\x03\x80\x04\x63ods";

	assert_int_equal(answer((struct bytes){descending, sizeof descending - 1}), FAIL);
	assert_non_null(strstr(e.text, "f: habeas-sheet gave an answer that is none"));
	assert_int_equal(answer((struct bytes){elsewhere, sizeof elsewhere - 1}), FAIL);
	assert_int_equal(answer((struct bytes){nothing, sizeof nothing - 1}), BAD);
	(void)state;
}

static int
start(void **state)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	if (n < 0 || !mkdtemp(dir))
		return -1;
	self[n] = '\0';
	a = arena_create(256 << 20);
	*strrchr(self, '/') = '\0';
	os_helpers_at(dir);
	(void)state;
	return symlink(str_fmt(a, "%s/test_base_child", self).p,
		str_fmt(a, "%s/habeas-sheet", dir).p);
}

static int
end(void **state)
{
	(void)state;
	int gone = unlink(str_fmt(a, "%s/habeas-sheet", dir).p) || rmdir(dir);

	arena_destroy(a);
	return gone;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_answer_is_a_table),
		cmocka_unit_test(any_other_answer_is_refused_or_another_table),
		cmocka_unit_test(rows_must_ascend_and_the_sheet_read_must_be_there),
	};

	return cmocka_run_group_tests(tests, start, end);
}
