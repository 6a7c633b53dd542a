/*
 * What lists say besides names: charges, causes of death as authorities state
 * them, words of sentences, months, notes.  In three languages.
 */
#include "gen_int.h"

/* The article is that of Book Five of the Islamic Penal Code usually cited. */
const struct charge charges[] = {
	{{{"dövlət əleyhinə təbliğat|rejim əleyhinə təbliğat",
	   "تبلیغ علیه نظام|فعالیت تبلیغی علیه نظام",
	   "propaganda against the state|propaganda against the system"}, 90, 90}, 500},
	{{{"milli təhlükəsizlik əleyhinə toplanma və əlbirlik|toplanma və əlbirlik",
	   "اجتماع و تبانی علیه امنیت کشور|اجتماع و تبانی",
	   "assembly and collusion against national security|assembly and collusion"},
	  70, 80}, 610},
	{{{"rəhbərin təhqiri", "توهین به رهبری", "insulting the leader"}, 24, 40}, 514},
	{{{"müxalif qrupa üzvlük", "عضویت در گروه_های مخالف نظام",
	   "membership in an opposition group|membership of an opposition group"}, 34, 34}, 499},
	{{{"qanunsuz qrup yaratmaq", "تشکیل گروه غیرقانونی",
	   "forming an illegal group"}, 16, 16}, 498},
	{{{"ictimai asayişin pozulması|ictimai asayişi pozmaq",
	   "اخلال در نظم عمومی", "disturbing public order"}, 40, 50}, 618},
	{{{"yalan məlumat yaymaq", "نشر اکاذیب", "spreading falsehoods|spreading lies"},
	  20, 30}, 698},
	{{{"vəzifəli şəxslərin təhqiri", "توهین به مقامات", "insulting officials"}, 8, 10}, 609},
	{{{"məmura müqavimət", "تمرد نسبت به مأمورین|تمرد از دستور پلیس",
	   "resisting officers"}, 10, 12}, 607},
	{{{"milli təhlükəsizlik əleyhinə fəaliyyət", "اقدام علیه امنیت ملی",
	   "acting against national security|acts against national security"}, 40, 50}, 0},
	{{{"icazəsiz yığıncaqda iştirak", "شرکت در تجمع غیرقانونی",
	   "taking part in an unlawful gathering|participation in an unlawful assembly"},
	  30, 34}, 0},
};
const size_t charges_n = sizeof charges / sizeof charges[0];

const struct name causes[] = {
	{{"infarkt|ürək tutması", "سکته قلبی|ایست قلبی", "heart attack|cardiac arrest"}, 40, 40},
	{{"intihar", "خودکشی", "suicide"}, 24, 24},
	{{"xəstəlik", "بیماری", "illness"}, 24, 24},
	{{"hündürlükdən yıxılma", "سقوط از ارتفاع", "fall from a height"}, 8, 8},
	{{"dərman zəhərlənməsi", "مسمومیت دارویی", "drug poisoning"}, 10, 10},
	{{"böyrək çatışmazlığı", "نارسایی کلیه", "kidney failure"}, 8, 8},
};
const size_t causes_n = sizeof causes / sizeof causes[0];

/* Where a list has it from. */
const struct name sources[] = {
	{{"ailəsi ilə danışıq", "به گفته خانواده", "family, by phone"}, 30, 30},
	{{"vəkili", "به گفته وکیل", "lawyer"}, 14, 14},
	{{"keçmiş məhbus", "به گفته هم_بندی سابق", "former cellmate"}, 12, 12},
	{{"yerli mənbə", "منبع محلی", "local source"}, 12, 12},
	{{"məhkəmə sənədi", "بر اساس دادنامه", "court document seen"}, 5, 5},
	{{"mətbuat xəbəri", "خبر رسانه_ها", "media report"}, 10, 10},
};
const size_t sources_n = sizeof sources / sizeof sources[0];

const char *const months_en[12] = {"January", "February", "March", "April", "May", "June",
	"July", "August", "September", "October", "November", "December"};
const char *const months_az[12] = {"yanvar", "fevral", "mart", "aprel", "may", "iyun",
	"iyul", "avqust", "sentyabr", "oktyabr", "noyabr", "dekabr"};
const char *const months_sh_fa[12] = {"فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد",
	"شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"};
const char *const months_sh_az[12] = {"Fərvərdin", "Ordibeheşt", "Xordad", "Tir", "Mordad",
	"Şəhrivər", "Mehr", "Aban", "Azər", "Dey", "Bəhmən", "Əsfənd"};
