/* One record against many: every fiftieth record of the lists is new to the others. */
#include <stdio.h>
#include <time.h>
#include "bench_int.h"

enum { EACH = 50, QUERIES = 20000 };

static int
by_time(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;

	return (a > b) - (a < b);
}

static double
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void
say_times(const char *what, double *us, size_t n)
{
	double sum = 0;

	qsort(us, n, sizeof *us, by_time);
	for (size_t i = 0; i < n; i++)
		sum += us[i];
	printf("  %s: %zu times, mean %.0f us, median %.0f, p99 %.0f, longest %.0f\n", what, n,
		sum / (double)n, us[n / 2], us[n * 99 / 100], us[n - 1]);
}

/* How often the best hit is the same person, of those who are on the lists at all. */
static void
ask(struct match_index *x, const struct bench_set *set, const uint32_t *row_of, size_t rows)
{
	double *us = mem_alloc(QUERIES, sizeof *us);
	size_t n = 0, listed = 0, right = 0, wrong = 0;
	bool *known;
	uint32_t most = 0;

	for (size_t i = 0; i < set->n; i++)
		most = set->truth[i] > most ? set->truth[i] : most;
	known = mem_alloc((size_t)most + 1, sizeof *known);
	for (size_t i = 0; i < rows; i++)
		known[set->truth[row_of[i]]] = true;
	for (size_t i = 0; i < set->n && n < QUERIES; i += EACH) {
		struct match_hit hits[5];
		double from = now_us();
		size_t k = match_index_find(x, &set->persons[i], 0.5, hits, 5);
		us[n++] = now_us() - from;
		bool same = k && set->truth[row_of[hits[0].record]] == set->truth[i];
		listed += known[set->truth[i]];
		right += same;
		wrong += k && !same;
	}
	say_times("asked", us, n);
	printf("  %zu of %zu are on the lists; of %zu the best hit is the same person, of %zu another\n",
		listed, n, right, wrong);
	mem_free(known);
	mem_free(us);
}

static void
add(struct match_index *x, const struct bench_set *set)
{
	double *us = mem_alloc(QUERIES, sizeof *us);
	size_t n = 0;

	for (size_t i = 0; i < set->n && n < QUERIES; i += EACH) {
		double from = now_us();
		if (match_index_add(x, &set->persons[i], NULL) == OK)
			us[n++] = now_us() - from;
	}
	say_times("added", us, n);
	mem_free(us);
}

int
bench_index(struct arena *a, const struct bench_set *set)
{
	struct match_table *t = match_table_create();
	uint32_t *row_of = NEWS(a, uint32_t, set->n + 1);
	struct match_input in = {.table = t, .n_lists = set->lists};
	struct match_result r;
	struct match_index *x;
	size_t rows = 0;
	double cpu;

	for (size_t i = 0; i < set->n; i++) {
		if (i % EACH == 0)
			continue;
		row_of[rows++] = (uint32_t)i;
		if (match_table_add_person(t, &set->persons[i], NULL) != OK)
			return 2;
	}
	if (match_run(a, &in, NULL, &r, NULL) != OK)
		return 2;
	cpu = bench_cpu_s();
	x = match_index_create(t, &r.model);
	printf("one record against %zu: index made in %.2f CPU s, %.0f MiB at most\n",
		match_index_size(x), bench_cpu_s() - cpu, bench_peak_mib());
	ask(x, set, row_of, rows);
	add(x, set);
	match_index_destroy(x);
	return 0;
}
