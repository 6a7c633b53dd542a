/* What stands in a chart: intervals, lines, ranks, the overlap of sets. */
#include <math.h>
#include "helpers/typeset/typeset_int.h"

static const double row_height = 36, set_height = 18;

double
chart_height(const struct typeset_chart *t)
{
	switch (t->kind) {
	case TYPESET_INTERVALS:
		return 106 + row_height * (double)t->n_rows;
	case TYPESET_RANKS:
		return 80 + 110 * ceil((double)(t->n_series ? t->n_series : 1) / 4);
	case TYPESET_OVERLAP:
		return 260 + set_height * (double)t->n_sets;
	default:
		return 440;
	}
}

/* The least and the greatest of what is finite (and positive, for logarithms). */
struct range {
	double low, high;
	bool positive;
};

static void
widen(struct range *r, double v)
{
	if (!isfinite(v) || (r->positive && v <= 0))
		return;
	if (v < r->low)
		r->low = v;
	if (v > r->high)
		r->high = v;
}

/* ---- Intervals ------------------------------------------------------------------------- */

static void
draw_whisker(struct canvas *c, const struct axis *x, const struct typeset_row *r, double y)
{
	double low = axis_at(x, r->low), high = axis_at(x, isfinite(r->high) ? r->high : x->high);

	canvas_tone(c, r->faint ? 2 : 0, 1);
	if (!isnan(r->low) && !isnan(r->high)) {
		canvas_line(c, low, y, high, y, 1.8);
		canvas_line(c, low, y - 4, low, y + 4, 1.8);
		if (isfinite(r->high)) {
			canvas_line(c, high, y - 4, high, y + 4, 1.8);
		} else {                      /* an arrow: no upper end */
			cairo_move_to(c->cr, high + 6, y);
			cairo_line_to(c->cr, high - 3, y - 5);
			cairo_line_to(c->cr, high - 3, y + 5);
			cairo_fill(c->cr);
		}
	}
	if (isnan(r->at))
		return;
	cairo_arc(c->cr, axis_at(x, r->at), y, 4.2, 0, 2 * G_PI);
	if (!r->faint) {
		cairo_fill(c->cr);
		return;
	}
	cairo_set_source_rgb(c->cr, 1, 1, 1);
	cairo_fill_preserve(c->cr);
	canvas_tone(c, 2, 1);
	cairo_set_line_width(c->cr, 1.4);
	cairo_stroke(c->cr);
}

static double
widest_name(struct canvas *c)
{
	double w = 0;

	for (size_t i = 0; i < c->chart->n_rows; i++) {
		double a = canvas_width(c, c->chart->rows[i].name, &look_label);
		double b = canvas_width(c, c->chart->rows[i].note, &look_small);
		w = fmax(w, fmax(a, b));
	}
	return fmin(w, 330);
}

static void
draw_marks(struct canvas *c, const struct axis *x, double top, double bottom)
{
	const double dash[] = {4, 3};
	struct lettering k = look_small;

	for (size_t i = 0; i < c->chart->n_marks; i++) {
		const struct typeset_mark *m = &c->chart->marks[i];
		if (m->tick || !(m->at >= x->low && m->at <= x->high))
			continue;
		double at = axis_at(x, m->at);
		cairo_set_source_rgb(c->cr, 0.35, 0.35, 0.35);
		cairo_set_dash(c->cr, dash, 2, 0);
		canvas_line(c, at, top, at, bottom, 1);
		cairo_set_dash(c->cr, NULL, 0, 0);
		k.align = at > (x->from + x->to) / 2 ? 1 : 0;
		canvas_text(c, m->text, at + (k.align > 0 ? -4 : 4), top - 1, &k);
	}
}

static void
draw_intervals(struct canvas *c)
{
	const struct typeset_chart *t = c->chart;
	struct range r = {INFINITY, -INFINITY, t->log_x};
	double names = widest_name(c) + 14, top = c->top + 12;
	double bottom = top + row_height * (double)t->n_rows;

	for (size_t i = 0; i < t->n_rows; i++) {
		widen(&r, t->rows[i].low);
		widen(&r, t->rows[i].at);
		widen(&r, t->rows[i].high);
	}
	for (size_t i = 0; i < t->n_marks; i++)
		widen(&r, t->marks[i].at);
	if (t->from_zero)
		widen(&r, 0);
	struct axis x = axis_over(r.low, r.high, t->log_x, c->rtl ? c->left + 10 : c->left + names,
		c->rtl ? c->right - names : c->right - 14);
	canvas_axis_x(c, &x, bottom, top);
	draw_marks(c, &x, top, bottom);
	for (size_t i = 0; i < t->n_rows; i++) {
		double y = top + row_height * ((double)i + 0.5);
		struct lettering label = look_label, note = look_small;
		label.align = note.align = c->rtl ? 1 : 0;
		label.width = note.width = names - 8;
		label.gray = t->rows[i].faint ? 0.45 : 0;
		double at = c->rtl ? c->right : c->left;
		canvas_text(c, t->rows[i].name, at, t->rows[i].note.n ? y - 15 : y - 8, &label);
		canvas_text(c, t->rows[i].note, at, y + 1, &note);
		draw_whisker(c, &x, &t->rows[i], y);
	}
	struct lettering k = look_small;
	k.align = 0.5;
	canvas_text(c, t->x_label, (x.from + x.to) / 2, bottom + 20, &k);
}

/* ---- Lines ------------------------------------------------------------------------------- */

static void
stroke_path(struct canvas *c, const struct typeset_series *s)
{
	const double dash[] = {6, 4};

	canvas_tone(c, s->tone, 1);
	cairo_set_line_width(c->cr, s->stroke == TYPESET_THIN ? 0.7 : 1.8);
	cairo_set_line_join(c->cr, CAIRO_LINE_JOIN_ROUND);
	if (s->stroke == TYPESET_DASHED)
		cairo_set_dash(c->cr, dash, 2, 0);
	cairo_stroke(c->cr);
	cairo_set_dash(c->cr, NULL, 0, 0);
}

static void
draw_line(struct canvas *c, const struct typeset_series *s, const struct axis *x,
	const struct axis *y)
{
	bool pen = false;

	for (size_t i = 0; i < s->n; i++) {
		double px = axis_at(x, s->x[i]), py = axis_at(y, s->y[i]);
		if (!isfinite(px) || !isfinite(py)) {
			pen = false;
			continue;
		}
		if (s->stroke == TYPESET_DOTS) {
			canvas_tone(c, s->tone, 1);
			cairo_arc(c->cr, px, py, 2.6, 0, 2 * G_PI);
			cairo_fill(c->cr);
		} else if (pen) {
			cairo_line_to(c->cr, px, py);
		} else {
			cairo_move_to(c->cr, px, py);
		}
		pen = true;
	}
	if (s->stroke != TYPESET_DOTS)
		stroke_path(c, s);
}

/* From one gap to the next, there along y and back along y2. */
static void
draw_band(struct canvas *c, const struct typeset_series *s, const struct axis *x,
	const struct axis *y)
{
	for (size_t from = 0, to; from < s->n; from = to + 1) {
		for (to = from; to < s->n && isfinite(s->y[to]) && isfinite(s->y2[to])
			&& isfinite(s->x[to]); to++)
			cairo_line_to(c->cr, axis_at(x, s->x[to]), axis_at(y, s->y[to]));
		for (size_t i = to; i > from; i--)
			cairo_line_to(c->cr, axis_at(x, s->x[i - 1]), axis_at(y, s->y2[i - 1]));
		canvas_tone(c, s->tone, 0.22);
		cairo_close_path(c->cr);
		cairo_fill(c->cr);
	}
}

static void
draw_series(struct canvas *c, const struct typeset_series *s, const struct axis *x,
	const struct axis *y)
{
	if (s->stroke == TYPESET_BAND)
		draw_band(c, s, x, y);
	else
		draw_line(c, s, x, y);
}

/* Samples of the strokes with their names, over as many lines as they need. */
static void
draw_legend(struct canvas *c)
{
	double x = c->left;
	bool any = false;

	for (size_t i = 0; i < c->chart->n_series; i++) {
		const struct typeset_series *s = &c->chart->series[i];
		double w = canvas_width(c, s->name, &look_small) + 46;
		if (s->name.n == 0)
			continue;
		if (any && x + w > c->right) {
			x = c->left;
			c->top += 15;
		}
		any = true;
		double at[2] = {x, x + 22}, mid[2] = {c->top + 6.5, c->top + 6.5};
		double low[2] = {c->top + 2, c->top + 2}, high[2] = {c->top + 11, c->top + 11};
		struct typeset_series sample = *s;
		struct axis same = {0, 1, 0, 1, 1};
		sample.x = at;
		sample.y = s->stroke == TYPESET_BAND ? low : mid;
		sample.y2 = high;
		sample.n = 2;
		same.high = same.to = 4096;   /* larger than any canvas: value = place */
		draw_series(c, &sample, &same, &same);
		canvas_text(c, s->name, x + 28, c->top, &look_small);
		x += w;
	}
	c->top += any ? 22 : 0;
}

static void
draw_lines(struct canvas *c)
{
	const struct typeset_chart *t = c->chart;
	struct range rx = {INFINITY, -INFINITY, t->log_x}, ry = {INFINITY, -INFINITY, t->log_y};

	draw_legend(c);
	for (size_t i = 0; i < t->n_series; i++)
		for (size_t k = 0; k < t->series[i].n; k++) {
			widen(&rx, t->series[i].x[k]);
			widen(&ry, t->series[i].y[k]);
			if (t->series[i].y2)
				widen(&ry, t->series[i].y2[k]);
		}
	if (t->from_zero)
		widen(&ry, 0);
	double top = c->top + 20, bottom = c->bottom - (t->x_label.n ? 44 : 28), left = c->left + 58;
	struct axis x = axis_over(rx.low, rx.high, t->log_x, left, c->right - 8);
	struct axis y = axis_over(ry.low, ry.high, t->log_y, bottom, top);
	if (!t->log_x && isfinite(rx.low) && rx.high > rx.low)
		x.low = rx.low, x.high = rx.high;     /* time begins where the data do */
	canvas_axis_y(c, &y, left, c->right - 8);
	canvas_axis_x(c, &x, bottom, bottom - 3);
	for (int band = 1; band >= 0; band--)
		for (size_t i = 0; i < t->n_series; i++)
			if ((t->series[i].stroke == TYPESET_BAND) == band)
				draw_series(c, &t->series[i], &x, &y);
	draw_marks(c, &x, top, bottom);
	struct lettering k = look_small;
	canvas_text(c, t->y_label, c->left, top - 23, &k);
	k.align = 0.5;
	canvas_text(c, t->x_label, (x.from + x.to) / 2, bottom + 20, &k);
}

/* ---- Ranks ------------------------------------------------------------------------------- */

static void
draw_panel(struct canvas *c, const struct typeset_series *s, double high, double left, double top,
	double width, double height)
{
	struct axis y = axis_over(0, high, false, top + height, top);
	double bar = width / (double)(s->n ? s->n : 1), sum = 0;

	canvas_tone(c, s->tone, 0.75);
	for (size_t i = 0; i < s->n; i++) {
		double at = isfinite(s->y[i]) ? axis_at(&y, s->y[i]) : top + height;
		cairo_rectangle(c->cr, left + (double)i * bar, at, bar * 0.92, top + height - at);
		sum += isfinite(s->y[i]) ? s->y[i] : 0;
	}
	cairo_fill(c->cr);
	cairo_set_source_rgb(c->cr, 0.1, 0.1, 0.1);
	if (s->n) {                           /* where all would stand if it mixed perfectly */
		double even = axis_at(&y, sum / (double)s->n);
		canvas_line(c, left, even, left + width, even, 0.8);
	}
	canvas_line(c, left, top + height, left + width, top + height, 0.8);
	canvas_text(c, s->name, left, top - 14, &look_small);
}

static void
draw_ranks(struct canvas *c)
{
	const struct typeset_chart *t = c->chart;
	struct range r = {0, 1, false};
	double width = (c->right - c->left - 3 * 14) / 4;

	for (size_t i = 0; i < t->n_series; i++)
		for (size_t k = 0; k < t->series[i].n; k++)
			widen(&r, t->series[i].y[k]);
	for (size_t i = 0; i < t->n_series; i++)
		draw_panel(c, &t->series[i], r.high, c->left + (double)(i % 4) * (width + 14),
			c->top + 14 + (double)(i / 4) * 110, width, 82);
	struct lettering k = look_small;
	k.align = 0.5;
	canvas_text(c, t->x_label, (c->left + c->right) / 2, c->bottom - 14, &k);
}

/* ---- Overlap ------------------------------------------------------------------------------- */

static void
draw_column(struct canvas *c, const struct typeset_cell_of_sets *cell, const struct axis *y,
	double x, double width, double matrix)
{
	double top = axis_at(y, cell->count), first = 0, last = 0;
	struct lettering k = look_small;
	bool any = false;

	canvas_tone(c, 0, 0.9);
	cairo_rectangle(c->cr, x - width * 0.36, top, width * 0.72, y->from - top);
	cairo_fill(c->cr);
	k.align = 0.5;
	k.pt = width < 18 ? 6.5 : 8;
	canvas_text(c, text_number(c->a, llround(fmin(cell->count, 1e15)), c->chart->lang), x,
		top - 12, &k);
	for (size_t i = 0; i < c->chart->n_sets; i++) {
		double at = matrix + set_height * ((double)i + 0.5);
		bool on = cell->on >> i & 1;
		if (on)
			last = at;
		if (on && !any)
			first = at;
		any |= on;
		if (on)
			canvas_tone(c, 0, 1);
		else
			cairo_set_source_rgb(c->cr, 0.86, 0.86, 0.86);
		cairo_arc(c->cr, x, at, 4, 0, 2 * G_PI);
		cairo_fill(c->cr);
	}
	canvas_tone(c, 0, 1);
	if (any && last > first)
		canvas_line(c, x, first, x, last, 1.6);
}

static void
draw_set(struct canvas *c, size_t i, double most, double left, double width, double matrix)
{
	const struct typeset_set *s = &c->chart->sets[i];
	double y = matrix + set_height * (double)i, bar = width * 0.38;
	double share = most > 0 && s->count > 0 ? fmin(s->count / most, 1) : 0;
	struct lettering k = look_small;

	if (i % 2 == 0) {
		cairo_set_source_rgb(c->cr, 0.96, 0.96, 0.96);
		cairo_rectangle(c->cr, left, y, c->right - left, set_height);
		cairo_fill(c->cr);
	}
	canvas_tone(c, 2, 0.8);
	cairo_rectangle(c->cr, left + bar * (1 - share), y + 4, bar * share, set_height - 8);
	cairo_fill(c->cr);
	k.align = 1;
	k.width = width - bar - 12;
	canvas_text(c, s->name, left + width - 6, y + 2.5, &k);
}

static void
draw_overlap(struct canvas *c)
{
	const struct typeset_chart *t = c->chart;
	double left = c->left, names = 220, most_set = 0, most = 0;
	double matrix = c->bottom - 22 - set_height * (double)t->n_sets;

	for (size_t i = 0; i < t->n_sets; i++)
		most_set = fmax(most_set, t->sets[i].count);
	for (size_t i = 0; i < t->n_cells; i++)
		most = fmax(most, t->cells[i].count);
	struct axis y = axis_over(0, most, false, matrix - 6, c->top + 16);
	canvas_axis_y(c, &y, left + names, c->right);
	for (size_t i = 0; i < t->n_sets; i++)
		draw_set(c, i, most_set, left, names, matrix);
	double width = (c->right - left - names - 8) / (double)(t->n_cells ? t->n_cells : 1);
	width = fmin(width, 46);
	for (size_t i = 0; i < t->n_cells; i++)
		draw_column(c, &t->cells[i], &y, left + names + 4 + width * ((double)i + 0.5), width,
			matrix);
	struct lettering k = look_small;
	canvas_text(c, t->y_label, left, c->top + 2, &k);
	k.align = 0.5;
	canvas_text(c, t->x_label, (left + names + c->right) / 2, c->bottom - 18, &k);
}

void
chart_kind_draw(struct canvas *c)
{
	static void (*const kinds[TYPESET_CHART_KINDS])(struct canvas *) = {
		[TYPESET_INTERVALS] = draw_intervals, [TYPESET_LINES] = draw_lines,
		[TYPESET_RANKS] = draw_ranks, [TYPESET_OVERLAP] = draw_overlap,
	};

	invariant(c->chart->kind < TYPESET_CHART_KINDS);
	kinds[c->chart->kind](c);
}
