/*
 * Annexes.  Column widths come from the content: what fits stays as wide as it
 * is, what does not is capped evenly, and long cells wrap inside their column.
 * All cells of a row share their baselines, whatever their scripts.
 */
#include "helpers/typeset/typeset_int.h"

static const double gutter = 9, pad = 2.6;
static const struct face cell_face = {8.7, 9.2, 7.4}, head_face = {8.4, 8.9, 7.4, .bold = true};
static const double leading_latin = 12.4, leading_arabic = 14.2;

/* Forms of a table, from the best: it takes the first into which its words go. */
static const struct {
	bool wide;
	double scale;                 /* of the type */
} forms[] = {{false, 1}, {true, 1}, {true, 0.9}, {true, 0.8}};
enum { FORMS = sizeof forms / sizeof *forms };
/* With more than this times the room, short columns wrap too much to be read. */
static const double crowded = 1.5, readable = 200, unbroken = 90;

/* The header is repeated on each page: it must leave room for rows. */
enum { HEAD_LINES_MAX = 12 };

struct annex {
	const struct typeset_annex *x;
	size_t form;
	double width;                 /* of the whole */
	struct face cell, head;
	double *columns;              /* width of each */
	double *natural;              /* of each cell on one line, to measure once */
	uint16_t *lines;              /* of each row */
	double leading;
};

static bool
cell_rtl(const struct page *p, const struct typeset_cell *c)
{
	return c->dir == TYPESET_AUTO && text_starts_rtl(c->text, p->rtl);
}

/* Every cell stands at the start of its column, in its own direction. */
static PangoLayout *
cell_layout(struct page *p, const struct typeset_cell *c, const struct face *f)
{
	struct run run = {c->text, c->dir == TYPESET_CODE ? RUN_CODE : 0};
	PangoLayout *l = text_layout(&p->dir, &run, 1, f, cell_rtl(p, c), p->doc->lang);

	pango_layout_set_alignment(l, p->rtl ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
	return l;
}

static double
natural_width(struct page *p, const struct typeset_cell *c, const struct face *f)
{
	PangoLayout *l = cell_layout(p, c, f);
	double w = page_layout_width(l);

	g_object_unref(l);
	return w;
}

/* The longest word: below this a column would break words.  A date or a short
 * code is one word. */
static double
least_width(struct page *p, const struct typeset_cell *c, const struct face *f, double natural)
{
	PangoLayout *l;
	double w;

	if (c->dir != TYPESET_AUTO)
		return natural < unbroken ? natural : unbroken;
	l = cell_layout(p, c, f);
	pango_layout_set_wrap(l, PANGO_WRAP_WORD);
	pango_layout_set_width(l, 0);
	w = page_layout_width(l);
	g_object_unref(l);
	return w;
}

static struct typeset_cell
head_cell(const struct typeset_annex *x, size_t col)
{
	return (struct typeset_cell){x->columns[col], TYPESET_AUTO};
}

/* Fill `want` up to `have`: everybody gets the least, then the rest is poured in
 * evenly until each has what it wants. */
static void
share(double *columns, const double *least, const double *want, size_t n, double have)
{
	double low = 0, high = have, used = 0;

	for (int k = 0; k < 60; k++) {
		double cap = (low + high) / 2;
		used = 0;
		for (size_t i = 0; i < n; i++)
			used += want[i] < cap ? want[i] : cap > least[i] ? cap : least[i];
		if (used > have)
			high = cap;
		else
			low = cap;
	}
	used = 0;
	for (size_t i = 0; i < n; i++) {
		columns[i] = want[i] < low ? want[i] : low > least[i] ? low : least[i];
		used += columns[i];
	}
	/* Even the least is too much: words will break. */
	for (size_t i = 0; i < n && used > have; i++)
		columns[i] *= have / used;
}

/* What each column wants, and the least it can do with, at full size. */
static void
measure_column(struct page *p, struct annex *t, size_t col, double *want, double *least)
{
	const struct typeset_annex *x = t->x;
	struct typeset_cell head = head_cell(x, col);

	*want = natural_width(p, &head, &head_face);
	*least = least_width(p, &head, &head_face, *want);
	for (size_t r = 0; r < x->n_rows; r++) {
		const struct typeset_cell *c = &x->cells[r * x->n_columns + col];
		double w = natural_width(p, c, &cell_face);
		t->natural[r * x->n_columns + col] = w;
		*want = w > *want ? w : *want;
		/* No word is longer than its cell: most need not be looked at. */
		if (w > *least)
			w = least_width(p, c, &cell_face, w);
		*least = w > *least ? w : *least;
	}
	/* Rounding must not wrap what fits. */
	*want += 0.5;
	*least += 0.5;
}

static double
room(size_t form, size_t columns)
{
	const struct page p = {.landscape = forms[form].wide};

	return page_width(&p) - 2 * page_margin - gutter * (double)(columns - 1);
}

static size_t
choose_form(const double *want, const double *least, size_t n)
{
	double words = 0, lines = 0;
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		words += least[i];
		lines += want[i] < readable ? want[i] : readable;
	}
	if (lines > crowded * room(0, n))
		k++;
	while (k + 1 < FORMS && words * forms[k].scale > room(k, n))
		k++;
	return k;
}

static void
set_form(struct annex *t, size_t form, double leading)
{
	const double scale = forms[form].scale;
	struct face *const faces[] = {&t->cell, &t->head};

	t->form = form;
	t->width = room(form, 1);
	t->leading = leading * scale;
	t->cell = cell_face;
	t->head = head_face;
	for (size_t i = 0; i < 2; i++) {
		faces[i]->latin_pt *= scale;
		faces[i]->arabic_pt *= scale;
		faces[i]->code_pt *= scale;
	}
}

static void
measure_columns(struct page *p, struct annex *t)
{
	size_t n = t->x->n_columns;
	double have, sum = 0, scale;
	double *want = NEWS(p->a, double, n), *least = NEWS(p->a, double, n);

	for (size_t i = 0; i < n; i++)
		measure_column(p, t, i, &want[i], &least[i]);
	set_form(t, choose_form(want, least, n), t->leading);
	scale = forms[t->form].scale;
	have = room(t->form, n);
	for (size_t i = 0; i < n; i++) {
		want[i] *= scale;
		least[i] = least[i] * scale < have / 2 ? least[i] * scale : have / 2;
		sum += want[i];
	}
	for (size_t i = 0; i < n * t->x->n_rows; i++)
		t->natural[i] *= scale;
	if (sum > have)
		share(t->columns, least, want, n, have);
	else
		for (size_t i = 0; i < n; i++)
			t->columns[i] = want[i] + (have - sum) / (double)n;
}

bool
annex_is_wide(const struct annex *t)
{
	return forms[t->form].wide;
}

static int
cell_lines(struct page *p, const struct annex *t, size_t row, size_t col)
{
	size_t k = row * t->x->n_columns + col;
	PangoLayout *l;
	int n;

	if (t->natural[k] <= t->columns[col])
		return 1;
	l = cell_layout(p, &t->x->cells[k], &t->cell);
	pango_layout_set_width(l, (int)(t->columns[col] * PANGO_SCALE));
	n = pango_layout_get_line_count(l);
	g_object_unref(l);
	return n;
}

struct annex *
annex_measure(struct page *p, const struct typeset_annex *x)
{
	struct annex *t = NEW(p->a, struct annex);
	size_t n = x->n_columns;

	*t = (struct annex){.x = x};
	set_form(t, 0, p->rtl ? leading_arabic : leading_latin);
	if (n == 0)
		return t;
	t->columns = NEWS(p->a, double, n);
	t->natural = NEWS(p->a, double, x->n_rows * n);
	t->lines = NEWS(p->a, uint16_t, x->n_rows);
	measure_columns(p, t);
	for (size_t r = 0; r < x->n_rows; r++) {
		int most = 1;
		for (size_t i = 0; i < n; i++) {
			int k = cell_lines(p, t, r, i);
			most = k > most ? k : most;
		}
		t->lines[r] = (uint16_t)(most < UINT16_MAX ? most : UINT16_MAX);
	}
	return t;
}

/* ---- Drawing ----------------------------------------------------------------- */

/* The lines [from, to) of each cell of a row. */
static void
draw_cells(struct page *p, const struct annex *t, const struct typeset_cell *cells,
	const struct face *f, int from, int to)
{
	double start = page_margin;

	if (!p->drawing)
		return;
	for (size_t i = 0; i < t->x->n_columns; i++) {
		PangoLayout *l = cell_layout(p, &cells[i], f);
		pango_layout_set_width(l, (int)(t->columns[i] * PANGO_SCALE));
		int n = pango_layout_get_line_count(l);
		if (from < n)
			page_lines(p, l, from, n < to ? n : to,
				page_x(p, start, t->columns[i]), p->y + pad, t->leading);
		g_object_unref(l);
		start += t->columns[i] + gutter;
	}
}

static int
head_lines(struct page *p, const struct annex *t)
{
	int most = 1;

	for (size_t i = 0; i < t->x->n_columns; i++) {
		struct typeset_cell c = head_cell(t->x, i);
		PangoLayout *l = cell_layout(p, &c, &t->head);
		pango_layout_set_width(l, (int)(t->columns[i] * PANGO_SCALE));
		int n = pango_layout_get_line_count(l);
		most = n > most ? n : most;
		g_object_unref(l);
	}
	return most < HEAD_LINES_MAX ? most : HEAD_LINES_MAX;
}

static void
rule(struct page *p, const struct annex *t, double thick, double gray)
{
	page_rule(p, page_x(p, page_margin, t->width), p->y, t->width, thick, gray);
}

static void
draw_head(struct page *p, const struct annex *t, int lines)
{
	struct typeset_cell *cells = NEWS(p->a, struct typeset_cell, t->x->n_columns);

	for (size_t i = 0; i < t->x->n_columns; i++)
		cells[i] = head_cell(t->x, i);
	rule(p, t, 0.7, 0);
	draw_cells(p, t, cells, &t->head, 0, lines);
	p->open = true;
	p->y += lines * t->leading + 2 * pad;
	rule(p, t, 0.45, 0);
}

/* A row stays whole unless it is higher than a page. */
static void
draw_row(struct page *p, const struct annex *t, size_t r, int head)
{
	const struct typeset_cell *cells = t->x->cells + r * t->x->n_columns;
	int from = 0, lines = t->lines[r];
	double whole = lines * t->leading + 2 * pad;

	if (p->y + whole > page_bottom(p)
	    && whole < page_bottom(p) - page_top - head * t->leading - 4 * pad) {
		page_break(p);
		draw_head(p, t, head);
	}
	while (from < lines) {
		int fit = (int)((page_bottom(p) - p->y - 2 * pad) / t->leading);
		if (fit < 1) {
			page_break(p);
			draw_head(p, t, head);
			continue;
		}
		int to = from + fit < lines ? from + fit : lines;
		draw_cells(p, t, cells, &t->cell, from, to);
		p->y += (to - from) * t->leading + 2 * pad;
		from = to;
	}
	rule(p, t, 0.25, 0.72);
}

void
annex_draw(struct page *p, const struct annex *t)
{
	static const struct face face = {9.2, 9.6, 8, .italic = true};
	int head;

	if (t->x->n_columns > 0) {
		head = head_lines(p, t);
		page_need(p, (head + 2) * t->leading + 6 * pad);
		draw_head(p, t, head);
		for (size_t r = 0; r < t->x->n_rows; r++)
			draw_row(p, t, r, head);
		if (t->x->n_rows > 0)
			return;
		p->y += pad;
	}
	struct run run = {str_of(words_none(p->doc->lang)), 0};
	const struct place at = {page_margin, t->width, t->leading, 1, 1};
	page_paragraph(p, text_layout(&p->dir, &run, 1, &face, p->rtl, p->doc->lang), &at);
}
