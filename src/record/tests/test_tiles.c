/* Tiles on disk: the sizes that the specification works out, and taking up a log at
 * any size. */
#include "check.h"
#include <unistd.h>

static char dir[64];

static void
leaf_of(uint64_t i, uint8_t entry[ENTRY_BYTES], uint8_t hash[SEAL_HASH])
{
	uint8_t root[SEAL_HASH] = {0};

	memcpy(root, &i, sizeof i);
	entry_make(0, root, entry);
	seal_leaf((struct bytes){entry, ENTRY_BYTES}, hash);
}

static void
add(struct tiles *t, uint64_t count, struct edge *edge)
{
	uint8_t entry[ENTRY_BYTES], hash[SEAL_HASH];

	for (uint64_t i = 0; i < count; i++) {
		leaf_of(edge->n, entry, hash);
		assert_ok(tiles_add(t, entry, hash, &e));
		edge_add(edge, hash);
	}
}

static void
begin(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(dir, sizeof dir, "%s/habeas-tiles-XXXXXX", tmp && os_is_dir(tmp) ? tmp : "/tmp");
	assert_non_null(mkdtemp(dir));
}

static bool
there(const char *path, size_t bytes)
{
	struct bytes b = {0};
	enum status s = os_read_file(a, str_fmt(a, "%s/tile/%s", dir, path).p, 1 << 16, &b, &e);

	return s == OK && b.n == bytes;
}

/* c2sp.org/tlog-tiles, "Partial Tiles": "a tree of size 70,000 will be represented by
 * 273 full level 0 tiles, one partial level 0 tile of width 112, one full level 1
 * tile, one partial level 1 tile of width 17, and one partial level 2 tile of width 1." */
static void
a_log_of_70000_has_the_tiles_of_the_specification(void **state)
{
	struct edge edge = {.n = 0};
	struct tiles *t;
	uint8_t root[SEAL_HASH], own[SEAL_HASH];

	(void)state;
	begin();
	t = tiles_create(dir);
	add(t, 70000, &edge);
	assert_ok(tiles_flush(t, &e));
	tiles_root(t, root);
	edge_root(&edge, own);
	assert_memory_equal(root, own, SEAL_HASH);
	assert_true(there("0/000", 256 * 32) && there("0/272", 256 * 32));
	assert_false(there("0/273", 256 * 32));
	assert_true(there("0/273.p/112", 112 * 32));
	assert_true(there("1/000", 256 * 32));
	assert_true(there("1/001.p/17", 17 * 32));
	assert_true(there("2/000.p/1", 32));
	assert_true(there("entries/272", 256 * 39) && there("entries/273.p/112", 112 * 39));
	tiles_destroy(t);
	assert_ok(os_remove_tree(dir, &e));
}

static void
a_log_is_taken_up_at_any_size(void **state)
{
	static const uint64_t steps[] = {1, 2, 253, 1, 255, 256, 1, 600, 65000, 3};
	struct edge edge = {.n = 0};
	struct tiles *t;
	uint8_t root[SEAL_HASH], own[SEAL_HASH];

	(void)state;
	begin();
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		uint64_t old = edge.n;
		t = tiles_create(dir);
		assert_ok(tiles_load(t, edge.n, &e));
		add(t, steps[i], &edge);
		assert_ok(tiles_flush(t, &e));
		assert_ok(tiles_drop_partial(t, old, &e));
		tiles_root(t, root);
		edge_root(&edge, own);
		assert_memory_equal(root, own, SEAL_HASH);
		tiles_destroy(t);
	}
	/* Where the full one stands, no partial one is left. */
	assert_false(os_exists(str_fmt(a, "%s/tile/0/000.p", dir).p));
	t = tiles_create(dir);
	assert_int_equal(tiles_load(t, edge.n + 1, &e), BAD);
	tiles_destroy(t);
	assert_ok(os_remove_tree(dir, &e));
}

static void
paths_are_in_groups_of_three_digits(void **state)
{
	static const struct { int level; uint64_t n; unsigned width; const char *path; } paths[] = {
		{0, 0, 256, "d/tile/0/000"}, {0, 1234067, 256, "d/tile/0/x001/x234/067"},
		{3, 1000, 7, "d/tile/3/x001/000.p/7"}, {-1, 999, 255, "d/tile/entries/999.p/255"},
	};
	char path[256];

	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		tile_path(path, sizeof path, "d", paths[i].level, paths[i].n, paths[i].width);
		assert_string_equal(path, paths[i].path);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_log_of_70000_has_the_tiles_of_the_specification),
		cmocka_unit_test(a_log_is_taken_up_at_any_size),
		cmocka_unit_test(paths_are_in_groups_of_three_digits),
	};
	return cmocka_run_group_tests(tests, check_setup, check_teardown);
}
