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

/* ---- Plain numbers ------------------------------------------------------------- */

enum { DIGIT = 8, DIGITS = 3, BUCKET = 4096, BUCKET_BITS_MOST = 12 };

static void
insert_numbers(uint64_t *v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		uint64_t x = v[i];
		size_t j = i;
		for (; j > 0 && v[j - 1] > x; j--)
			v[j] = v[j - 1];
		v[j] = x;
	}
}

/* Three digits below `shift`, least first, from `from` by way of `to` back and into `to`;
 * what three digits leave unsorted is next to nothing. */
static void
sort_digits(uint64_t *from, uint64_t *to, size_t n, unsigned shift)
{
	uint32_t count[DIGITS][1 << DIGIT] = {{0}};
	uint64_t *goal = to;

	for (size_t i = 0; i < n; i++)
		for (unsigned k = 0; k < DIGITS; k++)
			count[k][from[i] >> (shift - DIGIT * (DIGITS - k)) & 255]++;
	for (unsigned k = 0; k < DIGITS; k++) {
		uint32_t sum = 0;
		for (unsigned d = 0; d < 1 << DIGIT; d++) {
			uint32_t c = count[k][d];
			count[k][d] = sum;
			sum += c;
		}
		for (size_t i = 0; i < n; i++)
			to[count[k][from[i] >> (shift - DIGIT * (DIGITS - k)) & 255]++] = from[i];
		uint64_t *t = from;
		from = to;
		to = t;
	}
	insert_numbers(goal, n);
}

/* Buckets by the top bits, small enough for the first cache, and each by digits.  The
 * numbers are hashes, so buckets are even, but for values that are there many times. */
void
sort_numbers(uint64_t *v, size_t n, uint64_t *spare)
{
	unsigned bits = 0;
	size_t *start;

	if (n <= 64) {
		insert_numbers(v, n);
		return;
	}
	while (bits < BUCKET_BITS_MOST && n >> bits > BUCKET)
		bits++;
	start = mem_alloc(((size_t)1 << bits) + 1, sizeof *start);
	for (size_t i = 0; i < n; i++)
		start[(bits ? v[i] >> (64 - bits) : 0) + 1]++;
	for (size_t k = 1; k <= (size_t)1 << bits; k++)
		start[k] += start[k - 1];
	for (size_t i = 0; i < n; i++)
		spare[start[bits ? v[i] >> (64 - bits) : 0]++] = v[i];
	for (size_t k = 0; k < (size_t)1 << bits; k++) {
		size_t from = k ? start[k - 1] : 0;
		if (start[k] - from <= 32) {
			memcpy(v + from, spare + from, (start[k] - from) * sizeof *v);
			insert_numbers(v + from, start[k] - from);
		} else {
			sort_digits(spare + from, v + from, start[k] - from, 64 - bits);
		}
	}
	mem_free(start);
}
