/*
 * Rows of an annex, fixed for ever: CBOR [salt, annex, number, link, [cell …],
 * named, confirmed].  The salt keeps a row that is left out later from being guessed
 * by its leaf hash.  The link binds the records that the row rests on without showing
 * them: their hashes stand in a published log, and would join this row to others of
 * the same person that give the name.
 */
#include "appeal/appeal_int.h"

enum { SALT = 32 };

/* H(0x00 || CBOR [nonce, [record ...]]). */
static void
make_link(const uint8_t nonce[LETTER_NONCE], const uint8_t (*records)[SEAL_HASH], size_t n,
	uint8_t ret[SEAL_HASH])
{
	struct buf b;

	buf_init(&b, 1 << 20);
	cbor_put_array(&b, 2);
	cbor_put_bytes(&b, (struct bytes){nonce, LETTER_NONCE});
	cbor_put_array(&b, n);
	for (size_t i = 0; i < n; i++)
		cbor_put_bytes(&b, (struct bytes){records[i], SEAL_HASH});
	seal_leaf(buf_bytes(&b), ret);
	buf_finish(&b);
}

static void
put_row(struct buf *b, const struct reg_annex_row *x, struct str *cells, size_t n_columns,
	size_t annex, size_t number, uint8_t nonce[LETTER_NONCE])
{
	uint8_t salt[SALT], link[SEAL_HASH];

	seal_random(nonce, LETTER_NONCE);
	make_link(nonce, x->records, x->n_records, link);
	seal_random(salt, sizeof salt);
	cbor_put_array(b, 7);
	cbor_put_bytes(b, BYTES(salt));
	cbor_put_uint(b, annex);
	cbor_put_uint(b, number);
	cbor_put_bytes(b, BYTES(link));
	cbor_put_array(b, n_columns);
	for (size_t i = 0; i < n_columns; i++)
		cbor_put_text(b, cells[i]);
	cbor_put_bool(b, x->named);
	cbor_put_bool(b, x->confirmed);
}

static enum status
make_row(struct arena *a, const struct reg_annex *x, size_t annex, size_t number, struct buf *b,
	struct frozen_row *ret, struct err *e)
{
	const struct reg_annex_row *row = &x->rows[number - 1];
	struct str *cells = NEWS(a, struct str, x->n_columns);

	if (row->n_records > LETTER_RECORDS_MOST)
		return err_set(e, BAD, "annex %zu: row %zu: rests on %zu records; at most %d", annex,
			number, row->n_records, LETTER_RECORDS_MOST);
	for (size_t i = 0; i < x->n_columns; i++) {
		cells[i] = row->cells[i].p ? text_clean(a, row->cells[i], NULL) : S("");
		if (cells[i].n > LETTER_CELL_MOST)
			return err_set(e, BAD, "annex %zu: row %zu (" STR_FMT "): column " STR_FMT
				": %zu bytes; at most %d", annex, number, STR_ARG(row->person),
				STR_ARG(x->columns[i]), cells[i].n, LETTER_CELL_MOST);
	}
	buf_clear(b);
	uint8_t *nonce = arena_alloc(a, 1, LETTER_NONCE);
	put_row(b, row, cells, x->n_columns, annex, number, nonce);
	invariant(!b->over);
	struct bytes bytes = {arena_copy(a, b->p, b->n), b->n};
	invariant(frozen_row_read(a, bytes, annex, number, x->n_columns, ret));
	ret->records = row->records;
	ret->n_records = row->n_records;
	ret->nonce = (struct bytes){nonce, LETTER_NONCE};
	return OK;
}

enum status
frozen_make(struct arena *a, const struct reg_annex *x, size_t number, struct frozen_annex *ret,
	struct err *e)
{
	struct frozen_annex f = {.n = x->n_rows, .n_columns = x->n_columns};
	enum status st = OK;
	struct buf b;

	if (x->n_rows > LETTER_ROWS_MOST)
		return err_set(e, BAD, "annex %zu: %zu rows; at most %d: narrow its query", number,
			x->n_rows, LETTER_ROWS_MOST);
	f.rows = NEWS(a, struct frozen_row, f.n);
	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < f.n && st == OK; i++)
		st = make_row(a, x, number, i + 1, &b, &f.rows[i], e);
	buf_finish(&b);
	if (st == OK)
		*ret = f;
	return st;
}

bool
frozen_row_read(struct arena *a, struct bytes row, size_t annex, size_t number, size_t n_columns,
	struct frozen_row *ret)
{
	struct cbor c = cbor_read(row);
	struct frozen_row f = {.row = row};
	bool fits = cbor_get_array(&c) == 7;

	cbor_get_bytes_n(&c, SALT);
	fits = fits && cbor_get_uint(&c) == annex && cbor_get_uint(&c) == number;
	cbor_get_bytes_n(&c, SEAL_HASH);             /* the link */
	if (!fits || cbor_get_array(&c) != n_columns || !cbor_ok(&c))
		return false;
	f.cells = NEWS(a, struct str, n_columns);
	for (size_t i = 0; i < n_columns; i++) {
		f.cells[i] = cbor_get_text(&c);
		if (f.cells[i].n > LETTER_CELL_MOST)
			return false;
	}
	f.named = cbor_get_bool(&c);
	f.confirmed = cbor_get_bool(&c);
	if (!cbor_done(&c))
		return false;
	seal_leaf(row, f.leaf);
	*ret = f;
	return true;
}

void
frozen_root(struct arena *a, const struct frozen_annex *x, uint8_t ret[SEAL_HASH])
{
	uint8_t (*leaves)[SEAL_HASH] = arena_alloc(a, x->n, SEAL_HASH);

	for (size_t i = 0; i < x->n; i++)
		memcpy(leaves[i], x->rows[i].leaf, SEAL_HASH);
	merkle_root((const uint8_t (*)[SEAL_HASH])leaves, x->n, ret);
}

void
frozen_put(struct buf *out, const struct frozen_annex *x)
{
	cbor_put_array(out, x->n);
	for (size_t i = 0; i < x->n; i++)
		cbor_put_bytes(out, x->rows[i].row.n ? x->rows[i].row
			: (struct bytes){x->rows[i].leaf, SEAL_HASH});
}

enum status
frozen_get(struct arena *a, struct cbor *c, const struct manifest_annex *m, size_t number,
	struct frozen_annex *ret, struct err *e)
{
	struct frozen_annex f = {0};
	struct str *columns;
	uint8_t root[SEAL_HASH];
	size_t n = cbor_get_array(c), reduced = 0;

	if (!cbor_ok(c) || n != m->rows || n > LETTER_ROWS_MOST)
		return err_set(e, BAD, "annex %zu: not an array of the %llu rows that the manifest "
			"fixes", number, (unsigned long long)m->rows);
	f.n = n;
	f.n_columns = columns_split(a, m->columns, &columns);
	f.rows = NEWS(a, struct frozen_row, n);
	for (size_t i = 0; i < n; i++) {
		struct bytes row = cbor_get_bytes(c);
		/* A row holds its salt of 32 bytes and more: so 32 bytes are a leaf. */
		if (cbor_ok(c) && row.n == SEAL_HASH) {
			memcpy(f.rows[i].leaf, row.p, SEAL_HASH);
			f.left_out++;
		} else if (!frozen_row_read(a, row, number, i + 1, f.n_columns, &f.rows[i])) {
			return err_set(e, BAD, "annex %zu: row %zu: not a row of this annex", number,
				i + 1);
		}
		reduced += f.rows[i].row.n && !f.rows[i].named;
	}
	frozen_root(a, &f, root);
	if (!seal_equal(root, m->root, SEAL_HASH))
		return err_set(e, BAD, "annex %zu: its rows are not those that the manifest fixes: "
			"their root differs", number);
	if (reduced > m->reduced || (f.left_out == 0 && reduced != m->reduced))
		return err_set(e, BAD, "annex %zu: %zu rows by initials; the manifest says %llu",
			number, reduced, (unsigned long long)m->reduced);
	*ret = f;
	return OK;
}

struct bytes
frozen_csv(struct arena *a, const struct frozen_annex *x, const struct manifest_annex *m)
{
	struct str *columns, *line = NEWS(a, struct str, x->n_columns + 3);
	struct buf b;
	struct bytes ret;

	columns_split(a, m->columns, &columns);
	buf_init(&b, TYPESET_MAX_PDF);
	line[0] = S("row");
	for (size_t i = 0; i < x->n_columns; i++)
		line[i + 1] = columns[i];
	line[x->n_columns + 1] = S("shown by");
	line[x->n_columns + 2] = S("state");
	csv_write_row(&b, line, x->n_columns + 3, ',');
	for (size_t r = 0; r < x->n; r++) {
		const struct frozen_row *row = &x->rows[r];
		if (row->row.n == 0)
			continue;
		line[0] = str_fmt(a, "%zu", r + 1);
		for (size_t i = 0; i < x->n_columns; i++)
			line[i + 1] = row->cells[i];
		line[x->n_columns + 1] = row->named ? S("name") : S("initials");
		line[x->n_columns + 2] = row->confirmed ? S("confirmed") : S("unconfirmed");
		csv_write_row(&b, line, x->n_columns + 3, ',');
	}
	invariant(!b.over);
	ret = (struct bytes){arena_copy(a, b.p, b.n), b.n};
	buf_finish(&b);
	return ret;
}
