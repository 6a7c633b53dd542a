/* The keys of records, the passes over them, and where a pair of records belongs. */
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

static unsigned
text_keys(const struct data *d, uint32_t value, uint32_t *ret)
{
	const struct value_keys *v = &d->keys[value];

	for (unsigned i = 0; i < v->n_keys; i++)
		ret[i] = v->keys[i];
	return value ? v->n_keys : 0;
}

static bool
is_among(uint32_t x, const uint32_t *v, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (v[i] == x)
			return true;
	return false;
}

/* Both names together, in no order: swapped names meet. */
static unsigned
names_keys(const struct data *d, const struct rec *r, uint32_t *ret)
{
	const struct value_keys *g = &d->keys[r->text[T_GIVEN]];
	const struct value_keys *f = &d->keys[r->text[T_FAMILY]];
	unsigned n = 0;

	if (!r->text[T_GIVEN] || !r->text[T_FAMILY])
		return 0;
	for (unsigned sum = 0; sum < 2 * MATCH_KEYS; sum++)
		for (unsigned i = 0; i <= sum && n < 4; i++) {
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
start_key(const struct data *d, uint32_t value, uint32_t *ret)
{
	ret[0] = d->keys[value].prefix;
	return value && ret[0] != 0;
}

/* What dates give to keys: years or months touched (first > last: none, or too
 * many), the day and the day with day and month exchanged (0: none). */
struct date_keys {
	int32_t first, last;
	int32_t day, other;
};

/* The years or months that an interval touches; more than SPAN_MOST say nothing. */
enum { SPAN_MOST = 3, DAY_BASE = 2000000 };
static struct date_keys
date_keys_of(struct match_days i, bool months)
{
	struct date_keys k = {.first = 1, .last = 0};
	int32_t other;

	if (i.last < i.first || (int64_t)i.last - i.first > 366 * SPAN_MOST)
		return k;
	struct ymd a = cal_of_day(CAL_GREGORIAN, i.first), b = cal_of_day(CAL_GREGORIAN, i.last);
	int from = months ? a.year * 12 + a.month : a.year;
	int to = months ? b.year * 12 + b.month : b.year;
	if (to - from < SPAN_MOST) {
		k.first = from;
		k.last = to;
	}
	if (i.first == i.last) {
		k.day = i.first + DAY_BASE;
		if (day_swapped(i.first, &other))
			k.other = other + DAY_BASE;
	}
	return k;
}

static unsigned
span_keys(struct date_keys k, uint32_t *ret)
{
	unsigned n = 0;

	for (int32_t i = k.first; i <= k.last; i++)
		ret[n++] = (uint32_t)i;
	return n;
}

static unsigned
day_keys(struct date_keys k, uint32_t *ret)
{
	ret[0] = (uint32_t)k.day;
	ret[1] = (uint32_t)k.other;
	return k.day == 0 ? 0 : k.other == 0 ? 1 : 2;
}

static unsigned
component_keys(const struct data *d, const struct rec *r, unsigned c, uint32_t *ret)
{
	switch (c) {
	case K_CODE: return text_keys(d, r->text[T_CODE], ret);
	case K_NAMES: return names_keys(d, r, ret);
	case K_GIVEN: return text_keys(d, r->text[T_GIVEN], ret);
	case K_FAMILY: return text_keys(d, r->text[T_FAMILY], ret);
	case K_FATHER: return text_keys(d, r->text[T_FATHER], ret);
	case K_GIVEN_START: return start_key(d, r->text[T_GIVEN], ret);
	case K_FAMILY_START: return start_key(d, r->text[T_FAMILY], ret);
	case K_BIRTH_YEAR: return span_keys(date_keys_of(r->birth, false), ret);
	case K_BIRTH_DAY: return day_keys(date_keys_of(r->birth, false), ret);
	case K_ARREST: return span_keys(date_keys_of(r->event[MATCH_ARREST], true), ret);
	case K_ARREST_DAY: return day_keys(date_keys_of(r->event[MATCH_ARREST], true), ret);
	case K_BIRTH_PLACE: return text_keys(d, r->text[T_BIRTH_PLACE], ret);
	case K_PLACE: return text_keys(d, r->text[T_PLACE], ret);
	default: return text_keys(d, r->text[T_EXTRA + (c - K_EXTRA)], ret);
	}
}

static uint64_t
row_counts(const uint32_t *row)
{
	return row[0] | (uint64_t)row[1] << 32;
}

enum { ROW_WORDS_MAX = 2 + K_COMPONENTS * KEYS_MAX };

void
key_rows_make(const struct data *d, struct key_rows *k)
{
	size_t n = 0, cap = 0;

	*k = (struct key_rows){.from = mem_alloc(d->n + 1, sizeof *k->from)};
	for (size_t i = 0; i < d->n; i++) {
		uint64_t counts = 0;
		if (n + ROW_WORDS_MAX + 1 > cap) {
			cap = cap + cap / 4 + 4096;
			k->words = mem_grow(k->words, cap, sizeof *k->words);
		}
		uint32_t *row = k->words + n, m = 2;
		for (unsigned c = 0; c < K_COMPONENTS; c++) {
			unsigned got = component_keys(d, &d->recs[i], c, row + m);
			counts |= (uint64_t)got << 3 * c;
			k->present |= got ? HAS(c) : 0;
			m += got;
		}
		row[0] = (uint32_t)counts;
		row[1] = (uint32_t)(counts >> 32);
		k->from[i] = (uint32_t)(n / 2);
		n += m + (m & 1);
	}
}

void
key_rows_finish(struct key_rows *k)
{
	mem_free(k->words);
	mem_free(k->from);
}

const uint32_t *
row_component(const uint32_t *row, unsigned c, unsigned *ret_n)
{
	uint64_t counts = row_counts(row);

	row += 2;
	for (unsigned i = 0; i < c; i++, counts >>= 3)
		row += counts & 7;
	*ret_n = counts & 7;
	return row;
}

void
row_unpack(const uint32_t *row, struct row_keys *ret)
{
	uint64_t counts = row_counts(row);
	unsigned n = 0;

	ret->counts = counts;
	for (unsigned c = 0; c < K_COMPONENTS; c++, counts >>= 3) {
		ret->from[c] = (uint8_t)n;
		n += counts & 7;
	}
	memcpy(ret->keys, row + 2, n * sizeof *row);
}

/* ---- Pairs and where they belong --------------------------------------------------- */

static size_t
splits_slot(const struct splits *s, uint64_t hash)
{
	size_t at = mix64(hash, 3) & (s->size - 1);

	while (s->by[at] && s->hash[at] != hash)
		at = (at + 1) & (s->size - 1);
	return at;
}

void
splits_put(struct splits *s, uint64_t hash, unsigned by)
{
	if (s->n * 2 >= s->size) {
		struct splits more = {.size = s->size ? s->size * 2 : 64};
		more.hash = mem_alloc(more.size, sizeof *more.hash);
		more.by = mem_alloc(more.size, 1);
		for (size_t i = 0; i < s->size; i++)
			if (s->by[i])
				splits_put(&more, s->hash[i], s->by[i] - 1u);
		mem_free(s->hash);
		mem_free(s->by);
		*s = more;
	}
	size_t at = splits_slot(s, hash);
	s->n += !s->by[at];
	s->hash[at] = hash;
	s->by[at] = (uint8_t)(by + 1);
}

void
splits_finish(struct splits *s)
{
	mem_free(s->hash);
	mem_free(s->by);
}

static bool
splits_get(const struct splits *s, uint64_t hash, unsigned *ret)
{
	if (s->n == 0)
		return false;
	size_t at = splits_slot(s, hash);
	if (!s->by[at])
		return false;
	*ret = s->by[at] - 1u;
	return true;
}

static bool
share(struct shared *s, unsigned c)
{
	const uint32_t *x = s->l->keys + s->l->from[c], *y = s->r->keys + s->r->from[c];
	unsigned nx = s->l->counts >> 3 * c & 7, ny = s->r->counts >> 3 * c & 7;
	bool met = false;

	if (s->known & HAS(c))
		return s->yes & HAS(c);
	s->known |= HAS(c);
	for (unsigned i = 0; i < nx; i++)
		for (unsigned j = 0; j < ny; j++)
			if (x[i] == y[j] && (!met || x[i] < s->least[c])) {
				s->least[c] = x[i];
				met = true;
			}
	if (met)
		s->yes |= HAS(c);
	return met;
}

bool
path_of(struct shared *s, unsigned pass, const struct splits *splits, uint64_t *ret_hash)
{
	uint32_t parts = passes[pass].parts;
	uint64_t h = pass;
	unsigned by;

	if (parts & s->known & ~s->yes)
		return false;
	for (uint32_t left = parts; left; left &= left - 1)
		if (!share(s, (unsigned)__builtin_ctz(left)))
			return false;
	for (uint32_t left = parts; left; left &= left - 1)
		h = mix64(h, s->least[__builtin_ctz(left)]);
	while (splits_get(&splits[pass], h, &by)) {
		if (by >= SPLIT_NEIGHBOURS || !share(s, by))
			return false;
		h = mix64(mix64(h, by), s->least[by]);
	}
	*ret_hash = h;
	return true;
}
