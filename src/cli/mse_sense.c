/* How the answers of `habeas toll mse` hang on what was chosen. */
#include <math.h>
#include "cli/mse_int.h"

static const struct reckon_interval no_interval = {NAN, NAN};

static void
add(struct mse *m, const char *group, struct str id, struct str change, unsigned method,
	struct reckon_estimate at)
{
	if (m->n_sense < MSE_SENSES)
		m->sense[m->n_sense++] = (struct mse_sense){group, id, change, method, at};
}

/* ---- Graphs: delta and the prior ------------------------------------------------------ */

static void
try_graphs(struct mse *m, const struct reckon_graphs_options *o, const char *group, struct str id,
	struct str change)
{
	struct reckon_graphs g;

	if (reckon_graphs(m->t->a, &m->all.c, o, NULL, &g, NULL) == OK)
		add(m, group, id, change, MSE_GRAPHS, (struct reckon_estimate){g.without.mean,
			g.without.sd, g.without.interval});
}

static void
try_deltas(struct mse *m)
{
	static const double deltas[] = {0.01, 0.1, 0.5, 1};
	enum lang l = m->t->x->lang;

	for (size_t i = 0; i < sizeof deltas / sizeof *deltas; i++)
		try_graphs(m, &(struct reckon_graphs_options){.delta = deltas[i]}, "delta",
			str_fmt(m->t->a, "%g", deltas[i]), str_fmt(m->t->a, tr(l, "prior people in each "
			"cell %s"), toll_real(m->t, deltas[i], 2)));
	try_graphs(m, &(struct reckon_graphs_options){.delta = m->delta,
		.prior = RECKON_PRIOR_UNIFORM}, "prior", S("uniform"),
		str_of(tr(l, "all N alike likely beforehand, not as 1/N")));
}

/* Beyond these the classes are reckoned once only. */
enum { CLASSES_LISTS = 5, CLASSES_CELLS = 31 };

/* ---- Latent classes: K and the prior ------------------------------------------------------ */

static void
try_latent(struct mse *m, struct reckon_latent_options o, const char *group, struct str id,
	struct str change)
{
	struct reckon_latent r;
	const struct reckon_mixing *x = &r.mixing;

	o.seed = m->seed;
	o.ess = RECKON_GATE_ESS;              /* enough to see which way it goes */
	if (reckon_latent(m->t->a, &m->all.c, &o, &r, NULL) == OK && r.converged)
		add(m, group, id, change, MSE_LATENT, (struct reckon_estimate){x->mean, x->sd,
			{x->quantile[0], x->quantile[RECKON_QUANTILES - 1]}});
}

static void
try_classes(struct mse *m)
{
	static const unsigned classes[] = {5, 20};
	enum lang l = m->t->x->lang;

	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		try_latent(m, (struct reckon_latent_options){.classes = classes[i]}, "classes",
			str_fmt(m->t->a, "%u", classes[i]), str_fmt(m->t->a, tr(l, "at most %s classes"),
			toll_whole(m->t, classes[i])));
	try_latent(m, (struct reckon_latent_options){.classes = m->classes, .a = 1, .b = 1}, "prior",
		S("gamma-1-1"), str_of(tr(l, "more classes likely beforehand: Gamma(1, 1)")));
}

/* ---- Log-linear: other models ------------------------------------------------------------- */

static void
try_models(struct mse *m)
{
	const struct reckon_loglinear *x = &m->all.loglinear;
	const struct reckon_fit *aic = &x->fits[x->best_aic];
	enum lang l = m->t->x->lang;

	add(m, "models", S("aic"), str_of(tr(l, "best by AIC instead of BIC")), MSE_LOGLINEAR,
		(struct reckon_estimate){aic->n, aic->se, aic->profile});
	add(m, "models", S("averaged"), str_of(tr(l, "average over all models, by BIC")),
		MSE_LOGLINEAR, x->averaged);
	add(m, "models", S("lowest"), str_of(tr(l, "lowest of the models nearly as good (BIC within 4)")),
		MSE_LOGLINEAR, (struct reckon_estimate){x->lowest, NAN, no_interval});
	add(m, "models", S("highest"), str_of(tr(l, "highest of the models nearly as good (BIC within 4)")),
		MSE_LOGLINEAR, (struct reckon_estimate){x->highest, NAN, no_interval});
}

/* ---- Without one list --------------------------------------------------------------------- */

static void
try_without(struct mse *m, unsigned list)
{
	struct arena *a = m->t->a;
	struct reckon_counts c = reckon_counts_without(a, &m->all.c, list);
	struct str id = m->all.c.names[list];
	struct str change = str_fmt(a, tr(m->t->x->lang, "without the list \"%s\""), str_cstr(a, id));
	struct reckon_estimate at;
	struct reckon_loglinear ll;
	struct reckon_stepwise step;
	struct reckon_graphs g;
	const struct reckon_graphs_options o = {.delta = m->delta};

	if (reckon_least(&c, 0, &at, NULL) == OK)
		add(m, "without", id, change, MSE_LEAST, at);
	if (m->asked[MSE_LOGLINEAR] && m->all.given[MSE_LOGLINEAR].r.done
	    && reckon_loglinear(a, &c, NULL, NULL, &ll, NULL) == OK && ll.n_ok)
		add(m, "without", id, change, MSE_LOGLINEAR, (struct reckon_estimate){ll.fits[0].n,
			ll.fits[0].se, ll.fits[0].profile});
	if (m->asked[MSE_STEPWISE] && m->all.given[MSE_STEPWISE].r.done && c.n_lists <= 7
	    && reckon_stepwise(a, &c, 0, 0, NULL, &step, NULL) == OK
	    && step.fit.state == RECKON_FIT_OK)
		add(m, "without", id, change, MSE_STEPWISE, (struct reckon_estimate){step.fit.n,
			step.fit.se, step.fit.wald});
	if (m->asked[MSE_GRAPHS] && m->all.given[MSE_GRAPHS].r.done
	    && reckon_graphs(a, &c, &o, NULL, &g, NULL) == OK)
		add(m, "without", id, change, MSE_GRAPHS, (struct reckon_estimate){g.without.mean,
			g.without.sd, g.without.interval});
}

/* ---- The bound as published ----------------------------------------------------------------- */

static void
try_chao(struct mse *m)
{
	const struct mse_given *g = &m->all.given[MSE_CHAO];

	/* Where too few are shared for any bound, the formula is the product of the lists' sizes. */
	if (g->r.done && m->all.given[MSE_LEAST].r.n > (double)m->all.c.n)
		add(m, "bound", S("chao"), str_of(tr(m->t->x->lang, "Chao's formula, which takes lists as "
			"alike in size")), MSE_LEAST, (struct reckon_estimate){g->r.n, g->se, {g->r.lower,
			g->r.upper}});
}

/* ---- N(xi) ---------------------------------------------------------------------------------- */

static void
try_xi(struct mse *m)
{
	static const double xi[MSE_XI] = {0.25, 0.4, 0.5, 0.7, 1, 1.4, 2, 2.5, 4};
	const struct mse_given *g = &m->all.given[MSE_LOGLINEAR];

	memcpy(m->xi, xi, sizeof xi);
	m->has_xi = reckon_bounds(&m->all.c, 0, xi, MSE_XI, m->at_xi, NULL) == OK;
	m->has_model_xi = g->r.done && isfinite(g->r.upper);
	for (size_t i = 0; i < MSE_XI && m->has_model_xi; i++)
		m->model_at_xi[i] = reckon_at_xi((struct reckon_estimate){g->r.n, g->se, {g->r.lower,
			g->r.upper}}, m->all.c.n, xi[i]);
}

bool
mse_xi_holds(const struct mse *m)
{
	enum { HOLD = 1000 };

	return m->has_xi && m->at_xi[MSE_XI / 2].interval.upper < HOLD * (double)m->all.c.n;
}

/* With strata the sums have no sensitivity of their own. */
enum status
mse_sensitivity(struct mse *m, struct err *e)
{
	/* By the data, not by the clock: every machine must say the same. */
	bool small = m->all.c.n_lists <= CLASSES_LISTS && m->all.c.n_cells <= CLASSES_CELLS;

	(void)e;
	if (m->n_strata)
		return OK;
	try_chao(m);
	if (m->all.given[MSE_GRAPHS].r.done)
		try_deltas(m);
	if (m->all.given[MSE_LOGLINEAR].r.done)
		try_models(m);
	for (unsigned i = 0; i < m->all.c.n_lists && m->all.c.n_lists > 2; i++)
		try_without(m, i);
	if (m->all.given[MSE_LATENT].r.done && m->all.latent.converged && small)
		try_classes(m);
	else if (m->all.given[MSE_LATENT].r.done)
		toll_note(m->t, str_of(tr(m->t->x->lang, "other numbers of classes were not tried, because "
			"that takes long here; --classes K does")));
	try_xi(m);
	return OK;
}
