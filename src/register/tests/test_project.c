/* The index is a projection: however it came about, it equals one built anew; and
 * whatever is wrong with its file, nobody notices but by the time it takes. */
#include "reg_fixture.h"
#include <unistd.h>

static uint64_t
determination(uint64_t person, bool confirmed)
{
	struct draft d = fx_draft("determination");

	fx_refer(&d, "person", person);
	fx_put(&d, "confirmed", confirmed ? "yes" : "no");
	return fx_write(&d);
}

static uint64_t
consent(uint64_t person, const char *purpose)
{
	struct draft d = fx_draft("consent");

	fx_refer(&d, "person", person);
	fx_put(&d, "purpose", purpose);
	fx_put(&d, "basis", "consent");
	return fx_write(&d);
}

static bool
confirmed(uint64_t pos)
{
	struct reg_line line;

	assert_true(fx_line(pos, "", &line));
	return line.confirmed;
}

static void
every_kind_of_step_leaves_what_a_rebuild_makes(void **state)
{
	uint64_t p[4], judged, event;

	(void)state;
	fx_assert_rebuilds("nothing");
	p[0] = fx_person("Zeynab", "Əliyeva");
	p[1] = fx_person("زینب", "علی‌اوا");
	p[2] = fx_person("Elxan", "Rzayev");
	fx_assert_rebuilds("add");
	event = fx_event(p[0], "arrest", "2019-03-01", "Evin");
	fx_assert_rebuilds("event");
	fx_amend(p[0], "given", "Zeynəb");
	fx_amend(event, "date", "1397-12");
	fx_assert_rebuilds("amend");
	fx_amend(p[0], "family", "");
	fx_assert_rebuilds("withdraw");
	judged = fx_judge(p[0], p[1], "same");
	fx_assert_rebuilds("judgement");
	fx_amend(judged, "verdict", "unsure");
	fx_assert_rebuilds("judgement amended");
	fx_run(p, 3);
	assert_int_equal(fx_cluster(p[2]), p[0]);
	fx_assert_rebuilds("run");
	fx_amend(p[2], "family", "Rzazadə");
	assert_int_equal(fx_cluster(p[2]), p[0]);
	fx_assert_rebuilds("amend a member");
	p[3] = fx_person("Sona", "Rzayeva");
	uint64_t newer = fx_run(p + 2, 2);
	assert_int_equal(fx_cluster(p[2]), p[2]);
	fx_assert_rebuilds("second run, the former's pairs dropped");
	assert_int_equal(fx_cluster(p[3]), p[2]);
	consent(p[0], "letter");
	fx_amend(consent(p[1], "public"), "withdrawn", "2026-01-01");
	fx_assert_rebuilds("consent");
	assert_ok(node_officer_add(reg_node(r), S("Kamran"), S("documenter"),
		str_bytes(S("another one")), &e));
	assert_ok(reg_follow(r, &e));
	fx_assert_rebuilds("officer");
	fx_erase(&event, 1);
	fx_assert_rebuilds("erasure of an event");
	fx_erase(&newer, 1);
	assert_int_equal(fx_cluster(p[3]), p[3]);
	fx_assert_rebuilds("erasure of a run");
	fx_erase(p, 1);
	fx_assert_rebuilds("erasure of a person");
}

static void
rows_count_when_their_version_is_there_and_until_it_is_undone(void **state)
{
	uint64_t list = fx_list("Birlik"), p[3], version, hand;
	struct reg_line line;
	struct str said;

	(void)state;
	p[0] = fx_listed(list, 1, 2, "Vüqar", "Həsənov");
	fx_listed_event(list, 1, 2, p[0], "arrest", "2019-05-01");
	p[1] = fx_listed(list, 1, 3, "Arzu", "Quliyeva");
	assert_false(fx_line(p[0], "", &line));
	fx_assert_rebuilds("pending rows");
	version = fx_version(list, 1, "2020-01-01");
	assert_true(fx_line(p[0], "", &line));
	assert_str(line.status[0].status, "held");
	fx_assert_rebuilds("list version");
	hand = fx_person("Vüqar", "Həsənov");
	p[2] = hand;
	fx_run((uint64_t[]){p[0], p[1], hand}, 3);
	fx_amend(p[1], "note", "seen in court");
	/* The next version changes a row. */
	struct draft d = fx_draft("person");
	fx_put(&d, "given", "Vuqar");
	fx_row(&d, list, 2, 2);
	struct record first = fx_get(p[0]);
	d.slot[SLOT_AMENDS] = value_ref(a, first.hash);
	fx_write(&d);
	assert_true(fx_line(p[0], "", &line));
	assert_str(line.given, "Vüqar");
	fx_assert_rebuilds("pending amendment");
	uint64_t second = fx_version(list, 2, "2020-06-01");
	assert_true(fx_line(p[0], "", &line));
	assert_str(line.given, "Vuqar");
	fx_assert_rebuilds("amendment counts");
	assert_ok(reg_undo(a, r, fx_id(second), S("wrong file"), &said, &e));
	assert_true(fx_line(p[0], "", &line));
	assert_str(line.given, "Vüqar");
	fx_assert_rebuilds("second version undone");
	assert_ok(reg_undo(a, r, fx_id(version), S("wrong list"), &said, &e));
	assert_false(fx_line(p[0], "", &line));
	assert_true(fx_line(hand, "", &line));
	fx_assert_rebuilds("both undone");
}

static void
those_whose_first_record_was_undone_stay_together(void **state)
{
	uint64_t list = fx_list("Araz"), p[3];
	struct str said;

	(void)state;
	p[0] = fx_listed(list, 1, 2, "Sara", "Kərimli");
	uint64_t version = fx_version(list, 1, "2020-01-01");
	p[1] = fx_person("Sara", "Kerimli");
	p[2] = fx_person("سارا", "کریملی");
	fx_run(p, 3);
	assert_int_equal(fx_cluster(p[2]), p[0]);
	assert_ok(reg_undo(a, r, fx_id(version), S("wrong list"), &said, &e));
	assert_int_equal(fx_cluster(p[2]), p[1]);
	/* The number that went with its record leads to those who are left. */
	assert_int_equal(fx_cluster(p[0]), p[1]);
	fx_assert_rebuilds("the first of a cluster undone");
	fx_erase(&p[1], 1);
	assert_int_equal(fx_cluster(p[2]), p[2]);
	uint64_t nobody;
	assert_status(reg_find_person(r, reg_person_id(a, p[1]), &nobody, &e), NO);
	assert_non_null(strstr(e.text, "erased"));
	fx_assert_rebuilds("the next one erased");
}

static void
the_newest_determination_that_is_left_speaks(void **state)
{
	uint64_t p = fx_person("Arash", "Rahimi"), yes, no;

	(void)state;
	yes = determination(p, true);
	assert_true(confirmed(p));
	no = determination(p, false);
	assert_false(confirmed(p));
	fx_assert_rebuilds("two determinations");
	fx_erase(&no, 1);
	assert_true(confirmed(p));
	fx_assert_rebuilds("the newer one erased");
	fx_erase(&yes, 1);
	assert_false(confirmed(p));
	fx_assert_rebuilds("both erased");
}

static void
an_erased_amendment_gives_back_what_it_changed(void **state)
{
	uint64_t p = fx_person("Nigar", "Abbasova"), amendment;
	struct reg_line line;

	(void)state;
	fx_amend(p, "given", "Nərgiz");
	amendment = node_info(reg_node(r))->size - 1;
	fx_erase(&amendment, 1);
	assert_true(fx_line(p, "", &line));
	assert_str(line.given, "Nigar");
	fx_assert_rebuilds("an amendment erased");
}

/* --- a file that is not what it should be -------------------------------------------- */

static const char *
index_file(void)
{
	return str_fmt(a, "%s/index.db", path).p;
}

static void
overwrite(const char *file, long at, const char *bytes, size_t n)
{
	FILE *f = fopen(file, "r+");

	assert_non_null(f);
	assert_int_equal(fseek(f, at, SEEK_SET), 0);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static void
reopen_and_find(uint64_t pos)
{
	struct reg_line line;

	assert_ok(reg_open(&r, path, NODE_WRITE, PASS, &e));
	assert_true(fx_line(pos, "", &line));
	fx_assert_rebuilds("opening a ruin");
}

static void
close_it(void)
{
	reg_close(r);
	r = NULL;
}

static void
a_ruined_index_is_built_anew_silently(void **state)
{
	uint64_t p = fx_person("Samir", "Bağırov");
	static const char noise[64] = "this is not what stood here before, in no way at all, not so";
	struct bytes old;

	(void)state;
	close_it();
	assert_ok(os_remove(index_file(), &e));
	reopen_and_find(p);
	close_it();
	overwrite(index_file(), 0, noise, sizeof noise);
	reopen_and_find(p);
	close_it();
	assert_int_equal(truncate(index_file(), 5000), 0);
	reopen_and_find(p);
	/* Half-written: its writer died. */
	close_it();
	FILE *f = fopen(str_fmt(a, "%s.dirty", index_file()).p, "w");
	assert_non_null(f);
	assert_int_equal(fclose(f), 0);
	reopen_and_find(p);
	/* Stale: of before the last records. */
	close_it();
	assert_ok(os_read_file(a, index_file(), 64 << 20, &old, &e));
	assert_ok(reg_open(&r, path, NODE_WRITE, PASS, &e));
	uint64_t q = fx_person("Rəna", "Səmədova");
	close_it();
	f = fopen(index_file(), "w");
	assert_non_null(f);
	assert_int_equal(fwrite(old.p, 1, old.n, f), old.n);
	assert_int_equal(fclose(f), 0);
	reopen_and_find(q);
}

static void
a_copied_directory_lists_though_nobody_may_write(void **state)
{
	uint64_t p = fx_person("Gülnar", "Məmmədova");
	struct reg *own = r;
	struct reg_line line;
	char kept[sizeof path];

	(void)state;
	assert_ok(node_publish(reg_node(r), &e));
	memcpy(kept, path, sizeof kept);
	snprintf(path, sizeof path, "%s/b.habeas", place);
	reg_close(own);
	assert_int_equal(system(str_fmt(a, "cp -r '%s' '%s'", kept, path).p), 0);
	assert_ok(reg_open(&r, path, NODE_READ, PASS, &e));
	assert_true(node_info(reg_node(r))->read_only);
	assert_true(fx_line(p, "", &line));
	reg_close(r);
	memcpy(path, kept, sizeof kept);
	assert_ok(reg_open(&r, path, NODE_WRITE, PASS, &e));
}

/* --- a walk ------------------------------------------------------------------------------ */

static uint64_t seed = 20200327;

static unsigned
pick(size_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)((seed >> 33) % n);
}

struct walk {
	VEC(uint64_t) persons, others;
	uint64_t list, pending_event;
	unsigned version;
	bool open;                           /* rows of `version` are pending */
};

static void
take(uint64_t *v, size_t *n, size_t i)
{
	v[i] = v[--*n];
}

static bool
counts(uint64_t pos)
{
	struct now w;

	return index_now(a, r, pos, &w, NULL) == OK;
}

static void
step(struct walk *w)
{
	static const char *const names[] = {"Əli", "Ali", "علی", "Али", "Zəhra", "زهرا", "Elnur"};
	static const char *const types[] = {"arrest", "release", "death", "transfer"};
	static const char *const dates[] = {"2019-05-01", "1398", "", "2020-03"};
	static const char *const verdicts[] = {"same", "not-same", "unsure"};
	unsigned what = pick(20);
	size_t n = w->persons.n;

	if (n < 3 || what < 4) {
		VEC_PUSH(a, &w->persons) = fx_person(names[pick(7)], names[pick(7)]);
		return;
	}
	size_t i = pick(n), k = pick(n);
	uint64_t x = w->persons.v[i], y = w->persons.v[k];
	if (what < 7) {
		VEC_PUSH(a, &w->others) = fx_event(x, types[pick(4)], dates[pick(4)], "Evin");
	} else if (what < 9 && counts(x)) {
		/* May say what stands there already. */
		struct reg_change c = {S("family"), pick(3) ? str_of(names[pick(7)]) : S("")};
		(void)!reg_amend(r, fx_id(x), &c, 1, S("why"), NULL, &e);
	} else if (what < 12 && x != y) {
		VEC_PUSH(a, &w->others) = fx_judge(x, y, verdicts[pick(3)]);
	} else if (what == 12) {
		fx_run(w->persons.v, n < 5 ? n : 5);
	} else if (what == 13) {
		VEC_PUSH(a, &w->others) = determination(x, pick(2));
	} else if (what < 16) {
		w->version += !w->open;
		w->open = true;
		VEC_PUSH(a, &w->persons) = fx_listed(w->list, w->version, 2 + pick(50),
			names[pick(7)], names[pick(7)]);
	} else if (what == 16 && w->open) {
		w->open = false;
		fx_version(w->list, w->version, "2020-01-01");
	} else if (what == 17 && w->others.n) {
		size_t at = pick(w->others.n);
		uint64_t pos = w->others.v[at];
		take(w->others.v, &w->others.n, at);
		fx_erase(&pos, 1);
	} else if (what == 18) {
		take(w->persons.v, &w->persons.n, i);
		fx_erase(&x, 1);
	} else if (what == 19 && w->version && !w->open) {
		struct str said;
		(void)!reg_undo(a, r, str_fmt(a, "Walk %u", w->version), S("why"), &said, &e);
	}
}

static void
two_hundred_random_steps_leave_what_a_rebuild_makes(void **state)
{
	struct walk w = {.list = fx_list("Walk")};

	(void)state;
	for (unsigned i = 1; i <= 200; i++) {
		step(&w);
		fx_assert_whole(str_fmt(a, "step %u", i).p);
		if (i % 10 == 0)
			fx_assert_rebuilds(str_fmt(a, "step %u", i).p);
	}
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fx_setup, fx_teardown)
	const struct CMUnitTest tests[] = {
		T(every_kind_of_step_leaves_what_a_rebuild_makes),
		T(rows_count_when_their_version_is_there_and_until_it_is_undone),
		T(those_whose_first_record_was_undone_stay_together),
		T(the_newest_determination_that_is_left_speaks),
		T(an_erased_amendment_gives_back_what_it_changed),
		T(a_ruined_index_is_built_anew_silently),
		T(a_copied_directory_lists_though_nobody_may_write),
		T(two_hundred_random_steps_leave_what_a_rebuild_makes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
