/* What a person types and sees: a passphrase without echo, progress of long work. */
#include "base/os.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include "base/poison.h"

enum { PROGRESS_MS = 100 };

/* Caught while echo is off, so that none of them leaves the terminal mute; sent
 * again to ourselves once it is restored (as in OpenBSD's readpassphrase(3)). */
static const int caught[] = {
	SIGALRM, SIGHUP, SIGINT, SIGPIPE, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU,
};
enum { CAUGHT = sizeof caught / sizeof *caught };

static volatile sig_atomic_t seen[CAUGHT];

static void
on_signal(int number)
{
	for (size_t i = 0; i < CAUGHT; i++)
		if (caught[i] == number)
			seen[i] = 1;
}

static bool
any_seen(void)
{
	for (size_t i = 0; i < CAUGHT; i++)
		if (seen[i])
			return true;
	return false;
}

/* Wait for input with the signals shut out except inside ppoll(): one that came a
 * moment before read() would else leave us in it.  False: a signal was seen. */
static bool
wait_for_input(int fd)
{
	struct pollfd p = {fd, POLLIN, 0};
	sigset_t ours, was;
	int n = -1;

	sigemptyset(&ours);
	for (size_t i = 0; i < CAUGHT; i++)
		sigaddset(&ours, caught[i]);
	sigprocmask(SIG_BLOCK, &ours, &was);
	while (n < 0 && !any_seen())
		n = ppoll(&p, 1, NULL, &was);
	sigprocmask(SIG_SETMASK, &was, NULL);
	return n > 0;
}

/* One line from fd, byte by byte: what follows belongs to the next reader. */
static enum status
read_line(int fd, const char *where, char *ret, size_t max, struct err *e)
{
	size_t n = 0;
	enum status s = OK;
	ssize_t got;
	char c;

	for (;;) {
		errno = EINTR;
		got = wait_for_input(fd) ? read(fd, &c, 1) : -1;
		if (got < 0 && errno == EINTR && !any_seen())
			continue;
		if (got != 1 || c == '\n')
			break;
		if (n + 1 == max || c == '\0') {
			s = err_set(e, BAD, "%s: %s", where, c ? "the passphrase is too long"
				: "a zero byte in the passphrase; it must be text");
			break;
		}
		ret[n++] = c;
	}
	if (got < 0 && errno == EBADF)
		s = err_set(e, BAD, "%s: is not open; give the number of one that is", where);
	else if (got < 0)
		s = err_errno(e, "read the passphrase", where);
	else if (got == 0 && n == 0)
		s = err_set(e, BAD, "%s: no passphrase there; give one on a line of its own",
			where);
	if (n > 0 && ret[n - 1] == '\r')
		n--;
	ret[s == OK ? n : 0] = '\0';
	if (s != OK)
		mem_wipe(ret, max);
	return s;
}

static void
say(int tty, const char *text)
{
	/* Nothing can be done about a terminal that takes no words. */
	if (write(tty, text, strlen(text)) < 0)
		return;
}

static void
set_terminal(int tty, const struct termios *t)
{
	while (tcsetattr(tty, TCSAFLUSH, t) != 0 && errno == EINTR && !any_seen())
		;
}

static enum status
ask_silently(int tty, const char *prompt, char *ret, size_t max, struct err *e)
{
	struct termios was, mute;
	enum status s;

	if (tcgetattr(tty, &was) != 0)
		return err_errno(e, "ask for the passphrase", "/dev/tty");
	mute = was;
	mute.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	set_terminal(tty, &mute);
	say(tty, prompt);
	s = read_line(tty, "/dev/tty", ret, max, e);
	say(tty, "\n");
	while (tcsetattr(tty, TCSAFLUSH, &was) != 0 && errno == EINTR)
		;
	return s;
}

/* Ask once with the signals held; whether a stop interrupted it, after which the
 * question is put again. */
static enum status
ask_once(int tty, const char *prompt, char *ret, size_t max, bool *ret_again, struct err *e)
{
	struct sigaction hold = {.sa_handler = on_signal}, was[CAUGHT];
	enum status s;

	for (size_t i = 0; i < CAUGHT; i++) {
		seen[i] = 0;
		sigaction(caught[i], &hold, &was[i]);
	}
	s = ask_silently(tty, prompt, ret, max, e);
	for (size_t i = 0; i < CAUGHT; i++)
		sigaction(caught[i], &was[i], NULL);
	*ret_again = false;
	for (size_t i = 0; i < CAUGHT; i++) {
		if (!seen[i])
			continue;
		seen[i] = 0;
		kill(getpid(), caught[i]);
		if (caught[i] == SIGTSTP || caught[i] == SIGTTIN || caught[i] == SIGTTOU)
			*ret_again = s != OK;
	}
	return s;
}

enum status
os_passphrase(const char *prompt, int fd, char *ret, size_t max, struct err *e)
{
	bool again = true;
	enum status s = FAIL;
	char where[32];
	int tty;

	invariant(max > 1);
	if (fd >= 0) {
		snprintf(where, sizeof where, "descriptor %d", fd);
		return read_line(fd, where, ret, max, e);
	}
	tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (tty < 0)
		return err_set(e, BAD, "no terminal to ask for the passphrase; "
			"give it with --passphrase-fd N");
	while (again)
		s = ask_once(tty, prompt, ret, max, &again, e);
	close(tty);
	return s;
}

size_t
os_terminal_columns(void)
{
	enum { USUAL = 80 };
	struct winsize size;

	if (!isatty(STDOUT_FILENO))
		return 0;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : USUAL;
}

bool
os_asks(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

static bool progress_shown;

void
os_progress(const char *what, uint64_t done, uint64_t of)
{
	static int64_t last_ms;
	int64_t now = os_clock_ms();

	if ((progress_shown && now - last_ms < PROGRESS_MS) || !isatty(STDERR_FILENO))
		return;
	last_ms = now;
	progress_shown = true;
	/* Back to the margin, the line, and clear what an earlier one left of itself. */
	if (of > 0)
		fprintf(stderr, "\r%s: %" PRIu64 " of %" PRIu64 "\033[K", what, done, of);
	else
		fprintf(stderr, "\r%s: %" PRIu64 "\033[K", what, done);
	fflush(stderr);
}

void
os_progress_end(void)
{
	if (!progress_shown)
		return;
	progress_shown = false;
	fputs("\r\033[K", stderr);
	fflush(stderr);
}
