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
	{'a', 35, 5}, {'e', 35, 5}, {'o', 35, 5}, {'i', 45, 30}, {'u', 45, 35},
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
	{'y', 'Y', 0}, {'i', 'Y', 0}, {'e', 'Y', 5}, {'a', 'Y', 45}, {'o', 'Y', 45},
	{'u', 'Y', 45}, {'y', 'i', 10}, {'y', 'e', 20}, {'v', 'u', 20}, {'v', 'o', 30},
	{'a', 'e', 15}, {'o', 'u', 15}, {'e', 'i', 15}, {'h', 'E', 0}, {'a', 'E', 0}, {'e', 'E', 0}, {'a', '\'', 5}, {'e', '\'', 10},
	{'o', '\'', 10}, {'i', '\'', 30}, {'u', '\'', 30}, {'h', '\'', 30}, {'q', '\'', 60},
};

/* The tables above as arrays by letter, made once per alignment: 60 short rows. */
struct costs {
	uint8_t weight[128], pair[128][128];
};
static const struct costs *costs_for(bool free_vowels);

static bool
is_vowel(char c)
{
	return strchr("aeiou", c) != NULL;
}

static void
costs_make(struct costs *c, bool free_vowels)
{
	static const char all[] = "pbtdkgqxjJcszSfmnlrWhvy'wYEaeiou";

	memset(c->weight, 100, sizeof c->weight);
	for (size_t i = 0; i < sizeof weights / sizeof *weights; i++)
		c->weight[(int)weights[i].letter] = free_vowels
			? weights[i].weight_free : weights[i].weight;
	for (const char *a = all; *a; a++)
		for (const char *b = all; *b; b++) {
			unsigned sum = c->weight[(int)*a] + c->weight[(int)*b];
			c->pair[(int)*a][(int)*b] = *a == *b ? 0
				: is_vowel(*a) && is_vowel(*b) ? 30
				: (uint8_t)(sum < 100 ? sum : 100);
		}
	for (size_t i = 0; i < sizeof confusions / sizeof *confusions; i++) {
		c->pair[(int)confusions[i].a][(int)confusions[i].b] = confusions[i].cost;
		c->pair[(int)confusions[i].b][(int)confusions[i].a] = confusions[i].cost;
	}
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

/* A doubled letter is one letter said longer. */
static unsigned
cost_of(const struct costs *c, struct str s, size_t i)
{
	return i > 0 && s.p[i] == s.p[i - 1] ? 10 : c->weight[(unsigned char)s.p[i] & 127];
}

unsigned
similar_sound(struct str a, struct str b, bool free_vowels)
{
	const struct costs *c = costs_for(free_vowels);
	unsigned row[SOUND_MAX + 1], sum_a = 0, sum_b = 0, most;

	a = str_upto(a, SOUND_MAX);
	b = str_upto(b, SOUND_MAX);
	row[0] = 0;
	for (size_t j = 0; j < b.n; j++) {
		sum_b += cost_of(c, b, j);
		row[j + 1] = sum_b;
	}
	for (size_t i = 0; i < a.n; i++) {
		unsigned gone = cost_of(c, a, i), diagonal = row[0];
		sum_a += gone;
		row[0] = sum_a;
		for (size_t j = 0; j < b.n; j++) {
			unsigned v = diagonal
				+ c->pair[(unsigned char)a.p[i] & 127][(unsigned char)b.p[j] & 127];
			if (row[j + 1] + gone < v)
				v = row[j + 1] + gone;
			if (row[j] + cost_of(c, b, j) < v)
				v = row[j] + cost_of(c, b, j);
			diagonal = row[j + 1];
			row[j + 1] = v;
		}
	}
	most = sum_a > sum_b ? sum_a : sum_b;
	if (most == 0)
		return a.n == b.n ? 100 : 0;
	return row[b.n] >= most ? 0 : 100 - row[b.n] * 100 / most;
}

/* ---- Jaro-Winkler ----------------------------------------------------------- */

enum { TEXT_MAX = 64 };

static size_t
letters_of(struct str s, uint32_t *ret)
{
	size_t n = 0;

	for (size_t at = 0; at < s.n && n < TEXT_MAX;) {
		uint32_t cp = utf8_next(s, &at);
		if (cp != FOLD_GAP && cp != FOLD_BREAK)
			ret[n++] = cp;
	}
	return n;
}

/* Matching letters and half the transpositions (Jaro, JASA 84, 1989). */
static unsigned
jaro(const uint32_t *a, size_t na, const uint32_t *b, size_t nb)
{
	size_t window = (na > nb ? na : nb) / 2, m = 0, half = 0, k = 0;
	bool used_a[TEXT_MAX] = {0}, used_b[TEXT_MAX] = {0};

	window = window > 0 ? window - 1 : 0;
	for (size_t i = 0; i < na; i++) {
		size_t from = i > window ? i - window : 0;
		size_t to = i + window + 1 < nb ? i + window + 1 : nb;
		for (size_t j = from; j < to; j++)
			if (!used_b[j] && a[i] == b[j]) {
				used_a[i] = used_b[j] = true;
				m++;
				break;
			}
	}
	if (m == 0)
		return 0;
	for (size_t i = 0; i < na; i++) {
		if (!used_a[i])
			continue;
		while (!used_b[k])
			k++;
		half += a[i] != b[k++];
	}
	/* In ten-thousandths, so that the division loses nothing that counts. */
	return (unsigned)((10000 * m / na + 10000 * m / nb
		+ 10000 * (2 * m - half) / (2 * m)) / 3);
}

unsigned
similar_text(struct str a, struct str b)
{
	uint32_t x[TEXT_MAX], y[TEXT_MAX];
	size_t nx = letters_of(a, x), ny = letters_of(b, y), same = 0;
	unsigned j;

	if (nx == 0 || ny == 0)
		return 0;
	j = jaro(x, nx, y, ny);
	/* Winkler's bonus: 0.1 for each of the first four letters that agree. */
	while (same < 4 && same < nx && same < ny && x[same] == y[same])
		same++;
	return (j + (10000 - j) * (unsigned)same / 10) / 100;
}

/* ---- Names ------------------------------------------------------------------ */

static bool
writes_no_vowels(const struct match_name *n)
{
	return n->script == SCRIPT_ARAB || n->script == SCRIPT_MIXED;
}

/* Jaro-Winkler runs high (unrelated names reach 0.6): spread its upper third. */
static unsigned
text_score(struct str a, struct str b)
{
	unsigned jw = similar_text(a, b);

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
	const uint64_t *kb, const struct str *sb, unsigned nb, bool free_vowels)
{
	for (unsigned sum = 0; sum + 1 < na + nb; sum++)
		for (unsigned i = 0; i <= sum && i < na; i++)
			if (sum - i < nb && ka[i] == kb[sum - i])
				return similar_sound(sa[i], sb[sum - i], free_vowels);
	return similar_sound(sa[0], sb[0], free_vowels);
}

static unsigned
similar_tokens(const struct match_token *x, const struct match_token *y, bool same_script,
	bool free_vowels)
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
				y->keys, y->sounds, y->n_keys, free_vowels);
	}
	if (same_script)
		text = text_score(x->text, y->text);
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
					a->script == b->script, free_vowels) : 0;
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

unsigned
similar_names(const struct match_name *a, const struct match_name *b)
{
	unsigned best = 0, v;
	bool free_vowels = writes_no_vowels(a) != writes_no_vowels(b);

	if (a->n == 0 || b->n == 0)
		return 0;
	if (str_eq(a->normal, b->normal))
		return 100;
	if (str_cmp(a->normal, b->normal) > 0) {      /* greedy steps below: one order */
		const struct match_name *t = a;
		a = b;
		b = t;
	}
	if (a->n_keys && b->n_keys)
		best = similar_readings(a->keys, a->sounds, a->n_keys,
			b->keys, b->sounds, b->n_keys, free_vowels);
	if (a->script == b->script && (v = text_score(a->normal, b->normal)) > best)
		best = v;
	if ((a->n > 1 || b->n > 1 || is_initial(a->n_keys, a->sounds)
	     || is_initial(b->n_keys, b->sounds))
		&& (v = similar_word_sets(a, b, free_vowels)) > best)
		best = v;
	return best;
}

double
match_name_similarity(const struct match_name *a, const struct match_name *b)
{
	return similar_names(a, b) / 100.0;
}
