/*
 * Ed25519 (RFC 8032).  libsodium verifies strictly: S below the group's order, key
 * canonical and not of low order, R not of low order and, being compared byte by
 * byte with what is computed, canonical.  OpenSSL and Go take more: of the 914 edge
 * cases of C2SP's CCTV they accept 208 and libsodium 43.  So signatures are judged
 * here and nowhere else.
 */
#include "seal/seal_int.h"

_Static_assert(crypto_sign_BYTES == SEAL_SIGNATURE, "an Ed25519 signature");
_Static_assert(crypto_sign_PUBLICKEYBYTES == SEAL_PUBLIC, "an Ed25519 public key");
_Static_assert(crypto_sign_SEEDBYTES == SEAL_KEY, "an Ed25519 seed");

/* The whole of it lies in secret memory. */
struct seal_signer {
	uint8_t secret[crypto_sign_SECRETKEYBYTES];     /* seed || public key */
	uint8_t pub[SEAL_PUBLIC];
};

struct seal_signer *
seal_signer_create(const uint8_t seed[SEAL_KEY])
{
	struct seal_signer *s = seal_secret_memory(sizeof *s);

	invariant(crypto_sign_seed_keypair(s->pub, s->secret, seed) == 0);
	return s;
}

void
seal_signer_destroy(struct seal_signer *s)
{
	sodium_free(s);                 /* wipes; NULL is fine */
}

const uint8_t *
seal_signer_public(const struct seal_signer *s)
{
	return s->pub;
}

void
seal_sign_public(const uint8_t seed[SEAL_KEY], uint8_t ret[SEAL_PUBLIC])
{
	uint8_t secret[crypto_sign_SECRETKEYBYTES];

	invariant(crypto_sign_seed_keypair(ret, secret, seed) == 0);
	sodium_memzero(secret, sizeof secret);
}

void
seal_sign(const struct seal_signer *s, struct bytes msg, uint8_t ret[SEAL_SIGNATURE])
{
	invariant(crypto_sign_detached(ret, NULL, msg.p, msg.n, s->secret) == 0);
}

bool
seal_verify(const uint8_t pub[SEAL_PUBLIC], struct bytes msg,
	const uint8_t sig[SEAL_SIGNATURE])
{
	return crypto_sign_verify_detached(sig, msg.p, msg.n, pub) == 0;
}

bool
seal_public_valid(const uint8_t pub[SEAL_PUBLIC])
{
	return crypto_core_ed25519_is_valid_point(pub) == 1;
}
