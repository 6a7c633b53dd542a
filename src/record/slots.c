/*
 * A record as hashes: salts, decoys, disclosures, the root, the entry; and its
 * payload, encoded and read back strictly (docs/formats.md, "Records").
 */
#include "record/record.h"
#include "record/record_int.h"

enum {
	SMALL = 512,                  /* disclosures up to this are built on the stack */
	HEAD_MOST = 3 + SEAL_KEY + 2, /* 83 58 20 salt, then the slot in one byte or two */
};

static const uint8_t entry_head[5] = {0x83, 0x01, 0x00, 0x58, 0x20};

/* BLAKE2b(seed, 'S' || slot) or BLAKE2b(seed, 'D' || slot). */
static void
derive(const uint8_t seed[SEAL_KEY], char what, unsigned slot, uint8_t ret[SEAL_HASH])
{
	uint8_t msg[2] = {(uint8_t)what, (uint8_t)slot};

	seal_keyed(seed, BYTES(msg), ret);
}

/* [salt, slot, value]: everything before the value. */
static size_t
disclosure_head(const uint8_t seed[SEAL_KEY], unsigned slot, uint8_t ret[HEAD_MOST])
{
	size_t n = 0;

	ret[n++] = 0x83;
	ret[n++] = 0x58;
	ret[n++] = SEAL_KEY;
	derive(seed, 'S', slot, ret + n);
	n += SEAL_KEY;
	if (slot >= 24)
		ret[n++] = 0x18;
	ret[n++] = (uint8_t)slot;
	return n;
}

void
slot_disclosure(const uint8_t seed[SEAL_KEY], unsigned slot, struct bytes value, struct buf *out)
{
	uint8_t head[HEAD_MOST];

	buf_put(out, head, disclosure_head(seed, slot, head));
	buf_put(out, value.p, value.n);
}

bool
disclosure_read(struct bytes d, unsigned *ret_slot, struct bytes *ret_value)
{
	struct cbor c = cbor_read(d);
	bool three = cbor_get_array(&c) == 3;
	uint64_t slot;
	struct bytes value;

	cbor_get_bytes_n(&c, SEAL_KEY);
	slot = cbor_get_uint(&c);
	value = cbor_get_item(&c);
	if (!three || !cbor_done(&c) || slot >= SLOTS)
		return false;
	*ret_slot = (unsigned)slot;
	*ret_value = value;
	return true;
}

void
slot_hash(const uint8_t seed[SEAL_KEY], unsigned slot, struct bytes value,
	uint8_t ret[SEAL_HASH])
{
	uint8_t small[SMALL];
	struct buf big;
	size_t n;

	if (value.n == 0) {
		derive(seed, 'D', slot, ret);
		return;
	}
	if (value.n <= SMALL - HEAD_MOST) {
		n = disclosure_head(seed, slot, small);
		memcpy(small + n, value.p, value.n);
		seal_leaf((struct bytes){small, n + value.n}, ret);
		return;
	}
	buf_init(&big, HEAD_MOST + value.n);
	slot_disclosure(seed, slot, value, &big);
	seal_leaf(buf_bytes(&big), ret);
	buf_finish(&big);
}

void
record_root(const uint8_t hashes[SLOTS][SEAL_HASH], uint8_t ret[SEAL_HASH])
{
	uint8_t row[SLOTS / 2][SEAL_HASH];

	/* 32 leaves are a full tree: level by level in place. */
	for (size_t i = 0; i < SLOTS / 2; i++)
		seal_node(hashes[2 * i], hashes[2 * i + 1], row[i]);
	for (size_t n = SLOTS / 2; n > 1; n /= 2)
		for (size_t i = 0; i < n / 2; i++)
			seal_node(row[2 * i], row[2 * i + 1], row[i]);
	memcpy(ret, row[0], SEAL_HASH);
}

void
entry_make(unsigned class, const uint8_t root[SEAL_HASH], uint8_t ret[ENTRY_BYTES])
{
	memcpy(ret, entry_head, sizeof entry_head);
	ret[2] = (uint8_t)class;
	memcpy(ret + sizeof entry_head, root, SEAL_HASH);
}

bool
entry_read(const uint8_t entry[ENTRY_BYTES], unsigned *ret_class, uint8_t ret_root[SEAL_HASH])
{
	if (entry[0] != entry_head[0] || entry[1] != entry_head[1] || entry[2] > 1
		|| entry[3] != entry_head[3] || entry[4] != entry_head[4])
		return false;
	*ret_class = entry[2];
	memcpy(ret_root, entry + sizeof entry_head, SEAL_HASH);
	return true;
}

/* --- payloads: writing ------------------------------------------------------------ */

static void
put_slots(struct buf *out, const struct bytes slot[SLOTS], uint32_t mask)
{
	size_t n = 0;

	for (unsigned i = 0; i < SLOTS; i++)
		n += (mask >> i & 1) && slot[i].n > 0;
	cbor_put_array(out, n);
	for (unsigned i = 0; i < SLOTS; i++) {
		if (!(mask >> i & 1) || slot[i].n == 0)
			continue;
		cbor_put_array(out, 2);
		cbor_put_uint(out, i);
		cbor_put_raw(out, slot[i]);
	}
}

static void
put_hashes(struct buf *out, const uint8_t hash[SLOTS][SEAL_HASH], uint32_t mask)
{
	cbor_put_array(out, (size_t)__builtin_popcount(mask));
	for (unsigned i = 0; i < SLOTS; i++) {
		if (!(mask >> i & 1))
			continue;
		cbor_put_array(out, 2);
		cbor_put_uint(out, i);
		cbor_put_bytes(out, (struct bytes){hash[i], SEAL_HASH});
	}
}

void
payload_put_open(struct buf *out, const struct payload *p, const struct bytes slot[SLOTS])
{
	cbor_put_array(out, 5);
	cbor_put_uint(out, 1);
	cbor_put_bytes(out, BYTES(p->seed));
	put_slots(out, slot, ~p->sealed);
	put_hashes(out, p->hash, p->sealed);
	cbor_put_bytes(out, BYTES(p->signature));
}

void
payload_put_sealed(struct buf *out, const struct payload *p, const struct bytes slot[SLOTS])
{
	cbor_put_array(out, 3);
	cbor_put_uint(out, 1);
	cbor_put_bytes(out, BYTES(p->sealed_seed));
	put_slots(out, slot, p->sealed);
}

/* --- payloads: reading ------------------------------------------------------------ */

/* [[slot, value] …], ascending, only slots of `mask`; ret_mask: which there are. */
static bool
read_slots(struct cbor *c, struct bytes slot[SLOTS], uint32_t mask, uint32_t *ret_mask)
{
	size_t n = cbor_get_array(c);
	uint64_t next = 0;

	*ret_mask = 0;
	for (size_t i = 0; i < n && cbor_ok(c); i++) {
		bool two = cbor_get_array(c) == 2;
		uint64_t at = cbor_get_uint(c);
		struct bytes value = cbor_get_item(c);
		if (!cbor_ok(c) || !two || at < next || at >= SLOTS || !(mask >> at & 1))
			return false;
		slot[at] = value;
		*ret_mask |= (uint32_t)1 << at;
		next = at + 1;
	}
	return cbor_ok(c);
}

static bool
read_hashes(struct cbor *c, struct payload *p)
{
	size_t n = cbor_get_array(c);
	uint64_t next = SLOT_FIRST;     /* what every kind has is never sealed */

	p->sealed = 0;
	for (size_t i = 0; i < n && cbor_ok(c); i++) {
		bool two = cbor_get_array(c) == 2;
		uint64_t at = cbor_get_uint(c);
		struct bytes hash = cbor_get_bytes_n(c, SEAL_HASH);
		if (!cbor_ok(c) || !two || at < next || at >= SLOTS)
			return false;
		memcpy(p->hash[at], hash.p, SEAL_HASH);
		p->sealed |= (uint32_t)1 << at;
		next = at + 1;
	}
	return cbor_ok(c);
}

bool
payload_read_open(struct bytes plain, struct payload *ret, struct bytes slot[SLOTS])
{
	struct cbor c = cbor_read(plain);
	bool ok = cbor_get_array(&c) == 5 && cbor_get_uint(&c) == 1;
	struct bytes seed = cbor_get_bytes_n(&c, SEAL_KEY), signature;
	uint32_t present;

	if (!ok || !cbor_ok(&c) || !read_slots(&c, slot, UINT32_MAX, &present)
		|| !read_hashes(&c, ret) || (present & ret->sealed))
		return false;
	signature = cbor_get_bytes_n(&c, SEAL_SIGNATURE);
	if (!cbor_done(&c))
		return false;
	memcpy(ret->seed, seed.p, SEAL_KEY);
	memcpy(ret->signature, signature.p, SEAL_SIGNATURE);
	for (unsigned i = 0; i < SLOTS; i++)
		if (!(ret->sealed >> i & 1))
			slot_hash(ret->seed, i, slot[i], ret->hash[i]);
	return true;
}

bool
payload_read_sealed(struct bytes plain, struct payload *p, struct bytes slot[SLOTS])
{
	struct cbor c = cbor_read(plain);
	bool ok = cbor_get_array(&c) == 3 && cbor_get_uint(&c) == 1;
	struct bytes seed = cbor_get_bytes_n(&c, SEAL_KEY);
	uint8_t hash[SEAL_HASH];
	uint32_t present;

	if (!ok || !cbor_ok(&c) || !read_slots(&c, slot, p->sealed, &present)
		|| !cbor_done(&c) || present == 0)
		return false;
	for (unsigned i = 0; i < SLOTS; i++) {
		if (!(p->sealed >> i & 1))
			continue;
		slot_hash(seed.p, i, slot[i], hash);
		if (memcmp(hash, p->hash[i], SEAL_HASH) != 0)
			return false;
	}
	memcpy(p->sealed_seed, seed.p, SEAL_KEY);
	return true;
}
