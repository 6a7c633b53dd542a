/* CSV of every dialect in, RFC 4180 out; hostile files refused in one line. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "base/csv.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct arena *a;

static int
arena_up(void **state)
{
	(void)state;
	a = arena_create(64 << 20);
	return 0;
}

static int
arena_down(void **state)
{
	(void)state;
	arena_destroy(a);
	return 0;
}

static struct table
reads(struct str file)
{
	struct table t = {0};
	struct err e = {0};

	if (csv_read(a, str_bytes(file), "list.csv", NULL, 0, NULL, &t, &e) != OK)
		fail_msg("refused: %s", e.text);
	return t;
}

/* Every row as row:cell|cell, so that a whole table is one string to compare. */
static void
expect(struct str file, char delimiter, const char *want)
{
	struct table t = reads(file);
	struct buf b;

	buf_init(&b, 1 << 16);
	for (size_t i = 0; i < t.n; i++) {
		buf_fmt(&b, "%zu:", t.rows[i].line);
		for (size_t k = 0; k < t.rows[i].n; k++)
			buf_fmt(&b, "%s" STR_FMT, k ? "|" : "", STR_ARG(t.rows[i].cells[k]));
		buf_cstr(&b, " ");
	}
	if (!str_is(buf_str(&b), want))
		fail_msg("got \"" STR_FMT "\", want \"%s\"", STR_ARG(buf_str(&b)), want);
	assert_int_equal(t.delimiter, delimiter);
	buf_finish(&b);
}

static void
refuses(struct str file, const char *part)
{
	struct table t = {.n = 77};
	struct err e = {0};

	assert_int_equal(csv_read(a, str_bytes(file), "list.csv", NULL, 0, NULL, &t, &e), BAD);
	assert_int_equal(t.n, 77);
	if (!str_starts(str_of(e.text), "list.csv: ") || !str_has(str_of(e.text), part))
		fail_msg("\"%s\" does not say \"%s\"", e.text, part);
}

static void
rows_and_cells_come_as_written(void **state)
{
	expect(S("a,b\n1,2\n"), ',', "1:a|b 2:1|2 ");
	expect(S("a,b\r\n1,2"), ',', "1:a|b 2:1|2 ");
	expect(S("a,b\r1,2\r"), ',', "1:a|b 2:1|2 ");
	expect(S("a , b\n 1 ,\t2 \n"), ',', "1:a | b 2: 1 |\t2  ");
	expect(S("a,b\n\"x,\"\"y\"\"\nz\",\"\"\n"), ',', "1:a|b 2:x,\"y\"\nz| ");
	expect(S("a,b\n\"x\r\n\r\ny\",2\n3,4\n"), ',', "1:a|b 2:x\r\n\r\ny|2 3:3|4 ");
	expect(S("only\nAli\n\"\"\n"), ',', "1:only 2:Ali 3: ");
	expect(S("\xef\xbb\xbf\"Ad\";\"Soyad\"\nƏli;Əliyev\n"), ';', "1:Ad|Soyad 2:Əli|Əliyev ");
	expect(S("\xff\xfe" "a\0\t\0b\0\n\0" "1\0\t\0002\0\n\0"), '\t', "1:a|b 2:1|2 ");
	(void)state;
}

static void
empty_lines_are_passed_over_and_counted(void **state)
{
	expect(S("\n\na,b\n\n1,2\n\n\n3,4\n\n"), ',', "3:a|b 5:1|2 8:3|4 ");
	expect(S("\r\n\r\na,b\r\n\r\n1,2\r\n"), ',', "3:a|b 5:1|2 ");
	expect(S("\r\ra,b\r\r1,2\r"), ',', "3:a|b 5:1|2 ");
	(void)state;
}

static void
short_rows_are_filled_and_empty_extras_cut(void **state)
{
	expect(S("a,b,c\n1\n1,2,3,,,\n,,\n"), ',', "1:a|b|c 2:1|| 3:1|2|3 4:|| ");
	refuses(S("a,b\n1,2,,x\n"), "row 2: more cells than the 2");
	(void)state;
}

static void
the_delimiter_is_found_by_consistency(void **state)
{
	static const struct { const char *text; char delimiter; } v[] = {
		{"ad;məbləğ\nƏli;1,5\nVəli;2,7\n", ';'},
		{"id;x,y;z\n1;2,5;3\n2;3,5;4\n", ';'},
		{"name;address, street, city, zip\nAli;x, y, z, w\nVali;x, y, z, w\n", ';'},
		{"surname, name;born;prison;notes\nAliyev, Ali;1970\nB, V;1980\n", ';'},
		{"name\tborn\nAli, son of V\t12;3\n", '\t'},
		{"name|born\nAli, A|1970\n", '|'},
		{"name,date (d;m;y),city\nAli,\"March 3, 2020\",Evin\nV,\"May 4, 2020\",Evin\n", ','},
		{"a, b, c\n1, 2, 3\n", ','},
		{"\"a;b\",c\n\"1;2\",3\n", ','},
		{"name;note\n\"Ali, V\";\"one, two, three\"\nB;\"x\ny, z\"\n", ';'},
		{"a,b,c\n1,2,x;y;z\n3,4,\n", ','},
		{"single\nAli\nVali\n", ','},
	};

	for (size_t i = 0; i < COUNT(v); i++) {
		struct table t = reads(str_of(v[i].text));
		if (t.delimiter != v[i].delimiter)
			fail_msg("%s: took '%c'", v[i].text, t.delimiter);
	}
	(void)state;
}

static void
a_given_delimiter_is_not_doubted(void **state)
{
	struct table t;
	struct err e = {0};

	assert_int_equal(csv_read(a, str_bytes(S("a;b,c\n1;2,3\n")), "x", "utf-8", ',', NULL,
		&t, &e), OK);
	assert_int_equal(t.rows[0].n, 2);
	assert_true(str_is(t.rows[0].cells[0], "a;b"));
	assert_string_equal(t.encoding, "utf-8");
	(void)state;
}

static void
bad_files_are_refused_with_their_row(void **state)
{
	refuses(S(""), "no row");
	refuses(S("\n\r\n\n"), "no row");
	refuses(S("a,b\n1,\"2\n3,4\n5,6\n"), "row 2, column 2: the quotation mark that opens here");
	refuses(S("a,b\n1,\"2\n3,4\n5,\"6\"\n"), "row 2, column 2: a quotation mark opens here");
	refuses(S("a,b\n\n1,Ali \"the tall\"\n"), "row 3, column 2: a quotation mark inside");
	refuses(S("a,b\n\"1\"x,2\n"), "row 2, column 1: a quotation mark opens");
	refuses(S("a,b,c\n1,2,3\n4,5"), "row 3: the file ends after 2 of 3");
	refuses(S("title\na;b;c\n1;2;3\n"), "row 2: more cells than the 1");
	refuses(S("a,b\n1,\0" "2\n"), "binary");
	refuses(S("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0"), "binary");
	refuses(S("PK\3\4\x14\0"), "XLSX");
	refuses(S("نام,پدر\nعل\xdb"), "list.csv: line 2, byte 18");
	(void)state;
}

static void
limits_hold(void **state)
{
	static const struct csv_limits small = {.file_bytes = 400000, .cell_bytes = 10,
		.columns = 3, .rows = 4, .cells = 9};
	static char big[300000];
	struct table t;
	struct err e = {0};
	const struct { struct str text; const char *part; } v[] = {
		{S("a,b,c\n1,2,3\n4,5,6\n"), NULL},
		{S("a,b,c,d\n"), "more than 3 columns"},
		{S("a,b\n12345678901,2\n"), "row 2, column 1: the cell has 11 bytes; at most 10"},
		{S("a,b,c\n1\n2\n3\n"), "row 4: more than 4 rows or 9 cells"},
		{S("a\n1\n2\n3\n4\n"), "row 5: more than 4 rows"},
		{{big, sizeof big}, "row 2, column 1: the cell has more than 10 bytes"},
	};

	memset(big, 'x', sizeof big);
	memcpy(big, "a\n\"", 3);
	for (size_t i = 0; i < COUNT(v); i++) {
		enum status s = csv_read(a, str_bytes(v[i].text), "f", NULL, ',', &small, &t, &e);
		assert_int_equal(s, v[i].part ? BAD : OK);
		if (v[i].part && !str_has(str_of(e.text), v[i].part))
			fail_msg("\"%s\" does not say \"%s\"", e.text, v[i].part);
	}
	assert_int_equal(csv_read(a, (struct bytes){(const uint8_t *)big, 400001}, "f", NULL, ',',
		&small, &t, &e), BAD);
	assert_true(str_has(str_of(e.text), "400001 bytes; at most 400000"));
	(void)state;
}

static void
writes(struct str cell, const char *want)
{
	struct buf b;

	buf_init(&b, 1 << 10);
	csv_write_row(&b, (struct str[]){cell, S("z")}, 2, ';');
	if (!str_is(str_upto(buf_str(&b), b.n - 4), want) || !str_ends(buf_str(&b), ";z\r\n"))
		fail_msg("got " STR_FMT ", want %s", STR_ARG(buf_str(&b)), want);
	buf_finish(&b);
}

static void
cells_are_quoted_when_they_must(void **state)
{
	writes(S("Əli"), "Əli");
	writes(S("a,b"), "a,b");
	writes(S("a;b"), "\"a;b\"");
	writes(S("say \"no\""), "\"say \"\"no\"\"\"");
	writes(S("a\nb"), "\"a\nb\"");
	writes(S(" a"), "\" a\"");
	writes(S("\""), "\"\"\"\"");
	writes(STR_NONE, "");
	(void)state;
}

static void
formulas_are_guarded_and_numbers_are_not(void **state)
{
	writes(S("=1+1"), "'=1+1");
	writes(S("@SUM(A1)"), "'@SUM(A1)");
	writes(S("+98 21 555"), "'+98 21 555");
	writes(S("-1+cmd|' /C calc'!A0"), "'-1+cmd|' /C calc'!A0");
	writes(S("-"), "'-");
	writes(S("-33.4"), "-33.4");
	writes(S("-33,4"), "-33,4");
	writes(S("-1."), "'-1.");
	writes(S("-1.2.3"), "'-1.2.3");
	writes(S("\tx"), "'\tx");
	writes(S("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
	writes(S("'=x"), "''=x");
	writes(S("'quoted'"), "'quoted'");
	assert_true(str_is(csv_unguard(S("'=1+1")), "=1+1"));
	assert_true(str_is(csv_unguard(S("''=x")), "'=x"));
	assert_true(str_is(csv_unguard(S("'tis")), "'tis"));
	assert_true(str_is(csv_unguard(S("'")), "'"));
	assert_true(str_is(csv_unguard(S("=x")), "=x"));
	(void)state;
}

static uint64_t seed = 1;

static unsigned
any(unsigned below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % below;
}

static struct str
any_cell(void)
{
	static const char *const bits[] = {"a", "Ə", "ی", "\"", ",", ";", "\n", "\r\n", "'", "=",
		"-", "7", " ", "\t", "|", "+"};
	struct buf b;
	struct str s;

	buf_init(&b, 100);
	for (unsigned n = any(6); n > 0; n--)
		buf_cstr(&b, bits[any(COUNT(bits))]);
	s = str_dup(a, buf_str(&b));
	buf_finish(&b);
	return s.p ? s : S("");
}

static void
what_is_written_is_read_back(void **state)
{
	static const char delimiters[] = ",;\t|";

	for (int turn = 0; turn < 2000; turn++) {
		char delimiter = delimiters[any(4)];
		unsigned rows = 1 + any(5), columns = 1 + any(4);
		struct str in[5][4];
		struct table t;
		struct err e = {0};
		struct buf b;

		buf_init(&b, 1 << 16);
		for (unsigned i = 0; i < rows; i++) {
			for (unsigned k = 0; k < columns; k++)
				in[i][k] = any_cell();
			csv_write_row(&b, in[i], columns, delimiter);
		}
		if (csv_read(a, buf_bytes(&b), "x", NULL, delimiter, NULL, &t, &e) != OK)
			fail_msg("%s: " STR_FMT, e.text, STR_ARG(buf_str(&b)));
		assert_int_equal(t.n, rows);
		for (unsigned i = 0; i < rows; i++) {
			assert_int_equal(t.rows[i].n, columns);
			assert_int_equal(t.rows[i].line, i + 1);
			for (unsigned k = 0; k < columns; k++)
				assert_true(str_eq(csv_unguard(t.rows[i].cells[k]), in[i][k]));
		}
		buf_finish(&b);
	}
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_and_cells_come_as_written),
		cmocka_unit_test(empty_lines_are_passed_over_and_counted),
		cmocka_unit_test(short_rows_are_filled_and_empty_extras_cut),
		cmocka_unit_test(the_delimiter_is_found_by_consistency),
		cmocka_unit_test(a_given_delimiter_is_not_doubted),
		cmocka_unit_test(bad_files_are_refused_with_their_row),
		cmocka_unit_test(limits_hold),
		cmocka_unit_test(cells_are_quoted_when_they_must),
		cmocka_unit_test(formulas_are_guarded_and_numbers_are_not),
		cmocka_unit_test(what_is_written_is_read_back),
	};
	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
