/*
 * What a whole column proves about its dates.  25/12/2019 can be nothing but a day
 * before a month; then 03/04/2020 beside it is the 3rd of April.  A column that
 * proves both, or nothing, is left as it is: its ambiguous dates stay intervals.
 */
#include "register/import_int.h"

struct evidence {
	size_t unclear;              /* dates that can be read in more than one way */
	size_t dmy, mdy;             /* dates that only one order can read */
	size_t row_dmy, row_mdy;     /* where the first of them stand */
	size_t calendar[4];          /* clear dates by calendar */
	struct str words;            /* the first unclear one */
};

static void
look(const struct map *m, const struct target *t, struct str words, struct evidence *v)
{
	struct date d;

	if (map_is_missing(m, words) || date_parse(words, &t->hint, &d, NULL) != OK)
		return;
	if (!(d.flags & DATE_AMBIGUOUS)) {
		v->calendar[d.calendar]++;
	} else if (v->unclear++ == 0) {
		v->words = words;
	}
}

static bool
reads(const struct target *t, struct str words, enum date_order order, struct date *ret)
{
	struct date_hint h = t->hint;

	h.order = order;
	return date_parse(words, &h, ret, NULL) == OK;
}

static void
look_for_order(const struct map *m, const struct target *t, const struct row *row,
	struct str words, struct evidence *v)
{
	struct date d;

	if (map_is_missing(m, words))
		return;
	bool dmy = reads(t, words, DATE_ORDER_DMY, &d), mdy = reads(t, words, DATE_ORDER_MDY, &d);
	if (dmy && !mdy && v->dmy++ == 0)
		v->row_dmy = row->line;
	if (mdy && !dmy && v->mdy++ == 0)
		v->row_mdy = row->line;
}

/* Does knowing the calendar say more of any date of the column? */
static bool
calendar_tells(const struct map *m, const struct target *t, const struct table *table,
	enum calendar only)
{
	size_t column = t->words.v[0].column;
	struct date_hint h = t->hint;
	struct date was, is;

	h.calendar = only;
	for (size_t i = 1; i < table->n; i++) {
		struct str words = table->rows[i].cells[column - 1];
		if (!map_is_missing(m, words) && date_parse(words, &t->hint, &was, NULL) == OK
		    && date_parse(words, &h, &is, NULL) == OK && !date_equal(&was, &is))
			return true;
	}
	return false;
}

static void
learn_calendar(const struct map *m, struct target *t, const struct table *table,
	const struct evidence *v, struct notes *notes)
{
	static const char *const names[] = {"", "Gregorian", "Solar Hijri", "Imperial"};
	enum calendar only = (enum calendar)0;

	for (int c = CAL_GREGORIAN; c <= CAL_IMPERIAL; c++)
		if (v->calendar[c]) {
			if (only)
				return;
			only = (enum calendar)c;
		}
	if (!only || t->hint.calendar || !calendar_tells(m, t, table, only))
		return;
	t->hint.calendar = only;
	note_add(notes, ROW_WARNING, 0, t->words.v[0].column, "all its clear dates are %s; dates "
		"without a full year are read so", names[only]);
}

static void
learn_order(struct target *t, const struct evidence *v, size_t column, struct notes *notes)
{
	if (v->dmy && v->mdy) {
		note_add(notes, ROW_WARNING, 0, column, "row %zu has the day first, row %zu the month: "
			"dates that can be read both ways are kept as both; give --dates dmy or mdy",
			v->row_dmy, v->row_mdy);
	} else if (v->dmy || v->mdy) {
		t->hint.order = v->dmy ? DATE_ORDER_DMY : DATE_ORDER_MDY;
		note_add(notes, ROW_WARNING, 0, column, "row %zu proves that the %s stands first in "
			"this column: \"" STR_FMT "\" and the like are read so",
			v->dmy ? v->row_dmy : v->row_mdy, v->dmy ? "day" : "month",
			STR_ARG(str_upto(v->words, 60)));
	}
}

static void
learn(struct map *m, struct target *t, const struct table *table, struct notes *notes)
{
	size_t column = t->words.v[0].column;
	struct evidence v = {0};

	for (size_t i = 1; i < table->n; i++)
		look(m, t, table->rows[i].cells[column - 1], &v);
	if (v.unclear == 0)
		return;
	learn_calendar(m, t, table, &v, notes);
	if (t->hint.order != DATE_ORDER_ASK)
		return;
	for (size_t i = 1; i < table->n; i++)
		look_for_order(m, t, &table->rows[i], table->rows[i].cells[column - 1], &v);
	learn_order(t, &v, column, notes);
}

void
map_learn_dates(struct map *m, const struct table *t, struct notes *notes)
{
	for (size_t g = 0; g < m->groups.n; g++)
		for (size_t i = 0; i < m->groups.v[g].targets.n; i++) {
			struct target *target = &m->groups.v[g].targets.v[i];
			if (target->field->type == VALUE_DATE && target->words.n == 1
			    && target->words.v[0].column)
				learn(m, target, t, notes);
		}
}
