/* Between passes.c, block.c and index.c: what makes two records a candidate pair. */
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

/* The keys of a record in one component; they lie in room or with the values. */
const uint32_t *component_keys(const struct data *d, const struct rec *r, unsigned c,
	uint32_t room[KEYS_MAX], unsigned *ret_n);
/* The components that any record has. */
uint32_t components_present(const struct data *d);

/* All combinations of a record's keys in the parts of a pass, as hashes. */
enum { HASHES_MAX = 512 };
unsigned pass_hashes(const struct data *d, const struct rec *r, unsigned pass,
	uint64_t ret[HASHES_MAX]);

#endif
