/* The linker as a whole: what must hold whatever the data. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "world.h"

enum { MEMORY = 512 << 20 };

static struct match_result
run(struct arena *a, const struct match_input *in)
{
	struct match_result r;
	struct err e;

	if (match_run(a, in, NULL, &r, &e) != OK)
		fail_msg("%s", e.text);
	return r;
}

static struct match_input
input_of(const struct world *w)
{
	return (struct match_input){.persons = w->p, .n = w->n, .n_lists = 3};
}

static void
three_scripts_are_linked_from_thirty_to_five_thousand(void **state)
{
	static const size_t sizes[] = {30, 300, 5000};
	static const bool unique[3] = {true, true, true};

	for (size_t i = 0; i < 3; i++) {
		struct arena *a = arena_create(MEMORY);
		struct world w = world_of(a, sizes[i], 5 + i);
		struct match_input in = input_of(&w);
		in.list_unique = unique;
		struct match_result r = run(a, &in);
		struct match_score s = match_score_truth(r.cluster, w.truth, w.n);
		if (s.f1 < 0.95)
			print_message("%zu people: F1 %.3f P %.3f R %.3f\n", sizes[i], s.f1,
				s.precision, s.recall);
		assert_true(s.f1 >= 0.95);
		/* What it says of itself is not far off. */
		assert_true(r.precision > s.precision - 0.1 && r.precision < s.precision + 0.1);
		arena_destroy(a);
	}
	(void)state;
}

static void
order_of_records_and_lists_does_not_matter(void **state)
{
	struct arena *a = arena_create(MEMORY);
	struct world w = world_of(a, 800, 9);
	struct match_input in = input_of(&w);
	struct match_result r = run(a, &in);
	struct match_person *shuffled = NEWS(a, struct match_person, w.n);
	uint32_t *from = NEWS(a, uint32_t, w.n), *to = NEWS(a, uint32_t, w.n);
	uint64_t seed = 77;

	for (uint32_t i = 0; i < w.n; i++)
		from[i] = i;
	for (size_t i = w.n; i > 1; i--) {
		size_t j = chance(&seed) % i;
		uint32_t t = from[i - 1];
		from[i - 1] = from[j];
		from[j] = t;
	}
	for (uint32_t i = 0; i < w.n; i++) {
		shuffled[i] = w.p[from[i]];
		shuffled[i].list = (shuffled[i].list + 1) % 3;
		to[from[i]] = i;
	}
	in.persons = shuffled;
	struct match_result q = run(a, &in);
	assert_int_equal(q.n_clusters, r.n_clusters);
	assert_int_equal(q.n_pairs, r.n_pairs);
	assert_memory_equal(&q.model, &r.model, sizeof r.model);
	for (size_t i = 0; i < w.n; i++)
		assert_int_equal(q.cluster[to[i]] == q.cluster[to[r.cluster[i]]], 1);
	arena_destroy(a);
	(void)state;
}

/* ي or ی, ı or i: folded away, but they tell how the rest is read. */
static void
which_spelling_comes_first_does_not_matter(void **state)
{
	static const char *const spelled[][2] = {
		{"فيروزجي", "فیروزجی"}, {"Arıc", "Aric"}, {"Əli Cəlil", "Əlı Cəlil"},
		{"مكه", "مکه"}, {"İlgar", "ilgar"},
	};

	for (size_t i = 0; i < sizeof spelled / sizeof *spelled; i++) {
		struct match_table *t[2] = {match_table_create(), match_table_create()};
		uint32_t text[2], place[2];
		for (size_t k = 0; k < 2; k++)
			for (size_t s = 0; s < 2; s++) {
				text[k] = match_table_text(t[k], str_of(spelled[i][k ^ s]));
				place[k] = match_table_place(t[k], str_of(spelled[i][k ^ s]));
			}
		assert_int_equal(text[0], text[1]);
		assert_int_equal(place[0], place[1]);
		assert_memory_equal(&t[0]->d.keys[text[0]], &t[1]->d.keys[text[0]],
			sizeof *t[0]->d.keys);
		assert_memory_equal(&t[0]->d.keys[place[0]], &t[1]->d.keys[place[0]],
			sizeof *t[0]->d.keys);
		match_table_destroy(t[0]);
		match_table_destroy(t[1]);
	}
	(void)state;
}

static void
threads_do_not_matter(void **state)
{
	struct arena *a = arena_create(MEMORY);
	struct world w = world_of(a, 4000, 17);
	struct match_input in = input_of(&w);
	struct match_result first, r;
	struct err e;

	for (unsigned threads = 1; threads <= 5; threads += 2) {
		struct match_options o = {.cluster_weight = NAN, .threads = threads};
		if (match_run(a, &in, &o, &r, &e) != OK)
			fail_msg("%s", e.text);
		if (threads == 1)
			first = r;
		assert_int_equal(r.n_pairs, first.n_pairs);
		assert_int_equal(r.compared, first.compared);
		assert_memory_equal(r.pairs, first.pairs, r.n_pairs * sizeof *r.pairs);
		assert_memory_equal(r.cluster, first.cluster, w.n * sizeof *r.cluster);
		assert_memory_equal(&r.model, &first.model, sizeof r.model);
		assert_memory_equal(&r.pass, &first.pass, sizeof r.pass);
		assert_true(r.precision == first.precision && r.recall == first.recall);
	}
	arena_destroy(a);
	(void)state;
}

static void
people_s_judgements_always_win(void **state)
{
	struct arena *a = arena_create(MEMORY);
	struct world w = world_of(a, 60, 3);
	struct match_input in = input_of(&w);
	static const bool unique[3] = {true, true, true};
	struct match_result r;
	struct match_pair same[2] = {{0, 0}}, apart[2] = {{0, 0}};
	struct err e;

	in.list_unique = unique;
	r = run(a, &in);
	/* Tear two apart that it joined; join two of one list that it never would. */
	for (uint32_t i = 0; i < w.n; i++)
		if (r.cluster[i] != i)
			apart[0] = (struct match_pair){i, r.cluster[i]};
	for (uint32_t i = 1; i < w.n; i++)
		if (w.p[i].list == w.p[0].list)
			same[0] = (struct match_pair){0, i};
	in.same = same;
	in.not_same = apart;
	in.n_same = in.n_not_same = 1;
	r = run(a, &in);
	assert_int_not_equal(r.cluster[apart[0].left], r.cluster[apart[0].right]);
	assert_int_equal(r.cluster[same[0].left], r.cluster[same[0].right]);
	/* A contradiction through a third person is told, not solved. */
	same[0] = (struct match_pair){0, 1};
	same[1] = (struct match_pair){1, 2};
	apart[0] = (struct match_pair){2, 0};
	in.n_same = 2;
	assert_int_equal(match_run(a, &in, NULL, &r, &e), BAD);
	assert_non_null(strstr(e.text, "judged not the same"));
	same[0].left = (uint32_t)w.n;
	assert_int_equal(match_run(a, &in, NULL, &r, &e), BAD);
	arena_destroy(a);
	(void)state;
}

static void
a_list_free_of_duplicates_gives_one_record_at_most(void **state)
{
	struct arena *a = arena_create(MEMORY);
	struct world w = world_of(a, 400, 21);
	bool unique[3] = {false, true, false};
	struct match_input in = input_of(&w);
	bool *seen;
	struct match_result r;

	/* Twins of the second list's first people, which would be joined otherwise. */
	for (size_t i = 0, n = w.n; i < n && w.n < n + 20; i++)
		if (w.p[i].list == 1 && w.n < 1200)
			w.p[w.n++] = w.p[i];
	in.n = w.n;
	in.list_unique = unique;
	seen = NEWS(a, bool, w.n);
	r = run(a, &in);
	for (size_t i = 0; i < w.n; i++)
		if (w.p[i].list == 1) {
			assert_false(seen[r.cluster[i]]);
			seen[r.cluster[i]] = true;
		}
	arena_destroy(a);
	(void)state;
}

/* ---- The model ------------------------------------------------------------------------ */

static void
em_never_loses_likelihood(void **state)
{
	uint64_t pattern[300], count[300], seed = 4;
	struct histogram h = {pattern, count, 0};
	double trace[100], total = 0;

	for (unsigned trial = 0; trial < 20; trial++) {
		struct match_model m = match_model_default();
		h.n = 0;
		total = 100000;
		for (unsigned i = 0; i < 300; i++) {
			pattern[i] = 0;
			for (unsigned f = 0; f < MATCH_FIELDS; f++)
				pattern[i] |= chance(&seed) % match_field_levels(f) << 4 * f;
			count[i] = chance(&seed) % 200;
			total += (double)count[i];
			h.n++;
		}
		unsigned n = em_run(&h, total, &m, trace, 100);
		assert_true(n > 1);
		for (unsigned i = 1; i < n && i < 100; i++)
			assert_true(trace[i] >= trace[i - 1] - 1e-9 * fabs(trace[i - 1]));
		for (unsigned f = 0; f < MATCH_FIELDS; f++) {
			double sum = 0;
			for (unsigned l = 1; l < MATCH_LEVELS; l++)
				sum += m.m[f][l];
			assert_true(fabs(sum - 1) < 1e-9);
		}
	}
	(void)state;
}

/* By hand: prior 1/1025, so log2 odds = log2(1/1024) = -10; sex same m 0.98, u 0.49:
 * weight 1; code same m 0.96, u 0.00006: log2 16000 = 13.9658; birth missing: nothing.
 * Total 4.9658 bits, probability 2^4.9658 / (1 + 2^4.9658) = 0.96899. */
static void
a_pair_weighs_what_a_hand_computes(void **state)
{
	struct match_model m = match_model_default();
	struct match_person l = {.sex = 'f', .code = S("0071234567"), .birth = MATCH_NO_DAYS,
		.event = {MATCH_NO_DAYS, MATCH_NO_DAYS, MATCH_NO_DAYS}};
	struct match_person r = l;
	struct match_explanation x;

	m.prior = 1.0 / 1025;
	m.m[MATCH_F_SEX][1] = .02;
	m.m[MATCH_F_SEX][2] = .98;
	m.u[MATCH_F_SEX][1] = .51;
	m.u[MATCH_F_SEX][2] = .49;
	m.m[MATCH_F_CODE][3] = .96;
	m.u[MATCH_F_CODE][3] = .00006;
	l.birth = (struct match_days){100, 100};
	x = match_pair_explain(&l, &r, &m);
	assert_int_equal(x.level[MATCH_F_SEX], 2);
	assert_int_equal(x.level[MATCH_F_CODE], 3);
	assert_int_equal(x.level[MATCH_F_BIRTH], 0);
	assert_true(fabs(x.weight[MATCH_F_SEX] - 1) < .001);
	assert_true(fabs(x.weight[MATCH_F_CODE] - 13.9658) < .001);
	assert_true(x.weight[MATCH_F_BIRTH] == 0);
	assert_true(fabs(x.total - 4.9658) < .002);
	assert_true(fabs(x.probability - .96899) < .0005);
	(void)state;
}

static void
more_agreement_never_weighs_less(void **state)
{
	struct match_model m = match_model_default();
	struct weights w;

	/* Even from a model that says otherwise. */
	m.m[MATCH_F_GIVEN][3] = .5;
	m.u[MATCH_F_GIVEN][3] = .001;
	weights_of(NULL, &m, &w);
	for (unsigned l = 2; l < 6; l++) {
		assert_true(w.w[MATCH_F_GIVEN][l] >= w.w[MATCH_F_GIVEN][l - 1]);
		assert_true(w.w[MATCH_F_FAMILY][l] >= w.w[MATCH_F_FAMILY][l - 1]);
	}
	(void)state;
}

static void
fields_come_to_their_levels(void **state)
{
	struct match_person l = {.given = S("Hüseyn"), .family = S("Əliyev"), .sex = 'm',
		.birth = {0, 0}, .event = {{18000, 18000}, MATCH_NO_DAYS, {19000, 19000}}};
	struct match_person r = {.given = S("علی‌اف"), .family = S("حسین"), .sex = 'f',
		.birth = {-100, 264}, .event = {{18000, 18010}, MATCH_NO_DAYS, {19100, 19100}}};
	struct match_model m = match_model_default();
	struct match_explanation x = match_pair_explain(&l, &r, &m), y;

	assert_int_equal(x.level[MATCH_F_ORDER], 1);          /* swapped, and seen so */
	assert_true(x.level[MATCH_F_GIVEN] >= 4 && x.level[MATCH_F_FAMILY] >= 4);
	assert_int_equal(x.level[MATCH_F_SEX], 1);
	assert_int_equal(x.level[MATCH_F_BIRTH], 4);          /* a year that fits */
	assert_int_equal(x.level[MATCH_F_ARREST], 3);
	assert_int_equal(x.level[MATCH_F_RELEASE], 0);
	assert_int_equal(x.level[MATCH_F_DEATH], 1);          /* one dies once */
	assert_true(x.weight[MATCH_F_DEATH] < -2);
	y = match_pair_explain(&r, &l, &m);
	assert_memory_equal(&x, &y, sizeof x);
	/* 3 April and 4 March 1985: day and month exchanged. */
	l.birth = (struct match_days){5571, 5571};
	r.birth = (struct match_days){5541, 5541};
	x = match_pair_explain(&l, &r, &m);
	assert_int_equal(x.level[MATCH_F_BIRTH], 6);
	/* A whole name in the order of Azerbaijani documents. */
	l = (struct match_person){.whole = S("Əliyev Hüseyn Kərim oğlu"), .birth = MATCH_NO_DAYS,
		.event = {MATCH_NO_DAYS, MATCH_NO_DAYS, MATCH_NO_DAYS}};
	r = (struct match_person){.given = S("Hossein"), .family = S("Aliyev"),
		.father = S("Karim"), .birth = MATCH_NO_DAYS,
		.event = {MATCH_NO_DAYS, MATCH_NO_DAYS, MATCH_NO_DAYS}};
	x = match_pair_explain(&l, &r, &m);
	assert_true(x.level[MATCH_F_GIVEN] >= 4 && x.level[MATCH_F_FAMILY] >= 4);
	assert_true(x.level[MATCH_F_FATHER] >= 4);
	(void)state;
}

/* ---- Hostile data ---------------------------------------------------------------------- */

static void
one_name_a_hundred_thousand_times_ends_soon(void **state)
{
	enum { N = 100000 };
	struct arena *a = arena_create(MEMORY);
	struct match_person *p = NEWS(a, struct match_person, N);
	struct match_input in = {.persons = p, .n = N};

	for (size_t i = 0; i < N; i++) {
		p[i] = (struct match_person){.given = S("Məhəmməd"), .family = S("Əliyev"),
			.birth = MATCH_NO_DAYS,
			.event = {MATCH_NO_DAYS, MATCH_NO_DAYS, MATCH_NO_DAYS}};
	}
	struct match_result r = run(a, &in);
	assert_true(r.compared < 20 * (uint64_t)N);
	arena_destroy(a);
	(void)state;
}

/* Everybody is called the same and only years of birth differ: nothing says that two are
 * one, and nothing is claimed of how right that is. */
static void
a_year_of_birth_alone_joins_nobody(void **state)
{
	enum { N = 3000 };
	struct arena *a = arena_create(MEMORY);
	struct match_person *p = NEWS(a, struct match_person, N);
	struct match_input in = {.persons = p, .n = N};
	struct match_result r;
	struct err e;
	uint64_t seed = 5;

	(void)state;
	for (size_t i = 0; i < N; i++) {
		int32_t year = 3000 + 365 * (int32_t)(chance(&seed) % 50);
		p[i] = (struct match_person){.given = S("Ali"), .family = S("Mohammadi"),
			.place = S("Tehran"), .birth = {year, year + 364}};
		for (size_t k = 0; k < MATCH_EVENTS; k++)
			p[i].event[k] = MATCH_NO_DAYS;
	}
	assert_int_equal(match_run(a, &in, NULL, &r, &e), OK);
	assert_int_equal(r.n_clusters, N);
	assert_false(r.model.identified);
	assert_true(isnan(r.precision) && isnan(r.recall));
	assert_non_null(r.note);
	arena_destroy(a);
}

static void
empty_and_odd_records_do_no_harm(void **state)
{
	static const char *const odd[] = {"", " ", "--", "\xe2\x80\x8f", "漢字", "١٢", "oğlu",
		"bin", "a,b", ",", "x y z", "al", "Ali bin", "бин"};
	struct arena *a = arena_create(MEMORY);
	enum { N = 1400 };
	struct match_person *p = NEWS(a, struct match_person, N);
	static char big[10000];
	struct match_input in = {.persons = p, .n = N};

	memset(big, 'k', sizeof big);
	for (size_t i = 0; i < N; i++) {
		p[i] = (struct match_person){.whole = str_of(odd[i % 14]),
			.code = str_of(odd[i / 14 % 14]), .birth = MATCH_NO_DAYS,
			.event = {MATCH_NO_DAYS, MATCH_NO_DAYS, MATCH_NO_DAYS}};
		if (i % 97 == 0)
			p[i].given = (struct str){big, sizeof big};
		if (i % 5 == 0)
			p[i].birth = (struct match_days){DAY_MIN, DAY_MAX};
	}
	run(a, &in);
	in.n = 0;
	assert_int_equal(run(a, &in).n_clusters, 0);
	in.n = 1;
	assert_int_equal(run(a, &in).n_clusters, 1);
	in.n = 5;
	p[4].list = 9;
	struct match_result r;
	assert_int_equal(match_run(a, &in, NULL, &r, NULL), BAD);
	arena_destroy(a);
	(void)state;
}

/* ---- Assignment, truth ------------------------------------------------------------------ */

/* Lists of the same people; on one record in four the given name is missing. */
static void
believed_recall_counts_what_no_pass_found(void **state)
{
	struct arena *a = arena_create(MEMORY);
	struct world w = world_of(a, 4000, 9);
	static const bool unique[3] = {true, true, true};
	struct match_input in = {.persons = w.p, .n = w.n, .n_lists = 3, .list_unique = unique};
	struct match_score s;
	struct match_result r;
	struct err e;
	uint64_t seed = 3;

	(void)state;
	for (size_t i = 0; i < w.n; i++) {
		uint64_t c = chance(&seed);
		w.p[i].event[MATCH_ARREST] = MATCH_NO_DAYS;
		if (c % 4 == 0)
			w.p[i].given = STR_NONE;
		if (c / 4 % 4 == 0)
			w.p[i].birth.last += 300;     /* the year and no more, as it were */
	}
	assert_int_equal(match_run(a, &in, NULL, &r, &e), OK);
	s = match_score_truth(r.cluster, w.truth, w.n);
	print_message("believes %.3f, has %.3f\n", r.recall, s.recall);
	assert_true(s.recall < 0.97);         /* else it shows nothing */
	assert_true(fabs(r.recall - s.recall) < 0.1);
	arena_destroy(a);
}

static void
rows_of_two_versions_are_paired_one_to_one(void **state)
{
	struct arena *a = arena_create(MEMORY);
	struct world w = world_of(a, 50, 13);
	struct match_person *later = NEWS(a, struct match_person, w.n);
	struct match_assignment *v;
	size_t n, right = 0;
	bool *taken = NEWS(a, bool, w.n);

	for (size_t i = 0; i < w.n; i++) {
		later[i] = w.p[w.n - 1 - i];
		if (i % 3 == 0)
			later[i].father = STR_NONE;
		if (i % 4 == 0)
			later[i].event[MATCH_RELEASE] = (struct match_days){18500, 18500};
	}
	assert_int_equal(match_assign(a, w.p, w.n, later, w.n, 0.5, &v, &n, NULL), OK);
	assert_true(n * 10 >= w.n * 9);
	for (size_t i = 0; i < n; i++) {
		assert_false(taken[v[i].right]);
		taken[v[i].right] = true;
		assert_true(i == 0 || v[i - 1].left < v[i].left);
		right += w.truth[v[i].left] == w.truth[w.n - 1 - v[i].right];
	}
	assert_true(right * 100 >= n * 95);
	arena_destroy(a);
	(void)state;
}

/* Found {0,1,2}{3}{4,5}, true {0,1}{2}{3}{4,5}: pairs found 4, true 2, right 2;
 * exact clusters {3} and {4,5}: of 3 found, of 4 true. */
static void
scores_follow_their_definitions(void **state)
{
	static const uint32_t found[] = {0, 0, 0, 3, 4, 4}, truth[] = {9, 9, 8, 7, 5, 5};
	struct match_score s = match_score_truth(found, truth, 6);

	assert_int_equal(s.found_pairs, 4);
	assert_int_equal(s.true_pairs, 2);
	assert_int_equal(s.right_pairs, 2);
	assert_true(fabs(s.precision - .5) < 1e-12 && s.recall == 1);
	assert_true(fabs(s.f1 - 2.0 / 3) < 1e-12);
	assert_true(fabs(s.exact_precision - 2.0 / 3) < 1e-12);
	assert_true(fabs(s.exact_recall - .5) < 1e-12);
	(void)state;
}

static void
sorting_keeps_what_was_equal_in_order(void **state)
{
	enum { N = 5000 };
	static struct entry v[N];
	uint64_t seed = 8;

	for (uint32_t i = 0; i < N; i++)
		v[i] = (struct entry){chance(&seed) % 700 << (i % 50), i};
	sort_entries(v, N);
	for (size_t i = 1; i < N; i++)
		assert_true(v[i - 1].key < v[i].key
			|| (v[i - 1].key == v[i].key && v[i - 1].at < v[i].at));
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_scripts_are_linked_from_thirty_to_five_thousand),
		cmocka_unit_test(order_of_records_and_lists_does_not_matter),
		cmocka_unit_test(threads_do_not_matter),
		cmocka_unit_test(which_spelling_comes_first_does_not_matter),
		cmocka_unit_test(people_s_judgements_always_win),
		cmocka_unit_test(a_list_free_of_duplicates_gives_one_record_at_most),
		cmocka_unit_test(em_never_loses_likelihood),
		cmocka_unit_test(a_pair_weighs_what_a_hand_computes),
		cmocka_unit_test(more_agreement_never_weighs_less),
		cmocka_unit_test(fields_come_to_their_levels),
		cmocka_unit_test(one_name_a_hundred_thousand_times_ends_soon),
		cmocka_unit_test(a_year_of_birth_alone_joins_nobody),
		cmocka_unit_test(believed_recall_counts_what_no_pass_found),
		cmocka_unit_test(empty_and_odd_records_do_no_harm),
		cmocka_unit_test(rows_of_two_versions_are_paired_one_to_one),
		cmocka_unit_test(scores_follow_their_definitions),
		cmocka_unit_test(sorting_keeps_what_was_equal_in_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
