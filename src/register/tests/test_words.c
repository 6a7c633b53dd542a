/* From words to values, and what goes out in coarser form. */
#include "reg_fixture.h"

static enum status
read_words(const char *kind, const char *field, const char *words, struct bytes *ret,
	struct str *ret_warning)
{
	const struct field *f = field_named(kind_named(str_of(kind)), str_of(field));

	assert_non_null(f);
	return value_from_words(a, r, f, str_of(words), NULL, ret, ret_warning, &e);
}

static void
assert_reads(const char *kind, const char *field, const char *words, struct bytes want)
{
	struct bytes v;
	struct str warning;

	if (read_words(kind, field, words, &v, &warning) != OK)
		fail_msg("%s \"%s\": %s", field, words, e.text);
	if (!bytes_eq(v, want))
		fail_msg("%s \"%s\" is read as something else", field, words);
	assert_true(value_fits(field_named(kind_named(str_of(kind)), str_of(field)), v));
}

static void
assert_refused(const char *kind, const char *field, const char *words, const char *says)
{
	struct bytes v = {(const uint8_t *)"untouched", 9};
	struct str warning;

	if (read_words(kind, field, words, &v, &warning) != BAD)
		fail_msg("%s \"%s\" is not refused", field, words);
	assert_int_equal(v.n, 9);
	if (!strstr(e.text, says))
		fail_msg("\"%s\" does not say \"%s\"", e.text, says);
}

static void
each_type_reads_its_words(void **state)
{
	static const char *const yes[] = {"yes", "YES", "1", "bəli", "Hə", "بله", "آری"};
	static const char *const no[] = {"no", "No", "0", "xeyr", "YOX", "خیر", "نه"};
	struct date d;

	(void)state;
	assert_reads("person", "note", "  a note ", value_text(a, S("a note")));
	assert_reads("person", "given", "علی", value_name(a, &(struct name){S("علی"), SCRIPT_ARAB,
		S(""), S("")}));
	assert_reads("person", "given", "Əli", value_name(a, &(struct name){S("Əli"), SCRIPT_LATN,
		S(""), S("")}));
	assert_reads("person", "given", "Али", value_name(a, &(struct name){S("Али"), SCRIPT_CYRL,
		S(""), S("")}));
	assert_reads("person", "home", "Təbriz", value_place(a, &(struct place){S("Təbriz"), S(""),
		S("")}));
	assert_reads("person", "age", "۵۴", value_number(a, 54));
	assert_reads("person", "age", " 54.0", value_number(a, 54));
	assert_reads("person", "age", "-3", value_number(a, -3));
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		assert_reads("determination", "confirmed", yes[i], value_flag(a, true));
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		assert_reads("determination", "confirmed", no[i], value_flag(a, false));
	assert_reads("event", "type", "arrest", value_code(a, 1, S("arrest")));
	assert_reads("event", "type", "Həbs", value_code(a, 1, S("arrest")));
	assert_reads("event", "type", "بازداشت", value_code(a, 1, S("arrest")));
	assert_reads("person", "sex", "زن", value_code(a, 1, S("female")));
	assert_ok(date_parse(S("1397-10-25 SH"), NULL, &d, &e));
	assert_reads("event", "date", "۲۵ دی ۱۳۹۷", value_date(a, &d));
}

static void
what_cannot_be_read_is_refused_with_what_would_be_right(void **state)
{
	(void)state;
	assert_refused("person", "age", "fifty", "digits");
	assert_refused("person", "age", "", "digits");
	assert_refused("person", "age", ".0", "digits");
	assert_refused("person", "age", "99999999999999999999", "digits");
	assert_refused("determination", "confirmed", "perhaps", "yes or no");
	assert_refused("event", "type", "arrested twice", "furlough");
	assert_refused("event", "date", "soon", "");
	assert_refused("event", "date", "1398/12/30", "");
	assert_refused("event", "person", "P-9999", "no such person");
	assert_refused("event", "person", "zzz", "record's id");
	assert_refused("event", "person", "0123456789abcdef", "no record");
	assert_refused("document", "blob", "x", "by hand");
	assert_refused("person", "note", "a\xff\xfe", "UTF-8");
	char *much = arena_alloc(a, (1 << 20) + 2, 1);
	memset(much, 'x', (1 << 20) + 1);
	assert_refused("person", "note", much, "at most");
}

static void
less_certain_readings_are_told(void **state)
{
	struct bytes v;
	struct str warning;

	(void)state;
	assert_ok(read_words("event", "date", "03/04/2020", &v, &warning));
	assert_true(str_has(warning, "more than one way"));
	assert_ok(read_words("person", "note", "a\u202eb", &v, &warning));
	assert_true(str_has(warning, "left out"));
	assert_true(bytes_eq(v, value_text(a, S("ab"))));
	assert_ok(read_words("event", "date", "2020-04-03", &v, &warning));
	assert_int_equal(warning.n, 0);
}

static void
a_reference_names_a_record_of_its_kind(void **state)
{
	uint64_t p = fx_person("Əli", "Məmmədov"), q = fx_person("Vəli", "Məmmədov");
	uint64_t event = fx_event(p, "arrest", "", "");
	struct bytes want = value_ref(a, fx_get(q).hash);

	(void)state;
	fx_judge(p, q, "same");
	assert_reads("event", "person", str_cstr(a, fx_id(q)), want);
	assert_reads("event", "person", str_cstr(a, reg_person_id(a, q)), want);
	assert_refused("event", "person", str_cstr(a, fx_id(event)), "another kind");
	fx_erase(&q, 1);
	struct bytes v;
	struct str warning;
	assert_int_equal(read_words("event", "person", str_cstr(a, reg_person_id(a, q)), &v,
		&warning), BAD);
}

/* --- coarser forms ---------------------------------------------------------------------- */

static struct str
initials(const char *given, const char *family, const char *whole)
{
	struct draft d = fx_draft("person");
	struct str s = S("");

	if (given[0])
		fx_put(&d, "given", given);
	if (family[0])
		fx_put(&d, "family", family);
	if (whole[0])
		fx_put(&d, "whole", whole);
	add_coarser(a, &d);
	get_text(d.slot[field_slot("person", "initials")], &s);
	return s;
}

static void
initials_are_letters_of_the_script(void **state)
{
	(void)state;
	assert_str(initials("Əli", "Məmmədov", ""), "Ə. M.");
	assert_str(initials("əli", "şirin", ""), "Ə. Ş.");
	assert_str(initials("علی", "رضایی", ""), "ع. ر.");
	assert_str(initials("Али", "Мамедов", ""), "А. М.");
	assert_str(initials("али", "мамедов", ""), "А. М.");
	assert_str(initials("", "Rzayev", ""), "R.");
	assert_str(initials("", "", "Sara Kərimli"), "S. K.");
	assert_str(initials("Sara", "", "Sara Kərimli"), "S.");
	assert_str(initials("(Sara)", "«Kərimli»", ""), "S. K.");
	assert_str(initials("", "", ""), "");
	assert_str(initials("…", "-", ""), "");
	struct draft d = fx_draft("event");
	add_coarser(a, &d);
	assert_int_equal(d.slot[field_slot("person", "initials")].n, 0);
}

static struct str
birth_year(const char *birth)
{
	struct draft d = fx_draft("person");
	struct date year;

	fx_put(&d, "birth", birth);
	add_coarser(a, &d);
	return get_date(d.slot[field_slot("person", "birth-year")], &year) ? date_iso(a, &year)
		: S("");
}

static void
a_birth_year_is_never_invented(void **state)
{
	(void)state;
	assert_str(birth_year("1980-02-03"), "1980");
	assert_str(birth_year("1980"), "1980");
	assert_str(birth_year("1359-11-14"), "1359 SH");
	assert_str(birth_year("1980-02-03/1980-12-31"), "1980");
	assert_str(birth_year("1980-12-31/1981-01-01"), "");
	assert_str(birth_year("../1980"), "");
	assert_str(birth_year("1980/.."), "");
	assert_str(birth_year("12.05.59"), "");
	assert_str(birth_year("03/04/1980"), "");
	assert_str(birth_year("about 1980"), "~1980");
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fx_setup, fx_teardown)
	const struct CMUnitTest tests[] = {
		T(each_type_reads_its_words),
		T(what_cannot_be_read_is_refused_with_what_would_be_right),
		T(less_certain_readings_are_told),
		T(a_reference_names_a_record_of_its_kind),
		T(initials_are_letters_of_the_script),
		T(a_birth_year_is_never_invented),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
