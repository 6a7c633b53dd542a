/*
 * Rendering: pages, then the files they follow from, then a note by this node over
 * every byte before it.
 */
#include "appeal/appeal_int.h"

/* Midnight of the letter's own day: a rendering of the same letter is the same
 * whenever it is made. */
int64_t
letter_created(const struct manifest *m)
{
	return m->day > 0 ? (int64_t)m->day * 86400 : 0;
}

void
rendering_document(const struct typeset_doc *d, uint8_t ret[SEAL_HASH])
{
	struct buf b;

	buf_init(&b, TYPESET_MAX_REQUEST);
	typeset_doc_put(&b, d);
	seal_sha256(buf_bytes(&b), ret);
	buf_finish(&b);
}

struct str
rendering_text(struct arena *a, const struct rendering *x)
{
	return str_fmt(a, STR_FMT "\nhabeas rendering 1\ncovers: %zu\nsha256: " STR_FMT
		"\nmanifest: " STR_FMT "\nlanguage: %s\ndocument: " STR_FMT "\nengine: " STR_FMT "\n",
		STR_ARG(x->origin), x->covered, STR_ARG(hex_encode(a, BYTES(x->sha256))),
		STR_ARG(hex_encode(a, BYTES(x->manifest))), lang_code(x->lang),
		STR_ARG(hex_encode(a, BYTES(x->document))), STR_ARG(x->engine));
}

static struct str
value_of(struct str *rest, const char *key)
{
	struct str line = rest->p ? str_cut(rest, '\n') : S("");

	return str_starts(line, key) ? str_from(line, strlen(key)) : S("");
}

bool
rendering_read(struct arena *a, struct str text, struct rendering *ret)
{
	struct rendering x = {0};
	struct str rest = text;
	uint64_t covered;

	x.origin = str_cut(&rest, '\n');
	value_of(&rest, "habeas rendering 1");
	if (!str_u64(value_of(&rest, "covers: "), &covered)
	    || !hex_decode(value_of(&rest, "sha256: "), x.sha256, SEAL_HASH)
	    || !hex_decode(value_of(&rest, "manifest: "), x.manifest, SEAL_HASH)
	    || !lang_of(value_of(&rest, "language: "), &x.lang)
	    || !hex_decode(value_of(&rest, "document: "), x.document, SEAL_HASH))
		return false;
	x.covered = (size_t)covered;
	x.engine = value_of(&rest, "engine: ");
	/* The first two lines too, and that nothing follows. */
	if (!str_eq(rendering_text(a, &x), text))
		return false;
	*ret = x;
	return true;
}

static enum status
sign_note(struct arena *a, struct node *n, const struct pack *p, enum lang l,
	const struct typeset_doc *d, struct str engine, struct bytes covered, struct bytes *ret,
	struct err *e)
{
	struct rendering x = {.origin = node_info(n)->origin, .covered = covered.n, .lang = l,
		.engine = engine};
	struct str note;
	enum status st;

	seal_sha256(covered, x.sha256);
	memcpy(x.manifest, p->hash, SEAL_HASH);
	rendering_document(d, x.document);
	st = node_note_sign(n, a, rendering_text(a, &x), &note, e);
	if (st == OK)
		*ret = str_bytes(note);
	return st;
}

static enum status
render_pdf(struct arena *a, struct node *n, const struct pack *p, enum lang l,
	const struct typeset_doc *d, struct bytes *ret, struct err *e)
{
	struct typeset_drawn drawn;
	struct typeset_file *files;
	struct bytes pdf, note;
	size_t n_files;
	enum status st;

	pack_files(a, p, &files, &n_files);
	if ((st = typeset_pdf(a, d, &drawn, e)) != OK
	    || (st = typeset_pdf_attach(a, drawn.bytes, l, files, n_files, &pdf, e)) != OK
	    || (st = sign_note(a, n, p, l, d, drawn.engine, pdf, &note, e)) != OK)
		return st;
	return typeset_pdf_note(a, pdf, note, ret, e);
}

/* DIR/letter.LANG.EXT; its name is noted. */
static enum status
put_file(struct arena *a, const char *dir, enum lang l, const char *ext, struct bytes data,
	struct str *ret_name, struct err *e)
{
	struct str path = str_fmt(a, "%s/letter.%s.%s", dir, lang_code(l), ext);
	enum status st = os_write_file(str_cstr(a, path), data, 0644, e);

	if (st == OK)
		*ret_name = path;
	return st;
}

enum status
letter_render(struct arena *a, struct reg *r, struct str name, const char *dir,
	struct str **ret_files, size_t *ret_n, struct err *e)
{
	struct str *files = NEWS(a, struct str, 2 * LANG_COUNT);
	uint8_t letter[SEAL_HASH];
	struct pack p;
	size_t n = 0;
	enum status st = pack_load(a, r, name, &p, letter, e);

	if (st || (st = os_make_dirs(dir, 0755, e)) != OK)
		return st;
	for (int k = 0; k < LANG_COUNT && st == OK; k++) {
		enum lang l = (enum lang)k;
		struct typeset_drawn html;
		struct bytes pdf;
		if (!p.m.has[l])
			continue;
		struct typeset_doc d = page_doc(a, &p, l);
		if ((st = render_pdf(a, reg_node(r), &p, l, &d, &pdf, e)) == OK
		    && (st = typeset_html(a, &d, false, &html, e)) == OK
		    && (st = put_file(a, dir, l, "pdf", pdf, &files[n], e)) == OK)
			st = put_file(a, dir, l, "html", html.bytes, &files[n + 1], e);
		n += 2;
	}
	if (st == OK) {
		*ret_files = files;
		*ret_n = n;
	}
	return st;
}
