/* Names taken apart: words, their roles, the whole. */
#include "reconcile/reconcile_int.h"

const char *
match_lang_name(enum match_lang l)
{
	static const char *const names[] = {
		[MATCH_LANG_NONE] = "", [MATCH_LANG_EN] = N_("English, or without marks"),
		[MATCH_LANG_AZ] = N_("Azerbaijani"), [MATCH_LANG_TR] = N_("Turkish"),
		[MATCH_LANG_FA] = N_("Persian"),
		[MATCH_LANG_AZB] = N_("Azerbaijani in Arabic script"),
		[MATCH_LANG_AR] = N_("Arabic"), [MATCH_LANG_RU] = N_("Russian"),
		[MATCH_LANG_AZ_CYRL] = N_("Azerbaijani in Cyrillic script"),
		[MATCH_LANG_TG] = N_("Tajik"),
	};

	return (size_t)l < sizeof names / sizeof *names ? names[l] : "";
}

static bool
all_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

static bool
stands_right(const struct word_rule *r, bool after, struct str next)
{
	switch (r->where) {
	case BEFORE_NAME: return next.n > 0;
	case AFTER_NAME: return after;
	case BEFORE_ITS_LETTER: return str_starts(next, r->word + 1);
	default: return true;
	}
}

/* Open hash table of the words; number of the row + 1, 0: free.  Made once per thread. */
enum { WORD_SLOTS = 512 };
struct word_index {
	bool made;
	uint16_t slot[WORD_SLOTS];
};

static size_t
word_slot(struct str word)
{
	uint32_t h = (uint32_t)word.n;

	for (size_t i = 0; i < word.n; i++)
		h = (h ^ (unsigned char)word.p[i]) * 0x01000193;      /* FNV */
	return (h ^ h >> 15) % WORD_SLOTS;
}

static const struct word_rule *
find_word(struct str word)
{
	static _Thread_local struct word_index x;
	size_t at;

	for (size_t i = 0; i < n_word_rules && !x.made; i++) {
		invariant(n_word_rules <= WORD_SLOTS / 2);
		for (at = word_slot(str_of(word_rules[i].word)); x.slot[at];)
			at = (at + 1) % WORD_SLOTS;
		x.slot[at] = (uint16_t)(i + 1);
	}
	x.made = true;
	for (at = word_slot(word); x.slot[at]; at = (at + 1) % WORD_SLOTS)
		if (str_is(word, word_rules[x.slot[at] - 1].word))
			return &word_rules[x.slot[at] - 1];
	return NULL;
}

static enum match_role
role_of(struct str word, bool after, struct str next)
{
	const struct word_rule *r;

	if (all_digits(word))
		return MATCH_NUMBER;
	r = find_word(word);
	return r && stands_right(r, after, next) ? r->role : MATCH_NAME;
}

/* What is compared first, side by side in one piece of memory: readings, keys, their
 * letters, and a text that goes with them. */
struct kept {
	struct str *sounds;
	uint64_t *keys;
	char *text;
};

static struct kept
keep(struct arena *a, const struct sounds *s, struct str text)
{
	struct kept k;
	size_t letters = text.n;
	char *p;

	for (unsigned i = 0; i < s->n; i++)
		letters += s->len[i];
	k.sounds = arena_alloc(a, s->n * (sizeof *k.sounds + sizeof *k.keys) + letters, 1);
	k.keys = (uint64_t *)(k.sounds + s->n);
	p = (char *)(k.keys + s->n);
	for (unsigned i = 0; i < s->n; i++) {
		k.keys[i] = s->key[i];
		k.sounds[i] = (struct str){p, s->len[i]};
		memcpy(p, s->reading[i], s->len[i]);
		p += s->len[i];
	}
	k.text = text.n ? memcpy(p, text.p, text.n) : p;
	return k;
}

/* ---- The whole ------------------------------------------------------------------- */

/* A name while it is being read. */
struct reading {
	struct str word[MATCH_TOKENS];
	enum match_role role[MATCH_TOKENS];
	struct sounds sounds[MATCH_TOKENS];
	size_t n;
	enum match_lang lang;
};

enum { OF_NAMES = 1 << MATCH_NAME, OF_TITLES = 1 << MATCH_TITLE,
	OF_PARTICLES = 1 << MATCH_PARTICLE, OF_CHILD = 1 << MATCH_CHILD_OF,
	OF_WORDS = OF_NAMES | OF_TITLES | OF_PARTICLES | OF_CHILD };

static unsigned
roles_of(const struct reading *r)
{
	unsigned roles = 0;

	for (size_t i = 0; i < r->n; i++)
		if (r->sounds[i].n)
			roles |= 1u << r->role[i];
	return roles;
}

static void
join_words(const struct reading *r, unsigned roles, struct sounds *ret)
{
	ret->n = 0;
	for (size_t i = 0; i < r->n; i++)
		if (1u << r->role[i] & roles)
			sounds_join(ret, &r->sounds[i]);
}

/* The words written as one: Fakhr al-Molk as Fakhrolmolk, whose l then sounds. */
static void
read_as_one(const struct reading *r, unsigned roles, struct sounds *ret)
{
	char text[4 * MATCH_NAME_LETTERS];
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		if (1u << r->role[i] & roles) {
			memcpy(text + n, r->word[i].p, r->word[i].n);
			n += r->word[i].n;
		}
	sounds_of_word((struct str){text, n}, r->lang, ret);
}

/* What is not the name proper drops out of the whole, unless nothing would be left:
 * Haji and Mir are given names too.  One list leaves out what another writes, and
 * writes together what another parts, so the likeliest reading with the titles
 * (Mirhossein) and that with everything as one word count before the less likely
 * ones of the name proper. */
static void
read_whole(const struct reading *r, struct sounds *ret)
{
	unsigned all = roles_of(r) & OF_WORDS;
	unsigned proper = all & OF_NAMES ? OF_NAMES : all & OF_TITLES ? OF_TITLES : all;
	struct sounds names, other;

	join_words(r, proper, &names);
	ret->n = 0;
	sounds_add(ret, &names, 0);
	if (all != proper && all & OF_TITLES) {
		join_words(r, OF_NAMES | OF_TITLES, &other);
		sounds_add(ret, &other, 0);
	}
	other.n = 0;
	if (r->n > 1) {
		read_as_one(r, all, &other);
		sounds_add(ret, &other, 0);
	}
	for (unsigned i = 1; i < MATCH_KEYS; i++) {
		sounds_add(ret, &names, i);
		sounds_add(ret, &other, i);
	}
}

/* ---- Names ----------------------------------------------------------------------- */

static void
cut_to_words(struct str normal, struct reading *r)
{
	struct str rest = normal;

	for (r->n = 0; rest.n && r->n < MATCH_TOKENS; r->n++)
		r->word[r->n] = str_cut(&rest, FOLD_GAP);
	for (size_t i = 0; i < r->n; i++) {
		struct str next = i + 1 < r->n ? r->word[i + 1] : S("");
		r->role[i] = role_of(r->word[i], i > 0, next);
		sounds_of_word(r->word[i], r->lang, &r->sounds[i]);
	}
}

/* The words of a name whose whole is kept already; `cut` is where they were cut from. */
static const struct match_token *
keep_words(struct arena *a, const struct reading *r, const struct match_name *n, const char *cut)
{
	struct match_token *tokens = NEWS(a, struct match_token, r->n);

	for (size_t i = 0; i < r->n; i++) {
		struct kept k = {NULL, NULL, NULL};
		if (r->n > 1)
			k = keep(a, &r->sounds[i], S(""));
		tokens[i] = (struct match_token){
			.text = {n->normal.p + (r->word[i].p - cut), r->word[i].n},
			.role = r->role[i], .n_keys = r->sounds[i].n,
			.keys = r->n > 1 ? k.keys : n->keys,
			.sounds = r->n > 1 ? k.sounds : n->sounds,
		};
	}
	return tokens;
}

struct match_name
match_name_of(struct arena *a, struct str text)
{
	struct folded f;
	struct reading r;
	struct sounds whole;
	const struct sounds *s = &r.sounds[0];
	struct match_name n;
	struct kept k;

	fold_text(text, &f);
	n = (struct match_name){.script = f.script, .lang = r.lang = f.lang, .normal = S("")};
	cut_to_words((struct str){f.text, f.n}, &r);
	if (r.n == 0)
		return n;
	if (r.n > 1) {
		read_whole(&r, &whole);
		s = &whole;
	}
	k = keep(a, s, (struct str){f.text, f.n});
	n.normal = (struct str){k.text, f.n};
	n.n_keys = s->n;
	n.keys = k.keys;
	n.sounds = k.sounds;
	n.n = r.n;
	n.tokens = keep_words(a, &r, &n, f.text);
	return n;
}

bool
keys_meet(const uint64_t *a, unsigned na, const uint64_t *b, unsigned nb)
{
	for (unsigned i = 0; i < na; i++)
		for (unsigned j = 0; j < nb; j++)
			if (a[i] == b[j])
				return true;
	return false;
}

static size_t
add_keys(uint64_t *ret, size_t n, size_t max, const uint64_t *keys, unsigned n_keys)
{
	for (unsigned i = 0; i < n_keys && n < max; i++)
		if (!keys_meet(&keys[i], 1, ret, (unsigned)n))
			ret[n++] = keys[i];
	return n;
}

size_t
match_name_keys(const struct match_name *n, uint64_t *ret, size_t max)
{
	size_t found = add_keys(ret, 0, max, n->keys, n->n_keys);

	for (size_t i = 0; i < n->n; i++)
		if (n->tokens[i].role == MATCH_NAME || n->tokens[i].role == MATCH_TITLE)
			found = add_keys(ret, found, max, n->tokens[i].keys, n->tokens[i].n_keys);
	return found;
}
