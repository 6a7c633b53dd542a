/* Inside `habeas toll`: how many, and how sure. */
#ifndef CLI_TOLL_INT_H
#define CLI_TOLL_INT_H

#include "cli/cli_int.h"
#include "reckon/reckon.h"
#include "typeset/typeset.h"

enum { TOLL_WARNINGS = 32, TOLL_FILES = 16 };

/* What was said along the way: printed under the report, listed in the JSON. */
struct toll {
	struct args *x;
	struct arena *a;
	const char *path;
	struct table t;
	uint8_t hash[SEAL_HASH];      /* of the file's bytes */
	const char *names_file;       /* the option that names a file hashed so; NULL: none */
	struct str notes[TOLL_WARNINGS];
	size_t n_notes;
	/* Of -o DIR, still without names; file NULL: none of that name belongs to this answer. */
	struct { const char *path; struct os_new_file *file; } out[TOLL_FILES];
	size_t n_out;
};
void toll_note(struct toll *t, struct str line);
/* Read the one file of the command, CSV or XLSX, with a header and a row at least. */
enum status toll_read(struct toll *t, const char *path, struct err *e) MUST;
/* The number from 1 of the column so called, 0: none.  BAD: two are called so. */
enum status toll_column(struct toll *t, struct str heading, size_t *ret, struct err *e) MUST;
/* A number of a cell, in any script's digits: digits, with a point or not. */
bool toll_number(struct toll *t, struct str s, double *ret);
/* Whole and grouped for reading; with so many decimals. */
const char *toll_whole(struct toll *t, double v);
const char *toll_real(struct toll *t, double v, int decimals);
void json_field_real(struct json *j, const char *key, double v);
/* The options given, as they would be written, of these (NULL: of all that change numbers). */
struct str toll_options(struct toll *t, const char *const *names);
/* "receipt": {"seed", "data_sha256", "version", "options"}. */
void toll_receipt(struct toll *t, struct json *j, const uint64_t *seed);
void toll_json_notes(struct toll *t, struct json *j);
void toll_say_notes(struct toll *t);
void toll_say_options(struct toll *t);        /* a line of the receipt */
/* Whether -o DIR can be written to, before long work; fine without -o. */
enum status toll_may_write(struct toll *t, struct err *e) MUST;
/* A file of -o DIR, which is made; no file has its name before toll_keep(). */
enum status toll_write(struct toll *t, const char *name, struct bytes data, struct err *e) MUST;
/* This answer has no such file: one of an answer before it goes away with toll_keep(). */
void toll_write_none(struct toll *t, const char *name);
/* st OK: all files get their names; else all are dropped.  Gives back st, or what failed. */
enum status toll_keep(struct toll *t, enum status st, struct err *e) MUST;

/* ---- toll_deaths.c, toll_deaths_rows.c: DEATHS.csv ---------------------------------------------------- */

enum toll_column {
	D_IGNORED, D_YEAR, D_WEEK, D_MONTH, D_QUARTER, D_TIME, D_UNIT, D_DEATHS, D_OFFICIAL,
	D_COUNTRY, D_STRATUM, D_PERIOD, D_COLUMNS,
};
struct toll_deaths {
	struct reckon_deaths *v;      /* periods as the engine counts them: see `solar` */
	double *official;             /* beside v, NAN where there is no number; NULL: no column */
	size_t n;
	unsigned seasons, n_strata;
	/* Solar Hijri years and quarters or months, spring first, in the file: kept with
	 * winter first, as part of the year that begins in it. */
	bool solar, solar_guessed;
	bool shifted;                 /* Gregorian years of Solar Hijri quarters, winter first */
	const struct str *strata;     /* their names; NULL: no such column */
	struct str country;
	struct str columns[D_COLUMNS];        /* headings taken, or STR_NONE */
	bool fractions;               /* some deaths had decimals, which were cut off */
	size_t skipped;               /* rows without a number of deaths or a period */
};
enum status deaths_read(struct toll *t, struct toll_deaths *ret, struct err *e) MUST;
/* ---- toll_periods.c ------------------------------------------------------------------ */

/* "weekly", "ماهانه", "Q": 52, 12, 4; 0: no unit. */
unsigned period_seasons(struct arena *a, struct str unit);
/* A month or a quarter by its name. */
bool period_name(struct arena *a, unsigned seasons, bool solar, struct str s, unsigned *ret);
/* "2020-W10", "2020M03", "2020-03", "2020-Q1". */
bool period_cell(struct arena *a, struct str s, unsigned *ret_seasons, unsigned *ret_year,
	unsigned *ret_season);
/* As the engine counts what the file has. */
struct reckon_period period_kept(const struct toll_deaths *d, struct reckon_period p);
const char *deaths_unit(const struct toll_deaths *d);          /* "quarters" */
const char *deaths_per(const struct toll_deaths *d);           /* "deaths a quarter" */
/* "2020-W10", "2020-03", "2020-Q1", as in the file; "1398-Q4 SH". */
struct str period_text(struct arena *a, const struct toll_deaths *d, struct reckon_period p);
/* One period or a year, as the file counts; the first and the last period meant. */
bool period_parse(const struct toll_deaths *d, struct str s, struct reckon_span *ret);

/* ---- toll_excess.c, …_say.c, …_chart.c, …_out.c ----------------------------------------------- */

enum { SENSES = 80 };
struct toll_sense {
	struct str id;                /* for programs: "without-2017", "flat" */
	struct str change;            /* for people, in their language */
	double excess, published_sd, block_sd;        /* block_sd NaN: withheld */
};
struct toll_excess {
	struct toll *t;
	struct toll_deaths d;
	struct reckon_excess_ask ask;
	struct reckon_excess r;
	bool default_from, late;      /* late: the last periods look incomplete */
	double official;              /* NaN: none */
	struct toll_sense sense[SENSES];
	size_t n_sense;
};
enum status run_toll_excess(struct args *x, struct err *e) MUST;
enum status run_toll_mse(struct args *x, struct err *e) MUST;
enum status run_toll_list(struct args *x, struct err *e) MUST;
enum status run_toll_text(struct args *x, struct err *e) MUST;
void excess_say(struct toll_excess *x);
/* What may be quoted, in the report's language; STR_NONE: nothing. */
struct str excess_sentence(struct toll_excess *x);
enum status excess_chart(struct toll_excess *x, struct bytes *ret, struct err *e) MUST;
enum status excess_write(struct toll_excess *x, struct err *e) MUST;
void excess_json(struct toll_excess *x, struct buf *out);

#endif
