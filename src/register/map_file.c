/*
 * Which column is which field: by a map file (docs/examples/README.md shows one).
 * Whatever it names must be there; a fault is told with the file's line.
 */
#include "register/import_int.h"

struct reading {
	struct arena *a;
	const char *name;
	const struct ini *ini;
	struct map *m;
	struct err *e;
};

static enum status
wrong(const struct reading *x, const struct ini_item *it, const char *fmt, ...) PRINTF(3, 4);

static enum status
wrong(const struct reading *x, const struct ini_item *it, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)!err_setv(x->e, BAD, fmt, ap);
	va_end(ap);
	return err_prefix(x->e, "%s:%zu", x->name, it->line);
}

/* --- [options] ------------------------------------------------------------------ */

static struct str *
split_list(struct arena *a, struct str s, size_t *ret_n)
{
	VEC(struct str) v = {0};

	while (s.p) {
		struct str one = str_trim(str_cut(&s, ','));
		if (one.n)
			VEC_PUSH(a, &v) = one;
	}
	*ret_n = v.n;
	return v.v ? v.v : NEWS(a, struct str, 1);
}

static enum status
take_dates(const struct reading *x, const struct ini_item *it)
{
	static const struct { const char *word; enum date_order order; } orders[] = {
		{"dmy", DATE_ORDER_DMY}, {"mdy", DATE_ORDER_MDY}, {"ymd", DATE_ORDER_YMD},
	};

	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
		if (str_is(it->value, orders[i].word)) {
			x->m->dates.order = orders[i].order;
			return OK;
		}
	return wrong(x, it, "dates = " STR_FMT ": write dmy, mdy or ymd", STR_ARG(it->value));
}

static enum status
take_calendar(const struct reading *x, const struct ini_item *it)
{
	static const struct { const char *word; enum calendar calendar; } calendars[] = {
		{"gregorian", CAL_GREGORIAN}, {"solar hijri", CAL_SOLAR_HIJRI},
		{"imperial", CAL_IMPERIAL},
	};

	for (size_t i = 0; i < sizeof calendars / sizeof *calendars; i++)
		if (str_eq_nocase(it->value, str_of(calendars[i].word))) {
			x->m->dates.calendar = calendars[i].calendar;
			return OK;
		}
	return wrong(x, it, "calendar = " STR_FMT ": write gregorian, solar hijri or imperial",
		STR_ARG(it->value));
}

static enum status
take_delimiter(const struct reading *x, const struct ini_item *it)
{
	static const struct { const char *word; char c; } delimiters[] = {
		{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {"bar", '|'},
		{",", ','}, {";", ';'}, {"|", '|'},
	};

	for (size_t i = 0; i < sizeof delimiters / sizeof *delimiters; i++)
		if (str_is(it->value, delimiters[i].word)) {
			x->m->delimiter = delimiters[i].c;
			return OK;
		}
	return wrong(x, it, "delimiter = " STR_FMT ": write comma, semicolon, tab or bar",
		STR_ARG(it->value));
}

static enum status
take_option(const struct reading *x, const struct ini_item *it)
{
	struct map *m = x->m;

	if (str_is(it->name, "missing")) {
		m->missing = split_list(x->a, it->value, &m->n_missing);
	} else if (str_is(it->name, "dates")) {
		return take_dates(x, it);
	} else if (str_is(it->name, "calendar")) {
		return take_calendar(x, it);
	} else if (str_is(it->name, "delimiter")) {
		return take_delimiter(x, it);
	} else if (str_is(it->name, "key")) {
		m->key = it->value;
	} else if (str_is(it->name, "encoding")) {
		m->encoding = it->value;
	} else if (str_is(it->name, "unreadable")) {
		if (!str_is(it->value, "keep") && !str_is(it->value, "error"))
			return wrong(x, it, "unreadable = " STR_FMT ": write keep or error",
				STR_ARG(it->value));
		m->keep_unreadable = str_is(it->value, "keep");
	} else {
		return wrong(x, it, "\"" STR_FMT "\": no such option; there are missing, dates, "
			"calendar, key, delimiter, encoding, unreadable", STR_ARG(it->name));
	}
	return OK;
}

static bool
is_event(struct str section)
{
	return str_starts(section, "event ") && str_trim(str_from(section, 6)).n > 0;
}

static bool
is_values(struct str section)
{
	return str_starts(section, "values ") && str_trim(str_from(section, 7)).n > 0;
}

enum status
map_options(struct arena *a, const struct ini *ini, const char *name, struct map *ret,
	struct err *e)
{
	struct map m = *ret;
	struct reading x = {a, name, ini, &m, e};
	enum status st;

	for (size_t i = 0; i < ini->n; i++) {
		const struct ini_item *it = &ini->items[i];
		if (str_is(it->section, "options")) {
			if ((st = take_option(&x, it)) != OK)
				return st;
		} else if (!str_is(it->section, "person") && !str_is(it->section, "ignore")
		    && !is_event(it->section) && !is_values(it->section)) {
			return wrong(&x, it, "[" STR_FMT "]: no such section; there are [options], "
				"[person], [event NAME], [values FIELD], [ignore]", STR_ARG(it->section));
		}
	}
	*ret = m;
	return OK;
}

/* --- columns ---------------------------------------------------------------------- */

/* By its heading as written, else folded, else "column 7".  0: none or several. */
static uint32_t
column_named(const struct reading *x, struct str name, size_t *ret_hits)
{
	struct str fold = map_header_key(x->a, name);
	uint32_t found = 0;
	uint64_t number;

	*ret_hits = 0;
	for (size_t way = 0; way < 2 && *ret_hits == 0; way++)
		for (size_t i = 0; i < x->m->n_columns; i++) {
			struct str h = x->m->columns[i].header;
			if (way == 0 ? !str_eq(h, name)
			    : fold.n == 0 || !str_eq(map_header_key(x->a, h), fold))
				continue;
			found = (uint32_t)i + 1;
			++*ret_hits;
		}
	if (*ret_hits == 1)
		return found;
	if (*ret_hits == 0 && str_starts(name, "column ") && str_u64(str_from(name, 7), &number)
	    && number >= 1 && number <= x->m->n_columns)
		return (uint32_t)number;
	return 0;
}

static enum status
find_column(const struct reading *x, const struct ini_item *it, struct str name, uint32_t *ret)
{
	size_t hits;
	uint32_t c = column_named(x, name, &hits);
	struct buf b;

	if (c) {
		*ret = c;
		return OK;
	}
	if (hits > 1)
		return wrong(x, it, "%zu columns are called \"" STR_FMT "\"; write \"column\" and "
			"its number", hits, STR_ARG(name));
	buf_init(&b, 400);
	for (size_t i = 0; i < x->m->n_columns; i++)
		buf_fmt(&b, "%s" STR_FMT, i ? ", " : "", STR_ARG(x->m->columns[i].header));
	enum status st = wrong(x, it, "\"" STR_FMT "\": no such column%s" STR_FMT, STR_ARG(name),
		b.over ? "" : "; there are ", STR_ARG(b.over ? S("") : buf_str(&b)));
	buf_finish(&b);
	return st;
}

/* A column, or several and "literals" joined by +. */
static enum status
read_source(const struct reading *x, const struct ini_item *it, struct source *ret)
{
	VEC(struct part) v = {0};
	struct str rest = it->value;
	size_t hits;
	bool more = true;
	uint32_t c = column_named(x, rest, &hits);
	enum status st;

	if (c) {
		VEC_PUSH(x->a, &v) = (struct part){c, S("")};
		more = false;
	}
	while (more) {
		const char *plus = rest.n ? memmem(rest.p, rest.n, " + ", 3) : NULL;
		struct str one = str_trim(plus ? str_upto(rest, (size_t)(plus - rest.p)) : rest);
		more = plus != NULL;
		if (plus)
			rest = str_from(rest, (size_t)(plus - rest.p) + 3);
		if (one.n >= 2 && one.p[0] == '"' && one.p[one.n - 1] == '"') {
			VEC_PUSH(x->a, &v) = (struct part){0, text_clean(x->a,
				(struct str){one.p + 1, one.n - 2}, NULL)};
			continue;
		}
		if ((st = find_column(x, it, one, &c)) != OK)
			return st;
		VEC_PUSH(x->a, &v) = (struct part){c, S("")};
	}
	*ret = (struct source){v.v, v.n};
	return OK;
}

static void
mark_columns(struct map *m, const struct source *s, const struct field *f, size_t group)
{
	for (size_t i = 0; i < s->n; i++) {
		struct column *c = s->v[i].column ? &m->columns[s->v[i].column - 1] : NULL;
		if (c && !c->field) {
			c->field = f;
			c->group = (uint32_t)group;
		}
	}
}

/* --- fields ------------------------------------------------------------------------- */

static enum status
no_field(const struct reading *x, const struct ini_item *it, const struct kind *k)
{
	struct buf b;

	buf_init(&b, 500);
	for (size_t i = 0; i < k->n_fields; i++)
		buf_fmt(&b, "%s" STR_FMT, i ? ", " : "", STR_ARG(k->fields[i].name));
	enum status st = wrong(x, it, "\"" STR_FMT "\": a " STR_FMT " has no such field; it has "
		STR_FMT, STR_ARG(it->name), STR_ARG(k->name), STR_ARG(buf_str(&b)));
	buf_finish(&b);
	return st;
}

/* Which part of a target a name such as "date.from.month" means. */
static struct source *
place_of(struct target *t, struct str suffix)
{
	if (suffix.n == 0 || str_is(suffix, "from"))
		return &t->words;
	if (str_is(suffix, "month") || str_is(suffix, "from.month"))
		return &t->month;
	if (str_is(suffix, "to"))
		return &t->to;
	return str_is(suffix, "to.month") ? &t->to_month : NULL;
}

static enum status
take_field(const struct reading *x, const struct ini_item *it, struct group *g)
{
	struct str suffix = it->name, name = str_cut(&suffix, '.');
	const struct field *f = field_named(g->kind, name);
	struct source s;
	enum status st;

	/* References and what only we write cannot be told by a column. */
	if (!f || f->slot < SLOT_FIRST || f->type == VALUE_REF || str_is(f->name, "unlisted"))
		return no_field(x, it, g->kind);
	if (suffix.p && f->type != VALUE_DATE)
		return wrong(x, it, "\"" STR_FMT "\": only dates have .from, .to and .month",
			STR_ARG(it->name));
	if ((st = read_source(x, it, &s)) != OK)
		return st;
	struct target *t = map_target(g, f);
	if (!t) {
		t = &VEC_PUSH(x->a, &g->targets);
		*t = (struct target){.field = f, .hint = x->m->dates};
	}
	struct source *place = place_of(t, suffix.p ? suffix : S(""));
	if (!place)
		return wrong(x, it, "\"" STR_FMT "\": write date, date.from, date.to, date.month, "
			"date.from.month or date.to.month", STR_ARG(it->name));
	if (place->n)
		return wrong(x, it, STR_FMT " is told twice; join columns by +", STR_ARG(it->name));
	*place = s;
	t->range = t->range || str_starts(suffix.p ? suffix : S(""), "from")
		|| str_starts(suffix.p ? suffix : S(""), "to");
	mark_columns(x->m, &s, f, (size_t)(g - x->m->groups.v));
	return OK;
}

/* COLUMN is WORDS */
static enum status
take_condition(const struct reading *x, const struct ini_item *it, struct condition *c)
{
	const char *is = it->value.n ? memmem(it->value.p, it->value.n, " is ", 4) : NULL;
	enum status st;

	if (!is)
		return wrong(x, it, STR_FMT " = " STR_FMT ": write COLUMN is WORDS",
			STR_ARG(it->name), STR_ARG(it->value));
	size_t at = (size_t)(is - it->value.p);
	st = find_column(x, it, str_trim(str_upto(it->value, at)), &c->column);
	if (st)
		return st;
	c->fold = text_fold(x->a, str_from(it->value, at + 4));
	/* It decides something, so it is not passed over: no warning. */
	x->m->columns[c->column - 1].ignored = true;
	x->m->columns[c->column - 1].why = str_fmt(x->a, "decides [" STR_FMT "]",
		STR_ARG(it->section));
	return OK;
}

static enum status
take_event(const struct reading *x, const struct ini_item *it)
{
	struct str name = str_trim(str_from(it->section, 6));
	struct group *g = map_group(x->a, x->m, "event", name, S(""));
	const struct vocabulary *types = vocabulary_named(S("event"));

	if (str_is(it->name, "when"))
		return take_condition(x, it, &g->when);
	if (str_is(it->name, "unless"))
		return take_condition(x, it, &g->unless);
	if (!str_is(it->name, "type"))
		return take_field(x, it, g);
	if (str_starts(it->value, "column ")) {
		struct ini_item column = *it;
		column.value = str_trim(str_from(it->value, 7));
		return take_field(x, &column, g);
	}
	if (!code_of(types, it->value))
		return wrong(x, it, "type = " STR_FMT ": no such type of event; write a code of "
			"docs/formats.md (arrest, release, death …) or: type = column COLUMN",
			STR_ARG(it->value));
	g->type = it->value;
	return OK;
}

static enum status
take_ignored(const struct reading *x, const struct ini_item *it)
{
	size_t n;
	struct str *names = split_list(x->a, it->value, &n);

	if (!str_is(it->name, "columns"))
		return wrong(x, it, "\"" STR_FMT "\": write columns = A, B", STR_ARG(it->name));
	for (size_t i = 0; i < n; i++) {
		uint32_t c;
		enum status st = find_column(x, it, names[i], &c);
		if (st)
			return st;
		x->m->columns[c - 1].ignored = true;
	}
	return OK;
}

/* --- [values …] ------------------------------------------------------------------------ */

/* The targets that a table is for: by the heading of their column, else by field. */
static bool
table_is_for(const struct reading *x, struct str name, const struct target *t)
{
	if (str_eq(t->field->name, name))
		return true;
	for (size_t i = 0; i < t->words.n; i++) {
		uint32_t c = t->words.v[i].column;
		if (c && str_eq(x->m->columns[c - 1].header, name))
			return true;
	}
	return false;
}

static enum status
take_value(const struct reading *x, const struct ini_item *it)
{
	struct str name = str_trim(str_from(it->section, 7));
	bool any = false;

	for (size_t g = 0; g < x->m->groups.n; g++)
		for (size_t i = 0; i < x->m->groups.v[g].targets.n; i++) {
			struct target *t = &x->m->groups.v[g].targets.v[i];
			const struct vocabulary *v = t->field->type == VALUE_CODE
				? vocabulary_named(t->field->of) : NULL;
			if (!table_is_for(x, name, t))
				continue;
			any = true;
			/* The same column as text (what was said) keeps its words. */
			if (t->field->type == VALUE_TEXT && !str_eq(t->field->name, name))
				continue;
			if (v && it->value.n && !code_of(v, it->value))
				return wrong(x, it, STR_FMT " = " STR_FMT ": no such code of " STR_FMT,
					STR_ARG(it->name), STR_ARG(it->value), STR_ARG(v->name));
			if (!t->table)
				t->table = NEW(x->a, struct words_table);
			VEC_PUSH(x->a, &t->table->of) = (struct words_code){
				text_fold(x->a, it->name), it->value};
		}
	return any ? OK : wrong(x, it, "[" STR_FMT "]: no field or column of this map is called so",
		STR_ARG(it->section));
}

/* --- the file ----------------------------------------------------------------------------- */

static enum status
check_groups(const struct reading *x)
{
	for (size_t i = 1; i < x->m->groups.n; i++) {
		const struct group *g = &x->m->groups.v[i];
		if (g->targets.n == 0 && g->when.column == 0)
			return err_set(x->e, BAD, "%s: [event " STR_FMT "]: tells nothing; give it a "
				"date, a place … or: when = COLUMN is WORDS", x->name, STR_ARG(g->name));
	}
	if (!map_has_name(x->m))
		return err_set(x->e, BAD, "%s: [person] tells no name; write given = COLUMN, family = "
			"COLUMN or whole = COLUMN", x->name);
	return OK;
}

static enum status
take_item(const struct reading *x, const struct ini_item *it)
{
	if (str_is(it->section, "person"))
		return take_field(x, it, &x->m->groups.v[0]);
	if (str_is(it->section, "ignore"))
		return take_ignored(x, it);
	return is_event(it->section) ? take_event(x, it) : OK;
}

static enum status
take_key(const struct reading *x)
{
	const struct field *key = field_named(kind_named(S("person")), S("key"));
	const struct ini_item *it = ini_find(x->ini, "options", "key");
	struct ini_item as_field;

	if (!it || map_target(&x->m->groups.v[0], key))
		return OK;
	as_field = *it;
	as_field.name = key->name;
	return take_field(x, &as_field, &x->m->groups.v[0]);
}

enum status
map_by_file(struct arena *a, const struct ini *ini, const char *name, const struct str *header,
	size_t n, struct map *m, struct err *e)
{
	struct reading x = {a, name, ini, m, e};
	enum status st;

	map_defaults(a, m);
	map_columns(a, m, header, n);
	for (size_t i = 0; i < ini->n; i++)
		if ((st = take_item(&x, &ini->items[i])) != OK)
			return st;
	if ((st = take_key(&x)) != OK)
		return st;
	for (size_t i = 0; i < ini->n; i++)
		if (is_values(ini->items[i].section)
		    && (st = take_value(&x, &ini->items[i])) != OK)
			return st;
	return check_groups(&x);
}
