/*
 * What a new version says otherwise than the list did: amendments of the slots that
 * changed, and nothing else.  What somebody amended by hand stays until the list
 * itself changes there.
 */
#include "register/import_int.h"

struct diff {
	struct arena *a;
	struct run *x;
	const struct row *row;
	struct made *made;
	struct str reason;
	struct buf what;             /* what changed, for the note */
};

static void
tell(struct diff *d, const char *what, struct str more)
{
	buf_fmt(&d->what, "%s%s" STR_FMT, d->what.n ? "; " : "", what, STR_ARG(more));
}

/* "release: Date 3 March 2020 → 4 March 2020" */
static void
tell_slot(struct diff *d, struct str group, const struct field *f, struct bytes was,
	struct bytes is)
{
	bool sealed = f->audience == AUDIENCE_SEALED;
	struct str before = was.n && !sealed ? value_show(d->a, f, was, LANG_EN) : S("");
	struct str after = is.n && !sealed ? value_show(d->a, f, is, LANG_EN) : S("");

	tell(d, "", str_fmt(d->a, STR_FMT "%s" STR_FMT "%s" STR_FMT "%s" STR_FMT, STR_ARG(group),
		group.n ? ": " : "", STR_ARG(f->label[LANG_EN]), sealed ? "" : " ",
		STR_ARG(str_upto(before, 80)), sealed ? "" : was.n ? " → " : "→ ",
		STR_ARG(is.n || sealed ? str_upto(after, 80) : S("not said"))));
}

/* Slots of `is` that are not as in `was`, into an amendment. */
static bool
amend_slots(struct diff *d, const struct kind *k, const struct bytes was[SLOTS],
	const struct bytes is[SLOTS], bool sealed_away, bool sealed_known, struct str group,
	struct draft *ret)
{
	bool any = false;

	for (unsigned s = 0; s < SLOTS; s++) {
		const struct field *f = field_of(k, s);
		bool told = (s == SLOT_BASIS || s == SLOT_SOURCE) && is[s].n;
		if (!f || (!told && !slot_compared(k, s)) || bytes_eq(was[s], is[s]))
			continue;
		/* What we may not open, or have not opened, we cannot compare. */
		if (f->audience == AUDIENCE_SEALED && (sealed_away || !sealed_known))
			continue;
		ret->slot[s] = is[s].n ? is[s] : value_withdrawn(d->a, d->reason);
		tell_slot(d, group, f, was[s], is[s]);
		any = true;
	}
	return any;
}

/* --- the person -------------------------------------------------------------------- */

static bool
words_were(const struct cell *v, size_t n, struct str header, struct str words)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(v[i].header, header))
			return str_eq(v[i].words, words);
	return words.n == 0;
}

/* Has a cell changed that is kept as written and read into nothing? */
static bool
cells_changed(struct diff *d, struct bytes was)
{
	const struct map *m = &d->x->map;
	struct cell *v = NULL;
	size_t n = 0;

	if (was.n && !get_cells(d->a, was, &v, &n))
		return true;
	for (size_t c = 0; c < m->n_columns; c++) {
		const struct column *col = &m->columns[c];
		struct str words = c < d->row->n ? d->row->cells[c] : S("");
		bool read = col->field && (d->made[col->group].d.slot[col->field->slot].n
			|| map_is_missing(m, words));
		if (read || (col->field && col->field->audience == AUDIENCE_SEALED))
			continue;
		if (!words_were(v, n, col->header, words))
			return true;
	}
	return false;
}

static void
begin_amendment(struct arena *a, const struct kind *k, const uint8_t hash[SEAL_HASH],
	struct draft *ret)
{
	*ret = (struct draft){.kind = k->number};
	ret->slot[SLOT_AMENDS] = value_ref(a, hash);
}

static bool
diff_person(struct diff *d, const struct record *was, bool whole, bool sealed_away,
	struct draft *ret)
{
	const struct kind *k = kind_named(S("person"));
	unsigned unlisted = field_slot("person", "unlisted");
	bool any, cells;

	begin_amendment(d->a, k, was->hash, ret);
	any = amend_slots(d, k, was->slot, d->made->d.slot, sealed_away, whole, S(""), ret);
	cells = whole && cells_changed(d, was->slot[SLOT_CELLS]);
	if (was->slot[unlisted].n) {
		ret->slot[unlisted] = value_withdrawn(d->a, S("listed again"));
		tell(d, "listed again", S(""));
		any = true;
	}
	if (cells && !any)
		tell(d, "cells that are kept as written", S(""));
	if (any || cells) {
		row_put_cells(d->a, &d->x->map, d->row, 0, d->made);
		ret->slot[SLOT_CELLS] = d->made->d.slot[SLOT_CELLS];
	}
	return any || cells;
}

/* --- its events ---------------------------------------------------------------------- */

struct old_event { struct record rec; bool taken; };

static struct str
event_type(const struct bytes slot[SLOTS])
{
	struct str type;
	unsigned version;

	return get_code(slot[field_slot("event", "type")], &version, &type) ? type : S("");
}

/* How well an old event fits: same type is a must, then equal, date, prison. */
static int
fit(const struct bytes was[SLOTS], const struct bytes is[SLOTS])
{
	unsigned date = field_slot("event", "date"), facility = field_slot("event", "facility");
	uint8_t l[DIGEST], r[DIGEST];

	if (!str_eq(event_type(was), event_type(is)))
		return 0;
	digest_record(kind_named(S("event")), was, (struct digest_options){0}, l);
	digest_record(kind_named(S("event")), is, (struct digest_options){0}, r);
	if (memcmp(l, r, DIGEST) == 0)
		return 4;
	if (was[date].n && bytes_eq(was[date], is[date]))
		return 3;
	return was[facility].n && bytes_eq(was[facility], is[facility]) ? 2 : 1;
}

static void
pair_events(struct diff *d, struct old_event *old, size_t n_old, size_t *mate)
{
	size_t n = d->x->map.groups.n;

	/* The best fits first; a handful on both sides. */
	for (int want = 4; want >= 1; want--)
		for (size_t g = 1; g < n; g++)
			for (size_t o = 0; d->made[g].is && !mate[g] && o < n_old; o++)
				if (!old[o].taken && fit(old[o].rec.slot, d->made[g].d.slot) >= want) {
					old[o].taken = true;
					mate[g] = o + 1;
				}
}

static enum status
load_events(struct diff *d, uint64_t person, struct old_event **ret, size_t *ret_n,
	struct err *e)
{
	VEC(uint64_t) pos = {0};
	struct store_stmt *s = store_sql(d->x->r->db,
		"SELECT pos FROM event WHERE person = ?1 AND list = ?2 ORDER BY pos");
	struct old_event *v;
	enum status st;
	size_t n = 0;

	store_bind_int(s, 1, (int64_t)person);
	store_bind_int(s, 2, (int64_t)d->x->list);
	while ((st = store_step(s, e)) == OK)
		VEC_PUSH(d->a, &pos) = (uint64_t)store_int(s, 0);
	if (st != NO)
		return st;
	v = NEWS(d->a, struct old_event, pos.n);
	for (size_t i = 0; i < pos.n; i++) {
		bool away;
		st = as_listed(d->a, d->x, pos.v[i], false, &v[n].rec, &away, e);
		if (st == OK)
			n++;
		else if (st != NO)
			return st;
	}
	*ret = v;
	*ret_n = n;
	return OK;
}

static void
withdraw_event(struct diff *d, const struct record *was, struct draft *ret)
{
	const struct kind *k = kind_named(S("event"));

	begin_amendment(d->a, k, was->hash, ret);
	for (unsigned s = SLOT_FIRST; s < SLOTS; s++)
		if (was->slot[s].n)
			ret->slot[s] = value_withdrawn(d->a, d->reason);
	tell(d, "no longer: ", event_type(was->slot));
}

static enum status
diff_events(struct diff *d, const struct record *person, struct draft **ret, size_t *ret_n,
	struct err *e)
{
	const struct kind *k = kind_named(S("event"));
	size_t n_old, *mate = NEWS(d->a, size_t, d->x->map.groups.n);
	VEC(struct draft) v = {0};
	struct old_event *old;
	enum status st = load_events(d, person->pos, &old, &n_old, e);

	if (st)
		return st;
	pair_events(d, old, n_old, mate);
	for (size_t g = 1; g < d->x->map.groups.n; g++) {
		struct draft draft;
		struct str name = d->x->map.groups.v[g].name;
		if (!d->made[g].is)
			continue;
		if (mate[g]) {
			const struct record *was = &old[mate[g] - 1].rec;
			begin_amendment(d->a, k, was->hash, &draft);
			if (!amend_slots(d, k, was->slot, d->made[g].d.slot, false, false, name, &draft))
				continue;
		} else {
			draft = d->made[g].d;
			draft.slot[field_slot("event", "person")] = value_ref(d->a, person->hash);
			tell(d, "new: ", event_type(draft.slot));
		}
		row_put_cells(d->a, &d->x->map, d->row, g, &d->made[g]);
		draft.slot[SLOT_CELLS] = d->made[g].d.slot[SLOT_CELLS];
		VEC_PUSH(d->a, &v) = draft;
	}
	for (size_t o = 0; o < n_old; o++)
		if (!old[o].taken)
			withdraw_event(d, &old[o].rec, &VEC_PUSH(d->a, &v));
	*ret = v.v;
	*ret_n = v.n;
	return OK;
}

enum status
diff_row(struct arena *a, struct run *x, const struct new_row *n, struct amended *ret_person,
	struct draft **ret_events, size_t *ret_n, struct str *ret_what, struct err *e)
{
	struct diff d = {.a = a, .x = x, .row = n->row,
		.made = NEWS(a, struct made, x->map.groups.n),
		.reason = str_fmt(a, "not in version %u", x->version)};
	const struct old_row *o = &x->old[n->mate - 1];
	bool whole = x->map.kept || x->map.sealed || n->unreadable, away;
	struct reader silent = x->reader;
	struct record was;
	enum status st = as_listed(a, x, o->pos, whole, &was, &away, e);

	if (st)
		return st;
	silent.notes = NULL;
	row_read(a, &silent, n->row, d.made);
	buf_init(&d.what, 1 << 16);
	ret_person->is = diff_person(&d, &was, whole, away, &ret_person->d);
	st = diff_events(&d, &was, ret_events, ret_n, e);
	if (st == OK)
		*ret_what = str_dup(a, buf_str(&d.what));
	buf_finish(&d.what);
	if (away)
		x->not_opened++;
	return st;
}

void
diff_coarser(struct arena *a, const struct now *w, struct draft *d)
{
	static const char *const derived[] = {"initials", "birth-year"};
	static const char *const from[] = {"given", "family", "whole", "birth"};
	struct draft full = {.kind = w->kind};
	struct str why;
	bool moved = false;

	if (w->kind != kind_number("person"))
		return;
	for (size_t i = 0; i < sizeof from / sizeof *from; i++)
		moved = moved || d->slot[field_slot("person", from[i])].n;
	if (!moved)
		return;
	for (unsigned s = SLOT_FIRST; s < SLOTS; s++)
		full.slot[s] = !d->slot[s].n ? w->slot[s]
			: get_withdrawn(d->slot[s], &why) ? (struct bytes){0} : d->slot[s];
	for (size_t i = 0; i < sizeof derived / sizeof *derived; i++)
		full.slot[field_slot("person", derived[i])] = (struct bytes){0};
	add_coarser(a, &full);
	for (size_t i = 0; i < sizeof derived / sizeof *derived; i++) {
		unsigned s = field_slot("person", derived[i]);
		if (d->slot[s].n || bytes_eq(full.slot[s], w->slot[s]))
			continue;
		d->slot[s] = full.slot[s].n ? full.slot[s]
			: value_withdrawn(a, S("derived from what was withdrawn"));
	}
}
