/*
 * Import, the dry run: read the file, map its columns, read every row, and say what
 * is new, changed, unchanged, gone.  Nothing is written here; import_write.c does
 * what this has found out, and only when no row has an error.
 */
#include "register/import_int.h"

enum { ARENA_A_ROW = 64 << 20 };
static const size_t arena_most = (size_t)8 << 30;
static const double similar_when_missing = 0.3, similar_when_new = 0.5;

/* --- the file ------------------------------------------------------------------- */

static struct str
base_name(struct str path)
{
	const char *slash = path.n ? memrchr(path.p, '/', path.n) : NULL;

	return slash ? str_from(path, (size_t)(slash + 1 - path.p)) : path;
}

/* What is no table, by its first bytes, and what to do about it. */
static enum status
refuse_others(struct bytes b, const char *name, struct err *e)
{
	static const struct { const char *magic; size_t n; const char *what; } others[] = {
		{"\xd0\xcf\x11\xe0", 4, "an old workbook (.xls); save it as .xlsx or CSV"},
		{"%PDF-", 5, "a PDF; copy its table into a spreadsheet and save it as CSV"},
		{"{\\rtf", 5, "an RTF text; copy its table into a spreadsheet and save it as CSV"},
		{"\x89PNG", 4, "a picture; type its table into a spreadsheet"},
		{"\xff\xd8\xff", 3, "a picture; type its table into a spreadsheet"},
		{"SQLite format 3", 15, "an SQLite database; export its table as CSV"},
		{"\x1f\x8b", 2, "compressed (gzip); unpack it first"},
		{"7z\xbc\xaf", 4, "compressed (7z); unpack it first"},
		{"<!DOCTYPE", 9, "a web page; save its table as CSV"},
		{"<html", 5, "a web page; save its table as CSV"},
		{"<?xml", 5, "XML; save its table as CSV or .xlsx"},
	};

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (b.n >= others[i].n && memcmp(b.p, others[i].magic, others[i].n) == 0)
			return err_set(e, BAD, "%s: this is %s", name, others[i].what);
	return OK;
}

static enum status
read_sheet(struct run *x, struct err *e)
{
	struct sheet_info info = {0};
	const char *sheet = x->want->sheet.n ? str_cstr(x->a, x->want->sheet) : NULL;
	enum status st = sheet_parse(x->a, x->file, x->want->file, sheet, NULL, &x->table, &info, e);

	for (size_t i = 0; st == OK && i < info.n_notes; i++)
		note_add(&x->notes, ROW_WARNING, info.notes[i].row, info.notes[i].column, STR_FMT,
			STR_ARG(info.notes[i].text));
	return st;
}

static enum status
read_table(struct run *x, struct err *e)
{
	const char *encoding = x->want->encoding.n ? str_cstr(x->a, x->want->encoding)
		: x->map.encoding.n ? str_cstr(x->a, x->map.encoding) : NULL;
	struct str assumed;
	enum status st = os_read_file(x->a, x->want->file, csv_limits_default.file_bytes, &x->file,
		e);

	if (st)
		return st == NO ? err_set(e, BAD, "%s: there is no such file", x->want->file) : st;
	if ((st = refuse_others(x->file, x->want->file, e)) != OK)
		return st;
	if (x->file.n >= 4 && memcmp(x->file.p, "PK\3\4", 4) == 0)
		st = read_sheet(x, e);
	else
		st = csv_read(x->a, x->file, x->want->file, encoding, x->map.delimiter, NULL,
			&x->table, e);
	if (st)
		return st;
	if ((assumed = csv_assumed(x->a, &x->table, encoding)).n)
		note_add(&x->notes, ROW_WARNING, 0, 0, STR_FMT, STR_ARG(assumed));
	if (x->table.n < 2)
		return err_set(e, BAD, "%s: no rows; the first line names the columns, each line "
			"after it is one person", x->want->file);
	seal_sha256(x->file, x->file_hash);
	return OK;
}

/* --- what was asked for ----------------------------------------------------------- */

static enum status
read_order(struct run *x, struct err *e)
{
	static const struct { const char *word; enum date_order order; } orders[] = {
		{"dmy", DATE_ORDER_DMY}, {"mdy", DATE_ORDER_MDY}, {"ymd", DATE_ORDER_YMD},
	};

	if (x->want->date_order.n == 0)
		return OK;
	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
		if (str_is(x->want->date_order, orders[i].word)) {
			x->map.dates.order = orders[i].order;
			return OK;
		}
	return err_set(e, BAD, "--dates " STR_FMT ": write dmy, mdy or ymd",
		STR_ARG(x->want->date_order));
}

static enum status
read_common(struct run *x, unsigned slot, struct str words, const char *option,
	struct bytes *ret, struct err *e)
{
	const struct field *f = field_of(kind_named(S("person")), slot);
	struct str warning;
	enum status st = words.n ? value_from_words(x->a, x->r, f, words, NULL, ret, &warning, e)
		: OK;

	return st ? err_prefix(e, "%s", option) : OK;
}

static enum status
read_options(struct run *x, struct err *e)
{
	int32_t today = day_today();
	enum status st = read_order(x, e);

	if (st || (st = read_common(x, SLOT_BASIS, x->want->basis, "--basis", &x->reader.basis,
	    e)) != OK || (st = read_common(x, SLOT_SOURCE, x->want->source, "--source",
	    &x->reader.source, e)) != OK)
		return st;
	x->as_of = date_of_days(CAL_GREGORIAN, today, today);
	if (x->want->as_of.n && (st = date_parse(x->want->as_of, NULL, &x->as_of, e)) != OK)
		return err_prefix(e, "--as-of");
	if (x->as_of.flags & DATE_AMBIGUOUS)
		return err_set(e, BAD, "--as-of " STR_FMT ": can be read in more than one way; write "
			"2020-03-27", STR_ARG(x->want->as_of));
	return OK;
}

static enum status
read_map_text(struct run *x, struct ini *ini, struct err *e)
{
	const char *name = x->want->map_file;
	enum status st;

	if (!name)
		return OK;
	st = os_read_file(x->a, name, 1 << 20, &x->map_text, e);
	if (st)
		return st == NO ? err_set(e, BAD, "%s: there is no such map file", name) : st;
	if ((st = ini_read(x->a, bytes_str(x->map_text), name, ini, e)) != OK)
		return st;
	return map_options(x->a, ini, name, &x->map, e);
}

static enum status
find_list(struct run *x, struct err *e)
{
	uint8_t import[16];
	uint32_t last = 0;
	enum status st = index_list_named(x->r, x->want->list, &x->list, e);

	x->list_name = text_clean(x->a, x->want->list, NULL);
	x->version = 1;
	if (st)
		return st == NO ? OK : st;
	x->has_list = true;
	struct store_stmt *s = store_sql(x->r->db, "SELECT name, key FROM list WHERE pos = ?1");
	store_bind_int(s, 1, (int64_t)x->list);
	if ((st = store_step(s, e)) != OK)
		return st == NO ? OK : st;
	x->list_name = str_dup(x->a, store_text(s, 0));
	if (!x->map.key.n && !store_is_null(s, 1))
		x->map.key = str_dup(x->a, store_text(s, 1));
	st = index_last_version(x->r, x->list, &last, import, e);
	x->version = last + 1;
	return st;
}

static bool
column_has_words(const struct run *x, size_t column)
{
	for (size_t i = 1; i < x->table.n; i++)
		if (!map_is_missing(&x->map, x->table.rows[i].cells[column]))
			return true;
	return false;
}

static void
look_at_columns(struct run *x)
{
	const struct field *key = field_named(kind_named(S("person")), S("key"));

	for (size_t i = 0; i < x->map.n_columns; i++) {
		struct column *c = &x->map.columns[i];
		if (c->field) {
			x->map.sealed = x->map.sealed || c->field->audience == AUDIENCE_SEALED;
			continue;
		}
		x->map.kept = x->map.kept || column_has_words(x, i);
		if (x->want->map_file && !c->ignored)
			note_add(&x->notes, ROW_WARNING, 0, i + 1, "\"" STR_FMT "\": the map does not "
				"name it; kept as written", STR_ARG(c->header));
	}
	x->key_declared = x->map.key.n > 0 && map_target(&x->map.groups.v[0], key) != NULL;
}

static enum status
read_map(struct run *x, const struct ini *ini, struct err *e)
{
	const struct row *head = &x->table.rows[0];
	enum status st = x->want->map_file
		? map_by_file(x->a, ini, x->want->map_file, head->cells, head->n, &x->map, e)
		: map_by_aliases(x->a, x->want->file, head->cells, head->n, &x->map, &x->notes, e);

	if (st)
		return st;
	x->reader.m = &x->map;
	look_at_columns(x);
	map_learn_dates(&x->map, &x->table, &x->notes);
	return OK;
}

/* --- rows ------------------------------------------------------------------------------ */

static void
read_one(struct run *x, struct arena *t, struct new_row *n)
{
	struct made *made = NEWS(t, struct made, x->map.groups.n);
	uint8_t person[DIGEST], (*events)[DIGEST];
	struct digest_options o = {x->reader.basis.n > 0, x->reader.source.n > 0};
	size_t n_events = 0;
	struct str key;

	events = arena_alloc(t, x->map.groups.n, DIGEST);
	n->blank = !row_read(t, &x->reader, n->row, made);
	if (n->blank) {
		note_add(&x->notes, ROW_WARNING, n->row->line, 0, "says nothing; passed over");
		return;
	}
	if (full_name_of(t, made->d.slot).n == 0)
		note_add(&x->notes, ROW_WARNING, n->row->line, 0, "names nobody; kept as a person "
			"without a name");
	for (size_t i = 0; i < x->map.groups.n; i++) {
		n->unreadable = n->unreadable || made[i].unreadable;
		if (i == 0)
			digest_record(made->d.kind ? kind_of(made->d.kind) : NULL, made->d.slot, o,
				person);
		else if (made[i].is)
			digest_record(x->map.groups.v[i].kind, made[i].d.slot, o, events[n_events++]);
	}
	digest_row(person, events, n_events, n->digest);
	n->key = get_text(made->d.slot[field_slot("person", "key")], &key)
		? str_dup(x->a, text_digits(t, key)) : S("");
}

static void
read_rows(struct run *x)
{
	struct arena *t = arena_create(ARENA_A_ROW);

	x->n_rows = x->table.n - 1;
	x->rows = NEWS(x->a, struct new_row, x->n_rows);
	x->reader.notes = &x->notes;
	for (size_t i = 0; i < x->n_rows; i++) {
		arena_reset(t);
		os_progress("reading rows", i, x->n_rows);
		x->rows[i].row = &x->table.rows[i + 1];
		read_one(x, t, &x->rows[i]);
	}
	x->reader.notes = NULL;
	arena_destroy(t);
}

/* --- what would change ------------------------------------------------------------------ */

static enum status
count_fresh(struct run *x, struct arena *t, const struct new_row *n)
{
	struct made *made = NEWS(t, struct made, x->map.groups.n);

	row_read(t, &x->reader, n->row, made);
	x->fresh++;
	x->records++;
	for (size_t i = 1; i < x->map.groups.n; i++)
		x->records += made[i].is;
	/* A first version is all new: saying so of each row says nothing. */
	if (x->n_old)
		note_add(&x->notes, ROW_NEW, n->row->line, 0, STR_FMT,
			STR_ARG(full_name_of(t, made->d.slot)));
	return OK;
}

static enum status
count_paired(struct run *x, struct arena *t, struct new_row *n, struct err *e)
{
	const struct old_row *o = &x->old[n->mate - 1];
	bool same = memcmp(n->digest, o->digest, DIGEST) == 0 && str_eq(n->key, o->key)
		&& !o->unlisted && !n->unreadable && !x->map.kept && !x->map.sealed;
	struct amended person;
	struct draft *events;
	struct str what;
	size_t n_events;
	enum status st;

	if (same) {
		x->unchanged++;
		return OK;
	}
	if ((st = diff_row(t, x, n, &person, &events, &n_events, &what, e)) != OK)
		return st;
	n->changed = person.is || n_events;
	if (!n->changed) {
		x->unchanged++;
		return OK;
	}
	x->changed++;
	x->records += person.is + n_events;
	note_add(&x->notes, o->unlisted ? ROW_RETURNED : ROW_CHANGED, n->row->line, 0, STR_FMT,
		STR_ARG(what));
	return OK;
}

static enum status
say_vanished(struct run *x, struct arena *t, const struct old_row *o, struct err *e)
{
	struct record rec;
	bool away;
	enum status st = as_listed(t, x, o->pos, false, &rec, &away, e);

	if (st)
		return st;
	x->vanished++;
	x->records++;
	note_add(&x->notes, ROW_VANISHED, 0, 0, STR_FMT ", row %u of version %u: no longer listed",
		STR_ARG(full_name_of(t, rec.slot)), o->row, o->version);
	return OK;
}

static enum status
count_all(struct run *x, struct err *e)
{
	struct arena *t = arena_create(ARENA_A_ROW);
	enum status st = OK;

	for (size_t i = 0; i < x->n_rows && st == OK; i++) {
		struct new_row *n = &x->rows[i];
		arena_reset(t);
		os_progress("comparing", i, x->n_rows);
		if (n->blank)
			continue;
		st = n->mate ? count_paired(x, t, n, e) : count_fresh(x, t, n);
	}
	for (size_t i = 0; i < x->n_old && st == OK; i++) {
		arena_reset(t);
		if (!x->old[i].mate && !x->old[i].unlisted)
			st = say_vanished(x, t, &x->old[i], e);
	}
	if (x->not_opened)
		note_add(&x->notes, ROW_WARNING, 0, 0, "%zu rows have sealed values that you may not "
			"open: these were not compared", x->not_opened);
	arena_destroy(t);
	return st;
}

/* --- together ---------------------------------------------------------------------------- */

static struct str
delimiter_name(char c)
{
	switch (c) {
	case ',': return S("comma");
	case ';': return S("semicolon");
	case '\t': return S("tab");
	case '|': return S("bar");
	default: return S("");
	}
}

static void
report(struct arena *a, struct run *x, struct reg_import_report *ret)
{
	notes_end(&x->notes);
	*ret = (struct reg_import_report){
		.list = str_dup(a, x->list_name), .version = x->version,
		.encoding = str_dup(a, str_of(x->table.encoding)),
		.delimiter = delimiter_name(x->table.delimiter),
		.rows = x->n_rows, .fresh = x->fresh, .changed = x->changed,
		.unchanged = x->unchanged, .vanished = x->vanished, .likely = x->likely,
		.errors = x->notes.n[ROW_ERROR], .warnings = x->notes.n[ROW_WARNING],
		.records = x->records, .notes = x->notes.v.v, .n_notes = x->notes.v.n,
		.columns = NEWS(a, struct str, x->map.n_columns), .n_columns = x->map.n_columns,
		.similar_list = ret->similar_list};
	for (size_t i = 0; i < x->map.n_columns; i++)
		ret->columns[i] = map_line(a, &x->map, i);
}

static enum status
which_list(struct run *x, struct err *e)
{
	struct str name;
	double share;
	enum status st = likely_list(x->a, x, &name, &share, e);

	if (st)
		return st;
	if (share >= similar_when_missing)
		return err_set(e, BAD, "%s: which list is this a version of? %d %% of its rows stand in "
			"\"" STR_FMT "\": give --list \"" STR_FMT "\", or another name if it is "
			"another list", x->want->file, (int)(100 * share), STR_ARG(name), STR_ARG(name));
	return err_set(e, BAD, "%s: which list is this a version of? Give --list NAME (the list's own "
		"name, the same at every version)", x->want->file);
}

static enum status
too_many_wrong(struct run *x, struct err *e)
{
	for (size_t i = 0; i < x->notes.v.n; i++) {
		const struct reg_row_note *n = &x->notes.v.v[i];
		if (n->what != ROW_ERROR)
			continue;
		return err_set(e, BAD, "%s: row %zu%s" STR_FMT ": " STR_FMT "%s", x->want->file, n->row,
			n->column ? ", column " : "", STR_ARG(n->column ? str_fmt(x->a, "%zu", n->column)
			: S("")), STR_ARG(n->text), x->notes.n[ROW_ERROR] == 1 ? ""
			: str_fmt(x->a, " (and %zu more errors; nothing written)",
			x->notes.n[ROW_ERROR] - 1).p);
	}
	return err_set(e, BAD, "%s: nothing written", x->want->file);
}

/* The same list again: nothing to write, unless it is said to be of another day. */
static enum status
is_again(struct run *x, bool *ret, struct err *e)
{
	struct store_stmt *s;
	enum status st;

	*ret = x->version > 1 && x->fresh + x->changed + x->vanished == 0;
	if (!*ret)
		return OK;
	s = store_sql(x->r->db, "SELECT max(version), max(as_of) FROM version"
		" WHERE list = ?1 AND retracted = 0");
	store_bind_int(s, 1, (int64_t)x->list);
	if ((st = store_step(s, e)) != OK)
		return st == NO ? OK : st;
	if (x->want->as_of.n && (store_is_null(s, 1) || store_int(s, 1) != x->as_of.first))
		*ret = false;
	else
		x->version = (uint32_t)store_int(s, 0);
	return OK;
}

static enum status
compare(struct run *x, struct reg_import_report *ret, struct err *e)
{
	struct draft list;
	bool again, any;
	enum status st = OK;

	if (x->has_list && (st = pair_load(x, e)) != OK)
		return st;
	if ((st = pair_rows(x, e)) != OK)
		return st;
	if (x->notes.n[ROW_ERROR])
		return too_many_wrong(x, e);
	if ((st = count_all(x, e)) != OK || (st = is_again(x, &again, e)) != OK
	    || (st = list_draft(x->a, x, &list, &any, e)) != OK)
		return st;
	if (again) {
		note_add(&x->notes, ROW_WARNING, 0, 0, "the same list again: version %u stands as it "
			"is; there is nothing to write", x->version);
		return NO;
	}
	x->records += 1 + any;               /* the list-version record; the list's own */
	if (!x->has_list) {
		double share;
		struct str name;
		if ((st = likely_list(x->notes.a, x, &name, &share, e)) != OK)
			return st;
		if (share >= similar_when_new)
			ret->similar_list = name;
	}
	return likely_people(x, e);
}

static enum status
run_list(struct run *x, const struct ini *ini, struct reg_import_report *ret, struct err *e)
{
	enum status st;

	if (x->want->list.n && (st = find_list(x, e)) != OK)
		return st;
	if ((st = read_map(x, ini, e)) != OK)
		return st;
	if (x->want->list.n == 0)
		return which_list(x, e);
	read_rows(x);
	st = x->notes.n[ROW_ERROR] ? too_many_wrong(x, e) : compare(x, ret, e);
	if (st == NO) {
		report(x->notes.a, x, ret);
		return OK;
	}
	if (st == OK && x->want->commit)
		st = import_write(x, ret->version_hash, e);
	uint8_t hash[SEAL_HASH];
	memcpy(hash, ret->version_hash, SEAL_HASH);
	report(x->notes.a, x, ret);
	memcpy(ret->version_hash, hash, SEAL_HASH);
	return st;
}

static enum status
run(struct run *x, struct reg_import_report *ret, struct err *e)
{
	struct ini ini = {0};
	enum status st;

	if ((st = read_map_text(x, &ini, e)) != OK || (st = read_options(x, e)) != OK
	    || (st = read_table(x, e)) != OK)
		return st;
	x->list_name = base_name(str_of(x->want->file));
	if (x->want->list.n || x->want->map_file || !bulk_is(&x->table))
		return run_list(x, &ini, ret, e);
	st = bulk_run(x, e);
	if (x->n_rows)
		report(x->notes.a, x, ret);
	return st;
}

enum status
reg_import_run(struct arena *a, struct reg *r, const struct reg_import *i,
	struct reg_import_report *ret, struct err *e)
{
	struct run x = {.a = arena_create(arena_most), .r = r, .want = i,
		.reader = {.r = r}, .notes = {.a = a}};
	struct reg_import_report p = {0};
	enum status st;

	x.reader.m = &x.map;
	st = run(&x, &p, e);
	os_progress_end();
	/* Also when rows are wrong: their errors are the answer. */
	if (st == OK || (st == BAD && p.rows))
		*ret = p;
	arena_destroy(x.a);
	return st;
}
