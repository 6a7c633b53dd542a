/*
 * Every byte of a small register changed in turn: verify finds it, or everything that
 * can be read is the same to the last byte.
 *
 *   flips [STEP [OFFSET [PART]]]   every STEP-th byte (default 1) from OFFSET, of the files
 *                                  whose path has PART in it
 */
#include "node.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

static uint8_t clean[SEAL_HASH];

/* --- a register that has everything ----------------------------------------------- */

static void
with_blob(struct node *n, const char *kind, const char *content, uint8_t ret[SEAL_HASH],
	uint64_t *ret_pos)
{
	struct draft d = {.kind = kind_number(kind), .blob = str_bytes(str_of(content)),
		.blob_slot = field_slot(kind, "blob")};
	uint8_t hash[SEAL_HASH];

	seal_sha256(d.blob, hash);
	d.slot[field_slot(kind, "hash")] = value_bytes(a, BYTES(hash));
	*ret_pos = append(n, d, ret);
}

static void
fill(struct node *n)
{
	uint8_t who[SEAL_HASH], hash[SEAL_HASH];
	struct date day = date_of_days(CAL_SOLAR_HIJRI, 18340, 18340);
	struct str *backups;
	struct record r;
	struct draft d;
	uint64_t pos, first_run;
	size_t count;

	assert_ok(node_officer_add(n, S("Orxan"), S("reviewer"), str_bytes(S("second")), &e));
	assert_ok(node_officer_add(n, S("Gone"), S("documenter"), str_bytes(S("third")), &e));
	append(n, person("Zeynab", "K-4711"), who);
	d = person("Elxan", "K-4712");
	d.handlers[0] = 2;
	d.n_handlers = 1;
	append(n, d, NULL);
	d = (struct draft){.kind = kind_number("person")};
	d.slot[SLOT_AMENDS] = value_ref(a, who);
	d.slot[9] = name_value("Qasimova");
	d.slot[8] = value_withdrawn(a, S("a misreading"));
	append(n, d, NULL);
	d = (struct draft){.kind = kind_number("event")};
	d.slot[8] = value_ref(a, who);
	d.slot[9] = value_code(a, 1, S("arrest"));
	d.slot[10] = value_date(a, &day);
	append(n, d, NULL);
	with_blob(n, "document", "the scan", hash, &pos);
	with_blob(n, "linker-run", "old pairs", hash, &first_run);
	with_blob(n, "linker-run", "new pairs", hash, &pos);
	r = get(n, first_run);
	assert_ok(node_drop_blob(n, &r, field_slot("linker-run", "blob"), &e));
	assert_ok(node_backup(n, in_place("backup"), &e));
	assert_ok(node_officer_revoke(n, S("Gone"), S("left"), &e));
	pos = append(n, person("Erased", "K-0"), NULL);
	assert_ok(node_erase(n, &pos, 1, S("asked"), a, &backups, &count, &e));
}

static void
make(void)
{
	struct node *n;
	struct str line;

	make_register();
	n = open_node(NODE_WRITE);
	fill(n);
	node_close(n);
	/* A closed log and its successor. */
	assert_ok(os_remove_tree(in_place("state"), &e));
	assert_ok(node_resume(reg, PASS, NULL, 0, a, &line, &e));
	n = open_node(NODE_WRITE);
	append(n, person("Sona", NULL), NULL);
	assert_ok(node_certify(n, in_place("root"), (struct bytes){(const uint8_t *)"root words",
		10}, &e));
	node_close(n);
}

/* --- all that can be read --------------------------------------------------------- */

struct reading { struct seal_hasher *h; struct node *n; struct arena *a; };

static void
add(struct reading *r, struct bytes b)
{
	uint64_t n = b.n;

	seal_hasher_add(r->h, (struct bytes){(const uint8_t *)&n, sizeof n});
	if (b.n)
		seal_hasher_add(r->h, b);
}

static enum status
add_record(void *ctx, const struct record *x, struct err *er)
{
	struct reading *r = ctx;
	uint64_t found = 0;
	uint8_t flags[4] = {x->sealed_away, x->erased, (uint8_t)x->class, 0};
	struct bytes blob;
	enum status s = node_find(r->n, x->hash, &found, er);

	if (s)
		return s;
	add(r, (struct bytes){(const uint8_t *)&x->pos, sizeof x->pos});
	add(r, (struct bytes){(const uint8_t *)&found, sizeof found});
	add(r, BYTES(x->hash));
	add(r, BYTES(x->entry));
	add(r, BYTES(flags));
	for (unsigned i = 0; i < SLOTS; i++) {
		add(r, x->slot[i]);
		if (!x->erased && x->slot[i].n == 17 && x->slot[i].p[0] == 0x50) {
			s = node_blob(r->a, r->n, x, i, &blob, er);
			if (s == FAIL || s == BAD)
				return s;
			add(r, s == OK ? blob : (struct bytes){NULL, 0});
		}
	}
	return OK;
}

static enum status
add_node(struct reading *r)
{
	const struct node_info *i = node_info(r->n);
	struct str *backups, proof;
	struct officer *o;
	size_t n;
	enum status s;

	add(r, str_bytes(i->organisation));
	add(r, str_bytes(i->origin));
	add(r, str_bytes(i->log_key));
	add(r, str_bytes(i->root_key));
	add(r, str_bytes(i->adopt_key));
	add(r, str_bytes(i->certificate));
	add(r, str_bytes(i->certificate_minisig));
	add(r, str_bytes(i->read_only_why));
	add(r, str_bytes(i->officer));
	add(r, str_bytes(i->role));
	add(r, BYTES(i->log_root));
	add(r, (struct bytes){node_index_key(r->n), SEAL_KEY});
	if ((s = node_officers(r->a, r->n, &o, &n, &e)))
		return s;
	for (size_t k = 0; k < n; k++) {
		add(r, str_bytes(o[k].name));
		add(r, str_bytes(o[k].role));
		add(r, BYTES(o[k].device));
	}
	if ((s = node_backups_stale(r->n, r->a, &backups, &n, &e)))
		return s;
	for (size_t k = 0; k < n; k++)
		add(r, str_bytes(backups[k]));
	for (uint64_t pos = 0; pos < i->size; pos += i->size - 1) {
		s = node_prove(r->a, r->n, pos, (unsigned[]){SLOT_KIND}, 1, &proof, &e);
		if (s != OK && s != NO)
			return s;
		add(r, s == OK ? str_bytes(proof) : (struct bytes){NULL, 0});
	}
	/* Sealing has authenticated what signatures would: verify checks those. */
	return node_read(r->n, 0, UINT64_MAX, false, add_record, r, &e);
}

static enum status
read_as(struct seal_hasher *h, const char *passphrase)
{
	struct reading r = {.h = h};
	enum status s = passphrase
		? node_open(&r.n, reg, NODE_READ, str_bytes(str_of(passphrase)), &e)
		: node_open_recovery(&r.n, reg, recovery_paper, &e);

	if (s)
		return s;
	r.a = arena_create(64 << 20);
	s = add_node(&r);
	arena_destroy(r.a);
	node_close(r.n);
	return s;
}

/* By both officers, and by the recovery key (which writes, too: what an opening for
 * writing puts right must not depend on the changed byte either). */
static enum status
read_all(uint8_t ret[SEAL_HASH])
{
	struct seal_hasher *h = seal_hasher_create();
	enum status s;

	if ((s = read_as(h, "correct horse")) == OK && (s = read_as(h, "second")) == OK)
		s = read_as(h, NULL);
	seal_hasher_finish(h, ret);
	return s;
}

/* --- byte by byte ----------------------------------------------------------------- */

static size_t tried, found, same, missed;

static void
poke(const char *path, off_t at, uint8_t v)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, &v, 1, at), 1);
	close(fd);
}

static void
put_back(const char *path, struct bytes content)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, content.p, content.n), (ssize_t)content.n);
	close(fd);
}

static void
flip(const char *path, struct bytes content, size_t at)
{
	static const struct verify_options thorough = {.signatures = true};
	struct verify_report report;
	uint8_t now[SEAL_HASH];
	enum status s;

	poke(path, (off_t)at, content.p[at] ^ (uint8_t)(1u << at % 8));
	tried++;
	s = node_verify(reg, PASS, &thorough, &report, &e);
	if (s != OK) {
		found++;
	} else {
		s = read_all(now);
		if (s != OK || memcmp(now, clean, sizeof now) != 0) {
			print_error("%s: byte %zu: verify is content, and reading %s\n", path, at,
				s ? e.text : "differs");
			missed++;
		} else {
			same++;
		}
		/* The recovery key's opening may have written. */
		put_back(path, content);
	}
	poke(path, (off_t)at, content.p[at]);
}

static void
flip_file(const char *path, size_t each, size_t from)
{
	struct arena *own = arena_create(64 << 20);
	size_t before[3] = {tried, found, same};
	struct bytes content;

	assert_ok(os_read_file(own, path, 32 << 20, &content, &e));
	for (size_t at = from % each; at < content.n; at += each)
		flip(path, content, at);
	printf("%-28s %8zu bytes: %8zu changed, %8zu found, %8zu without effect\n",
		path + strlen(reg) + 1, content.n, tried - before[0], found - before[1],
		same - before[2]);
	fflush(stdout);
	arena_destroy(own);
}

static size_t step = 1, offset;
static const char *part;

static void
flip_tree(const char *dir)
{
	struct str *names;
	size_t n;

	assert_ok(os_list_dir(a, dir, &names, &n, &e));
	for (size_t i = 0; i < n; i++) {
		const char *path = str_fmt(a, "%s/" STR_FMT, dir, STR_ARG(names[i])).p;
		if (os_is_dir(path))
			flip_tree(path);
		else if (!part || strstr(path + strlen(reg), part))
			flip_file(path, step, offset);
	}
}

static void
every_changed_byte_is_found_or_changes_nothing(void **state)
{
	static const struct verify_options thorough = {.signatures = true};
	struct verify_report report;
	uint8_t again[SEAL_HASH];

	(void)state;
	make();
	assert_ok(node_verify(reg, PASS, &thorough, &report, &e));
	assert_ok(read_all(clean));
	assert_ok(read_all(again));
	assert_memory_equal(clean, again, sizeof again);
	flip_tree(reg);
	printf("%zu changed, %zu found, %zu without effect\n", tried, found, same);
	assert_true(found > 0);
	assert_int_equal(missed, 0);
	drop_register();
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_changed_byte_is_found_or_changes_nothing),
	};
	uint64_t v;

	if (argc > 1 && str_u64(str_of(argv[1]), &v) && v > 0)
		step = (size_t)v;
	if (argc > 2 && str_u64(str_of(argv[2]), &v))
		offset = (size_t)v;
	if (argc > 3)
		part = argv[3];
	return cmocka_run_group_tests(tests, check_setup, check_teardown);
}
