/*
 * Which delimiter a table is written with.  Counting is not enough: commas
 * stand in decimal numbers, dates and addresses.  What tells is that the header
 * has the delimiter, no row has more of it, and it is not followed by a space
 * as in prose.
 */
#include "base/csv_int.h"
#include "base/poison.h"

enum { SAMPLE_BYTES = 256 * 1024, SAMPLE_ROWS = 200 };

struct look {
	size_t header;        /* cells in the first row */
	size_t rows, same, fewer, more, lone;    /* after it, by their cells */
	size_t cells;
	size_t found, prose;  /* delimiters, and those before a space */
};

static void
count_row(struct look *l, size_t cells)
{
	l->cells += cells;
	if (l->header == 0) {
		l->header = cells;
		return;
	}
	l->rows++;
	l->same += cells == l->header;
	l->fewer += cells < l->header;
	l->more += cells > l->header;
	l->lone += cells == 1;
}

/* Past the quoted cell that opens at `at`; s.n when it is never closed. */
static size_t
skip_quoted(struct str s, size_t at)
{
	for (at++; at < s.n; at++) {
		if (s.p[at] != '"')
			continue;
		if (at + 1 == s.n || s.p[at + 1] != '"')
			return at + 1;
		at++;
	}
	return s.n;
}

static struct look
look_with(struct str s, char delimiter)
{
	struct look l = {0};
	size_t cells = 1, row_at = 0;
	bool whole = s.n <= SAMPLE_BYTES, cell_starts = true;

	s = str_upto(s, SAMPLE_BYTES);
	for (size_t i = 0; i < s.n && l.rows < SAMPLE_ROWS;) {
		char c = s.p[i];
		if (c == '"' && cell_starts) {
			i = skip_quoted(s, i);
			cell_starts = false;
			continue;
		}
		if (c == '\n' || c == '\r') {
			if (i > row_at)
				count_row(&l, cells);
			row_at = i + 1;
			cells = 1;
		} else if (c == delimiter) {
			cells++;
			l.found++;
			l.prose += i + 1 < s.n && s.p[i + 1] == ' ';
		}
		cell_starts = c == '\n' || c == '\r' || c == delimiter;
		i++;
	}
	/* A last row without a line end, unless only the sample ends there. */
	if (whole && row_at < s.n && l.rows < SAMPLE_ROWS)
		count_row(&l, cells);
	return l;
}

/* Columns, weighted by how many rows have them all; a quarter for prose, a
 * hundredth when rows have more cells than the header or only one.  Without a
 * delimiter in the header less than any with it. */
static double
score(const struct look *l)
{
	double rows = l->rows ? (double)l->rows : 1;
	double fit = l->rows ? ((double)l->same + 0.5 * (double)l->fewer) / rows : 1;

	if (l->header < 2)
		return 1e-6 * (double)l->cells / (rows + 1);
	fit = 1e-3 + fit * (double)l->header;
	if (l->prose * 2 > l->found)
		fit /= 4;
	if (l->more > 0 || l->lone * 5 > l->rows)
		fit /= 100;
	return fit;
}

char
csv_sniff(struct str text)
{
	/* At equal scores the one that stands less in names and numbers. */
	static const char candidates[] = {'\t', ';', '|', ','};
	double best = 0;
	char found = ',';

	for (size_t i = 0; i < sizeof candidates; i++) {
		struct look l = look_with(text, candidates[i]);
		double s = score(&l);
		if (s > best || (s == best && l.header < 2)) {
			best = s;
			found = candidates[i];
		}
	}
	return found;
}
