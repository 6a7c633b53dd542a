/*
 * Inside register: the open register and the tables of the index.
 *
 * Positions (pos) are of the FIRST record of an amendment chain unless said
 * otherwise.  Only project.c writes to these tables.  Sealed slots never enter.
 */
#ifndef REGISTER_INT_H
#define REGISTER_INT_H

#include "register/register.h"
#include "store/store.h"

struct reg {
	struct node *node;
	struct store_db *db;
	struct store_cipher cipher;
	uint64_t projected;            /* log size that the index reflects */
	struct touched *touched;       /* persons.c: whose identity the record at hand may change */
	struct kept *kept;             /* project.c: pending rows read in this run */
	uint64_t file;                 /* which index.db this is; 0: none open */
	uint8_t key_hash[SEAL_HASH];   /* of the key its pages are sealed with */
};

/*
 * meta(name TEXT PRIMARY KEY, value BLOB)      'format', 'kinds' (SHA-256 of
 *       kinds.txt: a new slot is found in old records), 'size'
 * rec(pos INTEGER PRIMARY KEY, hash BLOB, kind INTEGER, base INTEGER, list INTEGER,
 *     version INTEGER, row INTEGER, import BLOB, recorded INTEGER, state INTEGER)
 *       every record, amendments too; base: first of its chain (itself if none);
 *       list: pos of the list record or NULL; state: see below; index on hash
 * cur(pos INTEGER PRIMARY KEY, kind INTEGER, slots BLOB)
 *       what the chain says now: CBOR [[slot, value, from] …], counting records
 *       only; from: pos of the record that says it
 * person(pos INTEGER PRIMARY KEY, cluster INTEGER, list INTEGER, unlisted INTEGER, fold TEXT,
 *     birth INTEGER)
 *       unlisted: version of its list since which it stands there no more, or 0;
 *       fold: text_fold of all names, for substring search; birth: the first day it
 *       may have been born on, or NULL; indices on cluster, birth
 * person_event(cause INTEGER, was INTEGER, now INTEGER, what TEXT, records INTEGER,
 *     PRIMARY KEY(cause, was, now)) WITHOUT ROWID
 *       what became of persons' numbers: the record at `cause` moved this many
 *       records of the person `was` to the person `now`; what: see register.h
 * name_key(key INTEGER, pos INTEGER, PRIMARY KEY(key, pos)) WITHOUT ROWID
 *       consonant skeleton keys (reconcile) of every name part
 * event(pos INTEGER PRIMARY KEY, person INTEGER, type TEXT, first INTEGER,
 *     last INTEGER, facility TEXT, fold TEXT, list INTEGER, version INTEGER)
 *       index on person; first/last NULL: no date; fold: text_fold of facility
 * list(pos INTEGER PRIMARY KEY, name TEXT, fold TEXT, uniq INTEGER, key TEXT)
 * version(pos INTEGER PRIMARY KEY, list INTEGER, version INTEGER, import BLOB,
 *     as_of INTEGER, rows INTEGER, retracted INTEGER)
 * judgement(pos INTEGER PRIMARY KEY, left INTEGER, right INTEGER, verdict TEXT, author BLOB)
 *       verdict "": withdrawn; author: device key of who gave it
 * assigned(pos INTEGER PRIMARY KEY, mate INTEGER)
 *       persons as the newest linker run joined them: mate is the first record of
 *       its cluster, which may be gone since
 * link(left INTEGER, right INTEGER, weight REAL, probability REAL, levels BLOB,
 *     PRIMARY KEY(left, right)) WITHOUT ROWID
 *       of the newest linker run; levels: one byte a field of the matcher
 *       A run whose pairs were dropped (a later one replaced it) has weights alone.
 * run_model(field INTEGER, level INTEGER, m REAL, u REAL, PRIMARY KEY(field, level))
 *       of the newest linker run; field -1: m is the prior
 * consent(pos INTEGER PRIMARY KEY, person INTEGER, purpose TEXT, basis TEXT,
 *     first INTEGER, expires INTEGER, withdrawn INTEGER, mode TEXT)
 * about(pos INTEGER, target INTEGER, kind INTEGER, PRIMARY KEY(pos, target))
 *       documents, determinations, tasks, adoptions, annex rows: what refers to what
 * confirmed(person INTEGER PRIMARY KEY, pos INTEGER)
 */
enum rec_state {
	REC_COUNTS = 1,      /* stands */
	REC_PENDING = 2,     /* of an import whose list-version record is not there (yet) */
	REC_RETRACTED = 3,   /* of an import that was undone */
	REC_ERASED = 4,
};

enum status index_create(struct reg *r, struct err *e) MUST;     /* the tables, empty */
uint64_t index_size(struct reg *r);                  /* log size that the index states */
/* Project records [r->projected, size) in one transaction. */
enum status index_project(struct reg *r, struct err *e) MUST;

/* The current slots of a chain, decoded; n == 0 slots are absent. */
struct now {
	uint64_t pos;
	uint32_t kind;
	uint8_t hash[SEAL_HASH];
	struct bytes slot[SLOTS];
	uint64_t from[SLOTS];        /* the record of the chain that says it */
};
/* cur.slots; the values point into it.  False: damaged. */
bool now_decode(struct bytes slots, struct now *w);
enum status index_now(struct arena *a, struct reg *r, uint64_t pos, struct now *ret,
	struct err *e) MUST;         /* NO: does not count, or none */

/* Who is who, cluster.c: of the person records at `pos` (ascending), which stand for
 * all that assigned, link and judgement join to them: the newest run's clusters,
 * joined by every "same" and cut by every "not-same" of index_verdicts().  all: they
 * are all there are.  ret_first: per record the index of its person's first. */
enum status index_cluster(struct arena *a, struct reg *r, const uint64_t *pos, size_t n, bool all,
	uint32_t *ret_first, struct err *e) MUST;

/* Persons' numbers, persons.c.  While one record is projected, what may change who
 * is who is touched: a person, a judgement's two ends, or everything; then
 * index_persons() brings person.cluster up to date and notes in person_event what
 * that record (its position) did to the numbers.  So the history depends on the
 * log alone, not on how many records were projected at a time. */
void index_touch(struct reg *r, uint64_t pos);
void index_touch_all(struct reg *r);
void index_touch_judgement(struct reg *r, uint64_t pos);
enum status index_persons(struct reg *r, uint64_t cause, struct err *e) MUST;
void index_untouch(struct reg *r);
/* Where a number of which no record is left went: NO: nowhere. */
enum status index_renamed(struct reg *r, uint64_t was, uint64_t *ret, struct err *e) MUST;
/* People's verdicts on the person records at these positions (ascending), as indices
 * into them, without contradiction: the newest on a pair counts, and of verdicts that
 * contradict each other through others the newer ones. */
struct verdict { uint32_t left, right; };
enum status index_verdicts(struct arena *a, struct reg *r, const uint64_t *pos, size_t n,
	struct verdict **ret_same, size_t *ret_n_same, struct verdict **ret_apart,
	size_t *ret_n_apart, struct err *e) MUST;
/* cur and what is derived from it, from the whole chain: after undo and erasure. */
enum status index_refresh(struct reg *r, uint64_t base, struct err *e) MUST;
/* The row tables of one record's current slots; drop first when it stood before. */
enum status derive_put(struct arena *a, struct reg *r, const struct now *w, struct err *e) MUST;
enum status derive_drop(struct reg *r, uint64_t pos, uint32_t kind, struct err *e) MUST;
enum status index_pos_of(struct reg *r, const uint8_t hash[SEAL_HASH], uint64_t *ret_base,
	struct err *e) MUST;         /* NO: not here */

/* The first record of a chain by its id; "P-17": the person record at 17, not the
 * first of its cluster, so that what is said of it stays with it after a split. */
enum status index_find(struct reg *r, struct str id, uint64_t *ret_pos, struct err *e) MUST;

/* Import: everything of one list that counts, and pending rows of one import. */
struct listed_row {
	uint64_t pos;                /* the person record */
	uint32_t version, row;       /* where it was read last */
	int64_t unlisted;            /* version since which it is no longer listed, or 0 */
	struct now now;
};
enum status index_rows_of_list(struct arena *a, struct reg *r, uint64_t list,
	struct listed_row **ret, size_t *ret_n, struct err *e) MUST;
enum status index_events_of(struct arena *a, struct reg *r, uint64_t person, struct now **ret,
	size_t *ret_n, struct err *e) MUST;
/* Records of this import that were appended but do not count yet, in order. */
enum status index_pending(struct arena *a, struct reg *r, const uint8_t import[16],
	uint64_t **ret_pos, size_t *ret_n, struct err *e) MUST;
enum status index_list_named(struct reg *r, struct str name, uint64_t *ret_pos,
	struct err *e) MUST;         /* NO: none */
enum status index_last_version(struct reg *r, uint64_t list, uint32_t *ret, uint8_t ret_import[16],
	struct err *e) MUST;         /* 0: none yet; retracted ones count as versions */

/* A value from words, by the field's type: the one reader for import, add, amend.
 * References are ids of records or persons.  ret_warning: what was read with less
 * certainty than it was written (an ambiguous date, dropped characters), or "". */
enum status value_from_words(struct arena *a, struct reg *r, const struct field *f,
	struct str words, const struct date_hint *hint, struct bytes *ret,
	struct str *ret_warning, struct err *e) MUST;
/* What a person record would say after these changes; amends "": a new one, whose
 * position is UINT64_MAX.  The same faults as reg_add() and reg_amend(). */
enum status edit_would(struct arena *a, struct reg *r, struct str amends,
	const struct reg_change *c, size_t n, struct now *ret, struct err *e) MUST;
/* initials, birth year, province: what goes out in coarser form, at recording. */
void add_coarser(struct arena *a, struct draft *d);

/* link.c: linkages of the person records at these positions (ascending; all of them count)
 * as likely as what the linker finds among them, judgements included; o->each gets them,
 * numbered as in `pos`.  BAD: more than 63 lists. */
struct match_resample_options;
enum status link_draw(struct reg *r, const uint64_t *pos, size_t n, struct match_resample_options *o,
	struct err *e) MUST;

/* edit.c: one record, published and in the index.  ret_hash may be NULL. */
enum status reg_write_one(struct reg *r, const struct draft *d, uint8_t ret_hash[SEAL_HASH],
	struct err *e) MUST;

/* toll.c: what the slots of an estimate say, whoever wrote them. */
enum status toll_read_slots(struct arena *a, const struct bytes *slot, struct reg_toll *ret,
	struct err *e) MUST;

#endif
