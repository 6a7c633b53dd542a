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
#include "register/histories_int.h"

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
		return err_set(e, BAD, "the window ends before it begins; --from the "
			"earlier day --to the later one would be right");
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

/* --- counts ----------------------------------------------------------------------------- */

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
	struct str *names = NEWS(h->a, struct str, h->groups.n);
	VEC(struct str) silent = {0};
	size_t n = 0;

	for (size_t i = 0; i < h->groups.n; i++) {
		struct group *g = &h->groups.v[i];
		g->column = RECKON_LISTS;
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
	h->names = names;
	h->n_columns = (unsigned)n;
	h->out->silent = silent.v;
	h->out->n_silent = silent.n;
	return OK;
}

enum status
histories_count(struct historian *h, struct reckon_counts *ret, struct err *e)
{
	struct reckon_cell *cells = mem_alloc(h->persons, sizeof *cells);
	size_t n = 0;
	enum status st;

	/* A list that comes to speak in a drawn linkage only has no column. */
	for (size_t i = 0; i < h->captures.n; i++) {
		const struct group *g = &h->groups.v[h->captures.v[i].group];
		if (g->column < h->n_columns)
			cells[h->captures.v[i].person].on |= (uint64_t)1 << g->column;
	}
	for (size_t i = 0; i < h->persons; i++)
		if (cells[i].on)
			cells[n++] = (struct reckon_cell){cells[i].on, 1};
	st = reckon_counts_of(h->a, h->n_columns, h->names, cells, n, ret, e);
	mem_free(cells);
	return st;
}

static bool
is_taken(struct arena *a, struct str heading, const struct str *taken, unsigned n)
{
	struct str folded = text_fold(a, heading);
	bool is = str_is(folded, "count");

	for (unsigned i = 0; i < n && !is; i++)
		is = str_eq(folded, text_fold(a, taken[i]));
	return is;
}

/* Headings that a reader tells apart, from each other and from "count". */
static const struct str *
headings(struct arena *a, const struct reckon_counts *c)
{
	struct str *v = NEWS(a, struct str, c->n_lists);

	for (unsigned i = 0; i < c->n_lists; i++) {
		v[i] = c->names[i];
		for (unsigned k = 2; is_taken(a, v[i], v, i); k++)
			v[i] = str_fmt(a, STR_FMT " (%u)", STR_ARG(c->names[i]), k);
	}
	return v;
}

/* What `habeas toll mse FILE` reads: its receipt then names the same bytes. */
static void
put_csv(struct arena *a, struct reg_histories *out)
{
	const struct reckon_counts *c = &out->c;
	const struct str *heading = headings(a, c);
	struct buf b;

	buf_init(&b, (size_t)1 << 30);
	for (unsigned i = 0; i < c->n_lists; i++) {
		csv_write_cell(&b, heading[i], ',');
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
	histories_prepare(&h);
	histories_hear(&h);
	if ((st = settle(&h, e)) != OK || (st = histories_count(&h, &out.c, e)) != OK
	    || (ask->linkages && (st = histories_draw(&h, e)) != OK))
		return st;
	put_csv(a, &out);
	*ret = out;
	return OK;
}
