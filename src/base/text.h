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

/* What is stored: NFC; line ends as \n; bidi controls (U+061C, U+200E/F,
 * U+202A-E, U+2066-9) and other control characters dropped, ZWNJ and ZWJ kept
 * between letters; white space at the ends cut.  ret_changed: whether anything
 * but normalisation was dropped.  The input must be valid UTF-8. */
struct str text_clean(struct arena *a, struct str s, bool *ret_changed);
bool text_is_nfc(struct str s);

/* Persian, Arabic-Indic and full-width digits as ASCII; the rest as it is. */
struct str text_digits(struct arena *a, struct str s);
/* ASCII digits in the digits of the language (fa, azb), for display. */
struct str text_localise_digits(struct arena *a, struct str s, enum lang l);
struct str text_number(struct arena *a, int64_t v, enum lang l);     /* with grouping */

/* Case folding for comparing headers and searching, with i, dotless i and schwa
 * folded; Arabic yeh, kaf and digits unified; diacritics, ZWNJ and runs of white
 * space and of "_-./" as one space.  Not for names. */
struct str text_fold(struct arena *a, struct str s);

/* A key whose byte order is the collation of the language (fa, az have their
 * own ICU tailoring; azb falls back to fa). */
struct bytes text_sort_key(struct arena *a, struct str s, enum lang l);

/* Columns on a terminal (wide = 2, combining = 0), and a cut to that width. */
size_t text_width(struct str s);
struct str text_fit(struct arena *a, struct str s, size_t columns);  /* padded or cut with … */

/* Bytes in a named or found encoding to UTF-8.  `name`: "utf-8", "utf-16le",
 * "utf-16be", "windows-1256" or NULL to find out (BOM, then UTF-8 validity, then
 * UTF-16 by zero bytes, then windows-1256).  ret_name: which one it was.
 * BAD with the byte offset where it cannot be that encoding. */
enum status text_decode(struct arena *a, struct bytes in, const char *name,
	struct str *ret, const char **ret_name, struct err *e) MUST;

#endif
