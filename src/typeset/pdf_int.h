/* What the writer and the reader of attached files share.  ISO 32000-1 section
 * numbers in the sources. */
#ifndef TYPESET_PDF_INT_H
#define TYPESET_PDF_INT_H

#include "typeset/typeset.h"

/* A walk over [at, end) of a file.  After the first wrong byte it is stuck there:
 * so one may walk over a whole shape and look once. */
struct scan {
	const uint8_t *p;
	size_t at, end;
	bool wrong;
};
void scan_expect(struct scan *s, const char *text);
bool scan_is_next(const struct scan *s, const char *text);
uint64_t scan_number(struct scan *s);                    /* 1 to 10 decimal digits */
struct str scan_until(struct scan *s, char c, size_t most);  /* up to and without `c` */
struct bytes scan_data(struct scan *s, uint64_t n);

/* "startxref\n*ret\n%%EOF\n" are the last bytes of [0, end). */
bool pdf_startxref(struct bytes pdf, size_t end, uint64_t *ret);
enum { XREF_ENTRY_BYTES = 20 };                          /* ISO 32000-1, 7.5.4 */
enum status pdf_refuse(struct err *e, size_t at, const char *what);

/* The pages, as cairo 1.16 writes them: one section, one xref table from object 0. */
struct pdf_base {
	size_t len;
	uint64_t xref;           /* where its table is */
	uint64_t size;           /* objects 0 to size - 1; ours follow */
	uint64_t root, info;     /* the objects of catalog and information */
	struct str keys;         /* the catalog's lines after /Type, ending in \n */
	struct str creator;
};

/* One incremental update: the files n_before to n-1 are new in it.  File k has
 * the objects base->size + 2k (its bytes) and + 2k + 1 (its specification). */
struct pdf_update {
	const struct pdf_base *base;
	enum lang lang;
	const struct typeset_file *files;
	size_t n_before, n;
	size_t at;               /* length of the file before it */
	uint64_t prev_xref;
	uint64_t xref;           /* pdf_put_update() sets it: where its own table is */
};

/* Append the update to `out`.  The files have been checked. */
void pdf_put_update(struct arena *a, struct buf *out, struct pdf_update *u);

/* The forms of name, type and description. */
enum status pdf_check_files(const struct typeset_file *files, size_t n, struct err *e) MUST;

/* No name twice, and none that is the note's. */
enum status pdf_check_names(struct arena *a, const struct typeset_file *files, size_t n,
	struct err *e) MUST;

/* Is [0, len) pages of ours and nothing else? */
enum status pdf_read_base(struct arena *a, struct bytes pdf, size_t len,
	struct pdf_base *ret, struct err *e) MUST;

/* The whole file: what typeset_pdf_files() gives, and what an update after it needs. */
struct pdf_whole {
	struct pdf_base base;
	struct typeset_parts parts;
	uint64_t last_xref;
};
enum status pdf_read_whole(struct arena *a, struct bytes pdf, struct pdf_whole *ret,
	struct err *e) MUST;

extern const char pdf_note_name[];
struct typeset_file pdf_note_file(struct bytes note);

#endif
