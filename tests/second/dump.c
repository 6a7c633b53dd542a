/*
 * dump REGISTER < PASSPHRASE: what the program reads from a register, as lines that
 * the second implementation writes too.  dump REGISTER recovery < PAPER: the same by
 * the recovery key.  dump REGISTER verify < PASSPHRASE: exit 0, or 1 and what is wrong.
 */
#include "record/record.h"
#include <stdio.h>

static void
show_hex(const char *what, struct bytes b)
{
	printf(" %s ", what);
	for (size_t i = 0; i < b.n; i++)
		printf("%02x", b.p[i]);
}

static void
show_slot(const struct record *r, unsigned slot)
{
	const struct kind *k = kind_of(r->kind);
	const struct field *f = k ? field_of(k, slot) : NULL;
	struct buf b;

	buf_init(&b, 64 << 20);
	cbor_show(&b, r->slot[slot]);
	printf("  %u " STR_FMT " " STR_FMT "\n", slot, STR_ARG(f ? f->name : S("-")),
		STR_ARG(buf_str(&b)));
	buf_finish(&b);
}

static enum status
show(void *ctx, const struct record *r, struct err *e)
{
	const struct kind *k = kind_of(r->kind);

	(void)ctx;
	(void)e;
	printf("record %llu class %u", (unsigned long long)r->pos, r->class);
	show_hex("leaf", BYTES(r->hash));
	if (r->erased) {
		printf(" erased\n");
		return OK;
	}
	show_hex("author", BYTES(r->author));
	printf(" kind %u " STR_FMT "%s\n", r->kind, STR_ARG(k ? k->name : S("-")),
		r->sealed_away ? " sealed away" : "");
	for (unsigned i = 0; i < SLOTS; i++)
		if (record_has(r, i))
			show_slot(r, i);
	return OK;
}

static enum status
show_all(struct node *n, struct err *e)
{
	const struct node_info *i = node_info(n);
	enum status s = node_read(n, 0, UINT64_MAX, true, show, NULL, e);

	if (s)
		return s;
	printf("records %llu\nlog " STR_FMT, (unsigned long long)i->size, STR_ARG(i->log_key));
	show_hex("root", BYTES(i->log_root));
	printf("\norganisation " STR_FMT "\nadopt " STR_FMT "\n", STR_ARG(i->organisation),
		STR_ARG(i->adopt_key));
	return OK;
}

static enum status
verify(const char *path, struct bytes passphrase, struct err *e)
{
	struct verify_options o = {.signatures = true};
	struct verify_report report;

	return node_verify(path, passphrase, &o, &report, e);
}

static enum status
open_and_show(const char *path, struct str secret, bool recovery, struct err *e)
{
	struct node *n;
	enum status s = recovery ? node_open_recovery(&n, path, secret, e)
		: node_open(&n, path, NODE_READ, str_bytes(secret), e);

	if (s)
		return s;
	s = show_all(n, e);
	node_close(n);
	return s;
}

int
main(int argc, char **argv)
{
	const char *how = argc > 2 ? argv[2] : "";
	char line[256] = "";
	struct str secret;
	struct err e;
	enum status s;

	if (argc < 2 || !fgets(line, sizeof line, stdin))
		return 2;
	secret = str_trim(str_of(line));
	if ((s = seal_init(&e)) == OK)
		s = kinds_load((struct str){record_kinds_text, record_kinds_text_bytes}, &e);
	if (s == OK)
		s = str_is(str_of(how), "verify") ? verify(argv[1], str_bytes(secret), &e)
			: open_and_show(argv[1], secret, str_is(str_of(how), "recovery"), &e);
	if (s)
		fprintf(stderr, "%s\n", e.text);
	return s == OK ? 0 : s == NO ? 1 : 3;
}
