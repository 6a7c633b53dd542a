/*
 * Random samples of the run's pairs, zone by zone: docs/formats.md, "Samples of
 * pairs".  What is drawn follows from the seed and the run, so that anyone who has
 * the register can draw it again; a larger sample begins with the smaller one.
 *
 * Zones and strata are those of the run as it was: what people correct since, also
 * because of the sample itself, does not shift the ground under it.
 */
#include "register/review_int.h"
#include <math.h>

enum { SIZE_MOST = 5000, POPULATION_MOST = 16 << 20, SEED_MOST = 100 };
static const char prefix[] = "habeas/sample/1";

struct member { uint32_t left, right; uint8_t stratum; };
struct population { struct member *v; size_t n, cap; };

static int
by_pair(const void *x, const void *y)
{
	const struct member *l = x, *r = y;

	if (l->left != r->left)
		return l->left < r->left ? -1 : 1;
	return (l->right > r->right) - (l->right < r->right);
}

static void
add_member(struct review *v, struct population *zones, struct member m)
{
	static const enum reg_zone zone[4] = {ZONE_SURE, ZONE_GREY, ZONE_GREY, ZONE_NOT};
	struct population *p = &zones[zone[m.stratum]];

	if (p->n == p->cap)
		p->v = arena_vec_grow(v->a, p->v, &p->cap, sizeof *p->v);
	p->v[p->n++] = m;
}

struct labelled { uint64_t label; uint32_t i; };

static int
by_label(const void *x, const void *y)
{
	const struct labelled *l = x, *r = y;

	if (l->label != r->label)
		return l->label < r->label ? -1 : 1;
	return (l->i > r->i) - (l->i < r->i);
}

/* Every pair that the run joined, kept by it or not. */
static void
add_joined(struct review *v, struct population *zones)
{
	struct labelled *x = NEWS(v->a, struct labelled, v->n + 1);

	for (uint32_t i = 0; i < v->n; i++)
		x[i] = (struct labelled){v->then[i], i};
	qsort(x, v->n, sizeof *x, by_label);
	for (size_t i = 0; i < v->n; i++)
		for (size_t k = i + 1; k < v->n && x[k].label == x[i].label; k++) {
			const struct edge *kept = review_edge(v, x[i].i, x[k].i);
			bool sure = kept ? kept->zone == ZONE_SURE
				: review_sure_root(v, x[i].i) == review_sure_root(v, x[k].i);
			add_member(v, zones, (struct member){x[i].i, x[k].i, sure ? 0 : 1});
		}
}

static enum status
populate(struct review *v, struct population zones[ZONES], struct err *e)
{
	if (v->stratum[0] + v->stratum[1] > POPULATION_MOST)
		return err_set(e, BAD, "%s: more than %d pairs within persons; are there thousands "
			"of rows of one name?", node_path(v->r->node), POPULATION_MOST);
	add_joined(v, zones);
	for (size_t i = 0; i < v->n_edges; i++) {
		const struct edge *x = &v->edges[i];
		if (v->then[x->left] != v->then[x->right])
			add_member(v, zones, (struct member){x->left, x->right,
				x->zone == ZONE_NOT ? 3 : 2});
	}
	for (size_t z = 0; z < ZONES; z++)
		if (zones[z].n)
			qsort(zones[z].v, zones[z].n, sizeof *zones[z].v, by_pair);
	invariant(zones[ZONE_SURE].n == v->stratum[0] && zones[ZONE_NOT].n == v->stratum[3]
		&& zones[ZONE_GREY].n == v->stratum[1] + v->stratum[2]);
	return OK;
}

/* --- drawing ---------------------------------------------------------------------- */

static uint64_t
draw(struct str seed, const uint8_t run[SEAL_HASH], uint8_t zone, uint64_t k, size_t n)
{
	uint8_t hash[SEAL_HASH];
	uint64_t x = 0;
	struct buf b;

	buf_init(&b, 512);
	buf_put(&b, prefix, sizeof prefix);
	buf_put(&b, seed.p, seed.n);
	buf_put(&b, run, SEAL_HASH);
	buf_byte(&b, zone);
	for (int i = 0; i < 8; i++)
		buf_byte(&b, (uint8_t)(k >> (56 - 8 * i)));
	seal_sha256(buf_bytes(&b), hash);
	buf_finish(&b);
	for (int i = 0; i < 8; i++)
		x = x << 8 | hash[i];
	return x % n;
}

/* The k-th draw may be one that was drawn before: passed over. */
static void
draw_zone(struct review *v, const struct population *p, struct str seed,
	const uint8_t run[SEAL_HASH], enum reg_zone z, size_t size, struct population *out)
{
	bool *drawn = NEWS(v->a, bool, p->n + 1);
	size_t n = 0, want = size < p->n ? size : p->n;

	for (uint64_t k = 0; n < want; k++) {
		size_t at = (size_t)draw(seed, run, (uint8_t)z, k, p->n);
		if (drawn[at])
			continue;
		drawn[at] = true;
		n++;
		if (out->n == out->cap)
			out->v = arena_vec_grow(v->a, out->v, &out->cap, sizeof *out->v);
		out->v[out->n++] = p->v[at];
	}
}

/* --- the record ------------------------------------------------------------------- */

struct stored {                      /* a sample as its record has it */
	uint64_t pos;
	struct str seed;
	uint64_t run;
	uint8_t (*refs)[SEAL_HASH];
	size_t n;
	const uint8_t *strata;
	size_t pairs[4], drawn[ZONES];
};

static enum status
read_stored(struct arena *a, struct reg *r, uint64_t pos, struct stored *ret, struct err *e)
{
	static const char *const sizes[4] = {"sure", "joined", "parted", "not"};
	static const enum reg_zone zone[4] = {ZONE_SURE, ZONE_GREY, ZONE_GREY, ZONE_NOT};
	struct stored s = {.pos = pos, .run = UINT64_MAX};
	struct bytes strata = {0};
	uint8_t run[SEAL_HASH];
	struct now w;
	size_t n = 0;
	enum status st = index_now(a, r, pos, &w, e);

	if (st)
		return st;
	get_text(w.slot[field_slot("sample", "seed")], &s.seed);
	if (get_ref(w.slot[field_slot("sample", "run")], run))
		(void)!index_pos_of(r, run, &s.run, NULL);
	if (!get_refs(a, w.slot[field_slot("sample", "pairs")], &s.refs, &n)
	    || !get_bytes(w.slot[field_slot("sample", "strata")], &strata) || n != 2 * strata.n)
		return err_set(e, BAD, "record %llu: a sample that this habeas does not understand",
			(unsigned long long)pos);
	s.n = strata.n;
	s.strata = strata.p;
	for (size_t i = 0; i < s.n; i++)
		s.drawn[zone[s.strata[i] & 3]]++;
	for (size_t i = 0; i < 4; i++) {
		int64_t x = 0;
		get_number(w.slot[field_slot("sample", sizes[i])], &x);
		s.pairs[i] = x > 0 ? (size_t)x : 0;
	}
	*ret = s;
	return OK;
}

/* The newest sample, of this run and seed where they are given.  NO: none. */
static enum status
newest_stored(struct arena *a, struct reg *r, uint64_t run, struct str seed, struct stored *ret,
	struct err *e)
{
	VEC(uint64_t) pos = {0};
	struct store_stmt *q = store_sql(r->db,
		"SELECT pos FROM cur WHERE kind = ?1 ORDER BY pos DESC");
	enum status st;

	store_bind_int(q, 1, kind_number("sample"));
	while ((st = store_step(q, e)) == OK)
		VEC_PUSH(a, &pos) = (uint64_t)store_int(q, 0);
	if (st != NO)
		return st;
	for (size_t i = 0; i < pos.n; i++) {
		struct stored s;
		if ((st = read_stored(a, r, pos.v[i], &s, e)) != OK)
			return st;
		if ((run == UINT64_MAX || s.run == run) && (!seed.n || str_eq(seed, s.seed))) {
			*ret = s;
			return OK;
		}
	}
	return NO;
}

static enum status
write_sample(struct review *v, struct str seed, const struct now *run,
	const struct population *drawn, uint64_t *ret, struct err *e)
{
	struct arena *a = v->a;
	struct draft d = {.kind = kind_number("sample")};
	uint8_t (*refs)[SEAL_HASH] = arena_alloc(a, 2 * drawn->n + 1, SEAL_HASH);
	uint8_t *strata = NEWS(a, uint8_t, drawn->n + 1);
	enum status st;

	for (size_t i = 0; i < drawn->n; i++) {
		const uint32_t ends[2] = {drawn->v[i].left, drawn->v[i].right};
		for (size_t k = 0; k < 2; k++) {
			struct now w;
			if ((st = index_now(a, v->r, v->pos[ends[k]], &w, e)) != OK)
				return st;
			memcpy(refs[2 * i + k], w.hash, SEAL_HASH);
		}
		strata[i] = drawn->v[i].stratum;
	}
#define PUT(name, value) d.slot[field_slot("sample", name)] = (value)
	PUT("run", value_ref(a, run->hash));
	PUT("seed", value_text(a, seed));
	PUT("pairs", value_refs(a, refs, 2 * drawn->n));
	PUT("strata", value_bytes(a, (struct bytes){strata, drawn->n}));
	PUT("sure", value_number(a, (int64_t)v->stratum[0]));
	PUT("joined", value_number(a, (int64_t)v->stratum[1]));
	PUT("parted", value_number(a, (int64_t)v->stratum[2]));
	PUT("not", value_number(a, (int64_t)v->stratum[3]));
	PUT("sure-from", value_number(a, llround(v->zones.sure_from * 1e6)));
	PUT("not-below", value_number(a, llround(v->zones.not_below * 1e6)));
#undef PUT
	if ((st = node_append(v->r->node, &d, 1, NULL, ret, e)) != OK
	    || (st = node_publish(v->r->node, e)) != OK)
		return st;
	return reg_follow(v->r, e);
}

/* --- pairs to look at ------------------------------------------------------------- */

struct keyed { struct reg_pair p; uint64_t key; };

static int
by_key(const void *x, const void *y)
{
	const struct keyed *l = x, *r = y;

	return (l->key > r->key) - (l->key < r->key);
}

/* In an order that tells nothing of the zones. */
static enum status
pairs_of(struct arena *a, struct review *v, const struct stored *s, struct reg_sample *ret,
	struct err *e)
{
	static const enum reg_zone zone[4] = {ZONE_SURE, ZONE_GREY, ZONE_GREY, ZONE_NOT};
	struct keyed *k = NEWS(v->a, struct keyed, s->n + 1);
	size_t n = 0;

	(void)e;
	for (size_t i = 0; i < s->n; i++) {
		uint64_t ends[2];
		uint32_t left, right;
		const struct edge *x;
		if (index_pos_of(v->r, s->refs[2 * i], &ends[0], NULL) != OK
		    || index_pos_of(v->r, s->refs[2 * i + 1], &ends[1], NULL) != OK
		    || !review_index(v, ends[0], &left) || !review_index(v, ends[1], &right))
			continue;            /* erased since */
		struct reg_pair p = {.left = ends[0] < ends[1] ? ends[0] : ends[1],
			.right = ends[0] < ends[1] ? ends[1] : ends[0], .weight = NAN,
			.probability = NAN, .zone = zone[s->strata[i] & 3],
			.joined = v->now[left] == v->now[right]};
		if (s->run == v->zones.run && (x = review_edge(v, left, right)) != NULL) {
			p.weight = (double)x->weight;
			p.probability = (double)x->probability;
		}
		review_state(v->judged, v->n_judged, v->me, &p);
		ret->done += p.state == PAIR_SETTLED || p.mine[0];
		k[n++] = (struct keyed){p, hash64((struct bytes){s->refs[2 * i], 2 * SEAL_HASH},
			hash64(str_bytes(s->seed), 3))};
	}
	if (n)
		qsort(k, n, sizeof *k, by_key);
	ret->pairs = NEWS(a, struct reg_pair, n);
	for (size_t i = 0; i < n; i++)
		ret->pairs[i] = k[i].p;
	ret->n = n;
	return OK;
}

static struct str
new_seed(struct arena *a)
{
	uint8_t random[8];

	seal_random(random, sizeof random);
	return hex_encode(a, BYTES(random));
}

static enum status
draw_all(struct review *v, struct str seed, const size_t size[ZONES], struct stored *ret,
	struct err *e)
{
	struct population zones[ZONES] = {0}, drawn = {0};
	struct now run;
	uint64_t pos = 0;
	enum status st = index_now(v->a, v->r, v->zones.run, &run, e);

	if (st || (st = populate(v, zones, e)) != OK)
		return st;
	for (enum reg_zone z = 0; z < ZONES; z++)
		draw_zone(v, &zones[z], seed, run.hash, z, size[z], &drawn);
	if (drawn.n == 0)
		return err_set(e, NO, "there is no pair to draw: the zone is empty");
	if ((st = write_sample(v, seed, &run, &drawn, &pos, e)) != OK)
		return st;
	return read_stored(v->a, v->r, pos, ret, e);
}

static enum status
id_of(struct arena *a, struct reg *r, uint64_t pos, struct str *ret, struct err *e)
{
	struct now w;
	enum status st = index_now(a, r, pos, &w, e);

	if (st == OK)
		*ret = reg_record_id(a, w.hash);
	return st;
}

static enum status
draw_or_find(struct arena *a, struct review *v, size_t size, int zone, struct str seed,
	struct reg_sample *ret, struct err *e)
{
	struct stored s = {0};
	size_t want[ZONES];
	bool more = false;
	enum status st = newest_stored(v->a, v->r, v->zones.run, seed, &s, e);

	if (st != OK && st != NO)
		return st;
	for (size_t z = 0; z < ZONES; z++) {
		size_t most = v->zones.pairs[z];
		want[z] = zone < 0 || zone == (int)z ? size : 0;
		want[z] = want[z] < most ? want[z] : most;
		more = more || want[z] > s.drawn[z];
		want[z] = want[z] > s.drawn[z] ? want[z] : s.drawn[z];
	}
	if (st == OK)
		seed = s.seed;
	else if (seed.n == 0)
		seed = new_seed(v->a);
	if (more || st == NO) {
		if ((st = draw_all(v, seed, want, &s, e)) != OK)
			return st;
	}
	*ret = (struct reg_sample){.seed = str_dup(a, s.seed)};
	if ((st = id_of(a, v->r, s.pos, &ret->id, e)) != OK)
		return st;
	return pairs_of(a, v, &s, ret, e);
}

enum status
reg_review_draw(struct arena *a, struct reg *r, size_t size, int zone, struct str seed,
	struct reg_sample *ret, struct err *e)
{
	struct arena *t;
	struct review v;
	enum status st;

	if (size == 0 || size > SIZE_MOST)
		return err_set(e, BAD, "a sample of %zu: write 1 to %d pairs of each zone", size,
			SIZE_MOST);
	if (seed.n > SEED_MOST || !text_is_nfc(seed))
		return err_set(e, BAD, "seed: at most %d bytes of plain text", SEED_MOST);
	t = arena_create((size_t)8 << 30);
	if ((st = review_load(t, r, &v, e)) == OK)
		st = draw_or_find(a, &v, size, zone, seed, ret, e);
	arena_destroy(t);
	return st;
}

/* --- what was found --------------------------------------------------------------- */

static void
count(struct review *v, const struct stored *s, struct reg_estimate *ret)
{
	for (size_t h = 0; h < 4; h++)
		ret->stratum[h].pairs = s->pairs[h];
	for (size_t i = 0; i < s->n; i++) {
		unsigned h = s->strata[i] & 3;
		const struct judged *j;
		uint64_t left, right;
		ret->stratum[h].drawn++;
		if (index_pos_of(v->r, s->refs[2 * i], &left, NULL) != OK
		    || index_pos_of(v->r, s->refs[2 * i + 1], &right, NULL) != OK
		    || !(j = judged_find(v->judged, v->n_judged, left, right)))
			continue;
		ret->stratum[h].same += j->holds == SAYS_SAME;
		ret->stratum[h].apart += j->holds == SAYS_APART;
		ret->stratum[h].unsure += j->holds == SAYS_UNSURE;
	}
}

/* unsure: 0 left out, -1 taken for two people, 1 taken for one. */
static void
counts_of(const struct reg_estimate *x, int unsure, struct stratum_count ret[4])
{
	for (size_t h = 0; h < 4; h++)
		ret[h] = (struct stratum_count){x->stratum[h].pairs,
			x->stratum[h].same + (unsure > 0 ? x->stratum[h].unsure : 0),
			x->stratum[h].same + x->stratum[h].apart
				+ (unsure ? x->stratum[h].unsure : 0)};
}

static void
estimate(struct reg_estimate *x)
{
	struct stratum_count s[4];
	struct reg_share share;

	counts_of(x, 0, s);
	for (size_t h = 0; h < 4; h++) {
		x->stratum[h].same_share = review_wilson(s[h].same, s[h].judged, s[h].pairs);
		if (s[h].judged == 0)
			x->stratum[h].same_share.withheld = "nothing judged";
	}
	review_precision(s, &x->precision);
	review_recall(s, &x->recall);
	for (int i = 0; i < 2; i++) {
		counts_of(x, i ? 1 : -1, s);
		review_precision(s, &share);
		x->precision_if[i] = share.withheld ? NAN : share.estimate;
		review_recall(s, &share);
		x->recall_if[i] = share.withheld ? NAN : share.estimate;
	}
}

enum status
reg_review_estimate(struct arena *a, struct reg *r, struct reg_estimate *ret, struct err *e)
{
	struct arena *t = arena_create((size_t)8 << 30);
	struct reg_estimate x = {0};
	struct stored s;
	struct review v;
	enum status st = review_load(t, r, &v, e);

	if (st == OK && (st = newest_stored(t, r, UINT64_MAX, S(""), &s, e)) == NO)
		st = err_set(e, NO, "no sample was drawn yet; draw one: habeas review %s --sample 50",
			node_path(r->node));
	if (st == OK) {
		x.seed = str_dup(a, s.seed);
		x.older = s.run != v.zones.run;
		count(&v, &s, &x);
		estimate(&x);
		st = id_of(a, r, s.pos, &x.id, e);
	}
	arena_destroy(t);
	if (st == OK)
		*ret = x;
	return st;
}
