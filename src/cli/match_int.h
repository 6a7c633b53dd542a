/* Inside `habeas match`: columns, rows, what is written. */
#ifndef CLI_MATCH_INT_H
#define CLI_MATCH_INT_H

#include "cli/cli_int.h"
#include "reconcile/reconcile.h"

/* What a column is.  Three kinds of place and whatever else a list has share the
 * matcher's places and extras: see columns_settle(). */
enum meaning {
	M_IGNORED, M_UNKNOWN, M_ID, M_TRUTH,
	M_GIVEN, M_FAMILY, M_FATHER, M_WHOLE, M_SEX,
	M_BIRTH, M_BIRTH_YEAR, M_BIRTH_MONTH, M_BIRTH_DAY,
	M_ARREST, M_RELEASE, M_DEATH,
	M_BIRTH_PLACE, M_PRISON, M_HOME, M_ARREST_PLACE, M_CODE,
	M_EXTRA, MEANINGS,
};
const char *meaning_name(enum meaning m);    /* as --schema writes it: "given" */

struct match_column {
	struct str heading;           /* clean */
	struct str folded;            /* for telling extras apart */
	enum meaning meaning;
	unsigned extra;               /* of M_EXTRA: which of the four, or MATCH_EXTRAS: none */
};
struct match_file {
	const char *path;
	struct match_column *columns;
	size_t n_columns, first;      /* first: index of its first record among all */
	bool plain_name;              /* path stands in CSV as it is */
};
struct matching {
	struct args *x;
	struct arena *a;
	struct match_file *files;     /* by path */
	size_t n_files;
	struct match_table *table;
	size_t n;                     /* records */
	/* What a cell was taken for, by meaning and number of the extra: every spelling is
	 * read once. */
	struct dict seen[MEANINGS + MATCH_EXTRAS];
	VEC(uint32_t) truth;          /* per record: the first of the same person; if asked */
	VEC(struct str) id;           /* per record, if asked; else FILE:ROW */
	enum meaning place;           /* which of the three the matcher's place is */
	struct str extra[MATCH_EXTRAS];       /* headings */
	unsigned n_extra;
	size_t warnings;
	struct match_linkages linkages;       /* n 0: not asked for */
	uint64_t seed;                /* that they were drawn by */
};

/* Give the rows of a file away, the header first; a spreadsheet's as a CSV file's.  warn:
 * say what was taken for granted in reading it. */
enum status match_file_each(struct matching *m, const char *path, csv_taker *take, void *ctx,
	bool warn, struct err *e) MUST;

/* What the headings mean; `schema` from --schema, its file's name for errors, or NULL. */
enum status columns_find(struct matching *m, struct match_file *f, const struct row *head,
	const struct ini *schema, const char *schema_name, struct err *e) MUST;
/* When all files are known: BAD where a line of --schema says what another has said; what no
 * file has is warned of. */
enum status schema_check(struct matching *m, const struct ini *schema, const char *name,
	struct err *e) MUST;
/* When all files are known: which place is the place, which extras are the four. */
void columns_settle(struct matching *m);
/* All rows of all files to records, ids and truth. */
enum status rows_read(struct matching *m, struct err *e) MUST;
struct str record_name(struct matching *m, struct arena *a, size_t i);
/* A line on the terminal (stderr), the first few of them. */
void match_warn(struct matching *m, const char *fmt, ...) PRINTF(2, 3);

enum status match_write(struct matching *m, const struct match_result *r, const char *dir,
	struct err *e) MUST;
/* On the terminal, in the reader's language, or JSON. */
void match_report(struct matching *m, const struct match_result *r, const char *dir);
/* Link the files that x has as arguments, by those of its options that `match` has too, and
 * draw; one name per file, in the order of the histories' bits. */
enum status match_draw(struct args *x, const struct match_resample_options *draw, struct arena *a,
	struct match_linkages *ret, struct str *ret_names, struct err *e) MUST;
/* What limits trust in a run, in that language. */
const char *match_note_in(enum lang l, const char *note);
bool match_field_used(const struct match_result *r, unsigned f);
struct str match_field_label(struct matching *m, unsigned f);

#endif
