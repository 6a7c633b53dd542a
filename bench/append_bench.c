/*
 * What records cost: appended in full (32 salted slots, sealed, signed, keys wrapped,
 * durable) in batches of 1,000, per second of CPU; published; read back; and the log
 * verified without keys.
 *
 *   append_bench [RECORDS [DIRECTORY]]       default 100,000 in /tmp
 *
 * A research prototype did 22,800 full appends per CPU second; Ed25519 signatures
 * alone allow about 59,000 (libsodium, one core of an AMD EPYC with SHA-NI).
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include "record/record.h"

enum { BATCH = 1000 };

static struct err e;

static double
cpu_seconds(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)u.ru_utime.tv_sec + (double)u.ru_stime.tv_sec
		+ ((double)u.ru_utime.tv_usec + (double)u.ru_stime.tv_usec) / 1e6;
}

struct lap { double cpu; int64_t ms; };

static struct lap
start(void)
{
	return (struct lap){cpu_seconds(), os_clock_ms()};
}

static void
stop(const char *what, struct lap from, double n)
{
	double cpu = cpu_seconds() - from.cpu, s = (double)(os_clock_ms() - from.ms) / 1e3;

	printf("%-34s %10.0f %8.2f CPU s %9.0f per CPU s %9.0f per s\n", what, n, cpu,
		n / cpu, n / s);
	fflush(stdout);
}

static void
must(enum status s)
{
	if (s != OK) {
		fprintf(stderr, "append_bench: %s\n", e.text);
		exit((int)s);
	}
}

static struct bytes
name(struct arena *a, const char *prefix, uint64_t i)
{
	struct name n = {.text = str_fmt(a, "%s%llu", prefix, (unsigned long long)i),
		.script = SCRIPT_LATN, .language = S("az"), .role = S("")};

	return value_name(a, &n);
}

/* A person as an import writes one: names, birth, list and row, the cells as written. */
static struct draft
person(struct arena *a, uint64_t i)
{
	struct draft d = {.kind = kind_number("person")};
	struct date birth = date_of_days(CAL_SOLAR_HIJRI, (int32_t)(i % 20000) - 10000,
		(int32_t)(i % 20000) - 10000);
	struct row_ref row = {.version = 1, .row = (uint32_t)i + 2};
	struct cell cells[] = {
		{1, S("ad"), S("Elxan"), 8}, {2, S("soyad"), S("Quliyev"), 9},
		{3, S("ata adı"), S("Rəşid"), 10}, {4, S("doğum tarixi"), S("12.03.1975"), 14},
	};

	d.slot[SLOT_ROW] = value_row(a, &row);
	d.slot[SLOT_CELLS] = value_cells(a, cells, 4);
	d.slot[8] = name(a, "Elxan", i);
	d.slot[9] = name(a, "Quliyev", i);
	d.slot[10] = name(a, "Rəşid", i);
	d.slot[14] = value_date(a, &birth);
	d.slot[17] = value_code(a, 1, S("male"));
	d.slot[22] = value_text(a, S("müəllim"));
	return d;
}

static void
append(struct node *n, uint64_t count)
{
	struct arena *a = arena_create((size_t)1 << 30);
	struct draft *d = mem_alloc(BATCH, sizeof *d);
	double spent = 0;
	int64_t spent_ms = 0;

	for (uint64_t i = 0; i < count; i += BATCH) {
		struct lap from;
		arena_reset(a);
		for (uint64_t j = 0; j < BATCH; j++)
			d[j] = person(a, i + j);
		from = start();
		must(node_append(n, d, BATCH, NULL, NULL, &e));
		spent += cpu_seconds() - from.cpu;
		spent_ms += os_clock_ms() - from.ms;
	}
	printf("%-34s %10.0f %8.2f CPU s %9.0f per CPU s %9.0f per s\n", "append, batches of 1,000",
		(double)count, spent, (double)count / spent, (double)count / (double)spent_ms * 1e3);
	mem_free(d);
	arena_destroy(a);
}

static enum status
count_one(void *ctx, const struct record *r, struct err *er)
{
	(void)r;
	(void)er;
	++*(uint64_t *)ctx;
	return OK;
}

static void
read_back(struct node *n, bool signatures)
{
	struct lap from = start();
	uint64_t seen = 0;

	must(node_read(n, 0, UINT64_MAX, signatures, count_one, &seen, &e));
	stop(signatures ? "open all, signatures too" : "open all, roots recomputed", from,
		(double)seen);
}

static void
verify(const char *path, struct bytes passphrase, const char *what)
{
	const struct verify_options o = {.signatures = true};
	struct verify_report r;
	struct lap from = start();

	must(node_verify(path, passphrase, &o, &r, &e));
	stop(what, from, (double)r.entries);
}

static void
run(const char *dir, uint64_t count)
{
	const struct bytes pass = str_bytes(S("bench words"));
	struct arena *a = arena_create(64 << 20);
	const char *path = str_fmt(a, "%s/bench.habeas", dir).p;
	struct node_new new = {.organisation = S("Example Committee"),
		.root_file = str_fmt(a, "%s/root", dir).p, .root_passphrase = pass,
		.officer = S("Ayla"), .officer_passphrase = pass, .cost = seal_cost_tests};
	struct str paper;
	struct node *n;
	struct lap from;

	must(node_create(path, &new, &paper, a, &e));
	must(node_open(&n, path, NODE_WRITE, pass, &e));
	append(n, count);
	from = start();
	must(node_publish(n, &e));
	stop("publish: tiles, state, checkpoint", from, (double)count);
	read_back(n, false);
	if (count <= 200000)
		read_back(n, true);
	node_close(n);
	verify(path, (struct bytes){NULL, 0}, "verify, hashes only");
	if (count <= 200000)
		verify(path, pass, "verify, everything");
	arena_destroy(a);
}

int
main(int argc, char **argv)
{
	char dir[256];
	uint64_t count = 100000;
	struct rusage u;

	if (argc > 1 && (!str_u64(str_of(argv[1]), &count) || count < BATCH)) {
		fprintf(stderr, "usage: append_bench [RECORDS [DIRECTORY]]\n");
		return 2;
	}
	snprintf(dir, sizeof dir, "%s/habeas-bench-XXXXXX", argc > 2 ? argv[2] : "/tmp");
	if (!mkdtemp(dir))
		return 3;
	setenv("XDG_STATE_HOME", dir, 1);
	must(seal_init(&e));
	must(kinds_load((struct str){record_kinds_text, record_kinds_text_bytes}, &e));
	run(dir, count / BATCH * BATCH);
	getrusage(RUSAGE_SELF, &u);
	printf("largest memory %.0f MB\n", (double)u.ru_maxrss / 1024);
	must(os_remove_tree(dir, &e));
	return 0;
}
