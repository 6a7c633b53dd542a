/*
 * Verifying a log without any key: every entry, every hash, every tile, the root
 * under the checkpoint's signature, and no file that has no business there.
 *
 * One pass over the vault's entries computes all tiles and compares those that the
 * checkpoint needs; files beyond these (partial tiles of former checkpoints, what a
 * crash wrote before its checkpoint) must be what the vault would give, too.
 */
#include "record/record.h"
#include "record/record_int.h"
#include <limits.h>

enum { LEVELS = 8, ENTRIES = -1, FRAME = 2 + ENTRY_BYTES, DEPTH = 12, FILE_MOST = 1 << 16 };

struct hashes { uint8_t (*v)[SEAL_HASH]; size_t n, cap; };

struct log_check {
	struct arena *arena, *scratch;
	struct store_vault *vault;
	const char *dir;
	uint64_t first, count, published;     /* of this generation */
	bool succession;                      /* its entry 0 is one */
	struct checkpoint checkpoint;
	uint64_t at;
	struct edge edge;
	uint8_t bundle[TILE * FRAME];
	uint8_t row[TILE][SEAL_HASH];
	struct hashes level[LEVELS];          /* from 1; 0 is `row` */
};

static enum status
differs(const char *path, struct bytes found, struct bytes want, struct err *e)
{
	size_t at = 0;

	while (at < found.n && at < want.n && found.p[at] == want.p[at])
		at++;
	if (found.n != want.n)
		return err_set(e, NO, "%s: has %zu bytes instead of %zu", path, found.n, want.n);
	return err_set(e, NO, "%s: byte %zu is not what the vault's entries give", path, at);
}

static enum status
compare_file(struct log_check *c, const char *path, struct bytes want, bool required,
	struct err *e)
{
	struct bytes found;
	enum status s;

	arena_reset(c->scratch);
	s = os_read_file(c->scratch, path, FILE_MOST, &found, e);
	if (s == NO)
		return required ? err_set(e, NO, "%s: missing", path) : OK;
	if (s)
		return s;
	return bytes_eq(found, want) ? OK : differs(path, found, want, e);
}

static enum status
compare_tile(struct log_check *c, int level, uint64_t n, unsigned width, struct bytes want,
	bool required, struct err *e)
{
	char path[PATH_MAX];

	tile_path(path, sizeof path, c->dir, level, n, width);
	return compare_file(c, path, want, required, e);
}

static struct bytes
hashes_bytes(const uint8_t (*h)[SEAL_HASH], size_t n)
{
	return (struct bytes){n ? h[0] : NULL, n * SEAL_HASH};
}

/* A tile of level 0 is full: compare it and those above that fill up with it. */
static enum status
full_tiles(struct log_check *c, struct err *e)
{
	bool required = c->at <= c->published;
	uint64_t n = c->at / TILE - 1;
	const uint8_t (*tile)[SEAL_HASH] = (const uint8_t (*)[SEAL_HASH])c->row;
	enum status s = compare_tile(c, ENTRIES, n, TILE, BYTES(c->bundle), required, e);

	for (int level = 0; s == OK && level < LEVELS - 1; level++) {
		struct hashes *up = &c->level[level + 1];
		s = compare_tile(c, level, n, TILE, hashes_bytes(tile, TILE), required, e);
		merkle_root(tile, TILE, VEC_PUSH(c->arena, up));
		if (up->n % TILE != 0)
			break;
		n = up->n / TILE - 1;
		tile = (const uint8_t (*)[SEAL_HASH])(up->v + (up->n - TILE));
	}
	return s;
}

/* The log as its checkpoint has it ends here: its partial tiles and its root. */
static enum status
check_edge(struct log_check *c, struct err *e)
{
	unsigned width = (unsigned)(c->at % TILE);
	uint8_t root[SEAL_HASH];
	enum status s = OK;

	edge_root(&c->edge, root);
	if (memcmp(root, c->checkpoint.root, SEAL_HASH) != 0)
		return err_set(e, NO, "%s/checkpoint: its root is not that of the vault's first "
			"%llu entries", c->dir, (unsigned long long)c->published);
	if (width > 0)
		s = compare_tile(c, ENTRIES, c->at / TILE, width,
			(struct bytes){c->bundle, (size_t)width * FRAME}, true, e);
	if (s == OK && width > 0)
		s = compare_tile(c, 0, c->at / TILE, width,
			hashes_bytes((const uint8_t (*)[SEAL_HASH])c->row, width), true, e);
	for (int level = 1; s == OK && level < LEVELS; level++) {
		const struct hashes *h = &c->level[level];
		width = (unsigned)(h->n % TILE);
		if (width > 0)
			s = compare_tile(c, level, h->n / TILE, width, hashes_bytes(
				(const uint8_t (*)[SEAL_HASH])(h->v + (h->n - width)), width),
				true, e);
	}
	return s;
}

static enum status
check_entry(const struct log_check *c, const struct store_row *row, struct err *e)
{
	unsigned long long pos = row->pos;
	uint8_t root[SEAL_HASH], hash[SEAL_HASH];
	unsigned class;

	if (row->pos != c->first + c->at)
		return err_set(e, NO, "vault.db: the entry at position %llu is missing",
			(unsigned long long)(c->first + c->at));
	if (!entry_read(row->entry, &class, root))
		return err_set(e, NO, "vault.db: position %llu: not an entry of habeas", pos);
	seal_leaf((struct bytes){row->entry, ENTRY_BYTES}, hash);
	if (memcmp(hash, row->hash, SEAL_HASH) != 0)
		return err_set(e, NO, "vault.db: position %llu: its hash is not its entry's", pos);
	if (class != (c->at == 0 && c->succession))
		return err_set(e, NO, "vault.db: position %llu: class %u; only the first entry of a "
			"successor has class 1", pos, class);
	return OK;
}

static enum status
take_entry(void *ctx, const struct store_row *row, struct err *e)
{
	struct log_check *c = ctx;
	uint8_t *frame = c->bundle + (c->at % TILE) * FRAME;
	enum status s = check_entry(c, row, e);

	if (s)
		return s;
	frame[0] = 0;
	frame[1] = ENTRY_BYTES;
	memcpy(frame + 2, row->entry, ENTRY_BYTES);
	memcpy(c->row[c->at % TILE], row->hash, SEAL_HASH);
	if (c->at < c->published)
		edge_add(&c->edge, row->hash);
	c->at++;
	if (c->at % TILE == 0 && (s = full_tiles(c, e)))
		return s;
	return c->at == c->published ? check_edge(c, e) : OK;
}

/* --- files that are there --------------------------------------------------------- */

struct tile_name { int level; uint64_t n; unsigned width; };

/* DIR/ cut off: tile/L/x001/067 or tile/entries/067.p/12.  Canonical names only. */
static bool
read_tile_name(const struct log_check *c, const char *path, struct tile_name *ret)
{
	struct str rest = str_from(str_of(path), strlen(c->dir) + 1), part;
	struct tile_name t = {.width = TILE};
	uint64_t v;
	char again[PATH_MAX];

	if (!str_is(str_cut(&rest, '/'), "tile") || !rest.p)
		return false;
	part = str_cut(&rest, '/');
	if (str_is(part, "entries"))
		t.level = ENTRIES;
	else if (str_u64(part, &v) && v < LEVELS)
		t.level = (int)v;
	else
		return false;
	while (rest.p) {
		part = str_cut(&rest, '/');
		if (!rest.p && str_u64(part, &v) && part.n <= 3 && t.width == 0) {
			t.width = (unsigned)v;
			break;
		}
		if (str_starts(part, "x"))
			part = str_from(part, 1);
		if (str_ends(part, ".p")) {
			part = str_upto(part, part.n - 2);
			t.width = 0;
		}
		if (part.n != 3 || !str_u64(part, &v) || t.n > UINT64_MAX / 1000 - 1)
			return false;
		t.n = t.n * 1000 + v;
	}
	if (t.width == 0 || t.width > TILE)
		return false;
	tile_path(again, sizeof again, c->dir, t.level, t.n, t.width);
	*ret = t;
	return strcmp(again, path) == 0;
}

struct partial { struct log_check *c; struct buf want; bool entries; };

static enum status
add_partial(void *ctx, const struct store_row *row, struct err *e)
{
	static const uint8_t length[2] = {0, ENTRY_BYTES};
	struct partial *p = ctx;

	(void)e;
	if (p->entries) {
		buf_put(&p->want, length, sizeof length);
		buf_put(&p->want, row->entry, ENTRY_BYTES);
	} else {
		buf_put(&p->want, row->hash, SEAL_HASH);
	}
	return OK;
}

/* A tile that the checkpoint does not need: then at least one that the vault gives. */
static enum status
check_spare(struct log_check *c, const char *path, const struct tile_name *t, struct err *e)
{
	struct partial p = {.c = c, .entries = t->level == ENTRIES};
	uint64_t end = t->n * TILE + t->width;
	enum status s;

	if (t->level > 0) {
		const struct hashes *h = &c->level[t->level];
		if (end > h->n)
			return err_set(e, NO, "%s: a tile of more than the vault has", path);
		return compare_file(c, path, hashes_bytes((const uint8_t (*)[SEAL_HASH])
			(h->v + t->n * TILE), t->width), true, e);
	}
	if (end > c->count)
		return err_set(e, NO, "%s: a tile of more than the vault has", path);
	buf_init(&p.want, FILE_MOST);
	s = store_vault_read(c->vault, c->first + t->n * TILE, t->width, false, add_partial, &p, e);
	if (s == OK)
		s = compare_file(c, path, buf_bytes(&p.want), true, e);
	buf_finish(&p.want);
	return s;
}

static bool
is_needed(const struct log_check *c, const struct tile_name *t)
{
	unsigned level = t->level < 0 ? 0 : (unsigned)t->level;
	uint64_t in_level = c->published >> 8 * level;

	if (t->width == TILE)
		return t->n < in_level / TILE;
	return t->n == in_level / TILE && t->width == in_level % TILE;
}

static enum status
check_file(struct log_check *c, const char *path, struct err *e)
{
	struct tile_name t;

	if (strcmp(path + strlen(c->dir), "/checkpoint") == 0)
		return OK;
	if (!read_tile_name(c, path, &t))
		return err_set(e, NO, "%s: no file of a log", path);
	return is_needed(c, &t) ? OK : check_spare(c, path, &t, e);
}

static enum status
walk(struct log_check *c, const char *dir, int depth, struct err *e)
{
	struct arena *a = arena_create(16 << 20);
	struct str *names;
	size_t n = 0;
	enum status s = depth > 0 ? os_list_dir(a, dir, &names, &n, e)
		: err_set(e, NO, "%s: deeper than any log", dir);

	for (size_t i = 0; s == OK && i < n; i++) {
		const char *path = str_fmt(a, "%s/" STR_FMT, dir, STR_ARG(names[i])).p;
		s = os_is_dir(path) ? walk(c, path, depth - 1, e) : check_file(c, path, e);
	}
	arena_destroy(a);
	return s;
}

static enum status
check_log(struct log_check *c, struct str vkey, bool closed, struct err *e)
{
	enum status s = checkpoint_load(c->dir, vkey, &c->checkpoint, e);

	/* Before its first checkpoint a new log has entries only. */
	if (s == NO && !closed)
		c->checkpoint = (struct checkpoint){.size = 0};
	else if (s)
		return s;
	c->published = c->checkpoint.size;
	if (c->published > c->count)
		return err_set(e, NO, "%s/checkpoint: signs %llu entries, and the vault has %llu",
			c->dir, (unsigned long long)c->published, (unsigned long long)c->count);
	if (s == OK && c->published == 0)
		return err_set(e, NO, "%s/checkpoint: signs an empty log", c->dir);
	if ((s = store_vault_read(c->vault, c->first, c->count, false, take_entry, c, e)))
		return s;
	if (c->at != c->count)
		return err_set(e, NO, "vault.db: the entry at position %llu is missing",
			(unsigned long long)(c->first + c->at));
	return os_is_dir(c->dir) ? walk(c, c->dir, DEPTH, e)
		: err_set(e, NO, "%s: missing", c->dir);
}

enum status
verify_log(struct store_vault *v, const char *dir, const struct generation *g, uint64_t end,
	bool succession, bool closed, struct checkpoint *ret, struct err *e)
{
	struct log_check *c = mem_alloc(1, sizeof *c);
	enum status s;

	c->arena = arena_create((size_t)4 << 30);
	c->scratch = arena_create(1 << 20);
	c->vault = v;
	c->dir = dir;
	c->first = g->first;
	c->count = end - g->first;
	c->succession = succession;
	s = check_log(c, g->vkey, closed, e);
	if (s == OK)
		*ret = c->checkpoint;
	arena_destroy(c->scratch);
	arena_destroy(c->arena);
	mem_free(c);
	return s;
}
