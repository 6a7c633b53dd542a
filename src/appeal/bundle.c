/*
 * The letter bundle, from the proposer to the parties: one line that says what it
 * is, then CBOR {0: manifest, 1: [[language, text] …], 2: [annex …]}, an annex
 * being an array of rows as in annex-N.cbor.
 */
#include "appeal/appeal_int.h"

static const char magic[] = "habeas letter bundle 1\n";

void
bundle_put(struct buf *out, const struct pack *p)
{
	size_t n = 0;

	for (int l = 0; l < LANG_COUNT; l++)
		n += p->m.has[l];
	buf_cstr(out, magic);
	cbor_put_map(out, 3);
	cbor_put_uint(out, 0);
	cbor_put_text(out, p->manifest_text);
	cbor_put_uint(out, 1);
	cbor_put_array(out, n);
	for (int l = 0; l < LANG_COUNT; l++) {
		if (!p->m.has[l])
			continue;
		cbor_put_array(out, 2);
		cbor_put_text(out, str_of(lang_code((enum lang)l)));
		cbor_put_text(out, p->text[l]);
	}
	cbor_put_uint(out, 2);
	cbor_put_array(out, p->m.n_annexes);
	for (size_t i = 0; i < p->m.n_annexes; i++)
		frozen_put(out, &p->annexes[i]);
}

/* In the order of the languages, each once: as written. */
static bool
texts_of(struct cbor *c, struct pack *p)
{
	size_t n = cbor_get_array(c);
	int last = -1;

	if (n > LANG_COUNT)
		return false;
	for (size_t i = 0; i < n; i++) {
		enum lang l;
		struct str text;
		if (cbor_get_array(c) != 2 || !lang_of(cbor_get_text(c), &l) || (int)l <= last)
			return false;
		last = (int)l;
		text = cbor_get_text(c);
		if (!cbor_ok(c) || text.n == 0 || text.n > TYPESET_MAX_MARKDOWN)
			return false;
		p->text[l] = text;
	}
	return cbor_ok(c);
}

static enum status
get_annexes(struct arena *a, struct cbor *c, struct pack *p, struct err *e)
{
	if (cbor_get_array(c) != p->m.n_annexes || !cbor_ok(c))
		return err_set(e, BAD, "letter bundle: not the %zu annexes of its manifest",
			p->m.n_annexes);
	p->annexes = NEWS(a, struct frozen_annex, p->m.n_annexes);
	for (size_t i = 0; i < p->m.n_annexes; i++) {
		enum status st = frozen_get(a, c, &p->m.annexes[i], i + 1, &p->annexes[i], e);
		if (st)
			return st;
	}
	return OK;
}

enum status
bundle_get(struct arena *a, struct bytes file, struct pack *ret, struct err *e)
{
	const size_t n = sizeof magic - 1;
	struct pack p = {0};
	struct cbor c;
	enum status st;

	if (file.n < n || memcmp(file.p, magic, n) != 0)
		return err_set(e, BAD, "not a letter bundle: its first line is not \"habeas letter "
			"bundle 1\"; `habeas letter propose` writes one");
	c = cbor_read((struct bytes){file.p + n, file.n - n});
	if (cbor_get_map(&c) != 3 || cbor_get_uint(&c) != 0)
		c.wrong = true;
	p.manifest_text = cbor_get_text(&c);
	if (!cbor_ok(&c))
		return err_set(e, BAD, "letter bundle: damaged before its texts");
	if ((st = manifest_read(a, p.manifest_text, &p.m, e)) != OK)
		return st;
	seal_sha256(str_bytes(p.manifest_text), p.hash);
	if (cbor_get_uint(&c) != 1 || !texts_of(&c, &p))
		return err_set(e, BAD, "letter bundle: damaged in its texts");
	if ((st = pack_check_texts(&p, e)) != OK)
		return st;
	if (cbor_get_uint(&c) != 2)
		c.wrong = true;
	if ((st = get_annexes(a, &c, &p, e)) != OK)
		return st;
	if (!cbor_done(&c))
		return err_set(e, BAD, "letter bundle: damaged, or something follows it");
	*ret = p;
	return OK;
}
