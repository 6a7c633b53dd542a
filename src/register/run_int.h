/* Inside register: a run of the linker as it stands in the record and in the index,
 * and records as the matcher reads them. */
#ifndef REGISTER_RUN_INT_H
#define REGISTER_RUN_INT_H

#include "register/register_int.h"
#include "reconcile/reconcile.h"

/* Slot `clusters` (docs/formats.md, "Linker runs"): who is who, the pairs that make
 * it so, and the model.  It stays when the blob of all pairs goes, so that persons'
 * history can be told again from the log.  pos: per record; keep: per pair.  False:
 * too large for a slot, nothing was put. */
bool run_encode(struct arena *a, const uint64_t *pos, size_t n, const struct match_result *m,
	const bool *keep, struct buf *ret);

/* For derive.c: tables assigned, link and run_model are the newest run's. */
enum status run_put(struct arena *a, struct reg *r, const struct now *w, struct err *e) MUST;
enum status run_drop(struct reg *r, uint64_t pos, struct err *e) MUST;

/* What the newest run learned.  NO: there is none that says. */
enum status run_model(struct reg *r, struct match_model *ret, struct err *e) MUST;

/* --- records as the matcher reads them ------------------------------------------------ */

/* Of a person's slots, then of each of its events'.  Strings point into the slots. */
void match_of_slots(const struct bytes slot[SLOTS], struct match_person *ret);
void match_add_event(const struct bytes slot[SLOTS], struct match_person *p);
/* Of a record with its events; the arena holds what the matcher reads, no more. */
enum status match_of_record(struct arena *a, struct reg *r, uint64_t pos,
	struct match_person *ret, struct err *e) MUST;

#endif
