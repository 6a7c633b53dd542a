/* The tables of the index.  What they mean stands in register_int.h. */
#include "register/register_int.h"

static const char schema[] =
	"CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;"
	"CREATE TABLE rec(pos INTEGER PRIMARY KEY, hash BLOB, kind INTEGER, base INTEGER,"
	" list INTEGER, version INTEGER, row INTEGER, import BLOB, recorded INTEGER,"
	" state INTEGER);"
	"CREATE INDEX rec_hash ON rec(hash);"
	"CREATE INDEX rec_base ON rec(base) WHERE base <> pos;"
	"CREATE INDEX rec_list ON rec(list, kind);"
	"CREATE TABLE cur(pos INTEGER PRIMARY KEY, kind INTEGER, slots BLOB);"
	"CREATE INDEX cur_kind ON cur(kind);"
	"CREATE TABLE person(pos INTEGER PRIMARY KEY, cluster INTEGER, list INTEGER, unlisted INTEGER,"
	" fold TEXT, birth INTEGER);"
	"CREATE INDEX person_cluster ON person(cluster);"
	"CREATE INDEX person_birth ON person(birth) WHERE birth IS NOT NULL;"
	"CREATE TABLE person_event(cause INTEGER, was INTEGER, now INTEGER, what TEXT, records INTEGER,"
	" PRIMARY KEY(cause, was, now)) WITHOUT ROWID;"
	"CREATE INDEX person_event_was ON person_event(was);"
	"CREATE INDEX person_event_now ON person_event(now);"
	"CREATE TABLE name_key(key INTEGER, pos INTEGER, PRIMARY KEY(key, pos)) WITHOUT ROWID;"
	"CREATE INDEX name_key_pos ON name_key(pos);"
	"CREATE TABLE event(pos INTEGER PRIMARY KEY, person INTEGER, type TEXT, first INTEGER,"
	" last INTEGER, facility TEXT, fold TEXT, list INTEGER, version INTEGER);"
	"CREATE INDEX event_person ON event(person);"
	"CREATE TABLE list(pos INTEGER PRIMARY KEY, name TEXT, fold TEXT, uniq INTEGER, key TEXT);"
	"CREATE TABLE version(pos INTEGER PRIMARY KEY, list INTEGER, version INTEGER, import BLOB,"
	" as_of INTEGER, rows INTEGER, retracted INTEGER);"
	"CREATE INDEX version_import ON version(import);"
	"CREATE TABLE judgement(pos INTEGER PRIMARY KEY, left INTEGER, right INTEGER, verdict TEXT,"
	" author BLOB);"
	"CREATE INDEX judgement_left ON judgement(left);"
	"CREATE INDEX judgement_right ON judgement(right);"
	"CREATE TABLE assigned(pos INTEGER PRIMARY KEY, mate INTEGER);"
	"CREATE INDEX assigned_mate ON assigned(mate);"
	"CREATE TABLE link(left INTEGER, right INTEGER, weight REAL, probability REAL, levels BLOB,"
	" PRIMARY KEY(left, right)) WITHOUT ROWID;"
	"CREATE INDEX link_right ON link(right);"
	"CREATE TABLE run_model(field INTEGER, level INTEGER, m REAL, u REAL,"
	" PRIMARY KEY(field, level)) WITHOUT ROWID;"
	"CREATE TABLE consent(pos INTEGER PRIMARY KEY, person INTEGER, purpose TEXT, basis TEXT,"
	" first INTEGER, expires INTEGER, withdrawn INTEGER, mode TEXT);"
	"CREATE INDEX consent_person ON consent(person);"
	"CREATE TABLE about(pos INTEGER, target INTEGER, kind INTEGER, PRIMARY KEY(pos, target))"
	" WITHOUT ROWID;"
	"CREATE INDEX about_target ON about(target);"
	"CREATE TABLE confirmed(person INTEGER PRIMARY KEY, pos INTEGER);";

enum status
index_create(struct reg *r, struct err *e)
{
	return store_db_exec(r->db, schema, e);
}
