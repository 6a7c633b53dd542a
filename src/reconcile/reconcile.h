/*
 * reconcile: who is who.  Records of people from several lists, in Latin,
 * Perso-Arabic and Cyrillic script, are compared field by field; a Fellegi-
 * Sunter model (JASA 64, 1969) says how probable it is that two are one person;
 * average linkage makes persons of them.  Plain arrays in, plain arrays out:
 * nothing here knows of registers, files or SQL.
 *
 * The result is a function of the set of records: their order, the number of
 * threads and the machine do not matter.  People's judgements always win.
 */
#ifndef RECONCILE_RECONCILE_H
#define RECONCILE_RECONCILE_H

#include "base/base.h"

/* ---- Names ---------------------------------------------------------------- */

enum { MATCH_KEYS = 3, MATCH_TOKENS = 12, MATCH_NAME_LETTERS = 200 };

/* How a name is spelled, as far as its letters tell. */
enum match_lang {
	MATCH_LANG_NONE, MATCH_LANG_EN, MATCH_LANG_AZ, MATCH_LANG_TR, MATCH_LANG_FA,
	MATCH_LANG_AZB, MATCH_LANG_AR, MATCH_LANG_RU, MATCH_LANG_AZ_CYRL, MATCH_LANG_TG,
};
const char *match_lang_name(enum match_lang l);      /* "Persian"; "" for none; for tr() */

enum match_role {
	MATCH_NAME,        /* part of the name proper */
	MATCH_PARTICLE,    /* al-, bin, abu, van: often left out; kept out of keys */
	MATCH_TITLE,       /* seyyed, haji, mir, dr: kept out of keys while a name is left */
	MATCH_CHILD_OF,    /* oglu, qizi, bin: the token before or after is the father's name */
	MATCH_NUMBER,      /* digits; no sound */
};

/* One word of a name.  A key is a consonant skeleton of up to 15 letters, four bits
 * each, with whether it begins with a consonant; 0 is no key. */
struct match_token {
	struct str text;              /* normal form: folded, lower case */
	enum match_role role;
	unsigned n_keys;              /* 1 to MATCH_KEYS, the likeliest reading first; 0: no sound */
	const uint64_t *keys;
	const struct str *sounds;     /* the readings, in the letters of sounds.c */
};
struct match_name {
	struct str normal;            /* tokens joined by one space; "" when there is nothing */
	const struct match_token *tokens;     /* in the order written */
	size_t n;
	enum script script;
	enum match_lang lang;
	unsigned n_keys;              /* of the whole: the name's tokens read as one word, */
	const uint64_t *keys;         /* so that Alireza, Ali Reza and Ali-Reza meet */
	const struct str *sounds;
};

/* Take a name apart.  Any valid UTF-8; what follows the MATCH_NAME_LETTERS-th
 * letter or the MATCH_TOKENS-th word is not looked at.  Owned by the arena. */
struct match_name match_name_of(struct arena *a, struct str text);

/* How alike two names are, 0 to 1, whatever their scripts; symmetric; 1 for equal
 * normal forms, about 1 for two good spellings of one name.  Order of tokens
 * counts little, particles and titles nothing.  0 when one of them is empty. */
double match_name_similarity(const struct match_name *a, const struct match_name *b);

/* The distinct keys under which a search index should hold a name, and under which
 * a query should look: of every token that is not a particle, and of the whole.
 * At most max; returns how many. */
size_t match_name_keys(const struct match_name *n, uint64_t *ret, size_t max);

/* A key in letters, for people to read: Qaradağlı "KRDKL", Əli "'L" (soft start). */
struct str match_key_text(struct arena *a, uint64_t key);
/* A reading in plain letters: Хадиджа "khadija", خدیجه "khdyje". */
struct str match_sound_text(struct arena *a, struct str sound);

/* ---- Records -------------------------------------------------------------- */

/* An interval of days, both included, counted as struct date does; last < first:
 * not known.  MATCH_NO_DAYS is that. */
struct match_days { int32_t first, last; };
#define MATCH_NO_DAYS ((struct match_days){1, 0})

enum match_event { MATCH_ARREST, MATCH_RELEASE, MATCH_DEATH, MATCH_EVENTS };
enum { MATCH_EXTRAS = 4 };

/* One record.  STR_NONE, MATCH_NO_DAYS and 0 mean: not said.  `whole` is read only
 * when given and family are both absent. */
struct match_person {
	struct str given, family, father, whole;
	char sex;                                /* 'm', 'f', or 0 */
	struct match_days birth;
	struct match_days event[MATCH_EVENTS];
	struct str birth_place, place;           /* place: prison, city, address */
	struct str extra[MATCH_EXTRAS];          /* whatever else a list has: occupation, postcode */
	struct str code;                         /* a number that is a person's own */
	uint32_t list;                           /* index below n_lists */
};

/* A table takes many records in little room: every distinct text and date is kept once
 * under a number, a record in 64 bytes. */
struct match_table;
struct match_table *match_table_create(void);
void match_table_destroy(struct match_table *t);
size_t match_table_size(const struct match_table *t);
/* Numbers for match_row; 0: nothing said.  The same number for texts of one normal form;
 * of whole names for equal texts.  The text is read anew at every call: keep the number of
 * one that comes again. */
uint32_t match_table_text(struct match_table *t, struct str s);
uint32_t match_table_whole(struct match_table *t, struct str s);
/* A place, and those it lies in: "Evin prison, Tehran"; for place and birth_place. */
uint32_t match_table_place(struct match_table *t, struct str s);
uint32_t match_table_days(struct match_table *t, struct match_days d);
/* A record by these numbers; otherwise as struct match_person. */
struct match_row {
	uint32_t given, family, father, whole, birth_place, place, code;
	uint32_t extra[MATCH_EXTRAS];
	uint32_t birth, event[MATCH_EVENTS];
	uint32_t list;
	char sex;
};
/* Records are indexed from 0 as they are added.  BAD: too many, a list's number too big. */
enum status match_table_add(struct match_table *t, const struct match_row *row, struct err *e)
	MUST;
enum status match_table_add_person(struct match_table *t, const struct match_person *p,
	struct err *e) MUST;

struct match_pair { uint32_t left, right; };

struct match_input {
	struct match_table *table;               /* or NULL and persons; a run settles it: */
	const struct match_person *persons;      /* nothing can be added afterwards */
	size_t n;                                /* of persons; at most 2^31 - 2 */
	const bool *list_unique;                 /* per list: free of duplicates; NULL: none is */
	size_t n_lists;                          /* 0: one list */
	const struct match_pair *same, *not_same;        /* people's judgements, by index */
	size_t n_same, n_not_same;
};

/* ---- The model ------------------------------------------------------------ */

enum match_field {
	MATCH_F_GIVEN, MATCH_F_FAMILY, MATCH_F_FATHER, MATCH_F_ORDER, MATCH_F_SEX,
	MATCH_F_BIRTH, MATCH_F_ARREST, MATCH_F_RELEASE, MATCH_F_DEATH,
	MATCH_F_BIRTH_PLACE, MATCH_F_PLACE, MATCH_F_CODE,
	MATCH_F_EXTRA, MATCH_FIELDS = MATCH_F_EXTRA + MATCH_EXTRAS,
};
enum { MATCH_LEVELS = 8 };                       /* level 0: one of the two does not say */
const char *match_field_name(enum match_field f);
unsigned match_field_levels(enum match_field f);     /* how many, level 0 included */
const char *match_level_name(enum match_field f, unsigned level);

struct match_model {
	double m[MATCH_FIELDS][MATCH_LEVELS];    /* P(level | same person, both say) */
	double u[MATCH_FIELDS][MATCH_LEVELS];    /* P(level | different people, both say) */
	double prior;                            /* P(same) of any pair that may be compared */
	double kin;                              /* P(kin held together) of the same */
	double pair_threshold, cluster_threshold;        /* weights in bits, prior included */
	uint32_t iterations;
	uint64_t patterns, pairs;                /* size of the histogram, pairs in it */
	double log_likelihood;
	bool identified;                         /* false: too little data, defaults carry it */
};

struct match_options {
	double report_probability;               /* pairs at or above are returned; 0: 0.01 */
	double cluster_weight;                   /* NAN: the program's own threshold */
	size_t block_pairs;                      /* above, a block is split; 0: 2,000, from
	                                          * 100,000 records on fewer, to 300 */
	unsigned threads;                        /* at most so many; 0: 1.  No result depends on it */
	void (*progress)(const char *what, uint64_t done, uint64_t of);  /* NULL: none */
};

struct match_edge {
	uint32_t left, right;                    /* indices, left < right; sorted by them */
	float weight, probability;               /* bits, prior included */
	uint8_t level[MATCH_FIELDS];
};

/* A pattern of levels, and how many of the compared pairs had it. */
struct match_pattern { uint8_t level[MATCH_FIELDS]; uint64_t pairs; };
/* Pairs worth reporting that this pass is the first to find, and the matches expected
 * among them. */
struct match_pass_report { const char *name; uint64_t pairs; double matches; };
enum { MATCH_PASSES_MAX = 32 };

struct match_result {
	struct match_edge *pairs;
	size_t n_pairs;
	uint32_t *cluster;                       /* per record: the smallest member's index */
	size_t n_clusters;
	struct match_model model;
	struct match_pattern *patterns;          /* the model's histogram, in a fixed order */
	size_t n_patterns;
	double precision, recall;                /* estimated from the model, of the clusters' pairs;
	                                          * NAN where nothing is joined */
	struct match_pass_report pass[MATCH_PASSES_MAX];
	size_t n_passes;
	uint64_t compared;                       /* pairs looked at, those found again included */
	const char *note;                        /* what limits trust in it; NULL: nothing */
};

/* Link.  opt may be NULL.  BAD: an index out of range, or judgements that contradict
 * each other (same and not_same between the same two persons, through others too). */
enum status match_run(struct arena *a, const struct match_input *in,
	const struct match_options *opt, struct match_result *ret, struct err *e) MUST;

/* Why two records are (not) one person.  Weights in bits by field; their sum and the
 * prior's log odds is the total.  How common the values are does not enter here: a
 * run's edge differs from this total by just that. */
struct match_explanation {
	uint8_t level[MATCH_FIELDS];
	double weight[MATCH_FIELDS];
	double total, probability;
};
struct match_explanation match_pair_explain(const struct match_person *l,
	const struct match_person *r, const struct match_model *m);
/* The default model: published-like priors, for when there is nothing to learn from. */
struct match_model match_model_default(void);

/* ---- One record against many ------------------------------------------------ */

/* The records of a table that a run has settled, kept so that a new one is compared with
 * a few of them only: some microseconds against a million.  One thread at a time. */
struct match_index;
/* Takes the table over; the model is copied.  About 80 bytes a record beside it. */
struct match_index *match_index_create(struct match_table *t, const struct match_model *m);
void match_index_destroy(struct match_index *x);
size_t match_index_size(const struct match_index *x);

struct match_hit {
	uint32_t record;                         /* as added to the table; then as added here */
	float weight, probability;
	uint8_t level[MATCH_FIELDS];
};
/* The likeliest records to be this person, the likeliest first; of equal ones that added
 * first.  At most max, of at least this probability; returns how many.  Of names shared
 * by thousands only those are seen that agree on more. */
size_t match_index_find(struct match_index *x, const struct match_person *p,
	double probability, struct match_hit *ret, size_t max);
/* From now on it is found.  Its number is the size before.  How common values are is not
 * counted anew.  BAD: no room for more records, or a list beyond those of the run. */
enum status match_index_add(struct match_index *x, const struct match_person *p, struct err *e)
	MUST;

/* ---- Linkages as likely as this one ----------------------------------------
 *
 * How sure a run is of who is who, handed on to whoever counts: many linkages drawn from
 * what it believes, each as capture histories.  docs/methods/match.md, "Linkages drawn".
 */

enum { MATCH_HISTORY_LISTS = 63, MATCH_LINKAGES_MAX = 1000 };

/* How many persons were on exactly these lists.  Bit i of `on`: list i. */
struct match_history { uint64_t on, count; };
struct match_linkage {
	uint64_t persons;             /* the sum of the counts */
	struct match_history *histories;      /* ascending by `on`, each once */
	size_t n;
};
struct match_resample_options {       /* all zero: the defaults */
	unsigned n;                   /* how many; 0: 50 */
	uint64_t seed;
	double doubt;                 /* less probable than this, or more probable than 1 less
	                               * it, is beyond doubt; 0: 0.01 */
	void (*progress)(const char *what, uint64_t done, uint64_t of);  /* NULL: none */
	/* Called after each linkage, numbered from 0: records of equal numbers are one person
	 * in it.  By index as added, numbers below as many; kept till the call ends.  NULL: not
	 * asked. */
	void (*each)(void *context, size_t linkage, const uint32_t *cluster);
	void *context;
};
struct match_linkages {
	struct match_linkage point;   /* the result itself */
	struct match_linkage *drawn;
	size_t n;
	size_t n_groups, n_questions; /* what was in doubt: groups of records beyond doubt, pairs
	                               * of them that may be one person */
};

/* Draw linkages around a run's result: what is beyond doubt stays, the rest is decided by
 * its probability, never against judgements or lists that are free of duplicates.  `in`
 * as match_run had it, with a table and its list_unique still there; `of` what it gave
 * (pairs below its report_probability are two people in all).  Linkage r is a function of
 * the records, the seed and r alone, however many are drawn.  BAD: options out of range,
 * more than 63 lists.  Owned by the arena. */
enum status match_resample(struct arena *a, const struct match_input *in,
	const struct match_result *of, const struct match_resample_options *o,
	struct match_linkages *ret, struct err *e) MUST;

/* ---- Two versions of a list ------------------------------------------------ */

struct match_assignment { uint32_t left, right; float probability; };
/* Best one-to-one pairs between two arrays, greedily by weight, at or above
 * `probability`; sorted by left. */
enum status match_assign(struct arena *a, const struct match_person *left, size_t n_left,
	const struct match_person *right, size_t n_right, double probability,
	struct match_assignment **ret, size_t *ret_n, struct err *e) MUST;

/* ---- Measuring against truth ------------------------------------------------ */

/* pairs_*: of the pairs that the clusters imply (what Splink's users call cluster
 * F1); exact_*: share of found clusters that are true clusters to the last member,
 * share of true clusters found so.  Clusters of one count in exact_ only. */
struct match_score {
	uint64_t true_pairs, found_pairs, right_pairs;
	double precision, recall, f1;
	double exact_precision, exact_recall, exact_f1;
};
/* Two labellings of n records; equal label: same cluster. */
struct match_score match_score_truth(const uint32_t *found, const uint32_t *truth, size_t n);

#endif
