/*
 * The node's keys: the master key and who holds it, the secrets sealed under it,
 * and small things kept under it in keys.db (docs/formats.md, "Keys").
 *
 * Everything secret lies in one locked block; what leaves it is wiped by who took it.
 */
#include "record/record.h"
#include "record/record_int.h"

enum {
	ADOPT_BYTES = SEAL_KEY + 8,   /* seed, then minisign's key id */
	HELD = 3 * SEAL_KEY,          /* what an officer's slot seals: M, device seed, box secret */
	NAMED_MOST = 16 << 20,
};

/* What lies where in the locked block. */
struct secrets {
	uint8_t master[SEAL_KEY], mac[SEAL_KEY];
	uint8_t device[SEAL_KEY], box[SEAL_KEY];
	uint8_t index[SEAL_KEY], log[SEAL_KEY], adopt[ADOPT_BYTES];
};

struct ring {
	struct seal_secret *mem;
	struct seal_signer *device, *log, *adopt;
	uint32_t holder;              /* whose wraps open sealed parts: a slot, or RECOVERY */
};

static struct secrets *
secrets(const struct ring *r)
{
	return (struct secrets *)(void *)seal_secret_bytes(r->mem);
}

struct ring *
ring_create(void)
{
	struct ring *r = mem_alloc(1, sizeof *r);

	r->mem = seal_secret_create(sizeof(struct secrets));
	return r;
}

void
ring_destroy(struct ring *r)
{
	if (!r)
		return;
	seal_signer_destroy(r->device);
	seal_signer_destroy(r->log);
	seal_signer_destroy(r->adopt);
	seal_secret_destroy(r->mem);
	mem_free(r);
}

const uint8_t *ring_master(const struct ring *r) { return secrets(r)->master; }
const uint8_t *ring_index_key(const struct ring *r) { return secrets(r)->index; }
const struct seal_signer *ring_device(const struct ring *r) { return r->device; }
const struct seal_signer *ring_log(const struct ring *r) { return r->log; }
const struct seal_signer *ring_adopt(const struct ring *r) { return r->adopt; }
const uint8_t *ring_adopt_id(const struct ring *r) { return secrets(r)->adopt + SEAL_KEY; }
uint32_t ring_holder(const struct ring *r) { return r->holder; }

bool
ring_box_open(const struct ring *r, struct bytes box, uint8_t *ret)
{
	return seal_box_open(secrets(r)->box, box, ret);
}

void
ring_box_public(const struct ring *r, uint8_t ret[SEAL_PUBLIC])
{
	seal_box_public(secrets(r)->box, ret);
}

/* M has come: what follows from it.  The device key is there or all zeroes. */
static void
ring_ready(struct ring *r, uint32_t holder)
{
	struct secrets *s = secrets(r);

	seal_keyed(s->master, str_bytes(S("habeas/mac/1")), s->mac);
	r->holder = holder;
	seal_signer_destroy(r->device);
	r->device = seal_signer_create(s->device);
}

void
ring_make(struct ring *r)
{
	struct secrets *s = secrets(r);

	seal_random(s->master, sizeof s->master);
	seal_random(s->device, sizeof s->device);
	seal_random(s->box, sizeof s->box);
	ring_ready(r, 1);
}

/* --- officers' slots ------------------------------------------------------------------- */

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

/* Sets *ok to false unless this key of a map comes next. */
static void
want_key(struct cbor *c, uint64_t key, bool *ok)
{
	*ok = cbor_get_uint(c) == key && *ok;
}

static bool
read_slot(struct bytes v, struct slot *ret)
{
	struct cbor c = cbor_read(v);
	bool ok = cbor_get_map(&c) == 7;
	struct bytes salt, box, mac;

	want_key(&c, 0, &ok);
	ok = cbor_get_uint(&c) == 1 && ok;
	want_key(&c, 1, &ok);
	salt = cbor_get_bytes_n(&c, SEAL_SALT);
	want_key(&c, 2, &ok);
	ret->cost.ops = cbor_get_uint(&c);
	want_key(&c, 3, &ok);
	ret->cost.mem_bytes = cbor_get_uint(&c);
	want_key(&c, 4, &ok);
	ret->sealed = cbor_get_bytes_n(&c, HELD + SEAL_OVERHEAD);
	want_key(&c, 5, &ok);
	box = cbor_get_bytes_n(&c, SEAL_PUBLIC);
	want_key(&c, 6, &ok);
	mac = cbor_get_bytes_n(&c, SEAL_HASH);
	if (!ok || !cbor_done(&c))
		return false;
	memcpy(ret->salt, salt.p, SEAL_SALT);
	memcpy(ret->box, box.p, SEAL_PUBLIC);
	memcpy(ret->mac, mac.p, SEAL_HASH);
	return true;
}

/* BLAKE2b-256 under the mac key over name || 0 || content: whoever holds M can tell
 * that nobody without M has changed a slot that only its owner can open. */
static void
named_mac(const struct ring *r, const char *name, struct bytes content, uint8_t ret[SEAL_HASH])
{
	struct buf b;

	buf_init(&b, NAMED_MOST);
	buf_put(&b, name, strlen(name) + 1);
	buf_put(&b, content.p, content.n);
	invariant(!b.over);
	seal_keyed(secrets(r)->mac, buf_bytes(&b), ret);
	buf_finish(&b);
}

static enum status
put_named(struct store_keys *k, const char *name, struct buf *b, struct err *e)
{
	enum status s;

	invariant(!b->over);
	s = store_keys_set_named(k, name, buf_bytes(b), e);
	buf_finish(b);
	return s;
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
	named_mac(r, name, buf_bytes(&b), mac);
	buf_clear(&b);
	put_slot(&b, &s, mac);
	buf_finish(&sealed);
	return put_named(k, name, &b, e);
}

enum status
ring_put_own_slot(const struct ring *r, struct store_keys *k, uint32_t n, struct bytes passphrase,
	struct seal_cost cost, struct err *e)
{
	return store_slot(r, k, n, passphrase, cost, secrets(r)->device, secrets(r)->box, e);
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
	struct secrets *sec = secrets(r);
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

/* --- the recovery key ------------------------------------------------------------------- */

static void
recovery_key(const uint8_t r[SEAL_KEY], const char *what, uint8_t ret[SEAL_KEY])
{
	seal_keyed(r, str_bytes(str_of(what)), ret);
}

enum { RECOVERY_SEALED = SEAL_KEY + SEAL_OVERHEAD };

static void
put_recovery_map(struct buf *b, struct bytes sealed, const uint8_t box[SEAL_PUBLIC],
	const uint8_t *mac)
{
	cbor_put_map(b, mac ? 4 : 3);
	cbor_put_uint(b, 0);
	cbor_put_uint(b, 1);
	cbor_put_uint(b, 4);
	cbor_put_bytes(b, sealed);
	cbor_put_uint(b, 5);
	cbor_put_bytes(b, (struct bytes){box, SEAL_PUBLIC});
	if (mac) {
		cbor_put_uint(b, 6);
		cbor_put_bytes(b, (struct bytes){mac, SEAL_HASH});
	}
}

enum status
ring_put_recovery(const struct ring *r, struct store_keys *k, const uint8_t key[SEAL_KEY],
	uint8_t ret_device[SEAL_PUBLIC], struct err *e)
{
	uint8_t derived[SEAL_KEY], box[SEAL_PUBLIC], mac[SEAL_HASH];
	struct buf sealed, b;
	enum status s;

	recovery_key(key, "habeas/recovery/device", derived);
	seal_sign_public(derived, ret_device);
	recovery_key(key, "habeas/recovery/box", derived);
	seal_box_public(derived, box);
	recovery_key(key, "habeas/recovery/wrap", derived);
	buf_init(&sealed, RECOVERY_SEALED);
	seal_close(derived, (struct bytes){ring_master(r), SEAL_KEY},
		str_bytes(S("habeas/recovery/1")), &sealed);
	seal_wipe(derived, sizeof derived);
	buf_init(&b, 4096);
	put_recovery_map(&b, buf_bytes(&sealed), box, NULL);
	named_mac(r, "recovery", buf_bytes(&b), mac);
	buf_clear(&b);
	put_recovery_map(&b, buf_bytes(&sealed), box, mac);
	s = put_named(k, "recovery", &b, e);
	buf_finish(&sealed);
	return s;
}

static bool
read_recovery(struct bytes v, struct bytes *ret_sealed, uint8_t box[SEAL_PUBLIC],
	uint8_t mac[SEAL_HASH])
{
	struct cbor c = cbor_read(v);
	bool ok = cbor_get_map(&c) == 4;
	struct bytes sealed, b, m;

	want_key(&c, 0, &ok);
	ok = cbor_get_uint(&c) == 1 && ok;
	want_key(&c, 4, &ok);
	sealed = cbor_get_bytes_n(&c, RECOVERY_SEALED);
	want_key(&c, 5, &ok);
	b = cbor_get_bytes_n(&c, SEAL_PUBLIC);
	want_key(&c, 6, &ok);
	m = cbor_get_bytes_n(&c, SEAL_HASH);
	if (!ok || !cbor_done(&c))
		return false;
	*ret_sealed = sealed;
	memcpy(box, b.p, SEAL_PUBLIC);
	memcpy(mac, m.p, SEAL_HASH);
	return true;
}

static enum status
get_recovery(struct arena *a, struct store_keys *k, struct bytes *ret_sealed,
	uint8_t ret_box[SEAL_PUBLIC], uint8_t ret_mac[SEAL_HASH], struct err *e)
{
	struct bytes v;
	enum status s = store_keys_get_named(a, k, "recovery", &v, e);

	if (s == FAIL)
		return s;
	if (s || !read_recovery(v, ret_sealed, ret_box, ret_mac))
		return err_set(e, BAD, "keys.db: the recovery key's slot is missing or not as it "
			"was written");
	return OK;
}

enum status
ring_recovery_box(struct store_keys *k, uint8_t ret[SEAL_PUBLIC], struct err *e)
{
	struct arena *a = arena_create(1 << 16);
	uint8_t mac[SEAL_HASH];
	struct bytes sealed;
	enum status s = get_recovery(a, k, &sealed, ret, mac, e);

	arena_destroy(a);
	return s;
}

enum status
ring_unlock_recovery(struct ring *r, struct store_keys *k, struct str paper, struct err *e)
{
	struct arena *a = arena_create(1 << 16);
	struct secrets *sec = secrets(r);
	uint8_t key[SEAL_KEY], derived[SEAL_KEY], box[SEAL_PUBLIC], mac[SEAL_HASH];
	struct bytes sealed;
	enum status s = seal_paper_decode(paper, key, e);

	if (s == OK)
		s = get_recovery(a, k, &sealed, box, mac, e);
	if (s == OK) {
		recovery_key(key, "habeas/recovery/wrap", derived);
		if (!seal_open(derived, sealed, str_bytes(S("habeas/recovery/1")), sec->master))
			s = err_set(e, NO, "this is not the recovery key of this register");
	}
	if (s == OK) {
		recovery_key(key, "habeas/recovery/box", sec->box);
		recovery_key(key, "habeas/recovery/device", sec->device);
		ring_ready(r, HOLDER_RECOVERY);
	}
	seal_wipe(key, sizeof key);
	seal_wipe(derived, sizeof derived);
	arena_destroy(a);
	return s;
}

/* --- checking what others hold ------------------------------------------------------------ */

static bool
mac_is(const struct ring *r, const char *name, struct buf *content, const uint8_t mac[SEAL_HASH])
{
	uint8_t own[SEAL_HASH];

	named_mac(r, name, buf_bytes(content), own);
	buf_finish(content);
	return seal_equal(own, mac, sizeof own);
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
		if (!mac_is(r, name, &b, slot.mac) || memcmp(slot.box, box, SEAL_PUBLIC) != 0)
			s = err_set(e, NO, "keys.db: slot %u is not as it was written", n);
	}
	arena_destroy(a);
	return s;
}

enum status
ring_check_recovery(const struct ring *r, struct store_keys *k, struct err *e)
{
	struct arena *a = arena_create(1 << 16);
	uint8_t box[SEAL_PUBLIC], mac[SEAL_HASH];
	struct bytes sealed;
	struct buf b;
	enum status s = get_recovery(a, k, &sealed, box, mac, e);

	if (s == OK) {
		buf_init(&b, 4096);
		put_recovery_map(&b, sealed, box, NULL);
		if (!mac_is(r, "recovery", &b, mac))
			s = err_set(e, NO, "keys.db: the recovery key's slot is not as it was written");
	}
	arena_destroy(a);
	return s;
}

/* Codes of 16 bytes bind what only some can open to its place, for whoever holds M
 * but not the key: wraps to their record and holder, sealed parts to their record,
 * files to their name. */
static void
make_code(const struct ring *r, struct bytes msg, uint8_t ret[CODE])
{
	uint8_t mac[SEAL_HASH];

	seal_keyed(secrets(r)->mac, msg, mac);
	memcpy(ret, mac, CODE);
}

void
ring_wrap_mac(const struct ring *r, const uint8_t hash[SEAL_HASH], uint32_t holder,
	struct bytes box, uint8_t ret[CODE])
{
	uint8_t msg[13 + SEAL_HASH + 4 + SEAL_KEY + SEAL_BOX_OVERHEAD];

	invariant(box.n == SEAL_KEY + SEAL_BOX_OVERHEAD);
	memcpy(msg, "habeas/wrap/1", 13);
	memcpy(msg + 13, hash, SEAL_HASH);
	for (unsigned i = 0; i < 4; i++)
		msg[13 + SEAL_HASH + i] = (uint8_t)(holder >> 8 * (3 - i));
	memcpy(msg + 13 + SEAL_HASH + 4, box.p, box.n);
	make_code(r, BYTES(msg), ret);
}

void
ring_code(const struct ring *r, const char *label, struct bytes place, struct bytes box,
	uint8_t ret[CODE])
{
	uint8_t msg[32 + 2 * SEAL_HASH];
	size_t n = strlen(label);

	invariant(n <= 32 && place.n <= SEAL_HASH);
	memcpy(msg, label, n);
	memcpy(msg + n, place.p, place.n);
	seal_sha256(box, msg + n + place.n);
	make_code(r, (struct bytes){msg, n + place.n + SEAL_HASH}, ret);
}

bool
ring_code_cut(const struct ring *r, const char *label, struct bytes place, struct bytes *box)
{
	uint8_t code[CODE];

	if (box->n <= CODE)
		return false;
	box->n -= CODE;
	ring_code(r, label, place, *box, code);
	return seal_equal(code, box->p + box->n, CODE);
}

/* --- secrets and things kept under M --------------------------------------------------------- */

static struct str
ad_of(char ret[64], const char *prefix, const char *name)
{
	int n = snprintf(ret, 64, "%s%s", prefix, name);

	invariant(n > 0 && n < 64);
	return (struct str){ret, (size_t)n};
}

static enum status
put_secret(const struct ring *r, struct store_keys *k, const char *name, struct bytes secret,
	struct err *e)
{
	char ad[64], named[64];
	struct buf b;

	buf_init(&b, 256);
	ad_of(named, "secret/", name);
	seal_close(ring_master(r), secret, str_bytes(ad_of(ad, "habeas/secret/1/", name)), &b);
	return put_named(k, named, &b, e);
}

static enum status
get_secret(const struct ring *r, struct store_keys *k, const char *name, uint8_t *ret, size_t n,
	struct err *e)
{
	struct arena *a = arena_create(1 << 16);
	char ad[64], named[64];
	struct bytes box;
	enum status s;

	ad_of(named, "secret/", name);
	s = store_keys_get_named(a, k, named, &box, e);
	if (s != FAIL && (s || box.n != n + SEAL_OVERHEAD || !seal_open(ring_master(r), box,
		str_bytes(ad_of(ad, "habeas/secret/1/", name)), ret)))
		s = err_set(e, BAD, "keys.db: %s is missing or does not open", named);
	arena_destroy(a);
	return s;
}

static void
renew_signer(struct seal_signer **s, const uint8_t seed[SEAL_KEY])
{
	seal_signer_destroy(*s);
	*s = seal_signer_create(seed);
}

enum status
ring_new_log_key(struct ring *r, const uint8_t seed[SEAL_KEY], struct store_keys *k,
	struct err *e)
{
	enum status s;

	memcpy(secrets(r)->log, seed, SEAL_KEY);
	s = put_secret(r, k, "log", BYTES(secrets(r)->log), e);
	renew_signer(&r->log, secrets(r)->log);
	return s;
}

enum status
ring_new_index_key(struct ring *r, struct store_keys *k, struct err *e)
{
	uint8_t fresh[SEAL_KEY];
	enum status s;

	seal_random(fresh, sizeof fresh);
	s = put_secret(r, k, "index", BYTES(fresh), e);
	if (s == OK)
		memcpy(secrets(r)->index, fresh, sizeof fresh);
	seal_wipe(fresh, sizeof fresh);
	return s;
}

enum status
ring_new_secrets(struct ring *r, struct store_keys *k, struct err *e)
{
	struct secrets *sec = secrets(r);
	enum status s;

	seal_random(sec->log, sizeof sec->log);
	seal_random(sec->adopt, sizeof sec->adopt);
	if ((s = put_secret(r, k, "log", BYTES(sec->log), e))
		|| (s = put_secret(r, k, "adopt", BYTES(sec->adopt), e))
		|| (s = ring_new_index_key(r, k, e)))
		return s;
	renew_signer(&r->log, sec->log);
	renew_signer(&r->adopt, sec->adopt);
	return OK;
}

enum status
ring_load_secrets(struct ring *r, struct store_keys *k, struct err *e)
{
	struct secrets *sec = secrets(r);
	enum status s;

	if ((s = get_secret(r, k, "log", sec->log, sizeof sec->log, e))
		|| (s = get_secret(r, k, "adopt", sec->adopt, sizeof sec->adopt, e))
		|| (s = get_secret(r, k, "index", sec->index, sizeof sec->index, e)))
		return s;
	renew_signer(&r->log, sec->log);
	renew_signer(&r->adopt, sec->adopt);
	return OK;
}

enum status
ring_keep(const struct ring *r, struct store_keys *k, const char *name, struct bytes plain,
	struct err *e)
{
	char ad[64], named[64];
	struct buf b;

	buf_init(&b, NAMED_MOST);
	ad_of(named, "kept/", name);
	if (plain.n > 0)
		seal_close(ring_master(r), plain, str_bytes(ad_of(ad, "habeas/kept/1/", name)), &b);
	if (b.over) {
		buf_finish(&b);
		return err_set(e, BAD, "keys.db: %s grows beyond what may be kept", named);
	}
	return put_named(k, named, &b, e);
}

enum status
ring_kept(struct arena *a, const struct ring *r, struct store_keys *k, const char *name,
	struct bytes *ret, struct err *e)
{
	char ad[64], named[64];
	struct bytes box;
	uint8_t *plain;
	enum status s;

	ad_of(named, "kept/", name);
	if ((s = store_keys_get_named(a, k, named, &box, e)))
		return s;
	plain = box.n > SEAL_OVERHEAD ? arena_alloc(a, box.n - SEAL_OVERHEAD, 1) : NULL;
	if (!plain || !seal_open(ring_master(r), box,
		str_bytes(ad_of(ad, "habeas/kept/1/", name)), plain))
		return err_set(e, BAD, "keys.db: %s does not open", named);
	*ret = (struct bytes){plain, box.n - SEAL_OVERHEAD};
	return OK;
}
