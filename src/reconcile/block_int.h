/* Between passes.c and block.c: what makes two records a candidate pair. */
#ifndef RECONCILE_BLOCK_INT_H
#define RECONCILE_BLOCK_INT_H

#include "reconcile/reconcile_int.h"

/* A part of a key: a record has up to KEYS_MAX values of it. */
enum component {
	K_CODE, K_NAMES, K_GIVEN, K_FAMILY, K_FATHER, K_GIVEN_START, K_FAMILY_START,
	K_BIRTH_YEAR, K_BIRTH_DAY, K_ARREST, K_ARREST_DAY, K_BIRTH_PLACE, K_PLACE,
	K_EXTRA, K_COMPONENTS = K_EXTRA + MATCH_EXTRAS,
};
#define HAS(c) (1u << (c))

enum { KEYS_MAX = 6 };
enum { WHAT_ALONE = 1 };          /* a pass that is not split: too big means none */

struct pass {
	const char *name;
	uint32_t parts;
	unsigned how;
};
enum { PASSES = 27 };
extern const struct pass passes[PASSES];
_Static_assert((int)PASSES < (int)MATCH_PASSES_MAX, "the report has no room");

/* The keys of all records, packed: of each a word of counts, three bits to a component,
 * and the keys themselves, component after component. */
struct key_rows {
	uint32_t *words;
	uint32_t *from;               /* per record: where its row begins, in steps of two */
	uint32_t present;             /* components that any record has */
};
_Static_assert(K_COMPONENTS * 3 <= 64, "the counts of a row have 64 bits");
void key_rows_make(const struct data *d, struct key_rows *ret);
void key_rows_finish(struct key_rows *k);
static inline const uint32_t *
key_row(const struct key_rows *k, uint32_t at)
{
	return k->words + 2 * (size_t)k->from[at];
}
/* The keys of one component; *ret_n of them. */
const uint32_t *row_component(const uint32_t *row, unsigned c, unsigned *ret_n);

/* A row unpacked, once per block, where every record meets every other. */
struct row_keys {
	uint64_t counts;
	uint8_t from[K_COMPONENTS];
	uint32_t keys[K_COMPONENTS * KEYS_MAX];
};
void row_unpack(const uint32_t *row, struct row_keys *ret);

/* Blocks that were split: hash to component; the two ends of splitting. */
enum { SPLIT_NEIGHBOURS = 100, SPLIT_NONE = 101 };
struct splits {
	uint64_t *hash;
	uint8_t *by;
	size_t n, size;
};
void splits_put(struct splits *s, uint64_t hash, unsigned by);
void splits_finish(struct splits *s);

/* What two records share, found out once per pair and component. */
struct shared {
	const struct row_keys *l, *r;
	uint32_t known, yes;
	uint32_t least[K_COMPONENTS];
};
/* The block of a pass in which two records meet, as its hash; false: in none. */
bool path_of(struct shared *s, unsigned pass, const struct splits *splits, uint64_t *ret_hash);

#endif
