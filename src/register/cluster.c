/*
 * Who is who, from what stands in the record: the newest linker run's clusters,
 * joined by every "same" and cut by every "not-same".  People always win; where they
 * contradict each other (A is B, B is C, A is not C), the newer verdicts do.
 *
 * Where no judgement touches a cluster it is as the run made it.  A cluster that a
 * "not-same" cuts is built anew: its "same" pairs first, then the run's pairs from
 * the strongest on, leaving out those that would bring two apart-judged together.
 */
#include "register/review_int.h"

struct pair { uint32_t left, right; double weight; };
struct apart { uint32_t other, next; };     /* next: index + 1 of the record's next, 0 none */

struct work {
	struct arena *a;
	const uint64_t *pos;        /* of person records, ascending */
	size_t n;
	uint32_t *up;               /* union-find; the root is the smallest index */
	uint32_t *next;             /* members of a set as a circular list */
	uint32_t *size;             /* of the set, at its root */
	uint32_t *apart_of;         /* per record: index + 1 in apart, 0 none */
	VEC(struct apart) apart;
	VEC(struct verdict) same, cut;
	VEC(struct pair) links;
};

static bool
index_at(const struct work *w, uint64_t pos, uint32_t *ret)
{
	size_t from = 0, to = w->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (w->pos[mid] == pos) {
			*ret = (uint32_t)mid;
			return true;
		}
		if (w->pos[mid] < pos)
			from = mid + 1;
		else
			to = mid;
	}
	return false;
}

static uint32_t
root(struct work *w, uint32_t i)
{
	while (w->up[i] != i)
		i = w->up[i] = w->up[w->up[i]];
	return i;
}

static void
join(struct work *w, uint32_t l, uint32_t r)
{
	uint32_t a = root(w, l), b = root(w, r), t;

	if (a == b)
		return;
	if (b < a) {
		t = a;
		a = b;
		b = t;
	}
	w->up[b] = a;
	w->size[a] += w->size[b];
	t = w->next[a];
	w->next[a] = w->next[b];
	w->next[b] = t;
}

static void
put_apart(struct work *w, uint32_t l, uint32_t r)
{
	VEC_PUSH(w->a, &w->apart) = (struct apart){r, w->apart_of[l]};
	w->apart_of[l] = (uint32_t)w->apart.n;
	VEC_PUSH(w->a, &w->apart) = (struct apart){l, w->apart_of[r]};
	w->apart_of[r] = (uint32_t)w->apart.n;
}

/* Would joining the sets of l and r bring two apart-judged records together?  The
 * members of the smaller one are asked. */
static bool
forbidden(struct work *w, uint32_t l, uint32_t r)
{
	uint32_t a = root(w, l), b = root(w, r), small = w->size[a] < w->size[b] ? a : b;
	uint32_t k = small, other = small == a ? b : a;

	do {
		for (uint32_t i = w->apart_of[k]; i; i = w->apart.v[i - 1].next)
			if (root(w, w->apart.v[i - 1].other) == other)
				return true;
		k = w->next[k];
	} while (k != small);
	return false;
}

static void
alone(struct work *w, uint32_t i)
{
	w->up[i] = w->next[i] = i;
	w->size[i] = 1;
}

static void
work_begin(struct work *w, struct arena *a, const uint64_t *pos, size_t n)
{
	*w = (struct work){.a = a, .pos = pos, .n = n, .up = NEWS(a, uint32_t, n),
		.next = NEWS(a, uint32_t, n), .size = NEWS(a, uint32_t, n),
		.apart_of = NEWS(a, uint32_t, n)};
	for (uint32_t i = 0; i < n; i++)
		alone(w, i);
}

static int
newest_first(const void *x, const void *y)
{
	const struct judged *l = x, *r = y;

	return (l->pos < r->pos) - (l->pos > r->pos);
}

/* From the newest on; what contradicts a newer one is passed over. */
static enum status
settle(struct work *w, struct reg *r, bool all, struct err *e)
{
	struct judged *said;
	struct work v;
	size_t n;
	enum status st = index_judged(w->a, r, all ? NULL : w->pos, w->n, &said, &n, e);

	if (st)
		return st;
	work_begin(&v, w->a, w->pos, w->n);
	if (n)
		qsort(said, n, sizeof *said, newest_first);
	for (size_t i = 0; i < n; i++) {
		struct verdict x;
		if (!index_at(&v, said[i].left, &x.left) || !index_at(&v, said[i].right, &x.right))
			continue;
		if (said[i].holds == SAYS_SAME && !forbidden(&v, x.left, x.right)) {
			join(&v, x.left, x.right);
			VEC_PUSH(w->a, &w->same) = x;
		} else if (said[i].holds == SAYS_APART && root(&v, x.left) != root(&v, x.right)) {
			put_apart(&v, x.left, x.right);
			VEC_PUSH(w->a, &w->cut) = x;
		}
	}
	return OK;
}

enum status
index_verdicts(struct arena *a, struct reg *r, const uint64_t *pos, size_t n,
	struct verdict **ret_same, size_t *ret_n_same, struct verdict **ret_apart,
	size_t *ret_n_apart, struct err *e)
{
	struct work w = {.a = a, .pos = pos, .n = n};
	enum status st = settle(&w, r, true, e);

	if (st)
		return st;
	*ret_same = w.same.v;
	*ret_n_same = w.same.n;
	*ret_apart = w.cut.v;
	*ret_n_apart = w.cut.n;
	return OK;
}

static enum status
add_links(struct work *w, struct store_stmt *s, struct err *e)
{
	enum status st;

	while ((st = store_step(s, e)) == OK) {
		struct pair p = {.weight = store_real(s, 2)};
		if (index_at(w, (uint64_t)store_int(s, 0), &p.left)
		    && index_at(w, (uint64_t)store_int(s, 1), &p.right))
			VEC_PUSH(w->a, &w->links) = p;
	}
	return st == NO ? OK : st;
}

static int
by_weight(const void *x, const void *y)
{
	const struct pair *l = x, *r = y;

	if (l->weight > r->weight || l->weight < r->weight)
		return l->weight < r->weight ? 1 : -1;
	if (l->left != r->left)
		return l->left < r->left ? -1 : 1;
	return (l->right > r->right) - (l->right < r->right);
}

/* The run's pairs among those records that a "not-same" makes us build anew. */
static enum status
load_links(struct work *w, struct reg *r, const bool *cut, struct err *e)
{
	enum status st = OK;

	for (size_t i = 0; i < w->n && st == OK; i++) {
		if (!cut[i])
			continue;
		struct store_stmt *s = store_sql(r->db,
			"SELECT left, right, weight FROM link WHERE left = ?1");
		store_bind_int(s, 1, (int64_t)w->pos[i]);
		st = add_links(w, s, e);
	}
	if (w->links.n)
		qsort(w->links.v, w->links.n, sizeof *w->links.v, by_weight);
	return st;
}

/* The run's clusters into `mate`: per record the first that is left of its cluster
 * (records leave when they are erased or their import is undone). */
static enum status
load_all_assigned(struct work *w, struct reg *r, uint32_t *mate, struct err *e)
{
	struct store_stmt *s = store_sql(r->db,
		"SELECT mate, pos FROM (SELECT mate, pos FROM assigned"
		" UNION SELECT mate, mate FROM assigned) ORDER BY mate, pos");
	uint64_t group = UINT64_MAX;
	uint32_t first = 0;
	enum status st;

	while ((st = store_step(s, e)) == OK) {
		uint64_t named = (uint64_t)store_int(s, 0);
		uint32_t i;
		if (!index_at(w, (uint64_t)store_int(s, 1), &i))
			continue;
		if (named != group)
			first = i;
		group = named;
		mate[i] = first;
	}
	return st == NO ? OK : st;
}

struct grouped { uint64_t group; uint32_t i; };

static int
by_group(const void *x, const void *y)
{
	const struct grouped *l = x, *r = y;

	if (l->group != r->group)
		return l->group < r->group ? -1 : 1;
	return (l->i > r->i) - (l->i < r->i);
}

static enum status
load_assigned(struct work *w, struct reg *r, uint32_t *mate, struct err *e)
{
	struct grouped *v = NEWS(w->a, struct grouped, w->n);

	for (uint32_t i = 0; i < w->n; i++) {
		struct store_stmt *s = store_sql(r->db, "SELECT mate FROM assigned WHERE pos = ?1");
		store_bind_int(s, 1, (int64_t)w->pos[i]);
		enum status st = store_step(s, e);
		if (st != OK && st != NO)
			return st;
		v[i] = (struct grouped){st == OK ? (uint64_t)store_int(s, 0) : w->pos[i], i};
	}
	if (w->n)
		qsort(v, w->n, sizeof *v, by_group);
	for (size_t i = 0, first = 0; i < w->n; i++) {
		if (v[i].group != v[first].group)
			first = i;
		mate[v[i].i] = v[first].i;
	}
	return OK;
}

/* Clusters of the run in which a "not-same" pair would meet are marked. */
static void
mark_cut(struct work *w, bool *cut)
{
	for (size_t i = 0; i < w->cut.n; i++) {
		uint32_t a = root(w, w->cut.v[i].left), k = a;
		if (a != root(w, w->cut.v[i].right) || cut[a])
			continue;
		do {
			cut[k] = true;
			k = w->next[k];
		} while (k != a);
	}
}

static enum status
build(struct work *w, struct reg *r, const uint32_t *mate, struct err *e)
{
	bool *cut = NEWS(w->a, bool, w->n);
	enum status st;

	for (size_t i = 0; i < w->cut.n; i++)
		put_apart(w, w->cut.v[i].left, w->cut.v[i].right);
	for (uint32_t i = 0; i < w->n; i++)
		join(w, i, mate[i]);
	for (size_t i = 0; i < w->same.n; i++)
		join(w, w->same.v[i].left, w->same.v[i].right);
	mark_cut(w, cut);
	if ((st = load_links(w, r, cut, e)) != OK)
		return st;
	for (uint32_t i = 0; i < w->n; i++)
		if (cut[i])
			alone(w, i);
	for (size_t i = 0; i < w->same.n; i++)
		if (cut[w->same.v[i].left])
			join(w, w->same.v[i].left, w->same.v[i].right);
	for (size_t i = 0; i < w->links.n; i++) {
		const struct pair *p = &w->links.v[i];
		/* Only what the run itself had joined. */
		if (cut[p->left] && cut[p->right] && mate[p->left] == mate[p->right]
		    && !forbidden(w, p->left, p->right))
			join(w, p->left, p->right);
	}
	return OK;
}

enum status
index_cluster(struct arena *a, struct reg *r, const uint64_t *pos, size_t n, bool all,
	uint32_t *ret_first, struct err *e)
{
	uint32_t *mate = NEWS(a, uint32_t, n);
	struct work w;
	enum status st;

	for (uint32_t i = 0; i < n; i++)
		mate[i] = i;
	work_begin(&w, a, pos, n);
	if ((st = settle(&w, r, all, e)) != OK
	    || (st = all ? load_all_assigned(&w, r, mate, e) : load_assigned(&w, r, mate, e)) != OK
	    || (st = build(&w, r, mate, e)) != OK)
		return st;
	for (uint32_t i = 0; i < n; i++)
		ret_first[i] = root(&w, i);
	return OK;
}
