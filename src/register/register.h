/*
 * register: workflows.  It joins the record (what was written) to the engines
 * (who is who): import, editing, the index, lists, dossiers, counting, linking,
 * consent.  Faces call it; it prints nothing.
 *
 * Everything returned lies in the arena that was passed.
 */
#ifndef REGISTER_REGISTER_H
#define REGISTER_REGISTER_H

#include "base/base.h"
#include "record/record.h"
#include "reckon/reckon.h"

struct reg;

/* Opens the node and its index, and projects what the log has that the index does
 * not.  A missing, foreign or half-written index is rebuilt. */
enum status reg_open(struct reg **ret, const char *path, enum node_open_as as,
	struct bytes passphrase, struct err *e) MUST;
/* The same on a node already open; the reg closes it. */
enum status reg_open_node(struct reg **ret, struct node *n, struct err *e) MUST;
void reg_close(struct reg *r);
struct node *reg_node(struct reg *r);
/* Take up what other processes did since: records, an erasure, a new index. */
enum status reg_follow(struct reg *r, struct err *e) MUST;
/* While a person thinks: others may write; then on, with what they wrote. */
void reg_rest(struct reg *r);
enum status reg_go_on(struct reg *r, struct err *e) MUST;
void reg_idle(struct reg *r);         /* for a server, after each request: lets writers in */
/* Builds the index anew; the SHA-256 of its canonical dump. */
enum status reg_rebuild(struct reg *r, uint8_t ret_dump[SEAL_HASH], struct err *e) MUST;
enum status reg_dump_hash(struct reg *r, uint8_t ret_dump[SEAL_HASH], struct err *e) MUST;

/* Records are named by 16 or more hex digits of their hash, persons by "P-17"
 * (the position of the record that arrived first; that of any record of the cluster
 * finds it, and so does a number whose record was taken back).  NO: none such; BAD: not unique, not of that form. */
enum status reg_find_record(struct reg *r, struct str id, uint64_t *ret_pos, struct err *e) MUST;
enum status reg_find_person(struct reg *r, struct str id, uint64_t *ret_cluster,
	struct err *e) MUST;
struct str reg_record_id(struct arena *a, const uint8_t hash[SEAL_HASH]);
struct str reg_person_id(struct arena *a, uint64_t cluster);

/* --- lists, filters, counts ------------------------------------------------------ */

/* status words: "held", "furlough", "released", "dead", "disappeared", "escaped",
 * "listed" (on a list that does not say more).  Empty strings do not filter. */
struct reg_filter {
	struct str search;            /* any script finds any script */
	struct str facility, list, event, status, person;
	int32_t on;                   /* status and counts as of this day; DAY_MAX: today */
	int confirmed;                /* 1 only confirmed, -1 only unconfirmed, 0 both */
	struct str sort;              /* "name", "family", "birth", "date", "id" (default) */
	size_t offset, limit;         /* limit 0: all */
};
/* "status=held prison=Evin on=2020-03-27 …", as annexes and URLs write it. */
enum status reg_filter_parse(struct arena *a, struct str query, struct reg_filter *ret,
	struct err *e) MUST;
struct str reg_filter_write(struct arena *a, const struct reg_filter *f);

/* Every record of a kind that counts, oldest first, as its amendments leave it:
 * pos and hash of the chain's first; erased ones are not there. */
enum status reg_of_kind(struct arena *a, struct reg *r, const char *kind, struct record **ret,
	size_t *ret_n, struct err *e) MUST;

struct reg_claim {                    /* one field of one record, with where it is from */
	struct str field;             /* name in kinds.txt */
	struct str text, words;       /* shown in the language asked; as written in the list */
	struct bytes value;
	uint64_t pos;
	uint8_t hash[SEAL_HASH];
	struct str list;              /* name, "" when typed in by hand */
	uint32_t version, row, column;
	struct str source;
};
struct reg_status {                   /* what one list says of a person on a day */
	struct str list, status;
	struct date since;            /* first == DAY_MIN: not said */
	struct str facility;
	int32_t last_heard;           /* the newest day on which this list tells anything */
};
struct reg_line {
	uint64_t cluster;
	struct str id;                /* P-17 */
	struct str given, family, father, whole, birth, sex;  /* of the first record that has it */
	struct str names;             /* every distinct spelling, " · " between */
	const struct reg_status *status;
	size_t n_status;
	struct str facility;
	const struct str *cells;      /* as reg_columns() says: the first that has it */
	bool confirmed, disagree;     /* disagree: the lists' statuses differ */
	const uint64_t *records;      /* positions of the person records joined here */
	size_t n_records;
};
/* "held": by_every: each list that tells of the person says so; by_any: at least
 * one; stale: those of by_any last heard of more than 12 months before the day. */
struct reg_counts { size_t persons, records, by_every, by_any, stale, confirmed, unconfirmed; };

enum status reg_list(struct arena *a, struct reg *r, const struct reg_filter *f, enum lang l,
	struct reg_line **ret, size_t *ret_n, struct reg_counts *ret_counts, struct err *e) MUST;
/* The person's fields that kinds.txt shows in lists, besides its names. */
size_t reg_columns(const struct field **ret, size_t max);
/* What stands in menus: names of facilities, lists, with how many persons each. */
struct reg_option { struct str name; size_t n; };
enum status reg_options(struct arena *a, struct reg *r, const char *what, struct reg_option **ret,
	size_t *ret_n, struct err *e) MUST;          /* "facility", "list", "event", "status" */

/* --- a dossier --------------------------------------------------------------------- */

struct reg_group {                    /* one field of a person, all that is claimed of it */
	const struct field *field;
	struct reg_claim *claims;
	size_t n;
	bool disagree;
};
struct reg_event {                    /* one event record */
	uint64_t pos;
	struct str id, type, type_label;
	struct date date;             /* first == DAY_MIN and last == DAY_MAX: not said */
	struct reg_claim *claims;     /* its fields */
	size_t n;
	struct str list, source;
	bool disagree;                /* another list has this kind of event on other days */
	bool party_cause;             /* carries a cause of death: a claim by a party */
};
/* One field that two records both fill in: how alike, and what that weighs (negative:
 * it speaks against).  field and level are English, for tr(). */
struct reg_reason { const char *field, *level; double bits; bool weighed; };
/* What two records have to do with each other.  The joins of a person are one fewer
 * than its records: what brought each record in, a person's word before the linker's. */
enum reg_bond_role {
	BOND_JOINS,
	BOND_AGREES,                  /* another word for it */
	BOND_AGAINST,                 /* within the person, and speaks against it */
	BOND_APART,                   /* judged to be another: one of the two is not here */
};
struct reg_bond {
	enum reg_bond_role role;
	uint64_t left, right;         /* positions; BOND_JOINS: right was brought in */
	struct str verdict;           /* a person's judgement: its code; "": the program's */
	struct str by, reason;
	struct date on;               /* of the judgement, or of the run; first == DAY_MIN: ? */
	double weight, probability;   /* of the linker's run; NAN: no such pair is kept */
	const struct reg_reason *reasons;     /* the strongest first; none for a judgement */
	size_t n_reasons;
	double rarity;                /* bits for how rare the names are; 0: not known */
};
/* What a record of the log did to a person's number.  "merged": `was` is all of it
 * `now`; "split": `now` came out of `was`; "moved": some records went from `was` to
 * `now`, and both go on; "renamed": the first record of `was` is gone. */
struct reg_person_event {
	uint64_t cause;               /* position of that record */
	struct str id, kind;          /* its id; judgement, linker-run, list-version, … */
	struct str what, was, now;
	size_t records;               /* that went over */
	struct date on;
	struct str by, verdict, reason;
};
struct reg_member {                   /* a record of a person */
	uint64_t pos;
	struct str id, name, list;    /* "P-17"; list "" when typed in by hand */
	uint32_t version, row;
};
struct reg_other { uint64_t pos; struct str id, kind, line; };  /* consents, documents, tasks … */
struct reg_dossier {
	struct reg_line line;
	struct reg_group *groups;
	size_t n_groups;
	struct reg_event *events;     /* by date, undated last */
	size_t n_events;
	struct reg_member *members;   /* by position */
	size_t n_members;
	struct reg_bond *bonds;       /* by role; the judgements of each first */
	size_t n_bonds, reviewed;     /* reviewed: joins that rest on a person's word */
	struct reg_person_event *history;     /* of this person's numbers, oldest first */
	size_t n_history;
	struct reg_other *others;
	size_t n_others;
};
enum status reg_dossier(struct arena *a, struct reg *r, uint64_t cluster, enum lang l,
	struct reg_dossier *ret, struct err *e) MUST;

/* What became of persons' numbers, oldest first; cluster UINT64_MAX: of all. */
enum status reg_person_events(struct arena *a, struct reg *r, uint64_t cluster,
	struct reg_person_event **ret, size_t *ret_n, struct err *e) MUST;

/* --- editing: one record, or a whole list ------------------------------------------- */

struct reg_change { struct str field, value; };        /* value "" withdraws */
/* `habeas add REG KIND field=value …`: values are read by the field's type. */
enum status reg_add(struct reg *r, struct str kind, const struct reg_change *c, size_t n,
	uint8_t ret_hash[SEAL_HASH], struct err *e) MUST;
enum status reg_amend(struct reg *r, struct str id, const struct reg_change *c, size_t n,
	struct str reason, uint8_t ret_hash[SEAL_HASH], struct err *e) MUST;
/* Who in the register is likely the person that this would make: of a new person
 * (amends "") or of a record as it would be amended, where names or birth change.  At
 * most 5, the likeliest first; none of the record's own person, nor whom people have
 * judged to be another. */
struct reg_near {
	uint64_t pos;                 /* of the nearest record of that person */
	struct str person, record;    /* "P-17"; the record's id */
	struct str name, birth, list; /* as that record has them; "" */
	double probability;
	const struct reg_reason *reasons;
	size_t n_reasons;
};
enum status reg_near(struct arena *a, struct reg *r, struct str amends,
	const struct reg_change *c, size_t n, enum lang l, struct reg_near **ret, size_t *ret_n,
	struct err *e) MUST;
enum status reg_attach(struct reg *r, struct str about, const char *file, struct str title,
	bool evidence, uint8_t ret_hash[SEAL_HASH], struct err *e) MUST;
/* What erasing this person or record covers; then the erasure itself. */
enum status reg_erase_plan(struct arena *a, struct reg *r, struct str id, uint64_t **ret_pos,
	size_t *ret_n, struct str **ret_lines, struct err *e) MUST;
enum status reg_erase(struct arena *a, struct reg *r, const uint64_t *pos, size_t n,
	struct str reason, struct str **ret_backups, size_t *ret_n, struct err *e) MUST;

struct reg_import {
	const char *file;             /* CSV, TSV, XLSX or ODS, by its content */
	struct str list;              /* "" : a file with a `record` column amends those records */
	const char *map_file;         /* NULL: by the aliases */
	struct str sheet, encoding;   /* "" : found out */
	struct str as_of;             /* a date; "" : the day of import */
	struct str basis, source, publisher, date_order;
	bool unique;                  /* the list declares itself free of duplicates */
	bool commit;
};
struct reg_row_note {                 /* something to say about a row */
	enum { ROW_ERROR, ROW_WARNING, ROW_NEW, ROW_CHANGED, ROW_VANISHED, ROW_PAIRED,
	       ROW_LIKELY, ROW_RETURNED } what;
	size_t row, column;           /* 0: none */
	struct str text;              /* one line */
};
struct reg_import_report {
	struct str list, encoding, delimiter;
	uint32_t version;
	struct str *columns;          /* "2 Soyadı → family name", "7 X → kept as written" */
	size_t n_columns;
	size_t rows, fresh, changed, unchanged, vanished, likely, errors, warnings;
	size_t records;               /* records written, or to be written */
	struct reg_row_note *notes;
	size_t n_notes;
	struct str similar_list;      /* rows resemble this list: was --list meant? */
	uint8_t version_hash[SEAL_HASH];   /* of the list-version record, when committed */
};
/* BAD when any row has an error (all errors are in the report; nothing written). */
enum status reg_import_run(struct arena *a, struct reg *r, const struct reg_import *i,
	struct reg_import_report *ret, struct err *e) MUST;
/* Retract an import whole: by record id, or "LIST VERSION". */
enum status reg_undo(struct arena *a, struct reg *r, struct str import, struct str reason,
	struct str *ret_line, struct err *e) MUST;
/* One line a person record (or, for kind "event", an event record) with its id. */
enum status reg_export_csv(struct reg *r, const struct reg_filter *f, struct str kind,
	struct buf *out, struct err *e) MUST;

/* --- who is who ------------------------------------------------------------------------ */

struct reg_link_report {
	size_t records, persons, pairs, grey;
	double threshold, precision, recall;   /* estimated */
	const char *note;                      /* what limits trust in it, for tr(); NULL: nothing */
	uint8_t run[SEAL_HASH];
};
/* Runs the matcher over all person records and writes ONE linker-run record, which
 * replaces the former.  People's judgements are its constraints.  NO: nothing would
 * change (no record written). */
enum status reg_link(struct arena *a, struct reg *r, struct reg_link_report *ret,
	struct err *e) MUST;
/* How many persons are on exactly which lists, in n linkages (1 to 1000) as likely as what the
 * linker finds now, judgements included: columns linkage (0: as it finds them), one of 0 and 1
 * per list, count.  For whoever estimates; all records, whenever they were held.  BAD: more
 * than 63 lists. */
enum status reg_linkages_csv(struct reg *r, unsigned n, uint64_t seed, struct buf *out,
	struct err *e) MUST;
enum status reg_judge(struct reg *r, struct str left, struct str right, struct str verdict,
	struct str reason, struct err *e) MUST;
/* --- review: people look at pairs (docs/methods/match.md, "Review") ----------------- */

/* By the newest run: surely one person, in doubt, surely two. */
enum reg_zone { ZONE_SURE, ZONE_GREY, ZONE_NOT, ZONES };
const char *reg_zone_name(enum reg_zone z);          /* code of the vocabulary "zone" */
struct reg_zones {
	uint64_t run;                 /* position of the run's record */
	double sure_from, not_below;  /* probabilities between which a pair is in doubt */
	double wrong, missed;         /* expected: share of the sure that is wrong; of all
	                               * matches that lies among the surely two */
	size_t pairs[ZONES], newer;   /* newer: person records that the run did not see */
	unsigned reviewers;           /* how many officers must agree: 1 or 2 */
};
struct reg_pair_end { struct str id, person, name, list; };      /* id: 16 hex digits */
struct reg_pair {
	uint64_t left, right;         /* positions of person records, left < right */
	double weight, probability;   /* of the run; NAN: it says nothing of this pair itself */
	enum reg_zone zone;
	bool joined;                  /* one person now */
	double effect;                /* expected change of the number of persons, 0 to 1 */
	enum reg_pair_state { PAIR_OPEN, PAIR_AWAITS, PAIR_DISPUTED, PAIR_SETTLED } state;
	const char *mine;             /* what who signed in said: a verdict's code, or "" */
	struct reg_pair_end end[2];   /* when asked for */
};
/* OPEN: what nobody has settled and who signed in has not judged.  SECOND: of these,
 * what others have judged.  MINE: what who signed in has judged, newest first. */
struct reg_review_want {
	enum reg_review_which { REVIEW_OPEN, REVIEW_SECOND, REVIEW_MINE } which;
	int zone;                     /* an enum reg_zone; -1: all */
	size_t limit;                 /* 0: all */
	bool ends;                    /* fill in the names */
};
/* By effect, the greatest first.  ret_of: how many there are without the limit.
 * BAD: there is no run yet. */
enum status reg_review_queue(struct arena *a, struct reg *r, const struct reg_review_want *w,
	struct reg_zones *ret_zones, struct reg_pair **ret, size_t *ret_n, size_t *ret_of,
	struct err *e) MUST;
/* Does it still want an answer, after the answers given since?  Takes up its state. */
enum status reg_review_still(struct reg *r, struct reg_pair *p, bool *ret, struct err *e) MUST;

struct reg_pair_row {                 /* one field of the two, side by side */
	struct str label;             /* in the language asked; "": as `field` */
	const char *field, *level;    /* of the matcher, English; NULL: it did not compare */
	double bits;                  /* for (+) or against (-) */
	struct str text[2];           /* as written */
	struct str meant[2];          /* read as: both calendars, a name's key; "" */
};
struct reg_pair_side {
	struct reg_pair_end end;
	struct str source;
	uint32_t version, row;        /* 0: typed in by hand */
	bool sealed_away;             /* it has fields that who signed in may not open */
	struct str *others;           /* the person's other records, a line each */
	size_t n_others, n_records;   /* of these lines; of the person, this one included */
};
struct reg_pair_shown {
	struct reg_pair_side side[2];
	struct reg_pair_row *rows;
	size_t n_rows;
	double prior, frequency;      /* bits; frequency: how common the values are, NAN unknown */
	double total, probability;    /* of the run; of the model alone where it has none */
};
enum status reg_review_show(struct arena *a, struct reg *r, const struct reg_pair *p,
	enum lang l, struct reg_pair_shown *ret, struct err *e) MUST;

struct reg_judged {
	struct str verdict, ground, reason;   /* verdict and ground are codes; ground may be "" */
	uint64_t run;                 /* seen with it; 0: none */
	int zone;                     /* -1: none */
};
/* One signed judgement, durable when it returns.  BAD: it contradicts what other
 * judgements say of these two; the line names them. */
enum status reg_review_say(struct reg *r, uint64_t left, uint64_t right,
	const struct reg_judged *j, uint8_t ret_hash[SEAL_HASH], struct err *e) MUST;
/* Take one's own judgement back.  NO: taken back already. */
enum status reg_review_undo(struct reg *r, struct str id, struct err *e) MUST;
enum status reg_review_rule(struct reg *r, unsigned reviewers, struct err *e) MUST;

struct reg_sample {
	struct str seed, id;
	bool older;                   /* of a run that was replaced since */
	struct reg_pair *pairs;       /* in the order drawn, zones mixed */
	size_t n, done;               /* done: settled, or judged by who signed in */
};
/* Draws `size` pairs of each zone asked for (-1: all) of the newest run, and records
 * it; a sample of the same run and seed grows.  seed "": the last one's, else new. */
enum status reg_review_draw(struct arena *a, struct reg *r, size_t size, int zone,
	struct str seed, struct reg_sample *ret, struct err *e) MUST;

struct reg_share {                    /* of a sample, with its 95 % interval */
	double estimate, low, high;
	const char *withheld;         /* why there is none; NULL: there is */
};
struct reg_estimate {
	struct str seed, id;
	bool older;
	/* Strata: sure, joined in doubt, parted in doubt, surely two. */
	struct { size_t pairs, drawn, same, apart, unsure; struct reg_share same_share; } stratum[4];
	struct reg_share precision, recall;
	double precision_if[2], recall_if[2];        /* all unsure ones not the same; the same */
};
/* NO: no sample was drawn yet. */
enum status reg_review_estimate(struct arena *a, struct reg *r, struct reg_estimate *ret,
	struct err *e) MUST;

/* "list,row,cluster" lines, for scoring against a truth file. */
enum status reg_clusters_csv(struct reg *r, struct buf *out, struct err *e) MUST;

/* --- how many (docs/methods/toll.md, "From a register") --------------------------------- */

/* Prisoners come and go, so the question is of a day or a window: who was held on
 * `on`, or to whom `event` happened from `from` to `to` ("death": executions too).  A
 * person counts on a list when what that list itself says answers the question. */
struct reg_histories_ask {
	bool held;                    /* else: `event` in the window */
	struct str event;             /* a code of the vocabulary "event" */
	int32_t on, from, to;         /* days, both ends included */
	/* facility; when held also event: the list must tell of such an event by the day.
	 * BAD: others, which nobody on no list could answer to (see histories.c). */
	struct reg_filter filter;
	bool by_organisation;         /* lists of one publisher are one */
	struct str lists;             /* only these, with commas between; "": all */
	unsigned linkages;            /* how many to draw around the one in force, up to 1000 */
	uint64_t seed;                /* which linkages are drawn */
};
enum reg_left {
	LEFT_BY_HAND,                 /* typed in by hand: on no list */
	LEFT_LISTED,                  /* the list names them and says no more */
	LEFT_UNDATED,                 /* it happened, the list does not say when */
	LEFT_VAGUE,                   /* its date reaches beyond the window */
	LEFT_NO_PRISON,               /* a prison is asked for, the list says none */
	LEFT_UNLINKED,                /* the linker has not seen the records yet */
	LEFT_WITHDRAWN,               /* consent to being in the register was withdrawn */
	LEFT_OTHER_LIST,              /* on lists that were not asked for */
	LEFT_WHYS,
};
const char *reg_left_words(enum reg_left why);       /* English, for tr() */
struct reg_histories {
	struct str question;          /* as a filter: "status=held on=2020-03-27 prison=Evin" */
	struct reckon_counts c;       /* lists by name; only those with anybody */
	/* The same question put to linkages as likely as the one in force (docs/methods/match.md,
	 * "Linkages drawn"), over the same lists.  0: none asked for, or more than 62 lists. */
	struct reckon_counts *linkage;
	size_t n_linkages;
	struct str csv;               /* these, as `habeas toll mse FILE` reads them */
	uint8_t hash[SEAL_HASH];      /* SHA-256 of csv */
	/* What a list says and was not counted: once for a list and person; and people who
	 * for that reason are not counted at all. */
	struct { size_t claims, persons; } left[LEFT_WHYS];
	size_t erased;                /* records erased, of any kind */
	struct str *silent;           /* lists on which nobody answers the question */
	size_t n_silent;
	/* Of the people counted: the lists disagree; a list last heard of them more than 12
	 * months before; a list says so without a date.  The last two when held. */
	size_t disagree, stale, undated;
	uint8_t run[SEAL_HASH];       /* the linker run that says who is who */
	uint64_t upto;                /* the log's size */
};
/* BAD: nobody answers, no linker run yet, a filter that cannot be. */
enum status reg_histories(struct arena *a, struct reg *r, const struct reg_histories_ask *ask,
	struct reg_histories *ret, struct err *e) MUST;

/* What a method gave.  title, assumes, why: English, for tr(); withheld numbers are
 * NAN, also in what reg_toll_add() is given. */
struct reg_toll_method {
	struct str method;            /* "least", "chao", "loglinear", "stepwise", "graphs", "latent" */
	const char *title, *assumes;
	bool bound;                   /* at least so many: no estimate */
	double n, lower, upper;
	enum reckon_why why;          /* RECKON_SAID: not withheld */
};
/* By the name; "": unknown.  What all of them assume: NULL. */
const char *reg_toll_title(struct str method);
const char *reg_toll_assumes(const char *method);
const char *reg_toll_why(enum reckon_why why);
/* The same reckoned otherwise: see docs/formats.md, "Estimates".  Ends NAN: none. */
struct reg_toll_otherwise {
	struct str group, id;         /* "delta" "0.01"; "without" "2": the second of the lists */
	struct str method;            /* of "xi" also "none": nothing else assumed */
	double n, lower, upper;
};
struct reg_toll {                     /* a record of kind "estimate" */
	uint64_t pos;
	struct str id, question;
	bool by_organisation;
	struct str *lists;
	size_t n_lists, said;         /* said: estimates not withheld */
	struct bytes hash;            /* of the counts */
	int64_t listed;
	struct reg_toll_method *methods;
	size_t n_methods;
	struct reckon_interval span;  /* of the estimates said; NAN: none */
	struct reg_toll_otherwise *otherwise;   /* none of methods that are withheld */
	size_t n_otherwise;
	struct { size_t claims, persons; } left[LEFT_WHYS];
	struct str seed, version, counts;
	struct str options;           /* asked for otherwise than by default; "": nothing */
};
/* One signed record, durable when it returns. */
enum status reg_toll_add(struct reg *r, const struct reg_histories *h, bool by_organisation,
	const struct reg_toll_method *m, size_t n, const struct reg_toll_otherwise *o, size_t n_o,
	uint64_t seed, struct str version, struct str options, uint8_t ret_hash[SEAL_HASH], struct err *e) MUST;
/* "without the list "A"", with the list's name. */
struct str reg_toll_otherwise_words(struct arena *a, const struct reg_toll *t,
	const struct reg_toll_otherwise *o, enum lang l);
/* All that count, oldest first; or the one of this id (NO: none, BAD: another kind). */
enum status reg_tolls(struct arena *a, struct reg *r, struct reg_toll **ret, size_t *ret_n,
	struct err *e) MUST;
enum status reg_toll_find(struct arena *a, struct reg *r, struct str id, struct reg_toll *ret,
	struct err *e) MUST;
/* For a letter's text, in Markdown.  No names of lists. */
enum reg_toll_part {
	TOLL_SENTENCES,               /* those listed, the span of all methods, at least so many */
	TOLL_LEAST,                   /* those listed, at least so many */
	TOLL_SECTION,                 /* under a heading: every method or why it is withheld, what
	                               * each assumes, the receipt */
	TOLL_WHOLE,                   /* sentences, then section */
};
/* Sentences end without a line's end.  Where they give a number of people in all, NO:
 * every estimate is withheld; BAD: some methods were not asked. */
enum status reg_toll_text(struct arena *a, const struct reg_toll *t, enum reg_toll_part part,
	enum lang l, struct str *ret, struct err *e) MUST;
/* "held on 27 March 2020, prison Evin": the question for people. */
struct str reg_toll_question(struct arena *a, struct str question, enum lang l);

/* --- what may go out --------------------------------------------------------------------- */

/* Columns of an annex are field names of person and event; each cell passes the
 * one gate: audience of the slot and a consent in force (or another recorded basis)
 * for the purpose; otherwise the committed initials, or a number. */
struct reg_annex_row {
	uint64_t cluster;
	struct str person;                           /* P-17: the node's own, never printed */
	const uint8_t (*records)[SEAL_HASH];         /* person records this line rests on */
	size_t n_records;
	struct str *cells;                           /* one per column */
	bool named, confirmed;                       /* named: not reduced to initials */
};
struct reg_annex {
	struct str query, purpose;
	struct str *columns;                         /* field names */
	size_t n_columns;
	struct reg_annex_row *rows;
	size_t n_rows;
	size_t reduced, withheld;                    /* rows as initials; rows left out */
	struct reg_counts counts;
};
/* Would these be understood?  Without a register, for who writes a letter. */
enum status reg_annex_check(struct str query, struct str columns, struct str purpose,
	struct err *e) MUST;
enum status reg_annex(struct arena *a, struct reg *r, struct str query, struct str columns,
	struct str purpose, struct reg_annex *ret, struct err *e) MUST;
/* Has somebody of these records withdrawn, or been erased, since? */
enum status reg_annex_withdrawn(struct reg *r, const uint8_t (*records)[SEAL_HASH], size_t n,
	struct str purpose, bool *ret, struct err *e) MUST;

#endif
