/*
 * `habeas toll mse` on linkages drawn by `habeas match --linkages`: every method again on
 * each of them, put together, so that an interval holds what is unknown of who is who.
 * Linkage averaging: Sadinle (2018), Annals of Applied Statistics 12:1013; the rules that
 * put replicates together: reckon_combine(), and joined() for models that are chosen.
 */
#include <math.h>
#include "cli/mse_int.h"

/* Draws that stand for one linkage's estimate, one from the middle of each 200th. */
enum { DRAWS = 200 };

/* What one linkage gave. */
struct one {
	double n;
	double draws[DRAWS];
};

static double
middle(size_t i)
{
	return ((double)i + 0.5) / DRAWS;
}

/* n0 log-normal about the estimate, as the intervals are (Chao 1987, equation 12). */
static bool
from_estimate(struct one *o, double n, double se, uint64_t seen)
{
	double n0 = n - (double)seen, s;

	if (!isfinite(n) || !isfinite(se) || n0 < 0)
		return false;
	s = n0 > 0 ? sqrt(log1p(se / n0 * (se / n0))) : 0;
	o->n = n;
	for (size_t i = 0; i < DRAWS; i++) {
		double u = middle(i), z = reckon_t_quantile(fabs(2 * u - 1), 0);
		o->draws[i] = (double)seen + n0 * exp(u < 0.5 ? -z * s : z * s);
	}
	return true;
}

static bool
one_least(const struct mse *m, struct arena *a, const struct reckon_counts *c, struct one *o)
{
	struct reckon_estimate at;

	(void)m;
	(void)a;
	return reckon_least(c, 0, &at, NULL) == OK && from_estimate(o, at.n, at.se, c->n);
}

static bool
one_loglinear(const struct mse *m, struct arena *a, const struct reckon_counts *c, struct one *o)
{
	struct reckon_loglinear x;

	(void)m;
	return reckon_loglinear(a, c, NULL, NULL, &x, NULL) == OK && x.n_ok
		&& from_estimate(o, x.fits[0].n, x.fits[0].se, c->n);
}

static bool
one_stepwise(const struct mse *m, struct arena *a, const struct reckon_counts *c, struct one *o)
{
	struct reckon_stepwise x;

	(void)m;
	return reckon_stepwise(a, c, 0, 0, NULL, &x, NULL) == OK && x.fit.state == RECKON_FIT_OK
		&& from_estimate(o, x.fit.n, x.fit.se, c->n);
}

static bool
one_graphs(const struct mse *m, struct arena *a, const struct reckon_counts *c, struct one *o)
{
	const struct reckon_graphs_options opt = {.delta = m->delta};
	struct reckon_graphs g;

	if (reckon_graphs(a, c, &opt, NULL, &g, NULL) != OK)
		return false;
	o->n = g.without.mean;
	for (size_t i = 0; i < DRAWS; i++)
		o->draws[i] = reckon_graphs_quantile(&g, middle(i));
	return true;
}

static bool
one_latent(const struct mse *m, struct arena *a, const struct reckon_counts *c, struct one *o)
{
	const struct reckon_latent_options opt = {.seed = m->seed, .classes = m->classes,
		.ess = RECKON_GATE_ESS};
	struct reckon_latent x;

	if (reckon_latent(a, c, &opt, &x, NULL) != OK || !x.converged || x.n_draws < DRAWS)
		return false;
	o->n = x.mixing.mean;
	for (size_t i = 0; i < DRAWS; i++)
		o->draws[i] = x.draws[i * x.n_draws / DRAWS];
	return true;
}

static bool
one_spread(const struct mse *m, struct arena *a, const struct reckon_counts *c, struct one *o)
{
	struct reckon_stepwise base;
	struct reckon_spread x;

	(void)m;
	return reckon_stepwise(a, c, 0, 0, NULL, &base, NULL) == OK
		&& base.fit.state == RECKON_FIT_OK
		&& reckon_spread(c, base.fit.terms, base.fit.n_terms, 0, NULL, &x, NULL) == OK
		&& from_estimate(o, x.at.n, x.at.se, c->n);
}

static bool (*const ones[MSE_METHODS])(const struct mse *m, struct arena *a,
	const struct reckon_counts *c, struct one *o) = {
	one_least, NULL, one_loglinear, one_stepwise, one_graphs, one_latent, one_spread,
};

/* ---- Put together ---------------------------------------------------------------------- */

static void
note_failed(struct mse *m, unsigned k, size_t failed)
{
	enum lang l = m->t->x->lang;

	toll_note(m->t, str_fmt(m->t->a, tr(l, "%s: %s of %s linkages gave no estimate"),
		mse_title(l, k), toll_whole(m->t, (double)failed),
		toll_whole(m->t, (double)m->n_linkages)));
}

/* Variance of ln n0 between linkages; an n0 of 0 counts as 0.1, as in reckon_combine(). */
static double
between(const struct one *v, const struct reckon_replicate *of, size_t n)
{
	double mean = 0, sum = 0;

	for (size_t i = 0; i < n; i++)
		mean += log(fmax(v[i].n - (double)of[i].seen, 0.1)) / (double)n;
	for (size_t i = 0; i < n; i++) {
		double d = log(fmax(v[i].n - (double)of[i].seen, 0.1)) - mean;
		sum += d * d;
	}
	return sum / (double)(n - 1);
}

/* The method's own interval with the variance between linkages in it: on ln n0, below and
 * above for themselves, its distance and that of the linkages added as variances (Rubin
 * 1987, 1 + 1/R and Student's t; limits instead of standard errors: Zou & Donner 2008,
 * Statistics in Medicine 27:1693).  For methods whose interval holds more than a standard
 * error says: the choice of the model. */
static struct reckon_interval
joined(const struct mse *m, unsigned k, double var, size_t n)
{
	const struct reckon_result *r = &m->all.given[k].r;
	double seen = (double)m->all.c.n, at = log(fmax(r->n - seen, 0.1));
	double below = at - log(fmax(r->lower - seen, 0.1)), above = log(fmax(r->upper - seen, 0.1)) - at;
	double t = reckon_t_quantile(0.95, (unsigned)n - 1), links = t * t * (1 + 1 / (double)n) * var;

	return (struct reckon_interval){seen + exp(at - sqrt(below * below + links)),
		seen + exp(at + sqrt(above * above + links))};
}

static void
add(struct mse *m, unsigned k, struct reckon_estimate at)
{
	if (m->n_sense < MSE_SENSES)
		m->sense[m->n_sense++] = (struct mse_sense){"linkages",
			str_fmt(m->t->a, "%zu", m->n_linkages),
			str_fmt(m->t->a, tr(m->t->x->lang, "who is who uncertain too: %s linkages"),
				toll_whole(m->t, (double)m->n_linkages)), k, at};
}

static bool
chooses_model(unsigned k)
{
	return k == MSE_LOGLINEAR || k == MSE_STEPWISE || k == MSE_SPREAD;
}

/* The variance between; NAN: there are too few. */
static double
combine(struct mse *m, unsigned k, struct one *v, struct reckon_replicate *of, size_t n)
{
	struct reckon_estimate at;
	double mean = 0, var;

	if (n < m->n_linkages)
		note_failed(m, k, m->n_linkages - n);
	if (n < 2 || reckon_combine(of, n, 0, &at, NULL) != OK)
		return NAN;
	for (size_t i = 0; i < n; i++)
		mean += v[i].n / (double)n;
	at.n = mean;
	var = between(v, of, n);
	if (chooses_model(k))
		at.interval = joined(m, k, var, n);
	add(m, k, at);
	return var;
}

/* Stepwise with many lists, and classes of many cells, take long: as in mse_sense.c. */
static bool
worth_it(const struct mse *m, unsigned k)
{
	return m->all.given[k].r.done && ones[k] && (k != MSE_STEPWISE || m->all.c.n_lists <= 7)
		&& (k != MSE_LATENT || (m->all.c.n_lists <= 8 && m->all.c.n_cells <= 64));
}

static double
try_method(struct mse *m, unsigned k)
{
	double var;
	struct one *v = mem_alloc(m->n_linkages, sizeof *v);
	struct reckon_replicate *of = mem_alloc(m->n_linkages, sizeof *of);
	size_t n = 0;

	for (size_t i = 0; i < m->n_linkages; i++) {
		struct arena *a = arena_create((size_t)1 << 30);
		os_progress("linkages", i, m->n_linkages);
		if (ones[k](m, a, &m->linkage[i], &v[n])) {
			of[n] = (struct reckon_replicate){m->linkage[i].n, v[n].draws, DRAWS};
			n++;
		}
		arena_destroy(a);
	}
	var = combine(m, k, v, of, n);
	mem_free(v);
	mem_free(of);
	return var;
}

/* Methods that take too long to be done again have the largest variance of the others. */
static void
try_methods(struct mse *m)
{
	double largest = NAN;

	for (unsigned k = 0; k < MSE_METHODS; k++)
		if (m->asked[k] && worth_it(m, k))
			largest = fmax(largest, try_method(m, k));
	for (unsigned k = MSE_CHAO + 1; k < MSE_METHODS && isfinite(largest); k++)
		if (m->asked[k] && m->all.given[k].r.done && !worth_it(m, k))
			add(m, k, (struct reckon_estimate){m->all.given[k].r.n, 0,
				joined(m, k, largest, m->n_linkages)});
}

/* The intervals of the methods are of the linkage in force, so that its counts alone give
 * them again.  What is said of all together holds what is unknown of who is who. */
static void
widen_span(struct mse *m)
{
	struct reckon_interval *span = &m->all.gate.span, before = *span;

	for (size_t i = 0; i < m->n_sense && m->all.gate.said; i++) {
		const struct mse_sense *s = &m->sense[i];
		if (strcmp(s->group, "linkages") == 0 && s->method > MSE_CHAO
		    && m->all.gate.why[s->method] == RECKON_SAID) {
			span->lower = fmin(span->lower, s->at.interval.lower);
			span->upper = fmax(span->upper, s->at.interval.upper);
		}
	}
	if (span->lower < before.lower || span->upper > before.upper)
		toll_note(m->t, str_of(tr(m->t->x->lang, "the intervals of the methods take who is who as "
			"certain; the rows \"who is who uncertain too\" do not, and what is said of all "
			"together has them in it")));
}

void
mse_linkages(struct mse *m)
{
	uint64_t least = UINT64_MAX, most = 0;

	if (m->n_linkages < 2)
		return;
	for (size_t i = 0; i < m->n_linkages; i++) {
		least = m->linkage[i].n < least ? m->linkage[i].n : least;
		most = m->linkage[i].n > most ? m->linkage[i].n : most;
	}
	toll_note(m->t, str_fmt(m->t->a, tr(m->t->x->lang, "%s linkages as likely as this one: %s to "
		"%s people on any list"), toll_whole(m->t, (double)m->n_linkages),
		toll_whole(m->t, (double)least), toll_whole(m->t, (double)most)));
	/* The same model gave both; apart, its probabilities contradict each other. */
	if ((double)m->all.c.n < 0.98 * (double)least || (double)m->all.c.n > 1.02 * (double)most)
		toll_note(m->t, str_of(tr(m->t->x->lang, "the linkage found is far from those drawn: too "
			"much is in doubt to believe either; review pairs, or compare more fields")));
	try_methods(m);
	widen_span(m);
	os_progress_end();
}
