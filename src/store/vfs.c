/*
 * The seam between SQLite and the disk: a shim over its unix VFS, one for each open
 * database, through which every read and write of ours goes.  It does four things.
 *
 * - It asks os_step() before each operation that changes the disk, so that tests
 *   can make the n-th of them fail or be the last.
 * - It seals the pages of the index.  SQLite leaves the last 40 bytes of each page
 *   alone (SQLITE_FCNTL_RESERVE_BYTES); nonce and tag go there.  Never a byte of it
 *   is written otherwise: there is no journal file, no WAL, no temporary file, the
 *   shim refuses to open any.  Nor are there holes: where SQLite writes past the end
 *   the pages between are sealed zeros, so that a page of zeros is no page.
 * - It keeps the mark.  The index has its rollback journal in memory; who is killed
 *   while writing leaves a ruin.  So PATH.dirty is made before the first write and
 *   removed after the commit.  Both happen under the exclusive lock; so whoever gets
 *   the shared lock and sees the mark knows that its maker is dead.
 * - It leaves nothing of what was deleted.  SQLite's secure_delete zeroes what a
 *   deleted row took up, but when it moves rows to another page (rebuildPage() in
 *   its btree.c) their old bytes stay in the gap between a page's pointers and its
 *   cells.  The gap is zeroed here.  And the rollback journal, which holds the pages
 *   as they were, is overwritten before it is emptied, when told so.
 *
 * SQLite's file format: https://www.sqlite.org/fileformat2.html.
 */
#include "store/store_int.h"
#include <errno.h>

struct file {
	sqlite3_file base;
	struct store_vfs *v;
	bool journal;
	bool marked;                  /* our own mark stands */
	int lock;
	sqlite3_int64 end;            /* of a sealed file being written: its length */
	uint8_t *scratch;             /* a page */
	size_t scratch_bytes;
	/* The real file follows: SQLite gives vfs.szOsFile bytes for both. */
};

static sqlite3_file *
real(sqlite3_file *f)
{
	return (sqlite3_file *)((struct file *)(void *)f + 1);
}

static struct file *
ours(sqlite3_file *f)
{
	return (struct file *)(void *)f;
}

/* SQLITE_OK, or what the operation must fail with. */
static int
may(struct store_vfs *v, const char *what, int code)
{
	int error = os_step(what);

	if (!error)
		return SQLITE_OK;
	v->error = error;
	return error == ENOSPC ? SQLITE_FULL : code;
}

/* --- the mark ---------------------------------------------------------------------- */

static int
mark_make(struct file *f)
{
	struct store_vfs *v = f->v;

	if (f->marked || !v->mark)
		return SQLITE_OK;
	errno = 0;
	if (os_write_file(v->mark, (struct bytes){0}, 0600, NULL) != OK) {
		v->error = errno;
		return errno == ENOSPC ? SQLITE_FULL : SQLITE_IOERR_WRITE;
	}
	f->marked = true;
	return real(&f->base)->pMethods->xFileSize(real(&f->base), &f->end);
}

/* Only after a commit: after a rollback of what had reached the file it stays, since
 * nothing proves that all was put back. */
static void
mark_remove(struct file *f)
{
	/* If it cannot be removed the index is rebuilt once more than need be. */
	if (f->marked && os_remove(f->v->mark, NULL) == OK)
		f->marked = false;
}

/* --- pages ------------------------------------------------------------------------- */

static uint8_t *
scratch(struct file *f, size_t n)
{
	if (f->scratch_bytes < n) {
		f->scratch = mem_grow(f->scratch, n, 1);
		f->scratch_bytes = n;
	}
	return f->scratch;
}

static int
read_page(struct file *f, uint8_t *page, uint64_t number)
{
	struct store_vfs *v = f->v;
	sqlite3_file *r = real(&f->base);
	int rc = r->pMethods->xRead(r, page, STORE_PAGE,
		(sqlite3_int64)(number - 1) * STORE_PAGE);

	if (rc == SQLITE_OK && !v->cipher->open(v->cipher->key, number, page, STORE_PAGE)) {
		v->refused = true;
		return SQLITE_IOERR_DATA;
	}
	return rc;
}

static int
read_sealed(struct file *f, void *out, int n, sqlite3_int64 off)
{
	uint64_t number = (uint64_t)off / STORE_PAGE + 1;
	size_t at = (size_t)(off % STORE_PAGE);
	uint8_t *page;
	int rc;

	if (at == 0 && n == STORE_PAGE) {
		rc = read_page(f, out, number);
		/* SQLite asks for no page past the end: this one was cut, and is not the
		 * zeros that it would take it for. */
		f->v->refused |= rc == SQLITE_IOERR_SHORT_READ;
		return rc == SQLITE_IOERR_SHORT_READ ? SQLITE_IOERR_DATA : rc;
	}
	/* Parts of the first page: its header, its change counter. */
	invariant(n > 0 && at + (size_t)n <= STORE_PAGE);
	page = scratch(f, STORE_PAGE);
	rc = read_page(f, page, number);
	if (rc == SQLITE_OK)
		memcpy(out, page + at, (size_t)n);
	else
		memset(out, 0, (size_t)n);
	/* SQLite looks at the header once before it has a lock, when somebody may be
	 * writing it; what it sees then does not bind it. */
	if (rc == SQLITE_IOERR_DATA && f->lock == SQLITE_LOCK_NONE) {
		f->v->refused = false;
		return SQLITE_IOERR_SHORT_READ;
	}
	return rc;
}

static int
write_real(struct file *f, const void *p, int n, sqlite3_int64 off)
{
	sqlite3_file *r = real(&f->base);
	int rc = may(f->v, "write", SQLITE_IOERR_WRITE);

	return rc ? rc : r->pMethods->xWrite(r, p, n, off);
}

static int
write_page(struct file *f, const void *p, sqlite3_int64 off)
{
	const struct store_cipher *c = f->v->cipher;
	uint8_t *page = scratch(f, STORE_PAGE);

	if (p)
		memcpy(page, p, STORE_PAGE);
	else
		memset(page, 0, STORE_PAGE);
	c->close(c->key, (uint64_t)off / STORE_PAGE + 1, page, STORE_PAGE);
	return write_real(f, page, STORE_PAGE, off);
}

static int
write_sealed(struct file *f, const void *p, int n, sqlite3_int64 off)
{
	int rc = mark_make(f);

	invariant(n == STORE_PAGE && off % STORE_PAGE == 0);
	while (!rc && f->end < off) {
		rc = write_page(f, NULL, f->end);
		f->end += STORE_PAGE;
	}
	if (!rc)
		rc = write_page(f, p, off);
	if (!rc && f->end < off + STORE_PAGE)
		f->end = off + STORE_PAGE;
	return rc;
}

static size_t
be16(const uint8_t *p)
{
	return (size_t)p[0] << 8 | p[1];
}

/* Zero the gap of a b-tree page.  Its header stands at the page's start, in page 1
 * after the file's 100 bytes: type, first freeblock, number of cells, where their
 * content begins (0: 65536), fragments, and in an interior page the right child.
 * Other pages begin with a page number, which max_page_count keeps below 2^25, so
 * that their first byte is none of the four types. */
static void
zero_gap(uint8_t *page, size_t n, bool first)
{
	uint8_t *h = page + (first ? 100 : 0);
	size_t pointers, content;

	if (h[0] != 2 && h[0] != 5 && h[0] != 10 && h[0] != 13)
		return;
	pointers = (size_t)(h - page) + (h[0] < 8 ? 12u : 8u) + 2 * be16(h + 3);
	content = be16(h + 5) ? be16(h + 5) : 65536;
	if (pointers < content && content <= n)
		memset(page + pointers, 0, content - pointers);
}

static int
write_plain(struct file *f, const void *p, int n, sqlite3_int64 off)
{
	uint8_t *page;

	if (f->journal || n < 512)
		return write_real(f, p, n, off);
	page = scratch(f, (size_t)n);
	memcpy(page, p, (size_t)n);
	zero_gap(page, (size_t)n, off == 0);
	return write_real(f, page, n, off);
}

/* --- the journal's end --------------------------------------------------------------- */

/* First the header, and that durably: without it the journal is no journal, which
 * is the commit.  Only then the rest, or a crash would find half a journal to play
 * back. */
static int
scrub(struct file *f)
{
	static const uint8_t zeros[4096];
	sqlite3_file *r = real(&f->base);
	sqlite3_int64 size = 0;
	int rc = r->pMethods->xFileSize(r, &size);

	for (sqlite3_int64 at = 0; !rc && at < size;) {
		int n = at == 0 ? 512 : (int)sizeof zeros;
		if (n > size - at)
			n = (int)(size - at);
		rc = write_real(f, zeros, n, at);
		at += n;
		if (!rc && (at <= 512 || at == size))
			rc = may(f->v, "fsync", SQLITE_IOERR_FSYNC);
		if (!rc && (at <= 512 || at == size))
			rc = r->pMethods->xSync(r, SQLITE_SYNC_NORMAL);
	}
	return rc;
}

/* --- SQLite's file methods ------------------------------------------------------------ */

static int
file_close(sqlite3_file *f)
{
	int rc = real(f)->pMethods ? real(f)->pMethods->xClose(real(f)) : SQLITE_OK;

	mem_free(ours(f)->scratch);
	ours(f)->scratch = NULL;
	return rc;
}

static int
file_read(sqlite3_file *f, void *p, int n, sqlite3_int64 off)
{
	if (ours(f)->v->cipher)
		return read_sealed(ours(f), p, n, off);
	return real(f)->pMethods->xRead(real(f), p, n, off);
}

static int
file_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 off)
{
	return ours(f)->v->cipher ? write_sealed(ours(f), p, n, off)
		: write_plain(ours(f), p, n, off);
}

static int
file_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	struct file *o = ours(f);
	int rc = SQLITE_OK;

	if (o->journal && o->v->scrub && size == 0)
		rc = scrub(o);
	else if (!o->journal)
		rc = mark_make(o);
	if (!rc)
		rc = may(o->v, "truncate", SQLITE_IOERR_TRUNCATE);
	if (!rc)
		rc = real(f)->pMethods->xTruncate(real(f), size);
	if (!rc && o->end > size)
		o->end = size;
	return rc;
}

static int
file_sync(sqlite3_file *f, int flags)
{
	int rc = may(ours(f)->v, "fsync", SQLITE_IOERR_FSYNC);

	return rc ? rc : real(f)->pMethods->xSync(real(f), flags);
}

static int
file_size(sqlite3_file *f, sqlite3_int64 *ret)
{
	return real(f)->pMethods->xFileSize(real(f), ret);
}

static int
file_lock(sqlite3_file *f, int level)
{
	struct file *o = ours(f);
	int was = o->lock, rc = real(f)->pMethods->xLock(real(f), level);

	if (rc)
		return rc;
	o->lock = level;
	/* Whoever writes holds the file alone: this mark is a dead one's, or our own
	 * from a transaction that failed. */
	if (was == SQLITE_LOCK_NONE && o->v->mark && os_exists(o->v->mark)) {
		o->v->stale = true;
		real(f)->pMethods->xUnlock(real(f), SQLITE_LOCK_NONE);
		o->lock = SQLITE_LOCK_NONE;
		return SQLITE_IOERR_LOCK;
	}
	return SQLITE_OK;
}

static int
file_unlock(sqlite3_file *f, int level)
{
	ours(f)->lock = level;
	return real(f)->pMethods->xUnlock(real(f), level);
}

static int
file_reserved(sqlite3_file *f, int *ret)
{
	return real(f)->pMethods->xCheckReservedLock(real(f), ret);
}

static int
file_control(sqlite3_file *f, int op, void *arg)
{
	switch (op) {
	case SQLITE_FCNTL_COMMIT_PHASETWO:
		mark_remove(ours(f));
		return SQLITE_NOTFOUND;
	case SQLITE_FCNTL_SIZE_HINT:
	case SQLITE_FCNTL_CHUNK_SIZE:       /* would make holes */
		return SQLITE_NOTFOUND;
	default:
		return real(f)->pMethods->xFileControl(real(f), op, arg);
	}
}

static int
file_sector(sqlite3_file *f)
{
	return real(f)->pMethods->xSectorSize(real(f));
}

static int
file_device(sqlite3_file *f)
{
	/* Nothing cleverer than what the shim sees of it. */
	return real(f)->pMethods->xDeviceCharacteristics(real(f))
		& SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* Version 1: no shared memory, hence no WAL, and no mapping into memory. */
static const sqlite3_io_methods methods = {
	.iVersion = 1, .xClose = file_close, .xRead = file_read, .xWrite = file_write,
	.xTruncate = file_truncate, .xSync = file_sync, .xFileSize = file_size,
	.xLock = file_lock, .xUnlock = file_unlock, .xCheckReservedLock = file_reserved,
	.xFileControl = file_control, .xSectorSize = file_sector,
	.xDeviceCharacteristics = file_device,
};

/* --- SQLite's file system methods ------------------------------------------------------ */

static struct store_vfs *
shim(sqlite3_vfs *v)
{
	return v->pAppData;
}

static int
vfs_open(sqlite3_vfs *v, sqlite3_filename name, sqlite3_file *f, int flags, int *ret_flags)
{
	struct file *o = ours(f);
	bool journal = flags & SQLITE_OPEN_MAIN_JOURNAL;
	int rc = SQLITE_OK;

	memset(f, 0, (size_t)v->szOsFile);
	if (!name || !(journal ? !shim(v)->cipher : (flags & SQLITE_OPEN_MAIN_DB) != 0))
		return SQLITE_CANTOPEN;
	if ((flags & SQLITE_OPEN_CREATE) && !os_exists(name))
		rc = may(shim(v), "create", SQLITE_CANTOPEN);
	if (!rc)
		rc = shim(v)->real->xOpen(shim(v)->real, name, real(f), flags, ret_flags);
	if (rc)
		return rc;
	o->v = shim(v);
	o->journal = journal;
	o->base.pMethods = &methods;
	return SQLITE_OK;
}

static int
vfs_delete(sqlite3_vfs *v, const char *name, int sync)
{
	int rc = may(shim(v), "unlink", SQLITE_IOERR_DELETE);

	return rc ? rc : shim(v)->real->xDelete(shim(v)->real, name, sync);
}

static int
vfs_access(sqlite3_vfs *v, const char *name, int flags, int *ret)
{
	/* Asked are journals: a sealed file has none, whatever somebody put there. */
	if (shim(v)->cipher) {
		*ret = 0;
		return SQLITE_OK;
	}
	return shim(v)->real->xAccess(shim(v)->real, name, flags, ret);
}

static int
vfs_path(sqlite3_vfs *v, const char *name, int n, char *ret)
{
	return shim(v)->real->xFullPathname(shim(v)->real, name, n, ret);
}

static int
vfs_random(sqlite3_vfs *v, int n, char *ret)
{
	return shim(v)->real->xRandomness(shim(v)->real, n, ret);
}

static int
vfs_sleep(sqlite3_vfs *v, int us)
{
	return shim(v)->real->xSleep(shim(v)->real, us);
}

static int
vfs_time(sqlite3_vfs *v, double *ret)
{
	return shim(v)->real->xCurrentTime(shim(v)->real, ret);
}

static int
vfs_last_error(sqlite3_vfs *v, int n, char *ret)
{
	return shim(v)->real->xGetLastError(shim(v)->real, n, ret);
}

struct store_vfs *
store_vfs_create(const struct store_cipher *c, bool with_mark, const char *path)
{
	size_t room = strlen(path) + sizeof ".dirty";
	struct store_vfs *v = mem_alloc(1, sizeof *v);
	sqlite3_vfs *r = sqlite3_vfs_find("unix");

	invariant(r != NULL);
	v->real = r;
	v->cipher = c;
	if (with_mark) {
		v->mark = mem_alloc(room, 1);
		snprintf(v->mark, room, "%s.dirty", path);
	}
	snprintf(v->name, sizeof v->name, "habeas-%p", (void *)v);
	/* No xDlOpen and its kin: nothing is ever loaded. */
	v->vfs = (sqlite3_vfs){
		.iVersion = 1, .szOsFile = (int)sizeof(struct file) + r->szOsFile,
		.mxPathname = r->mxPathname, .zName = v->name, .pAppData = v,
		.xOpen = vfs_open, .xDelete = vfs_delete, .xAccess = vfs_access,
		.xFullPathname = vfs_path, .xRandomness = vfs_random, .xSleep = vfs_sleep,
		.xCurrentTime = vfs_time, .xGetLastError = vfs_last_error,
	};
	invariant(sqlite3_vfs_register(&v->vfs, 0) == SQLITE_OK);
	return v;
}

void
store_vfs_destroy(struct store_vfs *v)
{
	if (!v)
		return;
	sqlite3_vfs_unregister(&v->vfs);
	mem_free(v->mark);
	mem_free(v);
}

bool
store_vfs_has_bytes(struct store_vfs *v, const char *path)
{
	int there = 0;

	/* In SQLite's unix VFS an empty file does not exist. */
	return v->real->xAccess(v->real, path, SQLITE_ACCESS_EXISTS, &there) == SQLITE_OK
		&& there;
}
