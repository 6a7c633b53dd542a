/* Who is who: people's verdicts win over the linker, newer ones over older. */
#include "reg_fixture.h"

static uint64_t p[6];                /* A … F */

static void
six_persons(void)
{
	static const char *const names[] = {"Aydın", "Bəhruz", "Cavid", "Davud", "Elçin", "Fərid"};

	for (size_t i = 0; i < 6; i++)
		p[i] = fx_person(names[i], "Həsənov");
}

/* "AAC": the first two are the first one's, the third its own. */
static void
assert_clusters(const char *want)
{
	char is[8] = {0};

	for (size_t i = 0; want[i]; i++)
		for (size_t k = 0; k < 6; k++)
			if (p[k] == fx_cluster(p[i]))
				is[i] = (char)('A' + k);
	assert_string_equal(is, want);
}

static void
a_verdict_wins_over_the_linker(void **state)
{
	(void)state;
	six_persons();
	fx_run(p, 3);
	assert_clusters("AAADEF");
	fx_judge(p[3], p[4], "same");
	assert_clusters("AAADDF");
	fx_judge(p[2], p[0], "not-same");
	/* The links are A-B (stronger) and B-C. */
	assert_clusters("AACDDF");
	fx_judge(p[4], p[1], "same");
	assert_clusters("AACAAF");
	/* A later run does not undo what people said. */
	fx_run(p, 6);
	assert_clusters("AACAAA");
}

static void
the_newest_verdict_on_a_pair_counts(void **state)
{
	(void)state;
	six_persons();
	fx_judge(p[0], p[1], "same");
	assert_clusters("AACDEF");
	fx_judge(p[1], p[0], "not-same");
	assert_clusters("ABCDEF");
	fx_judge(p[0], p[1], "same");
	assert_clusters("AACDEF");
	fx_judge(p[0], p[1], "unsure");
	assert_clusters("ABCDEF");
}

static void
same_joins_across_the_linkers_clusters(void **state)
{
	(void)state;
	six_persons();
	fx_run(p, 3);
	fx_judge(p[2], p[5], "same");
	assert_clusters("AAADEA");
	assert_int_equal(fx_cluster(p[5]), p[0]);
}

static void
of_contradicting_verdicts_the_newer_hold(void **state)
{
	(void)state;
	six_persons();
	fx_judge(p[0], p[1], "same");
	fx_judge(p[1], p[2], "same");
	fx_judge(p[0], p[2], "not-same");
	/* A is not C is newest, then B is C; A is B contradicts the two. */
	assert_clusters("ABBDEF");
	fx_judge(p[0], p[1], "same");
	assert_clusters("AACDEF");
	fx_judge(p[1], p[2], "same");
	assert_clusters("AAADEF");
	/* And the matcher can still be run. */
	struct reg_link_report report;
	enum status st = reg_link(a, r, &report, &e);
	assert_true(st == OK || st == NO);
	assert_clusters("AAA");
}

static void
a_person_keeps_the_number_of_the_record_that_came_first(void **state)
{
	uint64_t cluster;

	(void)state;
	six_persons();
	fx_judge(p[3], p[1], "same");
	fx_judge(p[5], p[3], "same");
	/* Every former number finds it. */
	assert_clusters("ABCBEB");
	assert_ok(reg_find_person(r, fx_id(p[5]), &cluster, &e));
	assert_int_equal(cluster, p[1]);
	/* After a split the part with that record keeps it. */
	fx_judge(p[3], p[1], "not-same");
	assert_clusters("ABCDED");
}

static void
what_is_said_of_a_merged_number_stays_with_its_record(void **state)
{
	struct str id;
	uint8_t hash[SEAL_HASH];
	struct reg_line line;

	(void)state;
	six_persons();
	fx_judge(p[0], p[1], "same");
	id = reg_person_id(a, p[1]);
	const struct reg_change c[] = {{S("person"), id}, {S("type"), S("release")},
		{S("date"), S("2020-01-01")}};
	assert_ok(reg_add(r, S("event"), c, 3, hash, &e));
	fx_judge(p[0], p[1], "not-same");
	assert_true(fx_line(p[1], "", &line));
	assert_str(line.status[0].status, "released");
	assert_true(fx_line(p[0], "", &line));
	assert_str(line.status[0].status, "listed");
}

static void
an_id_must_be_one_and_a_persons(void **state)
{
	uint64_t pos, event;

	(void)state;
	six_persons();
	event = fx_event(p[0], "arrest", "", "");
	assert_status(reg_find_person(r, S("P-"), &pos, &e), BAD);
	assert_status(reg_find_person(r, S("P-x"), &pos, &e), BAD);
	assert_status(reg_find_person(r, S("P-99999999999999999999"), &pos, &e), BAD);
	assert_status(reg_find_person(r, S("P-18446744073709551615"), &pos, &e), BAD);
	assert_status(reg_find_person(r, S("P-999999"), &pos, &e), NO);
	assert_status(reg_find_person(r, reg_person_id(a, event), &pos, &e), NO);
	assert_status(reg_find_person(r, fx_id(event), &pos, &e), NO);
	assert_status(reg_judge(r, fx_id(p[0]), fx_id(p[0]), S("same"), S(""), &e), BAD);
	assert_status(reg_judge(r, fx_id(p[0]), fx_id(event), S("same"), S(""), &e), BAD);
	assert_status(reg_judge(r, fx_id(p[0]), fx_id(p[1]), S("perhaps"), S(""), &e), BAD);
}

/* The rule by brute force: newest verdicts first, each kept unless it contradicts. */
static void
random_verdicts_never_bring_the_kept_apart_together(void **state)
{
	static uint64_t q[24];
	struct { size_t l, r; bool same; } said[120];
	uint64_t seed = 7;

	(void)state;
	for (size_t i = 0; i < 24; i++)
		q[i] = fx_person("Nigar", "Quliyeva");
	for (size_t i = 0; i < 120; i++) {
		size_t v[3];
		for (size_t k = 0; k < 3; k++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			v[k] = (size_t)(seed >> 33);
		}
		said[i].l = v[0] % 24;
		said[i].r = (said[i].l + 1 + v[1] % 23) % 24;
		said[i].same = v[2] % 3 > 0;
		struct draft d = fx_draft("judgement");
		fx_refer(&d, "left", q[said[i].l]);
		fx_refer(&d, "right", q[said[i].r]);
		fx_put(&d, "verdict", said[i].same ? "same" : "not-same");
		assert_ok(node_append(reg_node(r), &d, 1, NULL, NULL, &e));
	}
	assert_ok(reg_follow(r, &e));
	size_t label[24];
	bool apart[24][24] = {{false}};
	for (size_t i = 0; i < 24; i++)
		label[i] = i;
	for (size_t i = 120; i-- > 0;) {
		size_t x = label[said[i].l], y = label[said[i].r];
		bool newest = true;
		for (size_t k = i + 1; k < 120; k++)
			newest = newest && !((said[k].l == said[i].l && said[k].r == said[i].r)
				|| (said[k].l == said[i].r && said[k].r == said[i].l));
		if (!newest)
			continue;
		bool clash = false;
		for (size_t l = 0; l < 24; l++)
			for (size_t m = 0; m < 24; m++)
				clash = clash || (label[l] == x && label[m] == y
					&& (said[i].same ? apart[l][m] : x == y));
		if (clash)
			continue;
		if (!said[i].same)
			apart[said[i].l][said[i].r] = apart[said[i].r][said[i].l] = true;
		for (size_t l = 0; l < 24 && said[i].same; l++)
			if (label[l] == y)
				label[l] = x;
	}
	for (size_t l = 0; l < 24; l++)
		for (size_t m = 0; m < 24; m++)
			assert_int_equal(label[l] == label[m], fx_cluster(q[l]) == fx_cluster(q[m]));
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fx_setup, fx_teardown)
	const struct CMUnitTest tests[] = {
		T(a_verdict_wins_over_the_linker),
		T(the_newest_verdict_on_a_pair_counts),
		T(same_joins_across_the_linkers_clusters),
		T(of_contradicting_verdicts_the_newer_hold),
		T(a_person_keeps_the_number_of_the_record_that_came_first),
		T(what_is_said_of_a_merged_number_stays_with_its_record),
		T(an_id_must_be_one_and_a_persons),
		T(random_verdicts_never_bring_the_kept_apart_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
