/*
 * Inside register: what the parts of an import share.
 *
 *   map.c, map_file.c   which column is which field (by headings, or a map file)
 *   map_dates.c         what a column proves about how its dates are written
 *   rows.c              one row as drafts of a person record and its events
 *   pair.c, diff.c      which row is which record of the list; what changed in it
 *   likely.c            lists and people that rows resemble
 *   import.c            the dry run; import_write.c the commit; bulk.c edits by id
 *
 * A map is made once; after that nobody asks whether aliases or a file made it.
 */
#ifndef REGISTER_IMPORT_INT_H
#define REGISTER_IMPORT_INT_H

#include "register/run_int.h"

/* --- notes: what there is to say about rows ------------------------------------ */

enum { NOTES_MOST = 10000, NOTE_SORTS = ROW_RETURNED + 1 };

struct notes {
	struct arena *a;
	VEC(struct reg_row_note) v;      /* errors and others, each at most NOTES_MOST */
	size_t n[NOTE_SORTS];            /* how many of each sort, kept or not */
};
void note_add(struct notes *n, int what, size_t row, size_t column, const char *fmt, ...)
	PRINTF(5, 6);
void notes_end(struct notes *n);     /* says how many were not kept */

/* --- a map -------------------------------------------------------------------- */

struct part { uint32_t column; struct str literal; };        /* column 0: the literal */
struct source { const struct part *v; size_t n; };           /* joined by blanks; n 0: none */

struct words_code { struct str fold, code; };                /* a line of [values …] */
struct words_table { VEC(struct words_code) of; };

struct target {
	const struct field *field;
	struct source words;             /* of a range: where it begins */
	struct source month;             /* asked where `words` says nothing: dates whose */
	struct source to, to_month;      /* day is not meant */
	bool range;
	struct words_table *table;
	struct date_hint hint;
};
struct condition { uint32_t column; struct str fold; };      /* column 0: none */

/* One record that a row may make: the person, or an event. */
struct group {
	const struct kind *kind;
	struct str name;                 /* in messages */
	struct str type;                 /* an event's code; "": by column, else "other" */
	struct condition when, unless;
	VEC(struct target) targets;
};
struct column {
	struct str header;
	const struct field *field;       /* it is read into, or NULL */
	uint32_t group;
	bool ignored;                    /* kept as written, and the map says so */
	bool unread;                     /* in an edit in bulk: not even kept */
	struct str why;                  /* why it is only kept, or "" */
};
struct map {
	VEC(struct group) groups;        /* the first is the person */
	struct column *columns;          /* [n_columns] */
	size_t n_columns;
	struct str *missing;             /* words that mean: not said */
	size_t n_missing;
	bool keep_unreadable;            /* cells that cannot be read are kept, with a warning */
	struct date_hint dates;
	char delimiter;                  /* 0: found out */
	struct str encoding, key;        /* "": found out; no key column declared */
	bool kept, sealed;               /* has columns only kept; reads sealed fields */
};

/* [options] of a map file, needed before the table can be read. */
enum status map_options(struct arena *a, const struct ini *i, const char *name, struct map *ret,
	struct err *e) MUST;
enum status map_by_file(struct arena *a, const struct ini *i, const char *name,
	const struct str *header, size_t n, struct map *m, struct err *e) MUST;
/* m: options set (or zeroed).  BAD: no column tells a name. */
enum status map_by_aliases(struct arena *a, const char *name, const struct str *header, size_t n,
	struct map *m, struct notes *notes, struct err *e) MUST;
void map_defaults(struct arena *a, struct map *m);
void map_columns(struct arena *a, struct map *m, const struct str *header, size_t n);
struct group *map_group(struct arena *a, struct map *m, const char *kind, struct str name,
	struct str type);
struct target *map_target(struct group *g, const struct field *f);
bool map_has_name(const struct map *m);
bool map_is_missing(const struct map *m, struct str words);
/* One line a column: `2 "Soyadı" → Family name`. */
struct str map_line(struct arena *a, const struct map *m, size_t column);
/* A heading as it is compared: folded, without "*", ":" and remarks in brackets. */
struct str map_header_key(struct arena *a, struct str header);
const struct field *map_alias(struct arena *a, struct str header, const struct kind **ret_kind,
	struct str *ret_role);

/* Days before months, which calendar: what the whole column proves. */
void map_learn_dates(struct map *m, const struct table *t, struct notes *notes);

/* --- a row ------------------------------------------------------------------------ */

struct reader {
	struct reg *r;
	const struct map *m;
	struct notes *notes;             /* NULL: say nothing (it was said) */
	struct bytes basis, source;      /* of every record; n 0: not told */
};
struct made {
	struct draft d;
	bool is;                         /* the row makes this record */
	bool unreadable;                 /* some of its cells could only be kept */
};
/* ret: [m->groups.n].  False: the row says nothing at all. */
bool row_read(struct arena *a, const struct reader *x, const struct row *row, struct made *ret);
/* Slot 4: a person's record holds every cell of the row that is not empty (event
 * cells with slot null), an event's those it was read from.  Words that were read
 * into a sealed slot stand there alone. */
void row_put_cells(struct arena *a, const struct map *m, const struct row *row, size_t group,
	struct made *made);

/* What makes two versions of a row equal: every open slot but the key and what only
 * we write. */
enum { DIGEST = 16 };
struct digest_options { bool basis, source; };
void digest_record(const struct kind *k, const struct bytes slot[SLOTS],
	struct digest_options o, uint8_t ret[DIGEST]);
void digest_row(const uint8_t person[DIGEST], uint8_t (*events)[DIGEST], size_t n,
	uint8_t ret[DIGEST]);
bool slot_compared(const struct kind *k, unsigned slot);

struct str full_name_of(struct arena *a, const struct bytes slot[SLOTS]);

/* --- pairing and difference ------------------------------------------------------- */

struct old_row {                         /* a person record of the list, as it last said */
	uint64_t pos;
	uint8_t digest[DIGEST];
	struct str key;                  /* digits ASCII; "" none */
	int64_t unlisted;
	uint32_t version, row;
	uint32_t mate;                   /* index of the new row + 1 */
};
enum pair_by { BY_NOTHING, BY_KEY, BY_CELLS, BY_MATCH };
struct new_row {
	const struct row *row;
	uint8_t digest[DIGEST];
	struct str key;
	uint32_t mate;                   /* index of the old row + 1; 0: new */
	enum pair_by by;
	bool blank, unreadable, changed;
};
struct run {                             /* one import on its way */
	struct arena *a;                 /* its own; the report lies in notes.a */
	struct reg *r;
	const struct reg_import *want;
	struct map map;
	struct reader reader;
	struct table table;
	struct notes notes;
	struct bytes file, map_text;
	uint8_t file_hash[SEAL_HASH];
	bool has_list, key_declared, with_key;
	uint64_t list;                   /* pos of the list record */
	struct str list_name;
	uint32_t version;                /* to be written */
	struct date as_of;
	VEC(uint64_t) touched;           /* bases amended by hand, ascending */
	struct old_row *old;
	size_t n_old;
	struct new_row *rows;
	size_t n_rows;
	size_t fresh, changed, unchanged, vanished, likely, records;
	size_t not_opened;               /* rows whose sealed values we may not open */
};
enum status pair_load(struct run *x, struct err *e) MUST;        /* x->old */
enum status pair_rows(struct run *x, struct err *e) MUST;
/* A record of the list as the list last said it: without what was amended by hand,
 * sealed slots and cells with it.  NO: it does not count. */
enum status as_listed(struct arena *a, struct run *x, uint64_t base, bool whole,
	struct record *ret, bool *ret_sealed_away, struct err *e) MUST;

struct amended { struct draft d; bool is; };
/* What a paired row changes: ret_person.is, and event drafts in ret_events (new ones
 * without slot 5).  n 0 and not is: nothing.  `what`: for the note, "" when nothing. */
enum status diff_row(struct arena *a, struct run *x, const struct new_row *n,
	struct amended *ret_person, struct draft **ret_events, size_t *ret_n, struct str *ret_what,
	struct err *e) MUST;
/* initials and birth year after a change of what they come from; d amends w. */
void diff_coarser(struct arena *a, const struct now *w, struct draft *d);

/* --- resemblance --------------------------------------------------------------------- */

/* The list that most of the sampled rows equal, with the share; "" for none. */
enum status likely_list(struct arena *a, struct run *x, struct str *ret_name, double *ret_share,
	struct err *e) MUST;
enum status likely_people(struct run *x, struct err *e) MUST;

/* --- writing ---------------------------------------------------------------------------- */

/* Tests make batches small, and stop with FAIL after so many appends (0: never). */
extern size_t import_batch_rows, import_stop_after;
enum status import_write(struct run *x, uint8_t ret_version[SEAL_HASH], struct err *e) MUST;
/* What stands in the list record and is not as asked now; false: nothing. */
enum status list_draft(struct arena *a, struct run *x, struct draft *ret, bool *ret_any,
	struct err *e) MUST;

/* --- bulk edits ---------------------------------------------------------------------------- */

bool bulk_is(const struct table *t);
enum status bulk_run(struct run *x, struct err *e) MUST;
/* A value as words that value_from_words reads back; "" for what cannot be written. */
struct str value_words(struct arena *a, const struct field *f, struct bytes v);

#endif
