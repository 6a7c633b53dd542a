/*
 * From a model to weights in bits, and from levels and frequencies to the weight of
 * a pair: log2(m/u) summed over what both records say (Fellegi and Sunter 1969).
 */
#include "reconcile/reconcile_int.h"

bool
field_is_text(unsigned field, enum text_slot *ret)
{
	static const uint8_t slots[MATCH_FIELDS] = {
		[MATCH_F_GIVEN] = T_GIVEN + 1, [MATCH_F_FAMILY] = T_FAMILY + 1,
		[MATCH_F_FATHER] = T_FATHER + 1, [MATCH_F_BIRTH_PLACE] = T_BIRTH_PLACE + 1,
		[MATCH_F_PLACE] = T_PLACE + 1, [MATCH_F_CODE] = T_CODE + 1,
		[MATCH_F_EXTRA] = T_EXTRA + 1, [MATCH_F_EXTRA + 1] = T_EXTRA + 2,
		[MATCH_F_EXTRA + 2] = T_EXTRA + 3, [MATCH_F_EXTRA + 3] = T_EXTRA + 4,
	};

	if (slots[field] == 0)
		return false;
	*ret = slots[field] - 1u;
	return true;
}

/* Levels that are steps of one scale: a higher one may not weigh less.  A vague date
 * that fits is beside the scale. */
static bool
on_scale(unsigned f, unsigned l)
{
	return !(f == MATCH_F_ORDER || (f == MATCH_F_BIRTH && l == 4)
		|| (f == MATCH_F_ARREST && l == 3));
}

/* Pool neighbours that violate the order (Ayer et al. 1955). */
static void
make_monotone(unsigned f, double *m, double *u)
{
	unsigned at[MATCH_LEVELS], n = 0;

	for (unsigned l = 1; l < match_field_levels(f); l++)
		if (on_scale(f, l))
			at[n++] = l;
	for (unsigned pass = 0; pass < n; pass++)
		for (unsigned i = 0; i + 1 < n; i++) {
			unsigned a = at[i], b = at[i + 1];
			if (m[a] * u[b] <= m[b] * u[a])
				continue;
			/* Both get the ratio of the sums. */
			double ms = m[a] + m[b], us = u[a] + u[b], ra = u[a] / us;
			m[a] = ms * ra;
			m[b] = ms * (1 - ra);
		}
}

static int32_t
to_units(double bits)
{
	return (int32_t)lround(fmax(-40, fmin(40, bits)) * WEIGHT_UNIT);
}

void
weights_of(const struct data *d, const struct match_model *m, struct weights *ret)
{
	memset(ret, 0, sizeof *ret);
	for (unsigned f = 0; f < MATCH_FIELDS; f++) {
		double mm[MATCH_LEVELS], uu[MATCH_LEVELS];
		memcpy(mm, m->m[f], sizeof mm);
		memcpy(uu, m->u[f], sizeof uu);
		make_monotone(f, mm, uu);
		for (unsigned l = 1; l < MATCH_LEVELS; l++)
			if (mm[l] > 0 && uu[l] > 0)
				ret->w[f][l] = to_units(log2(mm[l] / uu[l]));
	}
	ret->prior = to_units(log2(m->prior / (1 - m->prior)));
	for (unsigned s = 0; d && s < T_SLOTS; s++) {
		double n = (double)d->filled[s], same = 0, key = 0;
		for (size_t v = 1; v < d->n_values; v++) {
			double c = d->count[s][v];
			same += c * c;
			key += c * d->key_count[s][v];
		}
		ret->same_u[s] = n > 0 ? same / (n * n) : 1;
		ret->key_u[s] = n > 0 ? key / (n * n) : 1;
	}
}

int32_t
weigh_pattern(const struct weights *w, uint64_t pattern)
{
	int32_t sum = w->prior;

	for (unsigned f = 0; f < MATCH_FIELDS; f++)
		sum += w->w[f][level_of(pattern, f) & (MATCH_LEVELS - 1)];
	return sum;
}

/* Agreement on a rare value says more: its own frequency takes the place of the mean
 * chance (Winkler 1989).  The two records themselves are left out of the count, and
 * SHRINK records of mean frequency put in. */
enum { SHRINK = 50, RARER_MOST = 6, COMMONER_MOST = 8 };
static int32_t
by_frequency(double mean, uint32_t count, size_t n)
{
	double rest = count > 2 ? count - 2 : 0;
	double f = (rest + SHRINK * mean) / ((double)n + SHRINK), least = 0.5 / (double)n;

	if (f < least)
		f = least;
	return to_units(fmax(-COMMONER_MOST, fmin(RARER_MOST, log2(mean / f))));
}

int32_t
weigh_pair(const struct data *d, const struct weights *w, const struct rec *l,
	const struct rec *r, uint64_t pattern)
{
	int32_t sum = weigh_pattern(w, pattern);
	bool crossed = level_of(pattern, MATCH_F_ORDER) == 1;

	for (unsigned f = 0; f < MATCH_FIELDS; f++) {
		unsigned level = level_of(pattern, f), top = match_field_levels(f) - 1;
		enum text_slot s;
		if (level == 0 || level + 1 < top || !field_is_text(f, &s)
			|| (crossed && (f == MATCH_F_GIVEN || f == MATCH_F_FAMILY)))
			continue;
		uint32_t a = l->text[s], b = r->text[s];
		if (a == b) {
			sum += by_frequency(w->same_u[s], d->count[s][a], d->filled[s]);
		} else if (top == 5 || level == top) {
			uint32_t ka = d->key_count[s][a], kb = d->key_count[s][b];
			sum += by_frequency(w->key_u[s], ka > kb ? ka : kb, d->filled[s]);
		}
	}
	return sum;
}

int32_t
weigh_at_most(const struct weights *w, uint64_t pattern)
{
	int32_t sum = weigh_pattern(w, pattern);

	for (unsigned f = 0; f < MATCH_FIELDS; f++) {
		enum text_slot s;
		unsigned level = level_of(pattern, f);
		if (level && level + 1 >= match_field_levels(f) - 1 && field_is_text(f, &s))
			sum += RARER_MOST * WEIGHT_UNIT;
	}
	return sum;
}

double
weight_probability(int32_t weight)
{
	double x = weight * (M_LN2 / WEIGHT_UNIT);

	return x > 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x));
}
