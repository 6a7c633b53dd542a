/* The tables of a kinds file: made by kinds_read.c, looked up by kinds.c. */
#ifndef RECORD_KINDS_INT_H
#define RECORD_KINDS_INT_H

#include "record/record.h"

/* A vocabulary's words folded once, so that looking one up folds one word. */
struct folded { struct str word; size_t code; };

struct tables {
	struct arena *arena;
	VEC(struct kind) kinds;
	VEC(struct vocabulary) vocabularies;
	const struct field *(*at)[SLOTS];     /* by kind and slot, common ones too */
	struct { const struct folded *v; size_t n; } *folded;   /* by vocabulary */
};

/* Reads `text`, which outlives the tables, into t->arena.  BAD names the line. */
enum status kinds_read(struct tables *t, struct str text, struct err *e) MUST;
const struct kind *kinds_kind_in(const struct tables *t, struct str name);    /* NULL: none */
const struct vocabulary *kinds_vocabulary_in(const struct tables *t, struct str name);

#endif
