/* Decoding gives UTF-8 or a reason; cleaning and folding twice is as once. */
#include "fuzz.h"

static void
look_at(struct arena *a, struct str s)
{
	bool changed = true;
	struct str clean = text_clean(a, s, &changed);
	struct str folded = text_fold(a, clean);

	invariant(utf8_valid(str_bytes(clean)) && text_is_nfc(clean));
	invariant(str_eq(text_clean(a, clean, &changed), clean) && !changed);
	invariant(utf8_valid(str_bytes(folded)) && str_eq(text_fold(a, folded), folded));
	invariant(text_width(text_fit(a, clean, 7)) == 7);
	invariant(text_script(clean) <= SCRIPT_MIXED);
	text_sort_key(a, clean, LANG_AZ);
	text_sort_key(a, clean, LANG_FA);
	invariant(str_eq(text_digits(a, text_localise_digits(a, clean, LANG_FA)),
		text_digits(a, clean)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const char *const names[] = {NULL, "utf-8", "utf-16le", "utf-16be", "windows-1256",
		"windows-1251", "windows-1254", "cp1252"};

	if (n > 1 << 14)
		return 0;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct arena *a = arena_create(64 << 20);
		const char *found = NULL;
		struct str s;
		struct err e;
		if (text_decode(a, (struct bytes){p, n}, names[i], &s, &found, &e) == OK) {
			invariant(utf8_valid(str_bytes(s)) && found);
			look_at(a, s);
		} else {
			invariant(i != 0 || !utf8_valid((struct bytes){p, n}) ||
				n >= 4 || memchr(p, 0, n));
		}
		arena_destroy(a);
	}
	return 0;
}
