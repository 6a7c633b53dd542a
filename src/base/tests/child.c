/* A helper that does as it is told, well or ill; run by test_helper.c, and
 * in the place of habeas-sheet by test_table_sheet.c. */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

extern char **environ;
static char piece[1 << 16];

static int
echo(void)
{
	ssize_t n;

	while ((n = read(0, piece, sizeof piece)) > 0)
		for (ssize_t at = 0; at < n;) {
			ssize_t put = write(1, piece + at, (size_t)(n - at));
			if (put < 0)
				return 3;
			at += put;
		}
	return 0;
}

static int
flood(int fd)
{
	memset(piece, 'f', sizeof piece);
	for (int i = 0; i < 2000; i++)
		if (write(fd, piece, sizeof piece) < 0)
			return 3;
	return 0;
}

/* Everything it can see of where it comes from. */
static int
look(void)
{
	struct rlimit core, size;
	DIR *d = opendir("/proc/self/fd");
	struct dirent *entry;
	char cwd[256];

	while (d && (entry = readdir(d)) != NULL)
		if (entry->d_name[0] != '.' && atoi(entry->d_name) != dirfd(d))
			printf("fd %s\n", entry->d_name);
	for (char **v = environ; *v; v++)
		printf("env %s\n", *v);
	printf("cwd %s\n", getcwd(cwd, sizeof cwd));
	printf("privs %d\n", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	if (getrlimit(RLIMIT_CORE, &core) == 0 && getrlimit(RLIMIT_FSIZE, &size) == 0)
		printf("core %d size %d\n", (int)core.rlim_max, (int)size.rlim_max);
	return 0;
}

static int
hoard(void)
{
	void *p = mmap(NULL, (size_t)1 << 30, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p != MAP_FAILED)
		return 0;
	fputs("no memory\n", stderr);
	return 3;
}

static int
spin(void)
{
	volatile unsigned turn = 1;

	while (turn)
		turn |= 1;
	return 0;
}

static int
say(const char *text, int code)
{
	fputs(text, stderr);
	return code;
}

int
main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "echo";

	if (strcmp(what, "echo") == 0)
		return echo();
	if (strcmp(what, "deaf") == 0)
		return 0;
	if (strcmp(what, "flood") == 0)
		return flood(1);
	if (strcmp(what, "mutter") == 0)
		return flood(2);
	if (strcmp(what, "look") == 0)
		return look();
	if (strcmp(what, "hoard") == 0)
		return hoard();
	if (strcmp(what, "spin") == 0)
		return spin();
	if (strcmp(what, "sleep") == 0)
		return (int)sleep(1000);
	if (strcmp(what, "crash") == 0)
		return raise(SIGSEGV);
	if (strcmp(what, "abort") == 0)
		return say("broken\n", raise(SIGABRT));
	if (strcmp(what, "bad") == 0)
		return say("row 7: no such cell; give one\nsecond line\n", 2);
	if (strcmp(what, "no") == 0)
		return say("nothing in it\n", 1);
	if (strcmp(what, "evil") == 0)
		return say("a\x1b[31mb\xe2\x80\xae" "c\xff" "d\xd8\xb2\n", 2);
	if (strcmp(what, "silent") == 0)
		return 2;
	return say(what, 77);
}
