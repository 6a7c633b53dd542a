/* Ed25519: RFC 8032's own vectors, and signatures made to divide implementations. */
#include "check.h"
#include <errno.h>

/* RFC 8032 section 7.1: TEST 1, 2, 3 and SHA(abc). */
static const struct { const char *seed, *pub, *msg, *sig; } rfc8032[] = {
	{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
	 "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
	 "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
	 "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
	{"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
	 "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
	 "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
	 "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
	{"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
	 "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
	 "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
	 "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
	{"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
	 "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
	 "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
	 "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
	 "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
	 "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"},
};

static void
signing_gives_the_signatures_of_rfc_8032(void **state)
{
	for (size_t i = 0; i < sizeof rfc8032 / sizeof *rfc8032; i++) {
		const uint8_t *seed = unhex(rfc8032[i].seed).p;
		struct bytes msg = unhex(rfc8032[i].msg);
		struct seal_signer *s = seal_signer_create(seed);
		uint8_t pub[SEAL_PUBLIC], sig[SEAL_SIGNATURE];

		seal_sign_public(seed, pub);
		assert_hex(pub, sizeof pub, rfc8032[i].pub);
		assert_memory_equal(seal_signer_public(s), pub, sizeof pub);
		seal_sign(s, msg, sig);
		assert_hex(sig, sizeof sig, rfc8032[i].sig);
		assert_true(seal_verify(pub, msg, sig));
		assert_true(seal_public_valid(pub));
		seal_signer_destroy(s);
	}
	seal_signer_destroy(NULL);
	(void)state;
}

static void
every_changed_bit_of_a_signature_key_or_message_is_refused(void **state)
{
	uint8_t pub[SEAL_PUBLIC], sig[SEAL_SIGNATURE], msg[2];

	memcpy(pub, unhex(rfc8032[2].pub).p, sizeof pub);
	memcpy(sig, unhex(rfc8032[2].sig).p, sizeof sig);
	memcpy(msg, unhex(rfc8032[2].msg).p, sizeof msg);
	for (size_t bit = 0; bit < 8 * (sizeof pub + sizeof sig + sizeof msg); bit++) {
		size_t at = bit / 8;
		uint8_t *p = at < sizeof pub ? pub + at
			: at < sizeof pub + sizeof sig ? sig + (at - sizeof pub)
			: msg + (at - sizeof pub - sizeof sig);
		*p ^= (uint8_t)(1u << bit % 8);
		assert_false(seal_verify(pub, BYTES(msg), sig));
		*p ^= (uint8_t)(1u << bit % 8);
	}
	assert_true(seal_verify(pub, BYTES(msg), sig));
	(void)state;
}

static void
a_signature_whose_s_is_not_reduced_is_refused(void **state)
{
	/* S + L, L = 2^252 + 27742317777372353535851937790883648493 (RFC 8032 5.1). */
	const uint8_t *order = unhex(
		"edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").p;
	uint8_t sig[SEAL_SIGNATURE];
	unsigned carry = 0;

	memcpy(sig, unhex(rfc8032[1].sig).p, sizeof sig);
	for (size_t i = 0; i < 32; i++) {
		carry += (unsigned)sig[32 + i] + order[i];
		sig[32 + i] = (uint8_t)carry;
		carry >>= 8;
	}
	assert_false(seal_verify(unhex(rfc8032[1].pub).p, unhex(rfc8032[1].msg), sig));
	(void)state;
}

static void
keys_of_low_order_not_canonical_or_outside_the_subgroup_are_invalid(void **state)
{
	/* The 8 points of small order in all their encodings; from "Taming the many
	 * EdDSAs" (Chalkias, Garillot, Nikolaenko 2020), table 1; then y = p + 3, a
	 * y that is on no curve point, and points with a component of order 8 (the
	 * keys of RFC 8032's TEST 1 and 2 to which such a point was added). */
	static const char *const invalid[] = {
		"0100000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000080",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0000000000000000000000000000000000000000000000000000000000000080",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
		"f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"0200000000000000000000000000000000000000000000000000000000000000",
		"3b5b475c4b82dd1572799fc546f4c6c03e478c6654aa4c7f945b347ea32af60d",
		"2ad7189ff2c500908ea7f468279fccdfdcb78ae4164feed7c5535bdc99531ca6",
	};

	for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++)
		if (seal_public_valid(unhex(invalid[i]).p))
			fail_msg("%s is taken for a key", invalid[i]);
	(void)state;
}

/* CCTV's edge cases (C2SP, "ed25519vectors"): an array of objects in a fixed layout,
 * walked by its quoted strings; no JSON reader stands below this test. */
static struct str
next_quoted(struct str *rest)
{
	str_cut(rest, '"');
	return rest->p ? str_cut(rest, '"') : STR_NONE;
}

static bool
breaks_a_rule(struct str flag)
{
	return str_is(flag, "low_order_R") || str_is(flag, "low_order_A")
		|| str_is(flag, "non_canonical_R") || str_is(flag, "non_canonical_A");
}

struct tally { size_t all, accepted; };

static void
judge_one(struct str *rest, struct tally *t)
{
	struct str key, sig, msg, word;
	uint8_t pub[SEAL_PUBLIC], s[SEAL_SIGNATURE];
	bool broken = false, taken;

	assert_true(str_is(next_quoted(rest), "key"));
	key = next_quoted(rest);
	assert_true(str_is(next_quoted(rest), "sig"));
	sig = next_quoted(rest);
	assert_true(str_is(next_quoted(rest), "msg"));
	msg = next_quoted(rest);
	while (word = next_quoted(rest), word.p && !str_is(word, "number"))
		broken |= breaks_a_rule(word);
	assert_true(hex_decode(key, pub, sizeof pub) && hex_decode(sig, s, sizeof s));
	taken = seal_verify(pub, str_bytes(msg), s);
	if (taken && broken)
		fail_msg("accepted: key " STR_FMT, STR_ARG(key));
	t->all++;
	t->accepted += taken;
}

static void
no_edge_case_of_cctv_with_a_forbidden_point_is_accepted(void **state)
{
	struct bytes file;
	struct str rest;
	struct tally t = {0};

	if (os_read_file(a, SHARED "/data/log/ed25519vectors.json", 8 << 20, &file, &e) != OK)
		skip();
	rest = bytes_str(file);
	assert_true(str_is(next_quoted(&rest), "number"));
	while (rest.p)
		judge_one(&rest, &t);
	/* What libsodium 1.0.18 was found to accept when the vectors were first tried. */
	assert_int_equal(t.all, 914);
	assert_int_equal(t.accepted, 43);
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signing_gives_the_signatures_of_rfc_8032),
		cmocka_unit_test(every_changed_bit_of_a_signature_key_or_message_is_refused),
		cmocka_unit_test(a_signature_whose_s_is_not_reduced_is_refused),
		cmocka_unit_test(keys_of_low_order_not_canonical_or_outside_the_subgroup_are_invalid),
		cmocka_unit_test(no_edge_case_of_cctv_with_a_forbidden_point_is_accepted),
	};

	return cmocka_run_group_tests(tests, start, end);
}
