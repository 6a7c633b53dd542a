/* `habeas toll mse`: the JSON and the tables. */
#include <math.h>
#include "cli/mse_int.h"

/* ---- JSON: what each method adds ------------------------------------------------------
 *
 * In two parts: figures_*() are numbers of people, which are not for publication where
 * the method is withheld; json_*() say how they came about. */

static void
json_range(struct json *j, const char *key, double n, struct reckon_interval i)
{
	json_key(j, key);
	json_object(j);
	json_field_real(j, "estimate", n);
	json_field_real(j, "lower", i.lower);
	json_field_real(j, "upper", i.upper);
	json_object_end(j);
}

static void
json_fit(struct mse *m, const struct mse_part *p, struct json *j, const struct reckon_fit *f)
{
	json_field_text(j, "model", reckon_terms_show(m->t->a, f->terms, f->n_terms, NULL));
	json_field_text(j, "model_names", reckon_terms_show(m->t->a, f->terms, f->n_terms,
		p->c.names));
	json_field_int(j, "parameters", f->parameters);
	json_field_int(j, "empty_terms", f->empty);
	json_field_real(j, "cells", f->cells);
	json_field_real(j, "overlap_p", f->overlap_p);
	json_field_real(j, "deviance", f->deviance);
	json_field_real(j, "aic", f->aic);
	json_field_real(j, "bic", f->bic);
}

static void
figures_fit(struct json *j, const struct reckon_fit *f)
{
	json_field_real(j, "se", f->se);
	json_range(j, "wald", f->n, f->wald);
	json_range(j, "profile", f->n, f->profile);
}

static void
json_bootstrap(struct json *j, const struct reckon_bootstrap *b)
{
	json_key(j, "bootstrap");
	json_object(j);
	json_field_int(j, "replicates", (int64_t)b->n_replicates);
	json_field_int(j, "without_estimate", (int64_t)b->n_unbounded);
	json_field_int(j, "models", (int64_t)b->n_models);
	json_field_real(j, "bias", b->bias);
	json_field_real(j, "acceleration", b->acceleration);
	json_object_end(j);
}

static void
figures_loglinear(struct mse *m, const struct mse_part *p, struct json *j)
{
	const struct reckon_loglinear *x = &p->loglinear;
	const struct reckon_fit *aic = &x->fits[x->best_aic];

	(void)m;
	figures_fit(j, &x->fits[0]);
	json_range(j, "aic_best", aic->n, aic->profile);
	json_range(j, "averaged", x->averaged.n, x->averaged.interval);
	json_field_real(j, "lowest_within_4", x->lowest);
	json_field_real(j, "highest_within_4", x->highest);
}

static void
json_loglinear(struct mse *m, const struct mse_part *p, struct json *j)
{
	const struct reckon_loglinear *x = &p->loglinear;
	const struct reckon_fit *aic = &x->fits[x->best_aic];

	json_fit(m, p, j, &x->fits[0]);
	json_bootstrap(j, &p->loglinear_bootstrap);
	json_field_int(j, "models", (int64_t)x->n_fits);
	json_field_int(j, "models_ok", (int64_t)x->n_ok);
	json_field_int(j, "models_without_mle", (int64_t)x->n_no_mle);
	json_field_int(j, "models_not_identified", (int64_t)x->n_not_identified);
	json_field_text(j, "aic_model", reckon_terms_show(m->t->a, aic->terms, aic->n_terms, NULL));
}

static void
figures_stepwise(struct mse *m, const struct mse_part *p, struct json *j)
{
	(void)m;
	figures_fit(j, &p->stepwise.fit);
}

static void
json_stepwise(struct mse *m, const struct mse_part *p, struct json *j)
{
	json_fit(m, p, j, &p->stepwise.fit);
	json_bootstrap(j, &p->stepwise_bootstrap);
	json_key(j, "steps");
	json_array(j);
	for (size_t i = 0; i < p->stepwise.n_steps; i++) {
		json_object(j);
		json_field_text(j, "pair", reckon_terms_show(m->t->a, &p->stepwise.steps[i].pair, 1, NULL));
		json_field_real(j, "log_p", p->stepwise.steps[i].log_p);
		json_object_end(j);
	}
	json_array_end(j);
	json_field_bool(j, "cut", p->stepwise.cut);
}

static void
figures_graphs(struct mse *m, const struct mse_part *p, struct json *j)
{
	const struct reckon_graphs *g = &p->graphs;

	json_field_real(j, "median", g->without.median);
	json_field_real(j, "mode", g->without.mode);
	json_field_real(j, "sd", g->without.sd);
	json_range(j, "with_saturated", g->with.mean, g->with.interval);
	json_key(j, "top");
	json_array(j);
	for (size_t i = 0; i < g->n_top; i++) {
		json_object(j);
		json_field_text(j, "model", reckon_terms_show(m->t->a, g->top[i].cliques,
			g->top[i].n_cliques, NULL));
		json_field_real(j, "probability", g->top[i].probability);
		json_field_real(j, "mean", g->top[i].mean);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
json_graphs(struct mse *m, const struct mse_part *p, struct json *j)
{
	const struct reckon_graphs *g = &p->graphs;

	(void)m;
	json_field_real(j, "delta", g->delta);
	json_field_int(j, "graphs", (int64_t)g->n_graphs);
	json_field_int(j, "unseen_at_most", (int64_t)g->n0_max);
	json_field_real(j, "tail", g->tail);
	json_field_bool(j, "capped", g->capped);
	json_field_real(j, "saturated", g->saturated);
}

static void
json_overlaps(const struct mse_part *p, struct json *j)
{
	json_key(j, "overlaps");
	json_array(j);
	for (size_t i = 0; i < p->latent.n_overlaps; i++) {
		const struct reckon_overlap *o = &p->latent.overlaps[i];
		json_object(j);
		json_field_text(j, "a", p->c.names[o->i]);
		json_field_text(j, "b", p->c.names[o->j]);
		json_field_int(j, "seen", (int64_t)o->seen);
		json_field_real(j, "expected", o->expected);
		json_field_real(j, "p", o->p);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
figures_latent(struct mse *m, const struct mse_part *p, struct json *j)
{
	const struct reckon_mixing *x = &p->latent.mixing;

	(void)m;
	json_field_real(j, "median", x->quantile[RECKON_QUANTILES / 2]);
	json_field_real(j, "sd", x->sd);
	json_field_real(j, "mcse", x->mcse_mean);
	json_key(j, "quantiles");             /* 2.5, 25, 50, 75, 97.5 % */
	json_array(j);
	for (size_t i = 0; i < RECKON_QUANTILES; i++)
		json_real(j, x->quantile[i]);
	json_array_end(j);
}

static void
json_latent(struct mse *m, const struct mse_part *p, struct json *j)
{
	const struct reckon_latent *x = &p->latent;

	(void)m;
	json_field_real(j, "rhat", x->mixing.rhat);
	json_field_real(j, "ess_bulk", x->mixing.ess_bulk);
	json_field_real(j, "ess_tail", x->mixing.ess_tail);
	json_field_int(j, "chains", x->chains);
	json_field_int(j, "classes", x->classes);
	json_field_int(j, "population", x->population);
	json_field_int(j, "warmup", x->warmup);
	json_field_int(j, "iterations", x->iterations);
	json_field_bool(j, "capped", x->capped);
	json_field_real(j, "overlap_p", x->overlap_p);
	json_overlaps(p, j);
}

static void
figures_spread(struct mse *m, const struct mse_part *p, struct json *j)
{
	(void)m;
	json_field_real(j, "tau", p->spread.tau);
}

/* ---- JSON: a set of counts ------------------------------------------------------------ */

/* What is withheld is null wherever a number would be looked for. */
static void
json_numbers(struct json *j, bool said, double n, double lower, double upper)
{
	json_field_real(j, "estimate", said ? n : NAN);
	json_field_real(j, "lower", said ? lower : NAN);
	json_field_real(j, "upper", said ? upper : NAN);
}

static void
json_partial(struct mse *m, const struct mse_given *g, struct json *j, unsigned k)
{
	json_key(j, "withheld_in");
	json_array(j);
	for (size_t s = 0; s < m->n_strata; s++)
		if (m->strata[s].gate.why[k] != RECKON_SAID)
			json_text(j, m->strata[s].name);
	json_array_end(j);
	if (g->n_withheld < m->n_strata)
		json_field_real(j, "at_least", g->partial.lower > 0 ? g->partial.lower : NAN);
}

static void (*const more[MSE_METHODS])(struct mse *, const struct mse_part *, struct json *) = {
	[MSE_LOGLINEAR] = json_loglinear, [MSE_STEPWISE] = json_stepwise,
	[MSE_GRAPHS] = json_graphs, [MSE_LATENT] = json_latent,
};
static void (*const figures[MSE_METHODS])(struct mse *, const struct mse_part *,
	struct json *) = {
	[MSE_LOGLINEAR] = figures_loglinear, [MSE_STEPWISE] = figures_stepwise,
	[MSE_GRAPHS] = figures_graphs, [MSE_LATENT] = figures_latent,
	[MSE_SPREAD] = figures_spread,
};

static void
json_diagnostics(struct mse *m, const struct mse_part *p, struct json *j, unsigned k)
{
	const struct mse_given *g = &p->given[k];
	bool summed = m->n_strata && p == &m->all, said = p->gate.why[k] == RECKON_SAID;

	json_key(j, "diagnostics");
	json_object(j);
	if (g->r.done) {
		if (!said) {
			json_key(j, "not_for_publication");
			json_object(j);
			json_numbers(j, true, g->r.n, g->r.lower, g->r.upper);
		}
		json_field_real(j, "standard_error", g->se);
		if (figures[k] && !summed)
			figures[k](m, p, j);
		if (!said)
			json_object_end(j);
		if (more[k] && !summed)
			more[k](m, p, j);
	}
	if (summed && g->n_withheld)
		json_partial(m, g, j, k);
	json_object_end(j);
}

static void
json_method(struct mse *m, const struct mse_part *p, struct json *j, unsigned k)
{
	static const char *const roles[] = {"lower bound", "lower bound for lists alike in size",
		"estimate"};
	static const char *const families[] = {[RECKON_BOUND] = "bound",
		[RECKON_LOG_LINEAR] = "log-linear", [RECKON_GRAPH_AVERAGE] = "graphs",
		[RECKON_LATENT_CLASSES] = "latent classes", [RECKON_SMOOTH] = "spread"};
	const struct mse_given *g = &p->given[k];

	json_object(j);
	json_field_text(j, "method", str_of(mse_names[k]));
	json_field_text(j, "family", str_of(families[g->r.family]));
	json_field_text(j, "role", str_of(roles[k <= MSE_CHAO ? k : 2]));
	json_numbers(j, p->gate.why[k] == RECKON_SAID, g->r.n, g->r.lower, g->r.upper);
	json_field_real(j, "level", 0.95);
	json_field_text(j, "withheld", mse_why(m, LANG_EN, p, k));
	json_diagnostics(m, p, j, k);
	json_object_end(j);
}

static void
json_part(struct mse *m, const struct mse_part *p, struct json *j)
{
	json_field_int(j, "n", (int64_t)p->c.n);
	json_key(j, "lists");
	json_array(j);
	for (unsigned i = 0; i < p->c.n_lists; i++)
		json_text(j, p->c.names[i]);
	json_array_end(j);
	json_key(j, "on_list");
	json_array(j);
	for (unsigned i = 0; i < p->c.n_lists; i++)
		json_real(j, mse_on_list(&p->c, i));
	json_array_end(j);
	json_key(j, "methods");
	json_array(j);
	for (unsigned k = 0; k < MSE_METHODS; k++)
		if (m->asked[k])
			json_method(m, p, j, k);
	json_array_end(j);
	json_field_real(j, "at_least", p->gate.why[MSE_LEAST] == RECKON_SAID
		? p->given[MSE_LEAST].r.lower : NAN);
	json_key(j, "span");
	json_object(j);
	json_field_int(j, "methods", (int64_t)p->gate.said);
	json_field_real(j, "lower", p->gate.said ? p->gate.span.lower : NAN);
	json_field_real(j, "upper", p->gate.said ? p->gate.span.upper : NAN);
	json_object_end(j);
}

static void
json_sensitivity(struct mse *m, struct json *j)
{
	json_key(j, "sensitivity");
	json_array(j);
	for (size_t i = 0; i < m->n_sense; i++) {
		const struct mse_sense *s = &m->sense[i];
		json_object(j);
		json_field_text(j, "group", str_of(s->group));
		json_field_text(j, "change", s->id);
		json_field_text(j, "method", str_of(mse_names[s->method]));
		bool said = m->all.gate.why[s->method] == RECKON_SAID;
		json_numbers(j, said, s->at.n, s->at.interval.lower, s->at.interval.upper);
		if (!said)
			json_range(j, "not_for_publication", s->at.n, s->at.interval);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
json_xi(struct mse *m, struct json *j, const char *key, bool has,
	const struct reckon_estimate *at)
{
	json_key(j, key);
	json_array(j);
	for (size_t i = 0; i < MSE_XI && has; i++) {
		json_object(j);
		json_field_real(j, "xi", m->xi[i]);
		json_field_real(j, "estimate", at[i].n);
		json_field_real(j, "lower", at[i].interval.lower);
		json_field_real(j, "upper", at[i].interval.upper);
		json_object_end(j);
	}
	json_array_end(j);
}

void
mse_json(struct mse *m, struct buf *out)
{
	struct json j = json_to(out);

	json_object(&j);
	if (m->question.n)
		json_field_text(&j, "question", m->question);
	json_part(m, &m->all, &j);
	if (m->n_strata) {
		json_key(&j, "strata");
		json_array(&j);
		for (size_t s = 0; s < m->n_strata; s++) {
			json_object(&j);
			json_field_text(&j, "stratum", m->strata[s].name);
			json_part(m, &m->strata[s], &j);
			json_object_end(&j);
		}
		json_array_end(&j);
	}
	json_sensitivity(m, &j);
	json_xi(m, &j, "xi", m->has_xi, m->at_xi);
	json_xi(m, &j, "xi_loglinear", m->has_model_xi
		&& m->all.gate.why[MSE_LOGLINEAR] == RECKON_SAID, m->model_at_xi);
	toll_json_notes(m->t, &j);
	toll_receipt(m->t, &j, &m->seed);
	json_object_end(&j);
	buf_byte(out, '\n');
}

/* ---- Tables --------------------------------------------------------------------------- */

static struct str
real(struct mse *m, double v)
{
	return isfinite(v) ? str_fmt(m->t->a, "%.2f", v) : isinf(v) ? S("inf") : S("");
}

static void
put_part(struct mse *m, const struct mse_part *p, struct buf *out)
{
	for (unsigned k = 0; k < MSE_METHODS; k++) {
		const struct mse_given *g = &p->given[k];
		bool said = p->gate.why[k] == RECKON_SAID;
		const struct str cells[7] = {p->name, str_of(mse_names[k]), said ? real(m, g->r.n)
			: S(""), said ? real(m, g->r.lower) : S(""), said ? real(m, g->r.upper) : S(""),
			S("0.95"), mse_why(m, LANG_EN, p, k)};
		if (m->asked[k] && k != MSE_CHAO)
			csv_write_row(out, cells, 7, ',');
	}
}

static void
put_methods(struct mse *m, struct buf *out)
{
	const struct str head[7] = {S("stratum"), S("method"), S("estimate"), S("lower"), S("upper"),
		S("level"), S("withheld")};

	csv_write_row(out, head, 7, ',');
	put_part(m, &m->all, out);
	for (size_t s = 0; s < m->n_strata; s++)
		put_part(m, &m->strata[s], out);
}

static void
put_sensitivity(struct mse *m, struct buf *out)
{
	struct str cells[6] = {S("group"), S("change"), S("method"), S("estimate"), S("lower"),
		S("upper")};

	csv_write_row(out, cells, 6, ',');
	for (size_t i = 0; i < m->n_sense; i++) {
		const struct mse_sense *s = &m->sense[i];
		if (m->all.gate.why[s->method] != RECKON_SAID)
			continue;
		cells[0] = str_of(s->group);
		cells[1] = s->id;
		cells[2] = str_of(mse_names[s->method]);
		cells[3] = real(m, s->at.n);
		cells[4] = real(m, s->at.interval.lower);
		cells[5] = real(m, s->at.interval.upper);
		csv_write_row(out, cells, 6, ',');
	}
}

static void
put_xi(struct mse *m, struct buf *out)
{
	struct str cells[7] = {S("xi"), S("estimate"), S("lower"), S("upper"), S("loglinear"),
		S("loglinear_lower"), S("loglinear_upper")};

	bool model = m->has_model_xi && m->all.gate.why[MSE_LOGLINEAR] == RECKON_SAID;

	csv_write_row(out, cells, 7, ',');
	for (size_t i = 0; i < MSE_XI; i++) {
		const struct reckon_estimate none = {NAN, NAN, {NAN, NAN}};
		const struct reckon_estimate *of[2] = {m->has_xi ? &m->at_xi[i] : &none,
			model ? &m->model_at_xi[i] : &none};
		cells[0] = str_fmt(m->t->a, "%g", m->xi[i]);
		for (size_t k = 0; k < 2; k++) {
			cells[1 + 3 * k] = real(m, of[k]->n);
			cells[2 + 3 * k] = real(m, of[k]->interval.lower);
			cells[3 + 3 * k] = real(m, of[k]->interval.upper);
		}
		if (m->has_xi || model)
			csv_write_row(out, cells, 7, ',');
	}
}

static void
put_overlap(struct mse *m, struct buf *out)
{
	const struct reckon_counts *c = &m->all.c;
	struct str *cells = NEWS(m->t->a, struct str, c->n_lists + 1);

	for (unsigned i = 0; i < c->n_lists; i++)
		cells[i] = c->names[i];
	cells[c->n_lists] = S("count");
	csv_write_row(out, cells, c->n_lists + 1, ',');
	for (size_t i = 0; i < c->n_cells; i++) {
		for (unsigned k = 0; k < c->n_lists; k++)
			cells[k] = c->cells[i].on >> k & 1 ? S("1") : S("0");
		cells[c->n_lists] = str_fmt(m->t->a, "%llu", (unsigned long long)c->cells[i].count);
		csv_write_row(out, cells, c->n_lists + 1, ',');
	}
}

static void
put_draws(struct mse *m, struct buf *out)
{
	struct str cells[2] = {S("method"), S("draw")};

	csv_write_row(out, cells, 2, ',');
	/* Of methods that are said: whoever averages a column must not average the others. */
	for (unsigned k = 0; k < MSE_METHODS; k++)
		for (size_t i = 0; m->all.gate.why[k] == RECKON_SAID
			&& i < m->all.given[k].n_draws; i++) {
			cells[0] = str_of(mse_names[k]);
			cells[1] = real(m, m->all.given[k].draws[i]);
			csv_write_row(out, cells, 2, ',');
		}
}

enum status
mse_write(struct mse *m, struct err *e)
{
	static const struct {
		const char *name;
		void (*put)(struct mse *m, struct buf *out);
	} files[] = {
		{"mse.json", mse_json}, {"methods.csv", put_methods}, {"sensitivity.csv",
		put_sensitivity}, {"xi.csv", put_xi}, {"overlap.csv", put_overlap},
		{"draws.csv", put_draws},
	};
	enum status st = OK;

	for (size_t i = 0; i < sizeof files / sizeof *files && st == OK; i++) {
		struct buf out;
		buf_init(&out, (size_t)256 << 20);
		files[i].put(m, &out);
		st = toll_write(m->t, files[i].name, buf_bytes(&out), e);
		buf_finish(&out);
	}
	if (st == OK)
		st = mse_charts(m, e);
	return toll_keep(m->t, st, e);
}
