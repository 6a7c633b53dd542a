/*
 * Three organisations (and a fourth that nobody asks), each with its register, in a
 * directory of their own; the letter of docs/examples with their root keys.
 */
#ifndef APPEAL_TESTS_WORLD_H
#define APPEAL_TESTS_WORLD_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <unistd.h>
#include "appeal/appeal_int.h"

enum { BIRLIK, NESIM, ARAZ, LODOS, ORGANISATIONS };

static struct arena *a;
static struct err e;
static char place[64];

static const struct { const char *word, *name, *fa, *az; } organisations[ORGANISATIONS] = {
	{"birlik", "Birlik Platform", "پلاتفرم بیرلیک", "Birlik Platforması"},
	{"nesim", "Nesim Circle", "کانون نسیم", "Nəsim Dərnəyi"},
	{"araz", "Araz Detention Registry", "دفتر ثبت بازداشت ارس", "Araz Həbs Reyestri"},
	{"lodos", "Lodos Office", "دفتر لودوس", "Lodos Bürosu"},
};

#define PASS ((struct bytes){(const uint8_t *)"seven sealed rooms", 18})
#define assert_ok(x) assert_status(OK, (x))
#define assert_status(want, x) \
	do { \
		e.text[0] = '\0'; \
		enum status got_ = (x); \
		if (got_ != (want)) \
			fail_msg("%s: %d, not %d: %s", #x, (int)got_, (int)(want), e.text); \
	} while (0)
#define assert_says(part) \
	do { \
		if (!strstr(e.text, (part))) \
			fail_msg("\"%s\" does not say \"%s\"", e.text, (part)); \
	} while (0)

static inline const char *
at(const char *name)
{
	return str_cstr(a, str_fmt(a, "%s/%s", place, name));
}

static inline const char *
reg_path(int o)
{
	return at(str_cstr(a, str_fmt(a, "%s.habeas", organisations[o].word)));
}

static inline struct str
read_text(const char *path)
{
	struct bytes b;

	assert_ok(os_read_file(a, path, 1 << 26, &b, &e));
	return bytes_str(b);
}

static inline struct str
root_line(int o)
{
	struct str rest = read_text(at(str_cstr(a, str_fmt(a, "%s.root", organisations[o].word))));

	str_cut(&rest, '\n');
	return str_cut(&rest, '\n');
}

static inline void
make_register(int o)
{
	struct node_new n = {
		.organisation = str_of(organisations[o].name),
		.organisation_fa = str_of(organisations[o].fa),
		.organisation_az = str_of(organisations[o].az),
		.root_file = at(str_cstr(a, str_fmt(a, "%s.root", organisations[o].word))),
		.root_passphrase = PASS, .officer = S("Ayla"), .officer_passphrase = PASS,
		.cost = seal_cost_tests,
	};
	struct str paper;

	assert_ok(node_create(reg_path(o), &n, &paper, a, &e));
}

static inline struct reg *
open_register(int o, enum node_open_as as)
{
	struct reg *r = NULL;

	assert_ok(reg_open(&r, reg_path(o), as, PASS, &e));
	return r;
}

/* field, value, field, value … */
static inline struct str
add(struct reg *r, const char *kind, const char *const *words, size_t n)
{
	struct reg_change c[16];
	uint8_t hash[SEAL_HASH];

	assert_true(n / 2 <= 16);
	for (size_t i = 0; i < n / 2; i++)
		c[i] = (struct reg_change){str_of(words[2 * i]), str_of(words[2 * i + 1])};
	assert_ok(reg_add(r, str_of(kind), c, n / 2, hash, &e));
	return reg_record_id(a, hash);
}
#define ADD(r, kind, ...) \
	add((r), (kind), (const char *const[]){__VA_ARGS__}, \
		sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* Invented people: with consent to the name, with none, one who died. */
static struct str people[6];

static inline void
add_people(struct reg *r)
{
	static const struct { const char *given, *family, *birth, *facility, *event; } p[6] = {
		{"Aynur", "Qaradağlı", "1985", "Tabriz Central Prison", "custody"},
		{"رشید", "احمدی", "1364", "زندان اوین", "custody"},
		{"Səkinə", "Muğanlı", "1990-05-12", "Urmia Prison", "custody"},
		{"Vüqar", "Təbrizi", "1979", "Ardabil Prison", "arrest"},
		{"مریم", "خویی", "1371/06/05", "زندان رجایی‌شهر", "custody"},
		{"Həbib", "Şirvani", "1961", "Tabriz Central Prison", "death"},
	};

	for (size_t i = 0; i < 6; i++) {
		people[i] = ADD(r, "person", "given", p[i].given, "family", p[i].family, "birth",
			p[i].birth);
		const char *id = str_cstr(a, people[i]);
		ADD(r, "event", "person", id, "type", p[i].event, "date", "2020-02-10", "facility",
			p[i].facility);
		if (i != 3)
			ADD(r, "consent", "person", id, "purpose", "letter", "basis", "consent", "on",
				"2020-03-01");
	}
}

/* docs/examples/letter with the root keys that the demo would put in. */
static inline void
write_letter(const char *dir)
{
	static const char *const texts[] = {"text.en.md", "text.fa.md", "text.az.md"};
	struct str head = read_text(EXAMPLES "/letter/head.ini");
	struct buf b;

	assert_ok(os_make_dirs(dir, 0755, &e));
	for (size_t i = 0; i < 3; i++)
		assert_ok(os_copy_file(str_cstr(a, str_fmt(a, EXAMPLES "/letter/%s", texts[i])),
			str_cstr(a, str_fmt(a, "%s/%s", dir, texts[i])), 0644, &e));
	buf_init(&b, 1 << 20);
	while (head.p) {
		struct str line = str_cut(&head, '\n');
		for (int o = 0; o < LODOS; o++)
			if (str_is(line, str_cstr(a, str_fmt(a, "root = @root-%s@",
			    organisations[o].word))))
				line = str_fmt(a, "root = " STR_FMT, STR_ARG(root_line(o)));
		buf_fmt(&b, STR_FMT "%s", STR_ARG(line), head.p ? "\n" : "");
	}
	assert_ok(os_write_file(str_cstr(a, str_fmt(a, "%s/head.ini", dir)), buf_bytes(&b), 0644,
		&e));
	buf_finish(&b);
}

static inline int
make_world(void **state)
{
	(void)state;
	a = arena_create((size_t)3 << 30);
	tr_use(tr_tables);
	setenv("SOURCE_DATE_EPOCH", "1585267200", 1);         /* 27 March 2020 */
	snprintf(place, sizeof place, "/tmp/habeas-appeal-XXXXXX");
	if (seal_init(&e) != OK || !mkdtemp(place)
	    || kinds_load((struct str){record_kinds_text, record_kinds_text_bytes}, &e) != OK)
		return -1;
	setenv("XDG_STATE_HOME", at("state"), 1);
	return 0;
}

static inline int
drop_world(void **state)
{
	(void)state;
	assert_ok(os_remove_tree(place, &e));
	arena_destroy(a);
	return 0;
}

#endif
