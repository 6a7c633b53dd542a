/* Runs a fuzz target over files, or over all files of directories, once each:
 * how a corpus is a unit test, and how a finding is looked at. */
#include <stdio.h>
#include "fuzz.h"

enum { FILE_MOST = 16 << 20 };

static size_t replayed;

static bool
replay_file(const char *path)
{
	struct arena *a = arena_create(2 * FILE_MOST);
	struct err e = {0};
	struct bytes b;
	bool ok = os_read_file(a, path, FILE_MOST, &b, &e) == OK;

	if (ok) {
		LLVMFuzzerTestOneInput(b.p, b.n);
		replayed++;
		printf("ok %s\n", path);
	} else {
		fprintf(stderr, "%s\n", e.text);
	}
	arena_destroy(a);
	return ok;
}

static bool
replay_dir(const char *path)
{
	struct arena *a = arena_create(16 << 20);
	struct err e = {0};
	struct str *names;
	size_t n;
	bool ok = os_list_dir(a, path, &names, &n, &e) == OK;

	if (!ok)
		fprintf(stderr, "%s\n", e.text);
	for (size_t i = 0; ok && i < n; i++) {
		struct str file = str_fmt(a, "%s/" STR_FMT, path, STR_ARG(names[i]));
		ok = replay_file(str_cstr(a, file));
	}
	arena_destroy(a);
	return ok;
}

int
main(int argc, char **argv)
{
	bool ok = true;

	for (int i = 1; i < argc; i++)
		ok &= os_is_dir(argv[i]) ? replay_dir(argv[i]) : replay_file(argv[i]);
	/* A corpus that is not there must not pass. */
	return ok && replayed > 0 ? 0 : 1;
}
