#include "reg_fixture.h"
#include <unistd.h>

struct arena *a;
struct err e;
struct reg *r;
char place[64], path[80];
static uint64_t last_run;            /* whose pairs the next run drops */

int
fx_setup(void **state)
{
	struct str recovery;

	(void)state;
	last_run = UINT64_MAX;
	a = arena_create((size_t)2 << 30);
	/* In memory where there is such a place: these tests are not about disks. */
	snprintf(place, sizeof place, "%s/habeas-register-XXXXXX",
		access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (!mkdtemp(place) || seal_init(&e) != OK
	    || kinds_load((struct str){record_kinds_text, record_kinds_text_bytes}, &e) != OK)
		return -1;
	snprintf(path, sizeof path, "%s/a.habeas", place);
	setenv("XDG_STATE_HOME", str_fmt(a, "%s/state", place).p, 1);
	setenv("SOURCE_DATE_EPOCH", "1790000000", 1);        /* 2026-09-21 */
	struct node_new n = {.organisation = S("Example Committee"),
		.root_file = str_fmt(a, "%s/root", place).p,
		.root_passphrase = {(const uint8_t *)"root words", 10},
		.officer = S("Ayla"), .officer_passphrase = PASS, .cost = seal_cost_tests};
	if (node_create(path, &n, &recovery, a, &e) != OK
	    || reg_open(&r, path, NODE_WRITE, PASS, &e) != OK) {
		print_error("%s\n", e.text);
		return -1;
	}
	return 0;
}

int
fx_teardown(void **state)
{
	(void)state;
	reg_close(r);
	r = NULL;
	enum status st = os_remove_tree(place, &e);
	arena_destroy(a);
	return st == OK ? 0 : -1;
}

void
fx_reopen(void)
{
	reg_close(r);
	r = NULL;
	assert_ok(reg_open(&r, path, NODE_WRITE, PASS, &e));
}

struct draft
fx_draft(const char *kind)
{
	return (struct draft){.kind = kind_number(kind)};
}

void
fx_put(struct draft *d, const char *field, const char *words)
{
	const struct field *f = field_named(kind_of(d->kind), str_of(field));
	struct str warning;

	assert_non_null(f);
	assert_ok(value_from_words(a, r, f, str_of(words), NULL, &d->slot[f->slot], &warning, &e));
}

struct record
fx_get(uint64_t pos)
{
	struct record rec;

	assert_ok(node_get(a, reg_node(r), pos, &rec, &e));
	return rec;
}

struct str
fx_id(uint64_t pos)
{
	struct record rec = fx_get(pos);

	return reg_record_id(a, rec.hash);
}

void
fx_refer(struct draft *d, const char *field, uint64_t pos)
{
	const struct field *f = field_named(kind_of(d->kind), str_of(field));
	struct record rec = fx_get(pos);

	d->slot[f->slot] = value_ref(a, rec.hash);
}

void
fx_row(struct draft *d, uint64_t list, unsigned version, unsigned row)
{
	struct record rec = fx_get(list);
	struct row_ref ref = {.version = version, .row = row};

	memcpy(ref.list, rec.hash, SEAL_HASH);
	ref.import[0] = (uint8_t)list;
	ref.import[1] = (uint8_t)version;
	d->slot[SLOT_ROW] = value_row(a, &ref);
}

uint64_t
fx_write(const struct draft *d)
{
	uint64_t pos = 0;

	assert_ok(node_append(reg_node(r), d, 1, NULL, &pos, &e));
	assert_ok(reg_follow(r, &e));
	return pos;
}

static struct draft
person(const char *given, const char *family)
{
	struct draft d = fx_draft("person");

	if (given[0])
		fx_put(&d, "given", given);
	if (family[0])
		fx_put(&d, "family", family);
	add_coarser(a, &d);
	return d;
}

uint64_t
fx_person(const char *given, const char *family)
{
	struct draft d = person(given, family);

	return fx_write(&d);
}

static struct draft
event(uint64_t who, const char *type, const char *date)
{
	struct draft d = fx_draft("event");

	fx_refer(&d, "person", who);
	fx_put(&d, "type", type);
	if (date[0])
		fx_put(&d, "date", date);
	return d;
}

uint64_t
fx_event(uint64_t who, const char *type, const char *date, const char *facility)
{
	struct draft d = event(who, type, date);

	if (facility[0])
		fx_put(&d, "facility", facility);
	return fx_write(&d);
}

uint64_t
fx_judge(uint64_t left, uint64_t right, const char *verdict)
{
	struct draft d = fx_draft("judgement");

	fx_refer(&d, "left", left);
	fx_refer(&d, "right", right);
	fx_put(&d, "verdict", verdict);
	return fx_write(&d);
}

uint64_t
fx_list(const char *name)
{
	struct draft d = fx_draft("list");

	fx_put(&d, "name", name);
	return fx_write(&d);
}

uint64_t
fx_listed(uint64_t list, unsigned version, unsigned row, const char *given, const char *family)
{
	struct draft d = person(given, family);

	fx_row(&d, list, version, row);
	return fx_write(&d);
}

uint64_t
fx_listed_event(uint64_t list, unsigned version, unsigned row, uint64_t who, const char *type,
	const char *date)
{
	struct draft d = event(who, type, date);

	fx_row(&d, list, version, row);
	return fx_write(&d);
}

uint64_t
fx_version(uint64_t list, unsigned version, const char *as_of)
{
	struct draft d = fx_draft("list-version");
	uint8_t import[16] = {(uint8_t)list, (uint8_t)version};

	fx_refer(&d, "list", list);
	d.slot[field_slot("list-version", "version")] = value_number(a, version);
	d.slot[field_slot("list-version", "import")] = value_bytes(a, BYTES(import));
	if (as_of[0])
		fx_put(&d, "as-of", as_of);
	return fx_write(&d);
}

/* Slot `clusters`: one cluster with links along its chain.  No model. */
static struct bytes
clusters_slot(const uint64_t *pos, size_t n)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	cbor_put_array(&b, 4);
	cbor_put_uint(&b, 1);
	cbor_put_int(&b, -10000);
	cbor_put_array(&b, 0);
	cbor_put_array(&b, n > 1);
	if (n > 1) {
		cbor_put_array(&b, 2);
		cbor_put_array(&b, n);
		for (size_t i = 0; i < n; i++)
			cbor_put_uint(&b, pos[i] - (i ? pos[i - 1] : 0));
		cbor_put_array(&b, 3 * (n - 1));
		for (size_t i = 1; i < n; i++) {
			cbor_put_uint(&b, i - 1);
			cbor_put_uint(&b, i);
			cbor_put_int(&b, 9000 - (int64_t)i);
		}
	}
	struct bytes v = {arena_copy(a, b.p, b.n), b.n};
	buf_finish(&b);
	return value_bytes(a, v);
}

static int
by_position(const void *x, const void *y)
{
	uint64_t l = *(const uint64_t *)x, r2 = *(const uint64_t *)y;

	return (l > r2) - (l < r2);
}

uint64_t
fx_run(const uint64_t *given, size_t n)
{
	uint64_t *pos = arena_copy(a, given, n * sizeof *given);
	struct draft d = fx_draft("linker-run");
	uint8_t hash[SEAL_HASH], level[4] = {1, 1, 0, 0};
	struct buf b, hashes;

	qsort(pos, n, sizeof *pos, by_position);
	buf_init(&b, 1 << 20);
	buf_init(&hashes, 1 << 20);
	for (size_t i = 0; i < n; i++)
		buf_put(&hashes, fx_get(pos[i]).hash, SEAL_HASH);
	cbor_put_array(&b, 4);
	cbor_put_uint(&b, 1);
	cbor_put_bytes(&b, buf_bytes(&hashes));
	cbor_put_array(&b, n - 1);
	for (size_t i = 1; i < n; i++) {
		cbor_put_array(&b, 2);
		cbor_put_uint(&b, i);
		cbor_put_uint(&b, 0);
	}
	cbor_put_array(&b, n - 1);
	for (size_t i = 1; i < n; i++) {
		cbor_put_array(&b, 5);
		cbor_put_uint(&b, i - 1);
		cbor_put_uint(&b, i);
		cbor_put_int(&b, 9000 - (int64_t)i);
		cbor_put_int(&b, 990000);
		cbor_put_bytes(&b, BYTES(level));
	}
	d.blob = (struct bytes){arena_copy(a, b.p, b.n), b.n};
	d.blob_slot = field_slot("linker-run", "blob");
	buf_finish(&b);
	buf_finish(&hashes);
	seal_sha256(d.blob, hash);
	d.slot[field_slot("linker-run", "hash")] = value_bytes(a, BYTES(hash));
	d.slot[field_slot("linker-run", "clusters")] = clusters_slot(pos, n);
	uint64_t run = fx_write(&d);
	/* As reg_link() does. */
	if (last_run != UINT64_MAX) {
		struct record old = fx_get(last_run);
		if (!old.erased)
			assert_ok(node_drop_blob(reg_node(r), &old, field_slot("linker-run",
				"blob"), &e));
	}
	last_run = run;
	return run;
}

void
fx_amend(uint64_t pos, const char *field, const char *words)
{
	struct reg_change c = {str_of(field), str_of(words)};

	assert_ok(reg_amend(r, fx_id(pos), &c, 1, S("a mistake"), NULL, &e));
}

void
fx_erase(const uint64_t *pos, size_t n)
{
	struct str *backups;
	size_t n_backups;

	assert_ok(reg_erase(a, r, pos, n, S("asked for"), &backups, &n_backups, &e));
}

uint64_t
fx_cluster(uint64_t pos)
{
	uint64_t cluster = UINT64_MAX;

	assert_ok(reg_find_person(r, reg_person_id(a, pos), &cluster, &e));
	return cluster;
}

void
fx_assert_rebuilds(const char *after)
{
	uint8_t was[SEAL_HASH], is[SEAL_HASH];

	assert_ok(reg_dump_hash(r, was, &e));
	assert_ok(reg_rebuild(r, is, &e));
	if (memcmp(was, is, SEAL_HASH) != 0)
		fail_msg("the index is not what a rebuild makes after: %s", after);
}

void
fx_assert_whole(const char *after)
{
	VEC(uint64_t) pos = {0}, cluster = {0};
	struct store_stmt *s = store_sql(r->db, "SELECT pos, cluster FROM person ORDER BY pos");

	while (store_step(s, &e) == OK) {
		VEC_PUSH(a, &pos) = (uint64_t)store_int(s, 0);
		VEC_PUSH(a, &cluster) = (uint64_t)store_int(s, 1);
	}
	uint32_t *first = NEWS(a, uint32_t, pos.n);
	assert_ok(index_cluster(a, r, pos.v, pos.n, true, first, &e));
	for (size_t i = 0; i < pos.n; i++)
		if (pos.v[first[i]] != cluster.v[i])
			fail_msg("after %s: P-%llu is P-%llu, but of all together P-%llu", after,
				(unsigned long long)pos.v[i], (unsigned long long)cluster.v[i],
				(unsigned long long)pos.v[first[i]]);
}

bool
fx_line(uint64_t pos, const char *query, struct reg_line *ret)
{
	struct reg_filter f;
	struct reg_line *lines;
	size_t n;

	assert_ok(reg_filter_parse(a, str_of(query), &f, &e));
	assert_ok(reg_list(a, r, &f, LANG_EN, &lines, &n, NULL, &e));
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < lines[i].n_records; k++)
			if (lines[i].records[k] == pos) {
				*ret = lines[i];
				return true;
			}
	return false;
}
