/*
 * What habeas-generate wrote, read back: truth names every row once, dates mean
 * the true days, the second version differs exactly as told, frequencies are near
 * what is claimed.  Arguments: a demo of 3,000 people, plain lists of 20,000.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/base.h"

static const char *demo, *plain;
static struct arena *a;

static int
up(void **state)
{
	(void)state;
	a = arena_create((size_t)1 << 30);
	return 0;
}

static int
down(void **state)
{
	(void)state;
	arena_destroy(a);
	return 0;
}

static struct table
table(const char *dir, const char *name)
{
	const char *path = str_cstr(a, str_fmt(a, "%s/%s", dir, name));
	struct bytes file;
	struct table t = {0};
	struct err e = {0};

	if (os_read_file(a, path, 256 << 20, &file, &e)
		|| csv_read(a, file, name, NULL, 0, NULL, &t, &e))
		fail_msg("%s: %s", path, e.text);
	return t;
}

static size_t
column(const struct table *t, const char *header)
{
	for (size_t i = 0; i < t->rows[0].n; i++)
		if (str_is(t->rows[0].cells[i], header))
			return i;
	fail_msg("no column %s", header);
	return 0;
}

static struct str
cell(const struct table *t, size_t row, const char *header)
{
	return t->rows[row].cells[column(t, header)];
}

static size_t
count_of(struct str s)
{
	uint64_t v = 0;

	assert_true(str_u64(s, &v));
	return (size_t)v;
}

/* The person of each row of a list, from 1; every row stands there once. */
static size_t *
persons_of(const char *dir, const char *truth, const char *list, size_t *ret_n)
{
	struct table t = table(dir, truth);
	size_t *person = NEWS(a, size_t, t.n + 1), n = 0;

	for (size_t i = 1; i < t.n; i++)
		if (str_is(t.rows[i].cells[0], list)) {
			size_t row = count_of(t.rows[i].cells[1]);

			assert_true(row >= 1 && row < t.n && person[row] == 0);
			person[row] = count_of(t.rows[i].cells[2]);
			n++;
		}
	for (size_t row = 1; row <= n; row++)
		assert_true(person[row] > 0);
	*ret_n = n;
	return person;
}

static void
truth_names_every_row_once(void **state)
{
	static const char *const lists[] = {"birlik.csv", "nesim.csv"};
	size_t n;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		persons_of(demo, "truth.csv", lists[i], &n);
		assert_int_equal(n, table(demo, lists[i]).n - 1);
	}
	persons_of(demo, "birlik-2.truth.csv", "birlik-2.csv", &n);
	assert_int_equal(n, table(demo, "birlik-2.csv").n - 1);
	for (int i = 1; i <= 4; i++) {
		const char *list = str_cstr(a, str_fmt(a, "list-%d.csv", i));

		persons_of(plain, "truth.csv", list, &n);
		assert_int_equal(n, table(plain, list).n - 1);
	}
}

static void
people_stand_on_as_many_lists_as_told(void **state)
{
	struct table t = table(demo, "people.csv");
	static const char *const lists[] = {"birlik.csv", "nesim.csv", "registry.xlsx"};
	size_t *seen = NEWS(a, size_t, t.n), copies = 0, rows = 0;

	(void)state;
	assert_int_equal(t.n, 3001);
	for (size_t l = 0; l < 3; l++) {
		size_t n, *person = persons_of(demo, "truth.csv", lists[l], &n);
		uint8_t *here = NEWS(a, uint8_t, t.n);

		for (size_t i = 1; i <= n; i++) {
			assert_true(person[i] < t.n);
			copies += here[person[i]];
			seen[person[i]] += !here[person[i]];
			here[person[i]] = 1;
		}
		rows += n;
	}
	for (size_t id = 1; id < t.n; id++)
		assert_int_equal(seen[id], count_of(cell(&t, id, "lists")));
	/* About 1 % of rows are somebody a second time. */
	assert_in_range(copies * 1000 / rows, 4, 18);
}

/* Every cell of a column is a date that means the true day, or one near it. */
static void
check_dates(const char *list, const char *header, const char *truth, enum lang lang,
	int32_t slack_days, size_t max_off_permille)
{
	struct table t = table(demo, list), people = table(demo, "people.csv");
	size_t n, *person = persons_of(demo, "truth.csv", list, &n), said = 0, off = 0;
	struct date_hint hint = {0, DATE_ORDER_DMY, lang};

	for (size_t row = 1; row <= n; row++) {
		struct str s = cell(&t, row, header);
		struct str is = cell(&people, person[row], truth);
		struct date d, real;
		struct err e = {0};

		if (s.n == 0)
			continue;
		if (date_parse(s, &hint, &d, &e))
			fail_msg("%s row %zu: %s", list, row, e.text);
		if (d.flags & DATE_AMBIGUOUS)
			fail_msg("%s row %zu: \"" STR_FMT "\" is ambiguous", list, row, STR_ARG(s));
		assert_int_equal(date_parse(is, NULL, &real, &e), OK);
		said++;
		off += real.first < d.first - slack_days || real.first > d.last + slack_days;
	}
	assert_true(said > n / 10);
	if (off * 1000 > said * max_off_permille)
		fail_msg("%s, %s: %zu of %zu are off", list, header, off, said);
}

static void
dates_mean_the_true_days(void **state)
{
	(void)state;
	check_dates("birlik.csv", "Həbs tarixi", "arrested", LANG_AZ, 3, 0);
	check_dates("birlik.csv", "Azadlıq tarixi", "released", LANG_AZ, 3, 0);
	check_dates("birlik.csv", "Hökm tarixi", "sentenced", LANG_AZ, 3, 0);
	check_dates("nesim.csv", "تاریخ بازداشت", "arrested", LANG_FA, 3, 0);
	check_dates("nesim.csv", "تاریخ آزادی", "released", LANG_FA, 3, 0);
	/* Years off and days swapped with months: 4 % and a little. */
	check_dates("birlik.csv", "Doğum tarixi", "born", LANG_AZ, 0, 70);
	check_dates("nesim.csv", "تاریخ تولد", "born", LANG_FA, 0, 70);
}

/* № -> row of the table, 0: none. */
static size_t *
rows_by_number(const struct table *t, size_t max)
{
	size_t *row = NEWS(a, size_t, max + 1);

	for (size_t i = 1; i < t->n; i++) {
		size_t no = count_of(t->rows[i].cells[0]);

		assert_true(no <= max && row[no] == 0);
		row[no] = i;
	}
	return row;
}

static size_t
count_differences(const struct row *x, const struct row *y)
{
	size_t n = 0;

	for (size_t i = 0; i < x->n; i++)
		n += !str_eq(x->cells[i], y->cells[i]);
	return n;
}

static void
the_second_version_differs_as_told(void **state)
{
	struct table one = table(demo, "birlik.csv"), two = table(demo, "birlik-2.csv");
	struct table told = table(demo, "birlik-2.changes.csv");
	size_t max = one.n + two.n, different = 0, changed = 0, gone = 0, added = 0;
	size_t *before = rows_by_number(&one, max), *after = rows_by_number(&two, max);

	(void)state;
	for (size_t i = 1; i < told.n; i++) {
		size_t no = count_of(cell(&told, i, "no"));
		struct str what = cell(&told, i, "change");

		if (str_is(what, "vanished")) {
			assert_true(before[no] && !after[no]);
			gone++;
		} else if (str_is(what, "new")) {
			assert_true(!before[no] && after[no]);
			added++;
		} else {
			size_t c = column(&one, str_cstr(a, cell(&told, i, "column")));

			assert_true(str_eq(one.rows[before[no]].cells[c], cell(&told, i, "before")));
			assert_true(str_eq(two.rows[after[no]].cells[c], cell(&told, i, "after")));
			assert_false(str_eq(cell(&told, i, "before"), cell(&told, i, "after")));
			changed++;
		}
	}
	for (size_t no = 1; no <= max; no++)
		if (before[no] && after[no])
			different += count_differences(&one.rows[before[no]], &two.rows[after[no]]);
	assert_int_equal(different, changed);
	assert_int_equal(gone, 2);
	assert_int_equal(two.n, one.n + added - gone);
	assert_true(added >= 3 && changed >= 10);
}

static unsigned
permille_of_rows(const struct table *t, const char *header, bool (*is)(struct str))
{
	size_t c = column(t, header), n = 0;

	for (size_t i = 1; i < t->n; i++)
		n += is(t->rows[i].cells[c]);
	return (unsigned)(n * 1000 / (t->n - 1));
}

static bool
is_empty(struct str s)
{
	return s.n == 0;
}

static bool
is_year(struct str s)
{
	return s.n == 4;
}

static void
plain_lists_have_the_frequencies_claimed(void **state)
{
	size_t people = 20000, rows = 0, listed = 0;
	uint8_t *seen = NEWS(a, uint8_t, people + 1);

	(void)state;
	for (int i = 1; i <= 4; i++) {
		const char *list = str_cstr(a, str_fmt(a, "list-%d.csv", i));
		struct table t = table(plain, list);
		size_t n, *person = persons_of(plain, "truth.csv", list, &n);

		assert_in_range(permille_of_rows(&t, "father_name", is_empty), 430, 470);
		assert_in_range(permille_of_rows(&t, "birth_date", is_empty), 85, 115);
		assert_in_range(permille_of_rows(&t, "birth_date", is_year), 228, 272);
		assert_int_equal(permille_of_rows(&t, "given_name", is_empty), 0);
		for (size_t k = 1; k <= n; k++) {
			assert_true(person[k] <= people);
			listed += !seen[person[k]];
			seen[person[k]] = 1;
		}
		rows += n;
	}
	/* 1,000,000 records of 591,252 people: 1.69 each. */
	assert_in_range(rows * 1000 / listed, 1640, 1780);
}

/* Names as written beside the usual forms: 20 % variants, 6 % typing errors, joined
 * and split compounds, titles, no diacritics.  Some variants coincide. */
static void
names_are_varied_about_as_often_as_claimed(void **state)
{
	struct table t = table(demo, "birlik.csv"), people = table(demo, "people.csv");
	size_t n, *person = persons_of(demo, "truth.csv", "birlik.csv", &n);
	size_t given = 0, family = 0;

	(void)state;
	for (size_t row = 1; row <= n; row++) {
		given += !str_eq(cell(&t, row, "Adı"), cell(&people, person[row], "given_az"));
		family += !str_eq(cell(&t, row, "Soyadı"),
			cell(&people, person[row], "family_az"));
	}
	assert_in_range(given * 100 / n, 18, 36);
	assert_in_range(family * 100 / n, 18, 36);
}

static void
there_are_namesakes_with_other_fathers(void **state)
{
	struct table t = table(demo, "people.csv");
	size_t g = column(&t, "given_en"), f = column(&t, "family_en"), h = column(&t, "father_en");
	size_t pairs = 0;

	(void)state;
	for (size_t i = 1; i < t.n; i++)
		for (size_t k = i + 1; k < t.n; k++)
			pairs += str_eq(t.rows[i].cells[f], t.rows[k].cells[f])
				&& str_eq(t.rows[i].cells[g], t.rows[k].cells[g])
				&& !str_eq(t.rows[i].cells[h], t.rows[k].cells[h]);
	assert_true(pairs >= 20);
}

static void
life_goes_in_order(void **state)
{
	struct table t = table(demo, "people.csv");
	static const char *const later[] = {"sentenced", "transferred", "released", "died",
		"furlough_from"};

	(void)state;
	for (size_t i = 1; i < t.n; i++) {
		struct str arrested = cell(&t, i, "arrested");

		/* ISO dates of four-digit years sort as text. */
		assert_true(str_cmp(cell(&t, i, "born"), arrested) < 0);
		for (size_t k = 0; k < sizeof later / sizeof later[0]; k++) {
			struct str s = cell(&t, i, later[k]);

			if (s.n && str_cmp(s, arrested) < 0)
				fail_msg("person %zu: %s before the arrest", i, later[k]);
		}
		assert_false(cell(&t, i, "released").n && cell(&t, i, "died").n);
	}
}

/* The sting is there: csv_write_row() would have put a guard before formulas. */
static void
the_hostile_list_is_hostile(void **state)
{
	struct table t = table(demo, "hostile.csv");

	(void)state;
	assert_int_equal(t.n, 25);
	assert_true(str_starts(cell(&t, 1, "Name"), "<script>"));
	assert_true(str_starts(cell(&t, 6, "Name"), "=HYPERLINK(\"http"));
	assert_true(str_has(cell(&t, 9, "Name"), "\xe2\x80\xae"));
	assert_true(str_has(cell(&t, 12, "Name"), "\n"));
	assert_int_equal(cell(&t, 23, "Name").n, 100000);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(truth_names_every_row_once, up, down),
		cmocka_unit_test_setup_teardown(people_stand_on_as_many_lists_as_told, up, down),
		cmocka_unit_test_setup_teardown(dates_mean_the_true_days, up, down),
		cmocka_unit_test_setup_teardown(the_second_version_differs_as_told, up, down),
		cmocka_unit_test_setup_teardown(plain_lists_have_the_frequencies_claimed, up, down),
		cmocka_unit_test_setup_teardown(names_are_varied_about_as_often_as_claimed, up, down),
		cmocka_unit_test_setup_teardown(there_are_namesakes_with_other_fathers, up, down),
		cmocka_unit_test_setup_teardown(life_goes_in_order, up, down),
		cmocka_unit_test_setup_teardown(the_hostile_list_is_hostile, up, down),
	};

	if (argc != 3)
		return 77;
	demo = argv[1];
	plain = argv[2];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
