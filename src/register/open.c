/* Opening a register: the node, its index, and whether the index can be trusted. */
#include "register/register_int.h"

/* Another number whenever the tables change, or the keys of names (reconcile). */
enum { INDEX_FORMAT = 5 };

static void
close_page(const void *key, uint64_t page, uint8_t *p, size_t n)
{
	seal_page_close(key, page, p, n);
}

static bool
open_page(const void *key, uint64_t page, uint8_t *p, size_t n)
{
	return seal_page_open(key, page, p, n);
}

static struct str
index_path(struct arena *a, const struct reg *r)
{
	return str_fmt(a, "%s/index.db", node_path(r->node));
}

/* Which slots enter the index, and how, follows from the kinds. */
static void
kinds_hash(uint8_t ret[SEAL_HASH])
{
	seal_sha256((struct bytes){(const uint8_t *)record_kinds_text, record_kinds_text_bytes},
		ret);
}

static enum status
create_index(struct reg *r, struct err *e)
{
	static const uint8_t format[1] = {INDEX_FORMAT};
	uint8_t kinds[SEAL_HASH];
	struct arena *a = arena_create(1 << 16);
	enum status st;

	r->projected = 0;
	if ((st = store_db_remove(index_path(a, r).p, e)) == OK
	    && (st = store_db_open(&r->db, index_path(a, r).p, true, &r->cipher, e)) == OK
	    && (st = store_db_begin(r->db, e)) == OK) {
		if ((st = index_create(r, e)) == OK) {
			struct store_stmt *s = store_sql(r->db,
				"INSERT INTO meta VALUES('format', ?1), ('kinds', ?2)");
			kinds_hash(kinds);
			store_bind_bytes(s, 1, BYTES(format));
			store_bind_bytes(s, 2, BYTES(kinds));
			st = store_done(s, e);
		}
		if (st == OK)
			st = store_db_commit(r->db, e);
		else
			store_db_rollback(r->db);
	}
	arena_destroy(a);
	return st;
}

/* Which index this is: another process may put a new one in its place, and an
 * erasure changes its key. */
static bool
index_is_ours(const struct reg *r)
{
	struct arena *a = arena_create(1 << 16);
	uint8_t hash[SEAL_HASH];
	bool same = r->db && os_file_id(index_path(a, r).p) == r->file;

	arena_destroy(a);
	seal_sha256((struct bytes){node_index_key(r->node), SEAL_KEY}, hash);
	return same && memcmp(hash, r->key_hash, SEAL_HASH) == 0;
}

static void
note_index(struct reg *r)
{
	struct arena *a = arena_create(1 << 16);

	r->file = os_file_id(index_path(a, r).p);
	seal_sha256((struct bytes){node_index_key(r->node), SEAL_KEY}, r->key_hash);
	arena_destroy(a);
}

static enum status
meta(struct reg *r, const char *name, uint8_t *ret, size_t n)
{
	struct store_stmt *s = store_sql(r->db, "SELECT value FROM meta WHERE name = ?1");

	store_bind_text(s, 1, str_of(name));
	if (store_step(s, NULL) != OK)
		return NO;
	struct bytes b = store_bytes(s, 0);
	if (b.n != n)
		return NO;
	memcpy(ret, b.p, n);
	return OK;
}

uint64_t
index_size(struct reg *r)
{
	uint8_t be[8];
	uint64_t size = 0;

	if (meta(r, "size", be, 8) == OK)
		for (int i = 0; i < 8; i++)
			size = size << 8 | be[i];
	return size;
}

/* Is what the index says of itself true of this log?  Its last record's hash must
 * be the log's at that place. */
static bool
index_fits(struct reg *r)
{
	uint8_t format, kinds[SEAL_HASH], ours[SEAL_HASH];
	uint64_t size, pos;
	bool fits = false;

	if (meta(r, "format", &format, 1) != OK || format != INDEX_FORMAT)
		return false;
	kinds_hash(ours);
	if (meta(r, "kinds", kinds, SEAL_HASH) != OK || memcmp(kinds, ours, SEAL_HASH) != 0)
		return false;
	size = index_size(r);
	if (size > node_info(r->node)->size)
		return false;
	if (size == 0)
		return true;
	struct store_stmt *s = store_sql(r->db, "SELECT hash FROM rec WHERE pos = ?1");
	store_bind_int(s, 1, (int64_t)size - 1);
	if (store_step(s, NULL) == OK) {
		struct bytes hash = store_bytes(s, 0);
		fits = hash.n == SEAL_HASH && node_find(r->node, hash.p, &pos, NULL) == OK
			&& pos == size - 1;
	}
	if (fits)
		r->projected = size;
	return fits;
}

/* The index may be deleted at any time: whatever is wrong with it, it is made anew. */
static enum status
open_index(struct reg *r, struct err *e)
{
	struct arena *a = arena_create(1 << 16);
	const char *path = index_path(a, r).p;
	bool good = os_exists(path)
		&& store_db_open(&r->db, path, false, &r->cipher, NULL) == OK;

	if (good && !index_fits(r)) {
		store_db_close(r->db);
		r->db = NULL;
		good = false;
	}
	enum status st = good ? OK : create_index(r, e);
	arena_destroy(a);
	if (st == OK)
		note_index(r);
	return st;
}

enum status
reg_open_node(struct reg **ret, struct node *n, struct err *e)
{
	struct reg *r = mem_alloc(1, sizeof *r);
	enum status st;

	r->node = n;
	r->cipher = (struct store_cipher){close_page, open_page, node_index_key(n)};
	if ((st = open_index(r, e)) == OK)
		st = reg_follow(r, e);
	if (st) {
		store_db_close(r->db);
		mem_free(r);
		return st;
	}
	*ret = r;
	return OK;
}

enum status
reg_open(struct reg **ret, const char *path, enum node_open_as as, struct bytes passphrase,
	struct err *e)
{
	struct node *n;
	enum status st = node_open(&n, path, as, passphrase, e);

	if (st == OK && (st = reg_open_node(ret, n, e)) != OK)
		node_close(n);
	return st;
}

void
reg_close(struct reg *r)
{
	if (!r)
		return;
	store_db_close(r->db);
	node_close(r->node);
	mem_free(r);
}

struct node *
reg_node(struct reg *r)
{
	return r->node;
}

enum status
reg_follow(struct reg *r, struct err *e)
{
	enum status st = node_refresh(r->node, e);

	if (st == OK && !index_is_ours(r)) {
		store_db_close(r->db);
		r->db = NULL;
		st = open_index(r, e);
	}
	return st ? st : index_project(r, e);
}

void
reg_rest(struct reg *r)
{
	node_rest(r->node);
	reg_idle(r);
}

enum status
reg_go_on(struct reg *r, struct err *e)
{
	enum status st = node_go_on(r->node, e);

	/* A writer is not refreshed: what came since is followed here. */
	return st ? st : reg_follow(r, e);
}

void
reg_idle(struct reg *r)
{
	if (r->db)
		store_db_idle(r->db);
}

static void
hash_dump(void *ctx, struct bytes b)
{
	seal_hasher_add(ctx, b);
}

enum status
reg_dump_hash(struct reg *r, uint8_t ret_dump[SEAL_HASH], struct err *e)
{
	struct seal_hasher *h = seal_hasher_create();
	uint8_t hash[SEAL_HASH];
	enum status st = store_db_dump(r->db, hash_dump, h, e);

	seal_hasher_finish(h, hash);
	if (st == OK)
		memcpy(ret_dump, hash, SEAL_HASH);
	return st;
}

enum status
reg_rebuild(struct reg *r, uint8_t ret_dump[SEAL_HASH], struct err *e)
{
	enum status st;

	store_db_close(r->db);
	r->db = NULL;
	if ((st = create_index(r, e)) != OK || (st = index_project(r, e)) != OK)
		return st;
	note_index(r);
	return reg_dump_hash(r, ret_dump, e);
}
