/*
 * How Perso-Arabic spellings sound, in names: Persian and Azerbaijani first, then
 * Arabic and Kurdish.  Letters are folded (fold.c): one yeh, one kaf, one alef, no
 * tashkeel; the apostrophe stands for ZWNJ and hamza.  Sorted by spelling.
 */
#include "reconcile/reconcile_int.h"

static const struct sound_rule rules[] = {
	{"ا", "a", NULL, AT_ANY, IN_ANY, "long vowel, or the seat of a short one"},
	{"اف", "aW", "af", AT_LAST, IN_ANY, "Russian ending of family names (علی‌اف); or Altaf"},
	{"اف", "aW", NULL, AT_WHOLE, IN_ANY, "the Russian ending, written apart"},
	{"ال", "al", "a", AT_FIRST, IN_ANY, "Elham has an l; the Arabic article may be left out"},
	{"الدین", "din", NULL, AT_NOT_FIRST, IN_ANY, "the article melts: Nureddin"},
	{"اوا", "oWa", "ava", AT_LAST, IN_ANY, "Russian -ova of a woman"},
	{"اوف", "oW", NULL, AT_WHOLE, IN_ANY, "the same"},
	{"اوف", "oW", "of", AT_LAST, IN_ANY, "Russian -ov, written in full"},
	{"ب", "b", NULL, AT_ANY, IN_ANY, "b"},
	{"ت", "t", NULL, AT_ANY, IN_ANY, "t"},
	{"ث", "s", "t", AT_ANY, IN_ANY, "s in Persian and Azerbaijani; th in Arabic spelling"},
	{"ج", "j", NULL, AT_ANY, IN_ANY, "j"},
	{"ح", "h", NULL, AT_ANY, IN_ANY, "h; keys leave it out"},
	{"خ", "x", NULL, AT_ANY, IN_ANY, "kh"},
	{"خوا", "xa", NULL, AT_ANY, IN_ANY, "the vav is silent: Khajeh"},
	{"د", "d", NULL, AT_ANY, IN_ANY, "d"},
	{"ذ", "z", "d", AT_ANY, IN_ANY, "z in Persian; dh in Arabic spelling"},
	{"ر", "r", NULL, AT_ANY, IN_ANY, "r"},
	{"ز", "z", NULL, AT_ANY, IN_ANY, "z"},
	{"س", "s", NULL, AT_ANY, IN_ANY, "s"},
	{"ش", "S", NULL, AT_ANY, IN_ANY, "sh"},
	{"ص", "s", NULL, AT_ANY, IN_ANY, "s"},
	{"ض", "z", "d", AT_ANY, IN_ANY, "z in Persian; d in Arabic spelling (Ramadan)"},
	{"ط", "t", NULL, AT_ANY, IN_ANY, "t"},
	{"ظ", "z", NULL, AT_ANY, IN_ANY, "z"},
	{"ع", "'", NULL, AT_ANY, IN_ANY, "silent in Persian"},
	{"عبدال", "'abd", NULL, AT_FIRST, IN_ANY, "the article melts: Abdorrahman"},
	{"عبداله", "'abdlE", NULL, AT_FIRST, IN_ANY, "Abdollah, with one lam"},
	{"غ", "q", NULL, AT_ANY, IN_ANY, "gh"},
	{"ف", "f", NULL, AT_ANY, IN_ANY, "f"},
	{"ق", "q", NULL, AT_ANY, IN_ANY, "q; g in Azerbaijani"},
	{"ل", "l", NULL, AT_ANY, IN_ANY, "l"},
	{"م", "m", NULL, AT_ANY, IN_ANY, "m"},
	{"ن", "n", NULL, AT_ANY, IN_ANY, "n"},
	{"نب", "nb", "mb", AT_ANY, IN_ANY, "sounds mb: Sombol"},
	{"ه", "E", NULL, AT_LAST, IN_ANY, "final: a vowel (Fatemeh) or h (Allah)"},
	{"ه", "h", NULL, AT_ANY, IN_ANY, "h; keys leave it out"},
	{"و", "w", NULL, AT_ANY, IN_ANY, "v, u or o"},
	{"وف", "of", "oW", AT_LAST, IN_ANY, "Marouf; or the Russian ending"},
	{"پ", "p", NULL, AT_ANY, IN_ANY, "p; one key with b"},
	{"چ", "c", NULL, AT_ANY, IN_ANY, "ch"},
	{"ژ", "J", NULL, AT_ANY, IN_ANY, "zh; one key with j"},
	{"ک", "k", NULL, AT_ANY, IN_ANY, "k"},
	{"گ", "g", NULL, AT_ANY, IN_ANY, "g"},
	{"ی", "Y", NULL, AT_ANY, IN_ANY, "y, i or e"},
	{"یف", "eW", NULL, AT_WHOLE, IN_ANY, "the same"},
	{"یف", "if", "eW", AT_LAST, IN_ANY, "Latif; or the Russian ending -ev"},
	{"یوا", "eWa", "eva", AT_LAST, IN_ANY, "Russian -eva of a woman"},
};

const struct sound_table sound_arabic = {rules, sizeof rules / sizeof *rules};
