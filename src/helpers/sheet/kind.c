/* Naming what is not a workbook: a person saved the wrong kind of file, and the one
 * line they get should say which to save instead. */
#include "sheet_int.h"

/* [MS-CFB] 2.2; PKWARE APPNOTE 4.3.7 and 4.3.16 (an archive with nothing in it). */
static const struct {
	const char *magic;
	size_t n;
	const char *what;
} kinds[] = {
#define MAGIC(bytes, what) {bytes, sizeof bytes - 1, what}
	MAGIC("PK\3\4", NULL),
	MAGIC("PK\5\6", "an empty archive; a workbook (.xlsx, .ods) is needed"),
	MAGIC("%PDF-", "a PDF; export the table it was made from as .xlsx or CSV"),
	MAGIC("\x89PNG", "a picture; a workbook (.xlsx, .ods) or CSV is needed"),
	MAGIC("\xff\xd8\xff", "a picture; a workbook (.xlsx, .ods) or CSV is needed"),
	MAGIC("SQLite format 3", "a database; export the table as CSV"),
	MAGIC("\x1f\x8b", "compressed by gzip; unpack it first"),
	MAGIC("7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it first"),
	MAGIC("Rar!", "a RAR archive; unpack it first"),
	MAGIC("{\\rtf", "an RTF text; save the table as .xlsx or CSV"),
};

static const char ole_magic[] = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/* The stream that holds a workbook under a password: [MS-OFFCRYPTO] 1.3.2. */
static const char encrypted[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";

static bool
starts(struct bytes file, const void *magic, size_t n)
{
	return file.n >= n && memcmp(file.p, magic, n) == 0;
}

static const char *
kind_of_ole(struct bytes file)
{
	if (memmem(file.p, file.n, encrypted, sizeof encrypted - 1))
		return "a workbook locked with a password; open it, take the password off "
			"and save it again";
	return "an old .xls file; save it as .xlsx or CSV";
}

static const char *
kind_of_text(struct bytes file)
{
	struct str head = str_trim(bytes_str((struct bytes){file.p,
		file.n < 4096 ? file.n : 4096}));

	if (starts(file, "\xff\xfe", 2) || starts(file, "\xfe\xff", 2))
		return "plain text in UTF-16; if it is CSV, name it .csv";
	if (str_has(head, "schemas-microsoft-com:office:spreadsheet"))
		return "an XML spreadsheet of 2003; save it as .xlsx or CSV";
	if (str_has(head, "opendocument:xmlns"))
		return "a flat OpenDocument file; save it as .ods, .xlsx or CSV";
	if (str_starts(head, "<"))
		return "a web page or XML; open it in a spreadsheet program and save it as "
			".xlsx or CSV";
	/* Any 8-bit text: no zero byte, hardly a control character. */
	for (size_t i = 0; i < head.n; i++)
		if ((unsigned char)head.p[i] < 0x20 && !memchr("\t\n\r\f", head.p[i], 4))
			return "not a workbook; save the table as .xlsx or CSV";
	return "plain text; if it is CSV, name it .csv";
}

enum status
kind_check(struct bytes file, struct err *e)
{
	const char *what = NULL;

	if (file.n == 0)
		return err_set(e, BAD, "the file is empty; a workbook (.xlsx, .ods) is needed");
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !what; i++) {
		if (!starts(file, kinds[i].magic, kinds[i].n))
			continue;
		if (!kinds[i].what)
			return OK;
		what = kinds[i].what;
	}
	if (!what && starts(file, ole_magic, sizeof ole_magic - 1))
		what = kind_of_ole(file);
	if (!what)
		what = kind_of_text(file);
	return err_set(e, BAD, "this is %s", what);
}

static const struct {
	const char *part, *what;
} packages[] = {
	{"xl/workbook.bin", "a binary workbook (.xlsb); save it as .xlsx or CSV"},
	{"word/document.xml", "a text document (.docx); save its table as .xlsx or CSV"},
	{"ppt/presentation.xml", "a presentation (.pptx); save its table as .xlsx or CSV"},
	{"Index/Document.iwa", "a Numbers or Pages file; export it as .xlsx or CSV"},
	{"AndroidManifest.xml", "an Android program; a workbook (.xlsx, .ods) is needed"},
};

enum status
kind_explain(const struct parts *p, struct err *e)
{
	for (size_t i = 0; i < sizeof packages / sizeof *packages; i++)
		if (p->has(p->from, str_of(packages[i].part)))
			return err_set(e, BAD, "this is %s", packages[i].what);
	return err_set(e, BAD, "this is an archive without a workbook in it; "
		"a workbook (.xlsx, .ods) is needed");
}
