/* Capture histories as the sampler wants them, in an order that is theirs alone. */
#include "reckon/latent_int.h"

/* SplitMix64's finisher (Steele, Lea & Flood 2014): any good mixing would do. */
static uint64_t
mix(uint64_t x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

/* A number for each list that depends on whom it shares with which lists, not on its
 * place: colours refined as in tests of graph isomorphism (Weisfeiler & Leman 1968). */
static void
colour(const struct reckon_counts *c, uint64_t *ret)
{
	uint64_t next[RECKON_LISTS];

	for (unsigned j = 0; j < c->n_lists; j++)
		ret[j] = 1;
	for (int round = 0; round < 4; round++) {
		memset(next, 0, sizeof next);
		for (size_t m = 0; m < c->n_cells; m++) {
			uint64_t sum = mix(c->cells[m].count), on;
			for (on = c->cells[m].on; on; on &= on - 1)
				sum += mix(ret[__builtin_ctzll(on)]);
			for (on = c->cells[m].on; on; on &= on - 1)
				next[__builtin_ctzll(on)] += mix(sum);
		}
		for (unsigned j = 0; j < c->n_lists; j++)
			ret[j] = mix(next[j] + ret[j]);
	}
}

struct list {
	uint64_t people, colour;
	unsigned given;
};

static int
greatest_first(const void *x, const void *y)
{
	const struct list *a = x, *b = y;

	if (a->people != b->people)
		return a->people < b->people ? 1 : -1;
	if (a->colour != b->colour)
		return a->colour < b->colour ? 1 : -1;
	return (a->given > b->given) - (a->given < b->given);
}

static int
by_lists(const void *x, const void *y)
{
	const struct reckon_cell *a = x, *b = y;

	return (a->on > b->on) - (a->on < b->on);
}

/* The lists with people, into `ret`; how many. */
static unsigned
order(const struct reckon_counts *c, struct list ret[RECKON_LISTS])
{
	uint64_t colours[RECKON_LISTS];
	unsigned n = 0;

	colour(c, colours);
	for (unsigned j = 0; j < c->n_lists; j++)
		ret[j] = (struct list){0, colours[j], j};
	for (size_t m = 0; m < c->n_cells; m++)
		for (uint64_t on = c->cells[m].on; on; on &= on - 1)
			ret[__builtin_ctzll(on)].people += c->cells[m].count;
	qsort(ret, c->n_lists, sizeof *ret, greatest_first);
	while (n < c->n_lists && ret[n].people)
		n++;
	return n;
}

void
latent_data_of(struct arena *a, const struct reckon_counts *c, struct latent_data *ret)
{
	struct list list[RECKON_LISTS];
	unsigned *given, to[RECKON_LISTS] = {0};
	struct reckon_cell *cell = NEWS(a, struct reckon_cell, c->n_cells + 1);
	uint32_t *from = NEWS(a, uint32_t, c->n_cells + 1);
	uint64_t *count = NEWS(a, uint64_t, c->n_cells + 1);
	double *rate;
	uint8_t *lists;
	size_t n = 0;

	ret->n_lists = order(c, list);
	rate = NEWS(a, double, ret->n_lists + 1);
	given = NEWS(a, unsigned, ret->n_lists + 1);
	for (unsigned j = 0; j < ret->n_lists; j++) {
		given[j] = list[j].given;
		/* Two listed of three people: only where tempering leads to. */
		rate[j] = (double)list[j].people / (double)c->n / 1.5;
		to[list[j].given] = j;
	}
	for (size_t m = 0; m < c->n_cells; m++) {
		for (uint64_t on = c->cells[m].on; on; on &= on - 1, n++)
			cell[m].on |= (uint64_t)1 << to[__builtin_ctzll(on)];
		cell[m].count = c->cells[m].count;
	}
	qsort(cell, c->n_cells, sizeof *cell, by_lists);
	lists = NEWS(a, uint8_t, n + 1);
	n = 0;
	for (size_t m = 0; m < c->n_cells; m++) {
		from[m] = (uint32_t)n;
		count[m] = cell[m].count;
		for (uint64_t on = cell[m].on; on; on &= on - 1)
			lists[n++] = (uint8_t)__builtin_ctzll(on);
	}
	from[c->n_cells] = (uint32_t)n;
	ret->n_cells = c->n_cells;
	ret->from = from;
	ret->lists = lists;
	ret->count = count;
	ret->n = c->n;
	ret->given = given;
	ret->rate = rate;
}
