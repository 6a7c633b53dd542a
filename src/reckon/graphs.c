/*
 * Madigan & York's average over decomposable graphs, streamed: blocks of columns (numbers
 * of unseen people) are weighed under every graph and forgotten; what stays is one weight
 * per column and two sums per graph.  Weights are kept relative to the largest met so
 * far, so that nothing overflows and nothing is exponentiated raw.
 */
#include <math.h>
#include "reckon/graphs_int.h"
#include "reckon/tails_int.h"

enum {
	COARSE = 4 * BLOCK,           /* columns of the first look, geometric */
	PROGRESS = 32,                /* blocks between two questions whether to go on */
};
static const double negligible = 45;  /* e^-45 = 3e-20 of the largest is passed over */
static const double tail_wanted = 1e-6;
static const double may_miss = 0.01;  /* of the mean of n0, where more cannot be summed */

/* Weights under the saturated graph, or under the others together. */
struct pile {
	double ref;                   /* natural logarithm of the unit */
	double *w;                    /* column by column */
	double total;
};

struct run {
	struct sums sums;
	struct block block;
	struct chordal *graphs;
	size_t n_graphs;
	uint32_t *kept;               /* the graphs that are worth weighing */
	size_t n_kept;
	double *mass, *moment;        /* by graph: sums of weights, of weight times n0 */
	struct pile saturated, others;
	double *n0, *width;           /* by column */
	size_t n_columns, room;
	double limit, far;            /* last n0 allowed; mass was seen up to here */
	bool open;                    /* n0_max is ours to choose */
};

/* ---- Columns ------------------------------------------------------------------ */

static double
stride(const struct run *r, double n0)
{
	double unit = r->sums.p <= 5 ? 131072 : 256;

	return n0 < unit ? 1 : fmax(1, floor(sqrt(n0) / 4));
}

/* The next columns from n0 on, each standing for `width` values around its own. */
static void
fill(struct run *r, double n0)
{
	struct block *b = &r->block;

	for (b->n = 0; b->n < BLOCK && n0 <= r->limit; b->n++) {
		double w = fmin(stride(r, n0), r->limit - n0 + 1);
		b->width[b->n] = w;
		b->n0[b->n] = n0 + (w - 1) / 2;
		n0 += w;
	}
}

static void
make_room(struct run *r)
{
	if (r->n_columns + BLOCK <= r->room)
		return;
	r->room = r->room ? 2 * r->room : 4096;
	r->n0 = mem_grow(r->n0, r->room, sizeof *r->n0);
	r->width = mem_grow(r->width, r->room, sizeof *r->width);
	r->saturated.w = mem_grow(r->saturated.w, r->room, sizeof *r->saturated.w);
	r->others.w = mem_grow(r->others.w, r->room, sizeof *r->others.w);
}

/* ---- Weights ------------------------------------------------------------------ */

/* Bring the unit up to a larger weight. */
static void
lift(struct run *r, struct pile *p, double most, bool graphs)
{
	double by = special_exp(p->ref - most);

	if (!(most > p->ref))
		return;
	for (size_t i = 0; i < r->n_columns + r->block.n; i++)
		p->w[i] *= by;
	p->total *= by;
	for (size_t k = 0; graphs && k < r->n_kept; k++) {
		r->mass[r->kept[k]] *= by;
		r->moment[r->kept[k]] *= by;
	}
	p->ref = most;
}

/* Add the block's weights under one graph. */
static void
gather(struct run *r, struct pile *p, size_t graph)
{
	struct block *b = &r->block;
	double *w = p->w + r->n_columns, mass = 0, moment = 0;

	for (unsigned j = 0; j < b->n; j++)
		b->log_weight[j] = special_exp(b->log_weight[j] - p->ref);
	for (unsigned j = 0; j < b->n; j++) {
		double x = b->log_weight[j];
		w[j] += x;
		mass += x;
		moment += x * b->n0[j];
	}
	r->mass[graph] += mass;
	r->moment[graph] += moment;
	p->total += mass;
}

static void
add_block(struct run *r)
{
	struct block *b = &r->block;
	size_t last = r->n_graphs - 1;

	make_room(r);
	block_prepare(&r->sums, b);
	for (unsigned j = 0; j < b->n; j++) {
		size_t at = r->n_columns + j;
		r->n0[at] = b->n0[j];
		r->width[at] = b->width[j];
		r->saturated.w[at] = r->others.w[at] = 0;
	}
	for (size_t k = 0; k < r->n_kept; k++) {
		size_t g = r->kept[k];
		struct pile *p = g == last ? &r->saturated : &r->others;
		double most = block_weigh(b, &r->graphs[g]);
		if (most > p->ref)
			lift(r, p, most, p == &r->others);
		if (most > p->ref - negligible)
			gather(r, p, g);
	}
	r->n_columns += b->n;
}

/* ---- Where the posterior lies --------------------------------------------------- */

/* A first look over the whole range in geometric steps: which graphs matter (kept), and
 * up to where. */
static void
look(struct run *r)
{
	double *best = mem_alloc(r->n_graphs, sizeof *best), top = -INFINITY;
	double column[COARSE], at[COARSE], lo = (double)r->sums.o->n0_min;
	double ratio = pow((r->limit + 1) / (lo + 1), 1.0 / (COARSE - 1));

	for (size_t g = 0; g < r->n_graphs; g++)
		best[g] = -INFINITY;
	for (unsigned i = 0; i < COARSE; i += BLOCK) {
		struct block *b = &r->block;
		b->n = BLOCK;
		for (unsigned j = 0; j < BLOCK; j++) {
			at[i + j] = fmin((lo + 1) * pow(ratio, i + j) - 1, r->limit);
			b->n0[j] = at[i + j];
			b->width[j] = at[i + j] + 1;
			column[i + j] = -INFINITY;
		}
		block_prepare(&r->sums, b);
		for (size_t g = 0; g + 1 < r->n_graphs; g++) {
			best[g] = fmax(best[g], block_weigh(b, &r->graphs[g]));
			for (unsigned j = 0; j < BLOCK; j++)
				column[i + j] = fmax(column[i + j], b->log_weight[j]);
		}
	}
	for (unsigned i = 0; i < COARSE; i++)
		top = fmax(top, column[i]);
	for (unsigned i = 0; i < COARSE; i++)
		if (column[i] > top - 20)
			r->far = at[i] * ratio + 64;
	/* Few graphs: keep them all.  Many: those that could still matter between the steps. */
	for (size_t g = 0; g < r->n_graphs; g++)
		if (r->n_graphs < 1000 || g + 1 == r->n_graphs || best[g] > top - negligible)
			r->kept[r->n_kept++] = (uint32_t)g;
	mem_free(best);
}

/* The posterior's share beyond the last column, as if it fell on as the power of n0 that
 * it follows over the last halving; and what it adds to the mean of n0, INFINITY where
 * there is no mean. */
static double
tail(const struct run *r, double *ret_more)
{
	const struct pile *p = &r->others;
	size_t last = r->n_columns - 1, lo = 0, hi = last;
	double end = r->n0[last] + 1, here = p->w[last] / r->width[last], slope, beyond;

	*ret_more = 0;
	if (here <= 0)
		return 0;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (r->n0[mid] + 1 < end / 2)
			lo = mid + 1;
		else
			hi = mid;
	}
	slope = log(p->w[lo] / r->width[lo] / here) / log(end / (r->n0[lo] + 1));
	*ret_more = INFINITY;
	if (!(slope > 1))
		return 1;
	beyond = here * end / (slope - 1);
	if (slope > 2)
		*ret_more = beyond / (beyond + p->total) * end * (slope - 1) / (slope - 2);
	return beyond / (beyond + p->total);
}

static enum status
walk(struct run *r, const struct reckon_progress *progress, struct err *e)
{
	double n0 = (double)r->sums.o->n0_min, more;

	for (unsigned i = 0; n0 <= r->limit; i++) {
		fill(r, n0);
		add_block(r);
		for (unsigned j = 0; j < r->block.n; j++)
			n0 += r->block.width[j];
		if (r->n_columns > COLUMNS_MAX)
			return err_set(e, BAD, "graphs: more than %d columns for %.0f unseen people; "
				"fewer people or a lower limit would be right", COLUMNS_MAX, n0);
		if (r->open && n0 > r->far && tail(r, &more) < tail_wanted)
			break;
		if (i % PROGRESS == 0 && progress && progress->step && !progress->step(
			progress->context, (uint64_t)n0, (uint64_t)fmin(r->limit, fmax(r->far, n0))))
			return err_set(e, NO, "graphs: stopped at %.0f unseen people", n0);
	}
	return OK;
}

/* ---- Results ------------------------------------------------------------------ */

static double
quantile(const struct run *r, const double *w, double total, double u)
{
	double sum = 0;

	for (size_t i = 0; i < r->n_columns; i++) {
		sum += w[i];
		if (sum >= u * total)
			return r->sums.n + r->n0[i];
	}
	return r->sums.n + r->n0[r->n_columns - 1];
}

static struct reckon_posterior
summary(const struct run *r, const double *w, double level)
{
	struct reckon_posterior s = {0};
	double total = 0, inverse = 0, inverse2 = 0, most = -1;

	for (size_t i = 0; i < r->n_columns; i++) {
		double n = r->sums.n + r->n0[i];
		total += w[i];
		s.mean += w[i] * r->n0[i];
		inverse += w[i] / n;
		inverse2 += w[i] / n / n;
		if (w[i] / r->width[i] > most) {
			most = w[i] / r->width[i];
			s.mode = n;
		}
	}
	s.mean /= total;
	for (size_t i = 0; i < r->n_columns; i++)
		s.sd += w[i] * (r->n0[i] - s.mean) * (r->n0[i] - s.mean);
	s.sd = sqrt(s.sd / total);
	s.mean += r->sums.n;
	s.relative = inverse / inverse2;
	s.median = quantile(r, w, total, 0.5);
	s.interval.lower = quantile(r, w, total, 0.5 - level / 2);
	s.interval.upper = quantile(r, w, total, 0.5 + level / 2);
	return s;
}

/* The `want` graphs of largest mass, by insertion: few are asked for. */
static void
take_top(struct arena *a, const struct run *r, unsigned want, struct reckon_graphs *ret)
{
	size_t n = 0;

	ret->top = NEWS(a, struct reckon_graph, want);
	for (size_t k = 0; k < r->n_kept; k++) {
		size_t g = r->kept[k], at;
		struct reckon_graph x = {.n_cliques = r->graphs[g].n_cliques};
		if (g + 1 == r->n_graphs || !(r->mass[g] > 0))
			continue;
		x.probability = r->mass[g] / r->others.total;
		x.mean = r->sums.n + r->moment[g] / r->mass[g];
		for (unsigned i = 0; i < x.n_cliques; i++)
			x.cliques[i] = r->graphs[g].set[i];
		for (at = n; at > 0 && ret->top[at - 1].probability < x.probability; at--)
			if (at < want)
				ret->top[at] = ret->top[at - 1];
		if (at < want)
			ret->top[at] = x;
		n += n < want;
	}
	ret->n_top = n;
}

static void
conclude(struct arena *a, struct run *r, double level, struct reckon_graphs *ret)
{
	struct reckon_graphs g = {.delta = r->sums.delta, .n_graphs = r->n_graphs};
	unsigned want = r->sums.o->top ? r->sums.o->top : 10;
	double more, upto = 0, ratio = special_exp(r->saturated.ref - r->others.ref) * r->saturated.total
		/ r->others.total;

	g.without = summary(r, r->others.w, level);
	g.tail = tail(r, &more);
	g.capped = r->open && g.tail > tail_wanted && !(more < may_miss * (g.without.mean - r->sums.n));
	g.n0_max = (uint64_t)(r->n0[r->n_columns - 1] + (r->width[r->n_columns - 1] - 1) / 2);
	g.columns = NEWS(a, struct reckon_column, r->n_columns);
	g.n_columns = r->n_columns;
	for (size_t i = 0; i < r->n_columns; i++) {
		upto += r->others.w[i] / r->others.total;
		g.columns[i] = (struct reckon_column){r->sums.n + r->n0[i],
			r->others.w[i] / r->others.total, fmin(upto, 1)};
	}
	g.columns[r->n_columns - 1].upto = 1;
	take_top(a, r, want < r->n_graphs ? want : (unsigned)r->n_graphs, &g);
	/* Both piles in one unit, shares so that neither overflows. */
	g.saturated = ratio < 1e300 ? ratio / (1 + ratio) : 1;
	for (size_t i = 0; i < r->n_columns; i++)
		r->others.w[i] = r->others.w[i] / r->others.total * (1 - g.saturated)
			+ r->saturated.w[i] / r->saturated.total * g.saturated;
	g.with = summary(r, r->others.w, level);
	*ret = g;
}

static enum status
check(const struct reckon_counts *c, const struct reckon_graphs_options *o, struct err *e)
{
	bool nb = o->prior == RECKON_PRIOR_NEGATIVE_BINOMIAL;

	if (c->n_lists < 2 || c->n_lists > RECKON_GRAPH_LISTS)
		return err_set(e, BAD, "graphs: %u lists; 2 to %d would be right, so leave some out "
			"or merge them", c->n_lists, RECKON_GRAPH_LISTS);
	if (c->n == 0)
		return err_set(e, BAD, "graphs: nobody is on any list; people on some would be "
			"right");
	if (!(o->delta >= 0 && o->delta < 1e6))
		return err_set(e, BAD, "graphs: delta %g; above 0, such as 2^-%u, would be right",
			o->delta, c->n_lists);
	if (nb && !(o->a > 0 && o->a < 1e9 && o->b > 0 && o->b < 1e15))
		return err_set(e, BAD, "graphs: prior with a %g and b %g; both above 0 would be "
			"right", o->a, o->b);
	if (o->n0_max && o->n0_max < o->n0_min)
		return err_set(e, BAD, "graphs: at most %llu unseen people, but at least %llu; the "
			"other way round would be right", (unsigned long long)o->n0_max,
			(unsigned long long)o->n0_min);
	if (o->n0_max > (uint64_t)1 << 53 || o->n0_min > 1000 * (double)c->n + 10000)
		return err_set(e, BAD, "graphs: unseen people beyond any table; at most 1,000 times "
			"those seen would be right");
	return OK;
}

enum status
reckon_graphs(struct arena *a, const struct reckon_counts *c,
	const struct reckon_graphs_options *o, const struct reckon_progress *progress,
	struct reckon_graphs *ret, struct err *e)
{
	static const struct reckon_graphs_options defaults;
	struct run *r;
	double level;
	enum status s;

	o = o ? o : &defaults;
	level = o->level;
	s = check(c, o, e);
	if (s == OK)
		s = tails_level(&level, e);
	if (s != OK)
		return s;
	r = mem_alloc(1, sizeof *r);
	sums_init(&r->sums, c, o);
	r->graphs = chordal_all(c->n_lists, &r->n_graphs);
	r->kept = mem_alloc(r->n_graphs, sizeof *r->kept);
	r->mass = mem_alloc(r->n_graphs, sizeof *r->mass);
	r->moment = mem_alloc(r->n_graphs, sizeof *r->moment);
	r->saturated.ref = r->others.ref = -INFINITY;
	r->open = o->n0_max == 0;
	r->limit = r->open ? 1000 * (double)c->n + 10000 : (double)o->n0_max;
	look(r);
	s = walk(r, progress, e);
	if (s == OK)
		conclude(a, r, level, ret);
	mem_free(r->graphs);
	mem_free(r->kept);
	mem_free(r->mass);
	mem_free(r->moment);
	mem_free(r->saturated.w);
	mem_free(r->others.w);
	mem_free(r->n0);
	mem_free(r->width);
	mem_free(r);
	return s;
}

double
reckon_graphs_quantile(const struct reckon_graphs *g, double u)
{
	size_t lo = 0, hi = g->n_columns - 1;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (g->columns[mid].upto < u)
			lo = mid + 1;
		else
			hi = mid;
	}
	return g->columns[lo].n;
}
