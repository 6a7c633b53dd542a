/*
 * One record against many: per pass the hashes of all records' keys, sorted, with a
 * directory by their first bits; a new record looks up its own hashes and is weighed
 * against whom it finds there.  Records added later lie in one hash table beside.
 */
#include "reconcile/block_int.h"

enum {
	DIRECTORY_BITS = 16,
	LOOK_AT = 4096,               /* records weighed for one query, the rarest keys first */
	QUERY_HASHES = 1024,
};

struct pass_index {
	uint64_t *v;                  /* hash above, position below */
	uint32_t *start;              /* by first bits; NULL: the pass is not used */
	size_t n;
};
/* A key of an added record; `next`: chain of one slot, + 1. */
struct late_key {
	uint64_t hash;
	uint32_t at, next;
};

struct match_index {
	struct match_table *t;
	struct weights w;
	struct pass_index pass[PASSES];
	unsigned bits;                /* of a position */
	uint64_t position;
	size_t settled;               /* records of the table; the rest was added */
	struct late_key *late;
	uint32_t *heads;
	size_t n_late, cap_late, n_heads;
	uint32_t *seen, now;          /* per record: the query that saw it last */
};

/* ---- Making it ------------------------------------------------------------------- */

static void
index_pass(struct match_index *x, unsigned pass)
{
	const struct data *d = &x->t->d;
	struct pass_index *p = &x->pass[pass];
	uint64_t hashes[HASHES_MAX], *spare;
	size_t cap = 0;

	for (uint32_t i = 0; i < d->n; i++) {
		unsigned k = pass_hashes(d, &d->recs[i], pass, hashes);
		if (p->n + k > cap) {
			cap = p->n + k + (p->n + k) / 4 + 4096;
			p->v = mem_grow(p->v, cap, sizeof *p->v);
		}
		for (unsigned h = 0; h < k; h++)
			p->v[p->n++] = (hashes[h] & ~x->position) | i;
	}
	p->v = mem_grow(p->v, p->n, sizeof *p->v);
	spare = mem_alloc(p->n, sizeof *spare);
	sort_numbers(p->v, p->n, spare);
	mem_free(spare);
	p->start = mem_alloc((1 << DIRECTORY_BITS) + 1, sizeof *p->start);
	for (size_t i = 0; i < p->n; i++)
		p->start[(p->v[i] >> (64 - DIRECTORY_BITS)) + 1]++;
	for (size_t i = 1; i <= 1 << DIRECTORY_BITS; i++)
		p->start[i] += p->start[i - 1];
}

struct match_index *
match_index_create(struct match_table *t, const struct match_model *m)
{
	struct match_index *x = mem_alloc(1, sizeof *x);
	struct data *d = &t->d;
	uint32_t present;

	invariant(t->settled);
	x->t = t;
	x->settled = d->n;
	weights_of(d, m, &x->w);
	while (d->n >> x->bits)
		x->bits++;
	x->position = ((uint64_t)1 << x->bits) - 1;
	present = components_present(d);
	for (unsigned p = 0; p < PASSES; p++)
		if (t->passes >> p & 1 && !(passes[p].parts & ~present))
			index_pass(x, p);
	/* Room for more records, so that adding one need not move all. */
	d->cap = d->n + d->n / 8 + 1024;
	struct rec *recs = mem_table(d->cap, sizeof *recs);
	if (d->n)
		memcpy(recs, d->recs, d->n * sizeof *recs);
	mem_free(d->recs);
	d->recs = recs;
	x->seen = mem_alloc(d->cap, sizeof *x->seen);
	return x;
}

void
match_index_destroy(struct match_index *x)
{
	if (!x)
		return;
	for (unsigned p = 0; p < PASSES; p++) {
		mem_free(x->pass[p].v);
		mem_free(x->pass[p].start);
	}
	weights_finish(&x->w);
	mem_free(x->late);
	mem_free(x->heads);
	mem_free(x->seen);
	match_table_destroy(x->t);
	mem_free(x);
}

size_t
match_index_size(const struct match_index *x)
{
	return x->t->d.n;
}

/* ---- Looking up -------------------------------------------------------------------- */

/* Those of one key: a run of a pass's numbers, or a chain of the added. */
struct found {
	const uint64_t *v;
	size_t n;
};

static struct found
look_up(const struct match_index *x, unsigned pass, uint64_t hash)
{
	const struct pass_index *p = &x->pass[pass];
	size_t i = p->start[hash >> (64 - DIRECTORY_BITS)], from;
	size_t end = p->start[(hash >> (64 - DIRECTORY_BITS)) + 1];

	hash &= ~x->position;
	for (size_t to = end; i < to;) {
		size_t mid = i + (to - i) / 2;
		if (p->v[mid] < hash)
			i = mid + 1;
		else
			to = mid;
	}
	for (from = i; i < end && (p->v[i] & ~x->position) == hash; i++)
		;
	return (struct found){p->v + from, i - from};
}

static int
rarest_first(const void *x, const void *y)
{
	const struct found *a = x, *b = y;

	return (a->n > b->n) - (a->n < b->n);
}

struct query {
	struct match_index *x;
	struct rec rec;
	int32_t least;
	struct match_hit *hits;
	size_t n, max, looked;
};

static bool
better(const struct match_hit *a, const struct match_hit *b)
{
	if (a->weight > b->weight || a->weight < b->weight)
		return a->weight > b->weight;
	return a->record < b->record;
}

/* Into its place among the best; the last one falls out when there are too many. */
static void
keep(struct query *q, struct match_hit hit)
{
	size_t i;

	if (q->n == q->max && !better(&hit, &q->hits[q->max - 1]))
		return;
	if (q->n < q->max)
		q->n++;
	for (i = q->n - 1; i > 0 && better(&hit, &q->hits[i - 1]); i--)
		q->hits[i] = q->hits[i - 1];
	q->hits[i] = hit;
}

static void
weigh_one(struct query *q, uint32_t at)
{
	const struct data *d = &q->x->t->d;
	const struct rec *r = &d->recs[at];
	struct match_hit hit = {.record = r->input};
	uint64_t pattern;
	int32_t w;

	if (q->x->seen[at] == q->x->now)
		return;
	q->x->seen[at] = q->x->now;
	q->looked++;
	if (!data_may_match(d, &q->rec, r))
		return;
	w = weigh_pair(d, &q->x->w, &q->rec, r, q->least, &pattern);
	if (w < q->least)
		return;
	hit.weight = (float)w / WEIGHT_UNIT;
	hit.probability = (float)weight_probability(w);
	for (unsigned f = 0; f < MATCH_FIELDS; f++)
		hit.level[f] = (uint8_t)level_of(pattern, f);
	keep(q, hit);
}

static void
weigh_late(struct query *q, uint64_t hash)
{
	const struct match_index *x = q->x;

	if (!x->n_heads)
		return;
	for (uint32_t k = x->heads[hash & (x->n_heads - 1)]; k && q->looked < LOOK_AT;
	     k = x->late[k - 1].next)
		if (x->late[k - 1].hash == hash)
			weigh_one(q, x->late[k - 1].at);
}

/* The next query; when numbers run out all are forgotten. */
static void
begin(struct match_index *x)
{
	if (++x->now == 0) {
		memset(x->seen, 0, x->t->d.cap * sizeof *x->seen);
		x->now = 1;
	}
}

static struct rec
encode(struct match_index *x, const struct match_person *p)
{
	struct match_row row = table_row_of(x->t, p);

	weights_grow(&x->w, x->t->d.n_values);
	return table_rec(x->t, &row);
}

size_t
match_index_find(struct match_index *x, const struct match_person *p, double probability,
	struct match_hit *ret, size_t max)
{
	struct query q = {.x = x, .rec = encode(x, p), .hits = ret, .max = max,
		.least = weight_of_probability(probability)};
	struct found found[QUERY_HASHES];
	uint64_t hashes[HASHES_MAX];
	size_t n = 0;

	begin(x);
	for (unsigned i = 0; i < PASSES && max > 0; i++) {
		unsigned k = x->pass[i].start ? pass_hashes(&x->t->d, &q.rec, i, hashes) : 0;
		for (unsigned h = 0; h < k && n < QUERY_HASHES; h++) {
			found[n++] = look_up(x, i, hashes[h]);
			weigh_late(&q, hashes[h]);
		}
	}
	qsort(found, n, sizeof *found, rarest_first);
	for (size_t i = 0; i < n && q.looked < LOOK_AT; i++)
		for (size_t j = 0; j < found[i].n && q.looked < LOOK_AT; j++) {
			if (j + 8 < found[i].n)
				__builtin_prefetch(&x->t->d.recs[found[i].v[j + 8] & x->position]);
			weigh_one(&q, (uint32_t)(found[i].v[j] & x->position));
		}
	return q.n;
}

/* ---- Adding ------------------------------------------------------------------------- */

static void
rehash(struct match_index *x)
{
	x->n_heads = x->n_heads ? x->n_heads * 2 : 1024;
	mem_free(x->heads);
	x->heads = mem_alloc(x->n_heads, sizeof *x->heads);
	for (uint32_t i = 0; i < x->n_late; i++) {
		uint32_t *head = &x->heads[x->late[i].hash & (x->n_heads - 1)];
		x->late[i].next = *head;
		*head = i + 1;
	}
}

static void
add_key(struct match_index *x, uint64_t hash, uint32_t at)
{
	uint32_t *head;

	if (x->n_late >= x->n_heads)
		rehash(x);
	if (x->n_late == x->cap_late) {
		x->cap_late = x->cap_late ? x->cap_late * 2 : 1024;
		x->late = mem_grow(x->late, x->cap_late, sizeof *x->late);
	}
	head = &x->heads[hash & (x->n_heads - 1)];
	x->late[x->n_late] = (struct late_key){hash, at, *head};
	*head = (uint32_t)++x->n_late;
}

enum status
match_index_add(struct match_index *x, const struct match_person *p, struct err *e)
{
	struct data *d = &x->t->d;
	uint64_t hashes[HASHES_MAX];
	struct rec r;

	if (p->list >= d->n_lists)
		return err_set(e, BAD, "match: the record is of list %u; there are %zu lists", p->list,
			d->n_lists);
	if (d->n >= (size_t)1 << 30 || x->n_late > UINT32_MAX - 1 - PASSES * HASHES_MAX)
		return err_set(e, BAD, "match: the index is full; make it anew");
	r = encode(x, p);
	r.input = (uint32_t)d->n;
	if (d->n == d->cap) {
		size_t cap = d->cap + d->cap / 4;
		d->recs = mem_grow(d->recs, cap, sizeof *d->recs);
		x->seen = mem_grow(x->seen, cap, sizeof *x->seen);
		memset(x->seen + d->cap, 0, (cap - d->cap) * sizeof *x->seen);
		d->cap = cap;
	}
	d->recs[d->n] = r;
	for (unsigned i = 0; i < PASSES; i++) {
		unsigned k = x->pass[i].start ? pass_hashes(d, &r, i, hashes) : 0;
		for (unsigned h = 0; h < k; h++)
			add_key(x, hashes[h], (uint32_t)d->n);
	}
	d->n++;
	return OK;
}
