/* The kinds file: what stands in it is found, what is wrong in it is named. */
#include "check.h"

static struct str
ours(void)
{
	return (struct str){record_kinds_text, record_kinds_text_bytes};
}

static enum status
load(const char *text)
{
	return kinds_load(str_of(text), &e);
}

/* Our text with `line` put in before the line that begins with `before`. */
static struct str
with_line(const char *before, const char *line)
{
	struct str all = ours(), rest = all;

	while (rest.p) {
		struct str l = str_cut(&rest, '\n');
		if (str_starts(l, before))
			return str_fmt(a, STR_FMT "%s\n" STR_FMT,
				STR_ARG(str_upto(all, (size_t)(l.p - all.p))), line,
				STR_ARG(str_from(all, (size_t)(l.p - all.p))));
	}
	fail_msg("no line begins with %s", before);
	return all;
}

static void
our_own_file_is_read(void **state)
{
	const struct kind *person = kind_named(S("person"));
	const struct field *f;

	(void)state;
	assert_non_null(person);
	assert_int_equal(person->number, 8);
	assert_ptr_equal(kind_of(8), person);
	assert_null(kind_of(4711));
	assert_str(person->label[LANG_AZ], "Şəxs");
	assert_str(person->label[LANG_AZB], "شخص");
	assert_str(person->ftm, "Person");
	f = field_named(person, S("family"));
	assert_non_null(f);
	assert_int_equal(f->slot, 9);
	assert_int_equal(f->type, VALUE_NAME);
	assert_int_equal(f->audience, AUDIENCE_PUBLIC);
	assert_true(f->in_list && f->searched && f->in_annex && f->in_form && !f->must_match);
	assert_str(f->aliases[0].word, "family name");
	assert_str(f->aliases[0].role, "");
	assert_str(f->huridocs, "202");
	assert_ptr_equal(field_of(person, 9), f);
	assert_int_equal(field_of(person, SLOT_AMENDS)->type, VALUE_REF);
	assert_null(field_of(person, 31));
	assert_null(field_of(person, 32));
	assert_int_equal(field_slot("event", "date"), 10);
	assert_int_equal(field_slot("event", "basis"), SLOT_BASIS);
	assert_int_equal(field_slot("consent", "basis"), 10);
	assert_int_equal(kind_number("erasure"), 19);
}

static void
aliases_say_which_event_they_belong_to(void **state)
{
	const struct field *f = field_named(kind_named(S("event")), S("date"));
	bool release = false;

	(void)state;
	assert_str(f->aliases[0].role, "arrest");
	assert_str(f->aliases[0].word, "arrest date");
	for (size_t i = 0; i < f->n_aliases; i++)
		release |= str_is(f->aliases[i].role, "release")
			&& str_is(f->aliases[i].word, "azadlıq tarixi");
	assert_true(release);
}

static void
codes_are_found_by_any_word_in_any_script(void **state)
{
	const struct vocabulary *sex = vocabulary_named(S("sex")), *event;
	static const struct { const char *word, *code; } words[] = {
		{"MALE", "male"}, {"kişi", "male"}, {"KİŞİ", "male"}, {"مرد", "male"},
		{"Qadın", "female"}, {"زن", "female"}, {"female", "female"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		const struct code *c = code_by_word(a, sex, str_of(words[i].word));
		assert_non_null(c);
		assert_str(c->code, words[i].code);
	}
	assert_null(code_by_word(a, sex, S("nobody knows")));
	event = vocabulary_named(S("event"));
	assert_str(code_by_word(a, event, S("بازداشت"))->code, "arrest");
	assert_str(code_by_word(a, event, S("on furlough"))->code, "furlough");
}

static void
one_line_adds_a_field_that_every_lookup_finds(void **state)
{
	const struct field *f;
	struct str more = with_line("  9  family", "  29 height number own laf | Height | قد | Boy "
		"| height, boyu; | | height");

	(void)state;
	/* A stray ";" is an empty group: say so rather than guess. */
	assert_int_equal(kinds_load(more, &e), BAD);
	more = with_line("kind 9 facility",
		"  29 height number own laf | Height | قد | Boy | height, boyu | | height");
	assert_ok(kinds_load(more, &e));
	f = field_named(kind_named(S("person")), S("height"));
	assert_non_null(f);
	assert_ptr_equal(field_of(kind_of(8), 29), f);
	assert_ptr_equal(&kind_of(8)->fields[kind_of(8)->n_fields - 1], f);
	assert_str(f->label[LANG_FA], "قد");
	assert_int_equal(f->n_aliases, 2);
	assert_true(f->in_list && f->in_annex && f->in_form && !f->searched);
	assert_ok(kinds_load(ours(), &e));
	assert_null(field_named(kind_named(S("person")), S("height")));
}

#define COMMON "kind 0 common | C | C | C\n" \
	"  0 kind number own - | K | K | K\n  1 author key own - | A | A | A\n" \
	"  2 source ref own - | S | S | S\n  3 row row own - | R | R | R\n" \
	"  4 cells cells own - | W | W | W\n  5 amends ref own - | M | M | M\n" \
	"  6 recorded time own - | T | T | T\n  7 basis code:b own - | B | B | B\n" \
	"vocab b 1\n  x | X | X | X | x\n"

/* The line that is wrong is the 12th: after the eleven of COMMON. */
static const struct { const char *text, *says; } wrong[] = {
	{"kind 1 p | P | P | P\n 7 a text own - | A | A | A\n", "line 13: no slot number: \"7\""},
	{"kind 1 p | P | P | P\n 32 a text own - | A | A | A\n", "no slot number"},
	{"kind 1 p | P | P | P\n 08 a text own - | A | A | A\n", "no slot number"},
	{"kind 1 p | P | P\n", "line 12: a label is missing"},
	{"kind 0 q | P | P | P\n", "line 12: a second kind"},
	{"kind x q | P | P | P\n", "no number of a kind"},
	{"kind 1 p q | P | P | P\n", "no name of a kind"},
	{"nonsense\n", "line 12: unknown block \"nonsense\""},
	{"kind 1 p | P | P | P\n 9 a text own - | A | A | A\n 9 b text own - | A | A | A\n",
	 "line 14: out of order"},
	{"kind 1 p | P | P | P\n 9 a text own - | A | A | A\n 10 a text own - | A | A | A\n",
	 "line 14: a second slot \"a\""},
	{"kind 1 p | P | P | P\n 9 a words own - | A | A | A\n", "no such type: \"words\""},
	{"kind 1 p | P | P | P\n 9 a code own - | A | A | A\n", "of which vocabulary"},
	{"kind 1 p | P | P | P\n 9 a code:zz own - | A | A | A\n",
	 "line 13: no such vocabulary: \"zz\""},
	{"kind 1 p | P | P | P\n 9 a ref:zz own - | A | A | A\n", "line 13: no such kind: \"zz\""},
	{"kind 1 p | P | P | P\n 9 a text:b own - | A | A | A\n", "no such type"},
	{"kind 1 p | P | P | P\n 9 a text mine - | A | A | A\n", "no such audience: \"mine\""},
	{"kind 1 p | P | P | P\n 9 a text own x | A | A | A\n", "unknown flags"},
	{"kind 1 p | P | P | P\n 9 a text own w | A | A | A\n", "the flag w"},
	{"kind 1 p | P | P | P\n 9 a text own - more | A | A | A\n", "one word too many"},
	{"kind 1 p | P | P | P\n 9 a text own - | A | A | A | a,,b\n", "an empty word"},
	{"kind 1 p | P | P | P\n 9 a text own - | A | A | A | nobody: b\n", "no such role"},
	{"kind 1 p | P | P | P\n 9 a text own - | A | A | A | a | b | c | d\n", "one cell too many"},
	{"vocab b 1\n", "a second vocabulary"},
	{"vocab c 0\n", "no version"},
	{"vocab c 1\n y | Y | Y | Y | z\n x | X | X | X | z\n", "stands for two codes"},
	{"vocab c 1\n y | Y | Y | Y | z\n y | X | X | X | x\n", "line 14: a second code"},
};

static void
what_is_wrong_is_named_with_its_line(void **state)
{
	(void)state;
	assert_ok(load(COMMON));
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		assert_int_equal(kinds_load(str_fmt(a, COMMON "%s", wrong[i].text), &e), BAD);
		if (!strstr(e.text, wrong[i].says))
			fail_msg("%s: %s", wrong[i].says, e.text);
	}
	assert_int_equal(load(" 8 a text own - | A | A | A\n"), BAD);
	assert_int_equal(load("vocab b 1\n"), BAD);
	assert_int_equal(load("\xff"), BAD);
	/* What was loaded before stands. */
	assert_non_null(vocabulary_named(S("b")));
	assert_ok(kinds_load(ours(), &e));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(our_own_file_is_read),
		cmocka_unit_test(aliases_say_which_event_they_belong_to),
		cmocka_unit_test(codes_are_found_by_any_word_in_any_script),
		cmocka_unit_test(one_line_adds_a_field_that_every_lookup_finds),
		cmocka_unit_test(what_is_wrong_is_named_with_its_line),
	};
	return cmocka_run_group_tests(tests, check_setup, check_teardown);
}
