/* Languages, scripts, what is stored, what is compared. */
#include "base/text_int.h"
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include "base/poison.h"

/* ---- Languages and scripts ---- */

static const struct {
	const char *code;
	bool rtl;
} langs[LANG_COUNT] = {
	[LANG_EN] = {"en", false},
	[LANG_FA] = {"fa", true},
	[LANG_AZ] = {"az", false},
	[LANG_AZB] = {"azb", true},
};

const char *
lang_code(enum lang l)
{
	invariant(l < LANG_COUNT);
	return langs[l].code;
}

bool
lang_rtl(enum lang l)
{
	invariant(l < LANG_COUNT);
	return langs[l].rtl;
}

bool
lang_of(struct str code, enum lang *ret)
{
	for (int l = 0; l < LANG_COUNT; l++) {
		if (str_is(code, langs[l].code)) {
			*ret = (enum lang)l;
			return true;
		}
	}
	return false;
}

const char *
script_code(enum script s)
{
	static const char *const codes[] = {
		[SCRIPT_NONE] = "Zyyy", [SCRIPT_LATN] = "Latn", [SCRIPT_ARAB] = "Arab",
		[SCRIPT_CYRL] = "Cyrl", [SCRIPT_OTHER] = "Zzzz", [SCRIPT_MIXED] = "Zmix",
	};

	invariant(s <= SCRIPT_MIXED);
	return codes[s];
}

static UScriptCode
script_of(uint32_t cp)
{
	UErrorCode st = U_ZERO_ERROR;
	UScriptCode s = uscript_getScript((UChar32)cp, &st);

	return U_SUCCESS(st) ? s : USCRIPT_COMMON;
}

static enum script
letter_script(uint32_t cp)
{
	if (!u_isalpha((UChar32)cp))
		return SCRIPT_NONE;
	switch (script_of(cp)) {
	case USCRIPT_LATIN: return SCRIPT_LATN;
	case USCRIPT_ARABIC: return SCRIPT_ARAB;
	case USCRIPT_CYRILLIC: return SCRIPT_CYRL;
	case USCRIPT_COMMON:              /* tatweel, modifier letters */
	case USCRIPT_INHERITED: return SCRIPT_NONE;
	default: return SCRIPT_OTHER;
	}
}

enum script
text_script(struct str s)
{
	enum script all = SCRIPT_NONE;

	for (size_t at = 0; at < s.n;) {
		enum script one = letter_script(utf8_next(s, &at));
		if (one == SCRIPT_NONE || one == all)
			continue;
		if (all != SCRIPT_NONE)
			return SCRIPT_MIXED;
		all = one;
	}
	return all;
}

/* ---- What is stored ---- */

enum what { KEEP, DROP, SPACE, ODD_SPACE, LINE_END, JOINER };

static enum what
what_is(uint32_t cp)
{
	if (cp > 0x20 && cp < 0x7f)
		return KEEP;
	switch (cp) {
	case ' ':
		return SPACE;
	case '\t':
		return ODD_SPACE;
	/* Unicode 5.8 "newline function", and the two separators: left out they
	 * would glue two words together. */
	case '\n': case '\v': case '\f': case '\r': case 0x85: case 0x2028: case 0x2029:
		return LINE_END;
	case 0x200c: case 0x200d:
		return JOINER;
	default:
		break;
	}
	if (U_IS_UNICODE_NONCHAR((UChar32)cp))
		return DROP;
	switch (u_charType((UChar32)cp)) {
	case U_SPACE_SEPARATOR:
		return ODD_SPACE;
	case U_CONTROL_CHAR:
		return DROP;
	default:
		break;
	}
	/* What nobody sees: bidi controls, U+FEFF, tags, fillers, soft hyphen,
	 * variation selectors; and interlinear annotation. */
	if (u_hasBinaryProperty((UChar32)cp, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
	    (cp >= 0xfff9 && cp <= 0xfffb))
		return DROP;
	return KEEP;
}

static bool
is_mark(uint32_t cp)
{
	return (U_MASK(u_charType((UChar32)cp)) & U_GC_M_MASK) != 0;
}

struct cleaner {
	struct wide out;
	uint32_t last;        /* the last kept character; 0 at the start */
	uint32_t joiner;      /* waiting for a letter */
	size_t spaces;        /* waiting for something that is not white */
	bool odd;             /* one of them is no plain space */
	bool dropped;
};

static void
drop_joiner(struct cleaner *c)
{
	c->dropped |= c->joiner != 0;
	c->joiner = 0;
}

static void
flush_spaces(struct cleaner *c)
{
	size_t n = c->odd ? 1 : c->spaces;

	while (n-- > 0)
		wide_put(&c->out, c->last = ' ');
	c->spaces = 0;
	c->odd = false;
}

static void
clean_one(struct cleaner *c, uint32_t cp)
{
	enum what w = what_is(cp);

	switch (w) {
	case DROP:
		c->dropped = true;
		return;
	case JOINER:
		drop_joiner(c);
		if (c->spaces == 0 && c->last && (u_isalpha((UChar32)c->last) || is_mark(c->last)))
			c->joiner = cp;
		else
			c->dropped = true;
		return;
	case SPACE:
	case ODD_SPACE:
		drop_joiner(c);
		if (c->last) {                    /* else at the start: cut */
			c->spaces++;
			c->odd |= w == ODD_SPACE;
		}
		return;
	case LINE_END:
		drop_joiner(c);
		if (c->last) {
			flush_spaces(c);
			wide_put(&c->out, c->last = '\n');
		}
		return;
	case KEEP:
		break;
	}
	flush_spaces(c);
	if (c->joiner && u_isalpha((UChar32)cp)) {
		wide_put(&c->out, c->joiner);
		c->joiner = 0;
	}
	drop_joiner(c);
	wide_put(&c->out, c->last = cp);
}

/* Printable ASCII without white space at the ends is clean as it is. */
static bool
plainly_clean(struct str s)
{
	if (s.n && (s.p[0] == ' ' || s.p[s.n - 1] == ' '))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || (unsigned char)s.p[i] > 0x7e)
			return false;
	return true;
}

static const UNormalizer2 *
nfc(void)
{
	UErrorCode st = U_ZERO_ERROR;
	const UNormalizer2 *n = unorm2_getNFCInstance(&st);

	invariant(U_SUCCESS(st));
	return n;
}

struct str
text_clean(struct arena *a, struct str s, bool *ret_changed)
{
	struct cleaner c = {.last = 0};
	struct wide *w = &c.out;
	struct str clean;

	if (ret_changed)
		*ret_changed = false;
	if (plainly_clean(s))
		return s;
	wide_init(w);
	for (size_t at = 0; at < s.n;) {
		uint32_t cp = utf8_next(s, &at);
		if (cp == '\r' && at < s.n && s.p[at] == '\n')
			continue;
		clean_one(&c, cp);
	}
	drop_joiner(&c);
	while (w->n > 0 && (w->p[w->n - 1] == ' ' || w->p[w->n - 1] == '\n'))
		w->n--;
	/* Only now: what was dropped may have stood between a letter and its mark. */
	wide_normalise(w, nfc());
	clean = wide_str(a, w);
	wide_finish(w);
	if (ret_changed)
		*ret_changed = c.dropped;
	return clean;
}

bool
text_is_nfc(struct str s)
{
	UErrorCode st = U_ZERO_ERROR;
	struct wide w;
	bool is;

	wide_init(&w);
	wide_put_str(&w, s);
	is = unorm2_isNormalized(nfc(), w.p, w.n, &st);
	invariant(U_SUCCESS(st));
	wide_finish(&w);
	return is;
}

/* ---- What is compared ---- */

/* After compatibility case folding and decomposition (so alef with hamza is
 * alef and a mark already).  To 0: dropped.  Ascending. */
static const struct {
	uint16_t from, to;
} folds[] = {
	{0x0027, 0},                      /* apostrophes: Father's, Məs'ud */
	{0x0131, 'i'},                    /* dotless i; İ has become i and a dot */
	{0x01dd, 'e'},                    /* turned e, often typed for schwa */
	{0x0259, 'e'},                    /* schwa: on no English keyboard */
	{0x02bb, 0}, {0x02bc, 0}, {0x02be, 0}, {0x02bf, 0},     /* ayn, hamza in Latin */
	{0x0629, 0x0647},                 /* teh marbuta: heh */
	{0x0640, 0},                      /* tatweel */
	{0x0643, 0x06a9},                 /* Arabic kaf: keheh */
	{0x0649, 0x06cc}, {0x064a, 0x06cc},                     /* Arabic yehs: Farsi yeh */
	{0x0671, 0x0627},                 /* alef wasla */
	{0x06be, 0x0647}, {0x06c1, 0x0647}, {0x06c3, 0x0647}, {0x06d5, 0x0647},  /* hehs */
	{0x06c6, 0x0648}, {0x06c7, 0x0648}, {0x06c8, 0x0648},   /* Azerbaijani vowels: waw */
	{0x2018, 0}, {0x2019, 0},
};

static uint32_t
fold_letter(uint32_t cp)
{
	for (size_t i = 0; i < sizeof folds / sizeof *folds && folds[i].from <= cp; i++)
		if (folds[i].from == cp)
			return folds[i].to;
	return cp;
}

/* Diacritics of the scripts where they may be left out; in others (Devanagari,
 * Thai) marks are vowels. */
static bool
is_diacritic(uint32_t cp)
{
	UScriptCode s;

	if (u_charType((UChar32)cp) != U_NON_SPACING_MARK)
		return false;
	s = script_of(cp);
	return s == USCRIPT_INHERITED || s == USCRIPT_ARABIC || s == USCRIPT_CYRILLIC;
}

static bool
is_separator(uint32_t cp)
{
	return cp == '_' || cp == '-' || cp == '.' || cp == '/' || cp == 0x2212 ||
		(cp >= 0x2010 && cp <= 0x2015) || u_isUWhiteSpace((UChar32)cp) ||
		u_charType((UChar32)cp) == U_CONTROL_CHAR;
}

static void
fold_into(struct wide *out, const struct wide *in)
{
	bool space = false;

	for (int32_t at = 0; at < in->n;) {
		uint32_t cp = wide_next(in, &at);
		if (is_separator(cp)) {
			space = true;
			continue;
		}
		if (is_diacritic(cp) || (cp = fold_letter(cp)) == 0)
			continue;
		if (u_charType((UChar32)cp) == U_DECIMAL_DIGIT_NUMBER)
			cp = '0' + (uint32_t)u_charDigitValue((UChar32)cp);
		if (space && out->n > 0)
			wide_put(out, ' ');
		space = false;
		wide_put(out, cp);
	}
}

struct str
text_fold(struct arena *a, struct str s)
{
	UErrorCode st = U_ZERO_ERROR;
	const UNormalizer2 *casefold = unorm2_getNFKCCasefoldInstance(&st);
	const UNormalizer2 *nfd = unorm2_getNFDInstance(&st);
	struct wide in, out;
	struct str folded;

	invariant(U_SUCCESS(st));
	wide_init(&in);
	wide_init(&out);
	for (size_t at = 0; at < s.n;) {
		uint32_t cp = utf8_next(s, &at);
		wide_put(&in, cp == 0x200c ? ' ' : cp);   /* ZWNJ: case folding drops it */
	}
	wide_normalise(&in, casefold);
	wide_normalise(&in, nfd);
	fold_into(&out, &in);
	wide_normalise(&out, nfc());
	folded = wide_str(a, &out);
	wide_finish(&in);
	wide_finish(&out);
	return folded;
}
