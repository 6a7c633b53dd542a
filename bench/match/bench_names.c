/* How often two spellings of a name share a key, and how often two names do. */
#include "bench_int.h"

static size_t
column(const struct table *t, const char *name)
{
	for (size_t c = 0; c < t->rows[0].n; c++)
		if (str_is(t->rows[0].cells[c], name))
			return c;
	return SIZE_MAX;
}

static bool
share(const struct match_name *x, const struct match_name *y)
{
	for (unsigned i = 0; i < x->n_keys; i++)
		for (unsigned j = 0; j < y->n_keys; j++)
			if (x->keys[i] == y->keys[j])
				return true;
	return false;
}

/* CPU seconds of one more round over everything: the first one pays for the memory. */
static double
seconds_to_read(const struct table *t, size_t column, size_t n)
{
	struct arena *a = arena_create((size_t)1 << 32);
	double cpu = bench_cpu_s();

	for (size_t i = 0; i < n; i++)
		(void)match_name_of(a, t->rows[i + 1].cells[column]);
	cpu = bench_cpu_s() - cpu;
	arena_destroy(a);
	return cpu;
}

/* Nanoseconds for how alike two names are, of pairs that mostly are not. */
static double
ns_to_compare(const struct match_name *x, const struct match_name *y, size_t n)
{
	double cpu = bench_cpu_s(), sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += match_name_similarity(&x[i], &y[(i * 7919 + 1) % n]);
	cpu = bench_cpu_s() - cpu;
	return sum >= 0 ? cpu * 1e9 / (double)n : 0;
}

/* The same of pairs that are spellings of one name. */
static double
ns_of_pairs(const struct match_name *x, const struct match_name *y, size_t n)
{
	double cpu = bench_cpu_s(), sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += match_name_similarity(&x[i], &y[i]);
	cpu = bench_cpu_s() - cpu;
	return sum >= 0 ? cpu * 1e9 / (double)n : 0;
}

static void
bench_speed(const struct table *t, size_t l, size_t r,
	const struct match_name *x, const struct match_name *y, size_t n, size_t held)
{
	double left = seconds_to_read(t, l, n), right = seconds_to_read(t, r, n);

	printf("  a name: %.0f ns left, %.0f right, %.0f bytes; a comparison: %.0f ns left, "
		"%.0f right, %.0f across, %.0f of the pairs\n", left * 1e9 / (double)n,
		right * 1e9 / (double)n, (double)held / (double)n / 2, ns_to_compare(x, x, n),
		ns_to_compare(y, y, n), ns_to_compare(x, y, n), ns_of_pairs(x, y, n));
}

int
bench_names(struct arena *a, const struct table *t, const char *left, const char *right)
{
	size_t l = column(t, left), r = column(t, right), n = t->n - 1, hit = 0, first = 0;
	size_t chance = 0, chances = 0, keys = 0, alike = 0;
	struct match_name *x = NEWS(a, struct match_name, n), *y = NEWS(a, struct match_name, n);
	size_t held;

	if (l == SIZE_MAX || r == SIZE_MAX) {
		fprintf(stderr, "no column %s or %s\n", left, right);
		return 2;
	}
	held = arena_used(a);
	for (size_t i = 0; i < n; i++) {
		x[i] = match_name_of(a, t->rows[i + 1].cells[l]);
		y[i] = match_name_of(a, t->rows[i + 1].cells[r]);
	}
	held = arena_used(a) - held + 2 * n * sizeof *x;
	for (size_t i = 0; i < n; i++) {
		hit += share(&x[i], &y[i]);
		first += x[i].n_keys && y[i].n_keys && x[i].keys[0] == y[i].keys[0];
		keys += x[i].n_keys + y[i].n_keys;
		alike += match_name_similarity(&x[i], &y[i]) >= 0.8;
		if (getenv("MISSES") && !share(&x[i], &y[i]))
			printf("miss " STR_FMT " | " STR_FMT " | " STR_FMT " " STR_FMT "\n",
				STR_ARG(x[i].normal), STR_ARG(y[i].normal),
				STR_ARG(match_key_text(a, x[i].keys[0])),
				STR_ARG(match_key_text(a, y[i].keys[0])));
	}
	/* Every row against 400 others, evenly spread. */
	for (size_t i = 0; i < n; i++)
		for (size_t k = 1; k <= 400; k++) {
			size_t j = (i + k * (n / 401)) % n;
			chance += !str_eq(x[i].normal, x[j].normal) && share(&x[i], &y[j]);
			chances++;
		}
	printf("names %zu; common key %.2f %%; first key alone %.2f %%; alike >= 0.8 %.2f %%; "
		"by chance 1 in %.0f; keys per name %.2f\n", n,
		100.0 * (double)hit / (double)n, 100.0 * (double)first / (double)n,
		100.0 * (double)alike / (double)n,
		(double)chances / (double)(chance ? chance : 1), (double)keys / (double)n / 2);
	bench_speed(t, l, r, x, y, n, held);
	return 0;
}
