/* Between our UTF-8 and ICU's UTF-16.  Only for text*.c. */
#ifndef BASE_TEXT_INT_H
#define BASE_TEXT_INT_H

#include <unicode/unorm2.h>
#include "base/text.h"

/* UTF-16 on its way through ICU.  Most cells are short and never leave `room`. */
struct wide {
	UChar *p;
	int32_t n, cap;
	UChar room[512];
};

void wide_init(struct wide *w);
void wide_finish(struct wide *w);                    /* wiped: names pass here */
void wide_put(struct wide *w, uint32_t cp);
void wide_put_str(struct wide *w, struct str s);     /* valid UTF-8 */
struct str wide_str(struct arena *a, const struct wide *w);

/* The code point at *at, advancing. */
uint32_t wide_next(const struct wide *w, int32_t *at);

/* In place; nothing is copied when it is in that form already. */
void wide_normalise(struct wide *w, const UNormalizer2 *form);

#endif
