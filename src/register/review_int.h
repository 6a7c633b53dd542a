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
/* By left, then right; of all pairs (pos NULL), or of those whose left record, as it
 * was written, is one of the n at pos. */
enum status index_judged(struct arena *a, struct reg *r, const uint64_t *pos, size_t n,
	struct judged **ret, size_t *ret_n, struct err *e) MUST;
/* How many officers must agree, 1 or 2: the newest `rules` record says so. */
enum status index_reviewers(struct reg *r, unsigned *ret, struct err *e) MUST;
/* The number of who signed in, as in struct statement; UINT32_MAX: no officer. */
enum status index_officer(struct arena *a, struct reg *r, uint32_t *ret, struct err *e) MUST;
const struct judged *judged_find(const struct judged *v, size_t n, uint64_t left,
	uint64_t right);                             /* NULL: nobody has said anything */

#endif
