/* A dossier: claims side by side, events in order, why the records are together. */
#include "web/web_int.h"

static void
put_where(struct request *q, struct buf *b, const struct reg_claim *c)
{
	if (c->list.n) {
		html_value(b, c->list);
		html(b, " <small>");
		html_says(b, tr(q->lang, "version %s, row %s"),
			(struct str[]){text_number(q->a, c->version, q->lang),
			text_number(q->a, c->row, q->lang)}, 2);
		html(b, "</small>");
	} else {
		html_text(b, str_of(tr(q->lang, "by hand")));
	}
	if (c->source.n) {
		html(b, "<br>");
		html_value(b, c->source);
	}
}

/* As the list has it, where that is not what is shown. */
static void
put_words(struct request *q, struct buf *b, const struct reg_claim *c)
{
	if (c->words.n && !str_eq(c->words, c->text)) {
		buf_fmt(b, "<br><small>%s ", tr(q->lang, "as written:"));
		html_value(b, c->words);
		html(b, "</small>");
	}
}

static void
put_unlike(struct request *q, struct buf *b)
{
	buf_fmt(b, "<br><small class=\"unlike\">≠ %s</small>", tr(q->lang, "the sources disagree"));
}

static void
put_group(struct request *q, struct buf *b, const struct reg_group *g, const char *const *heads)
{
	buf_fmt(b, "<tbody role=\"rowgroup\"%s>", g->disagree ? " class=\"disagree\"" : "");
	for (size_t k = 0; k < g->n; k++) {
		row_begin(b, false);
		if (k == 0) {
			buf_fmt(b, "<th scope=\"rowgroup\" role=\"rowheader\" rowspan=\"%zu\">", g->n);
			html_value(b, g->field->label[label_lang(q->lang)]);
			if (g->disagree)
				put_unlike(q, b);
			html(b, "</th>");
		}
		cell_begin(b, heads[1]);
		html_value(b, g->claims[k].text);
		put_words(q, b, &g->claims[k]);
		html(b, "</td>");
		cell_begin(b, heads[2]);
		put_where(q, b, &g->claims[k]);
		html(b, "</td></tr>\n");
	}
	html(b, "</tbody>");
}

/* What a table of claims is called: never without saying whether it is confirmed. */
static const char *
claims_caption(struct request *q, const struct reg_line *l)
{
	return l->confirmed ? tr(q->lang, "Confirmed. What each source says, side by side")
		: tr(q->lang, "Unconfirmed. What each source says, side by side");
}

static void
put_groups(struct request *q, struct buf *b, const struct reg_dossier *d)
{
	const char *heads[] = {tr(q->lang, "Field"), tr(q->lang, "What is said"),
		tr(q->lang, "Who says so")};

	buf_fmt(b, "<h2>%s</h2>\n", tr(q->lang, "Claims"));
	table_begin(b, claims_caption(q, &d->line), heads, 3);
	for (size_t i = 0; i < d->n_groups; i++)
		put_group(q, b, &d->groups[i], heads);
	table_end(b);
}

/* A cause of death is what somebody says it was. */
static void
put_cause_note(struct request *q, struct buf *b)
{
	html(b, " <em>");
	html_text(b, str_of(tr(q->lang, "(as a party states it; not established)")));
	html(b, "</em>");
}

static void
put_event_claims(struct request *q, struct buf *b, const struct reg_event *ev)
{
	const struct kind *k = kind_named(S("event"));

	html(b, "<ul>");
	for (size_t i = 0; i < ev->n; i++) {
		const struct reg_claim *c = &ev->claims[i];
		const struct field *f = field_named(k, c->field);
		if (str_is(c->field, "type") || str_is(c->field, "date"))
			continue;
		html(b, "<li>");
		html_value(b, f ? f->label[label_lang(q->lang)] : c->field);
		html(b, ": ");
		html_value(b, c->text);
		if (str_is(c->field, "cause"))
			put_cause_note(q, b);
		html(b, "</li>");
	}
	html(b, "</ul>");
}

static void
put_event_date(struct request *q, struct buf *b, const struct reg_event *ev)
{
	html(b, "<th scope=\"row\" role=\"rowheader\">");
	if (ev->date.first == DAY_MIN && ev->date.last == DAY_MAX)
		html_text(b, str_of(tr(q->lang, "undated")));
	else
		html_value(b, date_show(q->a, &ev->date, q->lang, 0));
	for (size_t i = 0; i < ev->n; i++)
		if (str_is(ev->claims[i].field, "date"))
			put_words(q, b, &ev->claims[i]);
	if (ev->disagree)
		put_unlike(q, b);
	html(b, "</th>");
}

static void
put_events(struct request *q, struct buf *b, const struct reg_dossier *d)
{
	const char *heads[] = {tr(q->lang, "Date"), tr(q->lang, "Event"),
		tr(q->lang, "Who says so")};
	const char *sure = d->line.confirmed ? tr(q->lang, "confirmed")
		: tr(q->lang, "unconfirmed");

	buf_fmt(b, "<h2>%s</h2>\n", tr(q->lang, "Events"));
	if (d->n_events == 0) {
		buf_fmt(b, "<p>%s</p>\n", tr(q->lang, "No source tells of any."));
		return;
	}
	table_begin(b, claims_caption(q, &d->line), heads, 3);
	html(b, "<tbody role=\"rowgroup\">");
	for (size_t i = 0; i < d->n_events; i++) {
		const struct reg_event *ev = &d->events[i];
		row_begin(b, ev->disagree);
		put_event_date(q, b, ev);
		cell_begin(b, heads[1]);
		html(b, "<strong>");
		html_value(b, ev->type_label);
		html(b, "</strong> <small>");
		html_text(b, str_of(sure));
		html(b, "</small>");
		put_event_claims(q, b, ev);
		html(b, "</td>");
		cell_begin(b, heads[2]);
		if (ev->n)
			put_where(q, b, &ev->claims[0]);
		html(b, "</td></tr>\n");
	}
	html(b, "</tbody>");
	table_end(b);
}

static void
put_others(struct request *q, struct buf *b, const struct reg_dossier *d)
{
	if (d->n_others == 0)
		return;
	buf_fmt(b, "<h2>%s</h2>\n<ul>", tr(q->lang, "Consents, documents, tasks"));
	for (size_t i = 0; i < d->n_others; i++) {
		html(b, "<li><strong>");
		html_value(b, d->others[i].kind);
		html(b, "</strong> ");
		html_value(b, d->others[i].line);
		html(b, "</li>\n");
	}
	html(b, "</ul>");
}

static void
put_head(struct request *q, struct buf *b, const struct reg_line *l)
{
	html(b, "<p class=\"id\">");
	html_code(b, l->id);
	html(b, " <strong class=\"sure\">");
	html_text(b, str_of(l->confirmed ? tr(q->lang, "confirmed") : tr(q->lang, "unconfirmed")));
	html(b, "</strong></p>\n<ul class=\"status\">");
	for (size_t i = 0; i < l->n_status; i++) {
		const struct reg_status *s = &l->status[i];
		html(b, "<li><strong>");
		html_value(b, str_of(status_word(q, s->status)));
		html(b, "</strong>");
		const struct str parts[] = {
			s->since.first == DAY_MIN ? S("") : date_show(q->a, &s->since, q->lang, 0),
			s->facility, s->list.n ? s->list : str_of(tr(q->lang, "by hand")),
		};
		for (size_t k = 0; k < 3; k++)
			if (parts[k].n) {
				html(b, " · ");
				html_value(b, parts[k]);
			}
		html(b, "</li>\n");
	}
	html(b, "</ul>");
	if (l->disagree)
		buf_fmt(b, "<p class=\"unlike\">≠ %s</p>\n", tr(q->lang, "the sources disagree"));
}

/* An address with a number that is another's by now says so. */
static void
put_now(struct request *q, struct buf *b, struct str asked, struct str id)
{
	uint64_t x, y;

	if (asked.n < 2 || !str_u64(str_from(asked, 2), &x) || !str_u64(str_from(id, 2), &y)
	    || x == y)
		return;
	html(b, "<p class=\"now\">");
	html_says(b, tr(q->lang, "%s is now %s"), (struct str[]){asked, id}, 2);
	html(b, "</p>\n");
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
		page_error(q, p, st == FAIL ? 500 : 404, N_("There is no such person"), &e);
		return;
	}
	page_begin(q, p, d.line.names.n ? d.line.names : S("—"));
	put_now(q, &p->body, q->rest, d.line.id);
	put_head(q, &p->body, &d.line);
	put_groups(q, &p->body, &d);
	put_events(q, &p->body, &d);
	put_bonds(q, &p->body, &d);
	put_history(q, &p->body, &d);
	put_others(q, &p->body, &d);
	page_end(q, p);
}
