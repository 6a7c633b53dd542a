/* What commands share: options, opening registers, printing. */
#include "cli/cli_int.h"
#include <stdarg.h>

const char *
opt(const struct args *x, const char *name)
{
	for (int i = 0; x->command->options && x->command->options[i].name; i++)
		if (strcmp(x->command->options[i].name, name) == 0)
			return x->opt[i];
	panic(__FILE__, __LINE__, "an option the command does not have");
}

struct str
opt_str(const struct args *x, const char *name)
{
	const char *s = opt(x, name);

	return s ? str_of(s) : S("");
}

struct bytes
secret_line(struct seal_secret *s)
{
	const char *p = (const char *)seal_secret_bytes(s);

	return (struct bytes){(const uint8_t *)p, strnlen(p, PASSPHRASE_MOST)};
}

enum status
ask_passphrase(struct args *x, const char *prompt, struct seal_secret **ret, struct err *e)
{
	struct seal_secret *s = seal_secret_create(PASSPHRASE_MOST);
	enum status st = os_passphrase(prompt, x->passphrase_fd, (char *)seal_secret_bytes(s),
		PASSPHRASE_MOST, e);

	if (st == OK && secret_line(s).n == 0)
		st = err_set(e, BAD, "passphrase: is empty; type one, or give --passphrase-fd N");
	if (st)
		seal_secret_destroy(s);
	else
		*ret = s;
	return st;
}

/* The command's name in the table of roles is its first word. */
static enum status
check_role(struct args *x, struct node *n, struct err *e)
{
	const struct node_info *i = node_info(n);
	struct str rest = str_of(x->command->name);
	char *first = str_cstr(x->a, str_cut(&rest, ' '));

	if (i->role.n == 0 || role_may(i->role, first))
		return OK;
	return err_set(e, BAD, "habeas %s: the role " STR_FMT " may not; ask an administrator",
		x->command->name, STR_ARG(i->role));
}

enum status
open_node(struct args *x, enum node_open_as as, struct node **ret, struct err *e)
{
	struct seal_secret *pass;
	struct node *n;
	enum status st;

	if (!node_is_register(x->arg[0]))
		return err_set(e, BAD, "%s: not a register; `habeas init` makes one", x->arg[0]);
	if ((st = ask_passphrase(x, "Passphrase: ", &pass, e)) != OK)
		return st;
	st = node_open(&n, x->arg[0], as, secret_line(pass), e);
	seal_secret_destroy(pass);
	if (st == OK && (st = check_role(x, n, e)) != OK) {
		node_close(n);
		return st;
	}
	if (st == OK)
		*ret = n;
	return st;
}

enum status
open_reg(struct args *x, enum node_open_as as, struct reg **ret, struct err *e)
{
	struct node *n;
	enum status st = open_node(x, as, &n, e);

	if (st == OK && (st = reg_open_node(ret, n, e)) != OK)
		node_close(n);
	return st;
}

/* What others wrote must not move the cursor or turn the line around. */
static void
show(FILE *to, struct str s)
{
	size_t at = 0;

	while (at < s.n) {
		size_t from = at;
		uint32_t cp = utf8_next(s, &at);
		bool hostile = (cp < 0x20 && cp != '\n' && cp != '\t') || (cp >= 0x7f && cp < 0xa0)
			|| (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069)
			|| cp == 0x200e || cp == 0x200f || cp == 0x061c;
		if (hostile)
			fprintf(to, "\\u%04x", cp);
		else
			fwrite(s.p + from, 1, at - from, to);
	}
}

void
say_str(struct str s)
{
	show(stdout, s);
}

static void
show_all(FILE *to, const char *fmt, va_list ap)
{
	struct arena *a = arena_create((size_t)64 << 20);
	char small[512];
	va_list again;

	va_copy(again, ap);
	int n = vsnprintf(small, sizeof small, fmt, ap);
	invariant(n >= 0);
	if ((size_t)n < sizeof small) {
		show(to, (struct str){small, (size_t)n});
	} else {
		char *p = arena_alloc(a, (size_t)n + 1, 1);
		vsnprintf(p, (size_t)n + 1, fmt, again);
		show(to, (struct str){p, (size_t)n});
	}
	va_end(again);
	arena_destroy(a);
}

void
say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	show_all(stdout, fmt, ap);
	va_end(ap);
}

void
warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	show_all(stderr, fmt, ap);
	va_end(ap);
}

void
table_row(struct text_table *t, const struct str *cells, size_t n)
{
	if (t->columns == 0)
		t->columns = n;
	invariant(t->columns == n);
	for (size_t i = 0; i < n; i++)
		VEC_PUSH(t->a, &t->cells) = cells[i];
}

void
table_print(struct text_table *t)
{
	enum { WIDEST = 56, COLUMNS = 64 };
	size_t width[COLUMNS] = {0};

	invariant(t->columns <= COLUMNS);
	for (size_t i = 0; i < t->cells.n; i++) {
		size_t w = text_width(t->cells.v[i]);
		size_t *most = &width[i % t->columns];
		if (w > *most)
			*most = w > WIDEST ? WIDEST : w;
	}
	for (size_t i = 0; i < t->cells.n; i++) {
		size_t c = i % t->columns;
		bool last = c + 1 == t->columns;
		say_str(last ? t->cells.v[i] : text_fit(t->a, t->cells.v[i], width[c]));
		fputs(last ? "\n" : "  ", stdout);
	}
}

enum status
may_write_into(struct arena *a, const char *dir, struct err *e)
{
	struct str at = str_of(dir);
	struct os_new_file *f;
	const char *path = dir;
	enum status st;

	if (!*dir)
		return err_set(e, BAD, "-o: an empty name; write the directory's");
	while (!os_exists(path)) {
		while (at.n && at.p[at.n - 1] != '/')
			at.n--;
		while (at.n > 1 && at.p[at.n - 1] == '/')
			at.n--;
		path = at.n ? str_cstr(a, at) : ".";
		at.n -= at.n > 0;
	}
	if (!os_is_dir(path))
		return err_set(e, BAD, "%s: is no directory; -o names the one to write into", path);
	path = str_cstr(a, str_fmt(a, "%s/habeas.try", path));
	if ((st = os_new_file(path, &f, e)) == OK)
		os_new_file_drop(f);
	return st;
}
