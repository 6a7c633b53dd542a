/* The document as CBOR: there and back; what is not one is refused. */
#include "tool.h"
#include "sample.h"

static struct arena *a;
static struct err e;

static struct bytes
encoded(const struct typeset_doc *d)
{
	struct buf b;

	buf_init(&b, TYPESET_MAX_REQUEST + 1024);
	typeset_doc_put(&b, d);
	assert_false(b.over);
	struct bytes ret = {arena_copy(a, b.p, b.n), b.n};
	buf_finish(&b);
	return ret;
}

static void
a_document_comes_back_whole(void **state)
{
	a = arena_create(256 << 20);
	for (enum lang l = 0; l < LANG_COUNT; l++) {
		struct typeset_doc d = sample_letter(a, l, 20), back;
		struct bytes b = encoded(&d);
		assert_int_equal(typeset_doc_get(a, b, &back, &e), OK);
		assert_int_equal(back.lang, l);
		assert_int_equal(back.annexes[0].n_rows, 20);
		assert_int_equal(back.annexes[0].cells[5].dir, TYPESET_CODE);
		assert_true(bytes_eq(encoded(&back), b));
	}
	arena_destroy(a);
	(void)state;
}

static void
an_empty_document_is_one(void **state)
{
	struct typeset_doc d = {0}, back;

	a = arena_create(1 << 20);
	assert_int_equal(typeset_doc_get(a, encoded(&d), &back, &e), OK);
	assert_int_equal(back.n_annexes, 0);
	arena_destroy(a);
	(void)state;
}

static void
a_damaged_request_is_refused_or_read_but_never_obeyed(void **state)
{
	a = arena_create(256 << 20);
	struct typeset_doc d = sample_letter(a, LANG_AZ, 1), back;
	struct bytes b = encoded(&d);
	size_t refused = 0;

	for (size_t n = 0; n < b.n; n++) {
		struct arena *c = arena_create(16 << 20);
		uint8_t *copy = mem_alloc(n, 1);
		memcpy(copy, b.p, n);
		assert_int_equal(typeset_doc_get(c, (struct bytes){copy, n}, &back, &e), BAD);
		mem_free(copy);
		arena_destroy(c);
	}
	uint8_t *p = arena_copy(a, b.p, b.n);
	for (size_t i = 0; i < b.n; i++) {
		struct arena *c = arena_create(16 << 20);
		p[i] ^= 0x41;
		refused += typeset_doc_get(c, (struct bytes){p, b.n}, &back, &e) == BAD;
		p[i] ^= 0x41;
		arena_destroy(c);
	}
	assert_true(refused > 100);
	arena_destroy(a);
	(void)state;
}

static void
what_is_too_much_is_refused_by_name(void **state)
{
	a = arena_create(256 << 20);
	struct typeset_doc d = sample_letter(a, LANG_EN, 0), back;
	struct typeset_annex x = {.n_columns = TYPESET_MAX_COLUMNS + 1};
	struct str *columns = NEWS(a, struct str, x.n_columns);
	char *big = arena_alloc(a, TYPESET_MAX_MARKDOWN + 1, 1);

	for (size_t i = 0; i < x.n_columns; i++)
		columns[i] = S("c");
	x.columns = columns;
	d.annexes = &x;
	assert_int_equal(typeset_doc_get(a, encoded(&d), &back, &e), BAD);
	assert_true(str_is(str_of(e.text), "annex: columns: 17; at most 16"));
	d = sample_letter(a, LANG_EN, 0);
	memset(big, 'x', TYPESET_MAX_MARKDOWN + 1);
	d.body = (struct str){big, TYPESET_MAX_MARKDOWN + 1};
	assert_int_equal(typeset_doc_get(a, encoded(&d), &back, &e), BAD);
	d = sample_letter(a, LANG_EN, 0);
	d.created = -1;
	assert_int_equal(typeset_doc_get(a, encoded(&d), &back, &e), BAD);
	arena_destroy(a);
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_document_comes_back_whole),
		cmocka_unit_test(an_empty_document_is_one),
		cmocka_unit_test(a_damaged_request_is_refused_or_read_but_never_obeyed),
		cmocka_unit_test(what_is_too_much_is_refused_by_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
