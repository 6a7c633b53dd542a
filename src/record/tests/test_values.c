/* Values: what is written is read back, what does not fit is refused, and people read
 * them in their language. */
#include "check.h"

static const struct field *
field(const char *kind, const char *name)
{
	const struct field *f = field_named(kind_named(str_of(kind)), str_of(name));

	assert_non_null(f);
	return f;
}

static void
shown(const char *kind, const char *name, struct bytes v, enum lang l, const char *want)
{
	assert_str(value_show(a, field(kind, name), v, l), want);
}

static void
each_type_is_read_back_as_written(void **state)
{
	struct name n = {S("Zeynəb"), SCRIPT_LATN, S("az"), S("")}, n2;
	struct place p = {S("Təbriz"), S("az"), S("IR-03")}, p2;
	struct row_ref r = {{1, 2}, 3, 4, {5}}, r2;
	struct cell c[2] = {{1, S("ad"), S("Zeynəb "), 8}, {4294967295u, S(""), S("x"), -1}}, *c2;
	struct str texts[2] = {S("a"), S("")}, *t2, s;
	uint8_t refs[2][SEAL_HASH] = {{1}, {2}}, (*refs2)[SEAL_HASH];
	unsigned version;
	int64_t number;
	size_t count;
	bool flag;

	(void)state;
	assert_true(get_name(value_name(a, &n), &n2));
	assert_str(n2.text, "Zeynəb");
	assert_int_equal(n2.script, SCRIPT_LATN);
	assert_true(get_place(value_place(a, &p), &p2));
	assert_str(p2.code, "IR-03");
	assert_true(get_row(value_row(a, &r), &r2));
	assert_memory_equal(r.list, r2.list, SEAL_HASH);
	assert_int_equal(r2.version, 3);
	assert_int_equal(r2.row, 4);
	assert_true(get_cells(a, value_cells(a, c, 2), &c2, &count));
	assert_int_equal(count, 2);
	assert_str(c2[0].words, "Zeynəb ");
	assert_int_equal(c2[0].slot, 8);
	assert_int_equal(c2[1].slot, -1);
	assert_int_equal(c2[1].column, 4294967295u);
	assert_true(get_texts(a, value_texts(a, texts, 2), &t2, &count));
	assert_int_equal(count, 2);
	assert_true(get_refs(a, value_refs(a, (const uint8_t (*)[SEAL_HASH])refs, 2), &refs2,
		&count));
	assert_memory_equal(refs2[1], refs[1], SEAL_HASH);
	assert_true(get_code(value_code(a, 7, S("male")), &version, &s));
	assert_int_equal(version, 7);
	assert_true(get_number(value_number(a, INT64_MIN), &number));
	assert_true(number == INT64_MIN);
	assert_true(get_flag(value_flag(a, true), &flag) && flag);
	assert_true(get_withdrawn(value_withdrawn(a, S("why")), &s));
	assert_str(s, "why");
	/* An empty text is a value, not an absence. */
	assert_true(value_text(a, S("")).n > 0 && get_text(value_text(a, STR_NONE), &s));
}

static void
a_reader_takes_no_other_form(void **state)
{
	static const char *const not_names[] = {
		"83615864617261726001", "8461586461726161", "84615864585858586060",
		"84615858644c61746e6060", "9f6158644c61746e60 60ff",
	};
	struct name n;
	struct row_ref row;
	int64_t number;
	struct str s;

	(void)state;
	for (size_t i = 0; i < sizeof not_names / sizeof *not_names; i++) {
		uint8_t raw[64];
		size_t len = strlen(not_names[i]) / 2;
		if (hex_decode(str_of(not_names[i]), raw, len))
			assert_false(get_name((struct bytes){raw, len}, &n));
	}
	assert_false(get_number(unhex("1801"), &number));      /* not the shortest head */
	assert_false(get_number(unhex("1b8000000000000000"), &number));   /* above int64 */
	assert_false(get_text(unhex("62c328"), &s));           /* not UTF-8 */
	assert_false(get_text(unhex("616100"), &s));           /* something behind */
	assert_false(get_withdrawn(unhex("82f661"), &s));
	assert_false(get_row(value_texts(a, NULL, 0), &row));
	row = (struct row_ref){.version = 0, .row = 1};
	assert_false(get_row(value_row(a, &row), &row));       /* versions count from 1 */
}

static void
what_does_not_fit_its_slot_is_refused(void **state)
{
	struct name n = {S("e\xcc\x81"), SCRIPT_LATN, S(""), S("")};   /* e, combining acute */
	uint8_t key[SEAL_KEY] = {0};
	struct cell cell = {1, S("ad"), S("e\xcc\x81"), 8};

	(void)state;
	assert_false(value_fits(field("person", "given"), value_name(a, &n)));
	n.text = S("\xc3\xa9");
	assert_true(value_fits(field("person", "given"), value_name(a, &n)));
	/* Cells are as they stood in the file, normalised or not. */
	assert_true(value_fits(field("person", "cells"), value_cells(a, &cell, 1)));
	assert_false(value_fits(field("person", "given"), value_text(a, S("x"))));
	assert_true(value_fits(field("person", "sex"), value_code(a, 1, S("male"))));
	assert_false(value_fits(field("person", "sex"), value_code(a, 1, S("arrest"))));
	assert_false(value_fits(field("person", "sex"), value_code(a, 99, S("male"))));
	assert_true(value_fits(field("officer", "device"), value_bytes(a, BYTES(key))));
	assert_false(value_fits(field("officer", "device"), value_bytes(a, (struct bytes){key, 31})));
	assert_false(value_fits(field("document", "blob"), value_bytes(a, (struct bytes){key, 15})));
	assert_true(value_fits(field("person", "age"), value_number(a, 31)));
	assert_false(value_fits(field("person", "age"), value_text(a, S("31"))));
	assert_false(value_fits(field("person", "age"), value_withdrawn(a, S("x"))));
	assert_false(value_fits(field("erasure", "erased"), unhex("8141ff")));
}

static void
people_read_values_in_their_language(void **state)
{
	struct date day = date_of_days(CAL_SOLAR_HIJRI, 18340, 18340);
	struct row_ref row = {.version = 2, .row = 14};
	struct name n = {S("زینب"), SCRIPT_ARAB, S("fa"), S("")};
	struct str texts[2] = {S("a"), S("b")};
	struct bytes v;

	(void)state;
	shown("person", "given", value_name(a, &n), LANG_EN, "زینب");
	shown("person", "sex", value_code(a, 1, S("female")), LANG_AZ, "qadın");
	shown("person", "sex", value_code(a, 1, S("female")), LANG_AZB, "زن");
	shown("person", "sex", value_code(a, 1, S("unheard")), LANG_EN, "unheard");
	shown("person", "age", value_number(a, 1031), LANG_FA, "۱۰۳۱");
	shown("person", "row", value_row(a, &row), LANG_EN, "version 2, row 14");
	shown("person", "row", value_row(a, &row), LANG_FA, "نسخه ۲، ردیف ۱۴");
	shown("person", "recorded", value_time(a, 1585312245), LANG_EN, "2020-03-27 12:30 UTC");
	shown("person", "recorded", value_time(a, -1), LANG_EN, "1969-12-31 23:59 UTC");
	shown("list", "official", value_flag(a, true), LANG_AZ, "bəli");
	shown("list-version", "columns", value_texts(a, texts, 2), LANG_EN, "a · b");
	shown("person", "age", value_withdrawn(a, S("misread")), LANG_AZ, "geri götürülüb: misread");
	v = value_date(a, &day);
	assert_true(value_show(a, field("event", "date"), v, LANG_FA).n > 0);
	/* What is not understood is shown as it stands. */
	assert_str(value_show(a, NULL, unhex("82016161"), LANG_EN), "[1, \"a\"]");
	shown("person", "age", unhex("6161"), LANG_EN, "\"a\"");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_type_is_read_back_as_written),
		cmocka_unit_test(a_reader_takes_no_other_form),
		cmocka_unit_test(what_does_not_fit_its_slot_is_refused),
		cmocka_unit_test(people_read_values_in_their_language),
	};
	return cmocka_run_group_tests(tests, check_setup, check_teardown);
}
