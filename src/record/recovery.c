/* The recovery key: M under a key on paper, and the keys that follow from that. */
#include "record/record.h"
#include "record/keyring_int.h"

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
	ring_named_mac(r, "recovery", buf_bytes(&b), mac);
	buf_clear(&b);
	put_recovery_map(&b, buf_bytes(&sealed), box, mac);
	s = ring_put_named(k, "recovery", &b, e);
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

	ring_want_key(&c, 0, &ok);
	ok = cbor_get_uint(&c) == 1 && ok;
	ring_want_key(&c, 4, &ok);
	sealed = cbor_get_bytes_n(&c, RECOVERY_SEALED);
	ring_want_key(&c, 5, &ok);
	b = cbor_get_bytes_n(&c, SEAL_PUBLIC);
	ring_want_key(&c, 6, &ok);
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
	struct secrets *sec = ring_secrets(r);
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
		if (!ring_mac_is(r, "recovery", &b, mac))
			s = err_set(e, NO, "keys.db: the recovery key's slot is not as it was written");
	}
	arena_destroy(a);
	return s;
}
