/* The backups that we know of, and which of them still hold keys that were erased
 * here: "backups" under M, CBOR [[path, time, records, holds erased keys] …]. */
#include "record/record.h"
#include "record/record_int.h"

enum { BACKUPS_MOST = 1000 };

struct backup { struct str path; int64_t time; uint64_t size; bool stale; };
struct backups { struct backup *v; size_t n, cap; };

static enum status
load(struct arena *a, struct node *n, struct backups *ret, struct err *e)
{
	struct bytes v;
	struct cbor c;
	size_t count;
	enum status s = ring_kept(a, n->ring, n->keys, "backups", &v, e);

	memset(ret, 0, sizeof *ret);
	if (s == NO)
		return OK;
	if (s)
		return s;
	c = cbor_read(v);
	count = cbor_get_array(&c);
	for (size_t i = 0; i < count && cbor_ok(&c); i++) {
		struct backup *b = &VEC_PUSH(a, ret);
		if (cbor_get_array(&c) != 4)
			break;
		b->path = cbor_get_text(&c);
		b->time = cbor_get_int(&c);
		b->size = cbor_get_uint(&c);
		b->stale = cbor_get_bool(&c);
	}
	return cbor_done(&c) && count == ret->n ? OK : err_set(e, BAD,
		"%s/keys.db: kept/backups is not as it was written", n->path);
}

static enum status
save(struct node *n, const struct backups *all, struct err *e)
{
	struct buf b;
	enum status s;

	buf_init(&b, 8 << 20);
	cbor_put_array(&b, all->n);
	for (size_t i = 0; i < all->n; i++) {
		cbor_put_array(&b, 4);
		cbor_put_text(&b, all->v[i].path);
		cbor_put_int(&b, all->v[i].time);
		cbor_put_uint(&b, all->v[i].size);
		cbor_put_bool(&b, all->v[i].stale);
	}
	s = b.over ? err_set(e, BAD, "%s: too many backups are known", n->path)
		: ring_keep(n->ring, n->keys, "backups", buf_bytes(&b), e);
	buf_finish(&b);
	return s;
}

enum status
backups_check(struct node *n, struct err *e)
{
	struct arena *a = arena_create(64 << 20);
	struct backups all;
	enum status s = load(a, n, &all, e);

	arena_destroy(a);
	return s;
}

enum status
backups_note(struct node *n, struct str path, bool stale, struct err *e)
{
	struct arena *a = arena_create(64 << 20);
	struct backups all;
	struct backup *own = NULL;
	enum status s = load(a, n, &all, e);

	for (size_t i = 0; s == OK && i < all.n; i++)
		if (str_eq(all.v[i].path, path))
			own = &all.v[i];
	if (s == OK && !own && all.n >= BACKUPS_MOST)
		s = err_set(e, BAD, "%s: more than %d backups are known", n->path, BACKUPS_MOST);
	if (s == OK) {
		if (!own)
			own = &VEC_PUSH(a, &all);
		else
			stale = stale && own->stale;
		*own = (struct backup){path, os_now(), n->size, stale};
		s = save(n, &all, e);
	}
	arena_destroy(a);
	return s;
}

enum status
backups_hold(struct node *n, const uint64_t *pos, size_t count, struct err *e)
{
	struct arena *a = arena_create(64 << 20);
	struct backups all;
	enum status s = load(a, n, &all, e);

	for (size_t i = 0; s == OK && i < all.n; i++)
		for (size_t j = 0; j < count; j++)
			all.v[i].stale |= pos[j] < all.v[i].size;
	if (s == OK && all.n > 0)
		s = save(n, &all, e);
	arena_destroy(a);
	return s;
}

enum status
backups_stale(struct arena *a, struct node *n, struct str **ret, size_t *ret_n, struct err *e)
{
	VEC(struct str) paths = {0};
	struct backups all;
	enum status s = load(a, n, &all, e);

	if (s)
		return s;
	for (size_t i = 0; i < all.n; i++)
		if (all.v[i].stale)
			VEC_PUSH(a, &paths) = all.v[i].path;
	*ret = paths.v;
	*ret_n = paths.n;
	return OK;
}

enum status
node_backups_stale(struct node *n, struct arena *a, struct str **ret, size_t *ret_n,
	struct err *e)
{
	return backups_stale(a, n, ret, ret_n, e);
}
