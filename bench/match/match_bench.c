/* The matcher on data with known truth: see README.md. */
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

int
main(int argc, char **argv)
{
	struct arena *a = arena_create((size_t)16 << 30);
	struct table t;
	struct err e;

	if (argc == 5 && strcmp(argv[1], "names") == 0) {
		if (bench_read(a, argv[2], &t, &e) != OK) {
			printf("skipped: %s\n", e.text);
			return 0;
		}
		return bench_names(a, &t, argv[3], argv[4]);
	}
	return 2;
}
