/* Names that must not be called.  base's own sources include the parts they
 * need instead of base.h where they stand behind one of these. */
#ifndef BASE_POISON_H
#define BASE_POISON_H
#ifndef __cplusplus
/* System headers first, so that their own declarations are not poisoned. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
/* glibc makes macros of some where it fortifies; clang will not poison those. */
#undef strcpy
#undef strcat
#undef sprintf
#undef vsprintf
#undef gets
#pragma GCC poison strcpy strcat sprintf vsprintf strtok atoi atol gets
#pragma GCC poison localtime gmtime asctime ctime setlocale tmpnam
#ifndef BASE_MAY_MALLOC
#pragma GCC poison malloc calloc realloc strdup strndup
#endif
#endif
#endif
