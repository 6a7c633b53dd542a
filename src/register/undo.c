/*
 * Taking an import back, whole: its list-version record is amended with why, and the
 * projection leaves its rows out.  The log keeps what was written.
 */
#include "register/import_int.h"

/* "LIST VERSION": the last word is the number. */
static enum status
find_by_name(struct arena *a, struct reg *r, struct str import, uint64_t *ret, struct err *e)
{
	size_t at = import.n;
	uint64_t version, list;
	enum status st;

	while (at > 0 && import.p[at - 1] != ' ')
		at--;
	if (at == 0 || !str_u64(str_from(import, at), &version))
		return err_set(e, BAD, "\"" STR_FMT "\": no import; give the id that import printed, "
			"or the list's name and the version: \"NAME 2\"", STR_ARG(import));
	struct str name = str_dup(a, str_trim(str_upto(import, at)));
	if ((st = index_list_named(r, name, &list, e)) != OK)
		return st == NO ? err_set(e, BAD, "\"" STR_FMT "\": no list has this name",
			STR_ARG(name)) : st;
	struct store_stmt *s = store_sql(r->db,
		"SELECT pos FROM version WHERE list = ?1 AND version = ?2 ORDER BY pos DESC");
	store_bind_int(s, 1, (int64_t)list);
	store_bind_int(s, 2, (int64_t)version);
	if ((st = store_step(s, e)) != OK)
		return st == NO ? err_set(e, BAD, "\"" STR_FMT "\": this list has no version %llu",
			STR_ARG(name), (unsigned long long)version) : st;
	*ret = (uint64_t)store_int(s, 0);
	return OK;
}

static bool
is_hex(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!strchr("0123456789abcdefABCDEF", s.p[i]))
			return false;
	return s.n >= 16;
}

static enum status
find_version(struct arena *a, struct reg *r, struct str import, struct now *ret, struct err *e)
{
	uint64_t pos;
	enum status st;

	import = str_trim(import);
	st = is_hex(import) ? reg_find_record(r, import, &pos, e)
		: find_by_name(a, r, import, &pos, e);
	if (st || (st = index_now(a, r, pos, ret, e)) != OK)
		return st == NO ? BAD : st;
	if (ret->kind != kind_number("list-version"))
		return err_set(e, BAD, STR_FMT ": this record is no import; give the id that import "
			"printed", STR_ARG(import));
	return OK;
}

/* A later version amends the records of this one and would hang in the air. */
static enum status
later_version(struct reg *r, uint64_t pos, uint32_t *ret, struct err *e)
{
	struct store_stmt *s = store_sql(r->db, "SELECT max(l.version) FROM version v JOIN version l"
		" ON l.list = v.list AND l.version > v.version AND l.retracted = 0 WHERE v.pos = ?1");
	enum status st;

	store_bind_int(s, 1, (int64_t)pos);
	*ret = 0;
	if ((st = store_step(s, e)) == OK && !store_is_null(s, 0))
		*ret = (uint32_t)store_int(s, 0);
	return st == NO ? OK : st;
}

static enum status
count_records(struct reg *r, struct bytes import, size_t *ret, struct err *e)
{
	struct store_stmt *s = store_sql(r->db,
		"SELECT count(*) FROM rec WHERE import = ?1 AND state = 1");
	enum status st;

	store_bind_bytes(s, 1, import);
	if ((st = store_step(s, e)) == OK)
		*ret = (size_t)store_int(s, 0);
	return st;
}

enum status
reg_undo(struct arena *a, struct reg *r, struct str import, struct str reason,
	struct str *ret_line, struct err *e)
{
	unsigned retracted = field_slot("list-version", "retracted");
	struct draft d = {.kind = kind_number("list-version")};
	struct bytes id = {0};
	struct now w;
	struct str why = text_clean(a, reason, NULL);
	uint32_t later;
	size_t n = 0;
	int64_t version = 0;
	enum status st = find_version(a, r, import, &w, e);

	if (st)
		return st;
	if (w.slot[retracted].n)
		return err_set(e, NO, STR_FMT ": was taken back already; nothing written",
			STR_ARG(import));
	get_number(w.slot[field_slot("list-version", "version")], &version);
	if ((st = later_version(r, w.pos, &later, e)) != OK)
		return st;
	if (later)
		return err_set(e, BAD, STR_FMT ": version %u of the list builds on version %lld; undo "
			"version %u first", STR_ARG(import), later, (long long)version, later);
	if (get_bytes(w.slot[field_slot("list-version", "import")], &id)
	    && (st = count_records(r, id, &n, e)) != OK)
		return st;
	d.slot[SLOT_AMENDS] = value_ref(a, w.hash);
	d.slot[retracted] = value_text(a, why.n ? why : S("undone"));
	if ((st = node_append(r->node, &d, 1, NULL, NULL, e)) != OK
	    || (st = node_publish(r->node, e)) != OK || (st = reg_follow(r, e)) != OK)
		return st;
	*ret_line = str_fmt(a, "version %lld taken back: %zu records no longer count; the log keeps "
		"them", (long long)version, n);
	return OK;
}
