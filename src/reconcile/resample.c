/*
 * Linkages as likely as the one found.
 *
 * What the linker joins at a probability of 99 % and more are cores, the same in every
 * linkage: average linkage from the heaviest pair down is the same run up to there,
 * whatever its threshold.  Between cores questions remain: are these two one person?
 * Each linkage answers them one after another, with the probability that the linker's own
 * joint weight gives, knowing what it has answered already: two that were joined weigh
 * together, two that were parted stay so.  So every linkage is a partition by
 * construction, and its probability the product of its answers' (chain rule).
 *
 * Drawing each pair by itself would not be transitive (Sadinle 2014, Annals of Applied
 * Statistics 8:2404, section 1); adding noise to the weights and linking from the
 * heaviest down would favour joining, since of many noises the largest comes first.  The
 * order of the questions must not decide either: it is drawn too, odds first (Plackett
 * and Luce, by Gumbel's trick), so that of two namesakes who compete for one record each
 * gets it about as often as the odds say.
 *
 * What the model gives are marginal probabilities; see rule_out() in resample_draw.c for what that means
 * where a record can be only one of several.
 *
 * Random numbers are hashes of (seed, linkage, contents of the two cores, purpose):
 * SplitMix64's finaliser (Steele, Lea & Flood 2014, OOPSLA).  No state, no order.
 */
#include "reconcile/resample_int.h"

/* ---- Counting ---------------------------------------------------------------------- */

void
tally_add(struct tally *t, uint64_t on, uint64_t count)
{
	size_t at;

	if (t->n * 2 >= t->size) {
		struct tally more = {.size = t->size ? t->size * 2 : 64};
		more.v = mem_alloc(more.size, sizeof *more.v);
		for (size_t i = 0; i < t->size; i++)
			if (t->v[i].on)
				tally_add(&more, t->v[i].on, t->v[i].count);
		mem_free(t->v);
		*t = more;
	}
	for (at = mix64(on, 3) & (t->size - 1); t->v[at].on && t->v[at].on != on;)
		at = (at + 1) & (t->size - 1);
	t->n += !t->v[at].on;
	t->v[at].on = on;
	t->v[at].count += count;
}

static int
by_on(const void *x, const void *y)
{
	const struct match_history *a = x, *b = y;

	return (a->on > b->on) - (a->on < b->on);
}

struct match_linkage
tally_linkage(const struct tally *t, struct arena *a)
{
	struct match_linkage l = {.histories = NEWS(a, struct match_history, t->n ? t->n : 1)};

	for (size_t i = 0; i < t->size; i++)
		if (t->v[i].on) {
			l.histories[l.n++] = t->v[i];
			l.persons += t->v[i].count;
		}
	if (l.n)
		qsort(l.histories, l.n, sizeof *l.histories, by_on);
	return l;
}

static struct match_linkage
point_linkage(const struct resampler *s, const struct match_result *of, struct arena *a)
{
	uint64_t *on = mem_alloc(s->d->n, sizeof *on);
	struct tally t = {0};
	struct match_linkage l;

	for (size_t i = 0; i < s->d->n; i++)
		on[of->cluster[s->d->recs[i].input]] |= (uint64_t)1 << s->d->recs[i].list;
	for (size_t i = 0; i < s->d->n; i++)
		if (on[i])
			tally_add(&t, on[i], 1);
	l = tally_linkage(&t, a);
	mem_free(on);
	mem_free(t.v);
	return l;
}

/* ---- All ---------------------------------------------------------------------------- */

static enum status
check(const struct match_input *in, const struct match_resample_options *o, double doubt,
	struct err *e)
{
	invariant(in->table && in->table->settled);
	if (in->n_lists > MATCH_HISTORY_LISTS)
		return err_set(e, BAD, "match: %zu lists; at most %d have histories", in->n_lists,
			MATCH_HISTORY_LISTS);
	if (o->n > MATCH_LINKAGES_MAX)
		return err_set(e, BAD, "match: %u linkages; at most %d would be right", o->n,
			MATCH_LINKAGES_MAX);
	if (!(doubt > 0 && doubt < 0.5))
		return err_set(e, BAD, "match: %g as bound of doubt; more than 0 and less than 0.5 "
			"would be right", doubt);
	return OK;
}

static void
finish(struct resampler *s)
{
	mem_free(s->foes);
	mem_free(s->core_of);
	mem_free(s->from);
	mem_free(s->members);
	mem_free(s->key);
	mem_free(s->q);
	mem_free(s->nodes);
	mem_free(s->node_of);
	mem_free(s->base.v);
	mem_free(s->now.v);
	mem_free(s->in);
	mem_free(s->parted);
	mem_free(s->order);
	weights_finish(&s->w);
}

enum status
match_resample(struct arena *a, const struct match_input *in, const struct match_result *of,
	const struct match_resample_options *o, struct match_linkages *ret, struct err *e)
{
	double doubt = o->doubt > 0 || o->doubt < 0 ? o->doubt : 0.01;
	struct match_linkages out = {.n = o->n ? o->n : 50};
	struct resampler s = {0};
	enum status st = check(in, o, doubt, e);

	if (st != OK)
		return st;
	s.d = &in->table->d;
	s.surely = weight_of_probability(1 - doubt);
	s.surely_not = weight_of_probability(doubt);
	weights_of(s.d, &of->model, &s.w);
	if ((st = resample_prepare(&s, in, of, e)) == OK) {
		uint32_t *cluster = o->each ? mem_alloc(s.d->n, sizeof *cluster) : NULL;
		out.n_groups = s.n_nodes;
		out.n_questions = s.n_q;
		out.point = point_linkage(&s, of, a);
		out.drawn = NEWS(a, struct match_linkage, out.n);
		for (size_t r = 0; r < out.n; r++) {
			if (o->progress)
				o->progress("drawing linkages", r, out.n);
			out.drawn[r] = resample_draw(&s, mix64(mix64(o->seed, 17), r), a);
			if (o->each) {
				resample_clusters(&s, cluster);
				o->each(o->context, r, cluster);
			}
		}
		mem_free(cluster);
		*ret = out;
	}
	finish(&s);
	return st;
}
