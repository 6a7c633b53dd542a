/* Capture histories from a table: one column of 0 and 1 per list, and perhaps one that
 * says how many people a row stands for. */
#include "cli/mse_int.h"

static const char *const count_headings[] = {
	"count", "counts", "freq", "frequency", "people", "persons", "number", "تعداد", "شمار",
	"say", "sayı",
};

struct reading {
	struct toll *t;
	struct mse *m;
	size_t count, strata, linkage;        /* column numbers from 1; 0: none */
	size_t list[RECKON_LISTS];    /* from 0 */
	unsigned n_lists;
	VEC(struct reckon_cell) *cells;       /* by stratum; [0] alone without strata */
	VEC(struct reckon_cell) *drawn;       /* by linkage, from 1 on */
	size_t dropped;               /* people on none of the lists asked for */
	size_t blank;                 /* cells of lists with nothing in them */
};

/* ---- Columns ------------------------------------------------------------------------ */

static enum status
column_asked(struct reading *r, const char *option, size_t *ret, struct err *e)
{
	const char *name = opt(r->t->x, option);
	enum status st = name ? toll_column(r->t, str_of(name), ret, e) : OK;

	if (st || !name || *ret)
		return st;
	return err_set(e, BAD, "%s: has no column \"%s\" (%s)", r->t->path, name, option);
}

enum entry { ZERO, ONE, NUMBER, WORD };

static enum entry
entry_of(struct toll *t, struct str s)
{
	double v;

	s = text_digits(t->a, str_trim(s));
	if (s.n == 0 || str_is(s, "0"))
		return ZERO;
	return str_is(s, "1") ? ONE : toll_number(t, s, &v) ? NUMBER : WORD;
}

/* What a column is at most: a list if it has nothing but 0 and 1. */
static enum entry
column_kind(struct toll *t, size_t c)
{
	enum entry most = ZERO;

	for (size_t i = 1; i < t->t.n && most < WORD; i++) {
		enum entry k = entry_of(t, t->t.rows[i].cells[c]);
		most = k > most ? k : most;
	}
	return most;
}

/* A list with one cell wrong is a list, and must not be left out for it. */
static enum status
check_no_list(struct reading *r, size_t c, struct err *e)
{
	const struct table *t = &r->t->t;
	const struct row *first = NULL;
	size_t good = 0, bad = 0;

	for (size_t i = 1; i < t->n; i++) {
		struct str s = str_trim(t->rows[i].cells[c]);
		bool list = entry_of(r->t, s) <= ONE;
		good += list && s.n;
		bad += !list;
		if (!list && !first)
			first = &t->rows[i];
	}
	if (good < bad || !first)
		return OK;
	return err_set(e, BAD, "%s: row %zu, column \"" STR_FMT "\": \"" STR_FMT "\"; 0 or 1 would be "
		"right, or --lists A,B,C, which says what columns are lists", r->t->path, first->line,
		STR_ARG(t->rows[0].cells[c]), STR_ARG(first->cells[c]));
}

static enum status
add_list(struct reading *r, size_t c, struct err *e)
{
	struct str name = r->t->t.rows[0].cells[c];
	size_t same;

	if (str_trim(name).n == 0)
		return err_set(e, BAD, "%s: column %zu has no heading; the name of a list would be right",
			r->t->path, c + 1);
	if (r->n_lists == RECKON_LISTS)
		return err_set(e, BAD, "%s: more than %d lists", r->t->path, RECKON_LISTS);
	for (unsigned i = 0; i < r->n_lists; i++)
		if (r->list[i] == c)
			return err_set(e, BAD, "--lists: a list twice");
	r->list[r->n_lists++] = c;
	return toll_column(r->t, name, &same, e);
}

static enum status
lists_asked(struct reading *r, struct err *e)
{
	struct str rest = opt_str(r->t->x, "--lists");
	enum status st = OK;

	while (rest.n && st == OK) {
		struct str name = str_trim(str_cut(&rest, ','));
		size_t c;
		if ((st = toll_column(r->t, name, &c, e)) != OK)
			return st;
		if (c == 0)
			return err_set(e, BAD, "%s: has no column \"" STR_FMT "\" (--lists)", r->t->path,
				STR_ARG(name));
		st = add_list(r, c - 1, e);
	}
	return st;
}

static enum status
lists_found(struct reading *r, struct err *e)
{
	struct toll *t = r->t;
	const struct row *head = &t->t.rows[0];
	enum status st = OK;

	for (size_t c = 0; c < head->n && st == OK; c++) {
		if (c + 1 == r->count || c + 1 == r->strata || c + 1 == r->linkage)
			continue;
		enum entry kind = column_kind(t, c);
		if (kind == NUMBER)
			return err_set(e, BAD, "%s: column \"" STR_FMT "\" has other numbers than 0 and 1; "
				"--count COLUMN says how many people a row stands for, --lists A,B,C which "
				"columns are lists", t->path, STR_ARG(head->cells[c]));
		if (kind == WORD && (st = check_no_list(r, c, e)) == OK)
			toll_note(t, str_fmt(t->a, tr(t->x->lang, "column \"%s\" is no list and was left out"),
				str_cstr(t->a, text_clean(t->a, head->cells[c], NULL))));
		if (kind <= ONE)
			st = add_list(r, c, e);
	}
	return st;
}

static enum status
choose_columns(struct reading *r, struct err *e)
{
	struct toll *t = r->t;
	enum status st;

	for (size_t i = 0; i < sizeof count_headings / sizeof *count_headings && !r->count; i++)
		if ((st = toll_column(t, str_of(count_headings[i]), &r->count, e)) != OK)
			return st;
	if ((st = column_asked(r, "--count", &r->count, e)) != OK
	    || (st = column_asked(r, "--strata", &r->strata, e)) != OK)
		return st;
	/* As `habeas match --linkages` writes them. */
	if ((st = toll_column(t, S("linkage"), &r->linkage, e)) != OK)
		return st;
	if (r->linkage && r->strata)
		return err_set(e, BAD, "%s: linkages and strata at once; a file for each stratum would be "
			"right", t->path);
	st = opt(t->x, "--lists") ? lists_asked(r, e) : lists_found(r, e);
	if (st == OK && r->n_lists < 2)
		return err_set(e, BAD, "%s: %u lists; columns of 0 and 1, two of them at least, would be "
			"right", t->path, r->n_lists);
	return st;
}

/* ---- Rows --------------------------------------------------------------------------- */

static enum status
find_stratum(struct reading *r, const struct row *row, size_t *ret, struct err *e)
{
	struct mse *m = r->m;
	size_t i = 0;

	*ret = 0;
	if (!r->strata)
		return OK;
	struct str s = text_clean(r->t->a, row->cells[r->strata - 1], NULL);
	while (i < m->n_strata && !str_eq(m->strata[i].name, s))
		i++;
	if (i == MSE_STRATA)
		return err_set(e, BAD, "%s: more than %d strata; join some", r->t->path, MSE_STRATA);
	if (i == m->n_strata)
		m->strata[m->n_strata++].name = s;
	*ret = i;
	return OK;
}

/* 0: the linkage itself, or no such column. */
static enum status
find_linkage(struct reading *r, const struct row *row, size_t *ret, struct err *e)
{
	double v = 0;

	if (r->linkage && (!toll_number(r->t, row->cells[r->linkage - 1], &v)
		|| v > MSE_LINKAGES || v != (double)(uint64_t)v))
		return err_set(e, BAD, "%s: row %zu, column \"linkage\": \"" STR_FMT "\"; a whole number "
			"up to %d would be right", r->t->path, row->line,
			STR_ARG(row->cells[r->linkage - 1]), MSE_LINKAGES);
	*ret = (size_t)v;
	return OK;
}

static enum status
read_row(struct reading *r, const struct row *row, struct err *e)
{
	struct toll *t = r->t;
	struct reckon_cell cell = {0, 1};
	size_t stratum, linkage = 0;
	double v = 1;
	enum status st = find_linkage(r, row, &linkage, e);

	if (st)
		return st;
	for (unsigned i = 0; i < r->n_lists; i++) {
		enum entry k = entry_of(t, row->cells[r->list[i]]);
		r->blank += str_trim(row->cells[r->list[i]]).n == 0;
		if (k > ONE)
			return err_set(e, BAD, "%s: row %zu, column \"" STR_FMT "\": \"" STR_FMT "\"; 0 or 1 "
				"would be right", t->path, row->line, STR_ARG(t->t.rows[0].cells[r->list[i]]),
				STR_ARG(row->cells[r->list[i]]));
		cell.on |= (uint64_t)(k == ONE) << i;
	}
	if (r->count && (!toll_number(t, row->cells[r->count - 1], &v) || v != (double)(uint64_t)v))
		return err_set(e, BAD, "%s: row %zu, column \"" STR_FMT "\": \"" STR_FMT "\"; a whole "
			"number of people would be right", t->path, row->line,
			STR_ARG(t->t.rows[0].cells[r->count - 1]), STR_ARG(row->cells[r->count - 1]));
	cell.count = (uint64_t)v;
	if (cell.count && !cell.on && !opt(t->x, "--lists"))
		return err_set(e, BAD, "%s: row %zu: on no list; people whom no list has are what is "
			"estimated, so leave the row out", t->path, row->line);
	if (linkage) {
		r->m->n_linkages = linkage > r->m->n_linkages ? linkage : r->m->n_linkages;
		if (cell.on && cell.count)
			VEC_PUSH(t->a, &r->drawn[linkage]) = cell;
		return OK;
	}
	if (!cell.on) {
		r->dropped += (size_t)cell.count;
		return OK;
	}
	if ((st = find_stratum(r, row, &stratum, e)) == OK && cell.count)
		VEC_PUSH(t->a, &r->cells[stratum]) = cell;
	return st;
}

/* Lists that nobody is on say nothing, but a bound or a prior would count them. */
static struct reckon_counts
with_people(struct arena *a, const struct reckon_counts *c)
{
	uint64_t anybody = 0;

	for (size_t i = 0; i < c->n_cells; i++)
		anybody |= c->cells[i].on;
	return reckon_counts_keep(a, c, anybody);
}

static enum status
settle(struct reading *r, const struct str *names, struct err *e)
{
	struct mse *m = r->m;
	VEC(struct reckon_cell) all = {0};
	enum status st = OK;

	for (size_t s = 0; s < (m->n_strata ? m->n_strata : 1) && st == OK; s++) {
		for (size_t i = 0; i < r->cells[s].n; i++)
			VEC_PUSH(r->t->a, &all) = r->cells[s].v[i];
		if (m->n_strata)
			st = reckon_counts_of(r->t->a, r->n_lists, names, r->cells[s].v, r->cells[s].n,
				&m->strata[s].c, e);
	}
	if (st == OK)
		st = reckon_counts_of(r->t->a, r->n_lists, names, all.v, all.n, &m->all.c, e);
	if (st)
		return err_prefix(e, "%s", r->t->path);
	return m->all.c.n ? OK : err_set(e, BAD, "%s: nobody is on any list", r->t->path);
}

static enum status
settle_linkages(struct reading *r, const struct str *names, struct err *e)
{
	struct mse *m = r->m;
	enum status st = OK;

	m->linkage = NEWS(r->t->a, struct reckon_counts, m->n_linkages ? m->n_linkages : 1);
	for (size_t i = 0; i < m->n_linkages && st == OK; i++) {
		if (r->drawn[i + 1].n == 0)
			return err_set(e, BAD, "%s: no row of linkage %zu, though there are %zu", r->t->path,
				i + 1, m->n_linkages);
		st = reckon_counts_of(r->t->a, r->n_lists, names, r->drawn[i + 1].v, r->drawn[i + 1].n,
			&m->linkage[i], e);
	}
	return st;
}

static void
note_left_out(struct reading *r)
{
	const struct reckon_counts *c = &r->m->all.c;
	struct toll *t = r->t;
	uint64_t anybody = 0;

	for (size_t i = 0; i < c->n_cells; i++)
		anybody |= c->cells[i].on;
	for (unsigned i = 0; i < c->n_lists; i++)
		if (!(anybody >> i & 1))
			toll_note(t, str_fmt(t->a, tr(t->x->lang, "nobody is on the list \"%s\""),
				str_cstr(t->a, c->names[i])));
	if (r->dropped)
		toll_note(t, str_fmt(t->a, tr(t->x->lang, "%s people on none of the lists asked for were "
			"left out"), toll_whole(t, (double)r->dropped)));
	if (r->blank)
		toll_note(t, str_fmt(t->a, tr(t->x->lang, "%s empty cells in columns of lists were read "
			"as 0"), toll_whole(t, (double)r->blank)));
}

/* Of a linkage drawn, the same lists as of the linkage itself. */
static enum status
leave_empty_lists(struct reading *r, struct err *e)
{
	struct mse *m = r->m;
	unsigned before = m->all.c.n_lists;

	m->all.c = with_people(r->t->a, &m->all.c);
	for (size_t s = 0; s < m->n_strata; s++)
		m->strata[s].c = with_people(r->t->a, &m->strata[s].c);
	if (m->all.c.n_lists < 2)
		return err_set(e, BAD, "%s: all people are on one list, \"" STR_FMT "\"; two lists with "
			"people would be right", r->t->path, STR_ARG(m->all.c.names[0]));
	if (m->all.c.n_lists < before && m->n_linkages)
		return err_set(e, BAD, "%s: nobody is on one of the lists; a file without its column would "
			"be right", r->t->path);
	return OK;
}

enum status
counts_read(struct toll *t, struct mse *m, struct err *e)
{
	struct reading r = {.t = t, .m = m};
	struct str *names;
	enum status st = choose_columns(&r, e);

	if (st)
		return st;
	names = NEWS(t->a, struct str, r.n_lists);
	for (unsigned i = 0; i < r.n_lists; i++)
		names[i] = text_clean(t->a, t->t.rows[0].cells[r.list[i]], NULL);
	r.cells = arena_alloc(t->a, MSE_STRATA, sizeof *r.cells);
	r.drawn = arena_alloc(t->a, MSE_LINKAGES + 1, sizeof *r.drawn);
	for (size_t i = 1; i < t->t.n; i++)
		if ((st = read_row(&r, &t->t.rows[i], e)) != OK)
			return st;
	if (r.count)
		m->count_column = text_clean(t->a, t->t.rows[0].cells[r.count - 1], NULL);
	if ((st = settle(&r, names, e)) != OK || (st = settle_linkages(&r, names, e)) != OK)
		return st;
	note_left_out(&r);
	return leave_empty_lists(&r, e);
}
