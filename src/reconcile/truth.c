/* Clusters against the truth. */
#include "reconcile/reconcile_int.h"

static uint64_t
pairs_of(uint64_t n)
{
	return n * (n - 1) / 2;
}

/* Sizes of the groups of equal keys after sorting; each record gets its group's. */
static uint64_t
group(struct entry *v, size_t n, uint32_t *size_of, uint64_t *ret_groups)
{
	uint64_t pairs = 0;

	*ret_groups = 0;
	sort_entries(v, n);
	for (size_t i = 0, j; i < n; i = j) {
		for (j = i; j < n && v[j].key == v[i].key; j++)
			;
		for (size_t k = i; k < j; k++)
			size_of[v[k].at] = (uint32_t)(j - i);
		pairs += pairs_of(j - i);
		++*ret_groups;
	}
	return pairs;
}

static double
ratio(uint64_t a, uint64_t b)
{
	return b ? (double)a / (double)b : 1;
}

static double
harmonic(double p, double r)
{
	return p + r > 0 ? 2 * p * r / (p + r) : 0;
}

struct match_score
match_score_truth(const uint32_t *found, const uint32_t *truth, size_t n)
{
	struct match_score s = {0};
	struct entry *v = mem_alloc(n, sizeof *v);
	uint32_t *in_found = mem_alloc(n, sizeof *in_found);
	uint32_t *in_truth = mem_alloc(n, sizeof *in_truth), *in_both = mem_alloc(n, sizeof *in_both);
	uint64_t clusters, people, cells, exact = 0;

	for (size_t i = 0; i < n; i++)
		v[i] = (struct entry){found[i], (uint32_t)i};
	s.found_pairs = group(v, n, in_found, &clusters);
	for (size_t i = 0; i < n; i++)
		v[i] = (struct entry){truth[i], (uint32_t)i};
	s.true_pairs = group(v, n, in_truth, &people);
	for (size_t i = 0; i < n; i++)
		v[i] = (struct entry){(uint64_t)found[i] << 32 | truth[i], (uint32_t)i};
	s.right_pairs = group(v, n, in_both, &cells);
	/* A cluster is exact when its part in a truth cluster is all of both; counted at
	 * the first record of each part. */
	for (size_t i = 0; i < n; i++)
		if ((i == 0 || v[i].key != v[i - 1].key)
			&& in_both[v[i].at] == in_found[v[i].at]
			&& in_both[v[i].at] == in_truth[v[i].at])
			exact++;
	s.precision = ratio(s.right_pairs, s.found_pairs);
	s.recall = ratio(s.right_pairs, s.true_pairs);
	s.f1 = harmonic(s.precision, s.recall);
	s.exact_precision = ratio(exact, clusters);
	s.exact_recall = ratio(exact, people);
	s.exact_f1 = harmonic(s.exact_precision, s.exact_recall);
	mem_free(v);
	mem_free(in_found);
	mem_free(in_truth);
	mem_free(in_both);
	return s;
}
