/* One record at a time: added, amended, attached to, erased. */
#include "reg_fixture.h"

static uint64_t
size_now(void)
{
	return node_info(reg_node(r))->size;
}

static enum status
add(const char *kind, const char *field, const char *words)
{
	const struct reg_change c = {str_of(field), str_of(words)};
	uint8_t hash[SEAL_HASH];

	return reg_add(r, str_of(kind), &c, 1, hash, &e);
}

static enum status
amend(uint64_t pos, const char *field, const char *words)
{
	const struct reg_change c = {str_of(field), str_of(words)};
	uint8_t hash[SEAL_HASH];

	return reg_amend(r, fx_id(pos), &c, 1, S("a mistake"), hash, &e);
}

static struct now
now(uint64_t pos)
{
	struct now w;

	assert_ok(index_now(a, r, pos, &w, &e));
	return w;
}

static void
what_is_added_says_what_was_written(void **state)
{
	const struct reg_change c[] = {{S("given"), S("Sara")}, {S("family"), S("Kərimli")},
		{S("birth"), S("1980-02-03")}, {S("note"), S("")}};
	uint64_t pos = size_now();
	struct str s;

	(void)state;
	assert_ok(reg_add(r, S("person"), c, 4, NULL, &e));
	struct now w = now(pos);
	assert_true(get_text(w.slot[field_slot("person", "initials")], &s));
	assert_str(s, "S. K.");
	assert_int_equal(w.slot[field_slot("person", "note")].n, 0);
	/* Published at once.  (Nobody verifies while somebody writes.) */
	reg_close(r);
	r = NULL;
	assert_ok(node_verify(path, PASS, &(struct verify_options){0},
		&(struct verify_report){0}, &e));
	fx_reopen();
}

static void
what_cannot_be_added_is_not(void **state)
{
	static const char *const own[] = {"officer", "erasure", "list-version", "linker-run",
		"annex-row", "adoption", "letter", "succession", "padding", "document", "common",
		"nothing"};
	uint64_t size = size_now();
	const struct reg_change twice[] = {{S("given"), S("Sara")}, {S("given"), S("Sarah")}};

	(void)state;
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		assert_status(add(own[i], "reason", "why"), BAD);
	assert_status(reg_add(r, S("person"), NULL, 0, NULL, &e), BAD);
	assert_status(add("person", "given", ""), BAD);
	assert_status(add("person", "given", "  "), BAD);
	assert_status(reg_add(r, S("person"), twice, 2, NULL, &e), BAD);
	assert_status(add("person", "surname", "x"), BAD);
	assert_non_null(strstr(e.text, "given, family, father"));
	assert_status(add("person", "author", "x"), BAD);
	assert_status(add("person", "amends", "x"), BAD);
	assert_status(add("person", "age", "old"), BAD);
	assert_non_null(strstr(e.text, "age"));
	assert_int_equal(size_now(), size);
}

static void
an_amendment_holds_only_what_changes(void **state)
{
	uint64_t p = fx_person("Nigar", "Abbasova"), size;
	const struct reg_change c[] = {{S("given"), S("Nigar")}, {S("family"), S("Abbaszadə")}};

	(void)state;
	assert_ok(reg_amend(r, fx_id(p), c, 2, S("why"), NULL, &e));
	struct record rec = fx_get(size_now() - 1);
	assert_int_equal(rec.slot[field_slot("person", "given")].n, 0);
	assert_true(rec.slot[field_slot("person", "family")].n > 0);
	size = size_now();
	assert_status(reg_amend(r, fx_id(p), c, 2, S("why"), NULL, &e), NO);
	assert_status(amend(p, "note", ""), NO);
	assert_status(reg_amend(r, fx_id(p), NULL, 0, S("why"), NULL, &e), BAD);
	assert_status(amend(p, "surname", "x"), BAD);
	assert_non_null(strstr(e.text, "given, family"));
	assert_int_equal(size_now(), size);
	/* By the amendment's own id, too: it is of the chain. */
	assert_ok(reg_amend(r, fx_id(size - 1), &(struct reg_change){S("note"), S("seen")}, 1,
		S(""), NULL, &e));
	assert_true(now(p).slot[field_slot("person", "note")].n > 0);
	assert_ok(amend(p, "note", ""));
	assert_int_equal(now(p).slot[field_slot("person", "note")].n, 0);
	struct str reason;
	rec = fx_get(size_now() - 1);
	assert_true(get_withdrawn(rec.slot[field_slot("person", "note")], &reason));
	assert_str(reason, "a mistake");
}

static void
sealed_slots_can_be_amended_and_never_enter_the_index(void **state)
{
	uint64_t p = fx_person("Nigar", "Abbasova");
	struct reg_line line;

	(void)state;
	assert_ok(amend(p, "number", "K-4711"));
	assert_ok(amend(p, "number", "K-4712"));
	struct record rec = fx_get(size_now() - 1);
	struct str s;
	assert_true(get_text(rec.slot[field_slot("person", "number")], &s));
	assert_str(s, "K-4712");
	assert_int_equal(now(p).slot[field_slot("person", "number")].n, 0);
	assert_false(fx_line(p, "search=4712", &line));
	assert_ok(amend(p, "number", ""));
}

static void
coarser_forms_follow_what_they_were_made_from(void **state)
{
	const struct reg_change c[] = {{S("given"), S("Sara")}, {S("birth"), S("1980-02-03")}};
	uint64_t p = size_now();
	struct str s;
	struct date d;

	(void)state;
	assert_ok(reg_add(r, S("person"), c, 2, NULL, &e));
	assert_ok(amend(p, "given", "Zəhra"));
	assert_true(get_text(now(p).slot[field_slot("person", "initials")], &s));
	assert_str(s, "Z.");
	assert_ok(amend(p, "birth", "1981-02-03"));
	assert_true(get_date(now(p).slot[field_slot("person", "birth-year")], &d));
	assert_str(date_iso(a, &d), "1981");
	assert_ok(amend(p, "birth", ""));
	assert_int_equal(now(p).slot[field_slot("person", "birth-year")].n, 0);
	/* What somebody chose stays. */
	assert_ok(amend(p, "initials", "X. Y."));
	assert_ok(amend(p, "given", "Leyla"));
	assert_true(get_text(now(p).slot[field_slot("person", "initials")], &s));
	assert_str(s, "X. Y.");
}

static void
officers_and_erasures_are_not_amended_by_hand(void **state)
{
	(void)state;
	/* The first three records: organisation, node, officer. */
	for (uint64_t pos = 0; pos < 3; pos++)
		assert_status(amend(pos, "name", "x"), BAD);
}

/* --- attachments ---------------------------------------------------------------------- */

static const char *
file_with(const char *name, struct bytes content)
{
	const char *file = str_fmt(a, "%s/%s", place, name).p;
	FILE *f = fopen(file, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(content.p, 1, content.n, f), content.n);
	assert_int_equal(fclose(f), 0);
	return file;
}

static void
a_file_is_sealed_with_what_it_is(void **state)
{
	static const struct { const char *content; size_t n; const char *type; } files[] = {
		{"%PDF-1.7 and so on", 18, "application/pdf"},
		{"\x89PNG\r\n\x1a\n....", 12, "image/png"}, {"\xff\xd8\xff\xe0", 4, "image/jpeg"},
		{"PK\3\4....", 8, "application/zip"}, {"....ftypisom", 12, "video/mp4"},
		{"həbs olunub\n", 13, "text/plain"}, {"a\0b", 3, "application/octet-stream"},
		{"\xff\xfe\0", 3, "application/octet-stream"}, {"x", 1, "text/plain"},
	};
	uint64_t p = fx_person("Sara", "Kərimli");

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct bytes content = {(const uint8_t *)files[i].content, files[i].n}, back;
		uint64_t pos = size_now();
		struct str s;
		bool kept = false;
		assert_ok(reg_attach(r, fx_id(p), file_with("scan.pdf.exe", content),
			i ? S("") : S("The verdict"), i == 1, NULL, &e));
		struct record rec = fx_get(pos);
		assert_true(get_text(rec.slot[field_slot("document", "type")], &s));
		assert_str(s, files[i].type);
		assert_true(get_text(rec.slot[field_slot("document", "title")], &s));
		assert_str(s, i ? "scan.pdf.exe" : "The verdict");
		assert_int_equal(get_flag(rec.slot[field_slot("document", "evidence")], &kept), i == 1);
		assert_ok(node_blob(a, reg_node(r), &rec, field_slot("document", "blob"), &back, &e));
		assert_true(bytes_eq(back, content));
	}
}

static void
what_cannot_be_attached_is_not(void **state)
{
	uint64_t p = fx_person("Sara", "Kərimli"), size = size_now();
	const char *large = str_fmt(a, "%s/large", place).p;

	(void)state;
	assert_status(reg_attach(r, fx_id(p), file_with("empty", (struct bytes){(const uint8_t *)"",
		0}), S(""), false, NULL, &e), BAD);
	assert_status(reg_attach(r, fx_id(p), "/nonexistent/file", S(""), false, NULL, &e), BAD);
	assert_status(reg_attach(r, S("0123456789abcdef"), large, S(""), false, NULL, &e), BAD);
	FILE *f = fopen(large, "w");
	assert_non_null(f);
	assert_int_equal(fseek(f, (64 << 20) + 1, SEEK_SET), 0);
	assert_int_equal(fputc('x', f), 'x');
	assert_int_equal(fclose(f), 0);
	assert_true(reg_attach(r, fx_id(p), large, S(""), false, NULL, &e) != OK);
	assert_int_equal(size_now(), size);
}

/* --- erasure ---------------------------------------------------------------------------- */

static bool
planned(const uint64_t *pos, size_t n, uint64_t want)
{
	for (size_t i = 0; i < n; i++)
		if (pos[i] == want)
			return true;
	return false;
}

static void
erasing_a_person_covers_everything_that_names_them(void **state)
{
	uint64_t list = fx_list("Birlik"), other = fx_person("Other", "One"), all[14], *pos;
	struct str *lines;
	size_t n = 0, n_plan;

	(void)state;
	all[n++] = fx_listed(list, 1, 2, "Uniqueword", "Kərimli");
	uint64_t p = all[0];
	all[n++] = fx_listed_event(list, 1, 2, p, "arrest", "2019-01-01");
	uint64_t ev = all[1];
	fx_version(list, 1, "2020-01-01");
	all[n++] = fx_person("Uniqueword", "Kerimli");
	fx_judge(p, all[2], "same");
	all[n++] = size_now() - 1;
	fx_judge(p, other, "not-same");
	all[n++] = size_now() - 1;
	fx_amend(p, "note", "Uniqueword was seen");
	all[n++] = size_now() - 1;
	struct draft d = fx_draft("consent");
	fx_refer(&d, "person", p);
	fx_put(&d, "purpose", "letter");
	all[n++] = fx_write(&d);
	d = fx_draft("determination");
	fx_refer(&d, "person", p);
	fx_put(&d, "confirmed", "yes");
	all[n++] = fx_write(&d);
	d = fx_draft("task");
	fx_refer(&d, "about", p);
	fx_put(&d, "what", "call Uniqueword's family");
	all[n++] = fx_write(&d);
	/* About an event of theirs. */
	all[n++] = size_now();
	assert_ok(reg_attach(r, fx_id(ev), file_with("scan", str_bytes(S("Uniqueword"))), S(""),
		true, NULL, &e));
	d = fx_draft("annex-row");
	struct record first = fx_get(p);
	d.slot[field_slot("annex-row", "persons")] = value_refs(a,
		(const uint8_t (*)[SEAL_HASH])first.hash, 1);
	all[n++] = fx_write(&d);
	/* Of an import that broke off: an event of theirs and an amendment. */
	all[n++] = fx_listed_event(list, 2, 2, p, "release", "2020-02-01");
	d = fx_draft("person");
	fx_put(&d, "note", "Uniqueword again");
	fx_row(&d, list, 2, 2);
	d.slot[SLOT_AMENDS] = value_ref(a, first.hash);
	all[n++] = fx_write(&d);
	assert_ok(reg_erase_plan(a, r, reg_person_id(a, p), &pos, &n_plan, &lines, &e));
	for (size_t i = 0; i < n; i++)
		if (!planned(pos, n_plan, all[i]))
			fail_msg("the plan leaves out what was written %zu-th", i);
	assert_int_equal(n_plan, n);
	assert_false(planned(pos, n_plan, other));
	assert_true(str_has(lines[0], "Uniqueword"));
	fx_erase(pos, n_plan);
	struct reg_line line;
	assert_false(fx_line(p, "", &line));
	assert_false(fx_line(other, "search=Uniqueword", &line));
	assert_true(fx_line(other, "", &line));
	fx_assert_rebuilds("an erasure");
	assert_status(reg_erase_plan(a, r, reg_person_id(a, p), &pos, &n_plan, &lines, &e), NO);
	for (size_t i = 0; i < n; i++)
		assert_true(fx_get(all[i]).erased);
}

static void
find_word(void *ctx, struct bytes b)
{
	if (b.n && memmem(b.p, b.n, "niqueword", 9))
		*(bool *)ctx = true;
}

static void
an_erased_text_is_nowhere_in_the_index(void **state)
{
	uint64_t p = fx_person("Uniqueword", "Kərimli");
	bool found = false;

	(void)state;
	fx_event(p, "arrest", "2019-01-01", "Uniqueword prison");
	assert_ok(store_db_dump(r->db, find_word, &found, &e));
	assert_true(found);
	uint64_t *pos;
	struct str *lines;
	size_t n;
	assert_ok(reg_erase_plan(a, r, fx_id(p), &pos, &n, &lines, &e));
	assert_int_equal(n, 2);
	fx_erase(pos, n);
	found = false;
	assert_ok(store_db_dump(r->db, find_word, &found, &e));
	assert_false(found);
}

static void
an_undone_row_can_be_erased_with_what_names_it(void **state)
{
	uint64_t list = fx_list("Birlik"), p, event, version, *pos;
	struct str said, *lines;
	size_t n;

	(void)state;
	p = fx_listed(list, 1, 2, "Elxan", "Rzayev");
	event = fx_listed_event(list, 1, 2, p, "arrest", "2019-01-01");
	version = fx_version(list, 1, "2020-01-01");
	assert_ok(reg_undo(a, r, fx_id(version), S("wrong"), &said, &e));
	assert_ok(reg_erase_plan(a, r, fx_id(p), &pos, &n, &lines, &e));
	assert_int_equal(n, 2);
	assert_true(planned(pos, n, p) && planned(pos, n, event));
	fx_erase(pos, n);
	fx_assert_rebuilds("an undone row erased");
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fx_setup, fx_teardown)
	const struct CMUnitTest tests[] = {
		T(what_is_added_says_what_was_written),
		T(what_cannot_be_added_is_not),
		T(an_amendment_holds_only_what_changes),
		T(sealed_slots_can_be_amended_and_never_enter_the_index),
		T(coarser_forms_follow_what_they_were_made_from),
		T(officers_and_erasures_are_not_amended_by_hand),
		T(a_file_is_sealed_with_what_it_is),
		T(what_cannot_be_attached_is_not),
		T(erasing_a_person_covers_everything_that_names_them),
		T(an_erased_text_is_nowhere_in_the_index),
		T(an_undone_row_can_be_erased_with_what_names_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
