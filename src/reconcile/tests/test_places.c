/* Places in parts: what two cells say of each other. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "reconcile/reconcile_int.h"

static unsigned
level_of_places(const char *x, const char *y)
{
	struct match_person l = {.place = str_of(x)}, r = {.place = str_of(y)};
	struct match_model m = match_model_default();
	unsigned forth = match_pair_explain(&l, &r, &m).level[MATCH_F_PLACE];

	assert_int_equal(forth, match_pair_explain(&r, &l, &m).level[MATCH_F_PLACE]);
	return forth;
}

static void
one_prison_in_many_spellings_is_one(void **state)
{
	static const char *const evin[] = {"Evin, Tehran", "Tehran/Evin", "Evin prison (Tehran)",
		"Evin Prison in Tehran", "evin tehran", "زندان اوین، تهران", "تهران - زندان اوين",
		"Evin həbsxanası, Tehran şəhəri", "Tehran, Evin Cezaevi", "тюрьма Эвин, г. Тегеран",
		"Zendan-e Evin; Tehran"};

	(void)state;
	for (size_t i = 0; i < sizeof evin / sizeof *evin; i++)
		for (size_t j = 0; j < sizeof evin / sizeof *evin; j++)
			if (level_of_places(evin[i], evin[j]) != PLACE_SAME)
				fail_msg("%s and %s: level %u", evin[i], evin[j],
					level_of_places(evin[i], evin[j]));
}

static void
levels_follow_what_two_places_share(void **state)
{
	static const struct {
		const char *left, *right;
		unsigned level;
	} rows[] = {
		{"Tehran", "Evin, Tehran", PLACE_WITHIN},
		{"Evin prison", "تهران، اوین", PLACE_WITHIN},
		{"استان تهران", "Tehran, Qarchak", PLACE_WITHIN},
		{"Evin, Tehran", "Qarchak, Tehran", PLACE_REGION},
		{"Bakı, Nərimanov rayonu", "Баку, Сабаильский район", PLACE_REGION},
		{"Bakı şəhəri", "г. Баку", PLACE_SAME},
		{"Təbriz şəhəri", "شهر تبریز", PLACE_SAME},
		{"Tabriz village", "Tabriz city", PLACE_SAME},
		{"Zahedan", "Zahdean", PLACE_ALIKE},
		{"Tahran, Evin Cezaevi", "Evin, Tehran", PLACE_ALIKE},
		{"Evin, Tehran", "Gohardasht, Karaj", PLACE_DIFFERENT},
		{"Zahedan", "Ahvaz", PLACE_DIFFERENT},
		{"Mount Barker", "Mount Gambier", PLACE_DIFFERENT},
		{"Tabriz Central Prison", "زندان مرکزی تبریز", PLACE_SAME},
		{"prison", "City prison", PLACE_DIFFERENT},  /* nothing but words for kinds */
		{"prison", "prison", PLACE_SAME},
		{"", "Evin", 0}, {" , ;()", "Evin", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (level_of_places(rows[i].left, rows[i].right) != rows[i].level)
			fail_msg("\"%s\" and \"%s\": level %u", rows[i].left, rows[i].right,
				level_of_places(rows[i].left, rows[i].right));
}

static void
the_order_of_parts_makes_no_other_value(void **state)
{
	struct arena *a = arena_create(1 << 20);
	struct match_place x = place_of(a, S("Evin Prison (Tehran)"));
	struct match_place y = place_of(a, S("TEHRAN / Evin / tehran"));

	(void)state;
	assert_int_equal(x.n, 2);
	assert_true(str_eq(place_text(a, &x), place_text(a, &y)));
	arena_destroy(a);
}

static void
whatever_a_cell_holds_does_no_harm(void **state)
{
	static char big[20000];
	struct arena *a = arena_create(1 << 22);

	(void)state;
	memset(big, ',', sizeof big);
	assert_int_equal(place_of(a, (struct str){big, sizeof big}).n, 0);
	for (size_t i = 0; i < sizeof big; i += 2)
		big[i] = (char)('a' + i / 2 % 26);
	assert_int_equal(place_of(a, (struct str){big, sizeof big}).n, PLACE_PARTS);
	memset(big, 'x', sizeof big);
	assert_int_equal(place_of(a, (struct str){big, sizeof big}).n, 1);
	assert_int_equal(place_of(a, S("")).n, 0);
	arena_destroy(a);
}

/* A refused pair must be one that, compared in full, weighs less. */
static void
no_pair_is_refused_that_weighs_enough(void **state)
{
	static const char *const cells[] = {"Evin, Tehran", "Tehran", "تهران، زندان اوین",
		"Qarchak (Tehran)", "Ahvaz", "Ahwaz", "Sheiban, Ahvaz", "Tehrun"};
	enum { CELLS = sizeof cells / sizeof *cells, N = 200 };
	struct match_table *t = match_table_create();
	struct match_model m = match_model_default();
	struct weights w;
	struct err e;
	size_t bad, kept = 0;

	(void)state;
	for (size_t i = 0; i < N; i++) {
		/* Most of one place, so that agreeing on it says little. */
		const char *place = cells[i % 5 ? 1 : i / 5 % CELLS];
		struct match_person p = {.given = S("Ali"), .family = i % 2 ? S("Nuri") : S("Nouri"),
			.place = str_of(place), .birth_place = str_of(cells[i % CELLS])};
		assert_int_equal(match_table_add_person(t, &p, &e), OK);
	}
	assert_int_equal(data_settle(&t->d, NULL, 1, &bad), OK);
	weights_of(&t->d, &m, &w);
	for (size_t i = 0; i < N; i++)
		for (size_t j = 0; j < N; j++) {
			uint64_t full, again;
			int32_t all = weigh_pair(&t->d, &w, &t->d.recs[i], &t->d.recs[j], INT32_MIN,
				&full);
			for (int32_t least = all - 3; least <= all; least++) {
				assert_int_equal(weigh_pair(&t->d, &w, &t->d.recs[i], &t->d.recs[j], least,
					&again), all);
				assert_true(full == again);
				kept++;
			}
		}
	assert_int_equal(kept, 4 * N * N);
	weights_finish(&w);
	match_table_destroy(t);
}

/* Of nine words only the first few have keys of their own. */
static void
many_words_turned_round_are_not_refused(void **state)
{
	static const char *const names[] = {
		"Arash Babak Cyrus Davud Emad Farid Golnar Hamid Iman",
		"Iman Hamid Golnar Farid Emad Davud Cyrus Babak Arash",
	};
	struct match_table *t = match_table_create();
	struct match_model m = match_model_default();
	struct weights w;
	struct err e;
	uint64_t pattern;
	size_t bad;

	for (size_t i = 0; i < 4; i++) {
		struct match_person p = {.given = S("Ali"), .family = str_of(names[i % 2])};
		assert_int_equal(match_table_add_person(t, &p, &e), OK);
	}
	assert_int_equal(data_settle(&t->d, NULL, 1, &bad), OK);
	weights_of(&t->d, &m, &w);
	for (size_t i = 1; i < 4; i++) {
		const struct rec *l = &t->d.recs[0], *r = &t->d.recs[i];
		int32_t all = weigh_pair(&t->d, &w, l, r, INT32_MIN, &pattern);
		assert_int_equal(weigh_pair(&t->d, &w, l, r, all, &pattern), all);
	}
	weights_finish(&w);
	match_table_destroy(t);
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_prison_in_many_spellings_is_one),
		cmocka_unit_test(levels_follow_what_two_places_share),
		cmocka_unit_test(the_order_of_parts_makes_no_other_value),
		cmocka_unit_test(whatever_a_cell_holds_does_no_harm),
		cmocka_unit_test(no_pair_is_refused_that_weighs_enough),
		cmocka_unit_test(many_words_turned_round_are_not_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
