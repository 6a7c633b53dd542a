/* Errors as values, and the end of the process when an invariant is broken. */
#include "base/err.h"
#include "base/os.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *(*err_translate)(const char *id);

/* One line for a terminal: whatever could move the cursor becomes U+FFFD. */
static void
copy_line(char *out, size_t size, const char *in)
{
	size_t n = 0;

	for (; *in && n + 4 < size; in++) {
		unsigned char c = (unsigned char)*in;
		if (c < 0x20 || c == 0x7f) {
			memcpy(out + n, "\xef\xbf\xbd", 3);
			n += 3;
		} else {
			out[n++] = (char)c;
		}
	}
	/* Do not end inside a character. */
	while (*in && n > 0 && ((unsigned char)*in & 0xc0) == 0x80) {
		in--;
		n--;
	}
	out[n] = '\0';
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
