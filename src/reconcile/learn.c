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

/* Of what all passes find, this share may be missed: far below what any of them misses. */
static const double may_miss = 0.01;

static double *
chances_of(const struct sample *s, const struct match_model *m)
{
	double *chance = mem_alloc(s->patterns.n, sizeof *chance);
	struct weights w;

	weights_of(NULL, m, &w);
	for (size_t i = 0; i < s->patterns.n; i++)
		chance[i] = weight_probability(weigh_pattern(&w, s->patterns.pattern[i]));
	weights_finish(&w);
	return chance;
}

uint32_t
sample_choose(const struct sample *s, const struct match_model *m,
	const struct block_plan *plan)
{
	double *chance = chances_of(s, m), gain[MATCH_PASSES_MAX];
	double missing = 0, all = 0;
	uint32_t have = 0;

	for (size_t i = 0; i < s->size; i++)
		if (s->v[i].pair && chance[s->v[i].pattern] >= 0.01)
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

/* ---- What no pass found ------------------------------------------------------------------ */

/* Each pass is a try at catching every match.  From those caught once and twice follows
 * how many at least were never caught (Chao, Biometrics 43, 1987, the bias-corrected form
 * for a number of tries): f0 >= (T - 1) / T f1 (f1 - 1) / (2 (f2 + 1)).  Expected matches
 * take the place of counts. */
static double
never_caught(const struct sample *s, const double *chance)
{
	double caught[3] = {0}, tries = 0;
	uint32_t any = 0;

	for (size_t i = 0; i < s->size; i++) {
		unsigned times = (unsigned)__builtin_popcount(s->v[i].passes);
		if (!s->v[i].pair)
			continue;
		any |= s->v[i].passes;
		if (times <= 2)
			caught[times] += chance[s->v[i].pattern];
	}
	tries = __builtin_popcount(any);
	if (tries < 2 || caught[1] <= 1)
		return 0;
	return (tries - 1) / tries * caught[1] * (caught[1] - 1) / (2 * (caught[2] + 1));
}

/* Strangers, of whom there are many: together they are less than one match. */
static const double nearly_none = 1e-6;

/* What a component is made of, by bit of enum match_field. */
static const uint32_t made_of[K_COMPONENTS] = {
	[K_CODE] = 1u << MATCH_F_CODE, [K_NAMES] = 1u << MATCH_F_GIVEN | 1u << MATCH_F_FAMILY,
	[K_GIVEN] = 1u << MATCH_F_GIVEN, [K_FAMILY] = 1u << MATCH_F_FAMILY,
	[K_FATHER] = 1u << MATCH_F_FATHER, [K_GIVEN_START] = 1u << MATCH_F_GIVEN,
	[K_FAMILY_START] = 1u << MATCH_F_FAMILY, [K_BIRTH_YEAR] = 1u << MATCH_F_BIRTH,
	[K_BIRTH_DAY] = 1u << MATCH_F_BIRTH, [K_ARREST] = 1u << MATCH_F_ARREST,
	[K_ARREST_DAY] = 1u << MATCH_F_ARREST, [K_BIRTH_PLACE] = 1u << MATCH_F_BIRTH_PLACE,
	[K_PLACE] = 1u << MATCH_F_PLACE, [K_EXTRA] = 1u << MATCH_F_EXTRA,
	[K_EXTRA + 1] = 2u << MATCH_F_EXTRA, [K_EXTRA + 2] = 4u << MATCH_F_EXTRA,
	[K_EXTRA + 3] = 8u << MATCH_F_EXTRA,
};

/* The passes that do not ask for a field. */
static uint32_t
passes_without(unsigned field)
{
	uint32_t without = 0;

	for (unsigned p = 0; p < PASSES; p++) {
		uint32_t fields = 0;
		for (uint32_t left = passes[p].parts; left; left &= left - 1)
			fields |= made_of[__builtin_ctz(left)];
		without |= fields >> field & 1 ? 0 : 1u << p;
	}
	return without;
}

/* Matches that fewer passes could find because one of the two does not say a field.  What
 * the passes without the field catch shows which share of all matches have it in both; those
 * that have it and were found, by that share, are all (Petersen's estimate, having the field
 * being the mark).  Of few caught so nothing follows. */
enum { CAUGHT_ENOUGH = 100 };
struct marked { double caught, marked, found; };

static double
as_if_all_said(const struct sample *s, const double *chance)
{
	struct marked of[MATCH_FIELDS] = {{0}};
	uint32_t without[MATCH_FIELDS];
	double most = 0;

	for (unsigned f = 0; f < MATCH_FIELDS; f++)
		without[f] = passes_without(f);
	for (size_t i = 0; i < s->size; i++) {
		const struct seen_pair *v = &s->v[i];
		double p = v->pair ? chance[v->pattern] : 0;
		if (p < nearly_none)
			continue;
		for (unsigned f = 0; f < MATCH_FIELDS; f++) {
			bool has = level_of(s->patterns.pattern[v->pattern], f) != 0;
			bool caught = v->passes & without[f];
			of[f].found += has ? p : 0;
			of[f].caught += caught ? p : 0;
			of[f].marked += caught && has ? p : 0;
		}
	}
	for (unsigned f = 0; f < MATCH_FIELDS; f++)
		if (of[f].marked >= CAUGHT_ENOUGH)
			most = fmax(most, of[f].found * of[f].caught / of[f].marked);
	return most;
}

double
sample_all_to_found(const struct sample *s, const struct match_model *m, uint32_t which)
{
	double *chance, all = 0, found = 0, said, never;

	if (s->everything)
		return 1;
	chance = chances_of(s, m);
	for (size_t i = 0; i < s->size; i++) {
		if (!s->v[i].pair)
			continue;
		all += chance[s->v[i].pattern];
		if (s->v[i].passes & which)
			found += chance[s->v[i].pattern];
	}
	never = never_caught(s, chance);
	said = as_if_all_said(s, chance);
	mem_free(chance);
	/* Two views of the same matches: the greater, not both. */
	return found > 0 ? fmax(all + never, said) / found : 1;
}
