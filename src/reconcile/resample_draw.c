/* One linkage: the questions answered one after another. */
#include "reconcile/resample_int.h"

/* So much of a record's probability may be ruled out before the rest counts as certain. */
static const double ruled_out_most = 0.95;

enum purpose { TO_ORDER = 1, TO_ANSWER = 2 };

/* In (0, 1), with 53 bits. */
static double
uniform(uint64_t stream, const struct question *q, enum purpose p)
{
	uint64_t x = mix64(mix64(stream, q->key), p);

	return ((double)(x >> 11) + 0.5) * 0x1p-53;
}

/* No paths are compressed: trees are low by joining the smaller to the larger. */
static uint32_t
top(const struct resampler *s, uint32_t i)
{
	while (s->in[i].parent != i)
		i = s->in[i].parent;
	return i;
}

static void
put_parted(struct resampler *s, uint32_t at, uint32_t other)
{
	struct drawn *x = &s->in[at];

	if (s->n_parted == s->cap_parted) {
		s->cap_parted = s->cap_parted ? s->cap_parted * 2 : 1024;
		s->parted = mem_grow(s->parted, s->cap_parted, sizeof *s->parted);
	}
	s->parted[s->n_parted++] = (struct parted){other, x->parted};
	x->parted = (uint32_t)s->n_parted;
	if (!x->n_parted++)
		x->last = x->parted;
}

static void
part(struct resampler *s, uint32_t u, uint32_t v)
{
	put_parted(s, u, v);
	put_parted(s, v, u);
}

static bool
are_parted(const struct resampler *s, uint32_t u, uint32_t v)
{
	if (s->in[u].n_parted > s->in[v].n_parted) {
		uint32_t t = u;
		u = v;
		v = t;
	}
	for (uint32_t i = s->in[u].parted; i; i = s->parted[i - 1].next)
		if (top(s, s->parted[i - 1].node) == v)
			return true;
	return false;
}

static void
join(struct resampler *s, uint32_t u, uint32_t v)
{
	struct drawn *x, *y;
	uint32_t t;

	if (s->in[u].size < s->in[v].size) {
		t = u;
		u = v;
		v = t;
	}
	x = &s->in[u];
	y = &s->in[v];
	y->parent = u;
	x->size += y->size;
	x->on |= y->on;
	x->unique |= y->unique;
	x->ruled_out = fmax(x->ruled_out, y->ruled_out);
	t = x->next;
	x->next = y->next;
	y->next = t;
	if (y->parted) {
		s->parted[y->last - 1].next = x->parted;
		if (!x->parted)
			x->last = y->last;
		x->parted = y->parted;
		x->n_parted += y->n_parted;
	}
}

/* Records that speak for a drawn person: of all its cores alike many. */
static unsigned
speakers(const struct resampler *s, uint32_t u, uint32_t ret[SPEAKERS])
{
	unsigned each = s->in[u].size < SPEAKERS ? SPEAKERS / s->in[u].size : 1, n = 0;
	uint32_t at = u;

	do {
		uint32_t core = s->nodes[at].core, k = core_size(s, core);
		for (uint32_t i = 0; i < k && i < each && n < SPEAKERS; i++)
			ret[n++] = s->members[s->from[core] + i];
		at = s->in[at].next;
	} while (at != u && n < SPEAKERS);
	return n;
}

static int32_t
joint(const struct resampler *s, const struct question *q, uint32_t u, uint32_t v)
{
	uint32_t x[SPEAKERS], y[SPEAKERS];
	unsigned nx, ny;

	if (s->in[u].size == 1 && s->in[v].size == 1)
		return q->joint;
	nx = speakers(s, u, x);
	ny = speakers(s, v, y);
	return cluster_weigh(s->d, &s->w, x, nx, y, ny);
}

/* A pair's probability has in it that another may be the right one.  Where lists are free
 * of duplicates only one can be, and what was ruled out goes to those who are left:
 * P(A | not C) = P(A) / (1 - P(C)).  So each of them is joined about as often as the model
 * says, and the number of persons is not too high by what competitors take from each
 * other (in simulations 4 % without this, 0.6 % with it). */
static void
rule_out(struct resampler *s, uint32_t u, uint32_t v, double p)
{
	if (s->in[v].unique)
		s->in[u].ruled_out = fmin(ruled_out_most, s->in[u].ruled_out + p);
}

/* Of u's probability, for v. */
static double
left(const struct resampler *s, uint32_t u, uint32_t v)
{
	return s->in[v].unique ? 1 - s->in[u].ruled_out : 1;
}

static void
answer(struct resampler *s, const struct question *q, uint64_t stream, bool alone)
{
	uint32_t u = top(s, q->a), v = top(s, q->b);
	int32_t w = q->joint;
	double p;
	bool may;

	if (u == v || are_parted(s, u, v))
		return;
	may = !(s->in[u].unique & s->in[v].unique);
	if (may)
		w = joint(s, q, u, v);
	p = w < s->surely_not ? 0 : w >= s->surely ? 1 : weight_probability(w);
	if (may && uniform(stream, q, TO_ANSWER) * left(s, u, v) * left(s, v, u) < p) {
		join(s, u, v);
	} else if (!alone) {
		part(s, u, v);
		rule_out(s, u, v, p);
		rule_out(s, v, u, p);
	}
}

static int
by_lateness(const void *x, const void *y)
{
	const struct asked *a = x, *b = y;

	if (a->late < b->late || a->late > b->late)
		return a->late < b->late ? -1 : 1;
	return (a->at > b->at) - (a->at < b->at);
}

/* Times of exponential clocks whose rates are the odds (the same order as Gumbel's). */
static void
answer_group(struct resampler *s, const struct question *q, size_t n, uint64_t stream)
{
	if (n == 1) {
		answer(s, q, stream, true);
		return;
	}
	for (uint32_t i = 0; i < n; i++)
		s->order[i] = (struct asked){log2(-log(uniform(stream, &q[i], TO_ORDER)))
			- (double)q[i].joint / WEIGHT_UNIT, i};
	qsort(s->order, n, sizeof *s->order, by_lateness);
	for (size_t i = 0; i < n; i++)
		answer(s, &q[s->order[i].at], stream, false);
}

static void
start(struct resampler *s)
{
	s->n_parted = 0;
	for (uint32_t i = 0; i < s->n_nodes; i++)
		s->in[i] = (struct drawn){.on = s->nodes[i].on, .unique = s->nodes[i].unique,
			.parent = i, .next = i, .size = 1};
	for (size_t i = 0; i < s->n_foes; i++) {
		uint32_t u = s->node_of[s->core_of[s->foes[i].left]];
		uint32_t v = s->node_of[s->core_of[s->foes[i].right]];
		if (u && v)
			part(s, u - 1, v - 1);
	}
	for (size_t i = 0; i < s->now.size; i++)
		s->now.v[i] = (struct match_history){0, 0};
	s->now.n = 0;
	for (size_t i = 0; i < s->base.size; i++)
		if (s->base.v[i].on)
			tally_add(&s->now, s->base.v[i].on, s->base.v[i].count);
}

struct match_linkage
resample_draw(struct resampler *s, uint64_t stream, struct arena *a)
{
	start(s);
	for (size_t i = 0, j; i < s->n_q; i = j) {
		for (j = i + 1; j < s->n_q && s->q[j].group == s->q[i].group; j++)
			;
		answer_group(s, s->q + i, j - i, stream);
	}
	for (uint32_t i = 0; i < s->n_nodes; i++)
		if (s->in[i].parent == i)
			tally_add(&s->now, s->in[i].on, 1);
	return tally_linkage(&s->now, a);
}

void
resample_clusters(const struct resampler *s, uint32_t *ret)
{
	for (size_t i = 0; i < s->d->n; i++) {
		uint32_t core = s->core_of[i], node = s->node_of[core];
		ret[s->d->recs[i].input] = node ? s->nodes[top(s, node - 1)].core : core;
	}
}
