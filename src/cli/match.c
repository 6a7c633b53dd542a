/* The matcher on plain files, without a register: match, names. */
#include <math.h>
#include <stdarg.h>
#include "cli/match_int.h"

static const struct csv_limits limits = {
	.file_bytes = (size_t)4 << 30, .cell_bytes = 1 << 20, .columns = 1024,
	.rows = 20000000, .cells = 400000000,
};
enum { MEMORY_MOST = (size_t)48 << 30, WARNINGS_SHOWN = 40 };

void
match_warn(struct matching *m, const char *fmt, ...)
{
	struct err line;
	va_list ap;

	if (++m->warnings > WARNINGS_SHOWN)
		return;
	va_start(ap, fmt);
	(void)!err_setv(&line, BAD, fmt, ap);    /* cut on a character, controls shown */
	va_end(ap);
	os_progress_end();
	fprintf(stderr, "habeas: warning: %s\n", line.text);
}

/* ---- Reading --------------------------------------------------------------------- */

static enum status
each_row(const struct table *t, csv_taker *take, void *ctx, struct err *e)
{
	for (size_t i = 0; i < t->n; i++) {
		enum status st = take(ctx, &t->rows[i], e);
		if (st != OK)
			return st == NO ? OK : st;
	}
	return OK;
}

static void
warn_of_notes(struct matching *m, const char *path, const struct sheet_info *info)
{
	for (size_t i = 0; i < info->n_notes; i++)
		if (info->notes[i].row)
			match_warn(m, "%s: row %zu, column %zu: " STR_FMT, path, info->notes[i].row,
				info->notes[i].column, STR_ARG(info->notes[i].text));
		else
			match_warn(m, "%s: " STR_FMT, path, STR_ARG(info->notes[i].text));
}

enum status
match_file_each(struct matching *m, const char *path, csv_taker *take, void *ctx, bool warn,
	struct err *e)
{
	struct arena *a = arena_create(MEMORY_MOST);
	struct sheet_info info = {0};
	struct table t = {0};
	const char *encoding;
	struct str assumed;
	struct bytes b;
	enum status st = os_is_dir(path)
		? err_set(e, BAD, "%s: is a directory; name the file in it", path)
		: os_read_file(a, path, limits.file_bytes, &b, e);

	if (st != OK) {
		arena_destroy(a);
		return st == NO ? err_set(e, BAD, "%s: there is no such file", path) : st;
	}
	/* One that was named is of those files that are not UTF-8. */
	encoding = utf8_valid(b) ? NULL : opt(m->x, "--encoding");
	if (b.n > 4 && memcmp(b.p, "PK\3\4", 4) == 0) {
		st = sheet_parse(a, b, path, NULL, NULL, &t, &info, e);
		if (st == OK)
			st = each_row(&t, take, ctx, e);
	} else {
		st = csv_each(a, b, path, encoding, 0, &limits, take, ctx, &t, e);
	}
	if (st == OK && warn) {
		warn_of_notes(m, path, &info);
		if ((assumed = csv_assumed(a, &t, encoding)).n)
			match_warn(m, "%s: " STR_FMT, path, STR_ARG(assumed));
	}
	if (st == OK && t.n == 0)
		st = err_set(e, BAD, "%s: is empty; its first row should name the columns", path);
	arena_destroy(a);
	return st;
}

static enum status
read_schema(struct matching *m, const char *path, struct ini *ret, struct err *e)
{
	struct bytes b;
	enum status st = os_read_file(m->a, path, 1 << 20, &b, e);

	if (st)
		return st == NO ? err_set(e, BAD, "%s: there is no such file", path) : st;
	if (!utf8_valid(b))
		return err_set(e, BAD, "%s: not UTF-8; save it as UTF-8", path);
	return ini_read(m->a, bytes_str(b), path, ret, e);
}

/* list.csv and ./list.csv.  Other disks may number another file alike: no error. */
static void
warn_of_twins(struct matching *m)
{
	uint64_t *id = NEWS(m->a, uint64_t, m->n_files);

	for (size_t i = 0; i < m->n_files; i++) {
		id[i] = os_file_id(m->files[i].path);
		for (size_t k = 0; k < i && id[i]; k++)
			if (id[i] == id[k])
				match_warn(m, "%s and %s look like one file; every record of it would be "
					"found twice", m->files[k].path, m->files[i].path);
	}
}

/* Files in the order of their names: that in which they were given changes nothing. */
static enum status
order_files(struct matching *m, struct err *e)
{
	struct args *x = m->x;

	m->files = NEWS(m->a, struct match_file, x->n);
	for (m->n_files = 0; m->n_files < x->n; m->n_files++) {
		size_t at = m->n_files;
		for (; at > 0 && strcmp(m->files[at - 1].path, x->arg[m->n_files]) > 0; at--)
			m->files[at] = m->files[at - 1];
		m->files[at] = (struct match_file){.path = x->arg[m->n_files]};
		if (at > 0 && strcmp(m->files[at - 1].path, m->files[at].path) == 0)
			return err_set(e, BAD, "%s: given twice; every record would be found twice",
				m->files[at].path);
	}
	warn_of_twins(m);
	return OK;
}

struct header {
	struct matching *m;
	struct match_file *f;
	const struct ini *schema;
};

static enum status
take_header(void *ctx, const struct row *row, struct err *e)
{
	struct header *h = ctx;
	enum status st = columns_find(h->m, h->f, row, h->schema, opt(h->m->x, "--schema"), e);

	return st ? st : NO;
}

static enum status
read_all(struct matching *m, struct err *e)
{
	const char *schema = opt(m->x, "--schema"), *dates = opt(m->x, "--dates");
	const char *encoding = opt(m->x, "--encoding");
	struct str none;
	struct ini ini;
	enum status st;

	if (dates && strcmp(dates, "dmy") != 0 && strcmp(dates, "mdy") != 0
	    && strcmp(dates, "ymd") != 0)
		return err_set(e, BAD, "--dates %s: write dmy, mdy or ymd", dates);
	/* Whether it is known is asked even if no file needs it. */
	if (encoding && (st = text_decode(m->a, (struct bytes){0}, encoding, &none, NULL, e)) != OK)
		return st;
	if (schema && (st = read_schema(m, schema, &ini, e)) != OK)
		return st;
	if ((st = order_files(m, e)) != OK)
		return st;
	for (size_t i = 0; i < m->n_files; i++) {
		struct header h = {m, &m->files[i], schema ? &ini : NULL};
		os_progress("reading files", i, m->n_files);
		if ((st = match_file_each(m, m->files[i].path, take_header, &h, false, e)) != OK)
			return st;
	}
	if (schema && (st = schema_check(m, &ini, schema, e)) != OK)
		return st;
	columns_settle(m);
	return rows_read(m, e);
}

/* ---- Linkages drawn ----------------------------------------------------------------- */

static enum status
ask_linkages(const struct args *x, struct match_resample_options *ret, struct err *e)
{
	const char *n = opt(x, "--linkages"), *seed = opt(x, "--seed");
	uint64_t v = 0;

	*ret = (struct match_resample_options){.seed = 1, .progress = os_progress};
	if (n && (!str_u64(str_of(n), &v) || v == 0 || v > MATCH_LINKAGES_MAX))
		return err_set(e, BAD, "--linkages %s: a number from 1 to %d would be right", n,
			MATCH_LINKAGES_MAX);
	if (n && x->n > MATCH_HISTORY_LISTS)
		return err_set(e, BAD, "--linkages: %zu files; at most %d would be right", x->n,
			MATCH_HISTORY_LISTS);
	ret->n = (unsigned)v;
	if (seed && !n)
		return err_set(e, BAD, "--seed: what is to be drawn by it? --linkages N says so");
	if (seed && !str_u64(str_of(seed), &ret->seed))
		return err_set(e, BAD, "--seed %s: a whole number would be right", seed);
	return OK;
}

/* ---- From end to end -------------------------------------------------------------- */

static enum status
read_threads(struct args *x, unsigned *ret, struct err *e)
{
	const char *said = opt(x, "--threads");
	uint64_t n;

	if (!said)
		return OK;
	if (!str_u64(str_of(said), &n) || n < 1 || n > 16)
		return err_set(e, BAD, "--threads %s: a number from 1 to 16 would be right", said);
	*ret = (unsigned)n;
	return OK;
}

/* `draw` gives m->linkages, in the arena `to`. */
static enum status
link_files(struct matching *m, const struct match_resample_options *draw, struct arena *to,
	struct match_result *ret, struct err *e)
{
	struct match_options o = {.cluster_weight = NAN, .progress = os_progress, .threads = 2};
	enum status st = read_threads(m->x, &o.threads, e);
	bool *unique;

	if (st || (st = read_all(m, e)) != OK)
		return st;
	m->seed = draw->seed;
	unique = NEWS(m->a, bool, m->n_files);
	for (size_t i = 0; i < m->n_files; i++)
		unique[i] = opt(m->x, "--unique") != NULL;
	struct match_input in = {.table = m->table, .list_unique = unique,
		.n_lists = m->n_files};
	if ((st = match_run(m->a, &in, &o, ret, e)) == OK && draw->n)
		st = match_resample(to, &in, ret, draw, &m->linkages, e);
	return st;
}

static void
say_warnings(const struct matching *m)
{
	os_progress_end();
	if (m->warnings > WARNINGS_SHOWN)
		fprintf(stderr, "habeas: warning: %zu more such lines\n", m->warnings - WARNINGS_SHOWN);
}

static enum status
match_files(struct matching *m, struct err *e)
{
	const char *dir = opt(m->x, "--out") ? opt(m->x, "--out") : ".";
	struct match_resample_options draw;
	struct match_result r;
	enum status st = ask_linkages(m->x, &draw, e);

	if (st || (st = may_write_into(m->a, dir, e)) != OK
	    || (st = link_files(m, &draw, m->a, &r, e)) != OK
	    || (st = match_write(m, &r, dir, e)) != OK)
		return st;
	say_warnings(m);
	match_report(m, &r, dir);
	return OK;
}

static struct matching
matching_of(struct args *x)
{
	struct matching m = {.x = x, .a = arena_create(MEMORY_MOST),
		.table = match_table_create()};

	for (size_t i = 0; i < sizeof m.seen / sizeof *m.seen; i++)
		dict_init(&m.seen[i], m.a);
	return m;
}

static void
matching_finish(struct matching *m)
{
	for (size_t i = 0; i < sizeof m->seen / sizeof *m->seen; i++)
		dict_finish(&m->seen[i]);
	match_table_destroy(m->table);
	arena_destroy(m->a);
}

static enum status
run_match(struct args *x, struct err *e)
{
	struct matching m = matching_of(x);
	enum status st = match_files(&m, e);

	matching_finish(&m);
	return st;
}

enum status
match_draw(struct args *x, const struct match_resample_options *draw, struct arena *a,
	struct match_linkages *ret, struct str *ret_names, struct err *e)
{
	struct args as_match = *x;
	struct matching m = matching_of(&as_match);
	struct match_result r;
	enum status st;

	as_match.command = &match_commands[0];
	memset(as_match.opt, 0, sizeof as_match.opt);
	for (size_t i = 0; match_commands[0].options[i].name; i++)
		for (size_t k = 0; x->command->options[k].name; k++)
			if (strcmp(match_commands[0].options[i].name, x->command->options[k].name) == 0)
				as_match.opt[i] = x->opt[k];
	if ((st = link_files(&m, draw, a, &r, e)) == OK) {
		say_warnings(&m);
		for (size_t i = 0; i < m.n_files; i++)
			ret_names[i] = str_dup(a, str_of(m.files[i].path));
		*ret = m.linkages;
	}
	matching_finish(&m);
	return st;
}

static const struct option match_options[] = {
	{"--out", "DIR", "where to write (-o); else here"},
	{"--schema", "FILE", "what columns are: lines HEADING = given, family, birth … (INI)"},
	{"--id", "COLUMN", "what names a record; else FILE:ROW, the first record being 1"},
	{"--truth", "COLUMN", "who it really is: measure the result by it"},
	{"--unique", NULL, "every file is free of duplicates: link only between files"},
	{"--threads", "N", "use up to N processors; the result is the same (default 2)"},
	{"--dates", "ORDER", "dmy, mdy or ymd where 03/04/2020 could be two days"},
	{"--encoding", "NAME", "of files that are not UTF-8: as for import; else found out"},
	{"--linkages", "N", "draw N linkages as likely as the one found: histories.csv, for toll mse"},
	{"--seed", "N", "what they are drawn by; else 1.  Equal seeds give equal linkages"},
	{NULL, NULL, NULL},
};

const struct command match_commands[] = {
	{"match", "A.csv [B.csv …] [-o DIR]", "find out who is who in plain files, without a register\n"
		"Reads CSV, XLSX or ODS, finds out which column is what, and writes pairs.csv (left, right,\n"
		"weight in bits, probability, how each field agrees), clusters.csv (record, cluster)\n"
		"and model.json.  The result does not depend on the order of files or rows.",
		1, ARGS_MOST, match_options, run_match},
	{NULL, NULL, NULL, 0, 0, NULL, NULL},
};
