/* Secret memory: on pages of its own between guard pages, locked, kept out of core
 * dumps, wiped when given back (sodium_malloc(3)). */
#include "seal/seal_int.h"
#include <stdatomic.h>

struct seal_secret {
	size_t n;
	uint8_t *p;                     /* sodium_malloc's: it ends where the guard begins */
};

static atomic_bool some_unlocked;

void *
seal_secret_memory(size_t n)
{
	/* One byte at least: what has no bytes has no page to protect either. */
	void *p = sodium_malloc(n ? n : 1);

	invariant(p != NULL);
	/* sodium_malloc goes on when its mlock() fails and does not say so.  Locking
	 * twice is harmless and does. */
	if (sodium_mlock(p, n ? n : 1) != 0)
		atomic_store(&some_unlocked, true);
	sodium_memzero(p, n);
	return p;
}

bool
seal_secrets_locked(void)
{
	return !atomic_load(&some_unlocked);
}

struct seal_secret *
seal_secret_create(size_t n)
{
	struct seal_secret *s = mem_alloc(1, sizeof *s);

	s->n = n;
	s->p = seal_secret_memory(n);
	return s;
}

void
seal_secret_destroy(struct seal_secret *s)
{
	if (!s)
		return;
	sodium_free(s->p);
	mem_free(s);
}

uint8_t *
seal_secret_bytes(struct seal_secret *s)
{
	return s->p;
}

size_t
seal_secret_size(const struct seal_secret *s)
{
	return s->n;
}
