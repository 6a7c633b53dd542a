/*
 * Styles of an OpenDocument workbook, as far as they change what a value means: the
 * date styles (ODF 1.3 part 3, 16.29.10), which cell styles use them (16.2), and
 * which sheets are hidden (table:display, 20.261).
 */
#include "sheet_int.h"
#include <stdlib.h>

enum { PARENTS_MOST = 16, ALL = SHOWS_YEAR | SHOWS_MONTH | SHOWS_DAY };

/* The three kinds in one list: name, and what it says. */
enum style_kind { CELL_STYLE, DATE_STYLE, TABLE_STYLE };
struct style {
	enum style_kind kind;
	struct str name;
	struct str data, parent;        /* CELL_STYLE */
	unsigned shows;                 /* DATE_STYLE */
	bool hidden;                    /* TABLE_STYLE */
	size_t nth;
};
struct ods_styles {
	struct arena *a;
	VEC(struct style) v;
	struct style *open;             /* the one whose contents are being read, or NULL */
};

struct ods_styles *
ods_styles_create(struct arena *a)
{
	struct ods_styles *st = NEW(a, struct ods_styles);

	st->a = a;
	return st;
}

static struct str
attribute(struct arena *a, const char **attributes, const char *name)
{
	const char *v = xml_attribute(attributes, name);

	return v ? str_dup(a, str_of(v)) : STR_NONE;
}

static void
open_style(struct xml *x, struct ods_styles *st, enum style_kind kind, const char **attributes)
{
	struct style s = {.kind = kind, .nth = st->v.n,
		.name = attribute(st->a, attributes, ODF("style", "name"))};

	if (!s.name.p)
		return;
	if (st->v.n == STYLES_MOST) {
		xml_fail(x, "more than %d styles", STYLES_MOST);
		return;
	}
	if (kind == CELL_STYLE) {
		s.data = attribute(st->a, attributes, ODF("style", "data-style-name"));
		s.parent = attribute(st->a, attributes, ODF("style", "parent-style-name"));
	}
	VEC_PUSH(st->a, &st->v) = s;
	st->open = &st->v.v[st->v.n - 1];
}

void
ods_styles_start(struct xml *x, struct ods_styles *st, struct str local, const char **attributes)
{
	static const struct {
		const char *name;
		unsigned shows;
	} shown[] = {
		{"year", SHOWS_YEAR}, {"era", SHOWS_YEAR}, {"month", SHOWS_MONTH},
		{"day", SHOWS_DAY}, {"hours", SHOWS_TIME}, {"minutes", SHOWS_TIME},
		{"seconds", SHOWS_TIME},
	};

	if (str_is(local, "date-style")) {
		open_style(x, st, DATE_STYLE, attributes);
	} else if (str_is(local, "style")) {
		struct str family = str_of(xml_attribute(attributes, ODF("style", "family")));
		if (str_is(family, "table-cell"))
			open_style(x, st, CELL_STYLE, attributes);
		else if (str_is(family, "table"))
			open_style(x, st, TABLE_STYLE, attributes);
	} else if (st->open && st->open->kind == TABLE_STYLE && str_is(local, "table-properties")) {
		st->open->hidden = str_is(str_of(xml_attribute(attributes,
			ODF("table", "display"))), "false");
	}
	for (size_t i = 0; st->open && i < sizeof shown / sizeof *shown; i++)
		if (st->open->kind == DATE_STYLE && str_is(local, shown[i].name))
			st->open->shows |= shown[i].shows;
}

void
ods_styles_end(struct ods_styles *st, struct str local)
{
	if (str_is(local, "style") || str_is(local, "date-style"))
		st->open = NULL;
}

static int
by_name(const void *x, const void *y)
{
	const struct style *a = x, *b = y;

	return a->kind != b->kind ? (a->kind > b->kind) - (a->kind < b->kind)
		: str_cmp(a->name, b->name);
}

/* Of two with one name the later first: content.xml's own hide those of styles.xml. */
static int
by_name_and_age(const void *x, const void *y)
{
	const struct style *a = x, *b = y;
	int order = by_name(x, y);

	return order ? order : (a->nth < b->nth) - (a->nth > b->nth);
}

void
ods_styles_settle(struct ods_styles *st)
{
	size_t n = 0;

	st->open = NULL;
	if (st->v.n == 0)
		return;
	qsort(st->v.v, st->v.n, sizeof *st->v.v, by_name_and_age);
	for (size_t i = 0; i < st->v.n; i++)
		if (i == 0 || by_name(&st->v.v[i], &st->v.v[n - 1]) != 0)
			st->v.v[n++] = st->v.v[i];
	st->v.n = n;
}

static const struct style *
find(const struct ods_styles *st, enum style_kind kind, struct str name)
{
	struct style key = {.kind = kind, .name = name};

	return st->v.n && name.p ? bsearch(&key, st->v.v, st->v.n, sizeof key, by_name) : NULL;
}

unsigned
ods_style_shows(const struct ods_styles *st, struct str name)
{
	const struct style *cell = find(st, CELL_STYLE, name), *date;

	for (int i = 0; cell && !cell->data.p && i < PARENTS_MOST; i++)
		cell = find(st, CELL_STYLE, cell->parent);
	date = cell ? find(st, DATE_STYLE, cell->data) : NULL;
	return date && date->shows ? date->shows : ALL;
}

bool
ods_style_hides(const struct ods_styles *st, struct str name)
{
	const struct style *table = find(st, TABLE_STYLE, name);

	return table && table->hidden;
}
