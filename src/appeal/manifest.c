/*
 * The manifest: a text that lay people can read and check with minisign and
 * sha256sum.  Lines "KEY: VALUE" in one fixed order; what manifest_write() would
 * not have written is refused, so that equal manifests have equal bytes.
 */
#include "appeal/appeal_int.h"

static const char first_line[] = "habeas letter manifest 1\n";

bool
letter_name_ok(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && i > 0)))
			return false;
	}
	return s.n > 0 && s.n <= LETTER_NAME_MOST;
}

bool
letter_line_ok(struct arena *a, struct str s)
{
	return s.n > 0 && s.n <= LETTER_LINE_MOST && utf8_valid(str_bytes(s))
		&& str_eq(text_clean(a, s, NULL), s);
}

struct str
manifest_words(const struct manifest *m, const struct str words[LANG_COUNT], enum lang l)
{
	if (words[l].n)
		return words[l];
	if (words[m->authentic].n)
		return words[m->authentic];
	for (int k = 0; k < LANG_COUNT; k++)
		if (words[k].n)
			return words[k];
	return S("");
}

size_t
columns_split(struct arena *a, struct str columns, struct str **ret)
{
	VEC(struct str) v = {0};

	while (columns.p)
		VEC_PUSH(a, &v) = str_trim(str_cut(&columns, ','));
	*ret = v.v;
	return v.n;
}

/* --- writing ----------------------------------------------------------------------- */

static void
put(struct buf *b, const char *key, struct str value)
{
	buf_cstr(b, key);
	buf_cstr(b, ": ");
	buf_put(b, value.p, value.n);
	buf_byte(b, '\n');
}

/* A line for each language, and for each line in it. */
static void
put_words(struct buf *b, const char *key, const struct str words[LANG_COUNT])
{
	for (int l = 0; l < LANG_COUNT; l++) {
		struct str rest = words[l];
		while (rest.n) {
			buf_cstr(b, key);
			buf_byte(b, ' ');
			put(b, lang_code((enum lang)l), str_cut(&rest, '\n'));
		}
	}
}

static void
put_hash(struct arena *a, struct buf *b, const char *key, const uint8_t hash[SEAL_HASH])
{
	put(b, key, hex_encode(a, (struct bytes){hash, SEAL_HASH}));
}

/* What is counted stands in one table for writer and reader. */
static const struct {
	const char *key;
	size_t at;
} counted[] = {
	{"persons", offsetof(struct reg_counts, persons)},
	{"records", offsetof(struct reg_counts, records)},
	{"by every list", offsetof(struct reg_counts, by_every)},
	{"by any list", offsetof(struct reg_counts, by_any)},
	{"not heard of for 12 months", offsetof(struct reg_counts, stale)},
	{"confirmed", offsetof(struct reg_counts, confirmed)},
	{"unconfirmed", offsetof(struct reg_counts, unconfirmed)},
};
enum { COUNTED = sizeof counted / sizeof *counted };

static const struct {
	const char *key;
	size_t at;
} rows_of[] = {
	{"rows", offsetof(struct manifest_annex, rows)},
	{"rows by initials", offsetof(struct manifest_annex, reduced)},
	{"withheld", offsetof(struct manifest_annex, withheld)},
};
enum { ROWS_OF = sizeof rows_of / sizeof *rows_of };

static const char *
annex_key(struct arena *a, size_t number, const char *key)
{
	return str_cstr(a, str_fmt(a, "annex %zu%s%s", number, *key ? " " : "", key));
}

static void
put_annex(struct arena *a, struct buf *b, const struct manifest_annex *x, size_t n)
{
	put_words(b, annex_key(a, n, ""), x->title);
	put(b, annex_key(a, n, "columns"), x->columns);
	put(b, annex_key(a, n, "query"), x->query);
	put(b, annex_key(a, n, "purpose"), x->purpose);
	put(b, annex_key(a, n, "counted on"), day_iso(a, x->counted_on));
	put(b, annex_key(a, n, "counted as"), x->counted_as);
	for (size_t i = 0; i < COUNTED; i++) {
		size_t v;
		memcpy(&v, (const char *)&x->counts + counted[i].at, sizeof v);
		put(b, annex_key(a, n, counted[i].key), str_fmt(a, "%zu", v));
	}
	for (size_t i = 0; i < ROWS_OF; i++) {
		uint64_t v;
		memcpy(&v, (const char *)x + rows_of[i].at, sizeof v);
		put(b, annex_key(a, n, rows_of[i].key), str_fmt(a, "%llu", (unsigned long long)v));
	}
	put_hash(a, b, annex_key(a, n, "root"), x->root);
}

struct str
manifest_write(struct arena *a, const struct manifest *m)
{
	struct buf b;
	struct str s;

	buf_init(&b, LETTER_MANIFEST_MOST);
	buf_cstr(&b, first_line);
	put(&b, "name", m->name);
	put(&b, "date", day_iso(a, m->day));
	put(&b, "authentic", str_of(lang_code(m->authentic)));
	put_words(&b, "title", m->title);
	put_words(&b, "place", m->place);
	put_words(&b, "letterhead", m->letterhead);
	put_words(&b, "addressee", m->addressees);
	for (size_t i = 0; i < m->n_parties; i++) {
		const char *key = str_cstr(a, str_fmt(a, "party %zu", i + 1));
		put(&b, key, m->parties[i].root);
		put_words(&b, key, m->parties[i].name);
	}
	for (int l = 0; l < LANG_COUNT; l++)
		if (m->has[l])
			put_hash(a, &b, str_cstr(a, str_fmt(a, "text %s", lang_code((enum lang)l))),
				m->text[l]);
	for (size_t i = 0; i < m->n_annexes; i++)
		put_annex(a, &b, &m->annexes[i], i + 1);
	/* letter_read() keeps a letter far below. */
	invariant(!b.over);
	s = str_dup(a, buf_str(&b));
	buf_finish(&b);
	return s;
}

/* --- reading ----------------------------------------------------------------------- */

struct reading {
	struct arena *a;
	struct str rest;
	size_t line;
	struct err *e;
	enum status st;
};

/* Of the line taken last. */
static void
refuse(struct reading *r, const char *right)
{
	if (r->st == OK)
		r->st = err_set(r->e, BAD, "manifest: line %zu: %s", r->line, right);
}

/* The next line, if it begins with "KEY: ". */
static bool
take(struct reading *r, const char *key, struct str *ret)
{
	struct str line = str_upto(r->rest, str_find(r->rest, '\n'));
	size_t n = strlen(key);

	if (r->st || r->rest.n == 0 || !str_starts(line, key)
	    || !str_starts(str_from(line, n), ": "))
		return false;
	*ret = str_from(line, n + 2);
	r->rest = str_from(r->rest, line.n < r->rest.n ? line.n + 1 : line.n);
	r->line++;
	return true;
}

static struct str
need(struct reading *r, const char *key)
{
	struct str s = S("");

	if (!take(r, key, &s) && r->st == OK)
		r->st = err_set(r->e, BAD, "manifest: line %zu: \"%s: \" must stand here",
			r->line + 1, key);
	return s;
}

static void
need_hash(struct reading *r, const char *key, uint8_t ret[SEAL_HASH])
{
	if (!hex_decode(need(r, key), ret, SEAL_HASH))
		refuse(r, "not 64 hexadecimal digits");
}

static uint64_t
need_number(struct reading *r, const char *key)
{
	uint64_t v = 0;

	if (!str_u64(need(r, key), &v) || v > UINT32_MAX)
		refuse(r, "not a number below 2^32");
	return v;
}

static int32_t
need_day(struct reading *r, const char *key)
{
	struct date d = {.first = 0};

	if (date_parse(need(r, key), NULL, &d, NULL) != OK || d.first != d.last || d.flags
	    || d.calendar != CAL_GREGORIAN) {
		refuse(r, "not a day; write 2020-03-27");
		return 0;
	}
	return d.first;
}

static void
read_words(struct reading *r, const char *key, size_t most, struct str ret[LANG_COUNT])
{
	for (int l = 0; l < LANG_COUNT; l++) {
		const char *one = str_cstr(r->a, str_fmt(r->a, "%s %s", key, lang_code((enum lang)l)));
		struct str line;
		size_t n = 0;
		while (take(r, one, &line)) {
			if (n++ == most)
				refuse(r, "too many lines of this name");
			if (!letter_line_ok(r->a, line))
				refuse(r, "an empty or too long line, or one with control characters");
			ret[l] = ret[l].n ? str_fmt(r->a, STR_FMT "\n" STR_FMT, STR_ARG(ret[l]),
				STR_ARG(line)) : line;
		}
	}
}

static void
read_parties(struct reading *r, struct manifest *m)
{
	m->parties = NEWS(r->a, struct letter_party, LETTER_PARTIES_MOST);
	for (;;) {
		const char *key = str_cstr(r->a, str_fmt(r->a, "party %zu", m->n_parties + 1));
		struct letter_party p = {0};
		struct seal_minisign_key k;
		if (!take(r, key, &p.root))
			return;
		if (m->n_parties == LETTER_PARTIES_MOST)
			refuse(r, "too many parties");
		else if (!seal_minisign_public_read(r->a, p.root, &k))
			refuse(r, "not a root key; it begins with RW and has 56 letters");
		for (size_t i = 0; i < m->n_parties && r->st == OK; i++)
			if (str_eq(m->parties[i].root, p.root))
				refuse(r, "a party that is there already");
		read_words(r, key, 1, p.name);
		if (r->st)
			return;
		m->parties[m->n_parties++] = p;
	}
}

static void
read_texts(struct reading *r, struct manifest *m)
{
	for (int l = 0; l < LANG_COUNT; l++) {
		const char *key = str_cstr(r->a, str_fmt(r->a, "text %s", lang_code((enum lang)l)));
		struct str hex;
		if (!take(r, key, &hex))
			continue;
		m->has[l] = true;
		if (!hex_decode(hex, m->text[l], SEAL_HASH))
			refuse(r, "not 64 hexadecimal digits");
		if (m->title[l].n == 0)
			refuse(r, "a text without a title in its language");
	}
}

static void
read_annex(struct reading *r, struct manifest_annex *x, size_t n)
{
	struct str *columns;

	read_words(r, annex_key(r->a, n, ""), 1, x->title);
	x->columns = need(r, annex_key(r->a, n, "columns"));
	x->query = need(r, annex_key(r->a, n, "query"));
	x->purpose = need(r, annex_key(r->a, n, "purpose"));
	x->counted_on = need_day(r, annex_key(r->a, n, "counted on"));
	x->counted_as = need(r, annex_key(r->a, n, "counted as"));
	for (size_t i = 0; i < COUNTED; i++) {
		size_t v = (size_t)need_number(r, annex_key(r->a, n, counted[i].key));
		memcpy((char *)&x->counts + counted[i].at, &v, sizeof v);
	}
	for (size_t i = 0; i < ROWS_OF; i++) {
		uint64_t v = need_number(r, annex_key(r->a, n, rows_of[i].key));
		memcpy((char *)x + rows_of[i].at, &v, sizeof v);
	}
	need_hash(r, annex_key(r->a, n, "root"), x->root);
	if (r->st)
		return;
	if (columns_split(r->a, x->columns, &columns) > LETTER_COLUMNS_MOST
	    || !letter_line_ok(r->a, x->columns) || !letter_line_ok(r->a, x->purpose)
	    || !letter_line_ok(r->a, x->counted_as)
	    || (x->query.n && !letter_line_ok(r->a, x->query)))
		refuse(r, "the annex above: columns, query or purpose too long or malformed");
	if (x->rows > LETTER_ROWS_MOST || x->reduced > x->rows)
		refuse(r, "the annex above: more rows than can be");
}

static void
read_annexes(struct reading *r, struct manifest *m)
{
	m->annexes = NEWS(r->a, struct manifest_annex, LETTER_ANNEXES_MOST);
	while (r->st == OK && r->rest.n) {
		if (m->n_annexes == LETTER_ANNEXES_MOST) {
			refuse(r, "nothing more; there are as many annexes as there may be");
			return;
		}
		read_annex(r, &m->annexes[m->n_annexes], m->n_annexes + 1);
		m->n_annexes++;
	}
}

static void
read_head(struct reading *r, struct manifest *m)
{
	m->name = need(r, "name");
	if (r->st == OK && !letter_name_ok(m->name))
		refuse(r, "a name is 1 to 64 of a-z 0-9 and -");
	m->day = need_day(r, "date");
	if (!lang_of(need(r, "authentic"), &m->authentic))
		refuse(r, "not a language; en, fa, az or azb");
	read_words(r, "title", 1, m->title);
	read_words(r, "place", 1, m->place);
	read_words(r, "letterhead", LETTER_LINES_MOST, m->letterhead);
	read_words(r, "addressee", LETTER_LINES_MOST, m->addressees);
}

enum status
manifest_read(struct arena *a, struct str text, struct manifest *ret, struct err *e)
{
	struct manifest m = {0};
	struct reading r = {.a = a, .line = 1, .e = e};

	if (text.n > LETTER_MANIFEST_MOST || !utf8_valid(str_bytes(text))
	    || !str_starts(text, first_line))
		return err_set(e, BAD, "manifest: its first line is not \"habeas letter manifest 1\"");
	r.rest = str_from(text, sizeof first_line - 1);
	read_head(&r, &m);
	read_parties(&r, &m);
	if (m.n_parties == 0)
		need(&r, "party 1");
	read_texts(&r, &m);
	if (!m.has[m.authentic])
		need(&r, str_cstr(a, str_fmt(a, "text %s", lang_code(m.authentic))));
	read_annexes(&r, &m);
	if (r.st)
		return r.st;
	if (!str_eq(manifest_write(a, &m), text))
		return err_set(e, BAD, "manifest: not as habeas writes it: an order, a number or a "
			"line end differs");
	*ret = m;
	return OK;
}
