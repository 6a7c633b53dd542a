/*
 * Words in places that say what kind of place it is, not which: one list writes them,
 * another leaves them out.  Folded spelling (fold.c).  A word that is part of many proper
 * names stands here only where it is written before or after them (shahr: not at all in
 * Latin letters, since Shahr-e Kord and Qaemshahr are names).
 */
#include "reconcile/reconcile_int.h"

const struct place_word place_words[] = {
	/* English */
	{"prison", "Evin prison"}, {"prisons", "Tehran prisons"}, {"jail", "city jail"},
	{"gaol", "jail, the older spelling"}, {"penitentiary", "prison"},
	{"detention", "detention centre"}, {"centre", "detention centre"},
	{"center", "detention center"}, {"facility", "detention facility"},
	{"central", "Central Prison of Tabriz"}, {"colony", "penal colony"}, {"penal", "penal colony"},
	{"city", "city of Tabriz"}, {"town", "town of Piranshahr"},
	{"village", "village of Xanaga"}, {"county", "Khoy county"},
	{"district", "central district"}, {"province", "Ardabil province"},
	{"region", "Absheron region"}, {"of", "city of Tabriz"}, {"the", "the city of"},
	{"in", "Evin prison in Tehran"}, {"near", "near Zanjan"},
	/* Persian in Latin letters */
	{"zendan", "prison"}, {"zendane", "prison of"}, {"ostan", "province"},
	{"ostane", "province of"}, {"shahrestan", "county"}, {"shahrestane", "county of"},
	{"rusta", "village"}, {"roosta", "village"}, {"rustaye", "village of"},
	{"e", "ezafe: Zendan-e Evin"}, {"ye", "ezafe after a vowel"},
	/* Persian, with and without a written ezafe */
	{"زندان", "prison"}, {"زندانها", "prisons"}, {"بازداشتگاه", "detention centre"},
	{"ندامتگاه", "penitentiary"}, {"مرکزی", "central: زندان مرکزی تبریز"}, {"اردوگاه", "camp"}, {"استان", "province"},
	{"شهرستان", "county"}, {"بخش", "district"}, {"دهستان", "rural district"},
	{"روستا", "village"}, {"روستای", "village of"}, {"شهر", "city: شهر تبریز"},
	{"در", "in"}, {"از", "of: از توابع"}, {"توابع", "belonging to"}, {"حومه", "outskirts"},
	/* Arabic */
	{"سجن", "prison"}, {"مدينه", "city"}, {"محافظه", "province"}, {"قريه", "village"},
	/* Azerbaijani; -ı folds to i */
	{"həbsxana", "prison"}, {"həbsxanasi", "prison of"}, {"mərkəzi", "central"}, {"türmə", "prison"},
	{"türməsi", "prison of"}, {"şəhər", "city"}, {"şəhəri", "city of"}, {"kənd", "village"},
	{"kəndi", "village of"}, {"qəsəbə", "settlement"}, {"qəsəbəsi", "settlement of"},
	{"rayon", "district"}, {"rayonu", "district of"}, {"vilayət", "province"},
	{"vilayəti", "province of"}, {"ostani", "province of"}, {"mahal", "district"},
	{"mahali", "district of"}, {"bölgəsi", "region of"},
	{"sehir", "city, typed without marks"}, {"seheri", "city of, typed without marks"},
	{"hebsxana", "prison, without marks"}, {"hebsxanasi", "prison of, without marks"},
	{"kendi", "village of, without marks"},
	/* the same in Arabic script */
	{"شهری", "city of"}, {"کندی", "village of"}, {"زیندانی", "prison of"},
	{"اوستانی", "province of"},
	/* the same in Cyrillic */
	{"шәһәри", "city of"}, {"рајону", "district of"}, {"кәнди", "village of"},
	/* Turkish */
	{"cezaevi", "prison"}, {"hapishane", "prison"}, {"hapishanesi", "prison of"},
	{"tutukevi", "remand prison"}, {"şehri", "city of"}, {"sehri", "city of, without marks"},
	{"il", "province"}, {"ili", "province of"}, {"ilçe", "county"}, {"ilçesi", "county of"},
	{"köy", "village"}, {"köyü", "village of"}, {"koyu", "village of, without marks"},
	{"bölgesi", "region of"}, {"vilayeti", "province of"},
	/* Russian */
	{"тюрьма", "prison"}, {"тюрьмы", "of the prison"}, {"тюрьме", "in the prison"},
	{"центральная", "central"}, {"сизо", "remand prison"}, {"колония", "penal colony"}, {"ик", "penal colony"},
	{"город", "city"}, {"города", "of the city"}, {"г", "city, shortened"},
	{"поселок", "settlement"}, {"пос", "settlement, shortened"}, {"село", "village"},
	{"с", "village, shortened"}, {"деревня", "village"}, {"район", "district"},
	{"района", "of the district"}, {"область", "province"}, {"обл", "province, shortened"},
	{"провинция", "province"}, {"остан", "Iranian province"}, {"в", "in"},
};
const size_t n_place_words = sizeof place_words / sizeof *place_words;
