/* The queue of review as a table, CSV and JSON, and what samples tell. */
#include "cli/review_int.h"
#include <math.h>

static const char *const states[] = {
	[PAIR_OPEN] = N_("open"), [PAIR_AWAITS] = N_("awaits a second reviewer"),
	[PAIR_DISPUTED] = N_("reviewers disagree"), [PAIR_SETTLED] = N_("settled"),
};
static const char *const state_codes[] = {
	[PAIR_OPEN] = "open", [PAIR_AWAITS] = "awaits", [PAIR_DISPUTED] = "disputed",
	[PAIR_SETTLED] = "settled",
};

static void
print_zones(struct args *x, const struct reg_zones *z)
{
	enum lang l = x->lang;

	say(tr(l, "surely one person: %zu pairs (from %.1f %% on; %.2f %% of them expected wrong)\n"),
		z->pairs[ZONE_SURE], 100 * z->sure_from, 100 * z->wrong);
	say(tr(l, "in doubt: %zu pairs\n"), z->pairs[ZONE_GREY]);
	say(tr(l, "surely two: %zu pairs (up to %.1f %%; %.2f %% of all matches expected there)\n"),
		z->pairs[ZONE_NOT], 100 * z->not_below, 100 * z->missed);
	if (z->newer)
		say(tr(l, "%zu records came after the run; `habeas link` takes them in\n"), z->newer);
	if (z->reviewers > 1)
		say("%s\n", tr(l, "A judgement counts when two officers agree."));
}

static void
list_table(struct args *x, const struct reg_zones *z, const struct reg_pair *v, size_t n,
	size_t of)
{
	struct text_table t = {.a = x->a};
	enum lang l = x->lang;

	table_row(&t, (struct str[]){str_of(tr(l, "effect")), S("p %"), str_of(tr(l, "bits")),
		S("A"), S(""), S("B"), S(""), str_of(tr(l, "state"))}, 8);
	for (size_t i = 0; i < n; i++) {
		const struct reg_pair *p = &v[i];
		table_row(&t, (struct str[]){str_fmt(x->a, "%.2f", p->effect),
			isnan(p->probability) ? S("") : str_fmt(x->a, "%.1f", 100 * p->probability),
			isnan(p->weight) ? S("") : str_fmt(x->a, "%.1f", p->weight),
			p->end[0].person, p->end[0].name, p->end[1].person, p->end[1].name,
			str_of(tr(l, states[p->state]))}, 8);
	}
	if (n)
		table_print(&t);
	say(tr(l, "%zu of %zu pairs\n"), n, of);
	print_zones(x, z);
}

static struct str
number(struct arena *a, double v, const char *fmt)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	return isnan(v) ? S("") : str_fmt(a, fmt, v);
#pragma GCC diagnostic pop
}

static void
list_csv(struct args *x, const struct reg_pair *v, size_t n)
{
	static const struct str head[] = {{"effect", 6}, {"probability", 11}, {"weight", 6},
		{"zone", 4}, {"joined", 6}, {"state", 5}, {"mine", 4}, {"left", 4},
		{"left person", 11}, {"left name", 9}, {"left list", 9}, {"right", 5},
		{"right person", 12}, {"right name", 10}, {"right list", 10}};
	struct buf b;

	buf_init(&b, (size_t)1 << 30);
	csv_write_row(&b, head, sizeof head / sizeof *head, ',');
	for (size_t i = 0; i < n; i++) {
		const struct reg_pair *p = &v[i];
		const struct str cells[] = {number(x->a, p->effect, "%.4f"),
			number(x->a, p->probability, "%.6f"), number(x->a, p->weight, "%.3f"),
			str_of(reg_zone_name(p->zone)), str_of(p->joined ? "yes" : "no"),
			str_of(state_codes[p->state]), str_of(p->mine),
			p->end[0].id, p->end[0].person, p->end[0].name, p->end[0].list,
			p->end[1].id, p->end[1].person, p->end[1].name, p->end[1].list};
		csv_write_row(&b, cells, sizeof cells / sizeof *cells, ',');
	}
	fwrite(b.p, 1, b.n, stdout);
	buf_finish(&b);
}

static void
real(struct json *j, const char *key, double v)
{
	json_key(j, key);
	json_real(j, v);
}

static void
end_json(struct json *j, const char *key, const struct reg_pair_end *end)
{
	json_key(j, key);
	json_object(j);
	json_field_text(j, "record", end->id);
	json_field_text(j, "person", end->person);
	json_field_text(j, "name", end->name);
	json_field_text(j, "list", end->list);
	json_object_end(j);
}

static void
zones_json(struct json *j, const struct reg_zones *z)
{
	json_key(j, "zones");
	json_object(j);
	for (enum reg_zone k = 0; k < ZONES; k++)
		json_field_int(j, reg_zone_name(k), (int64_t)z->pairs[k]);
	real(j, "sure_from", z->sure_from);
	real(j, "not_below", z->not_below);
	real(j, "expected_wrong", z->wrong);
	real(j, "expected_missed", z->missed);
	json_object_end(j);
	json_field_int(j, "reviewers", z->reviewers);
	json_field_int(j, "newer_records", (int64_t)z->newer);
}

static void
list_json(const struct reg_zones *z, const struct reg_pair *v, size_t n, size_t of)
{
	struct buf b;
	struct json j;

	buf_init(&b, (size_t)1 << 30);
	j = json_to(&b);
	json_object(&j);
	zones_json(&j, z);
	json_field_int(&j, "of", (int64_t)of);
	json_key(&j, "pairs");
	json_array(&j);
	for (size_t i = 0; i < n; i++) {
		const struct reg_pair *p = &v[i];
		json_object(&j);
		real(&j, "effect", p->effect);
		real(&j, "probability", p->probability);
		real(&j, "weight", p->weight);
		json_field_text(&j, "zone", str_of(reg_zone_name(p->zone)));
		json_field_bool(&j, "joined", p->joined);
		json_field_text(&j, "state", str_of(state_codes[p->state]));
		json_field_text(&j, "mine", p->mine[0] ? str_of(p->mine) : STR_NONE);
		end_json(&j, "left", &p->end[0]);
		end_json(&j, "right", &p->end[1]);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	buf_byte(&b, '\n');
	fwrite(b.p, 1, b.n, stdout);
	buf_finish(&b);
}

enum status
review_list(struct args *x, struct reg *r, const struct reg_review_want *w, struct err *e)
{
	struct reg_review_want named = *w;
	struct reg_zones z;
	struct reg_pair *v;
	size_t n, of;
	enum status st;

	named.ends = true;
	if ((st = reg_review_queue(x->a, r, &named, &z, &v, &n, &of, e)) != OK)
		return st;
	if (x->json)
		list_json(&z, v, n, of);
	else if (opt(x, "--csv"))
		list_csv(x, v, n);
	else
		list_table(x, &z, v, n, of);
	return OK;
}

/* --- estimates -------------------------------------------------------------------- */

static const char *const strata[4] = {
	N_("surely one person"), N_("in doubt, joined"), N_("in doubt, parted"), N_("surely two"),
};
static const char *const strata_codes[4] = {"sure", "grey joined", "grey parted", "not"};
/* As register's review_estimate.c says them. */
static const char *const reasons[] = {
	N_("fewer than ten pairs of a kind were judged; draw more"), N_("the run joined no pair"),
	N_("no pair of the sample is the same person"), N_("nothing judged"),
};

static const char *
reason(enum lang l, const char *why)
{
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (strcmp(why, reasons[i]) == 0)
			return tr(l, reasons[i]);
	return why;
}

static void
share_json(struct json *j, const char *key, const struct reg_share *s)
{
	json_key(j, key);
	json_object(j);
	real(j, "estimate", s->withheld ? NAN : s->estimate);
	real(j, "low", s->withheld ? NAN : s->low);
	real(j, "high", s->withheld ? NAN : s->high);
	json_field_text(j, "withheld", str_of(s->withheld));
	json_object_end(j);
}

static void
estimate_json(const struct reg_estimate *x)
{
	struct buf b;
	struct json j;

	buf_init(&b, 1 << 20);
	j = json_to(&b);
	json_object(&j);
	json_field_text(&j, "sample", x->id);
	json_field_text(&j, "seed", x->seed);
	json_field_bool(&j, "older_run", x->older);
	json_key(&j, "strata");
	json_array(&j);
	for (size_t h = 0; h < 4; h++) {
		json_object(&j);
		json_field_text(&j, "stratum", str_of(strata_codes[h]));
		json_field_int(&j, "pairs", (int64_t)x->stratum[h].pairs);
		json_field_int(&j, "drawn", (int64_t)x->stratum[h].drawn);
		json_field_int(&j, "same", (int64_t)x->stratum[h].same);
		json_field_int(&j, "not_same", (int64_t)x->stratum[h].apart);
		json_field_int(&j, "unsure", (int64_t)x->stratum[h].unsure);
		share_json(&j, "share_same", &x->stratum[h].same_share);
		json_object_end(&j);
	}
	json_array_end(&j);
	share_json(&j, "precision", &x->precision);
	share_json(&j, "recall", &x->recall);
	json_object_end(&j);
	buf_byte(&b, '\n');
	fwrite(b.p, 1, b.n, stdout);
	buf_finish(&b);
}

static void
print_share(enum lang l, const char *name, const struct reg_share *s, const double range[2])
{
	if (s->withheld) {
		say(tr(l, "%s: withheld: %s\n"), name, reason(l, s->withheld));
		return;
	}
	say(tr(l, "%s: %.1f %% (95 %% interval %.1f to %.1f %%)\n"), name, 100 * s->estimate,
		100 * s->low, 100 * s->high);
	if (range[1] - range[0] > 0.0005 || range[0] - range[1] > 0.0005)
		say(tr(l, "  %.1f %% if all unsure ones are two people, %.1f %% if all are one\n"),
			100 * range[0], 100 * range[1]);
}

enum status
review_estimate(struct args *x, struct reg *r, struct err *e)
{
	struct text_table t = {.a = x->a};
	struct reg_estimate s;
	enum lang l = x->lang;
	enum status st = reg_review_estimate(x->a, r, &s, e);

	if (st)
		return st;
	if (x->json) {
		estimate_json(&s);
		return OK;
	}
	say(tr(l, "Sample %.*s, seed %.*s%s\n"), STR_ARG(s.id), STR_ARG(s.seed),
		s.older ? tr(l, "; of a run that another has replaced since") : "");
	table_row(&t, (struct str[]){S(""), str_of(tr(l, "pairs")), str_of(tr(l, "drawn")),
		str_of(tr(l, "same")), str_of(tr(l, "not the same")), str_of(tr(l, "unsure")),
		str_of(tr(l, "share the same, 95 %"))}, 7);
	for (size_t h = 0; h < 4; h++) {
		const struct reg_share *p = &s.stratum[h].same_share;
		table_row(&t, (struct str[]){str_of(tr(l, strata[h])),
			str_fmt(x->a, "%zu", s.stratum[h].pairs), str_fmt(x->a, "%zu", s.stratum[h].drawn),
			str_fmt(x->a, "%zu", s.stratum[h].same),
			str_fmt(x->a, "%zu", s.stratum[h].apart),
			str_fmt(x->a, "%zu", s.stratum[h].unsure),
			p->withheld ? S("—") : str_fmt(x->a, "%.1f (%.1f–%.1f) %%", 100 * p->estimate,
			100 * p->low, 100 * p->high)}, 7);
	}
	table_print(&t);
	print_share(l, tr(l, "precision of the run's links"), &s.precision, s.precision_if);
	print_share(l, tr(l, "recall among the pairs the run kept"), &s.recall, s.recall_if);
	say("%s\n%s\n%s\n", tr(l, "Of the run's links as it made them; what people corrected since is "
		"not in it."), tr(l, "The sample cannot see pairs that the run never compared, or thought "
		"less than 1 % probable:"), tr(l, "true recall is lower by an amount that nobody has "
		"measured."));
	return OK;
}
