/* A register to try things on, in a directory of its own. */
#include "check.h"
#include <unistd.h>

static char place[200], reg[240];
static struct str recovery_paper;

#define PASS ((struct bytes){(const uint8_t *)"correct horse", 13})

static inline const char *
in_place(const char *name)
{
	return str_fmt(a, "%s/%s", place, name).p;
}

static inline struct node_new
new_node(void)
{
	return (struct node_new){
		.organisation = S("Example Committee"), .organisation_az = S("Nümunə Komitəsi"),
		.root_file = in_place("root"),
		.root_passphrase = {(const uint8_t *)"root words", 10},
		.officer = S("Ayla"), .officer_passphrase = PASS, .cost = seal_cost_tests,
	};
}

/* A new place; `reg` in it is made. */
static inline void
make_register(void)
{
	struct node_new n;
	const char *tmp = getenv("TMPDIR");

	snprintf(place, sizeof place, "%s/habeas-record-XXXXXX",
		tmp && os_is_dir(tmp) ? tmp : "/tmp");
	assert_non_null(mkdtemp(place));
	snprintf(reg, sizeof reg, "%s/a.habeas", place);
	setenv("XDG_STATE_HOME", in_place("state"), 1);
	n = new_node();
	assert_ok(node_create(reg, &n, &recovery_paper, a, &e));
}

static inline void
drop_register(void)
{
	assert_ok(os_remove_tree(place, &e));
}

static inline struct node *
open_node(enum node_open_as as)
{
	struct node *n = NULL;

	assert_ok(node_open(&n, reg, as, PASS, &e));
	return n;
}

static inline struct bytes
name_value(const char *text)
{
	struct name n = {.text = str_of(text), .script = SCRIPT_LATN, .language = S(""),
		.role = S("")};

	return value_name(a, &n);
}

static inline struct draft
person(const char *given, const char *number)
{
	struct draft d = {.kind = kind_number("person")};

	d.slot[field_slot("person", "given")] = name_value(given);
	if (number)
		d.slot[field_slot("person", "number")] = value_text(a, str_of(number));
	return d;
}

static inline uint64_t
append(struct node *n, struct draft d, uint8_t ret_hash[SEAL_HASH])
{
	uint8_t hash[1][SEAL_HASH];
	uint64_t pos = 0;

	assert_ok(node_append(n, &d, 1, hash, &pos, &e));
	if (ret_hash)
		memcpy(ret_hash, hash[0], SEAL_HASH);
	return pos;
}

static inline struct record
get(struct node *n, uint64_t pos)
{
	struct record r;

	assert_ok(node_get(a, n, pos, &r, &e));
	return r;
}
