/*
 * Who stands on which list, in which order, how often.  Every answer is a pure
 * function of the seed, so a list is walked again where it is needed again.
 */
#include "gen_int.h"

bool
list_has(const struct gen *g, const struct list *l, unsigned index, const struct person *p)
{
	struct rng r = rng_of(g->seed, p->id, FOR_INCLUSION + index);

	return rng_chance(&r, (uint32_t)l->permille[p->visible]
		* l->permille_group[p->group] / 1000);
}

/* Honest duplicates: the same person twice on a list. */
static bool
has_copy(const struct gen *g, unsigned index, uint32_t id)
{
	struct rng r = rng_of(g->seed, id, FOR_COPY + index);

	return rng_chance(&r, g->rates.copy);
}

/* Each person has two places in the shuffled order, the second for the copy. */
struct walk
list_walk(const struct gen *g, const struct list *l, unsigned index)
{
	struct rng r = rng_of(g->seed, index, FOR_ORDER);

	return (struct walk){
		.g = g, .list = l, .index = index,
		.order = shuffle_of(r.state, 2 * g->people),
	};
}

bool
list_next(struct walk *w, struct mention *ret)
{
	const struct gen *g = w->g;

	while (w->at < w->order.n) {
		uint32_t place = shuffle_at(&w->order, w->at++);
		unsigned copy = place >= g->people;
		uint32_t id = (copy ? place - g->people : place) + 1;
		struct person p;

		if (copy && !has_copy(g, w->index, id))
			continue;
		p = person_glance(g, id);
		if (!list_has(g, w->list, w->index, &p))
			continue;
		*ret = (struct mention){person_make(g, id), w->index, copy, ++w->no};
		return true;
	}
	return false;
}

void
list_cells(const struct gen *g, const struct list *l, const struct mention *m,
	struct str *cells)
{
	struct rng r = rng_of(g->seed, m->person.id,
		(m->copy ? FOR_COPY_ROW : FOR_ROW) + m->list);

	for (size_t i = 0; i < l->columns; i++)
		cells[i] = S("");
	l->row(g, &r, &m->person, m->no, cells);
}

const char *
list_file(const struct gen *g, const struct list *l, unsigned index)
{
	return l->file ? l->file : str_cstr(g->arena, str_fmt(g->arena, "list-%u.csv", index + 1));
}

size_t
list_write(const struct gen *g, const struct list *l, unsigned index, struct out *truth,
	enum status *st)
{
	const char *file = list_file(g, l, index);
	struct out *o = out_open(g, file);
	struct walk w = list_walk(g, l, index);
	struct str cells[COLUMNS_MAX];
	struct mention m;

	if (l->bom)
		buf_cstr(out_buf(o), "\xef\xbb\xbf");
	for (size_t i = 0; i < l->columns; i++)
		cells[i] = str_of(l->header[i]);
	csv_write_row(out_buf(o), cells, l->columns, l->delimiter);
	while (list_next(&w, &m)) {
		arena_reset(g->row);
		list_cells(g, l, &m, cells);
		csv_write_row(out_buf(o), cells, l->columns, l->delimiter);
		out_flush_some(o);
		truth_row(truth, file, m.no, m.person.id);
	}
	*st = out_close(o);
	return w.no;
}
