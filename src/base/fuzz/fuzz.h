/* What every fuzz target offers, to libFuzzer or to replay.c. */
#ifndef BASE_FUZZ_FUZZ_H
#define BASE_FUZZ_FUZZ_H

#include "base/base.h"

/* Ends the process (invariant, sanitizer) when something is wrong with `p`. */
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

#endif
