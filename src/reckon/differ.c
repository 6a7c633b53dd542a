/*
 * Do people differ in how easily they are listed?  Two models in which they do, lists
 * otherwise independent, fitted by maximum likelihood: of a smooth spread, and of two
 * classes.  Their BIC stands beside that of the log-linear models, in which all people
 * are alike and lists depend on each other.
 */
#include "reckon/alone_int.h"
#include "reckon/loglinear_int.h"

/* ---- A smooth spread ------------------------------------------------------------- */

/* ln of a cell's mean: intercept + its lists' terms + tau k(k-1)/2 for k lists.  The sums
 * over all cells are those of elementary symmetric polynomials of the lists' odds. */
struct smooth {
	unsigned n_lists, k;          /* parameters: lists, tau, the intercept */
	double t[CROSS_LISTS + 2];    /* sufficient statistics in that order */
	double beta[CROSS_LISTS + 2];
	double *h;                    /* k x k */
	double log_likelihood;        /* without ln y! */
};

static double
pairs_of(double k)
{
	return k * (k - 1) / 2;
}

/* Coefficients of the product of 1 + w_l z over all lists but i and j. */
static void
polynomial(const double *w, unsigned n, unsigned i, unsigned j, double *ret)
{
	memset(ret, 0, (n + 1) * sizeof *ret);
	ret[0] = 1;
	for (unsigned l = 0; l < n; l++)
		for (unsigned m = l + 1; l != i && l != j && m > 0; m--)
			ret[m] += w[l] * ret[m - 1];
}

/* Sum over cells of the mean times (k(k-1)/2)^power, given coefficients by k - shift. */
static double
moment(const struct smooth *s, const double *poly, unsigned shift, int power)
{
	double sum = 0, tau = s->beta[s->n_lists];

	for (unsigned k = shift ? shift : 1; k <= s->n_lists; k++) {
		double p = poly[k - shift];
		if (p > 0)
			sum += p * exp(tau * pairs_of(k)) * pow(pairs_of(k), power);
	}
	return sum * exp(s->beta[s->k - 1]);
}

static double
smooth_evaluate(void *model)
{
	struct smooth *s = model;
	double sum, w[CROSS_LISTS], poly[CROSS_LISTS + 1];

	for (unsigned i = 0; i < s->n_lists; i++)
		w[i] = exp(s->beta[i]);
	polynomial(w, s->n_lists, s->n_lists, s->n_lists, poly);
	sum = -moment(s, poly, 0, 0);
	for (unsigned i = 0; i < s->k; i++)
		sum += s->t[i] * s->beta[i];
	return sum;
}

static void
smooth_information(void *model)
{
	struct smooth *s = model;
	unsigned n = s->n_lists, k = s->k;
	double w[CROSS_LISTS], poly[CROSS_LISTS + 1], *tau = s->h + n * k, *all = tau + k;

	for (unsigned i = 0; i < n; i++)
		w[i] = exp(s->beta[i]);
	for (unsigned i = 0; i < n; i++) {
		for (unsigned j = 0; j < i; j++) {
			polynomial(w, n, i, j, poly);
			s->h[i * k + j] = w[i] * w[j] * moment(s, poly, 2, 0);
		}
		polynomial(w, n, i, i, poly);
		s->h[i * k + i] = all[i] = w[i] * moment(s, poly, 1, 0);
		tau[i] = w[i] * moment(s, poly, 1, 1);
	}
	polynomial(w, n, n, n, poly);
	tau[n] = moment(s, poly, 0, 2);
	all[n] = moment(s, poly, 0, 1);
	all[k - 1] = moment(s, poly, 0, 0);
}

static bool
smooth_fit(struct smooth *s)
{
	struct newton n = {.k = s->k, .t = s->t, .beta = s->beta, .h = s->h, .model = s,
		.evaluate = smooth_evaluate, .information = smooth_information};
	bool found = newton_maximise(&n);

	s->log_likelihood = n.log_likelihood;
	return found;
}

/* From lists that are independent and miss as many as they have. */
static void
smooth_init(struct smooth *s, const struct cross *x)
{
	double n = 2 * x->n, intercept = log(n);

	s->n_lists = x->n_lists;
	s->k = x->n_lists + 2;
	s->h = mem_alloc((size_t)s->k * s->k, sizeof *s->h);
	for (unsigned i = 0; i < x->n_lists; i++) {
		double p = (s->t[i] = cross_overlap(x, (uint64_t)1 << i)) / n;
		s->beta[i] = log(p / (1 - p));
		intercept += log(1 - p);
	}
	for (size_t c = 0; c < x->n_cells; c++)
		s->t[s->n_lists] += x->y[c] * pairs_of(__builtin_popcountll(x->on[c]));
	s->t[s->k - 1] = x->n;
	s->beta[s->k - 1] = intercept;
}

/* INFINITY: there is none, or people on several lists are fewer, not more. */
static double
smooth_bic(const struct cross *x)
{
	struct smooth s = {0};
	double bic = INFINITY;

	smooth_init(&s, x);
	/* Where nobody is on two lists, any tau fits. */
	if (s.t[s.n_lists] > 0 && smooth_fit(&s) && s.beta[s.n_lists] > 0)
		bic = -2 * s.log_likelihood + log(x->n) * s.k;
	mem_free(s.h);
	return bic;
}

/* ---- Two classes ------------------------------------------------------------------ */

enum { CLASSES = 2, TRIED = 50, MOST = 2000 };

/* Shares of people of each class among all, and of them on each list. */
struct classes {
	double share[CLASSES], p[CLASSES][CROSS_LISTS];
	double log_likelihood;        /* of the cells given that they are on some list */
};

/* Of a class: the chance of no list, and ln of the odds of each. */
static void
odds_of(const struct classes *m, unsigned n, double *ret_none, double odds[CLASSES][CROSS_LISTS])
{
	for (unsigned k = 0; k < CLASSES; k++) {
		ret_none[k] = m->share[k];
		for (unsigned i = 0; i < n; i++) {
			ret_none[k] *= 1 - m->p[k][i];
			odds[k][i] = m->p[k][i] / (1 - m->p[k][i]);
		}
	}
}

/* One round of expectation and maximisation (Dempster, Laird & Rubin 1977), people on no
 * list being missing data: x->n none / (1 - none) of them are expected.  The chances stay
 * inside (0, 1), where odds are finite. */
static void
classes_round(struct classes *m, const struct cross *x)
{
	const double edge = 1e-9;
	double none[CLASSES], odds[CLASSES][CROSS_LISTS], in[CLASSES], on[CLASSES][CROSS_LISTS];
	double unseen, all;

	odds_of(m, x->n_lists, none, odds);
	unseen = none[0] + none[1];
	memset(on, 0, sizeof on);
	m->log_likelihood = -x->n * log1p(-unseen);
	all = x->n / (1 - unseen);
	for (unsigned k = 0; k < CLASSES; k++)
		in[k] = all * none[k];
	for (size_t c = 0; c < x->n_cells; c++) {
		double q[CLASSES], sum = 0;
		for (unsigned k = 0; k < CLASSES; k++) {
			q[k] = none[k];
			for (uint64_t left = x->on[c]; left; left &= left - 1)
				q[k] *= odds[k][__builtin_ctzll(left)];
			sum += q[k];
		}
		m->log_likelihood += x->y[c] * log(sum);
		for (unsigned k = 0; k < CLASSES; k++) {
			double people = x->y[c] * q[k] / sum;
			in[k] += people;
			for (uint64_t left = x->on[c]; left; left &= left - 1)
				on[k][__builtin_ctzll(left)] += people;
		}
	}
	for (unsigned k = 0; k < CLASSES; k++) {
		m->share[k] = in[k] / all;
		for (unsigned i = 0; i < x->n_lists; i++)
			m->p[k][i] = fmin(fmax(on[k][i] / in[k], edge), 1 - edge);
	}
}

static void
classes_rounds(struct classes *m, const struct cross *x, int rounds)
{
	double before = -INFINITY;

	for (int i = 0; i < rounds; i++) {
		classes_round(m, x);
		if (!(m->log_likelihood - before > 1e-6))
			break;
		before = m->log_likelihood;
	}
}

/* A start: people on list `from` (beyond the lists: on more than one) are of the second
 * class, mostly; as many are missed as are listed, mostly of the first. */
static void
classes_begin(struct classes *m, const struct cross *x, unsigned from)
{
	double in[CLASSES] = {x->n, x->n / 100}, on[CLASSES][CROSS_LISTS] = {{0}};

	for (size_t c = 0; c < x->n_cells; c++) {
		bool second = from < x->n_lists ? x->on[c] >> from & 1 : (x->on[c] & (x->on[c] - 1)) != 0;
		double y[CLASSES] = {x->y[c] * (second ? 0.1 : 0.9), x->y[c] * (second ? 0.9 : 0.1)};
		for (unsigned k = 0; k < CLASSES; k++) {
			in[k] += y[k];
			for (uint64_t left = x->on[c]; left; left &= left - 1)
				on[k][__builtin_ctzll(left)] += y[k];
		}
	}
	for (unsigned k = 0; k < CLASSES; k++) {
		m->share[k] = in[k] / (in[0] + in[1]);
		for (unsigned i = 0; i < x->n_lists; i++)
			m->p[k][i] = on[k][i] / in[k];
	}
}

/* As Poisson counts, so that it compares with log-linear models: their total is one
 * parameter more and adds n ln n - n. */
static double
classes_bic(const struct cross *x)
{
	struct classes best = {.log_likelihood = -INFINITY}, m;

	for (unsigned from = 0; from <= x->n_lists; from++) {
		classes_begin(&m, x, from);
		classes_rounds(&m, x, TRIED);
		if (m.log_likelihood > best.log_likelihood)
			best = m;
	}
	classes_rounds(&best, x, MOST);
	return isfinite(best.log_likelihood) ? -2 * (best.log_likelihood + x->n * log(x->n) - x->n)
		+ log(x->n) * (CLASSES * (x->n_lists + 1)) : INFINITY;
}

enum status
reckon_differ(const struct reckon_counts *c, struct reckon_differ *ret, struct err *e)
{
	struct cross x;
	double factorials = 0;
	enum status s = cross_init(&x, c, "people who differ", CROSS_LISTS, e);

	if (s)
		return s;
	for (size_t i = 0; i < x.n_cells; i++)
		factorials += special_lgamma(x.y[i] + 1);
	*ret = (struct reckon_differ){.smooth = smooth_bic(&x) + 2 * factorials,
		.classes = classes_bic(&x) + 2 * factorials};
	cross_finish(&x);
	return OK;
}

/* ---- Against one log-linear model ---------------------------------------------------- */

/* Pairs of lists that the model takes as independent count, unless they exclude one another
 * all the same. */
static void
free_pairs(struct alone *l, const struct cross *x, const struct model *m)
{
	l->n = x->n_lists;
	for (unsigned t = 0; t < m->n; t++)
		if (__builtin_popcountll(m->term[t]) == 2)
			l->out[__builtin_ctzll(m->term[t])][63 - __builtin_clzll(m->term[t])] = true;
	for (size_t c = 0; c < x->n_cells; c++)
		alone_add(l, x->on[c], x->y[c]);
	alone_leave_apart(l);
}

/* The derivative of ln(products / both) by the people in a cell. */
static double
low_slope(const struct alone *l, uint64_t on, double products, double both)
{
	unsigned i = (unsigned)__builtin_ctzll(on), j = (unsigned)(63 - __builtin_clzll(on));
	double partners = 0;

	if (__builtin_popcountll(on) == 2)
		return l->out[i][j] ? 0 : -1 / both;
	for (j = 0; j < l->n && __builtin_popcountll(on) == 1; j++)
		if (j != i && !l->out[i < j ? i : j][i < j ? j : i])
			partners += l->y[j];
	return partners / products;
}

double
fitter_gap(struct fitter *f, const struct cross *x, const struct model *m)
{
	struct alone l = {.n = 0};
	double both, products, at[RECKON_PARAMETERS] = {0}, var;

	free_pairs(&l, x, m);
	alone_sums(&l, &products, &both);
	if (!(products > 0))
		return 0;
	both += 1;
	/* A person more in a cell moves the intercept by the sum of the inverse information's
	 * last row over the terms in that cell. */
	at[f->k - 1] = 1;
	fit_solve(f->h, f->k, at);
	var = 1 / (both * both);
	for (size_t c = 0; c < x->n_cells; c++) {
		double d = low_slope(&l, x->on[c], products, both);
		for (unsigned t = 0; t < f->k; t++)
			d -= (f->term[t] & ~x->on[c]) == 0 ? at[t] : 0;
		var += d * d * x->y[c];
	}
	return (log(products / both) - f->beta[f->k - 1]) / sqrt(var);
}
