/* Statements: prepared once, kept by their text, finalised when the database closes. */
#include "store/store_int.h"

static void
prepare(struct store_stmt *s)
{
	s->rc = sqlite3_prepare_v3(s->db->sql, s->text, -1, SQLITE_PREPARE_PERSISTENT, &s->sql,
		NULL);
}

static struct store_stmt *
create(struct store_db *db, const char *text, size_t n, uint64_t hash)
{
	struct store_stmt *s = mem_alloc(1, sizeof *s);

	s->db = db;
	s->hash = hash;
	s->text = mem_alloc(n + 1, 1);
	memcpy(s->text, text, n);
	prepare(s);
	return s;
}

/* The place of that text, or the free one where it belongs. */
static struct store_stmt **
place(struct store_db *db, const char *text, uint64_t hash)
{
	size_t mask = db->cap_stmts - 1, i = (size_t)hash & mask;

	while (db->stmts[i] && (db->stmts[i]->hash != hash
			|| strcmp(db->stmts[i]->text, text) != 0))
		i = (i + 1) & mask;
	return &db->stmts[i];
}

static void
grow(struct store_db *db)
{
	struct store_stmt **was = db->stmts;
	size_t n = db->cap_stmts;

	db->cap_stmts = n ? 2 * n : 64;
	db->stmts = mem_alloc(db->cap_stmts, sizeof *db->stmts);
	for (size_t i = 0; i < n; i++)
		if (was[i])
			*place(db, was[i]->text, was[i]->hash) = was[i];
	mem_free(was);
}

struct store_stmt *
store_sql(struct store_db *db, const char *sql)
{
	size_t n = strlen(sql);
	uint64_t hash = hash64((struct bytes){(const uint8_t *)sql, n}, 0);
	struct store_stmt **at;

	if (db->n_stmts >= db->cap_stmts / 2)
		grow(db);
	at = place(db, sql, hash);
	if (!*at) {
		*at = create(db, sql, n, hash);
		db->n_stmts++;
	} else if (!(*at)->sql) {
		prepare(*at);           /* perhaps its table is there by now */
	} else {
		sqlite3_reset((*at)->sql);
		sqlite3_clear_bindings((*at)->sql);
		(*at)->rc = SQLITE_OK;
	}
	return *at;
}

void
store_stmts_reset(struct store_db *db)
{
	for (size_t i = 0; i < db->cap_stmts; i++)
		if (db->stmts[i])
			sqlite3_reset(db->stmts[i]->sql);
}

void
store_stmts_finish(struct store_db *db)
{
	for (size_t i = 0; i < db->cap_stmts; i++) {
		struct store_stmt *s = db->stmts[i];
		if (!s)
			continue;
		sqlite3_finalize(s->sql);
		mem_free(s->text);
		mem_free(s);
	}
	mem_free(db->stmts);
	db->stmts = NULL;
	db->n_stmts = db->cap_stmts = 0;
}

/* A parameter that the text has not is a fault of ours; a value that is too big is
 * told by the step. */
static void
bound(struct store_stmt *s, int rc)
{
	invariant(rc != SQLITE_RANGE && rc != SQLITE_MISUSE && rc != SQLITE_NOMEM);
	if (rc)
		s->rc = rc;
}

void
store_bind_int(struct store_stmt *s, int i, int64_t v)
{
	if (s->sql)
		bound(s, sqlite3_bind_int64(s->sql, i, v));
}

void
store_bind_real(struct store_stmt *s, int i, double v)
{
	if (s->sql)
		bound(s, sqlite3_bind_double(s->sql, i, v));
}

void
store_bind_null(struct store_stmt *s, int i)
{
	if (s->sql)
		bound(s, sqlite3_bind_null(s->sql, i));
}

void
store_bind_text(struct store_stmt *s, int i, struct str v)
{
	if (!v.p)
		store_bind_null(s, i);
	else if (s->sql)
		bound(s, sqlite3_bind_text64(s->sql, i, v.p, v.n, SQLITE_TRANSIENT, SQLITE_UTF8));
}

void
store_bind_bytes(struct store_stmt *s, int i, struct bytes v)
{
	if (!s->sql)
		return;
	/* SQLite would take a NULL pointer for a NULL value. */
	bound(s, sqlite3_bind_blob64(s->sql, i, v.p ? (const void *)v.p : "", v.n,
		SQLITE_TRANSIENT));
}

static enum status
told(struct store_stmt *s, int rc, struct err *e)
{
	enum status st = store_fault(s->db, rc, e);

	if (s->sql)
		sqlite3_reset(s->sql);
	return st;
}

enum status
store_step(struct store_stmt *s, struct err *e)
{
	int rc;

	if (!s->sql)
		prepare(s);             /* again, for SQLite's words on it */
	if (s->rc)
		return told(s, s->rc, e);
	rc = sqlite3_step(s->sql);
	if (rc == SQLITE_ROW)
		return OK;
	if (rc != SQLITE_DONE)
		return told(s, rc, e);
	sqlite3_reset(s->sql);          /* give the lock back */
	return NO;
}

enum status
store_done(struct store_stmt *s, struct err *e)
{
	enum status st = store_step(s, e);

	invariant(st != OK);            /* a row: it should have been stepped */
	return st == NO ? OK : st;
}

int64_t
store_int(struct store_stmt *s, int col)
{
	return sqlite3_column_int64(s->sql, col);
}

double
store_real(struct store_stmt *s, int col)
{
	return sqlite3_column_double(s->sql, col);
}

struct str
store_text(struct store_stmt *s, int col)
{
	const unsigned char *p = sqlite3_column_text(s->sql, col);

	return (struct str){(const char *)p, (size_t)sqlite3_column_bytes(s->sql, col)};
}

struct bytes
store_bytes(struct store_stmt *s, int col)
{
	const void *p = sqlite3_column_blob(s->sql, col);

	return (struct bytes){p, (size_t)sqlite3_column_bytes(s->sql, col)};
}

bool
store_is_null(struct store_stmt *s, int col)
{
	return sqlite3_column_type(s->sql, col) == SQLITE_NULL;
}
