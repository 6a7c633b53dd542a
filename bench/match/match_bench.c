/* The matcher on data with known truth: see README.md. */
#include <math.h>
#include <sys/resource.h>
#include "bench_int.h"

double
bench_cpu_s(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec)
		+ (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

double
bench_peak_mib(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)u.ru_maxrss / 1024;
}

static const struct bench_columns febrl = {
	.given = "given_name", .family = "surname", .birth = "date_of_birth", .ymd = true,
	.birth_place = "suburb", .place = "address_1",
	.extra = {"postcode", "street_number", "address_2", "state"},
	.truth = "rec_id", .truth_until = '-',
};
static const struct bench_columns rldata = {
	.given = "fname_c1", .family = "lname_c1", .birth = "by", .birth_month = "bm",
	.birth_day = "bd", .truth = "ent_id", .missing = "NA",
	.extra = {"fname_c2", "lname_c2"},
};
static const struct bench_columns historical = {
	.given = "first_name", .family = "surname", .birth = "dob", .sex = "gender",
	.birth_place = "birth_place", .extra = {"postcode_fake", "occupation"},
	.truth = "cluster",
};

/* Our generator's lists: row n of the truth file is row n of the lists one after
 * another. */
static const struct bench_columns birlik = {
	.given = "Adı", .family = "Soyadı", .father = "Ata adı", .birth = "Doğum tarixi",
	.sex = "Cinsi", .arrest = "Həbs tarixi", .place = "Həbsxana", .release = "Azadlıq tarixi",
}, nesim = {
	.given = "نام", .family = "نام خانوادگی", .father = "نام پدر", .birth = "تاریخ تولد",
	.sex = "جنسیت", .arrest = "تاریخ بازداشت", .place = "زندان", .release = "تاریخ آزادی",
}, registry = {
	.given = "Name", .family = "Family name", .father = "Father's name",
	.birth = "Date of birth", .sex = "Sex", .arrest = "Arrested on", .place = "Prison",
	.release = "Released on", .death = "Died on",
}, plain = {
	.given = "given_name", .family = "family_name", .father = "father_name",
	.birth = "birth_date", .sex = "sex", .place = "city", .arrest = "arrest_month",
};
static const struct bench_columns truth_file = {.truth = "person"};

static void
show_model(const struct match_result *r)
{
	for (unsigned f = 0; f < MATCH_FIELDS; f++)
		for (unsigned l = 1; l < match_field_levels(f); l++)
			printf("    %-16s %-18s m %.4f u %.6f\n", match_field_name(f),
				match_level_name(f, l), r->model.m[f][l], r->model.u[f][l]);
	for (size_t p = 0; p < r->n_passes; p++)
		if (r->pass[p].pairs)
			printf("    pass %-38s %9lu pairs %11.1f matches\n", r->pass[p].name,
				r->pass[p].pairs, r->pass[p].matches);
}

/* The best threshold in hindsight, by pairs, for comparison with what others report. */
static double
best_pairs_f1(const struct match_result *r, const uint32_t *truth, uint64_t true_pairs,
	double *ret_recall_of_candidates)
{
	double best = 0;
	size_t hits = 0;

	for (size_t i = 0; i < r->n_pairs; i++)
		hits += truth[r->pairs[i].left] == truth[r->pairs[i].right];
	*ret_recall_of_candidates = (double)hits / (double)true_pairs;
	for (int t = -6 * 4; t < 30 * 4; t++) {
		size_t found = 0, right = 0;
		for (size_t i = 0; i < r->n_pairs; i++)
			if (r->pairs[i].weight >= (float)t / 4) {
				found++;
				right += truth[r->pairs[i].left] == truth[r->pairs[i].right];
			}
		double f = 2 * (double)right / (double)(found + true_pairs);
		if (f > best)
			best = f;
	}
	return best;
}

static void
show_record(const struct match_person *p)
{
	printf("      %u | " STR_FMT " | " STR_FMT " | " STR_FMT " | %d..%d | %d..%d | " STR_FMT
		" | " STR_FMT "\n", p->list, STR_ARG(p->given), STR_ARG(p->family),
		STR_ARG(p->father), p->birth.first, p->birth.last,
		p->event[MATCH_ARREST].first, p->event[MATCH_ARREST].last,
		STR_ARG(p->place), STR_ARG(p->birth_place));
}

/* Some of what went wrong, for eyes. */
static void
show_errors(const struct bench_set *set, const struct match_result *r, bool missed)
{
	const struct match_person *p = set->persons;
	size_t shown = 0;

	for (size_t i = 0; i < set->n && shown < 12; i++)
		for (size_t j = i + 1; j < set->n && shown < 12; j++) {
			bool one = set->truth[i] == set->truth[j];
			struct match_explanation x;
			if (one != missed || (r->cluster[i] == r->cluster[j]) == one)
				continue;
			x = match_pair_explain(&p[i], &p[j], &r->model);
			printf("    %s, weight %.1f (levels", missed ? "missed" : "wrong", x.total);
			for (unsigned f = 0; f < MATCH_FIELDS; f++)
				printf(" %u", x.level[f]);
			printf(")\n");
			show_record(&p[i]);
			show_record(&p[j]);
			shown++;
		}
}

int
bench_run(const char *name, const struct bench_set *set, bool lists_unique, bool verbose)
{
	struct arena *a = arena_create((size_t)16 << 30);
	bool unique[16];
	struct match_input in = {.persons = set->persons, .n = set->n, .n_lists = set->lists};
	struct match_result r;
	struct match_score s;
	struct err e;
	double cpu = bench_cpu_s(), reach;
	const char *w = getenv("CLUSTER_WEIGHT"), *b = getenv("BLOCK_PAIRS");
	struct match_options o = {.cluster_weight = w ? strtod(w, NULL) : NAN,
		.block_pairs = b ? strtoul(b, NULL, 10) : 0};

	memset(unique, lists_unique, sizeof unique);
	in.list_unique = unique;
	if (match_run(a, &in, &o, &r, &e) != OK) {
		fprintf(stderr, "%s\n", e.text);
		return 2;
	}
	cpu = bench_cpu_s() - cpu;
	s = match_score_truth(r.cluster, set->truth, set->n);
	printf("%s: %zu records\n", name, set->n);
	printf("  clusters: F1 %.4f (P %.4f R %.4f), exact %.4f; at weight %.1f; "
		"itself says P %.3f R %.3f\n", s.f1, s.precision, s.recall, s.exact_f1,
		r.model.cluster_threshold, r.precision, r.recall);
	double best = best_pairs_f1(&r, set->truth, s.true_pairs, &reach);
	printf("  pairs: best F1 in hindsight %.4f; reported pairs hold %.4f of the truth\n",
		best, reach);
	printf("  %lu pairs compared, %lu patterns, %u steps; %.2f CPU s, %.0f MiB at most%s%s\n",
		r.compared, r.model.patterns, r.model.iterations, cpu, bench_peak_mib(),
		r.note ? "; " : "", r.note ? r.note : "");
	if (verbose) {
		show_model(&r);
		show_errors(set, &r, true);
		show_errors(set, &r, false);
	}
	arena_destroy(a);
	return 0;
}

static int
known_sets(struct arena *a, const char *dir, bool verbose)
{
	struct bench_set s = {0};
	struct err e;
	char *path[4];
	static const char *const files[] = {
		"febrl4a.csv", "febrl4b.csv", "RLdata10000.csv", "historical_50k.csv"};

	for (size_t i = 0; i < 4; i++)
		path[i] = str_cstr(a, str_fmt(a, "%s/%s", dir, files[i]));
	if (bench_load(a, path[0], &febrl, &s, &e) != OK
		|| bench_load(a, path[1], &febrl, &s, &e) != OK)
		printf("skipped: %s\n", e.text);
	else
		bench_run("FEBRL4 without soc_sec_id", &s, true, verbose);
	s = (struct bench_set){0};
	if (bench_load(a, path[2], &rldata, &s, &e) != OK)
		printf("skipped: %s\n", e.text);
	else
		bench_run("RLdata10000", &s, false, verbose);
	s = (struct bench_set){0};
	if (bench_load(a, path[3], &historical, &s, &e) != OK)
		printf("skipped: %s\n", e.text);
	else
		bench_run("historical_50k", &s, false, verbose);
	return 0;
}

static int
our_lists(struct arena *a, const char *dir, bool demo, bool verbose, bool one)
{
	static const struct {
		const char *file;
		const struct bench_columns *c;
	} three[] = {{"birlik.csv", &birlik}, {"nesim.csv", &nesim}, {"registry.csv", &registry}};
	struct bench_set s = {0}, t = {0};
	struct err e;

	for (size_t i = 0; i < (demo ? 3 : 8); i++) {
		char *path = str_cstr(a, demo ? str_fmt(a, "%s/%s", dir, three[i].file)
			: str_fmt(a, "%s/list-%zu.csv", dir, i + 1));
		if (!demo && !os_exists(path))
			break;
		if (bench_load(a, path, demo ? three[i].c : &plain, &s, &e) != OK) {
			printf("skipped: %s\n", e.text);
			return 0;
		}
	}
	if (bench_load(a, str_cstr(a, str_fmt(a, "%s/truth.csv", dir)), &truth_file, &t, &e) != OK
		|| t.n != s.n) {
		printf("skipped: no truth for %zu records in %s\n", s.n, dir);
		return 0;
	}
	s.truth = t.truth;
	return one ? bench_index(a, &s) : bench_run(dir, &s, false, verbose);
}

static int
names(struct arena *a, char **argv)
{
	struct table t;
	struct bytes b;
	struct err e;

	if (os_read_file(a, argv[2], (size_t)1 << 30, &b, &e) != OK
		|| csv_read(a, b, argv[2], NULL, 0, &csv_limits_default, &t, &e) != OK) {
		printf("skipped: %s\n", e.text);
		return 0;
	}
	return bench_names(a, &t, argv[3], argv[4]);
}

int
main(int argc, char **argv)
{
	struct arena *a = arena_create((size_t)16 << 30);

	if (argc == 5 && strcmp(argv[1], "names") == 0)
		return names(a, argv);
	if (argc >= 3 && strcmp(argv[1], "sets") == 0)
		return known_sets(a, argv[2], argc > 3);
	if (argc >= 3 && (strcmp(argv[1], "demo") == 0 || strcmp(argv[1], "plain") == 0))
		return our_lists(a, argv[2], argv[1][0] == 'd', argc > 3, false);
	if (argc == 3 && strcmp(argv[1], "one") == 0)
		return our_lists(a, argv[2], false, false, true);
	fprintf(stderr, "match_bench demo DIR [-v] | plain DIR [-v] | one DIR | sets DIR [-v] | names FILE LEFT RIGHT\n");
	return 2;
}
