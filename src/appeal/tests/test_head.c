/* A letter as somebody writes it: what is wrong is said with file and line. */
#include "world.h"

static const char *dir;

static int
make_letter(void **state)
{
	if (make_world(state))
		return -1;
	for (int o = 0; o < LODOS; o++)
		make_register(o);
	dir = at("letter");
	write_letter(dir);
	return 0;
}

static const char *
in_dir(const char *name)
{
	return str_cstr(a, str_fmt(a, "%s/%s", dir, name));
}

/* The file with one thing changed is refused and says so; then it is put back. */
static void
refused(const char *name, const char *what, const char *with, const char *says)
{
	struct str s = read_text(in_dir(name));
	const char *p = memmem(s.p, s.n, what, strlen(what));
	struct letter l;

	if (!p)
		fail_msg("%s has no \"%s\"", name, what);
	size_t n = (size_t)(p - s.p);
	struct str changed = str_fmt(a, STR_FMT "%s" STR_FMT, STR_ARG(str_upto(s, n)), with,
		STR_ARG(str_from(s, n + strlen(what))));
	assert_ok(os_write_file(in_dir(name), str_bytes(changed), 0644, &e));
	assert_status(BAD, letter_read(a, dir, &l, &e));
	assert_says(name);
	assert_says(says);
	assert_ok(os_write_file(in_dir(name), str_bytes(s), 0644, &e));
}

static void
the_example_is_read(void **state)
{
	struct letter l;

	(void)state;
	assert_ok(letter_read(a, dir, &l, &e));
	assert_true(str_is(l.name, "release-2020"));
	assert_int_equal(l.date.first, 18348);
	assert_true(l.has[LANG_EN] && l.has[LANG_FA] && l.has[LANG_AZ] && !l.has[LANG_AZB]);
	assert_true(str_is(l.addressees[LANG_EN], "The Secretary-General\nUnited Nations\nNew York"));
	assert_true(str_is(l.parties[2].name[LANG_AZ], "Araz Həbs Reyestri"));
	assert_true(str_is(l.annexes[1].query, "status=dead on=2020-03-27"));
}

static void
what_is_wrong_in_the_head_is_said_with_its_line(void **state)
{
	static const char head[] = "head.ini";
	char root[80];

	(void)state;
	snprintf(root, sizeof root, "root = %s", str_cstr(a, root_line(NESIM)));
	refused(head, "name = release-2020", "name = Release", "line 5: name: write 1 to 64");
	refused(head, "date = 2020-03-27", "date = 2020-03", "line 6: date: must be one day");
	refused(head, "date = 2020-03-27", "date = 03/04/2020", "line 6: date: must be one day");
	refused(head, "date = 2020-03-27", "date = 2020-02-30", "line 6: ");
	refused(head, "date = 2020-03-27\n", "", "no date");
	refused(head, "authentic = en", "authentic = de", "line 7: authentic: no such language");
	refused(head, "authentic = en", "authentic = azb", "text.azb.md: there is none");
	refused(head, "title.az", "title.de", "title.de: no such key");
	refused(head, "title.az = ", "title.fa = ", "line 11: title.fa: stands here twice");
	refused(head, "title.az", "# title.az", "write title.az = ");
	refused(head, "place.en = Geneva", "place.en =", "is empty");
	refused(head, root, "root = RWQ", "root: not a root key");
	refused(head, root, str_cstr(a, str_fmt(a, "root = " STR_FMT, STR_ARG(root_line(BIRLIK)))),
		"the root key of a party before");
	refused(head, root, "", "[party 2]: no root");
	refused(head, "[party 3]", "[party 4]", "section [party 4]; what may follow is [party 3]");
	refused(head, "[annex 1]", "[annex A]", "section [annex A]");
	refused(head, "query = status=held", "query = status=hled", "line ");
	refused(head, "query = status=held", "query = colour=red", "line ");
	refused(head, "columns = name, birth-year", "columns = name, number", "column \"number\"");
	refused(head, "purpose = letter", "purpose = fame", "purpose \"fame\"");
	refused(head, "purpose = letter", "motive = letter", "motive: no such key");
}

static void
what_is_wrong_in_a_text_is_said_with_its_line(void **state)
{
	static const char en[] = "text.en.md", fa[] = "text.fa.md";

	(void)state;
	refused(en, "Excellency,\n", "Excellency,\n\n<b>Now</b>\n", "text.en.md: line 3: raw HTML");
	refused(en, "3. Annex 2", "4. Annex 2", "text.en.md: line 16: paragraph number 4");
	refused(en, "5. Rule 24", "6. Rule 24", "text.en.md: line 27: paragraph number 6");
	refused(en, "Excellency,\n", "Excellency,\xe2\x80\xae\n", "line 1: a control or invisible");
	refused(en, "Excellency,\n", "Excellency,\xff\n", "not UTF-8");
	refused(fa, "9. هر", "هر", "8 numbered paragraphs; text.en.md has 9");
}

static void
line_ends_and_a_mark_at_the_beginning_do_not_change_a_text(void **state)
{
	struct str s = read_text(in_dir("text.en.md"));
	struct letter l, m;
	struct buf b;

	(void)state;
	assert_ok(letter_read(a, dir, &l, &e));
	buf_init(&b, 1 << 20);
	buf_cstr(&b, "\xef\xbb\xbf");
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\n')
			buf_cstr(&b, " \r");
		buf_byte(&b, (uint8_t)s.p[i]);
	}
	assert_ok(os_write_file(in_dir("text.en.md"), buf_bytes(&b), 0644, &e));
	assert_ok(letter_read(a, dir, &m, &e));
	assert_true(str_eq(l.text[LANG_EN], m.text[LANG_EN]));
	assert_true(str_ends(m.text[LANG_EN], "consideration.\n"));
	assert_ok(os_write_file(in_dir("text.en.md"), str_bytes(s), 0644, &e));
	buf_finish(&b);
}

int
main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_example_is_read),
		cmocka_unit_test(what_is_wrong_in_the_head_is_said_with_its_line),
		cmocka_unit_test(what_is_wrong_in_a_text_is_said_with_its_line),
		cmocka_unit_test(line_ends_and_a_mark_at_the_beginning_do_not_change_a_text),
	};

	if (argc > 1)
		os_helpers_at(argv[1]);
	return cmocka_run_group_tests(tests, make_letter, drop_world);
}
