/* What finding out an encoding shares with reading it. */
#ifndef BASE_TEXT_ENCODING_INT_H
#define BASE_TEXT_ENCODING_INT_H

#include "base/text.h"

enum { UTF8, UTF16LE, UTF16BE, WIN1256, WIN1251, WIN1254, WIN1252, ENCODINGS };
#define ENCODINGS_KNOWN "utf-8, utf-16le, utf-16be, windows-1251, windows-1252, windows-1254 " \
	"or windows-1256"

const char *encoding_name(int enc);
/* Of an 8-bit encoding: the UTF-16 unit of each byte, 0xffff where there is none. */
void encoding_table(int enc, uint16_t table[256]);
/* Which 8-bit encoding, by the letters; BAD: none, or two that are as likely. */
enum status encoding_guess(struct bytes in, int *ret, struct err *e) MUST;

#endif
