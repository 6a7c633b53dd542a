/* The index's database: sealed, marked while written, dumped canonically. */
#include "check.h"
#include <fcntl.h>
#include <sqlite3.h>

static struct store_db *db;
static const char *path, *mark;

enum { PAGE = 4096 };

static void
name_paths(void)
{
	path = in_dir("index.db");
	mark = in_dir("index.db.dirty");
}

static int
fresh(void **state)
{
	int rc = start(state);

	name_paths();
	return rc ? rc : store_db_open(&db, path, true, &toy, &e) == OK ? 0 : -1;
}

static int
gone(void **state)
{
	store_db_close(db);
	db = NULL;
	return end(state);
}

static void
make_table(void)
{
	assert_int_equal(store_db_exec(db, "CREATE TABLE person(id INTEGER PRIMARY KEY,"
		" name TEXT, born TEXT); CREATE INDEX by_name ON person(name)", &e), OK);
}

static enum status
add(int64_t id)
{
	struct store_stmt *s = store_sql(db, "INSERT INTO person VALUES(?, ?, ?)");

	store_bind_int(s, 1, id);
	store_bind_text(s, 2, str_fmt(a, "زهرا Zəhra the %lldth", (long long)(id * 7919 % 1000)));
	store_bind_text(s, 3, S("1351 SH"));
	return store_done(s, &e);
}

static enum status
add_many(int64_t first, int64_t n)
{
	enum status st = store_db_begin(db, &e);

	for (int64_t i = 0; i < n && !st; i++)
		st = add(first + i);
	if (!st)
		st = store_db_commit(db, &e);
	if (st)
		store_db_rollback(db);
	return st;
}

static int64_t
persons(void)
{
	struct store_stmt *s = store_sql(db, "SELECT count(*) FROM person");
	int64_t n;

	if (store_step(s, &e) != OK)
		return -1;
	n = store_int(s, 0);
	assert_int_equal(store_done(s, &e), OK);
	return n;
}

static void
reopen(enum status want)
{
	store_db_close(db);
	db = NULL;
	assert_int_equal(store_db_open(&db, path, false, &toy, &e), want);
	assert_true((want == OK) == (db != NULL));
}

static void
collect(void *ctx, struct bytes b)
{
	buf_put(ctx, b.p, b.n);
}

/* In the arena; STR_NONE: could not be dumped. */
static struct str
dump(void)
{
	struct buf b;
	struct str s = STR_NONE;

	buf_init(&b, 16 << 20);
	if (store_db_dump(db, collect, &b, &e) == OK)
		s = str_dup(a, buf_str(&b));
	buf_finish(&b);
	return s;
}

static void
every_type_of_value_comes_back(void **state)
{
	struct store_stmt *s;
	const uint8_t raw[] = {0, 255, 0};

	assert_int_equal(store_db_exec(db, "CREATE TABLE t(a, b, c, d, e, f, g)", &e), OK);
	s = store_sql(db, "INSERT INTO t VALUES(?, ?, ?, ?, ?, ?, ?)");
	store_bind_int(s, 1, INT64_MIN);
	store_bind_real(s, 2, 0.1);
	store_bind_text(s, 3, S("متن\0x"));
	store_bind_bytes(s, 4, BYTES(raw));
	store_bind_null(s, 5);
	store_bind_text(s, 6, STR_NONE);
	store_bind_bytes(s, 7, (struct bytes){0});
	assert_int_equal(store_done(s, &e), OK);
	s = store_sql(db, "SELECT * FROM t");
	assert_int_equal(store_step(s, &e), OK);
	assert_true(store_int(s, 0) == INT64_MIN);
	assert_true(store_real(s, 1) == 0.1);
	assert_true(str_eq(store_text(s, 2), S("متن\0x")));
	assert_true(bytes_eq(store_bytes(s, 3), BYTES(raw)));
	assert_true(store_is_null(s, 4));
	assert_true(store_is_null(s, 5));
	assert_null(store_text(s, 5).p);
	assert_false(store_is_null(s, 6));
	assert_int_equal(store_bytes(s, 6).n, 0);
	assert_int_equal(store_step(s, &e), NO);
	(void)state;
}

static void
a_statement_asked_for_again_begins_anew_with_nothing_bound(void **state)
{
	static const char sql[] = "SELECT ?1 IS NULL, ?2 IS NULL";
	struct store_stmt *s = store_sql(db, sql);
	char other[sizeof sql];

	store_bind_int(s, 1, 5);
	assert_int_equal(store_step(s, &e), OK);
	assert_int_equal(store_int(s, 0), 0);
	memcpy(other, sql, sizeof sql);
	assert_ptr_equal(store_sql(db, other), s);
	store_bind_int(s, 2, 5);
	assert_int_equal(store_step(s, &e), OK);
	assert_int_equal(store_int(s, 0), 1);
	assert_int_equal(store_int(s, 1), 0);
	/* More of them than the table first has room for. */
	for (int i = 0; i < 200; i++) {
		s = store_sql(db, str_fmt(a, "SELECT %d", i).p);
		assert_int_equal(store_step(s, &e), OK);
		assert_int_equal(store_int(s, 0), i);
	}
	(void)state;
}

static void
wrong_sql_is_told_by_the_step_and_works_once_it_is_right(void **state)
{
	struct store_stmt *s = store_sql(db, "SELECT x FROM later");

	assert_int_equal(store_step(s, &e), BAD);
	assert_true(str_has(str_of(e.text), "no such table: later"));
	assert_int_equal(store_db_exec(db, "CREATE TABLE later(x)", &e), OK);
	assert_int_equal(store_step(store_sql(db, "SELECT x FROM later"), &e), NO);
	/* What could reach other files is off. */
	assert_int_equal(store_db_exec(db, "ATTACH '/tmp/habeas-other.db' AS o", &e), BAD);
	assert_int_equal(store_db_exec(db, "SELECT load_extension('x')", &e), BAD);
	assert_int_equal(store_db_exec(db, "CREATE TABLE u(x); INSERT INTO u VALUES(1);"
		"CREATE UNIQUE INDEX i ON u(x)", &e), OK);
	assert_int_equal(store_db_exec(db, "INSERT INTO u VALUES(1)", &e), BAD);
	(void)state;
}

static void
nothing_of_it_is_readable_on_disk(void **state)
{
	int64_t n = 3000;

	make_table();
	assert_int_equal(add_many(0, n), OK);
	/* Sorting more than fits in its cache, and a search index, make no other file. */
	assert_int_equal(store_db_exec(db, "CREATE VIRTUAL TABLE words USING fts5(w);"
		"INSERT INTO words SELECT name FROM person;"
		"CREATE TABLE sorted AS SELECT a.name n FROM person a, person b"
		" WHERE b.id < 20 ORDER BY a.born, a.name DESC", &e), OK);
	assert_true(os_exists(path));
	assert_int_equal(found_in_files(str_bytes(S("زهرا"))), 0);
	assert_int_equal(found_in_files(str_bytes(S("Zəhra"))), 0);
	assert_int_equal(found_in_files(str_bytes(S("CREATE"))), 0);
	assert_int_equal(found_in_files(str_bytes(S("SQLite"))), 0);
	reopen(OK);
	assert_int_equal(persons(), n);
	/* The same content unsealed is found: the search above can find. */
	store_db_close(db);
	assert_int_equal(store_db_open(&db, in_dir("bare.db"), true, NULL, &e), OK);
	make_table();
	assert_int_equal(add_many(0, 5), OK);
	assert_true(found_in_files(str_bytes(S("Zəhra"))) > 0);
	(void)state;
}

static void
every_page_is_sealed_also_those_that_sqlite_leaves_out(void **state)
{
	struct bytes file;

	/* SQLite never writes the page with its lock bytes, at 1 GiB; here at 64 KiB. */
	(void)sqlite3_test_control(SQLITE_TESTCTRL_PENDING_BYTE, 1 << 16);
	store_db_close(db);
	assert_int_equal(store_db_remove(path, &e), OK);
	assert_int_equal(store_db_open(&db, path, true, &toy, &e), OK);
	make_table();
	assert_int_equal(store_db_exec(db, "BEGIN; CREATE TABLE big(x);"
		"INSERT INTO big VALUES(zeroblob(300000)); DELETE FROM big; COMMIT", &e), OK);
	assert_int_equal(add_many(0, 500), OK);
	reopen(OK);
	assert_int_equal(persons(), 500);
	store_db_close(db);
	db = NULL;
	(void)sqlite3_test_control(SQLITE_TESTCTRL_PENDING_BYTE, 1 << 30);
	assert_int_equal(os_read_file(a, path, 64 << 20, &file, &e), OK);
	assert_true(file.n % PAGE == 0 && file.n > 75 * PAGE);
	for (size_t i = 0; i < file.n / PAGE; i++) {
		uint8_t page[PAGE];
		memcpy(page, file.p + i * PAGE, PAGE);
		assert_true(toy_open(&toy_key, i + 1, page, PAGE));
	}
	(void)state;
}

static void
another_key_or_none_is_no_and_says_rebuild(void **state)
{
	struct store_db *other = NULL;

	make_table();
	assert_int_equal(store_db_open(&other, path, false, &other_toy, &e), NO);
	assert_true(str_has(str_of(e.text), "index.db: cannot be opened with this key"));
	assert_true(str_has(str_of(e.text), "run habeas rebuild"));
	assert_int_equal(e.status, NO);
	assert_int_equal(store_db_open(&other, path, true, &other_toy, &e), NO);
	assert_int_equal(store_db_open(&other, path, false, NULL, &e), NO);
	assert_int_equal(store_db_open(&other, in_dir("none"), false, &toy, &e), NO);
	assert_int_equal(os_write_file(in_dir("empty"), (struct bytes){0}, 0600, &e), OK);
	assert_int_equal(store_db_open(&other, in_dir("empty"), false, &toy, &e), NO);
	assert_null(other);
	(void)state;
}

static void
overwrite(const char *file, size_t at, uint8_t with)
{
	int fd = open(file, O_WRONLY);

	assert_true(fd >= 0 && pwrite(fd, &with, 1, (off_t)at) == 1);
	close(fd);
}

/* Every table and every index. */
static enum status
read_everything(void)
{
	struct store_stmt *s = store_sql(db, "SELECT count(*), sum(length(born))"
		" FROM person INDEXED BY by_name WHERE name > ''");

	return store_step(s, &e);
}

static void
a_changed_byte_in_any_page_is_found(void **state)
{
	struct bytes file;

	make_table();
	assert_int_equal(add_many(0, 700), OK);
	store_db_close(db);
	db = NULL;
	assert_int_equal(os_read_file(a, path, 64 << 20, &file, &e), OK);
	assert_true(file.n > 15 * PAGE);
	for (size_t page = 0; page < file.n / PAGE; page++) {
		size_t at = page * PAGE + page * 1031 % PAGE;
		enum status st;
		overwrite(path, at, file.p[at] ^ 0x40);
		st = store_db_open(&db, path, false, &toy, &e);
		if (st == OK)
			st = read_everything();
		assert_int_equal(st, db ? BAD : NO);
		assert_true(str_has(str_of(e.text), "run habeas rebuild"));
		store_db_close(db);
		db = NULL;
		overwrite(path, at, file.p[at]);
	}
	assert_int_equal(store_db_open(&db, path, false, &toy, &e), OK);
	assert_int_equal(persons(), 700);
	(void)state;
}

static void
pages_exchanged_or_cut_off_are_found(void **state)
{
	struct bytes file;
	uint8_t *swapped;

	make_table();
	assert_int_equal(add_many(0, 700), OK);
	store_db_close(db);
	db = NULL;
	assert_int_equal(os_read_file(a, path, 64 << 20, &file, &e), OK);
	swapped = arena_copy(a, file.p, file.n);
	memcpy(swapped + 5 * PAGE, file.p + 6 * PAGE, PAGE);
	memcpy(swapped + 6 * PAGE, file.p + 5 * PAGE, PAGE);
	assert_int_equal(os_write_file(path, (struct bytes){swapped, file.n}, 0600, &e), OK);
	assert_int_equal(store_db_open(&db, path, false, &toy, &e), OK);
	assert_int_equal(read_everything(), BAD);
	store_db_close(db);
	db = NULL;
	for (size_t n = 0; n < file.n; n += n % PAGE ? PAGE - 100 : 100) {
		enum status st;
		assert_int_equal(os_write_file(path, (struct bytes){file.p, n}, 0600, &e), OK);
		st = store_db_open(&db, path, false, &toy, &e);
		/* Only with a part of its last page left does it open at all. */
		if (n > file.n - PAGE && st == OK)
			st = read_everything() == BAD ? NO : OK;
		assert_int_equal(st, NO);
		store_db_close(db);
		db = NULL;
	}
	(void)state;
}

/* --- the mark ---------------------------------------------------------------------- */

static void
the_mark_stands_only_while_it_is_written(void **state)
{
	assert_false(os_exists(mark));
	make_table();
	assert_int_equal(add_many(0, 10), OK);
	assert_false(os_exists(mark));
	assert_int_equal(store_db_begin(db, &e), OK);
	assert_int_equal(add(100), OK);
	store_db_rollback(db);
	assert_false(os_exists(mark));
	assert_int_equal(persons(), 10);
	(void)state;
}

static void
a_mark_that_nobody_holds_is_no_until_it_is_removed(void **state)
{
	make_table();
	assert_int_equal(add_many(0, 10), OK);
	assert_int_equal(os_write_file(mark, (struct bytes){0}, 0600, &e), OK);
	/* Found also by who had it open. */
	assert_int_equal(persons(), -1);
	assert_int_equal(e.status, BAD);
	reopen(NO);
	assert_true(str_has(str_of(e.text), "index.db: its last writer died at work"));
	assert_int_equal(store_db_open(&db, path, true, &toy, &e), NO);
	assert_int_equal(store_db_remove(path, &e), OK);
	assert_int_equal(store_db_open(&db, path, true, &toy, &e), OK);
	make_table();
	assert_int_equal(persons(), 0);
	(void)state;
}

static int
write_more(void *unused)
{
	(void)unused;
	if (store_db_open(&db, path, false, &toy, &e) != OK)
		return 10;
	return add_many(20, 300) == OK ? 0 : 1 + (e.status == FAIL);
}

static void
killed_or_failed_at_any_step_it_is_whole_or_to_be_rebuilt(void **state)
{
	const char *fault[] = {"kill", "nospace", "io"};
	unsigned rebuilt = 0, before = 0, after = 0;

	for (unsigned n = 1, f = 0; f < 3; n++) {
		int status;
		enum status st;
		store_db_close(db);
		db = NULL;
		assert_int_equal(store_db_remove(path, &e), OK);
		assert_int_equal(store_db_open(&db, path, true, &toy, &e), OK);
		make_table();
		assert_int_equal(add_many(0, 20), OK);
		store_db_close(db);
		db = NULL;
		status = in_child(str_fmt(a, "%s:%u", fault[f], n).p, write_more, NULL);
		assert_true(status == 0 || was_killed(status) || WEXITSTATUS(status) == 2);
		st = store_db_open(&db, path, false, &toy, &e);
		assert_true(st == OK || st == NO);
		if (st == OK) {
			int64_t found = persons();
			assert_true(found == 320 || (found == 20 && status != 0));
			assert_non_null(dump().p);
			before += found == 20;
			after += found == 320;
		}
		rebuilt += st == NO;
		arena_reset(a);
		name_paths();
		/* Past the last step; or all done but for the mark's removal. */
		if (status == 0 && st == OK) {
			assert_true(n > 10);
			n = 0;
			f++;
		}
	}
	assert_true(rebuilt > 10 && before >= 3 && after >= 3);
	(void)state;
}

/* --- several processes ----------------------------------------------------------------- */

static int
read_all_the_while(void *unused)
{
	int64_t n = 0;

	(void)unused;
	if (store_db_open(&db, path, false, &toy, &e) != OK)
		return 1;
	while (n < 1000) {
		int64_t now = persons();
		if (now < n || now % 100)
			return 2;
		n = now;
	}
	return 0;
}

static void
readers_see_whole_transactions_while_another_process_writes(void **state)
{
	pid_t pids[2];

	make_table();
	store_db_close(db);
	db = NULL;
	for (size_t i = 0; i < 2; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			_exit(read_all_the_while(NULL));
	}
	assert_int_equal(store_db_open(&db, path, false, &toy, &e), OK);
	for (int64_t i = 0; i < 1000; i += 100)
		assert_int_equal(add_many(i, 100), OK);
	for (size_t i = 0; i < 2; i++) {
		int status;
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	(void)state;
}

static void
a_reader_that_stops_midway_keeps_writers_out_until_idle(void **state)
{
	struct store_db *other;

	make_table();
	assert_int_equal(add_many(0, 100), OK);
	assert_int_equal(store_db_open(&other, path, false, &toy, &e), OK);
	assert_int_equal(store_step(store_sql(other, "SELECT * FROM person"), &e), OK);
	store_db_idle(other);
	assert_int_equal(add_many(100, 1), OK);
	store_db_close(other);
	(void)state;
}

/* --- the dump ------------------------------------------------------------------------- */

static void
a_dump_shows_tables_and_rows_in_order_with_types(void **state)
{
	assert_int_equal(store_db_exec(db,
		"CREATE TABLE b(y TEXT, x INTEGER, PRIMARY KEY(x, y)) WITHOUT ROWID;"
		"CREATE TABLE \"a \"\"q\"\"\"(v);"
		"CREATE TABLE C(id INTEGER PRIMARY KEY);"
		"INSERT INTO b VALUES('two', 2), ('one', 2), ('z', 1);"
		"INSERT INTO \"a \"\"q\"\"\" VALUES(x'00ff'), (NULL), (1.5), (-3),"
		" ('tab' || char(9) || 'line' || char(10) || 'back\\slash'), ('زهرا');"
		"CREATE VIRTUAL TABLE f USING fts5(w); INSERT INTO f VALUES('hidden');"
		"CREATE VIEW w AS SELECT * FROM b;", &e), OK);
	assert_string_equal(str_cstr(a, dump()),
		"C\n"
		"a \"q\"\n"
		"n\ni-3\nr1.5\nttab\\tline\\nback\\\\slash\ntزهرا\nx00ff\n"
		"b\n"
		"tz\ti1\ntone\ti2\nttwo\ti2\n");
	(void)state;
}

static void
equal_content_dumps_equally_however_it_came_about(void **state)
{
	struct str one, two;

	make_table();
	assert_int_equal(add_many(0, 500), OK);
	assert_int_equal(store_db_exec(db, "CREATE TABLE bag(x)", &e), OK);
	assert_int_equal(store_db_exec(db, "INSERT INTO bag VALUES('a'), ('b'), ('a')", &e), OK);
	one = dump();
	assert_true(one.n > 500);
	store_db_close(db);
	assert_int_equal(store_db_remove(path, &e), OK);
	assert_int_equal(store_db_open(&db, path, true, &toy, &e), OK);
	assert_int_equal(store_db_exec(db, "CREATE TABLE bag(x);"
		"INSERT INTO bag VALUES('b'), ('a'), ('a')", &e), OK);
	make_table();
	for (int64_t i = 0; i < 600; i++)
		assert_int_equal(add(i * 7 % 600), OK);
	assert_int_equal(store_db_exec(db, "DELETE FROM person WHERE id >= 500", &e), OK);
	two = dump();
	assert_true(str_eq(one, two));
	assert_int_equal(store_db_exec(db, "UPDATE person SET born = NULL WHERE id = 7", &e), OK);
	assert_false(str_eq(one, dump()));
	(void)state;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fresh, gone)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_type_of_value_comes_back),
		TEST(a_statement_asked_for_again_begins_anew_with_nothing_bound),
		TEST(wrong_sql_is_told_by_the_step_and_works_once_it_is_right),
		TEST(nothing_of_it_is_readable_on_disk),
		TEST(every_page_is_sealed_also_those_that_sqlite_leaves_out),
		TEST(another_key_or_none_is_no_and_says_rebuild),
		TEST(a_changed_byte_in_any_page_is_found),
		TEST(pages_exchanged_or_cut_off_are_found),
		TEST(the_mark_stands_only_while_it_is_written),
		TEST(a_mark_that_nobody_holds_is_no_until_it_is_removed),
		TEST(killed_or_failed_at_any_step_it_is_whole_or_to_be_rebuilt),
		TEST(readers_see_whole_transactions_while_another_process_writes),
		TEST(a_reader_that_stops_midway_keeps_writers_out_until_idle),
		TEST(a_dump_shows_tables_and_rows_in_order_with_types),
		TEST(equal_content_dumps_equally_however_it_came_about),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
