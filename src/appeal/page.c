/*
 * The document: a function of the package and the language alone, so that whoever
 * verifies draws the same pages again.
 */
#include "appeal/appeal_int.h"

struct str
party_name(const struct manifest *m, size_t party, enum lang l)
{
	return manifest_words(m, m->parties[party].name, l);
}

static struct typeset_lines
lines_of(struct arena *a, struct str words)
{
	VEC(struct str) v = {0};

	while (words.n)
		VEC_PUSH(a, &v) = str_cut(&words, '\n');
	return (struct typeset_lines){v.v, v.n};
}

static struct typeset_lines
one_line(struct arena *a, struct str s)
{
	struct str *v = NEW(a, struct str);

	*v = s;
	return (struct typeset_lines){v, 1};
}

/* Whole day in the calendar of the language first, the other beside it. */
static struct str
day_show(struct arena *a, int32_t day, enum lang l)
{
	struct date d = date_of_days(CAL_GREGORIAN, day, day);

	return date_show(a, &d, l, 0);
}

static struct str
number(struct arena *a, uint64_t v, enum lang l)
{
	return text_number(a, (int64_t)v, l);
}

/* --- head ------------------------------------------------------------------------------ */

static const char *
translated_from(enum lang authentic)
{
	static const char *const words[LANG_COUNT] = {
		[LANG_EN] = "Translation; the English text is authentic",
		[LANG_FA] = "Translation; the Persian text is authentic",
		[LANG_AZ] = "Translation; the Azerbaijani text is authentic",
		[LANG_AZB] = "Translation; the text in Azerbaijani in Arabic script is authentic",
	};

	return words[authentic];
}

static struct str
mark(struct arena *a, const struct pack *p, enum lang l)
{
	const char *draft = p->n_adoptions ? ""
		: tr(l, "Draft: no organisation has adopted this text");
	const char *translated = l == p->m.authentic ? "" : tr(l, translated_from(p->m.authentic));

	return str_fmt(a, "%s%s%s", draft, *draft && *translated ? " \xc2\xb7 " : "", translated);
}

static struct str
dateline(struct arena *a, const struct pack *p, enum lang l)
{
	struct str place = manifest_words(&p->m, p->m.place, l), day = day_show(a, p->m.day, l);

	if (place.n == 0)
		return day;
	return str_fmt(a, STR_FMT "%s " STR_FMT, STR_ARG(place), lang_rtl(l) ? "\xd8\x8c" : ",",
		STR_ARG(day));
}

/* --- who signed --------------------------------------------------------------------------- */

static void
put_signatories(struct arena *a, const struct pack *p, struct typeset_doc *d)
{
	struct typeset_signatory *v = NEWS(a, struct typeset_signatory, p->n_adoptions);

	for (size_t i = 0; i < p->n_adoptions; i++) {
		const struct adoption *x = &p->adoptions[i];
		struct str name = party_name(&p->m, x->party, d->lang);
		v[i].name = name;
		v[i].lines = one_line(a, str_fmt(a, tr(d->lang, "Adopted on %s"),
			str_cstr(a, day_show(a, x->on, d->lang))));
		d->author = d->author.n ? str_fmt(a, STR_FMT "; " STR_FMT, STR_ARG(d->author),
			STR_ARG(name)) : name;
	}
	d->signatories = v;
	d->n_signatories = p->n_adoptions;
}

/* --- annexes ----------------------------------------------------------------------------------- */

/* Never one count alone: what every list says, what any says, what is old. */
static struct typeset_lines
notes(struct arena *a, const struct manifest_annex *m, const struct frozen_annex *x, enum lang l)
{
	const struct reg_counts *c = &m->counts;
	struct str *v = NEWS(a, struct str, 4);
	size_t n = 0;
#define N(value) str_cstr(a, number(a, (value), l))

	v[n++] = str_fmt(a, tr(l, "Counted for %s: persons %s; “%s” according to "
		"every list that tells of them %s, according to at least one list %s; of these, not "
		"heard of in the 12 months before %s."), str_cstr(a, day_show(a, m->counted_on, l)),
		N(c->persons), tr(l, str_cstr(a, m->counted_as)), N(c->by_every), N(c->by_any), N(c->stale));
	v[n++] = str_fmt(a, tr(l, "Confirmed: %s. Unconfirmed: %s; that is, reported by at least one "
		"source and not yet confirmed by a review of ours."), N(c->confirmed),
		N(c->unconfirmed));
	if (m->reduced || m->withheld)
		v[n++] = str_fmt(a, tr(l, "Rows with initials, for want of a consent that covers the name: "
			"%s. Persons left out altogether: %s."), N(m->reduced), N(m->withheld));
	if (x->left_out)
		v[n++] = str_fmt(a, tr(l, "Rows withdrawn since the letter was proposed, and left out here: "
			"%s; the other rows keep their numbers."), N(x->left_out));
#undef N
	return (struct typeset_lines){v, n};
}

/* Number, the columns asked for, and whether confirmed, unless that is asked for. */
static void
put_columns(struct arena *a, const struct manifest_annex *m, const struct frozen_annex *x,
	enum lang l, struct typeset_annex *ret, struct str **ret_names)
{
	struct str *names, *labels;
	bool confirmed = false;
	size_t n = columns_split(a, m->columns, &names);

	labels = NEWS(a, struct str, n + 2);
	labels[0] = str_of(tr(l, "No."));
	for (size_t i = 0; i < n; i++) {
		labels[i + 1] = column_label(l, names[i]);
		confirmed = confirmed || str_is(names[i], "confirmed");
	}
	invariant(n == x->n_columns);
	labels[n + 1] = column_label(l, S("confirmed"));
	ret->columns = labels;
	ret->n_columns = n + 1 + !confirmed;
	*ret_names = names;
}

static bool
reads_ltr(struct str column)
{
	return str_is(column, "lists");
}

static void
put_row(struct arena *a, const struct frozen_annex *x, size_t at, const struct str *names,
	enum lang l, size_t n_columns, struct typeset_cell *ret)
{
	const struct frozen_row *row = &x->rows[at];

	ret[0] = (struct typeset_cell){number(a, at + 1, l), TYPESET_LTR};
	for (size_t i = 0; i < x->n_columns; i++)
		ret[i + 1] = (struct typeset_cell){cell_show(a, l, names[i], row->cells[i]),
			reads_ltr(names[i]) ? TYPESET_LTR : TYPESET_AUTO};
	if (n_columns == x->n_columns + 2)
		ret[n_columns - 1].text = str_of(tr(l, row->confirmed ? "confirmed" : "unconfirmed"));
}

static void
put_annex(struct arena *a, const struct pack *p, size_t i, enum lang l, struct typeset_annex *ret)
{
	const struct manifest_annex *m = &p->m.annexes[i];
	const struct frozen_annex *x = &p->annexes[i];
	struct typeset_cell *cells;
	struct str *names;

	ret->title = str_fmt(a, tr(l, "Annex %s. %s"), str_cstr(a, number(a, i + 1, l)),
		str_cstr(a, manifest_words(&p->m, m->title, l)));
	ret->notes = notes(a, m, x, l);
	put_columns(a, m, x, l, ret, &names);
	cells = NEWS(a, struct typeset_cell, (x->n - x->left_out) * ret->n_columns);
	for (size_t r = 0; r < x->n; r++)
		if (x->rows[r].row.n)
			put_row(a, x, r, names, l, ret->n_columns, cells + ret->n_columns * ret->n_rows++);
	ret->cells = cells;
}

/* A heading of the first level, but at the beginning, begins annexes in words: they are
 * set behind the signatures and the other annexes. */
static struct str
appendix_of(struct str text)
{
	for (size_t i = 1; i + 2 < text.n; i++)
		if (text.p[i - 1] == '\n' && text.p[i] == '#' && text.p[i + 1] == ' ')
			return str_from(text, i);
	return str_from(text, text.n);
}

struct typeset_doc
page_doc(struct arena *a, const struct pack *p, enum lang l)
{
	struct typeset_doc d = {.lang = l, .created = letter_created(&p->m), .author = S("")};
	struct typeset_annex *annexes = NEWS(a, struct typeset_annex, p->m.n_annexes);

	d.title = manifest_words(&p->m, p->m.title, l);
	d.mark = mark(a, p, l);
	d.letterhead = lines_of(a, manifest_words(&p->m, p->m.letterhead, l));
	d.dateline = one_line(a, dateline(a, p, l));
	d.addressee = lines_of(a, manifest_words(&p->m, p->m.addressees, l));
	d.appendix = appendix_of(p->text[l]);
	d.body = str_upto(p->text[l], p->text[l].n - d.appendix.n);
	put_signatories(a, p, &d);
	for (size_t i = 0; i < p->m.n_annexes; i++)
		put_annex(a, p, i, l, &annexes[i]);
	d.annexes = annexes;
	d.n_annexes = p->m.n_annexes;
	d.verify = how_to_check(a, p, l);
	d.footer = str_fmt(a, STR_FMT " \xc2\xb7 " STR_FMT, STR_ARG(p->m.name),
		STR_ARG(hex_encode(a, (struct bytes){p->hash, 8})));
	return d;
}
