/*
 * list-K.csv: English, Latin letters only, for measuring the linker at scale.
 * With four lists a million records speak of about 590,000 people, as in the
 * figures of the project's notes on reconciling.  struct rates says what can be told.
 */
#include "gen_int.h"

enum { GIVEN, FAMILY, FATHER, BORN, SEX, CITY, ARRESTED, COLUMNS, PERSON = COLUMNS,
	COLUMNS_TOLD };

static const char *const header[COLUMNS_TOLD] = {"given_name", "family_name", "father_name",
	"birth_date", "sex", "city", "arrest_month", "person"};
static const uint16_t permille[CLASSES] = {40, 180, 320, 600};
static const struct hand places = {150, 0, EN};

static void
row(const struct gen *g, struct rng *r, const struct person *p, size_t no, struct str *c)
{
	struct claim arrest = claim_event(r, p->arrested, 950);
	const struct hand hand = {(uint16_t)g->rates.variant, (uint16_t)g->rates.typo, EN};

	(void)no;
	c[GIVEN] = spell_given(g, r, &p->given, &hand);
	if (p->seyed && rng_chance(r, 500))
		c[GIVEN] = gen_join(g, spell_seyed(r, &hand), "", c[GIVEN]);
	c[FAMILY] = spell_family(g, r, &p->family, &hand);
	if (!rng_chance(r, g->rates.no_father))
		c[FATHER] = spell_given(g, r, &p->father, &hand);
	if (rng_chance(r, 10)) {
		struct str s = c[GIVEN];

		c[GIVEN] = c[FAMILY];
		c[FAMILY] = s;
	}
	c[BORN] = written_iso(g, claim_birth(r, p->born, g->rates.no_birth));
	c[SEX] = p->woman ? S("f") : S("m");
	c[CITY] = spell_word(g, r, &cities[p->city], &places);
	if (arrest.precision == BY_DAY)
		arrest.precision = BY_MONTH;
	c[ARRESTED] = written_iso(g, arrest);
}

static void
row_told(const struct gen *g, struct rng *r, const struct person *p, size_t no, struct str *c)
{
	row(g, r, p, no, c);
	c[PERSON] = str_fmt(g->row, "%u", p->id);
}

const struct list list_plain = {NULL, header, COLUMNS, ',', false, permille, {1000, 1000}, row};
const struct list list_plain_told = {NULL, header, COLUMNS_TOLD, ',', false, permille,
	{1000, 1000}, row_told};
