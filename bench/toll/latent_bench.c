/*
 *   toll_latent_bench [DIRECTORY [NAME]]    the counts; default ../shared/data/toll
 *
 * The latent-class rows: what is estimated, whether seeds agree, and effective draws of N
 * per CPU second.  Counted with everything in it: warm-up, the tenth of the draws left
 * out, looks at convergence, all chains and threads; effective draws are the smaller of
 * bulk and tail (Vehtari et al. 2021) over all chains together.
 */
#include <inttypes.h>
#include <math.h>
#include <sys/resource.h>
#include "bench_counts.h"

static const struct work {
	const char *name, *file;
	unsigned classes, seeds;
	const char *reference;
} works[] = {
	{"Kosovo", "lcmcr_kosovo_aggregate.csv", 10, 8,
		"LCMCR, four long chains: mean 10683, 9058 9891 10433 11167 13834; 72-184 ESS/s"},
	{"Kosovo", "lcmcr_kosovo_aggregate.csv", 0, 2, "the same, K by default"},
	{"UK", "sparsemse_UKdat.csv", 10, 4, "LCMCR: medians 20200-22600, ESS 10-236 /s"},
	{"recruitment, 20 lists", "verdata_reclutamiento_HOMBRE_1999_R1.csv", 15, 8,
		"LCMCR: 8 of 20 seeds 1414, the others 1734-2127; 490 s; never R-hat < 1.01"},
};

static double
cpu_s(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec)
		+ (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static double
clock_s(void)
{
	return (double)os_clock_ms() / 1e3;
}

struct seen {
	double cpu, ess;              /* when R-hat first was below 1.01 with 400 draws */
	double cpu_at, clock_at, clock;
};

static bool
watch(void *ctx, const struct reckon_latent_state *s)
{
	struct seen *v = ctx;

	if (v->cpu == 0.0 && s->rhat > 0.0 && s->rhat < RECKON_RHAT_MOST
		&& s->ess >= RECKON_ESS_LEAST) {
		v->cpu = cpu_s() - v->cpu_at;
		v->clock = clock_s() - v->clock_at;
		v->ess = s->ess;
	}
	return true;
}

static double
bench_seed(const struct work *w, const struct reckon_counts *c, uint64_t seed)
{
	struct arena *a = arena_create((size_t)1 << 32);
	struct seen v = {.cpu_at = cpu_s(), .clock_at = clock_s()};
	struct reckon_latent_options o = {.classes = w->classes, .seed = seed, .progress = watch,
		.ctx = &v};
	struct reckon_latent r;
	struct err e;
	double cpu, least, mean;

	if (reckon_latent(a, c, &o, &r, &e)) {
		printf("  %s\n", e.text);
		arena_destroy(a);
		return 0.0;
	}
	cpu = cpu_s() - v.cpu_at;
	if (v.cpu == 0.0) {
		v.cpu = cpu;
		v.clock = clock_s() - v.clock_at;
	}
	least = r.mixing.ess_bulk < r.mixing.ess_tail ? r.mixing.ess_bulk : r.mixing.ess_tail;
	printf("  seed %-3" PRIu64 " mean %7.0f +- %4.1f  %6.0f %6.0f %6.0f %6.0f %6.0f  R-hat %.4f "
		"ESS %6.0f/%6.0f  %u x %u  CPU %5.1f s (R-hat < 1.01: %4.1f, clock %4.1f)  %5.0f ESS/s  "
		"accepted %.2f overlap p %.3g population %u\n", seed, r.mixing.mean, r.mixing.mcse_mean,
		r.mixing.quantile[0], r.mixing.quantile[1], r.mixing.quantile[2], r.mixing.quantile[3],
		r.mixing.quantile[4], r.mixing.rhat, r.mixing.ess_bulk, r.mixing.ess_tail, r.chains,
		r.iterations, cpu, v.cpu, v.clock, least / cpu, r.least_accepted, r.overlap_p,
		r.population);
	mean = r.mixing.mean;
	arena_destroy(a);
	return mean;
}

static void
bench_work(const char *dir, const struct work *w)
{
	struct arena *a = arena_create((size_t)1 << 28);
	struct reckon_counts c;
	struct err e;
	char path[512];
	double least = INFINITY, most = 0.0;

	snprintf(path, sizeof path, "%s/%s", dir, w->file);
	if (bench_counts(a, path, &c, &e)) {
		printf("%s: %s\n", w->name, e.text);
		arena_destroy(a);
		return;
	}
	printf("%s: %u lists, %zu cells, n %" PRIu64 ", K %u\n  %s\n", w->name, c.n_lists, c.n_cells,
		c.n, w->classes, w->reference);
	for (uint64_t seed = 1; seed <= w->seeds; seed++) {
		double mean = bench_seed(w, &c, seed);
		least = mean < least ? mean : least;
		most = mean > most ? mean : most;
	}
	printf("  means within %.2f %% of each other\n", 100.0 * (most / least - 1.0));
	arena_destroy(a);
}

int
main(int argc, char **argv)
{
	struct rusage u;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; i < sizeof works / sizeof *works; i++)
		if (argc < 3 || strncmp(argv[2], works[i].name, strlen(argv[2])) == 0)
			bench_work(argc > 1 ? argv[1] : "../shared/data/toll", &works[i]);
	getrusage(RUSAGE_SELF, &u);
	printf("peak %.0f MiB\n", (double)u.ru_maxrss / 1024.0);
	return 0;
}
