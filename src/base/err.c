/* Errors as values, and the end of the process when an invariant is broken. */
#include "base/err.h"
#include "base/os.h"
#include "base/str.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *(*err_translate)(const char *id);

/* The length of the character at p; 0 if it is none (file names are any bytes). */
static size_t
char_length(const char *p)
{
	unsigned char c = (unsigned char)*p;
	size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

	n = strnlen(p, n);
	return utf8_valid((struct bytes){(const uint8_t *)p, n}) ? n : 0;
}

/* Control characters move the cursor, bidi embeddings and overrides what is read.
 * (Isolates and marks do not reach past themselves: translations use them.) */
static bool
disturbs(const char *p, size_t n)
{
	size_t at = 0;
	uint32_t cp = utf8_next((struct str){p, n}, &at);

	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || (cp >= 0x202a && cp <= 0x202e) ||
		cp == 0x2028 || cp == 0x2029;
}

/* One line for a terminal, of whole characters; what cannot be shown is U+FFFD. */
static void
copy_line(char *out, size_t size, const char *in)
{
	size_t used = 0;

	while (*in) {
		size_t n = char_length(in), take = n ? n : 1;
		bool shown = n && !disturbs(in, n);
		size_t put = shown ? n : 3;
		if (used + put >= size)
			break;
		memcpy(out + used, shown ? in : "\xef\xbf\xbd", put);
		used += put;
		in += take;
	}
	out[used] = '\0';
}

enum status
err_setv(struct err *e, enum status s, const char *fmt, va_list ap)
{
	char line[sizeof e->text];
	const char *own = err_translate ? err_translate(fmt) : NULL;

	if (!e)
		return s;
	e->status = s;
	e->id = fmt;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	/* A translation is compiled in and checked by msgfmt --check-format. */
	vsnprintf(line, sizeof line, own ? own : fmt, ap);
#pragma GCC diagnostic pop
	copy_line(e->text, sizeof e->text, line);
	return s;
}

enum status
err_set(struct err *e, enum status s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err_setv(e, s, fmt, ap);
	va_end(ap);
	return s;
}

enum status
err_prefix(struct err *e, const char *fmt, ...)
{
	char head[256], line[sizeof e->text + sizeof head + 2];
	va_list ap;

	if (!e)
		return FAIL;
	va_start(ap, fmt);
	vsnprintf(head, sizeof head, fmt, ap);
	va_end(ap);
	snprintf(line, sizeof line, "%s: %s", head, e->text);
	copy_line(e->text, sizeof e->text, line);
	return e->status;
}

enum status
err_errno(struct err *e, const char *verb, const char *path)
{
	return err_set(e, FAIL, "%s: cannot %s: %s", path, verb, strerror(errno));
}

void
panic(const char *file, int line, const char *what)
{
	/* Secrets may lie in memory: no core. */
	os_no_core_dumps();
	fprintf(stderr, "habeas: internal fault: %s:%d: %s\n", file, line, what);
	fflush(stderr);
	abort();
}
