/*
 * Backups and their way back.
 *
 * A backup is a directory like the node's own plus a file `backup` that says so.  It
 * is brought up to date in place: new files first, then vault.db and keys.db each by
 * a rename, the vault first; a keys.db.new that stands alone is the second half of
 * that and counts as done.  Then the log, its checkpoint last, and away with what the
 * node no longer has.  So every backup has one keys.db only, the newest.
 */
#include "record/record.h"
#include "record/record_int.h"
#include <limits.h>

enum { DEPTH = 12, ORIGIN_LINE_MOST = 256 };

static const char backup_head[] = "habeas backup 1\n";

static const char *
join(struct arena *a, const char *dir, struct str name)
{
	return str_fmt(a, "%s/" STR_FMT, dir, STR_ARG(name)).p;
}

/* --- trees of files that never change --------------------------------------------- */

/* Copies what `to` lacks; what is there is the same, for these files never change but
 * for checkpoints, which come last. */
static enum status
copy_missing(struct arena *a, const char *from, const char *to, int depth, struct err *e)
{
	struct str *names;
	size_t n;
	enum status s;

	if (depth == 0)
		return err_set(e, BAD, "%s: deeper than any log", from);
	if ((s = os_make_dirs(to, 0700, e)) || (s = os_list_dir(a, from, &names, &n, e)))
		return s;
	for (size_t i = 0; i < n; i++) {
		const char *f = join(a, from, names[i]), *t = join(a, to, names[i]);
		if (os_is_dir(f))
			s = copy_missing(a, f, t, depth - 1, e);
		else if (!str_is(names[i], "checkpoint") && !os_exists(t))
			s = os_copy_file(f, t, 0600, e);
		if (s)
			return s;
	}
	return OK;
}

static enum status
remove_extra(struct arena *a, const char *from, const char *to, int depth, struct err *e)
{
	struct str *names;
	size_t n;
	enum status s = os_list_dir(a, to, &names, &n, e);

	if (s)
		return s;
	for (size_t i = 0; i < n; i++) {
		const char *f = join(a, from, names[i]), *t = join(a, to, names[i]);
		if (!os_exists(f))
			s = os_remove_tree(t, e);
		else if (os_is_dir(t) && depth > 0)
			s = remove_extra(a, f, t, depth - 1, e);
		if (s)
			return s;
	}
	return OK;
}

static enum status
copy_log(struct arena *a, const char *from, const char *to, struct err *e)
{
	const char *checkpoint = join(a, from, S("checkpoint"));
	enum status s = copy_missing(a, from, to, DEPTH, e);

	if (s == OK && os_exists(checkpoint))
		s = os_copy_file(checkpoint, join(a, to, S("checkpoint")), 0600, e);
	return s ? s : remove_extra(a, from, to, DEPTH, e);
}

/* log/ and the closed log.0/, log.1/ … */
static enum status
copy_logs(struct arena *a, const char *from, const char *to, struct err *e)
{
	struct str *names;
	size_t n;
	enum status s = os_list_dir(a, from, &names, &n, e);

	for (size_t i = 0; s == OK && i < n; i++)
		if (str_is(names[i], "log") || str_starts(names[i], "log."))
			s = copy_log(a, join(a, from, names[i]), join(a, to, names[i]), e);
	return s;
}

/* --- backup ----------------------------------------------------------------------- */

/* What SQLite left beside a file that is about to be replaced belongs to the old one. */
static enum status
replace_db(struct arena *a, const char *to, const char *name, struct err *e)
{
	static const char *const beside[] = {"-journal", "-wal", "-shm"};
	const char *path = join(a, to, str_of(name));
	enum status s = OK;

	for (size_t i = 0; s == OK && i < 3; i++) {
		const char *b = str_fmt(a, "%s%s", path, beside[i]).p;
		if (os_exists(b))
			s = os_remove(b, e);
	}
	return s ? s : os_rename(str_fmt(a, "%s.new", path).p, path, e);
}

static bool
is_empty(struct arena *a, const char *dir)
{
	struct str *names;
	struct err e;
	size_t n = 0;

	return os_list_dir(a, dir, &names, &n, &e) == OK && n == 0;
}

static struct str
backup_text(struct arena *a, const struct node *n)
{
	return str_fmt(a, "%s" STR_FMT "\n", backup_head, STR_ARG(n->logs[0].origin));
}

/* A new directory, or an earlier backup of this node. */
static enum status
prepare(struct arena *a, struct node *n, const char *to, struct err *e)
{
	const char *says = join(a, to, S("backup"));
	struct str text = backup_text(a, n);
	struct bytes b;
	enum status s;

	if (!os_exists(to) || is_empty(a, to)) {
		s = os_make_dirs(to, 0700, e);
		return s ? s : os_write_file(says, str_bytes(text), 0600, e);
	}
	s = os_is_dir(says) ? NO : os_read_file(a, says, ORIGIN_LINE_MOST, &b, e);
	if (s == FAIL)
		return s;
	if (s)
		return err_set(e, BAD, "%s: not empty and not a backup; give the name of a new "
			"directory or of an earlier backup", to);
	if (!bytes_eq(b, str_bytes(text)))
		return err_set(e, BAD, "%s: a backup of another node; give another directory", to);
	return os_remove_leftovers(to, e);
}

static enum status
copy_dbs(struct arena *a, struct node *n, const char *to, struct err *e)
{
	const char *vault = join(a, to, S("vault.db.new")), *keys = join(a, to, S("keys.db.new"));
	enum status s;

	/* A keys.db.new that stands alone is the end of an earlier copy: see above. */
	if (os_exists(keys) && !os_exists(vault) && (s = replace_db(a, to, "keys.db", e)))
		return s;
	if ((s = os_remove(keys, e)) || (s = os_remove(vault, e))
		|| (s = store_vault_copy(n->vault, vault, e))
		|| (s = store_keys_copy(n->keys, keys, e))
		|| (s = replace_db(a, to, "vault.db", e)))
		return s;
	return replace_db(a, to, "keys.db", e);
}

static enum status
copy_node(struct arena *a, struct node *n, const char *to, struct err *e)
{
	const char *blobs = join(a, to, S("blobs"));
	enum status s;

	if ((s = copy_missing(a, n->file[FILE_BLOBS], blobs, 1, e)) || (s = copy_dbs(a, n, to, e))
		|| (s = copy_logs(a, n->path, to, e))
		|| (s = remove_extra(a, n->file[FILE_BLOBS], blobs, 0, e)))
		return s;
	return os_copy_file(n->file[FILE_MARKER], join(a, to, S("habeas")), 0600, e);
}

/* Whether `to`, which may not be there yet, is at or below `directory`. */
static bool
lies_inside(struct arena *a, const char *to, const char *directory)
{
	char *parent = str_cstr(a, str_of(to)), *slash;
	char whole[PATH_MAX], here[PATH_MAX];
	size_t n;

	while (!realpath(parent, whole)) {
		slash = strrchr(parent, '/');
		if (!slash || slash == parent)
			parent = str_cstr(a, slash ? S("/") : S("."));
		else
			*slash = '\0';
	}
	if (!realpath(directory, here))
		return false;
	n = strlen(here);
	return strncmp(whole, here, n) == 0 && (whole[n] == '/' || whole[n] == '\0');
}

enum status
node_backup(struct node *n, const char *to, struct err *e)
{
	struct arena *a;
	char whole[PATH_MAX];
	enum status s;

	if ((s = node_must_write(n, e)) || (s = node_publish(n, e)))
		return s;
	a = arena_create((size_t)1 << 30);
	s = lies_inside(a, to, n->path) ? err_set(e, BAD, "%s: lies inside the register, where a "
		"backup is lost with it; give the name of a directory elsewhere", to)
		: prepare(a, n, to, e);
	if (s == OK && !realpath(to, whole))
		s = err_errno(e, "find", to);
	/* Known before it holds anything; fresh only when it is whole. */
	if (s == OK)
		s = backups_note(n, str_of(whole), true, e);
	if (s == OK)
		s = copy_node(a, n, to, e);
	if (s == OK)
		s = backups_note(n, str_of(whole), false, e);
	arena_destroy(a);
	return s;
}

/* --- restore ---------------------------------------------------------------------- */

static enum status
restore_vault(struct arena *a, const char *from, const char *to, struct err *e)
{
	struct store_vault *v;
	enum status s = store_vault_open(&v, join(a, from, S("vault.db")), false, true, e);

	if (s)
		return s;
	s = store_vault_copy(v, join(a, to, S("vault.db")), e);
	store_vault_close(v);
	return s;
}

static enum status
restore_keys(struct arena *a, const char *from, const char *to, struct err *e)
{
	const char *fresh = join(a, from, S("keys.db.new"));
	bool half = os_exists(fresh) && !os_exists(join(a, from, S("vault.db.new")));
	struct store_keys *k;
	enum status s = store_keys_open(&k, half ? fresh : join(a, from, S("keys.db")), false, true,
		e);

	if (s)
		return s;
	s = store_keys_copy(k, join(a, to, S("keys.db")), e);
	store_keys_close(k);
	return s;
}

static enum status
restore_all(struct arena *a, const char *from, const char *to, struct err *e)
{
	enum status s;

	if ((s = os_make_dirs(to, 0700, e)) || (s = restore_vault(a, from, to, e))
		|| (s = restore_keys(a, from, to, e))
		|| (s = copy_missing(a, join(a, from, S("blobs")), join(a, to, S("blobs")), 1, e))
		|| (s = copy_logs(a, from, to, e)))
		return s;
	return os_copy_file(join(a, from, S("habeas")), join(a, to, S("habeas")), 0600, e);
}

enum status
node_restore(const char *from, const char *to, struct err *e)
{
	struct arena *a;
	struct err ignored;
	const char *tmp;
	uint8_t id[8];
	enum status s;

	if (!node_is_register(from))
		return err_set(e, BAD, "%s: not a whole backup of a register", from);
	if (os_exists(to))
		return err_set(e, BAD, "%s: exists already; give the name of a new directory", to);
	a = arena_create((size_t)1 << 30);
	seal_random(id, sizeof id);
	tmp = str_fmt(a, "%s.tmp-" STR_FMT, to, STR_ARG(hex_encode(a, BYTES(id)))).p;
	s = restore_all(a, from, tmp, e);
	if (s == OK)
		s = os_rename(tmp, to, e);
	/* What cannot be removed stays under a name that nobody opens. */
	if (s && os_remove_tree(tmp, &ignored))
		ignored.status = FAIL;
	arena_destroy(a);
	return s;
}
