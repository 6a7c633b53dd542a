/*
 * The newest run's pairs, and the three zones.
 *
 * Of the pairs that the run joined, sorted by probability, the longest run from the
 * top whose mean chance of being wrong is at most 1 % is surely one person; of those
 * it parted, the longest from the bottom that holds at most 1 % of all matches
 * expected is surely two.  These are Fellegi and Sunter's two error rates (Journal of
 * the American Statistical Association 64, 1969, section 2), the first as the share
 * of the links that is wrong, which is what a reader of a list asks.  No pair between
 * 5 and 95 % is sure, however good the mean.  What lies between is in doubt.
 */
#include "register/review_int.h"
#include <math.h>

static const double error_most = 0.01;       /* on either side */
/* Whatever the mean: a pair with a chance of one in twenty of being wrong is in doubt. */
static const double sure_least = 0.95;

const char *
reg_zone_name(enum reg_zone z)
{
	static const char *const names[ZONES] = {"sure", "grey", "not"};

	return names[z];
}

bool
review_index(const struct review *v, uint64_t pos, uint32_t *ret)
{
	size_t from = 0, to = v->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (v->pos[mid] == pos) {
			*ret = (uint32_t)mid;
			return true;
		}
		if (v->pos[mid] < pos)
			from = mid + 1;
		else
			to = mid;
	}
	return false;
}

const struct edge *
review_edge(const struct review *v, uint32_t left, uint32_t right)
{
	uint32_t l = left < right ? left : right, r = left < right ? right : left;
	size_t from = 0, to = v->n_edges;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		const struct edge *x = &v->edges[mid];
		if (x->left == l && x->right == r)
			return x;
		if (x->left < l || (x->left == l && x->right < r))
			from = mid + 1;
		else
			to = mid;
	}
	return NULL;
}

uint32_t
review_sure_root(const struct review *v, uint32_t i)
{
	while (v->sure[i] != i)
		i = v->sure[i] = v->sure[v->sure[i]];
	return i;
}

/* --- loading ---------------------------------------------------------------------- */

enum status
review_run(struct reg *r, uint64_t *ret, struct err *e)
{
	struct store_stmt *s = store_sql(r->db, "SELECT max(pos) FROM cur WHERE kind = ?1");
	enum status st;

	store_bind_int(s, 1, kind_number("linker-run"));
	if ((st = store_step(s, e)) != OK && st != NO)
		return st;
	if (st == NO || store_is_null(s, 0))
		return err_set(e, BAD, "%s: the linker has not run yet; first: habeas link %s",
			node_path(r->node), node_path(r->node));
	*ret = (uint64_t)store_int(s, 0);
	return OK;
}

static enum status
load_persons(struct review *v, struct err *e)
{
	VEC(uint64_t) pos = {0}, now = {0}, list = {0};
	struct store_stmt *s = store_sql(v->r->db, "SELECT person.pos, person.cluster, person.list,"
		" list.uniq FROM person LEFT JOIN list ON list.pos = person.list ORDER BY person.pos");
	enum status st;

	while ((st = store_step(s, e)) == OK) {
		VEC_PUSH(v->a, &pos) = (uint64_t)store_int(s, 0);
		VEC_PUSH(v->a, &now) = (uint64_t)store_int(s, 1);
		VEC_PUSH(v->a, &list) = !store_is_null(s, 3) && store_int(s, 3)
			? (uint64_t)store_int(s, 2) : UINT64_MAX;
	}
	if (st != NO)
		return st;
	v->pos = pos.v;
	v->now = now.v;
	v->list = list.v;
	v->n = pos.n;
	return OK;
}

/* Persons as the run made them, by the position of the first record (which may be
 * gone); who is not in it stands alone. */
static enum status
load_then(struct review *v, struct err *e)
{
	struct store_stmt *s = store_sql(v->r->db, "SELECT pos, mate FROM assigned");
	enum status st;

	v->then = NEWS(v->a, uint64_t, v->n);
	for (size_t i = 0; i < v->n; i++) {
		v->then[i] = v->pos[i];
		v->zones.newer += v->pos[i] > v->zones.run;
	}
	while ((st = store_step(s, e)) == OK) {
		uint32_t i;
		if (review_index(v, (uint64_t)store_int(s, 0), &i))
			v->then[i] = (uint64_t)store_int(s, 1);
	}
	return st == NO ? OK : st;
}

static enum status
load_edges(struct review *v, struct err *e)
{
	VEC(struct edge) edges = {0};
	struct store_stmt *s = store_sql(v->r->db,
		"SELECT left, right, weight, probability FROM link ORDER BY left, right");
	enum status st;

	while ((st = store_step(s, e)) == OK) {
		struct edge x = {.weight = (float)store_real(s, 2),
			.probability = (float)(store_is_null(s, 3)
			? 1 / (1 + exp2(-store_real(s, 2))) : store_real(s, 3)),
			.zone = ZONE_GREY};
		if (review_index(v, (uint64_t)store_int(s, 0), &x.left)
		    && review_index(v, (uint64_t)store_int(s, 1), &x.right))
			VEC_PUSH(v->a, &edges) = x;
	}
	v->edges = edges.v;
	v->n_edges = edges.n;
	return st == NO ? OK : st;
}

/* --- zones ------------------------------------------------------------------------ */

static int
falling(const void *x, const void *y)
{
	const float l = *(const float *)x, r = *(const float *)y;

	return (l < r) - (l > r);
}

static bool
joined_then(const struct review *v, const struct edge *x)
{
	return v->then[x->left] == v->then[x->right];
}

/* The probabilities of pairs that the run joined, or of those it parted, falling. */
static float *
probabilities(struct review *v, bool joined, size_t *ret_n)
{
	float *p = NEWS(v->a, float, v->n_edges + 1);
	size_t n = 0;

	for (size_t i = 0; i < v->n_edges; i++)
		if (joined_then(v, &v->edges[i]) == joined)
			p[n++] = v->edges[i].probability;
	if (n)
		qsort(p, n, sizeof *p, falling);
	*ret_n = n;
	return p;
}

static void
bound_above(struct review *v)
{
	size_t n;
	const float *p = probabilities(v, true, &n);
	double wrong = 0;

	v->zones.sure_from = 1;
	for (size_t i = 0; i < n; i++) {
		wrong += 1 - (double)p[i];
		if (wrong > error_most * (double)(i + 1) || (double)p[i] < sure_least)
			break;
		if (i + 1 == n || p[i + 1] < p[i]) {
			v->zones.sure_from = (double)p[i];
			v->zones.wrong = wrong / (double)(i + 1);
		}
	}
}

static void
bound_below(struct review *v, double matches)
{
	size_t n;
	const float *p = probabilities(v, false, &n);
	double missed = 0;

	v->zones.not_below = 0;
	for (size_t i = n; i-- > 0;) {
		missed += (double)p[i];
		if (missed > error_most * matches || (double)p[i] > 1 - sure_least)
			break;
		if (i == 0 || p[i - 1] > p[i]) {
			v->zones.not_below = (double)p[i];
			v->zones.missed = matches > 0 ? missed / matches : 0;
		}
	}
}

/* Pairs that meet in one set of a labelling: n (n - 1) / 2 of each. */
static int
ascending(const void *x, const void *y)
{
	const uint64_t l = *(const uint64_t *)x, r = *(const uint64_t *)y;

	return (l > r) - (l < r);
}

static size_t
pairs_within(struct arena *a, const uint64_t *label, size_t n)
{
	uint64_t *v = n ? arena_copy(a, label, n * sizeof *label) : NULL;
	size_t pairs = 0, run = 0;

	if (n)
		qsort(v, n, sizeof *v, ascending);
	for (size_t i = 0; i < n; i++) {
		run = i && v[i] == v[i - 1] ? run + 1 : 0;
		pairs += run;
	}
	return pairs;
}

static void
find_zones(struct review *v)
{
	struct reg_zones *z = &v->zones;
	size_t within = pairs_within(v->a, v->then, v->n), stored = 0;
	double matches = 0;

	for (size_t i = 0; i < v->n_edges; i++) {
		stored += joined_then(v, &v->edges[i]);
		matches += (double)v->edges[i].probability;
	}
	/* What a run joins and does not keep is sure, or follows from others. */
	matches += (double)(within - stored);
	bound_above(v);
	bound_below(v, matches);
	for (size_t i = 0; i < v->n_edges; i++) {
		struct edge *x = &v->edges[i];
		double p = (double)x->probability;
		if (joined_then(v, x) ? p >= z->sure_from : p <= z->not_below)
			x->zone = joined_then(v, x) ? ZONE_SURE : ZONE_NOT;
	}
}

/* Pairs of one person that the run did not keep are sure where sure pairs lead from
 * one to the other.  (It keeps all below 99 % and a spanning tree of the strongest:
 * the tree's way between two is nowhere weaker than the pair itself.) */
static void
count_strata(struct review *v)
{
	uint64_t *set = NEWS(v->a, uint64_t, v->n);
	size_t joined = pairs_within(v->a, v->then, v->n), doubted = 0;

	for (size_t i = 0; i < v->n_edges; i++)
		if (v->edges[i].zone == ZONE_SURE) {
			uint32_t l = review_sure_root(v, v->edges[i].left);
			uint32_t r = review_sure_root(v, v->edges[i].right);
			v->sure[l < r ? r : l] = l < r ? l : r;
		}
	for (uint32_t i = 0; i < v->n; i++)
		set[i] = review_sure_root(v, i);
	for (size_t i = 0; i < v->n_edges; i++) {
		const struct edge *x = &v->edges[i];
		doubted += x->zone == ZONE_GREY && joined_then(v, x)
			&& set[x->left] == set[x->right];
		v->stratum[2] += x->zone == ZONE_GREY && !joined_then(v, x);
		v->stratum[3] += x->zone == ZONE_NOT;
	}
	v->stratum[0] = pairs_within(v->a, set, v->n) - doubted;
	v->stratum[1] = joined - v->stratum[0];
	v->zones.pairs[ZONE_SURE] = v->stratum[0];
	v->zones.pairs[ZONE_GREY] = v->stratum[1] + v->stratum[2];
	v->zones.pairs[ZONE_NOT] = v->stratum[3];
}

enum status
review_load(struct arena *a, struct reg *r, struct review *ret, struct err *e)
{
	struct review v = {.a = a, .r = r};
	enum status st = review_run(r, &v.zones.run, e);

	if (st || (st = index_reviewers(r, &v.zones.reviewers, e)) != OK
	    || (st = index_officer(a, r, &v.me, e)) != OK
	    || (st = load_persons(&v, e)) != OK || (st = load_then(&v, e)) != OK
	    || (st = load_edges(&v, e)) != OK
	    || (st = index_judged(a, r, NULL, 0, &v.judged, &v.n_judged, e)) != OK)
		return st;
	v.sure = NEWS(a, uint32_t, v.n);
	for (uint32_t i = 0; i < v.n; i++)
		v.sure[i] = i;
	find_zones(&v);
	count_strata(&v);
	*ret = v;
	return OK;
}
