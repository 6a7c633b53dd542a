/* Stepwise choice of pairs for sparse tables, as Chan, Silverman & Vincent propose. */
#include "reckon/loglinear_int.h"
#include "reckon/tails_int.h"

enum { PAIRS_MAX = RECKON_STEPWISE_LISTS * (RECKON_STEPWISE_LISTS - 1) / 2 };

struct candidate {
	uint32_t pair;
	double log_p;
	bool in;
};

static unsigned
pairs(unsigned n_lists, struct candidate *v)
{
	unsigned n = 0;

	for (unsigned i = 0; i < n_lists; i++)
		for (unsigned j = i + 1; j < n_lists; j++)
			v[n++] = (struct candidate){1u << i | 1u << j, 0, false};
	return n;
}

/* How unlikely each overlap is under the fitted model, whether or not in other lists. */
static void
weigh(struct fitter *f, const double *overlap, struct candidate *v, unsigned n)
{
	memcpy(f->work, f->mu, f->n_cells * sizeof *f->mu);
	sums_over(f->work, f->n_lists);
	for (unsigned i = 0; i < n; i++)
		v[i].log_p = v[i].in || !(f->work[v[i].pair] > 0) ? 0
			: tails_poisson_log_p(overlap[v[i].pair], f->work[v[i].pair]);
}

/* The least likely one below the threshold whose model has an estimate; f is then
 * prepared for it.  n: none. */
static unsigned
choose(struct fitter *f, const struct cross *t, double threshold, const struct model *now,
	struct candidate *v, unsigned n, struct model *next)
{
	for (;;) {
		unsigned best = n;
		for (unsigned i = 0; i < n; i++)
			if (!v[i].in && v[i].log_p < threshold
				&& (best == n || v[i].log_p < v[best].log_p))
				best = i;
		if (best == n)
			return n;
		*next = *now;
		if (!model_add(next, v[best].pair))
			return n;
		fitter_model(f, t, next);
		if (fitter_exists(f, t) == RECKON_FIT_OK && fitter_fit(f, t))
			return best;
		v[best].log_p = 0;
	}
}

enum reckon_fit_state
stepwise_choose(struct fitter *f, const struct cross *t, double threshold, struct model *ret,
	double *ret_n, struct reckon_step *steps, size_t *ret_n_steps)
{
	struct candidate v[PAIRS_MAX];
	double *overlap, log_threshold = log(threshold);
	unsigned n = pairs(t->n_lists, v), at;
	enum reckon_fit_state s;
	struct model next;
	size_t n_steps = 0;

	*ret_n = INFINITY;
	model_main(ret, t->n_lists);
	fitter_model(f, t, ret);
	s = fitter_exists(f, t);
	if (s == RECKON_FIT_OK && !fitter_fit(f, t))
		s = RECKON_FIT_NO_MLE;
	if (s != RECKON_FIT_OK)
		return s;
	overlap = mem_alloc(t->n_cells, sizeof *overlap);
	memcpy(overlap, t->y, t->n_cells * sizeof *overlap);
	sums_over(overlap, t->n_lists);
	for (;;) {
		*ret_n = t->n + exp(f->beta[f->k - 1]);
		weigh(f, overlap, v, n);
		at = choose(f, t, log_threshold, ret, v, n, &next);
		if (at == n)
			break;
		v[at].in = true;
		*ret = next;
		if (steps)
			steps[n_steps++] = (struct reckon_step){v[at].pair, v[at].log_p};
	}
	mem_free(overlap);
	if (ret_n_steps)
		*ret_n_steps = n_steps;
	return RECKON_FIT_OK;
}

enum status
stepwise_threshold(double *threshold, struct err *e)
{
	if (*threshold == 0)
		*threshold = 0.02;
	if (!(*threshold > 0 && *threshold < 1))
		return err_set(e, BAD, "stepwise: threshold %g; a probability such as 0.02 would be "
			"right", *threshold);
	return OK;
}

enum status
reckon_stepwise(struct arena *a, const struct reckon_counts *c, double threshold, double level,
	const struct reckon_progress *progress, struct reckon_stepwise *ret, struct err *e)
{
	struct reckon_stepwise w = {.steps = NEWS(a, struct reckon_step, RECKON_PARAMETERS)};
	struct fitter *f;
	struct cross t;
	struct model m;
	double n;
	enum status s = tails_level(&level, e);

	if (s == OK)
		s = stepwise_threshold(&threshold, e);
	if (s == OK)
		s = cross_init(&t, c, "stepwise", RECKON_STEPWISE_LISTS, e);
	if (s != OK)
		return s;
	if (progress && progress->step && !progress->step(progress->context, 0, 1)) {
		cross_finish(&t);
		return err_set(e, NO, "stepwise: stopped");
	}
	f = fitter_create(t.n_lists);
	stepwise_choose(f, &t, threshold, &m, &n, w.steps, &w.n_steps);
	fitter_estimate(f, &t, &m, level, &w.fit);
	if (w.fit.state == RECKON_FIT_OK)
		w.fit.profile = fitter_profile(f, &t, level);
	w.fit.terms = model_show(a, &m, t.keep, &w.fit.n_terms);
	for (size_t i = 0; i < w.n_steps; i++)
		w.steps[i].pair = term_spread(w.steps[i].pair, t.keep);
	fitter_destroy(f);
	cross_finish(&t);
	*ret = w;
	return OK;
}
