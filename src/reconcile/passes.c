/* The passes over records, and the keys of a record in each of their parts. */
#include "reconcile/block_int.h"

const struct pass passes[PASSES] = {
	{"code", HAS(K_CODE), 0},
	{"given and family name", HAS(K_NAMES), WHAT_ALONE},
	{"names, year of birth", HAS(K_NAMES) | HAS(K_BIRTH_YEAR), 0},
	{"names, place", HAS(K_NAMES) | HAS(K_PLACE), 0},
	{"names, place of birth", HAS(K_NAMES) | HAS(K_BIRTH_PLACE), 0},
	{"names, father", HAS(K_NAMES) | HAS(K_FATHER), 0},
	{"names, month of arrest", HAS(K_NAMES) | HAS(K_ARREST), 0},
	{"family name, day of arrest", HAS(K_FAMILY) | HAS(K_ARREST_DAY), 0},
	{"given name, day of arrest", HAS(K_GIVEN) | HAS(K_ARREST_DAY), 0},
	{"given name, father, month of arrest",
		HAS(K_GIVEN) | HAS(K_FATHER) | HAS(K_ARREST), 0},
	{"starts of names, month of arrest",
		HAS(K_GIVEN_START) | HAS(K_FAMILY_START) | HAS(K_ARREST), 0},
	{"words of both names", HAS(K_GIVEN) | HAS(K_FAMILY), 0},
	{"family name, birthday", HAS(K_FAMILY) | HAS(K_BIRTH_DAY), 0},
	{"given name, birthday", HAS(K_GIVEN) | HAS(K_BIRTH_DAY), 0},
	{"family name, father, year of birth",
		HAS(K_FAMILY) | HAS(K_FATHER) | HAS(K_BIRTH_YEAR), 0},
	{"given name, father, year of birth",
		HAS(K_GIVEN) | HAS(K_FATHER) | HAS(K_BIRTH_YEAR), 0},
	{"family name, father, place", HAS(K_FAMILY) | HAS(K_FATHER) | HAS(K_PLACE), 0},
	{"birthday, place", HAS(K_BIRTH_DAY) | HAS(K_PLACE), 0},
	{"birthday, place of birth", HAS(K_BIRTH_DAY) | HAS(K_BIRTH_PLACE), 0},
	{"starts of names, year of birth",
		HAS(K_GIVEN_START) | HAS(K_FAMILY_START) | HAS(K_BIRTH_YEAR), 0},
	{"starts of names, father", HAS(K_GIVEN_START) | HAS(K_FAMILY_START) | HAS(K_FATHER), 0},
	{"given name, extra 1", HAS(K_GIVEN) | HAS(K_EXTRA), 0},
	{"family name, extra 1", HAS(K_FAMILY) | HAS(K_EXTRA), 0},
	{"birthday, extra 1", HAS(K_BIRTH_DAY) | HAS(K_EXTRA), 0},
	{"given name, extra 2", HAS(K_GIVEN) | HAS(K_EXTRA + 1), 0},
	{"family name, extra 2", HAS(K_FAMILY) | HAS(K_EXTRA + 1), 0},
	{"extra 1, extra 2", HAS(K_EXTRA) | HAS(K_EXTRA + 1), 0},
};

/* ---- Components ----------------------------------------------------------------- */

static bool
is_among(uint32_t x, const uint32_t *v, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (v[i] == x)
			return true;
	return false;
}

/* Both names together, in no order: swapped names meet. */
enum { NAMES_KEYS = 4 };
static unsigned
names_keys(const struct data *d, const struct rec *r, uint32_t *ret)
{
	const struct value_keys *g = &d->keys[r->text[T_GIVEN]];
	const struct value_keys *f = &d->keys[r->text[T_FAMILY]];
	unsigned n = 0;

	if (!r->text[T_GIVEN] || !r->text[T_FAMILY])
		return 0;
	for (unsigned sum = 0; sum < 2 * MATCH_KEYS; sum++)
		for (unsigned i = 0; i <= sum && n < NAMES_KEYS; i++) {
			if (i >= g->n_whole || sum - i >= f->n_whole)
				continue;
			uint32_t a = g->keys[i], b = f->keys[sum - i];
			uint64_t both = a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
			ret[n] = (uint32_t)(mix64(both, 2) >> 32);
			n += !is_among(ret[n], ret, n);
		}
	return n;
}

static unsigned
span_keys(int32_t first, unsigned n, uint32_t *ret)
{
	for (unsigned i = 0; i < n; i++)
		ret[i] = (uint32_t)first + i;
	return n;
}

static unsigned
day_keys(const struct when *w, uint32_t *ret)
{
	ret[0] = (uint32_t)w->day;
	ret[1] = (uint32_t)w->other;
	return w->day == 0 ? 0 : w->other == 0 ? 1 : 2;
}

static const struct when *
when_in(const struct data *d, const struct rec *r, unsigned slot)
{
	return &d->whens[r->when[slot]];
}

static const uint8_t text_of[K_COMPONENTS] = {
	[K_CODE] = T_CODE, [K_GIVEN] = T_GIVEN, [K_FAMILY] = T_FAMILY, [K_FATHER] = T_FATHER,
	[K_GIVEN_START] = T_GIVEN, [K_FAMILY_START] = T_FAMILY,
	[K_BIRTH_PLACE] = T_BIRTH_PLACE, [K_PLACE] = T_PLACE,
	[K_EXTRA] = T_EXTRA, [K_EXTRA + 1] = T_EXTRA + 1, [K_EXTRA + 2] = T_EXTRA + 2,
	[K_EXTRA + 3] = T_EXTRA + 3,
};

const uint32_t *
component_keys(const struct data *d, const struct rec *r, unsigned c, uint32_t room[KEYS_MAX],
	unsigned *ret_n)
{
	const struct value_keys *v = &d->keys[r->text[text_of[c]]];

	switch (c) {
	case K_NAMES: *ret_n = names_keys(d, r, room); break;
	case K_GIVEN_START:
	case K_FAMILY_START:
		room[0] = v->prefix;
		*ret_n = v->prefix != 0;
		break;
	case K_BIRTH_YEAR: {
		const struct when *w = when_in(d, r, W_BIRTH);
		*ret_n = span_keys(w->year, w->n_years, room);
		break;
	}
	case K_ARREST: {
		const struct when *w = when_in(d, r, W_EVENT + MATCH_ARREST);
		*ret_n = span_keys(w->month, w->n_months, room);
		break;
	}
	case K_BIRTH_DAY: *ret_n = day_keys(when_in(d, r, W_BIRTH), room); break;
	case K_ARREST_DAY:
		*ret_n = day_keys(when_in(d, r, W_EVENT + MATCH_ARREST), room);
		break;
	default:
		*ret_n = v->n_keys;
		return v->keys;
	}
	return room;
}

static bool
any_has(const struct data *d, unsigned c)
{
	switch (c) {
	case K_NAMES: return d->filled[T_GIVEN] && d->filled[T_FAMILY];
	case K_BIRTH_YEAR:
	case K_BIRTH_DAY: return d->said[W_BIRTH];
	case K_ARREST:
	case K_ARREST_DAY: return d->said[W_EVENT + MATCH_ARREST];
	default: return d->filled[text_of[c]];
	}
}

uint32_t
components_present(const struct data *d)
{
	uint32_t all = 0;

	for (unsigned c = 0; c < K_COMPONENTS; c++)
		all |= any_has(d, c) ? HAS(c) : 0;
	return all;
}
