/*
 * The package of an OpenDocument workbook (ODF 1.3 part 2): what kind it says it is,
 * and whether it is locked.  Its cells are in content.xml: see ods_rows.c.
 */
#include "sheet_int.h"

enum { MIMETYPE_MOST = 256 };

/* Part 2, 3.3; part 3, appendix C, and OpenOffice 1. */
static const struct {
	const char *type, *what;
} types[] = {
	{"application/vnd.oasis.opendocument.spreadsheet", NULL},
	{"application/vnd.oasis.opendocument.spreadsheet-template", NULL},
	{"application/vnd.oasis.opendocument.text", "a text document (.odt); copy its table into "
		"a spreadsheet and save it as .ods, .xlsx or CSV"},
	{"application/vnd.oasis.opendocument.presentation", "a presentation (.odp); copy its "
		"table into a spreadsheet and save it as .ods, .xlsx or CSV"},
	{"application/vnd.oasis.opendocument.base", "a database (.odb); export the table as CSV"},
	{"application/vnd.sun.xml.calc", "a workbook of OpenOffice 1 (.sxc); save it as .ods, "
		".xlsx or CSV"},
	{"application/epub+zip", "an electronic book (.epub); copy its table into a spreadsheet "
		"and save it as .ods, .xlsx or CSV"},
};

bool
ods_has(const struct parts *p)
{
	return !p->has(p->from, S("_rels/.rels"))
		&& (p->has(p->from, S("content.xml")) || p->has(p->from, S("mimetype")));
}

static enum status
take_type(void *to, struct bytes piece, bool last, struct err *e)
{
	(void)last, (void)e;
	buf_put(to, piece.p, piece.n);
	return OK;
}

/* What says that it is something else is believed; what says something unknown may
 * still be a workbook. */
static enum status
check_type(const struct parts *p, struct err *e)
{
	struct buf said;
	enum status s = OK;

	if (!p->has(p->from, S("mimetype")))
		return OK;
	buf_init(&said, MIMETYPE_MOST);
	s = p->stream(p->from, S("mimetype"), take_type, &said, e);
	for (size_t i = 0; s == OK && i < sizeof types / sizeof *types; i++)
		if (types[i].what && str_is(str_trim(buf_str(&said)), types[i].type))
			s = err_set(e, BAD, "this is %s", types[i].what);
	buf_finish(&said);
	return s;
}

/* Part 2, 4.3: what is encrypted is said in the manifest. */
static void
manifest_start(struct xml *x, struct str local, const char **attributes)
{
	(void)attributes;
	if (str_is(local, "encryption-data"))
		xml_fail(x, "this is a workbook locked with a password; open it, take the password "
			"off and save it again");
}

static void
manifest_end(struct xml *x, struct str local)
{
	(void)x, (void)local;
}

enum status
ods_book_read(struct arena *a, const struct parts *p, struct book *ret, struct err *e)
{
	struct xml manifest = {.odf = true, .start = manifest_start, .end = manifest_end};
	struct ods_styles *styles = ods_styles_create(a);
	enum status s = check_type(p, e);

	if (s == OK && p->has(p->from, S("META-INF/manifest.xml")))
		s = xml_read(p, S("META-INF/manifest.xml"), &manifest, e);
	if (s == OK && !p->has(p->from, S("content.xml")))
		return kind_explain(p, e);
	if (s == OK)
		s = ods_sheets_read(a, p, styles, ret, e);
	if (s == OK && ret->sheets.n == 0)
		s = err_set(e, BAD, "the workbook has no sheet; open it and save it again");
	if (s == OK)
		ret->ods = styles;
	return s;
}
