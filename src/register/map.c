/*
 * Which column is which field: by the aliases of the kinds file.  An alias with a
 * role belongs to the event of that type in the row; so "Arrested on", "Place of
 * arrest" and "Arrested by" make one event.
 */
#include "register/import_int.h"

/* --- notes --------------------------------------------------------------------- */

void
note_add(struct notes *n, int what, size_t row, size_t column, const char *fmt, ...)
{
	size_t errors = n->n[ROW_ERROR] < NOTES_MOST ? n->n[ROW_ERROR] : NOTES_MOST;
	size_t same = what == ROW_ERROR ? errors : n->v.n - errors;
	struct err e;
	va_list ap;

	n->n[what]++;
	if (same >= NOTES_MOST)
		return;
	va_start(ap, fmt);
	(void)!err_setv(&e, BAD, fmt, ap);       /* cut on a character, controls shown */
	va_end(ap);
	struct reg_row_note *v = &VEC_PUSH(n->a, &n->v);
	*v = (struct reg_row_note){.row = row, .column = column,
		.text = str_dup(n->a, str_of(e.text))};
	v->what = (unsigned)what;
}

void
notes_end(struct notes *n)
{
	size_t all = 0;

	for (size_t i = 0; i < NOTE_SORTS; i++)
		all += n->n[i];
	if (all > n->v.n) {
		struct reg_row_note *v = &VEC_PUSH(n->a, &n->v);
		*v = (struct reg_row_note){.text = str_fmt(n->a, "%zu more such lines, not kept",
			all - (n->v.n - 1))};
		v->what = ROW_WARNING;
	}
}

/* --- parts of a map --------------------------------------------------------------- */

struct group *
map_group(struct arena *a, struct map *m, const char *kind, struct str name, struct str type)
{
	const struct kind *k = kind_named(str_of(kind));

	for (size_t i = 0; i < m->groups.n; i++)
		if (m->groups.v[i].kind == k && str_eq(m->groups.v[i].name, name))
			return &m->groups.v[i];
	struct group *g = &VEC_PUSH(a, &m->groups);
	*g = (struct group){.kind = k, .name = name, .type = type};
	return g;
}

struct target *
map_target(struct group *g, const struct field *f)
{
	for (size_t i = 0; i < g->targets.n; i++)
		if (g->targets.v[i].field == f)
			return &g->targets.v[i];
	return NULL;
}

void
map_defaults(struct arena *a, struct map *m)
{
	/* As they are written, not folded: Null is a family name. */
	static const char *const missing[] = {"-", "--", "—", "–", "NA", "N/A", "n/a", "null",
		"NULL", "unknown", "Unknown", "نامعلوم", "نامشخص", "məlum deyil", "Məlum deyil"};

	if (m->missing)
		return;
	m->n_missing = sizeof missing / sizeof *missing;
	m->missing = NEWS(a, struct str, m->n_missing);
	for (size_t i = 0; i < m->n_missing; i++)
		m->missing[i] = str_of(missing[i]);
}

bool
map_is_missing(const struct map *m, struct str words)
{
	struct str s = str_trim(words);

	if (s.n == 0)
		return true;
	for (size_t i = 0; i < m->n_missing; i++)
		if (str_eq(s, m->missing[i]))
			return true;
	return false;
}

void
map_columns(struct arena *a, struct map *m, const struct str *header, size_t n)
{
	m->columns = NEWS(a, struct column, n);
	m->n_columns = n;
	for (size_t i = 0; i < n; i++)
		m->columns[i] = (struct column){.header = text_clean(a, header[i], NULL),
			.why = S("")};
	map_group(a, m, "person", S("person"), S(""));
}

bool
map_has_name(const struct map *m)
{
	for (size_t i = 0; i < m->groups.v[0].targets.n; i++) {
		const struct field *f = m->groups.v[0].targets.v[i].field;
		if (str_is(f->name, "given") || str_is(f->name, "family") || str_is(f->name, "whole"))
			return true;
	}
	return false;
}

struct str
map_line(struct arena *a, const struct map *m, size_t column)
{
	const struct column *c = &m->columns[column];
	const struct group *g = &m->groups.v[c->group];

	if (!c->field)
		return str_fmt(a, "%zu \"" STR_FMT "\" → %s%s" STR_FMT, column + 1,
			STR_ARG(c->header), c->unread ? "not read" : "kept as written", c->why.n ? ": " : "", STR_ARG(c->why));
	if (c->group == 0)
		return str_fmt(a, "%zu \"" STR_FMT "\" → " STR_FMT, column + 1,
			STR_ARG(c->header), STR_ARG(c->field->label[LANG_EN]));
	return str_fmt(a, "%zu \"" STR_FMT "\" → " STR_FMT ": " STR_FMT, column + 1,
		STR_ARG(c->header), STR_ARG(g->name), STR_ARG(c->field->label[LANG_EN]));
}

/* --- aliases ------------------------------------------------------------------------ */

static struct str
without_remarks(struct str s)
{
	for (;;) {
		size_t open = s.n;
		s = str_trim(s);
		if (str_ends(s, ":") || str_ends(s, "*")) {
			s.n--;
			continue;
		}
		if (!str_ends(s, ")") && !str_ends(s, "]"))
			return s;
		while (open > 0 && s.p[open - 1] != '(' && s.p[open - 1] != '[')
			open--;
		if (open <= 1)
			return s;
		s.n = open - 1;
	}
}

struct str
map_header_key(struct arena *a, struct str header)
{
	return text_fold(a, without_remarks(text_clean(a, header, NULL)));
}

static const struct field *
alias_in(struct arena *a, const struct kind *k, struct str key, struct str *ret_role)
{
	for (size_t i = 0; i < k->n_fields; i++)
		for (size_t j = 0; j < k->fields[i].n_aliases; j++) {
			const struct alias *al = &k->fields[i].aliases[j];
			if (!str_eq(text_fold(a, al->word), key))
				continue;
			*ret_role = al->role;
			return &k->fields[i];
		}
	return NULL;
}

const struct field *
map_alias(struct arena *a, struct str header, const struct kind **ret_kind,
	struct str *ret_role)
{
	static const char *const kinds[] = {"person", "event"};
	struct str keys[2] = {text_fold(a, text_clean(a, header, NULL)),
		map_header_key(a, header)};

	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < 2 && keys[i].n; k++) {
			const struct kind *kind = kind_named(str_of(kinds[k]));
			const struct field *f = alias_in(a, kind, keys[i], ret_role);
			if (f) {
				*ret_kind = kind;
				return f;
			}
		}
	return NULL;
}

static struct source
source_of(struct arena *a, size_t column)
{
	struct part *p = NEW(a, struct part);

	p->column = (uint32_t)column + 1;
	return (struct source){p, 1};
}

/* The group of an alias: the person; of events the role's, where "Status" and
 * "Event date" without a role of their own tell of the same event. */
static struct group *
group_of(struct arena *a, struct map *m, const struct kind *k, struct str role)
{
	if (str_is(k->name, "person"))
		return &m->groups.v[0];
	if (role.n == 0 || str_is(role, "other"))
		return map_group(a, m, "event", S("event"), S(""));
	return map_group(a, m, "event", role, role);
}

static void
take_column(struct arena *a, struct map *m, size_t i, struct notes *notes)
{
	struct column *c = &m->columns[i];
	const struct kind *k;
	struct str role = S("");
	const struct field *f = map_alias(a, c->header, &k, &role);
	struct group *g;
	struct target *t;

	if (!f)
		return;
	g = group_of(a, m, k, role);
	t = map_target(g, f);
	if (t) {
		size_t other = t->words.v[0].column;
		c->why = str_fmt(a, "column %zu is read as " STR_FMT " already", other,
			STR_ARG(f->label[LANG_EN]));
		note_add(notes, ROW_WARNING, 0, i + 1, "\"" STR_FMT "\": column %zu \"" STR_FMT "\" "
			"is read as " STR_FMT " already; both are claims: this one is kept as written; "
			"a map file can say otherwise", STR_ARG(c->header), other,
			STR_ARG(m->columns[other - 1].header), STR_ARG(f->label[LANG_EN]));
		return;
	}
	c->field = f;
	c->group = (uint32_t)(g - m->groups.v);
	VEC_PUSH(a, &g->targets) = (struct target){.field = f, .words = source_of(a, i),
		.hint = m->dates};
}

/* "Name" alone, with no column for the family's, holds the whole name. */
static void
whole_instead_of_given(struct map *m)
{
	const struct kind *person = kind_named(S("person"));
	const struct field *given = field_named(person, S("given"));
	const struct field *whole = field_named(person, S("whole"));
	struct group *g = &m->groups.v[0];
	struct target *t = map_target(g, given);

	if (!t || map_target(g, whole) || map_target(g, field_named(person, S("family"))))
		return;
	t->field = whole;
	m->columns[t->words.v[0].column - 1].field = whole;
}

static void
declared_key(struct arena *a, struct map *m)
{
	const struct field *key = field_named(kind_named(S("person")), S("key"));
	struct str want = map_header_key(a, m->key);

	for (size_t i = 0; i < m->n_columns && m->key.n; i++) {
		struct column *c = &m->columns[i];
		if (c->field || !str_eq(map_header_key(a, c->header), want))
			continue;
		c->field = key;
		VEC_PUSH(a, &m->groups.v[0].targets) = (struct target){.field = key,
			.words = source_of(a, i)};
		return;
	}
}

static enum status
no_name(const char *name, const struct map *m, struct err *e)
{
	struct buf b;

	buf_init(&b, 300);
	for (size_t i = 0; i < m->n_columns; i++)
		buf_fmt(&b, "%s\"" STR_FMT "\"", i ? ", " : "", STR_ARG(m->columns[i].header));
	enum status st = err_set(e, BAD, "%s: no column tells a name; call one \"Name\", \"Family "
		"name\" or \"Full name\" (Adı, Soyadı; نام, نام خانوادگی), or say in a map file which "
		"it is%s" STR_FMT, name, b.over ? "" : "; there are ",
		STR_ARG(b.over ? S("") : buf_str(&b)));
	buf_finish(&b);
	return st;
}

enum status
map_by_aliases(struct arena *a, const char *name, const struct str *header, size_t n,
	struct map *m, struct notes *notes, struct err *e)
{
	map_defaults(a, m);
	map_columns(a, m, header, n);
	declared_key(a, m);
	for (size_t i = 0; i < n; i++)
		if (!m->columns[i].field)
			take_column(a, m, i, notes);
	whole_instead_of_given(m);
	return map_has_name(m) ? OK : no_name(name, m, e);
}
