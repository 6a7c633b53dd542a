/* birlik.csv: an Azerbaijani organisation's list, Latin script, for Excel there. */
#include "gen_int.h"

enum { NO_, GIVEN, FAMILY, FATHER, BORN, SEX, ARRESTED, PRISON, CHARGE, SENTENCE,
	SENTENCED, MOVED, MOVED_TO, RELEASED, NOTE, COLUMNS };

static const char *const header[COLUMNS] = {"№", "Adı", "Soyadı", "Ata adı", "Doğum tarixi",
	"Cinsi", "Həbs tarixi", "Həbsxana", "Maddə", "Hökm", "Hökm tarixi",
	"Köçürülmə tarixi", "Köçürüldüyü yer", "Azadlıq tarixi", "Qeyd"};
static const uint16_t permille[CLASSES] = {15, 250, 620, 940};
static const struct hand hand = {200, 60, AZ};
static const struct hand places = {250, 0, AZ};

static struct str
charge(const struct gen *g, struct rng *r, const struct charge *c)
{
	struct str words = spell_word(g, r, &c->name, &places);

	if (!c->article || rng_chance(r, 500))
		return words;
	return str_fmt(g->row, "%u-%s maddə (" STR_FMT ")", c->article,
		suffix_ordinal((int)c->article), STR_ARG(words));
}

static struct str
note(const struct gen *g, struct rng *r, const struct person *p)
{
	struct claim died = claim_event(r, p->died, 800);
	struct claim from = claim_event(r, p->furlough_from, 500);
	struct str day, cause;

	if (died.precision != UNKNOWN) {
		day = written_az(g, r, died);
		cause = spell_word(g, r, &causes[p->cause], &places);
		return str_fmt(g->row, "Vəfat edib: " STR_FMT " (rəsmi səbəb: " STR_FMT ")",
			STR_ARG(day), STR_ARG(cause));
	}
	if (from.precision != UNKNOWN)
		return gen_join(g, S("Məzuniyyətə buraxılıb"), ": ", written_az(g, r, from));
	if (p->bail && rng_chance(r, 600))
		return S("Girov müqabilində azad edilib");
	if (rng_chance(r, 300))
		return str_fmt(g->row, "Mənbə: %s",
			sources[pick_draw(&g->tables.source, r)].w[AZ]);
	return S("");
}

static void
names(const struct gen *g, struct rng *r, const struct person *p, struct str *c)
{
	c[GIVEN] = spell_given(g, r, &p->given, &hand);
	if (p->seyed && rng_chance(r, 500))
		c[GIVEN] = gen_join(g, spell_seyed(r, &hand), "", c[GIVEN]);
	c[FAMILY] = spell_family(g, r, &p->family, &hand);
	if (!rng_chance(r, 300))
		c[FATHER] = spell_given(g, r, &p->father, &hand);
	if (rng_chance(r, 10)) {
		struct str s = c[GIVEN];

		c[GIVEN] = c[FAMILY];
		c[FAMILY] = s;
	}
	if (rng_chance(r, 70))           /* a keyboard without the letters */
		for (int i = GIVEN; i <= FATHER; i++)
			c[i] = spell_without_diacritics(g, c[i]);
}

static void
row(const struct gen *g, struct rng *r, const struct person *p, size_t no, struct str *c)
{
	struct claim moved;

	c[NO_] = str_fmt(g->row, "%zu", no);
	names(g, r, p, c);
	c[BORN] = written_az(g, r, claim_birth(r, p->born, NO_BIRTH_PERMILLE));
	c[SEX] = p->woman ? S("qadın") : S("kişi");
	c[ARRESTED] = written_az(g, r, claim_event(r, p->arrested, 950));
	c[PRISON] = spell_word(g, r, &prisons[p->prison].name, &places);
	c[CHARGE] = charge(g, r, &charges[p->charge]);
	c[SENTENCE] = written_sentence(g, r, p, AZ);
	c[SENTENCED] = written_az(g, r, claim_event(r, p->sentenced, 800));
	moved = claim_event(r, p->transferred, 700);
	if (moved.precision != UNKNOWN) {
		c[MOVED] = written_az(g, r, moved);
		c[MOVED_TO] = spell_word(g, r, &prisons[p->prison_then].name, &places);
	}
	c[RELEASED] = written_az(g, r, claim_event(r, p->released, 800));
	c[NOTE] = note(g, r, p);
}

const struct list list_birlik = {"birlik.csv", header, COLUMNS, ';', true, permille,
	{1000, 450}, row};
