/*
 * An adoption: an organisation's root key certifies a node, the node's adoption key
 * signs the manifest, and the record of that stands in the node's log.  The file
 * holds these four texts, each as minisign and tlog tools take it.
 */
#include "appeal/appeal_int.h"

static const char first_line[] = "habeas adoption 1\n";

/* In this order. */
static const struct {
	const char *name;
	size_t at;
} sections[] = {
	{"certificate", offsetof(struct adoption, certificate)},
	{"certificate.minisig", offsetof(struct adoption, certificate_sig)},
	{"manifest.minisig", offsetof(struct adoption, manifest_sig)},
	{"adoption.tlog-proof", offsetof(struct adoption, proof)},
};
enum { SECTIONS = sizeof sections / sizeof *sections };

static struct str *
section_of(struct adoption *x, size_t i)
{
	return (struct str *)((char *)x + sections[i].at);
}

struct str
adoption_write(struct arena *a, const struct adoption *x, struct str letter,
	const uint8_t manifest_hash[SEAL_HASH])
{
	struct adoption copy = *x;
	struct buf b;
	struct str s;

	buf_init(&b, LETTER_ADOPTION_MOST);
	buf_cstr(&b, first_line);
	buf_fmt(&b, "letter: " STR_FMT "\nmanifest: " STR_FMT "\n", STR_ARG(letter),
		STR_ARG(hex_encode(a, (struct bytes){manifest_hash, SEAL_HASH})));
	for (size_t i = 0; i < SECTIONS; i++) {
		buf_fmt(&b, "--- %s\n", sections[i].name);
		buf_put(&b, section_of(&copy, i)->p, section_of(&copy, i)->n);
	}
	buf_cstr(&b, "--- end\n");
	invariant(!b.over);
	s = str_dup(a, buf_str(&b));
	buf_finish(&b);
	return s;
}

/* The lines up to the next that begins with "--- ", and that line. */
static struct str
take_section(struct str *rest, struct str *ret_next)
{
	const char *from = rest->p;

	while (rest->n) {
		const char *at = rest->p;
		struct str line = str_cut(rest, '\n');
		if (str_starts(line, "--- ")) {
			*ret_next = str_from(line, 4);
			return (struct str){from, (size_t)(at - from)};
		}
		if (!rest->p)
			break;
	}
	*ret_next = S("");
	return S("");
}

enum status
adoption_read(struct arena *a, struct str file, struct adoption *ret,
	uint8_t ret_manifest[SEAL_HASH], struct err *e)
{
	static const char letter[] = "letter: ", manifest[] = "manifest: ";
	struct adoption x = {0};
	uint8_t hash[SEAL_HASH];
	struct str rest, name, hex, next;

	if (file.n > LETTER_ADOPTION_MOST || !utf8_valid(str_bytes(file))
	    || !str_starts(file, first_line))
		return err_set(e, BAD, "not an adoption: its first line is not \"habeas adoption 1\"");
	rest = str_from(file, sizeof first_line - 1);
	name = str_cut(&rest, '\n');
	hex = rest.p ? str_cut(&rest, '\n') : S("");
	if (!str_starts(name, letter) || !letter_name_ok(str_from(name, sizeof letter - 1))
	    || !str_starts(hex, manifest)
	    || !hex_decode(str_from(hex, sizeof manifest - 1), hash, SEAL_HASH) || !rest.p)
		return err_set(e, BAD, "adoption: lines 2 and 3 are not \"letter: NAME\" and "
			"\"manifest: SHA-256\"");
	if (take_section(&rest, &next).n)
		next = S("");
	for (size_t i = 0; i < SECTIONS; i++) {
		if (!str_is(next, sections[i].name))
			return err_set(e, BAD, "adoption: a line \"--- %s\" is missing or not in its "
				"place", sections[i].name);
		*section_of(&x, i) = rest.p ? take_section(&rest, &next) : S("");
	}
	if (!str_eq(adoption_write(a, &x, str_from(name, sizeof letter - 1), hash), file))
		return err_set(e, BAD, "adoption: it does not end in the line \"--- end\", or "
			"something else was changed");
	*ret = x;
	memcpy(ret_manifest, hash, SEAL_HASH);
	return OK;
}

struct str
adoption_comment(struct arena *a, struct str letter, struct str organisation, int32_t day)
{
	return str_fmt(a, "habeas adoption of " STR_FMT " by " STR_FMT " on " STR_FMT,
		STR_ARG(letter), STR_ARG(organisation), STR_ARG(day_iso(a, day)));
}

enum status
certificate_check(struct arena *a, struct str text, struct str minisig, struct certificate *ret,
	struct err *e)
{
	struct seal_minisign_key root;
	struct certificate c;
	enum status st;

	if (!certificate_read(a, text, &c))
		return err_set(e, BAD, "certificate: not as habeas writes it");
	if (!seal_minisign_public_read(a, c.root, &root))
		return err_set(e, BAD, "certificate: \"" STR_FMT "\" is no root key", STR_ARG(c.root));
	if ((st = seal_minisign_verify(a, &root, str_bytes(text), minisig, NULL, e)) != OK)
		return err_prefix(e, "certificate of " STR_FMT, STR_ARG(c.organisation));
	*ret = c;
	return OK;
}

static enum status
find_party(const struct manifest *m, struct adoption *x, struct err *e)
{
	for (x->party = 0; x->party < m->n_parties; x->party++)
		if (str_eq(m->parties[x->party].root, x->by.root))
			return OK;
	return err_set(e, NO, "adoption by " STR_FMT ": it is not asked to adopt this letter: no "
		"party of the manifest has its root key", STR_ARG(x->by.organisation));
}

/* The signature over the manifest, by the key that the certificate names; its
 * comment, signed too, says what this is and when. */
static enum status
check_signature(struct arena *a, struct str manifest, const struct manifest *m,
	struct adoption *x, struct err *e)
{
	struct seal_minisign_key key;
	struct str comment;
	struct date d;
	enum status st;

	if (!certificate_may(&x->by, "adopt"))
		return err_set(e, NO, "adoption by " STR_FMT ": its certificate does not give this "
			"node the right to adopt", STR_ARG(x->by.organisation));
	if (!seal_minisign_public_read(a, x->by.adopt, &key))
		return err_set(e, BAD, "certificate of " STR_FMT ": its adoption key is none",
			STR_ARG(x->by.organisation));
	st = seal_minisign_verify(a, &key, str_bytes(manifest), x->manifest_sig, &comment, e);
	if (st)
		return err_prefix(e, "adoption by " STR_FMT, STR_ARG(x->by.organisation));
	struct str day = str_from(comment, comment.n > 10 ? comment.n - 10 : 0);
	if (date_parse(day, NULL, &d, NULL) != OK || d.first != d.last
	    || !str_eq(adoption_comment(a, m->name, x->by.organisation, d.first), comment))
		return err_set(e, NO, "adoption by " STR_FMT ": its signed comment is \"" STR_FMT
			"\", not of this letter", STR_ARG(x->by.organisation), STR_ARG(comment));
	x->on = d.first;
	return OK;
}

/* The record: kind, manifest, organisation, signature, and no other slot. */
static enum status
check_proof(struct arena *a, struct str manifest, struct adoption *x, struct err *e)
{
	const uint32_t shown = 1u << SLOT_KIND | 1u << field_slot("adoption", "manifest")
		| 1u << field_slot("adoption", "organisation") | 1u << field_slot("adoption", "signature");
	uint8_t hash[SEAL_HASH];
	struct bytes said;
	struct str by, signature;
	struct proof p;
	enum status st = proof_check(a, x->proof, x->by.log, &p, e);

	if (st)
		return err_prefix(e, "adoption by " STR_FMT, STR_ARG(x->by.organisation));
	for (unsigned i = 0; i < SLOTS; i++)
		if ((p.slot[i].n > 0) != (shown >> i & 1))
			return err_set(e, BAD, "adoption by " STR_FMT ": its proof shows other fields than "
				"kind, manifest, organisation, signature", STR_ARG(x->by.organisation));
	seal_sha256(str_bytes(manifest), hash);
	if (p.kind != kind_number("adoption")
	    || !get_bytes(p.slot[field_slot("adoption", "manifest")], &said)
	    || !bytes_eq(said, BYTES(hash))
	    || !get_text(p.slot[field_slot("adoption", "organisation")], &by)
	    || !str_eq(by, x->by.organisation)
	    || !get_text(p.slot[field_slot("adoption", "signature")], &signature)
	    || !str_eq(signature, x->manifest_sig))
		return err_set(e, NO, "adoption by " STR_FMT ": the record in its log is not of this "
			"manifest and signature", STR_ARG(x->by.organisation));
	x->origin = p.origin;
	x->index = p.index;
	x->size = p.size;
	return OK;
}

enum status
adoption_check(struct arena *a, struct str manifest, const struct manifest *m, struct adoption *x,
	struct err *e)
{
	struct adoption y = *x;
	enum status st = certificate_check(a, y.certificate, y.certificate_sig, &y.by, e);

	if (st || (st = find_party(m, &y, e)) != OK
	    || (st = check_signature(a, manifest, m, &y, e)) != OK
	    || (st = check_proof(a, manifest, &y, e)) != OK)
		return st;
	*x = y;
	return OK;
}
