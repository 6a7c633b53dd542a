/*
 * The queue of review: which pairs want an answer of whom, by their effect
 * (review_effect.c).
 */
#include "register/review_int.h"
#include <math.h>

static const double least_effect = 1e-9;

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

/* --- the queue -------------------------------------------------------------------- */

struct line { struct reg_pair p; struct two persons; };

/* Comparable: what the run does not tell of comes last. */
static double
likelihood(const struct reg_pair *p)
{
	return isnan(p->probability) ? -1 : p->probability;
}

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
	double p = likelihood(&l->p), q = likelihood(&r->p);
	if (p < q || p > q)
		return p < q ? 1 : -1;
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

struct queue {
	struct review v;
	struct effects *effects;
	VEC(struct line) lines;
};

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
		l.p.effect = effect_of(q->effects, x, (uint32_t)i);
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
		q.effects = effects_make(&q.v);
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

/* Does a verdict on two other records keep the same two persons apart? */
static enum status
apart_by_others(struct reg *r, const struct judged *v, size_t n, struct two persons, bool *ret,
	struct err *e)
{
	enum status st = OK;

	*ret = false;
	for (size_t i = 0; i < n && !*ret && st != FAIL; i++) {
		uint64_t x = 0, y = 0;
		if (v[i].holds != SAYS_APART)
			continue;
		if ((st = person_of(r, v[i].left, &x, e)) != OK
		    || (st = person_of(r, v[i].right, &y, e)) != OK)
			continue;            /* erased since */
		*ret = by_two(&persons, &(struct two){x < y ? x : y, x < y ? y : x}) == 0;
	}
	return st == FAIL ? st : OK;
}

/* Gone, or joined or parted by what was said of others since?  NO: it is. */
static enum status
as_it_was(struct reg *r, const struct reg_pair *p, struct two *ret, struct err *e)
{
	uint64_t left = 0, right = 0;
	enum status st = person_of(r, p->left, &left, e);

	if (st == OK)
		st = person_of(r, p->right, &right, e);
	*ret = two_of(left, right);
	return st == OK && (left == right) != p->joined ? NO : st;
}

enum status
reg_review_still(struct reg *r, struct reg_pair *p, bool *ret, struct err *e)
{
	struct arena *a = arena_create((size_t)1 << 30);
	struct judged *judged;
	struct two persons;
	uint32_t me;
	bool apart = false;
	size_t n;
	enum status st = index_judged(a, r, NULL, 0, &judged, &n, e);

	if (st == OK)
		st = index_officer(a, r, &me, e);
	if (st == OK) {
		review_state(judged, n, me, p);
		st = as_it_was(r, p, &persons, e);
		if (st == OK && !p->joined)
			st = apart_by_others(r, judged, n, persons, &apart, e);
		*ret = st == OK && !apart && p->state != PAIR_SETTLED && !p->mine[0];
	}
	arena_destroy(a);
	return st == NO ? OK : st;
}
