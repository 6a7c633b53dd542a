/* The small tables of named values, in the vault and beside the keys. */
#include "store/store_int.h"

enum status
store_named_get(struct arena *a, struct store_db *db, const char *name, struct bytes *ret,
	struct err *e)
{
	struct store_stmt *s = store_sql(db, "SELECT value FROM named WHERE name = ?");
	struct bytes b;
	enum status st;

	store_bind_text(s, 1, str_of(name));
	st = store_step(s, e);
	if (st == NO)
		return err_set(e, NO, "%s: there is no value named %s", db->path, name);
	if (st)
		return st;
	b = store_bytes(s, 0);
	*ret = (struct bytes){arena_copy(a, b.p, b.n), b.n};
	return store_done(s, e);
}

static enum status
put(struct store_db *db, const char *name, struct bytes value, struct err *e)
{
	struct store_stmt *s = store_sql(db, value.n
		? "INSERT INTO named VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET value = ?2"
		: "DELETE FROM named WHERE name = ?1 AND ?2 IS NOT NULL");

	store_bind_text(s, 1, str_of(name));
	store_bind_bytes(s, 2, value);
	return store_done(s, e);
}

enum status
store_named_set(struct store_db *db, const char *name, struct bytes value, struct err *e)
{
	enum status st;

	/* What it replaces may be a revoked officer's slot: nothing of it stays. */
	store_scrub_begin(db);
	st = put(db, name, value, e);
	store_scrub_end(db);
	return st;
}
