/* Texts to numbers: a hash table for whoever meets the same words again and again. */
#ifndef BASE_DICT_H
#define BASE_DICT_H

#include "base/str.h"

struct dict_slot;
struct dict {
	struct arena *a;              /* keeps the texts; NULL: the caller does */
	struct dict_slot *slots;      /* open addressing */
	size_t n, size;
};

/* a NULL: texts given to dict_find must outlive the dictionary. */
void dict_init(struct dict *d, struct arena *a);
void dict_finish(struct dict *d);

/* The number of a text, to be read or written at once: the next call may move it.
 * *ret_new: it was not there, and its number is 0.  Texts above 4 GiB are cut. */
uint32_t *dict_find(struct dict *d, struct str s, bool *ret_new);

#endif
