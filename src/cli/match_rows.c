/* Rows of plain files to the matcher's persons. */
#include "cli/match_int.h"

/* As they are written, not folded: Null is a family name.  As the import has them. */
static const char *const missing[] = {"-", "--", "—", "–", "NA", "N/A", "n/a", "null", "NULL",
	"unknown", "Unknown", "نامعلوم", "نامشخص", "məlum deyil", "Məlum deyil"};

static struct str
said(struct str s)
{
	s = str_trim(s);
	for (size_t i = 0; i < sizeof missing / sizeof *missing; i++)
		if (str_is(s, missing[i]))
			return STR_NONE;
	return s.n ? s : STR_NONE;
}

static char
sex_of(struct matching *m, struct str s)
{
	const struct code *c = s.n ? code_by_word(m->a, vocabulary_named(S("sex")), s) : NULL;

	return !c ? 0 : str_is(c->code, "female") ? 'f' : str_is(c->code, "male") ? 'm' : 0;
}

static enum date_order
date_order(struct matching *m)
{
	const char *s = opt(m->x, "--dates");

	return !s ? DATE_ORDER_ASK : strcmp(s, "dmy") == 0 ? DATE_ORDER_DMY
		: strcmp(s, "mdy") == 0 ? DATE_ORDER_MDY : DATE_ORDER_YMD;
}

/* 1770-08-01 and 19560423: eight digits, year first. */
static bool
eight_digits(struct str s, struct ymd *ret)
{
	char digits[8];
	uint64_t n;

	if (s.n == 10 && s.p[4] == '-' && s.p[7] == '-') {
		memcpy(digits, s.p, 4);
		memcpy(digits + 4, s.p + 5, 2);
		memcpy(digits + 6, s.p + 8, 2);
		s = (struct str){digits, 8};
	}
	if (s.n != 8 || !str_u64(s, &n))
		return false;
	*ret = (struct ymd){(int)(n / 10000), (int)(n / 100 % 100), (int)(n % 100)};
	return true;
}

/* What the register does not take may still tell people apart: a year before 1800, of
 * an impossible day (1856-86-18) the month or the year. */
static bool
days_of_digits(struct ymd d, bool whole, struct match_days *ret)
{
	if (d.year < 1000 || d.year > 2999)
		return false;
	if (cal_to_day(CAL_GREGORIAN, d, &ret->first)) {
		ret->last = ret->first;
		return true;
	}
	bool month = d.month >= 1 && d.month <= 12;
	int to = month ? d.month : 12;
	return !whole && cal_to_day(CAL_GREGORIAN, (struct ymd){d.year, month ? d.month : 1, 1},
		&ret->first)
		&& cal_to_day(CAL_GREGORIAN, (struct ymd){d.year, to,
		cal_month_days(CAL_GREGORIAN, d.year, to)}, &ret->last);
}

static struct match_days
days_of(struct matching *m, const struct match_file *f, const struct row *row, size_t c,
	struct str s)
{
	struct date_hint hint = {.order = date_order(m)};
	struct match_days days;
	struct ymd digits;
	struct date d;
	struct err e;

	if (!s.n)
		return MATCH_NO_DAYS;
	if (s.n == 8 && eight_digits(s, &digits) && days_of_digits(digits, true, &days))
		return days;
	if (date_parse(s, &hint, &d, &e) == OK)
		return (struct match_days){d.first, d.last};
	if (eight_digits(s, &digits) && days_of_digits(digits, false, &days)) {
		if (days.first != days.last)
			match_warn(m, "%s: row %zu, column %zu: %s; its month or year is taken",
				f->path, row->line, c + 1, e.text);
		return days;
	}
	match_warn(m, "%s: row %zu, column %zu: %s; taken as not said", f->path, row->line, c + 1,
		e.text);
	return MATCH_NO_DAYS;
}

/* Year, month and day in columns of their own.  No such day (31 April): what is left
 * of it is the month, or the year. */
static struct match_days
days_in_parts(struct matching *m, const struct match_file *f, const struct row *row,
	const struct str part[3])
{
	uint64_t v[3] = {0};
	struct date d;

	for (size_t i = 0; i < 3; i++)
		if (part[i].n && (!str_u64(text_digits(m->a, part[i]), &v[i]) || v[i] > 9999)) {
			match_warn(m, "%s: row %zu: \"" STR_FMT "\" is no year, month or day of a birth; "
				"taken as not said", f->path, row->line, STR_ARG(part[i]));
			v[i] = 0;
		}
	struct ymd said_date = {(int)v[0], (int)v[1], v[1] ? (int)v[2] : 0};
	enum calendar c = v[0] < 1600 ? CAL_SOLAR_HIJRI : CAL_GREGORIAN;
	for (size_t i = 0; v[0] && i < 3; i++) {
		if (date_of_ymd(c, said_date, &d, NULL) == OK)
			return (struct match_days){d.first, d.last};
		if (i == 0)
			match_warn(m, "%s: row %zu: there is no day %d-%d-%d; its month or year is taken",
				f->path, row->line, said_date.year, said_date.month, said_date.day);
		if (said_date.day)
			said_date.day = 0;
		else
			said_date.month = 0;
	}
	return MATCH_NO_DAYS;
}

/* What a cell says, as the number that a row of the matcher takes. */
static uint32_t
number_of(struct matching *m, const struct match_file *f, const struct row *row, size_t c)
{
	struct str s = said(row->cells[c]);

	switch (f->columns[c].meaning) {
	case M_WHOLE: return match_table_whole(m->table, s);
	case M_BIRTH_PLACE: return match_table_place(m->table, s);
	case M_SEX: return (unsigned char)sex_of(m, s);
	case M_BIRTH:
	case M_ARREST:
	case M_RELEASE:
	case M_DEATH: return match_table_days(m->table, days_of(m, f, row, c, s));
	default: return f->columns[c].meaning == m->place && f->columns[c].extra == MATCH_EXTRAS
		? match_table_place(m->table, s) : match_table_text(m->table, s);
	}
}

/* The same, each spelling read but once: warnings name the first row that has it. */
static uint32_t
seen_before(struct matching *m, const struct match_file *f, const struct row *row, size_t c)
{
	const struct match_column *k = &f->columns[c];
	struct dict *seen = &m->seen[k->extra < MATCH_EXTRAS ? MEANINGS + k->extra : k->meaning];
	bool fresh;
	uint32_t *number;

	if (row->cells[c].n == 0)
		return 0;
	number = dict_find(seen, row->cells[c], &fresh);
	return fresh ? *number = number_of(m, f, row, c) : *number;
}

static void
read_cell(struct matching *m, const struct match_file *f, const struct row *row, size_t c,
	struct match_row *p, struct str part[3])
{
	const struct match_column *k = &f->columns[c];

	if (k->extra < MATCH_EXTRAS) {
		p->extra[k->extra] = seen_before(m, f, row, c);
		return;
	}
	if (k->meaning == m->place)
		p->place = seen_before(m, f, row, c);
	switch (k->meaning) {
	case M_GIVEN: p->given = seen_before(m, f, row, c); break;
	case M_FAMILY: p->family = seen_before(m, f, row, c); break;
	case M_FATHER: p->father = seen_before(m, f, row, c); break;
	case M_WHOLE: p->whole = seen_before(m, f, row, c); break;
	case M_SEX: p->sex = (char)seen_before(m, f, row, c); break;
	case M_BIRTH: p->birth = seen_before(m, f, row, c); break;
	case M_BIRTH_YEAR: part[0] = said(row->cells[c]); break;
	case M_BIRTH_MONTH: part[1] = said(row->cells[c]); break;
	case M_BIRTH_DAY: part[2] = said(row->cells[c]); break;
	case M_ARREST: p->event[MATCH_ARREST] = seen_before(m, f, row, c); break;
	case M_RELEASE: p->event[MATCH_RELEASE] = seen_before(m, f, row, c); break;
	case M_DEATH: p->event[MATCH_DEATH] = seen_before(m, f, row, c); break;
	case M_BIRTH_PLACE: p->birth_place = seen_before(m, f, row, c); break;
	case M_CODE: p->code = seen_before(m, f, row, c); break;
	default: break;
	}
}

/* ---- Ids and truth ----------------------------------------------------------------- */

static struct str
cell_of(const struct match_file *f, const struct row *row, enum meaning what)
{
	for (size_t c = 0; c < f->n_columns && c < row->n; c++)
		if (f->columns[c].meaning == what)
			return str_trim(row->cells[c]);
	return STR_NONE;
}

/* Its place and the id that it has or should have, for an error. */
static enum status
take_id(struct matching *m, const struct match_file *f, const struct row *row, struct err *e)
{
	struct str id = cell_of(f, row, M_ID);
	bool fresh;

	if (!id.n)
		return err_set(e, BAD, "%s: row %zu: has no id; every record needs one, or leave out "
			"--id", f->path, row->line);
	dict_find(&m->seen[M_ID], id, &fresh);
	if (!fresh)
		return err_set(e, BAD, "%s: row %zu: the id \"" STR_FMT "\" names another record too; "
			"ids have to be different in all files, or leave out --id", f->path, row->line,
			STR_ARG(id));
	VEC_PUSH(m->a, &m->id) = str_dup(m->a, id);
	return OK;
}

/* Records whose truth is not said are persons of their own. */
static void
take_truth(struct matching *m, const struct match_file *f, const struct row *row)
{
	struct str who = cell_of(f, row, M_TRUTH);
	uint32_t first = (uint32_t)m->n;
	bool fresh;

	if (who.n) {
		uint32_t *number = dict_find(&m->seen[M_TRUTH], who, &fresh);
		if (fresh)
			*number = first;
		first = *number;
	}
	VEC_PUSH(m->a, &m->truth) = first;
}

struct str
record_name(struct matching *m, struct arena *a, size_t i)
{
	size_t f = m->n_files - 1;

	if (m->id.n)
		return m->id.v[i];
	while (m->files[f].first > i)
		f--;
	return str_fmt(a, "%s:%zu", m->files[f].path, i - m->files[f].first + 1);
}

/* ---- All ------------------------------------------------------------------------------ */

struct reading {
	struct matching *m;
	struct match_file *f;
	bool below_header, truth, id; /* what is asked for */
};

static enum status
take_row(void *ctx, const struct row *row, struct err *e)
{
	struct reading *r = ctx;
	struct matching *m = r->m;
	struct match_file *f = r->f;
	struct match_row p = {.list = (uint32_t)(f - m->files)};
	struct str part[3] = {STR_NONE, STR_NONE, STR_NONE};
	enum status st;

	if (!r->below_header) {
		r->below_header = true;
		return OK;
	}
	if (m->n % 16384 == 0)
		os_progress("reading records", m->n, 0);
	for (size_t c = 0; c < f->n_columns && c < row->n; c++)
		if (f->columns[c].meaning > M_TRUTH)
			read_cell(m, f, row, c, &p, part);
	if (!p.birth && part[0].n)
		p.birth = match_table_days(m->table, days_in_parts(m, f, row, part));
	if (r->truth)
		take_truth(m, f, row);
	if (r->id && (st = take_id(m, f, row, e)) != OK)
		return st;
	m->n++;
	return match_table_add(m->table, &p, e);
}

enum status
rows_read(struct matching *m, struct err *e)
{
	for (size_t i = 0; i < m->n_files; i++) {
		struct reading r = {.m = m, .f = &m->files[i], .truth = opt(m->x, "--truth"),
			.id = opt(m->x, "--id")};
		enum status st;
		m->files[i].first = m->n;
		if ((st = match_file_each(m, m->files[i].path, take_row, &r, true, e)) != OK)
			return st;
	}
	return OK;
}
