/* Capture histories of small registers, worked out by hand. */
#include <math.h>
#include "reg_fixture.h"

static uint64_t lists[3];
static unsigned next_row = 2;

static void
three_lists(void)
{
	static const char *const names[3] = {"Cəbhə", "Birlik", "Araz"};

	for (int i = 0; i < 3; i++)
		lists[i] = fx_list(names[i]);
}

/* A row of a list with one event of it; type NULL: none. */
static uint64_t
row(int list, const char *type, const char *date, const char *prison)
{
	uint64_t p = fx_listed(lists[list], 1, next_row, "Vüqar", "Həsənov");

	if (type) {
		struct draft d = fx_draft("event");
		fx_refer(&d, "person", p);
		fx_put(&d, "type", type);
		if (*date)
			fx_put(&d, "date", date);
		if (*prison)
			fx_put(&d, "facility", prison);
		fx_row(&d, lists[list], 1, next_row);
		fx_write(&d);
	}
	next_row++;
	return p;
}

static void
versions(void)
{
	for (int i = 0; i < 3; i++)
		fx_version(lists[i], 1, "2020-01-01");
}

/* People on exactly these lists, by the letters of their names: "AB". */
static uint64_t
on(const struct reg_histories *h, const char *letters)
{
	uint64_t want = 0;

	for (unsigned i = 0; i < h->c.n_lists; i++)
		if (strchr(letters, h->c.names[i].p[0]))
			want |= (uint64_t)1 << i;
	for (size_t i = 0; i < h->c.n_cells; i++)
		if (h->c.cells[i].on == want)
			return h->c.cells[i].count;
	return 0;
}

static void
assert_left(const struct reg_histories *h, enum reg_left why, size_t claims, size_t persons)
{
	if (h->left[why].claims != claims || h->left[why].persons != persons)
		fail_msg("%s: %zu claims, %zu persons; not %zu, %zu", reg_left_words(why),
			h->left[why].claims, h->left[why].persons, claims, persons);
}

static int32_t
day(const char *s)
{
	struct date d;

	assert_ok(date_parse(str_of(s), NULL, &d, &e));
	return d.first;
}

static struct reg_histories_ask
held_on(const char *s)
{
	return (struct reg_histories_ask){.held = true, .on = day(s), .filter = {.on = DAY_MAX}};
}

static struct reg_histories_ask
happened(const char *event, const char *from, const char *to)
{
	return (struct reg_histories_ask){.event = str_of(event), .from = day(from), .to = day(to),
		.filter = {.on = DAY_MAX}};
}

static void
who_was_held_on_a_day_stands_on_the_lists_that_say_so(void **state)
{
	struct reg_histories_ask ask = held_on("2020-02-01");
	struct reg_histories h;
	uint64_t p[12];

	(void)state;
	three_lists();
	uint64_t both[2] = {row(2, "arrest", "2019-05-01", ""), row(1, "custody", "", "")};
	p[0] = row(2, "arrest", "2019-05-02", "");           /* held; released, says Birlik */
	p[1] = row(1, "release", "2019-12-01", "");
	row(0, NULL, "", "");                                /* listed, no more */
	p[2] = row(1, "arrest", "2019", "");
	p[3] = row(0, "arrest", "2019-06-01", "");
	uint64_t hand = fx_person("Arzu", "Quliyeva");
	fx_event(hand, "arrest", "2019-01-01", "");
	p[4] = row(2, "arrest", "2018-01-01", "");           /* also typed in by hand */
	p[5] = fx_person("Elnur", "Əliyev");
	fx_event(p[5], "arrest", "2018-01-01", "");
	p[6] = row(2, "arrest", "2019-03-01", "");           /* out of the register */
	p[7] = row(2, "arrest", "2019-03-02", "");           /* erased */
	row(0, "arrest", "2020-03-01", "");                  /* later */
	versions();
	struct draft d = fx_draft("consent");
	fx_refer(&d, "person", p[6]);
	fx_put(&d, "purpose", "register");
	fx_put(&d, "withdrawn", "2020-01-15");
	fx_write(&d);
	assert_status(reg_histories(a, r, &ask, &h, &e), BAD);       /* not linked yet */
	fx_run(both, 2);
	fx_judge(p[0], p[1], "same");
	fx_judge(p[2], p[3], "same");
	fx_judge(p[4], p[5], "same");
	fx_erase(&p[7], 1);
	lists[0] = fx_list("Cəbhə 2");
	row(0, "arrest", "2019-03-01", "");                  /* after the run */
	fx_version(lists[0], 1, "2020-01-01");

	assert_ok(reg_histories(a, r, &ask, &h, &e));
	assert_str(h.question, "status=held on=2020-02-01");
	assert_int_equal(h.c.n_lists, 3);
	assert_str(h.c.names[0], "Araz");                    /* by name */
	assert_int_equal(h.c.n, 4);
	assert_int_equal(on(&h, "AB"), 1);
	assert_int_equal(on(&h, "A"), 2);
	assert_int_equal(on(&h, "BC"), 1);
	assert_left(&h, LEFT_LISTED, 2, 2);                  /* one of them was arrested later */
	assert_left(&h, LEFT_BY_HAND, 2, 1);
	assert_left(&h, LEFT_WITHDRAWN, 1, 1);
	assert_left(&h, LEFT_UNLINKED, 1, 1);
	assert_int_equal(h.disagree, 1);
	assert_int_equal(h.undated, 1);
	assert_true(h.erased >= 1);
	assert_int_equal(h.n_silent, 1);
	assert_str(h.silent[0], "Cəbhə 2");
	assert_str(h.csv, "Araz,Birlik,Cəbhə,count\n1,0,0,2\n1,1,0,1\n0,1,1,1\n");

	/* Some lists only; and 21 months after the lists were made. */
	ask.lists = S("birlik, Cəbhə");
	assert_ok(reg_histories(a, r, &ask, &h, &e));
	assert_int_equal(h.c.n, 2);
	assert_left(&h, LEFT_OTHER_LIST, 3, 1);               /* the other was typed in too */
	ask.lists = S("Nobody's");
	assert_status(reg_histories(a, r, &ask, &h, &e), BAD);
	ask = held_on("2021-10-01");
	assert_ok(reg_histories(a, r, &ask, &h, &e));
	assert_int_equal(h.c.n, 5);                          /* the later one too */
	assert_int_equal(h.stale, 5);
}

static void
what_happened_in_a_window_is_dated_within_it(void **state)
{
	struct reg_histories_ask ask = happened("death", "2019-06-01", "2019-12-31");
	struct reg_histories h;

	(void)state;
	three_lists();
	uint64_t both[2] = {row(2, "death", "2019-07-01", "Evin"), row(1, "execution", "2019-07", "")};
	row(1, "death", "2019", "");                         /* reaches beyond */
	row(0, "death", "", "");
	row(0, "death", "2019-05-31", "");
	row(0, "arrest", "2019-07-01", "");
	row(0, "death", "2019-12-31", "");
	versions();
	fx_run(both, 2);
	assert_ok(reg_histories(a, r, &ask, &h, &e));
	assert_str(h.question, "event=death from=2019-06-01 to=2019-12-31");
	assert_int_equal(h.c.n, 2);
	assert_int_equal(on(&h, "AB"), 1);
	assert_int_equal(on(&h, "C"), 1);
	assert_left(&h, LEFT_VAGUE, 1, 1);
	assert_left(&h, LEFT_UNDATED, 1, 1);
	assert_int_equal(h.disagree, 0);
	/* Each list must say itself that it was there. */
	ask.filter.facility = S("evin");
	assert_ok(reg_histories(a, r, &ask, &h, &e));
	assert_str(h.question, "prison=evin event=death from=2019-06-01 to=2019-12-31");
	assert_int_equal(h.c.n, 1);
	assert_int_equal(on(&h, "A"), 1);
	assert_left(&h, LEFT_NO_PRISON, 2, 1);
	ask = happened("death", "2019-12-31", "2019-06-01");
	assert_status(reg_histories(a, r, &ask, &h, &e), BAD);
}

static void
a_prison_and_an_event_are_asked_of_each_list(void **state)
{
	struct reg_histories_ask ask = held_on("2020-02-01");
	struct reg_histories h;

	(void)state;
	three_lists();
	uint64_t both[2] = {row(2, "custody", "2019-07-01", "Evin"), row(1, "arrest", "2019-07", "")};
	row(0, "custody", "2019-07-01", "Qızılhisar");
	uint64_t ill = row(0, "custody", "2019-07-01", "Evin Prison");
	fx_listed_event(lists[0], 1, next_row - 1, ill, "torture", "2019-08-01");
	versions();
	fx_run(both, 2);
	ask.filter.facility = S("Evin");
	assert_ok(reg_histories(a, r, &ask, &h, &e));
	assert_int_equal(h.c.n, 2);
	assert_int_equal(on(&h, "A"), 1);
	assert_int_equal(on(&h, "C"), 1);
	assert_left(&h, LEFT_NO_PRISON, 1, 0);
	ask.filter.event = S("torture");
	assert_ok(reg_histories(a, r, &ask, &h, &e));
	assert_int_equal(h.c.n, 1);
	assert_int_equal(on(&h, "C"), 1);
	/* Whom no list has can be neither confirmed nor sorted. */
	ask.filter.confirmed = 1;
	assert_status(reg_histories(a, r, &ask, &h, &e), BAD);
	ask = held_on("1990-01-01");
	assert_status(reg_histories(a, r, &ask, &h, &e), BAD);
}

static void
headings_are_told_apart(void **state)
{
	struct reg_histories_ask ask = held_on("2020-02-01");
	struct reg_histories h;

	(void)state;
	lists[0] = fx_list("Count");
	lists[1] = fx_list("BİRLİK");
	lists[2] = fx_list("birlik");
	uint64_t both[2] = {row(2, "arrest", "2019-05-01", ""), row(1, "arrest", "2019-05-01", "")};
	row(0, "arrest", "2019-05-03", "");
	versions();
	fx_run(both, 2);
	assert_ok(reg_histories(a, r, &ask, &h, &e));
	assert_int_equal(h.c.n_lists, 3);
	assert_true(str_starts(h.csv, "BİRLİK,Count (2),birlik (2),count\n"));
}

static void
lists_of_one_organisation_are_one(void **state)
{
	struct reg_histories_ask ask = held_on("2020-02-01");
	struct reg_histories h;

	(void)state;
	three_lists();
	uint64_t both[2] = {row(2, "arrest", "2019-05-01", ""), row(1, "arrest", "2019-05-01", "")};
	row(0, "arrest", "2019-05-03", "");
	versions();
	fx_amend(lists[2], "publisher", "Z Society");
	fx_amend(lists[1], "publisher", "Z Society");
	fx_run(both, 2);
	ask.by_organisation = true;
	assert_ok(reg_histories(a, r, &ask, &h, &e));
	assert_int_equal(h.c.n_lists, 2);
	assert_int_equal(on(&h, "Z"), 1);
	assert_int_equal(on(&h, "C"), 1);
}

/* What another program wrote is read with care: no number without both its ends. */
static uint64_t
estimate(const char *question, const struct str *methods, size_t n)
{
	struct draft d = fx_draft("estimate");

	d.slot[field_slot("estimate", "question")] = value_text(a, str_of(question));
	d.slot[field_slot("estimate", "methods")] = value_texts(a, methods, n);
	d.slot[field_slot("estimate", "listed")] = value_number(a, 5);
	return fx_write(&d);
}

static void
an_estimate_is_read_whole_or_withheld(void **state)
{
	const struct str lines[] = {S("chao 9 7 - said"), S("graphs 12 8 - said"),
		S("latent 11 8 20 tomorrow"), S("tarot 13 8 20 said"), S("loglinear 12 8 20"),
		S("stepwise 12 8 20 said more")};
	const struct str good[] = {S("chao 9 7 12 said"), S("least 8 6 9 said"), S("graphs 12 8 30 said"),
		S("latent 11 6 20 said"), S("loglinear - - - disagree")};
	struct reg_toll t, *all;
	struct str text;
	size_t n;
	uint64_t p;

	(void)state;
	p = estimate("status=held on=2020-02-01", lines, 6);
	assert_ok(reg_toll_find(a, r, fx_id(p), &t, &e));
	assert_int_equal(t.n_methods, 3);
	assert_int_equal(t.methods[0].why, RECKON_SAID);     /* a bound needs no upper end */
	assert_int_equal(t.methods[1].why, RECKON_NO_UPPER);
	assert_int_equal(t.methods[2].why, RECKON_NOT_DONE);
	assert_int_equal(t.said, 0);
	assert_status(reg_toll_text(a, &t, TOLL_WHOLE, LANG_EN, &text, &e), NO);
	p = estimate("prison=\"Evin Prison\" event=death from=2019-06-01 to=2019-12-31", good, 5);
	assert_ok(reg_toll_find(a, r, fx_id(p), &t, &e));
	assert_int_equal(t.n_methods, 4);                    /* Chao's formula not beside it */
	assert_int_equal(t.said, 2);
	assert_int_equal(t.span.lower, 6);
	assert_int_equal(t.span.upper, 30);
	assert_str(reg_toll_question(a, t.question, LANG_EN),
		"dead from 1 June 2019 to 31 December 2019, prison Evin Prison");
	assert_ok(reg_toll_text(a, &t, TOLL_WHOLE, LANG_EN, &text, &e));
	assert_true(str_has(text, "between 6 and 30: "));
	assert_true(str_has(text, "best by BIC: withheld: families of models disagree"));
	assert_true(str_has(text, "at least about 6,"));
	estimate("nonsense", good, 0);
	assert_ok(reg_tolls(a, r, &all, &n, &e));
	assert_int_equal(n, 3);
	assert_str(reg_toll_question(a, all[2].question, LANG_EN), "nonsense");
	assert_status(reg_toll_find(a, r, fx_id(fx_person("Arzu", "Quliyeva")), &t, &e), BAD);
}

/* A record that another program wrote, or somebody who means harm: every slot of it. */
static struct bytes
forged(struct reckon_random *x, unsigned slot)
{
	static const char *const words[] = {"", "chao 9 7 12 said", "graphs 12 30 8 said", "graphs -1 -1 -1 said",
		"latent 18446744073709551615 9007199254740993 18446744073709551615 said",
		"latent 9 9 9 said", "graphs nan inf 1e9 said", "stepwise 5 5 5 said",
		"undated 18446744073709551615 9", "status=held on=2020-02-01 prison=\"[x](http://y)\n\n# At least 9\"",
		"event=death from=9999-99-99 to=", "prison=", "\xe2\x80\xae<script>alert(1)</script>", "\033[2J",
		" from= from=", "* bold _x_ ![i](j)"};
	enum { WORDS = sizeof words / sizeof *words, MANY = 3000 };
	struct str *v = NEWS(a, struct str, MANY);
	size_t n = reckon_random_below(x, 8) ? reckon_random_below(x, 9) : MANY;

	for (size_t i = 0; i < n; i++)
		v[i] = str_of(words[reckon_random_below(x, WORDS)]);
	switch (reckon_random_below(x, 6)) {
	case 0: return value_text(a, v[0].n ? v[0] : S("x"));
	case 1: return value_number(a, (int64_t)reckon_random_u64(x));
	case 2: return value_bytes(a, (struct bytes){(const uint8_t *)words[2], 9});
	case 3: return (struct bytes){(const uint8_t *)"\x9f\xff\xff", reckon_random_below(x, 4)};
	default: return slot == field_slot("estimate", "listed") ? value_number(a, 7)
		: slot == field_slot("estimate", "question") ? value_text(a, v[1].n ? v[1] : S("y"))
		: value_texts(a, v, n);
	}
}

/* A character of Markdown that is not escaped, of what only a record can have brought. */
/* Beside code, of which the text has its own. */
static bool
has_markup(struct str s)
{
	for (size_t i = 1; i < s.n; i++) {
		if (s.p[i] == '`' && s.p[i - 1] != '\\')
			for (i++; i < s.n && s.p[i] != '`'; i++)
				assert_true(s.p[i] >= ' ' && s.p[i] < 0x7f);
		else if (strchr("<>[]!_", (char)s.p[i]) && s.p[i - 1] != '\\')
			return true;
	}
	return false;
}

static void
check_read(const struct reg_toll *t)
{
	struct str text;

	assert_true(t->n_methods <= 7 && t->listed >= 0);
	for (size_t i = 0; i < t->n_methods; i++) {
		const struct reg_toll_method *m = &t->methods[i];
		if (m->why != RECKON_SAID)
			assert_true(isnan(m->n) && isnan(m->lower) && isnan(m->upper));
		else
			assert_true(m->lower >= 0 && m->lower < 1e16 && !(m->upper < m->lower));
	}
	for (enum lang l = LANG_EN; l <= LANG_AZ; l++) {
		if (reg_toll_text(a, t, TOLL_WHOLE, l, &text, &e) != OK)
			continue;
		assert_true(utf8_valid(str_bytes(text)));
		assert_false(has_markup(text));
		assert_false(str_has(text, "\n# At least"));
		assert_false(str_has(text, "\033") || str_has(text, "\xe2\x80\xae"));
	}
}

static void
a_forged_estimate_is_read_with_care(void **state)
{
	static const char *const fields[] = {"question", "by", "lists", "counts", "hash", "listed",
		"methods", "said", "seed", "version", "upto", "left", "options"};
	enum { RECORDS = 400, FIELDS = sizeof fields / sizeof *fields };
	struct reckon_random x;
	struct reg_toll *all;
	size_t n;

	(void)state;
	reckon_random_init(&x, 4, 0);
	for (size_t i = 0; i < RECORDS; i++) {
		struct bytes slot[SLOTS] = {{0}};
		struct reg_toll t;
		for (size_t k = 0; k < FIELDS; k++)
			slot[field_slot("estimate", fields[k])] = forged(&x, field_slot("estimate", fields[k]));
		if (toll_read_slots(a, slot, &t, &e) == OK)
			check_read(&t);
		n = i;
	}
	assert_int_equal(n, RECORDS - 1);
	/* One that contradicts its own counts is none, and hides no other. */
	struct draft d = fx_draft("estimate");
	const struct str line[] = {S("graphs 12 8 30 said")};
	d.slot[field_slot("estimate", "question")] = value_text(a, S("status=held on=2020-02-01"));
	d.slot[field_slot("estimate", "methods")] = value_texts(a, line, 1);
	d.slot[field_slot("estimate", "listed")] = value_number(a, 5);
	d.slot[field_slot("estimate", "counts")] = value_text(a, S("a,b,count\n1,1,5\n"));
	d.slot[field_slot("estimate", "hash")] = value_bytes(a, (struct bytes){(const uint8_t *)PASS.p, 8});
	uint64_t p = fx_write(&d);
	estimate("status=held on=2020-02-01", line, 1);
	assert_ok(reg_tolls(a, r, &all, &n, &e));
	assert_int_equal(n, 1);
	struct reg_toll t;
	assert_status(reg_toll_find(a, r, fx_id(p), &t, &e), BAD);
}

/* Everybody has one name, so that without judgements anything could be drawn. */
static void
linkages_drawn_obey_judgements_and_know_nobody_newer(void **state)
{
	struct reg_histories_ask ask = held_on("2020-02-01");
	struct reg_histories h;
	uint64_t p[4];

	(void)state;
	three_lists();
	uint64_t both[2] = {row(2, "arrest", "2019-05-01", ""), row(1, "custody", "", "")};
	p[0] = row(0, "arrest", "2019-05-01", "");
	p[1] = row(0, "release", "2019-12-01", "");
	versions();
	fx_run(both, 2);
	fx_judge(both[0], both[1], "same");
	fx_judge(both[0], p[0], "not-same");
	fx_judge(both[1], p[1], "not-same");
	fx_judge(p[0], p[1], "not-same");
	lists[0] = fx_list("Cəbhə 2");
	row(0, "arrest", "2019-05-01", "");                  /* after the run */
	fx_version(lists[0], 1, "2020-01-01");

	assert_ok(reg_histories(a, r, &ask, &h, &e));
	assert_int_equal(h.n_linkages, 0);
	assert_int_equal(h.left[LEFT_UNLINKED].claims, 1);
	ask.linkages = 7;
	ask.seed = 3;
	assert_ok(reg_histories(a, r, &ask, &h, &e));
	assert_int_equal(h.n_linkages, 7);
	assert_int_equal(h.left[LEFT_UNLINKED].claims, 1);   /* told once, not eight times */
	assert_int_equal(h.c.n, 2);
	for (size_t i = 0; i < h.n_linkages; i++) {
		struct reg_histories drawn = {.c = h.linkage[i]};
		assert_int_equal(drawn.c.n_lists, 3);
		assert_int_equal(drawn.c.n, 2);
		assert_int_equal(on(&drawn, "AB"), 1);
		assert_int_equal(on(&drawn, "C"), 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, fx_setup, fx_teardown)
		T(who_was_held_on_a_day_stands_on_the_lists_that_say_so),
		T(what_happened_in_a_window_is_dated_within_it),
		T(a_prison_and_an_event_are_asked_of_each_list),
		T(headings_are_told_apart), T(lists_of_one_organisation_are_one),
		T(linkages_drawn_obey_judgements_and_know_nobody_newer),
		T(an_estimate_is_read_whole_or_withheld),
		T(a_forged_estimate_is_read_with_care),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
