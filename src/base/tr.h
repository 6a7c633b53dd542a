/*
 * Translations, compiled in from po/LANG.po: what an English text is in another
 * language.  The English text is the key; what has no translation stays English.
 * The machine's locale plays no part.
 */
#ifndef BASE_TR_H
#define BASE_TR_H

#include "base/text.h"

struct tr_pair { const char *id, *text; };
struct tr_table { const struct tr_pair *pairs; size_t n; };

/* Once at start, by main: the tables of po/ (tr_tables), by language. */
extern const struct tr_table tr_tables[LANG_COUNT];
void tr_use(const struct tr_table tables[LANG_COUNT]);

const char *tr(enum lang l, const char *english) __attribute__((returns_nonnull, format_arg(2)));

/* Marks a text that stands in a table and is given to tr() later. */
#define N_(english) english

/* The language that err_set() speaks. */
void tr_errors_in(enum lang l);

#endif
