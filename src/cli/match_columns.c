/*
 * Which column of a plain file is what: by the import's aliases (the kinds file), a
 * few more that lists outside the register use, and --schema.
 */
#include "cli/match_int.h"

static const char *const names[MEANINGS] = {
	"ignored", "unknown", "id", "truth", "given", "family", "father", "whole", "sex",
	"birth", "birth-year", "birth-month", "birth-day", "arrest", "release", "death",
	"birthplace", "prison", "home", "arrest-place", "code", "extra",
};

const char *
meaning_name(enum meaning m)
{
	return names[m];
}

/* Fields of the kinds file whose aliases are taken over; role NULL: any. */
static const struct {
	const char *kind, *field, *role;
	enum meaning meaning;
} from_kinds[] = {
	{"person", "given", NULL, M_GIVEN}, {"person", "family", NULL, M_FAMILY},
	{"person", "father", NULL, M_FATHER}, {"person", "whole", NULL, M_WHOLE},
	{"person", "sex", NULL, M_SEX}, {"person", "birth", NULL, M_BIRTH},
	{"person", "birth-year", NULL, M_BIRTH_YEAR},
	{"person", "birthplace", NULL, M_BIRTH_PLACE}, {"person", "home", NULL, M_HOME},
	{"person", "occupation", NULL, M_EXTRA},
	{"event", "date", "arrest", M_ARREST}, {"event", "date", "release", M_RELEASE},
	{"event", "date", "death", M_DEATH}, {"event", "date", "execution", M_DEATH},
	{"event", "facility", "custody", M_PRISON}, {"event", "place", "arrest", M_ARREST_PLACE},
	{"event", "place", "other", M_HOME},
};

/* Words that no register has a field for, or that other people's lists use.  Extras
 * stand in the order of how much they tell: the first ones make candidates. */
static const struct {
	const char *word;
	enum meaning meaning;
} more[] = {
	{"given", M_GIVEN}, {"fname", M_GIVEN}, {"lname", M_FAMILY}, {"year", M_BIRTH_YEAR},
	{"by", M_BIRTH_YEAR}, {"bm", M_BIRTH_MONTH}, {"bd", M_BIRTH_DAY},
	{"birth month", M_BIRTH_MONTH}, {"month of birth", M_BIRTH_MONTH},
	{"birth day", M_BIRTH_DAY}, {"day of birth", M_BIRTH_DAY},
	{"arrest month", M_ARREST}, {"month of arrest", M_ARREST},
	{"release month", M_RELEASE}, {"date of arrest", M_ARREST},
	{"suburb", M_HOME}, {"village", M_HOME}, {"place", M_HOME},
	{"national id", M_CODE}, {"national code", M_CODE}, {"id number", M_CODE},
	{"identity number", M_CODE}, {"passport", M_CODE}, {"passport number", M_CODE},
	{"ssn", M_CODE}, {"soc sec id", M_CODE}, {"social security number", M_CODE},
	{"fin", M_CODE}, {"کد ملی", M_CODE}, {"شماره ملی", M_CODE},
	{"شماره شناسنامه", M_CODE}, {"şəxsiyyət vəsiqəsi", M_CODE},
	{"postcode", M_EXTRA}, {"postal code", M_EXTRA}, {"zip", M_EXTRA}, {"zip code", M_EXTRA},
	{"phone", M_EXTRA}, {"telephone", M_EXTRA}, {"address 1", M_EXTRA}, {"street", M_EXTRA},
	{"occupation", M_EXTRA}, {"profession", M_EXTRA}, {"job", M_EXTRA}, {"peşə", M_EXTRA},
	{"شغل", M_EXTRA}, {"street number", M_EXTRA}, {"address 2", M_EXTRA},
	{"district", M_EXTRA}, {"region", M_EXTRA}, {"province", M_EXTRA}, {"state", M_EXTRA},
	{"استان", M_EXTRA}, {"rayon", M_EXTRA},
};

/* Extras and codes may have more words after theirs: "postcode (old)". */
static size_t
rank_of(struct matching *m, struct str folded)
{
	enum { MORE = sizeof more / sizeof *more };
	size_t begins = MORE;

	for (size_t i = 0; i < MORE; i++) {
		struct str word = text_fold(m->a, str_of(more[i].word));
		if (str_eq(word, folded))
			return i;
		if (begins == MORE && more[i].meaning >= M_CODE && folded.n > word.n
		    && folded.p[word.n] == ' ' && str_eq(str_upto(folded, word.n), word))
			begins = i;
	}
	return begins;
}

static enum meaning
look_up(struct matching *m, struct str folded)
{
	size_t at = rank_of(m, folded);

	if (folded.n == 0)
		return M_UNKNOWN;
	if (at < sizeof more / sizeof *more)
		return more[at].meaning;
	for (size_t i = 0; i < sizeof from_kinds / sizeof *from_kinds; i++) {
		const struct field *f = field_named(kind_named(str_of(from_kinds[i].kind)),
			str_of(from_kinds[i].field));
		for (size_t k = 0; f && k < f->n_aliases; k++)
			if ((!from_kinds[i].role || str_is(f->aliases[k].role, from_kinds[i].role))
				&& str_eq(text_fold(m->a, f->aliases[k].word), folded))
				return from_kinds[i].meaning;
	}
	/* What --schema calls it, lists call it too; but not every code is a person's own. */
	for (enum meaning own = M_GIVEN; own < M_CODE; own++)
		if (str_eq(text_fold(m->a, str_of(names[own])), folded))
			return own;
	return M_UNKNOWN;
}

/* "fname c1", "given name 2": a part of a name in pieces.  0: no number at the end. */
static unsigned
numbered(struct str folded, struct str *ret_base)
{
	size_t at = folded.n;
	uint64_t n;

	while (at > 0 && folded.p[at - 1] != ' ')
		at--;
	struct str last = str_from(folded, at);
	if (at < 2 || last.n == 0)
		return 0;
	if (last.p[0] == 'c')
		last = str_from(last, 1);
	if (!str_u64(last, &n) || n == 0 || n > 99)
		return 0;
	*ret_base = str_upto(folded, at - 1);
	return (unsigned)n;
}

static enum meaning
meaning_of(struct matching *m, struct str folded)
{
	enum meaning found = look_up(m, folded), base;
	struct str stem;
	unsigned n;

	if (found != M_UNKNOWN || (n = numbered(folded, &stem)) == 0)
		return found;
	base = look_up(m, stem);
	return base == M_UNKNOWN || n == 1 ? base : M_EXTRA;
}

static enum status
by_schema(struct matching *m, struct match_file *f, const struct ini *schema, const char *name,
	struct err *e)
{
	for (size_t i = 0; i < schema->n; i++) {
		const struct ini_item *item = &schema->items[i];
		struct str folded = text_fold(m->a, item->name);
		enum meaning to = 0;
		while (to < MEANINGS && !str_is(item->value, names[to]))
			to++;
		if (to == MEANINGS)
			return err_set(e, BAD, "%s: line %zu: \"" STR_FMT "\" is no field; there are given, "
				"family, father, whole, sex, birth, birth-year, birth-month, birth-day, arrest, "
				"release, death, birthplace, prison, home, arrest-place, code, extra, ignored",
				name, item->line, STR_ARG(item->value));
		for (size_t c = 0; c < f->n_columns; c++)
			if (str_eq(f->columns[c].folded, folded))
				f->columns[c].meaning = to;
	}
	return OK;
}

static bool
has(const struct match_file *f, enum meaning what)
{
	for (size_t c = 0; c < f->n_columns; c++)
		if (f->columns[c].meaning == what)
			return true;
	return false;
}

static bool
in_schema(struct matching *m, const struct ini *schema, struct str folded)
{
	for (size_t i = 0; schema && i < schema->n; i++)
		if (str_eq(text_fold(m->a, schema->items[i].name), folded))
			return true;
	return false;
}

/* "Name" beside no family name is the whole of it. */
static void
name_alone(struct matching *m, struct match_file *f, const struct ini *schema)
{
	static const char *const words[] = {"name", "ad", "adı", "isim", "имя", "نام", "اسم"};

	for (size_t c = 0; c < f->n_columns && !has(f, M_FAMILY) && !has(f, M_WHOLE); c++)
		for (size_t i = 0; i < sizeof words / sizeof *words; i++)
			if (f->columns[c].meaning == M_GIVEN && !in_schema(m, schema, f->columns[c].folded)
			    && str_eq(f->columns[c].folded, text_fold(m->a, str_of(words[i]))))
				f->columns[c].meaning = M_WHOLE;
}

/* --id and --truth: as written or as folded. */
static void
by_option(struct matching *m, struct match_file *f, const char *name, enum meaning to)
{
	struct str want = name ? text_fold(m->a, str_of(name)) : S("");

	for (size_t c = 0; name && c < f->n_columns; c++)
		if (str_eq(f->columns[c].folded, want))
			f->columns[c].meaning = to;
}

static enum status
check_columns(struct matching *m, struct match_file *f, struct err *e)
{
	static const struct { const char *option; enum meaning meaning; } asked[] = {
		{"--id", M_ID}, {"--truth", M_TRUTH},
	};

	for (size_t i = 0; i < 2; i++)
		if (opt(m->x, asked[i].option) && !has(f, asked[i].meaning))
			return err_set(e, BAD, "%s: has no column \"%s\" (%s)", f->path,
				opt(m->x, asked[i].option), asked[i].option);
	for (size_t c = 0; c < f->n_columns; c++) {
		struct match_column *k = &f->columns[c];
		for (size_t b = 0; b < c && k->meaning != M_EXTRA && k->meaning > M_UNKNOWN; b++)
			if (f->columns[b].meaning == k->meaning) {
				match_warn(m, "%s: column %zu \"" STR_FMT "\" says the same as column %zu "
					"(%s): ignored; --schema can say otherwise", f->path, c + 1,
					STR_ARG(k->heading), b + 1, names[k->meaning]);
				k->meaning = M_IGNORED;
			}
		if (k->meaning == M_UNKNOWN)
			match_warn(m, "%s: column %zu \"" STR_FMT "\": not known, ignored; --schema can "
				"say what it is", f->path, c + 1, STR_ARG(k->heading));
	}
	if (!has(f, M_GIVEN) && !has(f, M_FAMILY) && !has(f, M_WHOLE))
		return err_set(e, BAD, "%s: no column is a name; give --schema FILE with a line like "
			"`HEADING = given` for each column (given, family, whole, birth …)", f->path);
	return OK;
}

enum status
columns_find(struct matching *m, struct match_file *f, const struct row *head,
	const struct ini *schema, const char *schema_name, struct err *e)
{
	enum status st;

	f->n_columns = head->n;
	f->columns = NEWS(m->a, struct match_column, head->n);
	for (size_t c = 0; c < head->n; c++) {
		struct match_column *k = &f->columns[c];
		k->heading = text_clean(m->a, head->cells[c], NULL);
		k->folded = text_fold(m->a, k->heading);
		k->meaning = meaning_of(m, k->folded);
		k->extra = MATCH_EXTRAS;
	}
	if (schema && (st = by_schema(m, f, schema, schema_name, e)) != OK)
		return st;
	name_alone(m, f, schema);
	by_option(m, f, opt(m->x, "--id"), M_ID);
	by_option(m, f, opt(m->x, "--truth"), M_TRUTH);
	return check_columns(m, f, e);
}

enum status
schema_check(struct matching *m, const struct ini *schema, const char *name, struct err *e)
{
	for (size_t i = 0; i < schema->n; i++) {
		const struct ini_item *item = &schema->items[i];
		struct str folded = text_fold(m->a, item->name);
		bool found = false;
		for (size_t k = 0; k < i; k++)
			if (str_eq(text_fold(m->a, schema->items[k].name), folded))
				return err_set(e, BAD, "%s: line %zu: line %zu has said already what \""
					STR_FMT "\" is; leave one of them", name, item->line,
					schema->items[k].line, STR_ARG(item->name));
		for (size_t f = 0; f < m->n_files; f++)
			for (size_t c = 0; c < m->files[f].n_columns; c++)
				found = found || str_eq(m->files[f].columns[c].folded, folded);
		if (!found)
			match_warn(m, "%s: line %zu: no file has a column \"" STR_FMT "\"", name,
				item->line, STR_ARG(item->name));
	}
	return OK;
}

/* Extras by how much they tell, then by heading: the same for any order of columns. */
static bool
extra_before(struct matching *m, struct str a, struct str b)
{
	size_t x = rank_of(m, a), y = rank_of(m, b);

	return x != y ? x < y : str_cmp(a, b) < 0;
}

static void
add_extra(struct matching *m, struct str folded)
{
	unsigned at = 0;

	while (at < m->n_extra && extra_before(m, m->extra[at], folded))
		at++;
	if (at == MATCH_EXTRAS || (at < m->n_extra && str_eq(m->extra[at], folded)))
		return;
	if (m->n_extra < MATCH_EXTRAS)
		m->n_extra++;
	for (unsigned i = m->n_extra - 1; i > at; i--)
		m->extra[i] = m->extra[i - 1];
	m->extra[at] = folded;
}

/* The one kind of place that is compared as such: the first that a file has. */
static enum meaning
choose_place(const struct matching *m)
{
	static const enum meaning places[] = {M_PRISON, M_HOME, M_ARREST_PLACE};

	for (size_t p = 0; p < sizeof places / sizeof *places; p++)
		for (size_t i = 0; i < m->n_files; i++)
			if (has(&m->files[i], places[p]))
				return places[p];
	return M_IGNORED;
}

/* Under which heading a column is an extra: its own, or, for the places not chosen,
 * what it means.  False: it is none. */
static bool
extra_name(const struct matching *m, const struct match_column *k, struct str *ret)
{
	bool place = k->meaning == M_HOME || k->meaning == M_PRISON
		|| k->meaning == M_ARREST_PLACE;

	if (k->meaning != M_EXTRA && (!place || k->meaning == m->place))
		return false;
	*ret = place ? str_of(names[k->meaning]) : k->folded;
	return true;
}

static void
number_extra(struct matching *m, const struct match_file *f, size_t c)
{
	struct match_column *k = &f->columns[c];
	struct str as;

	if (!extra_name(m, k, &as))
		return;
	for (unsigned x = 0; x < m->n_extra; x++)
		if (str_eq(m->extra[x], as))
			k->extra = x;
	for (size_t b = 0; b < c && k->extra < MATCH_EXTRAS; b++)
		if (f->columns[b].extra == k->extra) {
			match_warn(m, "%s: column %zu \"" STR_FMT "\" is called as column %zu: ignored",
				f->path, c + 1, STR_ARG(k->heading), b + 1);
			k->extra = MATCH_EXTRAS;
			k->meaning = M_IGNORED;
			return;
		}
	if (k->extra == MATCH_EXTRAS)
		match_warn(m, "%s: column %zu \"" STR_FMT "\": ignored; %d further columns at most are "
			"compared", f->path, c + 1, STR_ARG(k->heading), (int)MATCH_EXTRAS);
}

void
columns_settle(struct matching *m)
{
	struct str as;

	m->place = choose_place(m);
	/* All must be known before any has its number. */
	for (size_t i = 0; i < m->n_files; i++)
		for (size_t c = 0; c < m->files[i].n_columns; c++)
			if (extra_name(m, &m->files[i].columns[c], &as))
				add_extra(m, as);
	for (size_t i = 0; i < m->n_files; i++)
		for (size_t c = 0; c < m->files[i].n_columns; c++)
			number_extra(m, &m->files[i], c);
}
