/* `habeas toll mse REG`: the same report from a register's linked persons, kept there as
 * a record with --commit; and what was kept. */
#include <math.h>
#include "cli/mse_int.h"

static enum status
one_day(const char *option, const char *s, bool last, int32_t *ret, struct err *e)
{
	struct date d;
	enum status st = date_parse(str_of(s), NULL, &d, e);

	if (st)
		return err_prefix(e, "%s", option);
	*ret = last ? d.last : d.first;
	return OK;
}

static enum status
ask_question(struct args *x, struct reg_histories_ask *ask, struct err *e)
{
	const char *day = opt(x, "--held-on"), *event = opt(x, "--event");
	const char *from = opt(x, "--from"), *to = opt(x, "--to"), *by = opt(x, "--by");
	const struct code *code;
	int32_t last = 0;
	enum status st;

	if (!day == !event || !event != !from || !event != !to)
		return err_set(e, BAD, "people come and go: --held-on DAY, or --event KIND --from DAY "
			"--to DAY would be right");
	if (by && strcmp(by, "list") != 0 && strcmp(by, "organisation") != 0)
		return err_set(e, BAD, "--by %s: list or organisation would be right", by);
	ask->by_organisation = by && by[0] == 'o';
	ask->lists = opt_str(x, "--lists");
	ask->held = day != NULL;
	if (day) {
		if ((st = one_day("--held-on", day, false, &ask->on, e)) != OK
		    || (st = one_day("--held-on", day, true, &last, e)) != OK)
			return st;
		if (ask->on > os_now() / 86400 + 1)
			return err_set(e, BAD, "--held-on %s: has not come yet; today or a day before would "
				"be right", day);
		return last == ask->on ? OK
			: err_set(e, BAD, "--held-on %s: one day would be right, 2020-03-27", day);
	}
	code = code_by_word(x->a, vocabulary_named(S("event")), str_of(event));
	if (!code)
		return err_set(e, BAD, "--event %s: arrest, release, death … would be right", event);
	ask->event = code->code;
	if ((st = one_day("--from", from, false, &ask->from, e)) != OK)
		return st;
	return one_day("--to", to, true, &ask->to, e);
}

static void
note(struct mse *m, size_t n, const char *words)
{
	struct toll *t = m->t;

	if (n)
		toll_note(t, str_fmt(t->a, "%s: %s", toll_whole(t, (double)n), tr(t->x->lang, words)));
}

static void
note_left(struct mse *m, const struct reg_histories *h)
{
	struct toll *t = m->t;
	enum lang l = t->x->lang;

	for (size_t i = 0; i < LEFT_WHYS; i++)
		if (h->left[i].claims)
			toll_note(t, str_fmt(t->a, tr(l, "not counted, %s times (%s people on no other "
				"list): %s"), toll_whole(t, (double)h->left[i].claims),
				toll_whole(t, (double)h->left[i].persons), tr(l, reg_left_words(i))));
	note(m, h->erased, N_("records erased; what they said is gone"));
	note(m, h->disagree, N_("people counted of whom another list says something else"));
	note(m, h->undated, N_("people counted by a list that says so without a date"));
	note(m, h->stale, N_("people counted whom a list last heard of more than 12 months before; "
		"those released since make the numbers too high"));
	for (size_t i = 0; i < h->n_silent; i++)
		toll_note(t, str_fmt(t->a, tr(l, "nobody is on the list \"%s\""),
			str_cstr(t->a, h->silent[i])));
}

static enum status
read_register(struct mse *m, struct reg *r, struct reg_histories_ask *ask, struct reg_histories *h,
	struct err *e)
{
	struct toll *t = m->t;
	enum status st = reg_histories(t->a, r, ask, h, e);

	if (st)
		return st;
	m->all.c = h->c;
	m->linkage = h->linkage;
	m->n_linkages = h->n_linkages;
	if (ask->linkages && !h->n_linkages)
		toll_note(t, str_of(tr(t->x->lang, "too many lists to draw linkages: the intervals take "
			"who is who as certain")));
	m->question = reg_toll_question(t->a, h->question, t->x->lang);
	t->path = t->x->arg[0];
	memcpy(t->hash, h->hash, SEAL_HASH);
	note_left(m, h);
	return OK;
}

/* What the report says of it, and no more. */
static size_t
otherwise(struct mse *m, struct reg_toll_otherwise *v)
{
	struct arena *a = m->t->a;
	const enum reckon_why *why = m->all.gate.why;
	size_t n = 0;

	for (size_t i = 0; i < m->n_sense; i++) {
		const struct mse_sense *s = &m->sense[i];
		struct str id = s->id;
		/* Chao's formula stands among the methods. */
		if (why[s->method] != RECKON_SAID || strcmp(s->group, "bound") == 0)
			continue;
		for (unsigned k = 0; k < m->all.c.n_lists && strcmp(s->group, "without") == 0; k++)
			if (str_eq(s->id, m->all.c.names[k]))
				id = str_fmt(a, "%u", k + 1);
		v[n++] = (struct reg_toll_otherwise){str_of(s->group), id, str_of(mse_names[s->method]),
			s->at.n, s->at.interval.lower, s->at.interval.upper};
	}
	for (size_t i = 0; i < MSE_XI; i += 2) {
		const struct reckon_estimate *x = &m->at_xi[i], *y = &m->model_at_xi[i];
		struct str id = str_fmt(a, "%g", m->xi[i]);
		if (m->all.gate.said && mse_xi_holds(m))
			v[n++] = (struct reg_toll_otherwise){S("xi"), id, S("none"), x->n,
				x->interval.lower, x->interval.upper};
		if (m->has_model_xi && why[MSE_LOGLINEAR] == RECKON_SAID)
			v[n++] = (struct reg_toll_otherwise){S("xi"), id, S("loglinear"), y->n,
				y->interval.lower, y->interval.upper};
	}
	return n;
}

static enum status
commit(struct mse *m, struct reg *r, const struct reg_histories *h, bool by_organisation,
	struct err *e)
{
	/* What else was asked is the record's question, lists and "by". */
	static const char *const tuning[] = {"--method", "--delta", "--classes", "--replicates", NULL};
	struct reg_toll_method v[MSE_METHODS];
	struct reg_toll_otherwise o[MSE_SENSES + 2 * MSE_XI];
	uint8_t hash[SEAL_HASH];
	size_t n = 0;
	enum status st;

	for (unsigned k = 0; k < MSE_METHODS; k++) {
		const struct mse_given *g = &m->all.given[k];
		bool said = m->all.gate.why[k] == RECKON_SAID;
		if (m->asked[k])
			v[n++] = (struct reg_toll_method){.method = str_of(mse_names[k]),
				.bound = k <= MSE_CHAO, .why = m->all.gate.why[k],
				.n = said ? g->r.n : NAN, .lower = said ? g->r.lower : NAN,
				.upper = said ? g->r.upper : NAN};
	}
	st = reg_toll_add(r, h, by_organisation, v, n, o, otherwise(m, o), m->seed, S(HABEAS_VERSION),
		toll_options(m->t, tuning), hash, e);
	if (st == OK && !m->t->x->json)
		say("%s " STR_FMT "\n", tr(m->t->x->lang, "Kept in the register as record"),
			STR_ARG(reg_record_id(m->t->a, hash)));
	return st;
}

/* Told before the reckoning, not after. */
static enum status
may_keep(struct reg *r, struct err *e)
{
	struct str role = node_info(reg_node(r))->role;

	return role_may_write(role, kind_number("estimate")) ? OK : err_set(e, BAD, "--commit: an "
		"estimate may not be kept by a " STR_FMT "; a reviewer or an administrator may",
		STR_ARG(role));
}

/* The reckoning takes a minute: others may write meanwhile. */
enum status
mse_register(struct mse *m, enum status (*answer)(struct mse *m, struct err *e), struct err *e)
{
	static const char *const not[] = {"--strata", "--count"};
	struct args *x = m->t->x;
	struct reg_histories_ask ask = {.seed = m->seed};
	struct reg_histories h;
	struct reg *r;
	enum status st;

	for (size_t i = 0; i < sizeof not / sizeof *not; i++)
		if (opt(x, not[i]))
			return err_set(e, BAD, "%s is for files", not[i]);
	if ((st = read_filter(x, 1, &ask.filter, e)) != OK || (st = ask_question(x, &ask, e)) != OK
	    || (st = mse_ask_linkages(m->t, &ask.linkages, e)) != OK
	    || (st = open_reg(x, opt(x, "--commit") ? NODE_WRITE : NODE_READ, &r, e)) != OK)
		return st;
	st = opt(x, "--commit") ? may_keep(r, e) : OK;
	if (st == OK && (st = read_register(m, r, &ask, &h, e)) == OK) {
		reg_rest(r);
		st = answer(m, e);
		if (st == OK && opt(x, "--commit") && (st = reg_go_on(r, e)) == OK)
			st = commit(m, r, &h, ask.by_organisation, e);
	}
	reg_close(r);
	return st;
}

/* ---- What was kept -------------------------------------------------------------------- */

static struct str
whole(struct args *x, double v)
{
	return isfinite(v) ? text_number(x->a, llround(v), x->lang) : S("-");
}

static void
say_methods(struct args *x, const struct reg_toll *v)
{
	enum lang l = x->lang;
	struct text_table table = {.a = x->a};

	table_row(&table, (struct str[]){S(""), str_of(tr(l, "people in all")),
		str_of(tr(l, "95 % interval"))}, 3);
	for (size_t i = 0; i < v->n_methods; i++) {
		const struct reg_toll_method *m = &v->methods[i];
		struct str cells[3] = {str_of(tr(l, m->title)), S("-"), S("")};
		if (m->why == RECKON_SAID) {
			cells[1] = whole(x, m->n);
			cells[2] = str_fmt(x->a, tr(l, "%s to %s"), str_cstr(x->a, whole(x, m->lower)),
				str_cstr(x->a, whole(x, m->upper)));
		} else {
			cells[2] = str_fmt(x->a, tr(l, "withheld: %s"), tr(l, reg_toll_why(m->why)));
		}
		table_row(&table, cells, 3);
	}
	table_print(&table);
}

void
print_toll(struct args *x, const struct reg_toll *v)
{
	enum lang l = x->lang;

	say("%s: " STR_FMT "\n", tr(l, "Asked"),
		STR_ARG(reg_toll_question(x->a, v->question, l)));
	say(tr(l, "%s people on %s lists"), str_cstr(x->a, whole(x, (double)v->listed)),
		str_cstr(x->a, whole(x, (double)v->n_lists)));
	for (size_t i = 0; i < v->n_lists; i++)
		say("%s" STR_FMT, i ? ", " : ": ", STR_ARG(v->lists[i]));
	say("\n\n");
	say_methods(x, v);
	if (v->said > 1)
		say(tr(l, "Together: %s, from the lowest end of these intervals to the highest. No data "
			"tell which model is right.\n"), str_cstr(x->a, str_fmt(x->a, tr(l, "%s to %s"),
			str_cstr(x->a, whole(x, v->span.lower)), str_cstr(x->a, whole(x, v->span.upper)))));
	else if (v->said == 0)
		say("%s\n", tr(l, "No number of people in all can be said from these lists. The lower bound "
			"may be."));
	say("\n%s\n", tr(l, reg_toll_assumes(NULL)));
	for (size_t i = 0; i < v->n_methods; i++)
		if (v->methods[i].why == RECKON_SAID)
			say("%s\n", tr(l, v->methods[i].assumes));
	say("\n");
	for (size_t i = 0; i < LEFT_WHYS; i++)
		if (v->left[i].claims)
			say(tr(l, "not counted, %s times (%s people on no other list): %s"),
				str_cstr(x->a, whole(x, (double)v->left[i].claims)),
				str_cstr(x->a, whole(x, (double)v->left[i].persons)),
				tr(l, reg_left_words(i))), say("\n");
	say(tr(l, "Receipt: data %.16s…, seed %s, version %s\n"),
		str_cstr(x->a, hex_encode(x->a, v->hash)), str_cstr(x->a, v->seed),
		str_cstr(x->a, v->version));
	if (v->options.n)
		say(tr(l, "Asked with: %s\n"), str_cstr(x->a, v->options));
}

/* No middle here either: who wants one method takes the whole record. */
static void
json_list(const struct reg_toll *v, size_t n)
{
	struct buf out;
	struct json j;

	buf_init(&out, (size_t)64 << 20);
	j = json_to(&out);
	json_array(&j);
	for (size_t i = 0; i < n; i++) {
		json_object(&j);
		json_field_text(&j, "id", v[i].id);
		json_field_text(&j, "question", v[i].question);
		json_field_int(&j, "n", v[i].listed);
		json_field_int(&j, "said", (int64_t)v[i].said);
		json_field_real(&j, "lower", v[i].said ? v[i].span.lower : NAN);
		json_field_real(&j, "upper", v[i].said ? v[i].span.upper : NAN);
		json_object_end(&j);
	}
	json_array_end(&j);
	buf_byte(&out, '\n');
	fwrite(out.p, 1, out.n, stdout);
	buf_finish(&out);
}

enum status
run_toll_list(struct args *x, struct err *e)
{
	struct text_table table = {.a = x->a};
	struct reg_toll *v;
	struct reg *r;
	size_t n;
	enum lang l = x->lang;
	enum status st = open_reg(x, NODE_READ, &r, e);

	if (st)
		return st;
	st = reg_tolls(x->a, r, &v, &n, e);
	if (st == OK && x->json) {
		json_list(v, n);
	} else if (st == OK) {
		table_row(&table, (struct str[]){S("id"), str_of(tr(l, "Asked")),
			str_of(tr(l, "on lists")), str_of(tr(l, "people in all, by all methods said"))}, 4);
		for (size_t i = 0; i < n; i++)
			table_row(&table, (struct str[]){v[i].id,
				reg_toll_question(x->a, v[i].question, l), whole(x, (double)v[i].listed),
				v[i].said ? str_fmt(x->a, tr(l, "%s to %s"),
				str_cstr(x->a, whole(x, v[i].span.lower)),
				str_cstr(x->a, whole(x, v[i].span.upper))) : str_of(tr(l, "withheld"))}, 4);
		table_print(&table);
	}
	reg_close(r);
	return st;
}

enum status
run_toll_text(struct args *x, struct err *e)
{
	struct reg_toll v;
	struct reg *r;
	struct str text;
	enum status st = open_reg(x, NODE_READ, &r, e);

	if (st)
		return st;
	if ((st = reg_toll_find(x->a, r, str_of(x->arg[1]), &v, e)) == OK
	    && (st = reg_toll_text(x->a, &v, TOLL_WHOLE, x->lang, &text, e)) == OK)
		fwrite(text.p, 1, text.n, stdout);
	reg_close(r);
	return st;
}
