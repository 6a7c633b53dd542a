/* What pages stand on: decoding, escaping, sessions and tokens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>
#include "web/web_int.h"

static struct arena *a;

static int
begin(void **state)
{
	(void)state;
	a = arena_create(64 << 20);
	unsetenv("SOURCE_DATE_EPOCH");
	return 0;
}

static int
end(void **state)
{
	(void)state;
	arena_destroy(a);
	return 0;
}

static void
assert_str(struct str s, const char *want)
{
	assert_string_equal(str_cstr(a, s), want);
}

static void
a_target_is_language_path_and_parameters(void **state)
{
	struct request q = {.a = a, .lang = LANG_AZ};

	(void)state;
	assert_true(request_target(&q, S("/fa/letter/a%20b%2Fc+d?search=%C6%8Fli+x&on=&&b%26")));
	assert_int_equal(q.lang, LANG_FA);
	assert_true(q.lang_in_path);
	assert_str(q.path, "letter/a b/c+d");
	assert_int_equal(q.query.n, 3);
	assert_str(query_of(&q, "search"), "Əli x");
	assert_str(q.query.v[2].name, "b&");
	assert_str(request_here(&q), "letter/a%20b/c%2Bd?search=%C6%8Fli%20x&on=&b%26=");
}

static void
no_language_leaves_the_one_there_was(void **state)
{
	static const char *const paths[] = {"/", "/persons", "/azb/persons", "/xx/", "/faa/"};

	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct request q = {.a = a, .lang = LANG_AZ};
		assert_true(request_target(&q, str_of(paths[i])));
		assert_false(q.lang_in_path);
		assert_int_equal(q.lang, LANG_AZ);
	}
}

/* RFC 3986 section 2.1; RFC 3629 section 10 for the invalid UTF-8. */
static void
broken_encodings_are_refused(void **state)
{
	static const char *const bad[] = {"", "x", "/%", "/%2", "/%zz", "/%2g", "/%00", "/%ff",
		"/%c0%af", "/%ed%a0%80", "/?a=%", "/?%=1", "/?a=%00", "/?a=%f5%80%80%80", "/\xff"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct request q = {.a = a};
		assert_false(request_target(&q, str_of(bad[i])));
	}
}

static void
parameters_are_counted(void **state)
{
	struct request q = {.a = a}, r = {.a = a};
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	for (int i = 0; i < PARAMS_MOST; i++)
		buf_cstr(&b, "a=1&");
	assert_true(request_form(&q, buf_str(&b)));
	assert_int_equal(q.form.n, PARAMS_MOST);
	buf_cstr(&b, "a=1");
	assert_false(request_form(&r, buf_str(&b)));
	buf_finish(&b);
}

static void
inserted_text_is_nothing_but_text(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	html_value(&b, S("<a href=\"x\" id='y'>&amp;</a>"));
	assert_str(buf_str(&b), "<bdi>&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;"
		"</bdi>");
	buf_clear(&b);
	/* Overrides, isolates, marks, separators, C0 and C1 controls; ZWNJ stays. */
	html_text(&b, S("a\u202Eb\u2066c\u200Fd\u2028e\x01" "f\xc2\x85" "g\u061Ch\u200Ci"));
	assert_str(buf_str(&b), "abcdefgh\u200Ci");
	buf_finish(&b);
}

static void
spellings_are_isolated_and_cut_at_characters(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	html_names(&b, S("Əli · علی"), 0);
	assert_str(buf_str(&b), "<bdi>Əli</bdi> · <bdi>علی</bdi>");
	buf_clear(&b);
	html_names(&b, S("ƏƏƏ"), 3);
	assert_str(buf_str(&b), "<bdi>Ə</bdi>…");
	buf_clear(&b);
	html_says(&b, "%s <of> %s", (struct str[]){S("1"), S("<")}, 2);
	assert_str(buf_str(&b), "<bdi>1</bdi> &lt;of&gt; <bdi>&lt;</bdi>");
	buf_finish(&b);
}

static void
a_token_belongs_to_one_cookie_and_one_run(void **state)
{
	struct web w = {.key = {1}}, other = {.key = {2}};
	struct str token = csrf_token(&w, a, S("cookie"));

	(void)state;
	assert_true(csrf_right(&w, a, S("cookie"), token));
	assert_false(csrf_right(&w, a, S("cookie2"), token));
	assert_false(csrf_right(&other, a, S("cookie"), token));
	assert_false(csrf_right(&w, a, S("cookie"), S("")));
	assert_false(csrf_right(&w, a, S(""), csrf_token(&w, a, S(""))));
}

/* A session whose cookie is 64 zeros, as session_open() would have made it. */
static void
put_session(struct web *w, struct str cookie)
{
	seal_sha256(str_bytes(cookie), w->sessions[3].key);
	w->sessions[3].until = os_clock_ms() / 1000 + 60;
	w->sessions[3].until_wall = os_now() + 60;
}

static void
a_session_ends_by_either_clock(void **state)
{
	struct web w = {.o = {.session_minutes = 10}};
	struct str cookie = S("0000000000000000000000000000000000000000000000000000000000000000");

	(void)state;
	setenv("SOURCE_DATE_EPOCH", "1000000", 1);
	put_session(&w, cookie);
	assert_null(session_find(&w, S("")));
	assert_null(session_find(&w, str_upto(cookie, 63)));
	assert_ptr_equal(session_find(&w, cookie), &w.sessions[3]);
	/* Asking prolonged it by ten minutes; a laptop that slept for ten ends it. */
	setenv("SOURCE_DATE_EPOCH", "1000599", 1);
	assert_non_null(session_find(&w, cookie));
	setenv("SOURCE_DATE_EPOCH", "1001199", 1);
	assert_null(session_find(&w, cookie));
	setenv("SOURCE_DATE_EPOCH", "1000600", 1);
	assert_non_null(session_find(&w, cookie));
	w.sessions[3].until = os_clock_ms() / 1000;
	assert_null(session_find(&w, cookie));
	put_session(&w, cookie);
	session_close(&w.sessions[3]);
	assert_null(session_find(&w, cookie));
	unsetenv("SOURCE_DATE_EPOCH");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_target_is_language_path_and_parameters, begin, end),
		cmocka_unit_test_setup_teardown(no_language_leaves_the_one_there_was, begin, end),
		cmocka_unit_test_setup_teardown(broken_encodings_are_refused, begin, end),
		cmocka_unit_test_setup_teardown(parameters_are_counted, begin, end),
		cmocka_unit_test_setup_teardown(inserted_text_is_nothing_but_text, begin, end),
		cmocka_unit_test_setup_teardown(spellings_are_isolated_and_cut_at_characters, begin, end),
		cmocka_unit_test_setup_teardown(a_token_belongs_to_one_cookie_and_one_run, begin, end),
		cmocka_unit_test_setup_teardown(a_session_ends_by_either_clock, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
