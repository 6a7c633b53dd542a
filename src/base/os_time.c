/* Two clocks: the wall's, which builds and tests may set, and one that only runs. */
#include "base/os.h"
#include <stdlib.h>
#include <time.h>
#include "base/poison.h"

int64_t
os_now(void)
{
	/* https://reproducible-builds.org/specs/source-date-epoch/ */
	struct str set = str_of(getenv("SOURCE_DATE_EPOCH"));
	struct timespec t;
	int64_t v;

	if (set.p && str_i64(set, &v) && v >= 0)
		return v;
	invariant(clock_gettime(CLOCK_REALTIME, &t) == 0);
	return t.tv_sec;
}

int64_t
os_clock_ms(void)
{
	struct timespec t;

	invariant(clock_gettime(CLOCK_MONOTONIC, &t) == 0);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void
os_pause_ms(unsigned ms)
{
	const struct timespec t = {ms / 1000, (long)(ms % 1000) * 1000000};

	/* Interrupted: shorter; nobody counts on it. */
	if (nanosleep(&t, NULL) != 0)
		return;
}
