/* What the tests of import share: a register in a place of its own, lists as text. */
#ifndef REGISTER_TESTS_CHECK_H
#define REGISTER_TESTS_CHECK_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <unistd.h>
#include "register/import_int.h"

static struct arena *a;
static struct err e;
static char place[64];
static struct reg *reg;

#define PASS ((struct bytes){(const uint8_t *)"correct horse", 13})
#define assert_ok(call) do { enum status s_ = (call); \
	if (s_ != OK) fail_msg("%s: %d: %s", #call, s_, e.text); } while (0)
#define assert_str(s, lit) assert_string_equal(str_cstr(a, (s)), (lit))
#define assert_has(s, part) do { if (!strstr((s), (part))) \
	fail_msg("\"%s\" is not in \"%s\"", (part), (s)); } while (0)

static inline int
check_setup(void **state)
{
	(void)state;
	a = arena_create((size_t)4 << 30);
	if (seal_init(&e) == OK && kinds_load((struct str){record_kinds_text,
		record_kinds_text_bytes}, &e) == OK)
		return 0;
	print_error("%s\n", e.text);
	return -1;
}

static inline int
check_teardown(void **state)
{
	(void)state;
	arena_destroy(a);
	return 0;
}

static inline const char *
in_place(const char *name)
{
	return str_fmt(a, "%s/%s", place, name).p;
}

static inline void
reopen(void)
{
	reg_close(reg);
	reg = NULL;
	assert_ok(reg_open(&reg, in_place("a.habeas"), NODE_WRITE, PASS, &e));
}

static inline int
register_setup(void **state)
{
	struct node_new n;
	struct str paper;

	(void)state;
	import_stop_after = 0;
	import_batch_rows = 500;
	/* Hundreds of syncs: not on a disk where memory will do. */
	snprintf(place, sizeof place, "%s/habeas-import-XXXXXX",
		os_is_dir("/dev/shm") ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(place));
	setenv("XDG_STATE_HOME", in_place("state"), 1);
	n = (struct node_new){.organisation = S("Example Committee"), .root_file = in_place("root"),
		.root_passphrase = {(const uint8_t *)"root words", 10}, .officer = S("Ayla"),
		.officer_passphrase = PASS, .cost = seal_cost_tests};
	assert_ok(node_create(in_place("a.habeas"), &n, &paper, a, &e));
	reopen();
	return 0;
}

static inline int
register_teardown(void **state)
{
	(void)state;
	reg_close(reg);
	reg = NULL;
	assert_ok(os_remove_tree(place, &e));
	return 0;
}

static inline uint64_t
size_now(void)
{
	return node_info(reg_node(reg))->size;
}

static inline const char *
file_of(struct str text)
{
	const char *path = in_place("list.csv");

	assert_ok(os_write_file(path, str_bytes(text), 0600, &e));
	return path;
}

/* The import of a list given as text, by default as version of "Detainees". */
static inline enum status
import_of(struct reg_import i, const char *text, struct reg_import_report *ret)
{
	i.file = file_of(str_of(text));
	*ret = (struct reg_import_report){0};
	return reg_import_run(a, reg, &i, ret, &e);
}

static inline struct reg_import_report
import_list(const char *text)
{
	struct reg_import_report p;

	assert_ok(import_of((struct reg_import){.list = S("Detainees"), .commit = true}, text, &p));
	return p;
}

static inline const struct reg_row_note *
note_of(const struct reg_import_report *p, unsigned what, size_t nth)
{
	for (size_t i = 0; i < p->n_notes; i++)
		if (p->notes[i].what == what && nth-- == 0)
			return &p->notes[i];
	return NULL;
}

static inline struct str
csv_of(const char *kind)
{
	const struct reg_filter f = {.on = DAY_MAX};
	struct buf b;

	buf_init(&b, 64 << 20);
	assert_ok(reg_export_csv(reg, &f, str_of(kind), &b, &e));
	struct str s = str_dup(a, buf_str(&b));
	buf_finish(&b);
	return s;
}

/* The export without its first column: ids are new in every register. */
static inline struct str
csv_without_ids(const char *kind)
{
	struct str rest = csv_of(kind);
	struct buf b;

	buf_init(&b, 64 << 20);
	while (rest.n) {
		struct str line = str_cut(&rest, '\n');
		buf_fmt(&b, STR_FMT "\n", STR_ARG(str_from(line, str_find(line, ','))));
	}
	struct str s = str_dup(a, buf_str(&b));
	buf_finish(&b);
	return s;
}

#endif
