/* The tables of names hold what they promise; the numbers are SplitMix64's. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "../gen_int.h"

struct view {
	const char *what;
	const void *rows;
	size_t n, stride;
};

static const struct name *
name_at(const struct view *v, size_t i)
{
	return (const void *)((const char *)v->rows + i * v->stride);
}

static size_t
all_views(struct view *ret)
{
	const struct view v[] = {
		{"male", names_male, names_male_n, sizeof names_male[0]},
		{"female", names_female, names_female_n, sizeof names_female[0]},
		{"family", names_family, names_family_n, sizeof names_family[0]},
		{"nisba", names_nisba, names_nisba_n, sizeof names_nisba[0]},
		{"second", names_second, names_second_n, sizeof names_second[0]},
		{"stem", stems, stems_n, sizeof stems[0]},
		{"city", cities, cities_n, sizeof cities[0]},
		{"prison", prisons, prisons_n, sizeof prisons[0]},
		{"charge", charges, charges_n, sizeof charges[0]},
		{"cause", causes, causes_n, sizeof causes[0]},
		{"source", sources, sources_n, sizeof sources[0]},
	};

	memcpy(ret, v, sizeof v);
	return sizeof v / sizeof v[0];
}

/* Azerbaijani has no w and no bare Latin-1 letters but those of its alphabet. */
static bool
is_azerbaijani(uint32_t c)
{
	static const uint32_t own[] = {0x18f, 0x259, 0x130, 0x131, 0x11e, 0x11f, 0x15e, 0x15f,
		0xc7, 0xe7, 0xd6, 0xf6, 0xdc, 0xfc};

	for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
		if (c == own[i])
			return true;
	return (c >= 'a' && c <= 'z' && c != 'w') || (c >= 'A' && c <= 'Z' && c != 'W');
}

/* The 32 letters of Persian with آ ئ ؤ ء; no Arabic yeh, kaf, teh marbuta, digits. */
static bool
is_persian(uint32_t c)
{
	static const char letters[] = "اآبپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیئؤءأ";
	struct str s = str_of(letters);

	for (size_t at = 0; at < s.n;)
		if (utf8_next(s, &at) == c)
			return true;
	return c == '_';
}

static bool
belongs(uint32_t c, enum writing w)
{
	if (c == ' ' || c == '|' || c == '(' || c == ')')
		return true;
	if (w == AZ)
		return is_azerbaijani(c);
	if (w == FA)
		return is_persian(c);
	return c < 0x80 && (strchr("'-,", (int)c) || (c >= 'a' && c <= 'z')
		|| (c >= 'A' && c <= 'Z'));
}

static void
every_spelling_is_in_its_script(void **state)
{
	struct view v[16];
	size_t n = all_views(v);

	(void)state;
	for (size_t t = 0; t < n; t++)
		for (size_t i = 0; i < v[t].n; i++)
			for (enum writing w = 0; w < WRITINGS; w++) {
				struct str s = str_of(name_at(&v[t], i)->w[w]);

				assert_true(s.n > 0);
				for (size_t at = 0; at < s.n;)
					if (!belongs(utf8_next(s, &at), w))
						fail_msg("%s: " STR_FMT ": byte %zu", v[t].what,
							STR_ARG(s), at);
			}
}

/* A variant that is the usual form again would be no variant. */
static void
no_spelling_stands_twice_in_a_row(void **state)
{
	struct view v[16];
	size_t n = all_views(v);

	(void)state;
	for (size_t t = 0; t < n; t++)
		for (size_t i = 0; i < v[t].n; i++)
			for (enum writing w = 0; w < WRITINGS; w++) {
				struct str rest = str_of(name_at(&v[t], i)->w[w]);

				while (rest.p) {
					struct str one = str_cut(&rest, '|'), others = rest;

					assert_true(one.n > 0);
					while (others.p)
						if (str_eq(one, str_cut(&others, '|')))
							fail_msg("%s: " STR_FMT " twice",
								v[t].what, STR_ARG(one));
				}
			}
}

static struct str
usual(const struct view *v, size_t i, enum writing w)
{
	struct str rest = str_of(name_at(v, i)->w[w]);

	return str_cut(&rest, '|');
}

/* Two rows of a table are two names in every writing (but Kazım and Kazim). */
static void
no_two_names_are_the_same(void **state)
{
	struct view v[16];
	size_t n = all_views(v);

	(void)state;
	for (size_t t = 0; t < n; t++)
		for (enum writing w = 0; w < WRITINGS; w++)
			for (size_t i = 0; i < v[t].n; i++)
				for (size_t k = i + 1; k < v[t].n; k++)
					if (str_eq(usual(&v[t], i, w), usual(&v[t], k, w)))
						fail_msg("%s: " STR_FMT " is two names", v[t].what,
							STR_ARG(usual(&v[t], i, w)));
}

static void
there_are_enough_names(void **state)
{
	size_t formed = 0;

	(void)state;
	for (size_t i = 0; i < stems_n; i++)
		for (unsigned s = 0; s < SUFFIX_COUNT; s++)
			formed += !(stems[i].without >> s & 1);
	assert_true(names_male_n + names_female_n >= 250);
	assert_true(names_family_n + names_nisba_n >= 250);
	assert_true(formed >= 800);
}

static void
formed_families_are_spelled_by_the_rules_of_each_language(void **state)
{
	static const struct {
		const char *stem;
		enum suffix suffix;
		const char *az, *fa, *en;
	} known[] = {
		{"Həsən", SUFFIX_ZADEH, "Həsənzadə", "حسن_زاده", "Hassanzadeh"},
		{"Əli", SUFFIX_ZADEH, "Əlizadə", "علی_زاده", "Alizadeh"},
		{"Nadir", SUFFIX_ZADEH, "Nadirzadə", "نادرزاده", "Naderzadeh"},
		{"Qulu", SUFFIX_ZADEH, "Quluzadə", "قلی_زاده", "Gholizadeh"},
		{"Həsən", SUFFIX_LI, "Həsənli", "حسنلو", "Hassanlou"},
		{"Bayram", SUFFIX_LI, "Bayramlı", "بایراملو", "Bayramlou"},
		{"Novruz", SUFFIX_LI, "Novruzlu", "نوروزلو", "Norouzlou"},
		{"Həmzə", SUFFIX_LI, "Həmzəli", "حمزه_لو", "Hamzehlou"},
		{"Əli", SUFFIX_YAN, "Əliyan", "علیان", "Alian"},
		{"Kərim", SUFFIX_YAN, "Kərimiyan", "کریمیان", "Karimian"},
		{"Əli", SUFFIX_OV, "Əliyev", "علی_اف", "Aliyev"},
		{"Baba", SUFFIX_OV, "Babayev", "بابایف", "Babayev"},
		{"Heydər", SUFFIX_OV, "Heydərov", "حیدراف", "Heydarov"},
		{"İbrahim", SUFFIX_PUR, "İbrahimpur", "ابراهیم_پور", "Ebrahimpour"},
		{"Mehdi", SUFFIX_NEJAD, "Mehdinejad", "مهدی_نژاد", "Mehdinejad"},
	};
	struct gen g = {.arena = arena_create(1 << 20), .row = arena_create(1 << 20)};

	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		const char *want[WRITINGS] = {known[i].az, known[i].fa, known[i].en};
		struct family f = {NONE, 0, (uint16_t)known[i].suffix, NONE, NONE, NONE};
		const struct view v = {"stem", stems, stems_n, sizeof stems[0]};

		while (!str_is(usual(&v, f.stem, AZ), known[i].stem))
			f.stem++;
		for (enum writing w = 0; w < WRITINGS; w++) {
			struct hand h = {0, 0, w};
			struct rng r = rng_of(1, i, 0);
			struct str got = spell_family(&g, &r, &f, &h);

			if (!str_is(got, want[w]))
				fail_msg("\"" STR_FMT "\", not \"%s\"", STR_ARG(got), want[w]);
		}
	}
	arena_destroy(g.row);
	arena_destroy(g.arena);
}

/* -lı after a ı, -li after e ə i, -lu after o u, -lü after ö ü. */
static void
the_suffix_of_a_stem_follows_its_last_vowel(void **state)
{
	static const struct {
		uint32_t vowel;
		const char *li;
	} rule[] = {{'a', "lı"}, {0x131, "lı"}, {'e', "li"}, {0x259, "li"}, {'i', "li"},
		{'o', "lu"}, {'u', "lu"}, {0xf6, "lü"}, {0xfc, "lü"},
		{'A', "lı"}, {0x18f, "li"}, {0x130, "li"}, {0xdc, "lü"}};
	const struct view v = {"stem", stems, stems_n, sizeof stems[0]};

	(void)state;
	for (size_t i = 0; i < stems_n; i++) {
		struct str s = usual(&v, i, AZ);
		const char *want = "";

		for (size_t at = 0; at < s.n;) {
			uint32_t c = utf8_next(s, &at);

			for (size_t k = 0; k < sizeof rule / sizeof rule[0]; k++)
				if (rule[k].vowel == c)
					want = rule[k].li;
		}
		if (strcmp(stems[i].li, want) != 0)
			fail_msg(STR_FMT "%s, not %s", STR_ARG(s), stems[i].li, want);
	}
}

/* Known from the grammar of Azerbaijani: by the last word that is spoken. */
static void
ordinals_follow_vowel_harmony(void **state)
{
	static const struct {
		int n;
		const char *suffix;
	} known[] = {{1397, "ci"}, {1396, "cı"}, {1393, "cü"}, {1399, "cu"}, {1390, "cı"},
		{1380, "ci"}, {1370, "ci"}, {1360, "cı"}, {1400, "cü"}, {2000, "ci"},
		{2010, "cu"}, {2018, "ci"}, {2019, "cu"}, {2020, "ci"}, {500, "cü"},
		{610, "cu"}, {1940, "cı"}, {1930, "cu"}};

	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		assert_string_equal(suffix_ordinal(known[i].n), known[i].suffix);
}

/* Vigna's splitmix64.c from the state 1234567, as printed on rosettacode.org,
 * "Pseudo-random numbers/Splitmix64". */
static void
numbers_are_those_of_splitmix64(void **state)
{
	static const uint64_t known[] = {6457827717110365317u, 3203168211198807973u,
		9817491932198370423u, 4593380528125082431u, 16408922859458223821u};
	struct rng r = {1234567};

	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		assert_int_equal(rng_below(&r, 1u << 31), known[i] >> 33);
}

static void
a_shuffle_meets_every_place_once(void **state)
{
	static const uint32_t sizes[] = {1, 2, 3, 17, 256, 1000, 4097};

	(void)state;
	for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
		struct shuffle s = shuffle_of(k, sizes[k]);
		uint8_t *seen = mem_alloc(sizes[k], 1);
		uint32_t moved = 0;

		for (uint32_t i = 0; i < sizes[k]; i++) {
			uint32_t to = shuffle_at(&s, i);

			assert_true(to < sizes[k] && !seen[to]);
			seen[to] = 1;
			moved += to != i;
		}
		if (sizes[k] >= 256)
			assert_true(moved > sizes[k] * 9 / 10);
		mem_free(seen);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_spelling_is_in_its_script),
		cmocka_unit_test(no_spelling_stands_twice_in_a_row),
		cmocka_unit_test(no_two_names_are_the_same),
		cmocka_unit_test(there_are_enough_names),
		cmocka_unit_test(formed_families_are_spelled_by_the_rules_of_each_language),
		cmocka_unit_test(the_suffix_of_a_stem_follows_its_last_vowel),
		cmocka_unit_test(ordinals_follow_vowel_harmony),
		cmocka_unit_test(numbers_are_those_of_splitmix64),
		cmocka_unit_test(a_shuffle_meets_every_place_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
