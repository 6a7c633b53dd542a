/* Shared by the files of seal and nobody else; comes first: libsodium's headers
 * speak of malloc, which base poisons. */
#ifndef SEAL_SEAL_INT_H
#define SEAL_SEAL_INT_H

#include <sodium.h>
#include "seal/seal.h"

/* n zeroed bytes of locked memory; give them back to sodium_free(). */
void *seal_secret_memory(size_t n);

#endif
