/* The chart request: there and back; what is not one is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <math.h>
#include "typeset/typeset.h"

static struct bytes
encoded(struct arena *a, const struct typeset_chart *c)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	typeset_chart_put(&b, c);
	assert_false(b.over);
	struct bytes ret = {arena_copy(a, b.p, b.n), b.n};
	buf_finish(&b);
	return ret;
}

static struct typeset_chart
sample(void)
{
	static const double x[] = {1, 2, 3}, y[] = {4, NAN, -6.5}, y2[] = {5, 6, INFINITY};
	static const struct typeset_series series[] = {
		{S("deaths"), TYPESET_SOLID, 0, x, y, NULL, 3},
		{S(""), TYPESET_BAND, 2, x, y, y2, 3},
	};
	static const struct typeset_row rows[] = {{S("Chao"), S("lower bound"), 1, 2, INFINITY, true}};
	static const struct typeset_mark marks[] = {{2.5, S("here"), false}, {3, S("2020"), true}};
	static const struct typeset_set sets[] = {{S("A"), 3}, {S("B"), 4}};
	static const struct typeset_cell_of_sets cells[] = {{3, 2}, {1, 1}};
	static const struct str notes[] = {{"a note", 6}};

	return (struct typeset_chart){.lang = LANG_FA, .kind = TYPESET_LINES, .title = S("نمودار"),
		.notes = {notes, 1}, .log_y = true, .series = series, .n_series = 2, .rows = rows,
		.n_rows = 1, .marks = marks, .n_marks = 2, .sets = sets, .n_sets = 2, .cells = cells,
		.n_cells = 2};
}

static void
a_chart_comes_back_whole(void **state)
{
	struct arena *a = arena_create(1 << 22);
	struct typeset_chart c = sample(), back;
	struct bytes b = encoded(a, &c);
	struct err e = {0};

	(void)state;
	assert_int_equal(typeset_chart_get(a, b, &back, &e), OK);
	assert_int_equal(back.lang, LANG_FA);
	assert_true(back.log_y && !back.log_x);
	assert_true(back.series[0].y[2] == -6.5 && isnan(back.series[0].y[1]));
	assert_true(isinf(back.rows[0].high) && back.rows[0].faint);
	assert_int_equal(back.cells[0].on, 3);
	assert_null(back.series[0].y2);
	assert_true(bytes_eq(encoded(a, &back), b));
	arena_destroy(a);
}

static void
a_damaged_chart_is_refused_or_read_but_never_obeyed(void **state)
{
	struct arena *a = arena_create(1 << 22);
	struct typeset_chart c = sample(), back;
	struct bytes b = encoded(a, &c);
	uint8_t *p = arena_copy(a, b.p, b.n);
	size_t refused = 0;
	struct err e;

	(void)state;
	for (size_t n = 0; n < b.n; n++)
		assert_int_equal(typeset_chart_get(a, (struct bytes){b.p, n}, &back, &e), BAD);
	for (size_t i = 0; i < b.n; i++) {
		struct arena *each = arena_create(1 << 22);
		p[i] ^= 0x41;
		if (typeset_chart_get(each, (struct bytes){p, b.n}, &back, &e) == OK)
			assert_true(bytes_eq(encoded(each, &back), (struct bytes){p, b.n}));
		else
			refused++;
		p[i] ^= 0x41;
		arena_destroy(each);
	}
	assert_true(refused > 30);
	arena_destroy(a);
}

static void
more_than_the_limits_is_refused(void **state)
{
	struct arena *a = arena_create(1 << 22);
	struct typeset_chart c = sample(), back;
	struct typeset_mark *m = NEWS(a, struct typeset_mark, TYPESET_MAX_MARKS + 1);
	struct typeset_cell_of_sets beyond = {8, 1};
	struct err e;

	(void)state;
	c.marks = m;
	c.n_marks = TYPESET_MAX_MARKS + 1;
	assert_int_equal(typeset_chart_get(a, encoded(a, &c), &back, &e), BAD);
	c = sample();
	c.cells = &beyond;                    /* in a fourth set of two */
	c.n_cells = 1;
	assert_int_equal(typeset_chart_get(a, encoded(a, &c), &back, &e), BAD);
	arena_destroy(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_chart_comes_back_whole),
		cmocka_unit_test(a_damaged_chart_is_refused_or_read_but_never_obeyed),
		cmocka_unit_test(more_than_the_limits_is_refused),
	};

	return cmocka_run_group_tests_name("chart", tests, NULL, NULL);
}
