/*
 * What each list says of a person on a day.
 *
 * Of a list's events that may have begun by the day, those decide that no other
 * certainly follows (two intervals of days that meet tell no order), and of these the
 * one that changes most.  One without a date is older than every dated one, except
 * that a death needs no date to be the last word.  A list that names the person
 * without an event says "listed".  A list that did not name the person yet on that
 * day, and tells of nothing before it, says nothing; what was typed in by hand is
 * there from the day it was recorded.
 */
#include "register/view_int.h"

enum { RANK_DEAD = 9 };

static const struct {
	const char *type, *status;
	int rank;                    /* of two at the same time the higher holds */
	bool first;                  /* before it is clear where somebody will be held */
} means[] = {
	{"arrest", "held", 1, true}, {"charge", "held", 1, true}, {"custody", "held", 1, false},
	{"sentence", "held", 2, false}, {"transfer", "held", 2, false},
	{"furlough-end", "held", 2, false}, {"furlough", "furlough", 3, false},
	{"release", "released", 4, false}, {"escape", "escaped", 4, false},
	{"disappearance", "disappeared", 5, false}, {"death", "dead", RANK_DEAD, false},
	{"execution", "dead", RANK_DEAD, false},
};

static int
meaning(unsigned type)
{
	struct str code = vocabulary_named(S("event"))->codes[type].code;

	for (size_t i = 0; i < sizeof means / sizeof *means; i++)
		if (str_is(code, means[i].type))
			return (int)i;
	return -1;
}

/* The newest day, up to `on`, on which the list names the person. */
static int32_t
named_on(const struct view *v, const struct light_person *p, int32_t on)
{
	const struct light_list *l = view_list(v, p->list);
	int32_t day = DAY_MIN;

	if (p->list == NO_LIST)
		return p->recorded <= on ? p->recorded : DAY_MIN;
	for (size_t i = 0; l && i < l->n_versions; i++)
		if (l->versions[i].as_of <= on && l->versions[i].version >= p->version
		    && (p->unlisted == 0 || l->versions[i].version < p->unlisted)
		    && l->versions[i].as_of > day)
			day = l->versions[i].as_of;
	return day;
}

static void
hear(struct told *t, int32_t day)
{
	if (day > t->last_heard)
		t->last_heard = day;
}

/* What one list says, while its events are gone through. */
struct hearing {
	struct told *told;
	bool there;                  /* the list named the person by the day */
	int32_t follows;             /* first day of the dated event that begins last */
	int meaning;                 /* of told->event */
	const struct light_event *at;        /* who says where */
};

/* Undated: as true as the list is, so only once the list is there. */
static bool
begun(const struct hearing *h, const struct light_event *ev, int32_t on)
{
	return ev->dated ? ev->first <= on : h->there;
}

/* Does `x` decide rather than `y`, as far as the day can see? */
static bool
decides(const struct hearing *h, const struct light_event *x, int mx,
	const struct light_event *y, int my)
{
	bool dead_x = means[mx].rank == RANK_DEAD, dead_y = means[my].rank == RANK_DEAD;

	if (dead_x != dead_y)
		return dead_x;
	if (x->dated != y->dated)
		return x->dated;
	if (x->dated) {
		bool open_x = x->last >= h->follows, open_y = y->last >= h->follows;
		if (open_x != open_y)
			return open_x;
	}
	if (means[mx].rank != means[my].rank)
		return means[mx].rank > means[my].rank;
	if (x->dated && x->last != y->last)
		return x->last > y->last;
	return x->pos > y->pos;
}

/* Where somebody was last: the newest dated, then those without; an arrest's place
 * of first detention only when nothing else is said. */
static bool
nearer(const struct light_event *x, int mx, const struct light_event *y, int my)
{
	bool first_x = mx >= 0 && means[mx].first, first_y = my >= 0 && means[my].first;

	if (first_x != first_y)
		return first_y;
	if (x->dated != y->dated)
		return x->dated;
	if (x->dated && x->first != y->first)
		return x->first > y->first;
	return x->pos > y->pos;
}

static void
follow(const struct view *v, const struct light_person *p, int32_t on, struct hearing *h)
{
	for (size_t i = 0; i < p->n_events; i++) {
		const struct light_event *ev = &v->events[p->first_event + i];
		int m = meaning(ev->type);
		if (!begun(h, ev, on))
			continue;
		if (ev->dated)
			hear(h->told, ev->last < on ? ev->last : on);
		if (ev->dated && m >= 0 && ev->first > h->follows)
			h->follows = ev->first;
		if (ev->facility && (m < 0 || means[m].rank < 3)
		    && (!h->at || nearer(ev, m, h->at, meaning(h->at->type))))
			h->at = ev;
	}
}

static void
decide(const struct view *v, const struct light_person *p, int32_t on, struct hearing *h)
{
	for (size_t i = 0; i < p->n_events; i++) {
		const struct light_event *ev = &v->events[p->first_event + i];
		int m = meaning(ev->type);
		if (m >= 0 && begun(h, ev, on)
		    && (!h->told->event || decides(h, ev, m, h->told->event, h->meaning))) {
			h->told->event = ev;
			h->told->status = means[m].status;
			h->meaning = m;
		}
	}
}

static size_t
find_list(struct told *t, size_t *n, size_t max, uint64_t list)
{
	size_t at = 0;

	while (at < *n && t[at].list != list)
		at++;
	if (at == *n && at < max)
		t[(*n)++] = (struct told){.list = list, .status = "listed", .last_heard = DAY_MIN};
	return at;
}

size_t
view_status(const struct view *v, size_t from, size_t to, int32_t on, struct told *ret, size_t max)
{
	struct hearing h[TOLD_MOST];
	size_t n = 0, out = 0, at;

	invariant(max <= TOLD_MOST);
	/* In three rounds: when each list spoke last decides about undated events, and
	 * which event begins last about the others. */
	for (size_t i = from; i < to; i++)
		if ((at = find_list(ret, &n, max, v->persons[i].list)) < max)
			hear(&ret[at], named_on(v, &v->persons[i], on));
	for (size_t i = 0; i < n; i++)
		h[i] = (struct hearing){.told = &ret[i], .follows = DAY_MIN,
			.there = ret[i].last_heard != DAY_MIN};
	for (size_t i = from; i < to; i++)
		if ((at = find_list(ret, &n, max, v->persons[i].list)) < max)
			follow(v, &v->persons[i], on, &h[at]);
	for (size_t i = from; i < to; i++)
		if ((at = find_list(ret, &n, max, v->persons[i].list)) < max)
			decide(v, &v->persons[i], on, &h[at]);
	/* Nothing heard by that day: the list says nothing. */
	for (size_t i = 0; i < n; i++) {
		if (ret[i].last_heard == DAY_MIN)
			continue;
		ret[i].facility = h[i].at ? h[i].at->facility : 0;
		ret[out++] = ret[i];
	}
	return out;
}
