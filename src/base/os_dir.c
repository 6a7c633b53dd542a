/* Directories, names, removal, and the one writer's lock. */
#include "base/os.h"
#include "base/os_int.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/poison.h"

/* Deeper trees than this are none of ours. */
enum { TREE_DEPTH = 32 };

static enum status
make_dir(const char *path, unsigned mode, struct err *e)
{
	struct stat st;
	int error;

	/* Asked first: only a directory that is made is a step towards the disk. */
	if (stat(path, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			return OK;
		errno = ENOTDIR;
		return err_errno(e, "make the directory", path);
	}
	if (!os_may("mkdir") || (mkdir(path, (mode_t)mode) != 0 && errno != EEXIST))
		return err_errno(e, "make the directory", path);
	error = os_sync_parent(path);
	errno = error;
	return error ? err_errno(e, "sync the directory above", path) : OK;
}

enum status
os_make_dirs(const char *path, unsigned mode, struct err *e)
{
	char part[PATH_MAX];
	int n = snprintf(part, sizeof part, "%s", path);
	enum status s;

	if (n < 0 || (size_t)n >= sizeof part) {
		errno = ENAMETOOLONG;
		return err_errno(e, "make the directory", path);
	}
	for (char *at = part + 1; n > 0 && *at; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		if ((s = make_dir(part, mode, e)))
			return s;
		*at = '/';
	}
	return make_dir(part, mode, e);
}

enum status
os_rename(const char *from, const char *to, struct err *e)
{
	int error;

	if (!os_may("rename") || rename(from, to) != 0)
		return err_errno(e, "rename", from);
	/* First where it now is: between the two it may stand in both, never in none. */
	error = os_sync_parent(to);
	if (!error)
		error = os_sync_parent(from);
	errno = error;
	return error ? err_errno(e, "sync the directory of", to) : OK;
}

enum status
os_remove(const char *path, struct err *e)
{
	int error;

	if (!os_may("unlink") || (unlink(path) != 0 && errno != ENOENT && errno != ENOTDIR))
		return err_errno(e, "remove", path);
	error = os_sync_parent(path);
	if (error == ENOENT || error == ENOTDIR)
		return OK;
	errno = error;
	return error ? err_errno(e, "sync the directory of", path) : OK;
}

static bool
is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Empty the directory behind `fd`, which this closes.  Never through a symbolic
 * link; recursion is bounded by TREE_DEPTH. */
static bool
empty_dir(int fd, int depth)
{
	DIR *d = depth < TREE_DEPTH ? fdopendir(fd) : NULL;
	struct dirent *entry;
	bool ok = true;

	if (!d) {
		int error = depth < TREE_DEPTH ? errno : ELOOP;
		close(fd);
		errno = error;
		return false;
	}
	while (ok && (errno = 0, entry = readdir(d)) != NULL) {
		int below;
		if (is_dots(entry->d_name))
			continue;
		below = openat(fd, entry->d_name,
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (below < 0 && errno != ENOTDIR && errno != ELOOP)
			ok = false;
		else if (below >= 0)
			ok = empty_dir(below, depth + 1);
		ok = ok && os_may("unlink") && unlinkat(fd, entry->d_name,
			below >= 0 ? AT_REMOVEDIR : 0) == 0;
	}
	ok = ok && errno == 0;
	int saved = errno;
	closedir(d);
	errno = saved;
	return ok;
}

enum status
os_remove_tree(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), error;

	if (fd < 0 && errno == ENOENT)
		return OK;
	if (fd < 0 && (errno == ENOTDIR || errno == ELOOP))
		return os_remove(path, e);
	if (fd < 0 || !empty_dir(fd, 0) || !os_may("unlink") || rmdir(path) != 0)
		return err_errno(e, "remove", path);
	error = os_sync_parent(path);
	errno = error;
	return error ? err_errno(e, "sync the directory of", path) : OK;
}

bool
os_exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

bool
os_is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

uint64_t
os_file_id(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? (uint64_t)st.st_ino : 0;
}

static bool
is_temp(const char *name)
{
	return strncmp(name, OS_TEMP_PREFIX, sizeof OS_TEMP_PREFIX - 1) == 0;
}

static int
by_bytes(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

enum status
os_list_dir(struct arena *a, const char *path, struct str **ret, size_t *ret_n, struct err *e)
{
	VEC(struct str) names = {0};
	DIR *d = opendir(path);
	struct dirent *entry;
	int error;

	if (!d && errno == ENOENT)
		return err_set(e, NO, "%s: there is no such directory", path);
	if (!d)
		return err_errno(e, "list", path);
	while ((errno = 0, entry = readdir(d)) != NULL) {
		struct str name = str_of(entry->d_name);
		if (is_dots(entry->d_name) || is_temp(entry->d_name))
			continue;
		if (!utf8_valid(str_bytes(name))) {
			closedir(d);
			return err_set(e, BAD, "%s: the name of a file in it is not UTF-8; "
				"rename it or move it elsewhere", path);
		}
		VEC_PUSH(a, &names) = str_dup(a, name);
	}
	error = errno;
	closedir(d);
	errno = error;
	if (error)
		return err_errno(e, "list", path);
	if (names.n)
		qsort(names.v, names.n, sizeof *names.v, by_bytes);
	*ret = names.v;
	*ret_n = names.n;
	return OK;
}

enum status
os_remove_leftovers(const char *path, struct err *e)
{
	DIR *d = opendir(path);
	struct dirent *entry;
	bool ok = true;

	if (!d)
		return errno == ENOENT ? OK : err_errno(e, "list", path);
	while (ok && (errno = 0, entry = readdir(d)) != NULL)
		if (is_temp(entry->d_name))
			ok = os_may("unlink") && unlinkat(dirfd(d), entry->d_name, 0) == 0;
	ok = ok && errno == 0;
	int error = errno;
	closedir(d);
	errno = error;
	return ok ? OK : err_errno(e, "remove unfinished files in", path);
}

enum status
os_lock(const char *path, struct os_lock *ret, struct err *e)
{
	int fd = -1;

	if (os_may("create"))
		fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_errno(e, "lock", path);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		enum status s = errno == EWOULDBLOCK
			? err_set(e, NO, "%s: another process holds the lock; wait until it ends",
				path)
			: err_errno(e, "lock", path);
		close(fd);
		return s;
	}
	ret->fd = fd;
	return OK;
}

void
os_unlock(struct os_lock *l)
{
	/* Closing gives the lock up.  The file stays: removing it would let two
	 * processes lock two files of one name. */
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
}
