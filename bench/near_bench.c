/*
 * What looking for likely duplicates costs while one person is typed in: reg_near()
 * for people of a register that stands, each asked for once cold, spread over all.
 *
 *   ninja -C build bench/near_bench && build/bench/near_bench REG PASSPHRASE-FILE [N]
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include "register/register.h"

static struct err e;

static double
cpu_ms(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3
		+ (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3;
}

static void
must(enum status st)
{
	if (st == OK)
		return;
	fprintf(stderr, "%s\n", e.text);
	exit(3);
}

static int
ascending(const void *x, const void *y)
{
	double l = *(const double *)x, r = *(const double *)y;

	return (l > r) - (l < r);
}

static double
ask(struct reg *r, const struct reg_line *p, size_t *ret_found)
{
	const struct reg_change c[] = {{S("given"), p->given}, {S("family"), p->family},
		{S("father"), p->father}, {S("birth"), p->birth}};
	struct arena *a = arena_create((size_t)1 << 30);
	struct reg_near *v;
	double at = cpu_ms();

	must(reg_near(a, r, S(""), c, 4, LANG_EN, &v, ret_found, &e));
	double took = cpu_ms() - at;
	arena_destroy(a);
	return took;
}

int
main(int argc, char **argv)
{
	struct arena *a = arena_create((size_t)8 << 30);
	size_t wanted = argc > 3 ? (size_t)strtoul(argv[3], NULL, 10) : 500, n, found, some = 0;
	struct reg_filter f = {.on = DAY_MAX};
	struct reg_line *lines;
	struct bytes pass;
	struct reg *r;

	if (argc < 3) {
		fprintf(stderr, "usage: near_bench REG PASSPHRASE-FILE [N]\n");
		return 2;
	}
	must(seal_init(&e));
	must(kinds_load((struct str){record_kinds_text, record_kinds_text_bytes}, &e));
	must(os_read_file(a, argv[2], 1024, &pass, &e));
	while (pass.n && pass.p[pass.n - 1] == '\n')
		pass.n--;
	must(reg_open(&r, argv[1], NODE_READ, pass, &e));
	must(reg_list(a, r, &f, LANG_EN, &lines, &n, NULL, &e));
	reg_close(r);
	if (n == 0 || wanted == 0)
		return 2;
	if (wanted > n)
		wanted = n;
	must(reg_open(&r, argv[1], NODE_READ, pass, &e));
	double *took = NEWS(a, double, wanted), first = ask(r, &lines[n / 2], &found);
	for (size_t i = 0; i < wanted; i++) {
		took[i] = ask(r, &lines[i * n / wanted], &found);
		some += found > 0;
	}
	qsort(took, wanted, sizeof *took, ascending);
	printf("%zu persons, %zu asked for, %zu found\nCPU ms a question: first %.1f, median %.1f, "
		"p99 %.1f, most %.1f\n", n, wanted, some, first, took[wanted / 2],
		took[wanted * 99 / 100], took[wanted - 1]);
	reg_close(r);
	arena_destroy(a);
	return 0;
}
