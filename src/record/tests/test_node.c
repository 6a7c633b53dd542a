/* A node: made, written, read, and who may do what. */
#include "node.h"

static void
a_new_register_says_who_it_is_only_after_unlocking(void **state)
{
	struct node *n;
	const struct node_info *i;

	(void)state;
	make_register();
	assert_true(node_is_register(reg));
	assert_false(node_is_register(place));
	n = open_node(NODE_READ);
	i = node_info(n);
	assert_str(i->organisation, "Example Committee");
	assert_int_equal(i->size, 3);
	assert_str(i->officer, "Ayla");
	assert_str(i->role, "administrator");
	assert_int_equal(i->officer_slot, 1);
	assert_false(i->read_only);
	assert_true(str_starts(i->certificate, "habeas node certificate 1\norganisation: Example"));
	assert_true(str_has(i->certificate, str_cstr(a, i->log_key)));
	assert_true(str_starts(i->adopt_key, "RW"));
	node_close(n);
	drop_register();
}

static void
what_names_people_is_nowhere_in_the_clear(void **state)
{
	static const char *const files[] = {"vault.db", "keys.db", "log/checkpoint", "habeas"};
	struct bytes b;
	struct node *n;

	(void)state;
	make_register();
	n = open_node(NODE_WRITE);
	append(n, person("Zeynab", "K-4711"), NULL);
	assert_ok(node_publish(n, &e));
	node_close(n);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		assert_ok(os_read_file(a, str_fmt(a, "%s/%s", reg, files[i]).p, 1 << 24, &b, &e));
		assert_null(memmem(b.p, b.n, "Ayla", 4));
		assert_null(memmem(b.p, b.n, "Example", 7));
		assert_null(memmem(b.p, b.n, "Zeynab", 6));
		assert_null(memmem(b.p, b.n, "4711", 4));
		assert_null(memmem(b.p, b.n, "administrator", 13));
	}
	drop_register();
}

static void
what_is_written_is_read_back(void **state)
{
	uint8_t hash[SEAL_HASH];
	struct record r;
	struct node *n;
	struct str s;
	uint64_t pos, found;

	(void)state;
	make_register();
	n = open_node(NODE_WRITE);
	pos = append(n, person("Zeynab", "K-4711"), hash);
	assert_int_equal(pos, 3);
	assert_ok(node_publish(n, &e));
	node_close(n);
	n = open_node(NODE_READ);
	r = get(n, pos);
	assert_memory_equal(r.hash, hash, SEAL_HASH);
	assert_int_equal(r.kind, kind_number("person"));
	assert_int_equal(r.class, 0);
	assert_false(r.sealed_away || r.erased);
	assert_true(get_text(r.slot[field_slot("person", "number")], &s));
	assert_str(s, "K-4711");
	assert_true(record_has(&r, SLOT_RECORDED));
	assert_memory_equal(r.author, node_info(n)->device, SEAL_PUBLIC);
	assert_ok(node_find(n, hash, &found, &e));
	assert_int_equal(found, pos);
	hash[0] ^= 1;
	assert_int_equal(node_find(n, hash, &found, &e), NO);
	assert_int_equal(node_get(a, n, 4, &r, &e), NO);
	node_close(n);
	drop_register();
}

struct seen { uint64_t n, last; };

static enum status
see(void *ctx, const struct record *r, struct err *er)
{
	struct seen *s = ctx;

	(void)er;
	assert_int_equal(r->pos, s->n);
	s->n++;
	s->last = r->pos;
	return OK;
}

static void
many_records_are_read_in_order_and_their_log_grows(void **state)
{
	enum { N = 700 };
	struct draft *d = NEWS(a, struct draft, N);
	uint8_t (*hashes)[SEAL_HASH] = arena_alloc(a, N, SEAL_HASH), root[SEAL_HASH];
	struct checkpoint c;
	struct seen s = {0};
	struct node *n;
	uint64_t first;

	(void)state;
	make_register();
	for (size_t i = 0; i < N; i++)
		d[i] = person(str_fmt(a, "Name%zu", i).p, i % 3 ? "secret" : NULL);
	n = open_node(NODE_WRITE);
	assert_ok(node_append(n, d, N, hashes, &first, &e));
	assert_ok(node_publish(n, &e));
	assert_ok(node_append(n, d, 100, NULL, NULL, &e));
	assert_ok(node_publish(n, &e));
	assert_ok(node_read(n, 0, UINT64_MAX, true, see, &s, &e));
	assert_int_equal(s.n, N + 100 + 3);
	assert_ok(vault_root(n->vault, 0, N + 100 + 3, root, &e));
	assert_memory_equal(node_info(n)->log_root, root, SEAL_HASH);
	assert_ok(checkpoint_load(n->file[FILE_LOG], node_info(n)->log_key, &c, &e));
	assert_int_equal(c.size, N + 100 + 3);
	assert_memory_equal(c.root, root, SEAL_HASH);
	assert_true(os_exists(str_fmt(a, "%s/log/tile/0/002", reg).p));
	assert_false(os_exists(str_fmt(a, "%s/log/tile/0/002.p", reg).p));
	assert_true(os_exists(str_fmt(a, "%s/log/tile/0/003.p/35", reg).p));
	assert_true(os_exists(str_fmt(a, "%s/log/tile/1/000.p/3", reg).p));
	assert_true(os_exists(str_fmt(a, "%s/log/tile/entries/003.p/35", reg).p));
	node_close(n);
	drop_register();
}

static void
only_one_may_write_and_only_with_a_passphrase(void **state)
{
	struct node *n, *m = NULL;

	(void)state;
	make_register();
	assert_int_equal(node_open(&m, reg, NODE_READ, str_bytes(S("wrong")), &e), NO);
	assert_int_equal(node_open(&m, place, NODE_READ, PASS, &e), BAD);
	n = open_node(NODE_WRITE);
	assert_int_equal(node_open(&m, reg, NODE_WRITE, PASS, &e), BAD);
	assert_non_null(strstr(e.text, "another process"));
	m = open_node(NODE_READ);
	append(n, person("Zeynab", NULL), NULL);
	assert_ok(node_publish(n, &e));
	assert_int_equal(node_info(m)->size, 3);
	assert_ok(node_refresh(m, &e));
	assert_int_equal(node_info(m)->size, 4);
	get(m, 3);
	assert_int_equal(node_append(m, &(struct draft){.kind = 8}, 1, NULL, NULL, &e), BAD);
	node_close(m);
	node_close(n);
	assert_ok(node_open_recovery(&n, reg, recovery_paper, &e));
	assert_str(node_info(n)->role, "recovery");
	get(n, 3);
	node_close(n);
	drop_register();
}

static void
drafts_that_do_not_fit_are_refused_and_nothing_is_written(void **state)
{
	struct draft d[2] = {0};
	struct node *n;
	uint8_t hash[SEAL_HASH], other[SEAL_HASH], change[SEAL_HASH];

	(void)state;
	make_register();
	n = open_node(NODE_WRITE);
	append(n, person("Zeynab", NULL), hash);
	d[0] = d[1] = person("Elxan", NULL);
	d[1].slot[9] = value_text(a, S("not a name"));
	assert_int_equal(node_append(n, d, 2, NULL, NULL, &e), BAD);
	assert_non_null(strstr(e.text, "draft 2 (person): this is not a value for family"));
	d[1] = (struct draft){.kind = 4711};
	assert_int_equal(node_append(n, d, 2, NULL, NULL, &e), BAD);
	d[1] = person("Elxan", NULL);
	d[1].slot[31] = value_text(a, S("x"));
	assert_int_equal(node_append(n, d, 2, NULL, NULL, &e), BAD);
	d[1] = person("Elxan", NULL);
	d[1].class = 1;
	assert_int_equal(node_append(n, d, 2, NULL, NULL, &e), BAD);
	d[1] = person("Elxan", NULL);
	d[1].slot[9] = value_withdrawn(a, S("why"));
	assert_int_equal(node_append(n, d, 2, NULL, NULL, &e), BAD);
	d[1].slot[SLOT_AMENDS] = value_ref(a, hash);
	append(n, d[1], change);
	memset(other, 1, sizeof other);
	d[1].slot[SLOT_AMENDS] = value_ref(a, other);
	assert_int_equal(node_append(n, d, 2, NULL, NULL, &e), BAD);
	assert_non_null(strstr(e.text, "not in this register"));
	d[1].slot[SLOT_AMENDS] = value_ref(a, change);
	assert_int_equal(node_append(n, d, 2, NULL, NULL, &e), BAD);
	assert_non_null(strstr(e.text, "amends an amendment"));
	d[1] = (struct draft){.kind = kind_number("source")};
	d[1].slot[SLOT_AMENDS] = value_ref(a, hash);
	assert_int_equal(node_append(n, d, 2, NULL, NULL, &e), BAD);
	assert_non_null(strstr(e.text, "another kind"));
	assert_int_equal(node_info(n)->size, 5);
	node_close(n);
	drop_register();
}

static void
a_file_is_sealed_beside_its_record(void **state)
{
	struct draft d = {.kind = kind_number("document"), .blob = str_bytes(S("the scan")),
		.blob_slot = field_slot("document", "blob")};
	struct str *names;
	struct bytes b, raw;
	struct record r;
	struct node *n;
	size_t count;

	(void)state;
	make_register();
	n = open_node(NODE_WRITE);
	r = get(n, append(n, d, NULL));
	assert_ok(node_blob(a, n, &r, field_slot("document", "blob"), &b, &e));
	assert_str(bytes_str(b), "the scan");
	assert_int_equal(node_blob(a, n, &r, field_slot("document", "title"), &b, &e), NO);
	assert_int_equal(node_drop_blob(n, &r, field_slot("document", "blob"), &e), BAD);
	assert_ok(os_list_dir(a, n->file[FILE_BLOBS], &names, &count, &e));
	assert_int_equal(count, 1);
	assert_ok(os_read_file(a, str_fmt(a, "%s/blobs/" STR_FMT, reg, STR_ARG(names[0])).p, 1000,
		&raw, &e));
	assert_int_equal(raw.n, 8 + SEAL_OVERHEAD + CODE);
	assert_null(memmem(raw.p, raw.n, "scan", 4));
	node_close(n);
	drop_register();
}

static void
several_nodes_share_one_root_key(void **state)
{
	struct node_new w;
	struct str paper;
	struct node *n, *m;

	(void)state;
	make_register();
	w = new_node();
	assert_ok(node_create(in_place("b.habeas"), &w, &paper, a, &e));
	n = open_node(NODE_READ);
	assert_ok(node_open(&m, in_place("b.habeas"), NODE_READ, PASS, &e));
	assert_true(str_eq(node_info(n)->root_key, node_info(m)->root_key));
	assert_false(str_eq(node_info(n)->origin, node_info(m)->origin));
	node_close(n);
	node_close(m);
	assert_int_equal(node_create(reg, &w, &paper, a, &e), BAD);
	w.root_passphrase = PASS;
	assert_int_equal(node_create(in_place("c.habeas"), &w, &paper, a, &e), NO);
	w = new_node();
	w.organisation = S("Another");
	assert_int_equal(node_create(in_place("c.habeas"), &w, &paper, a, &e), BAD);
	assert_false(os_exists(in_place("c.habeas")));
	drop_register();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_register_says_who_it_is_only_after_unlocking),
		cmocka_unit_test(what_names_people_is_nowhere_in_the_clear),
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(many_records_are_read_in_order_and_their_log_grows),
		cmocka_unit_test(only_one_may_write_and_only_with_a_passphrase),
		cmocka_unit_test(drafts_that_do_not_fit_are_refused_and_nothing_is_written),
		cmocka_unit_test(a_file_is_sealed_beside_its_record),
		cmocka_unit_test(several_nodes_share_one_root_key),
	};
	return cmocka_run_group_tests(tests, check_setup, check_teardown);
}
