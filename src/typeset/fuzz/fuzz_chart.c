/* The chart request: what is read is written again as the same bytes. */
#include "typeset/typeset.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct typeset_chart c;
	struct arena *a;
	struct err e;
	struct buf b;

	if (n > 1 << 16)
		return 0;
	a = arena_create(64 << 20);
	if (typeset_chart_get(a, (struct bytes){p, n}, &c, &e) == OK) {
		buf_init(&b, n + 64);
		typeset_chart_put(&b, &c);
		invariant(bytes_eq(buf_bytes(&b), (struct bytes){p, n}));
		buf_finish(&b);
	}
	arena_destroy(a);
	return 0;
}
