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
	size_t slot = hash64(str_bytes(s), 0) % (sizeof m->sexes / sizeof *m->sexes);
	const struct code *c;

	if (m->sexes[slot].word.p && str_eq(m->sexes[slot].word, s))
		return m->sexes[slot].sex;
	c = code_by_word(m->a, vocabulary_named(S("sex")), s);
	m->sexes[slot].word = s;
	m->sexes[slot].sex = !c ? 0 : str_is(c->code, "female") ? 'f'
		: str_is(c->code, "male") ? 'm' : 0;
	return m->sexes[slot].sex;
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
days_of(struct matching *m, const struct match_file *f, const struct row *row, size_t c)
{
	struct date_hint hint = {.order = date_order(m)};
	struct str s = said(row->cells[c]);
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

static void
read_cell(struct matching *m, const struct match_file *f, const struct row *row, size_t c,
	struct match_person *p, struct str part[3])
{
	const struct match_column *k = &f->columns[c];
	struct str s = said(row->cells[c]);

	if (k->extra < MATCH_EXTRAS) {
		p->extra[k->extra] = s;
		return;
	}
	if (k->meaning == m->place)
		p->place = s;
	switch (k->meaning) {
	case M_GIVEN: p->given = s; break;
	case M_FAMILY: p->family = s; break;
	case M_FATHER: p->father = s; break;
	case M_WHOLE: p->whole = s; break;
	case M_SEX: p->sex = s.n ? sex_of(m, s) : 0; break;
	case M_BIRTH: p->birth = days_of(m, f, row, c); break;
	case M_BIRTH_YEAR: part[0] = s; break;
	case M_BIRTH_MONTH: part[1] = s; break;
	case M_BIRTH_DAY: part[2] = s; break;
	case M_ARREST: p->event[MATCH_ARREST] = days_of(m, f, row, c); break;
	case M_RELEASE: p->event[MATCH_RELEASE] = days_of(m, f, row, c); break;
	case M_DEATH: p->event[MATCH_DEATH] = days_of(m, f, row, c); break;
	case M_BIRTH_PLACE: p->birth_place = s; break;
	case M_CODE: p->code = s; break;
	default: break;
	}
}

static void
read_row(struct matching *m, const struct match_file *f, const struct row *row,
	struct match_person *p)
{
	struct str part[3] = {STR_NONE, STR_NONE, STR_NONE};

	p->birth = MATCH_NO_DAYS;
	for (size_t i = 0; i < MATCH_EVENTS; i++)
		p->event[i] = MATCH_NO_DAYS;
	for (size_t c = 0; c < f->n_columns && c < row->n; c++)
		if (f->columns[c].meaning > M_TRUTH)
			read_cell(m, f, row, c, p, part);
	if (p->birth.last < p->birth.first && part[0].n)
		p->birth = days_in_parts(m, f, row, part);
}

/* ---- Ids and truth ----------------------------------------------------------------- */

static struct str
cell_of(const struct match_file *f, size_t r, enum meaning what)
{
	for (size_t c = 0; c < f->n_columns; c++)
		if (f->columns[c].meaning == what)
			return str_trim(f->t.rows[r].cells[c]);
	return STR_NONE;
}

static int
by_text(const void *x, const void *y, void *arg)
{
	const struct str *v = arg;
	uint32_t i = *(const uint32_t *)x, j = *(const uint32_t *)y;
	int c = str_cmp(v[i], v[j]);

	return c ? c : (i > j) - (i < j);
}

static uint32_t *
sorted(struct matching *m, struct str *v)
{
	uint32_t *at = NEWS(m->a, uint32_t, m->n + 1);

	for (uint32_t i = 0; i < m->n; i++)
		at[i] = i;
	if (m->n)
		qsort_r(at, m->n, sizeof *at, by_text, v);
	return at;
}

static enum status
check_ids(struct matching *m, struct err *e)
{
	uint32_t *at = sorted(m, m->id);

	for (size_t i = 0; i < m->n; i++) {
		struct str id = m->id[at[i]];
		bool twice = i > 0 && str_eq(id, m->id[at[i - 1]]);
		if (id.n && !twice)
			continue;
		m->id = NULL;         /* the row is told by its place */
		struct str where = record_name(m, m->a, at[i]);
		return id.n ? err_set(e, BAD, STR_FMT ": the id \"" STR_FMT "\" names another record "
			"too; ids have to be different in all files, or leave out --id",
			STR_ARG(where), STR_ARG(id))
			: err_set(e, BAD, STR_FMT ": has no id; every record needs one, or leave out --id",
			STR_ARG(where));
	}
	return OK;
}

/* Records whose truth is not said are persons of their own. */
static void
label_truth(struct matching *m, struct str *said_truth)
{
	uint32_t *at = sorted(m, said_truth);

	m->truth = NEWS(m->a, uint32_t, m->n + 1);
	for (uint32_t i = 0; i < m->n; i++) {
		bool same = i > 0 && said_truth[at[i]].n
			&& str_eq(said_truth[at[i]], said_truth[at[i - 1]]);
		m->truth[at[i]] = same ? m->truth[at[i - 1]] : i;
	}
}

struct str
record_name(struct matching *m, struct arena *a, size_t i)
{
	size_t f = m->n_files - 1;

	if (m->id)
		return m->id[i];
	while (m->files[f].first > i)
		f--;
	return str_fmt(a, "%s:%zu", m->files[f].path, i - m->files[f].first + 1);
}

enum status
rows_read(struct matching *m, struct err *e)
{
	struct str *truth = NULL;
	size_t at = 0;
	bool id = opt(m->x, "--id") != NULL;

	m->persons = NEWS(m->a, struct match_person, m->n + 1);
	m->id = id ? NEWS(m->a, struct str, m->n + 1) : NULL;
	if (opt(m->x, "--truth"))
		truth = NEWS(m->a, struct str, m->n + 1);
	for (size_t i = 0; i < m->n_files; i++) {
		const struct match_file *f = &m->files[i];
		for (size_t r = 1; r < f->t.n; r++, at++) {
			if (at % 4096 == 0)
				os_progress("reading records", at, m->n);
			m->persons[at].list = (uint32_t)i;
			read_row(m, f, &f->t.rows[r], &m->persons[at]);
			if (id)
				m->id[at] = cell_of(f, r, M_ID);
			if (truth)
				truth[at] = cell_of(f, r, M_TRUTH);
		}
	}
	if (truth)
		label_truth(m, truth);
	return id ? check_ids(m, e) : OK;
}
