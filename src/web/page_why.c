/* Of a dossier: why its records are together, and what became of its numbers. */
#include <math.h>
#include "web/web_int.h"

/* The strongest, and whatever speaks against. */
enum { REASONS_TOLD = 5, AGAINST = -1 };

static const char *const points[LANG_COUNT] = {
	[LANG_EN] = ".", [LANG_FA] = "٫", [LANG_AZ] = ",", [LANG_AZB] = "٫",
};

/* A sentence with one %s. */
static struct str
filled(struct request *q, const char *sentence, struct str value)
{
	struct str rest = str_of(sentence);
	size_t at = str_find(rest, '%');

	return str_fmt(q->a, STR_FMT STR_FMT STR_FMT, STR_ARG(str_upto(rest, at)), STR_ARG(value),
		STR_ARG(str_from(rest, at + 2)));
}

/* "0.973"; never more certain than three digits can say. */
static struct str
probability(struct request *q, double p)
{
	unsigned thousandths = (unsigned)(p * 1000 + 0.5);
	bool more = thousandths > 999, less = thousandths < 1;
	struct str s = text_localise_digits(q->a, str_fmt(q->a, "0%s%03u", points[q->lang],
		more ? 999 : less ? 1 : thousandths), q->lang);

	/* A sign would point the other way in a line from right to left. */
	return more || less ? filled(q, more ? tr(q->lang, "more than %s")
		: tr(q->lang, "less than %s"), s) : s;
}

/* "+5.1", with a true minus. */
static struct str
bits(struct request *q, double v)
{
	unsigned tenths = (unsigned)(fabs(v) * 10 + 0.5);

	return text_localise_digits(q->a, str_fmt(q->a, "%s%u%s%u", v < 0 ? "−" : "+",
		tenths / 10, points[q->lang], tenths % 10), q->lang);
}

/* Where a record stands in a list, or that somebody typed it in. */
static void
put_record(struct request *q, struct buf *b, const struct reg_dossier *d, uint64_t pos)
{
	html_code(b, reg_person_id(q->a, pos));
	for (size_t i = 0; i < d->n_members; i++) {
		const struct reg_member *m = &d->members[i];
		if (m->pos != pos)
			continue;
		html(b, " <small>");
		if (m->list.n) {
			html_value(b, m->list);
			html(b, " ");
			html_says(b, tr(q->lang, "version %s, row %s"), (struct str[]){
				text_number(q->a, m->version, q->lang),
				text_number(q->a, m->row, q->lang)}, 2);
		} else {
			html_text(b, str_of(tr(q->lang, "by hand")));
		}
		html(b, "</small>");
	}
}

static void
put_weight(struct request *q, struct buf *b, bool first, const char *what, const char *level,
	double weight, bool weighed)
{
	if (!first)
		html(b, " · ");
	html(b, "<bdi>");
	html_text(b, str_of(what));
	if (level) {
		html(b, ": ");
		html_text(b, str_of(level));
	}
	if (weighed) {
		html(b, " ");
		html_code(b, bits(q, weight));
	}
	html(b, "</bdi>");
}

static void
put_reasons(struct request *q, struct buf *b, const struct reg_bond *o)
{
	if (o->n_reasons == 0)
		return;
	html(b, "<br><small>");
	for (size_t i = 0; i < o->n_reasons; i++)
		if (i < REASONS_TOLD || o->reasons[i].bits < AGAINST)
			put_weight(q, b, i == 0, tr(q->lang, o->reasons[i].field),
				tr(q->lang, o->reasons[i].level), o->reasons[i].bits,
				o->reasons[i].weighed);
	if (fabs(o->rarity) > 0)
		put_weight(q, b, false, o->rarity > 0 ? tr(q->lang, "rare names:")
			: tr(q->lang, "common names:"), NULL, o->rarity, true);
	html(b, "</small>");
}

static void
put_on(struct request *q, struct buf *b, const struct date *on)
{
	if (on->first == DAY_MIN)
		return;
	html(b, " <small>");
	html_value(b, date_show(q->a, on, q->lang, 0));
	html(b, "</small>");
}

static void
put_judgement(struct request *q, struct buf *b, const struct reg_bond *o)
{
	const struct code *c = code_of(vocabulary_named(S("verdict")), o->verdict);

	html(b, "<strong>");
	html_value(b, c ? c->label[label_lang(q->lang)] : o->verdict);
	html(b, "</strong> ");
	html_text(b, str_of(tr(q->lang, "(a person's judgement)")));
	if (o->by.n) {
		html(b, " · ");
		html_value(b, o->by);
	}
	put_on(q, b, &o->on);
	if (o->reason.n) {
		html(b, "<br>");
		html_value(b, o->reason);
	}
}

static void
put_bond(struct request *q, struct buf *b, const struct reg_dossier *d, const struct reg_bond *o)
{
	html(b, "<li>");
	put_record(q, b, d, o->left);
	html(b, " + ");
	put_record(q, b, d, o->right);
	html(b, "<br>");
	if (o->verdict.n) {
		put_judgement(q, b, o);
	} else if (isnan(o->probability)) {
		html_text(b, str_of(tr(q->lang, "by the program, through a record that is gone")));
	} else {
		if (o->role != BOND_AGAINST) {
			html_says(b, tr(q->lang, "likely the same, probability %s (by the program)"),
				(struct str[]){probability(q, o->probability)}, 1);
			put_on(q, b, &o->on);
		}
		put_reasons(q, b, o);
	}
	html(b, "</li>\n");
}

static void
put_role(struct request *q, struct buf *b, const struct reg_dossier *d, enum reg_bond_role role,
	const char *heading)
{
	bool any = false;

	for (size_t i = 0; i < d->n_bonds; i++) {
		if (d->bonds[i].role != role)
			continue;
		if (!any && heading)
			buf_fmt(b, "<h3>%s</h3>\n", tr(q->lang, heading));
		if (!any)
			html(b, "<ul class=\"bonds\">");
		any = true;
		put_bond(q, b, d, &d->bonds[i]);
	}
	if (any)
		html(b, "</ul>");
}

/* That nobody looked must be seen. */
static void
put_reviewed(struct request *q, struct buf *b, size_t joins, size_t reviewed)
{
	if (joins == reviewed)
		return;
	html(b, "<p class=\"unlike\">");
	if (reviewed == 0)
		html_text(b, str_of(tr(q->lang, "Joined by the program; reviewed by nobody.")));
	else
		html_says(b, tr(q->lang, "Of %s joins %s rest on the program alone."), (struct str[]){
			text_number(q->a, (int64_t)joins, q->lang),
			text_number(q->a, (int64_t)(joins - reviewed), q->lang)}, 2);
	html(b, "</p>\n");
}

void
put_bonds(struct request *q, struct buf *b, const struct reg_dossier *d)
{
	buf_fmt(b, "<h2>%s</h2>\n", tr(q->lang, "Why these records are together"));
	if (d->n_members < 2)
		buf_fmt(b, "<p>%s</p>\n", tr(q->lang, "There is one record."));
	else
		put_reviewed(q, b, d->n_members - 1, d->reviewed);
	put_role(q, b, d, BOND_JOINS, NULL);
	put_role(q, b, d, BOND_AGREES, N_("What else was found"));
	put_role(q, b, d, BOND_AGAINST, N_("What speaks against it"));
	put_role(q, b, d, BOND_APART, N_("What was judged with others"));
}

/* --- numbers ------------------------------------------------------------------------ */

static void
put_event(struct request *q, struct buf *b, const struct reg_person_event *v)
{
	if (str_is(v->what, "merged"))
		html_says(b, tr(q->lang, "%s became part of %s"), (struct str[]){v->was, v->now}, 2);
	else if (str_is(v->what, "split"))
		html_says(b, tr(q->lang, "%s came out of %s"), (struct str[]){v->now, v->was}, 2);
	else if (str_is(v->what, "renamed"))
		html_says(b, tr(q->lang, "%s is called %s since its first record is gone"),
			(struct str[]){v->was, v->now}, 2);
	else
		html_says(b, tr(q->lang, "%s records went from %s to %s"), (struct str[]){
			text_number(q->a, (int64_t)v->records, q->lang), v->was, v->now}, 3);
}

static void
put_cause(struct request *q, struct buf *b, const struct reg_person_event *v)
{
	const struct kind *k = kind_named(v->kind);
	const struct code *c = code_of(vocabulary_named(S("verdict")), v->verdict);
	const struct str records = v->records < 2 ? S("") : filled(q,
		tr(q->lang, "%s records"), text_number(q->a, (int64_t)v->records, q->lang));
	const struct str parts[] = {
		k ? k->label[label_lang(q->lang)] : str_of(tr(q->lang, "erased")),
		c ? c->label[label_lang(q->lang)] : S(""), records, v->by, v->reason,
	};

	html(b, "<br><small>");
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (parts[i].n) {
			if (i)
				html(b, " · ");
			html_value(b, parts[i]);
		}
	html(b, "</small>");
}

void
put_history(struct request *q, struct buf *b, const struct reg_dossier *d)
{
	if (d->n_history == 0)
		return;
	buf_fmt(b, "<h2>%s</h2>\n<ul class=\"bonds\">", tr(q->lang, "What became of the numbers"));
	for (size_t i = 0; i < d->n_history; i++) {
		html(b, "<li>");
		put_event(q, b, &d->history[i]);
		put_on(q, b, &d->history[i].on);
		put_cause(q, b, &d->history[i]);
		html(b, "</li>\n");
	}
	html(b, "</ul>");
}
