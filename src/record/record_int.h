/* Shared by the files of record and nobody else. */
#ifndef RECORD_RECORD_INT_H
#define RECORD_RECORD_INT_H

#include "record/record.h"
#include "store/store.h"

enum {
	BLOB_NAME = 16,
	ENTRY_BYTES = 37,
};

/* --- merkle.c: the right edge of a growing tree --------------------------------- */

struct edge {
	uint64_t n;                         /* leaves so far */
	uint8_t h[64][SEAL_HASH];           /* h[i]: a full subtree of 2^i, if bit i of n */
};
void edge_add(struct edge *e, const uint8_t leaf[SEAL_HASH]);
void edge_root(const struct edge *e, uint8_t ret[SEAL_HASH]);

/* --- slots.c: a record as hashes, its payload as bytes --------------------------- */

void slot_disclosure(const uint8_t seed[SEAL_KEY], unsigned slot, struct bytes value,
	struct buf *out);
bool disclosure_read(struct bytes d, unsigned *ret_slot, struct bytes *ret_value);
/* Of a value, or (n == 0) the decoy. */
void slot_hash(const uint8_t seed[SEAL_KEY], unsigned slot, struct bytes value,
	uint8_t ret[SEAL_HASH]);
void record_root(const uint8_t hashes[SLOTS][SEAL_HASH], uint8_t ret[SEAL_HASH]);
void entry_make(unsigned class, const uint8_t root[SEAL_HASH], uint8_t ret[ENTRY_BYTES]);
bool entry_read(const uint8_t entry[ENTRY_BYTES], unsigned *ret_class,
	uint8_t ret_root[SEAL_HASH]);

struct payload {
	uint8_t seed[SEAL_KEY], sealed_seed[SEAL_KEY];
	uint32_t sealed;                    /* bit i: slot i belongs to the sealed part */
	uint8_t hash[SLOTS][SEAL_HASH];
	uint8_t signature[SEAL_SIGNATURE];
};
void payload_put_open(struct buf *out, const struct payload *p, const struct bytes slot[SLOTS]);
void payload_put_sealed(struct buf *out, const struct payload *p,
	const struct bytes slot[SLOTS]);
/* False: not as the writers above would have written it.  Values point into
 * `plain`; all 32 hashes are there after the open part. */
bool payload_read_open(struct bytes plain, struct payload *ret, struct bytes slot[SLOTS]);
bool payload_read_sealed(struct bytes plain, struct payload *p, struct bytes slot[SLOTS]);

/* --- note.c: signed notes, verifier keys, checkpoints ------------------------------ */

struct note_key { struct str name; uint8_t id[4], pub[SEAL_PUBLIC]; };
struct checkpoint { struct str origin; uint64_t size; uint8_t root[SEAL_HASH]; };

struct str vkey_make(struct arena *a, struct str name, const uint8_t pub[SEAL_PUBLIC]);
bool vkey_read(struct str vkey, struct note_key *ret);       /* name points into vkey */
struct str note_sign(struct arena *a, const struct seal_signer *key, struct str name,
	struct str text);
/* NO: not signed by this key.  BAD: no signed note.  Points into `note`. */
enum status note_check(struct str note, const struct note_key *k, struct str *ret_text,
	size_t *ret_lines, struct err *e) MUST;
struct str checkpoint_text(struct arena *a, const struct checkpoint *c);
bool checkpoint_read(struct str text, struct checkpoint *ret);
enum status checkpoint_check(struct str note, const struct note_key *k, struct checkpoint *ret,
	size_t *ret_lines, struct err *e) MUST;

#endif
