/*
 * Annexes.  Column widths come from the content: what fits stays as wide as it
 * is, what does not is capped evenly, and long cells wrap inside their column.
 * All cells of a row share their baselines, whatever their scripts.
 */
#include "helpers/typeset/typeset_int.h"

static const double table_start = 56.7, gutter = 9, pad = 2.6;
static const struct face cell_face = {8.7, 9.2, 7.4}, head_face = {8.4, 8.9, 7.4, .bold = true};

/* The header is repeated on each page: it must leave room for rows. */
enum { HEAD_LINES_MAX = 12 };

struct annex {
	const struct typeset_annex *x;
	double width;                 /* of the whole */
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

/* The longest word: below this a column would break words. */
static double
least_width(struct page *p, const struct typeset_cell *c, const struct face *f)
{
	PangoLayout *l = cell_layout(p, c, f);
	double w;

	if (c->dir != TYPESET_CODE)
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

static void
measure_columns(struct page *p, struct annex *t)
{
	const struct typeset_annex *x = t->x;
	size_t n = x->n_columns;
	double have = t->width - gutter * (double)(n - 1), sum = 0;
	double *want = NEWS(p->a, double, n), *least = NEWS(p->a, double, n);

	for (size_t i = 0; i < n; i++) {
		struct typeset_cell head = head_cell(x, i);
		want[i] = natural_width(p, &head, &head_face);
		for (size_t r = 0; r < x->n_rows; r++) {
			double w = natural_width(p, &x->cells[r * n + i], &cell_face);
			t->natural[r * n + i] = w;
			want[i] = w > want[i] ? w : want[i];
		}
		want[i] += 0.5;               /* rounding must not wrap what fits */
		sum += want[i];
	}
	if (sum <= have) {
		for (size_t i = 0; i < n; i++)
			t->columns[i] = want[i] + (have - sum) / (double)n;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct typeset_cell head = head_cell(x, i);
		double cap = have / (double)n;
		least[i] = least_width(p, &head, &head_face);
		for (size_t r = 0; r < x->n_rows && want[i] > cap; r++) {
			double w = t->natural[r * n + i];
			if (w > least[i])
				w = least_width(p, &x->cells[r * n + i], &cell_face);
			least[i] = w > least[i] ? w : least[i];
		}
		least[i] = least[i] + 0.5 < have / 2 ? least[i] + 0.5 : have / 2;
	}
	share(t->columns, least, want, n, have);
}

static int
cell_lines(struct page *p, const struct annex *t, size_t row, size_t col)
{
	size_t k = row * t->x->n_columns + col;
	PangoLayout *l;
	int n;

	if (t->natural[k] <= t->columns[col])
		return 1;
	l = cell_layout(p, &t->x->cells[k], &cell_face);
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

	*t = (struct annex){.x = x, .width = page_width - 2 * table_start,
		.leading = p->rtl ? 14.2 : 12.4};
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
	double start = table_start;

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
		PangoLayout *l = cell_layout(p, &c, &head_face);
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
	page_rule(p, page_x(p, table_start, t->width), p->y, t->width, thick, gray);
}

static void
draw_head(struct page *p, const struct annex *t, int lines)
{
	struct typeset_cell *cells = NEWS(p->a, struct typeset_cell, t->x->n_columns);

	for (size_t i = 0; i < t->x->n_columns; i++)
		cells[i] = head_cell(t->x, i);
	rule(p, t, 0.7, 0);
	draw_cells(p, t, cells, &head_face, 0, lines);
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

	if (p->y + whole > page_bottom
	    && whole < page_bottom - page_top - head * t->leading - 4 * pad) {
		page_break(p);
		draw_head(p, t, head);
	}
	while (from < lines) {
		int fit = (int)((page_bottom - p->y - 2 * pad) / t->leading);
		if (fit < 1) {
			page_break(p);
			draw_head(p, t, head);
			continue;
		}
		int to = from + fit < lines ? from + fit : lines;
		draw_cells(p, t, cells, &cell_face, from, to);
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
	const struct place at = {table_start, t->width, t->leading, 1, 1};
	page_paragraph(p, text_layout(&p->dir, &run, 1, &face, p->rtl, p->doc->lang), &at);
}
