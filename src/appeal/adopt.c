/*
 * Adopting a letter and collecting adoptions.
 *
 * An own adoption is two records: the act, whose entry in our log is what others
 * can check, and, as for any other organisation, the file that proves it.  A crash
 * between them is mended by adopting again, which signs nothing twice.
 */
#include "appeal/appeal_int.h"

/* Slots common to both: manifest, organisation, signature, letter. */
static struct draft
draft_of(struct arena *a, const struct pack *p, const uint8_t letter[SEAL_HASH],
	struct str organisation, struct str signature)
{
	struct draft d = {.kind = kind_number("adoption")};

	d.slot[field_slot("adoption", "manifest")] = value_bytes(a, BYTES(p->hash));
	d.slot[field_slot("adoption", "organisation")] = value_text(a, organisation);
	d.slot[field_slot("adoption", "signature")] = value_text(a, signature);
	d.slot[field_slot("adoption", "letter")] = value_ref(a, letter);
	return d;
}

static enum status
append(struct reg *r, const struct draft *d, uint8_t ret_hash[SEAL_HASH], struct err *e)
{
	uint8_t hash[1][SEAL_HASH];
	enum status st;

	if ((st = node_append(reg_node(r), d, 1, hash, NULL, e)) != OK
	    || (st = node_publish(reg_node(r), e)) != OK || (st = reg_follow(r, e)) != OK)
		return st;
	memcpy(ret_hash, hash[0], SEAL_HASH);
	return OK;
}

/* A collected adoption as a record: its file in slot "proof". */
static enum status
store_file(struct arena *a, struct reg *r, const struct pack *p, const uint8_t letter[SEAL_HASH],
	const struct adoption *x, struct err *e)
{
	struct draft d = draft_of(a, p, letter, x->by.organisation, x->manifest_sig);
	uint8_t hash[SEAL_HASH];

	d.slot[field_slot("adoption", "proof")] = value_text(a,
		adoption_write(a, x, p->m.name, p->hash));
	return append(r, &d, hash, e);
}

/* An own act without its file: a signature of ours over this manifest. */
static enum status
find_act(struct arena *a, struct reg *r, const struct pack *p, uint8_t ret_hash[SEAL_HASH],
	struct str *ret_signature, struct err *e)
{
	const struct node_info *i = node_info(reg_node(r));
	struct seal_minisign_key key;
	struct record *v;
	size_t n;
	enum status st = reg_of_kind(a, r, "adoption", &v, &n, e);

	if (st)
		return st;
	if (!seal_minisign_public_read(a, i->adopt_key, &key))
		return err_set(e, BAD, "%s: its adoption key is none; run `habeas verify`",
			node_path(reg_node(r)));
	for (size_t k = 0; k < n; k++) {
		struct str proof, sig;
		struct bytes manifest;
		if (get_text(v[k].slot[field_slot("adoption", "proof")], &proof)
		    || !get_bytes(v[k].slot[field_slot("adoption", "manifest")], &manifest)
		    || !bytes_eq(manifest, BYTES(p->hash))
		    || !get_text(v[k].slot[field_slot("adoption", "signature")], &sig)
		    || seal_minisign_verify(a, &key, str_bytes(p->manifest_text), sig, NULL, NULL) != OK)
			continue;
		memcpy(ret_hash, v[k].hash, SEAL_HASH);
		*ret_signature = sig;
		return OK;
	}
	return NO;
}

static enum status
sign_act(struct arena *a, struct reg *r, const struct pack *p, const uint8_t letter[SEAL_HASH],
	uint8_t ret_hash[SEAL_HASH], struct str *ret_signature, struct err *e)
{
	struct str own = node_info(reg_node(r))->organisation, sig;
	struct str comment = adoption_comment(a, p->m.name, own, day_today());
	enum status st = node_adopt_sign(reg_node(r), a, str_bytes(p->manifest_text),
		str_cstr(a, comment), &sig, e);

	if (st)
		return st;
	struct draft d = draft_of(a, p, letter, own, sig);
	if ((st = append(r, &d, ret_hash, e)) == OK)
		*ret_signature = sig;
	return st;
}

/* Before anything is signed: may this node, and is it asked? */
static enum status
check_asked(struct arena *a, const struct node_info *i, const struct pack *p, struct err *e)
{
	struct certificate c;
	enum status st = certificate_check(a, i->certificate, i->certificate_minisig, &c, e);

	if (st)
		return st;
	if (!certificate_may(&c, "adopt"))
		return err_set(e, BAD, "this node may not adopt: its certificate gives the rights "
			STR_FMT " only", STR_ARG(c.rights));
	for (size_t k = 0; k < p->m.n_parties; k++)
		if (str_eq(p->m.parties[k].root, i->root_key))
			return OK;
	return err_set(e, BAD, "letter \"" STR_FMT "\": " STR_FMT " is not among those asked to "
		"adopt it; the proposer names parties in head.ini", STR_ARG(p->m.name),
		STR_ARG(i->organisation));
}

static const struct adoption *
adoption_of(const struct pack *p, struct str root)
{
	for (size_t i = 0; i < p->n_adoptions; i++)
		if (str_eq(p->adoptions[i].by.root, root))
			return &p->adoptions[i];
	return NULL;
}

static enum status
make_adoption(struct arena *a, struct reg *r, const struct pack *p,
	const uint8_t letter[SEAL_HASH], struct adoption *ret, struct err *e)
{
	const unsigned shown[] = {SLOT_KIND, field_slot("adoption", "manifest"),
		field_slot("adoption", "organisation"), field_slot("adoption", "signature")};
	struct node *n = reg_node(r);
	struct adoption x = {.certificate = node_info(n)->certificate,
		.certificate_sig = node_info(n)->certificate_minisig};
	uint8_t hash[SEAL_HASH];
	uint64_t pos;
	enum status st = find_act(a, r, p, hash, &x.manifest_sig, e);

	if (st == NO)
		st = sign_act(a, r, p, letter, hash, &x.manifest_sig, e);
	if (st || (st = node_find(n, hash, &pos, e)) != OK
	    || (st = node_prove(a, n, pos, shown, sizeof shown / sizeof *shown, &x.proof, e)) != OK
	    /* What we give away must pass what we demand of others. */
	    || (st = adoption_check(a, p->manifest_text, &p->m, &x, e)) != OK
	    || (st = store_file(a, r, p, letter, &x, e)) != OK)
		return st;
	*ret = x;
	return OK;
}

enum status
letter_adopt(struct arena *a, struct reg *r, struct str name, const char *file,
	struct str *ret_line, struct err *e)
{
	const struct node_info *i = node_info(reg_node(r));
	const struct adoption *old;
	struct adoption x;
	struct pack p;
	uint8_t letter[SEAL_HASH];
	enum status st;

	/* Loading checks texts, rows and leaf hashes against the manifest. */
	if ((st = pack_load(a, r, name, &p, letter, e)) != OK
	    || (st = check_asked(a, i, &p, e)) != OK)
		return st;
	old = adoption_of(&p, i->root_key);
	if (old)
		x = *old;
	else if ((st = make_adoption(a, r, &p, letter, &x, e)) != OK)
		return st;
	st = os_write_file(file, str_bytes(adoption_write(a, &x, p.m.name, p.hash)), 0644, e);
	if (st == OK)
		*ret_line = str_fmt(a, "%s " STR_FMT " as " STR_FMT " on " STR_FMT "; give %s to the "
			"proposer", old ? "Had adopted" : "Adopted", STR_ARG(p.m.name),
			STR_ARG(x.by.organisation), STR_ARG(day_iso(a, x.on)), file);
	return st;
}

enum status
letter_collect(struct arena *a, struct reg *r, struct str name, const char *file,
	struct str *ret_line, struct err *e)
{
	struct adoption x;
	struct bytes b;
	struct pack p;
	uint8_t letter[SEAL_HASH], manifest[SEAL_HASH];
	enum status st = pack_load(a, r, name, &p, letter, e);

	if (st)
		return st;
	st = os_read_file(a, file, LETTER_ADOPTION_MOST, &b, e);
	if (st)
		return st == NO ? err_set(e, BAD, "%s: there is no such file", file) : st;
	if ((st = adoption_read(a, bytes_str(b), &x, manifest, e)) != OK)
		return err_prefix(e, "%s", file);
	if (!seal_equal(manifest, p.hash, SEAL_HASH))
		return err_set(e, BAD, "%s: an adoption of another manifest (" STR_FMT "…), not of "
			STR_FMT, file, STR_ARG(hex_encode(a, (struct bytes){manifest, 8})),
			STR_ARG(p.m.name));
	if ((st = adoption_check(a, p.manifest_text, &p.m, &x, e)) != OK)
		return err_prefix(e, "%s", file);
	if (adoption_of(&p, x.by.root))
		return err_set(e, NO, "%s: the adoption by " STR_FMT " is there already", file,
			STR_ARG(x.by.organisation));
	if ((st = store_file(a, r, &p, letter, &x, e)) != OK)
		return st;
	*ret_line = str_fmt(a, "Collected the adoption of " STR_FMT " by " STR_FMT " on " STR_FMT,
		STR_ARG(p.m.name), STR_ARG(x.by.organisation), STR_ARG(day_iso(a, x.on)));
	return OK;
}
