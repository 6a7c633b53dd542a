/*
 * habeas-typeset WHAT < request > answer: one request, then the end.  WHAT is
 * pdf, html or fragment (the request is a document), chart (a chart, which becomes a
 * PNG), markdown (a Markdown text, after the name to call it by) or engine (nothing).  The answer is CBOR [engine,
 * pages, characters without glyph, bytes]; for markdown the second is the number
 * of numbered paragraphs.  Faults: one line on stderr, exit 2 or 3.
 *
 * All of it is drawn in the sandbox; only its own fonts can be opened there.
 */
#include <cmark.h>
#include "helpers/typeset/typeset_int.h"
#include "base/sandbox.h"

enum { ANSWER_MAX = 512 << 20 };
static const size_t arena_max = (size_t)1 << 30;

struct answer {
	struct str engine;
	size_t pages, no_glyph;
	struct buf bytes;
};

static enum status
write_answer(const struct answer *r, struct err *e)
{
	struct buf out;
	enum status s;

	buf_init(&out, (size_t)ANSWER_MAX + (64 << 10));
	cbor_put_array(&out, 4);
	cbor_put_text(&out, r->engine);
	cbor_put_uint(&out, r->pages);
	cbor_put_uint(&out, r->no_glyph);
	cbor_put_bytes(&out, buf_bytes(&r->bytes));
	s = os_write_fd(1, "answer", buf_bytes(&out), e);
	buf_finish(&out);
	return s;
}

/* The leak checker at the end of a sanitized build starts a process, which the
 * sandbox forbids. */
const char *__asan_default_options(void);
const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}

static enum status
check_markdown(const char *name, struct bytes in, struct answer *r, struct err *e)
{
	struct cmark_node *tree;
	enum status s = markdown_parse(bytes_str(in), name, true, &tree, &r->pages, e);

	if (s == OK)
		cmark_node_free(tree);
	return s;
}

static enum status
draw_chart(struct arena *a, struct bytes in, PangoFontMap *map, struct answer *r, struct err *e)
{
	struct typeset_chart c;
	enum status s = typeset_chart_get(a, in, &c, e);

	r->pages = 1;
	return s ? s : chart_write(a, &c, map, &r->bytes, &r->no_glyph, e);
}

static enum status
draw(struct arena *a, const char *what, struct bytes in, PangoFontMap *map, struct answer *r,
	struct err *e)
{
	struct typeset_doc d;
	enum status s;

	if (strcmp(what, "chart") == 0)
		return draw_chart(a, in, map, r, e);
	if ((s = typeset_doc_get(a, in, &d, e)) != OK)
		return s;
	if (strcmp(what, "pdf") == 0)
		return pdf_write(a, &d, map, r->engine, &r->bytes, &r->pages, &r->no_glyph, e);
	return html_write(a, &d, strcmp(what, "fragment") == 0, &r->bytes, e);
}

static enum status
run(struct arena *a, int argc, char **argv, struct err *e)
{
	struct answer r = {0};
	struct bytes in = {NULL, 0};
	PangoFontMap *map = NULL;
	bool landlock;
	enum status s;

	if ((s = sandbox_enter(font_dirs, FONT_DIRS, &landlock, e)) != OK)
		return s;
	if (argc < 2)
		return err_set(e, BAD, "habeas-typeset: no request; habeas runs this program");
	const char *what = argv[1];
	buf_init(&r.bytes, ANSWER_MAX);
	if (strcmp(what, "engine") != 0)
		s = os_read_fd(a, 0, "request", TYPESET_MAX_REQUEST, &in, e);
	if (s == OK && strcmp(what, "markdown") == 0)
		s = check_markdown(argc > 2 ? argv[2] : "text", in, &r, e);
	else if (s == OK && (s = fonts_open(a, &map, &r.engine, e)) == OK
		 && strcmp(what, "engine") != 0)
		s = draw(a, what, in, map, &r, e);
	if (s == OK)
		s = write_answer(&r, e);
	/* Last, since the first line would be taken for the fault. */
	if (s == OK && !landlock)
		fprintf(stderr, "habeas-typeset: this kernel has no Landlock; only the filter "
			"of system calls held\n");
	buf_finish(&r.bytes);
	return s;
}

int
main(int argc, char **argv)
{
	struct arena *a = arena_create(arena_max);
	struct err e = {0};
	enum status s;

	os_no_core_dumps();
	s = run(a, argc, argv, &e);
	if (s != OK)
		fprintf(stderr, "%s\n", e.text);
	arena_destroy(a);
	return (int)s;
}
