/* A register over time: officers come and go, records are erased, backups made and
 * restored, directories copied; and verify agrees or says what is wrong. */
#include "node.h"

static const struct verify_options thorough = {.signatures = true};

static enum status
verify(const char *path)
{
	struct verify_report r;

	return node_verify(path, PASS, &thorough, &r, &e);
}

static uint64_t
document(struct node *n, const char *title, const char *content)
{
	struct draft d = {.kind = kind_number("document"), .blob = str_bytes(str_of(content)),
		.blob_slot = field_slot("document", "blob")};
	uint8_t hash[SEAL_HASH];

	seal_sha256(d.blob, hash);
	d.slot[field_slot("document", "title")] = value_text(a, str_of(title));
	d.slot[field_slot("document", "hash")] = value_bytes(a, BYTES(hash));
	return append(n, d, NULL);
}

static void
copy_tree(const char *from, const char *to)
{
	assert_int_equal(system(str_fmt(a, "cp -r '%s' '%s'", from, to).p), 0);
}

static void
a_register_verifies_with_and_without_keys(void **state)
{
	struct verify_report r;
	struct node *n;

	(void)state;
	make_register();
	n = open_node(NODE_WRITE);
	for (int i = 0; i < 300; i++)
		append(n, person("Zeynab", i % 2 ? "K-4711" : NULL), NULL);
	document(n, "scan", "the scan");
	assert_ok(node_publish(n, &e));
	node_close(n);
	assert_ok(node_verify(reg, PASS, &thorough, &r, &e));
	assert_int_equal(r.entries, 304);
	assert_int_equal(r.opened, 304);
	assert_int_equal(r.sealed_away, 0);
	assert_ok(node_verify(reg, (struct bytes){NULL, 0}, &thorough, &r, &e));
	assert_int_equal(r.entries, 304);
	assert_int_equal(r.opened, 0);
	assert_int_equal(node_verify(reg, str_bytes(S("wrong")), &thorough, &r, &e), NO);
	assert_int_equal(node_verify(place, PASS, &thorough, &r, &e), BAD);
	drop_register();
}

static void
an_erased_record_is_gone_whatever_key_one_has(void **state)
{
	struct bytes index_key = {arena_alloc(a, SEAL_KEY, 1), SEAL_KEY}, b;
	struct str *backups;
	struct record r;
	struct node *n, *m;
	uint64_t pos[3];
	size_t n_backups;

	(void)state;
	make_register();
	n = open_node(NODE_WRITE);
	pos[0] = append(n, person("Zeynab", "K-4711"), NULL);
	pos[1] = document(n, "scan", "the scan");
	pos[2] = append(n, person("Elxan", NULL), NULL);
	assert_ok(node_backup(n, in_place("early"), &e));
	append(n, person("Sona", NULL), NULL);
	assert_ok(node_backup(n, in_place("backup"), &e));
	memcpy((uint8_t *)index_key.p, node_index_key(n), SEAL_KEY);
	m = open_node(NODE_READ);
	assert_ok(node_erase(n, pos, 2, S("asked by herself"), a, &backups, &n_backups, &e));
	assert_memory_equal(index_key.p, node_index_key(m), SEAL_KEY);
	assert_ok(node_refresh(m, &e));
	assert_memory_equal(node_index_key(n), node_index_key(m), SEAL_KEY);
	assert_true(get(m, pos[0]).erased);
	node_close(m);
	assert_int_equal(n_backups, 2);
	assert_str(backups[0], in_place("early"));
	assert_memory_not_equal(index_key.p, node_index_key(n), SEAL_KEY);
	r = get(n, pos[0]);
	assert_true(r.erased);
	assert_true(get(n, pos[1]).erased);
	assert_false(get(n, pos[2]).erased);
	assert_int_equal(node_erase(n, pos, 1, S(""), a, &backups, &n_backups, &e), BAD);
	assert_int_equal(node_erase(n, (uint64_t[]){2}, 1, S(""), a, &backups, &n_backups, &e), BAD);
	assert_non_null(strstr(e.text, "would no longer verify"));
	assert_ok(node_backup(n, in_place("backup"), &e));
	assert_ok(node_backups_stale(n, a, &backups, &n_backups, &e));
	assert_int_equal(n_backups, 1);
	assert_str(backups[0], in_place("early"));
	node_close(n);
	assert_ok(verify(reg));
	assert_ok(verify(in_place("backup")));
	/* The payload's bytes are not even there as ciphertext. */
	assert_ok(os_read_file(a, str_fmt(a, "%s/vault.db", reg).p, 1 << 24, &b, &e));
	drop_register();
}

static void
a_payload_that_is_missing_without_an_erasure_is_found(void **state)
{
	struct node *n;
	uint64_t pos;

	(void)state;
	make_register();
	n = open_node(NODE_WRITE);
	pos = append(n, person("Zeynab", "K-4711"), NULL);
	assert_ok(node_publish(n, &e));
	assert_int_equal(verify(reg), BAD);
	assert_non_null(strstr(e.text, "another process is writing"));
	assert_ok(store_keys_delete(n->keys, &pos, 1, &e));
	node_close(n);
	assert_int_equal(verify(reg), NO);
	assert_non_null(strstr(e.text, "position 3: its key is missing"));
	n = open_node(NODE_WRITE);
	assert_ok(store_vault_delete_payloads(n->vault, &pos, 1, &e));
	node_close(n);
	assert_int_equal(verify(reg), NO);
	assert_non_null(strstr(e.text, "position 3: its payload is missing, and no erasure"));
	drop_register();
}

static void
sealed_slots_are_for_their_handlers_and_the_recovery_key(void **state)
{
	const struct bytes second = str_bytes(S("second pass"));
	struct verify_report report;
	struct officer *o;
	struct record r;
	struct node *n;
	struct draft d;
	uint64_t mine, theirs;
	size_t count;
	struct str s;

	(void)state;
	make_register();
	n = open_node(NODE_WRITE);
	assert_ok(node_officer_add(n, S("Orxan"), S("documenter"), second, &e));
	assert_int_equal(node_officer_add(n, S("Orxan"), S("reviewer"), PASS, &e), BAD);
	assert_int_equal(node_officer_add(n, S("Third"), S("reviewer"), second, &e), BAD);
	assert_non_null(strstr(e.text, "opens a slot of this register already"));
	assert_int_equal(node_officer_add(n, S("Third"), S("king"), str_bytes(S("third")), &e), BAD);
	assert_ok(node_officers(a, n, &o, &count, &e));
	assert_int_equal(count, 2);
	assert_int_equal(o[1].slot, 2);
	mine = append(n, person("Zeynab", "K-4711"), NULL);
	d = person("Elxan", "K-4712");
	d.handlers[0] = 2;
	d.n_handlers = 1;
	theirs = append(n, d, NULL);
	assert_true(get(n, theirs).sealed_away);
	assert_false(get(n, mine).sealed_away);
	assert_ok(node_publish(n, &e));
	node_close(n);
	assert_ok(verify(reg));
	assert_ok(node_open(&n, reg, NODE_WRITE, second, &e));
	assert_str(node_info(n)->role, "documenter");
	r = get(n, theirs);
	assert_true(get_text(r.slot[field_slot("person", "number")], &s));
	assert_str(s, "K-4712");
	assert_true(get(n, mine).sealed_away);
	assert_false(record_has(&(struct record){0}, 0));
	d = (struct draft){.kind = kind_number("letter")};
	assert_int_equal(node_append(n, &d, 1, NULL, NULL, &e), BAD);
	assert_non_null(strstr(e.text, "may not be written by a documenter"));
	append(n, person("Sona", NULL), NULL);
	assert_ok(node_publish(n, &e));
	assert_int_equal(node_officer_revoke(n, S("Ayla"), S("x"), &e), BAD);
	node_close(n);
	assert_ok(node_verify(reg, second, &thorough, &report, &e));
	assert_int_equal(report.sealed_away, 1);
	n = open_node(NODE_WRITE);
	assert_int_equal(node_officer_revoke(n, S("Ayla"), S("x"), &e), BAD);
	assert_non_null(strstr(e.text, "the last administrator"));
	assert_ok(node_officer_revoke(n, S("Orxan"), S("left"), &e));
	assert_int_equal(node_officer_revoke(n, S("Orxan"), S("left"), &e), NO);
	node_close(n);
	assert_int_equal(node_open(&n, reg, NODE_READ, second, &e), NO);
	assert_ok(verify(reg));
	drop_register();
}

static void
a_lost_passphrase_is_replaced_with_the_recovery_key(void **state)
{
	const struct bytes fresh = str_bytes(S("new words")), later = str_bytes(S("later words"));
	struct verify_report report;
	struct node *n;
	struct draft d;
	struct str s;
	struct record r;
	uint64_t pos;

	(void)state;
	make_register();
	n = open_node(NODE_WRITE);
	pos = append(n, person("Zeynab", "K-4711"), NULL);
	assert_ok(node_publish(n, &e));
	node_close(n);
	assert_int_equal(node_open_recovery(&n, reg, S("AAAA"), &e), BAD);
	assert_ok(node_open_recovery(&n, reg, recovery_paper, &e));
	assert_false(get(n, pos).sealed_away);
	d = person("Elxan", NULL);
	assert_int_equal(node_append(n, &d, 1, NULL, NULL, &e), BAD);
	assert_ok(node_officer_add(n, S("Ayla again"), S("administrator"), fresh, &e));
	assert_ok(node_officer_revoke(n, S("Ayla"), S("passphrase lost"), &e));
	node_close(n);
	assert_int_equal(node_open(&n, reg, NODE_READ, PASS, &e), NO);
	assert_ok(node_open(&n, reg, NODE_WRITE, fresh, &e));
	r = get(n, pos);
	assert_true(get_text(r.slot[field_slot("person", "number")], &s));
	assert_str(s, "K-4711");
	assert_ok(node_passphrase_change(n, later, &e));
	append(n, d, NULL);
	assert_ok(node_publish(n, &e));
	node_close(n);
	assert_int_equal(node_open(&n, reg, NODE_READ, fresh, &e), NO);
	assert_ok(node_verify(reg, later, &thorough, &report, &e));
	drop_register();
}

static void
a_copy_reads_and_does_not_write_until_it_is_resumed(void **state)
{
	const char *copy;
	struct node *n = NULL;
	struct str line;

	(void)state;
	make_register();
	n = open_node(NODE_WRITE);
	append(n, person("Zeynab", NULL), NULL);
	assert_ok(node_publish(n, &e));
	node_close(n);
	copy = in_place("copy.habeas");
	copy_tree(reg, copy);
	assert_ok(node_open(&n, copy, NODE_READ, PASS, &e));
	assert_true(node_info(n)->read_only);
	get(n, 3);
	node_close(n);
	assert_int_equal(node_open(&n, copy, NODE_WRITE, PASS, &e), BAD);
	assert_non_null(strstr(e.text, "habeas resume"));
	assert_ok(verify(copy));
	/* The machine knows that nothing newer was signed: the copy may take over, and then
	 * the original may not. */
	assert_ok(node_resume(copy, PASS, NULL, 0, a, &line, &e));
	assert_true(str_has(line, "goes on"));
	assert_ok(node_open(&n, copy, NODE_WRITE, PASS, &e));
	append(n, person("Elxan", NULL), NULL);
	assert_ok(node_publish(n, &e));
	node_close(n);
	assert_int_equal(node_open(&n, reg, NODE_WRITE, PASS, &e), BAD);
	/* It is behind now: its log ends; whoever reads it meanwhile follows. */
	n = open_node(NODE_READ);
	assert_ok(node_resume(reg, PASS, NULL, 0, a, &line, &e));
	assert_true(str_has(line, "has ended"));
	assert_ok(node_refresh(n, &e));
	assert_int_equal(node_info(n)->size, 5);
	assert_int_equal(n->n_logs, 2);
	node_close(n);
	n = open_node(NODE_WRITE);
	append(n, person("Sona", NULL), NULL);
	assert_ok(node_publish(n, &e));
	assert_int_equal(get(n, 4).class, 1);
	assert_int_equal(get(n, 4).kind, kind_number("succession"));
	assert_true(os_exists(str_fmt(a, "%s/log.0/checkpoint", reg).p));
	assert_ok(node_certify(n, in_place("root"), (struct bytes){(const uint8_t *)"root words",
		10}, &e));
	assert_true(str_has(node_info(n)->certificate, str_cstr(a, node_info(n)->log_key)));
	node_close(n);
	assert_ok(verify(reg));
	assert_ok(verify(copy));
	drop_register();
}

static void
a_restored_backup_goes_on_only_if_a_partner_says_so(void **state)
{
	struct node *n;
	struct str line, proof, vkey;
	struct proof p;
	const char *held = in_place("held");

	(void)state;
	make_register();
	n = open_node(NODE_WRITE);
	append(n, person("Zeynab", NULL), NULL);
	assert_ok(node_backup(n, in_place("backup"), &e));
	node_close(n);
	held = in_place("held");
	copy_tree(str_fmt(a, "%s/log/checkpoint", reg).p, held);
	assert_ok(os_remove_tree(reg, &e));
	assert_ok(os_remove_tree(in_place("state"), &e));
	assert_ok(node_restore(in_place("backup"), reg, &e));
	assert_int_equal(node_restore(in_place("backup"), reg, &e), BAD);
	assert_int_equal(node_restore(place, in_place("x"), &e), BAD);
	assert_int_equal(node_open(&n, reg, NODE_WRITE, PASS, &e), BAD);
	assert_ok(node_resume(reg, PASS, &held, 1, a, &line, &e));
	assert_true(str_has(line, "a partner holds"));
	n = open_node(NODE_WRITE);
	append(n, person("Elxan", NULL), NULL);
	assert_ok(node_publish(n, &e));
	node_close(n);
	/* Once more, with nobody to ask. */
	assert_ok(os_remove_tree(reg, &e));
	assert_ok(os_remove_tree(in_place("state"), &e));
	assert_ok(node_restore(in_place("backup"), reg, &e));
	assert_ok(node_resume(reg, PASS, NULL, 0, a, &line, &e));
	assert_true(str_has(line, "nobody can say"));
	n = open_node(NODE_WRITE);
	append(n, person("Sona", NULL), NULL);
	assert_ok(node_publish(n, &e));
	/* A record of the ended log is proven there, one of the new here. */
	vkey = n->logs[0].vkey;
	assert_ok(node_prove(a, n, 3, (unsigned[]){SLOT_KIND}, 1, &proof, &e));
	assert_ok(proof_check(a, proof, vkey, &p, &e));
	assert_int_equal(p.index, 3);
	assert_int_equal(proof_check(a, proof, node_info(n)->log_key, &p, &e), NO);
	assert_ok(node_prove(a, n, 5, (unsigned[]){SLOT_KIND}, 1, &proof, &e));
	assert_ok(proof_check(a, proof, node_info(n)->log_key, &p, &e));
	assert_int_equal(p.index, 1);
	assert_ok(node_backup(n, in_place("backup"), &e));
	node_close(n);
	assert_ok(verify(reg));
	assert_ok(verify(in_place("backup")));
	drop_register();
}

static void
a_backup_goes_into_a_new_directory_or_its_own(void **state)
{
	struct node_new w;
	struct node *n, *m;
	struct str paper;

	(void)state;
	make_register();
	w = new_node();
	assert_ok(node_create(in_place("b.habeas"), &w, &paper, a, &e));
	n = open_node(NODE_WRITE);
	assert_ok(node_open(&m, in_place("b.habeas"), NODE_WRITE, PASS, &e));
	assert_ok(node_backup(n, in_place("backup"), &e));
	assert_int_equal(node_backup(m, in_place("backup"), &e), BAD);
	assert_non_null(strstr(e.text, "another node"));
	assert_int_equal(node_backup(m, place, &e), BAD);
	for (int i = 0; i < 300; i++)
		append(n, person("Zeynab", NULL), NULL);
	document(n, "scan", "the scan");
	assert_ok(node_backup(n, in_place("backup"), &e));
	node_close(m);
	node_close(n);
	assert_ok(verify(in_place("backup")));
	drop_register();
}

static void
a_proof_shows_what_was_disclosed_and_nothing_else(void **state)
{
	const unsigned slots[] = {SLOT_KIND, 8, 24};
	struct str proof, vkey, text;
	struct proof p;
	struct name name;
	struct node *n;
	char *copy;
	uint64_t pos;

	(void)state;
	make_register();
	n = open_node(NODE_WRITE);
	for (int i = 0; i < 600; i++)
		pos = append(n, person(str_fmt(a, "N%d", i).p, "K-4711"), NULL);
	pos = 300;
	assert_int_equal(node_prove(a, n, pos, slots, 3, &proof, &e), NO);
	assert_ok(node_publish(n, &e));
	vkey = node_info(n)->log_key;
	assert_ok(node_prove(a, n, pos, slots, 3, &proof, &e));
	assert_ok(proof_check(a, proof, vkey, &p, &e));
	assert_int_equal(p.index, pos);
	assert_int_equal(p.size, 603);
	assert_int_equal(p.kind, kind_number("person"));
	assert_true(get_name(p.slot[8], &name));
	assert_str(name.text, "N297");
	assert_true(get_text(p.slot[24], &text));
	assert_str(text, "K-4711");
	assert_int_equal(p.slot[SLOT_AUTHOR].n, 0);
	assert_int_equal(node_prove(a, n, pos, (unsigned[]){9}, 1, &proof, &e), BAD);
	assert_int_equal(node_prove(a, n, pos, (unsigned[]){99}, 1, &proof, &e), BAD);
	assert_ok(node_prove(a, n, pos, slots, 2, &proof, &e));
	copy = str_cstr(a, proof);
	for (size_t i = 0; i < proof.n; i++) {
		copy[i] ^= 1;
		assert_int_not_equal(proof_check(a, (struct str){copy, proof.n}, vkey, &p, &e), OK);
		copy[i] ^= 1;
	}
	for (uint64_t at = 0; at < 603; at += 41) {
		assert_ok(node_prove(a, n, at, slots, 1, &proof, &e));
		assert_ok(proof_check(a, proof, vkey, &p, &e));
	}
	node_close(n);
	drop_register();
}

static void
what_is_signed_for_others_verifies(void **state)
{
	struct seal_minisign_key key;
	struct str sig, note, text, trusted;
	struct node *n;

	(void)state;
	make_register();
	n = open_node(NODE_READ);
	assert_true(seal_minisign_public_read(a, node_info(n)->adopt_key, &key));
	assert_ok(node_adopt_sign(n, a, str_bytes(S("a manifest")), "adopted", &sig, &e));
	assert_ok(seal_minisign_verify(a, &key, str_bytes(S("a manifest")), sig, &trusted, &e));
	assert_str(trusted, "adopted");
	assert_ok(node_note_sign(n, a, S("this file\n"), &note, &e));
	assert_ok(note_verify(note, node_info(n)->log_key, &text, &e));
	/* Nobody gets a checkpoint signed this way. */
	text = str_fmt(a, STR_FMT "\n9\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
		STR_ARG(node_info(n)->origin));
	assert_int_equal(node_note_sign(n, a, text, &note, &e), BAD);
	text = str_fmt(a, STR_FMT "an extension line\n", STR_ARG(text));
	assert_int_equal(node_note_sign(n, a, text, &note, &e), BAD);
	assert_true(seal_minisign_public_read(a, node_info(n)->root_key, &key));
	assert_ok(seal_minisign_verify(a, &key, str_bytes(node_info(n)->certificate),
		node_info(n)->certificate_minisig, &trusted, &e));
	node_close(n);
	drop_register();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_register_verifies_with_and_without_keys),
		cmocka_unit_test(an_erased_record_is_gone_whatever_key_one_has),
		cmocka_unit_test(a_payload_that_is_missing_without_an_erasure_is_found),
		cmocka_unit_test(sealed_slots_are_for_their_handlers_and_the_recovery_key),
		cmocka_unit_test(a_lost_passphrase_is_replaced_with_the_recovery_key),
		cmocka_unit_test(a_copy_reads_and_does_not_write_until_it_is_resumed),
		cmocka_unit_test(a_restored_backup_goes_on_only_if_a_partner_says_so),
		cmocka_unit_test(a_backup_goes_into_a_new_directory_or_its_own),
		cmocka_unit_test(a_proof_shows_what_was_disclosed_and_nothing_else),
		cmocka_unit_test(what_is_signed_for_others_verifies),
	};
	return cmocka_run_group_tests(tests, check_setup, check_teardown);
}
