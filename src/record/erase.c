/*
 * Erasure: the keys are destroyed, then payloads and files; an erasure record says
 * which records and why, and stands in the log before anything is gone, so that a
 * crash leaves either everything or an erasure that the next writer carries out.
 */
#include "record/record.h"
#include "record/record_int.h"

enum status
erase_carry_out(struct node *n, const struct pending *p, struct err *e)
{
	enum status s;

	if ((s = store_keys_delete(n->keys, p->pos, p->n_pos, e))
		|| (s = store_vault_delete_payloads(n->vault, p->pos, p->n_pos, e))
		|| (s = pending_drop_blobs(n, p, e)))
		return s;
	/* The old index.db holds what was just erased: without its key it is noise. */
	return ring_new_index_key(n->ring, n->keys, e);
}
