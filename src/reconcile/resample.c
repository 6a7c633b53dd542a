/*
 * Linkages as likely as the one found.
 *
 * What the linker joins at a probability of 99 % and more are cores, the same in every
 * linkage: average linkage from the heaviest pair down is the same run up to there,
 * whatever its threshold.  Between cores questions remain: are these two one person?
 * Each linkage answers them one after another, with the probability that the linker's own
 * joint weight gives, knowing what it has answered already: two that were joined weigh
 * together, two that were parted stay so.  So every linkage is a partition by
 * construction, and its probability the product of its answers' (chain rule).
 *
 * Drawing each pair by itself would not be transitive (Sadinle 2014, Annals of Applied
 * Statistics 8:2404, section 1); adding noise to the weights and linking from the
 * heaviest down would favour joining, since of many noises the largest comes first.  The
 * order of the questions must not decide either: it is drawn too, odds first (Plackett
 * and Luce, by Gumbel's trick), so that of two namesakes who compete for one record each
 * gets it about as often as the odds say.
 *
 * What the model gives are marginal probabilities; see rule_out() for what that means
 * where a record can be only one of several.
 *
 * Random numbers are hashes of (seed, linkage, contents of the two cores, purpose):
 * SplitMix64's finaliser (Steele, Lea & Flood 2014, OOPSLA).  No state, no order.
 */
#include "reconcile/reconcile_int.h"

/* So much of a record's probability may be ruled out before the rest counts as certain. */
static const double ruled_out_most = 0.95;

enum purpose { TO_ORDER = 1, TO_ANSWER = 2 };

/* Two cores that may be one person. */
struct question {
	uint64_t key;                 /* of what both hold */
	uint32_t a, b;                /* nodes, a < b */
	int32_t joint;                /* while both are as at the start */
	uint32_t group;               /* questions that can touch each other have one */
};

/* A core about which there is a question. */
struct node {
	uint64_t on, unique;          /* lists; those free of duplicates, by number modulo 64 */
	uint32_t core;
};

/* The same in a linkage being drawn; read at the root of its tree only. */
struct drawn {
	uint64_t on, unique;
	uint32_t parent, next, size;  /* next: ring of the nodes in it */
	uint32_t parted, last, n_parted;      /* list in `parted`, + 1; 0: none */
	double ruled_out;             /* probability of what it could have been and is not */
};
struct parted { uint32_t node, next; };

/* Counts by set of lists: an open hash table; on 0: free. */
struct tally {
	struct match_history *v;
	size_t n, size;
};

struct resampler {
	const struct data *d;
	struct weights w;
	int32_t surely, surely_not;   /* weights */
	struct match_pair *foes;      /* judged not the same, canonical positions */
	size_t n_foes;
	uint32_t *core_of;            /* per record */
	uint32_t *from, *members;     /* per core: its records, ascending */
	size_t n_cores;
	uint64_t *key;                /* per core */
	struct question *q;           /* by group */
	size_t n_q;
	struct node *nodes;
	size_t n_nodes;
	uint32_t *node_of;            /* per core: its node + 1; 0: no question about it */
	struct tally base, now;       /* persons nobody asks about; of the linkage being drawn */
	struct drawn *in;             /* per node */
	struct parted *parted;
	size_t n_parted, cap_parted;
	struct asked { double late; uint32_t at; } *order;    /* of one group */
};

/* ---- Counting ---------------------------------------------------------------------- */

static void
tally_add(struct tally *t, uint64_t on, uint64_t count)
{
	size_t at;

	if (t->n * 2 >= t->size) {
		struct tally more = {.size = t->size ? t->size * 2 : 64};
		more.v = mem_alloc(more.size, sizeof *more.v);
		for (size_t i = 0; i < t->size; i++)
			if (t->v[i].on)
				tally_add(&more, t->v[i].on, t->v[i].count);
		mem_free(t->v);
		*t = more;
	}
	for (at = mix64(on, 3) & (t->size - 1); t->v[at].on && t->v[at].on != on;)
		at = (at + 1) & (t->size - 1);
	t->n += !t->v[at].on;
	t->v[at].on = on;
	t->v[at].count += count;
}

static int
by_on(const void *x, const void *y)
{
	const struct match_history *a = x, *b = y;

	return (a->on > b->on) - (a->on < b->on);
}

static struct match_linkage
tally_linkage(const struct tally *t, struct arena *a)
{
	struct match_linkage l = {.histories = NEWS(a, struct match_history, t->n ? t->n : 1)};

	for (size_t i = 0; i < t->size; i++)
		if (t->v[i].on) {
			l.histories[l.n++] = t->v[i];
			l.persons += t->v[i].count;
		}
	if (l.n)
		qsort(l.histories, l.n, sizeof *l.histories, by_on);
	return l;
}

static struct match_linkage
point_linkage(const struct resampler *s, const struct match_result *of, struct arena *a)
{
	uint64_t *on = mem_alloc(s->d->n, sizeof *on);
	struct tally t = {0};
	struct match_linkage l;

	for (size_t i = 0; i < s->d->n; i++)
		on[of->cluster[s->d->recs[i].input]] |= (uint64_t)1 << s->d->recs[i].list;
	for (size_t i = 0; i < s->d->n; i++)
		if (on[i])
			tally_add(&t, on[i], 1);
	l = tally_linkage(&t, a);
	mem_free(on);
	mem_free(t.v);
	return l;
}

/* ---- Cores ------------------------------------------------------------------------- */

/* The result's pairs as the linker had them: by canonical position, in its order. */
static struct edge *
edges_of(const struct match_result *of, const uint32_t *position)
{
	struct edge *v = mem_alloc(of->n_pairs, sizeof *v);
	struct entry *order = mem_alloc(of->n_pairs, sizeof *order);

	for (size_t i = 0; i < of->n_pairs; i++) {
		uint64_t l = position[of->pairs[i].left], r = position[of->pairs[i].right];
		order[i] = (struct entry){l < r ? l << 32 | r : r << 32 | l, (uint32_t)i};
	}
	sort_entries(order, of->n_pairs);
	for (size_t i = 0; i < of->n_pairs; i++)
		v[i] = (struct edge){.left = (uint32_t)(order[i].key >> 32),
			.right = (uint32_t)order[i].key,
			.weight = (int32_t)lroundf(of->pairs[order[i].at].weight * WEIGHT_UNIT)};
	mem_free(order);
	return v;
}

/* Number the cores by their first record, list their records. */
static void
list_cores(struct resampler *s, const uint32_t *root)
{
	size_t n = s->d->n;
	uint32_t *number = mem_alloc(n, sizeof *number), *fill;

	s->core_of = mem_alloc(n, sizeof *s->core_of);
	for (size_t i = 0; i < n; i++) {
		if (!number[root[i]])
			number[root[i]] = (uint32_t)++s->n_cores;
		s->core_of[i] = number[root[i]] - 1;
	}
	mem_free(number);
	s->from = mem_alloc(s->n_cores + 2, sizeof *s->from);
	s->members = mem_alloc(n, sizeof *s->members);
	/* Counting sort, shifted by one so that filling leaves the starts in place. */
	fill = s->from + 1;
	for (size_t i = 0; i < n; i++)
		s->from[s->core_of[i] + 2]++;
	for (size_t c = 2; c < s->n_cores + 2; c++)
		s->from[c] += s->from[c - 1];
	for (size_t i = 0; i < n; i++)
		s->members[fill[s->core_of[i]]++] = (uint32_t)i;
}

/* A core is known by what its first record says; records that say the same, which lie
 * side by side, are counted. */
static void
name_cores(struct resampler *s)
{
	uint64_t before = 0, nth = 0;

	s->key = mem_alloc(s->n_cores, sizeof *s->key);
	for (size_t i = 0; i < s->d->n; i++) {
		uint64_t content = data_content(s->d, &s->d->recs[i]);
		nth = i && content == before ? nth + 1 : 0;
		before = content;
		if (s->members[s->from[s->core_of[i]]] == i)
			s->key[s->core_of[i]] = mix64(content, nth);
	}
}

static enum status
find_cores(struct resampler *s, const struct edge *edges, size_t n, const struct judged *j,
	struct err *e)
{
	uint32_t *root = mem_alloc(s->d->n, sizeof *root);
	struct match_pair where = {0, 0};
	enum status st = cluster_all(s->d, &s->w, edges, n, s->surely, j, root, &where);

	if (st == OK) {
		list_cores(s, root);
		name_cores(s);
	} else {
		st = err_set(e, BAD, "match: records %u and %u are judged not the same, yet other "
			"judgements join them; one of these judgements has to be withdrawn",
			s->d->recs[where.left].input, s->d->recs[where.right].input);
	}
	mem_free(root);
	return st;
}

/* ---- Questions ------------------------------------------------------------------------ */

static unsigned
size_of(const struct resampler *s, uint32_t core)
{
	return s->from[core + 1] - s->from[core];
}

static unsigned
speak(const struct resampler *s, uint32_t core)
{
	return size_of(s, core) < SPEAKERS ? size_of(s, core) : SPEAKERS;
}

/* More than 64 lists do not come here, so that the bit is the list. */
static struct node
node_of_core(const struct resampler *s, uint32_t core)
{
	struct node x = {.core = core};

	for (uint32_t i = s->from[core]; i < s->from[core + 1]; i++) {
		uint32_t list = s->d->recs[s->members[i]].list;
		x.on |= (uint64_t)1 << list;
		if (s->d->list_unique && s->d->list_unique[list])
			x.unique |= (uint64_t)1 << list;
	}
	return x;
}

static uint32_t
take_node(struct resampler *s, uint32_t core)
{
	if (!s->node_of[core]) {
		s->nodes[s->n_nodes] = node_of_core(s, core);
		s->node_of[core] = (uint32_t)++s->n_nodes;
	}
	return s->node_of[core] - 1;
}

/* Pairs of cores with a pair of records between them that the run kept; each once,
 * ascending. */
static uint64_t *
core_pairs(const struct resampler *s, const struct edge *edges, size_t n, size_t *ret_n)
{
	uint64_t *v = mem_alloc(n, sizeof *v), *spare = mem_alloc(n, sizeof *spare);
	size_t all = 0, kept = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t a = s->core_of[edges[i].left], b = s->core_of[edges[i].right];
		if (a != b)
			v[all++] = a < b ? a << 32 | b : b << 32 | a;
	}
	sort_numbers(v, all, spare);
	for (size_t i = 0; i < all; i++)
		if (i == 0 || v[i] != v[i - 1])
			v[kept++] = v[i];
	mem_free(spare);
	*ret_n = kept;
	return v;
}

static void
ask(struct resampler *s, const struct edge *edges, size_t n)
{
	size_t n_pairs;
	uint64_t *pairs = core_pairs(s, edges, n, &n_pairs);

	s->q = mem_alloc(n_pairs, sizeof *s->q);
	s->nodes = mem_alloc(2 * n_pairs < s->n_cores ? 2 * n_pairs : s->n_cores, sizeof *s->nodes);
	s->node_of = mem_alloc(s->n_cores, sizeof *s->node_of);
	for (size_t i = 0; i < n_pairs; i++) {
		uint32_t a = (uint32_t)(pairs[i] >> 32), b = (uint32_t)pairs[i];
		int32_t joint;
		if (node_of_core(s, a).unique & node_of_core(s, b).unique)
			continue;
		joint = cluster_weigh(s->d, &s->w, s->members + s->from[a], speak(s, a),
			s->members + s->from[b], speak(s, b));
		if (joint < s->surely_not)
			continue;
		s->q[s->n_q++] = (struct question){.key = mix64(s->key[a], s->key[b]),
			.a = take_node(s, a), .b = take_node(s, b), .joint = joint};
	}
	mem_free(pairs);
}

static uint32_t
find(uint32_t *up, uint32_t i)
{
	while (up[i] != i)
		i = up[i] = up[up[i]];
	return i;
}

/* Questions that no others touch are most of them, and need no order. */
static void
group(struct resampler *s)
{
	uint32_t *up = mem_alloc(s->n_nodes, sizeof *up);
	struct entry *order = mem_alloc(s->n_q, sizeof *order);
	struct question *sorted = mem_alloc(s->n_q, sizeof *sorted);
	size_t most = 0;

	for (uint32_t i = 0; i < s->n_nodes; i++)
		up[i] = i;
	for (size_t i = 0; i < s->n_q; i++)
		up[find(up, s->q[i].b)] = find(up, s->q[i].a);
	for (size_t i = 0; i < s->n_q; i++)
		order[i] = (struct entry){find(up, s->q[i].a), (uint32_t)i};
	sort_entries(order, s->n_q);
	for (size_t i = 0, from = 0; i < s->n_q; i++) {
		sorted[i] = s->q[order[i].at];
		sorted[i].group = (uint32_t)order[i].key;
		if (order[i].key != order[from].key)
			from = i;
		most = i - from + 1 > most ? i - from + 1 : most;
	}
	s->order = mem_alloc(most, sizeof *s->order);
	mem_free(s->q);
	s->q = sorted;
	mem_free(order);
	mem_free(up);
}

static void
count_base(struct resampler *s)
{
	for (uint32_t c = 0; c < s->n_cores; c++)
		if (!s->node_of[c])
			tally_add(&s->base, node_of_core(s, c).on, 1);
}

/* ---- Drawing one --------------------------------------------------------------------- */

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
		uint32_t core = s->nodes[at].core, k = size_of(s, core);
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
rule_out(struct resampler *s, uint32_t u, double p)
{
	s->in[u].ruled_out = fmin(ruled_out_most, s->in[u].ruled_out + p);
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
	if (may && uniform(stream, q, TO_ANSWER) * (1 - s->in[u].ruled_out)
	    * (1 - s->in[v].ruled_out) < p) {
		join(s, u, v);
	} else if (!alone) {
		part(s, u, v);
		if (s->in[v].unique)
			rule_out(s, u, p);
		if (s->in[u].unique)
			rule_out(s, v, p);
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

static struct match_linkage
draw(struct resampler *s, uint64_t stream, struct arena *a)
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

/* ---- All ---------------------------------------------------------------------------- */

static enum status
check(const struct match_input *in, const struct match_resample_options *o, double doubt,
	struct err *e)
{
	invariant(in->table && in->table->settled);
	if (in->n_lists > MATCH_HISTORY_LISTS)
		return err_set(e, BAD, "match: %zu lists; at most %d have histories", in->n_lists,
			MATCH_HISTORY_LISTS);
	if (o->n > MATCH_LINKAGES_MAX)
		return err_set(e, BAD, "match: %u linkages; at most %d would be right", o->n,
			MATCH_LINKAGES_MAX);
	if (!(doubt > 0 && doubt < 0.5))
		return err_set(e, BAD, "match: %g as bound of doubt; more than 0 and less than 0.5 "
			"would be right", doubt);
	return OK;
}

static struct match_pair *
in_positions(const uint32_t *position, const struct match_pair *v, size_t n)
{
	struct match_pair *to = mem_alloc(n, sizeof *to);

	for (size_t i = 0; i < n; i++)
		to[i] = (struct match_pair){position[v[i].left], position[v[i].right]};
	return to;
}

static enum status
prepare(struct resampler *s, const struct match_input *in, const struct match_result *of,
	struct err *e)
{
	uint32_t *position = mem_alloc(s->d->n, sizeof *position);
	struct match_pair *same;
	struct edge *edges;
	enum status st;

	for (uint32_t i = 0; i < s->d->n; i++)
		position[s->d->recs[i].input] = i;
	same = in_positions(position, in->same, in->n_same);
	s->foes = in_positions(position, in->not_same, in->n_not_same);
	s->n_foes = in->n_not_same;
	edges = edges_of(of, position);
	mem_free(position);
	struct judged j = {same, s->foes, in->n_same, in->n_not_same};
	st = find_cores(s, edges, of->n_pairs, &j, e);
	if (st == OK) {
		ask(s, edges, of->n_pairs);
		group(s);
		count_base(s);
		s->in = mem_alloc(s->n_nodes, sizeof *s->in);
	}
	mem_free(edges);
	mem_free(same);
	return st;
}

static void
finish(struct resampler *s)
{
	mem_free(s->foes);
	mem_free(s->core_of);
	mem_free(s->from);
	mem_free(s->members);
	mem_free(s->key);
	mem_free(s->q);
	mem_free(s->nodes);
	mem_free(s->node_of);
	mem_free(s->base.v);
	mem_free(s->now.v);
	mem_free(s->in);
	mem_free(s->parted);
	mem_free(s->order);
	weights_finish(&s->w);
}

enum status
match_resample(struct arena *a, const struct match_input *in, const struct match_result *of,
	const struct match_resample_options *o, struct match_linkages *ret, struct err *e)
{
	double doubt = o->doubt > 0 || o->doubt < 0 ? o->doubt : 0.01;
	struct match_linkages out = {.n = o->n ? o->n : 50};
	struct resampler s = {0};
	enum status st = check(in, o, doubt, e);

	if (st != OK)
		return st;
	s.d = &in->table->d;
	s.surely = weight_of_probability(1 - doubt);
	s.surely_not = weight_of_probability(doubt);
	weights_of(s.d, &of->model, &s.w);
	if ((st = prepare(&s, in, of, e)) == OK) {
		out.n_groups = s.n_nodes;
		out.n_questions = s.n_q;
		out.point = point_linkage(&s, of, a);
		out.drawn = NEWS(a, struct match_linkage, out.n);
		for (size_t r = 0; r < out.n; r++) {
			if (o->progress)
				o->progress("drawing linkages", r, out.n);
			out.drawn[r] = draw(&s, mix64(mix64(o->seed, 17), r), a);
		}
		*ret = out;
	}
	finish(&s);
	return st;
}
