/*
 * `habeas toll mse` on linkages drawn by `habeas match --linkages`: every method again on
 * each of them, put together, so that an interval holds what is unknown of who is who.
 * Linkage averaging: Sadinle (2018), Annals of Applied Statistics 12:1013; the rule that
 * puts replicates together: reckon_combine().
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
		&& reckon_spread(c, base.fit.terms, base.fit.n_terms, 0, &x, NULL) == OK
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

static void
combine(struct mse *m, unsigned k, struct one *v, struct reckon_replicate *of, size_t n)
{
	struct reckon_estimate at;
	double mean = 0;

	if (n < m->n_linkages)
		note_failed(m, k, m->n_linkages - n);
	if (reckon_combine(of, n, 0, &at, NULL) != OK || m->n_sense == MSE_SENSES)
		return;
	for (size_t i = 0; i < n; i++)
		mean += v[i].n / (double)n;
	at.n = mean;
	m->sense[m->n_sense++] = (struct mse_sense){"linkages",
		str_fmt(m->t->a, "%zu", m->n_linkages),
		str_fmt(m->t->a, tr(m->t->x->lang, "who is who uncertain too: %s linkages"),
			toll_whole(m->t, (double)m->n_linkages)), k, at};
}

/* Stepwise with many lists, and classes of many cells, take long: as in mse_sense.c. */
static bool
worth_it(const struct mse *m, unsigned k)
{
	return m->all.given[k].r.done && ones[k] && (k != MSE_STEPWISE || m->all.c.n_lists <= 7)
		&& (k != MSE_LATENT || (m->all.c.n_lists <= 8 && m->all.c.n_cells <= 64));
}

static void
try_method(struct mse *m, unsigned k)
{
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
	combine(m, k, v, of, n);
	mem_free(v);
	mem_free(of);
}

/* The intervals of the methods are of the linkage in force, so that its counts alone give
 * them again; where that is too narrow it must not be missed. */
static void
note_wider(struct mse *m)
{
	bool wider = false;

	for (size_t i = 0; i < m->n_sense; i++) {
		const struct mse_sense *s = &m->sense[i];
		const struct reckon_result *r = &m->all.given[s->method].r;
		if (strcmp(s->group, "linkages") == 0 && m->all.gate.why[s->method] == RECKON_SAID)
			wider = wider || s->at.interval.lower < r->lower || s->at.interval.upper > r->upper;
	}
	if (wider)
		toll_note(m->t, str_of(tr(m->t->x->lang, "the intervals of the methods take who is who as "
			"certain; the rows \"who is who uncertain too\" do not and reach further: quote "
			"the wider one")));
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
	for (unsigned k = 0; k < MSE_METHODS; k++)
		if (m->asked[k] && worth_it(m, k))
			try_method(m, k);
	note_wider(m);
	os_progress_end();
}
