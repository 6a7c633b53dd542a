/*
 * Files whole: read, written durably, copied.
 *
 * A file is replaced by writing a temporary one beside it, syncing that, renaming
 * it over the old, and syncing the directory: whoever kills us, and whenever, there
 * is the old file or the new one.  Until the rename every failure leaves the old
 * file as it was and removes the temporary one; after it only the directory's sync
 * can fail, and then the new file is in place, though perhaps not for ever.
 */
#include "base/os.h"
#include "base/os_int.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/poison.h"

enum { COPY_BYTES = 1 << 16 };

struct temp {
	int dir, fd;                    /* the directory it lies in; itself */
	char name[sizeof OS_TEMP_PREFIX + 16];
};

void
os_random_hex(char *ret, size_t digits)
{
	uint8_t r[16];

	invariant(digits <= 2 * sizeof r);
	/* Up to 256 bytes are never given short (getrandom(2)). */
	invariant(getrandom(r, sizeof r, 0) == (ssize_t)sizeof r);
	for (size_t i = 0; i < digits; i++)
		ret[i] = "0123456789abcdef"[r[i / 2] >> (i % 2 * 4) & 15];
	ret[digits] = '\0';
}

static ssize_t
read_some(int fd, void *p, size_t n)
{
	ssize_t got;

	do
		got = read(fd, p, n < SSIZE_MAX ? n : SSIZE_MAX);
	while (got < 0 && errno == EINTR);
	return got;
}

static enum status
too_big(struct err *e, const char *name, size_t max)
{
	return err_set(e, BAD, "%s: larger than %zu bytes, which is the most for such a file",
		name, max);
}

/* A pipe or a device: nobody knows how long it is. */
static enum status
read_stream(struct arena *a, int fd, const char *name, size_t max, struct bytes *ret,
	struct err *e)
{
	struct buf b;
	uint8_t piece[COPY_BYTES];
	ssize_t got;
	enum status s = OK;

	buf_init(&b, max);
	while ((got = read_some(fd, piece, sizeof piece)) > 0 && !b.over)
		buf_put(&b, piece, (size_t)got);
	if (got < 0)
		s = err_errno(e, "read", name);
	else if (b.over)
		s = too_big(e, name, max);
	else
		*ret = (struct bytes){arena_copy(a, b.p, b.n), b.n};
	mem_wipe(piece, sizeof piece);
	buf_finish(&b);
	return s;
}

/* A regular file of `size` bytes: read into its place, with no second copy. */
static enum status
read_sized(struct arena *a, int fd, const char *name, size_t size, struct bytes *ret,
	struct err *e)
{
	uint8_t *p = arena_alloc(a, size + 1, 1);
	size_t n = 0;
	ssize_t got = 1;

	while (n <= size && (got = read_some(fd, p + n, size + 1 - n)) > 0)
		n += (size_t)got;
	if (got < 0)
		return err_errno(e, "read", name);
	if (n > size)
		return err_set(e, FAIL, "%s: grew while it was read; try again", name);
	*ret = (struct bytes){p, n};
	return OK;
}

enum status
os_read_fd(struct arena *a, int fd, const char *name, size_t max, struct bytes *ret,
	struct err *e)
{
	struct stat st;
	off_t at;

	if (fstat(fd, &st) != 0)
		return err_errno(e, "read", name);
	/* Files of /proc and /sys are regular and say 0: read those as streams. */
	at = S_ISREG(st.st_mode) ? lseek(fd, 0, SEEK_CUR) : -1;
	if (at < 0 || st.st_size <= at)
		return read_stream(a, fd, name, max, ret, e);
	if ((uint64_t)(st.st_size - at) > max)
		return too_big(e, name, max);
	return read_sized(a, fd, name, (size_t)(st.st_size - at), ret, e);
}

enum status
os_read_file(struct arena *a, const char *path, size_t max, struct bytes *ret, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum status s;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return err_set(e, NO, "%s: there is no such file", path);
	if (fd < 0)
		return err_errno(e, "open", path);
	s = os_read_fd(a, fd, path, max, ret, e);
	close(fd);
	return s;
}

static bool
write_all(int fd, const uint8_t *p, size_t n)
{
	while (n > 0) {
		ssize_t put;
		if (!os_may("write"))
			return false;
		put = write(fd, p, n < SSIZE_MAX ? n : SSIZE_MAX);
		if (put < 0 && errno != EINTR)
			return false;
		if (put > 0) {
			p += put;
			n -= (size_t)put;
		}
	}
	return true;
}

enum status
os_write_fd(int fd, const char *name, struct bytes data, struct err *e)
{
	return write_all(fd, data.p, data.n) ? OK : err_errno(e, "write", name);
}

/* The directory part of `path` in ret, which has PATH_MAX bytes. */
static bool
dir_of(const char *path, char *ret)
{
	char copy[PATH_MAX];
	int n = snprintf(copy, sizeof copy, "%s", path);

	if (n < 0 || (size_t)n >= sizeof copy) {
		errno = ENAMETOOLONG;
		return false;
	}
	snprintf(ret, PATH_MAX, "%s", dirname(copy));
	return true;
}

static int
open_parent(const char *path)
{
	char dir[PATH_MAX];

	return dir_of(path, dir) ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
}

static bool
sync_dir(int fd)
{
	/* Some file systems cannot sync a directory and need not: EINVAL, fsync(2). */
	return os_may("fsync") && (fsync(fd) == 0 || errno == EINVAL);
}

int
os_sync_parent(const char *path)
{
	int fd = open_parent(path), error;

	if (fd < 0)
		return errno;
	error = sync_dir(fd) ? 0 : errno;
	close(fd);
	return error;
}

static bool
temp_open(struct temp *t, const char *path)
{
	size_t head = sizeof OS_TEMP_PREFIX - 1;

	t->fd = -1;
	t->dir = open_parent(path);
	if (t->dir < 0)
		return false;
	memcpy(t->name, OS_TEMP_PREFIX, head);
	os_random_hex(t->name + head, 16);
	if (os_may("create"))
		t->fd = openat(t->dir, t->name,
			O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return t->fd >= 0;
}

static bool
temp_sync(struct temp *t, unsigned mode)
{
	return fchmod(t->fd, (mode_t)mode) == 0 && os_may("fsync") && fsync(t->fd) == 0;
}

/* After this the file is there under its own name, or errno says why not. */
static bool
temp_place(struct temp *t, const char *path)
{
	return os_may("rename") && renameat(t->dir, t->name, AT_FDCWD, path) == 0
		&& sync_dir(t->dir);
}

/* Ends the write whichever way it went; errno survives. */
static void
temp_close(struct temp *t, bool done)
{
	int saved = errno;

	if (t->fd >= 0)
		close(t->fd);
	/* Past the rename there is none of that name, which is as well. */
	if (t->fd >= 0 && !done)
		unlinkat(t->dir, t->name, 0);
	if (t->dir >= 0)
		close(t->dir);
	errno = saved;
}

enum status
os_write_file(const char *path, struct bytes data, unsigned mode, struct err *e)
{
	struct temp t;
	bool done = temp_open(&t, path) && write_all(t.fd, data.p, data.n)
		&& temp_sync(&t, mode) && temp_place(&t, path);

	temp_close(&t, done);
	return done ? OK : err_errno(e, "write", path);
}

/* ---- Piece by piece ---- */

struct os_new_file {
	struct temp t;
	bool named;           /* t.name is in the directory */
	char path[];
};

/* Without a name until it is whole, where the file system can: then even a killed
 * program leaves nothing. */
static bool
new_open(struct os_new_file *f)
{
	f->t.dir = open_parent(f->path);
	f->t.fd = -1;
	if (f->t.dir >= 0 && os_may("create"))
		f->t.fd = openat(f->t.dir, ".", O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);
	if (f->t.fd >= 0)
		return true;
	if (f->t.dir >= 0)
		close(f->t.dir);
	f->named = temp_open(&f->t, f->path);
	return f->named;
}

static bool
new_name(struct os_new_file *f)
{
	char self[64];
	size_t head = sizeof OS_TEMP_PREFIX - 1;

	if (f->named)
		return true;
	snprintf(self, sizeof self, "/proc/self/fd/%d", f->t.fd);
	memcpy(f->t.name, OS_TEMP_PREFIX, head);
	os_random_hex(f->t.name + head, 16);
	f->named = linkat(AT_FDCWD, self, f->t.dir, f->t.name, AT_SYMLINK_FOLLOW) == 0;
	return f->named;
}

enum status
os_new_file(const char *path, struct os_new_file **ret, struct err *e)
{
	struct os_new_file *f = mem_alloc(1, sizeof *f + strlen(path) + 1);
	enum status s = OK;

	memcpy(f->path, path, strlen(path));
	if (!new_open(f)) {
		s = err_errno(e, "write", path);
		temp_close(&f->t, !f->named);
		mem_free(f);
		return s;
	}
	*ret = f;
	return OK;
}

enum status
os_new_file_write(struct os_new_file *f, struct bytes data, struct err *e)
{
	return write_all(f->t.fd, data.p, data.n) ? OK : err_errno(e, "write", f->path);
}

enum status
os_new_file_sync(struct os_new_file *f, unsigned mode, struct err *e)
{
	return temp_sync(&f->t, mode) ? OK : err_errno(e, "write", f->path);
}

enum status
os_new_file_keep(struct os_new_file *f, unsigned mode, struct err *e)
{
	/* Synced first: that may take long, and who is killed meanwhile leaves nothing. */
	bool done = temp_sync(&f->t, mode) && new_name(f) && temp_place(&f->t, f->path);
	enum status s = done ? OK : err_errno(e, "write", f->path);

	temp_close(&f->t, done || !f->named);
	mem_free(f);
	return s;
}

void
os_new_file_drop(struct os_new_file *f)
{
	if (!f)
		return;
	temp_close(&f->t, !f->named);
	mem_free(f);
}

/* ret_read: whether the fault, if any, was in reading. */
static bool
copy_all(int from, int to, bool *ret_read)
{
	uint8_t piece[COPY_BYTES];
	ssize_t got;

	while ((got = read_some(from, piece, sizeof piece)) > 0)
		if (!write_all(to, piece, (size_t)got))
			return false;
	*ret_read = got < 0;
	return got == 0;
}

enum status
os_copy_file(const char *from, const char *to, unsigned mode, struct err *e)
{
	struct temp t;
	bool done, reading = false;
	int fd = open(from, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_errno(e, "open", from);
	done = temp_open(&t, to) && copy_all(fd, t.fd, &reading)
		&& temp_sync(&t, mode) && temp_place(&t, to);
	temp_close(&t, done);
	close(fd);
	if (done)
		return OK;
	return reading ? err_errno(e, "read", from) : err_errno(e, "write", to);
}
