#include "sample.h"


/* What differs by language. */
struct words {
	const char *title, *mark, *body, *verify, *footer, *annex, *columns[6];
	const char *letterhead[3], *dateline[2], *addressee[4], *adopted[3], *notes[2];
};

static const struct words words[LANG_COUNT] = {
	[LANG_EN] = {
		.title = "Request for the temporary release of prisoners at risk from the epidemic",
		.letterhead = {"Northern Families’ Association",
			"Şimal Hüquq Platforması", "انجمن مدافعان زندانیان"},
		.dateline = {"Reference HB/2020/17", "Baku, 27 March 2020"},
		.addressee = {"The Secretary-General", "United Nations", "760 United Nations Plaza",
			"New York, NY 10017"},
		.body =
"Excellency,\n\n"
"We have the honour to draw your attention to the situation of 60 persons held in six prisons, "
"whose names, places of detention and state of health, as reported to us by their families and "
"lawyers, are listed in the annex to this letter.\n\n"
"## The situation\n\n"
"1. Since 19 February 2020 a contagious respiratory disease has been spreading in the country. "
"The persons listed in the annex are held in wards whose population exceeds their capacity by a "
"factor of between two and three; in at least four wards there is no separate room for the sick.\n\n"
"2. On 2020-03-09 the judiciary announced the temporary release of about 70,000 prisoners. The "
"persons listed in the annex were excluded from that measure, since it was not extended to "
"persons sentenced to more than five years for offences against national security. According to "
"the families the exclusion was applied without an individual decision (telephone of the "
"association: +98 21 5550 1234).\n\n"
"3. Of the 60 persons listed, 17 have an illness that was diagnosed before their arrest. The "
"annex marks every entry that rests on one source only as *unconfirmed*; we publish no illness "
"without the consent of the person or of the family.\n\n"
"## What the rules require\n\n"
"4. Rule 24 of the United Nations Standard Minimum Rules for the Treatment of Prisoners (the "
"Nelson Mandela Rules, General Assembly resolution 70/175, annex) provides that prisoners should "
"enjoy the same standards of health care that are available in the community. Rule 27 provides "
"that all prisons shall ensure prompt access to medical attention in urgent cases.\n\n"
"5. Article 10 of the International Covenant on Civil and Political Rights provides that all "
"persons deprived of their liberty shall be treated with humanity and with respect for the "
"inherent dignity of the human person. We recall in particular:\n\n"
"   - the duty to protect the life of persons in the custody of the State;\n"
"   - the duty to investigate deaths in custody;\n"
"   - the duty to inform families without delay.\n\n"
"## What we ask\n\n"
"6. We ask Your Excellency to request the authorities concerned to release the persons listed in "
"the annex, at least temporarily, for as long as the epidemic lasts, and to publish the number of "
"deaths in each prison.\n\n"
"7. We ask further that the list be brought to the attention of the competent special procedures "
"of the Human Rights Council. Each line of the annex can be verified against the registers that "
"the undersigned organisations keep; the last page says how.\n\n"
"Accept, Excellency, the assurances of our highest consideration.\n",
		.adopted = {"adopted on 25 March 2020 by its council",
			"adopted on 26 March 2020 by its board",
			"adopted on 26 March 2020 by its general meeting"},
		.annex = "Annex 1. Persons whose release is requested",
		.notes = {"Entries marked † rest on one source only and are unconfirmed. Dates are "
			"as reported; a month or a year without a day means that no day was reported.",
			"3 further persons are withheld because their consent does not cover publication."},
		.columns = {"No.", "Name", "Name in other scripts", "Prison", "Arrested", "Record"},
		.footer = "HB/2020/17 · Request for temporary release",
	},
	[LANG_FA] = {
		.title = "درخواست آزادی موقت زندانیانی که در معرض همه‌گیری‌اند",
		.letterhead = {"انجمن مدافعان زندانیان", "Şimal Hüquq Platforması",
			"Northern Families’ Association"},
		.dateline = {"شمارهٔ HB/2020/17", "باکو، ۸ فروردین ۱۳۹۹ / ۲۷ مارس ۲۰۲۰"},
		.addressee = {"دبیرکل", "سازمان ملل متحد", "نیویورک"},
		.body =
"عالی‌جناب،\n\n"
"احتراماً توجه شما را به وضعیت ۶۰ نفر جلب می‌کنیم که در شش زندان نگهداری می‌شوند و نام، محل نگهداری و "
"وضع سلامت آنان، آن‌گونه که خانواده‌ها و وکیلانشان به ما گزارش کرده‌اند، در پیوست این نامه آمده است.\n\n"
"## وضعیت\n\n"
"1. از ۳۰ بهمن ۱۳۹۸ یک بیماری واگیردار تنفسی در کشور گسترش یافته است. افراد نام‌برده در پیوست در بندهایی "
"نگهداری می‌شوند که جمعیتشان دو تا سه برابر ظرفیت است؛ دست‌کم در چهار بند اتاق جداگانه‌ای برای بیماران وجود ندارد.\n\n"
"2. در تاریخ 2020-03-09 قوهٔ قضاییه آزادی موقت حدود ۷۰٬۰۰۰ زندانی را اعلام کرد. افراد نام‌برده در پیوست از این "
"تصمیم کنار گذاشته شدند، زیرا شامل محکومان به بیش از پنج سال حبس به اتهام اقدام علیه امنیت ملی نمی‌شد. به گفتهٔ "
"خانواده‌ها این استثنا بدون تصمیم فردی اعمال شده است (تلفن انجمن: +98 21 5550 1234).\n\n"
"3. از ۶۰ نفر نام‌برده، ۱۷ نفر بیماری‌ای دارند که پیش از بازداشت تشخیص داده شده بود. در پیوست هر سطری که تنها بر "
"یک منبع تکیه دارد *تأییدنشده* خوانده شده است؛ هیچ بیماری‌ای را بدون رضایت خود فرد یا خانواده‌اش منتشر نمی‌کنیم.\n\n"
"## آنچه مقررات می‌خواهد\n\n"
"4. قاعدهٔ ۲۴ مقررات حداقلی سازمان ملل متحد برای رفتار با زندانیان (قواعد نلسون ماندلا، قطعنامهٔ 70/175 مجمع عمومی، "
"پیوست) مقرر می‌دارد که زندانیان باید از همان سطح مراقبت بهداشتی برخوردار باشند که در جامعه در دسترس است.\n\n"
"5. مادهٔ ۱۰ میثاق بین‌المللی حقوق مدنی و سیاسی (ICCPR) مقرر می‌دارد که با همهٔ افرادی که از آزادی محروم شده‌اند باید "
"با انسانیت و احترام به حیثیت ذاتی شخص انسان رفتار شود. به‌ویژه یادآور می‌شویم:\n\n"
"   - وظیفهٔ حفاظت از جان افرادی که در اختیار دولت‌اند؛\n"
"   - وظیفهٔ تحقیق دربارهٔ مرگ در زندان؛\n"
"   - وظیفهٔ آگاه کردن بی‌درنگ خانواده‌ها.\n\n"
"## درخواست ما\n\n"
"6. از آن عالی‌جناب خواستاریم که از مقام‌های مسئول بخواهند افراد نام‌برده در پیوست را، دست‌کم به‌طور موقت و تا پایان "
"همه‌گیری، آزاد کنند و شمار درگذشتگان هر زندان را منتشر سازند.\n\n"
"7. همچنین خواستاریم که این فهرست به آگاهی رویه‌های ویژهٔ شورای حقوق بشر برسد. هر سطر پیوست را می‌توان با دفترهای "
"ثبتی که سازمان‌های امضاکننده نگه می‌دارند سنجید؛ صفحهٔ آخر می‌گوید چگونه.\n\n"
"با احترام فراوان\n",
		.adopted = {"تصویب‌شده در ۶ فروردین ۱۳۹۹ از سوی شورا",
			"تصویب‌شده در ۷ فروردین ۱۳۹۹ از سوی هیئت مدیره",
			"تصویب‌شده در ۷ فروردین ۱۳۹۹ از سوی مجمع عمومی"},
		.annex = "پیوست ۱. افرادی که آزادی آنان درخواست می‌شود",
		.notes = {"سطرهای دارای نشان † تنها بر یک منبع تکیه دارند و تأییدنشده‌اند. تاریخ‌ها همان است که گزارش شده؛ "
			"ماه یا سال بدون روز یعنی روزی گزارش نشده است.",
			"۳ نفر دیگر نیامده‌اند، زیرا رضایتشان انتشار را در بر نمی‌گیرد."},
		.columns = {"ردیف", "نام", "نام به خط‌های دیگر", "زندان", "بازداشت", "سند"},
		.footer = "HB/2020/17 · درخواست آزادی موقت",
	},
	[LANG_AZ] = {
		.title = "Epidemiya təhlükəsi altında olan məhbusların müvəqqəti azad edilməsi haqqında müraciət",
		.letterhead = {"Şimal Hüquq Platforması", "انجمن مدافعان زندانیان",
			"Northern Families’ Association"},
		.dateline = {"Nömrə HB/2020/17", "Bakı, 27 mart 2020-ci il"},
		.addressee = {"Baş katib", "Birləşmiş Millətlər Təşkilatı", "Nyu-York"},
		.body =
"Zati-aliləri,\n\n"
"Ailələrin və vəkillərin bizə verdiyi məlumata əsasən adları, saxlandıqları yerlər və səhhəti bu məktubun "
"əlavəsində göstərilmiş, altı həbsxanada saxlanılan 60 nəfərin vəziyyətinə diqqətinizi cəlb etməkdən şərəf duyuruq.\n\n"
"## Vəziyyət\n\n"
"1. 2020-ci il fevralın 19-dan ölkədə yoluxucu tənəffüs xəstəliyi yayılır. Əlavədə göstərilən şəxslər tutumundan "
"iki-üç dəfə artıq adam saxlanılan bölmələrdədir; ən azı dörd bölmədə xəstələr üçün ayrıca otaq yoxdur.\n\n"
"2. 2020-03-09 tarixində məhkəmə hakimiyyəti təxminən 70.000 məhbusun müvəqqəti azad ediləcəyini elan etdi. Əlavədə "
"göstərilən şəxslər bu tədbirdən kənarda qaldı (əlaqə: +98 21 5550 1234).\n\n"
"3. Göstərilən 60 nəfərdən 17-sinin həbsdən əvvəl müəyyən edilmiş xəstəliyi var. Yalnız bir mənbəyə əsaslanan hər "
"qeyd əlavədə *təsdiqlənməmiş* kimi göstərilir; şəxsin və ya ailəsinin razılığı olmadan heç bir xəstəlik açıqlanmır.\n\n"
"## Xahişimiz\n\n"
"4. Zati-alilərindən xahiş edirik ki, əlavədə göstərilən şəxslərin, heç olmasa, epidemiya bitənədək müvəqqəti azad "
"edilməsini və hər həbsxanada ölənlərin sayının açıqlanmasını müvafiq orqanlardan tələb etsin.\n\n"
"Dərin hörmətlə\n",
		.adopted = {"25 mart 2020-ci ildə Şura tərəfindən qəbul edilib",
			"26 mart 2020-ci ildə İdarə Heyəti tərəfindən qəbul edilib",
			"26 mart 2020-ci ildə Ümumi Yığıncaq tərəfindən qəbul edilib"},
		.annex = "Əlavə 1. Azad edilməsi xahiş olunan şəxslər",
		.notes = {"† işarəli qeydlər yalnız bir mənbəyə əsaslanır və təsdiqlənməyib.",
			"Razılığı dərci əhatə etmədiyi üçün daha 3 nəfər göstərilmir."},
		.columns = {"Sıra", "Ad", "Başqa əlifbalarda", "Həbsxana", "Həbs", "Qeyd"},
		.footer = "HB/2020/17 · Müvəqqəti azad etmə haqqında müraciət",
	},
	[LANG_AZB] = {
		.title = "اپیدمی تهلوکه‌سی آلتیندا اولان محبوسلارین موقت آزاد ائدیلمه‌سی",
		.letterhead = {"شیمال حقوق پلاتفورماسی", "Şimal Hüquq Platforması",
			"Northern Families’ Association"},
		.dateline = {"نؤمره HB/2020/17", "باکی، ۸ فروردین ۱۳۹۹"},
		.addressee = {"باش کاتب", "بیرلشمیش میللتلر تشکیلاتی"},
		.body =
"عالی جناب،\n\n"
"1. عائیله‌لرین و وکیل‌لرین بیزه وئردیگی معلوماتا گؤره آدلاری بو مکتوبون علاوه‌سینده گؤستریلمیش ۶۰ نفرین "
"وضعیتینه دیققتینیزی جلب ائدیریک. تاریخ 2020-03-09، تلفون +98 21 5550 1234.\n\n"
"2. هر حبسخانادا اؤلنلرین سایینین آچیقلانماسینی خواهیش ائدیریک.\n",
		.adopted = {"۶ فروردین ۱۳۹۹", "۷ فروردین ۱۳۹۹", "۷ فروردین ۱۳۹۹"},
		.annex = "علاوه ۱. آزاد ائدیلمه‌سی خواهیش اولونان شخصلر",
		.notes = {"† ایشاره‌لی قیدلر یالنیز بیر منبعه دایانیر."},
		.columns = {"سیرا", "آد", "باشقا الیفبالاردا", "زیندان", "حبس", "قید"},
		.footer = "HB/2020/17",
	},
};

static const char verify[] =
"# How to check this letter\n\n"
"The file of this letter carries its texts, the manifest, the adoptions and their proofs. With "
"habeas, on any computer and without a network:\n\n"
"    habeas verify letter.pdf --trust organisations\n\n"
"Without habeas: take the attached files out (`pdfdetach -saveall letter.pdf`) and check each "
"adoption with minisign against a key that you have from the organisation itself, not from this "
"page:\n\n"
"    minisign -Vm adoption.1.txt -P RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3\n\n"
"The fingerprints of this letter are:\n\n"
"- manifest `9f2c1f0a6c5d3b8e7a4419d2c6b0e5f38d7a16c40b9e2f5d8a3c7b1e6f409d52`\n"
"- text, English `0b1d6e3a9c8f7e5d4c3b2a1908f7e6d5c4b3a29180f7e6d5c4b3a2918070605f`\n"
"- annex 1, root `c4d1e7f0a3b6925814d7e0f3a6b9c2d5e8f1a4b7c0d3e6f9a2b5c8d1e4f7a0b3`\n";

/* Common names, combined by the row: nobody's. */
static const char *const given[][3] = {
	{"Aynur", "آینور", "Айнур"}, {"Rəşid", "رشید", "Рашид"}, {"Səkinə", "سکینه", "Сакина"},
	{"Əlirza", "علیرضا", "Алирза"}, {"Gülnaz", "گلناز", "Гюльназ"}, {"Həbib", "حبیب", "Габиб"},
	{"Məryəm", "مریم", "Марьям"},
};
static const char *const family[][3] = {
	{"Qaradağlı", "قره‌داغلی", "Карадаглы"}, {"Əhmədi", "احمدی", "Ахмеди"},
	{"Xoyski", "خویی", "Хойский"}, {"Muğanlı", "مغانلو", "Муганлы"},
	{"Təbrizi", "تبریزی", "Тебризи"},
};
static const char *const prison[][2] = {
	{"Evin, ward 7", "اوین، بند ۷"}, {"Rajai Shahr", "رجایی‌شهر"},
	{"Tabriz Central Prison, quarantine ward", "زندان مرکزی تبریز، بند قرنطینه"},
	{"Urmia", "ارومیه"},
};

static struct str
cell(struct arena *a, size_t r, size_t col, enum lang l)
{
	const char *const *g = given[r % 7], *const *f = family[r % 5];
	bool rtl = lang_rtl(l);

	switch (col) {
	case 0:
		return text_localise_digits(a, str_fmt(a, "%zu%s", r + 1,
			r % 6 == 4 ? " †" : ""), l);
	case 1:
		return str_fmt(a, "%s %s", g[rtl], f[rtl]);
	case 2:
		/* Each name isolated (U+2068, U+2069), as a caller joins names. */
		return str_fmt(a, "\xe2\x81\xa8%s %s\xe2\x81\xa9; \xe2\x81\xa8%s %s\xe2\x81\xa9%s",
			g[!rtl], f[!rtl], g[2], f[2],
			r % 9 != 2 ? "" : rtl ? "؛ در بند با نام دیگری شناخته می‌شود"
			: "; known in the ward by another name");
	case 3:
		return str_of(prison[r % 4][rtl]);
	case 4:
		return r % 4 == 1 ? str_fmt(a, "2019") : str_fmt(a, "2020-01-%02zu", r % 28 + 1);
	default:
		return str_fmt(a, "%08zx", (r * 2654435761u) & 0xffffffff);
	}
}

static struct typeset_lines
lines(struct arena *a, const char *const *v, size_t most)
{
	struct str *s = NEWS(a, struct str, most);
	size_t n = 0;

	while (n < most && v[n]) {
		s[n] = str_of(v[n]);
		n++;
	}
	return (struct typeset_lines){s, n};
}

struct typeset_doc
sample_letter(struct arena *a, enum lang l, size_t rows)
{
	const struct words *w = &words[l];
	struct typeset_cell *cells = NEWS(a, struct typeset_cell, rows * 6);
	struct typeset_annex *x = NEW(a, struct typeset_annex);
	struct typeset_signatory *who = NEWS(a, struct typeset_signatory, 3);

	for (size_t i = 0; i < rows * 6; i++)
		cells[i] = (struct typeset_cell){cell(a, i / 6, i % 6, l),
			i % 6 == 5 ? TYPESET_CODE : i % 6 == 4 ? TYPESET_LTR : TYPESET_AUTO};
	*x = (struct typeset_annex){.title = str_of(w->annex), .notes = lines(a, w->notes, 2),
		.columns = lines(a, w->columns, 6).v, .n_columns = 6, .cells = cells,
		.n_rows = rows};
	for (size_t i = 0; i < 3; i++)
		who[i] = (struct typeset_signatory){str_of(w->letterhead[i]),
			lines(a, &w->adopted[i], 1)};
	return (struct typeset_doc){
		.lang = l, .created = 1585267200, .title = str_of(w->title),
		.author = str_of(w->letterhead[0]),
		.letterhead = lines(a, w->letterhead, 3), .dateline = lines(a, w->dateline, 2),
		.addressee = lines(a, w->addressee, 4), .body = str_of(w->body),
		.signatories = who, .n_signatories = 3, .annexes = x, .n_annexes = 1,
		.verify = str_of(verify), .footer = str_of(w->footer),
	};
}
