/* From a passphrase to a key: Argon2id, version 1.3, one lane (RFC 9106). */
#include "seal/seal_int.h"

_Static_assert(crypto_pwhash_argon2id_SALTBYTES == SEAL_SALT, "the salt");

/* A file says what its passphrase costs.  A hostile one may not say a day, or all
 * of the memory: at most 64 passes over 4 GiB. */
enum { OPS_MOST = 64 };
static const uint64_t mem_most = UINT64_C(4) << 30;

/* RFC 9106 section 4 recommends 3 passes over 64 MiB where memory is short; we can
 * spend four times that: libsodium's "moderate". */
const struct seal_cost seal_cost_default = {3, 256u << 20};
const struct seal_cost seal_cost_tests = {
	crypto_pwhash_argon2id_OPSLIMIT_MIN, crypto_pwhash_argon2id_MEMLIMIT_MIN
};

static bool
cost_in_bounds(struct seal_cost c)
{
	return c.ops >= crypto_pwhash_argon2id_OPSLIMIT_MIN && c.ops <= OPS_MOST
		&& c.mem_bytes >= crypto_pwhash_argon2id_MEMLIMIT_MIN
		&& c.mem_bytes <= mem_most;
}

enum status
seal_passphrase_key(struct bytes passphrase, const uint8_t salt[SEAL_SALT],
	struct seal_cost cost, uint8_t ret[SEAL_KEY], struct err *e)
{
	uint8_t key[SEAL_KEY];

	if (!cost_in_bounds(cost))
		return err_set(e, BAD, "passphrase: its cost is stated as %llu passes over %llu "
			"bytes; at most %d passes over %llu bytes are right",
			(unsigned long long)cost.ops, (unsigned long long)cost.mem_bytes,
			OPS_MOST, (unsigned long long)mem_most);
	if (crypto_pwhash(key, sizeof key, (const char *)passphrase.p, passphrase.n, salt,
			cost.ops, (size_t)cost.mem_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0)
		return err_set(e, FAIL, "passphrase: no memory for Argon2id; %llu MiB must be free",
			(unsigned long long)(cost.mem_bytes >> 20));
	memcpy(ret, key, sizeof key);
	sodium_memzero(key, sizeof key);
	return OK;
}
