/* Lists of persons: filtered, sorted, and a page of them. */
#include "reg_fixture.h"

static size_t
list(const char *query, enum lang lang, struct reg_line **ret)
{
	struct reg_filter f;
	size_t n = 0;

	assert_ok(reg_filter_parse(a, str_of(query), &f, &e));
	assert_ok(reg_list(a, r, &f, lang, ret, &n, NULL, &e));
	return n;
}

/* The given names of a list, joined. */
static const char *
names(const char *query, enum lang lang)
{
	struct reg_line *lines;
	size_t n = list(query, lang, &lines);
	struct str s = S("");

	for (size_t i = 0; i < n; i++)
		s = str_fmt(a, STR_FMT "%s" STR_FMT, STR_ARG(s), i ? " " : "", STR_ARG(lines[i].given));
	return str_cstr(a, s);
}

static void
names_are_in_the_order_of_the_language(void **state)
{
	/* az: … C Ç D E Ə F … G Ğ H X I İ …; fa: آ ا ب پ … ز ژ … ک گ. */
	static const char *const az[] = {"Xalid", "İlqar", "Əli", "Elçin", "Çingiz", "Cavid", "Fərid"};
	static const char *const fa[] = {"گلنار", "ژاله", "پروین", "بهرام", "کامران", "آرش", "زهرا"};

	(void)state;
	for (size_t i = 0; i < 7; i++)
		fx_person(az[i], "");
	assert_string_equal(names("sort=name", LANG_AZ),
		"Cavid Çingiz Elçin Əli Fərid Xalid İlqar");
	assert_string_equal(names("", LANG_AZ), "Xalid İlqar Əli Elçin Çingiz Cavid Fərid");
	for (size_t i = 0; i < 7; i++)
		fx_person(fa[i], "ب");
	assert_string_equal(names("sort=name search=ب", LANG_FA), "آرش بهرام پروین زهرا ژاله کامران گلنار");
}

static void
families_births_and_dates_sort_too(void **state)
{
	static const struct { const char *given, *family, *birth, *arrest; } p[] = {
		{"A", "Quliyev", "1980", "2019-05-01"}, {"B", "Abbasov", "", ""},
		{"C", "Məmmədov", "1359-01-01", "1397-01-01"}, {"D", "", "1979-12-31", "2018"},
	};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct draft d = fx_draft("person");
		fx_put(&d, "given", p[i].given);
		if (p[i].family[0])
			fx_put(&d, "family", p[i].family);
		if (p[i].birth[0])
			fx_put(&d, "birth", p[i].birth);
		uint64_t pos = fx_write(&d);
		if (p[i].arrest[0])
			fx_event(pos, "arrest", p[i].arrest, "");
	}
	/* 1359-01-01 is 1980-03-21, 1397-01-01 is 2018-03-21; who has none is last. */
	/* Q comes before L and M in Azerbaijani; who has no family name goes by the name. */
	assert_string_equal(names("sort=family", LANG_AZ), "B D A C");
	assert_string_equal(names("sort=birth", LANG_AZ), "D A C B");
	assert_string_equal(names("sort=date", LANG_AZ), "D C A B");
	assert_string_equal(names("sort=id", LANG_AZ), "A B C D");
	assert_string_equal(names("offset=1 limit=2", LANG_AZ), "B C");
	assert_string_equal(names("offset=3 limit=2", LANG_AZ), "D");
	assert_string_equal(names("offset=9", LANG_AZ), "");
	struct reg_filter f = {.on = DAY_MAX, .limit = 1};
	struct reg_line *lines;
	struct reg_counts c;
	size_t n;
	assert_ok(reg_list(a, r, &f, LANG_EN, &lines, &n, &c, &e));
	assert_int_equal(n, 1);
	assert_int_equal(c.persons, 4);
}

static void
filters_keep_what_they_say(void **state)
{
	uint64_t x = fx_list("Birlik Siyahısı"), p[4];
	struct reg_filter f;
	struct reg_line *lines;
	size_t n;

	(void)state;
	p[0] = fx_listed(x, 1, 2, "A", "");
	fx_version(x, 1, "2020-01-01");
	p[1] = fx_person("B", "");
	p[2] = fx_person("C", "");
	fx_event(p[1], "furlough", "2020-04-01", "");
	fx_event(p[1], "arrest", "2019-04-01", "");
	fx_event(p[2], "death", "2020-03-01", "");
	assert_string_equal(names("event=furlough", LANG_EN), "B");
	assert_string_equal(names("event=furlough on=2020-03-31", LANG_EN), "");
	assert_string_equal(names("event=furlough on=2020-04-01", LANG_EN), "B");
	assert_string_equal(names("status=dead", LANG_EN), "C");
	assert_string_equal(names("status=held on=2020-03-31", LANG_EN), "B");
	assert_string_equal(names("list=\"birlik siyahisi\"", LANG_EN), "A");
	assert_ok(reg_filter_parse(a, S("list=Nobody"), &f, &e));
	assert_status(reg_list(a, r, &f, LANG_EN, &lines, &n, NULL, &e), BAD);
	assert_string_equal(names("confirmed=yes", LANG_EN), "");
	struct draft d = fx_draft("determination");
	fx_refer(&d, "person", p[1]);
	fx_put(&d, "confirmed", "yes");
	fx_write(&d);
	assert_string_equal(names("confirmed=yes", LANG_EN), "B");
	assert_string_equal(names("confirmed=no", LANG_EN), "A C");
	assert_string_equal(names(str_fmt(a, "person=P-%llu", (unsigned long long)p[2]).p, LANG_EN), "C");
	assert_ok(reg_filter_parse(a, S("person=P-9999"), &f, &e));
	assert_status(reg_list(a, r, &f, LANG_EN, &lines, &n, NULL, &e), NO);
}

static void
a_prison_is_found_in_any_script(void **state)
{
	static const char *const prisons[] = {"Evin həbsxanası", "زندان اوین", "Evin", "Тюрьма Эвин",
		"Təbriz mərkəzi həbsxanası", "زندان مرکزی تبریز", "Qızılhisar", "قزل حصار"};
	static const struct { const char *asked, *found; } cases[] = {
		{"Evin", "A B C D"}, {"اوین", "A B C D"}, {"evi", "A C"},
		{"Təbriz", "E F"}, {"تبریز", "E F"}, {"Tabriz", "E F"},
		{"Urmiya", ""}, {"—", ""},
	};

	(void)state;
	for (size_t i = 0; i < 8; i++) {
		char name[2] = {(char)('A' + i), 0};
		fx_event(fx_person(name, ""), "custody", "", prisons[i]);
	}
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *is = names(str_fmt(a, "prison=%s", cases[i].asked).p, LANG_EN);
		if (strcmp(is, cases[i].found) != 0)
			fail_msg("%s finds %s, not %s", cases[i].asked, is, cases[i].found);
	}
}

static void
a_line_shows_every_spelling_once(void **state)
{
	uint64_t p = fx_person("Zeynab", "Rahimi"), q = fx_person("زینب", "رحیمی");
	uint64_t s = fx_person("Zeynab", "Rahimi");
	struct reg_line line;

	(void)state;
	fx_judge(p, q, "same");
	fx_judge(q, s, "same");
	assert_true(fx_line(s, "", &line));
	assert_str(line.names, "Zeynab Rahimi · زینب رحیمی");
	assert_int_equal(line.n_records, 3);
	assert_str(line.id, str_fmt(a, "P-%llu", (unsigned long long)p).p);
}

static void
menus_say_how_many(void **state)
{
	struct reg_option *o;
	size_t n;

	(void)state;
	for (size_t i = 0; i < 3; i++)
		fx_event(fx_person("A", ""), "custody", "", i ? "Evin" : "Təbriz");
	assert_ok(reg_options(a, r, "facility", &o, &n, &e));
	assert_int_equal(n, 2);
	assert_str(o[0].name, "Evin");
	assert_int_equal(o[0].n, 2);
	assert_ok(reg_options(a, r, "event", &o, &n, &e));
	assert_int_equal(o[0].n, 3);
	assert_ok(reg_options(a, r, "status", &o, &n, &e));
	assert_int_equal(n, 7);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fx_setup, fx_teardown)
	const struct CMUnitTest tests[] = {
		T(names_are_in_the_order_of_the_language),
		T(families_births_and_dates_sort_too),
		T(filters_keep_what_they_say),
		T(a_prison_is_found_in_any_script),
		T(a_line_shows_every_spelling_once),
		T(menus_say_how_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
