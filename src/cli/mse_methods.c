/* The methods, one after the other, on one set of counts; strata added up. */
#include <math.h>
#include "cli/mse_int.h"

const char *const mse_names[MSE_METHODS] = {"least", "chao", "loglinear", "stepwise", "graphs", "latent",
	"spread"};

static const enum reckon_family families[MSE_METHODS] = {
	RECKON_BOUND, RECKON_BOUND, RECKON_LOG_LINEAR, RECKON_LOG_LINEAR, RECKON_GRAPH_AVERAGE,
	RECKON_LATENT_CLASSES, RECKON_SMOOTH,
};

const char *
mse_title(enum lang l, unsigned method)
{
	return tr(l, reg_toll_title(str_of(mse_names[method])));
}

/* ---- Progress -------------------------------------------------------------------------- */

static bool
step(void *context, uint64_t done, uint64_t of)
{
	os_progress(context, done, of);
	return true;
}

static bool
latent_step(void *context, const struct reckon_latent_state *s)
{
	os_progress(context, s->iterations, s->most);
	return true;
}

static struct reckon_progress
progress(const char *what)
{
	union { const char *in; void *out; } name = {what};   /* the context is given back unread */

	return (struct reckon_progress){step, name.out};
}

/* ---- Each method ------------------------------------------------------------------------- */

static void
given(struct mse_given *g, double n, struct reckon_interval i)
{
	g->r.done = true;
	g->r.n = n;
	g->r.lower = i.lower;
	g->r.upper = i.upper;
	g->se = g->median = NAN;
}

static enum status
run_bound(struct mse *m, struct mse_part *p, struct mse_given *g, struct err *e)
{
	bool chao = g == &p->given[MSE_CHAO];
	struct reckon_estimate at;
	enum status st = chao ? reckon_chao(&p->c, 0, &at, e) : reckon_least(&p->c, 0, &at, e);

	(void)m;
	if (st)
		return st;
	given(g, at.n, at.interval);
	g->se = at.se;
	return OK;
}

/* Replicates without an estimate lie at infinity: then there is no standard error. */
static double
spread(const struct reckon_bootstrap *b)
{
	double mean = 0, squares = 0;

	for (size_t i = 0; i < b->n_replicates; i++)
		mean += b->replicates[i] / (double)b->n_replicates;
	for (size_t i = 0; i < b->n_replicates; i++)
		squares += (b->replicates[i] - mean) * (b->replicates[i] - mean);
	return isfinite(squares) && b->n_replicates > 1
		? sqrt(squares / (double)(b->n_replicates - 1)) : NAN;
}

static void
take_bootstrap(struct mse_given *g, const struct reckon_bootstrap *b, double se)
{
	given(g, b->estimate, b->interval);
	g->se = spread(b);
	if (isnan(g->se))
		g->se = se;
	g->draws = b->replicates;
	g->n_draws = b->n_replicates;
}

/* What the gate asks of a model. */
static void
take_fit(struct mse_given *g, const struct reckon_fit *f)
{
	g->r.overlap_p = f->overlap_p;
	g->r.bic = f->bic;
	g->r.gap = f->gap;
}

static enum status
run_loglinear(struct mse *m, struct mse_part *p, struct mse_given *g, struct err *e)
{
	const struct reckon_bootstrap_options o = {.seed = m->seed, .replicates = m->replicates};
	const struct reckon_progress all = progress("log-linear models");
	const struct reckon_progress again = progress("log-linear models, replicates");
	enum status st = reckon_loglinear(m->t->a, &p->c, NULL, &all, &p->loglinear, e);

	if (st)
		return st;
	if (p->loglinear.n_ok == 0)
		return err_set(e, BAD, "no log-linear model has an estimate with these overlaps");
	if ((st = reckon_loglinear_bootstrap(m->t->a, &p->c, &o, &again, &p->loglinear_bootstrap,
		e)) == OK)
		take_bootstrap(g, &p->loglinear_bootstrap, p->loglinear.fits[0].se);
	take_fit(g, &p->loglinear.fits[0]);
	return st;
}

/* Every pair of lists is tried at every step and in every resampling: half a minute for
 * 20 lists; with more, fewer resamplings.  Beyond 40 it is done only where it is asked. */
enum { SPREAD_LISTS = 9, STEPWISE_LISTS = 40, STEPWISE_MANY = 20, STEPWISE_REPLICATES = 1000 };

static void
note_cut(struct mse *m, const struct mse_part *p)
{
	struct arena *a = m->t->a;

	toll_note(m->t, str_fmt(a, tr(m->t->x->lang, "%s%sthe stepwise choice ended at %d parameters, "
		"not at its threshold: pairs of lists that depend on each other are left out"),
		p->name.n ? str_cstr(a, p->name) : "", p->name.n ? ": " : "", RECKON_PARAMETERS));
}

static enum status
run_stepwise(struct mse *m, struct mse_part *p, struct mse_given *g, struct err *e)
{
	if (p->c.n_lists > STEPWISE_LISTS && !opt(m->t->x, "--method"))
		return err_set(e, BAD, "more than %d lists take long; --method stepwise asks for it",
			STEPWISE_LISTS);
	const struct reckon_bootstrap_options o = {.seed = m->seed, .replicates = m->replicates
		? m->replicates : p->c.n_lists > STEPWISE_MANY ? STEPWISE_REPLICATES : 0};
	const struct reckon_progress once = progress("log-linear model, stepwise");
	const struct reckon_progress again = progress("stepwise, replicates");
	enum status st = reckon_stepwise(m->t->a, &p->c, 0, 0, &once, &p->stepwise, e);

	if (st)
		return st;
	if (p->stepwise.fit.state != RECKON_FIT_OK)
		return err_set(e, BAD, "no stepwise model has an estimate with these overlaps");
	if (p->stepwise.cut)
		note_cut(m, p);
	if ((st = reckon_stepwise_bootstrap(m->t->a, &p->c, &o, &again, &p->stepwise_bootstrap,
		e)) == OK)
		take_bootstrap(g, &p->stepwise_bootstrap, p->stepwise.fit.se);
	take_fit(g, &p->stepwise.fit);
	return st;
}

static enum status
run_graphs(struct mse *m, struct mse_part *p, struct mse_given *g, struct err *e)
{
	enum { DRAWS = 4000 };
	const struct reckon_graphs_options o = {.delta = m->delta};
	const struct reckon_progress all = progress("graphs of lists");
	enum status st = reckon_graphs(m->t->a, &p->c, &o, &all, &p->graphs, e);
	double *draws;

	if (st)
		return st;
	given(g, p->graphs.without.mean, p->graphs.without.interval);
	g->se = p->graphs.without.sd;
	g->median = p->graphs.without.median;
	g->r.capped = p->graphs.capped || p->graphs.tail >= 1;
	/* Not drawn by lot: one from the middle of each 4,000th of the distribution, in an
	 * order that pairs strata at random. */
	draws = NEWS(m->t->a, double, DRAWS);
	struct reckon_random r;
	reckon_random_init(&r, m->seed, hash64(str_bytes(p->name), 1) | (uint64_t)1 << 63);
	for (size_t i = 0; i < DRAWS; i++) {
		size_t k = (size_t)reckon_random_below(&r, i + 1);
		draws[i] = draws[k];
		draws[k] = reckon_graphs_quantile(&p->graphs, ((double)i + 0.5) / DRAWS);
	}
	g->draws = draws;
	g->n_draws = DRAWS;
	return OK;
}

static enum status
run_latent(struct mse *m, struct mse_part *p, struct mse_given *g, struct err *e)
{
	union { const char *in; void *out; } name = {"latent classes"};
	const struct reckon_latent_options o = {.seed = m->seed, .classes = m->classes,
		.progress = latent_step, .ctx = name.out};
	enum status st = reckon_latent(m->t->a, &p->c, &o, &p->latent, e);
	const struct reckon_mixing *x = &p->latent.mixing;

	if (st)
		return st;
	given(g, x->mean, (struct reckon_interval){x->quantile[0], x->quantile[RECKON_QUANTILES - 1]});
	g->se = x->sd;
	g->median = x->quantile[RECKON_QUANTILES / 2];
	g->r.capped = p->latent.capped;
	g->r.sampled = true;
	g->r.chains = p->latent.chains;
	g->r.rhat = x->rhat;
	g->r.ess = fmin(x->ess_bulk, x->ess_tail);
	g->r.overlap_p = p->latent.overlap_p;
	g->draws = p->latent.draws;
	g->n_draws = p->latent.n_draws;
	return OK;
}

static enum status
run_spread(struct mse *m, struct mse_part *p, struct mse_given *g, struct err *e)
{
	struct reckon_stepwise base;
	enum status st;

	if (p->c.n_lists > SPREAD_LISTS)
		return err_set(e, BAD, "people who differ: more than %d lists", SPREAD_LISTS);
	st = reckon_stepwise(m->t->a, &p->c, 0, 0, NULL, &base, e);
	if (st == OK && base.fit.state != RECKON_FIT_OK)
		return err_set(e, BAD, "no stepwise model has an estimate with these overlaps");
	if (st == OK)
		st = reckon_spread(&p->c, base.fit.terms, base.fit.n_terms, 0, &base.fit.profile,
			&p->spread, e);
	if (st)
		return st;
	given(g, p->spread.at.n, p->spread.at.interval);
	g->se = p->spread.at.se;
	return OK;
}

static enum status (*const runs[MSE_METHODS])(struct mse *m, struct mse_part *p,
	struct mse_given *g, struct err *e) = {
	run_bound, run_bound, run_loglinear, run_stepwise, run_graphs, run_latent, run_spread,
};

static void
look(struct mse *m, struct mse_part *p)
{
	struct reckon_result r[MSE_METHODS];
	size_t at[MSE_METHODS], n = 0;
	enum reckon_why *why = NEWS(m->t->a, enum reckon_why, MSE_METHODS);

	for (size_t k = 0; k < MSE_METHODS; k++) {
		why[k] = RECKON_NOT_DONE;
		if (m->asked[k]) {
			r[n] = p->given[k].r;
			at[n++] = k;
		}
	}
	reckon_gate(m->t->a, &p->c, r, n, &p->gate);
	for (size_t i = 0; i < n; i++)
		why[at[i]] = p->gate.why[i];
	p->gate.why = why;
}

enum status
mse_run(struct mse *m, struct mse_part *p, struct err *e)
{
	for (size_t k = 0; k < MSE_METHODS; k++) {
		struct mse_given *g = &p->given[k];
		struct err fault = {0};
		g->r.family = families[k];
		g->r.overlap_p = 1;
		if (!m->asked[k])
			continue;
		enum status st = runs[k](m, p, g, &fault);
		if (st == FAIL) {
			*e = fault;
			return st;
		}
		if (st)
			g->fault = str_dup(m->t->a, str_of(fault.text));
	}
	os_progress_end();
	look(m, p);
	return OK;
}

/* ---- Strata ------------------------------------------------------------------------------ */

static double
quantile_of(const double *sorted, size_t n, double u)
{
	double at = u * (double)(n - 1);
	size_t i = (size_t)at;

	return i + 1 < n ? sorted[i] + (at - (double)i) * (sorted[i + 1] - sorted[i]) : sorted[n - 1];
}

static bool
is_said(const struct mse *m, size_t stratum, unsigned k)
{
	return m->strata[stratum].gate.why[k] == RECKON_SAID;
}

/* Draws add up where each stratum has as many; one that is withheld adds its people. */
static bool
add_draws(struct mse *m, unsigned k)
{
	size_t n = SIZE_MAX;
	struct mse_given *g = &m->all.given[k];
	double *all, *sum, mean = 0;

	for (size_t s = 0; s < m->n_strata; s++)
		if (is_said(m, s, k) && m->strata[s].given[k].n_draws < n)
			n = m->strata[s].given[k].n_draws;
	if (n < 100 || n == SIZE_MAX)
		return false;
	all = NEWS(m->t->a, double, n * m->n_strata);
	sum = NEWS(m->t->a, double, n);
	for (size_t s = 0; s < m->n_strata; s++) {
		const struct mse_given *x = &m->strata[s].given[k];
		for (size_t i = 0; i < n; i++)
			all[s * n + i] = is_said(m, s, k) ? x->draws[i] : (double)m->strata[s].c.n;
		mean += is_said(m, s, k) ? x->r.n : (double)m->strata[s].c.n;
	}
	reckon_strata_draws(all, m->n_strata, n, sum);
	given(g, mean, (struct reckon_interval){quantile_of(sum, n, 0.025), quantile_of(sum, n, 0.975)});
	g->median = quantile_of(sum, n, 0.5);
	g->draws = sum;
	g->n_draws = n;
	return true;
}

static enum status
add_estimates(struct mse *m, unsigned k, struct err *e)
{
	struct reckon_estimate *of = NEWS(m->t->a, struct reckon_estimate, m->n_strata), sum;
	struct mse_given *g = &m->all.given[k];
	enum status st;

	for (size_t s = 0; s < m->n_strata; s++) {
		const struct mse_given *x = &m->strata[s].given[k];
		double listed = (double)m->strata[s].c.n;
		of[s] = is_said(m, s, k) ? (struct reckon_estimate){x->r.n, x->se, {x->r.lower, x->r.upper}}
			: (struct reckon_estimate){listed, 0, {listed, listed}};
		if (!isfinite(of[s].se))
			return err_set(e, BAD, "a stratum has no standard error");
	}
	if ((st = reckon_strata_sum(of, m->n_strata, m->all.c.n, 0, &sum, e)) == OK) {
		given(g, sum.n, sum.interval);
		g->se = sum.se;
	}
	return st;
}

/* The sum is no estimate where a part of it is withheld: it turns into a lower bound, and
 * says in which strata. */
static void
make_partial(struct mse *m, unsigned k)
{
	enum { NAMED = 5 };
	struct mse_given *g = &m->all.given[k];
	struct arena *a = m->t->a;
	enum lang l = m->t->x->lang;
	struct str names = STR_NONE;
	size_t named = 0;

	for (size_t s = 0; s < m->n_strata; s++)
		if (!is_said(m, s, k) && named++ < NAMED)
			names = str_fmt(a, STR_FMT "%s" STR_FMT, STR_ARG(names), names.n ? ", " : "",
				STR_ARG(m->strata[s].name));
	if (named > NAMED)
		names = str_fmt(a, STR_FMT ", …", STR_ARG(names));
	g->partial = (struct reckon_interval){g->r.lower, g->r.upper};
	g->r.done = false;
	g->draws = NULL;
	g->n_draws = 0;
	g->fault = str_fmt(a, tr(l, "not said in %s of %s strata (%s); with nobody unlisted there, at "
		"least %s"), toll_whole(m->t, (double)g->n_withheld), toll_whole(m->t, (double)m->n_strata), str_cstr(a, names), str_cstr(a, text_number(a,
		(int64_t)floor(g->partial.lower), l)));
}

static void
add_method(struct mse *m, unsigned k)
{
	struct mse_given *g = &m->all.given[k];
	struct err e = {0};

	g->r.family = families[k];
	for (size_t s = 0; s < m->n_strata; s++)
		g->n_withheld += !is_said(m, s, k);
	if (g->n_withheld == m->n_strata) {
		struct str why = mse_why(m, m->t->x->lang, &m->strata[0], k);
		g->fault = str_fmt(m->t->a, STR_FMT ": " STR_FMT, STR_ARG(m->strata[0].name),
			STR_ARG(why));
		return;
	}
	bool draws = (k == MSE_GRAPHS || k == MSE_LATENT) && add_draws(m, k);
	if (!draws && add_estimates(m, k, &e) != OK) {
		g->fault = str_dup(m->t->a, str_of(e.text));
		return;
	}
	g->r.overlap_p = 1;
	g->r.summed = true;
	if (g->n_withheld)
		make_partial(m, k);
}

enum status
mse_add_up(struct mse *m, struct err *e)
{
	enum status st = OK;

	for (size_t s = 0; s < m->n_strata && st == OK; s++)
		if ((st = mse_run(m, &m->strata[s], e)) != OK)
			return st;
	for (unsigned k = 0; k < MSE_METHODS; k++)
		if (m->asked[k])
			add_method(m, k);
	look(m, &m->all);
	return OK;
}

/* ---- Why not ------------------------------------------------------------------------------- */

static const char *const whys[RECKON_WHYS] = {
	[RECKON_FEW_LISTS] = N_("fewer than three lists share people: of two lists nobody can tell "
		"whether one follows the other"),
	[RECKON_FEW_SHARED] = N_("fewer than seven people are on more than one list"),
	[RECKON_NOT_DONE] = N_("not done"),
	[RECKON_FEW_CHAINS] = N_("fewer than eight chains"),
	[RECKON_TOO_LOW] = N_("too low: people on one list and on two tell of clearly more, as they do "
		"where people differ in how easily they are listed"),
	[RECKON_DIFFER] = N_("people differ in how easily they are listed, as the lists show; how they "
		"differ, and so how many there are, they do not tell"),
	[RECKON_AT_CAP] = N_("the largest number that was counted is reached: the data set no upper "
		"end"),
	[RECKON_NO_UPPER] = N_("the interval has no upper end"),
	[RECKON_OPEN] = N_("another method's interval has no upper end, and these lists do not rule it "
		"out"),
};

struct str
mse_why(struct mse *m, enum lang l, const struct mse_part *p, unsigned method)
{
	const struct mse_given *g = &p->given[method];
	enum reckon_why why = p->gate.why[method];
	struct arena *a = m->t->a;

	if (why == RECKON_SAID)
		return STR_NONE;
	if (why == RECKON_NOT_DONE && g->fault.n)
		return g->fault;
	switch (why) {
	case RECKON_LONE_LIST:
		return str_fmt(a, tr(l, "the list \"%s\" shares nobody with any other: nothing tells how it "
			"hangs together with them"), str_cstr(a, p->c.names[p->gate.lone]));
	case RECKON_NOT_MIXED:
		return str_fmt(a, tr(l, "chains disagree: R-hat %.3f, at most 1.01 would be right"),
			g->r.rhat);
	case RECKON_FEW_DRAWS:
		return str_fmt(a, tr(l, "%.0f effective draws; 400 would be enough"), g->r.ess);
	case RECKON_BELOW_BOUND:
		return str_fmt(a, tr(l, "too low: if people differ in how easily they are listed there are at "
			"least %s; if they do not, some lists must exclude one another"), str_cstr(a,
			text_number(a, llround(p->gate.bound), l)));
	case RECKON_OVERLAPS:
		return str_fmt(a, tr(l, "the model does not give the overlaps of lists that were seen (p "
			"%.4f)"), g->r.overlap_p);
	case RECKON_DISAGREE:
		return str_fmt(a, tr(l, "families of models disagree: %s to %s; no data tell which is "
			"right"), str_cstr(a, text_number(a, llround(p->gate.low), l)), str_cstr(a, text_number(a,
			llround(p->gate.high), l)));
	default:
		return str_of(tr(l, whys[why]));
	}
}
