/*
 * A dossier: everything that is claimed of a person, side by side, each claim with
 * the list, row and words it comes from.  Disagreements are shown as such; nothing
 * is merged away.
 */
#include "register/view_int.h"

/* Of very many records of one person, the first say enough of disagreement. */
enum { COMPARED_MOST = 50 };

struct telling {
	struct arena *a;
	struct reg *r;
	enum lang lang;
	struct view v;
	struct now *records;         /* of the person */
	size_t n_records;
	struct record last;          /* read last: a record makes several claims */
	bool any;
};

static bool
read_record(struct telling *t, uint64_t pos)
{
	if (!t->any || t->last.pos != pos)
		t->any = node_get(t->a, t->r->node, pos, &t->last, NULL) == OK;
	return t->any && !t->last.erased;
}

/* The words a value was read from: the cells of the record that says it. */
static void
put_words(struct telling *t, const struct now *w, unsigned slot, struct reg_claim *c)
{
	const struct record *rec = &t->last;
	struct cell *cells;
	struct row_ref ref;
	size_t n;

	if (!read_record(t, w->from[slot]))
		return;
	memcpy(c->hash, rec->hash, SEAL_HASH);
	if (get_row(rec->slot[SLOT_ROW], &ref)) {
		uint64_t list;
		c->version = ref.version;
		c->row = ref.row;
		if (index_pos_of(t->r, ref.list, &list, NULL) == OK) {
			const struct light_list *l = view_list(&t->v, list);
			c->list = l ? l->name : S("");
		}
	}
	if (!get_cells(t->a, rec->slot[SLOT_CELLS], &cells, &n))
		return;
	for (size_t i = 0; i < n; i++)
		if (cells[i].slot == (int)slot) {
			c->words = c->words.n ? str_fmt(t->a, STR_FMT " | " STR_FMT,
				STR_ARG(c->words), STR_ARG(cells[i].words)) : cells[i].words;
			c->column = cells[i].column;
		}
}

static void
put_source(struct telling *t, const struct now *w, struct reg_claim *c)
{
	uint8_t hash[SEAL_HASH];
	uint64_t pos;
	struct now source;

	if (get_ref(w->slot[SLOT_SOURCE], hash) && index_pos_of(t->r, hash, &pos, NULL) == OK
	    && index_now(t->a, t->r, pos, &source, NULL) == OK)
		get_text(source.slot[field_slot("source", "name")], &c->source);
}

static struct reg_claim
claim(struct telling *t, const struct now *w, const struct field *f)
{
	struct reg_claim c = {.field = f->name, .value = w->slot[f->slot], .pos = w->pos,
		.text = value_show(t->a, f, w->slot[f->slot], t->lang)};

	memcpy(c.hash, w->hash, SEAL_HASH);
	put_words(t, w, f->slot, &c);
	put_source(t, w, &c);
	return c;
}

static void
make_groups(struct telling *t, struct reg_dossier *d)
{
	const struct kind *k = kind_of(kind_number("person"));
	VEC(struct reg_group) groups = {0};

	for (size_t i = 0; i < k->n_fields; i++) {
		const struct field *f = &k->fields[i];
		VEC(struct reg_claim) claims = {0};
		bool disagree = false;
		for (size_t m = 0; m < t->n_records; m++) {
			if (t->records[m].slot[f->slot].n == 0)
				continue;
			struct reg_claim c = claim(t, &t->records[m], f);
			for (size_t o = 0; o < claims.n && o < COMPARED_MOST && !disagree; o++)
				disagree = values_disagree(t->a, f, claims.v[o].value, c.value);
			VEC_PUSH(t->a, &claims) = c;
		}
		/* A list's own key or note differing between lists is no contradiction. */
		if (str_is(f->name, "key") || str_is(f->name, "note")
		    || str_is(f->name, "unlisted"))
			disagree = false;
		if (claims.n)
			VEC_PUSH(t->a, &groups) = (struct reg_group){f, claims.v, claims.n, disagree};
	}
	d->groups = groups.v;
	d->n_groups = groups.n;
}

/* --- events --------------------------------------------------------------------- */

static struct reg_event
make_event(struct telling *t, const struct now *w)
{
	const struct kind *k = kind_of(w->kind);
	struct reg_event ev = {.pos = w->pos, .id = reg_record_id(t->a, w->hash),
		.date = {.first = DAY_MIN, .last = DAY_MAX}};
	VEC(struct reg_claim) claims = {0};
	unsigned version;

	get_code(w->slot[field_slot("event", "type")], &version, &ev.type);
	ev.type_label = view_field(t->a, w, field_slot("event", "type"), t->lang);
	get_date(w->slot[field_slot("event", "date")], &ev.date);
	for (size_t i = 0; i < k->n_fields; i++)
		if (w->slot[k->fields[i].slot].n && !str_is(k->fields[i].name, "person"))
			VEC_PUSH(t->a, &claims) = claim(t, w, &k->fields[i]);
	ev.claims = claims.v;
	ev.n = claims.n;
	if (claims.n) {
		ev.list = claims.v[0].list;
		ev.source = claims.v[0].source;
	}
	ev.party_cause = w->slot[field_slot("event", "cause")].n > 0;
	return ev;
}

static int
by_date(const void *x, const void *y)
{
	const struct reg_event *l = x, *r = y;
	int64_t a = l->date.first == DAY_MIN ? DAY_MAX : l->date.first;
	int64_t b = r->date.first == DAY_MIN ? DAY_MAX : r->date.first;

	if (a != b)
		return a < b ? -1 : 1;
	return (l->pos > r->pos) - (l->pos < r->pos);
}

static enum status
make_events(struct telling *t, struct reg_dossier *d, struct err *e)
{
	VEC(struct reg_event) events = {0};

	for (size_t i = 0; i < t->n_records; i++) {
		struct now *w;
		size_t n;
		enum status st = index_events_of(t->a, t->r, t->records[i].pos, &w, &n, e);
		if (st)
			return st;
		for (size_t k = 0; k < n; k++)
			VEC_PUSH(t->a, &events) = make_event(t, &w[k]);
	}
	if (events.n)
		qsort(events.v, events.n, sizeof *events.v, by_date);
	/* Two lists that date the same kind of event on days that do not meet. */
	for (size_t i = 0; i < events.n; i++)
		for (size_t k = 0; k < events.n; k++) {
			struct reg_event *x = &events.v[i], *y = &events.v[k];
			if (i != k && str_eq(x->type, y->type) && !str_eq(x->list, y->list)
			    && x->date.first != DAY_MIN && y->date.first != DAY_MIN
			    && !str_is(x->type, "other") && !str_is(x->type, "seen")
			    && !date_overlaps(&x->date, &y->date))
				x->disagree = true;
		}
	d->events = events.v;
	d->n_events = events.n;
	return OK;
}

/* --- the records --------------------------------------------------------------------- */

static void
make_members(struct telling *t, struct reg_dossier *d)
{
	d->members = NEWS(t->a, struct reg_member, t->n_records);
	d->n_members = t->n_records;
	for (size_t i = 0; i < t->n_records; i++) {
		const struct now *w = &t->records[i];
		struct reg_member *m = &d->members[i];
		struct row_ref ref;
		uint64_t list;
		*m = (struct reg_member){.pos = w->pos, .id = reg_person_id(t->a, w->pos),
			.name = view_name(t->a, w, t->lang), .list = S("")};
		if (!get_row(w->slot[SLOT_ROW], &ref))
			continue;
		m->version = ref.version;
		m->row = ref.row;
		if (index_pos_of(t->r, ref.list, &list, NULL) == OK) {
			const struct light_list *l = view_list(&t->v, list);
			m->list = l ? l->name : S("");
		}
	}
}

/* --- consents, documents, determinations, tasks ---------------------------------------- */

static struct str
one_line(struct telling *t, const struct now *w)
{
	const struct kind *k = kind_of(w->kind);
	struct buf b;

	buf_init(&b, 1 << 16);
	for (size_t i = 0; k && i < k->n_fields; i++) {
		const struct field *f = &k->fields[i];
		if (w->slot[f->slot].n == 0 || f->type == VALUE_REF || f->type == VALUE_REFS
		    || f->type == VALUE_BYTES || f->type == VALUE_BLOB)
			continue;
		struct str text = value_show(t->a, f, w->slot[f->slot], t->lang);
		enum lang l = t->lang == LANG_AZB ? LANG_FA : t->lang;
		buf_fmt(&b, "%s" STR_FMT ": " STR_FMT, b.n ? "; " : "", STR_ARG(f->label[l]),
			STR_ARG(text));
	}
	struct str s = str_dup(t->a, buf_str(&b));
	buf_finish(&b);
	return s.p ? s : S("");
}

static enum status
make_others(struct telling *t, struct reg_dossier *d, struct err *e)
{
	VEC(struct reg_other) others = {0};
	VEC(uint64_t) pos = {0};
	enum status st = NO;

	for (size_t i = 0; i < t->n_records; i++) {
		struct store_stmt *s = store_sql(t->r->db,
			"SELECT pos FROM consent WHERE person = ?1"
			" UNION SELECT pos FROM about WHERE target = ?1 ORDER BY 1");
		store_bind_int(s, 1, (int64_t)t->records[i].pos);
		while ((st = store_step(s, e)) == OK)
			VEC_PUSH(t->a, &pos) = (uint64_t)store_int(s, 0);
		if (st != NO)
			return st;
	}
	for (size_t i = 0; i < pos.n; i++) {
		struct now w;
		if (index_now(t->a, t->r, pos.v[i], &w, NULL) != OK)
			continue;
		VEC_PUSH(t->a, &others) = (struct reg_other){w.pos, reg_record_id(t->a, w.hash),
			kind_of(w.kind)->label[t->lang == LANG_AZB ? LANG_FA : t->lang],
			one_line(t, &w)};
	}
	d->others = others.v;
	d->n_others = others.n;
	return OK;
}

enum status
reg_dossier(struct arena *a, struct reg *r, uint64_t cluster, enum lang lang,
	struct reg_dossier *ret, struct err *e)
{
	struct telling t = {.a = a, .r = r, .lang = lang};
	struct reg_filter f = {.person = reg_person_id(a, cluster), .on = DAY_MAX};
	struct reg_dossier d = {0};
	struct reg_line *lines;
	size_t n;
	enum status st;

	if ((st = reg_list(a, r, &f, lang, &lines, &n, NULL, e)) != OK)
		return st;
	if (n == 0)
		return err_set(e, NO, STR_FMT ": no such person", STR_ARG(f.person));
	d.line = lines[0];
	if ((st = view_load(a, r, d.line.cluster, &t.v, e)) != OK)
		return st;
	t.records = NEWS(a, struct now, d.line.n_records);
	for (; t.n_records < d.line.n_records; t.n_records++)
		if ((st = index_now(a, r, d.line.records[t.n_records], &t.records[t.n_records],
		    e)) != OK)
			return st;
	make_groups(&t, &d);
	make_members(&t, &d);
	if ((st = make_events(&t, &d, e)) != OK
	    || (st = view_bonds(a, r, t.records, t.n_records, &d, e)) != OK
	    || (st = reg_person_events(a, r, d.line.cluster, &d.history, &d.n_history, e)) != OK
	    || (st = make_others(&t, &d, e)) != OK)
		return st;
	*ret = d;
	return OK;
}
