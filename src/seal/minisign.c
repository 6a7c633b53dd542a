/*
 * Signatures that anybody's minisign 0.11 verifies, and the other way round
 * (https://jedisct1.github.io/minisign/, "Signature format").  Four lines:
 *
 *   untrusted comment: TEXT
 *   base64("ED" || key id (8) || signature (64))     over BLAKE2b-512 of the message
 *   trusted comment: TEXT
 *   base64(signature (64))                           over signature || TEXT
 *
 * The older form "Ed", over the message itself, is refused: we never wrote it, and
 * one form is one less to get wrong.
 */
#include "seal/seal_int.h"

enum {
	KEY_ID = 8,
	PUBLIC_LINE = 2 + KEY_ID + SEAL_PUBLIC,
	SIGNATURE_LINE = 2 + KEY_ID + SEAL_SIGNATURE,
	/* minisign.h: COMMENTMAXBYTES, TRUSTEDCOMMENTMAXBYTES, with the prefix. */
	COMMENT_MOST = 1024, TRUSTED_MOST = 8192,
};

static const char untrusted_prefix[] = "untrusted comment: ";
static const char trusted_prefix[] = "trusted comment: ";

struct signature {
	uint8_t id[KEY_ID], sig[SEAL_SIGNATURE], global[SEAL_SIGNATURE];
	struct str trusted;
};

/* minisign cuts comments at the end of line and shows the rest on a terminal. */
static bool
comment_fits(struct str s, size_t most)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return false;
	return s.n < most && utf8_valid(str_bytes(s));
}

struct str
seal_minisign_public(struct arena *a, const struct seal_minisign_key *k)
{
	uint8_t line[PUBLIC_LINE] = {'E', 'd'};

	memcpy(line + 2, k->id, KEY_ID);
	memcpy(line + 2 + KEY_ID, k->pub, SEAL_PUBLIC);
	return base64_encode(a, BYTES(line));
}

bool
seal_minisign_public_read(struct arena *a, struct str line, struct seal_minisign_key *ret)
{
	struct bytes b;

	line = str_trim(line);
	if (line.n != (PUBLIC_LINE + 2) / 3 * 4 || !base64_decode(a, line, &b)
			|| b.n != PUBLIC_LINE || memcmp(b.p, "Ed", 2) != 0
			|| !seal_public_valid(b.p + 2 + KEY_ID))
		return false;
	memcpy(ret->id, b.p + 2, KEY_ID);
	memcpy(ret->pub, b.p + 2 + KEY_ID, SEAL_PUBLIC);
	return true;
}

/* What the second signature is over. */
static struct bytes
global_message(struct arena *a, const uint8_t sig[SEAL_SIGNATURE], struct str trusted)
{
	uint8_t *p = arena_alloc(a, SEAL_SIGNATURE + trusted.n, 1);

	memcpy(p, sig, SEAL_SIGNATURE);
	if (trusted.n)
		memcpy(p + SEAL_SIGNATURE, trusted.p, trusted.n);
	return (struct bytes){p, SEAL_SIGNATURE + trusted.n};
}

struct str
seal_minisign_sign(struct arena *a, const struct seal_signer *s, const uint8_t id[8],
	struct bytes msg, const char *untrusted, const char *trusted)
{
	uint8_t hash[64], line[SIGNATURE_LINE] = {'E', 'D'}, global[SEAL_SIGNATURE];
	uint8_t *sig = line + 2 + KEY_ID;
	struct str first, second;

	invariant(comment_fits(str_of(untrusted), COMMENT_MOST - sizeof untrusted_prefix));
	invariant(comment_fits(str_of(trusted), TRUSTED_MOST - sizeof trusted_prefix));
	seal_blake2b_512(msg, hash);
	memcpy(line + 2, id, KEY_ID);
	seal_sign(s, BYTES(hash), sig);
	seal_sign(s, global_message(a, sig, str_of(trusted)), global);
	first = base64_encode(a, BYTES(line));
	second = base64_encode(a, BYTES(global));
	return str_fmt(a, "%s%s\n" STR_FMT "\n%s%s\n" STR_FMT "\n", untrusted_prefix, untrusted,
		STR_ARG(first), trusted_prefix, trusted, STR_ARG(second));
}

static enum status
not_one(struct err *e, const char *what)
{
	return err_set(e, BAD, "signature: %s; a .minisig file of minisign 0.11 (four lines, "
		"not its legacy form) is right", what);
}

/* One line without its end, which may be a Windows one. */
static struct str
next_line(struct str *rest)
{
	struct str line = str_cut(rest, '\n');

	return str_ends(line, "\r") ? str_upto(line, line.n - 1) : line;
}

static bool
read_base64(struct arena *a, struct str line, size_t n, struct bytes *ret)
{
	return line.n == (n + 2) / 3 * 4 && base64_decode(a, line, ret) && ret->n == n;
}

static enum status
read_signature(struct arena *a, struct str text, struct signature *ret, struct err *e)
{
	struct str comment = next_line(&text), first = next_line(&text);
	struct str trusted = next_line(&text), second = next_line(&text);
	struct bytes sig, global;

	if (!str_starts(comment, untrusted_prefix) || comment.n > COMMENT_MOST)
		return not_one(e, "line 1 is no \"untrusted comment: \"");
	if (!read_base64(a, first, SIGNATURE_LINE, &sig) || memcmp(sig.p, "ED", 2) != 0)
		return not_one(e, "line 2 is no prehashed signature");
	if (!str_starts(trusted, trusted_prefix))
		return not_one(e, "line 3 is no \"trusted comment: \"");
	trusted = str_from(trusted, strlen(trusted_prefix));
	if (!comment_fits(trusted, TRUSTED_MOST - sizeof trusted_prefix))
		return not_one(e, "its trusted comment is too long or holds control characters");
	if (!read_base64(a, second, SEAL_SIGNATURE, &global))
		return not_one(e, "line 4 is no signature");
	if (text.n)
		return not_one(e, "something follows line 4");
	memcpy(ret->id, sig.p + 2, KEY_ID);
	memcpy(ret->sig, sig.p + 2 + KEY_ID, SEAL_SIGNATURE);
	memcpy(ret->global, global.p, SEAL_SIGNATURE);
	ret->trusted = trusted;
	return OK;
}

enum status
seal_minisign_verify(struct arena *a, const struct seal_minisign_key *k,
	struct bytes msg, struct str minisig, struct str *ret_trusted, struct err *e)
{
	struct signature s;
	uint8_t hash[64];
	enum status st = read_signature(a, minisig, &s, e);

	if (st)
		return st;
	if (memcmp(s.id, k->id, KEY_ID) != 0)
		return err_set(e, NO, "signature: made with another key; its key id is another");
	seal_blake2b_512(msg, hash);
	if (!seal_verify(k->pub, BYTES(hash), s.sig))
		return err_set(e, NO, "signature: not by this key over these bytes");
	if (!seal_verify(k->pub, global_message(a, s.sig, s.trusted), s.global))
		return err_set(e, NO, "signature: its trusted comment was changed");
	if (ret_trusted)
		*ret_trusted = str_dup(a, s.trusted);
	return OK;
}
