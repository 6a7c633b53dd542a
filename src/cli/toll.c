/* How many, from counts alone, without a register: the table of commands, and what they
 * share. */
#include <math.h>
#include "cli/toll_int.h"

static const struct csv_limits limits = {
	.file_bytes = (size_t)256 << 20, .cell_bytes = 1 << 16, .columns = 256,
	.rows = 2000000, .cells = 20000000,
};

void
toll_note(struct toll *t, struct str line)
{
	if (t->n_notes < TOLL_WARNINGS)
		t->notes[t->n_notes++] = line;
}

/* Lines that begin with # before the header: the Human Mortality Database writes two.
 * ret_lines: how many. */
static struct bytes
without_remarks(struct bytes b, size_t *ret_lines)
{
	for (*ret_lines = 0; b.n > 0 && b.p[0] == '#'; ++*ret_lines) {
		const uint8_t *end = memchr(b.p, '\n', b.n);
		if (!end)
			break;
		b.n -= (size_t)(end + 1 - b.p);
		b.p = end + 1;
	}
	return b;
}

enum status
toll_read(struct toll *t, const char *path, struct err *e)
{
	struct sheet_info info;
	struct bytes b;
	size_t remarks = 0;
	enum status st = os_read_file(t->a, path, limits.file_bytes, &b, e);

	t->path = path;
	if (st)
		return st == NO ? err_set(e, BAD, "%s: there is no such file", path) : st;
	seal_sha256(b, t->hash);
	if (b.n > 4 && memcmp(b.p, "PK\3\4", 4) == 0)
		st = sheet_parse(t->a, b, path, NULL, NULL, &t->t, &info, e);
	else
		st = csv_read(t->a, without_remarks(b, &remarks), path, NULL, 0, &limits, &t->t, e);
	for (size_t i = 0; st == OK && i < t->t.n; i++)
		t->t.rows[i].line += remarks;
	if (st == OK && t->t.n < 2)
		st = err_set(e, BAD, "%s: has no rows; its first row should name the columns", path);
	return st;
}

enum status
toll_column(struct toll *t, struct str heading, size_t *ret, struct err *e)
{
	const struct row *head = &t->t.rows[0];
	struct str want = text_fold(t->a, heading);
	size_t found = 0;

	for (size_t c = 0; c < head->n; c++) {
		if (!str_eq(text_fold(t->a, head->cells[c]), want))
			continue;
		if (found)
			return err_set(e, BAD, "%s: columns %zu and %zu are both called \"" STR_FMT "\"; "
				"another name for one of them would be right", t->path, found, c + 1,
				STR_ARG(head->cells[c]));
		found = c + 1;
	}
	*ret = found;
	return OK;
}

bool
toll_number(struct toll *t, struct str s, double *ret)
{
	size_t points = 0;
	char text[40];

	s = text_digits(t->a, str_trim(s));
	if (s.n == 0 || s.n >= sizeof text)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		points += s.p[i] == '.';
		if ((s.p[i] < '0' || s.p[i] > '9') && s.p[i] != '.')
			return false;
	}
	if (points > 1 || points == s.n)
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	*ret = strtod(text, NULL);
	return *ret <= 9007199254740992.0;        /* 2^53 */
}

const char *
toll_whole(struct toll *t, double v)
{
	if (!(fabs(v) < 1e15))
		return "-";
	return str_cstr(t->a, text_number(t->a, llround(v), t->x->lang));
}

/* The decimal signs are those of CLDR, as the grouping of text_number() is. */
const char *
toll_real(struct toll *t, double v, int decimals)
{
	enum lang l = t->x->lang;
	struct str s = str_fmt(t->a, "%.*f", decimals, v), whole = str_cut(&s, '.');
	const char *sign = l == LANG_EN ? "." : l == LANG_AZ ? "," : "٫";

	if (!isfinite(v))
		return "-";
	if (s.p)
		whole = str_fmt(t->a, STR_FMT "%s" STR_FMT, STR_ARG(whole), sign, STR_ARG(s));
	if (lang_rtl(l) && str_starts(whole, "-"))        /* as text_number() writes it */
		whole = str_fmt(t->a, "\u200e\u2212" STR_FMT, STR_ARG(str_from(whole, 1)));
	return str_cstr(t->a, text_localise_digits(t->a, whole, l));
}

void
json_field_real(struct json *j, const char *key, double v)
{
	json_key(j, key);
	json_real(j, v);
}

static bool
changes_numbers(const struct toll *t, const char *name, const char *const *names)
{
	const char *const not[] = {"--seed", "--out", "--commit", t->names_file, NULL};

	for (size_t i = 0; names && names[i]; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	for (size_t i = 0; !names && not[i]; i++)
		if (strcmp(name, not[i]) == 0)
			return false;
	return !names;
}

struct str
toll_options(struct toll *t, const char *const *names)
{
	const struct option *o = t->x->command->options;
	struct str all = S("");

	for (size_t i = 0; o[i].name; i++)
		if (t->x->opt[i] && changes_numbers(t, o[i].name, names))
			all = str_fmt(t->a, STR_FMT "%s%s%s%s", STR_ARG(all), all.n ? " " : "", o[i].name,
				*t->x->opt[i] ? " " : "", t->x->opt[i]);
	return text_clean(t->a, all, NULL);
}

void
toll_receipt(struct toll *t, struct json *j, const uint64_t *seed)
{
	json_key(j, "receipt");
	json_object(j);
	json_key(j, "seed");
	if (seed)
		json_text(j, str_fmt(t->a, "%llu", (unsigned long long)*seed));
	else
		json_null(j);                 /* nothing is drawn by lot */
	json_field_text(j, "data_sha256", hex_encode(t->a, BYTES(t->hash)));
	json_field_text(j, "version", S(HABEAS_VERSION));
	json_field_text(j, "options", toll_options(t, NULL));
	json_object_end(j);
}

void
toll_json_notes(struct toll *t, struct json *j)
{
	json_key(j, "notes");
	json_array(j);
	for (size_t i = 0; i < t->n_notes; i++)
		json_text(j, t->notes[i]);
	json_array_end(j);
}

void
toll_say_options(struct toll *t)
{
	struct str all = toll_options(t, NULL);

	if (all.n)
		say(tr(t->x->lang, "Asked with: %s\n"), str_cstr(t->a, all));
}

void
toll_say_notes(struct toll *t)
{
	for (size_t i = 0; i < t->n_notes; i++)
		say("%s " STR_FMT "\n", i ? "     " : tr(t->x->lang, "Mind:"), STR_ARG(t->notes[i]));
}

enum status
toll_may_write(struct toll *t, struct err *e)
{
	const char *dir = opt(t->x, "--out");

	return dir ? may_write_into(t->a, dir, e) : OK;
}

static const char *
out_path(struct toll *t, const char *name)
{
	return str_cstr(t->a, str_fmt(t->a, "%s/%s", opt(t->x, "--out"), name));
}

void
toll_write_none(struct toll *t, const char *name)
{
	invariant(t->n_out < TOLL_FILES);
	t->out[t->n_out++].path = out_path(t, name);
}

enum status
toll_write(struct toll *t, const char *name, struct bytes data, struct err *e)
{
	struct os_new_file *f;
	enum status st = os_make_dirs(opt(t->x, "--out"), 0777, e);
	const char *path = out_path(t, name);

	invariant(t->n_out < TOLL_FILES);
	if (st || (st = os_new_file(path, &f, e)) != OK)
		return st;
	t->out[t->n_out].path = path;
	t->out[t->n_out++].file = f;
	return os_new_file_write(f, data, e);
}

/* An older answer's file beside a newer answer's would be read as one: so none is left
 * that does not belong, and nothing is replaced before everything is on the disk. */
enum status
toll_keep(struct toll *t, enum status st, struct err *e)
{
	for (size_t i = 0; i < t->n_out && st == OK; i++)
		if (t->out[i].file)
			st = os_new_file_sync(t->out[i].file, 0666, e);
	for (size_t i = 0; i < t->n_out && st == OK; i++) {
		struct os_new_file *f = t->out[i].file;
		t->out[i].file = NULL;
		st = f ? os_new_file_keep(f, 0666, e) : os_remove(t->out[i].path, e);
	}
	for (size_t i = 0; i < t->n_out; i++)
		os_new_file_drop(t->out[i].file);
	t->n_out = 0;
	return st;
}

/* ---- The table ------------------------------------------------------------------------ */

static const struct option excess_options[] = {
	{"--from", "PERIOD", "first period counted: 2020-W10, 2020-03, 2020-Q1, as the file counts"},
	{"--to", "PERIOD", "last period counted; else the file's last"},
	{"--baseline-years", "Y-Y", "what is normal; else 2015-2019 (Solar Hijri 1394-1398)"},
	{"--exclude", "P[,P]", "leave out a year, a period, a range: 2018,2019-Q4,2016-W01..2016-W06"},
	{"--flat", NULL, "no slope: the mean of the baseline years"},
	{"--fixed-baseline", NULL, "the first year's baseline in all years counted"},
	{"--official", "N", "official deaths over the same periods, for the undercount ratio"},
	{"--calendar", "NAME", "solar-hijri: years and quarters or months of the file are Solar Hijri"},
	{"--country", "NAME", "the rows of this country, where the file has several"},
	{"--where", "H=V[,H=V]", "only rows that have this value in the column of this heading"},
	{"--strata", "COLUMN", "rows of one period that differ in this column are added up"},
	{"--column", "M=H[,…]", "year, week, month, quarter, time, period, deaths, official, country = heading"},
	{"--out", "DIR", "write excess.json, excess.csv, sensitivity.csv and a chart there (-o)"},
	{NULL, NULL, NULL},
};

static const struct option mse_options[] = {
	{"--method", "M[,M]", "latent, graphs, loglinear, stepwise, spread, chao; else all.  Bounds always"},
	{"--seed", "N", "what draws are made from; else 1.  Equal seeds give equal results"},
	{"--strata", "COLUMN", "reckon for each value of this column apart, and add up"},
	{"--count", "COLUMN", "how many people a row stands for; else a column named count or freq"},
	{"--lists", "A,B,C", "which columns are lists; else all that have only 0 and 1"},
	{"--linkages", "N", "of files of people or a register: how many linkages to draw; else 20.  0: none"},
	{"--unique", NULL, "of files of people: each is free of duplicates"},
	{"--schema", "FILE", "of files of people: what their columns are, as for match"},
	{"--delta", "X", "graphs: people thought beforehand to be in each cell; else 2^-lists"},
	{"--classes", "K", "latent: at most so many classes; else 15 or fewer"},
	{"--replicates", "N", "resamplings behind log-linear intervals; else 5000"},
	{"--held-on", "DAY", "of a register: who was held on this day"},
	{"--event", "KIND", "of a register: to whom this happened, death …, between --from and --to"},
	{"--from", "DAY", "first day of the window"},
	{"--to", "DAY", "last day of the window"},
	{"--by", "WHAT", "of a register: list (the default) or organisation"},
	{"--commit", NULL, "keep the answer in the register, as a record"},
	{"--out", "DIR", "write mse.json, tables and charts there (-o)"},
	{NULL, NULL, NULL},
};

const struct command toll_commands[] = {
	{"toll mse", "COUNTS.csv | A.csv B.csv … | REG [FILTER …] --held-on DAY [--method M]",
		"how many people in all, from the overlap of lists, those on no list too\n"
		"Reads columns of 0 and 1, one per list, and a column that counts; without one a row\n"
		"is a person.  Several files are lists of people: they are linked as by match, and how\n"
		"sure that is goes into the intervals.  Of a register it reads the linked persons:\n"
		"FILTER is prison= or, with --held-on, event=.  Several families of models, what each\n"
		"assumes, how the answers change, and which may not be said: docs/methods/toll.md.",
		1, ARGS_MOST, mse_options, run_toll_mse},
	{"toll list", "REG", "the estimates that a register keeps; `habeas show` shows one whole",
		1, 1, NULL, run_toll_list},
	{"toll text", "REG RECORD", "an estimate for a letter's text: sentences, then all methods\n"
		"Markdown, in the language of --lang.  {{estimate RECORD}} in a letter's texts stands\n"
		"for it (docs/formats.md).  Refused (exit 1) where every estimate is withheld.",
		2, 2, NULL, run_toll_text},
	{"toll excess", "DEATHS.csv [--from PERIOD] [--official N] [-o DIR]",
		"deaths above what the years before led one to expect\n"
		"Reads deaths by week, month or quarter.  Two intervals side by side: as published by\n"
		"Karlinsky and Kobak (2021), and by whole years; docs/methods/toll.md says what each\n"
		"assumes.  It says nothing of prisons.",
		1, 1, excess_options, run_toll_excess},
	{NULL, NULL, NULL, 0, 0, NULL, NULL},
};
