/*
 * Wrapped keys, in one small file: deleting a wrap erases what it opened.  Every
 * deletion overwrites the row in the file (secure_delete) and the gaps of its page
 * (vfs.c) before it returns; and every journal is overwritten before it is emptied,
 * those of additions too: each holds wraps that may be deleted later, and what a
 * truncation gives back to the file system can be overwritten no more.
 */
#include "store/store_int.h"

/* Readers give their lock back so often: see vault.c. */
enum { ROWS_AT_ONCE = 1024 };

static const struct store_profile keys_profile = {
	.application_id = 0x6861626b /* "habk" */, .page_bytes = 4096,
	.journal = "TRUNCATE", .scrub = true, .what = "a file of keys", .remedy = "restore a backup",
	.schema =
		"CREATE TABLE wrap(pos INTEGER, holder INTEGER, wrapped BLOB NOT NULL,"
		" PRIMARY KEY(pos, holder)) WITHOUT ROWID;"
		"CREATE TABLE named(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;",
};

struct store_keys {
	struct store_db *db;
};

enum status
store_keys_open(struct store_keys **ret, const char *path, bool create, bool read_only,
	struct err *e)
{
	struct store_db *db;
	enum status st = store_file_open(&db, path, create, read_only, &keys_profile, NULL, e);

	if (st)
		return st;
	*ret = mem_alloc(1, sizeof **ret);
	(*ret)->db = db;
	return OK;
}

void
store_keys_close(struct store_keys *k)
{
	if (!k)
		return;
	store_db_close(k->db);
	mem_free(k);
}

struct store_db *
store_keys_db(struct store_keys *k)
{
	return k->db;
}

/* --- changes: each a durable transaction --------------------------------------------- */

static enum status
end(struct store_keys *k, enum status st, struct err *e)
{
	if (!st)
		st = store_db_commit(k->db, e);
	if (st)
		store_db_rollback(k->db);
	return st;
}

static enum status
replace(struct store_keys *k, const struct store_wrap *w, struct err *e)
{
	struct store_stmt *s = store_sql(k->db,
		"UPDATE wrap SET wrapped = ?3 WHERE pos = ?1 AND holder = ?2");

	store_bind_int(s, 1, (int64_t)w->pos);
	store_bind_int(s, 2, w->holder);
	store_bind_bytes(s, 3, w->wrapped);
	return store_done(s, e);
}

static enum status
put(struct store_keys *k, const struct store_wrap *w, struct err *e)
{
	struct store_stmt *s = store_sql(k->db, "INSERT OR IGNORE INTO wrap VALUES(?, ?, ?)");
	enum status st;

	store_bind_int(s, 1, (int64_t)w->pos);
	store_bind_int(s, 2, w->holder);
	store_bind_bytes(s, 3, w->wrapped);
	if ((st = store_done(s, e)))
		return st;
	return sqlite3_changes(k->db->sql) ? OK : replace(k, w, e);
}

enum status
store_keys_put(struct store_keys *k, const struct store_wrap *w, size_t n, struct err *e)
{
	enum status st = store_db_begin(k->db, e);

	if (st)
		return st;
	for (size_t i = 0; i < n && !st; i++)
		st = put(k, &w[i], e);
	return end(k, st, e);
}

enum status
store_keys_delete(struct store_keys *k, const uint64_t *pos, size_t n, struct err *e)
{
	enum status st = store_db_begin(k->db, e);

	if (st)
		return st;
	for (size_t i = 0; i < n && !st; i++) {
		struct store_stmt *s = store_sql(k->db, "DELETE FROM wrap WHERE pos = ?");
		store_bind_int(s, 1, (int64_t)pos[i]);
		st = store_done(s, e);
	}
	return end(k, st, e);
}

static enum status
delete_where(struct store_keys *k, const char *sql, int64_t value, struct err *e)
{
	enum status st = store_db_begin(k->db, e);
	struct store_stmt *s;

	if (st)
		return st;
	s = store_sql(k->db, sql);
	store_bind_int(s, 1, value);
	return end(k, store_done(s, e), e);
}

enum status
store_keys_delete_from(struct store_keys *k, uint64_t pos, struct err *e)
{
	/* SQLite's integers are signed: past them there is none, and -1 would be all. */
	return pos > INT64_MAX ? OK
		: delete_where(k, "DELETE FROM wrap WHERE pos >= ?", (int64_t)pos, e);
}

enum status
store_keys_delete_holder(struct store_keys *k, uint32_t holder, struct err *e)
{
	return delete_where(k, "DELETE FROM wrap WHERE holder = ?", holder, e);
}

enum status
store_keys_set_named(struct store_keys *k, const char *name, struct bytes value, struct err *e)
{
	return store_named_set(k->db, name, value, e);
}

/* --- reading ------------------------------------------------------------------------------ */

enum status
store_keys_get(struct arena *a, struct store_keys *k, uint64_t pos, uint32_t holder,
	struct bytes *ret, struct err *e)
{
	struct store_stmt *s = store_sql(k->db,
		"SELECT wrapped FROM wrap WHERE pos = ? AND holder = ?");
	struct bytes b;
	enum status st;

	store_bind_int(s, 1, (int64_t)pos);
	store_bind_int(s, 2, holder);
	st = store_step(s, e);
	if (st == NO)
		return err_set(e, NO, "%s: no key of record %llu for holder %u", k->db->path,
			(unsigned long long)pos, holder);
	if (st)
		return st;
	b = store_bytes(s, 0);
	*ret = (struct bytes){arena_copy(a, b.p, b.n), b.n};
	return store_done(s, e);
}

typedef enum status each_wrap(void *ctx, const struct store_wrap *w, struct err *e);

/* At most ROWS_AT_ONCE wraps; how far it came, and whether that was the end. */
static enum status
range_some(struct store_keys *k, uint64_t *at, uint64_t end_pos, uint32_t holder, bool *ret_end,
	each_wrap *each, void *ctx, struct err *e)
{
	struct store_stmt *s = store_sql(k->db, "SELECT pos, wrapped FROM wrap "
		"WHERE pos >= ? AND pos < ? AND holder = ? ORDER BY pos LIMIT ?");
	enum status st;
	int n = 0;

	store_bind_int(s, 1, (int64_t)*at);
	store_bind_int(s, 2, (int64_t)end_pos);
	store_bind_int(s, 3, holder);
	store_bind_int(s, 4, ROWS_AT_ONCE);
	while (!(st = store_step(s, e))) {
		struct store_wrap w = {(uint64_t)store_int(s, 0), holder, store_bytes(s, 1)};
		*at = w.pos + 1;
		n++;
		if ((st = each(ctx, &w, e))) {
			store_stmts_reset(k->db);
			return st;
		}
	}
	*ret_end = n < ROWS_AT_ONCE;
	return st == NO ? OK : st;
}

enum status
store_keys_range(struct store_keys *k, uint64_t first, uint64_t n, uint32_t holder,
	enum status (*each)(void *ctx, const struct store_wrap *w, struct err *e), void *ctx,
	struct err *e)
{
	uint64_t end_pos = first > INT64_MAX || n > INT64_MAX - first ? INT64_MAX : first + n;
	enum status st = OK;
	bool at_end = first > INT64_MAX || n == 0;

	while (!st && !at_end && first < end_pos)
		st = range_some(k, &first, end_pos, holder, &at_end, each, ctx, e);
	return st;
}

enum status
store_keys_get_named(struct arena *a, struct store_keys *k, const char *name,
	struct bytes *ret, struct err *e)
{
	return store_named_get(a, k->db, name, ret, e);
}

enum status
store_keys_names(struct arena *a, struct store_keys *k, const char *prefix, struct str **ret,
	size_t *ret_n, struct err *e)
{
	struct store_stmt *s = store_sql(k->db, "SELECT name FROM named "
		"WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name");
	VEC(struct str) names = {0};
	enum status st;

	store_bind_text(s, 1, str_of(prefix));
	while (!(st = store_step(s, e)))
		VEC_PUSH(a, &names) = str_dup(a, store_text(s, 0));
	if (st != NO)
		return st;
	*ret = names.v;
	*ret_n = names.n;
	return OK;
}

enum status
store_keys_copy(struct store_keys *k, const char *path, struct err *e)
{
	return store_file_copy(k->db, path, e);
}
