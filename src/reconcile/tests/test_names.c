/* Names by people's spellings: what must meet, what must stay apart. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "reconcile/reconcile_int.h"

enum { MEMORY = 64 << 20 };

/* Each row: spellings of one name as people write it. */
static const char *const same[][8] = {
	{"Məhəmməd", "Mohammad", "محمد", "Muhammad", "Mohammed", "Мухаммад", "Mahammad"},
	{"Əliyev", "Aliyev", "علی‌اف", "Алиев", "Aliev", "علی اف", "Alieff"},
	{"Əliyeva", "Aliyeva", "Алиева", "علی‌اوا"},
	{"Hüseyn", "Hossein", "حسین", "Гусейн", "Husein", "Hussain", "Хусейн"},
	{"Qaradağlı", "Gharadaghli", "قره‌داغلی", "Карадаглы", "قره داغلی", "Qaradaghli"},
	{"Zəhra", "Zahra", "زهرا", "Захра", "ZƏHRA"},
	{"Fatimə", "Fatemeh", "فاطمه", "Фатима", "Fatima", "فاطمة"},
	{"Əbdürrəhman", "Abdolrahman", "عبدالرحمن", "Абдуррахман", "Abd al-Rahman", "Abdul Rahman"},
	{"Abdollah", "Abdulla", "عبدالله", "Абдулла", "Əbdülla", "عبداله"},
	{"Alireza", "Ali Reza", "Ali-Reza", "علیرضا", "علی رضا", "Əlirza"},
	{"Nureddin", "Nur al-Din", "نورالدین", "Нуреддин", "نور الدین", "Nooroddin"},
	{"Mirhossein", "Mir Hossein", "میرحسین", "میر حسین"},
	{"Xədicə", "Khadijeh", "خدیجه", "Хадиджа", "Khadija"},
	{"Cavad", "Javad", "جواد", "Джавад"},
	{"Qasımzadə", "Ghasemzadeh", "قاسم زاده", "قاسم‌زاده", "Гасымзаде", "Qasimzadeh"},
	{"Çingiz", "Chingiz", "چنگیز", "Чингиз"},
	{"Şəhriyar", "Shahriyar", "شهریار", "Шахрияр", "Shahriar"},
	{"İsmayıl", "Esmail", "اسماعیل", "Исмаил", "ISMAYIL", "Ismail"},
	{"Rza", "Reza", "رضا", "Рза", "Riza"},
	{"Əhməd", "Ahmad", "احمد", "Ахмед", "Ahmet", "أحمد"},
	{"Eldəniz Həsənov", "Eldaniz Hasanov", "ائلدنیز حسن‌اف", "Эльданиз Гасанов"},
	{"Seyyed Ali Hosseini", "سید علی حسینی", "Ali Hosseini", "Seyid Əli Hüseyni"},
	{"Yusif", "Yousef", "یوسف", "Юсуф", "Yusuf"},
	{"Təbrizi", "Tabrizi", "تبریزی", "Тебризи"},
	{"Hacı Əkbər", "Haji Akbar", "حاجی اکبر", "Гаджи Акбер", "Akbar"},
	{"Sevda Musayeva", "Sevda Mousayeva", "Севда Мусаева"},
};

/* Pairs of different names that a careless key or measure would join. */
static const char *const different[][2] = {
	{"Hasan", "Hossein"}, {"حسن", "حسین"}, {"Həsən", "حسین"}, {"Ali", "Aliyev"},
	{"Mohammad", "Mahmoud"}, {"محمد", "محمود"}, {"Reza", "Rasul"},
	{"Zahra", "Sahar"}, {"Maryam", "Maral"}, {"Karim", "Rahim"}, {"Jafar", "Javad"},
	{"Fatemeh", "Fahimeh"}, {"Saeed", "Sajjad"}, {"Amir", "Omar"},
	{"Babak", "Behrouz"}, {"Tabrizi", "Shirazi"}, {"Nasrin", "Nasim"},
};

static struct match_name
name(struct arena *a, const char *s)
{
	return match_name_of(a, str_of(s));
}

static void
spellings_of_one_name_share_a_key_and_sound_alike(void **state)
{
	struct arena *a = arena_create(MEMORY);

	for (size_t r = 0; r < sizeof same / sizeof *same; r++)
		for (size_t i = 0; i < 8 && same[r][i]; i++)
			for (size_t j = i + 1; j < 8 && same[r][j]; j++) {
				struct match_name x = name(a, same[r][i]), y = name(a, same[r][j]);
				double s = match_name_similarity(&x, &y);
				if (!keys_meet(x.keys, x.n_keys, y.keys, y.n_keys))
					print_message("no common key: %s %s\n", same[r][i], same[r][j]);
				if (s < 0.75)
					print_message("%.2f: %s %s\n", s, same[r][i], same[r][j]);
				assert_true(keys_meet(x.keys, x.n_keys, y.keys, y.n_keys));
				assert_true(s >= 0.75);
			}
	arena_destroy(a);
	(void)state;
}

static void
different_names_are_less_alike_than_spellings(void **state)
{
	struct arena *a = arena_create(MEMORY);

	for (size_t r = 0; r < sizeof different / sizeof *different; r++) {
		struct match_name x = name(a, different[r][0]), y = name(a, different[r][1]);
		double s = match_name_similarity(&x, &y);
		if (s > 0.85)
			print_message("%.2f: %s %s\n", s, different[r][0], different[r][1]);
		assert_true(s <= 0.85);
	}
	arena_destroy(a);
	(void)state;
}

static void
similarity_is_symmetric_and_one_for_equals(void **state)
{
	struct arena *a = arena_create(MEMORY);
	size_t n = sizeof same / sizeof *same;

	for (size_t r = 0; r < n; r++)
		for (size_t q = 0; q < n; q++) {
			struct match_name x = name(a, same[r][0]), y = name(a, same[q][1]);
			double s = match_name_similarity(&x, &y);
			assert_true(s >= 0 && s <= 1);
			assert_true(s == match_name_similarity(&y, &x));
			assert_true(match_name_similarity(&x, &x) == 1);
		}
	arena_destroy(a);
	(void)state;
}

static void
case_accents_and_forms_fold_together(void **state)
{
	static const char *const rows[][2] = {
		{"İLHAM", "ilham"}, {"ILQAR", "ılqar"}, {"Ə", "ə"}, {"ШӘҺРИЈАР", "шәһријар"},
		{"S\xcc\xa7"
		 "irin", "Şirin"},                        /* decomposed cedilla */
		{"علي", "علی"}, {"كريم", "کریم"}, {"مُحَمَّد", "محمد"}, {"محـمد", "محمد"},
		{"ﻋﻠﯽ", "علی"}, {"  Ali \t Reza ", "ali reza"}, {"O’Brien", "o'brien"},
		{"\xe2\x80\xae" "Ali" "\xe2\x80\xac", "ali"},     /* bidi override dropped */
		{"ＡＬＩ", "ali"}, {"۱۳۹۸", "1398"}, {"Müller", "MÜLLER"},
		{"Ṭahmāsb", "tahmasb"}, {"Ḥusayn", "husayn"}, {"Ḫalīl", "khalil"},
		{"ʿAlī", "ali"}, {"ئەحمەد", "احمد"}, {"فاتیمە", "فاتیمه"}, {"ÇİĞDƏM", "çiğdəm"},
		{"Иброҳӣм", "иброҳим"}, {"ړحمان", "رحمان"}, {"ﻻ", "لا"}, {"ﷲ", "الله"},
		{"ALİYEV", "aliyev"}, {"IŞIQ", "ışıq"}, {"İSMAYIL", "ismayıl"},
		{"I\xcc\x87lham", "İlham"},               /* decomposed dot above */
	};
	struct arena *a = arena_create(MEMORY);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct match_name x = name(a, rows[i][0]), y = name(a, rows[i][1]);
		if (!str_eq(x.normal, y.normal))
			print_message("'" STR_FMT "' '" STR_FMT "'\n", STR_ARG(x.normal),
				STR_ARG(y.normal));
		assert_true(str_eq(x.normal, y.normal));
	}
	arena_destroy(a);
	(void)state;
}

static void
script_and_language_are_guessed_from_letters(void **state)
{
	static const struct {
		const char *text;
		enum script script;
		enum match_lang lang;
	} rows[] = {
		{"Əliyev", SCRIPT_LATN, MATCH_LANG_AZ}, {"Erdoğan", SCRIPT_LATN, MATCH_LANG_TR},
		{"Smith", SCRIPT_LATN, MATCH_LANG_EN}, {"پروین", SCRIPT_ARAB, MATCH_LANG_FA},
		{"علي", SCRIPT_ARAB, MATCH_LANG_AR}, {"گۆزل", SCRIPT_ARAB, MATCH_LANG_AZB},
		{"Алиев", SCRIPT_CYRL, MATCH_LANG_RU}, {"Әлијев", SCRIPT_CYRL, MATCH_LANG_AZ_CYRL},
		{"Раҳим", SCRIPT_CYRL, MATCH_LANG_TG}, {"", SCRIPT_NONE, MATCH_LANG_NONE},
		{"Ali علی", SCRIPT_MIXED, MATCH_LANG_NONE}, {"13", SCRIPT_NONE, MATCH_LANG_NONE},
	};
	struct arena *a = arena_create(MEMORY);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct match_name x = name(a, rows[i].text);
		assert_int_equal(x.script, rows[i].script);
		assert_int_equal(x.lang, rows[i].lang);
	}
	arena_destroy(a);
	(void)state;
}

static void
particles_and_titles_are_known(void **state)
{
	struct arena *a = arena_create(MEMORY);
	struct match_name n = name(a, "Hacı Əli Həsən oğlu");

	assert_int_equal(n.n, 4);
	assert_int_equal(n.tokens[0].role, MATCH_TITLE);
	assert_int_equal(n.tokens[1].role, MATCH_NAME);
	assert_int_equal(n.tokens[3].role, MATCH_CHILD_OF);
	n = name(a, "محمد بن علی");
	assert_int_equal(n.tokens[1].role, MATCH_CHILD_OF);
	/* A title that is all there is, is the name. */
	n = name(a, "Mir");
	assert_true(n.n_keys > 0);
	arena_destroy(a);
	(void)state;
}

static void
keys_read_as_consonants(void **state)
{
	struct arena *a = arena_create(MEMORY);

	assert_true(str_is(match_key_text(a, name(a, "Qaradağlı").keys[0]), "KRDKL"));
	assert_true(str_is(match_key_text(a, name(a, "محمد").keys[0]), "MD"));
	assert_true(str_is(match_key_text(a, name(a, "Гасанов").keys[1]), "'SNV"));
	assert_true(str_is(match_key_text(a, name(a, "Əli").keys[0]), "'L"));
	assert_true(str_is(match_key_text(a, name(a, "Leyla").keys[0]), "L"));
	assert_true(str_is(match_key_text(a, name(a, "Yahya").keys[0]), "'-"));
	assert_true(str_is(match_key_text(a, 0), ""));
	assert_true(str_is(match_sound_text(a, name(a, "Хадиджа").sounds[0]), "khadija"));
	assert_true(str_is(match_sound_text(a, name(a, "Eshagh").sounds[1]), "es'hagh"));
	assert_true(str_is(match_sound_text(a, S("")), ""));
	arena_destroy(a);
	(void)state;
}

/* Whatever comes in: bounded, symmetric, equal to itself. */
static void
assert_harmless(struct arena *a, struct str text)
{
	struct match_name n = match_name_of(a, text), ali = name(a, "Ali"), both;
	uint64_t keys[64];
	double s = match_name_similarity(&n, &ali);

	assert_true(s >= 0 && s <= 1 && s == match_name_similarity(&ali, &n));
	assert_true(match_name_similarity(&n, &n) == (n.n ? 1 : 0));
	assert_true(n.normal.n <= 4 * MATCH_NAME_LETTERS && n.n <= MATCH_TOKENS);
	assert_true(n.n_keys <= MATCH_KEYS && utf8_valid(str_bytes(n.normal)));
	assert_true(match_name_keys(&n, keys, 64) <= 64 && match_name_keys(&n, keys, 0) == 0);
	for (size_t i = 0; i < n.n; i++)
		assert_true(n.tokens[i].n_keys <= MATCH_KEYS && n.tokens[i].text.n > 0);
	/* The normal form is its own normal form. */
	both = match_name_of(a, n.normal);
	if (!str_eq(both.normal, n.normal))
		print_message("'" STR_FMT "' '" STR_FMT "'\n", STR_ARG(n.normal), STR_ARG(both.normal));
	assert_true(str_eq(both.normal, n.normal));
}

static void
hostile_names_end_soon_and_harmlessly(void **state)
{
	static const char *const odd[] = {
		"", " ", "-", "'", "''''", "‌", "\xe2\x80\x8f", "٪", "漢字", "👤", "ا", "ь",
		"x", ("Ali\xe2\x80\xae" "رضا\xe2\x80\xac Reza"), "a b c d e f g h i j k l m n o p",
		"al", "al el ul", "bin", "bin bin bin", "Mir", "Haji Seyyed", "سید", "oğlu", "ibn",
		"12", "1398 12", "۱۲۳", "0", "ـــــ", "َُِ", "a\xcc\x81\xcc\x81\xcc\x81", "\xcc\x81",
		"\xe2\x80\xaa\xe2\x81\xa6" "Ali\xe2\x81\xa9\xe2\x80\x8f", "-Ali-", "'Ali'", "Ali'",
		"ي", "ة", "ئ", "ە", "ەە", "ئەەە", "ە ە", "abd", "عبد", "عبدال", "абдул", "ov", "ова",
		"eh", "zz", "AA", "İ", "ı", "ə", "\xef\xbf\xbf",
	};
	static const char *const floods[] = {
		"\xd8\xb9", "z", "\xcc\x81", "a\xcc\x81", "\xd9\x80", "\xe2\x80\x8c", "\xe2\x80\xae",
		" ", "z ", "'", "\xf0\x9f\x91\xa4", "al ", "bin ", "ә", "خوا", "1", "x\xe2\x80\x8c",
		"ە", "Mohammad ", "abd", "г", "гх", "ẞ", "ﷺ",
	};
	static char big[40000];
	struct arena *a = arena_create(MEMORY);

	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
		assert_harmless(a, str_of(odd[i]));
	for (size_t i = 0; i < sizeof floods / sizeof *floods; i++) {
		size_t n = strlen(floods[i]), all = sizeof big / n * n;
		for (size_t at = 0; at < all; at += n)
			memcpy(big + at, floods[i], n);
		assert_harmless(a, (struct str){big, all});
	}
	arena_destroy(a);
	(void)state;
}

static void
tables_are_sorted_and_explain_themselves(void **state)
{
	const struct sound_table *t[] = {&sound_latin, &sound_arabic, &sound_cyrillic};

	for (size_t k = 0; k < 3; k++)
		for (size_t i = 0; i < t[k]->n; i++) {
			const struct sound_rule *r = &t[k]->rules[i];
			assert_true(r->why && r->why[0] && r->spelling[0]);
			assert_true(i == 0 || strcmp(t[k]->rules[i - 1].spelling, r->spelling) <= 0);
			for (const char *c = r->reading; *c; c++)
				assert_non_null(strchr("pbtdkgqxjJcszSfmnlrWhvy'wYEAaeiou", *c));
		}
	for (size_t i = 0; i < n_word_rules; i++) {
		/* A word that does not fold to itself would never be found. */
		struct folded f;
		fold_text(str_of(word_rules[i].word), &f);
		if (!str_is((struct str){f.text, f.n}, word_rules[i].word))
			print_message("never found: %s\n", word_rules[i].word);
		assert_true(str_is((struct str){f.text, f.n}, word_rules[i].word));
	}
	(void)state;
}

/* Published: Winkler, "String comparator metrics" (1990), table of examples. */
static void
jaro_winkler_gives_the_published_values(void **state)
{
	static const struct {
		const char *a, *b;
		unsigned hundredths;
	} rows[] = {
		{"shackleford", "shackelford", 98}, {"dunningham", "cunnigham", 89},
		{"nichleson", "nichulson", 95}, {"jones", "johnson", 83},
		{"massey", "massie", 93}, {"abroms", "abrams", 92}, {"martha", "marhta", 96},
		{"dwayne", "duane", 84}, {"dixon", "dicksonx", 81}, {"hardin", "martinez", 72},
		{"itman", "smith", 46},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		unsigned v = similar_text(str_of(rows[i].a), str_of(rows[i].b), 0);
		/* published values are rounded, ours cut */
		assert_true(v == rows[i].hundredths || v + 1 == rows[i].hundredths);
	}
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spellings_of_one_name_share_a_key_and_sound_alike),
		cmocka_unit_test(different_names_are_less_alike_than_spellings),
		cmocka_unit_test(similarity_is_symmetric_and_one_for_equals),
		cmocka_unit_test(case_accents_and_forms_fold_together),
		cmocka_unit_test(script_and_language_are_guessed_from_letters),
		cmocka_unit_test(particles_and_titles_are_known),
		cmocka_unit_test(keys_read_as_consonants),
		cmocka_unit_test(hostile_names_end_soon_and_harmlessly),
		cmocka_unit_test(tables_are_sorted_and_explain_themselves),
		cmocka_unit_test(jaro_winkler_gives_the_published_values),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
