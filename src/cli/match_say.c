/* What `habeas match` says of a run: to people in their language, to programs in JSON. */
#include <math.h>
#include "cli/match_int.h"

static double
f1(double p, double r)
{
	return !isfinite(p) || !isfinite(r) ? NAN : p + r > 0 ? 2 * p * r / (p + r) : 0;
}

/* Pairs at or above the pair threshold against the truth, and what the clusters imply. */
struct measured {
	struct match_score clusters;
	double precision, recall;     /* of single pairs */
};

static struct measured
measure(const struct matching *m, const struct match_result *r)
{
	struct measured t = {.clusters = match_score_truth(r->cluster, m->truth.v, m->n)};
	size_t found = 0, right = 0;

	for (size_t i = 0; i < r->n_pairs; i++) {
		const struct match_edge *p = &r->pairs[i];
		if ((double)p->weight < r->model.pair_threshold)
			continue;
		found++;
		right += m->truth.v[p->left] == m->truth.v[p->right];
	}
	t.precision = found ? (double)right / (double)found : 1;
	t.recall = t.clusters.true_pairs ? (double)right / (double)t.clusters.true_pairs : 1;
	return t;
}

static size_t
doubtful(const struct match_result *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_pairs; i++)
		n += r->pairs[i].probability > 0.05f && r->pairs[i].probability < 0.95f;
	return n;
}

/* Of a field: its mean weight in bits in pairs that are rather one person, and how
 * many of those pairs it speaks in. */
struct carried {
	double bits, speaks;
};

static struct carried
carries(const struct match_result *r, unsigned f)
{
	double sum = 0;
	size_t n = 0, all = 0;

	for (size_t i = 0; i < r->n_pairs; i++) {
		unsigned l = r->pairs[i].level[f];
		if (r->pairs[i].probability < 0.5f)
			continue;
		all++;
		if (!l)
			continue;
		n++;
		sum += log2(r->model.m[f][l] / r->model.u[f][l]);
	}
	return (struct carried){n ? sum / (double)n : 0, all ? (double)n / (double)all : 0};
}

/* ---- Numbers as readers write them ------------------------------------------------- */

static struct str
whole(const struct matching *m, size_t n)
{
	return text_number(m->a, (int64_t)n, m->x->lang);
}

/* Signs as in CLDR. */
static struct str
real(const struct matching *m, double v, int decimals, bool sign)
{
	enum lang l = m->x->lang;
	struct str s = str_fmt(m->a, sign ? "%+.*f" : "%.*f", decimals, v), n = str_cut(&s, '.');
	const char *point = l == LANG_EN ? "." : l == LANG_AZ ? "," : "٫";

	if (!isfinite(v))
		return S("-");
	if (s.p)
		n = str_fmt(m->a, STR_FMT "%s" STR_FMT, STR_ARG(n), point, STR_ARG(s));
	return text_localise_digits(m->a, n, l);
}

static struct str
percent(const struct matching *m, double share, int decimals)
{
	return str_fmt(m->a, STR_FMT "%s", STR_ARG(real(m, 100 * share, decimals, false)),
		lang_rtl(m->x->lang) ? "٪" : " %");
}

/* ---- For people ------------------------------------------------------------------------ */

static void
say_line(const struct matching *m, const char *sentence, const struct str *v, size_t n)
{
	say_str(fill(m->a, tr(m->x->lang, sentence), v, n));
	say("\n");
}

static struct str
label(struct matching *m, unsigned f)
{
	return f >= MATCH_F_EXTRA ? match_field_label(m, f)
		: str_of(tr(m->x->lang, match_field_name(f)));
}

static void
say_fields(struct matching *m, const struct match_result *r)
{
	enum lang l = m->x->lang;
	struct text_table t = {.a = m->a};
	struct str head[3] = {str_of(tr(l, "field")), str_of(tr(l, "weight, bits")),
		str_of(tr(l, "said in both"))};
	bool any = false;

	table_row(&t, head, 3);
	for (unsigned f = 0; f < MATCH_FIELDS; f++) {
		struct carried c = carries(r, f);
		if (!match_field_used(r, f) || f == MATCH_F_ORDER || c.speaks <= 0)
			continue;
		struct str cells[3] = {label(m, f), real(m, c.bits, 1, true),
			percent(m, c.speaks, 0)};
		table_row(&t, cells, 3);
		any = true;
	}
	if (!any)
		return;
	say("\n%s\n", tr(l, "What carried it (mean over the pairs that are probably one person):"));
	table_print(&t);
}

static void
say_advice(struct matching *m, const struct match_result *r)
{
	static const enum match_field wanted[] = {MATCH_F_BIRTH, MATCH_F_FATHER,
		MATCH_F_BIRTH_PLACE, MATCH_F_ARREST};
	enum lang l = m->x->lang;
	size_t n = doubtful(r), said = 0;

	say("\n%s\n", tr(l, "What would help:"));
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		bool used = match_field_used(r, wanted[i]);
		if (used && (r->n_pairs == 0 || carries(r, wanted[i]).speaks >= 0.7))
			continue;
		said++;
		say("  ");
		say_line(m, used ? N_("%s: often missing; collect it where it can be had")
			: N_("%s: no list has it"), (struct str[]){label(m, wanted[i])}, 1);
	}
	if (n) {
		say("  ");
		say_line(m, N_("a person's look at the pairs in doubt in pairs.csv: %s"),
			(struct str[]){whole(m, n)}, 1);
		said++;
	}
	if (!said)
		say("  %s\n", tr(l, "nothing that the lists could say"));
}

static void
say_score(struct matching *m, const char *of, double p, double r, double f)
{
	say("  ");
	say_line(m, N_("%s: precision %s, recall %s, F1 %s"), (struct str[]){
		str_of(tr(m->x->lang, of)), real(m, p, 4, false), real(m, r, 4, false),
		real(m, f, 4, false)}, 4);
}

static void
say_truth(struct matching *m, const struct measured *t)
{
	const struct match_score *s = &t->clusters;

	say("\n%s\n", tr(m->x->lang, "Against the truth:"));
	say_score(m, N_("pairs"), t->precision, t->recall, f1(t->precision, t->recall));
	say_score(m, N_("pairs that the persons imply"), s->precision, s->recall, s->f1);
	say_score(m, N_("whole persons"), s->exact_precision, s->exact_recall, s->exact_f1);
}

/* The least and the most persons that a linkage has. */
static struct range { uint64_t least, most; }
persons_range(const struct match_linkages *l)
{
	struct range r = {UINT64_MAX, 0};

	for (size_t i = 0; i < l->n; i++) {
		uint64_t n = l->drawn[i].persons;
		r.least = n < r.least ? n : r.least;
		r.most = n > r.most ? n : r.most;
	}
	return r;
}

static void
say_linkages(struct matching *m)
{
	struct range r = persons_range(&m->linkages);

	say("\n");
	say_line(m, N_("Drawn: %s linkages as likely as this one have %s to %s persons; questions in "
		"doubt: %s."), (struct str[]){whole(m, m->linkages.n), whole(m, r.least),
		whole(m, r.most), whole(m, m->linkages.n_questions)}, 4);
	say_line(m, N_("Written: %s"), (struct str[]){S("histories.csv")}, 1);
}

/* reconcile's remarks. */
static const char *const notes[] = {
	N_("too few people on more than one list to learn from: published error rates were used; "
		"look at the pairs yourself"),
	N_("most records have no name: only pairs sharing other fields were seen"),
};

const char *
match_note_in(enum lang l, const char *note)
{
	for (size_t i = 0; i < sizeof notes / sizeof *notes; i++)
		if (strcmp(notes[i], note) == 0)
			return tr(l, notes[i]);
	return note;
}

static void
say_estimate(struct matching *m, const struct match_result *r)
{
	if (!isfinite(r->precision)) {
		say("%s\n", tr(m->x->lang, "Nothing was linked, so there is nothing to estimate."));
		return;
	}
	say_line(m, N_("The model believes: %s of the links are right; of all true ones it found %s."),
		(struct str[]){percent(m, r->precision, 1), percent(m, r->recall, 1)}, 2);
}

static void
say_report(struct matching *m, const struct match_result *r, const char *dir)
{
	enum lang l = m->x->lang;

	if (m->n_files == 1)
		say_line(m, N_("%s records in one file are %s persons."), (struct str[]){
			whole(m, m->n), whole(m, r->n_clusters)}, 2);
	else
		say_line(m, N_("%s records in %s files are %s persons."), (struct str[]){
			whole(m, m->n), whole(m, m->n_files), whole(m, r->n_clusters)}, 3);
	say_line(m, N_("Pairs worth a look: %s; in doubt (probability %s to %s): %s; compared: %s."),
		(struct str[]){whole(m, r->n_pairs), percent(m, 0.05, 0), percent(m, 0.95, 0),
		whole(m, doubtful(r)), whole(m, r->compared)}, 5);
	say_estimate(m, r);
	if (r->note)
		say("%s %s.\n", tr(l, "Mind:"), match_note_in(l, r->note));
	say_fields(m, r);
	say_advice(m, r);
	if (m->truth.n) {
		struct measured t = measure(m, r);
		say_truth(m, &t);
	}
	say("\n");
	say_line(m, N_("Written: pairs.csv, clusters.csv, model.json in %s"),
		(struct str[]){str_of(dir)}, 1);
	if (m->linkages.n)
		say_linkages(m);
}

/* ---- For programs ------------------------------------------------------------------------ */

static void
json_measure(struct json *j, const char *key, double p, double r, double f)
{
	json_key(j, key);
	json_object(j);
	json_key(j, "precision");
	json_real(j, p);
	json_key(j, "recall");
	json_real(j, r);
	json_key(j, "f1");
	json_real(j, f);
	json_object_end(j);
}

static void
json_linkages(const struct matching *m, struct json *j)
{
	struct range r = persons_range(&m->linkages);

	json_key(j, "linkages");
	json_object(j);
	json_field_int(j, "drawn", (int64_t)m->linkages.n);
	json_field_text(j, "seed", str_fmt(m->a, "%llu", (unsigned long long)m->seed));
	json_field_int(j, "questions", (int64_t)m->linkages.n_questions);
	json_field_int(j, "persons_least", (int64_t)r.least);
	json_field_int(j, "persons_most", (int64_t)r.most);
	json_object_end(j);
}

/* docs/methods/match.md lists the keys. */
static void
report_json(struct matching *m, const struct match_result *r)
{
	struct buf b;
	struct json j;

	buf_init(&b, 1 << 20);
	j = json_to(&b);
	json_object(&j);
	json_field_int(&j, "records", (int64_t)m->n);
	json_field_int(&j, "files", (int64_t)m->n_files);
	json_field_int(&j, "persons", (int64_t)r->n_clusters);
	json_field_int(&j, "pairs", (int64_t)r->n_pairs);
	json_field_int(&j, "doubtful", (int64_t)doubtful(r));
	json_field_int(&j, "compared", (int64_t)r->compared);
	json_field_int(&j, "warnings", (int64_t)m->warnings);
	json_field_bool(&j, "identified", r->model.identified);
	if (m->linkages.n)
		json_linkages(m, &j);
	json_measure(&j, "estimated", r->precision, r->recall, f1(r->precision, r->recall));
	if (m->truth.n) {
		struct measured t = measure(m, r);
		const struct match_score *s = &t.clusters;
		json_measure(&j, "truth_pairs", t.precision, t.recall, f1(t.precision, t.recall));
		json_measure(&j, "truth_cluster_pairs", s->precision, s->recall, s->f1);
		json_measure(&j, "truth_whole_clusters", s->exact_precision, s->exact_recall,
			s->exact_f1);
	}
	json_object_end(&j);
	buf_byte(&b, '\n');
	fwrite(b.p, 1, b.n, stdout);
	buf_finish(&b);
}

void
match_report(struct matching *m, const struct match_result *r, const char *dir)
{
	if (m->x->json)
		report_json(m, r);
	else
		say_report(m, r, dir);
}
