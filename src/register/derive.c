/*
 * What the index derives from one record: the row of its kind's table.  Every
 * function takes the record's current slots and replaces what stood there.
 */
#include "register/run_int.h"
#include "reconcile/reconcile.h"

enum { KEYS_A_NAME = 64 };

static bool
slot_text(const struct now *w, const char *kind, const char *field, struct str *ret)
{
	return get_text(w->slot[field_slot(kind, field)], ret);
}

static bool
slot_code(const struct now *w, const char *kind, const char *field, struct str *ret)
{
	unsigned version;

	return get_code(w->slot[field_slot(kind, field)], &version, ret);
}

/* The record a slot refers to; false: none, or not (yet) here. */
static bool
slot_target(struct reg *r, struct bytes value, uint64_t *ret)
{
	uint8_t hash[SEAL_HASH];

	return get_ref(value, hash) && index_pos_of(r, hash, ret, NULL) == OK;
}

static void
bind_target(struct reg *r, struct store_stmt *s, int i, struct bytes value)
{
	uint64_t pos;

	/* The look-up uses another statement: the bindings of `s` stay. */
	if (slot_target(r, value, &pos))
		store_bind_int(s, i, (int64_t)pos);
	else
		store_bind_null(s, i);
}

static void
bind_first(struct store_stmt *s, int i, struct bytes value)
{
	struct date d;

	if (get_date(value, &d))
		store_bind_int(s, i, d.first);
	else
		store_bind_null(s, i);
}

static enum status
put_keys(struct arena *a, struct reg *r, uint64_t pos, struct str name, struct err *e)
{
	uint64_t keys[KEYS_A_NAME];
	struct match_name m = match_name_of(a, name);
	size_t n = match_name_keys(&m, keys, KEYS_A_NAME);

	for (size_t i = 0; i < n; i++) {
		struct store_stmt *s = store_sql(r->db,
			"INSERT OR IGNORE INTO name_key(key, pos) VALUES(?1, ?2)");
		store_bind_int(s, 1, (int64_t)keys[i]);
		store_bind_int(s, 2, (int64_t)pos);
		enum status st = store_done(s, e);
		if (st)
			return st;
	}
	return OK;
}

static enum status
put_person(struct arena *a, struct reg *r, const struct now *w, struct err *e)
{
	struct buf fold;
	struct row_ref ref;
	const struct kind *k = kind_of(w->kind);
	enum status st = OK;

	buf_init(&fold, 1 << 20);
	for (size_t i = 0; i < k->n_fields && st == OK; i++) {
		const struct field *f = &k->fields[i];
		struct name name;
		if (!f->searched || f->audience == AUDIENCE_SEALED || w->slot[f->slot].n == 0)
			continue;
		bool is_name = f->type == VALUE_NAME && get_name(w->slot[f->slot], &name);
		struct str s = text_fold(a, is_name ? name.text
			: value_show(a, f, w->slot[f->slot], LANG_EN));
		buf_put(&fold, s.p, s.n);
		buf_byte(&fold, '\n');
		if (is_name)
			st = put_keys(a, r, w->pos, name.text, e);
	}
	if (st == OK) {
		struct store_stmt *s = store_sql(r->db,
			"INSERT INTO person(pos, cluster, list, unlisted, fold, birth)"
			" VALUES(?1, ?1, ?2, ?4, ?3, ?5)");
		int64_t unlisted = 0;
		store_bind_int(s, 1, (int64_t)w->pos);
		if (get_row(w->slot[SLOT_ROW], &ref)) {
			uint64_t list;
			if (index_pos_of(r, ref.list, &list, NULL) == OK)
				store_bind_int(s, 2, (int64_t)list);
			else
				store_bind_null(s, 2);
		} else {
			store_bind_null(s, 2);
		}
		store_bind_text(s, 3, fold.n ? buf_str(&fold) : S(""));
		get_number(w->slot[field_slot("person", "unlisted")], &unlisted);
		store_bind_int(s, 4, unlisted);
		bind_first(s, 5, w->slot[field_slot("person", w->slot[field_slot("person",
			"birth")].n ? "birth" : "birth-year")]);
		st = store_done(s, e);
	}
	buf_finish(&fold);
	return st;
}

static enum status
put_event(struct arena *a, struct reg *r, const struct now *w, struct err *e)
{
	struct store_stmt *s = store_sql(r->db,
		"INSERT INTO event(pos, person, type, first, last, facility, fold, list, version)"
		" VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
	struct str type, facility = STR_NONE;
	struct row_ref ref;
	struct date d;

	store_bind_int(s, 1, (int64_t)w->pos);
	bind_target(r, s, 2, w->slot[field_slot("event", "person")]);
	store_bind_text(s, 3, slot_code(w, "event", "type", &type) ? type : S("other"));
	if (get_date(w->slot[field_slot("event", "date")], &d)) {
		store_bind_int(s, 4, d.first);
		store_bind_int(s, 5, d.last);
	} else {
		store_bind_null(s, 4);
		store_bind_null(s, 5);
	}
	if (slot_text(w, "event", "facility", &facility)) {
		store_bind_text(s, 6, facility);
		store_bind_text(s, 7, text_fold(a, facility));
	} else {
		store_bind_null(s, 6);
		store_bind_null(s, 7);
	}
	if (get_row(w->slot[SLOT_ROW], &ref)) {
		uint64_t list;
		if (index_pos_of(r, ref.list, &list, NULL) == OK)
			store_bind_int(s, 8, (int64_t)list);
		else
			store_bind_null(s, 8);
		store_bind_int(s, 9, ref.version);
	} else {
		store_bind_null(s, 8);
		store_bind_null(s, 9);
	}
	return store_done(s, e);
}

static enum status
put_list(struct arena *a, struct reg *r, const struct now *w, struct err *e)
{
	struct store_stmt *s = store_sql(r->db,
		"INSERT INTO list(pos, name, fold, uniq, key) VALUES(?1, ?2, ?3, ?4, ?5)");
	struct str name = S(""), key = STR_NONE;
	bool unique = false;

	slot_text(w, "list", "name", &name);
	slot_text(w, "list", "key", &key);
	get_flag(w->slot[field_slot("list", "unique")], &unique);
	store_bind_int(s, 1, (int64_t)w->pos);
	store_bind_text(s, 2, name);
	store_bind_text(s, 3, text_fold(a, name));
	store_bind_int(s, 4, unique);
	store_bind_text(s, 5, key);
	return store_done(s, e);
}

static enum status
put_version(struct arena *a, struct reg *r, const struct now *w, struct err *e)
{
	struct store_stmt *s = store_sql(r->db,
		"INSERT INTO version(pos, list, version, import, as_of, rows, retracted)"
		" VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
	struct bytes import = {0};
	int64_t version = 0, rows = 0;
	struct str why;

	(void)a;
	get_number(w->slot[field_slot("list-version", "version")], &version);
	get_number(w->slot[field_slot("list-version", "rows")], &rows);
	get_bytes(w->slot[field_slot("list-version", "import")], &import);
	store_bind_int(s, 1, (int64_t)w->pos);
	bind_target(r, s, 2, w->slot[field_slot("list-version", "list")]);
	store_bind_int(s, 3, version);
	store_bind_bytes(s, 4, import);
	bind_first(s, 5, w->slot[field_slot("list-version", "as-of")]);
	store_bind_int(s, 6, rows);
	store_bind_int(s, 7, slot_text(w, "list-version", "retracted", &why));
	return store_done(s, e);
}

/* Who said it: the author of the record that holds the verdict now.  A verdict that
 * was withdrawn is "", and says nothing; the row stays, for it names two people. */
static enum status
put_judgement(struct arena *a, struct reg *r, const struct now *w, struct err *e)
{
	unsigned slot = field_slot("judgement", "verdict");
	struct str verdict = S("");
	struct store_stmt *s;
	struct record rec;
	enum status st = node_get(a, r->node, w->slot[slot].n ? w->from[slot] : w->pos, &rec, e);

	if (st)
		return st;
	if (w->slot[slot].n && !slot_code(w, "judgement", "verdict", &verdict))
		verdict = S("unsure");
	s = store_sql(r->db, "INSERT INTO judgement(pos, left, right, verdict, author)"
		" VALUES(?1, ?2, ?3, ?4, ?5)");
	store_bind_int(s, 1, (int64_t)w->pos);
	bind_target(r, s, 2, w->slot[field_slot("judgement", "left")]);
	bind_target(r, s, 3, w->slot[field_slot("judgement", "right")]);
	store_bind_text(s, 4, verdict);
	store_bind_bytes(s, 5, BYTES(rec.author));
	return store_done(s, e);
}

static enum status
put_consent(struct arena *a, struct reg *r, const struct now *w, struct err *e)
{
	struct store_stmt *s = store_sql(r->db,
		"INSERT INTO consent(pos, person, purpose, basis, first, expires, withdrawn, mode)"
		" VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
	struct str purpose = S(""), basis = S(""), mode = S("");
	struct date d;

	(void)a;
	slot_code(w, "consent", "purpose", &purpose);
	slot_code(w, "consent", "basis", &basis);
	slot_text(w, "consent", "as", &mode);
	store_bind_int(s, 1, (int64_t)w->pos);
	bind_target(r, s, 2, w->slot[field_slot("consent", "person")]);
	store_bind_text(s, 3, purpose);
	store_bind_text(s, 4, basis);
	bind_first(s, 5, w->slot[field_slot("consent", "on")]);
	/* "Until 1400" covers the whole of 1400; of two readings the earlier binds. */
	if (get_date(w->slot[field_slot("consent", "expires")], &d))
		store_bind_int(s, 6, d.flags & DATE_AMBIGUOUS ? d.first : d.last);
	else
		store_bind_null(s, 6);
	bind_first(s, 7, w->slot[field_slot("consent", "withdrawn")]);
	store_bind_text(s, 8, mode);
	return store_done(s, e);
}

static enum status
put_about_pos(struct reg *r, const struct now *w, uint64_t target, struct err *e)
{
	struct store_stmt *s = store_sql(r->db,
		"INSERT OR IGNORE INTO about(pos, target, kind) VALUES(?1, ?2, ?3)");

	store_bind_int(s, 1, (int64_t)w->pos);
	store_bind_int(s, 2, (int64_t)target);
	store_bind_int(s, 3, w->kind);
	return store_done(s, e);
}

static enum status
put_about(struct reg *r, const struct now *w, const char *kind, const char *field, struct err *e)
{
	uint64_t target;

	return slot_target(r, w->slot[field_slot(kind, field)], &target)
		? put_about_pos(r, w, target, e) : OK;
}

static enum status
put_annex_row(struct arena *a, struct reg *r, const struct now *w, struct err *e)
{
	uint8_t (*persons)[SEAL_HASH];
	size_t n;
	uint64_t target;
	enum status st = OK;

	if (!get_refs(a, w->slot[field_slot("annex-row", "persons")], &persons, &n))
		return OK;
	/* A partner's rows rest on records that are not here. */
	for (size_t i = 0; i < n && st == OK; i++)
		if (index_pos_of(r, persons[i], &target, NULL) == OK)
			st = put_about_pos(r, w, target, e);
	return st;
}

static enum status
put_document(struct arena *a, struct reg *r, const struct now *w, struct err *e)
{
	(void)a;
	return put_about(r, w, "document", "about", e);
}

static enum status
put_task(struct arena *a, struct reg *r, const struct now *w, struct err *e)
{
	(void)a;
	return put_about(r, w, "task", "about", e);
}

static enum status
put_adoption(struct arena *a, struct reg *r, const struct now *w, struct err *e)
{
	(void)a;
	return put_about(r, w, "adoption", "letter", e);
}

/* A person is confirmed when the newest determination about it says so. */
static enum status
confirm(struct reg *r, uint64_t person, struct err *e)
{
	struct store_stmt *s = store_sql(r->db, "DELETE FROM confirmed WHERE person = ?1");
	struct arena *a;
	uint64_t newest = 0;
	bool yes = false;
	enum status st;

	store_bind_int(s, 1, (int64_t)person);
	if ((st = store_done(s, e)) != OK)
		return st;
	s = store_sql(r->db, "SELECT max(pos) FROM about WHERE target = ?1 AND kind = ?2");
	store_bind_int(s, 1, (int64_t)person);
	store_bind_int(s, 2, kind_number("determination"));
	if ((st = store_step(s, e)) != OK)
		return st == NO ? OK : st;
	if (store_is_null(s, 0))
		return OK;
	newest = (uint64_t)store_int(s, 0);
	a = arena_create(4 << 20);
	struct now w;
	if (index_now(a, r, newest, &w, NULL) == OK)
		get_flag(w.slot[field_slot("determination", "confirmed")], &yes);
	arena_destroy(a);
	if (!yes)
		return OK;
	s = store_sql(r->db, "INSERT INTO confirmed(person, pos) VALUES(?1, ?2)");
	store_bind_int(s, 1, (int64_t)person);
	store_bind_int(s, 2, (int64_t)newest);
	return store_done(s, e);
}

static enum status
put_determination(struct arena *a, struct reg *r, const struct now *w, struct err *e)
{
	uint64_t person = 0;
	enum status st = put_about(r, w, "determination", "person", e);

	(void)a;
	if (st || !slot_target(r, w->slot[field_slot("determination", "person")], &person))
		return st;
	return confirm(r, person, e);
}

static const struct {
	const char *kind;
	enum status (*put)(struct arena *a, struct reg *r, const struct now *w, struct err *e);
} tables[] = {
	{"person", put_person},
	{"event", put_event},
	{"list", put_list},
	{"list-version", put_version},
	{"judgement", put_judgement},
	{"consent", put_consent},
	{"document", put_document},
	{"task", put_task},
	{"adoption", put_adoption},
	{"determination", put_determination},
	{"annex-row", put_annex_row},
	{"linker-run", run_put},
};

enum status
derive_put(struct arena *a, struct reg *r, const struct now *w, struct err *e)
{
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		if (kind_number(tables[i].kind) == w->kind)
			return tables[i].put(a, r, w, e);
	return OK;
}

static enum status
drop_row(struct reg *r, const char *sql, uint64_t pos, struct err *e)
{
	struct store_stmt *s = store_sql(r->db, sql);

	store_bind_int(s, 1, (int64_t)pos);
	return store_done(s, e);
}

static bool
target_of(struct reg *r, uint64_t pos, uint64_t *ret)
{
	struct store_stmt *s = store_sql(r->db, "SELECT target FROM about WHERE pos = ?1");

	store_bind_int(s, 1, (int64_t)pos);
	if (store_step(s, NULL) != OK || store_is_null(s, 0))
		return false;
	*ret = (uint64_t)store_int(s, 0);
	return true;
}

enum status
derive_drop(struct reg *r, uint64_t pos, uint32_t kind, struct err *e)
{
	static const struct {
		const char *kind, *sql;
	} drops[] = {
		{"person", "DELETE FROM person WHERE pos = ?1"},
		{"person", "DELETE FROM name_key WHERE pos = ?1"},
		{"event", "DELETE FROM event WHERE pos = ?1"},
		{"list", "DELETE FROM list WHERE pos = ?1"},
		{"list-version", "DELETE FROM version WHERE pos = ?1"},
		{"judgement", "DELETE FROM judgement WHERE pos = ?1"},
		{"consent", "DELETE FROM consent WHERE pos = ?1"},
		{"document", "DELETE FROM about WHERE pos = ?1"},
		{"task", "DELETE FROM about WHERE pos = ?1"},
		{"adoption", "DELETE FROM about WHERE pos = ?1"},
		{"determination", "DELETE FROM about WHERE pos = ?1"},
		{"annex-row", "DELETE FROM about WHERE pos = ?1"},
	};
	if (kind == kind_number("linker-run"))
		return run_drop(r, pos, e);
	uint64_t person = 0;
	bool judged = kind == kind_number("determination") && target_of(r, pos, &person);
	enum status st = OK;

	for (size_t i = 0; i < sizeof drops / sizeof *drops && st == OK; i++)
		if (kind_number(drops[i].kind) == kind)
			st = drop_row(r, drops[i].sql, pos, e);
	/* The determination before it speaks again. */
	return st == OK && judged ? confirm(r, person, e) : st;
}
