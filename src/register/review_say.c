/* Saying who is who: one judgement, whether others contradict it, taking it back. */
#include "register/review_int.h"

/* --- contradictions ---------------------------------------------------------------- */

/* Pairs of records that verdicts join, both ways, by their first. */
struct step { uint64_t from, to; };
struct web {
	struct arena *a;
	VEC(struct step) steps;
};

static int
by_from(const void *x, const void *y)
{
	const struct step *l = x, *r = y;

	if (l->from != r->from)
		return l->from < r->from ? -1 : 1;
	return (l->to > r->to) - (l->to < r->to);
}

static void
web_make(struct web *w, const struct judged *v, size_t n, uint64_t left, uint64_t right)
{
	for (size_t i = 0; i < n; i++) {
		/* What was said of these two themselves is said anew. */
		if (v[i].holds != SAYS_SAME || (v[i].left == left && v[i].right == right))
			continue;
		VEC_PUSH(w->a, &w->steps) = (struct step){v[i].left, v[i].right};
		VEC_PUSH(w->a, &w->steps) = (struct step){v[i].right, v[i].left};
	}
	if (w->steps.n)
		qsort(w->steps.v, w->steps.n, sizeof *w->steps.v, by_from);
}

/* Everybody that verdicts join to `from`, itself first, each with whom it was reached
 * through; of very many the nearest.  (What is not refused for that, the index settles:
 * the newer verdicts hold.) */
enum { REACHED_MOST = 2000 };
struct reached { uint64_t pos; size_t by; };

static size_t
reach(const struct web *w, uint64_t from, struct reached **ret)
{
	VEC(struct reached) v = {0};

	VEC_PUSH(w->a, &v) = (struct reached){from, 0};
	for (size_t at = 0; at < v.n && v.n < REACHED_MOST; at++) {
		size_t lo = 0, hi = w->steps.n;
		while (lo < hi) {
			size_t mid = lo + (hi - lo) / 2;
			if (w->steps.v[mid].from < v.v[at].pos)
				lo = mid + 1;
			else
				hi = mid;
		}
		for (; lo < w->steps.n && w->steps.v[lo].from == v.v[at].pos; lo++) {
			bool seen = false;
			for (size_t k = 0; k < v.n && !seen; k++)
				seen = v.v[k].pos == w->steps.v[lo].to;
			if (!seen)
				VEC_PUSH(w->a, &v) = (struct reached){w->steps.v[lo].to, at};
		}
	}
	*ret = v.v;
	return v.n;
}

static bool
among(const struct reached *v, size_t n, uint64_t pos, size_t *ret)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].pos == pos) {
			*ret = i;
			return true;
		}
	return false;
}

/* "P-3 = P-5 = P-9", from the one at `at` back to the first. */
static struct str
way_text(struct arena *a, const struct reached *v, size_t at)
{
	struct str s = reg_person_id(a, v[at].pos);

	while (at) {
		at = v[at].by;
		s = str_fmt(a, STR_FMT " = " STR_FMT, STR_ARG(reg_person_id(a, v[at].pos)),
			STR_ARG(s));
	}
	return s;
}

static enum status
contradicts(struct arena *a, struct reg *r, uint64_t left, uint64_t right, enum says says,
	struct err *e)
{
	struct web w = {.a = a};
	struct judged *v;
	struct reached *near, *far;
	size_t n, n_near, n_far, i, k;
	enum status st = index_judged(a, r, NULL, 0, &v, &n, e);

	if (st || says == SAYS_UNSURE)
		return st;
	web_make(&w, v, n, left < right ? left : right, left < right ? right : left);
	n_near = reach(&w, left, &near);
	if (says == SAYS_APART)
		return !among(near, n_near, right, &i) ? OK
			: err_set(e, BAD, "not the same: contradicts the judgements " STR_FMT
				"; take one of them back first", STR_ARG(way_text(a, near, i)));
	n_far = reach(&w, right, &far);
	for (size_t m = 0; m < n; m++) {
		uint64_t x = v[m].left, y = v[m].right;
		if (v[m].holds != SAYS_APART || (x == left && y == right)
		    || (x == right && y == left))
			continue;
		if (!among(near, n_near, x, &i) || !among(far, n_far, y, &k)) {
			if (!among(near, n_near, y, &i) || !among(far, n_far, x, &k))
				continue;
		}
		return err_set(e, BAD, "the same: contradicts the judgements " STR_FMT " \u2260 "
			STR_FMT "; take one of them back first",
			STR_ARG(way_text(a, near, i)), STR_ARG(way_text(a, far, k)));
	}
	return OK;
}

/* --- writing ---------------------------------------------------------------------- */

static enum status
ref_to(struct arena *a, struct reg *r, uint64_t pos, const char *kind, struct bytes *ret,
	struct err *e)
{
	struct now w;
	enum status st = index_now(a, r, pos, &w, e);

	if (st)
		return st;
	if (w.kind != kind_number(kind))
		return err_set(e, BAD, "record %llu: not a record of the kind %s",
			(unsigned long long)pos, kind);
	*ret = value_ref(a, w.hash);
	return OK;
}

static enum status
code_in(struct arena *a, const char *vocabulary, struct str word, struct bytes *ret,
	struct err *e)
{
	const struct vocabulary *v = vocabulary_named(str_of(vocabulary));
	const struct code *c = code_by_word(a, v, word);
	struct buf known;

	if (c) {
		*ret = value_code(a, v->version, c->code);
		return OK;
	}
	buf_init(&known, 600);
	for (size_t i = 0; i < v->n_codes; i++)
		buf_fmt(&known, "%s" STR_FMT, i ? ", " : "", STR_ARG(v->codes[i].code));
	(void)!err_set(e, BAD, "%s \"" STR_FMT "\": none; write one of " STR_FMT, vocabulary,
		STR_ARG(str_upto(word, 60)), STR_ARG(buf_str(&known)));
	buf_finish(&known);
	return BAD;
}

static enum status
say(struct arena *a, struct reg *r, uint64_t left, uint64_t right, const struct reg_judged *j,
	uint8_t ret_hash[SEAL_HASH], struct err *e)
{
	struct draft d = {.kind = kind_number("judgement")};
	struct str reason = text_clean(a, j->reason, NULL), code = S("unsure");
	unsigned version;
	enum status st;

#define SLOT(name) d.slot[field_slot("judgement", name)]
	if ((st = code_in(a, "verdict", j->verdict, &SLOT("verdict"), e)) != OK
	    || (j->ground.n && (st = code_in(a, "ground", j->ground, &SLOT("ground"), e)) != OK)
	    || (st = ref_to(a, r, left, "person", &SLOT("left"), e)) != OK
	    || (st = ref_to(a, r, right, "person", &SLOT("right"), e)) != OK
	    || (j->run && (st = ref_to(a, r, j->run, "linker-run", &SLOT("run"), e)) != OK))
		return st;
	if (reason.n)
		SLOT("reason") = value_text(a, reason);
	if (j->zone >= 0)
		SLOT("zone") = value_code(a, vocabulary_named(S("zone"))->version,
			str_of(reg_zone_name((enum reg_zone)j->zone)));
	get_code(SLOT("verdict"), &version, &code);
#undef SLOT
	if ((st = contradicts(a, r, left, right, str_is(code, "same") ? SAYS_SAME
	    : str_is(code, "not-same") ? SAYS_APART : SAYS_UNSURE, e)) != OK)
		return st;
	return reg_write_one(r, &d, ret_hash, e);
}

enum status
reg_review_say(struct reg *r, uint64_t left, uint64_t right, const struct reg_judged *j,
	uint8_t ret_hash[SEAL_HASH], struct err *e)
{
	struct arena *a = arena_create((size_t)1 << 30);
	enum status st = say(a, r, left, right, j, ret_hash, e);

	arena_destroy(a);
	return st;
}

static enum status
person_at(struct arena *a, struct reg *r, struct str id, uint64_t *ret, struct err *e)
{
	struct now w;
	enum status st = index_find(r, id, ret, e);

	if (st || (st = index_now(a, r, *ret, &w, e)) != OK)
		return st;
	return w.kind == kind_number("person") ? OK : err_set(e, BAD, STR_FMT ": not a record of "
		"a person; `habeas list --csv` shows which are", STR_ARG(id));
}

enum status
reg_judge(struct reg *r, struct str left, struct str right, struct str verdict, struct str reason,
	struct err *e)
{
	struct arena *a = arena_create((size_t)1 << 30);
	const struct reg_judged j = {.verdict = verdict, .reason = reason, .zone = -1};
	uint64_t x, y;
	enum status st = person_at(a, r, left, &x, e);

	if (st == OK && (st = person_at(a, r, right, &y, e)) == OK)
		st = x == y ? err_set(e, BAD, STR_FMT " and " STR_FMT " are the same record; name "
			"two", STR_ARG(left), STR_ARG(right)) : say(a, r, x, y, &j, NULL, e);
	arena_destroy(a);
	return st;
}

/* --- taking back ------------------------------------------------------------------- */

static enum status
undo(struct arena *a, struct reg *r, struct str id, struct err *e)
{
	unsigned verdict = field_slot("judgement", "verdict");
	struct draft d = {.kind = kind_number("judgement")};
	struct record rec;
	struct now w;
	uint64_t pos;
	enum status st = reg_find_record(r, id, &pos, e);

	if (st || (st = index_now(a, r, pos, &w, e)) != OK)
		return st;
	if (w.kind != d.kind)
		return err_set(e, BAD, STR_FMT ": not a judgement; give the id that review printed",
			STR_ARG(id));
	if ((st = node_get(a, r->node, pos, &rec, e)) != OK)
		return st;
	if (memcmp(rec.author, node_info(r->node)->device, SEAL_PUBLIC) != 0)
		return err_set(e, BAD, STR_FMT ": another officer's judgement; say yours beside it, "
			"the register hears both", STR_ARG(id));
	if (w.slot[verdict].n == 0)
		return err_set(e, NO, STR_FMT ": was taken back already; nothing written",
			STR_ARG(id));
	d.slot[SLOT_AMENDS] = value_ref(a, w.hash);
	d.slot[verdict] = value_withdrawn(a, S("taken back by who gave it"));
	return reg_write_one(r, &d, NULL, e);
}

enum status
reg_review_undo(struct reg *r, struct str id, struct err *e)
{
	struct arena *a = arena_create(64 << 20);
	enum status st = undo(a, r, id, e);

	arena_destroy(a);
	return st;
}

enum status
reg_review_rule(struct reg *r, unsigned reviewers, struct err *e)
{
	struct arena *a = arena_create(1 << 20);
	struct draft d = {.kind = kind_number("rules")};
	unsigned now;
	enum status st = index_reviewers(r, &now, e);

	if (st == OK && (reviewers < 1 || reviewers > 2))
		st = err_set(e, BAD, "%u reviewers: a judgement counts by one officer or by two; "
			"write 1 or 2", reviewers);
	else if (st == OK && now == reviewers)
		st = err_set(e, NO, "%u: is the rule already; nothing written", reviewers);
	d.slot[field_slot("rules", "reviewers")] = value_number(a, reviewers);
	if (st == OK)
		st = reg_write_one(r, &d, NULL, e);
	arena_destroy(a);
	return st;
}
