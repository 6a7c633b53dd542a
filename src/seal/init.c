/* The start, randomness, and what must not depend on what it looks at. */
#include "seal/seal_int.h"

/* What a command needs at once: a page each for the keys of one officer, one log
 * and one index.  Docker's default allows this much, systemd's 128 times it. */
enum { LOCK_BYTES = 64 * 1024 };

static bool
memory_can_be_locked(void)
{
	static _Alignas(4096) uint8_t probe[LOCK_BYTES];
	bool locked = sodium_mlock(probe, sizeof probe) == 0;

	if (locked)
		sodium_munlock(probe, sizeof probe);
	return locked;
}

enum status
seal_init(struct err *e)
{
	if (sodium_init() < 0)
		return err_set(e, FAIL, "libsodium: cannot start; this machine gives no "
			"randomness (getrandom, /dev/urandom)");
	if (!memory_can_be_locked())
		return err_set(e, FAIL, "memory: cannot lock %d KiB, so keys could reach the "
			"swap; raise RLIMIT_MEMLOCK (ulimit -l %d)", LOCK_BYTES / 1024,
			LOCK_BYTES / 1024);
	return OK;
}

void
seal_random(void *out, size_t n)
{
	randombytes_buf(out, n);
}

bool
seal_equal(const void *a, const void *b, size_t n)
{
	return sodium_memcmp(a, b, n) == 0;
}

void
seal_wipe(void *p, size_t n)
{
	sodium_memzero(p, n);
}
