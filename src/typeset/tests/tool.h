/* Other people's programs as oracles: absent, a test is skipped with a word. */
#ifndef TYPESET_TESTS_TOOL_H
#define TYPESET_TESTS_TOOL_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <unistd.h>
#include <sys/wait.h>
#include "typeset/typeset.h"

static inline bool
tool_is_here(const char *name)
{
	char line[128];

	snprintf(line, sizeof line, "command -v %s >/dev/null 2>&1", name);
	if (system(line) == 0)
		return true;
	print_message("%s is not installed\n", name);
	return false;
}

/* Run a line of shell on a file of these bytes ($1); what it printed (both
 * streams), and its exit code. */
static inline struct str
tool_run(struct arena *a, struct bytes file, const char *line, int *ret_code)
{
	char path[] = "/tmp/habeas-typeset-XXXXXX";
	struct bytes out = {NULL, 0};
	struct err e;
	int fd = mkstemp(path), code;

	assert_true(fd >= 0);
	assert_int_equal(os_write_fd(fd, path, file, &e), OK);
	close(fd);
	struct str command = str_fmt(a, "set -- %s; { %s\n} 2>&1", path, line);
	FILE *p = popen(command.p, "r");
	assert_non_null(p);
	assert_int_equal(os_read_fd(a, fileno(p), line, 64 << 20, &out, &e), OK);
	code = pclose(p);
	unlink(path);
	*ret_code = WIFEXITED(code) ? WEXITSTATUS(code) : -1;
	return bytes_str(out);
}

#endif
