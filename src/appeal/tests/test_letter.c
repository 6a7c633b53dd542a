/*
 * A letter's whole life: proposed, received, adopted by three, collected, rendered
 * in three languages, verified; then attacked.  One world; the tests follow each
 * other as the commands of ./demo do.
 */
#include "world.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

static bool every_byte;              /* asked for on the command line */
static const char *const adoption_files[] = {"adoption.birlik", "adoption.nesim", "adoption.araz"};

static enum status
verify(const char *file, const char *trust, struct letter_check *c)
{
	return letter_verify(a, file, trust, c, &e);
}

static void
render(const char *dir)
{
	struct reg *r = open_register(BIRLIK, NODE_READ);
	struct str *files;
	size_t n;

	assert_ok(letter_render(a, r, S("release-2020"), at(dir), &files, &n, &e));
	assert_int_equal(n, 6);
	reg_close(r);
}

/* --- a life ------------------------------------------------------------------------------ */

static void
a_new_letter_is_one_that_only_lacks_its_parties(void **state)
{
	struct letter l;

	(void)state;
	assert_ok(letter_new(at("fresh"), &e));
	assert_status(BAD, letter_read(a, at("fresh"), &l, &e));
	assert_says("head.ini: no party");
	assert_status(BAD, letter_new(at("fresh"), &e));
	assert_says("there is a letter in it already");
}

static void
what_is_proposed_is_fixed_and_withholds_what_consent_does_not_cover(void **state)
{
	struct reg *r;
	struct letter l;
	struct letter_state s;
	struct str line;

	(void)state;
	for (int o = 0; o < ORGANISATIONS; o++)
		make_register(o);
	write_letter(at("letter"));
	assert_ok(letter_read(a, at("letter"), &l, &e));
	assert_int_equal(l.n_parties, 3);
	assert_int_equal(l.n_annexes, 2);
	r = open_register(BIRLIK, NODE_WRITE);
	add_people(r);
	assert_ok(letter_propose(a, r, &l, at("letter.bundle"), &line, &e));
	assert_status(BAD, letter_propose(a, r, &l, at("again.bundle"), &line, &e));
	assert_says("give the new one a new name");
	assert_false(os_exists(at("again.bundle")));
	assert_ok(letter_load(a, r, S("release-2020"), &s, &e));
	reg_close(r);
	assert_int_equal(s.n_annexes, 2);
	assert_int_equal(s.annexes[0].n_rows, 5);
	assert_int_equal(s.annexes[0].reduced, 1);
	assert_int_equal(s.annexes[1].n_rows, 1);
	assert_int_equal(s.n_adoptions, 0);
	assert_int_equal(s.withdrawn, 0);
	for (size_t i = 0; i < 5; i++)
		assert_null(memmem(s.annexes[0].rows[i].cells[0].p, s.annexes[0].rows[i].cells[0].n,
			"Vüqar", 6));
}

static void
a_partner_receives_it_once_and_only_as_it_was_proposed(void **state)
{
	struct str name, bundle = read_text(at("letter.bundle"));
	struct reg *r;

	(void)state;
	for (int o = NESIM; o <= ARAZ; o++) {
		r = open_register(o, NODE_WRITE);
		assert_ok(letter_receive(a, r, at("letter.bundle"), &name, &e));
		assert_true(str_is(name, "release-2020"));
		assert_status(NO, letter_receive(a, r, at("letter.bundle"), &name, &e));
		reg_close(r);
	}
	/* Every change behind the manifest is refused.  (Another manifest is another
	 * letter: whoever adopts that has adopted nothing of this one.) */
	r = open_register(LODOS, NODE_WRITE);
	char *p = str_cstr(a, bundle);
	const char *last = memmem(p, bundle.n, "annex 2 root: ", 14);
	assert_non_null(last);
	for (size_t i = (size_t)(last - p) + 14 + 64 + 1; i < bundle.n; i += 211) {
		struct pack pack;
		p[i] = (char)(p[i] ^ 1);
		assert_int_not_equal(bundle_get(a, (struct bytes){(uint8_t *)p, bundle.n}, &pack, &e),
			OK);
		p[i] = (char)(p[i] ^ 1);
	}
	assert_status(BAD, letter_receive(a, r, at("letter/head.ini"), &name, &e));
	assert_says("not a letter bundle");
	assert_ok(letter_receive(a, r, at("letter.bundle"), &name, &e));
	reg_close(r);
}

static void
three_adopt_each_in_its_own_log_and_a_fourth_may_not(void **state)
{
	struct str line, first, again;
	struct reg *r;

	(void)state;
	for (int o = BIRLIK; o <= ARAZ; o++) {
		r = open_register(o, NODE_WRITE);
		assert_ok(letter_adopt(a, r, S("release-2020"), at(adoption_files[o]), &line, &e));
		assert_true(str_starts(line, "Adopted release-2020 as "));
		first = read_text(at(adoption_files[o]));
		/* Adopting again signs nothing; it writes the same file once more. */
		assert_ok(letter_adopt(a, r, S("release-2020"), at(adoption_files[o]), &line, &e));
		again = read_text(at(adoption_files[o]));
		assert_true(str_eq(first, again));
		reg_close(r);
	}
	r = open_register(LODOS, NODE_WRITE);
	assert_status(BAD, letter_adopt(a, r, S("release-2020"), at("adoption.lodos"), &line, &e));
	assert_says("not among those asked");
	assert_status(NO, letter_adopt(a, r, S("none"), at("adoption.lodos"), &line, &e));
	assert_false(os_exists(at("adoption.lodos")));
	reg_close(r);
}

/* Somebody else's certificate and signature in the frame of an adoption. */
static void
write_foreign_adoption(const char *path)
{
	struct reg *r = open_register(LODOS, NODE_WRITE);
	const struct node_info *i = node_info(reg_node(r));
	const unsigned shown[] = {0, 8, 9, 10};
	uint8_t hash[1][SEAL_HASH], letter[SEAL_HASH];
	struct draft d = {.kind = kind_number("adoption")};
	struct adoption x;
	struct pack p;
	uint64_t pos;

	assert_ok(pack_load(a, r, S("release-2020"), &p, letter, &e));
	x = (struct adoption){.certificate = i->certificate, .certificate_sig = i->certificate_minisig};
	assert_ok(node_adopt_sign(reg_node(r), a, str_bytes(p.manifest_text), str_cstr(a,
		adoption_comment(a, p.m.name, i->organisation, day_today())), &x.manifest_sig, &e));
	d.slot[8] = value_bytes(a, BYTES(p.hash));
	d.slot[9] = value_text(a, i->organisation);
	d.slot[10] = value_text(a, x.manifest_sig);
	assert_ok(node_append(reg_node(r), &d, 1, hash, &pos, &e));
	assert_ok(node_publish(reg_node(r), &e));
	assert_ok(node_prove(a, reg_node(r), pos, shown, 4, &x.proof, &e));
	assert_ok(os_write_file(path, str_bytes(adoption_write(a, &x, p.m.name, p.hash)), 0644, &e));
	reg_close(r);
}

static bool
in_line(const char *text, size_t i, const char *begins)
{
	while (i > 0 && text[i - 1] != '\n')
		i--;
	return strncmp(text + i, begins, strlen(begins)) == 0;
}

static void
the_proposer_collects_what_verifies_and_nothing_else(void **state)
{
	struct reg *r = open_register(BIRLIK, NODE_WRITE);
	struct letter_state s;
	struct str line, file = read_text(at("adoption.nesim"));
	char *p = str_cstr(a, file);

	(void)state;
	for (size_t i = 0; i < file.n; i += 53) {
		/* minisign does not sign these comments, and nobody reads them. */
		if (in_line(p, i, "untrusted comment: "))
			continue;
		p[i] = (char)(p[i] ^ 1);
		assert_ok(os_write_file(at("adoption.bad"), (struct bytes){(uint8_t *)p, file.n}, 0644,
			&e));
		if (letter_collect(a, r, S("release-2020"), at("adoption.bad"), &line, &e) == OK)
			fail_msg("byte %zu changed, and yet: %.*s", i, STR_ARG(line));
		p[i] = (char)(p[i] ^ 1);
	}
	write_foreign_adoption(at("adoption.lodos"));
	assert_status(NO, letter_collect(a, r, S("release-2020"), at("adoption.lodos"), &line, &e));
	assert_says("no party of the manifest has its root key");
	for (int o = NESIM; o <= ARAZ; o++) {
		assert_ok(letter_collect(a, r, S("release-2020"), at(adoption_files[o]), &line, &e));
		assert_status(NO, letter_collect(a, r, S("release-2020"), at(adoption_files[o]), &line,
			&e));
		assert_says("is there already");
	}
	assert_ok(letter_load(a, r, S("release-2020"), &s, &e));
	assert_int_equal(s.n_adoptions, 3);
	assert_true(s.adoptions[0].own);
	assert_false(s.adoptions[2].own);
	reg_close(r);
}

static void
write_trust(int except)
{
	struct buf b;

	buf_init(&b, 1 << 16);
	buf_cstr(&b, "# confirmed for a test\n\n");
	for (int o = BIRLIK; o <= ARAZ; o++)
		if (o != except)
			buf_fmt(&b, STR_FMT " | %s | confirmed by a test | read aloud\n",
				STR_ARG(root_line(o)), organisations[o].name);
	assert_ok(os_write_file(at("trust"), buf_bytes(&b), 0644, &e));
	buf_finish(&b);
}

static void
what_is_rendered_verifies_in_every_language(void **state)
{
	static const char *const files[] = {"letter.en.pdf", "letter.fa.pdf", "letter.az.pdf"};

	(void)state;
	render(".");
	write_trust(-1);
	for (size_t i = 0; i < 3; i++) {
		struct letter_check c;
		assert_ok(verify(at(files[i]), at("trust"), &c));
		assert_int_equal(c.n_adoptions, 3);
		assert_int_equal(c.n_parties, 3);
		assert_true(c.file_as_made);
		assert_int_equal(c.pages, PAGES_EQUAL);
		assert_int_equal(c.n_texts, 3);
		assert_int_equal(c.n_annexes, 2);
		assert_int_equal(c.how_to_confirm.n, 0);
		for (size_t k = 0; k < 3; k++) {
			assert_true(c.adoptions[k].valid && c.adoptions[k].trusted);
			assert_true(str_is(c.adoptions[k].organisation, organisations[k].name));
			assert_true(str_is(c.adoptions[k].confirmed_by, "a test"));
		}
	}
}

static void
rendering_again_gives_the_same_bytes(void **state)
{
	struct str once, twice;

	(void)state;
	render("again");
	once = read_text(at("letter.fa.pdf"));
	twice = read_text(at("again/letter.fa.pdf"));
	assert_true(str_eq(once, twice));
	once = read_text(at("letter.az.html"));
	twice = read_text(at("again/letter.az.html"));
	assert_true(str_eq(once, twice));
}

/* --- trust --------------------------------------------------------------------------------- */

static void
without_trust_it_is_never_verified(void **state)
{
	struct letter_check c;

	(void)state;
	assert_status(NO, verify(at("letter.en.pdf"), NULL, &c));
	assert_says("not in a trust file");
	assert_true(str_has(c.how_to_confirm, str_cstr(a, root_line(ARAZ))));
	assert_true(c.file_as_made);
	assert_false(c.adoptions[0].trusted);
	write_trust(NESIM);
	assert_status(NO, verify(at("letter.en.pdf"), at("trust"), &c));
	assert_says("Nesim Circle");
	assert_true(c.adoptions[0].trusted && !c.adoptions[1].trusted && c.adoptions[2].trusted);
	assert_true(c.adoptions[1].valid);
	write_trust(-1);
}

static void
a_trust_file_is_read_strictly(void **state)
{
	const char *root = str_cstr(a, root_line(BIRLIK));
	const struct { const char *line, *says; } wrong[] = {
		{"%s | Birlik\n", "line 1: not four cells"},
		{"%s | Birlik | confirmed by X | how | more\n", "line 1: not four cells"},
		{"# a comment\n%s | Birlik | by X | how\n", "line 2: a name, or by whom"},
		{"%s |  | confirmed by X | how\n", "a name, or by whom"},
		{"%s | Birlik | confirmed by | how\n", "by whom"},
		{"%s | Birlik | confirmed by X | \n", "how it was confirmed is missing"},
		{"x%s | Birlik | confirmed by X | how\n", "no root key"},
		{"%1$s | B | confirmed by X | how\n%1$s | C | confirmed by X | how\n",
			"line 2: this root key stands in a line before"},
	};
	struct trusted *t;
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		char text[512];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(text, sizeof text, wrong[i].line, root);
#pragma GCC diagnostic pop
		assert_status(BAD, trust_read(a, str_of(text), "trust", &t, &n, &e));
		assert_says(wrong[i].says);
	}
}

static void
the_trust_file_that_is_written_is_read_and_names_only_the_confirmed(void **state)
{
	struct reg *r = open_register(BIRLIK, NODE_WRITE);
	struct trusted *t;
	struct str text;
	size_t n;

	(void)state;
	ADD(r, "partner", "name", "Nesim", "root", str_cstr(a, root_line(NESIM)), "confirmed-by",
		"Ayla", "confirmed-how", "by telephone");
	ADD(r, "partner", "name", "Araz", "root", str_cstr(a, root_line(ARAZ)));
	assert_ok(trust_write(a, r, &text, &e));
	assert_ok(trust_read(a, text, "trust", &t, &n, &e));
	assert_int_equal(n, 2);
	assert_true(str_is(t[1].name, "Nesim"));
	assert_true(str_is(t[1].by, "Ayla"));
	assert_true(str_has(text, "# RW"));
	reg_close(r);
}

/* --- minisign itself ------------------------------------------------------------------------- */

static int
run(const char *command)
{
	int st = system(command);

	return WIFEXITED(st) ? WEXITSTATUS(st) : -1;
}

static void
minisign_and_sha256sum_check_what_is_attached(void **state)
{
	const char *dir = at("taken-out");
	struct typeset_parts parts;
	struct letter_check c;
	struct certificate by;
	struct str pdf = read_text(at("letter.az.pdf"));

	(void)state;
	if (run("minisign -v >/dev/null 2>&1") != 0)
		skip();
	assert_ok(verify(at("letter.az.pdf"), at("trust"), &c));
	assert_ok(os_make_dirs(dir, 0755, &e));
	assert_ok(typeset_pdf_files(a, str_bytes(pdf), &parts, &e));
	for (size_t i = 0; i < parts.n_files; i++)
		assert_ok(os_write_file(str_cstr(a, str_fmt(a, "%s/" STR_FMT, dir,
			STR_ARG(parts.files[i].name))), parts.files[i].data, 0644, &e));
	for (int k = 1; k <= 3; k++) {
		struct str text = read_text(str_cstr(a, str_fmt(a, "%s/certificate-%d.txt", dir, k)));
		assert_true(certificate_read(a, text, &by));
		assert_int_equal(run(str_cstr(a, str_fmt(a, "cd %s && minisign -qVm certificate-%d.txt "
			"-P " STR_FMT, dir, k, STR_ARG(root_line(k - 1))))), 0);
		assert_int_equal(run(str_cstr(a, str_fmt(a, "cd %s && minisign -qVm manifest.txt -x "
			"manifest.%d.minisig -P " STR_FMT, dir, k, STR_ARG(by.adopt)))), 0);
		assert_int_not_equal(run(str_cstr(a, str_fmt(a, "cd %s && minisign -qVm text.en.md -x "
			"manifest.%d.minisig -P " STR_FMT " 2>/dev/null", dir, k, STR_ARG(by.adopt)))), 0);
	}
	assert_int_equal(run(str_cstr(a, str_fmt(a, "cd %s && test \"$(sha256sum < text.fa.md)\" = "
		"\"$(sed -n 's/^text fa: //p' manifest.txt)  -\"", dir))), 0);
	assert_int_equal(run(str_cstr(a, str_fmt(a, "cd %s && test \"$(sha256sum < manifest.txt)\" = \""
		STR_FMT "  -\"", dir, STR_ARG(c.manifest_hash)))), 0);
}

/* --- attacks on the file ------------------------------------------------------------------------ */

static void
no_byte_of_the_file_can_be_changed(void **state)
{
	const char *path = at("attacked.pdf");
	struct str pdf = read_text(at("letter.en.pdf"));
	struct typeset_parts parts;
	struct letter_check c;
	struct arena *keep = a;
	struct err why;
	size_t tried = 0;
	int fd;

	(void)state;
	assert_ok(typeset_pdf_files(a, str_bytes(pdf), &parts, &e));
	assert_ok(os_write_file(path, str_bytes(pdf), 0644, &e));
	fd = open(path, O_WRONLY);
	assert_true(fd >= 0);
	const char *trust = at("trust");
	a = arena_create((size_t)1 << 30);
	/* Pages, files, note; "all": the note to the byte (a minute). */
	const size_t step[] = {every_byte ? 211 : 1999, every_byte ? 17 : 397, every_byte ? 1 : 5};
	for (size_t i = 0; i < pdf.n;
	     i += step[i < parts.base_len ? 0 : i < parts.covered_len ? 1 : 2]) {
		char changed = (char)(pdf.p[i] ^ (1 << i % 8));
		assert_int_equal(pwrite(fd, &changed, 1, (off_t)i), 1);
		enum status st = letter_verify(a, path, trust, &c, &why);
		if (st != NO && st != BAD)
			fail_msg("byte %zu of %zu changed: %d %s", i, pdf.n, (int)st, why.text);
		assert_int_equal(pwrite(fd, pdf.p + i, 1, (off_t)i), 1);
		arena_reset(a);
		tried++;
	}
	arena_destroy(a);
	a = keep;
	close(fd);
	assert_true(tried > 400);
	assert_ok(verify(path, trust, &c));
}

static void
a_file_cut_off_or_continued_is_refused(void **state)
{
	struct str pdf = read_text(at("letter.en.pdf"));
	struct typeset_parts parts;
	struct letter_check c;
	struct bytes longer;

	(void)state;
	assert_ok(typeset_pdf_files(a, str_bytes(pdf), &parts, &e));
	const size_t cuts[] = {0, 1, parts.base_len, parts.covered_len, pdf.n - 1};
	for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
		assert_ok(os_write_file(at("cut.pdf"), str_bytes(str_upto(pdf, cuts[i])), 0644, &e));
		assert_status(BAD, verify(at("cut.pdf"), at("trust"), &c));
	}
	longer = str_bytes(str_fmt(a, STR_FMT "\n", STR_ARG(pdf)));
	assert_ok(os_write_file(at("longer.pdf"), longer, 0644, &e));
	assert_status(BAD, verify(at("longer.pdf"), at("trust"), &c));
}

/* Whose node takes the letter's parts and signs its own rendering: `doc` drawn for
 * the pages, the note as it likes. */
static int forger = LODOS;           /* whom nobody trusts */

static enum status
forge(const struct pack *real, const struct typeset_doc *doc, const char *engine, bool honest,
	struct letter_check *c)
{
	struct reg *r = open_register(forger, NODE_READ);
	struct node *n = reg_node(r);
	struct pack p = *real;
	struct typeset_drawn drawn;
	struct typeset_file *files;
	struct typeset_doc truth;
	struct rendering x = {.origin = node_info(n)->origin, .lang = LANG_EN};
	struct bytes pdf, whole;
	struct str note;
	size_t n_files;

	p.node = node_info(n)->certificate;
	p.node_sig = node_info(n)->certificate_minisig;
	pack_files(a, &p, &files, &n_files);
	assert_ok(typeset_pdf(a, doc, &drawn, &e));
	assert_ok(typeset_pdf_attach(a, drawn.bytes, LANG_EN, files, n_files, &pdf, &e));
	x.covered = pdf.n;
	seal_sha256(pdf, x.sha256);
	memcpy(x.manifest, p.hash, SEAL_HASH);
	x.engine = engine ? str_of(engine) : drawn.engine;
	truth = page_doc(a, &p, LANG_EN);
	rendering_document(honest ? &truth : doc, x.document);
	assert_ok(node_note_sign(n, a, rendering_text(a, &x), &note, &e));
	assert_ok(typeset_pdf_note(a, pdf, str_bytes(note), &whole, &e));
	assert_ok(os_write_file(at("forged.pdf"), whole, 0644, &e));
	reg_close(r);
	return verify(at("forged.pdf"), at("trust"), c);
}

static void
pages_that_say_something_else_are_never_verified(void **state)
{
	struct reg *r = open_register(BIRLIK, NODE_READ);
	struct letter_check c;
	struct typeset_doc doc;
	struct pack p;
	uint8_t letter[SEAL_HASH];

	(void)state;
	assert_ok(pack_load(a, r, S("release-2020"), &p, letter, &e));
	reg_close(r);
	/* Whoever renders it truly is believed, for the pages are drawn again. */
	doc = page_doc(a, &p, LANG_EN);
	assert_ok(forge(&p, &doc, NULL, true, &c));
	assert_true(str_has(c.made_by, "NOT CONFIRMED"));
	doc.title = S("We ask for nothing");
	assert_status(NO, forge(&p, &doc, NULL, true, &c));
	assert_int_equal(c.pages, PAGES_DIFFER);
	assert_status(NO, forge(&p, &doc, NULL, false, &c));
	assert_int_equal(c.pages, PAGES_NOT_COMPARED);
	assert_status(NO, forge(&p, &doc, "an engine of another machine", true, &c));
	assert_int_equal(c.pages, PAGES_NOT_COMPARED);
	assert_says("who made them is not in the trust file");
	/* Pages of another engine rest on a trusted node's word; those that differ
	 * under our own engine on nobody's. */
	forger = NESIM;
	assert_ok(forge(&p, &doc, "an engine of another machine", true, &c));
	assert_int_equal(c.pages, PAGES_NOT_COMPARED);
	assert_true(str_has(c.pages_why, "they may say anything"));
	assert_status(NO, forge(&p, &doc, NULL, true, &c));
	assert_int_equal(c.pages, PAGES_DIFFER);
	forger = LODOS;
}

static void
an_adoption_of_another_letter_does_not_count(void **state)
{
	struct reg *r = open_register(BIRLIK, NODE_READ);
	struct letter_check c;
	struct typeset_doc doc;
	struct pack p;
	struct adoption one;
	uint8_t letter[SEAL_HASH];

	(void)state;
	assert_ok(pack_load(a, r, S("release-2020"), &p, letter, &e));
	reg_close(r);
	one = p.adoptions[0];
	doc = page_doc(a, &p, LANG_EN);
	/* Under another party's number. */
	p.adoptions[0].party = 1;
	p.adoptions[1].party = 0;
	struct adoption swap = p.adoptions[0];
	p.adoptions[0] = p.adoptions[1];
	p.adoptions[1] = swap;
	assert_status(NO, forge(&p, &doc, NULL, true, &c));
	assert_false(c.adoptions[0].valid);
	/* With one another's signature. */
	p.adoptions[0] = one;
	p.adoptions[0].manifest_sig = p.adoptions[2].manifest_sig;
	p.n_adoptions = 1;
	assert_status(NO, forge(&p, &doc, NULL, true, &c));
	assert_false(c.adoptions[0].valid);
	/* None at all. */
	p.n_adoptions = 0;
	doc = page_doc(a, &p, LANG_EN);
	assert_status(NO, forge(&p, &doc, NULL, true, &c));
	assert_says("no organisation has adopted it");
	/* A row more, a text changed. */
	p.adoptions[0] = one;
	p.n_adoptions = 1;
	p.annexes[0].n--;
	assert_status(BAD, forge(&p, &doc, NULL, true, &c));
	p.annexes[0].n++;
	p.text[LANG_AZ] = S("1. Heç nə.\n");
	assert_status(BAD, forge(&p, &doc, NULL, true, &c));
	assert_says("text.az.md");
}

/* --- afterwards ------------------------------------------------------------------------------------ */

static void
who_withdraws_later_is_left_out_and_the_adoption_still_verifies(void **state)
{
	struct reg *r = open_register(BIRLIK, NODE_WRITE);
	struct letter_state s;
	struct letter_check c;
	struct str pdf;

	(void)state;
	ADD(r, "consent", "person", str_cstr(a, people[2]), "purpose", "letter", "basis", "consent",
		"withdrawn", "2020-03-26");
	assert_ok(letter_load(a, r, S("release-2020"), &s, &e));
	assert_int_equal(s.withdrawn, 1);
	assert_int_equal(s.annexes[0].n_rows, 4);
	reg_close(r);
	render("later");
	pdf = read_text(at("later/letter.en.pdf"));
	assert_null(memmem(pdf.p, pdf.n, "Səkinə", strlen("Səkinə")));
	assert_ok(verify(at("later/letter.en.pdf"), at("trust"), &c));
	assert_true(str_has(c.annexes[0], "5 rows"));
	assert_true(str_has(c.annexes[0], "1 of them left out"));
	assert_int_equal(c.pages, PAGES_EQUAL);
	/* And what was given out before says what it said. */
	assert_ok(verify(at("letter.en.pdf"), at("trust"), &c));
}

/* The withdrawal stands with a record that was not there when the row was frozen. */
static void
who_withdraws_under_a_record_joined_later_is_left_out(void **state)
{
	struct reg *r = open_register(BIRLIK, NODE_WRITE);
	struct letter_state s;
	struct str later;

	(void)state;
	later = ADD(r, "person", "given", "Aynur", "family", "Karadaghli", "birth", "1985");
	ADD(r, "consent", "person", str_cstr(a, later), "purpose", "letter", "basis", "family",
		"withdrawn", "2020-03-26");
	assert_ok(letter_load(a, r, S("release-2020"), &s, &e));
	assert_int_equal(s.withdrawn, 1);
	assert_ok(reg_judge(r, people[0], later, S("same"), S("his sister says so"), &e));
	assert_ok(letter_load(a, r, S("release-2020"), &s, &e));
	assert_int_equal(s.withdrawn, 2);
	reg_close(r);
}

static void
who_is_erased_later_is_nowhere_and_the_adoption_still_verifies(void **state)
{
	struct reg *r = open_register(BIRLIK, NODE_WRITE);
	struct letter_state s;
	struct letter_check c;
	struct str *lines, *backups, pdf;
	uint64_t *pos;
	size_t n, n_backups;

	(void)state;
	assert_ok(reg_erase_plan(a, r, people[4], &pos, &n, &lines, &e));
	assert_true(n >= 4);                  /* person, event, consent, annex row */
	assert_ok(reg_erase(a, r, pos, n, S("asked by the family"), &backups, &n_backups, &e));
	assert_ok(letter_load(a, r, S("release-2020"), &s, &e));
	assert_int_equal(s.withdrawn, 3);
	assert_int_equal(s.annexes[0].n_rows, 2);
	reg_close(r);
	render("erased");
	pdf = read_text(at("erased/letter.fa.pdf"));
	assert_null(memmem(pdf.p, pdf.n, "خویی", strlen("خویی")));
	assert_ok(verify(at("erased/letter.fa.pdf"), at("trust"), &c));
	assert_int_equal(c.pages, PAGES_EQUAL);
}

int
main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_letter_is_one_that_only_lacks_its_parties),
		cmocka_unit_test(what_is_proposed_is_fixed_and_withholds_what_consent_does_not_cover),
		cmocka_unit_test(a_partner_receives_it_once_and_only_as_it_was_proposed),
		cmocka_unit_test(three_adopt_each_in_its_own_log_and_a_fourth_may_not),
		cmocka_unit_test(the_proposer_collects_what_verifies_and_nothing_else),
		cmocka_unit_test(what_is_rendered_verifies_in_every_language),
		cmocka_unit_test(rendering_again_gives_the_same_bytes),
		cmocka_unit_test(without_trust_it_is_never_verified),
		cmocka_unit_test(a_trust_file_is_read_strictly),
		cmocka_unit_test(the_trust_file_that_is_written_is_read_and_names_only_the_confirmed),
		cmocka_unit_test(minisign_and_sha256sum_check_what_is_attached),
		cmocka_unit_test(no_byte_of_the_file_can_be_changed),
		cmocka_unit_test(a_file_cut_off_or_continued_is_refused),
		cmocka_unit_test(pages_that_say_something_else_are_never_verified),
		cmocka_unit_test(an_adoption_of_another_letter_does_not_count),
		cmocka_unit_test(who_withdraws_later_is_left_out_and_the_adoption_still_verifies),
		cmocka_unit_test(who_withdraws_under_a_record_joined_later_is_left_out),
		cmocka_unit_test(who_is_erased_later_is_nowhere_and_the_adoption_still_verifies),
	};

	if (argc > 1)
		os_helpers_at(argv[1]);
	every_byte = argc > 2 && strcmp(argv[2], "all") == 0;
	return cmocka_run_group_tests(tests, make_world, drop_world);
}
