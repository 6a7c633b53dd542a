/* make_log DIRECTORY RECORDS: a register there, its log published; prints the log's
 * verifier key.  For programs that are not ours to judge the log. */
#include <stdio.h>
#include <stdlib.h>
#include "record/record.h"

static struct err e;

static void
must(enum status s)
{
	if (s != OK) {
		fprintf(stderr, "make_log: %s\n", e.text);
		exit((int)s);
	}
}

static void
append(struct node *n, uint64_t count)
{
	struct arena *a = arena_create(64 << 20);
	struct draft d = {.kind = kind_number("padding")};

	/* One checkpoint after another, so that partial tiles of former ones are there. */
	for (uint64_t i = 0; i < count; i++) {
		must(node_append(n, &d, 1, NULL, NULL, &e));
		if (i % 97 == 0)
			must(node_publish(n, &e));
	}
	must(node_publish(n, &e));
	arena_destroy(a);
}

int
main(int argc, char **argv)
{
	const struct bytes pass = str_bytes(S("words"));
	struct arena *a = arena_create(64 << 20);
	struct node_new new = {.organisation = S("Example Committee"), .root_passphrase = pass,
		.officer = S("Ayla"), .officer_passphrase = pass};
	const char *path;
	struct str paper;
	struct node *n;
	uint64_t count;

	if (argc != 3 || !str_u64(str_of(argv[2]), &count)) {
		fprintf(stderr, "usage: make_log DIRECTORY RECORDS\n");
		return 2;
	}
	must(seal_init(&e));
	must(kinds_load((struct str){record_kinds_text, record_kinds_text_bytes}, &e));
	new.cost = seal_cost_tests;
	new.root_file = str_fmt(a, "%s/root", argv[1]).p;
	path = str_fmt(a, "%s/a.habeas", argv[1]).p;
	must(node_create(path, &new, &paper, a, &e));
	must(node_open(&n, path, NODE_WRITE, pass, &e));
	append(n, count);
	printf(STR_FMT "\n", STR_ARG(node_info(n)->log_key));
	node_close(n);
	arena_destroy(a);
	return 0;
}
