/* Published counts: CSV to capture histories. */
#include "bench_counts.h"

enum status
bench_counts(struct arena *a, const char *path, struct reckon_counts *ret, struct err *e)
{
	struct bytes file;
	struct table t;
	VEC(struct reckon_cell) v = {0};
	enum status s = os_read_file(a, path, 1 << 24, &file, e);

	if (s == OK)
		s = csv_read(a, file, path, NULL, 0, NULL, &t, e);
	if (s != OK)
		return s == NO ? BAD : s;
	for (size_t i = 1; i < t.n; i++) {
		struct reckon_cell c = {0};
		size_t last = t.rows[i].n - 1;
		for (size_t k = 0; k < last; k++)
			c.on |= (uint64_t)str_is(t.rows[i].cells[k], "1") << k;
		if (!str_u64(t.rows[i].cells[last], &c.count))
			return err_set(e, BAD, "%s, row %zu: no count", path, i + 1);
		if (c.on)
			VEC_PUSH(a, &v) = c;
	}
	return reckon_counts_of(a, (unsigned)t.rows[0].n - 1, NULL, v.v, v.n, ret, e);
}
