/* A value that some reader takes is what its writer writes; showing any is no fault. */
#include "base/fuzz/fuzz.h"
#include "record/record_int.h"

static void
scalars(struct arena *a, struct bytes in)
{
	struct str s;
	struct bytes b;
	int64_t i;
	bool flag;

	if (get_text(in, &s))
		invariant(bytes_eq(value_text(a, s), in));
	if (get_bytes(in, &b))
		invariant(bytes_eq(value_bytes(a, b), in));
	if (get_number(in, &i))
		invariant(bytes_eq(value_number(a, i), in));
	if (get_flag(in, &flag))
		invariant(bytes_eq(value_flag(a, flag), in));
	if (get_withdrawn(in, &s))
		invariant(bytes_eq(value_withdrawn(a, s), in));
}

static void
shapes(struct arena *a, struct bytes in)
{
	struct name name;
	struct place place;
	struct row_ref row;
	struct date date;
	unsigned version;
	struct str s;

	if (get_name(in, &name))
		invariant(bytes_eq(value_name(a, &name), in));
	if (get_place(in, &place))
		invariant(bytes_eq(value_place(a, &place), in));
	if (get_row(in, &row))
		invariant(bytes_eq(value_row(a, &row), in));
	if (get_date(in, &date))
		invariant(bytes_eq(value_date(a, &date), in));
	if (get_code(in, &version, &s))
		invariant(bytes_eq(value_code(a, version, s), in));
}

static void
lists(struct arena *a, struct bytes in)
{
	uint8_t (*refs)[SEAL_HASH];
	struct cell *cells;
	struct str *texts;
	size_t n;

	if (get_refs(a, in, &refs, &n))
		invariant(bytes_eq(value_refs(a, (const uint8_t (*)[SEAL_HASH])refs, n), in));
	if (get_cells(a, in, &cells, &n))
		invariant(bytes_eq(value_cells(a, cells, n), in));
	if (get_texts(a, in, &texts, &n))
		invariant(bytes_eq(value_texts(a, texts, n), in));
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct arena *a = arena_create((size_t)1 << 30);
	static bool loaded;
	struct bytes in = {p, n};
	struct err e;

	if (!loaded)
		loaded = kinds_load((struct str){record_kinds_text, record_kinds_text_bytes},
			&e) == OK;
	invariant(loaded);
	scalars(a, in);
	shapes(a, in);
	lists(a, in);
	for (unsigned slot = 0; slot < SLOTS; slot++) {
		const struct field *f = field_of(kind_of(8), slot);
		if (f && value_fits(f, in))
			invariant(cbor_valid(in));
		if (cbor_valid(in))
			value_show(a, f, in, (enum lang)(slot % LANG_COUNT));
	}
	arena_destroy(a);
	return 0;
}
