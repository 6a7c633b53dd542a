/*
 * Verifying the records, for whoever has the master key: each opened and recomputed
 * down to its entry (node_read does that), and then what one record cannot know: that
 * its author was an officer at its position, that what it amends is there, that what
 * is gone was erased, that its files are there and no others.
 */
#include "record/record.h"
#include "record/record_int.h"

struct hash_list { uint8_t (*v)[SEAL_HASH]; size_t n, cap; };
struct name_list { uint8_t (*v)[BLOB_NAME]; size_t n, cap; };

struct records_check {
	struct node *n;
	struct arena *arena, *scratch;
	struct people people;                 /* as of the position we are at */
	struct verify_report *report;
	uint8_t *flags;
	uint32_t *kinds;
	uint8_t founders[3][SEAL_PUBLIC];     /* authors of the first three records */
	struct hash_list erased;              /* what erasure records name */
	struct name_list blobs;
	VEC(uint64_t) own, without_file;
	uint64_t last_run;                    /* position of the last linker's run */
	bool unknown_blobs;                   /* sealed parts we cannot open may name some */
};

static enum status
wrong(uint64_t pos, const char *what, struct err *e)
{
	return err_set(e, NO, "vault.db: record at position %llu: %s", (unsigned long long)pos,
		what);
}

/* The first three records of a node bring one another in. */
static enum status
check_founder(struct records_check *c, const struct record *r, struct err *e)
{
	static const char *const kinds[3] = {"organisation", "node", "officer"};
	const struct person *o;

	if (r->kind != kind_number(kinds[r->pos]))
		return wrong(r->pos, "a register begins with its organisation, node and officer", e);
	memcpy(c->founders[r->pos], r->author, SEAL_PUBLIC);
	people_apply(&c->people, r);
	if (r->pos < 2)
		return OK;
	o = &c->people.officers.v[0];
	for (size_t i = 0; i < 3; i++)
		if (memcmp(c->founders[i], o->device, SEAL_PUBLIC) != 0)
			return wrong(i, "not signed by the register's first officer", e);
	return str_is(o->role, "administrator") ? OK
		: wrong(2, "the first officer is no administrator", e);
}

static enum status
check_author(struct records_check *c, const struct record *r, struct err *e)
{
	const char *why;

	if (r->pos < 3)
		return check_founder(c, r, e);
	why = people_refuse(&c->people, r->author, r->kind);
	if (why)
		return wrong(r->pos, why, e);
	if (people_concerns(r->kind))
		people_apply(&c->people, r);
	return OK;
}

static enum status
check_amends(struct records_check *c, const struct record *r, struct err *e)
{
	uint8_t first[SEAL_HASH];
	uint64_t pos;
	enum status s;

	if (!record_has(r, SLOT_AMENDS))
		return OK;
	c->flags[r->pos] |= RECORD_AMENDS;
	if (!get_ref(r->slot[SLOT_AMENDS], first))
		return wrong(r->pos, "what it amends is no reference", e);
	s = node_find(c->n, first, &pos, e);
	if (s == NO)
		return wrong(r->pos, "what it amends is not in this register", e);
	if (s)
		return s;
	if (pos >= r->pos)
		return wrong(r->pos, "it amends a later record", e);
	if (c->flags[pos] & RECORD_ERASED)
		return OK;
	if (c->kinds[pos] != r->kind)
		return wrong(r->pos, "it amends a record of another kind", e);
	return c->flags[pos] & RECORD_AMENDS ? wrong(r->pos, "it amends an amendment", e) : OK;
}

/* Kinds whose slot `hash` is the SHA-256 of the file in their slot `blob`. */
static bool
hash_slot(uint32_t kind, unsigned blob, unsigned *ret)
{
	static const char *const kinds[] = {"document", "linker-run"};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kind == kind_number(kinds[i]) && blob == field_slot(kinds[i], "blob")) {
			*ret = field_slot(kinds[i], "hash");
			return true;
		}
	return false;
}

static enum status
check_content(const struct record *r, unsigned slot, struct bytes content, struct err *e)
{
	uint8_t hash[SEAL_HASH];
	struct bytes says;
	unsigned at;

	if (!hash_slot(r->kind, slot, &at) || !record_has(r, at) || !get_bytes(r->slot[at], &says))
		return OK;
	seal_sha256(content, hash);
	return says.n == SEAL_HASH && memcmp(says.p, hash, SEAL_HASH) == 0 ? OK
		: wrong(r->pos, "its file is not the one whose SHA-256 it says", e);
}

static enum status
check_blob(struct records_check *c, const struct record *r, unsigned slot,
	const uint8_t name[BLOB_NAME], struct err *e)
{
	struct arena *a = arena_create(2 * (size_t)BLOB_MOST + (1 << 20));
	const char *path = blob_path(a, c->n->path, name);
	struct bytes content;
	enum status s = OK;

	if (r->kind == kind_number("linker-run") && !os_exists(path)) {
		VEC_PUSH(c->arena, &c->without_file) = r->pos;
	} else {
		memcpy(VEC_PUSH(c->arena, &c->blobs), name, BLOB_NAME);
		s = node_blob(a, c->n, r, slot, &content, e);
		if (s == NO)
			s = err_set(e, NO, "%s: missing; the record at position %llu names it", path,
				(unsigned long long)r->pos);
		if (s == OK)
			s = check_content(r, slot, content, e);
	}
	arena_destroy(a);
	return s;
}

static enum status
check_blobs(struct records_check *c, const struct record *r, struct err *e)
{
	const struct kind *k = kind_of(r->kind);
	enum status s = OK;

	for (size_t i = 0; s == OK && k && i < k->n_fields; i++) {
		const struct field *f = &k->fields[i];
		uint8_t name[BLOB_NAME];
		if (f->type != VALUE_BLOB)
			continue;
		c->unknown_blobs |= r->sealed_away && (r->sealed_slots >> f->slot & 1);
		if (blob_named(r, f->slot, name))
			s = check_blob(c, r, f->slot, name, e);
	}
	return s;
}

static enum status
note_erasure(struct records_check *c, const struct record *r, struct err *e)
{
	unsigned slot = field_slot("erasure", "erased");
	uint8_t (*refs)[SEAL_HASH];
	size_t n;

	if (r->kind != kind_number("erasure") || !record_has(r, slot))
		return OK;
	arena_reset(c->scratch);
	if (!get_refs(c->scratch, r->slot[slot], &refs, &n))
		return wrong(r->pos, "what it erased is no list of references", e);
	for (size_t i = 0; i < n; i++)
		memcpy(VEC_PUSH(c->arena, &c->erased), refs[i], SEAL_HASH);
	return OK;
}

static enum status
check_record(void *ctx, const struct record *r, struct err *e)
{
	struct records_check *c = ctx;
	enum status s;

	c->kinds[r->pos] = r->kind;
	if (r->erased) {
		c->flags[r->pos] |= RECORD_ERASED;
		c->report->erased++;
		return r->pos < 3 ? wrong(r->pos, "its payload is missing", e) : OK;
	}
	c->report->opened++;
	c->report->sealed_away += r->sealed_away;
	if (r->sealed_slots)
		c->flags[r->pos] |= RECORD_SEALED;
	if (r->class == 1 && r->kind != kind_number("succession"))
		return wrong(r->pos, "of class 1, and no succession", e);
	if (r->kind == kind_number("linker-run"))
		c->last_run = r->pos;
	if (people_concerns(r->kind))
		VEC_PUSH(c->arena, &c->own) = r->pos;
	if ((s = check_author(c, r, e)) || (s = check_amends(c, r, e))
		|| (s = check_blobs(c, r, e)))
		return s;
	return note_erasure(c, r, e);
}

/* --- when all were seen ----------------------------------------------------------- */

static enum status
check_erasures(struct records_check *c, struct err *e)
{
	uint64_t pos;
	enum status s;

	for (size_t i = 0; i < c->erased.n; i++) {
		s = node_find(c->n, c->erased.v[i], &pos, e);
		if (s == NO)
			return err_set(e, NO, "vault.db: an erasure names a record that is not in this "
				"register");
		if (s)
			return s;
		if (!(c->flags[pos] & RECORD_ERASED))
			return wrong(pos, "an erasure names it, and it is still there; open the "
				"register for writing, which carries the erasure out", e);
		c->flags[pos] |= RECORD_NAMED;
	}
	for (pos = 0; pos < c->n->size; pos++)
		if ((c->flags[pos] & RECORD_ERASED) && !(c->flags[pos] & RECORD_NAMED))
			return wrong(pos, "its payload is missing, and no erasure names it", e);
	return OK;
}

static int
by_name(const void *a, const void *b)
{
	return memcmp(a, b, BLOB_NAME);
}

static enum status
check_blob_dir(struct records_check *c, struct err *e)
{
	struct str *names;
	uint8_t name[BLOB_NAME];
	size_t n;
	enum status s;

	for (size_t i = 0; i < c->without_file.n; i++)
		if (c->without_file.v[i] >= c->last_run)
			return wrong(c->without_file.v[i], "the file of the linker's last run is "
				"missing", e);
	arena_reset(c->scratch);
	if ((s = os_list_dir(c->scratch, c->n->file[FILE_BLOBS], &names, &n, e)))
		return s;
	if (c->blobs.n)
		qsort(c->blobs.v, c->blobs.n, BLOB_NAME, by_name);
	for (size_t i = 0; i < n; i++) {
		bool ok = names[i].n == 2 * BLOB_NAME && hex_decode(names[i], name, BLOB_NAME)
			&& str_eq(names[i], hex_encode(c->scratch, BYTES(name)));
		if (ok && !c->unknown_blobs && !bsearch(name, c->blobs.n ? c->blobs.v[0] : name,
			c->blobs.n, BLOB_NAME, by_name))
			ok = false;
		if (!ok)
			return err_set(e, NO, "%s/" STR_FMT ": a file that no record names",
				c->n->file[FILE_BLOBS], STR_ARG(names[i]));
		if (c->unknown_blobs && (s = blob_check(c->n, name, e)))
			return s;
	}
	return OK;
}

/* The certificate in force: by the root key, over what the vault and keys.db have. */
static enum status
check_certificate(struct records_check *c, struct err *e)
{
	const struct people *p = &c->people;
	struct seal_minisign_key root;
	struct certificate cert;
	struct str trusted;
	bool log = false;
	enum status s;

	if (!seal_minisign_public_read(c->arena, p->root_key, &root)
		|| !certificate_read(c->arena, p->certificate, &cert))
		return err_set(e, NO, "vault.db: the node's certificate or the root key is not as it "
			"would be written");
	s = seal_minisign_verify(c->arena, &root, str_bytes(p->certificate),
		p->certificate_minisig, &trusted, e);
	if (s) {
		err_prefix(e, "vault.db: the node's certificate");
		return s;
	}
	for (size_t k = 0; k < c->n->n_logs; k++)
		log |= str_eq(cert.log, c->n->logs[k].vkey);
	if (!log || !str_eq(cert.organisation, p->organisation) || !str_eq(cert.root, p->root_key)
		|| !str_eq(cert.adopt, node_log(c->n)->adopt))
		return err_set(e, NO, "vault.db: the node's certificate is for another node");
	return OK;
}

enum status
verify_records(struct node *n, bool signatures, struct verify_report *report, struct err *e)
{
	struct records_check c = {.n = n, .report = report};
	enum status s;

	c.arena = arena_create((size_t)4 << 30);
	c.scratch = arena_create((size_t)1 << 30);
	c.people.arena = c.arena;
	c.flags = mem_alloc(n->size, 1);
	c.kinds = mem_alloc(n->size, sizeof *c.kinds);
	s = n->size < 3 ? err_set(e, NO, "vault.db: a register has three records at least")
		: node_read(n, 0, n->size, signatures, check_record, &c, e);
	if (s == OK)
		s = check_erasures(&c, e);
	if (s == OK)
		s = check_blob_dir(&c, e);
	if (s == OK)
		s = check_certificate(&c, e);
	if (s == OK)
		s = verify_keys(n, c.flags, c.own.v, c.own.n, e);
	mem_free(c.flags);
	mem_free(c.kinds);
	arena_destroy(c.scratch);
	arena_destroy(c.arena);
	return s;
}
