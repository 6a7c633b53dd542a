/*
 * Places by hierarchy.  What a list writes in one cell is several places, one within the
 * other: "Evin prison (Tehran)", "تهران، زندان اوین".  The signs between them part them;
 * which is within which nobody has to know, since a place that says less than another and
 * nothing else holds it or lies in it.  Words for the kind of place are dropped.
 *
 * Parts are put into one order, so that one place written in two orders is one value.
 */
#include "reconcile/reconcile_int.h"

enum { READ_MOST = 4 * MATCH_NAME_LETTERS };

/* How many bytes at s[at] part two places; 0: none. */
static size_t
between(struct str s, size_t at)
{
	static const char *const signs[] = {",", ";", "/", "\\", "(", ")", "[", "]", "|", "\n",
		"،", "؛", "–", "—", "：", " - ", "«", "»"};

	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (str_starts(str_from(s, at), signs[i]))
			return strlen(signs[i]);
	return 0;
}

static bool
says_the_kind(struct str word)
{
	for (size_t i = 0; i < n_place_words; i++)
		if (str_is(word, place_words[i].word))
			return true;
	return false;
}

/* A name without the words for kinds; with them where there is nothing else. */
static struct match_name
without_kinds(struct arena *a, struct str text, bool *ret_only_kinds)
{
	/* Of its normal form: ي or ی of one cell must not decide how all are read. */
	struct match_name n = match_name_of(a, match_name_of(a, text).normal);
	struct buf b;
	size_t kept = 0;

	buf_init(&b, READ_MOST + MATCH_TOKENS);
	for (size_t i = 0; i < n.n; i++) {
		if (says_the_kind(n.tokens[i].text))
			continue;
		if (kept++)
			buf_byte(&b, FOLD_GAP);
		buf_put(&b, n.tokens[i].text.p, n.tokens[i].text.n);
	}
	*ret_only_kinds = kept == 0;
	if (kept && kept < n.n)
		n = match_name_of(a, buf_str(&b));
	buf_finish(&b);
	return n;
}

static int
by_sound(const struct match_name *x, const struct match_name *y)
{
	uint64_t a = x->n_keys ? x->keys[0] : 0, b = y->n_keys ? y->keys[0] : 0;

	return a != b ? (a < b ? -1 : 1) : str_cmp(x->normal, y->normal);
}

/* In order, each once. */
static void
add_part(struct match_place *p, const struct match_name *n)
{
	unsigned at = p->n;
	int order = 1;

	while (at > 0 && (order = by_sound(&p->part[at - 1], n)) > 0)
		at--;
	if (n->n == 0 || p->n == PLACE_PARTS || (at > 0 && order == 0))
		return;
	memmove(&p->part[at + 1], &p->part[at], (p->n - at) * sizeof *p->part);
	p->part[at] = *n;
	p->n++;
}

struct match_place
place_of(struct arena *a, struct str text)
{
	struct match_place p = {.n = 0};
	struct str s = str_upto(text, READ_MOST);
	bool only_kinds;

	for (size_t from = 0, at = 0; at <= s.n && s.n; at++) {
		size_t skip = at < s.n ? between(s, at) : 1;
		if (skip == 0)
			continue;
		struct match_name n = without_kinds(a, str_upto(str_from(s, from), at - from),
			&only_kinds);
		if (!only_kinds)
			add_part(&p, &n);
		at += skip - 1;
		from = at + 1;
	}
	if (p.n == 0) {
		struct match_name n = match_name_of(a, match_name_of(a, s).normal);
		add_part(&p, &n);
	}
	return p;
}

struct str
place_text(struct arena *a, const struct match_place *p)
{
	struct buf b;
	struct str s;

	if (p->n == 1)
		return p->part[0].normal;
	buf_init(&b, PLACE_PARTS * (READ_MOST + 2));
	for (unsigned i = 0; i < p->n; i++) {
		buf_cstr(&b, i ? ", " : "");
		buf_put(&b, p->part[i].normal.p, p->part[i].normal.n);
	}
	s = str_dup(a, buf_str(&b));
	buf_finish(&b);
	return s;
}

/* ---- Two of them ------------------------------------------------------------------- */

/* Words that sound are the words of a place; articles fall away. */
static bool
counts(const struct match_token *t)
{
	return (t->role == MATCH_NAME && t->n_keys) || t->role == MATCH_NUMBER;
}

static bool
same_word(const struct match_token *x, const struct match_token *y, bool same_script)
{
	return str_eq(x->text, y->text)
		|| (!same_script && keys_meet(x->keys, x->n_keys, y->keys, y->n_keys));
}

/* Whether all words of a part stand in the other place: "Evin Tehran" is "Evin, Tehran". */
static bool
words_stand_in(const struct match_name *n, const struct match_place *p)
{
	size_t found = 0, all = 0;

	for (size_t i = 0; i < n->n; i++) {
		bool here = false;
		if (!counts(&n->tokens[i]))
			continue;
		all++;
		for (unsigned k = 0; k < p->n && !here; k++)
			for (size_t j = 0; j < p->part[k].n && !here; j++)
				here = counts(&p->part[k].tokens[j]) && same_word(&n->tokens[i],
					&p->part[k].tokens[j], n->script == p->part[k].script);
		found += here;
	}
	return all && found == all;
}

/* How many parts of x are in y, and how many at least look as if. */
struct found { unsigned surely, perhaps; };

static struct found
find_in(const struct match_place *x, const struct match_place *y)
{
	struct found f = {0, 0};

	for (unsigned i = 0; i < x->n; i++) {
		unsigned best = LEVEL_DIFFERENT;
		for (unsigned j = 0; j < y->n && best < LEVEL_SAME; j++) {
			unsigned level = names_level(&x->part[i], &y->part[j]);
			best = level > best ? level : best;
		}
		if (best < LEVEL_SAME && words_stand_in(&x->part[i], y))
			best = LEVEL_SAME;
		f.surely += best == LEVEL_SAME;
		f.perhaps += best >= LEVEL_ALIKE;
	}
	return f;
}

unsigned
places_level(const struct match_place *x, const struct match_place *y, bool share_key)
{
	struct found a = find_in(x, y), b = find_in(y, x);

	/* What shares no key is alike at most: weights.c counts on that. */
	if (share_key && a.surely == x->n && b.surely == y->n)
		return PLACE_SAME;
	if (share_key && (a.surely == x->n || b.surely == y->n))
		return PLACE_WITHIN;
	if (a.perhaps == x->n && b.perhaps == y->n)
		return PLACE_ALIKE;
	return share_key && (a.surely || b.surely) ? PLACE_REGION : PLACE_DIFFERENT;
}
