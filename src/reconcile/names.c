/* Names taken apart: words, their roles, the whole. */
#include "reconcile/reconcile_int.h"

const char *
match_lang_name(enum match_lang l)
{
	static const char *const names[] = {
		[MATCH_LANG_NONE] = "", [MATCH_LANG_EN] = "English", [MATCH_LANG_AZ] = "Azerbaijani",
		[MATCH_LANG_TR] = "Turkish", [MATCH_LANG_FA] = "Persian",
		[MATCH_LANG_AZB] = "Azerbaijani (Arabic script)", [MATCH_LANG_AR] = "Arabic",
		[MATCH_LANG_RU] = "Russian", [MATCH_LANG_AZ_CYRL] = "Azerbaijani (Cyrillic)",
		[MATCH_LANG_TG] = "Tajik",
	};

	return (size_t)l < sizeof names / sizeof *names ? names[l] : "";
}

static struct str
text_of(struct arena *a, const uint32_t *cp, size_t n)
{
	struct buf b;
	struct str s;

	buf_init(&b, 4 * MATCH_NAME_LETTERS);
	for (size_t i = 0; i < n; i++)
		utf8_put(&b, cp[i]);
	s = str_dup(a, buf_str(&b));
	buf_finish(&b);
	return s.p ? s : S("");
}

static bool
all_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

static enum match_role
role_of(struct str word)
{
	if (all_digits(word))
		return MATCH_NUMBER;
	for (size_t i = 0; i < n_word_rules; i++)
		if (str_is(word, word_rules[i].word))
			return word_rules[i].role;
	return MATCH_NAME;
}

static void
keep(struct arena *a, const struct sounds *s, uint64_t *ret_keys, struct str *ret_sounds)
{
	for (unsigned i = 0; i < s->n; i++) {
		ret_keys[i] = s->key[i];
		ret_sounds[i] = str_dup(a, (struct str){s->reading[i], s->len[i]});
	}
}

static struct match_token
token_of(struct arena *a, const uint32_t *cp, size_t n, enum match_lang lang,
	struct sounds *ret_sounds)
{
	struct match_token t = {.text = text_of(a, cp, n)};

	t.role = role_of(t.text);
	sounds_of_word(cp, n, lang, ret_sounds);
	t.n_keys = ret_sounds->n;
	keep(a, ret_sounds, t.keys, t.sounds);
	return t;
}

/* What is not the name proper drops out of the whole, unless nothing would be left:
 * Haji and Mir are given names too. */
static void
whole_of(struct arena *a, struct match_name *n, const struct sounds *sounds)
{
	struct sounds names = {0}, all = {0};

	for (size_t i = 0; i < n->n; i++) {
		if (n->tokens[i].role == MATCH_NAME)
			sounds_join(&names, &sounds[i]);
		if (n->tokens[i].role != MATCH_PARTICLE && n->tokens[i].role != MATCH_CHILD_OF)
			sounds_join(&all, &sounds[i]);
	}
	if (names.n == 0) {
		for (size_t i = 0; i < n->n && all.n == 0; i++)
			sounds_join(&all, &sounds[i]);
		names = all;
	}
	n->n_keys = names.n;
	keep(a, &names, n->keys, n->sounds);
	/* With the titles as one more reading: Mirhossein is written as one word too. */
	if (all.n && n->n_keys && !keys_meet(all.key, 1, n->keys, n->n_keys)) {
		unsigned at = n->n_keys < MATCH_KEYS ? n->n_keys++ : MATCH_KEYS - 1;
		n->keys[at] = all.key[0];
		n->sounds[at] = str_dup(a, (struct str){all.reading[0], all.len[0]});
	}
}

struct match_name
match_name_of(struct arena *a, struct str text)
{
	struct folded f;
	struct sounds sounds[MATCH_TOKENS];
	struct match_token tokens[MATCH_TOKENS];
	struct match_name n;

	fold_text(text, &f);
	n = (struct match_name){.script = f.script, .lang = f.lang};
	n.normal = text_of(a, f.cp, f.n);
	n.tokens = tokens;
	for (size_t at = 0; at < f.n && n.n < MATCH_TOKENS; at++) {
		size_t from = at;
		while (at < f.n && f.cp[at] != FOLD_GAP)
			at++;
		n.tokens[n.n] = token_of(a, f.cp + from, at - from, f.lang, &sounds[n.n]);
		n.n++;
	}
	whole_of(a, &n, sounds);
	n.tokens = arena_copy(a, tokens, n.n * sizeof *tokens);
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
