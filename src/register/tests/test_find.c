/* Finding records, persons and people; filters as one line of text. */
#include "reg_fixture.h"
#include "register/view_int.h"

static void
a_record_is_found_by_the_beginning_of_its_hash(void **state)
{
	uint64_t p = fx_person("Əli", "Məmmədov"), pos = 0;
	struct record rec = fx_get(p);
	struct str whole = hex_encode(a, (struct bytes){rec.hash, SEAL_HASH});

	(void)state;
	for (size_t n = 16; n <= 64; n++) {
		assert_ok(reg_find_record(r, str_upto(whole, n), &pos, &e));
		assert_int_equal(pos, p);
	}
	assert_status(reg_find_record(r, str_upto(whole, 15), &pos, &e), BAD);
	assert_status(reg_find_record(r, str_fmt(a, STR_FMT "0", STR_ARG(whole)), &pos, &e), BAD);
	assert_status(reg_find_record(r, S(""), &pos, &e), BAD);
	assert_status(reg_find_record(r, S("0123456789abcdeg"), &pos, &e), BAD);
	assert_status(reg_find_record(r, S("0123456789abcdef"), &pos, &e), NO);
	/* An amendment's id finds its chain. */
	fx_amend(p, "note", "seen");
	assert_ok(reg_find_record(r, fx_id(node_info(reg_node(r))->size - 1), &pos, &e));
	assert_int_equal(pos, p);
	/* Another that begins so (made up: nobody finds two such records). */
	struct store_stmt *s = store_sql(r->db, "INSERT INTO rec(pos, hash, base, state)"
		" VALUES(1000, ?1, 1000, 1)");
	uint8_t near[SEAL_HASH];
	memcpy(near, rec.hash, SEAL_HASH);
	near[20] ^= 1;
	store_bind_bytes(s, 1, BYTES(near));
	assert_ok(store_done(s, &e));
	assert_status(reg_find_record(r, str_upto(whole, 40), &pos, &e), BAD);
	assert_non_null(strstr(e.text, "more digits"));
	assert_ok(reg_find_record(r, str_upto(whole, 42), &pos, &e));
	assert_int_equal(pos, p);
}

/* --- search --------------------------------------------------------------------------- */

static const struct { const char *given, *family; } people[] = {
	{"Əli", "Məmmədov"}, {"علی", "محمدوف"}, {"Али", "Мамедов"},
	{"Zəhra", "Kərimli"}, {"زهرا", "کریملی"}, {"Зехра", "Керимли"},
	{"Hüseyn", "Rzayev"}, {"حسین", "رضایف"}, {"Əlirza", "Məmmədov"}, {"Sona", "Quliyeva"},
};
enum { PEOPLE = sizeof people / sizeof *people };

static void
add_people(uint64_t *p)
{
	for (size_t i = 0; i < PEOPLE; i++)
		p[i] = fx_person(people[i].given, people[i].family);
}

static size_t
search(const char *words, struct found **ret)
{
	size_t n = 0;

	*ret = NULL;
	assert_ok(view_search(a, r, str_of(words), ret, &n, &e));
	return n;
}

static bool
is_found(const char *words, uint64_t pos)
{
	struct found *f;
	size_t n = search(words, &f);

	for (size_t i = 0; i < n; i++)
		if (f[i].pos == pos)
			return true;
	return false;
}

static void
any_script_finds_any_script(void **state)
{
	uint64_t p[PEOPLE];

	(void)state;
	add_people(p);
	for (size_t group = 0; group < 2; group++)
		for (size_t i = 0; i < 3; i++)
			for (size_t k = 0; k < 3; k++) {
				const char *asked = people[3 * group + i].family;
				if (!is_found(asked, p[3 * group + k]))
					fail_msg("%s does not find %s", asked, people[3 * group + k].family);
			}
	assert_true(is_found("حسین", p[6]));
	assert_true(is_found("Huseyn", p[7]));
	assert_false(is_found("Zəhra", p[6]));
	assert_false(is_found("Zəhra Rzayev", p[6]));
}

static void
the_exact_spelling_comes_first(void **state)
{
	uint64_t p[PEOPLE];
	struct found *f;

	(void)state;
	add_people(p);
	for (size_t i = 0; i < PEOPLE; i++) {
		const char *asked = str_fmt(a, "%s %s", people[i].given, people[i].family).p;
		assert_true(search(asked, &f) > 0);
		if (f[0].pos != p[i])
			fail_msg("%s is not found first", asked);
	}
	/* A whole word before a part of one. */
	assert_true(search("Əli", &f) > 1);
	assert_int_equal(f[0].pos, p[0]);
}

static void
a_search_of_nothing_does_not_filter(void **state)
{
	uint64_t p[PEOPLE];
	struct reg_filter f = {.on = DAY_MAX};
	struct reg_line *lines;
	size_t n;

	(void)state;
	add_people(p);
	static const char *const nothing[] = {"", "  ", "—", "\t"};
	for (size_t i = 0; i < 4; i++) {
		f.search = str_of(nothing[i]);
		assert_ok(reg_list(a, r, &f, LANG_EN, &lines, &n, NULL, &e));
		assert_int_equal(n, PEOPLE);
	}
	/* Nor does a dash between words. */
	f.search = S("Sona — Quliyeva");
	assert_ok(reg_list(a, r, &f, LANG_EN, &lines, &n, NULL, &e));
	assert_int_equal(n, 1);
}

static void
odd_queries_are_only_queries(void **state)
{
	uint64_t p[PEOPLE];
	struct found *f;
	char *much = arena_alloc(a, 10001, 1);

	(void)state;
	add_people(p);
	memset(much, 'a', 10000);
	assert_int_equal(search(much, &f), 0);
	for (size_t i = 0; i < 10000; i += 2)
		much[i] = ' ';
	search(much, &f);
	search("'; DROP TABLE person; --", &f);
	search("%", &f);
	search("a\"b", &f);
	assert_true(is_found("Sona", p[9]));
}

/* --- filters ---------------------------------------------------------------------------- */

static void
assert_parses(const char *query, const char *written)
{
	struct reg_filter f;

	assert_ok(reg_filter_parse(a, str_of(query), &f, &e));
	assert_str(reg_filter_write(a, &f), written);
}

static void
a_filter_is_one_line(void **state)
{
	static const char *const wrong[] = {"held", "status=alive", "on=2020", "on=soon", "event=x",
		"confirmed=1", "sort=x", "limit=x", "limit=-1", "limit=9999999999", "colour=red",
		"search=\"a", "search=\"a\"b", "a b=c", "=x", "search =x"};
	struct reg_filter f;

	(void)state;
	assert_parses("", "");
	assert_parses("  status=held   prison=Evin ", "prison=Evin status=held");
	assert_parses("on=۱۳۹۹/۱/۸", "on=2020-03-27");
	assert_parses("event=həbs confirmed=yes", "event=arrest confirmed=yes");
	assert_parses("search=\"Əli Məmmədov\" sort=family",
		"search=\"Əli Məmmədov\" sort=family");
	assert_parses("search=\"say \"\"hi\"\"\"", "search=\"say \"\"hi\"\"\"");
	assert_parses("search=\"\"", "");
	assert_parses("offset=50 limit=25", "offset=50 limit=25");
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		f.limit = 4711;
		if (reg_filter_parse(a, str_of(wrong[i]), &f, &e) != BAD)
			fail_msg("\"%s\" is not refused", wrong[i]);
		assert_int_equal(f.limit, 4711);
	}
}

static void
what_is_written_reads_back(void **state)
{
	static const char *const bits[] = {"a", " ", "\"", "=", "ə", "ی", "\t", "\n", "\"\"", "'",
		"status=held", "\\"};
	uint64_t seed = 4711;

	(void)state;
	for (size_t i = 0; i < 2000; i++) {
		struct reg_filter f = {.on = i % 3 ? DAY_MAX : 18348, .confirmed = (int)(i % 3) - 1,
			.limit = i % 7, .offset = i % 5}, back;
		struct str *texts[] = {&f.search, &f.facility, &f.list, &f.person};
		for (size_t t = 0; t < 4; t++) {
			struct str s = S("");
			for (size_t k = 0; k < i % 6; k++) {
				seed = seed * 6364136223846793005u + 1442695040888963407u;
				s = str_fmt(a, STR_FMT "%s", STR_ARG(s), bits[(seed >> 33) % 12]);
			}
			*texts[t] = s;
		}
		struct str line = reg_filter_write(a, &f);
		if (reg_filter_parse(a, line, &back, &e) != OK)
			fail_msg(STR_FMT ": %s", STR_ARG(line), e.text);
		assert_true(str_eq(f.search, back.search));
		assert_true(str_eq(f.facility, back.facility));
		assert_true(str_eq(f.list, back.list));
		assert_true(str_eq(f.person, back.person));
		assert_int_equal(f.on, back.on);
		assert_int_equal(f.confirmed, back.confirmed);
		assert_int_equal(f.limit, back.limit);
		assert_int_equal(f.offset, back.offset);
	}
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fx_setup, fx_teardown)
	const struct CMUnitTest tests[] = {
		T(a_record_is_found_by_the_beginning_of_its_hash),
		T(any_script_finds_any_script),
		T(the_exact_spelling_comes_first),
		T(a_search_of_nothing_does_not_filter),
		T(odd_queries_are_only_queries),
		T(a_filter_is_one_line),
		T(what_is_written_reads_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
