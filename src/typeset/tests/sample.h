/* Letters of invented organisations about invented people, in every language. */
#ifndef TYPESET_TESTS_SAMPLE_H
#define TYPESET_TESTS_SAMPLE_H

#include "typeset/typeset.h"

struct typeset_doc sample_letter(struct arena *a, enum lang l, size_t rows);

#endif
