/*
 * From letters to sounds to keys.
 *
 * A word becomes one to MATCH_KEYS readings in phone letters:
 *   p b t d k g q(gh) x(kh) j J(zh) c(ch) s z S(sh) f m n l r    consonants
 *   W                             the v of -ov, -ev, اف: alone it marks a family name
 *   h v y '                       weak: written in one spelling, not in another
 *   w Y E                         Arabic و ی and final ه: consonant or vowel
 *   A                             alef inside a word: a long vowel, which is always written
 *   a e i o u                     vowels
 * The key of a reading keeps the consonants, in classes that no two of the spellings
 * tell apart, and nothing twice in a row.  Classes after a count of 26,689 Persian-
 * Latin given names (farbodbj/persian-gender-by-name), where the first keys alone find
 * 95 %, the readings together 98.4 %; what is left are nearly all slips of typing.
 */
#include "reconcile/reconcile_int.h"

/* 1-15, in the order of key_letters; 0: left out.  j, zh and ch are one: Turks and
 * Tajiks say Cengiz and Xadiça where others say Çingiz and Xədicə, and چ is typed for ج. */
static const char key_letters[] = ".BTDKJ-SZXFMNLRV";
static const uint8_t class_of[128] = {
	['p'] = 1, ['b'] = 1, ['t'] = 2, ['d'] = 3,
	['k'] = 4, ['g'] = 4, ['q'] = 4, ['x'] = 4,
	['j'] = 5, ['J'] = 5, ['c'] = 5, ['s'] = 7, ['z'] = 8, ['S'] = 9,
	['f'] = 10, ['m'] = 11, ['n'] = 12, ['l'] = 13, ['r'] = 14, ['W'] = 15,
};
enum { KEY_LETTERS_MAX = 15, KEY_NONE = 6 };      /* no letter has 6 */

/* Set when the name begins with a consonant that counts: Ali is not Leyla.  Costs
 * 0.03 % of the pairs of the count above, and halves what meets by chance. */
#define KEY_HARD_START ((uint64_t)1 << 60)

/* Names without any consonant that counts (Yahya, Hava) share one key. */
uint64_t
sound_key(const char *sound, size_t n)
{
	uint64_t key = 0;
	unsigned last = 0, len = 0;

	for (size_t i = 0; i < n && len < KEY_LETTERS_MAX; i++) {
		unsigned c = class_of[(unsigned char)sound[i] & 127];
		if (c && c != last) {
			key = key << 4 | c;
			last = c;
			len++;
		}
	}
	key = key ? key : KEY_NONE;
	return n && class_of[(unsigned char)sound[0] & 127] ? key | KEY_HARD_START : key;
}

struct str
match_key_text(struct arena *a, uint64_t key)
{
	char *p = arena_alloc(a, 17, 1);
	size_t n = 0;

	if (key && !(key & KEY_HARD_START))
		p[n++] = '\'';
	key &= ~KEY_HARD_START;
	for (int shift = 56; shift >= 0; shift -= 4) {
		unsigned c = (unsigned)(key >> shift) & 15;
		if (c)
			p[n++] = key_letters[c];
	}
	return (struct str){p, n};
}

struct str
match_sound_text(struct arena *a, struct str sound)
{
	static const struct {
		char phone;
		const char *text;
	} plain[] = {
		{'x', "kh"}, {'q', "gh"}, {'c', "ch"}, {'J', "zh"}, {'S', "sh"}, {'W', "v"},
		{'w', "v"}, {'Y', "y"}, {'E', "e"}, {'A', "a"},
	};
	char *p = arena_alloc(a, 3 * sound.n + 1, 1);
	size_t n = 0;

	for (size_t i = 0; i < sound.n; i++) {
		const char *text = NULL;
		if (sound.p[i] == 'h' && n > 0 && strchr("sczkg", p[n - 1]))
			p[n++] = '\'';         /* s and h: Es'hagh */
		for (size_t k = 0; k < sizeof plain / sizeof *plain; k++)
			if (plain[k].phone == sound.p[i])
				text = plain[k].text;
		if (!text)
			p[n++] = sound.p[i];
		for (; text && *text; text++)
			p[n++] = *text;
	}
	return (struct str){p, n};
}

/* ---- Rules ------------------------------------------------------------------ */

struct word {
	const char *text;
	size_t n;
	unsigned langs;               /* of enum sound_langs */
};

/* Where the rows that begin with a letter lie.  Made once per thread from the tables,
 * in 15 microseconds. */
enum { LETTERS_MOST = 0x700, ROWS_MOST = 128 };
static const struct sound_table *const tables[] = {&sound_latin, &sound_arabic, &sound_cyrillic};
struct rows {
	uint8_t table, from, n;       /* of letters without rows: n 0 */
};
struct rule_index {
	bool made;
	struct rows rows[LETTERS_MOST];
	uint8_t len[sizeof tables / sizeof *tables][ROWS_MOST];       /* bytes of a spelling */
};

static void
index_make(struct rule_index *x)
{
	for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
		invariant(tables[t]->n <= ROWS_MOST);
		for (size_t i = 0; i < tables[t]->n; i++) {
			struct str s = str_of(tables[t]->rules[i].spelling);
			size_t at = 0;
			uint32_t cp = utf8_next(s, &at);
			invariant(cp < LETTERS_MOST);
			if (x->rows[cp].n++ == 0) {
				x->rows[cp].table = (uint8_t)t;
				x->rows[cp].from = (uint8_t)i;
			}
			x->len[t][i] = (uint8_t)s.n;
		}
	}
	x->made = true;
}

static const struct rule_index *
rule_index(void)
{
	static _Thread_local struct rule_index x;

	if (!x.made)
		index_make(&x);
	return &x;
}

static bool
condition_holds(const struct word *w, const struct sound_rule *r, size_t at, size_t len)
{
	size_t end = at + len;

	if (r->langs != IN_ANY && !(r->langs & w->langs))
		return false;
	switch (r->where) {
	case AT_FIRST: return at == 0;
	case AT_NOT_FIRST: return at > 0;
	case AT_LAST: return at > 0 && (end == w->n || w->text[end] == FOLD_BREAK);
	case AT_WHOLE: return at == 0 && end == w->n;
	case BEFORE_FRONT: return end < w->n && strchr("eiy", w->text[end]) != NULL;
	default: return true;
	}
}

/* The letter at `at`; folded text has none of more than two bytes that a row knows. */
static uint32_t
letter_at(const struct word *w, size_t at)
{
	unsigned char c = (unsigned char)w->text[at];

	if (c < 0x80)
		return c;
	return c < 0xe0 ? (c & 0x1fu) << 6 | ((unsigned char)w->text[at + 1] & 0x3fu)
		: (uint32_t)LETTERS_MOST;
}

/* A few bytes: calling memcmp took longer than comparing. */
static bool
spelled(const char *text, const char *spelling, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text[i] != spelling[i])
			return false;
	return true;
}

/* The longest spelling that stands at `at` and whose condition holds; NULL: none.
 * Of rows with one letter a spelling stands before those that it begins; of equal
 * ones the first row is the most particular. */
static const struct sound_rule *
find_rule(const struct rule_index *x, const struct word *w, size_t at, size_t *ret_len)
{
	uint32_t cp = letter_at(w, at);
	const struct rows *r = &x->rows[cp < LETTERS_MOST ? cp : 0];
	const struct sound_rule *rules = tables[r->table]->rules, *best = NULL;

	*ret_len = 0;
	for (unsigned i = r->from + r->n; i-- > r->from;) {
		size_t len = x->len[r->table][i];
		if (len < *ret_len)
			break;
		if (len <= w->n - at && spelled(w->text + at, rules[i].spelling, len)
		    && condition_holds(w, &rules[i], at, len)) {
			best = &rules[i];
			*ret_len = len;
		}
	}
	return best;
}

/* ---- Readings --------------------------------------------------------------- */

/* Places where two readings are possible: the rule, and whether it is the first letter
 * (Гусейнгулу: h there, g later); elsewhere a rule is read one way throughout. */
enum { PIECES_MAX = MATCH_NAME_LETTERS, CHOICES_MAX = 4 };
struct choice {
	const struct sound_rule *rule;
	bool first;
	unsigned places;
};
struct pieces {
	const struct sound_rule *rule[PIECES_MAX];
	uint8_t choice[PIECES_MAX];                   /* 0: none, else 1 + index */
	size_t n;
	struct choice choices[CHOICES_MAX];
	unsigned n_choices;
};

static uint8_t
choice_of(struct pieces *p, const struct sound_rule *r)
{
	bool first = p->n == 0;

	if (!r->other)
		return 0;
	for (unsigned i = 0; i < p->n_choices; i++)
		if (p->choices[i].rule == r && p->choices[i].first == first) {
			p->choices[i].places++;
			return (uint8_t)(i + 1);
		}
	if (p->n_choices == CHOICES_MAX)
		return 0;
	p->choices[p->n_choices++] = (struct choice){r, first, 1};
	return (uint8_t)p->n_choices;
}

static void
cut_to_pieces(const struct word *w, struct pieces *p)
{
	const struct rule_index *x = rule_index();

	p->n = 0;
	p->n_choices = 0;
	for (size_t at = 0; at < w->n && p->n < PIECES_MAX;) {
		size_t len;
		const struct sound_rule *r = find_rule(x, w, at, &len);
		if (r) {
			p->choice[p->n] = choice_of(p, r);
			p->rule[p->n++] = r;
		}
		at += r ? len : 1;
		while (at < w->n && ((unsigned char)w->text[at] & 0xc0) == 0x80)
			at++;
	}
}

/* Which choices are read the other way: a bit each; by the third-best reading where a
 * rule has one; only in their first place. */
struct way {
	unsigned mask;
	bool third, once;
};

static size_t
say(const struct pieces *p, struct way w, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		const char *s = p->rule[i]->reading;
		unsigned bit = p->choice[i] ? 1u << (p->choice[i] - 1) : 0;
		if (w.mask & bit) {
			const char *bar = strchr(p->rule[i]->other, '|');
			s = w.third && bar ? bar + 1 : p->rule[i]->other;
			if (w.once)
				w.mask &= ~bit;
		}
		for (; *s && *s != '|'; s++)
			if (n < SOUND_MAX)
				out[n++] = *s;
	}
	return n;
}

/* Latin letters do not tell a Russian, but the ending of his family name does. */
static bool
ends_russian(struct str word)
{
	static const char *const endings[] = {"ov", "ev", "ova", "eva", "off", "eff", "ovich",
		"evich", "ovna", "evna"};

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (str_ends(word, endings[i]))
			return true;
	return false;
}

static unsigned
langs_of(enum match_lang lang, struct str word)
{
	if (lang == MATCH_LANG_AZ || lang == MATCH_LANG_TR)
		return IN_TURKIC;
	if (lang == MATCH_LANG_EN)
		return NOT_TURKIC | (ends_russian(word) ? IN_RUSSIAN : 0);
	return lang == MATCH_LANG_AR ? NOT_TURKIC | IN_ARABIC : NOT_TURKIC;
}

static void
add_reading(struct sounds *s, const char *sound, size_t n)
{
	uint64_t key;

	if (s->n == MATCH_KEYS || n == 0)
		return;
	key = sound_key(sound, n);
	for (unsigned i = 0; i < s->n; i++)
		if (s->key[i] == key)
			return;
	memcpy(s->reading[s->n], sound, n);
	s->len[s->n] = n;
	s->key[s->n++] = key;
}

void
sounds_of_word(struct str word, enum match_lang lang, struct sounds *ret)
{
	struct word w = {word.p, word.n, langs_of(lang, word)};
	struct pieces p;
	char sound[SOUND_MAX];

	invariant(word.n <= 4 * MATCH_NAME_LETTERS);
	cut_to_pieces(&w, &p);
	ret->n = 0;
	add_reading(ret, sound, say(&p, (struct way){0}, sound));
	for (unsigned i = 0; i < p.n_choices; i++)
		add_reading(ret, sound, say(&p, (struct way){.mask = 1u << i}, sound));
	for (unsigned i = 0; i < p.n_choices; i++)
		if (p.choices[i].places > 1)
			add_reading(ret, sound, say(&p, (struct way){.mask = 1u << i, .once = true},
				sound));
	for (unsigned i = 0; i < p.n_choices; i++)
		if (strchr(p.choices[i].rule->other, '|'))
			add_reading(ret, sound, say(&p, (struct way){.mask = 1u << i, .third = true},
				sound));
	if (p.n_choices > 1)
		add_reading(ret, sound, say(&p, (struct way){.mask = (1u << p.n_choices) - 1}, sound));
}

void
sounds_add(struct sounds *to, const struct sounds *from, unsigned i)
{
	if (i < from->n)
		add_reading(to, from->reading[i], from->len[i]);
}

void
sounds_join(struct sounds *to, const struct sounds *next)
{
	struct sounds all;

	all.n = 0;
	if (to->n == 0 || next->n == 0) {
		if (next->n)
			*to = *next;
		return;
	}
	for (unsigned sum = 0; sum < 2 * MATCH_KEYS; sum++)
		for (unsigned i = 0; i <= sum; i++) {
			char sound[2 * SOUND_MAX];
			unsigned j = sum - i;
			if (i >= to->n || j >= next->n)
				continue;
			memcpy(sound, to->reading[i], to->len[i]);
			memcpy(sound + to->len[i], next->reading[j], next->len[j]);
			size_t n = to->len[i] + next->len[j];
			add_reading(&all, sound, n < SOUND_MAX ? n : SOUND_MAX);
		}
	*to = all;
}
