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
	if ((s = backups_hold(n, p->pos, p->n_pos, e)))
		return s;
	/* The old index.db holds what was just erased: without its key it is noise. */
	return ring_new_index_key(n->ring, n->keys, e);
}

/* --- asking for it ---------------------------------------------------------------- */

struct erasing {
	struct node *n;
	struct arena *a;
	VEC(uint64_t) pos;
	struct names { uint8_t (*v)[BLOB_NAME]; size_t n, cap; } blobs;
	struct hashes { uint8_t (*v)[SEAL_HASH]; size_t n, cap; } hashes;
};

/* Who we are and what was erased must stay readable: without it nothing verifies. */
static bool
never_erased(uint32_t kind)
{
	return people_concerns(kind) || kind == kind_number("erasure")
		|| kind == kind_number("succession");
}

static enum status
note_blobs(struct erasing *x, const struct record *r, struct err *e)
{
	const struct kind *k = kind_of(r->kind);

	for (unsigned slot = SLOT_FIRST; k && slot < SLOTS; slot++) {
		const struct field *f = field_of(k, slot);
		uint8_t name[BLOB_NAME];
		if (!f || f->type != VALUE_BLOB)
			continue;
		if (r->sealed_away && f->audience == AUDIENCE_SEALED)
			return err_set(e, BAD, "%s: the record at position %llu may have a file that "
				"only its handlers know of; one of them must erase it",
				x->n->path, (unsigned long long)r->pos);
		if (blob_named(r, slot, name))
			memcpy(VEC_PUSH(x->a, &x->blobs), name, BLOB_NAME);
	}
	return OK;
}

static enum status
note_record(struct erasing *x, uint64_t pos, struct err *e)
{
	struct arena *a = arena_create(4 * (size_t)PART_MOST);
	struct record r;
	enum status s = node_get(a, x->n, pos, &r, e);

	if (s == NO)
		s = BAD;
	if (s == OK && r.erased)
		s = err_set(e, BAD, "%s: the record at position %llu is erased already", x->n->path,
			(unsigned long long)pos);
	else if (s == OK && never_erased(r.kind))
		s = err_set(e, BAD, "%s: the record at position %llu (" STR_FMT ") cannot be erased: "
			"the register would no longer verify", x->n->path,
			(unsigned long long)pos, STR_ARG(kind_of(r.kind)->name));
	if (s == OK)
		s = note_blobs(x, &r, e);
	if (s == OK) {
		VEC_PUSH(x->a, &x->pos) = pos;
		memcpy(VEC_PUSH(x->a, &x->hashes), r.hash, SEAL_HASH);
	}
	arena_destroy(a);
	return s;
}

static int
by_position(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static enum status
note_all(struct erasing *x, const uint64_t *pos, size_t count, struct err *e)
{
	uint64_t *sorted = arena_copy(x->a, pos, count * sizeof *pos);
	enum status s = OK;

	qsort(sorted, count, sizeof *sorted, by_position);
	for (size_t i = 0; s == OK && i < count; i++)
		if (i == 0 || sorted[i] != sorted[i - 1])
			s = note_record(x, sorted[i], e);
	return s;
}

static enum status
append_erasure(struct erasing *x, struct str reason, struct err *e)
{
	struct draft d = {.kind = kind_number("erasure")};

	d.slot[field_slot("erasure", "erased")] = value_refs(x->a, x->hashes.v, x->hashes.n);
	if (reason.n)
		d.slot[field_slot("erasure", "reason")] = value_text(x->a, reason);
	return node_append(x->n, &d, 1, NULL, NULL, e);
}

static enum status
erase(struct erasing *x, struct str reason, struct err *e)
{
	struct node *n = x->n;
	struct pending p = {PENDING_ERASE, n->size, x->pos.v, x->pos.n, x->blobs.v, x->blobs.n};
	struct err ignored;
	enum status s = pending_erase(n, &p, e);

	if (s)
		return s;
	if ((s = append_erasure(x, reason, e))) {
		/* Nothing was erased; what we meant to do is forgotten now or by the next
		 * writer, who finds no erasure record at its place. */
		if (pending_clear(n, &ignored))
			n->dirty = true;
		return s;
	}
	/* From here on it will be carried out, now or by the next writer. */
	n->dirty = true;
	if ((s = erase_carry_out(n, &p, e)) || (s = pending_clear(n, e)))
		return s;
	n->dirty = false;
	return node_publish(n, e);
}

enum status
node_erase(struct node *n, const uint64_t *pos, size_t count, struct str reason,
	struct arena *a, struct str **ret_backups, size_t *ret_n, struct err *e)
{
	struct erasing x = {.n = n};
	enum status s;

	if ((s = node_must_write(n, e)))
		return s;
	if (!role_may_write(n->info.role, kind_number("erasure")))
		return err_set(e, BAD, "%s: a " STR_FMT " may not erase", n->path,
			STR_ARG(n->info.role));
	if (count == 0)
		return err_set(e, BAD, "%s: nothing to erase was named", n->path);
	x.a = arena_create((size_t)1 << 30);
	s = note_all(&x, pos, count, e);
	if (s == OK)
		s = erase(&x, reason, e);
	arena_destroy(x.a);
	return s ? s : backups_stale(a, n, ret_backups, ret_n, e);
}
