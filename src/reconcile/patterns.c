/* Patterns of levels, counted as they come: there are few, of many pairs. */
#include "reconcile/reconcile_int.h"

static size_t
slot_of(const struct patterns *p, uint64_t pattern)
{
	size_t at = mix64(pattern, 5) & (p->size - 1);

	while (p->slots[at] && p->pattern[p->slots[at] - 1] != pattern)
		at = (at + 1) & (p->size - 1);
	return at;
}

static void
grow(struct patterns *p)
{
	p->cap = p->cap ? p->cap * 2 : 512;
	p->pattern = mem_grow(p->pattern, p->cap, sizeof *p->pattern);
	p->count = mem_grow(p->count, p->cap, sizeof *p->count);
	p->size = p->cap * 4;
	mem_free(p->slots);
	p->slots = mem_alloc(p->size, sizeof *p->slots);
	for (size_t i = 0; i < p->n; i++)
		p->slots[slot_of(p, p->pattern[i])] = (uint32_t)(i + 1);
}

/* 2^26 patterns is what a candidate can name. */
enum { PATTERNS_MAX = 1 << 26 };

uint32_t
patterns_add(struct patterns *p, uint64_t pattern)
{
	size_t at;

	if (p->n == p->cap)
		grow(p);
	at = slot_of(p, pattern);
	if (!p->slots[at]) {
		invariant(p->n < PATTERNS_MAX);
		p->pattern[p->n] = pattern;
		p->count[p->n] = 0;
		p->slots[at] = (uint32_t)++p->n;
	}
	p->count[p->slots[at] - 1]++;
	return p->slots[at] - 1;
}

void
patterns_finish(struct patterns *p)
{
	mem_free(p->pattern);
	mem_free(p->count);
	mem_free(p->slots);
}

void
histogram_of(const struct patterns *p, struct histogram *ret)
{
	struct entry *v = mem_alloc(p->n, sizeof *v);

	for (size_t i = 0; i < p->n; i++)
		v[i] = (struct entry){p->pattern[i], (uint32_t)i};
	sort_entries(v, p->n);
	*ret = (struct histogram){.n = p->n};
	ret->pattern = mem_alloc(ret->n, sizeof *ret->pattern);
	ret->count = mem_alloc(ret->n, sizeof *ret->count);
	for (size_t i = 0; i < p->n; i++) {
		ret->pattern[i] = v[i].key;
		ret->count[i] = p->count[v[i].at];
	}
	mem_free(v);
}

void
histogram_finish(struct histogram *h)
{
	mem_free(h->pattern);
	mem_free(h->count);
}
