/* For eyes: draws the sample letter.  draw_sample HELPER_DIR LANG ROWS pdf|html > file */
#include "sample.h"

int
main(int argc, char **argv)
{
	struct arena *a = arena_create((size_t)1 << 30);
	struct typeset_drawn d;
	struct err e;
	enum lang l;
	uint64_t rows;
	enum status s;

	if (argc != 5 || !lang_of(str_of(argv[2]), &l) || !str_u64(str_of(argv[3]), &rows))
		return BAD;
	os_helpers_at(argv[1]);
	struct typeset_doc doc = sample_letter(a, l, (size_t)rows);
	s = strcmp(argv[4], "html") == 0 ? typeset_html(a, &doc, false, &d, &e)
		: typeset_pdf(a, &doc, &d, &e);
	if (s == OK)
		s = os_write_fd(1, "stdout", d.bytes, &e);
	if (s == OK)
		fprintf(stderr, "%zu pages, %zu without glyph, " STR_FMT "\n", d.pages, d.no_glyph,
			STR_ARG(d.engine));
	else
		fprintf(stderr, "%s\n", e.text);
	arena_destroy(a);
	return (int)s;
}
