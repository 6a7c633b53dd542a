/*
 * A key on paper: 7 groups of 8 letters of Crockford's base32 (no I, L, O, U), 280
 * bits in all: the key's 32 bytes and the first 3 bytes of its SHA-256.
 *
 * A person copies it by hand and types it in a hurry.  The check leaves 1 wrong key
 * in 16 million unnoticed, and is long enough to find where a single letter is
 * wrong: of the 1,736 keys that differ in one letter about 0.0001 pass by chance.
 */
#include "seal/seal_int.h"

enum { CHECK = 3, PAPER = SEAL_KEY + CHECK, GROUP = 8, GROUPS = 7, LETTERS = GROUP * GROUPS };
_Static_assert(LETTERS * 5 == PAPER * 8, "no bit is left over");

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static void
check_of(const uint8_t key[SEAL_KEY], uint8_t ret[CHECK])
{
	uint8_t hash[SEAL_HASH];

	seal_sha256((struct bytes){key, SEAL_KEY}, hash);
	memcpy(ret, hash, CHECK);
	sodium_memzero(hash, sizeof hash);
}

/* 5 bytes are 8 letters: a group. */
static uint64_t
group_bits(const uint8_t p[5])
{
	uint64_t v = 0;

	for (int i = 0; i < 5; i++)
		v = v << 8 | p[i];
	return v;
}

struct str
seal_paper_encode(struct arena *a, const uint8_t key[SEAL_KEY])
{
	uint8_t raw[PAPER];
	char *text = arena_alloc(a, LETTERS + GROUPS, 1), *at = text;

	memcpy(raw, key, SEAL_KEY);
	check_of(key, raw + SEAL_KEY);
	for (size_t g = 0; g < GROUPS; g++) {
		uint64_t v = group_bits(raw + 5 * g);
		for (int shift = 35; shift >= 0; shift -= 5)
			*at++ = alphabet[v >> shift & 31];
		*at++ = g + 1 < GROUPS ? '-' : '\0';
	}
	sodium_memzero(raw, sizeof raw);
	return (struct str){text, LETTERS + GROUPS - 1};
}

/* The value of a letter, in either case and as people confuse them; -1: none. */
static int
letter_value(char c)
{
	const char *at;

	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (c == 'O')
		c = '0';
	if (c == 'I' || c == 'L')
		c = '1';
	at = c ? strchr(alphabet, c) : NULL;
	return at ? (int)(at - alphabet) : -1;
}

static bool
is_separator(char c)
{
	return c == '-' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Letters to values.  BAD names the first group with a foreign letter, or whose
 * length is wrong when dashes or blanks show the groups. */
static enum status
read_letters(struct str s, uint8_t ret[LETTERS], struct err *e)
{
	size_t n = 0, in_group = 0, groups = 0, odd_group = 0;

	for (size_t i = 0; i <= s.n; i++) {
		if (i == s.n || is_separator(s.p[i])) {
			groups += in_group > 0;
			if (in_group > 0 && in_group != GROUP && odd_group == 0)
				odd_group = groups;
			in_group = 0;
			continue;
		}
		int v = letter_value(s.p[i]);
		if (v < 0)
			return err_set(e, BAD, "recovery key: group %zu has a letter that is none of "
				"its alphabet; digits and letters other than I, L, O and U are right",
				in_group < GROUP && groups > 0 ? groups + 1 : n / GROUP + 1);
		if (n < LETTERS)
			ret[n] = (uint8_t)v;
		n++;
		in_group++;
	}
	if (n != LETTERS && groups == GROUPS && odd_group)
		return err_set(e, BAD, "recovery key: group %zu has not 8 letters; %d groups of 8 "
			"are right", odd_group, GROUPS);
	if (n != LETTERS)
		return err_set(e, BAD, "recovery key: it has %zu letters; %d groups of 8 are right",
			n, GROUPS);
	return OK;
}

/* Letters' values to the key; whether its check is right. */
static bool
join_letters(const uint8_t letters[LETTERS], uint8_t key[SEAL_KEY])
{
	uint8_t raw[PAPER], check[CHECK];
	bool right;

	for (size_t g = 0; g < GROUPS; g++) {
		uint64_t v = 0;
		for (size_t i = 0; i < GROUP; i++)
			v = v << 5 | letters[GROUP * g + i];
		for (size_t i = 5; i-- > 0; v >>= 8)
			raw[5 * g + i] = (uint8_t)v;
	}
	check_of(raw, check);
	right = seal_equal(check, raw + SEAL_KEY, CHECK);
	memcpy(key, raw, SEAL_KEY);
	sodium_memzero(raw, sizeof raw);
	return right;
}

/* Which group holds a letter that, were it another one, would make the check right;
 * from 1, or 0 when no single letter does. */
static size_t
suspect_group(uint8_t letters[LETTERS])
{
	uint8_t key[SEAL_KEY];
	size_t found = 0;

	for (size_t i = 0; i < LETTERS && !found; i++) {
		uint8_t was = letters[i];
		for (uint8_t v = 0; v < 32 && !found; v++) {
			letters[i] = v;
			if (join_letters(letters, key))
				found = i / GROUP + 1;
		}
		letters[i] = was;
	}
	sodium_memzero(key, sizeof key);
	return found;
}

static enum status
mistyped(uint8_t letters[LETTERS], struct err *e)
{
	size_t group = suspect_group(letters);

	if (group)
		return err_set(e, BAD, "recovery key: group %zu is mistyped; compare it with the "
			"paper", group);
	return err_set(e, BAD, "recovery key: more than one letter is wrong; compare every group "
		"with the paper");
}

enum status
seal_paper_decode(struct str s, uint8_t ret[SEAL_KEY], struct err *e)
{
	uint8_t letters[LETTERS], key[SEAL_KEY];
	enum status st = read_letters(s, letters, e);

	if (!st && join_letters(letters, key))
		memcpy(ret, key, sizeof key);
	else if (!st)
		st = mistyped(letters, e);
	sodium_memzero(key, sizeof key);
	sodium_memzero(letters, sizeof letters);
	return st;
}
