/* Officers' slots: M and an officer's own keys, sealed under the passphrase. */
#include "record/record.h"
#include "record/keyring_int.h"

struct slot {
	uint8_t salt[SEAL_SALT];
	struct seal_cost cost;
	struct bytes sealed;
	uint8_t box[SEAL_PUBLIC], mac[SEAL_HASH];
};

/* Additional data: "habeas/slot/1" || N, eight bytes big-endian. */
static struct bytes
slot_ad(uint32_t n, uint8_t ret[21])
{
	memcpy(ret, "habeas/slot/1", 13);
	for (unsigned i = 0; i < 8; i++)
		ret[13 + i] = (uint8_t)((uint64_t)n >> 8 * (7 - i));
	return (struct bytes){ret, 21};
}

/* Keys 0-5 of the map; with `mac` also 6. */
static void
put_slot(struct buf *b, const struct slot *s, const uint8_t *mac)
{
	cbor_put_map(b, mac ? 7 : 6);
	cbor_put_uint(b, 0);
	cbor_put_uint(b, 1);
	cbor_put_uint(b, 1);
	cbor_put_bytes(b, BYTES(s->salt));
	cbor_put_uint(b, 2);
	cbor_put_uint(b, s->cost.ops);
	cbor_put_uint(b, 3);
	cbor_put_uint(b, s->cost.mem_bytes);
	cbor_put_uint(b, 4);
	cbor_put_bytes(b, s->sealed);
	cbor_put_uint(b, 5);
	cbor_put_bytes(b, BYTES(s->box));
	if (mac) {
		cbor_put_uint(b, 6);
		cbor_put_bytes(b, (struct bytes){mac, SEAL_HASH});
	}
}

static bool
read_slot(struct bytes v, struct slot *ret)
{
	struct cbor c = cbor_read(v);
	bool ok = cbor_get_map(&c) == 7;
	struct bytes salt, box, mac;

	ring_want_key(&c, 0, &ok);
	ok = cbor_get_uint(&c) == 1 && ok;
	ring_want_key(&c, 1, &ok);
	salt = cbor_get_bytes_n(&c, SEAL_SALT);
	ring_want_key(&c, 2, &ok);
	ret->cost.ops = cbor_get_uint(&c);
	ring_want_key(&c, 3, &ok);
	ret->cost.mem_bytes = cbor_get_uint(&c);
	ring_want_key(&c, 4, &ok);
	ret->sealed = cbor_get_bytes_n(&c, HELD + SEAL_OVERHEAD);
	ring_want_key(&c, 5, &ok);
	box = cbor_get_bytes_n(&c, SEAL_PUBLIC);
	ring_want_key(&c, 6, &ok);
	mac = cbor_get_bytes_n(&c, SEAL_HASH);
	if (!ok || !cbor_done(&c))
		return false;
	memcpy(ret->salt, salt.p, SEAL_SALT);
	memcpy(ret->box, box.p, SEAL_PUBLIC);
	memcpy(ret->mac, mac.p, SEAL_HASH);
	return true;
}

static void
slot_name(char ret[24], uint32_t n)
{
	snprintf(ret, 24, "slot/%u", n);
}

/* Seals M, a device seed and a box secret under a passphrase as slot N. */
static enum status
store_slot(const struct ring *r, struct store_keys *k, uint32_t n, struct bytes passphrase,
	struct seal_cost cost, const uint8_t device[SEAL_KEY], const uint8_t box[SEAL_KEY],
	struct err *e)
{
	struct slot s = {.cost = cost};
	uint8_t key[SEAL_KEY], held[HELD], ad[21], mac[SEAL_HASH];
	struct buf sealed, b;
	char name[24];
	enum status st;

	seal_random(s.salt, sizeof s.salt);
	seal_box_public(box, s.box);
	if ((st = seal_passphrase_key(passphrase, s.salt, cost, key, e)))
		return st;
	memcpy(held, ring_master(r), SEAL_KEY);
	memcpy(held + SEAL_KEY, device, SEAL_KEY);
	memcpy(held + 2 * SEAL_KEY, box, SEAL_KEY);
	buf_init(&sealed, HELD + SEAL_OVERHEAD);
	seal_close(key, BYTES(held), slot_ad(n, ad), &sealed);
	s.sealed = buf_bytes(&sealed);
	seal_wipe(key, sizeof key);
	seal_wipe(held, sizeof held);
	slot_name(name, n);
	buf_init(&b, 4096);
	put_slot(&b, &s, NULL);
	ring_named_mac(r, name, buf_bytes(&b), mac);
	buf_clear(&b);
	put_slot(&b, &s, mac);
	buf_finish(&sealed);
	return ring_put_named(k, name, &b, e);
}

enum status
ring_put_own_slot(const struct ring *r, struct store_keys *k, uint32_t n, struct bytes passphrase,
	struct seal_cost cost, struct err *e)
{
	return store_slot(r, k, n, passphrase, cost, ring_secrets(r)->device, ring_secrets(r)->box, e);
}

enum status
ring_put_new_slot(const struct ring *r, struct store_keys *k, uint32_t n, struct bytes passphrase,
	struct seal_cost cost, uint8_t ret_device[SEAL_PUBLIC], uint8_t ret_box[SEAL_PUBLIC],
	struct err *e)
{
	uint8_t seed[SEAL_KEY], box[SEAL_KEY];
	enum status s;

	seal_random(seed, sizeof seed);
	seal_random(box, sizeof box);
	s = store_slot(r, k, n, passphrase, cost, seed, box, e);
	if (s == OK) {
		seal_sign_public(seed, ret_device);
		seal_box_public(box, ret_box);
	}
	seal_wipe(seed, sizeof seed);
	seal_wipe(box, sizeof box);
	return s;
}

static bool
slot_number(struct str name, uint32_t *ret)
{
	uint64_t n;

	name = str_from(name, 5);
	if (name.n == 0 || name.p[0] == '0' || !str_u64(name, &n) || n >= HOLDER_RECOVERY)
		return false;
	*ret = (uint32_t)n;
	return true;
}

enum status
ring_slots(struct arena *a, struct store_keys *k, uint32_t **ret, size_t *ret_n, struct err *e)
{
	struct str *names;
	uint32_t *slots;
	size_t n;
	enum status s = store_keys_names(a, k, "slot/", &names, &n, e);

	if (s)
		return s;
	slots = NEWS(a, uint32_t, n);
	for (size_t i = 0; i < n; i++)
		if (!slot_number(names[i], &slots[i]))
			return err_set(e, BAD, "keys.db: \"" STR_FMT "\" is no slot's name",
				STR_ARG(names[i]));
	*ret = slots;
	*ret_n = n;
	return OK;
}

static enum status
get_slot(struct arena *a, struct store_keys *k, uint32_t n, struct slot *ret, struct err *e)
{
	struct bytes v;
	char name[24];
	enum status s;

	slot_name(name, n);
	if ((s = store_keys_get_named(a, k, name, &v, e)))
		return s;
	return read_slot(v, ret) ? OK
		: err_set(e, BAD, "keys.db: slot %u is not as it was written", n);
}

/* What the register's passphrases cost: one's own slot's, or any other's. */
enum status
ring_cost(const struct ring *r, struct store_keys *k, struct seal_cost *ret, struct err *e)
{
	struct arena *a = arena_create(1 << 20);
	struct slot slot = {.cost = seal_cost_default};
	uint32_t *slots;
	size_t n = 0;
	enum status s = ring_slots(a, k, &slots, &n, e);

	if (s == OK && n > 0)
		s = get_slot(a, k, r->holder == HOLDER_RECOVERY ? slots[0] : r->holder, &slot, e);
	if (s == OK)
		*ret = slot.cost;
	arena_destroy(a);
	return s;
}

/* NO: not this slot's passphrase. */
static enum status
try_slot(struct ring *r, const struct slot *s, uint32_t n, struct bytes passphrase,
	struct err *e)
{
	uint8_t key[SEAL_KEY], held[HELD], ad[21];
	struct secrets *sec = ring_secrets(r);
	enum status st = seal_passphrase_key(passphrase, s->salt, s->cost, key, e);

	if (st)
		return st;
	if (seal_open(key, s->sealed, slot_ad(n, ad), held)) {
		memcpy(sec->master, held, SEAL_KEY);
		memcpy(sec->device, held + SEAL_KEY, SEAL_KEY);
		memcpy(sec->box, held + 2 * SEAL_KEY, SEAL_KEY);
		ring_ready(r, n);
	} else {
		st = NO;
	}
	seal_wipe(key, sizeof key);
	seal_wipe(held, sizeof held);
	return st;
}

enum status
ring_unlock(struct ring *r, struct store_keys *k, struct bytes passphrase, struct err *e)
{
	struct arena *a = arena_create(64 << 20);
	uint32_t *slots;
	size_t n = 0;
	enum status s = ring_slots(a, k, &slots, &n, e);
	bool open = false;

	for (size_t i = 0; s == OK && !open && i < n; i++) {
		struct slot slot;
		s = get_slot(a, k, slots[i], &slot, e);
		if (s == OK)
			s = try_slot(r, &slot, slots[i], passphrase, e);
		open = s == OK;
		if (s == NO)
			s = OK;
	}
	arena_destroy(a);
	if (s)
		return s;
	return open ? OK : err_set(e, NO, "no officer's slot opens with this passphrase; "
		"try again, or use the recovery key");
}

enum status
ring_check_slot(const struct ring *r, struct store_keys *k, uint32_t n,
	const uint8_t box[SEAL_PUBLIC], struct err *e)
{
	struct arena *a = arena_create(1 << 16);
	struct slot slot;
	struct buf b;
	char name[24];
	enum status s = get_slot(a, k, n, &slot, e);

	if (s == NO)
		s = err_set(e, NO, "keys.db: the slot %u of an officer is missing", n);
	if (s == OK) {
		slot_name(name, n);
		buf_init(&b, 4096);
		put_slot(&b, &slot, NULL);
		if (!ring_mac_is(r, name, &b, slot.mac) || memcmp(slot.box, box, SEAL_PUBLIC) != 0)
			s = err_set(e, NO, "keys.db: slot %u is not as it was written", n);
	}
	arena_destroy(a);
	return s;
}
