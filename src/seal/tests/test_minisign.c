/* minisign: both ways with Debian's own, and every change refused. */
#include "check.h"
#include <stdlib.h>
#include <unistd.h>
#include <sys/wait.h>

static const uint8_t seed[SEAL_KEY] = "thirty-two bytes of a test's key";
static const uint8_t id[8] = {1, 2, 3, 4, 5, 6, 7, 8};
static const char text[] = "We ask that the prisoners be released.\nİmzalar aşağıdadır.\n";

static struct seal_minisign_key
our_key(void)
{
	struct seal_minisign_key k;

	memcpy(k.id, id, sizeof id);
	seal_sign_public(seed, k.pub);
	return k;
}

static struct str
our_signature(const char *trusted)
{
	struct seal_signer *s = seal_signer_create(seed);
	struct str sig = seal_minisign_sign(a, s, id, str_bytes(str_of(text)),
		"signature of a test", trusted);

	seal_signer_destroy(s);
	return sig;
}

static void
what_we_sign_verifies_and_gives_its_trusted_comment(void **state)
{
	struct seal_minisign_key k = our_key(), back;
	struct str sig = our_signature("file:letter.txt"), trusted;

	assert_int_equal(seal_minisign_verify(a, &k, str_bytes(str_of(text)), sig, &trusted, &e),
		OK);
	assert_true(str_is(trusted, "file:letter.txt"));
	assert_int_equal(seal_minisign_verify(a, &k, str_bytes(S("else")), sig, &trusted, &e), NO);
	assert_true(seal_minisign_public_read(a, seal_minisign_public(a, &k), &back));
	assert_memory_equal(&back, &k, sizeof k);
	assert_true(str_starts(seal_minisign_public(a, &k), "RW"));
	(void)state;
}

static void
a_changed_byte_anywhere_but_in_the_untrusted_comment_is_refused(void **state)
{
	struct seal_minisign_key k = our_key();
	struct str sig = our_signature("adopted on 27 March 2020"), trusted;
	size_t head = str_find(sig, '\n') + 1;
	char *copy = str_cstr(a, sig);

	for (size_t at = 0; at < sig.n; at++) {
		enum status st;
		copy[at] ^= 1;
		st = seal_minisign_verify(a, &k, str_bytes(str_of(text)),
			(struct str){copy, sig.n}, &trusted, &e);
		if (at >= head && st == OK)
			fail_msg("byte %zu may be changed", at);
		copy[at] ^= 1;
	}
	for (size_t n = 0; n < sig.n - 1; n++)
		assert_int_not_equal(seal_minisign_verify(a, &k, str_bytes(str_of(text)),
			str_upto(sig, n), &trusted, &e), OK);
	(void)state;
}

static void
what_is_no_signature_is_bad_and_another_key_is_no(void **state)
{
	struct seal_minisign_key k = our_key();
	struct str sig = our_signature("x");
	struct str more = str_fmt(a, STR_FMT "more\n", STR_ARG(sig)), trusted;
	char *legacy = str_cstr(a, sig);

	assert_int_equal(seal_minisign_verify(a, &k, str_bytes(S("m")), S(""), &trusted, &e), BAD);
	assert_int_equal(seal_minisign_verify(a, &k, str_bytes(S("m")), more, &trusted, &e), BAD);
	/* base64("Ed") for base64("ED"). */
	memcpy(legacy + str_find(sig, '\n') + 1, "RW", 2);
	assert_int_equal(seal_minisign_verify(a, &k, str_bytes(str_of(text)),
		str_of(legacy), &trusted, &e), BAD);
	k.id[0] ^= 1;
	assert_int_equal(seal_minisign_verify(a, &k, str_bytes(str_of(text)), sig, &trusted, &e),
		NO);
	(void)state;
}

static void
a_public_line_of_another_form_or_with_a_weak_key_is_refused(void **state)
{
	struct seal_minisign_key k = our_key(), back;
	struct str line = seal_minisign_public(a, &k);

	assert_true(seal_minisign_public_read(a, str_fmt(a, " " STR_FMT "\r\n", STR_ARG(line)),
		&back));
	assert_false(seal_minisign_public_read(a, str_upto(line, line.n - 4), &back));
	assert_false(seal_minisign_public_read(a, str_fmt(a, STR_FMT "AAAA", STR_ARG(line)), &back));
	assert_false(seal_minisign_public_read(a, S("untrusted comment: x"), &back));
	assert_false(seal_minisign_public_read(a, STR_NONE, &back));
	memset(k.pub, 0, sizeof k.pub);
	assert_false(seal_minisign_public_read(a, seal_minisign_public(a, &k), &back));
	(void)state;
}

/* --- Debian's minisign ----------------------------------------------------------- */

static char dir[64];

static const char *
in_dir(const char *name)
{
	return str_fmt(a, "%s/%s", dir, name).p;
}

static void
put(const char *name, struct str s)
{
	assert_int_equal(os_write_file(in_dir(name), str_bytes(s), 0600, &e), OK);
}

static struct str
get(const char *name)
{
	struct bytes b;

	assert_int_equal(os_read_file(a, in_dir(name), 1 << 20, &b, &e), OK);
	return bytes_str(b);
}

static int
run(const char *command)
{
	int status = system(str_fmt(a, "cd %s && %s >out 2>&1", dir, command).p);

	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int
with_minisign(void **state)
{
	(void)state;
	snprintf(dir, sizeof dir, "/tmp/habeas-minisign-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int
without_minisign(void **state)
{
	(void)state;
	return os_remove_tree(dir, &e) == OK ? 0 : -1;
}

static void
debians_minisign_verifies_what_we_sign(void **state)
{
	struct seal_minisign_key k = our_key();
	const char *verify;

	if (run("minisign -v") != 0)
		skip();
	put("letter", str_of(text));
	put("letter.minisig", our_signature("adopted on 27 March 2020, İstanbul, تهران"));
	verify = str_fmt(a, "minisign -V -H -Q -m letter -P " STR_FMT,
		STR_ARG(seal_minisign_public(a, &k))).p;
	assert_int_equal(run(verify), 0);
	assert_true(str_has(get("out"), "adopted on 27 March 2020, İstanbul, تهران"));
	put("letter", S("another text"));
	assert_int_not_equal(run(verify), 0);
	(void)state;
}

static void
we_verify_what_debians_minisign_signs(void **state)
{
	struct seal_minisign_key k;
	struct str line, trusted;

	if (run("minisign -v") != 0)
		skip();
	put("letter", str_of(text));
	assert_int_equal(run("minisign -G -W -f -p k.pub -s k.sec"), 0);
	assert_int_equal(run("minisign -S -W -s k.sec -m letter -t 'for the letter'"), 0);
	line = get("k.pub");
	str_cut(&line, '\n');
	assert_true(seal_minisign_public_read(a, line, &k));
	assert_int_equal(seal_minisign_verify(a, &k, str_bytes(str_of(text)),
		get("letter.minisig"), &trusted, &e), OK);
	assert_true(str_is(trusted, "for the letter"));
	/* Its legacy form is refused, as docs/formats.md says. */
	assert_int_equal(run("minisign -S -l -W -s k.sec -m letter"), 0);
	assert_int_equal(seal_minisign_verify(a, &k, str_bytes(str_of(text)),
		get("letter.minisig"), &trusted, &e), BAD);
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_we_sign_verifies_and_gives_its_trusted_comment),
		cmocka_unit_test(a_changed_byte_anywhere_but_in_the_untrusted_comment_is_refused),
		cmocka_unit_test(what_is_no_signature_is_bad_and_another_key_is_no),
		cmocka_unit_test(a_public_line_of_another_form_or_with_a_weak_key_is_refused),
		cmocka_unit_test_setup_teardown(debians_minisign_verifies_what_we_sign,
			with_minisign, without_minisign),
		cmocka_unit_test_setup_teardown(we_verify_what_debians_minisign_signs,
			with_minisign, without_minisign),
	};

	return cmocka_run_group_tests(tests, start, end);
}
