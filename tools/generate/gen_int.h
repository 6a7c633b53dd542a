/*
 * habeas-generate: lists of prisoners with known truth.
 *
 * People are invented by combining common names; a coincidence with a real
 * person is chance.  A person is a pure function of (seed, number), a row one of
 * (seed, number, list, copy): nothing is kept, ten million people stream through.
 * Integers only, so every machine writes the same bytes for the same seed.
 *
 * names_*.c, places.c, words.c: tables · random.c: numbers · person.c: who they
 * are · spell.c, typo.c: how names get written · written.c: how dates, sentences
 * get written · list.c: which rows stand where · birlik.c, nesim.c, registry.c,
 * plain.c: the lists · second.c: the next version of one · hostile.c · truth.c.
 */
#ifndef GEN_INT_H
#define GEN_INT_H

#include "base/base.h"

enum writing { AZ, FA, EN, WRITINGS };

/* One name in three writings, each "usual|variant|variant"; "_" is a ZWNJ.
 * Weights: among Azerbaijanis, among speakers of Persian. */
struct name {
	const char *w[WRITINGS];
	uint16_t weight_az, weight_fa;
};
struct compound {                      /* parts by their usual Azerbaijani form */
	const char *first, *second;
	const char *join;              /* between the Persian parts when joined */
	uint16_t weight;
};
enum suffix {
	SUFFIX_ZADEH, SUFFIX_PUR, SUFFIX_NEJAD, SUFFIX_LI, SUFFIX_YAN, SUFFIX_NIA,
	SUFFIX_XANI, SUFFIX_BEIGI, SUFFIX_OV, SUFFIX_COUNT,
};
struct stem {
	struct name name;
	const char *li;                /* -lı after it, by vowel harmony */
	unsigned without;              /* bits 1 << enum suffix */
};
enum { MEN = 1, WOMEN = 2 };
struct prison {
	struct name name;
	const char *city;              /* the usual English name in cities[] */
	unsigned takes;
};
struct charge {
	struct name name;
	unsigned article;              /* 0: none is cited */
};

extern const struct name names_male[], names_female[], names_family[], names_nisba[],
	names_second[], suffixes[SUFFIX_COUNT], cities[], causes[], sources[];
extern const struct stem stems[];
extern const struct compound compounds[];
extern const struct prison prisons[];
extern const struct charge charges[];
extern const size_t names_male_n, names_female_n, names_family_n, names_nisba_n,
	names_second_n, stems_n, compounds_n, cities_n, prisons_n, charges_n, causes_n,
	sources_n;
extern const char *const months_en[12], *const months_az[12], *const months_sh_fa[12],
	*const months_sh_az[12];

/* random.c: SplitMix64 streams, one per (seed, number, purpose). */
struct rng {
	uint64_t state;
};
enum purpose {                         /* the last four plus a list's index */
	FOR_PERSON, FOR_SECOND_VERSION, FOR_SECOND_COPY, FOR_ORDER, FOR_RARE_NAME,
	FOR_SIBLING,
	FOR_INCLUSION = 16, FOR_COPY = 32, FOR_ROW = 48, FOR_COPY_ROW = 64,
};
struct rng rng_of(uint64_t seed, uint64_t number, unsigned purpose);
uint32_t rng_below(struct rng *r, uint32_t n);                  /* 0 .. n-1 */
int32_t rng_between(struct rng *r, int32_t from, int32_t to);   /* both included */
bool rng_chance(struct rng *r, uint32_t permille);

/* A table to draw from by weight. */
struct pick {
	uint32_t *upto;                /* sums of weights */
	uint32_t n;
};
uint32_t pick_draw(const struct pick *p, struct rng *r);

/* A permutation of 0 .. n-1 that needs no memory. */
struct shuffle {
	uint64_t seed;
	uint32_t n;
	unsigned half_bits;
};
struct shuffle shuffle_of(uint64_t seed, uint32_t n);
uint32_t shuffle_at(const struct shuffle *s, uint32_t i);

/* person.c */
enum { NONE = UINT16_MAX, NEVER = INT32_MIN };
enum { DAY_REF = 18336 };              /* 15 March 2020: when the lists were made */
enum { GROUPS = 2 };                   /* 0 Azerbaijanis, 1 speakers of Persian */

struct given {
	uint16_t one;                  /* names_male[] or names_female[] */
	uint16_t compound;             /* compounds[], or NONE */
	uint16_t too;                  /* a second name of the same table, from 1; 0: none */
	bool woman;
};
struct family {
	uint16_t base, stem, suffix, nisba;  /* base, or stem + suffix, or nisba */
	uint16_t second_nisba, second;       /* a second word, or NONE */
	uint16_t front;                      /* names_male[] before the stem, from 1; 0: none */
};
struct person {
	uint32_t id;
	unsigned group, visible;       /* visible: class of list.c */
	bool woman, seyed, bail, suspended;
	struct given given, father;
	struct family family;
	uint16_t city, prison, prison_then, charge, months, cause;
	int32_t born, arrested, sentenced, transferred, released, died;
	int32_t furlough_from, furlough_to;
};
struct tables {
	struct pick male[GROUPS], female[GROUPS], base[GROUPS], nisba[GROUPS],
		stem[GROUPS], suffix[GROUPS], city[GROUPS], prison[GROUPS], charge,
		cause, source, second, compound;
	uint16_t (*compound_parts)[2]; /* of compounds[], in names_male[] */
	uint16_t *prison_of_city;      /* or NONE */
};
/* What lists of style plain may be told to do otherwise: permille. */
struct rates {
	uint32_t typo, variant;        /* of names */
	uint32_t copy;                 /* of rows: once more, an honest duplicate */
	uint32_t no_father, no_birth;  /* of rows */
	uint32_t rare;                 /* of people: names put together as few others' */
	uint32_t sibling;              /* of people: arrested with a brother or sister */
};
struct gen {
	uint64_t seed;
	uint32_t people;
	unsigned lists;
	struct rates rates;
	const char *dir;
	struct tables tables;
	struct arena *arena;           /* for the whole run */
	struct arena *row;             /* reset by whoever writes a row */
	struct err *err;
};
void tables_make(struct tables *t, struct arena *a);
struct person person_make(const struct gen *g, uint32_t id);
/* Only who they are: id, visible and group; a fifth of the work. */
struct person person_glance(const struct gen *g, uint32_t id);
/* The same given and family name have the same number. */
uint64_t person_name_hash(const struct person *p);

/* a, between and b, each evaluated once.  STR_ARG() evaluates its argument three
 * times and the order of arguments is the compiler's: never draw inside of it. */
struct str gen_join(const struct gen *g, struct str a, const char *between, struct str b);

/* spell.c: how a name gets written.  Permille of names; 0 gives the usual form. */
struct hand {
	uint16_t variant, typo;
	enum writing writing;
};
struct str spell_given(const struct gen *g, struct rng *r, const struct given *n,
	const struct hand *h);
struct str spell_family(const struct gen *g, struct rng *r, const struct family *f,
	const struct hand *h);
struct str spell_seyed(struct rng *r, const struct hand *h);    /* "Seyed" with its variants */
struct str spell_word(const struct gen *g, struct rng *r, const struct name *n,
	const struct hand *h);  /* places, charges: never mistyped */
/* All "_" of a row as its typist writes them; Arabic yeh and kaf if told. */
struct str spell_persian(const struct gen *g, struct str s, const char *zwnj, bool arabic);
struct str spell_without_diacritics(const struct gen *g, struct str s);
/* typo.c */
struct str typo(const struct gen *g, struct rng *r, struct str s, enum writing w);

/* written.c: what a list claims of a day, and how it is written. */
enum precision { BY_DAY, BY_MONTH, BY_YEAR, UNKNOWN };
struct claim {
	int32_t day;
	enum precision precision;
};
enum { NO_BIRTH_PERMILLE = 100 };
struct claim claim_birth(struct rng *r, int32_t day, uint32_t missing_permille);
struct claim claim_event(struct rng *r, int32_t day, uint32_t known_permille);
struct str written_az(const struct gen *g, struct rng *r, struct claim c);
struct str written_fa(const struct gen *g, struct rng *r, struct claim c);
struct str written_en(const struct gen *g, struct rng *r, struct claim c);
struct str written_iso(const struct gen *g, struct claim c);
struct str written_sentence(const struct gen *g, struct rng *r, const struct person *p,
	enum writing w);
const char *suffix_ordinal(int n);     /* Azerbaijani: 1397 -> "ci" */
struct str persian_digits(const struct gen *g, struct str s);

/* out.c: a file that grows; the first fault sticks until out_close() tells it. */
struct out;
struct out *out_open(const struct gen *g, const char *name);
struct buf *out_buf(struct out *o);
void out_flush_some(struct out *o);    /* after each row */
enum status out_close(struct out *o) MUST;

/* list.c: who stands on which list, in which order, how often. */
enum { LISTS_MAX = 8, COLUMNS_MAX = 24, COPY_PERMILLE = 10 };
struct list {
	const char *file;              /* NULL: "list-K.csv" */
	const char *const *header;
	size_t columns;
	char delimiter;
	bool bom;
	const uint16_t *permille;      /* of being listed, by class of visibility ... */
	uint16_t permille_group[GROUPS];  /* ... times this, by group */
	void (*row)(const struct gen *g, struct rng *r, const struct person *p, size_t no,
		struct str *cells);
};
struct mention {
	struct person person;
	unsigned list, copy;           /* copy 1: an honest duplicate */
	size_t no;                     /* the row, from 1 */
};
enum { CLASSES = 4 };
bool list_has(const struct gen *g, const struct list *l, unsigned index,
	const struct person *p);
struct walk {
	const struct gen *g;
	const struct list *list;
	unsigned index;
	struct shuffle order;
	uint32_t at;
	size_t no;
};
struct walk list_walk(const struct gen *g, const struct list *l, unsigned index);
bool list_next(struct walk *w, struct mention *ret);
void list_cells(const struct gen *g, const struct list *l, const struct mention *m,
	struct str *cells);
size_t list_write(const struct gen *g, const struct list *l, unsigned index, struct out *truth,
	enum status *st);
const char *list_file(const struct gen *g, const struct list *l, unsigned index);

extern const struct list list_birlik, list_nesim, list_registry, list_plain,
	list_plain_told;               /* with a column that says who it is */
size_t registry_write(const struct gen *g, unsigned index, struct out *truth, enum status *st);
enum status second_write(const struct gen *g, unsigned index) MUST;
enum status hostile_write(const struct gen *g) MUST;

/* truth.c */
void truth_row(struct out *o, const char *file, size_t row, uint32_t person);
enum status truth_people(const struct gen *g, const struct list *const *lists) MUST;
enum status truth_summary(const struct gen *g, const struct list *const *lists,
	const size_t *rows, const char *style) MUST;

#endif
