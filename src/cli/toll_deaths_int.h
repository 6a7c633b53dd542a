/* Reading a table of deaths: its columns (toll_deaths.c), its rows (toll_deaths_rows.c),
 * its numbers (toll_deaths_numbers.c). */
#ifndef CLI_TOLL_DEATHS_INT_H
#define CLI_TOLL_DEATHS_INT_H

#include "cli/toll_int.h"

enum { WHERE_MOST = 16 };

/* A row counts only if this column has this value. */
struct where {
	size_t column;                /* from 0 */
	struct str value;             /* folded */
	struct str last;              /* the cell compared last, and what came of it: */
	bool same;                    /* tables have long runs of equal cells */
};
struct reading {
	struct toll *t;
	struct toll_deaths *d;
	size_t at[D_COLUMNS];         /* column number from 1; 0: none */
	enum toll_column period;      /* the column with the season */
	struct where where[WHERE_MOST];
	size_t n_where;
	VEC(struct str) strata;
	unsigned stratum;             /* of the row before */
	bool points;                  /* in the column of deaths a point begins decimals */
	bool named;                   /* the country was asked for */
};

/* A row that --where and --country let through. */
bool reading_is_ours(struct reading *r, const struct row *row);
struct str reading_cell(const struct reading *r, const struct row *row, enum toll_column m);
enum status reading_rows(struct reading *r, struct err *e) MUST;

/* ---- toll_deaths_numbers.c ------------------------------------------------------------ */

/* 1.234 may be a thousand or one and a bit.  Any cell that can only be one of them
 * (12.34, 1.234.567) says which it is for the column of deaths; else BAD. */
enum status reading_points(struct reading *r, struct err *e) MUST;
/* 7917.9, 7917,9, 7.917, 7,917, 7.917,9, 7,917.9: of a lone group of three behind a point
 * the whole column decides (r->points), behind a comma it is taken as thousands. */
bool reading_number(struct reading *r, struct str s, double *ret);

#endif
