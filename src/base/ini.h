/* Small configuration files, read by libinih: [section] / name = value. */
#ifndef BASE_INI_H
#define BASE_INI_H

#include "base/str.h"

struct ini_item {
	struct str section, name, value;
	size_t line;
};
struct ini {
	struct ini_item *items;
	size_t n;
};
/* UTF-8, at most 1 MiB.  Comments are whole lines that begin with ; or #; a ";"
 * inside a value belongs to it.  Names given twice are all kept, in order.  BAD
 * with the line: no section and no name = value, lines above 4,093 bytes, section
 * names above 49, a ":" before the "=".  (ini_parse is libinih's own name.) */
enum status ini_read(struct arena *a, struct str text, const char *name,
	struct ini *ret, struct err *e) MUST;
/* The first of that name; NULL: none.  The section before any heading is "". */
const struct ini_item *ini_find(const struct ini *i, const char *section, const char *name);

#endif
