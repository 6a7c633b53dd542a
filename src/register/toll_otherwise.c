/*
 * What an estimate would have been if it had been reckoned otherwise, as its record keeps
 * it: one text a line, GROUP ID METHOD N LOWER UPPER.  Lists stand there by their numbers,
 * for their names are not public.
 */
#include "register/view_int.h"
#include <math.h>

/* From here on doubles do not count people one by one. */
static const uint64_t NUMBER_MOST = (uint64_t)1 << 53;

enum { IDS_MOST = 24 };

static const struct { const char *group, *id, *words; } changes[] = {
	{"prior", "uniform", N_("all N alike likely beforehand, not as 1/N")},
	{"prior", "gamma-1-1", N_("more classes likely beforehand: Gamma(1, 1)")},
	{"models", "aic", N_("best by AIC instead of BIC")},
	{"models", "averaged", N_("average over all models, by BIC")},
	{"models", "lowest", N_("lowest of the models nearly as good (BIC within 4)")},
	{"models", "highest", N_("highest of the models nearly as good (BIC within 4)")},
	/* Those with a value in their words. */
	{"delta", NULL, N_("prior people in each cell %s")},
	{"classes", NULL, N_("at most %s classes")},
	{"linkages", NULL, N_("who is who uncertain too: %s linkages")},
	{"without", NULL, N_("without the list \"%s\"")},
	{"xi", NULL, "\xce\xbe = %s"},
};

static struct str
number(struct arena *a, double v)
{
	return v >= 0 && v < (double)NUMBER_MOST ? str_fmt(a, "%lld", llround(v)) : S("-");
}

struct bytes
otherwise_value(struct arena *a, const struct reg_toll_otherwise *v, size_t n)
{
	struct str *lines = NEWS(a, struct str, n);

	for (size_t i = 0; i < n; i++)
		lines[i] = str_fmt(a, STR_FMT " " STR_FMT " " STR_FMT " " STR_FMT " " STR_FMT " " STR_FMT,
			STR_ARG(v[i].group), STR_ARG(v[i].id), STR_ARG(v[i].method),
			STR_ARG(number(a, v[i].n)), STR_ARG(number(a, v[i].lower)),
			STR_ARG(number(a, v[i].upper)));
	return n ? value_texts(a, lines, n) : (struct bytes){0};
}

static double
read_number(struct str s)
{
	uint64_t v;

	return str_u64(s, &v) && v < NUMBER_MOST ? (double)v : NAN;
}

/* Around a number that is withheld nothing is said either, whoever wrote it down; nor is
 * there a line without its number. */
static bool
holds(const struct reg_toll *t, const struct reg_toll_otherwise *o)
{
	bool said = str_is(o->method, "none") && str_is(o->group, "xi") && t->said;

	for (size_t i = 0; i < t->n_methods; i++)
		said |= str_eq(t->methods[i].method, o->method) && t->methods[i].why == RECKON_SAID;
	return said && isfinite(o->n) && o->id.n <= IDS_MOST && !(o->lower > o->upper);
}

static bool
is_bound(const struct reg_toll *t, struct str method)
{
	for (size_t i = 0; i < t->n_methods; i++)
		if (str_eq(t->methods[i].method, method))
			return t->methods[i].bound;
	return false;
}

/* What is said of all methods together holds what is unknown of who is who. */
static void
widen_span(struct reg_toll *t)
{
	for (size_t i = 0; i < t->n_otherwise; i++) {
		const struct reg_toll_otherwise *o = &t->otherwise[i];
		if (str_is(o->group, "linkages") && !is_bound(t, o->method) && isfinite(o->lower)
		    && isfinite(o->upper)) {
			t->span.lower = fmin(t->span.lower, o->lower);
			t->span.upper = fmax(t->span.upper, o->upper);
		}
	}
}

void
otherwise_read(struct arena *a, const struct str *lines, size_t n, struct reg_toll *t)
{
	t->otherwise = NEWS(a, struct reg_toll_otherwise, n);
	t->n_otherwise = 0;
	for (size_t i = 0; i < n; i++) {
		struct str rest = lines[i], word[6];
		for (size_t k = 0; k < 6; k++)
			word[k] = str_cut(&rest, ' ');
		const struct reg_toll_otherwise o = {word[0], word[1], word[2], read_number(word[3]),
			read_number(word[4]), read_number(word[5])};
		if (word[5].n && !rest.n && holds(t, &o))
			t->otherwise[t->n_otherwise++] = o;
	}
	widen_span(t);
}

/* A decimal with the signs of the language, as CLDR has them. */
static struct str
decimal(struct arena *a, struct str s, enum lang l)
{
	struct str whole = str_cut(&s, '.');

	if (s.p)
		whole = str_fmt(a, STR_FMT "%s" STR_FMT, STR_ARG(whole),
			l == LANG_EN ? "." : l == LANG_AZ ? "," : "\xd9\xab", STR_ARG(s));
	return text_localise_digits(a, whole, l);
}

static struct str
list_name(struct arena *a, const struct reg_toll *t, struct str id, enum lang l)
{
	uint64_t k;

	return str_u64(id, &k) && k >= 1 && k <= t->n_lists ? t->lists[k - 1] : decimal(a, id, l);
}

/* The value in the place of %s. */
static struct str
with(struct arena *a, struct str words, struct str value)
{
	size_t at = 0;

	while (at < words.n && !str_starts(str_from(words, at), "%s"))
		at++;
	if (at == words.n)
		return words;
	return str_fmt(a, STR_FMT STR_FMT STR_FMT, STR_ARG(str_upto(words, at)), STR_ARG(value),
		STR_ARG(str_from(words, at + 2)));
}

struct str
reg_toll_otherwise_words(struct arena *a, const struct reg_toll *t,
	const struct reg_toll_otherwise *o, enum lang l)
{
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		if (!str_is(o->group, changes[i].group))
			continue;
		if (changes[i].id && str_is(o->id, changes[i].id))
			return str_of(tr(l, changes[i].words));
		if (!changes[i].id)
			return with(a, str_of(tr(l, changes[i].words)), str_is(o->group, "without")
				? list_name(a, t, o->id, l) : decimal(a, o->id, l));
	}
	/* Of a later habeas. */
	return str_fmt(a, STR_FMT " " STR_FMT, STR_ARG(o->group), STR_ARG(o->id));
}
