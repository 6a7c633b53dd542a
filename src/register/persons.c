/*
 * Persons' numbers.  A person's number is the position of the record that arrived
 * first, so a merge keeps the earlier one and after a split the part with that
 * record keeps it.  Each record of the log that changes who is who is taken by
 * itself: what it may reach is clustered anew, and what became of the numbers is
 * noted beside its position.
 */
#include "register/register_int.h"

enum {
	TOUCHED_FEW = 64,            /* above, all persons are clustered anew */
	RENAMED_MOST = 1000,         /* steps from a number to what it is now */
};

struct touched {
	struct arena *a;
	VEC(uint64_t) pos;
	bool all;
};

static struct touched *
touched(struct reg *r)
{
	if (!r->touched) {
		r->touched = mem_alloc(1, sizeof *r->touched);
		r->touched->a = arena_create((size_t)256 << 20);
	}
	return r->touched;
}

void
index_untouch(struct reg *r)
{
	if (!r->touched)
		return;
	arena_destroy(r->touched->a);
	mem_free(r->touched);
	r->touched = NULL;
}

void
index_touch(struct reg *r, uint64_t pos)
{
	struct touched *t = touched(r);

	if (t->pos.n > TOUCHED_FEW)
		t->all = true;
	if (!t->all)
		VEC_PUSH(t->a, &t->pos) = pos;
}

void
index_touch_all(struct reg *r)
{
	touched(r)->all = true;
}

void
index_touch_judgement(struct reg *r, uint64_t pos)
{
	struct store_stmt *s = store_sql(r->db, "SELECT left, right FROM judgement WHERE pos = ?1");

	store_bind_int(s, 1, (int64_t)pos);
	if (store_step(s, NULL) != OK)
		return;
	uint64_t left = (uint64_t)store_int(s, 0), right = (uint64_t)store_int(s, 1);
	bool both = !store_is_null(s, 0) && !store_is_null(s, 1);
	if (both) {
		index_touch(r, left);
		index_touch(r, right);
	}
}

/* --- what is reached --------------------------------------------------------------- */

struct reached { uint64_t pos, was; };
struct persons {
	struct arena *a;
	VEC(struct reached) v;
	uint64_t *pos;               /* ascending */
	uint64_t *was, *now;         /* number before and after, by index */
	size_t n;
};

static int
by_pos(const void *x, const void *y)
{
	const struct reached *l = x, *r = y;

	return (l->pos > r->pos) - (l->pos < r->pos);
}

static enum status
add_reached(struct persons *p, struct store_stmt *s, struct err *e)
{
	enum status st;

	while ((st = store_step(s, e)) == OK)
		VEC_PUSH(p->a, &p->v) = (struct reached){(uint64_t)store_int(s, 0),
			(uint64_t)store_int(s, 1)};
	return st == NO ? OK : st;
}

/* Whoever is, was, or might be one person with the record: by its number, by the
 * run's cluster, by anything called the same.  A record that is gone may be on the
 * way. */
static const char reach[] =
	"WITH RECURSIVE c(p) AS (SELECT ?1"
	" UNION SELECT person.cluster FROM c CROSS JOIN person ON person.pos = c.p"
	" UNION SELECT person.pos FROM c CROSS JOIN person ON person.cluster = c.p"
	" UNION SELECT mate FROM c CROSS JOIN assigned ON assigned.pos = c.p"
	" UNION SELECT assigned.pos FROM c CROSS JOIN assigned ON assigned.mate = c.p"
	" UNION SELECT right FROM c CROSS JOIN judgement ON left = c.p WHERE verdict = 'same'"
	" UNION SELECT left FROM c CROSS JOIN judgement ON right = c.p WHERE verdict = 'same')"
	" SELECT c.p, person.cluster FROM c CROSS JOIN person ON person.pos = c.p";

static enum status
load_reached(struct persons *p, struct reg *r, struct err *e)
{
	const struct touched *t = r->touched;
	enum status st = OK;
	size_t n = 0;

	if (t->all)
		st = add_reached(p, store_sql(r->db, "SELECT pos, cluster FROM person"), e);
	for (size_t i = 0; i < t->pos.n && st == OK && !t->all; i++) {
		struct store_stmt *s = store_sql(r->db, reach);
		store_bind_int(s, 1, (int64_t)t->pos.v[i]);
		st = add_reached(p, s, e);
	}
	if (st)
		return st;
	if (p->v.n)
		qsort(p->v.v, p->v.n, sizeof *p->v.v, by_pos);
	p->pos = NEWS(p->a, uint64_t, p->v.n);
	p->was = NEWS(p->a, uint64_t, p->v.n);
	p->now = NEWS(p->a, uint64_t, p->v.n);
	for (size_t i = 0; i < p->v.n; i++)
		if (n == 0 || p->pos[n - 1] != p->v.v[i].pos) {
			p->pos[n] = p->v.v[i].pos;
			p->was[n++] = p->v.v[i].was;
		}
	p->n = n;
	return OK;
}

/* --- what became of the numbers ------------------------------------------------------ */

struct moved { uint64_t was, now; };

static int
by_numbers(const void *x, const void *y)
{
	const struct moved *l = x, *r = y;

	if (l->was != r->was)
		return l->was < r->was ? -1 : 1;
	return (l->now > r->now) - (l->now < r->now);
}

static bool
find(const struct persons *p, uint64_t pos, size_t *ret)
{
	size_t from = 0, to = p->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (p->pos[mid] < pos)
			from = mid + 1;
		else
			to = mid;
	}
	*ret = from;
	return from < p->n && p->pos[from] == pos;
}

/* See struct reg_person_event. */
static const char *
what_of(const struct persons *p, const struct moved *m)
{
	size_t was, now;
	bool left = find(p, m->was, &was), there = find(p, m->now, &now);
	bool remains = left && p->now[was] == m->was, existed = there && p->was[now] == m->now;

	if (existed)
		return remains ? "moved" : "merged";
	return left ? "split" : "renamed";
}

static enum status
put_event(struct reg *r, uint64_t cause, const struct moved *m, const char *what, size_t records,
	struct err *e)
{
	struct store_stmt *s = store_sql(r->db,
		"INSERT OR REPLACE INTO person_event(cause, was, now, what, records)"
		" VALUES(?1, ?2, ?3, ?4, ?5)");

	store_bind_int(s, 1, (int64_t)cause);
	store_bind_int(s, 2, (int64_t)m->was);
	store_bind_int(s, 3, (int64_t)m->now);
	store_bind_text(s, 4, str_of(what));
	store_bind_int(s, 5, (int64_t)records);
	return store_done(s, e);
}

static enum status
put_events(struct persons *p, struct reg *r, uint64_t cause, struct err *e)
{
	VEC(struct moved) v = {0};
	enum status st = OK;

	for (size_t i = 0; i < p->n; i++)
		if (p->was[i] != p->now[i])
			VEC_PUSH(p->a, &v) = (struct moved){p->was[i], p->now[i]};
	if (v.n)
		qsort(v.v, v.n, sizeof *v.v, by_numbers);
	for (size_t i = 0, to; i < v.n && st == OK; i = to) {
		for (to = i; to < v.n && by_numbers(&v.v[i], &v.v[to]) == 0;)
			to++;
		st = put_event(r, cause, &v.v[i], what_of(p, &v.v[i]), to - i, e);
	}
	return st;
}

static enum status
save(struct persons *p, struct reg *r, struct err *e)
{
	enum status st = OK;

	for (size_t i = 0; i < p->n && st == OK; i++) {
		if (p->was[i] == p->now[i])
			continue;
		struct store_stmt *s = store_sql(r->db,
			"UPDATE person SET cluster = ?2 WHERE pos = ?1");
		store_bind_int(s, 1, (int64_t)p->pos[i]);
		store_bind_int(s, 2, (int64_t)p->now[i]);
		st = store_done(s, e);
	}
	return st;
}

enum status
index_persons(struct reg *r, uint64_t cause, struct err *e)
{
	struct persons p = {0};
	enum status st;

	if (!r->touched)
		return OK;
	p.a = arena_create((size_t)4 << 30);
	if ((st = load_reached(&p, r, e)) == OK) {
		uint32_t *first = NEWS(p.a, uint32_t, p.n);
		st = index_cluster(p.a, r, p.pos, p.n, r->touched->all, first, e);
		for (size_t i = 0; i < p.n && st == OK; i++)
			p.now[i] = p.pos[first[i]];
		if (st == OK && (st = put_events(&p, r, cause, e)) == OK)
			st = save(&p, r, e);
	}
	arena_destroy(p.a);
	index_untouch(r);
	return st;
}

enum status
index_renamed(struct reg *r, uint64_t was, uint64_t *ret, struct err *e)
{
	for (unsigned i = 0; i < RENAMED_MOST; i++) {
		/* The newest word on it.  Where records came to it, it was alive then; if it
		 * is gone since, nobody was left to follow. */
		struct store_stmt *s = store_sql(r->db, "SELECT now FROM person_event WHERE was = ?1"
			" AND what IN ('merged', 'renamed') AND cause > coalesce((SELECT max(cause)"
			" FROM person_event WHERE now = ?1), -1) ORDER BY cause DESC LIMIT 1");
		enum status st;
		store_bind_int(s, 1, (int64_t)was);
		if ((st = store_step(s, e)) != OK)
			return st;
		was = (uint64_t)store_int(s, 0);
		s = store_sql(r->db, "SELECT 1 FROM person WHERE pos = ?1");
		store_bind_int(s, 1, (int64_t)was);
		st = store_step(s, e);
		if (st == OK)
			*ret = was;
		if (st != NO)
			return st;
	}
	return NO;
}
