/*
 * A written date in pieces: numbers, months, separators and the few words that
 * matter.  Whatever is not known is refused here: a word that we do not read may
 * be the one that changes the meaning.
 */
#include "base/date_int.h"
#include "base/poison.h"

/* The text folded, and for each byte of it where it came from. */
struct folded {
	char p[DATE_TEXT_MAX + 1];
	uint16_t from[DATE_TEXT_MAX + 1];
	size_t n;
	struct str source;
};

struct lexer {
	struct folded f;
	struct date_pieces out;
	size_t at;
	bool spaced;             /* white space before `at` */
	bool lunar, vague, unknown, many;
	size_t bad_at, bad_end;  /* of the first word refused, in f */
};

/* An apostrophe after a letter is part of a name (Sha'ban); after a digit it stands
 * before a suffix (2020'de). */
static bool
inside_name(const struct folded *f, uint32_t cp)
{
	return cp == '\'' && f->n > 0 && date_letter(f->p[f->n - 1]);
}

static void
fold(struct str s, struct folded *f)
{
	f->source = s;
	for (size_t at = 0; at < s.n;) {
		size_t from = at, n = f->n;
		uint32_t was = utf8_next(s, &at), cp = date_fold(was);
		if (cp == 0 || inside_name(f, cp))
			continue;
		/* No fold is longer than its source, so that all of it fits. */
		if (cp < 0x80) {
			f->p[f->n++] = (char)cp;
		} else if (cp == was) {
			memcpy(f->p + f->n, s.p + from, at - from);
			f->n += at - from;
		} else {
			f->p[f->n++] = (char)(0xc0 | cp >> 6);   /* all folds are below U+0800 */
			f->p[f->n++] = (char)(0x80 | (cp & 0x3f));
		}
		for (; n < f->n; n++)
			f->from[n] = (uint16_t)from;
	}
	f->from[f->n] = (uint16_t)s.n;
	f->p[f->n] = '\0';
}

static struct date_piece *
push(struct lexer *x, unsigned kind, unsigned value)
{
	struct date_piece *t = &x->out.v[x->out.n];

	if (x->out.n == DATE_PIECES_MAX) {
		x->many = true;
		return t - 1;
	}
	x->out.n++;
	*t = (struct date_piece){.kind = (uint8_t)kind, .value = (uint8_t)value,
		.spaced = x->spaced};
	return t;
}

static void
refuse(struct lexer *x, bool *why, size_t end)
{
	if (!x->lunar && !x->vague && !x->unknown) {
		x->bad_at = x->at;
		x->bad_end = end;
	}
	/* A lunar date is refused as such, whatever stands before it. */
	if (why == &x->lunar && !x->lunar) {
		x->bad_at = x->at;
		x->bad_end = end;
	}
	*why = true;
	x->at = end;
}

static size_t
word_end(const struct folded *f, size_t at)
{
	while (at < f->n && date_letter(f->p[at]))
		at++;
	return at;
}

static void
push_word(struct lexer *x, const struct date_word *w, size_t end)
{
	struct date_piece *t;

	switch (w->kind) {
	case W_SKIP: case W_NOUN: case W_NONE:
		break;
	case W_WEEKDAY:
		x->out.weekday = w->value;
		x->out.n_weekdays++;
		break;
	case W_DAY:
		t = push(x, P_NUMBER, 0);
		t->number = w->value;
		t->digits = 2;
		t->persian = true;
		break;
	case W_LUNAR:
		refuse(x, &x->lunar, end);
		break;
	case W_VAGUE:
		refuse(x, &x->vague, end);
		break;
	default:
		push(x, w->kind, w->value);
	}
	x->at = end;
}

static void
lex_word(struct lexer *x)
{
	const char *p = x->f.p + x->at;
	size_t end = word_end(&x->f, x->at);
	const struct date_word *w = date_word_at(p, x->f.n - x->at), *suffix;

	if (w) {
		push_word(x, w, x->at + strlen(w->text));
	} else if (date_word_inflected(p, end - x->at, &w, &suffix)) {
		push_word(x, w, end);
		push_word(x, suffix, end);
	} else {
		refuse(x, &x->unknown, end);
	}
	/* The dot of an abbreviation. */
	if (x->at < x->f.n && x->f.p[x->at] == '.' && x->f.p[x->at + 1] != '.')
		x->at++;
}

/* "1397-ci", "25th", "2020'de", "۲۵م": the suffix right after the numeral. */
static void
lex_suffix(struct lexer *x, struct date_piece number)
{
	size_t at = x->at, end;
	const struct date_word *w;

	if (x->f.p[at] == '-' || x->f.p[at] == '\'')
		at++;
	end = word_end(&x->f, at);
	w = end > at ? date_numeral_suffix(x->f.p + at, end - at) : NULL;
	if (!w)
		return;
	x->spaced = false;
	if (w->kind == W_ORDINAL_OR_ERA) {
		if (number.digits >= 3)
			push(x, W_ERA, CAL_GREGORIAN);
		x->at = end;
	} else {
		push_word(x, w, end);
	}
}

static void
lex_number(struct lexer *x)
{
	unsigned char first = (unsigned char)x->f.source.p[x->f.from[x->at]];
	struct date_piece *t = push(x, P_NUMBER, 0);
	size_t start = x->at;

	t->persian = first == 0xdb;      /* the lead byte of U+06F0-U+06F9 in UTF-8 */
	for (; x->f.p[x->at] >= '0' && x->f.p[x->at] <= '9'; x->at++)
		if (t->digits < 9) {
			t->number = t->number * 10 + (x->f.p[x->at] - '0');
			t->digits++;
		}
	if (x->at - start > 9) {
		size_t end = x->at;
		x->at = start;
		refuse(x, &x->unknown, end);
	}
	lex_suffix(x, *t);
}

static bool
is_space_or_end(char c)
{
	return c == ' ' || c == '\0';
}

/* A separator between numbers, or punctuation between words, which is dropped. */
static void
lex_separator(struct lexer *x, char c)
{
	char next = x->f.p[x->at + 1];
	bool after_space = x->spaced;

	x->at++;
	if (c == '.' && next == '.') {
		x->at++;
		push(x, P_OPEN, 0);
	} else if (c == ',' && (is_space_or_end(next) || date_letter(next))) {
		return;
	} else if (c == '.' && (next == '\0' || (next == ' ' && date_letter(x->f.p[x->at + 1])))) {
		return;                  /* the full stop; "27. mart" */
	} else {
		/* A hyphen with space on both sides stands for a dash. */
		push(x, P_SEP, 0)->sep = c == '-' && after_space && next == ' ' ? DATE_DASH : c;
	}
}

static void
lex_punctuation(struct lexer *x)
{
	static const struct {
		char c;
		uint8_t kind;
	} marks[] = {
		{'~', W_ABOUT}, {'?', P_QUESTION}, {'|', W_OR}, {'&', W_AND}, {':', P_COLON},
		{'+', P_PLUS}, {'(', P_LEFT}, {')', P_RIGHT}, {'[', P_LEFT}, {']', P_RIGHT},
	};
	char c = x->f.p[x->at];

	if (c == '/' || c == '-' || c == '.' || c == ',' || c == DATE_DASH) {
		lex_separator(x, c);
		return;
	}
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (marks[i].c == c) {
			push(x, marks[i].kind, 0);
			x->at++;
			return;
		}
	refuse(x, &x->unknown, x->at + 1);
}

static void
lex_piece(struct lexer *x)
{
	char c = x->f.p[x->at];

	if (c == ' ') {
		x->at++;
		x->spaced = true;
		return;
	}
	if (c >= '0' && c <= '9')
		lex_number(x);
	else if (date_letter(c))
		lex_word(x);
	else
		lex_punctuation(x);
	x->spaced = false;
}

/* --- times of day --- */

static bool
number_at(const struct date_pieces *t, size_t i, int max)
{
	return i < t->n && t->v[i].kind == P_NUMBER && t->v[i].digits <= 2
		&& t->v[i].number <= max;
}

static bool
kind_at(const struct date_pieces *t, size_t i, unsigned kind)
{
	return i < t->n && t->v[i].kind == kind;
}

static bool
sep_at(const struct date_pieces *t, size_t i, char sep)
{
	return kind_at(t, i, P_SEP) && t->v[i].sep == sep;
}

/* "+03:30", "-0330", "Z", "am" from piece i on: where it ends. */
static size_t
zone_end(const struct date_pieces *t, size_t i)
{
	while (kind_at(t, i, W_ZONE))
		i++;
	if (!kind_at(t, i, P_PLUS) && !(sep_at(t, i, '-') && !t->v[i].spaced))
		return i;
	if (number_at(t, i + 1, 14) && kind_at(t, i + 2, P_COLON) && number_at(t, i + 3, 59))
		return i + 4;
	if (kind_at(t, i + 1, P_NUMBER) && t->v[i + 1].digits == 4 && t->v[i + 1].number <= 1400
	    && !kind_at(t, i + 2, P_SEP))
		return i + 2;
	return i;
}

/* The pieces of a time whose hour stands at i: where it ends; i if it is none.
 * 24:00 is the end of a day, :60 a leap second (ISO 8601). */
static size_t
time_end(const struct date_pieces *t, size_t i)
{
	size_t end = i + 3;

	if (!number_at(t, i, 24) || !kind_at(t, i + 1, P_COLON) || !number_at(t, i + 2, 59))
		return i;
	if (t->v[i].number == 24 && t->v[i + 2].number != 0)
		return i;
	if (kind_at(t, end, P_COLON) && number_at(t, end + 1, 60)) {
		end += 2;
		if (sep_at(t, end, '.') && kind_at(t, end + 1, P_NUMBER))
			end += 2;
	}
	return zone_end(t, end);
}

static void
remove_pieces(struct date_pieces *t, size_t from, size_t end)
{
	memmove(t->v + from, t->v + end, (t->n - end) * sizeof *t->v);
	t->n -= end - from;
}

/* Times of day that follow a date are dropped; a clock without a time stays and is
 * refused as out of place. */
static void
drop_times(struct date_pieces *t)
{
	for (size_t i = 1; i < t->n; i++) {
		size_t from = kind_at(t, i, W_CLOCK) ? i + 1 : i;
		size_t end = time_end(t, from);
		bool apart = from != i || t->v[i].spaced;
		if (end != from && apart)
			remove_pieces(t, i, end);
	}
}

static enum status
complain(const struct lexer *x, struct err *e)
{
	struct str s = x->f.source, word;
	size_t from = x->f.from[x->bad_at];

	word = str_from(str_upto(s, x->f.from[x->bad_end]), from);
	if (word.n > 60)
		word = S("...");
	if (x->lunar)
		return err_set(e, BAD, "\"" STR_FMT "\" is of the lunar Hijri calendar, or may be, "
			"and that is not read; write the Gregorian or the Solar Hijri date",
			STR_ARG(word));
	if (x->vague)
		return err_set(e, BAD, "\"" STR_FMT "\" does not say which days; write the month, "
			"or from which day to which", STR_ARG(word));
	return err_set(e, BAD, "\"" STR_FMT "\" is no word of a date; write nothing but the date",
		STR_ARG(word));
}

enum status
date_lex(struct str s, struct date_pieces *ret, struct err *e)
{
	struct lexer x = {0};

	if (s.n > DATE_TEXT_MAX)
		return err_set(e, BAD, "%zu bytes are too many for a date; at most %d", s.n,
			DATE_TEXT_MAX);
	if (!utf8_valid(str_bytes(s)))
		return err_set(e, BAD, "not UTF-8; convert the text first");
	fold(s, &x.f);
	while (x.at < x.f.n)
		lex_piece(&x);
	if (x.lunar || x.vague || x.unknown)
		return complain(&x, e);
	if (x.many)
		return err_set(e, BAD, "too many words for a date; write nothing but the date");
	drop_times(&x.out);
	*ret = x.out;
	return OK;
}
