/* Between the files of reconcile only. */
#ifndef RECONCILE_RECONCILE_INT_H
#define RECONCILE_RECONCILE_INT_H

#include <math.h>
#include "reconcile/reconcile.h"

/* ---- fold.c: letters ------------------------------------------------------ */

/* Letters after folding: one alphabet per script, without case, accents that
 * carry no sound, tashkeel and compatibility forms.  Two marks remain. */
enum { FOLD_GAP = ' ', FOLD_BREAK = '\'' };   /* between words; inside a word, between letters */

struct folded {
	char text[4 * MATCH_NAME_LETTERS];    /* UTF-8 */
	size_t n, letters;
	enum script script;
	enum match_lang lang;
};
/* No two gaps in a row, none at the ends. */
void fold_text(struct str text, struct folded *ret);

/* ---- tables_*.c: how spellings sound --------------------------------------- */

enum sound_where {
	AT_ANY = 0, AT_FIRST = 1, AT_LAST = 2, AT_NOT_FIRST = 4,
	BEFORE_FRONT = 8,             /* before e, i, y */
	AT_WHOLE = 16,                /* the whole word */
};
/* What the letters of the whole name tell; none of these bits: everywhere. */
enum sound_langs { IN_ANY = 0, IN_TURKIC = 1, NOT_TURKIC = 2, IN_ARABIC = 4 };

/* `spelling` in folded letters; `reading` and the second-best `other` (NULL: none; two
 * of them parted by |) in phone letters (sounds.c).  Sorted by bytes of spelling, then most particular
 * condition first; the longest spelling whose condition holds is taken. */
struct sound_rule {
	const char *spelling, *reading, *other;
	uint8_t where, langs;
	const char *why;
};
struct sound_table {
	const struct sound_rule *rules;
	size_t n;
};
extern const struct sound_table sound_latin, sound_arabic, sound_cyrillic;

/* Words that are not names, or not only: exact folded spelling.  Elsewhere than where
 * the row says they are names. */
enum word_where {
	ANYWHERE,
	BEFORE_NAME, AFTER_NAME,      /* with a word after, before it */
	BEFORE_ITS_LETTER,            /* as-Sayyed, but not As Qorban: the article of a sun letter */
};
struct word_rule {
	const char *word;
	enum match_role role;
	enum word_where where;
	const char *why;
};
extern const struct word_rule word_rules[];
extern const size_t n_word_rules;

/* ---- sounds.c: readings and keys -------------------------------------------- */

enum { SOUND_MAX = 64 };
struct sounds {
	char reading[MATCH_KEYS][SOUND_MAX];
	size_t len[MATCH_KEYS];
	unsigned n;                   /* distinct by key; the likeliest first */
	uint64_t key[MATCH_KEYS];
};
/* One word of folded letters, at most 4 * MATCH_NAME_LETTERS bytes. */
void sounds_of_word(struct str word, enum match_lang lang, struct sounds *ret);
/* Readings of words said one after another. */
void sounds_join(struct sounds *to, const struct sounds *next);
/* Reading i of another, unless there is one with its key or no room. */
void sounds_add(struct sounds *to, const struct sounds *from, unsigned i);
uint64_t sound_key(const char *sound, size_t n);

/* ---- similar.c ---------------------------------------------------------------- */

/* Alignment of two strings of phone letters, 0 to 100; free_vowels: one of the two
 * comes from a script that does not write short vowels. */
unsigned similar_sound(struct str a, struct str b, bool free_vowels);
/* Jaro-Winkler of folded text, 0 to 100. */
unsigned similar_text(struct str a, struct str b);
/* 0 to 100; both not empty. */
unsigned similar_names(const struct match_name *a, const struct match_name *b);
bool keys_meet(const uint64_t *a, unsigned na, const uint64_t *b, unsigned nb);

/* ---- sort.c ------------------------------------------------------------------- */

struct entry {
	uint64_t key;
	uint32_t at;
};
/* By key, then as they stood; stable, so with `at` ascending before also by at. */
void sort_entries(struct entry *v, size_t n);
uint64_t mix64(uint64_t h, uint64_t v);

/* ---- whole.c ------------------------------------------------------------------- */

/* Which part is which is a guess: comparing tries given and family the other way
 * round too.  STR_NONE: nothing left for that part. */
struct name_parts {
	struct str given, family, father;
};
struct name_parts whole_divide(struct arena *a, struct str whole);

/* ---- data.c: records made comparable -------------------------------------------- */

enum text_slot {
	T_GIVEN, T_FAMILY, T_FATHER, T_BIRTH_PLACE, T_PLACE, T_CODE, T_EXTRA,
	T_SLOTS = T_EXTRA + MATCH_EXTRAS,
};

/* A distinct text: everything that takes time is done once here.  0 is absence.
 * The keys lie apart, since looking for candidates touches nothing else, and shrunk:
 * two that fall together by chance (one in 4e9) only make a candidate more. */
enum { VALUE_KEYS = 5 };
struct value_keys {
	uint32_t keys[VALUE_KEYS];    /* of the whole, then of its words */
	uint8_t n_keys, n_whole;
	uint16_t prefix;              /* of the likeliest reading: its first two letters */
};
struct value {
	struct match_name name;
};

/* A record: positions in this array are canonical, by content, whatever the order
 * of the input was; `input` is where it stood there. */
struct rec {
	uint32_t text[T_SLOTS];       /* values */
	struct match_days birth, event[MATCH_EVENTS];
	uint32_t list, input;
	char sex;
};
struct data {
	struct arena *a;
	struct rec *recs;
	size_t n;
	struct value *values;
	struct value_keys *keys;      /* as values */
	size_t n_values;
	uint32_t *count[T_SLOTS];     /* per value: records that have it in the slot */
	uint32_t *key_count[T_SLOTS]; /* per value: records whose likeliest key there is its */
	size_t filled[T_SLOTS];       /* records that have the slot at all */
	const bool *list_unique;
	size_t n_lists;
	double all_pairs;             /* how many pairs may be the same person at all */
	struct similar_cache *cache;
};
enum status data_make(struct data *d, const struct match_input *in, struct err *e) MUST;
void data_finish(struct data *d);
/* Two records of a list that is free of duplicates are never compared. */
bool data_may_match(const struct data *d, uint32_t l, uint32_t r);

/* ---- compare.c -------------------------------------------------------------------- */

/* Levels of all fields, four bits each, field 0 lowest. */
uint64_t compare_recs(const struct data *d, const struct rec *l, const struct rec *r);
static inline unsigned
level_of(uint64_t pattern, unsigned field)
{
	return (unsigned)(pattern >> 4 * field) & 15;
}
/* The civil day with day and month exchanged; false: none, or the same. */
bool day_swapped(int32_t day, int32_t *ret);
struct similar_cache *similar_cache_create(void);
void similar_cache_destroy(struct similar_cache *c);

/* ---- patterns.c ------------------------------------------------------------------- */

/* Patterns seen, numbered from 0 in the order of first sight, and how often. */
struct patterns {
	uint64_t *pattern, *count;
	size_t n, cap;
	uint32_t *slots;              /* open hash table of number + 1; 0: free */
	size_t size;                  /* a power of two */
};
/* Count one more; returns its number. */
uint32_t patterns_add(struct patterns *p, uint64_t pattern);
void patterns_finish(struct patterns *p);

struct histogram {
	uint64_t *pattern;            /* ascending */
	uint64_t *count;
	size_t n;
};
void histogram_of(const struct patterns *p, struct histogram *ret);
void histogram_finish(struct histogram *h);

/* ---- block.c ---------------------------------------------------------------------- */

struct candidate {
	uint32_t left, right;         /* canonical, left < right */
	uint32_t pattern : 26, pass : 6;      /* number of the pattern; pass it was found by */
};
_Static_assert((int)MATCH_PASSES_MAX <= 64, "struct candidate has six bits for the pass");
struct candidates {
	struct candidate *v;
	size_t n, cap;
	struct patterns patterns;
	struct match_pass_report report[MATCH_PASSES_MAX];
	size_t n_passes;
	bool everything;              /* all pairs that may match were compared */
};
void block_all(const struct data *d, const struct match_options *o, struct candidates *ret);
void candidates_finish(struct candidates *c);

/* ---- model.c ---------------------------------------------------------------------- */

/* One EM run with u fixed.  total: pairs in all, of which those not in the histogram
 * are taken for different people.  trace: the penalised log likelihood before each
 * step, up to max_trace; returns the number of steps. */
unsigned em_run(const struct histogram *h, double total, struct match_model *m,
	double *trace, unsigned max_trace);
/* Learn m, u, prior from the data. */
void model_learn(const struct data *d, const struct candidates *c, struct match_model *m);

/* ---- weights.c -------------------------------------------------------------------- */

/* Weights in 1/1024 bit, so that sums are exact and the same everywhere. */
enum { WEIGHT_UNIT = 1024 };
struct weights {
	int32_t w[MATCH_FIELDS][MATCH_LEVELS];
	int32_t prior;
	double same_u[T_SLOTS], key_u[T_SLOTS];       /* chance of agreeing on value, on key */
};
/* d NULL: without frequencies. */
void weights_of(const struct data *d, const struct match_model *m, struct weights *ret);
int32_t weigh_pattern(const struct weights *w, uint64_t pattern);
/* With the frequencies of the values that agree. */
int32_t weigh_pair(const struct data *d, const struct weights *w, const struct rec *l,
	const struct rec *r, uint64_t pattern);
/* The most that weigh_pair may give for a pattern, whatever the values. */
int32_t weigh_at_most(const struct weights *w, uint64_t pattern);
double weight_probability(int32_t weight);
bool field_is_text(unsigned field, enum text_slot *ret);

/* ---- cluster.c -------------------------------------------------------------------- */

struct judged {
	const struct match_pair *same, *not_same;     /* canonical positions */
	size_t n_same, n_not_same;
};
struct edge {
	int32_t weight;
	uint32_t left, right;
};
/* root[i]: the cluster of record i, named by one of its members.  edges are sorted
 * here.  NO: the judgements contradict each other, ret_pair says where. */
enum status cluster_all(const struct data *d, const struct weights *w, struct edge *edges,
	size_t n_edges, int32_t threshold, const struct judged *j, uint32_t *root,
	struct match_pair *ret_pair) MUST;

#endif
