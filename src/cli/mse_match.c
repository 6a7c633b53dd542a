/* `habeas toll mse A.csv B.csv …`: lists of people, through the matcher. */
#include "cli/match_int.h"
#include "cli/mse_int.h"

/* One list among columns would be no question of overlap, so that a single name after
 * --lists is the first of several files. */
static const char *
first_file(const struct args *x)
{
	const char *lists = opt(x, "--lists");

	return lists && !strchr(lists, ',') ? lists : NULL;
}

bool
mse_are_people(struct args *x)
{
	return x->n + (first_file(x) != NULL) > 1;
}

/* The hash of all files' hashes, in the order of their names. */
static enum status
hash_files(struct toll *t, const struct str *names, size_t n, struct err *e)
{
	uint8_t (*each)[SEAL_HASH] = arena_alloc(t->a, n, SEAL_HASH);
	enum status st = OK;

	for (size_t i = 0; i < n && st == OK; i++) {
		struct arena *a = arena_create((size_t)5 << 30);
		struct bytes b;
		if ((st = os_read_file(a, str_cstr(a, names[i]), (size_t)4 << 30, &b, e)) == OK)
			seal_sha256(b, each[i]);
		arena_destroy(a);
	}
	seal_sha256((struct bytes){(const uint8_t *)each, n * SEAL_HASH}, t->hash);
	return st == NO ? BAD : st;
}

static enum status
counts_of(struct toll *t, const struct match_linkage *l, const struct str *names, size_t n_names,
	struct reckon_counts *ret, struct err *e)
{
	struct reckon_cell *cells = NEWS(t->a, struct reckon_cell, l->n);

	for (size_t i = 0; i < l->n; i++)
		cells[i] = (struct reckon_cell){l->histories[i].on, l->histories[i].count};
	return reckon_counts_of(t->a, (unsigned)n_names, names, cells, l->n, ret, e);
}

static struct str
joined(struct arena *a, const struct str *names, size_t n)
{
	struct str s = names[0];

	for (size_t i = 1; i < n; i++)
		s = str_fmt(a, STR_FMT ", " STR_FMT, STR_ARG(s), STR_ARG(names[i]));
	return s;
}

enum status
mse_ask_linkages(struct toll *t, unsigned *ret, struct err *e)
{
	const char *n = opt(t->x, "--linkages");
	uint64_t v = MSE_LINKAGES_DEFAULT;

	if (n && (!str_u64(str_of(n), &v) || v == 1 || v > MSE_LINKAGES))
		return err_set(e, BAD, "--linkages %s: a number from 2 to %d would be right, or 0 for "
			"none", n, MSE_LINKAGES);
	*ret = (unsigned)v;
	return OK;
}

enum status
counts_matched(struct toll *t, struct mse *m, struct err *e)
{
	struct match_resample_options draw = {.seed = m->seed, .progress = os_progress};
	struct args x = *t->x;
	struct match_linkages l;
	struct str names[ARGS_MOST];
	const char *first = first_file(t->x);
	unsigned wanted;
	enum status st = mse_ask_linkages(t, &wanted, e);

	if (st)
		return st;
	if (opt(t->x, "--strata") || opt(t->x, "--count") || (opt(t->x, "--lists") && !first))
		return err_set(e, BAD, "--strata, --count and --lists A,B name columns of one table of "
			"counts; these are several files of people");
	/* The matcher takes 0 for its own default. */
	draw.n = wanted ? wanted : 1;
	if (first && x.n < ARGS_MOST)
		x.arg[x.n++] = first;
	if (x.n > MATCH_HISTORY_LISTS)
		return err_set(e, BAD, "%zu files; at most %d would be right", x.n, MATCH_HISTORY_LISTS);
	if ((st = match_draw(&x, &draw, t->a, &l, names, e)) != OK
	    || (st = hash_files(t, names, x.n, e)) != OK)
		return st;
	t->path = str_cstr(t->a, joined(t->a, names, x.n));
	m->matched = true;
	t->names_file = first ? "--lists" : NULL;
	m->n_linkages = wanted;
	m->linkage = NEWS(t->a, struct reckon_counts, l.n);
	struct str *kept = NEWS(t->a, struct str, x.n);
	memcpy(kept, names, x.n * sizeof *kept);
	st = counts_of(t, &l.point, kept, x.n, &m->all.c, e);
	for (size_t i = 0; i < wanted && st == OK; i++)
		st = counts_of(t, &l.drawn[i], kept, x.n, &m->linkage[i], e);
	return st;
}
