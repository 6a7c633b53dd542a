/* A dossier: claims side by side, events in order, why the records are together. */
#include "web/web_int.h"

static void
put_where(struct request *q, struct buf *b, const struct reg_claim *c)
{
	if (c->list.n) {
		html_value(b, c->list);
		buf_fmt(b, " <small>%s ", tr(q->lang, "version"));
		html_number(b, c->version, q->lang);
		buf_fmt(b, ", %s ", tr(q->lang, "row"));
		html_number(b, c->row, q->lang);
		html(b, "</small>");
	} else {
		buf_cstr(b, tr(q->lang, "by hand"));
	}
	if (c->source.n) {
		html(b, "<br>");
		html_value(b, c->source);
	}
}

static void
put_words(struct buf *b, const struct reg_claim *c)
{
	if (c->words.n && !str_eq(c->words, c->text)) {
		html(b, "<br><q>");
		html_value(b, c->words);
		html(b, "</q>");
	}
}

static void
put_groups(struct request *q, struct buf *b, const struct reg_dossier *d)
{
	enum lang l = q->lang == LANG_AZB ? LANG_FA : q->lang;

	buf_fmt(b, "<h2>%s</h2><div class=\"wide\"><table><thead><tr><th scope=\"col\">%s</th>"
		"<th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr></thead><tbody>",
		tr(q->lang, "Claims"), tr(q->lang, "Field"), tr(q->lang, "What is said"),
		tr(q->lang, "Who says so"));
	for (size_t i = 0; i < d->n_groups; i++)
		for (size_t k = 0; k < d->groups[i].n; k++) {
			const struct reg_group *g = &d->groups[i];
			html(b, "<tr>");
			if (k == 0) {
				buf_fmt(b, "<th scope=\"rowgroup\" rowspan=\"%zu\"%s>", g->n,
					g->disagree ? " class=\"disagree\"" : "");
				html_value(b, g->field->label[l]);
				if (g->disagree)
					buf_fmt(b, "<br><small>≠ %s</small>",
						tr(q->lang, "the sources disagree"));
				html(b, "</th>");
			}
			html(b, "<td>");
			html_value(b, g->claims[k].text);
			put_words(b, &g->claims[k]);
			html(b, "</td><td>");
			put_where(q, b, &g->claims[k]);
			html(b, "</td></tr>");
		}
	html(b, "</tbody></table></div>");
}

static const struct field *
event_field(struct str name)
{
	return field_named(kind_named(S("event")), name);
}

static void
put_event_claims(struct request *q, struct buf *b, const struct reg_event *ev)
{
	enum lang l = q->lang == LANG_AZB ? LANG_FA : q->lang;

	for (size_t k = 0; k < ev->n; k++) {
		const struct reg_claim *c = &ev->claims[k];
		const struct field *f = event_field(c->field);
		if (str_is(c->field, "type") || str_is(c->field, "date")) {
			if (str_is(c->field, "date"))
				put_words(b, c);
			continue;
		}
		html(b, "<div>");
		html_value(b, f ? f->label[l] : c->field);
		html(b, ": ");
		html_value(b, c->text);
		if (str_is(c->field, "cause"))
			buf_fmt(b, " <em>%s</em>",
				tr(q->lang, "(as a party states it; not established)"));
		html(b, "</div>");
	}
}

static void
put_events(struct request *q, struct buf *b, const struct reg_dossier *d)
{
	buf_fmt(b, "<h2>%s</h2><div class=\"wide\"><table><thead><tr><th scope=\"col\">%s</th>"
		"<th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr></thead><tbody>",
		tr(q->lang, "Events"), tr(q->lang, "Date"), tr(q->lang, "Event"),
		tr(q->lang, "Who says so"));
	for (size_t i = 0; i < d->n_events; i++) {
		const struct reg_event *ev = &d->events[i];
		buf_fmt(b, "<tr%s><th scope=\"row\">", ev->disagree ? " class=\"disagree\"" : "");
		if (ev->date.first == DAY_MIN && ev->date.last == DAY_MAX)
			buf_cstr(b, tr(q->lang, "undated"));
		else
			html_value(b, date_show(q->a, &ev->date, q->lang, 0));
		if (ev->disagree)
			buf_fmt(b, "<br><small>≠ %s</small>", tr(q->lang, "the sources disagree"));
		html(b, "</th><td><strong>");
		html_value(b, ev->type_label);
		html(b, "</strong>");
		put_event_claims(q, b, ev);
		html(b, "</td><td>");
		if (ev->n)
			put_where(q, b, &ev->claims[0]);
		html(b, "</td></tr>");
	}
	html(b, "</tbody></table></div>");
}

static void
put_bonds(struct request *q, struct buf *b, const struct reg_dossier *d)
{
	buf_fmt(b, "<h2>%s</h2>", tr(q->lang, "Why these records are together"));
	if (d->line.n_records < 2)
		buf_fmt(b, "<p>%s</p>", tr(q->lang, "There is one record."));
	html(b, "<ul>");
	for (size_t i = 0; i < d->n_bonds; i++) {
		const struct reg_bond *o = &d->bonds[i];
		html(b, "<li>");
		html_code(b, str_fmt(q->a, "P-%llu, P-%llu", (unsigned long long)o->left,
			(unsigned long long)o->right));
		html(b, ": ");
		if (o->verdict.n) {
			const struct code *c = code_of(vocabulary_named(S("verdict")), o->verdict);
			html_value(b, c ? c->label[q->lang == LANG_AZB ? LANG_FA : q->lang]
				: o->verdict);
			html(b, " ");
			html_value(b, o->reason);
		} else {
			html_code(b, str_fmt(q->a, "p = %.3f", o->probability));
			html(b, " <small lang=\"en\">");
			html_code(b, o->levels);
			html(b, "</small>");
		}
		html(b, "</li>");
	}
	html(b, "</ul>");
}

static void
put_head(struct request *q, struct buf *b, const struct reg_line *l)
{
	html(b, "<p class=\"id\">");
	html_code(b, l->id);
	buf_fmt(b, " · <strong>%s</strong></p><ul class=\"status\">",
		tr(q->lang, l->confirmed ? "confirmed" : "unconfirmed"));
	for (size_t i = 0; i < l->n_status; i++) {
		const struct reg_status *s = &l->status[i];
		html(b, "<li><strong>");
		html_value(b, str_of(tr(q->lang, str_cstr(q->a, s->status))));
		html(b, "</strong> — ");
		html_value(b, s->list.n ? s->list : str_of(tr(q->lang, "by hand")));
		if (s->since.first != DAY_MIN) {
			html(b, ", ");
			html_value(b, date_show(q->a, &s->since, q->lang, 0));
		}
		if (s->facility.n) {
			html(b, ", ");
			html_value(b, s->facility);
		}
		html(b, "</li>");
	}
	html(b, "</ul>");
}

void
page_person(struct request *q, struct reply *p)
{
	struct reg_dossier d;
	struct err e = {0};
	uint64_t cluster;
	enum status st = reg_find_person(q->web->reg, q->rest, &cluster, &e);

	if (st == OK)
		st = reg_dossier(q->a, q->web->reg, cluster, q->lang, &d, &e);
	if (st) {
		page_error(q, p, st == FAIL ? 500 : 404, "There is no such person", &e);
		return;
	}
	page_begin(q, p, d.line.names.n ? d.line.names : S("—"));
	put_head(q, &p->body, &d.line);
	put_groups(q, &p->body, &d);
	put_events(q, &p->body, &d);
	put_bonds(q, &p->body, &d);
	if (d.n_others) {
		buf_fmt(&p->body, "<h2>%s</h2><ul>", tr(q->lang, "Consents, documents, tasks"));
		for (size_t i = 0; i < d.n_others; i++) {
			html(&p->body, "<li><strong>");
			html_value(&p->body, d.others[i].kind);
			html(&p->body, "</strong> ");
			html_value(&p->body, d.others[i].line);
			html(&p->body, "</li>");
		}
		html(&p->body, "</ul>");
	}
	page_end(q, p);
}
