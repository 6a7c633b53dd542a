/* Capture histories: sorted, merged, checked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "reckon/reckon.h"

static void
equal_cells_come_together_in_order(void **state)
{
	static const struct reckon_cell in[] = {{3, 2}, {1, 5}, {3, 4}, {2, 0}};
	struct arena *a = arena_create(1 << 20);
	struct reckon_counts c;

	(void)state;
	assert_int_equal(reckon_counts_of(a, 2, NULL, in, 4, &c, NULL), OK);
	assert_int_equal(c.n, 11);
	assert_int_equal(c.n_cells, 2);
	assert_int_equal(c.cells[0].on, 1);
	assert_int_equal(c.cells[0].count, 5);
	assert_int_equal(c.cells[1].on, 3);
	assert_int_equal(c.cells[1].count, 6);
	arena_destroy(a);
}

static void
people_on_no_list_and_unknown_lists_are_refused(void **state)
{
	static const struct reckon_cell none = {0, 1}, beyond = {4, 1};
	static const struct reckon_cell huge[] = {{1, (uint64_t)1 << 53}, {2, 1}};
	struct arena *a = arena_create(1 << 20);
	struct reckon_counts c = {.n = 77};

	(void)state;
	assert_int_equal(reckon_counts_of(a, 2, NULL, &none, 1, &c, NULL), BAD);
	assert_int_equal(reckon_counts_of(a, 2, NULL, &beyond, 1, &c, NULL), BAD);
	assert_int_equal(reckon_counts_of(a, 2, NULL, huge, 2, &c, NULL), BAD);
	assert_int_equal(reckon_counts_of(a, 0, NULL, NULL, 0, &c, NULL), BAD);
	assert_int_equal(reckon_counts_of(a, 64, NULL, NULL, 0, &c, NULL), BAD);
	assert_int_equal(c.n, 77);
	arena_destroy(a);
}

static void
keeping_some_lists_drops_whom_only_others_had(void **state)
{
	static const struct reckon_cell in[] = {{1, 5}, {2, 7}, {5, 2}, {6, 3}};
	struct arena *a = arena_create(1 << 20);
	struct reckon_counts c, k;

	(void)state;
	assert_int_equal(reckon_counts_of(a, 3, NULL, in, 4, &c, NULL), OK);
	k = reckon_counts_keep(a, &c, 5);
	assert_int_equal(k.n_lists, 2);
	assert_int_equal(k.n, 10);            /* {1: 5}, {1+3: 2}, {3: 3} */
	assert_int_equal(k.n_cells, 3);
	assert_int_equal(k.cells[1].on, 2);
	assert_int_equal(k.cells[1].count, 3);
	arena_destroy(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_cells_come_together_in_order),
		cmocka_unit_test(people_on_no_list_and_unknown_lists_are_refused),
		cmocka_unit_test(keeping_some_lists_drops_whom_only_others_had),
	};

	return cmocka_run_group_tests_name("counts", tests, NULL, NULL);
}
