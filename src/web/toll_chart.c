/*
 * The intervals of an estimate as a picture in the page: a whisker a method over one axis.
 * Its texts are short and its width is a telephone's, so that it is not shrunk there; all
 * that it shows stands in the table beside it too.
 */
#include "web/web_int.h"
#include <math.h>

static const double width = 360, side = 30, row = 36, head = 20, foot = 24;

struct scale {
	double low, high, step;
};

static double
x_of(const struct scale *s, double v)
{
	return side + (v - s->low) / (s->high - s->low) * (width - 2 * side);
}

/* 1, 2 or 5 times a power of ten: the next such number from x on. */
static double
round_up(double x)
{
	double p = pow(10, floor(log10(x))), m = x / p;

	return (m <= 1 ? 1 : m <= 2 ? 2 : m <= 5 ? 5 : 10) * p;
}

/* False: no number may be said, so that there is nothing to draw. */
static bool
scale_of(const struct reg_toll *t, struct scale *ret)
{
	double low = (double)t->listed, high = low;
	bool any = false;

	for (size_t i = 0; i < t->n_methods; i++) {
		const struct reg_toll_method *m = &t->methods[i];
		if (m->why != RECKON_SAID)
			continue;
		any = true;
		low = fmin(low, m->lower);
		high = fmax(high, fmax(m->n, m->upper));      /* fmax() passes NaN over */
	}
	/* Never so small that numbers as large as these do not grow by it. */
	double step = round_up(fmax((high - low) / 3, fmax(1, high / 1e6)));
	*ret = (struct scale){floor(low / step) * step, ceil(high / step) * step, step};
	if (ret->high <= ret->low)
		ret->high = ret->low + step;
	return any;
}

static void
put_line(struct buf *b, const char *class, double x, double y, double to_x, double to_y)
{
	buf_fmt(b, "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", class, x, y,
		to_x, to_y);
}

/* anchor: "start" is the right end where the page reads from the right. */
static void
put_text(struct buf *b, double x, double y, const char *anchor, struct str s)
{
	buf_fmt(b, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, y, anchor);
	html_text(b, s);
	html(b, "</text>");
}

static void
put_axis(struct request *q, struct buf *b, const struct reg_toll *t, const struct scale *s, double y)
{
	double at = x_of(s, (double)t->listed);
	bool right = at > width / 2;

	for (double v = s->low; v < s->high + s->step / 2; v += s->step) {
		put_line(b, "grid", x_of(s, v), head, x_of(s, v), y + 4);
		put_text(b, x_of(s, v), y + 18, "middle", text_number(q->a, llround(v), q->lang));
	}
	put_line(b, "axis", side, y, width - side, y);
	put_line(b, "seen", at, head - 4, at, y);
	put_text(b, at, 12, right == lang_rtl(q->lang) ? "start" : "end", str_fmt(q->a, "%s: "
		STR_FMT, tr(q->lang, "on a list"), STR_ARG(text_number(q->a, t->listed, q->lang))));
}

static void
put_whisker(struct buf *b, const struct scale *s, const struct reg_toll_method *m, double y)
{
	double low = x_of(s, m->lower), high = x_of(s, isfinite(m->upper) ? m->upper : m->n);

	put_line(b, "whisker", low, y, high, y);
	put_line(b, "whisker", low, y - 5, low, y + 5);
	if (isfinite(m->upper))
		put_line(b, "whisker", high, y - 5, high, y + 5);
	buf_fmt(b, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4.5\"/>\n", x_of(s, m->n), y);
}

void
put_toll_chart(struct request *q, struct buf *b, const struct reg_toll *t)
{
	double bottom = head + row * (double)t->n_methods, start = lang_rtl(q->lang) ? width : 0;
	struct scale s;

	if (!scale_of(t, &s))
		return;
	buf_fmt(b, "<svg class=\"chart\" role=\"img\" aria-labelledby=\"chart-title chart-text\" "
		"viewBox=\"0 0 %.0f %.0f\"><title id=\"chart-title\">%s</title><desc id=\"chart-text\">%s"
		"</desc>\n", width, bottom + foot, tr(q->lang, "How many people in all"),
		tr(q->lang, "Each line rests on assumptions of its own; no data tell which are right."));
	put_axis(q, b, t, &s, bottom);
	for (size_t i = 0; i < t->n_methods; i++) {
		const struct reg_toll_method *m = &t->methods[i];
		double top = head + row * (double)i;
		bool said = m->why == RECKON_SAID;
		put_text(b, start, top + 14, "start", said ? str_of(tr(q->lang, m->title))
			: str_fmt(q->a, "%s: %s", tr(q->lang, m->title), tr(q->lang, "withheld")));
		if (said && isfinite(m->n))
			put_whisker(b, &s, m, top + 25);
	}
	html(b, "</svg>\n");
}
