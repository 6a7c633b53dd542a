/* A little world for tests of the linker: people on three lists in three spellings. */
#ifndef RECONCILE_TESTS_WORLD_H
#define RECONCILE_TESTS_WORLD_H

#include "reconcile/reconcile_int.h"

struct spelled {
	const char *az, *fa, *en;
};
static const struct spelled given[] = {
	{"Əli", "علی", "Ali"}, {"Məhəmməd", "محمد", "Mohammad"}, {"Hüseyn", "حسین", "Hossein"},
	{"Həsən", "حسن", "Hassan"}, {"Zəhra", "زهرا", "Zahra"}, {"Fatimə", "فاطمه", "Fatemeh"},
	{"Məryəm", "مریم", "Maryam"}, {"Rza", "رضا", "Reza"}, {"Cavad", "جواد", "Javad"},
	{"Səid", "سعید", "Saeed"}, {"Babək", "بابک", "Babak"}, {"Leyla", "لیلا", "Leila"},
	{"Yusif", "یوسف", "Yousef"}, {"Kərim", "کریم", "Karim"}, {"Nərgiz", "نرگس", "Narges"},
	{"İbrahim", "ابراهیم", "Ebrahim"},
}, family[] = {
	{"Əliyev", "علی‌اف", "Aliyev"}, {"Təbrizi", "تبریزی", "Tabrizi"},
	{"Qaradağlı", "قره‌داغلی", "Gharadaghli"}, {"Səfərzadə", "صفرزاده", "Safarzadeh"},
	{"Mehdipur", "مهدی‌پور", "Mehdipour"}, {"Nuri", "نوری", "Nouri"},
	{"Xiyabani", "خیابانی", "Khiabani"}, {"Əhmədi", "احمدی", "Ahmadi"},
	{"Həsənov", "حسن‌اف", "Hasanov"}, {"Rəhimi", "رحیمی", "Rahimi"},
	{"Cəfərli", "جعفرلی", "Jafarli"}, {"Kazimi", "کاظمی", "Kazemi"},
	{"Şirazi", "شیرازی", "Shirazi"}, {"Muradi", "مرادی", "Moradi"},
	{"Bağırov", "باقراف", "Bagherov"}, {"Sultani", "سلطانی", "Soltani"},
	{"Yəzdani", "یزدانی", "Yazdani"}, {"Çopuri", "چوپوری", "Chopouri"},
};

struct world {
	struct match_person *p;
	uint32_t *truth;
	size_t n;
};

static uint64_t
chance(uint64_t *state)
{
	return *state = mix64(*state, 11);
}

static const char *
in_spelling(const struct spelled *s, unsigned list)
{
	return list == 0 ? s->az : list == 1 ? s->fa : s->en;
}

/* Every person is on each list with probability 2/3; the father is left out, dates are
 * years only, or a day off, now and then. */
static struct world
world_of(struct arena *a, size_t people, uint64_t seed)
{
	struct world w = {NEWS(a, struct match_person, people * 3),
		NEWS(a, uint32_t, people * 3), 0};

	for (size_t i = 0; i < people; i++) {
		const struct spelled *g = &given[chance(&seed) % (sizeof given / sizeof *given)];
		const struct spelled *f = &family[chance(&seed) % (sizeof family / sizeof *family)];
		const struct spelled *d = &given[chance(&seed) % (sizeof given / sizeof *given)];
		int32_t born = -9000 + (int32_t)(chance(&seed) % 15000);
		int32_t taken = 17000 + (int32_t)(chance(&seed) % 1200);
		for (unsigned list = 0; list < 3; list++) {
			uint64_t c = chance(&seed);
			if (c % 3 == 0)
				continue;
			w.truth[w.n] = (uint32_t)i;
			struct match_person *p = &w.p[w.n++];
			*p = (struct match_person){.given = str_of(in_spelling(g, list)),
				.family = str_of(in_spelling(f, list)), .list = list};
			if (c >> 8 & 3)
				p->father = str_of(in_spelling(d, list));
			p->birth = (struct match_days){born, born};
			if ((c >> 10 & 7) == 0)
				p->birth = (struct match_days){born - 180, born + 180};
			if ((c >> 10 & 7) == 1)
				p->birth = MATCH_NO_DAYS;
			p->event[MATCH_ARREST] = (struct match_days){taken, taken + (int32_t)(c >> 13 & 1) * 20};
			p->event[MATCH_RELEASE] = p->event[MATCH_DEATH] = MATCH_NO_DAYS;
		}
	}
	return w;
}

#endif
