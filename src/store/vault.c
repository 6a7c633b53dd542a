/*
 * The vault: entries, and beside them their sealed payloads.
 *
 * Entries and payloads stand in tables of their own, for the log is walked far more
 * often than payloads are opened, and a page then holds 100 entries instead of 3.
 * Both grow at their end only.  What finds an entry by its hash is a third table of
 * the hash's first 8 bytes: an index over all 32 would be thrice as large, and it is
 * the one that is written all over the place.  Two hashes that begin alike are no
 * fault: the candidates are compared whole.
 */
#include "store/store_int.h"

/* Readers give their lock back so often, or a writer would wait for the slowest. */
enum { ROWS_AT_ONCE = 256 };

static const struct store_profile vault_profile = {
	.application_id = 0x68616276 /* "habv" */, .page_bytes = 8192,
	.journal = "TRUNCATE", .what = "a vault", .remedy = "restore a backup",
	.schema =
		"CREATE TABLE entry(pos INTEGER PRIMARY KEY, entry BLOB NOT NULL,"
		" hash BLOB NOT NULL);"
		"CREATE TABLE payload(pos INTEGER PRIMARY KEY, open BLOB, sealed BLOB);"
		"CREATE TABLE find(head INTEGER, pos INTEGER, PRIMARY KEY(head, pos))"
		" WITHOUT ROWID;"
		"CREATE TABLE named(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;"
		"INSERT INTO named VALUES('format', x'31');",
};

struct store_vault {
	struct store_db *db;
};

enum status
store_vault_open(struct store_vault **ret, const char *path, bool create, bool read_only,
	struct err *e)
{
	struct store_db *db;
	enum status st = store_file_open(&db, path, create, read_only, &vault_profile, NULL, e);

	if (st)
		return st;
	*ret = mem_alloc(1, sizeof **ret);
	(*ret)->db = db;
	return OK;
}

void
store_vault_close(struct store_vault *v)
{
	if (!v)
		return;
	store_db_close(v->db);
	mem_free(v);
}

enum status
store_vault_size(struct store_vault *v, uint64_t *ret, struct err *e)
{
	struct store_stmt *s = store_sql(v->db, "SELECT ifnull(max(pos) + 1, 0) FROM entry");
	enum status st = store_step(s, e);

	invariant(st != NO);
	if (st)
		return st;
	*ret = (uint64_t)store_int(s, 0);
	return store_done(s, e);
}

struct store_db *
store_vault_db(struct store_vault *v)
{
	return v->db;
}

/* --- appending --------------------------------------------------------------------- */

struct head {
	int64_t head;
	size_t row;
};

int64_t
store_head(const uint8_t hash[STORE_HASH])
{
	uint64_t v = 0;

	for (int i = 0; i < 8; i++)
		v = v << 8 | hash[i];
	return (int64_t)v;
}

static int
by_head(const void *a, const void *b)
{
	const struct head *x = a, *y = b;

	return x->head != y->head ? (x->head > y->head) - (x->head < y->head)
		: (x->row > y->row) - (x->row < y->row);
}

static enum status
add_entry(struct store_db *db, const struct store_row *r, struct err *e)
{
	struct store_stmt *s = store_sql(db, "INSERT INTO entry VALUES(?, ?, ?)");

	store_bind_int(s, 1, (int64_t)r->pos);
	store_bind_bytes(s, 2, BYTES(r->entry));
	store_bind_bytes(s, 3, BYTES(r->hash));
	return store_done(s, e);
}

static void
bind_part(struct store_stmt *s, int i, struct bytes part)
{
	if (part.n)
		store_bind_bytes(s, i, part);
	else
		store_bind_null(s, i);
}

static enum status
add_payload(struct store_db *db, const struct store_row *r, struct err *e)
{
	struct store_stmt *s;

	if (r->open.n == 0 && r->sealed.n == 0)
		return OK;
	s = store_sql(db, "INSERT INTO payload VALUES(?, ?, ?)");
	store_bind_int(s, 1, (int64_t)r->pos);
	bind_part(s, 2, r->open);
	bind_part(s, 3, r->sealed);
	return store_done(s, e);
}

/* Another entry that begins alike: compared whole, it is the same or a wonder. */
static enum status
add_alike(struct store_vault *v, const struct store_row *r, int64_t head, struct err *e)
{
	struct store_stmt *s;
	uint64_t pos;
	enum status st = store_vault_find(v, r->hash, &pos, e);

	if (st == OK)
		return err_set(e, BAD, "%s: the entry for position %llu stands at position %llu "
			"already", v->db->path, (unsigned long long)r->pos, (unsigned long long)pos);
	if (st != NO)
		return st;
	s = store_sql(v->db, "INSERT INTO find VALUES(?, ?)");
	store_bind_int(s, 1, head);
	store_bind_int(s, 2, (int64_t)r->pos);
	return store_done(s, e);
}

static enum status
add_head(struct store_vault *v, const struct store_row *r, int64_t head, struct err *e)
{
	struct store_stmt *s = store_sql(v->db, "INSERT INTO find SELECT ?1, ?2 "
		"WHERE NOT EXISTS(SELECT 1 FROM find WHERE head = ?1)");
	enum status st;

	store_bind_int(s, 1, head);
	store_bind_int(s, 2, (int64_t)r->pos);
	if ((st = store_done(s, e)))
		return st;
	return sqlite3_changes(v->db->sql) ? OK : add_alike(v, r, head, e);
}

/* In the order of their heads, so that each page is gone to once. */
static enum status
add_heads(struct store_vault *v, const struct store_row *rows, size_t n, struct err *e)
{
	struct head *h = mem_alloc(n, sizeof *h);
	enum status st = OK;

	for (size_t i = 0; i < n; i++)
		h[i] = (struct head){store_head(rows[i].hash), i};
	qsort(h, n, sizeof *h, by_head);
	for (size_t i = 0; i < n && !st; i++)
		st = add_head(v, &rows[h[i].row], h[i].head, e);
	mem_free(h);
	return st;
}

static enum status
add_rows(struct store_vault *v, const struct store_row *rows, size_t n, struct err *e)
{
	uint64_t size;
	enum status st = store_vault_size(v, &size, e);

	for (size_t i = 0; i < n && !st; i++) {
		if (rows[i].pos != size + i)
			return err_set(e, FAIL, "%s: the next position is %llu, not %llu; does another "
				"process write to it?", v->db->path, (unsigned long long)(size + i),
				(unsigned long long)rows[i].pos);
		st = add_entry(v->db, &rows[i], e);
		if (!st)
			st = add_payload(v->db, &rows[i], e);
	}
	return st ? st : add_heads(v, rows, n, e);
}

enum status
store_vault_append(struct store_vault *v, const struct store_row *rows, size_t n, struct err *e)
{
	enum status st;

	if (n == 0)
		return OK;
	if ((st = store_db_begin(v->db, e)))
		return st;
	if (!(st = add_rows(v, rows, n, e)))
		st = store_db_commit(v->db, e);
	if (st)
		store_db_rollback(v->db);
	return st;
}

/* --- reading ------------------------------------------------------------------------ */

static enum status
wrong_row(struct store_vault *v, struct store_stmt *s, struct err *e)
{
	return err_set(e, BAD, "%s: the row at position %lld is no entry; %s", v->db->path,
		(long long)store_int(s, 0), v->db->profile->remedy);
}

static enum status
give_row(struct store_vault *v, struct store_stmt *s, bool with_payload, store_each *each,
	void *ctx, struct err *e)
{
	struct store_row row = {.pos = (uint64_t)store_int(s, 0)};
	struct bytes entry = store_bytes(s, 1), hash = store_bytes(s, 2);

	if (entry.n != STORE_ENTRY || hash.n != STORE_HASH)
		return wrong_row(v, s, e);
	memcpy(row.entry, entry.p, STORE_ENTRY);
	memcpy(row.hash, hash.p, STORE_HASH);
	if (with_payload) {
		row.open = store_bytes(s, 3);
		row.sealed = store_bytes(s, 4);
	}
	return each(ctx, &row, e);
}

/* At most ROWS_AT_ONCE rows; how far it came, and whether that was the end. */
static enum status
read_some(struct store_vault *v, uint64_t *at, uint64_t end, bool with_payload, bool *ret_end,
	store_each *each, void *ctx, struct err *e)
{
	struct store_stmt *s = store_sql(v->db, with_payload
		? "SELECT e.pos, entry, hash, open, sealed FROM entry e "
		  "LEFT JOIN payload p ON p.pos = e.pos WHERE e.pos >= ? AND e.pos < ? "
		  "ORDER BY e.pos LIMIT ?"
		: "SELECT pos, entry, hash FROM entry WHERE pos >= ? AND pos < ? "
		  "ORDER BY pos LIMIT ?");
	enum status st;
	int n = 0;

	store_bind_int(s, 1, (int64_t)*at);
	store_bind_int(s, 2, (int64_t)end);
	store_bind_int(s, 3, ROWS_AT_ONCE);
	while (!(st = store_step(s, e))) {
		*at = (uint64_t)store_int(s, 0) + 1;
		n++;
		if ((st = give_row(v, s, with_payload, each, ctx, e))) {
			store_stmts_reset(v->db);
			return st;
		}
	}
	*ret_end = n < ROWS_AT_ONCE;
	return st == NO ? OK : st;
}

enum status
store_vault_read(struct store_vault *v, uint64_t first, uint64_t n, bool with_payload,
	store_each *each, void *ctx, struct err *e)
{
	uint64_t end = first > INT64_MAX || n > INT64_MAX - first ? INT64_MAX : first + n;
	enum status st = OK;
	bool at_end = first > INT64_MAX || n == 0;

	while (!st && !at_end && first < end)
		st = read_some(v, &first, end, with_payload, &at_end, each, ctx, e);
	return st;
}

enum status
store_vault_find(struct store_vault *v, const uint8_t hash[STORE_HASH], uint64_t *ret_pos,
	struct err *e)
{
	struct store_stmt *s = store_sql(v->db, "SELECT entry.pos FROM find JOIN entry "
		"ON entry.pos = find.pos WHERE head = ? AND hash = ?");
	enum status st;

	store_bind_int(s, 1, store_head(hash));
	store_bind_bytes(s, 2, (struct bytes){hash, STORE_HASH});
	st = store_step(s, e);
	if (st == OK) {
		*ret_pos = (uint64_t)store_int(s, 0);
		sqlite3_reset(s->sql);
	} else if (st == NO) {
		return err_set(e, NO, "%s: no such entry", v->db->path);
	}
	return st;
}

/* --- erasure -------------------------------------------------------------------------- */

static enum status
delete_rows(struct store_vault *v, const uint64_t *pos, size_t n, struct err *e)
{
	enum status st = OK;

	for (size_t i = 0; i < n && !st; i++) {
		struct store_stmt *s = store_sql(v->db, "DELETE FROM payload WHERE pos = ?");
		store_bind_int(s, 1, (int64_t)pos[i]);
		st = store_done(s, e);
	}
	return st;
}

enum status
store_vault_delete_payloads(struct store_vault *v, const uint64_t *pos, size_t n, struct err *e)
{
	enum status st = store_db_begin(v->db, e);

	if (st)
		return st;
	store_scrub_begin(v->db);
	if (!(st = delete_rows(v, pos, n, e)))
		st = store_db_commit(v->db, e);
	if (st)
		store_db_rollback(v->db);
	store_scrub_end(v->db);
	return st;
}

/* --- the rest ---------------------------------------------------------------------------- */

enum status
store_vault_get(struct arena *a, struct store_vault *v, const char *name, struct bytes *ret,
	struct err *e)
{
	return store_named_get(a, v->db, name, ret, e);
}

enum status
store_vault_set(struct store_vault *v, const char *name, struct bytes value, struct err *e)
{
	return store_named_set(v->db, name, value, e);
}

enum status
store_vault_copy(struct store_vault *v, const char *path, struct err *e)
{
	return store_file_copy(v->db, path, e);
}
