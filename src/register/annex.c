/*
 * The one gate through which anything about a person leaves.
 *
 * For each person: no consent (or recorded other basis) in force for the purpose,
 * or one that asks for initials: initials.  A withdrawal for the purpose: the
 * person is left out and counted.  Of the rest, a slot goes out only if its
 * audience is public (own, partners and UN slots stay).  There is no override.
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

static enum status
person_may(struct arena *a, struct reg *r, uint64_t person, struct str purpose, int32_t today,
	bool *ret_withdrawn, enum may *ret, struct err *e)
{
	struct store_stmt *s = store_sql(r->db, "SELECT purpose, first, expires, withdrawn, mode"
		" FROM consent WHERE person = ?1 ORDER BY pos");
	struct str basis;
	unsigned version;
	struct now w;
	enum status st;

	store_bind_int(s, 1, (int64_t)person);
	while ((st = store_step(s, e)) == OK) {
		if (!covers(store_text(s, 0), purpose) && !(str_is(store_text(s, 0), "register")
		    && !store_is_null(s, 3)))
			continue;
		/* Withdrawn even from the register: out of everything. */
		if (!store_is_null(s, 3)) {
			*ret_withdrawn = true;
		} else if ((store_is_null(s, 1) || store_int(s, 1) <= today)
		    && (store_is_null(s, 2) || store_int(s, 2) >= today)) {
			enum may m = str_is(store_text(s, 4), "initials") ? MAY_INITIALS : MAY_NAME;
			*ret = m;            /* the newest consent decides */
		}
	}
	if (st != NO)
		return st;
	if (*ret != MAY_NOTHING)
		return OK;
	/* Another basis recorded with the record itself: it covers what the kind's
	 * audiences make public. */
	if ((st = index_now(a, r, person, &w, e)) != OK)
		return st;
	if (get_code(w.slot[SLOT_BASIS], &version, &basis))
		*ret = MAY_NAME;
	return OK;
}

struct gate {
	struct arena *a;
	struct reg *r;
	const struct field **fields;         /* per column; NULL: computed */
	const struct kind **kinds;
	struct reg_annex *x;
	const struct reg_filter *f;
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
initials_of(struct gate *g, const struct reg_line *line)
{
	for (size_t i = 0; i < line->n_records; i++) {
		struct now w;
		struct str s;
		if (index_now(g->a, g->r, line->records[i], &w, NULL) == OK
		    && get_text(w.slot[field_slot("person", "initials")], &s))
			return s;
	}
	return STR_NONE;
}

static struct str
person_value(struct gate *g, const struct reg_line *line, const struct field *f)
{
	for (size_t i = 0; i < line->n_records; i++) {
		struct now w;
		if (index_now(g->a, g->r, line->records[i], &w, NULL) == OK && w.slot[f->slot].n) {
			struct date d;
			if (f->type == VALUE_DATE && get_date(w.slot[f->slot], &d))
				return date_iso(g->a, &d);
			return view_field(g->a, &w, f->slot, LANG_EN);
		}
	}
	return S("");
}

/* Of an event's field: the newest event that says it. */
static struct str
event_value(struct gate *g, const struct reg_line *line, const struct field *f)
{
	struct str best = S("");
	int64_t day = (int64_t)DAY_MIN - 1;

	if (str_is(f->name, "facility") && line->facility.n)
		return line->facility;
	for (size_t i = 0; i < line->n_records; i++) {
		struct now *w;
		size_t n;
		if (index_events_of(g->a, g->r, line->records[i], &w, &n, NULL) != OK)
			continue;
		for (size_t k = 0; k < n; k++) {
			struct date d = {.first = DAY_MIN};
			get_date(w[k].slot[field_slot("event", "date")], &d);
			if (w[k].slot[f->slot].n == 0 || d.first <= day)
				continue;
			day = d.first;
			best = f->type == VALUE_DATE ? date_iso(g->a, &d)
				: view_field(g->a, &w[k], f->slot, LANG_EN);
		}
	}
	return best;
}

static struct str
status_words(struct gate *g, const struct reg_line *line)
{
	struct str s = S("");

	for (size_t i = 0; i < line->n_status; i++) {
		bool said = false;
		for (size_t k = 0; k < i; k++)
			said = said || str_eq(line->status[k].status, line->status[i].status);
		if (!said)
			s = s.n ? str_fmt(g->a, STR_FMT " / " STR_FMT, STR_ARG(s),
				STR_ARG(line->status[i].status)) : line->status[i].status;
	}
	return s;
}

static struct str
computed_value(struct gate *g, const struct reg_line *line, struct str column, enum may may,
	struct str initials)
{
	if (str_is(column, "status"))
		return status_words(g, line);
	if (str_is(column, "lists"))
		return str_fmt(g->a, "%zu", line->n_status);
	if (str_is(column, "confirmed"))
		return line->confirmed ? S("confirmed") : S("unconfirmed");
	if (may != MAY_NAME)
		return initials.n ? initials : S("—");
	/* "name": one spelling of each script is enough to find a person by. */
	return line->names;
}

static struct str
cell(struct gate *g, const struct reg_line *line, size_t i, enum may may, struct str initials)
{
	const struct field *f = g->fields[i];

	if (!f)
		return computed_value(g, line, g->x->columns[i], may, initials);
	if (f->audience != AUDIENCE_PUBLIC)
		return S("");
	/* Names beside the initials would undo them. */
	if (may != MAY_NAME && f->type == VALUE_NAME)
		return S("");
	return str_is(g->kinds[i]->name, "person") ? person_value(g, line, f)
		: event_value(g, line, f);
}

static enum status
add_row(struct gate *g, const struct reg_line *line, struct str purpose, int32_t today,
	struct err *e)
{
	struct reg_annex_row row = {.cluster = line->cluster, .person = line->id,
		.confirmed = line->confirmed, .n_records = line->n_records};
	uint8_t (*records)[SEAL_HASH] = arena_alloc(g->a, line->n_records, SEAL_HASH);
	enum may may = MAY_NOTHING;
	bool withdrawn = false;
	struct str initials;
	struct now w;
	enum status st;

	for (size_t i = 0; i < line->n_records; i++) {
		enum may m = MAY_NOTHING;
		if ((st = person_may(g->a, g->r, line->records[i], purpose, today, &withdrawn, &m,
		    e)) != OK || (st = index_now(g->a, g->r, line->records[i], &w, e)) != OK)
			return st;
		if (m > may)
			may = m;
		memcpy(records[i], w.hash, SEAL_HASH);
	}
	initials = initials_of(g, line);
	/* Without any basis there may be initials that were committed for this very
	 * purpose; without those the person is only a number. */
	if (withdrawn || (may == MAY_NOTHING && initials.n == 0)) {
		g->x->withheld++;
		return OK;
	}
	row.named = may == MAY_NAME;
	g->x->reduced += !row.named;
	row.records = (const uint8_t (*)[SEAL_HASH])records;
	row.cells = NEWS(g->a, struct str, g->x->n_columns);
	for (size_t i = 0; i < g->x->n_columns; i++)
		row.cells[i] = cell(g, line, i, may, initials);
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
	struct gate g = {.a = a, .r = r, .x = &x, .f = &f};
	struct reg_line *lines;
	size_t n;
	enum status st;

	if ((st = check_purpose(purpose, e)) != OK)
		return st;
	if ((st = find_columns(&g, columns, e)) != OK
	    || (st = read_query(a, query, &f, e)) != OK
	    || (st = reg_list(a, r, &f, LANG_EN, &lines, &n, &x.counts, e)) != OK)
		return st;
	x.rows = NEWS(a, struct reg_annex_row, n);
	for (size_t i = 0; i < n; i++)
		if ((st = add_row(&g, &lines[i], purpose, day_today(), e)) != OK)
			return st;
	hide_order(a, &x);
	*ret = x;
	return OK;
}

enum status
reg_annex_withdrawn(struct reg *r, const uint8_t (*records)[SEAL_HASH], size_t n,
	struct str purpose, bool *ret, struct err *e)
{
	struct arena *a = arena_create(16 << 20);
	bool withdrawn = false;
	enum status st = OK;

	for (size_t i = 0; i < n && st == OK; i++) {
		enum may may = MAY_NOTHING;
		uint64_t pos;
		st = index_pos_of(r, records[i], &pos, e);
		if (st == OK) {
			struct now w;
			st = index_now(a, r, pos, &w, NULL);
			if (st == OK)
				st = person_may(a, r, pos, purpose, day_today(), &withdrawn, &may, e);
		}
		if (st == NO) {
			/* Erased, or of an import that was retracted; a partner's own
			 * records are not here and cannot be asked. */
			struct store_stmt *s = store_sql(r->db, "SELECT state FROM rec WHERE hash = ?1");
			store_bind_bytes(s, 1, (struct bytes){records[i], SEAL_HASH});
			st = store_step(s, e);
			withdrawn = withdrawn || (st == OK && store_int(s, 0) != REC_COUNTS);
			st = st == NO ? OK : st;
		}
	}
	arena_destroy(a);
	if (st == OK)
		*ret = withdrawn;
	return st;
}
