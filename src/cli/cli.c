/* Dispatch: the tables of commands, their help, their options. */
#include "cli/cli_int.h"

enum { ARENA_CAP = (size_t)4 << 30 };

static const struct command *const tables[] = {
	node_commands, data_commands, view_commands, link_commands, review_commands,
	match_commands, names_commands, toll_commands, letter_commands,
};

static const struct option common_options[] = {
	{"--passphrase-fd", "N", "read passphrases from this descriptor, one a line"},
	{"--lang", "LANG", "en, fa, az or azb"},
	{"--json", NULL, "JSON, where there is something to read"},
	{"--help", NULL, "this help"},
	{NULL, NULL, NULL},
};

static void
print_options(const struct option *o)
{
	for (; o && o->name; o++)
		printf("  %s%s%-*s %s\n", o->name, o->value ? " " : "",
			(int)(22 - strlen(o->name) - (o->value ? 1 : 0)),
			o->value ? o->value : "", o->help);
}

static void
print_help(const struct command *c)
{
	printf("habeas %s %s\n\n%s\n", c->name, c->usage, c->help);
	if (c->options && c->options->name) {
		printf("\nOptions:\n");
		print_options(c->options);
	}
	printf("\nEverywhere:\n");
	print_options(common_options);
	printf("\nExits 0: done; 1: the answer is no; 2: usage or bad input; "
		"3: the machine failed.\n");
}

static void
print_overview(FILE *to)
{
	fprintf(to, "habeas COMMAND [REGISTER] …: the register of people in detention that "
		"several\norganisations keep together.  `habeas COMMAND --help` tells more.\n\n");
	for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
		for (const struct command *c = tables[t]; c->name; c++) {
			size_t n = strcspn(c->help, "\n");
			fprintf(to, "  %-16s %.*s\n", c->name, (int)n, c->help);
		}
		fputc('\n', to);
	}
}

/* "letter propose" is two words of argv.  ret_words: how many were the name. */
static const struct command *
find_command(int argc, char **argv, int *ret_words)
{
	for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
		for (const struct command *c = tables[t]; c->name; c++) {
			const char *space = strchr(c->name, ' ');
			size_t first = space ? (size_t)(space - c->name) : strlen(c->name);
			if (strlen(argv[1]) != first || memcmp(argv[1], c->name, first) != 0)
				continue;
			if (!space) {
				*ret_words = 1;
				return c;
			}
			if (argc > 2 && strcmp(argv[2], space + 1) == 0) {
				*ret_words = 2;
				return c;
			}
		}
	return NULL;
}

static bool
common_option(struct args *x, const char *name, const char *value, struct err *e)
{
	uint64_t fd;

	if (strcmp(name, "--json") == 0) {
		x->json = true;
	} else if (strcmp(name, "--lang") == 0) {
		if (!lang_of(str_of(value), &x->lang)) {
			(void)!err_set(e, BAD, "--lang %s: no such language; en, fa, az or azb", value);
			return false;
		}
	} else if (strcmp(name, "--passphrase-fd") == 0) {
		if (!str_u64(str_of(value), &fd) || fd > 1023) {
			(void)!err_set(e, BAD, "--passphrase-fd %s: not a descriptor's number", value);
			return false;
		}
		x->passphrase_fd = (int)fd;
	}
	return true;
}

static const struct option *
find_option(const struct option *o, const char *name, size_t n, int *ret_at)
{
	for (int i = 0; o && o[i].name; i++)
		if (strlen(o[i].name) == n && memcmp(o[i].name, name, n) == 0) {
			*ret_at = i;
			return &o[i];
		}
	return NULL;
}

/* -o FILE and -h are the two short ones everybody types. */
static const char *
long_form(const char *word)
{
	return strcmp(word, "-o") == 0 ? "--out" : strcmp(word, "-h") == 0 ? "--help" : word;
}

/* argv[*i] is an option: take it, and its value.  NO: help was asked for. */
static enum status
take_option(struct args *x, int argc, char **argv, int *i, struct err *e)
{
	const char *word = long_form(argv[*i]), *eq = strchr(word, '='), *value = "";
	size_t n = eq ? (size_t)(eq - word) : strlen(word);
	int at = -1;
	const struct option *own = find_option(x->command->options, word, n, &at);
	const struct option *o = own ? own : find_option(common_options, word, n, &at);

	if (!o)
		return err_set(e, BAD, "habeas %s: no option %s; `habeas %s --help` lists them",
			x->command->name, word, x->command->name);
	if (!o->value && eq)
		return err_set(e, BAD, "%s: takes no value", o->name);
	if (o->value) {
		value = eq ? eq + 1 : *i + 1 < argc ? argv[++*i] : NULL;
		if (!value)
			return err_set(e, BAD, "%s: needs a value: %s", o->name, o->value);
	}
	if (own) {
		x->opt[at] = value;
		return OK;
	}
	if (strcmp(o->name, "--help") == 0) {
		print_help(x->command);
		return NO;
	}
	return common_option(x, o->name, value, e) ? OK : BAD;
}

/* NO: help was asked for and printed. */
static enum status
parse(struct args *x, int argc, char **argv, struct err *e)
{
	bool only_args = false;

	for (int i = 0; i < argc; i++) {
		if (!only_args && strcmp(argv[i], "--") == 0) {
			only_args = true;
		} else if (!only_args && argv[i][0] == '-' && argv[i][1]) {
			enum status st = take_option(x, argc, argv, &i, e);
			if (st)
				return st;
		} else {
			if (x->n == ARGS_MOST)
				return err_set(e, BAD, "more than %d arguments", ARGS_MOST);
			x->arg[x->n++] = argv[i];
		}
	}
	if (x->n < x->command->least || x->n > x->command->most)
		return err_set(e, BAD, "usage: habeas %s %s", x->command->name, x->command->usage);
	return OK;
}

/* Everything from outside passes the door: arguments too. */
static enum status
check_utf8(int argc, char **argv, struct err *e)
{
	for (int i = 1; i < argc; i++)
		if (!utf8_valid(str_bytes(str_of(argv[i]))))
			return err_set(e, BAD, "argument %d is not UTF-8; use a UTF-8 terminal", i);
	return OK;
}

static enum lang
lang_of_environment(void)
{
	enum lang l;
	const char *s = getenv("HABEAS_LANG");

	return s && lang_of(str_of(s), &l) ? l : LANG_EN;
}

static enum status
start(int argc, char **argv, struct err *e)
{
	enum status st;

	os_no_core_dumps();
	if ((st = check_utf8(argc, argv, e)) != OK || (st = seal_init(e)) != OK)
		return st;
	return kinds_load((struct str){record_kinds_text, record_kinds_text_bytes}, e);
}

static enum status
run(struct args *x, int argc, char **argv, struct err *e)
{
	int words = 0;
	enum status st = start(argc, argv, e);

	if (st)
		return st;
	if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0
	    || strcmp(argv[1], "-h") == 0) {
		print_overview(argc < 2 ? stderr : stdout);
		return argc < 2 ? BAD : OK;
	}
	x->command = find_command(argc, argv, &words);
	if (!x->command)
		return err_set(e, BAD, "no command \"%s\"; `habeas --help` lists them", argv[1]);
	st = parse(x, argc - 1 - words, argv + 1 + words, e);
	if (st)
		return st == NO ? OK : st;
	tr_errors_in(x->lang);
	return x->command->run(x, e);
}

int
cli_main(int argc, char **argv, const struct cli_faces *faces)
{
	struct err e = {0};
	struct args x = {.a = arena_create(ARENA_CAP), .passphrase_fd = -1, .faces = faces,
		.lang = lang_of_environment()};

	tr_use(tr_tables);
	enum status st = run(&x, argc, argv, &e);
	os_progress_end();
	if (fflush(stdout) != 0 && st == OK)
		st = err_set(&e, FAIL, "standard output: cannot be written; is the disk full?");
	if (st && e.text[0])
		fprintf(stderr, "habeas: %s\n", e.text);
	arena_destroy(x.a);
	return (int)st;
}
