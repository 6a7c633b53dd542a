/*
 * Estimates as records: docs/formats.md, "Estimates".  All methods stand in one slot
 * and are read together, so that whoever shows one shows them all.
 */
#include "register/view_int.h"
#include <math.h>

static const struct {
	const char *method, *title, *assumes;
	bool bound;
} methods[] = {
	{"least", N_("at least (lower bound)"),
		N_("Lower bound: people may differ in how easily they are listed; it fails where being on "
			"one list keeps people off another."), true},
	{"chao", N_("at least (Chao's lower bound)"),
		N_("Lower bound: people may differ in how easily they are listed; it fails where being on "
			"one list keeps people off another."), true},
	{"loglinear", N_("log-linear model, best by BIC"),
		N_("Log-linear: lists may depend on each other in the ways the model has, for everybody "
			"alike; the model is chosen anew in each of the resamplings behind the interval."), false},
	{"stepwise", N_("log-linear model, stepwise"),
		N_("Stepwise: the same, with pairs of lists taken in where their overlap is too unlikely "
			"otherwise."), false},
	{"graphs", N_("average over graphs of lists"),
		N_("Graphs: lists depend on each other along the edges of a graph; all graphs without long "
			"cycles are averaged, but the one that joins all lists."), false},
	{"latent", N_("classes of people (latent)"),
		N_("Classes: people are of a few kinds, and within a kind lists are independent."), false},
	{"spread", N_("stepwise, people differing smoothly"),
		N_("Differing smoothly: as stepwise, but people may differ in how easily they are listed, "
			"by degrees and on all lists alike."), false},
};
enum { METHODS = sizeof methods / sizeof *methods };

static const struct { const char *code, *words; } whys[RECKON_WHYS] = {
	[RECKON_SAID] = {"said", ""},
	[RECKON_FEW_LISTS] = {"few-lists", N_("fewer than three lists share people: of two lists "
		"nobody can tell whether one follows the other")},
	[RECKON_LONE_LIST] = {"lone-list", N_("a list shares nobody with any other")},
	[RECKON_FEW_SHARED] = {"few-shared", N_("fewer than seven people are on more than one list")},
	[RECKON_NOT_DONE] = {"not-done", N_("the method has no estimate for these lists")},
	[RECKON_FEW_CHAINS] = {"few-chains", N_("fewer than eight chains")},
	[RECKON_NOT_MIXED] = {"not-mixed", N_("chains disagree")},
	[RECKON_FEW_DRAWS] = {"few-draws", N_("too few effective draws")},
	[RECKON_AT_CAP] = {"at-cap", N_("the largest number that was counted is reached: the data set "
		"no upper end")},
	[RECKON_NO_UPPER] = {"no-upper", N_("the interval has no upper end")},
	[RECKON_BELOW_BOUND] = {"below-bound", N_("clearly below what people who differ allow")},
	[RECKON_TOO_LOW] = {"too-low", N_("clearly below what people on one list and on two tell")},
	[RECKON_DIFFER] = {"differ", N_("people differ in how easily they are listed, which none can "
		"measure")},
	[RECKON_OPEN] = {"open-end", N_("another method's interval has no upper end, and these lists do "
		"not rule it out")},
	[RECKON_OVERLAPS] = {"overlaps", N_("the model does not give the overlaps of lists that were "
		"seen")},
	[RECKON_DISAGREE] = {"disagree", N_("families of models disagree; no data tell which is right")},
};
static const char *const left_codes[LEFT_WHYS] = {
	"by-hand", "listed", "undated", "vague", "no-prison", "unlinked", "withdrawn", "other-list",
};

static size_t
method_at(struct str name)
{
	size_t k = 0;

	while (k < METHODS && !str_is(name, methods[k].method))
		k++;
	return k;
}

const char *
reg_toll_title(struct str method)
{
	size_t k = method_at(method);

	return k < METHODS ? methods[k].title : "";
}

const char *
reg_toll_assumes(const char *method)
{
	if (!method)
		return N_("All of them: the people are the same on all lists (nobody arrived or left "
			"between them), every link between records is right, and nobody is impossible to "
			"list.");
	size_t k = method_at(str_of(method));
	return k < METHODS ? methods[k].assumes : "";
}

const char *
reg_toll_why(enum reckon_why why)
{
	return whys[why].words;
}

/* From here on doubles do not count people one by one. */
static const uint64_t NUMBER_MOST = (uint64_t)1 << 53;

/* --- writing -------------------------------------------------------------------------- */

static struct str
number(struct arena *a, double v)
{
	return fabs(v) < (double)NUMBER_MOST ? str_fmt(a, "%lld", llround(v)) : S("-");
}

static struct bytes
methods_value(struct arena *a, const struct reg_toll_method *m, size_t n)
{
	struct str *v = NEWS(a, struct str, n);

	for (size_t i = 0; i < n; i++) {
		bool said = m[i].why == RECKON_SAID;
		v[i] = str_fmt(a, STR_FMT " " STR_FMT " " STR_FMT " " STR_FMT " %s",
			STR_ARG(m[i].method), STR_ARG(number(a, said ? m[i].n : NAN)),
			STR_ARG(number(a, said ? m[i].lower : NAN)),
			STR_ARG(number(a, said ? m[i].upper : NAN)), whys[m[i].why].code);
	}
	return value_texts(a, v, n);
}

static struct bytes
left_value(struct arena *a, const struct reg_histories *h)
{
	struct str v[LEFT_WHYS];
	size_t n = 0;

	for (size_t i = 0; i < LEFT_WHYS; i++)
		if (h->left[i].claims)
			v[n++] = str_fmt(a, "%s %zu %zu", left_codes[i], h->left[i].claims,
				h->left[i].persons);
	return n ? value_texts(a, v, n) : (struct bytes){0};
}

enum status
reg_toll_add(struct reg *r, const struct reg_histories *h, bool by_organisation,
	const struct reg_toll_method *m, size_t n, const struct reg_toll_otherwise *o, size_t n_o,
	uint64_t seed, struct str version, struct str options, uint8_t ret_hash[SEAL_HASH], struct err *e)
{
	struct arena *a = arena_create((size_t)64 << 20);
	struct draft d = {.kind = kind_number("estimate")};
	uint8_t hash[1][SEAL_HASH];
	size_t said = 0;
	enum status st;

	for (size_t i = 0; i < n; i++)
		said += m[i].why == RECKON_SAID && !m[i].bound;
#define PUT(name, value) d.slot[field_slot("estimate", name)] = (value)
	PUT("question", value_text(a, h->question));
	PUT("by", value_text(a, by_organisation ? S("organisation") : S("list")));
	PUT("lists", value_texts(a, h->c.names, h->c.n_lists));
	PUT("counts", value_text(a, h->csv));
	PUT("hash", value_bytes(a, BYTES(h->hash)));
	PUT("listed", value_number(a, (int64_t)h->c.n));
	PUT("methods", methods_value(a, m, n));
	PUT("said", value_number(a, (int64_t)said));
	PUT("seed", value_text(a, str_fmt(a, "%llu", (unsigned long long)seed)));
	PUT("version", value_text(a, version));
	if (options.n)
		PUT("options", value_text(a, options));
	PUT("run", value_ref(a, h->run));
	PUT("upto", value_number(a, (int64_t)h->upto));
	PUT("left", left_value(a, h));
	PUT("otherwise", otherwise_value(a, o, n_o));
#undef PUT
	if ((st = node_append(r->node, &d, 1, hash, NULL, e)) == OK
	    && (st = node_publish(r->node, e)) == OK && (st = reg_follow(r, e)) == OK)
		memcpy(ret_hash, hash[0], SEAL_HASH);
	arena_destroy(a);
	return st;
}

/* --- reading -------------------------------------------------------------------------- */

static double
read_number(struct str s)
{
	uint64_t v;

	return str_u64(s, &v) && v < NUMBER_MOST ? (double)v : NAN;
}

/* False: not of this form.  An unknown reason, of a later habeas, withholds. */
static bool
read_method(struct str line, struct reg_toll_method *ret)
{
	struct str word[5];
	size_t k;

	for (size_t i = 0; i < 5; i++)
		word[i] = str_cut(&line, ' ');
	if (!word[4].n || line.n || (k = method_at(word[0])) == METHODS)
		return false;
	*ret = (struct reg_toll_method){.method = word[0], .title = methods[k].title,
		.assumes = methods[k].assumes, .bound = methods[k].bound, .n = NAN, .lower = NAN,
		.upper = NAN, .why = RECKON_NOT_DONE};
	for (size_t i = 0; i < RECKON_WHYS; i++)
		if (whys[i].code && str_is(word[4], whys[i].code))
			ret->why = (enum reckon_why)i;
	if (ret->why == RECKON_SAID) {
		ret->n = read_number(word[1]);
		ret->lower = read_number(word[2]);
		ret->upper = read_number(word[3]);
	}
	/* An estimate without both ends is no answer, whoever wrote it. */
	if (ret->why == RECKON_SAID && !ret->bound
	    && !(isfinite(ret->n) && isfinite(ret->lower) && isfinite(ret->upper)))
		ret->why = RECKON_NO_UPPER;
	/* Nor is one whose ends are the wrong way round, or a bound of nothing. */
	if (ret->why == RECKON_SAID && (!isfinite(ret->lower) || ret->lower > ret->upper))
		ret->why = RECKON_NOT_DONE;
	if (ret->why != RECKON_SAID)
		ret->n = ret->lower = ret->upper = NAN;
	return true;
}

/* Each method once, the first of its lines: `v` has room for METHODS. */
static size_t
read_methods(const struct str *lines, size_t n, struct reg_toll_method *v)
{
	struct reg_toll_method m;
	size_t done = 0, k;

	for (size_t i = 0; i < n; i++) {
		if (!read_method(lines[i], &m))
			continue;
		for (k = 0; k < done && !str_eq(v[k].method, m.method); k++)
			;
		if (k == done)
			v[done++] = m;
	}
	return done;
}

static void
read_left(const struct str *v, size_t n, struct reg_toll *t)
{
	for (size_t i = 0; i < n; i++) {
		struct str rest = v[i], code = str_cut(&rest, ' '), claims = str_cut(&rest, ' ');
		uint64_t c, p;
		for (size_t k = 0; k < LEFT_WHYS; k++)
			if (str_is(code, left_codes[k]) && str_u64(claims, &c) && str_u64(rest, &p)
			    && c < NUMBER_MOST && p < NUMBER_MOST) {
				t->left[k].claims = (size_t)c;
				t->left[k].persons = (size_t)p;
			}
	}
}

/* Chao's formula stands in the record beside the bound to be quoted, for whoever checks;
 * where both are there it is not shown, lest it be quoted.  Records of before have it only. */
static void
drop_formula(struct reg_toll *t)
{
	size_t n = 0;
	bool least = false;

	for (size_t i = 0; i < t->n_methods; i++)
		least |= str_is(t->methods[i].method, "least");
	for (size_t i = 0; i < t->n_methods; i++)
		if (!least || !str_is(t->methods[i].method, "chao"))
			t->methods[n++] = t->methods[i];
	t->n_methods = n;
}

static void
span(struct reg_toll *t)
{
	t->span = (struct reckon_interval){NAN, NAN};
	for (size_t i = 0; i < t->n_methods; i++) {
		const struct reg_toll_method *m = &t->methods[i];
		if (m->bound || m->why != RECKON_SAID)
			continue;
		t->said++;
		t->span.lower = fmin(t->span.lower, m->lower);
		t->span.upper = fmax(t->span.upper, m->upper);
	}
}

static bool
is_hash_of(struct bytes hash, struct bytes of)
{
	uint8_t right[SEAL_HASH];

	seal_sha256(of, right);
	return bytes_eq(hash, BYTES(right));
}

static enum status
read_toll(struct arena *a, const struct bytes *slot, const uint8_t hash[SEAL_HASH], uint64_t pos,
	struct reg_toll *ret, struct err *e)
{
	struct reg_toll t = {.pos = pos, .id = reg_record_id(a, hash)};
	struct str by, *lines = NULL, *left = NULL;
	size_t n = 0, n_left = 0;

	get_text(slot[field_slot("estimate", "question")], &t.question);
	if (!t.question.n || !get_texts(a, slot[field_slot("estimate", "methods")], &lines, &n)
	    || !get_number(slot[field_slot("estimate", "listed")], &t.listed) || t.listed < 0
	    || t.listed > (int64_t)NUMBER_MOST)
		return err_set(e, BAD, "record %llu: an estimate that this habeas does not understand",
			(unsigned long long)pos);
	t.methods = NEWS(a, struct reg_toll_method, METHODS);
	t.n_methods = read_methods(lines, n, t.methods);
	drop_formula(&t);
	span(&t);
	t.by_organisation = get_text(slot[field_slot("estimate", "by")], &by)
		&& str_is(by, "organisation");
	if (!get_texts(a, slot[field_slot("estimate", "lists")], &t.lists, &t.n_lists))
		t.n_lists = 0;
	get_bytes(slot[field_slot("estimate", "hash")], &t.hash);
	get_text(slot[field_slot("estimate", "counts")], &t.counts);
	if (t.hash.n && t.counts.n && !is_hash_of(t.hash, str_bytes(t.counts)))
		return err_set(e, BAD, "record %llu: an estimate whose hash is not that of its counts",
			(unsigned long long)pos);
	get_text(slot[field_slot("estimate", "seed")], &t.seed);
	get_text(slot[field_slot("estimate", "version")], &t.version);
	get_text(slot[field_slot("estimate", "options")], &t.options);
	if (get_texts(a, slot[field_slot("estimate", "left")], &left, &n_left))
		read_left(left, n_left, &t);
	if (get_texts(a, slot[field_slot("estimate", "otherwise")], &lines, &n))
		otherwise_read(a, lines, n, &t);
	*ret = t;
	return OK;
}

enum status
toll_read_slots(struct arena *a, const struct bytes *slot, struct reg_toll *ret, struct err *e)
{
	static const uint8_t none[SEAL_HASH];

	return read_toll(a, slot, none, 0, ret, e);
}

enum status
reg_tolls(struct arena *a, struct reg *r, struct reg_toll **ret, size_t *ret_n, struct err *e)
{
	struct record *v;
	struct reg_toll *t;
	size_t n, m = 0;
	enum status st = reg_of_kind(a, r, "estimate", &v, &n, e);

	if (st)
		return st;
	t = NEWS(a, struct reg_toll, n);
	/* One of a later habeas is shown raw by its id; it does not hide the others. */
	for (size_t i = 0; i < n; i++)
		m += read_toll(a, v[i].slot, v[i].hash, v[i].pos, &t[m], NULL) == OK;
	*ret = t;
	*ret_n = m;
	return OK;
}

enum status
reg_toll_find(struct arena *a, struct reg *r, struct str id, struct reg_toll *ret, struct err *e)
{
	struct now w;
	uint64_t pos;
	enum status st = reg_find_record(r, id, &pos, e);

	if (st || (st = index_now(a, r, pos, &w, e)) != OK)
		return st;
	if (w.kind != kind_number("estimate"))
		return err_set(e, BAD, STR_FMT ": not an estimate; `habeas toll list` shows them",
			STR_ARG(id));
	return read_toll(a, w.slot, w.hash, pos, ret, e);
}

/* --- the question for people ------------------------------------------------------------ */

static struct str
day_words(struct arena *a, struct str iso, enum lang l)
{
	struct date d;

	return date_parse(iso, NULL, &d, NULL) == OK ? date_show(a, &d, l, 0) : iso;
}

struct str
reg_toll_question(struct arena *a, struct str question, enum lang l)
{
	struct reg_filter f = {.on = DAY_MAX};
	struct str from = S(""), to = S(""), filter, rest, s;
	const struct code *code;

	/* Days are not filters: from= and to= stand at the end. */
	size_t at = question.n;
	for (size_t i = 0; i + 6 < question.n && at == question.n; i++)
		if (memcmp(question.p + i, " from=", 6) == 0)
			at = i;
	filter = str_upto(question, at);
	rest = str_from(question, at < question.n ? at + 1 : at);
	while (rest.n) {
		struct str word = str_cut(&rest, ' ');
		if (str_starts(word, "from="))
			from = str_from(word, 5);
		else if (str_starts(word, "to="))
			to = str_from(word, 3);
	}
	if (reg_filter_parse(a, filter, &f, NULL) != OK)
		return question;
	code = f.event.n ? code_of(vocabulary_named(S("event")), f.event) : NULL;
	struct str what = code ? code->label[l == LANG_AZB ? LANG_FA : l] : f.event;
	if (f.on != DAY_MAX)
		s = str_fmt(a, tr(l, "held on %s"), str_cstr(a, day_words(a, day_iso(a, f.on), l)));
	else
		s = str_fmt(a, tr(l, "%s from %s to %s"), str_cstr(a, what),
			str_cstr(a, day_words(a, from, l)), str_cstr(a, day_words(a, to, l)));
	if (f.on != DAY_MAX && what.n)
		s = str_fmt(a, STR_FMT " (" STR_FMT ")", STR_ARG(s), STR_ARG(what));
	if (f.facility.n)
		s = str_fmt(a, STR_FMT ", %s " STR_FMT, STR_ARG(s), tr(l, "prison"),
			STR_ARG(f.facility));
	return s;
}
