/*
 * make_register DIR: a register with records of every kind and every slot, sealed and
 * not, amended, withdrawn, with files, erased; by three people, one of them revoked.
 * DIR gets a.habeas, root, paper (the recovery key), N.tlog-proof, backup, copy; the
 * state outside goes to DIR/state.  Passphrases: "correct horse", "battery staple".
 *
 * make_register DIR NAME WORDS: only a new register DIR/NAME.habeas of the organisation
 * WORDS, whose passphrases cost little.
 */
#include "record/record.h"
#include "record/record_int.h"
#include <stdio.h>
#include <stdlib.h>

#define TRY(call) do { if ((call) != OK) die(#call); } while (0)
#define PASS str_bytes(S("correct horse"))
#define OTHER_PASS str_bytes(S("battery staple"))
enum { MANY = 300, HANDLER = 2 };

static struct arena *a;
static struct err e;
static const char *dir;
static uint8_t some_hash[SEAL_HASH];

static void
die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, e.text);
	exit(3);
}

static const char *
in_dir(const char *name)
{
	return str_fmt(a, "%s/%s", dir, name).p;
}

static void
write_file(const char *name, struct str s)
{
	TRY(os_write_file(in_dir(name), str_bytes(s), 0600, &e));
}

/* --- a value for every type --------------------------------------------------------- */

static const char *const words[] = {
	"Zeynəb", "زینب", "Зейнаб", "plain", "quote \" and \\ and \x01", "ي ك ه‌ای", "",
};

static struct bytes
some_date(size_t i)
{
	static const char *const written[] = {
		"2020-03-27", "1398/10", "about 2018", "before 1399/01/07", "03/04/2020",
		"11-12 September 1973", "60",
	};
	struct date d;

	TRY(date_parse(str_of(written[i % 7]), NULL, &d, &e));
	return value_date(a, &d);
}

static struct bytes
some_text(size_t i)
{
	return value_text(a, str_of(words[i % 7]));
}

static struct bytes
some_cells(size_t i)
{
	struct cell c[2] = {
		{1, S("Adı"), str_of(words[i % 7]), 8},
		{4000, S(""), S("e\xcc\x81 as it stood"), -1},
	};

	return value_cells(a, c, 2);
}

static struct bytes
some_value(const struct field *f, size_t i)
{
	uint8_t key[SEAL_KEY];
	struct name n = {str_of(words[i % 3]), SCRIPT_LATN + (enum script)(i % 3), S("az"),
		i % 2 ? S("maiden") : S("")};
	struct place p = {str_of(words[i % 4]), S("fa"), i % 2 ? S("IR-03") : S("")};
	struct row_ref row = {.version = 1 + (uint32_t)i, .row = 2};
	struct str texts[2] = {S("sətir"), S("")};

	memset(key, (int)i, sizeof key);
	memcpy(row.list, some_hash, SEAL_HASH);
	switch (f->type) {
	case VALUE_TEXT: return some_text(i);
	case VALUE_NAME: return value_name(a, &n);
	case VALUE_DATE: return some_date(i);
	case VALUE_PLACE: return value_place(a, &p);
	case VALUE_CODE: return value_code(a, 1, vocabulary_named(f->of)->codes[0].code);
	case VALUE_REF: return value_ref(a, some_hash);
	case VALUE_REFS: return value_refs(a, (const uint8_t (*)[SEAL_HASH])&some_hash, i % 2);
	case VALUE_NUMBER: return value_number(a, i % 2 ? -(int64_t)(i * 1000) : INT64_MAX);
	case VALUE_FLAG: return value_flag(a, i % 2);
	case VALUE_BYTES:
	case VALUE_KEY: return value_bytes(a, BYTES(key));
	case VALUE_ROW: return value_row(a, &row);
	case VALUE_CELLS: return some_cells(i);
	case VALUE_TIME: return value_time(a, 1584600000);
	case VALUE_TEXTS: return value_texts(a, texts, i % 3);
	case VALUE_BLOB: break;
	}
	return (struct bytes){NULL, 0};
}

/* Every slot, or (not whole) every second and none that is sealed. */
static struct draft
some_draft(const struct kind *k, size_t i, bool whole)
{
	struct draft d = {.kind = k->number, .class = k->number == kind_number("succession")};

	for (size_t j = 0; j < k->n_fields; j++) {
		const struct field *f = &k->fields[j];
		if (!whole && (j % 2 || f->audience == AUDIENCE_SEALED))
			continue;
		if (f->type == VALUE_BLOB) {
			d.blob = str_bytes(S("the scan of a page"));
			d.blob_slot = f->slot;
		}
		d.slot[f->slot] = some_value(f, i + j);
	}
	for (unsigned s = SLOT_SOURCE; whole && s < SLOT_FIRST; s++)
		if (s != SLOT_AMENDS && s != SLOT_RECORDED)
			d.slot[s] = some_value(field_of(k, s), i + s);
	return d;
}

/* The file's own hash, where the kind has a slot for it. */
static void
hash_file(const struct kind *k, struct draft *d)
{
	const struct field *f = field_named(k, S("hash"));
	uint8_t hash[SEAL_HASH];

	if (d->blob.n == 0 || !f)
		return;
	seal_sha256(d->blob, hash);
	d->slot[f->slot] = value_bytes(a, BYTES(hash));
}

static uint64_t
append(struct node *n, struct draft d, uint8_t ret_hash[SEAL_HASH])
{
	uint8_t hash[1][SEAL_HASH];
	uint64_t pos = 0;

	TRY(node_append(n, &d, 1, hash, &pos, &e));
	if (ret_hash)
		memcpy(ret_hash, hash[0], SEAL_HASH);
	return pos;
}

static bool
written_by_others(const struct kind *k)
{
	return k->number == 0 || people_concerns(k->number)
		|| k->number == kind_number("succession") || k->number == kind_number("erasure");
}

static void
write_every_kind(struct node *n)
{
	const struct kind *k;

	for (size_t i = 0; (k = kind_at(i)); i++)
		for (int whole = 0; whole < 2 && !written_by_others(k); whole++) {
			struct draft d = some_draft(k, i, whole);
			hash_file(k, &d);
			append(n, d, some_hash);
		}
}

/* --- what happens to records ------------------------------------------------------------ */

static void
amend_and_withdraw(struct node *n)
{
	const struct kind *k = kind_named(S("person"));
	uint8_t first[SEAL_HASH];
	struct draft d = some_draft(k, 1, true), change = {.kind = k->number};

	append(n, d, first);
	change.slot[SLOT_AMENDS] = value_ref(a, first);
	change.slot[field_slot("person", "given")] = some_value(field_named(k, S("given")), 2);
	change.slot[field_slot("person", "number")] = value_text(a, S("K-4712"));
	append(n, change, NULL);
	change.slot[field_slot("person", "given")] = value_withdrawn(a, S("she asked for it"));
	change.slot[field_slot("person", "number")] = value_withdrawn(a, S(""));
	change.slot[field_slot("person", "home")] = value_withdrawn(a, S("اشتباه"));
	append(n, change, NULL);
}

/* Enough for a second tile, and a level above it. */
static void
write_many(struct node *n)
{
	struct draft *d = NEWS(a, struct draft, MANY);

	for (size_t i = 0; i < MANY; i++)
		d[i] = (struct draft){.kind = kind_number(i % 2 ? "padding" : "task")};
	TRY(node_append(n, d, MANY, NULL, NULL, &e));
}

static void
erase_two(struct node *n)
{
	const struct kind *k = kind_named(S("document"));
	struct draft d = some_draft(k, 3, true);
	uint64_t pos[2];
	struct str *backups;
	size_t count;

	hash_file(k, &d);
	pos[0] = append(n, d, NULL);
	pos[1] = append(n, some_draft(kind_named(S("person")), 3, true), NULL);
	TRY(node_erase(n, pos, 2, S("asked by the family"), a, &backups, &count, &e));
}

/* An officer comes, writes what others cannot read, and goes. */
static void
another_officer(struct node *n)
{
	struct draft d = some_draft(kind_named(S("source")), 5, true);
	struct node *other;

	TRY(node_officer_add(n, S("Rəşad"), S("documenter"), OTHER_PASS, &e));
	d.handlers[0] = HANDLER;
	d.n_handlers = 1;
	append(n, d, NULL);
	TRY(node_publish(n, &e));
	node_close(n);
	TRY(node_open(&other, in_dir("a.habeas"), NODE_WRITE, OTHER_PASS, &e));
	append(other, some_draft(kind_named(S("source")), 6, true), NULL);
	append(other, some_draft(kind_named(S("person")), 6, false), NULL);
	TRY(node_publish(other, &e));
	node_close(other);
}

static void
prove(struct node *n, uint64_t pos, const unsigned *slots, size_t count)
{
	struct str proof;

	TRY(node_prove(a, n, pos, slots, count, &proof, &e));
	write_file(str_fmt(a, "%llu.tlog-proof", (unsigned long long)pos).p, proof);
}

static void
prove_some(struct node *n)
{
	static const unsigned slots[] = {0, 8, 1};

	prove(n, 0, slots, 3);
	prove(n, 2, slots, 1);
	prove(n, 255, slots, 1);
	prove(n, 256, slots, 1);
	prove(n, node_info(n)->size - 1, slots, 3);
	prove(n, 3, NULL, 0);
}

static struct str
create(const char *path, const char *organisation, const char *root)
{
	struct node_new new = {
		.organisation = str_of(organisation), .organisation_az = S("Nümunə Komitəsi"),
		.organisation_fa = S("کمیته نمونه"), .root_file = root,
		.root_passphrase = str_bytes(S("root words")), .officer = S("Ayla"),
		.officer_passphrase = PASS, .cost = seal_cost_tests,
	};
	struct str paper;

	TRY(node_create(path, &new, &paper, a, &e));
	return paper;
}

static void
make(void)
{
	struct node *n;

	write_file("paper", create(in_dir("a.habeas"), "Example Committee", in_dir("root")));
	TRY(node_open(&n, in_dir("a.habeas"), NODE_WRITE, PASS, &e));
	write_every_kind(n);
	amend_and_withdraw(n);
	another_officer(n);
	TRY(node_open(&n, in_dir("a.habeas"), NODE_WRITE, PASS, &e));
	write_many(n);
	erase_two(n);
	TRY(node_officer_revoke(n, S("Rəşad"), S("left"), &e));
	TRY(node_backup(n, in_dir("backup"), &e));
	append(n, some_draft(kind_named(S("event")), 7, true), NULL);
	TRY(node_publish(n, &e));
	prove_some(n);
	node_close(n);
}

/* More was signed since the backup: restored, its log ends and another begins. */
static void
make_successor(void)
{
	struct str line;
	struct node *n;

	TRY(node_restore(in_dir("backup"), in_dir("copy"), &e));
	TRY(node_resume(in_dir("copy"), PASS, NULL, 0, a, &line, &e));
	TRY(node_open(&n, in_dir("copy"), NODE_WRITE, PASS, &e));
	TRY(node_certify(n, in_dir("root"), str_bytes(S("root words")), &e));
	append(n, some_draft(kind_named(S("event")), 8, true), NULL);
	TRY(node_publish(n, &e));
	node_close(n);
}

int
main(int argc, char **argv)
{
	if (argc != 2 && argc != 4)
		return 2;
	dir = argv[1];
	a = arena_create((size_t)1 << 30);
	setenv("XDG_STATE_HOME", in_dir("state"), 1);
	TRY(seal_init(&e));
	TRY(kinds_load((struct str){record_kinds_text, record_kinds_text_bytes}, &e));
	if (argc == 4) {
		create(in_dir(str_fmt(a, "%s.habeas", argv[2]).p), argv[3],
			in_dir(str_fmt(a, "%s.root", argv[2]).p));
	} else {
		make();
		make_successor();
	}
	arena_destroy(a);
	return 0;
}
