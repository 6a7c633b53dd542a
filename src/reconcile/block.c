/*
 * Candidates: pairs that share all parts of at least one key.
 *
 * A pass is a set of components (a name's keys, the year of birth, ...).  A record
 * has up to a handful of values for each and enters a block for every combination;
 * blocks come together by radix sort of their 64-bit hashes.  A block that is too
 * big is split by one more component, again and again; what cannot be split is
 * sorted by content and only neighbours are compared.
 *
 * A pair belongs to the first pass that makes it, and there to one block: that of
 * the least value the two share in each component.  Both can be computed from the
 * pair alone (path_of), so nothing has to remember pairs.
 */
#include "reconcile/block_int.h"

/* What a big block is split by, the best first. */
static const uint8_t splitters[] = {
	K_BIRTH_DAY, K_FATHER, K_BIRTH_YEAR, K_FAMILY, K_GIVEN, K_ARREST, K_BIRTH_PLACE,
	K_PLACE, K_EXTRA, K_EXTRA + 1, K_EXTRA + 2, K_EXTRA + 3,
};

/* Rows are asked for so many entries before they are needed. */
enum { AHEAD = 12 };

enum {
	PAIRS_PER_BLOCK = 2000,       /* 63 records: what a common full name has in 10^5 */
	PAIRS_LEAST = 300,            /* for more records the limit falls, down to this, so */
	RECORDS_FULL = 100000,        /* that pairs grow hardly faster than records */
	ALL_PAIRS_UP_TO = 1000,       /* records; below, every pair is compared */
	NEIGHBOURS = 10,              /* in blocks that cannot be split */
};

struct blocker {
	const struct data *d;
	struct splits splits[PASSES];
	struct candidates *out;
	struct key_rows keys;
	struct row_keys *rows;        /* of the block at hand */
	size_t cap_rows;
	struct match_pair *late;      /* from neighbours, looked at when all passes are done */
	size_t n_late, cap_late;
	size_t block_pairs;
};

static void
push(struct blocker *b, uint32_t l, uint32_t r, unsigned pass)
{
	struct candidates *o = b->out;

	if (o->n == o->cap) {
		o->cap = o->cap ? o->cap + o->cap / 2 : 4096;
		o->v = mem_grow(o->v, o->cap, sizeof *o->v);
	}
	uint32_t p = patterns_add(&o->patterns,
		compare_recs(b->d, &b->d->recs[l], &b->d->recs[r]));
	o->v[o->n++] = (struct candidate){.left = l, .right = r, .pattern = p & 0x3ffffff,
		.pass = pass & 63};
	o->report[pass].pairs++;
}

/* Whether a pass before this one makes the pair. */
static bool
made_before(const struct blocker *b, struct shared *s, unsigned pass)
{
	uint64_t h;

	for (unsigned p = 0; p < pass; p++)
		if (!(passes[p].parts & ~b->keys.present) && path_of(s, p, b->splits, &h))
			return true;
	return false;
}

static void
pair_up(struct blocker *b, const struct entry *v, size_t n, unsigned pass)
{
	if (n > b->cap_rows) {
		b->cap_rows = n * 2;
		b->rows = mem_grow(b->rows, b->cap_rows, sizeof *b->rows);
	}
	for (size_t i = 0; i < n; i++) {
		__builtin_prefetch(&b->d->recs[v[i].at]);
		row_unpack(key_row(&b->keys, v[i].at), &b->rows[i]);
	}
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++) {
			uint32_t l = v[i].at, r = v[j].at;
			struct shared s;
			uint64_t h;
			if (l == r)
				continue;
			s.l = &b->rows[i];
			s.r = &b->rows[j];
			s.known = s.yes = 0;
			if (path_of(&s, pass, b->splits, &h) && h == v[i].key
				&& !made_before(b, &s, pass) && data_may_match(b->d, l, r))
				push(b, l < r ? l : r, l < r ? r : l, pass);
		}
}

/* Records in an order in which those of one person stand near each other. */
static int
by_content(const void *x, const void *y, void *arg)
{
	const struct data *d = arg;
	uint32_t i = ((const struct entry *)x)->at, j = ((const struct entry *)y)->at;
	const struct rec *a = &d->recs[i], *b = &d->recs[j];
	static const uint8_t slots[] = {T_FAMILY, T_GIVEN, T_FATHER};

	for (size_t k = 0; k < sizeof slots; k++) {
		uint32_t u = a->text[slots[k]], v = b->text[slots[k]];
		if (u != v)
			return str_cmp(d->values[u].name.normal, d->values[v].name.normal);
	}
	if (a->birth.first != b->birth.first)
		return a->birth.first < b->birth.first ? -1 : 1;
	return (i > j) - (i < j);
}

static void
neighbours(struct blocker *b, struct entry *v, size_t n)
{
	qsort_r(v, n, sizeof *v, by_content, (void *)(uintptr_t)b->d);
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n && j <= i + NEIGHBOURS; j++) {
			if (v[i].at == v[j].at)
				continue;
			if (b->n_late == b->cap_late) {
				b->cap_late = b->cap_late ? b->cap_late * 2 : 1024;
				b->late = mem_grow(b->late, b->cap_late, sizeof *b->late);
			}
			bool up = v[i].at < v[j].at;
			b->late[b->n_late++] = (struct match_pair){
				up ? v[i].at : v[j].at, up ? v[j].at : v[i].at};
		}
}

/* The first component not yet used that half of the block's records have. */
static unsigned
choose_split(const struct blocker *b, const struct entry *v, size_t n, uint32_t used)
{
	for (size_t s = 0; s < sizeof splitters; s++) {
		size_t have = 0;
		if (used & HAS(splitters[s]) || !(b->keys.present & HAS(splitters[s])))
			continue;
		for (size_t i = 0; i < n; i++) {
			unsigned k;
			row_component(key_row(&b->keys, v[i].at), splitters[s], &k);
			have += k > 0;
		}
		if (have * 2 >= n)
			return splitters[s];
	}
	return SPLIT_NEIGHBOURS;
}

static void do_blocks(struct blocker *b, struct entry *v, size_t n, unsigned pass,
	uint32_t used);

static void
split(struct blocker *b, struct entry *v, size_t n, unsigned pass, uint32_t used)
{
	uint64_t hash = v[0].key;
	unsigned by = passes[pass].how & WHAT_ALONE ? (unsigned)SPLIT_NONE
		: choose_split(b, v, n, used);
	size_t m = 0;
	struct entry *sub;

	splits_put(&b->splits[pass], hash, by);
	if (by == SPLIT_NEIGHBOURS)
		neighbours(b, v, n);
	if (by >= SPLIT_NEIGHBOURS)
		return;
	sub = mem_alloc(n * KEYS_MAX, sizeof *sub);
	for (size_t i = 0; i < n; i++) {
		unsigned k;
		const uint32_t *keys = row_component(key_row(&b->keys, v[i].at), by, &k);
		for (unsigned j = 0; j < k; j++)
			sub[m++] = (struct entry){mix64(mix64(hash, by), keys[j]), v[i].at};
	}
	sort_entries(sub, m);
	do_blocks(b, sub, m, pass, used | HAS(by));     /* at most one level per splitter */
	mem_free(sub);
}

static void
do_blocks(struct blocker *b, struct entry *v, size_t n, unsigned pass, uint32_t used)
{
	for (size_t i = 0, j; i < n; i = j) {
		for (j = i + 1; j < n && v[j].key == v[i].key; j++)
			if (j + AHEAD < n)
				__builtin_prefetch(key_row(&b->keys, v[j + AHEAD].at));
		if (j - i < 2)
			continue;
		if ((j - i) * (j - i - 1) / 2 > b->block_pairs)
			split(b, v + i, j - i, pass, used);
		else
			pair_up(b, v + i, j - i, pass);
	}
}

/* All combinations of a record's keys in the components of a pass. */
static size_t
enter(const uint32_t *row, uint32_t at, unsigned pass, struct entry *ret)
{
	uint64_t hashes[512];
	size_t n = 1;

	hashes[0] = pass;
	for (uint32_t left = passes[pass].parts; left; left &= left - 1) {
		unsigned k;
		const uint32_t *keys = row_component(row, (unsigned)__builtin_ctz(left), &k);
		if (k == 0)
			return 0;
		invariant(n * k <= sizeof hashes / sizeof *hashes);
		for (size_t i = n * k; i-- > 0;)
			hashes[i] = mix64(hashes[i % n], keys[i / n]);
		n *= k;
	}
	for (size_t i = 0; i < n; i++)
		ret[i] = (struct entry){hashes[i], at};
	return n;
}

static void
do_pass(struct blocker *b, unsigned pass)
{
	struct entry one[512], *v = NULL;
	size_t n = 0, cap = 0;

	for (uint32_t i = 0; i < b->d->n; i++) {
		size_t k = enter(key_row(&b->keys, i), i, pass, one);
		if (n + k > cap) {
			cap = n + k + (n + k) / 4 + b->d->n;
			v = mem_grow(v, cap, sizeof *v);
		}
		memcpy(v ? v + n : one, one, k * sizeof *v);
		n += k;
	}
	if (n > 1) {
		sort_entries(v, n);
		do_blocks(b, v, n, pass, passes[pass].parts);
	}
	mem_free(v);
}

static int
by_pair(const void *x, const void *y)
{
	const struct match_pair *a = x, *b = y;

	if (a->left != b->left)
		return a->left < b->left ? -1 : 1;
	return (a->right > b->right) - (a->right < b->right);
}

static void
do_late(struct blocker *b)
{
	struct match_pair *v = b->late;
	struct row_keys rows[2];

	if (b->n_late == 0)
		return;
	b->out->report[PASSES].name = "neighbours in big blocks";
	qsort(v, b->n_late, sizeof *v, by_pair);
	for (size_t i = 0; i < b->n_late; i++) {
		struct shared s = {.l = &rows[0], .r = &rows[1]};
		if ((i > 0 && by_pair(&v[i - 1], &v[i]) == 0)
			|| !data_may_match(b->d, v[i].left, v[i].right))
			continue;
		row_unpack(key_row(&b->keys, v[i].left), &rows[0]);
		row_unpack(key_row(&b->keys, v[i].right), &rows[1]);
		if (!made_before(b, &s, PASSES))
			push(b, v[i].left, v[i].right, PASSES);
	}
}

static void
do_everything(struct blocker *b)
{
	b->out->everything = true;
	b->out->n_passes = 1;
	b->out->report[0].name = "every pair";
	for (uint32_t i = 0; i < b->d->n; i++)
		for (uint32_t j = i + 1; j < b->d->n; j++)
			if (data_may_match(b->d, i, j))
				push(b, i, j, 0);
}

static size_t
pairs_per_block(const struct data *d, const struct match_options *o)
{
	size_t most = d->n > RECORDS_FULL
		? (size_t)PAIRS_PER_BLOCK * RECORDS_FULL / d->n : PAIRS_PER_BLOCK;

	if (o && o->block_pairs)
		return o->block_pairs;
	return most < PAIRS_LEAST ? PAIRS_LEAST : most;
}

void
block_all(const struct data *d, const struct match_options *o, struct candidates *ret)
{
	struct blocker b = {.d = d, .out = ret, .block_pairs = pairs_per_block(d, o)};

	*ret = (struct candidates){.n_passes = PASSES + 1};
	if (d->n <= ALL_PAIRS_UP_TO) {
		do_everything(&b);
		return;
	}
	key_rows_make(d, &b.keys);
	for (unsigned p = 0; p < PASSES; p++) {
		ret->report[p].name = passes[p].name;
		if (passes[p].parts & ~b.keys.present)
			continue;
		if (o && o->progress)
			o->progress("looking for candidates", p, PASSES);
		do_pass(&b, p);
	}
	do_late(&b);
	for (unsigned p = 0; p < PASSES; p++)
		splits_finish(&b.splits[p]);
	mem_free(b.late);
	mem_free(b.rows);
	key_rows_finish(&b.keys);
}

void
candidates_finish(struct candidates *c)
{
	mem_free(c->v);
	patterns_finish(&c->patterns);
}
