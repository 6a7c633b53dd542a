/* Records as they come: texts and dates to numbers, each looked at once. */
#include "reconcile/reconcile_int.h"

enum { RECORDS_MAX = 1u << 31 };

struct match_table *
match_table_create(void)
{
	struct match_table *t = mem_alloc(1, sizeof *t);

	data_init(&t->d);
	dict_init(&t->normal, NULL);            /* normal forms lie in the arena of d */
	dict_init(&t->places, NULL);
	dict_init(&t->raw, t->d.a);
	dict_init(&t->raw_places, t->d.a);
	dict_init(&t->whole, t->d.a);
	t->n_parts = 1;
	return t;
}

void
match_table_destroy(struct match_table *t)
{
	if (!t)
		return;
	dict_finish(&t->normal);
	dict_finish(&t->places);
	dict_finish(&t->raw);
	dict_finish(&t->raw_places);
	dict_finish(&t->whole);
	mem_free(t->parts);
	mem_free(t->when_slots);
	data_finish(&t->d);
	mem_free(t);
}

size_t
match_table_size(const struct match_table *t)
{
	return t->d.n;
}

uint32_t
match_table_text(struct match_table *t, struct str s)
{
	return s.n ? data_value(&t->d, &t->normal, s) : 0;
}

uint32_t
match_table_place(struct match_table *t, struct str s)
{
	return s.n ? data_place(&t->d, &t->places, s) : 0;
}

/* Persons come one by one with their texts: each spelling is read but once. */
static uint32_t
text_of(struct match_table *t, struct str s)
{
	bool fresh;
	uint32_t *slot, value;

	if (s.n == 0)
		return 0;
	slot = dict_find(&t->raw, s, &fresh);
	if (!fresh)
		return *slot;
	value = match_table_text(t, s);
	return *slot = value;
}

static uint32_t
place_of_text(struct match_table *t, struct str s)
{
	bool fresh;
	uint32_t *slot, value;

	if (s.n == 0)
		return 0;
	slot = dict_find(&t->raw_places, s, &fresh);
	if (!fresh)
		return *slot;
	value = match_table_place(t, s);
	return *slot = value;
}

uint32_t
match_table_whole(struct match_table *t, struct str s)
{
	bool fresh;
	uint32_t *slot;
	struct name_parts p;

	if (s.n == 0)
		return 0;
	slot = dict_find(&t->whole, s, &fresh);
	if (!fresh)
		return *slot;
	*slot = (uint32_t)t->n_parts;
	if (t->n_parts >= t->cap_parts) {
		t->cap_parts = t->cap_parts ? t->cap_parts * 2 : 256;
		t->parts = mem_grow(t->parts, t->cap_parts, sizeof *t->parts);
	}
	p = whole_divide(t->d.a, s);
	t->parts[t->n_parts] = (struct whole_parts){data_value(&t->d, &t->normal, p.given),
		data_value(&t->d, &t->normal, p.family), data_value(&t->d, &t->normal, p.father)};
	return (uint32_t)t->n_parts++;
}

/* ---- Dates ----------------------------------------------------------------------- */

static size_t
when_slot(const struct match_table *t, struct match_days d)
{
	uint64_t h = mix64((uint64_t)(uint32_t)d.first << 32 | (uint32_t)d.last, 0);
	size_t at = h & (t->when_size - 1);

	for (;; at = (at + 1) & (t->when_size - 1)) {
		const struct when *w = &t->d.whens[t->when_slots[at] - 1];
		if (!t->when_slots[at] || (w->days.first == d.first && w->days.last == d.last))
			return at;
	}
}

static void
grow_whens(struct match_table *t)
{
	t->when_size = t->when_size ? t->when_size * 2 : 256;
	mem_free(t->when_slots);
	t->when_slots = mem_alloc(t->when_size, sizeof *t->when_slots);
	for (size_t i = 1; i < t->d.n_whens; i++)
		t->when_slots[when_slot(t, t->d.whens[i].days)] = (uint32_t)i + 1;
}

uint32_t
match_table_days(struct match_table *t, struct match_days days)
{
	size_t at;

	if (days.last < days.first)
		return 0;
	if (t->d.n_whens * 2 >= t->when_size)
		grow_whens(t);
	at = when_slot(t, days);
	if (t->when_slots[at])
		return t->when_slots[at] - 1;
	if (t->d.n_whens == t->d.cap_whens) {
		t->d.cap_whens *= 2;
		t->d.whens = mem_grow(t->d.whens, t->d.cap_whens, sizeof *t->d.whens);
	}
	t->d.whens[t->d.n_whens] = when_of(days);
	t->when_slots[at] = (uint32_t)t->d.n_whens + 1;
	return (uint32_t)t->d.n_whens++;
}

/* ---- Records ---------------------------------------------------------------------- */

static struct whole_parts
parts_of(const struct match_table *t, const struct match_row *row)
{
	struct whole_parts p = {row->given, row->family, row->father};

	if (!row->whole || row->given || row->family)
		return p;
	p = t->parts[row->whole];
	if (row->father)
		p.father = row->father;
	return p;
}

struct rec
table_rec(const struct match_table *t, const struct match_row *row)
{
	struct whole_parts p = parts_of(t, row);
	struct rec r = {.list = row->list & (LISTS_MAX - 1)};

	r.sex = row->sex == 'm' ? 1 : row->sex == 'f' ? 2 : row->sex ? 3 : 0;
	r.text[T_GIVEN] = p.given;
	r.text[T_FAMILY] = p.family;
	r.text[T_FATHER] = p.father;
	r.text[T_BIRTH_PLACE] = row->birth_place;
	r.text[T_PLACE] = row->place;
	r.text[T_CODE] = row->code;
	memcpy(&r.text[T_EXTRA], row->extra, sizeof row->extra);
	r.when[W_BIRTH] = row->birth;
	memcpy(&r.when[W_EVENT], row->event, sizeof row->event);
	return r;
}

enum status
match_table_add(struct match_table *t, const struct match_row *row, struct err *e)
{
	struct data *d = &t->d;

	invariant(!t->settled);
	if (d->n + 1 >= RECORDS_MAX)
		return err_set(e, BAD, "match: more than 2147483646 records at once");
	if (row->list >= LISTS_MAX)
		return err_set(e, BAD, "match: record %zu is of list %u; fewer than %d would be right",
			d->n, row->list, LISTS_MAX);
	if (d->n == d->cap) {
		d->cap = d->cap ? d->cap + d->cap / 4 : 1024;
		d->recs = mem_grow(d->recs, d->cap, sizeof *d->recs);
	}
	d->recs[d->n] = table_rec(t, row);
	d->recs[d->n].input = (uint32_t)d->n;
	d->n++;
	return OK;
}

struct match_row
table_row_of(struct match_table *t, const struct match_person *p)
{
	struct match_row row = {
		.given = text_of(t, p->given), .family = text_of(t, p->family),
		.father = text_of(t, p->father),
		.birth_place = place_of_text(t, p->birth_place),
		.place = place_of_text(t, p->place), .code = text_of(t, p->code),
		.birth = match_table_days(t, p->birth), .sex = p->sex, .list = p->list,
	};

	if (!p->given.n && !p->family.n)
		row.whole = match_table_whole(t, p->whole);
	for (size_t i = 0; i < MATCH_EVENTS; i++)
		row.event[i] = match_table_days(t, p->event[i]);
	for (size_t i = 0; i < MATCH_EXTRAS; i++)
		row.extra[i] = text_of(t, p->extra[i]);
	return row;
}

enum status
match_table_add_person(struct match_table *t, const struct match_person *p, struct err *e)
{
	struct match_row row = table_row_of(t, p);

	return match_table_add(t, &row, e);
}
