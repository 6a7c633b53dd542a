/* Between the files of the matcher's benchmark. */
#ifndef MATCH_BENCH_INT_H
#define MATCH_BENCH_INT_H

#include "reconcile/reconcile.h"

enum status bench_read(struct arena *a, const char *path, struct table *ret,
	struct err *e) MUST;
int bench_names(struct arena *a, const struct table *t, const char *left, const char *right);
double bench_cpu_s(void);

#endif
