/*
 * typeset: a document, given as data, becomes a PDF for paper or an HTML page;
 * and a PDF of ours carries files and a note, and is read back strictly.
 *
 * Drawing is done by the helper program habeas-typeset (Pango, cairo, cmark), in
 * a sandbox, with pipes only; this library links none of them.  Equal documents
 * give equal bytes as long as the engine (library and font versions) is the same:
 * there is no clock, no random number and no configuration of the system in it.
 *
 * All text is UTF-8.  Nothing here says what a value means: texts come finished
 * and in the language of the document, except the page numbers.
 */
#ifndef TYPESET_TYPESET_H
#define TYPESET_TYPESET_H

#include "base/base.h"

/* What a document may hold; more is BAD.  Bytes and counts. */
enum {
	TYPESET_MAX_REQUEST = 64 << 20,
	TYPESET_MAX_MARKDOWN = 1 << 20,
	TYPESET_MAX_PARAGRAPH = 16 << 10,   /* one paragraph, one line, one cell: Pango is quadratic */
	TYPESET_MAX_COLUMNS = 16,
	TYPESET_MAX_ROWS = 100000,          /* of one annex */
	TYPESET_MAX_ANNEXES = 64,
	TYPESET_MAX_LINES = 64,             /* of a list of lines; signatories */
	TYPESET_MAX_FILES = 1000,           /* attached to one PDF */
	TYPESET_MAX_PDF = 1 << 30,
};

struct typeset_lines {
	const struct str *v;
	size_t n;
};

/* Every value is isolated from its surroundings, so that none changes how its
 * neighbours read.  AUTO: by its first letter.  LTR: dates, numbers, telephone
 * numbers.  CODE: also in the monospaced face, may break anywhere. */
enum typeset_dir { TYPESET_AUTO, TYPESET_LTR, TYPESET_CODE, TYPESET_DIR_COUNT };

struct typeset_cell {
	struct str text;
	enum typeset_dir dir;
};

struct typeset_annex {
	struct str title;                   /* "Annex 1: Prisoners in …" */
	struct typeset_lines notes;         /* above the table: what "unconfirmed" means, how many were withheld */
	const struct str *columns;          /* n_columns headers */
	size_t n_columns;
	const struct typeset_cell *cells;   /* n_rows * n_columns, row by row */
	size_t n_rows;                      /* 0 is fine */
};

struct typeset_signatory {
	struct str name;                    /* of the organisation */
	struct typeset_lines lines;         /* "adopted on … by …" */
};

/* Empty strings and lists take no room.  Fields that are Markdown take what
 * typeset_markdown_check() lets pass. */
struct typeset_doc {
	enum lang lang;                     /* decides direction, digits, faces */
	int64_t created;                    /* Unix seconds, printed nowhere: the PDF's creation date */
	struct str title;                   /* also the PDF's */
	struct str author;                  /* the PDF's only */
	struct str mark;                    /* small, above all: "Translated from English", "Draft" */
	struct typeset_lines letterhead;    /* the organisations' names, in whatever script */
	struct typeset_lines dateline;      /* reference, place and date */
	struct typeset_lines addressee;
	struct str body;                    /* Markdown */
	const struct typeset_signatory *signatories;
	size_t n_signatories;
	const struct typeset_annex *annexes;
	size_t n_annexes;
	struct str appendix;                /* Markdown: annexes in words, on pages of their own */
	struct str verify;                  /* Markdown: the last page, "how to check this letter" */
	struct str footer;                  /* short; the page number stands opposite */
};

/* The request as deterministic CBOR: see docs/formats.md, "The typesetting
 * request".  The helper reads with _get; both are here so that one file holds
 * the format.  BAD: another version, a wrong shape, above a limit. */
void typeset_doc_put(struct buf *out, const struct typeset_doc *d);
enum status typeset_doc_get(struct arena *a, struct bytes item, struct typeset_doc *ret,
	struct err *e) MUST;

/* What drew it: program, libraries and font files with their versions and a
 * fingerprint of the fonts; one line.  It is also in the PDF, as its creator. */
struct typeset_drawn {
	struct bytes bytes;                 /* in the arena */
	struct str engine;
	size_t pages;                       /* 0 for HTML */
	size_t no_glyph;                    /* characters no font has (drawn as boxes) */
};

/* A4.  BAD: the document (which field, which line).  FAIL: no helper, a font
 * package missing (which), the machine. */
enum status typeset_pdf(struct arena *a, const struct typeset_doc *d,
	struct typeset_drawn *ret, struct err *e) MUST;

/* A complete page: no script, nothing external, one embedded <style>, lang and
 * dir set, every value in <bdi> (codes dir=ltr).  fragment: only the <article>,
 * without style, for a page that brings its own (classes "letter-…"). */
enum status typeset_html(struct arena *a, const struct typeset_doc *d, bool fragment,
	struct typeset_drawn *ret, struct err *e) MUST;

/* Is this Markdown a letter's?  Paragraphs, headings, lists, numbered paragraphs
 * (top-level ordered lists; their numbers must run on through the whole text, so
 * that all languages cross-refer alike), emphasis, quotes, links (set as text),
 * `codes`.  BAD with `name` and the line: raw HTML, pictures, rules, bidi
 * controls, nesting above 6, what is above the limits.  ret_numbered (may be
 * NULL): how many numbered paragraphs. */
enum status typeset_markdown_check(struct arena *a, const char *name, struct str markdown,
	size_t *ret_numbered, struct err *e) MUST;

/* The engine of this machine, without drawing. */
enum status typeset_engine(struct arena *a, struct str *ret, struct err *e) MUST;

/* ---- Charts ---------------------------------------------------------------------
 *
 * Numbers as a picture, a PNG.  Whoever asks says what stands where; nothing is computed
 * here but axes.  Readable in grey: strokes differ by their form too.
 */
enum {
	TYPESET_MAX_SERIES = 64, TYPESET_MAX_POINTS = 200000, TYPESET_MAX_CHART_ROWS = 64,
	TYPESET_MAX_SETS = 64, TYPESET_MAX_MARKS = 16,
};
enum typeset_chart_kind {
	TYPESET_INTERVALS,                  /* rows: a dot and its whisker each */
	TYPESET_LINES,                      /* series over x */
	TYPESET_RANKS,                      /* series as bars, a panel each, y from 0 */
	TYPESET_OVERLAP,                    /* sets and how many are in exactly these: UpSet (Lex et al. 2014) */
	TYPESET_CHART_KINDS,
};
enum typeset_stroke {
	TYPESET_SOLID, TYPESET_DASHED, TYPESET_THIN, TYPESET_DOTS,
	TYPESET_BAND,                       /* between y and y2 */
	TYPESET_STROKES,
};
struct typeset_series {
	struct str name;                    /* for the legend; none: not in it */
	enum typeset_stroke stroke;
	unsigned tone;                      /* 0 dark blue, 1 orange, 2 grey, 3 green …; modulo 6 */
	const double *x, *y, *y2;           /* n each; y2 of a band, else NULL; NaN: a gap */
	size_t n;
};
struct typeset_row {
	struct str name, note;              /* note: in small letters below */
	double low, at, high;               /* NaN: not there; high may be infinite */
	bool faint;                         /* withheld */
};
struct typeset_mark {
	double at;                          /* on the x axis */
	struct str text;
	bool tick;                          /* a label of the axis, else a line through the chart */
};
struct typeset_set {
	struct str name;
	double count;
};
struct typeset_cell_of_sets {
	uint64_t on;                        /* bit i: in set i */
	double count;
};
struct typeset_chart {
	enum lang lang;
	enum typeset_chart_kind kind;
	struct str title, x_label, y_label;
	struct typeset_lines notes;         /* below the chart */
	bool log_x, log_y, from_zero;       /* from_zero: the y axis (of INTERVALS: x) has 0 */
	const struct typeset_series *series;
	size_t n_series;
	const struct typeset_row *rows;
	size_t n_rows;
	const struct typeset_mark *marks;   /* any tick among them: no others are drawn */
	size_t n_marks;
	const struct typeset_set *sets;
	size_t n_sets;
	const struct typeset_cell_of_sets *cells;     /* in the order in which they are drawn */
	size_t n_cells;
};
/* docs/formats.md, "The chart request". */
void typeset_chart_put(struct buf *out, const struct typeset_chart *c);
enum status typeset_chart_get(struct arena *a, struct bytes item, struct typeset_chart *ret,
	struct err *e) MUST;
/* BAD: the chart (what is too much); FAIL: no helper, the machine.  pages is 1. */
enum status typeset_chart_png(struct arena *a, const struct typeset_chart *c,
	struct typeset_drawn *ret, struct err *e) MUST;

/* ---- A PDF that carries files -------------------------------------------------
 *
 *   base      the pages as drawn                          [0, base_len)
 *   files     one incremental update: attached files      [base_len, covered_len)
 *   note      one incremental update: note.txt            [covered_len, end)
 *
 * The note signs the bytes [0, covered_len).  The reader takes the three parts
 * out, writes files and note again from what it found, and demands the same
 * bytes: whatever this writer would not have written is refused (bytes before,
 * between or after, another update, another object), so that a PDF viewer and
 * habeas cannot be shown different things.  Streams are stored as they are.
 */
struct typeset_file {
	struct str name;                    /* [A-Za-z0-9._-]{1,100}, not first a dot; not note.txt */
	struct str mime;                    /* "text/plain": [a-z0-9.+-]+/[a-z0-9.+-]+ */
	struct str description;             /* at most 1,000 bytes, one line */
	struct bytes data;
};

struct typeset_parts {
	size_t base_len;
	size_t covered_len;                 /* without a note: the whole file */
	enum lang lang;                     /* as attached; meaningless without files */
	const struct typeset_file *files;   /* data points into the PDF */
	size_t n_files;
	bool has_note;
	struct bytes note;
	struct str creator;                 /* the engine that drew the base, as it claims */
};

/* Append the files to a PDF just drawn.  BAD: not such a PDF, it has files
 * already, a name twice or of the wrong form. */
enum status typeset_pdf_attach(struct arena *a, struct bytes pdf, enum lang lang,
	const struct typeset_file *files, size_t n, struct bytes *ret, struct err *e) MUST;

/* The last step: append the note to a PDF that has files and no note yet.  It
 * signs `pdf` whole, as it is passed here. */
enum status typeset_pdf_note(struct arena *a, struct bytes pdf, struct bytes note,
	struct bytes *ret, struct err *e) MUST;

/* Take it apart.  BAD with what is wrong and at which byte. */
enum status typeset_pdf_files(struct arena *a, struct bytes pdf, struct typeset_parts *ret,
	struct err *e) MUST;

/* Are the pages those drawn again here?  Both are PDFs of ours, with or without
 * files; only their bases are compared.  BAD: either is not one. */
enum typeset_same {
	TYPESET_EQUAL,
	TYPESET_DIFFER,
	TYPESET_NOT_COMPARED,               /* they differ, and so do the engines */
};
enum status typeset_compare(struct arena *a, struct bytes pdf, struct bytes again,
	enum typeset_same *ret, struct err *e) MUST;

#endif
