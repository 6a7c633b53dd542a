/* Opening, settings, errors, transactions, copies: what the three files share. */
#include "store/store_int.h"

enum {
	BUSY_MS = 10000,
	/* Below 2^25: see zero_gap() in vfs.c.  137 GB in pages of 4,096 bytes. */
	PAGES_MOST = (1 << 25) - 2,
	/* No value is larger: payloads hold a record, blobs lie beside. */
	VALUE_BYTES_MOST = 64 << 20,
};

static const struct store_profile index_profile = {
	.application_id = 0x68616269 /* "habi" */, .page_bytes = STORE_PAGE,
	.journal = "MEMORY", .what = "an index", .remedy = "run habeas rebuild",
};

/* --- errors ---------------------------------------------------------------------- */

static enum status
fault_of_disk(struct store_db *db, struct err *e)
{
	int error = db->vfs->error ? db->vfs->error : sqlite3_system_errno(db->sql);

	return error ? err_set(e, FAIL, "%s: the disk failed: %s", db->path, strerror(error))
		: err_set(e, FAIL, "%s: the disk failed: %s", db->path, sqlite3_errmsg(db->sql));
}

enum status
store_fault(struct store_db *db, int rc, struct err *e)
{
	if (db->vfs->stale)
		return err_set(e, BAD, "%s: its last writer died at work; %s", db->path,
			db->profile->remedy);
	if (db->vfs->refused)
		return err_set(e, BAD, "%s: cannot be opened with this key, or was changed; %s",
			db->path, db->profile->remedy);
	switch (rc & 0xff) {
	case SQLITE_FULL:
		return err_set(e, FAIL, "%s: cannot write: No space left on device", db->path);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return err_set(e, BAD, "%s: damaged, or not %s; %s", db->path, db->profile->what,
			db->profile->remedy);
	case SQLITE_BUSY:
		return err_set(e, FAIL, "%s: another process has kept it locked for %d s; try again "
			"when it is done", db->path, BUSY_MS / 1000);
	case SQLITE_READONLY:
		return err_set(e, FAIL, "%s: cannot write: opened for reading only, or not ours to "
			"change", db->path);
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		return fault_of_disk(db, e);
	case SQLITE_NOMEM:
		panic(__FILE__, __LINE__, "no memory for SQLite");
	default:
		return err_set(e, BAD, "%s: %s", db->path, sqlite3_errmsg(db->sql));
	}
}

static enum status
run(struct store_db *db, const char *sql, struct err *e)
{
	int rc = sqlite3_exec(db->sql, sql, NULL, NULL, NULL);

	return rc ? store_fault(db, rc, e) : OK;
}

/* --- opening ---------------------------------------------------------------------- */

static void
configure(struct store_db *db)
{
	static const struct { int what, value; } switches[] = {
		{SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
		{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
		{SQLITE_DBCONFIG_DEFENSIVE, 1},
		{SQLITE_DBCONFIG_DQS_DML, 0},
		{SQLITE_DBCONFIG_DQS_DDL, 0},
	};

	for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
		invariant(sqlite3_db_config(db->sql, switches[i].what, switches[i].value, NULL)
			== SQLITE_OK);
	sqlite3_limit(db->sql, SQLITE_LIMIT_LENGTH, VALUE_BYTES_MOST);
	sqlite3_limit(db->sql, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_busy_timeout(db->sql, BUSY_MS);
}

/* Pages and reserved bytes count only for a file that has none yet. */
static enum status
set_pragmas(struct store_db *db, bool read_only, struct err *e)
{
	char sql[512];
	int reserved = STORE_RESERVED;

	if (db->vfs->cipher)
		invariant(sqlite3_file_control(db->sql, "main", SQLITE_FCNTL_RESERVE_BYTES,
			&reserved) == SQLITE_OK);
	snprintf(sql, sizeof sql,
		"PRAGMA temp_store = MEMORY; PRAGMA page_size = %d; PRAGMA max_page_count = %d;"
		"PRAGMA journal_mode = %s; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
		"PRAGMA cell_size_check = ON; PRAGMA cache_size = -16384; PRAGMA query_only = %d;",
		db->profile->page_bytes, PAGES_MOST, db->profile->journal, read_only);
	return run(db, sql, e);
}

static enum status
pragma_int(struct store_db *db, const char *sql, int *ret, struct err *e)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(db->sql, sql, -1, &s, NULL);

	if (!rc)
		rc = sqlite3_step(s);
	if (rc == SQLITE_ROW)
		*ret = sqlite3_column_int(s, 0);
	sqlite3_finalize(s);
	return rc == SQLITE_ROW ? OK : store_fault(db, rc, e);
}

static enum status
make_schema(struct store_db *db, struct err *e)
{
	char sql[64];
	enum status st;

	snprintf(sql, sizeof sql, "PRAGMA application_id = %d", db->profile->application_id);
	if ((st = store_db_begin(db, e)))
		return st;
	if (!(st = run(db, sql, e)) && db->profile->schema)
		st = run(db, db->profile->schema, e);
	if (!st)
		st = store_db_commit(db, e);
	if (st)
		store_db_rollback(db);
	return st;
}

/* A file of no pages is new; any other must be ours. */
static enum status
check_or_make(struct store_db *db, bool create, struct err *e)
{
	int pages = 0, id = 0;
	enum status st = pragma_int(db, "PRAGMA page_count", &pages, e);

	if (!st && pages > 0)
		st = pragma_int(db, "PRAGMA application_id", &id, e);
	if (st)
		return st;
	if (pages == 0 && create)
		return make_schema(db, e);
	if (id != db->profile->application_id)
		return err_set(e, BAD, "%s: is not %s; %s", db->path, db->profile->what,
			db->profile->remedy);
	return OK;
}

/* Who was killed while overwriting a journal left the rest of it, already without
 * the header that would make it count.  A transaction that changes nothing ends in
 * overwriting all of it. */
static enum status
clean_journal(struct store_db *db, struct err *e)
{
	const char *name = sqlite3_filename_journal(sqlite3_db_filename(db->sql, "main"));
	char sql[64];
	enum status st;

	if (!store_vfs_has_bytes(db->vfs, name))
		return OK;
	snprintf(sql, sizeof sql, "PRAGMA application_id = %d", db->profile->application_id);
	store_scrub_begin(db);
	st = run(db, sql, e);
	store_scrub_end(db);
	return st;
}

static enum status
open_connection(struct store_db *db, bool create, bool read_only, struct err *e)
{
	int rc = sqlite3_open_v2(db->path, &db->sql, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX
		| SQLITE_OPEN_EXRESCODE, db->vfs->name);
	enum status st;

	invariant(db->sql != NULL);
	if (rc)
		return store_fault(db, rc, e);
	configure(db);
	if ((st = set_pragmas(db, read_only, e)))
		return st;
	if ((st = check_or_make(db, create, e)))
		return st;
	return read_only ? OK : clean_journal(db, e);
}

static enum status
find_or_make_file(struct store_db *db, bool create, struct err *e)
{
	enum status st = OK;

	if (os_exists(db->path))
		return OK;
	if (!create)
		return err_set(e, BAD, "%s: there is no such file; %s", db->path,
			db->profile->remedy);
	/* A mark without its file says nothing. */
	if (db->vfs->mark)
		st = os_remove(db->vfs->mark, e);
	return st ? st : os_write_file(db->path, (struct bytes){0}, 0600, e);
}

enum status
store_file_open(struct store_db **ret, const char *path, bool create, bool read_only,
	const struct store_profile *p, const struct store_cipher *c, struct err *e)
{
	struct store_db *db = mem_alloc(1, sizeof *db);
	enum status st;

	db->profile = p;
	db->path = mem_alloc(strlen(path) + 1, 1);
	memcpy(db->path, path, strlen(path));
	db->vfs = store_vfs_create(c, p == &index_profile, path);
	db->vfs->scrub = p->scrub;
	st = find_or_make_file(db, create, e);
	if (!st)
		st = open_connection(db, create, read_only, e);
	if (st) {
		store_db_close(db);
		return st;
	}
	*ret = db;
	return OK;
}

enum status
store_db_open(struct store_db **ret, const char *path, bool create,
	const struct store_cipher *c, struct err *e)
{
	enum status st = store_file_open(ret, path, create, false, &index_profile, c, e);

	/* Whatever is wrong with an index, the answer is to make it anew. */
	if (st == BAD && e)
		e->status = NO;
	return st == BAD ? NO : st;
}

enum status
store_db_remove(const char *path, struct err *e)
{
	char mark[4096];
	enum status st = os_remove(path, e);
	int n = snprintf(mark, sizeof mark, "%s.dirty", path);

	invariant(n > 0 && (size_t)n < sizeof mark);
	return st ? st : os_remove(mark, e);
}

void
store_db_close(struct store_db *db)
{
	if (!db)
		return;
	store_stmts_finish(db);
	if (db->sql)
		invariant(sqlite3_close(db->sql) == SQLITE_OK);
	store_vfs_destroy(db->vfs);
	mem_free(db->path);
	mem_free(db);
}

/* --- transactions ------------------------------------------------------------------- */

enum status
store_db_exec(struct store_db *db, const char *sql, struct err *e)
{
	return run(db, sql, e);
}

enum status
store_db_begin(struct store_db *db, struct err *e)
{
	/* At once the writer: who begins reading and then wants to write may find
	 * that another has written meanwhile. */
	return run(db, "BEGIN IMMEDIATE", e);
}

enum status
store_db_commit(struct store_db *db, struct err *e)
{
	store_stmts_reset(db);
	return run(db, "COMMIT", e);
}

void
store_db_rollback(struct store_db *db)
{
	store_stmts_reset(db);
	/* SQLite has already done it after some faults; and if it cannot, the journal
	 * or the mark stays. */
	if (!sqlite3_get_autocommit(db->sql))
		(void)sqlite3_exec(db->sql, "ROLLBACK", NULL, NULL, NULL);
}

void
store_db_idle(struct store_db *db)
{
	store_stmts_reset(db);
}

void
store_scrub_begin(struct store_db *db)
{
	db->vfs->scrub = true;
}

void
store_scrub_end(struct store_db *db)
{
	db->vfs->scrub = db->profile->scrub;
}

/* --- copies ------------------------------------------------------------------------- */

static enum status
copy_pages(struct store_db *from, struct store_db *to, struct err *e)
{
	sqlite3_backup *b;
	int rc;

	store_stmts_reset(from);
	b = sqlite3_backup_init(to->sql, "main", from->sql, "main");
	invariant(b != NULL);
	rc = sqlite3_backup_step(b, -1);
	(void)sqlite3_backup_finish(b);
	return rc == SQLITE_DONE ? OK : store_fault(to, rc, e);
}

static enum status
copy_to(struct store_db *db, const char *temp, struct err *e)
{
	struct store_db *to;
	enum status st = store_file_open(&to, temp, true, false, db->profile, NULL, e);

	if (st)
		return st;
	st = copy_pages(db, to, e);
	store_db_close(to);
	return st;
}

enum status
store_file_copy(struct store_db *db, const char *path, struct err *e)
{
	char temp[4096], journal[4096 + sizeof "-journal"];
	int n = snprintf(temp, sizeof temp, "%s.part", path);
	enum status st;

	if (n < 0 || (size_t)n >= sizeof temp)
		return err_set(e, BAD, "%s: the path is too long", path);
	snprintf(journal, sizeof journal, "%s-journal", temp);
	if (os_exists(path))
		return err_set(e, BAD, "%s: is there already; name a new file", path);
	if (!(st = os_remove(temp, e)) && !(st = os_remove(journal, e))
			&& !(st = copy_to(db, temp, e)) && !(st = os_remove(journal, e)))
		st = os_rename(temp, path, e);
	if (st) {
		(void)!os_remove(temp, NULL);
		(void)!os_remove(journal, NULL);
	}
	return st;
}
