/*
 * The words that dates are written with, and the names of the months for showing.
 *
 * Own tables, because ICU 72 names the Solar Hijri months in English when asked
 * for Azerbaijani, and has nothing for Azerbaijani in Arabic script.  Sources:
 * English: the Oxford spellings and abbreviations.  Azerbaijani, Gregorian: CLDR
 * 42 "az".  Persian: CLDR 42 "fa", and the spellings that Iranian and Afghan
 * newspapers use beside it.  Solar Hijri in Latin: the transliterations of
 * English-language news from Iran; in Azerbaijani: CLDR "az" and the spellings of
 * Azerbaijani news from Iran.  Azerbaijani in Arabic script: the Latin names
 * letter by letter, as its press writes them.  The folk names of months
 * (ağlar-gülər, چیلله) are left out: they name different months on the two banks
 * of the Aras.
 *
 * Entries are written as date_fold() leaves them: lower case; ə ı ş ç ö ü ğ as e i
 * s c o u g; آ as ا, ئ as ی, ي as ی, ك as ک; without hamza, diacritics, tatweel
 * and ZWNJ.  So one row also reads what people type without the right keyboard.
 */
#include "base/date_int.h"
#include "base/poison.h"

static const struct date_word words[] = {
	/* --- Gregorian months.  English; three-letter abbreviations, and Sept. --- */
	{"january", W_MONTH, 1}, {"jan", W_MONTH, 1},
	{"february", W_MONTH, 2}, {"feb", W_MONTH, 2},
	{"march", W_MONTH, 3}, {"mar", W_MONTH, 3},
	{"april", W_MONTH, 4}, {"apr", W_MONTH, 4},
	{"may", W_MONTH, 5},                                     /* az: may */
	{"june", W_MONTH, 6}, {"jun", W_MONTH, 6},
	{"july", W_MONTH, 7}, {"jul", W_MONTH, 7},
	{"august", W_MONTH, 8}, {"aug", W_MONTH, 8},
	{"september", W_MONTH, 9}, {"sep", W_MONTH, 9}, {"sept", W_MONTH, 9},
	{"october", W_MONTH, 10}, {"oct", W_MONTH, 10},
	{"november", W_MONTH, 11}, {"nov", W_MONTH, 11},
	{"december", W_MONTH, 12}, {"dec", W_MONTH, 12},
	/* Azerbaijani in Latin, with CLDR's abbreviations where English has another. */
	{"yanvar", W_MONTH, 1}, {"yan", W_MONTH, 1},
	{"fevral", W_MONTH, 2}, {"fev", W_MONTH, 2},
	{"mart", W_MONTH, 3},
	{"aprel", W_MONTH, 4},
	{"iyun", W_MONTH, 6}, {"iyn", W_MONTH, 6},
	{"iyul", W_MONTH, 7}, {"iyl", W_MONTH, 7},
	{"avqust", W_MONTH, 8}, {"avq", W_MONTH, 8},
	{"sentyabr", W_MONTH, 9}, {"sentabr", W_MONTH, 9}, {"sen", W_MONTH, 9},
	{"oktyabr", W_MONTH, 10}, {"oktabr", W_MONTH, 10}, {"okt", W_MONTH, 10},
	{"noyabr", W_MONTH, 11}, {"noy", W_MONTH, 11},
	{"dekabr", W_MONTH, 12}, {"dek", W_MONTH, 12},           /* after a numeral: until */
	/* Turkish, with CLDR's abbreviations; mart and may are above. */
	{"ocak", W_MONTH, 1}, {"oca", W_MONTH, 1}, {"subat", W_MONTH, 2}, {"sub", W_MONTH, 2},
	{"nisan", W_MONTH, 4}, {"nis", W_MONTH, 4}, {"mayis", W_MONTH, 5},
	{"haziran", W_MONTH, 6}, {"haz", W_MONTH, 6}, {"temmuz", W_MONTH, 7}, {"tem", W_MONTH, 7},
	{"agustos", W_MONTH, 8}, {"agu", W_MONTH, 8}, {"eylul", W_MONTH, 9}, {"eyl", W_MONTH, 9},
	{"ekim", W_MONTH, 10}, {"eki", W_MONTH, 10}, {"kasim", W_MONTH, 11}, {"kas", W_MONTH, 11},
	{"aralik", W_MONTH, 12}, {"ara", W_MONTH, 12},
	/* Persian of Iran (from French), then of Afghanistan and of the internet
	 * (from English). */
	{"ژانویه", W_MONTH, 1}, {"جنوری", W_MONTH, 1},
	{"فوریه", W_MONTH, 2}, {"فبروری", W_MONTH, 2},
	{"مارس", W_MONTH, 3}, {"مارچ", W_MONTH, 3},
	{"اوریل", W_MONTH, 4}, {"اپریل", W_MONTH, 4},            /* آوریل; آپریل, azb آپرئل */
	{"مه", W_MONTH, 5}, {"می", W_MONTH, 5}, {"میی", W_MONTH, 5},   /* مئی */
	{"ژوین", W_MONTH, 6}, {"جون", W_MONTH, 6},               /* ژوئن */
	{"ژوییه", W_MONTH, 7}, {"ژویه", W_MONTH, 7},             /* ژوئیه */
	{"جولای", W_MONTH, 7}, {"ژولای", W_MONTH, 7},
	{"اوت", W_MONTH, 8}, {"اگوست", W_MONTH, 8}, {"اگست", W_MONTH, 8},  /* آگوست */
	{"سپتامبر", W_MONTH, 9}, {"سپتمبر", W_MONTH, 9},
	{"اکتبر", W_MONTH, 10}, {"اکتوبر", W_MONTH, 10},
	{"نوامبر", W_MONTH, 11}, {"نومبر", W_MONTH, 11},
	{"دسامبر", W_MONTH, 12}, {"دسمبر", W_MONTH, 12}, {"دیسمبر", W_MONTH, 12},
	{"جنو", W_MONTH, 1}, {"جول", W_MONTH, 7}, {"دسم", W_MONTH, 12},   /* CLDR fa-AF, short */
	/* Azerbaijani in Arabic script; ئ may be written ی or left out. */
	{"یانوار", W_MONTH, 1},
	{"فیورال", W_MONTH, 2}, {"فورال", W_MONTH, 2},           /* فئورال */
	{"مارت", W_MONTH, 3},
	{"اپرل", W_MONTH, 4},                                    /* آپرل */
	{"مای", W_MONTH, 5},
	{"ایون", W_MONTH, 6}, {"اییون", W_MONTH, 6},
	{"ایول", W_MONTH, 7}, {"اییول", W_MONTH, 7},
	{"اوقوست", W_MONTH, 8}, {"اووقوست", W_MONTH, 8},         /* آوقوست */
	{"سنتیابر", W_MONTH, 9}, {"سینتیابر", W_MONTH, 9},       /* سئنتیابر */
	{"اوکتیابر", W_MONTH, 10}, {"اکتیابر", W_MONTH, 10},
	{"نویابر", W_MONTH, 11},
	{"دکابر", W_MONTH, 12}, {"دیکابر", W_MONTH, 12},         /* دئکابر */

	/* --- Solar Hijri months, value + 16.  Latin: English transliterations first,
	 * then the folded Azerbaijani spellings (Fərvərdin, Şəhrivər, İsfənd ...). --- */
	{"farvardin", W_MONTH, 17}, {"farvardeen", W_MONTH, 17}, {"farwardin", W_MONTH, 17},
	{"ferverdin", W_MONTH, 17}, {"fervardin", W_MONTH, 17},
	{"ordibehesht", W_MONTH, 18}, {"ordibehest", W_MONTH, 18}, {"urdibehesht", W_MONTH, 18},
	{"urdibehest", W_MONTH, 18}, {"ordubehest", W_MONTH, 18},
	{"khordad", W_MONTH, 19}, {"xordad", W_MONTH, 19}, {"xorded", W_MONTH, 19},
	{"hordad", W_MONTH, 19}, {"khurdad", W_MONTH, 19}, {"xurdad", W_MONTH, 19},
	{"tir", W_MONTH, 20},
	{"mordad", W_MONTH, 21}, {"amordad", W_MONTH, 21}, {"morded", W_MONTH, 21},
	{"murdad", W_MONTH, 21},
	{"shahrivar", W_MONTH, 22}, {"shahriwar", W_MONTH, 22}, {"sehriver", W_MONTH, 22},
	{"sehrivar", W_MONTH, 22}, {"sahrivar", W_MONTH, 22},
	{"mehr", W_MONTH, 23}, {"mihr", W_MONTH, 23},
	{"aban", W_MONTH, 24}, {"aben", W_MONTH, 24},
	{"azar", W_MONTH, 25}, {"azer", W_MONTH, 25},
	{"dey", W_MONTH, 26}, {"dei", W_MONTH, 26},              /* "Day" is the English word */
	{"bahman", W_MONTH, 27}, {"behmen", W_MONTH, 27}, {"behman", W_MONTH, 27},
	{"esfand", W_MONTH, 28}, {"isfend", W_MONTH, 28}, {"esfend", W_MONTH, 28},
	{"isfand", W_MONTH, 28}, {"espand", W_MONTH, 28},
	/* Persian, and the spellings with و that Azerbaijani writes. */
	{"فروردین", W_MONTH, 17},
	{"اردیبهشت", W_MONTH, 18}, {"اوردیبهشت", W_MONTH, 18},
	{"خرداد", W_MONTH, 19}, {"خورداد", W_MONTH, 19},
	{"تیر", W_MONTH, 20},
	{"مرداد", W_MONTH, 21}, {"امرداد", W_MONTH, 21}, {"مورداد", W_MONTH, 21},
	{"شهریور", W_MONTH, 22}, {"شهریوار", W_MONTH, 22},
	{"مهر", W_MONTH, 23},
	{"ابان", W_MONTH, 24},                                   /* آبان */
	{"اذر", W_MONTH, 25},                                    /* آذر */
	{"دی", W_MONTH, 26},
	{"بهمن", W_MONTH, 27},
	{"اسفند", W_MONTH, 28}, {"اسپند", W_MONTH, 28}, {"ایسفند", W_MONTH, 28},

	/* Of Afghanistan, the same months: Dari (CLDR 42 "fa_AF"), Pashto ("ps"), in Latin. */
	{"حمل", W_MONTH, 17}, {"ثور", W_MONTH, 18}, {"جوزا", W_MONTH, 19},
	{"سرطان", W_MONTH, 20}, {"اسد", W_MONTH, 21}, {"سنبله", W_MONTH, 22},
	{"میزان", W_MONTH, 23}, {"عقرب", W_MONTH, 24}, {"قوس", W_MONTH, 25},
	{"جدی", W_MONTH, 26}, {"دلو", W_MONTH, 27}, {"حوت", W_MONTH, 28},
	{"وری", W_MONTH, 17}, {"غویی", W_MONTH, 18}, {"غبرگولی", W_MONTH, 19},
	{"چنگاښ", W_MONTH, 20}, {"زمری", W_MONTH, 21}, {"وږی", W_MONTH, 22},
	{"تله", W_MONTH, 23}, {"لړم", W_MONTH, 24}, {"لیندی", W_MONTH, 25},
	{"مرغومی", W_MONTH, 26}, {"سلواغه", W_MONTH, 27}, {"کب", W_MONTH, 28},
	{"hamal", W_MONTH, 17}, {"sawr", W_MONTH, 18}, {"thawr", W_MONTH, 18},
	{"saur", W_MONTH, 18}, {"jawza", W_MONTH, 19}, {"jauza", W_MONTH, 19},
	{"saratan", W_MONTH, 20}, {"asad", W_MONTH, 21}, {"sunbula", W_MONTH, 22},
	{"sonbola", W_MONTH, 22}, {"mizan", W_MONTH, 23}, {"aqrab", W_MONTH, 24},
	{"qaws", W_MONTH, 25}, {"qaus", W_MONTH, 25}, {"jadi", W_MONTH, 26},
	{"dalw", W_MONTH, 27}, {"dalv", W_MONTH, 27}, {"hut", W_MONTH, 28},
	{"hoot", W_MONTH, 28},

	/* --- Days of the month in words: Persian ordinals; with ZWNJ for the spaces too. --- */
	{"اول", W_DAY, 1}, {"یکم", W_DAY, 1}, {"دوم", W_DAY, 2}, {"سوم", W_DAY, 3},
	{"چهارم", W_DAY, 4}, {"پنجم", W_DAY, 5}, {"ششم", W_DAY, 6}, {"هفتم", W_DAY, 7},
	{"هشتم", W_DAY, 8}, {"نهم", W_DAY, 9}, {"دهم", W_DAY, 10}, {"یازدهم", W_DAY, 11},
	{"دوازدهم", W_DAY, 12}, {"سیزدهم", W_DAY, 13}, {"چهاردهم", W_DAY, 14},
	{"پانزدهم", W_DAY, 15}, {"شانزدهم", W_DAY, 16}, {"هفدهم", W_DAY, 17},
	{"هجدهم", W_DAY, 18}, {"هیجدهم", W_DAY, 18}, {"نوزدهم", W_DAY, 19},
	{"بیستم", W_DAY, 20}, {"بیست و یکم", W_DAY, 21}, {"بیست و دوم", W_DAY, 22},
	{"بیست و سوم", W_DAY, 23}, {"بیست و چهارم", W_DAY, 24}, {"بیست و پنجم", W_DAY, 25},
	{"بیست و ششم", W_DAY, 26}, {"بیست و هفتم", W_DAY, 27}, {"بیست و هشتم", W_DAY, 28},
	{"بیست و نهم", W_DAY, 29}, {"بیستویکم", W_DAY, 21}, {"بیستودوم", W_DAY, 22},
	{"بیستوسوم", W_DAY, 23}, {"بیستوچهارم", W_DAY, 24}, {"بیستوپنجم", W_DAY, 25},
	{"بیستوششم", W_DAY, 26}, {"بیستوهفتم", W_DAY, 27}, {"بیستوهشتم", W_DAY, 28},
	{"بیستونهم", W_DAY, 29}, {"سی ام", W_DAY, 30}, {"سیام", W_DAY, 30},
	{"سی و یکم", W_DAY, 31}, {"سیویکم", W_DAY, 31},

	/* --- Seasons: 1 spring = months 1-3 of the Solar Hijri year. --- */
	{"spring", W_SEASON, 1}, {"summer", W_SEASON, 2}, {"autumn", W_SEASON, 3},
	{"fall", W_SEASON, 3}, {"winter", W_SEASON, 4},
	{"yaz", W_SEASON, 1}, {"bahar", W_SEASON, 1}, {"yay", W_SEASON, 2},   /* az */
	{"payiz", W_SEASON, 3}, {"qis", W_SEASON, 4},
	{"بهار", W_SEASON, 1}, {"تابستان", W_SEASON, 2}, {"پاییز", W_SEASON, 3},   /* fa */
	{"زمستان", W_SEASON, 4},
	{"یاز", W_SEASON, 1}, {"یای", W_SEASON, 2},   /* azb; پاییز too */
	{"قیش", W_SEASON, 4},

	/* --- Days of the week, 1 = Monday.  ZWNJ is gone: یک‌شنبه is یکشنبه. --- */
	{"monday", W_WEEKDAY, 1}, {"tuesday", W_WEEKDAY, 2}, {"wednesday", W_WEEKDAY, 3},
	{"thursday", W_WEEKDAY, 4}, {"friday", W_WEEKDAY, 5}, {"saturday", W_WEEKDAY, 6},
	{"sunday", W_WEEKDAY, 7}, {"mon", W_WEEKDAY, 1}, {"tue", W_WEEKDAY, 2},
	{"tues", W_WEEKDAY, 2}, {"wed", W_WEEKDAY, 3}, {"thu", W_WEEKDAY, 4},
	{"thur", W_WEEKDAY, 4}, {"thurs", W_WEEKDAY, 4}, {"fri", W_WEEKDAY, 5},
	{"sat", W_WEEKDAY, 6}, {"sun", W_WEEKDAY, 7},
	{"bazar ertesi", W_WEEKDAY, 1}, {"cersenbe axsami", W_WEEKDAY, 2},   /* az */
	{"cersenbe", W_WEEKDAY, 3}, {"cume axsami", W_WEEKDAY, 4}, {"cume", W_WEEKDAY, 5},
	{"senbe", W_WEEKDAY, 6}, {"bazar", W_WEEKDAY, 7},
	{"شنبه", W_WEEKDAY, 6}, {"یکشنبه", W_WEEKDAY, 7}, {"یک شنبه", W_WEEKDAY, 7},
	{"دوشنبه", W_WEEKDAY, 1}, {"دو شنبه", W_WEEKDAY, 1}, {"سهشنبه", W_WEEKDAY, 2},
	{"سه شنبه", W_WEEKDAY, 2}, {"چهارشنبه", W_WEEKDAY, 3}, {"چهار شنبه", W_WEEKDAY, 3},
	{"پنجشنبه", W_WEEKDAY, 4}, {"پنج شنبه", W_WEEKDAY, 4}, {"جمعه", W_WEEKDAY, 5},
	{"ادینه", W_WEEKDAY, 5},                                 /* آدینه */
	{"بازار ایرتهسی", W_WEEKDAY, 1}, {"چرشنبه اخشامی", W_WEEKDAY, 2},   /* azb */
	{"چرشنبه", W_WEEKDAY, 3}, {"جومعه اخشامی", W_WEEKDAY, 4}, {"جومعه", W_WEEKDAY, 5},
	{"جومه اخشامی", W_WEEKDAY, 4}, {"جومه", W_WEEKDAY, 5}, {"بازار", W_WEEKDAY, 7},

	{"دونی", W_WEEKDAY, 1}, {"درینی", W_WEEKDAY, 2}, {"څلرنی", W_WEEKDAY, 3},   /* ps */
	{"پینځنی", W_WEEKDAY, 4}, {"اونی", W_WEEKDAY, 6}, {"یونی", W_WEEKDAY, 7},
	{"pazartesi", W_WEEKDAY, 1}, {"sali", W_WEEKDAY, 2}, {"carsamba", W_WEEKDAY, 3},   /* tr */
	{"persembe", W_WEEKDAY, 4}, {"cuma", W_WEEKDAY, 5}, {"cumartesi", W_WEEKDAY, 6},
	{"pazar", W_WEEKDAY, 7},

	/* --- Calendars. --- */
	{"ad", W_ERA, CAL_GREGORIAN}, {"ce", W_ERA, CAL_GREGORIAN},
	{"a.d", W_ERA, CAL_GREGORIAN}, {"c.e", W_ERA, CAL_GREGORIAN},
	{"gregorian", W_ERA, CAL_GREGORIAN},
	{"miladi", W_ERA, CAL_GREGORIAN},                        /* az; fa in Latin */
	{"میلادی", W_ERA, CAL_GREGORIAN}, {"م", W_ERA, CAL_GREGORIAN},
	{"sh", W_ERA, CAL_SOLAR_HIJRI}, {"s.h", W_ERA, CAL_SOLAR_HIJRI},
	{"ap", W_ERA, CAL_SOLAR_HIJRI},                          /* anno Persico */
	{"solar hijri", W_ERA, CAL_SOLAR_HIJRI}, {"shamsi", W_ERA, CAL_SOLAR_HIJRI},
	{"hijri shamsi", W_ERA, CAL_SOLAR_HIJRI}, {"jalali", W_ERA, CAL_SOLAR_HIJRI},
	{"h.s", W_ERA, CAL_SOLAR_HIJRI},                         /* az h.ş. */
	{"semsi", W_ERA, CAL_SOLAR_HIJRI}, {"hicri semsi", W_ERA, CAL_SOLAR_HIJRI},
	{"hicri-semsi", W_ERA, CAL_SOLAR_HIJRI},                 /* az hicri-şəmsi */
	{"شمسی", W_ERA, CAL_SOLAR_HIJRI}, {"هجری شمسی", W_ERA, CAL_SOLAR_HIJRI},
	{"خورشیدی", W_ERA, CAL_SOLAR_HIJRI}, {"هجری خورشیدی", W_ERA, CAL_SOLAR_HIJRI},
	{"ه.ش", W_ERA, CAL_SOLAR_HIJRI}, {"ه ش", W_ERA, CAL_SOLAR_HIJRI},
	{"هش", W_ERA, CAL_SOLAR_HIJRI}, {"ش", W_ERA, CAL_SOLAR_HIJRI},   /* ه‍.ش */
	{"ie", W_ERA, CAL_IMPERIAL}, {"imperial", W_ERA, CAL_IMPERIAL},
	{"شاهنشاهی", W_ERA, CAL_IMPERIAL}, {"sahensahi", W_ERA, CAL_IMPERIAL},

	/* --- The lunar Hijri calendar: one word of a name is enough to refuse. --- */
	{"hijri", W_LUNAR, 0}, {"hicri", W_LUNAR, 0}, {"هجری", W_LUNAR, 0}, {"ah", W_LUNAR, 0},
	{"a.h", W_LUNAR, 0}, {"lunar", W_LUNAR, 0}, {"qamari", W_LUNAR, 0},
	{"ghamari", W_LUNAR, 0}, {"qemeri", W_LUNAR, 0}, {"h.q", W_LUNAR, 0},
	{"قمری", W_LUNAR, 0}, {"ه.ق", W_LUNAR, 0}, {"ه ق", W_LUNAR, 0}, {"هق", W_LUNAR, 0},
	{"ق", W_LUNAR, 0},
	{"muharram", W_LUNAR, 0}, {"moharram", W_LUNAR, 0}, {"meherrem", W_LUNAR, 0},
	{"safar", W_LUNAR, 0}, {"sefer", W_LUNAR, 0},
	{"rabi", W_LUNAR, 0}, {"rebiulevvel", W_LUNAR, 0},
	{"rebiulaxir", W_LUNAR, 0}, {"rabiulawwal", W_LUNAR, 0},
	{"jumada", W_LUNAR, 0}, {"jamadi", W_LUNAR, 0}, {"cemadiyelevvel", W_LUNAR, 0},
	{"cemadiyelaxir", W_LUNAR, 0}, {"rajab", W_LUNAR, 0}, {"receb", W_LUNAR, 0},
	{"shaban", W_LUNAR, 0}, {"saban", W_LUNAR, 0},           /* Sha'ban, Şaban */
	{"ramadan", W_LUNAR, 0}, {"ramazan", W_LUNAR, 0}, {"ramadhan", W_LUNAR, 0},
	{"shawwal", W_LUNAR, 0}, {"shavval", W_LUNAR, 0}, {"sevval", W_LUNAR, 0},
	{"dhu", W_LUNAR, 0}, {"zilqede", W_LUNAR, 0}, {"zilhicce", W_LUNAR, 0},
	{"zihajjeh", W_LUNAR, 0}, {"ziqadeh", W_LUNAR, 0}, {"dhulhijjah", W_LUNAR, 0},
	{"محرم", W_LUNAR, 0}, {"صفر", W_LUNAR, 0}, {"ربیع", W_LUNAR, 0}, {"ربیعالاول", W_LUNAR, 0},
	{"جمادی", W_LUNAR, 0}, {"جمادیالاول", W_LUNAR, 0}, {"رجب", W_LUNAR, 0},
	{"شعبان", W_LUNAR, 0}, {"رمضان", W_LUNAR, 0}, {"شوال", W_LUNAR, 0},
	{"ذیقعده", W_LUNAR, 0}, {"ذی القعده", W_LUNAR, 0}, {"ذیالقعده", W_LUNAR, 0},
	{"ذیحجه", W_LUNAR, 0}, {"ذی الحجه", W_LUNAR, 0}, {"ذیالحجه", W_LUNAR, 0},

	/* --- Too vague to be days: refused with a word what to write. --- */
	{"early", W_VAGUE, 0}, {"mid", W_VAGUE, 0}, {"middle", W_VAGUE, 0}, {"late", W_VAGUE, 0},
	{"beginning", W_VAGUE, 0}, {"start", W_VAGUE, 0}, {"end", W_VAGUE, 0},
	{"evveli", W_VAGUE, 0}, {"evvelinde", W_VAGUE, 0}, {"evvellerinde", W_VAGUE, 0},   /* az */
	{"baslarinda", W_VAGUE, 0}, {"basinda", W_VAGUE, 0},     /* tr */
	{"ortalarinda", W_VAGUE, 0}, {"ortasinda", W_VAGUE, 0}, {"sonu", W_VAGUE, 0},
	{"sonunda", W_VAGUE, 0}, {"sonlarinda", W_VAGUE, 0}, {"iller", W_VAGUE, 0},
	{"اوایل", W_VAGUE, 0}, {"اواسط", W_VAGUE, 0}, {"اواخر", W_VAGUE, 0},   /* fa */
	{"ابتدای", W_VAGUE, 0}, {"انتهای", W_VAGUE, 0}, {"پایان", W_VAGUE, 0},
	{"نیمه", W_VAGUE, 0}, {"دهه", W_VAGUE, 0},                                     /* decade */

	/* --- About. --- */
	{"about", W_ABOUT, 0}, {"around", W_ABOUT, 0}, {"circa", W_ABOUT, 0}, {"ca", W_ABOUT, 0},
	{"c", W_ABOUT, 0}, {"approximately", W_ABOUT, 0}, {"approx", W_ABOUT, 0},
	{"roughly", W_ABOUT, 0},
	{"حدود", W_ABOUT, 0}, {"حدودا", W_ABOUT, 0}, {"حوالی", W_ABOUT, 0},   /* fa; حدوداً */
	{"تقریبا", W_ABOUT, 0},                                  /* تقریباً */
	{"texminen", W_ABOUT, 0}, {"teqriben", W_ABOUT, 0}, {"texmini", W_ABOUT, 0},   /* az */
	{"civarinda", W_ABOUT, 0}, {"etrafinda", W_ABOUT, 0}, {"radelerinde", W_ABOUT, 0},
	{"yaklasik", W_ABOUT, 0}, {"civari", W_ABOUT, 0},        /* tr */
	{"تخمینا", W_ABOUT, 0}, {"تخمینن", W_ABOUT, 0}, {"تقریبن", W_ABOUT, 0},   /* azb */
	/* One of several readings: what date_show writes. */
	{"unclear", W_UNCLEAR, 0}, {"نامشخص", W_UNCLEAR, 0}, {"deqiq deyil", W_UNCLEAR, 0},
	{"بللی دییل", W_UNCLEAR, 0}, {"بللی دیییل", W_UNCLEAR, 0},   /* azb بللی دئییل */

	/* --- Before and after, the named date not included. --- */
	{"before", W_BEFORE, 0}, {"prior to", W_BEFORE, 0}, {"earlier than", W_BEFORE, 0},
	{"قبل", W_BEFORE, 0}, {"پیش", W_BEFORE, 0},              /* قبل از, پیش از */
	{"evvel", W_BEFORE, 0}, {"qabaq", W_BEFORE, 0},          /* az: -dan əvvəl */
	{"قاباق", W_BEFORE, 0},          /* azb; اول is the Persian "first" */
	{"once", W_BEFORE, 0},                                   /* tr: -den önce */
	{"after", W_AFTER, 0}, {"later than", W_AFTER, 0},
	{"بعد", W_AFTER, 0}, {"پس", W_AFTER, 0},                 /* بعد از, پس از */
	{"sonra", W_AFTER, 0}, {"سونرا", W_AFTER, 0}, {"صونرا", W_AFTER, 0},
	/* Until and since, the named date included. */
	{"until", W_UNTIL, 0}, {"till", W_UNTIL, 0}, {"by", W_UNTIL, 0}, {"up to", W_UNTIL, 0},
	{"not later than", W_UNTIL, 0}, {"no later than", W_UNTIL, 0}, {"or earlier", W_UNTIL, 0},
	{"or before", W_UNTIL, 0}, {"on or before", W_UNTIL, 0}, {"in or before", W_UNTIL, 0},
	{"qeder", W_UNTIL, 0}, {"kimi", W_UNTIL, 0},             /* az: -a qədər, -a kimi */
	{"kadar", W_UNTIL, 0},                                   /* tr: -e kadar */
	{"ve ya daha evvel", W_UNTIL, 0},
	{"یا پیش از ان", W_UNTIL, 0}, {"یا قبل از ان", W_UNTIL, 0},   /* fa یا پیش از آن */
	{"قدر", W_UNTIL, 0}, {"قدهر", W_UNTIL, 0}, {"کیمی", W_UNTIL, 0},   /* azb */
	{"و یا داها قاباق", W_UNTIL, 0},
	{"since", W_SINCE, 0}, {"onwards", W_SINCE, 0}, {"onward", W_SINCE, 0},
	{"not earlier than", W_SINCE, 0}, {"no earlier than", W_SINCE, 0}, {"or later", W_SINCE, 0},
	{"or after", W_SINCE, 0}, {"on or after", W_SINCE, 0}, {"in or after", W_SINCE, 0},
	{"beri", W_SINCE, 0}, {"ve ya daha sonra", W_SINCE, 0},  /* az: -dan bəri */
	{"به بعد", W_SINCE, 0}, {"یا پس از ان", W_SINCE, 0}, {"یا بعد از ان", W_SINCE, 0},
	{"بری", W_SINCE, 0}, {"و یا داها سونرا", W_SINCE, 0},    /* azb */

	/* --- Ranges and alternatives. --- */
	{"from", W_FROM, 0}, {"از", W_FROM, 0},
	{"to", W_TO, 0}, {"through", W_TO, 0}, {"thru", W_TO, 0}, {"تا", W_TO, 0}, {"الی", W_TO, 0},
	{"لغایت", W_TO, 0},
	{"between", W_BETWEEN, 0}, {"بین", W_BETWEEN, 0}, {"مابین", W_BETWEEN, 0},
	{"میان", W_BETWEEN, 0}, {"arasinda", W_BETWEEN, 0}, {"اراسیندا", W_BETWEEN, 0},
	{"and", W_AND, 0}, {"ve", W_AND, 0}, {"و", W_AND, 0},
	{"ile", W_DAT, 0}, {"ایله", W_DAT, 0},   /* az ilə: "and" before arasında, or "to the year" */
	{"or", W_OR, 0}, {"ve ya", W_OR, 0}, {"ve yaxud", W_OR, 0}, {"ya", W_OR, 0},
	{"ya da", W_OR, 0}, {"yaxud", W_OR, 0}, {"یا", W_OR, 0}, {"و یا", W_OR, 0},
	{"یاخود", W_OR, 0}, {"veya", W_OR, 0},                    /* tr */

	/* --- Words that say nothing. --- */
	{"on", W_SKIP, 0}, {"in", W_SKIP, 0}, {"the", W_SKIP, 0}, {"of", W_SKIP, 0},
	{"dated", W_SKIP, 0},
	{"د", W_SKIP, 0},                                        /* ps: of */
	{"در", W_SKIP, 0}, {"مورخ", W_SKIP, 0}, {"مورخه", W_SKIP, 0},   /* in, dated */
	{"year", W_NOUN, 0}, {"month", W_NOUN, 0}, {"day", W_NOUN, 0}, {"date", W_NOUN, 0},
	{"il", W_NOUN, 0}, {"ay", W_NOUN, 0}, {"gun", W_NOUN, 0}, {"tarix", W_NOUN, 0},   /* az */
	{"yil", W_NOUN, 0}, {"sene", W_NOUN, 0}, {"tarih", W_NOUN, 0},   /* tr */
	{"tarihli", W_SKIP, 0},
	{"سال", W_NOUN, 0}, {"ماه", W_NOUN, 0}, {"روز", W_NOUN, 0}, {"تاریخ", W_NOUN, 0},   /* fa */
	{"ایل", W_NOUN, 0}, {"ای", W_NOUN, 0}, {"گون", W_NOUN, 0},   /* azb: آی */

	/* --- Times of day: allowed only where a time stands. --- */
	{"t", W_CLOCK, 0}, {"at", W_CLOCK, 0}, {"saat", W_CLOCK, 0}, {"ساعت", W_CLOCK, 0},
	{"z", W_ZONE, 0}, {"utc", W_ZONE, 0}, {"gmt", W_ZONE, 0}, {"am", W_ZONE, 0},
	{"pm", W_ZONE, 0}, {"a.m", W_ZONE, 0}, {"p.m", W_ZONE, 0},
};

/* What follows a numeral, with or without a hyphen or an apostrophe. */
static const struct date_word numeral_suffixes[] = {
	{"st", W_SKIP, 0}, {"nd", W_SKIP, 0}, {"rd", W_SKIP, 0}, {"th", W_SKIP, 0},
	{"s", W_VAGUE, 0},                                       /* 1990s */
	/* az: ordinal -ci -cı -cu -cü and with the linking vowel (-inci). */
	{"ci", W_SKIP, 0}, {"cu", W_SKIP, 0}, {"inci", W_SKIP, 0}, {"nci", W_SKIP, 0},
	{"uncu", W_SKIP, 0}, {"ncu", W_SKIP, 0},
	/* possessive 25-i, 27-si; genitive 25-nin; locative 25-də, 25-ində, 27-sində */
	{"i", W_SKIP, 0}, {"u", W_SKIP, 0}, {"si", W_SKIP, 0}, {"su", W_SKIP, 0},
	{"in", W_SKIP, 0}, {"un", W_SKIP, 0}, {"nin", W_SKIP, 0}, {"nun", W_SKIP, 0},
	{"de", W_SKIP, 0}, {"da", W_SKIP, 0}, {"nde", W_SKIP, 0}, {"nda", W_SKIP, 0},
	{"inde", W_SKIP, 0}, {"inda", W_SKIP, 0}, {"unde", W_SKIP, 0}, {"unda", W_SKIP, 0},
	{"sinde", W_SKIP, 0}, {"sinda", W_SKIP, 0},
	/* ablative 12-dən, 12-sindən: from */
	{"den", W_ABL, 0}, {"dan", W_ABL, 0}, {"nden", W_ABL, 0}, {"ndan", W_ABL, 0},
	{"inden", W_ABL, 0}, {"indan", W_ABL, 0}, {"unden", W_ABL, 0}, {"undan", W_ABL, 0},
	{"sinden", W_ABL, 0}, {"sindan", W_ABL, 0},
	/* dative 18-ə, 18-nə, 18-inə (before qədər): to */
	{"e", W_DAT, 0}, {"a", W_DAT, 0}, {"ne", W_DAT, 0}, {"na", W_DAT, 0}, {"ye", W_DAT, 0},
	{"ya", W_DAT, 0}, {"ine", W_DAT, 0}, {"ina", W_DAT, 0}, {"une", W_DAT, 0},
	{"una", W_DAT, 0}, {"sine", W_DAT, 0}, {"sina", W_DAT, 0},
	/* 18-dək, 18-nədək, 18-inədək: until */
	{"dek", W_UNTIL, 0}, {"nedek", W_UNTIL, 0}, {"nadek", W_UNTIL, 0}, {"inedek", W_UNTIL, 0},
	{"inadek", W_UNTIL, 0}, {"unedek", W_UNTIL, 0}, {"unadek", W_UNTIL, 0},
	{"sinedek", W_UNTIL, 0}, {"sinadek", W_UNTIL, 0}, {"edek", W_UNTIL, 0},
	{"adek", W_UNTIL, 0}, {"yedek", W_UNTIL, 0}, {"yadek", W_UNTIL, 0},
	/* azb: ordinal جی جو, possessive سی, locative ده دا, ablative دن دان, until دک */
	{"جی", W_SKIP, 0}, {"جو", W_SKIP, 0}, {"نجی", W_SKIP, 0}, {"نجو", W_SKIP, 0},
	{"ینجی", W_SKIP, 0}, {"ونجو", W_SKIP, 0}, {"سی", W_SKIP, 0}, {"ی", W_SKIP, 0},
	{"ده", W_SKIP, 0}, {"دا", W_SKIP, 0}, {"ینده", W_SKIP, 0}, {"سینده", W_SKIP, 0},
	{"دن", W_ABL, 0}, {"دان", W_ABL, 0}, {"یندن", W_ABL, 0}, {"سیندن", W_ABL, 0},
	{"ه", W_DAT, 0}, {"یه", W_DAT, 0}, {"نه", W_DAT, 0}, {"نا", W_DAT, 0},
	{"دک", W_UNTIL, 0}, {"نهدک", W_UNTIL, 0}, {"یهدک", W_UNTIL, 0},
	/* tr: 5'te, 5'ten; its others are as in Azerbaijani */
	{"te", W_SKIP, 0}, {"ta", W_SKIP, 0}, {"ten", W_ABL, 0}, {"tan", W_ABL, 0},
	/* ru: 5-го, 5-е, 2020-й, 2020-м, 2020г.; 1990-х is a decade */
	{"го", W_SKIP, 0}, {"ого", W_SKIP, 0}, {"его", W_SKIP, 0}, {"е", W_SKIP, 0},
	{"ое", W_SKIP, 0}, {"й", W_SKIP, 0}, {"ый", W_SKIP, 0}, {"му", W_SKIP, 0},
	{"м", W_SKIP, 0}, {"ом", W_SKIP, 0}, {"г", W_SKIP, 0}, {"гг", W_SKIP, 0},
	{"года", W_SKIP, 0}, {"х", W_VAGUE, 0},
	/* az in Cyrillic: -ҹи, -дә, -дән, -нә, -дәк */
	{"ҹи", W_SKIP, 0}, {"ҹы", W_SKIP, 0}, {"ҹу", W_SKIP, 0}, {"ҹү", W_SKIP, 0},
	{"дe", W_SKIP, 0}, {"да", W_SKIP, 0}, {"дeн", W_ABL, 0}, {"дан", W_ABL, 0},
	{"нe", W_DAT, 0}, {"на", W_DAT, 0}, {"дeк", W_UNTIL, 0},
	/* fa: ordinal ۲۵ام, ۲۵مین; ۲۵م is an ordinal and ۲۰۲۰م "of our era" */
	{"ام", W_SKIP, 0}, {"مین", W_SKIP, 0}, {"م", W_ORDINAL_OR_ERA, 0},
};

/* A month with -i is as likely a name (Mehri, Bahmani). */
enum { NOUNS_ONLY = 1 };

/* What follows a month's name or a noun, longest first. */
static const struct date_word word_suffixes[] = {
	{"inadek", W_UNTIL, 0}, {"inedek", W_UNTIL, 0}, {"unadek", W_UNTIL, 0},
	{"unedek", W_UNTIL, 0}, {"edek", W_UNTIL, 0}, {"adek", W_UNTIL, 0},   /* ayınadək */
	{"indan", W_ABL, 0}, {"inden", W_ABL, 0}, {"undan", W_ABL, 0}, {"unden", W_ABL, 0},
	{"inda", W_SKIP, 0}, {"inde", W_SKIP, 0}, {"unda", W_SKIP, 0}, {"unde", W_SKIP, 0},
	{"inin", W_SKIP, 0}, {"unun", W_SKIP, 0},                /* ayının, gününün */
	{"ina", W_DAT, 0}, {"ine", W_DAT, 0}, {"una", W_DAT, 0}, {"une", W_DAT, 0},
	{"dan", W_ABL, 0}, {"den", W_ABL, 0},                    /* dekabrdan */
	{"da", W_SKIP, 0}, {"de", W_SKIP, 0}, {"in", W_SKIP, 0}, {"un", W_SKIP, 0},
	{"a", W_DAT, 0}, {"e", W_DAT, 0}, {"i", W_SKIP, NOUNS_ONLY}, {"u", W_SKIP, NOUNS_ONLY},
	{"tan", W_ABL, 0}, {"ten", W_ABL, 0}, {"ta", W_SKIP, 0}, {"te", W_SKIP, 0},   /* tr */
	/* az in Cyrillic */
	{"индeн", W_ABL, 0}, {"ындан", W_ABL, 0}, {"индe", W_SKIP, 0}, {"ында", W_SKIP, 0},
	{"инин", W_SKIP, 0}, {"ынын", W_SKIP, 0}, {"үнүн", W_SKIP, 0}, {"дeн", W_ABL, 0},
	{"дан", W_ABL, 0}, {"дe", W_SKIP, 0}, {"да", W_SKIP, 0}, {"ин", W_SKIP, 0},
	{"ын", W_SKIP, 0}, {"и", W_SKIP, NOUNS_ONLY}, {"ы", W_SKIP, NOUNS_ONLY},
	{"ү", W_SKIP, NOUNS_ONLY},
	/* azb, the same; ه stands for the ə that ZWNJ sets apart (ایله‌دک) */
	{"ینادک", W_UNTIL, 0}, {"ینهدک", W_UNTIL, 0}, {"هدک", W_UNTIL, 0}, {"ادک", W_UNTIL, 0},
	{"یندان", W_ABL, 0}, {"یندن", W_ABL, 0}, {"دان", W_ABL, 0}, {"دن", W_ABL, 0},
	{"یندا", W_SKIP, 0}, {"ینده", W_SKIP, 0}, {"ینین", W_SKIP, 0}, {"ین", W_SKIP, 0},
	{"ینا", W_DAT, 0}, {"ینه", W_DAT, 0}, {"دا", W_SKIP, 0}, {"ده", W_SKIP, 0},
	{"ماه", W_SKIP, 0},                                      /* fa دی‌ماه, دیماه */
	{"ی", W_SKIP, NOUNS_ONLY},                               /* آیی, ایلی */
};

#define COUNT(t) (sizeof(t) / sizeof *(t))

bool
date_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

static bool
stands_at(const char *text, const char *p, size_t n)
{
	size_t len = strlen(text);

	return len <= n && memcmp(p, text, len) == 0 && (len == n || !date_letter(p[len]));
}

const struct date_word *
date_word_nth(size_t i)
{
	return i < COUNT(words) ? &words[i] : date_word_cyrillic(i - COUNT(words));
}

const struct date_word *
date_word_at(const char *p, size_t n)
{
	const struct date_word *best = NULL, *w;

	for (size_t i = 0; (w = date_word_nth(i)); i++)
		if (w->text[0] == *p && stands_at(w->text, p, n)
		    && (!best || strlen(w->text) > strlen(best->text)))
			best = w;
	return best;
}

static bool
is_word(const struct date_word *w, const char *p, size_t n)
{
	return w->text[0] == *p && strlen(w->text) == n && memcmp(w->text, p, n) == 0;
}

const struct date_word *
date_numeral_suffix(const char *p, size_t n)
{
	for (size_t i = 0; i < COUNT(numeral_suffixes); i++)
		if (is_word(&numeral_suffixes[i], p, n))
			return &numeral_suffixes[i];
	return NULL;
}

static bool
may_follow(const struct date_word *stem, const struct date_word *suffix)
{
	return stem->kind == W_NOUN || (stem->kind == W_MONTH && suffix->value != NOUNS_ONLY);
}

bool
date_word_inflected(const char *p, size_t n, const struct date_word **ret_stem,
	const struct date_word **ret_suffix)
{
	for (size_t i = 0; i < COUNT(word_suffixes); i++) {
		const struct date_word *suffix = &word_suffixes[i];
		size_t len = strlen(suffix->text);
		if (len >= n || memcmp(p + n - len, suffix->text, len) != 0)
			continue;
		const struct date_word *w;
		for (size_t k = 0; (w = date_word_nth(k)); k++)
			if (is_word(w, p, n - len) && may_follow(w, suffix)) {
				*ret_stem = w;
				*ret_suffix = suffix;
				return true;
			}
	}
	return false;
}

/* Latin letters outside ASCII that dates are written with, capitals too. */
static const struct {
	uint16_t from, to;
} folds[] = {
	{0x00c7, 'c'}, {0x00e7, 'c'},                            /* ç */
	{0x00d6, 'o'}, {0x00f6, 'o'}, {0x00dc, 'u'}, {0x00fc, 'u'},
	{0x00c2, 'a'}, {0x00e2, 'a'}, {0x0100, 'a'}, {0x0101, 'a'},   /* â ā: transliteration */
	{0x00ce, 'i'}, {0x00ee, 'i'}, {0x012a, 'i'}, {0x012b, 'i'},   /* î ī */
	{0x011e, 'g'}, {0x011f, 'g'}, {0x0130, 'i'}, {0x0131, 'i'},   /* ğ İ ı */
	{0x015e, 's'}, {0x015f, 's'}, {0x0218, 's'}, {0x0219, 's'},   /* ş; Romanian ș */
	{0x0160, 's'}, {0x0161, 's'},                            /* š: transliteration */
	{0x018f, 'e'}, {0x0259, 'e'},                            /* ə */
	{0x01dd, 'e'}, {0x04d8, 'e'}, {0x04d9, 'e'},             /* its look-alikes ǝ ә */
	{0x00c4, 'e'}, {0x00e4, 'e'},                            /* ä, as ə once was written */
	/* Arabic: yeh, alef maksura, yeh with hamza; kaf; alef with madda or hamza; waw
	 * with hamza; heh with hamza, teh marbuta, heh goal, ae. */
	{0x064a, 0x06cc}, {0x0649, 0x06cc}, {0x0626, 0x06cc}, {0x06d0, 0x06cc},
	{0x0643, 0x06a9}, {0x0622, 0x0627}, {0x0623, 0x0627}, {0x0625, 0x0627},
	{0x0624, 0x0648}, {0x06c6, 0x0648}, {0x06c7, 0x0648},
	{0x06c0, 0x0647}, {0x06c1, 0x0647}, {0x0629, 0x0647}, {0x06d5, 0x0647},
	{0x06cd, 0x06cc}, {0x06ab, 0x06af},                      /* Pashto ۍ ګ */
	/* Cyrillic: ё, and the capitals of Azerbaijani ғ ҝ ө ү һ ҹ ј. */
	{0x0401, 0x0435}, {0x0451, 0x0435}, {0x0492, 0x0493}, {0x049c, 0x049d}, {0x04e8, 0x04e9},
	{0x04ae, 0x04af}, {0x04ba, 0x04bb}, {0x04b8, 0x04b9}, {0x0408, 0x0458},
	/* Spaces; punctuation by its ASCII fellow. */
	{0x00a0, ' '}, {0x202f, ' '}, {0x2009, ' '}, {0x2007, ' '}, {'\t', ' '}, {'\n', ' '},
	{'\r', ' '},
	{0x060c, ','}, {0x061f, '?'}, {0x2044, '/'}, {0x2215, '/'}, {0xff0f, '/'},
	{0x2010, '-'}, {0x2011, '-'}, {0x2212, '-'}, {0x2012, DATE_DASH}, {0x2013, DATE_DASH},
	{0x2014, DATE_DASH}, {0x2015, DATE_DASH}, {0x2018, '\''}, {0x2019, '\''},
	{0x02bc, '\''}, {0x02bb, '\''}, {0x02bf, '\''}, {0x0060, '\''},
	{0x223c, '~'}, {0x2248, '~'},
};

/* Combining marks, tatweel, zero-width letters and bidi controls say nothing. */
static bool
is_dropped(uint32_t cp)
{
	return (cp >= 0x0300 && cp <= 0x036f) || (cp >= 0x064b && cp <= 0x065f)
		|| cp == 0x0670 || cp == 0x0640 || (cp >= 0x200b && cp <= 0x200f)
		|| (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2060 && cp <= 0x2069)
		|| cp == 0x061c || cp == 0xfeff || cp == 0x00ad;
}

uint32_t
date_fold(uint32_t cp)
{
	if (cp >= 'A' && cp <= 'Z')
		return cp + 32;
	if (cp > ' ' && cp < 0x7f)
		return cp;
	if (is_dropped(cp))
		return 0;
	if (cp >= 0x0410 && cp <= 0x042f)        /* Cyrillic capitals */
		return cp + 0x20;
	if (cp >= 0x0660 && cp <= 0x0669)        /* Arabic-Indic */
		return cp - 0x0660 + '0';
	if (cp >= 0x06f0 && cp <= 0x06f9)        /* Persian */
		return cp - 0x06f0 + '0';
	if (cp >= 0xff10 && cp <= 0xff19)        /* full-width */
		return cp - 0xff10 + '0';
	for (size_t i = 0; i < COUNT(folds); i++)
		if (folds[i].from == cp)
			return folds[i].to;
	return cp;
}

const char *
date_month_name(enum lang l, enum calendar c, int month)
{
	static const char *const gregorian[LANG_COUNT][12] = {
		[LANG_EN] = {"January", "February", "March", "April", "May", "June", "July",
			"August", "September", "October", "November", "December"},
		[LANG_FA] = {"ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن", "ژوئیه", "اوت",
			"سپتامبر", "اکتبر", "نوامبر", "دسامبر"},
		[LANG_AZ] = {"yanvar", "fevral", "mart", "aprel", "may", "iyun", "iyul",
			"avqust", "sentyabr", "oktyabr", "noyabr", "dekabr"},
		[LANG_AZB] = {"یانوار", "فئورال", "مارت", "آپرئل", "مای", "ایون", "ایول",
			"آوقوست", "سئنتیابر", "اوکتیابر", "نویابر", "دئکابر"},
	};
	/* The Azerbaijani press of Iran writes these with capitals, as foreign names. */
	static const char *const hijri[LANG_COUNT][12] = {
		[LANG_EN] = {"Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar",
			"Mehr", "Aban", "Azar", "Dey", "Bahman", "Esfand"},
		[LANG_FA] = {"فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر",
			"آبان", "آذر", "دی", "بهمن", "اسفند"},
		[LANG_AZ] = {"Fərvərdin", "Ordibeheşt", "Xordad", "Tir", "Mordad", "Şəhrivər",
			"Mehr", "Aban", "Azər", "Dey", "Bəhmən", "İsfənd"},
		[LANG_AZB] = {"فروردین", "اوردیبهشت", "خورداد", "تیر", "مورداد", "شهریور", "مهر",
			"آبان", "آذر", "دی", "بهمن", "اسفند"},
	};

	invariant(month >= 1 && month <= 12 && l < LANG_COUNT);
	return c == CAL_GREGORIAN ? gregorian[l][month - 1] : hijri[l][month - 1];
}
