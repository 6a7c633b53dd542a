/* A letter to begin with: every key with a comment, every language with a text. */
#include "appeal/appeal_int.h"

static const char head[] =
"# The head of a letter.  Lines beginning with # are comments.  Words that differ\n"
"# by language have the language behind a dot: en, fa, az, azb (Arabic script).\n"
"# `habeas letter check DIR` says what is wrong or missing.\n"
"\n"
"# How commands call it: a-z 0-9 and -.\n"
"name = release-2020\n"
"# One day; 8 Farvardin 1399 may be written too.\n"
"date = 2020-03-27\n"
"# The text that counts where translations differ.\n"
"authentic = en\n"
"\n"
"title.en = Request for the release of prisoners at risk from the epidemic\n"
"title.fa = درخواست آزادی زندانیانی که در معرض خطر همه‌گیری‌اند\n"
"title.az = Epidemiya təhlükəsi altında olan məhbusların azad edilməsi haqqında müraciət\n"
"\n"
"place.en = Baku\n"
"place.fa = باکو\n"
"place.az = Bakı\n"
"\n"
"# At the top; as many lines as are needed, each with its own key.\n"
"# letterhead.en = Joint Committee for Prisoners' Lives\n"
"\n"
"addressee.en = The Secretary-General\n"
"addressee.en = United Nations\n"
"addressee.fa = دبیرکل\n"
"addressee.fa = سازمان ملل متحد\n"
"addressee.az = Baş katib\n"
"addressee.az = Birləşmiş Millətlər Təşkilatı\n"
"\n"
"# Who is asked to adopt it, in the order of their signatures.  root: the second\n"
"# line of the organisation's root file; have it confirmed by another way than the\n"
"# one it came by.  Take the # off.\n"
"# [party 1]\n"
"# root = RW…\n"
"# name.en = Our organisation\n"
"# name.fa = سازمان ما\n"
"# name.az = Bizim təşkilat\n"
"\n"
"# In the texts {{estimate ID}} stands for the sentences that one may write of an\n"
"# estimate (`habeas toll list`), {{estimate ID section}} for all its methods and what\n"
"# they assume, {{estimate ID least}} for the lower bound alone.\n"
"\n"
"# A list behind the letter.  query: as `habeas list` takes it.  columns: name,\n"
"# status, lists, confirmed, birth-year, province, facility, sentence, charge, date …\n"
"# purpose: what people consented to (letter, public, un, partners); without consent\n"
"# only initials, or nothing but a number, go out.\n"
"[annex 1]\n"
"title.en = Prisoners whose release is requested\n"
"title.fa = زندانیانی که آزادی آنان درخواست می‌شود\n"
"title.az = Azad edilməsi xahiş olunan məhbuslar\n"
"query = status=held\n"
"columns = name, birth-year, facility\n"
"purpose = letter\n";

static const char text_en[] =
"Excellency,\n"
"\n"
"We have the honour to …\n"
"\n"
"1. Numbered paragraphs run on through the whole letter, and are as many in every\n"
"   language, so that all versions can be cited alike.\n"
"\n"
"2. The second paragraph.\n"
"\n"
"Accept, Excellency, the assurances of our highest consideration.\n";

static const char text_fa[] =
"عالی‌جناب،\n"
"\n"
"احتراماً …\n"
"\n"
"1. شمارهٔ بندها در سراسر نامه پی‌درپی است و در همهٔ زبان‌ها یکسان.\n"
"\n"
"2. بند دوم.\n"
"\n"
"با احترام فراوان\n";

static const char text_az[] =
"Zati-aliləri,\n"
"\n"
"Sizə … barədə müraciət etməkdən şərəf duyuruq.\n"
"\n"
"1. Bəndlərin nömrələri bütün məktub boyu ardıcıldır və bütün dillərdə eynidir.\n"
"\n"
"2. İkinci bənd.\n"
"\n"
"Dərin hörmətlə\n";

enum status
letter_new(const char *dir, struct err *e)
{
	static const struct { const char *name, *text; } files[] = {
		{"text.en.md", text_en}, {"text.fa.md", text_fa}, {"text.az.md", text_az},
		{"head.ini", head},
	};
	struct arena *a = arena_create(1 << 20);
	enum status st = OK;

	for (size_t i = 0; i < sizeof files / sizeof *files && st == OK; i++)
		if (os_exists(str_cstr(a, str_fmt(a, "%s/%s", dir, files[i].name))))
			st = err_set(e, BAD, "%s: there is a letter in it already; choose another name",
				dir);
	if (st == OK)
		st = os_make_dirs(dir, 0755, e);
	for (size_t i = 0; i < sizeof files / sizeof *files && st == OK; i++)
		st = os_write_file(str_cstr(a, str_fmt(a, "%s/%s", dir, files[i].name)),
			str_bytes(str_of(files[i].text)), 0644, e);
	arena_destroy(a);
	return st;
}
