/* One run of the linker from end to end, and what it says of itself. */
#include "reconcile/reconcile_int.h"

struct run {
	struct data d;
	struct candidates c;
	struct weights w;
	struct edge *edges;           /* candidates that could matter, weighed */
	uint32_t *of_edge;            /* which candidate each is */
	size_t n_edges;
	double matches;               /* expected among all candidates */
	uint32_t *position;           /* by input index: canonical position */
	uint32_t *root;
};

/* Most candidates are strangers: only the others are kept as edges. */
static void
weigh_candidates(struct run *r, double report)
{
	size_t n = 0, cap = 0;
	const uint64_t *pattern = r->c.patterns.pattern;
	double *most = mem_alloc(r->c.patterns.n, sizeof *most);

	for (size_t i = 0; i < r->c.patterns.n; i++)
		most[i] = weight_probability(weigh_at_most(&r->w, pattern[i]));
	for (size_t i = 0; i < r->c.n; i++) {
		const struct candidate *c = &r->c.v[i];
		/* Strangers in any case: they hold a few matches in all, not worth a look. */
		if (most[c->pattern] < report)
			continue;
		int32_t w = weigh_pair(&r->d, &r->w, &r->d.recs[c->left], &r->d.recs[c->right],
			pattern[c->pattern]);
		double p = weight_probability(w);
		r->matches += p;
		r->c.report[c->pass].matches += p;
		if (p < report)
			continue;
		if (n == cap) {
			cap = cap ? cap * 2 : 1024;
			r->edges = mem_grow(r->edges, cap, sizeof *r->edges);
			r->of_edge = mem_grow(r->of_edge, cap, sizeof *r->of_edge);
		}
		r->edges[n] = (struct edge){w, c->left, c->right};
		r->of_edge[n++] = (uint32_t)i;
	}
	r->n_edges = n;
	mem_free(most);
}

/* The weight at which the expected F1 is greatest: with probabilities sorted downwards,
 * F1 after k pairs is 2 * sum of the k / (k + sum of all). */
static int32_t
best_threshold(const struct run *r)
{
	struct entry *v = mem_alloc(r->n_edges, sizeof *v);
	double sum = 0, best = 0;
	int32_t at = 0;

	for (size_t i = 0; i < r->n_edges; i++)
		v[i] = (struct entry){(uint64_t)(INT32_MAX - (int64_t)r->edges[i].weight),
			(uint32_t)i};
	sort_entries(v, r->n_edges);
	for (size_t i = 0; i < r->n_edges; i++) {
		int32_t w = r->edges[v[i].at].weight;
		sum += weight_probability(w);
		double f = 2 * sum / ((double)(i + 1) + r->matches);
		if (f > best) {
			/* Half way to the next, for pairs that are still to come. */
			int32_t next = i + 1 < r->n_edges ? r->edges[v[i + 1].at].weight : 0;
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

	r->root = mem_alloc(r->d.n, sizeof *r->root);
	s = cluster_all(&r->d, &r->w, r->edges, r->n_edges, threshold, &j, r->root, &where);
	mem_free(same);
	mem_free(not_same);
	if (s != OK)
		return err_set(e, BAD, "match: records %u and %u are judged not the same, yet "
			"other judgements join them; one of these judgements has to be withdrawn",
			r->d.recs[where.left].input, r->d.recs[where.right].input);
	return OK;
}

/* ---- The result ------------------------------------------------------------------- */

static void
name_clusters(struct run *r, struct arena *a, struct match_result *ret)
{
	uint32_t *least = mem_alloc(r->d.n, sizeof *least);
	size_t n = r->d.n;

	ret->cluster = NEWS(a, uint32_t, n ? n : 1);
	for (size_t i = 0; i < n; i++)
		least[i] = UINT32_MAX;
	for (size_t i = 0; i < n; i++) {
		uint32_t *l = &least[r->root[i]], input = r->d.recs[i].input;
		if (input < *l)
			*l = input;
	}
	for (size_t i = 0; i < n; i++) {
		uint32_t input = r->d.recs[i].input;
		ret->cluster[input] = least[r->root[i]];
		ret->n_clusters += ret->cluster[input] == input;
	}
	mem_free(least);
}

/* Precision: mean probability of the candidate pairs inside clusters (pairs that are
 * there only through others are not counted).  Recall: their share of all matches
 * expected among candidates; what blocking missed cannot be seen from here. */
static void
estimate(const struct run *r, struct match_result *ret)
{
	double inside = 0;
	size_t n = 0;

	for (size_t i = 0; i < r->n_edges; i++)
		if (r->root[r->edges[i].left] == r->root[r->edges[i].right]) {
			inside += weight_probability(r->edges[i].weight);
			n++;
		}
	ret->precision = n ? inside / (double)n : 1;
	ret->recall = r->matches > 0 ? fmin(1, inside / r->matches) : 1;
}

static int
by_indices(const void *x, const void *y)
{
	const struct match_edge *a = x, *b = y;

	if (a->left != b->left)
		return a->left < b->left ? -1 : 1;
	return (a->right > b->right) - (a->right < b->right);
}

static void
report_pairs(const struct run *r, struct arena *a, struct match_result *ret)
{
	ret->pairs = NEWS(a, struct match_edge, r->n_edges ? r->n_edges : 1);
	ret->n_pairs = r->n_edges;
	for (size_t i = 0; i < r->n_edges; i++) {
		uint32_t l = r->d.recs[r->edges[i].left].input, t;
		uint32_t q = r->d.recs[r->edges[i].right].input;
		uint64_t pattern = r->c.patterns.pattern[r->c.v[r->of_edge[i]].pattern];
		struct match_edge *p = &ret->pairs[i];
		if (l > q) {
			t = l;
			l = q;
			q = t;
		}
		p->left = l;
		p->right = q;
		p->weight = (float)r->edges[i].weight / WEIGHT_UNIT;
		p->probability = (float)weight_probability(r->edges[i].weight);
		for (unsigned f = 0; f < MATCH_FIELDS; f++)
			p->level[f] = (uint8_t)level_of(pattern, f);
	}
	qsort(ret->pairs, ret->n_pairs, sizeof *ret->pairs, by_indices);
}

static void
report_patterns(const struct run *r, struct arena *a, struct match_result *ret)
{
	struct histogram h;

	histogram_of(&r->c.patterns, &h);
	ret->patterns = NEWS(a, struct match_pattern, h.n ? h.n : 1);
	ret->n_patterns = h.n;
	for (size_t i = 0; i < h.n; i++) {
		ret->patterns[i].pairs = h.count[i];
		for (unsigned f = 0; f < MATCH_FIELDS; f++)
			ret->patterns[i].level[f] = (uint8_t)level_of(h.pattern[i], f);
	}
	histogram_finish(&h);
}

static const char *
what_limits(const struct run *r, const struct match_model *m)
{
	if (!m->identified)
		return "too few people on more than one list to learn from: published error "
			"rates were used; look at the pairs yourself";
	if (!r->c.everything && r->matches > 0 && r->d.filled[T_GIVEN] * 2 < r->d.n
		&& r->d.filled[T_FAMILY] * 2 < r->d.n)
		return "most records have no name: only pairs sharing other fields were seen";
	return NULL;
}

enum status
match_run(struct arena *a, const struct match_input *in, const struct match_options *opt,
	struct match_result *ret, struct err *e)
{
	struct match_options o = opt ? *opt : (struct match_options){.cluster_weight = NAN};
	struct match_result out = {0};
	struct run r = {0};
	int32_t threshold;
	enum status s = data_make(&r.d, in, e);

	if (s != OK)
		return s;
	r.position = mem_alloc(r.d.n, sizeof *r.position);
	for (uint32_t i = 0; i < r.d.n; i++)
		r.position[r.d.recs[i].input] = i;
	block_all(&r.d, &o, &r.c);
	model_learn(&r.d, &r.c, &out.model);
	weights_of(&r.d, &out.model, &r.w);
	weigh_candidates(&r, o.report_probability > 0 ? o.report_probability : 0.01);
	out.model.pair_threshold = (double)best_threshold(&r) / WEIGHT_UNIT;
	out.model.cluster_threshold = isfinite(o.cluster_weight) && opt
		? o.cluster_weight : out.model.pair_threshold;
	threshold = (int32_t)lround(out.model.cluster_threshold * WEIGHT_UNIT);
	s = cluster(&r, in, threshold, e);
	if (s == OK) {
		name_clusters(&r, a, &out);
		estimate(&r, &out);
		report_pairs(&r, a, &out);
		report_patterns(&r, a, &out);
		memcpy(out.pass, r.c.report, sizeof out.pass);
		out.n_passes = r.c.n_passes;
		out.compared = r.c.n;
		out.note = what_limits(&r, &out.model);
		*ret = out;
	}
	mem_free(r.edges);
	mem_free(r.of_edge);
	mem_free(r.position);
	mem_free(r.root);
	candidates_finish(&r.c);
	data_finish(&r.d);
	return s;
}

struct match_explanation
match_pair_explain(const struct match_person *l, const struct match_person *r,
	const struct match_model *m)
{
	struct match_person both[2] = {*l, *r};
	struct match_input in = {.persons = both, .n = 2, .n_lists = 1};
	struct match_explanation x = {.level = {0}};
	struct weights w;
	struct data d;
	uint64_t pattern;

	both[0].list = both[1].list = 0;
	if (data_make(&d, &in, NULL) != OK)
		return x;
	weights_of(NULL, m, &w);
	pattern = compare_recs(&d, &d.recs[0], &d.recs[1]);
	for (unsigned f = 0; f < MATCH_FIELDS; f++) {
		x.level[f] = (uint8_t)level_of(pattern, f);
		x.weight[f] = (double)w.w[f][x.level[f]] / WEIGHT_UNIT;
	}
	x.total = (double)weigh_pattern(&w, pattern) / WEIGHT_UNIT;
	x.probability = weight_probability(weigh_pattern(&w, pattern));
	data_finish(&d);
	return x;
}
