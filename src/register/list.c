/* The list of persons: filter, count three ways, sort, and show a page of it. */
#include "register/view_int.h"

struct candidate {
	size_t from, to;             /* in view.persons */
	double score;
	struct bytes key;            /* to sort by */
};

struct listing {
	struct arena *a;             /* of the call's result */
	struct view v;
	const struct reg_filter *f;
	enum lang lang;
	int32_t on;
	const char *status;          /* the status counted */
	bool *heard;                 /* by prison: asked for; NULL: all are */
	struct str list;             /* folded */
	struct str search;           /* "" : none */
	struct found *found;         /* by position, when there is a search */
	size_t n_found;
	VEC(struct candidate) c;
	struct reg_counts counts;
};

static double
found_score(const struct listing *l, uint64_t pos)
{
	size_t from = 0, to = l->n_found;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (l->found[mid].pos == pos)
			return l->found[mid].score;
		if (l->found[mid].pos < pos)
			from = mid + 1;
		else
			to = mid;
	}
	return -1;
}

static bool
is_confirmed(struct reg *r, uint64_t pos)
{
	struct store_stmt *s = store_sql(r->db, "SELECT 1 FROM confirmed WHERE person = ?1");

	store_bind_int(s, 1, (int64_t)pos);
	return store_step(s, NULL) == OK;
}

static bool
facility_fits(const struct listing *l, const struct told *t, size_t n)
{
	if (!l->heard)
		return true;
	for (size_t i = 0; i < n; i++)
		if (t[i].facility && l->heard[t[i].facility])
			return true;
	return false;
}

/* Which of the prisons are meant: they are few, persons are many. */
static void
hear_facilities(struct listing *l)
{
	struct ear *ear;

	if (l->f->facility.n == 0)
		return;
	ear = ear_for(l->a, l->f->facility);
	l->heard = NEWS(l->a, bool, l->v.facility.n);
	for (size_t i = 1; i < l->v.facility.n; i++)
		l->heard[i] = ear_hears(ear, l->v.facility.v[i], l->v.facility_fold.v[i]);
}

static bool
event_fits(const struct listing *l, size_t from, size_t to)
{
	if (l->f->event.n == 0)
		return true;
	const struct vocabulary *events = vocabulary_named(S("event"));
	for (size_t i = from; i < to; i++)
		for (size_t k = 0; k < l->v.persons[i].n_events; k++) {
			const struct light_event *ev = &l->v.events[l->v.persons[i].first_event + k];
			if (str_eq(events->codes[ev->type].code, l->f->event)
			    && (!ev->dated || ev->first <= l->on))
				return true;
		}
	return false;
}

static bool
list_fits(const struct listing *l, size_t from, size_t to)
{
	if (l->list.n == 0)
		return true;
	for (size_t i = from; i < to; i++) {
		const struct light_list *ll = view_list(&l->v, l->v.persons[i].list);
		if (ll && str_eq(ll->fold, l->list))
			return true;
	}
	return false;
}

/* Three ways: said by every list, by any, and by any but not heard of for a year. */
static bool
count_status(struct listing *l, const struct told *t, size_t n)
{
	size_t say = 0;
	int32_t heard = DAY_MIN;

	for (size_t i = 0; i < n; i++)
		if (strcmp(t[i].status, l->status) == 0) {
			say++;
			if (t[i].last_heard > heard)
				heard = t[i].last_heard;
		}
	if (l->f->status.n && say == 0)
		return false;
	l->counts.by_any += say > 0;
	l->counts.by_every += say > 0 && say == n;
	l->counts.stale += say > 0 && heard < l->on - STALE_DAYS;
	return true;
}

static bool
consider(struct listing *l, size_t from, size_t to)
{
	struct told told[TOLD_MOST];
	double score = -1;
	bool confirmed = false;
	size_t n;

	if (l->search.n) {
		for (size_t i = from; i < to; i++) {
			double s = found_score(l, l->v.persons[i].pos);
			if (s > score)
				score = s;
		}
		if (score < 0)
			return false;
	}
	if (!list_fits(l, from, to) || !event_fits(l, from, to))
		return false;
	for (size_t i = from; i < to && !confirmed; i++)
		confirmed = is_confirmed(l->v.r, l->v.persons[i].pos);
	if (l->f->confirmed && (l->f->confirmed > 0) != confirmed)
		return false;
	n = view_status(&l->v, from, to, l->on, told, TOLD_MOST);
	/* Not known to anybody by that day; but who is asked for by name is shown. */
	if ((n == 0 && l->f->person.n == 0) || !facility_fits(l, told, n) || !count_status(l, told, n))
		return false;
	l->counts.persons++;
	l->counts.records += to - from;
	l->counts.confirmed += confirmed;
	l->counts.unconfirmed += !confirmed;
	VEC_PUSH(l->a, &l->c) = (struct candidate){from, to, score, {0}};
	return true;
}

static int
by_found(const void *x, const void *y)
{
	const struct found *l = x, *r = y;

	return (l->pos > r->pos) - (l->pos < r->pos);
}

static enum status
select_persons(struct listing *l, struct err *e)
{
	uint64_t only = UINT64_MAX;
	enum status st;

	if (l->f->person.n && (st = reg_find_person(l->v.r, l->f->person, &only, e)) != OK)
		return st;
	if ((st = view_load(l->a, l->v.r, only, &l->v, e)) != OK)
		return st;
	hear_facilities(l);
	if (l->search.n) {
		if ((st = view_search(l->a, l->v.r, l->search, &l->found, &l->n_found, e)) != OK)
			return st;
		if (l->n_found)
			qsort(l->found, l->n_found, sizeof *l->found, by_found);
	}
	if (l->list.n) {
		bool known = false;
		for (size_t i = 0; i < l->v.n_lists; i++)
			known = known || str_eq(l->v.lists[i].fold, l->list);
		if (!known)
			return err_set(e, BAD, "list=" STR_FMT ": no list has this name; `habeas list "
				"REG --lists` shows them", STR_ARG(l->f->list));
	}
	for (size_t i = 0, k; i < l->v.n; i = k) {
		for (k = i + 1; k < l->v.n && l->v.persons[k].cluster == l->v.persons[i].cluster; k++)
			;
		consider(l, i, k);
	}
	return OK;
}

/* --- a line --------------------------------------------------------------------- */

static void
first_said(struct listing *l, const struct now *w, const char *field, struct str *ret)
{
	if (ret->n == 0)
		*ret = view_field(l->a, w, field_slot("person", field), l->lang);
}

size_t
reg_columns(const struct field **ret, size_t max)
{
	static const char *const names[] = {"given", "family", "whole"};
	const struct kind *k = kind_of(kind_number("person"));
	size_t n = 0;

	for (size_t i = 0; i < k->n_fields && n < max; i++) {
		bool name = false;
		for (size_t m = 0; m < sizeof names / sizeof *names; m++)
			name = name || str_is(k->fields[i].name, names[m]);
		if (k->fields[i].in_list && !name && k->fields[i].audience != AUDIENCE_SEALED)
			ret[n++] = &k->fields[i];
	}
	return n;
}

/* "Bahman 1398", not the days from 21 January to 19 February. */
static struct date
as_claimed(struct listing *l, const struct light_event *ev)
{
	struct date d;
	struct now w;

	if (index_now(l->a, l->v.r, ev->pos, &w, NULL) == OK
	    && get_date(w.slot[field_slot("event", "date")], &d)
	    && d.first == ev->first && d.last == ev->last)
		return d;
	return date_of_days(CAL_GREGORIAN, ev->first, ev->last);
}

static void
put_statuses(struct listing *l, struct reg_line *line, size_t from, size_t to)
{
	struct told told[TOLD_MOST];
	size_t n = view_status(&l->v, from, to, l->on, told, TOLD_MOST);
	struct reg_status *s = NEWS(l->a, struct reg_status, n);

	for (size_t i = 0; i < n; i++) {
		const struct light_list *ll = view_list(&l->v, told[i].list);
		const struct light_event *ev = told[i].event;
		s[i] = (struct reg_status){.list = ll ? ll->name : S(""),
			.status = str_of(told[i].status),
			.since = {.first = DAY_MIN, .last = DAY_MAX},
			.facility = l->v.facility.v[told[i].facility],
			.last_heard = told[i].last_heard};
		if (ev && ev->dated)
			s[i].since = as_claimed(l, ev);
		if (line->facility.n == 0)
			line->facility = s[i].facility;
		line->disagree = line->disagree || !str_eq(s[i].status, s[0].status);
	}
	line->status = s;
	line->n_status = n;
}

static enum status
make_line(struct listing *l, const struct candidate *c, struct reg_line *ret, struct err *e)
{
	struct reg_line line = {.cluster = l->v.persons[c->from].cluster};
	uint64_t *records = NEWS(l->a, uint64_t, c->to - c->from);
	const struct field *columns[SLOTS];
	size_t n_columns = reg_columns(columns, SLOTS);
	struct str *cells = NEWS(l->a, struct str, n_columns);

	line.cells = cells;
	line.id = reg_person_id(l->a, line.cluster);
	for (size_t i = c->from; i < c->to; i++) {
		struct now w;
		enum status st = index_now(l->a, l->v.r, l->v.persons[i].pos, &w, e);
		if (st)
			return st;
		records[i - c->from] = w.pos;
		first_said(l, &w, "given", &line.given);
		first_said(l, &w, "family", &line.family);
		first_said(l, &w, "father", &line.father);
		first_said(l, &w, "whole", &line.whole);
		first_said(l, &w, "birth", &line.birth);
		first_said(l, &w, "sex", &line.sex);
		for (size_t k = 0; k < n_columns; k++)
			if (cells[k].n == 0)
				cells[k] = view_field(l->a, &w, columns[k]->slot, l->lang);
		add_spelling(l->a, &line.names, view_name(l->a, &w, l->lang));
		line.confirmed = line.confirmed || is_confirmed(l->v.r, w.pos);
	}
	line.records = records;
	line.n_records = c->to - c->from;
	put_statuses(l, &line, c->from, c->to);
	*ret = line;
	return OK;
}

/* --- order ---------------------------------------------------------------------- */

static enum status
sort_key(struct listing *l, struct candidate *c, struct err *e)
{
	struct now w;
	struct date d;
	struct str s = l->f->sort;
	enum status st = index_now(l->a, l->v.r, l->v.persons[c->from].pos, &w, e);

	if (st)
		return st;
	if (str_is(s, "birth") || str_is(s, "date")) {
		int64_t day = DAY_MAX;
		if (str_is(s, "birth")) {
			if (get_date(w.slot[field_slot("person", "birth")], &d))
				day = d.first;
		} else {
			for (size_t i = c->from; i < c->to; i++)
				for (size_t k = 0; k < l->v.persons[i].n_events; k++) {
					const struct light_event *ev =
						&l->v.events[l->v.persons[i].first_event + k];
					if (ev->dated && ev->first < day)
						day = ev->first;
				}
		}
		struct str text = str_fmt(l->a, "%08lld", (long long)(day - DAY_MIN));
		c->key = str_bytes(text);
	} else {
		struct str name = str_is(s, "family")
			? view_field(l->a, &w, field_slot("person", "family"), l->lang) : STR_NONE;
		if (name.n == 0)
			name = view_name(l->a, &w, l->lang);
		c->key = text_sort_key(l->a, name, l->lang);
	}
	return OK;
}

static int
by_key(const void *x, const void *y)
{
	const struct candidate *l = x, *r = y;
	int c = str_cmp(bytes_str(l->key), bytes_str(r->key));

	return c ? c : (l->from > r->from) - (l->from < r->from);
}

static int
by_score(const void *x, const void *y)
{
	const struct candidate *l = x, *r = y;

	if (l->score != r->score)
		return l->score < r->score ? 1 : -1;
	return (l->from > r->from) - (l->from < r->from);
}

static enum status
order(struct listing *l, struct err *e)
{
	enum status st = OK;

	if (l->c.n == 0)
		return OK;
	if (l->f->sort.n && !str_is(l->f->sort, "id")) {
		for (size_t i = 0; i < l->c.n && st == OK; i++)
			st = sort_key(l, &l->c.v[i], e);
		if (st == OK)
			qsort(l->c.v, l->c.n, sizeof *l->c.v, by_key);
	} else if (l->search.n && l->f->sort.n == 0) {
		qsort(l->c.v, l->c.n, sizeof *l->c.v, by_score);
	}
	return st;
}

enum status
reg_list(struct arena *a, struct reg *r, const struct reg_filter *f, enum lang lang,
	struct reg_line **ret, size_t *ret_n, struct reg_counts *ret_counts, struct err *e)
{
	struct listing l = {.a = a, .v = {.r = r}, .f = f, .lang = lang,
		.on = f->on == DAY_MAX ? day_today() : f->on,
		.status = f->status.n ? str_cstr(a, f->status) : "held",
		.list = text_fold(a, f->list), .search = text_fold(a, f->search).n
		? f->search : S("")};
	struct reg_line *lines;
	size_t from, n;
	enum status st;

	if ((st = select_persons(&l, e)) != OK || (st = order(&l, e)) != OK)
		return st;
	from = f->offset < l.c.n ? f->offset : l.c.n;
	n = f->limit && f->limit < l.c.n - from ? f->limit : l.c.n - from;
	lines = NEWS(a, struct reg_line, n);
	for (size_t i = 0; i < n; i++)
		if ((st = make_line(&l, &l.c.v[from + i], &lines[i], e)) != OK)
			return st;
	*ret = lines;
	*ret_n = n;
	if (ret_counts)
		*ret_counts = l.counts;
	return OK;
}

/* --- menus ---------------------------------------------------------------------- */

enum status
reg_options(struct arena *a, struct reg *r, const char *what, struct reg_option **ret,
	size_t *ret_n, struct err *e)
{
	static const struct { const char *what, *sql; } asks[] = {
		{"facility", "SELECT min(facility), count(DISTINCT person) FROM event"
			" WHERE fold IS NOT NULL AND fold <> '' GROUP BY fold ORDER BY 2 DESC, 1 LIMIT 500"},
		{"list", "SELECT list.name, count(person.pos) FROM list LEFT JOIN person"
			" ON person.list = list.pos GROUP BY list.pos ORDER BY list.pos"},
		{"event", "SELECT type, count(DISTINCT person) FROM event GROUP BY type ORDER BY 1"},
	};
	static const char *const statuses[] = {"held", "furlough", "released", "dead",
		"disappeared", "escaped", "listed"};
	VEC(struct reg_option) v = {0};
	enum status st = NO;

	if (strcmp(what, "status") == 0)
		for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
			VEC_PUSH(a, &v) = (struct reg_option){str_of(statuses[i]), 0};
	for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
		if (strcmp(what, asks[i].what) != 0)
			continue;
		struct store_stmt *s = store_sql(r->db, asks[i].sql);
		while ((st = store_step(s, e)) == OK)
			VEC_PUSH(a, &v) = (struct reg_option){str_dup(a, store_text(s, 0)),
				(size_t)store_int(s, 1)};
	}
	if (st != NO)
		return st;
	*ret = v.v;
	*ret_n = v.n;
	return OK;
}
