/* The report gate: pure functions of what the methods gave. */
#include <math.h>
#include "reckon/reckon.h"
#include "reckon/special_int.h"

/* How the lists hang together. */
struct links {
	unsigned with_people, shared; /* lists that have people; that share any */
	unsigned lone;                /* the first of some size that shares none; n_lists: none */
	uint64_t people;              /* on more than one list */
};

static uint64_t
size_of(const struct reckon_counts *c, unsigned list)
{
	uint64_t n = 0;

	for (size_t i = 0; i < c->n_cells; i++)
		n += c->cells[i].on >> list & 1 ? c->cells[i].count : 0;
	return n;
}

/* That a list of three people shares none of them is chance, and harms little. */
static struct links
look_at_lists(const struct reckon_counts *c)
{
	uint64_t anybody = 0, shared = 0;
	struct links l = {0};

	for (size_t i = 0; i < c->n_cells; i++) {
		uint64_t on = c->cells[i].on;
		anybody |= on;
		if (on & (on - 1)) {
			shared |= on;
			l.people += c->cells[i].count;
		}
	}
	l.with_people = (unsigned)__builtin_popcountll(anybody);
	l.shared = (unsigned)__builtin_popcountll(shared);
	while (l.lone < c->n_lists && !((anybody & ~shared) >> l.lone & 1
		&& size_of(c, l.lone) >= RECKON_GATE_SHARED))
		l.lone++;
	return l;
}

static enum reckon_why
judge_lists(const struct reckon_counts *c, const struct links *l)
{
	if (l->with_people < RECKON_GATE_LISTS)
		return RECKON_FEW_LISTS;
	if (l->lone < c->n_lists)
		return RECKON_LONE_LIST;
	if (l->people < RECKON_GATE_SHARED)
		return RECKON_FEW_SHARED;
	return l->shared < RECKON_GATE_LISTS ? RECKON_FEW_LISTS : RECKON_SAID;
}

static enum reckon_why
look_at_chains(const struct reckon_result *r)
{
	if (r->chains < RECKON_GATE_CHAINS)
		return RECKON_FEW_CHAINS;
	/* Written so that NaN is withheld too. */
	if (!(r->rhat <= RECKON_GATE_RHAT))
		return RECKON_NOT_MIXED;
	return r->ess >= RECKON_GATE_ESS ? RECKON_SAID : RECKON_FEW_DRAWS;
}

/* Below which no estimate is believed; 0: nothing to go by. */
static double
least(const struct reckon_counts *c)
{
	struct reckon_estimate at;

	return reckon_chao_lists(c, RECKON_GATE_BOUND_LEVEL, &at, NULL) == OK
		? at.interval.lower : 0;
}

/* The most that a gap may be: one chance in a hundred that any of the models exceeds it. */
static double
widest_gap(const struct reckon_result *r, size_t n)
{
	double models = 0;

	for (size_t i = 0; i < n; i++)
		models += r[i].done && r[i].gap != 0;
	return models > 0 ? special_normal_cdf_inverse(1 - RECKON_GATE_GAP_P / models) : INFINITY;
}

static enum reckon_why
look_at(const struct reckon_result *r, double bound, double gap)
{
	enum reckon_why why;

	if (!r->done || !isfinite(r->n))
		return RECKON_NOT_DONE;
	if (r->family == RECKON_BOUND)
		return RECKON_SAID;
	if (r->sampled && (why = look_at_chains(r)) != RECKON_SAID)
		return why;
	if (r->capped)
		return RECKON_AT_CAP;
	if (!isfinite(r->upper) || !isfinite(r->lower))
		return RECKON_NO_UPPER;
	if (r->gap > gap)
		return RECKON_TOO_LOW;
	/* With a gap of its own a model has been held against a closer bound; where people may
	 * differ smoothly the estimate varies more than the bound. */
	if (!r->summed && r->gap == 0 && r->family != RECKON_SMOOTH && r->n < bound)
		return RECKON_BELOW_BOUND;
	return r->overlap_p < RECKON_GATE_OVERLAP_P ? RECKON_OVERLAPS : RECKON_SAID;
}

static bool
speaks(const struct reckon_result *r, enum reckon_why why)
{
	return why == RECKON_SAID && r->family != RECKON_BOUND;
}

/* Does a model in which people differ explain the lists better than every log-linear one,
 * in which they are alike? */
static bool
explained_by_people(const struct reckon_counts *c, const struct reckon_result *r, size_t n)
{
	struct reckon_differ d;
	double alike = INFINITY;

	for (size_t i = 0; i < n; i++)
		if (r[i].done && r[i].family == RECKON_LOG_LINEAR && r[i].bic != 0)
			alike = fmin(alike, r[i].bic);
	return isfinite(alike) && reckon_differ(c, &d, NULL) == OK
		&& fmin(d.smooth, d.classes) < alike;
}

static bool
needs_alike(enum reckon_family f)
{
	return f == RECKON_LOG_LINEAR || f == RECKON_GRAPH_AVERAGE;
}

/* Once people are known to differ, nothing can check a model of how they do. */
static void
withhold_if_people_differ(const struct reckon_counts *c, const struct reckon_result *r, size_t n,
	enum reckon_why *why)
{
	bool known = explained_by_people(c, r, n);

	for (size_t i = 0; i < n; i++)
		known |= why[i] == RECKON_TOO_LOW || (why[i] == RECKON_BELOW_BOUND
			&& needs_alike(r[i].family));
	for (size_t i = 0; i < n && known; i++)
		if (speaks(&r[i], why[i]))
			why[i] = RECKON_DIFFER;
}

/* The span of those that speak would leave out that one of them has no upper end. */
static void
withhold_if_one_is_open(const struct reckon_result *r, size_t n, enum reckon_why *why)
{
	bool open = false;

	for (size_t i = 0; i < n; i++)
		open |= why[i] == RECKON_NO_UPPER;
	for (size_t i = 0; i < n && open; i++)
		if (speaks(&r[i], why[i]))
			why[i] = RECKON_OPEN;
}

/* Do two results of different families differ too much? */
static bool
differ(const struct reckon_result *x, const struct reckon_result *y, double seen)
{
	double a = fmin(x->n, y->n) - seen, b = fmax(x->n, y->n) - seen;
	bool both = x->family != RECKON_SMOOTH && y->family != RECKON_SMOOTH;

	if (x->family == y->family)
		return false;
	return (both && b > RECKON_GATE_FACTOR * a && b - a > RECKON_GATE_SLACK * seen)
		|| x->lower > y->upper || y->lower > x->upper;
}

/* Which of the families is right no data tell: if two differ, none of them speaks. */
static void
compare(const struct reckon_result *r, size_t n, double seen, struct reckon_gate *g)
{
	double low = INFINITY, high = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < i && speaks(&r[i], g->why[i]); k++)
			if (speaks(&r[k], g->why[k]) && differ(&r[i], &r[k], seen)) {
				low = fmin(low, fmin(r[i].n, r[k].n));
				high = fmax(high, fmax(r[i].n, r[k].n));
			}
	if (high == 0)
		return;
	for (size_t i = 0; i < n; i++)
		if (speaks(&r[i], g->why[i]))
			g->why[i] = RECKON_DISAGREE;
	g->low = low;
	g->high = high;
}

void
reckon_gate(struct arena *a, const struct reckon_counts *c, const struct reckon_result *r,
	size_t n, struct reckon_gate *ret)
{
	struct reckon_gate g = {.why = NEWS(a, enum reckon_why, n + 1)};
	struct links lists = look_at_lists(c);
	enum reckon_why all = judge_lists(c, &lists);
	double gap;

	g.lone = lists.lone;
	g.bound = least(c);
	gap = widest_gap(r, n);
	for (size_t i = 0; i < n; i++) {
		g.why[i] = look_at(&r[i], g.bound, gap);
		if (all != RECKON_SAID && r[i].family != RECKON_BOUND)
			g.why[i] = all;
	}
	withhold_if_people_differ(c, r, n, g.why);
	withhold_if_one_is_open(r, n, g.why);
	compare(r, n, (double)c->n, &g);
	g.span = (struct reckon_interval){INFINITY, 0};
	for (size_t i = 0; i < n; i++)
		if (speaks(&r[i], g.why[i])) {
			g.said++;
			g.span.lower = fmin(g.span.lower, r[i].lower);
			g.span.upper = fmax(g.span.upper, r[i].upper);
		}
	if (g.said == 0)
		g.span.lower = 0;
	*ret = g;
}
