/*
 * Running a helper: a program of ours that reads or writes a rich format for us,
 * in a process that may die.  It gets three pipes and nothing else: no descriptor,
 * no environment, no working directory, and limits on memory, time and output.
 * It locks itself in further (sandbox.h) before it looks at its input.
 */
#include "base/os.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/poison.h"

/* AddressSanitizer reserves terabytes of address space. */
#if defined(__SANITIZE_ADDRESS__)
#define ADDRESS_SPACE_IS_FREE 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ADDRESS_SPACE_IS_FREE 1
#endif
#endif

enum {
	IN, OUT, ERR, STREAMS,          /* the helper's descriptors 0, 1, 2 */
	FIRST_LINE = 4096,              /* of stderr that is kept */
	SHOWN = 500,                    /* bytes of it in an error */
	PIECE = 1 << 16,
	DESCRIPTORS = 256,
	PATIENCE = 10,                  /* seconds of the wall for one of the processor */
};

struct run {
	const struct os_helper *h;
	char **argv, **envp;
	pid_t parent, pid;
	int watch;                      /* a pidfd: readable when it has ended */
	int ours[STREAMS], its[STREAMS];
	struct bytes input;             /* what it has yet to get */
	struct buf output, complaint;
	int64_t deadline_ms;
	const char *killed;             /* why we ended it; NULL: we did not */
};

static const char *const passed_on[] = {"SOURCE_DATE_EPOCH", "FONTCONFIG_FILE"};
enum { PASSED_ON = sizeof passed_on / sizeof *passed_on };

static const struct {
	int signal;
	const char *what;
} ends[] = {
	{SIGXCPU, "used more processor time than it may"},
	{SIGSYS, "asked for what its sandbox forbids"},
	{SIGSEGV, "crashed (segmentation fault)"},
	{SIGBUS, "crashed (bus error)"},
	{SIGFPE, "crashed (arithmetic fault)"},
	{SIGILL, "crashed (illegal instruction)"},
	{SIGABRT, "gave up (abort)"},
	{SIGXFSZ, "tried to write a file"},
	{SIGKILL, "was killed; perhaps the machine is short of memory"},
};

static void
prepare(struct arena *a, struct run *r)
{
	size_t n = 0, k = 0;

	while (r->h->argv && r->h->argv[n])
		n++;
	r->argv = NEWS(a, char *, n + 2);
	r->argv[0] = str_cstr(a, str_of(r->h->name));
	for (size_t i = 0; i < n; i++)
		r->argv[i + 1] = str_cstr(a, str_of(r->h->argv[i]));
	r->envp = NEWS(a, char *, PASSED_ON + 1);
	for (size_t i = 0; i < PASSED_ON; i++) {
		const char *v = getenv(passed_on[i]);
		if (v)
			r->envp[k++] = str_cstr(a, str_fmt(a, "%s=%s", passed_on[i], v));
	}
}

/* Both ends above 2, so that putting them in place cannot overwrite one another. */
static bool
make_pipe(int *ret_read, int *ret_write)
{
	int p[2], high[2];

	if (pipe2(p, O_CLOEXEC) != 0)
		return false;
	for (int i = 0; i < 2; i++) {
		high[i] = fcntl(p[i], F_DUPFD_CLOEXEC, 3);
		close(p[i]);
	}
	*ret_read = high[0];
	*ret_write = high[1];
	return high[0] >= 0 && high[1] >= 0;
}

static bool
make_pipes(struct run *r)
{
	if (!make_pipe(&r->its[IN], &r->ours[IN]) || !make_pipe(&r->ours[OUT], &r->its[OUT])
		|| !make_pipe(&r->ours[ERR], &r->its[ERR]))
		return false;
	for (int i = 0; i < STREAMS; i++)
		if (fcntl(r->ours[i], F_SETFL, O_NONBLOCK) != 0)
			return false;
	return true;
}

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* From here to execve() we are the child of perhaps many threads: system calls
 * only, no memory, no locks. */

static _Noreturn void
child_fails(const char *why)
{
	ssize_t put = write(STDERR_FILENO, why, strlen(why));

	_exit(put < 0 ? 126 : FAIL);
}

static bool
limit(int resource, rlim_t most)
{
	struct rlimit now;

	if (getrlimit((__rlimit_resource_t)resource, &now) != 0)
		return false;
	if (now.rlim_max < most)
		most = now.rlim_max;
	now = (struct rlimit){most, most};
	return setrlimit((__rlimit_resource_t)resource, &now) == 0;
}

/* SIGXCPU at the limit tells why; SIGKILL a second later is for who ignores it. */
static bool
limit_cpu(unsigned seconds)
{
	struct rlimit now, want = {seconds, seconds + 1};

	if (getrlimit(RLIMIT_CPU, &now) != 0)
		return false;
	if (want.rlim_max > now.rlim_max)
		want.rlim_max = now.rlim_max;
	if (want.rlim_cur > want.rlim_max)
		want.rlim_cur = want.rlim_max;
	return setrlimit(RLIMIT_CPU, &want) == 0;
}

static bool
limit_all(const struct os_helper *h)
{
#ifndef ADDRESS_SPACE_IS_FREE
	if (!limit(RLIMIT_AS, h->limit_bytes))
		return false;
#endif
	return limit_cpu(h->limit_seconds) && limit(RLIMIT_NOFILE, DESCRIPTORS)
		&& limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0);
}

static void
forget_signals(void)
{
	sigset_t none;

	for (int s = 1; s < NSIG; s++)
		signal(s, SIG_DFL);         /* fails for KILL and STOP, which is fine */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static _Noreturn void
become_helper(const struct run *r, const char *path)
{
	for (int i = 0; i < STREAMS; i++)
		if (dup2(r->its[i], i) < 0)
			_exit(126);
	forget_signals();
	if (close_range(STREAMS, ~0U, 0) != 0)
		child_fails("cannot close what it must not see");
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != r->parent)
		child_fails("cannot be tied to its parent");
	if (chdir("/") != 0 || !limit_all(r->h) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		child_fails("cannot be limited");
	execve(path, r->argv, r->envp);
	child_fails("cannot be executed");
}

/* Back in the parent. */

static bool
start(struct run *r, const char *path)
{
	r->parent = getpid();
	if (!make_pipes(r))
		return false;
	r->pid = fork();
	if (r->pid == 0)
		become_helper(r, path);
	for (int i = 0; i < STREAMS; i++)
		close_fd(&r->its[i]);
	if (r->pid < 0)
		return false;
	r->watch = pidfd_open(r->pid, 0);
	return r->watch >= 0;
}

static void
feed(struct run *r)
{
	ssize_t put = 0;

	if (r->input.n > 0)
		put = write(r->ours[IN], r->input.p, r->input.n);
	if (put < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (put > 0)
		r->input = (struct bytes){r->input.p + put, r->input.n - (size_t)put};
	/* A helper may stop listening when it has seen enough: not our fault. */
	if (put < 0 || r->input.n == 0)
		close_fd(&r->ours[IN]);
}

/* Take what is there; past its cap a buf takes nothing and the rest is dropped. */
static void
drain(int *fd, struct buf *b)
{
	uint8_t piece[PIECE];
	ssize_t got = read(*fd, piece, sizeof piece);

	if (got > 0)
		buf_put(b, piece, (size_t)got);
	else if (got == 0 || (errno != EAGAIN && errno != EINTR))
		close_fd(fd);
}

static void
end_it(struct run *r, const char *why)
{
	if (!r->killed)
		kill(r->pid, SIGKILL);
	r->killed = why;
}

static int
time_left(const struct run *r)
{
	int64_t left = r->deadline_ms - os_clock_ms();

	return r->killed ? -1 : left < 0 ? 0 : left > 3600000 ? 3600000 : (int)left;
}

/* Feed and drain at once, so that neither side waits for the other, until the
 * helper has ended; what it left in the pipes is taken after that. */
static void
converse(struct run *r)
{
	bool ended = false;

	while (!ended) {
		struct pollfd p[] = {
			{r->ours[IN], POLLOUT, 0}, {r->ours[OUT], POLLIN, 0},
			{r->ours[ERR], POLLIN, 0}, {r->watch, POLLIN, 0},
		};
		int n = poll(p, sizeof p / sizeof *p, time_left(r));
		if (n == 0 && time_left(r) == 0)
			end_it(r, "took too long");
		if (n <= 0)
			continue;
		if (p[IN].revents)
			feed(r);
		if (p[OUT].revents)
			drain(&r->ours[OUT], &r->output);
		if (p[ERR].revents)
			drain(&r->ours[ERR], &r->complaint);
		if (r->output.over)
			end_it(r, "gave more output than it may");
		ended = p[STREAMS].revents != 0;
	}
	for (size_t before = SIZE_MAX; r->ours[OUT] >= 0 && r->output.n != before;) {
		before = r->output.n;
		drain(&r->ours[OUT], &r->output);
	}
	if (r->ours[ERR] >= 0)
		drain(&r->ours[ERR], &r->complaint);
}

/* A pipe nobody reads raises SIGPIPE at this thread: hold it back and swallow it,
 * without touching the handlers of the process. */
static void
converse_without_sigpipe(struct run *r)
{
	sigset_t pipe_only, was, pending;
	const struct timespec at_once = {0, 0};
	bool had;

	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	sigpending(&pending);
	had = sigismember(&pending, SIGPIPE) == 1;
	pthread_sigmask(SIG_BLOCK, &pipe_only, &was);
	converse(r);
	if (!had)
		while (sigtimedwait(&pipe_only, NULL, &at_once) < 0 && errno == EINTR)
			;
	pthread_sigmask(SIG_SETMASK, &was, NULL);
}

/* Controls, and what turns the direction of a line, have no place in an error. */
static bool
is_printable(uint32_t cp)
{
	return cp >= 0x20 && (cp < 0x7f || cp > 0x9f) && cp != 0x061c
		&& (cp < 0x200e || cp > 0x200f) && (cp < 0x2028 || cp > 0x202e)
		&& (cp < 0x2066 || cp > 0x2069) && cp != 0xfeff;
}

/* The first line of what it said, made safe to show. */
static struct str
first_line(struct arena *a, const struct buf *said)
{
	struct str rest = buf_str(said), line = str_upto(str_cut(&rest, '\n'), SHOWN);
	struct buf clean;
	struct str ret;

	buf_init(&clean, SHOWN * 3);
	for (size_t i = 0; i < line.n;) {
		size_t n = 1;
		while (n < 4 && i + n < line.n && !utf8_valid((struct bytes){
			(const uint8_t *)line.p + i, n}))
			n++;
		if (!utf8_valid((struct bytes){(const uint8_t *)line.p + i, n})) {
			utf8_put(&clean, 0xfffd);
			i++;
			continue;
		}
		uint32_t cp = utf8_next(line, &i);
		utf8_put(&clean, is_printable(cp) ? cp : 0xfffd);
	}
	ret = str_dup(a, buf_str(&clean));
	buf_finish(&clean);
	return ret;
}

static enum status
explain_signal(struct run *r, int number, const struct rusage *used, struct str said,
	struct err *e)
{
	const char *what = "was ended from outside";

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (ends[i].signal == number)
			what = ends[i].what;
	if (number == SIGKILL && used->ru_utime.tv_sec + used->ru_stime.tv_sec
		>= (time_t)r->h->limit_seconds)
		what = ends[0].what;
	return err_set(e, FAIL, "%s: it %s (signal %d; it may use %zu MiB and %u s)%s" STR_FMT,
		r->h->name, what, number, r->h->limit_bytes >> 20, r->h->limit_seconds,
		said.n ? ": " : "", STR_ARG(said));
}

/* Its exit codes are ours, its first line the error. */
static enum status
judge(struct arena *a, struct run *r, int status, const struct rusage *used, struct err *e)
{
	struct str said = first_line(a, &r->complaint);
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;

	if (r->killed)
		return err_set(e, FAIL, "%s: it %s (at most %zu bytes of output, %u s) "
			"and was ended", r->h->name, r->killed, r->h->max_output_bytes,
			r->h->limit_seconds);
	if (WIFSIGNALED(status))
		return explain_signal(r, WTERMSIG(status), used, said, e);
	if (code == OK)
		return OK;
	if ((code == NO || code == BAD) && said.n)
		return err_set(e, (enum status)code, STR_FMT, STR_ARG(said));
	return err_set(e, FAIL, "%s: it failed (exit %d): " STR_FMT, r->h->name, code,
		STR_ARG(said));
}

static enum status
run(struct arena *a, struct run *r, const char *path, struct err *e)
{
	struct rusage used;
	int status;

	if (!start(r, path)) {
		int error = errno;
		if (r->pid > 0) {
			kill(r->pid, SIGKILL);
			waitpid(r->pid, NULL, 0);
		}
		errno = error;
		return err_errno(e, "start", path);
	}
	converse_without_sigpipe(r);
	while (wait4(r->pid, &status, 0, &used) < 0)
		if (errno != EINTR)
			return err_errno(e, "wait for", path);
	return judge(a, r, status, &used, e);
}

enum status
os_run_helper(struct arena *a, const struct os_helper *h, struct bytes input,
	struct bytes *ret, struct err *e)
{
	const char *path = os_helper_path(a, h->name);
	struct run r = {
		.h = h, .input = input, .watch = -1, .pid = -1,
		.ours = {-1, -1, -1}, .its = {-1, -1, -1},
	};
	unsigned wall = h->limit_wall_seconds;
	enum status s;

	invariant(h->limit_seconds > 0 && h->limit_bytes > 0);
	if (access(path, X_OK) != 0)
		return err_set(e, FAIL, "%s: this program of ours is missing; it belongs "
			"beside habeas or in ../libexec/habeas of it", path);
	r.deadline_ms = os_clock_ms() + 1000 * (wall ? (int64_t)wall
		: PATIENCE * (int64_t)h->limit_seconds);
	buf_init(&r.output, h->max_output_bytes);
	buf_init(&r.complaint, FIRST_LINE);
	prepare(a, &r);
	s = run(a, &r, path, e);
	if (s == OK)
		*ret = (struct bytes){arena_copy(a, r.output.p, r.output.n), r.output.n};
	for (int i = 0; i < STREAMS; i++) {
		close_fd(&r.ours[i]);
		close_fd(&r.its[i]);
	}
	close_fd(&r.watch);
	buf_finish(&r.output);
	buf_finish(&r.complaint);
	return s;
}
