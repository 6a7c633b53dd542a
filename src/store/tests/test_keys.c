/* Wrapped keys: what is deleted or replaced is in no file. */
#include "check.h"

static struct store_keys *k;
static const char *path;

enum { WRAP = 72 };

static int
fresh(void **state)
{
	int rc = start(state);

	path = in_dir("keys.db");
	return rc ? rc : store_keys_open(&k, path, true, false, &e) == OK ? 0 : -1;
}

static int
gone(void **state)
{
	store_keys_close(k);
	k = NULL;
	return end(state);
}

/* A wrap that is like no other; `turn` tells what replaces what. */
static struct store_wrap
wrap_of(uint64_t pos, uint32_t holder, uint64_t turn)
{
	uint64_t seed[3] = {pos, holder, turn};
	uint64_t h = hash64((struct bytes){(uint8_t *)seed, sizeof seed}, 1);
	uint8_t *p = arena_alloc(a, WRAP, 1);

	for (size_t i = 0; i < WRAP; i++)
		p[i] = (uint8_t)hash64((struct bytes){(uint8_t *)&i, sizeof i}, h);
	return (struct store_wrap){pos, holder, {p, WRAP}};
}

static enum status
put(uint64_t pos, uint32_t holder, uint64_t turn)
{
	struct store_wrap w = wrap_of(pos, holder, turn);

	return store_keys_put(k, &w, 1, &e);
}

static bool
in_files(uint64_t pos, uint32_t holder, uint64_t turn)
{
	/* The middle: SQLite's own header of a free block would hide the beginning. */
	struct bytes b = wrap_of(pos, holder, turn).wrapped;

	return found_in_files((struct bytes){b.p + 24, 24}) > 0;
}

static void
a_wrap_is_found_by_record_and_holder(void **state)
{
	struct bytes b = {0};

	assert_int_equal(put(7, 0, 1), OK);
	assert_int_equal(put(7, 4294967295u, 1), OK);
	assert_int_equal(store_keys_get(a, k, 7, 4294967295u, &b, &e), OK);
	assert_true(bytes_eq(b, wrap_of(7, 4294967295u, 1).wrapped));
	assert_int_equal(store_keys_get(a, k, 7, 1, &b, &e), NO);
	assert_int_equal(store_keys_get(a, k, 8, 0, &b, &e), NO);
	assert_int_equal(put(7, 0, 2), OK);
	assert_int_equal(store_keys_get(a, k, 7, 0, &b, &e), OK);
	assert_true(bytes_eq(b, wrap_of(7, 0, 2).wrapped));
	(void)state;
}

static enum status
count(void *ctx, const struct store_wrap *w, struct err *err)
{
	uint64_t *next = ctx;

	(void)err;
	assert_int_equal(w->pos, *next);
	assert_true(bytes_eq(w->wrapped, wrap_of(*next, w->holder, 1).wrapped));
	return ++*next == 2500 ? NO : OK;
}

static void
a_range_gives_one_holders_wraps_in_order_and_stops_when_told(void **state)
{
	struct store_wrap *w = NEWS(a, struct store_wrap, 6000);
	uint64_t next = 100;

	for (uint64_t i = 0; i < 3000; i++) {
		w[2 * i] = wrap_of(i, 0, 1);
		w[2 * i + 1] = wrap_of(i, 5, 1);
	}
	assert_int_equal(store_keys_put(k, w, 6000, &e), OK);
	assert_int_equal(store_keys_range(k, 100, 2300, 5, count, &next, &e), OK);
	assert_int_equal(next, 2400);
	assert_int_equal(store_keys_range(k, 2400, UINT64_MAX, 0, count, &next, &e), NO);
	assert_int_equal(next, 2500);
	(void)state;
}

static void
a_deleted_wrap_is_in_no_file_though_pages_were_split_and_merged(void **state)
{
	uint64_t pos[10];

	/* Put in no order, so that pages split in their middle and rows move. */
	for (uint64_t i = 0; i < 900; i++)
		assert_int_equal(put(i * 577 % 900, (uint32_t)(i % 3), 1), OK);
	for (uint64_t i = 0; i < 900; i += 10) {
		for (uint64_t n = 0; n < 10; n++)
			pos[n] = (i + n) * 313 % 900;
		assert_int_equal(store_keys_delete(k, pos, 10, &e), OK);
		for (uint64_t n = 0; n < 10; n++)
			for (uint32_t holder = 0; holder < 3; holder++)
				assert_false(in_files(pos[n], holder, 1));
	}
	(void)state;
}

static void
a_replaced_wrap_a_revoked_holder_and_a_cut_end_leave_nothing(void **state)
{
	struct bytes b;

	for (uint64_t i = 0; i < 100; i++)
		for (uint32_t holder = 0; holder < 4; holder++)
			assert_int_equal(put(i, holder, 1), OK);
	assert_true(in_files(50, 0, 1));
	assert_int_equal(put(50, 0, 2), OK);
	assert_false(in_files(50, 0, 1));
	assert_true(in_files(50, 0, 2));
	assert_int_equal(store_keys_delete_holder(k, 3, &e), OK);
	assert_int_equal(store_keys_delete_from(k, UINT64_MAX, &e), OK);
	assert_int_equal(store_keys_delete_from(k, 90, &e), OK);
	for (uint64_t i = 0; i < 100; i++)
		for (uint32_t holder = 0; holder < 4; holder++)
			if (i != 50 || holder != 0)
				assert_int_equal(in_files(i, holder, 1), i < 90 && holder < 3);
	assert_int_equal(store_keys_get(a, k, 90, 0, &b, &e), NO);
	assert_int_equal(store_keys_get(a, k, 89, 3, &b, &e), NO);
	(void)state;
}

static void
named_values_are_listed_by_prefix_and_leave_nothing(void **state)
{
	struct bytes slot = wrap_of(1, 1, 1).wrapped, other = wrap_of(1, 1, 2).wrapped, b;
	struct str *names;
	size_t n;

	assert_int_equal(store_keys_set_named(k, "slot/2", slot, &e), OK);
	assert_int_equal(store_keys_set_named(k, "slot/1", slot, &e), OK);
	assert_int_equal(store_keys_set_named(k, "slot/10", slot, &e), OK);
	assert_int_equal(store_keys_set_named(k, "slo%", slot, &e), OK);
	assert_int_equal(store_keys_set_named(k, "recovery", slot, &e), OK);
	assert_int_equal(store_keys_names(a, k, "slot/", &names, &n, &e), OK);
	assert_int_equal(n, 3);
	assert_true(str_is(names[0], "slot/1"));
	assert_true(str_is(names[1], "slot/10"));
	assert_true(str_is(names[2], "slot/2"));
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(store_keys_set_named(k, str_cstr(a, names[i]),
			(struct bytes){0}, &e), OK);
	assert_int_equal(store_keys_set_named(k, "slo%", (struct bytes){0}, &e), OK);
	assert_int_equal(store_keys_set_named(k, "recovery", other, &e), OK);
	assert_false(in_files(1, 1, 1));
	assert_true(in_files(1, 1, 2));
	assert_int_equal(store_keys_get_named(a, k, "recovery", &b, &e), OK);
	assert_true(bytes_eq(b, other));
	assert_int_equal(store_keys_get_named(a, k, "slot/1", &b, &e), NO);
	(void)state;
}

static int
delete_many(void *unused)
{
	uint64_t pos[60];

	(void)unused;
	for (uint64_t i = 0; i < 60; i++)
		pos[i] = 3 * i;
	if (store_keys_open(&k, path, false, false, &e) != OK)
		return 10;
	return store_keys_delete(k, pos, 60, &e) == OK ? 0 : 1 + (e.status == FAIL);
}

static void
killed_at_any_step_of_a_deletion_all_or_none_are_gone(void **state)
{
	const char *fault[] = {"kill", "io"};

	for (unsigned n = 1, f = 0; f < 2; n++) {
		int status;
		bool done, left;
		store_keys_close(k);
		assert_int_equal(os_remove(path, &e), OK);
		assert_int_equal(os_remove(in_dir("keys.db-journal"), &e), OK);
		assert_int_equal(store_keys_open(&k, path, true, false, &e), OK);
		struct store_wrap w[200];
		for (uint64_t i = 0; i < 200; i++)
			w[i] = wrap_of(i, 0, 1);
		assert_int_equal(store_keys_put(k, w, 200, &e), OK);
		store_keys_close(k);
		k = NULL;
		status = in_child(str_fmt(a, "%s:%u", fault[f], n).p, delete_many, NULL);
		done = status == 0;
		assert_true(done || was_killed(status) || WEXITSTATUS(status) == 2);
		assert_int_equal(store_keys_open(&k, path, false, false, &e), OK);
		left = in_files(0, 0, 1);
		assert_false(done && left);
		for (uint64_t i = 0; i < 200; i++)
			assert_int_equal(in_files(i, 0, 1), left || i % 3 != 0 || i >= 180);
		arena_reset(a);
		path = in_dir("keys.db");
		if (done) {
			assert_true(n > 10);
			n = 0;
			f++;
		}
	}
	(void)state;
}

/* Another value each turn: SQLite writes no page that would stay the same. */
static int
replace_one(void *turn)
{
	return store_keys_open(&k, path, false, false, &e) != OK
		|| put(0, 0, *(unsigned *)turn + 2) != OK;
}

static int
replace_named(void *turn)
{
	return store_keys_open(&k, path, false, false, &e) != OK
		|| store_keys_set_named(k, "slot/1", wrap_of(0, 0, *(unsigned *)turn).wrapped, &e)
		!= OK;
}

static void
put_180(void)
{
	struct store_wrap w[180];

	for (uint64_t i = 0; i < 180; i++)
		w[i] = wrap_of(i, 0, 1);
	assert_int_equal(store_keys_put(k, w, 180, &e), OK);
}

/* Whether a child killed at some step leaves a journal that is not empty and holds
 * nothing but zeros: then it was overwritten before it was emptied. */
static bool
journal_is_overwritten_by(int (*run)(void *))
{
	const char *journal = in_dir("keys.db-journal");
	bool seen = false;

	for (unsigned n = 1; !seen; n++) {
		struct bytes b;
		size_t zeros = 0;
		int status = in_child(str_fmt(a, "kill:%u", n).p, run, &n);
		assert_int_equal(os_read_file(a, journal, 1 << 20, &b, &e), OK);
		while (zeros < b.n && b.p[zeros] == 0)
			zeros++;
		seen = b.n > 0 && zeros == b.n;
		if (!was_killed(status))
			break;
		/* Played back or cleaned; what was deleted is there again. */
		assert_int_equal(store_keys_open(&k, path, false, false, &e), OK);
		put_180();
		store_keys_close(k);
		k = NULL;
	}
	return seen;
}

static int
put_another(void *turn)
{
	return store_keys_open(&k, path, false, false, &e) != OK
		|| put(1000 + *(unsigned *)turn, 0, 1) != OK;
}

static void
every_journal_is_overwritten_before_it_is_emptied(void **state)
{
	put_180();
	assert_int_equal(store_keys_set_named(k, "slot/1", str_bytes(S("one")), &e), OK);
	store_keys_close(k);
	k = NULL;
	assert_true(journal_is_overwritten_by(replace_one));
	assert_true(journal_is_overwritten_by(replace_named));
	assert_true(journal_is_overwritten_by(delete_many));
	assert_true(journal_is_overwritten_by(put_another));
	(void)state;
}

static void
a_copy_holds_the_wraps_and_the_names(void **state)
{
	struct bytes b;

	assert_int_equal(put(1, 0, 1), OK);
	assert_int_equal(store_keys_set_named(k, "recovery", str_bytes(S("sealed")), &e), OK);
	assert_int_equal(store_keys_copy(k, in_dir("copy"), &e), OK);
	store_keys_close(k);
	assert_int_equal(store_keys_open(&k, in_dir("copy"), false, true, &e), OK);
	assert_int_equal(store_keys_get(a, k, 1, 0, &b, &e), OK);
	assert_int_equal(store_keys_get_named(a, k, "recovery", &b, &e), OK);
	assert_int_equal(put(2, 0, 1), FAIL);
	(void)state;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fresh, gone)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_wrap_is_found_by_record_and_holder),
		TEST(a_range_gives_one_holders_wraps_in_order_and_stops_when_told),
		TEST(a_deleted_wrap_is_in_no_file_though_pages_were_split_and_merged),
		TEST(a_replaced_wrap_a_revoked_holder_and_a_cut_end_leave_nothing),
		TEST(named_values_are_listed_by_prefix_and_leave_nothing),
		TEST(killed_at_any_step_of_a_deletion_all_or_none_are_gone),
		TEST(every_journal_is_overwritten_before_it_is_emptied),
		TEST(a_copy_holds_the_wraps_and_the_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
