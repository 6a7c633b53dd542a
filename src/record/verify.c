/*
 * Verifying a register: everything recomputed from the files, the first thing that
 * is wrong named.  Without a passphrase: what the log shows to anybody.
 */
#include "record/record.h"
#include "record/record_int.h"

static bool
is_closed_log(struct str name, size_t n_logs)
{
	uint64_t k;

	return str_u64(str_from(name, 4), &k) && k + 1 < n_logs
		&& (name.n == 5 || name.p[4] != '0');
}

static enum status
check_log_dirs(struct arena *a, const char *path, size_t n_logs, struct err *e)
{
	struct str *names;
	size_t n;
	enum status s = os_list_dir(a, path, &names, &n, e);

	for (size_t i = 0; s == OK && i < n; i++)
		if (str_starts(names[i], "log.") && !is_closed_log(names[i], n_logs))
			s = err_set(e, NO, "%s/" STR_FMT ": a log that the vault does not know", path,
				STR_ARG(names[i]));
	return s;
}

/* What this machine noted when it signed last, if it was this directory that did. */
static enum status
check_state(struct arena *a, struct store_vault *v, const char *path,
	const struct generation *g, uint64_t size, struct err *e)
{
	uint8_t root[SEAL_HASH];
	struct state st;
	enum status s = state_read(a, g->origin, &st, e);

	if (s == NO || (s == OK && !state_is_here(a, &st, path)))
		return OK;
	if (s)
		return s;
	if (st.log.size > size - g->first)
		return err_set(e, NO, "%s: %llu entries were signed, and the vault has %llu",
			state_path(a, g->origin), (unsigned long long)st.log.size,
			(unsigned long long)(size - g->first));
	if ((s = vault_root(v, g->first, st.log.size, root, e)))
		return s;
	return memcmp(root, st.log.root, SEAL_HASH) == 0 ? OK
		: err_set(e, NO, "%s: another root was signed for these %llu entries",
			state_path(a, g->origin), (unsigned long long)st.log.size);
}

static enum status
check_logs(struct arena *a, struct store_vault *v, const char *path,
	struct verify_report *report, struct err *e)
{
	struct generation *g;
	struct checkpoint c;
	uint64_t size;
	size_t n;
	enum status s;

	if ((s = store_vault_check(v, e)) || (s = generations_load(a, v, &g, &n, e))
		|| (s = store_vault_size(v, &size, e)) || (s = check_log_dirs(a, path, n, e)))
		return s;
	for (size_t k = 0; k < n; k++) {
		bool closed = k + 1 < n;
		uint64_t end = closed ? g[k + 1].first : size;
		const char *dir = closed ? str_fmt(a, "%s/log.%zu", path, k).p
			: str_fmt(a, "%s/log", path).p;
		if (end < g[k].first || end > size)
			return err_set(e, NO, "vault.db: log/%zu begins where there is nothing", k);
		if ((s = verify_log(v, dir, &g[k], end, k > 0, closed, &c, e)))
			return s;
	}
	report->entries = size;
	memcpy(report->root, c.root, SEAL_HASH);
	return check_state(a, v, path, &g[n - 1], size, e);
}

static enum status
verify_public(const char *path, struct verify_report *report, struct err *e)
{
	struct arena *a = arena_create(256 << 20);
	struct store_vault *v;
	enum status s = store_vault_open(&v, str_fmt(a, "%s/vault.db", path).p, false, true, e);

	if (s == OK) {
		s = check_logs(a, v, path, report, e);
		store_vault_close(v);
	}
	arena_destroy(a);
	return s;
}

static enum status
verify_secret(const char *path, struct bytes passphrase, bool signatures,
	struct verify_report *report, struct err *e)
{
	struct node *n;
	enum status s = node_open(&n, path, NODE_READ, passphrase, e);

	if (s)
		return s;
	s = store_keys_check(n->keys, e);
	if (s == OK)
		s = verify_records(n, signatures, report, e);
	node_close(n);
	return s;
}

/* A register that is being written changes under our eyes.  One that cannot be locked
 * (a backup, read-only media) is not being written. */
static enum status
keep_writers_out(const char *path, struct os_lock *ret, struct err *e)
{
	struct arena *a = arena_create(1 << 16);
	const char *lock = str_fmt(a, "%s/lock", path).p;
	enum status s = OK;

	ret->fd = -1;
	if (os_exists(lock) && os_lock(lock, ret, e) == NO)
		s = err_set(e, BAD, "%s: another process is writing to it; verify it when that ends",
			path);
	arena_destroy(a);
	return s;
}

enum status
node_verify(const char *path, struct bytes passphrase, const struct verify_options *o,
	struct verify_report *ret, struct err *e)
{
	struct verify_report report = {0};
	struct os_lock lock;
	enum status s;

	if (!node_is_register(path))
		return err_set(e, BAD, "%s: not a register of habeas", path);
	if ((s = keep_writers_out(path, &lock, e)))
		return s;
	s = verify_public(path, &report, e);
	if (s == OK && passphrase.n > 0 && !o->hashes_only)
		s = verify_secret(path, passphrase, o->signatures, &report, e);
	os_unlock(&lock);
	if (s == OK)
		*ret = report;
	/* Whatever is not as it should be is an answer here, not a fault. */
	return s == BAD ? NO : s;
}
