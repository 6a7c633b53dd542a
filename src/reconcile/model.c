/*
 * The Fellegi-Sunter model (JASA 64, 1969) on the histogram of patterns, as in
 * Enamorado, Fifield, Imai (APSR 113, 2019): the cost of a step depends on the number
 * of different patterns, not of pairs.
 *
 * All pairs that may match are the population.  Those that no pass found are taken
 * for different people, so that the prior is that of any pair.  u comes from pairs
 * spread evenly over everything, without those that are matches; m from the union of
 * complementary passes.  Pseudo-counts from the default model carry small lists.
 *
 * A third kind of pair stands between the two: kin who were held together.  They agree
 * as one person does on family, father, places and arrest, and as strangers do on the
 * rest.  Without them EM takes brothers for one person of two given names, and learns
 * from that to look for more.
 */
#include "reconcile/reconcile_int.h"

/* ---- Defaults ------------------------------------------------------------------ */

/* By level, level 0 unused.  m: error rates of the order that Febrl (Christen 2008)
 * and the demos of Splink and fastLink report for hand-kept lists, with the share of
 * "same sound" raised for lists in several scripts; u: what names and dates of a few
 * thousand people give.  Only pseudo-counts: data soon outweighs them. */
static const double default_m[MATCH_FIELDS][MATCH_LEVELS] = {
	[MATCH_F_GIVEN] = {0, .04, .05, .08, .28, .55},
	[MATCH_F_FAMILY] = {0, .04, .05, .08, .28, .55},
	[MATCH_F_FATHER] = {0, .05, .06, .09, .27, .53},
	[MATCH_F_ORDER] = {0, .03, .97},
	[MATCH_F_SEX] = {0, .02, .98},
	[MATCH_F_BIRTH] = {0, .03, .03, .04, .25, .03, .05, .57},
	[MATCH_F_ARREST] = {0, .10, .10, .15, .20, .45},
	[MATCH_F_RELEASE] = {0, .08, .25, .67},
	[MATCH_F_DEATH] = {0, .05, .25, .70},
	[MATCH_F_BIRTH_PLACE] = {0, .10, .04, .06, .14, .66},
	[MATCH_F_PLACE] = {0, .18, .06, .06, .16, .54},
	[MATCH_F_CODE] = {0, .01, .04, .95},
	[MATCH_F_EXTRA] = {0, .30, .20, .50}, [MATCH_F_EXTRA + 1] = {0, .30, .20, .50},
	[MATCH_F_EXTRA + 2] = {0, .30, .20, .50}, [MATCH_F_EXTRA + 3] = {0, .30, .20, .50},
};
static const double default_u[MATCH_FIELDS][MATCH_LEVELS] = {
	[MATCH_F_GIVEN] = {0, .895, .06, .02, .01, .015},
	[MATCH_F_FAMILY] = {0, .927, .05, .012, .006, .005},
	[MATCH_F_FATHER] = {0, .895, .06, .02, .01, .015},
	[MATCH_F_ORDER] = {0, 1, 1},     /* crossed readings are taken because they agree */
	[MATCH_F_SEX] = {0, .3, .7},
	[MATCH_F_BIRTH] = {0, .72, .17, .05, .045, .010, .004, .001},
	[MATCH_F_ARREST] = {0, .45, .35, .10, .08, .02},
	[MATCH_F_RELEASE] = {0, .85, .12, .03},
	[MATCH_F_DEATH] = {0, .85, .12, .03},
	[MATCH_F_BIRTH_PLACE] = {0, .79, .04, .02, .05, .10},
	[MATCH_F_PLACE] = {0, .79, .04, .02, .05, .10},
	[MATCH_F_CODE] = {0, .9997, .0002, .0001},
	[MATCH_F_EXTRA] = {0, .88, .06, .06}, [MATCH_F_EXTRA + 1] = {0, .88, .06, .06},
	[MATCH_F_EXTRA + 2] = {0, .88, .06, .06}, [MATCH_F_EXTRA + 3] = {0, .88, .06, .06},
};
enum {
	STRENGTH_M = 20,              /* matches that the default m counts for */
	STRENGTH_U = 100,             /* pairs that the default u counts for */
	KIN_STRENGTH = 1,
	STEPS_MAX = 200, ROUNDS = 4,
	SAMPLE = 400000,              /* pairs that u is learned from, when not all are */
	MATCHES_ENOUGH = 30,          /* below, the model says that defaults carry it */
};

struct match_model
match_model_default(void)
{
	struct match_model m = {.prior = 1e-3, .kin = 1e-4};

	memcpy(m.m, default_m, sizeof m.m);
	memcpy(m.u, default_u, sizeof m.u);
	return m;
}

/* ---- Expectation, maximisation ---------------------------------------------------- */

struct levels {
	double v[MATCH_FIELDS][MATCH_LEVELS];
};

static void
log_ratios(const struct match_model *m, struct levels *ret)
{
	for (unsigned f = 0; f < MATCH_FIELDS; f++)
		for (unsigned l = 0; l < MATCH_LEVELS; l++)
			ret->v[f][l] = l && m->m[f][l] > 0 && m->u[f][l] > 0
				? log(m->m[f][l] / m->u[f][l]) : 0;
}

/* log prod m/u of a pattern. */
static double
log_ratio(const struct levels *r, uint64_t pattern)
{
	double sum = 0;

	for (unsigned f = 0; f < MATCH_FIELDS; f++)
		sum += r->v[f][level_of(pattern, f) & (MATCH_LEVELS - 1)];
	return sum;
}

static double
log_u(const struct match_model *m, uint64_t pattern)
{
	double sum = 0;

	for (unsigned f = 0; f < MATCH_FIELDS; f++) {
		unsigned l = level_of(pattern, f) & (MATCH_LEVELS - 1);
		if (l)
			sum += log(m->u[f][l]);
	}
	return sum;
}

/* P(same person) from the log of prior odds times likelihood ratio. */
static double
logistic(double x)
{
	return x > 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x));
}

/* log(1 + exp(x)) without overflow. */
static double
log1pexp(double x)
{
	return x > 30 ? x : log1p(exp(x));
}

/* Sums over the histogram: expected matches by field and level, their number, and
 * the log likelihood penalised by the pseudo-counts (which are Dirichlet priors). */
struct expected {
	struct levels by_level;
	double matches, kin, log_likelihood;
};

/* What kin share: bits of enum match_field. */
static const uint32_t kin_share = 1u << MATCH_F_FAMILY | 1u << MATCH_F_FATHER
	| 1u << MATCH_F_ORDER | 1u << MATCH_F_ARREST | 1u << MATCH_F_BIRTH_PLACE
	| 1u << MATCH_F_PLACE;

static double
log_ratio_kin(const struct levels *r, uint64_t pattern)
{
	double sum = 0;

	for (unsigned f = 0; f < MATCH_FIELDS; f++)
		if (kin_share >> f & 1)
			sum += r->v[f][level_of(pattern, f) & (MATCH_LEVELS - 1)];
	return sum;
}

static void
expect(const struct histogram *h, double total, const struct match_model *m,
	struct expected *ret)
{
	struct levels ratio;
	double rest = log1p(-m->prior - m->kin), inside = 0;
	double odds = log(m->prior) - rest, odds_kin = log(m->kin) - rest;

	memset(ret, 0, sizeof *ret);
	log_ratios(m, &ratio);
	for (size_t i = 0; i < h->n; i++) {
		double x = odds + log_ratio(&ratio, h->pattern[i]), c = (double)h->count[i];
		double kin = odds_kin + log_ratio_kin(&ratio, h->pattern[i]);
		double other = log1pexp(kin);   /* kin or strangers, beside strangers */
		double p = logistic(x - other) * c, q = (c - p) * logistic(kin);
		for (unsigned f = 0; f < MATCH_FIELDS; f++)
			ret->by_level.v[f][level_of(h->pattern[i], f) & (MATCH_LEVELS - 1)]
				+= kin_share >> f & 1 ? p + q : p;
		ret->matches += p;
		ret->kin += q;
		ret->log_likelihood += c * (other + log1pexp(x - other) + rest
			+ log_u(m, h->pattern[i]));
		inside += c;
	}
	ret->log_likelihood += (total - inside) * rest + log(m->prior)
		+ KIN_STRENGTH * log(m->kin);
	for (unsigned f = 0; f < MATCH_FIELDS; f++)
		for (unsigned l = 1; l < MATCH_LEVELS; l++)
			if (default_m[f][l] > 0)
				ret->log_likelihood += STRENGTH_M * default_m[f][l] * log(m->m[f][l]);
}

static void
maximise(const struct expected *e, double total, struct match_model *m)
{
	for (unsigned f = 0; f < MATCH_FIELDS; f++) {
		double sum = 0;
		for (unsigned l = 1; l < MATCH_LEVELS; l++)
			sum += e->by_level.v[f][l] + STRENGTH_M * default_m[f][l];
		for (unsigned l = 1; l < MATCH_LEVELS; l++)
			m->m[f][l] = (e->by_level.v[f][l] + STRENGTH_M * default_m[f][l]) / sum;
	}
	m->prior = (e->matches + 1) / (total + 1 + KIN_STRENGTH);
	m->kin = (e->kin + KIN_STRENGTH) / (total + 1 + KIN_STRENGTH);
	if (m->prior > 0.5)
		m->prior = 0.5;
	if (m->kin > 0.25)
		m->kin = 0.25;
}

unsigned
em_run(const struct histogram *h, double total, struct match_model *m, double *trace,
	unsigned max_trace)
{
	struct expected e;
	double before = -INFINITY;
	unsigned step;

	for (step = 0; step < STEPS_MAX; step++) {
		expect(h, total, m, &e);
		if (step < max_trace)
			trace[step] = e.log_likelihood;
		m->log_likelihood = e.log_likelihood;
		if (e.log_likelihood - before < 1e-6 * (1 + fabs(before)) * 1e-3)
			break;
		before = e.log_likelihood;
		maximise(&e, total, m);
	}
	m->iterations += step;
	return step;
}

/* ---- u ------------------------------------------------------------------------------ */

/* Pairs spread evenly over all: every record meets some whose positions a hash chooses.
 * Positions depend on content only, so it is the same sample everywhere. */
static void
spread_pairs(const struct data *d, struct histogram *ret)
{
	size_t sample = d->n > SAMPLE / 2 ? SAMPLE / 2 : SAMPLE;
	size_t steps = sample / d->n, stride = d->n / sample + 1;
	struct patterns seen = {0};

	if (steps == 0)
		steps = 1;
	for (size_t k = 1; k <= steps && d->n > 1; k++)
		for (size_t i = 0; i < d->n; i += stride) {
			size_t j = (i + 1 + mix64(i, k) % (d->n - 1)) % d->n;
			if (data_may_match(d, &d->recs[i], &d->recs[j]))
				patterns_add(&seen, compare_recs(d, &d->recs[i], &d->recs[j]));
		}
	histogram_of(&seen, ret);
	patterns_finish(&seen);
}

/* The chance that two records agree on the value or the day: exact where the sample is
 * thin. */
static double
value_chance(const struct data *d, unsigned field, double matches_agreeing)
{
	double same = 0, n;
	enum text_slot s;
	unsigned w = field == MATCH_F_BIRTH ? W_BIRTH : W_EVENT + (field - MATCH_F_ARREST);

	if (field_is_text(field, &s)) {
		n = (double)d->filled[s];
		for (size_t v = 1; d->count[s] && v < d->n_values; v++)
			same += (double)d->count[s][v] * ((double)d->count[s][v] - 1) / 2;
	} else {
		n = (double)d->said[w];
		for (size_t v = 1; d->when_count[w] && v < d->n_whens; v++)
			if (d->whens[v].day)
				same += (double)d->when_count[w][v]
					* ((double)d->when_count[w][v] - 1) / 2;
	}
	same -= matches_agreeing;
	return n < 2 || same < 0 ? 0 : same / (n * (n - 1) / 2);
}

/* Whether the highest level of a field means one value or one day. */
static bool
top_is_exact(unsigned f)
{
	enum text_slot s;

	return field_is_text(f, &s) || (f >= MATCH_F_BIRTH && f <= MATCH_F_DEATH);
}

static void
learn_u(const struct data *d, const struct histogram *sample, bool everything, double scale,
	const struct expected *e, struct match_model *m)
{
	struct levels ratio, sum = {{{0}}};
	double odds = log(m->prior) - log1p(-m->prior);

	log_ratios(m, &ratio);
	for (size_t i = 0; i < sample->n; i++) {
		double p = logistic(odds + log_ratio(&ratio, sample->pattern[i]));
		for (unsigned f = 0; f < MATCH_FIELDS; f++)
			sum.v[f][level_of(sample->pattern[i], f) & (MATCH_LEVELS - 1)]
				+= (1 - p) * (double)sample->count[i];
	}
	for (unsigned f = 0; f < MATCH_FIELDS; f++) {
		unsigned top = match_field_levels(f) - 1;
		double all = 0;
		if (f == MATCH_F_ORDER)
			continue;
		for (unsigned l = 1; l < MATCH_LEVELS; l++)
			all += sum.v[f][l];
		if (!everything && top_is_exact(f)) {
			double exact = value_chance(d, f, e->by_level.v[f][top] * scale);
			if (sum.v[f][top] < 50 && exact * all > sum.v[f][top])
				sum.v[f][top] = exact * all;
		}
		all = 0;
		for (unsigned l = 1; l < MATCH_LEVELS; l++)
			all += sum.v[f][l] + STRENGTH_U * default_u[f][l];
		for (unsigned l = 1; l < MATCH_LEVELS; l++)
			m->u[f][l] = (sum.v[f][l] + STRENGTH_U * default_u[f][l]) / all;
	}
}

/* Two kinds of pairs can be told apart by what agrees together only from three fields on
 * in which strangers differ now and then (Allman, Matias and Rhodes, Annals of Statistics 37, 2009,
 * corollary 5): with fewer, one set of parameters fits as well as another, and EM takes any
 * agreement for a match.  Where everybody bears one name, names tell nothing. */
enum { FIELDS_TO_TELL = 3 };
static const double varies_from = 0.02;   /* of pairs: both say, and not the same */
static bool
can_tell(const struct histogram *spread)
{
	unsigned varying = 0;
	double pairs = 0;

	for (size_t i = 0; i < spread->n; i++)
		pairs += (double)spread->count[i];
	for (unsigned f = 0; f < MATCH_FIELDS; f++) {
		double differ = 0;
		for (size_t i = 0; i < spread->n; i++) {
			unsigned l = level_of(spread->pattern[i], f);
			if (l > 0 && l + 1 < match_field_levels(f))
				differ += (double)spread->count[i];
		}
		/* That a name's parts stand in order is no witness of its own. */
		varying += f != MATCH_F_ORDER && differ >= varies_from * pairs;
	}
	return varying >= FIELDS_TO_TELL;
}

/* Nothing can be learned but how often strangers agree.  One match to so many records is
 * expected: few lists hold fewer, and what the defaults cannot show is left apart. */
static const double matches_per_record = 0.1;
static double
model_by_default(const struct data *d, const struct histogram *h,
	const struct histogram *spread, double total, bool everything, struct match_model *m)
{
	struct expected e = {0};

	m->prior = fmin(0.1, matches_per_record * (double)d->n / d->all_pairs);
	m->kin = m->prior / 10;
	learn_u(d, spread, everything, 0, &e, m);
	expect(h, total, m, &e);
	return e.matches;
}

double
rounded(double x)
{
	int exponent;
	double m = frexp(x, &exponent);

	return ldexp(rint(ldexp(m, 30)), exponent - 30);
}

static void
round_model(struct match_model *m)
{
	for (unsigned f = 0; f < MATCH_FIELDS; f++)
		for (unsigned l = 0; l < MATCH_LEVELS; l++) {
			m->m[f][l] = rounded(m->m[f][l]);
			m->u[f][l] = rounded(m->u[f][l]);
		}
	m->prior = rounded(m->prior);
	m->kin = rounded(m->kin);
	m->log_likelihood = rounded(m->log_likelihood);
}

double
model_learn(const struct data *d, const struct sample *c, struct match_model *m)
{
	struct histogram h, spread;
	struct expected e = {0};
	double part = c->records * c->records * c->pairs;       /* of all pairs */
	double total = fmax(d->all_pairs * part, (double)c->n);

	*m = match_model_default();
	if (total < 1)
		return 0;
	histogram_of(&c->patterns, &h);
	if (c->everything)
		spread = h;
	else
		spread_pairs(d, &spread);
	m->patterns = h.n;
	m->pairs = c->n;
	m->prior = fmin(0.1, 0.3 * (double)d->n / d->all_pairs);
	m->kin = m->prior / 10;
	bool told = can_tell(&spread);
	if (!told)
		e.matches = model_by_default(d, &h, &spread, total, c->everything, m);
	for (unsigned round = 0; told && round < ROUNDS; round++) {
		learn_u(d, &spread, c->everything, 1 / part, &e, m);
		em_run(&h, total, m, NULL, 0);
		expect(&h, total, m, &e);
	}
	m->identified = told && e.matches >= MATCHES_ENOUGH;
	round_model(m);
	if (!c->everything)
		histogram_finish(&spread);
	histogram_finish(&h);
	return e.matches;
}
