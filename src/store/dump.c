/*
 * The canonical dump: equal databases give equal bytes, however they came about.
 * Tables in the order of their names by bytes; under each name its rows in the
 * order of the primary key, or, without one, of all columns; a row is its columns
 * as declared, each a mark of its type and its text, with tabs between:
 *
 *   n        NULL             rTEXT   real, 17 significant digits
 *   iDIGITS  integer          tTEXT   text, with \\ \t \n for backslash, tab, newline
 *                             xHEX    bytes
 *
 * Virtual tables, their shadows, views and indices follow from the rest.
 */
#include "store/store_int.h"

enum { COLUMNS_MOST = 100, PIECE_BYTES = 1 << 16, VALUE_MOST = 256 << 20 };

struct dump {
	struct store_db *db;
	void (*out)(void *ctx, struct bytes b);
	void *ctx;
	struct buf piece;
};

static void
flush(struct dump *d)
{
	invariant(!d->piece.over);
	if (d->piece.n)
		d->out(d->ctx, buf_bytes(&d->piece));
	buf_clear(&d->piece);
}

/* What follows the backslash, or 0: the byte stands for itself. */
static uint8_t
escape_of(uint8_t c)
{
	return c == '\\' ? '\\' : c == '\t' ? 't' : c == '\n' ? 'n' : 0;
}

static void
put_text(struct buf *b, const uint8_t *p, size_t n)
{
	buf_byte(b, 't');
	for (size_t i = 0; i < n; i++) {
		uint8_t escape = escape_of(p[i]);
		if (escape)
			buf_byte(b, '\\');
		buf_byte(b, escape ? escape : p[i]);
	}
}

static void
put_hex(struct buf *b, const uint8_t *p, size_t n)
{
	buf_byte(b, 'x');
	for (size_t i = 0; i < n; i++) {
		buf_byte(b, (uint8_t)"0123456789abcdef"[p[i] >> 4]);
		buf_byte(b, (uint8_t)"0123456789abcdef"[p[i] & 15]);
	}
}

static void
put_value(struct buf *b, sqlite3_stmt *s, int col)
{
	switch (sqlite3_column_type(s, col)) {
	case SQLITE_INTEGER:
		buf_fmt(b, "i%lld", sqlite3_column_int64(s, col));
		break;
	case SQLITE_FLOAT:
		buf_fmt(b, "r%.17g", sqlite3_column_double(s, col));
		break;
	case SQLITE_TEXT:
		put_text(b, sqlite3_column_text(s, col), (size_t)sqlite3_column_bytes(s, col));
		break;
	case SQLITE_BLOB:
		put_hex(b, sqlite3_column_blob(s, col), (size_t)sqlite3_column_bytes(s, col));
		break;
	default:
		buf_byte(b, 'n');
	}
}

static enum status
dump_rows(struct dump *d, const char *select, struct err *e)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(d->db->sql, select, -1, &s, NULL);

	while (!rc && (rc = sqlite3_step(s)) == SQLITE_ROW) {
		for (int col = 0; col < sqlite3_column_count(s); col++) {
			if (col)
				buf_byte(&d->piece, '\t');
			put_value(&d->piece, s, col);
		}
		buf_byte(&d->piece, '\n');
		if (d->piece.n > PIECE_BYTES)
			flush(d);
		rc = SQLITE_OK;
	}
	sqlite3_finalize(s);
	return rc == SQLITE_DONE ? OK : store_fault(d->db, rc, e);
}

/* Appends the columns of `table` that `which` selects, quoted; how many. */
static enum status
columns(struct dump *d, const char *table, const char *which, struct buf *out, size_t *ret_n,
	struct err *e)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(d->db->sql, which, -1, &s, NULL);

	*ret_n = 0;
	if (!rc)
		rc = sqlite3_bind_text(s, 1, table, -1, SQLITE_STATIC);
	while (!rc && (rc = sqlite3_step(s)) == SQLITE_ROW) {
		char *quoted = sqlite3_mprintf("%s\"%w\"", *ret_n ? ", " : "",
			(const char *)sqlite3_column_text(s, 0));
		invariant(quoted != NULL && ++*ret_n <= COLUMNS_MOST);
		buf_cstr(out, quoted);
		sqlite3_free(quoted);
		rc = SQLITE_OK;
	}
	sqlite3_finalize(s);
	return rc == SQLITE_DONE ? OK : store_fault(d->db, rc, e);
}

static enum status
dump_table(struct dump *d, const char *table, struct err *e)
{
	static const char all[] = "SELECT name FROM pragma_table_info(?) ORDER BY cid";
	static const char key[] = "SELECT name FROM pragma_table_info(?) WHERE pk ORDER BY pk";
	struct buf sql;
	size_t n, n_key;
	enum status st;
	char *from = sqlite3_mprintf(" FROM \"%w\" ORDER BY ", table);

	invariant(from != NULL);
	buf_init(&sql, 1 << 16);
	buf_cstr(&sql, "SELECT ");
	st = columns(d, table, all, &sql, &n, e);
	buf_cstr(&sql, from);
	sqlite3_free(from);
	if (!st)
		st = columns(d, table, key, &sql, &n_key, e);
	if (!st && n_key == 0)
		st = columns(d, table, all, &sql, &n, e);
	buf_byte(&sql, '\0');
	invariant(!sql.over);
	if (!st) {
		buf_cstr(&d->piece, table);
		buf_byte(&d->piece, '\n');
		st = dump_rows(d, (const char *)sql.p, e);
	}
	buf_finish(&sql);
	return st;
}

/* In a transaction: the tables as they stand together. */
static enum status
dump_tables(struct dump *d, struct err *e)
{
	sqlite3_stmt *s = NULL;
	enum status st = OK;
	int rc = sqlite3_prepare_v2(d->db->sql, "SELECT name FROM pragma_table_list "
		"WHERE schema = 'main' AND type = 'table' AND name NOT GLOB 'sqlite_*' "
		"ORDER BY name COLLATE BINARY", -1, &s, NULL);

	while (!rc && !st && (rc = sqlite3_step(s)) == SQLITE_ROW) {
		st = dump_table(d, (const char *)sqlite3_column_text(s, 0), e);
		rc = SQLITE_OK;
	}
	sqlite3_finalize(s);
	if (st)
		return st;
	return rc == SQLITE_DONE ? OK : store_fault(d->db, rc, e);
}

enum status
store_db_dump(struct store_db *db, void (*out)(void *ctx, struct bytes b), void *ctx,
	struct err *e)
{
	struct dump d = {.db = db, .out = out, .ctx = ctx};
	bool begun = sqlite3_get_autocommit(db->sql);
	enum status st = begun ? store_db_exec(db, "BEGIN", e) : OK;

	if (st)
		return st;
	buf_init(&d.piece, VALUE_MOST);
	st = dump_tables(&d, e);
	if (!st)
		flush(&d);
	buf_finish(&d.piece);
	if (begun)
		store_db_rollback(db);
	return st;
}
