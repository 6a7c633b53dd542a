/*
 * What a crash must not leave half done, written down before it begins: "pending" in
 * keys.db, sealed (docs/formats.md, "Keys").  The next writer finishes or undoes it.
 */
#include "record/record.h"
#include "record/record_int.h"

enum { PENDING_MOST = 16 << 20 };

static enum status
put_pending(struct node *n, const struct pending *p, struct err *e)
{
	struct buf b;
	enum status s;

	buf_init(&b, PENDING_MOST);
	cbor_put_array(&b, 4);
	cbor_put_uint(&b, p->what);
	cbor_put_uint(&b, p->at);
	cbor_put_array(&b, p->n_pos);
	for (size_t i = 0; i < p->n_pos; i++)
		cbor_put_uint(&b, p->pos[i]);
	cbor_put_array(&b, p->n_blobs);
	for (size_t i = 0; i < p->n_blobs; i++)
		cbor_put_bytes(&b, BYTES(p->blobs[i]));
	s = b.over ? err_set(e, BAD, "%s: too much at once; do it in parts", n->path)
		: ring_keep(n->ring, n->keys, "pending", buf_bytes(&b), e);
	buf_finish(&b);
	return s;
}

static bool
read_pending(struct arena *a, struct bytes v, struct pending *ret)
{
	struct cbor c = cbor_read(v);
	bool four = cbor_get_array(&c) == 4;
	uint64_t *pos;

	ret->what = (unsigned)cbor_get_uint(&c);
	ret->at = cbor_get_uint(&c);
	ret->n_pos = cbor_get_array(&c);
	pos = NEWS(a, uint64_t, ret->n_pos);
	for (size_t i = 0; i < ret->n_pos; i++)
		pos[i] = cbor_get_uint(&c);
	ret->pos = pos;
	ret->n_blobs = cbor_get_array(&c);
	ret->blobs = arena_alloc(a, ret->n_blobs, BLOB_NAME);
	for (size_t i = 0; i < ret->n_blobs && cbor_ok(&c); i++) {
		struct bytes name = cbor_get_bytes_n(&c, BLOB_NAME);
		if (cbor_ok(&c))
			memcpy(ret->blobs[i], name.p, BLOB_NAME);
	}
	return four && cbor_done(&c)
		&& (ret->what == PENDING_APPEND || ret->what == PENDING_ERASE);
}

enum status
pending_append(struct node *n, uint64_t at, uint8_t (*blobs)[BLOB_NAME], size_t n_blobs,
	struct err *e)
{
	struct pending p = {PENDING_APPEND, at, NULL, 0, blobs, n_blobs};

	return put_pending(n, &p, e);
}

enum status
pending_erase(struct node *n, const struct pending *p, struct err *e)
{
	return put_pending(n, p, e);
}

enum status
pending_clear(struct node *n, struct err *e)
{
	return ring_keep(n->ring, n->keys, "pending", (struct bytes){NULL, 0}, e);
}

enum status
pending_drop_blobs(struct node *n, const struct pending *p, struct err *e)
{
	struct arena *a = arena_create((size_t)1 << 30);
	enum status s = OK;

	for (size_t i = 0; s == OK && i < p->n_blobs; i++)
		s = os_remove(blob_path(a, n->path, p->blobs[i]), e);
	arena_destroy(a);
	return s;
}

/* An append whose records never came: away with its files.  An erasure whose record
 * stands: on with it. */
static enum status
finish(struct node *n, const struct pending *p, struct err *e)
{
	enum status s = OK;

	if (p->what == PENDING_APPEND && n->size <= p->at)
		s = pending_drop_blobs(n, p, e);
	if (p->what == PENDING_ERASE && n->size > p->at)
		s = erase_carry_out(n, p, e);
	return s ? s : pending_clear(n, e);
}

enum status
pending_finish(struct node *n, struct err *e)
{
	struct arena *a = arena_create(8 * (size_t)PENDING_MOST);
	struct pending p;
	struct bytes v;
	enum status s = ring_kept(a, n->ring, n->keys, "pending", &v, e);

	if (s == OK)
		s = read_pending(a, v, &p) ? finish(n, &p, e)
			: err_set(e, BAD, "%s/keys.db: kept/pending is not as it was written",
				n->path);
	else if (s == NO)
		s = OK;
	arena_destroy(a);
	return s;
}
