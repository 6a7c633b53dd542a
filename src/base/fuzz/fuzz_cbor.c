/* Whatever is valid encodes again to the same bytes and can be shown. */
#include "fuzz.h"

static void
copy_item(struct buf *out, struct cbor *c)
{
	size_t n;

	switch (cbor_peek(c)) {
	case CBOR_UINT: cbor_put_uint(out, cbor_get_uint(c)); break;
	case CBOR_NEGINT: cbor_put_int(out, cbor_get_int(c)); break;
	case CBOR_BYTES: cbor_put_bytes(out, cbor_get_bytes(c)); break;
	case CBOR_TEXT: cbor_put_text(out, cbor_get_text(c)); break;
	case CBOR_BOOL: cbor_put_bool(out, cbor_get_bool(c)); break;
	case CBOR_NULL: cbor_get_null(c); cbor_put_null(out); break;
	case CBOR_ARRAY:
		for (cbor_put_array(out, n = cbor_get_array(c)); n > 0; n--)
			copy_item(out, c);
		break;
	case CBOR_MAP:
		for (cbor_put_map(out, n = cbor_get_map(c)); n > 0; n--) {
			cbor_put_uint(out, cbor_get_uint(c));
			copy_item(out, c);
		}
		break;
	default: invariant(false);        /* valid, and of no type */
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bytes in = {p, n};
	struct cbor c = cbor_read(in);
	bool valid = cbor_valid(in);
	struct buf out;

	buf_init(&out, 8 * n + 64);
	if (valid) {
		copy_item(&out, &c);
		invariant(cbor_done(&c) && bytes_eq(buf_bytes(&out), in));
		buf_clear(&out);
	} else {
		cbor_get_item(&c);
		invariant(!cbor_done(&c));
	}
	cbor_show(&out, in);
	invariant(out.n > 0 && str_is(buf_str(&out), "(not in the subset)") == !valid);
	buf_finish(&out);
	return 0;
}
