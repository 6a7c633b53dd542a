/*
 * Inside register: what people's judgements amount to, and the zones, order and
 * samples of review (docs/methods/match.md, "Review").
 */
#ifndef REGISTER_REVIEW_INT_H
#define REGISTER_REVIEW_INT_H

#include "register/register_int.h"
#include "reconcile/reconcile.h"

/* --- judgements: review_verdict.c ------------------------------------------------ */

enum says { SAYS_NOTHING, SAYS_SAME, SAYS_APART, SAYS_UNSURE };

/* An officer's newest word on a pair.  `officer` is the same number for all keys of
 * officers of one name: who comes back with a new key is not a second opinion. */
struct statement { uint64_t pos; uint32_t officer; enum says says; };
/* A pair of person records (left < right) with what everybody says of it, and what
 * holds: with one reviewer the newest word; with two what at least two officers say
 * and more than say the contrary.  pos: the newest judgement that it rests on. */
struct judged {
	uint64_t left, right, pos;
	enum says holds;
	const struct statement *said;
	size_t n;
};
/* By left, then right; of all pairs (pos NULL), or of those with a record that is one
 * of the n at pos. */
enum status index_judged(struct arena *a, struct reg *r, const uint64_t *pos, size_t n,
	struct judged **ret, size_t *ret_n, struct err *e) MUST;
/* How many officers must agree, 1 or 2: the newest `rules` record says so. */
enum status index_reviewers(struct reg *r, unsigned *ret, struct err *e) MUST;
/* The number of who signed in, as in struct statement; UINT32_MAX: no officer. */
enum status index_officer(struct arena *a, struct reg *r, uint32_t *ret, struct err *e) MUST;
const struct judged *judged_find(const struct judged *v, size_t n, uint64_t left,
	uint64_t right);                             /* NULL: nobody has said anything */

/* A run keeps the pairs at or above this probability; of others it says nothing. */
static const double run_keeps = 0.01;

/* --- the run's pairs: review_pairs.c ---------------------------------------------- */

/* A pair of which the run says something; left and right: indices of persons. */
struct edge { uint32_t left, right; float weight, probability; enum reg_zone zone; };
struct review {
	struct arena *a;
	struct reg *r;
	uint64_t *pos;               /* of person records, ascending */
	uint64_t *now, *then;        /* their persons now, and as the run joined them */
	uint64_t *list;              /* of one that declares itself free of duplicates; else
	                              * UINT64_MAX */
	size_t n;
	struct edge *edges;          /* by left, right */
	size_t n_edges;
	uint32_t *sure;              /* union-find over the sure edges */
	struct judged *judged;
	size_t n_judged;
	uint32_t me;
	struct reg_zones zones;
	size_t stratum[4];           /* sure, joined in doubt, parted in doubt, surely two */
};
/* BAD: there is no run. */
enum status review_load(struct arena *a, struct reg *r, struct review *ret, struct err *e) MUST;
bool review_index(const struct review *v, uint64_t pos, uint32_t *ret);
const struct edge *review_edge(const struct review *v, uint32_t left, uint32_t right);
uint32_t review_sure_root(const struct review *v, uint32_t i);
enum status review_run(struct reg *r, uint64_t *ret, struct err *e) MUST;   /* BAD: none */

/* --- what an answer would change: review_effect.c ----------------------------------- */

struct two { uint64_t left, right; };                /* left <= right */
struct two two_of(uint64_t x, uint64_t y);
int by_two(const void *x, const void *y);            /* for qsort */
struct effects;                                      /* lies in v->a, refers to v */
struct effects *effects_make(struct review *v);
/* Of edge number `at` of v, 0 to 1. */
double effect_of(struct effects *f, const struct edge *x, uint32_t at);

/* What is judged of p by now: state, mine. */
void review_state(const struct judged *v, size_t n, uint32_t me, struct reg_pair *p);
enum status review_ends(struct arena *a, struct reg *r, struct reg_pair *p, struct err *e) MUST;
enum status review_end(struct arena *a, struct reg *r, uint64_t pos, struct reg_pair_end *ret,
	struct err *e) MUST;

/* The limits of Wilson's interval for x of n, drawn without replacement from N;
 * 95 %.  n == N: no width. */
struct reg_share review_wilson(size_t x, size_t n, size_t of);
/* Sums of strata, weights w: x of n are right in each (review_estimate.c). */
struct stratum_count { size_t pairs, same, judged; };
void review_precision(const struct stratum_count s[4], struct reg_share *ret);
void review_recall(const struct stratum_count s[4], struct reg_share *ret);

#endif
