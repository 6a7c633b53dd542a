/* The charts of `habeas toll mse`; each has its table: methods.csv, overlap.csv, xi.csv,
 * trace.csv. */
#include <math.h>
#include "cli/mse_int.h"

enum { COLUMNS_SHOWN = 30, BINS = 20, TRACE_SHOWN = 600 };

double
mse_on_list(const struct reckon_counts *c, unsigned list)
{
	double n = 0;

	for (size_t i = 0; i < c->n_cells; i++)
		n += c->cells[i].on >> list & 1 ? (double)c->cells[i].count : 0;
	return n;
}

static int
by_count(const void *x, const void *y)
{
	const struct typeset_cell_of_sets *a = x, *b = y;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return (a->on > b->on) - (a->on < b->on);
}

size_t
mse_fullest(const struct reckon_counts *c, struct typeset_cell_of_sets *v, size_t most)
{
	struct typeset_cell_of_sets *all = mem_alloc(c->n_cells, sizeof *all);
	size_t n = c->n_cells < most ? c->n_cells : most;

	for (size_t i = 0; i < c->n_cells; i++)
		all[i] = (struct typeset_cell_of_sets){c->cells[i].on, (double)c->cells[i].count};
	qsort(all, c->n_cells, sizeof *all, by_count);
	memcpy(v, all, n * sizeof *v);
	mem_free(all);
	return n;
}

static enum status
draw(struct mse *m, const char *name, struct typeset_chart c, struct err *e)
{
	struct typeset_drawn r;
	enum status st;

	c.lang = m->t->x->lang;
	if ((st = typeset_chart_png(m->t->a, &c, &r, e)) != OK)
		return st;
	return toll_write(m->t, name, r.bytes, e);
}

/* ---- Intervals by method --------------------------------------------------------------- */

static struct typeset_row
row_of(struct mse *m, unsigned k)
{
	struct arena *a = m->t->a;
	enum lang l = m->t->x->lang;
	const struct mse_given *g = &m->all.given[k];
	struct typeset_row row = {.name = str_of(mse_title(l, k)), .low = NAN, .at = NAN,
		.high = NAN};

	if (m->all.gate.why[k] != RECKON_SAID) {
		/* In few words: the line is short, and the report has them all. */
		row.note = str_fmt(a, tr(l, "withheld: %s"), tr(l, reg_toll_why(m->all.gate.why[k])));
		row.faint = true;
		return row;
	}
	row.low = g->r.lower;
	row.at = g->r.n;
	row.high = g->r.upper;
	row.note = str_fmt(a, tr(l, "%s (%s to %s)"), toll_whole(m->t, g->r.n),
		toll_whole(m->t, g->r.lower), toll_whole(m->t, g->r.upper));
	return row;
}

static enum status
draw_intervals(struct mse *m, struct err *e)
{
	enum lang l = m->t->x->lang;
	struct typeset_row rows[MSE_METHODS];
	const struct typeset_mark seen = {(double)m->all.c.n, str_of(tr(l, "on a list")), false};
	const struct str notes[] = {str_of(tr(l, "Each line rests on assumptions of its own; no data "
		"tell which are right.")), str_fmt(m->t->a, tr(l, "Seed %llu, data %.16s…"),
		(unsigned long long)m->seed, hex_encode(m->t->a, BYTES(m->t->hash)).p)};
	size_t n = 0;

	for (unsigned k = 0; k < MSE_METHODS; k++)
		if (m->asked[k] && k != MSE_CHAO)
			rows[n++] = row_of(m, k);
	return draw(m, "intervals.png", (struct typeset_chart){.kind = TYPESET_INTERVALS,
		.from_zero = true,
		.title = str_of(tr(l, "How many people in all")), .x_label = str_of(tr(l,
		"people in all, listed or not")), .notes = {notes, 2}, .rows = rows, .n_rows = n,
		.marks = &seen, .n_marks = 1}, e);
}

/* ---- Overlap of the lists ----------------------------------------------------------------- */

static enum status
draw_overlap(struct mse *m, struct err *e)
{
	const struct reckon_counts *c = &m->all.c;
	enum lang l = m->t->x->lang;
	struct typeset_set sets[RECKON_LISTS];
	struct typeset_cell_of_sets cells[COLUMNS_SHOWN];
	size_t n = mse_fullest(c, cells, COLUMNS_SHOWN);
	double shown = 0;

	for (unsigned i = 0; i < c->n_lists; i++)
		sets[i] = (struct typeset_set){c->names[i], mse_on_list(c, i)};
	for (size_t i = 0; i < n; i++)
		shown += cells[i].count;
	const struct str note = str_fmt(m->t->a, tr(l, "%s of %s people; the bars at the left are the "
		"lists' sizes"), toll_whole(m->t, shown), toll_whole(m->t, (double)c->n));
	return draw(m, "overlap.png", (struct typeset_chart){.kind = TYPESET_OVERLAP,
		.title = str_of(tr(l, "Who is on which lists")), .y_label = str_of(tr(l,
		"people on exactly these")), .notes = {&note, 1}, .sets = sets, .n_sets = c->n_lists,
		.cells = cells, .n_cells = n}, e);
}

/* ---- N(xi) -------------------------------------------------------------------------------- */

/* The ends of the intervals may lie beyond any paper: where they are 30 times the
 * middle's largest, the band is left off there. */
static double
within_paper(double v, double most)
{
	return v < 30 * most ? v : NAN;
}

static enum status
draw_xi(struct mse *m, struct err *e)
{
	enum lang l = m->t->x->lang;
	double n[MSE_XI], low[MSE_XI], high[MSE_XI], model[MSE_XI];
	bool holds = mse_xi_holds(m);
	bool said = m->has_model_xi && m->all.gate.why[MSE_LOGLINEAR] == RECKON_SAID;
	const struct typeset_series s[3] = {
		{str_of(tr(l, "95 % interval")), TYPESET_BAND, 2, m->xi, low, high, MSE_XI},
		{str_of(tr(l, "with nothing else assumed")), TYPESET_SOLID, 0, m->xi, n, NULL, MSE_XI},
		{str_of(mse_title(l, MSE_LOGLINEAR)), TYPESET_DASHED, 1, m->xi, model, NULL, MSE_XI},
	};
	const struct str note = str_of(tr(l, "ξ = 1: the lists' highest interaction is what the others "
		"predict. Below 1 more people are on no list than predicted, above 1 fewer. No data "
		"tell ξ."));

	/* As in the report: no curve where the overlaps hold none, nor of a withheld number. */
	if (!holds && !said) {
		toll_write_none(m->t, "xi.png");
		return OK;
	}
	for (size_t i = 0; i < MSE_XI; i++) {
		n[i] = m->at_xi[i].n;
		low[i] = m->at_xi[i].interval.lower;
		high[i] = within_paper(m->at_xi[i].interval.upper, m->at_xi[0].n);
		model[i] = said ? m->model_at_xi[i].n : NAN;
	}
	return draw(m, "xi.png", (struct typeset_chart){.kind = TYPESET_LINES, .log_x = true,
		.log_y = true, .title = str_of(tr(l, "How the number hangs on what no data tell")),
		.x_label = S("ξ"), .y_label = str_of(tr(l, "people in all, logarithmic scale")),
		.notes = {&note, 1}, .series = holds ? s : s + 2, .n_series = holds ? 2 + said : 1}, e);
}

/* ---- Chains --------------------------------------------------------------------------------- */

static void
put_trace(struct mse *m, struct buf *out)
{
	const struct reckon_latent *x = &m->all.latent;
	struct str cells[3] = {S("chain"), S("draw"), S("N")};

	csv_write_row(out, cells, 3, ',');
	for (unsigned c = 0; c < x->chains; c++)
		for (size_t i = 0; i < x->n_trace; i++) {
			cells[0] = str_fmt(m->t->a, "%u", c + 1);
			cells[1] = str_fmt(m->t->a, "%zu", i + 1);
			cells[2] = str_fmt(m->t->a, "%.1f", x->trace[c][i]);
			csv_write_row(out, cells, 3, ',');
		}
}

static enum status
draw_trace(struct mse *m, struct err *e)
{
	const struct reckon_latent *x = &m->all.latent;
	enum lang l = m->t->x->lang;
	struct typeset_series *s = NEWS(m->t->a, struct typeset_series, x->chains);
	size_t every = x->n_trace / TRACE_SHOWN + 1, n = x->n_trace / every;
	double *at = NEWS(m->t->a, double, n + 1);
	bool said = m->all.gate.why[MSE_LATENT] == RECKON_SAID;
	const struct str note = str_of(tr(l, "The report withholds this method: the chains are drawn for "
		"whoever looks for the fault, not to be quoted."));

	for (size_t i = 0; i < n; i++)
		at[i] = (double)(i * every);
	for (unsigned c = 0; c < x->chains; c++) {
		double *y = NEWS(m->t->a, double, n + 1);
		for (size_t i = 0; i < n; i++)
			y[i] = x->trace[c][i * every];
		s[c] = (struct typeset_series){STR_NONE, TYPESET_THIN, c, at, y, NULL, n};
	}
	return draw(m, "trace.png", (struct typeset_chart){.kind = TYPESET_LINES, .log_y = true,
		.title = str_of(tr(l, "Chains of the latent class model")), .x_label = str_of(tr(l,
		"draw")), .y_label = str_of(tr(l, "people in all, logarithmic scale")),
		.notes = {&note, said ? 0 : 1}, .series = s, .n_series = x->chains}, e);
}

struct ranked {
	double v;
	uint32_t chain, draw;
};

/* By value; equal ones by draw, then chain, which is even between chains. */
static int
by_value(const void *x, const void *y)
{
	const struct ranked *a = x, *b = y;

	if (a->v != b->v)
		return a->v < b->v ? -1 : 1;
	return a->draw != b->draw ? (a->draw > b->draw) - (a->draw < b->draw)
		: (a->chain > b->chain) - (a->chain < b->chain);
}

/* How often each chain has each twentieth of all draws: even bars where chains mix.
 * Vehtari et al. (2021), section 4. */
static void
count_ranks(const struct reckon_latent *x, double *bars)
{
	size_t n = x->chains * x->n_trace;
	struct ranked *v = mem_alloc(n + 1, sizeof *v);

	for (uint32_t c = 0; c < x->chains; c++)
		for (uint32_t i = 0; i < x->n_trace; i++)
			v[c * x->n_trace + i] = (struct ranked){x->trace[c][i], c, i};
	qsort(v, n, sizeof *v, by_value);
	for (size_t i = 0; i < n; i++)
		bars[v[i].chain * BINS + i * BINS / n]++;
	mem_free(v);
}

static enum status
draw_ranks(struct mse *m, struct err *e)
{
	const struct reckon_latent *x = &m->all.latent;
	struct arena *a = m->t->a;
	enum lang l = m->t->x->lang;
	struct typeset_series *s = NEWS(a, struct typeset_series, x->chains);
	double *bars = NEWS(a, double, (size_t)x->chains * BINS), at[BINS];

	count_ranks(x, bars);
	for (size_t i = 0; i < BINS; i++)
		at[i] = (double)(i + 1);
	for (unsigned c = 0; c < x->chains; c++)
		s[c] = (struct typeset_series){str_fmt(a, tr(l, "chain %s"), toll_real(m->t, c + 1, 0)),
			TYPESET_SOLID, 0, at, bars + (size_t)c * BINS, NULL, BINS};
	const struct str note = str_fmt(a, tr(l, "Even bars: every chain has seen what the others saw. "
		"R-hat %s."), toll_real(m->t, x->mixing.rhat, 3));
	return draw(m, "ranks.png", (struct typeset_chart){.kind = TYPESET_RANKS,
		.title = str_of(tr(l, "Ranks of the chains' draws")), .notes = {&note, 1},
		.x_label = str_of(tr(l, "rank among all draws, from the smallest to the greatest N")),
		.series = s, .n_series = x->chains}, e);
}

static enum status
write_trace(struct mse *m, struct err *e)
{
	struct buf out;
	enum status st;

	buf_init(&out, (size_t)256 << 20);
	put_trace(m, &out);
	st = toll_write(m->t, "trace.csv", buf_bytes(&out), e);
	buf_finish(&out);
	return st ? st : draw_trace(m, e);
}

/* Ranks tell whether chains agree, and no number of people; traces are such numbers. */
static enum status
draw_chains(struct mse *m, struct err *e)
{
	bool done = m->all.given[MSE_LATENT].r.done && !m->n_strata;
	enum status st = OK;

	if (done)
		st = draw_ranks(m, e);
	else
		toll_write_none(m->t, "ranks.png");
	if (done && st == OK && m->all.gate.why[MSE_LATENT] == RECKON_SAID)
		return write_trace(m, e);
	toll_write_none(m->t, "trace.csv");
	toll_write_none(m->t, "trace.png");
	return st;
}

enum status
mse_charts(struct mse *m, struct err *e)
{
	enum status st = draw_intervals(m, e);

	if (st == OK)
		st = draw_overlap(m, e);
	if (st == OK)
		st = draw_xi(m, e);
	return st ? st : draw_chains(m, e);
}
