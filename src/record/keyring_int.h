/* Shared by keyring.c, keyslots.c and recovery.c and nobody else. */
#ifndef RECORD_KEYRING_INT_H
#define RECORD_KEYRING_INT_H

#include "record/record_int.h"

enum {
	ADOPT_BYTES = SEAL_KEY + 8,   /* seed, then minisign's key id */
	HELD = 3 * SEAL_KEY,          /* what an officer's slot seals: M, device seed, box secret */
	NAMED_MOST = 16 << 20,
};

/* What lies where in the locked block. */
struct secrets {
	uint8_t master[SEAL_KEY], mac[SEAL_KEY];
	uint8_t device[SEAL_KEY], box[SEAL_KEY];
	uint8_t index[SEAL_KEY], log[SEAL_KEY], adopt[ADOPT_BYTES];
};

struct ring {
	struct seal_secret *mem;
	struct seal_signer *device, *log, *adopt;
	uint32_t holder;              /* whose wraps open sealed parts: a slot, or RECOVERY */
};

static inline struct secrets *
ring_secrets(const struct ring *r)
{ return (struct secrets *)(void *)seal_secret_bytes(r->mem); }

/* M has come: what follows from it.  The device key is there or all zeroes. */
void ring_ready(struct ring *r, uint32_t holder);

/* BLAKE2b-256 under the mac key over name || 0 || content: whoever holds M can tell
 * that nobody without M has changed a slot that only its owner can open. */
void ring_named_mac(const struct ring *r, const char *name, struct bytes content,
	uint8_t ret[SEAL_HASH]);
/* The same, compared; `content` is finished. */
bool ring_mac_is(const struct ring *r, const char *name, struct buf *content,
	const uint8_t mac[SEAL_HASH]);
/* Stored under its name; `b` is finished. */
enum status ring_put_named(struct store_keys *k, const char *name, struct buf *b,
	struct err *e) MUST;
/* Sets *ok to false unless this key of a map comes next. */
void ring_want_key(struct cbor *c, uint64_t key, bool *ok);

#endif
