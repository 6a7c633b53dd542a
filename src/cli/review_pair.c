/*
 * A pair of records on the terminal.  What others wrote is isolated (U+2068, U+2069),
 * so that a Persian name does not turn the line around it, and harmless (text_fit()
 * drops bidi controls and shows control characters as U+FFFD).
 */
#include "cli/review_int.h"
#include <math.h>

enum { NARROW = 80, WIDEST = 130, LABEL = 20, GAP = 2, CELL_MOST = 600 };

struct lines { VEC(struct str) v; };

/* How the matcher calls its fields and levels; the rest is shown as it calls it. */
static const char *const words[] = {
	N_("given name"), N_("family name"), N_("father's name"), N_("order of names"), N_("sex"),
	N_("birth"), N_("arrest"), N_("release"), N_("death"), N_("place of birth"), N_("place"),
	N_("code"), N_("different"), N_("slightly alike"), N_("alike"), N_("same sound"), N_("same"),
	N_("swapped"), N_("in order"), N_("within five years"), N_("within a year"),
	N_("fits, vague"), N_("two parts agree"), N_("slip of the pen"), N_("same day"),
	N_("within a week"), N_("incompatible"), N_("fits"), N_("same region"),
	N_("one within the other"),
};

static const char *
word(enum lang l, const char *english)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i], english) == 0)
			return tr(l, words[i]);
	return english;
}

/* Cut at blanks to lines of at most `columns`; a longer word is cut anywhere, and a
 * text that fills a screen is cut off. */
static void
wrap(struct arena *a, struct lines *out, struct str s, size_t columns, const char *before)
{
	struct buf b;
	size_t used = 0, lead = text_width(str_of(before)), width;

	if (s.n == 0)
		return;
	buf_init(&b, 1 << 20);
	width = text_width(s);
	s = text_fit(a, s, width < CELL_MOST ? width : CELL_MOST);
	buf_cstr(&b, before);
	used = lead;
	while (s.n) {
		struct str w = str_upto(s, str_find(s, ' '));
		size_t room = columns - used;
		width = text_width(w);
		bool first = used == lead;
		if (width + (first ? 0 : 1) <= room) {
			buf_fmt(&b, "%s" STR_FMT, first ? "" : " ", STR_ARG(w));
			used += width + (first ? 0 : 1);
			s = str_from(s, w.n < s.n ? w.n + 1 : s.n);
			continue;
		}
		if (first) {
			/* One character at least, however wide it is. */
			size_t at = 0, taken = 0;
			while (at < w.n) {
				size_t next = at;
				utf8_next(w, &next);
				taken += text_width(str_from(str_upto(w, next), at));
				if (at && taken > room)
					break;
				at = next;
			}
			buf_fmt(&b, STR_FMT, STR_ARG(str_upto(w, at)));
			s = str_from(s, at);
		}
		VEC_PUSH(a, &out->v) = str_dup(a, buf_str(&b));
		buf_clear(&b);
		for (size_t i = 0; i < lead; i++)
			buf_byte(&b, ' ');
		used = lead;
	}
	if (used > lead)
		VEC_PUSH(a, &out->v) = str_dup(a, buf_str(&b));
	buf_finish(&b);
}

/* Could it turn a line around?  The blocks of scripts from right to left. */
static bool
turns(struct str s)
{
	static const struct { uint32_t first, last; } blocks[] = {
		{0x590, 0x8ff}, {0xfb1d, 0xfdff}, {0xfe70, 0xfeff}, {0x10800, 0x10fff},
		{0x1e800, 0x1efff},
	};

	for (size_t at = 0; at < s.n;) {
		uint32_t cp = utf8_next(s, &at);
		for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
			if (cp >= blocks[i].first && cp <= blocks[i].last)
				return true;
	}
	return false;
}

static void
put_cell(struct arena *a, const struct lines *l, size_t i, size_t columns, bool last)
{
	struct str s = i < l->v.n ? l->v.v[i] : S("");
	size_t width = text_width(s), lead = 0;

	/* Our own mark before it stays on its side, whichever way the text runs. */
	while (lead < s.n && (s.p[lead] == ' ' || str_starts(str_from(s, lead), "→")
	    || str_starts(str_from(s, lead), "·")))
		utf8_next(s, &lead);
	printf(STR_FMT, STR_ARG(str_upto(s, lead)));
	s = str_from(s, lead);
	s = text_fit(a, s, text_width(s));
	printf("%s" STR_FMT "%s", turns(s) ? "\xe2\x81\xa8" : "", STR_ARG(s),
		turns(s) ? "\xe2\x81\xa9" : "");
	if (!last)
		printf("%*s", (int)(width < columns ? columns - width + GAP : GAP), "");
}

struct drawing {
	struct args *x;
	size_t columns, column;      /* of the terminal; of each of the two sides */
	bool narrow;
};

static void
print_columns(struct drawing *d, const struct lines cells[3])
{
	size_t n = 0;

	for (size_t i = 0; i < 3; i++)
		n = cells[i].v.n > n ? cells[i].v.n : n;
	for (size_t i = 0; i < n; i++) {
		put_cell(d->x->a, &cells[0], i, LABEL, false);
		put_cell(d->x->a, &cells[1], i, d->column, i >= cells[2].v.n);
		if (i < cells[2].v.n)
			put_cell(d->x->a, &cells[2], i, d->column, true);
		putchar('\n');
	}
}

static void
print_stacked(struct drawing *d, const struct lines cells[3])
{
	static const char *const side[3] = {"", "  A ", "  B "};

	for (size_t c = 0; c < 3; c++)
		for (size_t i = 0; i < cells[c].v.n; i++) {
			fputs(i ? c ? "    " : "  " : side[c], stdout);
			put_cell(d->x->a, &cells[c], i, 0, true);
			putchar('\n');
		}
}

static void
print_row(struct drawing *d, const struct reg_pair_row *row)
{
	struct arena *a = d->x->a;
	enum lang l = d->x->lang;
	struct lines cells[3] = {0};
	struct str label = row->label.n ? row->label : row->field ? str_of(word(l, row->field))
		: S("");
	size_t width = d->narrow ? d->columns - 6 : LABEL;

	wrap(a, &cells[0], label, width, "");
	if (row->level)
		wrap(a, &cells[0], str_fmt(a, "%+.1f %s", fabs(row->bits) < 0.05 ? 0.0
			: row->bits, word(l, row->level)), width, " ");
	for (size_t k = 0; k < 2; k++) {
		wrap(a, &cells[k + 1], row->text[k].n ? row->text[k] : S("—"), d->column, "");
		wrap(a, &cells[k + 1], row->meant[k], d->column, "→ ");
	}
	if (d->narrow)
		print_stacked(d, cells);
	else
		print_columns(d, cells);
}

static void
print_heads(struct drawing *d, const struct reg_pair_shown *s, bool blind)
{
	struct arena *a = d->x->a;
	enum lang l = d->x->lang;
	struct lines cells[3] = {0};

	for (size_t k = 0; k < 2; k++) {
		const struct reg_pair_side *side = &s->side[k];
		struct str where = side->row ? str_fmt(a, tr(l, "%.*s v%u, row %u"),
			STR_ARG(side->end.list), side->version, side->row)
			: str_of(tr(l, "by hand"));
		wrap(a, &cells[k + 1], str_fmt(a, "%s" STR_FMT, d->narrow ? "" : k ? "B  " : "A  ",
			STR_ARG(blind ? side->end.id : side->end.person)), d->column, "");
		wrap(a, &cells[k + 1], where, d->column, "");
		if (side->source.n)
			wrap(a, &cells[k + 1], side->source, d->column, "");
		if (side->sealed_away)
			wrap(a, &cells[k + 1], str_of(tr(l, "(sealed fields that you may not open)")),
				d->column, "");
	}
	if (d->narrow)
		print_stacked(d, cells);
	else
		print_columns(d, cells);
}

static void
print_others(struct drawing *d, const struct reg_pair_shown *s)
{
	for (size_t k = 0; k < 2; k++) {
		const struct reg_pair_side *side = &s->side[k];
		struct lines out = {0};
		if (side->n_others == 0)
			continue;
		say(tr(d->x->lang, "%s: %.*s has these records too:\n"), k ? "B" : "A",
			STR_ARG(side->end.person));
		for (size_t i = 0; i < side->n_others; i++)
			wrap(d->x->a, &out, side->others[i], d->columns - 4, "· ");
		for (size_t i = 0; i < out.v.n; i++) {
			fputs("  ", stdout);
			put_cell(d->x->a, &out, i, 0, true);
			putchar('\n');
		}
		if (side->n_records > side->n_others + 2)
			say(tr(d->x->lang, "  … %zu records in all\n"), side->n_records);
	}
}

static void
print_sum(struct drawing *d, const struct reg_pair *p, const struct reg_pair_shown *s)
{
	enum lang l = d->x->lang;
	double with = 0, against = 0;

	for (size_t i = 0; i < s->n_rows; i++) {
		double bits = s->rows[i].level ? s->rows[i].bits : 0;
		with += bits > 0 ? bits : 0;
		against += bits < 0 ? bits : 0;
	}
	say(tr(l, "for %+.1f bits, against %+.1f, before any evidence %+.1f"), with, against,
		s->prior);
	if (!isnan(s->frequency))
		say(tr(l, ", by how common the values are %+.1f"), s->frequency);
	say("\n");
	say(tr(l, "together %+.1f bits, probability %.1f %%\n"), s->total, 100 * s->probability);
	say("%s", p->joined ? tr(l, "One person now; if they are two, there is one more")
		: tr(l, "Two persons now; if they are one, there is one fewer"));
	if (p->effect > 0)
		say(" (%s %.2f)", tr(l, "expected effect on the count:"), p->effect);
	say("\n");
}

void
pair_print(struct args *x, const struct reg_pair *p, const struct reg_pair_shown *s, bool blind)
{
	struct drawing d = {.x = x, .columns = os_terminal_columns()};

	if (d.columns == 0)
		d.columns = NARROW;
	if (d.columns > WIDEST)
		d.columns = WIDEST;
	if (d.columns < 30)
		d.columns = 30;
	d.narrow = d.columns < NARROW;
	d.column = d.narrow ? d.columns - 6 : (d.columns - LABEL - 2 * GAP) / 2;
	print_heads(&d, s, blind);
	putchar('\n');
	for (size_t i = 0; i < s->n_rows; i++)
		print_row(&d, &s->rows[i]);
	putchar('\n');
	if (!blind) {
		print_others(&d, s);
		print_sum(&d, p, s);
	}
	const struct code *mine = code_of(vocabulary_named(S("verdict")), str_of(p->mine));
	if (mine)
		say(tr(x->lang, "You said: %.*s\n"), STR_ARG(mine->label[x->lang == LANG_AZB
			? LANG_FA : x->lang]));
}
