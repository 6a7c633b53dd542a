/* Capture histories as the sampler wants them, in an order that is theirs alone. */
#include "reckon/latent_int.h"
#include "reckon/counts_int.h"

static int
by_lists(const void *x, const void *y)
{
	const struct reckon_cell *a = x, *b = y;

	return (a->on > b->on) - (a->on < b->on);
}

void
latent_data_of(struct arena *a, const struct reckon_counts *c, struct latent_data *ret)
{
	struct counts_list list[RECKON_LISTS];
	unsigned *given, to[RECKON_LISTS] = {0};
	struct reckon_cell *cell = NEWS(a, struct reckon_cell, c->n_cells + 1);
	uint32_t *from = NEWS(a, uint32_t, c->n_cells + 1);
	uint64_t *count = NEWS(a, uint64_t, c->n_cells + 1);
	double *rate;
	uint8_t *lists;
	size_t n = 0;

	ret->n_lists = counts_order(c, list);
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
