/* Commands about the node itself: init, officers, partners, backups, doctor. */
#include "cli/cli_int.h"

static enum status
twice(struct args *x, const char *prompt, const char *again, struct seal_secret **ret,
	struct err *e)
{
	struct seal_secret *s, *t;
	enum status st = ask_passphrase(x, prompt, &s, e);

	/* A script's descriptor says it once; a person at a keyboard mistypes. */
	if (st || x->passphrase_fd >= 0) {
		if (st == OK)
			*ret = s;
		return st;
	}
	if ((st = ask_passphrase(x, again, &t, e)) != OK) {
		seal_secret_destroy(s);
		return st;
	}
	struct bytes p = secret_line(s), q = secret_line(t);
	bool same = p.n == q.n && seal_equal(p.p, q.p, p.n);
	seal_secret_destroy(t);
	if (!same) {
		seal_secret_destroy(s);
		return err_set(e, BAD, "passphrase: the two are not the same; start again");
	}
	*ret = s;
	return OK;
}

/* Shown once and typed back; a script has it written to a file instead. */
static enum status
hand_over_recovery(struct args *x, struct str paper, struct err *e)
{
	const char *file = opt(x, "--recovery");
	uint8_t shown[SEAL_KEY], typed[SEAL_KEY];
	struct seal_secret *line;
	enum status st;

	if (file)
		return os_write_file(file, str_bytes(str_fmt(x->a, STR_FMT "\n", STR_ARG(paper))),
			0600, e);
	say("\nThe recovery key.  Write it on paper, now, and keep the paper away from this\n"
		"machine: it opens the register when every passphrase is lost, and it is never\n"
		"shown again.\n\n    " STR_FMT "\n\n", STR_ARG(paper));
	if ((st = seal_paper_decode(paper, shown, e)) != OK)
		return st;
	for (int tries = 0; tries < 5; tries++) {
		if ((st = ask_passphrase(x, "Type it back: ", &line, e)) != OK)
			return st;
		st = seal_paper_decode(bytes_str(secret_line(line)), typed, e);
		seal_secret_destroy(line);
		bool same = st == OK && seal_equal(shown, typed, SEAL_KEY);
		seal_wipe(typed, sizeof typed);
		if (same) {
			seal_wipe(shown, sizeof shown);
			return OK;
		}
		say("%s\n", st ? e->text : "That is another key.");
	}
	seal_wipe(shown, sizeof shown);
	return err_set(e, BAD, "recovery key: not typed back; the register was made, and the key "
		"above is the only one");
}

static enum status
run_init(struct args *x, struct err *e)
{
	struct seal_secret *root = NULL, *officer = NULL;
	struct str recovery;
	const char *file = opt(x, "--root");
	enum status st;

	if (!opt(x, "--organisation") || !file)
		return err_set(e, BAD, "usage: habeas init REG --organisation NAME --root FILE "
			"(the root key belongs on a stick, outside the register)");
	if (os_exists(x->arg[0]))
		return err_set(e, BAD, "%s: is there already; choose another name", x->arg[0]);
	st = os_exists(file) ? ask_passphrase(x, "Passphrase of the root key: ", &root, e)
		: twice(x, "New passphrase for the root key: ", "Once more: ", &root, e);
	if (st == OK)
		st = twice(x, "New passphrase for you, the first administrator: ", "Once more: ",
			&officer, e);
	if (st == OK) {
		struct node_new n = {.organisation = opt_str(x, "--organisation"),
			.organisation_fa = opt_str(x, "--organisation-fa"),
			.organisation_az = opt_str(x, "--organisation-az"),
			.root_file = file, .root_passphrase = secret_line(root),
			.officer = opt(x, "--officer") ? opt_str(x, "--officer") : S("administrator"),
			.officer_passphrase = secret_line(officer),
			.cost = opt(x, "--quick") ? seal_cost_tests : seal_cost_default};
		st = node_create(x->arg[0], &n, &recovery, x->a, e);
	}
	seal_secret_destroy(root);
	seal_secret_destroy(officer);
	if (st == OK && (st = hand_over_recovery(x, recovery, e)) != OK && opt(x, "--recovery"))
		/* A register whose recovery key nobody has seen must not be begun with. */
		(void)!os_remove_tree(x->arg[0], NULL);
	if (st == OK)
		say("%s: a register of %s\nRoot key in %s: keep it outside this machine.\n",
			x->arg[0], opt(x, "--organisation"), file);
	return st;
}

/* --- officers -------------------------------------------------------------------- */

static enum status
run_officer_list(struct args *x, struct err *e)
{
	struct node *n;
	struct officer *o;
	size_t count;
	enum status st = open_node(x, NODE_READ, &n, e);

	if (st)
		return st;
	st = node_officers(x->a, n, &o, &count, e);
	struct text_table t = {.a = x->a};
	for (size_t i = 0; st == OK && i < count; i++)
		table_row(&t, (struct str[]){str_fmt(x->a, "%u", o[i].slot), o[i].name, o[i].role,
			o[i].revoked ? S("revoked") : S("")}, 4);
	if (st == OK)
		table_print(&t);
	node_close(n);
	return st;
}

/* When every passphrase is lost, the recovery key lets officers in again. */
static enum status
open_for_officers(struct args *x, struct node **ret, struct err *e)
{
	struct seal_secret *paper = NULL;
	enum status st;

	if (!opt(x, "--recovery-key"))
		return open_node(x, NODE_WRITE, ret, e);
	if ((st = ask_passphrase(x, "Recovery key: ", &paper, e)) != OK)
		return st;
	st = node_open_recovery(ret, x->arg[0], bytes_str(secret_line(paper)), e);
	seal_secret_destroy(paper);
	return st;
}

static enum status
run_officer_add(struct args *x, struct err *e)
{
	struct node *n = NULL;
	struct seal_secret *pass = NULL;
	const struct code *role = NULL;
	enum status st = open_for_officers(x, &n, e);

	if (st)
		return st;
	role = code_of(vocabulary_named(S("role")), opt_str(x, "--role"));
	if (!role)
		st = err_set(e, BAD, "--role: documenter, reviewer, publisher or administrator");
	if (st == OK && (st = twice(x, "New officer's passphrase: ", "Once more: ", &pass, e)) == OK) {
		st = node_officer_add(n, str_of(x->arg[1]), role->code, secret_line(pass), e);
		seal_secret_destroy(pass);
	}
	if (st == OK)
		st = node_publish(n, e);
	node_close(n);
	return st;
}

static enum status
run_officer_revoke(struct args *x, struct err *e)
{
	struct node *n;
	enum status st = open_for_officers(x, &n, e);

	if (st)
		return st;
	st = node_officer_revoke(n, str_of(x->arg[1]), opt_str(x, "--reason"), e);
	if (st == OK)
		st = node_publish(n, e);
	node_close(n);
	return st;
}

static enum status
run_passphrase(struct args *x, struct err *e)
{
	struct node *n = NULL;
	struct seal_secret *pass = NULL;
	enum status st = open_node(x, NODE_WRITE, &n, e);

	if (st)
		return st;
	if ((st = twice(x, "New passphrase: ", "Once more: ", &pass, e)) == OK) {
		st = node_passphrase_change(n, secret_line(pass), e);
		seal_secret_destroy(pass);
	}
	node_close(n);
	return st;
}

/* --- partners ------------------------------------------------------------------------ */

static enum status
run_partner_add(struct args *x, struct err *e)
{
	struct reg *r;
	struct seal_minisign_key key;
	enum status st;

	if (!seal_minisign_public_read(x->a, str_of(x->arg[2]), &key))
		return err_set(e, BAD, "%s: not a root key; it begins with RW and has 56 letters",
			x->arg[2]);
	if (!opt(x, "--confirmed-by") || !opt(x, "--confirmed-how"))
		return err_set(e, BAD, "a key counts only when it came by another way than what it "
			"verifies: give --confirmed-by NAME and --confirmed-how \"read over the phone\"");
	if ((st = open_reg(x, NODE_WRITE, &r, e)) != OK)
		return st;
	struct reg_change c[] = {{S("name"), str_of(x->arg[1])}, {S("root"), str_of(x->arg[2])},
		{S("confirmed-by"), opt_str(x, "--confirmed-by")},
		{S("confirmed-how"), opt_str(x, "--confirmed-how")}};
	uint8_t hash[SEAL_HASH];
	st = reg_add(r, S("partner"), c, sizeof c / sizeof *c, hash, e);
	reg_close(r);
	if (st == OK)
		say(STR_FMT "\n", STR_ARG(reg_record_id(x->a, hash)));
	return st;
}

static enum status
run_trust(struct args *x, struct err *e)
{
	struct reg *r;
	struct str text;
	enum status st = open_reg(x, NODE_READ, &r, e);

	if (st)
		return st;
	if ((st = trust_write(x->a, r, &text, e)) == OK)
		say_str(text);
	reg_close(r);
	return st;
}

/* --- backups --------------------------------------------------------------------------- */

static enum status
run_backup(struct args *x, struct err *e)
{
	struct node *n;
	enum status st = open_node(x, NODE_WRITE, &n, e);

	if (st)
		return st;
	st = node_backup(n, x->arg[1], e);
	if (st == OK)
		say("%s: holds everything up to record %llu\n", x->arg[1],
			(unsigned long long)node_info(n)->size);
	node_close(n);
	return st;
}

static enum status
run_restore(struct args *x, struct err *e)
{
	enum status st = node_restore(x->arg[0], x->arg[1], e);

	if (st == OK)
		say("%s: restored; it opens read-only until `habeas resume %s` has compared it with "
			"the checkpoints that partners hold\n", x->arg[1], x->arg[1]);
	return st;
}

static enum status
run_resume(struct args *x, struct err *e)
{
	struct seal_secret *pass = NULL;
	struct str line;
	enum status st = ask_passphrase(x, "Passphrase: ", &pass, e);

	if (st)
		return st;
	st = node_resume(x->arg[0], secret_line(pass), x->arg + 1, x->n - 1, x->a, &line, e);
	seal_secret_destroy(pass);
	if (st == OK)
		say(STR_FMT "\n", STR_ARG(line));
	return st;
}

static enum status
run_certify(struct args *x, struct err *e)
{
	struct node *n;
	struct seal_secret *root;
	const char *file = opt(x, "--root");
	enum status st;

	if (!file)
		return err_set(e, BAD, "usage: habeas certify REG --root FILE");
	if ((st = open_node(x, NODE_WRITE, &n, e)) != OK)
		return st;
	if ((st = ask_passphrase(x, "Passphrase of the root key: ", &root, e)) == OK) {
		st = node_certify(n, file, secret_line(root), e);
		seal_secret_destroy(root);
	}
	if (st == OK && (st = node_publish(n, e)) == OK)
		say("%s: its log is certified by the root key\n", x->arg[0]);
	node_close(n);
	return st;
}

static enum status
run_rebuild(struct args *x, struct err *e)
{
	struct reg *r;
	uint8_t dump[SEAL_HASH];
	enum status st = open_reg(x, NODE_READ, &r, e);

	if (st)
		return st;
	if ((st = reg_rebuild(r, dump, e)) == OK)
		say(STR_FMT "  index\n", STR_ARG(hex_encode(x->a, BYTES(dump))));
	reg_close(r);
	return st;
}

static enum status
run_doctor(struct args *x, struct err *e)
{
	static const char *const helpers[] = {"habeas-sheet", "habeas-typeset"};
	bool fine = sandbox_has_seccomp();

	say("seccomp: %s\n", fine ? "yes" : "no; helpers will refuse to run");
	int abi = sandbox_landlock_abi();
	say("Landlock: %s\n", abi ? "yes" : "no; helpers run under seccomp alone");
	for (size_t i = 0; i < sizeof helpers / sizeof *helpers; i++) {
		const char *path = os_helper_path(x->a, helpers[i]);
		bool there = path && os_exists(path);
		say("%s: %s\n", helpers[i], there ? path : "not beside this program");
		fine = fine && there;
	}
	say("state outside registers: %s\n", os_state_dir(x->a));
	if (x->n) {
		struct node *n;
		enum status st = open_node(x, NODE_READ, &n, e);
		if (st)
			return st;
		const struct node_info *i = node_info(n);
		say("%s: %llu records, log " STR_FMT "%s" STR_FMT "\n", x->arg[0],
			(unsigned long long)i->size, STR_ARG(i->origin),
			i->read_only ? ", read-only: " : "", STR_ARG(i->read_only_why));
		say("log key: " STR_FMT "\nroot key: " STR_FMT "\nadoption key: " STR_FMT "\n",
			STR_ARG(i->log_key), STR_ARG(i->root_key), STR_ARG(i->adopt_key));
		node_close(n);
	}
	return fine ? OK : err_set(e, NO, "something is missing; see above");
}

static const struct option init_options[] = {
	{"--organisation", "NAME", "the organisation whose register this is"},
	{"--organisation-fa", "NAME", "its name in Persian"},
	{"--organisation-az", "NAME", "its name in Azerbaijani"},
	{"--root", "FILE", "its root key: made if it is not there; keep it elsewhere"},
	{"--officer", "NAME", "you, the first administrator"},
	{"--recovery", "FILE", "write the recovery key here instead of asking for it back"},
	{"--quick", NULL, "weak passphrase hashing: for demonstrations and tests only"},
	{NULL, NULL, NULL},
};
static const struct option certify_options[] = {
	{"--root", "FILE", "the organisation's root key"},
	{NULL, NULL, NULL},
};
static const struct option officer_add_options[] = {
	{"--role", "ROLE", "documenter, reviewer, publisher or administrator"},
	{"--recovery-key", NULL, "open with the recovery key: every passphrase is lost"},
	{NULL, NULL, NULL},
};
static const struct option revoke_options[] = {
	{"--reason", "TEXT", "why"},
	{"--recovery-key", NULL, "open with the recovery key: every passphrase is lost"},
	{NULL, NULL, NULL},
};
static const struct option partner_options[] = {
	{"--confirmed-by", "NAME", "who of us confirmed the key"},
	{"--confirmed-how", "TEXT", "by which other way: \"read over the phone\""},
	{NULL, NULL, NULL},
};

const struct command node_commands[] = {
	{"init", "REG --organisation NAME --root FILE", "make a register\n"
		"REG is a new directory, by custom NAME.habeas.  Asks for the root key's passphrase\n"
		"and yours, and shows the recovery key once.", 1, 1, init_options, run_init},
	{"officer list", "REG", "who may open this register", 1, 1, NULL, run_officer_list},
	{"officer add", "REG NAME --role ROLE", "let somebody in, with a passphrase of their own",
		2, 2, officer_add_options, run_officer_add},
	{"officer revoke", "REG NAME", "lock somebody out: their key slot is deleted",
		2, 2, revoke_options, run_officer_revoke},
	{"passphrase", "REG", "change your passphrase\nWhen it is lost: habeas officer add REG NAME "
		"--role administrator --recovery-key,\nand revoke the officer that you were.",
		1, 1, NULL, run_passphrase},
	{"partner add", "REG NAME KEY --confirmed-by NAME --confirmed-how TEXT",
		"remember a partner organisation's root key", 3, 3, partner_options, run_partner_add},
	{"trust", "REG", "print the trust file: our root key and our partners'", 1, 1, NULL,
		run_trust},
	{"backup", "REG DIR", "copy everything to DIR, or refresh an earlier backup there\n"
		"Only the newest wrapped keys are kept, so that what was erased stays erased.",
		2, 2, NULL, run_backup},
	{"restore", "BACKUP REG", "make a register from a backup; read-only until resumed",
		2, 2, NULL, run_restore},
	{"resume", "REG [CHECKPOINT …]", "let a copied or restored register write again\n"
		"CHECKPOINT: files with this log's checkpoints that partners hold.  Where something\n"
		"newer was signed, or nobody can say, the log ends and a successor begins.",
		1, ARGS_MOST, NULL, run_resume},
	{"certify", "REG --root FILE", "after a succession: sign the new log's keys with the root key",
		1, 1, certify_options, run_certify},
	{"rebuild", "REG", "build the index anew from the log; prints the SHA-256 of its dump",
		1, 1, NULL, run_rebuild},
	{"doctor", "[REG]", "what this machine offers, and what is missing", 0, 1, NULL, run_doctor},
	{NULL, NULL, NULL, 0, 0, NULL, NULL},
};
