/* Review: zones and order by hand-worked examples, officers, contradictions, samples. */
#include "reg_fixture.h"
#include <math.h>
#include "register/review_int.h"

struct told { uint32_t left, right; double p; };

/* A run over these persons (ascending); mate[i]: the first of i's cluster. */
static uint64_t
run_of(const uint64_t *pos, size_t n, const uint32_t *mate, const struct told *t, size_t n_t)
{
	struct draft d = fx_draft("linker-run");
	uint8_t level[MATCH_FIELDS] = {1}, hash[SEAL_HASH];
	size_t joined = 0;
	struct buf b, hashes;

	buf_init(&b, 1 << 20);
	buf_init(&hashes, 1 << 20);
	for (size_t i = 0; i < n; i++) {
		buf_put(&hashes, fx_get(pos[i]).hash, SEAL_HASH);
		joined += mate[i] != i;
	}
	cbor_put_array(&b, 4);
	cbor_put_uint(&b, 1);
	cbor_put_bytes(&b, buf_bytes(&hashes));
	cbor_put_array(&b, joined);
	for (size_t i = 0; i < n; i++)
		if (mate[i] != i) {
			cbor_put_array(&b, 2);
			cbor_put_uint(&b, i);
			cbor_put_uint(&b, mate[i]);
		}
	cbor_put_array(&b, n_t);
	for (size_t i = 0; i < n_t; i++) {
		cbor_put_array(&b, 5);
		cbor_put_uint(&b, t[i].left);
		cbor_put_uint(&b, t[i].right);
		cbor_put_int(&b, (int64_t)lround(1000 * log2(t[i].p / (1 - t[i].p))));
		cbor_put_int(&b, (int64_t)lround(t[i].p * 1e6));
		cbor_put_bytes(&b, BYTES(level));
	}
	d.blob = (struct bytes){arena_copy(a, b.p, b.n), b.n};
	d.blob_slot = field_slot("linker-run", "blob");
	seal_sha256(d.blob, hash);
	d.slot[field_slot("linker-run", "hash")] = value_bytes(a, BYTES(hash));
	buf_finish(&b);
	buf_finish(&hashes);
	return fx_write(&d);
}

static uint64_t p[64];

static void
persons(size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[i] = fx_person("Nigar", "Quliyeva");
}

static struct reg_zones zones;
static struct reg_pair *pairs;
static size_t n_pairs, n_of;

static void
queue(enum reg_review_which which, int zone)
{
	const struct reg_review_want w = {.which = which, .zone = zone};

	assert_ok(reg_review_queue(a, r, &w, &zones, &pairs, &n_pairs, &n_of, &e));
}

static const struct reg_pair *
find(uint64_t left, uint64_t right)
{
	for (size_t i = 0; i < n_pairs; i++)
		if (pairs[i].left == left && pairs[i].right == right)
			return &pairs[i];
	return NULL;
}

static void
assert_near(double is, double want)
{
	if (!(fabs(is - want) < 5e-4))
		fail_msg("%.6f, not %.6f", is, want);
}

static const struct told triangle[] = {{0, 1, 0.7}, {1, 2, 0.9}, {0, 2, 0.8}, {3, 4, 0.4},
	{5, 6, 0.7}, {6, 7, 0.3}};
static const uint32_t triangle_mate[] = {0, 0, 0, 3, 4, 5, 5, 7};

static void
zones_hold_one_percent_of_errors(void **state)
{
	/* Joined pairs 0-1, 2-3 …; mean error of the first three 0.4 %, of four 1.05 %.
	 * Expected matches 5.818 + 0.67 = 6.488; 0.01 + 0.02 of them are 0.46 %, with
	 * 0.04 it would be 1.08 %. */
	static const struct told t[] = {{0, 1, 0.999}, {2, 3, 0.999}, {4, 5, 0.99}, {6, 7, 0.97},
		{8, 9, 0.96}, {10, 11, 0.9}, {0, 2, 0.6}, {0, 4, 0.04}, {0, 6, 0.02}, {0, 8, 0.01}};
	static const uint32_t mate[] = {0, 0, 2, 2, 4, 4, 6, 6, 8, 8, 10, 10};

	(void)state;
	persons(12);
	run_of(p, 12, mate, t, 10);
	queue(REVIEW_OPEN, -1);
	assert_near(zones.sure_from, 0.99);
	assert_near(zones.wrong, 0.004);
	assert_near(zones.not_below, 0.02);
	assert_near(zones.missed, 0.03 / 6.488);
	assert_int_equal(zones.pairs[ZONE_SURE], 3);
	assert_int_equal(zones.pairs[ZONE_GREY], 5);
	assert_int_equal(zones.pairs[ZONE_NOT], 2);
}

static void
before_a_run_there_is_no_queue(void **state)
{
	const struct reg_review_want w = {.zone = -1};

	(void)state;
	persons(2);
	assert_status(reg_review_queue(a, r, &w, &zones, &pairs, &n_pairs, &n_of, &e), BAD);
	assert_non_null(strstr(e.text, "habeas link"));
}

static void
what_would_change_the_count_most_comes_first(void **state)
{
	(void)state;
	persons(8);
	run_of(p, 8, triangle_mate, triangle, 6);
	queue(REVIEW_OPEN, -1);
	/* Inside the triangle each pair is held by the way over the third record. */
	static const struct { size_t left, right; double effect; } want[] = {
		{3, 4, 0.4}, {5, 6, 0.3}, {0, 1, 0.3 * (1 - 0.72)}, {0, 2, 0.2 * (1 - 0.63)},
		/* Of {5, 6} and 7 the run kept one pair of two: the other has at most 1 %,
		 * -6.629 bits; with log2(0.3/0.7) = -1.222 the mean is -3.926 bits. */
		{6, 7, 0.0617}, {1, 2, 0.1 * (1 - 0.56)},
	};
	assert_int_equal(n_pairs, 6);
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(pairs[i].left, p[want[i].left]);
		assert_int_equal(pairs[i].right, p[want[i].right]);
		assert_near(pairs[i].effect, want[i].effect);
	}
	/* What a person said holds: 0-1 now by 0.8 times 1. */
	fx_judge(p[1], p[2], "same");
	queue(REVIEW_OPEN, -1);
	assert_int_equal(n_pairs, 5);
	assert_near(find(p[0], p[1])->effect, 0.3 * (1 - 0.8));
	/* Kept apart: nothing to ask between the two. */
	fx_judge(p[5], p[7], "not-same");
	queue(REVIEW_OPEN, -1);
	assert_null(find(p[6], p[7]));
}

static void
of_pairs_between_two_persons_one_is_asked(void **state)
{
	static const struct told t[] = {{0, 1, 0.999}, {2, 3, 0.999}, {0, 2, 0.2}, {0, 3, 0.5},
		{1, 3, 0.4}};
	static const uint32_t mate[] = {0, 0, 2, 2};

	(void)state;
	persons(4);
	run_of(p, 4, mate, t, 5);
	queue(REVIEW_OPEN, ZONE_GREY);
	assert_int_equal(n_pairs, 1);
	assert_non_null(find(p[0], p[3]));
}

/* --- officers --------------------------------------------------------------------- */

static const char *const others[] = {"Babak words", "Cavid words", "Davud words"};

static struct bytes
pass_of(const char *s)
{
	return (struct bytes){(const uint8_t *)s, strlen(s)};
}

static void
as(int officer)
{
	reg_close(r);
	r = NULL;
	assert_ok(reg_open(&r, path, NODE_WRITE, officer ? pass_of(others[officer - 1]) : PASS, &e));
}

static void
four_officers(void)
{
	static const struct str names[] = {{"Babak", 5}, {"Cavid", 5}, {"Davud", 5}};

	for (size_t i = 0; i < 3; i++)
		assert_ok(node_officer_add(reg_node(r), names[i], S("reviewer"),
			pass_of(others[i]), &e));
	assert_ok(reg_follow(r, &e));
}

static void
say_to(uint64_t left, uint64_t right, const char *verdict, uint8_t hash[SEAL_HASH])
{
	const struct reg_judged j = {.verdict = str_of(verdict), .ground = S("names"),
		.reason = S("the same father"), .zone = ZONE_GREY};

	assert_ok(reg_review_say(r, left, right, &j, hash, &e));
}

static bool
one(uint64_t x, uint64_t y)
{
	return fx_cluster(x) == fx_cluster(y);
}

static void
two_officers_must_agree_where_the_register_asks(void **state)
{
	uint8_t hash[SEAL_HASH];

	(void)state;
	four_officers();
	persons(8);
	run_of(p, 8, triangle_mate, triangle, 6);
	assert_ok(reg_review_rule(r, 2, &e));
	assert_status(reg_review_rule(r, 2, &e), NO);
	assert_status(reg_review_rule(r, 3, &e), BAD);
	queue(REVIEW_OPEN, -1);
	size_t before = n_pairs;
	say_to(p[3], p[4], "same", hash);
	assert_false(one(p[3], p[4]));
	/* Saying it twice is not two. */
	say_to(p[4], p[3], "same", hash);
	assert_false(one(p[3], p[4]));
	queue(REVIEW_OPEN, -1);
	assert_int_equal(n_pairs, before - 1);
	queue(REVIEW_SECOND, -1);
	assert_int_equal(n_pairs, 0);
	queue(REVIEW_MINE, -1);
	assert_int_equal(n_pairs, 1);
	assert_string_equal(pairs[0].mine, "same");

	as(1);
	queue(REVIEW_SECOND, -1);
	assert_int_equal(n_pairs, 1);
	assert_int_equal(pairs[0].state, PAIR_AWAITS);
	assert_string_equal(pairs[0].mine, "");
	say_to(p[3], p[4], "not-same", hash);
	assert_false(one(p[3], p[4]));
	as(2);
	queue(REVIEW_SECOND, -1);
	assert_int_equal(pairs[0].state, PAIR_DISPUTED);
	say_to(p[3], p[4], "same", hash);
	assert_true(one(p[3], p[4]));
	as(3);
	queue(REVIEW_SECOND, -1);
	assert_int_equal(n_pairs, 0);
	/* Two against two: nothing holds any more. */
	say_to(p[3], p[4], "not-same", hash);
	assert_false(one(p[3], p[4]));
	fx_assert_rebuilds("four officers");
	as(0);
	assert_ok(reg_review_rule(r, 1, &e));
	assert_false(one(p[3], p[4]));       /* the newest word says so */
	fx_assert_rebuilds("another rule");
}

static void
the_rule_is_applied_to_what_was_said_before(void **state)
{
	uint8_t hash[SEAL_HASH];

	(void)state;
	four_officers();
	persons(2);
	say_to(p[0], p[1], "same", hash);
	assert_true(one(p[0], p[1]));
	assert_ok(reg_review_rule(r, 2, &e));
	assert_false(one(p[0], p[1]));
	as(1);
	say_to(p[0], p[1], "same", hash);
	assert_true(one(p[0], p[1]));
	fx_assert_rebuilds("the rule");
}

static void
who_comes_back_with_a_new_key_is_no_second_officer(void **state)
{
	uint8_t hash[SEAL_HASH];

	(void)state;
	four_officers();
	persons(2);
	assert_ok(reg_review_rule(r, 2, &e));
	as(1);
	say_to(p[0], p[1], "same", hash);
	as(0);
	assert_ok(node_officer_revoke(reg_node(r), S("Babak"), S("lost"), &e));
	assert_ok(node_officer_add(reg_node(r), S("Babak"), S("reviewer"), pass_of("new words"), &e));
	reg_close(r);
	r = NULL;
	assert_ok(reg_open(&r, path, NODE_WRITE, pass_of("new words"), &e));
	say_to(p[0], p[1], "same", hash);
	assert_false(one(p[0], p[1]));
	as(2);
	say_to(p[0], p[1], "same", hash);
	assert_true(one(p[0], p[1]));
}

static void
a_judgement_is_taken_back_by_its_author(void **state)
{
	uint8_t first[SEAL_HASH], second[SEAL_HASH];

	(void)state;
	four_officers();
	persons(3);
	say_to(p[0], p[1], "not-same", first);
	say_to(p[0], p[1], "same", second);
	assert_true(one(p[0], p[1]));
	as(1);
	assert_status(reg_review_undo(r, reg_record_id(a, second), &e), BAD);
	as(0);
	assert_ok(reg_review_undo(r, reg_record_id(a, second), &e));
	/* What was said before it holds again: the two are kept apart. */
	fx_run(p, 3);
	assert_false(one(p[0], p[1]));
	assert_status(reg_review_undo(r, reg_record_id(a, second), &e), NO);
	assert_status(reg_review_undo(r, fx_id(p[0]), &e), BAD);
	assert_ok(reg_review_undo(r, reg_record_id(a, first), &e));
	assert_true(one(p[0], p[1]));
	fx_assert_rebuilds("taking back");
}

static void
contradictions_are_refused_in_one_line(void **state)
{
	const struct reg_judged same = {.verdict = S("same"), .zone = -1};
	const struct reg_judged apart = {.verdict = S("not-same"), .zone = -1};
	const struct reg_judged unsure = {.verdict = S("unsure"), .zone = -1};
	uint8_t hash[SEAL_HASH];

	(void)state;
	persons(4);
	say_to(p[0], p[1], "same", hash);
	say_to(p[1], p[2], "same", hash);
	assert_status(reg_review_say(r, p[2], p[0], &apart, hash, &e), BAD);
	assert_non_null(strstr(e.text, str_fmt(a, "P-%llu = P-%llu = P-%llu",
		(unsigned long long)p[2], (unsigned long long)p[1], (unsigned long long)p[0]).p));
	say_to(p[3], p[0], "not-same", hash);
	assert_status(reg_review_say(r, p[2], p[3], &same, hash, &e), BAD);
	assert_non_null(strstr(e.text, "≠"));
	assert_ok(reg_review_say(r, p[2], p[3], &unsure, hash, &e));
	/* The pair itself may be said anew. */
	assert_ok(reg_review_say(r, p[3], p[0], &same, hash, &e));
	assert_true(one(p[3], p[2]));
	assert_status(reg_judge(r, fx_id(p[0]), fx_id(p[2]), S("not-same"), S(""), &e), BAD);
}

static void
an_answer_holds_ground_zone_and_run(void **state)
{
	struct reg_judged j = {.verdict = S("same"), .ground = S("nonsense"), .zone = ZONE_GREY};
	uint8_t hash[SEAL_HASH];
	struct str code;
	unsigned version;
	uint64_t pos;

	(void)state;
	persons(8);
	j.run = run_of(p, 8, triangle_mate, triangle, 6);
	assert_status(reg_review_say(r, p[3], p[4], &j, hash, &e), BAD);
	j.ground = S("dates");
	assert_ok(reg_review_say(r, p[3], p[4], &j, hash, &e));
	assert_ok(reg_find_record(r, reg_record_id(a, hash), &pos, &e));
	struct record rec = fx_get(pos);
	assert_true(get_code(rec.slot[field_slot("judgement", "ground")], &version, &code));
	assert_str(code, "dates");
	assert_true(get_code(rec.slot[field_slot("judgement", "zone")], &version, &code));
	assert_str(code, "grey");
	assert_true(record_has(&rec, field_slot("judgement", "run")));
}

static void
still_asks_only_what_is_open(void **state)
{
	bool still;

	(void)state;
	persons(8);
	run_of(p, 8, triangle_mate, triangle, 6);
	queue(REVIEW_OPEN, -1);
	struct reg_pair pair = *find(p[3], p[4]), far = *find(p[6], p[7]);
	assert_ok(reg_review_still(r, &pair, &still, &e));
	assert_true(still);
	fx_judge(p[3], p[4], "unsure");
	assert_ok(reg_review_still(r, &pair, &still, &e));
	assert_false(still);
	fx_judge(p[5], p[7], "not-same");
	assert_ok(reg_review_still(r, &far, &still, &e));
	assert_false(still);
}

static void
others_write_while_one_thinks(void **state)
{
	struct reg *mine = r;
	uint8_t hash[SEAL_HASH];

	(void)state;
	four_officers();
	persons(4);
	reg_rest(mine);
	assert_status(reg_judge(r, fx_id(p[0]), fx_id(p[1]), S("same"), S(""), &e), BAD);
	reg_rest(mine);
	r = NULL;
	assert_ok(reg_open(&r, path, NODE_WRITE, pass_of(others[0]), &e));
	say_to(p[0], p[1], "same", hash);
	struct reg *theirs = r;
	r = mine;
	reg_rest(theirs);
	assert_ok(reg_go_on(mine, &e));
	assert_true(one(p[0], p[1]));
	say_to(p[2], p[3], "same", hash);
	reg_rest(mine);
	assert_ok(reg_go_on(theirs, &e));
	r = theirs;
	assert_true(one(p[2], p[3]));
	say_to(p[1], p[2], "same", hash);
	reg_close(mine);
	fx_reopen();
	assert_true(one(p[0], p[3]));
	fx_assert_rebuilds("two writers in turn");
	struct verify_report report;
	reg_close(r);
	r = NULL;
	assert_ok(node_verify(path, PASS, &(struct verify_options){.signatures = true}, &report, &e));
	fx_reopen();
	/* Who only reads does not get a pen so. */
	reg_close(r);
	r = NULL;
	assert_ok(reg_open(&r, path, NODE_READ, PASS, &e));
	reg_rest(r);
	assert_status(reg_go_on(r, &e), BAD);
}

/* --- samples ---------------------------------------------------------------------- */

/* 20 persons of two sure records, 10 doubtful pairs joined, 20 parted, 5 of them 2 %. */
static void
many(void)
{
	struct told t[64];
	uint32_t mate[60];
	size_t n = 0;

	persons(60);
	for (uint32_t i = 0; i < 60; i++)
		mate[i] = i - i % 2;
	for (uint32_t i = 0; i < 60; i += 2)
		t[n++] = (struct told){i, i + 1, i < 40 ? 0.9999 : 0.8};
	for (uint32_t i = 0; i < 20; i++)
		t[n++] = (struct told){2 * i, 2 * i + 2, i < 5 ? 0.011 : 0.3};
	run_of(p, 60, mate, t, n);
}

static void
a_sample_is_drawn_again_by_its_seed_and_grows(void **state)
{
	struct reg_sample small, again, large;

	(void)state;
	many();
	assert_status(reg_review_draw(a, r, 0, -1, S(""), &small, &e), BAD);
	assert_ok(reg_review_draw(a, r, 4, -1, S("spring"), &small, &e));
	assert_int_equal(small.n, 12);
	uint64_t size = node_info(reg_node(r))->size;
	assert_ok(reg_review_draw(a, r, 4, -1, S(""), &again, &e));
	assert_int_equal(node_info(reg_node(r))->size, size);
	assert_str(again.seed, "spring");
	assert_ok(reg_review_draw(a, r, 1000, ZONE_GREY, S("spring"), &large, &e));
	assert_int_equal(large.n, 4 + 25 + 4);
	for (size_t i = 0; i < small.n; i++) {
		bool there = false;
		assert_int_equal(again.pairs[i].left, small.pairs[i].left);
		for (size_t k = 0; k < large.n; k++)
			there = there || (large.pairs[k].left == small.pairs[i].left
				&& large.pairs[k].right == small.pairs[i].right);
		assert_true(there);
	}
	/* Another seed draws others. */
	assert_ok(reg_review_draw(a, r, 4, -1, S("autumn"), &again, &e));
	bool other = false;
	for (size_t i = 0; i < again.n; i++)
		other = other || again.pairs[i].left != small.pairs[i].left;
	assert_true(other);
	/* Who is erased drops out of it. */
	fx_erase(&again.pairs[0].left, 1);
	assert_ok(reg_review_draw(a, r, 4, -1, S("autumn"), &large, &e));
	assert_true(large.n < 12);
}

static void
a_sample_tells_precision_and_recall_of_the_run(void **state)
{
	struct reg_sample s;
	struct reg_estimate x;
	uint8_t hash[SEAL_HASH];

	(void)state;
	many();
	assert_status(reg_review_estimate(a, r, &x, &e), NO);
	assert_ok(reg_review_draw(a, r, 1000, -1, S(""), &s, &e));
	assert_int_equal(s.n, 50);
	assert_ok(reg_review_estimate(a, r, &x, &e));
	assert_non_null(x.precision.withheld);
	/* The whole population is judged: 2 of 20 sure and 5 of 10 joined pairs are wrong,
	 * 3 of 15 parted ones are the same. */
	size_t sure = 0, joined = 0, parted = 0;
	for (size_t i = 0; i < s.n; i++) {
		const struct reg_pair *q = &s.pairs[i];
		bool same = q->zone == ZONE_SURE ? sure++ >= 2
			: q->zone == ZONE_GREY && q->joined ? joined++ >= 5
			: q->zone == ZONE_GREY ? parted++ < 3 : false;
		say_to(q->left, q->right, same ? "same" : "not-same", hash);
	}
	assert_ok(reg_review_estimate(a, r, &x, &e));
	assert_null(x.precision.withheld);
	assert_near(x.precision.estimate, (18 + 5) / 30.0);
	assert_near(x.precision.low, (18 + 5) / 30.0);        /* all of them: no width */
	assert_near(x.recall.estimate, 23 / 26.0);
	assert_near(x.recall.high, 23 / 26.0);
	assert_false(x.older);
	many();
	assert_ok(reg_review_estimate(a, r, &x, &e));
	assert_true(x.older);
}

/* Limits as R's prop.test(x, n, correct = FALSE) prints them. */
static void
wilsons_interval_is_as_published(void **state)
{
	struct reg_share s = review_wilson(8, 10, SIZE_MAX);

	(void)state;
	assert_near(s.low, 0.4901625);
	assert_near(s.high, 0.9433178);
	s = review_wilson(0, 10, SIZE_MAX);
	assert_near(s.low, 0);
	assert_near(s.high, 0.2775328);
	/* Half of the population: as if 10 (20 - 1) / (20 - 10) = 19 had been drawn; at 1/2
	 * the half width is z / (2 sqrt(n + z^2)). */
	s = review_wilson(5, 10, 20);
	assert_near(s.low, 0.5 - 1.959964 / (2 * sqrt(19 + 3.841459)));
}

static void
too_few_give_no_figure(void **state)
{
	struct stratum_count s[4] = {{100, 9, 9}, {0, 0, 0}, {50, 0, 10}, {50, 0, 10}};
	struct reg_share x;

	(void)state;
	review_precision(s, &x);
	assert_non_null(x.withheld);
	s[0] = (struct stratum_count){100, 10, 10};
	review_precision(s, &x);
	assert_null(x.withheld);
	review_recall(s, &x);
	assert_null(x.withheld);
	assert_near(x.high, 1);
	assert_true(x.low > 0.5 && x.low < 1);
}

/* Intervals of 95 % hold what is true in about 95 of 100 samples: drawn 2,000 times
 * without replacement from strata of known shares. */
static void
intervals_hold_the_truth(void **state)
{
	static const struct { size_t pairs, same, n; } h[4] = {{400, 388, 60}, {80, 48, 40},
		{100, 25, 40}, {900, 9, 60}};
	const double tp = 388 + 48, fn = 25 + 9;
	size_t precision = 0, recall = 0, rounds = 2000;
	uint64_t seed = 11;

	(void)state;
	for (size_t i = 0; i < rounds; i++) {
		struct stratum_count s[4];
		struct reg_share x;
		for (size_t k = 0; k < 4; k++) {
			size_t left = h[k].pairs, same = h[k].same;
			s[k] = (struct stratum_count){h[k].pairs, 0, h[k].n};
			for (size_t m = 0; m < h[k].n; m++, left--) {
				seed = seed * 6364136223846793005u + 1442695040888963407u;
				if ((seed >> 33) % left < same) {
					s[k].same++;
					same--;
				}
			}
		}
		review_precision(s, &x);
		precision += x.low <= tp / 480 && tp / 480 <= x.high;
		review_recall(s, &x);
		recall += x.low <= tp / (tp + fn) && tp / (tp + fn) <= x.high;
	}
	print_message("coverage: precision %.3f, recall %.3f\n", (double)precision / (double)rounds,
		(double)recall / (double)rounds);
	assert_true(precision > rounds * 93 / 100 && precision < rounds * 99 / 100);
	assert_true(recall > rounds * 93 / 100 && recall < rounds * 99 / 100);
}

/* --- side by side ----------------------------------------------------------------- */

static void
a_pair_shows_both_as_written_with_what_speaks_for_it(void **state)
{
	static const struct told t[] = {{0, 1, 0.6}};
	static const uint32_t mate[] = {0, 1};
	struct reg_pair_shown s;
	bool given = false;

	(void)state;
	p[0] = fx_person("Əlirza", "Məmmədov");
	p[1] = fx_person("علیرضا", "محمدی");
	fx_event(p[0], "arrest", "1398/10/12", "Evin");
	run_of(p, 2, mate, t, 1);
	queue(REVIEW_OPEN, -1);
	assert_int_equal(n_pairs, 1);
	assert_ok(reg_review_show(a, r, &pairs[0], LANG_EN, &s, &e));
	for (size_t i = 0; i < s.n_rows; i++) {
		const struct reg_pair_row *row = &s.rows[i];
		if (str_is(row->label, "Given name")) {
			given = true;
			assert_str(row->text[0], "Əlirza");
			assert_str(row->text[1], "علیرضا");
			assert_true(row->bits > 2);
			assert_non_null(strstr(str_cstr(a, row->meant[0]), "'LRZ"));
		}
		if (str_is(row->label, "arrested")) {
			assert_non_null(strstr(str_cstr(a, row->meant[0]), "12 Dey 1398"));
			assert_non_null(strstr(str_cstr(a, row->meant[0]), "2 January 2020"));
		}
	}
	assert_true(given);
	assert_near(s.probability, 0.6);
	assert_int_equal(s.side[0].n_records, 1);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fx_setup, fx_teardown)
	const struct CMUnitTest tests[] = {
		T(zones_hold_one_percent_of_errors),
		T(before_a_run_there_is_no_queue),
		T(what_would_change_the_count_most_comes_first),
		T(of_pairs_between_two_persons_one_is_asked),
		T(two_officers_must_agree_where_the_register_asks),
		T(the_rule_is_applied_to_what_was_said_before),
		T(who_comes_back_with_a_new_key_is_no_second_officer),
		T(a_judgement_is_taken_back_by_its_author),
		T(contradictions_are_refused_in_one_line),
		T(an_answer_holds_ground_zone_and_run),
		T(still_asks_only_what_is_open),
		T(others_write_while_one_thinks),
		T(a_sample_is_drawn_again_by_its_seed_and_grows),
		T(a_sample_tells_precision_and_recall_of_the_run),
		T(a_pair_shows_both_as_written_with_what_speaks_for_it),
		cmocka_unit_test(wilsons_interval_is_as_published),
		cmocka_unit_test(too_few_give_no_figure),
		cmocka_unit_test(intervals_hold_the_truth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
