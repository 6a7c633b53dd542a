/* Two versions of a list: which left-over row became which. */
#include "reconcile/reconcile_int.h"

static int
heaviest_first(const void *x, const void *y)
{
	const struct match_edge *a = x, *b = y;

	if (a->weight != b->weight)
		return a->weight > b->weight ? -1 : 1;
	if (a->left != b->left)
		return a->left < b->left ? -1 : 1;
	return (a->right > b->right) - (a->right < b->right);
}

static int
by_left(const void *x, const void *y)
{
	const struct match_assignment *a = x, *b = y;

	return (a->left > b->left) - (a->left < b->left);
}

enum status
match_assign(struct arena *a, const struct match_person *left, size_t n_left,
	const struct match_person *right, size_t n_right, double probability,
	struct match_assignment **ret, size_t *ret_n, struct err *e)
{
	static const bool unique[2] = {true, true};
	size_t n = n_left + n_right, k = 0;
	struct match_person *both = NEWS(a, struct match_person, n ? n : 1);
	struct match_input in = {.persons = both, .n = n, .list_unique = unique, .n_lists = 2};
	struct match_options o = {.cluster_weight = NAN, .report_probability = probability};
	struct match_result r;
	struct match_assignment *out;
	bool *taken = NEWS(a, bool, n ? n : 1);
	enum status s;

	for (size_t i = 0; i < n; i++) {
		both[i] = i < n_left ? left[i] : right[i - n_left];
		both[i].list = i >= n_left;
	}
	s = match_run(a, &in, &o, &r, e);
	if (s != OK)
		return s;
	qsort(r.pairs, r.n_pairs, sizeof *r.pairs, heaviest_first);
	out = NEWS(a, struct match_assignment, n_left ? n_left : 1);
	for (size_t i = 0; i < r.n_pairs; i++) {
		const struct match_edge *p = &r.pairs[i];
		if (taken[p->left] || taken[p->right] || p->probability < (float)probability)
			continue;
		taken[p->left] = taken[p->right] = true;
		out[k++] = (struct match_assignment){
			p->left, (uint32_t)(p->right - n_left), p->probability};
	}
	qsort(out, k, sizeof *out, by_left);
	*ret = out;
	*ret_n = k;
	return OK;
}
