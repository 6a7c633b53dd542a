/* Where we are: the user's state directory, which machine, our own programs. */
#include "base/os.h"
#include "base/os_int.h"
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/poison.h"

static const char *helper_dir;

static const char *
home_dir(void)
{
	const char *home = getenv("HOME");
	const struct passwd *pw;

	if (home && home[0] == '/')
		return home;
	pw = getpwuid(getuid());
	return pw ? pw->pw_dir : "/";
}

const char *
os_state_dir(struct arena *a)
{
	/* A relative $XDG_STATE_HOME is to be ignored: XDG Base Directory 0.8. */
	const char *set = getenv("XDG_STATE_HOME");

	if (set && set[0] == '/')
		return str_cstr(a, str_of(set));
	return str_fmt(a, "%s/.local/state", home_dir()).p;
}

const char *
os_machine_id(struct arena *a)
{
	char host[HOST_NAME_MAX + 1] = "";
	struct bytes id = {0};

	/* machine-id(5): 32 hexadecimal digits and a newline; may be empty early on. */
	if (os_read_file(a, "/etc/machine-id", 256, &id, NULL) == OK) {
		struct str s = str_trim(bytes_str(id));
		if (s.n == 32)
			return str_cstr(a, s);
	}
	gethostname(host, sizeof host - 1);
	return str_cstr(a, str_of(host));
}

/* The directory of the running binary, by the kernel's word and not by argv. */
static struct str
own_dir(struct arena *a)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path);

	if (n <= 0 || n == (ssize_t)sizeof path)
		return STR_NONE;
	while (n > 1 && path[n - 1] != '/')
		n--;
	return str_dup(a, (struct str){path, n > 1 ? (size_t)n - 1 : 1});
}

void
os_helpers_at(const char *dir)
{
	helper_dir = dir;
}

const char *
os_helper_path(struct arena *a, const char *name)
{
	struct str dir = helper_dir ? str_of(helper_dir) : own_dir(a);
	const char *beside = str_fmt(a, STR_FMT "/%s", STR_ARG(dir), name).p;
	const char *installed;

	invariant(!strchr(name, '/'));
	if (access(beside, X_OK) == 0)
		return beside;
	installed = str_fmt(a, STR_FMT "/../libexec/habeas/%s", STR_ARG(dir), name).p;
	return access(installed, X_OK) == 0 ? installed : beside;
}
