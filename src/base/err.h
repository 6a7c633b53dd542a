/*
 * Errors from outside (input, disk, peer, signature) as values.
 *
 * A function that can fail for such a reason returns enum status, which the
 * caller must look at, and describes the fault in the struct err it was given:
 * one line "WHERE: WHAT; WHAT WOULD BE RIGHT".  Outputs (ret_*) are untouched
 * unless the status is OK.  The four values are the program's exit codes.
 *
 * Faults from inside (a broken invariant, no memory) end the process: see
 * invariant().  Every directory habeas writes survives that at any instruction.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdarg.h>

enum status {
	OK = 0,    /* done */
	NO = 1,    /* the answer is no: not verified, differences found, not there */
	BAD = 2,   /* usage or bad input; the message says where and what is right */
	FAIL = 3,  /* the machine failed: disk, memory, a missing helper */
};

#define MUST __attribute__((warn_unused_result))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))

struct err {
	enum status status;
	const char *id;   /* the English format: what a translation is looked up by */
	char text[768];   /* one line, UTF-8, without newline or control characters */
};

/* Describe a fault and return its status, so that one may write
 *   return err_set(e, BAD, "%s: row %zu: no such day; write 1399/12/29", f, r);
 * `e` may be NULL.  Control characters in arguments are shown as U+FFFD. */
enum status err_set(struct err *e, enum status s, const char *fmt, ...) PRINTF(3, 4);
enum status err_setv(struct err *e, enum status s, const char *fmt, va_list ap);

/* Put "fmt: " before the text already there (the file before the row). */
enum status err_prefix(struct err *e, const char *fmt, ...) PRINTF(2, 3);

/* FAIL with strerror(errno): "PATH: cannot VERB: No space left on device". */
enum status err_errno(struct err *e, const char *verb, const char *path);

/* Looks up the translation of a format by its English form; NULL: none.  Set
 * once at start by the face that knows the language. */
extern const char *(*err_translate)(const char *id);

/* The process cannot go on: print one line to stderr and abort() without core. */
_Noreturn void panic(const char *file, int line, const char *what);

/* Assertions stay on in production. */
#define invariant(x) ((x) ? (void)0 : panic(__FILE__, __LINE__, #x))

#endif
