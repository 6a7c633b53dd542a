/*
 * The exact methods against the reference values of the R packages: see README.md.
 *
 *   toll_exact_bench [DIRECTORY]        the counts; default ../shared/data/toll
 *
 * Every row runs in a process of its own, so that its peak of memory is its own.
 */
#include <math.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "bench_counts.h"

/* What a row comes to, passed back through a pipe. */
struct outcome {
	double value, lower, upper;
};

struct work {
	const char *what, *file, *reference;
	double expected, within;      /* reached where |value - expected| <= within */
	double cpu_s, peak_mib;       /* targets; 0: none */
	enum status (*run)(struct arena *a, const struct reckon_counts *c, struct outcome *ret,
		struct err *e);
};

/* ---- Data ---------------------------------------------------------------------- */

/* dga's man page: Madigan & York (1997), five and three lists. */
static const uint64_t my5[32] = {0, 27, 37, 19, 4, 4, 1, 1, 97, 22, 37, 25, 2, 1, 3, 5,
	83, 36, 34, 18, 3, 5, 0, 2, 30, 5, 23, 8, 0, 3, 0, 2};
static const uint64_t my3[8] = {0, 60, 49, 4, 247, 112, 142, 12};

static enum status
typed_counts(struct arena *a, const uint64_t *y, unsigned lists, struct reckon_counts *ret,
	struct err *e)
{
	size_t n = (size_t)1 << lists;
	struct reckon_cell *v = NEWS(a, struct reckon_cell, n);

	for (size_t c = 1; c < n; c++)
		v[c - 1] = (struct reckon_cell){c, y[c]};
	return reckon_counts_of(a, lists, NULL, v, n - 1, ret, e);
}

/* ---- Rows ---------------------------------------------------------------------- */

static struct outcome
posterior(const struct reckon_posterior *p)
{
	return (struct outcome){p->mean, p->interval.lower, p->interval.upper};
}

static enum status
graphs(struct arena *a, const struct reckon_counts *c, struct reckon_graphs_options o,
	struct outcome *ret, struct err *e)
{
	struct reckon_graphs g;
	enum status s = reckon_graphs(a, c, &o, NULL, &g, e);

	if (s == OK)
		*ret = posterior(&g.with);
	return s;
}

static enum status
graphs_my5(struct arena *a, const struct reckon_counts *c, struct outcome *ret, struct err *e)
{
	return graphs(a, c, (struct reckon_graphs_options){.delta = 0.5, .n0_min = 1,
		.n0_max = 300}, ret, e);
}

static enum status
graphs_my3(struct arena *a, const struct reckon_counts *c, struct outcome *ret, struct err *e)
{
	return graphs(a, c, (struct reckon_graphs_options){.delta = 1, .n0_min = 1, .n0_max = 300,
		.prior = RECKON_PRIOR_NEGATIVE_BINOMIAL, .a = 13.14, .b = 55.17}, ret, e);
}

static enum status
graphs_kosovo(struct arena *a, const struct reckon_counts *c, struct outcome *ret,
	struct err *e)
{
	return graphs(a, c, (struct reckon_graphs_options){.n0_min = 1, .n0_max = 40000}, ret, e);
}

static enum status
graphs_30n(struct arena *a, const struct reckon_counts *c, struct outcome *ret, struct err *e)
{
	return graphs(a, c, (struct reckon_graphs_options){.n0_min = 1, .n0_max = 30 * c->n}, ret,
		e);
}

static enum status
graphs_default(struct arena *a, const struct reckon_counts *c, struct outcome *ret,
	struct err *e)
{
	return graphs(a, c, (struct reckon_graphs_options){0}, ret, e);
}

static enum status
models(struct arena *a, const struct reckon_counts *c, bool all, bool aic, struct outcome *ret,
	struct err *e)
{
	struct reckon_loglinear_options o = {.profile_all = all};
	struct reckon_loglinear l;
	enum status s = reckon_loglinear(a, c, &o, NULL, &l, e);
	const struct reckon_fit *f;

	if (s != OK || l.n_ok == 0)
		return s;
	f = &l.fits[aic ? l.best_aic : 0];
	*ret = (struct outcome){f->n, f->profile.lower, f->profile.upper};
	return OK;
}

static enum status
models_bic(struct arena *a, const struct reckon_counts *c, struct outcome *ret, struct err *e)
{
	return models(a, c, false, false, ret, e);
}

static enum status
models_aic(struct arena *a, const struct reckon_counts *c, struct outcome *ret, struct err *e)
{
	return models(a, c, false, true, ret, e);
}

static enum status
models_intervals(struct arena *a, const struct reckon_counts *c, struct outcome *ret,
	struct err *e)
{
	return models(a, c, true, false, ret, e);
}

static enum status
steps(struct arena *a, const struct reckon_counts *c, struct outcome *ret, struct err *e)
{
	struct reckon_stepwise w;
	enum status s = reckon_stepwise(a, c, 0, 0, NULL, &w, e);

	if (s == OK)
		*ret = (struct outcome){w.fit.n, w.fit.profile.lower, w.fit.profile.upper};
	return s;
}

static struct outcome
boot(const struct reckon_bootstrap *b)
{
	return (struct outcome){b->estimate, b->interval.lower, b->interval.upper};
}

static enum status
steps_bca(struct arena *a, const struct reckon_counts *c, struct outcome *ret, struct err *e)
{
	/* Of the number listed, as the reference. */
	struct reckon_bootstrap_options o = {.replicates = 1000, .listed_only = true};
	struct reckon_bootstrap b;
	enum status s = reckon_stepwise_bootstrap(a, c, &o, NULL, &b, e);

	if (s == OK)
		*ret = boot(&b);
	return s;
}

static enum status
models_bca(struct arena *a, const struct reckon_counts *c, struct outcome *ret, struct err *e)
{
	struct reckon_bootstrap_options o = {.replicates = 1000};
	struct reckon_bootstrap b;
	enum status s = reckon_loglinear_bootstrap(a, c, &o, NULL, &b, e);

	if (s == OK)
		*ret = boot(&b);
	return s;
}

static enum status
chao(struct arena *a, const struct reckon_counts *c, struct outcome *ret, struct err *e)
{
	struct reckon_estimate r;
	enum status s = reckon_chao(c, 0, &r, e);

	(void)a;
	if (s == OK)
		*ret = (struct outcome){r.n, r.interval.lower, r.interval.upper};
	return s;
}

/* Figures of the R packages: R 4.2.2 on one core of the same kind of machine. */
static const char kosovo[] = "lcmcr_kosovo_aggregate.csv", hiv[] = "rcapture_HIV.csv";
static const char uk[] = "sparsemse_UKdat.csv", uk5[] = "sparsemse_UKdat_5.csv";
static const char stratum[] = "verdata_reclutamiento_HOMBRE_1999_R1.csv";
static const struct work rows[] = {
	{"graphs, Madigan & York 5 lists, delta 0.5", "my5", "dga 617.81589076, 0.008 s",
		617.81589076, 1e-8, 0, 0, graphs_my5},
	{"graphs, Madigan & York 3 lists, own prior", "my3", "dga 733.45236911",
		733.45236911, 1e-8, 0, 0, graphs_my3},
	{"graphs, Kosovo, delta 1/16, to 40,000", kosovo, "dga 12749.34927041, 0.08 s",
		12749.34927041, 1e-8, 0, 0, graphs_kosovo},
	{"graphs, UKdat_5, 1:30n", uk5, "dga 21282.24208125, 3.8 s, 516 MB",
		21282.242081, 1e-5, 0.8, 30, graphs_30n},
	{"graphs, UKdat, six lists, defaults", uk, "", NAN, 0, 0, 0, graphs_default},
	{"log-linear, Kosovo, BIC", kosovo, "Rcapture 10,356.519, 0.32 s",
		10356.519, 0.001, 0, 0, models_bic},
	{"log-linear, Kosovo, AIC", kosovo, "Rcapture 12,740.97", 12740.97, 0.005, 0, 0,
		models_aic},
	{"log-linear, Rome, BIC", hiv, "Rcapture 11,124.58", 11124.58, 0.005, 0, 0, models_bic},
	{"log-linear, UKdat_5, all with intervals", uk5, "Rcapture minutes", NAN, 0, 5, 0,
		models_intervals},
	{"stepwise, UKdat", uk, "SparseMSE 11,417.99", 11417.99, 0.01, 0, 0, steps},
	{"stepwise, UKdat_5", uk5, "SparseMSE 11,312.99", 11312.99, 0.01, 0, 0, steps},
	{"stepwise, recruitment, 20 lists", stratum, "", NAN, 0, 0, 0, steps},
	{"stepwise BCa x 1,000, UKdat", uk, "SparseMSE 9,267-14,307 by seed, 229-248 s",
		11417.99, 0.01, 2.5, 0, steps_bca},
	{"stepwise BCa x 1,000, UKdat_5", uk5, "SparseMSE 8,785-14,701, 89 s",
		11312.99, 0.01, 2.5, 0, steps_bca},
	{"stepwise BCa x 1,000, recruitment, 20 lists", stratum, "", NAN, 0, 0, 0, steps_bca},
	{"log-linear BCa x 1,000, Kosovo, all 113", kosovo, "", 10356.519, 0.001, 0, 0,
		models_bca},
	{"log-linear BCa x 1,000, UKdat_5, 60 of 6,893", uk5, "", NAN, 0, 0, 0, models_bca},
	{"Chao's bound, Kosovo", kosovo, "Rcapture 8,796.5", 8796.5, 0.05, 0, 0, chao},
};

/* ---- Running ------------------------------------------------------------------- */

static enum status
run_here(const struct work *r, const char *dir, struct outcome *ret, struct err *e)
{
	struct arena *a = arena_create((size_t)1 << 30);
	struct reckon_counts c;
	enum status s;

	if (str_is(str_of(r->file), "my5"))
		s = typed_counts(a, my5, 5, &c, e);
	else if (str_is(str_of(r->file), "my3"))
		s = typed_counts(a, my3, 3, &c, e);
	else
		s = bench_counts(a, str_cstr(a, str_fmt(a, "%s/%s", dir, r->file)), &c, e);
	if (s == OK)
		s = r->run(a, &c, ret, e);
	arena_destroy(a);
	return s;
}

static const char *
verdict(const struct work *r, const struct outcome *o, double cpu_s, double mib)
{
	if (isfinite(r->expected) && !(fabs(o->value - r->expected) <= r->within))
		return "OFF";
	if ((r->cpu_s > 0 && cpu_s > r->cpu_s) || (r->peak_mib > 0 && mib > r->peak_mib))
		return "SLOW";
	return isfinite(r->expected) || r->cpu_s > 0 ? "reached" : "-";
}

static void
run_apart(const struct work *r, const char *dir)
{
	struct outcome o = {0};
	struct rusage u;
	double cpu, mib;
	int ends[2], how;
	pid_t pid;

	invariant(pipe(ends) == 0);
	fflush(stdout);
	pid = fork();
	invariant(pid >= 0);
	if (pid == 0) {
		struct err e;
		enum status s = run_here(r, dir, &o, &e);
		if (s != OK)
			printf("%-46s %s\n", r->what, e.text);
		fflush(stdout);
		_exit(s == OK && write(ends[1], &o, sizeof o) == (ssize_t)sizeof o ? 0 : 1);
	}
	close(ends[1]);
	invariant(wait4(pid, &how, 0, &u) == pid);
	if (WIFEXITED(how) && WEXITSTATUS(how) == 0
		&& read(ends[0], &o, sizeof o) == (ssize_t)sizeof o) {
		cpu = (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec)
			+ (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
		mib = (double)u.ru_maxrss / 1024;
		printf("%-46s %17.8f %9.0f %9.0f %7.3f %6.1f  %-8s %s\n", r->what, o.value, o.lower,
			o.upper, cpu, mib, verdict(r, &o, cpu, mib), r->reference);
	}
	close(ends[0]);
}

int
main(int argc, char **argv)
{
	const char *dir = argc > 1 ? argv[1] : "../shared/data/toll";

	printf("%-46s %17s %9s %9s %7s %6s  %-8s %s\n", "", "N", "from", "to", "CPU s", "MiB",
		"", "reference");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		run_apart(&rows[i], dir);
	return 0;
}
