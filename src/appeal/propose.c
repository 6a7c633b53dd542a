/* Proposing a letter: its annexes are frozen, everything is fixed by one manifest;
 * and taking a partner's proposal in. */
#include "appeal/appeal_int.h"

/* A letter's name is its handle in commands: one letter a name. */
static enum status
refuse_same_name(struct arena *a, struct reg *r, const struct manifest *m, struct str manifest,
	struct err *e)
{
	struct record old;
	struct str said;
	enum status st = letter_find(a, r, m->name, &old, e);

	if (st != OK)
		return st == NO ? OK : st;
	if (get_text(old.slot[field_slot("letter", "manifest")], &said) && str_eq(said, manifest))
		return err_set(e, NO, "letter \"" STR_FMT "\": it is there already",
			STR_ARG(m->name));
	return err_set(e, BAD, "letter \"" STR_FMT "\": there is another letter of this name; "
		"what was proposed stays as it is: give the new one a new name", STR_ARG(m->name));
}

static struct manifest
manifest_of(const struct letter *l)
{
	struct manifest m = {.name = l->name, .day = l->date.first, .authentic = l->authentic,
		.parties = l->parties, .n_parties = l->n_parties, .n_annexes = l->n_annexes};

	memcpy(m.has, l->has, sizeof m.has);
	memcpy(m.title, l->title, sizeof m.title);
	memcpy(m.place, l->place, sizeof m.place);
	memcpy(m.letterhead, l->letterhead, sizeof m.letterhead);
	memcpy(m.addressees, l->addressees, sizeof m.addressees);
	for (int i = 0; i < LANG_COUNT; i++)
		if (m.has[i])
			seal_sha256(str_bytes(l->text[i]), m.text[i]);
	return m;
}

static enum status
freeze(struct arena *a, struct reg *r, const struct letter_annex *x, size_t number,
	struct manifest_annex *m, struct frozen_annex *ret, struct err *e)
{
	struct reg_annex rows;
	struct reg_filter f;
	struct str list = S("");
	enum status st;

	if ((st = reg_filter_parse(a, x->query, &f, e)) != OK
	    || (st = reg_annex(a, r, x->query, x->columns, x->purpose, &rows, e)) != OK)
		return err_prefix(e, STR_FMT, STR_ARG(x->where));
	if ((st = frozen_make(a, &rows, number, ret, e)) != OK)
		return st;
	for (size_t i = 0; i < rows.n_columns; i++)
		list = str_fmt(a, STR_FMT "%s" STR_FMT, STR_ARG(list), i ? ", " : "",
			STR_ARG(rows.columns[i]));
	*m = (struct manifest_annex){.columns = list, .query = reg_filter_write(a, &f),
		.purpose = x->purpose, .counted_on = f.on == DAY_MAX ? day_today() : f.on,
		.counted_as = f.status.n ? f.status : S("held"),
		.counts = rows.counts, .rows = rows.n_rows, .reduced = rows.reduced,
		.withheld = rows.withheld};
	memcpy(m->title, x->title, sizeof m->title);
	frozen_root(a, ret, m->root);
	return OK;
}

/* The file first: a letter that stands in the log and cannot be given to anybody
 * would be worse than a file that nobody needs. */
static enum status
write_and_store(struct arena *a, struct reg *r, const struct pack *p, const char *file,
	struct err *e)
{
	struct buf b;
	enum status st;

	buf_init(&b, LETTER_BUNDLE_MOST);
	bundle_put(&b, p);
	st = b.over ? err_set(e, BAD, "letter: more than %d MiB of annexes; narrow their queries",
		LETTER_BUNDLE_MOST >> 20) : os_write_file(file, buf_bytes(&b), 0600, e);
	buf_finish(&b);
	if (st == OK && (st = pack_store(a, r, p, e)) != OK) {
		struct err ignored;
		if (os_remove(file, &ignored) != OK)
			err_prefix(e, "%s: of no letter, remove it", file);
	}
	return st;
}

/* The letter with its estimates written out. */
static enum status
with_estimates(struct arena *a, struct reg *r, struct letter *l, struct err *e)
{
	enum status st = OK;

	for (int k = 0; k < LANG_COUNT && st == OK; k++)
		if (l->has[k])
			st = quotes_write_out(a, r, str_cstr(a, str_fmt(a, "text.%s.md",
				lang_code((enum lang)k))), l->text[k], (enum lang)k, &l->text[k], e);
	return st;
}

enum status
letter_propose(struct arena *a, struct reg *r, const struct letter *written, const char *file,
	struct str *ret_line, struct err *e)
{
	struct letter whole = *written, *l = &whole;
	struct pack p;
	struct manifest again;
	size_t rows = 0;
	enum status st = with_estimates(a, r, l, e);

	if (st)
		return st;
	p = (struct pack){.m = manifest_of(l)};
	if ((st = refuse_same_name(a, r, &p.m, S(""), e)) != OK)
		return st;
	p.m.annexes = NEWS(a, struct manifest_annex, l->n_annexes);
	p.annexes = NEWS(a, struct frozen_annex, l->n_annexes);
	for (size_t i = 0; i < l->n_annexes; i++) {
		if ((st = freeze(a, r, &l->annexes[i], i + 1, &p.m.annexes[i], &p.annexes[i], e)) != OK)
			return st;
		rows += p.annexes[i].n;
	}
	memcpy(p.text, l->text, sizeof p.text);
	p.manifest_text = manifest_write(a, &p.m);
	seal_sha256(str_bytes(p.manifest_text), p.hash);
	/* What is fixed for ever must be readable for ever: before it is. */
	if ((st = manifest_read(a, p.manifest_text, &again, e)) != OK
	    || (st = write_and_store(a, r, &p, file, e)) != OK)
		return st;
	*ret_line = str_fmt(a, "Proposed " STR_FMT ": %zu annexes with %zu rows, manifest " STR_FMT
		"\nGive %s to the %zu parties; they `letter receive` it and `letter adopt` it",
		STR_ARG(l->name), l->n_annexes, rows, STR_ARG(hex_encode(a, BYTES(p.hash))), file,
		l->n_parties);
	return OK;
}

/* What the proposer's habeas checked is checked again: another may have made it. */
static enum status
check_markdown(struct arena *a, const struct pack *p, struct err *e)
{
	for (int l = 0; l < LANG_COUNT; l++) {
		const char *name = str_cstr(a, str_fmt(a, "text.%s.md", lang_code((enum lang)l)));
		enum status st = p->m.has[l] ? typeset_markdown_check(a, name, p->text[l], NULL, e) : OK;
		if (st)
			return st;
	}
	return OK;
}

enum status
letter_receive(struct arena *a, struct reg *r, const char *file, struct str *ret_name,
	struct err *e)
{
	struct pack p;
	struct bytes b;
	enum status st = os_read_file(a, file, LETTER_BUNDLE_MOST, &b, e);

	if (st)
		return st == NO ? err_set(e, BAD, "%s: there is no such file", file) : st;
	if ((st = bundle_get(a, b, &p, e)) != OK || (st = check_markdown(a, &p, e)) != OK)
		return err_prefix(e, "%s", file);
	if ((st = refuse_same_name(a, r, &p.m, p.manifest_text, e)) != OK
	    || (st = pack_store(a, r, &p, e)) != OK)
		return st;
	*ret_name = p.m.name;
	return OK;
}
