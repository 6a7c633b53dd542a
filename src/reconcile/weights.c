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
_Static_assert(COMMONER_MOST * WEIGHT_UNIT < INT16_MAX, "adjustments fit 16 bits");

static void
frequencies_of(const struct data *d, unsigned slot, struct weights *ret)
{
	double n = (double)d->filled[slot], same = 0, key = 0;

	if (!d->filled[slot])
		return;
	for (size_t v = 1; v < d->n_values; v++) {
		double c = d->count[slot][v];
		same += c * c;
		key += c * d->key_count[slot][v];
	}
	ret->same[slot] = mem_alloc(d->n_values, sizeof **ret->same);
	ret->key[slot] = mem_alloc(d->n_values, sizeof **ret->key);
	for (size_t v = 1; v < d->n_values; v++) {
		if (!d->count[slot][v])
			continue;
		ret->same[slot][v] = (int16_t)by_frequency(same / (n * n), d->count[slot][v],
			d->filled[slot]);
		ret->key[slot][v] = (int16_t)by_frequency(key / (n * n), d->key_count[slot][v],
			d->filled[slot]);
	}
}

/* ---- In which order ---------------------------------------------------------------- */

static bool
compared(const struct data *d, unsigned field)
{
	enum text_slot s;

	if (!d || field == MATCH_F_SEX)
		return true;
	if (field_is_text(field, &s))
		return d->filled[s] > 1;
	return field == MATCH_F_BIRTH ? d->said[W_BIRTH] > 1
		: d->said[W_EVENT + (field - MATCH_F_ARREST)] > 1;
}

/* The greatest weight of the levels from 1 to `to`. */
static int32_t
most_to(const struct weights *w, unsigned field, unsigned to)
{
	int32_t most = w->w[field][1];

	for (unsigned l = 2; l <= to; l++)
		if (w->w[field][l] > most)
			most = w->w[field][l];
	return most;
}

static bool
is_name(unsigned field)
{
	return field <= MATCH_F_FATHER;
}

static bool
is_place(unsigned field)
{
	return field == MATCH_F_BIRTH_PLACE || field == MATCH_F_PLACE;
}
_Static_assert((int)PLACE_ALIKE == (int)LEVEL_ALIKE, "what shares no key is that at most");

/* Names and places that share no key are alike at most; other texts have the levels of
 * names made coarser, where that is 2.  Codes are not compared by sound. */
static void
find_most(struct weights *w)
{
	for (unsigned f = 0; f < MATCH_FIELDS; f++) {
		unsigned top = match_field_levels(f) - 1;
		w->most[f] = most_to(w, f, top);
		w->most_apart[f] = most_to(w, f, is_name(f) || is_place(f) ? LEVEL_ALIKE : top - 1);
	}
}

static void
order_steps(const struct data *d, struct weights *w)
{
	static const uint8_t order[] = {
		MATCH_F_SEX, MATCH_F_BIRTH, MATCH_F_DEATH, MATCH_F_RELEASE, MATCH_F_ARREST,
		MATCH_F_GIVEN, MATCH_F_FAMILY, MATCH_F_CODE, MATCH_F_PLACE, MATCH_F_BIRTH_PLACE, MATCH_F_FATHER,
		MATCH_F_EXTRA, MATCH_F_EXTRA + 1, MATCH_F_EXTRA + 2, MATCH_F_EXTRA + 3,
	};
	enum text_slot s = T_GIVEN;

	for (size_t i = 0; i < sizeof order; i++) {
		if (!compared(d, order[i]))
			continue;
		if (field_is_text(order[i], &s))
			w->texts[w->n_texts++] = (struct weigh_text){order[i], (uint8_t)s};
		else
			w->cheap[w->n_cheap++] = order[i];
	}
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
	ret->n_values = d ? d->n_values : 0;
	for (unsigned s = 0; d && s < T_SLOTS; s++)
		frequencies_of(d, s, ret);
	find_most(ret);
	order_steps(d, ret);
}

void
weights_grow(struct weights *w, size_t n_values)
{
	size_t cap = n_values + n_values / 8 + 64;

	if (n_values <= w->n_values)
		return;
	for (unsigned s = 0; s < T_SLOTS; s++) {
		if (!w->same[s])
			continue;
		w->same[s] = mem_grow(w->same[s], cap, sizeof **w->same);
		w->key[s] = mem_grow(w->key[s], cap, sizeof **w->key);
		for (size_t v = w->n_values; v < cap; v++)
			w->same[s][v] = w->key[s][v] = RARER_MOST * WEIGHT_UNIT;
	}
	w->n_values = cap;
}

void
weights_finish(struct weights *w)
{
	for (unsigned s = 0; s < T_SLOTS; s++) {
		mem_free(w->same[s]);
		mem_free(w->key[s]);
	}
}

/* ---- A pair -------------------------------------------------------------------------- */

int32_t
weigh_pattern(const struct weights *w, uint64_t pattern)
{
	int32_t sum = w->prior;

	for (unsigned f = 0; f < MATCH_FIELDS; f++)
		sum += w->w[f][level_of(pattern, f) & (MATCH_LEVELS - 1)];
	return sum;
}

/* What is added for the frequency of a text on which two agree, or whose key they share; of
 * a place within another, for that of the one that holds. */
static int32_t
for_being_rare(const struct weights *w, unsigned field, unsigned level, const struct rec *l,
	const struct rec *r)
{
	unsigned top = match_field_levels(field) - 1;
	enum text_slot s;

	if (level + 1 < top || level == 0 || !field_is_text(field, &s) || !w->same[s])
		return 0;
	uint32_t a = l->text[s], b = r->text[s];
	if (a == b)
		return w->same[s][a];
	if (!is_name(field) && level != top && !is_place(field))
		return 0;
	return w->key[s][a] < w->key[s][b] ? w->key[s][a] : w->key[s][b];
}

/* What a pair's text tells before any letter is compared. */
enum sight { SEEN_NOTHING, SEEN_SAME, SEEN_DIFFERENT, SEEN_KEY, SEEN_APART };
struct glance {
	enum sight what;
	int32_t at_most;              /* below SEEN_KEY: just that */
};

static bool
apart(struct glance g)
{
	return g.what == SEEN_DIFFERENT || g.what == SEEN_APART;
}

static struct glance
glance_at(const struct data *d, const struct weights *w, struct weigh_text t,
	const struct rec *l, const struct rec *r)
{
	uint32_t a = l->text[t.slot], b = r->text[t.slot];

	if (!a || !b)
		return (struct glance){SEEN_NOTHING, 0};
	if (a == b)
		return (struct glance){SEEN_SAME, w->w[t.field][match_field_levels(t.field) - 1]
			+ w->same[t.slot][a]};
	if (!keys_share(&d->keys[a], &d->keys[b])) {
		if (t.field != MATCH_F_CODE && letters_differ(&d->keys[a], &d->keys[b]))
			return (struct glance){SEEN_DIFFERENT, w->w[t.field][1]};
		return (struct glance){SEEN_APART, w->most_apart[t.field]};
	}
	/* At best they sound the same, which says as much as the key is rare. */
	int32_t rare = w->key[t.slot][a] < w->key[t.slot][b] ? w->key[t.slot][a] : w->key[t.slot][b];
	int32_t alike = w->most[t.field] + rare;
	return (struct glance){SEEN_KEY, alike > w->most_apart[t.field] ? alike
		: w->most_apart[t.field]};
}

/* Given and family name read crosswise as well: the whole pattern, slowly. */
static int32_t
weigh_crossed(const struct data *d, const struct weights *w, const struct rec *l,
	const struct rec *r, uint64_t *ret_pattern)
{
	uint64_t p = compare_recs(d, l, r);
	int32_t sum = weigh_pattern(w, p);
	bool crossed = level_of(p, MATCH_F_ORDER) == 1;       /* which value would it be? */

	for (unsigned i = crossed ? 2 : 0; i < w->n_texts; i++)
		sum += for_being_rare(w, w->texts[i].field, level_of(p, w->texts[i].field), l, r);
	*ret_pattern = p;
	return sum;
}

/* Compare what is left, texts that share no key first: they tell strangers soonest. */
static int32_t
weigh_texts(const struct data *d, const struct weights *w, const struct rec *l,
	const struct rec *r, const struct glance *g, int32_t bound, int32_t least,
	uint64_t *pattern)
{
	for (enum sight s = SEEN_APART; s >= SEEN_KEY; s--)
		for (unsigned i = 0; i < w->n_texts; i++) {
			unsigned f = w->texts[i].field, level;
			if (g[i].what != s)
				continue;
			if (bound < least)
				return HOPELESS;
			level = compare_field(d, f, l, r);
			*pattern |= level_at(f, level);
			bound += w->w[f][level] + for_being_rare(w, f, level, l, r) - g[i].at_most;
		}
	return bound < least ? HOPELESS : bound;
}

/* What costs nothing to compare is compared first, of texts only whether they are the same
 * or share a key: that tells most strangers. */
int32_t
weigh_pair(const struct data *d, const struct weights *w, const struct rec *l,
	const struct rec *r, int32_t least, uint64_t *ret_pattern)
{
	int32_t bound = w->prior;
	struct glance g[MATCH_FIELDS];
	uint64_t pattern = 0;

	for (unsigned i = 0; i < w->n_cheap; i++) {
		unsigned f = w->cheap[i], level = compare_field(d, f, l, r);
		pattern |= level_at(f, level);
		bound += w->w[f][level];
	}
	for (unsigned i = 0; i < w->n_texts; i++) {
		g[i] = glance_at(d, w, w->texts[i], l, r);
		bound += g[i].at_most;
		if (g[i].what == SEEN_SAME)
			pattern |= level_at(w->texts[i].field,
				match_field_levels(w->texts[i].field) - 1);
		else if (g[i].what == SEEN_DIFFERENT)
			pattern |= level_at(w->texts[i].field, 1);
	}
	if (w->n_texts > 1 && w->texts[1].field == MATCH_F_FAMILY && g[0].what && g[1].what) {
		if ((apart(g[0]) || apart(g[1])) && names_cross(d, l, r))
			return weigh_crossed(d, w, l, r, ret_pattern);
		pattern |= level_at(MATCH_F_ORDER, 2);
		bound += w->w[MATCH_F_ORDER][2];
	}
	bound = weigh_texts(d, w, l, r, g, bound, least, &pattern);
	*ret_pattern = pattern;
	return bound;
}

double
weight_probability(int32_t weight)
{
	double x = weight * (M_LN2 / WEIGHT_UNIT);

	return x > 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x));
}

int32_t
weight_of_probability(double p)
{
	return p <= 0 ? -60 * WEIGHT_UNIT : p >= 1 ? 60 * WEIGHT_UNIT
		: (int32_t)ceil(log2(p / (1 - p)) * WEIGHT_UNIT);
}
