/* The list of prisoners: the query is the URL; CSV and JSON are its siblings. */
#include "web/web_int.h"

static const struct { const char *name, *label, *menu; } filters[] = {
	{"search", "Name", NULL}, {"prison", "Prison", "facility"}, {"status", "Status", "status"},
	{"list", "List", "list"}, {"event", "Event", "event"}, {"on", "On the day", NULL},
	{"confirmed", "Confirmed", NULL},
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
put_menu(struct request *q, struct buf *b, const char *name, const char *menu)
{
	struct reg_option *o;
	struct str now = query_of(q, name);
	size_t n;

	buf_fmt(b, "<select id=\"f-%s\" name=\"%s\"><option value=\"\">%s</option>", name, name,
		tr(q->lang, "all"));
	if (strcmp(name, "confirmed") == 0) {
		static const char *const v[][2] = {{"yes", "confirmed"}, {"no", "unconfirmed"}};
		for (size_t i = 0; i < 2; i++)
			buf_fmt(b, "<option value=\"%s\"%s>%s</option>", v[i][0],
				str_is(now, v[i][0]) ? " selected" : "", tr(q->lang, v[i][1]));
	} else if (menu && reg_options(q->a, q->web->reg, menu, &o, &n, NULL) == OK) {
		const struct vocabulary *events = vocabulary_named(S("event"));
		for (size_t i = 0; i < n; i++) {
			html(b, "<option value=\"");
			html_text(b, o[i].name);
			buf_fmt(b, "\"%s>", str_eq(now, o[i].name) ? " selected" : "");
			const struct code *c = strcmp(name, "event") == 0 ? code_of(events, o[i].name)
				: NULL;
			if (c)
				html_text(b, c->label[q->lang == LANG_AZB ? LANG_FA : q->lang]);
			else if (strcmp(name, "status") == 0)
				html_text(b, str_of(tr(q->lang, str_cstr(q->a, o[i].name))));
			else
				html_text(b, o[i].name);
			html(b, "</option>");
		}
	}
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
		if (filters[i].menu || strcmp(name, "confirmed") == 0) {
			put_menu(q, b, name, filters[i].menu);
		} else {
			buf_fmt(b, "<input id=\"f-%s\" name=\"%s\" dir=\"auto\" value=\"", name, name);
			html_text(b, query_of(q, name));
			html(b, "\">");
		}
		html(b, "</p>");
	}
	buf_fmt(b, "<p><button>%s</button></p></form>", tr(q->lang, "Filter"));
}

/* Three answers; no count is printed alone. */
static void
put_counts(struct request *q, struct buf *b, const struct reg_counts *c, struct str status)
{
	const struct { size_t n; const char *words; } parts[] = {
		{c->by_every, "by every source that tells of them"},
		{c->by_any, "by at least one"},
		{c->stale, "last heard of more than 12 months before"},
	};

	html(b, "<p class=\"counts\"><strong>");
	html_number(b, c->persons, q->lang);
	buf_fmt(b, " %s</strong> (", tr(q->lang, "persons"));
	html_number(b, c->records, q->lang);
	buf_fmt(b, " %s). ", tr(q->lang, "records"));
	html_value(b, str_of(tr(q->lang, status.n ? str_cstr(q->a, status) : "held")));
	html(b, ": ");
	for (size_t i = 0; i < 3; i++) {
		html_number(b, parts[i].n, q->lang);
		buf_fmt(b, " %s%s", tr(q->lang, parts[i].words), i < 2 ? "; " : ". ");
	}
	html_number(b, c->unconfirmed, q->lang);
	buf_fmt(b, " %s, ", tr(q->lang, "unconfirmed"));
	html_number(b, c->confirmed, q->lang);
	buf_fmt(b, " %s.</p>", tr(q->lang, "confirmed"));
}

static void
put_status(struct request *q, struct buf *b, const struct reg_line *l)
{
	for (size_t i = 0; i < l->n_status; i++) {
		if (i)
			html(b, "<br>");
		html_value(b, str_of(tr(q->lang, str_cstr(q->a, l->status[i].status))));
		if (l->n_status > 1 && l->status[i].list.n) {
			html(b, " <small>");
			html_value(b, l->status[i].list);
			html(b, "</small>");
		}
	}
	if (l->disagree)
		buf_fmt(b, " <abbr title=\"%s\">≠</abbr>", tr(q->lang, "the sources disagree"));
}

static void
put_line(struct request *q, struct buf *b, const struct reg_line *l)
{
	html(b, "<tr><th scope=\"row\"><a href=\"");
	buf_fmt(b, "/%s/person/", lang_code(q->lang));
	html_url(b, l->id);
	html(b, "\">");
	html_value(b, l->names.n ? l->names : S("—"));
	html(b, "</a> <small>");
	html_code(b, l->id);
	html(b, "</small></th><td>");
	html_value(b, l->father);
	html(b, "</td><td>");
	html_value(b, l->birth);
	html(b, "</td><td>");
	html_value(b, l->facility);
	html(b, "</td><td>");
	put_status(q, b, l);
	buf_fmt(b, "</td><td>%s</td></tr>", tr(q->lang, l->confirmed ? "confirmed" : "unconfirmed"));
}

static void
put_table(struct request *q, struct buf *b, const struct reg_line *v, size_t n)
{
	static const struct { const char *label, *sort; } heads[] = {
		{"Name", "name"}, {"Father", NULL}, {"Born", "birth"}, {"Prison", NULL},
		{"Status", "date"}, {"", NULL},
	};
	struct str sort = query_of(q, "sort");

	html(b, "<div class=\"wide\"><table><thead><tr>");
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		bool on = heads[i].sort && str_is(sort, heads[i].sort);
		buf_fmt(b, "<th scope=\"col\"%s>", on ? " aria-sort=\"ascending\"" : "");
		if (heads[i].sort) {
			buf_fmt(b, "<a href=\"/%s/persons", lang_code(q->lang));
			put_query(q, b, "sort", heads[i].sort);
			buf_fmt(b, "\">%s</a>", tr(q->lang, heads[i].label));
		} else if (heads[i].label[0]) {
			buf_cstr(b, tr(q->lang, heads[i].label));
		} else {
			buf_cstr(b, tr(q->lang, "Confirmed"));
		}
		html(b, "</th>");
	}
	html(b, "</tr></thead><tbody>");
	for (size_t i = 0; i < n; i++)
		put_line(q, b, &v[i]);
	html(b, "</tbody></table></div>");
}

static void
put_paging(struct request *q, struct buf *b, size_t offset, size_t n, size_t of)
{
	char at[32];

	buf_fmt(b, "<nav class=\"paging\" aria-label=\"%s\">", tr(q->lang, "Further pages"));
	if (offset) {
		snprintf(at, sizeof at, "%zu", offset > LINES_A_PAGE ? offset - LINES_A_PAGE : 0);
		buf_fmt(b, "<a rel=\"prev\" href=\"/%s/persons", lang_code(q->lang));
		put_query(q, b, "offset", at);
		buf_fmt(b, "\">%s</a> ", tr(q->lang, "Back"));
	}
	html_number(b, n ? offset + 1 : 0, q->lang);
	html(b, "–");
	html_number(b, offset + n, q->lang);
	html(b, " / ");
	html_number(b, of, q->lang);
	if (offset + n < of) {
		snprintf(at, sizeof at, "%zu", offset + n);
		buf_fmt(b, " <a rel=\"next\" href=\"/%s/persons", lang_code(q->lang));
		put_query(q, b, "offset", at);
		buf_fmt(b, "\">%s</a>", tr(q->lang, "Next"));
	}
	html(b, "</nav><p class=\"siblings\">");
	for (int i = 0; i < 2; i++) {
		buf_fmt(b, "<a href=\"/%s/persons.%s", lang_code(q->lang), i ? "json" : "csv");
		put_query(q, b, NULL, NULL);
		buf_fmt(b, "\">%s</a> ", i ? "JSON" : "CSV");
	}
	html(b, "</p>");
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
		page_error(q, p, 500, "The register cannot be read", &e);
		return;
	}
	p->code = st ? 400 : 200;
	page_begin(q, p, str_of(tr(q->lang, "Prisoners")));
	put_filters(q, &p->body);
	if (st) {
		html(&p->body, "<p class=\"error\" role=\"alert\">");
		html_value(&p->body, str_of(e.text));
		html(&p->body, "</p>");
	} else {
		put_counts(q, &p->body, &c, f.status);
		if (n)
			put_table(q, &p->body, v, n);
		put_paging(q, &p->body, f.offset, n, c.persons);
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
		page_error(q, p, st == BAD ? 400 : 500, "The list cannot be written", &e);
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
		page_error(q, p, st == BAD ? 400 : 500, "The list cannot be written", &e);
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
