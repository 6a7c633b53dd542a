/* A kinds file is refused with its line or gives tables in which everything is found. */
#include "base/fuzz/fuzz.h"
#include "record/record_int.h"

static void
walk(void)
{
	const struct kind *k;

	for (size_t i = 0; (k = kind_at(i)) != NULL; i++) {
		invariant(kind_named(k->name) == k && kind_of(k->number) == k);
		for (size_t j = 0; j < k->n_fields; j++) {
			const struct field *f = &k->fields[j];
			invariant(field_of(k, f->slot) == f && field_named(k, f->name) == f);
			invariant(f->type != VALUE_CODE || vocabulary_named(f->of));
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct err e = {.status = OK};
	enum status s = kinds_load((struct str){(const char *)p, n}, &e);

	invariant(s == OK || (s == BAD && e.text[0]));
	if (s == OK)
		walk();
	return 0;
}
