/* Who the people are: a pure function of the seed and their number. */
#include "gen_int.h"

static struct pick
pick_make(struct arena *a, const void *table, size_t stride, size_t n, unsigned group)
{
	struct pick p = {NEWS(a, uint32_t, n), (uint32_t)n};
	uint32_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		/* Every table's rows begin with a struct name. */
		const struct name *row = (const void *)((const char *)table + i * stride);

		sum += group == 0 ? row->weight_az : row->weight_fa;
		p.upto[i] = sum;
	}
	return p;
}

static bool
usual_is(const char *variants, const char *what)
{
	struct str rest = str_of(variants);

	return str_is(str_cut(&rest, '|'), what);
}

static uint16_t
find_male(const char *az)
{
	for (size_t i = 0; i < names_male_n; i++)
		if (usual_is(names_male[i].w[AZ], az))
			return (uint16_t)i;
	panic(__FILE__, __LINE__, az);
}

static void
make_compounds(struct tables *t, struct arena *a)
{
	uint32_t sum = 0;

	t->compound = (struct pick){NEWS(a, uint32_t, compounds_n), (uint32_t)compounds_n};
	t->compound_parts = arena_alloc(a, compounds_n, sizeof *t->compound_parts);
	for (size_t i = 0; i < compounds_n; i++) {
		t->compound_parts[i][0] = find_male(compounds[i].first);
		t->compound_parts[i][1] = find_male(compounds[i].second);
		t->compound.upto[i] = sum += compounds[i].weight;
	}
}

/* The first prison of the table that stands in a city. */
static void
make_prisons(struct tables *t, struct arena *a)
{
	size_t found = 0;

	t->prison_of_city = NEWS(a, uint16_t, cities_n);
	for (size_t c = 0; c < cities_n; c++) {
		t->prison_of_city[c] = NONE;
		for (size_t i = prisons_n; i-- > 0; )
			if (usual_is(cities[c].w[EN], prisons[i].city)) {
				t->prison_of_city[c] = (uint16_t)i;
				found++;
			}
	}
	invariant(found == prisons_n);
}

void
tables_make(struct tables *t, struct arena *a)
{
	for (unsigned g = 0; g < GROUPS; g++) {
		size_t row = sizeof(struct name);

		t->male[g] = pick_make(a, names_male, row, names_male_n, g);
		t->female[g] = pick_make(a, names_female, row, names_female_n, g);
		t->base[g] = pick_make(a, names_family, row, names_family_n, g);
		t->nisba[g] = pick_make(a, names_nisba, row, names_nisba_n, g);
		t->stem[g] = pick_make(a, stems, sizeof stems[0], stems_n, g);
		t->suffix[g] = pick_make(a, suffixes, row, SUFFIX_COUNT, g);
		t->city[g] = pick_make(a, cities, row, cities_n, g);
		t->prison[g] = pick_make(a, prisons, sizeof prisons[0], prisons_n, g);
	}
	t->charge = pick_make(a, charges, sizeof charges[0], charges_n, 1);
	t->cause = pick_make(a, causes, sizeof causes[0], causes_n, 1);
	t->source = pick_make(a, sources, sizeof sources[0], sources_n, 1);
	t->second = pick_make(a, names_second, sizeof names_second[0], names_second_n, 1);
	make_compounds(t, a);
	make_prisons(t, a);
}

static struct given
draw_given(const struct tables *t, struct rng *r, unsigned group, bool woman,
	uint32_t compound_permille)
{
	struct given n = {.compound = NONE, .woman = woman};

	if (woman)
		n.one = (uint16_t)pick_draw(&t->female[group], r);
	else if (rng_chance(r, compound_permille))
		n.compound = (uint16_t)pick_draw(&t->compound, r);
	else
		n.one = (uint16_t)pick_draw(&t->male[group], r);
	return n;
}

static void
draw_formed(const struct tables *t, struct rng *r, unsigned group, bool woman,
	struct family *f)
{
	f->stem = (uint16_t)pick_draw(&t->stem[group], r);
	/* -ov has a form of its own for women: rather another suffix. */
	do
		f->suffix = (uint16_t)pick_draw(&t->suffix[group], r);
	while (stems[f->stem].without >> f->suffix & 1 || (woman && f->suffix == SUFFIX_OV));
}

/* Three families of four are whole names of the table, the others are formed. */
static struct family
draw_family(const struct tables *t, struct rng *r, unsigned group, bool woman)
{
	struct family f = {NONE, NONE, NONE, NONE, NONE, NONE};
	uint32_t kind = rng_below(r, 100);

	if (kind < 66) {
		f.base = (uint16_t)pick_draw(&t->base[group], r);
	} else if (kind < 90) {
		draw_formed(t, r, group, woman, &f);
	} else {
		f.nisba = (uint16_t)pick_draw(&t->nisba[group], r);
	}
	if (f.nisba == NONE && rng_chance(r, 60)) {
		if (rng_chance(r, 500))
			f.second = (uint16_t)pick_draw(&t->second, r);
		else
			f.second_nisba = (uint16_t)pick_draw(&t->nisba[group], r);
	}
	return f;
}

static uint16_t
draw_prison(const struct tables *t, struct rng *r, const struct person *p)
{
	uint16_t local = t->prison_of_city[p->city];
	unsigned sex = p->woman ? WOMEN : MEN;
	uint16_t any;

	if (local != NONE && prisons[local].takes & sex && rng_chance(r, 600))
		return local;
	do
		any = (uint16_t)pick_draw(&t->prison[p->group], r);
	while (!(prisons[any].takes & sex));
	return any;
}

/* Half within the last 500 days; a wave of arrests in one fortnight of
 * November 2019, so that the date of arrest alone tells few people apart. */
static int32_t
draw_arrest(struct rng *r)
{
	uint32_t when = rng_below(r, 100);

	if (when < 16)
		return rng_between(r, DAY_REF - 121, DAY_REF - 107);
	if (when < 52)
		return rng_between(r, DAY_REF - 500, DAY_REF - 2);
	if (when < 88)
		return rng_between(r, DAY_REF - 1500, DAY_REF - 500);
	return rng_between(r, DAY_REF - 4000, DAY_REF - 1500);
}

static int32_t
at_most(int32_t a, int32_t b)
{
	return a < b ? a : b;
}

/* 17 to 72 years old when arrested, most below 40: the lesser of two draws. */
static int32_t
draw_birth(struct rng *r, int32_t arrested)
{
	int32_t a = rng_between(r, 0, 55 * 365), b = rng_between(r, 0, 55 * 365);

	return arrested - 17 * 365 - at_most(a, b);
}

/* The sentence, if there is one by the day of the lists. */
static void
draw_sentence(struct rng *r, struct person *p)
{
	static const uint16_t months[] = {3, 4, 6, 6, 8, 10, 12, 12, 15, 18, 24, 24, 30, 36,
		48, 60, 60, 72, 84, 96, 120, 120, 180, 300};
	int32_t day = p->arrested + rng_between(r, 40, 400);

	p->months = months[rng_below(r, sizeof months / sizeof months[0])];
	p->suspended = p->months <= 24 && rng_chance(r, 220);
	if (day <= DAY_REF && rng_chance(r, 800))
		p->sentenced = day;
}

static void
draw_release(struct rng *r, struct person *p)
{
	int32_t day = NEVER;

	if (p->sentenced == NEVER) {
		if (rng_chance(r, 450)) {
			day = p->arrested + rng_between(r, 4, 90);
			p->bail = true;
		}
	} else if (p->suspended) {
		day = p->sentenced + rng_between(r, 0, 10);
	} else {
		int32_t term = p->months * 30 + p->months / 2;

		day = p->arrested + term - rng_between(r, 0, term / 4);
		if (day < p->sentenced)
			day = p->sentenced + 1;
	}
	if (day != NEVER && day < DAY_REF)
		p->released = day;
	else
		p->bail = false;
}

/* Transfers, furloughs and deaths lie between the arrest and the end of custody. */
static void
draw_custody(const struct tables *t, struct rng *r, struct person *p)
{
	int32_t end = p->released != NEVER ? p->released : DAY_REF;

	if (end - p->arrested > 60 && rng_chance(r, 200)) {
		p->prison_then = draw_prison(t, r, p);
		if (p->prison_then == p->prison)
			p->prison_then = NONE;
		else
			p->transferred = rng_between(r, p->arrested + 20, end - 20);
	}
	if (p->sentenced != NEVER && end - p->sentenced > 60 && rng_chance(r, 90)) {
		p->furlough_from = rng_between(r, p->sentenced + 10, end - 30);
		p->furlough_to = p->furlough_from + rng_between(r, 3, 20);
	}
	if (end - p->arrested > 90 && rng_chance(r, 18)) {
		int32_t from = p->furlough_to != NEVER ? p->furlough_to
			: p->transferred != NEVER ? p->transferred : p->arrested;

		if (p->sentenced != NEVER && p->sentenced > from)
			from = p->sentenced;
		p->died = rng_between(r, at_most(from + 1, end), end);
		p->cause = (uint16_t)pick_draw(&t->cause, r);
		p->released = NEVER;
		p->bail = false;
	}
}

/*
 * The tail.  The tables alone hold too few names for millions of people; who bears one
 * that few others do bears two given names, or a family formed of two names and an
 * ending (Gholamhosseinzadeh), now and then with a place behind it.  Four times as many
 * have such a family as such a given name: at 180 permille a million rows have as many
 * different spellings as the project's notes on reconciling tell (183,000 and 57,000).
 * From a stream of its own: who keeps a common name is the same person as without.
 */
static void
draw_rare(const struct gen *g, struct person *p)
{
	struct rng rng = rng_of(g->seed, p->id, FOR_RARE_NAME), *r = &rng;
	const struct tables *t = &g->tables;
	struct given *given[] = {&p->given, &p->father};

	for (size_t i = 0; i < 2; i++)
		if (rng_chance(r, g->rates.rare / 4)) {
			const struct pick *names = given[i]->woman ? t->female : t->male;

			given[i]->compound = NONE;
			given[i]->one = (uint16_t)pick_draw(&names[p->group], r);
			do
				given[i]->too = (uint16_t)(1 + pick_draw(&names[p->group], r));
			while (given[i]->too == given[i]->one + 1);
		}
	if (!rng_chance(r, g->rates.rare))
		return;
	p->family = (struct family){NONE, NONE, NONE, NONE, NONE, NONE, 0};
	draw_formed(t, r, p->group, p->woman, &p->family);
	p->family.front = (uint16_t)(1 + pick_draw(&t->male[p->group], r));
	if (rng_chance(r, 300))
		p->family.second_nisba = (uint16_t)pick_draw(&t->nisba[p->group], r);
}

/*
 * Every second person may be a sibling of the one before: same father, family and town,
 * arrested within the same days, born some years apart, and never of the same name.
 * Of a list that does not say much, that is a hard case.  For style plain: the later
 * dates, which only the demo writes, stay where they were.
 */
static void
draw_sibling(const struct gen *g, struct person *p)
{
	struct rng rng = rng_of(g->seed, p->id, FOR_SIBLING), *r = &rng;
	struct person other;
	bool same_name;
	int32_t gap;

	if (p->id % 2 || !rng_chance(r, g->rates.sibling))
		return;
	other = person_make(g, p->id - 1);
	same_name = p->woman == other.woman && p->given.one == other.given.one
		&& p->given.compound == other.given.compound && p->given.too == other.given.too;
	if (same_name)
		return;
	gap = rng_between(r, 365, 8 * 365);
	p->father = other.father;
	p->family = other.family;
	p->city = other.city;
	p->arrested = at_most(other.arrested + rng_between(r, 0, 3), DAY_REF - 1);
	p->born = at_most(other.born + (rng_chance(r, 500) ? gap : -gap), p->arrested - 15 * 365);
}

/* The first draws, by which lists choose. */
static struct person
begin(struct rng *r, uint32_t id)
{
	/* Hidden 20 %, quiet 35 %, known 30 %, widely known 15 %. */
	static const uint8_t classes[20] = {0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1,
		2, 2, 2, 2, 2, 2, 3, 3, 3};
	struct person p = {
		.id = id, .prison_then = NONE, .cause = NONE, .sentenced = NEVER,
		.transferred = NEVER, .released = NEVER, .died = NEVER,
		.furlough_from = NEVER, .furlough_to = NEVER,
	};

	p.visible = classes[rng_below(r, 20)];
	p.group = rng_chance(r, 620) ? 0 : 1;
	return p;
}

struct person
person_glance(const struct gen *g, uint32_t id)
{
	struct rng r = rng_of(g->seed, id, FOR_PERSON);

	return begin(&r, id);
}

struct person
person_make(const struct gen *g, uint32_t id)
{
	const struct tables *t = &g->tables;
	struct rng rng = rng_of(g->seed, id, FOR_PERSON), *r = &rng;
	struct person p = begin(r, id);

	p.woman = rng_chance(r, 140);
	p.seyed = !p.woman && rng_chance(r, 50);
	p.given = draw_given(t, r, p.group, p.woman, 200);
	p.father = draw_given(t, r, p.group, false, 140);
	p.family = draw_family(t, r, p.group, p.woman);
	p.city = (uint16_t)pick_draw(&t->city[p.group], r);
	p.prison = draw_prison(t, r, &p);
	p.charge = (uint16_t)pick_draw(&t->charge, r);
	p.arrested = draw_arrest(r);
	p.born = draw_birth(r, p.arrested);
	draw_sentence(r, &p);
	draw_release(r, &p);
	draw_custody(t, r, &p);
	if (g->rates.rare)
		draw_rare(g, &p);
	if (g->rates.sibling)
		draw_sibling(g, &p);
	return p;
}

uint64_t
person_name_hash(const struct person *p)
{
	uint16_t v[] = {p->given.woman, p->given.compound == NONE ? p->given.one : 0,
		p->given.compound, p->given.too, p->family.base, p->family.stem,
		p->family.suffix, p->family.nisba, p->family.front};

	return hash64((struct bytes){(const uint8_t *)v, sizeof v}, 0);
}
