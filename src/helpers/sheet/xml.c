/* One XML part through expat: no document types (so no entities), a bound on depth,
 * elements of other namespaces passed over with all that is in them. */
#include "sheet_int.h"
#include <expat.h>

enum { SEPARATOR = '|' };

struct xml_state {
	struct xml *x;
	XML_Parser p;
	struct str part;
	unsigned depth, foreign;        /* foreign: depth of the element passed over, or 0 */
};

/* SpreadsheetML, transitional (Excel's) and strict, and package relationships:
 * ECMA-376 part 1 annex A and part 4; part 2, 6.5. */
static const char *const ooxml[] = {
	"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
	"http://purl.oclc.org/ooxml/spreadsheetml/main",
	"http://schemas.openxmlformats.org/package/2006/relationships",
	NULL,
};
/* OpenDocument: ODF 1.3 part 3, 1.4; part 2, 1.4 (manifest). */
static const char *const odf[] = {
	"urn:oasis:names:tc:opendocument:xmlns:text:1.0",
	"urn:oasis:names:tc:opendocument:xmlns:table:1.0",
	"urn:oasis:names:tc:opendocument:xmlns:office:1.0",
	"urn:oasis:names:tc:opendocument:xmlns:style:1.0",
	"urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0",
	"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
	NULL,
};
static const char *const reference[] = {
	"http://schemas.openxmlformats.org/officeDocument/2006/relationships|id",
	"http://purl.oclc.org/ooxml/officeDocument/relationships|id",
};

/* The local name if the namespace is one of ours, else STR_NONE. */
static struct str
local_name(const char *name, const char *const *own)
{
	const char *bar = strrchr(name, SEPARATOR);

	for (; bar && *own; own++)
		if (strlen(*own) == (size_t)(bar - name)
			&& memcmp(*own, name, (size_t)(bar - name)) == 0)
			return str_of(bar + 1);
	return STR_NONE;
}

void
xml_fail(struct xml *x, const char *fmt, ...)
{
	va_list ap;

	if (x->status != OK)
		return;
	va_start(ap, fmt);
	x->status = err_setv(x->e, BAD, fmt, ap);
	va_end(ap);
	XML_StopParser(x->state->p, XML_FALSE);
}

static void
on_start(void *data, const char *name, const char **attributes)
{
	struct xml_state *st = data;
	struct str local = local_name(name, st->x->odf ? odf : ooxml);

	if (st->x->status != OK)
		return;
	if (++st->depth > DEPTH_MOST) {
		xml_fail(st->x, STR_FMT ": elements stand more than %d deep in each other",
			STR_ARG(st->part), DEPTH_MOST);
		return;
	}
	if (!local.p && !st->foreign)
		st->foreign = st->depth;
	if (!st->foreign)
		st->x->start(st->x, local, attributes);
}

static void
on_end(void *data, const char *name)
{
	struct xml_state *st = data;

	if (st->x->status != OK)
		return;
	if (!st->foreign)
		st->x->end(st->x, local_name(name, st->x->odf ? odf : ooxml));
	if (st->foreign == st->depth)
		st->foreign = 0;
	st->depth--;
}

void
xml_put(struct xml *x, const char *text, size_t n)
{
	buf_put(&x->text, text, n);
	if (x->text.over)
		xml_fail(x, STR_FMT ": line %lu: a text of more than %d bytes; no cell holds "
			"that much", STR_ARG(x->state->part),
			(unsigned long)XML_GetCurrentLineNumber(x->state->p), CELL_MOST);
}

static void
on_text(void *data, const char *text, int n)
{
	struct xml_state *st = data;
	struct xml *x = st->x;

	if (!x->keep || st->foreign || x->status != OK)
		return;
	xml_put(x, text, (size_t)n);
}

static void
on_doctype(void *data, const char *name, const char *system, const char *public, int inside)
{
	struct xml_state *st = data;

	(void)name, (void)system, (void)public, (void)inside;
	xml_fail(st->x, STR_FMT ": a document type declaration, which a workbook never has; "
		"refused", STR_ARG(st->part));
}

static enum status
take(void *to, struct bytes piece, bool last, struct err *e)
{
	struct xml_state *st = to;

	if (XML_Parse(st->p, (const char *)piece.p, (int)piece.n, last) == XML_STATUS_OK
		&& st->x->status == OK)
		return OK;
	if (st->x->status != OK)
		return st->x->status;
	if (XML_GetErrorCode(st->p) == XML_ERROR_NO_MEMORY)
		return err_set(e, FAIL, STR_FMT ": no memory to read it", STR_ARG(st->part));
	return err_set(e, BAD, STR_FMT ": line %lu: not XML (%s); open the workbook and save "
		"it again", STR_ARG(st->part), (unsigned long)XML_GetCurrentLineNumber(st->p),
		XML_ErrorString(XML_GetErrorCode(st->p)));
}

enum status
xml_read(const struct parts *p, struct str part, struct xml *x, struct err *e)
{
	struct xml_state st = {.x = x, .part = part};
	enum status s;

	st.p = XML_ParserCreateNS(NULL, SEPARATOR);
	if (!st.p)
		return err_set(e, FAIL, "no memory to read " STR_FMT, STR_ARG(part));
	XML_SetUserData(st.p, &st);
	XML_SetElementHandler(st.p, on_start, on_end);
	XML_SetCharacterDataHandler(st.p, on_text);
	XML_SetStartDoctypeDeclHandler(st.p, on_doctype);
	x->state = &st;
	x->e = e;
	x->status = OK;
	x->keep = false;
	buf_init(&x->text, CELL_MOST);
	s = p->stream(p->from, part, take, &st, e);
	XML_ParserFree(st.p);
	buf_finish(&x->text);
	x->state = NULL;
	return s;
}

const char *
xml_attribute(const char **attributes, const char *name)
{
	for (; *attributes; attributes += 2)
		if (strcmp(attributes[0], name) == 0)
			return attributes[1];
	return NULL;
}

const char *
xml_reference(const char **attributes)
{
	for (size_t i = 0; i < sizeof reference / sizeof *reference; i++) {
		const char *v = xml_attribute(attributes, reference[i]);
		if (v)
			return v;
	}
	return NULL;
}
