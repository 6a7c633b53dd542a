/*
 * Why the records of a person are together: for each the link that brought it in, a
 * person's word before the linker's; what else was judged of them; and what within
 * the person speaks against its being one.
 */
#include "register/view_int.h"
#include "register/review_int.h"
#include "register/run_int.h"
#include <math.h>

/* Of very many records of one person, the first say enough of what speaks against;
 * and of those pairs the worst. */
enum { COMPARED_MOST = 50, AGAINST_MOST = 12 };
/* Bits: below, what two records say together speaks against their being one; a field
 * that weighs less is not worth telling. */
static const double against_below = -1, telling_from = 0.3;

/* As the register fills them in: rows.c, match_of_slots(). */
static const char *const field_names[MATCH_FIELDS] = {
	[MATCH_F_GIVEN] = N_("given name"), [MATCH_F_FAMILY] = N_("family name"),
	[MATCH_F_FATHER] = N_("father's name"), [MATCH_F_ORDER] = N_("order of names"),
	[MATCH_F_SEX] = N_("sex"), [MATCH_F_BIRTH] = N_("birth"),
	[MATCH_F_ARREST] = N_("arrest"), [MATCH_F_RELEASE] = N_("release"),
	[MATCH_F_DEATH] = N_("death"), [MATCH_F_BIRTH_PLACE] = N_("place of birth"),
	[MATCH_F_PLACE] = N_("prison or home"), [MATCH_F_CODE] = N_("number"),
	[MATCH_F_EXTRA] = N_("occupation"),
};

struct bonds {
	struct arena *a;
	struct reg *r;
	const struct now *records;   /* by position */
	size_t n;
	uint32_t *up;                /* which are joined so far */
	struct match_model model;
	bool learned;                /* the model is the run's */
	struct date run;             /* the day of the run */
	VEC(struct reg_bond) v;
	size_t reviewed;
};

static bool
index_in(const struct bonds *b, uint64_t pos, uint32_t *ret)
{
	size_t from = 0, to = b->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (b->records[mid].pos < pos)
			from = mid + 1;
		else
			to = mid;
	}
	*ret = (uint32_t)from;
	return from < b->n && b->records[from].pos == pos;
}

static uint32_t
root(struct bonds *b, uint32_t i)
{
	while (b->up[i] != i)
		i = b->up[i] = b->up[b->up[i]];
	return i;
}

/* True when it brought two together that were not. */
static bool
join(struct bonds *b, uint32_t l, uint32_t r)
{
	uint32_t x = root(b, l), y = root(b, r);

	if (x != y)
		b->up[x < y ? y : x] = x < y ? x : y;
	return x != y;
}

/* --- what the fields weigh --------------------------------------------------------------- */

static double
bits_of(const struct match_model *m, unsigned f, unsigned level)
{
	/* In thousandths, as the run wrote them. */
	return m->m[f][level] > 0 && m->u[f][level] > 0
		? round(1000 * log2(m->m[f][level] / m->u[f][level])) / 1000 : 0;
}

static int
strongest_first(const void *x, const void *y)
{
	const struct reg_reason *l = x, *r = y;

	if (fabs(l->bits) > fabs(r->bits) || fabs(l->bits) < fabs(r->bits))
		return fabs(l->bits) < fabs(r->bits) ? 1 : -1;
	return strcmp(l->field, r->field);
}

void
view_reasons(struct arena *a, const uint8_t *level, size_t n, const double *bits,
	const struct reg_reason **ret, size_t *ret_n)
{
	struct reg_reason *v = NEWS(a, struct reg_reason, MATCH_FIELDS);

	*ret_n = 0;
	for (enum match_field f = 0; f < MATCH_FIELDS && f < n; f++) {
		if (level[f] == 0 || level[f] >= match_field_levels(f)
		    || (bits && fabs(bits[f]) < telling_from))
			continue;
		v[(*ret_n)++] = (struct reg_reason){
			field_names[f] ? field_names[f] : match_field_name(f),
			match_level_name(f, level[f]), bits ? bits[f] : 0, bits != NULL};
	}
	if (bits && *ret_n)
		qsort(v, *ret_n, sizeof *v, strongest_first);
	*ret = v;
}

static void
put_levels(struct bonds *b, struct bytes levels, struct reg_bond *o)
{
	double bits[MATCH_FIELDS] = {0}, sum = 0;

	for (unsigned f = 0; f < MATCH_FIELDS && f < levels.n; f++) {
		if (levels.p[f] == 0 || levels.p[f] >= MATCH_LEVELS)
			continue;
		bits[f] = bits_of(&b->model, f, levels.p[f]);
		sum += bits[f];
	}
	view_reasons(b->a, levels.p, levels.n, b->learned ? bits : NULL, &o->reasons,
		&o->n_reasons);
	if (b->learned && levels.n)
		o->rarity = round(1000 * (o->weight - sum
			- log2(b->model.prior / (1 - b->model.prior)))) / 1000;
	if (fabs(o->rarity) < telling_from)
		o->rarity = 0;
}

/* --- what people say ---------------------------------------------------------------------- */

static void
put_judgement(struct bonds *b, uint64_t pos, struct reg_bond *o)
{
	struct record rec;
	struct now w;
	int64_t at = 0;

	if (index_now(b->a, b->r, pos, &w, NULL) != OK)
		return;
	get_text(w.slot[field_slot("judgement", "reason")], &o->reason);
	uint64_t from = w.from[field_slot("judgement", "verdict")];
	if (node_get(b->a, b->r->node, from ? from : pos, &rec, NULL) != OK || rec.erased)
		return;
	o->by = view_officer(b->a, b->r, rec.author);
	get_time(rec.slot[SLOT_RECORDED], &at);
	o->on = view_day(at);
}

static void
put_word(struct bonds *b, const struct judged *j, const struct statement *s,
	enum reg_bond_role role)
{
	static const char *const words[] = {
		[SAYS_SAME] = "same", [SAYS_APART] = "not-same", [SAYS_UNSURE] = "unsure",
	};
	struct reg_bond o = {.role = role, .left = j->left, .right = j->right,
		.verdict = str_of(words[s->says]), .by = S(""), .reason = S(""),
		.on = view_day(0), .weight = NAN, .probability = NAN};

	put_judgement(b, s->pos, &o);
	VEC_PUSH(b->a, &b->v) = o;
}

/* What holds joins; every word on records of this person is told. */
static void
put_judged(struct bonds *b, const struct judged *j)
{
	uint32_t l, r;
	bool left = index_in(b, j->left, &l), right = index_in(b, j->right, &r);
	bool joins = left && right && j->holds == SAYS_SAME && join(b, l, r);

	b->reviewed += joins;
	for (size_t i = 0; i < j->n; i++) {
		enum says says = j->said[i].says;
		if (says == SAYS_NOTHING)
			continue;
		put_word(b, j, &j->said[i], !left || !right ? BOND_APART
			: says == SAYS_APART ? BOND_AGAINST
			: says == SAYS_SAME && joins ? BOND_JOINS : BOND_AGREES);
		joins = joins && says != SAYS_SAME;  /* one join, told once */
	}
}

static enum status
judgements(struct bonds *b, struct err *e)
{
	uint64_t *pos = NEWS(b->a, uint64_t, b->n);
	struct judged *v;
	size_t n;
	enum status st;

	for (size_t i = 0; i < b->n; i++)
		pos[i] = b->records[i].pos;
	if ((st = index_judged(b->a, b->r, pos, b->n, &v, &n, e)) != OK)
		return st;
	for (size_t i = 0; i < n; i++)
		put_judged(b, &v[i]);
	return OK;
}

/* --- what the linker says -------------------------------------------------------------------- */

static enum status
load_run(struct bonds *b, struct err *e)
{
	struct store_stmt *s = store_sql(b->r->db, "SELECT recorded FROM rec JOIN cur USING(pos)"
		" WHERE cur.kind = ?1 ORDER BY pos DESC LIMIT 1");
	enum status st;

	store_bind_int(s, 1, kind_number("linker-run"));
	st = store_step(s, e);
	b->run = view_day(st == OK ? store_int(s, 0) : 0);
	if (st != OK && st != NO)
		return st;
	b->model = match_model_default();
	st = run_model(b->r, &b->model, e);
	b->learned = st == OK;
	return st == NO ? OK : st;
}

static int
heaviest_first(const void *x, const void *y)
{
	const struct reg_bond *l = x, *r = y;

	if (l->weight > r->weight || l->weight < r->weight)
		return l->weight < r->weight ? 1 : -1;
	if (l->left != r->left)
		return l->left < r->left ? -1 : 1;
	return (l->right > r->right) - (l->right < r->right);
}

struct links { VEC(struct reg_bond) v; };

static enum status
load_links(struct bonds *b, struct links *links, struct err *e)
{
	enum status st = NO;

	for (uint32_t i = 0; i < b->n; i++) {
		struct store_stmt *s = store_sql(b->r->db, "SELECT left, right, weight, probability,"
			" levels FROM link WHERE left = ?1 ORDER BY right");
		uint32_t k;
		store_bind_int(s, 1, (int64_t)b->records[i].pos);
		while ((st = store_step(s, e)) == OK) {
			struct reg_bond o = {.left = (uint64_t)store_int(s, 0),
				.right = (uint64_t)store_int(s, 1), .verdict = S(""), .by = S(""),
				.reason = S(""), .on = b->run, .weight = store_real(s, 2)};
			if (!index_in(b, o.right, &k))
				continue;
			o.probability = store_is_null(s, 3) ? 1 / (1 + exp2(-o.weight))
				: store_real(s, 3);
			put_levels(b, store_bytes(s, 4), &o);
			VEC_PUSH(b->a, &links->v) = o;
		}
		if (st != NO)
			return st;
	}
	if (links->v.n)
		qsort(links->v.v, links->v.n, sizeof *links->v.v, heaviest_first);
	return OK;
}

static enum status
run_links(struct bonds *b, struct err *e)
{
	struct links links = {0};
	enum status st = load_links(b, &links, e);

	for (size_t i = 0; i < links.v.n && st == OK; i++) {
		struct reg_bond *o = &links.v.v[i];
		uint32_t l, r;
		if (!index_in(b, o->left, &l) || !index_in(b, o->right, &r))
			continue;
		o->role = join(b, l, r) ? BOND_JOINS : BOND_AGREES;
		if (o->role == BOND_JOINS || o->probability >= 0.5)
			VEC_PUSH(b->a, &b->v) = *o;
	}
	/* Through a record that is gone: the run joined them, and keeps no pair. */
	for (uint32_t i = 1; i < b->n && st == OK; i++)
		if (join(b, 0, i))
			VEC_PUSH(b->a, &b->v) = (struct reg_bond){.role = BOND_JOINS,
				.left = b->records[0].pos, .right = b->records[i].pos, .verdict = S(""),
				.by = S(""), .reason = S(""), .on = b->run, .weight = NAN,
				.probability = NAN};
	return st;
}

/* --- what speaks against ------------------------------------------------------------------------ */

static void
compare(struct bonds *b, const struct match_person *p, uint32_t l, uint32_t r,
	struct links *worst)
{
	struct match_explanation x = match_pair_explain(&p[l], &p[r], &b->model);
	double prior = log2(b->model.prior / (1 - b->model.prior)), sum = x.total - prior;
	double bits[MATCH_FIELDS];

	if (sum >= against_below)
		return;
	struct reg_bond o = {.role = BOND_AGAINST, .left = b->records[l].pos,
		.right = b->records[r].pos, .verdict = S(""), .by = S(""), .reason = S(""),
		.on = view_day(0), .weight = x.total, .probability = x.probability};
	for (unsigned f = 0; f < MATCH_FIELDS; f++)
		bits[f] = x.weight[f] < 0 ? x.weight[f] : 0;
	view_reasons(b->a, x.level, MATCH_FIELDS, bits, &o.reasons, &o.n_reasons);
	VEC_PUSH(b->a, &worst->v) = o;
}

static enum status
contradictions(struct bonds *b, struct err *e)
{
	size_t n = b->n < COMPARED_MOST ? b->n : COMPARED_MOST;
	struct match_person *p = NEWS(b->a, struct match_person, n);
	struct links worst = {0};
	enum status st = OK;

	for (size_t i = 0; i < n && st == OK && b->n > 1; i++)
		st = match_of_record(b->a, b->r, b->records[i].pos, &p[i], e);
	for (uint32_t l = 0; l < n && st == OK; l++)
		for (uint32_t r = l + 1; r < n; r++)
			compare(b, p, l, r, &worst);
	if (worst.v.n)
		qsort(worst.v.v, worst.v.n, sizeof *worst.v.v, heaviest_first);
	for (size_t i = worst.v.n, k = 0; i-- > 0 && k < AGAINST_MOST; k++)
		VEC_PUSH(b->a, &b->v) = worst.v.v[i];
	return st;
}

static int
by_role(const void *x, const void *y)
{
	const struct reg_bond *l = x, *r = y;

	if (l->role != r->role)
		return l->role < r->role ? -1 : 1;
	if ((l->verdict.n == 0) != (r->verdict.n == 0))
		return l->verdict.n == 0 ? 1 : -1;
	if (l->left != r->left)
		return l->left < r->left ? -1 : 1;
	if (l->right != r->right)
		return l->right < r->right ? -1 : 1;
	return (l->weight > r->weight) - (l->weight < r->weight);
}

enum status
view_bonds(struct arena *a, struct reg *r, const struct now *records, size_t n,
	struct reg_dossier *d, struct err *e)
{
	struct bonds b = {.a = a, .r = r, .records = records, .n = n,
		.up = NEWS(a, uint32_t, n)};
	enum status st;

	for (uint32_t i = 0; i < n; i++)
		b.up[i] = i;
	if ((st = load_run(&b, e)) != OK || (st = judgements(&b, e)) != OK
	    || (st = run_links(&b, e)) != OK || (st = contradictions(&b, e)) != OK)
		return st;
	if (b.v.n)
		qsort(b.v.v, b.v.n, sizeof *b.v.v, by_role);
	d->bonds = b.v.v;
	d->n_bonds = b.v.n;
	d->reviewed = b.reviewed;
	return OK;
}
