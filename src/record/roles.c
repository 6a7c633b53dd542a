/*
 * What each role may do: the one table.  Columns: D documenter, R reviewer,
 * P publisher, A administrator; K: who came in by the recovery key, and may do
 * nothing but bring officers in or out.
 */
#include "record/record.h"
#include "record/record_int.h"

static const struct { const char *role; char letter; } roles[] = {
	{"documenter", 'D'}, {"reviewer", 'R'}, {"publisher", 'P'}, {"administrator", 'A'},
	{ROLE_RECOVERY, 'K'},
};

/* A kind that is not here: administrators only. */
static const struct { const char *kind, *letters; } may_write[] = {
	{"organisation",  "A"},
	{"node",          "A"},
	{"officer",       "AK"},
	{"partner",       "A"},
	{"source",        "DRA"},
	{"list",          "DRA"},
	{"list-version",  "DRA"},
	{"person",        "DRA"},
	{"facility",      "DRA"},
	{"event",         "DRA"},
	{"document",      "DRPA"},
	{"judgement",     "RA"},
	{"linker-run",    "RA"},
	{"sample",        "RA"},
	{"estimate",      "RA"},
	{"determination", "RA"},
	{"consent",       "DRPA"},
	{"letter",        "PA"},
	{"adoption",      "PA"},
	{"annex-row",     "PA"},
	{"task",          "DRPA"},
	{"erasure",       "A"},
	{"succession",    "A"},
	{"padding",       "DRPA"},
};

static const struct { const char *command, *letters; } may_run[] = {
	{"officer", "AK"},  {"partner", "A"},   {"certify", "A"},   {"import", "DRA"},  {"undo", "DRA"},
	{"add", "DRPA"},    {"amend", "DRPA"},  {"attach", "DRPA"}, {"erase", "A"},
	{"list", "DRPA"},   {"show", "DRPA"},   {"search", "DRPA"}, {"review", "RA"},
	{"link", "RA"},     {"backup", "A"},    {"resume", "A"},    {"rebuild", "DRPA"},
	{"doctor", "DRPA"}, {"prove", "PA"},    {"verify", "DRPAK"}, {"letter", "PA"},
	{"judge", "RA"},    {"toll", "DRPA"},   {"clusters", "DRPA"}, {"trust", "DRPA"}, {"passphrase", "DRPAK"},
	{"share", "PA"},    {"serve", "DRPA"},  {"export", "DRPA"}, {"task", "DRPA"},
};

#define LENGTH(a) (sizeof(a) / sizeof *(a))

static char
letter_of(struct str role)
{
	for (size_t i = 0; i < LENGTH(roles); i++)
		if (str_is(role, roles[i].role))
			return roles[i].letter;
	return '\0';
}

static bool
has(const char *letters, struct str role)
{
	char l = letter_of(role);

	return l && strchr(letters, l) != NULL;
}

bool
role_may_write(struct str role, uint32_t kind)
{
	const struct kind *k = kind_of(kind);

	for (size_t i = 0; k && i < LENGTH(may_write); i++)
		if (str_is(k->name, may_write[i].kind))
			return has(may_write[i].letters, role);
	return has("A", role);
}

bool
role_may(struct str role, const char *command)
{
	for (size_t i = 0; i < LENGTH(may_run); i++)
		if (strcmp(command, may_run[i].command) == 0)
			return has(may_run[i].letters, role);
	return has("A", role);
}
