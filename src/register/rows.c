/*
 * One row as drafts: the person, and the events that it tells of.  Every fault is
 * told with row and column; nothing is guessed and nothing is left out unsaid.
 */
#include "register/import_int.h"

struct at {                              /* where a fault is told to be */
	const struct reader *x;
	const struct row *row;
	struct made *made;
};

static struct str
cell(const struct row *row, uint32_t column)
{
	return column && column <= row->n ? row->cells[column - 1] : STR_NONE;
}

/* The words of a source, "" when all its columns say nothing. */
static struct str
words_of(struct arena *a, const struct map *m, const struct row *row, const struct source *s)
{
	struct str words = S("");
	bool any = false;

	for (size_t i = 0; i < s->n; i++)
		any = any || (s->v[i].column && !map_is_missing(m, cell(row, s->v[i].column)));
	for (size_t i = 0; i < s->n && any; i++) {
		struct str part = s->v[i].column ? cell(row, s->v[i].column) : s->v[i].literal;
		if (s->v[i].column && map_is_missing(m, part))
			continue;
		words = words.n ? str_fmt(a, STR_FMT " " STR_FMT, STR_ARG(words), STR_ARG(part))
			: part;
	}
	return words;
}

static uint32_t
column_of(const struct source *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].column)
			return s->v[i].column;
	return 0;
}

static void
cannot_read(const struct at *at, const struct source *s, const struct err *e)
{
	struct notes *notes = at->x->notes;
	uint32_t c = column_of(s);

	at->made->unreadable = true;
	if (!notes)
		return;
	struct str header = c ? at->x->m->columns[c - 1].header : S("");
	if (at->x->m->keep_unreadable)
		note_add(notes, ROW_WARNING, at->row->line, c, "\"" STR_FMT "\": %s; kept as written",
			STR_ARG(header), e->text);
	else
		note_add(notes, ROW_ERROR, at->row->line, c, "\"" STR_FMT "\": %s",
			STR_ARG(header), e->text);
}

static void
warn(const struct at *at, const struct source *s, struct str warning)
{
	uint32_t c = column_of(s);

	if (warning.n && at->x->notes)
		note_add(at->x->notes, ROW_WARNING, at->row->line, c, "\"" STR_FMT "\": " STR_FMT,
			STR_ARG(c ? at->x->m->columns[c - 1].header : S("")), STR_ARG(warning));
}

/* --- dates from two columns ------------------------------------------------------ */

/* The day is not meant: "1973-09-01" in a column of months is September. */
static enum status
only_month(struct date *d, struct err *e)
{
	if (d->flags || d->from.month == 0)
		return d->flags ? err_set(e, BAD, "not a clear date; write 1973-09") : OK;
	return date_of_ymd(d->calendar, (struct ymd){d->from.year, d->from.month, 0}, d, e);
}

/* One end of a range, or a date that may be told by its month.  NO: not said. */
static enum status
read_end(struct arena *a, const struct at *at, const struct target *t, bool end,
	struct date *ret, const struct source **ret_from, struct err *e)
{
	const struct source *day = end ? &t->to : &t->words;
	const struct source *month = end ? &t->to_month : &t->month;
	struct str words = words_of(a, at->x->m, at->row, day);
	struct err doubt;
	enum status st;

	*ret_from = day;
	if (words.n) {
		st = date_parse(words, &t->hint, ret, e);
		if (st == OK && date_weekday_doubt(words, ret, &doubt))
			warn(at, day, str_fmt(a, "%s", doubt.text));
		return st;
	}
	*ret_from = month;
	words = words_of(a, at->x->m, at->row, month);
	if (words.n == 0)
		return NO;
	st = date_parse(words, &t->hint, ret, e);
	return st ? st : only_month(ret, e);
}

static enum status
join_ends(struct arena *a, enum status begins, const struct date *from, enum status ends,
	const struct date *to, struct date *ret, struct err *e)
{
	struct date d;

	if (begins == OK && ends == OK) {
		if (date_equal(from, to)) {
			*ret = *from;
			return OK;
		}
		if (from->calendar != to->calendar)
			return err_set(e, BAD, "the range begins in one calendar and ends in another; "
				"write both in one");
		/* Both in one month, one of them with its day, is no contradiction. */
		if (to->last < from->first)
			return err_set(e, BAD, "ends on " STR_FMT ", before it begins on " STR_FMT
				"; the earlier date stands first", STR_ARG(date_iso(a, to)),
				STR_ARG(date_iso(a, from)));
		d = (struct date){from->calendar, from->from, to->to, from->first, to->last,
			DATE_RANGE | from->flags | to->flags};
		/* "From the 17th, until some day of that month": the 17th to the 30th. */
		if (!from->flags && !to->flags && (to->first < from->first || to->last < from->last))
			d = date_of_days(from->calendar, from->first, to->last);
	} else if (begins == OK) {
		d = (struct date){from->calendar, from->from, {0, 0, 0}, from->first, DAY_MAX,
			DATE_RANGE | from->flags};
	} else {
		d = (struct date){to->calendar, {0, 0, 0}, to->to, DAY_MIN, to->last,
			DATE_RANGE | to->flags};
	}
	/* Ends that are ranges or doubtful themselves may not make one. */
	if (!get_date(value_date(a, &d), &d))
		return err_set(e, BAD, "these two dates do not make a range; write 1973-09-11 in "
			"one column and 1973-09-30 in the other");
	*ret = d;
	return OK;
}

static void
read_dates(struct arena *a, const struct at *at, const struct target *t)
{
	const struct source *first, *last = &t->to;
	struct date from, to, d;
	struct err e = {0};
	enum status begins = read_end(a, at, t, false, &from, &first, &e), ends = NO, st;

	if (begins == BAD || begins == FAIL) {
		cannot_read(at, first, &e);
		return;
	}
	if (t->range)
		ends = read_end(a, at, t, true, &to, &last, &e);
	if (ends == BAD || ends == FAIL) {
		cannot_read(at, last, &e);
		return;
	}
	if (begins == NO && ends == NO)
		return;
	st = t->range ? join_ends(a, begins, &from, ends, &to, &d, &e) : OK;
	if (st) {
		cannot_read(at, last, &e);
		return;
	}
	if (!t->range)
		d = from;
	if (d.flags & DATE_AMBIGUOUS)
		warn(at, first, str_fmt(a, "can be read in more than one way; kept as " STR_FMT,
			STR_ARG(date_show(a, &d, LANG_EN, d.calendar))));
	at->made->d.slot[t->field->slot] = value_date(a, &d);
}

/* --- fields ------------------------------------------------------------------------ */

static struct str
by_table(struct arena *a, const struct target *t, struct str words)
{
	struct str fold;

	if (!t->table)
		return words;
	fold = text_fold(a, words);
	for (size_t i = 0; i < t->table->of.n; i++)
		if (str_eq(t->table->of.v[i].fold, fold))
			return t->table->of.v[i].code;
	return words;
}

static void
read_target(struct arena *a, const struct at *at, const struct target *t)
{
	struct str words, warning = S("");
	struct bytes value;
	struct err e = {0};

	if (t->range || t->month.n) {
		read_dates(a, at, t);
		return;
	}
	words = by_table(a, t, words_of(a, at->x->m, at->row, &t->words));
	if (words.n == 0)
		return;
	if (value_from_words(a, at->x->r, t->field, words, &t->hint, &value, &warning, &e) != OK) {
		cannot_read(at, &t->words, &e);
		return;
	}
	warn(at, &t->words, warning);
	at->made->d.slot[t->field->slot] = value;
}

static bool
holds(struct arena *a, const struct row *row, const struct condition *c)
{
	return str_eq(text_fold(a, cell(row, c->column)), c->fold);
}

static bool
says_anything(const struct draft *d)
{
	for (unsigned i = SLOT_FIRST; i < SLOTS; i++)
		if (d->slot[i].n)
			return true;
	return false;
}

static void
read_event(struct arena *a, const struct at *at, const struct group *g)
{
	unsigned type = field_slot("event", "type");
	struct draft *d = &at->made->d;

	if ((g->when.column && !holds(a, at->row, &g->when))
	    || (g->unless.column && holds(a, at->row, &g->unless)))
		return;
	for (size_t i = 0; i < g->targets.n; i++)
		read_target(a, at, &g->targets.v[i]);
	at->made->is = g->when.column || says_anything(d);
	if (at->made->is && d->slot[type].n == 0)
		d->slot[type] = value_code(a, vocabulary_named(S("event"))->version,
			g->type.n ? g->type : S("other"));
}

/* "Status: released" beside "Released on" tells of one event, not of two. */
static void
drop_bare_types(const struct map *m, struct made *made)
{
	unsigned type = field_slot("event", "type");

	for (size_t i = 1; i < m->groups.n; i++) {
		struct draft *d = &made[i].d;
		bool bare = made[i].is && m->groups.v[i].type.n == 0 && !m->groups.v[i].when.column;
		for (unsigned s = SLOT_FIRST; s < SLOTS; s++)
			bare = bare && (s == type) == (d->slot[s].n > 0);
		for (size_t k = 1; bare && k < m->groups.n; k++)
			if (k != i && made[k].is && bytes_eq(made[k].d.slot[type], d->slot[type]))
				made[i].is = bare = false;
	}
}

bool
row_read(struct arena *a, const struct reader *x, const struct row *row, struct made *ret)
{
	const struct map *m = x->m;
	const struct group *g = &m->groups.v[0];
	bool any = false;

	for (size_t i = 0; i < m->groups.n; i++) {
		struct at at = {x, row, &ret[i]};
		ret[i] = (struct made){.d.kind = m->groups.v[i].kind->number};
		if (i) {
			read_event(a, &at, &m->groups.v[i]);
			continue;
		}
		ret->is = true;
		for (size_t k = 0; k < g->targets.n; k++)
			read_target(a, &at, &g->targets.v[k]);
		add_coarser(a, &ret->d);
	}
	drop_bare_types(m, ret);
	for (size_t i = 0; i < m->groups.n; i++) {
		ret[i].d.slot[SLOT_BASIS] = x->basis;
		ret[i].d.slot[SLOT_SOURCE] = x->source;
	}
	for (size_t i = 0; i < row->n && !any; i++)
		any = !map_is_missing(m, row->cells[i]);
	return any;
}

/* --- slot 4 -------------------------------------------------------------------------- */

static struct cell
cell_of(const struct map *m, const struct row *row, uint32_t column, const struct field *f,
	bool was_read)
{
	bool sealed = f && f->audience == AUDIENCE_SEALED;

	return (struct cell){column, m->columns[column - 1].header,
		sealed ? S("") : cell(row, column), f && was_read ? f->slot : -1};
}

struct cells { struct cell *v; size_t n; bool *seen; };

/* A column that is read into two fields stands there twice, once for each. */
static void
add_source(const struct map *m, const struct row *row, const struct source *s,
	const struct target *t, const struct made *made, struct cells *ret)
{
	for (size_t i = 0; i < s->n; i++) {
		uint32_t c = s->v[i].column;
		if (!c)
			continue;
		ret->seen[c - 1] = true;
		if (cell(row, c).n)
			ret->v[ret->n++] = cell_of(m, row, c, t->field,
				made->d.slot[t->field->slot].n > 0);
	}
}

static int
by_column(const void *x, const void *y)
{
	const struct cell *l = x, *r = y;

	if (l->column != r->column)
		return l->column < r->column ? -1 : 1;
	return (l->slot > r->slot) - (l->slot < r->slot);
}

void
row_put_cells(struct arena *a, const struct map *m, const struct row *row, size_t group,
	struct made *made)
{
	const struct group *g = &m->groups.v[group];
	struct cells all = {.seen = NEWS(a, bool, m->n_columns)};
	size_t most = m->n_columns;

	for (size_t i = 0; i < g->targets.n; i++) {
		const struct target *t = &g->targets.v[i];
		most += t->words.n + t->month.n + t->to.n + t->to_month.n;
	}
	all.v = NEWS(a, struct cell, most);
	for (size_t i = 0; i < g->targets.n; i++) {
		const struct target *t = &g->targets.v[i];
		add_source(m, row, &t->words, t, made, &all);
		add_source(m, row, &t->month, t, made, &all);
		add_source(m, row, &t->to, t, made, &all);
		add_source(m, row, &t->to_month, t, made, &all);
	}
	for (uint32_t c = 1; group == 0 && c <= m->n_columns; c++)
		if (!all.seen[c - 1] && cell(row, c).n)
			all.v[all.n++] = cell_of(m, row, c, NULL, false);
	if (all.n)
		qsort(all.v, all.n, sizeof *all.v, by_column);
	made->d.slot[SLOT_CELLS] = all.n ? value_cells(a, all.v, all.n) : (struct bytes){0};
}

/* --- equality ------------------------------------------------------------------------- */

bool
slot_compared(const struct kind *k, unsigned slot)
{
	const struct field *f = field_of(k, slot);

	return f && slot >= SLOT_FIRST && !str_is(f->name, "unlisted") && f->type != VALUE_REF;
}

void
digest_record(const struct kind *k, const struct bytes slot[SLOTS], struct digest_options o,
	uint8_t ret[DIGEST])
{
	uint8_t hash[SEAL_HASH];
	struct buf b;

	buf_init(&b, (size_t)1 << 30);
	for (unsigned s = 0; s < SLOTS; s++) {
		const struct field *f = field_of(k, s);
		bool mine = (s == SLOT_BASIS && o.basis) || (s == SLOT_SOURCE && o.source)
			|| (slot_compared(k, s) && f->audience != AUDIENCE_SEALED
			&& !str_is(f->name, "key"));
		if (!mine || slot[s].n == 0)
			continue;
		cbor_put_uint(&b, s);
		cbor_put_bytes(&b, slot[s]);
	}
	seal_sha256(buf_bytes(&b), hash);
	buf_finish(&b);
	memcpy(ret, hash, DIGEST);
}

static int
by_bytes(const void *x, const void *y)
{
	return memcmp(x, y, DIGEST);
}

void
digest_row(const uint8_t person[DIGEST], uint8_t (*events)[DIGEST], size_t n,
	uint8_t ret[DIGEST])
{
	uint8_t hash[SEAL_HASH];
	struct seal_hasher *h = seal_hasher_create();

	if (n)
		qsort(events, n, DIGEST, by_bytes);
	seal_hasher_add(h, (struct bytes){person, DIGEST});
	for (size_t i = 0; i < n; i++)
		seal_hasher_add(h, (struct bytes){events[i], DIGEST});
	seal_hasher_finish(h, hash);
	memcpy(ret, hash, DIGEST);
}

/* --- for the matcher -------------------------------------------------------------------- */

static struct str
name_in(const struct bytes slot[SLOTS], const char *field)
{
	struct name n;

	return get_name(slot[field_slot("person", field)], &n) ? n.text : STR_NONE;
}

static struct match_days
days_in(struct bytes v)
{
	struct date d;

	return get_date(v, &d) ? (struct match_days){d.first, d.last} : MATCH_NO_DAYS;
}

struct str
full_name_of(struct arena *a, const struct bytes slot[SLOTS])
{
	struct str given = name_in(slot, "given"), family = name_in(slot, "family");

	if (given.n && family.n)
		return str_fmt(a, STR_FMT " " STR_FMT, STR_ARG(given), STR_ARG(family));
	return given.n ? given : family.n ? family : name_in(slot, "whole");
}

void
match_of_slots(const struct bytes slot[SLOTS], struct match_person *ret)
{
	struct str sex, text;
	struct place place;
	unsigned version;

	*ret = (struct match_person){.given = name_in(slot, "given"),
		.family = name_in(slot, "family"), .father = name_in(slot, "father"),
		.whole = name_in(slot, "whole"), .birth = days_in(slot[field_slot("person", "birth")])};
	if (ret->birth.last < ret->birth.first)
		ret->birth = days_in(slot[field_slot("person", "birth-year")]);
	if (get_code(slot[field_slot("person", "sex")], &version, &sex))
		ret->sex = str_is(sex, "male") ? 'm' : str_is(sex, "female") ? 'f' : 0;
	if (get_place(slot[field_slot("person", "birthplace")], &place))
		ret->birth_place = place.text;
	if (get_place(slot[field_slot("person", "home")], &place))
		ret->place = place.text;
	if (get_text(slot[field_slot("person", "occupation")], &text))
		ret->extra[0] = text;
	for (size_t i = 0; i < MATCH_EVENTS; i++)
		ret->event[i] = MATCH_NO_DAYS;
}

void
match_add_event(const struct bytes slot[SLOTS], struct match_person *p)
{
	static const struct { const char *type; enum match_event event; } types[] = {
		{"arrest", MATCH_ARREST}, {"release", MATCH_RELEASE},
		{"death", MATCH_DEATH}, {"execution", MATCH_DEATH},
	};
	struct match_days days = days_in(slot[field_slot("event", "date")]);
	struct str type, facility;
	unsigned version;

	if (get_text(slot[field_slot("event", "facility")], &facility))
		p->place = facility;
	if (!get_code(slot[field_slot("event", "type")], &version, &type)
	    || days.last < days.first)
		return;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (str_is(type, types[i].type))
			p->event[types[i].event] = days;
}

static void
keep_strings(struct arena *a, struct match_person *p)
{
	struct str *all[] = {&p->given, &p->family, &p->father, &p->whole, &p->birth_place,
		&p->place, &p->extra[0]};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		*all[i] = all[i]->n ? str_dup(a, *all[i]) : STR_NONE;
}

enum status
match_of_record(struct arena *a, struct reg *r, uint64_t pos, struct match_person *ret,
	struct err *e)
{
	struct arena *t = arena_create(64 << 20);
	struct now w, *events;
	size_t n;
	enum status st = index_now(t, r, pos, &w, e);

	if (st == OK && (st = index_events_of(t, r, pos, &events, &n, e)) == OK) {
		match_of_slots(w.slot, ret);
		for (size_t i = 0; i < n; i++)
			match_add_event(events[i].slot, ret);
		keep_strings(a, ret);
	}
	arena_destroy(t);
	return st;
}
