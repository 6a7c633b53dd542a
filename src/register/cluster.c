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
	struct verdict *same, *cut;
	size_t n_same, n_cut;
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

enum status
index_verdicts(struct arena *a, struct reg *r, const uint64_t *pos, size_t n,
	struct verdict **ret_same, size_t *ret_n_same, struct verdict **ret_apart,
	size_t *ret_n_apart, struct err *e)
{
	VEC(struct verdict) same = {0}, apart = {0};
	struct work w;
	struct judged *said;
	size_t n_said;
	enum status st = index_judged(a, r, &said, &n_said, e);

	if (st)
		return st;
	work_begin(&w, a, pos, n);
	if (n_said)
		qsort(said, n_said, sizeof *said, newest_first);
	/* From the newest on; what contradicts a newer one is passed over. */
	for (size_t i = 0; i < n_said; i++) {
		struct verdict v;
		if (!index_at(&w, said[i].left, &v.left) || !index_at(&w, said[i].right, &v.right))
			continue;
		if (said[i].holds == SAYS_SAME && !forbidden(&w, v.left, v.right)) {
			join(&w, v.left, v.right);
			VEC_PUSH(a, &same) = v;
		} else if (said[i].holds == SAYS_APART && root(&w, v.left) != root(&w, v.right)) {
			put_apart(&w, v.left, v.right);
			VEC_PUSH(a, &apart) = v;
		}
	}
	*ret_same = same.v;
	*ret_n_same = same.n;
	*ret_apart = apart.v;
	*ret_n_apart = apart.n;
	return OK;
}

static enum status
load_persons(struct arena *a, struct reg *r, uint64_t **ret, size_t *ret_n, struct err *e)
{
	VEC(uint64_t) v = {0};
	struct store_stmt *s = store_sql(r->db, "SELECT pos FROM person ORDER BY pos");
	enum status st;

	while ((st = store_step(s, e)) == OK)
		VEC_PUSH(a, &v) = (uint64_t)store_int(s, 0);
	if (st != NO)
		return st;
	*ret = v.v;
	*ret_n = v.n;
	return OK;
}

static enum status
load_links(struct work *w, struct reg *r, struct err *e)
{
	struct store_stmt *s = store_sql(r->db,
		"SELECT left, right, weight FROM link ORDER BY weight DESC, left, right");
	enum status st;

	while ((st = store_step(s, e)) == OK) {
		struct pair p = {.weight = store_real(s, 2)};
		if (index_at(w, (uint64_t)store_int(s, 0), &p.left)
		    && index_at(w, (uint64_t)store_int(s, 1), &p.right))
			VEC_PUSH(w->a, &w->links) = p;
	}
	return st == NO ? OK : st;
}

/* The run's clusters into `mate`: per record the first that is left of its cluster
 * (records leave when they are erased or their import is undone). */
static enum status
load_assigned(struct work *w, struct reg *r, uint32_t *mate, struct err *e)
{
	struct store_stmt *s = store_sql(r->db,
		"SELECT mate, pos FROM (SELECT mate, pos FROM assigned"
		" UNION SELECT mate, mate FROM assigned) ORDER BY mate, pos");
	uint64_t group = UINT64_MAX;
	uint32_t first = 0;
	enum status st;

	for (uint32_t i = 0; i < w->n; i++)
		mate[i] = i;
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

/* Clusters of the run in which a "not-same" pair would meet are marked. */
static void
mark_cut(struct work *w, bool *cut)
{
	for (size_t i = 0; i < w->n_cut; i++) {
		uint32_t a = root(w, w->cut[i].left), k = a;
		if (a != root(w, w->cut[i].right) || cut[a])
			continue;
		do {
			cut[k] = true;
			k = w->next[k];
		} while (k != a);
	}
}

static void
build(struct work *w, const uint32_t *mate)
{
	bool *cut = NEWS(w->a, bool, w->n);

	for (size_t i = 0; i < w->n_cut; i++)
		put_apart(w, w->cut[i].left, w->cut[i].right);
	for (uint32_t i = 0; i < w->n; i++)
		join(w, i, mate[i]);
	for (size_t i = 0; i < w->n_same; i++)
		join(w, w->same[i].left, w->same[i].right);
	mark_cut(w, cut);
	for (uint32_t i = 0; i < w->n; i++)
		if (cut[i])
			alone(w, i);
	for (size_t i = 0; i < w->n_same; i++)
		if (cut[w->same[i].left])
			join(w, w->same[i].left, w->same[i].right);
	for (size_t i = 0; i < w->links.n; i++) {
		const struct pair *p = &w->links.v[i];
		/* Only what the run itself had joined. */
		if (cut[p->left] && cut[p->right] && mate[p->left] == mate[p->right]
		    && !forbidden(w, p->left, p->right))
			join(w, p->left, p->right);
	}
}

static enum status
save(struct work *w, struct reg *r, struct err *e)
{
	enum status st = OK;

	for (uint32_t i = 0; i < w->n && st == OK; i++) {
		struct store_stmt *s = store_sql(r->db,
			"UPDATE person SET cluster = ?2 WHERE pos = ?1 AND cluster <> ?2");
		store_bind_int(s, 1, (int64_t)w->pos[i]);
		store_bind_int(s, 2, (int64_t)w->pos[root(w, i)]);
		st = store_done(s, e);
	}
	return st;
}

enum status
index_cluster(struct reg *r, struct err *e)
{
	struct arena *a = arena_create((size_t)4 << 30);
	struct work w;
	uint64_t *pos;
	size_t n;
	enum status st = load_persons(a, r, &pos, &n, e);

	if (st == OK) {
		uint32_t *mate = NEWS(a, uint32_t, n);
		work_begin(&w, a, pos, n);
		if ((st = index_verdicts(a, r, pos, n, &w.same, &w.n_same, &w.cut, &w.n_cut,
		    e)) == OK && (st = load_links(&w, r, e)) == OK
		    && (st = load_assigned(&w, r, mate, e)) == OK) {
			build(&w, mate);
			st = save(&w, r, e);
		}
	}
	arena_destroy(a);
	return st;
}
