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
enum sound_langs {
	IN_ANY = 0, IN_TURKIC = 1, NOT_TURKIC = 2, IN_ARABIC = 4,
	IN_RUSSIAN = 8,               /* a Russian family name in Latin letters */
};

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

/* Below `from` these two say 0, and sooner.
 * Alignment of two strings of phone letters, 0 to 100; free_vowels: one of the two
 * comes from a script that does not write short vowels. */
unsigned similar_sound(struct str a, struct str b, bool free_vowels, unsigned from);
/* Jaro-Winkler of folded text, 0 to 100. */
unsigned similar_text(struct str a, struct str b, unsigned from);
/* 0 to 100. */
unsigned similar_names(const struct match_name *a, const struct match_name *b);
bool keys_meet(const uint64_t *a, unsigned na, const uint64_t *b, unsigned nb);

/* ---- sort.c ------------------------------------------------------------------- */

struct entry {
	uint64_t key;
	uint32_t at;
};
/* By key, then as they stood; stable, so with `at` ascending before also by at. */
void sort_entries(struct entry *v, size_t n);
/* Ascending.  spare: n more. */
void sort_numbers(uint64_t *v, size_t n, uint64_t *spare);
uint64_t mix64(uint64_t h, uint64_t v);

/* ---- whole.c ------------------------------------------------------------------- */

/* Which part is which is a guess: comparing tries given and family the other way
 * round too.  STR_NONE: nothing left for that part. */
struct name_parts {
	struct str given, family, father;
};
struct name_parts whole_divide(struct arena *a, struct str whole);

/* ---- when.c: dates ------------------------------------------------------------------ */

/* A distinct interval of days, with what comparing and looking for candidates need. */
struct when {
	struct match_days days;
	uint32_t civil, solar;        /* of a single day: year, month and day, two digits to a
	                               * byte, Gregorian and Solar Hijri; 0: not a day */
	int32_t year, month;          /* the first that it touches, Gregorian; months from year 0 */
	uint8_t n_years, n_months;    /* how many; 0: too many to tell anything */
	int32_t day, other;           /* the day, and with day and month exchanged; 0: none */
};
struct when when_of(struct match_days days);
unsigned birth_level(const struct when *a, const struct when *b);
unsigned arrest_level(const struct when *a, const struct when *b);
unsigned end_level(const struct when *a, const struct when *b);
/* The civil day with day and month exchanged; false: none, or the same. */
bool day_swapped(int32_t day, int32_t *ret);

/* ---- places.c ------------------------------------------------------------------------ */

/* Words that say what kind of place it is: exact folded spelling. */
struct place_word {
	const char *word, *why;
};
extern const struct place_word place_words[];
extern const size_t n_place_words;

/* The places that a cell names, one within the other, in an order of their own. */
enum { PLACE_PARTS = 4 };         /* what follows the fourth is not looked at */
struct match_place {
	struct match_name part[PLACE_PARTS];
	unsigned n;                   /* 0: none */
};
struct match_place place_of(struct arena *a, struct str text);
/* Its normal form: the same for all spellings in one script. */
struct str place_text(struct arena *a, const struct match_place *p);

/* REGION: a part of one is a part of the other; WITHIN: all that one says the other says
 * as well, and more. */
enum { PLACE_DIFFERENT = 1, PLACE_REGION, PLACE_ALIKE, PLACE_WITHIN, PLACE_SAME };
/* share_key: of their values, see keys_share; without, at most PLACE_ALIKE. */
unsigned places_level(const struct match_place *x, const struct match_place *y, bool share_key);

/* ---- table.c, data.c: records made comparable ---------------------------------------- */

enum text_slot {
	T_GIVEN, T_FAMILY, T_FATHER, T_BIRTH_PLACE, T_PLACE, T_CODE, T_EXTRA,
	T_SLOTS = T_EXTRA + MATCH_EXTRAS,
};
enum when_slot { W_BIRTH, W_EVENT, W_SLOTS = W_EVENT + MATCH_EVENTS };

/* A distinct text: everything that takes time is done once here.  0 is absence.
 * The keys lie apart, since looking for candidates touches nothing else, and shrunk:
 * two that fall together by chance (one in 4e9) only make a candidate more. */
enum { VALUE_KEYS = 5 };
struct value_keys {
	uint32_t keys[VALUE_KEYS];    /* of the whole, then of its words */
	uint8_t n_keys, n_whole;
	uint16_t prefix;              /* of the likeliest reading: its first two letters */
	uint16_t letters;             /* that any reading's key has; 0: no sound */
	uint8_t n_letters;
	uint8_t spare[5];             /* two to a line of cache */
};
_Static_assert(sizeof(struct value_keys) == 32, "two to a line of cache");
struct value {
	struct match_name name;
	const struct match_place *place;      /* of places only */
	uint64_t hash;                /* of the normal form */
};

/* A record: one line of cache.  Positions in the array are canonical once data_settle
 * is through, by content, whatever the order of the input was. */
struct rec {
	uint32_t text[T_SLOTS];       /* values */
	uint32_t when[W_SLOTS];       /* intervals */
	uint32_t list : 30, sex : 2;  /* sex 0: not said */
	uint32_t input;               /* where it stood in the input */
};
_Static_assert(sizeof(struct rec) == 64, "a record is one line of cache");
enum { LISTS_MAX = 1 << 30 };

struct data {
	struct arena *a;
	struct rec *recs;
	size_t n, cap;
	struct value *values;
	struct value_keys *keys;      /* as values */
	size_t n_values, cap_values;
	struct when *whens;
	size_t n_whens, cap_whens;
	/* Of slots that any record has; else NULL.  Records by value, by likeliest key of
	 * the value; by interval. */
	uint32_t *count[T_SLOTS], *key_count[T_SLOTS], *when_count[W_SLOTS];
	size_t filled[T_SLOTS], said[W_SLOTS];        /* records that have the slot at all */
	const bool *list_unique;
	size_t n_lists;
	double all_pairs;             /* how many pairs may be the same person at all */
	bool settled;                 /* values change no more */
	struct similar_cache *cache;  /* NULL: none */
};
void data_init(struct data *d);
/* The value of a text in normal form; 0: nothing in it.  Those of places are apart, and
 * so is their dict. */
uint32_t data_value(struct data *d, struct dict *normal, struct str s);
uint32_t data_place(struct data *d, struct dict *normal, struct str s);
/* Put into canonical order, count.  NO: a record of a list beyond n_lists; ret_bad says
 * which. */
enum status data_settle(struct data *d, const bool *list_unique, size_t n_lists,
	size_t *ret_bad) MUST;
void data_finish(struct data *d);
/* Of what a record says, its list apart; the same whatever else there is. */
uint64_t data_content(const struct data *d, const struct rec *r);
/* Two records of a list that is free of duplicates are never compared. */
static inline bool
data_may_match(const struct data *d, const struct rec *l, const struct rec *r)
{
	return l->list != r->list || !d->list_unique || !d->list_unique[l->list];
}

struct match_table {
	struct data d;
	struct dict normal, raw, whole, places, raw_places;
	struct whole_parts { uint32_t given, family, father; } *parts;        /* of whole names */
	size_t n_parts, cap_parts;
	uint32_t *when_slots;         /* open hash table of interval + 1; 0: free */
	size_t when_size;
	bool settled;
	uint32_t passes;              /* that its last run took, by bit */
};
/* A record by its numbers; of a person. */
struct rec table_rec(const struct match_table *t, const struct match_row *row);
struct match_row table_row_of(struct match_table *t, const struct match_person *p);

/* ---- compare.c -------------------------------------------------------------------- */

/* Levels of all fields, four bits each, field 0 lowest. */
uint64_t compare_recs(const struct data *d, const struct rec *l, const struct rec *r);
static inline unsigned
level_of(uint64_t pattern, unsigned field)
{
	return (unsigned)(pattern >> 4 * field) & 15;
}
static inline uint64_t
level_at(unsigned field, unsigned level)
{
	return (uint64_t)level << 4 * field;
}
/* How many of 16 bits are set: x86-64 as such has no instruction for it. */
static inline unsigned
bits_of(unsigned x)
{
	x -= x >> 1 & 0x5555;
	x = (x & 0x3333) + (x >> 2 & 0x3333);
	x = (x + (x >> 4)) & 0x0f0f;
	return (x + (x >> 8)) & 31;
}
static inline bool
keys_share(const struct value_keys *x, const struct value_keys *y)
{
	for (unsigned i = 0; i < x->n_keys; i++)
		for (unsigned j = 0; j < y->n_keys; j++)
			if (x->keys[i] == y->keys[j])
				return true;
	return false;
}
/* Whether two that share no key are different beyond any doubt: each has two consonants at
 * least, and a seventh of both together at most is common.  Nothing else is looked at. */
static inline bool
letters_differ(const struct value_keys *x, const struct value_keys *y)
{
	return x->n_letters > 1 && y->n_letters > 1
		&& 7 * bits_of(x->letters & y->letters) <= (unsigned)x->n_letters + y->n_letters;
}
/* Whether a name of one sounds as the other name of the other does. */
static inline bool
names_cross(const struct data *d, const struct rec *l, const struct rec *r)
{
	return keys_share(&d->keys[l->text[T_GIVEN]], &d->keys[r->text[T_FAMILY]])
		|| keys_share(&d->keys[l->text[T_FAMILY]], &d->keys[r->text[T_GIVEN]]);
}
/* How alike two names are, by their sound and spelling. */
enum { LEVEL_DIFFERENT = 1, LEVEL_SLIGHT, LEVEL_ALIKE, LEVEL_SOUND, LEVEL_SAME };
unsigned names_level(const struct match_name *x, const struct match_name *y);
/* Given and family name and their order at once. */
uint64_t compare_names(const struct data *d, const struct rec *l, const struct rec *r);
/* The level of one field; of names as if they stood in their own places. */
unsigned compare_field(const struct data *d, unsigned field, const struct rec *l,
	const struct rec *r);
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

/* Gets records that may be one person: of n in `at`, each with the `reach` that follow
 * it.  A pair may come again, by another pass or by another key. */
struct block_visitor {
	void *ctx;
	void (*pairs)(void *ctx, const uint32_t *at, size_t n, size_t reach, unsigned pass);
};
struct block_plan {
	uint32_t passes;              /* which, by bit */
	size_t block_pairs;           /* above, a block is split; 0: by the number of records */
	bool everything;              /* instead: every pair */
	unsigned threads;             /* for score_all: at most; 0 is 1 */
	void (*progress)(const char *what, uint64_t done, uint64_t of);
};
struct block_cost { uint64_t entries[MATCH_PASSES_MAX]; };
/* What is to be done for so many records, all passes. */
struct block_plan block_plan_of(const struct data *d, const struct match_options *o);
void block_all(const struct data *d, const struct block_plan *plan,
	const struct block_visitor *v, struct block_cost *ret);
unsigned block_n_passes(void);
const char *block_pass_name(unsigned pass);

/* ---- learn.c: what the model learns from --------------------------------------------- */

/* The candidates of a sample of records, each pair once. */
struct seen_pair {
	uint64_t pair;                /* left << 32 | right, + 1; 0: free */
	uint32_t pattern, passes;     /* number of the pattern; the passes that found it, by bit */
};
struct sample {
	struct seen_pair *v;          /* open hash table */
	size_t n, size;
	struct patterns patterns;
	double records, pairs;        /* shares of all that were looked at */
	bool everything;              /* all pairs that may match were compared */
	struct block_cost cost;
	uint64_t found[MATCH_PASSES_MAX];             /* pairs by pass, found again included */
};
void sample_take(const struct data *d, const struct block_plan *plan, double share,
	struct sample *ret);
void sample_finish(struct sample *s);
/* The passes worth their time: together they miss next to nothing of what all find. */
uint32_t sample_choose(const struct sample *s, const struct match_model *m,
	const struct block_plan *plan);
/* Of the matches that these passes find, so many times as many are there at least: 1 or
 * more. */
double sample_all_to_found(const struct sample *s, const struct match_model *m,
	uint32_t passes);

/* ---- model.c ---------------------------------------------------------------------- */

/* One EM run with u fixed.  total: pairs in all, of which those not in the histogram
 * are taken for different people.  trace: the penalised log likelihood before each
 * step, up to max_trace; returns the number of steps. */
unsigned em_run(const struct histogram *h, double total, struct match_model *m,
	double *trace, unsigned max_trace);
/* To nine decimal digits.  Libraries of different machines differ in the last bits of log
 * and exp; what is learned from them may not. */
double rounded(double x);
/* Learn m, u, prior from a sample.  Returns the matches expected in it. */
double model_learn(const struct data *d, const struct sample *s, struct match_model *m);

/* ---- weights.c -------------------------------------------------------------------- */

/* Weights in 1/1024 bit, so that sums are exact and the same everywhere. */
enum { WEIGHT_UNIT = 1024, HOPELESS = INT32_MIN };

struct weigh_text { uint8_t field, slot; };
struct weights {
	int32_t w[MATCH_FIELDS][MATCH_LEVELS];
	int32_t prior;
	/* The most that a field may add, and where two values share no key. */
	int32_t most[MATCH_FIELDS], most_apart[MATCH_FIELDS];
	/* By value: what agreeing on it, or on its key, adds for being rare.  NULL: nothing. */
	int16_t *same[T_SLOTS], *key[T_SLOTS];
	size_t n_values;              /* that they have room for */
	/* What is compared: dates and sex; texts, given and family name first. */
	uint8_t cheap[MATCH_FIELDS];
	struct weigh_text texts[MATCH_FIELDS];
	unsigned n_cheap, n_texts;
};
/* d NULL: without frequencies. */
void weights_of(const struct data *d, const struct match_model *m, struct weights *ret);
void weights_finish(struct weights *w);
/* Room for values that came later: as rare as can be. */
void weights_grow(struct weights *w, size_t n_values);
int32_t weigh_pattern(const struct weights *w, uint64_t pattern);
/* With the frequencies of the values that agree.  HOPELESS: below `least`, found out
 * before everything was compared; *ret_pattern is then not to be read. */
int32_t weigh_pair(const struct data *d, const struct weights *w, const struct rec *l,
	const struct rec *r, int32_t least, uint64_t *ret_pattern);
double weight_probability(int32_t weight);
/* The smallest weight of at least this probability. */
int32_t weight_of_probability(double p);
bool field_is_text(unsigned field, enum text_slot *ret);

/* ---- score.c ------------------------------------------------------------------------ */

struct edge {
	int32_t weight;
	uint32_t left, right;         /* canonical, left < right */
	uint32_t pass;                /* the first that finds it */
	uint64_t pattern;
};
struct scored {
	struct edge *v;               /* by left, then right */
	size_t n, cap;
	uint64_t compared;            /* pairs looked at, again by another pass included */
	uint64_t by_pass[MATCH_PASSES_MAX];
};
/* All candidates of at least this weight. */
void score_all(const struct data *d, const struct weights *w, const struct block_plan *plan,
	int32_t least, struct scored *ret);

/* ---- cluster.c -------------------------------------------------------------------- */

struct judged {
	const struct match_pair *same, *not_same;     /* canonical positions */
	size_t n_same, n_not_same;
};
/* root[i]: the cluster of record i, named by one of its members.  NO: the judgements
 * contradict each other, ret_pair says where. */
enum status cluster_all(const struct data *d, const struct weights *w, const struct edge *edges,
	size_t n_edges, int32_t threshold, const struct judged *j, uint32_t *root,
	struct match_pair *ret_pair) MUST;
/* Up to this many members stand for a cluster in the mean: all of a usual one. */
enum { SPEAKERS = 16 };
/* What all cross pairs of two clusters say together of the two being one person; by
 * canonical positions, at least one on each side. */
int32_t cluster_weigh(const struct data *d, const struct weights *w, const uint32_t *x,
	unsigned nx, const uint32_t *y, unsigned ny);

#endif
