/* The texts that others write: manifest, bundle, adoption file, note.  Each is read
 * only as it would have been written. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "appeal/appeal_int.h"

static struct arena *a;
static struct err e;

#define ROOT_1 "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3"  /* minisign(1) */

static int
start(void **state)
{
	(void)state;
	a = arena_create((size_t)1 << 30);
	if (seal_init(&e) != OK)
		return -1;
	return kinds_load((struct str){record_kinds_text, record_kinds_text_bytes}, &e) == OK ? 0 : -1;
}

static int
end(void **state)
{
	(void)state;
	arena_destroy(a);
	return 0;
}

/* A whole letter with one annex of three rows, the second left out. */
static struct pack
sample(void)
{
	static struct letter_party party = {.name = {[LANG_EN] = {"One Office", 10},
		[LANG_FA] = {"یک دفتر", 13}}, .root = {ROOT_1, 56}};
	static const uint8_t record[1][SEAL_HASH] = {{7}};
	struct reg_annex_row *rows = NEWS(a, struct reg_annex_row, 3);
	struct reg_annex x = {.n_columns = 2, .rows = rows, .n_rows = 3, .reduced = 1};
	struct pack p = {0};

	for (size_t i = 0; i < 3; i++) {
		rows[i] = (struct reg_annex_row){.records = record, .n_records = 1,
			.cells = NEWS(a, struct str, 2), .named = i != 2, .person = S("P-1")};
		rows[i].cells[0] = str_fmt(a, "Aynur %zu", i);
		rows[i].cells[1] = i ? S("=1+1") : S("");
	}
	x.columns = NEWS(a, struct str, 2);
	p.annexes = NEW(a, struct frozen_annex);
	assert_int_equal(frozen_make(a, &x, 1, p.annexes, &e), OK);
	p.m = (struct manifest){.name = S("release-2020"), .day = 18348, .authentic = LANG_FA,
		.title = {[LANG_EN] = S("A title"), [LANG_FA] = S("یک عنوان")},
		.place = {[LANG_FA] = S("باکو")}, .addressees = {[LANG_EN] = S("To\nwhom")},
		.parties = &party, .n_parties = 1, .n_annexes = 1,
		.annexes = NEW(a, struct manifest_annex), .has = {[LANG_EN] = true, [LANG_FA] = true}};
	p.text[LANG_EN] = S("1. Text.\n");
	p.text[LANG_FA] = S("1. متن.\n");
	seal_sha256(str_bytes(p.text[LANG_EN]), p.m.text[LANG_EN]);
	seal_sha256(str_bytes(p.text[LANG_FA]), p.m.text[LANG_FA]);
	*p.m.annexes = (struct manifest_annex){.title = {[LANG_EN] = S("Annex")},
		.columns = S("name, birth-year"), .query = S(""), .purpose = S("letter"),
		.counted_on = 18348, .counted_as = S("held"), .rows = 3, .reduced = 1,
		.counts = {.persons = 3, .records = 4, .by_any = 3, .unconfirmed = 3}};
	frozen_root(a, p.annexes, p.m.annexes->root);
	p.annexes->rows[1].row.n = 0;
	p.annexes->left_out = 1;
	p.manifest_text = manifest_write(a, &p.m);
	seal_sha256(str_bytes(p.manifest_text), p.hash);
	return p;
}

static struct str
replace(struct str s, const char *what, const char *with)
{
	const char *at = memmem(s.p, s.n, what, strlen(what));

	assert_non_null(at);
	size_t n = (size_t)(at - s.p);
	return str_fmt(a, STR_FMT "%s" STR_FMT, STR_ARG(str_upto(s, n)), with,
		STR_ARG(str_from(s, n + strlen(what))));
}

/* --- manifest ------------------------------------------------------------------------------ */

static void
a_manifest_is_the_text_that_the_format_says(void **state)
{
	struct pack p = sample();
	const char *text = str_cstr(a, p.manifest_text);

	(void)state;
	assert_non_null(strstr(text, "habeas letter manifest 1\nname: release-2020\n"
		"date: 2020-03-27\nauthentic: fa\ntitle en: A title\ntitle fa: یک عنوان\n"
		"place fa: باکو\naddressee en: To\naddressee en: whom\nparty 1: " ROOT_1
		"\nparty 1 en: One Office\nparty 1 fa: یک دفتر\ntext en: "));
	assert_non_null(strstr(text, "\nannex 1 en: Annex\nannex 1 columns: name, birth-year\n"
		"annex 1 query: \nannex 1 purpose: letter\nannex 1 counted on: 2020-03-27\n"
		"annex 1 counted as: held\nannex 1 persons: 3\nannex 1 records: 4\n"
		"annex 1 by every list: 0\nannex 1 by any list: 3\n"
		"annex 1 not heard of for 12 months: 0\nannex 1 confirmed: 0\n"
		"annex 1 unconfirmed: 3\nannex 1 rows: 3\nannex 1 rows by initials: 1\n"
		"annex 1 withheld: 0\nannex 1 root: "));
}

static void
what_was_written_is_read(void **state)
{
	struct pack p = sample();
	struct manifest m;

	(void)state;
	assert_int_equal(manifest_read(a, p.manifest_text, &m, &e), OK);
	assert_true(str_is(m.addressees[LANG_EN], "To\nwhom"));
	assert_true(str_is(m.parties[0].name[LANG_FA], "یک دفتر"));
	assert_int_equal(m.day, 18348);
	assert_int_equal(m.authentic, LANG_FA);
	assert_int_equal(m.annexes[0].counts.by_any, 3);
	assert_int_equal(m.annexes[0].reduced, 1);
	assert_memory_equal(m.annexes[0].root, p.m.annexes->root, SEAL_HASH);
}

static void
a_manifest_that_habeas_would_not_write_is_refused(void **state)
{
	static const struct { const char *what, *with, *says; } wrong[] = {
		{"manifest 1\n", "manifest 2\n", "its first line"},
		{"name: release", "name:  release", "line 2: a name is"},
		{"release-2020", "Release 2020", "line 2: a name is"},
		{"2020-03-27\nauth", "2020-3-27\nauth", "not as habeas writes it"},
		{"2020-03-27\nauth", "2020-03\nauth", "not a day"},
		{"2020-03-27\nauth", "1399-01-08 SH\nauth", "not a day"},
		{"authentic: fa", "authentic: az", "\"text az: \" must stand here"},
		{"authentic: fa\n", "", "\"authentic: \" must stand here"},
		{"title en: A title\ntitle fa: یک عنوان", "title fa: یک عنوان\ntitle en: A title",
			"must stand here"},
		{"title en: A title\n", "title en: A title\ntitle en: B\n", "too many lines"},
		{"title en: A title\n", "title en: A\ttitle\n", "control characters"},
		{"title en: A title\n", "title en: A title \n", "control characters"},
		{"title en: A title\n", "title en: \n", "an empty"},
		{"title en: A title\n", "title en: A \xe2\x80\xae title\n", "control characters"},
		{"title en: A title\n", "", "a text without a title"},
		{"title en: A title\n", "title en: A title\r\n", "control characters"},
		{"party 1: RW", "party 1: XX", "not a root key"},
		{"party 1: RW", "party 2: RW", "must stand here"},
		{"text en: ", "text en: 0", "not 64"},
		{"persons: 3", "persons: 03", "not as habeas writes it"},
		{"persons: 3", "persons: -3", "not a number"},
		{"persons: 3", "persons: 4294967296", "not a number below"},
		{"rows: 3", "rows: 100001", "more rows"},
		{"rows by initials: 1", "rows by initials: 4", "more rows"},
		{"annex 1 withheld: 0\n", "", "\"annex 1 withheld: \" must stand here"},
		{"annex 1 en", "annex 2 en", "must stand here"},
		{"purpose: letter", "purpose: ", "malformed"},
	};
	struct str text = sample().manifest_text;
	struct manifest m;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct str s = replace(text, wrong[i].what, wrong[i].with);
		assert_int_equal(manifest_read(a, s, &m, &e), BAD);
		if (!strstr(e.text, wrong[i].says))
			fail_msg("%zu: \"%s\" does not say \"%s\"", i, e.text, wrong[i].says);
	}
	const struct str more[] = {str_upto(text, text.n - 1), str_fmt(a, STR_FMT "\n", STR_ARG(text)),
		str_fmt(a, STR_FMT "annex 2 en: x\n", STR_ARG(text)), S(""), S("habeas")};
	for (size_t i = 0; i < sizeof more / sizeof *more; i++)
		assert_int_equal(manifest_read(a, more[i], &m, &e), BAD);
}

static void
no_prefix_and_no_capital_digit_passes(void **state)
{
	struct str text = sample().manifest_text;
	struct manifest m;
	char *p = str_cstr(a, text);
	size_t hex = (size_t)(strstr(p, "root: ") - p) + 6;

	(void)state;
	/* Without its annex a manifest would be whole again: so from there on. */
	for (size_t n = (size_t)(strstr(p, "annex 1 en") - p) + 1; n < text.n; n++)
		assert_int_equal(manifest_read(a, str_upto(text, n), &m, &e), BAD);
	while (p[hex] < 'a')
		hex++;
	p[hex] = (char)(p[hex] - 32);
	assert_int_equal(manifest_read(a, str_of(p), &m, &e), BAD);
}

/* --- rows ------------------------------------------------------------------------------------- */

static void
rows_are_salted_so_that_no_two_are_alike(void **state)
{
	struct pack p = sample(), q = sample();

	(void)state;
	assert_memory_not_equal(p.annexes->rows[0].leaf, q.annexes->rows[0].leaf, SEAL_HASH);
	assert_memory_not_equal(p.m.annexes->root, q.m.annexes->root, SEAL_HASH);
}

static void
a_row_of_another_place_is_none(void **state)
{
	struct pack p = sample();
	struct bytes row = p.annexes->rows[2].row;
	struct frozen_row f;

	(void)state;
	assert_true(frozen_row_read(a, row, 1, 3, 2, &f));
	assert_false(f.named);
	assert_false(frozen_row_read(a, row, 2, 3, 2, &f));
	assert_false(frozen_row_read(a, row, 1, 2, 2, &f));
	assert_false(frozen_row_read(a, row, 1, 3, 3, &f));
	for (size_t n = 0; n < row.n; n++)
		assert_false(frozen_row_read(a, (struct bytes){row.p, n}, 1, 3, 2, &f));
}

static void
the_readable_rows_have_no_formula_and_no_row_left_out(void **state)
{
	struct pack p = sample();
	struct str csv = bytes_str(frozen_csv(a, p.annexes, p.m.annexes));

	(void)state;
	assert_true(str_is(csv, "row,name,birth-year,shown by,state\r\n"
		"1,Aynur 0,,name,unconfirmed\r\n3,Aynur 2,'=1+1,initials,unconfirmed\r\n"));
}

/* --- bundle ------------------------------------------------------------------------------------- */

static struct bytes
bundle_of(const struct pack *p)
{
	struct buf b;
	struct bytes ret;

	buf_init(&b, 1 << 20);
	bundle_put(&b, p);
	ret = (struct bytes){arena_copy(a, b.p, b.n), b.n};
	buf_finish(&b);
	return ret;
}

static void
a_bundle_gives_back_what_was_put_in(void **state)
{
	struct pack p = sample(), q;

	(void)state;
	assert_int_equal(bundle_get(a, bundle_of(&p), &q, &e), OK);
	assert_memory_equal(p.hash, q.hash, SEAL_HASH);
	assert_true(str_eq(p.text[LANG_FA], q.text[LANG_FA]));
	assert_int_equal(q.annexes[0].left_out, 1);
	assert_true(str_is(q.annexes[0].rows[0].cells[0], "Aynur 0"));
	assert_true(bytes_eq(bundle_of(&p), bundle_of(&q)));
}

static void
a_bundle_cut_off_continued_or_changed_is_refused(void **state)
{
	struct pack p = sample(), q;
	struct bytes b = bundle_of(&p);
	uint8_t *m = arena_alloc(a, b.n + 1, 1);
	size_t rows = b.n - p.annexes->rows[0].row.n;

	(void)state;
	for (size_t n = 0; n < b.n; n++)
		assert_int_equal(bundle_get(a, (struct bytes){b.p, n}, &q, &e), BAD);
	memcpy(m, b.p, b.n);
	assert_int_equal(bundle_get(a, (struct bytes){m, b.n + 1}, &q, &e), BAD);
	/* Behind the manifest everything is fixed by it. */
	size_t from = (size_t)((uint8_t *)memmem(b.p, b.n, "annex 1 root: ", 14) - b.p) + 14 + 65;
	assert_true(from < rows);
	for (size_t i = from; i < b.n; i++)
		for (int bit = 0; bit < 8; bit++) {
			m[i] ^= (uint8_t)(1 << bit);
			assert_int_equal(bundle_get(a, (struct bytes){m, b.n}, &q, &e), BAD);
			m[i] ^= (uint8_t)(1 << bit);
		}
}

/* Heads that promise more than is there must not be believed. */
static void
counts_in_a_bundle_are_capped_before_anything_is_made(void **state)
{
	struct pack p = sample(), q;
	struct buf b;
	size_t used;

	(void)state;
	p.m.annexes->rows = LETTER_ROWS_MOST;
	p.m.annexes->reduced = 0;
	p.manifest_text = manifest_write(a, &p.m);
	buf_init(&b, 1 << 20);
	buf_cstr(&b, "habeas letter bundle 1\n");
	cbor_put_map(&b, 3);
	cbor_put_uint(&b, 0);
	cbor_put_text(&b, p.manifest_text);
	cbor_put_uint(&b, 1);
	cbor_put_array(&b, (size_t)1 << 40);
	assert_int_equal(bundle_get(a, buf_bytes(&b), &q, &e), BAD);
	assert_non_null(strstr(e.text, "in its texts"));
	b.n -= 9;
	cbor_put_array(&b, 2);
	for (int l = LANG_EN; l <= LANG_FA; l++) {
		cbor_put_array(&b, 2);
		cbor_put_text(&b, str_of(lang_code((enum lang)l)));
		cbor_put_text(&b, p.text[l]);
	}
	cbor_put_uint(&b, 2);
	cbor_put_array(&b, 1);
	cbor_put_array(&b, LETTER_ROWS_MOST);
	used = arena_used(a);
	assert_int_equal(bundle_get(a, buf_bytes(&b), &q, &e), BAD);
	assert_true(arena_used(a) - used < (32 << 20));
	buf_finish(&b);
}

/* --- adoption file, note ---------------------------------------------------------------------------- */

static void
an_adoption_file_is_read_only_as_it_is_written(void **state)
{
	struct adoption x = {.certificate = S("c\nd\n"), .certificate_sig = S("s\n"),
		.manifest_sig = S("m\n"), .proof = S("p\n\n— q\n")}, y;
	const uint8_t hash[SEAL_HASH] = {1, 2, 3};
	uint8_t got[SEAL_HASH];
	struct str file = adoption_write(a, &x, S("release-2020"), hash);

	(void)state;
	assert_int_equal(adoption_read(a, file, &y, got, &e), OK);
	assert_memory_equal(hash, got, SEAL_HASH);
	assert_true(str_eq(x.proof, y.proof));
	assert_true(str_eq(x.certificate, y.certificate));
	for (size_t n = 0; n < file.n; n++)
		assert_int_equal(adoption_read(a, str_upto(file, n), &y, got, &e), BAD);
	static const struct { const char *what, *with; } wrong[] = {
		{"adoption 1", "adoption 2"}, {"letter: r", "letter: R"}, {"--- cert", "--- Cert"},
		{"--- end\n", "--- end\n\n"}, {"--- certificate\n", "x\n--- certificate\n"},
		{"--- manifest.minisig\n", "--- certificate.minisig\n"}, {"manifest: 0", "manifest: G"},
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(adoption_read(a, replace(file, wrong[i].what, wrong[i].with), &y, got,
			&e), BAD);
}

static void
a_note_is_read_only_as_it_is_written(void **state)
{
	struct rendering x = {.origin = S("habeas/0123456789abcdef"), .covered = 4711,
		.sha256 = {1}, .lang = LANG_AZ, .engine = S("cairo 1; fonts 2")}, y;
	struct str text = rendering_text(a, &x);

	(void)state;
	assert_true(rendering_read(a, text, &y));
	assert_int_equal(y.covered, 4711);
	assert_int_equal(y.lang, LANG_AZ);
	assert_true(str_eq(y.engine, x.engine));
	for (size_t n = 0; n < text.n; n++)
		assert_false(rendering_read(a, str_upto(text, n), &y));
	assert_false(rendering_read(a, replace(text, "covers: 4711", "covers: 04711"), &y));
	assert_false(rendering_read(a, replace(text, "rendering 1", "rendering 2"), &y));
	assert_false(rendering_read(a, str_fmt(a, STR_FMT "more\n", STR_ARG(text)), &y));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_manifest_is_the_text_that_the_format_says),
		cmocka_unit_test(what_was_written_is_read),
		cmocka_unit_test(a_manifest_that_habeas_would_not_write_is_refused),
		cmocka_unit_test(no_prefix_and_no_capital_digit_passes),
		cmocka_unit_test(rows_are_salted_so_that_no_two_are_alike),
		cmocka_unit_test(a_row_of_another_place_is_none),
		cmocka_unit_test(the_readable_rows_have_no_formula_and_no_row_left_out),
		cmocka_unit_test(a_bundle_gives_back_what_was_put_in),
		cmocka_unit_test(a_bundle_cut_off_continued_or_changed_is_refused),
		cmocka_unit_test(counts_in_a_bundle_are_capped_before_anything_is_made),
		cmocka_unit_test(an_adoption_file_is_read_only_as_it_is_written),
		cmocka_unit_test(a_note_is_read_only_as_it_is_written),
	};

	return cmocka_run_group_tests(tests, start, end);
}
