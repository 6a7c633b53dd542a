/* The first byte chooses delimiter and encoding.  What is read is written and
 * read again to the same cells. */
#include "fuzz.h"

static const struct csv_limits small = {
	.file_bytes = 1 << 20, .cell_bytes = 1000, .columns = 100, .rows = 1000, .cells = 20000,
};

static void
write_and_read_again(struct arena *a, const struct table *t)
{
	struct table again;
	struct err e;
	struct buf out;

	buf_init(&out, 64 << 20);
	for (size_t i = 0; i < t->n; i++) {
		invariant(t->rows[i].n == t->rows[0].n);
		invariant(i == 0 || t->rows[i].line > t->rows[i - 1].line);
		csv_write_row(&out, t->rows[i].cells, t->rows[i].n, t->delimiter);
	}
	invariant(!out.over);
	invariant(csv_read(a, buf_bytes(&out), "again", "utf-8", t->delimiter, NULL, &again,
		&e) == OK);
	invariant(again.n == t->n && again.rows[0].n == t->rows[0].n);
	for (size_t i = 0; i < t->n; i++)
		for (size_t k = 0; k < t->rows[0].n; k++)
			invariant(str_eq(csv_unguard(again.rows[i].cells[k]), t->rows[i].cells[k]));
	buf_finish(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const char delimiters[] = {0, ',', ';', '\t', '|', 0, 0, 0};
	static const char *const encodings[] = {NULL, "utf-8", "utf-16le", "windows-1256"};
	struct arena *a;
	struct table t;
	struct err e;

	if (n == 0 || n > 1 << 16)
		return 0;
	a = arena_create(256 << 20);
	if (csv_read(a, (struct bytes){p + 1, n - 1}, "list.csv", encodings[p[0] >> 3 & 3],
	    delimiters[p[0] & 7], &small, &t, &e) == OK)
		write_and_read_again(a, &t);
	else
		invariant(utf8_valid(str_bytes(str_of(e.text))));
	arena_destroy(a);
	return 0;
}
