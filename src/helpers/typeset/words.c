/* The helper's own words.  A letter's other words come in the document. */
#include "helpers/typeset/typeset_int.h"

/* Page numbers in words, not with a stroke, where the line runs from the right:
 * "۱ / ۴" can be read either way. */
static const struct {
	const char *before, *between, *none;
	uint32_t zero;           /* of the digits */
} words[LANG_COUNT] = {
	[LANG_EN] = {"Page ", " of ", "(no entries)", '0'},
	[LANG_FA] = {"صفحهٔ ", " از ", "(بدون مورد)", 0x6f0},
	[LANG_AZ] = {"Səhifə ", " / ", "(qeyd yoxdur)", '0'},
	[LANG_AZB] = {"صحیفه ", "، جمعی ", "(قئید یوخدور)", 0x6f0},
};

static void
put_number(struct buf *b, enum lang l, size_t n)
{
	char ascii[24];
	int len = snprintf(ascii, sizeof ascii, "%zu", n);

	for (int i = 0; i < len; i++)
		utf8_put(b, words[l].zero + (uint32_t)(ascii[i] - '0'));
}

static struct str
finished(struct arena *a, struct buf *b)
{
	struct str s = str_dup(a, buf_str(b));

	buf_finish(b);
	return s;
}

struct str
words_number(struct arena *a, enum lang l, size_t n)
{
	struct buf b;

	buf_init(&b, 256);
	put_number(&b, l, n);
	return finished(a, &b);
}

struct str
words_page_of(struct arena *a, enum lang l, size_t page, size_t of)
{
	struct buf b;

	buf_init(&b, 256);
	buf_cstr(&b, words[l].before);
	put_number(&b, l, page);
	buf_cstr(&b, words[l].between);
	put_number(&b, l, of);
	return finished(a, &b);
}

const char *
words_none(enum lang l)
{
	return words[l].none;
}
