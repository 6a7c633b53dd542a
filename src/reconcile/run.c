/* One run of the linker from end to end, and what it says of itself. */
#include "reconcile/reconcile_int.h"

struct run {
	struct data *d;
	struct weights w;
	struct scored c;              /* candidates that could matter, weighed */
	struct histogram learned;     /* the patterns that the model was learned from */
	bool everything;
	double matches;               /* expected among all candidates */
	double all_to_found;          /* of matches, by what the sample shows */
	uint32_t *position;           /* by input index: canonical position */
	uint32_t *root;
};

/* From so many records on, a sample of so many teaches the model and shows which passes
 * are worth their time. */
enum { LEARN_FROM = 150000, MATCHES_WANTED = 1000 };

/* Learn; doubling the sample while it holds too few matches. */
static void
learn(struct run *r, struct block_plan *plan, struct match_model *m)
{
	double share = r->d->n > LEARN_FROM ? (double)LEARN_FROM / (double)r->d->n : 1;
	struct sample s;

	for (;;) {
		sample_take(r->d, plan, share, &s);
		if (model_learn(r->d, &s, m) >= MATCHES_WANTED || share >= 1)
			break;
		share = fmin(1, 2 * share);
		sample_finish(&s);
	}
	if (share < 1)
		plan->passes = sample_choose(&s, m, plan);
	r->all_to_found = sample_all_to_found(&s, m, plan->passes);
	histogram_of(&s.patterns, &r->learned);
	r->everything = s.everything;
	sample_finish(&s);
}

/* Candidates too unlikely to be kept hold a few matches in all: their share as the model
 * sees it in what it learned from. */
static double
share_of_unlikely(const struct run *r, int32_t least)
{
	double all = 0, unlikely = 0;

	for (size_t i = 0; i < r->learned.n; i++) {
		int32_t w = weigh_pattern(&r->w, r->learned.pattern[i]);
		double p = weight_probability(w) * (double)r->learned.count[i];
		all += p;
		unlikely += w < least ? p : 0;
	}
	return all > 0 ? unlikely / all : 0;
}

static void
count_matches(struct run *r, struct match_result *ret, int32_t least)
{
	double unlikely = share_of_unlikely(r, least);

	for (size_t i = 0; i < r->c.n; i++) {
		double p = weight_probability(r->c.v[i].weight);
		r->matches += p;
		ret->pass[r->c.v[i].pass].matches += p;
	}
	for (unsigned p = 0; p < MATCH_PASSES_MAX; p++)
		ret->pass[p].matches = rounded(ret->pass[p].matches);
	if (unlikely < 0.5)
		r->matches /= 1 - unlikely;
	ret->n_passes = r->everything ? 1 : block_n_passes();
	for (unsigned p = 0; p < ret->n_passes; p++) {
		ret->pass[p].name = r->everything ? "every pair" : block_pass_name(p);
		ret->pass[p].pairs = r->c.by_pass[p];
	}
	ret->compared = r->c.compared;
}

/* The weight at which the expected F1 is greatest: with probabilities sorted downwards,
 * F1 after k pairs is 2 * sum of the k / (k + sum of all). */
static int32_t
best_threshold(const struct run *r)
{
	struct entry *v = mem_alloc(r->c.n, sizeof *v);
	double sum = 0, best = 0;
	int32_t at = 0;

	for (size_t i = 0; i < r->c.n; i++)
		v[i] = (struct entry){(uint64_t)(INT32_MAX - (int64_t)r->c.v[i].weight),
			(uint32_t)i};
	sort_entries(v, r->c.n);
	for (size_t i = 0; i < r->c.n; i++) {
		int32_t w = r->c.v[v[i].at].weight;
		sum += weight_probability(w);
		double f = 2 * sum / ((double)(i + 1) + r->matches);
		if (f > best) {
			/* Half way to the next, for pairs that are still to come. */
			int32_t next = i + 1 < r->c.n ? r->c.v[v[i + 1].at].weight : 0;
			best = f;
			at = next < w ? next + (w - next) / 2 : w;
		}
	}
	mem_free(v);
	return at;
}

static struct match_pair *
in_positions(const struct run *r, const struct match_pair *v, size_t n)
{
	struct match_pair *to = mem_alloc(n, sizeof *to);

	for (size_t i = 0; i < n; i++)
		to[i] = (struct match_pair){r->position[v[i].left], r->position[v[i].right]};
	return to;
}

static enum status
cluster(struct run *r, const struct match_input *in, int32_t threshold, struct err *e)
{
	struct match_pair *same = in_positions(r, in->same, in->n_same), where = {0, 0};
	struct match_pair *not_same = in_positions(r, in->not_same, in->n_not_same);
	struct judged j = {same, not_same, in->n_same, in->n_not_same};
	enum status s;

	r->root = mem_alloc(r->d->n, sizeof *r->root);
	s = cluster_all(r->d, &r->w, r->c.v, r->c.n, threshold, &j, r->root, &where);
	mem_free(same);
	mem_free(not_same);
	if (s != OK)
		return err_set(e, BAD, "match: records %u and %u are judged not the same, yet "
			"other judgements join them; one of these judgements has to be withdrawn",
			r->d->recs[where.left].input, r->d->recs[where.right].input);
	return OK;
}

/* ---- The result ------------------------------------------------------------------- */

static void
name_clusters(struct run *r, struct arena *a, struct match_result *ret)
{
	uint32_t *least = mem_alloc(r->d->n, sizeof *least);
	size_t n = r->d->n;

	ret->cluster = NEWS(a, uint32_t, n ? n : 1);
	for (size_t i = 0; i < n; i++)
		least[i] = UINT32_MAX;
	for (size_t i = 0; i < n; i++) {
		uint32_t *l = &least[r->root[i]], input = r->d->recs[i].input;
		if (input < *l)
			*l = input;
	}
	for (size_t i = 0; i < n; i++) {
		uint32_t input = r->d->recs[i].input;
		ret->cluster[input] = least[r->root[i]];
		ret->n_clusters += ret->cluster[input] == input;
	}
	mem_free(least);
}

/* Precision: mean probability of the candidate pairs inside clusters (pairs that are
 * there only through others are not counted).  Recall: their share of all matches
 * expected among candidates, and of those that no pass found, as far as the sample shows
 * them.  Nothing linked: there is nothing to tell of. */
static void
estimate(const struct run *r, struct match_result *ret)
{
	double inside = 0;
	size_t n = 0;

	for (size_t i = 0; i < r->c.n; i++)
		if (r->root[r->c.v[i].left] == r->root[r->c.v[i].right]) {
			inside += weight_probability(r->c.v[i].weight);
			n++;
		}
	ret->precision = n ? rounded(inside / (double)n) : NAN;
	ret->recall = n ? rounded(fmin(1, inside / (r->matches * r->all_to_found))) : NAN;
}

/* The pairs by their indices in the input. */
static struct entry *
by_indices(const struct run *r)
{
	struct entry *v = mem_alloc(r->c.n, sizeof *v);

	for (size_t i = 0; i < r->c.n; i++) {
		uint32_t l = r->d->recs[r->c.v[i].left].input;
		uint32_t q = r->d->recs[r->c.v[i].right].input;
		v[i] = (struct entry){l < q ? (uint64_t)l << 32 | q : (uint64_t)q << 32 | l,
			(uint32_t)i};
	}
	sort_entries(v, r->c.n);
	return v;
}

static void
report_pairs(const struct run *r, struct arena *a, struct match_result *ret)
{
	struct entry *order = by_indices(r);

	ret->pairs = NEWS(a, struct match_edge, r->c.n ? r->c.n : 1);
	ret->n_pairs = r->c.n;
	for (size_t i = 0; i < r->c.n; i++) {
		const struct edge *c = &r->c.v[order[i].at];
		struct match_edge *p = &ret->pairs[i];
		p->left = (uint32_t)(order[i].key >> 32);
		p->right = (uint32_t)order[i].key;
		p->weight = (float)c->weight / WEIGHT_UNIT;
		p->probability = (float)weight_probability(c->weight);
		for (unsigned f = 0; f < MATCH_FIELDS; f++)
			p->level[f] = (uint8_t)level_of(c->pattern, f);
	}
	mem_free(order);
}

static void
report_patterns(const struct run *r, struct arena *a, struct match_result *ret)
{
	const struct histogram *h = &r->learned;

	ret->patterns = NEWS(a, struct match_pattern, h->n ? h->n : 1);
	ret->n_patterns = h->n;
	for (size_t i = 0; i < h->n; i++) {
		ret->patterns[i].pairs = h->count[i];
		for (unsigned f = 0; f < MATCH_FIELDS; f++)
			ret->patterns[i].level[f] = (uint8_t)level_of(h->pattern[i], f);
	}
}

static const char *
what_limits(const struct run *r, const struct match_model *m)
{
	if (!m->identified)
		return "too few people on more than one list to learn from: published error "
			"rates were used; look at the pairs yourself";
	if (!r->everything && r->matches > 0 && r->d->filled[T_GIVEN] * 2 < r->d->n
		&& r->d->filled[T_FAMILY] * 2 < r->d->n)
		return "most records have no name: only pairs sharing other fields were seen";
	return NULL;
}

/* ---- From end to end -------------------------------------------------------------- */

static enum status
check_judgements(const struct match_input *in, size_t n, struct err *e)
{
	for (size_t i = 0; i < in->n_same + in->n_not_same; i++) {
		struct match_pair p = i < in->n_same ? in->same[i] : in->not_same[i - in->n_same];
		if (p.left >= n || p.right >= n || p.left == p.right)
			return err_set(e, BAD, "match: judgement on records %u and %u; two different "
				"indices below %zu would be right", p.left, p.right, n);
	}
	return OK;
}

static enum status
settle(struct match_table *t, const struct match_input *in, struct err *e)
{
	size_t n_lists = in->n_lists ? in->n_lists : 1, bad;
	enum status s = check_judgements(in, t->d.n, e);

	if (s != OK)
		return s;
	invariant(!t->settled);
	if (data_settle(&t->d, in->list_unique, n_lists, &bad) != OK)
		return err_set(e, BAD, "match: record %zu is of list %u; there are %zu lists", bad,
			t->d.recs[bad].list, n_lists);
	t->settled = true;
	t->d.cache = similar_cache_create();
	return OK;
}

static enum status
run_table(struct arena *a, struct match_table *t, const struct match_input *in,
	const struct match_options *o, struct match_result *ret, struct err *e)
{
	struct match_result out = {0};
	struct run r = {.d = &t->d};
	struct block_plan plan;
	int32_t least, threshold;
	enum status s = settle(t, in, e);

	if (s != OK)
		return s;
	plan = block_plan_of(r.d, o);
	learn(&r, &plan, &out.model);
	t->passes = plan.passes;
	weights_of(r.d, &out.model, &r.w);
	least = weight_of_probability(o->report_probability > 0 ? o->report_probability : 0.01);
	score_all(r.d, &r.w, &plan, least, &r.c);
	count_matches(&r, &out, least);
	threshold = best_threshold(&r);
	/* By defaults alone nothing is joined that is rather two people. */
	if (!out.model.identified && threshold < 0)
		threshold = 0;
	out.model.pair_threshold = (double)threshold / WEIGHT_UNIT;
	out.model.cluster_threshold = isfinite(o->cluster_weight)
		? o->cluster_weight : out.model.pair_threshold;
	threshold = (int32_t)lround(out.model.cluster_threshold * WEIGHT_UNIT);
	r.position = mem_alloc(r.d->n, sizeof *r.position);
	for (uint32_t i = 0; i < r.d->n; i++)
		r.position[r.d->recs[i].input] = i;
	s = cluster(&r, in, threshold, e);
	if (s == OK) {
		name_clusters(&r, a, &out);
		estimate(&r, &out);
		report_pairs(&r, a, &out);
		report_patterns(&r, a, &out);
		out.note = what_limits(&r, &out.model);
		*ret = out;
	}
	mem_free(r.c.v);
	mem_free(r.position);
	mem_free(r.root);
	histogram_finish(&r.learned);
	weights_finish(&r.w);
	return s;
}

enum status
match_run(struct arena *a, const struct match_input *in, const struct match_options *opt,
	struct match_result *ret, struct err *e)
{
	struct match_options o = opt ? *opt : (struct match_options){.cluster_weight = NAN};
	struct match_table *own;
	enum status s = OK;

	if (in->table)
		return run_table(a, in->table, in, &o, ret, e);
	own = match_table_create();
	for (size_t i = 0; i < in->n && s == OK; i++)
		s = match_table_add_person(own, &in->persons[i], e);
	if (s == OK)
		s = run_table(a, own, in, &o, ret, e);
	match_table_destroy(own);
	return s;
}

struct match_explanation
match_pair_explain(const struct match_person *l, const struct match_person *r,
	const struct match_model *m)
{
	struct match_person both[2] = {*l, *r};
	struct match_table *t = match_table_create();
	struct match_explanation x = {.level = {0}};
	struct weights w;
	uint64_t pattern;

	both[0].list = both[1].list = 0;
	for (size_t i = 0; i < 2; i++)
		if (match_table_add_person(t, &both[i], NULL) != OK)
			goto out;
	weights_of(NULL, m, &w);
	pattern = compare_recs(&t->d, &t->d.recs[0], &t->d.recs[1]);
	for (unsigned f = 0; f < MATCH_FIELDS; f++) {
		x.level[f] = (uint8_t)level_of(pattern, f);
		x.weight[f] = (double)w.w[f][x.level[f]] / WEIGHT_UNIT;
	}
	x.total = (double)weigh_pattern(&w, pattern) / WEIGHT_UNIT;
	x.probability = weight_probability(weigh_pattern(&w, pattern));
out:
	match_table_destroy(t);
	return x;
}
