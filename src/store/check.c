/*
 * For verification: what reading rows one by one would not notice.
 *
 * SQLite's own check walks every page, so that rows which no query reaches any more
 * are found; and the table that finds entries by their hash is ours, not SQLite's
 * index, so we compare it with the entries it stands for.
 */
#include "store/store_int.h"

static enum status
check_pages(struct store_db *db, struct err *e)
{
	struct store_stmt *s = store_sql(db, "PRAGMA integrity_check(1)");
	enum status st = store_step(s, e);
	struct str says;

	if (st == NO)
		return OK;
	if (st)
		return st;
	says = store_text(s, 0);
	if (!str_is(says, "ok"))
		return err_set(e, BAD, "%s: damaged: " STR_FMT "; %s", db->path, STR_ARG(says),
			db->profile->remedy);
	store_stmts_reset(db);
	return OK;
}

/* The header of the file (sqlite.org/fileformat2.html, section 1.3): what SQLite would
 * obey though nothing else tells of it, such as a version that makes it read-only. */
static const struct { unsigned char at, n; unsigned char want[4]; } header[] = {
	{18, 2, {1, 1}},              /* written and read with a rollback journal */
	{20, 4, {0, 64, 32, 32}},     /* no reserved space; fixed fractions */
	{44, 4, {0, 0, 0, 4}},        /* schema format */
	{48, 4, {0}}, {52, 4, {0}},   /* cache size; no auto-vacuum */
	{56, 4, {0, 0, 0, 1}},        /* UTF-8 */
	{60, 4, {0}}, {64, 4, {0}},   /* user version; no incremental vacuum */
	{72, 4, {0}}, {76, 4, {0}}, {80, 4, {0}}, {84, 4, {0}}, {88, 4, {0}},   /* reserved */
};

static enum status
check_header(struct store_db *db, struct err *e)
{
	unsigned char page[100];
	sqlite3_file *f = NULL;

	if (sqlite3_file_control(db->sql, "main", SQLITE_FCNTL_FILE_POINTER, &f) != SQLITE_OK
		|| !f || !f->pMethods || f->pMethods->xRead(f, page, sizeof page, 0) != SQLITE_OK)
		return err_set(e, FAIL, "%s: cannot read its header", db->path);
	for (size_t i = 0; i < sizeof header / sizeof *header; i++)
		if (memcmp(page + header[i].at, header[i].want, header[i].n) != 0)
			return err_set(e, BAD, "%s: byte %d of its header is not as it was written; %s",
				db->path, header[i].at, db->profile->remedy);
	return OK;
}

/* The schema is ours to the letter: another table, trigger or view would be somebody
 * else's. */
static enum status
check_count(struct store_db *db, const char *what, const char *sql, int64_t want, struct err *e)
{
	struct store_stmt *s = store_sql(db, sql);
	enum status st = store_step(s, e);
	int64_t n;

	if (st)
		return st == NO ? FAIL : st;
	n = store_int(s, 0);
	store_stmts_reset(db);
	return n == want ? OK : err_set(e, BAD, "%s: %lld %s instead of %lld; %s", db->path,
		(long long)n, what, (long long)want, db->profile->remedy);
}

/* A value of another type may be read alike and yet not be found. */
static enum status
check_types(struct store_db *db, const char *const *sql, size_t n, struct err *e)
{
	enum status st = OK;

	for (size_t i = 0; !st && i < n; i++)
		st = check_count(db, "values of a wrong type", sql[i], 0, e);
	return st;
}

static const char *const keys_types[] = {
	"SELECT count(*) FROM wrap WHERE typeof(pos) <> 'integer' OR typeof(holder) <> 'integer' "
	"OR typeof(wrapped) <> 'blob'",
	"SELECT count(*) FROM named WHERE typeof(name) <> 'text' OR typeof(value) <> 'blob'",
};

static const char *const vault_types[] = {
	"SELECT count(*) FROM entry WHERE typeof(entry) <> 'blob' OR typeof(hash) <> 'blob'",
	"SELECT count(*) FROM payload WHERE typeof(open) <> 'blob' "
	"OR typeof(sealed) NOT IN ('blob', 'null')",
	"SELECT count(*) FROM find WHERE typeof(head) <> 'integer' OR typeof(pos) <> 'integer'",
	"SELECT count(*) FROM named WHERE typeof(name) <> 'text' OR typeof(value) <> 'blob'",
};

enum status
store_keys_check(struct store_keys *k, struct err *e)
{
	enum status st = check_pages(store_keys_db(k), e);

	if (!st)
		st = check_header(store_keys_db(k), e);
	if (!st)
		st = check_count(store_keys_db(k), "tables", "SELECT count(*) FROM sqlite_schema", 2,
			e);
	return st ? st : check_types(store_keys_db(k), keys_types,
		sizeof keys_types / sizeof *keys_types, e);
}

/* Each entry's head, by position; each row of `find` must be one of them. */
static enum status
take_heads(struct store_db *db, int64_t *heads, uint64_t size, struct err *e)
{
	struct store_stmt *s = store_sql(db, "SELECT head, pos FROM find");
	uint8_t *seen = mem_alloc(size, 1);
	uint64_t n = 0;
	enum status st;

	while (!(st = store_step(s, e))) {
		uint64_t pos = (uint64_t)store_int(s, 1);
		if (pos >= size || seen[pos]++) {
			st = err_set(e, BAD, "%s: the table that finds entries names position %lld "
				"wrongly; %s", db->path, (long long)store_int(s, 1),
				db->profile->remedy);
			break;
		}
		heads[pos] = store_int(s, 0);
		n++;
	}
	store_stmts_reset(db);
	mem_free(seen);
	if (st != NO)
		return st;
	return n == size ? OK : err_set(e, BAD, "%s: the table that finds entries lacks some; %s",
		db->path, db->profile->remedy);
}

static enum status
compare_heads(struct store_db *db, const int64_t *heads, uint64_t size, struct err *e)
{
	struct store_stmt *s = store_sql(db, "SELECT pos, hash FROM entry ORDER BY pos");
	enum status st;

	while (!(st = store_step(s, e))) {
		uint64_t pos = (uint64_t)store_int(s, 0);
		struct bytes hash = store_bytes(s, 1);
		if (pos >= size || hash.n != STORE_HASH || heads[pos] != store_head(hash.p)) {
			st = err_set(e, BAD, "%s: the entry at position %lld is not found by its "
				"hash; %s", db->path, (long long)store_int(s, 0),
				db->profile->remedy);
			break;
		}
	}
	store_stmts_reset(db);
	return st == NO ? OK : st;
}

enum status
store_vault_check(struct store_vault *v, struct err *e)
{
	struct store_db *db = store_vault_db(v);
	int64_t *heads;
	uint64_t size;
	enum status st;

	if ((st = check_pages(db, e)) || (st = check_header(db, e))
		|| (st = check_count(db, "tables", "SELECT count(*) FROM sqlite_schema", 4, e))
		|| (st = store_vault_size(v, &size, e))
		|| (st = check_count(db, "entries", "SELECT count(*) FROM entry", (int64_t)size, e))
		|| (st = check_count(db, "payloads without an entry", "SELECT count(*) FROM payload "
			"WHERE pos NOT IN (SELECT pos FROM entry)", 0, e))
		|| (st = check_types(db, vault_types, sizeof vault_types / sizeof *vault_types, e)))
		return st;
	heads = mem_alloc(size, sizeof *heads);
	st = take_heads(db, heads, size, e);
	if (!st)
		st = compare_heads(db, heads, size, e);
	mem_free(heads);
	return st;
}

enum status
store_keys_all(struct store_keys *k, enum status (*each)(void *ctx, const struct store_wrap *w,
	struct err *e), void *ctx, struct err *e)
{
	struct store_db *db = store_keys_db(k);
	struct store_stmt *s = store_sql(db,
		"SELECT pos, holder, wrapped FROM wrap ORDER BY pos, holder");
	enum status st;

	while (!(st = store_step(s, e))) {
		int64_t pos = store_int(s, 0), holder = store_int(s, 1);
		struct store_wrap w = {(uint64_t)pos, (uint32_t)holder, store_bytes(s, 2)};
		if (pos < 0 || holder < 0 || holder > UINT32_MAX)
			st = err_set(e, BAD, "%s: a key of no record or for nobody; %s", db->path,
				db->profile->remedy);
		else
			st = each(ctx, &w, e);
		if (st)
			break;
	}
	store_stmts_reset(db);
	return st == NO ? OK : st;
}
