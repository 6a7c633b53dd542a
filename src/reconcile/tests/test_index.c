/* One record against many: what a run of all would say, found by looking at few. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "world.h"

enum { MEMORY = 512 << 20, PEOPLE = 3000 };

struct room {
	struct arena *a;
	struct world w;
	struct match_index *x;
	struct match_result r;
};

/* Everybody but each tenth record, which is new. */
static struct room
room_of(size_t people)
{
	struct room p = {.a = arena_create(MEMORY)};
	struct match_table *t = match_table_create();
	struct match_input in = {.table = t, .n_lists = 3};
	struct err e;

	p.w = world_of(p.a, people, 31);
	for (size_t i = 0; i < p.w.n; i++)
		if (i % 10 && match_table_add_person(t, &p.w.p[i], &e) != OK)
			fail_msg("%s", e.text);
	if (match_run(p.a, &in, NULL, &p.r, &e) != OK)
		fail_msg("%s", e.text);
	p.x = match_index_create(t, &p.r.model);
	return p;
}

static void
leave(struct room *p)
{
	match_index_destroy(p->x);
	arena_destroy(p->a);
}

/* The world's record that is the n-th of the table. */
static size_t
world_of_row(uint32_t row)
{
	return row / 9 * 10 + 1 + row % 9;
}

static void
a_new_record_finds_its_person(void **state)
{
	struct room p = room_of(PEOPLE);
	size_t asked = 0, listed = 0, right = 0, wrong = 0;

	(void)state;
	for (size_t i = 0; i < p.w.n; i += 10) {
		struct match_hit hits[3];
		size_t n = match_index_find(p.x, &p.w.p[i], 0.5, hits, 3);
		bool there = (i > 0 && p.w.truth[i - 1] == p.w.truth[i])
			|| (i + 1 < p.w.n && p.w.truth[i + 1] == p.w.truth[i]);
		asked++;
		listed += there;
		for (size_t k = 1; k < n; k++)
			assert_true(hits[k].weight <= hits[k - 1].weight);
		if (n && p.w.truth[world_of_row(hits[0].record)] == p.w.truth[i])
			right++;
		else if (n)
			wrong++;
	}
	assert_true(asked > 500 && listed > 300);
	assert_true(right * 100 >= listed * 97);
	assert_true(wrong * 100 <= asked * 3);
	leave(&p);
}

/* A record that the table has weighs with its neighbours what the run said of the two. */
static void
a_hit_weighs_what_the_run_said(void **state)
{
	struct room p = room_of(PEOPLE);
	size_t compared = 0;

	(void)state;
	for (size_t i = 0; i < p.r.n_pairs && compared < 300; i++) {
		const struct match_edge *e = &p.r.pairs[i];
		struct match_hit hits[40];
		if (e->probability < 0.9f)
			continue;
		size_t n = match_index_find(p.x, &p.w.p[world_of_row(e->left)], 0.5, hits, 40);
		for (size_t k = 0; k < n; k++)
			if (hits[k].record == e->right) {
				assert_true(hits[k].weight == e->weight);
				assert_memory_equal(hits[k].level, e->level, sizeof e->level);
				compared++;
			}
	}
	assert_true(compared >= 290);
	leave(&p);
}

static void
what_is_added_is_found(void **state)
{
	struct room p = room_of(PEOPLE);
	struct match_person odd = {.given = S("Zülfüqarxan"), .family = S("Ağabəyzadə-Naxçıvanlı"),
		.birth = {4000, 4000}, .event = {MATCH_NO_DAYS, MATCH_NO_DAYS, MATCH_NO_DAYS}};
	struct match_hit hits[2];
	size_t before = match_index_size(p.x);
	struct err e;

	(void)state;
	assert_int_equal(match_index_find(p.x, &odd, 0.5, hits, 2), 0);
	assert_int_equal(match_index_add(p.x, &odd, &e), OK);
	assert_int_equal(match_index_find(p.x, &odd, 0.5, hits, 2), 1);
	assert_int_equal(hits[0].record, before);
	/* Many, so that room has to grow. */
	for (size_t i = 0; i < p.w.n; i += 2)
		assert_int_equal(match_index_add(p.x, &p.w.p[i], &e), OK);
	assert_int_equal(match_index_size(p.x), before + 1 + (p.w.n + 1) / 2);
	assert_int_equal(match_index_find(p.x, &odd, 0.5, hits, 2), 1);
	for (size_t i = 0; i < p.w.n; i += 200) {
		assert_true(match_index_find(p.x, &p.w.p[i], 0.5, hits, 2) >= 1);
		assert_true(hits[0].probability > 0.9f);
	}
	odd.list = 3;
	assert_int_equal(match_index_add(p.x, &odd, &e), BAD);
	leave(&p);
}

/* A name that everybody has, nothing, and a name nobody has: an answer, and soon. */
static void
odd_questions_are_answered(void **state)
{
	enum { N = 30000 };
	struct arena *a = arena_create(MEMORY);
	struct match_table *t = match_table_create();
	struct match_input in = {.table = t};
	struct match_person p = {.given = S("Məhəmməd"), .family = S("Əliyev"),
		.birth = MATCH_NO_DAYS, .event = {MATCH_NO_DAYS, MATCH_NO_DAYS, MATCH_NO_DAYS}};
	struct match_person nobody = {.birth = MATCH_NO_DAYS,
		.event = {MATCH_NO_DAYS, MATCH_NO_DAYS, MATCH_NO_DAYS}};
	struct match_result r;
	struct match_hit hits[4];
	struct match_index *x;

	(void)state;
	for (size_t i = 0; i < N; i++)
		assert_int_equal(match_table_add_person(t, &p, NULL), OK);
	assert_int_equal(match_run(a, &in, NULL, &r, NULL), OK);
	x = match_index_create(t, &r.model);
	for (size_t i = 0; i < 100; i++)
		assert_true(match_index_find(x, &p, 0, hits, 4) <= 4);
	assert_int_equal(match_index_find(x, &nobody, 0.5, hits, 4), 0);
	assert_int_equal(match_index_find(x, &p, 0, hits, 0), 0);
	match_index_destroy(x);
	/* And nobody at all. */
	t = match_table_create();
	in.table = t;
	assert_int_equal(match_run(a, &in, NULL, &r, NULL), OK);
	x = match_index_create(t, &r.model);
	assert_int_equal(match_index_find(x, &p, 0, hits, 4), 0);
	assert_int_equal(match_index_add(x, &p, NULL), OK);
	match_index_find(x, &p, 0, hits, 4);
	match_index_destroy(x);
	arena_destroy(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_record_finds_its_person),
		cmocka_unit_test(a_hit_weighs_what_the_run_said),
		cmocka_unit_test(what_is_added_is_found),
		cmocka_unit_test(odd_questions_are_answered),
	};

	return cmocka_run_group_tests_name("index", tests, NULL, NULL);
}
