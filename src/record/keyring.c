/*
 * The node's keys: the master key and who holds it, the secrets sealed under it,
 * and small things kept under it in keys.db (docs/formats.md, "Keys").
 *
 * Everything secret lies in one locked block; what leaves it is wiped by who took it.
 */
#include "record/record.h"
#include "record/keyring_int.h"

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

const uint8_t *ring_master(const struct ring *r) { return ring_secrets(r)->master; }
const uint8_t *ring_index_key(const struct ring *r) { return ring_secrets(r)->index; }
const struct seal_signer *ring_device(const struct ring *r) { return r->device; }
const struct seal_signer *ring_log(const struct ring *r) { return r->log; }
const struct seal_signer *ring_adopt(const struct ring *r) { return r->adopt; }
const uint8_t *ring_adopt_id(const struct ring *r) { return ring_secrets(r)->adopt + SEAL_KEY; }
uint32_t ring_holder(const struct ring *r) { return r->holder; }

bool
ring_box_open(const struct ring *r, struct bytes box, uint8_t *ret)
{
	return seal_box_open(ring_secrets(r)->box, box, ret);
}

void
ring_box_public(const struct ring *r, uint8_t ret[SEAL_PUBLIC])
{
	seal_box_public(ring_secrets(r)->box, ret);
}

void
ring_ready(struct ring *r, uint32_t holder)
{
	struct secrets *s = ring_secrets(r);

	seal_keyed(s->master, str_bytes(S("habeas/mac/1")), s->mac);
	r->holder = holder;
	seal_signer_destroy(r->device);
	r->device = seal_signer_create(s->device);
}

void
ring_make(struct ring *r)
{
	struct secrets *s = ring_secrets(r);

	seal_random(s->master, sizeof s->master);
	seal_random(s->device, sizeof s->device);
	seal_random(s->box, sizeof s->box);
	ring_ready(r, 1);
}

/* --- what slots and the recovery key have in common ------------------------------- */

void
ring_named_mac(const struct ring *r, const char *name, struct bytes content,
	uint8_t ret[SEAL_HASH])
{
	struct buf b;

	buf_init(&b, NAMED_MOST);
	buf_put(&b, name, strlen(name) + 1);
	buf_put(&b, content.p, content.n);
	invariant(!b.over);
	seal_keyed(ring_secrets(r)->mac, buf_bytes(&b), ret);
	buf_finish(&b);
}

bool
ring_mac_is(const struct ring *r, const char *name, struct buf *content,
	const uint8_t mac[SEAL_HASH])
{
	uint8_t own[SEAL_HASH];

	ring_named_mac(r, name, buf_bytes(content), own);
	buf_finish(content);
	return seal_equal(own, mac, sizeof own);
}

enum status
ring_put_named(struct store_keys *k, const char *name, struct buf *b, struct err *e)
{
	enum status s;

	invariant(!b->over);
	s = store_keys_set_named(k, name, buf_bytes(b), e);
	buf_finish(b);
	return s;
}

void
ring_want_key(struct cbor *c, uint64_t key, bool *ok)
{
	*ok = cbor_get_uint(c) == key && *ok;
}

/* --- codes ------------------------------------------------------------------------ */

/* Codes of 16 bytes bind what only some can open to its place, for whoever holds M
 * but not the key: wraps to their record and holder, sealed parts to their record,
 * files to their name. */
static void
make_code(const struct ring *r, struct bytes msg, uint8_t ret[CODE])
{
	uint8_t mac[SEAL_HASH];

	seal_keyed(ring_secrets(r)->mac, msg, mac);
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

/* --- secrets and things kept under M ---------------------------------------------- */

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
	return ring_put_named(k, named, &b, e);
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

	memcpy(ring_secrets(r)->log, seed, SEAL_KEY);
	s = put_secret(r, k, "log", BYTES(ring_secrets(r)->log), e);
	renew_signer(&r->log, ring_secrets(r)->log);
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
		memcpy(ring_secrets(r)->index, fresh, sizeof fresh);
	seal_wipe(fresh, sizeof fresh);
	return s;
}

enum status
ring_new_secrets(struct ring *r, struct store_keys *k, struct err *e)
{
	struct secrets *sec = ring_secrets(r);
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
	struct secrets *sec = ring_secrets(r);
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
	return ring_put_named(k, named, &b, e);
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
