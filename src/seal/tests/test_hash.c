/* Hashes against the vectors of those who defined them. */
#include "check.h"

static void
sha256_gives_the_digests_that_nist_published(void **state)
{
	/* FIPS 180-4 examples (csrc.nist.gov, "SHA256.pdf") and the empty message. */
	static const struct { const char *msg, *hash; } known[] = {
		{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		 "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
	};
	uint8_t hash[SEAL_HASH];

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		seal_sha256(str_bytes(str_of(known[i].msg)), hash);
		assert_hex(hash, sizeof hash, known[i].hash);
	}
	(void)state;
}

static void
a_million_letters_a_in_pieces_hash_as_nist_says(void **state)
{
	struct seal_hasher *h = seal_hasher_create();
	uint8_t piece[997], hash[SEAL_HASH];
	size_t left = 1000000;

	memset(piece, 'a', sizeof piece);
	while (left) {
		size_t n = left < sizeof piece ? left : sizeof piece;
		seal_hasher_add(h, (struct bytes){piece, n});
		left -= n;
	}
	seal_hasher_finish(h, hash);
	assert_hex(hash, sizeof hash,
		"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	(void)state;
}

static void
leaves_and_nodes_hash_as_certificate_transparency_says(void **state)
{
	/* certificate-transparency, merkletree tests: the leaves "" and 00, the head
	 * over both. */
	uint8_t left[SEAL_HASH], right[SEAL_HASH], root[SEAL_HASH];

	seal_leaf(str_bytes(S("")), left);
	assert_hex(left, sizeof left,
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
	seal_leaf(unhex("00"), right);
	assert_hex(right, sizeof right,
		"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7");
	seal_node(left, right, root);
	assert_hex(root, sizeof root,
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
	/* The result may lie where an operand was. */
	seal_node(left, right, left);
	assert_memory_equal(left, root, sizeof root);
	(void)state;
}

static void
blake2b_gives_what_rfc_7693_and_another_implementation_give(void **state)
{
	uint8_t key[SEAL_KEY], hash[SEAL_HASH], wide[64];

	seal_blake2b_512(str_bytes(S("abc")), wide);        /* RFC 7693 appendix A */
	assert_hex(wide, sizeof wide,
		"ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
		"7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
	for (size_t i = 0; i < sizeof key; i++)
		key[i] = (uint8_t)i;
	/* Python 3.11's hashlib.blake2b(b"abc", key=bytes(range(32)), digest_size=32). */
	seal_keyed(key, str_bytes(S("abc")), hash);
	assert_hex(hash, sizeof hash,
		"d63a32d3e44738d7907f964316c241adaba0abfeabc32349677578a15a203f7f");
	seal_keyed(key, str_bytes(S("")), hash);
	assert_hex(hash, sizeof hash,
		"4e51e7a913fc80137da52880fecca175bf81e117d5c68126dc2774033517ea0d");
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha256_gives_the_digests_that_nist_published),
		cmocka_unit_test(a_million_letters_a_in_pieces_hash_as_nist_says),
		cmocka_unit_test(leaves_and_nodes_hash_as_certificate_transparency_says),
		cmocka_unit_test(blake2b_gives_what_rfc_7693_and_another_implementation_give),
	};

	return cmocka_run_group_tests(tests, start, end);
}
