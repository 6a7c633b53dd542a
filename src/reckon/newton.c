/*
 * Newton's method for log-linear likelihoods, concave in their parameters: steps are halved
 * until the likelihood does not fall.
 */
#include "reckon/loglinear_int.h"

enum { ITERATIONS = 100 };
static const double NEGLIGIBLE = 1e-9;

static void
line_search(struct newton *n, const double *step)
{
	double from[RECKON_PARAMETERS], before = n->log_likelihood;

	memcpy(from, n->beta, n->k * sizeof *from);
	for (double by = 1; by > 1e-9; by /= 2) {
		for (unsigned j = 0; j < n->k; j++)
			n->beta[j] = from[j] + by * step[j];
		n->log_likelihood = n->evaluate(n->model);
		if (n->log_likelihood >= before - 1e-12 * fabs(before) - 1e-9)
			break;
	}
}

bool
newton_maximise(struct newton *n)
{
	double step[RECKON_PARAMETERS], score[RECKON_PARAMETERS];

	n->log_likelihood = n->evaluate(n->model);
	for (int i = 0; i < ITERATIONS; i++) {
		double gain = 0;
		if (!isfinite(n->log_likelihood))
			return false;
		n->information(n->model);
		/* The last row, that of the intercept, holds what is expected of t. */
		for (unsigned j = 0; j < n->k; j++)
			score[j] = step[j] = n->t[j] - n->h[(n->k - 1) * n->k + j];
		score[n->k - 1] = step[n->k - 1] += n->unseen;
		if (!fit_cholesky(n->h, n->k))
			return false;
		fit_solve(n->h, n->k, step);
		for (unsigned j = 0; j < n->k; j++)
			gain += step[j] * score[j];
		line_search(n, step);
		if (gain < NEGLIGIBLE)
			return true;
	}
	return false;
}
