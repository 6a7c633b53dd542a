/* The seam for tests: any step towards the disk can be made to fail or to be the
 * last.  And how the process may die: leaving no core. */
#include "base/os.h"
#include "base/os_int.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include "base/poison.h"

#ifdef HABEAS_FAULTS
static const struct {
	const char *name;
	int error;                      /* 0: SIGKILL */
} faults[] = {
	{"kill:", 0}, {"nospace:", ENOSPC}, {"io:", EIO},
};

/* The plan is looked up at every step, and counting begins anew when it changes,
 * so that one test process may try many. */
static uint64_t
count_step(const char *plan)
{
	static char last[64];
	static uint64_t count;

	if (strncmp(last, plan, sizeof last - 1) != 0) {
		snprintf(last, sizeof last, "%s", plan);
		count = 0;
	}
	return ++count;
}

int
os_step(const char *what)
{
	const char *plan = getenv("HABEAS_FAULT");
	uint64_t nth, now;

	(void)what;
	if (!plan)
		return 0;
	now = count_step(plan);
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		struct str s = str_of(plan);
		if (!str_starts(s, faults[i].name))
			continue;
		invariant(str_u64(str_from(s, strlen(faults[i].name)), &nth));
		if (now < nth)
			return 0;
		if (faults[i].error == 0)
			raise(SIGKILL);
		return faults[i].error;
	}
	panic(__FILE__, __LINE__, "HABEAS_FAULT is none of kill:N, nospace:N, io:N");
}
#else
int
os_step(const char *what)
{
	(void)what;
	return 0;
}
#endif

bool
os_may(const char *what)
{
	int error = os_step(what);

	if (error)
		errno = error;
	return error == 0;
}

void
os_no_core_dumps(void)
{
	struct rlimit none = {0, 0};

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0);
}
