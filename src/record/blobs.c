/* Sealed files beside the vault: blobs/NAME (docs/formats.md, "Keys"). */
#include "record/record.h"
#include "record/record_int.h"

static const char blob_prefix[] = "habeas/blob/1";

void
blob_name_make(uint8_t ret[BLOB_NAME])
{
	seal_random(ret, BLOB_NAME);
}

const char *
blob_path(struct arena *a, const char *node, const uint8_t name[BLOB_NAME])
{
	return str_fmt(a, "%s/blobs/" STR_FMT, node,
		STR_ARG(hex_encode(a, (struct bytes){name, BLOB_NAME}))).p;
}

/* The key of a file: BLAKE2b(key of the part that names it, prefix || name). */
static void
blob_key(const uint8_t part_key[SEAL_KEY], const uint8_t name[BLOB_NAME], uint8_t ret[SEAL_KEY])
{
	uint8_t msg[sizeof blob_prefix - 1 + BLOB_NAME];

	memcpy(msg, blob_prefix, sizeof blob_prefix - 1);
	memcpy(msg + sizeof blob_prefix - 1, name, BLOB_NAME);
	seal_keyed(part_key, BYTES(msg), ret);
}

static struct bytes
blob_ad(const uint8_t hash[SEAL_HASH], uint8_t ret[64])
{
	memcpy(ret, blob_prefix, sizeof blob_prefix - 1);
	memcpy(ret + sizeof blob_prefix - 1, hash, SEAL_HASH);
	return (struct bytes){ret, sizeof blob_prefix - 1 + SEAL_HASH};
}

enum status
blob_write(struct node *n, const uint8_t name[BLOB_NAME], const uint8_t part_key[SEAL_KEY],
	const uint8_t hash[SEAL_HASH], struct bytes content, struct err *e)
{
	struct arena *a = arena_create(1 << 16);
	uint8_t key[SEAL_KEY], ad[64], code[CODE];
	struct buf box;
	enum status s;

	buf_init(&box, content.n + SEAL_OVERHEAD + CODE);
	blob_key(part_key, name, key);
	seal_close(key, content, blob_ad(hash, ad), &box);
	seal_wipe(key, sizeof key);
	ring_code(n->ring, CODE_BLOB, (struct bytes){name, BLOB_NAME}, buf_bytes(&box), code);
	buf_put(&box, code, sizeof code);
	s = os_write_file(blob_path(a, n->path, name), buf_bytes(&box), 0600, e);
	buf_finish(&box);
	arena_destroy(a);
	return s;
}

/* The sealed content, its code checked: whose key one has not, one can tell that too. */
static enum status
blob_box(struct arena *a, const struct node *n, const uint8_t name[BLOB_NAME],
	struct bytes *ret, struct err *e)
{
	const char *path = blob_path(a, n->path, name);
	struct bytes box;
	enum status s = os_read_file(a, path, BLOB_MOST + SEAL_OVERHEAD + CODE, &box, e);

	if (s)
		return s;
	if (!ring_code_cut(n->ring, CODE_BLOB, (struct bytes){name, BLOB_NAME}, &box))
		return err_set(e, BAD, "%s: is not the file that was sealed there; restore it from a "
			"backup", path);
	*ret = box;
	return OK;
}

enum status
blob_check(const struct node *n, const uint8_t name[BLOB_NAME], struct err *e)
{
	struct arena *a = arena_create((size_t)BLOB_MOST + (1 << 20));
	struct bytes box;
	enum status s = blob_box(a, n, name, &box, e);

	arena_destroy(a);
	return s;
}

static enum status
blob_open(struct arena *a, const struct node *n, const uint8_t name[BLOB_NAME],
	const uint8_t key[SEAL_KEY], const uint8_t hash[SEAL_HASH], struct bytes *ret,
	struct err *e)
{
	struct arena *tmp = arena_create((size_t)BLOB_MOST + (1 << 20));
	struct bytes box;
	uint8_t ad[64], *plain;
	enum status s = blob_box(tmp, n, name, &box, e);

	if (s == OK) {
		plain = box.n > SEAL_OVERHEAD ? arena_alloc(a, box.n - SEAL_OVERHEAD, 1) : NULL;
		if (!plain || !seal_open(key, box, blob_ad(hash, ad), plain))
			s = err_set(e, BAD, "%s: does not open with its key; restore it from a backup",
				blob_path(tmp, n->path, name));
		else
			*ret = (struct bytes){plain, box.n - SEAL_OVERHEAD};
	}
	arena_destroy(tmp);
	return s;
}

bool
blob_named(const struct record *r, unsigned slot, uint8_t ret[BLOB_NAME])
{
	struct bytes name;

	if (r->erased || slot >= SLOTS || !record_has(r, slot) || !get_bytes(r->slot[slot], &name)
		|| name.n != BLOB_NAME)
		return false;
	memcpy(ret, name.p, BLOB_NAME);
	return true;
}

enum status
node_blob(struct arena *a, struct node *n, const struct record *r, unsigned slot,
	struct bytes *ret, struct err *e)
{
	uint8_t name[BLOB_NAME], key[SEAL_KEY], part[SEAL_KEY];
	enum status s;

	if (!blob_named(r, slot, name))
		return err_set(e, NO, "%s: the record at position %llu names no file in slot %u",
			n->path, (unsigned long long)r->pos, slot);
	if ((s = record_part_key(n, r->pos, slot, part, e)))
		return s;
	blob_key(part, name, key);
	s = blob_open(a, n, name, key, r->hash, ret, e);
	seal_wipe(key, sizeof key);
	seal_wipe(part, sizeof part);
	return s;
}

/* Only of a linker's run: a later one replaces it whole, and verify lets a run that
 * is not the last be without its file. */
enum status
node_drop_blob(struct node *n, const struct record *r, unsigned slot, struct err *e)
{
	uint8_t name[BLOB_NAME];
	struct arena *a;
	enum status s = node_must_write(n, e);

	if (s)
		return s;
	if (r->kind != kind_number("linker-run") || !blob_named(r, slot, name))
		return err_set(e, BAD, "%s: the record at position %llu is no run of the linker "
			"with a file in slot %u; files of other records go with erase", n->path,
			(unsigned long long)r->pos, slot);
	a = arena_create(1 << 16);
	s = os_remove(blob_path(a, n->path, name), e);
	arena_destroy(a);
	return s;
}
