/* Poisson log-linear fits by Newton's method. */
#include "reckon/loglinear_int.h"
#include "reckon/tails_int.h"

/* ---- Data --------------------------------------------------------------------- */

enum status
cross_init(struct cross *x, const struct reckon_counts *c, const char *what,
	unsigned lists_max, struct err *e)
{
	uint64_t keep = 0;

	for (size_t i = 0; i < c->n_cells; i++)
		keep |= c->cells[i].on;
	x->n_lists = (unsigned)__builtin_popcountll(keep);
	if (x->n_lists < 2)
		return err_set(e, BAD, "%s: people on %u lists; two lists at least would be right",
			what, x->n_lists);
	if (x->n_lists > lists_max)
		return err_set(e, BAD, "%s: %u lists with people; %u at most would be right, so "
			"leave some out or merge them", what, x->n_lists, lists_max);
	x->keep = keep;
	x->n = (double)c->n;
	x->n_cells = c->n_cells;
	x->on = mem_alloc(c->n_cells, sizeof *x->on);
	x->y = mem_alloc(c->n_cells, sizeof *x->y);
	for (size_t i = 0; i < c->n_cells; i++) {
		uint64_t bit = 1;
		for (uint64_t k = keep; k; k &= k - 1, bit <<= 1)
			x->on[i] |= c->cells[i].on & k & -k ? bit : 0;
		x->y[i] = (double)c->cells[i].count;
	}
	return OK;
}

void
cross_finish(struct cross *x)
{
	mem_free(x->on);
	mem_free(x->y);
	x->on = NULL;
	x->y = NULL;
}

double
cross_overlap(const struct cross *x, uint64_t lists)
{
	double sum = 0;

	for (size_t i = 0; i < x->n_cells; i++)
		sum += (lists & ~x->on[i]) == 0 ? x->y[i] : 0;
	return sum;
}

struct fitter *
fitter_create(unsigned n_lists, bool dense)
{
	struct fitter *f = mem_alloc(1, sizeof *f);
	size_t square = RECKON_PARAMETERS * RECKON_PARAMETERS, n = (size_t)1 << n_lists;

	invariant(n_lists <= (dense ? DENSE_LISTS : CROSS_LISTS));
	f->n_lists = n_lists;
	f->dense = dense;
	f->h = mem_alloc(2 * square + (dense ? 5 * n : 0), sizeof *f->h);
	f->rows = f->h + square;
	if (dense) {
		f->y = f->rows + square;
		f->open = f->y + n;
		f->mu = f->open + n;
		f->eta = f->mu + n;
		f->work = f->eta + n;
	}
	return f;
}

void
fitter_destroy(struct fitter *f)
{
	if (f) {
		mem_free(f->h);
		tree_destroy(f->tree);
	}
	mem_free(f);
}

bool
fitter_model(struct fitter *f, const struct cross *x, const struct model *m)
{
	f->k = f->empty = 0;
	f->whole = false;
	for (unsigned i = 0; i < m->n; i++) {
		uint64_t s = m->term[i];
		double people = s ? cross_overlap(x, s) : 0;
		if (s && people > 0) {
			f->t[f->k] = people;
			f->term[f->k++] = s;
		} else if (s) {
			f->gone[f->empty++] = s;
		}
	}
	f->t[f->k] = x->n;
	f->term[f->k++] = 0;
	return sums_model(f);
}

/* ---- Newton ------------------------------------------------------------------- */

bool
fit_cholesky(double *h, unsigned k)
{
	for (unsigned i = 0; i < k; i++) {
		double *hi = h + i * k;
		double scale = hi[i];
		for (unsigned j = 0; j <= i; j++) {
			const double *hj = h + j * k;
			double s = hi[j];
			for (unsigned x = 0; x < j; x++)
				s -= hi[x] * hj[x];
			if (j < i)
				hi[j] = s / hj[j];
			else if (!(s > 1e-13 * scale))
				return false;
			else
				hi[i] = sqrt(s);
		}
	}
	return true;
}

void
fit_solve(const double *h, unsigned k, double *x)
{
	for (unsigned i = 0; i < k; i++) {
		for (unsigned j = 0; j < i; j++)
			x[i] -= h[i * k + j] * x[j];
		x[i] /= h[i * k + i];
	}
	for (unsigned i = k; i-- > 0;) {
		x[i] /= h[i * k + i];
		for (unsigned j = 0; j < i; j++)
			x[j] -= h[i * k + j] * x[i];
	}
}

/* The likelihood at beta, `unseen` people in the cell of no list. */
static double
evaluate(struct fitter *f, double unseen)
{
	double ll = unseen * f->beta[f->k - 1] - sums_total(f);

	for (unsigned i = 0; i < f->k; i++)
		ll += f->t[i] * f->beta[i];
	return ll;
}

/* Few lists: the usual start of iterated least squares, half a person more in every
 * cell.  The sums of weights times logarithms take the place of the means. */
static bool
begin_dense(struct fitter *f, const struct cross *x)
{
	size_t n = (size_t)1 << f->n_lists;
	double rhs[RECKON_PARAMETERS];

	memset(f->y, 0, n * sizeof *f->y);
	for (size_t i = 0; i < x->n_cells; i++)
		f->y[x->on[i]] += x->y[i];
	for (size_t c = 0; c < n; c++)
		f->mu[c] = c ? f->open[c] * (f->y[c] + 0.5) : 0;
	sums_information(f);
	if (!fit_cholesky(f->h, f->k))
		return false;
	for (size_t c = 0; c < n; c++)
		f->work[c] = f->mu[c] * special_log(f->y[c] + 0.5) - 0.5 * f->open[c];
	f->work[0] = 0;
	for (unsigned i = 0; i < f->k; i++) {
		rhs[i] = 0;
		for (size_t c = f->term[i]; c < n; c = (c + 1) | f->term[i])
			rhs[i] += f->work[c];
	}
	fit_solve(f->h, f->k, rhs);
	memcpy(f->beta, rhs, f->k * sizeof *rhs);
	return true;
}

/* Many lists: from the last fit, new terms at 0; at first as if there were twice as many
 * people as were seen, and the lists independent. */
static void
begin_warm(struct fitter *f)
{
	double n = 2 * f->t[f->k - 1], intercept = log(n);

	for (unsigned i = 0; i < f->k; i++) {
		double p = f->t[i] / n;
		f->beta[i] = 0;
		if (f->n_warm == 0 && f->term[i] && (f->term[i] & (f->term[i] - 1)) == 0) {
			f->beta[i] = log(p / (1 - p));
			intercept += log(1 - p);
		}
		for (unsigned j = 0; j < f->n_warm; j++)
			if (f->warm_term[j] == f->term[i])
				f->beta[i] = f->warm_beta[j];
	}
	if (f->n_warm == 0)
		f->beta[f->k - 1] = intercept;
}

struct unseen_fit {
	struct fitter *f;
	double unseen;
};

static double
evaluate_model(void *model)
{
	struct unseen_fit *x = model;

	return evaluate(x->f, x->unseen);
}

static void
inform_model(void *model)
{
	struct unseen_fit *x = model;

	sums_information(x->f);
}

bool
fitter_newton(struct fitter *f, double unseen)
{
	struct unseen_fit model = {f, unseen};
	struct newton n = {.k = f->k, .t = f->t, .unseen = unseen, .beta = f->beta, .h = f->h,
		.model = &model, .evaluate = evaluate_model, .information = inform_model};
	bool found = newton_maximise(&n);

	f->log_likelihood = n.log_likelihood;
	return found;
}

bool
fitter_fit(struct fitter *f, const struct cross *x)
{
	double corner;

	if (f->dense && !begin_dense(f, x))
		return false;
	if (!f->dense)
		begin_warm(f);
	if (!fitter_newton(f, 0) || !(f->beta[f->k - 1] < 200))
		return false;
	sums_information(f);
	if (!fit_cholesky(f->h, f->k))
		return false;
	corner = f->h[f->k * f->k - 1];
	f->var = 1 / (corner * corner);       /* the intercept is last */
	f->n_warm = f->k;
	memcpy(f->warm_term, f->term, sizeof f->term);
	memcpy(f->warm_beta, f->beta, sizeof f->beta);
	return true;
}

/* ---- Results ------------------------------------------------------------------ */

enum reckon_fit_state
fitter_run(struct fitter *f, const struct cross *x, const struct model *m)
{
	enum reckon_fit_state s;

	if (!fitter_model(f, x, m))
		return RECKON_FIT_TOO_LARGE;
	s = fitter_exists(f, x);
	return s == RECKON_FIT_OK && !fitter_fit(f, x) ? RECKON_FIT_NO_MLE : s;
}

double
fitter_n(struct fitter *f, const struct cross *x, const struct model *m, double *ret_bic)
{
	*ret_bic = INFINITY;
	if (fitter_run(f, x, m) != RECKON_FIT_OK)
		return INFINITY;
	*ret_bic = -2 * f->log_likelihood + log(x->n) * (f->k + f->empty);
	return x->n + exp(f->beta[f->k - 1]);
}

/* Twice the distance to the saturated model; cells without people count their means. */
static double
deviance(struct fitter *f, const struct cross *x)
{
	double sum = sums_total(f);

	for (size_t i = 0; i < x->n_cells; i++) {
		double eta = 0;
		if (!(x->y[i] > 0))
			continue;
		for (unsigned j = 0; j < f->k; j++)
			eta += (f->term[j] & ~x->on[i]) == 0 ? f->beta[j] : 0;
		sum += special_deviance(x->y[i], exp(eta)) - exp(eta);
	}
	return fmax(0, 2 * sum);
}

static double
overlap_p(struct fitter *f, const struct cross *x)
{
	double m[CROSS_LISTS * CROSS_LISTS], least = 0, pairs = 0;

	sums_total(f);
	sums_pairs(f, m);
	for (unsigned i = 0; i < f->n_lists; i++)
		for (unsigned j = 0; j < i; j++, pairs++) {
			double mean = m[i * f->n_lists + j];
			if (mean > 0)
				least = fmin(least, tails_poisson_log_p(cross_overlap(x,
					(uint64_t)1 << i | (uint64_t)1 << j), mean));
		}
	return fmin(1, 2 * pairs * exp(least));
}

void
fitter_estimate(struct fitter *f, const struct cross *x, const struct model *m, double level,
	struct reckon_fit *ret)
{
	double n0, p;
	struct reckon_interval none = {x->n, INFINITY};

	ret->state = fitter_run(f, x, m);
	ret->parameters = f->k + f->empty;
	ret->empty = f->empty;
	ret->weight = ret->deviance = ret->log_likelihood = ret->cells = 0;
	ret->overlap_p = ret->gap = 0;
	ret->n = ret->se = ret->aic = ret->bic = INFINITY;
	ret->wald = ret->profile = none;
	if (ret->state != RECKON_FIT_OK)
		return;
	ret->gap = fitter_gap(f, x, m);
	ret->cells = sums_cells(f);
	n0 = exp(f->beta[f->k - 1]);
	ret->n = x->n + n0;
	ret->se = sqrt(n0 + n0 * n0 * f->var);
	ret->wald = tails_log_normal(x->n, n0, ret->se, level).interval;
	ret->deviance = deviance(f, x);
	ret->overlap_p = overlap_p(f, x);
	ret->log_likelihood = f->log_likelihood;
	for (size_t i = 0; i < x->n_cells; i++)
		ret->log_likelihood -= special_lgamma(x->y[i] + 1);
	p = ret->parameters;
	ret->aic = -2 * ret->log_likelihood + 2 * p;
	ret->bic = -2 * ret->log_likelihood + log(x->n) * p;
}
