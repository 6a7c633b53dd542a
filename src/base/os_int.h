/* Shared by the os_*.c files and nobody else. */
#ifndef BASE_OS_INT_H
#define BASE_OS_INT_H

#include "base/str.h"

/* Where os_step() says so, the operation fails with its errno. */
bool os_may(const char *what);

/* Unfinished files are called so, whichever file they were to become. */
#define OS_TEMP_PREFIX ".habeas-tmp-"

/* `size` bytes from getrandom(2); for names, not for keys. */
void os_random_hex(char *ret, size_t digits);

/* Sync the directory that holds `path`: makes a rename or removal last. */
int os_sync_parent(const char *path);

#endif
