/* What date_parse takes is consistent, survives ISO 8601 and CBOR unchanged, reads
 * back from each language, and what date_get takes re-encodes to the same bytes.
 * The first byte is the hint. */
#include "fuzz.h"

static void
check_date(struct arena *a, const struct date *d)
{
	struct date again;
	struct buf b;

	buf_init(&b, 1000);
	date_put(&b, d);
	invariant(date_get(buf_bytes(&b), &again) && date_equal(d, &again));
	buf_finish(&b);
	invariant(date_parse(date_iso(a, d), NULL, &again, NULL) == OK && date_equal(d, &again));
}

/* Gregorian years before 1821 and after 2121 have no Solar Hijri name that is read. */
static bool
shows_in_all(const struct date *d)
{
	return d->calendar != CAL_GREGORIAN || ((d->first == DAY_MIN || d->first > -54000)
		&& (d->last == DAY_MAX || d->last < 55000));
}

static void
check_shown(struct arena *a, const struct date *d)
{
	struct date again;

	for (int l = 0; l < LANG_COUNT; l++) {
		invariant(date_parse(date_show(a, d, (enum lang)l, 0), NULL, &again, NULL) == OK);
		invariant(again.first == d->first && again.last == d->last);
		invariant(again.flags == d->flags);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct date_hint hint = {0};
	struct arena *a;
	struct date d;
	struct err e = {0};
	struct buf b;

	if (n < 1 || n > 2048)
		return 0;
	a = arena_create(1 << 20);
	hint.calendar = (enum calendar)(p[0] & 3);
	hint.order = (enum date_order)(p[0] >> 2 & 3);
	if (date_parse((struct str){(const char *)p + 1, n - 1}, &hint, &d, &e) == OK) {
		check_date(a, &d);
		if (shows_in_all(&d))
			check_shown(a, &d);
	} else {
		invariant(e.status == BAD && e.text[0] && utf8_valid(str_bytes(str_of(e.text))));
	}
	if (date_get((struct bytes){p, n}, &d)) {
		check_date(a, &d);
		buf_init(&b, 1000);
		date_put(&b, &d);
		invariant(bytes_eq(buf_bytes(&b), (struct bytes){p, n}));
		buf_finish(&b);
	}
	arena_destroy(a);
	return 0;
}
