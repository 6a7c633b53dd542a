/* nesim.csv: a Persian-speaking organisation's list, Solar Hijri dates. */
#include "gen_int.h"

enum { NO_, GIVEN, FAMILY, FATHER, BORN, SEX, ARRESTED, PRISON, CHARGE, SENTENCE,
	SENTENCED, FURLOUGH, FURLOUGH_END, RELEASED, NOTE, COLUMNS };

static const char *const header[COLUMNS] = {"ردیف", "نام", "نام خانوادگی", "نام پدر",
	"تاریخ تولد", "جنسیت", "تاریخ بازداشت", "زندان", "اتهام", "حکم", "تاریخ حکم",
	"تاریخ مرخصی", "پایان مرخصی", "تاریخ آزادی", "توضیحات"};
static const uint16_t permille[CLASSES] = {20, 280, 600, 920};
static const struct hand hand = {200, 55, FA};
static const struct hand places = {250, 0, FA};

static struct str
note(const struct gen *g, struct rng *r, const struct person *p)
{
	struct claim died = claim_event(r, p->died, 800);
	struct claim moved = claim_event(r, p->transferred, 500);
	struct str day, word;

	if (died.precision != UNKNOWN) {
		day = written_fa(g, r, died);
		word = spell_word(g, r, &causes[p->cause], &places);
		return str_fmt(g->row, "درگذشت در زندان: " STR_FMT "، علت اعلام_شده: " STR_FMT,
			STR_ARG(day), STR_ARG(word));
	}
	if (moved.precision != UNKNOWN) {
		day = written_fa(g, r, moved);
		word = spell_word(g, r, &prisons[p->prison_then].name, &places);
		return str_fmt(g->row, "انتقال به " STR_FMT " در " STR_FMT, STR_ARG(word),
			STR_ARG(day));
	}
	if (p->bail && rng_chance(r, 600))
		return S("آزاد به قید وثیقه");
	return rng_chance(r, 300) ? str_of(sources[pick_draw(&g->tables.source, r)].w[FA])
		: S("");
}

static void
names(const struct gen *g, struct rng *r, const struct person *p, struct str *c)
{
	c[GIVEN] = spell_given(g, r, &p->given, &hand);
	if (p->seyed && rng_chance(r, 750))
		c[GIVEN] = gen_join(g, spell_seyed(r, &hand), "", c[GIVEN]);
	c[FAMILY] = spell_family(g, r, &p->family, &hand);
	if (!rng_chance(r, 150))
		c[FATHER] = spell_given(g, r, &p->father, &hand);
	if (rng_chance(r, 8)) {
		struct str s = c[GIVEN];

		c[GIVEN] = c[FAMILY];
		c[FAMILY] = s;
	}
}

static void
row(const struct gen *g, struct rng *r, const struct person *p, size_t no, struct str *c)
{
	/* One typist, one keyboard: how ZWNJ, yeh and kaf come out is the row's. */
	uint32_t habit = rng_below(r, 100);
	const char *zwnj = habit < 70 ? "\u200c" : habit < 92 ? " " : "";
	bool arabic = rng_chance(r, 120);
	struct claim away;

	c[NO_] = persian_digits(g, str_fmt(g->row, "%zu", no));
	names(g, r, p, c);
	c[BORN] = written_fa(g, r, claim_birth(r, p->born, NO_BIRTH_PERMILLE));
	c[SEX] = p->woman ? S("زن") : S("مرد");
	c[ARRESTED] = written_fa(g, r, claim_event(r, p->arrested, 950));
	c[PRISON] = spell_word(g, r, &prisons[p->prison].name, &places);
	c[CHARGE] = spell_word(g, r, &charges[p->charge].name, &places);
	c[SENTENCE] = written_sentence(g, r, p, FA);
	c[SENTENCED] = written_fa(g, r, claim_event(r, p->sentenced, 800));
	away = claim_event(r, p->furlough_from, 700);
	if (away.precision != UNKNOWN) {
		c[FURLOUGH] = written_fa(g, r, away);
		if (p->furlough_to <= DAY_REF)
			c[FURLOUGH_END] = written_fa(g, r,
				(struct claim){p->furlough_to, away.precision});
	}
	c[RELEASED] = written_fa(g, r, claim_event(r, p->released, 800));
	c[NOTE] = note(g, r, p);
	for (int i = 0; i < COLUMNS; i++)
		c[i] = spell_persian(g, c[i], zwnj, arabic);
}

const struct list list_nesim = {"nesim.csv", header, COLUMNS, ',', false, permille,
	{700, 1000}, row};
