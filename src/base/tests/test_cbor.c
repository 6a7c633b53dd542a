/* CBOR: the examples of RFC 8949 appendix A, inside and outside our subset, and
 * random values: what is valid encodes again to the same bytes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/cbor.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct arena *a;

static int
arena_up(void **state)
{
	(void)state;
	a = arena_create(64 << 20);
	return 0;
}

static int
arena_down(void **state)
{
	(void)state;
	arena_destroy(a);
	return 0;
}

static struct bytes
unhex(const char *hex)
{
	size_t n = strlen(hex) / 2;
	uint8_t *p = arena_alloc(a, n, 1);

	assert_true(hex_decode(str_of(hex), p, n));
	return (struct bytes){p, n};
}

/* RFC 8949 appendix A: bytes and diagnostic notation. */
static const struct {
	const char *hex, *shown;
} inside[] = {
	{"00", "0"}, {"01", "1"}, {"0a", "10"}, {"17", "23"}, {"1818", "24"}, {"1819", "25"},
	{"1864", "100"}, {"1903e8", "1000"}, {"1a000f4240", "1000000"},
	{"1b000000e8d4a51000", "1000000000000"},
	{"1bffffffffffffffff", "18446744073709551615"},
	{"20", "-1"}, {"29", "-10"}, {"3863", "-100"}, {"3903e7", "-1000"},
	{"f4", "false"}, {"f5", "true"}, {"f6", "null"},
	{"40", "h''"}, {"4401020304", "h'01020304'"},
	{"60", "\"\""}, {"6161", "\"a\""}, {"6449455446", "\"IETF\""},
	{"62225c", "\"\\\"\\\\\""}, {"62c3bc", "\"\u00fc\""}, {"63e6b0b4", "\"\u6c34\""},
	{"64f0908591", "\"\U00010151\""},
	{"80", "[]"}, {"83010203", "[1, 2, 3]"},
	{"8301820203820405", "[1, [2, 3], [4, 5]]"},
	{"98190102030405060708090a0b0c0d0e0f101112131415161718181819",
		"[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, "
		"23, 24, 25]"},
	{"a0", "{}"}, {"a201020304", "{1: 2, 3: 4}"},
	/* Not from the RFC: the ends of our integers. */
	{"3b7fffffffffffffff", "-9223372036854775808"},
};

static const char *const outside[] = {
	/* Bignums, and a negative number below what the writer takes. */
	"c249010000000000000000", "c349010000000000000000", "3bffffffffffffffff",
	"3b8000000000000000",
	/* Floats. */
	"f90000", "f98000", "f93c00", "fb3ff199999999999a", "f93e00", "f97bff", "fa47c35000",
	"fa7f7fffff", "fb7e37e43c8800759c", "f90001", "f90400", "f9c400", "fbc010666666666666",
	"f97c00", "f97e00", "f9fc00", "fa7f800000", "fa7fc00000", "faff800000",
	"fb7ff0000000000000", "fb7ff8000000000000", "fbfff0000000000000",
	/* undefined and other simple values. */
	"f7", "f0", "f8ff", "f8f4",
	/* Tags. */
	"c074323031332d30332d32315432303a30343a30305a", "c11a514b67b0", "c1fb41d452d9e20000",
	"d74401020304", "d818456449455446",
	"d82076687474703a2f2f7777772e6578616d706c652e636f6d",
	/* Text keys. */
	"a26161016162820203", "826161a161626163", "a56161614161626142616361436164614461656145",
	/* Indefinite lengths. */
	"5f42010243030405ff", "7f657374726561646d696e67ff", "9fff", "9f018202039f0405ffff",
	"9f01820203820405ff", "83018202039f0405ff", "83019f0203ff820405",
	"9f0102030405060708090a0b0c0d0e0f101112131415161718181819ff",
	"bf61610161629f0203ffff", "826161bf61626163ff", "bf6346756ef563416d7421ff",
	/* Section 4.2.1: heads that could be shorter; keys out of order or twice. */
	"1800", "1817", "190001", "1900ff", "1a0000ffff", "1b00000000ffffffff", "3800",
	"580161", "7800", "9800", "b800", "a203040102", "a201020102", "a1181800", "a12000",
	"a1f500",
	/* Reserved heads, UTF-8 that is none, nothing, two items. */
	"1c", "1f", "3f", "ff", "61ff", "62c328", "63eda080", "", "0000",
	/* Lengths and counts beyond the bytes there are. */
	"5bffffffffffffffff", "7bffffffffffffffff", "9bffffffffffffffff", "bbffffffffffffffff",
	"9a00ffffff01", "ba00ffffff0101",
};

/* Read one item by the typed calls and write it again. */
static void
copy_item(struct buf *out, struct cbor *c)
{
	size_t n;

	switch (cbor_peek(c)) {
	case CBOR_UINT:
		cbor_put_uint(out, cbor_get_uint(c));
		break;
	case CBOR_NEGINT:
		cbor_put_int(out, cbor_get_int(c));
		break;
	case CBOR_BYTES:
		cbor_put_bytes(out, cbor_get_bytes(c));
		break;
	case CBOR_TEXT:
		cbor_put_text(out, cbor_get_text(c));
		break;
	case CBOR_ARRAY:
		cbor_put_array(out, n = cbor_get_array(c));
		while (n-- > 0)
			copy_item(out, c);
		break;
	case CBOR_MAP:
		cbor_put_map(out, n = cbor_get_map(c));
		while (n-- > 0) {
			cbor_put_uint(out, cbor_get_uint(c));
			copy_item(out, c);
		}
		break;
	case CBOR_BOOL:
		cbor_put_bool(out, cbor_get_bool(c));
		break;
	case CBOR_NULL:
		assert_true(cbor_get_null(c));
		cbor_put_null(out);
		break;
	default:
		fail_msg("not in the subset");
	}
}

static void
assert_encodes_again(struct bytes item)
{
	struct cbor c = cbor_read(item);
	struct buf b;

	buf_init(&b, 1 << 20);
	copy_item(&b, &c);
	assert_true(cbor_done(&c));
	assert_true(bytes_eq(buf_bytes(&b), item));
	buf_finish(&b);
}

static void
assert_no_prefix_is_valid(struct bytes item)
{
	for (size_t n = 0; n < item.n; n++)
		assert_false(cbor_valid((struct bytes){item.p, n}));
}

static void
examples_of_the_rfc_go_through_unchanged(void **state)
{
	struct buf b;

	buf_init(&b, 1 << 16);
	for (size_t i = 0; i < COUNT(inside); i++) {
		struct bytes item = unhex(inside[i].hex);
		assert_true(cbor_valid(item));
		assert_encodes_again(item);
		assert_no_prefix_is_valid(item);
		buf_clear(&b);
		cbor_show(&b, item);
		if (!str_is(buf_str(&b), inside[i].shown))
			fail_msg("%s: got " STR_FMT, inside[i].hex, STR_ARG(buf_str(&b)));
	}
	buf_finish(&b);
	(void)state;
}

static void
whatever_the_writer_would_not_write_is_refused(void **state)
{
	struct buf b;

	buf_init(&b, 1 << 16);
	for (size_t i = 0; i < COUNT(outside); i++) {
		struct bytes item = unhex(outside[i]);
		struct cbor c = cbor_read(item);
		if (cbor_valid(item))
			fail_msg("%s is taken", outside[i]);
		if (strcmp(outside[i], "0000") != 0) {    /* its first item is right */
			cbor_get_item(&c);
			assert_false(cbor_ok(&c));
		}
		buf_clear(&b);
		cbor_show(&b, item);
		assert_true(str_is(buf_str(&b), "(not in the subset)"));
	}
	buf_finish(&b);
	(void)state;
}

static void
sixteen_levels_are_the_limit(void **state)
{
	static uint8_t deep[1000000];

	memset(deep, 0x81, sizeof deep);
	deep[CBOR_MAX_DEPTH - 1] = 0x80;
	assert_true(cbor_valid((struct bytes){deep, CBOR_MAX_DEPTH}));
	deep[CBOR_MAX_DEPTH - 1] = 0x81;
	deep[CBOR_MAX_DEPTH] = 0x80;
	assert_false(cbor_valid((struct bytes){deep, CBOR_MAX_DEPTH + 1}));
	memset(deep, 0x81, sizeof deep);
	assert_false(cbor_valid((struct bytes){deep, sizeof deep}));
	(void)state;
}

static void
a_stuck_reader_gives_nothing(void **state)
{
	struct bytes item = unhex("820163616263");
	struct cbor c = cbor_read(item);

	assert_int_equal(cbor_get_array(&c), 2);
	assert_int_equal(cbor_get_bytes(&c).n, 0);        /* it is an integer */
	assert_false(cbor_ok(&c));
	assert_int_equal(cbor_peek(&c), CBOR_WRONG);
	assert_int_equal(cbor_get_uint(&c), 0);
	assert_null(cbor_get_text(&c).p);
	assert_false(cbor_get_null(&c) || cbor_get_bool(&c) || cbor_done(&c));
	c = cbor_read(unhex("43010203"));
	assert_null(cbor_get_bytes_n(&c, 2).p);
	assert_false(cbor_ok(&c));
	c = cbor_read(unhex("1bffffffffffffffff"));
	assert_int_equal(cbor_get_int(&c), 0);
	assert_false(cbor_ok(&c));
	c = cbor_read(unhex("05"));
	assert_false(cbor_get_null(&c));                  /* another type: not stuck */
	assert_int_equal(cbor_get_uint(&c), 5);
	assert_true(cbor_done(&c));
	c = cbor_read((struct bytes){NULL, 0});
	assert_int_equal(cbor_peek(&c), CBOR_END);
	(void)state;
}

static uint64_t seed = 1;

static uint64_t
any(uint64_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (seed >> 20) % below;
}

static void
put_any(struct buf *b, unsigned depth)
{
	static const char text[] = "Qaradağlı قره‌داغلی Айнур";
	uint64_t n, key = 0;

	switch (any(depth > 1 ? 8 : 6)) {
	case 0: cbor_put_uint(b, (seed ^ seed << 7) >> any(64)); break;
	case 1: cbor_put_int(b, -1 - (int64_t)(seed >> (1 + any(63)))); break;
	case 2: cbor_put_bytes(b, (struct bytes){(const uint8_t *)text, any(sizeof text)}); break;
	case 3: cbor_put_text(b, (struct str){text, any(5)}); break;
	case 4: cbor_put_bool(b, any(2)); break;
	case 5: cbor_put_null(b); break;
	case 6:
		n = any(any(9) ? 5 : 40);
		for (cbor_put_array(b, n); n > 0; n--)
			put_any(b, depth - 1);
		break;
	default:
		n = any(7);
		cbor_put_map(b, n);
		for (; n > 0; n--, key += 1 + any(3)) {
			cbor_put_uint(b, key);
			put_any(b, depth - 1);
		}
	}
}

static void
random_values_are_valid_and_spoilt_ones_encode_alike_or_not_at_all(void **state)
{
	unsigned still_valid = 0, tried = 0;
	struct buf b, shown;

	buf_init(&b, 1 << 20);
	buf_init(&shown, 1 << 22);
	for (int turn = 0; turn < 3000; turn++) {
		buf_clear(&b);
		buf_clear(&shown);
		put_any(&b, 1 + (unsigned)any(5));
		assert_true(cbor_valid(buf_bytes(&b)));
		assert_encodes_again(buf_bytes(&b));
		cbor_show(&shown, buf_bytes(&b));
		assert_true(shown.n > 0 && utf8_valid(buf_bytes(&shown)));
		if (b.n < 200)
			assert_no_prefix_is_valid(buf_bytes(&b));
		for (int k = 0; k < 20; k++, tried++) {
			size_t at = any(b.n);
			uint8_t was = b.p[at];
			b.p[at] = (uint8_t)any(256);
			if (cbor_valid(buf_bytes(&b))) {
				assert_encodes_again(buf_bytes(&b));
				still_valid++;
			}
			b.p[at] = was;
		}
	}
	/* Both must have happened, or this tested nothing. */
	assert_true(still_valid > 1000 && tried - still_valid > 1000);
	buf_finish(&b);
	buf_finish(&shown);
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples_of_the_rfc_go_through_unchanged),
		cmocka_unit_test(whatever_the_writer_would_not_write_is_refused),
		cmocka_unit_test(sixteen_levels_are_the_limit),
		cmocka_unit_test(a_stuck_reader_gives_nothing),
		cmocka_unit_test(random_values_are_valid_and_spoilt_ones_encode_alike_or_not_at_all),
	};
	return cmocka_run_group_tests(tests, arena_up, arena_down);
}
