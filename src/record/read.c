/*
 * Reading records back: opened, recomputed down to the entry that stands in the
 * log, in order or one by one.
 *
 * Rows are copied out of the vault in pieces before anybody looks at them, so that
 * whoever is called may read the vault too.
 */
#include "record/record.h"
#include "record/record_int.h"

enum {
	PIECE = 512,                  /* records read at a time… */
	PIECE_BYTES = 8 << 20,        /* …or as many as this much */
	PIECE_MOST = 2 * PART_MOST + PIECE_BYTES + (1 << 20),
};

void
opened_init(struct opened *o)
{
	memset(o, 0, sizeof *o);
	buf_init(&o->open, PART_MOST);
	buf_init(&o->sealed, PART_MOST);
}

void
opened_finish(struct opened *o)
{
	buf_finish(&o->open);
	buf_finish(&o->sealed);
	seal_wipe(o, sizeof *o);
}

static struct bytes
ad_with_hash(const char *prefix, const uint8_t hash[SEAL_HASH], uint8_t ret[64])
{
	size_t n = strlen(prefix);

	invariant(n + SEAL_HASH <= 64);
	memcpy(ret, prefix, n);
	memcpy(ret + n, hash, SEAL_HASH);
	return (struct bytes){ret, n + SEAL_HASH};
}

static bool
open_box(const uint8_t key[SEAL_KEY], struct bytes box, const char *prefix,
	const uint8_t hash[SEAL_HASH], struct buf *out)
{
	uint8_t ad[64], *at;

	buf_clear(out);
	if (box.n <= SEAL_OVERHEAD || !(at = buf_room(out, box.n - SEAL_OVERHEAD)))
		return false;
	return seal_open(key, box, ad_with_hash(prefix, hash, ad), at);
}

static enum status
wrong_record(const struct node *n, uint64_t pos, const char *what, struct err *e)
{
	return err_set(e, BAD, "%s: record at position %llu: %s; \"habeas verify\" looks at "
		"everything", n->path, (unsigned long long)pos, what);
}

bool
record_signature_ok(const struct record *r, const struct payload *p)
{
	uint8_t msg[sizeof SIGNED_PREFIX + ENTRY_BYTES];

	memcpy(msg, SIGNED_PREFIX, sizeof SIGNED_PREFIX);
	memcpy(msg + sizeof SIGNED_PREFIX, r->entry, ENTRY_BYTES);
	return seal_verify(r->author, BYTES(msg), p->signature);
}

/* The sealed part, if we hold its key: NULL or what is wrong. */
static const char *
open_sealed(const struct node *n, const struct store_row *row, struct bytes box,
	struct opened *o, struct record *r)
{
	struct bytes sealed = row->sealed;
	uint8_t mac[WRAP_MAC];

	if (!ring_code_cut(n->ring, CODE_SEALED, BYTES(row->hash), &sealed))
		return "its sealed part is not as it was written";
	r->sealed_away = box.n == 0;
	if (box.n == 0)
		return NULL;
	if (box.n != WRAP_BOXED)
		return "the wrapped key of its sealed part has a wrong length";
	box.n -= WRAP_MAC;
	ring_wrap_mac(n->ring, row->hash, ring_holder(n->ring), box, mac);
	if (!seal_equal(mac, box.p + box.n, WRAP_MAC)
		|| !ring_box_open(n->ring, box, o->sealed_key))
		return "the wrapped key of its sealed part does not open";
	o->has_sealed_key = true;
	if (!open_box(o->sealed_key, sealed, "habeas/sealed/1", row->hash, &o->sealed))
		return "its sealed part does not open with its key";
	if (!payload_read_sealed(buf_bytes(&o->sealed), &o->payload, r->slot))
		return "its sealed part is not what the record committed to";
	return NULL;
}

static const char *
open_parts(const struct node *n, const struct store_row *row, struct bytes wrap,
	struct bytes box, struct opened *o, struct record *r)
{
	uint8_t ad[64];

	if (wrap.n != WRAP_BYTES || !seal_open(ring_master(n->ring), wrap,
		ad_with_hash("habeas/key/1", row->hash, ad), o->open_key))
		return "its key is missing or does not open";
	if (!open_box(o->open_key, row->open, "habeas/open/1", row->hash, &o->open))
		return "its payload does not open with its key";
	if (!payload_read_open(buf_bytes(&o->open), &o->payload, r->slot))
		return "its payload is not as it would be written";
	if ((o->payload.sealed != 0) != (row->sealed.n > 0))
		return "its sealed part is missing or does not belong to it";
	return row->sealed.n > 0 ? open_sealed(n, row, box, o, r) : NULL;
}

static const char *
check_opened(struct record *r, const struct opened *o, const uint8_t root[SEAL_HASH])
{
	uint8_t own[SEAL_HASH];
	struct bytes author;
	int64_t kind;

	record_root(o->payload.hash, own);
	if (memcmp(own, root, SEAL_HASH) != 0)
		return "its payload is not what its entry commits to";
	if (!record_has(r, SLOT_KIND) || !get_number(r->slot[SLOT_KIND], &kind)
		|| kind <= 0 || kind > UINT32_MAX)
		return "it says no kind";
	if (!record_has(r, SLOT_AUTHOR) || !get_bytes(r->slot[SLOT_AUTHOR], &author)
		|| author.n != SEAL_PUBLIC)
		return "it says no author";
	r->kind = (uint32_t)kind;
	r->sealed_slots = o->payload.sealed;
	memcpy(r->author, author.p, SEAL_PUBLIC);
	return NULL;
}

enum status
record_open(const struct node *n, const struct store_row *row, struct bytes wrap,
	struct bytes box, bool check_signature, struct opened *o, struct record *ret,
	struct err *e)
{
	struct record r = {.pos = row->pos};
	uint8_t root[SEAL_HASH], hash[SEAL_HASH];
	const char *wrong = NULL;

	o->has_sealed_key = false;
	memcpy(r.hash, row->hash, SEAL_HASH);
	memcpy(r.entry, row->entry, ENTRY_BYTES);
	seal_leaf((struct bytes){row->entry, ENTRY_BYTES}, hash);
	if (memcmp(hash, row->hash, SEAL_HASH) != 0 || !entry_read(row->entry, &r.class, root))
		return wrong_record(n, row->pos, "its entry is not as it would be written", e);
	if (row->open.n == 0 && row->sealed.n == 0) {
		r.erased = true;
	} else {
		wrong = open_parts(n, row, wrap, box, o, &r);
		if (!wrong)
			wrong = check_opened(&r, o, root);
		if (!wrong && check_signature && !record_signature_ok(&r, &o->payload))
			wrong = "its signature is not its author's";
	}
	if (wrong)
		return wrong_record(n, row->pos, wrong, e);
	*ret = r;
	return OK;
}

/* --- pieces of the vault ---------------------------------------------------------- */

struct piece {
	struct arena *arena;
	uint64_t first;
	size_t n, cap, bytes;
	struct store_row *row;
	struct bytes *wrap, *box;
};

static struct piece *
piece_create(size_t cap)
{
	struct piece *p = mem_alloc(1, sizeof *p);

	p->arena = arena_create(PIECE_MOST);
	p->cap = cap;
	p->row = mem_alloc(cap, sizeof *p->row);
	p->wrap = mem_alloc(cap, sizeof *p->wrap);
	p->box = mem_alloc(cap, sizeof *p->box);
	return p;
}

static void
piece_destroy(struct piece *p)
{
	arena_destroy(p->arena);
	mem_free(p->row);
	mem_free(p->wrap);
	mem_free(p->box);
	mem_free(p);
}

static struct bytes
keep_bytes(struct arena *a, struct bytes b)
{
	return b.n ? (struct bytes){arena_copy(a, b.p, b.n), b.n} : (struct bytes){NULL, 0};
}

/* NO: enough for one piece. */
static enum status
keep_row(void *ctx, const struct store_row *row, struct err *e)
{
	struct piece *p = ctx;
	struct store_row *own = &p->row[p->n];

	if (row->pos != p->first + p->n)
		return err_set(e, BAD, "vault.db: position %llu is missing",
			(unsigned long long)(p->first + p->n));
	*own = *row;
	own->open = keep_bytes(p->arena, row->open);
	own->sealed = keep_bytes(p->arena, row->sealed);
	p->n++;
	p->bytes += row->open.n + row->sealed.n;
	return p->bytes >= PIECE_BYTES ? NO : OK;
}

static enum status
keep_wrap(void *ctx, const struct store_wrap *w, struct err *e)
{
	struct piece *p = ctx;

	(void)e;
	if (w->pos >= p->first && w->pos - p->first < p->n)
		(w->holder == 0 ? p->wrap : p->box)[w->pos - p->first]
			= keep_bytes(p->arena, w->wrapped);
	return OK;
}

static enum status
load_wraps(struct node *n, struct piece *p, struct err *e)
{
	enum status s = store_keys_range(n->keys, p->first, p->n, 0, keep_wrap, p, e);

	return s ? s : store_keys_range(n->keys, p->first, p->n, ring_holder(n->ring),
		keep_wrap, p, e);
}

static enum status
load_piece(struct node *n, struct piece *p, uint64_t first, uint64_t count, struct err *e)
{
	enum status s;

	arena_reset(p->arena);
	memset(p->wrap, 0, p->cap * sizeof *p->wrap);
	memset(p->box, 0, p->cap * sizeof *p->box);
	p->first = first;
	p->n = p->bytes = 0;
	s = store_vault_read(n->vault, first, count < p->cap ? count : p->cap, true, keep_row, p,
		e);
	if (s != OK && s != NO)
		return s;
	if (p->n == 0)
		return err_set(e, BAD, "vault.db: position %llu is missing",
			(unsigned long long)first);
	return load_wraps(n, p, e);
}

/* Somebody may have erased it between our look at the vault and at the keys: its
 * wraps go first, its payload after. */
static enum status
open_again(struct node *n, struct piece *p, size_t i, bool check, struct opened *o,
	struct record *r, struct err *e)
{
	struct piece *one = piece_create(1);
	enum status s;

	s = load_piece(n, one, p->first + i, 1, e);
	if (s == OK)
		s = record_open(n, &one->row[0], one->wrap[0], one->box[0], check, o, r, e);
	piece_destroy(one);
	return s;
}

static enum status
each_of_piece(struct node *n, struct piece *p, bool check, struct opened *o,
	record_each *each, void *ctx, struct err *e)
{
	enum status s = OK;

	for (size_t i = 0; s == OK && i < p->n; i++) {
		struct record r;
		s = record_open(n, &p->row[i], p->wrap[i], p->box[i], check, o, &r, e);
		if (s == BAD && p->wrap[i].n == 0)
			s = open_again(n, p, i, check, o, &r, e);
		if (s == OK)
			s = each(ctx, &r, e);
	}
	return s;
}

enum status
node_read(struct node *n, uint64_t first, uint64_t count, bool check_signatures,
	record_each *each, void *ctx, struct err *e)
{
	struct piece *p = piece_create(count < PIECE ? (size_t)count : PIECE);
	struct opened o;
	uint64_t size = 0, end;
	enum status s = store_vault_size(n->vault, &size, e);

	end = first < size && count > size - first ? size : first + count;
	opened_init(&o);
	while (s == OK && first < size && first < end) {
		s = load_piece(n, p, first, end - first, e);
		if (s == OK)
			s = each_of_piece(n, p, check_signatures, &o, each, ctx, e);
		first += p->n;
	}
	opened_finish(&o);
	piece_destroy(p);
	return s;
}

struct copy { struct arena *arena; struct record *ret; };

static enum status
copy_record(void *ctx, const struct record *r, struct err *e)
{
	struct copy *c = ctx;

	(void)e;
	*c->ret = *r;
	for (unsigned i = 0; i < SLOTS; i++)
		c->ret->slot[i] = keep_bytes(c->arena, r->slot[i]);
	return OK;
}

enum status
node_get(struct arena *a, struct node *n, uint64_t pos, struct record *ret, struct err *e)
{
	struct record r;
	struct copy c = {a, &r};
	enum status s;

	if (pos >= n->size && ((s = store_vault_size(n->vault, &n->size, e)) || pos >= n->size))
		return s ? s : err_set(e, NO, "%s: there is no record at position %llu", n->path,
			(unsigned long long)pos);
	if ((s = node_read(n, pos, 1, false, copy_record, &c, e)))
		return s;
	*ret = r;
	return OK;
}

enum status
node_find(struct node *n, const uint8_t hash[SEAL_HASH], uint64_t *ret_pos, struct err *e)
{
	return store_vault_find(n->vault, hash, ret_pos, e);
}

/* --- for those who need more than the values -------------------------------------- */

enum status
record_use(struct node *n, uint64_t pos, opened_use *use, void *ctx, struct err *e)
{
	struct piece *p = piece_create(1);
	struct opened o;
	struct record r;
	enum status s;

	opened_init(&o);
	s = load_piece(n, p, pos, 1, e);
	if (s == OK)
		s = record_open(n, &p->row[0], p->wrap[0], p->box[0], false, &o, &r, e);
	if (s == OK)
		s = use(ctx, &r, &o, e);
	opened_finish(&o);
	piece_destroy(p);
	return s;
}

struct key_wanted { const struct node *n; unsigned slot; uint8_t *ret; };

static enum status
take_key(void *ctx, const struct record *r, const struct opened *o, struct err *e)
{
	struct key_wanted *k = ctx;
	bool sealed = o->payload.sealed >> k->slot & 1;

	if (r->erased || (sealed && !o->has_sealed_key))
		return err_set(e, NO, "%s: slot %u of the record at position %llu is sealed to "
			"others or erased", k->n->path, k->slot, (unsigned long long)r->pos);
	memcpy(k->ret, sealed ? o->sealed_key : o->open_key, SEAL_KEY);
	return OK;
}

enum status
record_part_key(struct node *n, uint64_t pos, unsigned slot, uint8_t ret[SEAL_KEY],
	struct err *e)
{
	struct key_wanted k = {n, slot, ret};

	return record_use(n, pos, take_key, &k, e);
}
