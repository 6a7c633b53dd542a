/* The gate: what may go out of a person, and that nothing else does. */
#include "reg_fixture.h"

#define COLUMNS S("name, initials, birth-year, province, father, birth, sex, facility, sentence, " \
	"status, lists, confirmed")
enum { NAME, INITIALS, YEAR, PROVINCE, FATHER, BIRTH, SEX, FACILITY, SENTENCE, STATUS, LISTS,
       CONFIRMED };

/* Today is 2026-09-21. */
enum consent_how { NONE, IN_FORCE, EXPIRED, NOT_YET, WITHDRAWN, AS_INITIALS, LAST_DAY, HOWS };

static void
put_consent(uint64_t person, const char *purpose, enum consent_how how)
{
	struct draft d = fx_draft("consent");

	if (how == NONE)
		return;
	fx_refer(&d, "person", person);
	fx_put(&d, "purpose", purpose);
	fx_put(&d, "basis", "consent");
	fx_put(&d, "on", how == NOT_YET ? "2026-09-22" : "2026-01-05");
	if (how == EXPIRED)
		fx_put(&d, "expires", "2026-09-20");
	if (how == LAST_DAY)
		fx_put(&d, "expires", "2026-09-21");
	if (how == WITHDRAWN)
		fx_put(&d, "withdrawn", "2026-03-01");
	if (how == AS_INITIALS)
		fx_put(&d, "as", "initials");
	fx_write(&d);
}

/* Every slot that could betray a person holds a word to look for. */
static uint64_t
person(const char *given, const char *family, const char *basis)
{
	struct draft d = fx_draft("person");

	fx_put(&d, "given", given);
	fx_put(&d, "family", family);
	fx_put(&d, "father", "OWN-father");
	fx_put(&d, "birth", "1980-02-03");
	fx_put(&d, "province", "Ardabil");
	fx_put(&d, "sex", "female");
	fx_put(&d, "number", "SEALED-number");
	fx_put(&d, "contact", "SEALED-contact");
	fx_put(&d, "note", "OWN-note");
	if (basis)
		fx_put(&d, "basis", basis);
	add_coarser(a, &d);
	uint64_t pos = fx_write(&d);
	struct draft ev = fx_draft("event");
	fx_refer(&ev, "person", pos);
	fx_put(&ev, "type", "sentence");
	fx_put(&ev, "date", "2019-05-01");
	fx_put(&ev, "facility", str_fmt(a, "Prison of %s", given).p);
	fx_put(&ev, "sentence", str_fmt(a, "Years of %s", given).p);
	fx_write(&ev);
	return pos;
}

static struct reg_annex
annex(const char *purpose)
{
	struct reg_annex x;

	assert_ok(reg_annex(a, r, S("on=2026-09-21"), COLUMNS, str_of(purpose), &x, &e));
	/* Whatever the case, nothing but public slots. */
	for (size_t i = 0; i < x.n_rows; i++) {
		assert_str(x.rows[i].cells[FATHER], "");
		assert_str(x.rows[i].cells[BIRTH], "");
		for (size_t k = 0; k < x.n_columns; k++) {
			assert_false(str_has(x.rows[i].cells[k], "OWN"));
			assert_false(str_has(x.rows[i].cells[k], "SEALED"));
		}
	}
	return x;
}

static bool
covers(const char *given, const char *asked)
{
	return strcmp(given, asked) == 0 || (strcmp(given, "public") == 0
		&& (strcmp(asked, "letter") == 0 || strcmp(asked, "un") == 0));
}

static void
one_record_goes_out_as_its_consent_says(void **state)
{
	static const char *const purposes[] = {"letter", "public", "un", "partners"};

	(void)state;
	for (int how = NONE; how < HOWS; how++)
		for (size_t g = 0; g < 4; g++)
			for (int basis = 0; basis < 2; basis++) {
				uint64_t p = person("Zeynab", "Rahimi", basis ? "public-record" : NULL);
				put_consent(p, purposes[g], (enum consent_how)how);
				for (size_t k = 0; k < 4; k++) {
					const char *given = purposes[g], *asked = purposes[k];
					bool related = covers(given, asked);
					bool out = how == WITHDRAWN && (related || covers(asked, given));
					bool has = how != NONE && how != WITHDRAWN && related;
					bool force = has && how != EXPIRED && how != NOT_YET;
					bool named = has ? force && how != AS_INITIALS : basis;
					bool covered = has ? force : basis;
					struct reg_annex x = annex(asked);
					assert_int_equal(x.withheld, out);
					assert_int_equal(x.n_rows, !out);
					if (out)
						continue;
					assert_int_equal(x.rows[0].named, named);
					assert_int_equal(x.reduced, !named);
					assert_str(x.rows[0].cells[NAME], named ? "Zeynab Rahimi" : "Z. R.");
					assert_str(x.rows[0].cells[INITIALS], "Z. R.");
					assert_str(x.rows[0].cells[CONFIRMED], "unconfirmed");
					assert_str(x.rows[0].cells[YEAR], covered ? "1980" : "");
					assert_str(x.rows[0].cells[PROVINCE], covered ? "Ardabil" : "");
					assert_str(x.rows[0].cells[FACILITY], covered ? "Prison of Zeynab" : "");
					assert_str(x.rows[0].cells[SENTENCE], covered ? "Years of Zeynab" : "");
					assert_str(x.rows[0].cells[STATUS], covered ? "held" : "");
					assert_str(x.rows[0].cells[LISTS], covered ? "1" : "");
				}
				uint64_t *pos;
				struct str *lines;
				size_t n;
				assert_ok(reg_erase_plan(a, r, fx_id(p), &pos, &n, &lines, &e));
				fx_erase(pos, n);
				assert_int_equal(annex("letter").n_rows, 0);
			}
}

static void
a_record_without_consent_adds_nothing_to_a_line(void **state)
{
	uint64_t p = person("Zeynab", "Rahimi", NULL), q = person("زینب", "رحیمی", NULL);

	(void)state;
	fx_judge(p, q, "same");
	put_consent(q, "letter", IN_FORCE);
	struct reg_annex x = annex("letter");
	assert_int_equal(x.n_rows, 1);
	assert_true(x.rows[0].named);
	assert_str(x.rows[0].cells[NAME], "زینب رحیمی");
	assert_str(x.rows[0].cells[FACILITY], "Prison of زینب");
	assert_str(x.rows[0].cells[SENTENCE], "Years of زینب");
	assert_str(x.rows[0].cells[LISTS], "1");
	/* It rests on both all the same: either may withdraw. */
	assert_int_equal(x.rows[0].n_records, 2);
	put_consent(p, "letter", IN_FORCE);
	x = annex("letter");
	assert_str(x.rows[0].cells[NAME], "Zeynab Rahimi · زینب رحیمی");
}

static void
who_asks_for_initials_anywhere_is_named_nowhere(void **state)
{
	uint64_t p = person("Zeynab", "Rahimi", "historical"), q = person("زینب", "رحیمی", NULL);

	(void)state;
	fx_judge(p, q, "same");
	put_consent(q, "letter", AS_INITIALS);
	struct reg_annex x = annex("letter");
	assert_false(x.rows[0].named);
	assert_int_equal(x.reduced, 1);
	assert_str(x.rows[0].cells[NAME], "Z. R.");
	/* Less than the name in other words, too. */
	fx_erase(&q, 1);
	uint64_t s = person("Sara", "Kərimli", NULL);
	struct draft d = fx_draft("consent");
	fx_refer(&d, "person", s);
	fx_put(&d, "purpose", "letter");
	fx_put(&d, "as", "فقط حروف اول");
	fx_write(&d);
	x = annex("letter");
	assert_int_equal(x.n_rows, 2);
	assert_true(x.rows[0].named);
	assert_false(x.rows[1].named);
	assert_str(x.rows[1].cells[NAME], "S. K.");
}

static void
one_withdrawal_takes_the_whole_person_out(void **state)
{
	uint64_t p = person("Zeynab", "Rahimi", "historical"), q = person("زینب", "رحیمی", NULL);
	bool withdrawn = true;

	(void)state;
	struct reg_annex before = annex("letter");
	assert_int_equal(before.n_rows, 2);
	assert_ok(reg_annex_withdrawn(r, before.rows[0].records, 1, S("letter"), &withdrawn, &e));
	assert_false(withdrawn);
	put_consent(q, "register", WITHDRAWN);
	assert_ok(reg_annex_withdrawn(r, before.rows[0].records, 1, S("letter"), &withdrawn, &e));
	assert_false(withdrawn);
	assert_ok(reg_annex_withdrawn(r, before.rows[1].records, 1, S("letter"), &withdrawn, &e));
	assert_true(withdrawn);
	fx_judge(p, q, "same");
	struct reg_annex x = annex("letter");
	assert_int_equal(x.n_rows, 0);
	assert_int_equal(x.withheld, 1);
	/* A row frozen before the two were known to be one. */
	assert_ok(reg_annex_withdrawn(r, before.rows[0].records, 1, S("letter"), &withdrawn, &e));
	assert_true(withdrawn);
}

static void
erased_and_undone_rows_are_withdrawn_a_partners_are_not(void **state)
{
	uint64_t list = fx_list("Birlik"), p, version, q = person("Sara", "Kərimli", "historical");
	uint8_t hash[3][SEAL_HASH] = {{0}};
	struct str said;
	bool withdrawn;

	(void)state;
	p = fx_listed(list, 1, 2, "Elxan", "Rzayev");
	version = fx_version(list, 1, "2026-01-01");
	memcpy(hash[0], fx_get(p).hash, SEAL_HASH);
	memcpy(hash[1], fx_get(q).hash, SEAL_HASH);
	assert_ok(reg_annex_withdrawn(r, hash, 3, S("letter"), &withdrawn, &e));
	assert_false(withdrawn);
	assert_ok(reg_undo(a, r, fx_id(version), S("wrong"), &said, &e));
	assert_ok(reg_annex_withdrawn(r, hash, 1, S("letter"), &withdrawn, &e));
	assert_true(withdrawn);
	assert_ok(reg_annex_withdrawn(r, hash + 1, 1, S("letter"), &withdrawn, &e));
	assert_false(withdrawn);
	fx_erase(&q, 1);
	assert_ok(reg_annex_withdrawn(r, hash + 1, 1, S("letter"), &withdrawn, &e));
	assert_true(withdrawn);
	assert_ok(reg_annex_withdrawn(r, hash + 2, 1, S("letter"), &withdrawn, &e));
	assert_false(withdrawn);
}

static void
without_committed_initials_a_person_is_a_number(void **state)
{
	struct draft d = fx_draft("person");

	(void)state;
	fx_put(&d, "given", "Zeynab");
	fx_write(&d);
	struct reg_annex x = annex("letter");
	assert_int_equal(x.n_rows, 0);
	assert_int_equal(x.withheld, 1);
	assert_int_equal(x.counts.persons, 1);
}

static void
the_newest_of_ones_consents_decides(void **state)
{
	uint64_t p = person("Zeynab", "Rahimi", NULL);

	(void)state;
	put_consent(p, "letter", IN_FORCE);
	put_consent(p, "letter", AS_INITIALS);
	assert_false(annex("letter").rows[0].named);
	put_consent(p, "letter", IN_FORCE);
	assert_true(annex("letter").rows[0].named);
	put_consent(p, "letter", EXPIRED);
	assert_false(annex("letter").rows[0].named);
	assert_str(annex("letter").rows[0].cells[FACILITY], "");
}

static void
nothing_later_than_the_day_asked_for_stands_in_a_line(void **state)
{
	uint64_t p = person("Zeynab", "Rahimi", "historical");
	struct reg_annex x;

	(void)state;
	struct draft ev = fx_draft("event");
	fx_refer(&ev, "person", p);
	fx_put(&ev, "type", "sentence");
	fx_put(&ev, "date", "2026-06-01");
	fx_put(&ev, "sentence", "later");
	fx_put(&ev, "facility", "Elsewhere");
	fx_write(&ev);
	assert_ok(reg_annex(a, r, S("on=2020-03-27"), COLUMNS, S("letter"), &x, &e));
	assert_int_equal(x.n_rows, 1);
	assert_str(x.rows[0].cells[SENTENCE], "Years of Zeynab");
	assert_str(x.rows[0].cells[FACILITY], "Prison of Zeynab");
	assert_str(annex("letter").rows[0].cells[SENTENCE], "later");
}

static void
columns_and_purposes_are_checked_beforehand(void **state)
{
	(void)state;
	assert_ok(reg_annex_check(S("status=held"), S("name, birth-year"), S("letter"), &e));
	assert_status(reg_annex_check(S("status=held"), S("number"), S("letter"), &e), BAD);
	assert_status(reg_annex_check(S("status=held"), S("contact"), S("letter"), &e), BAD);
	assert_status(reg_annex_check(S("status=held"), S("note"), S("letter"), &e), BAD);
	assert_status(reg_annex_check(S("status=held"), S("cells"), S("letter"), &e), BAD);
	assert_status(reg_annex_check(S("status=held"), S("basis"), S("letter"), &e), BAD);
	assert_status(reg_annex_check(S("status=held"), S(" , "), S("letter"), &e), BAD);
	assert_status(reg_annex_check(S("status=held"), S("name"), S("fun"), &e), BAD);
	assert_status(reg_annex_check(S("held"), S("name"), S("letter"), &e), BAD);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fx_setup, fx_teardown)
	const struct CMUnitTest tests[] = {
		T(one_record_goes_out_as_its_consent_says),
		T(a_record_without_consent_adds_nothing_to_a_line),
		T(who_asks_for_initials_anywhere_is_named_nowhere),
		T(one_withdrawal_takes_the_whole_person_out),
		T(erased_and_undone_rows_are_withdrawn_a_partners_are_not),
		T(without_committed_initials_a_person_is_a_number),
		T(the_newest_of_ones_consents_decides),
		T(nothing_later_than_the_day_asked_for_stands_in_a_line),
		T(columns_and_purposes_are_checked_beforehand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
