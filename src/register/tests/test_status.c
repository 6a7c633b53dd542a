/* What lists say of a person on a day, by examples worked out by hand. */
#include "reg_fixture.h"

enum { EVENTS_MOST = 6 };

/* One person in one list as of `as_of`, its events, and what it says on a day;
 * NULL: the person is not listed.  The order of events must not matter. */
static const struct example {
	const char *name, *as_of;
	struct { const char *type, *date; } events[EVENTS_MOST];
	const char *on, *says;
} examples[] = {
	{"no event", "2020-01-01", {{0}}, "2020-02-01", "listed"},
	{"before the list", "2020-01-01", {{0}}, "2019-12-31", NULL},
	{"on its day", "2020-01-01", {{0}}, "2020-01-01", "listed"},
	{"arrest", "2020-01-01", {{"arrest", "2019-05-01"}}, "2020-02-01", "held"},
	{"arrest before the list was there", "2020-01-01", {{"arrest", "2019-05-01"}},
		"2019-06-01", "held"},
	{"before the arrest", "2020-01-01", {{"arrest", "2019-05-01"}}, "2019-04-30", NULL},
	{"on the day of the arrest", "2020-01-01", {{"arrest", "2019-05-01"}}, "2019-05-01", "held"},
	{"undated", "2020-01-01", {{"custody", ""}}, "2020-02-01", "held"},
	{"undated, before the list", "2020-01-01", {{"custody", ""}}, "2019-12-01", NULL},
	{"undated custody, dated release", "2020-01-01", {{"custody", ""}, {"release", "2019-12-01"}},
		"2020-02-01", "released"},
	{"undated release, dated arrest", "2020-01-01", {{"release", ""}, {"arrest", "2019-12-01"}},
		"2020-02-01", "held"},
	{"released", "2020-01-01", {{"arrest", "2018-01-01"}, {"release", "2019-01-01"}},
		"2020-02-01", "released"},
	{"before the release", "2020-01-01", {{"arrest", "2018-01-01"}, {"release", "2019-01-01"}},
		"2018-12-31", "held"},
	{"arrested and released the same day", "2020-01-01",
		{{"arrest", "2019-01-01"}, {"release", "2019-01-01"}}, "2020-02-01", "released"},
	{"arrested again", "2020-01-01", {{"arrest", "2018-01-01"}, {"release", "2019-01-01"},
		{"arrest", "2019-06-01"}}, "2020-02-01", "held"},
	{"a year of days: not before it", "2020-01-01", {{"arrest", "2019"}}, "2018-12-31", NULL},
	{"a year of days: it may have begun", "2020-01-01", {{"arrest", "2019"}}, "2019-03-01", "held"},
	{"arrest of a year, release on a day of it", "2020-01-01",
		{{"arrest", "2019"}, {"release", "2019-05-10"}}, "2020-02-01", "released"},
	{"arrest on a day, release of that year", "2020-01-01",
		{{"arrest", "2019-05-10"}, {"release", "2019"}}, "2020-02-01", "released"},
	{"release of a year, arrest the year after", "2020-01-01",
		{{"release", "2018"}, {"arrest", "2019-05-10"}}, "2020-02-01", "held"},
	{"a two-digit year of the release", "2020-01-01",
		{{"arrest", "1395-02-01"}, {"release", "97/10/12"}}, "2020-02-01", "released"},
	{"death without a date is the last word", "2020-01-01",
		{{"arrest", "2019-01-01"}, {"death", ""}}, "2020-02-01", "dead"},
	{"death before a later arrest", "2020-01-01",
		{{"death", "2018-01-01"}, {"arrest", "2019-01-01"}}, "2020-02-01", "dead"},
	{"death after the day", "2020-01-01", {{"arrest", "2018-01-01"}, {"death", "2019-06-01"}},
		"2019-05-31", "held"},
	{"execution", "2020-01-01", {{"sentence", "2018-01-01"}, {"execution", "2019-06-01"}},
		"2020-01-01", "dead"},
	{"furlough", "2020-01-01", {{"arrest", "2018-01-01"}, {"furlough", "2019-03-01"}},
		"2020-01-01", "furlough"},
	{"back from furlough", "2020-01-01", {{"arrest", "2018-01-01"}, {"furlough", "2019-03-01"},
		{"furlough-end", "2019-03-20"}}, "2020-01-01", "held"},
	{"during furlough", "2020-01-01", {{"arrest", "2018-01-01"}, {"furlough", "2019-03-01"},
		{"furlough-end", "2019-03-20"}}, "2019-03-10", "furlough"},
	{"transferred", "2020-01-01", {{"arrest", "2018-01-01"}, {"transfer", "2019-03-01"}},
		"2020-01-01", "held"},
	{"escaped", "2020-01-01", {{"arrest", "2018-01-01"}, {"escape", "2019-03-01"}},
		"2020-01-01", "escaped"},
	{"disappeared", "2020-01-01", {{"arrest", "2018-01-01"}, {"disappearance", "2019-03-01"}},
		"2020-01-01", "disappeared"},
	{"a release to come", "2020-01-01", {{"arrest", "2018-01-01"}, {"release", "2022-03-01"}},
		"2020-02-01", "held"},
	{"illness says nothing of custody", "2020-01-01", {{"medical", "2019-03-01"}},
		"2020-02-01", "listed"},
	{"seen before the list was there", "2020-01-01", {{"seen", "2019-03-01"}},
		"2019-06-01", "listed"},
};

static void
assert_example(const struct example *x, uint64_t p, const char *how)
{
	struct reg_line line;
	bool there = fx_line(p, str_fmt(a, "on=%s", x->on).p, &line);

	if (there != (x->says != NULL))
		fail_msg("%s (%s): %s", x->name, how, there ? "is listed" : "is not listed");
	if (there && !str_is(line.status[0].status, x->says))
		fail_msg("%s (%s): " STR_FMT ", not %s", x->name, how,
			STR_ARG(line.status[0].status), x->says);
}

static void
a_list_says_of_a_person_what_its_events_say(void **state)
{
	size_t n = sizeof examples / sizeof *examples;
	uint64_t there[2][64];

	(void)state;
	assert_true(n <= 64);
	for (size_t i = 0; i < n; i++)
		for (int back = 0; back < 2; back++) {
			const struct example *x = &examples[i];
			uint64_t list = fx_list(str_fmt(a, "%zu %d", i, back).p), p;
			there[back][i] = p = fx_listed(list, 1, 2, "Vüqar", "Həsənov");
			for (size_t k = 0; k < EVENTS_MOST; k++) {
				size_t at = back ? EVENTS_MOST - 1 - k : k;
				if (x->events[at].type)
					fx_listed_event(list, 1, 2, p, x->events[at].type,
						x->events[at].date);
			}
			fx_version(list, 1, x->as_of);
		}
	for (size_t i = 0; i < n; i++)
		for (int back = 0; back < 2; back++)
			assert_example(&examples[i], there[back][i], back ? "backwards" : "as told");
}

static bool
listed_on(uint64_t p, const char *on, const char *heard)
{
	struct reg_line line;

	if (!fx_line(p, str_fmt(a, "on=%s", on).p, &line))
		return false;
	assert_str(day_iso(a, line.status[0].last_heard), heard);
	return true;
}

static void
a_list_speaks_from_the_version_that_names_somebody_to_the_last_that_does(void **state)
{
	uint64_t list = fx_list("Birlik"), p, q;

	(void)state;
	p = fx_listed(list, 1, 2, "Arzu", "Quliyeva");
	fx_version(list, 1, "2019-01-01");
	q = fx_listed(list, 2, 3, "Elnur", "Əliyev");
	fx_version(list, 2, "2019-06-01");
	assert_true(listed_on(p, "2019-03-01", "2019-01-01"));
	assert_false(listed_on(q, "2019-03-01", ""));
	assert_true(listed_on(q, "2019-06-01", "2019-06-01"));
	assert_true(listed_on(p, "2019-06-01", "2019-06-01"));
	/* Version 3 names only the second. */
	fx_amend(p, "unlisted", "3");
	fx_version(list, 3, "2020-01-01");
	assert_true(listed_on(p, "2020-03-01", "2019-06-01"));
	assert_true(listed_on(q, "2020-03-01", "2020-01-01"));
	/* A version that does not say as of when: as of when it came, 2026-09-21. */
	fx_version(list, 4, "");
	assert_true(listed_on(q, "2026-09-20", "2020-01-01"));
	assert_true(listed_on(q, "2026-09-21", "2026-09-21"));
}

static void
typed_in_by_hand_counts_from_the_day_it_was_recorded(void **state)
{
	uint64_t p = fx_person("Samir", "Bağırov"), q = fx_person("Rəna", "Səmədova");

	(void)state;
	fx_event(q, "arrest", "2019-05-01", "");
	assert_true(listed_on(p, "2026-09-21", "2026-09-21"));
	assert_false(listed_on(p, "2026-09-20", ""));
	assert_true(listed_on(q, "2020-01-01", "2019-05-01"));
	assert_false(listed_on(q, "2019-01-01", ""));
}

static void
counts_are_given_three_ways(void **state)
{
	uint64_t x = fx_list("Birlik"), y = fx_list("Nesim"), p[8];
	struct reg_filter f;
	struct reg_line *lines;
	struct reg_counts c;
	size_t n;

	(void)state;
	/* Two lists of 2020-01-01 on four people:
	 *   0: held, held   1: held, released   2: held, only listed   3: released, -
	 * and a list of 2018 that nobody has continued: 4: held. */
	uint64_t old = fx_list("Araz");
	for (unsigned i = 0; i < 4; i++)
		p[i] = fx_listed(x, 1, i + 2, "Sara", "Kərimli");
	for (unsigned i = 0; i < 3; i++)
		p[4 + i] = fx_listed(y, 1, i + 2, "سارا", "کریملی");
	p[7] = fx_listed(old, 1, 2, "Davud", "Rəhimi");
	for (unsigned i = 0; i < 3; i++)
		fx_listed_event(x, 1, i + 2, p[i], "arrest", "2019-01-01");
	fx_listed_event(x, 1, 5, p[3], "release", "2019-02-01");
	fx_listed_event(y, 1, 2, p[4], "custody", "");
	fx_listed_event(y, 1, 3, p[5], "release", "2019-12-01");
	fx_listed_event(old, 1, 2, p[7], "arrest", "2017-01-01");
	fx_version(x, 1, "2020-01-01");
	fx_version(y, 1, "2020-01-01");
	fx_version(old, 1, "2018-06-01");
	for (unsigned i = 0; i < 3; i++)
		fx_judge(p[i], p[4 + i], "same");
	assert_ok(reg_filter_parse(a, S("on=2020-03-27"), &f, &e));
	assert_ok(reg_list(a, r, &f, LANG_EN, &lines, &n, &c, &e));
	assert_int_equal(n, 5);
	assert_int_equal(c.persons, 5);
	assert_int_equal(c.records, 8);
	assert_int_equal(c.by_any, 4);
	assert_int_equal(c.by_every, 2);             /* the first, and the old list's one */
	assert_int_equal(c.stale, 1);
	assert_int_equal(c.unconfirmed, 5);
	assert_false(lines[0].disagree);
	assert_true(lines[1].disagree);
	/* With the status asked for: only those of whom at least one list says it. */
	assert_ok(reg_filter_parse(a, S("on=2020-03-27 status=released"), &f, &e));
	assert_ok(reg_list(a, r, &f, LANG_EN, &lines, &n, &c, &e));
	assert_int_equal(n, 2);
	assert_int_equal(c.by_any, 2);
	assert_int_equal(c.by_every, 1);
	assert_int_equal(c.stale, 0);
	/* The last day that is not more than twelve months ago. */
	assert_ok(reg_filter_parse(a, S("on=2019-06-01"), &f, &e));
	assert_ok(reg_list(a, r, &f, LANG_EN, &lines, &n, &c, &e));
	assert_int_equal(c.stale, 0);
	assert_ok(reg_filter_parse(a, S("on=2019-06-02"), &f, &e));
	assert_ok(reg_list(a, r, &f, LANG_EN, &lines, &n, &c, &e));
	assert_int_equal(c.stale, 1);
}

static void
where_somebody_is_follows_the_newest_move(void **state)
{
	uint64_t p = fx_person("Kamran", "Vəliyev");
	struct reg_line line;

	(void)state;
	fx_event(p, "transfer", "2019-06-01", "Təbriz");
	fx_event(p, "transfer", "2018-06-01", "Evin");
	fx_event(p, "custody", "", "Urmiya");
	fx_event(p, "arrest", "2019-07-01", "Polis");
	fx_event(p, "release", "2020-07-01", "Nowhere");
	assert_true(fx_line(p, "", &line));
	assert_str(line.facility, "Təbriz");
	assert_true(fx_line(p, "on=2018-12-31", &line));
	assert_str(line.facility, "Evin");
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fx_setup, fx_teardown)
	const struct CMUnitTest tests[] = {
		T(a_list_says_of_a_person_what_its_events_say),
		T(a_list_speaks_from_the_version_that_names_somebody_to_the_last_that_does),
		T(typed_in_by_hand_counts_from_the_day_it_was_recorded),
		T(counts_are_given_three_ways),
		T(where_somebody_is_follows_the_newest_move),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
