/*
 * The deterministic CBOR subset (RFC 8949 section 4.2.1): arrays, maps with
 * integer keys 0-23 in ascending order, integers, byte and text strings, true,
 * false, null.  No floats, tags or indefinite lengths.  The reader refuses
 * whatever the writer would not have written, so equal values have equal bytes.
 */
#ifndef BASE_CBOR_H
#define BASE_CBOR_H

#include "base/str.h"

enum { CBOR_MAX_DEPTH = 16 };

/* Writing.  Counts of arrays and maps come first; the caller keeps them true. */
void cbor_put_uint(struct buf *b, uint64_t v);
void cbor_put_int(struct buf *b, int64_t v);
void cbor_put_bytes(struct buf *b, struct bytes v);
void cbor_put_text(struct buf *b, struct str v);     /* valid UTF-8; NFC is the caller's */
void cbor_put_array(struct buf *b, size_t n);
void cbor_put_map(struct buf *b, size_t n);
void cbor_put_bool(struct buf *b, bool v);
void cbor_put_null(struct buf *b);
void cbor_put_raw(struct buf *b, struct bytes item); /* an encoded item */

enum cbor_type {
	CBOR_UINT, CBOR_NEGINT, CBOR_BYTES, CBOR_TEXT,
	CBOR_ARRAY, CBOR_MAP, CBOR_BOOL, CBOR_NULL, CBOR_END, CBOR_WRONG,
};

/* Reading.  A reader walks over items; after the first wrong byte or an item of
 * another type than asked it is stuck: every call returns zero values and
 * cbor_ok() is false.  So one may read a whole shape and ask once. */
struct cbor {
	const uint8_t *p, *end;
	bool wrong;
};
struct cbor cbor_read(struct bytes b);
enum cbor_type cbor_peek(const struct cbor *c);
uint64_t cbor_get_uint(struct cbor *c);
int64_t cbor_get_int(struct cbor *c);
struct bytes cbor_get_bytes(struct cbor *c);         /* points into the input */
struct bytes cbor_get_bytes_n(struct cbor *c, size_t n);  /* exactly n, else stuck */
struct str cbor_get_text(struct cbor *c);
size_t cbor_get_array(struct cbor *c);               /* how many items follow */
size_t cbor_get_map(struct cbor *c);                 /* how many key-value pairs follow */
bool cbor_get_bool(struct cbor *c);
bool cbor_get_null(struct cbor *c);                  /* false, and not stuck, if another */
struct bytes cbor_get_item(struct cbor *c);          /* any one item, checked, encoded */
bool cbor_ok(const struct cbor *c);                  /* nothing wrong so far */
bool cbor_done(const struct cbor *c);                /* nothing wrong and nothing left */

/* Exactly one well-formed item of the subset and nothing after it, text valid
 * UTF-8, map keys 0-23 ascending, at most CBOR_MAX_DEPTH deep. */
bool cbor_valid(struct bytes b);

/* RFC 8949 section 8 diagnostic notation, for showing what is not understood. */
void cbor_show(struct buf *out, struct bytes item);

#endif
