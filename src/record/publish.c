/*
 * Publishing: tiles (durable), the state outside (durable), then the signature.
 * Whatever kills us in between, nothing was signed that the state does not know of.
 */
#include "record/record.h"
#include "record/record_int.h"

enum status
checkpoint_load(const char *dir, struct str vkey, struct checkpoint *ret, struct err *e)
{
	struct arena *a = arena_create(1 << 20);
	const char *path = str_fmt(a, "%s/checkpoint", dir).p;
	struct note_key k;
	struct checkpoint c;
	struct bytes note;
	size_t lines;
	enum status s = os_read_file(a, path, CHECKPOINT_MOST, &note, e);

	if (s == OK) {
		invariant(vkey_read(vkey, &k));
		s = checkpoint_check(bytes_str(note), &k, &c, &lines, e);
		if (s == OK && lines != 1)
			s = err_set(e, BAD, "checkpoint: more than the log's own signature");
		if (s) {
			err_prefix(e, "%s", path);
			s = s == NO ? BAD : s;
		}
	}
	if (s == OK) {
		c.origin = k.name;            /* which lies in the caller's vkey */
		*ret = c;
	}
	arena_destroy(a);
	return s;
}

static enum status
add_to_edge(void *ctx, const struct store_row *row, struct err *e)
{
	(void)e;
	edge_add(ctx, row->hash);
	return OK;
}

enum status
vault_root(struct store_vault *v, uint64_t first, uint64_t size, uint8_t ret[SEAL_HASH],
	struct err *e)
{
	struct edge edge = {.n = 0};
	enum status s = store_vault_read(v, first, size, false, add_to_edge, &edge, e);

	if (s)
		return s;
	if (edge.n != size)
		return err_set(e, BAD, "vault.db: has %llu of %llu entries",
			(unsigned long long)edge.n, (unsigned long long)size);
	edge_root(&edge, ret);
	return OK;
}

enum status
log_take_up(struct node *n, struct err *e)
{
	uint8_t root[SEAL_HASH];
	enum status s;

	tiles_destroy(n->tiles);
	n->tiles = tiles_create(n->file[FILE_LOG]);
	if ((s = tiles_load(n->tiles, n->published.size, e)))
		return s;
	tiles_root(n->tiles, root);
	if (memcmp(root, n->published.root, SEAL_HASH) != 0)
		return err_set(e, BAD, "%s/log: its tiles are not those of its checkpoint; "
			"\"habeas verify\" tells which, \"habeas restore\" a backup", n->path);
	return OK;
}

struct adding { struct tiles *tiles; };

static enum status
add_to_tiles(void *ctx, const struct store_row *row, struct err *e)
{
	struct adding *a = ctx;

	return tiles_add(a->tiles, row->entry, row->hash, e);
}

static enum status
write_tiles(struct node *n, uint64_t size, struct err *e)
{
	struct adding a = {n->tiles};
	uint64_t have = tiles_size(n->tiles);
	enum status s = store_vault_read(n->vault, node_log(n)->first + have, size - have, false,
		add_to_tiles, &a, e);

	if (s)
		return s;
	if (tiles_size(n->tiles) != size)
		return err_set(e, BAD, "%s/vault.db: entries are missing", n->path);
	return tiles_flush(n->tiles, e);
}

static enum status
write_checkpoint(struct node *n, const struct checkpoint *c, struct err *e)
{
	struct arena *a = arena_create(1 << 16);
	struct str note = note_sign(a, ring_log(n->ring), c->origin, checkpoint_text(a, c));
	enum status s = os_write_file(n->file[FILE_CHECKPOINT], str_bytes(note), 0600, e);

	arena_destroy(a);
	return s;
}

static enum status
publish(struct node *n, uint64_t size, struct err *e)
{
	struct checkpoint c = {.origin = node_log(n)->origin, .size = size};
	uint64_t old = n->published.size;
	enum status s;

	if ((s = write_tiles(n, size, e)))
		return s;
	tiles_root(n->tiles, c.root);
	if ((s = state_write(&c, n->path, e)) || (s = write_checkpoint(n, &c, e)))
		return s;
	n->published = c;
	node_refresh_info(n);
	return tiles_drop_partial(n->tiles, old, e);
}

enum status
node_publish(struct node *n, struct err *e)
{
	uint64_t size;
	struct err again;
	enum status s;

	if ((s = node_must_write(n, e)))
		return s;
	size = n->size - node_log(n)->first;
	if (size == n->published.size)
		return OK;
	s = publish(n, size, e);
	/* What the tiles in memory are now is not what the disk has. */
	if (s && log_take_up(n, &again))
		n->dirty = true;
	return s;
}

/* A checkpoint, with extension lines or without: the log's origin, then a number. */
static bool
begins_as_checkpoint(const struct node *n, struct str text)
{
	struct str first = str_cut(&text, '\n');
	struct str second = text.p ? str_cut(&text, '\n') : STR_NONE;
	bool digits = second.n > 0;

	for (size_t i = 0; i < second.n; i++)
		digits = digits && second.p[i] >= '0' && second.p[i] <= '9';
	return digits && str_eq(first, node_log(n)->origin);
}

enum status
node_note_sign(struct node *n, struct arena *a, struct str text, struct str *ret, struct err *e)
{
	if (text.n == 0 || text.p[text.n - 1] != '\n' || !utf8_valid(str_bytes(text)))
		return err_set(e, BAD, "signed note: its text must be UTF-8 and end in a newline");
	/* That is signed by publishing and by nothing else. */
	if (begins_as_checkpoint(n, text))
		return err_set(e, BAD, "signed note: this text begins as a checkpoint does, which "
			"only publishing signs");
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] < 0x20 && text.p[i] != '\n')
			return err_set(e, BAD, "signed note: a control character at byte %zu; "
				"only newlines are allowed", i);
	*ret = note_sign(a, ring_log(n->ring), node_log(n)->origin, text);
	return OK;
}

enum status
node_adopt_sign(struct node *n, struct arena *a, struct bytes msg, const char *trusted,
	struct str *ret, struct err *e)
{
	(void)e;
	*ret = seal_minisign_sign(a, ring_adopt(n->ring), ring_adopt_id(n->ring), msg,
		"signature by an adoption key of habeas", trusted);
	return OK;
}
