/*
 * Writing records: from drafts to hashes, signatures, sealed parts and wrapped keys,
 * and all of a batch into the files or nothing.
 *
 * Order on disk (docs/formats.md, "The log"): what a crash must undo (pending), keys,
 * vault.  A wrap whose record never came is deleted by the next writer; a blob, too.
 */
#include "record/record.h"
#include "record/record_int.h"

enum {
	HANDLERS = 8,
	BATCH_MOST = 1 << 30,         /* bytes of one batch, sealed */
	KEEP_MOST = 64 << 20,         /* of its memory, what is kept for the next batch */
};

/* A batch on its way.  Boxes grow in one buffer, so rows hold offsets until the end. */
struct span { size_t at, n; };
struct seeds {
	uint8_t open[SEAL_KEY], sealed[SEAL_KEY], open_key[SEAL_KEY], sealed_key[SEAL_KEY];
};
struct work {
	uint64_t pos;
	uint8_t hash[SEAL_HASH], entry[ENTRY_BYTES];
	struct span open, sealed;
	uint8_t part_key[SEAL_KEY], sealed_key[SEAL_KEY];
};
struct wrap_work { uint64_t pos; uint32_t holder; struct span box; };
struct batch {
	struct node *n;
	struct arena *arena;
	const struct draft *d;
	size_t count, n_wraps, n_blobs, n_own;
	struct work *w;
	VEC(struct wrap_work) wraps;
	struct bytes author, recorded;         /* the same in all of them */
	struct buf plain;
	uint8_t recovery_box[SEAL_PUBLIC];
	struct seeds *seeds;                   /* by draft: asked for once, not each time */
	const struct kind *allowed;            /* the last kind found to be ours to write */
	uint8_t (*blob)[BLOB_NAME];            /* by draft, where it has one */
};

static struct bytes
in_buf(const struct buf *b, struct span s)
{
	return (struct bytes){s.n ? b->p + s.at : NULL, s.n};
}

/* --- may this be written ---------------------------------------------------------- */

static enum status
refuse(const struct batch *b, size_t i, struct err *e, const char *what, struct str more)
{
	const struct kind *k = kind_of(b->d[i].kind);

	return err_set(e, BAD, "%s: draft %zu (" STR_FMT "): %s " STR_FMT, b->n->path, i + 1,
		STR_ARG(k ? k->name : S("unknown kind")), what, STR_ARG(more));
}

/* Never withdrawn: what a record is, by whom, of what, and when. */
static bool
is_withdrawal(const struct draft *d, unsigned slot, struct bytes v)
{
	const uint32_t never = 1u << SLOT_KIND | 1u << SLOT_AUTHOR | 1u << SLOT_AMENDS
		| 1u << SLOT_RECORDED;
	struct str reason;

	return d->slot[SLOT_AMENDS].n > 0 && !(never >> slot & 1)
		&& get_withdrawn(v, &reason) && text_is_nfc(reason);
}

static enum status
check_slot(const struct batch *b, size_t i, const struct kind *k, unsigned slot, struct err *e)
{
	const struct draft *d = &b->d[i];
	const struct field *f = field_of(k, slot);
	struct bytes v = d->slot[slot];
	int64_t number;

	if (!f)
		return refuse(b, i, e, "it has no slot", str_fmt(b->arena, "%u", slot));
	if (is_withdrawal(d, slot, v))
		return OK;
	if (f->type == VALUE_BLOB)
		return refuse(b, i, e, "a file is given as such, not by a name, in", f->name);
	if (!value_fits(f, v))
		return refuse(b, i, e, "this is not a value for", f->name);
	if (slot == SLOT_KIND && (!get_number(v, &number) || number != (int64_t)d->kind))
		return refuse(b, i, e, "its slot 0 says another", f->name);
	if (slot == SLOT_AUTHOR && !bytes_eq(v, b->author))
		return refuse(b, i, e, "it must be signed by who is signed in, not another",
			f->name);
	return OK;
}

/* The first record of a chain, of the same kind, in this register. */
static enum status
check_amends(const struct batch *b, size_t i, struct err *e)
{
	const struct draft *d = &b->d[i];
	uint8_t hash[SEAL_HASH];
	struct record first;
	struct arena *a;
	uint64_t pos;
	enum status s;

	if (!get_ref(d->slot[SLOT_AMENDS], hash))
		return refuse(b, i, e, "this is not a value for", S("amends"));
	s = node_find(b->n, hash, &pos, e);
	if (s == NO)
		return refuse(b, i, e, "it amends a record that is not in this register:",
			hex_encode(b->arena, (struct bytes){hash, 8}));
	if (s)
		return s;
	a = arena_create(4 * PART_MOST);
	s = node_get(a, b->n, pos, &first, e);
	if (s == OK && first.erased)
		s = refuse(b, i, e, "it amends a record that was erased:",
			hex_encode(b->arena, (struct bytes){hash, 8}));
	else if (s == OK && first.kind != d->kind)
		s = refuse(b, i, e, "it amends a record of another kind:",
			kind_of(first.kind) ? kind_of(first.kind)->name : S("unknown"));
	else if (s == OK && record_has(&first, SLOT_AMENDS))
		s = refuse(b, i, e, "it amends an amendment; name the first record of the chain, "
			"not", hex_encode(b->arena, (struct bytes){hash, 8}));
	arena_destroy(a);
	return s;
}

static enum status
check_blob(struct batch *b, size_t i, const struct kind *k, struct err *e)
{
	const struct draft *d = &b->d[i];
	const struct field *f = field_of(k, d->blob_slot);

	if (d->blob.n == 0)
		return OK;
	if (!f || f->type != VALUE_BLOB || d->slot[d->blob_slot].n > 0)
		return refuse(b, i, e, "a file cannot stand in slot",
			str_fmt(b->arena, "%u", d->blob_slot));
	if (d->blob.n > BLOB_MOST)
		return refuse(b, i, e, "the file is larger than",
			str_fmt(b->arena, "%d bytes", BLOB_MOST));
	b->n_blobs++;
	return OK;
}

static enum status
check_handlers(const struct batch *b, size_t i, struct err *e)
{
	const struct draft *d = &b->d[i];

	if (d->n_handlers > HANDLERS)
		return refuse(b, i, e, "more handlers than", S("8"));
	for (size_t j = 0; j < d->n_handlers; j++) {
		const struct person *o = people_by_slot(&b->n->people, d->handlers[j]);
		if (!o || o->revoked)
			return refuse(b, i, e, "its sealed slots are for an officer that there is "
				"not: key slot", str_fmt(b->arena, "%u", d->handlers[j]));
		for (size_t l = 0; l < j; l++)
			if (d->handlers[l] == d->handlers[j])
				return refuse(b, i, e, "a handler named twice: key slot",
					str_fmt(b->arena, "%u", d->handlers[j]));
	}
	return OK;
}

static enum status
check_draft(struct batch *b, size_t i, struct err *e)
{
	const struct draft *d = &b->d[i];
	const struct kind *k = kind_of(d->kind);
	enum status s;

	if (!k || d->kind == 0)
		return refuse(b, i, e, "there is no such kind:", str_fmt(b->arena, "%u", d->kind));
	if (k != b->allowed && !role_may_write(b->n->info.role, d->kind))
		return refuse(b, i, e, "this kind may not be written by a", b->n->info.role);
	b->allowed = k;
	if (d->class != str_is(k->name, "succession"))
		return refuse(b, i, e, "its class is not", d->class ? S("0") : S("1"));
	for (unsigned slot = 0; slot < SLOTS; slot++)
		if (d->slot[slot].n > 0 && (s = check_slot(b, i, k, slot, e)))
			return s;
	if ((s = check_blob(b, i, k, e)) || (s = check_handlers(b, i, e)))
		return s;
	return d->slot[SLOT_AMENDS].n > 0 ? check_amends(b, i, e) : OK;
}

/* --- one record ------------------------------------------------------------------- */

/* Slots of the kind whose audience is "sealed", if one of them is there. */
static uint32_t
sealed_slots(const struct kind *k, const struct bytes slot[SLOTS])
{
	uint32_t mask = 0;
	bool any = false;

	for (size_t i = 0; i < k->n_fields; i++) {
		if (k->fields[i].audience != AUDIENCE_SEALED)
			continue;
		mask |= 1u << k->fields[i].slot;
		any |= slot[k->fields[i].slot].n > 0;
	}
	return any ? mask : 0;
}

static void
fill_slots(struct batch *b, size_t i, struct bytes slot[SLOTS])
{
	const struct draft *d = &b->d[i];

	memcpy(slot, d->slot, sizeof d->slot);
	slot[SLOT_AUTHOR] = b->author;
	if (slot[SLOT_KIND].n == 0)
		slot[SLOT_KIND] = value_number(b->arena, (int64_t)d->kind);
	if (slot[SLOT_RECORDED].n == 0)
		slot[SLOT_RECORDED] = b->recorded;
	if (d->blob.n > 0) {
		blob_name_make(b->blob[i]);
		slot[d->blob_slot] = value_bytes(b->arena, BYTES(b->blob[i]));
	}
}

static struct bytes
ad_of(const char *prefix, const uint8_t hash[SEAL_HASH], uint8_t ret[64])
{
	size_t n = strlen(prefix);

	memcpy(ret, prefix, n);
	memcpy(ret + n, hash, SEAL_HASH);
	return (struct bytes){ret, n + SEAL_HASH};
}

static struct span
close_box(struct batch *b, const uint8_t key[SEAL_KEY], struct bytes plain, const char *prefix,
	const uint8_t hash[SEAL_HASH])
{
	struct buf *out = &b->n->boxes;
	struct span s = {.at = out->n};
	uint8_t ad[64];

	seal_close(key, plain, ad_of(prefix, hash, ad), out);
	s.n = out->n - s.at;
	return s;
}

/* For the officers who cannot open it: that it is as it was written. */
static void
add_code(struct batch *b, struct work *w)
{
	uint8_t code[CODE];

	if (b->n->boxes.over)
		return;
	ring_code(b->n->ring, CODE_SEALED, BYTES(w->hash), in_buf(&b->n->boxes, w->sealed), code);
	buf_put(&b->n->boxes, code, sizeof code);
	w->sealed.n += sizeof code;
}

static void
sign_entry(const struct node *n, const uint8_t entry[ENTRY_BYTES], uint8_t ret[SEAL_SIGNATURE])
{
	uint8_t msg[sizeof SIGNED_PREFIX + ENTRY_BYTES];

	memcpy(msg, SIGNED_PREFIX, sizeof SIGNED_PREFIX);
	memcpy(msg + sizeof SIGNED_PREFIX, entry, ENTRY_BYTES);
	seal_sign(ring_device(n->ring), BYTES(msg), ret);
}

static void
box_to(struct batch *b, const struct work *w, uint32_t holder, const uint8_t pub[SEAL_PUBLIC])
{
	struct buf *out = &b->n->boxes;
	struct wrap_work *x = &VEC_PUSH(b->arena, &b->wraps);
	uint8_t mac[WRAP_MAC];
	size_t at = out->n;

	/* Such a key never came into an officer's record: seal made it. */
	invariant(seal_box_close(pub, BYTES(w->sealed_key), out) || out->over);
	if (out->over)
		return;
	ring_wrap_mac(b->n->ring, w->hash, holder, (struct bytes){out->p + at, out->n - at}, mac);
	buf_put(out, mac, sizeof mac);
	*x = (struct wrap_work){w->pos, holder, {at, out->n - at}};
}

static void
wrap_keys(struct batch *b, const struct draft *d, const struct work *w)
{
	uint8_t own[SEAL_PUBLIC];

	VEC_PUSH(b->arena, &b->wraps) = (struct wrap_work){w->pos, 0,
		close_box(b, ring_master(b->n->ring), BYTES(w->part_key), "habeas/key/1", w->hash)};
	if (w->sealed.n == 0)
		return;
	for (size_t j = 0; j < d->n_handlers; j++)
		box_to(b, w, d->handlers[j],
			people_by_slot(&b->n->people, d->handlers[j])->box);
	if (d->n_handlers == 0 && ring_holder(b->n->ring) != HOLDER_RECOVERY) {
		ring_box_public(b->n->ring, own);
		box_to(b, w, ring_holder(b->n->ring), own);
	}
	box_to(b, w, HOLDER_RECOVERY, b->recovery_box);
}

static enum status
build(struct batch *b, size_t i, struct err *e)
{
	const struct draft *d = &b->d[i];
	const struct seeds *r = &b->seeds[i];
	struct work *w = &b->w[i];
	struct bytes slot[SLOTS];
	struct payload p;
	uint8_t root[SEAL_HASH];

	fill_slots(b, i, slot);
	memcpy(p.seed, r->open, SEAL_KEY);
	memcpy(p.sealed_seed, r->sealed, SEAL_KEY);
	memcpy(w->part_key, r->open_key, SEAL_KEY);
	memcpy(w->sealed_key, r->sealed_key, SEAL_KEY);
	p.sealed = sealed_slots(kind_of(d->kind), slot);
	for (unsigned s = 0; s < SLOTS; s++)
		slot_hash(p.sealed >> s & 1 ? p.sealed_seed : p.seed, s, slot[s], p.hash[s]);
	record_root(p.hash, root);
	entry_make(d->class, root, w->entry);
	seal_leaf(BYTES(w->entry), w->hash);
	sign_entry(b->n, w->entry, p.signature);
	w->pos = b->n->size + i;
	buf_clear(&b->plain);
	payload_put_open(&b->plain, &p, slot);
	if (!b->plain.over)
		w->open = close_box(b, w->part_key, buf_bytes(&b->plain), "habeas/open/1", w->hash);
	if (p.sealed && !b->plain.over) {
		buf_clear(&b->plain);
		payload_put_sealed(&b->plain, &p, slot);
		w->sealed = close_box(b, w->sealed_key, buf_bytes(&b->plain), "habeas/sealed/1",
			w->hash);
		add_code(b, w);
	}
	wrap_keys(b, d, w);
	seal_wipe(&p, sizeof p);
	if (b->plain.over)
		return refuse(b, i, e, "it is larger than",
			str_fmt(b->arena, "%d bytes", PART_MOST));
	return b->n->boxes.over ? refuse(b, i, e, "the batch is larger than",
		str_fmt(b->arena, "%d bytes", BATCH_MOST)) : OK;
}

/* --- all of them, to the disk ----------------------------------------------------- */

static enum status
put_wraps(struct batch *b, struct err *e)
{
	struct store_wrap *w = NEWS(b->arena, struct store_wrap, b->wraps.n);

	for (size_t i = 0; i < b->wraps.n; i++)
		w[i] = (struct store_wrap){b->wraps.v[i].pos, b->wraps.v[i].holder,
			in_buf(&b->n->boxes, b->wraps.v[i].box)};
	return store_keys_put(b->n->keys, w, b->wraps.n, e);
}

static enum status
put_rows(struct batch *b, struct err *e)
{
	struct store_row *rows = NEWS(b->arena, struct store_row, b->count);

	for (size_t i = 0; i < b->count; i++) {
		const struct work *w = &b->w[i];
		rows[i].pos = w->pos;
		memcpy(rows[i].entry, w->entry, ENTRY_BYTES);
		memcpy(rows[i].hash, w->hash, SEAL_HASH);
		rows[i].open = in_buf(&b->n->boxes, w->open);
		rows[i].sealed = in_buf(&b->n->boxes, w->sealed);
	}
	return store_vault_append(b->n->vault, rows, b->count, e);
}

static enum status
put_blobs(struct batch *b, struct err *e)
{
	uint8_t (*names)[BLOB_NAME] = arena_alloc(b->arena, b->n_blobs, BLOB_NAME);
	size_t n = 0;
	enum status s;

	if (b->n_blobs == 0)
		return OK;
	for (size_t i = 0; i < b->count; i++)
		if (b->d[i].blob.n > 0)
			memcpy(names[n++], b->blob[i], BLOB_NAME);
	if ((s = pending_append(b->n, b->n->size, names, n, e)))
		return s;
	for (size_t i = 0; i < b->count; i++) {
		const struct work *w = &b->w[i];
		const struct field *f;
		if (b->d[i].blob.n == 0)
			continue;
		f = field_of(kind_of(b->d[i].kind), b->d[i].blob_slot);
		s = blob_write(b->n, b->blob[i],
			f->audience == AUDIENCE_SEALED ? w->sealed_key : w->part_key, w->hash,
			b->d[i].blob, e);
		if (s)
			return s;
	}
	return OK;
}

/* The records that open() reads to know who we are. */
static enum status
note_own(struct batch *b, struct err *e)
{
	struct node *n = b->n;
	size_t before = n->own.n;

	for (size_t i = 0; i < b->count; i++)
		if (people_concerns(b->d[i].kind))
			VEC_PUSH(n->arena, &n->own) = n->size + i;
	b->n_own = n->own.n - before;
	return b->n_own > 0 ? own_keep(n, e) : OK;
}

static enum status
commit(struct batch *b, struct err *e)
{
	enum status s;

	b->n->dirty = true;
	if ((s = note_own(b, e)) || (s = put_blobs(b, e)) || (s = put_wraps(b, e))
		|| (s = put_rows(b, e)))
		return s;
	b->n->size += b->count;
	if (b->n_blobs > 0 && (s = pending_clear(b->n, e)))
		return s;
	b->n->dirty = false;
	return OK;
}

/* After a batch that failed half-way: what is there now, and away with the rest. */
static enum status
clean_up(struct node *n, struct err *e)
{
	enum status s;

	if (!n->dirty)
		return OK;
	if ((s = store_vault_size(n->vault, &n->size, e)) || (s = pending_finish(n, e))
		|| (s = store_keys_delete_from(n->keys, n->size, e)))
		return s;
	n->dirty = false;
	return OK;
}

static enum status
run_batch(struct batch *b, struct err *e)
{
	enum status s;

	for (size_t i = 0; i < b->count; i++)
		if ((s = check_draft(b, i, e)))
			return s;
	for (size_t i = 0; i < b->count; i++)
		if ((s = build(b, i, e)))
			return s;
	return commit(b, e);
}

static enum status
apply_own(struct node *n, uint64_t first, struct err *e)
{
	enum status s = OK;

	for (size_t i = 0; s == OK && i < n->own.n; i++) {
		struct record r;
		if (n->own.v[i] < first)
			continue;
		s = node_get(n->arena, n, n->own.v[i], &r, e);
		if (s == OK)
			people_apply(&n->people, &r);
	}
	return s;
}

enum status
node_append(struct node *n, const struct draft *d, size_t count,
	uint8_t (*ret_hashes)[SEAL_HASH], uint64_t *ret_first, struct err *e)
{
	struct batch b = {.n = n, .d = d, .count = count};
	uint64_t first;
	enum status s;

	if ((s = node_must_write(n, e)) || (s = clean_up(n, e))
		|| (s = ring_recovery_box(n->keys, b.recovery_box, e)))
		return s;
	first = n->size;
	b.arena = arena_create((size_t)BATCH_MOST);
	b.w = NEWS(b.arena, struct work, count);
	b.blob = arena_alloc(b.arena, count, sizeof *b.blob);
	b.seeds = NEWS(b.arena, struct seeds, count);
	seal_random(b.seeds, count * sizeof *b.seeds);
	b.author = value_bytes(b.arena, (struct bytes){seal_signer_public(ring_device(n->ring)),
		SEAL_PUBLIC});
	b.recorded = value_time(b.arena, os_now());
	buf_init(&b.plain, PART_MOST - SEAL_OVERHEAD);
	n->boxes.max = BATCH_MOST;
	buf_clear(&n->boxes);
	s = run_batch(&b, e);
	for (size_t i = 0; s == OK && ret_hashes && i < count; i++)
		memcpy(ret_hashes[i], b.w[i].hash, SEAL_HASH);
	if (s == OK && ret_first)
		*ret_first = first;
	if (s == OK && b.n_own > 0)
		s = apply_own(n, first, e);
	if (n->boxes.cap > KEEP_MOST)
		buf_finish(&n->boxes);
	buf_finish(&b.plain);
	arena_destroy(b.arena);
	node_refresh_info(n);
	return s;
}

enum status
own_keep(struct node *n, struct err *e)
{
	struct buf b;
	enum status s;

	buf_init(&b, 1 << 20);
	cbor_put_array(&b, n->own.n);
	for (size_t i = 0; i < n->own.n; i++)
		cbor_put_uint(&b, n->own.v[i]);
	s = b.over ? err_set(e, BAD, "%s: too many records of officers", n->path)
		: ring_keep(n->ring, n->keys, "own", buf_bytes(&b), e);
	buf_finish(&b);
	return s;
}
