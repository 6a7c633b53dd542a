/* A key on paper: copied by hand, read back, its errors found. */
#include "check.h"

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/* Worked out by a second implementation (Python: base-32 digits of the 280-bit
 * number key || first 3 bytes of hashlib.sha256(key)). */
static const char counting[] =
	"000G40R4-0M30E209-185GR38E-1W8124GK-2GAHC5RR-34D1P70X-3RFP63ED";
static const char ones[] =
	"ZZZZZZZZ-ZZZZZZZZ-ZZZZZZZZ-ZZZZZZZZ-ZZZZZZZZ-ZZZZZZZZ-ZZZTZ5GK";

static void
count_up(uint8_t key[SEAL_KEY])
{
	for (size_t i = 0; i < SEAL_KEY; i++)
		key[i] = (uint8_t)i;
}

static void
a_key_becomes_seven_groups_of_eight_and_comes_back(void **state)
{
	uint8_t key[SEAL_KEY], back[SEAL_KEY];

	count_up(key);
	assert_true(str_is(seal_paper_encode(a, key), counting));
	assert_int_equal(seal_paper_decode(str_of(counting), back, &e), OK);
	assert_memory_equal(back, key, sizeof key);
	memset(key, 0xff, sizeof key);
	assert_true(str_is(seal_paper_encode(a, key), ones));
	for (int i = 0; i < 100; i++) {
		seal_random(key, sizeof key);
		assert_int_equal(seal_paper_decode(seal_paper_encode(a, key), back, &e), OK);
		assert_memory_equal(back, key, sizeof key);
	}
	(void)state;
}

static void
case_blanks_dashes_and_letters_people_confuse_do_not_matter(void **state)
{
	static const char *const same[] = {
		"000g40r4-0m30e209-185gr38e-1w8124gk-2gahc5rr-34d1p70x-3rfp63ed",
		"000G40R40M30E209185GR38E1W8124GK2GAHC5RR34D1P70X3RFP63ED",
		"  ooOG40R4 OM3Oe2O9\tI85GR38E\nlW8I24GK 2GAHC5RR-34DLP7OX -- 3RFP63ED\r\n",
		"000G 40R4 0M30 E209 185G R38E 1W81 24GK 2GAH C5RR 34D1 P70X 3RFP 63ED",
	};
	uint8_t key[SEAL_KEY], back[SEAL_KEY];

	count_up(key);
	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		assert_int_equal(seal_paper_decode(str_of(same[i]), back, &e), OK);
		assert_memory_equal(back, key, sizeof key);
	}
	(void)state;
}

static void
every_single_wrong_letter_is_found_and_its_group_named(void **state)
{
	uint8_t back[SEAL_KEY] = {42};
	char text[sizeof counting];
	size_t tried = 0;

	for (size_t at = 0; at < sizeof counting - 1; at++) {
		if (counting[at] == '-')
			continue;
		for (size_t v = 0; v < 32; v++) {
			char want[64];
			memcpy(text, counting, sizeof text);
			if (text[at] == alphabet[v])
				continue;
			text[at] = alphabet[v];
			snprintf(want, sizeof want, "group %zu ", at / 9 + 1);
			assert_int_equal(seal_paper_decode(str_of(text), back, &e), BAD);
			if (!str_has(str_of(e.text), want))
				fail_msg("%s: %s", text, e.text);
			tried++;
		}
	}
	assert_int_equal(tried, 56 * 31);
	assert_int_equal(back[0], 42);
	(void)state;
}

static void
neighbours_exchanged_are_found(void **state)
{
	uint8_t back[SEAL_KEY];
	char text[sizeof counting];

	for (size_t at = 0; at + 1 < sizeof counting - 1; at++) {
		memcpy(text, counting, sizeof text);
		text[at] = counting[at + 1];
		text[at + 1] = counting[at];
		if (text[at] != text[at + 1] && text[at] != '-' && text[at + 1] != '-')
			assert_int_equal(seal_paper_decode(str_of(text), back, &e), BAD);
	}
	(void)state;
}

static void
missing_added_and_foreign_letters_are_told(void **state)
{
	static const struct { const char *text, *says; } wrong[] = {
		{"", "0 letters"},
		{"000G40R4-0M30E209-185GR38E-1W8124GK-2GAHC5RR-34D1P70X-3RFP63E", "group 7"},
		{"000G40R4-0M30E209-185GR38-1W8124GK-2GAHC5RR-34D1P70X-3RFP63ED", "group 3"},
		{"000G40R4-0M30E2099-185GR38E-1W8124GK-2GAHC5RR-34D1P70X-3RFP63ED", "group 2"},
		{"000G40R4-0M30E209-185GR38E-1W8124GK-2GAHC5RR-34D1P70X", "48 letters"},
		{"000G40R4-0M30E2U9-185GR38E-1W8124GK-2GAHC5RR-34D1P70X-3RFP63ED", "group 2"},
		{"000G40R4-0M30E209-185GR38E-1W8124GK-2GAHC5RR-34D1P70X-3RFP63۳D", "group 7"},
		{"000G40R4-0M30E209-185GR38E-1W8124GK-2GAHC5RR-34D1P70X-3RFP63ED-000G40R4",
		 "64 letters"},
	};
	uint8_t back[SEAL_KEY] = {42};

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		assert_int_equal(seal_paper_decode(str_of(wrong[i].text), back, &e), BAD);
		if (!str_has(str_of(e.text), wrong[i].says))
			fail_msg("%s: %s", wrong[i].text, e.text);
	}
	assert_int_equal(seal_paper_decode((struct str){"\0\0\0", 3}, back, &e), BAD);
	assert_int_equal(back[0], 42);
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_becomes_seven_groups_of_eight_and_comes_back),
		cmocka_unit_test(case_blanks_dashes_and_letters_people_confuse_do_not_matter),
		cmocka_unit_test(every_single_wrong_letter_is_found_and_its_group_named),
		cmocka_unit_test(neighbours_exchanged_are_found),
		cmocka_unit_test(missing_added_and_foreign_letters_are_told),
	};

	return cmocka_run_group_tests(tests, start, end);
}
