/*
 * The pages, as cairo 1.16 writes them: one section with a classic table.  cairo
 * 1.18 writes another form, which is refused until somebody has looked at it.
 */
#include "typeset/pdf_int.h"

enum { MAX_OBJECTS = 8 << 20 };

/* The catalog's lines.  Only those that cairo writes for pages with or without
 * structure: an action, a form or files in the pages would not be ours. */
static struct str
read_catalog(struct scan *s, uint64_t root)
{
	size_t from;

	if (scan_number(s) != root)
		s->wrong = true;
	scan_expect(s, " 0 obj\n<< /Type /Catalog\n");
	from = s->at;
	scan_expect(s, "   /Pages ");
	scan_number(s);
	scan_expect(s, " 0 R\n");
	if (scan_is_next(s, "   /StructTreeRoot ")) {
		scan_expect(s, "   /StructTreeRoot ");
		scan_number(s);
		scan_expect(s, " 0 R\n");
	}
	if (scan_is_next(s, "   /MarkInfo << /Marked true >>\n"))
		scan_expect(s, "   /MarkInfo << /Marked true >>\n");
	struct str keys = {(const char *)s->p + from, s->at - from};
	scan_expect(s, ">>\nendobj\n");
	return keys;
}

/* cairo writes ASCII as a literal and the rest as UTF-16; ours is plain ASCII
 * without brackets or backslashes (see the helper's engine line). */
static struct str
read_creator(struct arena *a, struct scan *s)
{
	static const char key[] = "   /Creator (";
	struct str dict = {(const char *)s->p + s->at, s->end - s->at};
	const char *at;

	dict = str_upto(dict, 64 << 10);
	at = memmem(dict.p, dict.n, key, strlen(key));
	if (!at)
		return STR_NONE;
	dict = str_from(dict, (size_t)(at - dict.p) + strlen(key));
	dict = str_upto(dict, str_find(dict, ')'));
	for (size_t i = 0; i < dict.n; i++)
		if (dict.p[i] < 0x20 || dict.p[i] > 0x7e)
			return STR_NONE;
	return str_dup(a, dict);
}

/* Where object `k` begins, by the table. */
static struct scan
object_at(struct bytes pdf, const struct pdf_base *b, size_t table, uint64_t k)
{
	struct scan s = {pdf.p, 0, b->len, false};

	if (k == 0 || k >= b->size) {
		s.wrong = true;
		return s;
	}
	s.at = table + (size_t)k * XREF_ENTRY_BYTES;
	uint64_t at = scan_number(&s);
	scan_expect(&s, " 00000 n \n");
	if (s.wrong || at >= b->xref)
		s.wrong = true;
	else
		s.at = (size_t)at;
	return s;
}

/* No object of the pages lies outside the pages, in bytes added later. */
static bool
table_stays_inside(struct bytes pdf, const struct pdf_base *b, size_t table)
{
	for (uint64_t k = 1; k < b->size; k++)
		if (object_at(pdf, b, table, k).wrong)
			return false;
	return true;
}

enum status
pdf_read_base(struct arena *a, struct bytes pdf, size_t len, struct pdf_base *ret,
	struct err *e)
{
	struct pdf_base b = {.len = len};
	struct scan s = {pdf.p, 0, len, false}, o;
	size_t table;

	scan_expect(&s, "%PDF-1.");
	if (s.wrong || !pdf_startxref(pdf, len, &b.xref))
		return pdf_refuse(e, s.wrong ? 0 : len, "not pages as habeas draws them");
	s.at = (size_t)b.xref;
	scan_expect(&s, "xref\n0 ");
	b.size = scan_number(&s);
	scan_expect(&s, "\n");
	table = s.at;
	if (b.size > MAX_OBJECTS)
		s.wrong = true;
	scan_data(&s, b.size * XREF_ENTRY_BYTES);
	scan_expect(&s, "trailer\n<< /Size ");
	if (scan_number(&s) != b.size)
		s.wrong = true;
	scan_expect(&s, "\n   /Root ");
	b.root = scan_number(&s);
	scan_expect(&s, " 0 R\n   /Info ");
	b.info = scan_number(&s);
	scan_expect(&s, " 0 R\n>>\nstartxref\n");
	scan_number(&s);
	scan_expect(&s, "\n%%EOF\n");
	if (s.wrong || s.at != len || !table_stays_inside(pdf, &b, table))
		return pdf_refuse(e, s.at, "the table of the pages is not as cairo writes it");
	o = object_at(pdf, &b, table, b.root);
	b.keys = read_catalog(&o, b.root);
	if (o.wrong)
		return pdf_refuse(e, o.at, "the catalog of the pages is not as cairo writes it");
	o = object_at(pdf, &b, table, b.info);
	if (o.wrong)
		return pdf_refuse(e, o.at, "the pages carry no information about themselves");
	b.creator = read_creator(a, &o);
	*ret = b;
	return OK;
}
