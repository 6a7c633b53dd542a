/*
 * The tables of an OpenDocument workbook (ODF 1.3 part 3, 9.1).  All stand in one
 * part, so that it is read twice: once for which sheets there are, once for the one
 * that is wanted.  Empty cells and rows come as counts of repeats, which cost nothing;
 * repeats of what is filled are bounded.
 */
#include "sheet_int.h"

enum {
	/* A list of people has no ten thousand equal rows; a column that was filled down
	 * to the end of the sheet has a million. */
	REPEATED_ROWS_MOST = 10000,
	/* What a paragraph holds beside letters, until it ends.  XML has no such
	 * characters (1.0, 2.2), so that nobody else can write them. */
	HARD_SPACE = 1, HARD_TAB = 2, HARD_BREAK = 3,
};

enum place { FILE_ITSELF, DOCUMENT, STYLES, BODY, BOOK, TABLE, COLUMN, ROW, CELL, COVERED,
	PARAGRAPH, SPAN, SPACE, TAB, BREAK, PASS };

/* What an element is, by where it stands.  What has no line here is passed over with
 * all that is in it: notes, drawings, deleted rows, tables within cells; but in
 * styles and paragraphs the contents of any other element count. */
static const struct {
	uint8_t in;
	const char *name;
	uint8_t is;
} elements[] = {
	{FILE_ITSELF, "document-content", DOCUMENT}, {FILE_ITSELF, "document-styles", DOCUMENT},
	{DOCUMENT, "styles", STYLES}, {DOCUMENT, "automatic-styles", STYLES},
	{DOCUMENT, "body", BODY}, {BODY, "spreadsheet", BOOK}, {BOOK, "table", TABLE},
	{TABLE, "table-columns", TABLE}, {TABLE, "table-column-group", TABLE},
	{TABLE, "table-header-columns", TABLE}, {TABLE, "table-column", COLUMN},
	{TABLE, "table-rows", TABLE}, {TABLE, "table-row-group", TABLE},
	{TABLE, "table-header-rows", TABLE}, {TABLE, "table-row", ROW},
	{ROW, "table-cell", CELL}, {ROW, "covered-table-cell", COVERED},
	{CELL, "p", PARAGRAPH}, {CELL, "h", PARAGRAPH},
	{CELL, "list", CELL}, {CELL, "list-item", CELL}, {CELL, "list-header", CELL},
	{COVERED, "p", PARAGRAPH}, {COVERED, "h", PARAGRAPH},
	{PARAGRAPH, "s", SPACE}, {PARAGRAPH, "tab", TAB}, {PARAGRAPH, "line-break", BREAK},
	{PARAGRAPH, "note", PASS}, {PARAGRAPH, "annotation", PASS},
	{PARAGRAPH, "ruby-text", PASS},
};

/* Of office:body, and what to do about it: ODF 1.3 part 3, 3.3. */
static const struct {
	const char *name, *what;
} bodies[] = {
	{"text", "a text document (.odt); copy its table into a spreadsheet"},
	{"presentation", "a presentation (.odp); copy its table into a spreadsheet"},
	{"drawing", "a drawing (.odg); a workbook (.ods or .xlsx) is needed"},
	{"chart", "a chart; save the table it was made from"},
	{"database", "a database (.odb); export the table as CSV"},
	{"image", "a picture; a workbook (.ods or .xlsx) is needed"},
};

struct reading {
	struct grid g;
	struct ods_styles *styles;      /* filled while listing */
	struct book *list;              /* the first time: its sheets are filled */
	size_t nth, wanted;             /* of the tables, from 0; wanted the second time */
	uint8_t place[DEPTH_MOST + 1];  /* a stack */
	size_t depth, passing;          /* passing: how deep in what is passed over */
	struct str column_style[COLUMNS_MOST], row_style;
	size_t columns;                 /* with a style so far */
	size_t row_times, cell_times, next_row, next_column;
	size_t row_bytes;               /* of attributes and texts, kept while the row lasts */
	bool row_hidden, covered;
	struct ods_cell cell;
	struct str cell_style;
	size_t span_columns, span_rows, paragraphs, paragraph_at;
};

/* --- attributes --- */

/* A count from 1; what is none stops the reading. */
static size_t
count_of(struct xml *x, const struct reading *r, const char **attributes, const char *name)
{
	const char *v = xml_attribute(attributes, name);
	uint64_t n = 1;

	if (!v || (str_u64(str_of(v), &n) && n >= 1 && n <= INT32_MAX))
		return (size_t)n;
	xml_fail(x, "sheet " STR_FMT ": row %zu: something is repeated %.20s times; open the "
		"workbook and save it again", STR_ARG(r->g.sheet), r->g.row, v);
	return 1;
}

static struct str
style_of(struct arena *a, const char **attributes, const char *name)
{
	const char *v = xml_attribute(attributes, name);

	return v ? str_dup(a, str_of(v)) : STR_NONE;
}

/* --- sheets --- */

static void
list_sheet(struct xml *x, struct reading *r, const char **attributes)
{
	const char *name = xml_attribute(attributes, ODF("table", "name"));
	struct str style = str_of(xml_attribute(attributes, ODF("table", "style-name")));

	if (r->list->sheets.n == ENTRIES_MOST) {
		xml_fail(x, "more than %d sheets", ENTRIES_MOST);
		return;
	}
	VEC_PUSH(r->g.a, &r->list->sheets) = (struct book_sheet){
		.nth = r->nth - 1, .name = str_dup(r->g.a, str_of(name ? name : "")), .part = S("content.xml"),
		.hidden = ods_style_hides(r->styles, style), .empty = true,
	};
}

static void
table_start(struct xml *x, struct reading *r, const char **attributes)
{
	if (r->list)
		list_sheet(x, r, attributes);
	r->next_row = 1;
	r->columns = 0;
	grid_row_start(&r->g, 0);
}

static void
column_start(struct xml *x, struct reading *r, const char **attributes)
{
	size_t n = count_of(x, r, attributes, ODF("table", "number-columns-repeated"));
	struct str style;

	if (r->list || r->columns == COLUMNS_MOST)
		return;
	style = style_of(r->g.a, attributes, ODF("table", "default-cell-style-name"));
	for (; n > 0 && r->columns < COLUMNS_MOST; n--)
		r->column_style[r->columns++] = style;
}

/* --- rows --- */

/* The row's arena has room for twice TEXT_MOST. */
static bool
has_room(struct xml *x, struct reading *r, size_t n)
{
	r->row_bytes += n;
	if (r->row_bytes > TEXT_MOST)
		xml_fail(x, "sheet " STR_FMT ": row %zu: more than %d MiB in one row",
			STR_ARG(r->g.sheet), r->g.row, TEXT_MOST >> 20);
	return r->row_bytes <= TEXT_MOST;
}

static bool
attributes_fit(struct xml *x, struct reading *r, const char **attributes)
{
	size_t n = 0;

	for (; *attributes; attributes += 2)
		n += strlen(attributes[1]) + 16;         /* with what an arena may round up */
	return has_room(x, r, n);
}

static void
row_start(struct xml *x, struct reading *r, const char **attributes)
{
	struct str shown = str_of(xml_attribute(attributes, ODF("table", "visibility")));

	grid_row_start(&r->g, r->next_row);
	r->row_times = count_of(x, r, attributes, ODF("table", "number-rows-repeated"));
	r->next_row += r->row_times;
	r->next_column = 1;
	r->row_bytes = 0;
	if (!attributes_fit(x, r, attributes))
		return;
	r->row_hidden = str_is(shown, "collapse") || str_is(shown, "filter");
	r->row_style = style_of(r->g.row_arena, attributes,
		ODF("table", "default-cell-style-name"));
}

static void
row_end(struct xml *x, struct reading *r)
{
	if (r->g.filled == 0)
		return;
	if (r->next_row - 1 > ROWS_MOST) {
		xml_fail(x, "sheet " STR_FMT ": a row number above %d, which no sheet has",
			STR_ARG(r->g.sheet), ROWS_MOST);
		return;
	}
	if (r->row_times > REPEATED_ROWS_MOST) {
		xml_fail(x, "sheet " STR_FMT ": row %zu is followed by %zu equal ones; delete what "
			"was filled down to the end of the sheet", STR_ARG(r->g.sheet), r->g.row,
			r->row_times - 1);
		return;
	}
	if (r->row_hidden)
		r->g.to->hidden += r->row_times;
	grid_row_end(x, &r->g, r->row_times);
}

/* --- cells --- */

static void
cell_start(struct xml *x, struct reading *r, bool covered, const char **attributes)
{
	if (!attributes_fit(x, r, attributes))
		return;
	r->cell_times = count_of(x, r, attributes, ODF("table", "number-columns-repeated"));
	r->span_columns = count_of(x, r, attributes, ODF("table", "number-columns-spanned"));
	r->span_rows = count_of(x, r, attributes, ODF("table", "number-rows-spanned"));
	r->g.column = r->next_column;
	r->next_column += r->cell_times;
	r->covered = covered;
	r->cell = ods_cell_read(r->g.row_arena, attributes);
	r->cell_style = style_of(r->g.row_arena, attributes, ODF("table", "style-name"));
	r->paragraphs = 0;
	buf_clear(&x->text);
}

/* The cell's own style, or its row's, or its column's: 19.615, 19.741. */
static unsigned
shows_of(const struct reading *r)
{
	struct str style = r->cell_style.p ? r->cell_style : r->row_style;

	if (!style.p && r->g.column <= r->columns)
		style = r->column_style[r->g.column - 1];
	return ods_style_shows(r->styles, style);
}

/* Paragraphs that are all empty are an empty cell. */
static struct str
shown_text(const struct xml *x)
{
	struct str s = buf_str(&x->text);

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\n')
			return s;
	return S("");
}

static void
note_here(struct reading *r, struct str text)
{
	grid_note(&r->g, r->g.row, r->g.column, str_dup(r->g.a, text));
}

static void
note_cell(struct reading *r, struct str text)
{
	char name[CELL_NAME];

	if (r->cell.formula)
		note_here(r, text.n ? S("a formula; its last value was taken")
			: S("a formula without a value; read as empty"));
	if (text.n && (r->span_columns > 1 || r->span_rows > 1))
		note_here(r, str_fmt(r->g.row_arena, "merged with the cells up to %s; only this "
			"one holds the value, the others are empty", cell_name(r->g.column
			+ r->span_columns - 1, r->g.row + r->span_rows - 1, name)));
}

static void
cell_end(struct xml *x, struct reading *r)
{
	struct str text, what;
	char name[CELL_NAME];

	if (!has_room(x, r, x->text.n))
		return;
	if (!ods_value(r->g.row_arena, &r->cell, shown_text(x), shows_of(r), &text, &what)) {
		xml_fail(x, "sheet " STR_FMT ": cell %s is of the unknown type %.20s",
			STR_ARG(r->g.sheet), grid_cell_name(&r->g, name), r->cell.type.p);
		return;
	}
	if (r->list) {
		r->list->sheets.v[r->list->sheets.n - 1].empty &= text.n == 0 || r->covered;
		return;
	}
	if (r->covered) {
		if (text.n)
			note_here(r, S("a value that merged cells hide; read as empty"));
		return;
	}
	if (what.p)
		note_here(r, what);
	note_cell(r, text);
	for (size_t i = 0; text.n && i < r->cell_times && x->status == OK; i++, r->g.column++)
		grid_put(x, &r->g, text);
}

/* --- paragraphs --- */

static void
paragraph_start(struct xml *x, struct reading *r)
{
	if (r->paragraphs++ > 0)
		xml_put(x, "\n", 1);
	r->paragraph_at = x->text.n;
}

static void
put_many(struct xml *x, char c, size_t n)
{
	if (n > CELL_MOST)
		n = CELL_MOST + 1;              /* which is refused */
	for (size_t i = 0; i < n && x->status == OK; i++)
		xml_put(x, &c, 1);
}

/* White space as it is written is one space, and none at the ends: 6.1.2. */
static void
paragraph_end(struct xml *x, const struct reading *r)
{
	struct buf *b = &x->text;
	size_t to = r->paragraph_at;
	bool space = true;

	for (size_t i = to; i < b->n; i++) {
		uint8_t c = b->p[i];
		bool is_space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
		if (!is_space || !space)
			b->p[to++] = is_space || c == HARD_SPACE ? ' ' : c == HARD_TAB ? '\t'
				: c == HARD_BREAK ? '\n' : c;
		space = is_space;
	}
	b->n = to > r->paragraph_at && space ? to - 1 : to;
}

/* --- the elements --- */

static enum place
place_of(struct xml *x, enum place in, struct str local)
{
	for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
		if (elements[i].in == in && str_is(local, elements[i].name))
			return (enum place)elements[i].is;
	for (size_t i = 0; in == BODY && i < sizeof bodies / sizeof *bodies; i++)
		if (str_is(local, bodies[i].name))
			xml_fail(x, "this is %s", bodies[i].what);
	return in == STYLES ? STYLES : in == PARAGRAPH || in == SPAN ? SPAN : PASS;
}

static void
enter(struct xml *x, struct reading *r, enum place to, struct str local, const char **attributes)
{
	switch (to) {
	case STYLES:
		if (r->list)
			ods_styles_start(x, r->styles, local, attributes);
		break;
	case COLUMN: column_start(x, r, attributes); break;
	case ROW: row_start(x, r, attributes); break;
	case CELL: case COVERED:
		if (r->place[r->depth] == ROW)
			cell_start(x, r, to == COVERED, attributes);
		break;
	case PARAGRAPH: paragraph_start(x, r); break;
	case SPACE: put_many(x, HARD_SPACE, count_of(x, r, attributes, ODF("text", "c"))); break;
	case TAB: put_many(x, HARD_TAB, 1); break;
	case BREAK: put_many(x, HARD_BREAK, 1); break;
	default: break;
	}
}

/* Listing, one cell with something in it is enough to know of a sheet. */
static bool
known_filled(const struct reading *r)
{
	return r->list && !r->list->sheets.v[r->list->sheets.n - 1].empty;
}

/* The second time, other tables are passed over. */
static bool
table_enter(struct xml *x, struct reading *r, const char **attributes)
{
	if (r->nth++ != r->wanted && !r->list)
		return false;
	if (r->list)
		ods_styles_settle(r->styles);
	table_start(x, r, attributes);
	return true;
}

static void
on_start(struct xml *x, struct str local, const char **attributes)
{
	struct reading *r = x->to;
	enum place in = (enum place)r->place[r->depth], to = PASS;

	if (!r->passing)
		to = place_of(x, in == SPAN ? PARAGRAPH : in, local);
	if (to == TABLE && in == BOOK && !table_enter(x, r, attributes))
		to = PASS;
	if (to == ROW && known_filled(r))
		to = PASS;
	if (to == PASS) {
		r->passing++;
		x->keep = false;
		return;
	}
	enter(x, r, to, local, attributes);
	invariant(r->depth < DEPTH_MOST);        /* xml.c counts too */
	r->place[++r->depth] = (uint8_t)to;
	x->keep = to == PARAGRAPH || to == SPAN;
}

static void
on_end(struct xml *x, struct str local)
{
	struct reading *r = x->to;
	enum place from = (enum place)r->place[r->depth], to;

	if (r->passing) {
		r->passing--;
	} else {
		invariant(r->depth > 0);
		to = (enum place)r->place[--r->depth];
		if (from == STYLES)
			ods_styles_end(r->styles, local);
		else if (from == PARAGRAPH)
			paragraph_end(x, r);
		else if ((from == CELL || from == COVERED) && to == ROW)
			cell_end(x, r);
		else if (from == ROW && !r->list)
			row_end(x, r);
	}
	x->keep = !r->passing && (r->place[r->depth] == PARAGRAPH || r->place[r->depth] == SPAN);
}

/* --- both times --- */

enum status
ods_sheets_read(struct arena *a, const struct parts *p, struct ods_styles *styles,
	struct book *ret, struct err *e)
{
	struct reading *r = NEW(a, struct reading);
	struct xml x = {.to = r, .odf = true, .start = on_start, .end = on_end};
	struct rows none = {0};
	enum status s = OK;

	grid_begin(&r->g, a, S("?"), &none);
	r->styles = styles;
	r->list = ret;
	if (p->has(p->from, S("styles.xml")))
		s = xml_read(p, S("styles.xml"), &x, e);
	r->depth = r->passing = 0;
	if (s == OK)
		s = xml_read(p, S("content.xml"), &x, e);
	grid_finish(&r->g);
	return s;
}

enum status
ods_rows_read(struct arena *a, const struct parts *p, const struct book *b,
	const struct book_sheet *sheet, struct rows *ret, struct err *e)
{
	struct reading *r = NEW(a, struct reading);
	struct xml x = {.to = r, .odf = true, .start = on_start, .end = on_end};
	enum status s;

	grid_begin(&r->g, a, sheet->name, ret);
	r->styles = b->ods;
	r->wanted = sheet->nth;
	s = xml_read(p, sheet->part, &x, e);
	grid_finish(&r->g);
	return s;
}
