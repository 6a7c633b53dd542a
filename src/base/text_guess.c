/*
 * Which 8-bit encoding a text is in, by its letters.
 *
 * Each encoding is that of some languages, whose letters are more or less common.  A
 * text costs, read in an encoding, so many bits a letter, as if it were written down
 * in a code made for those languages: -log2 of the letter's share among the letters
 * that lie above ASCII.  What the languages do not do costs more: two scripts in one
 * word, a capital after a small letter, a sign inside a word.  The cheapest reading is
 * taken if it is plausible by itself and the next that would give other letters costs
 * so much more that it is no matter of luck.  Otherwise nobody can tell, and whoever
 * has the file is asked, with both readings before their eyes.
 *
 * Shares: rounded, of letters in names and words of lists; for Russian after the
 * Russian National Corpus (Lyashevskaya and Sharov, 2009), for the others after the
 * common names of src/reconcile and CLDR's exemplar characters.  They need not be
 * exact: a wrong reading costs hundreds of bits in a list of ten names.
 */
#include "base/text_encoding_int.h"
#include <unicode/uchar.h>
#include "base/poison.h"

enum {
	MARGIN = 10,          /* bits: 1,000 to 1 */
	SLACK = 12,           /* bits that a word may be out of the ordinary */
	TWO_SCRIPTS = 10, CAPITAL_INSIDE = 8, SIGN_INSIDE = 8,
	ANY_LETTER = 12, ANY_SIGN = 12,
	APOSTROPHE = 0x2019,
	CLASSES = 5, IMPOSSIBLE = 255,
	WORD_MOST = 24,       /* letters of an example */
};

struct model {
	int encoding;
	bool latin;           /* mixes with ASCII letters, and has few of its own in a row */
	uint8_t plausible;    /* bits a letter; right readings need less: 4, 4, 3, 5 */
	struct {
		const char *letters;      /* small ones, and capitals whose small one is ASCII */
		uint8_t bits;
	} classes[CLASSES];
};

/* Signs that lists have in any language: quotation marks, dashes, the numero sign. */
#define SIGNS "“”„‘’«»–—…№°§\u00a0"

static const struct model models[] = {
	/* Persian, Arabic, Azerbaijani in Arabic script. */
	{WIN1256, false, 5, {{"ايینرمهدل", 3}, {"وتسعحبكکف", 5}, {"قشجخزپگصچطضىآئ،\u200c", 6},
		{"غذثظژءؤأإةًّـ؟؛", 8}, {SIGNS, 7}}},
	/* Russian, and Azerbaijani and Persian names in it. */
	{WIN1251, false, 5, {{"аоеин", 3}, {"рлсвтмд", 4}, {"кгзбухшпяйыч", 5},
		{"ьжфюэщцёіїєґј", 8}, {SIGNS, 7}}},
	/* Turkish; Azerbaijani without its schwa. */
	{WIN1254, true, 4, {{"ış", 2}, {"üöçğİ", 3}, {"âî", 7}, {"ûäé", 9}, {SIGNS, 6}}},
	/* French, German, Spanish, Portuguese, the Nordic languages. */
	{WIN1252, true, 6, {{"éüöä", 3}, {"áíóñçãèêå", 5}, {"úâôøæßàëï", 6},
		{"îûõòìùýðþœšžÿ", 8}, {SIGNS, 6}}},
};
enum { MODELS = sizeof models / sizeof *models };

/* How one model reads bytes. */
struct reading {
	const struct model *model;
	uint16_t table[256];
	uint8_t bits[256];
	bool letter[256], upper[256], lower[256];
	uint64_t cost;
	bool possible;
};

static uint8_t
bits_of(const struct model *m, uint32_t c)
{
	uint32_t small = (uint32_t)u_tolower((UChar32)c);

	for (size_t k = 0; k < CLASSES; k++) {
		struct str s = str_of(m->classes[k].letters);
		for (size_t at = 0; at < s.n;) {
			uint32_t one = utf8_next(s, &at);
			if (one == c || one == small)
				return m->classes[k].bits;
		}
	}
	return u_isalpha((UChar32)c) ? ANY_LETTER : ANY_SIGN;
}

static void
prepare(const struct model *m, struct reading *r)
{
	*r = (struct reading){.model = m, .possible = true};
	encoding_table(m->encoding, r->table);
	for (size_t i = 0; i < 256; i++) {
		uint16_t c = r->table[i];
		bool mark = c == 0x200c || (c >= 0x064b && c <= 0x0652);   /* inside words */
		r->bits[i] = i < 0x80 ? 0 : c == 0xffff ? IMPOSSIBLE : bits_of(m, c);
		r->letter[i] = c != 0xffff && (mark || u_isalpha(c));
		r->upper[i] = c != 0xffff && u_isupper(c);
		r->lower[i] = c != 0xffff && u_islower(c);
	}
}

/* Of what script: 0 no letter, 1 Latin, 2 the model's own. */
static unsigned
script_of(const struct reading *r, uint8_t byte)
{
	return !r->letter[byte] ? 0 : r->model->latin || r->table[byte] < 0x0250 ? 1 : 2;
}

/* Turkish has "ış", no language three and four of them in a row. */
static unsigned
cost_of_run(const struct reading *r, size_t run)
{
	return !r->model->latin || run < 3 ? 0 : run == 3 ? 4 : 8;
}

static void
weigh(struct reading *r, struct bytes in)
{
	size_t run = 0;

	for (size_t i = 0; i < in.n && r->possible; i++) {
		uint8_t c = in.p[i], before = i ? in.p[i - 1] : '\n';
		uint8_t after = i + 1 < in.n ? in.p[i + 1] : '\n';
		unsigned now = script_of(r, c), was = script_of(r, before);
		bool high = c >= 0x80 || before >= 0x80;
		run = c >= 0x80 && now ? run + 1 : 0;
		if (!high)
			continue;
		r->possible = r->bits[c] != IMPOSSIBLE;
		r->cost += r->bits[c] + cost_of_run(r, run);
		if (now && was && now != was)
			r->cost += TWO_SCRIPTS;
		if (r->upper[c] && r->lower[before])
			r->cost += CAPITAL_INSIDE;
		if (c >= 0x80 && !now && was && script_of(r, after) && r->table[c] != APOSTROPHE)
			r->cost += SIGN_INSIDE;
	}
}

static bool
part_of_word(uint8_t c)
{
	return c >= 0x80 || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* The first word that the two read differently (b NULL: the first beyond ASCII), and
 * its line. */
static struct bytes
example(struct bytes in, const struct reading *a, const struct reading *b, size_t *ret_line)
{
	size_t at = 0, from, to;

	*ret_line = 1;
	while (at < in.n && (in.p[at] < 0x80
		|| (b && a->table[in.p[at]] == b->table[in.p[at]])))
		*ret_line += in.p[at++] == '\n';
	for (from = at; from > 0 && at - from < WORD_MOST && part_of_word(in.p[from - 1]); from--)
		continue;
	for (to = at; to < in.n && to - from < WORD_MOST && part_of_word(in.p[to]); to++)
		continue;
	return (struct bytes){in.p + from, to - from};
}

/* At most three bytes a letter. */
struct shown { char p[3 * WORD_MOST + 1]; };

static struct shown
show(const struct reading *r, struct bytes word)
{
	struct shown s;
	struct buf b = {.p = (uint8_t *)s.p, .cap = sizeof s.p - 1, .max = sizeof s.p - 1};

	for (size_t i = 0; i < word.n; i++)
		utf8_put(&b, r->table[word.p[i]] == 0xffff ? 0xfffd : r->table[word.p[i]]);
	s.p[b.n] = '\0';
	return s;
}

/* Whether the text would be another one. */
static bool
reads_otherwise(const bool seen[256], const struct reading *a, const struct reading *b)
{
	for (size_t i = 0x80; i < 256; i++)
		if (seen[i] && a->table[i] != b->table[i])
			return true;
	return false;
}

static enum status
none_fits(struct bytes in, const struct reading *best, struct err *e)
{
	size_t line;
	struct bytes word = example(in, best, NULL, &line);

	return err_set(e, BAD, "line %zu: not UTF-8, and no words in any encoding that is known "
		"here (\"%s\" in %s); save it as UTF-8, or name the encoding: " ENCODINGS_KNOWN, line,
		show(best, word).p, encoding_name(best->model->encoding));
}

static enum status
two_fit(struct bytes in, const struct reading *best, const struct reading *other, struct err *e)
{
	size_t line;
	struct bytes word = example(in, best, other, &line);

	return err_set(e, BAD, "line %zu: not UTF-8; \"%s\" if it is %s, \"%s\" if it is %s: name "
		"the encoding, or save it as UTF-8", line, show(best, word).p,
		encoding_name(best->model->encoding), show(other, word).p,
		encoding_name(other->model->encoding));
}

enum status
encoding_guess(struct bytes in, int *ret, struct err *e)
{
	struct reading r[MODELS], *best = NULL;
	bool seen[256] = {false};
	size_t high = 0;

	for (size_t i = 0; i < in.n; i++) {
		seen[in.p[i]] = true;
		high += in.p[i] >= 0x80;
	}
	for (size_t k = 0; k < MODELS; k++) {
		prepare(&models[k], &r[k]);
		weigh(&r[k], in);
		if (r[k].possible && (!best || r[k].cost < best->cost))
			best = &r[k];
	}
	if (!best || best->cost > best->model->plausible * (uint64_t)high + SLACK)
		return none_fits(in, best ? best : &r[0], e);
	for (size_t k = 0; k < MODELS; k++)
		if (r[k].possible && r[k].cost < best->cost + MARGIN
			&& reads_otherwise(seen, best, &r[k]))
			return two_fit(in, best, &r[k], e);
	*ret = best->model->encoding;
	return OK;
}
