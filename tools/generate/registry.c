/*
 * registry.xlsx: an international organisation's list in English.  Dates known to
 * the day are mostly date cells, the others text, as such sheets come.
 */
#include "gen_int.h"
#include <xlsxwriter.h>

enum { NO_, GIVEN, FAMILY, FATHER, BORN, SEX, ARRESTED, PRISON, CITY, CHARGE, SENTENCE,
	RELEASED, DIED, CAUSE, NOTE, COLUMNS };

static const char *const header[COLUMNS] = {"No", "Name", "Family name", "Father's name",
	"Date of birth", "Sex", "Arrested on", "Prison", "City", "Charge", "Sentence",
	"Released on", "Died on", "Reported cause of death", "Source note"};
static const uint16_t permille[CLASSES] = {10, 150, 500, 960};
static const struct hand hand = {250, 60, EN};
static const struct hand places = {250, 0, EN};

/* Above this many people the writer keeps rows in files instead of memory. */
enum { MANY_PEOPLE = 20000 };

static void
names(const struct gen *g, struct rng *r, const struct person *p, struct str *c)
{
	c[GIVEN] = spell_given(g, r, &p->given, &hand);
	if (p->seyed && rng_chance(r, 500))
		c[GIVEN] = gen_join(g, spell_seyed(r, &hand), "", c[GIVEN]);
	c[FAMILY] = spell_family(g, r, &p->family, &hand);
	if (!rng_chance(r, 450))
		c[FATHER] = spell_given(g, r, &p->father, &hand);
	if (rng_chance(r, 10)) {
		struct str s = c[GIVEN];

		c[GIVEN] = c[FAMILY];
		c[FAMILY] = s;
	}
	if (rng_chance(r, 40)) {         /* SURNAME in capitals; the spellings are ASCII */
		char *up = str_cstr(g->row, c[FAMILY]);

		for (size_t i = 0; i < c[FAMILY].n; i++)
			if (up[i] >= 'a' && up[i] <= 'z')
				up[i] = (char)(up[i] - ('a' - 'A'));
		c[FAMILY] = str_of(up);
	}
}

/* A date cell travels to the sheet as "\x01YYYY-MM-DD". */
static struct str
dated(const struct gen *g, struct rng *r, struct claim c)
{
	if (c.precision == BY_DAY && rng_chance(r, 800))
		return gen_join(g, S("\x01"), "", written_iso(g, c));
	return written_en(g, r, c);
}

static void
row(const struct gen *g, struct rng *r, const struct person *p, size_t no, struct str *c)
{
	/* Where somebody is now, not where they were first. */
	uint16_t prison = p->prison_then != NONE && rng_chance(r, 700) ? p->prison_then
		: p->prison;
	struct claim died = claim_event(r, p->died, 900);

	c[NO_] = str_fmt(g->row, "%zu", no);
	names(g, r, p, c);
	c[BORN] = dated(g, r, claim_birth(r, p->born, NO_BIRTH_PERMILLE));
	c[SEX] = p->woman ? S("female") : S("male");
	c[ARRESTED] = dated(g, r, claim_event(r, p->arrested, 930));
	c[PRISON] = spell_word(g, r, &prisons[prison].name, &places);
	c[CITY] = spell_word(g, r, &cities[p->city], &places);
	c[CHARGE] = spell_word(g, r, &charges[p->charge].name, &places);
	c[SENTENCE] = written_sentence(g, r, p, EN);
	c[RELEASED] = dated(g, r, claim_event(r, p->released, 750));
	if (died.precision != UNKNOWN) {
		c[DIED] = dated(g, r, died);
		c[CAUSE] = gen_join(g, spell_word(g, r, &causes[p->cause], &places),
			" (according to the authorities)", S(""));
	}
	if (rng_chance(r, 400))
		c[NOTE] = str_of(sources[pick_draw(&g->tables.source, r)].w[EN]);
}

const struct list list_registry = {"registry.xlsx", header, COLUMNS, 0, false, permille,
	{800, 1000}, row};

static lxw_error
write_cell(lxw_worksheet *sheet, lxw_row_t at, lxw_col_t column, const char *text,
	lxw_format *date)
{
	int y, m, d;

	if (text[0] == '\x01' && sscanf(text + 1, "%d-%d-%d", &y, &m, &d) == 3) {
		lxw_datetime when = {y, m, d, 0, 0, 0};

		return worksheet_write_datetime(sheet, at, column, &when, date);
	}
	if (column == NO_ && at > 0)
		return worksheet_write_number(sheet, at, column, at, NULL);
	if (text[0] == '\0')
		return LXW_NO_ERROR;
	return worksheet_write_string(sheet, at, column, text, NULL);
}

/* The file says when it was made: a fixed day, so that the bytes are fixed. */
static void
describe(lxw_workbook *book)
{
	lxw_doc_properties p = {
		.title = "Registry of detained people (invented)",
		.author = "habeas-generate",
		.created = (time_t)DAY_REF * 86400,
	};

	workbook_set_properties(book, &p);
}

static lxw_error
write_rows(const struct gen *g, lxw_workbook *book, lxw_worksheet *sheet, struct walk *w,
	struct out *truth)
{
	lxw_format *date = workbook_add_format(book);
	struct str cells[COLUMNS_MAX];
	struct mention m;
	lxw_error e = LXW_NO_ERROR;

	format_set_num_format(date, "yyyy-mm-dd");
	for (lxw_col_t i = 0; i < COLUMNS && !e; i++)
		e = write_cell(sheet, 0, i, header[i], NULL);
	while (!e && list_next(w, &m)) {
		arena_reset(g->row);
		list_cells(g, &list_registry, &m, cells);
		for (lxw_col_t i = 0; i < COLUMNS && !e; i++)
			e = write_cell(sheet, (lxw_row_t)m.no, i, str_cstr(g->row, cells[i]), date);
		truth_row(truth, list_registry.file, m.no, m.person.id);
	}
	return e;
}

size_t
registry_write(const struct gen *g, unsigned index, struct out *truth, enum status *st)
{
	struct str path = str_fmt(g->arena, "%s/%s", g->dir, list_registry.file);
	lxw_workbook_options options = {
		.constant_memory = g->people > MANY_PEOPLE,
	};
	lxw_workbook *book = workbook_new_opt(str_cstr(g->arena, path), &options);
	struct walk w = list_walk(g, &list_registry, index);
	lxw_error e, closed;

	invariant(book);
	describe(book);
	e = write_rows(g, book, workbook_add_worksheet(book, "Detainees"), &w, truth);
	closed = workbook_close(book);
	if (!e)
		e = closed;
	*st = e ? err_set(g->err, FAIL, STR_FMT ": cannot write: %s", STR_ARG(path),
		lxw_strerror(e)) : OK;
	return w.no;
}
