/* Who is likely there already, while a person is typed in. */
#include "reg_fixture.h"

static struct reg_near *near;
static size_t n_near;

/* given, family, father, birth: "" : not said. */
static void
look(struct str amends, const char *given, const char *family, const char *father,
	const char *birth)
{
	const char *const fields[] = {"given", "family", "father", "birth"};
	const char *const values[] = {given, family, father, birth};
	struct reg_change c[4];
	size_t n = 0;

	for (size_t i = 0; i < 4; i++)
		if (values[i][0])
			c[n++] = (struct reg_change){str_of(fields[i]), str_of(values[i])};
	assert_ok(reg_near(a, r, amends, c, n, LANG_EN, &near, &n_near, &e));
}

static uint64_t
person(const char *given, const char *family, const char *father, const char *birth)
{
	struct draft d = fx_draft("person");

	fx_put(&d, "given", given);
	fx_put(&d, "family", family);
	if (father[0])
		fx_put(&d, "father", father);
	if (birth[0])
		fx_put(&d, "birth", birth);
	return fx_write(&d);
}

static void
crowd(void)
{
	static const char *const given[] = {"Aydın", "Bəhruz", "Cavid", "Davud", "Elçin", "Fərid",
		"Gülnar", "Həsən", "İlham", "Kamran"};
	static const char *const family[] = {"Qaradağlı", "Rəhimi", "Soltani", "Təbrizli",
		"Urmulu", "Vəliyev", "Yusifi", "Zəngani", "Əhmədi", "Şirazi"};

	for (unsigned i = 0; i < 60; i++)
		person(given[i % 10], family[(i * 7 + i / 10) % 10], "", "");
}

static void
a_person_is_found_in_any_script_with_why(void **state)
{
	uint64_t p;

	(void)state;
	crowd();
	p = person("Zeynab", "Muxtarova", "Səyavuş", "1980-02-03");
	look(S(""), "زینب", "مختاروا", "سیاوش", "1358-11-14");
	assert_int_equal(n_near, 1);
	assert_int_equal(near[0].pos, p);
	assert_true(near[0].probability > 0.99);
	assert_str(near[0].name, "Zeynab Muxtarova");
	assert_str(near[0].birth, "3 February 1980");
	assert_str(near[0].list, "");
	assert_true(str_eq(near[0].person, reg_person_id(a, p)));
	assert_true(str_eq(near[0].record, fx_id(p)));
	assert_true(near[0].n_reasons >= 3);
	assert_true(near[0].reasons[0].bits >= near[0].reasons[1].bits);
	/* The names alone, spelled another way. */
	look(S(""), "Зейнаб", "Мухтарова", "", "");
	assert_int_equal(n_near, 1);
	/* Who was born at another time, to another father, is not. */
	look(S(""), "Zeynab", "Muxtarova", "Kamran", "1941-07-09");
	assert_int_equal(n_near, 0);
	look(S(""), "Nigar", "Abbasova", "", "");
	assert_int_equal(n_near, 0);
	/* One part of the name, the other mistyped; the day tells. */
	look(S(""), "Zeynab", "Muktrva", "", "1980-02-03");
	assert_int_equal(n_near, 1);
}

static void
a_common_name_alone_says_less_than_a_rare_one(void **state)
{
	double rare;

	(void)state;
	crowd();
	person("Zeynab", "Muxtarova", "", "");
	look(S(""), "Zeynab", "Muxtarova", "", "");
	assert_int_equal(n_near, 1);
	rare = near[0].probability;
	for (size_t i = 0; i < 40; i++)
		person("Əli", "Məmmədov", "", "");
	look(S(""), "Əli", "Məmmədov", "", "");
	assert_true(n_near == 0 || near[0].probability < rare);
	assert_true(n_near <= 5);
}

static void
of_one_person_one_record_is_shown_and_at_most_five_persons(void **state)
{
	uint64_t p[8];

	(void)state;
	crowd();
	for (size_t i = 0; i < 8; i++)
		p[i] = person("Zeynab", "Muxtarova", "", "1980-02-03");
	look(S(""), "Zeynab", "Muxtarova", "", "1980-02-03");
	assert_int_equal(n_near, 5);
	for (size_t i = 1; i < 8; i++)
		fx_judge(p[0], p[i], "same");
	look(S(""), "Zeynab", "Muxtarova", "", "1980-02-03");
	assert_int_equal(n_near, 1);
	assert_true(str_eq(near[0].person, reg_person_id(a, p[0])));
}

static void
an_amendment_is_compared_with_others_only(void **state)
{
	uint64_t p, q, mine, other;

	(void)state;
	crowd();
	p = person("Zeynab", "Muxtarova", "", "1980-02-03");
	q = person("Zeynəb", "Muxtarova", "", "1980-02-03");
	mine = person("Zeynab", "M.", "", "");
	other = person("Zeinab", "Mukhtarova", "", "1980-02-03");
	fx_judge(mine, q, "same");
	fx_judge(mine, other, "not-same");
	look(fx_id(mine), "", "Muxtarova", "", "1980-02-03");
	/* Not its own person; not whom people told apart from it. */
	assert_int_equal(n_near, 1);
	assert_int_equal(near[0].pos, p);
	/* A change that is not of the name or birth says nothing of who it is. */
	const struct reg_change c = {S("note"), S("seen in court")};
	assert_ok(reg_near(a, r, fx_id(mine), &c, 1, LANG_EN, &near, &n_near, &e));
	assert_int_equal(n_near, 0);
}

static void
what_could_not_be_written_is_refused_and_hostile_names_find_nobody(void **state)
{
	struct str much = STR_NONE;
	struct buf b;

	(void)state;
	crowd();
	const struct reg_change bad = {S("birth"), S("no day at all")};
	assert_status(reg_near(a, r, S(""), &bad, 1, LANG_EN, &near, &n_near, &e), BAD);
	const struct reg_change wrong = {S("given"), S("x")}, more = {S("colour"), S("red")};
	assert_status(reg_near(a, r, S(""), (struct reg_change[]){wrong, more}, 2, LANG_EN, &near,
		&n_near, &e), BAD);
	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < 5000; i++)
		buf_fmt(&b, "Əli ");
	much = str_dup(a, buf_str(&b));
	buf_finish(&b);
	const struct reg_change long_name[] = {{S("whole"), much}};
	assert_ok(reg_near(a, r, S(""), long_name, 1, LANG_EN, &near, &n_near, &e));
	const struct reg_change nothing[] = {{S("whole"), S("— 17 !")}};
	assert_ok(reg_near(a, r, S(""), nothing, 1, LANG_EN, &near, &n_near, &e));
	assert_int_equal(n_near, 0);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fx_setup, fx_teardown)
	const struct CMUnitTest tests[] = {
		T(a_person_is_found_in_any_script_with_why),
		T(a_common_name_alone_says_less_than_a_rare_one),
		T(of_one_person_one_record_is_shown_and_at_most_five_persons),
		T(an_amendment_is_compared_with_others_only),
		T(what_could_not_be_written_is_refused_and_hostile_names_find_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
