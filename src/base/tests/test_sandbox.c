/* The sandbox: each attempt in a child of its own, under each layer. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/sandbox_int.h"

static char below[] = "/tmp/test-sandbox-XXXXXX";
static char inside[64], outside[64];
static const char *dirs[] = {below, "/nonexistent-dir"};

static int
tell(long r)
{
	return r < 0 ? errno : 0;
}

static int
open_it(const char *path, int flags)
{
	return tell(open(path, flags, 0600));
}

static int read_inside(void) { return open_it(inside, O_RDONLY); }
static int read_outside(void) { return open_it(outside, O_RDONLY); }
static int read_passwd(void) { return open_it("/etc/passwd", O_RDONLY); }
static int write_inside(void) { return open_it(inside, O_WRONLY); }
static int change_inside(void) { return open_it(inside, O_RDWR | O_APPEND); }
static int truncate_inside(void) { return open_it(inside, O_RDONLY | O_TRUNC); }
static int make_inside(void) { return open_it("/tmp/test-sandbox-new", O_RDONLY | O_CREAT); }
static int unnamed_inside(void) { return open_it(below, O_TMPFILE | O_RDWR); }
static int remove_inside(void) { return tell(unlink(inside)); }
static int rename_inside(void) { return tell(rename(inside, outside)); }
static int make_directory(void) { return tell(mkdir("/tmp/test-sandbox-dir", 0700)); }
static int change_mode(void) { return tell(chmod(inside, 0777)); }
static int make_socket(void) { return tell(socket(AF_INET, SOCK_STREAM, 0)); }
static int make_local_socket(void) { return tell(socket(AF_UNIX, SOCK_STREAM, 0)); }
static int make_pair(void) { int p[2]; return tell(socketpair(AF_UNIX, SOCK_STREAM, 0, p)); }
static int fork_one(void)
{
	pid_t p = fork();

	if (p == 0)
		_exit(0);
	return tell(p);
}
static int fork_raw(void)
{
	long p = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

	if (p == 0)
		_exit(0);
	return tell(p);
}
static void *idle(void *p) { return p; }
static int make_thread(void)
{
	pthread_t t;

	return pthread_create(&t, NULL, idle, NULL);
}
static int run_program(void)
{
	char *const argv[] = {(char[]){"true"}, NULL};

	return tell(execv("/bin/true", argv));
}
static int trace(void) { return tell(ptrace(PTRACE_ATTACH, getppid(), 0, 0)); }
static int kill_parent(void) { return tell(kill(getppid(), 0)); }
static int signal_parent(void) { return tell(syscall(SYS_tgkill, getppid(), getppid(), 0)); }
static int raise_limit(void)
{
	struct rlimit r = {1, 1};

	return tell(setrlimit(RLIMIT_NOFILE, &r));
}
static int ask_limit(void)
{
	struct rlimit r;

	return tell(getrlimit(RLIMIT_NOFILE, &r));
}
static int map_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
		== MAP_FAILED ? errno : 0;
}
static int make_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? -1 : tell(mprotect(p, 4096, PROT_READ | PROT_EXEC));
}
static int change_dir(void) { return tell(chdir("/")); }
static int new_ruleset(void) { return tell(syscall(SYS_landlock_create_ruleset, 0, 0, 1)); }
static int new_filter(void) { return tell(prctl(PR_SET_SECCOMP, 1, 0, 0, 0)); }
static int use_memory(void)
{
	size_t n = 64 << 20;
	char *p = mem_alloc(n, 1);

	memset(p, 1, n);
	p = mem_grow(p, 2 * n, 1);
	mem_free(p);
	return 0;
}
static int use_pipes(void)
{
	char c = 'x';
	struct stat st;

	/* Pipe made before: descriptors 10 and 11, see in_sandbox(). */
	if (write(11, &c, 1) != 1 || read(10, &c, 1) != 1 || fstat(10, &st) != 0)
		return errno;
	return tell(close(10));
}
static int use_time(void)
{
	struct timespec t = {0, 1000};

	return clock_gettime(CLOCK_REALTIME, &t) != 0 || clock_gettime(CLOCK_MONOTONIC, &t) != 0
		? errno : 0;
}

enum layers { BOTH, FILTER_ONLY };

/* What the attempt came to: an errno, or minus the signal that ended the child. */
static int
in_sandbox(int (*attempt)(void), enum layers layers, size_t n)
{
	struct err e;
	bool landlock;
	int status, p[2];
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		if (pipe(p) != 0 || dup2(p[0], 10) < 0 || dup2(p[1], 11) < 0)
			_exit(255);
		if (layers == BOTH && sandbox_enter(dirs, n, &landlock, &e) != OK)
			_exit(254);
		if (layers == FILTER_ONLY && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
			|| sandbox_filter(n > 0, &e) != OK))
			_exit(254);
		_exit(attempt());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static const struct attempt {
	const char *name;
	int (*attempt)(void);
	int closed, open;       /* what comes of it without and with directories to read */
} attempts[] = {
#define A(f, closed, open) {#f, f, closed, open}
	A(use_memory, 0, 0), A(use_pipes, 0, 0), A(use_time, 0, 0), A(ask_limit, 0, 0),
	A(read_inside, EPERM, 0),
	A(write_inside, EPERM, EPERM), A(change_inside, EPERM, EPERM),
	A(truncate_inside, EPERM, EPERM), A(make_inside, EPERM, EPERM),
	A(unnamed_inside, EPERM, EPERM), A(remove_inside, EPERM, EPERM),
	A(rename_inside, EPERM, EPERM), A(make_directory, EPERM, EPERM),
	A(change_mode, EPERM, EPERM), A(change_dir, EPERM, EPERM),
	A(make_socket, EPERM, EPERM), A(make_local_socket, EPERM, EPERM),
	A(make_pair, EPERM, EPERM),
	A(fork_one, EPERM, EPERM), A(fork_raw, EPERM, EPERM), A(make_thread, EPERM, 0),
	A(run_program, -SIGSYS, -SIGSYS), A(trace, -SIGSYS, -SIGSYS),
	A(kill_parent, EPERM, EPERM), A(signal_parent, EPERM, EPERM),
	A(raise_limit, EPERM, EPERM), A(map_code, EPERM, EPERM), A(make_code, EPERM, EPERM),
	A(new_ruleset, EPERM, EPERM), A(new_filter, EPERM, EPERM),
};

static void
try_all(enum layers layers)
{
	for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
		const struct attempt *t = &attempts[i];
		int closed = in_sandbox(t->attempt, layers, 0);
		int open = in_sandbox(t->attempt, layers, 2);
		if (closed != t->closed || open != t->open)
			print_error("%s: %d, %d\n", t->name, closed, open);
		assert_int_equal(closed, t->closed);
		assert_int_equal(open, t->open);
	}
}

static void
the_filter_alone_leaves_only_reading(void **state)
{
	try_all(FILTER_ONLY);
	/* The one thing that it cannot tell apart. */
	assert_int_equal(in_sandbox(read_outside, FILTER_ONLY, 2), 0);
	assert_int_equal(in_sandbox(read_outside, FILTER_ONLY, 0), EPERM);
	(void)state;
}

static void
with_landlock_reading_stays_below_the_directories(void **state)
{
	try_all(BOTH);
	if (sandbox_landlock_abi() == 0)
		skip();
	assert_int_equal(in_sandbox(read_outside, BOTH, 2), EACCES);
	assert_int_equal(in_sandbox(read_passwd, BOTH, 2), EACCES);
	(void)state;
}

/* Landlock alone, so that a hole in the filter would not be all. */
static void
landlock_alone_refuses_writing(void **state)
{
	static const struct {
		int (*attempt)(void);
		int want;
	} t[] = {
		{read_inside, 0}, {read_outside, EACCES}, {write_inside, EACCES},
		{make_inside, EACCES}, {remove_inside, EACCES}, {make_directory, EACCES},
	};

	if (sandbox_landlock_abi() == 0)
		skip();
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		int status;
		pid_t pid = fork();
		if (pid == 0) {
			bool has = false;
			struct err e;
			if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
				|| sandbox_landlock(dirs, 2, &has, &e) != OK || !has)
				_exit(254);
			_exit(t[i].attempt());
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(WEXITSTATUS(status), t[i].want);
	}
	(void)state;
}

/* Without the sandbox the attempts do work: what is refused is its doing. */
static void
outside_the_sandbox_the_same_attempts_succeed(void **state)
{
	assert_true(sandbox_has_seccomp());
	assert_int_equal(read_outside(), 0);
	assert_int_equal(write_inside(), 0);
	assert_int_equal(unnamed_inside(), 0);
	assert_int_equal(make_socket(), 0);
	assert_int_equal(fork_one(), 0);
	assert_int_equal(map_code(), 0);
	assert_int_equal(make_code(), 0);
	(void)state;
}

static int
put_file(const char *path)
{
	FILE *f = fopen(path, "w");

	return f ? fclose(f) : -1;
}

static int
start(void **state)
{
	if (!mkdtemp(below))
		return -1;
	snprintf(inside, sizeof inside, "%s/file", below);
	snprintf(outside, sizeof outside, "%s.outside", below);
	(void)state;
	return put_file(inside) || put_file(outside);
}

static int
end(void **state)
{
	(void)state;
	return unlink(inside) || unlink(outside) || rmdir(below);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_filter_alone_leaves_only_reading),
		cmocka_unit_test(with_landlock_reading_stays_below_the_directories),
		cmocka_unit_test(landlock_alone_refuses_writing),
		cmocka_unit_test(outside_the_sandbox_the_same_attempts_succeed),
	};

	return cmocka_run_group_tests(tests, start, end);
}
