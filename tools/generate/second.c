/*
 * birlik-2.csv: the same list some weeks later, for trying the second import, and
 * birlik-2.changes.csv, which says what is different.  Numbers (№) are kept; two
 * rows are gone; new people stand at the end.
 */
#include "gen_int.h"

enum { GIVEN = 1, FAMILY = 2, FATHER = 3, RELEASED = 13 };   /* columns of birlik.c */
enum { WEEKS_LATER_FIRST = DAY_REF + 1, WEEKS_LATER_LAST = DAY_REF + 24 };

struct second {
	const struct gen *g;
	unsigned index;
	struct out *list, *changes, *truth;
	size_t rows_before, row;       /* row: of the new file, from 1 */
};

static const char file[] = "birlik-2.csv";
static const struct list *const list = &list_birlik;

static void
tell(struct second *s, const char *change, const struct mention *m, size_t row,
	int column, struct str before, struct str after)
{
	struct arena *a = s->g->row;
	struct str cells[] = {
		str_of(change), str_fmt(a, "%zu", m->no),
		m->no <= s->rows_before ? str_fmt(a, "%zu", m->no) : S(""),
		row ? str_fmt(a, "%zu", row) : S(""),
		column ? str_of(list->header[column]) : S(""), before, after,
		str_fmt(a, "%u", m->person.id),
	};

	csv_write_row(out_buf(s->changes), cells, sizeof cells / sizeof cells[0], ',');
	out_flush_some(s->changes);
}

static void
put(struct second *s, const struct mention *m, const struct str *cells)
{
	csv_write_row(out_buf(s->list), cells, list->columns, list->delimiter);
	out_flush_some(s->list);
	truth_row(s->truth, file, s->row, m->person.id);
}

/* The cell that is different, or 0; at most one in a row. */
static int
change_cell(const struct gen *g, struct rng *r, const struct mention *m, struct str *cells)
{
	static const struct hand usual = {0, 0, AZ};
	const struct person *p = &m->person;
	uint32_t kind = rng_below(r, 100);
	int column = rng_chance(r, 500) ? GIVEN : FAMILY;
	struct str to;

	if (kind < 5) {
		struct claim c = {rng_between(r, WEEKS_LATER_FIRST, WEEKS_LATER_LAST), BY_DAY};

		if (p->released != NEVER || p->died != NEVER)
			return 0;
		column = RELEASED;
		to = written_az(g, r, c);
	} else if (kind < 10) {
		to = column == GIVEN ? spell_given(g, r, &p->given, &usual)
			: spell_family(g, r, &p->family, &usual);
	} else if (kind < 12 && cells[FATHER].n == 0) {
		column = FATHER;
		to = spell_given(g, r, &p->father, &usual);
	} else {
		return 0;
	}
	if (str_eq(cells[column], to))
		return 0;
	cells[column] = to;
	return column;
}

static void
known_rows(struct second *s)
{
	struct walk w = list_walk(s->g, list, s->index);
	struct str cells[COLUMNS_MAX];
	struct mention m;

	while (list_next(&w, &m)) {
		struct rng r = rng_of(s->g->seed, m.person.id,
			m.copy ? FOR_SECOND_COPY : FOR_SECOND_VERSION);
		struct str before[COLUMNS_MAX];
		int column;

		arena_reset(s->g->row);
		if (s->rows_before >= 6 && (m.no == s->rows_before / 3
			|| m.no == s->rows_before * 2 / 3)) {
			tell(s, "vanished", &m, 0, 0, S(""), S(""));
			continue;
		}
		s->row++;
		list_cells(s->g, list, &m, cells);
		memcpy(before, cells, sizeof before);
		column = change_cell(s->g, &r, &m, cells);
		if (column)
			tell(s, "changed", &m, s->row, column, before[column], cells[column]);
		put(s, &m, cells);
	}
}

/* People who were on no row before: one for forty, at least three. */
static void
new_rows(struct second *s)
{
	size_t wanted = s->rows_before / 40 > 3 ? s->rows_before / 40 : 3;
	struct str cells[COLUMNS_MAX];
	struct mention m = {.list = s->index, .no = s->rows_before};

	for (uint32_t id = 1; id <= s->g->people && wanted > 0; id++) {
		m.person = person_make(s->g, id);
		if (m.person.visible == 0 || list_has(s->g, list, s->index, &m.person))
			continue;
		arena_reset(s->g->row);
		wanted--;
		m.no++;
		s->row++;
		list_cells(s->g, list, &m, cells);
		tell(s, "new", &m, s->row, 0, S(""), S(""));
		put(s, &m, cells);
	}
}

static size_t
count_rows(const struct gen *g, unsigned index)
{
	struct walk w = list_walk(g, list, index);
	struct mention m;

	while (list_next(&w, &m))
		;
	return w.no;
}

enum status
second_write(const struct gen *g, unsigned index)
{
	struct second s = {
		.g = g, .index = index, .rows_before = count_rows(g, index),
		.list = out_open(g, file), .changes = out_open(g, "birlik-2.changes.csv"),
		.truth = out_open(g, "birlik-2.truth.csv"),
	};
	struct str cells[COLUMNS_MAX];
	enum status st[3];

	buf_cstr(out_buf(s.list), "\xef\xbb\xbf");
	for (size_t i = 0; i < list->columns; i++)
		cells[i] = str_of(list->header[i]);
	csv_write_row(out_buf(s.list), cells, list->columns, list->delimiter);
	buf_cstr(out_buf(s.changes), "change,no,row_before,row,column,before,after,person\r\n");
	buf_cstr(out_buf(s.truth), "list,row,person\r\n");
	known_rows(&s);
	new_rows(&s);
	st[0] = out_close(s.list);
	st[1] = out_close(s.changes);
	st[2] = out_close(s.truth);
	return st[0] ? st[0] : st[1] ? st[1] : st[2];
}
