/* Numbers of deaths as people write them. */
#include "cli/toll_deaths_int.h"

/* 12,345 or 1,234,567: groups of three behind one to three digits. */
static bool
grouped(struct str s, char sign)
{
	size_t at = 0, groups = 0;

	for (size_t i = 0; i <= s.n; i++) {
		if (i < s.n && s.p[i] != sign)
			continue;
		size_t digits = i - at;
		if (digits < 1 || digits > 3 || (groups > 0 && digits != 3))
			return false;
		groups++;
		at = i + 1;
	}
	return groups > 1;
}

/* Whatever groups digits and never begins decimals: spaces, apostrophes, the Arabic
 * thousands sign.  The Arabic decimal sign becomes a point. */
static struct str
plain(struct arena *a, struct str s)
{
	static const struct {
		const char *sign, *is;
	} signs[] = {
		{" ", ""}, {"\u00a0", ""}, {"\u202f", ""}, {"\u2009", ""}, {"'", ""}, {"\u2019", ""},
		{"\u066c", ""}, {"\u066b", "."},
	};
	char *to = NEWS(a, char, s.n + 1);
	size_t n = 0;

	s = text_digits(a, str_trim(s));
	for (size_t i = 0; i < s.n;) {
		size_t k = 0;
		while (k < sizeof signs / sizeof *signs && !str_starts(str_from(s, i), signs[k].sign))
			k++;
		if (k == sizeof signs / sizeof *signs) {
			to[n++] = s.p[i++];
			continue;
		}
		if (*signs[k].is)
			to[n++] = *signs[k].is;
		i += strlen(signs[k].sign);
	}
	return (struct str){to, n};
}

static struct str
without(struct arena *a, struct str s, char sign)
{
	char *to = NEWS(a, char, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != sign)
			to[n++] = s.p[i];
	return (struct str){to, n};
}

bool
reading_number(struct reading *r, struct str s, double *ret)
{
	struct arena *a = r->t->a;
	size_t comma, point;

	s = plain(a, s);
	comma = str_find(s, ',');
	point = str_find(s, '.');
	if (comma < s.n && point < s.n) {
		char group = comma < point ? ',' : '.', mark = comma < point ? '.' : ',';
		struct str fraction = s, whole = str_cut(&fraction, mark);
		if (!grouped(whole, group))
			return false;
		s = str_fmt(a, STR_FMT "." STR_FMT, STR_ARG(without(a, whole, group)), STR_ARG(fraction));
	} else if (comma < s.n) {
		struct str fraction = s, whole = str_cut(&fraction, ',');
		s = grouped(s, ',') ? without(a, s, ',')
			: str_fmt(a, STR_FMT "." STR_FMT, STR_ARG(whole), STR_ARG(fraction));
	} else if (point < s.n && grouped(s, '.') && !r->points) {
		s = without(a, s, '.');
	}
	return toll_number(r->t, s, ret);
}

enum status
reading_points(struct reading *r, struct err *e)
{
	const struct row *doubtful = NULL;
	struct str cell = STR_NONE;
	bool groups = false;

	for (size_t i = 1; i < r->t->t.n; i++) {
		const struct row *row = &r->t->t.rows[i];
		struct str s = reading_cell(r, row, D_DEATHS);
		size_t point = str_find(s, '.');
		if (point == s.n || !reading_is_ours(r, row))
			continue;
		s = plain(r->t->a, s);
		if (str_find(s, ',') < s.n)
			continue;
		if (!grouped(s, '.')) {
			r->points = true;
			return OK;
		}
		groups |= str_find(str_from(s, point + 1), '.') < s.n - point - 1;
		if (!doubtful) {
			doubtful = row;
			cell = s;
		}
	}
	if (!doubtful || groups)
		return OK;
	return err_set(e, BAD, "%s: row %zu, column \"" STR_FMT "\": \"" STR_FMT "\" may be %s or a "
		"number with decimals; digits alone would be right", r->t->path, doubtful->line,
		STR_ARG(r->d->columns[D_DEATHS]), STR_ARG(cell),
		str_cstr(r->t->a, without(r->t->a, cell, '.')));
}
