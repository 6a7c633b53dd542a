/*
 * Words of dates in Cyrillic: Russian, in every case that a date puts them in, and
 * Azerbaijani as it was written until 1991.  Sources: CLDR 42 "ru" and "az_Cyrl";
 * Russian declension after Zaliznyak's classes (months in -ь: 2a; in a consonant: 1a).
 * As date_fold() leaves them: ё is е, and the Azerbaijani schwa is a Latin e, as it is
 * in the Latin words; it cannot be told from a Cyrillic one by the eye.
 */
#include "base/date_int.h"
#include "base/poison.h"

static const struct date_word words[] = {
	/* --- Gregorian months: январь, января, январе, январю, январём. --- */
	{"январь", W_MONTH, 1}, {"января", W_MONTH, 1}, {"январе", W_MONTH, 1},
	{"январю", W_MONTH, 1}, {"январем", W_MONTH, 1}, {"февраль", W_MONTH, 2},
	{"февраля", W_MONTH, 2}, {"феврале", W_MONTH, 2}, {"февралю", W_MONTH, 2},
	{"февралем", W_MONTH, 2}, {"март", W_MONTH, 3}, {"марта", W_MONTH, 3},
	{"марте", W_MONTH, 3}, {"марту", W_MONTH, 3}, {"мартом", W_MONTH, 3},
	{"апрель", W_MONTH, 4}, {"апреля", W_MONTH, 4}, {"апреле", W_MONTH, 4},
	{"апрелю", W_MONTH, 4}, {"апрелем", W_MONTH, 4}, {"май", W_MONTH, 5},
	{"мая", W_MONTH, 5}, {"мае", W_MONTH, 5}, {"маю", W_MONTH, 5}, {"маем", W_MONTH, 5},
	{"июнь", W_MONTH, 6}, {"июня", W_MONTH, 6}, {"июне", W_MONTH, 6}, {"июню", W_MONTH, 6},
	{"июнем", W_MONTH, 6}, {"июль", W_MONTH, 7}, {"июля", W_MONTH, 7},
	{"июле", W_MONTH, 7}, {"июлю", W_MONTH, 7}, {"июлем", W_MONTH, 7},
	{"август", W_MONTH, 8}, {"августа", W_MONTH, 8}, {"августе", W_MONTH, 8},
	{"августу", W_MONTH, 8}, {"августом", W_MONTH, 8}, {"сентябрь", W_MONTH, 9},
	{"сентября", W_MONTH, 9}, {"сентябре", W_MONTH, 9}, {"сентябрю", W_MONTH, 9},
	{"сентябрем", W_MONTH, 9}, {"октябрь", W_MONTH, 10}, {"октября", W_MONTH, 10},
	{"октябре", W_MONTH, 10}, {"октябрю", W_MONTH, 10}, {"октябрем", W_MONTH, 10},
	{"ноябрь", W_MONTH, 11}, {"ноября", W_MONTH, 11}, {"ноябре", W_MONTH, 11},
	{"ноябрю", W_MONTH, 11}, {"ноябрем", W_MONTH, 11}, {"декабрь", W_MONTH, 12},
	{"декабря", W_MONTH, 12}, {"декабре", W_MONTH, 12}, {"декабрю", W_MONTH, 12},
	{"декабрем", W_MONTH, 12},
	{"янв", W_MONTH, 1}, {"фев", W_MONTH, 2}, {"февр", W_MONTH, 2}, {"мар", W_MONTH, 3},
	{"апр", W_MONTH, 4}, {"июн", W_MONTH, 6}, {"июл", W_MONTH, 7}, {"авг", W_MONTH, 8},
	{"сен", W_MONTH, 9}, {"сент", W_MONTH, 9}, {"окт", W_MONTH, 10}, {"ноя", W_MONTH, 11},
	{"нояб", W_MONTH, 11}, {"дек", W_MONTH, 12},
	/* Azerbaijani, where it is not as in Russian. */
	{"јанвар", W_MONTH, 1}, {"феврал", W_MONTH, 2}, {"апрел", W_MONTH, 4},
	{"мај", W_MONTH, 5}, {"ијун", W_MONTH, 6}, {"ијул", W_MONTH, 7}, {"сентјабр", W_MONTH, 9},
	{"октјабр", W_MONTH, 10}, {"нојабр", W_MONTH, 11}, {"декабр", W_MONTH, 12},
	{"јан", W_MONTH, 1}, {"ијн", W_MONTH, 6}, {"ијл", W_MONTH, 7}, {"ној", W_MONTH, 11},
	/* --- Solar Hijri months, nominative and genitive. --- */
	{"фарвардин", W_MONTH, 17}, {"фарвардина", W_MONTH, 17}, {"ордибехешт", W_MONTH, 18},
	{"ордибехешта", W_MONTH, 18}, {"хордад", W_MONTH, 19}, {"хордада", W_MONTH, 19},
	{"тир", W_MONTH, 20}, {"тира", W_MONTH, 20}, {"мордад", W_MONTH, 21},
	{"мордада", W_MONTH, 21}, {"шахривар", W_MONTH, 22}, {"шахривара", W_MONTH, 22},
	{"шахривер", W_MONTH, 22}, {"шахривера", W_MONTH, 22}, {"мехр", W_MONTH, 23},
	{"мехра", W_MONTH, 23}, {"абан", W_MONTH, 24}, {"абана", W_MONTH, 24},
	{"азар", W_MONTH, 25}, {"азара", W_MONTH, 25}, {"азер", W_MONTH, 25},
	{"азера", W_MONTH, 25}, {"бахман", W_MONTH, 27}, {"бахмана", W_MONTH, 27},
	{"эсфанд", W_MONTH, 28}, {"эсфанда", W_MONTH, 28}, {"дей", W_MONTH, 26},
	{"дея", W_MONTH, 26},
	/* Azerbaijani: Фәрвәрдин, Шәһривәр, Бәһмән … */
	{"фeрвeрдин", W_MONTH, 17}, {"ордибеһешт", W_MONTH, 18}, {"шeһривeр", W_MONTH, 22},
	{"меһр", W_MONTH, 23}, {"азeр", W_MONTH, 25}, {"деј", W_MONTH, 26},
	{"бeһмeн", W_MONTH, 27}, {"исфeнд", W_MONTH, 28},

	/* --- Seasons. --- */
	{"весна", W_SEASON, 1}, {"весны", W_SEASON, 1}, {"весной", W_SEASON, 1},
	{"лето", W_SEASON, 2}, {"лета", W_SEASON, 2}, {"летом", W_SEASON, 2},
	{"осень", W_SEASON, 3}, {"осени", W_SEASON, 3}, {"осенью", W_SEASON, 3},
	{"зима", W_SEASON, 4}, {"зимы", W_SEASON, 4}, {"зимой", W_SEASON, 4},

	/* --- Days of the week, 1 = Monday. --- */
	{"понедельник", W_WEEKDAY, 1}, {"понедельника", W_WEEKDAY, 1}, {"пн", W_WEEKDAY, 1},
	{"вторник", W_WEEKDAY, 2}, {"вторника", W_WEEKDAY, 2}, {"вт", W_WEEKDAY, 2},
	{"среда", W_WEEKDAY, 3}, {"среду", W_WEEKDAY, 3}, {"среды", W_WEEKDAY, 3},
	{"ср", W_WEEKDAY, 3}, {"четверг", W_WEEKDAY, 4}, {"четверга", W_WEEKDAY, 4},
	{"чт", W_WEEKDAY, 4}, {"пятница", W_WEEKDAY, 5}, {"пятницу", W_WEEKDAY, 5},
	{"пятницы", W_WEEKDAY, 5}, {"пт", W_WEEKDAY, 5}, {"суббота", W_WEEKDAY, 6},
	{"субботу", W_WEEKDAY, 6}, {"субботы", W_WEEKDAY, 6}, {"сб", W_WEEKDAY, 6},
	{"воскресенье", W_WEEKDAY, 7}, {"воскресенья", W_WEEKDAY, 7}, {"вс", W_WEEKDAY, 7},
	/* Базар ертәси, чәршәнбә ахшамы, чәршәнбә … */
	{"базар ертeси", W_WEEKDAY, 1}, {"чeршeнбe ахшамы", W_WEEKDAY, 2},
	{"чeршeнбe", W_WEEKDAY, 3}, {"ҹүмe ахшамы", W_WEEKDAY, 4}, {"ҹүмe", W_WEEKDAY, 5},
	{"шeнбe", W_WEEKDAY, 6}, {"базар", W_WEEKDAY, 7},

	/* --- Calendars. --- */
	{"н.э", W_ERA, CAL_GREGORIAN}, {"нашей эры", W_ERA, CAL_GREGORIAN},
	{"милади", W_ERA, CAL_GREGORIAN},                        /* az */
	{"перс. год", W_ERA, CAL_SOLAR_HIJRI},                   /* CLDR */
	{"по иранскому календарю", W_ERA, CAL_SOLAR_HIJRI},
	{"солнечной хиджры", W_ERA, CAL_SOLAR_HIJRI}, {"шамси", W_ERA, CAL_SOLAR_HIJRI},
	{"шeмси", W_ERA, CAL_SOLAR_HIJRI},                       /* az шәмси */
	{"хиджры", W_LUNAR, 0}, {"хиджра", W_LUNAR, 0}, {"лунной хиджры", W_LUNAR, 0},
	{"рамадан", W_LUNAR, 0}, {"рамадана", W_LUNAR, 0}, {"мухаррам", W_LUNAR, 0},
	{"мухаррама", W_LUNAR, 0}, {"раджаб", W_LUNAR, 0}, {"шаабан", W_LUNAR, 0},

	/* --- Too vague to be days. --- */
	{"начало", W_VAGUE, 0}, {"начале", W_VAGUE, 0}, {"начала", W_VAGUE, 0},
	{"середина", W_VAGUE, 0}, {"середине", W_VAGUE, 0}, {"середины", W_VAGUE, 0},
	{"конец", W_VAGUE, 0}, {"конце", W_VAGUE, 0}, {"конца", W_VAGUE, 0},

	/* --- About, before, after, until, since. --- */
	{"около", W_ABOUT, 0}, {"ок", W_ABOUT, 0}, {"примерно", W_ABOUT, 0},
	{"приблизительно", W_ABOUT, 0}, {"тeхминeн", W_ABOUT, 0},   /* az тәхминән */
	{"перед", W_BEFORE, 0}, {"ранее", W_BEFORE, 0}, {"eввeл", W_BEFORE, 0},   /* az әввәл */
	{"после", W_AFTER, 0}, {"позже", W_AFTER, 0}, {"сонра", W_AFTER, 0},
	/* "до 5 мая": whether the day is included is left open; so it is. */
	{"до", W_UNTIL, 0}, {"не позднее", W_UNTIL, 0}, {"не позже", W_UNTIL, 0},
	{"гeдeр", W_UNTIL, 0},                                   /* az гәдәр */
	{"не ранее", W_SINCE, 0}, {"не раньше", W_SINCE, 0}, {"бeри", W_SINCE, 0},

	/* --- Ranges.  "от" is left out: an order "от 5 мая" is of that day, not from it. --- */
	{"с", W_FROM, 0}, {"со", W_FROM, 0}, {"по", W_TO, 0},
	{"между", W_BETWEEN, 0}, {"арасында", W_BETWEEN, 0},
	{"и", W_AND, 0}, {"вe", W_AND, 0}, {"илe", W_DAT, 0},    /* az вә, илә */
	{"или", W_OR, 0}, {"либо", W_OR, 0}, {"вe ја", W_OR, 0}, {"ја", W_OR, 0},

	/* --- Words that say nothing. --- */
	{"в", W_SKIP, 0}, {"во", W_SKIP, 0},
	{"год", W_NOUN, 0}, {"года", W_NOUN, 0}, {"году", W_NOUN, 0}, {"годом", W_NOUN, 0},
	{"г", W_NOUN, 0}, {"гг", W_NOUN, 0}, {"месяц", W_NOUN, 0}, {"месяца", W_NOUN, 0},
	{"месяце", W_NOUN, 0}, {"число", W_NOUN, 0}, {"числа", W_NOUN, 0}, {"день", W_NOUN, 0},
	{"дня", W_NOUN, 0}, {"дата", W_NOUN, 0},
	{"ил", W_NOUN, 0}, {"ај", W_NOUN, 0}, {"ҝүн", W_NOUN, 0}, {"тарих", W_NOUN, 0},   /* az */
	{"саат", W_CLOCK, 0},
};

const struct date_word *
date_word_cyrillic(size_t i)
{
	return i < sizeof words / sizeof *words ? &words[i] : NULL;
}
