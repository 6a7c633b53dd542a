/*
 * Answers lines "TYPE HEX" from standard input: "no", or "yes" and the item written
 * again.  TYPE is "cbor" for any item, else a type of the kinds file.  The second
 * implementation asks it thousands of times whether they agree.
 */
#include "record/record.h"
#include <stdio.h>

enum { LINE_MOST = 1 << 16 };

static const char *const types[] = {
	[VALUE_TEXT] = "text", [VALUE_NAME] = "name", [VALUE_DATE] = "date",
	[VALUE_PLACE] = "place", [VALUE_CODE] = "code", [VALUE_REF] = "ref",
	[VALUE_REFS] = "refs", [VALUE_NUMBER] = "number", [VALUE_FLAG] = "flag",
	[VALUE_BYTES] = "bytes", [VALUE_KEY] = "key", [VALUE_ROW] = "row",
	[VALUE_CELLS] = "cells", [VALUE_TIME] = "time", [VALUE_TEXTS] = "texts",
	[VALUE_BLOB] = "blob",
};

/* Written anew from what the reader says; the item is known to be valid. */
static void
again(struct cbor *c, struct buf *out)
{
	size_t n;

	switch (cbor_peek(c)) {
	case CBOR_UINT: cbor_put_uint(out, cbor_get_uint(c)); break;
	case CBOR_NEGINT: cbor_put_int(out, cbor_get_int(c)); break;
	case CBOR_BYTES: cbor_put_bytes(out, cbor_get_bytes(c)); break;
	case CBOR_TEXT: cbor_put_text(out, cbor_get_text(c)); break;
	case CBOR_BOOL: cbor_put_bool(out, cbor_get_bool(c)); break;
	case CBOR_ARRAY:
		n = cbor_get_array(c);
		cbor_put_array(out, n);
		while (n-- > 0)
			again(c, out);
		break;
	case CBOR_MAP:
		n = cbor_get_map(c);
		cbor_put_map(out, n);
		while (n-- > 0) {
			cbor_put_uint(out, cbor_get_uint(c));
			again(c, out);
		}
		break;
	default:
		cbor_get_null(c);
		cbor_put_null(out);
	}
}

static bool
fits(struct str type, struct bytes item)
{
	if (str_is(type, "cbor"))
		return cbor_valid(item);
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (str_is(type, types[i]))
			return value_fits(&(struct field){.type = (enum value_type)i, .of = S("sex")},
				item);
	return false;
}

static void
answer(struct arena *a, struct str line)
{
	struct str hex = line, type = str_cut(&hex, ' ');
	uint8_t *p = arena_alloc(a, hex.n / 2, 1);
	struct bytes item = {p, hex.n / 2};
	struct cbor c = cbor_read(item);
	struct buf out;

	invariant(hex_decode(hex, p, hex.n / 2));
	if (!fits(type, item)) {
		puts("no");
		return;
	}
	buf_init(&out, LINE_MOST);
	again(&c, &out);
	printf("yes " STR_FMT "\n", STR_ARG(hex_encode(a, buf_bytes(&out))));
	buf_finish(&out);
}

int
main(void)
{
	static char line[LINE_MOST];
	struct arena *a = arena_create(16 << 20);
	struct err e;

	if (seal_init(&e) || kinds_load((struct str){record_kinds_text,
		record_kinds_text_bytes}, &e)) {
		fprintf(stderr, "%s\n", e.text);
		return 3;
	}
	while (fgets(line, sizeof line, stdin)) {
		answer(a, str_trim(str_of(line)));
		arena_reset(a);
	}
	arena_destroy(a);
	return 0;
}
