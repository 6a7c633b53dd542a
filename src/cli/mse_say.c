/* `habeas toll mse`: the report for people.  Never one number alone. */
#include <math.h>
#include "cli/mse_int.h"

static const char *
range_text(struct mse *m, double lower, double upper)
{
	enum lang l = m->t->x->lang;

	if (isnan(lower) || isnan(upper))
		return "";
	if (!isfinite(upper))
		return str_cstr(m->t->a, str_fmt(m->t->a, tr(l, "%s and no upper end"),
			toll_whole(m->t, lower)));
	return str_cstr(m->t->a, str_fmt(m->t->a, tr(l, "%s to %s"), toll_whole(m->t, lower),
		toll_whole(m->t, upper)));
}

static void
say_data(struct mse *m)
{
	const struct reckon_counts *c = &m->all.c;
	enum lang l = m->t->x->lang;

	say(tr(l, "%s: %s people on %s lists"), m->t->path, toll_whole(m->t, (double)c->n),
		toll_whole(m->t, c->n_lists));
	if (m->question.n)
		say("%s " STR_FMT, l == LANG_FA || l == LANG_AZB ? "،" : ",", STR_ARG(m->question));
	else if (m->count_column.n)
		say(tr(l, ", counted in column \"%s\""), str_cstr(m->t->a, m->count_column));
	else
		say("%s", m->matched ? tr(l, ", linked as by habeas match") : tr(l, ", a row for each"));
	if (m->n_strata)
		say(tr(l, ", in %s strata"), toll_whole(m->t, (double)m->n_strata));
	say("\n");
	for (unsigned i = 0; i < c->n_lists; i++)
		say("%s" STR_FMT " %s", i ? ", " : "  ", STR_ARG(c->names[i]),
			toll_whole(m->t, mse_on_list(c, i)));
	say("\n\n");
}

/* A withheld number is not printed: what cannot be said should not be quoted.  It is in
 * the JSON, for whoever looks for the fault. */
static void
say_part(struct mse *m, const struct mse_part *p)
{
	struct toll *t = m->t;
	enum lang l = t->x->lang;
	struct text_table table = {.a = t->a};
	bool sum = m->n_strata && p == &m->all;
	const struct str head[3] = {sum ? str_of(tr(l, "all strata together")) : p->name,
		str_of(tr(l, "people in all")), str_of(tr(l, "95 % interval"))};

	table_row(&table, head, 3);
	for (unsigned k = 0; k < MSE_METHODS; k++) {
		const struct mse_given *g = &p->given[k];
		struct str cells[3] = {str_of(mse_title(l, k)), S("-"), S("")};
		if (!m->asked[k] || k == MSE_CHAO)
			continue;
		if (p->gate.why[k] == RECKON_SAID) {
			cells[1] = str_of(toll_whole(t, g->r.n));
			cells[2] = str_of(range_text(m, g->r.lower, g->r.upper));
		} else {
			struct str why = mse_why(m, l, p, k);
			cells[2] = str_fmt(t->a, tr(l, "withheld: %s"), str_cstr(t->a, why));
		}
		table_row(&table, cells, 3);
	}
	table_print(&table);
}

static void
say_span(struct mse *m)
{
	const struct reckon_gate *g = &m->all.gate;
	enum lang l = m->t->x->lang;
	size_t asked = 0;

	for (unsigned k = MSE_CHAO + 1; k < MSE_METHODS; k++)
		asked += m->asked[k];
	if (g->said > 1 || (g->said == 0 && asked) || asked < MSE_METHODS - MSE_CHAO - 1)
		say("\n");
	if (g->said > 1)
		say(tr(l, "Together: %s, from the lowest end of these intervals to the highest. No data "
			"tell which model is right.\n"), range_text(m, g->span.lower, g->span.upper));
	else if (g->said == 0 && asked)
		say("%s\n", tr(l, "No number of people in all can be said from these lists. The lower bound "
			"may be."));
	/* A method that is not asked can neither contradict nor refute the others. */
	if (asked < MSE_METHODS - MSE_CHAO - 1)
		say("%s\n", tr(l, "Not all methods were asked (--method): whether the others agree, and whether "
			"they show that people differ, is not known. Do not quote this."));
}

/* The number that may stand in a sentence: the bound's lower end, since the bound is
 * estimated too. */
static void
say_least(struct mse *m)
{
	const struct mse_given *g = &m->all.given[MSE_LEAST];
	enum lang l = m->t->x->lang;

	if (!g->r.done)
		return;
	if (g->r.lower > (double)m->all.c.n)
		say(tr(l, "At least %s people in all, unless being on one list keeps people off another."),
			toll_whole(m->t, g->r.lower));
	else
		say(tr(l, "At least the %s people on the lists; these show no more than that."),
			toll_whole(m->t, (double)m->all.c.n));
	say("\n\n");
}

static void
say_assumptions(struct mse *m)
{
	enum lang l = m->t->x->lang;

	say("\n%s\n", tr(l, reg_toll_assumes(NULL)));
	for (unsigned k = 0; k < MSE_METHODS; k++)
		if (m->asked[k] && k != MSE_CHAO && m->all.given[k].r.done)
			say("%s\n", tr(l, reg_toll_assumes(mse_names[k])));
}

static void
say_sensitivity(struct mse *m)
{
	struct toll *t = m->t;
	enum lang l = t->x->lang;
	struct text_table table = {.a = t->a};
	const struct str head[4] = {str_of(tr(l, "If it had been reckoned otherwise")), S(""),
		str_of(tr(l, "people in all")), str_of(tr(l, "95 % interval"))};
	size_t rows = 0;

	table_row(&table, head, 4);
	for (size_t i = 0; i < m->n_sense; i++) {
		const struct mse_sense *s = &m->sense[i];
		const struct str cells[4] = {s->change, str_of(mse_names[s->method]),
			str_of(toll_whole(t, s->at.n)),
			str_of(range_text(m, s->at.interval.lower, s->at.interval.upper))};
		/* Around a number that is withheld nothing is said either. */
		if (m->all.gate.why[s->method] != RECKON_SAID)
			continue;
		table_row(&table, cells, 4);
		rows++;
	}
	if (rows == 0)
		return;
	say("\n");
	table_print(&table);
}

static void
put_xi(struct mse *m, const struct reckon_estimate *at)
{
	struct toll *t = m->t;
	enum lang l = t->x->lang;
	struct text_table table = {.a = t->a};
	const struct str head[3] = {S("ξ"), str_of(tr(l, "people in all")),
		str_of(tr(l, "95 % interval"))};

	table_row(&table, head, 3);
	for (size_t i = 0; i < MSE_XI; i += 2) {
		const struct str cells[3] = {str_of(toll_real(t, m->xi[i], 2)),
			str_of(toll_whole(t, at[i].n)), str_of(range_text(m, at[i].interval.lower,
			at[i].interval.upper))};
		table_row(&table, cells, 3);
	}
	table_print(&table);
}

/* The curve is about the assumption itself: it is shown whatever the gate says.  Where
 * the overlaps are too few to hold anything, that is what is said. */
static void
say_xi(struct mse *m)
{
	enum lang l = m->t->x->lang;
	bool holds = mse_xi_holds(m);

	if (m->has_xi)
		say("\n%s\n", tr(l, "What no data tell: how all lists hang together at once. With nothing "
			"else assumed, and that interaction off by the factor ξ (1: as the others predict):"));
	if (holds)
		put_xi(m, m->at_xi);
	else if (m->has_xi)
		say("%s\n", tr(l, "the overlaps are too few: without further assumptions any number is "
			"possible."));
	if (m->has_model_xi && m->all.gate.why[MSE_LOGLINEAR] == RECKON_SAID) {
		say("\n%s\n", tr(l, "The same for the log-linear model best by BIC:"));
		put_xi(m, m->model_at_xi);
	}
}

void
mse_say(struct mse *m)
{
	enum lang l = m->t->x->lang;

	say_data(m);
	say_least(m);
	for (size_t s = 0; s < m->n_strata; s++) {
		say_part(m, &m->strata[s]);
		say("\n");
	}
	say_part(m, &m->all);
	say_span(m);
	say_assumptions(m);
	say_sensitivity(m);
	say_xi(m);
	say("\n");
	toll_say_notes(m->t);
	say(tr(l, "Receipt: data %.16s…, seed %llu, version %s\n"),
		hex_encode(m->t->a, BYTES(m->t->hash)).p, (unsigned long long)m->seed, HABEAS_VERSION);
	toll_say_options(m->t);
	if (opt(m->t->x, "--out"))
		say(tr(l, "Written: %s in %s\n"), "mse.json, tables (CSV), charts (PNG)",
			opt(m->t->x, "--out"));
}
