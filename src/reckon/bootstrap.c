/* BCa intervals of estimates that choose their model anew in every replicate. */
#include "reckon/loglinear_int.h"
#include "reckon/counts_int.h"
#include "reckon/tails_int.h"

/* LOOK: replicates after which it is asked whether they all lie on one side.  Of an
 * interval that holds the estimate at least one in forty lies on either, so that this
 * errs once in 0.975^-400, 25,000 times. */
enum { REPLICATES_MAX = 100000, SHORTLIST = 60, LOOK = 400 };

/* An estimator of N from a table; INFINITY where there is none. */
struct estimator {
	double (*n)(const struct estimator *, const struct cross *);
	struct fitter *f;
	double threshold;             /* stepwise */
	uint32_t *models;             /* log-linear: the lowest BIC among these */
	size_t n_models;
	const char *what;
};

static double
by_steps(const struct estimator *est, const struct cross *x)
{
	struct stepping s = {.log_threshold = log(est->threshold)};

	stepwise_choose(est->f, x, &s);
	return s.n;
}

static double
by_lowest_bic(const struct estimator *est, const struct cross *x)
{
	double best = INFINITY, n = INFINITY;

	for (size_t i = 0; i < est->n_models; i++) {
		struct model m;
		double bic, this;
		model_of_set(&m, est->models[i]);
		this = fitter_n(est->f, x, &m, &bic);
		if (bic < best) {
			best = bic;
			n = this;
		}
	}
	return n;
}

/* ---- BCa ------------------------------------------------------------------------ */

static int
ascending(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;

	return (a > b) - (a < b);
}

/* Hyndman & Fan (1996), type 8. */
static double
quantile(const double *sorted, size_t n, double p)
{
	double h = ((double)n + 1.0 / 3) * p + 1.0 / 3, below = floor(h), part = h - below;

	if (h <= 1)
		return sorted[0];
	if (h >= (double)n)
		return sorted[n - 1];
	if (part == 0 || isinf(sorted[(size_t)below]))
		return sorted[(size_t)below - (part == 0 && below >= 1 ? 1 : 0)];
	return sorted[(size_t)below - 1] * (1 - part) + sorted[(size_t)below] * part;
}

/* DiCiccio & Efron (1996), equation 2.3. */
static double
bca(const struct reckon_bootstrap *b, double p)
{
	double z = b->bias + special_normal_cdf_inverse(p), d = 1 - b->acceleration * z;
	double q = d > 0 ? tails_normal(b->bias + z / d) : p < 0.5 ? 0 : 1;

	return quantile(b->replicates, b->n_replicates, q);
}

/* Equation 6.6 of the same over people: everybody with the same lists leaves the same
 * estimate behind, so one per cell, weighted; `unseen` people on no list leave `whole`.
 * 0 where leaving one out leaves none. */
static double
acceleration(const struct estimator *est, struct cross *x, double whole, double unseen)
{
	double *left = mem_alloc(x->n_cells, sizeof *left), all = x->n + unseen;
	double mean = unseen * whole / all, cubes, squares;

	for (size_t c = 0; c < x->n_cells; c++) {
		double y = x->y[c];
		x->y[c] = y - 1;
		x->n -= 1;
		left[c] = est->n(est, x);
		x->y[c] = y;
		x->n += 1;
		mean += left[c] * y / all;
	}
	squares = isfinite(mean) ? unseen * (mean - whole) * (mean - whole) : 0;
	cubes = squares * (mean - whole);
	for (size_t c = 0; c < x->n_cells && isfinite(mean); c++) {
		double d = mean - left[c];
		cubes += x->y[c] * d * d * d;
		squares += x->y[c] * d * d;
	}
	mem_free(left);
	return isfinite(mean) && squares > 0 ? cubes / (6 * pow(squares, 1.5)) : 0;
}

/* ---- Replicates ------------------------------------------------------------------ */

/* Everybody is drawn again, those on no list too: how many are listed varies as well
 * (Buckland & Garthwaite 1991). */
static double
replicate(const struct estimator *est, const struct cross *x, uint64_t people, uint64_t seed,
	uint64_t stream, struct cross *drawn, uint64_t *counts)
{
	struct reckon_random r;
	uint64_t n = (uint64_t)x->n;

	reckon_random_init(&r, seed, stream);
	if (people > n)
		n = reckon_random_binomial(&r, people, x->n / (double)people);
	if (n == 0)
		return INFINITY;
	reckon_random_multinomial(&r, n, x->y, x->n_cells, counts);
	drawn->n = (double)n;
	for (size_t c = 0; c < x->n_cells; c++)
		drawn->y[c] = (double)counts[c];
	return est->n(est, drawn);
}

/* Estimates as nearly the same as Newton's method leaves them. */
static bool
differ(double x, double y)
{
	return fabs(x - y) > 1e-6 * y;
}

/* Sparse lists, resampled, hang together where the people did not: then replicates
 * answer another question, and no correction of bias leads back. */
static enum status
one_side(const struct estimator *est, const double *replicates, size_t n, double estimate,
	struct err *e)
{
	size_t below = 0, above = 0;

	for (size_t i = 0; i < n; i++) {
		below += replicates[i] < estimate && differ(replicates[i], estimate);
		above += replicates[i] > estimate && differ(replicates[i], estimate);
	}
	if (below != n && above != n)
		return OK;
	return err_set(e, BAD, "%s: all of the first %zu replicates lie %s the estimate, so that "
		"they give it no interval; fewer lists, or lists that overlap more, would be right",
		est->what, n, below == n ? "below" : "above");
}

/* people: how many there are in all; 0: as many are listed in every replicate. */
static enum status
replicate_all(const struct estimator *est, const struct cross *x, double estimate, uint64_t people,
	const struct reckon_bootstrap_options *o, const struct reckon_progress *progress,
	double *ret, struct err *e)
{
	struct cross drawn = *x;
	uint64_t *counts = mem_alloc(x->n_cells, sizeof *counts);
	enum status s = OK;

	drawn.y = mem_alloc(x->n_cells, sizeof *drawn.y);
	for (unsigned i = 0; i < o->replicates && s == OK; i++) {
		ret[i] = replicate(est, x, people, o->seed, i, &drawn, counts);
		if (i % 16 == 0 && progress && progress->step
			&& !progress->step(progress->context, i, o->replicates))
			s = err_set(e, NO, "%s: stopped after %u of %u replicates", est->what, i,
				o->replicates);
		if (s == OK && i + 1 == LOOK)
			s = one_side(est, ret, LOOK, estimate, e);
	}
	mem_free(drawn.y);
	mem_free(counts);
	return s;
}

static enum status
run(struct arena *a, const struct estimator *est, struct cross *x,
	const struct reckon_bootstrap_options *o, const struct reckon_progress *progress,
	struct reckon_bootstrap *ret, struct err *e)
{
	struct reckon_bootstrap b = {.estimate = est->n(est, x), .n_models = est->n_models,
		.n_replicates = o->replicates};
	const double most = 9007199254740992.0;       /* 2^53, what can be drawn from */
	double below = 0, size = o->replicates, unseen;
	enum status s;

	if (!isfinite(b.estimate))
		return err_set(e, BAD, "%s: these lists have no estimate of this kind; lists that "
			"overlap more would be right", est->what);
	b.replicates = NEWS(a, double, o->replicates);
	unseen = o->listed_only || b.estimate > most ? 0 : b.estimate - x->n;
	s = replicate_all(est, x, b.estimate, unseen > 0 ? (uint64_t)llround(b.estimate) : 0, o,
		progress, b.replicates, e);
	if (s != OK)
		return s;
	qsort(b.replicates, b.n_replicates, sizeof *b.replicates, ascending);
	for (size_t i = 0; i < b.n_replicates; i++) {
		below += b.replicates[i] < b.estimate;
		b.n_unbounded += isinf(b.replicates[i]) != 0;
	}
	/* All on one side: half a replicate on the other, so that z0 stays finite. */
	below = fmax(0.5, fmin(size - 0.5, below)) / size;
	b.bias = special_normal_cdf_inverse(below);
	b.acceleration = acceleration(est, x, b.estimate, unseen);
	b.interval.lower = fmax(x->n, bca(&b, 0.5 - o->level / 2));
	b.interval.upper = fmax(b.interval.lower, bca(&b, 0.5 + o->level / 2));
	if ((b.estimate < b.interval.lower || b.estimate > b.interval.upper)
		&& differ(b.interval.lower, b.estimate) && differ(b.interval.upper, b.estimate))
		return err_set(e, BAD, "%s: %.1f %% of replicates lie below the estimate, so that "
			"their interval does not hold it; fewer lists, or lists that overlap more, would "
			"be right", est->what, 100 * below);
	*ret = b;
	return OK;
}

static enum status
options(const struct reckon_bootstrap_options *o, struct reckon_bootstrap_options *ret,
	struct err *e)
{
	static const struct reckon_bootstrap_options defaults;
	enum status s;

	*ret = o ? *o : defaults;
	s = tails_level(&ret->level, e);
	if (s == OK)
		s = stepwise_threshold(&ret->threshold, e);
	if (ret->replicates == 0)
		ret->replicates = 5000;
	if (ret->shortlist == 0)
		ret->shortlist = SHORTLIST;
	if (s == OK && ret->replicates > REPLICATES_MAX)
		return err_set(e, BAD, "bootstrap: %u replicates; %d at most would be right",
			ret->replicates, REPLICATES_MAX);
	return s;
}

enum status
reckon_stepwise_bootstrap(struct arena *a, const struct reckon_counts *c,
	const struct reckon_bootstrap_options *o, const struct reckon_progress *progress,
	struct reckon_bootstrap *ret, struct err *e)
{
	struct estimator est = {.n = by_steps, .what = "stepwise bootstrap"};
	const struct reckon_counts own = counts_in_order(a, c);
	struct reckon_bootstrap_options opt;
	struct cross x;
	enum status s = options(o, &opt, e);

	if (s == OK)
		s = cross_init(&x, &own, est.what, RECKON_STEPWISE_LISTS, e);
	if (s != OK)
		return s;
	est.threshold = opt.threshold;
	est.f = fitter_create(x.n_lists, x.n_lists <= DENSE_LISTS);
	s = run(a, &est, &x, &opt, progress, ret, e);
	fitter_destroy(est.f);
	cross_finish(&x);
	return s;
}

/* ---- The shortlist ---------------------------------------------------------------- */

struct scored {
	double bic;
	size_t model;
};

static int
by_bic(const void *x, const void *y)
{
	const struct scored *a = x, *b = y;

	if (a->bic != b->bic)
		return a->bic < b->bic ? -1 : 1;
	return (a->model > b->model) - (a->model < b->model);
}

/* Keep the `want` models of lowest BIC on the data. */
static void
shorten(struct estimator *est, const struct cross *x, size_t want)
{
	struct scored *v = mem_alloc(est->n_models, sizeof *v);
	uint32_t *kept = mem_alloc(want, sizeof *kept);

	for (size_t i = 0; i < est->n_models; i++) {
		struct model m;
		model_of_set(&m, est->models[i]);
		v[i].model = i;
		fitter_n(est->f, x, &m, &v[i].bic);
	}
	qsort(v, est->n_models, sizeof *v, by_bic);
	for (size_t i = 0; i < want; i++)
		kept[i] = est->models[v[i].model];
	mem_free(v);
	mem_free(est->models);
	est->models = kept;
	est->n_models = want;
}

enum status
reckon_loglinear_bootstrap(struct arena *a, const struct reckon_counts *c,
	const struct reckon_bootstrap_options *o, const struct reckon_progress *progress,
	struct reckon_bootstrap *ret, struct err *e)
{
	struct estimator est = {.n = by_lowest_bic, .what = "log-linear bootstrap"};
	const struct reckon_counts own = counts_in_order(a, c);
	struct reckon_bootstrap_options opt;
	struct cross x;
	enum status s = options(o, &opt, e);

	if (s == OK)
		s = cross_init(&x, &own, est.what, RECKON_MODEL_LISTS, e);
	if (s != OK)
		return s;
	est.f = fitter_create(x.n_lists, x.n_lists <= DENSE_LISTS);
	est.models = models_all(x.n_lists, &est.n_models);
	if (x.n_lists == RECKON_MODEL_LISTS && opt.shortlist < est.n_models)
		shorten(&est, &x, opt.shortlist);
	s = run(a, &est, &x, &opt, progress, ret, e);
	mem_free(est.models);
	fitter_destroy(est.f);
	cross_finish(&x);
	return s;
}
