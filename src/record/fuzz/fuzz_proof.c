/* A proof is judged without fault; one that holds has what it says. */
#include "base/fuzz/fuzz.h"
#include "record/record_int.h"

/* The key of the log in the corpus. */
static const char vkey[] =
	"habeas/a716b0a55e5a3a2b+cd45db6c+AbG+yPdhgtXenEbC3L1IVmL/MuZ+QR459x1IYDB/kXCm";

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena *a = arena_create((size_t)256 << 20);
	struct proof proof;
	struct err e;

	if (proof_check(a, (struct str){(const char *)p, n}, str_of(vkey), &proof, &e) == OK) {
		invariant(proof.index < proof.size);
		for (unsigned i = 0; i < SLOTS; i++)
			invariant(proof.slot[i].n == 0 || cbor_valid(proof.slot[i]));
	}
	arena_destroy(a);
	return 0;
}
