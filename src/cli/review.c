/*
 * habeas review: people look at pairs, one by one.  Line by line, a key and Enter,
 * so that it works on any terminal, over ssh, in a pipe and in tests.  Each answer
 * is a signed judgement in the log before the next pair is shown.
 */
#include "cli/review_int.h"

enum { LINE_MOST = 4096 };

struct answered { size_t at; uint8_t hash[SEAL_HASH]; };
struct session {
	struct args *x;
	struct reg *r;
	const struct reg_pair *pairs;
	size_t n;
	uint64_t run;
	unsigned reviewers;
	bool blind, again;           /* again: pairs that were judged are to be seen */
	VEC(struct answered) given;
	size_t said, back;
};

/* --- asking ----------------------------------------------------------------------- */

/* A line without its end; false: there is no more.  Others may write meanwhile. */
static bool
read_line(struct session *x, struct str *ret)
{
	struct arena *a = x->x->a;
	char line[LINE_MOST];
	struct str s;
	int c;

	reg_rest(x->r);
	fflush(stdout);
	if (!fgets(line, sizeof line, stdin))
		return false;
	s = str_of(line);
	if (!str_ends(s, "\n"))
		while ((c = getchar()) != EOF && c != '\n')
			;
	/* What is no text is no answer. */
	*ret = utf8_valid(str_bytes(s)) ? text_clean(a, s, NULL) : S("?");
	return true;
}

static void
say_grounds(struct session *s)
{
	const struct vocabulary *v = vocabulary_named(S("ground"));
	enum lang l = s->x->lang == LANG_AZB ? LANG_FA : s->x->lang;

	say("%s", tr(s->x->lang, "Why?"));
	for (size_t i = 0; i < v->n_codes; i++)
		say("%s%zu " STR_FMT, i ? ", " : " ", i + 1, STR_ARG(v->codes[i].label[l]));
	say("\n%s", tr(s->x->lang, "A number, then your own words if you like (Enter: 1): "));
}

/* "2 same father", "names: same father", "same father": a ground, then words. */
static void
read_ground(struct arena *a, struct str line, struct reg_judged *j)
{
	const struct vocabulary *v = vocabulary_named(S("ground"));
	size_t blank = str_find(line, ' ');
	struct str first = str_upto(line, blank);
	const struct code *c;
	uint64_t number;

	j->ground = v->codes[0].code;
	j->reason = STR_NONE;
	if (line.n == 0)
		return;
	if (first.n && (str_ends(first, ":") || str_ends(first, ",")))
		first.n--;
	if (str_u64(text_digits(a, first), &number) && number >= 1 && number <= v->n_codes) {
		j->ground = v->codes[number - 1].code;
	} else if ((c = code_by_word(a, v, first)) != NULL) {
		j->ground = c->code;
	} else {
		j->ground = S("other");
		j->reason = line;
		return;
	}
	j->reason = str_trim(str_from(line, blank));
}

/* --- answers ---------------------------------------------------------------------- */

static enum status
take_back(struct session *s, size_t *at, struct err *e)
{
	struct answered last;
	enum status st;

	if (s->given.n == 0) {
		say("%s\n", tr(s->x->lang, "Nothing was said yet that could be taken back."));
		return OK;
	}
	last = s->given.v[s->given.n - 1];
	if ((st = reg_go_on(s->r, e)) != OK
	    || (st = reg_review_undo(s->r, reg_record_id(s->x->a, last.hash), e)) != OK)
		return st;
	s->given.n--;
	s->back++;
	*at = last.at;
	say("%s\n", tr(s->x->lang, "Taken back."));
	return OK;
}

static const struct { char key; const char *verdict; } keys[] = {
	{'s', "same"}, {'n', "not-same"}, {'u', "unsure"},
};

/* NO: not recorded (the line says why), ask again. */
static enum status
record(struct session *s, size_t at, const char *verdict, struct str rest, struct err *e)
{
	const struct reg_pair *p = &s->pairs[at];
	struct reg_judged j = {.verdict = str_of(verdict), .run = s->run, .zone = (int)p->zone};
	struct answered given = {.at = at};
	enum status st;

	if (rest.n == 0) {
		say_grounds(s);
		if (!read_line(s, &rest))
			return err_set(e, NO, "nothing was recorded for the last pair: the answer "
				"broke off");
	}
	read_ground(s->x->a, rest, &j);
	if ((st = reg_go_on(s->r, e)) == OK)
		st = reg_review_say(s->r, p->left, p->right, &j, given.hash, e);
	if (st == BAD) {
		say("habeas: %s\n", e->text);
		return NO;
	}
	if (st)
		return st;
	VEC_PUSH(s->x->a, &s->given) = given;
	s->said++;
	say(tr(s->x->lang, "Recorded: %.*s\n"), STR_ARG(reg_record_id(s->x->a, given.hash)));
	return OK;
}

/* One pair until it is answered.  ret_at: which pair comes next; n: the end. */
static enum status
ask(struct session *s, size_t at, size_t *ret_at, struct err *e)
{
	struct str line;
	enum status st;

	for (;;) {
		say("%s", tr(s->x->lang, "[s] same  [n] not the same  [u] unsure  [k] skip  [b] back  "
			"[q] quit: "));
		if (!read_line(s, &line) || str_starts(line, "q")) {
			*ret_at = s->n;
			return OK;
		}
		/* A word, "same", is as good as its letter; more behind it is the reason. */
		size_t blank = str_find(line, ' ');
		struct str rest = str_trim(str_from(line, blank));
		if (str_starts(line, "k")) {
			*ret_at = at + 1;
			return OK;
		}
		if (str_starts(line, "b")) {
			size_t back = at;
			if ((st = take_back(s, &back, e)) != OK || back != at) {
				*ret_at = back;
				return st;
			}
			continue;
		}
		for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
			if (line.n == 0 || line.p[0] != keys[i].key)
				continue;
			st = record(s, at, keys[i].verdict, rest, e);
			if (st == OK)
				*ret_at = at + 1;
			if (st != NO || feof(stdin))
				return st;
			break;
		}
	}
}

static enum status
wanted(struct session *s, struct reg_pair *p, bool *ret, struct err *e)
{
	*ret = true;
	if (s->again)
		return OK;
	if (!s->blind)
		return reg_review_still(s->r, p, ret, e);
	/* A sample is reviewed whole, whatever follows from other answers. */
	*ret = p->state != PAIR_SETTLED && !p->mine[0];
	return OK;
}

static enum status
show_one(struct session *s, size_t at, const struct reg_pair *p, struct err *e)
{
	struct reg_pair_shown shown;
	enum status st = reg_review_show(s->x->a, s->r, p, s->x->lang, &shown, e);

	if (st)
		return st;
	say("\n== ");
	say(tr(s->x->lang, "pair %zu of %zu"), at + 1, s->n);
	say(" ==\n");
	pair_print(s->x, p, &shown, s->blind);
	return OK;
}

static enum status
walk(struct session *s, struct err *e)
{
	size_t at = 0;
	enum status st = OK;

	while (at < s->n && st == OK) {
		struct reg_pair p = s->pairs[at];
		bool want;
		if ((st = reg_follow(s->r, e)) != OK || (st = wanted(s, &p, &want, e)) != OK)
			break;
		if (!want) {
			at++;
			continue;
		}
		st = show_one(s, at, &p, e);
		if (st == NO) {
			at++;                /* erased while the review went on */
			st = OK;
		} else if (st == OK) {
			st = ask(s, at, &at, e);
		}
	}
	say("\n");
	say(tr(s->x->lang, "%zu answers recorded, %zu taken back.\n"), s->said, s->back);
	if (s->reviewers > 1 && s->said)
		say("%s\n", tr(s->x->lang, "A judgement counts when two officers agree."));
	return st;
}

/* --- the command ------------------------------------------------------------------ */

static enum status
number_of(struct args *x, const char *option, uint64_t *ret, struct err *e)
{
	if (!opt(x, option))
		return OK;
	return str_u64(opt_str(x, option), ret) ? OK : err_set(e, BAD, "%s %s: not a number",
		option, opt(x, option));
}

static enum status
zone_of(struct args *x, int *ret, struct err *e)
{
	if (!opt(x, "--zone") || str_is(opt_str(x, "--zone"), "all")) {
		*ret = opt(x, "--zone") || opt(x, "--second") || opt(x, "--mine")
			|| opt(x, "--sample") ? -1 : ZONE_GREY;
		return OK;
	}
	for (enum reg_zone z = 0; z < ZONES; z++)
		if (str_is(opt_str(x, "--zone"), reg_zone_name(z))) {
			*ret = (int)z;
			return OK;
		}
	return err_set(e, BAD, "--zone %s: write sure, grey, not or all", opt(x, "--zone"));
}

static enum status
review_queue(struct args *x, struct reg *r, const struct reg_review_want *w, struct err *e)
{
	struct session s = {.x = x, .r = r, .again = w->which == REVIEW_MINE};
	struct reg_zones z;
	struct reg_pair *v;
	size_t of;
	enum status st = reg_review_queue(x->a, r, w, &z, &v, &s.n, &of, e);

	if (st)
		return st;
	if (s.n == 0) {
		say("%s\n", tr(x->lang, "No pair waits for you."));
		return OK;
	}
	s.pairs = v;
	s.run = z.run;
	s.reviewers = z.reviewers;
	return walk(&s, e);
}

static enum status
review_sample(struct args *x, struct reg *r, size_t size, int zone, struct err *e)
{
	struct reg_review_want w = {.limit = 1, .zone = ZONE_NOT};
	struct session s = {.x = x, .r = r, .blind = true};
	struct reg_sample sample;
	struct reg_zones z;
	struct reg_pair *v;
	size_t n, of;
	enum status st = reg_review_draw(x->a, r, size, zone, opt_str(x, "--seed"), &sample, e);

	if (st || (st = reg_review_queue(x->a, r, &w, &z, &v, &n, &of, e)) != OK)
		return st;
	say(tr(x->lang, "Sample %.*s, seed %.*s%s\n"), STR_ARG(sample.id), STR_ARG(sample.seed), "");
	say(tr(x->lang, "%zu pairs, %zu of them done.  What the program thinks of a pair is not "
		"shown, so that it sways nobody.\n"), sample.n, sample.done);
	s.pairs = sample.pairs;
	s.n = sample.n;
	s.run = z.run;
	s.reviewers = z.reviewers;
	return walk(&s, e);
}

static enum status
run_with(struct args *x, struct reg *r, const struct reg_review_want *w, uint64_t size,
	uint64_t reviewers, struct err *e)
{
	enum status st;

	if (opt(x, "--undo")) {
		if ((st = reg_review_undo(r, opt_str(x, "--undo"), e)) == OK)
			say("%s\n", tr(x->lang, "Taken back."));
		return st;
	}
	if (opt(x, "--reviewers")) {
		if (reviewers > 2)
			reviewers = 3;       /* refused in the same words */
		if ((st = reg_review_rule(r, (unsigned)reviewers, e)) == OK)
			say("%s\n", tr(x->lang, reviewers == 2
				? N_("A judgement counts when two officers agree.")
				: N_("One officer's judgement counts.")));
		return st;
	}
	if (opt(x, "--estimate"))
		return review_estimate(x, r, e);
	if (opt(x, "--list") || opt(x, "--csv") || x->json)
		return review_list(x, r, w, e);
	if (opt(x, "--sample"))
		return review_sample(x, r, (size_t)size, w->zone, e);
	return review_queue(x, r, w, e);
}

static enum status
run_review(struct args *x, struct err *e)
{
	struct reg_review_want w = {.which = opt(x, "--mine") ? REVIEW_MINE
		: opt(x, "--second") ? REVIEW_SECOND : REVIEW_OPEN};
	bool reads = opt(x, "--list") || opt(x, "--csv") || opt(x, "--estimate") || x->json;
	uint64_t limit = 0, size = 0, reviewers = 0;
	struct reg *r;
	enum status st;

	if ((st = number_of(x, "--limit", &limit, e)) != OK
	    || (st = number_of(x, "--sample", &size, e)) != OK
	    || (st = number_of(x, "--reviewers", &reviewers, e)) != OK
	    || (st = zone_of(x, &w.zone, e)) != OK)
		return st;
	w.limit = (size_t)limit;
	reads = reads && !opt(x, "--undo") && !opt(x, "--reviewers");
	if ((st = open_reg(x, reads ? NODE_READ : NODE_WRITE, &r, e)) != OK)
		return st;
	st = run_with(x, r, &w, size, reviewers, e);
	reg_close(r);
	return st;
}

static const struct option review_options[] = {
	{"--list", NULL, "the queue as a table; nothing is asked"},
	{"--csv", NULL, "the queue as CSV"},
	{"--limit", "N", "the first N pairs of it"},
	{"--zone", "ZONE", "sure, grey (by default), not, or all"},
	{"--second", NULL, "what other officers judged and waits for you"},
	{"--mine", NULL, "what you judged yourself, newest first, to say it anew"},
	{"--sample", "N", "a random sample, N pairs of each zone"},
	{"--seed", "TEXT", "what the sample is drawn by; else it is made up and printed"},
	{"--estimate", NULL, "precision and recall of the links, by the judged sample"},
	{"--undo", "ID", "take one of your judgements back"},
	{"--reviewers", "N", "1 or 2: how many officers must agree in this register"},
	{NULL, NULL, NULL},
};

const struct command review_commands[] = {
	{"review", "REG", "look at pairs of records that may be one person, and say so\n"
		"The pair whose answer is expected to change the number of persons most comes first.\n"
		"Each answer is a signed judgement in the log at once: s same, n not the same, u unsure;\n"
		"k skips, b takes the last answer back, q ends.  A reason may follow the letter:\n"
		"\"s names same father\".  docs/methods/match.md says how zones and order come about.",
		1, 1, review_options, run_review},
	{NULL, NULL, NULL, 0, 0, NULL, NULL},
};
