/*
 * Killed at every step towards the disk, or the disk failing at it: afterwards each
 * record is whole or absent, the next writer puts right what was left, verify agrees,
 * and what was asked for can be asked for again.
 */
#include "node.h"
#include <signal.h>
#include <sys/wait.h>

static const struct verify_options thorough = {.signatures = true};

static enum status
verify(const char *path)
{
	struct verify_report r;

	return node_verify(path, PASS, &thorough, &r, &e);
}

/* --- what may be interrupted; `n` is open for writing, or NULL -------------------- */

static enum status
do_append(struct node *n)
{
	struct draft d[3] = {person("Zeynab", "K-4711"), person("Elxan", NULL),
		{.kind = kind_number("document"), .blob = str_bytes(S("the scan")),
		 .blob_slot = field_slot("document", "blob")}};
	enum status s = node_append(n, d, 3, NULL, NULL, &e);

	return s ? s : node_publish(n, &e);
}

static enum status
do_erase(struct node *n)
{
	struct str *backups;
	size_t count;

	return node_erase(n, (uint64_t[]){3, 5}, 2, S("asked"), a, &backups, &count, &e);
}

static enum status
do_backup(struct node *n)
{
	return node_backup(n, in_place("backup"), &e);
}

static enum status
do_officer(struct node *n)
{
	return node_officer_add(n, S("Orxan"), S("reviewer"), str_bytes(S("second")), &e);
}

static enum status
do_revoke(struct node *n)
{
	return node_officer_revoke(n, S("Sevda"), S("left"), &e);
}

static enum status
do_passphrase(struct node *n)
{
	enum status s = node_passphrase_change(n, str_bytes(S("changed")), &e);

	return s ? s : node_passphrase_change(n, PASS, &e);
}

static const struct job { const char *name; enum status (*run)(struct node *n); } jobs[] = {
	{"append", do_append}, {"erase", do_erase}, {"backup", do_backup},
	{"officer", do_officer}, {"revoke", do_revoke}, {"passphrase", do_passphrase},
};

/* Records 3-5 (5 has a file), an officer to revoke, a backup to refresh. */
static void
prepare(void)
{
	struct node *n;

	make_register();
	n = open_node(NODE_WRITE);
	assert_ok(do_append(n));
	assert_ok(node_officer_add(n, S("Sevda"), S("documenter"), str_bytes(S("hers")), &e));
	assert_ok(do_backup(n));
	node_close(n);
}

static enum status
run_job(const struct job *j)
{
	struct node *n = NULL;
	enum status s = node_open(&n, reg, NODE_WRITE, PASS, &e);

	if (s)
		return s;
	s = j->run(n);
	node_close(n);
	return s;
}

/* Whatever was cut off: it opens for reading; a writer puts it right; verify agrees. */
static void
must_be_right(const char *what, unsigned long step)
{
	struct node *n = NULL;
	enum status s;

	/* A passphrase may have been changed once of twice. */
	s = node_open(&n, reg, NODE_READ, PASS, &e);
	if (s == NO && strcmp(what, "passphrase") == 0) {
		assert_ok(node_open(&n, reg, NODE_WRITE, str_bytes(S("changed")), &e));
		assert_ok(node_passphrase_change(n, PASS, &e));
		s = OK;
	}
	if (s)
		fail_msg("%s, step %lu: does not open for reading: %s", what, step, e.text);
	node_close(n);
	if (node_open(&n, reg, NODE_WRITE, PASS, &e))
		fail_msg("%s, step %lu: does not open for writing: %s", what, step, e.text);
	if (node_publish(n, &e))
		fail_msg("%s, step %lu: does not publish: %s", what, step, e.text);
	node_close(n);
	if (verify(reg))
		fail_msg("%s, step %lu: does not verify: %s", what, step, e.text);
}

/* Again: done now, or found to be done. */
static void
must_go_on(const struct job *j, unsigned long step)
{
	struct node *n = open_node(NODE_WRITE);
	enum status s = j->run(n);

	if (s == FAIL)
		fail_msg("%s, step %lu: not again: %s", j->name, step, e.text);
	append(n, person("Last", "K-1"), NULL);
	if (node_backup(n, in_place("backup"), &e))
		fail_msg("%s, step %lu: no backup: %s", j->name, step, e.text);
	node_close(n);
	if (verify(reg) || verify(in_place("backup")))
		fail_msg("%s, step %lu: then does not verify: %s", j->name, step, e.text);
}

static void
plan(const char *what, unsigned long step)
{
	char text[64];

	snprintf(text, sizeof text, "%s:%lu", what, step);
	setenv("HABEAS_FAULT", text, 1);
}

/* Returns whether the child was killed; it must not end in any other wrong way. */
static bool
killed(enum status (*run)(const struct job *j), const struct job *j, unsigned long step)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		plan("kill", step);
		_exit((int)run(j));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status)) {
		assert_int_equal(WTERMSIG(status), SIGKILL);
		return true;
	}
	assert_int_equal(WEXITSTATUS(status), 0);
	return false;
}

static size_t every = 1;               /* of the steps, so many at a time are tried */

static void
a_kill_at_any_step_leaves_what_was_or_what_will_be(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++) {
		bool more = true;
		unsigned long step = 1;
		for (; more; step += every) {
			prepare();
			more = killed(run_job, &jobs[i], step);
			must_be_right(jobs[i].name, step);
			must_go_on(&jobs[i], step);
			drop_register();
		}
		print_message("%s: killed at %lu steps\n", jobs[i].name, (step - 1) / every - 1);
	}
}

static enum status
create(const struct job *j)
{
	struct node_new w = new_node();
	struct str paper;

	(void)j;
	return node_create(in_place("new.habeas"), &w, &paper, a, &e);
}

static void
a_kill_while_it_is_made_leaves_none_or_a_whole_one(void **state)
{
	bool more = true;

	(void)state;
	make_register();
	for (unsigned long step = 1; more; step += every) {
		more = killed(create, NULL, step);
		if (os_exists(in_place("new.habeas"))) {
			assert_ok(verify(in_place("new.habeas")));
			assert_ok(os_remove_tree(in_place("new.habeas"), &e));
		} else {
			assert_true(more);
		}
	}
	drop_register();
}

/* A copy that is resumed where nobody can say what was signed: its log ends. */
static enum status
resume(const struct job *j)
{
	struct str line;

	(void)j;
	return node_resume(reg, PASS, NULL, 0, a, &line, &e);
}

static void
a_kill_while_a_log_is_ended_can_be_resumed(void **state)
{
	bool more = true;
	struct node *n;

	(void)state;
	for (unsigned long step = 1; more; step += every) {
		prepare();
		assert_ok(os_remove_tree(in_place("state"), &e));
		more = killed(resume, NULL, step);
		if (resume(NULL))
			fail_msg("resume, step %lu: not again: %s", step, e.text);
		must_be_right("resume", step);
		n = open_node(NODE_READ);
		assert_int_equal(n->n_logs, 2);
		assert_int_equal(get(n, n->logs[1].first).kind, kind_number("succession"));
		node_close(n);
		drop_register();
	}
}

/* ENOSPC and EIO from some step on: an error, no harm; and when there is room again
 * the same node, still open, goes on or says that it must be opened anew. */
static void
fail_job(const struct job *j, const char *fault, unsigned long step, bool *ret_more)
{
	struct node *n;
	enum status s;

	prepare();
	n = open_node(NODE_WRITE);
	plan(fault, step);
	s = j->run(n);
	unsetenv("HABEAS_FAULT");
	*ret_more = s != OK;
	if (s != OK && s != FAIL)
		fail_msg("%s, %s:%lu: status %d: %s", j->name, fault, step, s, e.text);
	s = j->run(n);
	if (s == FAIL)
		fail_msg("%s, %s:%lu: then fails: %s", j->name, fault, step, e.text);
	node_close(n);
	must_be_right(j->name, step);
	must_go_on(j, step);
	drop_register();
}

static void
a_full_or_failing_disk_is_an_error_and_no_harm(void **state)
{
	static const char *const faults[] = {"nospace", "io"};

	(void)state;
	for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++)
		for (size_t f = 0; f < 2; f++) {
			bool more = true;
			for (unsigned long step = 1 + f; more; step += 2 * every)
				fail_job(&jobs[i], faults[f], step, &more);
		}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_kill_at_any_step_leaves_what_was_or_what_will_be),
		cmocka_unit_test(a_kill_while_it_is_made_leaves_none_or_a_whole_one),
		cmocka_unit_test(a_kill_while_a_log_is_ended_can_be_resumed),
		cmocka_unit_test(a_full_or_failing_disk_is_an_error_and_no_harm),
	};
	uint64_t v;

	if (argc > 1 && str_u64(str_of(argv[1]), &v) && v > 0)
		every = (size_t)v;
	return cmocka_run_group_tests(tests, check_setup, check_teardown);
}
