/* Prints a CSV file as one JSON array of rows, for oracle_csv.py to compare with
 * what Python's own csv and json modules say. */
#include <stdio.h>
#include "base/base.h"

int
main(int argc, char **argv)
{
	struct arena *a = arena_create((size_t)1 << 30);
	struct err e = {0};
	struct bytes file;
	struct table t;
	struct buf out;
	struct json j;

	if (argc != 2 || os_read_file(a, argv[1], 256 << 20, &file, &e) != OK ||
	    csv_read(a, file, argv[1], NULL, 0, NULL, &t, &e) != OK) {
		fprintf(stderr, "%s\n", e.text);
		return BAD;
	}
	buf_init(&out, (size_t)1 << 30);
	j = json_to(&out);
	json_array(&j);
	for (size_t i = 0; i < t.n; i++) {
		json_array(&j);
		for (size_t k = 0; k < t.rows[i].n; k++)
			json_text(&j, t.rows[i].cells[k]);
		json_array_end(&j);
	}
	json_array_end(&j);
	fwrite(out.p, 1, out.n, stdout);
	buf_finish(&out);
	arena_destroy(a);
	return OK;
}
