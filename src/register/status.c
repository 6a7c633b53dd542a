/*
 * What each list says of a person on a day.
 *
 * Of a list's events that had begun by the day, the latest decides; one without a
 * date is older than every dated one, except that a death needs no date to be the
 * last word.  A list that names the person without an event says "listed".  A list
 * that was not there yet on that day, and tells of nothing before it, says nothing.
 */
#include "register/view_int.h"

static const struct {
	const char *type, *status;
	int rank;                    /* of two on the same day the higher holds */
} means[] = {
	{"arrest", "held", 1}, {"charge", "held", 1}, {"custody", "held", 1},
	{"sentence", "held", 2}, {"transfer", "held", 2}, {"furlough-end", "held", 2},
	{"furlough", "furlough", 3}, {"release", "released", 4}, {"escape", "escaped", 4},
	{"disappearance", "disappeared", 5}, {"death", "dead", 9}, {"execution", "dead", 9},
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

/* Does `x` come after `y`, as far as the day `on` can see? */
static bool
later(const struct light_event *x, int mx, const struct light_event *y, int my)
{
	bool dead_x = means[mx].rank == 9, dead_y = means[my].rank == 9;

	if (dead_x != dead_y)
		return dead_x;
	if (x->dated != y->dated)
		return x->dated;
	if (x->dated && x->first != y->first)
		return x->first > y->first;
	if (means[mx].rank != means[my].rank)
		return means[mx].rank > means[my].rank;
	return x->pos > y->pos;
}

/* The newest version of the list, by the day, that still names the person. */
static int32_t
named_on(const struct view *v, uint64_t list, int32_t on, int64_t unlisted)
{
	const struct light_list *l = view_list(v, list);
	int32_t day = DAY_MIN;

	for (size_t i = 0; l && i < l->n_versions; i++)
		if (l->versions[i].as_of <= on
		    && (unlisted == 0 || l->versions[i].version < unlisted)
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

static void
listen(const struct view *v, const struct light_person *p, int32_t on, struct told *t,
	int *ret_meaning)
{
	for (size_t i = 0; i < p->n_events; i++) {
		const struct light_event *ev = &v->events[p->first_event + i];
		int m = meaning(ev->type);
		/* Undated: as true as the list is, so only once the list is there. */
		if (ev->dated ? ev->first > on : t->last_heard == DAY_MIN && t->list != NO_LIST)
			continue;
		if (ev->dated)
			hear(t, ev->last < on ? ev->last : on);
		if (ev->facility && (m < 0 || means[m].rank < 3))
			t->facility = ev->facility;
		if (m >= 0 && (!t->event || later(ev, m, t->event, *ret_meaning))) {
			t->event = ev;
			t->status = means[m].status;
			*ret_meaning = m;
		}
	}
}

size_t
view_status(const struct view *v, size_t from, size_t to, int32_t on, const int64_t *unlisted,
	struct told *ret, size_t max)
{
	int meant[TOLD_MOST];
	size_t n = 0;

	invariant(max <= TOLD_MOST);
	for (size_t i = from; i < to; i++) {
		const struct light_person *p = &v->persons[i];
		size_t at = 0;
		while (at < n && ret[at].list != p->list)
			at++;
		if (at == max)
			continue;
		if (at == n) {
			ret[n++] = (struct told){.list = p->list, .status = "listed",
				.last_heard = DAY_MIN};
			meant[at] = -1;
		}
		hear(&ret[at], named_on(v, p->list, on, unlisted ? unlisted[i] : 0));
		listen(v, p, on, &ret[at], &meant[at]);
	}
	/* Nothing heard by that day: the list says nothing. */
	size_t out = 0;
	for (size_t i = 0; i < n; i++)
		if (ret[i].last_heard != DAY_MIN || ret[i].event || ret[i].list == NO_LIST)
			ret[out++] = ret[i];
	return out;
}
