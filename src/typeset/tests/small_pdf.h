/* The smallest PDF in the form in which cairo 1.16 writes: one empty page. */
#ifndef TYPESET_TESTS_SMALL_PDF_H
#define TYPESET_TESTS_SMALL_PDF_H

#include "typeset/typeset.h"

/* extra: a line more in the catalog, or "". */
static inline struct bytes
small_pdf(struct arena *a, const char *creator, const char *extra)
{
	const char *const objects[] = {
		"<< /Type /Pages\n   /Kids [ 2 0 R ]\n   /Count 1\n>>\n",
		"<< /Type /Page\n   /Parent 1 0 R\n   /MediaBox [ 0 0 595.28 841.89 ]\n>>\n",
		str_fmt(a, "<< /Producer (cairo 1.16.0 (https://cairographics.org))\n"
			"   /Creator (%s)\n>>\n", creator).p,
		str_fmt(a, "<< /Type /Catalog\n   /Pages 1 0 R\n%s>>\n", extra).p,
	};
	size_t at[4], xref;
	struct buf b;

	buf_init(&b, 1 << 16);
	buf_cstr(&b, "%PDF-1.5\n%\xb5\xed\xae\xfb\n");
	for (size_t i = 0; i < 4; i++) {
		at[i] = b.n;
		buf_fmt(&b, "%zu 0 obj\n%sendobj\n", i + 1, objects[i]);
	}
	xref = b.n;
	buf_cstr(&b, "xref\n0 5\n0000000000 65535 f \n");
	for (size_t i = 0; i < 4; i++)
		buf_fmt(&b, "%010zu 00000 n \n", at[i]);
	buf_fmt(&b, "trailer\n<< /Size 5\n   /Root 4 0 R\n   /Info 3 0 R\n>>\nstartxref\n%zu\n"
		"%%%%EOF\n", xref);
	struct bytes ret = {arena_copy(a, b.p, b.n), b.n};
	buf_finish(&b);
	return ret;
}

#endif
