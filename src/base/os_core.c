/* What even the smallest program of ours needs of the system: no core dumps. */
#include "base/os.h"
#include <sys/prctl.h>
#include <sys/resource.h>

void
os_no_core_dumps(void)
{
	struct rlimit none = {0, 0};

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0);
}
