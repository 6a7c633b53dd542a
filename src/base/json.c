/* JSON (RFC 8259), written as it comes; the caller's order is kept. */
#include "base/json.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/poison.h"

enum { DEPTH_MOST = sizeof ((struct json *)0)->first / sizeof(bool) };

struct json
json_to(struct buf *out)
{
	return (struct json){.out = out, .first = {true}};
}

/* Before any value: a comma, unless it is the first or follows its key. */
static void
begin_value(struct json *j)
{
	if (j->after_key)
		j->after_key = false;
	else if (j->depth > 0 && !j->first[j->depth])
		buf_byte(j->out, ',');
	j->first[j->depth] = false;
}

static void
open_with(struct json *j, char c)
{
	begin_value(j);
	invariant(j->depth + 1 < DEPTH_MOST);
	j->first[++j->depth] = true;
	buf_byte(j->out, (uint8_t)c);
}

static void
close_with(struct json *j, char c)
{
	invariant(j->depth > 0 && !j->after_key);
	j->depth--;
	buf_byte(j->out, (uint8_t)c);
}

void
json_object(struct json *j)
{
	open_with(j, '{');
}

void
json_object_end(struct json *j)
{
	close_with(j, '}');
}

void
json_array(struct json *j)
{
	open_with(j, '[');
}

void
json_array_end(struct json *j)
{
	close_with(j, ']');
}

/* U+2028 and U+2029 end lines in JavaScript before ES2019; "<" so that no
 * browser finds a tag, whatever it takes the text for. */
static size_t
put_escaped(struct buf *out, struct str s, size_t at)
{
	static const char plain[] = "\"\\\b\f\n\r\t", letter[] = "\"\\bfnrt";
	unsigned char c = (unsigned char)s.p[at];
	const char *short_form = c ? strchr(plain, c) : NULL;

	if (short_form) {
		buf_byte(out, '\\');
		buf_byte(out, (uint8_t)letter[short_form - plain]);
	} else if (c < 0x20 || c == 0x7f || c == '<') {
		buf_fmt(out, "\\u%04x", c);
	} else if (c == 0xe2 && s.n - at >= 3 && s.p[at + 1] == '\x80' &&
	    (s.p[at + 2] == '\xa8' || s.p[at + 2] == '\xa9')) {
		buf_cstr(out, s.p[at + 2] == '\xa8' ? "\\u2028" : "\\u2029");
		return 3;
	} else {
		buf_byte(out, c);
	}
	return 1;
}

static void
put_string(struct buf *out, struct str s)
{
	buf_byte(out, '"');
	for (size_t at = 0; at < s.n;)
		at += put_escaped(out, s, at);
	buf_byte(out, '"');
}

void
json_key(struct json *j, const char *key)
{
	invariant(j->depth > 0 && !j->after_key);
	begin_value(j);
	put_string(j->out, str_of(key));
	buf_byte(j->out, ':');
	j->after_key = true;
}

void
json_text(struct json *j, struct str s)
{
	begin_value(j);
	if (s.p)
		put_string(j->out, s);
	else
		buf_cstr(j->out, "null");
}

void
json_int(struct json *j, int64_t v)
{
	begin_value(j);
	buf_fmt(j->out, "%lld", (long long)v);
}

void
json_real(struct json *j, double v)
{
	char text[40];

	begin_value(j);
	if (!isfinite(v)) {
		buf_cstr(j->out, "null");
		return;
	}
	/* 15 digits always survive, 17 always suffice (IEEE 754 binary64). */
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof text, "%.*g", digits, v);
		if (strtod(text, NULL) == v)
			break;
	}
	buf_cstr(j->out, text);
}

void
json_bool(struct json *j, bool v)
{
	begin_value(j);
	buf_cstr(j->out, v ? "true" : "false");
}

void
json_null(struct json *j)
{
	begin_value(j);
	buf_cstr(j->out, "null");
}

void
json_field_text(struct json *j, const char *key, struct str s)
{
	json_key(j, key);
	json_text(j, s);
}

void
json_field_int(struct json *j, const char *key, int64_t v)
{
	json_key(j, key);
	json_int(j, v);
}

void
json_field_bool(struct json *j, const char *key, bool v)
{
	json_key(j, key);
	json_bool(j, v);
}
