/*
 * Small configuration files, read by libinih.  It cuts long lines, long section
 * names and inline comments without a word; here whatever would be cut is BAD,
 * ";" inside a value belongs to it, and no value goes on over a second line.
 */
#include "base/ini.h"
#include <ini.h>
#include "base/poison.h"

enum {
	TEXT_MOST = 1 << 20,
	LINE_MOST = 4096,     /* with line end and NUL */
	SECTION_MOST = 49,    /* MAX_SECTION of inih's ini.c is 50 with the NUL */
};

struct reader {
	struct arena *a;
	const char *name;
	struct err *e;
	enum status s;
	struct str rest;      /* lines not given to inih yet */
	size_t line;          /* of the last one given */
	VEC(struct ini_item) items;
};

static enum status
check_line(struct reader *r, struct str line)
{
	struct str bare = str_trim(line);
	bool section = bare.n && bare.p[0] == '[';
	bool comment = bare.n == 0 || bare.p[0] == ';' || bare.p[0] == '#';
	size_t end = str_find(bare, ']');

	if (line.n > LINE_MOST - 3)
		return err_set(r->e, BAD, "%s: line %zu: %zu bytes; at most %d", r->name, r->line,
			line.n, LINE_MOST - 3);
	if (line.n && memchr(line.p, 0, line.n))
		return err_set(r->e, BAD, "%s: line %zu: a NUL byte; write text in UTF-8",
			r->name, r->line);
	/* inih takes what follows the name of a section for nothing. */
	if (section && (end > SECTION_MOST + 1 || end + 1 != bare.n))
		return err_set(r->e, BAD, "%s: line %zu: not a section; write [NAME] with at most "
			"%d bytes and nothing after it", r->name, r->line, SECTION_MOST);
	/* and ":" for "=", so that "Arrest: date = x" would name "Arrest". */
	if (!section && !comment && str_find(bare, ':') < str_find(bare, '='))
		return err_set(r->e, BAD, "%s: line %zu: a \":\" before the \"=\"; write name = "
			"value, with no \":\" in the name", r->name, r->line);
	return OK;
}

/* One line for inih, as fgets would give it; NULL at the end or after a fault. */
static char *
next_line(char *ret, int size, void *user)
{
	struct reader *r = user;
	struct str line;

	if (!r->rest.p || r->s != OK)
		return NULL;
	line = str_cut(&r->rest, '\n');
	r->line++;
	r->s = check_line(r, line);
	if (r->s != OK)
		return NULL;
	invariant(line.n + 2 <= (size_t)size);
	if (line.n)
		memcpy(ret, line.p, line.n);
	memcpy(ret + line.n, "\n", 2);
	return ret;
}

static int
take_item(void *user, const char *section, const char *name, const char *value)
{
	struct reader *r = user;

	if (r->s != OK)
		return 0;
	if (!*name) {
		r->s = err_set(r->e, BAD, "%s: line %zu: no name before the =; write name = value",
			r->name, r->line);
		return 0;
	}
	VEC_PUSH(r->a, &r->items) = (struct ini_item){
		.section = str_dup(r->a, str_of(section)),
		.name = str_dup(r->a, str_of(name)),
		.value = str_dup(r->a, str_of(value)),
		.line = r->line,
	};
	return 1;
}

/* inih is configured by variables of the whole process; we are its only user. */
static void
configure_inih(void)
{
	ini_use_stack = false;
	ini_initial_alloc = LINE_MOST;
	ini_max_line = LINE_MOST;
	ini_allow_realloc = false;
	ini_allow_inline_comments = false;
	ini_allow_multiline = false;
	ini_allow_bom = true;
	ini_allow_no_value = false;
	ini_stop_on_first_error = true;
}

enum status
ini_read(struct arena *a, struct str text, const char *name, struct ini *ret, struct err *e)
{
	struct reader r = {.a = a, .name = name, .e = e, .rest = text};
	int line;

	if (text.n > TEXT_MOST)
		return err_set(e, BAD, "%s: %zu bytes; at most %d", name, text.n, TEXT_MOST);
	if (!utf8_valid(str_bytes(text)))
		return err_set(e, BAD, "%s: not UTF-8; save it as UTF-8", name);
	configure_inih();
	line = ini_parse_stream(next_line, &r, take_item, &r);
	if (r.s != OK)
		return r.s;
	invariant(line != -2);                    /* no memory */
	if (line != 0)
		return err_set(e, BAD, "%s: line %d: neither [section] nor name = value",
			name, line);
	*ret = (struct ini){r.items.v, r.items.n};
	return OK;
}

const struct ini_item *
ini_find(const struct ini *i, const char *section, const char *name)
{
	for (size_t k = 0; k < i->n; k++)
		if (str_is(i->items[k].section, section) && str_is(i->items[k].name, name))
			return &i->items[k];
	return NULL;
}
