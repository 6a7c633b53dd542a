/* Capture histories in the one form that every method reads. */
#include "reckon/counts_int.h"

static int
by_lists(const void *x, const void *y)
{
	const struct reckon_cell *a = x, *b = y;

	return (a->on > b->on) - (a->on < b->on);
}

/* Sort, merge and drop in place; returns how many are left. */
static size_t
settle(struct reckon_cell *v, size_t n)
{
	size_t m = 0;

	qsort(v, n, sizeof *v, by_lists);
	for (size_t i = 0; i < n; i++) {
		if (v[i].count == 0)
			continue;
		if (m > 0 && v[m - 1].on == v[i].on)
			v[m - 1].count += v[i].count;
		else
			v[m++] = v[i];
	}
	return m;
}

enum status
reckon_counts_of(struct arena *a, unsigned n_lists, const struct str *names,
	const struct reckon_cell *cells, size_t n, struct reckon_counts *ret, struct err *e)
{
	const uint64_t most = (uint64_t)1 << 53;
	struct reckon_counts c = {.n_lists = n_lists, .names = names};
	struct reckon_cell *v;

	if (n_lists < 1 || n_lists > RECKON_LISTS)
		return err_set(e, BAD, "counts: %u lists; 1 to %d would be right", n_lists,
			RECKON_LISTS);
	for (size_t i = 0; i < n; i++) {
		if (cells[i].on == 0)
			return err_set(e, BAD, "counts, row %zu: on no list; people whom no list has "
				"are what is estimated, so leave the row out", i + 1);
		if (cells[i].on >> n_lists)
			return err_set(e, BAD, "counts, row %zu: a list beyond the %u lists", i + 1,
				n_lists);
		if (cells[i].count > most - c.n)
			return err_set(e, BAD, "counts, row %zu: more than 2^53 people in all", i + 1);
		c.n += cells[i].count;
	}
	v = NEWS(a, struct reckon_cell, n ? n : 1);
	if (n)
		memcpy(v, cells, n * sizeof *v);
	c.cells = v;
	c.n_cells = settle(v, n);
	*ret = c;
	return OK;
}

/* The kept bits, moved together. */
static uint64_t
gather(uint64_t on, uint64_t keep)
{
	uint64_t out = 0;
	unsigned to = 0;

	for (; keep; keep &= keep - 1, to++)
		out |= (on >> __builtin_ctzll(keep) & 1) << to;
	return out;
}

struct reckon_counts
reckon_counts_keep(struct arena *a, const struct reckon_counts *c, uint64_t keep)
{
	struct reckon_counts out = {.n_lists = (unsigned)__builtin_popcountll(keep)};
	struct reckon_cell *v = NEWS(a, struct reckon_cell, c->n_cells ? c->n_cells : 1);
	size_t n = 0;

	for (size_t i = 0; i < c->n_cells; i++) {
		uint64_t on = gather(c->cells[i].on, keep);
		if (on)
			v[n++] = (struct reckon_cell){on, c->cells[i].count};
	}
	out.n_cells = settle(v, n);
	out.cells = v;
	for (size_t i = 0; i < out.n_cells; i++)
		out.n += v[i].count;
	if (c->names) {
		struct str *names = NEWS(a, struct str, out.n_lists ? out.n_lists : 1);
		unsigned to = 0;
		for (; keep; keep &= keep - 1)
			names[to++] = c->names[__builtin_ctzll(keep)];
		out.names = names;
	}
	return out;
}

/* ---- An order that does not depend on who wrote the table ----------------------------- */

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

static int
greatest_first(const void *x, const void *y)
{
	const struct counts_list *a = x, *b = y;

	if (a->people != b->people)
		return a->people < b->people ? 1 : -1;
	if (a->colour != b->colour)
		return a->colour < b->colour ? 1 : -1;
	return (a->given > b->given) - (a->given < b->given);
}

unsigned
counts_order(const struct reckon_counts *c, struct counts_list ret[RECKON_LISTS])
{
	uint64_t colours[RECKON_LISTS];
	unsigned n = 0;

	colour(c, colours);
	for (unsigned j = 0; j < c->n_lists; j++)
		ret[j] = (struct counts_list){0, colours[j], j};
	for (size_t m = 0; m < c->n_cells; m++)
		for (uint64_t on = c->cells[m].on; on; on &= on - 1)
			ret[__builtin_ctzll(on)].people += c->cells[m].count;
	qsort(ret, c->n_lists, sizeof *ret, greatest_first);
	while (n < c->n_lists && ret[n].people)
		n++;
	return n;
}

struct reckon_counts
counts_in_order(struct arena *a, const struct reckon_counts *c)
{
	struct counts_list list[RECKON_LISTS];
	struct reckon_cell *v = NEWS(a, struct reckon_cell, c->n_cells ? c->n_cells : 1);
	struct reckon_counts out = {.n_lists = counts_order(c, list), .cells = v, .n = c->n};

	for (size_t m = 0; m < c->n_cells; m++) {
		for (unsigned j = 0; j < out.n_lists; j++)
			v[m].on |= (c->cells[m].on >> list[j].given & 1) << j;
		v[m].count = c->cells[m].count;
	}
	out.n_cells = settle(v, c->n_cells);
	return out;
}
