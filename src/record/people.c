/*
 * Who we are and who may write: the organisation, the node and its officers, as
 * their records say up to some position.  Opening a node and verifying it both
 * feed the records here in order.
 */
#include "record/record.h"
#include "record/record_int.h"

static struct str
text_in(struct arena *a, const struct record *r, unsigned slot, struct str else_)
{
	struct str s;

	return record_has(r, slot) && get_text(r->slot[slot], &s) ? str_dup(a, s) : else_;
}

static bool
key_in(const struct record *r, unsigned slot, uint8_t ret[SEAL_PUBLIC])
{
	struct bytes b;

	if (!record_has(r, slot) || !get_bytes(r->slot[slot], &b) || b.n != SEAL_PUBLIC)
		return false;
	memcpy(ret, b.p, SEAL_PUBLIC);
	return true;
}

bool
people_concerns(uint32_t kind)
{
	const struct kind *k = kind_of(kind);

	return k && (str_is(k->name, "officer") || str_is(k->name, "node")
		|| str_is(k->name, "organisation"));
}

static void
apply_organisation(struct people *p, const struct record *r)
{
	p->organisation = text_in(p->arena, r, field_slot("organisation", "name"), p->organisation);
	p->root_key = text_in(p->arena, r, field_slot("organisation", "root"), p->root_key);
}

static void
apply_node(struct people *p, const struct record *r)
{
	p->origin = text_in(p->arena, r, field_slot("node", "origin"), p->origin);
	p->log_key = text_in(p->arena, r, field_slot("node", "log-key"), p->log_key);
	p->adopt_key = text_in(p->arena, r, field_slot("node", "adopt-key"), p->adopt_key);
	p->certificate = text_in(p->arena, r, field_slot("node", "certificate"), p->certificate);
	p->certificate_minisig = text_in(p->arena, r, field_slot("node", "signature"),
		p->certificate_minisig);
	p->has_recovery |= key_in(r, field_slot("node", "recovery"), p->recovery);
}

static struct person *
person_by_hash(struct people *p, const uint8_t hash[SEAL_HASH])
{
	for (size_t i = 0; i < p->officers.n; i++)
		if (memcmp(p->officers.v[i].hash, hash, SEAL_HASH) == 0)
			return &p->officers.v[i];
	return NULL;
}

static void
apply_officer(struct people *p, const struct record *r, struct person *o)
{
	unsigned role = field_slot("officer", "role"), revoked = field_slot("officer", "revoked");
	unsigned version;
	struct str code;
	struct date day;
	int64_t slot;

	o->name = text_in(p->arena, r, field_slot("officer", "name"), o->name);
	if (record_has(r, role) && get_code(r->slot[role], &version, &code))
		o->role = str_dup(p->arena, code);
	key_in(r, field_slot("officer", "device"), o->device);
	key_in(r, field_slot("officer", "box"), o->box);
	if (record_has(r, field_slot("officer", "slot"))
		&& get_number(r->slot[field_slot("officer", "slot")], &slot)
		&& slot > 0 && slot < HOLDER_RECOVERY)
		o->slot = (uint32_t)slot;
	/* Once revoked, always revoked: who comes back gets a new key. */
	o->revoked |= record_has(r, revoked) && get_date(r->slot[revoked], &day);
}

void
people_apply(struct people *p, const struct record *r)
{
	uint8_t first[SEAL_HASH];
	struct person *o = NULL;

	if (r->erased)
		return;
	if (r->kind == kind_number("organisation")) {
		apply_organisation(p, r);
	} else if (r->kind == kind_number("node")) {
		apply_node(p, r);
	} else if (r->kind == kind_number("officer")) {
		if (record_has(r, SLOT_AMENDS) && get_ref(r->slot[SLOT_AMENDS], first)) {
			o = person_by_hash(p, first);
		} else {
			o = &VEC_PUSH(p->arena, &p->officers);
			*o = (struct person){.pos = r->pos};
			memcpy(o->hash, r->hash, SEAL_HASH);
		}
		if (o)
			apply_officer(p, r, o);
	}
}

const struct person *
people_by_device(const struct people *p, const uint8_t device[SEAL_PUBLIC])
{
	for (size_t i = 0; i < p->officers.n; i++)
		if (memcmp(p->officers.v[i].device, device, SEAL_PUBLIC) == 0)
			return &p->officers.v[i];
	return NULL;
}

const struct person *
people_by_slot(const struct people *p, uint32_t slot)
{
	for (size_t i = 0; i < p->officers.n; i++)
		if (p->officers.v[i].slot == slot)
			return &p->officers.v[i];
	return NULL;
}

const char *
people_refuse(const struct people *p, const uint8_t author[SEAL_PUBLIC], uint32_t kind)
{
	const struct person *o = people_by_device(p, author);

	if (!o && p->has_recovery && memcmp(p->recovery, author, SEAL_PUBLIC) == 0)
		return role_may_write(S(ROLE_RECOVERY), kind) ? NULL
			: "signed by the recovery key, which may write officers only";
	if (!o)
		return "signed by a key that no officer's record names";
	if (o->revoked)
		return "signed by the key of an officer who is revoked";
	return role_may_write(o->role, kind) ? NULL
		: "of a kind that its author's role may not write";
}
