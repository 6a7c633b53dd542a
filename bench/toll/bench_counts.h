/* Published counts, as the toll's benchmarks read them. */
#ifndef TOLL_BENCH_COUNTS_H
#define TOLL_BENCH_COUNTS_H

#include "reckon/reckon.h"

/* One line per cell: 0 or 1 per list, then the count.  People on no list are left out. */
enum status bench_counts(struct arena *a, const char *path, struct reckon_counts *ret,
	struct err *e) MUST;

#endif
