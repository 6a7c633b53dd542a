/*
 * Proofs of single records: C2SP tlog-proof, the disclosures in its `extra` line
 * (docs/formats.md, ".tlog-proof").  The path to the checkpoint comes from the tiles,
 * so that a proof costs a few small files however long the log is.
 */
#include "record/record.h"
#include "record/record_int.h"
#include <limits.h>

enum {
	PROOF_MOST = 8 << 20,
	PATH_STEPS = 63,              /* a tree of 2^63 leaves */
	SLOT_STEPS = 5,               /* 32 slots */
};

static const char proof_head[] = "c2sp.org/tlog-proof@v1";

/* --- hashes of subtrees, from tiles ----------------------------------------------- */

struct tree { struct arena *arena; const char *dir; uint64_t size; };

/* MTH over the full subtree of 2^height leaves that begins at leaf at << height. */
static enum status
subtree(const struct tree *t, unsigned height, uint64_t at, uint8_t ret[SEAL_HASH],
	struct err *e)
{
	unsigned level = height / 8, inside = height % 8;
	uint64_t first = at << inside, tile = first / TILE;
	uint64_t in_level = level < 8 ? t->size >> 8 * level : 0;
	unsigned width = in_level - tile * TILE < TILE ? (unsigned)(in_level - tile * TILE) : TILE;
	unsigned offset = (unsigned)(first % TILE);
	struct bytes b;
	char path[PATH_MAX];
	enum status s;

	tile_path(path, sizeof path, t->dir, (int)level, tile, width);
	if ((s = os_read_file(t->arena, path, TILE * SEAL_HASH, &b, e)) == FAIL)
		return s;
	if (s || b.n != (size_t)width * SEAL_HASH || offset + (1u << inside) > width)
		return err_set(e, BAD, "%s: missing or not %u hashes; run \"habeas verify\"", path,
			width);
	merkle_root((const uint8_t (*)[SEAL_HASH])(const void *)(b.p + (size_t)offset * SEAL_HASH),
		(size_t)1 << inside, ret);
	return OK;
}

/* MTH over leaves [first, end): full subtrees from the left, joined from the right. */
static enum status
range_hash(const struct tree *t, uint64_t first, uint64_t end, uint8_t ret[SEAL_HASH],
	struct err *e)
{
	uint8_t part[64][SEAL_HASH];
	unsigned n = 0;
	enum status s;

	while (first < end) {
		unsigned height = 0;
		while (height < 62 && !(first >> height & 1) && first + ((uint64_t)2 << height) <= end)
			height++;
		if ((s = subtree(t, height, first >> height, part[n++], e)))
			return s;
		first += (uint64_t)1 << height;
	}
	invariant(n > 0 && n <= 64);
	memcpy(ret, part[n - 1], SEAL_HASH);
	for (unsigned i = n - 1; i > 0; i--)
		seal_node(part[i - 1], ret, ret);
	return OK;
}

/* RFC 6962 section 2.1.1, PATH(m, D[n]), walked from the root down. */
static enum status
log_path(const struct tree *t, uint64_t at, uint8_t ret[PATH_STEPS][SEAL_HASH], size_t *ret_n,
	struct err *e)
{
	uint64_t first = 0, end = t->size;
	uint8_t down[PATH_STEPS][SEAL_HASH];
	size_t n = 0;
	enum status s;

	while (end - first > 1) {
		uint64_t k = 1;
		while (k * 2 < end - first)
			k *= 2;
		if (at < first + k) {
			s = range_hash(t, first + k, end, down[n++], e);
			end = first + k;
		} else {
			s = range_hash(t, first, first + k, down[n++], e);
			first += k;
		}
		if (s)
			return s;
	}
	for (size_t i = 0; i < n; i++)
		memcpy(ret[i], down[n - 1 - i], SEAL_HASH);
	*ret_n = n;
	return OK;
}

/* --- making a proof --------------------------------------------------------------- */

struct proving {
	struct node *n;
	struct arena *a;
	const unsigned *slots;
	size_t n_slots;
	uint8_t entry[ENTRY_BYTES], hash[SEAL_HASH];
	struct str extra;
};

static enum status
put_disclosure(struct proving *p, const struct record *r, const struct opened *o,
	unsigned slot, struct buf *out, struct err *e)
{
	bool sealed = o->payload.sealed >> slot & 1;
	uint8_t (*path)[SEAL_HASH];
	struct buf d;
	size_t steps;

	if (slot >= SLOTS || !record_has(r, slot))
		return err_set(e, BAD, "%s: slot %u of the record at position %llu is empty or "
			"sealed to others: nothing to disclose", p->n->path, slot,
			(unsigned long long)r->pos);
	buf_init(&d, PROOF_MOST);
	slot_disclosure(sealed ? o->payload.sealed_seed : o->payload.seed, slot, r->slot[slot],
		&d);
	cbor_put_array(out, 2);
	cbor_put_bytes(out, buf_bytes(&d));
	buf_finish(&d);
	steps = merkle_path(p->a, o->payload.hash, SLOTS, slot, &path);
	cbor_put_array(out, steps);
	for (size_t i = 0; i < steps; i++)
		cbor_put_bytes(out, (struct bytes){path[i], SEAL_HASH});
	return OK;
}

static enum status
disclose(void *ctx, const struct record *r, const struct opened *o, struct err *e)
{
	struct proving *p = ctx;
	uint32_t wanted = 0;
	struct buf b;
	enum status s = OK;

	if (r->erased)
		return err_set(e, NO, "%s: the record at position %llu was erased", p->n->path,
			(unsigned long long)r->pos);
	for (size_t i = 0; i < p->n_slots; i++)
		wanted |= 1u << (p->slots[i] % SLOTS);
	buf_init(&b, PROOF_MOST);
	cbor_put_array(&b, 2);
	cbor_put_bytes(&b, BYTES(r->entry));
	cbor_put_array(&b, (size_t)__builtin_popcount(wanted));
	for (unsigned slot = 0; s == OK && slot < SLOTS; slot++)
		if (wanted >> slot & 1)
			s = put_disclosure(p, r, o, slot, &b, e);
	if (s == OK && b.over)
		s = err_set(e, BAD, "%s: what is to be disclosed is too long for a proof",
			p->n->path);
	if (s == OK) {
		p->extra = base64_encode(p->a, buf_bytes(&b));
		memcpy(p->entry, r->entry, ENTRY_BYTES);
		memcpy(p->hash, r->hash, SEAL_HASH);
	}
	buf_finish(&b);
	return s;
}

static const struct generation *
log_of(const struct node *n, uint64_t pos, size_t *ret_k)
{
	size_t k = n->n_logs - 1;

	while (k > 0 && n->logs[k].first > pos)
		k--;
	*ret_k = k;
	return &n->logs[k];
}

static enum status
read_checkpoint(struct arena *a, const char *dir, struct str vkey, struct str *ret_note,
	struct checkpoint *ret, struct err *e)
{
	const char *path = str_fmt(a, "%s/checkpoint", dir).p;
	struct note_key k;
	struct bytes note;
	size_t lines;
	enum status s = os_read_file(a, path, CHECKPOINT_MOST, &note, e);

	if (s == NO)
		return err_set(e, NO, "%s: nothing is published yet", path);
	if (s)
		return s;
	invariant(vkey_read(vkey, &k));
	if ((s = checkpoint_check(bytes_str(note), &k, ret, &lines, e))) {
		err_prefix(e, "%s", path);
		return s == NO ? BAD : s;
	}
	*ret_note = bytes_str(note);
	return OK;
}

static struct str
proof_text(struct proving *p, uint64_t index, const uint8_t (*path)[SEAL_HASH], size_t steps,
	struct str note)
{
	struct buf b;
	struct str s;

	buf_init(&b, 2 * PROOF_MOST);
	buf_fmt(&b, "%s\nextra " STR_FMT "\nindex %llu\n", proof_head, STR_ARG(p->extra),
		(unsigned long long)index);
	for (size_t i = 0; i < steps; i++)
		buf_fmt(&b, STR_FMT "\n", STR_ARG(base64_encode(p->a, BYTES(path[i]))));
	buf_fmt(&b, "\n" STR_FMT, STR_ARG(note));
	invariant(!b.over);
	s = str_dup(p->a, buf_str(&b));
	buf_finish(&b);
	return s;
}

static enum status
prove(struct proving *p, uint64_t pos, struct str *ret, struct err *e)
{
	size_t k, steps;
	const struct generation *g = log_of(p->n, pos, &k);
	const char *dir = k + 1 == p->n->n_logs ? p->n->file[FILE_LOG]
		: str_fmt(p->a, "%s.%zu", p->n->file[FILE_LOG], k).p;
	struct tree t = {.arena = p->a, .dir = dir};
	uint8_t path[PATH_STEPS][SEAL_HASH];
	struct checkpoint c;
	struct str note;
	enum status s = read_checkpoint(p->a, dir, g->vkey, &note, &c, e);

	if (s)
		return s;
	if (pos - g->first >= c.size)
		return err_set(e, NO, "%s: the record at position %llu is not published yet",
			p->n->path, (unsigned long long)pos);
	t.size = c.size;
	if ((s = log_path(&t, pos - g->first, path, &steps, e)))
		return s;
	if (!merkle_check(p->hash, pos - g->first, c.size, path, steps, c.root))
		return err_set(e, BAD, "%s: the tiles do not lead to the checkpoint; run \"habeas "
			"verify\"", dir);
	*ret = str_dup(p->a, proof_text(p, pos - g->first, path, steps, note));
	return OK;
}

enum status
node_prove(struct arena *a, struct node *n, uint64_t pos, const unsigned *slots,
	size_t n_slots, struct str *ret, struct err *e)
{
	struct proving p = {.n = n, .a = arena_create(16 * (size_t)PROOF_MOST), .slots = slots,
		.n_slots = n_slots};
	struct str text;
	enum status s = OK;

	for (size_t i = 0; s == OK && i < n_slots; i++)
		if (slots[i] >= SLOTS)
			s = err_set(e, BAD, "there is no slot %u", slots[i]);
	if (s == OK)
		s = record_use(n, pos, disclose, &p, e);
	if (s == OK)
		s = prove(&p, pos, &text, e);
	if (s == OK)
		*ret = str_dup(a, text);
	arena_destroy(p.a);
	return s;
}

/* --- checking one ----------------------------------------------------------------- */

struct parsed {
	struct bytes extra;
	uint64_t index;
	uint8_t path[PATH_STEPS][SEAL_HASH];
	size_t steps;
	struct str note;
};

static bool
after(struct str *rest, const char *key, struct str *ret)
{
	struct str line = rest->p ? str_cut(rest, '\n') : STR_NONE;

	if (!line.p || !str_starts(line, key))
		return false;
	*ret = str_from(line, strlen(key));
	return true;
}

static bool
parse(struct arena *a, struct str text, struct parsed *ret)
{
	struct str rest = text, extra, index, line;
	struct bytes hash;

	if (text.n > PROOF_MOST || !utf8_valid(str_bytes(text))
		|| !str_is(str_cut(&rest, '\n'), proof_head)
		|| !after(&rest, "extra ", &extra) || !base64_decode(a, extra, &ret->extra)
		|| !after(&rest, "index ", &index) || (index.n > 1 && index.p[0] == '0')
		|| !str_u64(index, &ret->index))
		return false;
	ret->steps = 0;
	while (rest.p && (line = str_cut(&rest, '\n')).n > 0) {
		if (ret->steps == PATH_STEPS || !base64_decode(a, line, &hash)
			|| hash.n != SEAL_HASH)
			return false;
		memcpy(ret->path[ret->steps++], hash.p, SEAL_HASH);
	}
	ret->note = rest;
	return rest.p != NULL;
}

/* One [disclosure, [5 hashes]], which must lead to the entry's root. */
static enum status
check_disclosure(struct cbor *c, const uint8_t root[SEAL_HASH], int *last, struct proof *ret,
	struct err *e)
{
	bool two = cbor_get_array(c) == 2;
	struct bytes d = cbor_get_bytes(c), value;
	size_t steps = cbor_get_array(c);
	uint8_t path[SLOT_STEPS][SEAL_HASH], leaf[SEAL_HASH];
	unsigned slot;

	if (!two || steps != SLOT_STEPS || !cbor_ok(c))
		return err_set(e, BAD, "proof: its disclosures are not as docs/formats.md has them");
	for (size_t i = 0; i < SLOT_STEPS; i++) {
		struct bytes h = cbor_get_bytes_n(c, SEAL_HASH);
		if (!cbor_ok(c))
			return err_set(e, BAD, "proof: a path to a slot is cut off");
		memcpy(path[i], h.p, SEAL_HASH);
	}
	if (!disclosure_read(d, &slot, &value) || (int)slot <= *last)
		return err_set(e, BAD, "proof: a disclosure is not [salt, slot, value], or its slots "
			"do not ascend");
	*last = (int)slot;
	seal_leaf(d, leaf);
	if (!merkle_check(leaf, slot, SLOTS, path, SLOT_STEPS, root))
		return err_set(e, NO, "proof: what slot %u says is not what the record committed "
			"to", slot);
	ret->slot[slot] = value;
	return OK;
}

static enum status
check_extra(struct bytes extra, struct proof *ret, struct err *e)
{
	struct cbor c = cbor_read(extra);
	bool two = cbor_get_array(&c) == 2;
	struct bytes entry = cbor_get_bytes_n(&c, ENTRY_BYTES);
	size_t n = cbor_get_array(&c);
	uint8_t root[SEAL_HASH];
	unsigned class;
	int last = -1;
	int64_t kind;
	enum status s;

	if (!two || !cbor_ok(&c) || !entry_read(entry.p, &class, root))
		return err_set(e, BAD, "proof: its extra line has no entry of habeas");
	for (size_t i = 0; i < n; i++)
		if ((s = check_disclosure(&c, root, &last, ret, e)))
			return s;
	if (!cbor_done(&c))
		return err_set(e, BAD, "proof: something follows its disclosures");
	seal_leaf(entry, ret->hash);
	if (ret->slot[SLOT_KIND].n > 0) {
		if (!get_number(ret->slot[SLOT_KIND], &kind) || kind <= 0 || kind > UINT32_MAX)
			return err_set(e, BAD, "proof: slot 0 holds no kind");
		ret->kind = (uint32_t)kind;
	}
	return OK;
}

enum status
proof_check(struct arena *a, struct str text, struct str vkey, struct proof *ret,
	struct err *e)
{
	struct proof r = {0};
	struct checkpoint c;
	struct note_key k;
	struct parsed p;
	size_t lines;
	enum status s;

	if (!vkey_read(vkey, &k))
		return err_set(e, BAD, "verifier key \"" STR_FMT "\": not NAME+HASH+KEY of type "
			"Ed25519", STR_ARG(str_upto(vkey, 100)));
	if (!parse(a, text, &p))
		return err_set(e, BAD, "proof: not a text of c2sp.org/tlog-proof@v1 with an extra "
			"line");
	if ((s = check_extra(p.extra, &r, e)) || (s = checkpoint_check(p.note, &k, &c, &lines, e)))
		return s;
	if (!merkle_check(r.hash, p.index, c.size, p.path, p.steps, c.root))
		return err_set(e, NO, "proof: the record does not stand at index %llu of the log",
			(unsigned long long)p.index);
	r.origin = str_dup(a, c.origin);
	r.index = p.index;
	r.size = c.size;
	*ret = r;
	return OK;
}
