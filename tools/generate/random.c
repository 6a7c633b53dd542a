/* Random numbers that are the same everywhere: SplitMix64, counter-based. */
#include "gen_int.h"

/* Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA
 * 2014, figure 17 (the increment is the golden ratio's; mix64 is variant 13 of
 * Stafford's mixers), as in Vigna's splitmix64.c. */
#define GOLDEN 0x9e3779b97f4a7c15u

static uint64_t
mix64(uint64_t z)
{
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

struct rng
rng_of(uint64_t seed, uint64_t number, unsigned purpose)
{
	uint64_t s = mix64(seed + GOLDEN);

	s = mix64(s ^ (number + 1) * GOLDEN);
	return (struct rng){mix64(s + (uint64_t)purpose * GOLDEN)};
}

static uint32_t
rng_next(struct rng *r)
{
	r->state += GOLDEN;
	return (uint32_t)(mix64(r->state) >> 32);
}

/* The high half of the product (Lemire 2019, without his rejection: the bias is
 * below n / 2^32). */
uint32_t
rng_below(struct rng *r, uint32_t n)
{
	invariant(n > 0);
	return (uint32_t)((uint64_t)rng_next(r) * n >> 32);
}

int32_t
rng_between(struct rng *r, int32_t from, int32_t to)
{
	invariant(from <= to);
	return from + (int32_t)rng_below(r, (uint32_t)(to - from) + 1);
}

bool
rng_chance(struct rng *r, uint32_t permille)
{
	return rng_below(r, 1000) < permille;
}

uint32_t
pick_draw(const struct pick *p, struct rng *r)
{
	uint32_t x = rng_below(r, p->upto[p->n - 1]);
	uint32_t lo = 0, hi = p->n - 1;

	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;

		if (x < p->upto[mid])
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

struct shuffle
shuffle_of(uint64_t seed, uint32_t n)
{
	struct shuffle s = {seed, n, 1};

	while ((uint64_t)1 << (2 * s.half_bits) < n)
		s.half_bits++;
	return s;
}

/* A Feistel network on the next power of four, walked until the value falls
 * below n: Black, Rogaway, Ciphers with arbitrary finite domains, CT-RSA 2002. */
uint32_t
shuffle_at(const struct shuffle *s, uint32_t i)
{
	uint64_t mask = ((uint64_t)1 << s->half_bits) - 1;
	uint64_t x = i;

	invariant(i < s->n);
	do {
		uint64_t left = x >> s->half_bits, right = x & mask;

		for (unsigned round = 0; round < 4; round++) {
			uint64_t f = mix64(s->seed + (right + 1) * GOLDEN + round) & mask;
			uint64_t was = left;

			left = right;
			right = was ^ f;
		}
		x = left << s->half_bits | right;
	} while (x >= s->n);
	return (uint32_t)x;
}
