/*
 * A new register: built under another name, with its first three records and its
 * first checkpoint, then renamed.  Whatever kills us before that, there is none.
 */
#include "record/record.h"
#include "record/record_int.h"
#include <limits.h>

struct making {
	const struct node_new *new;
	struct arena *a;
	struct node *n;
	struct root root;
	struct generation log;
	struct str root_line, certificate, minisig;
	uint8_t recovery_device[SEAL_PUBLIC], organisation[SEAL_HASH];
};

static struct bytes
text(struct making *m, struct str s)
{
	return value_text(m->a, s);
}

static enum status
make_keys(struct making *m, struct str *ret_recovery, struct err *e)
{
	struct node *n = m->n;
	uint8_t key[SEAL_KEY];
	enum status s;

	ring_make(n->ring);
	seal_random(key, sizeof key);
	if ((s = ring_put_own_slot(n->ring, n->keys, 1, m->new->officer_passphrase, m->new->cost, e))
		|| (s = ring_put_recovery(n->ring, n->keys, key, m->recovery_device, e))
		|| (s = ring_new_secrets(n->ring, n->keys, e)))
		return s;
	*ret_recovery = seal_paper_encode(m->a, key);
	seal_wipe(key, sizeof key);
	return own_keep(n, e);
}

struct generation
generation_make(struct arena *a, const struct ring *r, uint64_t first)
{
	struct seal_minisign_key adopt;
	struct generation g = {.first = first};
	uint8_t id[8];

	seal_random(id, sizeof id);
	g.origin = str_fmt(a, ORIGIN_PREFIX STR_FMT, STR_ARG(hex_encode(a, BYTES(id))));
	g.vkey = vkey_make(a, g.origin, seal_signer_public(ring_log(r)));
	memcpy(adopt.id, ring_adopt_id(r), sizeof adopt.id);
	memcpy(adopt.pub, seal_signer_public(ring_adopt(r)), SEAL_PUBLIC);
	g.adopt = seal_minisign_public(a, &adopt);
	return g;
}

static enum status
make_log(struct making *m, struct err *e)
{
	struct node *n = m->n;
	enum status s;

	m->log = generation_make(n->arena, n->ring, 0);
	if ((s = generation_put(n->vault, 0, &m->log, e))
		|| (s = store_vault_set(n->vault, "format", str_bytes(S("1")), e)))
		return s;
	n->logs = arena_copy(n->arena, &m->log, sizeof m->log);
	n->n_logs = 1;
	n->published = (struct checkpoint){.origin = m->log.origin};
	merkle_root(NULL, 0, n->published.root);
	return log_take_up(n, e);
}

void
certify(struct arena *a, const struct root *root, struct str organisation,
	const struct generation *log, struct str *ret_text, struct str *ret_minisig)
{
	struct certificate c = {organisation, seal_minisign_public(a, &root->public), log->vkey,
		log->adopt, S("record adopt")};

	*ret_text = certificate_text(a, &c);
	*ret_minisig = seal_minisign_sign(a, root->key, root->public.id, str_bytes(*ret_text),
		"signature by an organisation's root key", "habeas node certificate");
}

static enum status
write_organisation(struct making *m, struct err *e)
{
	struct draft d = {.kind = kind_number("organisation")};
	const struct node_new *w = m->new;

	d.slot[field_slot("organisation", "name")] = text(m, w->organisation);
	d.slot[field_slot("organisation", "root")] = text(m, m->root_line);
	if (w->organisation_fa.n)
		d.slot[field_slot("organisation", "name-fa")] = text(m, w->organisation_fa);
	if (w->organisation_az.n)
		d.slot[field_slot("organisation", "name-az")] = text(m, w->organisation_az);
	return node_append(m->n, &d, 1, &m->organisation, NULL, e);
}

static enum status
write_node(struct making *m, struct err *e)
{
	struct draft d = {.kind = kind_number("node")};

	d.slot[field_slot("node", "origin")] = text(m, m->log.origin);
	d.slot[field_slot("node", "log-key")] = text(m, m->log.vkey);
	d.slot[field_slot("node", "adopt-key")] = text(m, m->log.adopt);
	d.slot[field_slot("node", "certificate")] = text(m, m->certificate);
	d.slot[field_slot("node", "signature")] = text(m, m->minisig);
	d.slot[field_slot("node", "organisation")] = value_ref(m->a, m->organisation);
	d.slot[field_slot("node", "recovery")] = value_bytes(m->a, BYTES(m->recovery_device));
	return node_append(m->n, &d, 1, NULL, NULL, e);
}

struct draft
officer_draft(struct arena *a, struct str name, struct str role, uint32_t slot,
	const uint8_t device[SEAL_PUBLIC], const uint8_t box[SEAL_PUBLIC])
{
	struct draft d = {.kind = kind_number("officer")};

	d.slot[field_slot("officer", "name")] = value_text(a, name);
	d.slot[field_slot("officer", "role")] = value_code(a,
		vocabulary_named(S("role"))->version, role);
	d.slot[field_slot("officer", "device")] = value_bytes(a,
		(struct bytes){device, SEAL_PUBLIC});
	d.slot[field_slot("officer", "box")] = value_bytes(a, (struct bytes){box, SEAL_PUBLIC});
	d.slot[field_slot("officer", "slot")] = value_number(a, (int64_t)slot);
	return d;
}

static enum status
write_officer(struct making *m, struct err *e)
{
	uint8_t box[SEAL_PUBLIC];
	struct draft d;

	ring_box_public(m->n->ring, box);
	d = officer_draft(m->a, m->new->officer, S("administrator"), 1,
		seal_signer_public(ring_device(m->n->ring)), box);
	return node_append(m->n, &d, 1, NULL, NULL, e);
}

static enum status
fill(struct making *m, struct str *ret_recovery, struct err *e)
{
	struct node *n = m->n;
	enum status s;

	if ((s = make_keys(m, ret_recovery, e)) || (s = make_log(m, e)))
		return s;
	m->root_line = seal_minisign_public(m->a, &m->root.public);
	certify(m->a, &m->root, m->new->organisation, &m->log, &m->certificate, &m->minisig);
	/* Nobody is an officer yet: the first three records bring one another in. */
	n->info.role = S("administrator");
	if ((s = write_organisation(m, e)) || (s = write_node(m, e)))
		return s;
	n->info.role = S("administrator");
	s = write_officer(m, e);
	return s ? s : node_publish(n, e);
}

static enum status
build(struct making *m, const char *path, const char *tmp, struct str *ret_recovery,
	struct err *e)
{
	enum status s = node_begin(&m->n, tmp, e);

	if (s == OK)
		s = fill(m, ret_recovery, e);
	if (s == OK && m->n->vault) {
		/* SQLite is done with its files before they get another name. */
		node_close(m->n);
		m->n = NULL;
		s = os_rename(tmp, path, e);
	}
	node_close(m->n);
	return s;
}

static enum status
check_new(const char *path, const struct node_new *new, struct err *e)
{
	enum status s = organisation_name_check(new->organisation, e);

	if (s)
		return s;
	if (os_exists(path))
		return err_set(e, BAD, "%s: exists already; give the name of a new directory", path);
	if (str_trim(new->officer).n == 0 || !utf8_valid(str_bytes(new->officer))
		|| !text_is_nfc(new->officer))
		return err_set(e, BAD, "the first officer's name is missing or not text");
	if (new->officer_passphrase.n == 0 || new->root_passphrase.n == 0)
		return err_set(e, BAD, "an empty passphrase protects nothing; choose one of "
			"several words");
	return OK;
}

enum status
node_create(const char *path, const struct node_new *new, struct str *ret_recovery,
	struct arena *a, struct err *e)
{
	struct making m = {.new = new, .a = a};
	struct str recovery = STR_NONE, plain = str_of(path);
	char tmp[PATH_MAX];
	uint8_t id[8];
	enum status s = check_new(path, new, e);

	if (s)
		return s;
	while (plain.n > 1 && plain.p[plain.n - 1] == '/')
		plain.n--;
	seal_random(id, sizeof id);
	if (snprintf(tmp, sizeof tmp, STR_FMT ".tmp-" STR_FMT, STR_ARG(plain),
		STR_ARG(hex_encode(a, BYTES(id)))) >= (int)sizeof tmp)
		return err_set(e, BAD, "%s: too long a name", path);
	s = root_open(a, new->root_file, new->organisation, new->root_passphrase, new->cost, &m.root,
		e);
	if (s == OK) {
		struct err ignored;
		s = build(&m, str_cstr(a, plain), tmp, &recovery, e);
		/* What cannot be removed stays under a name of no use. */
		if (s)
			(void)!os_remove_tree(tmp, &ignored);
	}
	root_close(&m.root);
	if (s == OK)
		*ret_recovery = recovery;
	return s;
}
