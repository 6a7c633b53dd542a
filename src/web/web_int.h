/* Inside web: requests, replies, sessions, and the one HTML emitter. */
#ifndef WEB_INT_H
#define WEB_INT_H

#include "web/web.h"
#include "typeset/typeset.h"

enum { BODY_MOST = 16 * 1024, PARAMS_MOST = 64, PAGE_MOST = 64 << 20, LINES_A_PAGE = 50 };

/* --- HTML: nothing inserted can be anything but text --------------------------- */

/* Markup: literals only. */
#define html(b, literal) buf_cstr((b), "" literal)
void html_text(struct buf *b, struct str s);         /* escaped; for attributes too */
void html_value(struct buf *b, struct str s);        /* <bdi>…</bdi> */
void html_code(struct buf *b, struct str s);         /* <bdi dir="ltr">: ids, dates, files */
void html_number(struct buf *b, size_t n, enum lang l);
void html_url(struct buf *b, struct str s);          /* percent-encoded, for queries */
/* Spellings with " · " between, each isolated; after about `most` bytes "…" (0: all). */
void html_names(struct buf *b, struct str names, size_t most);
struct str text_upto(struct str s, size_t most);     /* whole characters */
/* A translated sentence; each %s in it takes the next value, isolated. */
void html_says(struct buf *b, const char *sentence, const struct str *v, size_t n);

/* --- a request ------------------------------------------------------------------ */

struct param { struct str name, value; };
struct params { struct param *v; size_t n, cap; };
struct session {
	uint8_t key[SEAL_HASH];       /* SHA-256 of the cookie's value */
	int64_t until, until_wall;    /* seconds: of the monotonic clock, of Unix */
	uint32_t slot;                /* the officer's */
	struct str officer, role;     /* in `text` */
	char text[512];
};
struct request {
	struct arena *a;
	struct web *web;
	struct str method, path;      /* path: decoded, without language and leading slash */
	enum lang lang;
	bool lang_in_path;
	struct params query, form;
	struct str cookie_session, cookie_sign_in;
	struct session *session;      /* NULL: not signed in */
	struct str csrf;              /* what forms of this page must carry */
	struct str rest;              /* of the path, after the route's own */
};
struct reply {
	unsigned code;                /* HTTP status */
	const char *type;             /* "text/html; charset=utf-8" */
	const char *allow;            /* with 405 */
	struct str location;          /* with 303 */
	struct str set_cookie;        /* one cookie, its whole line */
	struct str file_name;         /* to be saved as */
	struct buf body;
};

/* The target of a request line, "/fa/persons?search=…": percent-encoding that is
 * broken, NUL, what is not UTF-8 and too many parameters are false. */
bool request_target(struct request *q, struct str target);
/* A body as forms send it (application/x-www-form-urlencoded). */
bool request_form(struct request *q, struct str body);
struct str query_of(const struct request *q, const char *name);  /* "" when absent */
struct str form_of(const struct request *q, const char *name);
/* This page without its language, "persons?search=…", percent-encoded. */
struct str request_here(const struct request *q);

/* --- sessions ------------------------------------------------------------------- */

enum { SESSIONS = 64 };
struct web {
	struct reg *reg;
	struct web_options o;
	uint8_t key[SEAL_KEY];        /* of this run: CSRF tokens */
	struct session sessions[SESSIONS];
	int64_t slow_until_ms;        /* after wrong passphrases */
	unsigned wrong;
	uint16_t port;
	/* Cookies know no ports: two registers on one machine must not share theirs. */
	char session_name[32], sign_in_name[32];
	uint64_t size;                /* of the register when sessions were checked */
};
struct session *session_find(struct web *w, struct str cookie);
/* Signs in with any officer's passphrase; ret_cookie: the cookie's value.  NO: none
 * of theirs, or too soon after wrong ones. */
enum status session_open(struct web *w, struct arena *a, struct str passphrase,
	struct str *ret_cookie, struct err *e) MUST;
void session_close(struct session *s);
/* Ends the sessions of officers that are no longer in the register, or revoked. */
enum status sessions_check(struct web *w, struct arena *a, struct err *e) MUST;
struct str csrf_token(struct web *w, struct arena *a, struct str cookie);
bool csrf_right(struct web *w, struct arena *a, struct str cookie, struct str token);

/* --- pages ------------------------------------------------------------------------ */

/* title may be spellings with " · " between. */
void page_begin(struct request *q, struct reply *p, struct str title);
void page_end(struct request *q, struct reply *p);
/* `what`: English, marked by N_() where it is written. */
void page_error(struct request *q, struct reply *p, unsigned code, const char *what,
	const struct err *e);
void put_fault(struct request *q, struct buf *b, const struct err *e);
struct str link_to(struct request *q, const char *path);         /* "/fa/persons" */
enum lang label_lang(enum lang l);                               /* of kinds.txt's labels */
const char *status_word(struct request *q, struct str status);   /* "held" in the language */
/* Tables become cards on narrow screens, where every cell names its column; the
 * roles say what display: block would take away. */
void table_begin(struct buf *b, const char *caption, const char *const *heads, size_t n);
void table_caption(struct buf *b, const char *caption);          /* then heads by hand … */
void table_body(struct buf *b);                                  /* … up to here */
void table_end(struct buf *b);
void row_begin(struct buf *b, bool disagree);
void cell_begin(struct buf *b, const char *label);               /* <td>; ends with </td> */

/* Of a dossier: why its records are together, what became of its numbers. */
void put_bonds(struct request *q, struct buf *b, const struct reg_dossier *d);
void put_history(struct request *q, struct buf *b, const struct reg_dossier *d);

/* toll_chart.c: the intervals as a picture; nothing where no number may be said. */
void put_toll_chart(struct request *q, struct buf *b, const struct reg_toll *t);

typedef void page(struct request *q, struct reply *p);
page page_sign_in, page_sign_in_post, page_sign_out, page_persons, page_persons_csv,
	page_persons_json, page_person, page_tolls, page_toll, page_letters, page_letter,
	page_home;

/* Finds the route and answers; every path, method and role stands in its table. */
void route(struct request *q, struct reply *p);

extern const char style_css[];

#endif
