/*
 * Locking oneself in.  seccomp decides by system call: whatever is not in the
 * tables fails with EPERM, and what only an intruder would ask ends the process.
 * Landlock decides by file: nothing but reading below the given directories.
 * Either alone keeps a helper from writing, talking and starting programs; what
 * seccomp alone cannot do is tell one file to be read from another.
 */
#include "base/sandbox_int.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "base/poison.h"

/* Using what one has: descriptors, memory, time, signals to oneself. */
static const int always[] = {
	SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(writev),
	SCMP_SYS(close), SCMP_SYS(fstat), SCMP_SYS(lseek), SCMP_SYS(poll), SCMP_SYS(ppoll),
	SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
	SCMP_SYS(futex), SCMP_SYS(membarrier), SCMP_SYS(rseq), SCMP_SYS(set_robust_list),
	SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity),
	SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(gettimeofday),
	SCMP_SYS(time), SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep),
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack), SCMP_SYS(restart_syscall),
	SCMP_SYS(getrandom), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getuid),
	SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid),
	SCMP_SYS(getrusage), SCMP_SYS(sysinfo), SCMP_SYS(uname),
	SCMP_SYS(exit), SCMP_SYS(exit_group),
};

/* Finding files; opening them has an argument to look at, see below. */
static const int for_files[] = {
	SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(newfstatat), SCMP_SYS(statx),
	SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
	SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getdents64), SCMP_SYS(getcwd),
	SCMP_SYS(fstatfs), SCMP_SYS(statfs), SCMP_SYS(fadvise64),
};

/* No helper of ours has an honest reason for these. */
static const int deadly[] = {
	SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev),
};

/* A call that is allowed when (argument `arg` & mask) == value. */
struct when {
	int call;
	unsigned arg;
	uint64_t mask, value;
};
static const struct when sometimes[] = {
	{SCMP_SYS(mmap), 2, PROT_EXEC, 0},              /* no new code */
	{SCMP_SYS(mprotect), 2, PROT_EXEC, 0},
	/* glibc's fstat(); the path it names must be empty */
	{SCMP_SYS(newfstatat), 3, AT_EMPTY_PATH, AT_EMPTY_PATH},
	{SCMP_SYS(fcntl), 1, ~UINT64_C(0), F_GETFD},
	{SCMP_SYS(fcntl), 1, ~UINT64_C(0), F_SETFD},
	{SCMP_SYS(fcntl), 1, ~UINT64_C(0), F_GETFL},
	{SCMP_SYS(fcntl), 1, ~UINT64_C(0), F_DUPFD_CLOEXEC},
	{SCMP_SYS(prlimit64), 2, ~UINT64_C(0), 0},      /* asking, not setting */
};

/* Whatever could write: with none of these bits an open only reads. */
enum { WRITING = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY) };
static const struct when with_files[] = {
	{SCMP_SYS(openat), 2, WRITING, O_RDONLY},
	{SCMP_SYS(open), 1, WRITING, O_RDONLY},
	/* Threads, not processes (Pango finds fonts in one): they inherit all this. */
	{SCMP_SYS(clone), 0, CLONE_THREAD, CLONE_THREAD},
};

static int
allow(scmp_filter_ctx c, const int *calls, size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		r = seccomp_rule_add(c, SCMP_ACT_ALLOW, calls[i], 0);
	return r;
}

static int
allow_when(scmp_filter_ctx c, const struct when *w, size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++)
		r = seccomp_rule_add(c, SCMP_ACT_ALLOW, w[i].call, 1,
			SCMP_CMP(w[i].arg, SCMP_CMP_MASKED_EQ, w[i].mask, w[i].value));
	return r;
}

#define COUNT(table) (sizeof(table) / sizeof *(table))

static int
add_rules(scmp_filter_ctx c, bool files)
{
	int r = allow(c, always, COUNT(always));

	if (r == 0)
		r = allow_when(c, sometimes, COUNT(sometimes));
	/* abort() and assertions of libraries: signals to this process alone. */
	if (r == 0)
		r = seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
			SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
	for (size_t i = 0; i < COUNT(deadly) && r == 0; i++)
		r = seccomp_rule_add(c, SCMP_ACT_KILL_PROCESS, deadly[i], 0);
	/* glibc then tries clone, whose flags a filter can look at. */
	if (r == 0)
		r = seccomp_rule_add(c, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	if (r == 0 && files)
		r = allow(c, for_files, COUNT(for_files));
	if (r == 0 && files)
		r = allow_when(c, with_files, COUNT(with_files));
	return r;
}

enum status
sandbox_filter(bool files, struct err *e)
{
	scmp_filter_ctx c;
	int r;

	if (!sandbox_has_seccomp())
		return err_set(e, FAIL, "this kernel has no seccomp, without which no foreign "
			"file is opened; use one with CONFIG_SECCOMP_FILTER");
	c = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (!c)
		return err_set(e, FAIL, "cannot prepare the seccomp filter");
	/* A call by another instruction set's numbers means something else. */
	r = seccomp_attr_set(c, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (r == 0)
		r = add_rules(c, files);
	if (r == 0)
		r = seccomp_load(c);
	seccomp_release(c);
	if (r == 0)
		return OK;
	errno = -r;
	return err_errno(e, "load", "seccomp filter");
}

/* struct landlock_ruleset_attr as it has grown since the header we build with
 * (include/uapi/linux/landlock.h of Linux 6.12); older kernels get its beginning. */
struct rights {
	uint64_t files, net, scoped;
};
static const struct {
	int abi;
	size_t size;                    /* of the struct */
	struct rights all;
} grown[] = {
	{1, 8, {0x1fff, 0, 0}},         /* EXECUTE … MAKE_SYM */
	{2, 8, {0x3fff, 0, 0}},         /* REFER */
	{3, 8, {0x7fff, 0, 0}},         /* TRUNCATE */
	{4, 16, {0x7fff, 3, 0}},        /* BIND_TCP, CONNECT_TCP */
	{5, 16, {0xffff, 3, 0}},        /* IOCTL_DEV */
	{6, 24, {0xffff, 3, 3}},        /* ABSTRACT_UNIX_SOCKET, SIGNAL */
};

static bool
allow_below(int ruleset, const char *path)
{
	struct landlock_path_beneath_attr rule = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE,
		.parent_fd = open(path, O_PATH | O_CLOEXEC),
	};
	struct stat st;
	bool ok;

	/* What is not there need not be opened either. */
	if (rule.parent_fd < 0)
		return errno == ENOENT || errno == ENOTDIR;
	ok = fstat(rule.parent_fd, &st) == 0;
	if (ok && S_ISDIR(st.st_mode))
		rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
	ok = ok && syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule,
		0) == 0;
	close(rule.parent_fd);
	return ok;
}

enum status
sandbox_landlock(const char *const *read_dirs, size_t n, bool *ret, struct err *e)
{
	size_t which = 0;
	int abi = sandbox_landlock_abi(), ruleset;
	bool ok = true;

	if (abi == 0) {
		*ret = false;
		return OK;
	}
	while (which + 1 < COUNT(grown) && grown[which + 1].abi <= abi)
		which++;
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &grown[which].all,
		grown[which].size, 0);
	if (ruleset < 0)
		return err_errno(e, "prepare", "Landlock");
	for (size_t i = 0; i < n && ok; i++)
		ok = allow_below(ruleset, read_dirs[i]);
	ok = ok && syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
	enum status s = ok ? OK : err_errno(e, "set up", "Landlock");
	close(ruleset);
	if (ok)
		*ret = true;
	return s;
}

enum status
sandbox_enter(const char *const *read_dirs, size_t n, bool *ret_landlock, struct err *e)
{
	enum status s;

	/* Both layers demand it of who is not root. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return err_errno(e, "give up", "new privileges");
	if ((s = sandbox_landlock(read_dirs, n, ret_landlock, e)))
		return s;
	return sandbox_filter(n > 0, e);
}
