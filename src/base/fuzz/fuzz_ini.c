/* Every item lies in the file: on its line, in its section. */
#include "fuzz.h"

static struct str
line_of(struct str text, size_t number)
{
	struct str line = str_cut(&text, '\n');

	while (--number > 0)
		line = str_cut(&text, '\n');
	return line;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct str text = {(const char *)p, n};
	struct arena *a;
	struct ini ini;
	struct err e;

	if (n > 1 << 14)
		return 0;
	a = arena_create(64 << 20);
	if (ini_read(a, text, "map.ini", &ini, &e) == OK) {
		for (size_t i = 0; i < ini.n; i++) {
			const struct ini_item *it = &ini.items[i];
			struct str line = line_of(text, it->line);
			invariant(it->name.n > 0 && str_has(line, str_cstr(a, it->name)));
			invariant(str_has(line, str_cstr(a, it->value)));
			invariant(str_has(text, str_cstr(a, it->section)));
		}
	} else {
		invariant(utf8_valid(str_bytes(str_of(e.text))));
	}
	arena_destroy(a);
	return 0;
}
