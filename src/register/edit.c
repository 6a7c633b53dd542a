/* One record at a time: add, amend, attach, erase. */
#include "register/register_int.h"

enum { ATTACHMENT_MOST = 64 << 20 };

static const struct field *
editable(const struct kind *k, struct str name, struct err *e)
{
	const struct field *f = field_named(k, name);
	struct buf known;

	/* Source and basis may be told by hand; the other common slots are ours. */
	if (f && (f->slot >= SLOT_FIRST || f->slot == SLOT_SOURCE || f->slot == SLOT_BASIS))
		return f;
	buf_init(&known, 600);
	for (size_t i = 0; i < k->n_fields; i++)
		buf_fmt(&known, "%s" STR_FMT, i ? ", " : "", STR_ARG(k->fields[i].name));
	(void)!err_set(e, BAD, "\"" STR_FMT "\": a " STR_FMT " has no such field; it has " STR_FMT,
		STR_ARG(name), STR_ARG(k->name), STR_ARG(buf_str(&known)));
	buf_finish(&known);
	return NULL;
}

static enum status
put_changes(struct arena *a, struct reg *r, const struct kind *k, const struct reg_change *c,
	size_t n, struct str reason, bool amend, struct draft *d, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		const struct field *f = editable(k, c[i].field, e);
		struct str warning;
		if (!f)
			return BAD;
		if (d->slot[f->slot].n)
			return err_set(e, BAD, STR_FMT ": given twice; a record holds one of each, "
				"another claim is another record", STR_ARG(f->name));
		if (str_trim(c[i].value).n == 0) {
			if (amend)
				d->slot[f->slot] = value_withdrawn(a, reason);
			continue;            /* an empty field of a form */
		}
		enum status st = value_from_words(a, r, f, c[i].value, NULL, &d->slot[f->slot],
			&warning, e);
		if (st)
			return err_prefix(e, STR_FMT, STR_ARG(c[i].field));
	}
	return OK;
}

enum status
reg_write_one(struct reg *r, const struct draft *d, uint8_t ret_hash[SEAL_HASH], struct err *e)
{
	uint8_t hash[1][SEAL_HASH];
	enum status st;

	if ((st = node_append(r->node, d, 1, hash, NULL, e)) != OK
	    || (st = node_publish(r->node, e)) != OK || (st = reg_follow(r, e)) != OK)
		return st;
	if (ret_hash)
		memcpy(ret_hash, hash[0], SEAL_HASH);
	return OK;
}

/* What these say is true only when their own command wrote them: an erasure record
 * typed in by hand would erase nothing. */
static bool
by_hand(const struct kind *k)
{
	static const char *const not[] = {"organisation", "node", "officer", "list-version",
		"document", "linker-run", "letter", "adoption", "erasure", "succession", "padding",
		"annex-row", "sample", "estimate"};

	for (size_t i = 0; i < sizeof not / sizeof *not; i++)
		if (str_is(k->name, not[i]))
			return false;
	return true;
}

static bool
says_anything(const struct draft *d)
{
	for (unsigned i = 0; i < SLOTS; i++)
		if (d->slot[i].n)
			return true;
	return false;
}

/* Initials and birth year that were made from what stood there follow the change;
 * those that somebody wrote stay. */
static void
amend_coarser(struct arena *a, const struct now *w, struct str reason, struct draft *d)
{
	static const char *const coarser[] = {"initials", "birth-year"};
	struct draft was = {.kind = w->kind}, is = {.kind = w->kind};
	struct str why;

	if (w->kind != kind_number("person"))
		return;
	for (unsigned i = SLOT_FIRST; i < SLOTS; i++) {
		was.slot[i] = w->slot[i];
		is.slot[i] = !d->slot[i].n ? w->slot[i]
			: get_withdrawn(d->slot[i], &why) ? (struct bytes){0} : d->slot[i];
	}
	for (size_t i = 0; i < sizeof coarser / sizeof *coarser; i++) {
		unsigned slot = field_slot("person", coarser[i]);
		was.slot[slot] = is.slot[slot] = (struct bytes){0};
	}
	add_coarser(a, &was);
	add_coarser(a, &is);
	for (size_t i = 0; i < sizeof coarser / sizeof *coarser; i++) {
		unsigned slot = field_slot("person", coarser[i]);
		if (d->slot[slot].n || !bytes_eq(was.slot[slot], w->slot[slot])
		    || bytes_eq(was.slot[slot], is.slot[slot]))
			continue;
		d->slot[slot] = is.slot[slot].n ? is.slot[slot] : value_withdrawn(a, reason);
	}
}

enum status
reg_add(struct reg *r, struct str kind, const struct reg_change *c, size_t n,
	uint8_t ret_hash[SEAL_HASH], struct err *e)
{
	const struct kind *k = kind_named(kind);
	struct arena *a;
	enum status st;

	if (!k || k->number == 0)
		return err_set(e, BAD, "\"" STR_FMT "\": no such kind of record; there are person, "
			"event, source, consent, determination, facility, task …", STR_ARG(kind));
	if (!by_hand(k))
		return err_set(e, BAD, "add " STR_FMT ": only the command that does it writes such a "
			"record; see `habeas --help`", STR_ARG(kind));
	a = arena_create(64 << 20);
	struct draft d = {.kind = k->number};
	st = put_changes(a, r, k, c, n, S(""), false, &d, e);
	if (st == OK && !says_anything(&d))
		st = err_set(e, BAD, "add " STR_FMT ": nothing to write; give field=value …",
			STR_ARG(kind));
	if (st == OK) {
		add_coarser(a, &d);
		st = reg_write_one(r, &d, ret_hash, e);
	}
	arena_destroy(a);
	return st;
}

enum status
reg_amend(struct reg *r, struct str id, const struct reg_change *c, size_t n, struct str reason,
	uint8_t ret_hash[SEAL_HASH], struct err *e)
{
	struct arena *a = arena_create(64 << 20);
	struct now w;
	uint64_t pos;
	enum status st;

	if ((st = reg_find_record(r, id, &pos, e)) != OK
	    || (st = index_now(a, r, pos, &w, e)) != OK)
		goto out;
	struct draft d = {.kind = w.kind};
	const struct kind *k = kind_of(w.kind);
	if (!k || n == 0) {
		st = err_set(e, BAD, STR_FMT ": nothing to change; give field=value …", STR_ARG(id));
		goto out;
	}
	if (!by_hand(k)) {
		st = err_set(e, BAD, STR_FMT ": a record of the kind " STR_FMT " is not changed by "
			"hand", STR_ARG(id), STR_ARG(k->name));
		goto out;
	}
	if ((st = put_changes(a, r, k, c, n, reason, true, &d, e)) != OK)
		goto out;
	/* Only what changes. */
	for (unsigned i = 0; i < SLOTS; i++) {
		struct str why;
		if (d.slot[i].n && (bytes_eq(d.slot[i], w.slot[i])
		    || (w.slot[i].n == 0 && get_withdrawn(d.slot[i], &why)
		    && field_of(k, i)->audience != AUDIENCE_SEALED)))
			d.slot[i] = (struct bytes){0};
	}
	if (!says_anything(&d)) {
		st = err_set(e, NO, STR_FMT ": says this already; nothing written", STR_ARG(id));
		goto out;
	}
	amend_coarser(a, &w, reason, &d);
	d.slot[SLOT_AMENDS] = value_ref(a, w.hash);
	st = reg_write_one(r, &d, ret_hash, e);
out:
	arena_destroy(a);
	return st;
}

enum status
edit_would(struct arena *a, struct reg *r, struct str amends, const struct reg_change *c, size_t n,
	struct now *ret, struct err *e)
{
	struct now w = {.pos = UINT64_MAX, .kind = kind_number("person")};
	struct draft d = {.kind = w.kind};
	struct str why;
	uint64_t pos;
	enum status st = OK;

	if (amends.n && ((st = reg_find_record(r, amends, &pos, e)) != OK
	    || (st = index_now(a, r, pos, &w, e)) != OK))
		return st;
	d.kind = w.kind;
	if (!kind_of(w.kind))
		return NO;
	if ((st = put_changes(a, r, kind_of(w.kind), c, n, S(""), amends.n > 0, &d, e)) != OK)
		return st;
	for (unsigned i = SLOT_FIRST; i < SLOTS; i++)
		if (d.slot[i].n)
			w.slot[i] = get_withdrawn(d.slot[i], &why) ? (struct bytes){0} : d.slot[i];
	*ret = w;
	return OK;
}

/* --- attachments -------------------------------------------------------------------- */

/* What a file is, by its first bytes: a short list, never by its name. */
static const char *
file_type(struct bytes b)
{
	static const struct { const char *magic; size_t n; const char *type; } known[] = {
		{"%PDF-", 5, "application/pdf"}, {"\x89PNG\r\n\x1a\n", 8, "image/png"},
		{"\xff\xd8\xff", 3, "image/jpeg"}, {"GIF8", 4, "image/gif"},
		{"II*\0", 4, "image/tiff"}, {"MM\0*", 4, "image/tiff"},
		{"PK\3\4", 4, "application/zip"}, {"\xd0\xcf\x11\xe0", 4, "application/x-ole-storage"},
		{"OggS", 4, "audio/ogg"}, {"ID3", 3, "audio/mpeg"}, {"RIFF", 4, "audio/x-wav"},
		{"{\\rtf", 5, "application/rtf"},
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (b.n >= known[i].n && memcmp(b.p, known[i].magic, known[i].n) == 0)
			return known[i].type;
	if (b.n >= 12 && memcmp(b.p + 4, "ftyp", 4) == 0)
		return "video/mp4";
	return utf8_valid(b) && !memchr(b.p ? (const char *)b.p : "", 0, b.n) ? "text/plain"
		: "application/octet-stream";
}

enum status
reg_attach(struct reg *r, struct str about, const char *file, struct str title, bool evidence,
	uint8_t ret_hash[SEAL_HASH], struct err *e)
{
	struct arena *a = arena_create((size_t)ATTACHMENT_MOST + (16 << 20));
	const struct kind *k = kind_named(S("document"));
	struct draft d = {.kind = k->number, .blob_slot = field_slot("document", "blob")};
	uint8_t hash[SEAL_HASH];
	struct str warning;
	enum status st;

	if ((st = value_from_words(a, r, field_named(k, S("about")), about, NULL,
	    &d.slot[field_slot("document", "about")], &warning, e)) != OK)
		goto out;
	st = os_read_file(a, file, ATTACHMENT_MOST, &d.blob, e);
	if (st) {
		st = st == NO ? err_set(e, BAD, "%s: there is no such file", file) : st;
		goto out;
	}
	if (d.blob.n == 0) {
		st = err_set(e, BAD, "%s: is empty; nothing to attach", file);
		goto out;
	}
	seal_sha256(d.blob, hash);
	if (title.n == 0) {
		struct str path = str_of(file);
		const char *slash = memrchr(path.p, '/', path.n);
		title = slash ? str_of(slash + 1) : path;
	}
	if (!utf8_valid(str_bytes(title)))
		title = S("document");
	d.slot[field_slot("document", "title")] = value_text(a, text_clean(a, title, NULL));
	d.slot[field_slot("document", "type")] = value_text(a, str_of(file_type(d.blob)));
	d.slot[field_slot("document", "size")] = value_number(a, (int64_t)d.blob.n);
	d.slot[field_slot("document", "hash")] = value_bytes(a, BYTES(hash));
	if (evidence)
		d.slot[field_slot("document", "evidence")] = value_flag(a, true);
	st = reg_write_one(r, &d, ret_hash, e);
out:
	arena_destroy(a);
	return st;
}

/* --- erasure ------------------------------------------------------------------------- */

struct naming { uint64_t pos; uint8_t named[SEAL_HASH]; };
struct plan {
	struct arena *a;
	struct reg *r;
	VEC(struct naming) uncounted;        /* what does not count, and whom it names */
	VEC(uint64_t) pos;
	VEC(struct str) lines;
};

static enum status
plan_chain(struct plan *p, uint64_t base, struct err *e)
{
	size_t before = p->pos.n;
	struct store_stmt *s;
	struct now w;
	enum status st;

	for (size_t i = 0; i < p->pos.n; i++)
		if (p->pos.v[i] == base)
			return OK;
	/* Amendments of an import that never counted hold the same words: all states. */
	s = store_sql(p->r->db, "SELECT pos FROM rec WHERE pos = ?1 AND state <> 4 UNION"
		" SELECT pos FROM rec WHERE base = ?1 AND base <> pos AND state <> 4 ORDER BY 1");
	store_bind_int(s, 1, (int64_t)base);
	while ((st = store_step(s, e)) == OK)
		VEC_PUSH(p->a, &p->pos) = (uint64_t)store_int(s, 0);
	if (st != NO)
		return st;
	if (p->pos.n == before)
		return OK;                   /* erased already */
	if (index_now(p->a, p->r, base, &w, NULL) == OK) {
		const struct kind *k = kind_of(w.kind);
		struct buf b;
		buf_init(&b, 2000);
		buf_fmt(&b, STR_FMT " " STR_FMT ":", STR_ARG(reg_record_id(p->a, w.hash)),
			STR_ARG(k ? k->label[LANG_EN] : S("record")));
		for (size_t i = 0; k && i < k->n_fields; i++)
			if (w.slot[k->fields[i].slot].n
			    && (k->fields[i].in_list || k->fields[i].searched))
				buf_fmt(&b, " " STR_FMT, STR_ARG(value_show(p->a, &k->fields[i],
					w.slot[k->fields[i].slot], LANG_EN)));
		VEC_PUSH(p->a, &p->lines) = str_dup(p->a, buf_str(&b));
		buf_finish(&b);
	} else {
		VEC_PUSH(p->a, &p->lines) = str_fmt(p->a, "record %llu (does not count)",
			(unsigned long long)base);
	}
	return OK;
}

static enum status
plan_query(struct plan *p, const char *sql, uint64_t person, struct err *e)
{
	VEC(uint64_t) found = {0};
	struct store_stmt *s = store_sql(p->r->db, sql);
	enum status st;

	store_bind_int(s, 1, (int64_t)person);
	while ((st = store_step(s, e)) == OK)
		VEC_PUSH(p->a, &found) = (uint64_t)store_int(s, 0);
	if (st != NO)
		return st;
	st = OK;
	for (size_t i = 0; i < found.n && st == OK; i++)
		st = plan_chain(p, found.v[i], e);
	return st;
}

/* Rows of an import that broke off, or was undone, stand in no table but `rec`; whom
 * they name is read from the records themselves, once. */
static enum status
load_uncounted(struct plan *p, struct err *e)
{
	VEC(uint64_t) found = {0};
	struct store_stmt *s = store_sql(p->r->db,
		"SELECT pos FROM rec WHERE state IN (2, 3) AND base = pos ORDER BY pos");
	struct arena *scratch = arena_create((size_t)256 << 20);
	enum status st;

	while ((st = store_step(s, e)) == OK)
		VEC_PUSH(p->a, &found) = (uint64_t)store_int(s, 0);
	st = st == NO ? OK : st;
	for (size_t i = 0; i < found.n && st == OK; i++) {
		struct naming n = {.pos = found.v[i]};
		struct record rec;
		if ((st = node_get(scratch, p->r->node, n.pos, &rec, e)) != OK)
			break;
		for (unsigned slot = SLOT_FIRST; slot < SLOTS; slot++)
			if (get_ref(rec.slot[slot], n.named))
				VEC_PUSH(p->a, &p->uncounted) = n;
		arena_reset(scratch);
	}
	arena_destroy(scratch);
	return st;
}

static enum status
plan_uncounted(struct plan *p, const uint8_t hash[SEAL_HASH], struct err *e)
{
	enum status st = OK;

	for (size_t i = 0; i < p->uncounted.n && st == OK; i++)
		if (memcmp(p->uncounted.v[i].named, hash, SEAL_HASH) == 0)
			st = plan_chain(p, p->uncounted.v[i].pos, e);
	return st;
}

static enum status
hash_of(struct reg *r, uint64_t pos, uint8_t ret[SEAL_HASH], struct err *e)
{
	struct store_stmt *s = store_sql(r->db, "SELECT hash FROM rec WHERE pos = ?1");
	struct bytes hash;

	store_bind_int(s, 1, (int64_t)pos);
	enum status st = store_step(s, e);
	if (st == OK && (hash = store_bytes(s, 0)).n == SEAL_HASH)
		memcpy(ret, hash.p, SEAL_HASH);
	return st;
}

/* A record with everything that names it, and what names that (a scan of the paper
 * on an arrest), however far. */
static enum status
plan_all(struct plan *p, uint64_t base, struct err *e)
{
	static const char *const sql[] = {
		"SELECT pos FROM event WHERE person = ?1 ORDER BY pos",
		"SELECT pos FROM judgement WHERE left = ?1 OR right = ?1 ORDER BY pos",
		"SELECT pos FROM consent WHERE person = ?1 ORDER BY pos",
		"SELECT pos FROM about WHERE target = ?1 ORDER BY pos",
	};
	size_t next = p->pos.n;
	enum status st = plan_chain(p, base, e);

	for (; next < p->pos.n && st == OK; next++) {
		uint64_t pos = p->pos.v[next];
		uint8_t hash[SEAL_HASH];
		for (size_t i = 0; i < sizeof sql / sizeof *sql && st == OK; i++)
			st = plan_query(p, sql[i], pos, e);
		if (st == OK && (st = hash_of(p->r, pos, hash, e)) == OK)
			st = plan_uncounted(p, hash, e);
	}
	return st;
}

enum status
reg_erase_plan(struct arena *a, struct reg *r, struct str id, uint64_t **ret_pos, size_t *ret_n,
	struct str **ret_lines, struct err *e)
{
	struct plan p = {.a = a, .r = r};
	VEC(uint64_t) members = {0};
	uint64_t pos;
	enum status st;

	if (str_starts(id, "P-") || str_starts(id, "p-")) {
		struct store_stmt *s = store_sql(r->db,
			"SELECT pos FROM person WHERE cluster = ?1 ORDER BY pos");
		if ((st = reg_find_person(r, id, &pos, e)) != OK)
			return st;
		store_bind_int(s, 1, (int64_t)pos);
		while ((st = store_step(s, e)) == OK)
			VEC_PUSH(a, &members) = (uint64_t)store_int(s, 0);
		if (st != NO)
			return st;
	} else {
		if ((st = reg_find_record(r, id, &pos, e)) != OK)
			return st;
		VEC_PUSH(a, &members) = pos;
	}
	st = load_uncounted(&p, e);
	for (size_t i = 0; i < members.n && st == OK; i++)
		st = plan_all(&p, members.v[i], e);
	if (st)
		return st;
	if (p.pos.n == 0)
		return err_set(e, NO, STR_FMT ": is erased already", STR_ARG(id));
	*ret_pos = p.pos.v;
	*ret_n = p.pos.n;
	/* One line a chain; pad so that the caller may walk both. */
	while (p.lines.n < p.pos.n)
		VEC_PUSH(a, &p.lines) = S("");
	*ret_lines = p.lines.v;
	return OK;
}

enum status
reg_erase(struct arena *a, struct reg *r, const uint64_t *pos, size_t n, struct str reason,
	struct str **ret_backups, size_t *ret_n, struct err *e)
{
	uint8_t dump[SEAL_HASH];
	enum status st = node_erase(r->node, pos, n, reason, a, ret_backups, ret_n, e);

	if (st)
		return st;
	/* The index has a new key: the old one, and what it held, is gone. */
	r->cipher.key = node_index_key(r->node);
	return reg_rebuild(r, dump, e);
}
