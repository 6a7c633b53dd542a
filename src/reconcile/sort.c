/* Radix sort, and the mixing of hashes. */
#include "reconcile/reconcile_int.h"

/* SplitMix64's finish (Steele, Lea, Flood 2014) over a running value. */
uint64_t
mix64(uint64_t h, uint64_t v)
{
	h = (h ^ v) + 0x9e3779b97f4a7c15u;
	h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9u;
	h = (h ^ h >> 27) * 0x94d049bb133111ebu;
	return h ^ h >> 31;
}

static void
insertion_sort(struct entry *v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct entry x = v[i];
		size_t j = i;
		for (; j > 0 && v[j - 1].key > x.key; j--)
			v[j] = v[j - 1];
		v[j] = x;
	}
}

/* Least significant byte first; bytes that are the same everywhere cost one look. */
void
sort_entries(struct entry *v, size_t n)
{
	struct entry *from = v, *to, *spare;
	size_t count[8][256] = {{0}};

	if (n < 64) {
		insertion_sort(v, n);
		return;
	}
	spare = to = mem_alloc(n, sizeof *v);
	for (size_t i = 0; i < n; i++)
		for (unsigned b = 0; b < 8; b++)
			count[b][v[i].key >> 8 * b & 255]++;
	for (unsigned b = 0; b < 8; b++) {
		size_t sum = 0;
		if (count[b][v[0].key >> 8 * b & 255] == n)
			continue;
		for (unsigned k = 0; k < 256; k++) {
			size_t c = count[b][k];
			count[b][k] = sum;
			sum += c;
		}
		for (size_t i = 0; i < n; i++)
			to[count[b][from[i].key >> 8 * b & 255]++] = from[i];
		struct entry *t = from;
		from = to;
		to = t;
	}
	if (from != v)
		memcpy(v, from, n * sizeof *v);
	mem_free(spare);
}
