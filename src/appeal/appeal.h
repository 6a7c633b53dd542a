/*
 * appeal: what organisations say together.  A letter is a text per language with
 * a small head; its manifest fixes the head, a hash per language and per annex a
 * Merkle root; organisations adopt the manifest in their own logs; what is
 * rendered carries everything needed to check it offline.
 * docs/formats.md, "Letters", is the contract.
 */
#ifndef APPEAL_APPEAL_H
#define APPEAL_APPEAL_H

#include "register/register.h"

/* --- the letter as written: a directory LETTER/ with head.ini and text.LANG.md ----- */

struct letter_annex {
	struct str name, title[LANG_COUNT], query, columns, purpose;
	struct str where;                      /* file and line, for errors */
};
struct letter_party { struct str name[LANG_COUNT]; struct str root; };  /* minisign line */
struct letter {
	struct str name;                       /* short, for commands: "release-2020" */
	struct str title[LANG_COUNT], place[LANG_COUNT];
	struct date date;
	struct str addressees[LANG_COUNT];     /* lines, \n between */
	struct str letterhead[LANG_COUNT];
	struct letter_party *parties;          /* those asked to adopt, in order */
	size_t n_parties;
	struct letter_annex *annexes;
	size_t n_annexes;
	bool has[LANG_COUNT];
	struct str text[LANG_COUNT];           /* Markdown, NFC, ends in \n */
	enum lang authentic;
};
/* A starting directory with every language's files and comments. */
enum status letter_new(const char *dir, struct err *e) MUST;
enum status letter_read(struct arena *a, const char *dir, struct letter *ret, struct err *e) MUST;

/* --- manifest, adoption --------------------------------------------------------------- */

/* Runs the annex queries, freezes their rows under audience and consent, writes the
 * manifest and the rows into the log; writes FILE (a letter bundle: manifest, texts,
 * rows) to give to partners. */
enum status letter_propose(struct arena *a, struct reg *r, const struct letter *l,
	const char *file, struct str *ret_line, struct err *e) MUST;
/* Takes a partner's bundle into this register, so that it can be read and adopted. */
enum status letter_receive(struct arena *a, struct reg *r, const char *file,
	struct str *ret_name, struct err *e) MUST;
/* By a node whose certificate has the right "adopt": an adoption record in ITS log
 * and FILE with the proof.  BAD when a hash of the manifest does not fit the texts. */
enum status letter_adopt(struct arena *a, struct reg *r, struct str name, const char *file,
	struct str *ret_line, struct err *e) MUST;
/* Takes adoption files in; refuses what does not verify or is of another manifest. */
enum status letter_collect(struct arena *a, struct reg *r, struct str name, const char *file,
	struct str *ret_line, struct err *e) MUST;

struct letter_adoption {
	struct str organisation, fingerprint, origin;
	struct str file;                       /* the adoption file's text */
	struct date on;
	bool own;
};
struct letter_state {
	struct str name, manifest;
	uint8_t hash[SEAL_HASH];
	bool has[LANG_COUNT];
	struct str title[LANG_COUNT], text[LANG_COUNT];
	struct letter_party *parties;
	size_t n_parties;
	struct letter_adoption *adoptions;
	size_t n_adoptions;
	struct reg_annex *annexes;             /* frozen rows, without those withdrawn since */
	size_t **numbers;                      /* numbers[i][k]: of annexes[i].rows[k], for ever */
	struct str *annex_titles;              /* LANG_COUNT each */
	size_t n_annexes;
	size_t withdrawn;                      /* rows withdrawn since */
};
enum status letter_list(struct arena *a, struct reg *r, struct letter_state **ret, size_t *ret_n,
	struct err *e) MUST;
enum status letter_load(struct arena *a, struct reg *r, struct str name,
	struct letter_state *ret, struct err *e) MUST;

/* --- rendering, and checking what was rendered -------------------------------------------- */

/* DIR/letter.LANG.pdf and .html for each language of the letter. */
enum status letter_render(struct arena *a, struct reg *r, struct str name, const char *dir,
	struct str **ret_files, size_t *ret_n, struct err *e) MUST;

enum pages { PAGES_EQUAL, PAGES_DIFFER, PAGES_NOT_COMPARED };
struct letter_check {
	struct letter_checked_adoption {
		struct str organisation, fingerprint, confirmed_by, confirmed_how;
		bool valid, trusted;           /* trusted: its root key is in the trust file */
		struct str what;               /* what was found wrong, or when it adopted */
	} *adoptions;
	size_t n_adoptions, n_parties;
	struct str manifest_hash;
	struct str *texts;                     /* "en: as adopted" … one line each */
	size_t n_texts;
	struct str *annexes;                   /* "annex A: 41 rows, root as adopted" … */
	size_t n_annexes;
	bool file_as_made;
	struct str made_by;                    /* node's origin, organisation, fingerprint */
	enum pages pages;
	struct str pages_why;
	struct str how_to_confirm;             /* without trust: fingerprints and the way */
};
/* OK: everything adopted by trusted roots, nothing differs.  NO: the report says
 * what not.  BAD: not such a file. */
enum status letter_verify(struct arena *a, const char *file, const char *trust_file,
	struct letter_check *ret, struct err *e) MUST;

/* The trust file of this register's partners and itself. */
enum status trust_write(struct arena *a, struct reg *r, struct str *ret, struct err *e) MUST;

#endif
