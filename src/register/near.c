/*
 * Who is likely there already, while one record is typed in: people who share the
 * sound of two parts of the name, or of one and the time of birth, by the index's
 * tables; the nearest of them are scored as the linker would, how common the names
 * are here included.
 */
#include "register/review_int.h"
#include "register/run_int.h"
#include "register/view_int.h"
#include <math.h>

enum {
	NEAR_MOST = 5,
	SCORED_MOST = 200,
	POSTINGS_MOST = 20000,       /* of one key: nobody reads more namesakes than that */
	KEYS_A_PART = 16,
	PARTS = 4,                   /* given, family, father; of a whole name its words */
	BIRTH = 1 << PARTS,          /* besides a bit for each part */
	YEAR_DAYS = 366,             /* "1398" begins that long before a day in it, at most */
};
static const double near_from = 0.2;
/* As in reconcile/weights.c, by_frequency(): Winkler 1989, shrunk towards the mean. */
static const double shrink = 50, rarer_most = 6, commoner_most = 8;

struct hit { uint64_t pos; unsigned bits; };
struct near {
	struct arena *a;
	struct reg *r;
	enum lang lang;
	struct now now;              /* the record to be */
	struct match_person person;
	uint64_t cluster;            /* its own; UINT64_MAX: none */
	VEC(struct hit) hits;
	unsigned parts;              /* bits of the parts that it has */
	double people;               /* records in the register */
	double share[PARTS];         /* of people with this part's sound */
	struct match_model model;
};

/* --- candidates -------------------------------------------------------------------------- */

static enum status
add_hits(struct near *x, struct store_stmt *s, unsigned bit, struct err *e)
{
	enum status st;

	while ((st = store_step(s, e)) == OK)
		VEC_PUSH(x->a, &x->hits) = (struct hit){(uint64_t)store_int(s, 0), bit};
	return st == NO ? OK : st;
}

static enum status
look_up_part(struct near *x, struct str name, unsigned part, struct err *e)
{
	uint64_t keys[KEYS_A_PART];
	struct match_name m = match_name_of(x->a, name);
	size_t n = match_name_keys(&m, keys, KEYS_A_PART);
	enum status st = OK;

	if (n)
		x->parts |= 1u << part;
	for (size_t i = 0; i < n && st == OK; i++) {
		struct store_stmt *s = store_sql(x->r->db,
			"SELECT pos FROM name_key WHERE key = ?1 ORDER BY pos DESC LIMIT ?2");
		store_bind_int(s, 1, (int64_t)keys[i]);
		store_bind_int(s, 2, POSTINGS_MOST);
		st = add_hits(x, s, 1u << part, e);
	}
	return st;
}

static enum status
look_up_names(struct near *x, struct err *e)
{
	const struct match_person *p = &x->person;
	const struct str parts[] = {p->given, p->family, p->father};
	struct str rest = p->whole;
	enum status st = OK;

	for (unsigned i = 0; i < 3 && st == OK && (p->given.n || p->family.n); i++)
		if (parts[i].n)
			st = look_up_part(x, parts[i], i, e);
	if (p->given.n || p->family.n)
		return st;
	for (unsigned i = 0; i < PARTS && rest.p && st == OK; i++)
		st = look_up_part(x, str_trim(str_cut(&rest, ' ')), i, e);
	return st;
}

static enum status
look_up_birth(struct near *x, struct err *e)
{
	struct match_days d = x->person.birth;
	struct store_stmt *s;

	if (d.last < d.first)
		return OK;
	s = store_sql(x->r->db, "SELECT pos FROM person WHERE birth BETWEEN ?1 AND ?2 LIMIT ?3");
	store_bind_int(s, 1, (int64_t)d.first - YEAR_DAYS);
	store_bind_int(s, 2, d.last);
	store_bind_int(s, 3, POSTINGS_MOST);
	return add_hits(x, s, BIRTH, e);
}

static int
by_pos(const void *l, const void *r)
{
	const struct hit *x = l, *y = r;

	return (x->pos > y->pos) - (x->pos < y->pos);
}

static unsigned
count_bits(unsigned bits)
{
	return (unsigned)__builtin_popcount(bits);
}

/* One hit a record; how many there are of each part. */
static void
tidy(struct near *x)
{
	size_t n = 0;

	if (x->hits.n)
		qsort(x->hits.v, x->hits.n, sizeof *x->hits.v, by_pos);
	for (size_t i = 0; i < x->hits.n; i++) {
		if (n && x->hits.v[n - 1].pos == x->hits.v[i].pos)
			x->hits.v[n - 1].bits |= x->hits.v[i].bits;
		else
			x->hits.v[n++] = x->hits.v[i];
	}
	x->hits.n = n;
	for (size_t i = 0; i < n; i++)
		for (unsigned part = 0; part < PARTS; part++)
			x->share[part] += x->hits.v[i].bits >> part & 1;
}

/* Two parts of the name; or one, and the time of birth; or all there is. */
static bool
worth_scoring(const struct near *x, unsigned bits)
{
	unsigned names = bits & (BIRTH - 1);

	return names && (count_bits(bits) >= 2 || count_bits(x->parts) == 1);
}

/* Those who share most, the newest of them first. */
static size_t
choose(struct near *x, uint64_t ret[SCORED_MOST])
{
	size_t n = 0;

	for (unsigned most = PARTS + 1; most > 0; most--)
		for (size_t i = x->hits.n; i-- > 0 && n < SCORED_MOST;)
			if (count_bits(x->hits.v[i].bits) == most
			    && worth_scoring(x, x->hits.v[i].bits))
				ret[n++] = x->hits.v[i].pos;
	return n;
}

/* --- scores ---------------------------------------------------------------------------------- */

/* Agreement on the names by sound at least: more, or less, as they are rare here. */
static double
by_rarity(const struct near *x, const struct match_explanation *m)
{
	static const enum match_field fields[] = {MATCH_F_GIVEN, MATCH_F_FAMILY, MATCH_F_FATHER};
	double sum = 0;

	if (!x->person.given.n && !x->person.family.n)
		return 0;
	for (unsigned i = 0; i < 3; i++) {
		enum match_field f = fields[i];
		unsigned top = match_field_levels(f) - 1, l = m->level[f];
		double mean = x->model.u[f][top] + x->model.u[f][top - 1];
		if (l + 1 < top || !(x->parts >> i & 1) || mean <= 0)
			continue;
		double share = (x->share[i] + shrink * mean) / (x->people + shrink);
		sum += fmax(-commoner_most, fmin(rarer_most, log2(mean / share)));
	}
	return sum;
}

static enum status
describe(struct near *x, const struct now *w, const struct match_explanation *m,
	struct reg_near *ret, struct err *e)
{
	struct store_stmt *s = store_sql(x->r->db, "SELECT person.cluster, list.name FROM person"
		" LEFT JOIN list ON list.pos = person.list WHERE person.pos = ?1");
	unsigned birth = field_slot("person", "birth");
	enum status st;

	store_bind_int(s, 1, (int64_t)w->pos);
	if ((st = store_step(s, e)) != OK)
		return st;
	ret->person = reg_person_id(x->a, (uint64_t)store_int(s, 0));
	ret->list = store_is_null(s, 1) ? S("") : str_dup(x->a, store_text(s, 1));
	ret->record = reg_record_id(x->a, w->hash);
	ret->name = view_name(x->a, w, x->lang);
	if (!w->slot[birth].n)
		birth = field_slot("person", "birth-year");
	ret->birth = w->slot[birth].n ? view_field(x->a, w, birth, x->lang) : S("");
	view_reasons(x->a, m->level, MATCH_FIELDS, m->weight, &ret->reasons, &ret->n_reasons);
	return OK;
}

static int
likeliest_first(const void *l, const void *r)
{
	const struct reg_near *x = l, *y = r;

	if (x->probability > y->probability || x->probability < y->probability)
		return x->probability < y->probability ? 1 : -1;
	return (x->pos > y->pos) - (x->pos < y->pos);
}

/* Whom people have judged to be another. */
static bool
judged_apart(const struct judged *v, size_t n, uint64_t pos)
{
	for (size_t i = 0; i < n; i++)
		if ((v[i].left == pos || v[i].right == pos) && v[i].holds == SAYS_APART)
			return true;
	return false;
}

struct nears { VEC(struct reg_near) v; };

static enum status
score(struct near *x, uint64_t pos, struct nears *found, struct err *e)
{
	struct match_person p;
	struct match_explanation m;
	struct reg_near *ret;
	double total;
	enum status st = match_of_record(x->a, x->r, pos, &p, e);

	if (st)
		return st;
	/* A prison says nothing against a home. */
	p.place = STR_NONE;
	m = match_pair_explain(&x->person, &p, &x->model);
	total = m.total + by_rarity(x, &m);
	double probability = 1 / (1 + exp2(-total));
	if (probability < near_from)
		return OK;
	ret = &VEC_PUSH(x->a, &found->v);
	*ret = (struct reg_near){.pos = pos, .probability = round(1e6 * probability) / 1e6};
	struct now w;
	return (st = index_now(x->a, x->r, pos, &w, e)) != OK ? st : describe(x, &w, &m, ret, e);
}

static enum status
score_all(struct near *x, struct nears *found, struct err *e)
{
	uint64_t chosen[SCORED_MOST];
	size_t n = choose(x, chosen), n_judged = 0;
	struct judged *judged = NULL;
	enum status st = OK;

	if (x->now.pos != UINT64_MAX)
		st = index_judged(x->a, x->r, &x->now.pos, 1, &judged, &n_judged, e);
	for (size_t i = 0; i < n && st == OK; i++) {
		struct store_stmt *s = store_sql(x->r->db, "SELECT cluster FROM person WHERE pos = ?1");
		store_bind_int(s, 1, (int64_t)chosen[i]);
		if ((st = store_step(s, e)) == OK && (uint64_t)store_int(s, 0) != x->cluster
		    && !judged_apart(judged, n_judged, chosen[i]))
			st = score(x, chosen[i], found, e);
		st = st == NO ? OK : st;
	}
	return st;
}

/* Of each person the nearest record; the few likeliest. */
static size_t
sift(struct nears *found)
{
	struct reg_near *v = found->v.v;
	size_t n = 0;

	if (found->v.n)
		qsort(v, found->v.n, sizeof *v, likeliest_first);
	for (size_t i = 0; i < found->v.n && n < NEAR_MOST; i++) {
		bool told = false;
		for (size_t k = 0; k < n; k++)
			told = told || str_eq(v[k].person, v[i].person);
		if (!told)
			v[n++] = v[i];
	}
	return n;
}

/* --- the question ------------------------------------------------------------------------------- */

static bool
concerns(const struct reg_change *c, size_t n)
{
	static const char *const fields[] = {"given", "family", "father", "whole", "birth",
		"birth-year"};

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < sizeof fields / sizeof *fields; k++)
			if (str_is(c[i].field, fields[k]))
				return true;
	return false;
}

static enum status
read_person(struct near *x, struct err *e)
{
	struct now *events = NULL;
	size_t n = 0;
	enum status st = OK;

	match_of_slots(x->now.slot, &x->person);
	if (x->now.pos != UINT64_MAX)
		st = index_events_of(x->a, x->r, x->now.pos, &events, &n, e);
	for (size_t i = 0; i < n; i++)
		match_add_event(events[i].slot, &x->person);
	x->person.place = STR_NONE;
	return st;
}

static enum status
prepare(struct near *x, struct err *e)
{
	struct store_stmt *s = store_sql(x->r->db, "SELECT count(*) FROM person");
	enum status st = store_step(s, e);

	if (st != OK)
		return st;
	x->people = (double)store_int(s, 0);
	x->cluster = UINT64_MAX;
	s = store_sql(x->r->db, "SELECT cluster FROM person WHERE pos = ?1");
	store_bind_int(s, 1, (int64_t)x->now.pos);
	if (x->now.pos != UINT64_MAX && (st = store_step(s, e)) == OK)
		x->cluster = (uint64_t)store_int(s, 0);
	if (st != OK && st != NO)
		return st;
	if ((st = read_person(x, e)) != OK)
		return st;
	st = run_model(x->r, &x->model, e);
	if (st == NO) {
		/* Nobody was linked yet: of all these, perhaps one in two is there already. */
		x->model = match_model_default();
		x->model.prior = fmin(x->model.prior, 0.5 / fmax(x->people, 1));
	}
	return st == NO ? OK : st;
}

enum status
reg_near(struct arena *a, struct reg *r, struct str amends, const struct reg_change *c, size_t n,
	enum lang l, struct reg_near **ret, size_t *ret_n, struct err *e)
{
	struct near x = {.a = a, .r = r, .lang = l};
	struct nears found = {0};
	enum status st;

	*ret_n = 0;
	if (!concerns(c, n))
		return OK;
	if ((st = edit_would(a, r, amends, c, n, &x.now, e)) != OK)
		return st;
	if (x.now.kind != kind_number("person"))
		return OK;
	if ((st = prepare(&x, e)) != OK || (st = look_up_names(&x, e)) != OK
	    || (st = look_up_birth(&x, e)) != OK)
		return st;
	tidy(&x);
	if ((st = score_all(&x, &found, e)) != OK)
		return st;
	*ret = found.v.v;
	*ret_n = sift(&found);
	return OK;
}
