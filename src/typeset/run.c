/* Asking the helper. */
#include "typeset/typeset.h"

static const char helper_name[] = "habeas-typeset";

/* 5,000 rows take about 2 s and 100 MiB; the largest annex some 40 s. */
static const struct os_helper helper_limits = {
	.name = helper_name,
	.limit_bytes = (size_t)3 << 30,
	.max_output_bytes = (size_t)513 << 20,
	.limit_seconds = 120,
};

static enum status
ask(struct arena *a, const char *what, const char *name, struct bytes request,
	struct typeset_drawn *ret, struct err *e)
{
	const char *const argv[] = {what, name, NULL};
	struct os_helper h = helper_limits;
	struct typeset_drawn d = {0};
	struct bytes answer;
	enum status s;

	h.argv = argv;
	s = os_run_helper(a, &h, request, &answer, e);
	if (s != OK)
		return s;
	struct cbor c = cbor_read(answer);
	if (cbor_get_array(&c) != 4)
		return err_set(e, FAIL, "%s: its answer is cut off", helper_name);
	d.engine = cbor_get_text(&c);
	d.pages = (size_t)cbor_get_uint(&c);
	d.no_glyph = (size_t)cbor_get_uint(&c);
	d.bytes = cbor_get_bytes(&c);
	if (!cbor_done(&c))
		return err_set(e, FAIL, "%s: its answer is cut off", helper_name);
	*ret = d;
	return OK;
}

static enum status
ask_for_doc(struct arena *a, const char *what, const struct typeset_doc *d,
	struct typeset_drawn *ret, struct err *e)
{
	struct buf request;
	enum status s;

	buf_init(&request, TYPESET_MAX_REQUEST);
	typeset_doc_put(&request, d);
	if (request.over)
		s = err_set(e, BAD, "document: more than %d bytes; split its annexes",
			TYPESET_MAX_REQUEST);
	else
		s = ask(a, what, NULL, buf_bytes(&request), ret, e);
	buf_finish(&request);
	return s;
}

enum status
typeset_pdf(struct arena *a, const struct typeset_doc *d, struct typeset_drawn *ret,
	struct err *e)
{
	return ask_for_doc(a, "pdf", d, ret, e);
}

enum status
typeset_html(struct arena *a, const struct typeset_doc *d, bool fragment,
	struct typeset_drawn *ret, struct err *e)
{
	return ask_for_doc(a, fragment ? "fragment" : "html", d, ret, e);
}

enum status
typeset_markdown_check(struct arena *a, const char *name, struct str markdown,
	size_t *ret_numbered, struct err *e)
{
	struct typeset_drawn d = {0};
	enum status s = ask(a, "markdown", name, str_bytes(markdown), &d, e);

	if (s == OK && ret_numbered)
		*ret_numbered = d.pages;
	return s;
}

enum status
typeset_engine(struct arena *a, struct str *ret, struct err *e)
{
	struct typeset_drawn d;
	enum status s = ask(a, "engine", NULL, (struct bytes){NULL, 0}, &d, e);

	if (s == OK)
		*ret = d.engine;
	return s;
}

enum status
typeset_chart_png(struct arena *a, const struct typeset_chart *c, struct typeset_drawn *ret,
	struct err *e)
{
	struct buf request;
	enum status s;

	buf_init(&request, TYPESET_MAX_REQUEST);
	typeset_chart_put(&request, c);
	if (request.over)
		s = err_set(e, BAD, "chart: more than %d bytes; draw fewer points", TYPESET_MAX_REQUEST);
	else
		s = ask(a, "chart", NULL, buf_bytes(&request), ret, e);
	buf_finish(&request);
	return s;
}
