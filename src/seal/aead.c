/* Sealing: XChaCha20-Poly1305, IETF construction (draft-irtf-cfrg-xchacha-03).  Its
 * nonce of 192 bits may be random however many messages one key seals. */
#include "seal/seal_int.h"

enum {
	NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
};
_Static_assert(NONCE + TAG == SEAL_OVERHEAD, "nonce and tag");
_Static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == SEAL_KEY, "the key");

void
seal_close(const uint8_t key[SEAL_KEY], struct bytes plain, struct bytes ad, struct buf *out)
{
	uint8_t *p = buf_room(out, plain.n + SEAL_OVERHEAD);

	if (!p)
		return;                 /* out->over tells */
	randombytes_buf(p, NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(p + NONCE, NULL, plain.p, plain.n,
		ad.p, ad.n, NULL, p, key);
}

bool
seal_open(const uint8_t key[SEAL_KEY], struct bytes box, struct bytes ad, uint8_t *ret)
{
	if (box.n < SEAL_OVERHEAD)
		return false;
	return crypto_aead_xchacha20poly1305_ietf_decrypt(ret, NULL, NULL, box.p + NONCE,
		box.n - NONCE, ad.p, ad.n, box.p, key) == 0;
}

/* A page is bound to its number, lest one be put in another's place. */
static void
number_bytes(uint64_t number, uint8_t ret[8])
{
	for (int i = 7; i >= 0; i--, number >>= 8)
		ret[i] = (uint8_t)number;
}

void
seal_page_close(const uint8_t key[SEAL_KEY], uint64_t number, uint8_t *page, size_t n)
{
	uint8_t ad[8], *nonce;

	invariant(n > SEAL_OVERHEAD);
	nonce = page + n - SEAL_OVERHEAD;
	number_bytes(number, ad);
	randombytes_buf(nonce, NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt_detached(page, nonce + NONCE, NULL, page,
		n - SEAL_OVERHEAD, ad, sizeof ad, NULL, nonce, key);
}

bool
seal_page_open(const uint8_t key[SEAL_KEY], uint64_t number, uint8_t *page, size_t n)
{
	uint8_t ad[8];
	const uint8_t *nonce;

	invariant(n > SEAL_OVERHEAD);
	nonce = page + n - SEAL_OVERHEAD;
	number_bytes(number, ad);
	return crypto_aead_xchacha20poly1305_ietf_decrypt_detached(page, NULL, page,
		n - SEAL_OVERHEAD, nonce + NONCE, ad, sizeof ad, nonce, key) == 0;
}
