/* A payload that is read is written again to the same bytes, and hashes without fault. */
#include "base/fuzz/fuzz.h"
#include "record/record_int.h"

static void
check_open(struct bytes in)
{
	struct bytes slot[SLOTS] = {{0}};
	struct payload p;
	uint8_t root[SEAL_HASH];
	struct buf out;

	if (!payload_read_open(in, &p, slot))
		return;
	record_root(p.hash, root);
	buf_init(&out, in.n);
	payload_put_open(&out, &p, slot);
	invariant(bytes_eq(buf_bytes(&out), in));
	buf_finish(&out);
}

/* The hashes that the open part would give are made to fit, so that reading gets far. */
static void
check_sealed(struct bytes in)
{
	struct bytes slot[SLOTS] = {{0}}, again[SLOTS] = {{0}};
	struct payload p = {.sealed = 0xffu << 24};
	struct cbor c = cbor_read(in);
	struct bytes seed;
	struct buf out;

	cbor_get_array(&c);
	cbor_get_uint(&c);
	seed = cbor_get_bytes_n(&c, SEAL_KEY);
	if (!cbor_ok(&c))
		return;
	/* First with wrong hashes, which only fills `slot`. */
	if (payload_read_sealed(in, &p, slot))
		return;
	for (unsigned i = 24; i < SLOTS; i++)
		slot_hash(seed.p, i, slot[i], p.hash[i]);
	if (!payload_read_sealed(in, &p, again))
		return;
	buf_init(&out, in.n);
	payload_put_sealed(&out, &p, again);
	invariant(bytes_eq(buf_bytes(&out), in));
	buf_finish(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bytes in = {p, n}, value;
	unsigned slot;

	check_open(in);
	check_sealed(in);
	if (disclosure_read(in, &slot, &value))
		invariant(slot < SLOTS && cbor_valid(value));
	return 0;
}
