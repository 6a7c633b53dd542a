/* What became of persons' numbers, told with who or what did it. */
#include "register/view_int.h"

enum { A_DAY = 86400 };

struct str
view_officer(struct arena *a, struct reg *r, const uint8_t device[SEAL_PUBLIC])
{
	struct officer *v;
	size_t n;

	if (node_officers(a, r->node, &v, &n, NULL) != OK)
		return S("");
	for (size_t i = 0; i < n; i++)
		if (memcmp(v[i].device, device, SEAL_PUBLIC) == 0)
			return v[i].name;
	return S("");
}

struct date
view_day(int64_t recorded)
{
	int64_t day = recorded / A_DAY;

	if (recorded <= 0 || day >= DAY_MAX)
		return (struct date){.first = DAY_MIN, .last = DAY_MAX};
	return date_of_days(CAL_GREGORIAN, (int32_t)day, (int32_t)day);
}

/* The record that did it: several numbers may have changed by one. */
static enum status
read_cause(struct arena *a, struct reg *r, struct reg_person_event *v, struct err *e)
{
	struct store_stmt *s = store_sql(r->db, "SELECT base, recorded FROM rec WHERE pos = ?1");
	struct record rec;
	struct now w;
	unsigned version;
	enum status st;

	store_bind_int(s, 1, (int64_t)v->cause);
	if ((st = store_step(s, e)) != OK)
		return st == NO ? OK : st;
	uint64_t base = (uint64_t)store_int(s, 0);
	v->on = view_day(store_int(s, 1));
	if ((st = node_get(a, r->node, v->cause, &rec, e)) != OK || rec.erased)
		return st;
	const struct kind *k = kind_of(rec.kind);
	v->id = reg_record_id(a, rec.hash);
	v->kind = k ? k->name : S("");
	v->by = view_officer(a, r, rec.author);
	if (index_now(a, r, base, &w, NULL) != OK)
		return OK;
	if (rec.kind == kind_number("judgement")) {
		get_code(w.slot[field_slot("judgement", "verdict")], &version, &v->verdict);
		get_text(w.slot[field_slot("judgement", "reason")], &v->reason);
	}
	if (rec.kind == kind_number("list-version"))
		get_text(w.slot[field_slot("list-version", "retracted")], &v->reason);
	return OK;
}

struct events { VEC(struct reg_person_event) v; };

static enum status
read_events(struct arena *a, struct store_stmt *s, struct events *ev, struct err *e)
{
	enum status st;

	while ((st = store_step(s, e)) == OK)
		VEC_PUSH(a, &ev->v) = (struct reg_person_event){
			.cause = (uint64_t)store_int(s, 0), .id = S(""), .kind = S(""),
			.was = reg_person_id(a, (uint64_t)store_int(s, 1)),
			.now = reg_person_id(a, (uint64_t)store_int(s, 2)),
			.what = str_dup(a, store_text(s, 3)), .records = (size_t)store_int(s, 4),
			.on = view_day(0), .by = S(""), .verdict = S(""), .reason = S("")};
	return st == NO ? OK : st;
}

static int
by_cause(const void *x, const void *y)
{
	const struct reg_person_event *l = x, *r = y;

	if (l->cause != r->cause)
		return l->cause < r->cause ? -1 : 1;
	if (!str_eq(l->was, r->was))
		return str_cmp(l->was, r->was);
	return str_cmp(l->now, r->now);
}

/* Of a number that is, or was, one of these records'. */
static enum status
load_events(struct arena *a, struct reg *r, uint64_t cluster, struct events *ev, struct err *e)
{
	struct store_stmt *s;
	enum status st;
	size_t n = 0;

	if (cluster == UINT64_MAX)
		return read_events(a, store_sql(r->db, "SELECT cause, was, now, what, records"
			" FROM person_event ORDER BY cause, was, now"), ev, e);
	s = store_sql(r->db, "SELECT ev.cause, ev.was, ev.now, ev.what, ev.records FROM person"
		" JOIN person_event ev ON ev.was = person.pos WHERE person.cluster = ?1 UNION"
		" SELECT ev.cause, ev.was, ev.now, ev.what, ev.records FROM person"
		" JOIN person_event ev ON ev.now = person.pos WHERE person.cluster = ?1");
	store_bind_int(s, 1, (int64_t)cluster);
	if ((st = read_events(a, s, ev, e)) != OK)
		return st;
	if (ev->v.n)
		qsort(ev->v.v, ev->v.n, sizeof *ev->v.v, by_cause);
	for (size_t i = 0; i < ev->v.n; i++)
		if (n == 0 || by_cause(&ev->v.v[i], &ev->v.v[n - 1]) != 0)
			ev->v.v[n++] = ev->v.v[i];
	ev->v.n = n;
	return OK;
}

enum status
reg_person_events(struct arena *a, struct reg *r, uint64_t cluster,
	struct reg_person_event **ret, size_t *ret_n, struct err *e)
{
	struct events ev = {0};
	enum status st = load_events(a, r, cluster, &ev, e);

	for (size_t i = 0; i < ev.v.n && st == OK; i++) {
		struct reg_person_event *v = &ev.v.v[i];
		if (i == 0 || v[-1].cause != v->cause) {
			st = read_cause(a, r, v, e);
			continue;
		}
		v->id = v[-1].id;
		v->kind = v[-1].kind;
		v->on = v[-1].on;
		v->by = v[-1].by;
		v->verdict = v[-1].verdict;
		v->reason = v[-1].reason;
	}
	if (st)
		return st;
	*ret = ev.v.v;
	*ret_n = ev.v.n;
	return OK;
}
