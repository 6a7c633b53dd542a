/* Verifying what keys.db holds, for whoever has the master key: each wrap where a
 * record needs it and nowhere else, each slot, secret and kept thing. */
#include "record/record.h"
#include "record/record_int.h"

struct wraps_check { struct node *n; uint8_t *flags; };

static enum status
wrong_wrap(const struct store_wrap *w, const char *what, struct err *e)
{
	return err_set(e, NO, "keys.db: position %llu, holder %u: %s", (unsigned long long)w->pos,
		w->holder, what);
}

static enum status
take_hash(void *ctx, const struct store_row *row, struct err *e)
{
	(void)e;
	memcpy(ctx, row->hash, SEAL_HASH);
	return OK;
}

static enum status
check_boxed(struct wraps_check *c, const struct store_wrap *w, struct err *e)
{
	const struct person *o = people_by_slot(&c->n->people, w->holder);
	struct bytes box = {w->wrapped.p, w->wrapped.n - WRAP_MAC};
	uint8_t hash[SEAL_HASH] = {0}, mac[WRAP_MAC];
	enum status s;

	if (!(c->flags[w->pos] & RECORD_SEALED))
		return wrong_wrap(w, "a key for a sealed part that there is not", e);
	if (w->holder == HOLDER_RECOVERY)
		c->flags[w->pos] |= RECORD_RECOVERY;
	else if (!o || o->revoked)
		return wrong_wrap(w, "a key for an officer who is none", e);
	if (w->wrapped.n != WRAP_BOXED)
		return wrong_wrap(w, "a key of a wrong length", e);
	if ((s = store_vault_read(c->n->vault, w->pos, 1, false, take_hash, hash, e)))
		return s;
	ring_wrap_mac(c->n->ring, hash, w->holder, box, mac);
	return seal_equal(mac, box.p + box.n, WRAP_MAC) ? OK
		: wrong_wrap(w, "a key that is not as it was written", e);
}

static enum status
check_wrap(void *ctx, const struct store_wrap *w, struct err *e)
{
	struct wraps_check *c = ctx;

	/* What a crash left of a batch that never came; the next writer deletes it. */
	if (w->pos >= c->n->size)
		return OK;
	if (c->flags[w->pos] & RECORD_ERASED)
		return wrong_wrap(w, "a key of an erased record", e);
	if (w->holder != 0)
		return check_boxed(c, w, e);
	c->flags[w->pos] |= RECORD_OPEN_KEY;
	return OK;                      /* opening the record has tried it */
}

static enum status
check_wraps(struct node *n, uint8_t *flags, struct err *e)
{
	struct wraps_check c = {n, flags};
	enum status s = store_keys_all(n->keys, check_wrap, &c, e);

	for (uint64_t pos = 0; s == OK && pos < n->size; pos++) {
		bool open = flags[pos] & RECORD_OPEN_KEY, erased = flags[pos] & RECORD_ERASED;
		bool sealed = flags[pos] & RECORD_SEALED, box = flags[pos] & RECORD_RECOVERY;
		if (open == erased)
			s = err_set(e, NO, "keys.db: position %llu: its key is missing",
				(unsigned long long)pos);
		else if (sealed != box)
			s = err_set(e, NO, "keys.db: position %llu: the recovery key's key for its "
				"sealed part is missing", (unsigned long long)pos);
	}
	return s;
}

static bool
is_known_name(struct str name)
{
	static const char *const known[] = {
		"recovery", "secret/log", "secret/adopt", "secret/index", "kept/own",
		"kept/backups", "kept/pending", "kept/succession",
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (str_is(name, known[i]))
			return true;
	return str_starts(name, "slot/");
}

static enum status
check_names(struct arena *a, struct node *n, struct err *e)
{
	struct str *names;
	uint32_t *slots;
	size_t count;
	enum status s = store_keys_names(a, n->keys, "", &names, &count, e);

	for (size_t i = 0; s == OK && i < count; i++)
		if (!is_known_name(names[i]))
			s = err_set(e, NO, "keys.db: nothing is called \"" STR_FMT "\"",
				STR_ARG(names[i]));
	if (s || (s = ring_slots(a, n->keys, &slots, &count, e)))
		return s;
	for (size_t i = 0; i < count; i++) {
		const struct person *o = people_by_slot(&n->people, slots[i]);
		if (!o || o->revoked)
			return err_set(e, NO, "keys.db: slot %u belongs to no officer", slots[i]);
	}
	return OK;
}

static enum status
check_slots(struct node *n, struct err *e)
{
	enum status s = ring_check_recovery(n->ring, n->keys, e);

	for (size_t i = 0; s == OK && i < n->people.officers.n; i++) {
		const struct person *o = &n->people.officers.v[i];
		if (!o->revoked)
			s = ring_check_slot(n->ring, n->keys, o->slot, o->box, e);
	}
	return s;
}

/* The secrets are those of the keys that the vault and the certificate name. */
static enum status
check_secrets(struct arena *a, const struct node *n, struct err *e)
{
	const struct generation *g = node_log(n);
	struct seal_minisign_key adopt;
	struct note_key log;

	invariant(vkey_read(g->vkey, &log));
	memcpy(adopt.id, ring_adopt_id(n->ring), sizeof adopt.id);
	memcpy(adopt.pub, seal_signer_public(ring_adopt(n->ring)), SEAL_PUBLIC);
	if (memcmp(log.pub, seal_signer_public(ring_log(n->ring)), SEAL_PUBLIC) != 0)
		return err_set(e, NO, "keys.db: secret/log is not the key of the log");
	for (size_t k = 0; k < n->n_logs; k++)
		if (!str_eq(n->logs[k].adopt, seal_minisign_public(a, &adopt)))
			return err_set(e, NO, "vault.db: log/%zu names another adoption key than "
				"keys.db has", k);
	return OK;
}

/* "own" leads open() to all records about ourselves, or it would miss a revocation. */
static enum status
check_own(const struct node *n, const uint64_t *own, size_t count, struct err *e)
{
	for (size_t i = 0; i < count; i++) {
		bool found = false;
		for (size_t j = 0; j < n->own.n; j++)
			found |= n->own.v[j] == own[i];
		if (!found)
			return err_set(e, NO, "keys.db: kept/own does not name the record at position "
				"%llu", (unsigned long long)own[i]);
	}
	return OK;
}

enum status
verify_keys(struct node *n, uint8_t *flags, const uint64_t *own, size_t n_own, struct err *e)
{
	struct arena *a = arena_create(64 << 20);
	enum status s;

	if ((s = check_wraps(n, flags, e)) || (s = check_names(a, n, e))
		|| (s = check_slots(n, e)) || (s = check_secrets(a, n, e))
		|| (s = check_own(n, own, n_own, e)))
		;
	else
		s = backups_check(n, e);
	arena_destroy(a);
	return s;
}
