/*
 * A copied or restored directory: may it go on with its log, or must the log end and
 * another begin (docs/formats.md, "The state outside")?
 *
 * An ended log is never signed again.  What is to be done stands in keys.db first
 * ("succession", sealed), so that each step may be the last before a crash.
 */
#include "record/record.h"
#include "record/record_int.h"

struct findings {
	bool unmoved;                 /* the state outside knows of nothing newer, here */
	bool confirmed;               /* a partner's checkpoint is exactly ours */
	bool newer;                   /* something else was signed */
	struct checkpoint last;       /* the largest that is known */
	struct str last_note;
};

/* --- what is known ---------------------------------------------------------------- */

static enum status
agrees(struct node *n, const struct checkpoint *c, bool *ret, struct err *e)
{
	const struct generation *g = node_log(n);
	uint8_t root[SEAL_HASH];
	enum status s;

	if (c->size > n->size - g->first) {
		*ret = false;
		return OK;
	}
	if ((s = vault_root(n->vault, g->first, c->size, root, e)))
		return s;
	*ret = memcmp(root, c->root, SEAL_HASH) == 0;
	return OK;
}

/* The state outside speaks for this machine only: that of another came here by being
 * copied along, and the other machine may have signed since. */
static enum status
ask_state(struct arena *a, struct node *n, struct findings *f, struct err *e)
{
	struct state st;
	bool same;
	enum status s = state_read(a, node_log(n)->origin, &st, e);

	if (s == NO || s == BAD)
		return OK;
	if (s || (s = agrees(n, &st.log, &same, e)))
		return s;
	f->unmoved = same && st.log.size >= n->published.size
		&& state_is_this_machine(a, &st);
	f->newer |= !same;
	return OK;
}

static enum status
ask_checkpoint(struct arena *a, struct node *n, const char *path, struct findings *f,
	struct err *e)
{
	struct checkpoint c;
	struct note_key k;
	struct bytes note;
	size_t lines;
	bool same;
	enum status s = os_read_file(a, path, CHECKPOINT_MOST, &note, e);

	invariant(vkey_read(node_log(n)->vkey, &k));
	if (s == OK && (s = checkpoint_check(bytes_str(note), &k, &c, &lines, e)))
		err_prefix(e, "%s", path);
	if (s == NO)
		return BAD;
	if (s || (s = agrees(n, &c, &same, e)))
		return s;
	f->newer |= !same || c.size > n->published.size;
	f->confirmed |= same && c.size == n->published.size;
	if (!f->last_note.p || c.size > f->last.size) {
		f->last = c;
		f->last_note = bytes_str(note);
	}
	return OK;
}

static enum status
look(struct arena *a, struct node *n, const char *const *checkpoints, size_t count,
	struct findings *f, struct err *e)
{
	struct bytes own;
	enum status s = ask_state(a, n, f, e);

	for (size_t i = 0; s == OK && i < count; i++)
		s = ask_checkpoint(a, n, checkpoints[i], f, e);
	if (s == OK && (!f->last_note.p || f->last.size < n->published.size)
		&& (s = os_read_file(a, n->file[FILE_CHECKPOINT], CHECKPOINT_MOST, &own, e)) == OK) {
		f->last = n->published;
		f->last_note = bytes_str(own);
	}
	return s == NO ? OK : s;
}

/* --- ending a log ----------------------------------------------------------------- */

struct ending {
	uint64_t first;               /* position of the succession */
	uint64_t closed;              /* number of the generation that ends */
	uint8_t seed[SEAL_KEY];       /* of the new log key */
	struct generation log;
	struct str checkpoint, reason;
};

static enum status
keep_ending(struct node *n, const struct ending *x, struct err *e)
{
	struct buf b;
	enum status s;

	buf_init(&b, 1 << 20);
	cbor_put_array(&b, 6);
	cbor_put_uint(&b, x->first);
	cbor_put_uint(&b, x->closed);
	cbor_put_bytes(&b, BYTES(x->seed));
	cbor_put_text(&b, x->log.origin);
	cbor_put_text(&b, x->checkpoint);
	cbor_put_text(&b, x->reason);
	s = ring_keep(n->ring, n->keys, "succession", buf_bytes(&b), e);
	buf_finish(&b);
	return s;
}

static bool
read_ending(struct arena *a, struct bytes v, struct ending *ret)
{
	struct cbor c = cbor_read(v);
	bool six = cbor_get_array(&c) == 6;
	struct bytes seed;

	ret->first = cbor_get_uint(&c);
	ret->closed = cbor_get_uint(&c);
	seed = cbor_get_bytes_n(&c, SEAL_KEY);
	ret->log.origin = cbor_get_text(&c);
	ret->checkpoint = cbor_get_text(&c);
	ret->reason = cbor_get_text(&c);
	if (!six || !cbor_done(&c))
		return false;
	memcpy(ret->seed, seed.p, SEAL_KEY);
	ret->log.origin = str_dup(a, ret->log.origin);
	ret->log.first = ret->first;
	return true;
}

static enum status
close_log(struct node *n, const struct ending *x, struct err *e)
{
	struct arena *a = arena_create(1 << 16);
	const char *closed = str_fmt(a, "%s.%llu", n->file[FILE_LOG],
		(unsigned long long)x->closed).p;
	enum status s = OK;

	if (!os_exists(closed))
		s = os_rename(n->file[FILE_LOG], closed, e);
	arena_destroy(a);
	return s ? s : os_make_dirs(n->file[FILE_LOG], 0700, e);
}

static enum status
begin_log(struct node *n, struct ending *x, struct err *e)
{
	struct generation *logs;
	enum status s;

	if ((s = ring_new_log_key(n->ring, x->seed, n->keys, e)))
		return s;
	x->log.vkey = vkey_make(n->arena, x->log.origin, seal_signer_public(ring_log(n->ring)));
	x->log.adopt = n->logs[0].adopt;
	if ((s = generation_put(n->vault, (size_t)x->closed + 1, &x->log, e)))
		return s;
	logs = NEWS(n->arena, struct generation, (size_t)x->closed + 2);
	memcpy(logs, n->logs, ((size_t)x->closed + 1) * sizeof *logs);
	logs[x->closed + 1] = x->log;
	n->logs = logs;
	n->n_logs = (size_t)x->closed + 2;
	return OK;
}

static enum status
append_succession(struct node *n, const struct ending *x, struct err *e)
{
	struct arena *a = arena_create(4 << 20);
	struct draft d = {.kind = kind_number("succession"), .class = 1};
	enum status s;

	d.slot[field_slot("succession", "checkpoint")] = value_text(a, x->checkpoint);
	d.slot[field_slot("succession", "reason")] = value_text(a, x->reason);
	d.slot[field_slot("succession", "log-key")] = value_text(a, x->log.vkey);
	s = node_append(n, &d, 1, NULL, NULL, e);
	arena_destroy(a);
	return s;
}

static enum status
end_log(struct node *n, struct ending *x, struct err *e)
{
	struct checkpoint *p = &n->published;
	enum status s;

	n->info.read_only = false;
	if ((s = close_log(n, x, e)) || (s = begin_log(n, x, e)))
		return s;
	*p = (struct checkpoint){.origin = x->log.origin};
	merkle_root(NULL, 0, p->root);
	s = checkpoint_load(n->file[FILE_LOG], x->log.vkey, p, e);
	if (s != OK && s != NO)
		return s;
	node_refresh_info(n);
	if (n->size == x->first && (s = append_succession(n, x, e)))
		return s;
	if ((s = node_take_up(n, e)))
		return s;
	return ring_keep(n->ring, n->keys, "succession", (struct bytes){NULL, 0}, e);
}

/* NO: none was begun. */
static enum status
finish_ending(struct node *n, struct err *e)
{
	struct arena *a = arena_create(4 << 20);
	struct ending x;
	struct bytes v;
	enum status s = ring_kept(a, n->ring, n->keys, "succession", &v, e);

	if (s == OK)
		s = read_ending(n->arena, v, &x) ? end_log(n, &x, e)
			: err_set(e, BAD, "%s/keys.db: kept/succession is not as it was written",
				n->path);
	seal_wipe(&x, sizeof x);
	arena_destroy(a);
	return s;
}

static enum status
start_ending(struct node *n, const struct findings *f, struct err *e)
{
	struct ending x = {.first = n->size, .closed = n->n_logs - 1};
	uint8_t id[8];
	enum status s;

	if (!role_may_write(n->info.role, kind_number("succession")))
		return err_set(e, BAD, "%s: its log must end and another begin, which a " STR_FMT
			" may not decide", n->path, STR_ARG(n->info.role));
	if (n->size == node_log(n)->first)
		return err_set(e, BAD, "%s: its log has no entries yet; make the register anew",
			n->path);
	seal_random(x.seed, sizeof x.seed);
	seal_random(id, sizeof id);
	x.log.origin = str_fmt(n->arena, ORIGIN_PREFIX STR_FMT,
		STR_ARG(hex_encode(n->arena, BYTES(id))));
	x.checkpoint = f->last_note.p ? f->last_note : S("");
	x.reason = f->newer ? S("something newer was signed elsewhere")
		: S("nobody can say whether something newer was signed");
	s = keep_ending(n, &x, e);
	seal_wipe(&x, sizeof x);
	return s ? s : finish_ending(n, e);
}

/* --- resume ----------------------------------------------------------------------- */

static enum status
go_on(struct node *n, struct err *e)
{
	enum status s = state_write(&n->published, n->path, e);

	return s ? s : node_take_up(n, e);
}

static enum status
decide(struct arena *a, struct node *n, const char *const *checkpoints, size_t count,
	struct str *ret_line, struct err *e)
{
	struct findings f = {0};
	enum status s = finish_ending(n, e);

	if (s == OK)
		*ret_line = S("the successor of its log, begun before, is complete");
	if (s != NO)
		return s;
	if (!n->info.read_only) {
		*ret_line = S("it is no copy: nothing to decide");
		return node_take_up(n, e);
	}
	if ((s = look(a, n, checkpoints, count, &f, e)))
		return s;
	if (!f.newer && (f.unmoved || f.confirmed)) {
		*ret_line = f.confirmed
			? S("its log goes on: a partner holds exactly its last checkpoint")
			: S("its log goes on: it was moved, and nothing newer was signed here");
		return go_on(n, e);
	}
	s = start_ending(n, &f, e);
	if (s == OK)
		*ret_line = str_fmt(a, "its log has ended, because %s; the log " STR_FMT " begins. "
			"Certify its key with the root key, and give it to your partners",
			f.newer ? "something newer was signed elsewhere"
			: "nobody can say whether something newer was signed",
			STR_ARG(node_log(n)->origin));
	return s;
}

enum status
node_resume(const char *path, struct bytes passphrase, const char *const *checkpoints,
	size_t n_checkpoints, struct arena *a, struct str *ret_line, struct err *e)
{
	struct node *n;
	struct arena *tmp;
	struct str line;
	enum status s = node_open_to_resume(&n, path, passphrase, e);

	if (s)
		return s;
	/* Which of two directories goes on is not for whoever may only write. */
	if (!role_may(n->info.role, "resume")) {
		s = err_set(e, BAD, "%s: the role " STR_FMT " may not resume; ask an administrator",
			path, STR_ARG(n->info.role));
		node_close(n);
		return s;
	}
	tmp = arena_create(64 << 20);
	s = decide(tmp, n, checkpoints, n_checkpoints, &line, e);
	if (s == OK)
		*ret_line = str_dup(a, line);
	arena_destroy(tmp);
	node_close(n);
	return s;
}

/* --- the root key says that this log is ours -------------------------------------- */

enum status
node_certify(struct node *n, const char *root_file, struct bytes root_passphrase, struct err *e)
{
	struct draft d = {.kind = kind_number("node")};
	struct root root = {0};
	struct record node;
	struct arena *a;
	struct str text, minisig;
	enum status s = node_must_write(n, e);

	if (s)
		return s;
	a = arena_create(64 << 20);
	if (!os_exists(root_file))
		s = err_set(e, BAD, "%s: there is no such root key file", root_file);
	if (s == OK)
		s = root_open(a, root_file, n->people.organisation, root_passphrase,
			seal_cost_default, &root, e);
	if (s == OK && !str_eq(seal_minisign_public(a, &root.public), n->people.root_key))
		s = err_set(e, BAD, "%s: not the root key of this register's organisation",
			root_file);
	if (s == OK)
		s = node_get(a, n, 1, &node, e);
	if (s == OK) {
		certify(a, &root, n->people.organisation, node_log(n), &text, &minisig);
		d.slot[SLOT_AMENDS] = value_ref(a, node.hash);
		d.slot[field_slot("node", "origin")] = value_text(a, node_log(n)->origin);
		d.slot[field_slot("node", "log-key")] = value_text(a, node_log(n)->vkey);
		d.slot[field_slot("node", "certificate")] = value_text(a, text);
		d.slot[field_slot("node", "signature")] = value_text(a, minisig);
		s = node_append(n, &d, 1, NULL, NULL, e);
	}
	root_close(&root);
	arena_destroy(a);
	return s ? s : node_publish(n, e);
}
