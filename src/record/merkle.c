/*
 * Merkle trees of RFC 6962 section 2.1 over leaf hashes: the one place that
 * computes and checks them, for records, for the log and for annexes.
 */
#include "record/record.h"
#include "record/record_int.h"

void
edge_add(struct edge *e, const uint8_t leaf[SEAL_HASH])
{
	uint8_t h[SEAL_HASH];
	unsigned i = 0;

	memcpy(h, leaf, SEAL_HASH);
	/* A carry, as in adding 1 to n: two equal subtrees become one above. */
	for (; e->n >> i & 1; i++)
		seal_node(e->h[i], h, h);
	memcpy(e->h[i], h, SEAL_HASH);
	e->n++;
}

void
edge_root(const struct edge *e, uint8_t ret[SEAL_HASH])
{
	uint8_t h[SEAL_HASH];
	bool any = false;

	seal_sha256((struct bytes){NULL, 0}, h);    /* of the empty tree */
	for (unsigned i = 0; i < 64; i++) {
		if (!(e->n >> i & 1))
			continue;
		if (any)
			seal_node(e->h[i], h, h);
		else
			memcpy(h, e->h[i], SEAL_HASH);
		any = true;
	}
	memcpy(ret, h, SEAL_HASH);
}

void
merkle_root(const uint8_t (*leaves)[SEAL_HASH], size_t n, uint8_t ret[SEAL_HASH])
{
	struct edge e = {.n = 0};

	for (size_t i = 0; i < n; i++)
		edge_add(&e, leaves[i]);
	edge_root(&e, ret);
}

/* Level by level: pairs are joined, an odd last one goes up as it is, which is the
 * recursion of section 2.1 seen from below. */
size_t
merkle_path(struct arena *a, const uint8_t (*leaves)[SEAL_HASH], size_t n, size_t at,
	uint8_t (**ret)[SEAL_HASH])
{
	uint8_t (*row)[SEAL_HASH], (*path)[SEAL_HASH] = arena_alloc(a, 64, SEAL_HASH);
	size_t steps = 0;

	invariant(at < n);
	row = arena_copy(a, leaves, n * SEAL_HASH);
	for (; n > 1; at /= 2, n = (n + 1) / 2) {
		if ((at ^ 1) < n)
			memcpy(path[steps++], row[at ^ 1], SEAL_HASH);
		for (size_t i = 0; i + 1 < n; i += 2)
			seal_node(row[i], row[i + 1], row[i / 2]);
		if (n % 2)
			memmove(row[n / 2], row[n - 1], SEAL_HASH);
	}
	*ret = path;
	return steps;
}

/* RFC 9162 section 2.1.3.2. */
bool
merkle_check(const uint8_t leaf[SEAL_HASH], uint64_t at, uint64_t size,
	const uint8_t (*path)[SEAL_HASH], size_t n, const uint8_t root[SEAL_HASH])
{
	uint64_t fn = at, sn = size - 1;
	uint8_t r[SEAL_HASH];

	if (at >= size)
		return false;
	memcpy(r, leaf, SEAL_HASH);
	for (size_t i = 0; i < n; i++) {
		if (sn == 0)
			return false;
		if (fn & 1 || fn == sn) {
			seal_node(path[i], r, r);
			while (!(fn & 1) && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			seal_node(r, path[i], r);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && memcmp(r, root, SEAL_HASH) == 0;
}

/* The loop of RFC 9162 section 2.1.4.2, from its step 4. */
static bool
walk_consistency(uint64_t fn, uint64_t sn, const uint8_t (*path)[SEAL_HASH], size_t n,
	uint8_t fr[SEAL_HASH], uint8_t sr[SEAL_HASH])
{
	for (size_t i = 0; i < n; i++) {
		if (sn == 0)
			return false;
		if (fn & 1 || fn == sn) {
			seal_node(path[i], fr, fr);
			seal_node(path[i], sr, sr);
			while (!(fn & 1) && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			seal_node(sr, path[i], sr);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0;
}

/* RFC 9162 section 2.1.4.2.  From an empty tree everything follows, by an empty
 * proof; equal sizes need equal roots and an empty proof. */
bool
merkle_check_consistency(uint64_t old_size, const uint8_t old_root[SEAL_HASH],
	uint64_t size, const uint8_t root[SEAL_HASH], const uint8_t (*path)[SEAL_HASH], size_t n)
{
	uint64_t fn = old_size - 1, sn = size - 1;
	uint8_t fr[SEAL_HASH], sr[SEAL_HASH];
	bool power = (old_size & (old_size - 1)) == 0;

	if (old_size > size)
		return false;
	if (old_size == size)
		return n == 0 && memcmp(old_root, root, SEAL_HASH) == 0;
	if (old_size == 0)
		return n == 0;
	if (n == 0)
		return false;
	for (; fn & 1; fn >>= 1)
		sn >>= 1;
	memcpy(fr, power ? old_root : path[0], SEAL_HASH);
	memcpy(sr, fr, SEAL_HASH);
	return walk_consistency(fn, sn, path + (power ? 0 : 1), n - (power ? 0 : 1), fr, sr)
		&& memcmp(fr, old_root, SEAL_HASH) == 0 && memcmp(sr, root, SEAL_HASH) == 0;
}
