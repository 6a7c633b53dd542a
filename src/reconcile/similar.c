/*
 * How alike two names are.  Sounds are aligned with costs that know which letters
 * spellings confuse and which a script leaves out; within one script a typing error
 * is better seen by Jaro-Winkler.  All in whole numbers: the same on every machine.
 */
#include "reconcile/reconcile_int.h"

/* What a phone letter weighs, and costs when the other name lacks it, in hundredths
 * of a full consonant.  Second column: the other script does not write short vowels.
 * Chosen by judgement, not fitted. */
static const struct {
	char letter;
	uint8_t weight, weight_free;
} weights[] = {
	{'a', 35, 5}, {'A', 35, 30}, {'e', 35, 5}, {'o', 35, 5}, {'i', 45, 30}, {'u', 45, 35},
	{'w', 90, 60}, {'Y', 70, 50}, {'E', 20, 10}, {'h', 50, 50}, {'v', 70, 70},
	{'y', 40, 40}, {'\'', 10, 5}, {'W', 60, 60},
};

/* What taking one letter for the other costs.  Unlisted: vowel for vowel 30, else as
 * if one were left out and the other put in, but no more than one full letter. */
static const struct {
	char a, b;
	uint8_t cost;
} confusions[] = {
	{'p', 'b', 30}, {'t', 'd', 40}, {'k', 'g', 40}, {'k', 'q', 25}, {'g', 'q', 25},
	{'q', 'x', 40}, {'k', 'x', 50}, {'g', 'x', 60}, {'x', 'h', 40}, {'q', 'h', 60},
	{'g', 'h', 60}, {'j', 'J', 20}, {'j', 'c', 50}, {'c', 'S', 60}, {'J', 'z', 50},
	{'J', 'S', 60}, {'s', 'z', 50}, {'s', 'S', 50}, {'z', 'd', 60}, {'s', 't', 60},
	{'c', 'k', 70}, {'j', 'k', 70}, {'f', 'v', 40}, {'f', 'W', 20}, {'v', 'W', 10},
	{'w', 'W', 20}, {'m', 'n', 50}, {'l', 'r', 70}, {'v', 'b', 60}, {'v', 'w', 0},
	{'u', 'w', 0}, {'o', 'w', 5}, {'a', 'w', 50}, {'e', 'w', 50}, {'i', 'w', 50},
	{'y', 'Y', 0}, {'i', 'Y', 0}, {'e', 'Y', 20}, {'a', 'Y', 45}, {'o', 'Y', 45},
	{'u', 'Y', 45}, {'y', 'i', 10}, {'y', 'e', 20}, {'v', 'u', 20}, {'v', 'o', 30},
	{'a', 'e', 10}, {'a', 'o', 20}, {'o', 'u', 15}, {'e', 'i', 15}, {'h', 'E', 0},
	{'a', 'E', 40}, {'e', 'E', 10}, {'a', 'A', 0}, {'o', 'A', 5}, {'e', 'A', 30},
	{'i', 'A', 40}, {'u', 'A', 30}, {'w', 'A', 50}, {'Y', 'A', 45}, {'E', 'A', 40},
	{'a', '\'', 5}, {'A', '\'', 10}, {'e', '\'', 10}, {'o', '\'', 10}, {'i', '\'', 30}, {'u', '\'', 30}, {'h', '\'', 30}, {'q', '\'', 60},
};

/* The tables above as arrays, by the number of a letter in `all`; made once per thread. */
enum { PHONES = 33 };
static const char all[] = "pbtdkgqxjJcszSfmnlrWhvy'wYEAaeiou";
_Static_assert(sizeof all - 1 == PHONES, "letters of sounds.c");

struct costs {
	uint8_t number[128];
	uint8_t weight[PHONES], pair[PHONES][PHONES];
	uint64_t near[PHONES];        /* a bit per letter that may be taken for it */
};

static bool
is_vowel(char c)
{
	return strchr("aeiou", c) != NULL;
}

static void
costs_make(struct costs *c, bool free_vowels)
{
	for (unsigned i = 0; i < PHONES; i++)
		c->number[(int)all[i]] = (uint8_t)i;
	memset(c->weight, 100, sizeof c->weight);
	for (size_t i = 0; i < sizeof weights / sizeof *weights; i++)
		c->weight[c->number[(int)weights[i].letter]] = free_vowels
			? weights[i].weight_free : weights[i].weight;
	for (unsigned a = 0; a < PHONES; a++)
		for (unsigned b = 0; b < PHONES; b++) {
			unsigned sum = c->weight[a] + c->weight[b];
			c->pair[a][b] = a == b ? 0
				: is_vowel(all[a]) && is_vowel(all[b]) ? 30
				: (uint8_t)(sum < 100 ? sum : 100);
		}
	for (size_t i = 0; i < sizeof confusions / sizeof *confusions; i++) {
		unsigned a = c->number[(int)confusions[i].a], b = c->number[(int)confusions[i].b];
		c->pair[a][b] = c->pair[b][a] = confusions[i].cost;
	}
	if (free_vowels) {                    /* Fatimə for فاطمه; but زهرا is not زهره */
		unsigned a = c->number['a'], e = c->number['e'], he = c->number['E'];
		c->pair[a][he] = c->pair[he][a] = 10;
		c->pair[e][he] = c->pair[he][e] = 0;
	}
	for (unsigned a = 0; a < PHONES; a++)
		for (unsigned b = 0; b < PHONES; b++)
			if (c->pair[a][b] < c->weight[a])
				c->near[a] |= (uint64_t)1 << b;
}

static const struct costs *
costs_for(bool free_vowels)
{
	static _Thread_local struct costs made[2];
	static _Thread_local bool done;

	if (!done) {
		costs_make(&made[0], false);
		costs_make(&made[1], true);
		done = true;
	}
	return &made[free_vowels];
}

/* A reading as numbers, with what leaving out each costs. */
struct voiced {
	uint8_t letter[SOUND_MAX], cost[SOUND_MAX];
	size_t n;
	unsigned sum;
	uint64_t set;                 /* of its letters */
};

static void
voice(const struct costs *c, struct str s, struct voiced *v)
{
	v->n = s.n < SOUND_MAX ? s.n : SOUND_MAX;
	v->sum = 0;
	v->set = 0;
	for (size_t i = 0; i < v->n; i++) {
		v->letter[i] = c->number[(unsigned char)s.p[i] & 127];
		/* A doubled letter is one letter said longer. */
		v->cost[i] = i > 0 && s.p[i] == s.p[i - 1] ? 10 : c->weight[v->letter[i]];
		v->sum += v->cost[i];
		v->set |= (uint64_t)1 << v->letter[i];
	}
}

/* What a must pay at least: letters that b has nothing for are left out. */
static unsigned
least_cost(const struct costs *c, const struct voiced *a, const struct voiced *b)
{
	unsigned sum = 0;

	for (size_t i = 0; i < a->n; i++)
		sum += c->near[a->letter[i]] & b->set ? 0 : a->cost[i];
	return sum;
}

/* One more letter of a against all of b: the alignment's next row; its least cost. */
static unsigned
next_row(const struct costs *c, const struct voiced *a, size_t i, const struct voiced *b,
	unsigned *row)
{
	const uint8_t *pair = c->pair[a->letter[i]];
	unsigned gone = a->cost[i], diagonal = row[0], left = row[0] += gone, least = left;

	for (size_t j = 0; j < b->n; j++) {
		unsigned v = diagonal + pair[b->letter[j]];
		diagonal = row[j + 1];
		if (diagonal + gone < v)
			v = diagonal + gone;
		if (left + b->cost[j] < v)
			v = left + b->cost[j];
		row[j + 1] = left = v;
		if (v < least)
			least = v;
	}
	return least;
}

unsigned
similar_sound(struct str a, struct str b, bool free_vowels, unsigned from)
{
	const struct costs *c = costs_for(free_vowels);
	struct voiced x, y;
	unsigned row[SOUND_MAX + 1], most, too_much, s;

	voice(c, a, &x);
	voice(c, b, &y);
	most = x.sum > y.sum ? x.sum : y.sum;
	if (most == 0)
		return a.n == b.n ? 100 : 0;
	/* From this cost on, the result is below `from`: the least of a row never falls. */
	too_much = ((101 - from) * most + 99) / 100;
	if (from && (least_cost(c, &x, &y) >= too_much || least_cost(c, &y, &x) >= too_much))
		return 0;
	row[0] = 0;
	for (size_t j = 0; j < y.n; j++)
		row[j + 1] = row[j] + y.cost[j];
	for (size_t i = 0; i < x.n; i++)
		if (next_row(c, &x, i, &y, row) >= too_much && from)
			return 0;
	s = row[y.n] >= most ? 0 : 100 - row[y.n] * 100 / most;
	return s >= from ? s : 0;
}

/* ---- Jaro-Winkler ----------------------------------------------------------- */

enum { TEXT_MAX = 64, SLOTS = 2 * TEXT_MAX };

/* Letters of folded text, which is valid, without what parts words. */
static size_t
letters_of(struct str s, uint32_t *ret)
{
	size_t n = 0;

	for (size_t at = 0; at < s.n && n < TEXT_MAX;) {
		unsigned char c = (unsigned char)s.p[at];
		if (c >= 0xe0) {
			ret[n++] = utf8_next(s, &at);
		} else if (c >= 0x80) {
			ret[n++] = (c & 0x1fu) << 6 | ((unsigned char)s.p[at + 1] & 0x3fu);
			at += 2;
		} else {
			if (c != FOLD_GAP && c != FOLD_BREAK)
				ret[n++] = c;
			at++;
		}
	}
	return n;
}

/* Where each letter of a text stands, as bits: an open hash table, emptied after use. */
struct places {
	uint32_t letter[SLOTS];
	uint64_t at[SLOTS];
};

static size_t
slot_of(const struct places *p, uint32_t letter)
{
	size_t s = letter % SLOTS;

	while (p->at[s] && p->letter[s] != letter)
		s = (s + 1) % SLOTS;
	return s;
}

/* Matching letters and half the transpositions (Jaro, JASA 84, 1989), in ten-
 * thousandths, so that the division loses nothing that counts. */
static unsigned
jaro(const uint32_t *a, size_t na, const uint32_t *b, size_t nb)
{
	static _Thread_local struct places places;
	size_t window = (na > nb ? na : nb) / 2, m = 0, half = 0;
	uint32_t matched[TEXT_MAX];
	uint8_t slot[TEXT_MAX];
	uint64_t used = 0, near;

	window = window > 0 ? window - 1 : 0;
	for (size_t j = 0; j < nb; j++) {
		slot[j] = (uint8_t)slot_of(&places, b[j]);
		places.letter[slot[j]] = b[j];
		places.at[slot[j]] |= (uint64_t)1 << j;
	}
	near = ~(uint64_t)0 >> (63 - (window < 63 ? window : 63));    /* bits 0 to window */
	for (size_t i = 0; i < na; i++) {
		uint64_t free = places.at[slot_of(&places, a[i])] & near & ~used;
		if (free) {
			used |= free & -free;
			matched[m++] = a[i];
		}
		near = i < window ? near << 1 | 1 : near << 1;
	}
	for (size_t j = 0; j < nb; j++)
		places.at[slot[j]] = 0;
	if (m == 0)
		return 0;
	for (size_t k = 0; k < m; k++, used &= used - 1)
		half += matched[k] != b[__builtin_ctzll(used)];
	return (unsigned)((10000 * m / na + 10000 * m / nb
		+ 10000 * (2 * m - half) / (2 * m)) / 3);
}

/* Winkler's bonus: a tenth of what is missing for each of the first four letters
 * that agree. */
static unsigned
with_prefix(unsigned jaro, size_t same)
{
	return (jaro + (10000 - jaro) * (unsigned)same / 10) / 100;
}

/* How many letters of a b has at all, roughly: never fewer than match. */
static size_t
common(const uint32_t *a, size_t na, const uint32_t *b, size_t nb)
{
	uint64_t set = 0;
	size_t n = 0;

	for (size_t j = 0; j < nb; j++)
		set |= (uint64_t)1 << b[j] % 64;
	for (size_t i = 0; i < na; i++)
		n += set >> a[i] % 64 & 1;
	return n;
}

unsigned
similar_text(struct str a, struct str b, unsigned from)
{
	uint32_t x[TEXT_MAX], y[TEXT_MAX];
	size_t nx = letters_of(a, x), ny = letters_of(b, y), same = 0;
	size_t m, k;
	unsigned s;

	if (nx == 0 || ny == 0)
		return 0;
	while (same < 4 && same < nx && same < ny && x[same] == y[same])
		same++;
	/* What it were if all letters that both have matched, in order. */
	m = common(x, nx, y, ny);
	k = common(y, ny, x, nx);
	m = k < m ? k : m;
	if (with_prefix((unsigned)(10000 * m / nx + 10000 * m / ny + 10000) / 3, same) < from)
		return 0;
	s = with_prefix(jaro(x, nx, y, ny), same);
	return s >= from ? s : 0;
}

/* ---- Names ------------------------------------------------------------------ */

static bool
writes_no_vowels(const struct match_name *n)
{
	return n->script == SCRIPT_ARAB || n->script == SCRIPT_MIXED;
}

/* Jaro-Winkler runs high (unrelated names reach 0.6): spread its upper third. */
static unsigned
text_score(struct str a, struct str b, unsigned from)
{
	unsigned jw = similar_text(a, b, from ? 100 - (100 - from) / 3 : 68);

	return jw > 67 ? 100 - (100 - jw) * 3 : 0;
}

static bool
is_initial(unsigned n_keys, const struct str *sounds)
{
	return n_keys > 0 && sounds[0].n == 1;
}

/* Readings that meet in a key are compared, else the likeliest ones. */
static unsigned
similar_readings(const uint64_t *ka, const struct str *sa, unsigned na,
	const uint64_t *kb, const struct str *sb, unsigned nb, bool free_vowels, unsigned from)
{
	for (unsigned sum = 0; sum + 1 < na + nb; sum++)
		for (unsigned i = 0; i <= sum && i < na; i++)
			if (sum - i < nb && ka[i] == kb[sum - i])
				return similar_sound(sa[i], sb[sum - i], free_vowels, from);
	return similar_sound(sa[0], sb[0], free_vowels, from);
}

static unsigned
similar_tokens(const struct match_token *x, const struct match_token *y, bool same_script,
	bool free_vowels, unsigned from)
{
	unsigned sound = 0, text = 0;

	if (str_eq(x->text, y->text))
		return 100;
	if (x->n_keys && y->n_keys) {
		/* An initial stands for any name that begins so. */
		if (is_initial(x->n_keys, x->sounds) || is_initial(y->n_keys, y->sounds))
			sound = x->sounds[0].p[0] == y->sounds[0].p[0] ? 70 : 0;
		else
			sound = similar_readings(x->keys, x->sounds, x->n_keys,
				y->keys, y->sounds, y->n_keys, free_vowels, from);
	}
	if (same_script)
		text = text_score(x->text, y->text, sound + 1 > from ? sound + 1 : from);
	return sound > text ? sound : text;
}

static unsigned
token_weight(const struct match_token *t)
{
	return t->role == MATCH_NAME ? (unsigned)(t->n_keys ? t->sounds[0].n : 1) : 0;
}

/* Words matched best first, each once; what stays over counts against, more
 * lightly than what does not fit: lists leave out second names. */
static unsigned
similar_word_sets(const struct match_name *a, const struct match_name *b, bool free_vowels)
{
	bool used_a[MATCH_TOKENS] = {0}, used_b[MATCH_TOKENS] = {0};
	unsigned all_a = 0, all_b = 0, matched = 0;
	unsigned score[MATCH_TOKENS][MATCH_TOKENS];

	for (size_t i = 0; i < a->n; i++)
		all_a += token_weight(&a->tokens[i]);
	for (size_t j = 0; j < b->n; j++)
		all_b += token_weight(&b->tokens[j]);
	if (all_a == 0 || all_b == 0)
		return 0;
	for (size_t i = 0; i < a->n; i++)
		for (size_t j = 0; j < b->n; j++)
			score[i][j] = token_weight(&a->tokens[i]) && token_weight(&b->tokens[j])
				? similar_tokens(&a->tokens[i], &b->tokens[j],
					a->script == b->script, free_vowels, 60) : 0;
	for (;;) {
		size_t bi = 0, bj = 0;
		unsigned best = 59;           /* below this two words are two names */
		for (size_t i = 0; i < a->n; i++)
			for (size_t j = 0; j < b->n; j++)
				if (!used_a[i] && !used_b[j] && score[i][j] > best) {
					best = score[i][j];
					bi = i;
					bj = j;
				}
		if (best == 59)
			break;
		used_a[bi] = used_b[bj] = true;
		unsigned wa = token_weight(&a->tokens[bi]), wb = token_weight(&b->tokens[bj]);
		matched += best * (wa < wb ? wa : wb);
	}
	unsigned small = all_a < all_b ? all_a : all_b, big = all_a < all_b ? all_b : all_a;
	return (matched * 6 / small + matched * 4 / big) / 10;
}

/* The steps below depend on the order, so there is but one, cheap to find. */
static bool
stands_after(const struct match_name *a, const struct match_name *b)
{
	if (a->n_keys != b->n_keys)
		return a->n_keys > b->n_keys;
	if (a->normal.n != b->normal.n)
		return a->normal.n > b->normal.n;
	return (a->n_keys > 1 || a->n > 1 || b->n > 1) && str_cmp(a->normal, b->normal) > 0;
}

unsigned
similar_names(const struct match_name *a, const struct match_name *b)
{
	unsigned best = 0, v;
	bool free_vowels = writes_no_vowels(a) != writes_no_vowels(b);

	if (a->n == 0 || b->n == 0)
		return 0;
	if (str_eq(a->normal, b->normal))
		return 100;
	if (stands_after(a, b)) {
		const struct match_name *t = a;
		a = b;
		b = t;
	}
	if (a->n_keys && b->n_keys)
		best = similar_readings(a->keys, a->sounds, a->n_keys,
			b->keys, b->sounds, b->n_keys, free_vowels, 0);
	if (a->script == b->script
	    && (v = text_score(a->normal, b->normal, best + 1)) > best)
		best = v;
	if ((a->n > 1 || b->n > 1 || is_initial(a->n_keys, a->sounds)
	     || is_initial(b->n_keys, b->sounds))
		&& (v = similar_word_sets(a, b, free_vowels)) > best)
		best = v;
	/* Letters that sound alike in Persian part names in its own script: Qadir, Ghadir. */
	if (a->script == SCRIPT_ARAB && b->script == SCRIPT_ARAB && best == 100)
		best = 99;
	return best;
}

double
match_name_similarity(const struct match_name *a, const struct match_name *b)
{
	return similar_names(a, b) / 100.0;
}
