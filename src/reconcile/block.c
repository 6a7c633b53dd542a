/*
 * Candidates: pairs that share all parts of at least one key.
 *
 * A pass is a set of components (a name's keys, the year of birth, ...).  A record
 * has up to a handful of values for each and enters a block for every combination;
 * blocks come together by radix sort of numbers that hold the combination's hash above
 * the record's position.  A block that is too big is split by one more component, again
 * and again; what cannot be split is sorted by content and only neighbours meet.
 *
 * Nothing remembers pairs: one that several passes make is shown several times.
 */
#include "reconcile/block_int.h"

/* What a big block is split by, the best first. */
static const uint8_t splitters[] = {
	K_BIRTH_DAY, K_FATHER, K_BIRTH_YEAR, K_FAMILY, K_GIVEN, K_ARREST, K_BIRTH_PLACE,
	K_PLACE, K_EXTRA, K_EXTRA + 1, K_EXTRA + 2, K_EXTRA + 3,
};

/* Records are asked for so many entries before they are needed, the keys of their names
 * when the record should have come. */
enum { AHEAD = 24, KEYS_AHEAD = 8 };

enum {
	PAIRS_PER_BLOCK = 2000,       /* 63 records: what a common full name has in 10^5 */
	PAIRS_LEAST = 300,            /* for more records the limit falls, down to this, so */
	RECORDS_FULL = 100000,        /* that pairs grow hardly faster than records */
	ALL_PAIRS_UP_TO = 1000,       /* records; below, every pair is compared */
	NEIGHBOURS = 10,              /* in blocks that cannot be split */
};

struct blocker {
	const struct data *d;
	const struct block_plan *plan;
	const struct block_visitor *v;
	uint32_t present;
	unsigned bits;                /* of a position */
	uint64_t position;            /* mask of those bits */
	uint32_t *at;                 /* of the block at hand */
	size_t cap_at;
};

unsigned
block_n_passes(void)
{
	return PASSES;
}

const char *
block_pass_name(unsigned pass)
{
	return passes[pass].name;
}

static struct rec *
rec_of(const struct blocker *b, uint64_t entry)
{
	return &b->d->recs[entry & b->position];
}

static void
show(struct blocker *b, const uint64_t *v, size_t n, size_t reach, unsigned pass)
{
	if (n > b->cap_at) {
		b->cap_at = n * 2;
		b->at = mem_grow(b->at, b->cap_at, sizeof *b->at);
	}
	for (size_t i = 0; i < n; i++)
		b->at[i] = (uint32_t)(v[i] & b->position);
	b->v->pairs(b->v->ctx, b->at, n, reach, pass);
}

/* ---- Big blocks ---------------------------------------------------------------------- */

struct sorting {
	const struct data *d;
	uint64_t position;
};

/* Records in an order in which those of one person stand near each other. */
static int
by_content(const void *x, const void *y, void *arg)
{
	const struct sorting *s = arg;
	uint64_t i = *(const uint64_t *)x & s->position, j = *(const uint64_t *)y & s->position;
	const struct rec *a = &s->d->recs[i], *b = &s->d->recs[j];
	static const uint8_t slots[] = {T_FAMILY, T_GIVEN, T_FATHER};

	for (size_t k = 0; k < sizeof slots; k++) {
		uint32_t u = a->text[slots[k]], v = b->text[slots[k]];
		if (u != v)
			return str_cmp(s->d->values[u].name.normal, s->d->values[v].name.normal);
	}
	int32_t p = s->d->whens[a->when[W_BIRTH]].days.first;
	int32_t q = s->d->whens[b->when[W_BIRTH]].days.first;
	if (p != q)
		return p < q ? -1 : 1;
	return (i > j) - (i < j);
}

static void
neighbours(struct blocker *b, uint64_t *v, size_t n, unsigned pass)
{
	struct sorting s = {b->d, b->position};

	qsort_r(v, n, sizeof *v, by_content, &s);
	show(b, v, n, NEIGHBOURS, pass);
}

/* The first component not yet used that half of the block's records have, or
 * K_COMPONENTS. */
static unsigned
choose_split(const struct blocker *b, const uint64_t *v, size_t n, uint32_t used)
{
	uint32_t room[KEYS_MAX];

	for (size_t s = 0; s < sizeof splitters; s++) {
		size_t have = 0;
		if (used & HAS(splitters[s]) || !(b->present & HAS(splitters[s])))
			continue;
		for (size_t i = 0; i < n; i++) {
			unsigned k;
			component_keys(b->d, rec_of(b, v[i]), splitters[s], room, &k);
			have += k > 0;
		}
		if (have * 2 >= n)
			return splitters[s];
	}
	return K_COMPONENTS;
}

static void do_blocks(struct blocker *b, uint64_t *v, size_t n, unsigned pass, uint32_t used);

static void
sort_and_do(struct blocker *b, uint64_t *v, size_t n, unsigned pass, uint32_t used)
{
	uint64_t *spare = mem_alloc(n, sizeof *spare);

	sort_numbers(v, n, spare);
	mem_free(spare);
	do_blocks(b, v, n, pass, used);
}

static void
split(struct blocker *b, uint64_t *v, size_t n, unsigned pass, uint32_t used)
{
	uint64_t hash = v[0] & ~b->position, *sub;
	uint32_t room[KEYS_MAX];
	unsigned by;
	size_t m = 0;

	if (passes[pass].how & WHAT_ALONE)
		return;
	by = choose_split(b, v, n, used);
	if (by == K_COMPONENTS) {
		neighbours(b, v, n, pass);
		return;
	}
	sub = mem_alloc(n * KEYS_MAX, sizeof *sub);
	for (size_t i = 0; i < n; i++) {
		unsigned k;
		const uint32_t *keys = component_keys(b->d, rec_of(b, v[i]), by, room, &k);
		for (unsigned j = 0; j < k; j++)
			sub[m++] = (mix64(mix64(hash, by), keys[j]) & ~b->position)
				| (v[i] & b->position);
	}
	sort_and_do(b, sub, m, pass, used | HAS(by));   /* at most one level per splitter */
	mem_free(sub);
}

static void
fetch(const struct blocker *b, const uint64_t *v, size_t n, size_t at)
{
	if (at + AHEAD < n)
		__builtin_prefetch(rec_of(b, v[at + AHEAD]));
	if (at + KEYS_AHEAD < n) {
		const struct rec *r = rec_of(b, v[at + KEYS_AHEAD]);
		__builtin_prefetch(&b->d->keys[r->text[T_GIVEN]]);
		__builtin_prefetch(&b->d->keys[r->text[T_FAMILY]]);
		__builtin_prefetch(&b->d->keys[r->text[T_FATHER]]);
		__builtin_prefetch(&b->d->whens[r->when[W_BIRTH]]);
	}
}

static void
do_blocks(struct blocker *b, uint64_t *v, size_t n, unsigned pass, uint32_t used)
{
	for (size_t i = 0, j; i < n; i = j) {
		fetch(b, v, n, i);
		for (j = i + 1; j < n && (v[j] ^ v[i]) <= b->position; j++)
			fetch(b, v, n, j);
		if (j - i < 2)
			continue;
		if ((j - i) * (j - i - 1) / 2 > b->plan->block_pairs)
			split(b, v + i, j - i, pass, used);
		else
			show(b, v + i, j - i, j - i, pass);
	}
}

/* ---- Passes ---------------------------------------------------------------------------- */

unsigned
pass_hashes(const struct data *d, const struct rec *r, unsigned pass, uint64_t ret[HASHES_MAX])
{
	unsigned n = 1;

	ret[0] = pass;
	for (uint32_t left = passes[pass].parts; left; left &= left - 1) {
		uint32_t room[KEYS_MAX];
		unsigned k;
		const uint32_t *keys = component_keys(d, r, (unsigned)__builtin_ctz(left), room, &k);
		if (k == 0)
			return 0;
		invariant(n * k <= HASHES_MAX);
		for (unsigned i = n * k; i-- > 0;)
			ret[i] = mix64(ret[i % n], keys[i / n]);
		n *= k;
	}
	return n;
}

static uint64_t
do_pass(struct blocker *b, unsigned pass)
{
	uint64_t hashes[HASHES_MAX], *v = NULL;
	size_t n = 0, cap = 0;

	for (uint32_t i = 0; i < b->d->n; i++) {
		unsigned k = pass_hashes(b->d, &b->d->recs[i], pass, hashes);
		if (n + k > cap) {
			cap = n + k + (n + k) / 4 + 4096;
			v = mem_grow(v, cap, sizeof *v);
		}
		for (unsigned h = 0; h < k; h++)
			v[n++] = (hashes[h] & ~b->position) | i;
	}
	if (n > 1)
		sort_and_do(b, v, n, pass, passes[pass].parts);
	mem_free(v);
	return n;
}

static void
do_everything(struct blocker *b)
{
	uint64_t *v = mem_alloc(b->d->n, sizeof *v);

	for (size_t i = 0; i < b->d->n; i++)
		v[i] = i;
	show(b, v, b->d->n, b->d->n, 0);
	mem_free(v);
}

struct block_plan
block_plan_of(const struct data *d, const struct match_options *o)
{
	struct block_plan p = {.passes = UINT32_MAX,
		.everything = d->n <= ALL_PAIRS_UP_TO};

	p.progress = o ? o->progress : NULL;
	p.block_pairs = o ? o->block_pairs : 0;
	p.threads = o ? o->threads : 0;
	return p;
}

static size_t
pairs_per_block(const struct data *d, const struct block_plan *p)
{
	double n = (double)d->n;
	size_t most = n > RECORDS_FULL ? (size_t)(PAIRS_PER_BLOCK * (RECORDS_FULL / n))
		: PAIRS_PER_BLOCK;

	if (p->block_pairs)
		return p->block_pairs;
	return most < PAIRS_LEAST ? PAIRS_LEAST : most;
}

void
block_all(const struct data *d, const struct block_plan *plan, const struct block_visitor *v,
	struct block_cost *ret)
{
	struct block_plan p = *plan;
	struct blocker b = {.d = d, .plan = &p, .v = v, .present = components_present(d)};

	p.block_pairs = pairs_per_block(d, plan);
	while (d->n >> b.bits)
		b.bits++;
	b.position = ((uint64_t)1 << b.bits) - 1;
	*ret = (struct block_cost){{0}};
	if (p.everything)
		do_everything(&b);
	for (unsigned i = 0; i < PASSES && !p.everything; i++) {
		if (!(p.passes >> i & 1) || passes[i].parts & ~b.present)
			continue;
		if (p.progress)
			p.progress("looking for candidates", i, PASSES);
		ret->entries[i] = do_pass(&b, i);
	}
	mem_free(b.at);
}
