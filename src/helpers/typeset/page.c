/*
 * Pages.  The document is put on them twice: a first pass counts them, the
 * second draws, so that each can say "of how many".
 */
#include <cairo-pdf.h>
#include "helpers/typeset/typeset_int.h"

const double page_top = 64, page_margin = 56.7;

/* A4 (ISO 216) in points of 1/72 inch. */
static const double short_side = 595.28, long_side = 841.89;
static const double below_text = 72, below_footer = 36;
/* Where in its leading a line stands: a little more above than below. */
static const double baseline_share = 0.74;

double
page_width(const struct page *p)
{
	return p->landscape ? long_side : short_side;
}

double
page_height(const struct page *p)
{
	return p->landscape ? short_side : long_side;
}

double
page_bottom(const struct page *p)
{
	return page_height(p) - below_text;
}

static void
footer(struct page *p)
{
	static const struct face face = {7.8, 8.2, 7.4, .gray = 0.35};
	const double width = page_width(p) - 2 * page_margin;
	const double baseline = page_bottom(p) + below_text - below_footer;
	struct run run = {words_page_of(p->a, p->doc->lang, p->number, p->total), 0};
	PangoLayout *l = text_layout(&p->dir, &run, 1, &face, p->rtl, p->doc->lang);
	double w = page_layout_width(l);

	cairo_set_source_rgb(p->cr, face.gray, face.gray, face.gray);
	page_lines(p, l, 0, 1, page_x(p, page_margin + width - w, w), baseline, 0);
	g_object_unref(l);
	run.text = p->doc->footer;
	l = text_layout(&p->dir, &run, 1, &face, p->rtl, p->doc->lang);
	pango_layout_set_ellipsize(l, PANGO_ELLIPSIZE_END);
	pango_layout_set_width(l, (int)((width - w - 24) * PANGO_SCALE));
	page_lines(p, l, 0, 1, page_x(p, page_margin, width - w - 24), baseline, 0);
	g_object_unref(l);
	cairo_set_source_rgb(p->cr, 0, 0, 0);
}

void
page_start(struct page *p)
{
	p->number = 1;
	p->landscape = false;
	p->y = page_top;
	p->open = false;
}

void
page_finish(struct page *p)
{
	if (!p->drawing)
		return;
	footer(p);
	cairo_show_page(p->cr);
}

void
page_break(struct page *p)
{
	page_finish(p);
	p->number++;
	p->y = page_top;
	p->open = false;
}

void
page_turn(struct page *p, bool landscape)
{
	if (p->landscape == landscape)
		return;
	if (p->open)
		page_break(p);
	p->landscape = landscape;
	if (p->drawing)
		cairo_pdf_surface_set_size(cairo_get_target(p->cr), page_width(p),
			page_height(p));
}

void
page_need(struct page *p, double height)
{
	if (p->open && p->y + height > page_bottom(p))
		page_break(p);
}

double
page_x(const struct page *p, double start, double width)
{
	return p->rtl ? page_width(p) - start - width : start;
}

void
page_space(struct page *p, double height)
{
	if (p->open)
		p->y += height;
}

double
page_layout_width(PangoLayout *l)
{
	PangoRectangle r;

	pango_layout_get_extents(l, NULL, &r);
	return (double)r.width / PANGO_SCALE;
}

void
page_lines(struct page *p, PangoLayout *l, int from, int to, double x, double y, double leading)
{
	PangoLayoutIter *it;
	PangoRectangle r;
	int k = 0;

	if (!p->drawing)
		return;
	it = pango_layout_get_iter(l);
	do {
		if (k < from)
			continue;
		pango_layout_iter_get_line_extents(it, NULL, &r);
		cairo_move_to(p->cr, x + (double)r.x / PANGO_SCALE,
			y + (baseline_share + k - from) * leading);
		pango_cairo_show_layout_line(p->cr, pango_layout_iter_get_line_readonly(it));
	} while (++k < to && pango_layout_iter_next_line(it));
	pango_layout_iter_free(it);
	if (from == 0)
		p->no_glyph += (size_t)pango_layout_get_unknown_glyphs_count(l);
}

/* How many lines must fit for line k to be put on this page. */
static int
group(const struct place *at, int k, int n)
{
	int first = (int)at->keep_first, last = (int)at->keep_last;

	if (k == 0)
		return n < first + last ? n : first;
	return n - k == last ? last : 1;
}

static size_t
text_index(const PangoLayoutRun *run, int glyph)
{
	return (size_t)(run->item->offset + run->glyphs->log_clusters[glyph]);
}

/* Widths of all glyphs, and how many are spaces with a width. */
static int
add_up(PangoLayoutLine *line, const char *text, int wider, int *ret_spaces)
{
	int width = 0;

	*ret_spaces = 0;
	for (GSList *r = line->runs; r; r = r->next) {
		PangoLayoutRun *run = r->data;
		for (int k = 0; k < run->glyphs->num_glyphs; k++) {
			PangoGlyphInfo *g = &run->glyphs->glyphs[k];
			if (text[text_index(run, k)] == ' ' && g->geometry.width > 0) {
				g->geometry.width += wider;
				++*ret_spaces;
			}
			width += g->geometry.width;
		}
	}
	return width;
}

/* Where a line ends between two items (of scripts, of styles), Pango 1.50 drops
 * the space there only after it has justified, and the line comes out short by
 * it: give the room to the other spaces. */
static void
mend(PangoLayoutLine *line, const char *text, int full)
{
	int spaces, missing = full - add_up(line, text, 0, &spaces);

	if (missing > 0 && spaces > 0)
		add_up(line, text, missing / spaces, &spaces);
}

static void
mend_lines(PangoLayout *l)
{
	const char *text = pango_layout_get_text(l);
	int n = pango_layout_get_line_count(l);

	for (int k = 0; pango_layout_get_justify(l) && k + 1 < n; k++) {
		PangoLayoutLine *line = pango_layout_get_line(l, k);
		PangoLayoutLine *next = pango_layout_get_line_readonly(l, k + 1);
		/* Lines that end by U+2028 are not justified. */
		if (!next->is_paragraph_start
		    && line->start_index + line->length == next->start_index)
			mend(line, text, pango_layout_get_width(l));
	}
}

void
page_paragraph(struct page *p, PangoLayout *l, const struct place *at)
{
	int n, from = 0;

	pango_layout_set_width(l, (int)(at->width * PANGO_SCALE));
	n = pango_layout_get_line_count(l);
	mend_lines(l);
	for (int k = 0; k < n; k++) {
		double need = group(at, k, n) * at->leading;
		if (p->open && p->y + (k - from) * at->leading + need > page_bottom(p)) {
			page_lines(p, l, from, k, page_x(p, at->start, at->width), p->y,
				at->leading);
			page_break(p);
			from = k;
		}
		p->open = true;
	}
	page_lines(p, l, from, n, page_x(p, at->start, at->width), p->y, at->leading);
	p->y += (n - from) * at->leading;
	g_object_unref(l);
}

void
page_rule(struct page *p, double x, double y, double width, double thick, double gray)
{
	if (!p->drawing)
		return;
	cairo_set_source_rgb(p->cr, gray, gray, gray);
	cairo_rectangle(p->cr, x, y, width, thick);
	cairo_fill(p->cr);
	cairo_set_source_rgb(p->cr, 0, 0, 0);
}
