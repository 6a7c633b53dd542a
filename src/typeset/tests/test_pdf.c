/* Files and the note in a PDF: there and back, and nothing else gets in. */
#include "tool.h"
#include "small_pdf.h"

static const char text[] = "We ask\n%%EOF\nstartxref\n9\n%%EOF\n";  /* to confuse */
static const uint8_t raw[] = {0, 255, 13, 10, 0, 128};

static struct arena *a;
static struct err e;
static struct typeset_file files[3];

static int
set_up(void **state)
{
	a = arena_create(256 << 20);
	files[0] = (struct typeset_file){S("text.fa.md"), S("text/markdown"),
		S("متن نامه 𝄞"), str_bytes(str_of(text))};
	files[1] = (struct typeset_file){S("manifest.cbor"), S("application/cbor"), S(""),
		BYTES(raw)};
	files[2] = (struct typeset_file){S("empty"), S("application/octet-stream"),
		S("Nothing (\\) in it"), {NULL, 0}};
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

static struct bytes
with_files(struct bytes base)
{
	struct bytes pdf;

	assert_int_equal(typeset_pdf_attach(a, base, LANG_FA, files, 3, &pdf, &e), OK);
	return pdf;
}

static struct bytes
with_note(struct bytes pdf, const char *note)
{
	struct bytes out;

	assert_int_equal(typeset_pdf_note(a, pdf, str_bytes(str_of(note)), &out, &e), OK);
	return out;
}

static struct bytes
whole(void)
{
	return with_note(with_files(small_pdf(a, "engine 1", "")), "signed\n");
}

static enum status
take_apart(struct bytes pdf, struct typeset_parts *ret)
{
	return typeset_pdf_files(a, pdf, ret, &e);
}

static struct bytes
joined(struct bytes x, struct bytes y)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	buf_put(&b, x.p, x.n);
	buf_put(&b, y.p, y.n);
	struct bytes ret = {arena_copy(a, b.p, b.n), b.n};
	buf_finish(&b);
	return ret;
}

static void
what_was_attached_comes_back(void **state)
{
	struct bytes base = small_pdf(a, "engine 1", ""), pdf = with_files(base);
	struct bytes all = with_note(pdf, "signed\n");
	struct typeset_parts p;

	assert_int_equal(take_apart(all, &p), OK);
	assert_int_equal(p.base_len, base.n);
	assert_int_equal(p.covered_len, pdf.n);
	assert_int_equal(p.lang, LANG_FA);
	assert_true(str_is(p.creator, "engine 1"));
	assert_int_equal(p.n_files, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_true(str_eq(p.files[i].name, files[i].name));
		assert_true(str_eq(p.files[i].mime, files[i].mime));
		assert_true(str_eq(p.files[i].description, files[i].description));
		assert_true(bytes_eq(p.files[i].data, files[i].data));
	}
	assert_true(p.has_note && str_is(bytes_str(p.note), "signed\n"));
	/* The bytes that were there stay. */
	assert_memory_equal(all.p, base.p, base.n);
	assert_memory_equal(all.p, pdf.p, pdf.n);
	(void)state;
}

static void
parts_may_be_missing(void **state)
{
	struct bytes base = small_pdf(a, "engine 1", ""), pdf = with_files(base);
	struct typeset_parts p;

	assert_int_equal(take_apart(base, &p), OK);
	assert_true(p.n_files == 0 && !p.has_note);
	assert_true(p.base_len == base.n && p.covered_len == base.n);
	assert_int_equal(take_apart(pdf, &p), OK);
	assert_true(p.n_files == 3 && !p.has_note);
	assert_true(p.base_len == base.n && p.covered_len == pdf.n);
	(void)state;
}

/* Whatever is changed is refused, or the note's signature answers for it. */
static void
every_changed_byte_is_found(void **state)
{
	struct bytes pdf = whole();
	uint8_t *p = arena_copy(a, pdf.p, pdf.n);
	struct typeset_parts good, now;
	size_t passed = 0;

	assert_int_equal(take_apart(pdf, &good), OK);
	size_t note = (size_t)(good.note.p - pdf.p);
	for (size_t i = 0; i < pdf.n; i++) {
		static const uint8_t masks[] = {1, 2, 4, 16, 32, 128, 255};
		for (size_t k = 0; k < sizeof masks; k++) {
			struct arena *b = arena_create(16 << 20);
			p[i] = pdf.p[i] ^ masks[k];
			if (typeset_pdf_files(b, (struct bytes){p, pdf.n}, &now, &e) == OK) {
				passed++;
				assert_int_equal(now.covered_len, good.covered_len);
				assert_true(i < good.covered_len
					|| (i >= note && i < note + good.note.n));
			}
			arena_destroy(b);
		}
		p[i] = pdf.p[i];
	}
	assert_true(passed > 0);
	(void)state;
}

static void
every_cut_is_found(void **state)
{
	struct bytes pdf = whole();
	struct typeset_parts good, p;

	assert_int_equal(take_apart(pdf, &good), OK);
	for (size_t n = 0; n < pdf.n; n++) {
		bool at_an_end = n == good.base_len || n == good.covered_len;
		/* On memory of its own, so that the sanitizer sees reads behind it. */
		uint8_t *copy = mem_alloc(n, 1);
		memcpy(copy, pdf.p, n);
		assert_int_equal(take_apart((struct bytes){copy, n}, &p), at_an_end ? OK : BAD);
		mem_free(copy);
	}
	(void)state;
}

static void
nothing_may_follow_or_come_between(void **state)
{
	struct bytes base = small_pdf(a, "engine 1", ""), pdf = with_files(base);
	struct bytes all = with_note(pdf, "signed\n"), other = with_note(pdf, "other\n");
	struct bytes update = {all.p + pdf.n, all.n - pdf.n};
	struct bytes files_update = {pdf.p + base.n, pdf.n - base.n};
	struct typeset_parts p;
	struct bytes out;

	assert_int_equal(take_apart(joined(all, str_bytes(S("\n"))), &p), BAD);
	assert_int_equal(take_apart(joined(all, str_bytes(S("%%EOF\n"))), &p), BAD);
	assert_int_equal(take_apart(joined(str_bytes(S("\n")), all), &p), BAD);
	/* A second note, the same or another; the files twice; a note without files. */
	assert_int_equal(take_apart(joined(all, update), &p), BAD);
	assert_int_equal(take_apart(joined(all, (struct bytes){other.p + pdf.n, other.n - pdf.n}),
		&p), BAD);
	assert_int_equal(take_apart(joined(pdf, files_update), &p), BAD);
	assert_int_equal(take_apart(joined(base, update), &p), BAD);
	assert_int_equal(typeset_pdf_note(a, all, BYTES(raw), &out, &e), BAD);
	assert_int_equal(typeset_pdf_note(a, base, BYTES(raw), &out, &e), BAD);
	assert_int_equal(typeset_pdf_attach(a, pdf, LANG_EN, files, 1, &out, &e), BAD);
	(void)state;
}

/* The shadow attack: an update that a viewer obeys and the note does not cover. */
static void
an_update_by_another_program_is_refused(void **state)
{
	static const char page[] = "2 0 obj\n<< /Type /Page\n   /Parent 1 0 R\n"
		"   /MediaBox [ 0 0 10 10 ]\n>>\nendobj\n";
	struct bytes all = whole();
	struct typeset_parts p;
	int code;

	/* All as the format wants it, the former table found where it is. */
	struct str tail = str_from(bytes_str(all), all.n - 40);
	tail = str_from(tail, (size_t)((char *)memmem(tail.p, tail.n, "startxref", 9) - tail.p)
		+ 10);
	struct str update = str_fmt(a, "%sxref\n2 1\n%010zu 00000 n \ntrailer\n<< /Size 13 /Root "
		"4 0 R /Info 3 0 R /Prev " STR_FMT " >>\nstartxref\n%zu\n%%%%EOF\n", page, all.n,
		STR_ARG(str_upto(tail, str_find(tail, '\n'))), all.n + strlen(page));
	struct bytes attacked = joined(all, str_bytes(update));
	assert_int_equal(take_apart(attacked, &p), BAD);
	if (!tool_is_here("qpdf"))
		return;
	struct str s = tool_run(a, attacked, "qpdf --show-object=2 $1", &code);
	assert_int_equal(code, 0);
	assert_true(str_has(s, "[ 0 0 10 10 ]"));       /* others do obey it */
	(void)state;
}

static void
pages_that_act_are_refused(void **state)
{
	struct typeset_parts p;

	assert_int_equal(take_apart(small_pdf(a, "x", "   /OpenAction 2 0 R\n"), &p), BAD);
	assert_int_equal(take_apart(small_pdf(a, "x", "   /AcroForm 2 0 R\n"), &p), BAD);
	assert_int_equal(take_apart(small_pdf(a, "x", "   /Names 2 0 R\n"), &p), BAD);
	assert_int_equal(take_apart(small_pdf(a, "x", "   /StructTreeRoot 2 0 R\n"), &p), OK);
	assert_int_equal(take_apart(str_bytes(S("%PDF-1.5\nhello")), &p), BAD);
	assert_int_equal(take_apart((struct bytes){NULL, 0}, &p), BAD);
	(void)state;
}

static void
names_types_and_descriptions_have_forms(void **state)
{
	static const struct typeset_file wrong[] = {
		{{"", 0}, {"text/plain", 10}, {"", 0}, {NULL, 0}},
		{{"a b", 3}, {"text/plain", 10}, {"", 0}, {NULL, 0}},
		{{"../x", 4}, {"text/plain", 10}, {"", 0}, {NULL, 0}},
		{{".x", 2}, {"text/plain", 10}, {"", 0}, {NULL, 0}},
		{{"x)", 2}, {"text/plain", 10}, {"", 0}, {NULL, 0}},
		{{"note.txt", 8}, {"text/plain", 10}, {"", 0}, {NULL, 0}},
		{{"x", 1}, {"text", 4}, {"", 0}, {NULL, 0}},
		{{"x", 1}, {"text/", 5}, {"", 0}, {NULL, 0}},
		{{"x", 1}, {"Text/plain", 10}, {"", 0}, {NULL, 0}},
		{{"x", 1}, {"a/b/c", 5}, {"", 0}, {NULL, 0}},
		{{"x", 1}, {"text/plain", 10}, {"a\nb", 3}, {NULL, 0}},
		{{"x", 1}, {"text/plain", 10}, {"\xff", 1}, {NULL, 0}},
	};
	struct bytes base = small_pdf(a, "x", ""), out = {NULL, 7};

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(typeset_pdf_attach(a, base, LANG_EN, &wrong[i], 1, &out, &e),
			BAD);
	struct typeset_file twice[] = {files[0], files[1], files[0]};
	assert_int_equal(typeset_pdf_attach(a, base, LANG_EN, twice, 3, &out, &e), BAD);
	assert_int_equal(typeset_pdf_attach(a, base, LANG_EN, files, 0, &out, &e), BAD);
	assert_int_equal(out.n, 7);
	(void)state;
}

static void
bases_are_compared_and_engines_asked_when_they_differ(void **state)
{
	struct bytes pdf = whole(), again = small_pdf(a, "engine 1", "");
	enum typeset_same same = TYPESET_DIFFER;

	assert_int_equal(typeset_compare(a, pdf, again, &same, &e), OK);
	assert_int_equal(same, TYPESET_EQUAL);
	again = small_pdf(a, "engine 2", "");
	assert_int_equal(typeset_compare(a, pdf, again, &same, &e), OK);
	assert_int_equal(same, TYPESET_NOT_COMPARED);
	again = small_pdf(a, "engine 1", "   /StructTreeRoot 2 0 R\n");
	assert_int_equal(typeset_compare(a, pdf, again, &same, &e), OK);
	assert_int_equal(same, TYPESET_DIFFER);
	assert_int_equal(typeset_compare(a, pdf, BYTES(raw), &same, &e), BAD);
	(void)state;
}

static void
a_thousand_files_are_read_back(void **state)
{
	struct typeset_file *v = NEWS(a, struct typeset_file, TYPESET_MAX_FILES);
	struct typeset_parts p;
	struct bytes pdf;

	for (size_t i = 0; i < TYPESET_MAX_FILES; i++)
		v[i] = (struct typeset_file){str_fmt(a, "f%zu", (i * 7919) % TYPESET_MAX_FILES),
			S("text/plain"), S("x"), BYTES(raw)};
	assert_int_equal(typeset_pdf_attach(a, small_pdf(a, "x", ""), LANG_EN, v,
		TYPESET_MAX_FILES, &pdf, &e), OK);
	assert_int_equal(take_apart(with_note(pdf, "n"), &p), OK);
	assert_int_equal(p.n_files, TYPESET_MAX_FILES);
	assert_true(str_is(p.files[1].name, "f919"));
	(void)state;
}

static void
qpdf_and_poppler_see_the_same_files(void **state)
{
	struct bytes pdf = whole();
	int code;

	if (!tool_is_here("qpdf") || !tool_is_here("pdfdetach"))
		skip();
	struct str s = tool_run(a, pdf, "qpdf --check $1", &code);
	assert_int_equal(code, 0);
	assert_true(str_has(s, "No syntax or stream encoding errors"));
	s = tool_run(a, pdf, "qpdf --list-attachments $1", &code);
	assert_int_equal(code, 0);
	assert_true(str_starts(s, "empty -> "));        /* the tree is in order */
	s = tool_run(a, pdf, "pdfdetach -list $1", &code);
	assert_int_equal(code, 0);
	assert_true(str_has(s, "4 embedded files") && str_has(s, "text.fa.md")
		&& str_has(s, "manifest.cbor") && str_has(s, "note.txt"));
	s = tool_run(a, pdf, "pdfdetach -savefile text.fa.md -o /dev/stdout $1 | head -c 8",
		&code);
	assert_true(str_is(s, "We ask\n%"));
	s = tool_run(a, pdf, "pdfinfo $1", &code);
	assert_int_equal(code, 0);
	assert_true(str_has(s, "Pages:           1"));
	(void)state;
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(what_was_attached_comes_back), T(parts_may_be_missing),
		T(every_changed_byte_is_found), T(every_cut_is_found),
		T(nothing_may_follow_or_come_between),
		T(an_update_by_another_program_is_refused), T(pages_that_act_are_refused),
		T(names_types_and_descriptions_have_forms),
		T(bases_are_compared_and_engines_asked_when_they_differ),
		T(a_thousand_files_are_read_back), T(qpdf_and_poppler_see_the_same_files),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
