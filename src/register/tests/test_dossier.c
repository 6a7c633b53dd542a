/* A dossier: claims side by side, with where each is from. */
#include "reg_fixture.h"

static struct reg_dossier
dossier(uint64_t pos)
{
	struct reg_dossier d;

	assert_ok(reg_dossier(a, r, fx_cluster(pos), LANG_EN, &d, &e));
	return d;
}

static const struct reg_group *
group(const struct reg_dossier *d, const char *field)
{
	for (size_t i = 0; i < d->n_groups; i++)
		if (str_is(d->groups[i].field->name, field))
			return &d->groups[i];
	return NULL;
}

static uint64_t
in_list(uint64_t list, unsigned row, const char *birth, struct cell *cells, size_t n)
{
	struct draft d = fx_draft("person");

	fx_put(&d, "given", "Sara");
	fx_put(&d, "birth", birth);
	if (n)
		d.slot[SLOT_CELLS] = value_cells(a, cells, n);
	fx_row(&d, list, 1, row);
	return fx_write(&d);
}

static void
a_claim_tells_where_it_is_from_and_its_words(void **state)
{
	uint64_t list = fx_list("Birlik"), p;
	unsigned birth = field_slot("person", "birth");
	struct cell cells[] = {{3, S("Doğum"), S("14 Bəhmən 1358"), (int)birth},
		{4, S("Qeyd"), S("unmapped"), -1}};
	struct draft d = fx_draft("source");

	(void)state;
	fx_put(&d, "name", "a lawyer");
	uint64_t source = fx_write(&d);
	p = in_list(list, 7, "1358-11-14", cells, 2);
	fx_version(list, 1, "2020-01-01");
	struct reg_dossier x = dossier(p);
	const struct reg_group *g = group(&x, "birth");
	assert_non_null(g);
	assert_int_equal(g->n, 1);
	assert_str(g->claims[0].words, "14 Bəhmən 1358");
	assert_str(g->claims[0].list, "Birlik");
	assert_int_equal(g->claims[0].version, 1);
	assert_int_equal(g->claims[0].row, 7);
	assert_int_equal(g->claims[0].column, 3);
	assert_int_equal(g->claims[0].pos, p);
	/* Corrected by hand: no words of a list stand behind it any more. */
	fx_amend(p, "birth", "1359-11-14");
	fx_amend(p, "source", str_cstr(a, fx_id(source)));
	x = dossier(p);
	g = group(&x, "birth");
	assert_str(g->claims[0].words, "");
	assert_str(g->claims[0].list, "");
	assert_str(g->claims[0].source, "a lawyer");
	assert_str(group(&x, "given")->claims[0].list, "Birlik");
}

static void
disagreements_are_raised_and_spellings_are_not(void **state)
{
	static const struct { const char *field, *x, *y; bool disagree; } cases[] = {
		{"given", "Zeynab", "زینب", false}, {"given", "Zeynab", "Зейнаб", false},
		{"given", "Zeynab", "Əhməd", true}, {"family", "Rəhimi", "رحیمی", false},
		{"birth", "1980", "1980-02-03", false}, {"birth", "1980-02-03", "1358-11-14", false},
		{"birth", "1980-02-03", "1981-02-03", true}, {"birth", "1980", "1981", true},
		{"home", "Təbriz", "تبریز", false}, {"home", "Təbriz", "Urmiya", true},
		{"sex", "female", "زن", false}, {"sex", "female", "male", true},
		{"age", "54", "55", true}, {"note", "one thing", "another", false},
		{"key", "1", "2", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint64_t p[2];
		for (int k = 0; k < 2; k++) {
			struct draft d = fx_draft("person");
			fx_put(&d, cases[i].field, k ? cases[i].y : cases[i].x);
			p[k] = fx_write(&d);
		}
		fx_judge(p[0], p[1], "same");
		struct reg_dossier x = dossier(p[0]);
		const struct reg_group *g = group(&x, cases[i].field);
		assert_int_equal(g->n, 2);
		if (g->disagree != cases[i].disagree)
			fail_msg("%s and %s: %s", cases[i].x, cases[i].y,
				g->disagree ? "disagree" : "do not disagree");
	}
}

static void
any_two_claims_may_disagree(void **state)
{
	/* The first meets both others, which do not meet each other. */
	static const char *const births[] = {"1980", "1980-02-03", "1980-05-06"};
	uint64_t p[3];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct draft d = fx_draft("person");
		fx_put(&d, "birth", births[i]);
		p[i] = fx_write(&d);
		if (i)
			fx_judge(p[0], p[i], "same");
	}
	struct reg_dossier x = dossier(p[2]);
	assert_true(group(&x, "birth")->disagree);
}

static void
events_stand_by_date_with_their_disagreements(void **state)
{
	uint64_t x = fx_list("Birlik"), y = fx_list("Nesim"), p, q, death;
	struct reg_dossier d;

	(void)state;
	p = fx_listed(x, 1, 2, "Sara", "Kərimli");
	q = fx_listed(y, 1, 2, "سارا", "کریملی");
	fx_listed_event(x, 1, 2, p, "release", "");
	fx_listed_event(x, 1, 2, p, "arrest", "2019-05-01");
	fx_listed_event(y, 1, 2, q, "arrest", "1397");
	fx_listed_event(x, 1, 2, p, "furlough", "2019-06-01");
	fx_listed_event(y, 1, 2, q, "furlough", "2019");
	struct draft ev = fx_draft("event");
	fx_refer(&ev, "person", q);
	fx_put(&ev, "type", "death");
	fx_put(&ev, "date", "2020-02-01");
	fx_put(&ev, "cause", "suicide");
	fx_put(&ev, "cause-by", "prison administration");
	fx_row(&ev, y, 1, 2);
	death = fx_write(&ev);
	fx_version(x, 1, "2020-03-01");
	fx_version(y, 1, "2020-03-01");
	fx_judge(p, q, "same");
	d = dossier(p);
	static const struct { const char *type, *list; bool disagree, cause; } want[] = {
		{"arrest", "Nesim", true, false},      /* 1397 ended on 2019-03-20 */
		{"furlough", "Nesim", false, false}, {"arrest", "Birlik", true, false},
		{"furlough", "Birlik", false, false}, {"death", "Nesim", false, true},
		{"release", "Birlik", false, false},
	};
	assert_int_equal(d.n_events, 6);
	for (size_t i = 0; i < 6; i++) {
		assert_str(d.events[i].type, want[i].type);
		assert_str(d.events[i].list, want[i].list);
		assert_int_equal(d.events[i].disagree, want[i].disagree);
		assert_int_equal(d.events[i].party_cause, want[i].cause);
	}
	assert_int_equal(d.events[4].pos, death);
	assert_true(d.line.disagree);
}

static void
judgements_are_shown_with_who_and_why(void **state)
{
	uint64_t p = fx_person("Sara", "Kərimli"), q = fx_person("Sara", "Kerimli");
	uint64_t other = fx_person("Sara", "Kərimova");

	(void)state;
	fx_run((uint64_t[]){p, q}, 2);
	assert_ok(reg_judge(r, fx_id(p), fx_id(q), S("same"), S("her sister says so"), &e));
	assert_ok(reg_judge(r, fx_id(q), fx_id(other), S("not-same"), S("another age"), &e));
	struct reg_dossier d = dossier(p);
	size_t judged = 0, linked = 0;
	for (size_t i = 0; i < d.n_bonds; i++) {
		linked += d.bonds[i].verdict.n == 0;
		if (d.bonds[i].verdict.n == 0)
			continue;
		judged++;
		assert_str(d.bonds[i].by, "Ayla");
		assert_str(d.bonds[i].reason, str_is(d.bonds[i].verdict, "same")
			? "her sister says so" : "another age");
	}
	assert_int_equal(judged, 2);
	assert_int_equal(linked, 1);
}

static bool
shows(const struct reg_dossier *d, const char *word)
{
	for (size_t i = 0; i < d->n_groups; i++)
		for (size_t k = 0; k < d->groups[i].n; k++)
			if (str_has(d->groups[i].claims[k].text, word)
			    || str_has(d->groups[i].claims[k].words, word))
				return true;
	for (size_t i = 0; i < d->n_others; i++)
		if (str_has(d->others[i].line, word))
			return true;
	return str_has(d->line.names, word);
}

static void
sealed_slots_are_never_shown(void **state)
{
	struct draft d = fx_draft("person");

	(void)state;
	fx_put(&d, "given", "Sara");
	fx_put(&d, "number", "SEALED-1");
	fx_put(&d, "contact", "SEALED-2");
	uint64_t p = fx_write(&d);
	struct draft c = fx_draft("consent");
	fx_refer(&c, "person", p);
	fx_put(&c, "purpose", "letter");
	fx_put(&c, "by", "SEALED-3");
	fx_put(&c, "words", "we may name you");
	fx_write(&c);
	struct reg_dossier x = dossier(p);
	assert_false(shows(&x, "SEALED"));
	assert_true(shows(&x, "we may name you"));
	assert_null(group(&x, "number"));
	fx_assert_rebuilds("sealed slots");
}

static void
whoever_is_in_the_register_has_a_dossier(void **state)
{
	uint64_t list = fx_list("Birlik"), p;
	struct reg_dossier d;

	(void)state;
	/* A list as of a day to come says nothing today. */
	p = fx_listed(list, 1, 2, "Sara", "Kərimli");
	fx_version(list, 1, "2030-01-01");
	struct reg_line line;
	assert_false(fx_line(p, "", &line));
	d = dossier(p);
	assert_str(d.line.given, "Sara");
	assert_int_equal(d.line.n_status, 0);
	assert_status(reg_dossier(a, r, 9999, LANG_EN, &d, &e), NO);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fx_setup, fx_teardown)
	const struct CMUnitTest tests[] = {
		T(a_claim_tells_where_it_is_from_and_its_words),
		T(disagreements_are_raised_and_spellings_are_not),
		T(any_two_claims_may_disagree),
		T(events_stand_by_date_with_their_disagreements),
		T(judgements_are_shown_with_who_and_why),
		T(sealed_slots_are_never_shown),
		T(whoever_is_in_the_register_has_a_dossier),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
