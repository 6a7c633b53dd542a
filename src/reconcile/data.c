/*
 * Records made comparable: put into an order that depends on their content only,
 * every distinct text taken apart once, counted.
 */
#include "reconcile/reconcile_int.h"

enum { RECORDS_MAX = 1u << 31, RAW_MAX = 1u << 20 };

/* ---- A dictionary of texts -------------------------------------------------- */

struct dictionary {
	struct arena *a;
	struct str *raw;              /* slots of an open hash table, p NULL: free */
	uint32_t *value;
	size_t n, size;               /* size a power of two */
};

static void
dictionary_grow(struct dictionary *t)
{
	struct dictionary more = *t;

	more.size = t->size ? t->size * 2 : 1024;
	more.raw = mem_alloc(more.size, sizeof *more.raw);
	more.value = mem_alloc(more.size, sizeof *more.value);
	for (size_t i = 0; i < t->size; i++) {
		if (!t->raw[i].p)
			continue;
		size_t at = hash64(str_bytes(t->raw[i]), 0) & (more.size - 1);
		while (more.raw[at].p)
			at = (at + 1) & (more.size - 1);
		more.raw[at] = t->raw[i];
		more.value[at] = t->value[i];
	}
	mem_free(t->raw);
	mem_free(t->value);
	*t = more;
}

/* The slot of a text; *ret_new: it was not there, its value is to be filled in. */
static uint32_t *
dictionary_find(struct dictionary *t, struct str s, bool *ret_new)
{
	size_t at;

	if (t->n * 2 >= t->size)
		dictionary_grow(t);
	at = hash64(str_bytes(s), 0) & (t->size - 1);
	while (t->raw[at].p && !str_eq(t->raw[at], s))
		at = (at + 1) & (t->size - 1);
	*ret_new = !t->raw[at].p;
	if (*ret_new) {
		t->raw[at] = s.p ? s : S("");
		t->n++;
	}
	return &t->value[at];
}

static void
dictionary_finish(struct dictionary *t)
{
	mem_free(t->raw);
	mem_free(t->value);
}

struct builder {
	struct data *d;
	struct dictionary raw, normal;
	size_t cap;
};

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
keys_of(struct match_name name)
{
	struct value_keys v = {.n_whole = (uint8_t)name.n_keys};
	uint64_t keys[VALUE_KEYS];
	unsigned n = 0;

	for (unsigned i = 0; i < name.n_keys; i++)
		keys[n++] = name.keys[i];
	for (size_t i = 0; name.n > 1 && i < name.n && n < VALUE_KEYS; i++) {
		const struct match_token *t = &name.tokens[i];
		if (t->role == MATCH_NAME && t->n_keys && !keys_meet(t->keys, 1, keys, n))
			keys[n++] = t->keys[0];
	}
	/* Numbers have no sound: house numbers and codes meet by their digits. */
	if (n == 0 && name.n > 0) {
		keys[n++] = mix64(hash64(str_bytes(name.normal), 0), 1) | (uint64_t)1 << 63;
		v.n_whole = 1;
	}
	v.prefix = n ? prefix_of(keys[0] & ~((uint64_t)1 << 63)) : 0;
	for (unsigned i = 0; i < n; i++)
		v.keys[i] = (uint32_t)(mix64(keys[i], 0) >> 32);
	v.n_keys = (uint8_t)n;
	return v;
}

static uint32_t
intern(struct builder *b, struct str s)
{
	bool new_raw, new_normal;
	uint32_t *slot, *normal;
	struct match_name name;

	s = str_upto(s, RAW_MAX);
	if (s.n == 0)
		return 0;
	slot = dictionary_find(&b->raw, s, &new_raw);
	if (!new_raw)
		return *slot;
	name = match_name_of(b->d->a, s);
	if (name.n == 0)
		return *slot = 0;
	normal = dictionary_find(&b->normal, name.normal, &new_normal);
	if (new_normal) {
		if (b->d->n_values == b->cap) {
			b->cap *= 2;
			b->d->values = mem_grow(b->d->values, b->cap, sizeof *b->d->values);
			b->d->keys = mem_grow(b->d->keys, b->cap, sizeof *b->d->keys);
		}
		b->d->values[b->d->n_values] = (struct value){name};
		b->d->keys[b->d->n_values] = keys_of(name);
		*normal = (uint32_t)b->d->n_values++;
	}
	return *slot = *normal;
}

/* ---- Content and order ------------------------------------------------------- */

static uint64_t
hash_days(uint64_t h, struct match_days d)
{
	if (d.last < d.first)
		return mix64(h, 1);
	return mix64(mix64(h, (uint32_t)d.first), (uint32_t)d.last);
}

static uint64_t
content_hash(const struct match_person *p)
{
	const struct str *const texts[] = {
		&p->given, &p->family, &p->father, &p->whole, &p->birth_place, &p->place, &p->code,
	};
	uint64_t h = (uint64_t)(unsigned char)p->sex;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		h = hash64(str_bytes(*texts[i]), h);
	for (size_t i = 0; i < MATCH_EXTRAS; i++)
		h = hash64(str_bytes(p->extra[i]), h);
	h = hash_days(h, p->birth);
	for (size_t i = 0; i < MATCH_EVENTS; i++)
		h = hash_days(h, p->event[i]);
	return h;
}

/* Lists are told apart by what they hold, not by their number: a sum of hashes does
 * not depend on order. */
static struct entry *
canonical_order(const struct match_input *in, size_t n_lists)
{
	struct entry *v = mem_alloc(in->n, sizeof *v);
	uint64_t *list = mem_alloc(n_lists, sizeof *list), *hash = mem_alloc(in->n, sizeof *hash);

	for (size_t i = 0; i < in->n; i++) {
		hash[i] = content_hash(&in->persons[i]);
		list[in->persons[i].list] += mix64(hash[i], 7);
	}
	for (size_t i = 0; i < in->n; i++)
		v[i] = (struct entry){list[in->persons[i].list], (uint32_t)i};
	sort_entries(v, in->n);
	for (size_t i = 0; i < in->n; i++)
		v[i].key = hash[v[i].at];
	sort_entries(v, in->n);
	mem_free(list);
	mem_free(hash);
	return v;
}

static void
fill_record(struct builder *b, const struct match_person *p, struct rec *r)
{
	struct name_parts n = {p->given, p->family, p->father};

	if (!p->given.n && !p->family.n && p->whole.n) {
		struct name_parts divided = whole_divide(b->d->a, p->whole);
		if (p->father.n)
			divided.father = p->father;
		n = divided;
	}
	r->text[T_GIVEN] = intern(b, n.given);
	r->text[T_FAMILY] = intern(b, n.family);
	r->text[T_FATHER] = intern(b, n.father);
	r->text[T_BIRTH_PLACE] = intern(b, p->birth_place);
	r->text[T_PLACE] = intern(b, p->place);
	r->text[T_CODE] = intern(b, p->code);
	for (size_t i = 0; i < MATCH_EXTRAS; i++)
		r->text[T_EXTRA + i] = intern(b, p->extra[i]);
	r->birth = p->birth;
	memcpy(r->event, p->event, sizeof r->event);
	r->sex = p->sex;
	r->list = p->list;
}

/* ---- Frequencies -------------------------------------------------------------- */

static void
count_keys(struct data *d, unsigned slot)
{
	struct entry *v = mem_alloc(d->n_values, sizeof *v);
	uint32_t *by_value = d->key_count[slot];
	size_t n = 0;

	for (size_t i = 1; i < d->n_values; i++)
		if (d->count[slot][i])
			v[n++] = (struct entry){d->keys[i].keys[0], (uint32_t)i};
	sort_entries(v, n);
	for (size_t i = 0, j; i < n; i = j) {
		uint32_t sum = 0;
		for (j = i; j < n && v[j].key == v[i].key; j++)
			sum += d->count[slot][v[j].at];
		for (j = i; j < n && v[j].key == v[i].key; j++)
			by_value[v[j].at] = sum;
	}
	mem_free(v);
}

static void
count_values(struct data *d)
{
	for (unsigned s = 0; s < T_SLOTS; s++) {
		d->count[s] = mem_alloc(d->n_values, sizeof **d->count);
		d->key_count[s] = mem_alloc(d->n_values, sizeof **d->key_count);
		for (size_t i = 0; i < d->n; i++)
			d->count[s][d->recs[i].text[s]]++;
		d->filled[s] = d->n - d->count[s][0];
		count_keys(d, s);
	}
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

static enum status
check(const struct match_input *in, size_t n_lists, struct err *e)
{
	if (in->n >= RECORDS_MAX)
		return err_set(e, BAD, "match: %zu records; at most 2147483647 at once", in->n);
	for (size_t i = 0; i < in->n; i++)
		if (in->persons[i].list >= n_lists)
			return err_set(e, BAD, "match: record %zu is of list %u; there are %zu lists",
				i, in->persons[i].list, n_lists);
	for (size_t i = 0; i < in->n_same + in->n_not_same; i++) {
		struct match_pair p = i < in->n_same ? in->same[i] : in->not_same[i - in->n_same];
		if (p.left >= in->n || p.right >= in->n || p.left == p.right)
			return err_set(e, BAD, "match: judgement on records %u and %u; two different "
				"indices below %zu would be right", p.left, p.right, in->n);
	}
	return OK;
}

enum status
data_make(struct data *d, const struct match_input *in, struct err *e)
{
	size_t n_lists = in->n_lists ? in->n_lists : 1;
	struct builder b = {.d = d, .cap = 1024};
	enum status s = check(in, n_lists, e);
	struct entry *order;

	if (s != OK)
		return s;
	*d = (struct data){.n = in->n, .list_unique = in->list_unique, .n_lists = n_lists};
	d->a = arena_create(SIZE_MAX / 4);
	d->values = mem_alloc(b.cap, sizeof *d->values);
	d->keys = mem_alloc(b.cap, sizeof *d->keys);
	d->n_values = 1;
	order = canonical_order(in, n_lists);
	d->recs = mem_alloc(in->n, sizeof *d->recs);
	for (size_t i = 0; i < in->n; i++) {
		fill_record(&b, &in->persons[order[i].at], &d->recs[i]);
		d->recs[i].input = order[i].at;
	}
	mem_free(order);
	dictionary_finish(&b.raw);
	dictionary_finish(&b.normal);
	count_values(d);
	d->all_pairs = count_pairs(d);
	d->cache = similar_cache_create();
	return OK;
}

void
data_finish(struct data *d)
{
	for (unsigned s = 0; s < T_SLOTS; s++) {
		mem_free(d->count[s]);
		mem_free(d->key_count[s]);
	}
	similar_cache_destroy(d->cache);
	mem_free(d->recs);
	mem_free(d->values);
	mem_free(d->keys);
	arena_destroy(d->a);
}

bool
data_may_match(const struct data *d, uint32_t l, uint32_t r)
{
	uint32_t list = d->recs[l].list;

	return !(d->list_unique && d->list_unique[list] && d->recs[r].list == list);
}
