/* The trust file: root keys that somebody confirmed, by whom and how. */
#include "appeal/appeal_int.h"

enum { TRUST_MOST = 1 << 20, CELLS = 4 };

static const char by_prefix[] = "confirmed by ";

static enum status
wrong(struct err *e, const char *name, size_t line, const char *what)
{
	return err_set(e, BAD, "%s: line %zu: %s; write RW… | NAME | confirmed by WHOM | HOW", name,
		line, what);
}

static enum status
read_line(struct arena *a, struct str line, const char *name, size_t number,
	struct trusted *ret, struct err *e)
{
	struct seal_minisign_key k;
	struct str cell[CELLS], rest = line;
	size_t n = 0;

	while (rest.p && n < CELLS)
		cell[n++] = str_trim(str_cut(&rest, '|'));
	if (n < CELLS || rest.p)
		return wrong(e, name, number, "not four cells with | between");
	if (!seal_minisign_public_read(a, cell[0], &k))
		return wrong(e, name, number, "the first is no root key: it begins with RW and has 56 "
			"letters");
	if (cell[1].n == 0 || !str_starts(cell[2], by_prefix)
	    || str_trim(str_from(cell[2], sizeof by_prefix - 1)).n == 0)
		return wrong(e, name, number, "a name, or by whom it was confirmed, is missing");
	if (cell[3].n == 0)
		return wrong(e, name, number, "how it was confirmed is missing");
	*ret = (struct trusted){cell[0], cell[1],
		str_trim(str_from(cell[2], sizeof by_prefix - 1)), cell[3]};
	return OK;
}

enum status
trust_read(struct arena *a, struct str text, const char *name, struct trusted **ret, size_t *ret_n,
	struct err *e)
{
	VEC(struct trusted) v = {0};
	struct str rest = text;

	if (text.n > TRUST_MOST || !utf8_valid(str_bytes(text)))
		return err_set(e, BAD, "%s: not UTF-8 text of at most 1 MiB", name);
	for (size_t line = 1; rest.p; line++) {
		struct str s = str_trim(str_cut(&rest, '\n'));
		struct trusted t;
		enum status st;
		if (s.n == 0 || s.p[0] == '#')
			continue;
		if ((st = read_line(a, s, name, line, &t, e)) != OK)
			return st;
		for (size_t i = 0; i < v.n; i++)
			if (str_eq(v.v[i].root, t.root))
				return wrong(e, name, line, "this root key stands in a line before");
		VEC_PUSH(a, &v) = t;
	}
	*ret = v.v;
	*ret_n = v.n;
	return OK;
}

/* --- writing ------------------------------------------------------------------------ */

/* A cell of the file: no bar, no line end. */
static struct str
cell(struct arena *a, struct str s)
{
	s = text_clean(a, s, NULL);
	char *p = str_cstr(a, s);

	for (size_t i = 0; i < s.n; i++)
		if (p[i] == '|')
			p[i] = '/';
	return (struct str){p, s.n};
}

static struct str
text_of(const struct record *r, const char *field)
{
	struct str s;

	return get_text(r->slot[field_slot("partner", field)], &s) ? s : S("");
}

/* A partner whose key nobody confirmed is named, but as a comment. */
static void
put_partner(struct arena *a, struct buf *b, const struct record *r)
{
	struct str by = cell(a, text_of(r, "confirmed-by")), how = cell(a, text_of(r, "confirmed-how"));
	struct str name = cell(a, text_of(r, "name")), root = str_trim(text_of(r, "root"));
	struct seal_minisign_key k;
	struct date revoked;

	if (!seal_minisign_public_read(a, root, &k)
	    || get_date(r->slot[field_slot("partner", "revoked")], &revoked))
		return;
	if (by.n == 0 || how.n == 0)
		buf_fmt(b, "# " STR_FMT " | " STR_FMT " | NOT CONFIRMED BY ANYBODY\n", STR_ARG(root),
			STR_ARG(name));
	else
		buf_fmt(b, STR_FMT " | " STR_FMT " | %s" STR_FMT " | " STR_FMT "\n", STR_ARG(root),
			STR_ARG(name), by_prefix, STR_ARG(by), STR_ARG(how));
}

enum status
trust_write(struct arena *a, struct reg *r, struct str *ret, struct err *e)
{
	const struct node_info *i = node_info(reg_node(r));
	struct str own = cell(a, i->organisation);
	struct record *partners;
	struct buf b;
	size_t n;
	enum status st = reg_of_kind(a, r, "partner", &partners, &n, e);

	if (st)
		return st;
	buf_init(&b, TRUST_MOST);
	buf_cstr(&b, "# Root keys that were confirmed: KEY | ORGANISATION | confirmed by WHOM | HOW\n"
		"# A line counts only for who knows who wrote it: it must have come by another way\n"
		"# than what it is to verify.\n");
	buf_fmt(&b, STR_FMT " | " STR_FMT " | %s" STR_FMT " | it is its own key\n",
		STR_ARG(i->root_key), STR_ARG(own), by_prefix, STR_ARG(own));
	for (size_t k = 0; k < n; k++) {
		bool again = str_eq(text_of(&partners[k], "root"), i->root_key);
		for (size_t l = k + 1; l < n; l++)
			again = again || str_eq(text_of(&partners[k], "root"), text_of(&partners[l], "root"));
		if (!again)
			put_partner(a, &b, &partners[k]);
	}
	if (b.over)
		st = err_set(e, BAD, "trust: more than 1 MiB of partners");
	else
		*ret = str_dup(a, buf_str(&b));
	buf_finish(&b);
	return st;
}
