/* The list of prisoners: the query is the URL; CSV and JSON are its siblings. */
#include "web/web_int.h"

static const struct { const char *name, *label, *menu, *hint; } filters[] = {
	{"search", N_("Name, in any script"), NULL, NULL},
	{"prison", N_("Prison"), "facility", NULL},
	{"status", N_("Status"), "status", NULL},
	{"list", N_("List"), "list", NULL},
	{"event", N_("Event"), "event", NULL},
	{"confirmed", N_("Confirmed"), "confirmed", NULL},
	{"on", N_("As of the day"), NULL, N_("for example 2020-03-27")},
	{"sort", N_("Order"), "sort", NULL},
};

/* Menus whose choices do not come from the register. */
static const struct { const char *menu, *value, *label; } choices[] = {
	{"confirmed", "yes", N_("confirmed")}, {"confirmed", "no", N_("unconfirmed")},
	{"sort", "name", N_("by name")}, {"sort", "family", N_("by family name")},
	{"sort", "birth", N_("by date of birth")}, {"sort", "date", N_("by the first event")},
	{"sort", "id", N_("as they came in")},
};

/* The query as one line of text, as filters are written everywhere. */
static enum status
read_filter(struct request *q, struct reg_filter *f, struct err *e)
{
	struct buf b;
	enum status st;

	buf_init(&b, 1 << 16);
	for (size_t i = 0; i < q->query.n; i++) {
		struct param *p = &q->query.v[i];
		struct str value = str_trim(p->value);
		if (value.n == 0 || str_is(p->name, "limit"))
			continue;
		/* A quote cannot stand in a quoted value; names have none. */
		struct buf clean;
		buf_init(&clean, BODY_MOST);
		for (size_t k = 0; k < value.n; k++)
			buf_byte(&clean, value.p[k] == '"' ? ' ' : (uint8_t)value.p[k]);
		buf_fmt(&b, STR_FMT "=\"" STR_FMT "\" ", STR_ARG(p->name),
			STR_ARG(buf_str(&clean)));
		buf_finish(&clean);
	}
	st = reg_filter_parse(q->a, text_digits(q->a, buf_str(&b)), f, e);
	buf_finish(&b);
	return st;
}

static void
put_query(struct request *q, struct buf *b, const char *but, const char *value)
{
	bool first = true;

	for (size_t i = 0; i < q->query.n; i++) {
		struct param *p = &q->query.v[i];
		if (p->value.n == 0 || (but && str_is(p->name, but)) || str_is(p->name, "offset"))
			continue;
		buf_cstr(b, first ? "?" : "&amp;");
		first = false;
		html_url(b, p->name);
		buf_byte(b, '=');
		html_url(b, p->value);
	}
	if (but && value)
		buf_fmt(b, "%s%s=%s", first ? "?" : "&amp;", but, value);
}

static void
put_option(struct buf *b, struct str value, struct str label, bool selected)
{
	html(b, "<option value=\"");
	html_text(b, value);
	buf_fmt(b, "\"%s>", selected ? " selected" : "");
	html_text(b, label);
	html(b, "</option>");
}

static struct str
option_label(struct request *q, const char *menu, struct str value)
{
	const struct code *c = strcmp(menu, "event") == 0
		? code_of(vocabulary_named(S("event")), value) : NULL;

	if (c)
		return c->label[label_lang(q->lang)];
	return strcmp(menu, "status") == 0 ? str_of(status_word(q, value)) : value;
}

static void
put_menu(struct request *q, struct buf *b, const char *name, const char *menu)
{
	struct reg_option *o;
	struct str now = query_of(q, name);
	bool shown = now.n == 0;
	size_t n = 0;

	buf_fmt(b, "<select id=\"f-%s\" name=\"%s\"><option value=\"\">%s</option>", name, name,
		strcmp(menu, "sort") == 0 ? tr(q->lang, "best first") : tr(q->lang, "all"));
	for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
		if (strcmp(choices[i].menu, menu) == 0) {
			bool on = str_is(now, choices[i].value);
			shown = shown || on;
			put_option(b, str_of(choices[i].value),
				str_of(tr(q->lang, choices[i].label)), on);
			n++;
		}
	if (n == 0 && reg_options(q->a, q->web->reg, menu, &o, &n, NULL) == OK)
		for (size_t i = 0; i < n; i++) {
			bool on = str_eq(now, o[i].name);
			shown = shown || on;
			put_option(b, o[i].name, option_label(q, menu, o[i].name), on);
		}
	/* What is asked for stays asked for, though no menu offers it. */
	if (!shown)
		put_option(b, now, option_label(q, menu, now), true);
	html(b, "</select>");
}

static void
put_filters(struct request *q, struct buf *b)
{
	buf_fmt(b, "<form method=\"get\" action=\"/%s/persons\" class=\"filters\" role=\"search\">",
		lang_code(q->lang));
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		const char *name = filters[i].name;
		buf_fmt(b, "<p><label for=\"f-%s\">%s</label>", name, tr(q->lang, filters[i].label));
		if (filters[i].menu) {
			put_menu(q, b, name, filters[i].menu);
		} else {
			buf_fmt(b, "<input id=\"f-%s\" name=\"%s\" dir=\"auto\" maxlength=\"200\" "
				"value=\"", name, name);
			html_text(b, query_of(q, name));
			buf_fmt(b, "\"%s>", filters[i].hint ? " aria-describedby=\"hint\"" : "");
		}
		if (filters[i].hint)
			buf_fmt(b, "<br><small id=\"hint\">%s</small>", tr(q->lang, filters[i].hint));
		html(b, "</p>");
	}
	buf_fmt(b, "<p class=\"do\"><button>%s</button> <a href=\"/%s/persons\">%s</a></p></form>\n",
		tr(q->lang, "Filter"), lang_code(q->lang), tr(q->lang, "Show all"));
}

/* Three answers; no count is printed alone. */
static void
put_counts(struct request *q, struct buf *b, const struct reg_counts *c, struct str status)
{
	enum lang l = q->lang;

	html(b, "<ul class=\"counts\"><li><strong>");
	html_says(b, tr(l, "Persons: %s"), (struct str[]){text_number(q->a, (int64_t)c->persons, l)},
		1);
	html(b, "</strong> (");
	html_says(b, tr(l, "records: %s"), (struct str[]){text_number(q->a, (int64_t)c->records, l)},
		1);
	html(b, ")</li><li>");
	html_says(b, tr(l, "%s: %s by every source that tells of them, %s by at least one, of these "
		"%s last heard of more than 12 months before"),
		(struct str[]){str_of(status_word(q, status.n ? status : S("held"))),
		text_number(q->a, (int64_t)c->by_every, l), text_number(q->a, (int64_t)c->by_any, l),
		text_number(q->a, (int64_t)c->stale, l)}, 4);
	html(b, "</li><li>");
	html_says(b, tr(l, "Unconfirmed: %s, confirmed: %s"),
		(struct str[]){text_number(q->a, (int64_t)c->unconfirmed, l),
		text_number(q->a, (int64_t)c->confirmed, l)}, 2);
	html(b, "</li></ul>\n");
}

static void
put_status(struct request *q, struct buf *b, const struct reg_line *l)
{
	for (size_t i = 0; i < l->n_status; i++) {
		const struct reg_status *s = &l->status[i];
		if (i)
			html(b, "<br>");
		html_value(b, str_of(status_word(q, s->status)));
		if (s->since.first != DAY_MIN) {
			html(b, " <small>");
			html_value(b, date_show(q->a, &s->since, q->lang, 0));
			html(b, "</small>");
		}
		if (l->n_status > 1) {
			html(b, " <small>(");
			html_value(b, s->list.n ? s->list : str_of(tr(q->lang, "by hand")));
			html(b, ")</small>");
		}
	}
	if (l->disagree)
		buf_fmt(b, "<br><small class=\"unlike\">≠ %s</small>",
			tr(q->lang, "the sources disagree"));
}

static const struct { const char *label, *sort; } heads[] = {
	{N_("Name"), "name"}, {N_("Father"), NULL}, {N_("Born"), "birth"}, {N_("Prison"), NULL},
	{N_("Status"), NULL}, {N_("Confirmed"), NULL},
};

static void
put_line(struct request *q, struct buf *b, const struct reg_line *l)
{
	enum { NAMES_MOST = 240, CELL_MOST = 160 };
	const struct str cells[] = {l->father, l->birth, l->facility};

	row_begin(b, l->disagree);
	html(b, "<th scope=\"row\" role=\"rowheader\"><a href=\"");
	buf_fmt(b, "/%s/person/", lang_code(q->lang));
	html_url(b, l->id);
	html(b, "\">");
	html_names(b, l->names.n ? l->names : S("—"), NAMES_MOST);
	html(b, "</a> <small>");
	html_code(b, l->id);
	html(b, "</small></th>");
	for (size_t i = 0; i < 3; i++) {
		cell_begin(b, tr(q->lang, heads[i + 1].label));
		html_names(b, cells[i], CELL_MOST);
		html(b, "</td>");
	}
	cell_begin(b, tr(q->lang, heads[4].label));
	put_status(q, b, l);
	html(b, "</td>");
	cell_begin(b, tr(q->lang, heads[5].label));
	html(b, "<span class=\"word\">");
	html_text(b, str_of(l->confirmed ? tr(q->lang, "confirmed") : tr(q->lang, "unconfirmed")));
	html(b, "</span></td></tr>\n");
}

static void
put_table(struct request *q, struct buf *b, const struct reg_line *v, size_t n)
{
	struct str sort = query_of(q, "sort");

	table_caption(b, tr(q->lang, "Who is in the register, as the lists tell it"));
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		const char *label = tr(q->lang, heads[i].label);
		bool on = heads[i].sort && str_is(sort, heads[i].sort);
		buf_fmt(b, "<th scope=\"col\" role=\"columnheader\"%s>",
			on ? " aria-sort=\"ascending\"" : "");
		if (heads[i].sort) {
			buf_fmt(b, "<a href=\"/%s/persons", lang_code(q->lang));
			put_query(q, b, "sort", heads[i].sort);
			buf_fmt(b, "\">%s%s</a>", label, on ? " <span aria-hidden=\"true\">▲</span>" : "");
		} else {
			html_text(b, str_of(label));
		}
		html(b, "</th>");
	}
	table_body(b);
	html(b, "<tbody role=\"rowgroup\">");
	for (size_t i = 0; i < n; i++)
		put_line(q, b, &v[i]);
	html(b, "</tbody>");
	table_end(b);
}

static void
put_paging(struct request *q, struct buf *b, size_t offset, size_t n, size_t of)
{
	char at[32];

	if (offset || n < of) {
		buf_fmt(b, "<nav class=\"paging\" aria-label=\"%s\">", tr(q->lang, "Further pages"));
		if (offset) {
			snprintf(at, sizeof at, "%zu", offset > LINES_A_PAGE ? offset - LINES_A_PAGE : 0);
			buf_fmt(b, "<a rel=\"prev\" href=\"/%s/persons", lang_code(q->lang));
			put_query(q, b, "offset", at);
			buf_fmt(b, "\">%s</a> ", tr(q->lang, "Previous page"));
		}
		html(b, "<span>");
		html_says(b, tr(q->lang, "%s to %s of %s"), (struct str[]){
			text_number(q->a, (int64_t)(n ? offset + 1 : 0), q->lang),
			text_number(q->a, (int64_t)(n ? offset + n : 0), q->lang),
			text_number(q->a, (int64_t)of, q->lang)}, 3);
		html(b, "</span>");
		if (offset + n < of) {
			snprintf(at, sizeof at, "%zu", offset + n);
			buf_fmt(b, " <a rel=\"next\" href=\"/%s/persons", lang_code(q->lang));
			put_query(q, b, "offset", at);
			buf_fmt(b, "\">%s</a>", tr(q->lang, "Next page"));
		}
		html(b, "</nav>");
	}
	buf_fmt(b, "<p class=\"siblings\">%s", tr(q->lang, "The whole list as a file:"));
	for (int i = 0; i < 2; i++) {
		buf_fmt(b, " <a href=\"/%s/persons.%s", lang_code(q->lang), i ? "json" : "csv");
		put_query(q, b, NULL, NULL);
		buf_fmt(b, "\">%s</a>", i ? "JSON" : "CSV");
	}
	html(b, "</p>\n");
}

static void
put_result(struct request *q, struct buf *b, const struct reg_filter *f,
	const struct reg_line *v, size_t n, const struct reg_counts *c)
{
	put_counts(q, b, c, f->status);
	if (n)
		put_table(q, b, v, n);
	else
		buf_fmt(b, "<p>%s</p>", c->persons ? tr(q->lang, "There are no more.")
			: q->query.n ? tr(q->lang, "Nobody fits this filter.")
			: tr(q->lang, "Nobody is in the register yet."));
	put_paging(q, b, f->offset, n, c->persons);
}

void
page_persons(struct request *q, struct reply *p)
{
	struct reg_filter f = {.on = DAY_MAX};
	struct reg_line *v = NULL;
	struct reg_counts c = {0};
	struct err e = {0};
	size_t n = 0;
	enum status st = read_filter(q, &f, &e);

	f.limit = LINES_A_PAGE;
	if (st == OK)
		st = reg_list(q->a, q->web->reg, &f, q->lang, &v, &n, &c, &e);
	if (st == FAIL) {
		page_error(q, p, 500, N_("The register cannot be read"), &e);
		return;
	}
	p->code = st ? 400 : 200;
	page_begin(q, p, str_of(tr(q->lang, "Prisoners")));
	put_filters(q, &p->body);
	if (st) {
		put_fault(q, &p->body, &e);
	} else {
		put_result(q, &p->body, &f, v, n, &c);
	}
	page_end(q, p);
}

void
page_persons_csv(struct request *q, struct reply *p)
{
	struct reg_filter f;
	struct err e = {0};
	enum status st = read_filter(q, &f, &e);

	if (st == OK)
		st = reg_export_csv(q->web->reg, &f, S("person"), &p->body, &e);
	if (st) {
		page_error(q, p, st == BAD ? 400 : 500, N_("The list cannot be written"), &e);
		return;
	}
	p->code = 200;
	p->type = "text/csv; charset=utf-8";
	p->file_name = S("persons.csv");
}

void
page_persons_json(struct request *q, struct reply *p)
{
	struct reg_filter f;
	struct reg_line *v;
	struct reg_counts c;
	struct err e = {0};
	struct json j = json_to(&p->body);
	size_t n;
	enum status st = read_filter(q, &f, &e);

	if (st == OK)
		st = reg_list(q->a, q->web->reg, &f, q->lang, &v, &n, &c, &e);
	if (st) {
		page_error(q, p, st == BAD ? 400 : 500, N_("The list cannot be written"), &e);
		return;
	}
	json_object(&j);
	const struct { const char *key; size_t n; } counts[] = {
		{"persons", c.persons}, {"records", c.records}, {"by_every", c.by_every},
		{"by_any", c.by_any}, {"stale", c.stale}, {"confirmed", c.confirmed},
		{"unconfirmed", c.unconfirmed},
	};
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		json_key(&j, counts[i].key);
		json_int(&j, (int64_t)counts[i].n);
	}
	json_key(&j, "lines");
	json_array(&j);
	for (size_t i = 0; i < n; i++) {
		const struct { const char *key; struct str s; } texts[] = {
			{"id", v[i].id}, {"names", v[i].names}, {"father", v[i].father},
			{"birth", v[i].birth}, {"prison", v[i].facility},
		};
		json_object(&j);
		for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
			json_key(&j, texts[k].key);
			json_text(&j, texts[k].s);
		}
		json_key(&j, "confirmed");
		json_bool(&j, v[i].confirmed);
		json_key(&j, "status");
		json_array(&j);
		for (size_t k = 0; k < v[i].n_status; k++) {
			json_object(&j);
			json_key(&j, "list");
			json_text(&j, v[i].status[k].list);
			json_key(&j, "status");
			json_text(&j, v[i].status[k].status);
			json_object_end(&j);
		}
		json_array_end(&j);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	p->code = 200;
	p->type = "application/json";
}
