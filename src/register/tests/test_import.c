/* Lists into a register, version after version: what is written, and what is not. */
#include "check.h"

static const char first[] = "No,Name,Family name,Father's name,Arrested on,Prison,Shoe size\n"
	"1,Ali,Karimi,Reza,2019-11-18,Evin,42\n"
	"2,Sara,Azizi,Hassan,2019-11-17,Qarchak,38\n"
	"3,Omid,Nouri,Ali,,Evin,\n";

static void
a_dry_run_writes_nothing(void **state)
{
	struct reg_import_report p;
	uint64_t before = size_now();

	(void)state;
	assert_ok(import_of((struct reg_import){.list = S("Detainees")}, first, &p));
	assert_int_equal(p.rows, 3);
	assert_int_equal(p.fresh, 3);
	assert_int_equal(p.records, 10);      /* list, 3 persons, 2 arrests, 3 stays, version */
	assert_int_equal(size_now(), before);
	assert_str(p.columns[6], "7 \"Shoe size\" → kept as written");
}

static void
a_commit_writes_what_the_dry_run_said(void **state)
{
	uint64_t before = size_now();
	struct reg_import_report p = import_list(first);
	struct reg_filter f = {.on = DAY_MAX, .facility = S("evin")};
	struct reg_counts counts;
	struct reg_line *lines;
	size_t n;

	(void)state;
	assert_int_equal(size_now() - before, p.records);
	assert_ok(reg_list(a, reg, &f, LANG_EN, &lines, &n, &counts, &e));
	assert_int_equal(n, 2);
	assert_str(lines[0].names, "Ali Karimi");
}

static void
every_value_remembers_row_column_and_words(void **state)
{
	struct reg_dossier d;
	struct reg_filter f = {.on = DAY_MAX, .search = S("Azizi")};
	struct reg_line *lines;
	size_t n;
	bool found = false;

	(void)state;
	import_list(first);
	assert_ok(reg_list(a, reg, &f, LANG_EN, &lines, &n, NULL, &e));
	assert_int_equal(n, 1);
	assert_ok(reg_dossier(a, reg, lines[0].cluster, LANG_EN, &d, &e));
	for (size_t i = 0; i < d.n_groups; i++)
		if (str_is(d.groups[i].field->name, "father")) {
			const struct reg_claim *c = &d.groups[i].claims[0];
			assert_str(c->words, "Hassan");
			assert_str(c->list, "Detainees");
			assert_int_equal(c->version, 1);
			assert_int_equal(c->row, 3);
			assert_int_equal(c->column, 4);
			found = true;
		}
	assert_true(found);
}

static void
the_same_list_again_writes_nothing(void **state)
{
	struct reg_import_report p;
	uint64_t size;

	(void)state;
	import_list(first);
	size = size_now();
	p = import_list(first);
	assert_int_equal(size_now(), size);
	assert_int_equal(p.records, 0);
	assert_int_equal(p.unchanged, 3);
	assert_int_equal(p.version, 1);
	assert_has(str_cstr(a, note_of(&p, ROW_WARNING, 0)->text), "the same list again");
	/* But that it still stood so on another day is something new. */
	assert_ok(import_of((struct reg_import){.list = S("Detainees"), .commit = true,
		.as_of = S("2020-03-27")}, first, &p));
	assert_int_equal(p.records, 1);
	assert_int_equal(size_now(), size + 1);
}

static void
a_corrected_list_writes_only_what_changed(void **state)
{
	struct reg_import_report p;
	uint64_t size;

	(void)state;
	import_list(first);
	size = size_now();
	p = import_list("No,Name,Family name,Father's name,Arrested on,Prison,Shoe size\n"
		"1,Ali,Karimi,Reza,2019-11-19,Evin,42\n"      /* a date: its event */
		"2,Sara,Azizi,Hossein,2019-11-17,Qarchak,38\n"/* a name: the person */
		"3,Omid,Nouri,Ali,,Evin,\n");
	assert_int_equal(p.changed, 2);
	assert_int_equal(p.unchanged, 1);
	assert_int_equal(p.records, 3);              /* two amendments, the version */
	assert_int_equal(size_now(), size + 3);
	assert_str(note_of(&p, ROW_CHANGED, 0)->text,
		"arrest: Date 18 November 2019 → 19 November 2019");
	assert_str(note_of(&p, ROW_CHANGED, 1)->text, "Father's name Hassan → Hossein");
	struct record r;
	assert_ok(node_get(a, reg_node(reg), size, &r, &e));
	assert_int_equal(r.kind, kind_number("person"));
	for (unsigned s = SLOT_FIRST; s < SLOTS; s++)
		assert_int_equal(r.slot[s].n > 0, s == field_slot("person", "father"));
	assert_ok(node_get(a, reg_node(reg), size + 1, &r, &e));
	for (unsigned s = SLOT_FIRST; s < SLOTS; s++)
		assert_int_equal(r.slot[s].n > 0, s == field_slot("event", "date"));
	assert_int_equal(import_list("No,Name,Family name,Father's name,Arrested on,Prison,Shoe size\n"
		"1,Ali,Karimi,Reza,2019-11-19,Evin,42\n2,Sara,Azizi,Hossein,2019-11-17,Qarchak,38\n"
		"3,Omid,Nouri,Ali,,Evin,\n").records, 0);
}

static void
values_that_go_are_withdrawn_and_events_too(void **state)
{
	struct reg_import_report p;
	struct str events;

	(void)state;
	import_list(first);
	p = import_list("No,Name,Family name,Father's name,Arrested on,Prison,Shoe size\n"
		"1,Ali,Karimi,,2019-11-18,Evin,42\n"
		"2,Sara,Azizi,Hassan,,Qarchak,38\n"
		"3,Omid,Nouri,Ali,2020-01-01,Evin,43\n");
	assert_int_equal(p.changed, 3);
	assert_str(note_of(&p, ROW_CHANGED, 0)->text, "Father's name Reza → not said");
	assert_str(note_of(&p, ROW_CHANGED, 1)->text, "no longer: arrest");
	assert_str(note_of(&p, ROW_CHANGED, 2)->text,
		"cells that are kept as written; new: arrest");
	events = csv_of("event");
	assert_null(strstr(str_cstr(a, events), "2019-11-17"));
	assert_non_null(strstr(str_cstr(a, events), "2020-01-01"));
	assert_null(strstr(str_cstr(a, csv_of("person")), "Reza"));
}

static void
rows_that_vanish_are_no_longer_listed_until_they_return(void **state)
{
	struct reg_import_report p;

	(void)state;
	import_list(first);
	p = import_list("No,Name,Family name,Father's name,Arrested on,Prison,Shoe size\n"
		"1,Ali,Karimi,Reza,2019-11-18,Evin,42\n3,Omid,Nouri,Ali,,Evin,\n"
		"4,Leila,Amini,,,Evin,\n");
	assert_int_equal(p.vanished, 1);
	assert_int_equal(p.fresh, 1);
	assert_int_equal(p.records, 4);       /* unlisted; Leila and her stay; the version */
	assert_has(str_cstr(a, note_of(&p, ROW_VANISHED, 0)->text), "Sara Azizi, row 3 of version 1");
	p = import_list(first);
	assert_int_equal(p.vanished, 1);
	assert_int_equal(p.changed, 1);
	assert_str(note_of(&p, ROW_RETURNED, 0)->text, "listed again");
	assert_int_equal(p.records, 3);
}

static void
what_was_amended_by_hand_stays_until_the_list_changes_there(void **state)
{
	static const char header[] = "No,Name,Family name,Father's name,Arrested on,Prison\n";
	struct reg_change by_hand = {S("father"), S("Rəza")};
	struct reg_import_report p;
	uint8_t hash[SEAL_HASH];
	struct str csv, id;

	(void)state;
	import_list(str_fmt(a, "%s1,Ali,Karimi,Reza,,Evin\n", header).p);
	csv = csv_of("person");
	str_cut(&csv, '\n');
	id = str_upto(csv, str_find(csv, ','));
	assert_ok(reg_amend(reg, id, &by_hand, 1, S(""), hash, &e));
	p = import_list(str_fmt(a, "%s1,Ali,Karimi,Reza,,Evin\n", header).p);
	assert_int_equal(p.records, 0);
	p = import_list(str_fmt(a, "%s1,Aly,Karimi,Reza,,Evin\n", header).p);
	assert_int_equal(p.records, 2);
	assert_has(str_cstr(a, csv_of("person")), "Rəza");
	import_list(str_fmt(a, "%s1,Aly,Karimi,Hassan,,Evin\n", header).p);
	assert_has(str_cstr(a, csv_of("person")), "Hassan");
}

static void
numbers_counted_anew_do_not_make_one_person_another(void **state)
{
	struct reg_import_report p;

	(void)state;
	import_list("No,Name,Family name,Father's name,Date of birth\n1,Ali,Karimi,Reza,1980-01-02\n"
		"2,Ahmad,Karimi,Reza,1982-03-04\n3,Sara,Azizi,Hassan,1990-05-06\n");
	p = import_list("No,Name,Family name,Father's name,Date of birth\n"
		"1,Ahmad,Karimi,Reza,1982-03-04\n2,Sara,Azizi,Hassan,1990-05-06\n");
	assert_int_equal(p.vanished, 1);
	assert_has(str_cstr(a, note_of(&p, ROW_VANISHED, 0)->text), "Ali Karimi");
	assert_int_equal(p.changed, 2);              /* their numbers, nothing else */
	assert_str(note_of(&p, ROW_CHANGED, 0)->text, "Key in its list 2 → 1");
}

static void
a_declared_key_decides(void **state)
{
	struct reg_import_report p;
	struct reg_import i = {.list = S("Detainees"), .commit = true};

	(void)state;
	i.map_file = in_place("map.ini");
	assert_ok(os_write_file(i.map_file, str_bytes(S("[options]\nkey = file\n[person]\n"
		"given = g\nfamily = f\n")), 0600, &e));
	assert_ok(import_of(i, "file,g,f\nA-1,Ali,Karimi\nA-2,Sara,Azizi\n", &p));
	assert_ok(import_of(i, "file,g,f\nA-2,Sara,Karimi\nA-1,Babak,Rahimi\n", &p));
	assert_int_equal(p.changed, 2);
	assert_int_equal(p.fresh, 0);
	assert_has(str_cstr(a, note_of(&p, ROW_WARNING, 1)->text),
		"key A-1 was Ali Karimi, is Babak Rahimi");
	assert_int_equal(import_of(i, "file,g,f\nA-2,Sara,Karimi\nA-2,Babak,Rahimi\n", &p), BAD);
	assert_has(e.text, "key A-2 stands in row 2 already");
	assert_int_equal(import_of(i, "file,g,f\nA-2,Sara,Karimi\n,Babak,Rahimi\n", &p), BAD);
	assert_has(e.text, "no key");
}

static void
a_row_without_a_key_is_found_by_the_matcher_and_shown(void **state)
{
	struct reg_import_report p;

	(void)state;
	import_list("Name,Family name,Father's name,Date of birth,Arrested on\n"
		"Alireza,Qasemzadeh,Gholamhossein,1980-01-02,2019-11-18\n"
		"Sara,Azizi,Hassan,1990-05-06,2018-01-01\n");
	p = import_list("Name,Family name,Father's name,Date of birth,Arrested on\n"
		"Sara,Azizi,Hassan,1990-05-06,2018-01-01\n"
		"Ali Reza,Ghasemzadeh,Gholamhossein,1980-01-02,2019-11-18\n");
	assert_int_equal(p.fresh, 0);
	assert_int_equal(p.changed, 1);
	assert_int_equal(p.vanished, 0);
	assert_has(str_cstr(a, note_of(&p, ROW_PAIRED, 0)->text), "taken for row 2 of version 1");
}

static void
undo_takes_a_version_back_whole(void **state)
{
	struct str persons, events, line;
	struct reg_import_report p;
	uint8_t dump[2][SEAL_HASH];

	(void)state;
	import_list(first);
	persons = csv_of("person");
	events = csv_of("event");
	p = import_list("No,Name,Family name,Arrested on\n1,Ali,Karimi,2020-01-01\n9,Leila,Amini,\n");
	assert_int_equal(p.vanished, 2);
	assert_int_equal(reg_undo(a, reg, S("Detainees 1"), S(""), &line, &e), BAD);
	assert_has(e.text, "undo version 2 first");
	assert_ok(reg_undo(a, reg, reg_record_id(a, p.version_hash), S("wrong file"), &line, &e));
	assert_has(str_cstr(a, line), "version 2 taken back");
	assert_true(str_eq(csv_of("person"), persons));
	assert_true(str_eq(csv_of("event"), events));
	assert_int_equal(reg_undo(a, reg, S("Detainees 2"), S(""), &line, &e), NO);
	assert_int_equal(reg_undo(a, reg, S("Detainees 7"), S(""), &line, &e), BAD);
	assert_int_equal(reg_undo(a, reg, S("Nobody 1"), S(""), &line, &e), BAD);
	assert_int_equal(reg_undo(a, reg, S("Nobody"), S(""), &line, &e), BAD);
	assert_ok(reg_undo(a, reg, S("Detainees 1"), S(""), &line, &e));
	assert_null(strstr(str_cstr(a, csv_of("person")), "Karimi"));
	/* And it can be imported again. */
	p = import_list(first);
	assert_int_equal(p.version, 3);
	assert_int_equal(p.fresh, 3);
	assert_ok(reg_dump_hash(reg, dump[0], &e));
	assert_ok(reg_rebuild(reg, dump[1], &e));
	assert_memory_equal(dump[0], dump[1], SEAL_HASH);
}

static void
sealed_values_are_compared_in_the_vault(void **state)
{
	static const char header[] = "Name,Family name,National ID\n";
	struct reg_import_report p;
	struct record r;
	struct str id;

	(void)state;
	import_list(str_fmt(a, "%sAli,Karimi,0012\nSara,Azizi,0034\n", header).p);
	p = import_list(str_fmt(a, "%sAli,Karimi,0012\nSara,Azizi,0034\n", header).p);
	assert_int_equal(p.records, 0);
	p = import_list(str_fmt(a, "%sAli,Karimi,0012\nSara,Azizi,0035\n", header).p);
	assert_int_equal(p.changed, 1);
	assert_int_equal(p.records, 2);
	/* Neither the note nor the words kept with it tell the number. */
	assert_str(note_of(&p, ROW_CHANGED, 0)->text, "Identity number");
	assert_ok(node_get(a, reg_node(reg), size_now() - 2, &r, &e));
	assert_true(get_text(r.slot[field_slot("person", "number")], &id));
	assert_str(id, "0035");
	assert_null(memmem(r.slot[SLOT_CELLS].p, r.slot[SLOT_CELLS].n, "0035", 4));
	assert_null(strstr(str_cstr(a, csv_of("person")), "0035"));
}

static void
a_version_keeps_the_map_it_was_read_by(void **state)
{
	static const char ini[] = "[person]\nwhole = n\n";
	struct reg_import i = {.list = S("Detainees"), .commit = true};
	struct reg_import_report p;
	struct record r;
	struct str map, *columns;
	size_t n;

	(void)state;
	i.map_file = in_place("map.ini");
	assert_ok(os_write_file(i.map_file, str_bytes(str_of(ini)), 0600, &e));
	assert_ok(import_of(i, "n,shoe\nAli Karimi,42\n", &p));
	assert_has(str_cstr(a, note_of(&p, ROW_WARNING, 0)->text), "\"shoe\": the map does not name it");
	assert_ok(node_get(a, reg_node(reg), size_now() - 1, &r, &e));
	assert_true(get_text(r.slot[field_slot("list-version", "map")], &map));
	assert_str(map, "[person]\nwhole = n");
	assert_true(get_texts(a, r.slot[field_slot("list-version", "columns")], &columns, &n));
	assert_int_equal(n, 2);
}

/* --- interruptions -------------------------------------------------------------- */

enum { BATCH = 20 };

static struct str
long_list(size_t rows, const char *changes)
{
	struct buf b;

	buf_init(&b, 64 << 20);
	buf_cstr(&b, "No,Name,Family name,Arrested on,Prison\n");
	for (size_t i = 1; i <= rows; i++)
		buf_fmt(&b, "%zu,Ali%s,Family %zu,2019-%02zu-%02zu,Evin\n", i,
			i % 7 == 0 ? changes : "", i, i % 12 + 1, i % 28 + 1);
	struct str s = str_dup(a, buf_str(&b));
	buf_finish(&b);
	return s;
}

static void
stopped_and_resumed(const char *text, size_t stop, uint64_t size, struct str persons,
	struct str events)
{
	struct str before = csv_of("person");
	struct reg_import_report p;

	import_stop_after = stop;
	assert_int_equal(import_of((struct reg_import){.list = S("Detainees"), .commit = true},
		text, &p), FAIL);
	import_stop_after = 0;
	reopen();
	assert_true(str_eq(csv_of("person"), before));       /* it counts for nothing */
	import_list(text);
	assert_int_equal(size_now(), size);                  /* and was not written twice */
	assert_true(str_eq(csv_without_ids("person"), persons));
	assert_true(str_eq(csv_without_ids("event"), events));
}

static void
an_interrupted_import_counts_for_nothing_and_resumes(void **state)
{
	const char *one = str_cstr(a, long_list(BATCH * 2 + 4, ""));
	const char *two = str_cstr(a, long_list(BATCH * 2 - 3, "reza"));
	struct str persons[2], events[2];
	uint64_t size[2];
	uint8_t dump[2][SEAL_HASH];

	import_batch_rows = BATCH;
	import_list(one);
	persons[0] = csv_without_ids("person");
	events[0] = csv_without_ids("event");
	size[0] = size_now();
	import_list(two);
	persons[1] = csv_without_ids("person");
	events[1] = csv_without_ids("event");
	size[1] = size_now();
	for (size_t stop = 1; stop <= 5; stop++) {
		register_teardown(state);
		register_setup(state);
		import_batch_rows = BATCH;
		stopped_and_resumed(one, stop, size[0], persons[0], events[0]);
	}
	import_stop_after = 0;
	import_list(two);
	assert_int_equal(size_now(), size[1]);
	assert_true(str_eq(csv_without_ids("person"), persons[1]));
	assert_ok(reg_dump_hash(reg, dump[0], &e));
	assert_ok(reg_rebuild(reg, dump[1], &e));
	assert_memory_equal(dump[0], dump[1], SEAL_HASH);
}

static void
another_file_does_not_continue_an_interrupted_import(void **state)
{
	const char *one = str_cstr(a, long_list(BATCH + 4, ""));
	struct reg_import_report p;

	(void)state;
	import_batch_rows = BATCH;
	import_stop_after = 1;
	assert_int_equal(import_of((struct reg_import){.list = S("Detainees"), .commit = true}, one,
		&p), FAIL);
	import_stop_after = 0;
	reopen();
	p = import_list(first);
	assert_int_equal(p.fresh, 3);
	assert_int_equal(p.version, 1);
	assert_null(strstr(str_cstr(a, csv_of("person")), "Family 1"));
}

/* --- bulk ------------------------------------------------------------------------- */

static struct reg_import_report
edit(struct str csv)
{
	struct reg_import_report p = {0};
	struct reg_import i = {.commit = true};

	i.file = file_of(csv);
	assert_ok(reg_import_run(a, reg, &i, &p, &e));
	return p;
}

static struct str
replaced(struct str s, const char *from, const char *to)
{
	const char *text = str_cstr(a, s), *at = strstr(text, from);

	assert_non_null(at);
	return str_fmt(a, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static void
what_was_written_out_comes_back_unchanged(void **state)
{
	struct reg_import_report p;
	uint64_t size;

	(void)state;
	import_list("Name,Family name,Date of birth,Sex,Arrested on,Prison,Charge,Note\n"
		"=1+1,-2-2,03/04/1980,male,about 1397,Evin,\"a, \"\"b\"\"\",\"two\nlines\"\n"
		"علی,'Azizi,1360/05/02,female,2019-11-18/2019-11-20,@SUM,x,'=x\n"
		"Ali,Karimi,before 1390,,1398,,,\n");
	size = size_now();
	p = edit(csv_of("person"));
	assert_int_equal(p.rows, 3);
	assert_int_equal(p.unchanged, 3);
	assert_int_equal(p.warnings, 0);
	assert_str(p.columns[1], "2 \"person\" → not read");
	p = edit(csv_of("event"));
	assert_str(p.columns[5], "6 \"date\" → Date");
	assert_int_equal(p.unchanged, p.rows);
	assert_int_equal(size_now(), size);
}

static void
one_edited_cell_is_one_amendment(void **state)
{
	struct reg_import_report p;
	uint64_t size;

	(void)state;
	import_list(first);
	size = size_now();
	p = edit(replaced(csv_of("person"), ",Ali,Karimi,Reza,", ",Babak,Karimi,,"));
	assert_int_equal(p.changed, 1);
	assert_int_equal(p.unchanged, 2);
	assert_int_equal(size_now(), size + 1);
	/* The initials are those of the new name. */
	assert_has(str_cstr(a, csv_of("person")), ",Babak,Karimi,,,,B. K.,");
	p = edit(replaced(csv_of("event"), "2019-11-18", "2019-12"));
	assert_int_equal(size_now(), size + 2);
	assert_has(str_cstr(a, csv_of("event")), ",arrest,2019-12,");
}

static void
a_wrong_cell_in_bulk_writes_nothing(void **state)
{
	struct reg_import_report p = {0};
	struct reg_import i = {.commit = true};
	struct str csv;
	uint64_t size;

	(void)state;
	import_list(first);
	size = size_now();
	csv = replaced(csv_of("event"), "2019-11-18", "2019-02-30");
	i.file = file_of(replaced(csv, "2019-11-17", "2019-11-16"));
	assert_int_equal(reg_import_run(a, reg, &i, &p, &e), BAD);
	assert_has(e.text, "row 2, column 6: date: \"2019-02-30\"");
	assert_int_equal(size_now(), size);
	assert_int_equal(p.errors, 1);
	i.file = file_of(S("record,given\r\n0123456789abcdef,Ali\r\n"));
	assert_int_equal(reg_import_run(a, reg, &i, &p, &e), BAD);
	assert_has(e.text, "no record has this id");
	csv = csv_of("person");
	i.file = file_of(str_fmt(a, STR_FMT STR_FMT, STR_ARG(csv),
		STR_ARG(str_from(csv, str_find(csv, '\n') + 1))));
	assert_int_equal(reg_import_run(a, reg, &i, &p, &e), BAD);
	assert_has(e.text, "stands in row 2 already");
}

/* --- bad input, other files ----------------------------------------------------------- */

static void
any_error_in_a_row_writes_nothing_and_all_are_told(void **state)
{
	struct reg_import_report p;
	uint64_t size = size_now();

	(void)state;
	assert_int_equal(import_of((struct reg_import){.list = S("Detainees"), .commit = true},
		"Name,Family name,Date of birth,Arrested on\nAli,Karimi,1985,2019-13-45\n"
		"Reza,Ahmadi,1983-02-30,\n,,,\nSara,Azizi,,\n", &p), BAD);
	assert_has(e.text, "list.csv: row 2, column 4: \"Arrested on\": \"2019-13-45\": there is no "
		"month 13");
	assert_has(e.text, "and 1 more");
	assert_int_equal(p.errors, 2);
	assert_int_equal(note_of(&p, ROW_ERROR, 1)->row, 3);
	assert_int_equal(note_of(&p, ROW_ERROR, 1)->column, 3);
	assert_int_equal(note_of(&p, ROW_WARNING, 0)->row, 4);
	assert_int_equal(size_now(), size);
}

static void
which_list_is_asked_and_a_resembling_one_is_named(void **state)
{
	struct reg_import_report p;

	(void)state;
	assert_int_equal(import_of((struct reg_import){.list = S("")}, first, &p), BAD);
	assert_has(e.text, "Give --list NAME");
	import_list(first);
	assert_int_equal(import_of((struct reg_import){.list = S("")}, first, &p), BAD);
	assert_has(e.text, "give --list \"Detainees\"");
	assert_ok(import_of((struct reg_import){.list = S("Prisoners")}, first, &p));
	assert_str(p.similar_list, "Detainees");
	assert_int_equal(p.likely, 3);
	assert_has(str_cstr(a, note_of(&p, ROW_LIKELY, 0)->text), "Ali Karimi of \"Detainees\"");
	assert_ok(import_of((struct reg_import){.list = S("Prisoners")},
		"Name,Family name\nBabak,Rahimi\nNader,Asadi\n", &p));
	assert_str(p.similar_list, "");
	assert_int_equal(p.likely, 0);
}

static void
what_is_no_table_is_refused_in_one_line(void **state)
{
	static const struct { const char *text, *says; } others[] = {
		{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old workbook (.xls); save it as .xlsx or CSV"},
		{"%PDF-1.7\n", "a PDF"},
		{"<html><table>", "a web page"},
		{"Name,Family name\n", "no rows"},
		{"", "list.csv"},
		{"PK\3\4nothing", "list.csv"},
	};
	struct reg_import_report p;

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		enum status st = import_of((struct reg_import){.list = S("Detainees")},
			others[i].text, &p);
		assert_true(st == BAD || st == FAIL);
		assert_has(e.text, others[i].says);
	}
}

static struct str
as_utf16(const char *s)
{
	struct str text = str_of(s), all;
	struct buf b;

	buf_init(&b, 1 << 20);
	buf_put(&b, "\xff\xfe", 2);
	for (size_t at = 0; at < text.n;) {
		uint32_t cp = utf8_next(text, &at);
		buf_byte(&b, (uint8_t)cp);
		buf_byte(&b, (uint8_t)(cp >> 8));
	}
	all = str_dup(a, buf_str(&b));
	buf_finish(&b);
	return all;
}

static void
encodings_and_delimiters_are_found_out(void **state)
{
	/* علی;کریمی in windows-1256: ع ED is 0xDA… */
	static const char win1256[] = "\xe4\xc7\xe3;\xe4\xc7\xe3 \xce\xc7\xe4\xe6\xc7\xcf\xed\r\n"
		"\xda\xe1\xed;\x98\xd1\xed\xe3\xed\r\n\xd1\xd6\xc7;\xc7\xcd\xe3\xcf\xed\r\n";
	struct reg_import i = {.list = S("Detainees"), .commit = true};
	struct reg_import_report p = {0};

	(void)state;
	i.file = file_of(as_utf16("Adı;Soyadı\r\nƏli;Kərimi\r\n"));
	assert_ok(reg_import_run(a, reg, &i, &p, &e));
	assert_str(p.encoding, "utf-16le");
	assert_str(p.delimiter, "semicolon");
	assert_has(str_cstr(a, csv_of("person")), "Əli,Kərimi");
	i.list = S("Other");
	i.file = file_of(str_of(win1256));
	assert_ok(reg_import_run(a, reg, &i, &p, &e));
	assert_str(p.encoding, "windows-1256");
	assert_has(str_cstr(a, csv_of("person")), "رضا,");
}

/* --- the generator's lists, where it was built ------------------------------------------ */

static size_t
changes_of(const char *kind)
{
	struct bytes b;
	size_t n = 0;

	assert_ok(os_read_file(a, in_place("demo/birlik-2.changes.csv"), 1 << 24, &b, &e));
	for (struct str rest = bytes_str(b); rest.n;)
		n += str_starts(str_cut(&rest, '\n'), kind);
	return n;
}

static void
the_demo_lists_import_and_their_second_version_says_the_truth(void **state)
{
	const char *generate = getenv("HABEAS_GENERATE");
	struct reg_import i = {.list = S("Birlik"), .commit = true};
	struct reg_import_report p;

	(void)state;
	if (!generate || !os_exists(generate))
		skip();
	assert_int_equal(system(str_fmt(a, "%s --people 2000 --seed 7 -o %s >/dev/null", generate,
		in_place("demo")).p), 0);
	i.file = in_place("demo/birlik.csv");
	assert_ok(reg_import_run(a, reg, &i, &p, &e));
	assert_int_equal(p.warnings, 0);
	i.file = in_place("demo/birlik-2.csv");
	assert_ok(reg_import_run(a, reg, &i, &p, &e));
	assert_int_equal(p.fresh, changes_of("new,"));
	assert_int_equal(p.changed, changes_of("changed,"));
	assert_int_equal(p.vanished, changes_of("vanished,"));
	i.list = S("Nesim");
	i.file = in_place("demo/nesim.csv");
	assert_ok(reg_import_run(a, reg, &i, &p, &e));
	assert_int_equal(p.fresh, p.rows);
	if (getenv("HABEAS_HELPERS")) {
		os_helpers_at(getenv("HABEAS_HELPERS"));
		i.list = S("Registry");
		i.file = in_place("demo/registry.xlsx");
		assert_ok(reg_import_run(a, reg, &i, &p, &e));
		assert_str(p.encoding, "xlsx");
		assert_int_equal(p.fresh, p.rows);
		assert_true(p.likely > p.rows / 3);  /* most are on another list, too */
		assert_int_equal(p.errors + p.warnings, 0);
		assert_ok(reg_import_run(a, reg, &i, &p, &e));
		assert_int_equal(p.records, 0);
	}
	i.list = S("Hostile");
	i.file = in_place("demo/hostile.csv");
	assert_int_equal(reg_import_run(a, reg, &i, &p, &e), BAD);
	assert_int_equal(p.errors, 4);               /* two rows with impossible dates */
}

static void
the_rettig_list_imports_by_the_map_that_is_kept_for_it(void **state)
{
	static const struct { const char *filter; size_t n; } counts[] = {
		{"", 2398}, {"event=death", 1447}, {"event=disappearance", 961},
		{"status=disappeared", 853}, {"event=torture", 285},
	};
	struct reg_import i = {.list = S("Rettig report"), .commit = true,
		.file = SHARED "/data/pinochet_victims.csv"};
	struct reg_import_report p;

	(void)state;
	if (!os_exists(i.file) || !getenv("HABEAS_EXAMPLES"))
		skip();
	i.map_file = str_fmt(a, "%s/pinochet.ini", getenv("HABEAS_EXAMPLES")).p;
	assert_ok(reg_import_run(a, reg, &i, &p, &e));
	assert_int_equal(p.rows, 2398);
	assert_int_equal(p.fresh, 2398);
	assert_int_equal(p.warnings, 4);             /* three ranges that end first; age 0.22 */
	for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
		struct reg_counts c = {0};
		struct reg_filter f;
		struct reg_line *lines;
		size_t n;
		assert_ok(reg_filter_parse(a, str_of(counts[k].filter), &f, &e));
		assert_ok(reg_list(a, reg, &f, LANG_EN, &lines, &n, &c, &e));
		assert_int_equal(n, counts[k].n);    /* counted in the CSV with Python */
	}
	assert_ok(reg_import_run(a, reg, &i, &p, &e));
	assert_int_equal(p.records, 0);
}

#define test(f) cmocka_unit_test_setup_teardown(f, register_setup, register_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_dry_run_writes_nothing),
		test(a_commit_writes_what_the_dry_run_said),
		test(every_value_remembers_row_column_and_words),
		test(the_same_list_again_writes_nothing),
		test(a_corrected_list_writes_only_what_changed),
		test(values_that_go_are_withdrawn_and_events_too),
		test(rows_that_vanish_are_no_longer_listed_until_they_return),
		test(what_was_amended_by_hand_stays_until_the_list_changes_there),
		test(numbers_counted_anew_do_not_make_one_person_another),
		test(a_declared_key_decides),
		test(a_row_without_a_key_is_found_by_the_matcher_and_shown),
		test(sealed_values_are_compared_in_the_vault),
		test(a_version_keeps_the_map_it_was_read_by),
		test(undo_takes_a_version_back_whole),
		test(an_interrupted_import_counts_for_nothing_and_resumes),
		test(another_file_does_not_continue_an_interrupted_import),
		test(what_was_written_out_comes_back_unchanged),
		test(one_edited_cell_is_one_amendment),
		test(a_wrong_cell_in_bulk_writes_nothing),
		test(any_error_in_a_row_writes_nothing_and_all_are_told),
		test(which_list_is_asked_and_a_resembling_one_is_named),
		test(what_is_no_table_is_refused_in_one_line),
		test(encodings_and_delimiters_are_found_out),
		test(the_demo_lists_import_and_their_second_version_says_the_truth),
		test(the_rettig_list_imports_by_the_map_that_is_kept_for_it),
	};

	return cmocka_run_group_tests(tests, check_setup, check_teardown);
}
