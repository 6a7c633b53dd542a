/* Files: whole or not at all, whatever is killed or fails; places, time, terminal.
 * Built with its own os_fault.c that honours HABEAS_FAULT. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include "base/os.h"

static char dir[64];
static struct arena *a;
static struct err e;

static const char *
in_dir(const char *name)
{
	return str_fmt(a, "%s/%s", dir, name).p;
}

static struct str
content(const char *path)
{
	struct bytes b;

	return os_read_file(a, path, 1 << 20, &b, &e) == OK ? bytes_str(b) : STR_NONE;
}

static size_t
files_in(const char *path)
{
	int n = 0;
	FILE *f = popen(str_fmt(a, "ls -A '%s' | wc -l", path).p, "r");

	assert_non_null(f);
	assert_int_equal(fscanf(f, "%d", &n), 1);
	pclose(f);
	return (size_t)n;
}

/* Run in a child; its wait status. */
static int
in_child(void (*run)(void *), void *arg)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		run(arg);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void
a_written_file_reads_back_with_its_mode_whatever_the_umask(void **state)
{
	const char *path = in_dir("file");
	struct stat st;
	mode_t was = umask(0777);

	assert_int_equal(os_write_file(path, str_bytes(S("one\0two")), 0640, &e), OK);
	umask(was);
	assert_true(str_eq(content(path), S("one\0two")));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(os_write_file(path, str_bytes(S("")), 0600, &e), OK);
	assert_int_equal(content(path).n, 0);
	assert_int_equal(files_in(dir), 1);
	(void)state;
}

static void
a_missing_file_is_no_and_a_big_one_is_bad(void **state)
{
	struct bytes b = {(const uint8_t *)"x", 7};

	assert_int_equal(os_read_file(a, in_dir("none"), 10, &b, &e), NO);
	assert_int_equal(os_write_file(in_dir("f"), str_bytes(S("12345678901")), 0600, &e), OK);
	assert_int_equal(os_read_file(a, in_dir("f"), 10, &b, &e), BAD);
	assert_non_null(strstr(e.text, "/f: larger than 10 bytes"));
	assert_int_equal(os_read_file(a, dir, 10, &b, &e), FAIL);
	assert_int_equal(b.n, 7);                            /* untouched */
	assert_int_equal(os_read_file(a, in_dir("f"), 11, &b, &e), OK);
	assert_int_equal(b.n, 11);
	(void)state;
}

static void
files_that_do_not_tell_their_length_are_read(void **state)
{
	struct bytes b;
	int p[2];

	assert_int_equal(os_read_file(a, "/proc/self/status", 1 << 20, &b, &e), OK);
	assert_true(str_starts(bytes_str(b), "Name:"));
	assert_int_equal(pipe(p), 0);
	assert_int_equal(os_write_fd(p[1], "pipe", str_bytes(S("through")), &e), OK);
	close(p[1]);
	assert_int_equal(os_read_fd(a, p[0], "pipe", 6, &b, &e), BAD);
	close(p[0]);
	(void)state;
}

static void
write_new(void *path)
{
	struct err mine;

	if (os_write_file(path, str_bytes(S("new")), 0600, &mine) != OK)
		_exit(9);
}

/* One run per step, until a run comes through: then every step was tried. */
static void
a_write_killed_at_any_step_leaves_the_old_file_or_the_new(void **state)
{
	char *path = (char *)(uintptr_t)in_dir("file");
	size_t old = 0, new = 0;
	int status, nth = 0;

	do {
		struct str now;
		assert_int_equal(os_write_file(path, str_bytes(S("old")), 0600, &e), OK);
		setenv("HABEAS_FAULT", str_fmt(a, "kill:%d", ++nth).p, 1);
		status = in_child(write_new, path);
		unsetenv("HABEAS_FAULT");
		now = content(path);
		old += str_is(now, "old");
		new += str_is(now, "new");
		assert_int_equal(old + new, nth);
	} while (WIFSIGNALED(status) && nth < 100);
	/* create, write, fsync, rename: killed before each, old; then fsync of the
	 * directory, and the run that came through: new. */
	assert_int_equal(old, 4);
	assert_int_equal(new, 2);
	/* Three were killed with the temporary file there. */
	assert_int_equal(files_in(dir), 4);
	struct str *names;
	size_t n;
	assert_int_equal(os_list_dir(a, dir, &names, &n, &e), OK);
	assert_int_equal(n, 1);
	assert_int_equal(os_remove_leftovers(dir, &e), OK);
	assert_int_equal(files_in(dir), 1);
	(void)state;
}

static void
a_write_that_fails_at_any_step_says_so_and_cleans_up(void **state)
{
	const char *path = in_dir("file");
	enum status s;
	int nth = 0;

	do {
		assert_int_equal(os_write_file(path, str_bytes(S("old")), 0600, &e), OK);
		setenv("HABEAS_FAULT", str_fmt(a, "nospace:%d", ++nth).p, 1);
		s = os_write_file(path, str_bytes(S("new")), 0600, &e);
		unsetenv("HABEAS_FAULT");
		if (s != OK) {
			assert_int_equal(s, FAIL);
			assert_non_null(strstr(e.text, "/file: cannot write: No space left"));
		}
		assert_true(str_is(content(path), nth <= 4 ? "old" : "new"));
		assert_int_equal(files_in(dir), 1);
	} while (s != OK && nth < 100);
	assert_int_equal(nth, 6);
	(void)state;
}

static enum status
do_all(int which)
{
	switch (which) {
	case 0: return os_make_dirs(in_dir("x/y/z"), 0700, &e);
	case 1: return os_rename(in_dir("from"), in_dir("to"), &e);
	case 2: return os_remove(in_dir("to"), &e);
	case 3: return os_copy_file(in_dir("from"), in_dir("copy"), 0600, &e);
	case 4: return os_remove_tree(in_dir("x"), &e);
	default: return OK;
	}
}

static void
every_other_change_passes_the_seam_too(void **state)
{
	for (int which = 0; which < 5; which++) {
		int nth = 0;
		enum status s;
		do {
			assert_int_equal(os_write_file(in_dir("from"), str_bytes(S("f")), 0600,
				NULL), OK);
			setenv("HABEAS_FAULT", str_fmt(a, "io:%d", ++nth).p, 1);
			s = do_all(which);
			unsetenv("HABEAS_FAULT");
			if (s != OK)
				assert_non_null(strstr(e.text, "Input/output error"));
		} while (s != OK && nth < 100);
		assert_in_range(nth, 3, 20);
	}
	assert_false(os_exists(in_dir("x")));
	assert_true(str_is(content(in_dir("copy")), "f"));
	(void)state;
}

/* A real full disk beside the pretended one. */
static void
a_full_disk_leaves_the_old_file(void **state)
{
	const char *path = in_dir("small/file");
	uint8_t *big = mem_alloc(1 << 20, 1);

	assert_int_equal(mkdir(in_dir("small"), 0700), 0);
	if (mount("none", in_dir("small"), "tmpfs", 0, "size=64k") != 0) {
		mem_free(big);
		skip();
	}
	assert_int_equal(os_write_file(path, str_bytes(S("old")), 0600, &e), OK);
	assert_int_equal(os_write_file(path, (struct bytes){big, 1 << 20}, 0600, &e), FAIL);
	assert_non_null(strstr(e.text, "No space left on device"));
	assert_true(str_is(content(path), "old"));
	assert_int_equal(files_in(in_dir("small")), 1);
	umount(in_dir("small"));
	mem_free(big);
	(void)state;
}

static void
directories_are_made_listed_and_removed(void **state)
{
	struct str *names = NULL;
	size_t n = 0;

	assert_int_equal(os_make_dirs(in_dir("one/two/three"), 0700, &e), OK);
	assert_int_equal(os_make_dirs(in_dir("one//two/"), 0700, &e), OK);
	assert_true(os_is_dir(in_dir("one/two/three")));
	assert_int_equal(os_write_file(in_dir("one/b"), str_bytes(S("")), 0600, &e), OK);
	assert_int_equal(os_write_file(in_dir("one/a"), str_bytes(S("")), 0600, &e), OK);
	assert_int_equal(os_make_dirs(in_dir("one/a/x"), 0700, &e), FAIL);
	assert_non_null(strstr(e.text, "Not a directory"));
	assert_int_equal(os_list_dir(a, in_dir("one"), &names, &n, &e), OK);
	assert_int_equal(n, 3);
	assert_true(str_is(names[0], "a") && str_is(names[1], "b") && str_is(names[2], "two"));
	assert_int_equal(os_list_dir(a, in_dir("none"), &names, &n, &e), NO);
	assert_int_equal(os_remove_tree(in_dir("one"), &e), OK);
	assert_int_equal(os_remove_tree(in_dir("one"), &e), OK);
	assert_false(os_exists(in_dir("one")));
	assert_int_equal(os_remove(in_dir("none"), &e), OK);
	assert_int_equal(os_remove(in_dir("none/none"), &e), OK);
	(void)state;
}

static void
removing_a_tree_never_follows_a_link_out_of_it(void **state)
{
	assert_int_equal(os_make_dirs(in_dir("keep"), 0700, &e), OK);
	assert_int_equal(os_write_file(in_dir("keep/me"), str_bytes(S("!")), 0600, &e), OK);
	assert_int_equal(os_make_dirs(in_dir("tree"), 0700, &e), OK);
	assert_int_equal(symlink("../keep", in_dir("tree/link")), 0);
	assert_int_equal(os_remove_tree(in_dir("tree"), &e), OK);
	assert_true(os_exists(in_dir("keep/me")));
	assert_int_equal(symlink("keep", in_dir("link")), 0);
	assert_int_equal(os_remove_tree(in_dir("link"), &e), OK);
	assert_true(os_exists(in_dir("keep/me")));
	assert_false(os_exists(in_dir("link")));
	(void)state;
}

static void
a_tree_too_deep_is_refused(void **state)
{
	char path[512];
	size_t n = (size_t)snprintf(path, sizeof path, "%s", in_dir("deep"));

	for (int i = 0; i < 40; i++, n += 2)
		memcpy(path + n, "/d", 3);
	assert_int_equal(os_make_dirs(path, 0700, &e), OK);
	assert_int_equal(os_remove_tree(in_dir("deep"), &e), FAIL);
	(void)state;
}

static void
a_file_keeps_its_number_when_it_moves(void **state)
{
	uint64_t id;

	assert_int_equal(os_write_file(in_dir("a"), str_bytes(S("")), 0600, &e), OK);
	id = os_file_id(in_dir("a"));
	assert_true(id != 0);
	assert_int_equal(os_rename(in_dir("a"), in_dir("b"), &e), OK);
	assert_true(os_file_id(in_dir("b")) == id);
	assert_true(os_file_id(in_dir("a")) == 0);
	assert_int_equal(os_copy_file(in_dir("b"), in_dir("a"), 0600, &e), OK);
	assert_true(os_file_id(in_dir("a")) != id);
	assert_int_equal(os_rename(in_dir("none"), in_dir("b"), &e), FAIL);
	(void)state;
}

static void
try_lock(void *path)
{
	struct os_lock mine;

	_exit((int)os_lock(path, &mine, NULL));
}

static void
one_process_at_a_time_holds_the_lock(void **state)
{
	char *path = (char *)(uintptr_t)in_dir("lock");
	struct os_lock l;

	assert_int_equal(os_lock(path, &l, &e), OK);
	assert_int_equal(WEXITSTATUS(in_child(try_lock, path)), NO);
	os_unlock(&l);
	assert_int_equal(WEXITSTATUS(in_child(try_lock, path)), OK);
	assert_int_equal(os_lock(path, &l, &e), OK);         /* freed by the child's end */
	os_unlock(&l);
	(void)state;
}

static void
time_and_places_follow_the_environment(void **state)
{
	const char *path;
	int64_t t = os_clock_ms();

	setenv("SOURCE_DATE_EPOCH", "1585267200", 1);        /* 2020-03-27 */
	assert_true(os_now() == 1585267200);
	setenv("SOURCE_DATE_EPOCH", "yesterday", 1);
	assert_true(os_now() > 1700000000);
	unsetenv("SOURCE_DATE_EPOCH");
	assert_true(os_clock_ms() >= t);
	setenv("XDG_STATE_HOME", "/var/state", 1);
	assert_string_equal(os_state_dir(a), "/var/state");
	setenv("XDG_STATE_HOME", "relative", 1);
	setenv("HOME", "/home/someone", 1);
	assert_string_equal(os_state_dir(a), "/home/someone/.local/state");
	unsetenv("XDG_STATE_HOME");
	assert_true(strlen(os_machine_id(a)) > 0);
	/* The running binary is this test. */
	setenv("PATH", dir, 1);
	assert_int_equal(os_write_file(in_dir("test_base_os"), str_bytes(S("")), 0700, &e), OK);
	path = os_helper_path(a, "test_base_os");
	assert_int_equal(access(path, X_OK), 0);
	assert_false(str_starts(str_of(path), dir));
	os_helpers_at(dir);
	assert_string_equal(os_helper_path(a, "test_base_os"), in_dir("test_base_os"));
	os_helpers_at(NULL);
	setenv("PATH", "/usr/bin:/bin", 1);
	(void)state;
}

static void
passphrases_come_one_a_line_from_a_descriptor(void **state)
{
	char word[16];
	int p[2];

	assert_int_equal(pipe(p), 0);
	assert_int_equal(os_write_fd(p[1], "pipe", str_bytes(S("first one\nsecond\r\n"
		"0123456789abcde\n0123456789abcdef\n")), &e), OK);
	assert_int_equal(os_passphrase("?", p[0], word, sizeof word, &e), OK);
	assert_string_equal(word, "first one");
	assert_int_equal(os_passphrase("?", p[0], word, sizeof word, &e), OK);
	assert_string_equal(word, "second");
	assert_int_equal(os_passphrase("?", p[0], word, sizeof word, &e), OK);
	assert_string_equal(word, "0123456789abcde");
	assert_int_equal(os_passphrase("?", p[0], word, sizeof word, &e), BAD);
	assert_string_equal(word, "");
	for (size_t i = 0; i < sizeof word; i++)
		assert_int_equal(word[i], 0);
	assert_int_equal(os_write_fd(p[1], "pipe", str_bytes(S("x\nlast")), &e), OK);
	close(p[1]);
	assert_int_equal(os_passphrase("?", p[0], word, sizeof word, &e), OK);
	assert_string_equal(word, "");                       /* the end of the long line */
	assert_int_equal(os_passphrase("?", p[0], word, sizeof word, &e), OK);
	assert_string_equal(word, "x");
	assert_int_equal(os_passphrase("?", p[0], word, sizeof word, &e), OK);
	assert_string_equal(word, "last");
	assert_int_equal(os_passphrase("?", p[0], word, sizeof word, &e), BAD);
	assert_non_null(strstr(e.text, "no passphrase there"));
	close(p[0]);
	/* A descriptor that is not open is the caller's mistake. */
	assert_int_equal(os_passphrase("?", p[0], word, sizeof word, &e), BAD);
	(void)state;
}

static void
set_seen(int tty, char *text, size_t max, const char *until)
{
	size_t n = strlen(text);

	while (!strstr(text, until) && n + 1 < max) {
		ssize_t got = read(tty, text + n, max - n - 1);
		if (got <= 0)
			break;
		n += (size_t)got;
		text[n] = '\0';
	}
	assert_non_null(strstr(text, until));
}

static bool
echoes(int tty)
{
	struct termios t;

	return tcgetattr(tty, &t) == 0 && (t.c_lflag & ECHO) != 0;
}

static void
survive(int number)
{
	(void)number;
}

/* A terminal of our own: the child asks on it, we type and look at what it shows.
 * The child's exit code tells what it got; +10 if the echo is not back.  Its end
 * takes the terminal's content with it, so it waits until *ret_end is closed. */
static pid_t
ask_on_terminal(int *ret_tty, int *ret_end)
{
	int end[2], code;
	pid_t pid;
	char word[32];

	assert_int_equal(pipe(end), 0);
	pid = forkpty(ret_tty, NULL, NULL, NULL);
	assert_true(pid >= 0);
	if (pid > 0) {
		close(end[0]);
		*ret_end = end[1];
		return pid;
	}
	close(end[1]);
	signal(SIGINT, survive);
	code = os_passphrase("Passphrase: ", -1, word, sizeof word, NULL) != OK ? 1
		: strcmp(word, "open sesame") == 0 ? 0 : 2;
	if (!echoes(0))
		code += 10;
	while (read(end[0], word, 1) != 0)
		;
	_exit(code);
}

static void
the_terminal_does_not_show_the_passphrase(void **state)
{
	char text[256] = "";
	int tty, end, status;
	pid_t pid = ask_on_terminal(&tty, &end);

	set_seen(tty, text, sizeof text, "Passphrase: ");
	assert_false(echoes(tty));
	assert_int_equal(write(tty, "open sesame\n", 12), 12);
	set_seen(tty, text, sizeof text, "\n");
	close(end);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_null(strstr(text, "sesame"));
	close(tty);
	(void)state;
}

static void
an_interrupt_gives_the_echo_back(void **state)
{
	char text[256] = "";
	int tty, end, status;
	pid_t pid = ask_on_terminal(&tty, &end);

	set_seen(tty, text, sizeof text, "Passphrase: ");
	assert_false(echoes(tty));
	assert_int_equal(kill(pid, SIGINT), 0);
	set_seen(tty, text, sizeof text, "\n");
	close(end);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
	close(tty);
	(void)state;
}

/* As by ^Z and fg: the question is put again.  (The child leads a session that
 * nobody watches, so that the kernel lets it go on by itself.) */
static void
a_stop_asks_again(void **state)
{
	char text[256] = "";
	int tty, end, status;
	pid_t pid = ask_on_terminal(&tty, &end);

	set_seen(tty, text, sizeof text, "Passphrase: ");
	text[0] = '\0';
	assert_int_equal(kill(pid, SIGTSTP), 0);
	set_seen(tty, text, sizeof text, "Passphrase: ");
	assert_int_equal(write(tty, "open sesame\n", 12), 12);
	close(end);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close(tty);
	(void)state;
}

static int
start(void **state)
{
	snprintf(dir, sizeof dir, "/tmp/test-os-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	a = arena_create(64 << 20);
	(void)state;
	return 0;
}

static int
end(void **state)
{
	int gone = system(str_fmt(a, "rm -r '%s'", dir).p);

	arena_destroy(a);
	(void)state;
	return gone;
}

#define T(f) cmocka_unit_test_setup_teardown(f, start, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_written_file_reads_back_with_its_mode_whatever_the_umask),
		T(a_missing_file_is_no_and_a_big_one_is_bad),
		T(files_that_do_not_tell_their_length_are_read),
		T(a_write_killed_at_any_step_leaves_the_old_file_or_the_new),
		T(a_write_that_fails_at_any_step_says_so_and_cleans_up),
		T(every_other_change_passes_the_seam_too),
		T(a_full_disk_leaves_the_old_file),
		T(directories_are_made_listed_and_removed),
		T(removing_a_tree_never_follows_a_link_out_of_it),
		T(a_tree_too_deep_is_refused),
		T(a_file_keeps_its_number_when_it_moves),
		T(one_process_at_a_time_holds_the_lock),
		T(time_and_places_follow_the_environment),
		T(passphrases_come_one_a_line_from_a_descriptor),
		T(the_terminal_does_not_show_the_passphrase),
		T(an_interrupt_gives_the_echo_back),
		T(a_stop_asks_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
