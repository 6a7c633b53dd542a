/*
 * Verifying a letter's PDF, offline and without a register.  Three things, told
 * apart:
 *
 *   who adopted it    certificates, signatures over the manifest, proofs of their
 *                     records; texts and rows against the manifest
 *   the file          every byte is as the rendering node signed it
 *   the pages         drawn again from the attached files, and compared
 *
 * OK needs: at least one adoption; every adoption valid and its root key in the
 * trust file; the file as made; and the pages equal, or, where this machine cannot
 * draw them the same (another engine, other words of another version), made by a
 * node whose organisation is in the trust file as well: its note answers for the
 * pages then.
 */
#include "appeal/appeal_int.h"

enum { TRUST_FILE_MOST = 1 << 20 };

struct verifying {
	struct arena *a;
	const char *file;
	struct bytes pdf;
	struct typeset_parts parts;
	struct pack p;
	const struct trusted *trust;
	size_t n_trust;
	bool maker_trusted;
	struct rendering note;
	struct letter_check *ret;
};

static const struct trusted *
trusted_root(const struct verifying *v, struct str root)
{
	for (size_t i = 0; i < v->n_trust; i++)
		if (str_eq(v->trust[i].root, root))
			return &v->trust[i];
	return NULL;
}

/* --- who adopted what -------------------------------------------------------------------- */

static struct str
adopted_when(struct arena *a, const struct adoption *x, const struct trusted *t)
{
	struct str s = str_fmt(a, "adopted on " STR_FMT ", entry %llu of its log " STR_FMT
		"; whether it was withdrawn since cannot be seen from here", STR_ARG(day_iso(a, x->on)),
		(unsigned long long)x->index, STR_ARG(x->origin));

	if (t && !str_eq(t->name, x->by.organisation))
		s = str_fmt(a, STR_FMT "; the trust file calls it " STR_FMT, STR_ARG(s),
			STR_ARG(t->name));
	return s;
}

static void
check_adoption(struct verifying *v, struct adoption *x, struct letter_checked_adoption *ret)
{
	const struct trusted *t;
	struct certificate by;
	struct err e = {0};
	size_t party = x->party;

	ret->valid = adoption_check(v->a, v->p.manifest_text, &v->p.m, x, &e) == OK;
	if (ret->valid && x->party != party) {
		ret->valid = false;
		(void)!err_set(&e, NO, "its files stand under the number of another party");
	}
	if (!ret->valid) {
		bool named = certificate_read(v->a, x->certificate, &by);
		ret->organisation = named ? by.organisation : party_name(&v->p.m, party, LANG_EN);
		ret->fingerprint = named ? by.root : S("");
		ret->what = str_dup(v->a, str_of(e.text));
		ret->confirmed_by = ret->confirmed_how = S("");
		x->party = party;
		return;
	}
	t = trusted_root(v, x->by.root);
	ret->organisation = x->by.organisation;
	ret->fingerprint = x->by.root;
	ret->trusted = t != NULL;
	ret->confirmed_by = t ? t->by : S("");
	ret->confirmed_how = t ? t->how : S("");
	ret->what = adopted_when(v->a, x, t);
}

static void
check_adoptions(struct verifying *v)
{
	struct letter_check *c = v->ret;

	c->n_parties = v->p.m.n_parties;
	c->n_adoptions = v->p.n_adoptions;
	c->adoptions = NEWS(v->a, struct letter_checked_adoption, c->n_adoptions);
	for (size_t i = 0; i < c->n_adoptions; i++)
		check_adoption(v, &v->p.adoptions[i], &c->adoptions[i]);
}

/* Texts and rows were checked against the manifest when they were read. */
static void
tell_texts(struct verifying *v)
{
	struct letter_check *c = v->ret;
	struct arena *a = v->a;

	c->texts = NEWS(a, struct str, LANG_COUNT);
	for (int l = 0; l < LANG_COUNT; l++)
		if (v->p.m.has[l])
			c->texts[c->n_texts++] = str_fmt(a, "%s: as the manifest fixes it%s",
				lang_code((enum lang)l), (enum lang)l == v->p.m.authentic ? ", authentic" : "");
	c->n_annexes = v->p.m.n_annexes;
	c->annexes = NEWS(a, struct str, c->n_annexes);
	for (size_t i = 0; i < c->n_annexes; i++) {
		const struct frozen_annex *x = &v->p.annexes[i];
		c->annexes[i] = str_fmt(a, "annex %zu: %zu rows, as the manifest fixes them", i + 1,
			x->n);
		if (x->left_out)
			c->annexes[i] = str_fmt(a, STR_FMT "; %zu of them left out here, by whoever made "
				"this file; their hashes prove that they were fixed, not why they are out", STR_ARG(c->annexes[i]), x->left_out);
	}
}

/* --- the file ------------------------------------------------------------------------------ */

/* The note, by the key in the certificate of the node that it names. */
static bool
check_note(struct verifying *v, const struct certificate *by, struct err *e)
{
	struct bytes covered = {v->pdf.p, v->parts.covered_len};
	struct str note = bytes_str(v->parts.note), text;
	uint8_t sha256[SEAL_HASH];
	size_t lines = 0;

	if (!utf8_valid(v->parts.note) || note_verify(note, by->log, &text, e) != OK)
		return false;
	/* Exactly one signature: a second line could say anything. */
	for (size_t i = text.n; i < note.n; i++)
		lines += note.p[i] == '\n';
	if (lines != 2 || !rendering_read(v->a, text, &v->note)) {
		(void)!err_set(e, NO, "the note is not one of a rendering");
		return false;
	}
	seal_sha256(covered, sha256);
	if (v->note.covered != covered.n || !seal_equal(sha256, v->note.sha256, SEAL_HASH)) {
		(void)!err_set(e, NO, "its bytes are not those that the note signs: it was changed");
		return false;
	}
	if (!seal_equal(v->note.manifest, v->p.hash, SEAL_HASH) || v->note.lang != v->parts.lang
	    || !str_starts(by->log, str_cstr(v->a, str_fmt(v->a, STR_FMT "+",
	    STR_ARG(v->note.origin))))) {
		(void)!err_set(e, NO, "the note names another letter, language or log");
		return false;
	}
	return true;
}

static void
check_file(struct verifying *v)
{
	struct letter_check *c = v->ret;
	struct certificate by;
	struct err e = {0};
	const struct trusted *t;

	if (certificate_check(v->a, v->p.node, v->p.node_sig, &by, &e) != OK) {
		c->made_by = str_fmt(v->a, "anybody: %s", e.text);
		return;
	}
	t = trusted_root(v, by.root);
	c->file_as_made = check_note(v, &by, &e);
	v->maker_trusted = c->file_as_made && t;
	c->made_by = str_fmt(v->a, "the node " STR_FMT " of " STR_FMT " (root key " STR_FMT ", %s"
		STR_FMT ")%s%s", STR_ARG(str_upto(by.log, str_find(by.log, '+'))),
		STR_ARG(by.organisation), STR_ARG(by.root), t ? "confirmed by " : "NOT CONFIRMED",
		STR_ARG(t ? t->by : S("")), c->file_as_made ? "" : ": ", c->file_as_made ? "" : e.text);
}

/* --- the pages ------------------------------------------------------------------------------ */

static void
not_compared(struct letter_check *c, struct str why)
{
	c->pages = PAGES_NOT_COMPARED;
	c->pages_why = why;
}

static void
check_pages(struct verifying *v)
{
	struct letter_check *c = v->ret;
	struct typeset_drawn drawn;
	struct typeset_doc d;
	enum typeset_same same;
	uint8_t document[SEAL_HASH];
	struct err e = {0};

	if (!c->file_as_made) {
		not_compared(c, S("the file is not as it was made"));
		return;
	}
	if (!v->p.m.has[v->note.lang]) {
		c->pages = PAGES_DIFFER;
		c->pages_why = S("the letter has no text in the language of these pages");
		return;
	}
	/* Pages show as signatories only whose adoption verifies. */
	d = page_doc(v->a, &v->p, v->note.lang);
	rendering_document(&d, document);
	if (typeset_pdf(v->a, &d, &drawn, &e) != OK
	    || typeset_compare(v->a, v->pdf, drawn.bytes, &same, &e) != OK) {
		not_compared(c, str_fmt(v->a, "they cannot be drawn here: %s", e.text));
		return;
	}
	c->pages = same == TYPESET_EQUAL ? PAGES_EQUAL : PAGES_DIFFER;
	c->pages_why = same == TYPESET_EQUAL ? S("") : S("they do not show the attached texts, rows and "
		"adoptions");
	if (same != TYPESET_EQUAL && !str_eq(drawn.engine, v->note.engine))
		not_compared(c, str_fmt(v->a, "drawn by another engine than this machine's (" STR_FMT
			"): they may say anything that the node above wanted", STR_ARG(v->note.engine)));
	else if (same != TYPESET_EQUAL && !seal_equal(document, v->note.document, SEAL_HASH))
		not_compared(c, S("worded by another version of habeas, or by hand: they may say anything "
			"that the node above wanted"));
}

/* --- all together --------------------------------------------------------------------------- */

static void
tell_how(struct verifying *v)
{
	struct letter_check *c = v->ret;
	struct arena *a = v->a;
	struct str keys = S("");

	for (size_t i = 0; i < c->n_adoptions; i++)
		if (c->adoptions[i].valid && !c->adoptions[i].trusted)
			keys = str_fmt(a, STR_FMT "  " STR_FMT "  " STR_FMT "\n", STR_ARG(keys),
				STR_ARG(c->adoptions[i].fingerprint), STR_ARG(c->adoptions[i].organisation));
	c->how_to_confirm = keys.n == 0 ? S("") : str_fmt(a, "NOT VERIFIED: nobody confirmed these root "
		"keys:\n" STR_FMT "Ask each organisation for its root key by another way than the one this "
		"file came by:\nby telephone, in person, or from what it publishes. If it is the same, write "
		"it into a file,\n  RW… | NAME | confirmed by WHOM | HOW\nand say --trust FILE.",
		STR_ARG(keys));
}

static enum status
verdict(const struct verifying *v, struct err *e)
{
	const struct letter_check *c = v->ret;

	if (c->n_adoptions == 0)
		return err_set(e, NO, "%s: no organisation has adopted it", v->file);
	for (size_t i = 0; i < c->n_adoptions; i++)
		if (!c->adoptions[i].valid)
			return err_set(e, NO, "%s: the adoption by " STR_FMT " does not verify", v->file,
				STR_ARG(c->adoptions[i].organisation));
	if (!c->file_as_made)
		return err_set(e, NO, "%s: it is not as it was made", v->file);
	if (c->pages == PAGES_DIFFER)
		return err_set(e, NO, "%s: its pages are not those of the attached files", v->file);
	for (size_t i = 0; i < c->n_adoptions; i++)
		if (!c->adoptions[i].trusted)
			return err_set(e, NO, "%s: the root key of " STR_FMT " is not in a trust file: not "
				"verified", v->file, STR_ARG(c->adoptions[i].organisation));
	if (c->pages == PAGES_NOT_COMPARED && !v->maker_trusted)
		return err_set(e, NO, "%s: its pages were not compared, and who made them is not in the "
			"trust file", v->file);
	return OK;
}

static enum status
read_trust(struct verifying *v, const char *trust_file, struct err *e)
{
	struct trusted *t;
	struct bytes b;
	enum status st;

	if (!trust_file)
		return OK;
	st = os_read_file(v->a, trust_file, TRUST_FILE_MOST, &b, e);
	if (st)
		return st == NO ? err_set(e, BAD, "%s: there is no such file", trust_file) : st;
	st = trust_read(v->a, bytes_str(b), trust_file, &t, &v->n_trust, e);
	v->trust = st == OK ? t : NULL;
	return st;
}

static enum status
read_letter(struct verifying *v, struct err *e)
{
	enum status st = os_read_file(v->a, v->file, TYPESET_MAX_PDF, &v->pdf, e);

	if (st)
		return st == NO ? err_set(e, BAD, "%s: there is no such file", v->file) : st;
	if ((st = typeset_pdf_files(v->a, v->pdf, &v->parts, e)) == OK && !v->parts.has_note)
		st = err_set(e, BAD, "no note of the node that made it; it is cut off, or no letter of "
			"habeas");
	if (st == OK)
		st = pack_of_files(v->a, v->parts.files, v->parts.n_files, &v->p, e);
	return st ? err_prefix(e, "%s", v->file) : OK;
}

enum status
letter_verify(struct arena *a, const char *file, const char *trust_file, struct letter_check *ret,
	struct err *e)
{
	struct letter_check c = {0};
	struct verifying v = {.a = a, .file = file, .ret = &c};
	enum status st;

	if ((st = read_trust(&v, trust_file, e)) != OK || (st = read_letter(&v, e)) != OK)
		return st;
	c.manifest_hash = hex_encode(a, BYTES(v.p.hash));
	check_adoptions(&v);
	tell_texts(&v);
	check_file(&v);
	check_pages(&v);
	tell_how(&v);
	*ret = c;
	return verdict(&v, e);
}
