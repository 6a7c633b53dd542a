/*
 * Text and scripts, on ICU: what every string passes at the door, and what
 * people's eyes need.  Matching names is not here: see reconcile.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/str.h"

enum lang { LANG_EN, LANG_FA, LANG_AZ, LANG_AZB, LANG_COUNT };   /* AZB: Arabic script */
const char *lang_code(enum lang l);                  /* "en", "fa", "az", "azb" */
bool lang_of(struct str code, enum lang *ret);
bool lang_rtl(enum lang l);

enum script {                                        /* ISO 15924 */
	SCRIPT_NONE, SCRIPT_LATN, SCRIPT_ARAB, SCRIPT_CYRL, SCRIPT_OTHER, SCRIPT_MIXED,
};
const char *script_code(enum script s);              /* "Zyyy", "Latn", "Arab", "Cyrl", "Zzzz", "Zmix" */
enum script text_script(struct str s);               /* of its letters */

/* What is stored.  Line ends (CR LF, NEL, U+2028 ... too) become \n; bidi
 * controls (U+061C, U+200E/F, U+202A-E, U+2066-9), other control characters,
 * noncharacters and whatever is invisible (U+FEFF, soft hyphen, tags, variation
 * selectors) are dropped; ZWNJ and ZWJ are kept between letters; a run of white
 * space with another character than U+0020 in it becomes one space; white space
 * at the ends is cut; then NFC.  Markup is text: escaping is the emitter's.
 * ret_changed (may be NULL): whether anything but white space was dropped.
 * The input must be valid UTF-8; the result may be the input itself. */
struct str text_clean(struct arena *a, struct str s, bool *ret_changed);
bool text_is_nfc(struct str s);

/* Persian, Arabic-Indic and full-width digits as ASCII; the rest as it is. */
struct str text_digits(struct arena *a, struct str s);
/* ASCII digits in the digits of the language (fa, azb), for display. */
struct str text_localise_digits(struct arena *a, struct str s, enum lang l);
struct str text_number(struct arena *a, int64_t v, enum lang l);     /* grouped, as in CLDR */

/* For comparing headers and searching: NFKC case folding; i, dotless i, I and
 * dotted I are i; schwa is e (no English keyboard has it); diacritics (Latin,
 * Cyrillic, tashkeel, hamza and madda on a letter), tatweel and apostrophes are
 * dropped; Arabic yeh, kaf, heh and teh marbuta are the Persian letters; digits
 * are ASCII; ZWNJ, white space, dashes and "_-./" in a run are one space, none at
 * the ends.  Folding twice changes nothing.  Not for names. */
struct str text_fold(struct arena *a, struct str s);

/* A key whose byte order is the collation of the language (fa, az have their
 * own ICU tailoring; azb falls back to fa).  Other versions of ICU make other
 * keys: keep them no longer than the index. */
struct bytes text_sort_key(struct arena *a, struct str s, enum lang l);

/* Columns on a terminal (wide = 2, combining = 0), and exactly that many: padded
 * or cut with an ellipsis, control characters made harmless. */
size_t text_width(struct str s);
struct str text_fit(struct arena *a, struct str s, size_t columns);

/* Bytes in a named or found encoding to UTF-8, without BOM.  `name`: "utf-8",
 * "utf-16le", "utf-16be", "windows-1251" (Russian), "-1252" (Western), "-1254"
 * (Turkish), "-1256" (Persian, Arabic), also as "cp1251", or NULL to find out: BOM,
 * then UTF-8 validity, then UTF-16 by its zero bytes and blocks, then the 8-bit ones
 * by their letters (text_guess.c).  Refused, found and not named: ZIP and other binary
 * files, UTF-8 with damage, and what two 8-bit encodings read differently and about as
 * well: the message shows both.  Who found an 8-bit one should say so: csv_assumed().
 * Refused though named: UTF-8 called an 8-bit one.  ret_name (may be NULL): which one
 * it was.  UTF-8 comes back as a part of `in`, the others in `a` (at most 3 bytes for
 * 1, or 3 for 2).  BAD with the byte offset (from 0) where it cannot be that encoding. */
enum status text_decode(struct arena *a, struct bytes in, const char *name,
	struct str *ret, const char **ret_name, struct err *e) MUST;

#endif
