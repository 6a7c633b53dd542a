/* Scripts, cleaning, folding, order, encodings.  Expected values are typed by
 * hand from the Unicode charts; ICU's own number formatter judges ours. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <unicode/unum.h>
#include <unicode/ustring.h>
#include "base/text.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct arena *a;

static int
arena_up(void **state)
{
	(void)state;
	a = arena_create(64 << 20);
	return 0;
}

static int
arena_down(void **state)
{
	(void)state;
	arena_destroy(a);
	return 0;
}

static void
expect(struct str got, const char *want)
{
	if (!str_is(got, want))
		fail_msg("got \"" STR_FMT "\" (%zu bytes), want \"%s\"", STR_ARG(got), got.n, want);
}

static void
languages_have_their_codes(void **state)
{
	enum lang l = LANG_EN;

	assert_true(lang_of(S("azb"), &l) && l == LANG_AZB && lang_rtl(l));
	assert_true(lang_of(S("az"), &l) && l == LANG_AZ && !lang_rtl(l));
	assert_false(lang_of(S("AZ"), &l) || lang_of(S(""), &l) || lang_of(S("de"), &l));
	assert_string_equal(lang_code(LANG_FA), "fa");
	(void)state;
}

static void
a_script_is_that_of_the_letters(void **state)
{
	static const struct { const char *text; enum script s; } v[] = {
		{"", SCRIPT_NONE}, {"12.03.2020", SCRIPT_NONE}, {"۱۳۹۸/۱۲", SCRIPT_NONE},
		{"Şahin Əliyev (1970)", SCRIPT_LATN}, {"قره‌داغلی", SCRIPT_ARAB},
		{"Айнур Гулиева", SCRIPT_CYRL}, {"Ali علی", SCRIPT_MIXED},
		{"Ωmega", SCRIPT_MIXED}, {"Ωμέγα", SCRIPT_OTHER}, {"ـ", SCRIPT_NONE},
	};

	for (size_t i = 0; i < COUNT(v); i++)
		assert_int_equal(text_script(str_of(v[i].text)), v[i].s);
	assert_string_equal(script_code(SCRIPT_MIXED), "Zmix");
	(void)state;
}

static void
what_nobody_sees_is_not_stored(void **state)
{
	static const struct { struct str in; const char *out; bool changed; } v[] = {
		{S(""), "", false},
		{S("Evin Prison"), "Evin Prison", false},
		{S("  Evin \t\n"), "Evin", false},
		{S("a\r\nb\rc\nd"), "a\nb\nc\nd", false},
		{S("a\u2028b\u2029c\xc2\x85" "d\v\fe"), "a\nb\nc\nd\n\ne", false},
		{S("\u202eEvin\u202c"), "Evin", true},              /* bidi override */
		{S("E\u2066v\u2069i\u200e\u200f\u061cn"), "Evin", true},
		{S("\ufeffEvin"), "Evin", true},
		{S("E\0v\x1b[31min\x7f\xc2\x9b"), "Ev[31min", true},
		{S("Ev\u00ad\u200bin\U000e0041\xef\xb7\x90\xf0\x9f\xbf\xbf"), "Evin", true},
		{S("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),      /* ZWNJ inside a word */
			"\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", false},
		{S("\u0645\u06cc\u200c \u062e"), "\u0645\u06cc \u062e", true},
		{S("\u200c\u0645\u06cc\u200c"), "\u0645\u06cc", true},
		{S("\u0645\u200c\u200c\u06cc"), "\u0645\u200c\u06cc", true},
		{S("1\u200d2"), "12", true},
		{S("a\u00a0b"), "a b", false}, {S("a \u2009\u3000 b"), "a b", false},
		{S("a  b"), "a  b", false}, {S("a\tb"), "a b", false},
		{S("\u00a0a\u3000"), "a", false},
		{S("S\u0327ahin"), "\u015eahin", false},            /* composed */
		{S("e\u200b\u0301"), "\u00e9", true},               /* only after dropping */
		{S("<b>Ali</b> & \"x\""), "<b>Ali</b> & \"x\"", false},   /* escaping is the emitter's */
		{S("\u0622\u0642\u0627"), "\u0622\u0642\u0627", false},
	};

	for (size_t i = 0; i < COUNT(v); i++) {
		bool changed = !v[i].changed, again;
		struct str got = text_clean(a, v[i].in, &changed);
		expect(got, v[i].out);
		assert_int_equal(changed, v[i].changed);
		assert_true(text_is_nfc(got));
		assert_true(str_eq(text_clean(a, got, &again), got));
		assert_false(again);
	}
	assert_false(text_is_nfc(S("e\u0301")));
	(void)state;
}

static void
spellings_of_a_header_are_one(void **state)
{
	static const char *const same[][5] = {
		{"Date of Birth", "date_of_birth", "DATE-OF-BIRTH", " date.of/birth ", "date  of birth"},
		{"Doğum tarixi", "DOĞUM TARİXİ", "doğum tarıxı", "dogum tarixi", "Dog\u0306um_Tarixi"},
		{"Əliyev", "əliyev", "eliyev", "ELIYEV", "\u018fLİYEV"},
		{"Məs'ud", "Mes’ud", "mesud", "MƏSUD", "Mesʿud"},
		{"تاریخ تولد", "تاريخ تولد", "تاریخ\u200cتولد", "تاريخ_تولّد", "تاریـخ تولد"},
		{"كاظم مكي", "کاظم مکی", "كَاظِم مكي", "کاظم  مکى", "ﻛﺎظﻢ ﻣﻜﻲ"},
		{"آزادة أحمد إيران", "ازاده احمد ایران", "آزاده احمد ایران", "ازاده  أحمد-إیران", "آزاده_احمد/ایران"},
		{"1398/12/5", "۱۳۹۸/۱۲/۵", "١٣٩٨-١٢-٥", "1398 12 5", "１３９８．１２．５"},
	};

	for (size_t i = 0; i < COUNT(same); i++)
		for (size_t k = 1; k < 5; k++)
			assert_true(str_eq(text_fold(a, str_of(same[i][0])),
				text_fold(a, str_of(same[i][k]))));
	expect(text_fold(a, S("Doğum TARİXİ (Əsas)")), "dogum tarixi (esas)");
	expect(text_fold(a, S("Father's  Name:")), "fathers name:");
	expect(text_fold(a, S(" _-./ ")), "");
	expect(text_fold(a, S("ЁЛКА Йод")), "елка иод");
	expect(text_fold(a, S("काशी")), "काशी");             /* vowel signs are no diacritics */
	(void)state;
}

static void
different_headers_stay_apart(void **state)
{
	assert_false(str_eq(text_fold(a, S("date of birth")), text_fold(a, S("date of death"))));
	assert_false(str_eq(text_fold(a, S("نام")), text_fold(a, S("نام پدر"))));
	assert_false(str_eq(text_fold(a, S("dateofbirth")), text_fold(a, S("date of birth"))));
	(void)state;
}

static void
digits_are_exchanged_and_nothing_else(void **state)
{
	expect(text_digits(a, S("۱۳۹۸/١٢/０５ x²")), "1398/12/05 x²");
	expect(text_localise_digits(a, S("1398-12 a"), LANG_FA), "۱۳۹۸-۱۲ a");
	expect(text_localise_digits(a, S("1398"), LANG_AZB), "۱۳۹۸");
	expect(text_localise_digits(a, S("1398"), LANG_AZ), "1398");
	expect(text_number(a, 1234567, LANG_EN), "1,234,567");
	expect(text_number(a, 1234567, LANG_FA), "۱٬۲۳۴٬۵۶۷");
	expect(text_number(a, 1234567, LANG_AZB), "۱٬۲۳۴٬۵۶۷");
	expect(text_number(a, 1234567, LANG_AZ), "1.234.567");
	expect(text_number(a, 999, LANG_EN), "999");
	expect(text_number(a, INT64_MIN, LANG_EN), "-9,223,372,036,854,775,808");
	(void)state;
}

static void
numbers_are_as_icu_writes_them(void **state)
{
	static const int64_t v[] = {0, 7, 1000, -1, -33445566, INT64_MAX};
	static const enum lang l[] = {LANG_EN, LANG_FA, LANG_AZ};

	for (size_t k = 0; k < COUNT(l); k++) {
		UErrorCode st = U_ZERO_ERROR;
		UNumberFormat *f = unum_open(UNUM_DECIMAL, NULL, 0, lang_code(l[k]), NULL, &st);
		assert_true(U_SUCCESS(st));
		for (size_t i = 0; i < COUNT(v); i++) {
			UChar wide[80];
			char utf8[240];
			unum_formatInt64(f, v[i], wide, 80, NULL, &st);
			u_strToUTF8(utf8, sizeof utf8, NULL, wide, -1, &st);
			assert_true(U_SUCCESS(st));
			expect(text_number(a, v[i], l[k]), utf8);
		}
		unum_close(f);
	}
	(void)state;
}

static void
ascending(const char *const *v, size_t n, enum lang l)
{
	for (size_t i = 1; i < n; i++) {
		struct bytes x = text_sort_key(a, str_of(v[i - 1]), l);
		struct bytes y = text_sort_key(a, str_of(v[i]), l);
		if (str_cmp(bytes_str(x), bytes_str(y)) >= 0)
			fail_msg("%s: \"%s\" must come before \"%s\"", lang_code(l), v[i - 1], v[i]);
	}
}

static void
names_sort_as_their_language_does(void **state)
{
	/* The Azerbaijani alphabet of 1992: a b c ç d e ə f g ğ h x ı i j k q l ... */
	static const char *const az[] = {
		"a", "b", "c", "ç", "d", "e", "ə", "f", "g", "ğ", "h", "x", "ı", "i", "j", "k",
		"q", "l", "m", "n", "o", "ö", "p", "r", "s", "ş", "t", "u", "ü", "v", "y", "z",
	};
	/* The Persian one: waw before heh, peh after beh. */
	static const char *const fa[] = {
		"آب", "اب", "ب", "پ", "ت", "ث", "ج", "چ", "ح", "خ", "د", "ذ", "ر", "ز", "ژ", "س",
		"ش", "ص", "ض", "ط", "ظ", "ع", "غ", "ف", "ق", "ک", "گ", "ل", "م", "ن", "و", "ه", "ی",
	};

	ascending(az, COUNT(az), LANG_AZ);
	ascending(fa, COUNT(fa), LANG_FA);
	ascending(fa, COUNT(fa), LANG_AZB);
	ascending((const char *const[]){"", "Ali", "ali b", "Bob"}, 4, LANG_EN);
	(void)state;
}

static void
a_column_is_as_wide_as_it_says(void **state)
{
	assert_int_equal(text_width(S("Şahin")), 5);
	assert_int_equal(text_width(S("e\u0301\u200c")), 1);
	assert_int_equal(text_width(S("می‌خواهم")), 7);
	assert_int_equal(text_width(S("日本")), 4);
	expect(text_fit(a, S("Şahin"), 8), "Şahin   ");
	expect(text_fit(a, S("Şahin"), 5), "Şahin");
	expect(text_fit(a, S("Şahin"), 4), "Şah…");
	expect(text_fit(a, S("ae\u0301b"), 3), "ae\u0301b");
	expect(text_fit(a, S("ae\u0301bc"), 3), "ae\u0301…");
	expect(text_fit(a, S("日本語"), 4), "日… ");
	expect(text_fit(a, S("Şahin"), 0), "");
	expect(text_fit(a, S("a\n\x1b\u202e" "b"), 5), "a \ufffd" "b ");
	for (size_t n = 0; n < 12; n++)
		assert_int_equal(text_width(text_fit(a, S("日e\u0301本 علی語"), n)), n);
	(void)state;
}

/* ---- Encodings ---- */

static void
decodes(struct bytes in, const char *as, const char *want, const char *want_name)
{
	struct str got;
	const char *name;
	struct err e = {0};

	if (text_decode(a, in, as, &got, &name, &e) != OK)
		fail_msg("refused: %s", e.text);
	expect(got, want);
	assert_string_equal(name, want_name);
}

static void
refuses(struct bytes in, const char *as, const char *part)
{
	struct str got = S("untouched");
	const char *name = "untouched";
	struct err e = {0};

	assert_int_equal(text_decode(a, in, as, &got, &name, &e), BAD);
	if (!str_has(str_of(e.text), part))
		fail_msg("\"%s\" does not say \"%s\"", e.text, part);
	expect(got, "untouched");
	assert_string_equal(name, "untouched");
}

#define B(lit) str_bytes(S(lit))

static void
encodings_are_found(void **state)
{
	decodes(B(""), NULL, "", "utf-8");
	decodes(B("Ad;Əliyev"), NULL, "Ad;Əliyev", "utf-8");
	decodes(B("\xef\xbb\xbf" "Ad"), NULL, "Ad", "utf-8");
	decodes(B("\xef\xbb\xbf"), NULL, "", "utf-8");
	decodes(B("\xff\xfe" "A\0\x06\x06"), NULL, "A\u0606", "utf-16le");
	decodes(B("\xfe\xff\0A\x06\x28"), NULL, "Aب", "utf-16be");
	decodes(B("A\0d\0;\0\x8f\x01\n\0"), NULL, "Ad;Ə\n", "utf-16le");
	decodes(B("\0A\0d\0;\x01\x8f\0\n"), NULL, "Ad;Ə\n", "utf-16be");
	decodes(B("\x46\x06\x27\x06\x45\x06\n\0"), NULL, "نام\n", "utf-16le");
	decodes(B("\x06\x46\x06\x27\x06\x45\0\n"), NULL, "نام\n", "utf-16be");
	decodes(B("=\0=\xd8\x42\xde"), "utf-16le", "=\U0001f642", "utf-16le");
	/* "نام,نام پدر" and peh, gaf, ZWNJ where windows-1256 has them. */
	decodes(B("\xe4\xc7\xe3,\xe4\xc7\xe3 \x81\xcf\xd1\n\x90\x9d\x8d"), NULL,
		"نام,نام پدر\nگ\u200cچ", "windows-1256");
	decodes(B("\xe4\xc7\xe3"), "Windows-1256", "نام", "windows-1256");
	(void)state;
}

static void
what_cannot_be_told_is_refused(void **state)
{
	refuses(B("PK\3\4xyz"), NULL, "XLSX");
	refuses(B("\xff\xfe\0\0a\0\0\0"), NULL, "UTF-32");
	refuses(B("\x7f" "ELF\2\1\1\0\0\0\x80"), NULL, "binary");
	refuses(B("a,b\n\0\0\0\0"), NULL, "binary");
	/* UTF-8 cut inside a character, or with one byte spoilt: no mojibake. */
	refuses(B("نام,پدر\nعل\xdb"), NULL, "line 2, byte 18");
	refuses(B("نام,پد\xff\nعلی"), NULL, "not UTF-8");
	refuses(B("Ad\xff" "x"), "utf-8", "byte 2");
	refuses(B("\xed\xa0\x80"), "utf-8", "byte 0");
	refuses(B("A\0B"), "utf-16le", "cut off");
	refuses(B("\xff\xfe" "A\0\0\xd8"), NULL, "byte 4");
	refuses(B("A\0\0\xdc" "B\0"), "utf-16le", "byte 2");
	refuses(B("abc"), "latin-1", "windows-1256");
	refuses(B("\xff\xfe" "A\0"), "utf-16be", "mark of utf-16le, so is not utf-16be");
	refuses(B("\xef\xbb\xbf" "A"), "windows-1256", "mark of utf-8");
	refuses(B("Əli Həsənov, Qədim"), "windows-1254", "this is UTF-8, so is not windows-1254");
	(void)state;
}

/* The bytes are those that Python's cp1251, cp1252, cp1254 and cp1256 give. */
static void
eight_bit_encodings_are_told_by_their_letters(void **state)
{
	/* Turkish: "Doğum, Şahin, Aynalı", and few letters in much ASCII. */
	decodes(B("Do\xf0um, \xde" "ahin, Aynal\xfd"), NULL, "Doğum, Şahin, Aynalı", "windows-1254");
	decodes(B("name;family\nAy\xfe" "e;Y\xfdlmaz\nAli;\xd6zt\xfcrk\n"), NULL,
		"name;family\nAyşe;Yılmaz\nAli;Öztürk\n", "windows-1254");
	/* Only letters that both have: one text, whatever it is called. */
	decodes(B("name\nG\xfcl\n"), NULL, "name\nGül\n", "windows-1254");
	decodes(B("Jos\xe9;Fran\xe7ois"), NULL, "José;François", "windows-1252");
	decodes(B("Gu\xf0r\xfan;\xde\xf3r;B\xe9" "atrice;\xc5sa"), NULL,
		"Guðrún;Þór;Béatrice;Åsa", "windows-1252");
	/* Russian, in small letters, capitals, and one word alone. */
	decodes(B("\xc0\xe9\xed\xf3\xf0, \xc3\xf3\xeb\xe8\xe5\xe2\xe0"), NULL, "Айнур, Гулиева",
		"windows-1251");
	decodes(B("name\n\xc3\xc0\xd1\xc0\xcd\xce\xc2\n"), NULL, "name\nГАСАНОВ\n", "windows-1251");
	decodes(B("\xc0\xeb\xe8"), NULL, "Али", "windows-1251");
	decodes(B("\xcc\xe0\xec\xe5\xe4\xee\xe2"), "cp1251", "Мамедов", "windows-1251");
	/* Persian: رضا احمدی with Arabic yeh. */
	decodes(B("\xd1\xd6\xc7 \xc7\xcd\xe3\xcf\xed"), NULL, "رضا احمدي", "windows-1256");
	/* Quotation marks and dashes are alike in all. */
	decodes(B("Said\x92s \x93x\x94 \x96 ok"), NULL, "Said’s “x” – ok", "windows-1254");
	(void)state;
}

static void
what_two_encodings_could_have_written_is_asked(void **state)
{
	/* One letter that is ı in Turkey and ý in Iceland. */
	refuses(B("name\nAyd\xfdn\n"), NULL, "line 2: not UTF-8; \"Aydın\" if it is windows-1254, "
		"\"Aydýn\" if it is windows-1252: name the encoding");
	decodes(B("name\nAyd\xfdn\n"), "windows-1254", "name\nAydın\n", "windows-1254");
	refuses(B("\xda\xe1\xed"), NULL, "\"علي\" if it is windows-1256, \"Ъбн\" if it is windows-1251");
	/* Neither: "Иванов Пётр Гасанов" in KOI8-R, "Иванов" in CP866, "Wałęsa Kaczyński" in 1250. */
	refuses(B("\xe9\xd7\xc1\xce\xcf\xd7 \xf0\xa3\xd4\xd2 \xe7\xc1\xd3\xc1\xce\xcf\xd7"), NULL,
		"no words in any encoding that is known");
	refuses(B("\x88\xa2\xa0\xad\xae\xa2"), NULL, "not UTF-8");
	refuses(B("Wa\xb3\xeasa Kaczy\xf1ski \xa3ukasz"), NULL, "not UTF-8");
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(languages_have_their_codes),
		cmocka_unit_test(a_script_is_that_of_the_letters),
		cmocka_unit_test(what_nobody_sees_is_not_stored),
		cmocka_unit_test(spellings_of_a_header_are_one),
		cmocka_unit_test(different_headers_stay_apart),
		cmocka_unit_test(digits_are_exchanged_and_nothing_else),
		cmocka_unit_test(numbers_are_as_icu_writes_them),
		cmocka_unit_test(names_sort_as_their_language_does),
		cmocka_unit_test(a_column_is_as_wide_as_it_says),
		cmocka_unit_test(encodings_are_found),
		cmocka_unit_test(what_cannot_be_told_is_refused),
		cmocka_unit_test(eight_bit_encodings_are_told_by_their_letters),
		cmocka_unit_test(what_two_encodings_could_have_written_is_asked),
	};
	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
