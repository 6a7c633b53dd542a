/*
 * The last page: how to check the letter, with habeas or with minisign and
 * sha256sum alone.  Everything on it follows from the package.
 */
#include "appeal/appeal_int.h"

enum { PAGE_MOST = 1 << 20 };

static const char *const language_names[LANG_COUNT] = {
	[LANG_EN] = "English", [LANG_FA] = "Persian", [LANG_AZ] = "Azerbaijani",
	[LANG_AZB] = "Azerbaijani in Arabic script",
};

/* Names are not Markdown: CommonMark takes a backslash before any ASCII mark. */
static struct str
plain(struct arena *a, struct str s)
{
	struct buf b;
	struct str ret;

	buf_init(&b, 2 * s.n + 1);
	for (size_t i = 0; i < s.n; i++) {
		bool letter = (s.p[i] >= '0' && s.p[i] <= '9') || ((s.p[i] | 0x20) >= 'a'
			&& (s.p[i] | 0x20) <= 'z');
		if (s.p[i] > ' ' && s.p[i] < 0x7f && !letter)
			buf_byte(&b, '\\');
		buf_byte(&b, (uint8_t)s.p[i]);
	}
	ret = str_dup(a, buf_str(&b));
	buf_finish(&b);
	return ret;
}

static void
put(struct buf *b, enum lang l, const char *before, const char *words)
{
	buf_fmt(b, "%s%s\n\n", before, tr(l, words));
}

static void
put_with_habeas(struct buf *b, enum lang l)
{
	put(b, l, "## ", "With habeas, without a network");
	put(b, l, "", "Write the root keys that you confirmed into a file, one organisation a line, and "
		"name that file:");
	buf_fmt(b, "    RW\xe2\x80\xa6 | ORGANISATION | confirmed by WHOM | HOW\n\n"
		"    habeas verify letter.%s.pdf --trust FILE\n\n", lang_code(l));
}

static void
put_by_hand(struct buf *b, const struct pack *p, enum lang l)
{
	put(b, l, "## ", "By hand, with minisign and sha256sum");
	put(b, l, "", "Take the attached files out of the PDF. For each organisation, the first command "
		"checks what its root key certifies, the second that the key in the line \"adopt:\" of "
		"that certificate signed the manifest. The hashes of the texts must be those in the "
		"manifest.");
	buf_fmt(b, "    pdfdetach -saveall letter.%s.pdf\n", lang_code(l));
	for (size_t i = 0; i < p->n_adoptions; i++) {
		const struct adoption *x = &p->adoptions[i];
		/* A key on a line of its own: broken, it could not be copied. */
		buf_fmt(b, "    minisign -Vm certificate-%zu.txt \\\n      -P " STR_FMT "\n",
			x->party + 1, STR_ARG(x->by.root));
		buf_fmt(b, "    minisign -Vm manifest.txt -x manifest.%zu.minisig \\\n      -P " STR_FMT
			"\n", x->party + 1, STR_ARG(x->by.adopt));
	}
	buf_cstr(b, "    sha256sum manifest.txt");
	for (int k = 0; k < LANG_COUNT; k++)
		if (p->m.has[k])
			buf_fmt(b, " text.%s.md", lang_code((enum lang)k));
	buf_cstr(b, "\n\n");
}

static void
put_fingerprint(struct arena *a, struct buf *b, const char *what, struct bytes hash)
{
	buf_fmt(b, "- %s:\\\n  `" STR_FMT "`\n", what, STR_ARG(hex_encode(a, hash)));
}

static void
put_fingerprints(struct arena *a, struct buf *b, const struct pack *p, enum lang l)
{
	put(b, l, "## ", "What must agree");
	for (size_t i = 0; i < p->n_adoptions; i++)
		buf_fmt(b, "- %s:\\\n  `" STR_FMT "`\n", str_cstr(a, str_fmt(a, tr(l, "root key of %s"),
			str_cstr(a, plain(a, party_name(&p->m, p->adoptions[i].party, l))))),
			STR_ARG(p->adoptions[i].by.root));
	put_fingerprint(a, b, tr(l, "manifest, SHA-256"), BYTES(p->hash));
	for (int k = 0; k < LANG_COUNT; k++)
		if (p->m.has[k])
			put_fingerprint(a, b, str_cstr(a, str_fmt(a, tr(l, "text in %s, SHA-256"),
				tr(l, language_names[k]))), BYTES(p->m.text[k]));
	for (size_t i = 0; i < p->m.n_annexes; i++)
		put_fingerprint(a, b, str_cstr(a, str_fmt(a, tr(l, "annex %s, Merkle root over its rows"),
			str_cstr(a, text_number(a, (int64_t)i + 1, l)))),
			BYTES(p->m.annexes[i].root));
}

struct str
how_to_check(struct arena *a, const struct pack *p, enum lang l)
{
	struct buf b;
	struct str s;

	buf_init(&b, PAGE_MOST);
	put(&b, l, "# ", "How to check this letter");
	if (p->n_adoptions == 0) {
		put(&b, l, "", "No organisation has adopted this letter: it is a draft, and there is nothing "
			"to check yet.");
	} else {
		put(&b, l, "", "Each organisation that is named as a signatory has signed the manifest: a short "
			"text that fixes every version of this letter, and every row of its annexes, by their "
			"hashes. This PDF carries the manifest, the texts, the rows and the signatures.");
		put(&b, l, "", "An adoption is as good as the root key behind it. Have each key confirmed by the "
			"organisation itself, by another way than this file: by telephone, in person, or from "
			"what it publishes. The keys below are only what to compare with.");
		put_with_habeas(&b, l);
		put_by_hand(&b, p, l);
		put_fingerprints(a, &b, p, l);
	}
	invariant(!b.over);
	s = str_dup(a, buf_str(&b));
	buf_finish(&b);
	return s;
}
