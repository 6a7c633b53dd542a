/* Commands of the appeal: letters, adoption, verification, serving. */
#include "cli/cli_int.h"

static enum status
run_new(struct args *x, struct err *e)
{
	enum status st = letter_new(x->arg[0], e);

	if (st == OK)
		say("%s: write head.ini and text.en.md, text.fa.md, text.az.md; then `habeas letter "
			"propose`\n", x->arg[0]);
	return st;
}

static enum status
run_letter_check(struct args *x, struct err *e)
{
	struct letter l;
	enum status st = letter_read(x->a, x->arg[0], &l, e);

	if (st == OK)
		say("%s: a letter of %zu parties with %zu annexes\n", x->arg[0], l.n_parties,
			l.n_annexes);
	return st;
}

static const char *
out_file(const struct args *x, const char *otherwise)
{
	const char *s = opt(x, "--out");

	return s ? s : otherwise;
}

static enum status
run_propose(struct args *x, struct err *e)
{
	struct letter l;
	struct reg *r;
	struct str line;
	enum status st = letter_read(x->a, x->arg[1], &l, e);

	if (st || (st = open_reg(x, NODE_WRITE, &r, e)) != OK)
		return st;
	st = letter_propose(x->a, r, &l, out_file(x, "letter.bundle"), &line, e);
	reg_close(r);
	if (st == OK)
		say(STR_FMT "\n", STR_ARG(line));
	return st;
}

static enum status
run_receive(struct args *x, struct err *e)
{
	struct reg *r;
	struct str name;
	enum status st = open_reg(x, NODE_WRITE, &r, e);

	if (st)
		return st;
	st = letter_receive(x->a, r, x->arg[1], &name, e);
	reg_close(r);
	if (st == OK)
		say("Received: " STR_FMT "; read it with `habeas letter show`, then adopt it\n",
			STR_ARG(name));
	return st;
}

static enum status
run_adopt(struct args *x, struct err *e)
{
	struct reg *r;
	struct str line;
	enum status st = open_reg(x, NODE_WRITE, &r, e);

	if (st)
		return st;
	st = letter_adopt(x->a, r, str_of(x->arg[1]), out_file(x, "adoption.txt"), &line, e);
	reg_close(r);
	if (st == OK)
		say(STR_FMT "\n", STR_ARG(line));
	return st;
}

static enum status
run_collect(struct args *x, struct err *e)
{
	struct reg *r;
	enum status st = open_reg(x, NODE_WRITE, &r, e);

	if (st)
		return st;
	for (size_t i = 2; i < x->n && st == OK; i++) {
		struct str line;
		st = letter_collect(x->a, r, str_of(x->arg[1]), x->arg[i], &line, e);
		if (st == OK)
			say(STR_FMT "\n", STR_ARG(line));
	}
	reg_close(r);
	return st;
}

static enum status
run_render(struct args *x, struct err *e)
{
	struct reg *r;
	struct str *files;
	size_t n;
	enum status st = open_reg(x, NODE_READ, &r, e);

	if (st)
		return st;
	st = letter_render(x->a, r, str_of(x->arg[1]), out_file(x, "."), &files, &n, e);
	reg_close(r);
	for (size_t i = 0; st == OK && i < n; i++)
		say(STR_FMT "\n", STR_ARG(files[i]));
	return st;
}

static enum status
run_letter_show(struct args *x, struct err *e)
{
	struct reg *r;
	struct letter_state *v;
	size_t n;
	enum status st = open_reg(x, NODE_READ, &r, e);

	if (st)
		return st;
	if ((st = letter_list(x->a, r, &v, &n, e)) == OK)
		for (size_t i = 0; i < n; i++) {
			bool whole = x->n > 1 && str_is(v[i].name, x->arg[1]);
			if (x->n > 1 && !whole)
				continue;
			say(STR_FMT "  " STR_FMT "\n  manifest " STR_FMT "\n  adopted by %zu of %zu",
				STR_ARG(v[i].name), STR_ARG(v[i].title[LANG_EN]),
				STR_ARG(hex_encode(x->a, BYTES(v[i].hash))), v[i].n_adoptions,
				v[i].n_parties);
			for (size_t k = 0; k < v[i].n_adoptions; k++)
				say("%s" STR_FMT, k ? ", " : ": ", STR_ARG(v[i].adoptions[k].organisation));
			say("\n");
			if (v[i].withdrawn)
				say("  %zu rows withdrawn since\n", v[i].withdrawn);
			if (whole) {
				say("\n" STR_FMT "\n", STR_ARG(v[i].manifest));
				for (enum lang l = 0; l < LANG_COUNT; l++)
					if (v[i].has[l])
						say("\n--- %s ---\n" STR_FMT, lang_code(l),
							STR_ARG(v[i].text[l]));
			}
		}
	reg_close(r);
	return st;
}

/* --- verify ------------------------------------------------------------------------- */

static const char *const page_words[] = {
	[PAGES_EQUAL] = "drawn again here, they are equal",
	[PAGES_DIFFER] = "drawn again here, they DIFFER",
	[PAGES_NOT_COMPARED] = "were not compared",
};

static void
print_check(const struct letter_check *c)
{
	say("1. Who adopted what\n   manifest " STR_FMT "\n", STR_ARG(c->manifest_hash));
	for (size_t i = 0; i < c->n_adoptions; i++) {
		say("   %s " STR_FMT ": " STR_FMT "\n     root key " STR_FMT "%s" STR_FMT "%s" STR_FMT
			"\n", !c->adoptions[i].valid ? "✗" : c->adoptions[i].trusted ? "✓" : "?",
			STR_ARG(c->adoptions[i].organisation), STR_ARG(c->adoptions[i].what),
			STR_ARG(c->adoptions[i].fingerprint),
			c->adoptions[i].trusted ? ", confirmed by " : ", NOT CONFIRMED BY ANYBODY",
			STR_ARG(c->adoptions[i].confirmed_by), c->adoptions[i].trusted ? ": " : "",
			STR_ARG(c->adoptions[i].confirmed_how));
	}
	if (c->n_adoptions < c->n_parties)
		say("   %zu of %zu parties have not adopted\n", c->n_parties - c->n_adoptions,
			c->n_parties);
	for (size_t i = 0; i < c->n_texts; i++)
		say("   text " STR_FMT "\n", STR_ARG(c->texts[i]));
	for (size_t i = 0; i < c->n_annexes; i++)
		say("   " STR_FMT "\n", STR_ARG(c->annexes[i]));
	say("2. The file\n   %s " STR_FMT "\n", c->file_as_made ? "is as made by" : "is NOT as made by",
		STR_ARG(c->made_by));
	say("3. The pages\n   %s%s" STR_FMT "\n", page_words[c->pages], c->pages_why.n ? ": " : "",
		STR_ARG(c->pages_why));
	if (c->how_to_confirm.n)
		say("\n" STR_FMT "\n", STR_ARG(c->how_to_confirm));
}

static void
check_json(struct args *x, const struct letter_check *c, bool ok)
{
	static const char *const pages[] = {"equal", "differ", "not compared"};
	struct buf b;
	struct json j;

	(void)x;
	buf_init(&b, 64 << 20);
	j = json_to(&b);
	json_object(&j);
	json_field_bool(&j, "verified", ok);
	json_field_text(&j, "manifest", c->manifest_hash);
	json_key(&j, "adoptions");
	json_array(&j);
	for (size_t i = 0; i < c->n_adoptions; i++) {
		json_object(&j);
		json_field_text(&j, "organisation", c->adoptions[i].organisation);
		json_field_text(&j, "root", c->adoptions[i].fingerprint);
		json_field_bool(&j, "valid", c->adoptions[i].valid);
		json_field_bool(&j, "trusted", c->adoptions[i].trusted);
		json_field_text(&j, "what", c->adoptions[i].what);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_field_bool(&j, "file_as_made", c->file_as_made);
	json_field_text(&j, "pages", str_of(pages[c->pages]));
	json_object_end(&j);
	buf_byte(&b, '\n');
	fwrite(b.p, 1, b.n, stdout);
	buf_finish(&b);
}

static enum status
verify_letter(struct args *x, struct err *e)
{
	struct letter_check c = {0};
	enum status st = letter_verify(x->a, x->arg[0], opt(x, "--trust"), &c, e);

	if (st == BAD || st == FAIL)
		return st;
	if (x->json)
		check_json(x, &c, st == OK);
	else
		print_check(&c);
	return st;
}

static enum status
verify_register(struct args *x, struct err *e)
{
	struct seal_secret *pass = NULL;
	struct verify_options o = {.signatures = !opt(x, "--hashes-only"),
		.hashes_only = opt(x, "--hashes-only") != NULL};
	struct verify_report p;
	enum status st;

	if (!o.hashes_only && (st = ask_passphrase(x, "Passphrase: ", &pass, e)) != OK)
		return st;
	st = node_verify(x->arg[0], pass ? secret_line(pass) : (struct bytes){0}, &o, &p, e);
	seal_secret_destroy(pass);
	os_progress_end();
	if (st == OK)
		say("%s: %llu entries, all as signed; %llu records opened, %llu erased, %llu with parts "
			"sealed to you\nroot " STR_FMT "\n", x->arg[0], (unsigned long long)p.entries,
			(unsigned long long)p.opened, (unsigned long long)p.erased,
			(unsigned long long)p.sealed_away, STR_ARG(base64_encode(x->a, BYTES(p.root))));
	return st;
}

/* The keys a proof may be checked with stand in certificates, not in the trust
 * file: one gives the log's vkey. */
static enum status
verify_proof(struct args *x, struct str text, struct err *e)
{
	struct proof p;
	const char *vkey = opt(x, "--vkey");
	enum status st;

	if (!vkey)
		return err_set(e, BAD, "%s: a proof; give --vkey with the log's key", x->arg[0]);
	if ((st = proof_check(x->a, text, str_of(vkey), &p, e)) != OK)
		return st;
	say("%s: stood in the log " STR_FMT " at %llu, of %llu entries; whether it was withdrawn "
		"since cannot be seen from here\n", x->arg[0], STR_ARG(p.origin),
		(unsigned long long)p.index, (unsigned long long)p.size);
	const struct kind *k = kind_of(p.kind);
	for (unsigned i = 0; i < SLOTS; i++) {
		const struct field *f = k ? field_of(k, i) : NULL;
		if (p.slot[i].n)
			say("  " STR_FMT ": " STR_FMT "\n",
				STR_ARG(f ? f->name : str_fmt(x->a, "%u", i)),
				STR_ARG(value_show(x->a, f, p.slot[i], x->lang)));
	}
	return OK;
}

static enum status
run_verify(struct args *x, struct err *e)
{
	struct bytes b;
	enum status st;

	if (os_is_dir(x->arg[0]))
		return verify_register(x, e);
	st = os_read_file(x->a, x->arg[0], 512 << 20, &b, e);
	if (st)
		return st == NO ? err_set(e, BAD, "%s: there is no such file", x->arg[0]) : st;
	if (str_starts(bytes_str(b), "c2sp.org/tlog-proof@v1\n")) {
		if (!utf8_valid(b))
			return err_set(e, BAD, "%s: not a proof: it is not text", x->arg[0]);
		return verify_proof(x, bytes_str(b), e);
	}
	return verify_letter(x, e);
}

static enum status
run_prove(struct args *x, struct err *e)
{
	struct node *n;
	struct reg *r;
	unsigned slots[SLOTS];
	size_t n_slots = 0;
	uint64_t pos;
	struct record rec;
	struct str proof, rest = opt_str(x, "--disclose");
	enum status st = open_reg(x, NODE_READ, &r, e);

	if (st)
		return st;
	n = reg_node(r);
	if ((st = reg_find_record(r, str_of(x->arg[1]), &pos, e)) != OK
	    || (st = node_get(x->a, n, pos, &rec, e)) != OK)
		goto out;
	slots[n_slots++] = SLOT_KIND;
	while (rest.n && n_slots < SLOTS) {
		struct str name = str_trim(str_cut(&rest, ','));
		const struct field *f = field_named(kind_of(rec.kind), name);
		if (!f) {
			st = err_set(e, BAD, "--disclose " STR_FMT ": no such field of this record",
				STR_ARG(name));
			goto out;
		}
		if (f->slot != SLOT_KIND)
			slots[n_slots++] = f->slot;
	}
	st = node_prove(x->a, n, pos, slots, n_slots, &proof, e);
	if (st == OK && opt(x, "--out"))
		st = os_write_file(opt(x, "--out"), str_bytes(proof), 0644, e);
	else if (st == OK)
		say_str(proof);
out:
	reg_close(r);
	return st;
}

static enum status
run_serve(struct args *x, struct err *e)
{
	struct reg *r;
	const char *listen = opt(x, "--listen");
	enum status st;

	if (!x->faces || !x->faces->serve)
		return err_set(e, FAIL, "this program was built without the web interface");
	if ((st = open_reg(x, NODE_READ, &r, e)) != OK)
		return st;
	struct cli_serve s = {r, listen ? listen : "127.0.0.1:8470", x->lang};
	st = x->faces->serve(&s, e);
	reg_close(r);
	return st;
}

static const struct option out_options[] = {
	{"--out", "FILE", "where to write (-o)"},
	{NULL, NULL, NULL},
};
static const struct option verify_options_[] = {
	{"--trust", "FILE", "root keys that you confirmed, and how"},
	{"--hashes-only", NULL, "a register: only what needs no key"},
	{"--vkey", "KEY", "a proof: the log's key"},
	{NULL, NULL, NULL},
};
static const struct option prove_options[] = {
	{"--disclose", "FIELD,…", "which fields to show; the others stay hidden"},
	{"--out", "FILE", "where to write; else standard output"},
	{NULL, NULL, NULL},
};
static const struct option serve_options[] = {
	{"--listen", "ADDRESS:PORT", "127.0.0.1:8470 unless said otherwise"},
	{NULL, NULL, NULL},
};

const struct command letter_commands[] = {
	{"letter new", "DIR", "a directory to write a letter in", 1, 1, NULL, run_new},
	{"letter check", "DIR", "read a letter and say what is wrong with it", 1, 1, NULL,
		run_letter_check},
	{"letter propose", "REG DIR", "freeze a letter and its annexes under one manifest", 2, 2,
		out_options, run_propose},
	{"letter receive", "REG FILE", "take a partner's letter in, to read and adopt", 2, 2, NULL,
		run_receive},
	{"letter adopt", "REG NAME", "sign a letter's manifest in our log", 2, 2, out_options,
		run_adopt},
	{"letter collect", "REG NAME FILE …", "take partners' adoptions in", 3, ARGS_MOST, NULL,
		run_collect},
	{"letter show", "REG [NAME]", "the letters, who adopted them, their texts", 1, 2, NULL,
		run_letter_show},
	{"letter render", "REG NAME", "make the PDF and HTML of each language", 2, 2, out_options,
		run_render},
	{"prove", "REG RECORD --disclose FIELD,…", "prove that a record stands in the log", 2, 2,
		prove_options, run_prove},
	{"verify", "FILE|REG [--trust FILE]", "check a letter's PDF, a proof, or a whole register\n"
		"Exits 0 only when all of it is true; a letter's adoptions count only when their root\n"
		"keys are in the trust file.", 1, 1, verify_options_, run_verify},
	{"serve", "REG [--listen ADDRESS:PORT]", "the web interface, reading only", 1, 1,
		serve_options, run_serve},
	{NULL, NULL, NULL, 0, 0, NULL, NULL},
};
