/* What the lists say of persons: the claims that answer the question, and why others do
 * not.  histories.c says by which rules. */
#include "register/histories_int.h"

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

bool
histories_seen(const struct historian *h, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (h->v.persons[i].pos < h->upto)
			return true;
	return false;
}

/* Why nothing that is said of the person counts, or CAPTURED. */
static int
whole_person(const struct historian *h, size_t from, size_t to)
{
	if (h->n_withdrawn && has_withdrawn(h, from, to))
		return LEFT_WITHDRAWN;
	return histories_seen(h, from, to) ? CAPTURED : LEFT_UNLINKED;
}

/* --- what one list says ----------------------------------------------------------------- */

void
histories_prepare(struct historian *h)
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

void
histories_hear(struct historian *h)
{
	h->captures.n = h->persons = 0;
	for (size_t i = 0, k; i < h->v.n; i = k) {
		for (k = i + 1; k < h->v.n && h->v.persons[k].cluster == h->v.persons[i].cluster; k++)
			;
		consider(h, i, k);
	}
}
