/* Configuration files: everything arrives, or a line says why not. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/ini.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct arena *a;

static int
arena_up(void **state)
{
	(void)state;
	a = arena_create(16 << 20);
	return 0;
}

static int
arena_down(void **state)
{
	(void)state;
	arena_destroy(a);
	return 0;
}

static struct ini
reads(struct str text)
{
	struct ini i = {0};
	struct err e = {0};

	if (ini_read(a, text, "map.ini", &i, &e) != OK)
		fail_msg("refused: %s", e.text);
	return i;
}

static void
item_is(const struct ini *i, size_t k, size_t line, const char *section, const char *name,
	const char *value)
{
	assert_true(k < i->n);
	assert_int_equal(i->items[k].line, line);
	assert_true(str_is(i->items[k].section, section));
	assert_true(str_is(i->items[k].name, name));
	if (!str_is(i->items[k].value, value))
		fail_msg("got \"" STR_FMT "\", want \"%s\"", STR_ARG(i->items[k].value), value);
}

static void
items_come_in_order_with_their_lines(void **state)
{
	struct ini i = reads(S("\xef\xbb\xbf" "first=1\r\n\r\n; a comment\n# another\n[columns]\n"
		"  Doğum tarixi =  birth ; şəmsi = x  \n\tنام پدر=father\n[شخص]\nnames=a\nnames=b\n"
		"empty =\nurl = http://x/?a=b#c"));

	assert_int_equal(i.n, 7);
	item_is(&i, 0, 1, "", "first", "1");
	item_is(&i, 1, 6, "columns", "Doğum tarixi", "birth ; şəmsi = x");
	item_is(&i, 2, 7, "columns", "نام پدر", "father");
	item_is(&i, 3, 9, "شخص", "names", "a");
	item_is(&i, 4, 10, "شخص", "names", "b");
	item_is(&i, 5, 11, "شخص", "empty", "");
	item_is(&i, 6, 12, "شخص", "url", "http://x/?a=b#c");
	assert_ptr_equal(ini_find(&i, "شخص", "names"), &i.items[3]);
	assert_ptr_equal(ini_find(&i, "", "first"), &i.items[0]);
	assert_null(ini_find(&i, "columns", "names"));
	assert_int_equal(reads(S("")).n, 0);
	assert_int_equal(reads(S("\n;x\n")).n, 0);
	(void)state;
}

static void
long_values_arrive_whole_or_not_at_all(void **state)
{
	struct err e = {0};
	struct ini i;

	/* inih's own default would cut at 200. */
	for (size_t n = 4080; n < 4110; n++) {
		struct buf b;
		enum status s;
		buf_init(&b, 10000);
		buf_cstr(&b, "[s]\nn=");
		for (size_t k = 0; k < n; k++)
			buf_byte(&b, 'v');
		buf_cstr(&b, "\nm=1\n");
		s = ini_read(a, buf_str(&b), "map.ini", &i, &e);
		assert_int_equal(s, n + 2 <= 4093 ? OK : BAD);
		if (s == OK) {
			assert_int_equal(i.n, 2);
			assert_int_equal(i.items[0].value.n, n);
		} else {
			assert_true(str_has(str_of(e.text), "map.ini: line 2: "));
		}
		buf_finish(&b);
	}
	(void)state;
}

static void
what_cannot_be_read_is_told_by_its_line(void **state)
{
	static const struct { struct str text; const char *part; } v[] = {
		{S("a=1\nnonsense\n"), "line 2: neither"},
		{S("[open\na=1\n"), "line 1: not a section"},
		{S("[s] x\na=1\n"), "line 1: not a section"},
		{S("[01234567890123456789012345678901234567890123456789]\n"), "at most 49 bytes"},
		{S("=x\n"), "line 1: no name"},
		{S("a=1\nArrest: date = x\n"), "line 2: a \":\""},
		{S("a: x\n"), "line 1: a \":\""},
		{S("a=1\0\n"), "line 1: a NUL"},
		{S("a=\xff\n"), "not UTF-8"},
	};
	static char big[(1 << 20) + 1];
	struct ini i = {.n = 77};
	struct err e = {0};

	for (size_t k = 0; k < COUNT(v); k++) {
		assert_int_equal(ini_read(a, v[k].text, "map.ini", &i, &e), BAD);
		if (!str_starts(str_of(e.text), "map.ini: ") || !str_has(str_of(e.text), v[k].part))
			fail_msg("\"%s\" does not say \"%s\"", e.text, v[k].part);
	}
	memset(big, '\n', sizeof big);
	assert_int_equal(ini_read(a, (struct str){big, sizeof big}, "x", &i, &e), BAD);
	assert_int_equal(i.n, 77);
	assert_int_equal(reads(S("[0123456789012345678901234567890123456789012345678]\na=1")).n, 1);
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(items_come_in_order_with_their_lines),
		cmocka_unit_test(long_values_arrive_whole_or_not_at_all),
		cmocka_unit_test(what_cannot_be_read_is_told_by_its_line),
	};
	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
