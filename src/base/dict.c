/* Open addressing with the hash kept, so that growing looks at no text. */
#include "base/dict.h"
#include "base/poison.h"

struct dict_slot {
	const char *p;                /* NULL: free */
	uint32_t n, value;
	uint64_t hash;
};

enum { SLOTS_FIRST = 64 };

void
dict_init(struct dict *d, struct arena *a)
{
	*d = (struct dict){.a = a};
}

void
dict_finish(struct dict *d)
{
	mem_free(d->slots);
	*d = (struct dict){0};
}

static void
grow(struct dict *d)
{
	size_t size = d->size ? d->size * 2 : SLOTS_FIRST;
	struct dict_slot *slots = mem_alloc(size, sizeof *slots);

	for (size_t i = 0; i < d->size; i++) {
		size_t at = d->slots[i].hash & (size - 1);
		if (!d->slots[i].p)
			continue;
		while (slots[at].p)
			at = (at + 1) & (size - 1);
		slots[at] = d->slots[i];
	}
	mem_free(d->slots);
	d->slots = slots;
	d->size = size;
}

uint32_t *
dict_find(struct dict *d, struct str s, bool *ret_new)
{
	uint64_t hash;
	struct dict_slot *k;
	size_t at;

	s = str_upto(s, UINT32_MAX);
	hash = hash64(str_bytes(s), 0);
	if (d->n * 2 >= d->size)
		grow(d);
	for (at = hash & (d->size - 1); (k = &d->slots[at])->p; at = (at + 1) & (d->size - 1))
		if (k->hash == hash && k->n == s.n && (s.n == 0 || memcmp(k->p, s.p, s.n) == 0)) {
			*ret_new = false;
			return &k->value;
		}
	*k = (struct dict_slot){.n = (uint32_t)s.n, .hash = hash};
	k->p = s.n == 0 ? "" : d->a ? arena_copy(d->a, s.p, s.n) : s.p;
	d->n++;
	*ret_new = true;
	return &k->value;
}
