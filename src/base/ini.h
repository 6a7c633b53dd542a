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
/* (ini_parse is libinih's own name.)  BAD with the line where it cannot be read; at most 1 MiB. */
enum status ini_read(struct arena *a, struct str text, const char *name,
	struct ini *ret, struct err *e) MUST;
const struct ini_item *ini_find(const struct ini *i, const char *section, const char *name);

#endif
