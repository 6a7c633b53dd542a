/*
 * Joining the register to the matcher: person records as plain arrays, people's
 * judgements as constraints, and the run as ONE record with its pairs sealed
 * beside it, replacing the run before.
 */
#include "register/review_int.h"
#include "register/run_int.h"
#include <math.h>

static const char engine[] = "habeas reconcile 1";
enum { PAIRS_MOST = 256 << 20 };         /* what one blob may hold */

struct linking {
	struct arena *a;
	struct reg *r;
	VEC(uint64_t) pos;
	VEC(struct match_person) persons;
	VEC(uint64_t) lists;            /* pos of list records; index 0 is "by hand" */
	VEC(bool) unique;
	struct match_pair *same, *apart;
	size_t n_same, n_apart;
	uint8_t (*hash)[SEAL_HASH];
};

static uint32_t
list_index(struct linking *l, uint64_t list)
{
	for (size_t i = 0; i < l->lists.n; i++)
		if (l->lists.v[i] == list)
			return (uint32_t)i;
	VEC_PUSH(l->a, &l->lists) = list;
	VEC_PUSH(l->a, &l->unique) = false;
	struct store_stmt *s = store_sql(l->r->db, "SELECT uniq FROM list WHERE pos = ?1");
	store_bind_int(s, 1, (int64_t)list);
	if (list != UINT64_MAX && store_step(s, NULL) == OK)
		l->unique.v[l->unique.n - 1] = store_int(s, 0) != 0;
	return (uint32_t)(l->lists.n - 1);
}

static struct str
name_in(struct linking *l, const struct now *w, const char *field)
{
	struct name n;

	return get_name(w->slot[field_slot("person", field)], &n) ? str_dup(l->a, n.text)
		: STR_NONE;
}

static struct match_days
days_in(const struct now *w, const char *kind, const char *field)
{
	struct date d;

	if (!get_date(w->slot[field_slot(kind, field)], &d))
		return MATCH_NO_DAYS;
	return (struct match_days){d.first, d.last};
}

static void
person_from(struct linking *l, const struct now *w, struct match_person *p)
{
	struct str sex, text;
	struct place place;
	struct row_ref ref;
	unsigned version;
	uint64_t list = UINT64_MAX;

	p->given = name_in(l, w, "given");
	p->family = name_in(l, w, "family");
	p->father = name_in(l, w, "father");
	p->whole = name_in(l, w, "whole");
	if (get_code(w->slot[field_slot("person", "sex")], &version, &sex))
		p->sex = str_is(sex, "male") ? 'm' : str_is(sex, "female") ? 'f' : 0;
	p->birth = days_in(w, "person", "birth");
	if (p->birth.last < p->birth.first)
		p->birth = days_in(w, "person", "birth-year");
	if (get_place(w->slot[field_slot("person", "birthplace")], &place))
		p->birth_place = str_dup(l->a, place.text);
	if (get_place(w->slot[field_slot("person", "home")], &place))
		p->place = str_dup(l->a, place.text);
	if (get_text(w->slot[field_slot("person", "occupation")], &text))
		p->extra[0] = str_dup(l->a, text);
	for (size_t i = 0; i < MATCH_EVENTS; i++)
		p->event[i] = MATCH_NO_DAYS;
	if (get_row(w->slot[SLOT_ROW], &ref))
		(void)!index_pos_of(l->r, ref.list, &list, NULL);
	p->list = list_index(l, list);
}

/* Arrest, release and death, and the prison, from the record's events. */
static enum status
add_events(struct linking *l, struct err *e)
{
	static const struct { const char *type; enum match_event event; } types[] = {
		{"arrest", MATCH_ARREST}, {"release", MATCH_RELEASE},
		{"death", MATCH_DEATH}, {"execution", MATCH_DEATH},
	};
	size_t at = 0;
	enum status st;
	struct store_stmt *s = store_sql(l->r->db,
		"SELECT person, type, first, last, facility FROM event"
		" WHERE person IS NOT NULL ORDER BY person, pos");

	while ((st = store_step(s, e)) == OK) {
		uint64_t pos = (uint64_t)store_int(s, 0);
		while (at < l->pos.n && l->pos.v[at] < pos)
			at++;
		if (at == l->pos.n || l->pos.v[at] != pos)
			continue;
		struct match_person *p = &l->persons.v[at];
		struct str type = store_text(s, 1);
		for (size_t i = 0; i < sizeof types / sizeof *types; i++)
			if (str_is(type, types[i].type) && !store_is_null(s, 2))
				p->event[types[i].event] = (struct match_days){
					(int32_t)store_int(s, 2), (int32_t)store_int(s, 3)};
		/* A prison says more of who it is than where the family lives. */
		if (!store_is_null(s, 4))
			p->place = str_dup(l->a, store_text(s, 4));
	}
	return st == NO ? OK : st;
}

static enum status
load_persons(struct linking *l, struct err *e)
{
	VEC(uint64_t) all = {0};
	struct store_stmt *s = store_sql(l->r->db, "SELECT pos FROM person ORDER BY pos");
	enum status st;

	list_index(l, UINT64_MAX);
	while ((st = store_step(s, e)) == OK)
		VEC_PUSH(l->a, &all) = (uint64_t)store_int(s, 0);
	if (st != NO)
		return st;
	l->hash = arena_alloc(l->a, all.n, SEAL_HASH);
	/* Of each record only what the matcher reads is kept. */
	struct arena *scratch = arena_create(64 << 20);
	st = OK;
	for (size_t i = 0; i < all.n && st == OK; i++) {
		struct now w;
		if ((st = index_now(scratch, l->r, all.v[i], &w, e)) == OK) {
			memcpy(l->hash[l->pos.n], w.hash, SEAL_HASH);
			VEC_PUSH(l->a, &l->pos) = w.pos;
			person_from(l, &w, &VEC_PUSH(l->a, &l->persons));
		}
		arena_reset(scratch);
	}
	arena_destroy(scratch);
	return st ? st : add_events(l, e);
}

static struct match_pair *
pairs_of(struct arena *a, const struct verdict *v, size_t n)
{
	struct match_pair *p = NEWS(a, struct match_pair, n);

	for (size_t i = 0; i < n; i++)
		p[i] = (struct match_pair){v[i].left, v[i].right};
	return p;
}

/* The matcher refuses contradictions, so it gets what the index, too, makes of them. */
static enum status
load_judgements(struct linking *l, struct err *e)
{
	struct verdict *same, *apart;
	enum status st = index_verdicts(l->a, l->r, l->pos.v, l->pos.n, &same, &l->n_same,
		&apart, &l->n_apart, e);

	if (st)
		return st;
	l->same = pairs_of(l->a, same, l->n_same);
	l->apart = pairs_of(l->a, apart, l->n_apart);
	return OK;
}

/* --- the run's blob (docs/formats.md, "Linker runs") ----------------------------- */

static uint32_t
root(uint32_t *up, uint32_t i)
{
	while (up[i] != i)
		i = up[i] = up[up[i]];
	return i;
}

static int
by_weight(const void *x, const void *y)
{
	const struct match_edge *l = *(const struct match_edge *const *)x;
	const struct match_edge *r = *(const struct match_edge *const *)y;

	if (l->weight > r->weight || l->weight < r->weight)
		return l->weight < r->weight ? 1 : -1;
	if (l->left != r->left)
		return l->left < r->left ? -1 : 1;
	return (l->right > r->right) - (l->right < r->right);
}

/* Which pairs to keep: the doubtful, those across clusters, and of each cluster a
 * spanning tree of its strongest.  A hundred rows of one person have five thousand
 * sure pairs; ninety-nine say as much. */
static bool *
choose_pairs(struct linking *l, const struct match_result *m, size_t *ret_n)
{
	bool *keep = NEWS(l->a, bool, m->n_pairs);
	const struct match_edge **sure = NEWS(l->a, const struct match_edge *, m->n_pairs);
	uint32_t *up = NEWS(l->a, uint32_t, l->pos.n);
	size_t n = 0, n_sure = 0;

	for (size_t i = 0; i < l->pos.n; i++)
		up[i] = (uint32_t)i;
	for (size_t i = 0; i < m->n_pairs; i++) {
		const struct match_edge *edge = &m->pairs[i];
		keep[i] = edge->probability < 0.99f
			|| m->cluster[edge->left] != m->cluster[edge->right];
		n += keep[i];
		if (m->cluster[edge->left] == m->cluster[edge->right])
			sure[n_sure++] = edge;
	}
	if (n_sure)
		qsort(sure, n_sure, sizeof *sure, by_weight);
	for (size_t i = 0; i < n_sure; i++) {
		uint32_t x = root(up, sure[i]->left), y = root(up, sure[i]->right);
		size_t at = (size_t)(sure[i] - m->pairs);
		if (x == y)
			continue;
		up[y] = x;
		n += !keep[at];
		keep[at] = true;
	}
	*ret_n = n;
	return keep;
}

static void
put_run(struct linking *l, const struct match_result *m, const bool *keep, size_t n_pairs,
	struct buf *b)
{
	size_t joined = 0;

	for (size_t i = 0; i < l->pos.n; i++)
		joined += m->cluster[i] != i;
	cbor_put_array(b, 4);
	cbor_put_uint(b, 1);
	cbor_put_bytes(b, (struct bytes){(const uint8_t *)l->hash, l->pos.n * SEAL_HASH});
	cbor_put_array(b, joined);
	for (size_t i = 0; i < l->pos.n; i++) {
		if (m->cluster[i] == i)
			continue;
		cbor_put_array(b, 2);
		cbor_put_uint(b, i);
		cbor_put_uint(b, m->cluster[i]);
	}
	cbor_put_array(b, n_pairs);
	for (size_t i = 0; i < m->n_pairs; i++) {
		const struct match_edge *edge = &m->pairs[i];
		if (!keep[i])
			continue;
		cbor_put_array(b, 5);
		cbor_put_uint(b, edge->left);
		cbor_put_uint(b, edge->right);
		cbor_put_int(b, (int64_t)((double)edge->weight * 1000));
		cbor_put_int(b, (int64_t)((double)edge->probability * 1e6));
		cbor_put_bytes(b, (struct bytes){edge->level, MATCH_FIELDS});
	}
}

static struct str
model_text(struct arena *a, const struct match_model *m)
{
	struct buf b;
	struct json j;

	buf_init(&b, 1 << 20);
	j = json_to(&b);
	json_object(&j);
	json_key(&j, "prior");
	json_real(&j, m->prior);
	json_key(&j, "pair_threshold");
	json_real(&j, m->pair_threshold);
	json_key(&j, "cluster_threshold");
	json_real(&j, m->cluster_threshold);
	json_field_int(&j, "iterations", m->iterations);
	json_field_bool(&j, "identified", m->identified);
	for (enum match_field f = 0; f < MATCH_FIELDS; f++) {
		json_key(&j, match_field_name(f));
		json_array(&j);
		for (unsigned level = 1; level < match_field_levels(f); level++) {
			json_array(&j);
			json_text(&j, str_of(match_level_name(f, level)));
			json_real(&j, m->m[f][level]);
			json_real(&j, m->u[f][level]);
			json_array_end(&j);
		}
		json_array_end(&j);
	}
	json_object_end(&j);
	struct str s = str_dup(a, buf_str(&b));
	buf_finish(&b);
	return s;
}

/* The newest run's record, and the hash of its pairs; pos UINT64_MAX: none. */
static enum status
former_run(struct linking *l, uint64_t *ret_pos, uint8_t ret_hash[SEAL_HASH], struct err *e)
{
	struct store_stmt *s = store_sql(l->r->db, "SELECT max(pos) FROM cur WHERE kind = ?1");
	struct bytes hash;
	struct now w;
	enum status st;

	*ret_pos = UINT64_MAX;
	store_bind_int(s, 1, kind_number("linker-run"));
	if ((st = store_step(s, e)) != OK || store_is_null(s, 0))
		return st == NO ? OK : st;
	*ret_pos = (uint64_t)store_int(s, 0);
	if ((st = index_now(l->a, l->r, *ret_pos, &w, e)) == OK
	    && get_bytes(w.slot[field_slot("linker-run", "hash")], &hash) && hash.n == SEAL_HASH)
		memcpy(ret_hash, hash.p, SEAL_HASH);
	return st;
}

/* Its pairs are of no more use; but who was who must still be told by what stays. */
static enum status
drop_former(struct linking *l, uint64_t former, struct err *e)
{
	struct record old;

	if (former == UINT64_MAX || node_get(l->a, l->r->node, former, &old, NULL) != OK
	    || !record_has(&old, field_slot("linker-run", "clusters")))
		return OK;
	return node_drop_blob(l->r->node, &old, field_slot("linker-run", "blob"), e);
}

static enum status
write_run(struct linking *l, const struct match_result *m, struct bytes pairs,
	struct bytes clusters, const uint8_t hash[SEAL_HASH], uint64_t former,
	uint8_t ret[SEAL_HASH], struct err *e)
{
	struct arena *a = l->a;
	struct draft d = {.kind = kind_number("linker-run"), .blob = pairs,
		.blob_slot = field_slot("linker-run", "blob")};
	enum status st;

#define PUT(name, value) d.slot[field_slot("linker-run", name)] = (value)
	PUT("engine", value_text(a, str_of(engine)));
	PUT("parameters", value_text(a, S("defaults")));
	PUT("model", value_text(a, model_text(a, &m->model)));
	PUT("upto", value_number(a, (int64_t)node_info(l->r->node)->size));
	PUT("hash", value_bytes(a, (struct bytes){hash, SEAL_HASH}));
	PUT("persons", value_number(a, (int64_t)m->n_clusters));
	if (clusters.n)
		PUT("clusters", value_bytes(a, clusters));
#undef PUT
	if ((st = node_append(l->r->node, &d, 1, (uint8_t (*)[SEAL_HASH])ret, NULL, e)) != OK
	    || (st = node_publish(l->r->node, e)) != OK)
		return st;
	if ((st = drop_former(l, former, e)) != OK)
		return st;
	return reg_follow(l->r, e);
}

static void
report(const struct linking *l, const struct match_result *m, struct reg_link_report *ret)
{
	ret->records = l->pos.n;
	ret->persons = m->n_clusters;
	ret->pairs = m->n_pairs;
	ret->grey = 0;
	for (size_t i = 0; i < m->n_pairs; i++)
		ret->grey += m->pairs[i].probability > 0.05f && m->pairs[i].probability < 0.95f;
	ret->threshold = m->model.cluster_threshold;
	ret->precision = m->precision;
	ret->recall = m->recall;
	ret->note = m->note;
}

enum status
reg_link(struct arena *a, struct reg *r, struct reg_link_report *ret, struct err *e)
{
	struct linking l = {.a = arena_create((size_t)8 << 30), .r = r};
	struct match_options opt = {.report_probability = run_keeps, .cluster_weight = NAN,
		.progress = os_progress};
	struct match_result m;
	struct reg_link_report rep = {0};
	uint8_t hash[SEAL_HASH], old_hash[SEAL_HASH] = {0};
	uint64_t former;
	struct buf pairs, clusters;
	size_t n_pairs;
	enum status st;

	(void)a;
	buf_init(&pairs, PAIRS_MOST);
	buf_init(&clusters, PAIRS_MOST);
	if ((st = load_persons(&l, e)) != OK || (st = load_judgements(&l, e)) != OK)
		goto out;
	struct match_input in = {.persons = l.persons.v, .n = l.persons.n,
		.list_unique = l.unique.v, .n_lists = l.lists.n,
		.same = l.same, .n_same = l.n_same, .not_same = l.apart, .n_not_same = l.n_apart};
	if ((st = match_run(l.a, &in, &opt, &m, e)) != OK)
		goto out;
	os_progress_end();
	const bool *keep = choose_pairs(&l, &m, &n_pairs);
	put_run(&l, &m, keep, n_pairs, &pairs);
	(void)!run_encode(l.a, l.pos.v, l.pos.n, &m, keep, &clusters);
	if (pairs.over) {
		st = err_set(e, FAIL, "the linker's pairs do not fit into one record; "
			"are there thousands of rows of one name?");
		goto out;
	}
	seal_sha256(buf_bytes(&pairs), hash);
	report(&l, &m, &rep);
	if ((st = former_run(&l, &former, old_hash, e)) != OK)
		goto out;
	if (memcmp(hash, old_hash, SEAL_HASH) == 0) {
		st = err_set(e, NO, "the linker finds what it found before; nothing written");
		*ret = rep;
		goto out;
	}
	st = write_run(&l, &m, buf_bytes(&pairs), buf_bytes(&clusters), hash, former, rep.run, e);
	if (st == OK)
		*ret = rep;
out:
	buf_finish(&clusters);
	buf_finish(&pairs);
	arena_destroy(l.a);
	return st;
}

/* --- linkages drawn, for whoever counts --------------------------------------------- */

static enum status
list_name(struct linking *l, uint64_t list, struct str *ret, struct err *e)
{
	struct store_stmt *s = store_sql(l->r->db, "SELECT name FROM list WHERE pos = ?1");
	enum status st;

	*ret = S("by hand");
	if (list == UINT64_MAX)
		return OK;
	store_bind_int(s, 1, (int64_t)list);
	if ((st = store_step(s, e)) == OK)
		*ret = str_dup(l->a, store_text(s, 0));
	return st == NO ? OK : st;
}

static void
put_linkage(struct linking *l, const struct match_linkage *drawn, size_t number, struct buf *out)
{
	struct arena *a = arena_create(1 << 20);
	struct str *cells = NEWS(a, struct str, l->lists.n + 2);

	cells[0] = str_fmt(a, "%zu", number);
	for (size_t i = 0; i < drawn->n; i++) {
		struct arena *one = arena_create(1 << 16);
		for (size_t k = 0; k < l->lists.n; k++)
			cells[k + 1] = drawn->histories[i].on >> k & 1 ? S("1") : S("0");
		cells[l->lists.n + 1] = str_fmt(one, "%llu",
			(unsigned long long)drawn->histories[i].count);
		csv_write_row(out, cells, l->lists.n + 2, ',');
		arena_destroy(one);
	}
	arena_destroy(a);
}

static enum status
put_linkages(struct linking *l, const struct match_linkages *drawn, struct buf *out, struct err *e)
{
	struct str *head = NEWS(l->a, struct str, l->lists.n + 2);

	head[0] = S("linkage");
	head[l->lists.n + 1] = S("count");
	for (size_t i = 0; i < l->lists.n; i++) {
		enum status st = list_name(l, l->lists.v[i], &head[i + 1], e);
		if (st)
			return st;
	}
	csv_write_row(out, head, l->lists.n + 2, ',');
	put_linkage(l, &drawn->point, 0, out);
	for (size_t i = 0; i < drawn->n; i++)
		put_linkage(l, &drawn->drawn[i], i + 1, out);
	return OK;
}

static enum status
draw_linkages(struct linking *l, struct match_table *t, struct match_resample_options *draw,
	struct match_linkages *ret, struct err *e)
{
	struct match_options opt = {.cluster_weight = NAN, .progress = os_progress};
	struct match_input in = {.table = t, .list_unique = l->unique.v, .n_lists = l->lists.n,
		.same = l->same, .n_same = l->n_same, .not_same = l->apart, .n_not_same = l->n_apart};
	struct match_result m;
	enum status st = OK;

	for (size_t i = 0; i < l->persons.n && st == OK; i++)
		st = match_table_add_person(t, &l->persons.v[i], e);
	if (st == OK && (st = match_run(l->a, &in, &opt, &m, e)) == OK)
		st = match_resample(l->a, &in, &m, draw, ret, e);
	os_progress_end();
	return st;
}

/* Only the records at these positions, ascending. */
static void
keep(struct linking *l, const uint64_t *pos, size_t n)
{
	size_t to = 0;

	for (size_t i = 0, k = 0; i < l->pos.n; i++) {
		while (k < n && pos[k] < l->pos.v[i])
			k++;
		if (k == n || pos[k] != l->pos.v[i])
			continue;
		l->pos.v[to] = l->pos.v[i];
		l->persons.v[to++] = l->persons.v[i];
	}
	l->pos.n = l->persons.n = to;
}

enum status
link_draw(struct reg *r, const uint64_t *pos, size_t n_pos, struct match_resample_options *o,
	struct err *e)
{
	struct linking l = {.a = arena_create((size_t)8 << 30), .r = r};
	struct match_table *t = match_table_create();
	struct match_linkages drawn;
	enum status st = load_persons(&l, e);

	if (st == OK) {
		keep(&l, pos, n_pos);
		/* Every record asked for has its number in what is drawn. */
		invariant(l.pos.n == n_pos);
		if ((st = load_judgements(&l, e)) == OK)
			st = draw_linkages(&l, t, o, &drawn, e);
	}
	match_table_destroy(t);
	arena_destroy(l.a);
	return st;
}

enum status
reg_linkages_csv(struct reg *r, unsigned n, uint64_t seed, struct buf *out, struct err *e)
{
	struct linking l = {.a = arena_create((size_t)8 << 30), .r = r};
	struct match_table *t = match_table_create();
	struct match_resample_options draw = {.n = n, .seed = seed, .progress = os_progress};
	struct match_linkages drawn;
	enum status st;

	if ((st = load_persons(&l, e)) == OK && (st = load_judgements(&l, e)) == OK
	    && (st = draw_linkages(&l, t, &draw, &drawn, e)) == OK)
		st = put_linkages(&l, &drawn, out, e);
	match_table_destroy(t);
	arena_destroy(l.a);
	return st;
}

enum status
reg_clusters_csv(struct reg *r, struct buf *out, struct err *e)
{
	static const struct str header[] = {{"list", 4}, {"row", 3}, {"cluster", 7}};
	struct store_stmt *s = store_sql(r->db,
		"SELECT list.name, rec.row, person.cluster FROM person JOIN rec ON rec.pos = person.pos"
		" JOIN list ON list.pos = rec.list ORDER BY list.pos, rec.row, rec.pos");
	enum status st;

	csv_write_row(out, header, 3, ',');
	while ((st = store_step(s, e)) == OK) {
		struct arena *a = arena_create(1 << 16);
		struct str cells[3] = {str_dup(a, store_text(s, 0)),
			str_fmt(a, "%lld", (long long)store_int(s, 1)),
			reg_person_id(a, (uint64_t)store_int(s, 2))};
		csv_write_row(out, cells, 3, ',');
		arena_destroy(a);
	}
	return st == NO ? OK : st;
}
