/* What records say now, and the questions that import and editing ask the index. */
#include "register/register_int.h"

bool
now_decode(struct bytes slots, struct now *w)
{
	struct cbor c = cbor_read(slots);
	size_t n = cbor_get_array(&c);

	for (size_t i = 0; i < n && cbor_ok(&c); i++) {
		if (cbor_get_array(&c) != 3)
			return false;
		uint64_t slot = cbor_get_uint(&c);
		struct bytes value = cbor_get_item(&c);
		uint64_t from = cbor_get_uint(&c);
		if (slot >= SLOTS)
			return false;
		w->slot[slot] = value;
		w->from[slot] = from;
	}
	return cbor_done(&c);
}

static enum status
read_now(struct arena *a, struct store_stmt *s, struct now *ret, struct err *e)
{
	struct bytes slots = store_bytes(s, 2), hash = store_bytes(s, 3);
	struct now w = {.pos = (uint64_t)store_int(s, 0), .kind = (uint32_t)store_int(s, 1)};

	if (hash.n != SEAL_HASH)
		return err_set(e, BAD, "index.db: damaged at record %llu; run habeas rebuild",
			(unsigned long long)w.pos);
	memcpy(w.hash, hash.p, SEAL_HASH);
	slots = (struct bytes){arena_copy(a, slots.p, slots.n), slots.n};
	if (!now_decode(slots, &w))
		return err_set(e, BAD, "index.db: damaged at record %llu; run habeas rebuild",
			(unsigned long long)w.pos);
	*ret = w;
	return OK;
}

enum status
index_now(struct arena *a, struct reg *r, uint64_t pos, struct now *ret, struct err *e)
{
	struct store_stmt *s = store_sql(r->db,
		"SELECT cur.pos, cur.kind, cur.slots, rec.hash FROM cur JOIN rec USING(pos)"
		" WHERE cur.pos = ?1");

	store_bind_int(s, 1, (int64_t)pos);
	enum status st = store_step(s, e);
	if (st == NO)
		return err_set(e, NO, "record %llu: does not count, or there is none",
			(unsigned long long)pos);
	return st ? st : read_now(a, s, ret, e);
}

enum status
reg_of_kind(struct arena *a, struct reg *r, const char *kind, struct record **ret, size_t *ret_n,
	struct err *e)
{
	VEC(struct record) v = {0};
	struct store_stmt *s = store_sql(r->db,
		"SELECT cur.pos, cur.kind, cur.slots, rec.hash FROM cur JOIN rec USING(pos)"
		" WHERE cur.kind = ?1 ORDER BY cur.pos");
	enum status st;

	store_bind_int(s, 1, kind_number(kind));
	while ((st = store_step(s, e)) == OK) {
		struct record *record;
		struct now w;
		if ((st = read_now(a, s, &w, e)) != OK)
			return st;
		record = &VEC_PUSH(a, &v);
		*record = (struct record){.pos = w.pos, .kind = w.kind};
		memcpy(record->hash, w.hash, SEAL_HASH);
		memcpy(record->slot, w.slot, sizeof record->slot);
	}
	if (st != NO)
		return st;
	*ret = v.v;
	*ret_n = v.n;
	return OK;
}

enum status
index_pos_of(struct reg *r, const uint8_t hash[SEAL_HASH], uint64_t *ret_base, struct err *e)
{
	struct store_stmt *s = store_sql(r->db, "SELECT base FROM rec WHERE hash = ?1");

	store_bind_bytes(s, 1, (struct bytes){hash, SEAL_HASH});
	enum status st = store_step(s, e);
	if (st == OK)
		*ret_base = (uint64_t)store_int(s, 0);
	return st;
}

enum status
index_events_of(struct arena *a, struct reg *r, uint64_t person, struct now **ret, size_t *ret_n,
	struct err *e)
{
	VEC(struct now) v = {0};
	struct store_stmt *s = store_sql(r->db,
		"SELECT cur.pos, cur.kind, cur.slots, rec.hash FROM event"
		" JOIN cur ON cur.pos = event.pos JOIN rec ON rec.pos = event.pos"
		" WHERE event.person = ?1 ORDER BY event.pos");
	enum status st;

	store_bind_int(s, 1, (int64_t)person);
	while ((st = store_step(s, e)) == OK) {
		struct now w;
		if ((st = read_now(a, s, &w, e)) != OK)
			return st;
		VEC_PUSH(a, &v) = w;
	}
	if (st != NO)
		return st;
	*ret = v.v;
	*ret_n = v.n;
	return OK;
}

enum status
index_rows_of_list(struct arena *a, struct reg *r, uint64_t list, struct listed_row **ret,
	size_t *ret_n, struct err *e)
{
	VEC(struct listed_row) v = {0};
	unsigned unlisted = field_slot("person", "unlisted");
	struct store_stmt *s = store_sql(r->db,
		"SELECT cur.pos, cur.kind, cur.slots, rec.hash FROM rec"
		" JOIN cur ON cur.pos = rec.pos WHERE rec.list = ?1 AND rec.kind = ?2"
		" AND rec.base = rec.pos ORDER BY rec.pos");
	enum status st;

	store_bind_int(s, 1, (int64_t)list);
	store_bind_int(s, 2, kind_number("person"));
	while ((st = store_step(s, e)) == OK) {
		struct listed_row row = {0};
		struct row_ref ref;
		if ((st = read_now(a, s, &row.now, e)) != OK)
			return st;
		row.pos = row.now.pos;
		if (get_row(row.now.slot[SLOT_ROW], &ref)) {
			row.version = ref.version;
			row.row = ref.row;
		}
		if (!get_number(row.now.slot[unlisted], &row.unlisted))
			row.unlisted = 0;
		VEC_PUSH(a, &v) = row;
	}
	if (st != NO)
		return st;
	*ret = v.v;
	*ret_n = v.n;
	return OK;
}

enum status
index_pending(struct arena *a, struct reg *r, const uint8_t import[16], uint64_t **ret_pos,
	size_t *ret_n, struct err *e)
{
	VEC(uint64_t) v = {0};
	struct store_stmt *s = store_sql(r->db,
		"SELECT pos FROM rec WHERE state = 2 AND import = ?1 ORDER BY pos");
	enum status st;

	store_bind_bytes(s, 1, (struct bytes){import, 16});
	while ((st = store_step(s, e)) == OK)
		VEC_PUSH(a, &v) = (uint64_t)store_int(s, 0);
	if (st != NO)
		return st;
	*ret_pos = v.v;
	*ret_n = v.n;
	return OK;
}

enum status
index_list_named(struct reg *r, struct str name, uint64_t *ret_pos, struct err *e)
{
	struct arena *a = arena_create(1 << 20);
	struct store_stmt *s = store_sql(r->db, "SELECT pos FROM list WHERE fold = ?1 ORDER BY pos");

	store_bind_text(s, 1, text_fold(a, name));
	enum status st = store_step(s, e);
	if (st == OK)
		*ret_pos = (uint64_t)store_int(s, 0);
	arena_destroy(a);
	return st;
}

enum status
index_last_version(struct reg *r, uint64_t list, uint32_t *ret, uint8_t ret_import[16],
	struct err *e)
{
	struct store_stmt *s = store_sql(r->db,
		"SELECT version, import FROM version WHERE list = ?1 ORDER BY version DESC LIMIT 1");

	store_bind_int(s, 1, (int64_t)list);
	enum status st = store_step(s, e);
	if (st == FAIL || st == BAD)
		return st;
	*ret = 0;
	memset(ret_import, 0, 16);
	if (st == OK) {
		struct bytes import = store_bytes(s, 1);
		*ret = (uint32_t)store_int(s, 0);
		if (import.n == 16)
			memcpy(ret_import, import.p, 16);
	}
	return OK;
}
