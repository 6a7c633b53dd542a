/* Loading what lists and dossiers are made of, and comparing and showing values. */
#include "register/view_int.h"
#include "reconcile/reconcile.h"

/* Of match_name_similarity: about 1 for two good spellings of one name. */
static const double SOUNDS_ALIKE = 0.8;

static uint8_t
event_type(struct str code)
{
	const struct vocabulary *v = vocabulary_named(S("event"));

	for (size_t i = 0; i < v->n_codes; i++)
		if (str_eq(v->codes[i].code, code))
			return (uint8_t)i;
	for (size_t i = 0; i < v->n_codes; i++)
		if (str_is(v->codes[i].code, "other"))
			return (uint8_t)i;
	return 0;
}

static int32_t
day_of(int64_t unix_seconds)
{
	int64_t day = unix_seconds / 86400;

	return day > DAY_MAX ? DAY_MAX : day < DAY_MIN ? DAY_MIN : (int32_t)day;
}

static enum status
load_lists(struct view *v, struct err *e)
{
	VEC(struct light_list) lists = {0};
	struct store_stmt *s = store_sql(v->r->db, "SELECT pos, name, fold FROM list ORDER BY pos");
	enum status st;

	while ((st = store_step(s, e)) == OK)
		VEC_PUSH(v->a, &lists) = (struct light_list){.pos = (uint64_t)store_int(s, 0),
			.name = str_dup(v->a, store_text(s, 1)), .fold = str_dup(v->a, store_text(s, 2))};
	if (st != NO)
		return st;
	for (size_t i = 0; i < lists.n; i++) {
		struct light_list *l = &lists.v[i];
		size_t n = 0, cap = 0;
		s = store_sql(v->r->db, "SELECT version.version, as_of, rec.recorded"
			" FROM version JOIN rec USING(pos) WHERE version.list = ?1 AND retracted = 0"
			" ORDER BY 1");
		store_bind_int(s, 1, (int64_t)l->pos);
		while ((st = store_step(s, e)) == OK) {
			if (n == cap)
				l->versions = arena_vec_grow(v->a, l->versions, &cap,
					sizeof *l->versions);
			l->versions[n].version = (uint32_t)store_int(s, 0);
			/* A list that does not say as of when: as of when it came. */
			l->versions[n++].as_of = store_is_null(s, 1) ? day_of(store_int(s, 2))
				: (int32_t)store_int(s, 1);
		}
		if (st != NO)
			return st;
		l->n_versions = n;
	}
	v->lists = lists.v;
	v->n_lists = lists.n;
	return OK;
}

static enum status
load_persons(struct view *v, uint64_t cluster, struct err *e)
{
	VEC(struct light_person) persons = {0};
	struct store_stmt *s = cluster == UINT64_MAX
		? store_sql(v->r->db, "SELECT person.pos, cluster, person.list, unlisted, rec.version,"
			" rec.recorded FROM person JOIN rec USING(pos) ORDER BY cluster, person.pos")
		: store_sql(v->r->db, "SELECT person.pos, cluster, person.list, unlisted, rec.version,"
			" rec.recorded FROM person JOIN rec USING(pos) WHERE cluster = ?1"
			" ORDER BY person.pos");
	enum status st;

	if (cluster != UINT64_MAX)
		store_bind_int(s, 1, (int64_t)cluster);
	while ((st = store_step(s, e)) == OK)
		VEC_PUSH(v->a, &persons) = (struct light_person){
			.pos = (uint64_t)store_int(s, 0), .cluster = (uint64_t)store_int(s, 1),
			.list = store_is_null(s, 2) ? NO_LIST : (uint64_t)store_int(s, 2),
			.unlisted = store_int(s, 3), .version = store_int(s, 4),
			.recorded = day_of(store_int(s, 5))};
	if (st != NO)
		return st;
	v->persons = persons.v;
	v->n = persons.n;
	return OK;
}

static uint32_t
facility_index(struct view *v, struct str name, struct str fold)
{
	/* Neighbouring rows name the same few prisons: look from the end. */
	for (size_t i = v->facility.n; i > 1; i--)
		if (str_eq(v->facility.v[i - 1], name))
			return (uint32_t)(i - 1);
	VEC_PUSH(v->a, &v->facility) = str_dup(v->a, name);
	VEC_PUSH(v->a, &v->facility_fold) = str_dup(v->a, fold);
	return (uint32_t)(v->facility.n - 1);
}

static int
by_person(const void *x, const void *y)
{
	const struct light_event *l = x, *r = y;

	if (l->person != r->person)
		return l->person < r->person ? -1 : 1;
	return (l->pos > r->pos) - (l->pos < r->pos);
}

static struct store_stmt *
ask_events(struct view *v, uint64_t cluster)
{
	if (cluster == UINT64_MAX)
		return store_sql(v->r->db, "SELECT pos, person, type, first, last, facility, fold"
			" FROM event WHERE person IS NOT NULL ORDER BY pos");
	struct store_stmt *s = store_sql(v->r->db,
		"SELECT event.pos, event.person, event.type, event.first, event.last, event.facility,"
		" event.fold FROM event JOIN person ON person.pos = event.person"
		" WHERE person.cluster = ?1 ORDER BY event.pos");
	store_bind_int(s, 1, (int64_t)cluster);
	return s;
}

static enum status
load_events(struct view *v, uint64_t cluster, struct err *e)
{
	VEC(struct light_event) events = {0};
	struct store_stmt *s = ask_events(v, cluster);
	enum status st;

	facility_index(v, S(""), S(""));
	while ((st = store_step(s, e)) == OK) {
		struct light_event ev = {.pos = (uint64_t)store_int(s, 0),
			.person = (uint64_t)store_int(s, 1), .type = event_type(store_text(s, 2)),
			.dated = !store_is_null(s, 3)};
		if (ev.dated) {
			ev.first = (int32_t)store_int(s, 3);
			ev.last = (int32_t)store_int(s, 4);
		}
		if (!store_is_null(s, 5))
			ev.facility = facility_index(v, store_text(s, 5), store_text(s, 6));
		VEC_PUSH(v->a, &events) = ev;
	}
	if (st != NO)
		return st;
	if (events.n)
		qsort(events.v, events.n, sizeof *events.v, by_person);
	v->events = events.v;
	v->n_events = events.n;
	return OK;
}

/* Which stretch of the events, sorted by person, is whose. */
static void
give_events(struct view *v)
{
	for (size_t i = 0; i < v->n; i++) {
		struct light_person *p = &v->persons[i];
		size_t from = 0, to = v->n_events;
		while (from < to) {
			size_t mid = from + (to - from) / 2;
			if (v->events[mid].person < p->pos)
				from = mid + 1;
			else
				to = mid;
		}
		p->first_event = (uint32_t)from;
		while (from < v->n_events && v->events[from].person == p->pos)
			from++;
		p->n_events = (uint32_t)from - p->first_event;
	}
}

static int
by_pos(const void *x, const void *y, void *persons)
{
	const struct light_person *p = persons, *l = &p[*(const uint32_t *)x];
	const struct light_person *r = &p[*(const uint32_t *)y];

	return (l->pos > r->pos) - (l->pos < r->pos);
}

static void
sort_by_pos(struct view *v)
{
	v->by_pos = NEWS(v->a, uint32_t, v->n);
	for (uint32_t i = 0; i < v->n; i++)
		v->by_pos[i] = i;
	if (v->n)
		qsort_r(v->by_pos, v->n, sizeof *v->by_pos, by_pos, v->persons);
}

const struct light_person *
view_person(const struct view *v, uint64_t pos)
{
	size_t from = 0, to = v->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (v->persons[v->by_pos[mid]].pos < pos)
			from = mid + 1;
		else
			to = mid;
	}
	return from < v->n && v->persons[v->by_pos[from]].pos == pos
		? &v->persons[v->by_pos[from]] : NULL;
}

enum status
view_load(struct arena *a, struct reg *r, uint64_t cluster, struct view *ret, struct err *e)
{
	struct view v = {.a = a, .r = r};
	enum status st;

	if ((st = load_lists(&v, e)) != OK || (st = load_persons(&v, cluster, e)) != OK
	    || (st = load_events(&v, cluster, e)) != OK)
		return st;
	give_events(&v);
	sort_by_pos(&v);
	*ret = v;
	return OK;
}

const struct light_list *
view_list(const struct view *v, uint64_t pos)
{
	for (size_t i = 0; i < v->n_lists; i++)
		if (v->lists[i].pos == pos)
			return &v->lists[i];
	return NULL;
}

struct str
view_field(struct arena *a, const struct now *w, unsigned slot, enum lang l)
{
	const struct kind *k = kind_of(w->kind);

	if (w->slot[slot].n == 0)
		return S("");
	return value_show(a, k ? field_of(k, slot) : NULL, w->slot[slot], l);
}

struct str
view_name(struct arena *a, const struct now *w, enum lang lang)
{
	struct str given = view_field(a, w, field_slot("person", "given"), lang);
	struct str family = view_field(a, w, field_slot("person", "family"), lang);

	if (given.n && family.n)
		return str_fmt(a, STR_FMT " " STR_FMT, STR_ARG(given), STR_ARG(family));
	if (given.n || family.n)
		return given.n ? given : family;
	return view_field(a, w, field_slot("person", "whole"), lang);
}

void
add_spelling(struct arena *a, struct str *names, struct str name)
{
	struct str rest = *names;

	if (name.n == 0)
		return;
	while (rest.n) {
		const char *sep = memmem(rest.p, rest.n, " · ", 4);
		size_t n = sep ? (size_t)(sep - rest.p) : rest.n;
		if (str_eq(str_upto(rest, n), name))
			return;
		rest = sep ? str_from(rest, n + 4) : S("");
	}
	*names = names->n ? str_fmt(a, STR_FMT " · " STR_FMT, STR_ARG(*names), STR_ARG(name)) : name;
}

struct ear {
	struct arena *a;
	struct str fold;
	struct match_name name;
};

struct ear *
ear_for(struct arena *a, struct str asked)
{
	struct ear *ear = NEW(a, struct ear);

	*ear = (struct ear){a, text_fold(a, asked), match_name_of(a, asked)};
	return ear;
}

/* Every word asked for must sound like one of the text: "اوین" finds "Evin
 * həbsxanası". */
bool
ear_hears(struct ear *ear, struct str text, struct str fold)
{
	struct match_name m;
	struct str word = ear->fold;

	if (ear->fold.n == 0)
		return false;
	if (memmem(fold.p, fold.n, word.p, word.n))
		return true;
	if (ear->name.n == 0)
		return false;
	m = match_name_of(ear->a, text);
	for (size_t i = 0; i < ear->name.n; i++) {
		bool heard = false;
		struct match_name asked = match_name_of(ear->a, ear->name.tokens[i].text);
		for (size_t k = 0; k < m.n && !heard; k++) {
			struct match_name said = match_name_of(ear->a, m.tokens[k].text);
			heard = match_name_similarity(&asked, &said) >= SOUNDS_ALIKE;
		}
		if (!heard)
			return false;
	}
	return true;
}

/* Names, places and prisons in two scripts agree when they sound alike. */
static bool
sound_alike(struct arena *a, struct str x, struct str y)
{
	if (str_eq(text_fold(a, x), text_fold(a, y)))
		return true;
	struct match_name l = match_name_of(a, x), r = match_name_of(a, y);
	return match_name_similarity(&l, &r) >= SOUNDS_ALIKE;
}

bool
values_disagree(struct arena *a, const struct field *f, struct bytes x, struct bytes y)
{
	struct name n, m;
	struct place p, q;
	struct date d, b;
	struct str s, t;

	if (bytes_eq(x, y))
		return false;
	switch (f->type) {
	case VALUE_NAME:
		return !get_name(x, &n) || !get_name(y, &m) || !sound_alike(a, n.text, m.text);
	case VALUE_PLACE:
		return !get_place(x, &p) || !get_place(y, &q) || !sound_alike(a, p.text, q.text);
	case VALUE_DATE:
		return !get_date(x, &d) || !get_date(y, &b) || !date_overlaps(&d, &b);
	case VALUE_TEXT:
		return !get_text(x, &s) || !get_text(y, &t) || !sound_alike(a, s, t);
	default:
		return true;
	}
}
