/* The organisation's root key: its file, sealed outside every node, and the
 * certificate that it gives a node (docs/formats.md, last section). */
#include "record/record.h"
#include "record/record_int.h"

enum { ROOT_FILE_MOST = 16 << 10, ROOT_HELD = SEAL_KEY + 8, NAME_MOST = 200 };

static const char root_head[] = "habeas root key 1";
static const char root_ad[] = "habeas/root/1";

/* It stands on a line of a certificate and in a column of a trust file. */
enum status
organisation_name_check(struct str name, struct err *e)
{
	bool ok = name.n > 0 && name.n <= NAME_MOST && utf8_valid(str_bytes(name))
		&& text_is_nfc(name) && str_trim(name).n == name.n;

	for (size_t i = 0; ok && i < name.n; i++)
		ok = (unsigned char)name.p[i] >= 0x20 && name.p[i] != 0x7f && name.p[i] != '|';
	return ok ? OK : err_set(e, BAD, "organisation's name \"" STR_FMT "\": write one line of "
		"at most %d bytes, without \"|\"", STR_ARG(str_upto(name, 100)), NAME_MOST);
}

static void
put_root(struct buf *b, const uint8_t salt[SEAL_SALT], struct seal_cost cost, struct bytes sealed,
	struct str name)
{
	cbor_put_map(b, 6);
	cbor_put_uint(b, 0);
	cbor_put_uint(b, 1);
	cbor_put_uint(b, 1);
	cbor_put_bytes(b, (struct bytes){salt, SEAL_SALT});
	cbor_put_uint(b, 2);
	cbor_put_uint(b, cost.ops);
	cbor_put_uint(b, 3);
	cbor_put_uint(b, cost.mem_bytes);
	cbor_put_uint(b, 4);
	cbor_put_bytes(b, sealed);
	cbor_put_uint(b, 5);
	cbor_put_text(b, name);
}

struct root_file { struct bytes salt, sealed; struct seal_cost cost; struct str name, line; };

static void
want(struct cbor *c, uint64_t key, bool *ok)
{
	*ok = cbor_get_uint(c) == key && *ok;
}

static bool
read_root(struct arena *a, struct str text, struct root_file *ret)
{
	struct str rest = text, head = str_cut(&rest, '\n');
	struct str line = rest.p ? str_cut(&rest, '\n') : STR_NONE;
	struct str coded = rest.p ? str_cut(&rest, '\n') : STR_NONE;
	struct bytes v;
	struct cbor c;
	bool ok = str_is(head, root_head) && rest.p && rest.n == 0
		&& base64_decode(a, coded, &v);

	if (!ok)
		return false;
	c = cbor_read(v);
	ok = cbor_get_map(&c) == 6;
	want(&c, 0, &ok);
	ok = cbor_get_uint(&c) == 1 && ok;
	want(&c, 1, &ok);
	ret->salt = cbor_get_bytes_n(&c, SEAL_SALT);
	want(&c, 2, &ok);
	ret->cost.ops = cbor_get_uint(&c);
	want(&c, 3, &ok);
	ret->cost.mem_bytes = cbor_get_uint(&c);
	want(&c, 4, &ok);
	ret->sealed = cbor_get_bytes_n(&c, ROOT_HELD + SEAL_OVERHEAD);
	want(&c, 5, &ok);
	ret->name = cbor_get_text(&c);
	ret->line = line;
	return ok && cbor_done(&c);
}

static void
root_use(struct root *r, const uint8_t held[ROOT_HELD])
{
	r->key = seal_signer_create(held);
	memcpy(r->public.id, held + SEAL_KEY, sizeof r->public.id);
	memcpy(r->public.pub, seal_signer_public(r->key), SEAL_PUBLIC);
}

static enum status
make_root(struct arena *a, const char *path, struct str name, struct bytes passphrase,
	struct seal_cost cost, struct root *ret, struct err *e)
{
	uint8_t held[ROOT_HELD], key[SEAL_KEY], salt[SEAL_SALT];
	struct buf sealed, b;
	struct str text;
	enum status s;

	seal_random(held, sizeof held);
	seal_random(salt, sizeof salt);
	if ((s = seal_passphrase_key(passphrase, salt, cost, key, e)))
		return s;
	buf_init(&sealed, sizeof held + SEAL_OVERHEAD);
	buf_init(&b, ROOT_FILE_MOST);
	seal_close(key, BYTES(held), str_bytes(str_of(root_ad)), &sealed);
	put_root(&b, salt, cost, buf_bytes(&sealed), name);
	root_use(ret, held);
	seal_wipe(held, sizeof held);
	seal_wipe(key, sizeof key);
	text = str_fmt(a, "%s\n" STR_FMT "\n" STR_FMT "\n", root_head,
		STR_ARG(seal_minisign_public(a, &ret->public)),
		STR_ARG(base64_encode(a, buf_bytes(&b))));
	s = os_write_file(path, str_bytes(text), 0600, e);
	buf_finish(&sealed);
	buf_finish(&b);
	return s;
}

static enum status
use_root(struct arena *a, const char *path, struct bytes content, struct str name,
	struct bytes passphrase, struct root *ret, struct err *e)
{
	uint8_t held[ROOT_HELD], key[SEAL_KEY];
	struct root_file f;
	enum status s;

	if (!utf8_valid(content) || !read_root(a, bytes_str(content), &f))
		return err_set(e, BAD, "%s: not a root key file; give one that init made, or a "
			"name where there is no file yet", path);
	if (!str_eq(f.name, name))
		return err_set(e, BAD, "%s: the root key of \"" STR_FMT "\", not of \"" STR_FMT "\"",
			path, STR_ARG(f.name), STR_ARG(name));
	if ((s = seal_passphrase_key(passphrase, f.salt.p, f.cost, key, e)))
		return s;
	if (!seal_open(key, f.sealed, str_bytes(str_of(root_ad)), held)) {
		s = err_set(e, NO, "%s: not the passphrase of this root key", path);
	} else {
		root_use(ret, held);
		if (!str_eq(f.line, seal_minisign_public(a, &ret->public)))
			s = err_set(e, BAD, "%s: its public line is of another key", path);
	}
	seal_wipe(held, sizeof held);
	seal_wipe(key, sizeof key);
	return s;
}

enum status
root_open(struct arena *a, const char *path, struct str name, struct bytes passphrase,
	struct seal_cost cost, struct root *ret, struct err *e)
{
	struct bytes content;
	enum status s = os_read_file(a, path, ROOT_FILE_MOST, &content, e);

	if (s == NO)
		return make_root(a, path, name, passphrase, cost, ret, e);
	if (s == OK)
		s = use_root(a, path, content, name, passphrase, ret, e);
	return s;
}

void
root_close(struct root *r)
{
	seal_signer_destroy(r->key);
	r->key = NULL;
}

struct str
certificate_text(struct arena *a, const struct certificate *c)
{
	return str_fmt(a, "habeas node certificate 1\norganisation: " STR_FMT "\nroot: " STR_FMT
		"\nlog: " STR_FMT "\nadopt: " STR_FMT "\nrights: " STR_FMT "\n",
		STR_ARG(c->organisation), STR_ARG(c->root), STR_ARG(c->log), STR_ARG(c->adopt),
		STR_ARG(c->rights));
}

/* The line `key` ": " value, cut off *rest. */
static bool
line_of(struct str *rest, const char *key, struct str *ret)
{
	struct str line = rest->p ? str_cut(rest, '\n') : STR_NONE;

	if (!line.p || !str_starts(line, key))
		return false;
	*ret = str_from(line, strlen(key));
	return true;
}

/* Some of these words, in this order, a space between. */
static const char *const rights[] = {"record", "adopt", "witness"};

static bool
rights_fit(struct str words)
{
	size_t next = 0;

	while (words.p) {
		struct str word = str_cut(&words, ' ');
		while (next < sizeof rights / sizeof *rights && !str_is(word, rights[next]))
			next++;
		if (next++ == sizeof rights / sizeof *rights)
			return false;
	}
	return true;
}

bool
certificate_read(struct arena *a, struct str text, struct certificate *ret)
{
	struct str rest = text;
	struct certificate c;

	if (!str_is(str_cut(&rest, '\n'), "habeas node certificate 1")
		|| !line_of(&rest, "organisation: ", &c.organisation)
		|| !line_of(&rest, "root: ", &c.root) || !line_of(&rest, "log: ", &c.log)
		|| !line_of(&rest, "adopt: ", &c.adopt) || !line_of(&rest, "rights: ", &c.rights)
		|| organisation_name_check(c.organisation, NULL) != OK || !rights_fit(c.rights)
		|| !str_eq(certificate_text(a, &c), text))
		return false;
	*ret = c;
	return true;
}

bool
certificate_may(const struct certificate *c, const char *right)
{
	struct str words = c->rights;

	while (words.p)
		if (str_is(str_cut(&words, ' '), right))
			return true;
	return false;
}
