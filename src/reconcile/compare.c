/*
 * Two records compared field by field, each to a level.  Level 0 is "one of the two
 * does not say"; above it, higher is more alike, but for the dates, where a vague
 * date that fits stands on a level of its own.
 */
#include "reconcile/reconcile_int.h"

/* ---- Names of fields and levels ------------------------------------------------ */

static const char *const name_levels[] =
	{"missing", "different", "slightly alike", "alike", "same sound", "same"};
static const char *const order_levels[] = {"missing", "swapped", "in order"};
static const char *const sex_levels[] = {"missing", "different", "same"};
static const char *const birth_levels[] = {"missing", "different", "within five years",
	"within a year", "fits, vague", "two parts agree", "slip of the pen", "same day"};
static const char *const arrest_levels[] = {"missing", "different", "within a year",
	"fits, vague", "within a week", "same day"};
static const char *const end_levels[] = {"missing", "incompatible", "fits", "same day"};
static const char *const text_levels[] = {"missing", "different", "alike", "same"};
static const char *const place_levels[] = {"missing", "different", "same region", "alike",
	"one within the other", "same"};

#define LEVELS(t) t, sizeof t / sizeof *t
static const struct {
	const char *name;
	const char *const *levels;
	size_t n;
} fields[MATCH_FIELDS] = {
	[MATCH_F_GIVEN] = {"given name", LEVELS(name_levels)},
	[MATCH_F_FAMILY] = {"family name", LEVELS(name_levels)},
	[MATCH_F_FATHER] = {"father's name", LEVELS(name_levels)},
	[MATCH_F_ORDER] = {"order of names", LEVELS(order_levels)},
	[MATCH_F_SEX] = {"sex", LEVELS(sex_levels)},
	[MATCH_F_BIRTH] = {"birth", LEVELS(birth_levels)},
	[MATCH_F_ARREST] = {"arrest", LEVELS(arrest_levels)},
	[MATCH_F_RELEASE] = {"release", LEVELS(end_levels)},
	[MATCH_F_DEATH] = {"death", LEVELS(end_levels)},
	[MATCH_F_BIRTH_PLACE] = {"place of birth", LEVELS(place_levels)},
	[MATCH_F_PLACE] = {"place", LEVELS(place_levels)},
	[MATCH_F_CODE] = {"code", LEVELS(text_levels)},
	[MATCH_F_EXTRA] = {"extra 1", LEVELS(text_levels)},
	[MATCH_F_EXTRA + 1] = {"extra 2", LEVELS(text_levels)},
	[MATCH_F_EXTRA + 2] = {"extra 3", LEVELS(text_levels)},
	[MATCH_F_EXTRA + 3] = {"extra 4", LEVELS(text_levels)},
};

const char *
match_field_name(enum match_field f)
{
	return (size_t)f < MATCH_FIELDS ? fields[f].name : "";
}

unsigned
match_field_levels(enum match_field f)
{
	return (size_t)f < MATCH_FIELDS ? (unsigned)fields[f].n : 0;
}

const char *
match_level_name(enum match_field f, unsigned level)
{
	return (size_t)f < MATCH_FIELDS && level < fields[f].n ? fields[f].levels[level] : "";
}

/* ---- Texts --------------------------------------------------------------------- */

/* Levels of pairs of values already seen: a pure function of the two, so a later pair may
 * take an earlier one's place without any result changing.  The two numbers, 24 bits each,
 * are mixed so that nothing of them is lost: 20 bits say where, 28 are kept there beside
 * the level. */
enum { VALUE_BITS = 24, CACHE_BITS = 20 };
struct similar_cache {
	uint32_t seen[1 << CACHE_BITS];
};
_Static_assert(2 * VALUE_BITS - CACHE_BITS + 4 <= 32, "what is left of a pair has room");

struct similar_cache *
similar_cache_create(void)
{
	return mem_table(1, sizeof(struct similar_cache));
}

void
similar_cache_destroy(struct similar_cache *c)
{
	mem_free(c);
}

/* A bijection of 48 bits: odd multiplication and folding of the upper half. */
static uint64_t
mix48(uint64_t x)
{
	const uint64_t all = ((uint64_t)1 << 48) - 1;

	x = x * 0x9e3779b97f4a7c15u & all;
	x ^= x >> 24;
	x = x * 0xbf58476d1ce4e5b9u & all;
	return x ^ x >> 24;
}

/* Names: 97 of 100 is what two good spellings in different scripts reach; 80 and 86
 * part variants from neighbours in the table of spellings of test_names.c. */
unsigned
names_level(const struct match_name *x, const struct match_name *y)
{
	unsigned s = similar_names(x, y);
	bool meet = keys_meet(x->keys, x->n_keys, y->keys, y->n_keys);

	if (s == 100 || (s >= 97 && meet && x->script != y->script))
		return LEVEL_SAME;
	if (meet && s >= 80)
		return LEVEL_SOUND;
	return s >= 80 ? LEVEL_ALIKE : s >= 60 ? LEVEL_SLIGHT : LEVEL_DIFFERENT;
}

/* Of two values: names or other texts, or places.  What shares no key is alike at most,
 * though it were the same nine words in another order: weights.c counts on that. */
static unsigned
level_of_values(const struct data *d, uint32_t a, uint32_t b)
{
	const struct value *x = &d->values[a], *y = &d->values[b];
	bool share = keys_share(&d->keys[a], &d->keys[b]);
	unsigned level;

	if (x->place && y->place)
		return places_level(x->place, y->place, share);
	level = names_level(&x->name, &y->name);
	return share || level < LEVEL_ALIKE ? level : LEVEL_ALIKE;
}

/* PLACE_SAME is LEVEL_SAME. */
static unsigned
name_level(const struct data *d, uint32_t a, uint32_t b)
{
	uint64_t pair;
	uint32_t *slot, seen, rest;

	if (a == 0 || b == 0)
		return 0;
	if (a == b)
		return LEVEL_SAME;
	if (!keys_share(&d->keys[a], &d->keys[b]) && letters_differ(&d->keys[a], &d->keys[b]))
		return LEVEL_DIFFERENT;
	if (!d->cache || (a | b) >> VALUE_BITS)
		return level_of_values(d, a, b);
	pair = mix48(a < b ? (uint64_t)a << VALUE_BITS | b : (uint64_t)b << VALUE_BITS | a);
	rest = (uint32_t)(pair >> CACHE_BITS) << 4;
	slot = &d->cache->seen[pair & ((1 << CACHE_BITS) - 1)];
	/* Threads may write here at once; each writes what is true of its pair. */
	seen = __atomic_load_n(slot, __ATOMIC_RELAXED);
	if ((seen & ~15u) != rest || (seen & 15) == 0) {
		seen = rest | level_of_values(d, a, b);
		__atomic_store_n(slot, seen, __ATOMIC_RELAXED);
	}
	return seen & 15;
}

/* Occupations, postcodes and the rest: the levels of names made coarser. */
static unsigned
text_level(const struct data *d, uint32_t a, uint32_t b)
{
	static const uint8_t coarse[] = {0, 1, 1, 2, 2, 3};

	return coarse[name_level(d, a, b)];
}

/* One sign wrong or two neighbours exchanged. */
static bool
one_slip(struct str a, struct str b)
{
	size_t same = 0, tail = 0;

	if (a.n > b.n) {
		struct str t = a;
		a = b;
		b = t;
	}
	if (b.n < 4 || b.n - a.n > 1)
		return false;
	while (same < a.n && a.p[same] == b.p[same])
		same++;
	while (tail < a.n - same && a.p[a.n - 1 - tail] == b.p[b.n - 1 - tail])
		tail++;
	return same + tail + 1 >= b.n || (a.n == b.n && same + tail + 2 == a.n
		&& a.p[same] == b.p[same + 1] && a.p[same + 1] == b.p[same]);
}

static unsigned
code_level(const struct data *d, uint32_t a, uint32_t b)
{
	if (a == 0 || b == 0)
		return 0;
	if (a == b)
		return 3;
	return one_slip(d->values[a].name.normal, d->values[b].name.normal) ? 2 : 1;
}

/* ---- The whole ------------------------------------------------------------------ */

/* Given and family name may stand in each other's place: the crossed reading is
 * taken where it is clearly better, and counts as crossed.  One of the two has to
 * sound the same crosswise before the other, misspelled, is looked at. */
uint64_t
compare_names(const struct data *d, const struct rec *l, const struct rec *r)
{
	unsigned g = name_level(d, l->text[T_GIVEN], r->text[T_GIVEN]);
	unsigned f = name_level(d, l->text[T_FAMILY], r->text[T_FAMILY]);
	unsigned order = g && f ? 2 : 0;

	if (g + f < LEVEL_SOUND + LEVEL_SLIGHT && names_cross(d, l, r)) {
		unsigned xg = name_level(d, l->text[T_GIVEN], r->text[T_FAMILY]);
		unsigned xf = name_level(d, l->text[T_FAMILY], r->text[T_GIVEN]);
		if (xg >= LEVEL_ALIKE && xf >= LEVEL_ALIKE && xg + xf > g + f + 2) {
			g = xg < xf ? xg : xf;        /* which is which depends on the side */
			f = xg < xf ? xf : xg;
			order = 1;
		}
	}
	return level_at(MATCH_F_GIVEN, g) | level_at(MATCH_F_FAMILY, f)
		| level_at(MATCH_F_ORDER, order);
}

static unsigned
when_level(const struct data *d, unsigned slot, const struct rec *l, const struct rec *r)
{
	static unsigned (*const levels[W_SLOTS])(const struct when *, const struct when *) = {
		[W_BIRTH] = birth_level, [W_EVENT + MATCH_ARREST] = arrest_level,
		[W_EVENT + MATCH_RELEASE] = end_level, [W_EVENT + MATCH_DEATH] = end_level,
	};

	if (!l->when[slot] || !r->when[slot])
		return 0;
	return levels[slot](&d->whens[l->when[slot]], &d->whens[r->when[slot]]);
}

unsigned
compare_field(const struct data *d, unsigned field, const struct rec *l, const struct rec *r)
{
	switch (field) {
	case MATCH_F_GIVEN: return name_level(d, l->text[T_GIVEN], r->text[T_GIVEN]);
	case MATCH_F_FAMILY: return name_level(d, l->text[T_FAMILY], r->text[T_FAMILY]);
	case MATCH_F_FATHER: return name_level(d, l->text[T_FATHER], r->text[T_FATHER]);
	case MATCH_F_SEX: return !l->sex || !r->sex ? 0 : l->sex == r->sex ? 2 : 1;
	case MATCH_F_BIRTH: return when_level(d, W_BIRTH, l, r);
	case MATCH_F_ARREST: return when_level(d, W_EVENT + MATCH_ARREST, l, r);
	case MATCH_F_RELEASE: return when_level(d, W_EVENT + MATCH_RELEASE, l, r);
	case MATCH_F_DEATH: return when_level(d, W_EVENT + MATCH_DEATH, l, r);
	case MATCH_F_BIRTH_PLACE:
		return name_level(d, l->text[T_BIRTH_PLACE], r->text[T_BIRTH_PLACE]);
	case MATCH_F_PLACE: return name_level(d, l->text[T_PLACE], r->text[T_PLACE]);
	case MATCH_F_CODE: return code_level(d, l->text[T_CODE], r->text[T_CODE]);
	default:
		field = T_EXTRA + (field - MATCH_F_EXTRA);
		return text_level(d, l->text[field], r->text[field]);
	}
}

uint64_t
compare_recs(const struct data *d, const struct rec *l, const struct rec *r)
{
	uint64_t p = compare_names(d, l, r);

	p |= level_at(MATCH_F_FATHER, compare_field(d, MATCH_F_FATHER, l, r));
	for (unsigned f = MATCH_F_SEX; f < MATCH_FIELDS; f++)
		p |= level_at(f, compare_field(d, f, l, r));
	return p;
}
