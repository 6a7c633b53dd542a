/*
 * What the model learns from: the candidates of a sample of the records, compared in
 * full, each pair once.  Of few records the sample is all.
 *
 * Sampling records, not pairs, keeps the sample what the whole is: of N records a
 * share f has f^2 of the pairs and f^2 of the matches, so prior, m and u stay.
 */
#include "reconcile/block_int.h"

enum {
	ENTRY_COST = 30, PAIR_COST = 25,      /* nanoseconds, measured on 10^6 records */
};

struct learner {
	const struct data *d;
	struct sample *s;
	double pairs;                 /* share of the pairs that is kept */
};

static size_t
slot_of(const struct sample *s, uint64_t pair)
{
	size_t at = mix64(pair, 17) & (s->size - 1);

	while (s->v[at].pair && s->v[at].pair != pair)
		at = (at + 1) & (s->size - 1);
	return at;
}

static void
grow(struct sample *s)
{
	struct sample old = *s;

	s->size = s->size ? s->size * 2 : 4096;
	s->v = mem_alloc(s->size, sizeof *s->v);
	for (size_t i = 0; i < old.size; i++)
		if (old.v[i].pair)
			s->v[slot_of(s, old.v[i].pair)] = old.v[i];
	mem_free(old.v);
}

static void
see(struct learner *k, uint32_t l, uint32_t r, unsigned pass)
{
	struct sample *s = k->s;
	uint64_t pair = ((uint64_t)l << 32 | r) + 1;
	struct seen_pair *p;

	s->found[pass]++;
	if (k->pairs < 1 && (double)(mix64(pair, 19) >> 11) * 0x1p-53 >= k->pairs)
		return;
	if (s->n * 2 >= s->size)
		grow(s);
	p = &s->v[slot_of(s, pair)];
	if (!p->pair) {
		*p = (struct seen_pair){.pair = pair};
		p->pattern = patterns_add(&s->patterns,
			compare_recs(k->d, &k->d->recs[l], &k->d->recs[r]));
		s->n++;
	}
	p->passes |= (uint32_t)1 << pass;
}

static void
see_block(void *ctx, const uint32_t *at, size_t n, size_t reach, unsigned pass)
{
	struct learner *k = ctx;

	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n && j - i <= reach; j++) {
			uint32_t l = at[i] < at[j] ? at[i] : at[j], r = at[i] < at[j] ? at[j] : at[i];
			if (l != r && data_may_match(k->d, &k->d->recs[l], &k->d->recs[r]))
				see(k, l, r, pass);
		}
}

/* Candidates are about 13 to a record: so many pairs of so many records are plenty to
 * learn from, and little to hold. */
enum { PAIRS_ENOUGH = 500000, PAIRS_PER_RECORD = 16 };

/* Positions are by content, and neighbours alike: a hash of the position spreads.  The
 * sample keeps their order, so it is canonical too. */
static struct rec *
some_recs(const struct data *d, double share, size_t *ret_n)
{
	struct rec *v = mem_alloc(d->n, sizeof *v);
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++)
		if ((double)(mix64(i, 13) >> 11) * 0x1p-53 < share)
			v[n++] = d->recs[i];
	*ret_n = n;
	return mem_grow(v, n + 1, sizeof *v);
}

void
sample_take(const struct data *d, const struct block_plan *plan, double share,
	struct sample *ret)
{
	double expected = (double)d->n * share * PAIRS_PER_RECORD;
	struct data some = *d;
	struct learner k = {.d = &some, .s = ret, .pairs = 1};
	struct block_visitor v = {&k, see_block};

	if (share < 1)
		some.recs = some_recs(d, share, &some.n);
	if (share < 1 && expected > PAIRS_ENOUGH)
		k.pairs = PAIRS_ENOUGH / expected;
	*ret = (struct sample){.records = share, .pairs = k.pairs, .everything = plan->everything};
	block_all(&some, plan, &v, &ret->cost);
	if (share < 1)
		mem_free(some.recs);
}

void
sample_finish(struct sample *s)
{
	mem_free(s->v);
	patterns_finish(&s->patterns);
}

/* ---- Which passes are worth it --------------------------------------------------------- */

/* Expected matches that only passes outside `have` would still find, by pass. */
static void
still_missing(const struct sample *s, const double *chance, uint32_t have, double *ret)
{
	for (unsigned p = 0; p < MATCH_PASSES_MAX; p++)
		ret[p] = 0;
	for (size_t i = 0; i < s->size; i++) {
		if (!s->v[i].pair || s->v[i].passes & have || chance[s->v[i].pattern] < 0.01)
			continue;
		for (uint32_t left = s->v[i].passes; left; left &= left - 1)
			ret[__builtin_ctz(left)] += chance[s->v[i].pattern];
	}
}

/* Neighbours in big blocks come with the passes that have big blocks. */
static const uint32_t free_passes = (uint32_t)1 << PASSES;

/* Of what all passes find, this share may be missed: far below what any of them misses. */
static const double may_miss = 0.01;

uint32_t
sample_choose(const struct sample *s, const struct match_model *m,
	const struct block_plan *plan)
{
	double *chance = mem_alloc(s->patterns.n, sizeof *chance), gain[MATCH_PASSES_MAX];
	double missing = 0, all = 0;
	uint32_t have = free_passes;
	struct weights w;

	weights_of(NULL, m, &w);
	for (size_t i = 0; i < s->patterns.n; i++)
		chance[i] = weight_probability(weigh_pattern(&w, s->patterns.pattern[i]));
	for (size_t i = 0; i < s->size; i++)
		if (s->v[i].pair && chance[s->v[i].pattern] >= 0.01
		    && !(s->v[i].passes & free_passes))
			all += chance[s->v[i].pattern];
	for (missing = all; missing > may_miss * all;) {
		double best = 0;
		unsigned take = PASSES;
		still_missing(s, chance, have, gain);
		for (unsigned p = 0; p < PASSES; p++) {
			/* Pairs of the whole grow as records do, being bounded by blocks. */
			double cost = (double)s->cost.entries[p] * ENTRY_COST
				+ (double)s->found[p] * PAIR_COST + 1;
			if (!(have >> p & 1) && plan->passes >> p & 1 && gain[p] / cost > best) {
				best = gain[p] / cost;
				take = p;
			}
		}
		if (take == PASSES)
			break;
		have |= (uint32_t)1 << take;
		missing -= gain[take];
	}
	mem_free(chance);
	return have;
}
