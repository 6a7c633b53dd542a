/*
 * What the parts of date.h share: claims and the days they mean, the words that
 * dates are written with, and the pieces that a written date falls into.
 */
#ifndef BASE_DATE_INT_H
#define BASE_DATE_INT_H

#include "base/date.h"

/* --- claims (date.c) --- */

/* Years that a claim may name.  They do not overlap, so that a year of four
 * digits tells its calendar. */
bool date_year_ok(enum calendar c, int year);
/* An Imperial year below is one only where the text or the list says so, or has an
 * Iranian month beside it: 2420 is more often a slip of the hand for 2020. */
enum { DATE_IMPERIAL_PLAIN = 2500 };
/* The days of a year, month or day; false when there is none such. */
bool date_claim_days(enum calendar c, struct ymd d, int32_t *ret_first, int32_t *ret_last);
/* The same, with the message that says what would be right. */
enum status date_claim_check(enum calendar c, struct ymd d, struct err *e) MUST;
bool date_claim_none(struct ymd d);              /* an open end: 0, 0, 0 */
bool date_claim_equal(struct ymd a, struct ymd b);
/* Fill first and last from what is claimed; false when that is inconsistent. */
bool date_derive(struct date *d);

/* --- words (date_words.c) --- */

enum date_word_kind {
	W_NONE,
	W_SKIP,        /* on, the, در: says nothing */
	W_NOUN,        /* year, month, day, il, ay, ماه: says nothing, may carry a suffix */
	W_WEEKDAY,     /* value 1-7, 1 = Monday: checked against the date */
	W_MONTH,       /* value 1-12 of its calendar */
	W_SEASON,      /* value 1-4, 1 = spring */
	W_ERA,         /* SH, میلادی: its calendar */
	W_LUNAR,       /* a calendar that we do not read */
	W_VAGUE,       /* early, اواخر: refused */
	W_ABOUT, W_UNCLEAR,
	W_BEFORE, W_AFTER,       /* the named date not included */
	W_UNTIL, W_SINCE,        /* included */
	W_FROM, W_TO, W_BETWEEN, W_AND, W_OR,
	W_ABL, W_DAT,            /* Azerbaijani "from" and "to" as suffixes */
	W_ORDINAL_OR_ERA,        /* Persian م after a numeral: 25th, or of our era */
	W_DAY,                   /* a day of the month in words: value 1-31 */
	W_CLOCK, W_ZONE,         /* at, saat; am, UTC: parts of a time of day */
};

struct date_word {
	const char *text;        /* folded as date_fold does */
	uint8_t kind, value;
};

/* The longest entry that stands at p and ends where a word ends; NULL: none. */
const struct date_word *date_word_at(const char *p, size_t n);
const struct date_word *date_word_nth(size_t i); /* NULL after the last */
const struct date_word *date_word_cyrillic(size_t i);    /* those of date_words_cyrillic.c */
/* A whole word that is a suffix to a numeral ("ci", "th", "dən"). */
const struct date_word *date_numeral_suffix(const char *p, size_t n);
/* A month or noun with a suffix ("ayının", "dekabrdan", "دی‌ماه"): both parts. */
bool date_word_inflected(const char *p, size_t n, const struct date_word **ret_stem,
	const struct date_word **ret_suffix);
bool date_letter(char c);                        /* of a folded text */

/* A code point as the tables write it: lower case, Azerbaijani letters and their
 * dotless and plain spellings as one ASCII letter, Arabic kaf and yeh as Persian,
 * digits as ASCII; 0: dropped. */
uint32_t date_fold(uint32_t cp);

const char *date_month_name(enum lang l, enum calendar c, int month);

/* --- pieces (date_lex.c) --- */

enum { DATE_TEXT_MAX = 512, DATE_PIECES_MAX = 48, DATE_DASH = 1 };

enum date_piece_kind {
	P_NUMBER = 64,           /* after the word kinds, so that one field holds both */
	P_SEP,                   /* sep: '/', '-', '.', ',', DATE_DASH for – or a spaced - */
	P_OPEN,                  /* .. */
	P_COLON, P_PLUS, P_QUESTION, P_LEFT, P_RIGHT,
};

struct date_piece {
	uint8_t kind, value;     /* of the word */
	uint8_t digits;          /* of the number, leading zeros counted */
	bool persian;            /* written in Persian digits */
	bool spaced;             /* white space before */
	char sep;
	int number;
};

struct date_pieces {
	struct date_piece v[DATE_PIECES_MAX];
	size_t n;
	uint8_t weekday;         /* the last one named, 1 = Monday; 0: none */
	size_t n_weekdays;
};

/* Times of day after a date are gone, words that say nothing too. */
enum status date_lex(struct str s, struct date_pieces *ret, struct err *e) MUST;

/* --- shapes (date_shape.c) --- */

/* The numbers and names of one date. */
struct date_side {
	int n;                   /* numbers */
	struct date_piece num[3];
	char sep[2];             /* after num[0] and num[1]; 0: none */
	int month, season;       /* 0: none */
	enum calendar month_calendar, era;
};

enum date_shape_kind { ONE, RANGE, CHOICE, UP_TO, UP_TO_NOT, FROM_ON, FROM_ON_NOT };

struct date_shape {
	enum date_shape_kind kind;
	struct date_side side[2];     /* the second of RANGE and CHOICE only */
	bool about, unclear;
};

/* Takes "about" and question marks out of t. */
enum status date_shape_read(struct date_pieces *t, struct date_shape *ret, struct err *e) MUST;
int date_shape_sides(const struct date_shape *s);        /* 1 or 2 */
enum status date_not_understood(struct err *e);  /* BAD, with examples */

/* --- readings (date_reading.c) --- */

/* What the text leaves open, settled in one way. */
struct date_way {
	enum date_order order;
	enum calendar calendar;  /* for two-digit years; 0: there are none */
	int century;
};

/* The date that the shape means in this way; BAD when there is none. */
enum status date_read_way(const struct date_shape *shape, const struct date_way *w,
	enum calendar hint, struct date *ret, struct err *e) MUST;
/* Whether a number can be nothing but a year. */
bool date_must_be_year(const struct date_piece *t);
/* Of two numbers one of which may be the year: whether it is the first.  Three
 * digits are stronger than 32 (32 March 2020 has a wrong day). */
bool date_year_first(const struct date_piece *a, const struct date_piece *b);

#endif
