/* Workbooks made by libxlsxwriter, read through the helper: what was put in comes
 * out, and what could mislead is noted. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <unistd.h>
#include <xlsxwriter.h>
#include "base/base.h"

static struct arena *a;
static struct err e;
static struct table t;
static struct sheet_info info;
static char path[64];

static lxw_workbook *
begin(void)
{
	return workbook_new(path);
}

static enum status
read_book(const char *sheet)
{
	struct bytes file;

	t = (struct table){0};
	info = (struct sheet_info){0};
	assert_int_equal(os_read_file(a, path, 64 << 20, &file, &e), OK);
	return sheet_parse(a, file, "list.xlsx", sheet, &csv_limits_default, &t, &info, &e);
}

static enum status
finish_and_read(lxw_workbook *b, const char *sheet)
{
	assert_int_equal(workbook_close(b), LXW_NO_ERROR);
	return read_book(sheet);
}

static void
assert_row(size_t i, size_t line, size_t n, const char *const *cells)
{
	assert_true(i < t.n);
	assert_int_equal(t.rows[i].line, line);
	assert_int_equal(t.rows[i].n, n);
	for (size_t k = 0; k < n; k++)
		if (!str_is(t.rows[i].cells[k], cells[k]))
			fail_msg("row %zu cell %zu: \"" STR_FMT "\", wanted \"%s\"", line, k,
				STR_ARG(t.rows[i].cells[k]), cells[k]);
}
#define ROW(i, line, ...) assert_row(i, line, \
	sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *), (const char *[]){__VA_ARGS__})

static struct str
note_at(size_t row, size_t column)
{
	for (size_t i = 0; i < info.n_notes; i++)
		if (info.notes[i].row == row && info.notes[i].column == column)
			return info.notes[i].text;
	return STR_NONE;
}

static void
text_of_three_scripts_comes_through(void **state)
{
	lxw_workbook *b = begin();
	lxw_worksheet *s = workbook_add_worksheet(b, "Siyahı");
	lxw_format *bold = workbook_add_format(b);

	format_set_bold(bold);
	worksheet_write_string(s, 0, 0, "Ad", NULL);
	worksheet_write_string(s, 0, 1, "نام", NULL);
	worksheet_write_string(s, 0, 2, "Имя", NULL);
	worksheet_write_string(s, 2, 0, "Əli Həsənov", NULL);
	worksheet_write_string(s, 2, 1, "علی‌رضا حسنی", NULL);
	lxw_rich_string_tuple plain = {NULL, "Али "}, strong = {bold, "Гасанов"};
	lxw_rich_string_tuple *runs[] = {&plain, &strong, NULL};
	worksheet_write_rich_string(s, 2, 2, runs, NULL);
	worksheet_write_string(s, 3, 1, " <&\"'> \n _x005F_x0041_ _x0041_", NULL);
	assert_int_equal(finish_and_read(b, NULL), OK);
	assert_int_equal(t.n, 3);
	assert_string_equal(t.encoding, "xlsx");
	ROW(0, 1, "Ad", "نام", "Имя");
	ROW(1, 3, "Əli Həsənov", "علی‌رضا حسنی", "Али Гасанов");
	ROW(2, 4, "", " <&\"'> \n _x0041_ A", "");
	assert_int_equal(info.n_names, 1);
	assert_true(str_is(info.names[0], "Siyahı"));
	assert_int_equal(info.n_notes, 0);
	(void)state;
}

static void
numbers_are_as_a_person_would_write_them(void **state)
{
	static const struct {
		double v;
		const char *text;
	} n[] = {
		{0, "0"}, {18, "18"}, {-7, "-7"}, {1398, "1398"}, {0.1, "0.1"}, {-2.5, "-2.5"},
		{1e6, "1000000"}, {123456789012.0, "123456789012"}, {1e15, "1000000000000000"},
		{1e20, "100000000000000000000"}, {0.000001, "0.000001"}, {100.25, "100.25"},
		{1.0 / 3, "0.3333333333333333"}, {12.30, "12.3"}, {1e300, "1.0000000000000001e+300"},
	};
	lxw_workbook *b = begin();
	lxw_worksheet *s = workbook_add_worksheet(b, NULL);
	lxw_format *zeros = workbook_add_format(b), *money = workbook_add_format(b);

	format_set_num_format(zeros, "00000");
	format_set_num_format(money, "#,##0.00 \"manat (d)\"");
	worksheet_write_string(s, 0, 0, "n", NULL);
	for (size_t i = 0; i < sizeof n / sizeof *n; i++)
		worksheet_write_number(s, (lxw_row_t)i + 1, 0, n[i].v, NULL);
	worksheet_write_number(s, 50, 0, 123, zeros);
	worksheet_write_number(s, 51, 0, 1234.5, money);
	worksheet_write_boolean(s, 52, 0, 1, NULL);
	worksheet_write_boolean(s, 53, 0, 0, NULL);
	assert_int_equal(finish_and_read(b, NULL), OK);
	for (size_t i = 0; i < sizeof n / sizeof *n; i++)
		ROW(i + 1, i + 2, n[i].text);
	size_t at = sizeof n / sizeof *n + 1;
	ROW(at, 51, "00123");
	ROW(at + 1, 52, "1234.5");
	ROW(at + 2, 53, "TRUE");
	ROW(at + 3, 54, "FALSE");
	assert_true(str_has(note_at(10, 1), "more than 15 digits"));
	(void)state;
}

/* Serial days as Excel itself shows them: 43917 = 27 March 2020, 1 = 1 January 1900,
 * 59 = 28 February, 61 = 1 March 1900 (ECMA-376 part 1, 18.17.4.1). */
static void
dates_are_iso_8601_and_no_day_is_invented(void **state)
{
	static const struct {
		double v;
		const char *format, *text;
	} n[] = {
		{43917, "yyyy-mm-dd", "2020-03-27"}, {43917, "dd.mm.yyyy", "2020-03-27"},
		{43917, "[$-3000429]yyyy/mm/dd;@", "2020-03-27"},
		{43917.5, "dd/mm/yyyy hh:mm", "2020-03-27T12:00:00"},
		{43917.999999, "yyyy-mm-dd", "2020-03-28"},
		{1, "yyyy-mm-dd", "1900-01-01"}, {59, "yyyy-mm-dd", "1900-02-28"},
		{60, "yyyy-mm-dd", "60"}, {61, "yyyy-mm-dd", "1900-03-01"},
		{2958465, "d mmmm yyyy", "9999-12-31"}, {2958466, "d mmmm yyyy", "2958466"},
		{0, "yyyy-mm-dd", "0"},
		{43891, "mmm-yy", "2020-03"}, {43892, "mmm-yy", "2020-03-02"},
		{43831, "yyyy", "2020"}, {43832, "yyyy", "2020-01-02"},
		{43917, "d-mmm", "2020-03-27"},
		{0.5, "hh:mm", "12:00:00"}, {0.75, "h:mm AM/PM", "18:00:00"},
		{1.5, "[h]:mm:ss", "36:00:00"}, {43917.25, "hh:mm", "2020-03-27T06:00:00"},
		{43917, "0 \"days\"", "43917"}, {43917, "0\\d", "43917"}, {43917, "General", "43917"},
		{43917, "[Red]0", "43917"}, {43917, "0.00E+00", "43917"}, {43917, "@", "43917"},
		{43917, "0;yyyy", "43917"}, {43917, "dddd, d mmmm yyyy", "2020-03-27"},
	};
	lxw_workbook *b = begin();
	lxw_worksheet *s = workbook_add_worksheet(b, NULL);

	worksheet_write_string(s, 0, 0, "date", NULL);
	for (size_t i = 0; i < sizeof n / sizeof *n; i++) {
		lxw_format *f = workbook_add_format(b);
		format_set_num_format(f, n[i].format);
		worksheet_write_number(s, (lxw_row_t)i + 1, 0, n[i].v, f);
	}
	for (uint8_t id = 14; id <= 17; id++) {
		lxw_format *f = workbook_add_format(b);
		format_set_num_format_index(f, id);
		worksheet_write_number(s, 100u + id, 0, 43891, f);
	}
	assert_int_equal(finish_and_read(b, NULL), OK);
	for (size_t i = 0; i < sizeof n / sizeof *n; i++)
		ROW(i + 1, i + 2, n[i].text);
	size_t at = sizeof n / sizeof *n + 1;
	ROW(at, 115, "2020-03-01");
	ROW(at + 1, 116, "2020-03-01");
	ROW(at + 2, 117, "2020-03-01");
	ROW(at + 3, 118, "2020-03");
	assert_true(str_has(note_at(117, 1), "without its year"));
	assert_true(str_has(note_at(18, 1), "without its year"));
	assert_true(str_has(note_at(9, 1), "no such day"));
	assert_true(str_has(note_at(12, 1), "no such day"));
	assert_false(note_at(2, 1).p != NULL);
	(void)state;
}

static void
what_could_mislead_is_noted(void **state)
{
	lxw_workbook *b = begin();
	lxw_worksheet *s = workbook_add_worksheet(b, NULL);
	lxw_row_col_options hidden = {.hidden = LXW_TRUE};

	worksheet_write_string(s, 0, 0, "name", NULL);
	worksheet_write_string(s, 0, 1, "age", NULL);
	worksheet_write_string(s, 0, 2, "prison", NULL);
	worksheet_write_formula_num(s, 1, 1, "=2020-1980", NULL, 40);
	worksheet_merge_range(s, 1, 2, 3, 2, "Evin", NULL);
	worksheet_write_string(s, 2, 0, "Hidden Person", NULL);
	worksheet_set_row_opt(s, 2, LXW_DEF_ROW_HEIGHT, NULL, &hidden);
	worksheet_write_string(s, 3, 0, "Third Person", NULL);
	assert_int_equal(finish_and_read(b, NULL), OK);
	ROW(1, 2, "", "40", "Evin");
	ROW(2, 3, "Hidden Person", "", "");
	ROW(3, 4, "Third Person", "", "");
	assert_true(str_is(note_at(2, 2), "a formula; its last value was taken"));
	assert_true(str_starts(note_at(2, 3), "merged with the cells up to C4;"));
	assert_true(str_is(note_at(0, 0), "1 hidden rows were read like the others"));
	assert_int_equal(info.n_notes, 3);
	(void)state;
}

static void
notes_are_counted_when_there_are_too_many(void **state)
{
	lxw_workbook *b = begin();
	lxw_worksheet *s = workbook_add_worksheet(b, NULL);

	worksheet_write_string(s, 0, 0, "n", NULL);
	for (lxw_row_t i = 1; i <= 1500; i++)
		worksheet_write_formula_num(s, i, 0, "=1+1", NULL, 2);
	assert_int_equal(finish_and_read(b, NULL), OK);
	assert_int_equal(t.n, 1501);
	assert_int_equal(info.n_notes, 1001);
	assert_true(str_is(note_at(0, 0), "and 500 more notes of such kinds"));
	(void)state;
}

static void
the_first_visible_sheet_with_data_is_read_or_the_one_named(void **state)
{
	lxw_workbook *b = begin();
	lxw_worksheet *hidden = workbook_add_worksheet(b, "Hidden");
	lxw_worksheet *empty = workbook_add_worksheet(b, "Empty");
	lxw_worksheet *list = workbook_add_worksheet(b, "List");
	lxw_worksheet *other = workbook_add_worksheet(b, "1");

	worksheet_hide(hidden);
	worksheet_activate(empty);
	worksheet_set_first_sheet(empty);
	worksheet_write_string(hidden, 0, 0, "h", NULL);
	worksheet_write_string(list, 0, 0, "l", NULL);
	worksheet_write_string(other, 0, 0, "o", NULL);
	assert_int_equal(finish_and_read(b, NULL), OK);
	ROW(0, 1, "l");
	assert_int_equal(info.n_names, 4);
	assert_int_equal(info.read, 2);
	assert_int_equal(read_book("Hidden"), OK);
	ROW(0, 1, "h");
	assert_int_equal(read_book("list"), OK);             /* case as it may be */
	ROW(0, 1, "l");
	assert_int_equal(read_book("1"), OK);                /* a name before a number */
	ROW(0, 1, "o");
	assert_int_equal(read_book("3"), OK);
	ROW(0, 1, "l");
	assert_int_equal(read_book("Empty"), BAD);
	assert_true(str_starts(str_of(e.text), "list.xlsx: there is no row in that sheet;"));
	assert_int_equal(read_book("None"), BAD);
	assert_string_equal(e.text, "list.xlsx: there is no sheet None; there are: "
		"Hidden, Empty, List, 1");
	assert_int_equal(read_book("5"), BAD);
	assert_int_equal(read_book("--evil"), BAD);
	(void)state;
}

static void
a_cell_without_a_heading_is_refused(void **state)
{
	lxw_workbook *b = begin();
	lxw_worksheet *s = workbook_add_worksheet(b, NULL);

	worksheet_write_string(s, 1, 0, "name", NULL);
	worksheet_write_string(s, 4, 27, "stray", NULL);
	assert_int_equal(finish_and_read(b, NULL), BAD);
	assert_string_equal(e.text, "list.xlsx: row 5: a cell in column AB, which has no heading "
		"in row 2; give it one or empty the cell");
	(void)state;
}

static void
limits_are_kept(void **state)
{
	lxw_workbook *b = begin();
	lxw_worksheet *s = workbook_add_worksheet(b, NULL);
	struct csv_limits lim = csv_limits_default;
	struct bytes file;

	for (lxw_row_t i = 0; i < 20; i++)
		for (lxw_col_t k = 0; k < 5; k++)
			worksheet_write_string(s, i, k, "0123456789", NULL);
	assert_int_equal(workbook_close(b), LXW_NO_ERROR);
	assert_int_equal(os_read_file(a, path, 1 << 20, &file, &e), OK);
	lim.rows = 19;
	assert_int_equal(sheet_parse(a, file, "f", NULL, &lim, &t, &info, &e), BAD);
	assert_string_equal(e.text, "f: 20 rows; at most 19 are read");
	lim.rows = 20;
	lim.columns = 4;
	assert_int_equal(sheet_parse(a, file, "f", NULL, &lim, &t, &info, &e), BAD);
	lim.columns = 5;
	lim.cell_bytes = 9;
	assert_int_equal(sheet_parse(a, file, "f", NULL, &lim, &t, &info, &e), BAD);
	lim.cell_bytes = 10;
	assert_int_equal(sheet_parse(a, file, "f", NULL, &lim, &t, &info, &e), OK);
	lim.cells = 99;
	assert_int_equal(sheet_parse(a, file, "f", NULL, &lim, &t, &info, &e), BAD);
	lim.cells = 100;
	assert_int_equal(sheet_parse(a, file, "f", NULL, &lim, &t, &info, &e), OK);
	lim.file_bytes = file.n - 1;
	assert_int_equal(sheet_parse(a, file, "f", NULL, &lim, &t, &info, &e), BAD);
	(void)state;
}

static void
a_table_that_is_no_workbook_is_called_what_it_is(void **state)
{
	assert_int_equal(sheet_parse(a, str_bytes(S("name,age\nA,1\n")), "list.xlsx", NULL,
		&csv_limits_default, &t, &info, &e), BAD);
	assert_string_equal(e.text, "list.xlsx: this is plain text; if it is CSV, name it .csv");
	(void)state;
}

static int
start(void **state)
{
	a = arena_create((size_t)1 << 30);
	snprintf(path, sizeof path, "/tmp/test-sheet-%d.xlsx", (int)getpid());
	(void)state;
	return 0;
}

static int
end(void **state)
{
	unlink(path);
	arena_destroy(a);
	(void)state;
	return 0;
}

#define T(f) cmocka_unit_test_setup_teardown(f, start, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(text_of_three_scripts_comes_through),
		T(numbers_are_as_a_person_would_write_them),
		T(dates_are_iso_8601_and_no_day_is_invented),
		T(what_could_mislead_is_noted),
		T(notes_are_counted_when_there_are_too_many),
		T(the_first_visible_sheet_with_data_is_read_or_the_one_named),
		T(a_cell_without_a_heading_is_refused),
		T(limits_are_kept),
		T(a_table_that_is_no_workbook_is_called_what_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
