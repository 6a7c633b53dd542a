/*
 * The letter as somebody writes it: a directory with head.ini and text.LANG.md.
 * What is wrong in it is said with file and line.
 */
#include "appeal/appeal_int.h"

enum { HEAD_MOST = 1 << 20 };

struct reading {
	struct arena *a;
	const char *file;             /* DIR/head.ini, as errors name it */
	struct letter *l;
	struct letter_party *party;   /* the section that is being read, or NULL */
	struct letter_annex *annex;
	bool has_date, has_authentic;
	struct err *e;
};

static enum status
wrong(struct reading *r, const struct ini_item *i, const char *what)
{
	return err_set(r->e, BAD, "%s: line %zu: " STR_FMT ": %s", r->file, i->line,
		STR_ARG(i->name), what);
}

static enum status
clean_line(struct reading *r, const struct ini_item *i, struct str *ret)
{
	struct str s = text_clean(r->a, i->value, NULL);

	if (!letter_line_ok(r->a, s))
		return wrong(r, i, "is empty or longer than 1,000 bytes");
	*ret = s;
	return OK;
}

/* --- keys with a language: title.en, addressee.fa ------------------------------------- */

static const struct {
	const char *key;
	size_t at, lines;
} head_words[] = {
	{"title", offsetof(struct letter, title), 1},
	{"place", offsetof(struct letter, place), 1},
	{"letterhead", offsetof(struct letter, letterhead), LETTER_LINES_MOST},
	{"addressee", offsetof(struct letter, addressees), LETTER_LINES_MOST},
};

static enum status
add_words(struct reading *r, const struct ini_item *i, struct str words[LANG_COUNT], enum lang l,
	size_t most)
{
	struct str s;
	size_t lines = 0;
	enum status st = clean_line(r, i, &s);

	if (st)
		return st;
	for (struct str rest = words[l]; rest.n; lines++)
		str_cut(&rest, '\n');
	if (lines == most)
		return wrong(r, i, most == 1 ? "stands here twice" : "more lines than 16");
	words[l] = lines ? str_fmt(r->a, STR_FMT "\n" STR_FMT, STR_ARG(words[l]), STR_ARG(s)) : s;
	return OK;
}

/* "title.en" into "title" and the language; false: no language behind a dot. */
static bool
split_key(struct str name, struct str *ret_key, enum lang *ret)
{
	struct str key = str_upto(name, str_find(name, '.'));

	*ret_key = key;
	return key.n < name.n && lang_of(str_from(name, key.n + 1), ret);
}

/* --- sections ----------------------------------------------------------------------------- */

static enum status
read_date(struct reading *r, const struct ini_item *i, struct date *ret)
{
	struct date d;
	enum status st = date_parse(i->value, NULL, &d, r->e);

	if (st)
		return err_prefix(r->e, "%s: line %zu", r->file, i->line);
	if (d.first != d.last || d.flags)
		return wrong(r, i, "must be one day; write 2020-03-27 or 8 Farvardin 1399");
	*ret = d;
	r->has_date = true;
	return OK;
}

static enum status
head_item(struct reading *r, const struct ini_item *i)
{
	struct str key;
	enum lang l;

	if (str_is(i->name, "name")) {
		r->l->name = i->value;
		return letter_name_ok(i->value) ? OK : wrong(r, i, "write 1 to 64 of a-z 0-9 and -, "
			"as in release-2020");
	}
	if (str_is(i->name, "date"))
		return read_date(r, i, &r->l->date);
	if (str_is(i->name, "authentic")) {
		r->has_authentic = lang_of(i->value, &r->l->authentic);
		return r->has_authentic ? OK : wrong(r, i, "no such language; en, fa, az or azb");
	}
	if (split_key(i->name, &key, &l))
		for (size_t k = 0; k < sizeof head_words / sizeof *head_words; k++)
			if (str_is(key, head_words[k].key))
				return add_words(r, i, (struct str *)((char *)r->l + head_words[k].at), l,
					head_words[k].lines);
	return wrong(r, i, "no such key; there are name, date, authentic, and title, place, "
		"letterhead, addressee with a language, as in title.en");
}

static enum status
party_item(struct reading *r, const struct ini_item *i)
{
	struct seal_minisign_key k;
	struct str key;
	enum lang l;

	if (str_is(i->name, "root")) {
		if (!seal_minisign_public_read(r->a, i->value, &k))
			return wrong(r, i, "not a root key; it begins with RW and has 56 letters: the "
				"second line of the organisation's root file");
		for (const struct letter_party *p = r->l->parties; p < r->party; p++)
			if (str_eq(p->root, i->value))
				return wrong(r, i, "the root key of a party before");
		r->party->root = i->value;
		return OK;
	}
	if (split_key(i->name, &key, &l) && str_is(key, "name"))
		return add_words(r, i, r->party->name, l, 1);
	return wrong(r, i, "no such key; a party has root and name.en, name.fa …");
}

static enum status
annex_item(struct reading *r, const struct ini_item *i)
{
	const struct { const char *key; struct str *at; } plain[] = {
		{"query", &r->annex->query}, {"columns", &r->annex->columns},
		{"purpose", &r->annex->purpose},
	};
	struct str key;
	enum lang l;

	for (size_t k = 0; k < sizeof plain / sizeof *plain; k++) {
		if (!str_is(i->name, plain[k].key))
			continue;
		r->annex->where = str_fmt(r->a, "%s: line %zu", r->file, i->line);
		if (i->value.n == 0 && plain[k].at == &r->annex->query) {
			r->annex->query = S("");
			return OK;
		}
		return clean_line(r, i, plain[k].at);
	}
	if (split_key(i->name, &key, &l) && str_is(key, "title"))
		return add_words(r, i, r->annex->title, l, 1);
	return wrong(r, i, "no such key; an annex has title.en …, query, columns, purpose");
}

/* "party 2" must follow "party 1": the number is what pages and files name. */
static enum status
enter_section(struct reading *r, const struct ini_item *i)
{
	struct letter *l = r->l;
	struct str next_party = str_fmt(r->a, "party %zu", l->n_parties + 1);
	struct str next_annex = str_fmt(r->a, "annex %zu", l->n_annexes + 1);

	r->party = NULL;
	r->annex = NULL;
	if (str_eq(i->section, next_party) && l->n_parties < LETTER_PARTIES_MOST) {
		r->party = &l->parties[l->n_parties++];
	} else if (str_eq(i->section, next_annex) && l->n_annexes < LETTER_ANNEXES_MOST) {
		r->annex = &l->annexes[l->n_annexes++];
		r->annex->name = str_fmt(r->a, "%zu", l->n_annexes);
		r->annex->purpose = S("letter");
		r->annex->where = str_fmt(r->a, "%s: line %zu", r->file, i->line);
	} else {
		return err_set(r->e, BAD, "%s: line %zu: section [" STR_FMT "]; what may follow is ["
			STR_FMT "] or [" STR_FMT "]", r->file, i->line, STR_ARG(i->section),
			STR_ARG(next_party), STR_ARG(next_annex));
	}
	return OK;
}

static enum status
read_items(struct reading *r, const struct ini *ini)
{
	struct str section = S("");
	enum status st = OK;

	for (size_t k = 0; k < ini->n && st == OK; k++) {
		const struct ini_item *i = &ini->items[k];
		if (!str_eq(i->section, section)) {
			section = i->section;
			st = enter_section(r, i);
		}
		if (st == OK)
			st = r->party ? party_item(r, i) : r->annex ? annex_item(r, i)
				: head_item(r, i);
	}
	return st;
}

/* --- what must be there -------------------------------------------------------------------- */

static enum status
missing(struct reading *r, const char *what)
{
	return err_set(r->e, BAD, "%s: %s", r->file, what);
}

static bool
any_words(const struct str words[LANG_COUNT])
{
	for (int l = 0; l < LANG_COUNT; l++)
		if (words[l].n)
			return true;
	return false;
}

static enum status
check_head(struct reading *r)
{
	struct letter *l = r->l;

	if (l->name.n == 0)
		return missing(r, "no name; write name = release-2020");
	if (!r->has_date)
		return missing(r, "no date; write date = 2020-03-27");
	if (!r->has_authentic)
		return missing(r, "no authentic language; write authentic = en");
	if (l->n_parties == 0)
		return missing(r, "no party; write [party 1] with root and name.en");
	for (size_t i = 0; i < l->n_parties; i++)
		if (l->parties[i].root.n == 0 || !any_words(l->parties[i].name))
			return err_set(r->e, BAD, "%s: [party %zu]: no root or no name.en", r->file,
				i + 1);
	for (size_t i = 0; i < l->n_annexes; i++) {
		struct letter_annex *x = &l->annexes[i];
		struct str *columns;
		if (!any_words(x->title) || x->columns.n == 0)
			return err_set(r->e, BAD, "%s: [annex %zu]: no title.en or no columns", r->file,
				i + 1);
		if (columns_split(r->a, x->columns, &columns) > LETTER_COLUMNS_MOST)
			return err_set(r->e, BAD, STR_FMT ": more than %d columns", STR_ARG(x->where),
				LETTER_COLUMNS_MOST);
		if (reg_annex_check(x->query, x->columns, x->purpose, r->e) != OK)
			return err_prefix(r->e, STR_FMT, STR_ARG(x->where));
	}
	return OK;
}

/* --- texts ------------------------------------------------------------------------------------ */

/* What is hashed is NFC with \n line ends; blanks at the beginning of a line mean
 * something in Markdown and stay.  Whatever is invisible is refused, not dropped:
 * two texts that look the same shall be the same. */
static enum status
clean_text(struct arena *a, const char *path, struct str in, struct str *ret, struct err *e)
{
	struct buf b;
	struct str rest = in;
	enum status st = OK;

	if (str_starts(rest, "\xef\xbb\xbf"))
		rest = str_from(rest, 3);
	buf_init(&b, TYPESET_MAX_MARKDOWN);
	for (size_t line = 1; rest.n && st == OK; line++) {
		struct str s = str_cut(&rest, '\n');
		size_t indent = 0;
		bool changed = false;
		while (indent < s.n && s.p[indent] == ' ')
			indent++;
		struct str words = text_clean(a, str_from(s, indent), &changed);
		if (changed)
			st = err_set(e, BAD, "%s: line %zu: a control or invisible character; take it "
				"out", path, line);
		if (words.n)
			buf_put(&b, s.p, indent);
		buf_put(&b, words.p, words.n);
		buf_byte(&b, '\n');
	}
	if (st == OK && b.over)
		st = err_set(e, BAD, "%s: longer than 1 MiB", path);
	if (st == OK)
		*ret = str_dup(a, buf_str(&b));
	buf_finish(&b);
	return st;
}

static enum status
read_text(struct reading *r, const char *dir, enum lang l, size_t *ret_numbered,
	struct str *ret_quotes)
{
	const char *path = str_cstr(r->a, str_fmt(r->a, "%s/text.%s.md", dir, lang_code(l)));
	struct bytes b;
	enum status st = os_read_file(r->a, path, TYPESET_MAX_MARKDOWN, &b, r->e);

	if (st)
		return st;
	if (!utf8_valid(b))
		return err_set(r->e, BAD, "%s: not UTF-8; save it as UTF-8", path);
	if ((st = clean_text(r->a, path, bytes_str(b), &r->l->text[l], r->e)) != OK)
		return st;
	if (str_trim(r->l->text[l]).n == 0)
		return err_set(r->e, BAD, "%s: is empty", path);
	if (r->l->title[l].n == 0)
		return err_set(r->e, BAD, "%s: there is %s; write title.%s = …", r->file, path,
			lang_code(l));
	r->l->has[l] = true;
	if ((st = quotes_check(r->a, path, r->l->text[l], ret_quotes, r->e)) != OK)
		return st;
	return typeset_markdown_check(r->a, path, r->l->text[l], ret_numbered, r->e);
}

static enum status
read_texts(struct reading *r, const char *dir)
{
	struct letter *l = r->l;
	size_t numbered[LANG_COUNT] = {0};
	struct str quotes[LANG_COUNT] = {{0}};

	for (int k = 0; k < LANG_COUNT; k++) {
		enum status st = read_text(r, dir, (enum lang)k, &numbered[k], &quotes[k]);
		if (st != OK && st != NO)
			return st;
	}
	if (!l->has[l->authentic])
		return err_set(r->e, BAD, "%s/text.%s.md: there is none; %s says that it is the "
			"authentic one", dir, lang_code(l->authentic), r->file);
	/* ST/DCS/4/Rev.1 and the Editorial Manual: paragraphs are cited by number, so
	 * all languages number alike. */
	for (int k = 0; k < LANG_COUNT; k++)
		if (l->has[k] && numbered[k] != numbered[l->authentic])
			return err_set(r->e, BAD, "%s/text.%s.md: %zu numbered paragraphs; text.%s.md has "
				"%zu, and all languages must number alike", dir, lang_code((enum lang)k),
				numbered[k], lang_code(l->authentic), numbered[l->authentic]);
	/* One language must not give a number that the others do not. */
	for (int k = 0; k < LANG_COUNT; k++)
		if (l->has[k] && !str_eq(quotes[k], quotes[l->authentic]))
			return err_set(r->e, BAD, "%s/text.%s.md: not the estimates of text.%s.md: all languages "
				"must have the same {{estimate …}} in the same order", dir, lang_code((enum lang)k),
				lang_code(l->authentic));
	return OK;
}

enum status
letter_read(struct arena *a, const char *dir, struct letter *ret, struct err *e)
{
	struct letter l = {0};
	struct reading r = {.a = a, .l = &l, .e = e,
		.file = str_cstr(a, str_fmt(a, "%s/head.ini", dir))};
	struct bytes b;
	struct ini ini;
	enum status st = os_read_file(a, r.file, HEAD_MOST, &b, e);

	if (st)
		return st == NO ? err_set(e, BAD, "%s: there is no such file; `habeas letter new %s` "
			"makes one", r.file, dir) : st;
	l.parties = NEWS(a, struct letter_party, LETTER_PARTIES_MOST);
	l.annexes = NEWS(a, struct letter_annex, LETTER_ANNEXES_MOST);
	if ((st = ini_read(a, bytes_str(b), r.file, &ini, e)) != OK
	    || (st = read_items(&r, &ini)) != OK || (st = check_head(&r)) != OK
	    || (st = read_texts(&r, dir)) != OK)
		return st;
	*ret = l;
	return OK;
}
