/* Writing JSON (RFC 8259), keys in the order they are put; "<", U+2028 and
 * U+2029 are escaped, so that it is harmless where a browser reads it as a page.
 * At most 31 deep.
 * Reading JSON is jansson's, where a later room needs it. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/str.h"

struct json {
	struct buf *out;
	unsigned depth;
	bool first[32];
	bool after_key;
};
struct json json_to(struct buf *out);
void json_object(struct json *j);
void json_object_end(struct json *j);
void json_array(struct json *j);
void json_array_end(struct json *j);
void json_key(struct json *j, const char *key);
void json_text(struct json *j, struct str s);        /* STR_NONE gives null */
void json_int(struct json *j, int64_t v);
void json_real(struct json *j, double v);            /* shortest that reads back; NaN: null */
void json_bool(struct json *j, bool v);
void json_null(struct json *j);
/* A key and its value. */
void json_field_text(struct json *j, const char *key, struct str s);
void json_field_int(struct json *j, const char *key, int64_t v);
void json_field_bool(struct json *j, const char *key, bool v);

#endif
