/* Between the files of reconcile only. */
#ifndef RECONCILE_RECONCILE_INT_H
#define RECONCILE_RECONCILE_INT_H

#include <math.h>
#include "reconcile/reconcile.h"

/* ---- fold.c: letters ------------------------------------------------------ */

/* Letters after folding: one alphabet per script, without case, accents that
 * carry no sound, tashkeel and compatibility forms.  Two marks remain. */
enum { FOLD_GAP = ' ', FOLD_BREAK = '\'' };   /* between words; inside a word, between letters */

struct folded {
	uint32_t cp[MATCH_NAME_LETTERS];
	size_t n;
	enum script script;
	enum match_lang lang;
};
/* No two gaps in a row, none at the ends. */
void fold_text(struct str text, struct folded *ret);

/* ---- tables_*.c: how spellings sound --------------------------------------- */

enum sound_where {
	AT_ANY = 0, AT_FIRST = 1, AT_LAST = 2, AT_NOT_FIRST = 4,
	BEFORE_FRONT = 8,             /* before e, i, y */
	AT_WHOLE = 16,                /* the whole word */
};
enum sound_langs { IN_ANY = 0, IN_TURKIC = 1, NOT_TURKIC = 2 };

/* `spelling` in folded letters; `reading` and the second-best `other` (NULL: none)
 * in phone letters (sounds.c).  Sorted by bytes of spelling, then most particular
 * condition first; the longest spelling whose condition holds is taken. */
struct sound_rule {
	const char *spelling, *reading, *other;
	uint8_t where, langs;
	const char *why;
};
struct sound_table {
	const struct sound_rule *rules;
	size_t n;
};
extern const struct sound_table sound_latin, sound_arabic, sound_cyrillic;

/* Words that are not names, or not only: exact folded spelling. */
struct word_rule {
	const char *word;
	enum match_role role;
	const char *why;
};
extern const struct word_rule word_rules[];
extern const size_t n_word_rules;

/* ---- sounds.c: readings and keys -------------------------------------------- */

enum { SOUND_MAX = 64 };
struct sounds {
	char reading[MATCH_KEYS][SOUND_MAX];
	size_t len[MATCH_KEYS];
	unsigned n;                   /* distinct by key; the likeliest first */
	uint64_t key[MATCH_KEYS];
};
/* One word of folded letters. */
void sounds_of_word(const uint32_t *cp, size_t n, enum match_lang lang, struct sounds *ret);
/* Readings of words said one after another. */
void sounds_join(struct sounds *to, const struct sounds *next);
uint64_t sound_key(const char *sound, size_t n);

/* ---- similar.c ---------------------------------------------------------------- */

/* Alignment of two strings of phone letters, 0 to 100; free_vowels: one of the two
 * comes from a script that does not write short vowels. */
unsigned similar_sound(struct str a, struct str b, bool free_vowels);
/* Jaro-Winkler of folded text, 0 to 100. */
unsigned similar_text(struct str a, struct str b);
/* 0 to 100; both not empty. */
unsigned similar_names(const struct match_name *a, const struct match_name *b);
bool keys_meet(const uint64_t *a, unsigned na, const uint64_t *b, unsigned nb);

#endif
