/* All hierarchical models, fitted, ordered and averaged. */
#include "reckon/loglinear_int.h"
#include "reckon/tails_int.h"

/* A fit and which model it is of, to be sorted together. */
struct ranked {
	struct reckon_fit fit;
	uint32_t model;
};

static int
by_bic(const void *x, const void *y)
{
	const struct ranked *a = x, *b = y;

	if (a->fit.state != b->fit.state)
		return a->fit.state < b->fit.state ? -1 : 1;
	if (a->fit.bic != b->fit.bic)
		return a->fit.bic < b->fit.bic ? -1 : 1;
	return (a->model > b->model) - (a->model < b->model);
}

static enum status
fit_all(const struct cross *x, const uint32_t *m, size_t n,
	const struct reckon_loglinear_options *o, const struct reckon_progress *progress,
	struct ranked *r, struct err *e)
{
	struct fitter *f = fitter_create(x->n_lists, true);
	struct model model;
	enum status s = OK;

	for (size_t i = 0; i < n && s == OK; i++) {
		r[i].model = m[i];
		model_of_set(&model, m[i]);
		fitter_estimate(f, x, &model, o->level, &r[i].fit);
		if (o->profile_all && r[i].fit.state == RECKON_FIT_OK)
			r[i].fit.profile = fitter_profile(f, x, o->level);
		if (i % 256 == 0 && progress && progress->step
			&& !progress->step(progress->context, i, n))
			s = err_set(e, NO, "log-linear models: stopped after %zu of %zu", i, n);
	}
	fitter_destroy(f);
	return s;
}

/* The two that are picked have a profile interval in any case. */
static void
profile_one(const struct cross *x, struct ranked *r, double level)
{
	struct fitter *f = fitter_create(x->n_lists, true);
	struct model m;

	model_of_set(&m, r->model);
	fitter_estimate(f, x, &m, level, &r->fit);
	r->fit.profile = fitter_profile(f, x, level);
	fitter_destroy(f);
}

/* Weights, mean and the variance within and between. */
static void
average(const struct cross *x, double level, struct reckon_loglinear *l)
{
	double sum = 0, n0 = 0, var = 0;

	for (size_t i = 0; i < l->n_ok; i++)
		sum += l->fits[i].weight = exp((l->fits[0].bic - l->fits[i].bic) / 2);
	l->lowest = l->highest = l->fits[0].n;
	for (size_t i = 0; i < l->n_ok; i++) {
		struct reckon_fit *f = &l->fits[i];
		f->weight /= sum;
		n0 += f->weight * (f->n - x->n);
		if (f->bic < l->fits[0].bic + 4) {
			l->lowest = fmin(l->lowest, f->n);
			l->highest = fmax(l->highest, f->n);
		}
	}
	for (size_t i = 0; i < l->n_ok; i++) {
		double d = l->fits[i].n - x->n - n0;
		var += l->fits[i].weight * (l->fits[i].se * l->fits[i].se + d * d);
	}
	l->averaged = tails_log_normal(x->n, n0, sqrt(var), level);
}

static void
conclude(struct arena *a, const struct cross *x, struct ranked *r, size_t n,
	const struct reckon_loglinear_options *o, struct reckon_loglinear *ret)
{
	struct reckon_loglinear l = {.n_fits = n, .lowest = INFINITY, .highest = INFINITY,
		.averaged = {INFINITY, INFINITY, {x->n, INFINITY}}};

	qsort(r, n, sizeof *r, by_bic);
	for (size_t i = 0; i < n; i++) {
		l.n_ok += r[i].fit.state == RECKON_FIT_OK;
		l.n_no_mle += r[i].fit.state == RECKON_FIT_NO_MLE;
		l.n_not_identified += r[i].fit.state == RECKON_FIT_NOT_IDENTIFIED;
		if (i < l.n_ok && r[i].fit.aic < r[l.best_aic].fit.aic)
			l.best_aic = i;
	}
	if (l.n_ok && !o->profile_all) {
		profile_one(x, &r[0], o->level);
		profile_one(x, &r[l.best_aic], o->level);
	}
	l.fits = NEWS(a, struct reckon_fit, n);
	for (size_t i = 0; i < n; i++) {
		struct model m;
		model_of_set(&m, r[i].model);
		l.fits[i] = r[i].fit;
		l.fits[i].terms = model_show(a, &m, x->keep, &l.fits[i].n_terms);
	}
	if (l.n_ok)
		average(x, o->level, &l);
	*ret = l;
}

enum status
reckon_loglinear(struct arena *a, const struct reckon_counts *c,
	const struct reckon_loglinear_options *o, const struct reckon_progress *progress,
	struct reckon_loglinear *ret, struct err *e)
{
	struct reckon_loglinear_options opt = {0};
	struct cross x;
	uint32_t *m;
	struct ranked *r;
	size_t n;
	enum status s;

	if (o)
		opt = *o;
	s = tails_level(&opt.level, e);
	if (s == OK)
		s = cross_init(&x, c, "log-linear models", RECKON_MODEL_LISTS, e);
	if (s != OK)
		return s;
	m = models_all(x.n_lists, &n);
	r = mem_alloc(n, sizeof *r);
	s = fit_all(&x, m, n, &opt, progress, r, e);
	if (s == OK)
		conclude(a, &x, r, n, &opt, ret);
	mem_free(r);
	mem_free(m);
	cross_finish(&x);
	return s;
}

enum status
model_of_terms(const struct cross *x, const uint64_t *terms, size_t n_terms,
	struct model *m, struct err *e)
{
	model_main(m, x->n_lists);
	for (size_t i = 0; i < n_terms; i++) {
		uint64_t term = 0, bit = 1;
		if (terms[i] & ~x->keep)
			continue;
		for (uint64_t k = x->keep; k; k &= k - 1, bit <<= 1)
			term |= terms[i] & k & -k ? bit : 0;
		if (__builtin_popcountll(term) > 6 || !model_add(m, term))
			return err_set(e, BAD, "model: more than %d parameters; fewer or smaller terms "
				"would be right", RECKON_PARAMETERS);
	}
	return OK;
}

enum status
reckon_loglinear_fit(struct arena *a, const struct reckon_counts *c, const uint64_t *terms,
	size_t n_terms, double level, struct reckon_fit *ret, struct err *e)
{
	struct reckon_fit fit = {0};
	struct fitter *f;
	struct cross x;
	struct model m;
	enum status s = tails_level(&level, e);

	if (s == OK)
		s = cross_init(&x, c, "log-linear model", RECKON_STEPWISE_LISTS, e);
	if (s != OK)
		return s;
	s = model_of_terms(&x, terms, n_terms, &m, e);
	if (s == OK) {
		f = fitter_create(x.n_lists, x.n_lists <= DENSE_LISTS);
		fitter_estimate(f, &x, &m, level, &fit);
		if (fit.state == RECKON_FIT_OK)
			fit.profile = fitter_profile(f, &x, level);
		fit.terms = model_show(a, &m, x.keep, &fit.n_terms);
		fitter_destroy(f);
		*ret = fit;
	}
	cross_finish(&x);
	return s;
}
