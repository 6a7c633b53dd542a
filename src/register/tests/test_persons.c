/* Persons' numbers and what became of them; and that a run of the linker yields to
 * people's judgements whatever comes first and whatever goes. */
#include "reg_fixture.h"

static uint64_t p[8];

static void
persons(size_t n)
{
	static const char *const names[] = {"Aydın", "Bəhruz", "Cavid", "Davud", "Elçin", "Fərid",
		"Gülnar", "Həsən"};

	for (size_t i = 0; i < n; i++)
		p[i] = fx_person(names[i], "Həsənov");
}

static struct reg_person_event *history;
static size_t n_history;

static void
load(uint64_t cluster)
{
	assert_ok(reg_person_events(a, r, cluster, &history, &n_history, &e));
}

/* "merged P-5 P-3 2": the i-th event of those loaded; numbers are indices in p. */
static void
assert_event(size_t i, const char *what, size_t was, size_t now, size_t records)
{
	assert_true(i < n_history);
	assert_str(history[i].what, what);
	assert_true(str_eq(history[i].was, reg_person_id(a, p[was])));
	assert_true(str_eq(history[i].now, reg_person_id(a, p[now])));
	assert_int_equal(history[i].records, records);
}

static void
a_merge_and_a_split_are_told_with_what_did_them(void **state)
{
	(void)state;
	persons(4);
	load(UINT64_MAX);
	assert_int_equal(n_history, 0);
	assert_ok(reg_judge(r, fx_id(p[1]), fx_id(p[0]), S("same"), S("her sister says so"), &e));
	uint64_t first = node_info(reg_node(r))->size - 1;
	assert_ok(reg_judge(r, fx_id(p[2]), fx_id(p[1]), S("same"), S(""), &e));
	assert_ok(reg_judge(r, fx_id(p[0]), fx_id(p[1]), S("not-same"), S("another man"), &e));
	load(UINT64_MAX);
	assert_int_equal(n_history, 3);
	assert_event(0, "merged", 1, 0, 1);
	assert_event(1, "merged", 2, 0, 1);
	assert_event(2, "split", 0, 1, 2);
	assert_int_equal(history[0].cause, first);
	assert_str(history[0].kind, "judgement");
	assert_str(history[0].by, "Ayla");
	assert_str(history[0].verdict, "same");
	assert_str(history[0].reason, "her sister says so");
	assert_str(history[2].reason, "another man");
	assert_true(str_eq(history[0].id, fx_id(first)));
	assert_int_equal(history[0].on.first, history[0].on.last);
	/* Of one person: what its numbers went through. */
	load(p[3]);
	assert_int_equal(n_history, 0);
	load(p[1]);
	assert_int_equal(n_history, 3);
	fx_assert_rebuilds("merges and a split");
}

static void
records_that_go_over_to_another_person_are_told(void **state)
{
	(void)state;
	persons(5);
	fx_judge(p[0], p[2], "same");
	fx_judge(p[1], p[3], "same");
	load(UINT64_MAX);
	size_t before = n_history;
	/* One run takes C from A to B, and D out of B. */
	fx_judge(p[0], p[2], "not-same");
	fx_judge(p[1], p[3], "unsure");
	fx_run((uint64_t[]){p[1], p[2]}, 2);
	load(UINT64_MAX);
	assert_int_equal(n_history, before + 3);
	assert_event(before, "split", 0, 2, 1);
	assert_event(before + 1, "split", 1, 3, 1);
	assert_event(before + 2, "merged", 2, 1, 1);
	assert_str(history[before + 2].kind, "linker-run");
	fx_run((uint64_t[]){p[0], p[1]}, 2);
	fx_run((uint64_t[]){p[1], p[2], p[4]}, 3);
	before = n_history;
	load(UINT64_MAX);
	/* First B goes to A and C stands alone; then B comes out, with C and E. */
	assert_int_equal(n_history, before + 5);
	assert_event(before, "merged", 1, 0, 1);
	assert_event(before + 1, "split", 1, 2, 1);
	assert_event(before + 2, "split", 0, 1, 1);
	fx_assert_rebuilds("runs that disagree");
}

static void
a_number_whose_record_was_taken_back_leads_to_who_is_left(void **state)
{
	uint64_t list = fx_list("Araz"), cluster;
	struct str said;

	(void)state;
	p[0] = fx_listed(list, 1, 2, "Sara", "Kərimli");
	uint64_t version = fx_version(list, 1, "2020-01-01");
	p[1] = fx_person("Sara", "Kerimli");
	p[2] = fx_person("سارا", "کریملی");
	fx_judge(p[0], p[1], "same");
	fx_judge(p[2], p[0], "same");
	fx_judge(p[2], p[1], "same");
	assert_ok(reg_undo(a, r, fx_id(version), S("wrong list"), &said, &e));
	assert_ok(reg_find_person(r, reg_person_id(a, p[0]), &cluster, &e));
	assert_int_equal(cluster, p[1]);
	load(p[1]);
	assert_event(n_history - 1, "renamed", 0, 1, 2);
	assert_str(history[n_history - 1].reason, "wrong list");
	/* And on, to what that number is by then. */
	p[3] = fx_person("Ləman", "Kərimli");
	fx_judge(p[1], p[3], "same");
	fx_judge(p[1], p[2], "not-same");
	assert_int_equal(fx_cluster(p[0]), p[1]);
	struct reg_line line;
	assert_true(fx_line(p[1], str_fmt(a, "person=P-%llu", (unsigned long long)p[0]).p, &line));
	struct reg_filter f = {.search = reg_person_id(a, p[0]), .on = DAY_MAX};
	struct reg_line *lines;
	size_t n;
	assert_ok(reg_list(a, r, &f, LANG_EN, &lines, &n, NULL, &e));
	assert_int_equal(n, 1);
	assert_int_equal(lines[0].cluster, p[1]);
	fx_assert_rebuilds("a number without its record");
}

static void
a_number_that_lived_again_and_went_leads_nowhere(void **state)
{
	uint64_t list = fx_list("Araz"), cluster;
	struct str said;

	(void)state;
	p[0] = fx_person("Sara", "Kərimli");
	p[1] = fx_listed(list, 1, 2, "Sara", "Kərimli");
	uint64_t version = fx_version(list, 1, "2020-01-01");
	fx_judge(p[0], p[1], "same");
	fx_judge(p[0], p[1], "not-same");
	assert_ok(reg_undo(a, r, fx_id(version), S("wrong list"), &said, &e));
	assert_status(reg_find_person(r, reg_person_id(a, p[1]), &cluster, &e), NO);
}

static uint64_t seed = 17;

static size_t
pick(size_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(seed >> 33) % n;
}

static void
append_judgement(size_t l, size_t k)
{
	static const char *const verdicts[] = {"same", "same", "not-same", "unsure"};
	struct draft d = fx_draft("judgement");

	fx_refer(&d, "left", p[l]);
	fx_refer(&d, "right", p[k]);
	fx_put(&d, "verdict", verdicts[pick(4)]);
	assert_ok(node_append(reg_node(r), &d, 1, NULL, NULL, &e));
}

static void
the_history_does_not_depend_on_how_many_records_came_at_a_time(void **state)
{
	(void)state;
	persons(8);
	for (size_t i = 0; i < 120; i++) {
		size_t l = pick(8), k = (l + 1 + pick(7)) % 8;
		append_judgement(l, k);
		if (pick(5) == 0)
			assert_ok(reg_follow(r, &e));
		if (pick(9) == 0)
			fx_run(p, 2 + pick(6));
		if (pick(7) == 0)
			fx_assert_whole("a few judgements");
	}
	assert_ok(reg_follow(r, &e));
	load(UINT64_MAX);
	assert_true(n_history > 20);
	fx_assert_rebuilds("a hundred judgements and some runs");
}

/* --- the linker yields -------------------------------------------------------------------- */

/* A register that the linker has something to say about: n people, each on two lists. */
static void
two_lists(size_t n)
{
	static const char *const given[] = {"Aydın", "Bəhruz", "Cavid", "Davud", "Elçin", "Fərid",
		"Gülnar", "Həsən", "İlham", "Kamran", "Leyla", "Murad"};
	static const char *const family[] = {"Qaradağlı", "Rəhimi", "Soltani", "Təbrizli",
		"Urmulu", "Vəliyev", "Yusifi", "Zəngani", "Əhmədi", "Şirazi", "Çələbi", "Ərdəbili"};
	uint64_t lists[2] = {fx_list("Birlik"), fx_list("Nesim")};

	for (unsigned l = 0; l < 2; l++) {
		for (unsigned i = 0; i < n; i++) {
			struct draft d = fx_draft("person");
			fx_put(&d, "given", given[i]);
			fx_put(&d, "family", family[i]);
			fx_put(&d, "birth", str_fmt(a, "19%02u-%02u-%02u", 60 + 3 * i, 1 + i % 12,
				1 + 2 * i).p);
			fx_row(&d, lists[l], 1, 2 + i);
			uint64_t pos = fx_write(&d);
			if (i < 4)
				p[4 * l + i] = pos;
		}
	}
	fx_version(lists[0], 1, "2020-01-01");
	p[7] = fx_version(lists[1], 1, "2020-01-01");
}

static void
run_linker(void)
{
	struct reg_link_report report;
	enum status st = reg_link(a, r, &report, &e);

	if (st != OK && st != NO)
		fail_msg("%s", e.text);
}

static bool
one(size_t x, size_t y)
{
	return fx_cluster(p[x]) == fx_cluster(p[y]);
}

/* p[i] and p[4 + i] are the same by the linker; p[7] is the second list's version. */
static void
a_run_yields_to_judgements_before_and_after_it(void **state)
{
	(void)state;
	two_lists(12);
	uint64_t x = fx_person("Nigar", "Abbasova"), y = fx_person("Səyavuş", "Muxtarov");
	fx_judge(p[0], p[4], "not-same");
	fx_judge(x, y, "same");
	run_linker();
	assert_false(one(0, 4));
	assert_int_equal(fx_cluster(y), x);
	assert_true(one(1, 5));
	assert_true(one(2, 6));
	/* After it. */
	fx_judge(p[5], p[1], "not-same");
	assert_false(one(1, 5));
	fx_judge(p[0], p[5], "same");
	assert_true(one(0, 5));
	/* And a new run, with another record to make it differ, changes nothing of it. */
	fx_person("Rəna", "Səmədova");
	run_linker();
	assert_false(one(0, 4));
	assert_false(one(1, 5));
	assert_true(one(0, 5));
	assert_int_equal(fx_cluster(y), x);
	assert_true(one(2, 6));
	fx_assert_whole("two runs and judgements");
	fx_assert_rebuilds("two runs and judgements");
}

static void
unsure_changes_nothing_and_what_is_withdrawn_is_forgotten(void **state)
{
	(void)state;
	two_lists(12);
	run_linker();
	assert_true(one(0, 4));
	fx_judge(p[0], p[4], "unsure");
	assert_true(one(0, 4));
	fx_judge(p[0], p[1], "unsure");
	assert_false(one(0, 1));
	uint64_t apart = fx_judge(p[0], p[4], "not-same");
	assert_false(one(0, 4));
	fx_amend(apart, "verdict", "");
	assert_true(one(0, 4));
	uint64_t same = fx_judge(p[0], p[1], "same");
	assert_true(one(4, 1));
	fx_amend(same, "verdict", "");
	assert_false(one(0, 1));
	run_linker();
	assert_true(one(0, 4));
	assert_false(one(0, 1));
	fx_assert_rebuilds("unsure and withdrawn");
}

static void
what_was_judged_stands_when_records_go(void **state)
{
	struct str said;

	(void)state;
	two_lists(12);
	p[3] = fx_person("Aydın", "Qaradağlı");
	run_linker();
	fx_judge(p[3], p[0], "same");
	fx_judge(p[3], p[1], "not-same");
	fx_judge(p[4], p[1], "same");
	/* The newest word: D is not B, E is B; so E is not A's any more. */
	assert_false(one(3, 1));
	assert_true(one(4, 1));
	assert_true(one(0, 3));
	/* The second list goes, and E with it. */
	assert_ok(reg_undo(a, r, fx_id(p[7]), S("wrong list"), &said, &e));
	assert_true(one(0, 3));
	assert_false(one(1, 3));
	fx_assert_rebuilds("an import undone");
	run_linker();
	assert_true(one(0, 3));
	assert_false(one(1, 3));
	/* A is erased, with what was judged of it; what was judged of D stands. */
	uint64_t *pos;
	struct str *lines;
	size_t n;
	assert_ok(reg_erase_plan(a, r, fx_id(p[0]), &pos, &n, &lines, &e));
	fx_erase(pos, n);
	assert_int_equal(fx_cluster(p[3]), p[3]);
	assert_false(one(1, 3));
	run_linker();
	assert_false(one(1, 3));
	fx_assert_whole("an erasure");
	fx_assert_rebuilds("an erasure");
}

static void
two_runs_need_only_the_last_ones_pairs(void **state)
{
	struct bytes blob;

	(void)state;
	two_lists(12);
	run_linker();
	uint64_t first = node_info(reg_node(r))->size - 1;
	fx_judge(p[0], p[4], "not-same");
	run_linker();
	struct record run = fx_get(first);
	assert_int_equal(run.kind, kind_number("linker-run"));
	assert_status(node_blob(a, reg_node(r), &run, field_slot("linker-run", "blob"), &blob, &e),
		NO);
	load(p[0]);
	assert_event(n_history - 2, "merged", 4, 0, 1);
	assert_event(n_history - 1, "split", 0, 4, 1);
	fx_assert_rebuilds("a run whose pairs are gone");
	load(p[0]);
	assert_event(n_history - 2, "merged", 4, 0, 1);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fx_setup, fx_teardown)
	const struct CMUnitTest tests[] = {
		T(a_merge_and_a_split_are_told_with_what_did_them),
		T(records_that_go_over_to_another_person_are_told),
		T(a_number_whose_record_was_taken_back_leads_to_who_is_left),
		T(a_number_that_lived_again_and_went_leads_nowhere),
		T(the_history_does_not_depend_on_how_many_records_came_at_a_time),
		T(a_run_yields_to_judgements_before_and_after_it),
		T(unsure_changes_nothing_and_what_is_withdrawn_is_forgotten),
		T(what_was_judged_stands_when_records_go),
		T(two_runs_need_only_the_last_ones_pairs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
