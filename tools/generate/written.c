/* How lists write dates and sentences. */
#include "gen_int.h"

/* Usually 10 % missing; 25 % the year only; 1.5 % day and month swapped where that is
 * a date too, 2 % a year off.  Where more or fewer are missing, the rest keeps its
 * proportions. */
struct claim
claim_birth(struct rng *r, int32_t day, uint32_t missing_permille)
{
	uint32_t kind = rng_below(r, 1000);
	struct ymd d = cal_of_day(CAL_GREGORIAN, day);
	int32_t other;

	if (kind < missing_permille)
		return (struct claim){day, UNKNOWN};
	kind = NO_BIRTH_PERMILLE + (kind - missing_permille) * (1000 - NO_BIRTH_PERMILLE)
		/ (1000 - missing_permille);
	if (kind < 350)
		return (struct claim){rng_chance(r, 50) ? day + 365 : day, BY_YEAR};
	if (kind < 365 && d.day <= 12
		&& cal_to_day(CAL_GREGORIAN, (struct ymd){d.year, d.day, d.month}, &other))
		return (struct claim){other, BY_DAY};
	if (kind < 385)
		return (struct claim){day + (rng_chance(r, 500) ? 365 : -365), BY_DAY};
	return (struct claim){day, BY_DAY};
}

/* A quarter is off by up to three days, one in eight knows the month only. */
struct claim
claim_event(struct rng *r, int32_t day, uint32_t known_permille)
{
	uint32_t kind;

	if (day == NEVER || !rng_chance(r, known_permille))
		return (struct claim){NEVER, UNKNOWN};
	kind = rng_below(r, 1000);
	if (kind < 40)
		return (struct claim){day, BY_YEAR};
	if (kind < 165)
		return (struct claim){day, BY_MONTH};
	if (kind < 415)
		day += rng_between(r, -3, 3);
	return (struct claim){day < DAY_REF ? day : DAY_REF, BY_DAY};
}

/* The ordinal suffix by how the number is spoken: its last word that is said
 * (1397 yeddi -ci, 1390 doxsan -cı, 1400 yüz -cü, 2000 min -ci). */
const char *
suffix_ordinal(int n)
{
	static const char *const ones[10] = {"", "ci", "ci", "cü", "cü", "ci", "cı", "ci",
		"ci", "cu"};
	static const char *const tens[10] = {"", "cu", "ci", "cu", "cı", "ci", "cı", "ci",
		"ci", "cı"};

	if (n % 10)
		return ones[n % 10];
	if (n % 100)
		return tens[n / 10 % 10];
	return n % 1000 ? "cü" : "ci";
}

/* "on the n-th": 1 birdə, 6 altıda, 9 doqquzda, 10 onda, 20 iyirmidə, 30 otuzda. */
static const char *
suffix_locative(int day)
{
	return day % 10 == 6 || day % 10 == 9 || day == 10 || day == 30 ? "da" : "də";
}

static const char *
in_month_az(int month)
{
	static const char *const suffix[12] = {"ında", "ında", "ında", "ində", "ında", "unda",
		"unda", "unda", "ında", "ında", "ında", "ında"};

	return suffix[month - 1];
}

static struct str
suffixed_az(const struct gen *g, int32_t day)
{
	struct ymd d = cal_of_day(CAL_SOLAR_HIJRI, day);

	return str_fmt(g->row, "%d-%s ilin %s ayının %d-%s", d.year, suffix_ordinal(d.year),
		months_sh_az[d.month - 1], d.day, suffix_locative(d.day));
}

struct str
written_az(const struct gen *g, struct rng *r, struct claim c)
{
	uint32_t form = rng_below(r, 100);
	struct ymd d;

	if (c.precision == UNKNOWN)
		return S("");
	d = cal_of_day(CAL_GREGORIAN, c.day);
	if (c.precision == BY_YEAR) {
		if (form < 75)
			return str_fmt(g->row, "%d", d.year);
		if (form < 90)
			return str_fmt(g->row, "%d-%s il", d.year, suffix_ordinal(d.year));
		return str_fmt(g->row, "təxminən %d", d.year);
	}
	if (c.precision == BY_MONTH) {
		if (form < 50)
			return str_fmt(g->row, "%s %d", months_az[d.month - 1], d.year);
		if (form < 85)
			return str_fmt(g->row, "%02d.%d", d.month, d.year);
		return str_fmt(g->row, "%d-%s ilin %s%s", d.year, suffix_ordinal(d.year),
			months_az[d.month - 1], in_month_az(d.month));
	}
	if (form < 3)
		return suffixed_az(g, c.day);
	if (form < 8)
		return str_fmt(g->row, "%d %s %d", d.day, months_az[d.month - 1], d.year);
	return str_fmt(g->row, "%02d.%02d.%d", d.day, d.month, d.year);
}

struct str
persian_digits(const struct gen *g, struct str s)
{
	char *p = arena_alloc(g->row, 2 * s.n + 1, 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] >= '0' && s.p[i] <= '9') {     /* U+06F0 .. U+06F9 */
			p[n++] = (char)0xdb;
			p[n++] = (char)(0xb0 + (s.p[i] - '0'));
		} else {
			p[n++] = s.p[i];
		}
	}
	return (struct str){p, n};
}

static struct str
written_fa_ascii(const struct gen *g, struct rng *r, struct claim c)
{
	uint32_t form = rng_below(r, 100);
	struct ymd d = cal_of_day(CAL_SOLAR_HIJRI, c.day);
	const char *month = months_sh_fa[d.month - 1];

	if (c.precision == BY_YEAR)
		return str_fmt(g->row, form < 88 ? "%d" : "حدود %d", d.year);
	if (c.precision == BY_MONTH)
		return form < 65 ? str_fmt(g->row, "%s %d", month, d.year)
			: str_fmt(g->row, "%d/%02d", d.year, d.month);
	if (form < 22)
		return str_fmt(g->row, "%d %s %d", d.day, month, d.year);
	return str_fmt(g->row, "%d/%02d/%02d", d.year, d.month, d.day);
}

struct str
written_fa(const struct gen *g, struct rng *r, struct claim c)
{
	if (c.precision == UNKNOWN)
		return S("");
	return persian_digits(g, written_fa_ascii(g, r, c));
}

struct str
written_en(const struct gen *g, struct rng *r, struct claim c)
{
	uint32_t form = rng_below(r, 100);
	struct ymd d;

	if (c.precision == UNKNOWN)
		return S("");
	d = cal_of_day(CAL_GREGORIAN, c.day);
	if (c.precision == BY_YEAR)
		return str_fmt(g->row, form < 70 ? "%d" : "about %d", d.year);
	if (c.precision == BY_MONTH)
		return form < 80 ? str_fmt(g->row, "%s %d", months_en[d.month - 1], d.year)
			: str_fmt(g->row, "%.3s %d", months_en[d.month - 1], d.year);
	return str_fmt(g->row, "%d %s %d", d.day, months_en[d.month - 1], d.year);
}

struct str
written_iso(const struct gen *g, struct claim c)
{
	struct ymd d;

	if (c.precision == UNKNOWN || c.day == NEVER)
		return S("");
	d = cal_of_day(CAL_GREGORIAN, c.day);
	if (c.precision == BY_YEAR)
		return str_fmt(g->row, "%04d", d.year);
	if (c.precision == BY_MONTH)
		return str_fmt(g->row, "%04d-%02d", d.year, d.month);
	return str_fmt(g->row, "%04d-%02d-%02d", d.year, d.month, d.day);
}

/* "2 il 6 ay həbs", "۲ سال و ۶ ماه حبس", "2 years and 6 months" */
static struct str
term(const struct gen *g, int years, int months, enum writing w)
{
	static const struct {
		const char *year, *years, *and, *month, *months, *end;
	} word[WRITINGS] = {
		[AZ] = {" il", " il", " ", " ay", " ay", " həbs"},
		[FA] = {" سال", " سال", " و ", " ماه", " ماه", " حبس"},
		[EN] = {" year", " years", " and ", " month", " months", " in prison"},
	};
	struct str s = S("");

	if (years)
		s = str_fmt(g->row, "%d%s%s", years,
			years == 1 ? word[w].year : word[w].years, months ? word[w].and : "");
	if (months)
		s = str_fmt(g->row, STR_FMT "%d%s", STR_ARG(s), months,
			months == 1 ? word[w].month : word[w].months);
	return str_fmt(g->row, STR_FMT "%s", STR_ARG(s), word[w].end);
}

struct str
written_sentence(const struct gen *g, struct rng *r, const struct person *p, enum writing w)
{
	static const char *const suspended[WRITINGS] = {" (şərti)", " تعلیقی", ", suspended"};
	static const char *const waiting[WRITINGS] = {"hökm gözlənilir", "در انتظار حکم",
		"awaiting trial"};
	struct str s;

	if (p->sentenced == NEVER)
		return rng_chance(r, 300) ? str_of(waiting[w]) : S("");
	if (rng_chance(r, 120))
		return S("");
	s = term(g, p->months / 12, p->months % 12, w);
	if (p->suspended)
		s = str_fmt(g->row, STR_FMT "%s", STR_ARG(s), suspended[w]);
	return w == FA ? persian_digits(g, s) : s;
}
