/*
 * A weekday beside a date says the day a second time; when the two disagree one of
 * them is wrong, and nobody but its author knows which.
 */
#include "base/date_int.h"
#include "base/poison.h"

static const char *const names[] = {"", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
	"Saturday", "Sunday"};

/* 1970-01-01 was a Thursday. */
static int
weekday_of(int32_t day)
{
	int r = (int)((day + 3) % 7);

	return (r < 0 ? r + 7 : r) + 1;
}

bool
date_weekday_doubt(struct str s, const struct date *d, struct err *ret)
{
	struct ymd claims[2] = {d->from, d->to}, fits = {0, 0, 0};
	size_t n = d->flags & DATE_AMBIGUOUS ? 2 : 1, n_fits = 0;
	struct date_pieces t;
	int32_t day = 0;

	if (d->flags & DATE_RANGE || date_lex(s, &t, NULL) != OK || t.n_weekdays != 1)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (claims[i].day == 0 || !cal_to_day(d->calendar, claims[i], &day))
			return false;
		if (weekday_of(day) == t.weekday) {
			fits = claims[i];
			n_fits++;
		}
	}
	if (n_fits == n)
		return false;
	if (n_fits > 0)
		(void)!err_set(ret, BAD, "of its readings only %04d-%02d-%02d was a %s; if that day is "
			"meant, write it so", fits.year, fits.month, fits.day, names[t.weekday]);
	else if (n == 1)
		(void)!err_set(ret, BAD, "%04d-%02d-%02d was a %s, not a %s; one of the two is wrong",
			d->from.year, d->from.month, d->from.day, names[weekday_of(day)],
			names[t.weekday]);
	else
		(void)!err_set(ret, BAD, "neither of its readings was a %s; one of the two is wrong",
			names[t.weekday]);
	return true;
}
