/* Benchmark files to arrays of persons. */
#include "bench_int.h"

static const struct csv_limits limits = {
	.file_bytes = (size_t)4 << 30, .cell_bytes = 1 << 20, .columns = 1024,
	.rows = 20000000, .cells = 400000000,
};

static struct str
cell(const struct table *t, size_t row, const char *name, const char *missing)
{
	if (!name)
		return STR_NONE;
	for (size_t c = 0; c < t->rows[0].n; c++) {
		if (!str_is(str_trim(t->rows[0].cells[c]), name))
			continue;
		struct str s = str_trim(t->rows[row].cells[c]);
		return missing && str_is(s, missing) ? STR_NONE : s;
	}
	fprintf(stderr, "no column %s\n", name);
	exit(2);
}

static struct match_days
days_of(struct date d)
{
	return (struct match_days){d.first, d.last};
}

static struct match_days
read_date(struct str s, bool ymd)
{
	struct date_hint hint = {.order = DATE_ORDER_DMY};
	struct date d;
	uint64_t n;

	if (s.n == 0)
		return MATCH_NO_DAYS;
	if (ymd && str_u64(s, &n) && s.n == 8) {
		struct ymd v = {(int)(n / 10000), (int)(n / 100 % 100), (int)(n % 100)};
		if (date_of_ymd(CAL_GREGORIAN, v, &d, NULL) == OK)
			return days_of(d);
		return MATCH_NO_DAYS;
	}
	return date_parse(s, &hint, &d, NULL) == OK ? days_of(d) : MATCH_NO_DAYS;
}

static struct match_days
read_birth(const struct table *t, size_t row, const struct bench_columns *c)
{
	struct str y = cell(t, row, c->birth, c->missing);
	uint64_t year, month, day;
	struct date d;

	if (!c->birth_month)
		return read_date(y, c->ymd);
	if (!str_u64(y, &year) || !str_u64(cell(t, row, c->birth_month, NULL), &month)
		|| !str_u64(cell(t, row, c->birth_day, NULL), &day))
		return MATCH_NO_DAYS;
	/* No such day (31 April): what is left of it is the month, or the year. */
	struct ymd v[3] = {{(int)year, (int)month, (int)day}, {(int)year, (int)month, 0},
		{(int)year, 0, 0}};
	for (size_t i = 0; i < 3; i++)
		if (date_of_ymd(CAL_GREGORIAN, v[i], &d, NULL) == OK)
			return days_of(d);
	return MATCH_NO_DAYS;
}

static char
read_sex(struct str s)
{
	static const char *const female[] = {"f", "F", "qadın", "زن", "Qadın", "female"};

	for (size_t i = 0; i < sizeof female / sizeof *female; i++)
		if (str_is(s, female[i]))
			return 'f';
	return s.n ? 'm' : 0;
}

static uint32_t
read_truth(struct str s, char until)
{
	size_t at = s.n;

	if (until)                    /* rec-12-dup-0: the second part */
		for (size_t i = 0, k = 0; i < s.n; i++)
			if (s.p[i] == until && ++k == 2) {
				at = i;
				break;
			}
	return (uint32_t)hash64(str_bytes(str_upto(s, at)), 1);
}

enum status
bench_load(struct arena *a, const char *path, const struct bench_columns *c,
	struct bench_set *set, struct err *e)
{
	struct table t;
	struct bytes b;
	enum status s = os_read_file(a, path, limits.file_bytes, &b, e);

	if (s == OK)
		s = csv_read(a, b, path, NULL, 0, &limits, &t, e);
	if (s != OK)
		return s;
	struct match_person *p = NEWS(a, struct match_person, set->n + t.n);
	uint32_t *truth = NEWS(a, uint32_t, set->n + t.n);
	if (set->n) {
		memcpy(p, set->persons, set->n * sizeof *p);
		memcpy(truth, set->truth, set->n * sizeof *truth);
	}
	for (size_t r = 1; r < t.n; r++) {
		struct match_person *x = &p[set->n];
		x->given = cell(&t, r, c->given, c->missing);
		x->family = cell(&t, r, c->family, c->missing);
		x->father = cell(&t, r, c->father, c->missing);
		x->whole = cell(&t, r, c->whole, c->missing);
		x->birth_place = cell(&t, r, c->birth_place, c->missing);
		x->place = cell(&t, r, c->place, c->missing);
		x->code = cell(&t, r, c->code, c->missing);
		for (size_t i = 0; i < MATCH_EXTRAS; i++)
			x->extra[i] = cell(&t, r, c->extra[i], c->missing);
		x->sex = read_sex(cell(&t, r, c->sex, c->missing));
		x->birth = read_birth(&t, r, c);
		x->event[MATCH_ARREST] = read_date(cell(&t, r, c->arrest, c->missing), c->ymd);
		x->event[MATCH_RELEASE] = read_date(cell(&t, r, c->release, c->missing), c->ymd);
		x->event[MATCH_DEATH] = read_date(cell(&t, r, c->death, c->missing), c->ymd);
		x->list = (uint32_t)set->lists;
		truth[set->n++] = read_truth(cell(&t, r, c->truth, NULL), c->truth_until);
	}
	set->persons = p;
	set->truth = truth;
	set->lists++;
	return OK;
}
