/* Commands that write: import, undo, add, amend, attach, erase. */
#include "cli/cli_int.h"

static void
json_strs(struct json *j, const char *key, const struct str *v, size_t n)
{
	json_key(j, key);
	json_array(j);
	for (size_t i = 0; i < n; i++)
		json_text(j, v[i]);
	json_array_end(j);
}

static const char *const note_words[] = {
	[ROW_ERROR] = "error", [ROW_WARNING] = "warning", [ROW_NEW] = "new",
	[ROW_CHANGED] = "changed", [ROW_VANISHED] = "vanished", [ROW_PAIRED] = "paired",
	[ROW_LIKELY] = "likely the same", [ROW_RETURNED] = "listed again",
};

static void
import_json(const struct reg_import_report *p, bool committed)
{
	struct buf b;
	struct json j;

	buf_init(&b, (size_t)1 << 30);
	j = json_to(&b);
	json_object(&j);
	json_field_text(&j, "list", p->list);
	json_field_int(&j, "version", p->version);
	json_field_text(&j, "encoding", p->encoding);
	json_strs(&j, "columns", p->columns, p->n_columns);
	const struct { const char *key; size_t n; } sums[] = {
		{"rows", p->rows}, {"new", p->fresh}, {"changed", p->changed},
		{"unchanged", p->unchanged}, {"vanished", p->vanished}, {"likely", p->likely},
		{"errors", p->errors}, {"warnings", p->warnings}, {"records", p->records},
	};
	for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
		json_field_int(&j, sums[i].key, (int64_t)sums[i].n);
	}
	json_field_bool(&j, "committed", committed);
	json_key(&j, "notes");
	json_array(&j);
	for (size_t i = 0; i < p->n_notes; i++) {
		json_object(&j);
		json_field_text(&j, "what", str_of(note_words[p->notes[i].what]));
		json_field_int(&j, "row", (int64_t)p->notes[i].row);
		json_field_int(&j, "column", (int64_t)p->notes[i].column);
		json_field_text(&j, "text", p->notes[i].text);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_object_end(&j);
	buf_byte(&b, '\n');
	fwrite(b.p, 1, b.n, stdout);
	buf_finish(&b);
}

/* All errors; of everything else the first few, and how many more. */
static void
import_notes(const struct reg_import_report *p, bool all)
{
	enum { SHOWN = 12 };
	size_t shown[sizeof note_words / sizeof *note_words] = {0};

	for (size_t i = 0; i < p->n_notes; i++) {
		const struct reg_row_note *n = &p->notes[i];
		if (!all && n->what != ROW_ERROR && shown[n->what]++ >= SHOWN)
			continue;
		if (n->row)
			say("  row %zu", n->row);
		else
			say("  -");
		if (n->column)
			say(", column %zu", n->column);
		say(": %s: " STR_FMT "\n", note_words[n->what], STR_ARG(n->text));
	}
	for (size_t w = 0; w < sizeof shown / sizeof *shown; w++)
		if (shown[w] > SHOWN)
			say("  … and %zu more: %s (--all shows them)\n", shown[w] - SHOWN,
				note_words[w]);
}

static void
import_print(struct args *x, const struct reg_import_report *p)
{
	say("list: " STR_FMT ", version %u (" STR_FMT "%s" STR_FMT ")\n", STR_ARG(p->list), p->version,
		STR_ARG(p->encoding), p->delimiter.n ? ", delimiter " : "", STR_ARG(p->delimiter));
	for (size_t i = 0; i < p->n_columns; i++)
		say("  column " STR_FMT "\n", STR_ARG(p->columns[i]));
	import_notes(p, opt(x, "--all") != NULL);
	if (p->similar_list.n)
		say("These rows resemble the list \"" STR_FMT "\": is this a version of it? Then give "
			"--list \"" STR_FMT "\".\n", STR_ARG(p->similar_list), STR_ARG(p->similar_list));
	say("%zu rows: %zu new, %zu changed, %zu unchanged, %zu vanished, %zu likely the same as "
		"somebody there, %zu errors, %zu warnings\n", p->rows, p->fresh, p->changed,
		p->unchanged, p->vanished, p->likely, p->errors, p->warnings);
}

static enum status
run_import(struct args *x, struct err *e)
{
	bool commit = opt(x, "--commit") != NULL;
	struct reg_import i = {.file = x->arg[1], .list = opt_str(x, "--list"),
		.map_file = opt(x, "--map"), .sheet = opt_str(x, "--sheet"),
		.encoding = opt_str(x, "--encoding"), .as_of = opt_str(x, "--as-of"),
		.basis = opt_str(x, "--basis"), .source = opt_str(x, "--source"),
		.publisher = opt_str(x, "--publisher"), .date_order = opt_str(x, "--dates"),
		.unique = opt(x, "--unique") != NULL, .commit = commit};
	struct reg_import_report p = {0};
	struct reg *r;
	enum status st = open_reg(x, commit ? NODE_WRITE : NODE_READ, &r, e);

	if (st)
		return st;
	st = reg_import_run(x->a, r, &i, &p, e);
	reg_close(r);
	if (st && p.rows == 0)
		return st;
	os_progress_end();
	if (x->json)
		import_json(&p, commit && st == OK);
	else
		import_print(x, &p);
	if (st || x->json)
		return st;
	if (p.records == 0)
		say("Nothing has changed; nothing %s.\n", commit ? "was written" : "would be written");
	else if (commit)
		say("Written: %zu records. Import " STR_FMT " (`habeas undo` takes it back)\n",
			p.records, STR_ARG(reg_record_id(x->a, p.version_hash)));
	else
		say("Nothing written yet: this was a dry run; --commit would write %zu records.\n",
			p.records);
	return OK;
}

static enum status
run_undo(struct args *x, struct err *e)
{
	struct reg *r;
	struct str line;
	enum status st = open_reg(x, NODE_WRITE, &r, e);

	if (st)
		return st;
	st = reg_undo(x->a, r, str_of(x->arg[1]), opt_str(x, "--reason"), &line, e);
	reg_close(r);
	if (st == OK)
		say(STR_FMT "\n", STR_ARG(line));
	return st;
}

static enum status
read_changes(struct args *x, size_t from, struct reg_change *c, size_t *ret_n, struct err *e)
{
	for (size_t i = from; i < x->n; i++) {
		struct str s = str_of(x->arg[i]);
		size_t eq = str_find(s, '=');
		if (eq == s.n || eq == 0)
			return err_set(e, BAD, "\"" STR_FMT "\": write FIELD=VALUE", STR_ARG(s));
		c[i - from] = (struct reg_change){str_upto(s, eq), str_from(s, eq + 1)};
	}
	*ret_n = x->n - from;
	return OK;
}

static void
say_hash(struct args *x, const uint8_t hash[SEAL_HASH])
{
	say(STR_FMT "\n", STR_ARG(reg_record_id(x->a, hash)));
}

/* --- forms: what a kind asks for, as text to fill in ------------------------------ */

static const struct kind *
kind_asked(struct args *x, struct str name, struct err *e)
{
	const struct kind *k = kind_named(name);
	struct buf known;

	if (k && k->number)
		return k;
	buf_init(&known, 600);
	for (size_t i = 0; (k = kind_at(i)) != NULL; i++)
		if (k->number)
			buf_fmt(&known, "%s" STR_FMT, known.n ? ", " : "", STR_ARG(k->name));
	(void)!err_set(e, BAD, "\"" STR_FMT "\": no such kind; there are " STR_FMT, STR_ARG(name),
		STR_ARG(buf_str(&known)));
	buf_finish(&known);
	(void)x;
	return NULL;
}

static const char *const audiences[] = {"sealed", "own organisation", "partners", "UN", "public"};

static enum status
run_form(struct args *x, struct err *e)
{
	const struct kind *k = kind_asked(x, str_of(x->arg[0]), e);
	enum lang l = x->lang == LANG_AZB ? LANG_FA : x->lang;

	if (!k)
		return BAD;
	say("# " STR_FMT ". Fill in what is known, leave the rest; then:\n"
		"#   habeas add REG " STR_FMT " --from THIS-FILE\n", STR_ARG(k->label[l]),
		STR_ARG(k->name));
	for (size_t i = 0; i < k->n_fields; i++) {
		const struct field *f = &k->fields[i];
		const struct vocabulary *v = f->of.n ? vocabulary_named(f->of) : NULL;
		if (!f->in_form && f->type != VALUE_REF)
			continue;
		say("\n# " STR_FMT " (who may see it: %s", STR_ARG(f->label[l]),
			audiences[f->audience]);
		for (size_t m = 0; v && m < v->n_codes; m++)
			say("%s" STR_FMT, m ? ", " : "; one of ", STR_ARG(v->codes[m].code));
		say(")\n" STR_FMT " =\n", STR_ARG(f->name));
	}
	return OK;
}

static enum status
read_form(struct args *x, const char *file, struct reg_change *c, size_t *ret_n, struct err *e)
{
	struct bytes b;
	struct ini ini;
	size_t n = 0;
	enum status st = os_read_file(x->a, file, 1 << 20, &b, e);

	if (st)
		return st == NO ? err_set(e, BAD, "%s: there is no such file", file) : st;
	if (!utf8_valid(b))
		return err_set(e, BAD, "%s: not UTF-8; save it as UTF-8", file);
	if ((st = ini_read(x->a, bytes_str(b), file, &ini, e)) != OK)
		return st;
	for (size_t i = 0; i < ini.n; i++) {
		if (ini.items[i].value.n == 0)
			continue;
		if (n == ARGS_MOST)
			return err_set(e, BAD, "%s: more than %d fields", file, ARGS_MOST);
		c[n++] = (struct reg_change){ini.items[i].name, ini.items[i].value};
	}
	*ret_n = n;
	return OK;
}

/* What was written, who is likely there already, and what was said of it. */
static void
written_json(struct args *x, const uint8_t hash[SEAL_HASH], const struct near_found *f)
{
	struct buf b;
	struct json j;

	buf_init(&b, 1 << 20);
	j = json_to(&b);
	json_object(&j);
	json_field_text(&j, "record", reg_record_id(x->a, hash));
	json_key(&j, "likely");
	near_json(&j, f);
	json_field_text(&j, "judged_same", f->same.n ? f->same : STR_NONE);
	json_object_end(&j);
	buf_byte(&b, '\n');
	fwrite(b.p, 1, b.n, stdout);
	buf_finish(&b);
}

/* The record stands whatever becomes of the judgement: the id is said first. */
static enum status
say_written(struct args *x, struct reg *r, const uint8_t hash[SEAL_HASH],
	const struct near_found *f, struct err *e)
{
	if (x->json)
		written_json(x, hash, f);
	else
		say_hash(x, hash);
	return f->same.n ? reg_judge(r, reg_record_id(x->a, hash), f->same, S("same"),
		str_of(tr(x->lang, "said when it was typed in")), e) : OK;
}

static enum status
run_add(struct args *x, struct err *e)
{
	struct reg_change c[ARGS_MOST];
	uint8_t hash[SEAL_HASH];
	struct near_found f = {0};
	struct str kind = str_of(x->arg[1]);
	struct reg *r;
	size_t n;
	enum status st = opt(x, "--from") ? read_form(x, opt(x, "--from"), c, &n, e)
		: read_changes(x, 2, c, &n, e);

	if (st || (st = open_reg(x, NODE_WRITE, &r, e)) != OK)
		return st;
	if (str_is(kind, "person") && !opt(x, "--no-check"))
		st = check_near(x, r, S(""), c, n, &f, e);
	if (st == OK && (st = reg_add(r, kind, c, n, hash, e)) == OK)
		st = say_written(x, r, hash, &f, e);
	reg_close(r);
	return st;
}

static enum status
run_amend(struct args *x, struct err *e)
{
	struct reg_change c[ARGS_MOST];
	uint8_t hash[SEAL_HASH];
	struct near_found f = {0};
	struct str id = str_of(x->arg[1]);
	struct reg *r;
	size_t n;
	enum status st = read_changes(x, 2, c, &n, e);

	if (st || (st = open_reg(x, NODE_WRITE, &r, e)) != OK)
		return st;
	if (!opt(x, "--no-check"))
		st = check_near(x, r, id, c, n, &f, e);
	if (st == OK && (st = reg_amend(r, id, c, n, opt_str(x, "--reason"), hash, e)) == OK) {
		/* The judgement is on the record, not on its amendment. */
		st = say_written(x, r, hash, &(struct near_found){f.v, f.n, S("")}, e);
		if (st == OK && f.same.n)
			st = reg_judge(r, id, f.same, S("same"), opt_str(x, "--reason"), e);
	}
	reg_close(r);
	return st;
}

static enum status
run_attach(struct args *x, struct err *e)
{
	uint8_t hash[SEAL_HASH];
	struct reg *r;
	enum status st = open_reg(x, NODE_WRITE, &r, e);

	if (st)
		return st;
	st = reg_attach(r, str_of(x->arg[1]), x->arg[2], opt_str(x, "--title"),
		opt(x, "--evidence") != NULL, hash, e);
	reg_close(r);
	if (st == OK)
		say_hash(x, hash);
	return st;
}

static enum status
confirm_erasure(struct args *x, struct err *e)
{
	char line[16];
	enum status st;

	if (opt(x, "--yes"))
		return OK;
	st = os_passphrase("Type ERASE to destroy these for ever: ", -1, line, sizeof line, e);
	if (st == OK && strcmp(line, "ERASE") != 0)
		st = err_set(e, NO, "nothing erased");
	return st;
}

static enum status
run_erase(struct args *x, struct err *e)
{
	struct reg *r;
	uint64_t *pos;
	struct str *lines, *backups;
	size_t n, n_backups = 0;
	enum status st = open_reg(x, NODE_WRITE, &r, e);

	if (st)
		return st;
	if ((st = reg_erase_plan(x->a, r, str_of(x->arg[1]), &pos, &n, &lines, e)) == OK) {
		say("Erasing this covers %zu records:\n", n);
		for (size_t i = 0; i < n; i++)
			if (lines[i].n)
				say("  " STR_FMT "\n", STR_ARG(lines[i]));
		if ((st = confirm_erasure(x, e)) == OK)
			st = reg_erase(x->a, r, pos, n, opt_str(x, "--reason"), &backups, &n_backups, e);
	}
	reg_close(r);
	if (st)
		return st;
	say("Erased. The log still verifies; what stood here cannot be read again.\n");
	for (size_t i = 0; i < n_backups; i++)
		say("A backup still holds the keys: " STR_FMT "; refresh it: habeas backup %s " STR_FMT
			"\n", STR_ARG(backups[i]), x->arg[0], STR_ARG(backups[i]));
	return OK;
}

static const struct option import_options[] = {
	{"--list", "NAME", "which list this file is a version of"},
	{"--map", "FILE", "how its columns are read (INI); else by their headings"},
	{"--commit", NULL, "write; without it this is a dry run"},
	{"--as-of", "DATE", "the day the list describes; else today"},
	{"--basis", "BASIS", "legal basis: consent, family, public-record, historical …"},
	{"--source", "ID", "the source record the list came from"},
	{"--publisher", "NAME", "who keeps the list"},
	{"--unique", NULL, "the list declares itself free of duplicates"},
	{"--dates", "ORDER", "dmy, mdy or ymd where 03/04/2020 could be two days"},
	{"--sheet", "NAME", "which sheet of a workbook"},
	{"--encoding", "NAME", "utf-8, utf-16le, utf-16be, windows-1251, -1252, -1254, -1256; else found out"},
	{"--all", NULL, "show every note, not the first of each sort"},
	{NULL, NULL, NULL},
};
static const struct option undo_options[] = {
	{"--reason", "TEXT", "why"},
	{NULL, NULL, NULL},
};
static const struct option add_options[] = {
	{"--from", "FILE", "a form that `habeas form KIND` printed, filled in"},
	{"--no-check", NULL, "do not look whether the person is there already"},
	{NULL, NULL, NULL},
};
static const struct option amend_options[] = {
	{"--reason", "TEXT", "why"},
	{"--no-check", NULL, "do not look whether the person is there already"},
	{NULL, NULL, NULL},
};
static const struct option attach_options[] = {
	{"--title", "TEXT", "what it is; else the file's name"},
	{"--evidence", NULL, "declared evidence: erasing the person names it"},
	{NULL, NULL, NULL},
};
static const struct option erase_options[] = {
	{"--reason", "TEXT", "why"},
	{"--yes", NULL, "do not ask"},
	{NULL, NULL, NULL},
};

const struct command data_commands[] = {
	{"import", "REG FILE --list NAME [--commit]", "read a list: CSV, XLSX or ODS\n"
		"A dry run unless --commit: says what is new, changed, unchanged, vanished, and what\n"
		"is wrong with row and column.  The same list again writes nothing.  A file with a\n"
		"`record` column (from `list --csv`) amends those records.", 2, 2, import_options,
		run_import},
	{"undo", "REG IMPORT", "retract an import whole\nIMPORT: the id that import printed, or "
		"\"LIST VERSION\".", 2, 2, undo_options, run_undo},
	{"add", "REG KIND FIELD=VALUE …", "write one record\n"
		"Kinds and fields are those of docs/formats.md; a person is P-17 or a record's id.\n"
		"Who is likely to be there already is shown; on a terminal you are asked.",
		2, ARGS_MOST, add_options, run_add},
	{"form", "KIND", "print a form for a kind of record, to fill in and add", 1, 1, NULL, run_form},
	{"amend", "REG RECORD FIELD=VALUE …", "change fields of a record; FIELD= withdraws one",
		3, ARGS_MOST, amend_options, run_amend},
	{"attach", "REG ABOUT FILE", "seal a file and refer it to a person or record", 3, 3,
		attach_options, run_attach},
	{"erase", "REG PERSON|RECORD", "destroy keys and payloads of all that names a person",
		2, 2, erase_options, run_erase},
	{NULL, NULL, NULL, 0, 0, NULL, NULL},
};
