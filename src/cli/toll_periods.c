/* Periods of a table of deaths: what its cells mean, how they are named. */
#include "cli/toll_int.h"

unsigned
period_seasons(struct arena *a, struct str unit)
{
	static const struct {
		const char *begins;   /* as text_fold() leaves it */
		unsigned seasons;
	} units[] = {
		{"week", 52}, {"month", 12}, {"quarter", 4}, {"هفت", 52}, {"ماه", 12}, {"فصل", 4},
		{"heft", 52}, {"ay", 12}, {"rub", 4},
	};

	unit = text_fold(a, unit);
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (str_starts(unit, units[i].begins))
			return units[i].seasons;
	return str_is(unit, "w") ? 52 : str_is(unit, "m") ? 12 : str_is(unit, "q") ? 4 : 0;
}

/* ---- Names of seasons and months ---------------------------------------------------- */

/* As text_fold() leaves them.  Solar Hijri: Persian, as English-language news from Iran
 * writes it, Azerbaijani where that differs. */
static const char *const solar_names[12][4] = {
	{"فروردین", "farvardin", "ferverdin"}, {"اردیبهشت", "ordibehesht", "ordibehest"},
	{"خرداد", "khordad", "xordad"}, {"تیر", "tir"}, {"مرداد", "mordad"},
	{"شهریور", "shahrivar", "sehriver"}, {"مهر", "mehr"}, {"ابان", "aban"}, {"اذر", "azar"},
	{"دی", "dey", "dei"}, {"بهمن", "bahman"}, {"اسفند", "esfand", "isfend"},
};
static const char *const month_names[12][4] = {
	{"january", "yanvar", "ژانویه"}, {"february", "fevral", "فوریه"}, {"march", "mart", "مارس"},
	{"april", "aprel", "اوریل"}, {"may", "مه", "می"}, {"june", "iyun", "ژوین"},
	{"july", "iyul", "ژوییه"}, {"august", "avqust", "اوت"}, {"september", "sentyabr", "سپتامبر"},
	{"october", "oktyabr", "اکتبر"}, {"november", "noyabr", "نوامبر"},
	{"december", "dekabr", "دسامبر"},
};
/* Of the Solar Hijri year, which begins in spring. */
static const char *const quarter_names[4][4] = {
	{"بهار", "spring", "yaz", "bahar"}, {"تابستان", "summer", "yay"},
	{"پاییز", "autumn", "payiz"}, {"زمستان", "winter", "qis"},
};

static unsigned
named(const char *const (*names)[4], unsigned n, struct str s)
{
	for (unsigned i = 0; i < n; i++)
		for (size_t k = 0; k < 4 && names[i][k]; k++)
			if (str_is(s, names[i][k]))
				return i + 1;
	return 0;
}

bool
period_name(struct arena *a, unsigned seasons, bool solar, struct str s, unsigned *ret)
{
	s = text_fold(a, s);
	*ret = seasons == 12 ? named(solar ? solar_names : month_names, 12, s)
		: seasons == 4 && solar ? named(quarter_names, 4, s) : 0;
	return *ret != 0;
}

/* ---- Year and season in one cell ----------------------------------------------------- */

static unsigned
seasons_of(char letter)
{
	static const struct { char letter; unsigned seasons; } units[] = {
		{'W', 52}, {'Q', 4}, {'M', 12}, {0, 12},
	};

	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (units[i].letter == letter)
			return units[i].seasons;
	return 0;
}

bool
period_cell(struct arena *a, struct str s, unsigned *ret_seasons, unsigned *ret_year,
	unsigned *ret_season)
{
	uint64_t year, season;
	size_t i = 0;
	char letter = 0;

	s = text_digits(a, str_trim(s));
	while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
		i++;
	if (i != 4 || !str_u64(str_upto(s, i), &year))
		return false;
	while (i < s.n && (s.p[i] == '-' || s.p[i] == '/' || s.p[i] == ' '))
		i++;
	if (i < s.n && (s.p[i] < '0' || s.p[i] > '9'))
		letter = (char)(s.p[i++] & ~0x20);
	*ret_seasons = seasons_of(letter);
	if (!*ret_seasons || !str_u64(str_from(s, i), &season) || season < 1
	    || season > *ret_seasons + (*ret_seasons == 52))
		return false;
	*ret_year = (unsigned)year;
	*ret_season = (unsigned)season;
	return true;
}

/* ---- As the engine counts, as the file does ------------------------------------------ */

/* Solar Hijri: winter, the last quarter, begins the year it runs into, as Karlinsky &
 * Kobak count: its three months and most of its influenza lie in one year then. */
struct reckon_period
period_kept(const struct toll_deaths *d, struct reckon_period p)
{
	unsigned quarter = d->seasons / 4;

	if (!d->solar)
		return p;
	if (p.season > 3 * quarter)
		return (struct reckon_period){p.year + 1, p.season - 3 * quarter};
	return (struct reckon_period){p.year, p.season + quarter};
}

static struct reckon_period
written(const struct toll_deaths *d, struct reckon_period p)
{
	unsigned quarter = d->seasons / 4;

	if (!d->solar)
		return p;
	if (p.season <= quarter)
		return (struct reckon_period){p.year - 1, p.season + 3 * quarter};
	return (struct reckon_period){p.year, p.season - quarter};
}

const char *
deaths_unit(const struct toll_deaths *d)
{
	return d->seasons == 52 ? N_("weeks") : d->seasons == 12 ? N_("months") : N_("quarters");
}

const char *
deaths_per(const struct toll_deaths *d)
{
	return d->seasons == 52 ? N_("deaths a week") : d->seasons == 12 ? N_("deaths a month")
		: N_("deaths a quarter");
}

struct str
period_text(struct arena *a, const struct toll_deaths *d, struct reckon_period p)
{
	const char *sh = d->solar ? " SH" : "";

	p = written(d, p);
	if (d->seasons == 4)
		return str_fmt(a, "%d-Q%u%s", p.year, p.season, sh);
	return str_fmt(a, d->seasons == 12 ? "%d-%02u%s" : "%d-W%02u%s", p.year, p.season, sh);
}

/* "W10", "Q1", "03": the number; a letter only where it is the file's unit. */
static bool
season_parse(const struct toll_deaths *d, struct str s, unsigned *ret)
{
	char letter = d->seasons == 52 ? 'W' : d->seasons == 12 ? 'M' : 'Q';
	uint64_t n;

	if (s.n && (s.p[0] & ~0x20) == letter)
		s = str_from(s, 1);
	else if (d->seasons != 12)
		return false;
	if (!str_u64(s, &n) || n < 1 || n > d->seasons + (d->seasons == 52))
		return false;
	*ret = (unsigned)n;
	return true;
}

bool
period_parse(const struct toll_deaths *d, struct str s, struct reckon_span *ret)
{
	struct str season = s, year = str_cut(&season, '-');
	unsigned first = 1, last = d->seasons + (d->seasons == 52);
	uint64_t y;

	if (!str_u64(year, &y) || y < 1 || y > 3000)
		return false;
	if (season.p) {
		if (!season_parse(d, season, &first))
			return false;
		last = first;
	}
	ret->from = period_kept(d, (struct reckon_period){(int)y, first});
	ret->to = period_kept(d, (struct reckon_period){(int)y, last});
	return true;
}
