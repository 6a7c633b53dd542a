/*
 * A letter in the register: one letter record that holds manifest, texts and leaf
 * hashes; one annex-row record a row, so that each can be erased; one adoption
 * record for each organisation's file.
 */
#include "appeal/appeal_int.h"

enum { BATCH = 1000 };

/* --- into it --------------------------------------------------------------------------- */

struct rows {
	struct arena *a;                    /* of one batch */
	struct node *n;
	struct str letter;
	struct draft *d;
	size_t count;
};

static enum status
flush_rows(struct rows *w, struct err *e)
{
	enum status st = w->count ? node_append(w->n, w->d, w->count, NULL, NULL, e) : OK;

	arena_reset(w->a);
	w->d = NEWS(w->a, struct draft, BATCH);
	w->count = 0;
	return st;
}

static enum status
store_row(struct rows *w, const struct frozen_row *row, size_t annex, size_t number, struct err *e)
{
	struct draft *d = &w->d[w->count];

	d->kind = kind_number("annex-row");
	d->slot[field_slot("annex-row", "letter")] = value_text(w->a, w->letter);
	d->slot[field_slot("annex-row", "annex")] = value_number(w->a, (int64_t)annex);
	d->slot[field_slot("annex-row", "number")] = value_number(w->a, (int64_t)number);
	d->slot[field_slot("annex-row", "row")] = value_bytes(w->a, row->row);
	/* A partner's rows come without what they rest on. */
	if (row->n_records) {
		d->slot[field_slot("annex-row", "persons")] = value_refs(w->a, row->records,
			row->n_records);
		d->slot[field_slot("annex-row", "nonce")] = value_bytes(w->a, row->nonce);
	}
	return ++w->count == BATCH ? flush_rows(w, e) : OK;
}

static enum status
store_rows(struct node *n, const struct pack *p, struct str letter, struct err *e)
{
	struct rows w = {.a = arena_create((size_t)1 << 30), .n = n, .letter = letter};
	enum status st = flush_rows(&w, e);

	for (size_t i = 0; i < p->m.n_annexes; i++)
		for (size_t k = 0; k < p->annexes[i].n && st == OK; k++)
			if (p->annexes[i].rows[k].row.n)
				st = store_row(&w, &p->annexes[i].rows[k], i + 1, k + 1, e);
	if (st == OK)
		st = flush_rows(&w, e);
	arena_destroy(w.a);
	return st;
}

static struct bytes
leaves_value(struct arena *a, const struct pack *p)
{
	size_t n = 0, at = 0;
	uint8_t *leaves;

	for (size_t i = 0; i < p->m.n_annexes; i++)
		n += p->annexes[i].n;
	leaves = arena_alloc(a, n, SEAL_HASH);
	for (size_t i = 0; i < p->m.n_annexes; i++)
		for (size_t k = 0; k < p->annexes[i].n; k++)
			memcpy(leaves + SEAL_HASH * at++, p->annexes[i].rows[k].leaf, SEAL_HASH);
	return value_bytes(a, (struct bytes){leaves, n * SEAL_HASH});
}

enum status
pack_store(struct arena *a, struct reg *r, const struct pack *p, struct err *e)
{
	struct node *n = reg_node(r);
	struct draft d = {.kind = kind_number("letter")};
	struct str texts[LANG_COUNT];
	size_t n_texts = 0;
	enum status st = store_rows(n, p, hex_encode(a, BYTES(p->hash)), e);

	if (st)
		return st;
	for (int l = 0; l < LANG_COUNT; l++)
		if (p->m.has[l])
			texts[n_texts++] = p->text[l];
	d.slot[field_slot("letter", "name")] = value_text(a, p->m.name);
	d.slot[field_slot("letter", "manifest")] = value_text(a, p->manifest_text);
	d.slot[field_slot("letter", "hash")] = value_bytes(a, BYTES(p->hash));
	d.slot[field_slot("letter", "texts")] = value_texts(a, texts, n_texts);
	d.slot[field_slot("letter", "leaves")] = leaves_value(a, p);
	/* Last: rows without their letter count for nothing. */
	if ((st = node_append(n, &d, 1, NULL, NULL, e)) != OK
	    || (st = node_publish(n, e)) != OK)
		return st;
	return reg_follow(r, e);
}

/* --- and out ---------------------------------------------------------------------------- */

/* All that the register holds of letters. */
struct shelf { struct record *letters, *rows, *adoptions; size_t n_letters, n_rows, n_adoptions; };

static enum status
shelf_load(struct arena *a, struct reg *r, struct shelf *ret, struct err *e)
{
	enum status st;

	if ((st = reg_of_kind(a, r, "letter", &ret->letters, &ret->n_letters, e)) != OK
	    || (st = reg_of_kind(a, r, "annex-row", &ret->rows, &ret->n_rows, e)) != OK)
		return st;
	return reg_of_kind(a, r, "adoption", &ret->adoptions, &ret->n_adoptions, e);
}

static struct str
text_in(const struct record *r, const char *kind, const char *field)
{
	struct str s;

	return get_text(r->slot[field_slot(kind, field)], &s) ? s : S("");
}

static enum status
damaged(struct err *e, const struct record *r, const char *what)
{
	return err_set(e, BAD, "letter record %llu: %s; run `habeas verify`",
		(unsigned long long)r->pos, what);
}

static enum status
read_letter(struct arena *a, const struct record *r, struct pack *p, struct err *e)
{
	struct str *texts;
	struct bytes hash;
	size_t n, at = 0;
	enum status st;

	p->manifest_text = text_in(r, "letter", "manifest");
	if ((st = manifest_read(a, p->manifest_text, &p->m, e)) != OK)
		return st;
	seal_sha256(str_bytes(p->manifest_text), p->hash);
	if (!get_bytes(r->slot[field_slot("letter", "hash")], &hash)
	    || !bytes_eq(hash, BYTES(p->hash)))
		return damaged(e, r, "its hash is not its manifest's");
	if (!get_texts(a, r->slot[field_slot("letter", "texts")], &texts, &n))
		return damaged(e, r, "it has no texts");
	for (int l = 0; l < LANG_COUNT; l++)
		if (p->m.has[l] && at < n)
			p->text[l] = texts[at++];
	return pack_check_texts(p, e);
}

static enum status
read_leaves(struct arena *a, const struct record *r, struct pack *p, struct err *e)
{
	struct bytes leaves;
	struct str *columns;
	size_t at = 0;
	uint8_t root[SEAL_HASH];

	if (!get_bytes(r->slot[field_slot("letter", "leaves")], &leaves))
		return damaged(e, r, "it has no leaf hashes");
	p->annexes = NEWS(a, struct frozen_annex, p->m.n_annexes);
	for (size_t i = 0; i < p->m.n_annexes; i++) {
		struct frozen_annex *x = &p->annexes[i];
		x->n = x->left_out = (size_t)p->m.annexes[i].rows;
		x->n_columns = columns_split(a, p->m.annexes[i].columns, &columns);
		x->rows = NEWS(a, struct frozen_row, x->n);
		if ((leaves.n - at) / SEAL_HASH < x->n)
			return damaged(e, r, "leaf hashes are missing");
		for (size_t k = 0; k < x->n; k++, at += SEAL_HASH)
			memcpy(x->rows[k].leaf, leaves.p + at, SEAL_HASH);
		frozen_root(a, x, root);
		if (!seal_equal(root, p->m.annexes[i].root, SEAL_HASH))
			return damaged(e, r, "its leaf hashes have not the root of the manifest");
	}
	return at == leaves.n ? OK : damaged(e, r, "it has leaf hashes of no row");
}

/* A row goes in unless somebody whom it rests on withdrew, or was erased, since. */
static enum status
read_row(struct arena *a, struct reg *r, const struct record *rec, struct pack *p, struct err *e)
{
	int64_t annex, number;
	struct bytes bytes;
	struct frozen_row row;
	bool withdrawn = false;
	enum status st;

	if (!get_number(rec->slot[field_slot("annex-row", "annex")], &annex) || annex < 1
	    || (uint64_t)annex > p->m.n_annexes
	    || !get_number(rec->slot[field_slot("annex-row", "number")], &number) || number < 1
	    || !get_bytes(rec->slot[field_slot("annex-row", "row")], &bytes))
		return OK;
	struct frozen_annex *x = &p->annexes[annex - 1];
	if ((uint64_t)number > x->n || x->rows[number - 1].row.n
	    || !frozen_row_read(a, bytes, (size_t)annex, (size_t)number, x->n_columns, &row)
	    || !seal_equal(row.leaf, x->rows[number - 1].leaf, SEAL_HASH))
		return OK;
	uint8_t (*persons)[SEAL_HASH];
	if (get_refs(a, rec->slot[field_slot("annex-row", "persons")], &persons, &row.n_records))
		row.records = (const uint8_t (*)[SEAL_HASH])persons;
	else
		row.n_records = 0;
	st = reg_annex_withdrawn(r, row.records, row.n_records, p->m.annexes[annex - 1].purpose,
		&withdrawn, e);
	if (st == OK && !withdrawn) {
		x->rows[number - 1] = row;
		x->left_out--;
	}
	return st;
}

static int
by_party(const void *l, const void *r)
{
	const struct adoption *x = l, *y = r;

	return (x->party > y->party) - (x->party < y->party);
}

/* Those with a file (the other half of our own is only its entry in our log), each
 * party's first. */
static void
read_adoptions(struct arena *a, const struct shelf *s, struct pack *p)
{
	p->adoptions = NEWS(a, struct adoption, p->m.n_parties);
	for (size_t i = 0; i < s->n_adoptions; i++) {
		struct adoption x;
		uint8_t manifest[SEAL_HASH];
		struct str file = text_in(&s->adoptions[i], "adoption", "proof");
		bool again = false;
		if (file.n == 0 || adoption_read(a, file, &x, manifest, NULL) != OK
		    || !seal_equal(manifest, p->hash, SEAL_HASH)
		    || adoption_check(a, p->manifest_text, &p->m, &x, NULL) != OK)
			continue;
		for (size_t k = 0; k < p->n_adoptions; k++)
			again = again || p->adoptions[k].party == x.party;
		if (!again)
			p->adoptions[p->n_adoptions++] = x;
	}
	qsort(p->adoptions, p->n_adoptions, sizeof *p->adoptions, by_party);
}

static enum status
load(struct arena *a, struct reg *r, const struct shelf *s, const struct record *letter,
	struct pack *ret, struct err *e)
{
	struct pack p = {0};
	struct str hex;
	enum status st;

	if ((st = read_letter(a, letter, &p, e)) != OK
	    || (st = read_leaves(a, letter, &p, e)) != OK)
		return st;
	hex = hex_encode(a, BYTES(p.hash));
	for (size_t i = 0; i < s->n_rows; i++)
		if (str_eq(text_in(&s->rows[i], "annex-row", "letter"), hex)
		    && (st = read_row(a, r, &s->rows[i], &p, e)) != OK)
			return st;
	read_adoptions(a, s, &p);
	p.node = node_info(reg_node(r))->certificate;
	p.node_sig = node_info(reg_node(r))->certificate_minisig;
	*ret = p;
	return OK;
}

static const struct record *
find_letter(const struct shelf *s, struct str name)
{
	for (size_t i = 0; i < s->n_letters; i++)
		if (str_eq(text_in(&s->letters[i], "letter", "name"), name))
			return &s->letters[i];
	return NULL;
}

enum status
letter_find(struct arena *a, struct reg *r, struct str name, struct record *ret, struct err *e)
{
	struct shelf s = {0};
	const struct record *letter;
	enum status st = reg_of_kind(a, r, "letter", &s.letters, &s.n_letters, e);

	if (st)
		return st;
	letter = find_letter(&s, name);
	if (!letter)
		return err_set(e, NO, "letter \"" STR_FMT "\": there is none of this name; `habeas "
			"letter show` lists them", STR_ARG(name));
	*ret = *letter;
	return OK;
}

enum status
pack_load(struct arena *a, struct reg *r, struct str name, struct pack *ret,
	uint8_t ret_letter[SEAL_HASH], struct err *e)
{
	struct shelf s = {0};
	const struct record *letter;
	enum status st = shelf_load(a, r, &s, e);

	if (st)
		return st;
	letter = find_letter(&s, name);
	if (!letter)
		return err_set(e, NO, "letter \"" STR_FMT "\": there is none of this name; `habeas "
			"letter show` lists them", STR_ARG(name));
	if ((st = load(a, r, &s, letter, ret, e)) == OK)
		memcpy(ret_letter, letter->hash, SEAL_HASH);
	return st;
}

/* --- for faces ------------------------------------------------------------------------------ */

static void
state_annex(struct arena *a, const struct pack *p, size_t i, struct letter_state *v)
{
	const struct frozen_annex *x = &p->annexes[i];
	const struct manifest_annex *m = &p->m.annexes[i];
	struct reg_annex *ret = &v->annexes[i];

	*ret = (struct reg_annex){.query = m->query, .purpose = m->purpose,
		.reduced = (size_t)m->reduced, .withheld = (size_t)m->withheld, .counts = m->counts};
	ret->n_columns = columns_split(a, m->columns, &ret->columns);
	ret->rows = NEWS(a, struct reg_annex_row, x->n);
	v->numbers[i] = NEWS(a, size_t, x->n);
	for (size_t k = 0; k < x->n; k++) {
		const struct frozen_row *row = &x->rows[k];
		if (row->row.n == 0)
			continue;
		v->numbers[i][ret->n_rows] = k + 1;
		ret->rows[ret->n_rows++] = (struct reg_annex_row){.person = S(""),
			.records = row->records, .n_records = row->n_records, .cells = row->cells,
			.named = row->named, .confirmed = row->confirmed};
	}
	v->withdrawn += x->left_out;
	memcpy(&v->annex_titles[i * LANG_COUNT], m->title, sizeof m->title);
}

static struct letter_state
state_of(struct arena *a, struct reg *r, const struct pack *p)
{
	struct letter_state v = {.name = p->m.name, .manifest = p->manifest_text,
		.parties = p->m.parties, .n_parties = p->m.n_parties,
		.n_adoptions = p->n_adoptions, .n_annexes = p->m.n_annexes};

	memcpy(v.hash, p->hash, SEAL_HASH);
	memcpy(v.has, p->m.has, sizeof v.has);
	memcpy(v.title, p->m.title, sizeof v.title);
	memcpy(v.text, p->text, sizeof v.text);
	v.adoptions = NEWS(a, struct letter_adoption, v.n_adoptions);
	for (size_t i = 0; i < v.n_adoptions; i++) {
		const struct adoption *x = &p->adoptions[i];
		v.adoptions[i] = (struct letter_adoption){.organisation = x->by.organisation,
			.fingerprint = x->by.root, .origin = x->origin,
			.file = adoption_write(a, x, p->m.name, p->hash),
			.on = date_of_days(CAL_GREGORIAN, x->on, x->on),
			.own = str_eq(x->by.root, node_info(reg_node(r))->root_key)};
	}
	v.annexes = NEWS(a, struct reg_annex, v.n_annexes);
	v.numbers = NEWS(a, size_t *, v.n_annexes);
	v.annex_titles = NEWS(a, struct str, v.n_annexes * LANG_COUNT);
	for (size_t i = 0; i < v.n_annexes; i++)
		state_annex(a, p, i, &v);
	return v;
}

enum status
letter_load(struct arena *a, struct reg *r, struct str name, struct letter_state *ret,
	struct err *e)
{
	uint8_t letter[SEAL_HASH];
	struct pack p;
	enum status st = pack_load(a, r, name, &p, letter, e);

	if (st == OK)
		*ret = state_of(a, r, &p);
	return st;
}

enum status
letter_list(struct arena *a, struct reg *r, struct letter_state **ret, size_t *ret_n,
	struct err *e)
{
	struct shelf s = {0};
	struct letter_state *v;
	enum status st = shelf_load(a, r, &s, e);

	if (st)
		return st;
	v = NEWS(a, struct letter_state, s.n_letters);
	for (size_t i = 0; i < s.n_letters; i++) {
		struct pack p;
		if ((st = load(a, r, &s, &s.letters[i], &p, e)) != OK)
			return st;
		v[i] = state_of(a, r, &p);
	}
	*ret = v;
	*ret_n = s.n_letters;
	return OK;
}
