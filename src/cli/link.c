/* Commands about who is who: link, judge, clusters. */
#include <math.h>
#include "cli/match_int.h"

static enum status
run_link(struct args *x, struct err *e)
{
	struct reg_link_report p = {0};
	struct reg *r;
	enum status st = open_reg(x, NODE_WRITE, &r, e);

	if (st)
		return st;
	st = reg_link(x->a, r, &p, e);
	reg_close(r);
	os_progress_end();
	if (p.records)
		say("%zu records are %zu persons; %zu pairs, %zu of them in doubt (probability 5-95 %%)\n",
			p.records, p.persons, p.pairs, p.grey);
	if (p.records && isfinite(p.precision))
		say("estimated by the model: %.1f %% of the links are right, %.1f %% of the true ones "
			"were found\n", 100 * p.precision, 100 * p.recall);
	else if (p.records)
		say("nothing was linked, so there is nothing to estimate\n");
	if (p.records && p.note)
		say("%s %s.\n", tr(x->lang, "Mind:"), match_note_in(x->lang, p.note));
	/* Nothing new is an answer, not a failure. */
	if (st == NO) {
		say("%s\n", e->text);
		return OK;
	}
	return st;
}

static enum status
run_judge(struct args *x, struct err *e)
{
	struct reg *r;
	enum status st = open_reg(x, NODE_WRITE, &r, e);

	if (st)
		return st;
	st = reg_judge(r, str_of(x->arg[1]), str_of(x->arg[2]), str_of(x->arg[3]),
		opt_str(x, "--reason"), e);
	reg_close(r);
	return st;
}

static enum status
print_events(struct args *x, struct reg *r, struct err *e)
{
	struct reg_person_event *v;
	size_t n;
	struct buf b;
	enum status st = reg_person_events(x->a, r, UINT64_MAX, &v, &n, e);

	if (st)
		return st;
	if (!x->json) {
		print_history(x, v, n);
		return OK;
	}
	buf_init(&b, (size_t)1 << 30);
	struct json j = json_to(&b);
	history_json(&j, x->a, v, n);
	buf_byte(&b, '\n');
	fwrite(b.p, 1, b.n, stdout);
	buf_finish(&b);
	return OK;
}

/* 0: not asked for. */
static enum status
ask_linkages(const struct args *x, uint64_t *ret_n, uint64_t *ret_seed, struct err *e)
{
	const char *n = opt(x, "--linkages"), *seed = opt(x, "--seed");

	*ret_n = 0;
	*ret_seed = 1;
	if (n && (!str_u64(str_of(n), ret_n) || *ret_n < 1 || *ret_n > 1000))
		return err_set(e, BAD, "--linkages %s: a number from 1 to 1000 would be right", n);
	if (seed && (!n || !str_u64(str_of(seed), ret_seed)))
		return err_set(e, BAD, "--seed %s: a whole number beside --linkages N would be right", seed);
	return OK;
}

static enum status
run_clusters(struct args *x, struct err *e)
{
	struct reg *r;
	struct buf b;
	uint64_t linkages, seed;
	enum status st = ask_linkages(x, &linkages, &seed, e);

	if (st || (st = open_reg(x, NODE_READ, &r, e)) != OK)
		return st;
	if (opt(x, "--events")) {
		st = print_events(x, r, e);
		reg_close(r);
		return st;
	}
	buf_init(&b, (size_t)1 << 30);
	st = linkages ? reg_linkages_csv(r, (unsigned)linkages, seed, &b, e)
		: reg_clusters_csv(r, &b, e);
	if (st == OK)
		fwrite(b.p, 1, b.n, stdout);
	buf_finish(&b);
	reg_close(r);
	return st;
}

static const struct option judge_options[] = {
	{"--reason", "TEXT", "why"},
	{NULL, NULL, NULL},
};

static const struct option clusters_options[] = {
	{"--events", NULL, "what became of persons' numbers: merged, split, moved, by what"},
	{"--linkages", "N", "instead: persons by lists, in N linkages drawn, for habeas toll mse"},
	{"--seed", "N", "what they are drawn by; else 1"},
	{NULL, NULL, NULL},
};

const struct command link_commands[] = {
	{"link", "REG", "find out which records are of the same person\n"
		"One run is one record and replaces the former; people's judgements always win.",
		1, 1, NULL, run_link},
	{"judge", "REG RECORD RECORD same|not-same|unsure", "say who is who; signed, in the log",
		4, 4, judge_options, run_judge},
	{"clusters", "REG", "list, row and person of every record, as CSV", 1, 1, clusters_options,
		run_clusters},
	{NULL, NULL, NULL, 0, 0, NULL, NULL},
};
