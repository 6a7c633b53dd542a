/* Why the records of a person are together, and what became of persons' numbers. */
#include <math.h>
#include "cli/cli_int.h"

/* The strongest, and whatever speaks against. */
enum { REASONS_TOLD = 5, AGAINST = -1 };

struct str
fill(struct arena *a, const char *sentence, const struct str *v, size_t n)
{
	struct str rest = str_of(sentence);
	struct buf b;

	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < n; i++) {
		size_t at = str_find(rest, '%');
		buf_put(&b, rest.p, at);
		buf_put(&b, v[i].p, v[i].n);
		rest = str_from(rest, at + 2 < rest.n ? at + 2 : rest.n);
	}
	buf_put(&b, rest.p, rest.n);
	struct str s = str_dup(a, buf_str(&b));
	buf_finish(&b);
	return s;
}

static struct str
day(struct args *x, const struct date *d)
{
	return d->first == DAY_MIN ? S("") : date_show(x->a, d, x->lang, 0);
}

/* "P-12 (Birlik v1, row 7)" */
static struct str
record_name(struct args *x, const struct reg_dossier *d, uint64_t pos)
{
	for (size_t i = 0; i < d->n_members; i++) {
		const struct reg_member *m = &d->members[i];
		if (m->pos == pos)
			return m->list.n ? str_fmt(x->a, STR_FMT " (" STR_FMT " v%u, row %u)",
				STR_ARG(m->id), STR_ARG(m->list), m->version, m->row)
				: str_fmt(x->a, STR_FMT " (%s)", STR_ARG(m->id),
				tr(x->lang, "by hand"));
	}
	return reg_person_id(x->a, pos);
}

static void
put_reasons(struct args *x, const struct reg_bond *o, struct buf *b)
{
	for (size_t i = 0; i < o->n_reasons; i++) {
		const struct reg_reason *w = &o->reasons[i];
		if (i >= REASONS_TOLD && w->bits > AGAINST)
			continue;
		buf_fmt(b, "%s%s: %s", b->n ? "; " : "", tr(x->lang, w->field),
			tr(x->lang, w->level));
		if (w->weighed)
			buf_fmt(b, " %+.1f", w->bits);
	}
	if (fabs(o->rarity) > 0)
		buf_fmt(b, "; %s %+.1f", tr(x->lang, o->rarity > 0 ? N_("rare names:")
			: N_("common names:")), o->rarity);
}

struct str
probability_words(struct args *x, double p)
{
	if (p < 0.9995)
		return str_fmt(x->a, "%.3f", p);
	return fill(x->a, tr(x->lang, "more than %s"), (struct str[]){S("0.999")}, 1);
}

static struct str
why(struct args *x, const struct reg_bond *o)
{
	const struct code *c = code_of(vocabulary_named(S("verdict")), o->verdict);
	enum lang l = x->lang == LANG_AZB ? LANG_FA : x->lang;
	struct str on = day(x, &o->on);
	struct buf b;

	buf_init(&b, 1 << 16);
	if (o->verdict.n) {
		buf_fmt(&b, STR_FMT " (", STR_ARG(c ? c->label[l] : o->verdict));
		buf_fmt(&b, "%s" STR_FMT "%s" STR_FMT ")", o->by.n ? "" : tr(x->lang, "somebody"),
			STR_ARG(o->by), on.n ? ", " : "", STR_ARG(on));
		if (o->reason.n)
			buf_fmt(&b, ": " STR_FMT, STR_ARG(o->reason));
	} else if (isnan(o->probability)) {
		buf_cstr(&b, tr(x->lang, "by the program, through a record that is gone"));
	} else {
		put_reasons(x, o, &b);
		struct str reasons = str_dup(x->a, buf_str(&b));
		buf_clear(&b);
		if (o->role != BOND_AGAINST)
			buf_fmt(&b, STR_FMT, STR_ARG(fill(x->a,
				tr(x->lang, "by the program, probability %s"), (struct str[]){
				probability_words(x, o->probability)}, 1)));
		if (o->role != BOND_AGAINST && on.n)
			buf_fmt(&b, " (" STR_FMT ")", STR_ARG(on));
		buf_fmt(&b, "%s" STR_FMT, b.n && reasons.n ? ": " : "", STR_ARG(reasons));
	}
	struct str s = str_dup(x->a, buf_str(&b));
	buf_finish(&b);
	return s;
}

static void
print_role(struct args *x, const struct reg_dossier *d, enum reg_bond_role role,
	const char *heading)
{
	bool any = false;

	for (size_t i = 0; i < d->n_bonds; i++) {
		const struct reg_bond *o = &d->bonds[i];
		if (o->role != role)
			continue;
		if (!any && heading)
			say("%s\n", tr(x->lang, heading));
		any = true;
		say("  " STR_FMT " + " STR_FMT "\n      " STR_FMT "\n",
			STR_ARG(record_name(x, d, o->left)), STR_ARG(record_name(x, d, o->right)),
			STR_ARG(why(x, o)));
	}
}

void
print_bonds(struct args *x, const struct reg_dossier *d)
{
	size_t joins = d->n_members ? d->n_members - 1 : 0;
	enum lang l = x->lang;

	if (joins == 0 && d->n_bonds == 0)
		return;
	say("\n%s\n", tr(l, "Why these records are together"));
	if (joins && d->reviewed == 0)
		say("! %s\n", tr(l, "Joined by the program; reviewed by nobody."));
	else if (d->reviewed < joins)
		say("! " STR_FMT "\n", STR_ARG(fill(x->a,
			tr(l, "Of %s joins %s rest on the program alone."), (struct str[]){
			text_number(x->a, (int64_t)joins, l),
			text_number(x->a, (int64_t)(joins - d->reviewed), l)}, 2)));
	print_role(x, d, BOND_JOINS, NULL);
	print_role(x, d, BOND_AGREES, N_("What else was found"));
	print_role(x, d, BOND_AGAINST, N_("What speaks against it"));
	print_role(x, d, BOND_APART, N_("What was judged with others"));
}

/* --- numbers ------------------------------------------------------------------------ */

static struct str
event_words(struct args *x, const struct reg_person_event *v)
{
	if (str_is(v->what, "merged"))
		return fill(x->a, tr(x->lang, "%s became part of %s"),
			(struct str[]){v->was, v->now}, 2);
	if (str_is(v->what, "split"))
		return fill(x->a, tr(x->lang, "%s came out of %s"),
			(struct str[]){v->now, v->was}, 2);
	if (str_is(v->what, "renamed"))
		return fill(x->a, tr(x->lang, "%s is called %s since its first record is gone"),
			(struct str[]){v->was, v->now}, 2);
	return fill(x->a, tr(x->lang, "%s records went from %s to %s"), (struct str[]){
		text_number(x->a, (int64_t)v->records, x->lang), v->was, v->now}, 3);
}

/* What did it, for people. */
static struct str
cause_words(struct args *x, const struct reg_person_event *v)
{
	const struct code *c = code_of(vocabulary_named(S("verdict")), v->verdict);
	enum lang l = x->lang == LANG_AZB ? LANG_FA : x->lang;
	const struct kind *k = kind_named(v->kind);
	struct buf b;

	buf_init(&b, 1 << 16);
	buf_fmt(&b, STR_FMT, STR_ARG(k ? k->label[l] : str_of(tr(x->lang, "erased"))));
	if (c)
		buf_fmt(&b, ": " STR_FMT, STR_ARG(c->label[l]));
	if (v->records > 1)
		buf_fmt(&b, "; " STR_FMT, STR_ARG(fill(x->a, tr(x->lang, "%s records"),
			(struct str[]){text_number(x->a, (int64_t)v->records, x->lang)}, 1)));
	if (v->by.n)
		buf_fmt(&b, "; " STR_FMT, STR_ARG(v->by));
	if (v->reason.n)
		buf_fmt(&b, ": " STR_FMT, STR_ARG(v->reason));
	struct str s = str_dup(x->a, buf_str(&b));
	buf_finish(&b);
	return s;
}

void
print_history(struct args *x, const struct reg_person_event *v, size_t n)
{
	if (n)
		say("\n%s\n", tr(x->lang, "What became of the numbers"));
	for (size_t i = 0; i < n; i++)
		say("  " STR_FMT "  " STR_FMT "  (" STR_FMT ")\n", STR_ARG(day(x, &v[i].on)),
			STR_ARG(event_words(x, &v[i])), STR_ARG(cause_words(x, &v[i])));
}

static void
json_day(struct json *j, const char *key, struct arena *a, const struct date *d)
{
	json_field_text(j, key, d->first == DAY_MIN ? STR_NONE : date_iso(a, d));
}

void
reasons_json(struct json *j, const struct reg_reason *v, size_t n)
{
	json_key(j, "fields");
	json_array(j);
	for (size_t i = 0; i < n; i++) {
		json_object(j);
		json_field_text(j, "field", str_of(v[i].field));
		json_field_text(j, "level", str_of(v[i].level));
		json_key(j, "bits");
		json_real(j, v[i].weighed ? v[i].bits : NAN);
		json_object_end(j);
	}
	json_array_end(j);
}

void
bonds_json(struct json *j, struct arena *a, const struct reg_dossier *d)
{
	static const char *const roles[] = {
		[BOND_JOINS] = "joins", [BOND_AGREES] = "agrees", [BOND_AGAINST] = "against",
		[BOND_APART] = "with others",
	};

	json_field_int(j, "joins", d->n_members ? (int64_t)d->n_members - 1 : 0);
	json_field_int(j, "joins_reviewed", (int64_t)d->reviewed);
	json_key(j, "bonds");
	json_array(j);
	for (size_t i = 0; i < d->n_bonds; i++) {
		const struct reg_bond *o = &d->bonds[i];
		json_object(j);
		json_field_text(j, "role", str_of(roles[o->role]));
		json_field_text(j, "left", reg_person_id(a, o->left));
		json_field_text(j, "right", reg_person_id(a, o->right));
		json_field_text(j, "verdict", o->verdict.n ? o->verdict : STR_NONE);
		json_field_text(j, "by", o->by.n ? o->by : STR_NONE);
		json_field_text(j, "reason", o->reason.n ? o->reason : STR_NONE);
		json_day(j, "on", a, &o->on);
		json_key(j, "weight");
		json_real(j, o->weight);
		json_key(j, "probability");
		json_real(j, o->probability);
		reasons_json(j, o->reasons, o->n_reasons);
		json_key(j, "rarity_bits");
		json_real(j, o->rarity);
		json_object_end(j);
	}
	json_array_end(j);
}

void
history_json(struct json *j, struct arena *a, const struct reg_person_event *v, size_t n)
{
	json_array(j);
	for (size_t i = 0; i < n; i++) {
		json_object(j);
		json_field_text(j, "what", v[i].what);
		json_field_text(j, "was", v[i].was);
		json_field_text(j, "now", v[i].now);
		json_field_int(j, "records", (int64_t)v[i].records);
		json_day(j, "on", a, &v[i].on);
		json_field_int(j, "log_size", (int64_t)v[i].cause + 1);
		json_field_text(j, "cause", v[i].id);
		json_field_text(j, "kind", v[i].kind);
		json_field_text(j, "verdict", v[i].verdict.n ? v[i].verdict : STR_NONE);
		json_field_text(j, "by", v[i].by);
		json_field_text(j, "reason", v[i].reason.n ? v[i].reason : STR_NONE);
		json_object_end(j);
	}
	json_array_end(j);
}
