/* To somebody's key, from nobody: libsodium's sealed box, X25519 with an ephemeral
 * key and XSalsa20-Poly1305. */
#include "seal/seal_int.h"

_Static_assert(crypto_box_SEALBYTES == SEAL_BOX_OVERHEAD, "ephemeral key and tag");
_Static_assert(crypto_box_PUBLICKEYBYTES == SEAL_PUBLIC, "an X25519 public key");
_Static_assert(crypto_box_SECRETKEYBYTES == SEAL_KEY, "an X25519 secret");

void
seal_box_public(const uint8_t secret[SEAL_KEY], uint8_t ret[SEAL_PUBLIC])
{
	invariant(crypto_scalarmult_base(ret, secret) == 0);
}

bool
seal_box_close(const uint8_t pub[SEAL_PUBLIC], struct bytes plain, struct buf *out)
{
	size_t before = out->n;
	uint8_t *p = buf_room(out, plain.n + SEAL_BOX_OVERHEAD);

	if (!p)
		return false;
	if (crypto_box_seal(p, plain.p, plain.n, pub) == 0)
		return true;
	out->n = before;
	return false;
}

bool
seal_box_open(const uint8_t secret[SEAL_KEY], struct bytes box, uint8_t *ret)
{
	uint8_t pub[SEAL_PUBLIC];

	if (box.n < SEAL_BOX_OVERHEAD)
		return false;
	seal_box_public(secret, pub);
	return crypto_box_seal_open(ret, box.p, box.n, pub, secret) == 0;
}
