/*
 * The typesetting request: a document as deterministic CBOR, both directions.
 * docs/formats.md, "The typesetting request".  Texts are checked for UTF-8 by the
 * CBOR reader; counts are checked against the limits before anything is allocated.
 */
#include "typeset/typeset.h"

/* The appendix is a fifteenth item where there is one, so that the requests of letters
 * without it, which old renderings name by their hash, stay what they were. */
enum { REQUEST_VERSION = 1, DOC_FIELDS = 14 };
static const int64_t LAST_SECOND = 253402300799;  /* 9999-12-31T23:59:59Z: PDF dates have four digits */

static void
put_lines(struct buf *out, struct typeset_lines l)
{
	cbor_put_array(out, l.n);
	for (size_t i = 0; i < l.n; i++)
		cbor_put_text(out, l.v[i]);
}

static void
put_annex(struct buf *out, const struct typeset_annex *x)
{
	size_t n = x->n_rows * x->n_columns;

	cbor_put_array(out, 4);
	cbor_put_text(out, x->title);
	put_lines(out, x->notes);
	put_lines(out, (struct typeset_lines){x->columns, x->n_columns});
	/* Two items a cell, flat: half the bytes of nested pairs. */
	cbor_put_array(out, 2 * n);
	for (size_t i = 0; i < n; i++) {
		cbor_put_uint(out, (uint64_t)x->cells[i].dir);
		cbor_put_text(out, x->cells[i].text);
	}
}

void
typeset_doc_put(struct buf *out, const struct typeset_doc *d)
{
	cbor_put_array(out, DOC_FIELDS + (d->appendix.n > 0));
	cbor_put_uint(out, REQUEST_VERSION);
	cbor_put_text(out, str_of(lang_code(d->lang)));
	cbor_put_int(out, d->created);
	cbor_put_text(out, d->title);
	cbor_put_text(out, d->author);
	cbor_put_text(out, d->mark);
	put_lines(out, d->letterhead);
	put_lines(out, d->dateline);
	put_lines(out, d->addressee);
	cbor_put_text(out, d->body);
	cbor_put_array(out, d->n_signatories);
	for (size_t i = 0; i < d->n_signatories; i++) {
		cbor_put_array(out, 2);
		cbor_put_text(out, d->signatories[i].name);
		put_lines(out, d->signatories[i].lines);
	}
	cbor_put_array(out, d->n_annexes);
	for (size_t i = 0; i < d->n_annexes; i++)
		put_annex(out, &d->annexes[i]);
	cbor_put_text(out, d->verify);
	cbor_put_text(out, d->footer);
	if (d->appendix.n)
		cbor_put_text(out, d->appendix);
}

/* What is being read: the first thing out of bounds sticks in `e`. */
struct reading {
	struct cbor c;
	struct arena *a;
	struct err *e;
	enum status s;
};

static void
refuse(struct reading *r, const char *where, size_t found, size_t most)
{
	if (r->s == OK)
		r->s = err_set(r->e, BAD, "%s: %zu; at most %zu", where, found, most);
	r->c.wrong = true;
}

static struct str
get_text(struct reading *r, const char *where, size_t most)
{
	struct str s = cbor_get_text(&r->c);

	if (s.n > most) {
		refuse(r, where, s.n, most);
		return STR_NONE;
	}
	return s;
}

static size_t
get_count(struct reading *r, const char *where, size_t most)
{
	size_t n = cbor_get_array(&r->c);

	if (n > most) {
		refuse(r, where, n, most);
		return 0;
	}
	return r->c.wrong ? 0 : n;
}

static bool
get_shape(struct reading *r, size_t n)
{
	if (cbor_get_array(&r->c) != n)
		r->c.wrong = true;
	return !r->c.wrong;
}

static struct typeset_lines
get_lines(struct reading *r, const char *where, size_t most)
{
	size_t n = get_count(r, where, most);
	struct str *v = NEWS(r->a, struct str, n);

	for (size_t i = 0; i < n; i++)
		v[i] = get_text(r, where, TYPESET_MAX_PARAGRAPH);
	return (struct typeset_lines){v, n};
}

static void
get_cells(struct reading *r, struct typeset_annex *x)
{
	size_t items = get_count(r, "annex: cells",
		(size_t)2 * TYPESET_MAX_ROWS * TYPESET_MAX_COLUMNS);
	size_t n = items / 2;

	if (items % 2 || (x->n_columns ? n % x->n_columns : n) != 0) {
		r->c.wrong = true;
		return;
	}
	if (x->n_columns && n / x->n_columns > TYPESET_MAX_ROWS) {
		refuse(r, "annex: rows", n / x->n_columns, TYPESET_MAX_ROWS);
		return;
	}
	struct typeset_cell *v = NEWS(r->a, struct typeset_cell, n);
	for (size_t i = 0; i < n; i++) {
		uint64_t dir = cbor_get_uint(&r->c);
		if (dir >= TYPESET_DIR_COUNT)
			r->c.wrong = true;
		v[i].dir = (enum typeset_dir)dir;
		v[i].text = get_text(r, "annex: bytes of a cell", TYPESET_MAX_PARAGRAPH);
	}
	x->cells = v;
	x->n_rows = x->n_columns ? n / x->n_columns : 0;
}

static void
get_annex(struct reading *r, struct typeset_annex *x)
{
	struct typeset_lines columns;

	if (!get_shape(r, 4))
		return;
	x->title = get_text(r, "annex: bytes of the title", TYPESET_MAX_PARAGRAPH);
	x->notes = get_lines(r, "annex: notes", TYPESET_MAX_LINES);
	columns = get_lines(r, "annex: columns", TYPESET_MAX_COLUMNS);
	x->columns = columns.v;
	x->n_columns = columns.n;
	get_cells(r, x);
}

static void
get_signatories(struct reading *r, struct typeset_doc *d)
{
	size_t n = get_count(r, "signatories", TYPESET_MAX_LINES);
	struct typeset_signatory *v = NEWS(r->a, struct typeset_signatory, n);

	for (size_t i = 0; i < n && get_shape(r, 2); i++) {
		v[i].name = get_text(r, "signatory: bytes of the name", TYPESET_MAX_PARAGRAPH);
		v[i].lines = get_lines(r, "signatory: lines", TYPESET_MAX_LINES);
	}
	d->signatories = v;
	d->n_signatories = n;
}

static void
get_annexes(struct reading *r, struct typeset_doc *d)
{
	size_t n = get_count(r, "annexes", TYPESET_MAX_ANNEXES);
	struct typeset_annex *v = NEWS(r->a, struct typeset_annex, n);

	for (size_t i = 0; i < n && !r->c.wrong; i++)
		get_annex(r, &v[i]);
	d->annexes = v;
	d->n_annexes = n;
}

static void
get_doc(struct reading *r, struct typeset_doc *d)
{
	if (!lang_of(cbor_get_text(&r->c), &d->lang))
		r->c.wrong = true;
	d->created = cbor_get_int(&r->c);
	if (d->created < 0 || d->created > LAST_SECOND)
		r->c.wrong = true;
	d->title = get_text(r, "title: bytes", TYPESET_MAX_PARAGRAPH);
	d->author = get_text(r, "author: bytes", TYPESET_MAX_PARAGRAPH);
	d->mark = get_text(r, "mark: bytes", TYPESET_MAX_PARAGRAPH);
	d->letterhead = get_lines(r, "letterhead: lines", TYPESET_MAX_LINES);
	d->dateline = get_lines(r, "dateline: lines", TYPESET_MAX_LINES);
	d->addressee = get_lines(r, "addressee: lines", TYPESET_MAX_LINES);
	d->body = get_text(r, "body: bytes", TYPESET_MAX_MARKDOWN);
	get_signatories(r, d);
	get_annexes(r, d);
	d->verify = get_text(r, "verify: bytes", TYPESET_MAX_MARKDOWN);
	d->footer = get_text(r, "footer: bytes", TYPESET_MAX_PARAGRAPH);
}

enum status
typeset_doc_get(struct arena *a, struct bytes item, struct typeset_doc *ret, struct err *e)
{
	struct reading r = {cbor_read(item), a, e, OK};
	struct typeset_doc d = {0};
	uint64_t version;
	size_t fields;

	if (item.n > TYPESET_MAX_REQUEST)
		return err_set(e, BAD, "document: %zu bytes; at most %d", item.n,
			TYPESET_MAX_REQUEST);
	fields = cbor_get_array(&r.c);
	if (r.c.wrong || (fields != DOC_FIELDS && fields != DOC_FIELDS + 1))
		return err_set(e, BAD, "document: not a typesetting request");
	version = cbor_get_uint(&r.c);
	if (version != REQUEST_VERSION)
		return err_set(e, BAD, "document: version %llu of the request; this program "
			"reads %d", (unsigned long long)version, REQUEST_VERSION);
	get_doc(&r, &d);
	if (fields > DOC_FIELDS) {
		d.appendix = get_text(&r, "appendix: bytes", TYPESET_MAX_MARKDOWN);
		r.c.wrong |= d.appendix.n == 0;
	}
	if (r.s != OK)
		return r.s;
	if (!cbor_done(&r.c))
		return err_set(e, BAD, "document: not a typesetting request "
			"(docs/formats.md)");
	*ret = d;
	return OK;
}
