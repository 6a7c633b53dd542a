/*
 * Which pair to look at first: the one whose answer is expected to change the number
 * of persons most.
 *
 * A pair between two persons: if it is the same, there is one person less; so it is
 * expected to change the count by the probability that the two are one.  Between two
 * records that is p; between persons of several it is what all pairs of a record of
 * one with a record of the other say on average, in bits (average linkage, as the
 * matcher's own), where the run kept no weight: the most a pair can have that it did
 * not keep.  Of several pairs between the same two persons the likeliest stands for
 * all.
 *
 * A pair inside a person: if it is not the same, and nothing else holds the two
 * together, there is one person more.  Something else holds them with probability q,
 * that of the best other way along the run's pairs (product of their p; a person's
 * "same" counts as 1).  So it is expected to change the count by (1 - p)(1 - q): a
 * bridge much, a pair among others that hold little.  The pairs above 99 % that the
 * run did not keep are no loss: instead of one of them one can go along the tree of the
 * strongest, which is nowhere weaker and so uses no doubtful pair.
 */
#include "register/review_int.h"
#include <math.h>

/* How far a search for another way goes in a very large person; beyond it the effect
 * is taken too high, so that the pair is seen rather than missed. */
enum { WAY_RECORDS = 256, WAY_EDGES = 4096 };
static const double least_effect = 1e-9;

struct hop { uint32_t to; float p; uint32_t edge; };
struct graph {
	const struct review *v;
	uint32_t *first;             /* of each record's hops; n + 1 of them */
	struct hop *hops;
	double *best;                /* by record; 0: not reached */
};

/* --- other ways ------------------------------------------------------------------- */

static double
chance(const struct review *v, const struct edge *x)
{
	const struct judged *j = judged_find(v->judged, v->n_judged, v->pos[x->left],
		v->pos[x->right]);

	return j && j->holds == SAYS_SAME ? 1 : j && j->holds == SAYS_APART ? 0
		: (double)x->probability;
}

struct bond { uint32_t left, right, edge; float p; };

static void
add_bond(struct arena *a, const struct review *v, struct bond **list, size_t *n, size_t *cap,
	struct bond b)
{
	if (v->now[b.left] != v->now[b.right] || b.p <= 0)
		return;
	if (*n == *cap)
		*list = arena_vec_grow(a, *list, cap, sizeof **list);
	(*list)[(*n)++] = b;
}

/* The pairs inside persons as they are now, with what people said beside them. */
static void
graph_make(struct review *v, struct graph *g)
{
	VEC(struct bond) bonds = {0};
	uint32_t *next;

	for (size_t i = 0; i < v->n_edges; i++) {
		const struct edge *x = &v->edges[i];
		add_bond(v->a, v, &bonds.v, &bonds.n, &bonds.cap, (struct bond){x->left, x->right,
			(uint32_t)i, (float)chance(v, x)});
	}
	for (size_t i = 0; i < v->n_judged; i++) {
		const struct judged *j = &v->judged[i];
		struct bond b = {.edge = UINT32_MAX, .p = 1};
		if (j->holds == SAYS_SAME && review_index(v, j->left, &b.left)
		    && review_index(v, j->right, &b.right)
		    && !review_edge(v, b.left, b.right))
			add_bond(v->a, v, &bonds.v, &bonds.n, &bonds.cap, b);
	}
	*g = (struct graph){.v = v, .first = NEWS(v->a, uint32_t, v->n + 2),
		.hops = NEWS(v->a, struct hop, 2 * bonds.n + 1), .best = NEWS(v->a, double, v->n + 1)};
	for (size_t i = 0; i < bonds.n; i++) {
		g->first[bonds.v[i].left + 1]++;
		g->first[bonds.v[i].right + 1]++;
	}
	for (size_t i = 0; i < v->n; i++)
		g->first[i + 1] += g->first[i];
	next = v->n ? arena_copy(v->a, g->first, v->n * sizeof *next) : NULL;
	for (size_t i = 0; i < bonds.n; i++) {
		const struct bond *b = &bonds.v[i];
		g->hops[next[b->left]++] = (struct hop){b->right, b->p, b->edge};
		g->hops[next[b->right]++] = (struct hop){b->left, b->p, b->edge};
	}
}

/* The best way from one end of an edge to the other without it: Dijkstra on products. */
static double
other_way(struct graph *g, const struct edge *x, uint32_t edge)
{
	uint32_t seen[WAY_RECORDS], n = 1;
	bool done[WAY_RECORDS] = {false};
	size_t looked = 0;
	double way = 0;

	seen[0] = x->left;
	g->best[x->left] = 1;
	for (;;) {
		uint32_t at = UINT32_MAX;
		for (uint32_t i = 0; i < n; i++)
			if (!done[i] && (at == UINT32_MAX || g->best[seen[i]] > g->best[seen[at]]))
				at = i;
		if (at == UINT32_MAX)
			break;
		uint32_t k = seen[at];
		done[at] = true;
		if (k == x->right) {
			way = g->best[k];
			break;
		}
		for (uint32_t i = g->first[k]; i < g->first[k + 1] && looked < WAY_EDGES; i++) {
			const struct hop *h = &g->hops[i];
			double p = g->best[k] * (double)h->p;
			looked++;
			if (h->edge == edge || p <= g->best[h->to])
				continue;
			if (g->best[h->to] <= 0) {
				if (n == WAY_RECORDS)
					continue;
				seen[n++] = h->to;
			}
			g->best[h->to] = p;
		}
	}
	for (uint32_t i = 0; i < n; i++)
		g->best[seen[i]] = 0;
	return way;
}

/* --- what people have said -------------------------------------------------------- */

void
review_state(const struct judged *v, size_t n, uint32_t me, struct reg_pair *p)
{
	static const char *const codes[] = {[SAYS_NOTHING] = "", [SAYS_SAME] = "same",
		[SAYS_APART] = "not-same", [SAYS_UNSURE] = "unsure"};
	const struct judged *j = judged_find(v, n, p->left, p->right);
	bool same = false, apart = false;

	p->mine = "";
	p->state = PAIR_OPEN;
	for (size_t i = 0; j && i < j->n; i++) {
		same = same || j->said[i].says == SAYS_SAME;
		apart = apart || j->said[i].says == SAYS_APART;
		if (j->said[i].officer == me)
			p->mine = codes[j->said[i].says];
	}
	if (j)
		p->state = j->holds != SAYS_NOTHING ? PAIR_SETTLED
			: same && apart ? PAIR_DISPUTED : PAIR_AWAITS;
}

/* Persons that a verdict which holds keeps apart, the smaller first. */
struct two { uint64_t left, right; };

static int
by_two(const void *x, const void *y)
{
	const struct two *l = x, *r = y;

	if (l->left != r->left)
		return l->left < r->left ? -1 : 1;
	return (l->right > r->right) - (l->right < r->right);
}

static struct two
two_of(uint64_t x, uint64_t y)
{
	return x < y ? (struct two){x, y} : (struct two){y, x};
}

static struct two *
kept_apart(const struct review *v, size_t *ret_n)
{
	struct two *t = NEWS(v->a, struct two, v->n_judged + 1);
	size_t n = 0;

	for (size_t i = 0; i < v->n_judged; i++) {
		uint32_t l, r;
		if (v->judged[i].holds == SAYS_APART && review_index(v, v->judged[i].left, &l)
		    && review_index(v, v->judged[i].right, &r))
			t[n++] = two_of(v->now[l], v->now[r]);
	}
	if (n)
		qsort(t, n, sizeof *t, by_two);
	*ret_n = n;
	return t;
}

/* --- the queue -------------------------------------------------------------------- */

struct line { struct reg_pair p; struct two persons; };

static int
by_persons(const void *x, const void *y)
{
	const struct line *l = x, *r = y;
	int c = by_two(&l->persons, &r->persons);

	if (c)
		return c;
	/* What somebody has begun with comes before what is likelier. */
	if ((l->p.state == PAIR_OPEN) != (r->p.state == PAIR_OPEN))
		return l->p.state == PAIR_OPEN ? 1 : -1;
	if (l->p.probability < r->p.probability || l->p.probability > r->p.probability)
		return l->p.probability < r->p.probability ? 1 : -1;
	return by_two(&(struct two){l->p.left, l->p.right}, &(struct two){r->p.left, r->p.right});
}

static int
by_effect(const void *x, const void *y)
{
	const struct line *l = x, *r = y;

	if (l->p.effect < r->p.effect || l->p.effect > r->p.effect)
		return l->p.effect < r->p.effect ? 1 : -1;
	return by_two(&(struct two){l->p.left, l->p.right}, &(struct two){r->p.left, r->p.right});
}

/* Between two persons: the weights kept, and how many. */
struct between { struct two persons; double weight; size_t n; };

struct queue {
	struct review v;
	struct between *between;     /* by persons */
	size_t n_between;
	uint64_t *persons;           /* of each record its person, sorted: for their sizes */
	struct graph g;
	struct two *apart;
	size_t n_apart;
	VEC(struct line) lines;
};

static int
by_between(const void *x, const void *y)
{
	return by_two(&((const struct between *)x)->persons, &((const struct between *)y)->persons);
}

static int
ascending(const void *x, const void *y)
{
	const uint64_t l = *(const uint64_t *)x, r = *(const uint64_t *)y;

	return (l > r) - (l < r);
}

/* How many records the persons below this number have in all. */
static size_t
below(const struct queue *q, uint64_t person)
{
	size_t from = 0, to = q->v.n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (q->persons[mid] < person)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

static double
size_of(const struct queue *q, uint64_t person)
{
	return (double)(below(q, person + 1) - below(q, person));
}

static void
sum_between(struct queue *q)
{
	const struct review *v = &q->v;
	struct between *b = NEWS(v->a, struct between, v->n_edges + 1);
	size_t n = 0, m = 0;

	q->persons = arena_copy(v->a, v->now, v->n * sizeof *v->now);
	qsort(q->persons, v->n, sizeof *q->persons, ascending);
	for (size_t i = 0; i < v->n_edges; i++) {
		const struct edge *x = &v->edges[i];
		if (v->now[x->left] != v->now[x->right])
			b[n++] = (struct between){two_of(v->now[x->left], v->now[x->right]),
				(double)x->weight, 1};
	}
	if (n)
		qsort(b, n, sizeof *b, by_between);
	for (size_t i = 0; i < n; i++) {
		if (m && by_between(&b[m - 1], &b[i]) == 0) {
			b[m - 1].weight += b[i].weight;
			b[m - 1].n++;
		} else {
			b[m++] = b[i];
		}
	}
	q->between = b;
	q->n_between = m;
}

static double
likely_one(const struct queue *q, struct two persons, double otherwise)
{
	const struct between key = {.persons = persons};
	const struct between *b = q->n_between ? bsearch(&key, q->between, q->n_between, sizeof key,
		by_between) : NULL;
	double kept_most = log2(run_keeps / (1 - run_keeps)), all;

	all = size_of(q, persons.left) * size_of(q, persons.right);
	if (!b || all <= 1)
		return otherwise;
	return 1 / (1 + exp2(-(b->weight + (all - (double)b->n) * kept_most) / all));
}

static double
effect_of(struct queue *q, const struct edge *x, size_t at)
{
	const struct review *v = &q->v;
	uint64_t left = v->now[x->left], right = v->now[x->right];
	struct two persons = two_of(left, right);

	if (left == right)
		return (1 - (double)x->probability)
			* (1 - other_way(&q->g, x, (uint32_t)at));
	if (v->list[x->left] != UINT64_MAX && v->list[x->left] == v->list[x->right])
		return 0;
	if (q->n_apart && bsearch(&persons, q->apart, q->n_apart, sizeof persons, by_two))
		return 0;
	return likely_one(q, persons, (double)x->probability);
}

static struct reg_pair
pair_of(const struct review *v, const struct edge *x)
{
	struct reg_pair p = {.left = v->pos[x->left], .right = v->pos[x->right],
		.weight = (double)x->weight, .probability = (double)x->probability,
		.zone = x->zone, .joined = v->now[x->left] == v->now[x->right]};

	review_state(v->judged, v->n_judged, v->me, &p);
	return p;
}

static void
add_edges(struct queue *q, const struct reg_review_want *w)
{
	const struct review *v = &q->v;

	for (size_t i = 0; i < v->n_edges; i++) {
		const struct edge *x = &v->edges[i];
		struct line l = {.p = pair_of(v, x)};
		if ((w->zone >= 0 && (int)x->zone != w->zone) || l.p.state == PAIR_SETTLED)
			continue;
		l.p.effect = effect_of(q, x, i);
		l.persons = l.p.joined ? (struct two){l.p.left, l.p.right}
			: two_of(v->now[x->left], v->now[x->right]);
		if (l.p.effect > least_effect)
			VEC_PUSH(v->a, &q->lines) = l;
	}
}

/* What somebody judged though the run says nothing of it: it changes the count or not,
 * nobody knows. */
static void
add_judged(struct queue *q, const struct reg_review_want *w)
{
	const struct review *v = &q->v;

	for (size_t i = 0; i < v->n_judged; i++) {
		struct line l = {.p = {.left = v->judged[i].left, .right = v->judged[i].right,
			.weight = NAN, .probability = NAN, .zone = ZONE_GREY, .effect = 0.5}};
		uint32_t left, right;
		review_state(v->judged, v->n_judged, v->me, &l.p);
		if (l.p.state == PAIR_SETTLED || (w->zone >= 0 && w->zone != ZONE_GREY)
		    || !review_index(v, l.p.left, &left) || !review_index(v, l.p.right, &right)
		    || review_edge(v, left, right))
			continue;
		l.p.joined = v->now[left] == v->now[right];
		l.persons = l.p.joined ? (struct two){l.p.left, l.p.right}
			: two_of(v->now[left], v->now[right]);
		VEC_PUSH(v->a, &q->lines) = l;
	}
}

/* Of pairs between the same two persons one; those that others judged stay all. */
static void
choose(struct queue *q, const struct reg_review_want *w)
{
	struct line *v = q->lines.v;
	size_t n = 0;

	if (q->lines.n)
		qsort(v, q->lines.n, sizeof *v, by_persons);
	for (size_t i = 0; i < q->lines.n; i++) {
		bool first = i == 0 || by_two(&v[i].persons, &v[i - 1].persons) != 0;
		struct line l = v[i];
		if (!first && l.p.state == PAIR_OPEN)
			continue;
		if (l.p.mine[0] || (w->which == REVIEW_SECOND && l.p.state == PAIR_OPEN))
			l.p.effect = -1;             /* it stands for the others, unseen */
		v[n++] = l;
	}
	q->lines.n = n;
	if (n)
		qsort(v, n, sizeof *v, by_effect);
	while (q->lines.n && v[q->lines.n - 1].p.effect < 0)
		q->lines.n--;
}

static int
newest(const void *x, const void *y)
{
	const struct line *l = x, *r = y;

	return (l->persons.left < r->persons.left) - (l->persons.left > r->persons.left);
}

/* What I have judged; `persons` is borrowed for where. */
static void
add_mine(struct queue *q, const struct reg_review_want *w)
{
	const struct review *v = &q->v;

	for (size_t i = 0; i < v->n_judged; i++) {
		const struct judged *j = &v->judged[i];
		struct line l = {.p = {.left = j->left, .right = j->right, .weight = NAN,
			.probability = NAN, .zone = ZONE_GREY}};
		const struct edge *x;
		uint32_t left, right;
		if (!review_index(v, j->left, &left) || !review_index(v, j->right, &right))
			continue;
		if ((x = review_edge(v, left, right)) != NULL)
			l.p = pair_of(v, x);
		review_state(v->judged, v->n_judged, v->me, &l.p);
		l.p.joined = v->now[left] == v->now[right];
		for (size_t k = 0; k < j->n; k++)
			if (j->said[k].officer == v->me)
				l.persons.left = j->said[k].pos;
		if (l.p.mine[0] && (w->zone < 0 || w->zone == (int)l.p.zone))
			VEC_PUSH(v->a, &q->lines) = l;
	}
	if (q->lines.n)
		qsort(q->lines.v, q->lines.n, sizeof *q->lines.v, newest);
}

enum status
reg_review_queue(struct arena *a, struct reg *r, const struct reg_review_want *w,
	struct reg_zones *ret_zones, struct reg_pair **ret, size_t *ret_n, size_t *ret_of,
	struct err *e)
{
	struct arena *t = arena_create((size_t)8 << 30);
	struct queue q = {0};
	struct reg_pair *out = NULL;
	size_t n = 0;
	enum status st = review_load(t, r, &q.v, e);

	if (st == OK && w->which == REVIEW_MINE) {
		add_mine(&q, w);
	} else if (st == OK) {
		q.apart = kept_apart(&q.v, &q.n_apart);
		graph_make(&q.v, &q.g);
		sum_between(&q);
		add_edges(&q, w);
		add_judged(&q, w);
		choose(&q, w);
	}
	if (st == OK) {
		n = w->limit && w->limit < q.lines.n ? w->limit : q.lines.n;
		out = NEWS(a, struct reg_pair, n);
	}
	for (size_t i = 0; i < n && st == OK; i++) {
		out[i] = q.lines.v[i].p;
		if (w->ends)
			st = review_ends(a, r, &out[i], e);
	}
	if (st == OK) {
		*ret = out;
		*ret_n = n;
		*ret_of = q.lines.n;
		*ret_zones = q.v.zones;
	}
	arena_destroy(t);
	return st;
}

static enum status
person_of(struct reg *r, uint64_t pos, uint64_t *ret, struct err *e)
{
	struct store_stmt *s = store_sql(r->db, "SELECT cluster FROM person WHERE pos = ?1");
	enum status st;

	store_bind_int(s, 1, (int64_t)pos);
	if ((st = store_step(s, e)) == OK)
		*ret = (uint64_t)store_int(s, 0);
	return st;
}

enum status
reg_review_still(struct reg *r, struct reg_pair *p, bool *ret, struct err *e)
{
	struct arena *a = arena_create((size_t)1 << 30);
	struct judged *judged;
	uint64_t left = 0, right = 0;
	uint32_t me;
	size_t n;
	enum status st = index_judged(a, r, NULL, 0, &judged, &n, e), is;

	if (st == OK)
		st = index_officer(a, r, &me, e);
	if (st == OK) {
		review_state(judged, n, me, p);
		*ret = p->state != PAIR_SETTLED && !p->mine[0];
		is = person_of(r, p->left, &left, e);
		if (is == OK)
			is = person_of(r, p->right, &right, e);
		/* Gone, or joined or parted by what was said of others since. */
		if (is != OK || (left == right) != p->joined)
			*ret = false;
		st = is == NO ? OK : is;
	}
	/* Kept apart by a verdict on two other records of the same two persons. */
	for (size_t i = 0; st == OK && i < n && *ret && left != right; i++) {
		uint64_t x, y;
		if (judged[i].holds != SAYS_APART || person_of(r, judged[i].left, &x, e) != OK
		    || person_of(r, judged[i].right, &y, e) != OK)
			continue;
		*ret = by_two(&(struct two){left < right ? left : right, left < right ? right : left},
			&(struct two){x < y ? x : y, x < y ? y : x}) != 0;
	}
	arena_destroy(a);
	return st;
}
