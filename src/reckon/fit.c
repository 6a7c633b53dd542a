/* Poisson log-linear fits by Newton's method on dense tables of cells. */
#include "reckon/loglinear_int.h"
#include "reckon/tails_int.h"

/* ---- Tables ------------------------------------------------------------------- */

enum status
cross_init(struct cross *t, const struct reckon_counts *c, const char *what,
	unsigned lists_max, struct err *e)
{
	uint64_t keep = 0;

	for (size_t i = 0; i < c->n_cells; i++)
		keep |= c->cells[i].on;
	t->n_lists = (unsigned)__builtin_popcountll(keep);
	if (t->n_lists < 2)
		return err_set(e, BAD, "%s: people on %u lists; two lists at least would be right",
			what, t->n_lists);
	if (t->n_lists > lists_max)
		return err_set(e, BAD, "%s: %u lists with people; %u at most would be right, so "
			"leave some out or merge them", what, t->n_lists, lists_max);
	t->keep = keep;
	t->n = (double)c->n;
	t->n_cells = (size_t)1 << t->n_lists;
	t->y = mem_alloc(t->n_cells, sizeof *t->y);
	for (size_t i = 0; i < c->n_cells; i++) {
		size_t cell = 0, bit = 1;
		for (uint64_t k = keep; k; k &= k - 1, bit <<= 1)
			cell |= c->cells[i].on & k & -k ? bit : 0;
		t->y[cell] += (double)c->cells[i].count;
	}
	return OK;
}

void
cross_finish(struct cross *t)
{
	mem_free(t->y);
	t->y = NULL;
}

struct fitter *
fitter_create(unsigned n_lists)
{
	struct fitter *f = mem_alloc(1, sizeof *f);
	size_t square = RECKON_PARAMETERS * RECKON_PARAMETERS;

	f->n_lists = n_lists;
	f->n_cells = (size_t)1 << n_lists;
	f->open = mem_alloc(4 * f->n_cells + 2 * square, sizeof *f->open);
	f->mu = f->open + f->n_cells;
	f->eta = f->mu + f->n_cells;
	f->work = f->eta + f->n_cells;
	f->h = f->work + f->n_cells;
	f->rows = f->h + square;
	return f;
}

void
fitter_destroy(struct fitter *f)
{
	if (f)
		mem_free(f->open);
	mem_free(f);
}

void
sums_over(double *v, unsigned n_lists)
{
	size_t n = (size_t)1 << n_lists;

	for (size_t h = 1; h < n; h *= 2)
		for (size_t i = 0; i < n; i += 2 * h)
			for (size_t j = i; j < i + h; j++)
				v[j] += v[j + h];
}

void
sums_under(double *v, unsigned n_lists)
{
	size_t n = (size_t)1 << n_lists;

	for (size_t h = 1; h < n; h *= 2)
		for (size_t i = 0; i < n; i += 2 * h)
			for (size_t j = i; j < i + h; j++)
				v[j + h] += v[j];
}

/* ---- Models ------------------------------------------------------------------- */

void
fitter_model(struct fitter *f, const struct cross *t, const struct model *m)
{
	memcpy(f->work, t->y, t->n_cells * sizeof *t->y);
	sums_over(f->work, f->n_lists);
	for (size_t c = 0; c < f->n_cells; c++)
		f->open[c] = c > 0;
	f->k = f->empty = 0;
	for (unsigned i = 0; i < m->n; i++) {
		uint32_t s = m->term[i];
		if (s == 0)
			continue;
		if (f->work[s] > 0) {
			f->term[f->k++] = s;
			continue;
		}
		f->empty++;
		for (size_t c = s; c < f->n_cells; c = (c + 1) | s)
			f->open[c] = 0;
	}
	f->term[f->k++] = 0;
	f->cells = 0;
	for (size_t c = 0; c < f->n_cells; c++)
		f->cells += f->open[c] > 0;
}

/* ---- Newton ------------------------------------------------------------------- */

/* Cholesky's factor in the lower triangle, in place; false: not positive definite. */
static bool
cholesky(double *h, unsigned k)
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

static void
solve(const double *h, unsigned k, double *x)
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

/* The information matrix at mu, factored. */
static bool
information(struct fitter *f)
{
	unsigned k = f->k;

	memcpy(f->work, f->mu, f->n_cells * sizeof *f->mu);
	sums_over(f->work, f->n_lists);
	for (unsigned i = 0; i < k; i++)
		for (unsigned j = 0; j <= i; j++)
			f->h[i * k + j] = f->work[f->term[i] | f->term[j]];
	return cholesky(f->h, k);
}

/* Means and likelihood at beta; y[0] counts as `unseen` where cell 0 is open. */
static void
evaluate(struct fitter *f, const struct cross *t, double unseen)
{
	double ll = 0;

	memset(f->eta, 0, f->n_cells * sizeof *f->eta);
	for (unsigned i = 0; i < f->k; i++)
		f->eta[f->term[i]] = f->beta[i];
	sums_under(f->eta, f->n_lists);
	for (size_t c = 0; c < f->n_cells; c++)
		f->mu[c] = f->open[c] * special_exp(f->eta[c]);
	for (size_t c = 0; c < f->n_cells; c++)
		ll += t->y[c] * f->eta[c] - f->mu[c];
	f->log_likelihood = ll + unseen * f->eta[0];
}

/* The usual start of iterated least squares: half a person more in every cell. */
static bool
begin(struct fitter *f, const struct cross *t)
{
	double rhs[RECKON_PARAMETERS];

	for (size_t c = 0; c < f->n_cells; c++)
		f->mu[c] = f->open[c] * (t->y[c] + 0.5);
	if (!information(f))
		return false;
	for (size_t c = 0; c < f->n_cells; c++)
		f->work[c] = f->open[c] * ((t->y[c] + 0.5) * special_log(t->y[c] + 0.5) - 0.5);
	sums_over(f->work, f->n_lists);
	for (unsigned i = 0; i < f->k; i++)
		rhs[i] = f->work[f->term[i]];
	solve(f->h, f->k, rhs);
	memcpy(f->beta, rhs, f->k * sizeof *rhs);
	return true;
}

/* From f->beta to the maximum; the last step is below what counts (its square is left). */
static bool
newton(struct fitter *f, const struct cross *t, double unseen)
{
	double step[RECKON_PARAMETERS], from[RECKON_PARAMETERS];

	evaluate(f, t, unseen);
	for (int i = 0; i < 100; i++) {
		double gain = 0, before = f->log_likelihood;
		if (!isfinite(before) || !information(f))
			return false;
		for (size_t c = 0; c < f->n_cells; c++)
			f->work[c] = f->open[c] * t->y[c] - f->mu[c];
		f->work[0] += f->open[0] * unseen;
		sums_over(f->work, f->n_lists);
		for (unsigned j = 0; j < f->k; j++)
			step[j] = from[j] = f->work[f->term[j]];
		solve(f->h, f->k, step);
		for (unsigned j = 0; j < f->k; j++)
			gain += step[j] * from[j];
		memcpy(from, f->beta, sizeof from);
		for (double by = 1; by > 1e-9; by /= 2) {
			for (unsigned j = 0; j < f->k; j++)
				f->beta[j] = from[j] + by * step[j];
			evaluate(f, t, unseen);
			if (f->log_likelihood >= before - 1e-12 * fabs(before) - 1e-9)
				break;
		}
		if (gain < 1e-9)
			return true;
	}
	return false;
}

bool
fitter_fit(struct fitter *f, const struct cross *t)
{
	double corner;

	if (!begin(f, t) || !newton(f, t, 0) || !information(f))
		return false;
	corner = f->h[f->k * f->k - 1];
	f->var = 1 / (corner * corner);       /* the intercept is last */
	return true;
}

/* ---- Results ------------------------------------------------------------------ */

static enum reckon_fit_state
run(struct fitter *f, const struct cross *t, const struct model *m)
{
	enum reckon_fit_state s;

	fitter_model(f, t, m);
	s = fitter_exists(f, t);
	if (s == RECKON_FIT_OK && !(fitter_fit(f, t) && f->beta[f->k - 1] < 200))
		s = RECKON_FIT_NO_MLE;
	return s;
}

double
fitter_n(struct fitter *f, const struct cross *t, const struct model *m, double *ret_bic)
{
	*ret_bic = INFINITY;
	if (run(f, t, m) != RECKON_FIT_OK)
		return INFINITY;
	*ret_bic = -2 * f->log_likelihood + log(t->n) * (f->k + f->empty);
	return t->n + exp(f->beta[f->k - 1]);
}

void
fitter_estimate(struct fitter *f, const struct cross *t, const struct model *m, double level,
	struct reckon_fit *ret)
{
	double n0, p;
	struct reckon_interval none = {t->n, INFINITY};

	ret->state = run(f, t, m);
	ret->parameters = f->k + f->empty;
	ret->empty = f->empty;
	ret->cells = f->cells;
	ret->weight = ret->deviance = ret->log_likelihood = 0;
	ret->n = ret->se = ret->aic = ret->bic = INFINITY;
	ret->wald = ret->profile = none;
	if (ret->state != RECKON_FIT_OK)
		return;
	n0 = exp(f->beta[f->k - 1]);
	ret->n = t->n + n0;
	ret->se = sqrt(n0 + n0 * n0 * f->var);
	ret->wald = tails_log_normal(t->n, n0, ret->se, level).interval;
	ret->log_likelihood = f->log_likelihood;
	for (size_t c = 1; c < f->n_cells; c++) {
		if (!(f->open[c] > 0))
			continue;
		ret->deviance += 2 * special_deviance(t->y[c], f->mu[c]);
		ret->log_likelihood -= special_lgamma(t->y[c] + 1);
	}
	p = ret->parameters;
	ret->aic = -2 * ret->log_likelihood + 2 * p;
	ret->bic = -2 * ret->log_likelihood + log(t->n) * p;
}

/* ---- Profile ------------------------------------------------------------------ */

/* At n0 unseen people: the multinomial likelihood maximised over all else, up to what
 * does not change, and its derivative by ln n0.  (The Poisson fit to the full table has
 * total N, and the envelope theorem gives the derivative.) */
struct profile {
	double at, value, slope, curve;   /* at: ln n0 */
};

static bool
profile_at(struct fitter *f, const struct cross *t, double log_n0, struct profile *ret)
{
	double n0 = exp(log_n0), n = t->n + n0, corner, d1;

	if (!newton(f, t, n0))
		return false;
	/* newton's last factor is at the point before a negligible step. */
	corner = f->h[f->k * f->k - 1];
	d1 = tails_digamma(n + 1) - tails_digamma(n0 + 1) + f->eta[0] - log(n);
	*ret = (struct profile){log_n0, special_lgamma(n + 1) - special_lgamma(n0 + 1)
		- n * log(n) + f->log_likelihood + n, n0 * d1,
		n0 * d1 + n0 * n0 * (1 / (corner * corner) - 1 / n0)};
	return true;
}

static bool
profile_top(struct fitter *f, const struct cross *t, struct profile *p)
{
	for (int i = 0; i < 50; i++) {
		double step = p->curve < 0 ? -p->slope / p->curve : p->slope > 0 ? 1 : -1;
		double at = p->at + fmax(-1, fmin(1, step));
		if (fabs(step) < 1e-6 || at < -7)
			return true;
		if (!profile_at(f, t, at, p))
			return false;
	}
	return true;
}

/* Where the likelihood has fallen to `wanted`, beyond p on the side of `sign`; INFINITY
 * or -INFINITY: nowhere. */
static double
profile_cross(struct fitter *f, const struct cross *t, struct profile p, double wanted,
	double sign, double limit)
{
	double inside = p.at, outside = sign * INFINITY;
	double half = sqrt(2 * (p.value - wanted) / fmax(-p.curve, 1e-3));

	for (int i = 0; i < 60; i++) {
		double at = i == 0 ? inside + sign * fmin(half, 3)
			: p.at - (p.value - wanted) / p.slope;
		if (!((at - inside) * sign > 0 && (outside - at) * sign > 0))
			at = isinf(outside) ? inside + sign : (inside + outside) / 2;
		at = fmax(fmin(at, inside + 3), inside - 3);
		if (at * sign > limit * sign)
			return sign * INFINITY;
		if (!profile_at(f, t, at, &p))
			return sign * INFINITY;
		if (fabs(p.value - wanted) < 1e-7)
			break;
		if (p.value > wanted)
			inside = at;
		else
			outside = at;
	}
	return p.at;
}

struct reckon_interval
fitter_profile(struct fitter *f, const struct cross *t, double level)
{
	struct reckon_interval r = {t->n, INFINITY};
	double z = special_normal_cdf_inverse(0.5 + level / 2), beta[RECKON_PARAMETERS];
	struct profile top;

	f->open[0] = 1;
	if (profile_at(f, t, fmax(f->beta[f->k - 1], -7), &top) && profile_top(f, t, &top)) {
		double wanted = top.value - z * z / 2;
		memcpy(beta, f->beta, sizeof beta);
		r.lower = t->n + exp(profile_cross(f, t, top, wanted, -1, -7));
		memcpy(f->beta, beta, sizeof beta);
		r.upper = t->n + exp(profile_cross(f, t, top, wanted, 1, log(t->n) + 14));
	}
	f->open[0] = 0;
	return r;
}
