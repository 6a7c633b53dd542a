/* A chart as PNG: the canvas, its axes, what stands around the drawing. */
#include <math.h>
#include "helpers/typeset/typeset_int.h"

/* Points of the canvas; each is SCALE pixels wide. */
static const double chart_width = 760, chart_margin = 18;
enum { SCALE = 2 };

const struct lettering look_label = {.pt = 10.5}, look_small = {.pt = 9, .gray = 0.3};
static const struct lettering look_title = {.pt = 14, .bold = true};

static const double tones[][3] = {
	{0.12, 0.27, 0.47}, {0.80, 0.40, 0.05}, {0.45, 0.45, 0.45},
	{0.20, 0.50, 0.30}, {0.55, 0.20, 0.45}, {0.35, 0.60, 0.80},
};
enum { TONES = sizeof tones / sizeof *tones };

void
canvas_tone(struct canvas *c, unsigned tone, double alpha)
{
	const double *t = tones[tone % TONES];

	cairo_set_source_rgba(c->cr, t[0], t[1], t[2], alpha);
}

void
canvas_line(struct canvas *c, double x, double y, double to_x, double to_y, double thick)
{
	cairo_set_line_width(c->cr, thick);
	cairo_move_to(c->cr, x, y);
	cairo_line_to(c->cr, to_x, to_y);
	cairo_stroke(c->cr);
}

/* ---- Text ---------------------------------------------------------------------------- */

static PangoLayout *
layout_of(struct canvas *c, struct str s, const struct lettering *k)
{
	const struct face f = {.latin_pt = k->pt, .arabic_pt = k->pt * 1.1, .code_pt = k->pt,
		.bold = k->bold};
	const struct run run = {s, 0};
	PangoLayout *l = text_layout(&c->dir, &run, 1, &f, text_starts_rtl(s, c->rtl),
		c->chart->lang);

	pango_layout_set_single_paragraph_mode(l, TRUE);
	if (k->width > 0 && page_layout_width(l) > k->width) {
		pango_layout_set_width(l, (int)(k->width * PANGO_SCALE));
		pango_layout_set_ellipsize(l, PANGO_ELLIPSIZE_END);
	}
	return l;
}

double
canvas_width(struct canvas *c, struct str s, const struct lettering *k)
{
	PangoLayout *l = layout_of(c, s, k);
	double w = page_layout_width(l);

	g_object_unref(l);
	return w;
}

double
canvas_text(struct canvas *c, struct str s, double x, double y, const struct lettering *k)
{
	PangoRectangle r;

	if (s.n == 0)
		return 0;
	PangoLayout *l = layout_of(c, s, k);
	pango_layout_get_extents(l, NULL, &r);
	double w = (double)r.width / PANGO_SCALE;
	cairo_set_source_rgb(c->cr, k->gray, k->gray, k->gray);
	cairo_move_to(c->cr, x - k->align * w - (double)r.x / PANGO_SCALE, y);
	pango_cairo_show_layout(c->cr, l);
	cairo_new_path(c->cr);                /* text leaves its place behind */
	c->no_glyph += (size_t)pango_layout_get_unknown_glyphs_count(l);
	g_object_unref(l);
	return (double)r.height / PANGO_SCALE;
}

/* A note may be longer than the chart is wide: over as many lines as it needs. */
static double
canvas_paragraph(struct canvas *c, struct str s, double y, const struct lettering *k)
{
	PangoRectangle r;
	PangoLayout *l = layout_of(c, s, k);

	pango_layout_set_width(l, (int)((chart_width - 2 * chart_margin) * PANGO_SCALE));
	pango_layout_get_extents(l, NULL, &r);
	if (c->cr) {
		cairo_set_source_rgb(c->cr, k->gray, k->gray, k->gray);
		cairo_move_to(c->cr, chart_margin, y);
		pango_cairo_show_layout(c->cr, l);
		cairo_new_path(c->cr);
		c->no_glyph += (size_t)pango_layout_get_unknown_glyphs_count(l);
	}
	g_object_unref(l);
	return (double)r.height / PANGO_SCALE;
}

/* ---- Axes ---------------------------------------------------------------------------- */

/* 1, 2 or 5 times a power of ten: the next such number from x on. */
static double
round_up(double x)
{
	double p = pow(10, floor(log10(x))), m = x / p;

	return (m <= 1.0000001 ? 1 : m <= 2.0000001 ? 2 : m <= 5.0000001 ? 5 : 10) * p;
}

/* From `low` to `high`, both taken outwards to a tick.  What is no number makes an
 * axis from 0 to 1. */
struct axis
axis_over(double low, double high, bool log, double from, double to)
{
	struct axis x = {.from = from, .to = to};

	if (!isfinite(low) || !isfinite(high) || fabs(low) > 1e18 || fabs(high) > 1e18)
		low = 0, high = 1;
	if (log && low > 0) {
		double p = pow(10, floor(log10(low)));
		x.low = low / p >= 5 ? 5 * p : low / p >= 2 ? 2 * p : p;
		x.high = round_up(high > low ? high : 2 * low);
		return x;
	}
	if (!(high - low > 1e-9 * fabs(high)))
		low -= low == 0 ? 0 : fabs(low) / 2, high += high == 0 ? 1 : fabs(high) / 2;
	x.step = round_up((high - low) / 6);
	x.low = floor(low / x.step + 1e-9) * x.step;
	x.high = ceil(high / x.step - 1e-9) * x.step;
	return x;
}

double
axis_at(const struct axis *x, double value)
{
	double share = x->step > 0 ? (value - x->low) / (x->high - x->low)
		: log(value / x->low) / log(x->high / x->low);

	share = share < -0.02 ? -0.02 : share > 1.02 ? 1.02 : share;
	return x->from + share * (x->to - x->from);
}

double
axis_tick(const struct axis *x, double value)
{
	if (x->step > 0)
		return value < x->low ? x->low
			: x->low + (round((value - x->low) / x->step) + 1) * x->step;
	return value < x->low ? x->low : round_up(value * 1.1);
}

/* Ticks that must fit: a hundred would be a fault of the numbers, not of the chart. */
enum { TICKS_MOST = 100 };

struct str
axis_number(struct canvas *c, const struct axis *x, double value)
{
	enum lang l = c->chart->lang;
	double step = x->step > 0 ? x->step : value;
	int decimals = step >= 1 ? 0 : (int)ceil(-log10(step) - 1e-9);

	if (decimals == 0)
		return text_number(c->a, llround(value), l);
	return text_localise_digits(c->a, str_fmt(c->a, "%.*f", decimals > 9 ? 9 : decimals,
		value), l);
}

void
canvas_axis_y(struct canvas *c, const struct axis *y, double left, double right)
{
	struct lettering k = look_small;
	double v = axis_tick(y, -INFINITY);

	k.align = 1;
	for (int i = 0; v <= y->high * 1.0000001 + 1e-300 && i < TICKS_MOST; i++) {
		double at = axis_at(y, v);
		cairo_set_source_rgb(c->cr, 0.87, 0.87, 0.87);
		canvas_line(c, left, at, right, at, 0.6);
		canvas_text(c, axis_number(c, y, v), left - 5, at - 6.5, &k);
		v = axis_tick(y, v);
	}
}

static void
x_tick(struct canvas *c, double at, struct str text, double y, double grid_top, double *free_from)
{
	struct lettering k = look_small;
	double half = canvas_width(c, text, &k) / 2;

	k.align = 0.5;
	cairo_set_source_rgb(c->cr, 0.87, 0.87, 0.87);
	canvas_line(c, at, grid_top, at, y, 0.6);
	cairo_set_source_rgb(c->cr, 0.3, 0.3, 0.3);
	canvas_line(c, at, y, at, y + 3, 0.8);
	/* A label that would stand on its neighbour is left out; its tick stays. */
	if (at - half < *free_from)
		return;
	canvas_text(c, text, at, y + 4, &k);
	*free_from = at + half + 6;
}

void
canvas_axis_x(struct canvas *c, const struct axis *x, double y, double grid_top)
{
	const struct typeset_chart *t = c->chart;
	double free_from = -INFINITY, v = axis_tick(x, -INFINITY);
	bool own = false;

	for (size_t i = 0; i < t->n_marks; i++)
		own |= t->marks[i].tick;
	for (size_t i = 0; i < t->n_marks; i++)
		if (t->marks[i].tick && t->marks[i].at >= x->low && t->marks[i].at <= x->high)
			x_tick(c, axis_at(x, t->marks[i].at), t->marks[i].text, y, grid_top, &free_from);
	for (int i = 0; !own && v <= x->high * 1.0000001 + 1e-300 && i < TICKS_MOST; i++) {
		x_tick(c, axis_at(x, v), axis_number(c, x, v), y, grid_top, &free_from);
		v = axis_tick(x, v);
	}
	cairo_set_source_rgb(c->cr, 0.3, 0.3, 0.3);
	canvas_line(c, x->from, y, x->to, y, 0.9);
}

/* ---- Around it ------------------------------------------------------------------------- */

static double
start_x(const struct canvas *c, struct str s)
{
	return text_starts_rtl(s, c->rtl) ? chart_width - chart_margin : chart_margin;
}

static void
put_title(struct canvas *c)
{
	struct lettering k = look_title;
	struct str s = c->chart->title;

	k.width = chart_width - 2 * chart_margin;
	k.align = text_starts_rtl(s, c->rtl) ? 1 : 0;
	c->top += canvas_text(c, s, start_x(c, s), c->top, &k) + 8;
}

static double
notes_height(struct canvas *c, double y)
{
	double h = 0;

	for (size_t i = 0; i < c->chart->notes.n; i++)
		h += canvas_paragraph(c, c->chart->notes.v[i], y + h, &look_small) + 1;
	return h;
}

static cairo_status_t
take(void *to, const unsigned char *p, unsigned n)
{
	struct buf *out = to;

	buf_put(out, p, n);
	return out->over ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static enum status
put_png(struct canvas *c, struct buf *ret_png, struct err *e)
{
	double notes = notes_height(c, 0), height = chart_height(c->chart) + notes;
	cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_RGB24,
		(int)chart_width * SCALE, (int)ceil(height) * SCALE);

	c->cr = cairo_create(s);
	cairo_scale(c->cr, SCALE, SCALE);
	cairo_set_source_rgb(c->cr, 1, 1, 1);
	cairo_paint(c->cr);
	put_title(c);
	chart_kind_draw(c);
	notes_height(c, height - notes - 10);
	cairo_destroy(c->cr);
	cairo_status_t done = cairo_surface_write_to_png_stream(s, take, ret_png);
	cairo_surface_destroy(s);
	if (done != CAIRO_STATUS_SUCCESS || ret_png->over)
		return err_set(e, FAIL, "cairo: %s", cairo_status_to_string(done));
	return OK;
}

enum status
chart_write(struct arena *a, const struct typeset_chart *t, PangoFontMap *map,
	struct buf *ret_png, size_t *ret_no_glyph, struct err *e)
{
	struct canvas c = {.chart = t, .a = a, .rtl = lang_rtl(t->lang), .left = chart_margin,
		.top = chart_margin - 6, .right = chart_width - chart_margin};
	enum status s;

	c.bottom = chart_height(t) - chart_margin;
	c.dir.ltr = text_context(map, PANGO_DIRECTION_LTR, t->lang);
	c.dir.rtl = text_context(map, PANGO_DIRECTION_RTL, t->lang);
	s = put_png(&c, ret_png, e);
	g_object_unref(c.dir.ltr);
	g_object_unref(c.dir.rtl);
	if (s == OK)
		*ret_no_glyph = c.no_glyph;
	return s;
}
