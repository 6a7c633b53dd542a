/*
 * Two records side by side: what each says as it was written, how it was read, and
 * what the matcher makes of it field by field, in the weights of the run.
 *
 * The records are read from the vault, so that what the index may not hold is shown
 * to an officer who may open it, and to nobody else.
 */
#include "register/import_int.h"
#include "register/review_int.h"
#include "register/run_int.h"
#include "register/view_int.h"
#include <math.h>

enum { CHAIN_MOST = 64, OTHERS_MOST = 8, EVENTS_MOST = 40 };

static const double says_nothing = 0.05;     /* bits: not worth a row */

/* A record as its amendments leave it, sealed slots that we may open included. */
struct whole {
	struct record now;           /* slots merged */
	struct record chain[CHAIN_MOST];
	size_t n;
	uint8_t from[SLOTS];         /* which of the chain says a slot */
};
struct event { struct whole w; struct str type; };
struct showing {
	struct arena *a;
	struct reg *r;
	enum lang lang;
	struct whole *of[2];
	struct whole *events[2];
	size_t n_events[2];
	struct match_person person[2];
	VEC(struct reg_pair_row) rows;
};

/* --- reading ---------------------------------------------------------------------- */

static void
merge(struct whole *w, size_t at)
{
	const struct record *rec = &w->chain[at];
	struct str why;

	for (unsigned i = SLOT_SOURCE; i < SLOTS; i++) {
		if (rec->slot[i].n == 0 || i == SLOT_AMENDS || i == SLOT_CELLS)
			continue;
		w->now.slot[i] = get_withdrawn(rec->slot[i], &why) ? (struct bytes){0}
			: rec->slot[i];
		w->from[i] = (uint8_t)at;
	}
	w->now.sealed_away = w->now.sealed_away || rec->sealed_away;
}

static enum status
read_whole(struct showing *t, uint64_t pos, struct whole **ret, struct err *e)
{
	struct whole *w = NEW(t->a, struct whole);
	VEC(uint64_t) chain = {0};
	struct store_stmt *s = store_sql(t->r->db,
		"SELECT pos FROM rec WHERE pos = ?1 AND state = 1 UNION ALL"
		" SELECT pos FROM rec WHERE base = ?1 AND base <> pos AND state = 1 ORDER BY 1");
	enum status st;

	store_bind_int(s, 1, (int64_t)pos);
	while ((st = store_step(s, e)) == OK)
		VEC_PUSH(t->a, &chain) = (uint64_t)store_int(s, 0);
	if (st != NO)
		return st;
	if (chain.n == 0 || chain.v[0] != pos)
		return err_set(e, NO, "record %llu: does not count any more",
			(unsigned long long)pos);
	for (size_t i = 0; i < chain.n; i++) {
		/* Of very many amendments the first and the last ones. */
		if (w->n == CHAIN_MOST)
			w->n--;
		if ((st = node_get(t->a, t->r->node, chain.v[i], &w->chain[w->n], e)) != OK)
			return st;
		if (i == 0)
			w->now = (struct record){.pos = pos, .kind = w->chain[0].kind};
		if (i == 0)
			memcpy(w->now.hash, w->chain[0].hash, SEAL_HASH);
		merge(w, w->n++);
	}
	*ret = w;
	return OK;
}

static enum status
read_side(struct showing *t, unsigned side, uint64_t pos, struct err *e)
{
	struct now *events;
	size_t n;
	enum status st = read_whole(t, pos, &t->of[side], e);

	if (st || (st = index_events_of(t->a, t->r, pos, &events, &n, e)) != OK)
		return st;
	match_of_slots(t->of[side]->now.slot, &t->person[side]);
	for (size_t i = 0; i < n; i++)
		match_add_event(events[i].slot, &t->person[side]);
	t->n_events[side] = n < EVENTS_MOST ? n : EVENTS_MOST;
	t->events[side] = NEWS(t->a, struct whole, t->n_events[side]);
	for (size_t i = 0; i < t->n_events[side]; i++) {
		struct whole *w;
		if ((st = read_whole(t, events[i].pos, &w, e)) != OK)
			return st;
		t->events[side][i] = *w;
	}
	return OK;
}

/* --- one field -------------------------------------------------------------------- */

static struct str
joined(struct arena *a, struct str x, const char *between, struct str y)
{
	return x.n == 0 ? y : y.n == 0 ? x : str_fmt(a, STR_FMT "%s" STR_FMT, STR_ARG(x), between,
		STR_ARG(y));
}

/* The words a slot was read from, or STR_NONE: typed in by hand. */
static struct str
words_of(struct showing *t, const struct whole *w, unsigned slot)
{
	struct str words = STR_NONE;
	struct cell *cells;
	size_t n;

	if (!get_cells(t->a, w->chain[w->from[slot]].slot[SLOT_CELLS], &cells, &n))
		return STR_NONE;
	for (size_t i = 0; i < n; i++)
		if (cells[i].slot == (int)slot)
			words = joined(t->a, words, " | ", cells[i].words);
	return words;
}

/* "12 May 1980 = 22 Ordibehesht 1359"; a month or a year as the days it means. */
static struct str
both_calendars(struct showing *t, const struct date *d)
{
	enum calendar own = d->calendar == CAL_GREGORIAN ? CAL_GREGORIAN : CAL_SOLAR_HIJRI;
	enum calendar other = own == CAL_GREGORIAN ? CAL_SOLAR_HIJRI : CAL_GREGORIAN;
	struct str x = date_show(t->a, d, t->lang, own), y = date_show(t->a, d, t->lang, other);

	return str_fmt(t->a, STR_FMT " = " STR_FMT, STR_ARG(x), STR_ARG(y));
}

static struct str
key_of(struct showing *t, struct str name)
{
	struct match_name n = match_name_of(t->a, name);
	struct str keys = STR_NONE;

	for (unsigned i = 0; i < n.n_keys; i++)
		keys = joined(t->a, keys, " ", match_key_text(t->a, n.keys[i]));
	return keys;
}

static struct str
value_of(struct showing *t, const struct field *f, struct bytes v)
{
	return value_show(t->a, f, v, t->lang);
}

static void
put_field(struct showing *t, struct reg_pair_row *row, unsigned side, const struct whole *w,
	const struct field *f)
{
	struct bytes v = w->now.slot[f->slot];
	struct str shown, words;
	struct date d;

	if (v.n == 0)
		return;
	shown = value_of(t, f, v);
	words = words_of(t, w, f->slot);
	row->text[side] = words.n ? words : shown;
	if (f->type == VALUE_DATE && get_date(v, &d))
		row->meant[side] = both_calendars(t, &d);
	else if (f->type == VALUE_NAME)
		row->meant[side] = joined(t->a, str_eq(words, shown) || !words.n ? STR_NONE : shown,
			"  ", key_of(t, shown));
	else if (words.n && !str_eq(words, shown))
		row->meant[side] = shown;
}

/* What tells nobody anything of who it is. */
static bool
is_told(const struct field *f)
{
	static const char *const not[] = {"initials", "unlisted", "key"};

	for (size_t i = 0; i < sizeof not / sizeof *not; i++)
		if (str_is(f->name, not[i]))
			return false;
	return true;
}

static struct str
label_of(const struct showing *t, const struct str label[LANG_COUNT])
{
	return label[t->lang == LANG_AZB ? LANG_FA : t->lang];
}

static void
put_person(struct showing *t)
{
	const struct kind *k = kind_named(S("person"));
	unsigned birth = field_slot("person", "birth"), year = field_slot("person", "birth-year");

	for (size_t i = 0; i < k->n_fields; i++) {
		const struct field *f = &k->fields[i];
		struct reg_pair_row row = {.label = label_of(t, f->label)};
		if (!is_told(f))
			continue;
		for (unsigned side = 0; side < 2; side++)
			if (f->slot != year || t->of[side]->now.slot[birth].n == 0)
				put_field(t, &row, side, t->of[side], f);
		if (row.text[0].n || row.text[1].n)
			VEC_PUSH(t->a, &t->rows) = row;
	}
}

/* --- events ----------------------------------------------------------------------- */

static struct str
type_of(const struct whole *w)
{
	struct str type = S("other");
	unsigned version;

	get_code(w->now.slot[field_slot("event", "type")], &version, &type);
	return type;
}

/* An event as a few words: the date as written, then the rest. */
static void
put_event(struct showing *t, struct reg_pair_row *row, unsigned side, const struct whole *w)
{
	static const char *const fields[] = {"date", "facility", "ward", "place", "charge",
		"sentence", "cause"};
	const struct kind *k = kind_named(S("event"));

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		const struct field *f = field_named(k, str_of(fields[i]));
		struct reg_pair_row one = {0};
		put_field(t, &one, side, w, f);
		row->text[side] = joined(t->a, row->text[side], ", ", one.text[side]);
		if (f->type == VALUE_DATE)
			row->meant[side] = one.meant[side];
	}
	if (row->text[side].n == 0)
		row->text[side] = S("+");
}

static const struct whole *
nth_event(const struct showing *t, unsigned side, struct str type, size_t nth)
{
	for (size_t i = 0; i < t->n_events[side]; i++)
		if (str_eq(type_of(&t->events[side][i]), type) && nth-- == 0)
			return &t->events[side][i];
	return NULL;
}

/* Events of one type beside each other, in the order recorded. */
static void
put_events(struct showing *t)
{
	const struct vocabulary *v = vocabulary_named(S("event"));

	for (size_t i = 0; i < v->n_codes; i++)
		for (size_t nth = 0; nth < EVENTS_MOST; nth++) {
			struct reg_pair_row row = {.label = label_of(t, v->codes[i].label)};
			bool any = false;
			for (unsigned side = 0; side < 2; side++) {
				const struct whole *w = nth_event(t, side, v->codes[i].code, nth);
				if (w)
					put_event(t, &row, side, w);
				any = any || w;
			}
			if (!any)
				break;
			VEC_PUSH(t->a, &t->rows) = row;
		}
}

/* --- what speaks for and against ---------------------------------------------------- */

static struct str
days_text(struct showing *t, struct match_days d)
{
	struct date date;

	if (d.last < d.first)
		return STR_NONE;
	date = date_of_days(CAL_GREGORIAN, d.first, d.last);
	return date_show(t->a, &date, t->lang, CAL_GREGORIAN);
}

/* What the matcher saw of a field, where no row of the record says it. */
static struct str
seen_by_matcher(struct showing *t, const struct match_person *p, enum match_field f)
{
	switch (f) {
	case MATCH_F_PLACE: return p->place;
	case MATCH_F_BIRTH_PLACE: return p->birth_place;
	case MATCH_F_ARREST: return days_text(t, p->event[MATCH_ARREST]);
	case MATCH_F_RELEASE: return days_text(t, p->event[MATCH_RELEASE]);
	case MATCH_F_DEATH: return days_text(t, p->event[MATCH_DEATH]);
	case MATCH_F_GIVEN: return p->given.n ? p->given : p->whole;
	case MATCH_F_FAMILY: return p->family.n ? p->family : p->whole;
	default: return STR_NONE;
	}
}

static bool
str_within(struct arena *a, struct str s, struct str part)
{
	return part.n && str_has(s, str_cstr(a, part));
}

/* Which field of which kind, or type of event, the matcher's field was read from. */
static struct str
row_of(const struct showing *t, enum match_field f)
{
	static const struct { enum match_field f; const char *person, *event; } from[] = {
		{MATCH_F_GIVEN, "given", NULL}, {MATCH_F_FAMILY, "family", NULL},
		{MATCH_F_FATHER, "father", NULL}, {MATCH_F_SEX, "sex", NULL},
		{MATCH_F_BIRTH, "birth", NULL}, {MATCH_F_BIRTH, "birth-year", NULL},
		{MATCH_F_BIRTH_PLACE, "birthplace", NULL}, {MATCH_F_EXTRA, "occupation", NULL},
		{MATCH_F_ARREST, NULL, "arrest"}, {MATCH_F_RELEASE, NULL, "release"},
		{MATCH_F_DEATH, NULL, "death"}, {MATCH_F_DEATH, NULL, "execution"},
	};

	/* The place is whatever said it last: a prison, or where they live. */
	for (size_t k = 0; k < t->rows.n && f == MATCH_F_PLACE; k++)
		if (str_within(t->a, t->rows.v[k].text[0], t->person[0].place)
		    && str_within(t->a, t->rows.v[k].text[1], t->person[1].place))
			return t->rows.v[k].label;
	for (size_t i = 0; i < sizeof from / sizeof *from; i++) {
		struct str label;
		if (from[i].f != f)
			continue;
		if (from[i].person)
			label = label_of(t, field_named(kind_named(S("person")),
				str_of(from[i].person))->label);
		else
			label = label_of(t, code_of(vocabulary_named(S("event")),
				str_of(from[i].event))->label);
		for (size_t k = 0; k < t->rows.n; k++)
			if (str_eq(t->rows.v[k].label, label) && !t->rows.v[k].level
			    && t->rows.v[k].text[0].n && t->rows.v[k].text[1].n)
				return label;
	}
	return STR_NONE;
}

static void
put_evidence(struct showing *t, const struct match_explanation *x)
{
	for (enum match_field f = 0; f < MATCH_FIELDS; f++) {
		struct str label = row_of(t, f);
		struct reg_pair_row *row = NULL;
		if (x->level[f] == 0 || (label.n == 0 && fabs(x->weight[f]) < says_nothing))
			continue;
		for (size_t k = 0; k < t->rows.n && label.n && !row; k++)
			if (str_eq(t->rows.v[k].label, label))
				row = &t->rows.v[k];
		if (!row) {
			row = &VEC_PUSH(t->a, &t->rows);
			*row = (struct reg_pair_row){.text = {
				seen_by_matcher(t, &t->person[0], f),
				seen_by_matcher(t, &t->person[1], f)}};
		}
		row->field = match_field_name(f);
		row->level = match_level_name(f, x->level[f]);
		row->bits = x->weight[f];
	}
}

/* --- where they stand ------------------------------------------------------------- */

enum status
review_end(struct arena *a, struct reg *r, uint64_t pos, struct reg_pair_end *ret, struct err *e)
{
	struct store_stmt *s = store_sql(r->db, "SELECT person.cluster, list.name FROM person"
		" LEFT JOIN list ON list.pos = person.list WHERE person.pos = ?1");
	struct reg_pair_end end = {.list = S("")};
	struct now w;
	enum status st;

	store_bind_int(s, 1, (int64_t)pos);
	if ((st = store_step(s, e)) != OK)
		return st == NO ? err_set(e, NO, "record %llu: does not count any more",
			(unsigned long long)pos) : st;
	end.person = reg_person_id(a, (uint64_t)store_int(s, 0));
	if (!store_is_null(s, 1))
		end.list = str_dup(a, store_text(s, 1));
	if ((st = index_now(a, r, pos, &w, e)) != OK)
		return st;
	end.id = reg_record_id(a, w.hash);
	end.name = view_name(a, &w, LANG_EN);
	*ret = end;
	return OK;
}

enum status
review_ends(struct arena *a, struct reg *r, struct reg_pair *p, struct err *e)
{
	enum status st = review_end(a, r, p->left, &p->end[0], e);

	return st ? st : review_end(a, r, p->right, &p->end[1], e);
}

static struct str
other_line(struct showing *t, const struct now *w, struct str list)
{
	struct str name = view_name(t->a, w, t->lang);
	struct str father = view_field(t->a, w, field_slot("person", "father"), t->lang);
	struct str birth = view_field(t->a, w, field_slot("person", "birth"), t->lang);
	struct row_ref ref;

	name = joined(t->a, joined(t->a, name, ", ", father), ", ", birth);
	if (list.n && get_row(w->slot[SLOT_ROW], &ref))
		name = str_fmt(t->a, STR_FMT "  [" STR_FMT ", %u]", STR_ARG(name), STR_ARG(list),
			ref.row);
	return name;
}

static enum status
put_others(struct showing *t, uint64_t pos, uint64_t not, struct reg_pair_side *side,
	struct err *e)
{
	struct { uint64_t pos; struct str list; } found[OTHERS_MOST];
	struct store_stmt *s = store_sql(t->r->db, "SELECT q.pos, list.name FROM person p"
		" JOIN person q ON q.cluster = p.cluster LEFT JOIN list ON list.pos = q.list"
		" WHERE p.pos = ?1 ORDER BY q.pos");
	size_t n = 0;
	enum status st;

	store_bind_int(s, 1, (int64_t)pos);
	while ((st = store_step(s, e)) == OK) {
		uint64_t other = (uint64_t)store_int(s, 0);
		side->n_records++;
		if (other == pos || other == not || n == OTHERS_MOST)
			continue;
		found[n].list = store_is_null(s, 1) ? S("") : str_dup(t->a, store_text(s, 1));
		found[n++].pos = other;
	}
	if (st != NO)
		return st;
	side->others = NEWS(t->a, struct str, n);
	for (size_t i = 0; i < n; i++) {
		struct now w;
		if ((st = index_now(t->a, t->r, found[i].pos, &w, e)) != OK)
			return st;
		side->others[i] = other_line(t, &w, found[i].list);
	}
	side->n_others = n;
	return OK;
}

static enum status
put_side(struct showing *t, unsigned k, uint64_t pos, uint64_t other, struct reg_pair_side *side,
	struct err *e)
{
	const struct whole *w = t->of[k];
	struct row_ref ref;
	struct now source;
	uint8_t hash[SEAL_HASH];
	uint64_t at;
	enum status st = review_end(t->a, t->r, pos, &side->end, e);

	if (st)
		return st;
	if (get_row(w->now.slot[SLOT_ROW], &ref)) {
		side->version = ref.version;
		side->row = ref.row;
	}
	if (get_ref(w->now.slot[SLOT_SOURCE], hash) && index_pos_of(t->r, hash, &at, NULL) == OK
	    && index_now(t->a, t->r, at, &source, NULL) == OK)
		get_text(source.slot[field_slot("source", "name")], &side->source);
	side->sealed_away = w->now.sealed_away;
	return put_others(t, pos, other, side, e);
}

enum status
reg_review_show(struct arena *a, struct reg *r, const struct reg_pair *p, enum lang l,
	struct reg_pair_shown *ret, struct err *e)
{
	struct showing t = {.a = a, .r = r, .lang = l};
	struct reg_pair_shown out = {0};
	struct match_explanation x;
	struct match_model model;
	const uint64_t pos[2] = {p->left, p->right};
	enum status st = OK;

	for (unsigned k = 0; k < 2 && st == OK; k++)
		if ((st = read_side(&t, k, pos[k], e)) == OK)
			st = put_side(&t, k, pos[k], pos[1 - k], &out.side[k], e);
	if (st == OK && (st = run_model(r, &model, e)) == NO) {
		model = match_model_default();
		st = OK;
	}
	if (st)
		return st;
	x = match_pair_explain(&t.person[0], &t.person[1], &model);
	put_person(&t);
	put_events(&t);
	put_evidence(&t, &x);
	out.rows = t.rows.v;
	out.n_rows = t.rows.n;
	out.prior = log2(model.prior / (1 - model.prior));
	out.total = isnan(p->weight) ? x.total : p->weight;
	out.probability = isnan(p->weight) ? x.probability : p->probability;
	out.frequency = isnan(p->weight) ? NAN : p->weight - x.total;
	*ret = out;
	return OK;
}
