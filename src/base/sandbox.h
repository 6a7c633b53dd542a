/*
 * What a helper does first: no network, no new files, no processes.  seccomp is
 * demanded (FAIL without it), Landlock used where the kernel has it.
 */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

#include "base/str.h"

/* After this only read, write, memory, time and exit remain, and opening files
 * for reading below the given directories (fonts).  ret_landlock: whether
 * Landlock holds too. */
enum status sandbox_enter(const char *const *read_dirs, size_t n, bool *ret_landlock,
	struct err *e) MUST;
/* For `habeas doctor`: what this kernel offers. */
bool sandbox_has_seccomp(void);
int sandbox_landlock_abi(void);       /* 0: none */

#endif
