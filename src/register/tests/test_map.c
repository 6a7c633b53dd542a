/* Which column is which field, and what a row says: without any register. */
#include "check.h"

struct read { struct map m; struct table t; struct notes notes; struct made *made; };

static enum status
map_text(const char *csv, const char *ini, struct read *x)
{
	struct ini i;

	*x = (struct read){.notes = {.a = a}};
	assert_ok(csv_read(a, str_bytes(str_of(csv)), "list.csv", NULL, 0, NULL, &x->t, &e));
	if (!ini)
		return map_by_aliases(a, "list.csv", x->t.rows[0].cells, x->t.rows[0].n, &x->m,
			&x->notes, &e);
	enum status st = ini_read(a, str_of(ini), "x.ini", &i, &e);
	if (st == OK)
		st = map_options(a, &i, "x.ini", &x->m, &e);
	return st ? st : map_by_file(a, &i, "x.ini", x->t.rows[0].cells, x->t.rows[0].n, &x->m,
		&e);
}

/* Map, learn, and read row `row` (1: the first after the header). */
static struct read
read_text(const char *csv, const char *ini, size_t row)
{
	struct read x;

	assert_ok(map_text(csv, ini, &x));
	map_learn_dates(&x.m, &x.t, &x.notes);
	x.made = NEWS(a, struct made, x.m.groups.n);
	struct reader reader = {.m = &x.m, .notes = &x.notes};
	assert_true(row > 0 && row < x.t.n);
	row_read(a, &reader, &x.t.rows[row], x.made);
	return x;
}

static const char *
shown(const struct read *x, const char *group, const char *field)
{
	for (size_t i = 0; i < x->m.groups.n; i++) {
		const struct field *f = field_named(x->m.groups.v[i].kind, str_of(field));
		if (str_is(x->m.groups.v[i].name, group))
			return x->made[i].is ? str_cstr(a, value_words(a, f, x->made[i].d.slot[f->slot]))
				: "no such record";
	}
	return "no such group";
}

static size_t
events_of(const struct read *x)
{
	size_t n = 0;

	for (size_t i = 1; i < x->m.groups.n; i++)
		n += x->made[i].is;
	return n;
}

static const char *
first_note(const struct read *x, unsigned what)
{
	for (size_t i = 0; i < x->notes.v.n; i++)
		if (x->notes.v.v[i].what == what)
			return str_fmt(a, "%zu/%zu " STR_FMT, x->notes.v.v[i].row,
				x->notes.v.v[i].column, STR_ARG(x->notes.v.v[i].text)).p;
	return "no such note";
}

static void
headings_in_three_languages_are_the_same_fields(void **state)
{
	static const char *const lists[] = {
		"Name,Family name,Father's name,Date of birth,Arrested on,Prison\n"
		"Ali,Karimi,Reza,1985,2019-11-18,Evin\n",
		"Adı;Soyadı;Ata adı;Doğum tarixi;Həbs tarixi;Həbsxana\n"
		"Ali;Karimi;Reza;1985;18.11.2019;Evin\n",
		"نام,نام خانوادگی,نام پدر,تاریخ تولد,تاریخ بازداشت,زندان\n"
		"Ali,Karimi,Reza,1985,2019-11-18,Evin\n",
	};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct read x = read_text(lists[i], NULL, 1);
		assert_string_equal(shown(&x, "person", "given"), "Ali");
		assert_string_equal(shown(&x, "person", "family"), "Karimi");
		assert_string_equal(shown(&x, "person", "father"), "Reza");
		assert_string_equal(shown(&x, "person", "birth"), "1985");
		assert_string_equal(shown(&x, "person", "initials"), "A. K.");
		assert_string_equal(shown(&x, "arrest", "date"), "2019-11-18");
		assert_string_equal(shown(&x, "custody", "facility"), "Evin");
		assert_int_equal(events_of(&x), 2);
	}
}

static void
marks_and_remarks_after_a_heading_do_not_count(void **state)
{
	struct read x;

	(void)state;
	x = read_text("SURNAME *,Given-name:,Date of birth (if known),Sentence [years]\n"
		"Karimi,Ali,1985,5\n", NULL, 1);
	assert_string_equal(shown(&x, "person", "family"), "Karimi");
	assert_string_equal(shown(&x, "person", "given"), "Ali");
	assert_string_equal(shown(&x, "person", "birth"), "1985");
	assert_string_equal(shown(&x, "sentence", "sentence"), "5");
}

static void
columns_of_one_event_make_one_record(void **state)
{
	struct read x;

	(void)state;
	x = read_text("Name,Family name,Arrest date,Place of arrest,Arrested by,Date of death,"
		"Cause of death\nAli,Karimi,2019-11-18,Tabriz,police,,\n", NULL, 1);
	assert_int_equal(events_of(&x), 1);
	assert_string_equal(shown(&x, "arrest", "type"), "arrest");
	assert_string_equal(shown(&x, "arrest", "place"), "Tabriz");
	assert_string_equal(shown(&x, "arrest", "authority"), "police");
	assert_string_equal(shown(&x, "death", "date"), "no such record");
}

static void
a_status_beside_its_event_is_not_another_event(void **state)
{
	struct read x;

	(void)state;
	x = read_text("Full name,Status,Released on\nAli Karimi,released,2020-03-01\n"
		"Sara Azizi,released,\n", NULL, 1);
	assert_int_equal(events_of(&x), 1);
	assert_string_equal(shown(&x, "release", "date"), "2020-03-01");
	x = read_text("Full name,Status,Event date\nAli Karimi,furlough,2020-03-01\n", NULL, 1);
	assert_int_equal(events_of(&x), 1);
	assert_string_equal(shown(&x, "event", "type"), "furlough");
	assert_string_equal(shown(&x, "event", "date"), "2020-03-01");
	x = read_text("Full name,Status,Released on\nSara Azizi,released,\n", NULL, 1);
	assert_string_equal(shown(&x, "event", "type"), "release");
}

static void
a_second_column_for_a_field_is_kept_and_said(void **state)
{
	struct read x;

	(void)state;
	x = read_text("Name,Surname,Family name,Shoe size\nAli,Karimi,Karami,42\n", NULL, 1);
	assert_string_equal(shown(&x, "person", "family"), "Karimi");
	assert_has(first_note(&x, ROW_WARNING), "0/3 ");
	assert_has(first_note(&x, ROW_WARNING), "kept as written");
	assert_str(map_line(a, &x.m, 1), "2 \"Surname\" → Family name");
	assert_has(str_cstr(a, map_line(a, &x.m, 2)), "kept as written");
	assert_str(map_line(a, &x.m, 3), "4 \"Shoe size\" → kept as written");
}

static void
a_name_alone_is_the_whole_name(void **state)
{
	struct read x;

	(void)state;
	x = read_text("Name,Age\nAli Karimi,31\n", NULL, 1);
	assert_string_equal(shown(&x, "person", "whole"), "Ali Karimi");
	assert_string_equal(shown(&x, "person", "given"), "");
}

static void
a_list_without_names_is_refused(void **state)
{
	struct read x;

	(void)state;
	assert_int_equal(map_text("Fruit,Price\npear,3\n", NULL, &x), BAD);
	assert_has(e.text, "Family name");
	assert_has(e.text, "\"Fruit\"");
}

static void
words_for_nothing_are_nothing_but_names_stay(void **state)
{
	struct read x;

	(void)state;
	x = read_text("Name,Family name,Father's name,Age,Prison,Charge,Arrested on\n"
		"Ali,Null,NA,-,نامعلوم,unknown,—\n", NULL, 1);
	assert_string_equal(shown(&x, "person", "family"), "Null");
	assert_string_equal(shown(&x, "person", "father"), "");
	assert_string_equal(shown(&x, "person", "age"), "");
	assert_int_equal(events_of(&x), 0);
	assert_int_equal(x.notes.n[ROW_ERROR], 0);
}

static void
what_cannot_be_read_is_an_error_with_row_and_column(void **state)
{
	struct read x;

	(void)state;
	x = read_text("Name,Family name,Sex,Date of birth\nAli,Karimi,male,1983-02-30\n", NULL, 1);
	assert_int_equal(x.notes.n[ROW_ERROR], 1);
	assert_has(first_note(&x, ROW_ERROR), "2/4 \"Date of birth\": \"1983-02-30\"");
	x = read_text("Name,Family name,Sex,Age\nAli,Karimi,wolf,old\n", NULL, 1);
	assert_int_equal(x.notes.n[ROW_ERROR], 2);
	assert_has(first_note(&x, ROW_ERROR), "write one of male, female");
}

static void
a_column_proves_which_number_is_the_day(void **state)
{
	struct read x;

	(void)state;
	x = read_text("Name,Arrested on\nAli K,03/04/2020\nReza A,25/12/2019\n", NULL, 1);
	assert_string_equal(shown(&x, "arrest", "date"), "2020-04-03");
	assert_has(first_note(&x, ROW_WARNING), "0/2 row 3 proves that the day stands first");
	x = read_text("Name,Arrested on\nAli K,03/04/2020\nReza A,12/25/2019\n", NULL, 1);
	assert_string_equal(shown(&x, "arrest", "date"), "2020-03-04");
}

static void
a_column_that_proves_nothing_or_both_keeps_both_readings(void **state)
{
	struct read x;

	(void)state;
	x = read_text("Name,Arrested on\nAli K,03/04/2020\n", NULL, 1);
	assert_string_equal(shown(&x, "arrest", "date"), "2020-03-04|2020-04-03?");
	assert_has(first_note(&x, ROW_WARNING), "2/2 ");
	x = read_text("Name,Arrested on\nAli K,03/04/2020\nR A,25/12/2019\nS B,12/25/2019\n", NULL,
		1);
	assert_string_equal(shown(&x, "arrest", "date"), "2020-03-04|2020-04-03?");
	assert_has(first_note(&x, ROW_WARNING), "row 3 has the day first, row 4 the month");
}

static void
short_years_are_of_the_columns_calendar(void **state)
{
	struct read x;

	(void)state;
	x = read_text("نام,تاریخ بازداشت\nعلی رضایی,98/08/27\nرضا کریمی,1397/05/02\n", NULL, 1);
	/* Either of two days; without the other row it could be 1998, too: some time. */
	assert_string_equal(shown(&x, "arrest", "date"), "1298-08-27|1398-08-27 SH?");
	x = read_text("نام,تاریخ بازداشت\nعلی رضایی,98/08/27\n", NULL, 1);
	assert_string_equal(shown(&x, "arrest", "date"), "1298-08-27/1398-08-27 SH?");
}

static void
sealed_words_stand_in_their_sealed_slot_alone(void **state)
{
	struct read x;
	struct cell *cells;
	size_t n;

	(void)state;
	x = read_text("Name,Family name,National ID,Shoe size,Arrested on\n"
		"Ali,Karimi,0012345678,42,2019-11-18\n", NULL, 1);
	row_put_cells(a, &x.m, &x.t.rows[1], 0, &x.made[0]);
	assert_string_equal(shown(&x, "person", "number"), "0012345678");
	assert_true(get_cells(a, x.made[0].d.slot[SLOT_CELLS], &cells, &n));
	assert_int_equal(n, 5);
	assert_str(cells[2].header, "National ID");
	assert_str(cells[2].words, "");
	assert_int_equal(cells[2].slot, field_slot("person", "number"));
	/* Kept, and an event's: both with no slot of the person's. */
	assert_str(cells[3].words, "42");
	assert_int_equal(cells[3].slot, -1);
	assert_str(cells[4].words, "2019-11-18");
	assert_int_equal(cells[4].slot, -1);
}

/* --- map files ------------------------------------------------------------------- */

static const char persons[] = "nr,given,family,m,job,detail,status,start,end,start_m,end_m,x\n"
	"1,Ali,Karimi,1,cook,at sea,Killed,1973-09-11,1973-09-14,1973-09-01,1973-09-01,9\n"
	"2,Reza,Ahmadi,0,NA,NA,Gone,NA,1973-10-20,1973-09-01,1973-10-01,9\n"
	"3,Sara,Azizi,NA,cook,NA,Gone,1973-09-11,NA,1973-09-01,NA,9\n"
	"4,Leila,Amini,0,NA,NA,Killed,1973-09-17,NA,1973-09-01,1973-09-01,9\n"
	"5,Omid,Nouri,1,NA,NA,Killed,1973-09-17,1973-09-01,1973-09-01,1973-09-01,9\n"
	"6,Nader,Asadi,1,NA,NA,Killed,1973-09-17,1973-09-17,1973-09-01,1973-09-01,9\n";
static const char map_ini[] = "[options]\nmissing = NA\nkey = nr\n[person]\ngiven = given\n"
	"family = family\nsex = m\noccupation = job + detail\nnote = \"number\" + x\n"
	"[values m]\n1 = male\n0 = female\n"
	"[event harm]\ntype = column status\naccount = status\ndate.from = start\ndate.to = end\n"
	"date.from.month = start_m\ndate.to.month = end_m\n"
	"[values status]\nKilled = death\nGone = disappearance\n"
	"[event seen]\ntype = seen\nwhen = status is gone\n";

static void
a_map_file_reads_values_joins_and_ranges(void **state)
{
	struct read x;

	(void)state;
	x = read_text(persons, map_ini, 1);
	assert_string_equal(shown(&x, "person", "sex"), "male");
	assert_string_equal(shown(&x, "person", "occupation"), "cook at sea");
	assert_string_equal(shown(&x, "person", "note"), "number 9");
	assert_string_equal(shown(&x, "person", "key"), "1");
	assert_string_equal(shown(&x, "harm", "type"), "death");
	assert_string_equal(shown(&x, "harm", "account"), "Killed");
	assert_string_equal(shown(&x, "harm", "date"), "1973-09-11/1973-09-14");
	assert_string_equal(shown(&x, "seen", "type"), "no such record");
	x = read_text(persons, map_ini, 2);
	assert_string_equal(shown(&x, "person", "occupation"), "");
	assert_string_equal(shown(&x, "harm", "type"), "disappearance");
	assert_string_equal(shown(&x, "harm", "date"), "1973-09/1973-10-20");
	assert_string_equal(shown(&x, "seen", "type"), "seen");
	x = read_text(persons, map_ini, 3);
	assert_string_equal(shown(&x, "person", "sex"), "");
	assert_string_equal(shown(&x, "harm", "date"), "1973-09-11/..");
}

static void
the_ends_of_a_range_are_checked(void **state)
{
	struct read x;

	(void)state;
	/* From the 17th until some day of September. */
	x = read_text(persons, map_ini, 4);
	assert_string_equal(shown(&x, "harm", "date"), "1973-09-17/1973-09-30");
	x = read_text(persons, map_ini, 5);
	assert_has(first_note(&x, ROW_ERROR), "6/9 \"end\": ends on 1973-09-01, before it begins");
	x = read_text(persons, map_ini, 6);
	assert_string_equal(shown(&x, "harm", "date"), "1973-09-17");
}

static void
a_map_may_keep_what_cannot_be_read(void **state)
{
	struct read x;

	(void)state;
	x = read_text("n,a\nAli K,0.22\n", "[options]\nunreadable = keep\n[person]\nwhole = n\n"
		"age = a\n", 1);
	assert_int_equal(x.notes.n[ROW_ERROR], 0);
	assert_has(first_note(&x, ROW_WARNING), "2/2 \"a\": \"0.22\": not a whole number");
	assert_has(first_note(&x, ROW_WARNING), "kept as written");
}

static void
faults_of_a_map_file_are_told_with_their_line(void **state)
{
	static const struct { const char *ini, *says; } wrong[] = {
		{"[person]\ngiven = givn\n", "x.ini:2: \"givn\": no such column; there are nr, given"},
		{"[person]\nname = given\n", "x.ini:2: \"name\": a person has no such field; it has"},
		{"[person]\ngiven = given\nunlisted = x\n", "x.ini:3: \"unlisted\""},
		{"[people]\ngiven = given\n", "x.ini:2: [people]: no such section"},
		{"[person]\ngiven = given\n[event a]\ntype = arested\n", "x.ini:4: type = arested"},
		{"[person]\ngiven = given\nsex = m\n[values sex]\n1 = man\n", "x.ini:5: 1 = man: no such"},
		{"[person]\ngiven = given\n[values shoe]\n1 = 2\n", "x.ini:4: [values shoe]: no field"},
		{"[person]\ngiven = given\n[event a]\nwhen = status\n", "x.ini:4: when = status: write"},
		{"[person]\ngiven = given\n[event a]\ntype = seen\n", "[event a]: tells nothing"},
		{"[person]\ngiven.from = given\n", "x.ini:2: \"given.from\": only dates"},
		{"[person]\ngiven = given\ngiven = family\n", "x.ini:3: given is told twice"},
		{"[person]\nsex = m\n", "tells no name"},
		{"[options]\ndates = dym\n", "x.ini:2: dates = dym: write dmy"},
		{"[options]\ncolour = red\n", "x.ini:2: \"colour\": no such option"},
		{"[person]\ngiven = given\n[ignore]\ncolumns = y\n", "x.ini:4: \"y\": no such column"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct read x;
		assert_int_equal(map_text(persons, wrong[i].ini, &x), BAD);
		assert_has(e.text, wrong[i].says);
	}
}

static void
equal_headings_are_told_apart_by_number(void **state)
{
	struct read x;

	(void)state;
	assert_int_equal(map_text("a,b,b\nAli,Karimi,x\n", "[person]\ngiven = a\nfamily = b\n", &x),
		BAD);
	assert_has(e.text, "2 columns are called \"b\"");
	x = read_text("a,b,b\nAli,x,Karimi\n", "[person]\ngiven = a\nfamily = column 3\n", 1);
	assert_string_equal(shown(&x, "person", "family"), "Karimi");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headings_in_three_languages_are_the_same_fields),
		cmocka_unit_test(marks_and_remarks_after_a_heading_do_not_count),
		cmocka_unit_test(columns_of_one_event_make_one_record),
		cmocka_unit_test(a_status_beside_its_event_is_not_another_event),
		cmocka_unit_test(a_second_column_for_a_field_is_kept_and_said),
		cmocka_unit_test(a_name_alone_is_the_whole_name),
		cmocka_unit_test(a_list_without_names_is_refused),
		cmocka_unit_test(words_for_nothing_are_nothing_but_names_stay),
		cmocka_unit_test(what_cannot_be_read_is_an_error_with_row_and_column),
		cmocka_unit_test(a_column_proves_which_number_is_the_day),
		cmocka_unit_test(a_column_that_proves_nothing_or_both_keeps_both_readings),
		cmocka_unit_test(short_years_are_of_the_columns_calendar),
		cmocka_unit_test(sealed_words_stand_in_their_sealed_slot_alone),
		cmocka_unit_test(a_map_file_reads_values_joins_and_ranges),
		cmocka_unit_test(the_ends_of_a_range_are_checked),
		cmocka_unit_test(a_map_may_keep_what_cannot_be_read),
		cmocka_unit_test(faults_of_a_map_file_are_told_with_their_line),
		cmocka_unit_test(equal_headings_are_told_apart_by_number),
	};

	return cmocka_run_group_tests(tests, check_setup, check_teardown);
}
