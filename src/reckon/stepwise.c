/* Stepwise choice of pairs for sparse data, as Chan, Silverman & Vincent propose. */
#include "reckon/loglinear_int.h"
#include "reckon/tails_int.h"

enum { PAIRS_MAX = CROSS_LISTS * (CROSS_LISTS - 1) / 2 };

struct candidate {
	unsigned i, j;                /* the lists */
	double overlap, log_p;
	bool in;
};

static unsigned
pairs(const struct cross *x, struct candidate *v)
{
	unsigned n = 0;

	for (unsigned i = 0; i < x->n_lists; i++)
		for (unsigned j = i + 1; j < x->n_lists; j++)
			v[n++] = (struct candidate){i, j, cross_overlap(x, (uint64_t)1 << i
				| (uint64_t)1 << j), 0, false};
	return n;
}

static uint64_t
pair_of(const struct candidate *c)
{
	return (uint64_t)1 << c->i | (uint64_t)1 << c->j;
}

/* How unlikely each overlap is under the fitted model, whether or not in other lists. */
static void
weigh(struct fitter *f, struct candidate *v, unsigned n)
{
	double m[CROSS_LISTS * CROSS_LISTS];

	sums_pairs(f, m);
	for (unsigned i = 0; i < n; i++) {
		double mean = m[v[i].i * f->n_lists + v[i].j];
		v[i].log_p = v[i].in || !(mean > 0) ? 0 : tails_poisson_log_p(v[i].overlap, mean);
	}
}

static bool
stop(struct stepping *s)
{
	const struct reckon_progress *p = s->progress;

	s->stopped = p && p->step && !p->step(p->context, s->n_steps, RECKON_PARAMETERS);
	return s->stopped;
}

/* The least likely one below the threshold whose model has an estimate; f is then fitted
 * to it.  n: none. */
static unsigned
choose(struct fitter *f, const struct cross *x, struct stepping *s, struct candidate *v,
	unsigned n, struct model *next)
{
	while (!stop(s)) {
		unsigned best = n;
		for (unsigned i = 0; i < n; i++)
			if (!v[i].in && v[i].log_p < s->log_threshold
				&& (best == n || v[i].log_p < v[best].log_p))
				best = i;
		if (best == n)
			return n;
		*next = s->model;
		s->cut = !model_add(next, pair_of(&v[best]));
		if (s->cut)
			return n;
		if (fitter_run(f, x, next) == RECKON_FIT_OK)
			return best;
		v[best].log_p = 0;
	}
	return n;
}

enum reckon_fit_state
stepwise_choose(struct fitter *f, const struct cross *x, struct stepping *s)
{
	struct candidate v[PAIRS_MAX];
	unsigned n = pairs(x, v), at;
	enum reckon_fit_state state;
	struct model next;

	s->n = INFINITY;
	s->n_steps = 0;
	f->n_warm = 0;                /* the result depends on these data alone */
	model_main(&s->model, x->n_lists);
	state = fitter_run(f, x, &s->model);
	while (state == RECKON_FIT_OK) {
		s->n = x->n + exp(f->beta[f->k - 1]);
		weigh(f, v, n);
		at = choose(f, x, s, v, n, &next);
		if (at == n)
			break;
		v[at].in = true;
		s->model = next;
		s->steps[s->n_steps++] = (struct reckon_step){pair_of(&v[at]), v[at].log_p};
	}
	return state;
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

static void
conclude(struct arena *a, struct fitter *f, const struct cross *x, const struct stepping *s,
	double level, struct reckon_stepwise *ret)
{
	struct reckon_stepwise w = {.n_steps = s->n_steps, .cut = s->cut};

	f->n_warm = 0;
	fitter_estimate(f, x, &s->model, level, &w.fit);
	if (w.fit.state == RECKON_FIT_OK)
		w.fit.profile = fitter_profile(f, x, level);
	w.fit.terms = model_show(a, &s->model, x->keep, &w.fit.n_terms);
	w.steps = arena_copy(a, s->steps, s->n_steps * sizeof *s->steps);
	for (size_t i = 0; i < w.n_steps; i++)
		w.steps[i].pair = term_spread(w.steps[i].pair, x->keep);
	*ret = w;
}

enum status
reckon_stepwise(struct arena *a, const struct reckon_counts *c, double threshold, double level,
	const struct reckon_progress *progress, struct reckon_stepwise *ret, struct err *e)
{
	struct stepping step = {.progress = progress};
	struct fitter *f;
	struct cross x;
	enum status s = tails_level(&level, e);

	if (s == OK)
		s = stepwise_threshold(&threshold, e);
	if (s == OK)
		s = cross_init(&x, c, "stepwise", RECKON_STEPWISE_LISTS, e);
	if (s != OK)
		return s;
	step.log_threshold = log(threshold);
	f = fitter_create(x.n_lists, x.n_lists <= DENSE_LISTS);
	stepwise_choose(f, &x, &step);
	if (step.stopped)
		s = err_set(e, NO, "stepwise: stopped after %zu steps", step.n_steps);
	else
		conclude(a, f, &x, &step, level, ret);
	fitter_destroy(f);
	cross_finish(&x);
	return s;
}
