/* Shared by the files of record and nobody else. */
#ifndef RECORD_RECORD_INT_H
#define RECORD_RECORD_INT_H

#include "record/record.h"
#include "store/store.h"

enum {
	BLOB_NAME = 16,
	ENTRY_BYTES = STORE_ENTRY,
	WRAP_BYTES = SEAL_KEY + SEAL_OVERHEAD,     /* under M */
	CODE = 16,                                 /* by the mac key: see keyring.c */
	WRAP_MAC = CODE,
	WRAP_BOXED = SEAL_KEY + SEAL_BOX_OVERHEAD + CODE,
	TILE = 256,
	PART_MOST = 16 << 20,         /* one part of a payload */
	BLOB_MOST = 256 << 20,
};
#define HOLDER_RECOVERY 4294967295u
#define ROLE_RECOVERY "recovery"
#define ORIGIN_PREFIX "habeas/"
#define SIGNED_PREFIX "habeas/record/1"   /* with its NUL, before the entry */

/* --- merkle.c: the right edge of a growing tree ----------------------------------- */

struct edge {
	uint64_t n;                         /* leaves so far */
	uint8_t h[64][SEAL_HASH];           /* h[i]: a full subtree of 2^i, if bit i of n */
};
void edge_add(struct edge *e, const uint8_t leaf[SEAL_HASH]);
void edge_root(const struct edge *e, uint8_t ret[SEAL_HASH]);

/* --- slots.c: a record as hashes, its payload as bytes ---------------------------- */

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

/* --- note.c: signed notes, verifier keys, checkpoints ----------------------------- */

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

/* --- tiles.c: the one place that writes the log ----------------------------------- */

struct tiles;
struct tiles *tiles_create(const char *dir);
void tiles_destroy(struct tiles *t);
/* Take up the right edge of a log of `size` entries from its partial tiles. */
enum status tiles_load(struct tiles *t, uint64_t size, struct err *e) MUST;
uint64_t tiles_size(const struct tiles *t);
/* Full tiles are written as they fill up, partial ones by the flush. */
enum status tiles_add(struct tiles *t, const uint8_t entry[ENTRY_BYTES],
	const uint8_t hash[SEAL_HASH], struct err *e) MUST;
enum status tiles_flush(const struct tiles *t, struct err *e) MUST;
void tiles_root(const struct tiles *t, uint8_t ret[SEAL_HASH]);
enum status tiles_drop_partial(const struct tiles *t, uint64_t old_size, struct err *e) MUST;
/* level -1: entry bundles; width TILE: a full one. */
void tile_path(char *ret, size_t size, const char *dir, int level, uint64_t n, unsigned width);

/* --- state.c: the state outside --------------------------------------------------- */

struct state { struct checkpoint log; uint64_t directory; struct str machine; };
const char *state_path(struct arena *a, struct str origin);
/* NO: there is none. */
enum status state_read(struct arena *a, struct str origin, struct state *ret, struct err *e) MUST;
bool state_is_this_machine(struct arena *a, const struct state *st);
/* Of this directory on this machine? */
bool state_is_here(struct arena *a, const struct state *st, const char *directory);
enum status state_write(const struct checkpoint *log, const char *directory,
	struct err *e) MUST;

/* --- keyring.c -------------------------------------------------------------------- */

struct ring;
struct ring *ring_create(void);
void ring_destroy(struct ring *r);
void ring_make(struct ring *r);            /* a new M and its first officer's keys, slot 1 */
enum status ring_unlock(struct ring *r, struct store_keys *k, struct bytes passphrase,
	struct err *e) MUST;                   /* NO: nobody's passphrase */
enum status ring_unlock_recovery(struct ring *r, struct store_keys *k, struct str paper,
	struct err *e) MUST;
const uint8_t *ring_master(const struct ring *r);
const uint8_t *ring_index_key(const struct ring *r);
const struct seal_signer *ring_device(const struct ring *r);
const struct seal_signer *ring_log(const struct ring *r);
const struct seal_signer *ring_adopt(const struct ring *r);
const uint8_t *ring_adopt_id(const struct ring *r);       /* 8 bytes */
uint32_t ring_holder(const struct ring *r);               /* HOLDER_RECOVERY or a slot */
bool ring_box_open(const struct ring *r, struct bytes box, uint8_t *ret);
void ring_box_public(const struct ring *r, uint8_t ret[SEAL_PUBLIC]);
enum status ring_put_own_slot(const struct ring *r, struct store_keys *k, uint32_t n,
	struct bytes passphrase, struct seal_cost cost, struct err *e) MUST;
enum status ring_put_new_slot(const struct ring *r, struct store_keys *k, uint32_t n,
	struct bytes passphrase, struct seal_cost cost, uint8_t ret_device[SEAL_PUBLIC],
	uint8_t ret_box[SEAL_PUBLIC], struct err *e) MUST;
enum status ring_put_recovery(const struct ring *r, struct store_keys *k,
	const uint8_t key[SEAL_KEY], uint8_t ret_device[SEAL_PUBLIC], struct err *e) MUST;
enum status ring_recovery_box(struct store_keys *k, uint8_t ret[SEAL_PUBLIC],
	struct err *e) MUST;
enum status ring_slots(struct arena *a, struct store_keys *k, uint32_t **ret, size_t *ret_n,
	struct err *e) MUST;
enum status ring_cost(const struct ring *r, struct store_keys *k, struct seal_cost *ret,
	struct err *e) MUST;
enum status ring_check_slot(const struct ring *r, struct store_keys *k, uint32_t n,
	const uint8_t box[SEAL_PUBLIC], struct err *e) MUST;
enum status ring_check_recovery(const struct ring *r, struct store_keys *k, struct err *e) MUST;
void ring_wrap_mac(const struct ring *r, const uint8_t hash[SEAL_HASH], uint32_t holder,
	struct bytes box, uint8_t ret[CODE]);
/* The code of a box (a sealed part, a file) at its place (a leaf hash, a name). */
#define CODE_SEALED "habeas/sealed-code/1"
#define CODE_BLOB "habeas/blob-code/1"
void ring_code(const struct ring *r, const char *label, struct bytes place, struct bytes box,
	uint8_t ret[CODE]);
/* Checks the code behind a box and cuts it off. */
bool ring_code_cut(const struct ring *r, const char *label, struct bytes place,
	struct bytes *box);
enum status ring_new_secrets(struct ring *r, struct store_keys *k, struct err *e) MUST;
enum status ring_new_log_key(struct ring *r, const uint8_t seed[SEAL_KEY], struct store_keys *k,
	struct err *e) MUST;
enum status ring_new_index_key(struct ring *r, struct store_keys *k, struct err *e) MUST;
enum status ring_load_secrets(struct ring *r, struct store_keys *k, struct err *e) MUST;
/* Small things kept under M: "own", "backups", "pending".  plain.n == 0 deletes. */
enum status ring_keep(const struct ring *r, struct store_keys *k, const char *name,
	struct bytes plain, struct err *e) MUST;
enum status ring_kept(struct arena *a, const struct ring *r, struct store_keys *k,
	const char *name, struct bytes *ret, struct err *e) MUST;     /* NO: none */

/* --- root.c ----------------------------------------------------------------------- */

struct root { struct seal_signer *key; struct seal_minisign_key public; };
/* Opens the file, or makes it where there is none. */
enum status root_open(struct arena *a, const char *path, struct str name,
	struct bytes passphrase, struct seal_cost cost, struct root *ret, struct err *e) MUST;
void root_close(struct root *r);
struct str certificate_text(struct arena *a, const struct certificate *c);

/* --- people.c --------------------------------------------------------------------- */

struct person {
	struct str name, role;
	uint32_t slot;
	uint8_t device[SEAL_PUBLIC], box[SEAL_PUBLIC], hash[SEAL_HASH];
	uint64_t pos;
	bool revoked;
};
struct people {
	struct arena *arena;                /* names lie here */
	VEC(struct person) officers;
	struct str organisation, root_key, origin, log_key, adopt_key;
	struct str certificate, certificate_minisig;
	uint8_t recovery[SEAL_PUBLIC];      /* what signs for the recovery key */
	bool has_recovery;
};
bool people_concerns(uint32_t kind);
void people_apply(struct people *p, const struct record *r);
const struct person *people_by_device(const struct people *p, const uint8_t device[SEAL_PUBLIC]);
const struct person *people_by_slot(const struct people *p, uint32_t slot);
/* Why this author may not write this kind now; NULL: he may. */
const char *people_refuse(const struct people *p, const uint8_t author[SEAL_PUBLIC],
	uint32_t kind);

/* --- the node --------------------------------------------------------------------- */

/* One generation of the log, as the vault's named values have it. */
struct generation {
	struct str origin, vkey, adopt;
	uint64_t first;                     /* position of its entry 0 */
};

enum node_file {
	FILE_VAULT, FILE_KEYS, FILE_LOG, FILE_CHECKPOINT, FILE_BLOBS, FILE_LOCK, FILE_MARKER,
	FILES,
};

struct node {
	char *path;
	const char *file[FILES];
	struct arena *arena;                /* as long as the node */
	struct store_vault *vault;
	struct store_keys *keys;
	struct ring *ring;
	struct os_lock lock;
	bool writer, locked, dirty;         /* dirty: a batch failed half-way */
	bool rests;                         /* a writer that has let go of the lock */
	uint64_t size;                      /* positions in the vault */
	struct generation *logs;            /* the last is current */
	size_t n_logs;
	struct checkpoint published;
	struct tiles *tiles;                /* a writer's */
	struct people people;
	VEC(uint64_t) own;                  /* where the records about ourselves stand */
	uint64_t people_stamp;              /* of what load_people() found; 0: nothing yet */
	struct buf boxes;                   /* append's, kept between batches */
	struct node_info info;
};

static inline const struct generation *
node_log(const struct node *n)
{ return &n->logs[n->n_logs - 1]; }

enum status node_begin(struct node **ret, const char *path, struct err *e) MUST;
/* For resume: with the lock, however the directory stands; then, when it may go on. */
enum status node_open_to_resume(struct node **ret, const char *path, struct bytes passphrase,
	struct err *e) MUST;
enum status node_take_up(struct node *n, struct err *e) MUST;
enum status node_must_write(const struct node *n, struct err *e) MUST;
void node_refresh_info(struct node *n);

/* create.c */
struct generation generation_make(struct arena *a, const struct ring *r, uint64_t first);
void certify(struct arena *a, const struct root *root, struct str organisation,
	const struct generation *log, struct str *ret_text, struct str *ret_minisig);
struct draft officer_draft(struct arena *a, struct str name, struct str role, uint32_t slot,
	const uint8_t device[SEAL_PUBLIC], const uint8_t box[SEAL_PUBLIC]);

/* generations.c: named values of the vault. */
enum status generations_load(struct arena *a, struct store_vault *v, struct generation **ret,
	size_t *ret_n, struct err *e) MUST;
enum status generation_put(struct store_vault *v, size_t k, const struct generation *g,
	struct err *e) MUST;

/* read.c */
struct opened {                         /* one record opened; its values point in here */
	struct buf open, sealed;
	struct payload payload;
	uint8_t open_key[SEAL_KEY], sealed_key[SEAL_KEY];
	bool has_sealed_key;
};
void opened_init(struct opened *o);
void opened_finish(struct opened *o);
/* wrap, box: what keys.db has for it; n == 0: nothing. */
enum status record_open(const struct node *n, const struct store_row *row, struct bytes wrap,
	struct bytes box, bool check_signature, struct opened *o, struct record *ret,
	struct err *e) MUST;
bool record_signature_ok(const struct record *r, const struct payload *p);
/* The key of the part that holds this slot; the caller wipes it. */
enum status record_part_key(struct node *n, uint64_t pos, unsigned slot, uint8_t ret[SEAL_KEY],
	struct err *e) MUST;
/* One record with its payload, to be proven. */
typedef enum status opened_use(void *ctx, const struct record *r, const struct opened *o,
	struct err *e);
enum status record_use(struct node *n, uint64_t pos, opened_use *use, void *ctx,
	struct err *e) MUST;

/* append.c */
enum status own_keep(struct node *n, struct err *e) MUST;

/* publish.c */
enum { CHECKPOINT_MOST = 64 << 10 };
/* The checkpoint of a log in its directory, checked under its key.  NO: none yet. */
enum status checkpoint_load(const char *dir, struct str vkey, struct checkpoint *ret,
	struct err *e) MUST;
/* A writer's: the right edge as the checkpoint has it. */
enum status log_take_up(struct node *n, struct err *e) MUST;
/* The tree head over `size` entries from position `first`, from the vault. */
enum status vault_root(struct store_vault *v, uint64_t first, uint64_t size,
	uint8_t ret[SEAL_HASH], struct err *e) MUST;

/* pending.c: what a crash must not leave half done. */
enum { PENDING_APPEND = 1, PENDING_ERASE = 2 };
struct pending {
	unsigned what;
	uint64_t at;                        /* where the record that decides will stand */
	const uint64_t *pos;                /* to be erased */
	size_t n_pos;
	uint8_t (*blobs)[BLOB_NAME];
	size_t n_blobs;
};
enum status pending_append(struct node *n, uint64_t at, uint8_t (*blobs)[BLOB_NAME],
	size_t n_blobs, struct err *e) MUST;
enum status pending_erase(struct node *n, const struct pending *p, struct err *e) MUST;
enum status pending_clear(struct node *n, struct err *e) MUST;
enum status pending_drop_blobs(struct node *n, const struct pending *p, struct err *e) MUST;
enum status pending_finish(struct node *n, struct err *e) MUST;

/* officers.c */
enum status officers_tidy(struct node *n, struct err *e) MUST;

/* backups.c */
/* A backup at this path, now; stale: it may still hold keys erased since. */
enum status backups_note(struct node *n, struct str path, bool stale, struct err *e) MUST;
enum status backups_hold(struct node *n, const uint64_t *pos, size_t count,
	struct err *e) MUST;
enum status backups_stale(struct arena *a, struct node *n, struct str **ret, size_t *ret_n,
	struct err *e) MUST;
enum status backups_check(struct node *n, struct err *e) MUST;

/* erase.c */
enum status erase_carry_out(struct node *n, const struct pending *p, struct err *e) MUST;

/* blobs.c */
void blob_name_make(uint8_t ret[BLOB_NAME]);
const char *blob_path(struct arena *a, const char *node, const uint8_t name[BLOB_NAME]);
/* As it was written, for whoever cannot open it.  NO: there is none. */
enum status blob_check(const struct node *n, const uint8_t name[BLOB_NAME],
	struct err *e) MUST;
bool blob_named(const struct record *r, unsigned slot, uint8_t ret[BLOB_NAME]);
enum status blob_write(struct node *n, const uint8_t name[BLOB_NAME],
	const uint8_t part_key[SEAL_KEY], const uint8_t hash[SEAL_HASH], struct bytes content,
	struct err *e) MUST;

/* --- verification ----------------------------------------------------------------- */

/* What is known of a position. */
enum {
	RECORD_ERASED = 1, RECORD_NAMED = 2,        /* named: by an erasure */
	RECORD_SEALED = 4, RECORD_AMENDS = 8,
	RECORD_OPEN_KEY = 16, RECORD_RECOVERY = 32, /* its wraps in keys.db */
};
/* Entries [g->first, end), their tiles and checkpoint in `dir`. */
enum status verify_log(struct store_vault *v, const char *dir, const struct generation *g,
	uint64_t end, bool succession, bool closed, struct checkpoint *ret, struct err *e) MUST;
enum status verify_records(struct node *n, bool signatures, struct verify_report *report,
	struct err *e) MUST;
/* own: the positions of the records about ourselves, as the records themselves say. */
enum status verify_keys(struct node *n, uint8_t *flags, const uint64_t *own, size_t n_own,
	struct err *e) MUST;

#endif
