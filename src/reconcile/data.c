/*
 * Records made comparable: every distinct text taken apart once, records put into an
 * order that depends on their content only, values counted.
 */
#include "reconcile/reconcile_int.h"

enum { RAW_MAX = 1u << 20, FIRST = 1024 };

void
data_init(struct data *d)
{
	*d = (struct data){.a = arena_create(SIZE_MAX / 4), .n_values = 1, .n_whens = 1};
	d->cap_values = d->cap_whens = FIRST;
	d->values = mem_alloc(FIRST, sizeof *d->values);
	d->keys = mem_alloc(FIRST, sizeof *d->keys);
	d->whens = mem_alloc(FIRST, sizeof *d->whens);
	d->whens[0] = when_of(MATCH_NO_DAYS);
}

/* ---- Values -------------------------------------------------------------------- */

/* The set of a key's letters. */
static uint16_t
letters_of(uint64_t key)
{
	unsigned set = 0;

	for (int shift = 56; shift >= 0; shift -= 4)
		set |= 1u << (key >> shift & 15);
	return (uint16_t)(set & ~1u);
}

/* The first two letters of a key and how it starts. */
static uint16_t
prefix_of(uint64_t key)
{
	unsigned letters[2] = {0}, n = 0;

	for (int shift = 56; shift >= 0 && n < 2; shift -= 4)
		if (key >> shift & 15)
			letters[n++] = (unsigned)(key >> shift) & 15;
	return (uint16_t)(1 + (key >> 60) * 256 + letters[0] * 16 + letters[1]);
}

static struct value_keys
keys_of(const struct match_name *name)
{
	struct value_keys v = {.n_whole = (uint8_t)name->n_keys};
	uint64_t keys[VALUE_KEYS];
	unsigned n = 0;

	for (unsigned i = 0; i < name->n_keys; i++) {
		keys[n++] = name->keys[i];
		v.letters |= letters_of(name->keys[i]);
	}
	v.n_letters = (uint8_t)bits_of(v.letters);
	for (size_t i = 0; name->n > 1 && i < name->n && n < VALUE_KEYS; i++) {
		const struct match_token *t = &name->tokens[i];
		if (t->role == MATCH_NAME && t->n_keys && !keys_meet(t->keys, 1, keys, n))
			keys[n++] = t->keys[0];
	}
	/* Numbers have no sound: house numbers and codes meet by their digits. */
	if (n == 0 && name->n > 0) {
		keys[n++] = mix64(hash64(str_bytes(name->normal), 0), 1) | (uint64_t)1 << 63;
		v.n_whole = 1;
	}
	v.prefix = n ? prefix_of(keys[0] & ~((uint64_t)1 << 63)) : 0;
	for (unsigned i = 0; i < n; i++)
		v.keys[i] = (uint32_t)(mix64(keys[i], 0) >> 32);
	v.n_keys = (uint8_t)n;
	return v;
}

/* Of a place of several parts: all together, then each.  Parts stand by their keys, so
 * that the first is the same in every script. */
static struct value_keys
keys_of_parts(const struct match_place *p)
{
	struct value_keys v = {.n_whole = 1, .n_keys = 1};
	uint64_t all = p->n;

	for (unsigned i = 0; i < p->n; i++) {
		struct value_keys part = keys_of(&p->part[i]);
		if (part.n_keys == 0)
			continue;
		all = mix64(all, part.keys[0]);
		v.keys[v.n_keys++] = part.keys[0];
		v.prefix = part.prefix;
	}
	v.keys[0] = (uint32_t)(all >> 32);
	return v;
}
_Static_assert((int)PLACE_PARTS < (int)VALUE_KEYS, "all parts have room");

static void
make_room(struct data *d)
{
	if (d->n_values < d->cap_values)
		return;
	d->cap_values += d->cap_values / 2 + 16;
	d->values = mem_grow(d->values, d->cap_values, sizeof *d->values);
	d->keys = mem_grow(d->keys, d->cap_values, sizeof *d->keys);
}

static uint32_t
add_value(struct data *d, const struct match_name *name, const struct match_place *place)
{
	d->values[d->n_values] = (struct value){*name, place, hash64(str_bytes(name->normal), 0)};
	return (uint32_t)d->n_values++;
}

/* Spellings of one normal form may differ in what tells languages apart (ي and ی, ı and i),
 * and with the language in how they are read.  The greatest reads for all of them, so that
 * nothing depends on which came first. */
static void
read_as_greatest(struct data *d, uint32_t value, const struct match_name *name)
{
	if (d->settled || name->lang <= d->values[value].name.lang)
		return;
	d->values[value].name = *name;
	d->keys[value] = keys_of(name);
}

uint32_t
data_value(struct data *d, struct dict *normal, struct str s)
{
	struct match_name name = match_name_of(d->a, str_upto(s, RAW_MAX));
	bool fresh;
	uint32_t *slot;

	if (name.n == 0)
		return 0;
	slot = dict_find(normal, name.normal, &fresh);
	if (!fresh) {
		read_as_greatest(d, *slot, &name);
		return *slot;
	}
	make_room(d);
	d->keys[d->n_values] = keys_of(&name);
	return *slot = add_value(d, &name, NULL);
}

uint32_t
data_place(struct data *d, struct dict *normal, struct str s)
{
	struct match_place p = place_of(d->a, str_upto(s, RAW_MAX));
	struct match_name name = p.part[0];
	bool fresh;
	uint32_t *slot;

	if (p.n == 0)
		return 0;
	name.normal = place_text(d->a, &p);
	slot = dict_find(normal, name.normal, &fresh);
	if (!fresh)
		return *slot;
	make_room(d);
	d->keys[d->n_values] = p.n == 1 ? keys_of(&name) : keys_of_parts(&p);
	struct match_place *kept = NEW(d->a, struct match_place);
	*kept = p;
	return *slot = add_value(d, &name, kept);
}

/* ---- Canonical order -------------------------------------------------------------- */

uint64_t
data_content(const struct data *d, const struct rec *r)
{
	uint64_t h = r->sex;

	for (unsigned s = 0; s < T_SLOTS; s++)
		h = mix64(h, r->text[s] ? d->values[r->text[s]].hash : s);
	for (unsigned s = 0; s < W_SLOTS; s++) {
		struct match_days days = d->whens[r->when[s]].days;
		h = mix64(h, (uint64_t)(uint32_t)days.first << 32 | (uint32_t)days.last);
	}
	return h;
}

/* Records that sound alike lie near each other, so that blocks of candidates do too:
 * family name's key, given name's key, then everything. */
static uint64_t
order_key(const struct data *d, const struct rec *r, uint64_t content)
{
	uint64_t family = d->keys[r->text[T_FAMILY]].keys[0] >> 8;
	uint64_t given = d->keys[r->text[T_GIVEN]].keys[0] >> 16;

	return family << 40 | given << 24 | content >> 40;
}

struct ranked {
	uint64_t content, list;
	uint32_t at;
};

static int
by_rank(const void *x, const void *y)
{
	const struct ranked *a = x, *b = y;

	if (a->content != b->content)
		return a->content < b->content ? -1 : 1;
	if (a->list != b->list)
		return a->list < b->list ? -1 : 1;
	/* Two of equal content of one list, or of equal lists: no matter which is which. */
	return (a->at > b->at) - (a->at < b->at);
}

/* Equal order keys are nearly always equal records. */
static void
settle_ties(const struct data *d, const uint64_t *list, struct entry *v, size_t n)
{
	struct ranked *tied = mem_alloc(n, sizeof *tied);

	for (size_t i = 0; i < n; i++) {
		const struct rec *r = &d->recs[v[i].at];
		tied[i] = (struct ranked){data_content(d, r), list[r->list], v[i].at};
	}
	qsort(tied, n, sizeof *tied, by_rank);
	for (size_t i = 0; i < n; i++)
		v[i].at = tied[i].at;
	mem_free(tied);
}

/* Lists are told apart by what they hold, not by their number: a sum of hashes does
 * not depend on order. */
static void
put_in_order(struct data *d)
{
	struct entry *v = mem_alloc(d->n, sizeof *v);
	uint64_t *list = mem_alloc(d->n_lists, sizeof *list);
	struct rec *in_order;

	for (size_t i = 0; i < d->n; i++) {
		uint64_t content = data_content(d, &d->recs[i]);
		list[d->recs[i].list] += mix64(content, 7);
		v[i] = (struct entry){order_key(d, &d->recs[i], content), (uint32_t)i};
	}
	sort_entries(v, d->n);
	for (size_t i = 0, j; i < d->n; i = j) {
		for (j = i + 1; j < d->n && v[j].key == v[i].key; j++)
			;
		if (j - i > 1)
			settle_ties(d, list, v + i, j - i);
	}
	in_order = mem_table(d->n, sizeof *in_order);
	for (size_t i = 0; i < d->n; i++) {
		if (i + 16 < d->n)
			__builtin_prefetch(&d->recs[v[i + 16].at]);
		in_order[i] = d->recs[v[i].at];
	}
	mem_free(d->recs);
	d->recs = in_order;
	d->cap = d->n;
	mem_free(list);
	mem_free(v);
}

/* ---- Frequencies -------------------------------------------------------------- */

/* Of a place the rarest of its parts. */
static void
count_keys(struct data *d, unsigned slot)
{
	struct entry *v = mem_alloc(d->n_values * PLACE_PARTS, sizeof *v);
	uint32_t *by_value = d->key_count[slot];
	size_t n = 0;

	for (size_t i = 1; i < d->n_values; i++) {
		unsigned parts = d->values[i].place ? d->values[i].place->n : 1;
		for (unsigned k = 0; k < parts && d->count[slot][i]; k++)
			v[n++] = (struct entry){d->keys[i].keys[parts > 1 ? k + 1 : 0], (uint32_t)i};
	}
	sort_entries(v, n);
	for (size_t i = 0, j; i < n; i = j) {
		uint32_t sum = 0;
		for (j = i; j < n && v[j].key == v[i].key; j++)
			sum += d->count[slot][v[j].at];
		for (j = i; j < n && v[j].key == v[i].key; j++)
			if (!by_value[v[j].at] || sum < by_value[v[j].at])
				by_value[v[j].at] = sum;
	}
	mem_free(v);
}

static void
count_values(struct data *d)
{
	for (size_t i = 0; i < d->n; i++) {
		for (unsigned s = 0; s < T_SLOTS; s++)
			d->filled[s] += d->recs[i].text[s] != 0;
		for (unsigned s = 0; s < W_SLOTS; s++)
			d->said[s] += d->recs[i].when[s] != 0;
	}
	for (unsigned s = 0; s < T_SLOTS; s++) {
		if (!d->filled[s])
			continue;
		d->count[s] = mem_alloc(d->n_values, sizeof **d->count);
		d->key_count[s] = mem_alloc(d->n_values, sizeof **d->key_count);
		for (size_t i = 0; i < d->n; i++)
			d->count[s][d->recs[i].text[s]]++;
		count_keys(d, s);
	}
	for (unsigned s = 0; s < W_SLOTS; s++) {
		if (!d->said[s])
			continue;
		d->when_count[s] = mem_alloc(d->n_whens, sizeof **d->when_count);
		for (size_t i = 0; i < d->n; i++)
			d->when_count[s][d->recs[i].when[s]]++;
	}
}

static void
settle_keys(struct data *d)
{
	struct value_keys *keys = mem_table(d->n_values, sizeof *keys);

	memcpy(keys, d->keys, d->n_values * sizeof *keys);
	mem_free(d->keys);
	d->keys = keys;
	d->cap_values = d->n_values;
}

static double
count_pairs(const struct data *d)
{
	size_t *n = mem_alloc(d->n_lists, sizeof *n);
	double all = (double)d->n * ((double)d->n - 1) / 2;

	for (size_t i = 0; i < d->n; i++)
		n[d->recs[i].list]++;
	for (size_t l = 0; l < d->n_lists; l++)
		if (d->list_unique && d->list_unique[l])
			all -= (double)n[l] * ((double)n[l] - 1) / 2;
	mem_free(n);
	return all;
}

enum status
data_settle(struct data *d, const bool *list_unique, size_t n_lists, size_t *ret_bad)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->recs[i].list >= n_lists) {
			*ret_bad = i;
			return NO;
		}
	d->list_unique = list_unique;
	d->n_lists = n_lists;
	settle_keys(d);
	put_in_order(d);
	count_values(d);
	d->all_pairs = count_pairs(d);
	d->settled = true;
	return OK;
}

void
data_finish(struct data *d)
{
	for (unsigned s = 0; s < T_SLOTS; s++) {
		mem_free(d->count[s]);
		mem_free(d->key_count[s]);
	}
	for (unsigned s = 0; s < W_SLOTS; s++)
		mem_free(d->when_count[s]);
	similar_cache_destroy(d->cache);
	mem_free(d->recs);
	mem_free(d->values);
	mem_free(d->keys);
	mem_free(d->whens);
	arena_destroy(d->a);
}
