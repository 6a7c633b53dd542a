/*
 * Signed notes and checkpoints (C2SP signed-note v1.0.0, tlog-checkpoint v1.0.0),
 * signature type 0x01 (Ed25519) only.
 */
#include "record/record.h"
#include "record/record_int.h"

enum {
	NOTE_MOST = 1 << 20,
	SIGNATURES_MOST = 100,
	NAME_MOST = 200,
	TYPE_ED25519 = 0x01,
};

static const char dash[] = "\xe2\x80\x94 ";       /* U+2014 and a space */

/* Key names hold neither blanks nor plus; ours are ASCII besides. */
static bool
key_name_ok(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] >= 0x7f || s.p[i] == '+')
			return false;
	return s.n > 0 && s.n <= NAME_MOST;
}

/* The first four bytes of SHA-256(name || 0x0a || 0x01 || public key). */
static void
key_id(struct str name, const uint8_t pub[SEAL_PUBLIC], uint8_t ret[4])
{
	static const uint8_t between[2] = {'\n', TYPE_ED25519};
	struct seal_hasher *h = seal_hasher_create();
	uint8_t hash[SEAL_HASH];

	seal_hasher_add(h, str_bytes(name));
	seal_hasher_add(h, BYTES(between));
	seal_hasher_add(h, (struct bytes){pub, SEAL_PUBLIC});
	seal_hasher_finish(h, hash);
	memcpy(ret, hash, 4);
}

struct str
vkey_make(struct arena *a, struct str name, const uint8_t pub[SEAL_PUBLIC])
{
	uint8_t id[4], key[1 + SEAL_PUBLIC] = {TYPE_ED25519};

	key_id(name, pub, id);
	memcpy(key + 1, pub, SEAL_PUBLIC);
	return str_fmt(a, STR_FMT "+" STR_FMT "+" STR_FMT, STR_ARG(name),
		STR_ARG(hex_encode(a, BYTES(id))), STR_ARG(base64_encode(a, BYTES(key))));
}

bool
vkey_read(struct str vkey, struct note_key *ret)
{
	struct str rest = vkey, name = str_cut(&rest, '+'), hash = str_cut(&rest, '+');
	struct arena *a = arena_create(1 << 16);
	struct note_key k = {.name = name};
	struct bytes key;
	uint8_t id[4], said[4];
	/* Whatever follows the second plus is base64, which has pluses of its own. */
	bool ok = vkey.n <= 2 * NAME_MOST && key_name_ok(name) && rest.p
		&& hex_decode(hash, said, sizeof said) && base64_decode(a, rest, &key)
		&& key.n == 1 + SEAL_PUBLIC && key.p[0] == TYPE_ED25519;

	if (ok) {
		memcpy(k.pub, key.p + 1, SEAL_PUBLIC);
		key_id(name, k.pub, id);
		memcpy(k.id, id, sizeof k.id);
		ok = memcmp(id, said, sizeof id) == 0 && seal_public_valid(k.pub)
			/* hex_decode also reads capitals, which nobody writes here */
			&& str_eq(hash, hex_encode(a, BYTES(id)));
	}
	arena_destroy(a);
	if (ok)
		*ret = k;
	return ok;
}

struct str
note_sign(struct arena *a, const struct seal_signer *key, struct str name, struct str text)
{
	uint8_t line[4 + SEAL_SIGNATURE];

	invariant(text.n > 0 && text.p[text.n - 1] == '\n');
	key_id(name, seal_signer_public(key), line);
	seal_sign(key, str_bytes(text), line + 4);
	return str_fmt(a, STR_FMT "\n%s" STR_FMT " " STR_FMT "\n", STR_ARG(text), dash,
		STR_ARG(name), STR_ARG(base64_encode(a, BYTES(line))));
}

/* UTF-8 without control characters but newlines. */
static bool
is_note_text(struct str s)
{
	if (s.n > NOTE_MOST || !utf8_valid(str_bytes(s)))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 && s.p[i] != '\n')
			return false;
	return true;
}

/* The text with its newline, and the signature lines; split at the last empty line. */
static bool
split_note(struct str note, struct str *ret_text, struct str *ret_lines)
{
	size_t at = 0;

	if (note.n < 2 || note.p[note.n - 1] != '\n' || !is_note_text(note))
		return false;
	for (size_t i = 1; i + 1 < note.n; i++)
		if (note.p[i] == '\n' && note.p[i - 1] == '\n')
			at = i;
	if (at == 0)
		return false;
	*ret_text = str_upto(note, at);
	*ret_lines = str_upto(str_from(note, at + 1), note.n - at - 2);
	return true;
}

enum line { LINE_WRONG, LINE_OTHER, LINE_VERIFIED, LINE_FORGED };

static enum line
check_line(struct arena *a, struct str line, struct str text, const struct note_key *k)
{
	struct str rest, name;
	struct bytes sig;

	if (!str_starts(line, dash))
		return LINE_WRONG;
	rest = str_from(line, sizeof dash - 1);
	name = str_cut(&rest, ' ');
	if (name.n == 0 || str_find(name, '+') < name.n || !rest.p
		|| !base64_decode(a, rest, &sig) || sig.n < 5)
		return LINE_WRONG;
	if (!str_eq(name, k->name) || memcmp(sig.p, k->id, sizeof k->id) != 0)
		return LINE_OTHER;
	return sig.n == 4 + SEAL_SIGNATURE && seal_verify(k->pub, str_bytes(text), sig.p + 4)
		? LINE_VERIFIED : LINE_FORGED;
}

enum status
note_check(struct str note, const struct note_key *k, struct str *ret_text, size_t *ret_lines,
	struct err *e)
{
	struct arena *a = arena_create(4 * NOTE_MOST);
	struct str text, lines;
	size_t n = 0, verified = 0;
	enum status s = OK;

	if (!split_note(note, &text, &lines))
		s = err_set(e, BAD, "signed note: no text and signature lines with an empty line "
			"between; see c2sp.org/signed-note");
	while (s == OK && lines.p) {
		enum line l = check_line(a, str_cut(&lines, '\n'), text, k);
		if (l == LINE_WRONG || ++n > SIGNATURES_MOST)
			s = err_set(e, BAD, "signed note: line %zu below the empty line is no "
				"signature (at most %d of them)", n + (l == LINE_WRONG),
				SIGNATURES_MOST);
		else if (l == LINE_FORGED)
			s = err_set(e, NO, "signed note: the signature by " STR_FMT
				" is not over this text", STR_ARG(k->name));
		verified += l == LINE_VERIFIED;
	}
	if (s == OK && verified == 0)
		s = err_set(e, NO, "signed note: not signed by the key " STR_FMT,
			STR_ARG(k->name));
	arena_destroy(a);
	if (s)
		return s;
	*ret_text = text;
	*ret_lines = n;
	return OK;
}

enum status
note_verify(struct str note, struct str vkey, struct str *ret_text, struct err *e)
{
	struct note_key k;
	size_t lines;

	if (!vkey_read(vkey, &k))
		return err_set(e, BAD, "verifier key \"" STR_FMT "\": not NAME+HASH+KEY of type "
			"Ed25519", STR_ARG(str_upto(vkey, 100)));
	return note_check(note, &k, ret_text, &lines, e);
}

/* --- checkpoints ------------------------------------------------------------------ */

struct str
checkpoint_text(struct arena *a, const struct checkpoint *c)
{
	return str_fmt(a, STR_FMT "\n%llu\n" STR_FMT "\n", STR_ARG(c->origin),
		(unsigned long long)c->size, STR_ARG(base64_encode(a, BYTES(c->root))));
}

static bool
read_size(struct str s, uint64_t *ret)
{
	return s.n > 0 && (s.n == 1 || s.p[0] != '0') && str_u64(s, ret);
}

bool
checkpoint_read(struct str text, struct checkpoint *ret)
{
	struct arena *a = arena_create(4 * NOTE_MOST);
	struct str rest = text;
	struct checkpoint c = {.origin = str_cut(&rest, '\n')};
	struct str size = rest.p ? str_cut(&rest, '\n') : STR_NONE;
	struct str root = rest.p ? str_cut(&rest, '\n') : STR_NONE;
	struct bytes hash;
	/* Three lines: extension lines are none of ours. */
	bool ok = is_note_text(text) && c.origin.n > 0 && read_size(size, &c.size)
		&& base64_decode(a, root, &hash) && hash.n == SEAL_HASH
		&& rest.p && rest.n == 0;

	if (ok) {
		memcpy(c.root, hash.p, SEAL_HASH);
		*ret = c;
	}
	arena_destroy(a);
	return ok;
}

enum status
checkpoint_check(struct str note, const struct note_key *k, struct checkpoint *ret,
	size_t *ret_lines, struct err *e)
{
	struct checkpoint c;
	struct str text;
	enum status s = note_check(note, k, &text, ret_lines, e);

	if (s)
		return s;
	if (!checkpoint_read(text, &c))
		return err_set(e, BAD, "checkpoint: not three lines: origin, size, root");
	if (!str_eq(c.origin, k->name))
		return err_set(e, NO, "checkpoint: of the log " STR_FMT ", not of " STR_FMT,
			STR_ARG(c.origin), STR_ARG(k->name));
	*ret = c;
	return OK;
}
