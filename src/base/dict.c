/* Open addressing, three quarters full at most, with the hash kept, so that growing looks
 * at no text. */
#include "base/dict.h"
#include "base/poison.h"

/* Short texts, as most names are, stand in the slot: one place in memory to look at. */
enum { SHORT = 16 };
struct dict_slot {
	uint64_t hash;
	uint32_t n1, value;           /* length + 1; 0: free */
	union {
		char in[SHORT];       /* padded with NULs */
		const char *p;
	} text;
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
		if (!d->slots[i].n1)
			continue;
		while (slots[at].n1)
			at = (at + 1) & (size - 1);
		slots[at] = d->slots[i];
	}
	mem_free(d->slots);
	d->slots = slots;
	d->size = size;
}

static bool
is_text(const struct dict_slot *k, struct str s, const char padded[SHORT])
{
	if (k->n1 != s.n + 1)
		return false;
	return memcmp(s.n <= SHORT ? k->text.in : k->text.p, s.n <= SHORT ? padded : s.p,
		s.n <= SHORT ? (size_t)SHORT : s.n) == 0;
}

static void
keep(struct dict *d, struct dict_slot *k, struct str s, const char padded[SHORT])
{
	k->n1 = (uint32_t)s.n + 1;
	if (s.n <= SHORT)
		memcpy(k->text.in, padded, SHORT);
	else
		k->text.p = d->a ? arena_copy(d->a, s.p, s.n) : s.p;
	d->n++;
}

uint32_t *
dict_find(struct dict *d, struct str s, bool *ret_new)
{
	char padded[SHORT] = {0};
	uint64_t hash;
	struct dict_slot *k;
	size_t at;

	s = str_upto(s, UINT32_MAX - 1);
	if (s.n <= SHORT)
		memcpy(padded, s.n ? s.p : padded, s.n);
	hash = hash64(str_bytes(s), 0);
	if (d->n * 4 >= d->size * 3)
		grow(d);
	for (at = hash & (d->size - 1); (k = &d->slots[at])->n1; at = (at + 1) & (d->size - 1))
		if (k->hash == hash && is_text(k, s, padded)) {
			*ret_new = false;
			return &k->value;
		}
	*k = (struct dict_slot){.hash = hash};
	keep(d, k, s, padded);
	*ret_new = true;
	return &k->value;
}
