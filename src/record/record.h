/*
 * record: the register's truth.  Kinds and slots; salted records and their
 * proofs; the log; keys; the node's directory.  docs/formats.md is its contract.
 *
 * A record is written once.  This folder knows what a record is and that it
 * stands in the log; what the records say together is register's.
 */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H

#include "base/base.h"
#include "seal/seal.h"

/* --- kinds: the tables of kinds.txt ------------------------------------------- */

enum { SLOT_KIND, SLOT_AUTHOR, SLOT_SOURCE, SLOT_ROW, SLOT_CELLS, SLOT_AMENDS,
       SLOT_RECORDED, SLOT_BASIS, SLOT_FIRST = 8, SLOTS = 32 };

enum value_type {
	VALUE_TEXT, VALUE_NAME, VALUE_DATE, VALUE_PLACE, VALUE_CODE, VALUE_REF, VALUE_REFS,
	VALUE_NUMBER, VALUE_FLAG, VALUE_BYTES, VALUE_KEY, VALUE_ROW, VALUE_CELLS, VALUE_TIME,
	VALUE_TEXTS, VALUE_BLOB,
};

enum audience { AUDIENCE_SEALED, AUDIENCE_OWN, AUDIENCE_PARTNERS, AUDIENCE_UN, AUDIENCE_PUBLIC };

struct alias { struct str role, word; };             /* role "" : the row's own record */

struct field {
	uint8_t slot;
	struct str name;              /* "family"; unique in its kind */
	enum value_type type;
	struct str of;                /* of a code: the vocabulary; of a reference: the kind */
	enum audience audience;
	bool in_list, searched, in_annex, in_form, must_match;
	struct str label[LANG_COUNT]; /* azb falls back to fa */
	const struct alias *aliases;  /* as written in the file; compare by text_fold */
	size_t n_aliases;
	struct str huridocs, ftm;
};
struct kind {
	uint32_t number;
	struct str name, label[LANG_COUNT], huridocs, ftm;
	const struct field *fields;   /* its own, ascending; the common ones are kind 0's */
	size_t n_fields;
};
struct code {
	struct str code, label[LANG_COUNT];
	const struct str *words;
	size_t n_words;
};
struct vocabulary {
	struct str name;
	unsigned version;
	const struct code *codes;
	size_t n_codes;
};

/* Reads a kinds file; BAD names the line.  kinds_load() once at start, with the
 * text compiled in (record_kinds_text) or another in tests; the lookups use it. */
extern const char record_kinds_text[];
extern const size_t record_kinds_text_bytes;
enum status kinds_load(struct str text, struct err *e) MUST;
const struct kind *kind_of(uint32_t number);         /* NULL: unknown */
const struct kind *kind_named(struct str name);
const struct kind *kind_at(size_t i);                /* NULL past the last */
const struct field *field_of(const struct kind *k, unsigned slot);   /* common ones too */
const struct field *field_named(const struct kind *k, struct str name);
const struct vocabulary *vocabulary_named(struct str name);
const struct code *code_of(const struct vocabulary *v, struct str code);
const struct code *code_by_word(struct arena *a, const struct vocabulary *v, struct str word);
uint32_t kind_number(const char *name);              /* invariant: it exists */
unsigned field_slot(const char *kind, const char *field);

/* --- values: one deterministic CBOR item each (docs/formats.md, "Values") ------ */

struct name { struct str text; enum script script; struct str language, role; };
struct place { struct str text, language, code; };   /* code "": not in a gazetteer */
struct row_ref { uint8_t list[SEAL_HASH]; uint32_t version; uint32_t row; uint8_t import[16]; };
struct cell { uint32_t column; struct str header, words; int slot; };  /* slot -1: not mapped */

struct bytes value_text(struct arena *a, struct str s);
struct bytes value_name(struct arena *a, const struct name *n);
struct bytes value_date(struct arena *a, const struct date *d);
struct bytes value_place(struct arena *a, const struct place *p);
struct bytes value_code(struct arena *a, unsigned version, struct str code);
struct bytes value_ref(struct arena *a, const uint8_t hash[SEAL_HASH]);
struct bytes value_refs(struct arena *a, const uint8_t (*hashes)[SEAL_HASH], size_t n);
struct bytes value_number(struct arena *a, int64_t v);
struct bytes value_flag(struct arena *a, bool v);
struct bytes value_bytes(struct arena *a, struct bytes b);           /* bytes, key, blob */
struct bytes value_row(struct arena *a, const struct row_ref *r);
struct bytes value_cells(struct arena *a, const struct cell *c, size_t n);
struct bytes value_time(struct arena *a, int64_t unix_seconds);
struct bytes value_texts(struct arena *a, const struct str *v, size_t n);
/* Withdrawn by an amendment: [null, reason]. */
struct bytes value_withdrawn(struct arena *a, struct str reason);

/* Readers: false when it is not a well-formed value of that type. */
bool get_text(struct bytes v, struct str *ret);
bool get_name(struct bytes v, struct name *ret);
bool get_date(struct bytes v, struct date *ret);
bool get_place(struct bytes v, struct place *ret);
bool get_code(struct bytes v, unsigned *ret_version, struct str *ret);
bool get_ref(struct bytes v, uint8_t ret[SEAL_HASH]);
bool get_refs(struct arena *a, struct bytes v, uint8_t (**ret)[SEAL_HASH], size_t *ret_n);
bool get_number(struct bytes v, int64_t *ret);
bool get_flag(struct bytes v, bool *ret);
bool get_bytes(struct bytes v, struct bytes *ret);
bool get_row(struct bytes v, struct row_ref *ret);
bool get_cells(struct arena *a, struct bytes v, struct cell **ret, size_t *ret_n);
bool get_time(struct bytes v, int64_t *ret);
bool get_texts(struct arena *a, struct bytes v, struct str **ret, size_t *ret_n);
bool get_withdrawn(struct bytes v, struct str *ret_reason);
bool value_fits(const struct field *f, struct bytes v);
/* For people; unknown slots as CBOR diagnostic notation. */
struct str value_show(struct arena *a, const struct field *f, struct bytes v, enum lang l);

/* --- a record ------------------------------------------------------------------- */

struct record {
	uint64_t pos;                       /* in the node's history */
	uint8_t hash[SEAL_HASH];            /* the entry's leaf hash: what references name */
	uint8_t entry[37];
	unsigned class;                     /* 1: the log's succession; else 0 */
	uint32_t kind;
	struct bytes slot[SLOTS];           /* encoded values; n == 0: absent, or sealed to us */
	bool sealed_away;                   /* it has a sealed part that we cannot open */
	bool erased;                        /* only pos, hash, entry, class are known */
	uint8_t author[SEAL_PUBLIC];
	uint32_t sealed_slots;              /* bit i: slot i belongs to its sealed part */
};
static inline bool record_has(const struct record *r, unsigned slot)
{ return r->slot[slot].n > 0; }

/* What to write.  Slots kind, author and recorded are filled in when absent. */
struct draft {
	uint32_t kind;
	unsigned class;
	struct bytes slot[SLOTS];
	uint32_t handlers[8];               /* officers' key slots that may open sealed slots */
	size_t n_handlers;                  /* 0: the author alone (and the recovery key) */
	struct bytes blob;                  /* sealed beside the record, its name put in… */
	unsigned blob_slot;                 /* …this slot */
};

/* --- the node: one directory, one log ---------------------------------------------- */

struct node;

struct node_info {
	struct str organisation, origin, log_key;     /* log_key: the C2SP vkey */
	struct str root_key;                          /* minisign public key line */
	struct str adopt_key;                         /* minisign public key line */
	struct str certificate, certificate_minisig;
	uint64_t size;                                /* records in all, over all its logs */
	uint8_t log_root[SEAL_HASH];
	bool read_only;
	struct str read_only_why;
	struct str officer, role;                     /* who signed in */
	uint32_t officer_slot;
	uint8_t device[SEAL_PUBLIC];
};

struct node_new {
	struct str organisation, organisation_fa, organisation_az;
	const char *root_file;                        /* created sealed, or an existing one */
	struct bytes root_passphrase;
	struct str officer;                           /* the first administrator */
	struct bytes officer_passphrase;
	struct seal_cost cost;
};
/* Makes the directory whole or not at all.  ret_recovery: the paper form, to be
 * shown once. */
enum status node_create(const char *path, const struct node_new *n, struct str *ret_recovery,
	struct arena *a, struct err *e) MUST;
/* Look whether `path` is a register at all, without any key. */
bool node_is_register(const char *path);

enum node_open_as { NODE_READ, NODE_WRITE };
/* Opens with an officer's passphrase (every slot is tried) or the recovery key's
 * paper form.  NO: nobody's passphrase.  A writer holds the lock; entries that a
 * crash left unpublished are published; a copied or restored directory opens
 * read-only and node_info says why; NODE_WRITE on it is BAD naming `resume`. */
enum status node_open(struct node **ret, const char *path, enum node_open_as as,
	struct bytes passphrase, struct err *e) MUST;
enum status node_open_recovery(struct node **ret, const char *path, struct str paper,
	struct err *e) MUST;
void node_close(struct node *n);
/* A writer that waits for a person lets others write meanwhile: until it goes on it
 * is as one opened for reading.  Going on takes up what they wrote.  BAD: somebody is
 * writing, and was for some seconds; or the directory is no more ours to write. */
void node_rest(struct node *n);
enum status node_go_on(struct node *n, struct err *e) MUST;
/* A reader's: take up what a writer did since (size, officers, checkpoint). */
enum status node_refresh(struct node *n, struct err *e) MUST;
const struct node_info *node_info(const struct node *n);
const char *node_path(const struct node *n);
/* The key of the index, for store's cipher; lives as long as the node. */
const uint8_t *node_index_key(const struct node *n);

/* Appends all of them in one durable batch or none; hashes by draft when asked.
 * BAD: a value does not fit its slot; the officer's role may not write that kind. */
enum status node_append(struct node *n, const struct draft *d, size_t count,
	uint8_t (*ret_hashes)[SEAL_HASH], uint64_t *ret_first, struct err *e) MUST;
/* Write tiles, the state outside, and a signed checkpoint for everything appended. */
enum status node_publish(struct node *n, struct err *e) MUST;

typedef enum status record_each(void *ctx, const struct record *r, struct err *e);
/* In order; each record opened, its root and signature checked (check: device
 * signatures too).  BAD names the first that is wrong. */
enum status node_read(struct node *n, uint64_t first, uint64_t count, bool check_signatures,
	record_each *each, void *ctx, struct err *e) MUST;
enum status node_get(struct arena *a, struct node *n, uint64_t pos, struct record *ret,
	struct err *e) MUST;
enum status node_find(struct node *n, const uint8_t hash[SEAL_HASH], uint64_t *ret_pos,
	struct err *e) MUST;                              /* NO: not here */
enum status node_blob(struct arena *a, struct node *n, const struct record *r, unsigned slot,
	struct bytes *ret, struct err *e) MUST;
enum status node_drop_blob(struct node *n, const struct record *r, unsigned slot,
	struct err *e) MUST;                              /* a former linker run's */

/* Destroys keys, payloads and blobs of these records, replaces the index key, and
 * appends the erasure record.  ret_backups: which known backups still hold keys. */
enum status node_erase(struct node *n, const uint64_t *pos, size_t count, struct str reason,
	struct arena *a, struct str **ret_backups, size_t *ret_n, struct err *e) MUST;

/* --- officers, backups, proofs, verification ------------------------------------------ */

struct officer {
	struct str name, role;
	uint32_t slot;
	uint8_t device[SEAL_PUBLIC];
	bool revoked;
	uint64_t pos;
};
enum status node_officers(struct arena *a, struct node *n, struct officer **ret, size_t *ret_n,
	struct err *e) MUST;
enum status node_officer_add(struct node *n, struct str name, struct str role,
	struct bytes passphrase, struct err *e) MUST;
enum status node_officer_revoke(struct node *n, struct str name, struct str reason,
	struct err *e) MUST;
enum status node_passphrase_change(struct node *n, struct bytes passphrase, struct err *e) MUST;

/* May this role write records of this kind (the one table: roles.c). */
bool role_may_write(struct str role, uint32_t kind);
bool role_may(struct str role, const char *command);

enum status node_backup(struct node *n, const char *to, struct err *e) MUST;
/* Known backups that still hold keys of records erased since they were made. */
enum status node_backups_stale(struct node *n, struct arena *a, struct str **ret, size_t *ret_n,
	struct err *e) MUST;
enum status node_restore(const char *from, const char *to, struct err *e) MUST;
/* checkpoints: files that partners hold.  ret_line says what was decided. */
enum status node_resume(const char *path, struct bytes passphrase, const char *const *checkpoints,
	size_t n, struct arena *a, struct str *ret_line, struct err *e) MUST;

/* After a succession: the root key says that the new log is the node's. */
enum status node_certify(struct node *n, const char *root_file, struct bytes root_passphrase,
	struct err *e) MUST;

struct verify_options { bool signatures, hashes_only; };
struct verify_report { uint64_t entries, opened, erased, sealed_away; uint8_t root[SEAL_HASH]; };
/* Everything recomputed from the files: entries, leaf hashes, tiles, checkpoint,
 * records, signatures, keys, blobs.  passphrase empty: only what needs no key.
 * NO: `e` names the first thing that is wrong.  BAD: no register, or being written. */
enum status node_verify(const char *path, struct bytes passphrase,
	const struct verify_options *o, struct verify_report *ret, struct err *e) MUST;

/* The node's adoption key over bytes, as a .minisig text. */
enum status node_adopt_sign(struct node *n, struct arena *a, struct bytes msg,
	const char *trusted, struct str *ret, struct err *e) MUST;
/* A signed note (C2SP) by the node's log key over `text` (which ends in \n). */
enum status node_note_sign(struct node *n, struct arena *a, struct str text, struct str *ret,
	struct err *e) MUST;
enum status note_verify(struct str note, struct str vkey, struct str *ret_text, struct err *e) MUST;

/* What an organisation's root key signed for a node (docs/formats.md, "Keys and
 * certificates").  Nothing but its text is checked here: not the signature, not
 * the keys.  Points into `text`. */
struct certificate { struct str organisation, root, log, adopt, rights; };
bool certificate_read(struct arena *a, struct str text, struct certificate *ret);
bool certificate_may(const struct certificate *c, const char *right);
/* One line, NFC, without "|": as it may stand in certificates and trust files. */
enum status organisation_name_check(struct str name, struct err *e) MUST;

/* C2SP tlog-proof of one record with the disclosures of `slots` in its extra line. */
enum status node_prove(struct arena *a, struct node *n, uint64_t pos, const unsigned *slots,
	size_t n_slots, struct str *ret, struct err *e) MUST;
struct proof {
	struct str origin;
	uint64_t index, size;
	uint8_t hash[SEAL_HASH];
	uint32_t kind;                      /* 0 when slot 0 was not disclosed */
	struct bytes slot[SLOTS];           /* disclosed values */
};
/* Checks inclusion, checkpoint signature by vkey and every disclosure. */
enum status proof_check(struct arena *a, struct str text, struct str vkey, struct proof *ret,
	struct err *e) MUST;

/* --- Merkle trees (RFC 6962), for annexes too -------------------------------------------- */

void merkle_root(const uint8_t (*leaves)[SEAL_HASH], size_t n, uint8_t ret[SEAL_HASH]);
size_t merkle_path(struct arena *a, const uint8_t (*leaves)[SEAL_HASH], size_t n, size_t at,
	uint8_t (**ret)[SEAL_HASH]);
bool merkle_check(const uint8_t leaf[SEAL_HASH], uint64_t at, uint64_t size,
	const uint8_t (*path)[SEAL_HASH], size_t n, const uint8_t root[SEAL_HASH]);
bool merkle_check_consistency(uint64_t old_size, const uint8_t old_root[SEAL_HASH],
	uint64_t size, const uint8_t root[SEAL_HASH], const uint8_t (*path)[SEAL_HASH], size_t n);

#endif
