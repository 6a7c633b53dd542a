/*
 * Letters folded: what is left of a name when case, accents, presentation forms
 * and invisible characters no longer make a difference.  Azerbaijani and Turkish
 * case (I/ı, İ/i) is honoured by folding ı and i to one letter: people type both.
 */
#include "reconcile/reconcile_int.h"

/* A code point, or a run of them, and what it becomes; "" for nothing. */
struct fold_rule {
	uint32_t from, to;
	const char *as;
};
static const struct fold_rule fold_rules[] = {
	{0x00ad, 0x00ad, ""},                         /* soft hyphen */
	{0x00b4, 0x00b4, "'"},                        /* accent typed as apostrophe */
	{0x00b7, 0x00b7, " "},                        /* middle dot */
	{0x00c0, 0x00c5, "a"}, {0x00c6, 0x00c6, "ae"}, {0x00c7, 0x00c7, "ç"},
	{0x00c8, 0x00cb, "e"}, {0x00cc, 0x00cf, "i"}, {0x00d0, 0x00d0, "d"},
	{0x00d1, 0x00d1, "n"}, {0x00d2, 0x00d5, "o"}, {0x00d6, 0x00d6, "ö"},
	{0x00d8, 0x00d8, "ö"}, {0x00d9, 0x00db, "u"}, {0x00dc, 0x00dc, "ü"},
	{0x00dd, 0x00dd, "y"}, {0x00de, 0x00de, "th"}, {0x00df, 0x00df, "ss"},
	{0x00e0, 0x00e5, "a"}, {0x00e6, 0x00e6, "ae"}, {0x00e7, 0x00e7, "ç"},
	{0x00e8, 0x00eb, "e"}, {0x00ec, 0x00ef, "i"}, {0x00f0, 0x00f0, "d"},
	{0x00f1, 0x00f1, "n"}, {0x00f2, 0x00f5, "o"}, {0x00f6, 0x00f6, "ö"},
	{0x00f8, 0x00f8, "ö"}, {0x00f9, 0x00fb, "u"}, {0x00fc, 0x00fc, "ü"},
	{0x00fd, 0x00fd, "y"}, {0x00fe, 0x00fe, "th"}, {0x00ff, 0x00ff, "y"},
	{0x0100, 0x0105, "a"}, {0x0106, 0x010d, "ç"}, {0x010e, 0x0111, "d"},
	{0x0112, 0x011b, "e"}, {0x011c, 0x011d, "g"}, {0x011e, 0x0123, "ğ"},
	{0x0124, 0x0127, "h"}, {0x0128, 0x0131, "i"}, {0x0132, 0x0133, "ij"},
	{0x0134, 0x0135, "j"}, {0x0136, 0x0138, "k"}, {0x0139, 0x0142, "l"},
	{0x0143, 0x014b, "n"}, {0x014c, 0x0151, "o"}, {0x0152, 0x0153, "ö"},
	{0x0154, 0x0159, "r"}, {0x015a, 0x015b, "s"}, {0x015c, 0x0161, "ş"},
	{0x0162, 0x0167, "t"}, {0x0168, 0x0173, "u"}, {0x0174, 0x0175, "w"},
	{0x0176, 0x0178, "y"}, {0x0179, 0x017c, "z"}, {0x017d, 0x017e, "j"},
	{0x018f, 0x018f, "ə"}, {0x0192, 0x0192, "f"}, {0x01dd, 0x01dd, "ə"},
	{0x01e6, 0x01e7, "ğ"}, {0x0218, 0x0219, "ş"}, {0x021a, 0x021b, "t"},
	{0x0259, 0x0259, "ə"},                        /* Azerbaijani schwa */
	{0x02b0, 0x02ff, "'"},                        /* modifier letters: ʿayn, hamza, primes */
	{0x0300, 0x036f, ""},                         /* accents left over (see compose) */
	{0x0400, 0x0401, "е"}, {0x0407, 0x0407, "і"}, {0x0450, 0x0451, "е"},
	{0x0457, 0x0457, "і"},
	{0x045e, 0x045e, "у"},                        /* Uzbek ў, and Tajik ӯ as typed */
	{0x04e2, 0x04e3, "и"}, {0x04ee, 0x04ef, "у"},
	{0x060c, 0x060c, " "}, {0x0610, 0x061a, ""}, {0x061b, 0x061b, " "},
	{0x061c, 0x061c, ""},
	{0x0621, 0x0621, "'"},                        /* hamza alone */
	{0x0622, 0x0623, "ا"}, {0x0624, 0x0624, "و"}, {0x0625, 0x0625, "ا"},
	{0x0626, 0x0626, "ی"}, {0x0629, 0x0629, "ه"}, /* ta marbuta */
	{0x0640, 0x0640, ""},                         /* tatweel */
	{0x0643, 0x0643, "ک"}, {0x0649, 0x064a, "ی"},
	{0x064b, 0x065f, ""}, {0x0670, 0x0670, ""},   /* tashkeel */
	{0x0671, 0x0673, "ا"}, {0x0674, 0x0674, "'"}, {0x0675, 0x0675, "ا"},
	/* Letters of Pashto, Urdu and Sindhi for sounds that Persian takes for one of its own. */
	{0x0679, 0x067a, "ت"}, {0x067b, 0x067b, "ب"}, {0x067c, 0x067d, "ت"},
	{0x067f, 0x067f, "ت"}, {0x0680, 0x0680, "ب"}, {0x0681, 0x0681, "ز"},
	{0x0685, 0x0685, "س"}, {0x0688, 0x0690, "د"}, {0x0691, 0x0695, "ر"},
	{0x0696, 0x0696, "ژ"}, {0x0699, 0x0699, "ر"}, {0x069a, 0x069c, "ش"},
	{0x06a4, 0x06a4, "و"},                        /* Kurdish ve */
	{0x06aa, 0x06aa, "ک"}, {0x06ab, 0x06ab, "گ"}, {0x06ad, 0x06ad, "ن"}, /* Turkic ng */
	{0x06b5, 0x06b8, "ل"}, {0x06ba, 0x06bc, "ن"}, {0x06be, 0x06be, "ه"},
	{0x06c0, 0x06c3, "ه"}, {0x06c4, 0x06cb, "و"}, /* Turkic and Kurdish vowels */
	{0x06cd, 0x06d1, "ی"}, {0x06d2, 0x06d3, "ی"}, {0x06d4, 0x06d4, " "},
	{0x06d6, 0x06ed, ""},
	/* Letters with dots and lines below, as scholars romanise; what carries sound is kept. */
	{0x1e00, 0x1e01, "a"}, {0x1e02, 0x1e07, "b"}, {0x1e08, 0x1e09, "ç"},
	{0x1e0a, 0x1e0d, "d"}, {0x1e0e, 0x1e0f, "dh"}, {0x1e10, 0x1e13, "d"},
	{0x1e14, 0x1e1d, "e"}, {0x1e1e, 0x1e1f, "f"}, {0x1e20, 0x1e21, "g"},
	{0x1e22, 0x1e29, "h"}, {0x1e2a, 0x1e2b, "kh"}, {0x1e2c, 0x1e2f, "i"},
	{0x1e30, 0x1e35, "k"}, {0x1e36, 0x1e3d, "l"}, {0x1e3e, 0x1e43, "m"},
	{0x1e44, 0x1e4b, "n"}, {0x1e4c, 0x1e53, "o"}, {0x1e54, 0x1e57, "p"},
	{0x1e58, 0x1e5f, "r"}, {0x1e60, 0x1e65, "s"}, {0x1e66, 0x1e67, "ş"},
	{0x1e68, 0x1e69, "s"}, {0x1e6a, 0x1e6d, "t"}, {0x1e6e, 0x1e6f, "th"},
	{0x1e70, 0x1e71, "t"}, {0x1e72, 0x1e7b, "u"}, {0x1e7c, 0x1e7f, "v"},
	{0x1e80, 0x1e89, "w"}, {0x1e8a, 0x1e8d, "x"}, {0x1e8e, 0x1e8f, "y"},
	{0x1e90, 0x1e95, "z"}, {0x1e96, 0x1e96, "kh"}, {0x1e97, 0x1e97, "t"},
	{0x1e98, 0x1e98, "w"}, {0x1e99, 0x1e99, "y"}, {0x1e9a, 0x1e9a, "a"},
	{0x1e9b, 0x1e9d, "s"}, {0x1e9e, 0x1e9e, "ss"}, {0x1ea0, 0x1eb7, "a"},
	{0x1eb8, 0x1ec7, "e"}, {0x1ec8, 0x1ecb, "i"}, {0x1ecc, 0x1ee3, "o"},
	{0x1ee4, 0x1ef1, "u"}, {0x1ef2, 0x1eff, "y"},
	{0x200b, 0x200b, ""}, {0x200c, 0x200c, "'"},  /* ZWNJ parts a compound */
	{0x200d, 0x200f, ""}, {0x2010, 0x2015, " "}, {0x2018, 0x201b, "'"},
	{0x201c, 0x201f, " "}, {0x2022, 0x2027, " "},
	{0x202a, 0x202e, ""}, {0x2032, 0x2033, "'"}, {0x2060, 0x206f, ""},
	{0xfdf2, 0xfdf2, "الله"}, {0xfdf4, 0xfdf4, "محمد"},  /* words as one sign, from PDFs */
	{0xfe00, 0xfe0f, ""}, {0xfef5, 0xfefc, "لا"}, {0xfeff, 0xfeff, ""},
};

/* Small letters of the blocks where small and capital lie side by side. */
static uint32_t
lower(uint32_t cp)
{
	if ((cp >= 'A' && cp <= 'Z') || (cp >= 0x0410 && cp <= 0x042f))
		return cp + 32;
	if (cp >= 0x0400 && cp <= 0x040f)
		return cp + 80;
	if (cp >= 0x0460 && cp <= 0x052f && !(cp >= 0x0482 && cp <= 0x0489))
		return cp >= 0x04c0 && cp <= 0x04ce ? cp + (cp & 1 && cp != 0x04c0) : cp | 1;
	if (cp >= 0xff21 && cp <= 0xff3a)             /* full width */
		return cp - 0xff21 + 'a';
	if (cp >= 0xff41 && cp <= 0xff5a)
		return cp - 0xff41 + 'a';
	return cp;
}

static uint32_t
digit(uint32_t cp)
{
	if (cp >= 0x0660 && cp <= 0x0669)
		return cp - 0x0660 + '0';
	if (cp >= 0x06f0 && cp <= 0x06f9)
		return cp - 0x06f0 + '0';
	return cp;
}

/* Arabic presentation forms (Unicode FB50-FBFF, FE70-FEFC): compatibility forms in
 * files made for old printers and from PDFs.  First code point of each letter's
 * forms; the last row closes the table. */
static const struct {
	uint32_t from, letter;
} presentation[] = {
	{0xfb56, 0x067e}, {0xfb5a, 0}, {0xfb7a, 0x0686}, {0xfb7e, 0}, {0xfb8a, 0x0698},
	{0xfb8c, 0}, {0xfb8e, 0x06a9}, {0xfb92, 0x06af}, {0xfb96, 0}, {0xfba4, 0x06c0},
	{0xfba6, 0x06c1}, {0xfbaa, 0x06be}, {0xfbae, 0}, {0xfbfc, 0x06cc}, {0xfc00, 0},
	{0xfe80, 0x0621}, {0xfe81, 0x0622}, {0xfe83, 0x0623}, {0xfe85, 0x0624},
	{0xfe87, 0x0625}, {0xfe89, 0x0626}, {0xfe8d, 0x0627}, {0xfe8f, 0x0628},
	{0xfe93, 0x0629}, {0xfe95, 0x062a}, {0xfe99, 0x062b}, {0xfe9d, 0x062c},
	{0xfea1, 0x062d}, {0xfea5, 0x062e}, {0xfea9, 0x062f}, {0xfeab, 0x0630},
	{0xfead, 0x0631}, {0xfeaf, 0x0632}, {0xfeb1, 0x0633}, {0xfeb5, 0x0634},
	{0xfeb9, 0x0635}, {0xfebd, 0x0636}, {0xfec1, 0x0637}, {0xfec5, 0x0638},
	{0xfec9, 0x0639}, {0xfecd, 0x063a}, {0xfed1, 0x0641}, {0xfed5, 0x0642},
	{0xfed9, 0x0643}, {0xfedd, 0x0644}, {0xfee1, 0x0645}, {0xfee5, 0x0646},
	{0xfee9, 0x0647}, {0xfeed, 0x0648}, {0xfeef, 0x0649}, {0xfef1, 0x064a},
	{0xfef5, 0}, {0x10ffff, 0},
};

static uint32_t
unpresent(uint32_t cp)
{
	if (cp < 0xfb50 || cp > 0xfefc)
		return cp;
	for (size_t i = 0; i + 1 < sizeof presentation / sizeof *presentation; i++)
		if (cp >= presentation[i].from && cp < presentation[i + 1].from)
			return presentation[i].letter ? presentation[i].letter : cp;
	return cp;
}

static const struct fold_rule *
search_rule(uint32_t cp)
{
	size_t lo = 0, hi = sizeof fold_rules / sizeof *fold_rules;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (fold_rules[mid].to < cp)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < sizeof fold_rules / sizeof *fold_rules && fold_rules[lo].from <= cp
		? &fold_rules[lo] : NULL;
}

/* Of the letters of our scripts the number of the rule + 1, 0: none.  Made once per
 * thread. */
enum { LETTERS_MOST = 0x700 };
struct fold_index {
	bool made;
	uint8_t rule[LETTERS_MOST];
};
_Static_assert(sizeof fold_rules / sizeof *fold_rules < 255, "struct fold_index holds bytes");

static const struct fold_rule *
find_rule(uint32_t cp)
{
	static _Thread_local struct fold_index x;

	if (cp >= LETTERS_MOST)
		return search_rule(cp);
	for (size_t i = 1; i < sizeof fold_rules / sizeof *fold_rules && !x.made; i++)
		invariant(fold_rules[i - 1].to < fold_rules[i].from);
	for (uint32_t i = 0; i < LETTERS_MOST && !x.made; i++) {
		const struct fold_rule *r = search_rule(i);
		x.rule[i] = (uint8_t)(r ? r - fold_rules + 1 : 0);
	}
	x.made = true;
	return x.rule[cp] ? &fold_rules[x.rule[cp] - 1] : NULL;
}

/* Letters that decomposed text (NFD) writes as base and mark, and whose mark
 * carries sound. */
static uint32_t
compose(uint32_t base, uint32_t mark)
{
	static const uint32_t pairs[][3] = {
		{'c', 0x0327, 0xe7}, {'s', 0x0327, 0x15f}, {'g', 0x0306, 0x11f},
		{'u', 0x0308, 0xfc}, {'o', 0x0308, 0xf6}, {'s', 0x030c, 0x15f},
		{'c', 0x030c, 0xe7}, {'z', 0x030c, 'j'}, {'g', 0x030c, 0x11f},
		{0x0438, 0x0306, 0x0439},             /* и + breve = й */
	};

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		if (pairs[i][0] == base && pairs[i][1] == mark)
			return pairs[i][2];
	return 0;
}

/* What tells languages of one script apart. */
enum {
	HAS_SCHWA = 1, HAS_TURKIC = 2, HAS_PERSIAN = 4, HAS_ARABIC = 8, HAS_AZB = 16,
	HAS_AZ_CYRL = 32, HAS_TAJIK = 64,
};
static unsigned
tells(uint32_t cp)
{
	switch (cp) {
	case 0x018f: case 0x0259: return HAS_SCHWA;
	case 0x011e: case 0x011f: case 0x0130: case 0x0131: case 0x015e: case 0x015f:
		return HAS_TURKIC;
	case 0x067e: case 0x0686: case 0x0698: case 0x06af: case 0x06cc: case 0x06a9:
		return HAS_PERSIAN;
	case 0x0629: case 0x0623: case 0x0625: case 0x0643: case 0x064a: case 0x0649:
		return HAS_ARABIC;
	case 0x06c6: case 0x06c7: case 0x06ad: case 0x06c9: case 0x06ce:
		return HAS_AZB;
	case 0x04d8: case 0x04d9: case 0x04b8: case 0x04b9: case 0x049c: case 0x049d:
	case 0x0408: case 0x0458: case 0x04ba: case 0x04bb: case 0x04e9: case 0x04af:
		return HAS_AZ_CYRL;
	case 0x04e2: case 0x04e3: case 0x04b2: case 0x04b3: case 0x04b6: case 0x04b7:
		return HAS_TAJIK;
	default: return 0;
	}
}

static enum match_lang
guess(enum script s, unsigned seen)
{
	switch (s) {
	case SCRIPT_LATN:
		return seen & HAS_SCHWA ? MATCH_LANG_AZ
			: seen & HAS_TURKIC ? MATCH_LANG_TR : MATCH_LANG_EN;
	case SCRIPT_ARAB:
		return seen & HAS_AZB ? MATCH_LANG_AZB
			: seen & HAS_PERSIAN ? MATCH_LANG_FA
			: seen & HAS_ARABIC ? MATCH_LANG_AR : MATCH_LANG_FA;
	case SCRIPT_CYRL:
		return seen & HAS_TAJIK ? MATCH_LANG_TG
			: seen & HAS_AZ_CYRL ? MATCH_LANG_AZ_CYRL : MATCH_LANG_RU;
	default:
		return MATCH_LANG_NONE;
	}
}

static enum script
script_of(uint32_t cp)
{
	if ((cp >= 'a' && cp <= 'z') || (cp >= 0xc0 && cp <= 0x24f) || cp == 0x259)
		return SCRIPT_LATN;
	if (cp >= 0x400 && cp <= 0x52f)
		return SCRIPT_CYRL;
	if (cp >= 0x620 && cp <= 0x6ff)
		return SCRIPT_ARAB;
	return cp > 0x24f ? SCRIPT_OTHER : SCRIPT_NONE;
}

/* While folding: code points, since what follows may change the last one. */
struct letters {
	uint32_t cp[MATCH_NAME_LETTERS];
	size_t n;
	enum script script;
	bool ended_in_e;              /* Kurdish ە: a vowel that others leave out inside a word */
};

static void
put(struct letters *f, uint32_t cp)
{
	bool mark = cp == FOLD_GAP || cp == FOLD_BREAK;
	uint32_t last;

	f->n -= f->ended_in_e && !mark;
	f->ended_in_e = false;
	last = f->n ? f->cp[f->n - 1] : FOLD_GAP;

	if (f->n == MATCH_NAME_LETTERS || (cp == FOLD_GAP && last == FOLD_GAP))
		return;
	if (cp == FOLD_BREAK && (last == FOLD_GAP || last == FOLD_BREAK))
		return;
	if (cp == FOLD_GAP && last == FOLD_BREAK)
		f->n--;
	f->cp[f->n++] = cp;
	if (!mark) {
		enum script s = script_of(cp);
		if (s != SCRIPT_NONE && f->script != s)
			f->script = f->script == SCRIPT_NONE ? s : SCRIPT_MIXED;
	}
}

/* ASCII that is neither letter, digit nor apostrophe parts words. */
static bool
parts_words(uint32_t cp)
{
	return cp < 0xc0 && !(cp >= 'a' && cp <= 'z') && !(cp >= '0' && cp <= '9');
}

enum { ALEF = 0x0627, HEH = 0x0647, KURDISH_HAMZA = 0x0626, KURDISH_E = 0x06d5 };

static void
fold_one(struct letters *f, uint32_t raw)
{
	uint32_t cp = digit(lower(unpresent(raw))), both;
	const struct fold_rule *r;

	if (cp >= 'a' && cp <= 'z') {
		put(f, cp);
		return;
	}
	if (cp >= 0x300 && cp <= 0x36f && f->n
		&& (both = compose(f->cp[f->n - 1], cp)) != 0) {
		f->cp[f->n - 1] = both;
		return;
	}
	if (cp == KURDISH_HAMZA && (f->n == 0 || f->cp[f->n - 1] == FOLD_GAP))
		cp = ALEF;                    /* the seat of a first vowel: ئەحمەد is احمد */
	r = find_rule(cp);
	if (cp == KURDISH_E) {
		put(f, HEH);
		f->ended_in_e = true;
	} else if (r) {
		struct str as = str_of(r->as);
		for (size_t at = 0; at < as.n;)
			put(f, utf8_next(as, &at));
	} else if (cp == '\'' || cp == '`') {
		put(f, FOLD_BREAK);
	} else {
		put(f, parts_words(cp) ? (uint32_t)FOLD_GAP : cp);
	}
}

/* The unfolded letters that are looked at: combining marks and what is dropped
 * count too, so that hostile text is not read for ever. */
enum { RAW_MAX = 4 * MATCH_NAME_LETTERS };

static size_t
put_utf8(char *p, uint32_t cp)
{
	if (cp < 0x80) {
		p[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		p[0] = (char)(0xc0 | cp >> 6);
		p[1] = (char)(0x80 | (cp & 63));
		return 2;
	}
	if (cp < 0x10000) {
		p[0] = (char)(0xe0 | cp >> 12);
		p[1] = (char)(0x80 | (cp >> 6 & 63));
		p[2] = (char)(0x80 | (cp & 63));
		return 3;
	}
	p[0] = (char)(0xf0 | cp >> 18);
	p[1] = (char)(0x80 | (cp >> 12 & 63));
	p[2] = (char)(0x80 | (cp >> 6 & 63));
	p[3] = (char)(0x80 | (cp & 63));
	return 4;
}

void
fold_text(struct str text, struct folded *ret)
{
	struct letters f;
	unsigned seen = 0;
	size_t raw = 0;

	f.n = 0;
	f.script = SCRIPT_NONE;
	f.ended_in_e = false;
	for (size_t at = 0; at < text.n && raw < RAW_MAX && f.n < MATCH_NAME_LETTERS; raw++) {
		uint32_t cp = utf8_next(text, &at);
		seen |= cp < 0x80 ? 0 : tells(cp);
		fold_one(&f, cp);
	}
	while (f.n && (f.cp[f.n - 1] == FOLD_GAP || f.cp[f.n - 1] == FOLD_BREAK))
		f.n--;
	ret->n = 0;
	for (size_t i = 0; i < f.n; i++)
		ret->n += put_utf8(ret->text + ret->n, f.cp[i]);
	ret->script = f.script;
	ret->lang = guess(f.script, seen);
}
