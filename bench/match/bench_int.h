/* Between the files of the matcher's benchmark. */
#ifndef MATCH_BENCH_INT_H
#define MATCH_BENCH_INT_H

#include "reconcile/reconcile.h"

int bench_names(struct arena *a, const struct table *t, const char *left, const char *right);
struct bench_set;
int bench_index(struct arena *a, const struct bench_set *set);
double bench_cpu_s(void);
double bench_peak_mib(void);

/* Which column feeds which field; NULL: none.  dates: "ymd" 19151111, "iso" with
 * whatever date_parse reads, or three columns year, month, day. */
struct bench_columns {
	const char *given, *family, *father, *whole, *sex, *birth, *birth_month, *birth_day;
	const char *arrest, *release, *death, *birth_place, *place, *code;
	const char *extra[MATCH_EXTRAS];
	const char *truth, *missing;
	bool ymd;
	char truth_until;             /* the truth ends at the n-th of this: 0 none */
};
struct bench_set {
	struct match_person *persons;
	uint32_t *truth;
	size_t n, lists;
};
/* Adds a file as one more list. */
enum status bench_load(struct arena *a, const char *path, const struct bench_columns *c,
	struct bench_set *set, struct err *e) MUST;
int bench_run(const char *name, const struct bench_set *set, bool lists_unique,
	bool verbose);

#endif
