/*
 * seal: the only caller of libsodium and OpenSSL.  Hashes, signatures, sealing,
 * passphrases, secret memory.  It knows bytes and keys, not records.
 *
 * SHA-256 is OpenSSL's (SHA-NI), the rest libsodium's (see docs/design.md).
 * Nothing here allocates from an arena what is secret: secrets live in
 * struct seal_secret (locked, guarded, wiped) or in the caller's own arrays,
 * which the caller wipes.
 */
#ifndef SEAL_SEAL_H
#define SEAL_SEAL_H

#include "base/base.h"

enum {
	SEAL_HASH = 32,        /* SHA-256, BLAKE2b-256 */
	SEAL_KEY = 32,         /* symmetric keys, Ed25519 seeds, X25519 secrets */
	SEAL_PUBLIC = 32,      /* Ed25519 and X25519 public keys */
	SEAL_SIGNATURE = 64,   /* Ed25519 */
	SEAL_SALT = 16,        /* Argon2id */
	SEAL_OVERHEAD = 40,    /* nonce 24 + tag 16 */
	SEAL_BOX_OVERHEAD = 48 /* ephemeral key 32 + tag 16 */
};

/* Once, first.  FAIL when libsodium cannot start or less than 64 KiB of memory may
 * be locked (RLIMIT_MEMLOCK). */
enum status seal_init(struct err *e) MUST;

void seal_random(void *out, size_t n);
bool seal_equal(const void *a, const void *b, size_t n);     /* constant time */
void seal_wipe(void *p, size_t n);

/* --- secret memory -------------------------------------------------------- */

struct seal_secret;                                   /* n bytes, locked */
struct seal_secret *seal_secret_create(size_t n);     /* zeroed */
void seal_secret_destroy(struct seal_secret *s);      /* wiped; NULL is fine */
uint8_t *seal_secret_bytes(struct seal_secret *s);
size_t seal_secret_size(const struct seal_secret *s);
/* False once some secret could not be locked, because there are more than
 * RLIMIT_MEMLOCK allows: it is guarded and wiped all the same.  For a warning. */
bool seal_secrets_locked(void);

/* --- hashes ---------------------------------------------------------------- */

void seal_sha256(struct bytes b, uint8_t ret[SEAL_HASH]);
/* RFC 6962 section 2.1: SHA-256(0x00 || leaf), SHA-256(0x01 || left || right). */
void seal_leaf(struct bytes leaf, uint8_t ret[SEAL_HASH]);
void seal_node(const uint8_t left[SEAL_HASH], const uint8_t right[SEAL_HASH],
	uint8_t ret[SEAL_HASH]);

struct seal_hasher;                                   /* SHA-256 in pieces */
struct seal_hasher *seal_hasher_create(void);
void seal_hasher_add(struct seal_hasher *h, struct bytes b);
void seal_hasher_finish(struct seal_hasher *h, uint8_t ret[SEAL_HASH]);  /* destroys h */

/* BLAKE2b-256, keyed (RFC 7693 section 2.9). */
void seal_keyed(const uint8_t key[SEAL_KEY], struct bytes msg, uint8_t ret[SEAL_HASH]);
void seal_blake2b_512(struct bytes b, uint8_t ret[64]);

/* --- signatures: Ed25519 (RFC 8032), libsodium's strict verification -------- */

void seal_sign_public(const uint8_t seed[SEAL_KEY], uint8_t ret[SEAL_PUBLIC]);
/* For many signatures: expand once, sign often. */
struct seal_signer;
struct seal_signer *seal_signer_create(const uint8_t seed[SEAL_KEY]);
void seal_signer_destroy(struct seal_signer *s);
const uint8_t *seal_signer_public(const struct seal_signer *s);
void seal_sign(const struct seal_signer *s, struct bytes msg, uint8_t ret[SEAL_SIGNATURE]);
/* False also for low-order and non-canonical keys and R. */
bool seal_verify(const uint8_t pub[SEAL_PUBLIC], struct bytes msg,
	const uint8_t sig[SEAL_SIGNATURE]);
/* For enrolment: a canonical point of the main subgroup, not the neutral one. */
bool seal_public_valid(const uint8_t pub[SEAL_PUBLIC]);

/* --- sealing: XChaCha20-Poly1305 (IETF construction) ------------------------ */

/* out gets nonce(24) || ciphertext || tag(16); `ad` is bound, not stored. */
void seal_close(const uint8_t key[SEAL_KEY], struct bytes plain, struct bytes ad,
	struct buf *out);
/* false: not made with this key and ad, or changed.  plain: box.n - SEAL_OVERHEAD
 * bytes at `ret`, which are zeroed when it is false. */
bool seal_open(const uint8_t key[SEAL_KEY], struct bytes box, struct bytes ad, uint8_t *ret);

/* A page in place: page[0..n-40) data, the last 40 bytes nonce and tag; its number
 * is bound, not stored.  A page that does not open is zeroed. */
void seal_page_close(const uint8_t key[SEAL_KEY], uint64_t number, uint8_t *page, size_t n);
bool seal_page_open(const uint8_t key[SEAL_KEY], uint64_t number, uint8_t *page, size_t n);

/* To somebody's X25519 key, from nobody (libsodium sealed box). */
void seal_box_public(const uint8_t secret[SEAL_KEY], uint8_t ret[SEAL_PUBLIC]);
/* false: `pub` is no usable key (of low order), or out is over; nothing appended. */
bool seal_box_close(const uint8_t pub[SEAL_PUBLIC], struct bytes plain, struct buf *out) MUST;
bool seal_box_open(const uint8_t secret[SEAL_KEY], struct bytes box, uint8_t *ret);

/* --- passphrases: Argon2id (RFC 9106) --------------------------------------- */

struct seal_cost {
	uint64_t ops, mem_bytes;
};
extern const struct seal_cost seal_cost_default;      /* about half a second, 256 MiB */
extern const struct seal_cost seal_cost_tests;        /* the least libsodium allows */
/* BAD: a cost below libsodium's least or above 64 passes over 4 GiB. */
enum status seal_passphrase_key(struct bytes passphrase, const uint8_t salt[SEAL_SALT],
	struct seal_cost cost, uint8_t ret[SEAL_KEY], struct err *e) MUST;

/* A 32-byte key for paper: groups of Crockford base32 with a check, and back.
 * Case, blanks, dashes, O/0 and I/L/1 do not matter when reading.  BAD: which
 * group is wrong (every single wrong letter is found and placed).  The text is as
 * secret as the key: give it an arena of its own, which wipes when destroyed. */
struct str seal_paper_encode(struct arena *a, const uint8_t key[SEAL_KEY]);
enum status seal_paper_decode(struct str s, uint8_t ret[SEAL_KEY], struct err *e) MUST;

/* --- files that strangers' tools read: minisign 0.11 ------------------------- */

/* Public key line "RW…" = base64("Ed" || key id 8 || public key 32). */
struct seal_minisign_key {
	uint8_t id[8], pub[SEAL_PUBLIC];
};
struct str seal_minisign_public(struct arena *a, const struct seal_minisign_key *k);
/* false: not such a line, or its key is not seal_public_valid(). */
bool seal_minisign_public_read(struct arena *a, struct str line, struct seal_minisign_key *ret);
/* A whole .minisig text (prehashed, "ED"), both comments included: UTF-8 without
 * control characters, below 1,000 and 8,000 bytes. */
struct str seal_minisign_sign(struct arena *a, const struct seal_signer *s, const uint8_t id[8],
	struct bytes msg, const char *untrusted, const char *trusted);
/* NO: well-formed but not by this key over these bytes.  BAD: not a signature (the
 * legacy form "Ed" is none).  ret_trusted: its trusted comment, or NULL. */
enum status seal_minisign_verify(struct arena *a, const struct seal_minisign_key *k,
	struct bytes msg, struct str minisig, struct str *ret_trusted, struct err *e) MUST;

#endif
