/* Everything of a letter that comes from others: what is read is what would be
 * written, byte for byte. */
#include "fuzz.h"
#include "appeal/appeal_int.h"

static void
try_manifest(struct arena *a, struct str s)
{
	struct manifest m;

	if (manifest_read(a, s, &m, NULL) == OK)
		invariant(str_eq(manifest_write(a, &m), s));
}

static void
try_bundle(struct arena *a, struct bytes b)
{
	struct buf out;
	struct pack p;

	if (bundle_get(a, b, &p, NULL) != OK)
		return;
	buf_init(&out, 1 << 20);
	bundle_put(&out, &p);
	invariant(bytes_eq(buf_bytes(&out), b));
	for (size_t i = 0; i < p.m.n_annexes; i++)
		invariant(frozen_csv(a, &p.annexes[i], &p.m.annexes[i]).n > 0);
	buf_finish(&out);
}

static void
try_adoption(struct arena *a, struct str s)
{
	struct adoption x;
	uint8_t hash[SEAL_HASH];
	struct manifest m = {.name = S("release-2020")};

	if (adoption_read(a, s, &x, hash, NULL) == OK)
		invariant(adoption_check(a, S("none"), &m, &x, NULL) != OK);
}

static void
start(void)
{
	static bool done;
	struct err e = {0};

	if (done)
		return;
	done = true;
	invariant(seal_init(&e) == OK);
	invariant(kinds_load((struct str){record_kinds_text, record_kinds_text_bytes}, &e) == OK);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bytes b = {p, n};
	struct str s = {(const char *)p, n};
	struct rendering x;
	struct trusted *t;
	struct arena *a;
	size_t n_trusted;

	if (n == 0 || n > 1 << 16)
		return 0;
	start();
	a = arena_create(256 << 20);
	try_bundle(a, b);
	try_manifest(a, s);
	try_adoption(a, s);
	if (rendering_read(a, s, &x))
		invariant(str_eq(rendering_text(a, &x), s));
	(void)!trust_read(a, s, "trust", &t, &n_trusted, NULL);
	arena_destroy(a);
	return 0;
}
