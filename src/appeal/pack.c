/*
 * What a rendering carries, as files: everything that its pages say follows from
 * them, and minisign and sha256sum take them as they are.
 */
#include "appeal/appeal_int.h"

static const char plain[] = "text/plain", cbor_type[] = "application/cbor";

enum status
pack_check_texts(const struct pack *p, struct err *e)
{
	uint8_t hash[SEAL_HASH];

	for (int l = 0; l < LANG_COUNT; l++) {
		if (p->m.has[l] != (p->text[l].p != NULL))
			return err_set(e, BAD, "text.%s.md: %s", lang_code((enum lang)l), p->m.has[l]
				? "missing; the manifest fixes one" : "there is none in the manifest");
		if (!p->m.has[l])
			continue;
		seal_sha256(str_bytes(p->text[l]), hash);
		if (!seal_equal(hash, p->m.text[l], SEAL_HASH))
			return err_set(e, BAD, "text.%s.md: not the text that the manifest fixes: its "
				"SHA-256 differs", lang_code((enum lang)l));
	}
	return OK;
}

/* --- out ----------------------------------------------------------------------------- */

struct files { struct arena *a; VEC(struct typeset_file) v; };

static void
add(struct files *f, struct str name, const char *type, struct str what, struct bytes data)
{
	VEC_PUSH(f->a, &f->v) = (struct typeset_file){name, str_of(type), what, data};
}

static void
add_annex(struct files *f, const struct pack *p, size_t i)
{
	struct buf b;

	buf_init(&b, TYPESET_MAX_PDF);
	frozen_put(&b, &p->annexes[i]);
	invariant(!b.over);
	add(f, str_fmt(f->a, "annex-%zu.cbor", i + 1), cbor_type,
		str_fmt(f->a, "Rows of annex %zu as they were fixed", i + 1),
		(struct bytes){arena_copy(f->a, b.p, b.n), b.n});
	buf_finish(&b);
	add(f, str_fmt(f->a, "annex-%zu.csv", i + 1), "text/csv",
		S("The same rows, for reading"),
		frozen_csv(f->a, &p->annexes[i], &p->m.annexes[i]));
}

static void
add_adoption(struct files *f, const struct adoption *x)
{
	struct arena *a = f->a;
	size_t k = x->party + 1;

	add(f, str_fmt(a, "certificate-%zu.txt", k), plain,
		str_fmt(a, "What the root key of party %zu certifies", k), str_bytes(x->certificate));
	add(f, str_fmt(a, "certificate-%zu.txt.minisig", k), plain,
		str_fmt(a, "Signature of party %zu's root key over it", k),
		str_bytes(x->certificate_sig));
	add(f, str_fmt(a, "manifest.%zu.minisig", k), plain,
		str_fmt(a, "Signature of party %zu over manifest.txt", k),
		str_bytes(x->manifest_sig));
	add(f, str_fmt(a, "proof-%zu.tlog-proof", k), plain,
		str_fmt(a, "Proof that this adoption stands in the log of party %zu", k),
		str_bytes(x->proof));
}

void
pack_files(struct arena *a, const struct pack *p, struct typeset_file **ret, size_t *ret_n)
{
	struct files f = {.a = a};

	add(&f, S("manifest.txt"), plain, S("What the organisations adopted: it fixes texts and "
		"annexes by their hashes"), str_bytes(p->manifest_text));
	for (int l = 0; l < LANG_COUNT; l++)
		if (p->m.has[l])
			add(&f, str_fmt(a, "text.%s.md", lang_code((enum lang)l)), "text/markdown",
				str_fmt(a, "The text in the language %s", lang_code((enum lang)l)),
				str_bytes(p->text[l]));
	for (size_t i = 0; i < p->m.n_annexes; i++)
		add_annex(&f, p, i);
	for (size_t i = 0; i < p->n_adoptions; i++)
		add_adoption(&f, &p->adoptions[i]);
	add(&f, S("rendering-node.txt"), plain, S("Certificate of the node that made this file"),
		str_bytes(p->node));
	add(&f, S("rendering-node.txt.minisig"), plain,
		S("Signature of its organisation's root key over it"), str_bytes(p->node_sig));
	*ret = f.v.v;
	*ret_n = f.v.n;
}

/* --- and back ---------------------------------------------------------------------------- */

struct reading {
	struct arena *a;
	const struct typeset_file *files;
	size_t n, at;
	struct err *e;
	enum status st;
};

/* The next file if it is called so. */
static bool
take(struct reading *r, struct str name, struct bytes *ret)
{
	if (r->st || r->at == r->n || !str_eq(r->files[r->at].name, name))
		return false;
	*ret = r->files[r->at++].data;
	return true;
}

static struct str
take_text(struct reading *r, struct str name)
{
	struct bytes b = {0};

	if (r->st)
		return S("");
	if (!take(r, name, &b))
		r->st = err_set(r->e, BAD, "attached files: " STR_FMT " is missing or not in its "
			"place", STR_ARG(name));
	else if (!utf8_valid(b))
		r->st = err_set(r->e, BAD, "attached file " STR_FMT ": not UTF-8", STR_ARG(name));
	return r->st || b.n == 0 ? S("") : bytes_str(b);
}

static void
read_annexes(struct reading *r, struct pack *p)
{
	p->annexes = NEWS(r->a, struct frozen_annex, p->m.n_annexes);
	for (size_t i = 0; i < p->m.n_annexes && r->st == OK; i++) {
		struct str name = str_fmt(r->a, "annex-%zu.cbor", i + 1);
		struct bytes b = {0};
		if (!take(r, name, &b)) {
			r->st = err_set(r->e, BAD, "attached files: " STR_FMT " is missing or not in "
				"its place", STR_ARG(name));
			return;
		}
		struct cbor c = cbor_read(b);
		r->st = frozen_get(r->a, &c, &p->m.annexes[i], i + 1, &p->annexes[i], r->e);
		if (r->st == OK && !cbor_done(&c))
			r->st = err_set(r->e, BAD, STR_FMT ": something follows its rows",
				STR_ARG(name));
		take_text(r, str_fmt(r->a, "annex-%zu.csv", i + 1));
	}
}

static void
read_adoptions(struct reading *r, struct pack *p)
{
	struct arena *a = r->a;

	p->adoptions = NEWS(a, struct adoption, p->m.n_parties);
	for (size_t k = 1; k <= p->m.n_parties && r->st == OK; k++) {
		struct adoption x = {.party = k - 1};
		struct str name = str_fmt(a, "certificate-%zu.txt", k);
		if (r->at == r->n || !str_eq(r->files[r->at].name, name))
			continue;
		x.certificate = take_text(r, name);
		x.certificate_sig = take_text(r, str_fmt(a, "certificate-%zu.txt.minisig", k));
		x.manifest_sig = take_text(r, str_fmt(a, "manifest.%zu.minisig", k));
		x.proof = take_text(r, str_fmt(a, "proof-%zu.tlog-proof", k));
		if (r->st == OK)
			p->adoptions[p->n_adoptions++] = x;
	}
}

/* What these files should have been: the readable rows follow from the fixed ones.
 * Descriptions may be another version's; the note alone answers for them. */
static enum status
check_same(struct reading *r, const struct pack *p)
{
	struct typeset_file *again;
	size_t n;

	pack_files(r->a, p, &again, &n);
	if (n != r->n)
		return err_set(r->e, BAD, "attached files: " STR_FMT " is none of a letter's",
			STR_ARG(r->files[r->at].name));
	for (size_t i = 0; i < n; i++)
		if (!bytes_eq(again[i].data, r->files[i].data)
		    || !str_eq(again[i].mime, r->files[i].mime))
			return err_set(r->e, BAD, "attached file " STR_FMT ": not as habeas writes it",
				STR_ARG(r->files[i].name));
	return OK;
}

enum status
pack_of_files(struct arena *a, const struct typeset_file *files, size_t n, struct pack *ret,
	struct err *e)
{
	struct reading r = {.a = a, .files = files, .n = n, .e = e};
	struct pack p = {.manifest_text = take_text(&r, S("manifest.txt"))};

	if (r.st == OK)
		r.st = manifest_read(a, p.manifest_text, &p.m, e);
	if (r.st)
		return r.st;
	seal_sha256(str_bytes(p.manifest_text), p.hash);
	for (int l = 0; l < LANG_COUNT; l++)
		if (p.m.has[l])
			p.text[l] = take_text(&r, str_fmt(a, "text.%s.md", lang_code((enum lang)l)));
	if (r.st == OK)
		r.st = pack_check_texts(&p, e);
	read_annexes(&r, &p);
	read_adoptions(&r, &p);
	p.node = take_text(&r, S("rendering-node.txt"));
	p.node_sig = take_text(&r, S("rendering-node.txt.minisig"));
	if (r.st || (r.st = check_same(&r, &p)) != OK)
		return r.st;
	*ret = p;
	return OK;
}
