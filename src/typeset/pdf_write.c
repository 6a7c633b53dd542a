/*
 * Files and the note as incremental updates (ISO 32000-1, 7.5.6): nothing of the
 * pages is touched; the catalog is written anew with the name tree of embedded
 * files (7.7.4, 7.11.4) and the associated files (/AF, ISO 19005-3 annex E).
 */
#include "typeset/pdf_int.h"
#include <inttypes.h>

const char pdf_note_name[] = "note.txt";

/* Described in English, whatever the letter's language: it is for the verifier. */
struct typeset_file
pdf_note_file(struct bytes note)
{
	return (struct typeset_file){str_of(pdf_note_name), S("text/plain"),
		S("Signs every byte of this file before this note"), note};
}

static bool
is_word(struct str s, const char *letters, size_t most)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '\0' || !strchr(letters, s.p[i]))
			return false;
	return s.n >= 1 && s.n <= most;
}

static bool
is_mime(struct str s)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789.+-";
	struct str type = str_upto(s, str_find(s, '/'));

	return type.n < s.n && is_word(type, letters, 60)
		&& is_word(str_from(s, type.n + 1), letters, 60);
}

static bool
is_line(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return false;
	return s.n <= 1000 && utf8_valid(str_bytes(s));
}

static enum status
check_file(const struct typeset_file *f, struct err *e)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789._-";

	if (!is_word(f->name, letters, 100) || f->name.p[0] == '.')
		return err_set(e, BAD, "attached file \"" STR_FMT "\": its name must be 1 to "
			"100 of A-Z a-z 0-9 . _ -, not first a dot",
			STR_ARG(str_upto(f->name, 120)));
	if (!is_mime(f->mime))
		return err_set(e, BAD, "attached file " STR_FMT ": type \"" STR_FMT "\"; write "
			"it as text/plain", STR_ARG(f->name), STR_ARG(str_upto(f->mime, 120)));
	if (!is_line(f->description))
		return err_set(e, BAD, "attached file " STR_FMT ": its description must be one "
			"line of at most 1000 bytes", STR_ARG(f->name));
	return OK;
}

static int
by_name(const void *x, const void *y)
{
	const struct typeset_file *const *f = x, *const *g = y;

	return str_cmp((*f)->name, (*g)->name);
}

/* The name tree must be in byte order (7.9.6), whatever the order of the files. */
static const struct typeset_file **
sorted(struct arena *a, const struct typeset_file *files, size_t n)
{
	const struct typeset_file **v = NEWS(a, const struct typeset_file *, n);

	for (size_t i = 0; i < n; i++)
		v[i] = &files[i];
	qsort(v, n, sizeof *v, by_name);
	return v;
}

enum status
pdf_check_files(const struct typeset_file *files, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		enum status s = check_file(&files[i], e);
		if (s != OK)
			return s;
	}
	return OK;
}

enum status
pdf_check_names(struct arena *a, const struct typeset_file *files, size_t n, struct err *e)
{
	const struct typeset_file **v = sorted(a, files, n);

	for (size_t i = 0; i < n; i++) {
		if (str_is(v[i]->name, pdf_note_name))
			return err_set(e, BAD, "attached file %s: this name is kept for the "
				"note", pdf_note_name);
		if (i > 0 && str_eq(v[i]->name, v[i - 1]->name))
			return err_set(e, BAD, "attached file " STR_FMT ": twice; names must "
				"differ", STR_ARG(v[i]->name));
	}
	return OK;
}

/* A text string as UTF-16BE with its mark (7.9.2.2), in hexadecimal. */
static void
put_text_string(struct buf *out, struct str s)
{
	buf_cstr(out, "<FEFF");
	for (size_t at = 0; at < s.n;) {
		uint32_t cp = utf8_next(s, &at);
		if (cp >= 0x10000) {
			buf_fmt(out, "%04X", 0xd800 + (unsigned)((cp - 0x10000) >> 10));
			cp = 0xdc00 + ((cp - 0x10000) & 0x3ff);
		}
		buf_fmt(out, "%04X", (unsigned)cp);
	}
	buf_cstr(out, ">");
}

static uint64_t
object_of(const struct pdf_update *u, size_t k)
{
	return u->base->size + 2 * (uint64_t)k;
}

static void
put_file(struct buf *out, const struct typeset_file *f, uint64_t object)
{
	size_t slash = str_find(f->mime, '/');

	buf_fmt(out, "%" PRIu64 " 0 obj\n<< /Type /EmbeddedFile\n   /Subtype /" STR_FMT "#2F"
		STR_FMT "\n   /Params << /Size %zu >>\n   /Length %zu\n>>\nstream\n", object,
		STR_ARG(str_upto(f->mime, slash)), STR_ARG(str_from(f->mime, slash + 1)),
		f->data.n, f->data.n);
	buf_put(out, f->data.p, f->data.n);
	buf_cstr(out, "\nendstream\nendobj\n");
}

static void
put_specification(struct buf *out, const struct typeset_file *f, uint64_t object)
{
	buf_fmt(out, "%" PRIu64 " 0 obj\n<< /Type /Filespec\n   /F (" STR_FMT ")\n   /UF ("
		STR_FMT ")\n   /Desc ", object + 1, STR_ARG(f->name), STR_ARG(f->name));
	put_text_string(out, f->description);
	buf_fmt(out, "\n   /AFRelationship /Data\n   /EF << /F %" PRIu64 " 0 R /UF %" PRIu64
		" 0 R >>\n>>\nendobj\n", object, object);
}

static void
put_catalog(struct arena *a, struct buf *out, const struct pdf_update *u)
{
	const struct typeset_file **v = sorted(a, u->files, u->n);

	buf_fmt(out, "%" PRIu64 " 0 obj\n<< /Type /Catalog\n" STR_FMT "   /Lang (%s)\n",
		u->base->root, STR_ARG(u->base->keys), lang_code(u->lang));
	buf_fmt(out, "   /ViewerPreferences << /DisplayDocTitle true /Direction /%s >>\n",
		lang_rtl(u->lang) ? "R2L" : "L2R");
	buf_cstr(out, "   /Names << /EmbeddedFiles << /Names [\n");
	for (size_t i = 0; i < u->n; i++)
		buf_fmt(out, "      (" STR_FMT ") %" PRIu64 " 0 R\n", STR_ARG(v[i]->name),
			object_of(u, (size_t)(v[i] - u->files)) + 1);
	buf_cstr(out, "   ] >> >>\n   /AF [\n");
	for (size_t i = 0; i < u->n; i++)
		buf_fmt(out, "      %" PRIu64 " 0 R\n", object_of(u, i) + 1);
	buf_cstr(out, "   ]\n>>\nendobj\n");
}

void
pdf_put_update(struct arena *a, struct buf *out, struct pdf_update *u)
{
	size_t start = out->n, n_new = u->n - u->n_before;
	uint64_t *where = NEWS(a, uint64_t, 2 * n_new + 1);

	for (size_t i = 0; i < n_new; i++) {
		const struct typeset_file *f = &u->files[u->n_before + i];
		uint64_t object = object_of(u, u->n_before + i);
		where[2 * i] = u->at + (out->n - start);
		put_file(out, f, object);
		where[2 * i + 1] = u->at + (out->n - start);
		put_specification(out, f, object);
	}
	where[2 * n_new] = u->at + (out->n - start);
	put_catalog(a, out, u);

	/* 7.5.4: each entry is exactly 20 bytes. */
	u->xref = u->at + (out->n - start);
	buf_fmt(out, "xref\n%" PRIu64 " 1\n%010" PRIu64 " 00000 n \n%" PRIu64 " %zu\n",
		u->base->root, where[2 * n_new], object_of(u, u->n_before), 2 * n_new);
	for (size_t i = 0; i < 2 * n_new; i++)
		buf_fmt(out, "%010" PRIu64 " 00000 n \n", where[i]);
	/* XX: annex E's prefix for private keys. */
	buf_fmt(out, "trailer\n<< /Size %" PRIu64 "\n   /Root %" PRIu64 " 0 R\n   /Info %"
		PRIu64 " 0 R\n   /Prev %" PRIu64 "\n   /XXhabeasAt %zu\n>>\nstartxref\n%"
		PRIu64 "\n%%%%EOF\n", object_of(u, u->n), u->base->root, u->base->info,
		u->prev_xref, u->at, u->xref);
}

static enum status
write_all(struct arena *a, struct bytes pdf, struct pdf_update *u, struct bytes *ret,
	struct err *e)
{
	struct buf out;

	buf_init(&out, TYPESET_MAX_PDF);
	buf_put(&out, pdf.p, pdf.n);
	pdf_put_update(a, &out, u);
	if (out.over)
		return buf_finish(&out), err_set(e, BAD, "attached files: more than %d bytes "
			"in all", TYPESET_MAX_PDF);
	*ret = (struct bytes){arena_copy(a, out.p, out.n), out.n};
	buf_finish(&out);
	return OK;
}

enum status
typeset_pdf_attach(struct arena *a, struct bytes pdf, enum lang lang,
	const struct typeset_file *files, size_t n, struct bytes *ret, struct err *e)
{
	struct pdf_base base;
	enum status s;

	if (n < 1 || n > TYPESET_MAX_FILES)
		return err_set(e, BAD, "attached files: %zu; from 1 to %d", n,
			TYPESET_MAX_FILES);
	if ((s = pdf_check_files(files, n, e)) != OK
	    || (s = pdf_check_names(a, files, n, e)) != OK
	    || (s = pdf_read_base(a, pdf, pdf.n, &base, e)) != OK)
		return s;
	struct pdf_update u = {.base = &base, .lang = lang, .files = files, .n = n,
		.at = pdf.n, .prev_xref = base.xref};
	return write_all(a, pdf, &u, ret, e);
}

enum status
typeset_pdf_note(struct arena *a, struct bytes pdf, struct bytes note, struct bytes *ret,
	struct err *e)
{
	struct pdf_whole w;
	enum status s = pdf_read_whole(a, pdf, &w, e);

	if (s != OK)
		return s;
	if (w.parts.n_files == 0 || w.parts.has_note)
		return err_set(e, BAD, w.parts.has_note ? "the PDF has its note already"
			: "the PDF has no attached files; attach them before the note");
	struct typeset_file *files = NEWS(a, struct typeset_file, w.parts.n_files + 1);
	memcpy(files, w.parts.files, w.parts.n_files * sizeof *files);
	files[w.parts.n_files] = pdf_note_file(note);
	struct pdf_update u = {.base = &w.base, .lang = w.parts.lang, .files = files,
		.n_before = w.parts.n_files, .n = w.parts.n_files + 1, .at = pdf.n,
		.prev_xref = w.last_xref};
	return write_all(a, pdf, &u, ret, e);
}
