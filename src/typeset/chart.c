/*
 * The chart request: docs/formats.md, both directions.  Numbers are byte strings of
 * IEEE 754 doubles, the lowest byte first.
 */
#include "typeset/typeset.h"

enum { CHART_VERSION = 1, CHART_FIELDS = 14 };

/* ---- Writing ----------------------------------------------------------------------- */

static void
put_reals(struct buf *out, const double *v, size_t n)
{
	struct buf raw;

	buf_init(&raw, n * 8 + 1);
	for (size_t i = 0; i < n; i++) {
		uint64_t bits;
		memcpy(&bits, &v[i], sizeof bits);
		for (unsigned k = 0; k < 64; k += 8)
			buf_byte(&raw, (uint8_t)(bits >> k));
	}
	cbor_put_bytes(out, buf_bytes(&raw));
	buf_finish(&raw);
}

static void
put_series(struct buf *out, const struct typeset_chart *c)
{
	cbor_put_array(out, c->n_series);
	for (size_t i = 0; i < c->n_series; i++) {
		const struct typeset_series *s = &c->series[i];
		cbor_put_array(out, 6);
		cbor_put_text(out, s->name);
		cbor_put_uint(out, (uint64_t)s->stroke);
		cbor_put_uint(out, s->tone);
		put_reals(out, s->x, s->n);
		put_reals(out, s->y, s->n);
		put_reals(out, s->y2, s->y2 ? s->n : 0);
	}
}

static void
put_rows(struct buf *out, const struct typeset_chart *c)
{
	cbor_put_array(out, c->n_rows);
	for (size_t i = 0; i < c->n_rows; i++) {
		const struct typeset_row *r = &c->rows[i];
		const double v[3] = {r->low, r->at, r->high};
		cbor_put_array(out, 4);
		cbor_put_text(out, r->name);
		cbor_put_text(out, r->note);
		put_reals(out, v, 3);
		cbor_put_bool(out, r->faint);
	}
}

static void
put_marks(struct buf *out, const struct typeset_chart *c)
{
	cbor_put_array(out, c->n_marks);
	for (size_t i = 0; i < c->n_marks; i++) {
		cbor_put_array(out, 3);
		put_reals(out, &c->marks[i].at, 1);
		cbor_put_text(out, c->marks[i].text);
		cbor_put_bool(out, c->marks[i].tick);
	}
}

static void
put_sets(struct buf *out, const struct typeset_chart *c)
{
	cbor_put_array(out, c->n_sets);
	for (size_t i = 0; i < c->n_sets; i++) {
		cbor_put_array(out, 2);
		cbor_put_text(out, c->sets[i].name);
		put_reals(out, &c->sets[i].count, 1);
	}
	cbor_put_array(out, c->n_cells);
	for (size_t i = 0; i < c->n_cells; i++) {
		cbor_put_array(out, 2);
		cbor_put_uint(out, c->cells[i].on);
		put_reals(out, &c->cells[i].count, 1);
	}
}

void
typeset_chart_put(struct buf *out, const struct typeset_chart *c)
{
	cbor_put_array(out, CHART_FIELDS);
	cbor_put_uint(out, CHART_VERSION);
	cbor_put_text(out, str_of(lang_code(c->lang)));
	cbor_put_uint(out, (uint64_t)c->kind);
	cbor_put_text(out, c->title);
	cbor_put_text(out, c->x_label);
	cbor_put_text(out, c->y_label);
	cbor_put_array(out, c->notes.n);
	for (size_t i = 0; i < c->notes.n; i++)
		cbor_put_text(out, c->notes.v[i]);
	cbor_put_bool(out, c->log_x);
	cbor_put_bool(out, c->log_y);
	cbor_put_bool(out, c->from_zero);
	put_series(out, c);
	put_rows(out, c);
	put_marks(out, c);
	cbor_put_array(out, 2);
	put_sets(out, c);
}

/* ---- Reading ----------------------------------------------------------------------- */

struct reading {
	struct cbor c;
	struct arena *a;
};

static size_t
get_count(struct reading *r, size_t most)
{
	size_t n = cbor_get_array(&r->c);

	if (n > most)
		r->c.wrong = true;
	return r->c.wrong ? 0 : n;
}

static bool
get_shape(struct reading *r, size_t n)
{
	if (cbor_get_array(&r->c) != n)
		r->c.wrong = true;
	return !r->c.wrong;
}

static struct str
get_text(struct reading *r)
{
	struct str s = cbor_get_text(&r->c);

	if (s.n > TYPESET_MAX_PARAGRAPH)
		r->c.wrong = true;
	return r->c.wrong ? STR_NONE : s;
}

static const double *
get_reals(struct reading *r, size_t most, size_t *ret_n)
{
	struct bytes b = cbor_get_bytes(&r->c);
	double *v;

	*ret_n = 0;
	if (b.n % 8 || b.n / 8 > most)
		r->c.wrong = true;
	if (r->c.wrong)
		return NULL;
	v = NEWS(r->a, double, b.n / 8 + 1);
	for (size_t i = 0; i < b.n / 8; i++) {
		uint64_t bits = 0;
		for (unsigned k = 0; k < 8; k++)
			bits |= (uint64_t)b.p[8 * i + k] << 8 * k;
		memcpy(&v[i], &bits, sizeof bits);
	}
	*ret_n = b.n / 8;
	return v;
}

static double
get_real(struct reading *r)
{
	size_t n;
	const double *v = get_reals(r, 1, &n);

	if (n != 1)
		r->c.wrong = true;
	return n == 1 ? *v : 0;
}

static void
get_series(struct reading *r, struct typeset_chart *c)
{
	size_t n = get_count(r, TYPESET_MAX_SERIES), all = 0, n_y, n_y2;
	struct typeset_series *v = NEWS(r->a, struct typeset_series, n + 1);

	for (size_t i = 0; i < n && get_shape(r, 6); i++) {
		v[i].name = get_text(r);
		uint64_t stroke = cbor_get_uint(&r->c), tone = cbor_get_uint(&r->c);
		v[i].stroke = (enum typeset_stroke)(stroke % TYPESET_STROKES);
		v[i].tone = (unsigned)(tone % 64);
		v[i].x = get_reals(r, TYPESET_MAX_POINTS - all, &v[i].n);
		v[i].y = get_reals(r, TYPESET_MAX_POINTS, &n_y);
		v[i].y2 = get_reals(r, TYPESET_MAX_POINTS, &n_y2);
		all += v[i].n;
		/* A band alone has a second edge. */
		if (stroke >= TYPESET_STROKES || tone >= 64 || n_y != v[i].n
		    || n_y2 != (stroke == TYPESET_BAND ? v[i].n : 0))
			r->c.wrong = true;
		if (n_y2 == 0)
			v[i].y2 = NULL;
	}
	c->series = v;
	c->n_series = n;
}

static void
get_rows(struct reading *r, struct typeset_chart *c)
{
	size_t n = get_count(r, TYPESET_MAX_CHART_ROWS), three;
	struct typeset_row *v = NEWS(r->a, struct typeset_row, n + 1);

	for (size_t i = 0; i < n && get_shape(r, 4); i++) {
		v[i].name = get_text(r);
		v[i].note = get_text(r);
		const double *x = get_reals(r, 3, &three);
		v[i].faint = cbor_get_bool(&r->c);
		if (three != 3)
			r->c.wrong = true;
		else
			v[i].low = x[0], v[i].at = x[1], v[i].high = x[2];
	}
	c->rows = v;
	c->n_rows = n;
}

static void
get_marks(struct reading *r, struct typeset_chart *c)
{
	size_t n = get_count(r, TYPESET_MAX_MARKS);
	struct typeset_mark *v = NEWS(r->a, struct typeset_mark, n + 1);

	for (size_t i = 0; i < n && get_shape(r, 3); i++) {
		v[i].at = get_real(r);
		v[i].text = get_text(r);
		v[i].tick = cbor_get_bool(&r->c);
	}
	c->marks = v;
	c->n_marks = n;
}

static void
get_sets(struct reading *r, struct typeset_chart *c)
{
	if (!get_shape(r, 2))
		return;
	size_t n = get_count(r, TYPESET_MAX_SETS);
	struct typeset_set *s = NEWS(r->a, struct typeset_set, n + 1);
	for (size_t i = 0; i < n && get_shape(r, 2); i++) {
		s[i].name = get_text(r);
		s[i].count = get_real(r);
	}
	size_t m = get_count(r, TYPESET_MAX_CHART_ROWS);
	struct typeset_cell_of_sets *v = NEWS(r->a, struct typeset_cell_of_sets, m + 1);
	for (size_t i = 0; i < m && get_shape(r, 2); i++) {
		v[i].on = cbor_get_uint(&r->c);
		v[i].count = get_real(r);
		if (n < 64 && v[i].on >> n)
			r->c.wrong = true;
	}
	c->sets = s;
	c->n_sets = n;
	c->cells = v;
	c->n_cells = m;
}

static void
get_chart(struct reading *r, struct typeset_chart *c)
{
	uint64_t kind;

	if (!lang_of(cbor_get_text(&r->c), &c->lang))
		r->c.wrong = true;
	kind = cbor_get_uint(&r->c);
	if (kind >= TYPESET_CHART_KINDS)
		r->c.wrong = true;
	c->kind = (enum typeset_chart_kind)(kind % TYPESET_CHART_KINDS);
	c->title = get_text(r);
	c->x_label = get_text(r);
	c->y_label = get_text(r);
	c->notes.n = get_count(r, TYPESET_MAX_LINES);
	struct str *notes = NEWS(r->a, struct str, c->notes.n + 1);
	for (size_t i = 0; i < c->notes.n; i++)
		notes[i] = get_text(r);
	c->notes.v = notes;
	c->log_x = cbor_get_bool(&r->c);
	c->log_y = cbor_get_bool(&r->c);
	c->from_zero = cbor_get_bool(&r->c);
	get_series(r, c);
	get_rows(r, c);
	get_marks(r, c);
	get_sets(r, c);
}

enum status
typeset_chart_get(struct arena *a, struct bytes item, struct typeset_chart *ret, struct err *e)
{
	struct reading r = {cbor_read(item), a};
	struct typeset_chart c = {0};

	if (item.n > TYPESET_MAX_REQUEST)
		return err_set(e, BAD, "chart: %zu bytes; at most %d", item.n, TYPESET_MAX_REQUEST);
	if (!get_shape(&r, CHART_FIELDS))
		return err_set(e, BAD, "chart: not a chart request");
	uint64_t version = cbor_get_uint(&r.c);
	if (r.c.wrong || version != CHART_VERSION)
		return err_set(e, BAD, "chart: version %llu of the request; this program reads %d",
			(unsigned long long)version, CHART_VERSION);
	get_chart(&r, &c);
	if (!cbor_done(&r.c))
		return err_set(e, BAD, "chart: not a chart request, or above the limits "
			"(docs/formats.md)");
	*ret = c;
	return OK;
}
