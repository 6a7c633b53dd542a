/*
 * A letter, from its head to the page that says how to check it.  Sizes are
 * points; "start" is where lines begin: left, or right in Persian.
 */
#include <cmark.h>
#include "helpers/typeset/typeset_int.h"

/* One measure for all text, about 70 characters of the body; numbers hang before
 * it.  Tables are wider. */
static const double measure_start = 118, measure = 359, number_hang = 24, indent_step = 20;

/* Naskh needs more room between lines than Gentium, and to look as large, more
 * points (11.4 to 10.9). */
struct look {
	struct face body, small, head, title, heading, sub, code;
	double leading, small_leading, title_leading, code_leading, gap;
};
static const struct look latin_look = {
	.body = {10.9, 11.4, 8.8},
	.small = {9.2, 9.6, 7.9},
	.head = {10.6, 11, 9, .bold = true},
	.title = {14, 14.6, 12, .bold = true},
	.heading = {11.4, 11.9, 9.4, .bold = true},
	.sub = {10.9, 11.4, 8.8, .italic = true},
	.code = {10.9, 11.4, 7.7},
	.leading = 15.1, .small_leading = 12.6, .title_leading = 18.5, .code_leading = 11,
	.gap = 6.4,
};
static const struct look arabic_look = {
	.body = {10.9, 11.4, 8.8},
	.small = {9.2, 9.6, 7.9},
	.head = {10.6, 11, 9, .bold = true},
	.title = {14, 14.6, 12, .bold = true},
	.heading = {11.4, 11.9, 9.4, .bold = true},
	.sub = {10.9, 11.4, 8.8, .bold = true},
	.code = {10.9, 11.4, 7.7},
	.leading = 18.6, .small_leading = 15.4, .title_leading = 23, .code_leading = 11,
	.gap = 6.4,
};

struct letter {
	struct page *page;
	const struct look *look;
	const struct typeset_doc *doc;
	struct blocks body, appendix, verify;
	struct annex **tables;   /* one for each annex */
};

static PangoLayout *
line_layout(struct letter *t, struct str s, const struct face *f)
{
	struct run run = {s, 0};
	PangoLayout *l = text_layout(&t->page->dir, &run, 1, f,
		text_starts_rtl(s, t->page->rtl), t->doc->lang);

	/* Whatever its own direction, it stands at the start of the document's lines. */
	pango_layout_set_alignment(l, t->page->rtl ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
	return l;
}

static void
put_line(struct letter *t, struct str s, const struct face *f, double start, double width,
	double leading)
{
	const struct place at = {start, width, leading, 1, 1};

	if (s.n)
		page_paragraph(t->page, line_layout(t, s, f), &at);
}

/* A gray line is told by its face, which the page does not know. */
static void
with_gray(struct page *p, double gray)
{
	if (p->drawing)
		cairo_set_source_rgb(p->cr, gray, gray, gray);
}

static void
put_head(struct letter *t)
{
	struct page *p = t->page;
	const struct typeset_doc *d = t->doc;

	with_gray(p, 0.35);
	put_line(t, d->mark, &t->look->small, measure_start, measure, t->look->small_leading);
	with_gray(p, 0);
	page_space(p, d->mark.n ? 6 : 0);
	for (size_t i = 0; i < d->letterhead.n; i++)
		put_line(t, d->letterhead.v[i], &t->look->head, measure_start, measure,
			t->look->leading);
	if (d->letterhead.n) {
		p->y += 7;
		page_rule(p, page_x(p, measure_start, measure), p->y, measure, 0.6, 0);
		p->y += 16;
	}
}

static double
widest(struct letter *t, struct typeset_lines lines, double most)
{
	double w = 0;

	for (size_t i = 0; i < lines.n; i++) {
		PangoLayout *l = line_layout(t, lines.v[i], &t->look->body);
		double one = page_layout_width(l) + 0.5;
		w = one > w ? one : w;
		g_object_unref(l);
	}
	return w < most ? w : most;
}

/* The addressee at the start, reference and date at the end, on the same lines. */
static void
put_addressee(struct letter *t)
{
	struct page *p = t->page;
	const struct typeset_doc *d = t->doc;
	const double right = widest(t, d->dateline, 0.6 * measure), gutter = 18;
	size_t page = p->number;
	double top = p->y, below;

	for (size_t i = 0; i < d->dateline.n; i++)
		put_line(t, d->dateline.v[i], &t->look->body, measure_start + measure - right,
			right, t->look->leading);
	below = p->y;
	if (p->number == page)           /* a hostile one may go over pages */
		p->y = top;
	page = p->number;
	for (size_t i = 0; i < d->addressee.n; i++)
		put_line(t, d->addressee.v[i], &t->look->body, measure_start,
			right > 0 ? measure - right - gutter : measure, t->look->leading);
	if (p->number == page && p->y < below)
		p->y = below;
	page_space(p, d->addressee.n + d->dateline.n ? 20 : 0);
}

/* A heading keeps two lines of what follows. */
static void
put_title(struct letter *t, struct str s, const struct face *f, double leading, double before,
	double after)
{
	page_space(t->page, before);
	page_need(t->page, leading + after + 2 * t->look->leading);
	put_line(t, s, f, measure_start, measure, leading);
	t->page->y += after;
}

static const struct face *
face_of(const struct look *k, const struct block *b)
{
	if (b->kind == BLOCK_CODE)
		return &k->code;
	if (b->kind == BLOCK_PARAGRAPH)
		return &k->body;
	return b->level <= 2 ? &k->heading : &k->sub;
}

/* The number stands in the margin before its first line; a bullet, or the number
 * of a list within, in the indent. */
static void
put_label(struct letter *t, const struct block *b, double start, double y)
{
	const double width = b->numbered && b->indent == 0 ? number_hang : indent_step - 3;
	struct run run = {b->label, 0};
	PangoLayout *l;

	if (!b->label.n)
		return;
	l = text_layout(&t->page->dir, &run, 1, &t->look->body, t->page->rtl, t->doc->lang);
	page_lines(t->page, l, 0, 1, page_x(t->page, start - width, page_layout_width(l)), y,
		t->look->leading);
	g_object_unref(l);
}

/* A fingerprint that goes to the next line would tear the words before it apart. */
static bool
has_long_code(const struct block *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->runs[i].style & RUN_CODE && b->runs[i].text.n > 24)
			return true;
	return false;
}

static void
put_block(struct letter *t, const struct block *b, bool first)
{
	struct page *p = t->page;
	const double shift = b->indent * indent_step;
	struct place at = {measure_start + shift, measure - shift, t->look->leading, 2, 2};
	PangoLayout *l = text_layout(&p->dir, b->runs, b->n, face_of(t->look, b),
		p->rtl && b->kind != BLOCK_CODE, t->doc->lang);

	if (b->kind == BLOCK_CODE)
		at.leading = t->look->code_leading;
	else if (b->kind == BLOCK_PARAGRAPH)
		pango_layout_set_justify(l, !has_long_code(b));
	pango_layout_set_width(l, (int)(at.width * PANGO_SCALE));
	if (!first)
		page_space(p, b->kind == BLOCK_HEADING ? 2 * t->look->gap
			: b->tight ? 1 : t->look->gap);
	if (b->kind == BLOCK_HEADING) {
		page_need(p, (pango_layout_get_line_count(l) + 2) * at.leading + t->look->gap);
		at.keep_first = 99;
	} else {
		/* The label goes where the first line goes. */
		int n = pango_layout_get_line_count(l);
		page_need(p, (n < 4 ? n : 2) * at.leading);
	}
	put_label(t, b, at.start, p->y);
	page_paragraph(p, l, &at);
}

static void
put_blocks(struct letter *t, const struct blocks *b)
{
	for (size_t i = 0; i < b->n; i++)
		put_block(t, &b->v[i], i == 0);
}

/* ---- Signatories: two beside each other, each under a line of its own ---- */

static double
signatory_height(struct letter *t, const struct typeset_signatory *s, double width, bool put,
	double start, double top)
{
	struct page *p = t->page;
	double y = top + 7;

	for (size_t i = 0; i <= s->lines.n; i++) {
		struct str text = i == 0 ? s->name : s->lines.v[i - 1];
		double leading = i == 0 ? t->look->leading : t->look->small_leading;
		PangoLayout *l = line_layout(t, text, i == 0 ? &t->look->head
			: &t->look->small);
		pango_layout_set_width(l, (int)(width * PANGO_SCALE));
		int n = pango_layout_get_line_count(l);
		if (put)
			page_lines(p, l, 0, n, page_x(p, start, width), y, leading);
		y += n * leading;
		g_object_unref(l);
	}
	if (put)
		page_rule(p, page_x(p, start, width), top, width, 0.4, 0.3);
	return y - top;
}

static void
put_signatories(struct letter *t)
{
	const struct typeset_doc *d = t->doc;
	const double gutter = 22, width = (measure - gutter) / 2;
	struct page *p = t->page;

	page_space(p, d->n_signatories ? 26 : 0);
	for (size_t i = 0; i < d->n_signatories; i += 2) {
		double high = 0;
		for (size_t k = i; k < i + 2 && k < d->n_signatories; k++) {
			double h = signatory_height(t, &d->signatories[k], width, false, 0, 0);
			high = h > high ? h : high;
		}
		page_need(p, high);
		for (size_t k = i; k < i + 2 && k < d->n_signatories; k++)
			signatory_height(t, &d->signatories[k], width, true,
				measure_start + (k > i ? width + gutter : 0), p->y);
		p->open = true;
		p->y += high + 14;
	}
}

static void
put_annex(struct letter *t, size_t k)
{
	const struct typeset_annex *x = &t->doc->annexes[k];
	const double start = page_margin;
	struct place at = {start, 0, t->look->small_leading, 2, 2};
	double width;

	if (t->page->open)
		page_break(t->page);
	page_turn(t->page, annex_is_wide(t->tables[k]));
	at.width = width = page_width(t->page) - 2 * start;
	put_line(t, x->title, &t->look->heading, start, width, t->look->leading);
	page_space(t->page, 3);
	for (size_t i = 0; i < x->notes.n; i++)
		page_paragraph(t->page, line_layout(t, x->notes.v[i], &t->look->small), &at);
	page_space(t->page, 9);
	annex_draw(t->page, t->tables[k]);
}

/* On pages of their own. */
static void
put_apart(struct letter *t, const struct blocks *b)
{
	if (b->n) {
		if (t->page->open)
			page_break(t->page);
		page_turn(t->page, false);
	}
	put_blocks(t, b);
}

void
letter_put(struct letter *t)
{
	page_start(t->page);
	put_head(t);
	put_addressee(t);
	if (t->doc->title.n)
		put_title(t, t->doc->title, &t->look->title, t->look->title_leading, 0, 9);
	put_blocks(t, &t->body);
	put_signatories(t);
	for (size_t k = 0; k < t->doc->n_annexes; k++)
		put_annex(t, k);
	put_apart(t, &t->appendix);
	put_apart(t, &t->verify);
	page_finish(t->page);
}

static enum status
parse(struct letter *t, struct str text, const char *name, struct blocks *ret, struct err *e)
{
	struct cmark_node *tree;
	size_t numbered;
	enum status s = markdown_parse(text, name, false, &tree, &numbered, e);

	if (s == OK) {
		markdown_blocks(t->page->a, tree, t->doc->lang, ret);
		cmark_node_free(tree);
	}
	return s;
}

enum status
letter_open(struct page *p, struct letter **ret, struct err *e)
{
	struct letter *t = NEW(p->a, struct letter);
	enum status s;

	*t = (struct letter){.page = p, .doc = p->doc,
		.look = p->rtl ? &arabic_look : &latin_look};
	if ((s = parse(t, t->doc->body, "body", &t->body, e)) != OK
	    || (s = parse(t, t->doc->appendix, "appendix", &t->appendix, e)) != OK
	    || (s = parse(t, t->doc->verify, "verify", &t->verify, e)) != OK)
		return s;
	t->tables = NEWS(p->a, struct annex *, t->doc->n_annexes);
	for (size_t k = 0; k < t->doc->n_annexes; k++)
		t->tables[k] = annex_measure(p, &t->doc->annexes[k]);
	*ret = t;
	return OK;
}
