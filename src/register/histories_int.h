/* Between the files that make capture histories: histories.c says what they are. */
#ifndef REGISTER_HISTORIES_INT_H
#define REGISTER_HISTORIES_INT_H

#include "register/view_int.h"

enum { CAPTURED = LEFT_WHYS, NOTHING };      /* what else a claim may be */

struct group { struct str name; bool asked, used; unsigned column; };
struct capture { size_t person; uint32_t group; };
struct historian {
	struct arena *a;
	struct view v;
	const struct reg_histories_ask *ask;
	struct reg_histories *out;   /* what was left out is counted there */
	VEC(struct group) groups;
	uint32_t *group_of;          /* by list, as in view.lists */
	bool *heard;                 /* by prison; NULL: none asked for */
	uint64_t *withdrawn;         /* positions of person records, ascending */
	size_t n_withdrawn, persons;
	uint64_t upto;               /* records before it were seen by the linker */
	VEC(struct capture) captures;
	const struct str *names;     /* of the columns, once they are settled */
	unsigned n_columns;
	/* Of the person at hand: */
	bool left[LEFT_WHYS], other, captured, stale, undated;
};

/* histories_hear.c: what the lists say of view.persons, by cluster: captures, persons and
 * what is left out. */
void histories_prepare(struct historian *h);
void histories_hear(struct historian *h);
/* Did the linker see one of these records? */
bool histories_seen(const struct historian *h, size_t from, size_t to);
/* histories.c: the captures as counts, in columns that are settled. */
enum status histories_count(struct historian *h, struct reckon_counts *ret, struct err *e) MUST;
/* histories_draw.c: ask.linkages of them into out->linkage. */
enum status histories_draw(struct historian *h, struct err *e) MUST;

#endif
