/*
 * Who is who, from what stands in the record: the newest linker run's clusters,
 * joined by every "same" and cut by every "not-same".  People always win.
 *
 * Where no judgement touches a cluster it is as the run made it.  A cluster that a
 * "not-same" cuts is built anew: its "same" pairs first, then the run's pairs from
 * the strongest on, leaving out those that would bring two apart-judged together.
 */
#include "register/register_int.h"

struct pair { uint32_t left, right; double weight; };

struct work {
	struct arena *a;
	uint64_t *pos;              /* of person records, ascending */
	size_t n;
	uint32_t *up;               /* union-find; the root is the smallest index */
	uint32_t *next;             /* members of a set as a circular list */
	VEC(struct pair) same, apart, links;
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
	t = w->next[a];
	w->next[a] = w->next[b];
	w->next[b] = t;
}

/* Would joining the sets of l and r bring two apart-judged records together? */
static bool
forbidden(struct work *w, uint32_t l, uint32_t r)
{
	uint32_t a = root(w, l), b = root(w, r);

	for (size_t i = 0; i < w->apart.n; i++) {
		uint32_t x = root(w, w->apart.v[i].left), y = root(w, w->apart.v[i].right);
		if ((x == a && y == b) || (x == b && y == a))
			return true;
	}
	return false;
}

static enum status
load_persons(struct work *w, struct reg *r, struct err *e)
{
	VEC(uint64_t) v = {0};
	struct store_stmt *s = store_sql(r->db, "SELECT pos FROM person ORDER BY pos");
	enum status st;

	while ((st = store_step(s, e)) == OK)
		VEC_PUSH(w->a, &v) = (uint64_t)store_int(s, 0);
	if (st != NO)
		return st;
	w->pos = v.v;
	w->n = v.n;
	w->up = NEWS(w->a, uint32_t, v.n);
	w->next = NEWS(w->a, uint32_t, v.n);
	for (size_t i = 0; i < v.n; i++)
		w->up[i] = w->next[i] = (uint32_t)i;
	return OK;
}

/* The newest verdict on a pair counts, whoever gave it. */
static enum status
load_judgements(struct work *w, struct reg *r, struct err *e)
{
	struct store_stmt *s = store_sql(r->db,
		"SELECT min(left, right), max(left, right), verdict, max(pos) FROM judgement"
		" WHERE left IS NOT NULL AND right IS NOT NULL"
		" GROUP BY min(left, right), max(left, right) ORDER BY max(pos)");
	enum status st;

	while ((st = store_step(s, e)) == OK) {
		struct pair p = {0};
		struct str verdict = store_text(s, 2);
		if (!index_at(w, (uint64_t)store_int(s, 0), &p.left)
		    || !index_at(w, (uint64_t)store_int(s, 1), &p.right))
			continue;
		if (str_is(verdict, "same"))
			VEC_PUSH(w->a, &w->same) = p;
		else if (str_is(verdict, "not-same"))
			VEC_PUSH(w->a, &w->apart) = p;
	}
	return st == NO ? OK : st;
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

/* The run's clusters into `mate`: per record its cluster's first member. */
static enum status
load_assigned(struct work *w, struct reg *r, uint32_t *mate, struct err *e)
{
	struct store_stmt *s = store_sql(r->db, "SELECT pos, mate FROM assigned ORDER BY pos");
	enum status st;

	for (size_t i = 0; i < w->n; i++)
		mate[i] = (uint32_t)i;
	while ((st = store_step(s, e)) == OK) {
		uint32_t i, m;
		if (index_at(w, (uint64_t)store_int(s, 0), &i)
		    && index_at(w, (uint64_t)store_int(s, 1), &m))
			mate[i] = m;
	}
	return st == NO ? OK : st;
}

/* Clusters of the run in which a "not-same" pair would meet are marked. */
static void
mark_cut(struct work *w, bool *cut)
{
	for (size_t i = 0; i < w->apart.n; i++) {
		uint32_t a = root(w, w->apart.v[i].left);
		if (a == root(w, w->apart.v[i].right))
			for (uint32_t k = w->next[a];; k = w->next[k]) {
				cut[k] = true;
				if (k == a)
					break;
			}
	}
}

static void
build(struct work *w, const uint32_t *mate)
{
	bool *cut = NEWS(w->a, bool, w->n);

	for (uint32_t i = 0; i < w->n; i++)
		join(w, i, mate[i]);
	for (size_t i = 0; i < w->same.n; i++)
		join(w, w->same.v[i].left, w->same.v[i].right);
	mark_cut(w, cut);
	for (uint32_t i = 0; i < w->n; i++)
		if (cut[i])
			w->up[i] = w->next[i] = i;
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
	struct work w = {.a = arena_create((size_t)4 << 30)};
	uint32_t *mate;
	enum status st;

	if ((st = load_persons(&w, r, e)) == OK && (st = load_judgements(&w, r, e)) == OK
	    && (st = load_links(&w, r, e)) == OK) {
		mate = NEWS(w.a, uint32_t, w.n);
		if ((st = load_assigned(&w, r, mate, e)) == OK) {
			build(&w, mate);
			st = save(&w, r, e);
		}
	}
	arena_destroy(w.a);
	return st;
}
