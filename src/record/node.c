/* A node in memory: made, opened, closed, described. */
#include "record/record.h"
#include "record/record_int.h"

enum { NODE_ARENA = 64 << 20 };

static const char marker[] = "habeas register 1\n";

static const char *const file_names[FILES] = {
	[FILE_VAULT] = "vault.db", [FILE_KEYS] = "keys.db", [FILE_LOG] = "log",
	[FILE_CHECKPOINT] = "log/checkpoint", [FILE_BLOBS] = "blobs", [FILE_LOCK] = "lock",
	[FILE_MARKER] = "habeas",
};

bool
node_is_register(const char *path)
{
	struct arena *a = arena_create(1 << 20);
	struct bytes b;
	struct err e;
	bool yes = os_is_dir(path)
		&& os_read_file(a, str_fmt(a, "%s/habeas", path).p, 64, &b, &e) == OK
		&& b.n == sizeof marker - 1 && memcmp(b.p, marker, b.n) == 0;

	arena_destroy(a);
	return yes;
}

static enum status
must_be_register(const char *path, struct err *e)
{
	if (!os_exists(path))
		return err_set(e, BAD, "%s: there is no such directory; \"habeas init\" makes a "
			"register", path);
	if (!node_is_register(path))
		return err_set(e, BAD, "%s: not a register of habeas; \"habeas init\" makes one",
			path);
	return OK;
}

static struct node *
node_alloc(const char *path)
{
	struct node *n = mem_alloc(1, sizeof *n);
	size_t len = strlen(path);

	n->path = mem_alloc(len + 1, 1);
	memcpy(n->path, path, len);
	while (len > 1 && n->path[len - 1] == '/')
		n->path[--len] = '\0';
	n->arena = arena_create(NODE_ARENA);
	for (size_t i = 0; i < FILES; i++)
		n->file[i] = str_fmt(n->arena, "%s/%s", n->path, file_names[i]).p;
	n->people.arena = n->arena;
	n->ring = ring_create();
	n->lock.fd = -1;
	buf_init(&n->boxes, SIZE_MAX);
	return n;
}

void
node_close(struct node *n)
{
	if (!n)
		return;
	tiles_destroy(n->tiles);
	buf_finish(&n->boxes);
	store_vault_close(n->vault);
	store_keys_close(n->keys);
	ring_destroy(n->ring);
	if (n->locked)
		os_unlock(&n->lock);
	arena_destroy(n->arena);
	mem_free(n->path);
	mem_free(n);
}

const struct node_info *node_info(const struct node *n) { return &n->info; }
const char *node_path(const struct node *n) { return n->path; }
const uint8_t *node_index_key(const struct node *n) { return ring_index_key(n->ring); }

enum status
node_must_write(const struct node *n, struct err *e)
{
	if (n->info.read_only)
		return err_set(e, BAD, "%s: read-only, because " STR_FMT "; run \"habeas resume\"",
			n->path, STR_ARG(n->info.read_only_why));
	if (!n->writer)
		return err_set(e, BAD, "%s: opened for reading only", n->path);
	return OK;
}

void
node_refresh_info(struct node *n)
{
	struct node_info *i = &n->info;
	const struct generation *g = node_log(n);
	const struct person *o = people_by_slot(&n->people, ring_holder(n->ring));

	i->organisation = n->people.organisation;
	i->root_key = n->people.root_key;
	i->certificate = n->people.certificate;
	i->certificate_minisig = n->people.certificate_minisig;
	i->origin = g->origin;
	i->log_key = g->vkey;
	i->adopt_key = g->adopt;
	i->size = n->size;
	memcpy(i->log_root, n->published.root, SEAL_HASH);
	i->officer_slot = ring_holder(n->ring);
	memcpy(i->device, seal_signer_public(ring_device(n->ring)), SEAL_PUBLIC);
	if (o) {
		i->officer = o->name;
		i->role = o->role;
	} else if (i->officer_slot == HOLDER_RECOVERY) {
		i->officer = S("");
		i->role = S(ROLE_RECOVERY);
	}
}

/* --- opening ---------------------------------------------------------------------- */

static enum status
open_stores(struct node *n, bool create, bool read_only, struct err *e)
{
	enum status s = store_vault_open(&n->vault, n->file[FILE_VAULT], create, read_only, e);

	return s ? s : store_keys_open(&n->keys, n->file[FILE_KEYS], create, read_only, e);
}

static enum status
take_lock(struct node *n, struct err *e)
{
	enum status s = os_lock(n->file[FILE_LOCK], &n->lock, e);

	n->locked = s == OK;
	/* NO means "nobody's passphrase" here. */
	return s == NO ? err_set(e, BAD, "%s: another process is writing to it; wait until it "
		"ends", n->path) : s;
}

static enum status
read_own(struct arena *a, struct node *n, struct bytes *ret, struct err *e)
{
	enum status s = ring_kept(a, n->ring, n->keys, "own", ret, e);

	return s == NO ? err_set(e, BAD, "%s/keys.db: kept/own is missing", n->path) : s;
}

/* Changes whenever what load_people() finds does; never 0. */
static uint64_t
people_stamp(const struct node *n, struct bytes own)
{
	struct cbor c = cbor_read(own);
	size_t count = cbor_get_array(&c);
	uint64_t there = 0;

	for (size_t i = 0; i < count && cbor_ok(&c); i++)
		there += cbor_get_uint(&c) < n->size;
	return hash64(own, there) | 1;
}

/* Who we are: the records that "own" names.  Positions that an interrupted batch
 * left there hold something else or nothing: passed over. */
static enum status
load_people(struct node *n, struct err *e)
{
	struct bytes v;
	struct cbor c;
	size_t count;
	enum status s = read_own(n->arena, n, &v, e);

	if (s)
		return s;
	n->people_stamp = 0;
	c = cbor_read(v);
	count = cbor_get_array(&c);
	n->own.n = 0;
	n->people.officers.n = 0;
	for (size_t i = 0; i < count; i++) {
		uint64_t pos = cbor_get_uint(&c);
		struct record r;
		if (!cbor_ok(&c))
			break;
		if (pos >= n->size)
			continue;
		if ((s = node_get(n->arena, n, pos, &r, e)))
			return s;
		if (r.erased || !people_concerns(r.kind))
			continue;
		VEC_PUSH(n->arena, &n->own) = pos;
		people_apply(&n->people, &r);
	}
	if (!cbor_done(&c))
		return err_set(e, BAD, "%s/keys.db: kept/own is not as it was written", n->path);
	n->people_stamp = people_stamp(n, v);
	return OK;
}

/* What is loaded of people stays in the node's arena: only when it is news. */
static enum status
follow_people(struct node *n, struct err *e)
{
	struct arena *a = arena_create(NODE_ARENA);
	struct bytes v;
	enum status s = read_own(a, n, &v, e);
	bool news = s == OK && people_stamp(n, v) != n->people_stamp;

	arena_destroy(a);
	return news ? load_people(n, e) : s;
}

static void
copy_because(struct node *n, const char *why)
{
	n->info.read_only = true;
	n->info.read_only_why = str_of(why);
}

/* Is this the directory that signed last, or a copy of it (docs/formats.md, "The
 * state outside")? */
static enum status
judge_place(struct node *n, struct err *e)
{
	const struct generation *g = node_log(n);
	uint8_t root[SEAL_HASH];
	struct state st;
	enum status s = state_read(n->arena, g->origin, &st, e);

	if (s == FAIL)
		return s;
	if (s == NO && n->published.size == 0)
		return OK;
	if (s) {
		copy_because(n, s == NO ? "it is a copy or a restored backup: this machine does "
			"not know what its log signed last"
			: "what this machine noted about its log is damaged");
		return OK;
	}
	if (!state_is_here(n->arena, &st, n->path)) {
		copy_because(n, "it is a copy, or was moved: another directory signed last");
		return OK;
	}
	if (n->size - g->first < st.log.size || n->published.size > n->size - g->first) {
		copy_because(n, "it is older than what its log signed last: a restored backup");
		return OK;
	}
	memcpy(root, n->published.root, SEAL_HASH);
	if (st.log.size != n->published.size
		&& (s = vault_root(n->vault, g->first, st.log.size, root, e)))
		return s;
	if (memcmp(root, st.log.root, SEAL_HASH) != 0)
		copy_because(n, "it is not what its log signed last");
	return OK;
}

static enum status
load_log(struct node *n, struct err *e)
{
	enum status s;

	if ((s = generations_load(n->arena, n->vault, &n->logs, &n->n_logs, e))
		|| (s = store_vault_size(n->vault, &n->size, e)))
		return s;
	if (n->size < node_log(n)->first)
		return err_set(e, BAD, "%s/vault.db: ends before its last log begins", n->path);
	n->published = (struct checkpoint){.origin = node_log(n)->origin};
	s = checkpoint_load(n->file[FILE_LOG], node_log(n)->vkey, &n->published, e);
	if (s == NO)
		merkle_root(NULL, 0, n->published.root);
	return s == NO ? OK : s;
}

/* The writer puts right what a crash left. */
static enum status
take_up(struct node *n, struct err *e)
{
	enum status s;

	if ((s = os_remove_leftovers(n->path, e)) || (s = os_remove_leftovers(n->file[FILE_LOG], e))
		|| (s = os_remove_leftovers(n->file[FILE_BLOBS], e))
		|| (s = store_keys_delete_from(n->keys, n->size, e)) || (s = pending_finish(n, e))
		|| (s = officers_tidy(n, e)) || (s = log_take_up(n, e)))
		return s;
	return node_publish(n, e);
}

static enum status
check_officer(const struct node *n, struct err *e)
{
	const struct person *o = people_by_slot(&n->people, ring_holder(n->ring));

	if (ring_holder(n->ring) == HOLDER_RECOVERY)
		return OK;
	if (!o || memcmp(o->device, seal_signer_public(ring_device(n->ring)), SEAL_PUBLIC) != 0)
		return err_set(e, BAD, "%s: key slot %u belongs to no officer", n->path,
			ring_holder(n->ring));
	return o->revoked ? err_set(e, NO, "%s: the officer \"" STR_FMT "\" is revoked", n->path,
		STR_ARG(o->name)) : OK;
}

struct credentials { struct bytes passphrase; struct str paper; bool recovery; };

static enum status
open_unlocked(struct node *n, const struct credentials *c, struct err *e)
{
	enum status s = c->recovery ? ring_unlock_recovery(n->ring, n->keys, c->paper, e)
		: ring_unlock(n->ring, n->keys, c->passphrase, e);

	if (s)
		return s;
	if ((s = ring_load_secrets(n->ring, n->keys, e)) || (s = load_log(n, e))
		|| (s = load_people(n, e)) || (s = check_officer(n, e)) || (s = judge_place(n, e)))
		return s;
	node_refresh_info(n);
	return OK;
}

enum how { HOW_READ, HOW_WRITE, HOW_WRITE_IF_OURS, HOW_RESUME };

static enum status
open_node(struct node *n, const struct credentials *c, enum how how, struct err *e)
{
	enum status s;

	if ((s = must_be_register(n->path, e)))
		return s;
	n->writer = how != HOW_READ;
	if (n->writer && (s = take_lock(n, e)))
		return s;
	if ((s = open_stores(n, false, !n->writer, e)) || (s = open_unlocked(n, c, e)))
		return s;
	if (how == HOW_WRITE_IF_OURS && n->info.read_only)
		n->writer = false;
	if (!n->writer || how == HOW_RESUME)
		return OK;
	s = node_must_write(n, e);
	return s ? s : take_up(n, e);
}

static enum status
open_how(struct node **ret, const char *path, const struct credentials *c, enum how how,
	struct err *e)
{
	struct node *n = node_alloc(path);
	enum status s = open_node(n, c, how, e);

	if (s)
		node_close(n);
	else
		*ret = n;
	return s;
}

enum status
node_open(struct node **ret, const char *path, enum node_open_as as, struct bytes passphrase,
	struct err *e)
{
	struct credentials c = {.passphrase = passphrase};

	return open_how(ret, path, &c, as == NODE_WRITE ? HOW_WRITE : HOW_READ, e);
}

enum status
node_open_recovery(struct node **ret, const char *path, struct str paper, struct err *e)
{
	struct credentials c = {.paper = paper, .recovery = true};

	return open_how(ret, path, &c, HOW_WRITE_IF_OURS, e);
}

enum status
node_open_to_resume(struct node **ret, const char *path, struct bytes passphrase, struct err *e)
{
	struct credentials c = {.passphrase = passphrase};

	return open_how(ret, path, &c, HOW_RESUME, e);
}

enum status
node_take_up(struct node *n, struct err *e)
{
	n->info.read_only = false;
	n->info.read_only_why = STR_NONE;
	return take_up(n, e);
}

/* Has the log ended since, and another begun? */
static enum status
follow_logs(struct node *n, struct err *e)
{
	struct arena *a = arena_create(1 << 16);
	struct checkpoint c = n->published;
	struct bytes v;
	enum status s = store_vault_get(a, n->vault, str_fmt(a, "log/%zu", n->n_logs).p, &v, e);

	arena_destroy(a);
	if (s == OK)
		return load_log(n, e);
	if (s != NO)
		return s;
	s = checkpoint_load(n->file[FILE_LOG], node_log(n)->vkey, &c, e);
	if (s == OK)
		n->published = c;
	return s == NO ? OK : s;
}

/* What another process wrote since. */
enum status
node_refresh(struct node *n, struct err *e)
{
	enum status s;

	if (n->writer)
		return OK;
	/* An erasure changes the index's key some time after its record. */
	if ((s = store_vault_size(n->vault, &n->size, e))
		|| (s = ring_load_secrets(n->ring, n->keys, e)))
		return s;
	if ((s = follow_logs(n, e)) || (s = follow_people(n, e)) || (s = check_officer(n, e)))
		return s;
	node_refresh_info(n);
	return OK;
}

/* --- resting ---------------------------------------------------------------------- */

enum { LOCK_TRIES = 100, LOCK_PAUSE_MS = 50 };

void
node_rest(struct node *n)
{
	if (!n->writer || !n->locked)
		return;
	n->writer = n->locked = false;
	n->rests = true;
	os_unlock(&n->lock);
}

static enum status
go_on(struct node *n, struct err *e)
{
	enum status s;

	if ((s = node_refresh(n, e)) || (s = judge_place(n, e)))
		return s;
	n->writer = true;
	s = node_must_write(n, e);
	return s ? s : take_up(n, e);
}

enum status
node_go_on(struct node *n, struct err *e)
{
	enum status s = OK;

	if (!n->rests)
		return node_must_write(n, e);
	/* Who writes one answer is soon done. */
	for (int i = 0; i < LOCK_TRIES && (s = take_lock(n, e)) == BAD; i++)
		os_pause_ms(LOCK_PAUSE_MS);
	if (s)
		return s;
	n->rests = false;
	if ((s = go_on(n, e)) != OK) {
		n->writer = true;            /* as far as resting goes */
		node_rest(n);
	}
	return s;
}

/* --- making one ------------------------------------------------------------------- */

/* A directory of `n->path` that nobody knows of yet; node_create renames it. */
enum status
node_begin(struct node **ret, const char *path, struct err *e)
{
	struct node *n = node_alloc(path);
	enum status s;

	n->writer = true;
	if ((s = os_make_dirs(n->path, 0700, e)) || (s = os_make_dirs(n->file[FILE_LOG], 0700, e))
		|| (s = os_make_dirs(n->file[FILE_BLOBS], 0700, e))
		|| (s = os_write_file(n->file[FILE_MARKER], str_bytes(str_of(marker)), 0600, e))
		|| (s = take_lock(n, e)) || (s = open_stores(n, true, false, e)))
		node_close(n);
	else
		*ret = n;
	return s;
}
