/* What is beyond doubt in every linkage, and what is to be asked between. */
#include "reconcile/resample_int.h"

/* ---- Cores ------------------------------------------------------------------------- */

/* The result's pairs as the linker had them: by canonical position, in its order. */
static struct edge *
edges_of(const struct match_result *of, const uint32_t *position)
{
	struct edge *v = mem_alloc(of->n_pairs, sizeof *v);
	struct entry *order = mem_alloc(of->n_pairs, sizeof *order);

	for (size_t i = 0; i < of->n_pairs; i++) {
		uint64_t l = position[of->pairs[i].left], r = position[of->pairs[i].right];
		order[i] = (struct entry){l < r ? l << 32 | r : r << 32 | l, (uint32_t)i};
	}
	sort_entries(order, of->n_pairs);
	for (size_t i = 0; i < of->n_pairs; i++)
		v[i] = (struct edge){.left = (uint32_t)(order[i].key >> 32),
			.right = (uint32_t)order[i].key,
			.weight = (int32_t)lroundf(of->pairs[order[i].at].weight * WEIGHT_UNIT)};
	mem_free(order);
	return v;
}

/* Number the cores by their first record, list their records. */
static void
list_cores(struct resampler *s, const uint32_t *root)
{
	size_t n = s->d->n;
	uint32_t *number = mem_alloc(n, sizeof *number), *fill;

	s->core_of = mem_alloc(n, sizeof *s->core_of);
	for (size_t i = 0; i < n; i++) {
		if (!number[root[i]])
			number[root[i]] = (uint32_t)++s->n_cores;
		s->core_of[i] = number[root[i]] - 1;
	}
	mem_free(number);
	s->from = mem_alloc(s->n_cores + 2, sizeof *s->from);
	s->members = mem_alloc(n, sizeof *s->members);
	/* Counting sort, shifted by one so that filling leaves the starts in place. */
	fill = s->from + 1;
	for (size_t i = 0; i < n; i++)
		s->from[s->core_of[i] + 2]++;
	for (size_t c = 2; c < s->n_cores + 2; c++)
		s->from[c] += s->from[c - 1];
	for (size_t i = 0; i < n; i++)
		s->members[fill[s->core_of[i]]++] = (uint32_t)i;
}

/* A core is known by what its first record says; records that say the same, which lie
 * side by side, are counted. */
static void
name_cores(struct resampler *s)
{
	uint64_t before = 0, nth = 0;

	s->key = mem_alloc(s->n_cores, sizeof *s->key);
	for (size_t i = 0; i < s->d->n; i++) {
		uint64_t content = data_content(s->d, &s->d->recs[i]);
		nth = i && content == before ? nth + 1 : 0;
		before = content;
		if (s->members[s->from[s->core_of[i]]] == i)
			s->key[s->core_of[i]] = mix64(content, nth);
	}
}

static enum status
find_cores(struct resampler *s, const struct edge *edges, size_t n, const struct judged *j,
	struct err *e)
{
	uint32_t *root = mem_alloc(s->d->n, sizeof *root);
	struct match_pair where = {0, 0};
	enum status st = cluster_all(s->d, &s->w, edges, n, s->surely, j, root, &where);

	if (st == OK) {
		list_cores(s, root);
		name_cores(s);
	} else {
		st = err_set(e, BAD, "match: records %u and %u are judged not the same, yet other "
			"judgements join them; one of these judgements has to be withdrawn",
			s->d->recs[where.left].input, s->d->recs[where.right].input);
	}
	mem_free(root);
	return st;
}

/* ---- Questions ------------------------------------------------------------------------ */

static unsigned
speak(const struct resampler *s, uint32_t core)
{
	return core_size(s, core) < SPEAKERS ? core_size(s, core) : SPEAKERS;
}

/* More than 64 lists do not come here, so that the bit is the list. */
static struct node
node_of_core(const struct resampler *s, uint32_t core)
{
	struct node x = {.core = core};

	for (uint32_t i = s->from[core]; i < s->from[core + 1]; i++) {
		uint32_t list = s->d->recs[s->members[i]].list;
		x.on |= (uint64_t)1 << list;
		if (s->d->list_unique && s->d->list_unique[list])
			x.unique |= (uint64_t)1 << list;
	}
	return x;
}

static uint32_t
take_node(struct resampler *s, uint32_t core)
{
	if (!s->node_of[core]) {
		s->nodes[s->n_nodes] = node_of_core(s, core);
		s->node_of[core] = (uint32_t)++s->n_nodes;
	}
	return s->node_of[core] - 1;
}

/* Pairs of cores with a pair of records between them that the run kept; each once,
 * ascending. */
static uint64_t *
core_pairs(const struct resampler *s, const struct edge *edges, size_t n, size_t *ret_n)
{
	uint64_t *v = mem_alloc(n, sizeof *v), *spare = mem_alloc(n, sizeof *spare);
	size_t all = 0, kept = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t a = s->core_of[edges[i].left], b = s->core_of[edges[i].right];
		if (a != b)
			v[all++] = a < b ? a << 32 | b : b << 32 | a;
	}
	sort_numbers(v, all, spare);
	for (size_t i = 0; i < all; i++)
		if (i == 0 || v[i] != v[i - 1])
			v[kept++] = v[i];
	mem_free(spare);
	*ret_n = kept;
	return v;
}

static void
ask(struct resampler *s, const struct edge *edges, size_t n)
{
	size_t n_pairs;
	uint64_t *pairs = core_pairs(s, edges, n, &n_pairs);

	s->q = mem_alloc(n_pairs, sizeof *s->q);
	s->nodes = mem_alloc(2 * n_pairs < s->n_cores ? 2 * n_pairs : s->n_cores, sizeof *s->nodes);
	s->node_of = mem_alloc(s->n_cores, sizeof *s->node_of);
	for (size_t i = 0; i < n_pairs; i++) {
		uint32_t a = (uint32_t)(pairs[i] >> 32), b = (uint32_t)pairs[i];
		int32_t joint;
		if (node_of_core(s, a).unique & node_of_core(s, b).unique)
			continue;
		joint = cluster_weigh(s->d, &s->w, s->members + s->from[a], speak(s, a),
			s->members + s->from[b], speak(s, b));
		if (joint < s->surely_not)
			continue;
		s->q[s->n_q++] = (struct question){.key = mix64(s->key[a], s->key[b]),
			.a = take_node(s, a), .b = take_node(s, b), .joint = joint};
	}
	mem_free(pairs);
}

static uint32_t
find(uint32_t *up, uint32_t i)
{
	while (up[i] != i)
		i = up[i] = up[up[i]];
	return i;
}

/* Questions that no others touch are most of them, and need no order. */
static void
group(struct resampler *s)
{
	uint32_t *up = mem_alloc(s->n_nodes, sizeof *up);
	struct entry *order = mem_alloc(s->n_q, sizeof *order);
	struct question *sorted = mem_alloc(s->n_q, sizeof *sorted);
	size_t most = 0;

	for (uint32_t i = 0; i < s->n_nodes; i++)
		up[i] = i;
	for (size_t i = 0; i < s->n_q; i++)
		up[find(up, s->q[i].b)] = find(up, s->q[i].a);
	for (size_t i = 0; i < s->n_q; i++)
		order[i] = (struct entry){find(up, s->q[i].a), (uint32_t)i};
	sort_entries(order, s->n_q);
	for (size_t i = 0, from = 0; i < s->n_q; i++) {
		sorted[i] = s->q[order[i].at];
		sorted[i].group = (uint32_t)order[i].key;
		if (order[i].key != order[from].key)
			from = i;
		most = i - from + 1 > most ? i - from + 1 : most;
	}
	s->order = mem_alloc(most, sizeof *s->order);
	mem_free(s->q);
	s->q = sorted;
	mem_free(order);
	mem_free(up);
}

static void
count_base(struct resampler *s)
{
	for (uint32_t c = 0; c < s->n_cores; c++)
		if (!s->node_of[c])
			tally_add(&s->base, node_of_core(s, c).on, 1);
}

/* ---- Both ---------------------------------------------------------------------------- */

static struct match_pair *
in_positions(const uint32_t *position, const struct match_pair *v, size_t n)
{
	struct match_pair *to = mem_alloc(n, sizeof *to);

	for (size_t i = 0; i < n; i++)
		to[i] = (struct match_pair){position[v[i].left], position[v[i].right]};
	return to;
}

enum status
resample_prepare(struct resampler *s, const struct match_input *in, const struct match_result *of,
	struct err *e)
{
	uint32_t *position = mem_alloc(s->d->n, sizeof *position);
	struct match_pair *same;
	struct edge *edges;
	enum status st;

	for (uint32_t i = 0; i < s->d->n; i++)
		position[s->d->recs[i].input] = i;
	same = in_positions(position, in->same, in->n_same);
	s->foes = in_positions(position, in->not_same, in->n_not_same);
	s->n_foes = in->n_not_same;
	edges = edges_of(of, position);
	mem_free(position);
	struct judged j = {same, s->foes, in->n_same, in->n_not_same};
	st = find_cores(s, edges, of->n_pairs, &j, e);
	if (st == OK) {
		ask(s, edges, of->n_pairs);
		group(s);
		count_base(s);
		s->in = mem_alloc(s->n_nodes, sizeof *s->in);
	}
	mem_free(edges);
	mem_free(same);
	return st;
}
