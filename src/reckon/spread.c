/*
 * A log-linear model with one term more, for people who differ in how easily they are
 * listed: tau k(k-1)/2 where somebody is on k lists.  Newton's method over all cells.
 */
#include "reckon/loglinear_int.h"
#include "reckon/tails_int.h"

/* The model's terms, tau, the intercept; columns of the design by cell. */
struct spread {
	unsigned n_lists, k;
	uint64_t term[RECKON_PARAMETERS];     /* k - 2 of them, all with people */
	double t[RECKON_PARAMETERS], beta[RECKON_PARAMETERS];
	double *y, *mu, *h;           /* 2^lists; h: k x k.  y below 0: no such cell */
};

static double
column(const struct spread *s, unsigned i, size_t cell)
{
	double k = __builtin_popcountll(cell);

	if (i + 2 < s->k)
		return (s->term[i] & ~(uint64_t)cell) == 0;
	return i + 2 == s->k ? k * (k - 1) / 2 : 1;
}

/* Without ln y!. */
static double
evaluate(void *model)
{
	struct spread *s = model;
	double sum = 0;

	for (size_t c = 1; c < (size_t)1 << s->n_lists; c++) {
		double eta = 0;
		for (unsigned i = 0; i < s->k; i++)
			eta += s->beta[i] * column(s, i, c);
		s->mu[c] = s->y[c] < 0 ? 0 : exp(eta);
		sum += s->y[c] < 0 ? 0 : s->y[c] * eta - s->mu[c];
	}
	return sum;
}

static void
information(void *model)
{
	struct spread *s = model;

	memset(s->h, 0, s->k * s->k * sizeof *s->h);
	for (size_t c = 1; c < (size_t)1 << s->n_lists; c++)
		for (unsigned i = 0; i < s->k; i++) {
			double x = column(s, i, c) * s->mu[c];
			for (unsigned j = 0; j <= i && x > 0; j++)
				s->h[i * s->k + j] += x * column(s, j, c);
		}
}

/* False: no maximum, or different n0 fit alike.  Where the maximum lies at infinity (nobody
 * on three lists, say) a cell's mean has sunk to a negligible gain and the intercept's
 * standard error has risen to the root of its inverse. */
static bool
fit(struct spread *s)
{
	struct newton n = {.k = s->k, .t = s->t, .beta = s->beta, .h = s->h, .model = s,
		.evaluate = evaluate, .information = information};

	return newton_maximise(&n) && s->h[s->k * s->k - 1] > 0.01;
}

/* k(k-1)/2 is the sum over all pairs: beside the terms of all of them it says nothing. */
static bool
leaves_a_pair(const struct cross *x, const struct model *m)
{
	unsigned pairs = x->n_lists * (x->n_lists - 1) / 2;

	for (unsigned i = 0; i < m->n; i++)
		pairs -= __builtin_popcountll(m->term[i]) == 2;
	return pairs > 0;
}

/* From independent lists that miss as many as they have. */
static void
begin(struct spread *s, const struct cross *x, const struct model *m)
{
	size_t cells = (size_t)1 << x->n_lists;
	double n = 2 * x->n, intercept = log(n);

	s->n_lists = x->n_lists;
	s->y = mem_alloc(2 * cells + (size_t)(m->n + 2) * (m->n + 2), sizeof *s->y);
	s->mu = s->y + cells;
	s->h = s->mu + cells;
	for (unsigned i = 0; i < m->n; i++) {
		uint64_t term = m->term[i];
		double people = term ? cross_overlap(x, term) : 0, p = people / n;
		for (size_t c = term; term && people == 0 && c < cells; c = (c + 1) | term)
			s->y[c] = -1;
		if (people == 0)
			continue;
		if ((term & (term - 1)) == 0) {
			s->beta[s->k] = log(p / (1 - p));
			intercept += log(1 - p);
		}
		s->t[s->k] = people;
		s->term[s->k++] = term;
	}
	for (size_t c = 0; c < x->n_cells; c++) {
		double k = __builtin_popcountll(x->on[c]);
		s->y[x->on[c]] = x->y[c];
		s->t[s->k] += x->y[c] * k * (k - 1) / 2;
	}
	s->t[s->k + 1] = x->n;
	s->beta[s->k + 1] = intercept;
	s->k += 2;
}

enum status
reckon_spread(const struct reckon_counts *c, const uint64_t *terms, size_t n_terms, double level,
	const struct reckon_interval *alike, struct reckon_spread *ret, struct err *e)
{
	struct spread f = {0};
	struct cross x;
	struct model m;
	enum status s = tails_level(&level, e);

	if (s == OK)
		s = cross_init(&x, c, "people who differ", DENSE_LISTS, e);
	if (s != OK)
		return s;
	s = model_of_terms(&x, terms, n_terms, &m, e);
	if (s == OK && (m.n + 1 > RECKON_PARAMETERS || !leaves_a_pair(&x, &m)))
		s = err_set(e, BAD, "people who differ: the model has every pair of lists, which looks "
			"the same");
	if (s == OK) {
		begin(&f, &x, &m);
		if (fit(&f)) {
			double n0 = exp(f.beta[f.k - 1]), corner = f.h[f.k * f.k - 1];
			*ret = (struct reckon_spread){f.beta[f.k - 2], tails_log_normal(x.n, n0,
				sqrt(n0 + n0 * n0 / (corner * corner)), level)};
			if (alike) {
				ret->at.interval.lower = fmin(ret->at.interval.lower, alike->lower);
				ret->at.interval.upper = fmax(ret->at.interval.upper, alike->upper);
			}
		} else {
			s = err_set(e, BAD, "people who differ: these lists have no such estimate; people "
				"on three lists or more would be right");
		}
		mem_free(f.y);
	}
	cross_finish(&x);
	return s;
}
