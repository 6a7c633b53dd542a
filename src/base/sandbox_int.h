/* The two layers of the sandbox, apart so that tests can try each alone. */
#ifndef BASE_SANDBOX_INT_H
#define BASE_SANDBOX_INT_H

#include "base/sandbox.h"

/* seccomp: refuse all but the listed system calls; `files`: opening for reading. */
enum status sandbox_filter(bool files, struct err *e) MUST;

/* Landlock: no file but below the directories, for reading.  *ret: whether this
 * kernel has it (then, if the status is OK, it holds). */
enum status sandbox_landlock(const char *const *read_dirs, size_t n, bool *ret,
	struct err *e) MUST;

#endif
