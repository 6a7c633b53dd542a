/* Shared by the files of store and nobody else; comes first, as SQLite's header
 * need not know what base poisons. */
#ifndef STORE_STORE_INT_H
#define STORE_STORE_INT_H

#include <sqlite3.h>
#include "store/store.h"

/* --- vfs.c: the seam between SQLite and the disk ------------------------------- */

enum { STORE_PAGE = 4096, STORE_RESERVED = 40 };     /* of a sealed file */

/* One for each open database.  SQLite owns none of it. */
struct store_vfs {
	sqlite3_vfs vfs;
	sqlite3_vfs *real;
	const struct store_cipher *cipher;   /* NULL: pages as they are */
	char *mark;                          /* PATH.dirty; NULL: none is kept */
	char name[32];
	bool scrub;          /* overwrite the journal before it is emptied */
	/* Why an operation failed, for whoever tells it to people: */
	bool refused;        /* a page did not open under this key */
	bool stale;          /* the mark stood there and nobody was writing */
	int error;           /* errno, or 0 */
};
struct store_vfs *store_vfs_create(const struct store_cipher *c, bool with_mark,
	const char *path);
void store_vfs_destroy(struct store_vfs *v);
/* Whether there is such a file and it is not empty. */
bool store_vfs_has_bytes(struct store_vfs *v, const char *path);

/* --- db.c ------------------------------------------------------------------------ */

/* What distinguishes the three files. */
struct store_profile {
	int application_id;
	int page_bytes;
	const char *journal;         /* a mode */
	bool scrub;                  /* overwrite every journal, not only those of deletions */
	const char *what;            /* "a vault" */
	const char *remedy;          /* what to do when it is damaged */
	const char *schema;          /* SQL; NULL: the caller makes its own */
};

struct store_db {
	sqlite3 *sql;
	struct store_vfs *vfs;
	const struct store_profile *profile;
	char *path;
	struct store_stmt **stmts;   /* open-addressed by the hash of their text */
	size_t n_stmts, cap_stmts;
};

enum status store_file_open(struct store_db **ret, const char *path, bool create, bool read_only,
	const struct store_profile *p, const struct store_cipher *c, struct err *e) MUST;
/* What SQLite's `rc` means, as a status and a line. */
enum status store_fault(struct store_db *db, int rc, struct err *e) MUST;
/* A consistent copy of the file at `path`, durable, or nothing there. */
enum status store_file_copy(struct store_db *db, const char *path, struct err *e) MUST;
/* Deletions until store_scrub_end() leave nothing in the journal either. */
void store_scrub_begin(struct store_db *db);
void store_scrub_end(struct store_db *db);
/* The two tables of named values are alike. */
enum status store_named_get(struct arena *a, struct store_db *db, const char *name,
	struct bytes *ret, struct err *e) MUST;
enum status store_named_set(struct store_db *db, const char *name, struct bytes value,
	struct err *e) MUST;

/* --- sql.c ------------------------------------------------------------------------ */

struct store_stmt {
	struct store_db *db;
	sqlite3_stmt *sql;           /* NULL: could not be prepared, see rc */
	char *text;
	uint64_t hash;
	int rc;
};
void store_stmts_reset(struct store_db *db);
void store_stmts_finish(struct store_db *db);

/* --- for check.c ------------------------------------------------------------------- */

struct store_db *store_vault_db(struct store_vault *v);
struct store_db *store_keys_db(struct store_keys *k);
/* What the vault finds an entry by. */
int64_t store_head(const uint8_t hash[STORE_HASH]);

#endif
