/*
 * Values: one deterministic CBOR item each (docs/formats.md, "Values").  Each type
 * has its writer and its reader side by side; a reader accepts nothing that the
 * writer would not have written.
 */
#include "record/record.h"
#include "record/record_int.h"

enum { ITEM_MOST = 1 << 30 };        /* append has the real limits, and says so */

static void
begin(struct buf *b)
{
	buf_init(b, ITEM_MOST);
}

static struct bytes
end(struct arena *a, struct buf *b)
{
	struct bytes v = {NULL, b->n};

	invariant(!b->over);
	v.p = arena_copy(a, b->p, b->n);
	buf_finish(b);
	return v;
}

/* "" rather than NULL, so that an empty text is an item like any other. */
static void
put_text(struct buf *b, struct str s)
{
	cbor_put_text(b, s.p ? s : S(""));
}

struct bytes
value_text(struct arena *a, struct str s)
{
	struct buf b;

	begin(&b);
	put_text(&b, s);
	return end(a, &b);
}

bool
get_text(struct bytes v, struct str *ret)
{
	struct cbor c = cbor_read(v);
	struct str s = cbor_get_text(&c);

	if (!cbor_done(&c))
		return false;
	*ret = s;
	return true;
}

struct bytes
value_name(struct arena *a, const struct name *n)
{
	struct buf b;

	begin(&b);
	cbor_put_array(&b, 4);
	put_text(&b, n->text);
	put_text(&b, str_of(script_code(n->script)));
	put_text(&b, n->language);
	put_text(&b, n->role);
	return end(a, &b);
}

static bool
script_named(struct str code, enum script *ret)
{
	for (int i = SCRIPT_NONE; i <= SCRIPT_MIXED; i++)
		if (str_is(code, script_code((enum script)i))) {
			*ret = (enum script)i;
			return true;
		}
	return false;
}

bool
get_name(struct bytes v, struct name *ret)
{
	struct cbor c = cbor_read(v);
	struct name n = {0};
	bool four = cbor_get_array(&c) == 4;
	struct str script;

	n.text = cbor_get_text(&c);
	script = cbor_get_text(&c);
	n.language = cbor_get_text(&c);
	n.role = cbor_get_text(&c);
	if (!four || !cbor_done(&c) || !script_named(script, &n.script))
		return false;
	*ret = n;
	return true;
}

struct bytes
value_date(struct arena *a, const struct date *d)
{
	struct buf b;

	begin(&b);
	date_put(&b, d);
	return end(a, &b);
}

bool
get_date(struct bytes v, struct date *ret)
{
	return date_get(v, ret);
}

struct bytes
value_place(struct arena *a, const struct place *p)
{
	struct buf b;

	begin(&b);
	cbor_put_array(&b, 3);
	put_text(&b, p->text);
	put_text(&b, p->language);
	put_text(&b, p->code);
	return end(a, &b);
}

bool
get_place(struct bytes v, struct place *ret)
{
	struct cbor c = cbor_read(v);
	struct place p;
	bool three = cbor_get_array(&c) == 3;

	p.text = cbor_get_text(&c);
	p.language = cbor_get_text(&c);
	p.code = cbor_get_text(&c);
	if (!three || !cbor_done(&c))
		return false;
	*ret = p;
	return true;
}

struct bytes
value_code(struct arena *a, unsigned version, struct str code)
{
	struct buf b;

	begin(&b);
	cbor_put_array(&b, 2);
	cbor_put_uint(&b, version);
	put_text(&b, code);
	return end(a, &b);
}

bool
get_code(struct bytes v, unsigned *ret_version, struct str *ret)
{
	struct cbor c = cbor_read(v);
	bool two = cbor_get_array(&c) == 2;
	uint64_t version = cbor_get_uint(&c);
	struct str code = cbor_get_text(&c);

	if (!two || !cbor_done(&c) || version == 0 || version > UINT32_MAX)
		return false;
	*ret_version = (unsigned)version;
	*ret = code;
	return true;
}

struct bytes
value_bytes(struct arena *a, struct bytes v)
{
	struct buf b;

	begin(&b);
	cbor_put_bytes(&b, v);
	return end(a, &b);
}

bool
get_bytes(struct bytes v, struct bytes *ret)
{
	struct cbor c = cbor_read(v);
	struct bytes b = cbor_get_bytes(&c);

	if (!cbor_done(&c))
		return false;
	*ret = b;
	return true;
}

struct bytes
value_ref(struct arena *a, const uint8_t hash[SEAL_HASH])
{
	return value_bytes(a, (struct bytes){hash, SEAL_HASH});
}

bool
get_ref(struct bytes v, uint8_t ret[SEAL_HASH])
{
	struct bytes b;

	if (!get_bytes(v, &b) || b.n != SEAL_HASH)
		return false;
	memcpy(ret, b.p, SEAL_HASH);
	return true;
}

struct bytes
value_refs(struct arena *a, const uint8_t (*hashes)[SEAL_HASH], size_t n)
{
	struct buf b;

	begin(&b);
	cbor_put_array(&b, n);
	for (size_t i = 0; i < n; i++)
		cbor_put_bytes(&b, (struct bytes){hashes[i], SEAL_HASH});
	return end(a, &b);
}

bool
get_refs(struct arena *a, struct bytes v, uint8_t (**ret)[SEAL_HASH], size_t *ret_n)
{
	struct cbor c = cbor_read(v);
	size_t n = cbor_get_array(&c);
	uint8_t (*hashes)[SEAL_HASH];

	/* Each takes a head and its bytes, so n is bounded by what is there. */
	if (!cbor_ok(&c) || n > v.n / (SEAL_HASH + 2))
		return false;
	hashes = arena_alloc(a, n, SEAL_HASH);
	for (size_t i = 0; i < n; i++) {
		struct bytes h = cbor_get_bytes_n(&c, SEAL_HASH);
		if (!cbor_ok(&c))
			return false;
		memcpy(hashes[i], h.p, SEAL_HASH);
	}
	if (!cbor_done(&c))
		return false;
	*ret = hashes;
	*ret_n = n;
	return true;
}

struct bytes
value_number(struct arena *a, int64_t v)
{
	struct buf b;

	begin(&b);
	cbor_put_int(&b, v);
	return end(a, &b);
}

bool
get_number(struct bytes v, int64_t *ret)
{
	struct cbor c = cbor_read(v);
	int64_t i = cbor_get_int(&c);

	if (!cbor_done(&c))
		return false;
	*ret = i;
	return true;
}

struct bytes
value_time(struct arena *a, int64_t unix_seconds)
{
	return value_number(a, unix_seconds);
}

bool
get_time(struct bytes v, int64_t *ret)
{
	return get_number(v, ret);
}

struct bytes
value_flag(struct arena *a, bool v)
{
	struct buf b;

	begin(&b);
	cbor_put_bool(&b, v);
	return end(a, &b);
}

bool
get_flag(struct bytes v, bool *ret)
{
	struct cbor c = cbor_read(v);
	bool flag = cbor_get_bool(&c);

	if (!cbor_done(&c))
		return false;
	*ret = flag;
	return true;
}

struct bytes
value_row(struct arena *a, const struct row_ref *r)
{
	struct buf b;

	begin(&b);
	cbor_put_array(&b, 4);
	cbor_put_bytes(&b, (struct bytes){r->list, sizeof r->list});
	cbor_put_uint(&b, r->version);
	cbor_put_uint(&b, r->row);
	cbor_put_bytes(&b, (struct bytes){r->import, sizeof r->import});
	return end(a, &b);
}

static bool
from_one(uint64_t v, uint32_t *ret)
{
	*ret = (uint32_t)v;
	return v >= 1 && v <= UINT32_MAX;
}

bool
get_row(struct bytes v, struct row_ref *ret)
{
	struct cbor c = cbor_read(v);
	struct row_ref r;
	bool ok = cbor_get_array(&c) == 4;
	struct bytes list = cbor_get_bytes_n(&c, sizeof r.list), import;

	ok = from_one(cbor_get_uint(&c), &r.version) && ok;
	ok = from_one(cbor_get_uint(&c), &r.row) && ok;
	import = cbor_get_bytes_n(&c, sizeof r.import);
	if (!ok || !cbor_done(&c))
		return false;
	memcpy(r.list, list.p, sizeof r.list);
	memcpy(r.import, import.p, sizeof r.import);
	*ret = r;
	return true;
}

struct bytes
value_cells(struct arena *a, const struct cell *cells, size_t n)
{
	struct buf b;

	begin(&b);
	cbor_put_array(&b, n);
	for (size_t i = 0; i < n; i++) {
		cbor_put_array(&b, 4);
		cbor_put_uint(&b, cells[i].column);
		put_text(&b, cells[i].header);
		put_text(&b, cells[i].words);
		if (cells[i].slot >= 0)
			cbor_put_uint(&b, (uint64_t)cells[i].slot);
		else
			cbor_put_null(&b);
	}
	return end(a, &b);
}

static bool
read_cell(struct cbor *c, struct cell *ret)
{
	bool ok = cbor_get_array(c) == 4;

	ok = from_one(cbor_get_uint(c), &ret->column) && ok;
	ret->header = cbor_get_text(c);
	ret->words = cbor_get_text(c);
	ret->slot = -1;
	if (!cbor_get_null(c)) {
		uint64_t slot = cbor_get_uint(c);
		ok = ok && slot < SLOTS;
		ret->slot = (int)(slot % SLOTS);
	}
	return ok && cbor_ok(c);
}

bool
get_cells(struct arena *a, struct bytes v, struct cell **ret, size_t *ret_n)
{
	struct cbor c = cbor_read(v);
	size_t n = cbor_get_array(&c);
	struct cell *cells;

	if (!cbor_ok(&c) || n > v.n / 5)     /* five bytes are the least a cell takes */
		return false;
	cells = NEWS(a, struct cell, n);
	for (size_t i = 0; i < n; i++)
		if (!read_cell(&c, &cells[i]))
			return false;
	if (!cbor_done(&c))
		return false;
	*ret = cells;
	*ret_n = n;
	return true;
}

struct bytes
value_texts(struct arena *a, const struct str *v, size_t n)
{
	struct buf b;

	begin(&b);
	cbor_put_array(&b, n);
	for (size_t i = 0; i < n; i++)
		put_text(&b, v[i]);
	return end(a, &b);
}

bool
get_texts(struct arena *a, struct bytes v, struct str **ret, size_t *ret_n)
{
	struct cbor c = cbor_read(v);
	size_t n = cbor_get_array(&c);
	struct str *texts;

	if (!cbor_ok(&c))
		return false;
	texts = NEWS(a, struct str, n);
	for (size_t i = 0; i < n && cbor_ok(&c); i++)
		texts[i] = cbor_get_text(&c);
	if (!cbor_done(&c))
		return false;
	*ret = texts;
	*ret_n = n;
	return true;
}

struct bytes
value_withdrawn(struct arena *a, struct str reason)
{
	struct buf b;

	begin(&b);
	cbor_put_array(&b, 2);
	cbor_put_null(&b);
	put_text(&b, reason);
	return end(a, &b);
}

bool
get_withdrawn(struct bytes v, struct str *ret_reason)
{
	struct cbor c = cbor_read(v);
	bool two = cbor_get_array(&c) == 2, null = cbor_get_null(&c);
	struct str reason = cbor_get_text(&c);

	if (!two || !null || !cbor_done(&c))
		return false;
	*ret_reason = reason;
	return true;
}

/* --- does it fit its slot --------------------------------------------------------- */

static bool
fits_text(struct bytes v)
{
	struct str s;

	return get_text(v, &s) && text_is_nfc(s);
}

static bool
fits_name(struct bytes v)
{
	struct name n;

	return get_name(v, &n) && text_is_nfc(n.text) && text_is_nfc(n.language)
		&& text_is_nfc(n.role);
}

static bool
fits_place(struct bytes v)
{
	struct place p;

	return get_place(v, &p) && text_is_nfc(p.text) && text_is_nfc(p.language)
		&& text_is_nfc(p.code);
}

/* Codes of the version we know must be in it; of former versions we cannot say. */
static bool
fits_code(const struct field *f, struct bytes v)
{
	const struct vocabulary *voc = vocabulary_named(f->of);
	unsigned version;
	struct str code;

	return get_code(v, &version, &code) && voc && version <= voc->version
		&& (version < voc->version || code_of(voc, code));
}

/* Lists are walked without an arena: fits is asked for every slot that is written. */
static bool
fits_each(struct bytes v, enum value_type type)
{
	struct cbor c = cbor_read(v);
	size_t n = cbor_get_array(&c);
	struct cell cell;

	for (size_t i = 0; i < n && cbor_ok(&c); i++) {
		if (type == VALUE_REFS)
			cbor_get_bytes_n(&c, SEAL_HASH);
		else if (type == VALUE_TEXTS) {
			struct str s = cbor_get_text(&c);
			if (!cbor_ok(&c) || !text_is_nfc(s))
				return false;
		} else if (!read_cell(&c, &cell)) {
			return false;
		}
	}
	return cbor_done(&c);
}

static bool
fits_bytes(struct bytes v, size_t n)
{
	struct bytes b;

	return get_bytes(v, &b) && (n == 0 || b.n == n);
}

bool
value_fits(const struct field *f, struct bytes v)
{
	struct date date;
	struct row_ref row;
	int64_t number;
	bool flag;

	switch (f->type) {
	case VALUE_TEXT: return fits_text(v);
	case VALUE_NAME: return fits_name(v);
	case VALUE_DATE: return get_date(v, &date);
	case VALUE_PLACE: return fits_place(v);
	case VALUE_CODE: return fits_code(f, v);
	case VALUE_REF: return fits_bytes(v, SEAL_HASH);
	case VALUE_REFS:
	case VALUE_CELLS:
	case VALUE_TEXTS: return fits_each(v, f->type);
	case VALUE_NUMBER:
	case VALUE_TIME: return get_number(v, &number);
	case VALUE_FLAG: return get_flag(v, &flag);
	case VALUE_BYTES: return fits_bytes(v, 0);
	case VALUE_KEY: return fits_bytes(v, SEAL_PUBLIC);
	case VALUE_ROW: return get_row(v, &row);
	case VALUE_BLOB: return fits_bytes(v, BLOB_NAME);
	}
	return false;
}
