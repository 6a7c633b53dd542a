/*
 * The log on disk: C2SP tlog-tiles v0.1.0, written here and nowhere else.
 *
 * In memory stands the right edge only: for each level the hashes of its last,
 * partial tile.  A tile that fills up is written and its root goes one level up.
 * What is written before its checkpoint is what will be written again after a
 * crash, byte for byte; so nothing here needs to be undone.
 */
#include "record/record.h"
#include "record/record_int.h"
#include <limits.h>

enum {
	LEVELS = 8,                   /* 256^8 entries */
	ENTRY_FRAME = 2 + ENTRY_BYTES,
	ENTRIES = -1,                 /* in the place of a level: entry bundles */
};

struct tiles {
	char *dir;
	uint64_t n;                   /* entries added */
	unsigned width[LEVELS];
	uint8_t hash[LEVELS][TILE][SEAL_HASH];
	unsigned bundled;
	uint8_t bundle[TILE * ENTRY_FRAME];
};

struct tiles *
tiles_create(const char *dir)
{
	struct tiles *t = mem_alloc(1, sizeof *t);
	size_t n = strlen(dir) + 1;

	t->dir = mem_alloc(n, 1);
	memcpy(t->dir, dir, n);
	return t;
}

void
tiles_destroy(struct tiles *t)
{
	if (!t)
		return;
	mem_free(t->dir);
	mem_free(t);
}

uint64_t
tiles_size(const struct tiles *t)
{
	return t->n;
}

/* DIR/tile/L/x001/x234/067, with .p/W unless it is full. */
void
tile_path(char *ret, size_t size, const char *dir, int level, uint64_t n, unsigned width)
{
	char groups[64] = "";
	int at = sizeof groups - 1, len;

	for (bool last = true; last || n > 0; last = false, n /= 1000) {
		char g[8];
		int w = snprintf(g, sizeof g, "/%s%03u", last ? "" : "x", (unsigned)(n % 1000));
		at -= w;
		memcpy(groups + at, g, (size_t)w);
	}
	if (level == ENTRIES)
		len = snprintf(ret, size, "%s/tile/entries%s", dir, groups + at);
	else
		len = snprintf(ret, size, "%s/tile/%d%s", dir, level, groups + at);
	if (width < TILE && len >= 0 && (size_t)len < size)
		len += snprintf(ret + len, size - (size_t)len, ".p/%u", width);
	invariant(len >= 0 && (size_t)len < size);
}

static enum status
write_tile(const struct tiles *t, int level, uint64_t n, unsigned width, struct bytes data,
	struct err *e)
{
	char path[PATH_MAX], parent[PATH_MAX];
	enum status s;

	tile_path(path, sizeof path, t->dir, level, n, width);
	snprintf(parent, sizeof parent, "%s", path);
	*strrchr(parent, '/') = '\0';
	s = os_make_dirs(parent, 0700, e);
	return s ? s : os_write_file(path, data, 0600, e);
}

/* How many full tiles stand before the last one of this level. */
static uint64_t
full_before(const struct tiles *t, unsigned level)
{
	unsigned shift = 8 * (level + 1);

	return shift < 64 ? t->n >> shift : 0;
}

static enum status
fill_up(struct tiles *t, unsigned level, struct err *e)
{
	uint8_t root[SEAL_HASH];
	uint64_t at = full_before(t, level) - 1;
	enum status s = write_tile(t, (int)level, at, TILE,
		(struct bytes){t->hash[level][0], sizeof t->hash[level]}, e);

	if (s)
		return s;
	merkle_root(t->hash[level], TILE, root);
	t->width[level] = 0;
	invariant(level + 1 < LEVELS);
	memcpy(t->hash[level + 1][t->width[level + 1]++], root, SEAL_HASH);
	return OK;
}

static void
bundle_add(struct tiles *t, const uint8_t entry[ENTRY_BYTES])
{
	uint8_t *at = t->bundle + (size_t)t->bundled++ * ENTRY_FRAME;

	at[0] = 0;
	at[1] = ENTRY_BYTES;
	memcpy(at + 2, entry, ENTRY_BYTES);
}

enum status
tiles_add(struct tiles *t, const uint8_t entry[ENTRY_BYTES], const uint8_t hash[SEAL_HASH],
	struct err *e)
{
	enum status s;

	bundle_add(t, entry);
	memcpy(t->hash[0][t->width[0]++], hash, SEAL_HASH);
	t->n++;
	if (t->bundled == TILE) {
		s = write_tile(t, ENTRIES, full_before(t, 0) - 1, TILE, BYTES(t->bundle), e);
		if (s)
			return s;
		t->bundled = 0;
	}
	for (unsigned level = 0; t->width[level] == TILE; level++)
		if ((s = fill_up(t, level, e)))
			return s;
	return OK;
}

enum status
tiles_flush(const struct tiles *t, struct err *e)
{
	enum status s;

	if (t->bundled > 0 && (s = write_tile(t, ENTRIES, full_before(t, 0), t->bundled,
		(struct bytes){t->bundle, (size_t)t->bundled * ENTRY_FRAME}, e)))
		return s;
	for (unsigned level = 0; level < LEVELS; level++)
		if (t->width[level] > 0 && (s = write_tile(t, (int)level, full_before(t, level),
			t->width[level], (struct bytes){t->hash[level][0],
			(size_t)t->width[level] * SEAL_HASH}, e)))
			return s;
	return OK;
}

/* The parts of a tile's hashes as one row of full subtrees, smallest first, each
 * joined on the left of what is right of it. */
static void
join_row(const struct tiles *t, unsigned level, uint8_t root[SEAL_HASH], bool *any)
{
	unsigned end = t->width[level];
	uint8_t part[SEAL_HASH];

	for (unsigned size = 1; size < TILE; size *= 2) {
		if (!(t->width[level] & size))
			continue;
		merkle_root(t->hash[level] + (end - size), size, part);
		end -= size;
		if (*any)
			seal_node(part, root, root);
		else
			memcpy(root, part, SEAL_HASH);
		*any = true;
	}
}

void
tiles_root(const struct tiles *t, uint8_t ret[SEAL_HASH])
{
	uint8_t root[SEAL_HASH];
	bool any = false;

	merkle_root(NULL, 0, root);
	for (unsigned level = 0; level < LEVELS; level++)
		join_row(t, level, root, &any);
	memcpy(ret, root, SEAL_HASH);
}

/* --- taking up a log where it stands ---------------------------------------------- */

static enum status
load_row(struct tiles *t, struct arena *a, unsigned level, uint64_t size, struct err *e)
{
	unsigned width = (unsigned)(size >> 8 * level) & (TILE - 1);
	char path[PATH_MAX];
	struct bytes b;
	enum status s;

	if (width == 0)
		return OK;
	tile_path(path, sizeof path, t->dir, (int)level, full_before(t, level), width);
	if ((s = os_read_file(a, path, sizeof t->hash[level], &b, e)) == FAIL)
		return s;
	if (s || b.n != (size_t)width * SEAL_HASH)
		return err_set(e, BAD, "%s: missing or not %u hashes; \"habeas verify\" tells what "
			"else is damaged, \"habeas restore\" a backup", path, width);
	memcpy(t->hash[level], b.p, b.n);
	t->width[level] = width;
	return OK;
}

static enum status
load_bundle(struct tiles *t, struct arena *a, uint64_t size, struct err *e)
{
	unsigned width = (unsigned)size & (TILE - 1);
	char path[PATH_MAX];
	struct bytes b;
	enum status s;

	if (width == 0)
		return OK;
	tile_path(path, sizeof path, t->dir, ENTRIES, full_before(t, 0), width);
	if ((s = os_read_file(a, path, sizeof t->bundle, &b, e)) == FAIL)
		return s;
	if (s || b.n != (size_t)width * ENTRY_FRAME)
		return err_set(e, BAD, "%s: missing or not %u entries; \"habeas verify\" tells what "
			"else is damaged, \"habeas restore\" a backup", path, width);
	memcpy(t->bundle, b.p, b.n);
	t->bundled = width;
	return OK;
}

enum status
tiles_load(struct tiles *t, uint64_t size, struct err *e)
{
	struct arena *a = arena_create(1 << 20);
	enum status s;

	t->n = size;
	s = load_bundle(t, a, size, e);
	for (unsigned level = 0; s == OK && level < LEVELS; level++)
		s = load_row(t, a, level, size, e);
	arena_destroy(a);
	return s;
}

/* Partial tiles whose full one stands now.  Only after the checkpoint that needs the
 * full one: until then the former checkpoint's readers need them. */
enum status
tiles_drop_partial(const struct tiles *t, uint64_t old_size, struct err *e)
{
	char path[PATH_MAX];
	enum status s;

	for (int level = ENTRIES; level < LEVELS; level++) {
		unsigned shift = 8 * (unsigned)((level < 0 ? 0 : level) + 1);
		uint64_t was = shift < 64 ? old_size >> shift : 0;
		uint64_t now = shift < 64 ? t->n >> shift : 0;
		if (was == now)
			continue;
		tile_path(path, sizeof path, t->dir, level, was, 1);
		*strrchr(path, '/') = '\0';
		if (os_exists(path) && (s = os_remove_tree(path, e)))
			return s;
	}
	return OK;
}
