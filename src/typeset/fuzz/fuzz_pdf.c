/* The strict reader of a letter's PDF: inside the file, and consistent. */
#include "typeset/typeset.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static bool
inside(struct bytes b, struct bytes pdf, size_t from, size_t to)
{
	return b.n == 0 || (b.p >= pdf.p + from && b.p + b.n <= pdf.p + to);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bytes pdf = {p, n};
	struct typeset_parts t;
	struct arena *a;
	struct err e;

	if (n > 1 << 16)
		return 0;
	a = arena_create(64 << 20);
	if (typeset_pdf_files(a, pdf, &t, &e) == OK) {
		invariant(t.base_len <= t.covered_len && t.covered_len <= n);
		invariant(t.has_note == (t.covered_len < n));
		invariant((t.n_files > 0) == (t.base_len < t.covered_len));
		for (size_t i = 0; i < t.n_files; i++)
			invariant(inside(t.files[i].data, pdf, t.base_len, t.covered_len));
		invariant(!t.has_note || inside(t.note, pdf, t.covered_len, n));
	}
	arena_destroy(a);
	return 0;
}
