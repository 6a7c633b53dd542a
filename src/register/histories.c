/*
 * Capture histories: which lists know of a person, for a question that an open
 * population allows, "held on a day" or "it happened in a window".
 *
 * Being on a list is being captured only when that list's own words answer the question:
 * a list that knows somebody as released does not know of a prisoner, whatever the other
 * lists say.  So filters are put to each list's words too, and those that nobody on no
 * list could answer to are refused: what is estimated would not be a set of people.
 * A person stands for its cluster; two records that ought to be one count twice and make
 * the answer too high, which is why records that the linker has not seen are left out.
 */
#include "register/view_int.h"

static const char *const left_words[LEFT_WHYS] = {
	[LEFT_BY_HAND] = N_("typed in by hand, on no list"),
	[LEFT_LISTED] = N_("named by a list that does not say whether they were held"),
	[LEFT_UNDATED] = N_("the list does not say when"),
	[LEFT_VAGUE] = N_("the date given reaches beyond the window"),
	[LEFT_NO_PRISON] = N_("the list does not say in which prison"),
	[LEFT_UNLINKED] = N_("newer than the last run of the linker"),
	[LEFT_WITHDRAWN] = N_("consent to being in the register withdrawn"),
	[LEFT_OTHER_LIST] = N_("on lists that were not asked for"),
};

const char *
reg_left_words(enum reg_left why)
{
	return left_words[why];
}

enum { CAPTURED = LEFT_WHYS, NOTHING };      /* what else a claim may be */

struct group { struct str name; bool asked, used; unsigned column; };
struct capture { size_t person; uint32_t group; };
struct historian {
	struct arena *a;
	struct view v;
	const struct reg_histories_ask *ask;
	struct reg_histories *out;
	VEC(struct group) groups;
	uint32_t *group_of;          /* by list, as in view.lists */
	bool *heard;                 /* by prison; NULL: none asked for */
	uint64_t *withdrawn;         /* positions of person records, ascending */
	size_t n_withdrawn, persons;
	uint64_t upto;               /* records before it were seen by the linker */
	VEC(struct capture) captures;
	/* Of the person at hand: */
	bool left[LEFT_WHYS], other, captured, stale, undated;
};

/* --- what is asked -------------------------------------------------------------------- */

/* Nobody on no list is confirmed, or on a list; a name is no population. */
static enum status
check(const struct reg_histories_ask *ask, struct err *e)
{
	const struct reg_filter *f = &ask->filter;
	const struct { const char *name; bool set; } no[] = {
		{"search", f->search.n != 0}, {"list", f->list.n != 0}, {"person", f->person.n != 0},
		{"confirmed", f->confirmed != 0}, {"status", f->status.n != 0},
		{"on", f->on != DAY_MAX}, {"sort", f->sort.n != 0},
		{"limit", f->limit != 0}, {"offset", f->offset != 0},
		{"event", f->event.n != 0 && !ask->held},
	};

	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		if (no[i].set)
			return err_set(e, BAD, "%s=: people on no list cannot be asked for so; prison= "
				"would be right, and event= with a day", no[i].name);
	if (!ask->held && ask->from > ask->to)
		return err_set(e, BAD, "the window ends before it begins");
	return OK;
}

static struct str
question(struct arena *a, const struct reg_histories_ask *ask)
{
	struct reg_filter f = {.facility = ask->filter.facility, .event = ask->filter.event,
		.on = DAY_MAX};
	struct str s;

	if (ask->held) {
		f.status = S("held");
		f.on = ask->on;
		return reg_filter_write(a, &f);
	}
	f.event = ask->event;
	s = reg_filter_write(a, &f);
	return str_fmt(a, STR_FMT " from=" STR_FMT " to=" STR_FMT, STR_ARG(s),
		STR_ARG(day_iso(a, ask->from)), STR_ARG(day_iso(a, ask->to)));
}

/* --- lists ---------------------------------------------------------------------------- */

static enum status
group_name(struct historian *h, const struct light_list *l, struct str *ret, struct err *e)
{
	struct now w;
	struct str publisher;
	enum status st;

	*ret = l->name;
	if (!h->ask->by_organisation)
		return OK;
	if ((st = index_now(h->a, h->v.r, l->pos, &w, e)) != OK)
		return st;
	if (get_text(w.slot[field_slot("list", "publisher")], &publisher) && publisher.n)
		*ret = publisher;
	return OK;
}

static enum status
group_lists(struct historian *h, struct err *e)
{
	h->group_of = NEWS(h->a, uint32_t, h->v.n_lists);
	for (size_t i = 0; i < h->v.n_lists; i++) {
		uint32_t k = 0;
		struct str name;
		enum status st = group_name(h, &h->v.lists[i], &name, e);
		if (st)
			return st;
		while (k < h->groups.n && !str_eq(h->groups.v[k].name, name))
			k++;
		if (k == h->groups.n)
			VEC_PUSH(h->a, &h->groups) = (struct group){.name = name,
				.asked = h->ask->lists.n == 0};
		h->group_of[i] = k;
	}
	return OK;
}

static enum status
choose_lists(struct historian *h, struct err *e)
{
	struct str rest = h->ask->lists;

	while (rest.n) {
		struct str want = text_fold(h->a, str_trim(str_cut(&rest, ',')));
		size_t k = 0;
		while (k < h->groups.n && !str_eq(text_fold(h->a, h->groups.v[k].name), want))
			k++;
		if (k == h->groups.n)
			return err_set(e, BAD, "--lists: no list has the name " STR_FMT
				"; `habeas list REG --lists` shows them", STR_ARG(want));
		h->groups.v[k].asked = true;
	}
	return OK;
}

/* --- what is not to be counted -------------------------------------------------------- */

static enum status
newest_run(struct historian *h, struct err *e)
{
	struct store_stmt *s = store_sql(h->v.r->db, "SELECT max(pos) FROM cur WHERE kind = ?1");
	struct now w;
	int64_t upto = 0;
	enum status st;

	store_bind_int(s, 1, kind_number("linker-run"));
	if ((st = store_step(s, e)) == FAIL)
		return st;
	if (st == NO || store_is_null(s, 0))
		return err_set(e, BAD, "%s: nobody has said yet who is who; `habeas link` does",
			node_path(h->v.r->node));
	if ((st = index_now(h->a, h->v.r, (uint64_t)store_int(s, 0), &w, e)) != OK)
		return st;
	get_number(w.slot[field_slot("linker-run", "upto")], &upto);
	/* One that does not say how far it looked has seen what stood before it. */
	h->upto = upto > 0 ? (uint64_t)upto : w.pos;
	memcpy(h->out->run, w.hash, SEAL_HASH);
	return OK;
}

static enum status
load_withdrawn(struct historian *h, struct err *e)
{
	VEC(uint64_t) v = {0};
	struct store_stmt *s = store_sql(h->v.r->db, "SELECT DISTINCT person FROM consent"
		" WHERE purpose = 'register' AND withdrawn IS NOT NULL ORDER BY 1");
	enum status st;

	while ((st = store_step(s, e)) == OK)
		VEC_PUSH(h->a, &v) = (uint64_t)store_int(s, 0);
	if (st != NO)
		return st;
	h->withdrawn = v.v;
	h->n_withdrawn = v.n;
	s = store_sql(h->v.r->db, "SELECT count(*) FROM rec WHERE state = ?1");
	store_bind_int(s, 1, REC_ERASED);
	if ((st = store_step(s, e)) == OK)
		h->out->erased = (size_t)store_int(s, 0);
	return st;
}

static bool
has_withdrawn(const struct historian *h, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		uint64_t pos = h->v.persons[i].pos;
		size_t low = 0, high = h->n_withdrawn;
		while (low < high) {
			size_t mid = low + (high - low) / 2;
			if (h->withdrawn[mid] < pos)
				low = mid + 1;
			else
				high = mid;
		}
		if (low < h->n_withdrawn && h->withdrawn[low] == pos)
			return true;
	}
	return false;
}

/* Why nothing that is said of the person counts, or CAPTURED. */
static int
whole_person(const struct historian *h, size_t from, size_t to)
{
	bool seen = false;

	if (h->n_withdrawn && has_withdrawn(h, from, to))
		return LEFT_WITHDRAWN;
	for (size_t i = from; i < to; i++)
		seen = seen || h->v.persons[i].pos < h->upto;
	return seen ? CAPTURED : LEFT_UNLINKED;
}

/* --- what one list says ----------------------------------------------------------------- */

static void
hear_prisons(struct historian *h)
{
	struct ear *ear;

	if (h->ask->filter.facility.n == 0)
		return;
	ear = ear_for(h->a, h->ask->filter.facility);
	h->heard = NEWS(h->a, bool, h->v.facility.n);
	for (size_t i = 1; i < h->v.facility.n; i++)
		h->heard[i] = ear_hears(ear, h->v.facility.v[i], h->v.facility_fold.v[i]);
}

static int
prison_fits(const struct historian *h, uint32_t facility)
{
	if (!h->heard)
		return CAPTURED;
	return !facility ? LEFT_NO_PRISON : h->heard[facility] ? CAPTURED : NOTHING;
}

static bool
is_asked(const struct light_event *ev, struct str code)
{
	struct str type = vocabulary_named(S("event"))->codes[ev->type].code;

	return str_eq(type, code) || (str_is(code, "death") && str_is(type, "execution"));
}

/* Does the list tell of such an event by the day? */
static bool
event_told(const struct historian *h, size_t from, size_t to, uint64_t list)
{
	if (h->ask->filter.event.n == 0)
		return true;
	for (size_t i = from; i < to; i++)
		for (size_t k = 0; k < h->v.persons[i].n_events; k++) {
			const struct light_event *ev = &h->v.events[h->v.persons[i].first_event + k];
			if (h->v.persons[i].list == list && is_asked(ev, h->ask->filter.event)
			    && (!ev->dated || ev->first <= h->ask->on))
				return true;
		}
	return false;
}

static void
take(struct historian *h, uint64_t list, int what)
{
	const struct light_list *l = view_list(&h->v, list);
	uint32_t group = 0;

	if (what == NOTHING) {
		h->other = true;
		return;
	}
	if (what == CAPTURED && !l)
		what = LEFT_BY_HAND;
	if (what == CAPTURED) {
		group = h->group_of[l - h->v.lists];
		if (!h->groups.v[group].asked)
			what = LEFT_OTHER_LIST;
	}
	if (what != CAPTURED) {
		h->out->left[what].claims++;
		h->left[what] = true;
		return;
	}
	h->captured = true;
	h->groups.v[group].used = true;
	VEC_PUSH(h->a, &h->captures) = (struct capture){h->persons, group};
}

static void
ask_held(struct historian *h, size_t from, size_t to, int whole)
{
	struct told told[TOLD_MOST];
	size_t n = view_status(&h->v, from, to, h->ask->on, told, TOLD_MOST);

	for (size_t i = 0; i < n; i++) {
		const struct told *t = &told[i];
		int what = strcmp(t->status, "held") == 0 ? CAPTURED
			: strcmp(t->status, "listed") == 0 ? LEFT_LISTED : NOTHING;
		if (what == CAPTURED)
			what = prison_fits(h, t->facility);
		if (what != NOTHING && !event_told(h, from, to, t->list))
			what = NOTHING;
		if (what != NOTHING && whole != CAPTURED)
			what = whole;
		take(h, t->list, what);
		if (what == CAPTURED && t->list != NO_LIST) {
			h->stale = h->stale || t->last_heard < h->ask->on - STALE_DAYS;
			h->undated = h->undated || !t->event || !t->event->dated;
		}
	}
}

static int
event_in_window(const struct historian *h, const struct light_event *ev)
{
	if (!is_asked(ev, h->ask->event))
		return NOTHING;
	if (!ev->dated)
		return LEFT_UNDATED;
	if (ev->last < h->ask->from || ev->first > h->ask->to)
		return NOTHING;
	if (ev->first < h->ask->from || ev->last > h->ask->to)
		return LEFT_VAGUE;
	return CAPTURED;
}

/* Where a list had somebody when the window ended, if the event itself does not say. */
static uint32_t
prison_then(const struct told *told, size_t n, uint64_t list)
{
	for (size_t i = 0; i < n; i++)
		if (told[i].list == list)
			return told[i].facility;
	return 0;
}

/* The place of a list among n; n when it is not there. */
static size_t
place_of_list(const struct told *told, size_t n, uint64_t list)
{
	size_t at = 0;

	while (at < n && told[at].list != list)
		at++;
	return at;
}

/* What the lists of a person say of the question. */
struct hearing {
	struct told told[TOLD_MOST];
	int says[TOLD_MOST];          /* -1: nothing of the kind */
	size_t n, m;                  /* lists with a status then; all lists */
};

/* One event of a record: of several of one list, what comes nearest to an answer. */
static void
hear_event(const struct historian *h, struct hearing *r, uint64_t list,
	const struct light_event *ev)
{
	size_t at = place_of_list(r->told, r->m, list);
	int what = event_in_window(h, ev), *says;

	if (at == r->m || (what == NOTHING && !is_asked(ev, h->ask->event)))
		return;
	if (what == CAPTURED)
		what = prison_fits(h, ev->facility ? ev->facility : prison_then(r->told, r->n, list));
	says = &r->says[at];
	if (what == NOTHING ? *says < 0 : *says < what || *says == NOTHING)
		*says = what;
}

static void
ask_event(struct historian *h, size_t from, size_t to, int whole)
{
	struct hearing r;

	r.n = r.m = view_status(&h->v, from, to, h->ask->to, r.told, TOLD_MOST);
	/* A list that says nothing by the end of the window may still say something vague. */
	for (size_t i = from; i < to && r.m < TOLD_MOST; i++)
		if (place_of_list(r.told, r.m, h->v.persons[i].list) == r.m)
			r.told[r.m++] = (struct told){.list = h->v.persons[i].list};
	for (size_t k = 0; k < r.m; k++)
		r.says[k] = -1;
	for (size_t i = from; i < to; i++)
		for (size_t k = 0; k < h->v.persons[i].n_events; k++)
			hear_event(h, &r, h->v.persons[i].list,
				&h->v.events[h->v.persons[i].first_event + k]);
	for (size_t k = 0; k < r.m; k++)
		if (r.says[k] >= 0)
			take(h, r.told[k].list, r.says[k] == NOTHING || whole == CAPTURED ? r.says[k]
				: whole);
}

/* --- all persons ------------------------------------------------------------------------ */

static void
consider(struct historian *h, size_t from, size_t to)
{
	int whole = whole_person(h, from, to);

	memset(h->left, 0, sizeof h->left);
	h->other = h->captured = h->stale = h->undated = false;
	if (h->ask->held)
		ask_held(h, from, to, whole);
	else
		ask_event(h, from, to, whole);
	if (h->captured) {
		h->persons++;
		h->out->disagree += h->other;
		h->out->stale += h->stale;
		h->out->undated += h->undated;
		return;
	}
	for (size_t i = 0; i < LEFT_WHYS; i++)
		if (h->left[i]) {
			h->out->left[i].persons++;
			return;
		}
}

static int
by_name(const void *x, const void *y)
{
	const struct group *const *l = x, *const *r = y;

	return str_cmp((*l)->name, (*r)->name);
}

/* Columns by name, so that the order in which lists came does not show in the hash. */
static enum status
settle(struct historian *h, struct err *e)
{
	struct group **used = NEWS(h->a, struct group *, h->groups.n);
	struct reckon_cell *cells = NEWS(h->a, struct reckon_cell, h->persons);
	struct str *names = NEWS(h->a, struct str, h->groups.n);
	VEC(struct str) silent = {0};
	size_t n = 0;

	for (size_t i = 0; i < h->groups.n; i++) {
		struct group *g = &h->groups.v[i];
		if (g->used)
			used[n++] = g;
		else if (g->asked)
			VEC_PUSH(h->a, &silent) = g->name;
	}
	if (n == 0)
		return err_set(e, BAD, "nobody on any list answers " STR_FMT,
			STR_ARG(h->out->question));
	if (n > RECKON_LISTS)
		return err_set(e, BAD, "more than %d lists; name some with --lists", RECKON_LISTS);
	qsort(used, n, sizeof *used, by_name);
	for (unsigned i = 0; i < n; i++) {
		used[i]->column = i;
		names[i] = used[i]->name;
	}
	for (size_t i = 0; i < h->persons; i++)
		cells[i].count = 1;
	for (size_t i = 0; i < h->captures.n; i++)
		cells[h->captures.v[i].person].on |=
			(uint64_t)1 << h->groups.v[h->captures.v[i].group].column;
	h->out->silent = silent.v;
	h->out->n_silent = silent.n;
	return reckon_counts_of(h->a, (unsigned)n, names, cells, h->persons, &h->out->c, e);
}

/* What `habeas toll mse FILE` reads: its receipt then names the same bytes. */
static void
put_csv(struct arena *a, struct reg_histories *out)
{
	const struct reckon_counts *c = &out->c;
	struct buf b;

	buf_init(&b, (size_t)1 << 30);
	for (unsigned i = 0; i < c->n_lists; i++) {
		csv_write_cell(&b, c->names[i], ',');
		buf_byte(&b, ',');
	}
	buf_cstr(&b, "count\n");
	for (size_t i = 0; i < c->n_cells; i++) {
		for (unsigned k = 0; k < c->n_lists; k++)
			buf_cstr(&b, c->cells[i].on >> k & 1 ? "1," : "0,");
		buf_fmt(&b, "%llu\n", (unsigned long long)c->cells[i].count);
	}
	out->csv = str_dup(a, buf_str(&b));
	buf_finish(&b);
	seal_sha256(str_bytes(out->csv), out->hash);
}

enum status
reg_histories(struct arena *a, struct reg *r, const struct reg_histories_ask *ask,
	struct reg_histories *ret, struct err *e)
{
	struct reg_histories out = {.question = question(a, ask),
		.upto = node_info(r->node)->size};
	struct historian h = {.a = a, .v = {.r = r}, .ask = ask, .out = &out};
	enum status st;

	if ((st = check(ask, e)) != OK || (st = newest_run(&h, e)) != OK
	    || (st = view_load(a, r, UINT64_MAX, &h.v, e)) != OK
	    || (st = group_lists(&h, e)) != OK || (st = choose_lists(&h, e)) != OK
	    || (st = load_withdrawn(&h, e)) != OK)
		return st;
	hear_prisons(&h);
	for (size_t i = 0, k; i < h.v.n; i = k) {
		for (k = i + 1; k < h.v.n && h.v.persons[k].cluster == h.v.persons[i].cluster; k++)
			;
		consider(&h, i, k);
	}
	if ((st = settle(&h, e)) != OK)
		return st;
	put_csv(a, &out);
	*ret = out;
	return OK;
}
