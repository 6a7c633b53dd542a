/* A plain reader for the benchmark's files: commas, double quotes, header first. */
#include "bench_int.h"

static struct str
cell(struct arena *a, const char *p, size_t *at, size_t n)
{
	size_t from = *at, k = 0;
	char *out;

	while (from < n && p[from] == ' ')
		from++;
	if (from == n || p[from] != '"') {
		size_t to = from;
		while (to < n && p[to] != ',' && p[to] != '\n')
			to++;
		*at = to;
		return str_trim((struct str){p + from, to - from});
	}
	out = arena_alloc(a, 1, 1);
	size_t to = from + 1, cap = 0;
	for (size_t i = to; i < n && !(p[i] == '"' && (i + 1 == n || p[i + 1] != '"')); i++)
		cap++, i += p[i] == '"';
	out = arena_alloc(a, cap + 1, 1);
	while (to < n) {
		if (p[to] == '"' && (to + 1 == n || p[to + 1] != '"'))
			break;
		to += p[to] == '"';
		out[k++] = p[to++];
	}
	*at = to < n ? to + 1 : n;
	while (*at < n && p[*at] != ',' && p[*at] != '\n')
		(*at)++;
	return (struct str){out, k};
}

enum status
bench_read(struct arena *a, const char *path, struct table *ret, struct err *e)
{
	VEC(struct row) rows = {0};
	struct bytes b;
	enum status s = os_read_file(a, path, (size_t)4 << 30, &b, e);
	const char *p = (const char *)b.p;

	if (s != OK)
		return s;
	if (!utf8_valid(b))
		return err_set(e, BAD, "%s: not UTF-8", path);
	for (size_t at = 0; at < b.n;) {
		struct str cells[64];
		size_t n = 0;
		while (n < 64) {
			cells[n++] = cell(a, p, &at, b.n);
			if (at >= b.n || p[at] == '\n')
				break;
			at++;
		}
		while (at < b.n && p[at] != '\n')
			at++;
		at++;
		struct row *r = &VEC_PUSH(a, &rows);
		*r = (struct row){rows.n, n, arena_copy(a, cells, n * sizeof *cells)};
	}
	*ret = (struct table){rows.v, rows.n, ',', "utf-8"};
	return OK;
}
