/*
 * Inside appeal: manifest, frozen annexes, adoptions, and the package of all three
 * from which pages are drawn, by the renderer and again by the verifier.
 */
#ifndef APPEAL_INT_H
#define APPEAL_INT_H

#include "appeal/appeal.h"
#include "typeset/typeset.h"

enum {
	LETTER_NAME_MOST = 64,
	LETTER_LINE_MOST = 1000,            /* bytes of a title, a name, one line of a head */
	LETTER_LINES_MOST = 16,             /* of a letterhead, an addressee */
	LETTER_PARTIES_MOST = 32,           /* below TYPESET_MAX_LINES signatories */
	LETTER_ANNEXES_MOST = 16,
	LETTER_COLUMNS_MOST = 12,           /* with two more of ours below TYPESET_MAX_COLUMNS */
	LETTER_ROWS_MOST = TYPESET_MAX_ROWS,
	LETTER_RECORDS_MOST = 1000,         /* person records behind one row */
	LETTER_NONCE = 32,
	LETTER_CELL_MOST = 4096,
	LETTER_MANIFEST_MOST = 1 << 20,
	LETTER_ADOPTION_MOST = 1 << 20,
	LETTER_BUNDLE_MOST = 512 << 20,
};

/* --- manifest.c ------------------------------------------------------------------ */

struct manifest_annex {
	struct str title[LANG_COUNT];
	struct str columns, query, purpose; /* columns: field names, ", " between */
	int32_t counted_on;                 /* the day of the counts, */
	struct str counted_as;              /* and the status that they count: "held" */
	struct reg_counts counts;
	uint64_t rows, reduced, withheld;
	uint8_t root[SEAL_HASH];
};
struct manifest {
	struct str name;
	int32_t day;
	enum lang authentic;
	bool has[LANG_COUNT];
	struct str title[LANG_COUNT], place[LANG_COUNT];
	struct str letterhead[LANG_COUNT], addressees[LANG_COUNT];   /* lines */
	struct letter_party *parties;
	size_t n_parties;
	uint8_t text[LANG_COUNT][SEAL_HASH];
	struct manifest_annex *annexes;
	size_t n_annexes;
};
struct str manifest_write(struct arena *a, const struct manifest *m);
/* BAD with the line: whatever manifest_write() would not have written. */
enum status manifest_read(struct arena *a, struct str text, struct manifest *ret,
	struct err *e) MUST;
/* A line as it may stand in a manifest: cleaned text, not empty, not too long. */
bool letter_line_ok(struct arena *a, struct str s);
bool letter_name_ok(struct str s);
/* In the language, else the authentic one, else any. */
struct str manifest_words(const struct manifest *m, const struct str words[LANG_COUNT],
	enum lang l);
/* "name, birth-year" into its parts. */
size_t columns_split(struct arena *a, struct str columns, struct str **ret);

/* --- frozen.c: rows of an annex as they were fixed ---------------------------------- */

struct frozen_row {
	struct bytes row;                   /* n == 0: left out, only its leaf is known */
	uint8_t leaf[SEAL_HASH];
	const uint8_t (*records)[SEAL_HASH];   /* in the register that froze it, else none */
	size_t n_records;
	struct bytes nonce;                 /* of the link that binds them, likewise */
	struct str *cells;
	bool named, confirmed;
};
struct frozen_annex {
	struct frozen_row *rows;            /* rows[i] is number i + 1 for ever */
	size_t n, n_columns, left_out;
};
/* Salted rows from what the register lets out.  BAD: a cell that is too long. */
enum status frozen_make(struct arena *a, const struct reg_annex *x, size_t number,
	struct frozen_annex *ret, struct err *e) MUST;
/* One row's bytes into *ret, leaf and all; false: not such a row of this annex. */
bool frozen_row_read(struct arena *a, struct bytes row, size_t annex, size_t number,
	size_t n_columns, struct frozen_row *ret);
void frozen_root(struct arena *a, const struct frozen_annex *x, uint8_t ret[SEAL_HASH]);
/* The file annex-N.cbor: an array of rows; of those left out the leaf hash. */
void frozen_put(struct buf *out, const struct frozen_annex *x);
/* BAD: not such a file, or rows that the manifest does not fix. */
enum status frozen_get(struct arena *a, struct cbor *c, const struct manifest_annex *m,
	size_t number, struct frozen_annex *ret, struct err *e) MUST;
/* The same for people's eyes, annex-N.csv; follows from the former. */
struct bytes frozen_csv(struct arena *a, const struct frozen_annex *x,
	const struct manifest_annex *m);

/* --- quote.c: {{estimate ID}} in a text ------------------------------------------------ */

/* What a text quotes, a line each, for comparing languages.  BAD: {{ }} with anything else
 * in it. */
enum status quotes_check(struct arena *a, const char *path, struct str text, struct str *ret,
	struct err *e) MUST;
/* The text with each written out in its language.  BAD: no such estimate, or one that may
 * not be said. */
enum status quotes_write_out(struct arena *a, struct reg *r, const char *path, struct str text,
	enum lang l, struct str *ret, struct err *e) MUST;

/* --- adoption.c: what one organisation signed ----------------------------------------- */

struct adoption {
	struct str certificate, certificate_sig, manifest_sig, proof;
	struct certificate by;
	size_t party;                       /* index in the manifest */
	int32_t on;
	struct str origin;                  /* of the log it stands in, */
	uint64_t index, size;               /* where, of how many */
};
struct str adoption_write(struct arena *a, const struct adoption *x, struct str letter,
	const uint8_t manifest_hash[SEAL_HASH]);
/* Takes the file apart.  BAD: not such a file.  Nothing is verified yet. */
enum status adoption_read(struct arena *a, struct str file, struct adoption *ret,
	uint8_t ret_manifest[SEAL_HASH], struct err *e) MUST;
/* Everything: the certificate by its root, the root among the parties, the right to
 * adopt, the signature over the manifest, the record in the log.  Fills in what
 * follows from them.  NO or BAD: what is wrong. */
enum status adoption_check(struct arena *a, struct str manifest, const struct manifest *m,
	struct adoption *x, struct err *e) MUST;
/* The comment that is signed with the manifest: "habeas adoption of …". */
struct str adoption_comment(struct arena *a, struct str letter, struct str organisation,
	int32_t day);
/* A certificate and its signature by the root key that it names. */
enum status certificate_check(struct arena *a, struct str text, struct str minisig,
	struct certificate *ret, struct err *e) MUST;

/* --- pack.c: everything that a rendering carries -------------------------------------- */

struct pack {
	struct str manifest_text;
	uint8_t hash[SEAL_HASH];
	struct manifest m;
	struct str text[LANG_COUNT];
	struct frozen_annex *annexes;       /* m.n_annexes of them */
	struct adoption *adoptions;         /* by party; those that are there */
	size_t n_adoptions;
	struct str node, node_sig;          /* certificate of the rendering node */
};
/* manifest and texts against each other.  BAD: which differs. */
enum status pack_check_texts(const struct pack *p, struct err *e) MUST;
/* The files of a rendering, in their order: a function of the pack alone. */
void pack_files(struct arena *a, const struct pack *p, struct typeset_file **ret, size_t *ret_n);
/* Back from the files of a PDF.  Shapes, texts and annexes are checked; adoptions are
 * only taken apart.  BAD: a file too many, too few, or not as pack_files() writes it. */
enum status pack_of_files(struct arena *a, const struct typeset_file *files, size_t n,
	struct pack *ret, struct err *e) MUST;

/* --- bundle.c: what goes from the proposer to the parties ------------------------------ */

void bundle_put(struct buf *out, const struct pack *p);
enum status bundle_get(struct arena *a, struct bytes file, struct pack *ret,
	struct err *e) MUST;

/* --- page.c, how.c: the document ----------------------------------------------------------- */

struct typeset_doc page_doc(struct arena *a, const struct pack *p, enum lang l);
struct str how_to_check(struct arena *a, const struct pack *p, enum lang l);
/* A cell's frozen words as the language says them. */
struct str cell_show(struct arena *a, enum lang l, struct str column, struct str words);
struct str column_label(enum lang l, struct str column);
struct str party_name(const struct manifest *m, size_t party, enum lang l);

/* --- state.c: a letter out of the register ---------------------------------------------------- */

/* NO: no letter of this name.  Rows withdrawn or erased since are left out;
 * adoptions are those collected that verify. */
enum status pack_load(struct arena *a, struct reg *r, struct str name, struct pack *ret,
	uint8_t ret_letter[SEAL_HASH], struct err *e) MUST;
/* Is there a letter of this name?  NO: none. */
enum status letter_find(struct arena *a, struct reg *r, struct str name, struct record *ret,
	struct err *e) MUST;
/* Rows first, the letter last; published. */
enum status pack_store(struct arena *a, struct reg *r, const struct pack *p, struct err *e) MUST;

/* --- trust.c -------------------------------------------------------------------------------------- */

struct trusted { struct str root, name, by, how; };
enum status trust_read(struct arena *a, struct str text, const char *name, struct trusted **ret,
	size_t *ret_n, struct err *e) MUST;

/* --- note of a rendering (render.c; verify.c reads it) ------------------------------------------------ */

struct rendering {
	struct str origin;
	size_t covered;
	uint8_t sha256[SEAL_HASH], manifest[SEAL_HASH], document[SEAL_HASH];
	enum lang lang;
	struct str engine;
};
struct str rendering_text(struct arena *a, const struct rendering *x);
/* SHA-256 of the typesetting request. */
void rendering_document(const struct typeset_doc *d, uint8_t ret[SEAL_HASH]);
bool rendering_read(struct arena *a, struct str text, struct rendering *ret);
int64_t letter_created(const struct manifest *m);

#endif
