/* Drawing, by the helper.  Its directory is the first argument. */
#include "tool.h"
#include <math.h>
#include "sample.h"

static struct arena *a;
static struct err e;

static int
set_up(void **state)
{
	a = arena_create((size_t)1 << 30);
	(void)state;
	return 0;
}

static int
tear_down(void **state)
{
	arena_destroy(a);
	(void)state;
	return 0;
}

static struct typeset_drawn
drawn(const struct typeset_doc *d)
{
	struct typeset_drawn r = {0};

	if (typeset_pdf(a, d, &r, &e) != OK)
		fail_msg("%s", e.text);
	return r;
}

static struct str
page_of(const struct typeset_doc *d, bool fragment)
{
	struct typeset_drawn r = {0};

	if (typeset_html(a, d, fragment, &r, &e) != OK)
		fail_msg("%s", e.text);
	return bytes_str(r.bytes);
}

static struct str
text_of(struct bytes pdf)
{
	int code;
	struct str s = tool_run(a, pdf, "pdftotext $1 -", &code);

	assert_int_equal(code, 0);
	return s;
}

static size_t
count(struct str s, const char *what)
{
	size_t n = 0;

	for (const char *at; (at = memmem(s.p, s.n, what, strlen(what))); n++)
		s = str_from(s, (size_t)(at - s.p) + strlen(what));
	return n;
}

static void
two_runs_give_the_same_bytes(void **state)
{
	for (enum lang l = 0; l < LANG_COUNT; l++) {
		struct typeset_doc d = sample_letter(a, l, 60);
		struct typeset_drawn x = drawn(&d), y = drawn(&d);
		assert_true(bytes_eq(x.bytes, y.bytes));
		assert_true(str_eq(x.engine, y.engine));
		assert_int_equal(x.no_glyph, 0);
		assert_true(x.pages >= 4);
	}
	(void)state;
}

static void
only_the_faces_we_ship_by_are_in_it(void **state)
{
	struct typeset_doc d = sample_letter(a, LANG_FA, 60);
	struct typeset_drawn r = drawn(&d);
	int code;

	if (!tool_is_here("pdffonts"))
		skip();
	struct str s = tool_run(a, r.bytes, "pdffonts $1 | tail -n +3 | grep -vE "
		"'NotoNaskhArabic|GentiumPlus|NotoSans' || true", &code);
	assert_true(str_is(s, ""));
	s = tool_run(a, r.bytes, "pdffonts $1", &code);
	assert_true(str_has(s, "NotoNaskhArabic-Regular") && str_has(s, "NotoSansMono"));
	(void)state;
}

static void
the_text_can_be_taken_out_again(void **state)
{
	struct typeset_doc d = sample_letter(a, LANG_EN, 60);
	struct str s;

	if (!tool_is_here("pdftotext"))
		skip();
	s = text_of(drawn(&d).bytes);
	assert_true(str_has(s, "We have the honour to draw your attention"));
	assert_true(str_has(s, "On 2020-03-09 the judiciary"));
	assert_true(str_has(s, "+98 21 5550 1234"));
	assert_true(str_has(s, "Aynur Qaradağlı"));
	assert_true(str_has(s, "Page 1 of 5") && str_has(s, "Page 5 of 5"));
	assert_int_equal(count(s, "Name in other scripts"), 2);   /* on each page of the table */
	d = sample_letter(a, LANG_FA, 60);
	s = text_of(drawn(&d).bytes);
	assert_true(str_has(s, "2020-03-09"));
	assert_true(str_has(s, "+98 21 5550 1234"));
	assert_true(str_has(s, "HB/2020/17"));
	assert_true(str_has(s, "زندان"));
	(void)state;
}

static void
files_of_a_real_letter_are_read_back(void **state)
{
	struct typeset_doc d = sample_letter(a, LANG_AZ, 30);
	struct typeset_drawn r = drawn(&d);
	struct typeset_file f = {S("text.az.md"), S("text/markdown"), S("Mətn"),
		str_bytes(d.body)};
	struct typeset_parts p;
	struct bytes pdf, all;
	enum typeset_same same;
	int code;

	assert_int_equal(typeset_pdf_attach(a, r.bytes, LANG_AZ, &f, 1, &pdf, &e), OK);
	assert_int_equal(typeset_pdf_note(a, pdf, str_bytes(S("note\n")), &all, &e), OK);
	assert_int_equal(typeset_pdf_files(a, all, &p, &e), OK);
	assert_int_equal(p.base_len, r.bytes.n);
	assert_true(str_eq(p.creator, r.engine));
	assert_int_equal(typeset_compare(a, all, drawn(&d).bytes, &same, &e), OK);
	assert_int_equal(same, TYPESET_EQUAL);
	d.title = S("Another");
	assert_int_equal(typeset_compare(a, all, drawn(&d).bytes, &same, &e), OK);
	assert_int_equal(same, TYPESET_DIFFER);
	if (!tool_is_here("qpdf") || !tool_is_here("pdfinfo"))
		return;
	tool_run(a, all, "qpdf --check $1", &code);
	assert_int_equal(code, 0);
	struct str s = tool_run(a, all, "pdfinfo $1", &code);
	assert_true(str_has(s, "Epidemiya təhlükəsi altında"));
	assert_true(str_has(s, "Mar 27 00:00:00 2020"));
	s = tool_run(a, all, "pdfdetach -savefile text.az.md -o /dev/stdout $1", &code);
	assert_true(str_eq(s, d.body));
	/* Another program may still add a file; then it is no longer as we made it. */
	s = tool_run(a, all, "qpdf $1 --add-attachment $1 --key=x -- /dev/stdout", &code);
	assert_int_equal(code, 0);
	assert_int_equal(typeset_pdf_files(a, str_bytes(s), &p, &e), BAD);
	(void)state;
}

static void
html_fetches_nothing_and_runs_nothing(void **state)
{
	struct typeset_doc d = sample_letter(a, LANG_FA, 3);
	struct typeset_cell *cells = NEWS(a, struct typeset_cell, 18);
	struct typeset_annex x = *d.annexes;
	struct str s;

	memcpy(cells, x.cells, 18 * sizeof *cells);
	cells[1].text = S("<script>alert(1)</script> \"&'");
	cells[7].text = S("a\xe2\x80\xae" "b\xe2\x81\xa7" "c");     /* RLO, RLI */
	x.cells = cells;
	d.annexes = &x;
	d.title = S("</title><script>x</script>");
	s = page_of(&d, false);
	assert_true(str_starts(s, "<!DOCTYPE html>\n<html lang=\"fa\" dir=\"rtl\">"));
	assert_false(str_has(s, "<script") || str_has(s, "src=") || str_has(s, "url(")
		|| str_has(s, "<link") || str_has(s, "@import") || str_has(s, "href"));
	assert_true(str_has(s, "<bdi>&lt;script&gt;alert(1)&lt;/script&gt; &quot;&amp;&#39;</bdi>"));
	assert_true(str_has(s, "<bdi>ab<bdi>c</bdi></bdi>"));
	assert_true(str_has(s, "<bdi dir=\"ltr\">2020-03-09</bdi>"));
	assert_int_equal(count(s, "<style>"), 1);
	assert_int_equal(count(s, "<bdi"), count(s, "</bdi>"));
	assert_int_equal(count(s, "<p"), count(s, "</p"));
	assert_int_equal(count(s, "<li>"), count(s, "</li>"));
	s = page_of(&d, true);
	assert_true(str_starts(s, "<article class=\"letter\" lang=\"fa\" dir=\"rtl\">"));
	assert_false(str_has(s, "<style") || str_has(s, "<html"));
	(void)state;
}

static void
a_letter_is_plain_markdown(void **state)
{
	static const struct {
		const char *text, *error;       /* NULL: it passes */
		size_t numbered;
	} t[] = {
		{"Hello *you*, [there](https://example.org), `AB-1` and **more**.", NULL, 0},
		{"# A\n\n1. one\n2. two\n\n## B\n\n3. three\n\n   - a\n   - b\n\n> q\n", NULL, 3},
		{"", NULL, 0},
		{"1. one\n\n# B\n\n1. two\n", "letter.fa.md: line 5: paragraph number 1; the "
			"numbers run on through the letter: write 2", 0},
		{"2. one\n", "letter.fa.md: line 1: paragraph number 2", 0},
		{"a\n\n<div>b</div>\n", "letter.fa.md: line 3: raw HTML", 0},
		{"a <b>c</b>\n", "letter.fa.md: line 1: raw HTML", 0},
		{"a\n\n![x](y.png)\n", "letter.fa.md: line 3: a picture", 0},
		{"a\n\n---\n", "letter.fa.md: line 3: a rule", 0},
		{"a\n\n    code\n", "letter.fa.md: line 3: an indented", 0},
		{"a\n\xe2\x80\xae" "b\n", "letter.fa.md: line 2: the direction control U+202E", 0},
		{"a\n\x1b[2J\n", "letter.fa.md: line 2: the control character U+001B", 0},
		{"\xff", "letter.fa.md: not UTF-8", 0},
		{">>>>>>> deep\n", "letter.fa.md: line 1: lists or quotes more than 6 deep", 0},
	};

	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		size_t numbered = 99;
		enum status s = typeset_markdown_check(a, "letter.fa.md", str_of(t[i].text),
			&numbered, &e);
		if (s != OK && !t[i].error)
			fail_msg("%s", e.text);
		assert_int_equal(s, t[i].error ? BAD : OK);
		if (!t[i].error)
			assert_int_equal(numbered, t[i].numbered);
		else if (!str_starts(str_of(e.text), t[i].error))
			fail_msg("%s", e.text);
	}
	(void)state;
}

static struct str
repeated(const char *what, size_t bytes)
{
	struct buf b;

	buf_init(&b, bytes + 64);
	while (b.n + strlen(what) <= bytes)
		buf_cstr(&b, what);
	struct str s = str_dup(a, buf_str(&b));
	buf_finish(&b);
	return s;
}

static void
hostile_markdown_is_refused_or_drawn_soon(void **state)
{
	static const struct {
		const char *what;
		size_t bytes;
		enum status want;
	} t[] = {
		{"x ", TYPESET_MAX_MARKDOWN, BAD},              /* one paragraph */
		{"x", TYPESET_MAX_PARAGRAPH - 1, OK},           /* one word, over pages */
		{"\xd8\xa8\xe2\x80\x8c", 8000, OK},            /* letters with ZWNJ */
		{">", 16000, BAD},
		{"- ", 16000, BAD},
		{"*a ", 8000, OK}, {"[", 16000, OK}, {"`a ", 16000, OK}, {"**a*", 16000, OK},
		{"1. x\n\n", 60000, OK},                        /* 10,000 numbered paragraphs */
		{"<b>", 1000, BAD},
		{"\xcc\x81", 8000, OK},                        /* nothing but accents */
	};

	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct typeset_doc d = {.lang = LANG_FA, .body = repeated(t[i].what, t[i].bytes)};
		struct typeset_drawn r = {0};
		int64_t start = os_clock_ms();
		enum status s = typeset_pdf(a, &d, &r, &e);
		print_message("%zu: %d, %zu pages, %d ms\n", i, s, r.pages,
			(int)(os_clock_ms() - start));
		if (s != t[i].want)
			fail_msg("%zu: %s", i, e.text);
	}
	(void)state;
}

static void
an_empty_document_and_an_empty_annex_are_drawn(void **state)
{
	struct typeset_doc d = {.lang = LANG_EN}, f = sample_letter(a, LANG_EN, 0);
	struct typeset_annex bare = {.title = S("Annex")};

	assert_int_equal(drawn(&d).pages, 1);
	d.annexes = &bare;
	d.n_annexes = 1;
	assert_int_equal(drawn(&d).pages, 1);
	page_of(&d, false);
	assert_true(str_has(page_of(&f, false), "(no entries)"));
	if (tool_is_here("pdftotext"))
		assert_true(str_has(text_of(drawn(&f).bytes), "(no entries)"));
	(void)state;
}

static void
a_cell_longer_than_a_page_goes_on_the_next(void **state)
{
	struct typeset_doc d = sample_letter(a, LANG_EN, 3);
	struct typeset_cell *cells = NEWS(a, struct typeset_cell, 18);
	struct typeset_annex x = *d.annexes;
	struct str *columns = NEWS(a, struct str, 6);

	memcpy(cells, x.cells, 18 * sizeof *cells);
	memcpy(columns, x.columns, 6 * sizeof *columns);
	cells[8].text = repeated("word ", 15000);
	cells[9].text = repeated("unbreakable", 5000);
	columns[3] = repeated("Heading ", 5000);
	x.cells = cells;
	x.columns = columns;
	d.annexes = &x;
	struct typeset_drawn r = drawn(&d);
	assert_true(r.pages > 5);
	if (tool_is_here("pdftotext"))
		assert_int_equal(count(text_of(r.bytes), "word"), 3000);
	(void)state;
}

static void
an_annex_of_many_columns_is_turned(void **state)
{
	struct typeset_doc d = sample_letter(a, LANG_EN, 12);
	const struct typeset_annex *one = d.annexes;
	struct typeset_annex x[2] = {*one, *one};
	struct str *columns = NEWS(a, struct str, 12);
	struct typeset_cell *cells = NEWS(a, struct typeset_cell, 72);

	for (size_t i = 0; i < 12; i++)
		columns[i] = one->columns[i % 6];
	memcpy(cells, one->cells, 72 * sizeof *cells);
	x[0].columns = columns;
	x[0].n_columns = 12;
	x[0].cells = cells;
	x[0].n_rows = 6;
	d.annexes = x;
	d.n_annexes = 2;
	struct typeset_drawn r = drawn(&d);
	int code;
	if (!tool_is_here("pdfinfo"))
		skip();
	struct str s = tool_run(a, r.bytes, "pdfinfo -f 1 -l 99 $1", &code);
	assert_true(str_has(s, "Page    1 size:  595.28 x 841.89 pts (A4)"));
	assert_true(str_has(s, "Page    3 size:  841.89 x 595.28 pts (A4)"));
	assert_true(str_has(s, "Page    4 size:  595.28 x 841.89 pts (A4)"));
	assert_true(str_has(text_of(r.bytes), "Aynur Qaradağlı"));
	(void)state;
}

static void
a_long_annex_is_drawn(void **state)
{
	struct typeset_doc d = sample_letter(a, LANG_FA, 5000);
	int64_t start = os_clock_ms();
	struct typeset_drawn r = drawn(&d);

	print_message("5,000 rows: %zu pages, %zu bytes, %d ms\n", r.pages, r.bytes.n,
		(int)(os_clock_ms() - start));
	assert_true(r.pages > 100);
	(void)state;
}

static void
characters_without_glyph_are_counted(void **state)
{
	struct typeset_doc d = {.lang = LANG_EN, .body = S("Name: \xe6\xbc\xa2\xe5\xad\x97")};

	assert_int_equal(drawn(&d).no_glyph, 2);
	(void)state;
}

static void
without_fonts_it_says_which_package(void **state)
{
	const char *const argv[] = {"engine", NULL};
	const struct os_helper h = {.name = "typeset-without-fonts", .argv = argv,
		.limit_bytes = (size_t)1 << 30, .max_output_bytes = 1 << 20,
		.limit_seconds = 20};
	struct bytes out;

	assert_int_equal(os_run_helper(a, &h, (struct bytes){NULL, 0}, &out, &e), FAIL);
	assert_true(str_has(str_of(e.text),
		"NotoNaskhArabic-Regular.ttf: cannot be read; install the Debian package "
		"fonts-noto-core"));
	(void)state;
}

static void
the_engine_names_libraries_and_fonts(void **state)
{
	struct str s;

	assert_int_equal(typeset_engine(a, &s, &e), OK);
	assert_true(str_has(s, "pango 1.") && str_has(s, "cairo 1.")
		&& str_has(s, "GentiumPlus-Regular ") && str_has(s, "fonts "));
	(void)state;
}

/* Every kind with what could break it: nothing to draw, gaps, infinite ends, one point,
 * logarithms of nothing. */
static void
charts_are_drawn_whatever_they_hold(void **state)
{
	static const double x[] = {1, 2, 3}, y[] = {-4, NAN, 6}, y2[] = {5, 6, INFINITY};
	static const double huge[] = {1e300, -1e300, 0}, same[] = {7, 7, 7};
	const struct typeset_series series[] = {
		{S("a"), TYPESET_SOLID, 0, x, y, NULL, 3}, {S("b"), TYPESET_BAND, 1, x, y, y2, 3},
		{S("c"), TYPESET_DOTS, 2, x, huge, NULL, 3}, {S("d"), TYPESET_DASHED, 3, same, same,
		NULL, 3}, {S("e"), TYPESET_THIN, 4, x, y, NULL, 0},
	};
	const struct typeset_row rows[] = {{S("یک"), S("withheld"), NAN, NAN, NAN, true},
		{S("two"), S(""), 1, 2, INFINITY, false}};
	const struct typeset_set sets[] = {{S("A"), 3}, {S("B"), NAN}};
	const struct typeset_cell_of_sets cells[] = {{3, 2}, {1, INFINITY}, {2, 0}};
	struct typeset_drawn r, again;

	for (unsigned kind = 0; kind < TYPESET_CHART_KINDS; kind++)
		for (unsigned how = 0; how < 8; how += how ? 1 : 6) {      /* 0, 6, 7 */
			struct typeset_chart c = {.lang = how % 2 ? LANG_FA : LANG_AZ, .title = S("chart"),
				.kind = (enum typeset_chart_kind)kind, .log_x = how & 2, .log_y = how & 2};
			if (how & 4) {
				c.series = series;
				c.n_series = 5;
				c.rows = rows;
				c.n_rows = 2;
				c.sets = sets;
				c.n_sets = 2;
				c.cells = cells;
				c.n_cells = 3;
			}
			if (typeset_chart_png(a, &c, &r, &e) != OK)
				fail_msg("%s", e.text);
			assert_true(r.bytes.n > 100 && memcmp(r.bytes.p, "\x89PNG\r\n", 6) == 0);
			if (how < 7)
				continue;
			assert_int_equal(typeset_chart_png(a, &c, &again, &e), OK);
			assert_true(bytes_eq(r.bytes, again.bytes));
		}
	(void)state;
}

int
main(int argc, char **argv)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(two_runs_give_the_same_bytes), T(only_the_faces_we_ship_by_are_in_it),
		T(the_text_can_be_taken_out_again), T(files_of_a_real_letter_are_read_back),
		T(html_fetches_nothing_and_runs_nothing), T(a_letter_is_plain_markdown),
		T(hostile_markdown_is_refused_or_drawn_soon),
		T(an_empty_document_and_an_empty_annex_are_drawn),
		T(a_cell_longer_than_a_page_goes_on_the_next), T(an_annex_of_many_columns_is_turned), T(a_long_annex_is_drawn),
		T(characters_without_glyph_are_counted), T(without_fonts_it_says_which_package),
		T(the_engine_names_libraries_and_fonts), T(charts_are_drawn_whatever_they_hold),
	};

	if (argc != 2)
		return BAD;
	os_helpers_at(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
