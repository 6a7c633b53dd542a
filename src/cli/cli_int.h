/* Inside cli: a command, its options, and what commands share. */
#ifndef CLI_INT_H
#define CLI_INT_H

#include "cli/cli.h"

enum { ARGS_MOST = 256 };

struct option {
	const char *name;             /* "--list" */
	const char *value;            /* "NAME", or NULL for a flag */
	const char *help;
};
struct args {
	const struct command *command;
	struct arena *a;
	const char *arg[ARGS_MOST];   /* positional, after the command's name */
	size_t n;
	const char *opt[32];          /* by the command's option number; "" for a set flag */
	enum lang lang;
	bool json;
	int passphrase_fd;            /* -1: the terminal */
	const struct cli_faces *faces;
};
struct command {
	const char *name;             /* "list", "letter propose" */
	const char *usage;            /* "REG [FILTER …]" */
	const char *help;             /* one sentence, then details after \n */
	size_t least, most;           /* positional arguments */
	const struct option *options; /* ends with a name of NULL */
	enum status (*run)(struct args *x, struct err *e);
};

extern const struct command node_commands[], data_commands[], view_commands[],
	link_commands[], review_commands[], match_commands[], names_commands[],
	toll_commands[], letter_commands[];

/* The value of an option, or NULL; a flag's is "". */
const char *opt(const struct args *x, const char *name);
struct str opt_str(const struct args *x, const char *name);   /* "" when absent */

/* Open the register named by the first argument, asking for a passphrase, and check
 * that the role of who signed in may use this command. */
enum status open_reg(struct args *x, enum node_open_as as, struct reg **ret, struct err *e) MUST;
enum status open_node(struct args *x, enum node_open_as as, struct node **ret, struct err *e) MUST;
/* The next passphrase: of the terminal, or a line of --passphrase-fd.  In locked
 * memory; destroy it. */
enum { PASSPHRASE_MOST = 1024 };
enum status ask_passphrase(struct args *x, const char *prompt, struct seal_secret **ret,
	struct err *e) MUST;
struct bytes secret_line(struct seal_secret *s);

/* Text for a terminal: control characters and bidi controls made visible. */
void say(const char *fmt, ...) PRINTF(1, 2);
void say_str(struct str s);
void warn(const char *fmt, ...) PRINTF(1, 2);         /* the same on standard error */
/* A table: cells padded to columns of the widest, cut at 40. */
struct text_table {
	struct arena *a;
	VEC(struct str) cells;
	size_t columns;
};
void table_row(struct text_table *t, const struct str *cells, size_t n);
void table_print(struct text_table *t);

/* A sentence with its %s filled in, in their order. */
struct str fill(struct arena *a, const char *sentence, const struct str *v, size_t n);

/* Tried before hours of work: a file that is dropped at once, in `dir` (-o) or, as that may
 * be still to be made, in the nearest directory above that is there. */
enum status may_write_into(struct arena *a, const char *dir, struct err *e) MUST;

/* view.c: the filters, FIELD=VALUE arguments from the one numbered `from` on. */
enum status read_filter(struct args *x, size_t from, struct reg_filter *f, struct err *e) MUST;
/* toll_register.c: an estimate that a register keeps, all of it. */
void print_toll(struct args *x, const struct reg_toll *v);

/* why.c: why the records of a person are together, and what became of numbers. */
void print_bonds(struct args *x, const struct reg_dossier *d);
struct str probability_words(struct args *x, double p);
void print_history(struct args *x, const struct reg_person_event *v, size_t n);
void reasons_json(struct json *j, const struct reg_reason *v, size_t n);   /* key "fields" */
void bonds_json(struct json *j, struct arena *a, const struct reg_dossier *d);
void history_json(struct json *j, struct arena *a, const struct reg_person_event *v, size_t n);

/* near.c: who is likely there already.  Shows them; on a terminal asks.  NO: it was
 * called off.  */
struct near_found {
	struct reg_near *v;
	size_t n;
	struct str same;              /* the record it was said to be the same as, or "" */
};
enum status check_near(struct args *x, struct reg *r, struct str amends,
	const struct reg_change *c, size_t n, struct near_found *ret, struct err *e) MUST;
void near_json(struct json *j, const struct near_found *f);

#endif
