/* Sealing, boxes, passphrases, secret memory. */
#include "check.h"
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static const char key_hex[] = "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f";
static const char words[] = "Ladies and Gentlemen of the class of '99: If I could offer you "
	"only one tip for the future, sunscreen would be it.";

static void
the_vector_of_the_xchacha_draft_opens(void **state)
{
	/* draft-irtf-cfrg-xchacha-03, appendix A.3.1: nonce || ciphertext || tag. */
	struct bytes box = unhex("404142434445464748494a4b4c4d4e4f5051525354555657"
		"bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb"
		"731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
		"2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
		"21f9664c97637da9768812f615c68b13b52e"
		"c0875924c1c7987947deafd8780acf49");
	uint8_t plain[sizeof words];

	assert_int_equal(box.n - SEAL_OVERHEAD, sizeof words - 1);
	assert_true(seal_open(unhex(key_hex).p, box, unhex("50515253c0c1c2c3c4c5c6c7"), plain));
	assert_memory_equal(plain, words, sizeof words - 1);
	(void)state;
}

static void
no_changed_bit_key_or_context_of_a_sealed_text_opens(void **state)
{
	uint8_t key[SEAL_KEY], plain[sizeof words];
	struct bytes ad = str_bytes(S("habeas/test/1"));
	struct buf out;

	memcpy(key, unhex(key_hex).p, sizeof key);
	buf_init(&out, 1 << 20);
	seal_close(key, str_bytes(str_of(words)), ad, &out);
	assert_int_equal(out.n, sizeof words - 1 + SEAL_OVERHEAD);
	for (size_t bit = 0; bit < 8 * out.n; bit++) {
		out.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_false(seal_open(key, buf_bytes(&out), ad, plain));
		out.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	for (size_t n = 0; n < out.n; n++)
		assert_false(seal_open(key, (struct bytes){out.p, n}, ad, plain));
	assert_false(seal_open(key, buf_bytes(&out), str_bytes(S("habeas/test/2")), plain));
	key[31] ^= 1;
	assert_false(seal_open(key, buf_bytes(&out), ad, plain));
	key[31] ^= 1;
	assert_true(seal_open(key, buf_bytes(&out), ad, plain));
	assert_memory_equal(plain, words, sizeof words - 1);
	buf_finish(&out);
	(void)state;
}

static void
the_same_text_is_never_sealed_to_the_same_bytes(void **state)
{
	const uint8_t *key = unhex(key_hex).p;
	struct buf out;

	buf_init(&out, 1 << 20);
	seal_close(key, str_bytes(S("")), str_bytes(S("")), &out);
	seal_close(key, str_bytes(S("")), str_bytes(S("")), &out);
	assert_int_equal(out.n, 2 * SEAL_OVERHEAD);
	assert_memory_not_equal(out.p, out.p + SEAL_OVERHEAD, SEAL_OVERHEAD);
	assert_true(seal_open(key, (struct bytes){out.p, SEAL_OVERHEAD}, str_bytes(S("")), NULL));
	buf_finish(&out);
	/* What has no room is not begun. */
	buf_init(&out, SEAL_OVERHEAD - 1);
	seal_close(key, str_bytes(S("")), str_bytes(S("")), &out);
	assert_true(out.over);
	assert_int_equal(out.n, 0);
	buf_finish(&out);
	(void)state;
}

static void
a_page_opens_only_whole_and_in_its_own_place(void **state)
{
	enum { PAGE = 512 };
	const uint8_t *key = unhex(key_hex).p;
	uint8_t page[PAGE], sealed[PAGE], work[PAGE];

	for (size_t i = 0; i < PAGE; i++)
		page[i] = (uint8_t)(i * 7);
	memcpy(sealed, page, PAGE);
	seal_page_close(key, 0x0102030405060708u, sealed, PAGE);
	assert_memory_not_equal(sealed, page, PAGE - SEAL_OVERHEAD);
	for (size_t bit = 0; bit < 8 * PAGE; bit += 3) {
		memcpy(work, sealed, PAGE);
		work[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_false(seal_page_open(key, 0x0102030405060708u, work, PAGE));
	}
	memcpy(work, sealed, PAGE);
	assert_false(seal_page_open(key, 0x0102030405060709u, work, PAGE));
	memcpy(work, sealed, PAGE);
	assert_true(seal_page_open(key, 0x0102030405060708u, work, PAGE));
	assert_memory_equal(work, page, PAGE - SEAL_OVERHEAD);
	(void)state;
}

static void
a_pages_bytes_are_those_of_the_construction_described(void **state)
{
	/* As seal_open sees it: nonce || ciphertext || tag, the number in 8 bytes. */
	enum { PAGE = 64, DATA = PAGE - SEAL_OVERHEAD };
	const uint8_t *key = unhex(key_hex).p;
	uint8_t page[PAGE] = "twenty-four bytes are he", box[PAGE], plain[DATA];

	seal_page_close(key, 7, page, PAGE);
	memcpy(box, page + DATA, 24);
	memcpy(box + 24, page, DATA);
	memcpy(box + 24 + DATA, page + DATA + 24, 16);
	assert_true(seal_open(key, BYTES(box), unhex("0000000000000007"), plain));
	assert_memory_equal(plain, "twenty-four bytes are he", DATA);
	(void)state;
}

static void
a_box_opens_for_its_holder_only_and_no_changed_bit_passes(void **state)
{
	uint8_t secret[SEAL_KEY], other[SEAL_KEY], pub[SEAL_PUBLIC], plain[64];
	struct buf out;

	seal_random(secret, sizeof secret);
	seal_random(other, sizeof other);
	seal_box_public(secret, pub);
	buf_init(&out, 1000);
	assert_true(seal_box_close(pub, str_bytes(S("a key of thirty-two bytes, or so")), &out));
	assert_int_equal(out.n, 32 + SEAL_BOX_OVERHEAD);
	for (size_t bit = 0; bit < 8 * out.n; bit++) {
		out.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
		/* X25519 does not look at the top bit of a point (RFC 7748 section 5), but
		 * the nonce is a hash of all its bits. */
		assert_false(seal_box_open(secret, buf_bytes(&out), plain));
		out.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	assert_false(seal_box_open(other, buf_bytes(&out), plain));
	assert_false(seal_box_open(secret, (struct bytes){out.p, SEAL_BOX_OVERHEAD - 1}, plain));
	assert_true(seal_box_open(secret, buf_bytes(&out), plain));
	assert_memory_equal(plain, "a key of thirty-two bytes, or so", 32);
	buf_finish(&out);
	(void)state;
}

static void
nothing_is_boxed_to_a_key_of_low_order(void **state)
{
	static const uint8_t zero[SEAL_PUBLIC];
	struct buf out;

	buf_init(&out, 1000);
	buf_byte(&out, 'x');
	assert_false(seal_box_close(zero, str_bytes(S("secret")), &out));
	assert_int_equal(out.n, 1);
	buf_finish(&out);
	(void)state;
}

static void
x25519_public_keys_are_those_of_rfc_7748(void **state)
{
	/* Section 6.1: Bob's key pair. */
	uint8_t pub[SEAL_PUBLIC];

	seal_box_public(unhex(
		"5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb").p, pub);
	assert_hex(pub, sizeof pub,
		"de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
	(void)state;
}

static void
argon2id_gives_what_the_reference_implementation_gives(void **state)
{
	/* `argon2 SALT -id -t OPS -k KIB -p 1 -l 32 -r` of Debian 12's package argon2
	 * (0~20171227, by the authors of Argon2). */
	static const struct { const char *pass, *salt; struct seal_cost cost; const char *key; } t[] = {
		{"password", "somesaltsomesalt", {1, 8 << 10},
		 "05b6ca8f8038b683887ad4916533858b49cb52040126c134f4c6e9d8711b8c09"},
		{"گذرواژهٔ بلند", "habeas-test-salt", {2, 64 << 10},
		 "9cc349a533203617be7f39d6e337dc70700f775b36c04cf1b1bae0a8826c6a73"},
		{"password", "somesaltsomesalt", {3, 256 << 20},
		 "5f70c345ced0cbb8f42438b3aaf225369c337f548134c94e9f223c524751e52b"},
	};
	uint8_t key[SEAL_KEY];

	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		assert_int_equal(seal_passphrase_key(str_bytes(str_of(t[i].pass)),
			(const uint8_t *)t[i].salt, t[i].cost, key, &e), OK);
		assert_hex(key, sizeof key, t[i].key);
	}
	assert_int_equal(seal_cost_default.mem_bytes, 256 << 20);
	(void)state;
}

static void
a_cost_that_would_take_a_day_or_all_memory_is_bad(void **state)
{
	static const struct seal_cost costs[] = {
		{0, 1 << 20}, {65, 1 << 20}, {1, 8191}, {1, (UINT64_C(4) << 30) + 1},
		{UINT64_MAX, UINT64_MAX},
	};
	uint8_t key[SEAL_KEY] = {7}, salt[SEAL_SALT] = {0};

	for (size_t i = 0; i < sizeof costs / sizeof *costs; i++) {
		assert_int_equal(seal_passphrase_key(str_bytes(S("x")), salt, costs[i], key, &e),
			BAD);
		assert_int_equal(key[0], 7);
	}
	(void)state;
}

static void
secrets_are_zeroed_sized_and_equal_only_when_equal(void **state)
{
	struct seal_secret *s = seal_secret_create(33);
	static const uint8_t zero[33];

	assert_int_equal(seal_secret_size(s), 33);
	assert_true(seal_equal(seal_secret_bytes(s), zero, 33));
	seal_secret_bytes(s)[32] = 1;
	assert_false(seal_equal(seal_secret_bytes(s), zero, 33));
	seal_wipe(seal_secret_bytes(s), 33);
	assert_true(seal_equal(seal_secret_bytes(s), zero, 33));
	seal_secret_destroy(s);
	seal_secret_destroy(NULL);
	assert_true(seal_secrets_locked());
	(void)state;
}

/* Exit code: bit 0 init failed and names the limit, bit 1 an unlocked secret told. */
static int
without_locked_memory(void)
{
	struct rlimit none = {0, 0};
	struct seal_secret *s;
	int found = 0;

	if (setrlimit(RLIMIT_MEMLOCK, &none) != 0 || (geteuid() == 0 && setuid(65534) != 0))
		return 4;
	if (seal_init(&e) == FAIL && str_has(str_of(e.text), "RLIMIT_MEMLOCK"))
		found |= 1;
	s = seal_secret_create(32);
	memset(seal_secret_bytes(s), 0xff, 32);
	if (!seal_secrets_locked())
		found |= 2;
	seal_secret_destroy(s);
	return found;
}

static void
memory_that_cannot_be_locked_is_told(void **state)
{
	int status;
	pid_t pid;

#ifdef __SANITIZE_ADDRESS__
	skip();                 /* whose mlock() does nothing and always works */
#endif
	pid = fork();
	if (pid == 0)
		_exit(without_locked_memory());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 4)
		skip();
	assert_int_equal(WEXITSTATUS(status), 3);
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vector_of_the_xchacha_draft_opens),
		cmocka_unit_test(no_changed_bit_key_or_context_of_a_sealed_text_opens),
		cmocka_unit_test(the_same_text_is_never_sealed_to_the_same_bytes),
		cmocka_unit_test(a_page_opens_only_whole_and_in_its_own_place),
		cmocka_unit_test(a_pages_bytes_are_those_of_the_construction_described),
		cmocka_unit_test(a_box_opens_for_its_holder_only_and_no_changed_bit_passes),
		cmocka_unit_test(nothing_is_boxed_to_a_key_of_low_order),
		cmocka_unit_test(x25519_public_keys_are_those_of_rfc_7748),
		cmocka_unit_test(argon2id_gives_what_the_reference_implementation_gives),
		cmocka_unit_test(a_cost_that_would_take_a_day_or_all_memory_is_bad),
		cmocka_unit_test(secrets_are_zeroed_sized_and_equal_only_when_equal),
		cmocka_unit_test(memory_that_cannot_be_locked_is_told),
	};

	return cmocka_run_group_tests(tests, start, end);
}
