/*
 * The kinds: what was read once is looked up ever after.
 *
 * kinds_load() has the tables built aside and puts them in place only when the whole
 * text is right, so a refused file leaves what was loaded before.  Every str in the
 * tables points into our own copy of the text.
 */
#include "record/record.h"
#include "record/kinds_int.h"

enum { ARENA_MOST = 64 << 20 };

static struct tables *loaded;

static void
tables_destroy(struct tables *t)
{
	if (t)
		arena_destroy(t->arena);
}

enum status
kinds_load(struct str text, struct err *e)
{
	struct arena *a = arena_create(ARENA_MOST);
	struct tables *t = NEW(a, struct tables);
	enum status s;

	t->arena = a;
	s = kinds_read(t, str_dup(a, text), e);
	if (s == OK) {
		tables_destroy(loaded);
		loaded = t;
	} else {
		tables_destroy(t);
	}
	return s;
}

/* --- looking up ------------------------------------------------------------------- */

const struct kind *
kind_at(size_t i)
{
	invariant(loaded != NULL);
	return i < loaded->kinds.n ? &loaded->kinds.v[i] : NULL;
}

const struct kind *
kind_of(uint32_t number)
{
	const struct kind *k;

	for (size_t i = 0; (k = kind_at(i)) != NULL; i++)
		if (k->number == number)
			return k;
	return NULL;
}

const struct kind *
kind_named(struct str name)
{
	invariant(loaded != NULL);
	return kinds_kind_in(loaded, name);
}

const struct field *
field_of(const struct kind *k, unsigned slot)
{
	invariant(k >= loaded->kinds.v && k < loaded->kinds.v + loaded->kinds.n);
	return slot < SLOTS ? loaded->at[k - loaded->kinds.v][slot] : NULL;
}

const struct field *
field_named(const struct kind *k, struct str name)
{
	const struct field *common = NULL;

	/* A kind's own come first: a consent's "basis" is not the record's. */
	for (unsigned slot = 0; slot < SLOTS; slot++) {
		const struct field *f = field_of(k, slot);
		if (!f || !str_eq(f->name, name))
			continue;
		if (slot >= SLOT_FIRST)
			return f;
		common = f;
	}
	return common;
}

const struct vocabulary *
vocabulary_named(struct str name)
{
	invariant(loaded != NULL);
	return kinds_vocabulary_in(loaded, name);
}

const struct code *
code_of(const struct vocabulary *v, struct str code)
{
	for (size_t i = 0; i < v->n_codes; i++)
		if (str_eq(v->codes[i].code, code))
			return &v->codes[i];
	return NULL;
}

/* The code itself and the words for it; then, as forms show them, its labels. */
const struct code *
code_by_word(struct arena *a, const struct vocabulary *v, struct str word)
{
	size_t at = (size_t)(v - loaded->vocabularies.v);
	struct str key = text_fold(a, word);

	invariant(at < loaded->vocabularies.n);
	for (size_t i = 0; i < loaded->folded[at].n; i++)
		if (str_eq(loaded->folded[at].v[i].word, key))
			return &v->codes[loaded->folded[at].v[i].code];
	for (size_t i = 0; i < v->n_codes; i++)
		for (size_t l = 0; l < LANG_COUNT; l++)
			if (str_eq(text_fold(a, v->codes[i].label[l]), key))
				return &v->codes[i];
	return NULL;
}

uint32_t
kind_number(const char *name)
{
	const struct kind *k = kind_named(str_of(name));

	invariant(k != NULL);
	return k->number;
}

unsigned
field_slot(const char *kind, const char *field)
{
	const struct kind *k = kind_named(str_of(kind));
	const struct field *f = k ? field_named(k, str_of(field)) : NULL;

	invariant(f != NULL);
	return f->slot;
}
