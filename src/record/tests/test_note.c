/* Signed notes against the published examples. */
#include "check.h"

/* c2sp.org/signed-note and golang.org/x/mod sumdb/note example_test.go: the text
 * of Quasimodo signed by PeterNeumann's key there. */
static const char go_vkey[] =
	"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
static const char go_note[] =
	"If you think cryptography is the answer to your problem,\n"
	"then you don't know what your problem is.\n"
	"\n"
	"— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

static struct str
go(void)
{
	return str_of(go_note);
}

static void
the_published_note_verifies_under_its_key(void **state)
{
	struct str text;

	(void)state;
	assert_ok(note_verify(go(), str_of(go_vkey), &text, &e));
	assert_str(text, "If you think cryptography is the answer to your problem,\n"
		"then you don't know what your problem is.\n");
}

static void
every_changed_byte_of_a_note_is_refused(void **state)
{
	struct str text;
	char *copy = str_cstr(a, go());
	size_t n = sizeof go_note - 1;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		copy[i] ^= 1;
		assert_int_not_equal(note_verify((struct str){copy, n}, str_of(go_vkey), &text, &e), OK);
		copy[i] ^= 1;
		assert_int_not_equal(note_verify((struct str){copy, i}, str_of(go_vkey), &text, &e), OK);
	}
}

static void
every_changed_byte_of_a_verifier_key_is_refused(void **state)
{
	struct note_key k;
	char *copy = str_cstr(a, str_of(go_vkey));

	(void)state;
	assert_true(vkey_read(str_of(go_vkey), &k));
	for (size_t i = 0; i < sizeof go_vkey - 1; i++) {
		copy[i] ^= 1;
		assert_false(vkey_read(str_of(copy), &k));
		copy[i] ^= 1;
	}
}

static void
what_we_sign_verifies_and_others_signatures_are_passed_over(void **state)
{
	uint8_t seed[SEAL_KEY] = {7};
	struct seal_signer *key = seal_signer_create(seed);
	struct str vkey = vkey_make(a, S("habeas/0123456789abcdef"), seal_signer_public(key));
	struct str note = note_sign(a, key, S("habeas/0123456789abcdef"), S("a\n\nb\n")), text;
	struct str more = str_fmt(a, STR_FMT "— someone x08go/ZJkuBS\n", STR_ARG(note));

	(void)state;
	assert_ok(note_verify(note, vkey, &text, &e));
	assert_str(text, "a\n\nb\n");
	assert_ok(note_verify(more, vkey, &text, &e));
	assert_int_equal(note_verify(note, str_of(go_vkey), &text, &e), NO);
	assert_int_equal(note_verify(note, S("nonsense"), &text, &e), BAD);
	seal_signer_destroy(key);
}

static void
a_checkpoint_is_three_lines_in_one_form(void **state)
{
	struct checkpoint c = {.origin = S("habeas/0123456789abcdef"), .size = 12}, d;
	struct str text = checkpoint_text(a, &c);
	static const char *const wrong[] = {
		"o\n012\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
		"o\n+12\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
		"o\n12\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
		"o\n12\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nmore\n",
		"o\n12\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==\n",
		"\n12\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
		"o\n18446744073709551616\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
		"", "o", "o\n", "o\n12\n",
	};

	(void)state;
	assert_true(checkpoint_read(text, &d));
	assert_int_equal(d.size, 12);
	assert_str(checkpoint_text(a, &d), str_cstr(a, text));
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_false(checkpoint_read(str_of(wrong[i]), &d));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_published_note_verifies_under_its_key),
		cmocka_unit_test(every_changed_byte_of_a_note_is_refused),
		cmocka_unit_test(every_changed_byte_of_a_verifier_key_is_refused),
		cmocka_unit_test(what_we_sign_verifies_and_others_signatures_are_passed_over),
		cmocka_unit_test(a_checkpoint_is_three_lines_in_one_form),
	};
	return cmocka_run_group_tests(tests, check_setup, check_teardown);
}
