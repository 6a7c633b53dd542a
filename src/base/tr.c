/* Looking up translations. */
#include "base/tr.h"
#include "base/poison.h"

static struct {
	struct tr_pair *pairs;             /* sorted by id */
	size_t n;
} use[LANG_COUNT];
static enum lang errors_in;

static int
by_id(const void *a, const void *b)
{
	const struct tr_pair *l = a, *r = b;

	return strcmp(l->id, r->id);
}

void
tr_use(const struct tr_table tables[LANG_COUNT])
{
	for (int l = 0; l < LANG_COUNT; l++) {
		mem_free(use[l].pairs);
		use[l].n = tables[l].n;
		use[l].pairs = mem_alloc(use[l].n, sizeof *use[l].pairs);
		for (size_t i = 0; i < use[l].n; i++)
			use[l].pairs[i] = tables[l].pairs[i];
		qsort(use[l].pairs, use[l].n, sizeof *use[l].pairs, by_id);
	}
}

static const char *
look_up(enum lang l, const char *id)
{
	size_t from = 0, to = use[l].n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		int c = strcmp(id, use[l].pairs[mid].id);
		if (c == 0)
			return use[l].pairs[mid].text;
		if (c < 0)
			to = mid;
		else
			from = mid + 1;
	}
	return NULL;
}

const char *
tr(enum lang l, const char *english)
{
	const char *own = look_up(l, english);

	return own ? own : english;
}

static const char *
translate_error(const char *id)
{
	return look_up(errors_in, id);
}

void
tr_errors_in(enum lang l)
{
	errors_in = l;
	err_translate = l == LANG_EN ? NULL : translate_error;
}
