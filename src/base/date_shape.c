/*
 * Which pieces of a written date belong together: one date, a range, a choice or an
 * open end, and the numbers and names of its one or two sides.
 */
#include "base/date_int.h"
#include "base/poison.h"

/* --- sides --- */

/* "12, 1973": the end of "September 11-12, 1973", and nothing by itself. */
static bool
is_day_and_year(const struct date_side *s)
{
	return s->n == 2 && !s->month && !s->season && !s->sep[0]
		&& s->num[0].digits <= 2 && s->num[1].digits >= 3;
}

/* Whether the numbers may stand together as one date; years have three digits or
 * more (a fourth for today's, but 980 must not become a day). */
static bool
numbers_fit(const struct date_side *s)
{
	bool years[3];

	for (int i = 0; i < s->n; i++)
		years[i] = s->num[i].digits >= 3;
	if (s->season)
		return s->n <= 1;
	if (s->month)
		return s->n < 2 || (s->n == 2 && !(years[0] && years[1]));
	if (s->n == 0)
		return false;
	if (is_day_and_year(s))
		return true;
	for (int i = 0; i + 1 < s->n; i++)
		if (s->sep[i] != '/' && s->sep[i] != '-' && s->sep[i] != '.')
			return false;
	if (s->n == 3)
		return s->sep[0] == s->sep[1] && !years[1] && !(years[0] && years[2]);
	return s->n == 1 || !(years[0] && years[1]);
}

/* ISO 8601 basic: 20200327, 13990108. */
static void
split_compact(struct date_side *s)
{
	int v = s->num[0].number;

	s->num[2] = s->num[1] = s->num[0];
	s->num[0].number = v / 10000;
	s->num[0].digits = 4;
	s->num[1].number = v / 100 % 100;
	s->num[2].number = v % 100;
	s->num[1].digits = s->num[2].digits = 2;
	s->sep[0] = s->sep[1] = '-';
	s->n = 3;
}

static bool
take_piece(struct date_side *s, const struct date_piece *t)
{
	switch (t->kind) {
	case P_NUMBER:
		if (s->n == 3)
			return false;
		s->num[s->n++] = *t;
		return true;
	case W_MONTH:
		if (s->month || s->season)
			return false;
		s->month = t->value & 15;        /* Solar Hijri months stand 16 higher */
		s->month_calendar = t->value & 16 ? CAL_SOLAR_HIJRI : CAL_GREGORIAN;
		return true;
	case W_SEASON:
		if (s->month || s->season)
			return false;
		s->season = t->value;
		return true;
	case W_ERA:
		if (s->era && s->era != (enum calendar)t->value)
			return false;
		s->era = (enum calendar)t->value;
		return true;
	default:
		return false;
	}
}

/* False: the pieces are not one date. */
static bool
read_side(const struct date_piece *t, size_t n, struct date_side *ret)
{
	struct date_side s = {0};

	for (size_t i = 0; i < n; i++) {
		if (t[i].kind != P_SEP) {
			if (!take_piece(&s, &t[i]))
				return false;
			continue;
		}
		if (i == 0 || i + 1 == n || t[i - 1].kind == P_SEP)
			return false;
		if (t[i - 1].kind == P_NUMBER && s.n <= 2)
			s.sep[s.n - 1] = t[i].sep == DATE_DASH ? '-' : t[i].sep;
	}
	if (!numbers_fit(&s))
		return false;
	if (s.n == 1 && !s.month && !s.season && s.num[0].digits == 8)
		split_compact(&s);
	*ret = s;
	return true;
}

/* --- shapes --- */

/* The connecting words that a date may have: one before, one in the middle, one
 * behind (0: none), and what they make of it. */
static const struct {
	uint8_t lead, mid, tail, kind;
} shapes[] = {
	{0, 0, 0, ONE},
	{W_FROM, W_TO, 0, RANGE},                /* from 3 to 5; از ۳ تا ۵ */
	{0, W_TO, 0, RANGE},
	{W_BETWEEN, W_TO, 0, RANGE},             /* بین ۳ تا ۵ */
	{W_FROM, W_UNTIL, 0, RANGE}, {0, W_UNTIL, 0, RANGE}, {W_SINCE, W_UNTIL, 0, RANGE},
	{0, W_ABL, W_UNTIL, RANGE},              /* 3-dən 5-dək; 3-dən 5-nə qədər */
	{0, W_ABL, W_DAT, RANGE},                /* martdan maya */
	{W_BETWEEN, W_AND, 0, RANGE},            /* between 3 and 5; بین ۳ و ۵ */
	{0, W_AND, W_BETWEEN, RANGE},            /* 3 və 5 mart arasında */
	{0, W_DAT, W_BETWEEN, RANGE},            /* 2018-ci il ilə 2019-cu il arasında */
	{0, W_OR, 0, CHOICE},                    /* 3 or 4 May */
	{W_BEFORE, 0, 0, UP_TO_NOT},             /* before; قبل از */
	{0, 0, W_BEFORE, UP_TO_NOT},             /* -dən əvvəl */
	{W_UNTIL, 0, 0, UP_TO}, {W_TO, 0, 0, UP_TO},     /* by, until; تا */
	{0, 0, W_UNTIL, UP_TO},                  /* -dək, -ə qədər; or earlier */
	{W_AFTER, 0, 0, FROM_ON_NOT}, {0, 0, W_AFTER, FROM_ON_NOT},
	{W_SINCE, 0, 0, FROM_ON}, {W_FROM, 0, 0, FROM_ON}, {0, 0, W_SINCE, FROM_ON},
	{W_FROM, 0, W_SINCE, FROM_ON},           /* از ۱۳۹۷ به بعد */
	{0, 0, W_ABL, FROM_ON},                  /* 2019-cu ildən */
};

/* Pieces still to be read. */
struct span {
	const struct date_piece *p;
	size_t n;
};

static unsigned
first_kind(struct span s)
{
	return s.n ? s.p[0].kind : 0;
}

static unsigned
last_kind(struct span s)
{
	return s.n ? s.p[s.n - 1].kind : 0;
}

static bool
is_connector(unsigned kind)
{
	return kind == W_TO || kind == W_UNTIL || kind == W_ABL || kind == W_OR
		|| kind == W_AND || kind == W_DAT;
}

static unsigned
take_lead(struct span *s)
{
	unsigned kind = first_kind(*s);

	if (kind != W_FROM && kind != W_SINCE && kind != W_BETWEEN && kind != W_BEFORE
	    && kind != W_AFTER && kind != W_UNTIL && kind != W_TO)
		return 0;
	s->p++;
	s->n--;
	/* قبل از, پس از */
	if ((kind == W_BEFORE || kind == W_AFTER) && first_kind(*s) == W_FROM) {
		s->p++;
		s->n--;
	}
	return kind;
}

static unsigned
take_tail(struct span *s)
{
	unsigned kind = last_kind(*s), before;

	if (kind != W_BEFORE && kind != W_AFTER && kind != W_SINCE && kind != W_UNTIL
	    && kind != W_DAT && kind != W_ABL && kind != W_BETWEEN)
		return 0;
	s->n--;
	/* The case that the postposition asks for: -dən sonra, -ə qədər. */
	before = last_kind(*s);
	if (kind == W_UNTIL ? before == W_DAT : kind != W_ABL && before == W_ABL)
		s->n--;
	return kind;
}

/* Where a range is cut that has no connecting word: at the only long dash, else at
 * the only slash, else at the only hyphen; s.n: nowhere. */
static size_t
find_cut(struct span s)
{
	static const char cuts[] = {DATE_DASH, '/', '-'};

	for (size_t k = 0; k < sizeof cuts; k++) {
		size_t at = s.n, count = 0;
		for (size_t i = 0; i < s.n; i++)
			if (s.p[i].kind == P_SEP && s.p[i].sep == cuts[k]) {
				at = i;
				count++;
			}
		if (count == 1)
			return at;
	}
	return s.n;
}

enum status
date_not_understood(struct err *e)
{
	return err_set(e, BAD, "not understood as a date; write it like 2020-03-27, 27 March 2020, "
		"27.03.2020, 1399/01/08, ۸ فروردین ۱۳۹۹ or from 3 to 5 May 2019");
}

static bool
read_sides(struct span s, size_t cut, struct date_shape *ret)
{
	return read_side(s.p, cut, &ret->side[0])
		&& read_side(s.p + cut + 1, s.n - cut - 1, &ret->side[1]);
}

/* "../2020-03-26", "2020-03-28/..": ISO 8601-2 open ends. */
static bool
read_open_iso(struct span s, struct date_shape *ret)
{
	if (s.n < 3)
		return false;
	if (first_kind(s) == P_OPEN && s.p[1].kind == P_SEP && s.p[1].sep == '/') {
		ret->kind = UP_TO;
		return read_side(s.p + 2, s.n - 2, &ret->side[0]);
	}
	/* An era stands behind everything: 1398/.. SH. */
	for (size_t i = 1; i + 1 < s.n; i++)
		if (s.p[i].kind == P_SEP && s.p[i].sep == '/' && s.p[i + 1].kind == P_OPEN) {
			struct date_piece without[DATE_PIECES_MAX];
			memcpy(without, s.p, i * sizeof *s.p);
			memcpy(without + i, s.p + i + 2, (s.n - i - 2) * sizeof *s.p);
			ret->kind = FROM_ON;
			return read_side(without, s.n - 2, &ret->side[0]);
		}
	return false;
}

static bool
read_without_words(struct span s, struct date_shape *ret)
{
	size_t cut;

	ret->kind = ONE;
	if (read_side(s.p, s.n, &ret->side[0]))
		return !is_day_and_year(&ret->side[0]);
	if (read_open_iso(s, ret))
		return true;
	ret->kind = RANGE;
	cut = find_cut(s);
	return cut > 0 && cut < s.n && read_sides(s, cut, ret);
}

static bool
read_with_words(unsigned lead, struct span s, unsigned tail, struct date_shape *ret)
{
	size_t mid = 0;

	for (size_t i = 0; i < s.n && !mid; i++)
		if (is_connector(s.p[i].kind))
			mid = i;
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		if (shapes[i].lead != lead || shapes[i].tail != tail
		    || shapes[i].mid != (mid ? s.p[mid].kind : 0))
			continue;
		ret->kind = (enum date_shape_kind)shapes[i].kind;
		return mid ? read_sides(s, mid, ret) : read_side(s.p, s.n, &ret->side[0]);
	}
	return false;
}

/* "About" and question marks may stand anywhere: they are said of the whole. */
static void
take_doubts(struct date_pieces *t, struct date_shape *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++) {
		if (t->v[i].kind == W_ABOUT)
			ret->about = true;
		else if (t->v[i].kind == W_UNCLEAR || t->v[i].kind == P_QUESTION)
			ret->unclear = true;
		else
			t->v[n++] = t->v[i];
	}
	t->n = n;
}

enum status
date_shape_read(struct date_pieces *t, struct date_shape *ret, struct err *e)
{
	struct date_shape shape = {0};
	struct span s;
	unsigned lead, tail;
	bool words;

	take_doubts(t, &shape);
	s = (struct span){t->v, t->n};
	lead = take_lead(&s);
	tail = take_tail(&s);
	words = lead || tail;
	for (size_t i = 0; i < s.n; i++)
		words |= is_connector(s.p[i].kind);
	if (s.n == 0 || !(words ? read_with_words(lead, s, tail, &shape)
	    : read_without_words(s, &shape)))
		return date_not_understood(e);
	*ret = shape;
	return OK;
}

int
date_shape_sides(const struct date_shape *s)
{
	return s->kind == RANGE || s->kind == CHOICE ? 2 : 1;
}
