/* People's spellings of common names, in nine languages and three scripts: each row
 * must meet in a key and sound alike; and names that must not be taken for another. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "reconcile/reconcile_int.h"

enum { MEMORY = 64 << 20, SPELLINGS = 12 };
static const double ALIKE = 0.7;

/* Persian, Azerbaijani (Latin, Cyrillic, Arabic script), Russian, Turkish, English,
 * Arabic, Kurdish, Tajik, as far as the name is theirs. */
static const char *const same[][SPELLINGS] = {
	/* given names of men */
	{"محمد", "Məhəmməd", "Мәһәммәд", "Мухаммед", "Muhammed", "Mohammad", "مُحَمَّد", "Mihemed", "Муҳаммад", "Mohamed"},
	{"احمد", "Əhməd", "Әһмәд", "Ахмед", "Ahmet", "Ahmad", "أحمد", "Ehmed", "Аҳмад", "ئەحمەد"},
	{"محمود", "Mahmud", "Маһмуд", "Махмуд", "Mahmut", "Mahmoud", "Mahmood", "Маҳмуд"},
	{"علی", "Əli", "Әли", "Али", "Ali", "Aly", "علي", "Elî", "Алӣ"},
	{"حسین", "Hüseyn", "Һүсејн", "Гусейн", "Hüseyin", "Hossein", "حسين", "Husên", "Ҳусейн", "Hussein", "Hosein"},
	{"حسن", "Həsən", "Һәсән", "Гасан", "Hasan", "Hassan", "Hesen", "Ҳасан", "Хасан"},
	{"رضا", "Rza", "Рза", "Реза", "Rıza", "Reza", "Ризо"},
	{"عباس", "Abbas", "Аббас", "عبّاس", "Abbass", "Аббос"},
	{"جعفر", "Cəfər", "Ҹәфәр", "Джафар", "Cafer", "Jafar", "Djafar", "Ҷаъфар", "Ja'far"},
	{"جواد", "Cavad", "Ҹавад", "Джавад", "Javad", "Jawad", "Ҷавод"},
	{"صادق", "Sadiq", "Садиг", "Садык", "Sadık", "Sadegh", "Sadegh", "Содиқ"},
	{"قاسم", "Qasım", "Гасым", "Касим", "Kasım", "Ghasem", "Qasem", "Қосим", "Qassim"},
	{"کاظم", "Kazım", "Казым", "Казим", "Kazem", "كاظم", "Kadhim", "Козим"},
	{"مهدی", "Mehdi", "Меһди", "Мехди", "Mahdi", "مهدي", "Маҳдӣ"},
	{"ابراهیم", "İbrahim", "Ибраһим", "Ибрагим", "Ibrahim", "Ebrahim", "إبراهيم", "Иброҳим", "ibrahîm"},
	{"اسماعیل", "İsmayıl", "Исмајыл", "Исмаил", "İsmail", "Esmail", "إسماعيل", "Исмоил"},
	{"یوسف", "Yusif", "Јусиф", "Юсиф", "Yusuf", "Yousef", "يوسف", "Yûsif", "Юсуф", "Youssef"},
	{"یعقوب", "Yaqub", "Јагуб", "Ягуб", "Yakup", "Yaghoub", "يعقوب", "Яъқуб", "Yaqoob"},
	{"موسی", "Musa", "Муса", "Mousa", "موسى", "Мӯсо", "Moosa"},
	{"عیسی", "İsa", "Иса", "Isa", "عيسى", "Исо"},
	{"داود", "Davud", "Давуд", "Davut", "Davoud", "داوود", "Dawood", "Довуд"},
	{"سلیمان", "Süleyman", "Сүлејман", "Сулейман", "Soleyman", "سليمان", "Silêman", "Сулаймон", "Suleiman"},
	{"یحیی", "Yəhya", "Јәһја", "Яхья", "Yahya", "يحيى", "Яҳё"},
	{"عثمان", "Osman", "Осман", "Othman", "Uthman", "Усмон", "Osman"},
	{"عمر", "Ömər", "Өмәр", "Омар", "Ömer", "Omar", "Umar", "Умар"},
	{"خالد", "Xalid", "Халид", "Khaled", "Khalid", "Холид"},
	{"خلیل", "Xəlil", "Хәлил", "Халил", "Khalil", "خليل", "Xelîl", "Халил"},
	{"حمید", "Həmid", "Һәмид", "Гамид", "Hamit", "Hamid", "حميد", "Ҳамид"},
	{"مجید", "Məcid", "Мәҹид", "Меджид", "Majid", "مجيد", "Маҷид"},
	{"سعید", "Səid", "Сәид", "Саид", "Sait", "Saeed", "سعيد", "Saied", "Said"},
	{"رشید", "Rəşid", "Рәшид", "Рашид", "Reşit", "Rashid", "رشيد", "Reşîd", "Rachid"},
	{"کریم", "Kərim", "Кәрим", "Керим", "Kerim", "Karim", "كريم", "Карим", "Kareem"},
	{"رحیم", "Rəhim", "Рәһим", "Рагим", "Rahim", "رحيم", "Раҳим"},
	{"عزیز", "Əziz", "Әзиз", "Азиз", "Aziz", "عزيز"},
	{"نصیر", "Nəsir", "Насир", "Nasir", "نصير"},
	{"اکبر", "Əkbər", "Әкбәр", "Акбар", "Ekber", "Akbar", "أكبر"},
	{"اصغر", "Əsgər", "Әсҝәр", "Аскер", "Asghar", "Asgar", "أصغر"},
	{"حیدر", "Heydər", "Һејдәр", "Гейдар", "Haydar", "Heidar", "حيدر", "Ҳайдар", "Haider"},
	{"منصور", "Mənsur", "Мансур", "Mansur", "Mansour", "Mansoor", "Мансур"},
	{"مسعود", "Məsud", "Масуд", "Mesut", "Masoud", "Massoud"},
	{"نادر", "Nadir", "Надир", "Nader", "Нодир"},
	{"طاهر", "Tahir", "Таһир", "Тахир", "Taher", "Тоҳир"},
	{"طارق", "Tariq", "Тариг", "Тарик", "Tarık", "Tarek", "Tareq"},
	{"جمال", "Camal", "Ҹамал", "Джамал", "Cemal", "Jamal", "Gamal", "Djamal", "Ҷамол"},
	{"جلال", "Cəlal", "Ҹәлал", "Джалал", "Celal", "Jalal", "Ҷалол"},
	{"جمشید", "Cəmşid", "Джамшид", "Cemşit", "Jamshid", "Ҷамшед"},
	{"خسرو", "Xosrov", "Хосров", "Khosrow", "Khosro", "Хусрав"},
	{"فرهاد", "Fərhad", "Фәрһад", "Фархад", "Ferhat", "Farhad", "Ferhad", "Фарҳод"},
	{"رستم", "Rüstəm", "Рүстәм", "Рустам", "Rüstem", "Rostam", "Рустам"},
	{"سهراب", "Söhrab", "Сохраб", "Sohrab", "Суҳроб"},
	{"بهروز", "Behruz", "Бәһруз", "Бехруз", "Behrouz", "Behrooz", "Беҳрӯз"},
	{"شاپور", "Şapur", "Шапур", "Shapour", "Shahpour", "Шопур"},
	{"چنگیز", "Çingiz", "Чинҝиз", "Чингиз", "Cengiz", "Changiz", "Chingiz"},
	{"ایلدار", "Eldar", "Елдар", "Эльдар", "Ildar"},
	{"آراز", "Araz", "Араз", "Arāz"},
	{"گیو", "Giv", "Гив", "Geev"},
	{"عبدالله", "Abdulla", "Абдулла", "Abdullah", "Abdollah", "عبد الله", "Abdallah", "Əbdüllah"},
	{"عبدالرحمن", "Əbdürrəhman", "Абдуррахман", "Abdurrahman", "Abdolrahman", "عبد الرحمن", "Abdul Rahman", "Abdelrahman", "Абдураҳмон", "Abd ar-Rahman"},
	{"عبدالکریم", "Əbdülkərim", "Абдулкерим", "Abdülkerim", "Abdolkarim", "عبد الكريم", "Abdul Karim", "Abdelkarim", "Абдулкарим", "Abd al-Karim"},
	{"عبدالرشید", "Abdürreşit", "Abdolrashid", "Abd ar-Rashid", "عبد الرشيد", "Абдуррашид", "Abdulrasheed", "Abdur Rashid"},
	{"عبدالعزیز", "Əbdüləziz", "Abdolaziz", "Abdulaziz", "Abdel Aziz", "عبد العزيز", "Абдулазиз"},
	{"عبدالقادر", "Əbdülqadir", "Абдулкадир", "Abdülkadir", "Abdolghader", "Abdelkader", "عبد القادر", "Abdul Qadir"},
	{"ابوالفضل", "Abolfazl", "Abulfazl", "Abu al-Fazl", "Abu'l-Fazl", "أبو الفضل", "Абульфазл", "Əbülfəzl"},
	{"ابوالحسن", "Abolhasan", "Abu al-Hasan", "Əbülhəsən", "أبو الحسن", "Абульгасан", "Abul Hassan"},
	{"ابوبکر", "Əbubəkr", "Abu Bakr", "أبو بكر", "Абубакр", "Abubakar", "Ebubekir"},
	{"اسدالله", "Əsədullah", "Асадулла", "Asadollah", "Esedullah", "أسد الله", "Asad Ullah"},
	{"نصرالله", "Nəsrulla", "Насрулла", "Nasrollah", "Nasrullah", "نصر الله"},
	{"نعمت‌الله", "Nemətulla", "Ниматулла", "Nematollah", "Nimatullah", "نعمة الله", "Неъматулло"},
	{"شمس‌الدین", "Şəmsəddin", "Шамсаддин", "Şemsettin", "Shamsoddin", "Shams al-Din", "شمس الدين", "Shamsuddin", "Шамсиддин"},
	{"نورالدین", "Nurəddin", "Нураддин", "Nurettin", "Nooroddin", "نور الدين", "Nur ad-Din", "Nureddin", "نورلدین"},
	{"علیرضا", "Əlirza", "Алирза", "Alireza", "Ali Reza", "علی‌رضا", "Ali-Reza"},
	{"محمدعلی", "Məhəmmədəli", "Мамедали", "Mohammad Ali", "Mohammadali", "محمد علي", "Muhammad Ali"},
	{"محمدرضا", "Məhəmmədrza", "Мухаммадреза", "Mohammadreza", "Mohammad-Reza", "محمد رضا"},
	{"غلامحسین", "Qulamhüseyn", "Гуламгусейн", "Gholamhossein", "Gholam Hossein", "غلام‌حسین"},
	{"میرحسین", "Mirhüseyn", "Миргусейн", "Mir Hossein", "Mirhossein"},
	{"شاه‌رخ", "Şahrux", "Шахрух", "Shahrokh", "Shah Rokh", "Шоҳрух"},
	{"ایلهام", "İlham", "Илһам", "Ильхам", "Ilham", "الهام"},
	{"مراد", "Murad", "Мурад", "Murat", "Morad", "Mourad", "Мурод"},
	{"نوروز", "Novruz", "Новруз", "Nevruz", "Nowruz", "Norouz", "Наврӯз"},
	{"گودرز", "Goudarz", "Гударз", "Gudarz"},
	{"کاوه", "Kavə", "Каве", "Kaveh", "Kawa"},
	{"ئاراس", "Aras", "آراس", "Арас"},
	{"دلشاد", "Dilşad", "دڵشاد", "Delshad", "Дилшод"},
	{"بختیار", "Bəxtiyar", "Бәхтијар", "Бахтияр", "Bakhtiar", "Bextiyar", "Бахтиёр"},
	/* of women */
	{"فاطمه", "Fatimə", "Фатима", "Fatıma", "Fatemeh", "فاطمة", "Fatima", "Фотима"},
	{"زهرا", "Zəhra", "Зәһра", "Захра", "Zehra", "Zahra", "زهراء", "Заҳро"},
	{"مریم", "Məryəm", "Мәрјәм", "Марьям", "Meryem", "Maryam", "مريم", "Meryem", "Марям"},
	{"زینب", "Zeynəb", "Зејнәб", "Зейнаб", "Zeynep", "Zeinab", "زينب", "Zaynab", "Зайнаб"},
	{"خدیجه", "Xədicə", "Хәдиҹә", "Хадиджа", "Khadijeh", "خديجة", "Khadija", "Хадича"},
	{"عایشه", "Ayişə", "Айше", "Ayşe", "عائشة", "Aisha", "Оиша"},
	{"لیلا", "Leyla", "Лејла", "Лейла", "Leila", "ليلى", "Layla", "Лайло"},
	{"پروین", "Pərvin", "Пәрвин", "Парвин", "Parvin", "Parveen", "Парвин"},
	{"نسرین", "Nəsrin", "Насрин", "Nesrin", "Nasrin", "نسرين", "Nasreen"},
	{"شیرین", "Şirin", "Ширин", "Shirin", "شيرين", "Chirine", "Shireen"},
	{"نرگس", "Наргис", "Nergis", "Narges", "Nargess"},
	{"گلناز", "Gülnaz", "Ҝүлназ", "Гюльназ", "Golnaz", "Gulnaz"},
	{"سکینه", "Səkinə", "Сакина", "Sakine", "Sakineh", "سكينة"},
	{"صدیقه", "Sədiqə", "Садига", "Sıdıka", "Sedigheh", "صديقة", "Seddigheh"},
	{"طاهره", "Tahirə", "Таһирә", "Тахира", "Tahereh", "طاهرة", "Tahira"},
	{"مهناز", "Məhnaz", "Махназ", "Mahnaz", "Маҳноз"},
	{"سیمین", "Simin", "Симин", "Simeen"},
	{"ژاله", "Jalə", "Жалә", "Жале", "Jale", "Zhaleh", "Jaleh", "Жола"},
	{"منیژه", "Manijə", "Манижа", "Manijeh", "Manizheh", "Манижа"},
	{"نازنین", "Nazənin", "Назанин", "Nazanin", "Nazaneen"},
	{"آیدا", "Ayda", "Айда", "Aida"},
	{"سودا", "Sevda", "Севда", "Sevdâ"},
	{"آیناز", "Aynaz", "Айназ", "Ainaz"},
	{"روژین", "Rojîn", "Rojin", "Rozhin", "Рожин"},
	/* family names */
	{"حسینی", "Hüseyni", "Гусейни", "Hosseini", "Hoseini", "حسيني", "Husseini", "Ҳусейнӣ"},
	{"احمدی", "Əhmədi", "Ахмади", "Ahmadi", "أحمدي"},
	{"محمدی", "Məhəmmədi", "Мохаммади", "Mohammadi", "Mohamadi"},
	{"علی‌اف", "Əliyev", "Әлијев", "Алиев", "Aliyev", "Aliev", "Alijew", "علی اف", "Алиев"},
	{"محمداف", "Məmmədov", "Мәммәдов", "Мамедов", "Mammadov", "Mamedov", "Mammadow"},
	{"حسن‌اف", "Həsənov", "Һәсәнов", "Гасанов", "Hasanov", "Gasanov", "Hassanov"},
	{"حسین‌اف", "Hüseynov", "Һүсејнов", "Гусейнов", "Huseynov", "Guseinov", "Husseinov"},
	{"احمداوا", "Əhmədova", "Әһмәдова", "Ахмедова", "Ahmadova", "Akhmedova", "Ahmedowa"},
	{"قاسم‌زاده", "Qasımzadə", "Гасымзадә", "Гасымзаде", "Ghasemzadeh", "Qasimzada", "Қосимзода", "Ghasem Zadeh"},
	{"تقی‌زاده", "Tağızadə", "Тағызадә", "Тагизаде", "Taghizadeh", "Tagizade"},
	{"مهدی‌پور", "Mehdipur", "Мехдипур", "Mehdipour", "Mahdipoor", "Mehdi Pour"},
	{"احمدی‌نژاد", "Əhmədinejad", "Ахмадинежад", "Ahmadinejad", "Ahmadinezhad", "Ahmadi Nejad", "أحمدي نجاد"},
	{"اصفهانی", "İsfahani", "Исфахани", "Esfahani", "Isfahani", "اصفهاني"},
	{"تبریزی", "Təbrizi", "Тебризи", "Tabrizi", "تبريزي"},
	{"قره‌باغی", "Qarabaği", "Карабаги", "Gharabaghi", "Qarabaghi", "قره باغی"},
	{"خواجه", "Xacə", "Ходжа", "Khajeh", "Khwaja", "Khaje"},
	{"خوانساری", "Xansari", "Хансари", "Khansari", "Khwansari"},
	{"رحیمی", "Rəhimi", "Рахими", "Rahimi", "رحيمي", "Раҳимӣ"},
	{"موسوی", "Musəvi", "Мусави", "Mousavi", "Moosavi", "موسوي"},
	{"صفوی", "Səfəvi", "Сефеви", "Safavi", "صفوي"},
	{"السید", "El Sayed", "Al-Sayed", "As-Sayed", "السيد", "Al Sayyid"},
	{"الرشید", "Al-Rashid", "Ar-Rashid", "الرشيد", "Al Rasheed", "Rashid"},
	{"الشریف", "Al-Sharif", "Ash-Sharif", "الشريف", "Sharif", "El Cherif"},
	{"النجار", "Al-Najjar", "An-Najjar", "El Naggar", "Najjar", "النجّار"},
	{"رسولزاده", "Rəsulzadə", "Расулзаде", "Resulzade", "Rasulzadeh", "Rasoulzadeh"},
	{"اسکندراوغلو", "İskəndəroğlu", "Искандероглу", "Iskandaroglu", "Eskandaroghlu"},
	{"کلانتری", "Kələntəri", "Калантари", "Kalantari", "Kalantary"},
	{"ذوالفقاری", "Zülfüqari", "Зульфугари", "Zolfaghari", "Zulfiqari", "ذو الفقاري"},
	{"بهشتی", "Behişti", "Бехешти", "Beheshti", "Behechti", "بهشتي"},
	{"شریعتی", "Şəriəti", "Шариати", "Shariati", "Chariati", "شريعتي"},
};

/* Different names, with the most they may be alike. */
static const struct {
	const char *a, *b;
	double most;
} different[] = {
	{"Hasan", "Hossein", 0.85}, {"حسن", "حسین", 0.85}, {"Həsən", "Hüseyn", 0.85},
	{"Гасан", "Гусейн", 0.85}, {"Ali", "Vali", 0.85}, {"علی", "ولی", 0.85},
	{"Əli", "Vəli", 0.85}, {"Maryam", "Marjan", 0.85}, {"مریم", "مرجان", 0.8},
	{"Zahra", "Zohreh", 0.85}, {"زهرا", "زهره", 0.9}, {"Mohammad", "Mahmoud", 0.85},
	{"محمد", "محمود", 0.85}, {"Ahmad", "Hamed", 0.85}, {"احمد", "حامد", 0.85},
	{"Karim", "Rahim", 0.8}, {"Kerim", "Ekrem", 0.85},
	{"Jafar", "Javad", 0.8}, {"Amir", "Omar", 0.85}, {"Amin", "Iman", 0.85},
	{"Nasrin", "Nasim", 0.85}, {"Parvin", "Parviz", 0.87}, {"پروین", "پرویز", 0.87},
	{"Reza", "Rasul", 0.6}, {"Babak", "Behrouz", 0.6}, {"Saeed", "Sajjad", 0.8},
	{"Fatemeh", "Fahimeh", 0.85}, {"Mehdi", "Mahmud", 0.8}, {"Yusif", "Yasin", 0.8},
	{"Sohrab", "Mehrab", 0.8}, {"Farhad", "Farid", 0.85}, {"Shirin", "Shahin", 0.85},
	{"Leyla", "Ali", 0.8}, {"Leyla", "Laleh", 0.85}, {"Murad", "Mordad", 0.9},
	{"Rahimi", "Rahmani", 0.87}, {"Karimi", "Kermani", 0.85}, {"Hosseini", "Hasani", 0.85},
	{"Aliyev", "Valiyev", 0.9}, {"Алиев", "Велиев", 0.9}, {"Əliyev", "Əhmədov", 0.6},
	{"Mammadov", "Mahmudov", 0.87}, {"Hasanov", "Huseynov", 0.85}, {"Tabrizi", "Shirazi", 0.7},
	{"Javadi", "Jafari", 0.8}, {"Sadeghi", "Sarafi", 0.7}, {"Najafi", "Nabavi", 0.75},
	{"Zeynab", "Zahra", 0.75}, {"Abdollah", "Asadollah", 0.85}, {"Abdollah", "Abdolali", 0.9},
	/* across scripts, where only a long vowel or the ending tells */
	{"زهرا", "Zöhrə", 0.9}, {"زهره", "Zahra", 0.96}, {"زهرا", "Зөһрә", 0.9},
	{"حمید", "Hamed", 0.95}, {"حامد", "Hamid", 0.95}, {"کمال", "Kamel", 0.9},
	{"جمال", "Jamil", 0.92}, {"رحیم", "Rahman", 0.85}, {"سعید", "Sadi", 0.9},
	{"قدیر", "غدیر", 0.99}, {"ثمر", "سمر", 0.99},
};

/* Different names that share no key either. */
static const char *const apart[][2] = {
	{"Ali", "Reza"}, {"Maryam", "Marjan"}, {"مریم", "مرجان"}, {"Karim", "Rahim"},
	{"Jafar", "Javad"}, {"Parvin", "Parviz"}, {"Hosseini", "Ahmadi"}, {"Ali", "Leyla"},
	{"علی", "لیلا"}, {"Nasrin", "Nasim"}, {"Zahra", "Zeynab"}, {"Fatemeh", "Fahimeh"},
	{"Babak", "Behrouz"}, {"Əliyev", "Əli"}, {"Гасанов", "Гасан"}, {"Reza", "Rasul"},
	{"Mohammad", "Mohammadi Nejad"}, {"Qasım", "Qasımzadə"}, {"Tabrizi", "Shirazi"},
};

static struct match_name
name(struct arena *a, const char *s)
{
	return match_name_of(a, str_of(s));
}

static bool
row_holds(struct arena *a, const char *const *row, size_t i, size_t j)
{
	struct match_name x = name(a, row[i]), y = name(a, row[j]);
	bool meet = keys_meet(x.keys, x.n_keys, y.keys, y.n_keys);
	double s = match_name_similarity(&x, &y);

	if (!meet || s < ALIKE)
		print_message("%s %s: %s, %.2f\n", row[i], row[j], meet ? "a key" : "no key", s);
	return meet && s >= ALIKE;
}

static void
spellings_of_one_name_share_a_key_and_sound_alike(void **state)
{
	struct arena *a = arena_create(MEMORY);
	size_t wrong = 0;

	for (size_t r = 0; r < sizeof same / sizeof *same; r++)
		for (size_t i = 0; i < SPELLINGS && same[r][i]; i++)
			for (size_t j = i + 1; j < SPELLINGS && same[r][j]; j++)
				wrong += !row_holds(a, same[r], i, j);
	assert_int_equal(wrong, 0);
	arena_destroy(a);
	(void)state;
}

static void
different_names_are_not_too_alike(void **state)
{
	struct arena *a = arena_create(MEMORY);
	size_t wrong = 0;

	for (size_t r = 0; r < sizeof different / sizeof *different; r++) {
		struct match_name x = name(a, different[r].a), y = name(a, different[r].b);
		double s = match_name_similarity(&x, &y);
		if (s > different[r].most) {
			print_message("%s %s: %.2f\n", different[r].a, different[r].b, s);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
	arena_destroy(a);
	(void)state;
}

static void
names_that_are_apart_share_no_key(void **state)
{
	struct arena *a = arena_create(MEMORY);
	size_t wrong = 0;

	for (size_t r = 0; r < sizeof apart / sizeof *apart; r++) {
		struct match_name x = name(a, apart[r][0]), y = name(a, apart[r][1]);
		if (keys_meet(x.keys, x.n_keys, y.keys, y.n_keys)) {
			print_message("%s %s meet\n", apart[r][0], apart[r][1]);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
	arena_destroy(a);
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spellings_of_one_name_share_a_key_and_sound_alike),
		cmocka_unit_test(different_names_are_not_too_alike),
		cmocka_unit_test(names_that_are_apart_share_no_key),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
