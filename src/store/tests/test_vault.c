/* The vault: what is appended reads back, whole or not at all; what is erased is
 * in no file. */
#include "check.h"

static struct store_vault *v;
static const char *path;

static int
fresh(void **state)
{
	int rc = start(state);

	path = in_dir("vault.db");
	return rc ? rc : store_vault_open(&v, path, true, false, &e) == OK ? 0 : -1;
}

static int
gone(void **state)
{
	store_vault_close(v);
	v = NULL;
	return end(state);
}

/* The row that stands at `pos`, its payload of `n` bytes of a text that names it. */
static struct store_row
row_at(uint64_t pos, size_t n)
{
	struct store_row r = {.pos = pos};
	uint8_t *p = arena_alloc(a, n + 64, 1);
	uint64_t h = hash64((struct bytes){(uint8_t *)&pos, 8}, 7);
	int head = snprintf((char *)p, n + 64, "<payload of %llu>", (unsigned long long)pos);

	memset(r.entry, (int)(pos & 0xff), sizeof r.entry);
	memcpy(r.hash, &h, 8);
	memset(r.hash + 8, (int)(pos & 0xff), 24);
	for (size_t i = (size_t)head; i < n; i++)
		p[i] = (uint8_t)hash64((struct bytes){(uint8_t *)&i, 8}, h);
	r.open = (struct bytes){p, n};
	if (pos % 3 == 0)
		r.sealed = (struct bytes){p, n / 2};
	return r;
}

static enum status
append(uint64_t first, size_t n, size_t bytes)
{
	struct store_row *rows = NEWS(a, struct store_row, n);

	for (size_t i = 0; i < n; i++)
		rows[i] = row_at(first + i, bytes);
	return store_vault_append(v, rows, n, &e);
}

struct seen {
	uint64_t next, erased_from, erased_to;
	size_t bytes;
	bool with_payload;
	size_t stop_after;
};

static enum status
look(void *ctx, const struct store_row *row, struct err *err)
{
	struct seen *s = ctx;
	struct store_row want = row_at(s->next, s->bytes);
	bool erased = s->next >= s->erased_from && s->next < s->erased_to;

	(void)err;
	assert_int_equal(row->pos, s->next);
	assert_memory_equal(row->entry, want.entry, sizeof want.entry);
	assert_memory_equal(row->hash, want.hash, sizeof want.hash);
	if (!s->with_payload || erased) {
		assert_int_equal(row->open.n + row->sealed.n, 0);
	} else {
		assert_true(bytes_eq(row->open, want.open));
		assert_true(bytes_eq(row->sealed, want.sealed));
	}
	s->next++;
	return s->stop_after && --s->stop_after == 0 ? NO : OK;
}

static uint64_t
size_of(void)
{
	uint64_t n = 0;

	assert_int_equal(store_vault_size(v, &n, &e), OK);
	return n;
}

static void
what_is_appended_reads_back_from_any_position(void **state)
{
	struct seen s = {.bytes = 100, .with_payload = true, .next = 0};

	assert_int_equal(size_of(), 0);
	assert_int_equal(append(0, 700, 100), OK);
	assert_int_equal(append(700, 300, 100), OK);
	assert_int_equal(size_of(), 1000);
	assert_int_equal(store_vault_read(v, 0, UINT64_MAX, true, look, &s, &e), OK);
	assert_int_equal(s.next, 1000);
	s = (struct seen){.bytes = 100, .next = 250};
	assert_int_equal(store_vault_read(v, 250, 513, false, look, &s, &e), OK);
	assert_int_equal(s.next, 763);
	s = (struct seen){.bytes = 100, .next = 5, .with_payload = true, .stop_after = 3};
	assert_int_equal(store_vault_read(v, 5, 100, true, look, &s, &e), NO);
	assert_int_equal(s.next, 8);
	assert_int_equal(store_vault_read(v, 1000, 5, true, look, &s, &e), OK);
	assert_int_equal(store_vault_read(v, UINT64_MAX, UINT64_MAX, true, look, &s, &e), OK);
	assert_int_equal(s.next, 8);
	(void)state;
}

static void
an_entry_is_found_by_its_hash_also_beside_one_that_begins_alike(void **state)
{
	struct store_row rows[2] = {row_at(0, 10), row_at(1, 10)};
	uint64_t pos = 99;

	memcpy(rows[1].hash, rows[0].hash, 31);
	assert_int_equal(store_vault_append(v, rows, 2, &e), OK);
	assert_int_equal(store_vault_find(v, rows[0].hash, &pos, &e), OK);
	assert_int_equal(pos, 0);
	assert_int_equal(store_vault_find(v, rows[1].hash, &pos, &e), OK);
	assert_int_equal(pos, 1);
	rows[1].hash[31] ^= 0x55;
	assert_int_equal(store_vault_find(v, rows[1].hash, &pos, &e), NO);
	assert_int_equal(pos, 1);
	(void)state;
}

static void
a_wrong_position_or_an_entry_twice_leaves_the_vault_as_it_was(void **state)
{
	struct store_row rows[3] = {row_at(5, 10), row_at(6, 10), row_at(5, 10)};

	assert_int_equal(append(0, 5, 10), OK);
	rows[2].pos = 7;
	assert_int_equal(store_vault_append(v, rows, 3, &e), BAD);
	assert_int_equal(size_of(), 5);
	assert_int_equal(append(4, 2, 10), FAIL);
	assert_int_equal(append(6, 2, 10), FAIL);
	assert_int_equal(size_of(), 5);
	assert_int_equal(append(5, 2, 10), OK);
	assert_int_equal(size_of(), 7);
	(void)state;
}

static void
an_erased_payload_is_in_no_file(void **state)
{
	uint64_t pos[] = {3, 4, 5, 40, 41, 199};
	struct seen s = {.bytes = 1200, .with_payload = true, .erased_from = 3, .erased_to = 6};

	assert_int_equal(append(0, 200, 1200), OK);
	assert_true(found_in_files(str_bytes(S("<payload of 4>"))) > 0);
	assert_int_equal(store_vault_delete_payloads(v, pos, 6, &e), OK);
	for (size_t i = 0; i < 6; i++) {
		struct store_row r = row_at(pos[i], 1200);
		for (size_t at = 0; at + 16 <= r.open.n; at += 16)
			assert_int_equal(found_in_files((struct bytes){r.open.p + at, 16}), 0);
	}
	assert_true(found_in_files(str_bytes(S("<payload of 6>"))) > 0);
	assert_int_equal(store_vault_read(v, 0, 40, true, look, &s, &e), OK);
	assert_int_equal(size_of(), 200);
	/* Once more is as well. */
	assert_int_equal(store_vault_delete_payloads(v, pos, 6, &e), OK);
	(void)state;
}

static void
payloads_erased_in_any_order_leave_nothing_behind(void **state)
{
	/* Deletions merge pages and move rows; what was moved away must be gone too. */
	uint64_t left = 400, order[400];

	assert_int_equal(append(0, 400, 700), OK);
	for (uint64_t i = 0; i < left; i++)
		order[i] = i;
	for (uint64_t i = 0; left; i++) {
		uint64_t at = hash64((struct bytes){(uint8_t *)&i, 8}, 3) % left, pos[8];
		size_t n = 0;
		for (; n < 8 && left; n++, at = left ? at % left : 0) {
			pos[n] = order[at];
			order[at] = order[--left];
		}
		assert_int_equal(store_vault_delete_payloads(v, pos, n, &e), OK);
		for (size_t k = 0; k < n && i % 5 == 0; k++)
			assert_int_equal(found_in_files((struct bytes){row_at(pos[k], 700).open.p
				+ 300, 24}), 0);
	}
	assert_int_equal(found_in_files(str_bytes(S("<payload of"))), 0);
	(void)state;
}

static void
named_values_are_kept_replaced_and_deleted(void **state)
{
	struct bytes b;

	assert_int_equal(store_vault_get(a, v, "format", &b, &e), OK);
	assert_true(bytes_eq(b, str_bytes(S("1"))));
	assert_int_equal(store_vault_get(a, v, "log/0", &b, &e), NO);
	assert_int_equal(store_vault_set(v, "log/0", str_bytes(S("the first")), &e), OK);
	assert_int_equal(store_vault_set(v, "log/0", str_bytes(S("another")), &e), OK);
	store_vault_close(v);
	assert_int_equal(store_vault_open(&v, path, false, true, &e), OK);
	assert_int_equal(store_vault_get(a, v, "log/0", &b, &e), OK);
	assert_true(bytes_eq(b, str_bytes(S("another"))));
	assert_int_equal(found_in_files(str_bytes(S("the first"))), 0);
	/* Opened for reading only. */
	assert_int_equal(store_vault_set(v, "log/0", str_bytes(S("x")), &e), FAIL);
	assert_int_equal(append(0, 1, 10), FAIL);
	(void)state;
}

static void
what_is_no_vault_is_bad_and_stays_as_it_is(void **state)
{
	struct store_vault *w = NULL;
	struct store_keys *k = NULL;
	const char *odd = in_dir("odd");
	struct bytes b;

	assert_int_equal(store_vault_open(&w, odd, false, false, &e), BAD);
	assert_false(os_exists(odd));
	assert_int_equal(os_write_file(odd, str_bytes(S("a letter, not a vault")), 0600, &e), OK);
	assert_int_equal(store_vault_open(&w, odd, true, false, &e), BAD);
	assert_true(str_has(str_of(e.text), "restore a backup"));
	assert_int_equal(os_read_file(a, odd, 1000, &b, &e), OK);
	assert_true(bytes_eq(b, str_bytes(S("a letter, not a vault"))));
	/* One of ours, but for another purpose. */
	assert_int_equal(store_keys_open(&k, path, false, false, &e), BAD);
	assert_null(w);
	assert_null(k);
	(void)state;
}

static void
a_copy_is_whole_new_and_opens(void **state)
{
	struct seen s = {.bytes = 500, .with_payload = true};
	const char *to = in_dir("copy.db");

	assert_int_equal(append(0, 300, 500), OK);
	assert_int_equal(store_vault_copy(v, to, &e), OK);
	assert_int_equal(store_vault_copy(v, to, &e), BAD);
	assert_int_equal(append(300, 10, 500), OK);
	store_vault_close(v);
	assert_int_equal(store_vault_open(&v, to, false, false, &e), OK);
	assert_int_equal(size_of(), 300);
	assert_int_equal(store_vault_read(v, 0, 300, true, look, &s, &e), OK);
	assert_false(os_exists(in_dir("copy.db.part")));
	assert_false(os_exists(in_dir("copy.db.part-journal")));
	(void)state;
}

/* --- faults ------------------------------------------------------------------------ */

static int
append_a_batch(void *unused)
{
	(void)unused;
	if (store_vault_open(&v, path, false, false, &e) != OK)
		return 10;
	return append(20, 50, 900) == OK ? 0 : 1 + (e.status == FAIL);
}

static int
erase_some(void *unused)
{
	uint64_t pos[] = {2, 3, 5, 7, 11, 13};

	(void)unused;
	if (store_vault_open(&v, path, false, false, &e) != OK)
		return 10;
	return store_vault_delete_payloads(v, pos, 6, &e) == OK ? 0 : 1 + (e.status == FAIL);
}

/* Try `run` with its first step failing, then its second, until none is left that
 * does; `judge` looks at what is left each time.  How many steps there were. */
static unsigned
at_each_step(const char *fault, int (*run)(void *), void (*judge)(bool done))
{
	unsigned n = 0;

	for (bool done = false; !done;) {
		int status;
		store_vault_close(v);
		assert_int_equal(os_remove(path, &e), OK);
		assert_int_equal(os_remove(in_dir("vault.db-journal"), &e), OK);
		assert_int_equal(store_vault_open(&v, path, true, false, &e), OK);
		assert_int_equal(append(0, 20, 900), OK);
		store_vault_close(v);
		v = NULL;
		status = in_child(str_fmt(a, "%s:%u", fault, ++n).p, run, NULL);
		done = WIFEXITED(status) && WEXITSTATUS(status) == 0;
		/* A fault that is not the kill is told as one of the machine. */
		if (!done && !was_killed(status))
			assert_int_equal(WEXITSTATUS(status), 2);
		assert_int_equal(store_vault_open(&v, path, false, false, &e), OK);
		judge(done);
		arena_reset(a);
		path = in_dir("vault.db");
	}
	return n - 1;
}

static void
all_or_nothing(bool done)
{
	struct seen s = {.bytes = 900, .with_payload = true};
	uint64_t n = size_of(), pos;

	assert_true(n == 70 || (n == 20 && !done));
	assert_int_equal(store_vault_read(v, 0, 100, true, look, &s, &e), OK);
	assert_int_equal(s.next, n);
	for (uint64_t i = 0; i < 70; i++)
		assert_int_equal(store_vault_find(v, row_at(i, 1).hash, &pos, &e), i < n ? OK : NO);
	/* And goes on. */
	assert_int_equal(append(n, 5, 900), OK);
}

static void
erased_or_not(bool done)
{
	struct store_row r = row_at(5, 900);
	size_t left = found_in_files((struct bytes){r.open.p + 400, 32});

	/* Either it is as it was, journal played back, or it is nowhere at all. */
	assert_true(left == 0 || !done);
	if (left == 0)
		assert_int_equal(found_in_files(str_bytes(S("<payload of 13>"))), 0);
	else
		assert_true(found_in_files(str_bytes(S("<payload of 13>"))) > 0);
	assert_int_equal(append(20, 5, 900), OK);
}

static void
killed_at_any_step_of_an_append_it_is_whole_or_absent(void **state)
{
	assert_true(at_each_step("kill", append_a_batch, all_or_nothing) > 10);
	(void)state;
}

static void
with_no_space_left_at_any_step_it_is_whole_or_absent(void **state)
{
	assert_true(at_each_step("nospace", append_a_batch, all_or_nothing) > 10);
	assert_true(at_each_step("io", append_a_batch, all_or_nothing) > 10);
	(void)state;
}

static void
killed_at_any_step_of_an_erasure_nothing_is_half_erased(void **state)
{
	assert_true(at_each_step("kill", erase_some, erased_or_not) > 10);
	assert_true(at_each_step("io", erase_some, erased_or_not) > 10);
	(void)state;
}

static int
append_without_space(void *unused)
{
	(void)unused;
	if (store_vault_open(&v, path, false, false, &e) != OK || append(0, 5, 100) != FAIL)
		return 1;
	return str_has(str_of(e.text), "No space left") && str_has(str_of(e.text), "vault.db")
		? 0 : 2;
}

static void
a_full_disk_is_told_in_those_words(void **state)
{
	store_vault_close(v);
	v = NULL;
	assert_int_equal(in_child("nospace:1", append_without_space, NULL), 0);
	(void)state;
}

/* --- two processes ----------------------------------------------------------------- */

static int
read_all_the_while(void *unused)
{
	(void)unused;
	if (store_vault_open(&v, path, false, true, &e) != OK)
		return 1;
	for (uint64_t n = 0; n < 500;) {
		struct seen s = {.bytes = 300, .with_payload = true};
		if (store_vault_read(v, 0, UINT64_MAX, true, look, &s, &e) != OK)
			return 2;
		/* Whole batches only. */
		if (s.next % 50 != 0 || s.next < n)
			return 3;
		n = s.next;
		arena_reset(a);
	}
	return 0;
}

static void
readers_see_whole_batches_while_another_process_writes(void **state)
{
	pid_t pids[2];

	for (size_t i = 0; i < 2; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			_exit(read_all_the_while(NULL));
	}
	for (uint64_t n = 0; n < 500; n += 50)
		assert_int_equal(append(n, 50, 300), OK);
	for (size_t i = 0; i < 2; i++) {
		int status;
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	(void)state;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fresh, gone)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_appended_reads_back_from_any_position),
		TEST(an_entry_is_found_by_its_hash_also_beside_one_that_begins_alike),
		TEST(a_wrong_position_or_an_entry_twice_leaves_the_vault_as_it_was),
		TEST(an_erased_payload_is_in_no_file),
		TEST(payloads_erased_in_any_order_leave_nothing_behind),
		TEST(named_values_are_kept_replaced_and_deleted),
		TEST(what_is_no_vault_is_bad_and_stays_as_it_is),
		TEST(a_copy_is_whole_new_and_opens),
		TEST(killed_at_any_step_of_an_append_it_is_whole_or_absent),
		TEST(with_no_space_left_at_any_step_it_is_whole_or_absent),
		TEST(killed_at_any_step_of_an_erasure_nothing_is_half_erased),
		TEST(a_full_disk_is_told_in_those_words),
		TEST(readers_see_whole_batches_while_another_process_writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
