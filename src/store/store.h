/*
 * store: the only caller of SQLite (and later of libpq).  It keeps bytes it
 * cannot read: entries, sealed payloads, wrapped keys, sealed blobs; and gives
 * the index a database whose pages somebody else's functions seal.
 *
 * Every failure of disk or database is FAIL with the file's name; a file that is
 * not what it should be, or is not there, is BAD and names the remedy.  What is
 * deleted is overwritten in the file and in its journal; loadable extensions are
 * off; temporary tables stay in memory.  One process writes (it holds the
 * register's lock), any number read; who must wait waits up to 10 seconds.
 *
 * While one of these files is open, its process must not open and close it by other
 * means (os_copy_file, a hash of it): that would drop SQLite's locks, which POSIX
 * ties to the process.  For copies there are store_vault_copy and store_keys_copy.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/base.h"

/* --- the vault: entries and payloads ---------------------------------------- */

struct store_vault;

enum { STORE_ENTRY = 37, STORE_HASH = 32 };

struct store_row {
	uint64_t pos;                  /* position in the node's history, from 0 */
	uint8_t entry[STORE_ENTRY];
	uint8_t hash[STORE_HASH];      /* RFC 6962 leaf hash of the entry */
	struct bytes open, sealed;     /* payload parts; n == 0: none (or erased) */
};

/* path: a file; created (mode 0600) when `create` and it is not there. */
enum status store_vault_open(struct store_vault **ret, const char *path, bool create,
	bool read_only, struct err *e) MUST;
void store_vault_close(struct store_vault *v);
enum status store_vault_size(struct store_vault *v, uint64_t *ret, struct err *e) MUST;
/* All of them in one durable transaction; rows[i].pos must be size + i, else FAIL.
 * BAD: such an entry stands there already. */
enum status store_vault_append(struct store_vault *v, const struct store_row *rows, size_t n,
	struct err *e) MUST;
/* Calls `each` for pos in [first, first + n); its status other than OK stops and
 * is returned.  Bytes are valid during the call.  with_payload false: entries only.
 * Within `each` the same vault may be asked anything but another such read. */
typedef enum status store_each(void *ctx, const struct store_row *row, struct err *e);
enum status store_vault_read(struct store_vault *v, uint64_t first, uint64_t n,
	bool with_payload, store_each *each, void *ctx, struct err *e) MUST;
enum status store_vault_find(struct store_vault *v, const uint8_t hash[STORE_HASH],
	uint64_t *ret_pos, struct err *e) MUST;           /* NO: no such entry */
/* Erasure: the payload's bytes are overwritten on disk, the entry stays. */
enum status store_vault_delete_payloads(struct store_vault *v, const uint64_t *pos, size_t n,
	struct err *e) MUST;
/* A small table of named values (log generations, format version). */
enum status store_vault_get(struct arena *a, struct store_vault *v, const char *name,
	struct bytes *ret, struct err *e) MUST;           /* NO: none */
enum status store_vault_set(struct store_vault *v, const char *name, struct bytes value,
	struct err *e) MUST;
/* A consistent copy of the whole file at `path` (a new file), durable or absent. */
enum status store_vault_copy(struct store_vault *v, const char *path, struct err *e) MUST;

/* --- wrapped keys: one small file, deleting one erases ----------------------- */

struct store_keys;

struct store_wrap {
	uint64_t pos;                  /* of the record */
	uint32_t holder;               /* 0: the node's master key; else a slot's number */
	struct bytes wrapped;
};
enum status store_keys_open(struct store_keys **ret, const char *path, bool create,
	bool read_only, struct err *e) MUST;
void store_keys_close(struct store_keys *k);
enum status store_keys_put(struct store_keys *k, const struct store_wrap *w, size_t n,
	struct err *e) MUST;           /* one durable transaction; replaces */
enum status store_keys_get(struct arena *a, struct store_keys *k, uint64_t pos, uint32_t holder,
	struct bytes *ret, struct err *e) MUST;           /* NO: none */
enum status store_keys_range(struct store_keys *k, uint64_t first, uint64_t n, uint32_t holder,
	enum status (*each)(void *ctx, const struct store_wrap *w, struct err *e), void *ctx,
	struct err *e) MUST;
/* Gone from the file and its journal afterwards (overwritten). */
enum status store_keys_delete(struct store_keys *k, const uint64_t *pos, size_t n,
	struct err *e) MUST;
enum status store_keys_delete_from(struct store_keys *k, uint64_t pos, struct err *e) MUST;
enum status store_keys_delete_holder(struct store_keys *k, uint32_t holder, struct err *e) MUST;
/* Officers' and recovery slots, and other named small values. */
enum status store_keys_get_named(struct arena *a, struct store_keys *k, const char *name,
	struct bytes *ret, struct err *e) MUST;           /* NO: none */
enum status store_keys_set_named(struct store_keys *k, const char *name, struct bytes value,
	struct err *e) MUST;           /* value.n == 0 deletes */
enum status store_keys_names(struct arena *a, struct store_keys *k, const char *prefix,
	struct str **ret, size_t *ret_n, struct err *e) MUST;
enum status store_keys_copy(struct store_keys *k, const char *path, struct err *e) MUST;

/* --- for verification: BAD says what is damaged (check.c) --------------------- */

/* Every page; nothing but our tables; each entry found by its hash. */
enum status store_vault_check(struct store_vault *v, struct err *e) MUST;
enum status store_keys_check(struct store_keys *k, struct err *e) MUST;
/* All wraps there are, by position and holder. */
enum status store_keys_all(struct store_keys *k, enum status (*each)(void *ctx,
	const struct store_wrap *w, struct err *e), void *ctx, struct err *e) MUST;

/* --- a database for the index ------------------------------------------------ */

/* Seals and opens one page in place, the last 40 bytes being its own; false from
 * `open`: not such a page. */
struct store_cipher {
	void (*close)(const void *key, uint64_t page, uint8_t *p, size_t n);
	bool (*open)(const void *key, uint64_t page, uint8_t *p, size_t n);
	const void *key;               /* outlives the database */
};

struct store_db;
struct store_stmt;

/* A database in one file, its pages sealed (cipher NULL: not, for tests).  Its
 * rollback journal is in memory; a mark beside the file (PATH.dirty) stands while
 * it is being written.  NO: it must be built anew (store_db_remove, then create):
 * there is none, its last writer died at work, the key is another, it is damaged.
 * The same found later, by a statement, is BAD. */
enum status store_db_open(struct store_db **ret, const char *path, bool create,
	const struct store_cipher *c, struct err *e) MUST;
void store_db_close(struct store_db *db);
/* The file and its mark; nobody may have it open. */
enum status store_db_remove(const char *path, struct err *e) MUST;
enum status store_db_exec(struct store_db *db, const char *sql, struct err *e) MUST;
enum status store_db_begin(struct store_db *db, struct err *e) MUST;
enum status store_db_commit(struct store_db *db, struct err *e) MUST;
void store_db_rollback(struct store_db *db);
/* A statement that gave a row keeps writers out until it gave the last, is asked
 * for again, or this: ends all of them.  For a server, after each request. */
void store_db_idle(struct store_db *db);
/* SHA-256-able dump: every table's rows in key order, as text, to `out` piece by
 * piece: "table\n" then one line a row, its values marked by type (see dump.c).
 * Without virtual tables and their shadows. */
enum status store_db_dump(struct store_db *db, void (*out)(void *ctx, struct bytes b), void *ctx,
	struct err *e) MUST;

/* Statements are prepared once per database and kept by their text; the text
 * must be a literal.  Ask, bind, step; a statement is reset by the next ask.  What
 * is bound is copied.  Faults in the SQL, too, are told by the step. */
struct store_stmt *store_sql(struct store_db *db, const char *sql);
void store_bind_int(struct store_stmt *s, int i, int64_t v);      /* i from 1 */
void store_bind_real(struct store_stmt *s, int i, double v);
void store_bind_text(struct store_stmt *s, int i, struct str v);  /* STR_NONE: NULL */
void store_bind_bytes(struct store_stmt *s, int i, struct bytes v);
void store_bind_null(struct store_stmt *s, int i);
/* OK: a row; NO: no more rows; FAIL. */
enum status store_step(struct store_stmt *s, struct err *e) MUST;
enum status store_done(struct store_stmt *s, struct err *e) MUST; /* step that gives no row */
int64_t store_int(struct store_stmt *s, int col);                 /* col from 0 */
double store_real(struct store_stmt *s, int col);
struct str store_text(struct store_stmt *s, int col);             /* until the next step */
struct bytes store_bytes(struct store_stmt *s, int col);
bool store_is_null(struct store_stmt *s, int col);

#endif
