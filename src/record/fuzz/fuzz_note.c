/* Notes, checkpoints, verifier keys, certificates: what is read is written again to the
 * same bytes. */
#include "base/fuzz/fuzz.h"
#include "record/record_int.h"

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const char vkey[] =
		"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
	struct arena *a = arena_create(64 << 20);
	struct str in = {(const char *)p, n}, text;
	struct certificate cert;
	struct checkpoint c;
	struct note_key k;
	struct err e;

	if (note_verify(in, str_of(vkey), &text, &e) == OK)
		invariant(text.n < in.n && text.p[text.n - 1] == '\n');
	if (checkpoint_read(in, &c))
		invariant(str_eq(checkpoint_text(a, &c), in));
	if (vkey_read(in, &k))
		invariant(str_eq(vkey_make(a, k.name, k.pub), in));
	if (utf8_valid(str_bytes(in)) && certificate_read(a, in, &cert))
		invariant(str_eq(certificate_text(a, &cert), in));
	arena_destroy(a);
	return 0;
}
