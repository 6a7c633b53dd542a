/* Commands that read: list, show, search. */
#include "cli/cli_int.h"

static struct str
name_of(const struct reg_line *l)
{
	return l->names.n ? l->names : S("—");
}

/* "held (birlik, 2020-01-02) / released (nesim)": who says what. */
static struct str
status_of(struct arena *a, const struct reg_line *l, enum lang lang)
{
	struct buf b;

	buf_init(&b, 1 << 16);
	for (size_t i = 0; i < l->n_status; i++) {
		const struct reg_status *s = &l->status[i];
		if (i)
			buf_cstr(&b, " / ");
		buf_cstr(&b, tr(lang, str_cstr(a, s->status)));
		if (l->n_status > 1 && s->list.n)
			buf_fmt(&b, " (" STR_FMT ")", STR_ARG(s->list));
	}
	struct str s = str_dup(a, buf_str(&b));
	buf_finish(&b);
	return s.p ? s : S("");
}

static void
print_counts(const struct reg_counts *c, const struct reg_filter *f, enum lang lang)
{
	char status[32];

	snprintf(status, sizeof status, STR_FMT, STR_ARG(f->status.n ? f->status : S("held")));
	say("%zu %s, %zu %s.\n", c->persons, tr(lang, "persons"), c->records, tr(lang, "records"));
	say("%s: %zu %s, %zu %s, %zu %s.\n", tr(lang, status), c->by_every,
		tr(lang, "by every source that tells of them"), c->by_any,
		tr(lang, "by at least one"), c->stale,
		tr(lang, "last heard of more than 12 months before"));
	say("%zu %s, %zu %s.\n", c->unconfirmed, tr(lang, "unconfirmed"), c->confirmed,
		tr(lang, "confirmed"));
}

static void
lines_json(const struct reg_line *v, size_t n, const struct reg_counts *c, struct arena *a)
{
	struct buf b;
	struct json j;

	buf_init(&b, (size_t)2 << 30);
	j = json_to(&b);
	json_object(&j);
	json_key(&j, "counts");
	json_object(&j);
	const struct { const char *key; size_t n; } counts[] = {
		{"persons", c->persons}, {"records", c->records}, {"by_every", c->by_every},
		{"by_any", c->by_any}, {"stale", c->stale}, {"confirmed", c->confirmed},
		{"unconfirmed", c->unconfirmed},
	};
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		json_field_int(&j, counts[i].key, (int64_t)counts[i].n);
	}
	json_object_end(&j);
	json_key(&j, "persons");
	json_array(&j);
	for (size_t i = 0; i < n; i++) {
		const struct reg_line *l = &v[i];
		const struct { const char *key; struct str s; } texts[] = {
			{"id", l->id}, {"given", l->given}, {"family", l->family},
			{"whole", l->whole}, {"names", l->names}, {"facility", l->facility},
		};
		json_object(&j);
		for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
			json_field_text(&j, texts[k].key, texts[k].s);
		}
		const struct field *columns[SLOTS];
		size_t n_columns = reg_columns(columns, SLOTS);
		for (size_t k = 0; k < n_columns; k++)
			json_field_text(&j, str_cstr(a, columns[k]->name), l->cells[k]);
		json_field_bool(&j, "confirmed", l->confirmed);
		json_field_bool(&j, "disagree", l->disagree);
		json_field_int(&j, "records", (int64_t)l->n_records);
		json_key(&j, "status");
		json_array(&j);
		for (size_t k = 0; k < l->n_status; k++) {
			const struct reg_status *s = &l->status[k];
			json_object(&j);
			json_field_text(&j, "list", s->list);
			json_field_text(&j, "status", s->status);
			json_field_text(&j, "since", s->since.first == DAY_MIN ? STR_NONE
				: date_iso(a, &s->since));
			json_field_text(&j, "facility", s->facility);
			json_field_text(&j, "last_heard", s->last_heard == DAY_MIN ? STR_NONE
				: day_iso(a, s->last_heard));
			json_object_end(&j);
		}
		json_array_end(&j);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	buf_byte(&b, '\n');
	fwrite(b.p, 1, b.n, stdout);
	buf_finish(&b);
}

static void
lines_table(struct args *x, const struct reg_line *v, size_t n)
{
	enum lang l = x->lang, labels = l == LANG_AZB ? LANG_FA : l;
	const struct field *columns[SLOTS];
	size_t n_columns = reg_columns(columns, SLOTS), at = 0;
	struct text_table t = {.a = x->a};
	struct str *row = NEWS(x->a, struct str, n_columns + 5);

	row[at++] = S("id");
	row[at++] = str_of(tr(l, "name"));
	for (size_t k = 0; k < n_columns; k++)
		row[at++] = columns[k]->label[labels];
	row[at++] = str_of(tr(l, "prison"));
	row[at++] = str_of(tr(l, "status"));
	row[at++] = S("");
	table_row(&t, row, at);
	for (size_t i = 0; i < n; i++) {
		at = 0;
		row[at++] = v[i].id;
		row[at++] = name_of(&v[i]);
		for (size_t k = 0; k < n_columns; k++)
			row[at++] = v[i].cells[k];
		row[at++] = v[i].facility;
		row[at++] = status_of(x->a, &v[i], l);
		row[at++] = str_fmt(x->a, "%s%s", v[i].disagree ? "≠ " : "",
			tr(l, v[i].confirmed ? "confirmed" : "unconfirmed"));
		table_row(&t, row, at);
	}
	table_print(&t);
}

/* The filters: FIELD=VALUE arguments, and the options people expect. */
enum status
read_filter(struct args *x, size_t from, struct reg_filter *f, struct err *e)
{
	struct buf b;
	enum status st;

	buf_init(&b, 1 << 20);
	for (size_t i = from; i < x->n; i++) {
		struct str s = str_of(x->arg[i]);
		size_t eq = str_find(s, '=');
		/* The shell has eaten the quotes: put them back. */
		if (eq < s.n && str_find(str_from(s, eq), ' ') < s.n - eq && s.p[eq + 1] != '"')
			buf_fmt(&b, STR_FMT "=\"" STR_FMT "\" ", STR_ARG(str_upto(s, eq)),
				STR_ARG(str_from(s, eq + 1)));
		else
			buf_fmt(&b, STR_FMT " ", STR_ARG(s));
	}
	st = reg_filter_parse(x->a, str_dup(x->a, buf_str(&b)), f, e);
	buf_finish(&b);
	return st;
}

static enum status
print_lists(struct args *x, struct reg *r, struct err *e)
{
	struct reg_option *o;
	struct text_table t = {.a = x->a};
	size_t n;
	enum status st = reg_options(x->a, r, opt(x, "--lists") ? "list" : "facility", &o, &n, e);

	for (size_t i = 0; st == OK && i < n; i++)
		table_row(&t, (struct str[]){str_fmt(x->a, "%zu", o[i].n), o[i].name}, 2);
	if (st == OK && n)
		table_print(&t);
	return st;
}

static enum status
print_list(struct args *x, struct reg *r, const struct reg_filter *f, bool lines, struct err *e)
{
	struct reg_line *v;
	struct reg_counts c;
	size_t n;
	enum status st = reg_list(x->a, r, f, x->lang, &v, &n, &c, e);

	if (st)
		return st;
	if (x->json) {
		lines_json(v, n, &c, x->a);
	} else {
		if (n && lines)
			lines_table(x, v, n);
		print_counts(&c, f, x->lang);
	}
	return OK;
}

static enum status
run_list(struct args *x, struct err *e)
{
	struct reg *r;
	struct reg_filter f;
	const char *kind = opt(x, "--csv-events") ? "event" : "person";
	enum status st = read_filter(x, 1, &f, e);

	if (st || (st = open_reg(x, NODE_READ, &r, e)) != OK)
		return st;
	if (opt(x, "--lists") || opt(x, "--prisons")) {
		st = print_lists(x, r, e);
	} else if (opt(x, "--csv") || opt(x, "--csv-events")) {
		struct buf b;
		buf_init(&b, (size_t)2 << 30);
		st = reg_export_csv(r, &f, str_of(kind), &b, e);
		if (st == OK)
			fwrite(b.p, 1, b.n, stdout);
		buf_finish(&b);
	} else {
		st = print_list(x, r, &f, !opt(x, "--count"), e);
	}
	reg_close(r);
	return st;
}

static enum status
run_search(struct args *x, struct err *e)
{
	struct reg *r;
	struct reg_filter f = {.search = str_of(x->arg[1]), .on = DAY_MAX, .limit = 50};
	enum status st = open_reg(x, NODE_READ, &r, e);

	if (st)
		return st;
	st = print_list(x, r, &f, true, e);
	reg_close(r);
	return st;
}

/* --- dossiers --------------------------------------------------------------------- */

static struct str
where(struct arena *a, const struct reg_claim *c)
{
	struct str s = c->list.n ? str_fmt(a, STR_FMT " v%u, row %u", STR_ARG(c->list), c->version,
		c->row) : S("by hand");

	if (c->source.n)
		s = str_fmt(a, STR_FMT "; " STR_FMT, STR_ARG(s), STR_ARG(c->source));
	if (c->words.n && !str_eq(c->words, c->text))
		s = str_fmt(a, STR_FMT ": \"" STR_FMT "\"", STR_ARG(s), STR_ARG(c->words));
	return s;
}

static void
print_groups(struct args *x, const struct reg_dossier *d)
{
	enum lang l = x->lang == LANG_AZB ? LANG_FA : x->lang;
	struct text_table t = {.a = x->a};

	for (size_t i = 0; i < d->n_groups; i++)
		for (size_t k = 0; k < d->groups[i].n; k++) {
			const struct reg_claim *c = &d->groups[i].claims[k];
			table_row(&t, (struct str[]){d->groups[i].disagree ? S("≠") : S(" "),
				k ? S("") : d->groups[i].field->label[l], c->text,
				where(x->a, c)}, 4);
		}
	if (d->n_groups)
		table_print(&t);
}

static void
print_events(struct args *x, const struct reg_dossier *d)
{
	for (size_t i = 0; i < d->n_events; i++) {
		const struct reg_event *ev = &d->events[i];
		say("%s " STR_FMT "  " STR_FMT "\n", ev->disagree ? "≠" : " ",
			STR_ARG(ev->date.first == DAY_MIN ? str_of(tr(x->lang, "undated"))
			: date_show(x->a, &ev->date, x->lang, 0)), STR_ARG(ev->type_label));
		for (size_t k = 0; k < ev->n; k++) {
			const struct reg_claim *c = &ev->claims[k];
			const struct field *f = field_named(kind_named(S("event")), c->field);
			/* The first line has said them, but not what was written. */
			if (str_is(c->field, "type") || (str_is(c->field, "date") && !c->words.n))
				continue;
			say("      " STR_FMT ": " STR_FMT "%s  [" STR_FMT "]\n",
				STR_ARG(f ? f->label[x->lang == LANG_AZB ? LANG_FA : x->lang] : c->field),
				STR_ARG(c->text), str_is(c->field, "cause")
				? tr(x->lang, " (as a party states it; not established)") : "",
				STR_ARG(where(x->a, c)));
		}
	}
}

static void
print_dossier(struct args *x, const struct reg_dossier *d)
{
	enum lang l = x->lang;

	say(STR_FMT "  " STR_FMT "  [%s]\n", STR_ARG(d->line.id), STR_ARG(name_of(&d->line)),
		tr(l, d->line.confirmed ? "confirmed" : "unconfirmed"));
	for (size_t i = 0; i < d->line.n_status; i++) {
		const struct reg_status *s = &d->line.status[i];
		say("  %s: " STR_FMT "%s" STR_FMT "%s" STR_FMT "\n", tr(l, str_cstr(x->a, s->status)),
			STR_ARG(s->list.n ? s->list : str_of(tr(l, "by hand"))),
			s->since.first == DAY_MIN ? "" : ", ",
			STR_ARG(s->since.first == DAY_MIN ? S("") : date_show(x->a, &s->since, l, 0)),
			s->facility.n ? ", " : "", STR_ARG(s->facility));
	}
	say("\n%s (%s)\n", tr(l, "Claims"), tr(l, "≠ marks what disagrees"));
	print_groups(x, d);
	say("\n%s\n", tr(l, "Events"));
	print_events(x, d);
	print_bonds(x, d);
	print_history(x, d->history, d->n_history);
	if (d->n_others)
		say("\n%s\n", tr(l, "Consents, documents, tasks"));
	for (size_t i = 0; i < d->n_others; i++)
		say("  " STR_FMT " (" STR_FMT "): " STR_FMT "\n", STR_ARG(d->others[i].kind),
			STR_ARG(d->others[i].id), STR_ARG(d->others[i].line));
}

static void
claims_json(struct json *j, const struct reg_claim *c, size_t n)
{
	json_key(j, "claims");
	json_array(j);
	for (size_t i = 0; i < n; i++) {
		json_object(j);
		const struct { const char *key; struct str s; } texts[] = {
			{"field", c[i].field}, {"text", c[i].text}, {"words", c[i].words},
			{"list", c[i].list}, {"source", c[i].source},
		};
		for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
			json_field_text(j, texts[k].key, texts[k].s);
		}
		json_field_int(j, "version", c[i].version);
		json_field_int(j, "row", c[i].row);
		json_field_int(j, "column", c[i].column);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
dossier_json(struct args *x, const struct reg_dossier *d)
{
	struct buf b;
	struct json j;

	buf_init(&b, (size_t)1 << 30);
	j = json_to(&b);
	json_object(&j);
	json_field_text(&j, "id", d->line.id);
	json_field_bool(&j, "confirmed", d->line.confirmed);
	json_key(&j, "fields");
	json_array(&j);
	for (size_t i = 0; i < d->n_groups; i++) {
		json_object(&j);
		json_field_text(&j, "field", d->groups[i].field->name);
		json_field_bool(&j, "disagree", d->groups[i].disagree);
		claims_json(&j, d->groups[i].claims, d->groups[i].n);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_key(&j, "events");
	json_array(&j);
	for (size_t i = 0; i < d->n_events; i++) {
		const struct reg_event *ev = &d->events[i];
		json_object(&j);
		json_field_text(&j, "id", ev->id);
		json_field_text(&j, "type", ev->type);
		json_field_text(&j, "date", ev->date.first == DAY_MIN ? STR_NONE
				: date_iso(x->a, &ev->date));
		json_field_bool(&j, "disagree", ev->disagree);
		claims_json(&j, ev->claims, ev->n);
		json_object_end(&j);
	}
	json_array_end(&j);
	bonds_json(&j, x->a, d);
	json_key(&j, "history");
	history_json(&j, x->a, d->history, d->n_history);
	json_object_end(&j);
	buf_byte(&b, '\n');
	fwrite(b.p, 1, b.n, stdout);
	buf_finish(&b);
}

static enum status
show_toll(struct args *x, struct reg *r, struct str id, struct err *e)
{
	struct reg_toll v;
	enum status st = reg_toll_find(x->a, r, id, &v, e);

	if (st == OK) {
		say("\n");
		print_toll(x, &v);
	}
	return st;
}

static enum status
show_record(struct args *x, struct reg *r, struct str id, struct err *e)
{
	struct record rec;
	uint64_t pos;
	enum status st = reg_find_record(r, id, &pos, e);

	if (st || (st = node_get(x->a, reg_node(r), pos, &rec, e)) != OK)
		return st;
	const struct kind *k = kind_of(rec.kind);
	say("record %llu  " STR_FMT "\n", (unsigned long long)rec.pos,
		STR_ARG(hex_encode(x->a, BYTES(rec.hash))));
	if (rec.erased) {
		say("  erased\n");
		return OK;
	}
	say("  kind: " STR_FMT "\n", STR_ARG(k ? k->name : str_fmt(x->a, "%u", rec.kind)));
	for (unsigned i = 1; i < SLOTS; i++) {
		const struct field *f = k ? field_of(k, i) : NULL;
		if (record_has(&rec, i))
			say("  " STR_FMT ": " STR_FMT "\n",
				STR_ARG(f ? f->name : str_fmt(x->a, "%u", i)),
				STR_ARG(value_show(x->a, f, rec.slot[i], x->lang)));
	}
	if (str_is(k ? k->name : S(""), "estimate"))
		return show_toll(x, r, id, e);
	if (rec.sealed_away)
		say("  (and sealed fields that you may not open)\n");
	return OK;
}

/* "p-17" is P-17. */
static bool
same_number(struct str asked, struct str id)
{
	uint64_t x, y;

	return str_u64(str_from(asked, 2), &x) && str_u64(str_from(id, 2), &y) && x == y;
}

static enum status
run_show(struct args *x, struct err *e)
{
	struct reg *r;
	struct reg_dossier d;
	struct str id = str_of(x->arg[1]);
	uint64_t cluster;
	enum status st = open_reg(x, NODE_READ, &r, e);

	if (st)
		return st;
	if (!str_starts(id, "P-") && !str_starts(id, "p-")) {
		st = show_record(x, r, id, e);
	} else if ((st = reg_find_person(r, id, &cluster, e)) == OK
	    && (st = reg_dossier(x->a, r, cluster, x->lang, &d, e)) == OK) {
		if (!x->json && !same_number(id, d.line.id))
			say(STR_FMT "\n", STR_ARG(fill(x->a, tr(x->lang, "%s is now %s"),
				(struct str[]){id, d.line.id}, 2)));
		if (x->json)
			dossier_json(x, &d);
		else
			print_dossier(x, &d);
	}
	reg_close(r);
	return st;
}

static const struct option list_options[] = {
	{"--csv", NULL, "one line a person record, with ids; import it back to amend"},
	{"--csv-events", NULL, "one line an event record, likewise"},
	{"--lists", NULL, "the lists, with how many records each"},
	{"--prisons", NULL, "the prisons, with how many persons each"},
	{"--count", NULL, "only the counts"},
	{NULL, NULL, NULL},
};

const struct command view_commands[] = {
	{"list", "REG [FILTER …]", "who is in the register\n"
		"FILTER: search=, prison=, list=, event=, status=, on=DATE, confirmed=yes|no,\n"
		"sort=name|family|birth|date|id, limit=, offset=.  Counts answer three ways.", 1, ARGS_MOST,
		list_options, run_list},
	{"search", "REG WORDS", "find people by name, in any script", 2, 2, NULL, run_search},
	{"show", "REG P-17|RECORD", "a dossier: claims side by side with their sources", 2, 2, NULL,
		run_show},
	{NULL, NULL, NULL, 0, 0, NULL, NULL},
};
