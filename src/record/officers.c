/* Officers: who they are, bringing them in and out, their passphrases. */
#include "record/record.h"
#include "record/record_int.h"

enum { NAME_MOST = 200, BOXES_AT_ONCE = 1000 };

enum status
node_officers(struct arena *a, struct node *n, struct officer **ret, size_t *ret_n,
	struct err *e)
{
	size_t count = n->people.officers.n;
	struct officer *v = NEWS(a, struct officer, count);

	(void)e;
	for (size_t i = 0; i < count; i++) {
		const struct person *o = &n->people.officers.v[i];
		v[i] = (struct officer){.name = str_dup(a, o->name), .role = str_dup(a, o->role),
			.slot = o->slot, .revoked = o->revoked, .pos = o->pos};
		memcpy(v[i].device, o->device, SEAL_PUBLIC);
	}
	*ret = v;
	*ret_n = count;
	return OK;
}

static const struct person *
in_office(const struct node *n, struct str name)
{
	for (size_t i = 0; i < n->people.officers.n; i++) {
		const struct person *o = &n->people.officers.v[i];
		if (!o->revoked && str_eq(o->name, name))
			return o;
	}
	return NULL;
}

static enum status
must_manage(const struct node *n, struct err *e)
{
	enum status s = node_must_write(n, e);

	if (s)
		return s;
	return role_may_write(n->info.role, kind_number("officer")) ? OK
		: err_set(e, BAD, "%s: a " STR_FMT " may not change officers", n->path,
			STR_ARG(n->info.role));
}

static enum status
check_passphrase(struct node *n, struct bytes passphrase, struct err *e)
{
	struct ring *other;
	enum status s;

	if (passphrase.n == 0)
		return err_set(e, BAD, "an empty passphrase protects nothing; choose one of "
			"several words");
	/* Signing in tries every slot: two equal passphrases would make one of two. */
	other = ring_create();
	s = ring_unlock(other, n->keys, passphrase, e);
	ring_destroy(other);
	if (s == OK)
		return err_set(e, BAD, "this passphrase opens a slot of this register already; "
			"choose another");
	return s == NO ? OK : s;
}

static enum status
check_officer(const struct node *n, struct str name, struct str role, struct err *e)
{
	if (str_trim(name).n == 0 || str_trim(name).n != name.n || name.n > NAME_MOST
		|| !utf8_valid(str_bytes(name)) || !text_is_nfc(name))
		return err_set(e, BAD, "officer's name \"" STR_FMT "\": write one of at most %d "
			"bytes, without blanks around it", STR_ARG(str_upto(name, 100)), NAME_MOST);
	if (!code_of(vocabulary_named(S("role")), role))
		return err_set(e, BAD, "role \"" STR_FMT "\": there is none such; documenter, "
			"reviewer, publisher or administrator", STR_ARG(str_upto(role, 40)));
	if (in_office(n, name))
		return err_set(e, BAD, "officer \"" STR_FMT "\": there is one of this name already",
			STR_ARG(name));
	return OK;
}

/* Never used before, so that no wrap and no record means another. */
static enum status
next_slot(const struct node *n, uint32_t *ret, struct err *e)
{
	struct arena *a = arena_create(1 << 20);
	uint32_t next = 1, *slots;
	size_t count = 0;
	enum status s = ring_slots(a, n->keys, &slots, &count, e);

	for (size_t i = 0; s == OK && i < count; i++)
		if (slots[i] >= next)
			next = slots[i] + 1;
	for (size_t i = 0; i < n->people.officers.n; i++)
		if (n->people.officers.v[i].slot >= next)
			next = n->people.officers.v[i].slot + 1;
	arena_destroy(a);
	if (s == OK)
		*ret = next;
	return s;
}

/* --- after a recovery: what the recovery key opens, the new administrator may too --- */

struct rewrapping {
	struct node *n;
	struct arena *arena;
	uint32_t slot;
	const uint8_t *box;
	VEC(struct store_wrap) wraps;
	struct buf boxed;
};

static enum status
keep_hash(void *ctx, const struct store_row *row, struct err *e)
{
	(void)e;
	memcpy(ctx, row->hash, SEAL_HASH);
	return OK;
}

static enum status
collect(void *ctx, const struct store_wrap *w, struct err *e)
{
	struct rewrapping *r = ctx;

	(void)e;
	VEC_PUSH(r->arena, &r->wraps) = (struct store_wrap){w->pos, w->holder,
		{arena_copy(r->arena, w->wrapped.p, w->wrapped.n), w->wrapped.n}};
	return OK;
}

static enum status
rewrap(struct rewrapping *r, struct store_wrap *w, struct err *e)
{
	uint8_t hash[SEAL_HASH] = {0}, mac[WRAP_MAC], key[SEAL_KEY];
	struct bytes box = {w->wrapped.p, w->wrapped.n - WRAP_MAC};
	uint8_t *out;
	enum status s = store_vault_read(r->n->vault, w->pos, 1, false, keep_hash, hash, e);

	if (s)
		return s;
	if (w->wrapped.n != WRAP_BOXED || !ring_box_open(r->n->ring, box, key))
		return err_set(e, BAD, "%s/keys.db: a key wrapped for the recovery key does not "
			"open (position %llu)", r->n->path, (unsigned long long)w->pos);
	buf_clear(&r->boxed);
	invariant(seal_box_close(r->box, BYTES(key), &r->boxed));
	seal_wipe(key, sizeof key);
	out = arena_alloc(r->arena, WRAP_BOXED, 1);
	memcpy(out, r->boxed.p, r->boxed.n);
	ring_wrap_mac(r->n->ring, hash, r->slot, buf_bytes(&r->boxed), mac);
	memcpy(out + r->boxed.n, mac, WRAP_MAC);
	*w = (struct store_wrap){w->pos, r->slot, {out, WRAP_BOXED}};
	return OK;
}

static enum status
rewrap_some(struct rewrapping *r, uint64_t first, struct err *e)
{
	enum status s;

	memset(&r->wraps, 0, sizeof r->wraps);
	arena_reset(r->arena);
	s = store_keys_range(r->n->keys, first, BOXES_AT_ONCE, HOLDER_RECOVERY, collect, r, e);
	for (size_t i = 0; s == OK && i < r->wraps.n; i++)
		s = rewrap(r, &r->wraps.v[i], e);
	return s == OK && r->wraps.n > 0 ? store_keys_put(r->n->keys, r->wraps.v, r->wraps.n, e) : s;
}

static enum status
hand_over(struct node *n, uint32_t slot, const uint8_t box[SEAL_PUBLIC], struct err *e)
{
	struct rewrapping r = {.n = n, .slot = slot, .box = box};
	enum status s = OK;

	r.arena = arena_create(64 << 20);
	buf_init(&r.boxed, WRAP_BOXED);
	for (uint64_t first = 0; s == OK && first < n->size; first += BOXES_AT_ONCE)
		s = rewrap_some(&r, first, e);
	buf_finish(&r.boxed);
	arena_destroy(r.arena);
	return s;
}

/* --- in and out ------------------------------------------------------------------- */

static enum status
bring_in(struct node *n, struct str name, struct str role, struct bytes passphrase,
	uint32_t slot, struct err *e)
{
	uint8_t device[SEAL_PUBLIC], box[SEAL_PUBLIC];
	struct arena *a = arena_create(1 << 20);
	struct draft d;
	struct seal_cost cost;
	enum status s = ring_cost(n->ring, n->keys, &cost, e);

	if (s == OK)
		s = ring_put_new_slot(n->ring, n->keys, slot, passphrase, cost, device, box, e);
	if (s == OK) {
		d = officer_draft(a, name, role, slot, device, box);
		s = node_append(n, &d, 1, NULL, NULL, e);
	}
	if (s == OK && ring_holder(n->ring) == HOLDER_RECOVERY && str_is(role, "administrator"))
		s = hand_over(n, slot, box, e);
	arena_destroy(a);
	return s ? s : node_publish(n, e);
}

enum status
node_officer_add(struct node *n, struct str name, struct str role, struct bytes passphrase,
	struct err *e)
{
	uint32_t slot;
	enum status s;

	if ((s = must_manage(n, e)) || (s = check_officer(n, name, role, e))
		|| (s = check_passphrase(n, passphrase, e)) || (s = next_slot(n, &slot, e)))
		return s;
	return bring_in(n, name, role, passphrase, slot, e);
}

/* The slots of officers who are gone, and of those who never came because a crash
 * was between their slot and their record. */
enum status
officers_tidy(struct node *n, struct err *e)
{
	struct arena *a = arena_create(1 << 20);
	uint32_t *slots;
	size_t count = 0;
	enum status s = ring_slots(a, n->keys, &slots, &count, e);

	for (size_t i = 0; s == OK && i < count; i++) {
		const struct person *o = people_by_slot(&n->people, slots[i]);
		if (o && !o->revoked)
			continue;
		s = store_keys_set_named(n->keys, str_fmt(a, "slot/%u", slots[i]).p,
			(struct bytes){NULL, 0}, e);
	}
	/* Wraps go also when the slot went before a crash. */
	for (size_t i = 0; s == OK && i < n->people.officers.n; i++)
		if (n->people.officers.v[i].revoked)
			s = store_keys_delete_holder(n->keys, n->people.officers.v[i].slot, e);
	arena_destroy(a);
	return s;
}

static enum status
check_revocable(const struct node *n, const struct person *o, struct err *e)
{
	size_t others = 0;

	for (size_t i = 0; i < n->people.officers.n; i++) {
		const struct person *p = &n->people.officers.v[i];
		others += p != o && !p->revoked && str_is(p->role, "administrator");
	}
	return others > 0 || !str_is(o->role, "administrator") ? OK
		: err_set(e, BAD, "officer \"" STR_FMT "\": the last administrator; add another "
			"one first", STR_ARG(o->name));
}

enum status
node_officer_revoke(struct node *n, struct str name, struct str reason, struct err *e)
{
	struct draft d = {.kind = kind_number("officer")};
	const struct person *o;
	struct arena *a;
	struct date today;
	enum status s;

	if ((s = must_manage(n, e)))
		return s;
	o = in_office(n, name);
	if (!o)
		return err_set(e, NO, "officer \"" STR_FMT "\": there is none of this name",
			STR_ARG(str_upto(name, 100)));
	if ((s = check_revocable(n, o, e)))
		return s;
	a = arena_create(1 << 20);
	today = date_of_days(CAL_GREGORIAN, day_today(), day_today());
	d.slot[SLOT_AMENDS] = value_ref(a, o->hash);
	d.slot[field_slot("officer", "revoked")] = value_date(a, &today);
	if (reason.n)
		d.slot[field_slot("officer", "reason")] = value_text(a, reason);
	s = node_append(n, &d, 1, NULL, NULL, e);
	if (s == OK)
		s = officers_tidy(n, e);
	arena_destroy(a);
	return s ? s : node_publish(n, e);
}

enum status
node_passphrase_change(struct node *n, struct bytes passphrase, struct err *e)
{
	struct seal_cost cost;
	enum status s;

	if ((s = node_must_write(n, e)))
		return s;
	if (ring_holder(n->ring) == HOLDER_RECOVERY)
		return err_set(e, BAD, "%s: opened with the recovery key, which has no passphrase; "
			"add an officer", n->path);
	if ((s = check_passphrase(n, passphrase, e)) || (s = ring_cost(n->ring, n->keys, &cost, e)))
		return s;
	return ring_put_own_slot(n->ring, n->keys, ring_holder(n->ring), passphrase, cost, e);
}
