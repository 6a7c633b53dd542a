/* Running helpers: whatever they do, one line comes back and nothing hangs. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/os.h"

static struct arena *a;
static struct err e;
static struct bytes out;

static enum status
run_with(const char *what, struct bytes input, struct os_helper h)
{
	const char *argv[] = {what, NULL};

	h.name = h.name ? h.name : "test_base_child";
	h.argv = argv;
	out = (struct bytes){NULL, 0};
	e = (struct err){0};
	return os_run_helper(a, &h, input, &out, &e);
}

static enum status
run(const char *what, struct bytes input)
{
	return run_with(what, input, (struct os_helper){.limit_bytes = 512 << 20,
		.max_output_bytes = 128 << 20, .limit_seconds = 20});
}

static const struct bytes nothing = {NULL, 0};

static void
a_hundred_megabytes_go_through_and_come_back(void **state)
{
	size_t n = 100 << 20;
	uint8_t *p = arena_alloc(a, n, 1);

	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(i * 2654435761u >> 24);
	assert_int_equal(run("echo", (struct bytes){p, n}), OK);
	assert_true(bytes_eq(out, (struct bytes){p, n}));
	(void)state;
}

static void
nothing_goes_through_too(void **state)
{
	assert_int_equal(run("echo", nothing), OK);
	assert_int_equal(out.n, 0);
	(void)state;
}

static void
a_helper_that_does_not_listen_is_no_fault(void **state)
{
	struct bytes big = {arena_alloc(a, 1 << 20, 1), 1 << 20};
	struct sigaction was;

	/* And our own SIGPIPE stays as deadly as it was. */
	assert_int_equal(run("deaf", big), OK);
	assert_int_equal(sigaction(SIGPIPE, NULL, &was), 0);
	assert_true(was.sa_handler == SIG_DFL);
	sigset_t mask;
	sigprocmask(SIG_BLOCK, NULL, &mask);
	assert_int_equal(sigismember(&mask, SIGPIPE), 0);
	(void)state;
}

static void
too_much_output_ends_it(void **state)
{
	assert_int_equal(run_with("flood", nothing, (struct os_helper){.limit_bytes = 512 << 20,
		.max_output_bytes = 1 << 20, .limit_seconds = 20}), FAIL);
	assert_non_null(strstr(e.text, "test_base_child: it gave more output than it may "
		"(at most 1048576 bytes"));
	assert_null(out.p);
	assert_int_equal(run("mutter", nothing), OK);        /* on stderr it is dropped */
	(void)state;
}

static void
it_sees_pipes_and_nothing_else(void **state)
{
	int other = open("/dev/null", O_RDONLY);             /* not even close-on-exec */

	setenv("SECRET", "1", 1);
	setenv("SOURCE_DATE_EPOCH", "42", 1);
	assert_true(other >= 0);
	assert_int_equal(run("look", nothing), OK);
	assert_true(str_eq(bytes_str(out), S("fd 0\nfd 1\nfd 2\nenv SOURCE_DATE_EPOCH=42\n"
		"cwd /\nprivs 1\ncore 0 size 0\n")));
	unsetenv("SOURCE_DATE_EPOCH");
	close(other);
	(void)state;
}

static void
missing_standard_descriptors_of_ours_do_no_harm(void **state)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		for (int i = 0; i < 3; i++)
			close(i);
		_exit(run("echo", str_bytes(S("x"))) == OK && out.n == 1 ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	(void)state;
}

static void
its_end_is_told_in_one_line(void **state)
{
	static const struct {
		const char *what;
		enum status status;
		const char *text;
	} t[] = {
		{"bad", BAD, "row 7: no such cell; give one"},
		{"no", NO, "nothing in it"},
		{"silent", FAIL, "test_base_child: it failed (exit 2): "},
		{"crash", FAIL, "test_base_child: it crashed (segmentation fault) (signal 11; "
			"it may use 512 MiB and 20 s)"},
		{"something", FAIL, "test_base_child: it failed (exit 77): something"},
		{"evil", BAD, "a\xef\xbf\xbd[31mb\xef\xbf\xbd" "c\xef\xbf\xbd" "d\xd8\xb2"},
	};

	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		assert_int_equal(run(t[i].what, nothing), t[i].status);
		assert_string_equal(e.text, t[i].text);
		assert_null(out.p);
	}
	assert_int_equal(run("abort", nothing), FAIL);
	assert_non_null(strstr(e.text, "it gave up (abort) (signal 6;"));
	(void)state;
}

static void
memory_and_time_are_limited(void **state)
{
	struct os_helper small = {.limit_bytes = 256 << 20, .max_output_bytes = 1 << 20,
		.limit_seconds = 1, .limit_wall_seconds = 20};

#if !defined(__SANITIZE_ADDRESS__)
	assert_int_equal(run_with("hoard", nothing, small), FAIL);
	assert_non_null(strstr(e.text, "no memory"));
#endif
	assert_int_equal(run_with("spin", nothing, small), FAIL);
	assert_non_null(strstr(e.text, "it used more processor time than it may"));
	small.limit_wall_seconds = 1;
	assert_int_equal(run_with("sleep", nothing, small), FAIL);
	assert_non_null(strstr(e.text, "it took too long"));
	(void)state;
}

static void
a_missing_helper_is_named(void **state)
{
	assert_int_equal(run_with("x", nothing, (struct os_helper){.name = "habeas-none",
		.limit_bytes = 1 << 20, .limit_seconds = 1}), FAIL);
	assert_non_null(strstr(e.text, "/habeas-none: this program of ours is missing"));
	(void)state;
}

static int
start(void **state)
{
	a = arena_create((size_t)1 << 30);
	(void)state;
	return 0;
}

static int
end(void **state)
{
	arena_destroy(a);
	(void)state;
	return 0;
}

#define T(f) cmocka_unit_test_setup_teardown(f, start, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_hundred_megabytes_go_through_and_come_back),
		T(nothing_goes_through_too),
		T(a_helper_that_does_not_listen_is_no_fault),
		T(too_much_output_ends_it),
		T(it_sees_pipes_and_nothing_else),
		T(missing_standard_descriptors_of_ours_do_no_harm),
		T(its_end_is_told_in_one_line),
		T(memory_and_time_are_limited),
		T(a_missing_helper_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
