/*
 * The strict reader.  It trusts nothing that a viewer could read otherwise: it
 * takes the updates apart from the end, writes them again from what it found
 * and demands the same bytes.  So the parsing here need not be clever; it must
 * only stay inside the file.
 */
#include "typeset/pdf_int.h"

enum { UPDATES_MAX = 2 };

struct section {
	size_t at, end;          /* of the update */
	uint64_t xref;
	uint64_t catalog;        /* where */
	size_t n_new;            /* files */
};

/* The table and trailer at the end of [0, end).  false: not an update of ours. */
static bool
read_section(struct bytes pdf, size_t end, struct section *ret)
{
	struct section t = {.end = end};
	struct scan s = {pdf.p, 0, end, false};
	uint64_t objects;

	if (!pdf_startxref(pdf, end, &t.xref))
		return false;
	s.at = (size_t)t.xref;
	scan_expect(&s, "xref\n");
	scan_number(&s);
	scan_expect(&s, " 1\n");
	t.catalog = scan_number(&s);
	scan_expect(&s, " 00000 n \n");
	scan_number(&s);
	scan_expect(&s, " ");
	objects = scan_number(&s);
	scan_expect(&s, "\n");
	if (objects < 2 || objects % 2 || objects > 2 * (TYPESET_MAX_FILES + 1))
		return false;
	scan_data(&s, objects * XREF_ENTRY_BYTES);
	scan_expect(&s, "trailer\n<< /Size ");
	scan_number(&s);
	scan_expect(&s, "\n   /Root ");
	scan_number(&s);
	scan_expect(&s, " 0 R\n   /Info ");
	scan_number(&s);
	scan_expect(&s, " 0 R\n   /Prev ");
	scan_number(&s);
	scan_expect(&s, "\n   /XXhabeasAt ");
	t.at = (size_t)scan_number(&s);
	t.n_new = (size_t)objects / 2;
	if (s.wrong || t.at >= t.catalog || t.catalog >= t.xref)
		return false;
	*ret = t;
	return true;
}

/* <FEFF…> back to UTF-8; halves of pairs that do not fit become U+FFFD, which
 * the comparison afterwards refuses. */
static struct str
decode_text_string(struct arena *a, struct str hex)
{
	struct buf b;
	uint8_t u[2];
	uint32_t high = 0;

	buf_init(&b, hex.n + 8);
	for (size_t i = 4; i + 4 <= hex.n; i += 4) {
		uint32_t c = 0xfffd;
		if (hex_decode((struct str){hex.p + i, 4}, u, 2))
			c = (uint32_t)u[0] << 8 | u[1];
		if (high && c >= 0xdc00 && c <= 0xdfff) {
			utf8_put(&b, 0x10000 + ((high - 0xd800) << 10) + (c - 0xdc00));
			high = 0;
			continue;
		}
		high = c >= 0xd800 && c <= 0xdbff ? c : 0;
		if (!high)
			utf8_put(&b, c >= 0xdc00 && c <= 0xdfff ? 0xfffd : c);
	}
	struct str s = str_dup(a, buf_str(&b));
	buf_finish(&b);
	return s;
}

static struct str
decode_mime(struct arena *a, struct str name)
{
	const char *at = name.n ? memmem(name.p, name.n, "#2F", 3) : NULL;
	size_t type = at ? (size_t)(at - name.p) : name.n;

	if (!at)
		return name;
	return str_fmt(a, STR_FMT "/" STR_FMT, STR_ARG(str_upto(name, type)),
		STR_ARG(str_from(name, type + 3)));
}

/* The two objects of one file, as put_file() and put_specification() write them. */
static struct typeset_file
read_file(struct arena *a, struct scan *s)
{
	struct typeset_file f = {0};
	struct str mime, hex;

	scan_number(s);
	scan_expect(s, " 0 obj\n<< /Type /EmbeddedFile\n   /Subtype /");
	mime = scan_until(s, '\n', 130);
	scan_expect(s, "\n   /Params << /Size ");
	scan_number(s);
	scan_expect(s, " >>\n   /Length ");
	uint64_t length = scan_number(s);
	scan_expect(s, "\n>>\nstream\n");
	f.data = scan_data(s, length);
	scan_expect(s, "\nendstream\nendobj\n");
	scan_number(s);
	scan_expect(s, " 0 obj\n<< /Type /Filespec\n   /F (");
	f.name = scan_until(s, ')', 100);
	scan_expect(s, ")\n   /UF (");
	scan_until(s, ')', 100);
	scan_expect(s, ")\n   /Desc <");
	hex = scan_until(s, '>', 4 + 4 * 1000);
	scan_expect(s, ">\n   /AFRelationship /Data\n   /EF << /F ");
	scan_number(s);
	scan_expect(s, " 0 R /UF ");
	scan_number(s);
	scan_expect(s, " 0 R >>\n>>\nendobj\n");
	if (s->wrong)
		return f;
	f.mime = decode_mime(a, mime);
	f.description = decode_text_string(a, hex);
	return f;
}

static enum status
read_lang(struct bytes pdf, const struct pdf_base *b, const struct section *t,
	enum lang *ret, struct err *e)
{
	struct scan s = {pdf.p, (size_t)t->catalog, t->end, false};

	scan_number(&s);
	scan_expect(&s, " 0 obj\n<< /Type /Catalog\n");
	scan_data(&s, b->keys.n);
	scan_expect(&s, "   /Lang (");
	struct str code = scan_until(&s, ')', 8);
	if (s.wrong || !lang_of(code, ret))
		return pdf_refuse(e, s.at, "the catalog is not as habeas writes it");
	return OK;
}

static size_t
first_difference(struct bytes x, struct bytes y)
{
	size_t i = 0;

	while (i < x.n && i < y.n && x.p[i] == y.p[i])
		i++;
	return i;
}

/* Write the update again and compare. */
static enum status
demand_same(struct arena *a, struct bytes pdf, const struct section *t,
	struct pdf_update *u, struct err *e)
{
	struct bytes there = {pdf.p + t->at, t->end - t->at};
	struct buf out;
	size_t at;
	bool same;

	buf_init(&out, there.n + 4096);
	pdf_put_update(a, &out, u);
	same = !out.over && bytes_eq(buf_bytes(&out), there);
	at = first_difference(buf_bytes(&out), there);
	buf_finish(&out);
	return same ? OK : pdf_refuse(e, t->at + at, "not as habeas writes attached files");
}

/* The updates from the end backwards, newest last in `v`. */
static enum status
find_sections(struct bytes pdf, struct section v[UPDATES_MAX], size_t *ret_n,
	size_t *ret_base, struct err *e)
{
	struct section found[UPDATES_MAX];
	size_t n = 0, end = pdf.n;

	while (n < UPDATES_MAX && read_section(pdf, end, &found[n]))
		end = found[n++].at;
	for (size_t i = 0; i < n; i++)
		v[i] = found[n - 1 - i];
	if (n == UPDATES_MAX && v[1].n_new != 1)
		return pdf_refuse(e, v[1].at, "more than a note after the attached files");
	*ret_n = n;
	*ret_base = end;
	return OK;
}

static enum status
read_updates(struct arena *a, struct bytes pdf, const struct section *v, size_t n_sections,
	struct pdf_whole *w, struct err *e)
{
	size_t n = n_sections ? v[0].n_new : 0, n_all = n_sections == 2 ? n + 1 : n;
	struct typeset_file *files = NEWS(a, struct typeset_file, n_all);
	enum status st;

	w->last_xref = w->base.xref;
	for (size_t k = 0, done = 0; k < n_sections; k++) {
		struct scan s = {pdf.p, v[k].at, v[k].end, false};
		struct pdf_update u = {.base = &w->base, .files = files, .n_before = done,
			.n = done + v[k].n_new, .at = v[k].at, .prev_xref = w->last_xref};
		enum lang lang;
		for (; done < u.n && !s.wrong; done++)
			files[done] = read_file(a, &s);
		if (s.wrong)
			return pdf_refuse(e, s.at, "not an attached file as habeas writes it");
		if ((st = pdf_check_files(files, done, e)) != OK
		    || (st = read_lang(pdf, &w->base, &v[k], &lang, e)) != OK)
			return st;
		/* The note speaks the language of the files. */
		if (k > 0 && lang != w->parts.lang)
			return pdf_refuse(e, v[k].at, "two languages");
		w->parts.lang = u.lang = lang;
		if ((st = demand_same(a, pdf, &v[k], &u, e)) != OK)
			return st;
		w->last_xref = u.xref;
	}
	w->parts.files = files;
	w->parts.n_files = n;
	w->parts.has_note = n_sections == 2;
	w->parts.note = w->parts.has_note ? files[n].data : (struct bytes){NULL, 0};
	return OK;
}

/* Two files of one name, a note among the files, or a last file that is not the
 * note: the writer would have refused, so the comparison did not look. */
static enum status
check_roles(struct arena *a, const struct pdf_whole *w, struct err *e)
{
	const struct typeset_parts *p = &w->parts;
	const struct typeset_file note = pdf_note_file(p->note);
	enum status s = pdf_check_names(a, p->files, p->n_files, e);

	if (s != OK || !p->has_note)
		return s;
	const struct typeset_file *last = &p->files[p->n_files];
	if (!str_eq(last->name, note.name) || !str_eq(last->mime, note.mime)
	    || !str_eq(last->description, note.description))
		return pdf_refuse(e, p->covered_len, "what comes last is not the note");
	return OK;
}

enum status
pdf_read_whole(struct arena *a, struct bytes pdf, struct pdf_whole *ret, struct err *e)
{
	struct section v[UPDATES_MAX];
	struct pdf_whole w = {0};
	size_t n = 0;
	enum status s;

	if (pdf.n > TYPESET_MAX_PDF)
		return err_set(e, BAD, "PDF: %zu bytes; at most %d", pdf.n, TYPESET_MAX_PDF);
	if ((s = find_sections(pdf, v, &n, &w.parts.base_len, e)) != OK
	    || (s = pdf_read_base(a, pdf, w.parts.base_len, &w.base, e)) != OK
	    || (s = read_updates(a, pdf, v, n, &w, e)) != OK)
		return s;
	w.parts.covered_len = w.parts.has_note ? v[1].at : pdf.n;
	w.parts.creator = w.base.creator;
	if ((s = check_roles(a, &w, e)) != OK)
		return s;
	*ret = w;
	return OK;
}

enum status
typeset_pdf_files(struct arena *a, struct bytes pdf, struct typeset_parts *ret, struct err *e)
{
	struct pdf_whole w;
	enum status s = pdf_read_whole(a, pdf, &w, e);

	if (s == OK)
		*ret = w.parts;
	return s;
}

enum status
typeset_compare(struct arena *a, struct bytes pdf, struct bytes again,
	enum typeset_same *ret, struct err *e)
{
	struct typeset_parts x, y;
	enum status s;

	if ((s = typeset_pdf_files(a, pdf, &x, e)) != OK
	    || (s = typeset_pdf_files(a, again, &y, e)) != OK)
		return s;
	if (bytes_eq((struct bytes){pdf.p, x.base_len}, (struct bytes){again.p, y.base_len}))
		*ret = TYPESET_EQUAL;
	else
		*ret = str_eq(x.creator, y.creator) ? TYPESET_DIFFER : TYPESET_NOT_COMPARED;
	return OK;
}
