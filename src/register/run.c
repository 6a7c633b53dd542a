/*
 * A run of the linker: its record's slots and blob (docs/formats.md, "Linker runs"),
 * and the tables of the index that are made from the newest one.
 */
#include "register/run_int.h"
#include <math.h>

enum {
	CLUSTERS_MOST = 12 << 20,    /* a part of a payload holds 16 MiB */
	THOUSAND = 1000,             /* weights and logarithms are in thousandths of a bit */
	PRIOR = -1,                  /* in place of a field */
};

/* --- writing ------------------------------------------------------------------------- */

/* log2 in thousandths; never lower than what a double's smallest would give. */
static void
put_log2(struct buf *b, double p)
{
	cbor_put_int(b, p > 0 ? lround(fmax(-1000, log2(p)) * THOUSAND) : -1000 * THOUSAND);
}

static void
put_model(struct buf *b, const struct match_model *m)
{
	put_log2(b, m->prior);
	cbor_put_array(b, MATCH_FIELDS);
	for (enum match_field f = 0; f < MATCH_FIELDS; f++) {
		unsigned levels = match_field_levels(f);
		cbor_put_array(b, levels ? 2 * (levels - 1) : 0);
		for (unsigned level = 1; level < levels; level++) {
			put_log2(b, m->m[f][level]);
			put_log2(b, m->u[f][level]);
		}
	}
}

/* Per cluster of two or more: where its members and its pairs stand in two lists that
 * are sorted by it. */
struct span { size_t members, n_members, pairs, n_pairs; };

static size_t
count_spans(const struct match_result *m, size_t n, const bool *keep, struct span *v)
{
	size_t several = 0, members = 0, pairs = 0;

	for (size_t i = 0; i < n; i++)
		v[m->cluster[i]].n_members++;
	for (size_t i = 0; i < m->n_pairs; i++)
		if (keep[i] && m->cluster[m->pairs[i].left] == m->cluster[m->pairs[i].right])
			v[m->cluster[m->pairs[i].left]].n_pairs++;
	for (size_t i = 0; i < n; i++) {
		several += v[i].n_members > 1;
		v[i].members = members;
		v[i].pairs = pairs;
		members += v[i].n_members;
		pairs += v[i].n_pairs;
		v[i].n_members = v[i].n_pairs = 0;   /* counted again when filled */
	}
	return several;
}

static void
put_cluster(struct buf *b, const struct span *s, const uint32_t *member, const uint32_t *rank,
	const size_t *pair, const struct match_result *m, const uint64_t *pos, uint64_t *before)
{
	cbor_put_array(b, 2);
	cbor_put_array(b, s->n_members);
	for (size_t k = 0; k < s->n_members; k++) {
		uint64_t p = pos[member[s->members + k]];
		/* The firsts ascend, and so do the members. */
		cbor_put_uint(b, k ? p - pos[member[s->members + k - 1]] : p - *before);
		if (k == 0)
			*before = p;
	}
	cbor_put_array(b, 3 * s->n_pairs);
	for (size_t k = 0; k < s->n_pairs; k++) {
		const struct match_edge *edge = &m->pairs[pair[s->pairs + k]];
		cbor_put_uint(b, rank[edge->left]);
		cbor_put_uint(b, rank[edge->right]);
		cbor_put_int(b, (int64_t)((double)edge->weight * THOUSAND));
	}
}

bool
run_encode(struct arena *a, const uint64_t *pos, size_t n, const struct match_result *m,
	const bool *keep, struct buf *ret)
{
	struct span *spans = NEWS(a, struct span, n);
	uint32_t *member = NEWS(a, uint32_t, n), *rank = NEWS(a, uint32_t, n);
	size_t *pair = NEWS(a, size_t, m->n_pairs), several = count_spans(m, n, keep, spans);
	uint64_t before = 0;
	struct buf b;

	for (uint32_t i = 0; i < n; i++) {
		struct span *s = &spans[m->cluster[i]];
		rank[i] = (uint32_t)s->n_members;
		member[s->members + s->n_members++] = i;
	}
	for (size_t i = 0; i < m->n_pairs; i++) {
		struct span *s = &spans[m->cluster[m->pairs[i].left]];
		if (keep[i] && m->cluster[m->pairs[i].left] == m->cluster[m->pairs[i].right])
			pair[s->pairs + s->n_pairs++] = i;
	}
	buf_init(&b, CLUSTERS_MOST);
	cbor_put_array(&b, 4);
	cbor_put_uint(&b, 1);
	put_model(&b, &m->model);
	cbor_put_array(&b, several);
	for (size_t i = 0; i < n; i++)
		if (spans[i].n_members > 1)
			put_cluster(&b, &spans[i], member, rank, pair, m, pos, &before);
	bool fits = !b.over;
	if (fits)
		buf_put(ret, b.p, b.n);
	buf_finish(&b);
	return fits;
}

/* --- into the index -------------------------------------------------------------------- */

static enum status
put_assigned(struct reg *r, uint64_t pos, uint64_t mate, struct err *e)
{
	struct store_stmt *s = store_sql(r->db, "INSERT OR REPLACE INTO assigned VALUES(?1, ?2)");

	store_bind_int(s, 1, (int64_t)pos);
	store_bind_int(s, 2, (int64_t)mate);
	return store_done(s, e);
}

/* levels.n == 0: of a run whose pairs were dropped. */
static enum status
put_link(struct reg *r, uint64_t x, uint64_t y, int64_t weight, int64_t probability,
	struct bytes levels, struct err *e)
{
	struct store_stmt *s = store_sql(r->db,
		"INSERT OR REPLACE INTO link VALUES(?1, ?2, ?3, ?4, ?5)");

	store_bind_int(s, 1, (int64_t)(x < y ? x : y));
	store_bind_int(s, 2, (int64_t)(x < y ? y : x));
	store_bind_real(s, 3, (double)weight / THOUSAND);
	if (levels.n) {
		store_bind_real(s, 4, (double)probability / 1e6);
		store_bind_bytes(s, 5, levels);
	} else {
		store_bind_null(s, 4);
		store_bind_null(s, 5);
	}
	return store_done(s, e);
}

static enum status
put_weight(struct reg *r, int field, unsigned level, double m, double u, struct err *e)
{
	struct store_stmt *s = store_sql(r->db,
		"INSERT OR REPLACE INTO run_model VALUES(?1, ?2, ?3, ?4)");

	store_bind_int(s, 1, field);
	store_bind_int(s, 2, level);
	store_bind_real(s, 3, m);
	store_bind_real(s, 4, u);
	return store_done(s, e);
}

static enum status
read_model(struct reg *r, struct cbor *c, struct err *e)
{
	enum status st = put_weight(r, PRIOR, 0, exp2((double)cbor_get_int(c) / THOUSAND), 1, e);
	size_t fields = cbor_get_array(c);

	for (size_t f = 0; f < fields && cbor_ok(c) && st == OK; f++) {
		size_t n = cbor_get_array(c) / 2;
		for (unsigned level = 1; level <= n && cbor_ok(c) && st == OK; level++) {
			double m = exp2((double)cbor_get_int(c) / THOUSAND);
			double u = exp2((double)cbor_get_int(c) / THOUSAND);
			if (f < MATCH_FIELDS && level < MATCH_LEVELS)
				st = put_weight(r, (int)f, level, m, u, e);
		}
	}
	return st;
}

static enum status
read_cluster(struct arena *a, struct reg *r, struct cbor *c, uint64_t *first, bool with_pairs,
	struct err *e)
{
	VEC(uint64_t) pos = {0};
	enum status st = OK;

	if (cbor_get_array(c) != 2)
		return OK;
	size_t n = cbor_get_array(c);
	for (size_t i = 0; i < n && cbor_ok(c) && st == OK; i++) {
		uint64_t p = cbor_get_uint(c) + (i ? pos.v[i - 1] : *first);
		VEC_PUSH(a, &pos) = p;
		if (i)
			st = put_assigned(r, p, pos.v[0], e);
		else
			*first = p;
	}
	n = cbor_get_array(c);
	for (size_t i = 0; i + 2 < n && cbor_ok(c) && st == OK; i += 3) {
		uint64_t left = cbor_get_uint(c), right = cbor_get_uint(c);
		int64_t weight = cbor_get_int(c);
		if (with_pairs && cbor_ok(c) && left < pos.n && right < pos.n)
			st = put_link(r, pos.v[left], pos.v[right], weight, 0,
				(struct bytes){0}, e);
	}
	return st;
}

/* Positions beyond the log, in a record that is damaged, name nobody. */
static enum status
read_clusters(struct reg *r, struct bytes slot, bool with_pairs, struct err *e)
{
	struct arena *a = arena_create((size_t)1 << 30);
	struct cbor c = cbor_read(slot);
	uint64_t first = 0;
	enum status st = OK;

	if (cbor_get_array(&c) == 4 && cbor_get_uint(&c) == 1
	    && (st = read_model(r, &c, e)) == OK) {
		size_t n = cbor_get_array(&c);
		for (size_t i = 0; i < n && cbor_ok(&c) && st == OK; i++) {
			st = read_cluster(a, r, &c, &first, with_pairs, e);
			arena_reset(a);
		}
	}
	arena_destroy(a);
	return st;
}

/* The positions of the records a blob speaks of, by its own numbering. */
struct run_records { uint64_t *pos; size_t n; };

static bool
run_pos(const struct run_records *rr, uint64_t i, uint64_t *ret)
{
	if (i >= rr->n || rr->pos[i] == UINT64_MAX)
		return false;
	*ret = rr->pos[i];
	return true;
}

static struct run_records
run_records(struct arena *a, struct reg *r, struct bytes hashes)
{
	struct run_records rr = {.n = hashes.n / SEAL_HASH};

	rr.pos = NEWS(a, uint64_t, rr.n);
	for (size_t i = 0; i < rr.n; i++)
		if (index_pos_of(r, hashes.p + i * SEAL_HASH, &rr.pos[i], NULL) != OK)
			rr.pos[i] = UINT64_MAX;
	return rr;
}

static enum status
read_joined(struct reg *r, const struct run_records *rr, struct cbor *c, bool put, struct err *e)
{
	size_t n = cbor_get_array(c);
	enum status st = OK;

	for (size_t i = 0; i < n && cbor_ok(c) && st == OK; i++) {
		uint64_t pos, mate;
		if (cbor_get_array(c) != 2)
			break;
		uint64_t p = cbor_get_uint(c), m = cbor_get_uint(c);
		if (put && cbor_ok(c) && run_pos(rr, p, &pos) && run_pos(rr, m, &mate))
			st = put_assigned(r, pos, mate, e);
	}
	return st;
}

static enum status
read_pairs(struct reg *r, const struct run_records *rr, struct cbor *c, struct err *e)
{
	size_t n = cbor_get_array(c);
	enum status st = OK;

	for (size_t i = 0; i < n && cbor_ok(c) && st == OK; i++) {
		uint64_t left, right;
		if (cbor_get_array(c) != 5)
			break;
		uint64_t l = cbor_get_uint(c), m = cbor_get_uint(c);
		int64_t weight = cbor_get_int(c), probability = cbor_get_int(c);
		struct bytes levels = cbor_get_bytes(c);
		if (cbor_ok(c) && run_pos(rr, l, &left) && run_pos(rr, m, &right))
			st = put_link(r, left, right, weight, probability, levels, e);
	}
	return st;
}

/* The blob: all pairs; and who is who, where the slot was too small for it. */
static enum status
read_blob(struct arena *a, struct reg *r, struct bytes blob, bool clusters, struct err *e)
{
	struct cbor c = cbor_read(blob);
	enum status st;

	if (cbor_get_array(&c) != 4 || cbor_get_uint(&c) != 1)
		return OK;                   /* of a newer habeas: not understood, not lost */
	struct run_records rr = run_records(a, r, cbor_get_bytes(&c));
	st = read_joined(r, &rr, &c, clusters, e);
	return st ? st : read_pairs(r, &rr, &c, e);
}

static bool
newest_run(struct reg *r, uint64_t pos)
{
	struct store_stmt *s = store_sql(r->db,
		"SELECT 1 FROM cur WHERE kind = ?1 AND pos > ?2 LIMIT 1");

	store_bind_int(s, 1, kind_number("linker-run"));
	store_bind_int(s, 2, (int64_t)pos);
	return store_step(s, NULL) == NO;
}

static enum status
clear(struct reg *r, struct err *e)
{
	return store_db_exec(r->db, "DELETE FROM link; DELETE FROM assigned;"
		" DELETE FROM run_model;", e);
}

/* The newest run replaces the former whole; amending a former one changes nothing. */
enum status
run_put(struct arena *a, struct reg *r, const struct now *w, struct err *e)
{
	struct record rec;
	struct bytes blob, clusters = {0};
	bool pairs;
	enum status st;

	if (!newest_run(r, w->pos))
		return OK;
	if ((st = clear(r, e)) != OK || (st = node_get(a, r->node, w->pos, &rec, e)) != OK)
		return st;
	get_bytes(rec.slot[field_slot("linker-run", "clusters")], &clusters);
	st = node_blob(a, r->node, &rec, field_slot("linker-run", "blob"), &blob, NULL);
	if (st != OK && st != NO)
		return err_set(e, st, "blobs: the pairs of the linker run %llu cannot be read; "
			"run habeas verify", (unsigned long long)w->pos);
	pairs = st == OK;                    /* those of a former run are gone, as they should */
	st = pairs ? read_blob(a, r, blob, clusters.n == 0, e) : OK;
	return st == OK && clusters.n ? read_clusters(r, clusters, !pairs, e) : st;
}

enum status
run_drop(struct reg *r, uint64_t pos, struct err *e)
{
	/* Of the newest run, so that nothing is left when it is erased. */
	return newest_run(r, pos) ? clear(r, e) : OK;
}

enum status
run_model(struct reg *r, struct match_model *ret, struct err *e)
{
	struct match_model m = match_model_default();
	struct store_stmt *s = store_sql(r->db, "SELECT field, level, m, u FROM run_model");
	bool any = false;
	enum status st;

	while ((st = store_step(s, e)) == OK) {
		int64_t field = store_int(s, 0), level = store_int(s, 1);
		if (field == PRIOR)
			m.prior = store_real(s, 2);
		if (field < 0 || field >= MATCH_FIELDS || level < 1 || level >= MATCH_LEVELS)
			continue;
		m.m[field][level] = store_real(s, 2);
		m.u[field][level] = store_real(s, 3);
		any = true;
	}
	if (st != NO)
		return st;
	if (any)
		*ret = m;
	return any ? OK : NO;
}
