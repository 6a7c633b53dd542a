/* Sums of a log-linear model's means over the cells that contain a term. */
#include "reckon/loglinear_int.h"

/* Sums over supersets, over subsets (Yates 1937): L 2^L additions, in place. */
static void
sums_over(double *v, unsigned n_lists)
{
	size_t n = (size_t)1 << n_lists;

	for (size_t h = 1; h < n; h *= 2)
		for (size_t i = 0; i < n; i += 2 * h)
			for (size_t j = i; j < i + h; j++)
				v[j] += v[j + h];
}

static void
sums_under(double *v, unsigned n_lists)
{
	size_t n = (size_t)1 << n_lists;

	for (size_t h = 1; h < n; h *= 2)
		for (size_t i = 0; i < n; i += 2 * h)
			for (size_t j = i; j < i + h; j++)
				v[j + h] += v[j];
}

bool
sums_model(struct fitter *f)
{
	uint64_t all[2 * RECKON_PARAMETERS];

	if (!f->dense) {
		memcpy(all, f->term, f->k * sizeof *all);
		memcpy(all + f->k, f->gone, f->empty * sizeof *all);
		tree_destroy(f->tree);
		f->tree = tree_create(f->n_lists, all, f->k + f->empty);
		return f->tree != NULL;
	}
	for (size_t c = 0; c < (size_t)1 << f->n_lists; c++)
		f->open[c] = 1;
	for (unsigned i = 0; i < f->empty; i++)
		for (size_t c = f->gone[i]; c < (size_t)1 << f->n_lists; c = (c + 1) | f->gone[i])
			f->open[c] = 0;
	return true;
}

double
sums_total(struct fitter *f)
{
	double beta[2 * RECKON_PARAMETERS], total = 0, scale = special_exp(f->beta[f->k - 1]);
	size_t n = (size_t)1 << f->n_lists;

	if (!f->dense) {
		memcpy(beta, f->beta, f->k * sizeof *beta);
		beta[f->k - 1] = 0;
		for (unsigned i = 0; i < f->empty; i++)
			beta[f->k + i] = -INFINITY;
		tree_weigh(f->tree, beta);
		return scale * (tree_pass(f->tree, 0, false) - !f->whole);
	}
	memset(f->eta, 0, n * sizeof *f->eta);
	for (unsigned i = 0; i < f->k; i++)
		f->eta[f->term[i]] = f->beta[i];
	sums_under(f->eta, f->n_lists);
	for (size_t c = 0; c < n; c++)
		f->mu[c] = f->open[c] * special_exp(f->eta[c]);
	f->mu[0] *= f->whole;
	for (size_t c = 0; c < n; c++)
		total += f->mu[c];
	return total;
}

static void
information_by_tree(struct fitter *f)
{
	double scale = special_exp(f->beta[f->k - 1]);

	for (unsigned i = 0; i < f->k; i++) {
		tree_pass(f->tree, f->term[i], true);
		for (unsigned j = 0; j <= i; j++)
			f->h[i * f->k + j] = scale * tree_sum(f->tree, j);
	}
	f->h[f->k * f->k - 1] -= f->whole ? 0 : scale;
}

void
sums_information(struct fitter *f)
{
	if (!f->dense) {
		information_by_tree(f);
		return;
	}
	memcpy(f->work, f->mu, ((size_t)1 << f->n_lists) * sizeof *f->mu);
	sums_over(f->work, f->n_lists);
	for (unsigned i = 0; i < f->k; i++)
		for (unsigned j = 0; j <= i; j++)
			f->h[i * f->k + j] = f->work[f->term[i] | f->term[j]];
}

void
sums_pairs(struct fitter *f, double *m)
{
	unsigned n = f->n_lists;

	if (f->dense) {
		memcpy(f->work, f->mu, ((size_t)1 << n) * sizeof *f->mu);
		sums_over(f->work, n);
	}
	for (unsigned i = 0; i < n; i++) {
		if (!f->dense)
			tree_pass(f->tree, (uint64_t)1 << i, true);
		for (unsigned j = 0; j < n; j++)
			m[i * n + j] = f->dense ? f->work[1u << i | 1u << j]
				: special_exp(f->beta[f->k - 1]) * tree_sum_list(f->tree, j);
	}
}

double
sums_cells(struct fitter *f)
{
	double kept[RECKON_PARAMETERS], n;

	memcpy(kept, f->beta, sizeof kept);
	memset(f->beta, 0, sizeof f->beta);
	n = sums_total(f);
	memcpy(f->beta, kept, sizeof kept);
	return n;
}
