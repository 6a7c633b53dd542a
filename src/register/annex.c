/*
 * The one gate through which anything about a person leaves.  There is no override.
 *
 * A person is all the records that are judged to be one.  Did anybody withdraw, for
 * this purpose or for one that it is part of or that is part of it: the whole person
 * is left out and counted.  Does a consent ask for initials: none of the records is
 * named.  Of each record for which a consent (or another recorded basis) is in force
 * its public slots go out; a record without one adds nothing to a line, not even a
 * spelling.  Where no record has one, the committed initials go out alone; where
 * none were committed, the person is a number.
 */
#include "register/view_int.h"

enum may { MAY_NOTHING, MAY_INITIALS, MAY_NAME };

/* Purposes that cover the one asked: what may be published may stand in a letter. */
static bool
covers(struct str given, struct str asked)
{
	return str_eq(given, asked)
		|| (str_is(given, "public") && (str_is(asked, "letter") || str_is(asked, "un")));
}

/* Who withdrew from a letter does not stand in what is published either; who
 * withdrew from the register stands in nothing. */
static bool
bars(struct str withdrawn, struct str asked)
{
	return covers(withdrawn, asked) || covers(asked, withdrawn)
		|| str_is(withdrawn, "register");
}

/* Whatever is written there but "by name" asks for less than the name. */
static bool
by_name(struct arena *a, struct str mode)
{
	static const char *const words[] = {"", "name", "by name", "ad", "adla", "نام", "با نام"};
	struct str s = text_fold(a, mode);

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_eq(s, text_fold(a, str_of(words[i]))))
			return true;
	return false;
}

/* What one record allows.  Of its consents for the purpose the newest decides, and
 * an expired one is no consent, nor does another basis stand in for it. */
static enum status
record_may(struct arena *a, struct reg *r, uint64_t person, struct str purpose, int32_t today,
	bool *ret_withdrawn, enum may *ret, struct err *e)
{
	struct store_stmt *s = store_sql(r->db, "SELECT purpose, first, expires, withdrawn, mode"
		" FROM consent WHERE person = ?1 ORDER BY pos");
	enum may may = MAY_NOTHING;
	struct str basis;
	unsigned version;
	struct now w;
	bool any = false;
	enum status st;

	store_bind_int(s, 1, (int64_t)person);
	while ((st = store_step(s, e)) == OK) {
		struct str given = store_text(s, 0);
		if (!store_is_null(s, 3) && bars(given, purpose))
			*ret_withdrawn = true;
		if (!store_is_null(s, 3) || !covers(given, purpose))
			continue;
		any = true;
		if ((!store_is_null(s, 1) && store_int(s, 1) > today)
		    || (!store_is_null(s, 2) && store_int(s, 2) < today))
			may = MAY_NOTHING;
		else
			may = by_name(a, store_text(s, 4)) ? MAY_NAME : MAY_INITIALS;
	}
	if (st != NO)
		return st;
	if (!any) {
		if ((st = index_now(a, r, person, &w, e)) != OK)
			return st;
		if (get_code(w.slot[SLOT_BASIS], &version, &basis))
			may = MAY_NAME;
	}
	*ret = may;
	return OK;
}

struct gate {
	struct arena *a;
	struct reg *r;
	const struct field **fields;         /* per column; NULL: computed */
	const struct kind **kinds;
	struct reg_annex *x;
	struct view v;                       /* all persons */
	int32_t on;
};

/* A person at the gate. */
struct passing {
	enum may may;                        /* of the person as a whole */
	struct now *records;                 /* those that may tell anything */
	size_t n;
	struct str initials;                 /* "" : none were committed */
	bool confirmed;
	struct told told[TOLD_MOST];         /* by those records */
	size_t n_told;
};

/* Computed columns: what is no field of a record. */
static const char *const computed[] = {"name", "status", "lists", "confirmed"};

static enum status
find_columns(struct gate *g, struct str columns, struct err *e)
{
	VEC(struct str) names = {0};
	VEC(const struct field *) fields = {0};
	VEC(const struct kind *) kinds = {0};
	struct str rest = columns;

	while (rest.p) {
		struct str name = str_trim(str_cut(&rest, ','));
		const struct kind *k = kind_named(S("person"));
		const struct field *f = field_named(k, name);
		bool known = false;
		if (name.n == 0)
			continue;
		for (size_t i = 0; i < sizeof computed / sizeof *computed; i++)
			known = known || str_is(name, computed[i]);
		if (!f || f->slot < SLOT_FIRST) {
			k = kind_named(S("event"));
			f = field_named(k, name);
		}
		if (!known && (!f || f->slot < SLOT_FIRST || !f->in_annex))
			return err_set(e, BAD, "column \"" STR_FMT "\": no field that may stand in an "
				"annex; there are name, status, lists, confirmed, birth-year, province, "
				"facility, sentence, charge, date …", STR_ARG(name));
		VEC_PUSH(g->a, &names) = str_dup(g->a, name);
		VEC_PUSH(g->a, &fields) = known ? NULL : f;
		VEC_PUSH(g->a, &kinds) = k;
	}
	if (names.n == 0)
		return err_set(e, BAD, "columns: none; write columns = name, birth-year, facility");
	g->x->columns = names.v;
	g->x->n_columns = names.n;
	g->fields = fields.v;
	g->kinds = kinds.v;
	return OK;
}

static struct str
show(struct gate *g, const struct now *w, const struct field *f)
{
	struct date d;

	if (f->type == VALUE_DATE && get_date(w->slot[f->slot], &d))
		return date_iso(g->a, &d);
	return view_field(g->a, w, f->slot, LANG_EN);
}

static struct str
person_value(struct gate *g, const struct passing *p, const struct field *f)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->records[i].slot[f->slot].n)
			return show(g, &p->records[i], f);
	return S("");
}

/* Of an event's field: the newest event, by the day asked for, that says it. */
static struct str
event_value(struct gate *g, const struct passing *p, const struct field *f)
{
	struct str best = S("");
	int64_t day = (int64_t)DAY_MIN - 1;

	for (size_t i = 0; str_is(f->name, "facility") && i < p->n_told; i++)
		if (p->told[i].facility)
			return g->v.facility.v[p->told[i].facility];
	for (size_t i = 0; i < p->n; i++) {
		struct now *w;
		size_t n;
		if (index_events_of(g->a, g->r, p->records[i].pos, &w, &n, NULL) != OK)
			continue;
		for (size_t k = 0; k < n; k++) {
			struct date d = {.first = DAY_MIN};
			get_date(w[k].slot[field_slot("event", "date")], &d);
			if (w[k].slot[f->slot].n == 0 || d.first <= day || d.first > g->on)
				continue;
			day = d.first;
			best = show(g, &w[k], f);
		}
	}
	return best;
}

static struct str
status_words(struct gate *g, const struct passing *p)
{
	struct str s = S("");

	for (size_t i = 0; i < p->n_told; i++) {
		bool said = false;
		for (size_t k = 0; k < i; k++)
			said = said || strcmp(p->told[k].status, p->told[i].status) == 0;
		if (!said)
			s = s.n ? str_fmt(g->a, STR_FMT " / %s", STR_ARG(s), p->told[i].status)
				: str_of(p->told[i].status);
	}
	return s;
}

/* Every spelling by those who may be named; else initials, or a dash. */
static struct str
name_or_less(struct gate *g, const struct passing *p)
{
	static const char *const parts[] = {"given", "family", "whole"};
	struct str names = S("");

	for (size_t i = 0; p->may == MAY_NAME && i < p->n; i++) {
		struct now w = p->records[i];
		for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
			const struct field *f = field_named(kind_of(w.kind), str_of(parts[k]));
			if (f->audience != AUDIENCE_PUBLIC)
				w.slot[f->slot] = (struct bytes){0};
		}
		add_spelling(g->a, &names, view_name(g->a, &w, LANG_EN));
	}
	if (names.n)
		return names;
	return p->initials.n ? p->initials : S("—");
}

static struct str
cell(struct gate *g, const struct passing *p, size_t i)
{
	const struct field *f = g->fields[i];
	struct str column = g->x->columns[i];

	if (str_is(column, "name"))
		return name_or_less(g, p);
	if (str_is(column, "initials"))
		return p->initials;
	if (str_is(column, "confirmed"))
		return p->confirmed ? S("confirmed") : S("unconfirmed");
	if (p->may == MAY_NOTHING || (f && f->audience != AUDIENCE_PUBLIC))
		return S("");
	/* Names beside the initials would undo them. */
	if (f && p->may != MAY_NAME && f->type == VALUE_NAME)
		return S("");
	if (str_is(column, "status"))
		return status_words(g, p);
	if (str_is(column, "lists"))
		return str_fmt(g->a, "%zu", p->n_told);
	return str_is(g->kinds[i]->name, "person") ? person_value(g, p, f) : event_value(g, p, f);
}

/* What those records tell that may tell anything: the others' lists are not asked. */
static void
ask_told(struct gate *g, struct passing *p)
{
	struct view some = g->v;
	struct light_person *persons = NEWS(g->a, struct light_person, p->n);

	for (size_t i = 0; i < p->n; i++) {
		const struct light_person *l = view_person(&g->v, p->records[i].pos);
		invariant(l);
		persons[i] = *l;
	}
	some.persons = persons;
	some.n = p->n;
	p->n_told = view_status(&some, 0, p->n, g->on, p->told, TOLD_MOST);
}

static enum status
pass(struct gate *g, const struct reg_line *line, struct str purpose, int32_t today,
	uint8_t (*hashes)[SEAL_HASH], bool *ret_withdrawn, struct passing *ret, struct err *e)
{
	struct passing p = {.records = NEWS(g->a, struct now, line->n_records),
		.initials = S(""), .confirmed = line->confirmed};
	bool reduce = false;
	enum status st;

	for (size_t i = 0; i < line->n_records; i++) {
		enum may may;
		struct now w;
		struct str s;
		if ((st = record_may(g->a, g->r, line->records[i], purpose, today, ret_withdrawn,
		    &may, e)) != OK
		    || (st = index_now(g->a, g->r, line->records[i], &w, e)) != OK)
			return st;
		memcpy(hashes[i], w.hash, SEAL_HASH);
		if (p.initials.n == 0
		    && get_text(w.slot[field_slot("person", "initials")], &s))
			p.initials = s;
		reduce = reduce || may == MAY_INITIALS;
		if (may > p.may)
			p.may = may;
		if (may != MAY_NOTHING)
			p.records[p.n++] = w;
	}
	if (reduce)
		p.may = MAY_INITIALS;
	ask_told(g, &p);
	*ret = p;
	return OK;
}

static enum status
add_row(struct gate *g, const struct reg_line *line, struct str purpose, int32_t today,
	struct err *e)
{
	struct reg_annex_row row = {.cluster = line->cluster, .person = line->id,
		.confirmed = line->confirmed, .n_records = line->n_records};
	uint8_t (*records)[SEAL_HASH] = arena_alloc(g->a, line->n_records, SEAL_HASH);
	bool withdrawn = false;
	struct passing p;
	enum status st = pass(g, line, purpose, today, records, &withdrawn, &p, e);

	if (st)
		return st;
	if (withdrawn || (p.may == MAY_NOTHING && p.initials.n == 0)) {
		g->x->withheld++;
		return OK;
	}
	row.named = p.may == MAY_NAME;
	g->x->reduced += !row.named;
	/* All of them, also those that tell nothing: a withdrawal from any counts. */
	row.records = (const uint8_t (*)[SEAL_HASH])records;
	row.cells = NEWS(g->a, struct str, g->x->n_columns);
	for (size_t i = 0; i < g->x->n_columns; i++)
		row.cells[i] = cell(g, &p, i);
	g->x->rows[g->x->n_rows++] = row;
	return OK;
}

static enum status
check_purpose(struct str purpose, struct err *e)
{
	if (code_of(vocabulary_named(S("purpose")), purpose))
		return OK;
	return err_set(e, BAD, "purpose \"" STR_FMT "\": none; write letter, public, un or "
		"partners", STR_ARG(purpose));
}

/* The query stands in the manifest for everybody to read: it may say which status,
 * prison or day was asked for, never a name or what we call a list. */
static enum status
read_query(struct arena *a, struct str query, struct reg_filter *ret, struct err *e)
{
	struct reg_filter f;
	enum status st = reg_filter_parse(a, query, &f, e);

	if (st == OK && (f.search.n || f.person.n || f.list.n))
		return err_set(e, BAD, "annex query \"" STR_FMT "\": search=, person= and list= would "
			"stand in the letter for all to read; use status=, prison=, event=, on= or "
			"confirmed=", STR_ARG(str_upto(query, 200)));
	if (st == OK)
		*ret = f;
	return st;
}

/* In what order rows stand says something of those without a name: an initial
 * between two names of an alphabet is half a name.  They come last, shuffled
 * (Fisher and Yates). */
static void
hide_order(struct arena *a, struct reg_annex *x)
{
	struct reg_annex_row *v = NEWS(a, struct reg_annex_row, x->n_rows);
	size_t named = 0, at;

	for (size_t i = 0; i < x->n_rows; i++)
		if (x->rows[i].named)
			v[named++] = x->rows[i];
	at = named;
	for (size_t i = 0; i < x->n_rows; i++)
		if (!x->rows[i].named)
			v[at++] = x->rows[i];
	for (size_t i = x->n_rows; i > named + 1; i--) {
		uint64_t r;
		seal_random(&r, sizeof r);
		size_t k = named + (size_t)(r % (i - named));
		struct reg_annex_row t = v[k];
		v[k] = v[i - 1];
		v[i - 1] = t;
	}
	x->rows = v;
}

enum status
reg_annex_check(struct str query, struct str columns, struct str purpose, struct err *e)
{
	struct arena *a = arena_create(1 << 20);
	struct reg_annex x = {0};
	struct gate g = {.a = a, .x = &x};
	struct reg_filter f;
	enum status st;

	if ((st = check_purpose(purpose, e)) == OK && (st = find_columns(&g, columns, e)) == OK)
		st = read_query(a, query, &f, e);
	arena_destroy(a);
	return st;
}

enum status
reg_annex(struct arena *a, struct reg *r, struct str query, struct str columns, struct str purpose,
	struct reg_annex *ret, struct err *e)
{
	struct reg_annex x = {.query = query, .purpose = purpose};
	struct reg_filter f;
	struct gate g = {.a = a, .r = r, .x = &x};
	struct reg_line *lines;
	size_t n;
	enum status st;

	if ((st = check_purpose(purpose, e)) != OK)
		return st;
	if ((st = find_columns(&g, columns, e)) != OK
	    || (st = read_query(a, query, &f, e)) != OK
	    || (st = reg_list(a, r, &f, LANG_EN, &lines, &n, &x.counts, e)) != OK)
		return st;
	g.on = f.on == DAY_MAX ? day_today() : f.on;
	if ((st = view_load(a, r, UINT64_MAX, &g.v, e)) != OK)
		return st;
	x.rows = NEWS(a, struct reg_annex_row, n);
	for (size_t i = 0; i < n; i++)
		if ((st = add_row(&g, &lines[i], purpose, day_today(), e)) != OK)
			return st;
	hide_order(a, &x);
	*ret = x;
	return OK;
}

/* Of everybody who is judged to be the same person: a later merge counts. */
static enum status
person_withdrawn(struct arena *a, struct reg *r, uint64_t pos, struct str purpose, bool *ret,
	struct err *e)
{
	VEC(uint64_t) members = {0};
	struct store_stmt *s = store_sql(r->db, "SELECT pos FROM person WHERE cluster ="
		" (SELECT cluster FROM person WHERE pos = ?1)");
	enum status st;

	store_bind_int(s, 1, (int64_t)pos);
	while ((st = store_step(s, e)) == OK)
		VEC_PUSH(a, &members) = (uint64_t)store_int(s, 0);
	if (st != NO)
		return st;
	/* Erased, or of an import that was retracted. */
	if (members.n == 0)
		*ret = true;
	st = OK;
	for (size_t i = 0; i < members.n && st == OK; i++) {
		enum may may;
		st = record_may(a, r, members.v[i], purpose, day_today(), ret, &may, e);
	}
	return st;
}

enum status
reg_annex_withdrawn(struct reg *r, const uint8_t (*records)[SEAL_HASH], size_t n,
	struct str purpose, bool *ret, struct err *e)
{
	struct arena *a = arena_create(256 << 20);
	bool withdrawn = false;
	enum status st = OK;

	for (size_t i = 0; i < n && st == OK && !withdrawn; i++) {
		uint64_t pos;
		st = index_pos_of(r, records[i], &pos, e);
		if (st == OK)
			st = person_withdrawn(a, r, pos, purpose, &withdrawn, e);
		else if (st == NO)
			st = OK;     /* a partner's own: not here, it cannot be asked */
	}
	arena_destroy(a);
	if (st == OK)
		*ret = withdrawn;
	return st;
}
