/*
 * habeas-typeset: one document in, one PDF or HTML page out.  The rooms:
 *   main.c      the sandbox, the request, the answer
 *   fonts.c     the faces we ship by, their versions: nothing of the system's choice
 *   words.c     the few words the helper itself prints, in each language
 *   text.c      isolation of values; which face sets which letters
 *   markdown.c  cmark's tree, checked and made flat
 *   page.c      pages, lines on them, footers
 *   letter.c    the order of things in a letter
 *   table.c     annexes
 *   pdf.c       the pages as a PDF
 *   html.c      the same document as a page of HTML
 *   chart.c     a chart as PNG: canvas, axes, legend
 *   chart_kinds.c  what stands in the chart: intervals, lines, ranks, overlap
 */
#ifndef HELPERS_TYPESET_INT_H
#define HELPERS_TYPESET_INT_H

/* Foreign headers first, here and in the sources: they declare what base bans. */
#include <pango/pangocairo.h>
#include "typeset/typeset.h"

struct cmark_node;

/* ---- fonts.c ---- */
extern const char *const font_dirs[];
enum { FONT_DIRS = 2 };
/* Load the faces.  FAIL: one is missing; says in which Debian package it is. */
enum status fonts_open(struct arena *a, PangoFontMap **ret_map, struct str *ret_engine,
	struct err *e) MUST;

/* ---- words.c ---- */
struct str words_page_of(struct arena *a, enum lang l, size_t page, size_t of);
struct str words_number(struct arena *a, enum lang l, size_t n);      /* digits of the language */
const char *words_none(enum lang l);                                  /* "(no entries)" */

/* ---- text.c ---- */
enum { RUN_STRONG = 1, RUN_EMPHASIS = 2, RUN_CODE = 4 };
struct run {
	struct str text;
	unsigned style;
};
/* Text without control characters; of bidi controls only balanced isolates stay
 * (a caller's own), RLI made FSI.  An empty buffer grows by it. */
void text_put_clean(struct buf *out, struct str s);
/* In right-to-left text a date or telephone number would be turned round: set
 * each such sequence in U+2066 … U+2069. */
void text_put_isolated(struct buf *out, struct str s);
bool text_starts_rtl(struct str s, bool otherwise);                   /* by its first letter */

struct face {
	double latin_pt, arabic_pt, code_pt;
	bool bold;
	bool italic;
	double gray;                            /* 0 black */
};
/* A layout takes its direction from its context, at any time: so there are two. */
struct directions {
	PangoContext *ltr, *rtl;
};
/* A layout of the runs, unbounded in width, in that direction and aligned to its
 * start. */
PangoLayout *text_layout(const struct directions *d, const struct run *runs, size_t n,
	const struct face *f, bool rtl, enum lang l);

/* A context that has no pixels, with that base direction; unref it. */
PangoContext *text_context(PangoFontMap *map, PangoDirection dir, enum lang l);

/* ---- markdown.c ---- */
enum block_kind { BLOCK_PARAGRAPH, BLOCK_HEADING, BLOCK_CODE };
struct block {
	enum block_kind kind;
	unsigned level;                         /* of a heading: 1-6 */
	unsigned indent;                        /* steps: lists and quotes within */
	bool numbered;                          /* of the consecutive paragraphs: hangs in the margin */
	struct str label;                       /* "۱۲.", "•", or none */
	bool tight;                             /* follows closely: an item of a tight list */
	struct run *runs;
	size_t n;
};
struct blocks {
	struct block *v;
	size_t n;
};
/* letter: with the rules of typeset_markdown_check(); otherwise code blocks and
 * numbers beginning anew are allowed too.  The tree is the caller's to free. */
enum status markdown_parse(struct str text, const char *name, bool letter,
	struct cmark_node **ret, size_t *ret_numbered, struct err *e) MUST;
void markdown_blocks(struct arena *a, struct cmark_node *tree, enum lang l,
	struct blocks *ret);
/* The address of a link to print after its text, or none when the text says it. */
struct str markdown_link_address(struct arena *a, struct cmark_node *link);

/* ---- page.c ---- */
struct page {
	const struct typeset_doc *doc;
	struct arena *a;                        /* of the whole run */
	struct directions dir;
	cairo_t *cr;
	bool rtl;
	bool drawing;                           /* the first pass only counts the pages */
	bool open;                              /* something was put on this page */
	bool landscape;
	size_t number, total;
	double y;                               /* from the top, points */
	size_t no_glyph;
};
extern const double page_top, page_margin;       /* the margin of tables and footers */
double page_width(const struct page *p);
double page_height(const struct page *p);
double page_bottom(const struct page *p);
/* What follows stands on pages of that orientation. */
void page_turn(struct page *p, bool landscape);

struct place {                                  /* of a paragraph */
	double start, width;                    /* from the edge where lines start */
	double leading;                         /* from baseline to baseline */
	unsigned keep_first, keep_last;         /* lines that stay together */
};
void page_start(struct page *p);                 /* the first page of a pass */
void page_break(struct page *p);
void page_finish(struct page *p);
void page_need(struct page *p, double height);  /* breaks unless it fits */
double page_x(const struct page *p, double start, double width);      /* mirrored if rtl */
void page_space(struct page *p, double height); /* none at the top of a page */
/* Lines of one layout, over pages as needed; the layout is consumed. */
void page_paragraph(struct page *p, PangoLayout *l, const struct place *at);
/* The lines [from, to) of a layout of that width, the first one's top at y. */
void page_lines(struct page *p, PangoLayout *l, int from, int to, double x, double y,
	double leading);
double page_layout_width(PangoLayout *l);       /* as it is broken now */
void page_rule(struct page *p, double x, double y, double width, double thick, double gray);

/* ---- letter.c ---- */
struct letter;
/* BAD: its Markdown. */
enum status letter_open(struct page *p, struct letter **ret, struct err *e) MUST;
void letter_put(struct letter *t);              /* all of it, from page 1 */

/* ---- table.c ---- */
/* Column widths and row heights, measured once and used by both passes. */
struct annex;
bool annex_is_wide(const struct annex *t);      /* wants landscape pages */
struct annex *annex_measure(struct page *p, const struct typeset_annex *x);
void annex_draw(struct page *p, const struct annex *t);

/* ---- pdf.c, html.c ---- */
enum status pdf_write(struct arena *a, const struct typeset_doc *d, PangoFontMap *map,
	struct str engine, struct buf *ret_pdf, size_t *ret_pages, size_t *ret_no_glyph,
	struct err *e) MUST;
enum status html_write(struct arena *a, const struct typeset_doc *d, bool fragment,
	struct buf *out, struct err *e) MUST;

/* ---- chart.c, chart_kinds.c ---- */
struct axis {
	double low, high;                       /* values at its ends */
	double from, to;                        /* points on the canvas */
	double step;                            /* between ticks; 0: logarithmic, 1-2-5 */
};
struct canvas {
	const struct typeset_chart *chart;
	struct arena *a;
	struct directions dir;
	cairo_t *cr;
	bool rtl;
	double left, top, right, bottom;        /* where the kind may draw, axes included */
	size_t no_glyph;
};
struct lettering {
	double pt, align;                       /* 0: x is its left end, 1: its right end */
	double width;                           /* most; ellipsis beyond.  0: any */
	bool bold;
	double gray;
};
extern const struct lettering look_label, look_small;
/* Draw one line of text; its top is y.  Returns its height. */
double canvas_text(struct canvas *c, struct str s, double x, double y, const struct lettering *k);
double canvas_width(struct canvas *c, struct str s, const struct lettering *k);
void canvas_tone(struct canvas *c, unsigned tone, double alpha);
void canvas_line(struct canvas *c, double x, double y, double to_x, double to_y, double thick);
struct axis axis_over(double low, double high, bool log, double from, double to);
double axis_at(const struct axis *x, double value);
struct str axis_number(struct canvas *c, const struct axis *x, double value);
/* The next tick after `value`, the first for -INFINITY; above .high: none is left. */
double axis_tick(const struct axis *x, double value);
void canvas_axis_x(struct canvas *c, const struct axis *x, double y, double grid_top);
void canvas_axis_y(struct canvas *c, const struct axis *y, double left, double right);
double chart_height(const struct typeset_chart *t);
void chart_kind_draw(struct canvas *c);
enum status chart_write(struct arena *a, const struct typeset_chart *t, PangoFontMap *map,
	struct buf *ret_png, size_t *ret_no_glyph, struct err *e) MUST;

#endif
