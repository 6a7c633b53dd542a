/*
 * The workbook reader without its sandbox.  Input that begins with "PK" is the
 * archive; any other is the parts as they would come out of one, so that the fuzzer
 * need not make checksums true: a first line whose length is how many bytes are
 * given at a time, then parts, each under a line "=== NAME".
 */
#include "sheet_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

struct text_parts {
	struct str text;
	size_t piece;
};

/* The part of that name in what is left of `rest`; STR_NONE: none. */
static struct str
find_part(const struct text_parts *t, struct str name)
{
	static const char mark[] = "\n=== ";
	struct str rest = t->text;

	while (rest.p && rest.n > 0) {
		const char *at = memmem(rest.p, rest.n, mark, sizeof mark - 1);
		if (!at)
			break;
		rest = str_from(rest, (size_t)(at - rest.p) + sizeof mark - 1);
		struct str body = rest, line = str_cut(&body, '\n');
		at = body.p && body.n ? memmem(body.p, body.n, mark, sizeof mark - 1) : NULL;
		if (body.p && str_eq_nocase(line, name))
			return at ? str_upto(body, (size_t)(at - body.p)) : body;
	}
	return STR_NONE;
}

static bool
has(void *from, struct str name)
{
	return find_part(from, name).p != NULL;
}

static enum status
stream(void *from, struct str name, sheet_sink *sink, void *to, struct err *e)
{
	struct text_parts *t = from;
	struct str body = find_part(t, name);
	enum status s = OK;

	if (!body.p)
		return err_set(e, BAD, "missing");
	for (size_t at = 0; at < body.n && s == OK; at += t->piece)
		s = sink(to, str_bytes(str_upto(str_from(body, at), t->piece)), false, e);
	return s != OK ? s : sink(to, (struct bytes){(const uint8_t *)"", 0}, true, e);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena *a = arena_create((size_t)1 << 30);
	struct bytes file = {p, n};
	struct text_parts text = {.text = bytes_str(file)};
	struct parts parts = {&text, has, stream};
	struct err e = {0};
	struct buf out;
	enum status s = OK;

	buf_init(&out, (size_t)TEXT_MOST);
	if (n > 2 && memcmp(p, "PK", 2) == 0) {
		struct zip *z;
		s = kind_check(file, &e);
		if (s == OK)
			s = zip_open(a, file, &z, &e);
		if (s == OK)
			parts = zip_parts(z);
	} else {
		text.piece = 1 + str_find(text.text, '\n');
	}
	if (s == OK)
		s = sheet_convert(a, &parts, n % 4 ? STR_NONE : S("2"), &out, &e);
	if (s == OK)
		invariant(!out.over && cbor_valid(buf_bytes(&out)));
	else
		invariant(e.text[0] != '\0' && (s == BAD || s == FAIL));
	buf_finish(&out);
	arena_destroy(a);
	return 0;
}
